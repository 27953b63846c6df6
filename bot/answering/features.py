"""Candidate sentences and their lexical features. No feature depends on the size of the library."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.answering.question import AnswerType, ParsedQuestion, is_negated
from retrieval.articles import Hit, Passage, Span
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
)
from retrieval.text.tokens import Word, read_words, term_set

Floats = NDArray[np.float64]

_Key = TypeVar("_Key", str, tuple[str, str])
_TYPED = (
    AnswerType.PERSON, AnswerType.TIME, AnswerType.PLACE, AnswerType.NUMBER, AnswerType.REASON, AnswerType.MANNER
)  # fmt: skip
"""Answer types that have a feature, in the features' order."""
WINDOW_WORDS = 12
"""Words of the window in which the densest match is sought."""
_REFERRING = (THIRD_PERSON & (SUBJECT_PRONOUNS | POSSESSIVE_DETERMINERS)) | DEMONSTRATIVES | {"such", "there"}
_PRONOUN_START = LazyPattern(rf"(?:{alternation(_REFERRING)})\b", re.IGNORECASE)
REASON = LazyPattern(
    r"\b(?:because|due to|caus\w+|since|so that|as a result|result\w* (?:of|in|from)|owing to|led to|therefore"
    r"|reason\w*|in order to|thus|prompt\w*|driven"
    r"|to (?:avoid|prevent|protect|help|ensure|reduce|escape|gain|make|allow|keep))\b",
    re.IGNORECASE,
)
"""What announces a reason or purpose."""
_MANNER = LazyPattern(r"\b(?:by|through|via|using|with|in a \w+ way|\w+ly)\b", re.IGNORECASE)
_PLACE = LazyPattern(r"\b(?:in|at|near|from|to|of|across|within|outside|around|on|into) (?:the )?[A-Z]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span in the article, its text, words and distinct content terms."""

    span: Span
    text: str
    words: tuple[Word, ...]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class ParsedPassage:
    """A passage's sentences, with the terms of its headings and of everything."""

    sentences: tuple[Sentence, ...]
    context: frozenset[str]
    terms: frozenset[str]

    def place(self, span: Span) -> int:
        """Return the number of the sentence that has these characters of the article, from 0."""
        return next(number for number, each in enumerate(self.sentences) if each.span == span)


@lru_cache(maxsize=4096)
def parse_passage(passage: Passage) -> ParsedPassage:
    """Return the sentences of ``passage`` and the terms of its context and of all its text."""
    found = []
    for span in passage.sentences:
        text = passage.text_of(span)
        words = read_words(text)
        found.append(Sentence(span, text, words, term_set(words)))
    context = term_set(read_words(passage.context))
    everything = context.union(*(sentence.terms for sentence in found))
    return ParsedPassage(tuple(found), context, everything)


@dataclass(frozen=True, slots=True)
class CandidateSentence:
    """A citable sentence, the index of its hit, and its index in the passage."""

    hit: int
    place: int
    sentence: Sentence


def name_terms(hits: Sequence[Hit]) -> frozenset[str]:
    """Return the terms that occur in ``hits`` as names only."""
    words = [
        word
        for hit in hits
        for sentence in parse_passage(hit.passage).sentences
        for word in sentence.words
        if word.term and not word.stop
    ]
    return frozenset(word.term for word in words if word.name).difference(word.term for word in words if not word.name)


LEXICAL_FEATURES = (
    "dense", "dense_gap", "word_share", "rank", "dense_rank", "word_rank", "cover", "cover_context", "cover_passage",
    "cover_best_gap", "cover_neighbours", "bigrams", "window", "missing", "missing_passage", "missing_names",
    "missing_names_passage", "missing_numbers", "missing_everywhere", "length", "short", "first", "pronoun", "negation",
    "new_names", "new_numbers", "new_dates", "kind_fits", "person_fits", "time_fits", "place_fits", "number_fits",
    "reason_fits", "manner_fits", "question_like", "near_answer",
)  # fmt: skip


def candidate_sentences(hits: Sequence[Hit]) -> list[CandidateSentence]:
    """Return the citable sentences of ``hits``, in order of rank and position, each span once."""
    seen: set[tuple[str, Span]] = set()
    found = []
    for number, hit in enumerate(hits):
        for place, sentence in enumerate(parse_passage(hit.passage).sentences):
            key = (hit.passage.article_id, sentence.span)
            if key not in seen and sentence.terms:
                seen.add(key)
                found.append(CandidateSentence(number, place, sentence))
    return found


def lexical_features(
    question: ParsedQuestion, hits: Sequence[Hit], found: Sequence[CandidateSentence], weights: Mapping[str, float]
) -> Floats:
    """Return the lexical features: ``(len(found), len(LEXICAL_FEATURES))``."""
    pages = [parse_passage(hit.passage) for hit in hits]
    content = {word.term: weights.get(word.term, 1.0) for word in question.content}
    total = sum(content.values()) or 1.0
    pairs = _pairs(question.words, content)
    all_pairs = sum(pairs.values()) or 1.0
    everywhere = frozenset().union(*(page.terms for page in pages))
    missing_everywhere = _heaviest_missing(content, everywhere)
    covers = [_cover(content, page.terms) / total for page in pages]
    names = question.names
    asked = frozenset(word.term for word in question.words)
    of_pages = [
        (
            *found_by_search,
            covers[number],
            covers[number] - max((other for n, other in enumerate(covers) if n != number), default=0.0),
            _heaviest_missing(content, page.terms),
            _share(names, page.terms),
            _share(question.numbers, page.terms),
        )
        for number, (page, found_by_search) in enumerate(zip(pages, _search_features(hits), strict=True))
    ]
    rows = []
    for candidate in found:
        page = pages[candidate.hit]
        *search, cover_page, cover_gap, missing_page, page_names, page_numbers = of_pages[candidate.hit]
        sentence = candidate.sentence
        terms = sentence.terms
        with_context = terms | page.context
        matched, near = _closeness(question, sentence, content)
        rows.append(
            (
                *search,
                _cover(content, terms) / total,
                _cover(content, with_context) / total,
                cover_page,
                cover_gap,
                _cover(content, _neighbours(page, candidate.place) - terms) / total,
                _cover(pairs, _pair_set(sentence.words)) / all_pairs if pairs else 0.0,
                matched / total,
                _heaviest_missing(content, terms),
                missing_page,
                _share(names, with_context),
                page_names,
                page_numbers,
                missing_everywhere,
                math.log1p(len(sentence.words)) - 3.0,
                float(len(sentence.words) < 6),
                float(candidate.place == 0),
                float(bool(_PRONOUN_START.match(sentence.text))),
                float(question.negated != is_negated(sentence.text)),
                *_kind_features(question.kind, asked, sentence),
                float(sentence.text.endswith("?")),
                near,
            )
        )
    return np.array(rows, dtype=np.float64).reshape(len(found), len(LEXICAL_FEATURES))


def _search_features(hits: Sequence[Hit]) -> list[tuple[float, ...]]:
    """Return for each hit: cosine, gap to the best other, share of the best BM25, and reciprocal ranks."""
    dense = [hit.dense_score for hit in hits]
    low = min((score for score in dense if score is not None), default=0.0)
    cosines = [low if score is None else score for score in dense]
    best_word = max((hit.word_score or 0.0 for hit in hits), default=0.0) or 1.0
    found: list[tuple[float, ...]] = []
    for number, hit in enumerate(hits):
        others = [score for other, score in enumerate(cosines) if other != number]
        found.append(
            (
                cosines[number],
                cosines[number] - max(others, default=cosines[number]),
                (hit.word_score or 0.0) / best_word,
                1.0 / hit.rank,
                1.0 / hit.dense_rank if hit.dense_rank else 0.0,
                1.0 / hit.word_rank if hit.word_rank else 0.0,
            )
        )
    return found


def _cover(asked: Mapping[_Key, float], held: frozenset[_Key]) -> float:
    return sum([weight for each, weight in asked.items() if each in held])


def _heaviest_missing(asked: Mapping[str, float], terms: frozenset[str]) -> float:
    return max([weight for term, weight in asked.items() if term not in terms], default=0.0)


def _share(asked: frozenset[str], terms: frozenset[str]) -> float:
    """Return the share of ``asked`` missing in ``terms``; 0 when ``asked`` is empty."""
    return len(asked - terms) / len(asked) if asked else 0.0


def _neighbours(page: ParsedPassage, place: int) -> frozenset[str]:
    near = page.sentences[max(0, place - 1) : place] + page.sentences[place + 1 : place + 2]
    return frozenset().union(*(sentence.terms for sentence in near))


def _pairs(words: Sequence[Word], content: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Return the pairs of consecutive content words, with their mean weight."""
    kept = [word.term for word in words if word.term and not word.stop]
    return {
        (left, right): (content.get(left, 0.0) + content.get(right, 0.0)) / 2
        for left, right in itertools.pairwise(kept)
    }


def _pair_set(words: Sequence[Word]) -> frozenset[tuple[str, str]]:
    return frozenset(itertools.pairwise([word.term for word in words if word.term and not word.stop]))


def _closeness(question: ParsedQuestion, sentence: Sentence, content: Mapping[str, float]) -> tuple[float, float]:
    """Return the weight matched in the best window of words, and in the best window with a possible answer word.

    A possible answer is a content word of the answer type that does not occur in the question.
    """
    words = sentence.words
    asked = [(place, word.term) for place, word in enumerate(words) if word.term in content]
    if not asked:
        return 0.0, 0.0
    fitting = [place for place, word in enumerate(words) if word.term not in content and _fits(question.kind, word)]
    last = max(0, len(words) - WINDOW_WORDS)
    # From a window to the next, the terms in it change where one of their places enters or leaves.
    changes = {at for place, _ in asked for at in (place - WINDOW_WORDS + 1, place + 1) if 0 < at <= last}
    best = near = 0.0
    for start, following in itertools.pairwise((0, *sorted(changes), last + 1)):
        matched = _cover(content, frozenset([term for place, term in asked if start <= place < start + WINDOW_WORDS]))
        best = max(best, matched)
        if matched > near and any(start <= place < following - 1 + WINDOW_WORDS for place in fitting):
            near = matched
    return best, near / (sum(content.values()) or 1.0)


def _fits(kind: AnswerType, word: Word) -> bool:
    if word.stop or not word.term:
        return False
    if kind in {AnswerType.PERSON, AnswerType.PLACE}:
        return word.name
    if kind is AnswerType.TIME:
        return word.date
    if kind is AnswerType.NUMBER:
        return word.number
    return True


def _kind_features(kind: AnswerType, asked: frozenset[str], sentence: Sentence) -> tuple[float, ...]:
    """Return the new names, numbers and dates of the sentence, and whether it contains the answer type."""
    fresh = [word for word in sentence.words if (word.name or word.number or word.date) and word.term not in asked]
    names = sum([word.name for word in fresh])
    numbers = sum([word.number for word in fresh])
    dates = sum([word.date for word in fresh])
    signs = [0.0] * len(_TYPED)
    if kind in _TYPED:
        contains: dict[AnswerType, Callable[[], object]] = {
            AnswerType.PERSON: lambda: names > 0,
            AnswerType.TIME: lambda: dates > 0,
            AnswerType.PLACE: lambda: names > 0 and _PLACE.search(sentence.text),
            AnswerType.NUMBER: lambda: numbers > 0,
            AnswerType.REASON: lambda: REASON.search(sentence.text),
            AnswerType.MANNER: lambda: _MANNER.search(sentence.text),
        }
        signs[_TYPED.index(kind)] = 1.0 if contains[kind]() else -1.0
    return math.log1p(names), math.log1p(numbers), math.log1p(dates), sum(signs), *signs
