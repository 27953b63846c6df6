"""Conversations of several writers, one file each, and fits of which every writer is left out in turn.

The files are those that ``python -m evals kinds`` takes; ``articles`` of a turn are the ends of the origins of the
articles that answer it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answering.model import LinearModel
from evals.fitting import Floats, fit_logistic, held_out_odds
from retrieval.errors import InputError
from retrieval.store.library import Library

INVERSE_PENALTY = 100.0
"""scikit-learn's inverse penalty: as good as none for a few features."""


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """A question and the ids of the articles that answer it: none where none does, or none of the library's."""

    question: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WriterExample:
    """What a model learns from: the number of the question's writer, its features, and what they shall tell."""

    writer: int
    values: tuple[float, ...]
    truth: bool


def read_writers(files: Sequence[Path], library: Library) -> list[list[list[AskedTurn]]]:
    """Return the conversations of each file.

    Raises:
        InputError: A file cannot be read.
        StoreError: The store cannot be read.
    """
    origins = {each.origin.rpartition("#")[2]: each.id for each in library.articles()}
    return [read_turns(file, origins) for file in files]


def read_turns(file: Path, origins: dict[str, str]) -> list[list[AskedTurn]]:
    """Return the conversations of a file.

    Args:
        file: JSON lines of turns, each with a question and its articles.
        origins: The ids of the library's articles, by the ends of their origins.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [[AskedTurn(turn["question"], _known(turn, origins)) for turn in record["turns"]] for record in records]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} is no file of conversations: {type(error).__name__}: {error}") from None


def _known(turn: dict[str, Any], origins: dict[str, str]) -> tuple[str, ...]:
    return tuple(origins[each] for each in turn.get("articles", ()) if each in origins)


def fit(features: Sequence[str], found: Sequence[WriterExample]) -> LinearModel:
    """Return the log odds of the truth, of ``features``."""
    return fit_logistic(features, *_table(found), np.ones(len(found)), INVERSE_PENALTY)


def odds_left_out(features: Sequence[str], found: Sequence[WriterExample], writers: int) -> Floats:
    """Return the log odds of each example by the model of the other writers, ``(examples,)``.

    Raises:
        InputError: There are fewer than two writers, or one has no true example, or no other.
    """
    if writers < 2 or len({(each.writer, each.truth) for each in found}) < 2 * writers:
        raise InputError("there have to be two files at least, each with examples of both outcomes")
    groups = np.array([each.writer for each in found])
    return held_out_odds(features, *_table(found), np.ones(len(found)), groups=groups, c=INVERSE_PENALTY)


def _table(found: Sequence[WriterExample]) -> tuple[Floats, NDArray[np.bool_]]:
    return np.array([each.values for each in found]), np.array([each.truth for each in found])


def rounded_weights(model: LinearModel) -> dict[str, float]:
    """Return a model's weights as the code holds them, its intercept as "bias"."""
    return {"bias": round(model.intercept, 2), **{name: round(each, 2) for name, each in model.weights.items()}}
