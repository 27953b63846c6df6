"""What only a process of its own shows: what is loaded, broken pipes, Ctrl-C, encodings."""

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

HEAVY = (
    "torch",
    "chromadb",
    "sentence_transformers",
    "langchain_core",
    "discord",
    "trafilatura",
    "pypdf",
    "dateparser",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose store holds one article."""
    folder = tmp_path_factory.mktemp("paper")
    make_library(folder / ".onrecord", [HARBOUR]).close()
    return folder


def test_help_is_fast_and_loads_nothing_heavy(folder: Path) -> None:
    """Under a quarter of a second where nothing else runs; modules are counted here, not seconds."""
    loaded = modules_after(["--help"], folder)
    assert not loaded & {*HEAVY, "numpy", "pydantic", "rich", "prompt_toolkit", "sqlite3"}


@pytest.mark.parametrize(
    "arguments", [["quote", "ended their strike on Tuesday"], ["quote", "no such words were said here", "--json"]]
)
def test_checking_a_quotation_loads_nothing_heavy(arguments: list[str], folder: Path) -> None:
    """From start to verdict in less than .4 s where nothing else runs; modules are counted here, not seconds."""
    loaded = modules_after(arguments, folder)
    assert "retrieval.quotes.desk" in loaded
    assert not loaded & {*HEAVY, "numpy", "prompt_toolkit", "nupunkt", "retrieval.loading"}


def test_checking_a_draft_loads_no_model(folder: Path) -> None:
    """Files are loaded as articles are, without what takes pages apart."""
    (folder / "draft.txt").write_text("“Ended their strike on Tuesday,” she said.", encoding="utf-8")
    assert not modules_after(["check", "draft.txt"], folder) & {*HEAVY, "prompt_toolkit"}


@pytest.mark.parametrize("arguments", [["articles"], ["show", "Harbour"], ["articles", "--json"], ["--version"]])
def test_commands_that_need_no_model_load_none(arguments: list[str], folder: Path) -> None:
    """Listing and showing cost SQLite."""
    assert not modules_after(arguments, folder) & {*HEAVY, "prompt_toolkit"}


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
            timeout=60,
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
        _, err = running.communicate(timeout=30)
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
        timeout=60,
        env=clean_environment(**environment),
    )


def modules_after(arguments: list[str], folder: Path) -> set[str]:
    """Return the modules that are loaded after a command ran in a process of its own."""
    code = "import sys; from bot.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        check=True,
        timeout=60,
        env=clean_environment(),
    )
    return set(ran.stderr.decode().split())
