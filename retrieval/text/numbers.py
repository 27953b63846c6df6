"""Quantities: the numbers of a text, in figures and words, each with its value, unit and the noun it counts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.text.analyzer import terms
from retrieval.text.dates import MONTH_PATTERN
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import STOP_WORDS, alternation
from retrieval.text.number_words import NUMBER_WORDS, SCALES, value

_CURRENCIES = {
    "$": "$", "us$": "$", "£": "£", "€": "€", "¥": "¥", "₹": "₹", "dollar": "$", "pound": "£", "euro": "€", "yen": "¥",
    "rupe": "₹", "cent": "cent", "penc": "penni", "penni": "penni",
}  # fmt: skip
_MEASURES = {
    "%": "%", "percent": "%", "pct": "%", "km": "km", "kilometr": "km", "kilomet": "km", "mile": "mile", "mph": "mph",
    "kph": "kph", "kg": "kg", "kilogram": "kg", "kilo": "kg", "tonn": "ton", "ton": "ton", "lb": "lb", "metr": "metre",
    "meter": "metre", "cm": "cm", "centimetr": "cm", "mm": "mm", "feet": "foot", "foot": "foot", "ft": "foot",
    "inch": "inch", "acr": "acre", "hectar": "hectare", "litr": "litre", "liter": "litre", "gallon": "gallon",
    "barrel": "barrel", "degre": "degree", "watt": "watt", "megawatt": "mw", "mw": "mw", "gigawatt": "gw", "gw": "gw",
    "second": "second", "minut": "minute", "hour": "hour", "day": "day", "week": "week", "month": "month",
    "year": "year", "decad": "decade", "centuri": "century",
}  # fmt: skip
CURRENCY_UNITS = frozenset(_CURRENCIES.values())
"""The names of the units of money."""
UNITS = _CURRENCIES | _MEASURES
"""The unit that a sign or a term names."""

_CONVERSIONS = (
    {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800},
    {"month": 1, "year": 12, "decade": 120, "century": 1_200},
    {"mm": 1, "cm": 10, "metre": 1_000, "km": 1_000_000},
    {"%": 1, "": 100},
)
"""How many of the first unit another one is, exactly, in each group; a bare number is a fraction of the whole."""

_SCALES = {**SCALES, "k": 1e3, "mn": 1e6, "m": 1e6, "bn": 1e9, "tn": 1e12}
_VAGUE = {"dozens": (24, 1e3), "hundreds": (200, 1e4), "thousands": (2e3, 1e6), "millions": (2e6, 1e9),
          "billions": (2e9, 1e13)}  # fmt: skip
"""The least and the greatest number that the plural of a scale may mean."""

_WORDS = alternation(NUMBER_WORDS - {"percent", "dozen"})
_FIGURE = (
    r"(?P<sign>(?:us|a|c)?\$|[£€¥₹])?\s?"
    r"(?P<figure>\d{1,2}:\d{2}(?!\d)|\d{1,3}(?:,[ ]?\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<ordinal>st|nd|rd|th)?(?P<tail>%|(?:[\s-]?(?:{alternation(SCALES)}|mn|bn|tn)|k|m)\b)?"
)
_SPOKEN = rf"\b(?P<spoken>(?:{_WORDS})(?:(?:[\s-]|\sand\s)(?:{_WORDS}))*)\b"
_PATTERN = LazyPattern(
    rf"(?<![\w.,]){_FIGURE}|{_SPOKEN}|\b(?P<vague>{'|'.join(_VAGUE)})\b|\b(?P<dozen>dozen|half)\b", re.IGNORECASE
)
_AFTER = LazyPattern(r"[\s-]{0,2}(per\scent\b|%|°|[^\W\d_]+)?")
_MONTH = rf"{MONTH_PATTERN}\b\.?"
_MONTH_BEFORE = LazyPattern(rf"\b{_MONTH}\s(?:the\s)?$", re.IGNORECASE)
_MONTH_AFTER = LazyPattern(rf"\s(?:of\s)?{_MONTH}", re.IGNORECASE)
_MERIDIEM = LazyPattern(r"\s?([ap])\.?\s?m\b", re.IGNORECASE)
_DECADE = LazyPattern(r"['’]?s\b")
_RANGE = LazyPattern(r"\s?(?:-|–|—|to|and|or)\s?", re.IGNORECASE)
_ABOUT = LazyPattern(
    r"\b(?:(?P<above>more than|over|at least|upwards of|above)|(?P<below>less than|fewer than|under|up to|almost|nearly"
    r"|below|at most)|about|around|roughly|approximately|some|close to|just)[ ]+(?:an?[ ]+)?(?:us)?[$£€¥₹]?[ ]?$",
    re.IGNORECASE,
)
_ABOUT_TOLERANCE = 0.05
"""How far "about 50,000" may be from the exact number: a twentieth."""
_BOUND_TOLERANCE = 0.5
"""How far "more than 200,000" may be below the exact number, or "under 300,000" above it: half."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Attributes:
        start: Its first character.
        end: The character after its last.
        text: Its characters.
        value: Its value; the least it may be for "thousands".
        most: The greatest it may be; the same as ``value`` for a plain number.
        unit: Its unit's one name ("%", "$", "km", "year"; "am" or "pm" of a time of day), or empty.
        noun: The term of the noun it counts, or empty.
        kind: "number", "ordinal", "year", "day" (of a month), "decade" or "clock".
        low: How far below it the exact number may be, as a fraction of it ("about 50,000"; "up to 50,000").
        high: How far above.
    """

    start: int
    end: int
    text: str
    value: float
    most: float
    unit: str
    noun: str
    kind: str
    low: float
    high: float

    def agrees(self, other: Quantity) -> bool:
        """Return whether ``other``, in a source, is this number, whatever its unit and noun."""
        if self.kind == "clock" or other.kind == "clock":
            return self.kind == other.kind and (self.value == other.value or _is_24_hour(self, other))
        if {self.kind, other.kind} == {"decade"} and self.value % 100 == other.value % 100:
            return min(self.value, other.value) < 100 or self.value == other.value
        if self._is_converted(other):
            return True
        if math.isclose(self.value, other.value, rel_tol=1e-9):
            return {self.kind, other.kind} != {"ordinal", "number"}
        if self.most > self.value:
            return self.value <= other.value <= self.most
        rounder = _digits(self.value) < _digits(other.value)
        return rounder and self.value * (1 - self.low) <= other.value <= self.value * (1 + self.high)

    def same_unit(self, other: Quantity) -> bool:
        """Return whether both have one unit; a number without a unit may have any but a currency or percent."""
        if self.unit == other.unit or self._is_converted(other):
            return True
        strict = {"%", *CURRENCY_UNITS}
        return (not self.unit or not other.unit) and not {self.unit, other.unit} & strict

    def _is_converted(self, other: Quantity) -> bool:
        """Tell whether this is ``other`` in another unit: seven days and a week, half and 50 %."""
        if self.unit == other.unit or {self.kind, other.kind} != {"number"}:
            return False
        if "%" in {self.unit, other.unit} and not {self.text.lower(), other.text.lower()} & {"half"}:
            return False
        return any(
            self.unit in group
            and other.unit in group
            and math.isclose(self.value * group[self.unit], other.value * group[other.unit], rel_tol=1e-9)
            for group in _CONVERSIONS
        )


def _is_24_hour(one: Quantity, other: Quantity) -> bool:
    """Tell whether one time of day is the other on a clock of 24 hours: "18:07" and "6:07 p.m."."""
    return any(
        half.unit == "pm" and not whole.unit and math.isclose(half.value + 12, whole.value)
        for half, whole in ((one, other), (other, one))
    )


_ONE = LazyPattern(
    r"\b(?:a|an|per|each|every)\s+(second|minute|hour|day|week|month|year|decade|century|fortnight)\b", re.IGNORECASE
)


def single_units(text: str) -> tuple[Quantity, ...]:
    """Return the units of time that ``text`` counts by an article, each as one of it: "a week", "an hour".

    A source that has one says as much as "seven days"; ``quantities`` leaves them out, as no number is written.
    """
    return tuple(
        Quantity(
            match.start(),
            match.end(),
            match.group(),
            2.0 if match[1].lower() == "fortnight" else 1.0,
            2.0 if match[1].lower() == "fortnight" else 1.0,
            "week" if match[1].lower() == "fortnight" else match[1].lower(),
            "",
            "number",
            0.0,
            0.0,
        )
        for match in _ONE.finditer(text)
    )


_PROPORTION = LazyPattern(
    rf"\b(?P<part>(?:{_WORDS})|\d{{1,2}})\s(?:in|out\sof)(?:\severy)?\s(?P<whole>(?:{_WORDS})|\d{{1,3}})\b(?!\s(?:{alternation(SCALES)})\b)",
    re.IGNORECASE,
)


def proportions(text: str) -> tuple[Quantity, ...]:
    """Return the shares that ``text`` counts, in percent: "one in five" as 20 %.

    ``quantities`` reads their two numbers.
    """
    found = []
    for match in _PROPORTION.finditer(text):
        part, whole = (quantities(match[name])[0] for name in ("part", "whole"))
        after = _following(text, match.end())
        is_rate = bool(after) and after[0] in UNITS  # "two in three years"
        if part.kind == whole.kind == "number" and 0 < part.value < whole.value and not is_rate:
            share = 100 * part.value / whole.value
            found.append(Quantity(match.start(), match.end(), match.group(), share, share, "%", "", "number", 0.0, 0.0))
    return tuple(found)


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of ``text`` in order."""
    found = list(_read(text))
    for place in range(len(found) - 2, -1, -1):  # "5 to 10 per cent": the unit is of both
        left, right = found[place], found[place + 1]
        if not left.unit and right.unit and _RANGE.fullmatch(text[left.end : right.start]):
            found[place] = replace(left, unit=right.unit, noun=right.noun)
    return tuple(found)


def _read(text: str) -> Iterator[Quantity]:
    for match in _PATTERN.finditer(text):
        least, most, kind = _value_of(match)
        sign = (match["sign"] or "").lower()
        tail = (match["tail"] or "").lower()
        unit = _CURRENCIES.get(sign[-1:], "") or ("%" if tail == "%" else "")
        noun = ""
        after = _following(text, match.end())
        half = _MERIDIEM.match(text, match.end()) if match["figure"] and not unit else None
        if half:
            unit = f"{half[1].lower()}m"
        if not unit and after and after[0] in UNITS:
            unit = UNITS[after[0]]
        nouns = [term for term in after if term not in UNITS]
        noun = nouns[0] if nouns else ""
        if kind == "number" and not unit and _DECADE.match(text, match.end()):
            kind = "decade"
        elif kind == "number" and _is_year(match, least, unit):
            kind = "year"
        elif _is_day(text, match, least, unit):
            kind = "day"
        about = _ABOUT.search(text[max(0, match.start() - 20) : match.start()])
        low = high = _ABOUT_TOLERANCE if about else 0.0
        if about and about["above"]:
            low, high = 0.0, _BOUND_TOLERANCE
        elif about and about["below"]:
            low, high = _BOUND_TOLERANCE, 0.0
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield Quantity(start, match.end(), match.group().strip(), least, most, unit, noun, kind, low, high)


def _value_of(match: re.Match[str]) -> tuple[float, float, str]:
    """Return ``value``, ``most`` and ``kind`` of a match."""
    if match["vague"]:
        return (*_VAGUE[match["vague"].lower()], "number")
    if match["dozen"]:
        worth = 12.0 if match["dozen"].lower() == "dozen" else 0.5
        return worth, worth, "number"
    if match["spoken"]:
        words = tuple(re.findall(r"[a-z]+", match["spoken"].lower()))
        worth_of = value(words)
        if isinstance(worth_of, str):
            return float(worth_of[:-2]), float(worth_of[:-2]), "ordinal"
        return worth_of or 0.0, worth_of or 0.0, "number"
    figure = match["figure"]
    if ":" in figure:
        clock = float(figure.replace(":", "."))
        return clock, clock, "clock"
    worth = float(re.sub("[, ]", "", figure)) * _SCALES.get(re.sub(r"[\s-]", "", match["tail"] or "").lower(), 1.0)
    return worth, worth, "ordinal" if match["ordinal"] else "number"


def _is_year(match: re.Match[str], worth: float, unit: str) -> bool:
    bare = bool(match["figure"]) and len(match["figure"]) == 4 and not match["tail"]
    return bare and 1000 <= worth <= 2100 and not unit


def _is_day(text: str, match: re.Match[str], worth: float, unit: str) -> bool:
    beside = _MONTH_BEFORE.search(text, max(0, match.start() - 12), match.start()) or _MONTH_AFTER.match(
        text, match.end()
    )
    return bool(beside) and not unit and worth.is_integer() and 1 <= worth <= 31


def _following(text: str, end: int) -> Sequence[str]:
    """Return the terms of the words after a number, up to a function word or the end of its phrase."""
    found: list[str] = []
    at = end
    for _ in range(3):
        match = _AFTER.match(text, at)
        if match is None or not match[1]:
            break
        word = "percent" if match[1].lower().startswith("per") and match[1].endswith("cent") else match[1]
        if word.lower() in STOP_WORDS:
            break
        found.extend(["%"] if word == "%" else terms(word)[:1])
        at = match.end()
    return found


def _digits(number: float) -> int:
    """Return the number of significant digits: 50,000 has one, 49,875 five."""
    return len(f"{number:.6g}".replace(".", "").replace("-", "").split("e", maxsplit=1)[0].strip("0")) or 1
