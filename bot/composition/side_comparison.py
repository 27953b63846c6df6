"""Comparisons of two sides: what two outlets say of a topic, or what is said of two things."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answering.features import parse_passage
from bot.answers import Answer
from bot.composition.comparison_question import ComparisonQuestion
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.period_comparison import MAX_OF_SIDE, METHOD, quote_all
from bot.composition.quotable import QuotableSentence, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.statement_choice import StatementChooser, terms_with_headings
from bot.composition.topic_search import TopicSearcher, content_terms
from bot.render.phrases import counted
from retrieval.articles import Hit
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.date_intervals import DateInterval, date_of
from retrieval.text.measures import EVENT_MEASURES, figures
from retrieval.text.time_expressions import time_expressions
from retrieval.text.tokens import read_words

MIN_SHARE_OF_TOPIC = 0.5
"""Share of the weight of the topic's terms that a sentence about a side holds, its headings at half."""


MAX_TABLE_CHARACTERS = 1_000
"""Characters between two rows of one table."""


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
        else:
            self._things(draft, request, asked)
        return draft.answer(METHOD) if draft.citations else None

    def _outlets(
        self,
        draft: AnswerDraft,
        request: CompositionRequest,
        asked: ComparisonQuestion,
        outlets: Sequence[tuple[str, ...]],
    ) -> None:
        for side, sources in zip(asked.sides, outlets, strict=True):
            found = self._topics.find(asked.topic, replace(request.searched.filters, sources=sources))
            sentences, about = quotable_sentences(found.hits), frozenset(terms(asked.topic))
            chosen = self._chooser.chosen(sentences, about, MAX_OF_SIDE, of_article=2)
            self._side(draft, f"{side}: {counted(len(found.articles), 'article')} about it", chosen)

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

    def _things(self, draft: AnswerDraft, request: CompositionRequest, asked: ComparisonQuestion) -> None:
        """Add the rows of a table that has both, the sentences that name both, and those of each."""
        found = [self._topics.find(f"{side} {asked.topic}".strip(), request.searched.filters) for side in asked.sides]
        hits = list({hit.passage.id: hit for each in found for hit in each.hits}.values())
        content = [frozenset(content_terms(side)) for side in asked.sides]
        about = frozenset(terms(asked.topic)) | content[0] & content[1]
        own = [_own_terms(side) - about or both for side, both in zip(asked.sides, content, strict=True)]
        sentences = [each for each in quotable_sentences(hits) if self._is_about(each, about)]
        named = [[each for each in sentences if terms_of & each.sentence.terms] for terms_of in own]
        both = [each for each in named[0] if each in named[1]]
        if rows := _table_rows(hits, asked.sides):
            draft.heading("In one table or list")
            quote_all(draft, rows)
        chosen = self._chooser.chosen(both, about | own[0] | own[1], MAX_OF_SIDE)
        if chosen:
            self._side(draft, f"Both: {' and '.join(asked.sides)}", chosen)
        tolls = [_with_toll(of_side, its) for of_side, its in zip(named, content, strict=True)]
        for side, of_side, its, toll in zip(asked.sides, named, content, tolls, strict=True):
            rest = [each for each in of_side if each not in both]
            alone = self._chooser.chosen(rest, about | its, MAX_OF_SIDE)
            if all(tolls) and not about and not any(each in toll for each in alone):
                alone = [toll[0], *alone[: MAX_OF_SIDE - 1]]
            if alone or not (chosen or rows):
                self._side(draft, side, alone)

    def _is_about(self, each: QuotableSentence, about: frozenset[str]) -> bool:
        return not about or self._chooser.share(about, each) >= MIN_SHARE_OF_TOPIC

    @staticmethod
    def _side(draft: AnswerDraft, heading: str, chosen: Sequence[QuotableSentence]) -> None:
        draft.heading(heading)
        if not chosen:
            draft.note("No sentence about it was found.")
        quote_all(draft, chosen)


def _with_toll(sentences: Iterable[QuotableSentence], event: frozenset[str]) -> list[QuotableSentence]:
    """Return the sentences about an event, by their headings, that give how many died in it."""
    return [
        each
        for each in sentences
        if event <= terms_with_headings(each) and figures(each.text, EVENT_MEASURES["Deaths"])
    ]


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
        found = [[row for row in of_article if pattern.match(row.text)] for pattern in begun]
        for one, other in itertools.product(*found):
            if one.span != other.span and abs(one.span.start - other.span.start) <= MAX_TABLE_CHARACTERS:
                return [one, other]
    return []
