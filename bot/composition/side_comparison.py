"""Comparisons of two sides: what two outlets say of a topic, or what is said of two things."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from bot.answering.features import parse_passage
from bot.answers import Answer
from bot.composition.comparison_question import ComparisonQuestion
from bot.composition.digest import digest
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.period_comparison import MAX_OF_SIDE, METHOD, quote_all
from bot.composition.quotable import QuotableSentence, article_hits, needs_context, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.statement_choice import MIN_COVERAGE, StatementChooser, terms_with_headings
from bot.composition.topic_groups import article_vectors
from bot.composition.topic_search import TopicSearcher
from bot.render.phrases import counted
from retrieval.articles import Hit
from retrieval.store.library import Library
from retrieval.text.analyzer import fold, terms
from retrieval.text.date_intervals import DateInterval, date_of
from retrieval.text.measures import EVENT_MEASURES, figures
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set
from retrieval.text.numbers import quantities
from retrieval.text.reporting_verbs import SPEECH
from retrieval.text.time_expressions import time_expressions
from retrieval.text.tokens import content_terms, read_words, term_set

MIN_SHARE_OF_TOPIC = 0.5
"""Share of the weight of the topic's terms that a sentence about a side holds, its headings at half."""


MAX_TABLE_CHARACTERS = 1_000
"""Characters between two rows of one table."""
MAX_ARTICLES = 3
"""Articles that name every side and the topic that are read from beginning to end."""
MAX_TURNS_BACK = 3
"""Turns whose citations are asked first."""
MAX_LETTERS = 5
"""Letters of an abbreviation."""
MAX_SUBJECT_WORDS = 8
"""Words at the beginning of a sentence among which its subject is sought."""
MAX_OF_OUTLET = 6
"""Articles of an outlet among which the one is sought that tells of the same as another outlet's."""
TITLE_WORTH = 3.0
"""For how many sentences about the topic it counts that the title of an article names it."""
LIKENESS = 3.0
"""Weight of how alike two articles are, beside how near each is to the topic."""
REST_RELEVANCE = 0.35
"""How far a sentence of such an article is about the topic, whatever its words."""
MIN_TELLING, _YEARS = 100, range(1900, 2100)
"""The smallest number that two outlets do not share by chance."""
ASPECTS = frozenset(
    terms(
        """do doing say said saying think feel react reaction respond response view position stance statement opinion
        differ difference approach deal handle plan want go"""
    )
)
"""Words by which a question asks what a side says or does, which a sentence that tells it need not have."""


class SideComparison:
    """Compares two sides.

    Args:
        topics: Finds the passages about a topic.
        library: The library it searches.
        chooser: Chooses the sentences of each side.
    """

    def __init__(self, topics: TopicSearcher, library: Library, chooser: StatementChooser) -> None:
        self._topics = topics
        self._library = library
        self._chooser = chooser

    def outlets(self, side: str) -> tuple[str, ...]:
        """Return the outlets that a name is of: "Fox" of "Fox News" and "Fox Online News"."""
        wanted = [word for word in side.lower().split() if word not in {"the", "news", "and"}] or side.lower().split()
        return tuple(
            name for name, _ in self._library.sources() if set(wanted) <= set(name.lower().replace("-", " ").split())
        )

    def compose(
        self, request: CompositionRequest, asked: ComparisonQuestion, outlets: Sequence[tuple[str, ...]]
    ) -> Answer | None:
        """Return what two outlets say of a topic, or what is said of two things; None where nothing is said."""
        draft = AnswerDraft(self._library, request)
        if all(outlets) and not asked.topic:
            names = " and ".join(asked.sides)
            return composed_abstention(request, f"Name what to compare {names} on: “Compare {names} on immigration”.")
        if all(outlets):
            self._outlets(draft, request, asked, outlets)
        elif asked.periods:
            self._periods(draft, request, asked)
        elif not self._shared_articles(draft, request, asked):
            self._things(draft, request, asked)
        return draft.answer(METHOD) if draft.citations else None

    def _outlets(
        self,
        draft: AnswerDraft,
        request: CompositionRequest,
        asked: ComparisonQuestion,
        outlets: Sequence[tuple[str, ...]],
    ) -> None:
        about = frozenset(terms(asked.topic))
        found = [
            self._topics.find(asked.topic, replace(request.searched.filters, sources=sources)) for sources in outlets
        ]
        articles = self._closest([self._near(each.hits, about) for each in found])
        own = [[each for id_ in ids for each in quotable_sentences(self._hits(id_))] for ids in articles]
        common = frozenset.intersection(*(frozenset(n for each in of for n in _numbers(each.text)) for of in own))
        share = self._chooser.share_of(about)
        for side, passages, sentences in zip(asked.sides, found, own, strict=True):
            relevance = np.array([max(REST_RELEVANCE, share(each)) for each in sentences])
            chosen = digest(sentences, MAX_OF_SIDE, relevance)
            shared = [each for each in sentences if common & _numbers(each.text)]
            if shared and not any(each in shared for each in chosen):
                chosen = [*chosen, shared[0]]
            self._side(draft, f"{side}: {counted(len(passages.articles), 'article')} about it", chosen)
        if any(len(each.articles) > 1 for each in found) and draft.citations:
            draft.note("Of each outlet the article that tells most of what the other's does.")

    def _near(self, hits: Sequence[Hit], about: frozenset[str]) -> dict[str, float]:
        """Return how near an outlet's articles are to a topic, by id, the nearest of them, 1 for the first."""
        near: dict[str, float] = {}
        share = self._chooser.share_of(about)
        for each in quotable_sentences(hits):
            near[each.article.id] = near.get(each.article.id, 0.0) + share(each) ** 3
        weights = self._chooser.weights(about)
        total = sum(weights.values()) or 1.0
        for info in {hit.article.id: hit.article for hit in hits if hit.article.id in near}.values():
            titled = term_set(read_words(info.title))
            near[info.id] += TITLE_WORTH * sum(weight for term, weight in weights.items() if term in titled) / total
        best = sorted(near, key=lambda article: -near[article])[:MAX_OF_OUTLET]
        return {article: near[article] / (near[best[0]] or 1.0) for article in best}

    def _closest(self, near: Sequence[Mapping[str, float]]) -> list[list[str]]:
        """Return the article of each outlet that tell most of the same: near the topic, and like each other."""
        if not all(near):
            return [list(each)[:1] for each in near]
        vectors = article_vectors(*self._library.vectors_of([article for each in near for article in each]))

        def worth(articles: tuple[str, ...]) -> float:
            told = sum(each[article] for each, article in zip(near, articles, strict=True))
            known = [vectors[article] for article in articles if article in vectors]
            alike = sum(float(one @ other) for one, other in itertools.combinations(known, 2))
            return told + LIKENESS * alike

        return [[article] for article in max(itertools.product(*near), key=worth)]

    def _periods(self, draft: AnswerDraft, request: CompositionRequest, asked: ComparisonQuestion) -> None:
        """Add what is said of a topic in one period and in another; against one period stand all others."""
        found = self._topics.find(asked.topic, request.searched.filters)
        sentences = quotable_sentences(found.hits)
        about = frozenset(terms(asked.topic))
        own = [[each for each in sentences if _is_of(each, period)] for period in asked.periods]
        if len(own) == 1:
            own = [[each for each in sentences if each not in own[0]], own[0]]
        for side, of_side in zip(asked.sides, own, strict=True):
            self._side(draft, side, self._chooser.chosen(of_side, about, MAX_OF_SIDE))

    def _shared_articles(self, draft: AnswerDraft, request: CompositionRequest, asked: ComparisonQuestion) -> bool:
        """Add what the articles that name every side and the topic say of each; return whether two sides have any."""
        about = frozenset(content_terms(asked.topic)) - ASPECTS
        articles, are_given = self._articles_of_all(request, asked.sides, about)
        own = [_SideName.of(side) for side in asked.sides]
        hits = [each for article in articles for each in self._hits(article)]
        is_about = self._about(about)
        sentences = [each for each in quotable_sentences(hits) if are_given or is_about(each)]
        around = [
            each for each in quotable_sentences(hits) if each.article.id in articles[:1] and self._is_near(each, about)
        ]
        named = [
            [each for each in sentences if name.is_in(each)] or [each for each in around if name.is_in(each)]
            for name in own
        ]
        rows = _table_rows(hits, asked.sides)
        if not rows and sum(map(bool, named)) < len(asked.sides):
            return False
        if rows:
            draft.heading("In one table or list")
            quote_all(draft, rows)
        of_many = [each for each in dict.fromkeys(itertools.chain(*named)) if sum(name.is_in(each) for name in own) > 1]
        chosen = self._told(of_many, about, own)
        if chosen:
            self._side(draft, _several(asked.sides), chosen)
        for side, name, of_side in zip(asked.sides, own, named, strict=True):
            alone = self._told([each for each in of_side if each not in of_many], about, (name,))
            if alone and not rows:
                self._side(draft, side, alone)
        return True

    def _articles_of_all(
        self, request: CompositionRequest, sides: Sequence[str], about: frozenset[str]
    ) -> tuple[list[str], bool]:
        """Return the ids of the articles that name all sides and the topic, best first, and whether they are given.

        Those that the turn before cites count as about the topic, which a follow-up leaves out.
        """
        mentions = [self._topics.mentions(side) for side in sides]
        common = set(mentions[0]).intersection(*mentions[1:])
        if request.searched.filters:
            common &= set(self._library.article_ids(request.searched.filters))
        cited = [place.article_id for turn in reversed(request.history[-MAX_TURNS_BACK:]) for place in turn.places]
        weights = self._chooser.weights(about)
        held = {term: self._library.mentions([(term,)]) for term in weights}
        total = sum(weights.values())

        def share(article: str) -> float:
            return sum(weight for term, weight in weights.items() if article in held[term]) / total if total else 0.0

        def told(article: str) -> float:
            passages = (weight * math.log1p(len(held[term].get(article, ()))) for term, weight in weights.items())
            headed = about.intersection(terms(infos[article].title))
            return sum(passages) + sum(weights[term] for term in headed)

        names = [_SideName.of(side) for side in sides]
        if given := [each for each in dict.fromkeys(cited) if each in common or self._names_all(each, names)]:
            best = max(given, key=share)
            if share(best) >= max((share(each) for each in common), default=0.0) * MIN_SHARE_OF_TOPIC:
                return [best], True
        infos = self._library.infos([each for each in common if share(each) >= MIN_COVERAGE])
        return sorted(infos, key=lambda each: (-told(each), -min(of[each] for of in mentions), each))[
            :MAX_ARTICLES
        ], False

    def _names_all(self, article: str, names: Sequence[_SideName]) -> bool:
        sentences = quotable_sentences(self._hits(article)) if article in self._library.infos([article]) else []
        return all(any(name.is_in(each) for each in sentences) for name in names)

    def _hits(self, article: str) -> list[Hit]:
        return article_hits(self._library.info(article), self._library.passages_of(article))

    def _told(
        self, sentences: Sequence[QuotableSentence], about: frozenset[str], sides: Sequence[_SideName]
    ) -> list[QuotableSentence]:
        """Return the sentences that say most of a topic, those first in which a side speaks, in the articles' order."""
        named = {side.term for side in sides}
        share = self._chooser.share_of(about)

        def score(each: QuotableSentence) -> float:
            words = each.sentence.words
            speaks = any(fold(each.text[word.start : word.end]) in SPEECH for word in words)
            begins = any(word.term in named for word in words[:MAX_SUBJECT_WORDS])
            return share(each) + 0.2 * speaks + 0.3 * begins - 0.5 * needs_context(each)

        best = sorted(sentences, key=score, reverse=True)
        kept: list[QuotableSentence] = []
        texts: list[ShingleSet] = []
        for each in best:
            text = shingle_set(each.text)
            if len(kept) < MAX_OF_SIDE and not duplicates_any(text, texts):
                kept.append(each)
                texts.append(text)
        return sorted(kept, key=lambda each: (each.article.published, each.article.id, each.span.start))

    def _things(self, draft: AnswerDraft, request: CompositionRequest, asked: ComparisonQuestion) -> None:
        """Add the rows of a table that has both, the sentences that name both, and those of each."""
        found = [self._topics.find(f"{side} {asked.topic}".strip(), request.searched.filters) for side in asked.sides]
        hits = list({hit.passage.id: hit for each in found for hit in each.hits}.values())
        content = [frozenset(content_terms(side)) for side in asked.sides]
        about = frozenset(terms(asked.topic)) | content[0].intersection(*content[1:])
        own = [_own_terms(side) - about or both for side, both in zip(asked.sides, content, strict=True)]
        is_about = self._about(about)
        sentences = [each for each in quotable_sentences(hits) if is_about(each)]
        named = [[each for each in sentences if terms_of & each.sentence.terms] for terms_of in own]
        both = [each for each in named[0] if all(each in of_side for of_side in named[1:])]
        rows = _table_rows(hits, asked.sides)
        if not (rows or both or all(named)):
            return
        if rows:
            draft.heading("In one table or list")
            quote_all(draft, rows)
        chosen = self._chooser.chosen(both, about.union(*own), MAX_OF_SIDE)
        if chosen:
            self._side(draft, _several(asked.sides), chosen)
        tolls = [_with_toll(of_side, its) for of_side, its in zip(named, content, strict=True)]
        for side, of_side, its, toll in zip(asked.sides, named, content, tolls, strict=True):
            rest = [each for each in of_side if each not in both]
            alone = self._chooser.chosen(rest, about | its, MAX_OF_SIDE)
            if all(tolls) and not about and not any(each in toll for each in alone):
                alone = [toll[0], *alone[: MAX_OF_SIDE - 1]]
            if alone or not (chosen or rows):
                self._side(draft, side, alone)

    def _about(self, about: frozenset[str]) -> Callable[[QuotableSentence], bool]:
        """Return what says whether a sentence is about a topic."""
        share = self._chooser.share_of(about)
        return lambda each: not about or share(each) >= MIN_SHARE_OF_TOPIC

    def _is_near(self, each: QuotableSentence, about: frozenset[str]) -> bool:
        """Return whether a sentence stands in a passage that, with its headings, has all words of a topic."""
        page = parse_passage(each.hit.passage)
        return about <= page.terms | page.context

    @staticmethod
    def _side(draft: AnswerDraft, heading: str, chosen: Sequence[QuotableSentence]) -> None:
        draft.heading(heading)
        if not chosen:
            draft.note("No sentence about it was found.")
        quote_all(draft, chosen)


def _numbers(text: str) -> frozenset[float]:
    """Return the values of the numbers of a text that tell one thing from others: no years, and none below 100."""
    values = {each.value for each in quantities(text) if each.kind == "number" and each.value is not None}
    return frozenset(value for value in values if value >= MIN_TELLING and value not in _YEARS)


def _with_toll(sentences: Iterable[QuotableSentence], event: frozenset[str]) -> list[QuotableSentence]:
    """Return the sentences about an event, by their headings, that give how many died in it."""
    return [
        each
        for each in sentences
        if event <= terms_with_headings(each) and figures(each.text, EVENT_MEASURES["Deaths"])
    ]


def _several(sides: Sequence[str]) -> str:
    """Return the heading over what is said of several sides: "Mali, Niger and Chad"."""
    return f"{', '.join(sides[:-1])} and {sides[-1]}"


@dataclass(frozen=True, slots=True)
class _SideName:
    """What a sentence calls a side.

    Attributes:
        term: The last term of its first name, else of its last content word.
        spelled_out: The words whose first letters it is, for "GM"; None for a side in words.
    """

    term: str
    spelled_out: re.Pattern[str] | None

    @classmethod
    def of(cls, side: str) -> Self:
        words = [word for word in read_words(side, sentence=False) if word.term and not word.stop]
        named = next((word for word in reversed(words) if word.name), words[-1] if words else None)
        letters = re.sub(r"[.'’]s?", "", side[named.start : named.end]) if named else ""
        pattern = r"\s".join(rf"{letter}[a-z]{{2,20}}" for letter in letters)
        is_short = 1 < len(letters) <= MAX_LETTERS and letters.isalpha() and letters.isupper()
        return cls(named.term if named else "", re.compile(rf"\b{pattern}\b") if is_short else None)

    def is_in(self, each: QuotableSentence) -> bool:
        """Return whether a sentence names the side."""
        return self.term in each.sentence.terms or bool(self.spelled_out and self.spelled_out.search(each.text))


def _own_terms(side: str) -> frozenset[str]:
    """Return the terms by which a sentence names a side: of a name its words, else all content words."""
    words = [word for word in read_words(side, sentence=False) if word.term and not word.stop]
    return frozenset(word.term for word in words if word.name) or frozenset(word.term for word in words)


def _is_of(each: QuotableSentence, period: DateInterval) -> bool:
    """Return whether a sentence names a day of a period, or names no other and its article is of that period."""
    anchor = date_of(each.article.published)
    times = [found.interval for found in time_expressions(each.text, anchor) if found.interval]
    if any(period.first <= found.first and found.last <= period.last for found in times):
        return True
    return not times and anchor is not None and period.first <= anchor <= period.last


def _table_rows(hits: Iterable[Hit], sides: Sequence[str]) -> list[QuotableSentence]:
    """Return the rows of the first table or list that begin with the names of both sides."""
    begun = [re.compile(rf"\W*{re.escape(side)}\b(?!['’])", re.IGNORECASE) for side in sides]
    rows: dict[str, list[QuotableSentence]] = {}
    for hit in hits:
        for each in parse_passage(hit.passage).sentences:
            if not each.text.rstrip().endswith((".", "!", "?")):
                rows.setdefault(hit.article.id, []).append(QuotableSentence(hit, each.span, 0, each))
    for of_article in rows.values():
        found = [next((row for row in of_article if pattern.match(row.text)), None) for pattern in begun]
        of_sides = [row for row in found if row]
        starts = [row.span.start for row in of_sides]
        if len(set(starts)) == len(sides) and max(starts) - min(starts) <= MAX_TABLE_CHARACTERS:
            return of_sides
    return []
