"""An ingest says how far it is at least every five seconds, from its start to the end of its index."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.terminal import progress
from bot.terminal.output import Output
from retrieval.progress import IngestProgress

NOW = IngestProgress(done=3, total=9, articles=2, passages=5, seconds=0.0, name="a.txt", seconds_left=60.0)


def test_no_two_lines_are_further_apart_than_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is reported every second; where time begins anew, after another process, so do the lines."""
    output, lines, now = Output(), list[float](), 0.0
    monkeypatch.setattr(output, "status", lambda _: lines.append(now))
    with progress.progress(output, quiet=False) as show:
        assert show
        for step in range(1, 90):
            now += 0.5 + (step % 2) / 2.0
            show(replace(NOW, seconds=now if now < 40.0 else now - 39.9))
    assert max(after - before for before, after in pairwise([0.0, *lines, now])) <= 4.0
    assert len(lines) < 90 / 3
