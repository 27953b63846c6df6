"""Chronologies: the paragraphs of an article under headings that are dates: "Sunday 14 August"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from retrieval.articles import Span
from retrieval.text.date_intervals import DateInterval
from retrieval.text.date_labels import date_label
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.time_expressions import time_expressions

MIN_SECTIONS = 3
"""Dated headings of the shortest chronology."""
MAX_HEADING = 40
"""Characters of the longest of them."""
MAX_PARAGRAPH = 400
"""Characters of a paragraph that is shown."""
_LINE = LazyPattern(r"[^\n]+")
_UNDATED_WORDS = LazyPattern(r"[\s:.,–—-]*$")


@dataclass(frozen=True, slots=True)
class DatedSection:
    """A dated heading with the first paragraph under it.

    Attributes:
        label: The date, or the heading's words where its year is not known.
        interval: The days; None where they cannot be worked out.
        paragraph: The characters of the paragraph.
    """

    label: str
    interval: DateInterval | None
    paragraph: Span


def dated_sections(text: str, published: dt.date | None) -> list[DatedSection]:
    """Return the sections of a chronology in a text, in its order; none where it has fewer than ``MIN_SECTIONS``."""
    lines = [Span(*_trimmed(found.group(), found.start())) for found in _LINE.finditer(text) if found.group().strip()]
    found = list(_sections(text, lines, published))
    return found if len(found) >= MIN_SECTIONS else []


def _sections(text: str, lines: list[Span], published: dt.date | None) -> Iterator[DatedSection]:
    for heading, paragraph in pairwise(lines):
        words = heading.of(text)
        if len(words) > MAX_HEADING or paragraph.end - paragraph.start > MAX_PARAGRAPH:
            continue  # a paragraph, or one too long to be shown
        times = time_expressions(words, published)
        if not times or times[0].start or not _UNDATED_WORDS.match(words, max(each.end for each in times)):
            continue
        if any(each.isdigit() for each in words) and paragraph.end - paragraph.start > MAX_HEADING:
            interval = next((each.interval for each in times if each.interval), None)
            yield DatedSection(date_label(interval) if interval else words, interval, paragraph)


def _trimmed(line: str, start: int) -> tuple[int, int]:
    begin = start + len(line) - len(line.lstrip())
    return begin, begin + len(line.strip())
