"""`onrecord quote` and `onrecord check`: exit codes that scripts can rely on, one line for every error, reports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pytest

from bot.quote_checks import QuoteChecker, split_speaker
from retrieval.articles import Filters
from retrieval.quotes.verdict import Verdict
from tests.bot.fakes_bot import make_app
from tests.bot.fakes_quotes import ASKED, DRAFT, LEASE, STRIKE
from tests.bot.runs import Ran, runner
from tests.fakes import put

Run = Callable[..., Ran]
VERBATIM, ALTERED = ASKED["verbatim"][0], ASKED["altered"][0]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line over a store of two articles, in process, in a folder of its own."""
    return runner(tmp_path, monkeypatch, capsys, [LEASE, STRIKE])


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.md"
    path.write_text(DRAFT, encoding="utf-8")
    return path


class TestQuote:
    @pytest.mark.parametrize("name", list(ASKED))
    def test_the_exit_code_is_the_verdicts(self, name: str, run: Run) -> None:
        """The same as the document's."""
        words, speaker = ASKED[name]
        given = ["quote", words, *(["--speaker", speaker] if speaker else [])]
        code, out, err = run(*given, "--json")
        assert (json.loads(out)["code"], err) == (code, "")
        assert run(*given).code == code

    def test_the_verdict_is_on_stdout_and_nothing_else_is_said(self, run: Run) -> None:
        """Word, words, speaker, place, what was searched."""
        code, out, err = run("quote", VERBATIM, "--speaker", "Ana Prats")
        assert (code, err) == (0, "")
        assert out.startswith("✓ VERBATIM\n")
        assert "Speaker   ✓ MATCH: Ana Prats" in out
        assert "news/lease.txt:22-88" in out
        assert "Searched  2 articles of 2024-03-05 to 2024-04-20" in out

    def test_an_article_replaced_after_it_was_searched_is_searched_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its places are those of the text that is there now."""
        app = make_app(tmp_path, [LEASE, STRIKE])
        check, replaced = app.quotes.check, iter([replace(LEASE, text=f"{LEASE.text}Corrected.\n")])

        def meanwhile(*asked: Any) -> Verdict:
            verdict = check(*asked)
            put(app.library, replaced)
            return verdict

        monkeypatch.setattr(app.quotes, "check", meanwhile)
        place = QuoteChecker(app.quotes, app.library).check_quote(VERBATIM, None, Filters()).places[0]
        assert place.around.of(app.library.article(place.article.id).text) == place.context

    def test_stdin_is_read_for_a_dash(self, run: Run) -> None:
        """As it comes."""
        assert run("quote", "-", stdin=f"“{VERBATIM}”\n".encode()).code == 0

    def test_filters_limit_what_is_searched(self, run: Run) -> None:
        """And are said."""
        code, out, _ = run("quote", VERBATIM, "--since", "2024-04-01", "--source", "Valley Times")
        assert code == 1
        assert 'Searched  1 article of 2024-04-20 to 2024-04-20 (source="Valley Times" since=2024-04-01)' in out

    @pytest.mark.parametrize("words", ["", "  ", "a\0b", "word " * 3_000])
    def test_what_cannot_be_asked_gives_2_and_one_line(self, words: str, run: Run) -> None:
        """Empty, a NUL, longer than a quotation."""
        code, out, err = run("quote", words)
        assert (code, out, err.count("\n")) == (2, "", 1)
        code, out, err = run("quote", words, "--json")
        assert (code, json.loads(out)["kind"], err) == (2, "input_error", "")

    def test_an_env_file_that_cannot_be_read_gives_4(self, run: Run, tmp_path: Path) -> None:
        """In one line."""
        (tmp_path / ".env").write_bytes(b"STORE_DIR=\xff\xfe")
        code, out, err = run("quote", VERBATIM, parts={})
        assert (code, out, err.count("\n")) == (4, "", 1)
        assert ".env cannot be read" in err

    def test_an_empty_store_gives_4(self, run: Run, tmp_path: Path) -> None:
        """Nothing has been ingested: no verdict."""
        code, out, err = run("quote", VERBATIM, "--store", str(tmp_path / "other"), parts={})
        assert (code, out) == (4, "")
        assert "onrecord ingest" in err


class TestCheck:
    def test_the_worst_verdict_gives_the_exit_code(self, run: Run, tmp_path: Path) -> None:
        """3 before 1 before 0."""
        for text, code in {
            f"“{VERBATIM},” said Ana Prats.": 0,
            f"“{VERBATIM},” said Ana Prats. “The lighthouse keeper will marry a baroness,” said Joan Vila.": 1,
            DRAFT: 3,
            "Nobody said anything.": 0,
        }.items():
            (tmp_path / "draft.txt").write_text(text, encoding="utf-8")
            assert run("check", "draft.txt").code == code

    def test_each_quotation_has_its_line_and_column_and_the_sum_stands_last(self, run: Run, draft: Path) -> None:
        """What a person looks for first is at the end of the screen."""
        code, out, err = run("check", str(draft))
        assert (code, err) == (3, "")
        assert [line.split(" ")[0] for line in out.splitlines() if re.match(r"\d+:\d+ ", line)] == [
            "4:23",
            "6:2",
            "8:2",
        ]
        assert out.splitlines()[-2].endswith("draft.md: 1 verbatim, 1 altered, 1 not found.")

    def test_a_draft_without_quotations_says_so(self, run: Run, tmp_path: Path) -> None:
        """And gives 0: there is nothing wrong in it."""
        (tmp_path / "draft.txt").write_text("Nobody said anything.", encoding="utf-8")
        assert run("check", "draft.txt") == Ran(0, "No quotation in draft.txt: nothing to check.\n", "")
        document = json.loads(run("check", "draft.txt", "--json").out)
        assert (document["quotations"], document["summary"]["quotations"]) == ([], 0)

    def test_stdin_is_read_for_a_dash(self, run: Run) -> None:
        """A draft from another program."""
        code, out, _ = run("check", "-", "--json", stdin=DRAFT.encode())
        document = json.loads(out)
        assert (code, document["drafts"][0]["name"], document["summary"]["quotations"]) == (3, "stdin", 3)

    @pytest.mark.parametrize("named", ["missing.md", ".", ""])
    def test_what_cannot_be_read_gives_2_and_one_line(self, named: str, run: Run) -> None:
        """Never a traceback."""
        code, out, err = run("check", named)
        assert (code, out, err.count("\n")) == (2, "", 1)


class Page(HTMLParser):
    """Collects a page's elements, and checks that each is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"meta", "input"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


class TestReport:
    def test_it_is_one_page_that_needs_nothing_else(self, run: Run, draft: Path, tmp_path: Path) -> None:
        """No picture, no address but links to the articles; the policy forbids all but one style sheet and script."""
        code, out, err = run("check", str(draft), "--html", "report.html")
        assert (code, err) == (3, "Wrote report.html.\n")
        assert "1 altered" in out
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        parsed = Page(page)
        assert not {"img", "link", "iframe", "object", "form"} & set(parsed.tags)
        assert parsed.tags.count("script") == 1
        assert not [name for name, _ in parsed.attributes if name in {"src", "style"} or name.startswith("on")]
        links = {value for name, value in parsed.attributes if name == "href"}
        assert links == {"https://coast.example/lease", "#q1", "#q2", "#q3"}
        assert "default-src 'none'" in page
        assert "<del>400</del> <ins>40</ins>" in page
        assert "<mark>We will pay the dockers </mark>" in page
        assert (
            "<mark>&quot;We will pay the dockers 400 euros an hour,&quot;</mark> <b>Prats</b> told reporters." in page
        )
        assert "fake" not in parsed.text.lower()

    @pytest.mark.parametrize(("tag", "kind"), [("style", "style-src"), ("script", "script-src")])
    def test_the_policy_allows_one_style_sheet_and_one_script(
        self, tag: str, kind: str, run: Run, draft: Path, tmp_path: Path
    ) -> None:
        """Their hashes stand in the page."""
        import base64
        import hashlib

        run("check", str(draft), "--html", "report.html")
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        content = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        assert f"{kind} 'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in page

    def test_the_worst_is_first_and_what_was_not_checked_last(self, run: Run, tmp_path: Path) -> None:
        """Each under its number in the draft, whom the draft names beside whom the article names."""
        text = f"“{VERBATIM},” said Ana Prats. “{ALTERED},” said Tom Reed. The so-called “free port” is “open. It is."
        (tmp_path / "draft.txt").write_text(text, encoding="utf-8")
        code, _, _ = run("check", "draft.txt", "--html", "report.html")
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert code == 3
        assert page.index('id="q2"') < page.index('id="q1"') < page.index("<h2>Not checked (2)</h2>")
        assert "not checked, because its closing mark is missing · at 1:" in page
        parsed = Page(page).text
        assert parsed.index("The draft names") < parsed.index("Tom Reed", parsed.index("The draft names"))
        for name in ("all", "open", "verbatim", "altered", "misattributed", "not_checked"):
            assert f'id="show-{name}"' in page

    def test_what_was_accepted_stays_accepted(self, run: Run, draft: Path, tmp_path: Path) -> None:
        """In the file as a browser saves it, and in the report that replaces it while the verdict is the same."""
        run("check", str(draft), "--html", "report.html")
        report = tmp_path / "report.html"
        page = report.read_text(encoding="utf-8")
        keys = re.findall(r'class="tick" value="([0-9a-f]{16})">', page)
        assert len(keys) == len(set(keys)) == 3
        report.write_text(page.replace(f'value="{keys[0]}"', f'value="{keys[0]}" checked=""'), encoding="utf-8")
        run("check", str(draft), "--html", "report.html")
        page = report.read_text(encoding="utf-8")
        assert re.findall(r'class="tick" value="([0-9a-f]{16})" checked>', page) == keys[:1]
        draft.write_text(DRAFT.replace("400", "40"), encoding="utf-8")
        run("check", str(draft), "--html", "report.html")
        assert " checked> accepted" not in report.read_text(encoding="utf-8")

    def test_everything_in_it_is_escaped(self, run: Run, tmp_path: Path) -> None:
        """Text from people and articles is text."""
        words = '<script>alert(1)</script> & "nothing" of \x1b[31m the \u202ekind was ever said here'
        code, _, _ = run("quote", words, "--speaker", "<b>Ana</b>", "--html", "report.html", "--json")
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert code == 1
        assert "script" not in Page(page).tags
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;nothing&quot;" in page
        assert not set(page) & {"\x1b", "\u202e"}

    def test_it_replaces_a_report_and_nothing_else(self, run: Run, draft: Path, tmp_path: Path) -> None:
        """Before anything is checked."""
        assert run("check", str(draft), "--html", "report.html").code == 3
        assert run("check", str(draft), "--html", "report.html").code == 3
        for target in ("draft.md", ".", "no/such/folder/report.html", ""):
            code, out, err = run("check", str(draft), "--html", target)
            assert (code, out, err.count("\n")) == (2, "", 1)
        assert draft.read_text(encoding="utf-8") == DRAFT


class TestComments:
    @pytest.fixture
    def word(self, tmp_path: Path) -> Path:
        made = docx.Document()
        made.add_paragraph(f"“{VERBATIM},” said Ana Prats.")
        made.add_paragraph(f"“{ALTERED},” said Tom Reed. The so-called “free port” is “open. It is.")
        made.save(str(tmp_path / "draft.docx"))
        return tmp_path / "draft.docx"

    def test_a_copy_has_a_comment_at_each_quotation(self, run: Run, word: Path, tmp_path: Path) -> None:
        """The draft itself is left as it is; what was rightly passed over has none."""
        before = word.read_bytes()
        for _ in range(2):
            code, _, err = run("check", str(word), "--comments", "copy.docx")
            assert (code, err) == (3, "Wrote copy.docx.\n")
        comments = [comment.text for comment in docx.Document(str(tmp_path / "copy.docx")).comments]
        assert [text.split("\n")[0] for text in comments] == [
            "✓ VERBATIM",
            "✗ ALTERED · severity high · MISATTRIBUTED",
            "? NOT CHECKED",
        ]
        assert "The draft names Tom Reed." in comments[1]
        assert str(tmp_path) not in "".join(comments)
        assert word.read_bytes() == before

    @pytest.mark.parametrize("target", ["draft.docx", "other.docx", "copy.txt", "no/such/copy.docx", ""])
    def test_nothing_else_is_replaced(self, target: str, run: Run, word: Path, tmp_path: Path) -> None:
        """Neither the draft nor another document."""
        (tmp_path / "other.docx").write_bytes(word.read_bytes())
        code, out, err = run("check", str(word), "--comments", target)
        assert (code, out, err.count("\n")) == (2, "", 1)

    def test_only_a_word_draft_can_have_them(self, run: Run, draft: Path) -> None:
        """Said before anything is checked."""
        code, out, err = run("check", str(draft), "--comments", "copy.docx")
        assert (code, out) == (2, "")
        assert "needs a Word document" in err


@pytest.mark.parametrize(
    ("typed", "words", "speaker"),
    [
        ('"We will not" by Jane Smith', '"We will not"', "Jane Smith"),
        ("“We stand by it” by Smith", "“We stand by it”", "Smith"),
        ('"We stand by it"', '"We stand by it"', None),
        ("we stand by it", "we stand by it", None),
        ("", "", None),
    ],
)
def test_a_speaker_follows_the_closing_mark(typed: str, words: str, speaker: str | None) -> None:
    """Without marks, "by" is one of the words."""
    assert split_speaker(typed) == (words, speaker)
