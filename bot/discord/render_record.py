"""The record as Discord messages. Pure: values in, pages out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.database import CitationTarget
from bot.discord.escape import escaped_line
from bot.discord.pages import Fragment, MessagePage, paginate, word_fragments
from bot.discord.render_answers import source_fragment
from bot.render.record import (
    DIFFERENCE_NOTE,
    carried,
    details,
    difference_words,
    periods,
    record_notes,
    record_summary,
    statement_words,
)
from bot.render.sources import UNDATED
from retrieval.quotes.record.record import RecordEntry, SpeakerRecord
from retrieval.quotes.record.speakers import RecordedSpeaker

MAX_STATEMENTS = 15
"""Statements of one reply, the latest; the command line shows all."""
MAX_PEOPLE = 30
"""Speakers of one reply."""
MAX_NOTE_CHARACTERS = 600
"""Characters of one note."""

_QUOTE = "> "
_SMALL = "\n-# "


def record_pages(found: SpeakerRecord) -> list[MessagePage]:
    """Return what somebody said: the statements by date, numbered, and the pairs that differ."""
    atoms = word_fragments(record_summary(found), bold=True)
    atoms += [Fragment(_SMALL + escaped_line(note, MAX_NOTE_CHARACTERS)) for note in record_notes(found)]
    for heading, entries in periods(found):
        atoms += [Fragment("\n"), *word_fragments(heading, bold=True, before="\n")] if heading else []
        for number, entry in entries:
            atoms += _entry(number, entry)
    if found.differences:
        atoms += [Fragment("\n"), *word_fragments("Differs", bold=True, before="\n")]
        atoms += [Fragment(_SMALL + DIFFERENCE_NOTE)]
        for each in found.differences:
            numbers = f"[{each.first + 1}] and [{each.second + 1}]"
            atoms += [Fragment(f"\n- {numbers}"), *word_fragments(difference_words(each), before=" ")]
    return paginate(atoms)


def statement_targets(found: SpeakerRecord) -> tuple[CitationTarget, ...]:
    """Return what the numbered buttons under the statements open."""
    return tuple(
        CitationTarget(number, shown.article.id, shown.statement.span.start, shown.statement.span.end, shown.words[0])
        for number, shown in enumerate((entry.shown for entry in found.entries), 1)
    )


def _entry(number: int, entry: RecordEntry) -> list[Fragment]:
    shown = entry.shown
    atoms = [Fragment("\n"), Fragment(f"\n[{number}] {entry.day or UNDATED}", number=number)]
    atoms += word_fragments(statement_words(shown), lead=_QUOTE, before=f"\n{_QUOTE}")
    notes = filter(None, [" · ".join(details(entry)), carried(entry)])
    atoms += [source_fragment(shown.article, _SMALL)]
    return atoms + [Fragment(_SMALL + escaped_line(note, MAX_NOTE_CHARACTERS)) for note in notes]


def people_pages(people: Sequence[RecordedSpeaker]) -> list[MessagePage]:
    """Return who is quoted most, with their numbers of statements."""
    if not people:
        return [MessagePage("Nobody is quoted in these articles.")]
    atoms = [Fragment("**Who is quoted**")]
    atoms += [
        Fragment(f"\n- {escaped_line(each.name, MAX_NOTE_CHARACTERS)}: {each.statements:,}")
        for each in people[:MAX_PEOPLE]
    ]
    if len(people) > MAX_PEOPLE:
        atoms += [Fragment(f"{_SMALL}{len(people) - MAX_PEOPLE:,} more.")]
    return paginate(atoms)
