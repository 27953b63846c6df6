"""The faces with a chat model: sentences as they are checked, exit codes, Ctrl-C, /why, doctor, and no key anywhere."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.answers import Support
from bot.app import App
from bot.settings import Settings
from bot.terminal.cli import main
from bot.terminal.repl import Repl
from tests.bot.fakes_bot import HARBOUR, clean_environment, make_parts
from tests.bot.fakes_verification import CountingVerifier
from tests.bot.runs import Screen
from tests.bot.scripted_provider import ScriptedProvider, ScriptedReply
from tests.fakes import make_library
from tests.patience import PATIENCE_SECONDS, until

QUESTION = "When did the dockers end their strike, and how do wages rise?"
TUESDAY = "The dockers of Port Vell ended their strike on Tuesday"
WAGES = "Wages rise by four percent"
LOOSE = "Wages rise by four whole percent"
GOOD = ScriptedReply(f"{TUESDAY} {{m1}}. The moon is made of cheese {{m1}}. {WAGES} {{m2}}.")


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line against a provider that gives these replies."""
    return run_with(CountingVerifier(), tmp_path, monkeypatch, capsys)


def run_with(
    verifier: CountingVerifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    monkeypatch.chdir(tmp_path)
    parts = make_parts(tmp_path / ".onrecord", verifier=verifier)
    del parts["answerer"]

    def call(
        *arguments: str, replies: tuple[ScriptedReply, ...] = (GOOD,), stdin: str = "", **more: Any
    ) -> tuple[int, str, str]:
        with ScriptedProvider(*replies) as server:
            for name, value in server.settings(**more).items():
                monkeypatch.setenv(name.upper(), str(value))
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
            capsys.readouterr()
            code = main(arguments, dict(parts))
            return code, *capsys.readouterr()

    return call


@pytest.fixture
def unsure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """As ``run``, with a verifier that confirms no claim in part."""
    return run_with(CountingVerifier(Support.UNCONFIRMED), tmp_path, monkeypatch, capsys)


class TestAsk:
    def test_the_claims_are_printed_with_numbers_places_and_the_count(self, run: Run) -> None:
        code, out, err = run("ask", QUESTION)
        assert (code, err) == (0, "")
        assert out == (
            f"{TUESDAY}. [1]\n{WAGES}. [2]\n\nHarbour strike ends — Coast Herald, 2024-03-05\n"
            "[1] ¶ 2 · news/harbour.txt:20-75\n[2] ¶ 3 · news/harbour.txt:76-103\n\n"
            "2 of 3 claims supported; 1 withheld. Written by openai:scripted.\n"
        )

    def test_json_is_one_document_whose_claims_stand_in_its_text(self, run: Run) -> None:
        """The old keys are there; spans are exact."""
        code, out, _ = run("ask", QUESTION, "--json")
        document = json.loads(out)
        assert (code, document["status"], document["answerer"]) == (0, "answered", "openai:scripted")
        for claim in document["claims"]:
            assert document["text"][claim["start"] : claim["end"]] == claim["text"]
        assert [claim["citations"] for claim in document["claims"]] == [[1], [2]]
        assert [claim["support"] for claim in document["claims"]] == ["verbatim", "verbatim"]
        assert [claim["text"] for claim in document["withheld"]] == ["The moon is made of cheese."]
        for citation in document["citations"]:
            assert HARBOUR.text[citation["start"] : citation["end"]] == citation["quote"]
        assert document["usage"] == {"input_tokens": 100, "output_tokens": 20, "calls": 1, "estimated": False}
        assert document["timings_ms"]["total"] > 0

    def test_a_failing_provider_gives_5_one_line_and_the_offline_answer(self, run: Run) -> None:
        code, out, err = run("ask", QUESTION, replies=(ScriptedReply("no", 401),))
        assert code == 5
        assert f"“{TUESDAY}.” [1]" in out
        assert err.count("\n") == 1
        assert "refused the key (401)" in err
        assert "Answered offline" in err
        assert "sk-test" not in out + err

    def test_a_fallback_is_named_in_json(self, run: Run) -> None:
        code, out, err = run("ask", QUESTION, "--json", replies=(ScriptedReply("no", 500),))
        document = json.loads(out)
        assert (code, document["answerer"], err) == (5, "extractive", "")
        assert "is failing (500)" in document["fallback"]

    def test_an_answer_without_a_supported_claim_gives_1_and_says_how_many_were_withheld(self, run: Run) -> None:
        code, out, _ = run("ask", "Who are the dockers?", replies=(ScriptedReply("The moon is made of cheese {m1}."),))
        assert code == 1
        assert "What the chat model wrote is not in these articles." in out
        assert "0 of 1 claim supported; 1 withheld (/why shows what)" in out

    def test_what_is_not_confirmed_stands_below_the_sources_and_each_line_says_so(self, unsure: Run) -> None:
        code, out, err = unsure("ask", QUESTION, replies=(ScriptedReply(f"{LOOSE} {{m2}}. {TUESDAY} {{m1}}."),))
        assert (code, err) == (0, "")
        assert out == (
            f"{TUESDAY}. [1]\n\nHarbour strike ends — Coast Herald, 2024-03-05\n[1] ¶ 2 · news/harbour.txt:20-75\n\n"
            f"Not confirmed by the articles:\n? {LOOSE}. (not confirmed)\n\n"
            "1 of 2 claims supported, 1 not confirmed. Written by openai:scripted.\n"
        )

    def test_below_sentences_that_may_answer_it_is_shown_too(self, unsure: Run) -> None:
        code, out, _ = unsure("ask", QUESTION, replies=(ScriptedReply(f"{LOOSE} {{m1}}."),))
        assert code == 0
        assert out.startswith("This may answer it: ")
        assert out.endswith(f"\n\nNot confirmed by the articles:\n? {LOOSE}. (not confirmed)\n")

    @pytest.mark.parametrize(("shown", "code", "status"), [("1", 0, "unconfirmed"), ("0", 1, "abstained")])
    def test_alone_it_ends_with_the_code_of_what_may_answer(
        self, unsure: Run, shown: str, code: int, status: str
    ) -> None:
        """Hidden, it is an abstention."""
        reply = ScriptedReply("Dockers of Port Vell eat cheese {m1}.")
        given = unsure("ask", "Who are the dockers?", "--json", replies=(reply,), show_unconfirmed=shown)
        document = json.loads(given[1])
        assert (given[0], document["status"], document["answered"]) == (code, status, False)
        assert len(document["unconfirmed"]) == int(shown)
        assert document["answer"] == "The articles do not confirm what the chat model wrote."

    def test_a_key_that_is_not_set_gives_4(self, run: Run) -> None:
        code, _, err = run("ask", QUESTION, anthropic_api_key="", chat_model="anthropic:x")
        assert code == 4
        assert err == "onrecord: anthropic:x needs ANTHROPIC_API_KEY: set it in the environment or in .env\n"

    def test_lines_are_all_answered_and_the_code_says_that_the_provider_failed(self, run: Run) -> None:
        code, out, err = run("chat", stdin=f"{QUESTION}\n{QUESTION}\n", replies=(ScriptedReply("no", 500), GOOD))
        assert code == 5
        assert "Answered offline" in err
        assert "2 of 3 claims supported" in out


class TestCtrlC:
    HELD = ScriptedReply(f"{TUESDAY} {{m2}}. {WAGES} {{m1}}.", hold=len(TUESDAY) + 30)

    @pytest.mark.parametrize("as_json", [False, True])
    def test_what_was_verified_is_kept(self, as_json: bool, tmp_path: Path) -> None:
        """130, the sentences, and that the answer was interrupted; no traceback, one JSON document."""
        make_library(tmp_path / ".onrecord", [HARBOUR]).close()
        code = (
            "import sys; from pathlib import Path; from bot.app import App; from bot.terminal.cli import main\n"
            "from tests.bot.fakes_bot import make_parts\n"
            "from tests.bot.fakes_verification import CountingVerifier\n"
            "parts = make_parts(Path('.onrecord').absolute(), verifier=CountingVerifier()); del parts['answerer']\n"
            "stream = App.stream\n"
            "def watched(*given):\n"
            "    for answer in stream(*given):\n"
            "        yield answer\n"
            "        Path('shown').touch()\n"  # the next state is asked for: this one was shown
            "App.stream = watched\n"
            "sys.exit(main(sys.argv[1:], parts))\n"
        )
        with ScriptedProvider(self.HELD) as server:
            settings = {name.upper(): str(value) for name, value in server.settings().items()}
            with subprocess.Popen(
                [sys.executable, "-c", code, "ask", QUESTION, *(["--json"] if as_json else [])],
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=clean_environment(**settings),
            ) as running:
                until((tmp_path / "shown").exists)
                running.send_signal(signal.SIGINT)
                out, err = running.communicate(timeout=PATIENCE_SECONDS)
        assert (running.returncode, err) == (130, b"")
        if as_json:
            document = json.loads(out)
            assert (document["status"], document["cut"]) == ("partial", "it was interrupted")
            assert document["claims"][0]["text"] == f"{TUESDAY}."
        else:
            assert out.decode().startswith(f"{TUESDAY}. [1]\n")
            assert "The answer ended early: it was interrupted." in out.decode()


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys:
        yield keys


def wait_for(screen: Screen, text: str) -> None:
    """Return when ``text`` is on the screen."""
    until(lambda: text in screen.shown.getvalue())


def repl(folder: Path, server: ScriptedProvider, keys: PipeInput, **more: Any) -> tuple[Repl, Screen]:
    parts = make_parts(folder / ".onrecord", verifier=CountingVerifier())
    del parts["answerer"]
    screen = Screen()
    app = App(Settings(store_dir=folder / ".onrecord", **server.settings(**more)), **parts)
    return Repl(app, screen, keys=keys, screen=DummyOutput()), screen


class TestRepl:
    def test_sentences_are_printed_once_as_they_are_checked(self, tmp_path: Path, keys: PipeInput) -> None:
        """The first stands there while the model still writes."""
        with ScriptedProvider(TestCtrlC.HELD) as server:
            chat, screen = repl(tmp_path, server, keys)
            early = threading.Thread(target=lambda: (wait_for(screen, TUESDAY), server.go.set()))
            early.start()
            chat.turn(QUESTION)
            early.join()
        assert screen.shown.getvalue().count(TUESDAY) == 1
        assert "2 of 2 claims supported. Written by openai:scripted." in screen.shown.getvalue()

    def test_the_session_outlives_every_fault_and_why_tells(self, tmp_path: Path, keys: PipeInput) -> None:
        """A failing provider, an unsupported answer, a good one."""
        replies = (ScriptedReply("no", 500), ScriptedReply("The moon is made of cheese {m1}."), GOOD)
        with ScriptedProvider(*replies) as server:
            chat, screen = repl(tmp_path, server, keys)
            for typed in (QUESTION, "/why", QUESTION, "/why", QUESTION, "/open 2", "/why"):
                chat.turn(typed)
        out, err = screen.shown.getvalue(), screen.said.getvalue()
        assert "is failing (500)" in err
        assert "The chat model did not answer:" in out
        assert out.count("✗ The moon is made of cheese.") == 2
        assert "Shown as a possible answer only, since the sentence is not what the chat model wrote" in out
        assert "Answered: openai:scripted wrote." in out
        assert len(chat.session.answers) == 3

    def test_ctrl_c_keeps_what_was_checked(self, tmp_path: Path, keys: PipeInput) -> None:
        """The answer is the session's, and can be opened."""
        with ScriptedProvider(TestCtrlC.HELD) as server:
            chat, screen = repl(tmp_path, server, keys)
            hand = threading.Thread(target=lambda: (wait_for(screen, TUESDAY), os.kill(os.getpid(), signal.SIGINT)))
            hand.start()
            chat.turn(QUESTION)
            hand.join()
            assert "The answer ended early: it was interrupted." in screen.shown.getvalue()
            assert WAGES not in screen.shown.getvalue()
            chat.turn("/open 1")
            assert "news/harbour.txt" in screen.shown.getvalue()

    def test_an_export_has_a_footnote_a_citation(self, tmp_path: Path, keys: PipeInput) -> None:
        with ScriptedProvider(GOOD) as server:
            chat, _ = repl(tmp_path, server, keys)
            chat.turn(QUESTION)
            chat.turn(f"/export {tmp_path / 'answers.md'}")
        text = (tmp_path / "answers.md").read_text(encoding="utf-8")
        assert f"{TUESDAY}.[^1] {WAGES}.[^2]" in text
        assert "[^2]: *Harbour strike ends*" in text
        assert "2 of 3 claims supported; 1 withheld" in text


class TestDoctor:
    def test_without_a_chat_model_nothing_is_sent(self, run: Run) -> None:
        _, out, _ = run("doctor", chat_model="")
        assert "none: answers are quotations, and text is sent nowhere" in out

    def test_with_one_it_says_where_text_goes_and_what_is_left_of_the_day(self, run: Run) -> None:
        _, out, _ = run(
            "doctor", chat_model="openai:gpt-5", openai_base_url="https://llm.example/v1", daily_token_limit=500
        )
        assert "openai:gpt-5: questions and passages are sent to llm.example" in out
        assert "0 of 500 used today" in out
        assert "sk-test" not in out

    def test_a_missing_key_is_named_with_what_mends_it(self, run: Run) -> None:
        code, out, _ = run("doctor", chat_model="anthropic:x", anthropic_api_key="")
        assert code == 4
        assert "ANTHROPIC_API_KEY" in out

    def test_tracing_is_told(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """LangChain would send questions and passages to LangSmith."""
        from langsmith import utils

        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        utils.get_env_var.cache_clear()
        _, out, _ = run("doctor", chat_model="")
        monkeypatch.delenv("LANGSMITH_TRACING")
        utils.get_env_var.cache_clear()
        assert "api.smith.langchain.com" in out
