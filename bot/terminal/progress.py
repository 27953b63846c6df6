"""Shows how an ingest goes: a bar on a terminal, plain lines elsewhere, a summary at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.text import Text

from bot.app import App
from bot.exit_codes import ExitCode
from bot.render.ingest import progress_line, summary
from bot.render.layout import NO, QUIET
from bot.terminal.output import Output
from retrieval.errors import InputError
from retrieval.text.sanitize import line

if TYPE_CHECKING:
    from retrieval.ingest import IngestReport
    from retrieval.progress import IngestProgress

_MAX_WAIT_SECONDS = 600.0
"""How long an ingest waits for another one: as long as some thousand articles take."""
_DRAW_INTERVAL_SECONDS = 0.1  # s between two drawings of the bar
_LINE_INTERVAL_SECONDS = 3.0  # s between the lines that tell how far it is where there is no terminal


def run_ingest(app: App, output: Output, paths: Sequence[str], *, prune: bool, rebuild: bool, quiet: bool) -> int:
    """Ingest ``paths`` and say what happened; 2 when every file was refused."""
    if not paths and not rebuild:
        raise InputError("say what to ingest: onrecord ingest PATH… (files, folders or patterns)")
    with progress(output, quiet=quiet) as on_progress:
        report = app.ingest(
            paths, prune=prune, rebuild=rebuild, on_progress=on_progress, wait_seconds=_MAX_WAIT_SECONDS
        )
    counts = app.library.counts()
    if output.as_json:
        totals = {"articles": counts.articles, "passages": counts.passages}
        output.document({**asdict(report), **totals})
    else:
        _say(output, report, summary(report, counts.articles, counts.passages), quiet=quiet)
    return (
        ExitCode.USAGE
        if report.refused_count and not (report.added or report.changed or report.unchanged)
        else ExitCode.ANSWERED
    )


def _say(output: Output, report: IngestReport, total: str, *, quiet: bool) -> None:
    fresh = report.added or report.changed or report.removed
    for problem in report.refused:
        output.err.print(Text.assemble(("refused ", NO), line(f"{problem.name}: {problem.message}")), soft_wrap=True)
    for problem in report.notes if not quiet or fresh else ():
        output.err.print(Text.assemble(("note ", QUIET), line(f"{problem.name}: {problem.message}")), soft_wrap=True)
    _left_out(output, len(report.refused), report.refused_count, "refused")
    if not quiet:
        output.text(Text(f"{total}\n"))
    elif fresh:
        output.status(total)


def _left_out(output: Output, shown: int, total: int, what: str) -> None:
    if total > shown:
        output.status(f"… and {total - shown:,} more {what}")


@contextmanager
def progress(output: Output, *, quiet: bool) -> Iterator[Callable[[IngestProgress], None] | None]:
    """Lend what shows progress on stderr: a bar with rate and time left on a terminal, elsewhere a line within 5 s."""
    console = output.err
    if console.is_terminal and not console.is_dumb_terminal:
        with _bar(output) as show:
            yield show
    elif quiet or output.as_json:
        yield None
    else:
        yield _lines(output)


@contextmanager
def _bar(output: Output) -> Iterator[Callable[[IngestProgress], None]]:
    from rich.progress import BarColumn, TextColumn  # noqa: PLC0415 (only when drawn)
    from rich.progress import Progress as Bar  # noqa: PLC0415

    figures = TextColumn("{task.fields[figures]}", markup=False)
    with Bar(BarColumn(bar_width=None), figures, console=output.err, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None, figures="reading…")
        drawn = 0.0

        def show(now: IngestProgress) -> None:
            nonlocal drawn
            if 0.0 <= now.seconds - drawn < _DRAW_INTERVAL_SECONDS:
                return
            drawn = now.seconds
            if now.indexing or now.seconds_left is None:  # a step of its own, or nothing to go by
                bar.update(task, completed=now.done, total=now.total or None, figures=progress_line(now))
            else:  # of the time, not of the bytes: what is left may cost more or less than what is done
                whole = now.seconds + now.seconds_left
                bar.update(task, completed=now.seconds, total=whole or None, figures=progress_line(now))
            bar.refresh()

        yield show


def _lines(output: Output) -> Callable[[IngestProgress], None]:
    shown = 1.0 - _LINE_INTERVAL_SECONDS  # the first one comes early: what is over sooner needs none

    def show(now: IngestProgress) -> None:
        nonlocal shown
        if not 0.0 <= now.seconds - shown < _LINE_INTERVAL_SECONDS:  # time begins anew after a wait for another process
            shown = now.seconds
            output.status(progress_line(now))

    return show
