"""The terminal's echo is off while nobody reads, and on again afterwards; what was typed is kept."""

from __future__ import annotations

import os
import pty
import sys
import termios
from pathlib import Path

import pytest

from bot.terminal.echo import unechoed


def echoes(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def test_what_is_typed_meanwhile_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be read; afterwards the terminal is as before."""
    ours, its = pty.openpty()
    with os.fdopen(its, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        assert echoes(its)
        with unechoed():
            assert not echoes(its)
            os.write(ours, b"who?\n")
            assert terminal.readline() == "who?\n"
        assert echoes(its)
        os.write(ours, b"seen\n")
        assert terminal.readline() == "seen\n"
        assert os.read(ours, 100) == b"seen\r\n"
    os.close(ours)


def test_after_an_error_the_terminal_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, its = pty.openpty()
    with os.fdopen(its, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        with pytest.raises(KeyboardInterrupt), unechoed():
            raise KeyboardInterrupt
        assert echoes(its)
    os.close(ours)


def test_what_is_no_terminal_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "questions").write_text("who?\n", encoding="utf-8")
    with (tmp_path / "questions").open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        with unechoed():
            assert file.readline() == "who?\n"
