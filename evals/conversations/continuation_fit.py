"""``python -m evals fit-continuation FILE… --store DIR``: fits whether a question goes on with the articles in hand.

The files are conversations as ``python -m evals kinds`` takes them, one file a writer; ``articles`` of a turn are the
ends of the origins of the articles that answer it. A question goes on where it has one of the turn before it; first
questions of other conversations, asked in its place, do not.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering.model import LinearModel
from bot.app import App, build
from bot.composition.scope.continuation import FEATURES
from bot.composition.scope.scope_decision import MIN_GOING_ON
from bot.settings import load
from evals.fitting import fit_logistic
from retrieval.errors import InputError

MAX_HAND = 8
"""Articles of the turn before that are in hand."""
INVERSE_PENALTY = 100.0
"""scikit-learn's inverse penalty: as good as none for two features."""


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """A question and the ids of the articles that answer it."""

    question: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContinuationExample:
    """What a question is like after another: the writer's number, ``FEATURES``, and whether it goes on."""

    writer: int
    values: tuple[float, ...]
    goes_on: bool


def read_turns(file: Path, origins: dict[str, str]) -> list[list[AskedTurn]]:
    """Return the conversations of a file, with the turns that articles answer.

    Args:
        file: JSON lines of turns, each with a question and its articles.
        origins: The ids of the library's articles, by the ends of their origins.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [
            [AskedTurn(turn["question"], known) for turn in record["turns"] if (known := _known(turn, origins))]
            for record in records
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} is no file of conversations: {type(error).__name__}: {error}") from None


def _known(turn: dict[str, Any], origins: dict[str, str]) -> tuple[str, ...]:
    return tuple(origins[each] for each in turn.get("articles", ()) if each in origins)


def examples(app: App, writers: Sequence[Sequence[Sequence[AskedTurn]]]) -> Iterator[ContinuationExample]:
    """Yield the examples of all writers' conversations."""
    order = random.Random(0)  # noqa: S311 (no secret)
    first = [turns[0] for conversations in writers for turns in conversations if turns]
    for writer, conversations in enumerate(writers):
        for turns in conversations:
            for before, turn in itertools.pairwise(turns):
                hand = before.articles[:MAX_HAND]
                asked = [(turn, not set(turn.articles).isdisjoint(hand))]
                other = order.choice(first)
                if set(other.articles).isdisjoint(hand):
                    asked.append((other, False))
                for each, goes_on in asked:
                    if values := app.continuation.features(each.question, hand):
                        yield ContinuationExample(writer, values, goes_on)


def fit(found: Sequence[ContinuationExample]) -> LinearModel:
    """Return the log odds that a question goes on, of ``FEATURES``."""
    values = np.array([each.values for each in found])
    truth = np.array([each.goes_on for each in found])
    return fit_logistic(FEATURES, values, truth, np.ones(len(found)), INVERSE_PENALTY)


def run(files: Sequence[Path], store: Path) -> dict[str, Any]:
    """Fit on conversations over the articles of a store; return the weights, and the figures of each writer left out.

    Raises:
        InputError: A file cannot be read, or holds too little.
        OnrecordError: The store cannot be used.
    """
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]  # noqa: PLC0415 (only fitting needs it)

    with build(load(store_dir=store, chat_model="")) as app:
        origins = {each.origin.rpartition("#")[2]: each.id for each in app.library.articles()}
        found = list(examples(app, [read_turns(file, origins) for file in files]))
    if len({(each.writer, each.goes_on) for each in found}) < 2 * len(files) or len(files) < 2:
        raise InputError("there have to be two files at least, each with questions that go on and others")
    odds = np.zeros(len(found))
    for writer in range(len(files)):
        model = fit([each for each in found if each.writer != writer])
        left = [at for at, each in enumerate(found) if each.writer == writer]
        odds[left] = model.score(FEATURES, np.array([found[at].values for at in left]))
    truth, sure = np.array([each.goes_on for each in found]), 1 / (1 + np.exp(-odds))
    whole = fit(found)
    return {
        "questions": len(found),
        "go on": int(truth.sum()),
        "auroc": round(float(roc_auc_score(truth, odds)), 3),
        "accuracy": round(float(np.mean((sure >= 0.5) == truth)), 3),
        f"right from {MIN_GOING_ON} on": round(float(truth[sure >= MIN_GOING_ON].mean()), 3),
        f"found from {MIN_GOING_ON} on": round(float(np.mean(sure[truth] >= MIN_GOING_ON)), 3),
        "weights": {
            "bias": round(whole.intercept, 2),
            **{name: round(each, 2) for name, each in whole.weights.items()},
        },
    }
