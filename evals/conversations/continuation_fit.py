"""``python -m evals fit-continuation FILE… --store DIR``: fits whether a question goes on with the articles in hand.

The files are conversations, one file a writer (``evals.conversations.writers``). A question goes on where it has one of
the articles of the turn before it; first questions of other conversations, asked in its place, do not.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.app import App, build
from bot.composition.scope.continuation import FEATURES
from bot.composition.scope.scope_decision import MIN_GOING_ON
from bot.settings import load
from evals.conversations.writers import AskedTurn, WriterExample, fit, odds_left_out, read_writers, rounded_weights

MAX_HAND = 8
"""Articles of the turn before that are in hand."""


def examples(app: App, writers: Sequence[Sequence[Sequence[AskedTurn]]]) -> Iterator[WriterExample]:
    """Yield the examples of all writers' conversations, of the turns that articles answer."""
    order = random.Random(0)  # noqa: S311 (no secret)
    answered = [[[turn for turn in turns if turn.articles] for turns in each] for each in writers]
    first = [turns[0] for conversations in answered for turns in conversations if turns]
    for writer, conversations in enumerate(answered):
        for turns in conversations:
            for before, turn in itertools.pairwise(turns):
                hand = before.articles[:MAX_HAND]
                asked = [(turn, not set(turn.articles).isdisjoint(hand))]
                other = order.choice(first)
                if set(other.articles).isdisjoint(hand):
                    asked.append((other, False))
                for each, goes_on in asked:
                    if values := app.continuation.features(each.question, hand):
                        yield WriterExample(writer, values, goes_on)


def run(files: Sequence[Path], store: Path) -> dict[str, Any]:
    """Fit on conversations over the articles of a store; return the weights, and the figures of each writer left out.

    Raises:
        InputError: A file cannot be read, or holds too little.
        OnrecordError: The store cannot be used.
    """
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]  # noqa: PLC0415 (only fitting needs it)

    with build(load(store_dir=store, chat_model="")) as app:
        found = list(examples(app, read_writers(files, app.library)))
    odds = odds_left_out(FEATURES, found, len(files))
    truth, sure = np.array([each.truth for each in found]), 1 / (1 + np.exp(-odds))
    return {
        "questions": len(found),
        "go on": int(truth.sum()),
        "auroc": round(float(roc_auc_score(truth, odds)), 3),
        "accuracy": round(float(np.mean((sure >= 0.5) == truth)), 3),
        f"right from {MIN_GOING_ON} on": round(float(truth[sure >= MIN_GOING_ON].mean()), 3),
        f"found from {MIN_GOING_ON} on": round(float(np.mean(sure[truth] >= MIN_GOING_ON)), 3),
        "weights": rounded_weights(fit(FEATURES, found)),
    }
