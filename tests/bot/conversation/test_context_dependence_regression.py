"""Tuned constants of context dependence, held by frozen dialogues (``tests/data/context_dependence.json``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import context_dependence
from bot.conversation.store import Turn

DIALOGUES: list[dict[str, Any]] = json.loads(
    Path(__file__).parents[2].joinpath("data/context_dependence.json").read_text("utf-8")
)
CONSTANTS = (
    "DEPENDENCE_THRESHOLD", "QUESTIONS_VECTOR_WEIGHT", "ANSWER_VECTOR_WEIGHT", "EARLIER_TERMS_WEIGHT",
    "PREVIOUS_QUESTIONS", "ANSWER_CHARACTERS", "MAX_CONTENT_WORDS",
)  # fmt: skip


def measured(dialogue: dict[str, Any]) -> tuple[float, list[tuple[str, float, float]]]:
    """Return the probability and the query components of a dialogue, rounded as in the file."""
    history = [
        Turn(question, question, answer or "Not in these articles.", (), abstained=answer is None, asked=0.0)
        for question, answer in dialogue["history"]
    ]
    probability = context_dependence.dependence_probability(dialogue["question"], history)
    found = context_dependence.context_components(dialogue["question"], history, probability)
    return round(probability, 4), [
        (each.text, round(each.dense_weight, 4), round(each.word_weight, 4)) for each in found
    ]


def frozen(dialogue: dict[str, Any]) -> tuple[float, list[tuple[str, float, float]]]:
    return dialogue["probability"], [(text, dense, word) for text, dense, word in dialogue["components"]]


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue["question"])
def test_a_dialogue_keeps_its_probability_and_query(dialogue: dict[str, Any]) -> None:
    """The probability that the question depends on its context, and each component of its query."""
    assert measured(dialogue) == frozen(dialogue)


@pytest.mark.parametrize("factor", [0.5, 2])
@pytest.mark.parametrize("name", [*CONSTANTS, *context_dependence.WEIGHTS])
def test_a_halved_or_doubled_constant_changes_a_dialogue(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no tuned number can change unnoticed."""
    if name in context_dependence.WEIGHTS:
        monkeypatch.setitem(context_dependence.WEIGHTS, name, context_dependence.WEIGHTS[name] * factor)
    else:
        value = getattr(context_dependence, name)
        monkeypatch.setattr(context_dependence, name, type(value)(value * factor))
    assert any(measured(dialogue) != frozen(dialogue) for dialogue in DIALOGUES)
