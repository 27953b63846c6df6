"""What only a process of its own shows: broken pipes, Ctrl-C, encodings. What is loaded: ``tests/test_imports.py``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bot.fakes_bot import HARBOUR, clean_environment
from tests.fakes import make_library
from tests.patience import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose store holds one article."""
    folder = tmp_path_factory.mktemp("paper")
    make_library(folder / ".onrecord", [HARBOUR]).close()
    return folder


def test_nobody_reading_ends_quietly(folder: Path) -> None:
    """`onrecord show … | head -1`."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        ran = subprocess.run(
            [sys.executable, "-m", "bot", "show", "Harbour"],
            cwd=folder,
            stdout=nobody,
            stderr=subprocess.PIPE,
            check=False,
            timeout=PATIENCE_SECONDS,
            env=clean_environment(),
        )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_ctrl_c_gives_130_and_one_line(folder: Path) -> None:
    """No traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    ) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(b"/sources\n")
        running.stdin.flush()
        running.stdout.readline()
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=PATIENCE_SECONDS)
    assert (running.returncode, err) == (130, b"onrecord: interrupted\n")


def test_a_narrow_output_encoding_is_no_crash(folder: Path) -> None:
    """JSON is escaped, text replaced."""
    ran = process("articles", "--json", cwd=folder, PYTHONIOENCODING="ascii")
    assert json.loads(ran.stdout)["articles"][0]["title"] == HARBOUR.title
    assert process("show", "Harbour:20-30", cwd=folder, PYTHONIOENCODING="ascii").returncode == 0


def test_a_damaged_store_gives_4_and_one_line(tmp_path: Path) -> None:
    """No traceback for a file that is no database."""
    (tmp_path / ".onrecord").mkdir()
    (tmp_path / ".onrecord/library.sqlite").write_bytes(b"not a database" * 1000)
    for arguments in (["articles"], ["ask", "why?"], ["chat"]):
        ran = process(*arguments, cwd=tmp_path)
        assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (4, b"", 1)


def test_version_and_help_end_well(folder: Path) -> None:
    """Both are on stdout."""
    assert process("--version", cwd=folder).stdout.startswith(b"onrecord ")
    for command in ("ingest", "ask", "quote", "check", "chat", "show", "articles", "doctor"):
        ran = process(command, "--help", cwd=folder)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert b"--json" in ran.stdout


def process(*arguments: str, cwd: Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        env=clean_environment(**environment),
    )
