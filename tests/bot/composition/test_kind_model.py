"""The fitted model of question kinds, and the decisions that it shares with the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.composition.kind_model import fitted_kinds
from bot.composition.question_kind import decide_kind, kind_by_rule
from evals.conversations.kind_fit import as_text, figures, fit, read_labelled, run
from retrieval.errors import InputError

HELD_OUT = Path(__file__).parents[2] / "data" / "kind_questions_held_out.tsv"


def test_questions_written_apart_are_taken_for_their_kind() -> None:
    """More than by the rules alone; facts stay facts."""
    found = figures(read_labelled(HELD_OUT))
    assert found["all"] > 0.8
    assert found["all"] > found["rules alone"] + 0.2
    assert found["fact"] > 0.9


def test_probabilities_sum_to_one_and_follow_the_rules() -> None:
    """What the rules say counts."""
    model, question = fitted_kinds(), "And the harbour?"
    by_list = model.probabilities(question, QuestionKind.LIST)
    by_fact = model.probabilities(question, QuestionKind.FACT)
    assert sum(by_list.values()) == pytest.approx(1.0)
    assert by_list[QuestionKind.LIST] > by_fact[QuestionKind.LIST]


def test_a_follow_up_and_a_command_are_left_to_the_rules() -> None:
    """A few words are of no form that the model knows."""
    for question in ("help", "why", "thanks", "open 1", "Niger"):
        assert decide_kind(question).kind is kind_by_rule(question)


def test_a_fitted_file_decides_as_what_was_fitted(tmp_path: Path) -> None:
    """It is written, and read again."""
    questions = [(QuestionKind.LIST, f"List all members of the {name} club") for name in "abcdef"]
    questions += [
        (QuestionKind.TIMELINE, f"Put the events of the {name} affair in order of time") for name in "abcdef"
    ] + [(QuestionKind.FACT, f"Who signed the {name} treaty?") for name in "abcdef"]
    file = tmp_path / "kinds.json"
    file.write_text(as_text(fit(questions)), encoding="utf-8")
    found = fitted_kinds(file).probabilities("Put the harbour affair in order of time", QuestionKind.FACT)
    assert max(found, key=lambda kind: found[kind]) is QuestionKind.TIMELINE


def test_a_line_without_a_kind_is_named(tmp_path: Path) -> None:
    """With its number."""
    file = tmp_path / "questions.tsv"
    file.write_text("# kinds\nfact\tWho?\nriddle\tWhy?\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 3 of .*riddle"):
        run([file], facts=None, held_out=None, output=tmp_path / "out.json")
