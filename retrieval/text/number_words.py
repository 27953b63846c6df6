"""Numbers in words: the one list of cardinals, ordinals and scales, and what a run of them comes to."""

from __future__ import annotations

import math
import re

from retrieval.text.lazy_pattern import LazyPattern

ONES = {
    name: value
    for value, name in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()  # noqa: SIM905 (as prose)
    )
}
TENS = {
    name: 10 * value
    for value, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)  # noqa: SIM905
}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SIGNS = {"%": "percent", "½": "half"}
_DIGITS = LazyPattern(r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?")
_NUMBER = LazyPattern(
    rf"\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|[kmbpcf]|mn|bn|tn|am|pm|km|kg|cm|mm|ft|lbs?|mph|kph|mw|gw|{'|'.join(SCALES)})?"
)
CARDINALS = frozenset([*ONES, *TENS, *SCALES])
NUMBER_WORDS = frozenset([*CARDINALS, *ORDINALS, "dozen", "percent"])
_SIGN = frozenset("$€£¥₹%°½¼¾-")


def is_number(word: str) -> bool:
    """Return whether a folded word is a number, a part of one in words, or a sign of one."""
    return bool(_NUMBER.fullmatch(word)) or word in _SIGN or (word in NUMBER_WORDS and word != "second")


def value(words: tuple[str, ...]) -> float | str | None:
    """Return the value of a run of number words ("fifteen" and "15" alike), or None when it is no number.

    An ordinal's is its digits with "th" behind them, so that "fifth" and "five" differ.
    """
    total, current, seen, ordinal = 0.0, 0.0, False, ""
    for word in words:
        if word in {"and", "a"} or word in _SIGNS or word in {"percent", "dollars", "$"}:
            continue
        if _DIGITS.fullmatch(word):
            ordinal = "th" if word[-2:] in {"st", "nd", "rd", "th"} else ordinal
            current += float(re.sub(r"[^\d.]", "", word).rstrip(".") or 0) if word.count(".") < 2 else 0
        elif word in ONES or word in TENS:
            current += ONES.get(word, TENS.get(word, 0))
        elif word in ORDINALS:
            current, ordinal = current + ORDINALS[word], "th"
        elif word == "hundred":
            current = (current or 1.0) * 100
        elif word in SCALES:
            total, current = total + (current or 1) * SCALES[word], 0.0
        else:
            return None
        seen = True
    if not seen or math.isinf(total + current):
        return None
    return f"{total + current:g}{ordinal}" if ordinal else total + current
