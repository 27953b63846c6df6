"""The record as JSON documents; for every place in it ``article.text[start:end]`` is the quoted text."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.json import JsonDocument, article_fields, filters_document, span_fields
from bot.render.layout import Places
from bot.render.record import DIFFERENCE_NOTE, difference_words
from retrieval.articles import Filters
from retrieval.quotes.record.record import PlacedStatement, RecordEntry, SpeakerRecord
from retrieval.quotes.record.speakers import RecordedSpeaker


def record_document(found: SpeakerRecord, filters: Filters, places: Places) -> JsonDocument:
    """Return what somebody said."""
    return {
        "speaker": person_document(found.speaker),
        "namesakes": [person_document(each) for each in found.namesakes],
        "about": found.about or None,
        "before_after": found.pivot or None,
        "found": found.found,
        "shown": len(found.entries),
        "statements_of_speaker": found.statements,
        "ambiguous": found.ambiguous,
        "statements": [_entry(number, entry, found.pivot, places) for number, entry in enumerate(found.entries, 1)],
        "differences": [
            {
                "statements": [each.first + 1, each.second + 1],
                "kind": str(each.kind),
                "words": list(each.words),
                "label": difference_words(each),
                "shared": each.shared,
            }
            for each in found.differences
        ],
        "differences_note": DIFFERENCE_NOTE if found.differences else None,
        "searched": {"articles": found.articles, "unread": found.unread, "filters": filters_document(filters)},
    }


def unknown_document(message: str, filters: Filters) -> JsonDocument:
    """Return the document for a speaker of whom no article has a statement."""
    return {
        "speaker": None,
        "message": message,
        "found": 0,
        "shown": 0,
        "statements": [],
        "differences": [],
        "searched": {"filters": filters_document(filters)},
    }


def _entry(number: int, entry: RecordEntry, pivot: str, places: Places) -> JsonDocument:
    return {
        "number": number,
        "day": entry.day or None,
        "period": None if not pivot or not entry.day else "before" if entry.day < pivot else "after",
        "mentions_topic": entry.mentions,
        **_report(entry.shown, places),
        "first_report": _report(entry.first, places),
        "reports": [_report(report, places) for report in entry.reports],
    }


def _report(placed: PlacedStatement, places: Places) -> JsonDocument:
    statement = placed.statement
    return {
        **article_fields(placed.article, places),
        "kind": str(statement.kind),
        "words": " … ".join(placed.words),
        "spans": [
            span_fields(span) | {"quote": words} for span, words in zip(statement.content, placed.words, strict=True)
        ],
        "excerpt": span_fields(statement.excerpt) | {"quote": placed.excerpt},
        "named": span_fields(statement.source) | {"quote": placed.named},
        "cue": span_fields(statement.cue) if statement.cue else None,
        "via": span_fields(statement.via) if statement.via else None,
        "speaker": statement.speaker,
        "rule": statement.rule,
        "confidence": statement.confidence,
    }


def people_document(people: Sequence[RecordedSpeaker], shown: int | None, unread: int) -> JsonDocument:
    """Return who is quoted, and how many articles could not be read for that."""
    listed = people if shown is None else people[:shown]
    return {
        "found": len(people),
        "shown": len(listed),
        "unread": unread,
        "people": [person_document(each) for each in listed],
    }


def person_document(speaker: RecordedSpeaker) -> JsonDocument:
    """Return a speaker with all names."""
    return {
        "name": speaker.name,
        "statements": speaker.statements,
        "aliases": [
            {"name": alias.name, "statements": alias.statements, "articles": alias.articles}
            for alias in speaker.aliases
        ],
    }
