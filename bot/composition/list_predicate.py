"""List predicates: what a list says of its members ("was charged", "signed it"), and whether a sentence says it of one.

There is no parser: the act's word, the member's place beside it, and the words between decide. Where they do not, the
member does not count, so that a list leaves out rather than accuses.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.composition.members import Member
from retrieval.articles import Span
from retrieval.text.analyzer import fold, terms
from retrieval.text.equivalents import ACTS, Act, equivalent_terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DO,
    HAVE,
    HEDGES,
    KINSHIP,
    MODAL_VERBS,
    POSSESSIVE_DETERMINERS,
    POSSIBILITY,
    STOP_WORDS,
    SUBJECT_PRONOUNS,
    alternation,
    is_negator,
    word_set,
)
from retrieval.text.number_words import is_number
from retrieval.text.reporting_verbs import PREPOSITIONS
from retrieval.text.roles import PERSON_NOUNS, ROLES
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import BASES, THIRD_PERSON_FORMS, is_auxiliary, is_participle, is_past_form

MAX_GAP = 9
"""Words between a member and the act that is said of it."""
MAX_GAP_AFTER = 14
"""The same where the members follow the act: "charged five people with lying, including …"."""
MAX_OF = 5
"""The same after "of": "the indictment of his former aide Ann Reed"."""
MAX_LISTED_BETWEEN = 30
"""Words between two names of a list that semicolons part."""
MIN_PLURAL = 5
"""Letters of a plural behind a name that is not its verb: "Clinton staffers"."""
REACH = 3
"""Words before an act that deny it or make it a possibility."""


_SIDES = {terms("vote")[0]: frozenset({"for", "against"})}
"""Prepositions that say what an act is."""
_PHRASAL = {terms("step")[0]: frozenset({"down", "aside"})}
"""Verbs of an act only with one of these particles."""
_MENTIONED = LazyPattern(
    r"(?:mentioned|named|discussed|quoted|interviewed|covered|listed|cited|talked about|there|here)\b"
    r"(?! (?:by|as|to|for)\b)",
    re.IGNORECASE,
)
_OBJECT = LazyPattern(rf"\W*(?:{alternation(DO | HAVE)}|will|would)\s+(?:the\s+)?[A-Z]")
"""What follows the members where somebody does it to them: "countries did Trump ban"."""
_LINK = LazyPattern(rf"\A\W*(?:who|that|which|{alternation((BE | HAVE | DO) - {'am', 'be'})})\b")
"""What joins the members and what is said of them."""
_WHOSE = alternation(POSSESSIVE_DETERMINERS)
_OF_PRONOUN = LazyPattern(
    rf"(?:(?:{alternation(BE | DO)})\s)?(?:{alternation(SUBJECT_PRONOUNS)})\s(?:(?:come|hail|all)\s)?"
    rf"(?P<preposition>{alternation(PREPOSITIONS)})",
    re.IGNORECASE,
)
"""What is said of places with a preposition alone: "which countries are they from"."""
_WHO_WERE = LazyPattern(
    rf"\W*who(?: all| else)? (?:{alternation(BE)})(?: all)?(?: of)?(?: (?:the|those|these|some|{_WHOSE}))* ",
    re.IGNORECASE,
)
"""How a question asks for those of a noun: "who were the victims"."""
_INTRODUCING = BE | word_set("identified named include includes included including brothers sisters")
"""What may stand between a noun and the names of those it stands for: "the victims were identified as …"."""
_BETWEEN_NAMES = ARTICLES | ROLES | PERSON_NOUNS | word_set("and or both of from mr mrs ms dr year old")
"""What may stand between names of one list: "Ann Reed, 27, of Port Vell, and the driver Ben Hall"."""
_ABOUT = word_set("of for by from against")
"""What follows the noun of an act and precedes whose it is."""
_MADE_BY = word_set("made public forward detailed described repeated recounted told shared stood with")
"""What makes "her allegation" that of the name before: "went public with her allegation"."""
_MAX_SUBJECT = 6
"""Words in which the act of a question stands."""
_PARTICLES = word_set("out off up down away back")
_CALLED = word_set("called dubbed named identified labelled labeled")
_APPEARING = frozenset(word for word in HEDGES if word.startswith(("seem", "appear"))) | {"seem", "appear"}
_OTHER_SENSE = word_set("to against for with in on of")
_ANYBODY = (["anyone"], ["anybody"], ["everyone"], ["those"], ["people"])
_JOINING = word_set("joined joins among one")
"""What makes somebody one of several."""
_CHARGES = word_set("charge charges counts")
_FACING = word_set("face faces facing faced")
_HELD = word_set("arrested booked held detained jailed")
_EVENTS = word_set("murder arrest escape win pardon sentence defeat release")
"""Nouns of acts that are verbs, too."""
_AFTER_PARTICIPLE: tuple[list[str], ...] = (
    [],
    ["with"],
    ["in"],
    ["by"],
    ["of"],
    ["on"],
    ["for"],
    ["after"],
    ["at"],
    ["to"],
    ["during"],
    ["last"],
)
_APPOSED = LazyPattern(r",|\s?(?:[–—]|--)\s")
"""What stands between a name and what it is."""
_EXAMPLES = LazyPattern(r"\b(?:including|such as|among them|like)\b|--|[—–:]", re.IGNORECASE)
_LOCATING = word_set("of in at from near to for with by on against over under into about between across outside inside")
_NEW_CLAUSE = (SUBJECT_PRONOUNS - {"you"}) | word_set("says said told when while because after before whether")
_GERUND_AFTER = word_set("from of about without against considered")
_OTHER_SUBJECT = SUBJECT_PRONOUNS | word_set("said says told that who which when while whether")
_UNREAL = (
    MODAL_VERBS
    | POSSIBILITY
    | word_set(
        """if whether possible likely should call calls called calling order ordered orders
        threatened sought demand demanded urge urged recommend recommended considered considering wanted tried asked
        against"""
    )
) - {"will"}


class Relation(StrEnum):
    """Whether a sentence says a predicate of a member."""

    SAID = "said"
    DENIED = "denied"
    NONE = "none"  # nothing shows it


_OPPOSITE = {Relation.SAID: Relation.DENIED, Relation.DENIED: Relation.SAID, Relation.NONE: Relation.NONE}


@dataclass(frozen=True, slots=True)
class ListPredicate:
    """What is said of the members of a list.

    Attributes:
        acts: The terms of which one must occur; empty where members only have to be named.
        passive: Whether it is done to them.
        verb: Whether it is a verb, so that the members' side matters.
        done: The terms of verbs that the members do for what is done to them: "died" for "was killed".
        nouns: Nouns, folded, for the members: "victim".
        objects: The terms of the names of whom it is done to, where the members do it: "accused Hall".
        leads: Further terms with which a list of the members is led in.
        possible: Whether the question asks for what may be: "Who could replace her?".
        subject: The terms of the name of who does it, where the question has one: "Which countries did Hall ban?".
        modifiers: The terms of what stands before the noun for the members: "Republican candidates".
        preposition: What stands before the members, where the question ends with it: "ban travel from".
        particle: What belongs to the verb: "dropped out".
        negated: Whether the question asks of whom it is denied: "which countries have not signed".
    """

    acts: frozenset[str]
    passive: bool
    verb: bool
    done: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    possible: bool = False
    subject: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()
    preposition: str = ""
    particle: str = ""
    negated: bool = False

    @property
    def words(self) -> frozenset[str]:
        """The terms of all words of which one shows it."""
        return self.acts | self.done | frozenset(term for noun in self.nouns for term in terms(noun))

    def relations(self, members: Sequence[Member], sentence: str) -> dict[Member, Relation]:
        """Return whether a sentence says it of each of its members, as far as the places of the words show.

        A name that is listed with one of whom it is said is one of them: "charged Ann Reed, 27, and Ben Hall".
        """
        words = read_words(sentence)
        said = _Sentence(sentence, words, [fold(sentence[word.start : word.end]) for word in words])
        places = {each: said.inside(each.span) for each in members}
        found = {each: self._relation(said, inside, each) for each, inside in places.items()}
        if not self.words and not self.preposition:
            return found
        ordered = sorted((each for each in members if places[each]), key=lambda each: each.span.start)
        for one, other in itertools.pairwise(ordered):
            if found[other] is Relation.NONE and said.are_listed(places[one][-1], places[other][0], places[other][-1]):
                found[other] = found[one]
        for one, other in reversed(list(itertools.pairwise(ordered))):
            subjects = not one.person and found[one] is Relation.NONE and found[other] is not Relation.NONE
            if subjects and said.are_listed(places[one][-1], places[other][0], places[other][-1]):
                found[one] = found[other]  # "Ohio, Utah and Iowa joined those that refused"
        return {each: _OPPOSITE[relation] for each, relation in found.items()} if self.negated else found

    def relation(self, member: Member, sentence: str) -> Relation:
        """Return whether a sentence says it of a member."""
        return self.relations([member], sentence)[member]

    def _relation(self, said: _Sentence, inside: Sequence[int], member: Member) -> Relation:
        if not inside:
            return Relation.NONE
        if not self.words:
            before = [word for word in said.folded[max(0, inside[0] - 2) : inside[0]] if word not in ARTICLES]
            return Relation.SAID if self.preposition in {"", *before[-1:]} else Relation.NONE
        for place, word in enumerate(said.words):
            if place in inside or not said.has_particle(place):
                continue
            if said.folded[place] in _CHARGES and self.passive and self.verb and said.faces(inside[-1] + 1, place):
                return Relation.SAID
            span = (inside[0], inside[-1])
            noun = said.folded[place] in self.nouns and said.names_bearer(place, *span)
            if (noun and said.is_modified(place, self.modifiers)) or (
                self.verb and self._is_of(said, word.term, place, span, person=member.person)
            ):
                if said.is_neither(inside[-1], place):
                    return Relation.DENIED
                possible = self.possible or (noun and not _CALLED.isdisjoint(said.folded[place - 1 : place]))
                relation = said.relation(place, MAX_GAP if said.is_act_noun(place) else REACH, possible=possible)
                if relation is not Relation.NONE:
                    return relation
        return Relation.NONE

    def _is_of(self, said: _Sentence, term: str, place: int, member: tuple[int, int], *, person: bool) -> bool:
        first, last = member
        if term in self.done:
            return not said.is_modifier(last) and last < place <= last + MAX_GAP and said.is_subject(first, last, place)
        if term not in self.acts:
            return False
        if self.particle and not _PHRASAL.get(term) and not said.has_sense(place, self.particle):
            return False
        if last < place <= last + MAX_GAP or said.joins(last, place):
            return self._precedes(said, place, member, person=person)
        return place < first <= place + MAX_GAP_AFTER and self._follows(said, place, first)

    def _precedes(self, said: _Sentence, place: int, member: tuple[int, int], *, person: bool) -> bool:
        """Return whether the act behind a member is its own, or done to it."""
        first, last = member
        act = said.folded[place]
        if said.is_possessive(last):
            return (said.is_act_noun(place) or act in _EVENTS or act.endswith("ing")) and place - last <= 2
        if said.is_act_noun(place):
            between = said.folded[last + 1 : place]
            own = between[-1:] in (["her"], ["his"], ["their"]) and not _MADE_BY.isdisjoint(between)
            return own and not self.passive and not said.has_name(last + 1, place)
        if said.is_modifier(last):
            return False
        if self.passive:
            passive = said.is_verb(place) and said.is_passive(last + 1, place) and self._is_agents(said, place)
            return passive and said.is_relative_of(first, last, place)
        denied = is_auxiliary(said.folded[place - 1]) or is_negator(said.folded[place - 1])  # "did not sign"
        infinitive = person and act in BASES and not is_past_form(act) and not self.possible and not denied
        return not infinitive and said.is_subject(first, last, place) and self._has_object(said, place)

    def _follows(self, said: _Sentence, place: int, first: int) -> bool:
        """Return whether the act before a member is done to it, or by it."""
        between = said.folded[place + 1 : first]
        if said.is_parted(place, first):
            return False
        if said.is_act_noun(place):
            if self.objects:
                return not {"by", "from"}.isdisjoint([*between[:1], *between[-1:]]) and len(between) <= MAX_OF
            return not _ABOUT.isdisjoint(between[:1]) and len(between) < MAX_OF
        if not self.passive:
            return between[-1:] == ["by"] or (between[:1] == ["by"] and len(between) < MAX_OF)
        if (
            not said.is_verb(place)
            or not BE.isdisjoint(said.folded[max(0, place - REACH) : place])
            or not _NEW_CLAUSE.union({"by"}).isdisjoint(between)
        ):
            return False
        loose = between and between[-1] in PREPOSITIONS - {self.preposition}
        beside = len(between) < MAX_OF and not loose and said.folded[place + 1] not in PREPOSITIONS - {"off"}
        return (beside or said.gives_examples(place, first)) and self._is_subjects(said, place)

    def _has_object(self, said: _Sentence, place: int) -> bool:
        """Return whether an act is done to whom the question names; where it names nobody, to anybody in particular."""
        after = said.words[place + 1 : place + 1 + MAX_GAP]
        clause = next((number for number, word in enumerate(after) if _is_clause(said.folded[place + 1 + number])), 99)
        if not self.objects:
            return said.folded[place + 1 : place + 2] not in _ANYBODY
        return any(word.term in self.objects for word in after[:clause])

    def _is_agents(self, said: _Sentence, place: int) -> bool:
        """Return whether "by" behind an act names whom the question names as doing it; true without either."""
        after = said.folded[place + 1 : place + 1 + REACH]
        if not self.subject or "by" not in after:
            return True
        start = place + 1 + after.index("by")
        return any(word.term in self.subject for word in said.words[start : start + MAX_OF + 1])

    def _is_subjects(self, said: _Sentence, place: int) -> bool:
        """Return whether the act is done by whom the question names as doing it; true where it names nobody."""
        if not self.subject:
            return True
        names = [at for at in range(place) if said.may_be_name(at) or said.words[at].term in self.subject]
        if not names or said.words[names[-1]].term in self.subject:
            return not names or place - names[-1] <= MAX_GAP
        last = max((at for at in names if said.words[at].term in self.subject), default=-1)
        goes_on = said.folded[place].endswith("ing") and last >= 0
        return goes_on and _OTHER_SUBJECT.isdisjoint(said.folded[last + 1 : place])


def _is_clause(word: str) -> bool:
    return word in _NEW_CLAUSE or word in {"who", "that", "which", "anyone", "those"}


def is_act_noun(word: str) -> bool:
    """Return whether a folded word of an act is a noun by its form: "indictment", not "indicted"."""
    bases = {word, word.removesuffix("s"), word.removesuffix("es")}
    return not is_past_form(word) and not is_participle(word) and BASES.isdisjoint(bases)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, its words, and these folded."""

    text: str
    words: Sequence[Word]
    folded: Sequence[str]

    def may_be_name(self, at: int) -> bool:
        """Return whether a word is a name, or begins the sentence and may be one."""
        word = self.words[at]
        return word.name or (at == 0 and not word.stop and self.text[word.start].isupper())

    def is_modifier(self, last: int) -> bool:
        """Return whether a name stands before the noun of others: "Clinton staffers", "the Reed family"."""
        following = self.folded[last + 1 : last + 2]
        beside = following and self.text[self.words[last].end : self.words[last + 1].start] == " "
        if not beside:
            return False
        word = following[0]
        verb = word in THIRD_PERSON_FORMS or is_auxiliary(word) or len(word) < MIN_PLURAL or word.endswith("ss")
        return word in PERSON_NOUNS | ROLES | KINSHIP | {"family"} or (word.endswith("s") and not verb)

    def is_parted(self, place: int, first: int) -> bool:
        """Return whether another name and a comma or a verb part an act and a name: "killed Reed, Hall said"."""
        names = [at for at in range(place + 1, first) if self.words[at].name]
        if not names or self.gives_examples(place, first):
            return False
        behind = self.text[self.words[names[-1]].end : self.words[first].start]
        return "," in behind or self._has_clause(self.folded[names[-1] + 1 : first])

    def is_relative_of(self, first: int, last: int, place: int) -> bool:
        """Return whether "who was charged" is of this name, and "was charged" not of that before an apposition."""
        between = self.folded[last + 1 : place]
        end = self.words[last].end
        of_another = not (_LOCATING | {"of"}).isdisjoint(self.folded[first - 1 : first] if first else [])
        if "who" in between:
            who = last + 1 + between.index("who")
            others = any(word.name for word in self.words[last + 1 : who]) and "and" not in self.folded[last + 1 : who]
            return not others and not (of_another and "," in self.text[self.words[who].end : self.words[place].start])
        return not (of_another and self.text[end : end + 1] == ",")

    def is_governed(self, last: int) -> bool:
        """Return whether a name ending here stands behind a preposition: "an aide to former Rep. Ann Reed"."""
        at = last
        while at >= 0 and (self.words[at].name or self.folded[at] in ROLES | {"former", "then", "the", "late"}):
            at -= 1
        return at >= 0 and self.folded[at] in PREPOSITIONS

    def is_verb(self, place: int) -> bool:
        """Return whether an act's word is a verb: not "under fire", "the charges", "fine print"."""
        word, before = self.folded[place], self.folded[place - 1 : place] if place else [""]
        if is_past_form(word) or is_participle(word) or word.endswith("ing"):
            return True
        nominal = PREPOSITIONS | ARTICLES | POSSESSIVE_DETERMINERS
        return word in THIRD_PERSON_FORMS and before[0] not in nominal

    def faces(self, start: int, place: int) -> bool:
        """Return whether a name before charges faces them: "is facing a charge", "was arrested on a murder charge"."""
        between = self.folded[start:place]
        held = not _HELD.isdisjoint(between) and not {"on", "under"}.isdisjoint(between[-MAX_OF:])
        near = 0 < place - start <= MAX_GAP_AFTER and not self.has_name(start, place)
        return near and (held or not _FACING.isdisjoint(between)) and SUBJECT_PRONOUNS.isdisjoint(between)

    def inside(self, span: Span) -> list[int]:
        """Return the numbers of the words that begin inside characters."""
        return [number for number, word in enumerate(self.words) if span.start <= word.start < span.end]

    def has_particle(self, place: int) -> bool:
        """Return whether a phrasal verb's particle follows; true for a verb that needs none."""
        particles = _PHRASAL.get(self.words[place].term)
        return particles is None or not particles.isdisjoint(self.folded[place + 1 : place + 3])

    def has_sense(self, place: int, particle: str) -> bool:
        """Return whether a verb has a particle and no other sense: "came out", not "came out against"."""
        after = self.folded[place + 1 : place + 4]
        if particle not in after[:2]:
            return False
        following = after[after.index(particle) + 1 :][:1]
        other = (
            particle in _PARTICLES and (following[0] in _OTHER_SENSE or following[0].endswith("ing"))
            if following
            else False
        )
        return not other

    def is_act_noun(self, place: int) -> bool:
        """Return whether an act's word is a noun, by its form or by "of" behind it: "the murder of"."""
        word = self.folded[place]
        if word.endswith("ing") and self.folded[place + 1 : place + 2] != ["of"]:
            return self.folded[place - 1 : place] in (["the"], ["a"], ["his"], ["her"], ["their"])
        return is_act_noun(word) or (not is_past_form(word) and self.folded[place + 1 : place + 2] == ["of"])

    def names_bearer(self, place: int, first: int, last: int) -> bool:
        """Return whether a noun is a name's: "suspect Ann Reed", "the victims were identified as Ann Reed"."""
        if self.is_possessive(place):
            return False
        if place < first:
            between = self.folded[place + 1 : first]
            apposed = first - place - 1 <= 1 and KINSHIP.isdisjoint(between)
            parts = self.text[self.words[place].end : self.words[first].start]
            introduced = _INTRODUCING | _BETWEEN_NAMES | {"as", "are", "were"}
            listed = re.match(r"\s*(?:[:,(—–]|--|" + alternation(_INTRODUCING) + r")", parts)
            named = between[-1:] and between[-1] in BE and not any(word.name for word in self.words[place + 1 : first])
            if named and len(between) <= MAX_OF + 1 and not self._has_clause(between):
                return True  # "the victims of the fire were"
            several = self.folded[place].endswith("s")  # "the two brothers, Ola and Abel Reed"
            own = [word for at, word in enumerate(between, place + 1) if not (several and self.words[at].name)]
            return apposed or (bool(listed) and len(between) < MAX_OF and introduced.issuperset(own))
        return self.is_apposed(place, first, last)

    def are_listed(self, end: int, first: int, last: int) -> bool:
        """Return whether two names are of one list, so that what is said of the first is said of the second."""
        parts = self.text[self.words[end].end : self.words[first].start]
        after = self.text[self.words[last].end :]
        between = self.folded[end + 1 : first]
        if not re.search(r"[,;&]|\band\b", parts) or self.is_possessive(last) or self.is_possessive(end):
            return False
        if re.match(
            r"\s+(?!and\b|or\b|with\b|in\b|on\b|of\b|at\b|from\b|for\b|to\b|as\b|were\b|are\b|have\b|all\b|before\b|after\b)[a-z]",
            after,
        ):
            return False  # "killed Reed, Hall said"
        loose = not (_NEW_CLAUSE | PREPOSITIONS | KINSHIP | {"who", "whom", "which", "that"}).isdisjoint(between)
        if ";" in parts or (self.examples(end) and not loose and len(between) < MAX_OF):
            return len(between) <= MAX_LISTED_BETWEEN
        plain = all(
            word in _BETWEEN_NAMES or each.number or each.name
            for word, each in zip(between, self.words[end + 1 : first], strict=True)
        )
        return plain and between[-1:] not in (["of"], ["from"]) and KINSHIP.isdisjoint(between)

    def relation(self, place: int, reach: int, *, possible: bool = False) -> Relation:
        """Return whether an act happened, is denied, or is only possible, asked for or planned, by the words before."""
        start = max(0, place - reach)
        before = self.folded[start:place]
        act = self.folded[place]
        gerund = act.endswith("ing") and self.folded[place + 1 : place + 2] != ["of"]
        appears = gerund and not _APPEARING.isdisjoint(before[-REACH:])
        unreal = (gerund and not _GERUND_AFTER.isdisjoint(before[-REACH:])) or not (_UNREAL - {"against"}).isdisjoint(
            before
        )
        if unreal and not (possible or appears):
            return Relation.NONE  # "accused of killing", "could be charged"
        if any(self._denies(number) for number in range(max(start, place - REACH), place)):
            return Relation.DENIED
        open_ = before[-1:] in (["to"], ["be"], ["most"], ["more"]) or "be" in before[-2:] or "against" in before
        return Relation.NONE if open_ and not (possible or appears) else Relation.SAID

    def is_possessive(self, number: int) -> bool:
        """Return whether a word is followed by "'s"."""
        end = self.words[number].end
        return bool(re.match(r"[’']", self.text[end : end + 1])) or bool(re.search(r"[’']s?$", self.text[:end]))

    def is_passive(self, start: int, place: int) -> bool:
        """Return whether an act is done to what stands before ``start``: "Ann Reed, 40, was charged"."""
        between = self.folded[start:place]
        being = next((number for number, word in enumerate(between) if word in BE), -1)
        if being < 0:
            return self.is_participial(start, place)
        if "by" in between:
            return False
        same = between[being - 1 : being] == ["and"] and SUBJECT_PRONOUNS.isdisjoint(between)
        return not self._has_clause(between[:being]) or (same and not self.has_name(start, place))

    def is_participial(self, start: int, place: int) -> bool:
        """Return whether a participle stands beside a name: "Ann Reed, charged with fraud", "agents killed in"."""
        between = self.text[self.words[start - 1].end : self.words[place].start].strip()
        apart = between.endswith(",") and between.count(",") == 1 and place - start <= MAX_GAP
        of_it = apart and not self.has_name(start, place) and not self._has_person(start, place)
        return (
            (between in {"", ","} or of_it)  # "Ann Reed stood in court, charged with fraud"
            and not self.is_governed(start - 1)
            and is_participle(self.folded[place])
            and self.folded[place + 1 : place + 2] in _AFTER_PARTICIPLE
        )

    def _has_person(self, start: int, end: int) -> bool:
        """Return whether a noun for people stands between two words."""
        nouns = PERSON_NOUNS | ROLES | KINSHIP | {"man", "woman", "men", "women", "people"}
        return any(word in nouns or word.removesuffix("s") in nouns for word in self.folded[start:end])

    def is_subject(self, first: int, last: int, place: int) -> bool:
        """Return whether a name does an act behind it: no other name, preposition or clause stands between."""
        before, between = self.folded[first - 1 : first] if first else [], self.folded[last + 1 : place]
        if before and before[0] in _LOCATING and between[:1] != ["which"]:
            return False
        continuous = self.folded[place].endswith("ing")
        fine = {"of", "in", "for"} | ({"to"} if continuous and between[-2:] == ["to", "be"] else set())
        loose = [word for word in between if word in PREPOSITIONS and word not in fine]
        passive = not continuous and not BE.isdisjoint(self.folded[max(0, place - REACH) : place])
        number = place > 0 and (self.words[place - 1].number or between[-1:] in (["the"], ["a"], ["his"], ["her"]))
        if self._joins(between):
            return True
        return not (loose or passive or number) and not self._has_clause(between) and not self.has_name(last + 1, place)

    def is_neither(self, last: int, place: int) -> bool:
        """Return whether what follows a name denies an act of it and those listed with it: "neither of whom signed"."""
        return last < place <= last + MAX_GAP and self.folded[last + 1 : last + 2] in (["neither"], ["none"])

    def joins(self, last: int, place: int) -> bool:
        """Return whether an act farther behind a name is that of those whom it joined."""
        return last < place <= last + MAX_GAP_AFTER and self._joins(self.folded[last + 1 : place])

    def _joins(self, between: Sequence[str]) -> bool:
        """Return whether words before an act make a name one of those who do it: "joined the states that have"."""
        clause = next((number for number, word in enumerate(between) if word in {"that", "who", "which"}), 0)
        start = next((number for number, word in enumerate(between[:clause]) if word in _JOINING), None)
        return (
            start is not None
            and all(map(is_auxiliary, between[clause + 1 :]))
            and not self._has_clause([word for word in between[:clause] if word not in _JOINING])
        )

    def is_apposed(self, place: int, first: int, last: int) -> bool:
        """Return whether a noun says what a name is: "candidate Ann Reed", "Ann Reed, a former candidate"."""
        if 0 <= first - place - 1 <= 1:
            return True
        between = self.folded[last + 1 : place]
        stop = self.words[last].end
        apposed = bool(_APPOSED.match(self.text, stop)) or not (BE | {"as"}).isdisjoint(between[:1])
        near = between[-REACH:]
        another = not (PREPOSITIONS - {"as"}).isdisjoint(near) or not KINSHIP.isdisjoint(between)
        return (
            0 < place - last <= MAX_GAP
            and apposed
            and not another
            and not self._has_clause([word for word in between[1:] if word not in _CALLED])
        )

    def is_modified(self, place: int, modifiers: frozenset[str]) -> bool:
        """Return whether a noun has these modifiers shortly before it."""
        return modifiers <= {word.term for word in self.words[max(0, place - REACH) : place]}

    def examples(self, end: int) -> bool:
        """Return whether a name stands among examples: "five people, including Ann Reed"."""
        return bool(re.search(r"\b(?:including|such as|among them)\b", self.text[: self.words[end].start]))

    def gives_examples(self, place: int, first: int) -> bool:
        """Return whether a name is one of those before it: "five people, including Ann Reed"."""
        return bool(_EXAMPLES.search(self.text[self.words[place].end : self.words[first].start]))

    def _denies(self, number: int) -> bool:
        word = self.folded[number]
        if word == "no" and number + 1 < len(self.words) and self.words[number + 1].number:
            return False  # "suspect No. 1"
        return is_negator(word)

    def _has_clause(self, folded: Sequence[str]) -> bool:
        """Return whether words have a finite verb, but for those of "who was" and auxiliaries."""
        return any((is_past_form(word) and not is_auxiliary(word)) or word in _NEW_CLAUSE for word in folded)

    def has_name(self, start: int, end: int) -> bool:
        """Return whether a name stands between two words that is not listed with the one before: "Reed, Hall and"."""
        return any(
            word.name
            and not word.date
            and not re.search(r"(?:,|\band|\bor|[-(–—])\s*(?:[A-Z][\w.-]*\s+)?$", self.text[: word.start])
            for word in self.words[start:end]
        )


@dataclass(frozen=True, slots=True)
class CountedMembers:
    """Members that a sentence lists behind their noun: "three airlines improved — Gull, Heron and Tern".

    Attributes:
        members: They.
        whole: Whether it gives their number, so that they are all.
    """

    members: tuple[Member, ...]
    whole: bool


_LISTED_NAME = r"(?:the\s)?[A-Z][\w.&'’-]{0,30}(?:\s[A-Z][\w.&'’-]{0,30}){0,3}"
_LISTED = (
    rf"(?P<said>[^.;:—–]{{0,100}}?)(?:\s?[—–]\s?|\s--\s|:\s|,?\s(?:including|such\sas|among\sthem|namely)\s)"
    rf"(?P<names>{_LISTED_NAME}(?:,\s{_LISTED_NAME}){{0,8}},?\s(?:and|or)\s{_LISTED_NAME})"
)
_COUNTED = LazyPattern(r"\b(?:only|just|the)\s(?P<number>\w{1,12})(?:\s[\w.-]{1,20}){0,3}\s$", re.IGNORECASE)
_BEHIND = 60
"""Characters behind listed names in which the act stands: "states, including Ohio, have refused"."""


def counted_members(sentence: str, noun: str, predicate: ListPredicate) -> CountedMembers | None:
    """Return the members that a sentence lists behind their noun with the predicate's act; None where it does not."""
    if not noun or predicate.passive or not predicate.acts or predicate.objects:
        return None
    for found in re.finditer(rf"\b{re.escape(fold(noun))}\b{_LISTED}", sentence):
        behind = re.split(r"[.;—–]", sentence[found.end() : found.end() + _BEHIND])[0]
        said = found["said"] if predicate.acts & set(terms(found["said"])) else behind
        words = fold(said).split()
        if not predicate.acts & set(terms(said)) or any(map(is_negator, words)) or not _UNREAL.isdisjoint(words):
            continue
        start = found.start("names")
        names = list(re.finditer(_LISTED_NAME, found["names"]))
        members = tuple(
            Member(fold(each.group().removeprefix("the ")), Span(start + each.start(), start + each.end()))
            for each in names
        )
        counted = _COUNTED.search(sentence[: found.start()])
        return CountedMembers(members, whole=bool(counted and is_number(fold(counted["number"]))))
    return None


def list_predicate(topic: str, noun: str, question: str) -> ListPredicate:
    """Return what a list says of its members.

    Args:
        topic: What the question lists: "countries signed the agreement", "charged in the case".
        noun: Its noun for the members; empty for "who".
        question: The whole question, of which the voice is read.
    """
    named = noun if noun and noun in topic.partition("(")[0] else ""
    noun = named or _bearers(topic, question)
    before, _, rest = topic.partition(noun) if noun else ("", "", topic)
    rest = _LINK.sub("", rest).strip()
    if _MENTIONED.match(rest):
        return ListPredicate(frozenset(), passive=False, verb=False)
    nominal = _nominal(noun, before)
    if of_pronoun := _OF_PRONOUN.fullmatch(rest):
        return ListPredicate(frozenset(), passive=False, verb=False, preposition=of_pronoun["preposition"].lower())
    if not rest or (nominal.verb and nominal.passive) or (noun and _WHO_WERE.match(question)):
        return nominal
    return _verbal(topic, noun, rest, question) or nominal


def _bearers(topic: str, question: str) -> str:
    """Return the noun of "who were the victims"; empty for another question."""
    if not _WHO_WERE.match(question):
        return ""
    heads = re.findall(r"[^\W\d_][\w'’-]*", re.split(rf"\s(?:{alternation(PREPOSITIONS)})\b", topic, maxsplit=1)[0])
    return next((word for word in heads if _is_bearer(fold(word))), "")


def _is_bearer(word: str) -> bool:
    """Return whether a folded word is a noun for people."""
    known = PERSON_NOUNS | ROLES | KINSHIP
    return (
        word in known or word.removesuffix("s") in known or any(word in each.undergoing | each.doing for each in ACTS)
    )


def _nominal(noun: str, before: str) -> ListPredicate:
    """Return what a noun says of its bearers: of victims that they were killed."""
    plain = fold(noun)
    act = next((each for each in ACTS if plain in each.undergoing | each.doing), Act(frozenset()))
    nouns = (act.undergoing if plain in act.undergoing else act.doing) or frozenset({plain, plain.removesuffix("s")})
    whose = frozenset(terms(before, keep_stop_words=False))
    possessive = bool(re.search(r"[’']s?\s*$", before))
    if whose and not possessive:
        return ListPredicate(frozenset(), passive=False, verb=False, nouns=nouns, modifiers=whose)
    passive = plain in act.undergoing
    return ListPredicate(
        act.verbs,
        passive=passive,
        verb=bool(act.verbs),
        done=act.done if passive else frozenset(),
        nouns=nouns,
        leads=act.leads if passive else frozenset(),
        objects=frozenset() if passive else whose,
    )


def _verbal(topic: str, noun: str, rest: str, question: str) -> ListPredicate | None:
    """Return what the first verb of a question says of its members; None where it has none."""
    asked_of_object = bool(_OBJECT.match(topic.partition(noun)[2] if noun else topic))
    for word in re.findall(r"[^\W\d_][\w'’-]*", rest)[:_MAX_SUBJECT]:
        plain = fold(word)
        if plain in STOP_WORDS or is_auxiliary(plain) or is_negator(plain) or (asked_of_object and word[0].isupper()):
            continue
        if not (
            asked_of_object or is_past_form(plain) or is_participle(plain) or plain in BASES or plain.endswith("ing")
        ):
            return None
        before, _, after = rest.partition(word)
        negated = any(map(is_negator, fold(question.partition(word)[0]).split()))
        term = next(iter(terms(word)), "")
        act = next((each for each in ACTS if term in each.verbs | each.done), Act(equivalent_terms(term)))
        being = rf"\b(?:{alternation(BE)}|got)\b(?:\s\w+)?\s{re.escape(word)}\b"
        undergone = bool(re.search(being, question, re.IGNORECASE)) and not plain.endswith("ing")
        undergone = undergone or term in act.done
        passive = asked_of_object or undergone
        ending = fold(topic.rsplit(maxsplit=1)[-1])
        return ListPredicate(
            act.verbs | {term},
            passive,
            verb=True,
            done=act.done if passive else frozenset(),
            nouns=act.undergoing if passive else act.doing,
            leads=act.leads if passive else frozenset(),
            objects=frozenset() if passive else _objects(after),
            possible=not MODAL_VERBS.isdisjoint(fold(question).split()[:4]),
            subject=frozenset(terms(before, keep_stop_words=False)) if asked_of_object else _agent(after),
            preposition=ending if ending in PREPOSITIONS else "",
            particle=next(iter((_PARTICLES | _SIDES.get(term, frozenset())).intersection(fold(after).split()[:1])), ""),
            negated=negated,
        )
    return None


def _agent(after: str) -> frozenset[str]:
    """Return the terms of who did it: "killed by the police in Ohio"."""
    found = re.match(r"\W*by ((?:[\w'’.-]+ ?){1,5})", after)
    agent = re.split(rf" (?:{alternation(_LOCATING)})\b", found[1], maxsplit=1)[0] if found else ""
    return frozenset(terms(agent, keep_stop_words=False))


def _objects(after: str) -> frozenset[str]:
    """Return the terms of the names that follow a verb at once, or of what a pronoun stands for in parentheses."""
    resolved = re.match(r"\W*\w+ \(([^()]{1,200})\)", after)
    if resolved:
        return frozenset(terms(resolved[1], keep_stop_words=False))
    words = read_words(after, sentence=False)
    return frozenset(word.term for word in itertools.takewhile(lambda each: each.name or each.stop, words) if word.name)
