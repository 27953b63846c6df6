"""What each command may load: no command pays for what only another one needs."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.fakes_bot import HARBOUR, clean_environment
from tests.fakes import make_library
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

WATCHED = {
    *("aiohttp", "charset_normalizer", "chromadb", "dateparser", "discord", "dotenv", "edlib", "filelock", "httpx"),
    *(
        "langchain",
        "langchain_anthropic",
        "langchain_core",
        "langchain_openai",
        "langsmith",
        "lxml",
        "numpy",
        "nupunkt",
    ),
    *("onnx", "onnxruntime", "pandas", "prompt_toolkit", "pydantic", "pypdfium2", "rapidfuzz", "rich", "scipy"),
    *("sentence_transformers", "sklearn", "sqlite3", "Stemmer", "tokenizers", "torch", "trafilatura", "transformers"),
    "typer",
}
"""Packages that cost something to load, and SQLite."""

SPOKEN = {"typer"}
SETTLED = {*SPOKEN, "pydantic", "dotenv", "rich"}  # settings are read, and something is printed
READING = {*SETTLED, "sqlite3", "Stemmer"}
ALIGNING = {*READING, "edlib", "rapidfuzz"}  # a quotation that is not found as it is
TRACING = {"langsmith", "charset_normalizer"}  # requests loads the latter
WRITING = {*READING, "filelock", "numpy", "nupunkt"}

ALLOWED: dict[tuple[str, ...], set[str]] = {
    ("--help",): SPOKEN,
    ("ask", "--help"): {*SPOKEN, "pydantic"},  # Typer's own, to show types
    ("--version",): SETTLED,
    ("articles",): READING,
    ("articles", "--json"): READING,
    ("show", "Harbour"): READING,
    ("backup", "kept.sqlite"): READING,
    ("forget",): READING,
    ("quote", "ended their strike on Tuesday"): ALIGNING,
    ("quote", "no such words were said here", "--json"): ALIGNING,
    ("check", "draft.txt"): {*ALIGNING, "nupunkt"},
    ("doctor",): {*READING, *TRACING, "numpy"},
    ("discord", "--invite"): {*SETTLED, "discord", "aiohttp", "sqlite3"},
}

ASKING = {*READING, "numpy", "nupunkt", "onnxruntime", "tokenizers"}

RUN = """
import sys
from bot.terminal.cli import main
code = main(sys.argv[1:])
print(code, *sys.modules, file=sys.stderr)
"""

AT_THE_PROMPT = """
import sys
from prompt_toolkit import PromptSession
from bot.terminal.cli import main
def prompt(*_, **__):
    print(0, *sys.modules, file=sys.stderr)
    raise EOFError
PromptSession.prompt = prompt
main(["chat"])
"""

COMPILED = """
import re, sys
compile, ours = re.compile, []
def counted(pattern, flags=0):
    if sys._getframe(1).f_globals["__name__"].partition(".")[0] in {"bot", "retrieval"}:
        ours.append(pattern)
    return compile(pattern, flags)
re.compile = counted
import bot.app, bot.chain, bot.terminal.cli, bot.terminal.repl, retrieval.ingest
print(0, len(ours), len([each for each in sys.modules if each.startswith(("bot.", "retrieval."))]), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store holds one article, and a draft."""
    folder = tmp_path_factory.mktemp("paper")
    make_library(folder / ".onrecord", [HARBOUR]).close()
    (folder / "draft.txt").write_text("“Ended her strike on a Tuesday,” she said.", encoding="utf-8")
    return folder


@pytest.fixture
def seeded(real_seeds_store: Path, tmp_path: Path) -> Path:
    """A folder with a store of the seed articles that was asked before: the model's fast copy is made."""
    shutil.copytree(real_seeds_store, tmp_path / ".onrecord")
    loaded_by("ask", "Who signed the agreement?", folder=tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", list(ALLOWED), ids=" ".join)
def test_a_command_loads_what_it_needs_and_no_more(arguments: tuple[str, ...], folder: Path) -> None:
    """Modules are counted here, not seconds; both are few."""
    assert loaded_by(*arguments, folder=folder) <= ALLOWED[arguments]


def test_an_ingest_of_what_is_unchanged_loads_no_model(seeded: Path, seeds: Path) -> None:
    """Neither to read pages nor to embed: it compares hashes."""
    loaded_by("ingest", "seeds", folder=seeded)
    assert loaded_by("ingest", "seeds", folder=seeded) <= WRITING


def test_an_answer_offline_costs_the_models_fast_copy(seeded: Path) -> None:
    """Neither torch nor, over a library this small, Chroma; nor LangChain, which runs the same chain for who has it."""
    assert "onnxruntime" in loaded_by("ask", "Who signed the agreement?", folder=seeded) <= ASKING


def test_the_prompt_comes_before_anything_heavy(folder: Path) -> None:
    """The REPL loads model and chain behind it."""
    keyboard, terminal = os.openpty()
    try:
        ran = run_code(AT_THE_PROMPT, [], folder, stdin=terminal, stdout=terminal)
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert "prompt_toolkit" in ran
    assert ran <= {*READING, "prompt_toolkit"}


def test_no_command_looks_for_pydantics_plugins(folder: Path) -> None:
    """That reads the metadata of every installed package."""
    code = RUN.replace("print(code,", "from pydantic.plugin import _loader; print(code, _loader._plugins,")
    said = last_line(code, ["articles"], folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    assert said[0] == "None"


def test_regular_expressions_are_compiled_when_they_are_used(folder: Path) -> None:
    """A lazy pattern each: those compiled at import are of bytes, or read the word lists."""
    compiled, modules = map(int, last_line(COMPILED, [], folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
    assert modules > 100
    assert compiled <= 8


def loaded_by(*arguments: str, folder: Path) -> set[str]:
    """Return the watched packages that a command loads in a process of its own; it has to do what it is for."""
    return run_code(RUN, list(arguments), folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def run_code(code: str, arguments: list[str], folder: Path, *, stdin: int, stdout: int) -> set[str]:
    modules = last_line(code, arguments, folder, stdin=stdin, stdout=stdout)
    return {name.partition(".")[0] for name in modules} & WATCHED


def last_line(code: str, arguments: list[str], folder: Path, *, stdin: int, stdout: int) -> list[str]:
    """Return the words of the last line that code writes to stderr, which begins with an exit code."""
    token = base64.b64encode(b"123456789").decode().rstrip("=") + ".x.y"
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=True,
        timeout=PATIENCE_SECONDS,
        env=clean_environment(DISCORD_TOKEN=token),
    )
    status, *words = ran.stderr.decode().splitlines()[-1].split()
    assert status in {"0", "1", "3", "4"}, ran.stderr.decode()
    return words
