"""The REPL: commands, Ctrl-C, Ctrl-D, paste, completion, history; one failing answer never ends it."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.answers import Answer, SearchScope
from bot.app import App
from bot.terminal.repl import Repl
from retrieval.articles import Hit
from retrieval.errors import InputError
from tests.bot.fakes_bot import clean_environment, make_app
from tests.bot.runs import Screen
from tests.patience import PATIENCE_SECONDS

QUESTION = "When did the dockers end their strike?"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with make_app(tmp_path / ".onrecord") as app:
        yield app


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys:
        yield keys


def typed(app: App, keys: PipeInput, text: str) -> tuple[str, str, Repl]:
    """Type ``text`` into a REPL until it leaves; return what it showed on stdout and stderr."""
    keys.send_text(text)
    screen = Screen()
    repl = Repl(app, screen, keys=keys, screen=DummyOutput())
    repl._warm()
    assert repl._warmed is not None
    repl._warmed.exception(PATIENCE_SECONDS)  # while it loads, leaving ends the process
    assert repl.run() == 0
    return screen.shown.getvalue(), screen.said.getvalue(), repl


class TestTyping:
    def test_a_question_is_answered_and_ctrl_d_leaves(self, app: App, keys: PipeInput) -> None:
        """The answer, with its number."""
        out, err, _ = typed(app, keys, f"{QUESTION}\r\x04")
        assert "“The dockers of Port Vell ended their strike on Tuesday.” [1]" in out
        assert err == ""

    def test_ctrl_c_clears_the_line_and_stays(self, app: App, keys: PipeInput) -> None:
        """What was typed is not asked."""
        out, _, repl = typed(app, keys, f"half a thought\x03{QUESTION}\r\x04")
        assert [answer.question for answer in repl.session.answers] == [QUESTION]
        assert "Port Vell" in out

    def test_pasted_lines_are_one_question(self, app: App, keys: PipeInput) -> None:
        """Bracketed paste."""
        _, _, repl = typed(app, keys, "\x1b[200~When did\r\nthe dockers\n\nend their strike?\x1b[201~\r/quit\r")
        assert [answer.question for answer in repl.session.answers] == [QUESTION]

    def test_pasted_questions_are_answered_one_by_one(self, app: App, keys: PipeInput) -> None:
        """Each under its own title."""
        out, _, repl = typed(app, keys, f"\x1b[200~{QUESTION}\nWho is the king of Spain?\x1b[201~\r/quit\r")
        assert [answer.question for answer in repl.session.answers] == [QUESTION, "Who is the king of Spain?"]
        assert f"\n{QUESTION}\n" in out

    @pytest.mark.parametrize("leave", ["exit", "quit", "Exit", "q", "exit."])
    def test_commands_need_no_slash(self, app: App, keys: PipeInput, leave: str) -> None:
        out, err, repl = typed(app, keys, f"{QUESTION}\ropen 1\rwhy\rhelp\r{leave}\r")
        assert [answer.question for answer in repl.session.answers] == [QUESTION]
        assert "Answered: the sentence is right" in out
        assert "/open N" in out
        assert err == ""

    def test_a_question_that_begins_like_a_command_is_a_question(self, app: App, keys: PipeInput) -> None:
        asked = [QUESTION, "Why?", "help for the dockers?", "open the harbour?", "new wages for whom?"]
        _, _, repl = typed(app, keys, "".join(f"{each}\r" for each in asked) + "\x04")
        assert [answer.question for answer in repl.session.answers] == asked

    def test_an_error_is_one_line_and_the_session_goes_on(self, app: App, keys: PipeInput) -> None:
        """Unknown commands suggest the nearest; a bug is a line, too."""
        out, err, _ = typed(app, keys, f"/opne 1\r/open\r\x1b[200~{'x' * 5000}\x1b[201~\r{QUESTION}\r\x04")
        assert "did you mean /open?" in err
        assert "nothing was asked yet" in err
        assert "5,000 characters" in err
        assert err.count("\n") == 3
        assert "Port Vell" in out

    def test_a_bug_in_one_answer_does_not_end_the_session(self, tmp_path: Path, keys: PipeInput) -> None:
        """ZeroDivisionError is said in one line."""
        app = make_app(tmp_path, answerer=Failing(ZeroDivisionError("division by zero")))
        _, err, _ = typed(app, keys, f"{QUESTION}\r/help\r\x04")
        assert "ZeroDivisionError" in err
        assert err.count("\n") == 1

    def test_a_timeout_in_an_answer_is_an_error_and_not_waited_for(self, tmp_path: Path, keys: PipeInput) -> None:
        """TimeoutError also ends a wait; it must not be taken for one."""
        app = make_app(tmp_path, answerer=Failing(TimeoutError("too slow")))
        assert "too slow" in typed(app, keys, f"{QUESTION}\r\x04")[1]

    def test_blank_lines_are_nothing(self, app: App, keys: PipeInput) -> None:
        """No answer, no error."""
        _, err, repl = typed(app, keys, "\r   \r\x04")
        assert (err, repl.session.answers) == ("", [])

    def test_history_is_kept_for_its_owner_only(self, app: App, keys: PipeInput) -> None:
        """In the store, 0600."""
        typed(app, keys, f"{QUESTION}\r\x04")
        file = app.folder / "history"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert QUESTION in file.read_text(encoding="utf-8")

    def test_ctrl_c_cancels_a_running_answer_and_stays(
        self, tmp_path: Path, keys: PipeInput, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The prompt comes back though the answer is still worked on."""
        held = threading.Event()
        app = make_app(tmp_path, answerer=Waiting(held))
        screen = Screen()
        repl = Repl(app, screen, keys=keys, screen=DummyOutput())
        try:
            repl.turn(QUESTION)
            assert "Cancelled." in screen.said.getvalue()
            repl.turn("/help")
            assert "/open" in screen.shown.getvalue()
            assert repl.session.answers == []
        finally:
            held.set()

    def test_leaving_while_the_model_loads_is_at_once_and_quiet(self, app: App, tmp_path: Path) -> None:
        """The loading thread is neither waited for nor killed in the middle of C++."""
        code = (
            "import sys, time; from tests.bot.terminal import test_repl as t\n"
            "with t.create_pipe_input() as keys:\n"
            "    app = t.make_app(t.Path(sys.argv[1])); app.warm = lambda: time.sleep(3_600)\n"
            "    keys.send_text('/help\\r\\x04')\n"
            "    t.Repl(app, t.Screen(), keys=keys, screen=t.DummyOutput()).run()\n"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "other")],
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
            env=clean_environment(),
        )
        assert (ran.returncode, ran.stderr) == (0, b"")


class TestToolbar:
    def test_it_says_what_is_loading_then_corpus_model_and_filters(self, app: App, keys: PipeInput) -> None:
        """Nothing is loaded before the first prompt."""
        repl = Repl(app, Screen(), keys=keys, screen=DummyOutput())
        assert repl._toolbar() == " 2 articles · 6 passages · loading all-MiniLM-L6-v2…"
        repl._warm()
        assert repl._warmed is not None
        repl._warmed.result(PATIENCE_SECONDS)
        repl.turn("/filter source='Coast Herald'")
        assert repl._toolbar() == ' 2 articles · 6 passages · all-MiniLM-L6-v2 · source="Coast Herald"'

    def test_a_model_that_cannot_load_is_said(self, tmp_path: Path, keys: PipeInput) -> None:
        """The session stays for /show and /articles."""
        app = make_app(tmp_path, embedder=Unloadable())
        repl = Repl(app, Screen(), keys=keys, screen=DummyOutput())
        repl._warm()
        assert repl._warmed is not None
        assert repl._warmed.exception(PATIENCE_SECONDS)
        assert "failed to load" in repl._toolbar()


class Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        raise self._error


class Waiting:
    def __init__(self, held: threading.Event) -> None:
        self._held = held

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        interrupt()
        self._held.wait(PATIENCE_SECONDS)
        raise ZeroDivisionError


class Unloadable:
    def __getattr__(self, name: str) -> Any:
        raise InputError("no such model")


def interrupt() -> None:
    """Do what Ctrl-C does while no prompt is shown."""
    signal.raise_signal(signal.SIGINT)
