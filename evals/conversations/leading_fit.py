"""``python -m evals fit-leading FILE… --store DIR``: fits whether the article ranked first tells of what is asked.

The files are conversations, one file a writer (``evals.conversations.writers``), of which the first question counts. Of
what is found for it, the article of the first passage is right where it is one of the question's articles. Of what is
found but for these, none is taken to be right; some tell the same story, so that what is shown of them is an upper
bound of what would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.app import EVERYTHING, App, build
from bot.composition.leading_article import FEATURES, MIN_LEADING
from bot.settings import load
from evals.conversations.writers import AskedTurn, WriterExample, fit, odds_left_out, read_writers, rounded_weights

MAX_PASSAGES = 24
"""Passages that are searched for a question."""


@dataclass(frozen=True, slots=True)
class LeadingExample(WriterExample):
    """What the article ranked first is like, and whether those that answer the question were left out."""

    left_out: bool


def examples(app: App, writers: Sequence[Sequence[Sequence[AskedTurn]]]) -> Iterator[LeadingExample]:
    """Yield the examples of the first questions of all writers' conversations: as found, and without their articles."""
    for writer, conversations in enumerate(writers):
        for asked in (turns[0] for turns in conversations if turns and turns[0].articles):
            hits = app.searcher.search(asked.question, EVERYTHING, MAX_PASSAGES)
            others = [hit for hit in hits if hit.article.id not in asked.articles]
            for found, left_out in ((hits, False), (others, True)):
                if found:
                    values = app.leading_article.features(asked.question, found)
                    right = found[0].article.id in asked.articles
                    yield LeadingExample(writer, values, right, left_out)


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
    truth, left_out = np.array([(each.truth, each.left_out) for each in found]).T
    shown = 1 / (1 + np.exp(-odds)) >= MIN_LEADING
    return {
        "questions": int((~left_out).sum()),
        "right": int(truth.sum()),
        "auroc": round(float(roc_auc_score(truth, odds)), 3),
        f"right found from {MIN_LEADING} on": round(float(shown[truth].mean()), 3),
        f"left out shown from {MIN_LEADING} on": round(float(shown[left_out].mean()), 3),
        "weights": rounded_weights(fit(FEATURES, found)),
    }
