"""Shows how an ingest goes: a bar on a terminal, plain lines elsewhere, a summary at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.text import Text

from bot.app import App
from bot.output import Code, Output
from bot.render.clean import line
from bot.render.layout import NO, QUIET
from bot.render.terminal import counted
from retrieval.errors import InputError

if TYPE_CHECKING:
    from retrieval.ingest import Progress, Report

_EVERY = 5.0  # s between the lines that tell how far it is where there is no terminal


def run_ingest(app: App, output: Output, paths: Sequence[str], *, prune: bool, rebuild: bool, quiet: bool) -> int:
    """Ingest ``paths`` and say what happened; 2 when every file was refused."""
    if not paths and not rebuild:
        raise InputError("say what to ingest: onrecord ingest PATH… (files, folders or patterns)")
    with progress(output, quiet=quiet) as on_progress:
        report = app.ingest(paths, prune=prune, rebuild=rebuild, on_progress=on_progress)
    counts = app.library.counts()
    if output.as_json:
        totals = {"articles": counts.articles, "passages": counts.passages}
        output.document({**asdict(report), **totals})
    else:
        _say(output, report, summary(report, counts.articles, counts.passages), quiet=quiet)
    return Code.USAGE if report.refused and not (report.added or report.changed or report.unchanged) else Code.ANSWERED


def summary(report: Report, articles: int, passages: int) -> str:
    """Return "3 articles, 21 passages: 3 added, 0 changed, 0 unchanged", and what was removed or refused."""
    parts = [f"{report.added:,} added", f"{report.changed:,} changed", f"{report.unchanged:,} unchanged"]
    parts += [f"{report.removed:,} removed"] if report.removed else []
    parts += [f"{len(report.refused):,} refused"] if report.refused else []
    return f"{counted(articles, 'article')}, {counted(passages, 'passage')}: {', '.join(parts)}"


def _say(output: Output, report: Report, total: str, *, quiet: bool) -> None:
    fresh = report.added or report.changed or report.removed
    for problem in report.refused if not quiet or fresh or report.refused else ():
        output.err.print(Text.assemble(("refused ", NO), line(f"{problem.name}: {problem.message}")), soft_wrap=True)
    for problem in report.notes if not quiet or fresh else ():
        output.err.print(Text.assemble(("note ", QUIET), line(f"{problem.name}: {problem.message}")), soft_wrap=True)
    if not quiet:
        output.text(Text(f"{total}\n"))
    elif fresh:
        output.status(total)


@contextmanager
def progress(output: Output, *, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Lend what shows progress on stderr: a bar with rate and time left on a terminal, a line every 5 s elsewhere."""
    console = output.err
    if console.is_terminal and not console.is_dumb_terminal:
        with _bar(output) as show:
            yield show
    elif quiet or output.as_json:
        yield None
    else:
        yield _lines(output)


@contextmanager
def _bar(output: Output) -> Iterator[Callable[[Progress], None]]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 (only when drawn)

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} passages", markup=False),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=output.err, transient=True, auto_refresh=False) as bar:
        task: list[object] = []
        began = time.monotonic()

        def show(now: object) -> None:
            done, total, name = _figures(now)
            rate = f"{done / max(time.monotonic() - began, 0.001):.0f}/s"
            if not task:
                task.append(bar.add_task(name, total=total, rate=rate))
            bar.update(task[0], completed=done, total=total, description=name, rate=rate)  # type: ignore[arg-type]
            bar.refresh()

        yield show


def _lines(output: Output) -> Callable[[Progress], None]:
    began = last = time.monotonic()

    def show(now: Progress) -> None:
        nonlocal last
        if time.monotonic() - last < _EVERY:
            return
        last = time.monotonic()
        done, total, name = _figures(now)
        rate = done / max(last - began, 0.001)
        output.status(f"{name}: {done:,} of {total:,} passages, {rate:.0f}/s")

    return show


def _figures(now: Progress) -> tuple[int, int, str]:
    """Return the passages done, all that are known so far, and the file's name."""
    return now.done, now.total, line(now.name)
