"""The commands ``onrecord said`` and ``onrecord people``."""

from __future__ import annotations

from datetime import datetime

from bot.app import App
from bot.exit_codes import ExitCode
from bot.record_requests import RecordRequest
from bot.render.phrases import counted
from bot.render.record import MAX_PEOPLE, people_text, record_text, unknown_words
from bot.render.record_json import people_document, record_document, unknown_document
from bot.terminal.output import Output
from bot.terminal.quote_commands import check_target, write_report
from retrieval.articles import Filters
from retrieval.errors import InputError
from retrieval.quotes.record.record import MAX_ENTRIES, UNREAD_REMEDY, SpeakerRecord, SpeakerUnknown

ALL_SHOWN = "--limit 0 shows all."
"""How to see what a limit leaves out."""


def run_said(
    app: App, output: Output, request: RecordRequest, *, limit: int | None = None, report: str | None = None
) -> int:
    """Show what somebody said; return the exit code: 1 where no article has a statement, 4 where some were not read."""
    target = None if report is None else check_target(report)
    app.check_ready()
    try:
        found = app.record.said(
            request.name, request.about, request.filters, pivot=request.pivot, limit=shown_at_most(limit, MAX_ENTRIES)
        )
    except SpeakerUnknown as error:
        if output.as_json:
            output.document(unknown_document(str(error), request.filters))
        else:
            output.raw(f"{unknown_words(error)} `onrecord people` lists who is quoted.\n")
        return ExitCode.STORE if error.unread else ExitCode.ABSTAINED
    places = output.places(app.home)
    if target:
        from bot.render.record_report import record_report  # noqa: PLC0415 (late: most ask for none)

        made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
        write_report(target, record_report(found, places, made))
        output.status(f"Wrote {target}.")
    if output.as_json:
        output.document(record_document(found, request.filters, places))
    else:
        output.text(record_text(found, places, output.width, ALL_SHOWN))
    return code_of_record(found)


def code_of_record(found: SpeakerRecord) -> ExitCode:
    """Return the exit code of what was found: 0, 1 for nothing, 4 for nothing while articles were not read."""
    if found.entries:
        return ExitCode.ANSWERED
    return ExitCode.STORE if found.unread else ExitCode.ABSTAINED


def run_people(app: App, output: Output, filters: Filters, *, limit: int | None = None) -> int:
    """List who is quoted; return the exit code."""
    app.check_ready()
    unread = app.record.sync()
    people = app.record.people(filters)
    if unread:
        output.status(f"{counted(unread, 'article')} not read for statements: {UNREAD_REMEDY}.")
    shown = shown_at_most(limit, MAX_PEOPLE)
    if output.as_json:
        output.document(people_document(people, shown, unread))
    else:
        output.text(people_text(people, shown, output.width, ALL_SHOWN))
    if people:
        return ExitCode.ANSWERED
    return ExitCode.STORE if unread else ExitCode.ABSTAINED


def shown_at_most(typed: int | None, usual: int) -> int | None:
    """Return how many are shown: all (None) for 0, and as many as usual where nothing was typed.

    Raises:
        InputError: It is less than 0.
    """
    if typed is None:
        return usual
    if typed < 0:
        raise InputError(f"--limit {typed} is less than nothing: 0 shows all")
    return typed or None
