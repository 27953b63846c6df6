"""The layout of compared figures: those of one thing oldest first, the others below, and in what they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from bot.composition.draft import AnswerDraft
from bot.composition.figure_comparison import EventFigures, FigureComparison, FigureRow

MAX_ROWS = 8
"""Sentences of a table."""
MAX_OTHERS = 3
"""Further figures, of something else or perhaps so."""


def parts(parting: dt.date | None) -> tuple[tuple[str, Callable[[str], bool]], ...]:
    """Return the headings of before and after a day, and which days are of each."""
    day = parting.isoformat() if parting else ""
    return (f"Before {day}", lambda each: each < day), (f"From {day} on", lambda each: each >= day)


def lay_out(draft: AnswerDraft, compared: FigureComparison, parting: dt.date | None, *, named: bool) -> list[str]:
    """Add compared figures to a draft; return the remarks on them."""
    remarks = []
    several = not named and len(compared.events) > 1
    if several:
        draft.note("These figures may be of several events: name one to compare its own.")
    if not compared.events and compared.others:
        draft.note("No article was found that gives it plainly.")
    left = MAX_ROWS
    for event in compared.events:
        shown = event.first(left)
        if not shown.rows:
            break
        left -= len(shown.rows)
        if several:
            draft.heading(shown.rows[0].sentence.article.title or shown.rows[0].label)
        elif not event.differing:
            one = "One article gives it plainly:" if compared.others else "Only one article gives it:"
            draft.note(one if event.articles == 1 else f"The {event.articles} articles that give it agree:")
        figure_items(draft, shown, parting)
        _left_out(draft, len(event.rows) - len(shown.rows))
        remarks += differing_remarks(shown)
    if compared.others:
        draft.heading("Other figures, of something else or perhaps so")
        _quote_all(draft, compared.others[:MAX_OTHERS])
        _left_out(draft, len(compared.others) - MAX_OTHERS)
    _quote_all(draft, compared.withdrawn)
    return remarks + [
        f"{row.sentence.article.source or 'An article'} ({row.day or 'undated'}) has withdrawn “{row.figure.text}”."
        for row in compared.withdrawn
    ]


def _left_out(draft: AnswerDraft, count: int) -> None:
    if count > 0:
        draft.note(f"{count} more left out.")


def figure_items(draft: AnswerDraft, event: EventFigures, parting: dt.date | None = None) -> None:
    """Add rows to a draft, parted by a day where one is asked for."""
    groups = [(heading, [row for row in event.rows if row.day and is_in(row.day)]) for heading, is_in in parts(parting)]
    groups += [("Undated", [row for row in event.rows if not row.day])]
    for heading, rows in groups if parting else [("", list(event.rows))]:
        if heading and (rows or heading != "Undated"):
            draft.heading(heading)
            if not rows:
                draft.note("No article gives it.")
        for row in rows:
            marks = row.marks if row in event.differing else ()
            draft.quote(row.sentence.hit, row.sentence.span, label=row.label, marks=marks)


def differing_remarks(event: EventFigures) -> list[str]:
    """Return the remark that figures of one thing differ; none where they agree."""
    named = ", ".join(row.named for row in event.rows if row in event.differing)
    return [f"The figures differ: {named}."] if named else []


def _quote_all(draft: AnswerDraft, rows: Sequence[FigureRow]) -> None:
    for row in rows:
        draft.quote(row.sentence.hit, row.sentence.span, label=row.label)
