"""Topic groups: the articles of a collection by likeness, each group named by the words that set its titles apart.

Articles are grouped by spherical k-means over the means of their passage vectors; the first centres are the article
with the closest neighbours and, in turn, those that have close neighbours and are far from the centres so far, so that
the groups are the same at each run. A group's words are those
whose share of its titles is high, and higher than their share of all titles.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.articles import ArticleInfo
from retrieval.text.analyzer import fold, terms
from retrieval.text.lexicon import word_set
from retrieval.text.reporting_verbs import SPEECH
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import is_finite

Vectors = NDArray[np.float32]

MIN_GROUPS, MAX_GROUPS = 3, 7
ARTICLES_A_GROUP = 4
"""Groups of a small collection have at least about so many articles."""
MAX_ROUNDS = 20
SAMPLE = 200
"""Articles among which the neighbours of each are looked for."""
TITLES_READ = 80
"""Titles of a group, the most typical ones, among which the words that name it are looked for."""
NAMED_WORDS = 3
"""Words that name a group."""
GENRE_TERMS = frozenset(terms("opinion analysis commentary editorial review podcast video live update news report"))
"""Words of titles that say of what kind an article is."""
NO_TOPICS = word_set("here there now then how why what just still back big new first last day week year years time")
"""Words of titles that name nothing."""
MIN_TITLES = 2
"""Titles of a group in which a word that names it occurs."""


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """A group of articles.

    Attributes:
        words: Words that set its titles apart, as written.
        articles: Its articles, the most typical first.
    """

    words: tuple[str, ...]
    articles: tuple[ArticleInfo, ...]


def article_vectors(passage_ids: Sequence[str], vectors: Vectors) -> dict[str, Vectors]:
    """Return the mean vector ``(d,)``, of unit length, of each article by id.

    Args:
        passage_ids: Ids of passages, which begin with their article's.
        vectors: Their vectors, ``(n, d)``.
    """
    sums: dict[str, Vectors] = {}
    for passage_id, vector in zip(passage_ids, vectors, strict=True):
        key = passage_id.partition(":")[0]
        sums[key] = sums[key] + vector if key in sums else vector
    return {key: np.asarray(total / (np.linalg.norm(total) or 1.0), dtype=np.float32) for key, total in sums.items()}


def topic_groups(articles: Sequence[ArticleInfo], vectors: Mapping[str, Vectors]) -> list[TopicGroup]:
    """Return the groups of ``articles``, the largest first; those without a vector are in none."""
    known = [info for info in articles if info.id in vectors]
    if not known:
        return []
    rows = np.stack([vectors[info.id] for info in known])
    wanted = min(MAX_GROUPS, max(MIN_GROUPS, len(known) // ARTICLES_A_GROUP), len(known))
    labels, likeness = _clusters(rows, wanted)
    members = [np.flatnonzero(labels == label) for label in range(wanted)]
    members = sorted((each for each in members if len(each)), key=len, reverse=True)
    ordered = [[known[index] for index in each[np.argsort(-likeness[each], kind="stable")]] for each in members]
    names = _names([[info.title for info in each[:TITLES_READ]] for each in ordered])
    return [TopicGroup(words, tuple(each)) for words, each in zip(names, ordered, strict=True)]


def _clusters(rows: Vectors, count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the label ``(n,)`` of each row and its cosine with its centre."""
    likeness = rows @ rows[:: max(1, len(rows) // SAMPLE)].T
    among = max(1, likeness.shape[1] // 20)
    density = np.partition(likeness, -among - 1, axis=1)[:, -among - 1 :].mean(axis=1)
    chosen = [int(np.argmax(density))]
    nearest = rows @ rows[chosen[0]]
    while len(chosen) < count:
        chosen.append(int(np.argmax(density * (1.0 - nearest))))
        nearest = np.maximum(nearest, rows @ rows[chosen[-1]])
    centres = rows[chosen]
    labels = np.full(len(rows), -1)
    for _ in range(MAX_ROUNDS):
        after = np.argmax(rows @ centres.T, axis=1)
        if np.array_equal(after, labels):
            break
        labels = after
        for label in range(count):
            if (labels == label).any():
                total = rows[labels == label].sum(axis=0)
                centres[label] = total / (np.linalg.norm(total) or 1.0)
    return labels, np.einsum("ij,ij->i", rows, centres[labels])


def _is_topical(word: Word, title: str) -> bool:
    """Return whether a word of a title can name a topic: no function word, number or finite verb."""
    written = fold(title[word.start : word.end])
    kept = bool(word.term) and not word.stop and not word.number
    return kept and written not in SPEECH and written not in NO_TOPICS and not is_finite(written)


def _names(groups: Sequence[Collection[str]]) -> list[tuple[str, ...]]:
    """Return the words that name each group of titles."""
    counts: list[Counter[str]] = []
    written: dict[str, Counter[str]] = {}
    for titles in groups:
        held: Counter[str] = Counter()
        for title in titles:
            words = [word for word in read_words(title, sentence=False) if _is_topical(word, title)]
            held.update({word.term for word in words})
            for word in words:
                spelt = re.sub(r"['’]s?$", "", title[word.start : word.end])
                written.setdefault(word.term, Counter())[spelt] += 1
        counts.append(held)
    overall = sum(counts, Counter())
    size = sum(len(titles) for titles in groups)
    found = []
    for held, titles in zip(counts, groups, strict=True):
        scores = {
            term: number / len(titles) * math.log((number / len(titles)) / (overall[term] / size) + 1)
            for term, number in held.items()
            if number >= min(MIN_TITLES, len(titles)) and term not in GENRE_TERMS
        }
        best = sorted(scores, key=lambda term: (-scores[term], term))
        kept = [term for number, term in enumerate(best) if not any(term in other for other in best[:number])]
        found.append(tuple(written[term].most_common(1)[0][0] for term in kept[:NAMED_WORDS]))
    return found
