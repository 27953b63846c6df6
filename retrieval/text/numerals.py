"""Numerals: the numbers that a run of words spells or writes in figures, so that both have one form.

"six hundred" is "600" and "2.6 million" is "2.6m"; "five and six" is two numbers, and "5" is not "5%".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.number_words import ONES, ORDINALS, SCALES, TENS

_FIGURES = LazyPattern(r"(\d+(?:\.\d+)?)([a-z]*)")
_ORDINAL_SUFFIXES = frozenset(["st", "nd", "rd", "th"])
_SCALE_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12, **SCALES}
_TENTHS = {f"{ten.removesuffix('y')}ieth": value for ten, value in TENS.items()}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at the beginning of a run of words.

    Attributes:
        value: Its value.
        count: The words that it takes.
        is_ordinal: Whether it is one of a row ("fifth").
        is_scaled: Whether it has a scale of a thousand or more ("2.6 million"), so that it counts no small things.
    """

    value: Fraction
    count: int
    is_ordinal: bool = False
    is_scaled: bool = False


def numeral(words: Sequence[str]) -> Numeral | None:
    """Return the number that folded words begin with, the longest that is one number; None when they begin with none.

    The words follow one another without punctuation. "hundred" and "million" alone are no numbers, "a hundred" is.
    """
    return _half(words) or _figures(words) or _spelled(words)


def _figures(words: Sequence[str]) -> Numeral | None:
    found = _FIGURES.fullmatch(words[0]) if words else None
    if found is None:
        return None
    value, suffix = Fraction(found[1]), found[2]
    if suffix in _ORDINAL_SUFFIXES:
        return Numeral(value, 1, is_ordinal=True)
    if suffix:
        scale = _SCALE_SUFFIXES.get(suffix)
        return Numeral(value * scale, 1, is_scaled=True) if scale else None
    return _scaled(words, value, 1)


def _spelled(words: Sequence[str]) -> Numeral | None:
    """Read "two hundred and five thousand and six", "a million", "two and a half billion", "twenty-first"."""
    total, at, last = Fraction(0), 0, 10**15
    while at < len(words):
        lead = 1 if at and words[at] == "and" else 0
        group = _below_thousand(words[at + lead :])
        if group is None:
            break
        value, count, is_ordinal = group
        after = at + lead + count
        scale = SCALES.get(words[after], 0) if after < len(words) and not is_ordinal else 0
        if scale >= 1_000 and scale < last:
            total, at, last = total + value * scale, after + 1, scale
            continue
        if not at or value < last:
            total, at = total + value, after
            if not is_ordinal and last == 10**15:
                return _scaled(words, total, at)
            return Numeral(total, at, is_ordinal, is_scaled=last < 10**15)
        break
    return Numeral(total, at, is_scaled=True) if at else None


def _below_thousand(words: Sequence[str]) -> tuple[Fraction, int, bool] | None:
    """Return the value of a number up to 9,999 in hundreds, its words, and whether it is an ordinal."""
    if not words:
        return None
    if words[0] in {"a", "an"}:
        if len(words) < 2 or words[1] not in SCALES:
            return None
        small: tuple[int, int, bool] | None = (1, 1, False)
    else:
        small = _below_hundred(words)
    if small is None:
        return None
    value, count, is_ordinal = small
    if is_ordinal or count >= len(words) or words[count] != "hundred":
        return Fraction(value), count, is_ordinal
    value, count = value * 100, count + 1
    lead = 1 if count < len(words) and words[count] == "and" else 0
    rest = _below_hundred(words[count + lead :])
    if rest:
        return Fraction(value + rest[0]), count + lead + rest[1], rest[2]
    return Fraction(value), count, False


def _below_hundred(words: Sequence[str]) -> tuple[int, int, bool] | None:
    first = words[0] if words else ""
    second = words[1] if len(words) > 1 else ""
    if first in TENS:
        if 0 < ONES.get(second, 0) < 10:
            return TENS[first] + ONES[second], 2, False
        if 0 < ORDINALS.get(second, 0) < 10 and second != "second":
            return TENS[first] + ORDINALS[second], 2, True
        return TENS[first], 1, False
    if first in ONES:
        return ONES[first], 1, False
    if first in ORDINALS or first in _TENTHS:
        return ORDINALS.get(first) or _TENTHS[first], 1, True
    return None


def _scaled(words: Sequence[str], value: Fraction, at: int) -> Numeral:
    """Return a number with what follows it: "point five", "and a half", "million"."""
    if words[at : at + 1] == ["point"]:
        digits = [ONES.get(word, 10) for word in words[at + 1 : at + 4]]
        count = next((place for place, digit in enumerate(digits) if digit > 9), len(digits))
        if count:
            value += Fraction(int("".join(map(str, digits[:count]))), 10**count)
            at += 1 + count
    if list(words[at : at + 3]) == ["and", "a", "half"]:
        value, at = value + Fraction(1, 2), at + 3
    scale = SCALES.get(words[at], 0) if at < len(words) else 0
    if not scale:
        return Numeral(value, at)
    return Numeral(value * scale, at + 1, is_scaled=scale >= 1_000)


def _half(words: Sequence[str]) -> Numeral | None:
    """Read "half a million", "a half million"."""
    plain = [word for word in words[:3] if word not in {"a", "half"}]
    if "half" in words[:2] and plain and words[2:3] == plain[:1] and plain[0] in SCALES:
        return Numeral(Fraction(SCALES[plain[0]], 2), 3, is_scaled=True)
    if words[:1] == ["half"] and len(words) > 1 and words[1] in SCALES:
        return Numeral(Fraction(SCALES[words[1]], 2), 2, is_scaled=True)
    return None
