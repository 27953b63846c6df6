"""The figures that articles give of one measure: which of them are of one thing, which agree, and which differ."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.answering.features import parse_passage
from bot.composition.quotable import QuotableSentence
from bot.verification.entities import place_groups
from retrieval.articles import Span
from retrieval.text.analyzer import terms
from retrieval.text.date_intervals import DateInterval, date_of
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.measures import EVENT_MEASURES, Figure, Measure, MeasureKind, figures
from retrieval.text.near_duplicates import ShingleSet, are_near_duplicates, shingle_set
from retrieval.text.places import CITIES, COUNTRIES, REGIONS
from retrieval.text.time_expressions import TimeExpression, TimeRelation, time_expressions

MAX_GAP = 60
"""Days between two reports of one event that the question does not name."""
MAX_SENTENCES_APART = 3
"""Sentences of an article from one figure to that which is set against it."""
MIN_SHARED_NAMES = 2
"""Rare names that such reports share."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A sentence that gives figures of a measure.

    Attributes:
        sentence: It.
        figures: They, in order; the last one that is not a former one counts.
        day: The day of the figure, ISO, or a month or a year; the day of publication where the sentence has none.
        dated: Whether the sentence dates it.
        withdrawn: Whether a correction note withdraws it.
        subject: The terms with which its article begins, where that is about what is asked; else none.
    """

    sentence: QuotableSentence
    figures: tuple[Figure, ...]
    day: str
    dated: bool = False
    withdrawn: bool = False
    subject: frozenset[str] = frozenset()

    @property
    def figure(self) -> Figure:
        """The figure that counts."""
        return next((each for each in self.figures if not each.former), self.figures[-1])

    @property
    def label(self) -> str:
        """Its day and outlet: "2014-03-24, Reuters"."""
        return ", ".join(filter(None, (self.day or "undated", self.sentence.article.source)))

    @property
    def marks(self) -> tuple[Span, ...]:
        """The characters of its numbers in the sentence."""
        return tuple(Span(each.quantity.start, each.quantity.end) for each in self.figures)

    @property
    def named(self) -> str:
        """The figure with its label: "“at least 12” (2014-03-24, Reuters)"."""
        return f"“{self.figure.text}” ({self.label})"


def figure_rows(sentences: Iterable[QuotableSentence], measure: Measure) -> list[FigureRow]:
    """Return the sentences that give a figure of ``measure``, in their order."""
    found = []
    for each in sentences:
        given = figures(each.text, measure)
        if given:
            row = FigureRow(each, given, each.article.published[:10])
            day = _dated(row, measure)
            found.append(replace(row, day=day or row.day, dated=bool(day)))
    return found


_GROWN = LazyPattern(
    r"\b(?:rose|risen|climbed|reached|fell|dropped|grew|grown|increased|jumped|hit|passed|surpassed|topped|stood|stands"
    r"|soared|surged|declined|dipped)\b",
    re.IGNORECASE,
)
_AS_OF = LazyPattern(r"\b(?:as\s+of|by|until|through)\s+(?:the\s+)?(?:(?:early|late|mid)\s+)?$", re.IGNORECASE)
_REACH = 90
"""Characters between a figure and the time that dates it."""


def _dated(row: FigureRow, measure: Measure) -> str:
    """Return the day that a sentence gives for its figure, ISO, or a month or year; empty for none.

    The date in "at least 12 people were killed on Monday" is the event's, not the figure's: a count is dated only by
    what says that it stood there ("as of Monday") or moved there ("rose to 12 on Monday").
    """
    text, anchor = row.sentence.text, date_of(row.sentence.article.published)
    number = row.figure.quantity
    found = [
        each
        for each in time_expressions(text, anchor)
        if each.interval
        and each.relation in {TimeRelation.IN, TimeRelation.UNTIL}
        and each.interval.days <= 366
        and (anchor is None or each.interval.first <= anchor)
    ]
    if measure.kind is MeasureKind.COUNT:
        grown = _GROWN.search(text)
        found = [each for each in found if grown or _AS_OF.search(text[: each.start])]
    near = [each for each in found if _distance(each, number.start, number.end) <= _REACH]
    if not near:
        return ""
    nearest = min(near, key=lambda each: _distance(each, number.start, number.end))
    return _written(nearest.interval) if nearest.interval else ""


def _distance(each: TimeExpression, start: int, end: int) -> int:
    return max(each.start - end, start - each.end, 0)


def _written(interval: DateInterval) -> str:
    first, last = interval.first, interval.last
    if interval.days == 1:
        return first.isoformat()
    if first.day == 1 and interval.days <= 31 and (last + dt.timedelta(1)).day == 1:
        return first.isoformat()[:7]
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    return f"{first.isoformat()} to {last.isoformat()}"


def by_day(rows: Iterable[FigureRow]) -> list[FigureRow]:
    """Return rows by the day of their figures, the oldest first, the undated last."""
    return sorted(rows, key=lambda row: (not row.day, row.day, row.sentence.article.published))


def _groups(terms_of: Iterable[str]) -> frozenset[str]:
    """Return the places of terms, each by one name: "french" and "france" are one."""
    groups = place_groups()
    return frozenset(groups.get(term, term) for term in terms_of)


@cache
def _countries() -> frozenset[str]:
    return _groups(COUNTRY_TERMS)


@cache
def _known_places() -> frozenset[str]:
    return _countries() | _groups(term for word in REGIONS | CITIES for term in terms(word)) | _EXTENTS


_SET_AGAINST = LazyPattern(
    r"\b(?:(?:higher|lower|revised|different|conflicting|new|latest|earlier|previous|official|updated|initial|final)"
    r"\s(?:\w+\s)?(?:toll|number|figure|count|total|estimate|tally)s?|accurate|actual(?:ly)?|corrected|disputed"
    r"|contradict\w+|rose|risen|fell|climbed|dropped|grew|up from|down from)\b",
    re.IGNORECASE,
)
"""What sets a figure against another of the same thing."""
_COUNTED = frozenset(
    term
    for measure in EVENT_MEASURES.values()
    for term in (*measure.heads, *terms("people person least including officials police said more than"))
)
_EXTENTS = frozenset({"world", "nation", "state", "city", "county", "province", "district", "town"})
"""Extents that a figure has whole or not at all (``Figure.scope``)."""


def home_country(frequencies: Mapping[str, int]) -> str:
    """Return the country that most passages name, of which a sentence that names none tells.

    Args:
        frequencies: In how many passages each term of ``COUNTRY_TERMS`` occurs.
    """
    counts = Counter[str]()
    for term, count in frequencies.items():
        counts[place_groups().get(term, term)] += count
    return max(counts, key=lambda place: (counts[place], place), default="")


COUNTRY_TERMS = tuple(sorted({term for word in COUNTRIES for term in terms(f"{word}." if "." in word else word)}))
"""The terms of the names of countries."""


def distinct(rows: Sequence[FigureRow], copies: Mapping[str, frozenset[str]]) -> list[FigureRow]:
    """Return the rows without those that repeat a better one: of one article and day, or of syndicated copies.

    Args:
        rows: The rows, best first.
        copies: The ids of the articles that are one story, by the id of each.
    """
    kept: list[tuple[FigureRow, ShingleSet]] = []
    for row in rows:
        own = shingle_set(row.sentence.text)
        if not any(_repeats(row, other, copies) or _reprints(row, own, other, text) for other, text in kept):
            kept.append((row, own))
    return [row for row, _ in kept]


def _repeats(row: FigureRow, other: FigureRow, copies: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a figure is of the article and day of another, or agrees with it in a copy of that article."""
    article, another = row.sentence.article.id, other.sentence.article.id
    if article == another:
        return row.figure.agrees(other.figure) or (row.day == other.day and not row.subject)
    return article in copies.get(another, ()) and row.figure.agrees(other.figure)


def _reprints(row: FigureRow, own: ShingleSet, other: FigureRow, text: ShingleSet) -> bool:
    return row.figure.agrees(other.figure) and are_near_duplicates(own, text)


@dataclass(frozen=True, slots=True)
class EventFigures:
    """Figures that count one thing of one event, as far as their sentences tell.

    Attributes:
        rows: They, the oldest first.
        differing: Those whose figure another row does not agree with.
    """

    rows: tuple[FigureRow, ...]
    differing: tuple[FigureRow, ...]

    @property
    def articles(self) -> int:
        """How many articles give them."""
        return len({row.sentence.article.id for row in self.rows})

    def first(self, count: int) -> EventFigures:
        """Return ``count`` of the rows at most: the first, the last and some between, those that differ first."""
        kept = list(self.differing) if len(self.differing) >= count else list(self.rows)
        if len(kept) > count:
            step = (len(kept) - 1) / max(1, count - 1)
            kept = [kept[round(number * step)] for number in range(count)]
        return EventFigures(tuple(by_day(kept)), self.differing)


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """The figures of a measure, parted by what they count.

    Attributes:
        events: The figures that may be compared, those of most articles first.
        others: Figures that stand alone beside them, the oldest first; empty where no two are of one thing.
        withdrawn: Figures that a correction note withdraws.
    """

    events: tuple[EventFigures, ...]
    others: tuple[FigureRow, ...]
    withdrawn: tuple[FigureRow, ...]


def compare_figures(
    rows: Sequence[FigureRow], copies: Mapping[str, frozenset[str]], judge: Comparability
) -> FigureComparison:
    """Return figures parted by what they count.

    Args:
        rows: They, best first.
        copies: The ids of the articles that are one story, by the id of each.
        judge: Tells which of them count one thing.
    """
    kept = distinct([row for row in rows if not row.withdrawn], copies)
    groups = sorted(judge.components(kept), key=lambda each: (not judge.is_whole(each), -len(each)))
    groups = judge.asked_first(groups)
    paired = [group for group in groups if len(group) > 1]
    alone = [row for group in groups if len(group) == 1 for row in group]
    if judge.is_named and groups:
        paired = groups[:1] if judge.is_whole(groups[0]) else []
        alone = [row for group in groups[len(paired) :] for row in group]
    elif not paired:
        paired, alone = [[row] for row in alone], []
    return FigureComparison(
        tuple(EventFigures(tuple(by_day(group)), judge.differing(group)) for group in paired),
        tuple(by_day(alone)),
        tuple(distinct([row for row in rows if row.withdrawn], copies)),
    )


@dataclass(frozen=True, slots=True)
class Comparability:
    """Tells which figures count one thing, as far as their sentences tell: the same of it, in one place, of one event.

    Attributes:
        asked: Terms of the question, which all figures are about.
        home: The country that a sentence without one tells of.
        places: The places that the question names (``scope_of``).
        events: The rare names around each row, by its passage's id; None where the question names the event.
        min_shared: Rare names that two reports of one event share; none where the question names it by common words.
    """

    asked: frozenset[str]
    home: str
    places: frozenset[str] = frozenset()
    events: Mapping[str, frozenset[str]] | None = None
    min_shared: int = MIN_SHARED_NAMES

    @property
    def is_named(self) -> bool:
        """Whether the question names the event."""
        return self.events is None

    def is_whole(self, rows: Sequence[FigureRow]) -> bool:
        """Return whether a figure counts all that is asked for, no part of it: "jobs", no "construction jobs"."""
        return any(not row.figure.qualifiers - self.asked for row in rows)

    def asked_first(self, groups: list[list[FigureRow]]) -> list[list[FigureRow]]:
        """Return groups, that first which names most of what is asked where an article tells of several events."""
        articles = {row.sentence.article.id for row in groups[0]} if groups else set()
        if not self.is_named or len(articles) != 1:
            return groups
        own = [group for group in groups if any(row.sentence.article.id in articles for row in group)]
        best = max(own, key=lambda group: max(len(self.asked & row.sentence.sentence.terms) for row in group))
        return [best, *(group for group in groups if group is not best)] if self.is_whole(best) else groups

    def components(self, rows: Sequence[FigureRow]) -> list[list[FigureRow]]:
        """Return rows in groups, each of which holds what may be compared with another of it."""
        groups: list[list[FigureRow]] = []
        for row in rows:
            joined = [group for group in groups if any(self.are_of_one(row, other) for other in group)]
            merged = [each for group in joined for each in group]
            groups = [group for group in groups if not any(group is each for each in joined)]
            groups.append([*merged, row])
        return groups

    def differing(self, rows: Sequence[FigureRow]) -> tuple[FigureRow, ...]:
        """Return the rows with whose figure that of another one of the same thing does not agree, the oldest first."""
        apart: set[int] = set()
        for (n, one), (m, other) in itertools.combinations(enumerate(rows), 2):
            if self.are_of_one(one, other) and not one.figure.agrees(other.figure):
                apart |= {n, m}
        return tuple(by_day(row for n, row in enumerate(rows) if n in apart))

    def are_of_one(self, one: FigureRow, other: FigureRow) -> bool:
        """Return whether two figures count one thing of one event."""
        same = one.figure.qualifiers - self.asked == other.figure.qualifiers - self.asked
        if (
            not same
            or not one.figure.quantity.same_unit(other.figure.quantity)
            or not self._are_of_one_place(one, other)
        ):
            return False
        if one.sentence.article.id == other.sentence.article.id:
            return self._are_of_one_telling(one, other)
        if self.events is None:
            return True
        days = [date_of(row.sentence.article.published) for row in (one, other)]
        dated = days[0] is not None and days[1] is not None
        near = days[0] is None or days[1] is None or abs((days[0] - days[1]).days) <= MAX_GAP
        shared = self.events[one.sentence.hit.passage.id] & self.events[other.sentence.hit.passage.id]
        return near and len(shared) >= (self.min_shared if dated else MIN_SHARED_NAMES)

    def _are_of_one_telling(self, one: FigureRow, other: FigureRow) -> bool:
        """Return whether two sentences of an article count one thing: they share a word, or one corrects the other.

        An article tells of more than one attack: "14 people" and "at least 40 in that assault" may be of two.
        """
        near = abs(one.sentence.place - other.sentence.place) <= MAX_SENTENCES_APART
        against = any(_SET_AGAINST.search(row.sentence.text) for row in (one, other))
        if one.figure.agrees(other.figure) or (near and against):
            return True
        shared = one.sentence.sentence.terms & other.sentence.sentence.terms
        return bool(shared - _COUNTED - set(COUNTRY_TERMS))

    def _are_of_one_place(self, one: FigureRow, other: FigureRow) -> bool:
        ours, theirs = self._places(one), self._places(other)
        if ours is None or theirs is None or ours & _EXTENTS != theirs & _EXTENTS:
            return False
        if one.subject and one.sentence.article.id == other.sentence.article.id:
            return True
        if ours and theirs and not (ours <= theirs or theirs <= ours):
            return False
        if self.places and ours & _known_places() != theirs & _known_places():
            return False
        return self._is_there(other, ours - theirs) and self._is_there(one, theirs - ours)

    def _places(self, row: FigureRow) -> frozenset[str] | None:
        """Return the places that a sentence names beside those asked for; None where it names others alone."""
        named, asked, wanted = _groups(row.figure.scope), _groups(self.asked), _groups(self.places)
        if "nation" in named and (self.home in asked or not wanted):
            named -= {"nation"}
        is_elsewhere = bool(named & (_known_places() | _EXTENTS)) and not named & wanted
        held = row.sentence.sentence.terms | parse_passage(row.sentence.hit.passage).context | row.subject
        if wanted and (is_elsewhere or not wanted <= _groups(held)):
            return None
        return named - asked - wanted

    def _is_there(self, row: FigureRow, places: frozenset[str]) -> bool:
        """Return whether a sentence without ``places`` is about them: its passage names them, or no country."""
        held = _groups(parse_passage(row.sentence.hit.passage).terms)
        return places <= held or (places == {self.home} and not held & _countries())
