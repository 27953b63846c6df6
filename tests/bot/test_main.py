"""The program's entry point."""

from __future__ import annotations

import sys

import pytest

from bot import __main__


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
    monkeypatch.setattr(sys, "argv", ["onrecord", "--version"])
    assert __main__.main() == 0
    assert capsys.readouterr().out.startswith("onrecord ")
