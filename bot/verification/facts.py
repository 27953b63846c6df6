"""Numbers, dates and names of a claim: each must stand in the source, of the same thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.features import Sentence
from bot.verification.entities import NameIndex, names
from bot.verification.evidence import numbers_of
from retrieval.text.dates import MONTHS, WEEKDAYS
from retrieval.text.numbers import Quantity
from retrieval.text.tokens import read_words

_LENIENT = frozenset({"one", "first", "second", "half"})
"""Number words that say other things too ("no one", "at first"): looked at only where the source counts the same."""
_CLOSE = 4  # words between a number and what it counts


@dataclass(frozen=True, slots=True)
class EvidenceScope:
    """Where a claim's facts are looked for.

    Attributes:
        carrying: The sentences that carry the claim.
        around: The sentences of their passages, and what stands above those.
        everywhere: Every sentence that was found, likewise.
        published: The dates of the articles that carry it, ISO.
        known: The names that these articles hold, in what was found of them.
    """

    carrying: Sequence[Sentence]
    around: Sequence[str]
    everywhere: Sequence[str]
    published: Sequence[str]
    known: NameIndex


def wrong_numbers(text: str, scope: EvidenceScope) -> Iterator[str]:
    """Yield what is wrong with the numbers of a claim, in words."""
    theirs = [(number, each) for each in scope.carrying for number in numbers_of(each.text)]
    for wanted in numbers_of(text):
        lenient = wanted.text.lower() in _LENIENT
        alike = [(number, each) for number, each in theirs if wanted.agrees(number)]
        other = _counted_otherwise(wanted, alike, theirs)
        if other:
            yield f"the source says {other.text} {_noun(text, wanted)}, not {wanted.text}"
        elif not alike:
            problem = "" if lenient or _dated(wanted, scope) else _absent(wanted, scope)
            if problem:
                yield problem
        elif not any(wanted.same_unit(number) for number, _ in alike):
            yield f"the number {wanted.text} is of something else in the source: {_shown(*alike[0])}"


def _absent(wanted: Quantity, scope: EvidenceScope) -> str:
    """Tell where a number is that the carrying sentences lack; nothing where it stands near them."""
    near = [number for each in scope.around for number in numbers_of(each) if wanted.agrees(number)]
    if any(wanted.same_unit(number) for number in near) and wanted.kind in {"year", "day"}:
        return ""  # the date that a passage begins with holds for what follows
    if any(wanted.agrees(number) for each in scope.everywhere for number in numbers_of(each)):
        return f"the source has the number {wanted.text}, but of something else"
    return f"the number {wanted.text} is not in the source"


def _counted_otherwise(
    wanted: Quantity, alike: Sequence[tuple[Quantity, Sentence]], theirs: Sequence[tuple[Quantity, Sentence]]
) -> Quantity | None:
    """Return the number that the source gives for what a claim's number counts, where it is another one."""
    if not wanted.noun or wanted.kind == "year":
        return None
    if any(number.noun == wanted.noun or _near(number, wanted.noun, each) for number, each in alike):
        return None
    for number, _ in theirs:
        same = number.noun == wanted.noun and number.kind == wanted.kind and number.unit == wanted.unit
        if same and not wanted.agrees(number):
            return number
    return None


def _near(number: Quantity, noun: str, sentence: Sentence) -> bool:
    words = sentence.words
    at = next((place for place, word in enumerate(words) if word.end > number.start), len(words))
    return any(word.term == noun for word in words[max(0, at - _CLOSE) : at + _CLOSE + 2])


def _dated(wanted: Quantity, scope: EvidenceScope) -> bool:
    """Tell whether a number is the year or the day that an article appeared."""
    return any(
        (wanted.kind == "year" and day[:4] == f"{wanted.value:.0f}")
        or (wanted.kind == "day" and day[8:10] == f"{wanted.value:02.0f}")
        for day in scope.published
    )


def _noun(text: str, wanted: Quantity) -> str:
    rest = text[wanted.end :].lstrip(" -\u00a0").split()
    return rest[0].strip(".,;:!?") if rest else ""


def _shown(number: Quantity, sentence: Sentence) -> str:
    return " ".join([number.text, *sentence.text[number.end :].split()[:2]]).rstrip(".,;:")


def wrong_dates(text: str, scope: EvidenceScope) -> Iterator[str]:
    """Yield what is wrong with the months and days of the week of a claim."""
    for names_of_days in (frozenset(MONTHS), frozenset(WEEKDAYS)):
        carrying = {day for each in scope.carrying for day in _days(each.text, names_of_days)}
        around = {day for each in scope.around for day in _days(each, names_of_days)}
        published = {MONTHS[int(day[5:7]) - 1] for day in scope.published if day[5:7].isdigit()} & names_of_days
        for day in _days(text, names_of_days):
            if day in carrying or (not carrying and day in around | published):
                continue
            if day.title() in {"May", "March"} and text.startswith(day.title()):
                continue  # the verb, at the beginning of a sentence
            yield f"“{day.title()}” is not in the source"


@lru_cache(maxsize=20_000)
def _days(text: str, wanted: frozenset[str]) -> tuple[str, ...]:
    found = (text[word.start : word.end] for word in read_words(text) if word.date)
    return tuple(word.lower() for word in found if word.lower() in wanted)


def wrong_names(text: str, scope: EvidenceScope) -> Iterator[str]:
    """Yield the names of a claim that its articles do not have."""
    for name in names(text):
        if not scope.known.has(name):
            yield f"the name “{name.text}” is not in the source"
