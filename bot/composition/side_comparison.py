"""Comparisons of two sides: what two outlets say of a topic, or what is said of two things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import Answer
from bot.composition.comparison_question import ComparisonQuestion
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.period_comparison import MAX_OF_SIDE, METHOD, quote_all
from bot.composition.quotable import quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.statement_choice import StatementChooser
from bot.composition.topic_search import TopicSearcher
from bot.render.phrases import counted
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.tokens import read_words


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
        """Return what two outlets say of a topic, or what is said of two things."""
        by_outlet = all(outlets)
        if by_outlet and not asked.topic:
            names = " and ".join(asked.sides)
            return composed_abstention(request, f"Name what to compare {names} on: “Compare {names} on immigration”.")
        draft = AnswerDraft(self._library, request)
        for side, sources in zip(asked.sides, outlets, strict=True):
            topic = asked.topic if by_outlet else f"{side} {asked.topic}".strip()
            filters = replace(request.searched.filters, sources=sources) if by_outlet else request.searched.filters
            found = self._topics.find(topic, filters)
            sentences = quotable_sentences(found.hits)
            about = frozenset(terms(topic))
            own = {word.term for word in read_words(side, sentence=False) if word.term and not word.stop}
            if not by_outlet:
                sentences = [each for each in sentences if own & each.sentence.terms]
            chosen = self._chooser.chosen(sentences, about, MAX_OF_SIDE)
            draft.heading(f"{side}: {counted(len(found.articles), 'article')} about it")
            if not chosen:
                draft.note("Nothing found.")
            quote_all(draft, chosen)
        return draft.answer(METHOD) if draft.citations else None
