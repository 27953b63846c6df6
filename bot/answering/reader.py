"""The reader: the sentences that answer a question, with calibrated probabilities.

The fitted reader is three logistic models over named features (``bot/answering/reader.json``, fitted by
``python -m evals fit-reader``): one chooses between the sentences of the passages found, one estimates whether these
contain an answer at all, and one calibrates both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answering import features, model
from bot.answering.late_interaction import LATE_INTERACTION_FEATURES, QuestionTokens
from bot.answering.question import ParsedQuestion, mark_names, parse_question
from bot.answering.term_weights import TermWeights
from bot.answers import Doubt
from retrieval.articles import Hit, Span
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_vectors import token_cache

EMBEDDED_MAX = 12
"""Sentences embedded, of about 60 in ten passages: each costs about 5 ms on two cores."""
MAX_LOG_ODDS_GAP = 6.0
"""Log odds of the first stage between the best and the last sentence embedded."""
EMBEDDED_MAX_CHARACTERS = 1_500
"""Characters embedded, on which the time depends. On 1,200 questions of SQuAD 2 the three bounds
together give hit@1 .837 and hit@3 .933 with 6 sentences, 980 characters at the mean and 1,490 at the 95th percentile;
ten sentences, whatever they are, .839 and .933 with 1,650 and 2,210; twenty, .841 and .938 with 3,230 and 4,100."""
MIN_IGNORING_SCORE, MIN_IGNORING_LENGTH = 3, 5
"""Distinct sentences embedded whatever their score, and whatever their length within ``MAX_LOG_ODDS_GAP``."""
MAX_SENTENCES = 3
"""Sentences of an answer."""
CACHED_SENTENCES = 2_000
"""Sentences whose token vectors are cached: about 45 kB each."""
WRONG_SUGGESTION_COST = 0.4
"""Cost of a wrong sentence shown as one that may answer, where a missed answer costs 1."""
UNLIKELY = Doubt("fits the question only in part", "fits the question well enough")
"""The doubt of a sentence that is not likely enough to answer."""
MAX_OVERLAP = 0.8
"""Jaccard similarity of terms from which a sentence is a duplicate: syndicated copy, a repeated lead."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with the probability that it answers.

    Attributes:
        hit: The passage that contains it.
        span: Its characters in the article.
        probability: The calibrated probability that it answers the question.
    """

    hit: Hit
    span: Span
    probability: float


@dataclass(frozen=True, slots=True)
class ReaderResult:
    """The sentences that may answer a question, and the decision to answer.

    Attributes:
        candidates: Sentences, best first.
        confidence: The calibrated probability that the first candidate answers the question.
        p_answerable: The calibrated probability that the articles contain an answer.
        answers: The number of leading candidates that answer; 0 to abstain.
        possibly: Whether these only may answer.
        doubts: What keeps the first candidate from being an answer, the weightiest first.
        remarks: What a reader should know beside the answer, a sentence each.
    """

    candidates: tuple[ScoredSentence, ...]
    confidence: float
    p_answerable: float
    answers: int
    possibly: bool = False
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[str, ...] = ()


class Reader(Protocol):
    """Selects the sentences that answer a question, or abstains."""

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences of ``hits`` that may answer ``question``, best first, and the number that do.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        ...


class FittedReader:
    """The reader with logistic models over lexical, vector and late-interaction features.

    An embedder without token vectors (``TokenEmbedder``) costs about two points of hit@1 and of AUROC; there is a model
    fitted for that.

    Args:
        embedder: The library's embedding model.
        weights: The weights of terms.
        wrong_answer_cost: The cost of a wrong answer where a missed one costs 1: the lesser expected cost decides
            whether to answer. The newsroom's choice.
        wrong_suggestion_cost: The same for a sentence that is shown as one that may answer.
        fitted: The fitted model; None: the one shipped.
    """

    def __init__(
        self,
        embedder: Embedder,
        weights: TermWeights,
        *,
        wrong_answer_cost: float = 1.0,
        wrong_suggestion_cost: float = WRONG_SUGGESTION_COST,
        fitted: model.ReaderModel | None = None,
    ) -> None:
        self._embedder = embedder
        self._weights = weights
        self._wrong_answer_cost = wrong_answer_cost
        self._wrong_suggestion_cost = wrong_suggestion_cost
        self._fitted = fitted or model.load()
        self._tokens = token_cache(embedder, CACHED_SENTENCES)

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences of ``hits`` that may answer ``question``, best first, and the number that do.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        found, names, values = self.candidate_features(question, hits)
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
            for index in _deduplicate([int(index) for index in order], found)
        )
        # Answering risks a wrong answer, abstaining a missed one: the lesser expected cost decides.
        odds = p_answerable / max(1.0 - p_correct, 1e-9)
        answers = odds > self._wrong_answer_cost * variant.bars.answered
        possibly = not answers and odds > self._wrong_suggestion_cost * variant.bars.possibly
        count = self._shown(ordered, variant.further_threshold) if answers or possibly else 0
        doubts = () if answers else (UNLIKELY,)
        return ReaderResult(ordered, p_correct, p_answerable, count, possibly=possibly, doubts=doubts)

    def candidate_features(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[list[features.CandidateSentence], tuple[str, ...], NDArray[np.float64]]:
        """Return the sentences embedded, the names of their features, and the features ``(sentences, names)``."""
        asked = parse_question(question)
        found = features.candidate_sentences(hits)
        if not found:
            return [], (), np.empty((0, 0))
        # As people type in a chat. Of SQuAD 2's unanswerable questions in lower case .63 are answered; .68 without
        # this, .60 as written.
        if question.islower():
            asked = mark_names(asked, features.name_terms(hits))
        weights = self._weights.of([word.term for word in asked.content])
        lexical = features.lexical_features(asked, hits, found, weights)
        first_stage = self._fitted.first_stage.score(features.LEXICAL_FEATURES, lexical)
        kept = _select_for_embedding(first_stage, [candidate.sentence.text for candidate in found])
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

    def _shown(self, ordered: Sequence[ScoredSentence], threshold: float) -> int:
        """Return the number of sentences to show: further ones only where each exceeds the threshold."""
        count = 1
        while count < min(MAX_SENTENCES, len(ordered)) and ordered[count].probability > threshold:
            count += 1
        return count


def _select_for_embedding(scores: NDArray[np.float64], texts: Sequence[str]) -> list[int]:
    """Return the indices of the sentences to embed, in order, from their first-stage log odds and texts."""
    order = np.argsort(-scores, kind="stable")[:EMBEDDED_MAX].tolist()
    kept: list[int] = []
    chosen: set[str] = set()  # a text that two articles share is embedded once
    characters_left = EMBEDDED_MAX_CHARACTERS
    for index in order:
        text = texts[index]
        if text not in chosen:
            if len(chosen) >= MIN_IGNORING_SCORE and scores[index] < scores[order[0]] - MAX_LOG_ODDS_GAP:
                break
            if len(chosen) >= MIN_IGNORING_LENGTH and len(text) > characters_left:
                continue
            chosen.add(text)
            characters_left -= len(text)
        kept.append(index)
    return sorted(kept)


def _deduplicate(order: Sequence[int], found: Sequence[features.CandidateSentence]) -> list[int]:
    """Return ``order`` without near-duplicates of earlier sentences."""
    kept: list[int] = []
    for index in order:
        terms = found[index].sentence.terms
        if all(_jaccard(terms, found[earlier].sentence.terms) < MAX_OVERLAP for earlier in kept):
            kept.append(index)
    return kept


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets of terms."""
    return len(left & right) / len(left | right)


def _with_gap(cosines: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return each similarity and its lead over the best other one: ``(n, 2)``."""
    values = np.asarray(cosines, dtype=np.float64)
    if len(values) < 2:
        return np.stack([values, np.zeros_like(values)], axis=1)
    second, first = np.sort(values)[-2:]
    return np.stack([values, values - np.where(values == first, second, first)], axis=1)
