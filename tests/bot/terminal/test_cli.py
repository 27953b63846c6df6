"""The command line: answers on stdout, one line for every error, and exit codes that scripts can rely on."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.exit_codes import ExitCode
from bot.terminal.cli import main
from bot.terminal.errors import guarded
from tests.bot.fakes_bot import HARBOUR
from tests.bot.runs import Ran, runner
from tests.fakes import make_article

QUESTION = "When did the dockers end their strike?"


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line over a store of two articles, in process, in a folder of its own."""
    return runner(tmp_path, monkeypatch, capsys)


class TestAsk:
    def test_an_answer_is_printed_with_its_place_and_gives_0(self, run: Run) -> None:
        """Stdout holds the answer and nothing else is said."""
        code, out, err = run("ask", QUESTION)
        assert code == 0
        assert "“The dockers of Port Vell ended their strike on Tuesday.” [1]" in out
        assert f"[1] ¶ 2 · news/harbour.txt:{HARBOUR.text.index('The')}-" in out
        assert err == ""

    def test_an_abstention_gives_1_and_says_what_was_searched(self, run: Run) -> None:
        """No is an answer."""
        code, out, _ = run("ask", "Who is the president of France?")
        assert code == 1
        assert "Searched 2 articles, 6 passages." in out

    def test_json_is_one_document_whose_spans_are_the_quotes(self, run: Run) -> None:
        """article.text[start:end] == quote, for every citation and hit."""
        code, out, _ = run("ask", QUESTION, "--json")
        document = json.loads(out)
        assert (code, document["answered"], document["question"]) == (0, True, QUESTION)
        for each in [*document["citations"], *document["nearest"], *document["hits"]]:
            text = json.loads(run("show", each["article_id"], "--json").out)["text"]
            assert text[each["start"] : each["end"]] == each["quote"]

    def test_filters_are_passed_on(self, run: Run) -> None:
        """A title stands for its article."""
        code, out, _ = run("ask", QUESTION, "--article", "Frost", "--since", "2024-01-01", "--json")
        assert code == 1
        assert json.loads(out)["searched"]["articles"] == 1

    def test_a_question_needs_no_quotation_marks(self, run: Run) -> None:
        """Options may follow it."""
        code, out, _ = run("ask", *QUESTION.split(), "--json")
        assert (code, json.loads(out)["question"]) == (0, QUESTION)

    @pytest.mark.parametrize("typed", [[QUESTION], QUESTION.split(), ["is", "it", "over"]])
    def test_a_question_without_a_command_is_shown_how_to_ask(self, typed: list[str], run: Run) -> None:
        code, out, err = run(*typed)
        assert (code, out) == (2, "")
        assert f"write `onrecord ask '{' '.join(typed)}'`" in err

    def test_a_dash_reads_the_question_from_stdin(self, run: Run) -> None:
        """Long questions need no quoting."""
        assert run("ask", "-", stdin=f"{QUESTION}\n".encode()).code == 0

    @pytest.mark.parametrize(
        ("question", "stdin", "complaint"),
        [
            ("", b"", "empty"),
            ("  \n", b"", "empty"),
            ("why\udcff", b"", "UTF-8"),
            ("w" * 10_000, b"", "10,000 characters"),
            ("-", b"\xff\xfe", "UTF-8"),
            ("-", b"a\0b", "NUL"),
            ("-", b"", "empty"),
            ("-", b"why " * 250_000, "characters"),
        ],
    )
    def test_what_is_no_question_gives_2_and_one_line(
        self, question: str, stdin: bytes, complaint: str, run: Run
    ) -> None:
        """One line says what is wrong."""
        code, out, err = run("ask", question, stdin=stdin)
        assert (code, out) == (2, "")
        assert complaint in err
        assert err.count("\n") == 1

    def test_several_questions_are_answered_in_order(self, run: Run) -> None:
        """Each under its own title; the code is the first that is not 0."""
        code, out, _ = run("ask", f"{QUESTION} Who is the king of Spain?")
        assert code == 1
        assert out.index(QUESTION) < out.index("Port Vell") < out.index("Who is the king of Spain?")
        code, out, _ = run("--json", "ask", f"{QUESTION} Who is the king of Spain?")
        assert [each["question"] for each in json.loads(out)] == [QUESTION, "Who is the king of Spain?"]
        assert code == 1


class TestChat:
    def test_exit_leaves_and_other_commands_need_no_slash(self, run: Run) -> None:
        code, out, err = run("chat", stdin=f"{QUESTION}\nopen 1\nsources\nexit\nWho ended it?\n".encode())
        assert (code, err) == (0, "")
        assert "Coast Herald, 2024-03-05" in out or "Coast Herald" in out
        assert "Who ended it?" not in out

    def test_deleting_needs_the_slash(self, run: Run) -> None:
        code, _, err = run("chat", stdin=b"forget\n")
        assert code == 2
        assert "type /forget" in err

    def test_commands_without_a_slash_are_items_in_json(self, run: Run) -> None:
        code, out, _ = run("--json", "chat", stdin=f"hi\nhelp\n{QUESTION}\nquit\n{QUESTION}\n".encode())
        assert code == 0
        assert [each["kind"] for each in json.loads(out)] == ["small_talk", "command", "fact"]

    def test_questions_on_one_line_are_answered_one_by_one(self, run: Run) -> None:
        _, out, _ = run("--json", "chat", stdin=f"{QUESTION} Who is the king of Spain?\n".encode())
        assert [each["question"] for each in json.loads(out)] == [QUESTION, "Who is the king of Spain?"]

    def test_lines_on_stdin_are_answered_in_order_and_blank_ones_skipped(self, run: Run) -> None:
        """Abstaining is an answer: the code is 0."""
        code, out, _ = run("chat", stdin=f"{QUESTION}\n\n  \nWho is the president of France?\n".encode())
        assert code == 0
        assert out.index(QUESTION) < out.index("dockers of Port Vell ended") < out.index("president of France?")

    def test_a_bare_call_is_chat(self, run: Run) -> None:
        """`onrecord` alone."""
        assert "Port Vell" in run(stdin=f"{QUESTION}\r\n".encode()).out

    def test_a_bad_line_is_said_and_the_others_are_answered(self, run: Run) -> None:
        """The first error's code is the exit code."""
        stdin = b"\xff\n" + b"x" * 100_000 + b"\n" + QUESTION.encode()
        code, out, err = run("chat", stdin=stdin)
        assert code == 2
        assert "Port Vell" in out
        assert err.count("\n") == 2

    def test_json_is_one_array_with_an_item_a_line(self, run: Run) -> None:
        """Errors are items, too."""
        code, out, err = run("chat", "--json", stdin=f"{QUESTION}\n\\\n".encode() + b"\xff\n/help\n")
        items = json.loads(out)
        assert [item.get("answered") for item in items] == [True, False, None, None]
        assert [item["code"] for item in items[2:]] == [2, 2]
        assert (code, err) == (2, "")
        assert json.loads(run("chat", "--json").out) == []

    def test_commands_work_in_a_pipe(self, run: Run) -> None:
        """The engine knows no terminal."""
        out = run("chat", stdin=f"{QUESTION}\n/open 1\n/quit\n{QUESTION}\n".encode()).out
        assert "⟦The dockers of Port Vell ended their strike on Tuesday.⟧" in out
        assert out.count(QUESTION) == 1


class TestConversations:
    def test_a_named_conversation_goes_on_in_the_next_run_until_it_is_forgotten(self, run: Run) -> None:
        """The second question depends on the first."""
        run("ask", "Who ended their strike at Port Vell?", "--conversation", "desk 4")
        document = json.loads(run("ask", "And at Calais?", "--conversation", "desk 4", "--json").out)
        assert document["question"] == "And at Calais?"
        assert "strike" in document["standalone_question"]
        assert "desk 4 · 2 turns · " in run("forget").out
        assert run("forget", "desk 4").out == "Forgot desk 4: 2 turns.\n"
        assert run("forget").out == "No conversation is kept.\n"

    def test_without_a_name_nothing_is_kept(self, run: Run) -> None:
        """Neither by ask nor by piped lines; those are one conversation all the same."""
        run("ask", QUESTION)
        out = run("chat", stdin=b"Who ended their strike at Port Vell?\nWhen was that?\n/why\n").out
        assert "Understood as: When was their strike ended" in out
        assert run("forget").out == "No conversation is kept.\n"

    def test_forgetting_all_and_what_is_not_there(self, run: Run, tmp_path: Path) -> None:
        """An unknown name is an error; all of them go with the lines typed at the prompt."""
        (tmp_path / ".onrecord" / "history").write_text("+Who is the source?\n")
        run("ask", QUESTION, "--conversation", "a")
        run("ask", QUESTION, "--conversation", "b")
        code, _, err = run("forget", "c")
        assert (code, "no conversation is called 'c'" in err) == (2, True)
        assert run("forget", "a", "--all").code == 2
        assert json.loads(run("forget", "--all", "--json").out) == {"forgotten_turns": 2}
        assert not (tmp_path / ".onrecord" / "history").exists()


class TestLists:
    def test_show_marks_exactly_the_characters(self, run: Run) -> None:
        """A citation's place opens as it was printed."""
        place = next(word for word in run("ask", QUESTION).out.split() if word.startswith("news/harbour.txt:"))
        code, out, _ = run("show", place)
        assert code == 0
        assert "┃ ⟦The dockers of Port Vell ended their strike on Tuesday.⟧" in out

    def test_show_gives_the_whole_article(self, run: Run) -> None:
        """Without a span."""
        assert "Wages rise by four percent." in run("show", "Harbour").out

    @pytest.mark.parametrize("place", ["nothing like it", "Harbour:9-3", "Harbour:5-99999", "", "\0", "Harbour:4-4"])
    def test_a_place_that_is_not_there_gives_2(self, place: str, run: Run) -> None:
        """One line."""
        code, out, err = run("show", place)
        assert (code, out, err.count("\n")) == (2, "", 1)

    def test_articles_are_listed_and_filtered(self, run: Run) -> None:
        """As text and as JSON."""
        assert "Frost hits the orchards — Valley Times, 2024-04-20" in run("articles").out
        listed = json.loads(run("articles", "--until", "2024-03-31", "--json").out)["articles"]
        assert [each["title"] for each in listed] == ["Harbour strike ends"]
        assert listed[0]["copies"] == []

    def test_articles_that_are_one_story_name_each_other(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """In the list, beside an article that is shown, and under a source of an answer."""
        body = "The ferry sank off the cape. " + " ".join(f"word{number}" for number in range(60))
        same = [make_article(body, title=f"Ferry {name}", source=name) for name in ("Star", "Post")]
        call = runner(tmp_path, monkeypatch, capsys, [*same, HARBOUR])
        listed = json.loads(call("articles", "--json").out)["articles"]
        told = {each["title"]: [copy["title"] for copy in each["copies"]] for each in listed}
        assert told == {"Ferry Star": ["Ferry Post"], "Ferry Post": ["Ferry Star"], HARBOUR.title: []}
        assert "nearly the same: Ferry Post — Post" in call("show", same[0].id).out
        assert "also in: " in call("ask", "Which ferry sank off the cape?").out

    def test_a_day_that_is_none_gives_2(self, run: Run) -> None:
        """The date is named."""
        code, _, err = run("articles", "--since", "yesterday")
        assert code == 2
        assert "yesterday" in err


class TestErrors:
    def test_nothing_ingested_gives_4_and_the_command(self, run: Run, tmp_path: Path) -> None:
        """For every command that needs articles."""
        for arguments in (["ask", "why?"], ["articles"], ["show", "x"], ["chat"], []):
            code, out, err = run("--store", str(tmp_path / "none"), *arguments, parts={})
            assert (code, out) == (4, "")
            assert "onrecord ingest PATH" in err
            assert err.count("\n") == 1

    @pytest.mark.parametrize("arguments", [["ask"], ["aks", "x"], ["ask", "x", "--what"], ["--store"]])
    def test_wrong_usage_gives_2_in_one_line_and_json_when_asked(self, arguments: list[str], run: Run) -> None:
        """Programs get a document for errors, too."""
        code, out, err = run(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
        code, out, err = run("--json", *arguments)
        document = json.loads(out)
        assert (code, document["code"], document["kind"], err) == (2, 2, "usage", "")

    def test_json_and_store_are_taken_before_and_after_the_command(self, run: Run, tmp_path: Path) -> None:
        """Both places work."""
        none = str(tmp_path / "none")
        for arguments in (["--json", "--store", none, "articles"], ["articles", "--json", "--store", none]):
            assert json.loads(run(*arguments, parts={}).out)["kind"] == "store_missing"

    def test_a_bug_is_one_line_with_a_hint_and_gives_4(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """The traceback is shown with ONRECORD_DEBUG=1 only."""
        broken = {"library": object()}
        code, _, err = run("articles", parts=broken)
        assert code == 4
        assert "ONRECORD_DEBUG=1" in err
        assert err.count("\n") == 1
        monkeypatch.setenv("ONRECORD_DEBUG", "1")
        assert "Traceback" in run("articles", parts=broken).err

    def test_an_interruption_gives_130(self, capsys: pytest.CaptureFixture[str]) -> None:
        """And a document for programs."""

        def interrupted() -> Any:
            raise KeyboardInterrupt

        assert guarded(interrupted, as_json=True) == 130
        assert json.loads(capsys.readouterr().out)["code"] == 130

    def test_a_setting_that_is_wrong_gives_4(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Named with what is allowed."""
        monkeypatch.setenv("PASSAGES", "none")
        code, _, err = run("articles")
        assert code == 4
        assert "PASSAGES='none'" in err


class TestIngest:
    def test_articles_are_added_and_left_alone_when_unchanged(self, run: Run, tmp_path: Path) -> None:
        """The summary says what happened; --quiet says nothing when nothing did."""
        (tmp_path / "more").mkdir()
        (tmp_path / "more/tide.txt").write_text("Spring tide\n\nThe sea wall held in the storm.\n", encoding="utf-8")
        code, out, _ = run("ingest", "more")
        assert (code, out) == (0, "3 articles, 7 passages: 1 added, 0 changed, 0 unchanged\n")
        assert run("ingest", "--quiet", "more") == (0, "", "")
        report = json.loads(run("ingest", "more", "--json").out)
        assert (report["unchanged"], report["articles"]) == (1, 3)

    def test_a_file_that_is_refused_is_one_line(self, run: Run, tmp_path: Path) -> None:
        """2 when nothing at all could be read."""
        code, _, err = run("ingest", "nowhere.txt")
        assert code == 2
        assert err.startswith("refused nowhere.txt: ")
        assert run("ingest").code == 2


class TestBackup:
    def test_a_backup_comes_back(self, run: Run, tmp_path: Path) -> None:
        """By default both use the last backup, which lies in the store."""
        assert run("backup").code == 0
        assert run("restore").out.startswith("restored 2 articles, 6 passages from ")
        assert run("ask", QUESTION).code == 0

    def test_a_file_is_not_replaced_unasked(self, run: Run, tmp_path: Path) -> None:
        """Nor is a folder made."""
        mine = tmp_path / "mine.sqlite"
        mine.write_text("mine")
        code, _, err = run("backup", str(mine))
        assert (code, mine.read_text()) == (2, "mine")
        assert "--force" in err
        assert json.loads(run("backup", str(mine), "--force", "--json").out)["bytes"] == mine.stat().st_size
        assert run("backup", str(tmp_path / "nowhere" / "copy")).code == 2

    def test_what_is_no_backup_gives_2(self, run: Run, tmp_path: Path) -> None:
        """The store answers as before."""
        (tmp_path / "odd").write_text("odd")
        assert run("restore", str(tmp_path / "odd")).code == 2
        assert run("ask", QUESTION).code == 0


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_stream_that_the_shell_closed_gives_no_traceback(closed: int) -> None:
    """Nor is its number given to a file that is opened later."""
    command = f"exec {closed}>&-; exec {shlex.quote(sys.executable)} -m bot --version"
    ran = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_a_full_disk_under_stdout_is_one_plain_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing unexpected, and no traceback at exit."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(arguments) == ExitCode.STORE
    assert capsys.readouterr().err == "onrecord: the output cannot be written (No space left on device)\n"
