"""What ``onrecord quote`` and ``onrecord check`` do."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import NOTHING_YET, App
from bot.citing import steadily
from bot.output import Output
from bot.question import checked, decoded, read_limited
from bot.quoting import LONGEST, Check, Sighting, worst
from bot.render.places import Places
from bot.render.verdict import draft_text, verdict_text
from bot.render.verdict_documents import draft_document, verdict_document
from retrieval.articles import Filters
from retrieval.errors import InputError, StoreMissing

if TYPE_CHECKING:  # loading files is not needed for one quotation
    from bot.drafts import Draft

LONGEST_NAME = 200  # characters

_BY = re.compile(r"(?P<words>[\"“„«'‘].+[\"”“»'’])\s+by\s+(?P<name>\S.*)", re.DOTALL | re.IGNORECASE)


def check_quote(app: App, words: str, speaker: str | None, filters: Filters) -> Check:
    """Check one quotation as a person typed it.

    Raises:
        InputError: It is empty or too long, or the speaker's name is.
        StoreMissing: Nothing has been ingested.
    """
    words = checked(words, what="quotation", longest=LONGEST)
    if not words:
        raise InputError("the quotation is empty: write its words, in quotation marks")
    named = checked(speaker or "", what="speaker's name", longest=LONGEST_NAME) or None

    def look() -> Check:
        verdict = app.quotes.check(words, named, filters)
        if not verdict.searched.articles and not filters:
            raise StoreMissing(NOTHING_YET)
        return Sighting(app.library).check(verdict)

    return steadily(look)


def run_quote(
    app: App, output: Output, words: str, filters: Filters, *, speaker: str | None = None, report: str | None = None
) -> int:
    """Check a quotation, or the one on stdin for ``-``; return the exit code."""
    if words == "-":
        words = decoded(read_limited(sys.stdin.buffer, LONGEST), what="quotation", longest=LONGEST)
    target = _target(report)
    check = check_quote(app, words, speaker, filters)
    places = output.places(app.home)
    if target:
        _report(target, output, [(None, [check])], "", places=places, title="Quotation check")
    if output.as_json:
        output.document(verdict_document(check, places))
    else:
        output.text(verdict_text(check, places, output.width))
    return check.code


def check_drafts(app: App, drafts: Sequence[Draft], filters: Filters) -> list[tuple[Draft, list[Check]]]:
    """Check every quotation of drafts; their places are numbered through.

    Raises:
        StoreMissing: Nothing has been ingested.
    """
    app.check_ready()

    def look() -> list[tuple[Draft, list[Check]]]:
        sighting = Sighting(app.library)
        return [
            (draft, [sighting.check(verdict, place) for place, verdict in app.quotes.check_draft(draft.read, filters)])
            for draft in drafts
        ]

    return steadily(look)


def check_file(app: App, named: str, filters: Filters) -> tuple[str, list[tuple[Draft, list[Check]]]]:
    """Check the quotations of a file that is named as typed; return what to call it, and the checks.

    Raises:
        InputError: It cannot be read.
        StoreMissing: Nothing has been ingested.
    """
    from bot.drafts import STDIN, drafts  # noqa: PLC0415 (late, as above)

    if len(named) > 1 and named[0] == named[-1] and named[0] in "\"'":
        named = named[1:-1]
    if named in {"", STDIN}:
        raise InputError("say which draft: /check FILE")
    read = drafts(named)
    return _name(read), check_drafts(app, read, filters)


def run_check(app: App, output: Output, named: str, filters: Filters, *, report: str | None = None) -> int:
    """Check the quotations of a file, or of stdin for ``-``; return the worst exit code."""
    from bot.drafts import drafts  # noqa: PLC0415 (late, as above)

    target = _target(report)
    read = drafts(named, sys.stdin.buffer)
    for draft in read:
        for note in draft.notes:
            output.status(f"{draft.name}: {note}")
    checked_drafts = check_drafts(app, read, filters)
    checks = [check for _, each in checked_drafts for check in each]
    places = output.places(app.home)
    name = _name(read)
    if target:
        _report(target, output, checked_drafts, name, places=places, title=f"Quotations in {name}")
    if output.as_json:
        output.document(draft_document(checked_drafts, places))
    else:
        output.text(draft_text(checked_drafts, name, places, output.width))
    return worst(checks)


def split_speaker(typed: str) -> tuple[str, str | None]:
    """Split '"We will not raise taxes" by Jane Smith' into the words and the name; without marks, all is words."""
    found = _BY.fullmatch(typed)
    return (found["words"], found["name"]) if found else (typed, None)


def _name(read: Sequence[Draft]) -> str:
    return read[0].name if len(read) == 1 else f"{len(read):,} drafts"


def _target(report: str | None) -> Path | None:
    """Look early whether the report can be written: before anything is checked."""
    if report is None:
        return None
    from bot.reporting import check_target  # noqa: PLC0415 (late: most checks write none)

    return check_target(report)


def _report(
    target: Path,
    output: Output,
    checked_drafts: Sequence[tuple[Draft | None, Sequence[Check]]],
    named: str,
    *,
    places: Places,
    title: str,
) -> None:
    from bot.render.report import report  # noqa: PLC0415 (late, as above)
    from bot.reporting import write_report  # noqa: PLC0415

    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    write_report(target, report(checked_drafts, named, places, made, title=title))
    output.status(f"Wrote {target}.")
