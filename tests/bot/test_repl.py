"""The REPL: commands, Ctrl-C, Ctrl-D, paste, completion, history; one failing answer never ends it."""

from __future__ import annotations

import io
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.answers import Answer, Searched
from bot.app import App
from bot.commands import COMMANDS, Session
from bot.completion import SessionCompleter
from bot.output import Output, console
from bot.render.places import Places
from bot.repl import Repl
from retrieval.articles import Filters, Hit
from retrieval.errors import InputError
from tests.bot.fakes_bot import ORCHARD, clean_environment, make_app
from tests.fakes import make_article

QUESTION = "When did the dockers end their strike?"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with make_app(tmp_path / ".onrecord") as app:
        yield app


@pytest.fixture
def session(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    return Session(app, Places(app.home, tmp_path), lambda: 80, lambda: 24)


class Screen(Output):
    """Keeps what was printed."""

    def __init__(self) -> None:
        super().__init__()
        self.shown, self.said = io.StringIO(), io.StringIO()
        self.out, self.err = console(self.shown), console(self.said)


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys:
        yield keys


def typed(app: App, keys: PipeInput, text: str) -> tuple[str, str, Repl]:
    """Type ``text`` into a REPL until it leaves; return what it showed on stdout and stderr."""
    keys.send_text(text)
    screen = Screen()
    repl = Repl(app, screen, keys=keys, screen=DummyOutput())
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
        timer = threading.Timer(0.3, interrupt)
        timer.start()
        try:
            repl.turn(QUESTION)
            assert "Cancelled." in screen.said.getvalue()
            repl.turn("/help")
            assert "/open" in screen.shown.getvalue()
            assert repl.session.answers == []
        finally:
            held.set()
            timer.join()

    def test_leaving_while_the_model_loads_is_at_once_and_quiet(self, app: App, tmp_path: Path) -> None:
        """The loading thread is neither waited for nor killed in the middle of C++."""
        code = (
            "import sys, time; from tests.bot import test_repl as t\n"
            "with t.create_pipe_input() as keys:\n"
            "    app = t.make_app(t.Path(sys.argv[1])); app.warm = lambda: time.sleep(60)\n"
            "    t.typed(app, keys, '/help\\r\\x04')\n"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "other")],
            capture_output=True,
            check=False,
            timeout=50,
            env=clean_environment(),
        )
        assert (ran.returncode, ran.stderr) == (0, b"")


class TestToolbar:
    def test_it_says_what_is_loading_then_corpus_model_and_filters(self, app: App, keys: PipeInput) -> None:
        """Nothing is loaded before the first prompt."""
        repl = Repl(app, Screen(), keys=keys, screen=DummyOutput())
        repl._look()
        assert repl._toolbar() == " 2 articles · 6 passages · loading all-MiniLM-L6-v2…"
        repl._warm()
        assert repl._warmed is not None
        repl._warmed.result(timeout=20)
        repl.turn("/filter source='Coast Herald'")
        assert repl._toolbar() == ' 2 articles · 6 passages · all-MiniLM-L6-v2 · source="Coast Herald"'

    def test_a_model_that_cannot_load_is_said(self, tmp_path: Path, keys: PipeInput) -> None:
        """The session stays for /show and /articles."""
        app = make_app(tmp_path, embedder=Unloadable())
        repl = Repl(app, Screen(), keys=keys, screen=DummyOutput())
        repl._warm()
        assert repl._warmed is not None
        assert repl._warmed.exception(timeout=20)
        assert "failed to load" in repl._toolbar()


class TestCommands:
    def ask(self, session: Session, question: str = QUESTION) -> None:
        session.answers.append(session.app.ask(question, session.filters))

    def test_open_shows_the_quote_marked_in_its_article(self, session: Session) -> None:
        """With what stands around it."""
        self.ask(session)
        shown = session.run("/open 1").plain
        assert "┃ ⟦The dockers of Port Vell ended their strike on Tuesday.⟧" in shown
        assert "Wages rise by four percent." in shown
        assert shown.startswith("Harbour strike ends — Coast Herald, 2024-03-05\n¶ 2 · news/harbour.txt:20-")
        assert session.run("/open").plain == shown

    @pytest.mark.parametrize("wanted", ["7", "0", "x", "-1", "²", "1 2", "9" * 30])
    def test_open_refuses_what_is_not_cited(self, wanted: str, session: Session) -> None:
        """And says what there is."""
        self.ask(session)
        with pytest.raises(InputError, match="open 1"):
            session.run(f"/open {wanted}")

    def test_open_opens_the_nearest_of_an_abstention(self, session: Session) -> None:
        """They are numbered, too."""
        self.ask(session, "Who are the growers of France?")
        assert session.last().abstention
        assert "⟦Growers ask for aid.⟧" in session.run("/open 1").plain

    def test_a_long_article_is_paged_to_the_terminals_height(self, tmp_path: Path) -> None:
        """The quote is on the page; + and - turn, and stop at the ends."""
        lines = [f"Filler number {number}." for number in range(200)]
        lines[120] = "The zeppelin landed at noon."
        app = make_app(tmp_path, articles=[make_article("\n".join(lines), title="Long", origin="long.txt")])
        session = Session(app, Places(app.home, tmp_path), lambda: 60, lambda: 20)
        self.ask(session, "When did the zeppelin land? At noon?")
        page = session.run("/open 1").plain
        assert "⟦The zeppelin landed at noon.⟧" in page
        assert "Filler number 119." in page
        assert "Filler number 121." in page
        assert page.count("\n") <= 18
        following = session.run("/open +").plain
        assert "zeppelin" not in following
        assert session.run("/open -").plain == page
        while "Filler number 199." not in session.run("/open +").plain:
            pass
        with pytest.raises(InputError, match="end"):
            session.run("/open +")

    def test_why_shows_ranks_and_the_decision(self, session: Session) -> None:
        """For answers and abstentions."""
        self.ask(session)
        assert session.run("/why").plain.startswith("Answered: ")
        self.ask(session, "Who are the growers of France?")
        assert "Abstained (not in articles)" in session.run("/why").plain

    def test_sources_and_articles_are_listed(self, session: Session) -> None:
        """Outlets with their numbers, and the days."""
        assert session.run("/sources").plain == (
            "     1  Coast Herald\n     1  Valley Times\nPublished 2024-03-05 to 2024-04-20.\n"
        )
        session.run("/filter source='valley times'")
        assert "Harbour" not in session.run("/articles").plain

    def test_filters_add_up_and_clear(self, session: Session) -> None:
        """Each setting replaces its own kind; an empty one takes it away."""
        assert session.run('/filter source="Coast Herald" since=2024-01-01').plain == (
            'source="Coast Herald" since=2024-01-01: 1 article, 3 passages.\n'
        )
        session.run("/filter article=Frost source=")
        assert session.filters == Filters(since="2024-01-01", articles=(ORCHARD.id,))
        assert session.run("/filter clear").plain == "No filter: 2 articles, 6 passages.\n"
        assert session.filters == Filters()

    @pytest.mark.parametrize("wrong", ["colour=red", "since=soon", "source='x", "article=none", "source"])
    def test_a_wrong_filter_changes_nothing(self, wrong: str, session: Session) -> None:
        """The error is an InputError."""
        with pytest.raises(InputError):
            session.run(f"/filter {wrong}")
        assert session.filters == Filters()

    def test_export_writes_markdown_and_does_not_overwrite(self, session: Session, tmp_path: Path) -> None:
        """Unless told so with an exclamation mark."""
        with pytest.raises(InputError, match="nothing was asked"):
            session.run("/export a.md")
        self.ask(session)
        assert session.run("/export a.md").plain == "Wrote 1 answer to a.md.\n"
        text = (tmp_path / "a.md").read_text(encoding="utf-8")
        assert "[^1]: *Harbour strike ends*" in text
        with pytest.raises(InputError, match=r"a\.md exists"):
            session.run("/export a.md")
        self.ask(session)
        for again in ("/export a.md!", "/export! a.md", "/export a.md !"):
            assert "2 answers" in session.run(again).plain
        for bad in ("/export", "/export !", "/export no/such/folder/a.md", "/export ."):
            with pytest.raises(InputError):
                session.run(bad)

    def test_help_lists_every_command_of_the_registry(self, session: Session) -> None:
        """Generated, so that it cannot be out of date."""
        shown = session.run("/help").plain
        for each in COMMANDS.values():
            assert f"  {each.usage}\n" in shown
            assert each.about
        assert set(COMMANDS) >= {"open", "sources", "why", "filter", "export", "help", "quit"}

    def test_quit_leaves(self, session: Session) -> None:
        """And nothing else."""
        session.run("/quit")
        assert session.leaving

    @pytest.mark.parametrize("name", [name for name in COMMANDS if name != "quit"])
    def test_commands_survive_strange_arguments(self, name: str, session: Session) -> None:
        """Whatever follows, it is an answer or one line."""
        self.ask(session)
        for argument in ("", "+", "-", "!", "'", "\x1b[2J", "=", "🙂" * 50, "../..", "a:b:1-2", ":1-2", "% %s {x}"):
            try:
                shown = session.run(f"/{name} {argument}").plain
            except InputError as error:
                assert "\n" not in str(error)  # noqa: PT017 (either is right)
            else:
                assert "\x1b" not in shown


def complete(app: App, text: str) -> list[str]:
    found = SessionCompleter(app).get_completions(Document(text), CompleteEvent())
    return [text[: len(text) + each.start_position] + each.text for each in found]


class TestCompletion:
    def test_commands_are_completed_and_questions_are_not(self, app: App) -> None:
        """Only a slash asks for commands."""
        assert complete(app, "/op") == ["/open"]
        assert len(complete(app, "/")) == len(COMMANDS)
        assert complete(app, "open") == []

    def test_titles_outlets_and_filters_are_completed(self, app: App) -> None:
        """Quoted where a space needs it."""
        assert complete(app, "/show orch") == ["/show Frost hits the orchards"]
        assert complete(app, "/filter so") == ["/filter source="]
        assert complete(app, "/filter source=coa") == ["/filter source='Coast Herald'"]
        assert complete(app, "/filter source='Coast H") == ["/filter source='Coast Herald'"]
        assert complete(app, "/filter since=2024-01-01 article=harb") == [
            "/filter since=2024-01-01 article='Harbour strike ends'"
        ]
        assert complete(app, "/filter since=") == []


class Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def answer(self, question: str, hits: Sequence[Hit], searched: Searched) -> Answer:
        raise self._error


class Waiting:
    def __init__(self, held: threading.Event) -> None:
        self._held = held

    def answer(self, question: str, hits: Sequence[Hit], searched: Searched) -> Answer:
        self._held.wait(20)
        raise ZeroDivisionError


class Unloadable:
    def __getattr__(self, name: str) -> Any:
        raise InputError("no such model")


def interrupt() -> None:
    """Do what Ctrl-C does while no prompt is shown."""
    signal.raise_signal(signal.SIGINT)
