"""Several writers at one store: real processes, and the model that people use."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.fakes_bot import clean_environment
from tests.chroma_server import ChromaServer
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.slow


@pytest.fixture(params=["embedded", "served"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a store in a folder, its vectors there or on a Chroma server."""
    if request.param == "embedded":
        yield clean_environment()
        return
    server = ChromaServer(tmp_path / "server")
    server.start()
    try:
        yield clean_environment(CHROMA_URL=server.url)
    finally:
        server.stop()


def start(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True)


def test_writers_at_once_wait_or_say_who_writes(environment: dict[str, str], tmp_path: Path) -> None:
    """Of ingests at one time each is done or says who is at it; after them the store is whole, and holds all once."""
    news = tmp_path / "news"
    news.mkdir()
    for number in range(30):
        (news / f"{number}.txt").write_text(
            f"News of quay {number}\n\nQuay {number} was painted by painter {number}.\n"
        )
    for running in [start(tmp_path, environment, "ingest", "news") for _ in range(3)]:
        _, err = running.communicate(timeout=PATIENCE_SECONDS)
        assert "Traceback" not in err
        assert running.returncode == 0 or (running.returncode == 4 and "another process (pid " in err), err
    ingesting = start(tmp_path, environment, "ingest", "--json", "news")
    report = json.loads(ingesting.communicate(timeout=PATIENCE_SECONDS)[0])
    assert (ingesting.returncode, report["articles"], report["unchanged"], report["added"]) == (0, 30, 30, 0)
    checking = start(tmp_path, environment, "doctor")
    checking.communicate(timeout=PATIENCE_SECONDS)
    assert checking.returncode == 0
