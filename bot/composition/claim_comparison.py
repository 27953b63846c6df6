"""What articles say of one claim: the sentences that affirm it and those that deny it, and whom they name for a role.

Precision comes before recall: a sentence counts for or against a claim only where it has the claim's names and
predicate in one clause, and where nothing leaves open what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.features import parse_passage
from bot.composition.quotable import QuotableSentence
from bot.verification.polarity import read_polarity
from bot.verification.semantic_roles import swapped_roles
from retrieval.articles import Span
from retrieval.text.analyzer import fold
from retrieval.text.date_intervals import date_of
from retrieval.text.lexicon import (
    BE,
    CONDITIONALS,
    DO,
    HAVE,
    HEDGES,
    PLANS,
    QUESTION_WORDS,
    UNPROVEN,
    alternation,
    is_negator,
)
from retrieval.text.names import NAME, surname
from retrieval.text.places import PLACES
from retrieval.text.tokens import Word, read_words


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
        article = self.sentence.article
        return ", ".join(filter(None, (article.published[:10] or "undated", article.source)))


_OPEN = re.compile(
    rf"\b(?:{alternation(CONDITIONALS | HEDGES | UNPROVEN | PLANS | {'should'})}|alleg\w+|accus\w+"
    r"|investigat\w+|prob(?:e|es|ed|ing)|inquir\w+|questions?|doubts?|theor\w+|reports that|rumou?rs?)\b|\?[\"”’]?\s*$",
    re.IGNORECASE,
)
"""What leaves open whether a sentence says that something is so."""
_UNSURE_WHO = re.compile(
    rf"\b(?:{alternation(CONDITIONALS | HEDGES | PLANS)}|poll|percent|voters|viewers)\b|\?[\"”’]?\s*$", re.IGNORECASE
)
_AUXILIARIES = BE | HAVE | DO
_AUXILIARY = alternation(_AUXILIARIES)
_WHO = re.compile(
    r"^\W*who(?:\s+(?:really|actually|first|had|has|did))?\s+(?P<verb>[a-z]+)\s+(?P<object>.+)$", re.IGNORECASE
)
MAX_DAYS = 30
"""Days between two reports of one event."""
MIN_SHARED, MIN_SHARE = 3, 0.4
"""Content words that two sentences share of which one denies the other, and their share of the shorter's."""
_MAX_CLAIM_GAP = 8
"""Words between the first and the last word of a claim in a sentence that says it, beyond the claim's own."""


def claim_rows(claim: str, sentences: Iterable[QuotableSentence]) -> list[ClaimRow]:
    """Return the sentences that affirm or deny a claim ("Trump knew of the payment"), in their order."""
    words = read_words(claim, sentence=False)
    content = [word for word in words if word.term and not word.stop]
    predicate = [word.term for word in content if not word.name]
    negated = any(is_negator(fold(claim[word.start : word.end])) for word in words)
    if len(content) < 2 or not predicate:
        return []
    found = []
    for each in sentences:
        row = _claim_row(each, claim, content, predicate[0])
        if row and row.side and negated:
            side = ClaimSide.AFFIRMS if row.side is ClaimSide.DENIES else ClaimSide.DENIES
            row = ClaimRow(each, side, row.mark)
        if row:
            found.append(row)
    return found


def _claim_row(each: QuotableSentence, claim: str, content: Sequence[Word], predicate: str) -> ClaimRow | None:
    text, words = each.text, each.sentence.words
    polarity = read_polarity(text, words)
    if not _speaks_of(each, content) or swapped_roles(claim, read_words(claim, sentence=False), text, words):
        return None
    if predicate in polarity.reversed_words:
        return ClaimRow(each, ClaimSide.DENIES, _place(text, words, polarity.reversed_words[predicate]))
    if predicate in polarity.heads:
        return ClaimRow(each, ClaimSide.DENIES, _negator_before(text, words, predicate))
    is_unclear = predicate in polarity.negated or polarity.negators or predicate in polarity.hedged
    return None if is_unclear else ClaimRow(each, ClaimSide.AFFIRMS, None)


def _speaks_of(each: QuotableSentence, content: Sequence[Word]) -> bool:
    """Return whether a sentence has the words of a claim close together, and leaves nothing open."""
    wanted = {word.term for word in content}
    names = {word.term for word in content if word.name}
    held = each.sentence.terms | (names & parse_passage(each.hit.passage).context)
    places = [number for number, word in enumerate(each.sentence.words) if word.term in wanted]
    return (
        wanted <= held
        and not _OPEN.search(each.text)
        and bool(places)
        and places[-1] - places[0] <= len(wanted) + _MAX_CLAIM_GAP
    )


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
        for word in each.sentence.words:
            if word.term == verb[0].term:
                named = _subject(each.text, word)
                if named:
                    rows.append(ClaimRow(each, None, named, fold(surname(named.of(each.text)))))
                break
    return rows


_BETWEEN = re.compile(rf"(?:,[^,]{{1,60}},)?(?:\s(?:{_AUXILIARY}|[a-z]{{2,20}}ly)){{0,2}}\s")
"""What may stand between a subject and its verb."""
_BY = re.compile(rf"(?:\s\w{{1,30}}){{0,2}}\sby\s(?:[a-z]{{1,30}}\s){{0,4}}(?P<name>{NAME.pattern})")
_REACH = 160
"""Characters before a verb in which its subject stands, and behind it."""


def _subject(text: str, verb: Word) -> Span | None:
    """Return the name of who does what a verb says: before it, or after "by"."""
    if behind := _BY.match(text, verb.end, verb.end + _REACH):
        return _person(behind["name"], behind.start("name"))
    before = list(NAME.finditer(text, max(0, verb.start - _REACH), verb.start))
    if before and _BETWEEN.fullmatch(text, before[-1].end(), verb.start):
        return _person(before[-1].group(), before[-1].start())
    return None


def _person(name: str, start: int) -> Span | None:
    folded = [fold(word) for word in name.split()]
    if not folded or folded[-1] in PLACES or folded[0] in QUESTION_WORDS or name.isupper():
        return None
    return Span(start, start + len(name))


def tell_of_one_event(one: ClaimRow, other: ClaimRow) -> bool:
    """Return whether two sentences may be of one event: they share a name, and come within days of each other."""
    days = [date_of(row.sentence.article.published) for row in (one, other)]
    names = [{word.term for word in row.sentence.sentence.words if word.name and not word.date} for row in (one, other)]
    near = days[0] is not None and days[1] is not None and abs((days[0] - days[1]).days) <= MAX_DAYS
    return near and bool(names[0] & names[1] - {one.name, other.name})


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
