"""The fitted model of question kinds: how likely a question is of each, by its words and by what the rules say of it.

A fine-tuned encoder reads the question as it was asked. To its log odds are added those of the kind that the rules give
(``bot.composition.kind_rules``) and, of a follow-up, of the kind of the question before it. ``python -m evals
train-kinds`` trains it and writes its folder; the README there has its data and figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answers import QuestionKind
from retrieval.embedding.cross_encoder import PACKAGED_MODELS
from retrieval.embedding.text_classifier import OnnxTextClassifier, TextClassifier, open_classifier

KIND_MODEL = PACKAGED_MODELS / "onrecord-kinds"
"""The folder of the packaged model."""
RULES_FILE = "rules.json"
"""In its folder: the kinds in the order of the log odds, and the log odds that each feature of the rules adds."""


class KindModel:
    """A fitted model. Safe to share between threads.

    Args:
        classifier: Reads the question; its classes are ``kinds``.
        kinds: The kinds, in the order of the log odds.
        rules: The log odds that each of ``rule_features`` adds, one a kind.
    """

    def __init__(
        self, classifier: TextClassifier, kinds: tuple[QuestionKind, ...], rules: Mapping[str, NDArray[np.float32]]
    ) -> None:
        self.kinds = kinds
        self._classifier = classifier
        self._rules = rules

    def probabilities(
        self, question: str, by_rule: QuestionKind, before: QuestionKind | None = None
    ) -> dict[QuestionKind, float]:
        """Return the probability of each kind; they sum to 1.

        Args:
            question: As it was asked.
            by_rule: Its kind by the rules.
            before: The kind by the rules of the question that it follows; None where it follows none.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        odds = self._classifier.log_odds(question)
        odds = odds + sum(self._rules[name] for name in rule_features(by_rule, before) if name in self._rules)
        exponents = np.exp(odds - odds.max())
        return dict(zip(self.kinds, map(float, exponents / exponents.sum()), strict=True))


def rule_features(by_rule: QuestionKind, before: QuestionKind | None) -> tuple[str, ...]:
    """Return the names of what the rules say: "rule …" of the question, "follow-up …" and "before …" of a follow-up."""
    alone = (f"rule {by_rule}",)
    return (*alone, f"follow-up {by_rule}", f"before {before}", "follow-up") if before else alone


def open_kind_classifier() -> OnnxTextClassifier:
    """Return what reads the questions of the packaged model, so that it can be loaded before one is asked."""
    return open_classifier(KIND_MODEL)


@cache
def fitted_kinds(folder: Path = KIND_MODEL) -> KindModel:
    """Return the model in a folder; it is loaded when it is first asked.

    Raises:
        EmbeddingError: Its file of rules is missing or none.
    """
    data = json.loads((folder / RULES_FILE).read_text(encoding="utf-8"))
    rules = {name: np.array(row, dtype=np.float32) for name, row in data["rules"].items()}
    return KindModel(open_classifier(folder), tuple(map(QuestionKind, data["kinds"])), rules)
