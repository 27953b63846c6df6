"""Fits the reader of articles in hand: ``python -m evals fit-scope FILE…`` writes ``bot/answering/scope.json``.

Questions that were asked with a story at hand are asked of that story, of the story without the sentences that answer,
and of another one. What is measured is of stories left out of the fit; the cross-encoder must not have read them.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answering.question import parse_question
from bot.answering.reader import ReaderResult
from bot.answering.scope_reader import (
    DECISION_FEATURES,
    MODEL_FILE,
    JudgedSentence,
    ScopeReader,
    decision_features,
)
from evals.answers.reader_examples import QuestionRecord, read_questions
from evals.cross_encoders.examples import part_of
from evals.fitting import FOLDS, MIX, fit_logistic, held_out_odds
from retrieval.articles import Article, ArticleInfo, Hit, Span
from retrieval.embedding.cross_encoder import DEFAULT_RERANKER, LazyCrossEncoder
from retrieval.errors import InputError
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split

STORY_SETS = frozenset({"newsqa-dev"})
"""Sets whose questions were asked with the story at hand, as follow-ups are."""
ASSERTED, POSSIBLY = 0.32, 0.14
"""Probabilities from which the first sentence is asserted, and may answer."""
KINDS = {"own": "answerable", "removed": "near_miss", "foreign": "foreign"}
"""What a question is asked of: its story, that without its answer, another; as ``MIX`` weighs them."""
_YEAR = re.compile(r"\b20[01]\d\b")


@dataclass(frozen=True, slots=True)
class StoryReading:
    """A question read in a story.

    Attributes:
        group: The number of its own story, by which folds are made.
        kind: A key of ``KINDS``.
        judged: The sentences, the likeliest first.
        right: Whether each answers.
    """

    question: str
    group: int
    kind: str
    judged: tuple[JudgedSentence, ...]
    right: NDArray[np.bool_]


class _NoReader:
    """Reads nothing: the sentences are scored without it."""

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:  # noqa: ARG002 (Reader's signature)
        return ReaderResult((), 0.0, 0.0, 0)


def run(
    files: Sequence[Path], parts: Sequence[int], *, limit: int | None = None, output: Path | None = MODEL_FILE
) -> dict[str, Any]:
    """Fit on the stories of ``files`` in ``parts``, write ``output``, and return the figures of stories left out.

    Raises:
        InputError: A file is absent or is no file of questions, or holds no question of these parts.
    """
    records = [each for each in read_questions(files) if each.source in STORY_SETS and part_of(each.article) in parts]
    random.Random(1).shuffle(records)  # noqa: S311 (no secret)
    if not records:
        raise InputError("no question about a story of these parts is in the files: name others")
    readings = read_stories(records[:limit])
    folds = np.array([each.group % FOLDS for each in readings])
    values = np.array([decision_features(parse_question(each.question), each.judged) for each in readings])
    right = np.array([bool(each.right[0]) for each in readings])
    weights = _weights(readings)
    sure = 1 / (1 + np.exp(-held_out_odds(DECISION_FEATURES, values, right, weights, groups=folds)))
    figures = summary(readings, right, sure)
    if output:
        decision = fit_logistic(DECISION_FEATURES, values, right, weights)
        document = {
            "fitted_by": "python -m evals fit-scope " + " ".join(file.name for file in files),
            "fitted_on": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
            "parts": list(parts),
            "cross_encoder": DEFAULT_RERANKER,
            "left_out_figures": figures,
            "decision": {name: round(weight, 4) for name, weight in decision.weights.items()},
            "decision_intercept": round(decision.intercept, 4),
            "asserted": ASSERTED,
            "possibly": POSSIBLY,
        }
        output.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return figures


def read_stories(records: Sequence[QuestionRecord]) -> list[StoryReading]:
    """Return the readings of questions in their story, in it without the answer, and, of every other, in another."""
    cross_encoder = LazyCrossEncoder()
    stories = {text: number for number, text in enumerate(dict.fromkeys(each.passage for each in records))}
    texts, found = list(stories), list[StoryReading]()
    for number, record in enumerate(records):
        hits = story_hits(record.passage)
        right = _answering(record, hits)
        if not right:
            continue
        asked = {"own": hits, "removed": [_without(hit, right) for hit in hits]}
        if number % 2:
            asked["foreign"] = story_hits(texts[(stories[record.passage] + 1) % len(texts)])
        for kind, given in asked.items():
            reader = ScopeReader(_NoReader(), cross_encoder, record.text, "")
            if judged := sorted(reader.scored(record.text, given), key=lambda each: -each.score):
                answers = [kind == "own" and each.sentence in right for each in judged]
                found.append(StoryReading(record.text, stories[record.passage], kind, tuple(judged), np.array(answers)))
    return found


def story_hits(text: str) -> list[Hit]:
    """Return the passages of a story, in order, as of the newest year that it names."""
    found = structure(text, title="")
    article = Article("story", text, found.title, found.blocks)
    passages = list(split(article))
    published = f"{max(years)}-12-31" if (years := _YEAR.findall(text)) else ""
    info = ArticleInfo(article.id, "story", found.title, "", "", "", "", published, len(text), len(passages))
    return [Hit(each, info, 1.0, rank) for rank, each in enumerate(passages, 1)]


def summary(readings: Sequence[StoryReading], right: NDArray[np.bool_], sure: NDArray[np.float64]) -> dict[str, Any]:
    """Return the figures of readings, likeliest sentence first, with their probabilities."""
    figures: dict[str, Any] = {}
    for kind in KINDS:
        its = np.array([each.kind == kind for each in readings])
        asserted, shown = its & (sure >= ASSERTED), its & (sure >= POSSIBLY)
        figures[kind] = {
            "questions": int(its.sum()),
            "asserted": round(float(asserted.sum() / its.sum()), 3),
            "shown": round(float(shown.sum() / its.sum()), 3),
        }
        if kind == "own":
            figures[kind] |= {
                "first_right": round(float(right[its].mean()), 3),
                "asserted_right": round(float(right[asserted].mean()), 3),
                "doubted_right": round(float(right[shown & ~asserted].mean()), 3),
            }
    return figures


def _answering(record: QuestionRecord, hits: Sequence[Hit]) -> set[Span]:
    """Return the sentences that answer: those of the marked spans, and others with the same words."""
    words = [each.of(record.passage).casefold().strip(" .,;:\"'") for each in record.answers]
    return {
        span
        for hit in hits
        for span in hit.passage.sentences
        if any(span.overlaps(each) for each in record.answers)
        or any(len(each) > 2 and each in hit.passage.text_of(span).casefold() for each in words)
    }


def _without(hit: Hit, spans: set[Span]) -> Hit:
    kept = tuple(each for each in hit.passage.sentences if each not in spans)
    return replace(hit, passage=replace(hit.passage, sentences=kept, context=""))


def _weights(readings: Sequence[StoryReading]) -> NDArray[np.float64]:
    counts = defaultdict[str, int](int)
    for each in readings:
        counts[each.kind] += 1
    return np.array(
        [MIX[KINDS[each.kind]] / counts[each.kind] * len(readings) / sum(MIX.values()) for each in readings]
    )
