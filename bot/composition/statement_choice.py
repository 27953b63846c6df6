"""The sentences that stand for articles in a comparison: of each the one that says most of a topic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.composition.quotable import QuotableSentence, needs_context
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set

MIN_COVERAGE = 0.6
"""Share of the weight of the topic's terms that a sentence, with its headings, has to hold."""
MIN_OF_BEST = 0.7
"""Share of what the best sentence holds of a topic that another one has to hold to stand beside it."""

_CHANGED = LazyPattern(
    r"\b(?:chang\w+|revers\w+|shift\w*|no longer|now|instead|backed|backs|abandon\w*|flip\w*|dropp?\w*|reject\w*"
    r"|announc\w+|agree[sd]?|reach\w*|end(?:s|ed)|beg[ai]n|start\w*|withdr\w+|since|evolv\w+|soften\w*|harden\w*"
    r"|previously|earlier|after|former(?:ly)?|for the first time)\b",
    re.IGNORECASE,
)
"""Words by which a sentence tells of a change."""


class StatementChooser:
    """Chooses sentences about a topic.

    Args:
        weights: The weights of terms in the library.
    """

    def __init__(self, weights: TermWeights) -> None:
        self._weights = weights

    def weights(self, about: frozenset[str]) -> dict[str, float]:
        """Return the weights of a topic's terms in the library."""
        return self._weights.of(about)

    def share_of(self, about: frozenset[str]) -> Callable[[QuotableSentence], float]:
        """Return what gives the share of the weight of a topic's terms that a sentence holds, its headings at half."""
        weights = self._weights.of(about)
        total = sum(weights.values()) or 1.0

        def share(each: QuotableSentence) -> float:
            context = parse_passage(each.hit.passage).context
            held = sum(w if t in each.sentence.terms else w / 2 if t in context else 0.0 for t, w in weights.items())
            return held / total

        return share

    def chosen(
        self,
        sentences: Iterable[QuotableSentence],
        about: frozenset[str],
        limit: int,
        *,
        of_article: int = 1,
        changed: bool = False,
    ) -> list[QuotableSentence]:
        """Return the sentence of each article that says most of a topic, the best first, without repeats.

        Args:
            sentences: The sentences.
            about: The topic's terms.
            limit: At most so many.
            of_article: At most so many of one article.
            changed: Whether those come first that tell of a change.
        """

        def score(each: QuotableSentence) -> float:
            apart = needs_context(each) or each.text.count("“") != each.text.count("”") or each.text.count('"') % 2
            told = changed and _CHANGED.search(each.text) is not None
            return shares[each] - 0.5 * bool(apart) + 0.3 * told - 0.01 * each.hit.rank

        kept: list[QuotableSentence] = []
        known: list[str] = []
        texts: list[ShingleSet] = []
        share = self.share_of(about)
        shares = {each: share(each) for each in sentences}
        enough = MIN_OF_BEST * max(shares.values(), default=0.0)
        for each in sorted((each for each, own in shares.items() if own >= enough), key=score, reverse=True):
            if known.count(each.article.id) >= of_article:
                continue
            text = shingle_set(each.text)
            if not duplicates_any(text, texts):
                kept.append(each)
                known.append(each.article.id)
                texts.append(text)
            if len(kept) == limit:
                break
        return kept


def by_publication(each: QuotableSentence) -> tuple[bool, str]:
    """Return the key that sorts sentences by their articles' days, the undated last."""
    return not each.article.published, each.article.published


def terms_with_headings(each: QuotableSentence) -> frozenset[str]:
    """Return the terms of a sentence and of its headings."""
    return each.sentence.terms | parse_passage(each.hit.passage).context
