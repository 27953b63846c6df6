"""The fitted model of question kinds, and the decisions that it shares with the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.composition.kind_model import fitted_kinds
from bot.composition.question_kind import decide_kind, kind_by_rule
from bot.conversation.store import Turn
from evals.conversations.kind_trainer import LabelledQuestion, figures, read_labelled, run, train
from retrieval.errors import EmbeddingError, InputError

HELD_OUT = Path(__file__).parents[2] / "data" / "kind_questions_held_out.tsv"


def test_questions_written_apart_are_taken_for_their_kind() -> None:
    """More than by the rules alone; facts stay facts."""
    found = figures(read_labelled(HELD_OUT))
    assert found["all"] > 0.9
    assert found["all"] > found["rules alone"] + 0.3
    assert found["fact"] > 0.9


@pytest.mark.parametrize(
    ("before", "question", "kind"),
    [
        ("Who owns the Harrow ferry?", "and in order, how did it sink?", QuestionKind.TIMELINE),
        ("What happened to the Harrow ferry?", "who has been charged so far?", QuestionKind.LIST),
        ("Who owns the Harrow ferry?", "Anything newer on that?", QuestionKind.COLLECTION),
        ("When did the ferry sink?", "sorry, the 2014 one i meant, not this year's", QuestionKind.CORRECTION),
    ],
)
def test_what_follows_a_question_is_taken_for_its_kind(before: str, question: str, kind: QuestionKind) -> None:
    history = (Turn(before, before, "", (), abstained=False, asked=0.0),)
    assert decide_kind(question, history).kind is kind


def test_probabilities_sum_to_one_and_follow_the_rules() -> None:
    """What the rules say counts."""
    model, question = fitted_kinds(), "And the harbour?"
    by_list = model.probabilities(question, QuestionKind.LIST)
    by_fact = model.probabilities(question, QuestionKind.FACT)
    assert sum(by_list.values()) == pytest.approx(1.0)
    assert by_list[QuestionKind.LIST] > by_fact[QuestionKind.LIST]


def test_a_command_and_a_name_are_left_to_the_rules() -> None:
    """A few words are of no form that the model knows."""
    for question in ("help", "why", "thanks", "open 1", "Niger"):
        assert decide_kind(question).kind is kind_by_rule(question)


def test_a_trained_model_decides_as_it_was_trained(tmp_path: Path) -> None:
    """It is written, and read again; what the rules say before it is added."""
    questions = [
        LabelledQuestion(kind, form.format(name), before)
        for kind, form, before in (
            (QuestionKind.LIST, "List all members of the {} club", ""),
            (QuestionKind.TIMELINE, "Put the events of the {} affair in order of time", ""),
            (QuestionKind.FACT, "Who signed the {} treaty?", "Who wrote it?"),
        )
        for name in ("harbour", "Lund", "ferry", "Tarn", "bank", "Vell", "school", "Niger")
    ]
    train(questions * 4, tmp_path / "kinds", epochs=2)
    model = fitted_kinds(tmp_path / "kinds")
    found = model.probabilities("Put the border affair in order of time", QuestionKind.FACT)
    assert max(found, key=lambda kind: found[kind]) is QuestionKind.TIMELINE
    assert sum(found.values()) == pytest.approx(1.0)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_text('{"kinds": ["fact"], "rules": {}}', encoding="utf-8")
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        fitted_kinds(tmp_path).probabilities("Who?", QuestionKind.FACT)


def test_a_line_without_a_kind_is_named(tmp_path: Path) -> None:
    """With its number."""
    file = tmp_path / "questions.tsv"
    file.write_text("# kinds\nfact\tWho?\nriddle\tWhy?\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 3 of .*riddle"):
        run([file], facts=None, held_out=None, output=tmp_path / "out.json")
