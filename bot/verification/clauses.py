"""Clauses: a long claim as a main clause and parts that can be judged and left out for themselves.

There is no parser: rules over words split only where the form leaves one reading. A split never tears a clause from
what its meaning depends on: nothing is split after "said that", "denied", "if", "because" or a negation whose scope is
unsure, nor before "…, prosecutors said". A part is left out only where the rest is entailed by the whole sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answers import ClaimContext, ClaimVerdict, Support
from bot.verification.claim_context import resolve_pronouns
from bot.verification.entities import place_groups
from bot.verification.lead_ins import capitalized
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    CONCESSIVES,
    CONDITIONALS,
    DEMONSTRATIVES,
    HEARSAY,
    MODALS,
    POSSESSIVE_DETERMINERS,
    QUESTION_WORDS,
    RELATIVE_PRONOUNS,
    SUBJECT_PRONOUNS,
    is_negator,
    word_set,
)
from retrieval.text.number_words import ORDINALS
from retrieval.text.reporting_verbs import ADVERBS, AMBIGUOUS, EVALUATION, PREPOSITIONS, SPEECH, SUBORDINATORS
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import (
    PARTICIPLES,
    PAST_FORMS,
    THIRD_PERSON_FORMS,
    is_auxiliary,
    is_finite,
    is_participle,
    is_past_form,
)

MIN_WORDS = 20
"""A claim of more words is judged by its clauses where the whole is not supported."""
MAX_WORDS = 100
"""Words of the longest claim that is split: a longer one is a list, a table, or an attack."""
MAX_CLAUSES = 4
"""Clauses of a claim that are judged, each at the cost of a claim."""
_MAX_SUBJECT = 14  # words
_MAX_ATTRIBUTION = 5  # words of "prosecutors in Paris said" behind the last comma
_COORDINATED = LazyPattern(r", (?:and|but|while) ")
_TOKEN = LazyPattern(r"\S+")
_MARKS = ".,;:!?()[]“”\"'‘’"
_BINDING = (CONDITIONALS - {"till", "until"}) | word_set(
    "because neither either nor so than lest otherwise than whatever whoever when whenever since except"
)
"""Words that bind what they join: no split in a claim with one of them, wherever it occurs."""
_DETACHED = (CONCESSIVES | word_set("while whereas")) - {"till"}
"""Subordinators whose clauses are asserted beside the main clause, each for itself."""
_COORDINATORS = word_set("and but while whereas yet")
_CARRIED = word_set("according in on at by during since from")
"""Words that begin a phrase which holds for all clauses of a sentence: "In 2019,", "According to the police,"."""
_RANKS = word_set("first last next only oldest largest latest longest biggest")
_NO_PARTICIPLES = word_set(
    """including according following during regarding concerning depending assuming barring pending excluding
    something anything nothing everything considering morning evening spring king building meaning providing given"""
)
_AFTER_VERB = (
    ARTICLES
    | DEMONSTRATIVES
    | POSSESSIVE_DETERMINERS
    | PREPOSITIONS
    | ADVERBS
    | word_set("that him them it her us me more up down off away all some many several his no any each")
)
"""Words after which "and used" is a verb, not a participle before a noun: "and used the car", not "and used cars"."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a claim beside its main clause.

    Attributes:
        start: Its first character in the claim, with the comma and conjunction before it.
        end: The character after its last.
        statement: The part as a sentence of its own; empty where it cannot be one, so that it is not judged.
    """

    start: int
    end: int
    statement: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: str
    written: str

    @property
    def closes(self) -> bool:
        """Whether a comma follows."""
        return self.written.endswith((",", ";"))


@dataclass(frozen=True, slots=True)
class _Statement:
    """A claim in words, the place of its subject, and the phrase before that: "In 2019, "."""

    text: str
    tokens: Sequence[_Token]
    first: int
    lead: str

    def rest(self, place: int) -> str:
        """Return the text from a word on, without its last mark."""
        return self.text[self.tokens[place].start : _end(self.text)]

    def cut(self, place: int, statement: str = "") -> Clause | None:
        """Return the part from a word on; None where it says who says the whole."""
        if _attributes(self.tokens, place):
            return None
        return Clause(_cut_start(self.tokens, place), _end(self.text), statement)


def split_clauses(claim: str) -> tuple[Clause, ...]:
    """Return the parts of ``claim`` beside its main clause, at most ``MAX_CLAUSES - 1``; empty where it has none."""
    tokens = [
        _Token(each.start(), each.end(), each.group().strip(_MARKS).lower().replace("’", "'"), each.group())
        for each in itertools.islice(_TOKEN.finditer(claim), MAX_WORDS + 1)
    ]
    if not MIN_WORDS < len(tokens) <= MAX_WORDS or _is_bound(claim, tokens):
        return ()
    opening = _opening_clause(claim, tokens)
    if opening is not None:
        return (opening,)
    masked = _inside_marks(claim)
    found: list[Clause] = []
    place = _lead_end(tokens)
    lead = claim[: tokens[place].start] if place and tokens[0].word in _CARRIED else ""
    statement = _Statement(claim, tokens, place, lead)
    while place < len(tokens) - 1 and len(found) < MAX_CLAUSES - 1:
        place += 1
        part = None if masked[tokens[place].start] else _part_at(statement, place)
        if part is not None:
            found.append(part)
            place = next((n for n, each in enumerate(tokens) if each.start >= part.end), len(tokens)) - 1
    return tuple(found)


def _part_at(claim: _Statement, place: int) -> Clause | None:
    """Return the part that begins with the word at ``place``; None where none does."""
    tokens, before = claim.tokens, claim.tokens[claim.first : place]
    if not any(is_finite(each.word) for each in before):
        return _inserted_relative(claim, place)
    word, comma = tokens[place].word, tokens[place - 1].closes
    part = None
    if not _is_open(before):
        pass
    elif comma and word in {"who", "which"} and _starts_predicate(tokens, place + 1):
        part = _final_relative(claim, place)
    elif comma and _is_participle(tokens, place):
        part = claim.cut(place)
    elif word in _COORDINATORS and comma and _starts_clause(tokens, place + 1):
        part = _independent(claim, place, place + 1, claim.lead)
    elif word in {"and", "but"} and not _has_list(before):
        part = _shared_subject(claim, place)
    elif tokens[place - 1].written.endswith(";") and _starts_clause(tokens, place):
        part = _independent(claim, place, place, claim.lead)
    elif word == "after" and _starts_clause(tokens, place + 1) and not _has_list(before):
        ranked = any(each.word in ORDINALS or each.word in _RANKS for each in before)  # "the first queen after Mary I"
        part = None if ranked else _preceding_event(claim, place)
    return part


def _preceding_event(claim: _Statement, place: int) -> Clause | None:
    """Return "after the union agreed"; not judged where its verb may be about the future."""
    part = _independent(claim, place, place + 1, "")
    words = [each.word for each in claim.tokens[place + 1 :]]
    verb = next((word for word in words if is_finite(word)), "")
    past = verb in PAST_FORMS or verb in {"was", "were"} or verb.endswith("ed")
    return part if part is None or (past and "," not in claim.rest(place)) else replace(part, statement="")


def _final_relative(claim: _Statement, place: int) -> Clause | None:
    """Return ", who led the union" at the end of a claim."""
    if any(each.closes and is_finite(after.word) for each, after in itertools.pairwise(claim.tokens[place:])):
        return _inserted_relative(claim, place)
    subject = _antecedent(claim, place) if claim.tokens[place].word == "who" else ""
    rest = claim.rest(place + 1)
    return claim.cut(place, f"{subject} {rest}." if subject and "," not in rest else "")


def _is_participle(tokens: Sequence[_Token], place: int) -> bool:
    """Tell whether a word is a present participle with an object or adverbial, no member of a list."""
    token = tokens[place]
    return (
        token.word.endswith("ing")
        and token.written.isalpha()
        and token.written.islower()
        and token.word not in _NO_PARTICIPLES
        and place < len(tokens) - 2
        and tokens[place + 1].word not in {"and", "or"}
    )


def _shared_subject(claim: _Statement, place: int) -> Clause | None:
    """Return "and closed the bridge", whose subject is the main clause's."""
    tokens = claim.tokens
    start = place + 1
    while start < len(tokens) and tokens[start].word in ADVERBS:
        start += 1
    subject, verb = _subject(claim, place)
    carried = _carried_auxiliaries(tokens, verb, start) if subject and start < len(tokens) - 1 else None
    if carried is None:
        return None
    return claim.cut(place, _sentence(f"{claim.lead}{subject} {carried}{claim.rest(place + 1)}"))


def _carried_auxiliaries(tokens: Sequence[_Token], verb: int, start: int) -> str | None:
    """Return the auxiliaries that the verb at ``start`` shares with the one at ``verb``; None where it is no verb."""
    group = _auxiliaries(tokens, verb)
    word, after = tokens[start].word, tokens[start + 1]
    if is_negator(word) or any(is_negator(each) for each in group):
        return None
    if is_auxiliary(word):
        return ""
    if not (after.word in _AFTER_VERB or after.written[0].isupper() or after.written[0].isdigit()):
        return None
    present = word in THIRD_PERSON_FORMS and (not group or group[0] in BE)
    if present or (word in PAST_FORMS and not (group and word in PARTICIPLES)):
        return ""
    if not is_past_form(word) or is_participle(tokens[start - 2].word) or not MODALS.isdisjoint(group):
        return None
    return _shared_auxiliaries(tokens[verb + len(group) : start], group, after)


def _shared_auxiliaries(between: Sequence[_Token], group: Sequence[str], after: _Token) -> str | None:
    """Return the auxiliaries of a form that may be a past tense or a participle; None where that is not sure."""
    passive = bool(group) and group[0] in BE
    if not passive:
        return f"{' '.join(group)} " if group else ""
    following = next((each.word for each in between if each.word not in ADVERBS), "")
    if is_participle(following):
        return f"{' '.join(group)} " if after.word in PREPOSITIONS else None
    # "is one of the most famous and resonated", not "is a film made by one and released by another"
    return None if any(is_participle(each.word) for each in between) else ""


def _independent(claim: _Statement, place: int, start: int, lead: str) -> Clause | None:
    """Return a clause with a subject of its own, up to the end of the claim."""
    rest = claim.rest(start)
    own = re.search(r"\d{4}|^(?:in|on|by|after|before|during)\b", rest, re.IGNORECASE)
    statement = _sentence(("" if own else lead) + rest)
    if claim.tokens[start].word in POSSESSIVE_DETERMINERS:
        statement = ""
    elif claim.tokens[start].word in SUBJECT_PRONOUNS:
        main = claim.text[claim.tokens[claim.first].start : claim.tokens[place - 1].end].rstrip(",;")
        resolved = resolve_pronouns(capitalized(rest), ClaimContext("", f"{main}."))
        unsure = resolved == capitalized(rest) or lead or re.search("['’]s", main)
        statement = "" if unsure else _sentence(resolved)
    return claim.cut(place, statement)


def _opening_clause(claim: str, tokens: Sequence[_Token]) -> Clause | None:
    """Return "While S V," and "After S V," in front of the main clause; None without one."""
    if tokens[0].word not in _DETACHED | {"after"} or not _starts_clause(tokens, 1):
        return None
    commas = [number for number, each in enumerate(tokens[:-1]) if each.closes]
    ends = [number for number in commas if _starts_clause(tokens, number + 1)]
    if len(commas) != 1 or len(ends) != 1 or tokens[ends[0] + 1].word in SUBJECT_PRONOUNS | POSSESSIVE_DETERMINERS:
        return None
    end = ends[0]
    if _attributes(tokens, 0):
        return None
    statement = _sentence(claim[tokens[1].start : tokens[end].end])
    return Clause(0, tokens[end + 1].start, statement if tokens[1].word not in SUBJECT_PRONOUNS else "")


def _inserted_relative(claim: _Statement, place: int) -> Clause | None:
    """Return ", who was born in Mali," between the subject and its verb."""
    tokens, first = claim.tokens, claim.first
    if not tokens[place - 1].closes or tokens[place].word not in {"who", "which"} or _attributes(tokens, place):
        return None
    if not _starts_predicate(tokens, place + 1) or _has_list(tokens[first:place]):
        return None
    end = next((number for number in range(place + 1, len(tokens) - 1) if tokens[number].closes), None)
    if end is None or not is_finite(tokens[end + 1].word):
        return None
    subject = claim.text[tokens[first].start : tokens[place - 1].end].rstrip(",")
    rest = claim.text[tokens[place + 1].start : tokens[end].end].rstrip(",")
    clear = not any(each.word in PREPOSITIONS or is_finite(each.word) for each in tokens[first:place])
    return Clause(tokens[place - 1].end - 1, tokens[end].end, _sentence(f"{subject} {rest}") if clear else "")


def _is_bound(claim: str, tokens: Sequence[_Token]) -> bool:
    """Tell whether the parts of a claim depend on one another, or its form is no plain statement's."""
    words = [each.word for each in tokens]
    if any(word in _BINDING for word in words) or "?" in claim or re.search(r":\s|\s-\s", claim):
        return True
    return words[0] in {"no", "nobody", "none", "few"} or "\n" in claim.strip()


def _is_open(before: Sequence[_Token]) -> bool:
    """Tell whether what follows belongs to the main clause: no embedded or restrictive clause is open before it."""
    embedded = False
    for number, token in enumerate(before):
        if token.word in RELATIVE_PRONOUNS | (QUESTION_WORDS - {"when"}) | {"as"} | _DETACHED | {"after", "before"}:
            rest = before[number + 1 :]
            if token.word == "as" and not any(is_finite(each.word) for each in rest):
                continue
            phrase = token.word in {"after", "before"} and rest and rest[0].word not in SUBJECT_PRONOUNS
            if phrase and not any(is_finite(each.word) for each in rest):
                continue
            return False
        if embedded and is_finite(token.word):
            return False
        embedded = embedded or _embeds(before, number)
    return True


def _embeds(tokens: Sequence[_Token], number: int) -> bool:
    """Tell whether a word may govern a clause: a verb of saying or thinking, or a noun of one."""
    word = tokens[number].word
    if word in AMBIGUOUS and number and tokens[number - 1].word in ARTICLES | POSSESSIVE_DETERMINERS:
        return False
    return word in SPEECH or word in EVALUATION or word in _THOUGHT


_THOUGHT = word_set(
    """hope hopes hoped wish wishes wished doubt doubts doubted suspect suspects suspected assume assumed imagine
    imagined pretend pretended claiming saying fearing alleging arguing insisting denying know knows knew thinks"""
)


def _attributes(tokens: Sequence[_Token], place: int) -> bool:
    """Tell whether the words from ``place`` on may say who says the whole: "…, prosecutors said", "according to"."""
    comma = place
    for number in range(place, len(tokens)):
        word = tokens[number].word
        if word == "according" or word in HEARSAY | {"apparently"}:
            return True
        told = word in SPEECH and SPEECH[word][1] in {"past", "third"}
        if told and comma > place and number - comma <= _MAX_ATTRIBUTION and number >= len(tokens) - _MAX_ATTRIBUTION:
            return True
        if tokens[number].closes:
            comma = number + 1
    return False


def _starts_clause(tokens: Sequence[_Token], place: int) -> bool:
    """Tell whether a subject and a finite verb begin at ``place``, with no comma between."""
    while place < len(tokens) and tokens[place].word in {"however", "then", "also", "later"}:
        place += 1
    if place >= len(tokens) - 1:
        return False
    opener = tokens[place]
    pronoun = opener.word in SUBJECT_PRONOUNS | {"there"}
    if not (
        pronoun
        or opener.word in ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS
        or (opener.written[0].isupper() and opener.word not in PREPOSITIONS)
        or (opener.word not in PREPOSITIONS and opener.word.endswith("s") and not is_finite(opener.word))
    ):
        return False
    for number in range(place + 1, min(place + _MAX_SUBJECT, len(tokens))):
        word = tokens[number].word
        if tokens[number - 1].closes or word in RELATIVE_PRONOUNS | SUBORDINATORS - {"and", "or"}:
            return False
        if is_finite(word):  # "after the war and became": a verb of what is before
            noun = number == len(tokens) - 1 or tokens[number - 1].word.endswith("'s") or tokens[number].closes
            reduced = word.endswith("ed") and tokens[min(number + 1, len(tokens) - 1)].word in PREPOSITIONS
            joined = tokens[number - 1].word in {"and", "or"} or (reduced and opener.word in {"a", "an"})
            return not noun and not joined and (not pronoun or number <= place + 2)
    return False


def _starts_predicate(tokens: Sequence[_Token], place: int) -> bool:
    while place < len(tokens) and tokens[place].word in ADVERBS:
        place += 1
    return place < len(tokens) and is_finite(tokens[place].word)


def _subject(claim: _Statement, place: int) -> tuple[str, int]:
    """Return the subject of the main clause and the place of its verb; empty where unsure."""
    tokens, first = claim.tokens, claim.first
    for number in range(first, min(place, first + _MAX_SUBJECT)):
        token = tokens[number]
        if number > first and is_finite(token.word):
            later = any(is_auxiliary(each.word) for each in tokens[number + 1 : place])
            if later and token.word.endswith("ed"):  # "the man accused of murder was arrested and …"
                return "", 0
            end = number
            while end > first + 1 and (tokens[end - 1].word in ADVERBS or tokens[end - 1].word.endswith("ly")):
                end -= 1
            return claim.text[tokens[first].start : tokens[end - 1].end], number
        if token.closes or token.word in RELATIVE_PRONOUNS | SUBORDINATORS - {"and", "or"}:
            return "", 0
    return "", 0


def _auxiliaries(tokens: Sequence[_Token], verb: int) -> list[str]:
    """Return the auxiliaries of the verb group at ``verb``: "has been"."""
    group: list[str] = []
    for token in tokens[verb : verb + 5]:
        if is_auxiliary(token.word) or token.word in {"been", "be", "being"} or is_negator(token.word):
            group.append(token.word)
        elif token.word not in ADVERBS:
            break
    return group


def _antecedent(claim: _Statement, place: int) -> str:
    """Return the noun phrase before ", who": a name, or a determiner with its noun; empty where unsure."""
    tokens, first, end = claim.tokens, claim.first, place - 1
    start = end
    while start > first and tokens[start].written[:1].isupper() and (start == end or not tokens[start].closes):
        start -= 1
    if start < end:
        name = claim.text[tokens[start + 1].start : tokens[end].end].rstrip(",")
        outer = start - 1 if tokens[start].word in ARTICLES and start > first else start
        linked = tokens[outer].word in _LINKS or tokens[start].written.endswith((",", ")"))
        return "" if linked or any(word.term in place_groups() for word in read_words(name)) else name
    for number in range(end, max(first, end - 4), -1):
        token = tokens[number]
        if token.word in ARTICLES | POSSESSIVE_DETERMINERS:
            linked = number > 0 and tokens[number - 1].word in _LINKS
            return "" if linked else capitalized(claim.text[token.start : tokens[end].end].rstrip(","))
        if token.word in PREPOSITIONS or is_finite(token.word) or (number < end and token.closes):
            break
    return ""


_LINKS = frozenset({"of", "and", "or", "for", "in", "at"})


def _has_list(before: Sequence[_Token]) -> bool:
    """Tell whether a comma in ``before`` may part the members of a list that what follows ends."""
    return any(each.closes for each in before[:-1])


def _cut_start(tokens: Sequence[_Token], place: int) -> int:
    """Return where a part that begins at ``place`` is cut off: before the comma in front of it."""
    before = tokens[place - 1]
    return before.end - (len(before.written) - len(before.written.rstrip(",;")))


def _end(claim: str) -> int:
    return len(claim.rstrip().rstrip(".!"))


def _lead_end(tokens: Sequence[_Token]) -> int:
    """Return the place after a leading phrase: "In 2019,", "According to the police,"; 0 without one."""
    if tokens[0].word not in PREPOSITIONS | ADVERBS | {"however"}:
        return 0
    for number, token in enumerate(tokens[:_MAX_SUBJECT]):
        if is_finite(token.word):
            return 0
        if token.closes:
            return number + 1
    return 0


def _inside_marks(claim: str) -> list[bool]:
    """Tell for each character whether it is inside quotation marks or brackets."""
    inside, depth, quoted = [], 0, False
    for char in claim:
        if char in "([“":
            depth += 1
        elif char in ")]”":
            depth = max(0, depth - 1)
        elif char == '"':
            quoted = not quoted
        inside.append(depth > 0 or quoted)
    return inside


def _sentence(text: str) -> str:
    line = " ".join(text.split()).rstrip(" .,;:!")
    return f"{capitalized(line)}."


def judge_clauses(claim: str, judge: Callable[[str], ClaimVerdict], whole: ClaimVerdict) -> ClaimVerdict:
    """Return the verdict on a claim by its clauses; ``whole`` where they do not change it.

    A claim that is supported as a whole loses what is unsupported for itself: a long true sentence hides a short false
    clause from any model. Of one that is not, the supported part is saved.

    Args:
        claim: The claim without its list mark.
        judge: Judges a sentence.
        whole: The verdict on all of it.
    """
    parts = split_clauses(claim)
    if not parts:
        return whole
    main = judge(without(claim, parts))
    judged = {part: judge(part.statement) for part in parts if part.statement}
    if whole.support in _SUPPORTED:
        pieces = [_COORDINATED.split(claim[part.start : part.end]) for part in parts if not part.statement]
        phrases = [
            judge(_sentence(piece)) for piece in itertools.chain.from_iterable(pieces) if " " in piece.strip(" ,")
        ]
        if Support.UNSUPPORTED not in {each.support for each in (main, *judged.values(), *phrases)}:
            return whole
        whole = replace(whole, support=Support.UNCONFIRMED)
    kept = [part for part, verdict in judged.items() if verdict.support in _SUPPORTED]
    verdicts = [judged[part] for part in kept]
    if main.support in _SUPPORTED:
        cut = [part for part in parts if part not in kept]
        text, verdicts = without(claim, cut), [main, *verdicts]
        removed = tuple(claim[part.start : part.end].strip(" ,;") for part in cut)
    elif kept:
        text = " ".join(part.statement for part in kept)
        removed = (without(claim, parts),)
    else:
        return whole
    if not removed:
        return whole if whole.problems else replace(whole, support=Support.PARTIAL, text=claim)
    evidence = tuple(dict.fromkeys(each for verdict in verdicts for each in verdict.evidence))
    return ClaimVerdict(
        Support.PARTIAL,
        min(verdict.probability for verdict in verdicts),
        text,
        evidence[:_MAX_EVIDENCE],
        (),
        cut=removed,
    )


_SUPPORTED = frozenset({Support.VERBATIM, Support.SUPPORTED})
_MAX_EVIDENCE = 4


def without(claim: str, parts: Sequence[Clause]) -> str:
    """Return ``claim`` without some of its parts, as a sentence."""
    kept, at = "", 0
    for part in parts:
        kept += claim[at : part.start]
        at = part.end
    text = kept + claim[at:]
    return capitalized(re.sub(r"\s+([.,;!])", r"\1", " ".join(text.split())))
