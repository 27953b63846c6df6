"""Reading on: hits without the sentences already shown, and the sentences around a citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.answers import Abstention, AbstentionReason, Answer, SearchScope, quoted
from bot.citations import CitationBuilder, CopiesLookup
from bot.conversation.store import CitedPlace
from retrieval.articles import ArticleInfo, Hit, Passage, Span
from retrieval.errors import InputError
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set


class CitedArticles(CopiesLookup, Protocol):
    """Where articles and their passages are read: a ``Library``."""

    def info(self, article_id: str) -> ArticleInfo:
        """Return an article's entry."""
        ...

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return an article's passages in order; none for an unknown id."""
        ...


def without_shown(hits: Sequence[Hit], shown: Sequence[CitedPlace]) -> list[Hit]:
    """Return ``hits`` without the sentences that were shown and their near-duplicates.

    The passages stay whole; only their citable sentences (``Passage.sentences``) are fewer. A hit without any
    is removed.
    """
    if not shown:
        return list(hits)
    shingles = [shingle_set(place.quote) for place in shown]
    left = []
    for hit in hits:
        kept = tuple(span for span in hit.passage.sentences if not _was_shown(hit.passage, span, shown, shingles))
        if kept:
            left.append(replace(hit, passage=replace(hit.passage, sentences=kept)))
    return left


def read_on(
    question: str,
    opened: CitedPlace,
    shown: Sequence[CitedPlace],
    library: CitedArticles,
    searched: SearchScope,
    *,
    sentences: int,
) -> Answer:
    """Return the sentences of an article that follow a citation, then those before it, that were not shown yet.

    Args:
        question: As it was asked.
        opened: The citation.
        shown: What the conversation has shown.
        library: The library.
        searched: What a search would have looked through.
        sentences: The maximum returned, in article order.

    Raises:
        InputError: The article left the library, or was changed, since it was cited.
    """
    found = _sentences(library.passages_of(opened.article_id))
    at = next((n for n, (_, span) in enumerate(found) if span.end > opened.span.start), None)
    if at is None:
        raise InputError("the article of this citation is no longer in the store as it was: ask the question again")
    told = [place.span for place in shown if place.article_id == opened.article_id] + [opened.span]
    order = [*range(at, len(found)), *range(at - 1, -1, -1)]
    chosen = sorted([n for n in order if not any(found[n][1].overlaps(span) for span in told)][:sentences])
    info = library.info(opened.article_id)
    citing = CitationBuilder(library)
    cited = tuple(
        citing.cite(number, Hit(found[n][0], info, 1.0, number), found[n][1], 1.0) for number, n in enumerate(chosen, 1)
    )
    none = Abstention(AbstentionReason.NOTHING_FOUND, "All of this article has been shown.")
    sure = float(bool(cited))
    return Answer(
        question, cited, (), sure, None if cited else none, (), searched, p_answerable=sure, claims=quoted(cited)
    )


def _sentences(passages: Sequence[Passage]) -> list[tuple[Passage, Span]]:
    """Return an article's citable sentences in order, each once, with the passage it stands in."""
    found: dict[Span, Passage] = {}
    for passage in passages:
        for span in passage.sentences:
            found.setdefault(span, passage)
    return [(found[span], span) for span in sorted(found, key=lambda span: (span.start, span.end))]


def _was_shown(passage: Passage, span: Span, shown: Sequence[CitedPlace], shingles: Sequence[ShingleSet]) -> bool:
    if any(place.article_id == passage.article_id and place.span.overlaps(span) for place in shown):
        return True
    text = passage.text[span.start - passage.span.start : span.end - passage.span.start]
    return duplicates_any(shingle_set(text), shingles)
