"""The fitted model of question kinds: how likely a question is of each, by its words and by the form it has.

A multinomial logistic regression over runs of one and two words and of three to five letters, weighted by their inverse
document frequency (Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988), and over the
kind that the rules give (``bot.composition.kind_rules``). ``python -m evals fit-kinds`` fits it and writes its file;
docs/evaluation.md has its data and figures.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers import QuestionKind
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern

MODEL_FILE = Path(__file__).with_name("question_kinds.json")
WORDS = range(1, 3)
"""Words of a run."""
LETTERS = range(3, 6)
"""Letters of a run, within a word and the spaces beside it."""
RULE_VALUE = 0.5
"""The value of the feature that names the kind by the rules, where words and letters are of unit length each."""

_TOKEN = LazyPattern(r"[\w']+|[?:,]")
_DIGITS = LazyPattern(r"\d+")


def question_features(question: str) -> dict[str, float]:
    """Return the runs of a question by name, "w …" of words and "c …" of letters: 1 + ln of how often each occurs."""
    text = _DIGITS.sub("0", fold(" ".join(question.split())).rstrip(" .!"))
    words = ["<", *_TOKEN.findall(text), ">"]
    counts = Counter(f"w {' '.join(words[at : at + size])}" for size in WORDS for at in range(len(words) - size + 1))
    counts.update(f"c {run}" for run in _letters(words[1:-1]))
    return {name: 1.0 + math.log(count) for name, count in counts.items()}


def _letters(words: list[str]) -> Iterator[str]:
    for word in words:
        padded = f" {word} "
        for size in LETTERS:
            yield from (padded[at : at + size] for at in range(max(1, len(padded) - size + 1)))


class KindModel:
    """A fitted model.

    Args:
        kinds: The kinds, in the order of the weights.
        intercepts: ``(kinds,)``.
        idf: The inverse document frequency of each feature.
        weights: The weights of each feature, one a kind; a question has few features, so that no array is made of any
            before it is needed.
    """

    def __init__(
        self,
        kinds: tuple[QuestionKind, ...],
        intercepts: NDArray[np.float64],
        idf: Mapping[str, float],
        weights: Mapping[str, Sequence[float]],
    ) -> None:
        self.kinds = kinds
        self._intercepts = intercepts
        self._idf = idf
        self._weights = weights

    def probabilities(self, question: str, by_rule: QuestionKind) -> dict[QuestionKind, float]:
        """Return the probability of each kind; they sum to 1.

        Args:
            question: As it was asked.
            by_rule: Its kind by the rules.
        """
        values = weighted_features(question, by_rule, self._idf)
        weighted = np.array([self._weights[name] for name in values]) * np.array(list(values.values()))[:, None]
        odds = np.vstack((self._intercepts, weighted)).sum(axis=0)
        exponents = np.exp(odds - odds.max())
        return dict(zip(self.kinds, map(float, exponents / exponents.sum()), strict=True))


def weighted_features(question: str, by_rule: QuestionKind, idf: Mapping[str, float]) -> dict[str, float]:
    """Return the features of a question, its runs times their inverse document frequencies ``idf``.

    Runs without a frequency are left out; those of words, and those of letters, have unit length in all.
    """
    found = {name: value * idf[name] for name, value in question_features(question).items() if name in idf}
    for group in "wc":
        names = [name for name in found if name.startswith(group)]
        length = math.sqrt(sum(found[name] ** 2 for name in names))
        found.update({name: found[name] / length for name in names})
    return {**found, f"r {by_rule}": RULE_VALUE}


@cache
def fitted_kinds(path: Path = MODEL_FILE) -> KindModel:
    """Read the fitted model."""
    return model_of(json.loads(path.read_text(encoding="utf-8")))


def model_of(data: Mapping[str, Any]) -> KindModel:
    """Return the model that a file's data describe: kinds, intercepts, idf and weights by feature."""
    kinds = tuple(QuestionKind(kind) for kind in data["kinds"])
    features: Mapping[str, list[float]] = data["features"]
    weights = {name: row[1:] for name, row in features.items()}
    weights |= {f"r {kind}": row for kind, row in data["rules"].items()}
    return KindModel(kinds, np.array(data["intercepts"]), {name: row[0] for name, row in features.items()}, weights)
