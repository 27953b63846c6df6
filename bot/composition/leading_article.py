"""Leading article: how likely the article that search ranks first tells of what is asked, in whatever words.

Three numbers tell: how near its nearest passage is to the question, the share of the weight of the question's words
that its best passage has, and how many of the first passages are its own. One alone does not: of what no article tells,
some passage is near, another has most of the words.

Fitted by ``python -m evals fit-leading`` on 256 first questions by eleven writers over 1,400 articles: of 248 the
article ranked first is one that answers it; among what is found where these are left out, none is taken to. Of each
writer left out in turn: AUROC .962; from .5 on .899 of the right ones are found, and another article is for .115 of the
questions whose own are left out. Some of these tell the same story: it is an upper bound of what would be wrong.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from retrieval.articles import Hit
from retrieval.text.tokens import content_terms

FEATURES = ("cosine", "words", "first")
"""Cosine of its nearest passage, the best share of the weight of the question's words, its passages among the first."""
BIAS, WEIGHTS = -15.2, (13.6, 6.2, 1.1)
"""Log odds that it tells of what is asked: of no features, and per unit of each."""
MIN_LEADING, MIN_MAY_LEAD = 0.5, 0.2
"""Probability from which it does, and from which it may, of a comparison, which knows nothing better (.99 of the right
ones, .23 of those found where these are left out)."""
NEAR = 0.68
"""Cosine of its nearest passage from which it is likely enough, whatever else is known: at .65 a twentieth of the
articles found where the question's are left out come as near, some of which tell the same story."""
FIRST = 5
"""Passages that search ranks first."""


class LeadingArticle:
    """Says how likely the article that search ranks first tells of what is asked.

    Args:
        weights: The weights of terms in the library.
    """

    def __init__(self, weights: TermWeights) -> None:
        self._weights = weights

    def of(self, question: str, hits: Sequence[Hit], least: float = MIN_LEADING) -> str:
        """Return the id of the article that search ranks first, where it tells of what is asked; else nothing.

        Args:
            question: The question, or the topic, that was searched.
            hits: What was found, best first.
            least: Probability from which it does.
        """
        return hits[0].article.id if hits and self.probability(question, hits) >= least else ""

    def probability(self, question: str, hits: Sequence[Hit]) -> float:
        """Return the probability that the article of the first hit tells of what is asked; 0 of no hits."""
        if not hits:
            return 0.0
        values = self.features(question, hits)
        odds = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
        return max(1.0 / (1.0 + math.exp(-odds)), MIN_LEADING if values[0] >= NEAR else 0.0)

    def features(self, question: str, hits: Sequence[Hit]) -> tuple[float, float, float]:
        """Return ``FEATURES`` of the article of the first hit."""
        own = [hit for hit in hits if hit.article.id == hits[0].article.id]
        weights = self._weights.of(content_terms(question))
        total = sum(weights.values()) or 1.0
        held = (parse_passage(hit.passage).terms for hit in own)
        words = max(sum(weight for term, weight in weights.items() if term in each) for each in held) / total
        cosine = max(hit.dense_score or 0.0 for hit in own)
        return cosine, words, float(sum(hit.article.id == hits[0].article.id for hit in hits[:FIRST]))
