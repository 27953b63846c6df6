"""List predicates: what a list says of its members ("was charged", "signed it"), and whether a sentence says it of one.

There is no parser: the act's word, the member's place beside it, and the words between decide. Where they do not, the
member does not count, so that a list leaves out rather than accuses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.composition.members import Member
from retrieval.text.analyzer import fold, terms
from retrieval.text.equivalents import equivalent_terms
from retrieval.text.lexicon import (
    BE,
    DO,
    HAVE,
    MODAL_VERBS,
    POSSIBILITY,
    STOP_WORDS,
    SUBJECT_PRONOUNS,
    alternation,
    is_negator,
    word_set,
)
from retrieval.text.reporting_verbs import PREPOSITIONS
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import BASES, is_auxiliary, is_participle, is_past_form

MAX_GAP = 9
"""Words between a member and the act that is said of it."""
MAX_GAP_AFTER = 14
"""The same where the members follow the act: "charged five people with lying, including …"."""
MAX_OF = 5
"""The same after "of": "the indictment of his former aide Ann Reed"."""
REACH = 3
"""Words before an act that deny it or make it a possibility."""
_DONE_TO = word_set("victims nominees defendants detainees")
"""Nouns for those to whom something was done."""
_MENTIONED = re.compile(
    r"(?:mentioned|named|discussed|quoted|interviewed|covered|listed|cited|talked about|there|here)\b", re.IGNORECASE
)
_OBJECT = re.compile(rf"\W*(?:{alternation(DO | HAVE)}|will|would)\s+(?:the\s+)?[A-Z]")
"""What follows the members where somebody does it to them: "countries did Trump ban"."""
_LINK = re.compile(rf"\A\W*(?:who|that|which|{alternation((BE | HAVE | DO) - {'am', 'be'})})\b")
"""What joins the members and what is said of them."""
_MAX_SUBJECT = 6
"""Words in which the act of a question stands."""
_PARTICLES = word_set("out off up down away back")
_EXAMPLES = re.compile(r"\b(?:including|such as|among them|like)\b|--|[—–:]", re.IGNORECASE)
_LOCATING = word_set("of in at from near to for with by on against over under into about between across outside inside")
_NEW_CLAUSE = (SUBJECT_PRONOUNS - {"you"}) | word_set("says said told when while because after before whether")
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


@dataclass(frozen=True, slots=True)
class ListPredicate:
    """What is said of the members of a list.

    Attributes:
        acts: The terms of which one must occur; empty where members only have to be named.
        passive: Whether it is done to them.
        verb: Whether it is a verb, so that the members' side matters.
        subject: The terms of the name of who does it, where the question has one: "Which countries did Hall ban?".
        modifiers: The terms of what stands before the noun for the members: "Republican candidates".
        preposition: What stands before the members, where the question ends with it: "ban travel from".
        particle: What belongs to the verb: "dropped out".
    """

    acts: frozenset[str]
    passive: bool
    verb: bool
    subject: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()
    preposition: str = ""
    particle: str = ""

    def relation(self, member: Member, sentence: str) -> Relation:
        """Return whether a sentence says it of a member, as far as the places of the words show."""
        words = read_words(sentence)
        inside = [number for number, word in enumerate(words) if member.span.start <= word.start < member.span.end]
        if not inside:
            return Relation.NONE
        if not self.acts:
            return Relation.SAID
        folded = [fold(sentence[word.start : word.end]) for word in words]
        said = _Sentence(sentence, words, folded)
        places = [number for number, word in enumerate(words) if word.term in self.acts and number not in inside]
        for place in places:
            if self._is_of(said, place, (inside[0], inside[-1]), person=member.person):
                return said.relation(place, MAX_GAP if is_act_noun(folded[place]) else REACH)
        return Relation.NONE

    def _is_of(self, said: _Sentence, place: int, member: tuple[int, int], *, person: bool) -> bool:
        first, last = member
        if self.particle and self.particle not in said.folded[place + 1 : place + 3]:
            return False
        if not self.verb:
            return said.is_apposed(place, first, last) and said.is_modified(place, self.modifiers)
        if last < place <= last + MAX_GAP:
            return self._precedes(said, place, member, person=person)
        return place < first <= place + MAX_GAP_AFTER and self._follows(said, place, first)

    def _precedes(self, said: _Sentence, place: int, member: tuple[int, int], *, person: bool) -> bool:
        """Return whether the act behind a member is its own, or done to it."""
        first, last = member
        act = said.folded[place]
        if is_act_noun(act):
            return said.is_possessive(last) and place - last <= 2
        if self.passive:
            return said.is_passive(last + 1, place)
        infinitive = person and act in BASES and not is_past_form(act)
        return not infinitive and said.is_subject(first, last, place)

    def _follows(self, said: _Sentence, place: int, first: int) -> bool:
        """Return whether the act before a member is done to it, or by it."""
        between = said.folded[place + 1 : first]
        if is_act_noun(said.folded[place]):
            return between[:1] == ["of"] and len(between) < MAX_OF
        if not self.passive:
            return between[-1:] == ["by"] or (between[:1] == ["by"] and len(between) < MAX_OF)
        if not BE.isdisjoint(said.folded[max(0, place - REACH) : place]) or not _NEW_CLAUSE.union({"by"}).isdisjoint(
            between
        ):
            return False
        loose = between and between[-1] in PREPOSITIONS - {self.preposition}
        beside = len(between) < MAX_OF and not loose and said.folded[place + 1] not in PREPOSITIONS - {"off"}
        return (beside or said.gives_examples(place, first)) and self._is_subjects(said, place)

    def _is_subjects(self, said: _Sentence, place: int) -> bool:
        """Return whether the act is done by whom the question names as doing it; true where it names nobody."""
        if not self.subject:
            return True
        before = [
            word for word in said.words[max(0, place - MAX_GAP) : place] if word.name or word.term in self.subject
        ]
        return bool(before) and before[-1].term in self.subject


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

    def relation(self, place: int, reach: int) -> Relation:
        """Return whether an act happened, is denied, or is only possible, asked for or planned, by the words before."""
        start = max(0, place - reach)
        before = self.folded[start:place]
        if any(self._denies(number) for number in range(max(start, place - REACH), place)):
            return Relation.DENIED
        if before[-1:] in (["to"], ["be"], ["most"], ["more"]) or "be" in before[-2:] or not _UNREAL.isdisjoint(before):
            return Relation.NONE
        return Relation.SAID

    def is_possessive(self, number: int) -> bool:
        """Return whether a word is followed by "'s"."""
        end = self.words[number].end
        return bool(re.match(r"[’']", self.text[end : end + 1])) or bool(re.search(r"[’']s?$", self.text[:end]))

    def is_passive(self, start: int, place: int) -> bool:
        """Return whether an act is done to what stands before ``start``: "Ann Reed, 40, was charged"."""
        between = self.folded[start:place]
        being = next((number for number, word in enumerate(between) if word in BE), -1)
        return being >= 0 and "by" not in between and not self._has_clause(between[:being])

    def is_subject(self, first: int, last: int, place: int) -> bool:
        """Return whether a name does an act behind it: no other name, preposition or clause stands between."""
        before, between = self.folded[first - 1 : first] if first else [], self.folded[last + 1 : place]
        if before and before[0] in _LOCATING:
            return False
        loose = [word for word in between if word in PREPOSITIONS and word not in {"of", "in", "for"}]
        passive = not BE.isdisjoint(self.folded[max(0, place - REACH) : place])
        number = place > 0 and (self.words[place - 1].number or between[-1:] in (["the"], ["a"], ["his"], ["her"]))
        return (
            not (loose or passive or number) and not self._has_clause(between) and not self._has_name(last + 1, place)
        )

    def is_apposed(self, place: int, first: int, last: int) -> bool:
        """Return whether a noun says what a name is: "candidate Ann Reed", "Ann Reed, a former candidate"."""
        if 0 <= first - place - 1 <= 1:
            return True
        between = self.folded[last + 1 : place]
        stop = self.words[last].end
        apposed = self.text[stop : stop + 1] == "," or not BE.isdisjoint(between[:1])
        return 0 < place - last <= MAX_GAP and apposed and not self._has_clause(between[1:])

    def is_modified(self, place: int, modifiers: frozenset[str]) -> bool:
        """Return whether a noun has these modifiers shortly before it."""
        return modifiers <= {word.term for word in self.words[max(0, place - REACH) : place]}

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

    def _has_name(self, start: int, end: int) -> bool:
        """Return whether a name stands between two words that is not listed with the one before: "Reed, Hall and"."""
        return any(
            word.name and not re.search(r"(?:,|\band|\bor|[-(–—])\s*(?:[A-Z][\w.-]*\s+)?$", self.text[: word.start])
            for word in self.words[start:end]
        )


def list_predicate(topic: str, noun: str, question: str) -> ListPredicate:
    """Return what a list says of its members.

    Args:
        topic: What the question lists: "countries signed the agreement", "charged in the case".
        noun: Its noun for the members; empty for "who".
        question: The whole question, of which the voice is read.
    """
    before, _, rest = topic.partition(noun) if noun else ("", "", topic)
    rest = _LINK.sub("", rest).strip()
    nominal = ListPredicate(
        _acts(noun), passive=False, verb=False, modifiers=frozenset(terms(before, keep_stop_words=False))
    )
    if _MENTIONED.match(rest):
        return ListPredicate(frozenset(), passive=False, verb=False)
    if not rest:
        return nominal
    if fold(noun) in _DONE_TO:
        return ListPredicate(_acts(noun), passive=True, verb=True)
    asked_of_object = bool(_OBJECT.match(topic.partition(noun)[2] if noun else topic))
    for word in re.findall(r"[^\W\d_][\w'’-]*", rest)[:_MAX_SUBJECT]:
        plain = fold(word)
        if plain in STOP_WORDS or is_auxiliary(plain) or (asked_of_object and word[0].isupper()):
            continue
        if asked_of_object or is_past_form(plain) or is_participle(plain) or plain in BASES:
            being = rf"\b(?:{alternation(BE)})\b(?:\s\w+)?\s{re.escape(word)}\b"
            passive = asked_of_object or bool(re.search(being, question, re.IGNORECASE))
            names = rest.partition(word)[0] if asked_of_object else ""
            subject = frozenset(terms(names, keep_stop_words=False))
            ending = fold(topic.rsplit(maxsplit=1)[-1])
            return ListPredicate(
                _acts(word),
                passive,
                verb=True,
                subject=subject,
                preposition=ending if ending in PREPOSITIONS else "",
                particle=next(iter(_PARTICLES.intersection(fold(rest.partition(word)[2]).split()[:1])), ""),
            )
        break
    return nominal


def _acts(word: str) -> frozenset[str]:
    found = frozenset(terms(word))
    return found.union(*map(equivalent_terms, found))
