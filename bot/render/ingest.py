"""An ingest in words: how far it has got, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render.catalogue import translated
from bot.render.phrases import counted

if TYPE_CHECKING:
    from retrieval.ingest import IngestReport
    from retrieval.progress import IngestProgress


def progress_line(now: IngestProgress) -> str:
    """Return "1,204 articles · 45 passages/s · 2:05 left", or that the articles are indexed."""
    parts = [counted(now.articles, "article")]
    parts += [translated("{rate:.0f} passages/s", rate=now.rate)] if now.passages and not now.indexing else []
    parts += [translated("indexing")] if now.indexing else []
    left = now.seconds_left
    if left is not None and now.total:
        minutes, seconds = divmod(round(left), 60)
        hours, minutes = divmod(minutes, 60)
        clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
        parts.append(translated("{time} left", time=clock))
    return " · ".join(parts)


def summary(report: IngestReport, articles: int, passages: int) -> str:
    """Return "3 articles, 21 passages: 3 added, 0 changed, 0 unchanged", and what was removed or refused."""
    parts = [f"{report.added:,} added", f"{report.changed:,} changed", f"{report.unchanged:,} unchanged"]
    parts += [f"{report.removed:,} removed"] if report.removed else []
    parts += [f"{report.refused_count:,} refused"] if report.refused_count else []
    if report.copies:
        parts[0] += f" ({report.copies:,} of them nearly the same as another)"
    return f"{counted(articles, 'article')}, {counted(passages, 'passage')}: {', '.join(parts)}"
