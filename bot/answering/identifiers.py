"""Identifiers of a question: its bill numbers, names and figures, and those that no article holds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.reader import Reader, ReaderResult
from bot.answers import Doubt
from retrieval.articles import Hit
from retrieval.text.analyzer import terms
from retrieval.text.lexicon import STOP_WORDS
from retrieval.text.names import bare, surname
from retrieval.text.time_expressions import time_expressions

MIN_FIGURE_DIGITS = 3
"""Digits from which a figure identifies something; smaller ones are written in words, rounded, or said of anything."""

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w.’'&-]*"
_NUMBERED = re.compile(
    rf"(?P<kind>{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}})\s+(?:(?:No\.?|Number)\s+)?(?P<number>\d[\d,-]*\d|\d+)\b"
)
_NAME = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:de|von|van|bin|al|la|der|of|the)\s+)?{_CAPITAL}){{0,4}}")
_FIGURE = re.compile(r"(?<![\w.,])\d[\d,]*\d(?![\w.])")
_BILL = re.compile(r"(?:bill|hb|sb|h\.?r\.?|s\.?)$", re.IGNORECASE)
_BILLS = ("bill", "hb", "sb", "hr")
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
    """

    text: str
    forms: tuple[tuple[str, ...], ...]


def identifiers(question: str) -> tuple[Identifier, ...]:
    """Return the numbered things, names and figures of a question, its dates aside."""
    taken = [(each.start, each.end) for each in time_expressions(question)]
    found: list[tuple[int, Identifier]] = []
    for pattern, read in ((_NUMBERED, _numbered), (_NAME, _named), (_FIGURE, _figure)):
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
    return Identifier(" ".join([*kind, number]), tuple(dict.fromkeys(forms)))


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
    """A reader that says which of a question's names no article holds; an answer then may be one at most.

    Args:
        inner: The reader.
        index: The library's words.
    """

    def __init__(self, inner: Reader, index: PhraseIndex) -> None:
        self._inner = inner
        self._index = index

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's sentences, as ones that may answer where a name of the question is unknown.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        reading = self._inner.read(question, hits)
        absent = [each.text for each in absent_identifiers(question, self._index)]
        if not absent or not reading.candidates:
            return reading
        named = " or ".join(absent)
        return replace(
            reading,
            possibly=reading.answers > 0,
            doubts=(Doubt(f"does not name {named}", f"names {named}"), *reading.doubts),
            remarks=(*reading.remarks, f"No article names {named}."),
        )
