"""Identifiers of a question: its bill numbers, names and figures, and those that no article holds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.reader import Reader, ReaderResult
from bot.answers import Doubt
from bot.citations import ArticleLookup, found_article
from retrieval.articles import Hit
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import STOP_WORDS
from retrieval.text.names import bare, surname
from retrieval.text.time_expressions import time_expressions

MIN_FIGURE_DIGITS = 3
"""Digits from which a figure identifies something; smaller ones are written in words, rounded, or said of anything."""

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w.’'&-]*"
_NUMBERED = LazyPattern(
    rf"(?P<kind>{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}})\s+(?:(?:No\.?|Number)\s+)?(?P<number>\d[\d,-]*\d|\d+)\b"
)
_NAME = LazyPattern(rf"{_CAPITAL}(?:\s+(?:(?:de|von|van|bin|al|la|der|of|the)\s+)?{_CAPITAL}){{0,4}}")
_FIGURE = LazyPattern(r"(?<![\w.,])\d[\d,]*\d(?![\w.])")
_BILL = LazyPattern(r"(?:bill|hb|sb|h\.?r\.?|s\.?)$", re.IGNORECASE)
_COMPACT_BILL = LazyPattern(r"(?<![\w.])(?P<kind>H\.?R\.?|S\.|HB|SB)\s?(?P<number>\d{1,5})\b")
_BILLS = ("bill", "hb", "sb", "hr", "s")
"""How articles name a bill before its number; "H.R." has the term of "HR"."""


class PhraseIndex(Protocol):
    """Where words occur: ``retrieval.store.library.Library``."""

    def contains_phrase(self, terms: Sequence[str]) -> bool:
        """Return whether a passage or its headings have these terms in a row."""
        ...

    def document_frequencies(self, terms: Sequence[str]) -> Mapping[str, int]:
        """Return the number of passages that contain each term."""
        ...


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name or number of a question.

    Attributes:
        text: As the question has it.
        forms: The terms in a row by which an article may have it, any of them.
        kind: What a numbered thing is ("bill"); empty for a name or a figure.
    """

    text: str
    forms: tuple[tuple[str, ...], ...]
    kind: str = ""


def identifiers(question: str) -> tuple[Identifier, ...]:
    """Return the numbered things, names and figures of a question, its dates aside."""
    taken = [(each.start, each.end) for each in time_expressions(question)]
    found: list[tuple[int, Identifier]] = []
    for pattern, read in ((_COMPACT_BILL, _numbered), (_NUMBERED, _numbered), (_NAME, _named), (_FIGURE, _figure)):
        for match in pattern.finditer(question):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            each = read(match)
            if each is not None:
                taken.append(match.span())
                found.append((match.start(), each))
    return tuple(each for _, each in sorted(found, key=lambda each: each[0]))


def _numbered(match: re.Match[str]) -> Identifier | None:
    kind = match["kind"].split()
    if kind[0].lower() in STOP_WORDS:
        kind = kind[1:]
    if not kind:
        return None
    leads = _BILLS if _BILL.search(kind[-1]) else (kind[-1],)
    number = match["number"]
    forms = [tuple(terms(f"{lead}{between}{number}")) for lead, between in itertools.product(leads, (" ", " No. ", ""))]
    named = "bill" if leads is _BILLS else kind[-1].lower()
    return Identifier(" ".join([*kind, number]), tuple(dict.fromkeys(forms)), named)


def _named(match: re.Match[str]) -> Identifier | None:
    words = match.group().rstrip(".'’").split()
    while words and words[0].lower().split("'")[0].split("’")[0] in STOP_WORDS:
        words = words[1:]
    text = re.sub(r"['’]s$", "", " ".join(words))
    name = bare(text)[0] if words else ""
    if not name or (match.start() == 0 and len(words) < 2):
        return None
    return Identifier(text, (tuple(terms(name)), tuple(terms(surname(name)))))


def _figure(match: re.Match[str]) -> Identifier | None:
    digits = re.sub(r"\D", "", match.group())
    if len(digits) < MIN_FIGURE_DIGITS:
        return None
    return Identifier(match.group(), (tuple(terms(match.group())), (digits,)))


def absent_identifiers(question: str, index: PhraseIndex) -> Iterator[Identifier]:
    """Yield the identifiers of a question that no article has in any form; a name also by its family name."""
    for each in identifiers(question):
        forms = [form for form in each.forms if form]
        if forms and not any(_occurs(form, index) for form in forms):
            yield each


def _occurs(form: Sequence[str], index: PhraseIndex) -> bool:
    return index.contains_phrase(form) if len(form) > 1 else bool(index.document_frequencies(form).get(form[0]))


class IdentifierReader:
    """A reader that takes the numbered things of a question for what identifies an article, not for words.

    An article names House Bill 4002 once, and calls it "the bill" from then on. Which names of a question no article
    holds is said; an answer then may be one at most.

    Args:
        inner: The reader.
        index: The library's words.
        articles: The library.
    """

    def __init__(self, inner: Reader, index: PhraseIndex, articles: ArticleLookup) -> None:
        self._inner = inner
        self._index = index
        self._articles = articles

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's sentences, as ones that may answer where a name of the question is unknown.

        Raises:
            EmbeddingError: The model cannot be loaded.
            ArticleReplaced: An article left the library since it was found.
        """
        absent = [each.text for each in absent_identifiers(question, self._index)]
        reading = self._inner.read(question, hits)
        numbered = [each for each in identifiers(question) if each.kind]
        if numbered and not absent and (reading.possibly or not reading.answers):
            return self._read_about(numbered, question, hits, reading)
        if not absent or not reading.candidates:
            return reading
        named = " or ".join(absent)
        return replace(
            reading,
            possibly=reading.answers > 0,
            doubts=(Doubt(f"does not name {named}", f"names {named}"), *reading.doubts),
            remarks=(*reading.remarks, f"No article names {named}."),
        )

    def _read_about(
        self, numbered: Sequence[Identifier], question: str, hits: Sequence[Hit], reading: ReaderResult
    ) -> ReaderResult:
        """Return the reading of the articles that name all of these, asked by kind, not number, if it has an answer."""
        kept = [hit for hit in hits if all(self._names(hit, each) for each in numbered)]
        core = question
        for each in numbered:
            core = re.sub(rf"(?:\bthe\s+)?{_spaced(each.text)}\b", f"the {each.kind}", core, flags=re.IGNORECASE)
        second = self._inner.read(core, kept) if kept and core != question else reading
        if not second.answers or second.possibly:
            return reading
        first = second.candidates[0]
        said = first.hit.passage.text_of(first.span)
        kinds, asked = {each.kind for each in numbered}, {form for each in numbered for form in each.forms}
        held = [each for each in identifiers(said) if each.kind in kinds]
        is_theirs = not held or any(not asked.isdisjoint(each.forms) for each in held)
        return second if is_theirs else reading  # "Senate Bill 1583 failed" is of another bill

    def _names(self, hit: Hit, identifier: Identifier) -> bool:
        text = f"{hit.passage.context}\n{found_article(self._articles, hit.passage.article_id).text}"
        forms = "|".join(
            r"[\W_]*".join(rf"{term}\w*" if len(term) > 3 and term.isalpha() else term for term in form)
            for form in identifier.forms
        )
        return re.search(rf"(?<!\w)(?:{forms})(?!\w)", text, re.IGNORECASE) is not None


def _spaced(text: str) -> str:
    """Return a pattern of a text with any white space, or "No.", before its number."""
    return r"\s*(?:No\.?\s*)?".join(map(re.escape, text.split()))
