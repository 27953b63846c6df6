"""The record as a person reads it on a terminal: what somebody said, by date, and who is quoted.

The words and phrases are the same on every face.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from bot.render.catalogue import retold, translated
from bot.render.layout import NO, NUMBER, QUIET, QUOTE, TITLE, Places, hanging, joined, linked
from bot.render.phrases import counted, sureness
from bot.render.sources import COPIES_NAMED, UNDATED, day_of, location, title_of
from retrieval.articles import ArticleInfo
from retrieval.quotes.record.differences import DifferenceKind, StatementDifference
from retrieval.quotes.record.record import UNREAD_REMEDY, PlacedStatement, RecordEntry, SpeakerRecord, SpeakerUnknown
from retrieval.quotes.record.speakers import RecordedSpeaker
from retrieval.store.statements import StatementKind
from retrieval.text.sanitize import line

NAMES_SHOWN = 4
"""Other names of a speaker that are shown; the rest is counted."""
MAX_EXCERPT_CHARACTERS = 500
"""Characters of one statement that are shown; JSON has all."""

MAX_PEOPLE = 100
"""Speakers that are listed where no other number is asked for."""

KINDS = {
    StatementKind.DIRECT: "quoted",
    StatementKind.MIXED: "partly quoted",
    StatementKind.INDIRECT: "reported",
}
"""What is said of how an article gives the words."""

_BY = "{count} by {name} in {articles}"
_BY_ABOUT = "{count} by {name} about “{topic}” in {articles}"
_NAMESAKES = "The name is also that of {names}: give their full name for their statements."
_SURNAME_ALONE = "{count} under the surname alone left out: the articles do not say whose."

DIFFERENCE_NOTE = "Side by side, because they share a topic and differ in one thing; what that means is yours to judge."
"""What is said above pairs of statements that differ."""


def record_summary(found: SpeakerRecord) -> str:
    """Return "12 statements by Ann Brook about “taxes” in 300 articles; the latest 10 are shown."."""
    text = translated(
        _BY_ABOUT if found.about else _BY,
        count=counted(found.found, "statement") if found.found else translated("No statement"),
        name=line(found.speaker.name),
        topic=line(found.about),
        articles=counted(found.articles, "article"),
    )
    if found.found > len(found.entries):
        text += translated("; the latest {number:,} are shown", number=len(found.entries))
    if not found.found and found.statements:
        text += translated(" ({count} on other topics)", count=counted(found.statements, "statement"))
    return f"{text}."


def record_notes(found: SpeakerRecord) -> list[str]:
    """Return what else should be known: other names, namesakes, what was left out."""
    notes = []
    names = list(dict.fromkeys(line(alias.name) for alias in found.speaker.aliases))
    others = [name for name in names if name != line(found.speaker.name)]
    if others:
        listed = ", ".join(others[:NAMES_SHOWN]) + _more(len(others) - NAMES_SHOWN)
        notes.append(translated("Also named {names}.", names=listed))
    if found.namesakes:
        listed = ", ".join(f"{line(each.name)} ({each.statements:,})" for each in found.namesakes[:NAMES_SHOWN])
        listed += _more(len(found.namesakes) - NAMES_SHOWN)
        notes.append(translated(_NAMESAKES, names=listed))
    if found.ambiguous:
        notes.append(translated(_SURNAME_ALONE, count=counted(found.ambiguous, "statement")))
    if found.unread:
        remedy = translated(UNREAD_REMEDY)
        notes.append(
            translated(
                "{count} not read for statements: {remedy}.", count=counted(found.unread, "article"), remedy=remedy
            )
        )
    return notes


def _more(number: int) -> str:
    return f" {translated('and {number:,} more', number=number)}" if number > 0 else ""


def unknown_words(error: SpeakerUnknown) -> str:
    """Return why there is no statement as a sentence."""
    text = line(str(error))
    return retold(f"{text[:1].upper()}{text[1:]}{'' if text.endswith('?') else '.'}")


def statement_words(placed: PlacedStatement) -> str:
    """Return a quotation's words between marks, of reported speech the article's sentence."""
    if placed.statement.kind is StatementKind.DIRECT:
        text = " … ".join(line(each).strip("\"“”„«»‘’'") for each in placed.words)
        return f"“{_shortened(text)}”"
    return _shortened(line(placed.excerpt))


def _shortened(text: str) -> str:
    if len(text) <= MAX_EXCERPT_CHARACTERS:
        return text
    return text[:MAX_EXCERPT_CHARACTERS].rsplit(maxsplit=1)[0] + " ⋯"


def details(entry: RecordEntry) -> list[str]:
    """Return how the words are given, who is named as the speaker, and how sure both the speaker and the topic are."""
    statement = entry.shown.statement
    named = translated("as “{name}”", name=line(entry.shown.named))
    told = [translated(KINDS[statement.kind]), named, sureness(statement.confidence)]
    return told if entry.mentions else [*told, translated("the topic is named beside it")]


def carried(entry: RecordEntry) -> str:
    """Return "first in The Star (2019-03-01); also Daily Post, Herald and 3 others"; nothing for a single report."""
    if len(entry.reports) < 2:
        return ""
    first, *others = (_outlet(report.article) for report in entry.reports)
    named, more = ", ".join(others[:COPIES_NAMED]), len(others) - COPIES_NAMED
    if more > 0:
        named = translated("{outlets} and {others}", outlets=named, others=counted(more, "other"))
    return translated("first in {first}; also {others}", first=first, others=named)


def _outlet(article: ArticleInfo) -> str:
    return f"{line(article.source) or title_of(article)} ({day_of(article)})"


def periods(found: SpeakerRecord) -> Iterator[tuple[str, list[tuple[int, RecordEntry]]]]:
    """Yield the numbered entries under their headings: before and from the pivot on, or all of them under none."""
    numbered = list(enumerate(found.entries, 1))
    if not found.pivot:
        yield "", numbered
        return
    undated = translated("Without a date")
    parts = {
        translated("Before {day}", day=found.pivot): [
            each for each in numbered if each[1].day and each[1].day < found.pivot
        ],
        translated("From {day} on", day=found.pivot): [each for each in numbered if each[1].day >= found.pivot],
        undated: [each for each in numbered if not each[1].day],
    }
    for heading, entries in parts.items():
        if entries or heading != undated:
            yield f"{heading}: {counted(len(entries), 'statement')}", entries


def difference_words(difference: StatementDifference) -> str:
    """Return what differs: "differs: “40” / “60”", "differs: “not” in one of them"."""
    one, other = difference.words
    if difference.kind is DifferenceKind.NEGATION:
        return translated("differs: “{words}” in one of them", words=line(one or other))
    return translated("differs: “{one}” / “{other}”", one=line(one), other=line(other))


def record_text(found: SpeakerRecord, places: Places, width: int | None = None, remedy: str = "") -> Text:
    """Return what somebody said: the statements by date, numbered, and the pairs that differ.

    ``remedy`` says how to see the entries that are left out, where there are such.
    """
    lines = hanging(Text(record_summary(found), TITLE), width)
    left_out = [remedy] if remedy and found.found > len(found.entries) else []
    for note in [*left_out, *record_notes(found)]:
        lines += hanging(Text(note, QUIET), width)
    for heading, entries in periods(found):
        if heading:
            lines += [Text(), *hanging(Text(heading, TITLE), width)]
        for number, entry in entries:
            lines += [Text(), *_entry(number, entry, places, width)]
    if found.differences:
        lines += [Text(), *hanging(Text("Differs", TITLE), width), *hanging(Text(DIFFERENCE_NOTE, QUIET), width)]
        for difference in found.differences:
            lines += [Text(), *hanging(Text(difference_words(difference), NO), width)]
            for at in (difference.first, difference.second):
                lines += _statement(at + 1, found.entries[at], width)
    return joined(lines)


def _entry(number: int, entry: RecordEntry, places: Places, width: int | None) -> list[Text]:
    shown = entry.shown
    article = shown.article
    lines = _statement(number, entry, width)
    head = Text.assemble(linked(title_of(article), article.url, QUIET), (_source(article), QUIET))
    lines += hanging(head, width, first="     ", rest="     ")
    lines += hanging(Text(" · ".join(details(entry)), QUIET), width, first="     ", rest="     ")
    lines += hanging(Text(location(article, shown.statement.span, places), QUIET), width, first="     ", rest="     ")
    if told := carried(entry):
        lines += hanging(Text(told, QUIET), width, first="     ", rest="     ")
    return lines


def _source(article: ArticleInfo) -> str:
    return f" · {line(article.source)}" if article.source else ""


def _statement(number: int, entry: RecordEntry, width: int | None) -> list[Text]:
    label = f"[{number}]"
    first = Text.assemble((f"{label:<4} ", NUMBER), (f"{entry.day or UNDATED}  ", QUIET))
    return hanging(Text(statement_words(entry.shown), QUOTE), width, first=first, rest="     ")


def people_text(
    people: Sequence[RecordedSpeaker], shown: int | None, width: int | None = None, remedy: str = ""
) -> Text:
    """Return who is quoted: statements, name and other names; ``remedy`` says how to see the rest."""
    if not people:
        return Text("Nobody is quoted.\n")
    lines: list[Text] = []
    listed = people if shown is None else people[:shown]
    for speaker in listed:
        names = [name for name in dict.fromkeys(line(each.name) for each in speaker.aliases) if name != speaker.name]
        more = f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else ""
        also = f" · {', '.join(names[:NAMES_SHOWN])}{more}" if names else ""
        text = Text.assemble((line(speaker.name), TITLE), (also, QUIET))
        lines += hanging(text, width, first=f"{speaker.statements:>6,}  ", rest=" " * 8)
    if len(listed) < len(people):
        lines += hanging(Text(f"{len(people) - len(listed):,} more{f': {remedy}' if remedy else '.'}", QUIET), width)
    return joined(lines)
