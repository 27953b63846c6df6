"""The evaluation of conversations of every kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import Answer, QuestionKind
from bot.app import App
from evals.conversations.kinds import ExpectedTurn, KindsReport, evaluate, read_conversations
from retrieval.articles import Span
from retrieval.errors import InputError
from tests.bot.fakes_bot import make_app

QUESTION = ExpectedTurn("When did the dockers end their strike?", frozenset({QuestionKind.FACT}))


class MisquotingAnswerer:
    """Moves every citation by a character."""

    def __init__(self, app: App) -> None:
        self._inner = app.answerer

    def answer(self, *given: object) -> Answer:
        answer = self._inner.answer(*given)  # type: ignore[arg-type]
        moved = [replace(each, span=Span(each.span.start + 1, each.span.end + 1)) for each in answer.citations]
        return replace(answer, citations=tuple(moved))


def test_it_counts_the_kinds_that_are_right(tmp_path: Path) -> None:
    """A question is right when it is taken for one of the kinds expected."""
    wrong = ExpectedTurn(QUESTION.question, frozenset({QuestionKind.OVERVIEW}))
    found = list(evaluate(make_app(tmp_path), [("one", [QUESTION, wrong])]))
    document = KindsReport(tuple(outcome for outcome, _ in found)).document()
    assert (document["turns"], document["kind_right"], document["misquoted"]) == (2, 0.5, [])
    assert [each["expected"] for each in document["confused"]] == [["overview"]]
    assert "ended their strike on Tuesday" in found[0][1]


def test_it_finds_quotations_that_are_not_the_articles_characters(tmp_path: Path) -> None:
    """A quotation a character beside its place counts."""
    app = make_app(tmp_path / "exact")
    moved = make_app(tmp_path / "moved", answerer=MisquotingAnswerer(app))
    assert [outcome.misquoted != () for outcome, _ in evaluate(moved, [("one", [QUESTION])])] == [True]


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    """The message names the file."""
    file = tmp_path / "turns.jsonl"
    file.write_text('{"turns": [{"question": "Why?", "kind": "riddle"}]}\n', encoding="utf-8")
    with pytest.raises(InputError, match="is no file of conversations"):
        list(read_conversations(file))
    file.write_text('{"library": "a", "turns": [{"question": "Why?"}]}\n', encoding="utf-8")
    assert [len(turns) for _, turns in read_conversations(file)] == [1]
    assert list(read_conversations(file, library="b")) == []


def test_it_counts_what_a_useful_answer_tells(tmp_path: Path) -> None:
    """An answer that quotes what is needed, half one of some pieces, and a denial of what no article says."""
    fact = frozenset({QuestionKind.FACT})
    turns = [
        replace(QUESTION, pieces=(("ended their strike", "was over"),)),
        replace(QUESTION, pieces=(("ended their strike",), ("seventeen ferries",)), needed=2),
        replace(QUESTION, pieces=(("seventeen ferries",),)),
        ExpectedTurn("Who won the chess championship in Reykjavik?", fact, unanswerable=True),
        QUESTION,
    ]
    outcomes = tuple(outcome for outcome, _ in evaluate(make_app(tmp_path), [("one", [each]) for each in turns]))
    assert [each.useful for each in outcomes] == [1, 0.5, 0, 1, None]
    document = KindsReport(outcomes).document()
    assert document["useful"] == 2.5 / 4
    assert document["pieces_told"] == 0.5
    assert document["useful_by_kind"]["unanswerable"] == {"turns": 1, "useful": 1.0}


def test_what_is_expected_is_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_text(
        '{"turns": [{"question": "Why?", "kind": "fact", "pieces": [["a", "b"], ["c"]], "needed": 2},'
        ' {"question": "Who?", "unanswerable": true}]}\n',
        encoding="utf-8",
    )
    [(_, [first, second])] = read_conversations(file)
    assert (first.pieces, first.needed, first.unanswerable) == ((("a", "b"), ("c",)), 2, False)
    assert (second.pieces, second.kinds, second.unanswerable) == ((), frozenset(), True)
