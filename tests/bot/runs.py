"""Runs command lines in process over a small store."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app import Overrides
from bot.terminal.cli import main
from bot.terminal.output import Output, console
from retrieval.articles import Article
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_parts


class Screen(Output):
    """Keeps what was printed."""

    def __init__(self) -> None:
        super().__init__()
        self.shown, self.said = io.StringIO(), io.StringIO()
        self.out, self.err = console(self.shown), console(self.said)


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def runner(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    articles: Sequence[Article] = (HARBOUR, ORCHARD),
) -> Callable[..., Ran]:
    """Return what runs a command line over a store of ``articles``, in ``folder``, without colour."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NO_COLOR", "1")
    parts = make_parts(folder / ".onrecord", articles)

    def call(*arguments: str, stdin: bytes = b"", parts: Overrides = parts) -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        capsys.readouterr()
        code = main(arguments, parts)
        return Ran(code, *capsys.readouterr())

    return call
