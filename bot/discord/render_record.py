"""The record as Discord messages. Pure: values in, pages out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.discord.database import CitationTarget
from bot.discord.escape import escaped_line
from bot.discord.pages import Accent, Fragment, MessagePage, Opening, paginate, word_fragments
from bot.discord.render_answers import source_fragment
from bot.render.catalogue import translated
from bot.render.phrases import sureness
from bot.render.record import (
    DIFFERENCE_NOTE,
    carried,
    difference_words,
    periods,
    record_notes,
    record_summary,
    statement_words,
)
from bot.render.sources import UNDATED, day_of
from retrieval.quotes.record.record import RecordEntry, SpeakerRecord
from retrieval.quotes.record.speakers import RecordedSpeaker
from retrieval.store.statements import StatementKind
from retrieval.text.sanitize import line

MAX_STATEMENTS = 10
"""Statements of one reply, the latest; the command line shows all."""
MAX_PEOPLE = 20
"""Speakers of one reply."""
MAX_NOTE_CHARACTERS = 600
"""Characters of one note."""

_KIND_WORDS = {
    StatementKind.MIXED: "partly word for word",
    StatementKind.INDIRECT: "reported, not word for word",
}
_SURE = 0.85  # the probability from which a speaker is not doubted in a word: "very likely"
_QUOTE = "> "
_SMALL = "\n-# "


def record_pages(found: SpeakerRecord) -> list[MessagePage]:
    """Return what somebody said: the statements by date, numbered, and the pairs that differ."""
    atoms = word_fragments(record_summary(found), bold=True)
    notes = escaped_line(" ".join(record_notes(found)), MAX_NOTE_CHARACTERS)
    atoms += [Fragment(_SMALL + notes)] if notes else []
    for heading, entries in periods(found):
        opens = Opening.SECTION
        if heading:
            shown = word_fragments(heading, bold=True, before="\n")
            atoms += [replace(shown[0], opens=opens), *shown[1:]]
            opens = Opening.BLOCK
        for number, entry in entries:
            atoms += _entry(number, entry, opens)
            opens = Opening.SECTION
    if found.differences:
        atoms += [
            Fragment(f"\n**{translated('Differs')}**", opens=Opening.SECTION),
            Fragment(_SMALL + translated(DIFFERENCE_NOTE)),
        ]
        for each in found.differences:
            numbers = translated("[{one}] and [{other}]", one=each.first + 1, other=each.second + 1)
            words = word_fragments(difference_words(each), before=" ")
            atoms += [Fragment(f"\n- {numbers}", opens=Opening.ROW), *words]
    return paginate(atoms, accent=Accent.ANSWERED if found.entries else Accent.NOT_HERE)


def statement_targets(found: SpeakerRecord) -> tuple[CitationTarget, ...]:
    """Return what the numbered buttons under the statements open."""
    return tuple(
        CitationTarget(number, shown.article.id, shown.statement.span.start, shown.statement.span.end, shown.words[0])
        for number, shown in enumerate((entry.shown for entry in found.entries), 1)
    )


def _entry(number: int, entry: RecordEntry, opens: Opening) -> list[Fragment]:
    """Return a statement: its day, its words, the article with its address, and what a reader should know of it."""
    shown = entry.shown
    day = entry.day or translated(UNDATED).capitalize()
    words = word_fragments(statement_words(shown), lead=_QUOTE, before=f"\n{_QUOTE}")
    also = " · ".join(filter(None, [*_reservations(entry), carried(entry)]))
    head = Fragment(f"\n[{number}] **{day}**", number=number, opens=opens)
    dated = (entry.day or translated(UNDATED)) != day_of(shown.article)
    return [head, *words, source_fragment(shown.article, "\n", also=also, dated=dated)]


def _reservations(entry: RecordEntry) -> list[str]:
    """Return what a reader should know of a statement: that it is no whole quotation, and what is not quite sure."""
    statement = entry.shown.statement
    told = [translated(_KIND_WORDS[statement.kind])] if statement.kind in _KIND_WORDS else []
    if statement.confidence < _SURE:
        told.append(f"{sureness(statement.confidence)} (“{line(entry.shown.named)}”)")
    return told if entry.mentions else [*told, translated("topic named nearby")]


def people_pages(people: Sequence[RecordedSpeaker]) -> list[MessagePage]:
    """Return who is quoted most, with their numbers of statements."""
    if not people:
        return [MessagePage(translated("Nobody is quoted in these articles."), accent=Accent.NOT_HERE)]
    shown = people[:MAX_PEOPLE]
    atoms = [Fragment(translated("**Who is quoted most**, by statements"))]
    for each in shown:
        row = f"\n- {escaped_line(each.name, MAX_NOTE_CHARACTERS)}: {each.statements:,}"
        atoms.append(Fragment(row, opens=Opening.ROW))
    rest = len(people) - len(shown)
    notes = [translated("{number:,} others are quoted, too.", number=rest)] if rest > 1 else []
    notes += [translated("1 other is quoted, too.")] if rest == 1 else []
    notes.append(translated("`/said` shows what one of them said."))
    atoms.append(Fragment(_SMALL + " ".join(notes), opens=Opening.SECTION))
    return paginate(atoms, accent=Accent.INFORMATION)
