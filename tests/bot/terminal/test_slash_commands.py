"""The REPL's commands and their completion, without a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.app import App
from bot.render.layout import Places
from bot.terminal.completion import SessionCompleter
from bot.terminal.slash_commands import COMMANDS, TerminalSession
from retrieval.articles import Filters
from retrieval.errors import InputError
from tests.bot.fakes_bot import ORCHARD, make_app
from tests.fakes import make_article

QUESTION = "When did the dockers end their strike?"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with make_app(tmp_path / ".onrecord") as app:
        yield app


@pytest.fixture
def session(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TerminalSession:
    monkeypatch.chdir(tmp_path)
    return TerminalSession(app, Places(app.home, tmp_path), lambda: 80, lambda: 24)


class TestCommands:
    def ask(self, session: TerminalSession, question: str = QUESTION) -> None:
        session.answers.append(session.app.ask(question, session.filters))

    def test_new_leans_on_nothing_and_forget_deletes(self, session: TerminalSession) -> None:
        """After /forget nothing is left to open or export."""
        session.keep(session.app.ask(QUESTION))
        assert len(session.conversation.history) == 1
        assert session.run("/new").plain == "A new conversation.\n"
        assert session.conversation.history == ()
        assert len(session.answers) == 1
        session.keep(session.app.ask(QUESTION))
        assert session.run("/forget").plain == "Forgot 1 turn.\n"
        with pytest.raises(InputError, match="nothing was asked"):
            session.run("/open 1")

    def test_open_shows_the_quote_marked_in_its_article(self, session: TerminalSession) -> None:
        """With what stands around it."""
        self.ask(session)
        shown = session.run("/open 1").plain
        assert "┃ ⟦The dockers of Port Vell ended their strike on Tuesday.⟧" in shown
        assert "Wages rise by four percent." in shown
        assert shown.startswith("Harbour strike ends — Coast Herald, 2024-03-05\n¶ 2 · news/harbour.txt:20-")
        assert session.run("/open").plain == shown

    @pytest.mark.parametrize("wanted", ["7", "0", "x", "-1", "²", "1 2", "9" * 30])
    def test_open_refuses_what_is_not_cited(self, wanted: str, session: TerminalSession) -> None:
        """And says what there is."""
        self.ask(session)
        with pytest.raises(InputError, match="open 1"):
            session.run(f"/open {wanted}")

    def test_open_opens_the_nearest_of_an_abstention(self, session: TerminalSession) -> None:
        """They are numbered, too."""
        self.ask(session, "Who are the growers of France?")
        assert session.last().abstention
        assert "⟦Growers ask for aid.⟧" in session.run("/open 1").plain

    def test_a_long_article_is_paged_to_the_terminals_height(self, tmp_path: Path) -> None:
        """The quote is on the page; + and - turn, and stop at the ends."""
        lines = [f"Filler number {number}." for number in range(200)]
        lines[120] = "The zeppelin landed at noon."
        app = make_app(tmp_path, articles=[make_article("\n".join(lines), title="Long", origin="long.txt")])
        session = TerminalSession(app, Places(app.home, tmp_path), lambda: 60, lambda: 20)
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

    def test_quote_checks_words_and_speaker_and_open_opens_its_places(self, session: TerminalSession) -> None:
        """Until something is asked; then the answer's citations are opened again."""
        shown = session.run('/quote "The dockers of Port Vell began their strike on Tuesday" by Ana Prats').plain
        assert "[-began-] {+ended+}" in shown
        assert "not Ana Prats" in " ".join(shown.split())
        assert "┃ ⟦The dockers of Port Vell ended their strike on Tuesday⟧." in session.run("/open 1").plain
        with pytest.raises(InputError, match="open 1"):
            session.run("/open 7")
        self.ask(session)
        assert "⟦The dockers of Port Vell ended their strike on Tuesday.⟧" in session.run("/open").plain

    def test_quote_and_check_search_what_the_filters_leave(self, session: TerminalSession, tmp_path: Path) -> None:
        """And say so."""
        session.run("/filter source='valley times'")
        (tmp_path / "a draft.md").write_text("“Wages rise by four percent,” she said.", encoding="utf-8")
        for typed in ("/quote Wages rise by four percent", '/check "a draft.md"'):
            shown = session.run(typed).plain
            assert "? NOT FOUND" in shown
            assert "Searched" in shown
            assert 'source="valley times"' in shown

    def test_check_shows_every_quotation_of_a_file(self, session: TerminalSession, tmp_path: Path) -> None:
        """With its line and column; the places are opened by number."""
        (tmp_path / "d.txt").write_text("x\n“Wages rise by four percent,” she said. “Growers ask for help.”", "utf-8")
        shown = session.run("/check d.txt").plain
        assert "2:2 ✓ COSMETIC" in shown
        assert "2 quotations in d.txt: 1 cosmetic, 1 altered." in shown
        assert "⟦Growers ask for aid⟧" in session.run("/open 2").plain

    @pytest.mark.parametrize("wrong", ["/quote", "/quote   ", "/check", "/check -", "/check missing.md", "/check ."])
    def test_what_cannot_be_checked_is_said(self, wrong: str, session: TerminalSession) -> None:
        """One line."""
        with pytest.raises(InputError):
            session.run(wrong)

    def test_a_check_that_found_nothing_opens_nothing(self, session: TerminalSession) -> None:
        """Not the answer before it."""
        self.ask(session)
        session.run("/quote zebras gallop over quartz jungles")
        with pytest.raises(InputError, match="nothing"):
            session.run("/open 1")

    def test_why_shows_ranks_and_the_decision(self, session: TerminalSession) -> None:
        """In words; the numbers only where they are asked for."""
        self.ask(session)
        assert session.run("/why").plain.startswith("Answered: ")
        assert "meaning" not in session.run("/why").plain
        assert "meaning" in session.run("/why --numbers").plain
        self.ask(session, "Who are the growers of France?")
        assert session.run("/why").plain.startswith("No sentence that was found ")
        assert "Abstained (not in articles)" not in session.run("/why").plain
        assert "Abstained (not in articles)" in session.run("/why --numbers").plain
        with pytest.raises(InputError, match="/why takes no 'everything'"):
            session.run("/why everything")

    def test_sources_and_articles_are_listed(self, session: TerminalSession) -> None:
        """Outlets with their numbers, and the days."""
        assert session.run("/sources").plain == (
            "     1  Coast Herald\n     1  Valley Times\nPublished 2024-03-05 to 2024-04-20.\n"
        )
        session.run("/filter source='valley times'")
        assert "Harbour" not in session.run("/articles").plain

    def test_filters_add_up_and_clear(self, session: TerminalSession) -> None:
        """Each setting replaces its own kind; an empty one takes it away."""
        assert session.run('/filter source="Coast Herald" since=2024-01-01').plain == (
            'source="Coast Herald" since=2024-01-01: 1 article, 3 passages.\n'
        )
        session.run("/filter article=Frost source=")
        assert session.filters == Filters(since="2024-01-01", articles=(ORCHARD.id,))
        assert session.run("/filter clear").plain == "No filter: 2 articles, 6 passages.\n"
        assert session.filters == Filters()

    @pytest.mark.parametrize("wrong", ["colour=red", "since=soon", "source='x", "article=none", "source"])
    def test_a_wrong_filter_changes_nothing(self, wrong: str, session: TerminalSession) -> None:
        """The error is an InputError."""
        with pytest.raises(InputError):
            session.run(f"/filter {wrong}")
        assert session.filters == Filters()

    def test_export_writes_markdown_and_does_not_overwrite(self, session: TerminalSession, tmp_path: Path) -> None:
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

    def test_help_lists_every_command_of_the_registry(self, session: TerminalSession) -> None:
        """Generated, so that it cannot be out of date."""
        shown = session.run("/help").plain
        for each in COMMANDS.values():
            assert f"  {each.usage}\n" in shown
            assert each.about
        assert set(COMMANDS) >= {"open", "sources", "why", "filter", "export", "help", "quit"}

    def test_quit_leaves(self, session: TerminalSession) -> None:
        """And nothing else."""
        session.run("/quit")
        assert session.leaving

    @pytest.mark.parametrize("name", [name for name in COMMANDS if name != "quit"])
    def test_commands_survive_strange_arguments(self, name: str, session: TerminalSession) -> None:
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

    def test_drafts_are_completed_by_their_paths(
        self, app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Folders and files of formats that are read."""
        monkeypatch.chdir(tmp_path)
        for name in ("draft.md", "drawing.png"):
            (tmp_path / name).touch()
        assert complete(app, "/check dra") == ["/check draft.md"]
