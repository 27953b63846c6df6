"""What an answer looks like: goldens at three widths, and text that would speak to a terminal."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.answers import Answer, Claim, Doubt, Form, QuestionKind, Support
from bot.render.article import article_head, articles_text, excerpt, lay_out
from bot.render.json import answer_document, article_document, dumps
from bot.render.layout import Places, web_address
from bot.render.markdown import markdown
from bot.render.phrases import filter_words
from bot.render.terminal import answer_text, why_text
from retrieval.articles import Article, Block, BlockKind, Filters, Span
from retrieval.text.sanitize import clean, line
from tests.bot.fakes_bot import PLACES, abstained, answered, cite, info

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = (30, 80, 120)

HERALD = info(
    1,
    title="Harbour strike ends after nine weeks of talks between dockers and the port",
    source="Coast Herald",
    published="2024-03-05T08:30:00+01:00",
    url="https://coast.example/harbour",
)
TIMES = info(2, title="港湾のストライキが終わる", source="渓谷新聞", published="2024-04", path="archive/2024/港.pdf")
OPINION = info(4, title="The strike was right", source="Coast Herald", url="https://coast.example/opinion/strike")
BARE = info(3, title="", path="", origin="https://wire.example/3", url="https://wire.example/3")

ANSWER = answered(
    cite(1, "The dockers of Port Vell ended their strike on Tuesday, nine weeks after it began.", HERALD, 120),
    cite(
        2,
        "ストライキは火曜日に終わり、港は再び開いた。労働者は四パーセントの賃上げを得た。",
        TIMES,
        40,
        page=3,
        paragraph=12,
    ),
    cite(3, "Ultimately,\nwages rise by four percent.", HERALD, 310, paragraph=5),
)
ABSTAINED = abstained(
    cite(1, "The minister of ports, a Frenchman, was not at the talks.", HERALD, 700, paragraph=9, confidence=0.11),
    cite(2, "No president has visited the port since 1987.", BARE, 0, paragraph=1, confidence=0.05),
    searched=abstained().searched.__class__(2, 14, Filters(sources=("Coast Herald",), since="2024-01-01")),
    hits=answered(cite(1, "The minister of ports.", HERALD, 700)).hits,
)
POSSIBLY = answered(
    cite(1, "The dockers of Port Vell ended their strike\non Tuesday.", HERALD, 120, confidence=0.41),
    cite(2, "Wages rise by four percent.", OPINION, 40),
    confidence=0.41,
    possibly=True,
    doubts=(Doubt("gives no number of dockers", "gives a number of dockers"),),
    remarks=("Articles give different numbers: “nine” (2024-03-05), “ten” (undated).",),
)
UNCONFIRMED = (
    Claim(
        "After long nights of talks, the port gave the dockers most of what they had asked for.",
        Support.UNCONFIRMED,
        probability=0.47,
        nearest=cite(0, "Ultimately, wages rise by four percent.", HERALD, 310, paragraph=5),
    ),
    Claim("| wages | a little more |", Support.UNCONFIRMED, probability=0.61, form=Form.CODE),
    Claim(
        "It was the longest strike [1] of *the* year.",
        Support.UNCONFIRMED,
        probability=0.31,
        problems=("a link was taken out",),
    ),
)
WRITTEN = answered(
    ANSWER.citations[0],
    answerer="openai:gpt-5",
    unconfirmed=UNCONFIRMED,
    withheld=(Claim("The mayor resigned.", Support.UNSUPPORTED, probability=0.02, problems=("no article says that",)),),
)
UNSURE = answered(
    answerer="openai:gpt-5",
    confidence=0.0,
    unconfirmed=UNCONFIRMED[:1],
    nearest=ABSTAINED.nearest[:1],
    cut="it stopped",
)
ROWS = ANSWER.citations
COMPOSED = answered(
    *ROWS,
    kind=QuestionKind.TIMELINE,
    method="A timeline: the dated sentences about the strike, the earliest first.",
    remarks=("One sentence gives no date that could be worked out.",),
    claims=(
        Claim("Harbour strike", Support.SUPPORTED, form=Form.HEADING),
        Claim(ROWS[0].quote, Support.VERBATIM, (1,), form=Form.ITEM, label="2024-01-02", marks=(Span(54, 64),)),
        Claim(ROWS[1].quote, Support.VERBATIM, (2,), form=Form.ITEM, label="early 2024-03, Coast Herald"),
        Claim("Without a date", Support.SUPPORTED, form=Form.HEADING, opens=True),
        Claim(ROWS[2].quote, Support.VERBATIM, (3,), form=Form.ITEM),
        Claim("3 articles are about this.", Support.SUPPORTED, form=Form.NOTE),
    ),
)
NOTHING = abstained(question="Who?")

TEXT = (
    "Harbour strike ends\n\nThe dockers of Port Vell ended their strike on Tuesday, nine weeks after it began."
    " Wages rise by four percent.\n\n• The port opens on Monday.\n\nExit mobile version"
)
ARTICLE = Article(
    origin="news/001.txt",
    text=TEXT,
    title=HERALD.title,
    blocks=(
        Block(BlockKind.TITLE, Span(0, 19)),
        Block(BlockKind.PARAGRAPH, Span(21, 134)),
        Block(BlockKind.LIST_ITEM, Span(136, 163)),
        Block(BlockKind.BOILERPLATE, Span(165, 184)),
    ),
)
MARK = Span(TEXT.index("Wages"), TEXT.index(" percent."))


def shapes(width: int | None) -> dict[str, Text]:
    marked = Text.assemble(article_head(HERALD, MARK, PLACES, width, "¶ 4"), excerpt(lay_out(ARTICLE, MARK, width), 2))
    return {
        "answer": answer_text(ANSWER, PLACES, width),
        "possibly": answer_text(POSSIBLY, PLACES, width),
        "abstained": answer_text(ABSTAINED, PLACES, width),
        "written": answer_text(WRITTEN, PLACES, width),
        "unsure": answer_text(UNSURE, PLACES, width),
        "why_written": why_text(WRITTEN, 1.0, PLACES, width),
        "composed": answer_text(COMPOSED, PLACES, width),
        "why_composed": why_text(COMPOSED, 1.0, PLACES, width),
        "nothing": answer_text(NOTHING, PLACES, width),
        "why": why_text(ABSTAINED, 1.0, PLACES, width),
        "why_possibly": why_text(POSSIBLY, 1.0, PLACES, width),
        "why_numbers": why_text(ABSTAINED, 1.0, PLACES, width, numbers=True),
        "article": marked,
        "articles": articles_text([HERALD, TIMES, BARE], PLACES, width),
    }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", list(shapes(80)))
def test_it_looks_as_a_person_judged_it(name: str, width: int) -> None:
    """The golden files were read by a person; a change of look is read again."""
    shown = shapes(width)[name].plain
    assert shown == (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Wide characters count twice."""
    for shown in shapes(width).values():
        assert max(cell_len(each) for each in shown.plain.split("\n")) <= width


def test_a_pipe_gets_unwrapped_lines() -> None:
    """Without a width, a sentence is a line, and so is a citation."""
    lines = answer_text(ANSWER, PLACES).plain.split("\n")
    assert "“Ultimately, wages rise by four percent.” [3]" in lines
    assert "[2] p. 3 · ¶ 12 · archive/2024/港.pdf:40-80" in lines


HOSTILE = (
    "\x1b[31mred\x1b]8;;http://evil.example\x07click\x9b2J\x08\x7f [bold]b[/bold] :smile: \u202egnp\u202c"
    " z\u200bw\ufeff\u2066x\u2069 \U000e0041 \r\n \ud800"
)


def hostile() -> Answer:
    article = info(
        4, title=HOSTILE, source=HOSTILE, author=HOSTILE, path=f"a/{HOSTILE}", url=f"https://x.example/{HOSTILE}"
    )
    return answered(cite(1, HOSTILE, article), question=HOSTILE)


def on_terminal(text: Text, **options: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=80, markup=False, emoji=False, highlight=False, **options)
    console.print(text, soft_wrap=True)
    return file.getvalue()


def test_nothing_in_an_article_reaches_the_terminal_as_a_command() -> None:
    """Escape sequences, bidirectional and zero-width characters are gone; markup stands as it is."""
    for text in (answer_text(hostile(), PLACES, 80), why_text(hostile(), 1.0, PLACES, 80, numbers=True)):
        assert not [char for char in text.plain if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char != "\n"]
        assert "[bold]b[/bold]" in text.plain.replace("\n    ", "")
        assert "evil.example\x07" not in on_terminal(text)
        assert "\x1b]8;;" not in on_terminal(text)


def test_json_keeps_the_exact_text_and_shows_no_control_character() -> None:
    """What is dangerous is escaped, so that reading the document gives the same characters."""
    shown = dumps(answer_document(hostile(), PLACES))
    assert json.loads(shown)["citations"][0]["quote"] == HOSTILE
    assert not [char for char in shown if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char != "\n"]
    assert dumps({"a": "é"}, ascii_only=True).isascii()


def test_a_title_is_a_link_on_a_terminal_only_and_only_to_the_web() -> None:
    """OSC 8 for http(s); nothing for a pipe, nor for other schemes."""
    text = answer_text(ANSWER, PLACES, 80)
    assert "https://coast.example/harbour" in on_terminal(text)
    assert "https://coast.example/harbour" in on_terminal(text, no_color=True)
    pipe = io.StringIO()
    Console(file=pipe, width=80).print(text, soft_wrap=True)
    assert "coast.example" not in pipe.getvalue()
    assert "\x1b" not in pipe.getvalue()
    for url in ("javascript:alert(1)", "file:///etc/passwd", "https://a b", "https://a\x1b\\b", "ftp://x", ""):
        assert web_address(url) == ""


def test_no_color_leaves_no_colour() -> None:
    """Bold and dim may stay."""
    assert "\x1b[1;36m" in on_terminal(answer_text(ANSWER, PLACES, 80))
    assert "36m" not in on_terminal(answer_text(ANSWER, PLACES, 80), no_color=True)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_cleaned_text_holds_no_control_and_keeps_every_letter(text: str) -> None:
    """Letters, digits and punctuation are never lost."""
    shown = clean(text)
    assert not [char for char in shown if unicodedata.category(char) in {"Cc", "Cs"} and char != "\n"]
    kept = [char for char in text if unicodedata.category(char)[0] in "LNP" and char not in "\u115f\u1160\u3164\uffa0"]
    assert [char for char in shown if unicodedata.category(char)[0] in "LNP"] == kept
    assert "\n" not in line(text)


def test_a_source_that_others_carry_says_where_once_and_quietly() -> None:
    """The outlets and days that are known, the title where there is no outlet; the rest is counted."""
    copies = (TIMES, info(4, title="Strike\x1b[31m over"), info(5, source="The Star", published="2024-03-06T10:00:00"))
    answer = answered(
        cite(1, "It ended.", HERALD, 10, copies=(*copies, info(6), info(7))), cite(2, "Wages rise.", HERALD, 90)
    )
    shown = answer_text(answer, PLACES).plain.split("\n")
    said = "  also in: 渓谷新聞 (2024-04), Strike[31m over, The Star (2024-03-06) and 2 others"
    assert [each for each in shown if "also in" in each] == [said]
    assert shown[shown.index(said) - 1].startswith(HERALD.title)
    document = answer_document(answer, PLACES)
    assert [copy["article_id"] for copy in document["citations"][0]["copies"][:2]] == [TIMES.id, f"{4:016x}"]
    assert document["citations"][1]["copies"] == []


def test_the_document_holds_every_field_and_exact_spans() -> None:
    """The contract of --json."""
    document = answer_document(ANSWER, PLACES)
    assert list(document) == [
        *("question", "standalone_question", "kind", "status", "answered", "answer", "text", "claims"),
        *("unconfirmed", "withheld"),
        *("confidence", "held", "p_answerable", "abstention", "doubts"),
        *("remarks", "method", "citations", "nearest", "searched"),
        "hits",
        *("answerer", "fallback", "cut", "usage", "timings_ms"),
    ]
    fields = {"number", "article_id", "title", "path", "url", "source", "author", "published", "start", "end", "quote"}
    for each in [*document["citations"], *document["hits"]]:
        assert fields <= each.keys()
        assert each["end"] - each["start"] == len(each["quote"])
    no = answer_document(ABSTAINED, PLACES)
    assert (no["answered"], no["abstention"]["reason"], no["citations"]) == (False, "not_in_articles", [])
    assert no["searched"]["filters"]["sources"] == ["Coast Herald"]


def test_a_possible_answer_is_no_answer_to_a_program_that_reads_json() -> None:
    """Its status says so, its text says so, and every place in it is that of a claim."""
    document = answer_document(POSSIBLY, PLACES)
    assert (document["status"], document["answered"], document["abstention"]) == ("possibly", False, None)
    assert document["doubts"] == ["the sentence gives no number of dockers"]
    assert document["text"].startswith("This may answer it: the sentence gives no number of dockers.\n")
    for claim in document["claims"]:
        assert document["text"][claim["start"] : claim["end"]] == claim["text"]
    assert [each["opinion"] for each in document["citations"]] == [False, True]


def test_an_articles_document_holds_its_text_and_the_marked_characters() -> None:
    """text[start:end] == quote."""
    document = article_document(ARTICLE, HERALD, MARK, PLACES)
    assert document["text"][document["start"] : document["end"]] == document["quote"] == "Wages rise by four"


def test_a_path_opens_from_where_the_person_is() -> None:
    """Relative below the current folder, else absolute."""
    home = Path("/home/ana/paper")
    assert Places(home, home).path("news/1.txt") == "news/1.txt"
    assert Places(home, home / "news").path("news/1.txt") == "1.txt"
    assert Places(home, Path("/tmp")).path("news/1.txt") == "/home/ana/paper/news/1.txt"  # noqa: S108
    assert Places(home, Path("/srv")).path("/srv/2.txt") == "2.txt"
    assert Places(home, home).path("") == ""


def test_the_marked_characters_are_exact_and_show_without_colour() -> None:
    """⟦…⟧ stands around the span and nothing else, at any width."""
    for width in (None, 20, 80):
        laid = lay_out(ARTICLE, MARK, width)
        words = " ".join("\n".join(each.plain[2:] for each in laid.lines).split())
        assert "⟦Wages rise by four⟧ percent." in words
        assert laid.marked is not None
        assert all(each.plain.startswith("┃ ") for each in laid.lines[laid.marked[0] : laid.marked[1] + 1])


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.integers(12, 90), st.integers(1, 30))
def test_a_window_holds_the_beginning_of_the_mark(first: int, second: int, width: int, height: int) -> None:
    """Whatever the span and the terminal, the page shows the mark, and never scrolls past the end."""
    start, end = sorted((first, second))
    if start == end or not TEXT[start:end].strip():
        return
    laid = lay_out(ARTICLE, Span(start, end), width)
    top = laid.window(height)
    assert laid.marked is not None
    assert top <= laid.marked[0] < max(top + height, top + 1)
    assert "".join(clean(TEXT[start:end]).split()) in "".join("".join(e.plain[2:] for e in laid.lines).split())


def test_markdown_numbers_footnotes_through_the_session_and_escapes_text() -> None:
    """Every footnote is defined once; nothing in an article becomes markup."""
    shown = markdown([ANSWER, POSSIBLY, ABSTAINED, hostile()], PLACES)
    assert shown == (GOLDEN / "export.md").read_text(encoding="utf-8")
    for number in range(1, 9):
        assert shown.count(f"[^{number}]: ") == 1
        assert shown.count(f"[^{number}]") == 2


def test_filters_read_as_they_are_typed() -> None:
    """Quotation marks where there are spaces."""
    filters = Filters(("Coast Herald",), ("Prats",), "2024-01-01", "2024-12-31", ("abc",))
    assert filter_words(filters) == ('source="Coast Herald" author=Prats since=2024-01-01 until=2024-12-31 article=abc')


class TestUnconfirmedClaims:
    """Nobody may take them for checked, wherever they are read."""

    @pytest.mark.parametrize("width", [None, 30, 64])
    def test_every_line_of_them_says_so_without_colour(self, width: int | None) -> None:
        """In a pipe each is one line with the mark at its end; they follow the sources of the answer."""
        shown = answer_text(WRITTEN, PLACES, width).plain
        before, label, after = shown.partition("Not confirmed by the articles:\n")
        assert label
        assert "news/001.txt:120-202" in before.replace("\n    ", "")
        lines = after.split("\n\n")[0].split("\n")
        assert all(line.startswith("? ") for line in lines)
        assert after.count("confirmed)") == 3
        if width is None:
            assert [line.endswith(" (not confirmed)") for line in lines] == [True, True, True, False]

    def test_a_number_of_the_models_is_no_citation(self) -> None:
        """The only numbers in brackets that are styled as citations are those of the answer."""
        shown = answer_text(WRITTEN, PLACES, 80)
        numbers = [shown.plain[span.start : span.end] for span in shown.spans if str(span.style) == "bold cyan"]
        assert numbers == ["[1]", "[1] "]

    def test_json_keeps_them_from_the_text_and_from_the_claims(self) -> None:
        document = answer_document(WRITTEN, PLACES)
        assert (document["status"], document["answered"]) == ("answered", True)
        assert "longest strike" not in document["text"]
        assert [claim["support"] for claim in document["claims"]] == ["verbatim"]
        assert [claim["support"] for claim in document["unconfirmed"]] == ["unconfirmed"] * 3
        assert [claim["citations"] for claim in document["unconfirmed"]] == [[]] * 3
        assert document["unconfirmed"][0]["nearest"]["quote"] == "Ultimately, wages rise by four percent."
        assert document["unconfirmed"][1]["nearest"] is None

    def test_alone_they_are_no_answer_to_a_program_that_reads_json(self) -> None:
        document = answer_document(UNSURE, PLACES)
        assert (document["status"], document["answered"], document["abstention"]) == ("unconfirmed", False, None)
        assert (document["claims"], document["citations"]) == ([], [])
        assert document["text"] == "The articles do not confirm what the chat model wrote."

    @pytest.mark.parametrize("answer", [WRITTEN, UNSURE])
    def test_markdown_marks_each_under_its_label(self, answer: Answer) -> None:
        """What a model wrote is no markup, and no footnote."""
        written = markdown([answer], PLACES)
        _, label, after = written.partition("Not confirmed by the articles:\n\n")
        assert label
        listed = after.split("\n\n")[0].split("\n")
        assert len(listed) == len(answer.unconfirmed)
        assert all(line.startswith("- *") and line.endswith("* (not confirmed)") for line in listed)
        assert "[^" not in after.split("\n\n")[0]

    def test_hidden_they_are_counted(self) -> None:
        """In the count of claims, and one by one in /why."""
        hidden = answered(ANSWER.citations[0], answerer="openai:gpt-5", withheld=(*UNCONFIRMED, *WRITTEN.withheld))
        shown = answer_text(hidden, PLACES).plain
        assert "longest strike" not in shown
        assert "1 of 5 claims supported, 3 not confirmed; 1 withheld." in shown
        assert why_text(hidden, 1.0, PLACES).plain.count("not confirmed, and not shown (SHOW_UNCONFIRMED=0)") == 3
