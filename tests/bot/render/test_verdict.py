"""What a verdict looks like: goldens at three widths, marks without colour, JSON, text that speaks to a terminal."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.text import Text

from bot.drafts import Draft
from bot.quote_checks import CheckedDraft, QuoteCheck, QuoteChecker
from bot.render.json import dumps
from bot.render.verdict import draft_text, quoted, verdict_text
from bot.render.verdict_json import draft_document, verdict_document
from bot.render.word_diff import DiffSegment, Mark, word_diff
from retrieval.articles import Filters, Span
from retrieval.quotes.diff import Change, ChangeKind
from retrieval.store.library import Library
from tests.bot.fakes_bot import PLACES, make_app
from tests.bot.fakes_quotes import ASKED, DRAFT, LEASE, STRIKE, checked, quote_library
from tests.fakes import make_article, make_library

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = (30, 80, 120)
CONTRACT = {"article_id", "title", "path", "url", "source", "author", "published", "start", "end", "quote"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with quote_library(tmp_path_factory.mktemp("quotes")) as library:
        yield library


@pytest.fixture(scope="module")
def checks(library: Library) -> dict[str, QuoteCheck]:
    return {name: checked(library, *asked) for name, asked in ASKED.items()}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> list[CheckedDraft]:
    app = make_app(tmp_path_factory.mktemp("drafts"), [LEASE, STRIKE])
    return QuoteChecker(app.quotes, app.library).check_drafts(
        [Draft("draft.md", DRAFT, DRAFT.index("The mayor"))], Filters()
    )


def shapes(checks: dict[str, QuoteCheck], drafted: list[CheckedDraft], width: int | None) -> dict[str, Text]:
    verdicts = Text("\n").join(
        Text.assemble(f"— {name}\n", verdict_text(check, PLACES, width)) for name, check in checks.items()
    )
    return {"verdicts": verdicts, "draft": draft_text(drafted, "draft.md", PLACES, width)}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["verdicts", "draft"])
def test_it_looks_as_a_person_judged_it(
    name: str, width: int, checks: dict[str, QuoteCheck], drafted: list[CheckedDraft]
) -> None:
    """The golden files were read by a person; a change of look is read again."""
    shown = shapes(checks, drafted, width)[name].plain
    assert shown == (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8")
    assert max(cell_len(each) for each in shown.split("\n")) <= width
    assert "fake" not in shown.lower()


def test_a_pipe_gets_a_row_a_line(checks: dict[str, QuoteCheck]) -> None:
    """Nothing is wrapped."""
    lines = verdict_text(checks["altered"], PLACES).plain.split("\n")
    assert "Quoted    “We will pay the dockers [-400-] {+40+} euros [-each-] {+an+} hour”" in lines


def test_what_is_left_out_stands_in_brackets_and_is_marked_where_it_matters(checks: dict[str, QuoteCheck]) -> None:
    """Legible without colour."""
    assert "“Nobody will lose a job, [*if* the port stays open]”" in verdict_text(checks["truncated"], PLACES).plain
    assert "“The lease [of the harbour] is not" in verdict_text(checks["edited"], PLACES).plain


def test_the_difference_reads_as_text() -> None:
    """Words taken out or put in keep one space on each side; nothing of the quotation is lost."""
    quote = "we will never pay 400 euros"
    changes = [
        Change("", "gladly", Span(8, 8), Span(0, 6), ChangeKind.WORD),
        Change("never ", "", Span(8, 14), Span(0, 0), ChangeKind.NEGATION),
        Change("400", "40", Span(18, 21), Span(0, 2), ChangeKind.NUMBER),
        Change("", "today", Span(27, 27), Span(0, 5), ChangeKind.WORD),
    ]
    pieces = list(word_diff(quote, changes))
    assert quoted(pieces).plain == "“we will {+gladly+} [-never -]pay [-400-] {+40+} euros {+today+}”"
    kept = "".join(piece.text for piece in pieces if piece.mark is not Mark.SOURCE)
    assert kept.split() == quote.split()


def test_a_long_run_of_unchanged_words_is_cut_and_the_cut_is_no_ellipsis() -> None:
    """So that it is not read as the quotation's own."""
    shown = quoted([DiffSegment(Mark.SAME, "word " * 500), DiffSegment(Mark.QUOTED, "changed")]).plain
    assert len(shown) < 500
    assert "⋯" in shown
    assert "…" not in shown
    assert shown.endswith("[-changed-]”")


def test_the_document_holds_every_field_and_exact_spans(checks: dict[str, QuoteCheck], library: Library) -> None:
    """The contract of --json: text[start:end] == quote, wherever a place is told."""
    for check in checks.values():
        document = verdict_document(check, PLACES)
        assert list(document) == [
            *("quote", "verdict", "severity", "evidence", "code", "misattributed", "kind", "folds", "style"),
            *("changes", "omitted"),
            *("speaker", "matches", "variants", "nearest", "searched", "withdrawn", "correction"),
        ]
        speaker = document["speaker"]
        places = [*document["matches"], *document["variants"], *document["nearest"]]
        for each in places:
            assert each.keys() >= CONTRACT
        told = [
            speaker[key] | {"article_id": speaker["article_id"]}
            for key in ("surface", "cue", "sentence")
            if speaker.get(key)
        ]
        omitted = [each | {"article_id": match["article_id"]} for match in places for each in match.get("omitted", ())]
        for each in (*places, *told, *omitted):
            assert library.article(each["article_id"]).text[each["start"] : each["end"]] == each["quote"]
    altered = verdict_document(checks["altered"], PLACES)
    change = altered["changes"][0]
    assert altered["quote"][change["quoted_start"] : change["quoted_end"]] == change["quoted"] == "400"
    assert LEASE.text[change["source_start"] : change["source_end"]] == change["source"] == "40"
    assert (change["reason"], change["grave"]) == ("number", True)
    assert (altered["verdict"], altered["severity"], altered["code"]) == ("altered", "high", 3)
    assert altered["speaker"]["verdict"] == "match"
    assert altered["searched"] == {
        "articles": 2,
        "since": "2024-03-05",
        "until": "2024-04-20",
        "filters": {"sources": [], "authors": [], "since": "", "until": "", "articles": []},
    }


def test_a_drafts_document_says_where_each_quotation_stands(drafted: list[CheckedDraft]) -> None:
    """In characters, and in lines and columns; with how many there are of each verdict."""
    document = draft_document(drafted, PLACES)
    assert document["summary"] == {
        "quotations": 3,
        "verdicts": {"verbatim": 1, "altered": 1, "not_found": 1},
        "misattributed": 0,
        "withdrawn": 0,
        "not_checked": 0,
        "not_checked_reasons": {},
    }
    assert document["code"] == 3
    for each in document["quotations"]:
        place = each["draft"]
        assert DRAFT[place["start"] : place["end"]] == place["quote"] == each["quote"]
        assert DRAFT.split("\n")[place["line"] - 1][place["column"] - 1 :].startswith(place["quote"])
    second = document["quotations"][1]
    assert second["speaker"]["asked"] == "Ana Prats"
    assert (second["draft"]["speaker"]["surface"]["quote"], second["draft"]["speaker"]["certain"]) == ("Prats", True)
    assert second["draft"]["sentence"]["quote"].endswith("Prats told reporters.")
    assert draft_document([CheckedDraft(Draft("d", "None here."), ())], PLACES)["searched"] is None


HOSTILE = "The \x1b[31mred\x9b2J \u202eharbour\u202c will not \u2066be\u2069 sold [bold]today[/bold] to a\x07 stranger"


def test_nothing_in_articles_or_quotations_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    """Escape sequences and bidirectional characters are gone from every part; markup stands as it is."""
    article = make_article(f"{HOSTILE}, said Ana \x1b[1mPrats.", title=HOSTILE, source=HOSTILE, origin=f"a/{HOSTILE}")
    with make_library(tmp_path, [article]) as library:
        for words in (HOSTILE, HOSTILE.replace("not", "\x1b[0mnever"), f"nothing like\x1b]8;; it, ever {HOSTILE[:20]}"):
            check = checked(library, words, "Ana \x1b[31mPrats")
            shown = verdict_text(check, PLACES, 80).plain
            assert not [char for char in shown if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char != "\n"]
            document = dumps(verdict_document(check, PLACES))
            assert not [char for char in document if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char != "\n"]
            assert json.loads(document)["quote"] == words
