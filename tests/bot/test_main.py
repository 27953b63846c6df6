"""The program's entry point."""

from __future__ import annotations

import os
import sys

import pytest

from bot import __main__
from retrieval.linear_algebra import THREADS_VARIABLE


def test_ctrl_c_while_the_command_line_loads_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, and the code of every interruption."""

    class Interrupted:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "bot.terminal.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "bot.terminal.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    assert __main__.main() == 130
    assert capsys.readouterr() == ("", "onrecord: interrupted\n")


def test_it_is_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whose numpy starts no threads."""
    monkeypatch.setenv(THREADS_VARIABLE, "")  # recorded, so that it is put back
    monkeypatch.delenv(THREADS_VARIABLE)
    monkeypatch.setattr(sys, "argv", ["onrecord", "--version"])
    assert __main__.main() == 0
    assert capsys.readouterr().out.startswith("onrecord ")
    assert os.environ[THREADS_VARIABLE] == "1"
