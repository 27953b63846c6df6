"""Comparisons of what the reports of one event set against each other: numbers of one thing, and what is disputed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.features import parse_passage
from bot.composition.draft import AnswerDraft
from bot.composition.quotable import QuotableSentence, article_hits, quotable_sentences
from retrieval.articles import Hit, Span
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.date_intervals import date_of
from retrieval.text.lazy_pattern import LazyPattern

MAX_ARTICLES = 3
"""Articles about the event that are read from beginning to end."""
MAX_DAYS = 7
"""Days between two reports of one event."""
MAX_ROWS = 5
"""Sentences that are shown."""

_DISPUTED = LazyPattern(
    r"\b(?:disput(?:ed?|es|ing)|conflicting|contradict\w{0,5}|disagree\w{0,3}|at odds with|refut(?:ed?|es)|rebutted)\b",
    re.IGNORECASE,
)
"""Words by which a report says that others say otherwise."""
_SCALES = r"(?:magnitude|intensity|strength|category)"
_MEASURED = LazyPattern(
    rf"\b{_SCALES}\s(?:of\s)?(?P<number>\d{{1,2}}(?:\.\d{{1,2}})?)\b|\b(?P<first>\d{{1,2}}(?:\.\d{{1,2}})?)[\s-]{_SCALES}\b",
    re.IGNORECASE,
)
"""The one number that an event has on a scale: "magnitude 3.0", "3.4-magnitude"."""
_EARLIER = LazyPattern(r"\b(?:(?:19|20)\d\d|earlier|previous(?:ly)?|aftershocks?)\b", re.IGNORECASE)
"""What makes a number one of another event."""


@dataclass(frozen=True, slots=True)
class _MeasuredNumber:
    sentence: QuotableSentence
    mark: Span


class DisputeComparison:
    """Shows where the reports of one event differ.

    Args:
        library: The articles.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def add(self, draft: AnswerDraft, topic: str, hits: Sequence[Hit]) -> list[str]:
        """Add the sentences that differ in a number or are disputed, and return the remarks; nothing where none does.

        Args:
            draft: The answer.
            topic: The event.
            hits: The passages about it, best first.
        """
        sentences = self._of_event(topic, hits)
        apart = _apart(sentences)
        rows = {each.sentence: each.mark for each in apart}
        disputed = [each for each in sentences if _DISPUTED.search(each.text) and each not in rows]
        if not rows and not disputed:
            return []
        draft.heading("Where the reports of it differ")
        shown = [*rows, *disputed][:MAX_ROWS]
        for each in sorted(shown, key=lambda one: (one.article.published, one.article.id, one.span.start)):
            mark = rows.get(each) or next((Span(*at.span()) for at in [_DISPUTED.search(each.text)] if at), None)
            draft.quote(each.hit, each.span, label=each.label, marks=[mark] if mark else [])
        if not apart:
            return []
        named = dict.fromkeys(f"“{each.mark.of(each.sentence.text)}” ({each.sentence.label})" for each in apart)
        return [f"The figures differ: {', '.join(named)}."]

    def _of_event(self, topic: str, hits: Sequence[Hit]) -> list[QuotableSentence]:
        """Return the sentences of the articles whose title and beginning name the event, days apart at most."""
        wanted = frozenset(terms(topic, keep_stop_words=False))
        articles = {hit.article.id: hit for hit in reversed(hits)}
        chosen: list[Hit] = []
        for hit in reversed(articles.values()):
            passages = self._library.passages_of(hit.article.id)
            begun = parse_passage(passages[0]) if passages else None
            is_about = begun is not None and len(wanted) > 1 and wanted <= begun.terms | begun.context
            if is_about and (not chosen or _are_near(hit, chosen[0])):
                chosen.append(hit)
        read = (article_hits(hit.article, self._library.passages_of(hit.article.id)) for hit in chosen[:MAX_ARTICLES])
        return quotable_sentences(itertools.chain.from_iterable(read))


def _are_near(one: Hit, other: Hit) -> bool:
    days = [date_of(hit.article.published) for hit in (one, other)]
    return days[0] is not None and days[1] is not None and abs((days[0] - days[1]).days) <= MAX_DAYS


def _apart(sentences: Iterable[QuotableSentence]) -> list[_MeasuredNumber]:
    """Return the first sentence of each number that the event is given on a scale; none where they agree."""
    found: dict[str, _MeasuredNumber] = {}
    for each in sentences:
        given = list(_MEASURED.finditer(each.text))
        if len(given) == 1 and not _EARLIER.search(each.text):
            number = given[0]["number"] or given[0]["first"]
            found.setdefault(number, _MeasuredNumber(each, Span(*given[0].span())))
    return list(found.values()) if len(found) > 1 else []
