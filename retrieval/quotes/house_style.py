"""House style: what a newsroom may write in its own way without changing a word that was said.

:func:`units` reads words as units: "six hundred", "600" and "$2.6m", "2.6 million dollars" are one unit each, with one
key, and so are "U.S." and "US", "organised" and "organized", "Sen." and "Senator". Keys are equal only where the words
say the same; what a unit was read as is its style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.quotes.style import Style
from retrieval.text.abbreviations import LONG_FORMS
from retrieval.text.dates import MONTHS
from retrieval.text.folding import Words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import PERSONAL_PRONOUNS
from retrieval.text.number_words import NUMBER_WORDS, TENS
from retrieval.text.numerals import numeral
from retrieval.text.orthography import american, without_accents


@dataclass(frozen=True, slots=True)
class Unit:
    """Words ``[first, last)`` that say one thing, and what they are read as."""

    key: str
    first: int
    last: int
    style: Style | None = None


_JOINED = LazyPattern(r"[\s\-‐‑–—\u00ad]*")  # between words of one number
_SPACED = LazyPattern(r"[\s-]*")  # between a month and a day
_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱⁿᵃᵇᶜ"
_RAISED = LazyPattern(f"[{_SUPERSCRIPT}]+")
_SMALL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_NOTE_AFTER = LazyPattern(r"(?:[^\W\d_]|\d{2})[.,;:!?]?[\"”’'»]?$|[.,;:!?][\"”’'»]$")
_NOTE_NUMBER = LazyPattern(r"[a-z]|\d{1,3}")
_POINTED = LazyPattern(r"\s?\.\s?")
_FIGURES = LazyPattern(r"\d+(?:\.\d+)?")
_ATTACHED = LazyPattern(r"(\d+(?:\.\d+)?)(km|kg|cm|mm|mph|kph|lb|lbs|ft|mw|gw|c|f)")
_CLOCK = LazyPattern(r"(\d{1,2})(?:[:.](\d\d))?\s?([ap])\.?\s?m\b\.?", re.IGNORECASE)
_DECADE = LazyPattern(r"(\d\d0)s")
_SIGNS = frozenset("$£€")
_MEASURES: dict[tuple[str, ...], str] = {
    tuple(words.split()): unit
    for unit, names in {
        "%": ["%", "percent", "per cent", "pct"], "$": ["dollar", "dollars"], "€": ["euro", "euros"],
        "mph": ["mph", "miles per hour"], "kph": ["kph", "kilometers per hour"],
        "°c": ["° c", "degrees c", "degrees celsius", "degrees centigrade"],
        "°f": ["° f", "degrees f", "degrees fahrenheit"], "km": ["km", "kilometer", "kilometers"],
        "kg": ["kg", "kilo", "kilos", "kilogram", "kilograms"], "cm": ["cm", "centimeter", "centimeters"],
        "mm": ["mm", "millimeter", "millimeters"], "lb": ["lb", "lbs"], "ft": ["ft", "foot", "feet"],
        "mw": ["mw", "megawatt", "megawatts"], "gw": ["gw", "gigawatt", "gigawatts"],
    }.items()
    for words in names
}  # fmt: skip
"""Units of measurement by the American spelling of their names."""

_SCALED_MEASURES: dict[tuple[str, ...], str] = {
    ("pound",): "£",
    ("pounds",): "£",
}  # "10 million pounds"; "10 pounds" may be a weight
_ATTACHED_MEASURES: dict[tuple[str, ...], str] = {("c",): "°c", ("f",): "°f"}  # "30C"
_BEGINS_NUMBER = NUMBER_WORDS | {"half", "the"} | {f"{ten.removesuffix('y')}ieth" for ten in TENS}
_MAX_NUMBER_WORDS, _MAX_MEASURE_WORDS = 14, 3


@lru_cache(maxsize=32)
def units(words: Words, first: int, last: int) -> tuple[Unit, ...]:
    """Return the words ``[first, last)`` as units, in order; footnote marks are units with an empty key."""
    return tuple(_UnitReader(words, first, last).run())


class _UnitReader:
    """Reads the words of a run, from left to right."""

    def __init__(self, words: Words, first: int, last: int) -> None:
        self._words, self._first, self._last = words, first, last
        self._spans = [words.span(at, at + 1) for at in range(first, last)]

    def run(self) -> Iterator[Unit]:
        at = self._first
        while at < self._last:
            plain = self._plain(at)
            unit = (
                plain
                or (self._footnote(at) or self._date(at) or self._clock(at) or self._number(at) or self._initials(at))
                or self._word(at)
            )
            yield unit
            at = unit.last

    def _plain(self, at: int) -> Unit | None:
        """Return most words as they are: in small letters, and no part of a number."""
        word, original = self._words.texts[at], self._original(at)
        if len(word) < 3 or word in _BEGINS_NUMBER or not (original.isascii() and original[0].islower()):
            return None
        form = american(word)
        return Unit(form, at, at + 1, Style.VARIANT_SPELLING if form != word else None)

    def _text(self, at: int) -> str:
        return self._words.texts[at] if self._first <= at < self._last else ""

    def _original(self, at: int) -> str:
        return self._spans[at - self._first].of(self._words.source) if self._first <= at < self._last else ""

    def _between(self, at: int) -> str:
        """Return the characters between a word and the next."""
        left, right = self._spans[at - self._first], self._spans[at + 1 - self._first]
        return self._words.source[left.end : right.start]

    def _connected(self, at: int, pattern: LazyPattern = _JOINED) -> list[str]:
        """Return the words from ``at`` on that only spaces and hyphens (or ``pattern``) separate."""
        found = [self._text(at)]
        while at + 1 < self._last and len(found) < _MAX_NUMBER_WORDS and pattern.fullmatch(self._between(at)):
            at += 1
            found.append(self._text(at))
        return found

    def _footnote(self, at: int) -> Unit | None:
        original, span, source = self._original(at), self._spans[at - self._first], self._words.source
        before, after = source[max(0, span.start - 3) : span.start], source[span.end : span.end + 1]
        is_note = False
        if _RAISED.fullmatch(original):
            is_note = not before[-1:].isdigit()
        elif _NOTE_NUMBER.fullmatch(original):
            if before.endswith("[") and after == "]":
                is_note = bool(_NOTE_AFTER.search(before[:-1]))
            elif original.isdigit() and len(original) < 3 and (not after or after.isspace()):
                is_note = bool(re.search(r"[^\W\d_][.!?][\"”’']?$", before))
        return Unit("", at, at + 1, Style.FOOTNOTE) if is_note else None

    def _date(self, at: int) -> Unit | None:
        """Read "January 5", "5 January", "the 5th of January"."""
        start = at + (self._text(at) == "the")
        month = self._month(start)
        if month:
            day = numeral(self._connected(start + 1, _SPACED)) if start + 1 < self._last else None
            end = start + 1 + day.count if day else 0
            is_apart = bool(day) and not re.fullmatch(r"\.?\s+", self._between(start))
            if day is None or is_apart or start != at:
                return None
        else:
            day = numeral(self._connected(start)) if start < self._last else None
            if day is None:
                return None
            end = start + day.count
            end += self._text(end) == "of" and day.is_ordinal
            month = self._month(end)
            end += 1
        is_day = day.value.denominator == 1 and 1 <= day.value <= 31 and day.count < 3
        if not month or not is_day or (start != at and not day.is_ordinal):
            return None
        return Unit(f"#date {month} {day.value}", at, end, Style.NUMERAL)

    def _month(self, at: int) -> str:
        word, original = self._text(at), self._original(at)
        name = LONG_FORMS.get(word, word)
        return name if name in MONTHS and original[:1].isupper() else ""

    def _clock(self, at: int) -> Unit | None:
        found = _CLOCK.match(self._words.source, self._spans[at - self._first].start)
        if found is None:
            return None
        last = at
        while last < self._last and self._spans[last - self._first].end <= found.end():
            last += 1
        if last == at or self._spans[last - 1 - self._first].end < found.end(3):
            return None
        return Unit(f"#clock {found[1]}:{found[2] or '00'}{found[3].lower()}", at, last, Style.NUMERAL)

    def _number(self, at: int) -> Unit | None:
        sign = self._text(at) if self._text(at) in _SIGNS else ""
        start = at + bool(sign)
        if start >= self._last:
            return None
        if _DECADE.fullmatch(self._text(start)):
            return None
        attached = _ATTACHED.fullmatch(self._text(start))
        words = self._connected(start)
        found = numeral([attached[1]] if attached else words)
        if found is None:
            return None
        end = start + found.count
        value = str(found.value)
        if found.is_ordinal:
            return Unit(f"#{value}th", at, end, Style.NUMERAL)
        if attached:
            unit, more = _measure([attached[2], *self._words.texts[end : self._last]], _ATTACHED_MEASURES)
            more -= 1
        else:
            follows = words[found.count :] or self._connected_signs(end)
            unit, more = _measure(follows, _SCALED_MEASURES if found.is_scaled else {})
        if sign and unit not in {"", sign}:
            more = 0
        return Unit(f"#{value}{sign or unit}", at, end + more, Style.NUMERAL)

    def _connected_signs(self, at: int) -> list[str]:
        return [self._text(at)] if self._text(at) in {"%", "°"} else []

    def _initials(self, at: int) -> Unit | None:
        """Read "U.S.", "J. K."; and "US" in a text that is not all capitals."""
        last, letters = at, ""
        while last < self._last and len(self._original(last)) < 3 and self._original(last)[:1].isalpha():
            end = self._spans[last - self._first].end
            if self._words.source[end : end + 1] != ".":
                break
            letters += self._text(last)
            last += 1
            if last < self._last and not _POINTED.fullmatch(self._between(last - 1)):
                break
        if last - at > 1 and len(letters) < 6:
            return Unit(_acronym(letters), at, last, Style.ABBREVIATION)
        original = self._original(at)
        if original.isupper() and self._text(at) in PERSONAL_PRONOUNS and len(original) > 1:
            neighbours = [self._original(near) for near in (at - 1, at + 1) if self._original(near)]
            if not all(word.isupper() for word in neighbours if len(word) > 1):
                return Unit(_acronym(self._text(at)), at, at + 1, Style.ABBREVIATION)
        return None

    def _word(self, at: int) -> Unit:
        word, original = self._text(at), self._original(at)
        plain = word.translate(_SMALL) if not word.isascii() else word
        if plain != word:
            if re.fullmatch(f"[^\\W\\d_]{{3,}}[{_SUPERSCRIPT}]+", original):
                return Unit(american(word.rstrip(_SUPERSCRIPT)), at, at + 1, Style.FOOTNOTE)
            if not word[:1].isdigit():
                return Unit(plain, at, at + 1, Style.SYMBOL)
        if original[:1].isupper() and word in LONG_FORMS and self._is_short(at):
            return Unit(LONG_FORMS[word], at, at + 1, Style.ABBREVIATION)
        bare = without_accents(word)
        if bare != word:
            return Unit(american(bare), at, at + 1, Style.ACCENT)
        form = american(word, is_name=original[:1].isupper() and self._is_inside_sentence(at))
        return Unit(form, at, at + 1, Style.VARIANT_SPELLING if form != word else None)

    def _is_inside_sentence(self, at: int) -> bool:
        if at == self._first:
            return False
        return self._between(at - 1).isspace() or self._text(at - 1) in LONG_FORMS

    def _is_short(self, at: int) -> bool:
        end = self._spans[at - self._first].end
        return self._words.source[end : end + 1] == "." or self._original(at + 1)[:1].isupper()


def _measure(words: Sequence[str], more: Mapping[tuple[str, ...], str]) -> tuple[str, int]:
    """Return the unit of measurement that follows a number and the words that it takes; none where none does."""
    for count in range(min(_MAX_MEASURE_WORDS, len(words)), 0, -1):
        name = tuple(american(word) for word in words[:count])
        if name in _MEASURES or name in more:
            return _MEASURES.get(name) or more[name], count
    return "", 0


def _acronym(letters: str) -> str:
    """Return the key of an acronym: its letters, but "U.S." is not the pronoun "us"."""
    return f"{letters}." if letters in PERSONAL_PRONOUNS else letters
