"""The reader: the sentences that answer a question, with calibrated probabilities.

A cross-encoder reads the question with each likely sentence of the passages found. Over its scores and lexical
features stand logistic models (``bot/answering/reader.json``, fitted by ``python -m evals fit-reader``): one says which
sentences are likely, one chooses between them, one estimates whether they contain an answer at all, and one calibrates
both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answering import features, model
from bot.answering.furniture import citable_hit
from bot.answering.question import mark_names, parse_question
from bot.answering.term_weights import TermWeights
from bot.answers import Doubt
from retrieval.articles import Hit, Span
from retrieval.embedding.cross_encoder import CrossEncoder, sentence_input

MAX_SCORED = 12
"""Sentences that the cross-encoder scores, of about 60 in ten passages: each costs about 4 ms of a processor."""
MAX_LOG_ODDS_GAP = 9.0
"""Log odds of the first stage between the best and the last sentence scored."""
MAX_SCORED_CHARACTERS = 2_000
"""Characters of the sentences scored, on which the time depends. On 890 questions of 12 sets, articles left out, the
three bounds together give hit@1 .650 with 9.6 sentences; 7.0 sentences (a gap of 6, 1,500 characters) .641, 24
sentences .646."""
MIN_IGNORING_SCORE, MIN_IGNORING_LENGTH = 3, 5
"""Distinct sentences scored whatever the first stage says, and whatever their length within ``MAX_LOG_ODDS_GAP``."""
MIN_SCORED, MAX_LATER_GAP = 6, 5.0
"""Distinct sentences scored within ``MAX_LOG_ODDS_GAP``, and the gap of further ones. On 800 questions of
SQuAD 2, 281 of them answerable, 8.5 sentences are scored for 10.3 without this bound: hit@1 is .829 with either, 196
right and 25 wrong answers are asserted with either, and 150 of 519 unanswerable questions are answered for 154."""
MAX_SENTENCES = 3
"""Sentences of an answer."""
WRONG_SUGGESTION_COST = 0.4
"""Cost of a wrong sentence shown as one that may answer, where a missed answer costs 1."""
RANK_CONSTANT = 10
"""Added to the ranks that ``rank_hits`` fuses. On INSCIT's follow-ups recall@5 is .817 by search alone, .818 by the
reader's order alone, .830 fused, with 3 as with 10."""
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


def rank_hits(reading: ReaderResult, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return ``hits`` by the sum of reciprocal ranks (Cormack et al., 2009) in their own order and in the reader's.

    The reader's order is that of their likeliest sentences; those of which none was read come last in it. It decides
    between equal sums.
    """
    order = dict.fromkeys([*(each.hit.passage.id for each in reading.candidates), *(hit.passage.id for hit in hits)])
    ranks = {name: rank for rank, name in enumerate(order, 1)}
    fused = {
        hit.passage.id: 1 / (RANK_CONSTANT + own) + 1 / (RANK_CONSTANT + ranks[hit.passage.id])
        for own, hit in enumerate(hits, 1)
    }
    return tuple(sorted(hits, key=lambda hit: (-fused[hit.passage.id], ranks[hit.passage.id])))


class Reader(Protocol):
    """Selects the sentences that answer a question, or abstains."""

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences of ``hits`` that may answer ``question``, best first, and the number that do.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        ...


class CitableReader:
    """A reader that never sees captions, links and other page elements.

    Args:
        inner: The reader of the other sentences.
    """

    def __init__(self, inner: Reader) -> None:
        self._inner = inner

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's reading of the hits without page elements.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        return self._inner.read(question, [citable_hit(hit) for hit in hits])


class FittedReader:
    """The reader with a cross-encoder and logistic models.

    Args:
        cross_encoder: Scores sentences, with their headline, as answers.
        weights: The weights of terms.
        wrong_answer_cost: The cost of a wrong answer where a missed one costs 1: the lesser expected cost decides
            whether to answer. The newsroom's choice.
        wrong_suggestion_cost: The same for a sentence that is shown as one that may answer.
        fitted: The fitted model; None: the one shipped.
    """

    def __init__(
        self,
        cross_encoder: CrossEncoder,
        weights: TermWeights,
        *,
        wrong_answer_cost: float = 1.0,
        wrong_suggestion_cost: float = WRONG_SUGGESTION_COST,
        fitted: model.ReaderModel | None = None,
    ) -> None:
        self._weights = weights
        self._cross_encoder = cross_encoder
        self._wrong_answer_cost = wrong_answer_cost
        self._wrong_suggestion_cost = wrong_suggestion_cost
        self._fitted = fitted or model.load()

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences of ``hits`` that may answer ``question``, best first, and the number that do.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        found, values = self.candidate_features(question, hits)
        if not found:
            return ReaderResult((), 0.0, 0.0, 0)
        decision = self._fitted.decision
        scores, shares = decision.shares(model.FEATURES, values)
        p_correct, p_answerable = decision.probabilities(model.FEATURES, values, scores, shares)
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
        answers = odds > self._wrong_answer_cost * decision.bars.answered
        possibly = not answers and odds > self._wrong_suggestion_cost * decision.bars.possibly
        count = self._shown(ordered, decision.further_threshold) if answers or possibly else 0
        doubts = () if answers else (UNLIKELY,)
        return ReaderResult(ordered, p_correct, p_answerable, count, possibly=possibly, doubts=doubts)

    def candidate_features(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[list[features.CandidateSentence], NDArray[np.float64]]:
        """Return the sentences scored, and their features ``(sentences, len(model.FEATURES))``."""
        asked = parse_question(question)
        found = features.candidate_sentences(hits)
        if not found:
            return [], np.empty((0, 0))
        # As people type in a chat. Of SQuAD 2's unanswerable questions in lower case .63 are answered; .68 without
        # this, .60 as written.
        if question.islower():
            asked = mark_names(asked, features.name_terms(hits))
        weights = self._weights.of([word.term for word in asked.content])
        lexical = features.lexical_features(asked, hits, found, weights)
        first_stage = self._fitted.first_stage.score(features.LEXICAL_FEATURES, lexical)
        kept = _likeliest(first_stage, [candidate.sentence.text for candidate in found])
        found = [found[index] for index in kept]
        cross = self._cross_encoder.scores(asked.text, [_input_text(hits, candidate) for candidate in found])
        return found, np.hstack([lexical[kept], _with_gap(cross)])

    def _shown(self, ordered: Sequence[ScoredSentence], threshold: float) -> int:
        """Return the number of sentences to show: further ones only where each exceeds the threshold."""
        count = 1
        while count < min(MAX_SENTENCES, len(ordered)) and ordered[count].probability > threshold:
            count += 1
        return count


def _input_text(hits: Sequence[Hit], candidate: features.CandidateSentence) -> str:
    """Return a sentence with its headline and the sentence before, as the cross-encoder reads it."""
    passage = hits[candidate.hit].passage
    sentences = [each.text for each in features.parse_passage(passage).sentences]
    return sentence_input(sentences, candidate.place, passage.context)


def _likeliest(scores: NDArray[np.float64], texts: Sequence[str]) -> list[int]:
    """Return the indices of the sentences to score, in order, from their first-stage log odds and texts."""
    order = np.argsort(-scores, kind="stable")[:MAX_SCORED].tolist()
    kept: list[int] = []
    chosen: set[str] = set()  # a text that two articles share is scored once
    characters_left = MAX_SCORED_CHARACTERS
    for index in order:
        text = texts[index]
        if text not in chosen:
            gap = scores[order[0]] - scores[index]
            if len(chosen) >= MIN_IGNORING_SCORE and gap > MAX_LOG_ODDS_GAP:
                break
            if len(chosen) >= MIN_SCORED and gap > MAX_LATER_GAP:
                break
            if len(chosen) >= MIN_IGNORING_LENGTH and len(text) > characters_left:
                continue
            chosen.add(text)
            characters_left -= len(text)
        kept.append(index)
    return sorted(kept)


def _deduplicate(order: Sequence[int], found: Sequence[features.CandidateSentence]) -> list[int]:
    """Return ``order`` without near-duplicates of earlier sentences; what differs in a number is none."""
    kept: list[int] = []
    for index in order:
        if not any(_repeats(found[index].sentence, found[earlier].sentence) for earlier in kept):
            kept.append(index)
    return kept


def _repeats(one: features.Sentence, other: features.Sentence) -> bool:
    ours, theirs = ({word.term for word in each.words if word.number} for each in (one, other))
    apart = ours - theirs and theirs - ours
    return not apart and _jaccard(one.terms, other.terms) >= MAX_OVERLAP


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets of terms."""
    return len(left & right) / len(left | right)


def _with_gap(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return each score and its lead over the best other one: ``(n, 2)``."""
    values = np.asarray(scores, dtype=np.float64)
    if len(values) < 2:
        return np.stack([values, np.zeros_like(values)], axis=1)
    second, first = np.sort(values)[-2:]
    return np.stack([values, values - np.where(values == first, second, first)], axis=1)
