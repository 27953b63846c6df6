"""What articles say of one claim: the sentences that affirm it and those that deny it, and whom they name for a role.

Precision comes before recall: a sentence counts for or against a claim only where it has the claim's names and
predicate in one clause, and where nothing leaves open what it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.answering.features import parse_passage
from bot.composition.quotable import QuotableSentence
from bot.verification.polarity import read_polarity
from bot.verification.semantic_roles import swapped_roles
from retrieval.articles import Span
from retrieval.text.analyzer import fold, terms
from retrieval.text.date_intervals import date_of
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    BE,
    CONDITIONALS,
    DO,
    HAVE,
    HEDGES,
    PLANS,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    UNPROVEN,
    alternation,
    is_negator,
    word_set,
)
from retrieval.text.names import NAME, surname
from retrieval.text.places import PLACES
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import is_finite, is_participle, is_past_form


class ClaimSide(StrEnum):
    """What a sentence does with a claim."""

    AFFIRMS = "affirms"
    DENIES = "denies"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A sentence that affirms or denies a claim, or names somebody for a role.

    Attributes:
        sentence: It.
        side: What it does with the claim; None where it names somebody.
        mark: The characters of the negator, or of the name.
        name: The surname of whom it names, folded; empty for a claim.
    """

    sentence: QuotableSentence
    side: ClaimSide | None
    mark: Span | None
    name: str = ""

    @property
    def label(self) -> str:
        """Its day and outlet: "2014-03-24, Reuters"."""
        return self.sentence.label


_DOUBTS = (CONDITIONALS | HEDGES | PLANS) - {"may"}
_MAY = "(?-i:may)"  # no month
_OPEN = LazyPattern(
    rf"\b(?:{_MAY}|{alternation(_DOUBTS | UNPROVEN | {'should'})}|alleg\w+|accus\w+|investigat\w+|prob(?:e|es|ed|ing)"
    r"|inquir\w+|questions?|doubts?|theor\w+|reports that|rumou?rs?)\b|\?[\"”’]?\s*$",
    re.IGNORECASE,
)
"""What leaves open whether a sentence says that something is so."""
_UNSURE_WHO = LazyPattern(
    rf"\b(?:{_MAY}|{alternation(_DOUBTS)}|poll|percent|voters|viewers)\b|\?[\"”’]?\s*$", re.IGNORECASE
)
_AUXILIARIES = BE | HAVE | DO
_BETWEEN_WORDS = _AUXILIARIES | SUBJECT_PRONOUNS | word_set("that denies denied deny denying rejected having ever")
"""Words between a subject and its predicate: auxiliaries, and those by which somebody denies it of himself."""
_AUXILIARY = alternation(_AUXILIARIES)
_WHO = LazyPattern(
    r"^\W*who(?:\s+(?:really|actually|first|had|has|did))?\s+(?P<verb>[a-z]+)\s+(?P<object>.+)$", re.IGNORECASE
)
MAX_DAYS = 30
"""Days between two reports of one event."""
_MAX_OBJECT_GAP = 6
"""Words between a predicate and the last word of its claim in a sentence that says it, beyond the claim's own."""
MIN_SHARED, MIN_SHARE = 3, 0.4
"""Content words that two sentences share of which one denies the other, and their share of the shorter's."""


@dataclass(frozen=True, slots=True)
class _PlainClaim:
    """A claim, read: "Ada Quill resigned over the ferry".

    Attributes:
        text: Its words.
        words: They, read.
        subject: The content terms before its predicate.
        predicate: The term of its verb, or of the adjective or participle behind its auxiliary.
        terms: All its content terms.
    """

    text: str
    words: tuple[Word, ...]
    subject: frozenset[str]
    predicate: str
    terms: frozenset[str]


def _plain_claim(claim: str) -> _PlainClaim | None:
    """Return a claim, read; None where its subject or predicate is not plain."""
    words = read_words(claim, sentence=False)
    written = [fold(claim[word.start : word.end]) for word in words]
    auxiliary = next((number for number, word in enumerate(written) if number and word in _AUXILIARIES), None)
    place: int | None = None
    for number, word in enumerate(words):
        if word.stop or not word.term or word.name or not number or is_negator(written[number]):
            continue
        is_verb = is_past_form(written[number]) or is_finite(written[number])
        if number > auxiliary if auxiliary is not None else is_verb:
            place = number
            break
    subject = frozenset(
        word.term for word in words[:place] if word.term and not word.stop and not is_negator(word.term)
    )
    if place is None or not subject:
        return None
    content = frozenset(word.term for word in words if word.term and not word.stop)
    return _PlainClaim(claim, words, subject, words[place].term, content)


def claim_rows(claim: str, sentences: Iterable[QuotableSentence]) -> list[ClaimRow]:
    """Return the sentences that affirm or deny a claim ("Trump knew of the payment"), in their order."""
    statement = _plain_claim(claim)
    if statement is None:
        return []
    negated = any(is_negator(fold(claim[word.start : word.end])) for word in statement.words)
    found = []
    for each in sentences:
        row = _claim_row(each, statement)
        if row and negated:
            row = replace(row, side=ClaimSide.AFFIRMS if row.side is ClaimSide.DENIES else ClaimSide.DENIES)
        if row:
            found.append(row)
    return found


def _claim_row(each: QuotableSentence, claim: _PlainClaim) -> ClaimRow | None:
    text, words = each.text, each.sentence.words
    if not claim.terms <= each.sentence.terms or _OPEN.search(text) or not _has_predicate(each, claim):
        return None
    if swapped_roles(claim.text, claim.words, text, words):
        return None
    polarity = read_polarity(text, words)
    if claim.predicate in polarity.reversed_words:
        return ClaimRow(each, ClaimSide.DENIES, _place(text, words, polarity.reversed_words[claim.predicate]))
    if claim.predicate in polarity.heads:
        return ClaimRow(each, ClaimSide.DENIES, _negator_before(text, words, claim.predicate))
    is_unclear = claim.predicate in polarity.negated or polarity.negators or claim.predicate in polarity.hedged
    return None if is_unclear else ClaimRow(each, ClaimSide.AFFIRMS, None)


def _has_predicate(each: QuotableSentence, claim: _PlainClaim) -> bool:
    """Return whether the claim's predicate follows its subject, with nothing but auxiliaries and a denial between."""
    words = each.sentence.words
    written = [fold(each.text[word.start : word.end]) for word in words]
    said = {fold(claim.text[word.start : word.end]) for word in claim.words if word.term == claim.predicate}
    for place in (number for number, word in enumerate(words) if word.term == claim.predicate):
        at = place - 1
        while at >= 0 and (written[at] in _BETWEEN_WORDS or is_negator(written[at]) or written[at].endswith("ly")):
            at -= 1
        is_verb = written[place] in said or is_finite(written[place]) or is_participle(written[place])
        is_verb = is_verb or is_past_form(written[place]) or written[place].endswith("ing")
        subject = {words[number].term for number in range(max(0, at - 3), at + 1)}
        near = {word.term for word in words[max(0, at - 3) : place + len(claim.terms) + _MAX_OBJECT_GAP]}
        if (
            at >= 0
            and is_verb
            and words[at].term in claim.subject
            and claim.subject <= subject
            and claim.terms <= near
            and not re.search(r"[;:.!?]|^['’]", each.text[words[at].end : words[place].start])
            and not written[at].endswith(("'s", "s'"))
        ):
            return True
    return False


def _place(text: str, words: Sequence[Word], folded: str) -> Span | None:
    return next((Span(word.start, word.end) for word in words if text[word.start : word.end].lower() == folded), None)


def _negator_before(text: str, words: Sequence[Word], term: str) -> Span | None:
    at = next((number for number, word in enumerate(words) if word.term == term), len(words))
    for word in reversed(words[:at]):
        if is_negator(fold(text[word.start : word.end])):
            return Span(word.start, word.end)
    return None


def name_rows(asked: str, sentences: Iterable[QuotableSentence]) -> list[ClaimRow]:
    """Return the sentences that name who did what is asked ("who ordered the attack"), in their order."""
    found = _WHO.match(asked)
    if found is None:
        return []
    verb = read_words(found["verb"], sentence=False)
    wanted = {word.term for word in read_words(found["object"], sentence=False) if word.term and not word.stop}
    if not verb or not verb[0].term or not wanted:
        return []
    rows = []
    for each in sentences:
        context = parse_passage(each.hit.passage).context
        if (
            _UNSURE_WHO.search(each.text)
            or not wanted <= each.sentence.terms | context
            or not wanted & each.sentence.terms
        ):
            continue
        deed = next((word for word in each.sentence.words if _is_deed(each.text, word, verb[0].term)), None)
        named = _subject(each.text, deed, wanted) if deed else None
        if named:
            rows.append(ClaimRow(each, None, named, fold(surname(named.of(each.text)))))
    return rows


def _is_deed(text: str, word: Word, term: str) -> bool:
    """Return whether a word is a verb of that term: "fired", no "firing"."""
    written = fold(text[word.start : word.end])
    return word.term == term and (is_past_form(written) or is_participle(written) or is_finite(written))


_BETWEEN = LazyPattern(rf"(?:,[^,]{{1,60}},)?(?:\s(?:{_AUXILIARY}|[a-z]{{2,20}}ly)){{0,2}}\s")
"""What may stand between a subject and its verb."""
_BY = LazyPattern(rf"(?:\s\w{{1,30}}){{0,2}}\sby\s(?:[a-z]{{1,30}}\s){{0,4}}(?P<name>{NAME.pattern})")
_REACH = 160
"""Characters before a verb in which its subject stands, and behind it."""


def _subject(text: str, verb: Word, wanted: Collection[str]) -> Span | None:
    """Return the name of who does what a verb says to what is wanted: before it, or after "by"."""
    if behind := _BY.match(text, verb.end, verb.end + _REACH):
        named = _person(behind["name"], behind.start("name"))
        return named if named and not set(terms(named.of(text))) & set(wanted) else None
    before = list(NAME.finditer(text, max(0, verb.start - _REACH), verb.start))
    is_done_to = set(wanted) & set(terms(text[verb.end : verb.end + _REACH]))
    if before and is_done_to and _BETWEEN.fullmatch(text, before[-1].end(), verb.start):
        named = _person(before[-1].group(), before[-1].start())
        return named if named and not set(terms(named.of(text))) & set(wanted) else None
    return None


def _person(name: str, start: int) -> Span | None:
    folded = [fold(word) for word in name.split()]
    if not folded or folded[-1] in PLACES or folded[0] in QUESTION_WORDS or name.isupper():
        return None
    return Span(start, start + len(name))


def tell_of_one_event(one: ClaimRow, other: ClaimRow) -> bool:
    """Return whether two sentences may be of one event: they share a name, and come within days of each other."""
    names = [{word.term for word in row.sentence.sentence.words if word.name and not word.date} for row in (one, other)]
    return are_near(one, other) and bool(names[0] & names[1] - {one.name, other.name})


def are_near(one: ClaimRow, other: ClaimRow) -> bool:
    """Return whether the articles of two sentences are of known days, ``MAX_DAYS`` apart at most."""
    days = [date_of(row.sentence.article.published) for row in (one, other)]
    return days[0] is not None and days[1] is not None and abs((days[0] - days[1]).days) <= MAX_DAYS


def opposed_rows(sentences: Sequence[QuotableSentence]) -> list[tuple[ClaimRow, ClaimRow]]:
    """Return the pairs of sentences of different articles of which one denies what the other says, best first.

    They share ``MIN_SHARED`` content words and most of those of the shorter, a name among them; one negates a word that
    the other affirms; and neither leaves anything open.
    """
    read = [(each, read_polarity(each.text, each.sentence.words)) for each in sentences if not _OPEN.search(each.text)]
    found: list[tuple[float, ClaimRow, ClaimRow]] = []
    for denying, polarity in read:
        negated = _negated_predicate(denying) if len(polarity.negators) == 1 else None
        for plain, other in read if negated else ():
            shared = denying.sentence.terms & plain.sentence.terms
            share = len(shared) / max(1, min(len(denying.sentence.terms), len(plain.sentence.terms)))
            if (
                negated
                and denying.article.id != plain.article.id
                and negated[0] in other.affirmed
                and not (other.negators or other.has_implicit)
                and len(shared) >= MIN_SHARED
                and share >= MIN_SHARE
                and any(word.name and word.term in shared for word in denying.sentence.words)
            ):
                pair = ClaimRow(plain, ClaimSide.AFFIRMS, None), ClaimRow(denying, ClaimSide.DENIES, negated[1])
                if tell_of_one_event(*pair):
                    found.append((share, *pair))
    return [(one, other) for _, one, other in sorted(found, key=lambda each: -each[0])]


def _negated_predicate(each: QuotableSentence) -> tuple[str, Span] | None:
    """Return the term of the verb or adjective right behind the negator of a sentence, and the negator."""
    negator: Span | None = None
    for word in each.sentence.words:
        written = fold(each.text[word.start : word.end])
        if negator is None:
            negator = Span(word.start, word.end) if is_negator(written) else None
        elif written not in _AUXILIARIES and not written.endswith("ly"):
            return None if word.stop or word.name or word.number or not word.term else (word.term, negator)
    return None
