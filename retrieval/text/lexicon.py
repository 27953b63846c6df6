"""Words that decide what a sentence claims: when one of them goes, comes or changes, its meaning does."""

from __future__ import annotations

import re

QUALIFIERS = frozenset(
    """only if unless until till except allegedly alleged reportedly supposedly purportedly apparently perhaps maybe
    possibly probably potentially may might could would provided assuming whether although though unlikely almost nearly
    mostly partly sometimes seems seemed appears appeared rumored rumoured""".split()  # noqa: SIM905
)
MODALS = frozenset(
    [
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "may",
        "might",
        "must",
        "ought",
        "won't",
        "wouldn't",
        "shan't",
        "shouldn't",
        "can't",
        "couldn't",
        "mustn't",
        "cannot",
        "i'll",
        "we'll",
        "you'll",
        "they'll",
        "he'll",
        "she'll",
        "it'll",
        "i'd",
        "we'd",
        "you'd",
        "they'd",
        "he'd",
        "she'd",
    ]
)
QUANTIFIERS = frozenset(
    """all every each any some most many much few fewer little less least more none both several half majority minority
    always often usually sometimes everyone everybody everything someone somebody something anyone anybody anything
    nobody entire whole almost nearly only at-least enough rarely seldom twice once double triple dozens hundreds
    thousands millions billions""".split()  # noqa: SIM905
)
NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "nowhere",
        "neither",
        "nor",
        "cannot",
        "without",
        "hardly",
        "scarcely",
        "barely",
        "seldom",
        "rarely",
        "ain't",
    ]
)

_OPPOSITES = frozenset(
    frozenset(pair.split("/"))
    for pair in """large/small big/small great/small major/minor high/low higher/lower highest/lowest long/short
    increase/decrease increased/decreased increases/decreases increasing/decreasing rise/fall rises/falls rose/fell
    rising/falling up/down raise/lower raised/lowered gain/loss gains/losses profit/loss profits/losses grow/shrink
    before/after above/below over/under inside/outside win/lose won/lost wins/loses support/oppose supports/opposes
    supported/opposed for/against accept/reject accepted/rejected allow/forbid allow/ban allowed/banned
    allowed/forbidden agree/refuse agreed/refused agrees/refuses admit/deny admitted/denied confirm/deny
    confirmed/denied good/bad better/worse best/worst strong/weak stronger/weaker guilty/innocent legal/illegal
    true/false right/wrong
    safe/dangerous success/failure succeed/fail succeeded/failed begin/end began/ended start/stop started/stopped
    open/closed opened/closed buy/sell bought/sold friend/enemy friends/enemies ally/enemy allies/enemies first/last
    early/late earlier/later public/private left/right men/women man/woman boys/girls boy/girl north/south east/west
    northern/southern eastern/western rich/poor pass/fail passed/failed love/hate fast/slow faster/slower quickly/slowly
    include/exclude included/excluded add/remove added/removed alive/dead attack/defend attacked/defended war/peace
    present/absent easy/hard easier/harder old/new older/younger old/young same/different majority/minority
    most/least more/less more/fewer all/none always/never everything/nothing everybody/nobody""".split()  # noqa: SIM905 (readable)
)
"""Pairs that a quotation is changed by in news; no list is whole, and a pair that is missing is a changed word."""
_DENYING = re.compile(r"(?:un|in|im|ir|il|dis|non)-?(?=[a-z]{3})")

_UNITS = {
    name: value
    for value, name in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    name: 10 * value
    for value, name in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SIGNS = {"%": "percent", "½": "half"}
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|m|k|bn|am|pm|km|kg|mph)?")
NUMBER_WORDS = frozenset([*_UNITS, *_TENS, *_ORDINALS, *_SCALES, "dozen", "percent"])
_SIGN = frozenset("$€£¥₹%°½¼¾-")


def is_negator(word: str) -> bool:
    """Tell whether a folded word denies: not, never, no, hardly, any contraction with n't."""
    return word in NEGATORS or word.endswith("n't")


def is_qualifier(word: str) -> bool:
    """Tell whether a folded word limits a claim: only, if, unless, allegedly, may."""
    return word in QUALIFIERS


def changes_meaning(word: str) -> bool:
    """Tell whether leaving the word out may turn a claim over or make it stronger."""
    return is_negator(word) or is_qualifier(word)


def are_opposites(one: str, other: str) -> bool:
    """Tell whether two folded words say the opposite: large and small, agree and disagree."""
    if frozenset((one, other)) in _OPPOSITES:
        return True
    shorter, longer = sorted((one, other), key=len)
    denying = _DENYING.match(longer)
    return denying is not None and longer[denying.end() :] == shorter


def is_number(word: str) -> bool:
    """Tell whether a folded word is a number, a part of one in words, or a sign of one."""
    return bool(_NUMBER.fullmatch(word)) or word in _SIGN or (word in NUMBER_WORDS and word != "second")


def value(words: tuple[str, ...]) -> float | str | None:
    """Return what a run of number words comes to ("fifteen" and "15" alike), or None when it is no number."""
    total, current, seen, ordinal = 0.0, 0.0, False, ""
    for word in words:
        if word in {"and", "a"} or word in _SIGNS or word in {"percent", "dollars", "$"}:
            continue
        if _DIGITS.fullmatch(word):
            ordinal = "th" if word[-2:] in {"st", "nd", "rd", "th"} else ordinal
            current += float(re.sub(r"[^\d.]", "", word).rstrip(".") or 0) if word.count(".") < 2 else 0
        elif word in _UNITS or word in _TENS:
            current += _UNITS.get(word, _TENS.get(word, 0))
        elif word in _ORDINALS:
            current, ordinal = current + _ORDINALS[word], "th"
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
        else:
            return None
        seen = True
    if not seen:
        return None
    return f"{total + current:g}{ordinal}" if ordinal else total + current
