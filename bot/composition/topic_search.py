"""Topic search: the passages about a topic over all articles, without a limit of a few as for one fact."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.features import parse_passage
from bot.answering.speech_search import PassageSearch
from bot.answering.term_weights import Corpus, TermWeights
from retrieval.articles import ArticleInfo, Filters, Hit
from retrieval.text.analyzer import terms

MAX_PASSAGES = 60
"""Passages that are searched for a topic."""
MIN_COVERAGE = 0.6
"""Share of the weight of the topic's terms that a passage, with its headings, has to hold to be about it."""
MIN_COSINE = 0.4
"""Cosine from which a passage that holds some of the terms is about the topic in other words."""
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class TopicPassages:
    """What was found about a topic.

    Attributes:
        topic: The topic, as written.
        hits: The passages about it, best first.
        unknown: Words of the topic that no article holds, as written.
    """

    topic: str
    hits: tuple[Hit, ...]
    unknown: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[ArticleInfo, ...]:
        """Their articles, each once, in the order of their best passages."""
        return tuple({hit.article.id: hit.article for hit in self.hits}.values())


class TopicSearcher:
    """Finds the passages about a topic.

    Args:
        search: Finds passages.
        corpus: The library it searches.
    """

    def __init__(self, search: PassageSearch, corpus: Corpus) -> None:
        self._search = search
        self._corpus = corpus
        self._weights = TermWeights(corpus)

    def find(self, topic: str, filters: Filters = NO_FILTERS, limit: int = MAX_PASSAGES) -> TopicPassages:
        """Return up to ``limit`` passages about ``topic``; none where the topic has no word of its own.

        Raises:
            OnrecordError: The store or the model cannot be used.
        """
        asked = list(dict.fromkeys(terms(topic, keep_stop_words=False)))
        if not asked:
            return TopicPassages(topic, ())
        weights = self._weights.of(asked)
        total = sum(weights.values())
        kept = []
        for hit in self._search.search(topic, filters, limit):
            held = parse_passage(hit.passage).terms
            share = sum(weight for term, weight in weights.items() if term in held) / total
            if share >= MIN_COVERAGE or (share > 0 and (hit.dense_score or 0.0) >= MIN_COSINE):
                kept.append(hit)
        return TopicPassages(topic, tuple(kept), self._unknown(topic))

    def _unknown(self, topic: str) -> tuple[str, ...]:
        words = {word.strip(".,?!\"'“”’"): terms(word, keep_stop_words=False) for word in topic.split()}
        held = self._corpus.document_frequencies([term for found in words.values() for term in found])
        return tuple(word for word, found in words.items() if found and not any(held.get(term, 0) for term in found))
