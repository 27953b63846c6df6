"""The commands ``onrecord quote`` and ``onrecord check``, and their reports, which replace only older reports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.app import App
from bot.quote_checks import MAX_QUOTE_CHARACTERS, CheckedDraft, QuoteChecker, draft_name
from bot.render.layout import Places
from bot.render.verdict import draft_text, verdict_text
from bot.render.verdict_json import draft_document, verdict_document
from bot.terminal.output import Output
from bot.user_input import decoded, read_limited
from retrieval.articles import Filters
from retrieval.errors import InputError, explain_os_error
from retrieval.text.sanitize import printable

_MAX_REPORT = 50_000_000  # characters of an older report whose ticks are read
_HEAD = 1_000  # bytes in which a report says that it is one


def check_target(named: str) -> Path:
    """Return where a report is to be written.

    Raises:
        InputError: Something else stands there, or it cannot be written to.
    """
    from bot.render.report import GENERATOR  # noqa: PLC0415 (late: most checks write no report)

    target = Path(named).expanduser()
    try:
        if not named or target.is_dir() or not target.parent.is_dir():
            raise InputError(f"--html {printable(named)} cannot be written: name a file in a folder that exists")
        if target.exists():
            with target.open("rb") as file:
                if GENERATOR.encode() not in file.read(_HEAD):
                    raise InputError(f"--html {printable(named)} is not a report and is kept: choose another name")
    except (OSError, ValueError) as error:
        raise InputError(f"--html {printable(named)} {explain_os_error(error, target)}") from None
    return target


def write_report(target: Path, page: str) -> None:
    """Write a report.

    Raises:
        InputError: It cannot be written.
    """
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--html {printable(str(target))} {explain_os_error(error, target)}") from None


def run_quote(
    app: App, output: Output, words: str, filters: Filters, *, speaker: str | None = None, report: str | None = None
) -> int:
    """Check a quotation, or the one on stdin for ``-``; return the exit code."""
    if words == "-":
        words = decoded(
            read_limited(sys.stdin.buffer, MAX_QUOTE_CHARACTERS), what="quotation", longest=MAX_QUOTE_CHARACTERS
        )
    target = _target(report)
    check = QuoteChecker(app.quotes, app.library).check_quote(words, speaker, filters)
    places = output.places(app.home)
    if target:
        _report(target, output, [CheckedDraft(None, (check,))], "", places=places, title="Quotation check")
    if output.as_json:
        output.document(verdict_document(check, places))
    else:
        output.text(verdict_text(check, places, output.width))
    return check.code


def run_check(
    app: App,
    output: Output,
    named: str,
    filters: Filters,
    *,
    report: str | None = None,
    comments: str | None = None,
) -> int:
    """Check the quotations of a file, or of stdin for ``-``; return the worst exit code.

    Args:
        app: The application.
        output: Where the verdicts go.
        named: The file.
        filters: The articles to search.
        report: Where an HTML report is written; None: nowhere.
        comments: Where a copy of a Word draft with comments is written; None: nowhere.
    """
    from bot.drafts import drafts  # noqa: PLC0415 (late, as above)

    target = _target(report)
    copy = None if comments is None else _copy_target(comments, named)
    read = drafts(named, sys.stdin.buffer)
    for draft in read:
        for note in draft.notes:
            output.status(f"{draft.name}: {note}")
    checked_drafts = QuoteChecker(app.quotes, app.library).check_drafts(read, filters)
    places = output.places(app.home)
    name = draft_name(read)
    if target:
        _report(target, output, checked_drafts, name, places=places, title=f"Quotations in {name}")
    if copy:
        _write_copy(copy, output, named, checked_drafts)
    if output.as_json:
        output.document(draft_document(checked_drafts, places))
    else:
        output.text(draft_text(checked_drafts, name, places, output.width))
    return max(each.code for each in checked_drafts)


def _target(report: str | None) -> Path | None:
    """Look early whether the report can be written: before anything is checked."""
    return None if report is None else check_target(report)


def _copy_target(named: str, draft: str) -> Path:
    """Return where a copy of a Word draft is to be written.

    Raises:
        InputError: The draft is none, or something else stands there, or it cannot be written to.
    """
    from retrieval.loaders.docx_comments import is_commented  # noqa: PLC0415 (late: few drafts are Word's)

    target, source = Path(named).expanduser(), Path(draft).expanduser()
    shown = printable(named)
    if draft == "-" or source.suffix.lower() != ".docx":
        raise InputError(f"--comments needs a Word document (.docx) as the draft, not {printable(draft)}")
    if target.suffix.lower() != ".docx" or target.is_dir() or not target.parent.is_dir():
        raise InputError(f"--comments {shown} cannot be written: name a .docx file in a folder that exists")
    try:
        if target.exists() and (target.samefile(source) or not is_commented(target.read_bytes())):
            raise InputError(f"--comments {shown} is not a copy with comments and is kept: choose another name")
    except (OSError, ValueError) as error:
        raise InputError(f"--comments {shown} {explain_os_error(error, target)}") from None
    return target


def _write_copy(target: Path, output: Output, named: str, checked: Sequence[CheckedDraft]) -> None:
    """Write a copy of a Word draft with a comment at each quotation.

    Raises:
        InputError: The draft cannot be read again, or the copy not written.
    """
    from bot.render.comments import document_comments  # noqa: PLC0415 (late, as above)
    from retrieval.errors import ArticleError  # noqa: PLC0415
    from retrieval.loaders.docx_comments import add_comments  # noqa: PLC0415

    comments = [comment for each in checked for comment in document_comments(each)]
    source = Path(named).expanduser()
    try:
        data, unplaced = add_comments(source.read_bytes(), comments)
        target.write_bytes(data)
    except ArticleError as error:
        raise InputError(f"{printable(named)} {error}") from None
    except OSError as error:
        raise InputError(f"--comments {printable(str(target))} {explain_os_error(error, target)}") from None
    lost = f"; {unplaced:,} of {len(comments):,} comments found no place in it" if unplaced else ""
    output.status(f"Wrote {printable(str(target))}{lost}.")


def _older_report(target: Path) -> str:
    """Return the report that is to be replaced, or ""."""
    try:
        with target.open(encoding="utf-8", errors="replace") as file:
            return file.read(_MAX_REPORT)
    except OSError:
        return ""


def _report(
    target: Path,
    output: Output,
    checked_drafts: Sequence[CheckedDraft],
    named: str,
    *,
    places: Places,
    title: str,
) -> None:
    from bot.render.report import accepted_keys, report  # noqa: PLC0415 (late, as above)

    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    accepted = accepted_keys(_older_report(target))
    write_report(target, report(checked_drafts, named, places, made, title=title, accepted=accepted))
    output.status(f"Wrote {target}.")
