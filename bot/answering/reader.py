"""Chooses the sentences that answer a question, and says how likely they do: the Reader protocol and the fitted reader.

The fitted reader is three logistic models over readable features (``bot/answering/reader.json``, fitted by
``python -m evals fit-reader``): one chooses between the sentences of the passages that search found, one weighs whether
these passages hold an answer at all, and one turns both into a calibrated probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answering import features, model
from bot.answering.late_interaction import LATE_INTERACTION_FEATURES, QuestionTokens
from bot.answering.question import ParsedQuestion, read_question, with_names
from bot.answering.term_weights import TermWeights
from retrieval.articles import Hit, Span
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_vectors import token_cache

EMBEDDED_MAX = 12
"""Sentences looked at closely, at most, of about 60 in ten passages: embedding one costs about 5 ms on two cores."""
MAX_LOG_ODDS_GAP = 6.0
"""Log odds, at a glance, from the best sentence to the last that is looked at closely."""
EMBEDDED_MAX_CHARACTERS = 1_500
"""Characters looked at closely: what embedding takes goes with them. On 1,200 questions of SQuAD 2 the three bounds
together give hit@1 .837 and hit@3 .933 with 6 sentences, 980 characters at the mean and 1,490 at the 95th percentile;
ten sentences, whatever they are, .839 and .933 with 1,650 and 2,210; twenty, .841 and .938 with 3,230 and 4,100."""
MIN_IGNORING_SCORE, MIN_IGNORING_LENGTH = 3, 5
"""Different sentences looked at however far apart they are, and those within ``MAX_LOG_ODDS_GAP`` however long."""
MAX_SENTENCES = 3
"""An answer has at most this many sentences."""
CACHED_SENTENCES = 2_000
"""Sentences whose token vectors are kept: about 45 kB each."""


MAX_OVERLAP = 0.8
"""Sentences that share this much of their terms say the same: agency copy in two articles, a lead said again."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence that may answer.

    Attributes:
        hit: The passage it stands in.
        span: Its characters in the article.
        probability: The calibrated probability that it answers the question.
    """

    hit: Hit
    span: Span
    probability: float


@dataclass(frozen=True, slots=True)
class ReaderResult:
    """What a reader makes of the passages.

    Attributes:
        candidates: Sentences, best first.
        confidence: The calibrated probability that the articles hold the answer and the first candidate gives it.
        p_answerable: The calibrated probability that the articles hold the answer.
        answers: How many of the first candidates answer; 0 to abstain.
    """

    candidates: tuple[ScoredSentence, ...]
    confidence: float
    p_answerable: float
    answers: int


class Reader(Protocol):
    """Anything that can choose sentences and say when there is no answer."""

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences of ``hits`` that may answer ``question``, best first, and how many of them do.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        ...


class FittedReader:
    """The simplest reader that does it: logistic models over what words, vectors and tokens tell.

    An embedder that does not show its tokens (``TokenEmbedder``) costs about two points of hit@1 and of AUROC: the
    model then rests on words and whole-sentence vectors, with weights fitted for that.

    Args:
        embedder: The library's embedding model.
        weights: What each word tells.
        wrong_costs: What a wrong answer costs where missing one that the articles hold costs 1. An answer is given
            when that is the lesser expected cost. The newsroom's choice; 1 takes both alike.
        fitted: The fitted numbers.
    """

    def __init__(
        self,
        embedder: Embedder,
        weights: TermWeights,
        *,
        wrong_costs: float = 1.0,
        fitted: model.ReaderModel | None = None,
    ) -> None:
        self._embedder = embedder
        self._weights = weights
        self._wrong_costs = wrong_costs
        self._fitted = fitted or model.load()
        self._tokens = token_cache(embedder, CACHED_SENTENCES)

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences of ``hits`` that may answer ``question``, best first, and how many of them do.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        found, names, values = self.evidence(question, hits)
        if not found:
            return ReaderResult((), 0.0, 0.0, 0)
        variant = self._fitted.variants["tokens" if LATE_INTERACTION_FEATURES[0] in names else "vectors"]
        scores, shares = variant.shares(names, values)
        p_correct, p_answerable = variant.probabilities(names, values, scores, shares)
        order = np.argsort(-scores, kind="stable")
        ordered = tuple(
            ScoredSentence(
                hits[found[index].hit],
                found[index].sentence.span,
                p_correct * float(shares[index] / shares[order[0]]),
            )
            for index in _without_repeats([int(index) for index in order], found)
        )
        # Answering risks being wrong, abstaining risks missing what the articles hold: the lesser cost decides.
        answers = self._wrong_costs * (1.0 - p_correct) < p_answerable
        return ReaderResult(ordered, p_correct, p_answerable, self._shown(ordered, variant.more) if answers else 0)

    def evidence(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[list[features.CandidateSentence], tuple[str, ...], NDArray[np.float64]]:
        """Return the sentences looked at closely, the names of their features, and the features a row each."""
        asked = read_question(question)
        found = features.candidates(hits)
        if not found:
            return [], (), np.empty((0, 0))
        # As people type in a chat. Of SQuAD 2's unanswerable questions in lower case .63 are answered, where .68 were
        # without this, and .60 as they are written.
        if question.islower():
            asked = with_names(asked, features.names_in(hits))
        weights = self._weights.of([word.term for word in asked.content])
        lexical = features.lexical(asked, hits, found, weights)
        glance = self._fitted.glance.over(features.LEXICAL_FEATURES, lexical)
        kept = _worth_reading(glance, [candidate.sentence.text for candidate in found])
        found = [found[index] for index in kept]
        names, beyond = self._embedded(asked, found, weights)
        return found, (*features.LEXICAL_FEATURES, *names), np.hstack([lexical[kept], beyond])

    def _embedded(
        self, asked: ParsedQuestion, found: Sequence[features.CandidateSentence], weights: dict[str, float]
    ) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Return names and values of the features that need the embedding model."""
        texts = [candidate.sentence.text for candidate in found]
        if self._tokens is None:
            cosines = self._embedder.embed_passages(texts) @ self._embedder.embed_query(asked.text)
            return model.VECTOR_FEATURES, _with_gap(cosines)
        tokens = self._tokens.get([asked.text, *texts])
        question = QuestionTokens(asked, tokens[0], weights)
        cosines = np.array([each.whole @ tokens[0].whole for each in tokens[1:]])
        aligned = [
            question.features(candidate.sentence.words, each) for candidate, each in zip(found, tokens[1:], strict=True)
        ]
        return (*model.VECTOR_FEATURES, *LATE_INTERACTION_FEATURES), np.hstack([_with_gap(cosines), np.array(aligned)])

    def _shown(self, ordered: Sequence[ScoredSentence], bar: float) -> int:
        """Return how many of the first sentences to show: further ones only where each clears the bar."""
        count = 1
        while count < min(MAX_SENTENCES, len(ordered)) and ordered[count].probability > bar:
            count += 1
        return count


def _worth_reading(glance: NDArray[np.float64], texts: Sequence[str]) -> list[int]:
    """Return which sentences to look at closely, in their order, by their log odds at a glance and their texts."""
    order = np.argsort(-glance, kind="stable")[:EMBEDDED_MAX].tolist()
    kept: list[int] = []
    read: set[str] = set()  # what two articles share is embedded once
    room = EMBEDDED_MAX_CHARACTERS
    for index in order:
        text = texts[index]
        if text not in read:
            if len(read) >= MIN_IGNORING_SCORE and glance[index] < glance[order[0]] - MAX_LOG_ODDS_GAP:
                break
            if len(read) >= MIN_IGNORING_LENGTH and len(text) > room:
                continue
            read.add(text)
            room -= len(text)
        kept.append(index)
    return sorted(kept)


def _without_repeats(order: Sequence[int], found: Sequence[features.CandidateSentence]) -> list[int]:
    """Return ``order`` without the sentences that say what an earlier one said, nearly word for word."""
    kept: list[int] = []
    for index in order:
        terms = found[index].sentence.terms
        if all(_alike(terms, found[earlier].sentence.terms) < MAX_OVERLAP for earlier in kept):
            kept.append(index)
    return kept


def _alike(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the share of their terms that both hold (Jaccard)."""
    return len(left & right) / len(left | right)


def _with_gap(cosines: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return each similarity and its lead over the best other one: ``(n, 2)``."""
    values = np.asarray(cosines, dtype=np.float64)
    if len(values) < 2:
        return np.stack([values, np.zeros_like(values)], axis=1)
    second, first = np.sort(values)[-2:]
    return np.stack([values, values - np.where(values == first, second, first)], axis=1)
