"""Reading on: hits without the sentences already shown, and the sentences around a citation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.answers import Abstention, AbstentionReason, Answer, SearchScope, quoted
from bot.citations import CitationBuilder, CopiesLookup
from bot.conversation.speaker_pronoun import people_named
from bot.conversation.store import CitedPlace
from retrieval.articles import ArticleInfo, Hit, Passage, Span
from retrieval.errors import InputError
from retrieval.text.analyzer import terms
from retrieval.text.names import agree
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set
from retrieval.text.tokens import read_words


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
    return _kept(hits, lambda passage, span: not _was_shown(passage, span, shown, shingles))


def with_other_names(hits: Sequence[Hit], given: Sequence[str]) -> list[Hit]:
    """Return ``hits`` with the sentences that name somebody or something which none of the texts ``given`` names.

    As in ``without_shown``, the passages stay whole.
    """
    if not given:
        return list(hits)
    people = [each for text in given for each in people_named(text)]
    names = frozenset[str]().union(*map(_names, given))

    def is_other(passage: Passage, span: Span) -> bool:
        text = passage.text_of(span)
        if named := people_named(text):
            return not all(any(agree(each, known) for known in people) for each in named)
        return bool(_names(text) - names)

    return _kept(hits, is_other)


def with_sentences(hits: Sequence[Hit], keeps: Callable[[str], bool]) -> list[Hit]:
    """Return ``hits`` with the sentences whose text is kept; as in ``without_shown``, the passages stay whole."""
    return _kept(hits, lambda passage, span: keeps(passage.text_of(span)))


def about_terms(hits: Sequence[Hit], wanted: Sequence[str]) -> list[Hit]:
    """Return ``hits`` with the sentences about all of the terms ``wanted``.

    Such a sentence holds them itself, with the sentence before it, or with the title and headings above it.
    """
    if not wanted:
        return list(hits)
    asked = frozenset(wanted)

    def is_about(passage: Passage, span: Span) -> bool:
        before = max((each.start for each in passage.sentences if each.start < span.start), default=span.start)
        held = terms(f"{passage.context}\n{passage.text_of(Span(before, span.end))}")
        return asked <= set(held)

    return _kept(hits, is_about)


def _names(text: str) -> frozenset[str]:
    return frozenset(word.term for word in read_words(text) if word.name and not word.stop and not word.date)


def _kept(hits: Sequence[Hit], keeps: Callable[[Passage, Span], bool]) -> list[Hit]:
    left = []
    for hit in hits:
        kept = tuple(span for span in hit.passage.sentences if keeps(hit.passage, span))
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
    furniture: Callable[[str], bool] = lambda _: False,
) -> Answer:
    """Return the sentences of an article that follow a citation, then those before it, that were not shown yet.

    Args:
        question: As it was asked.
        opened: The citation.
        shown: What the conversation has shown.
        library: The library.
        searched: What a search would have looked through.
        sentences: The maximum returned, in article order.
        furniture: Whether a text is page furniture, which is not read on.

    Raises:
        InputError: The article left the library, or was changed, since it was cited.
    """
    found = _sentences(library.passages_of(opened.article_id))
    at = next((n for n, (_, span) in enumerate(found) if span.end > opened.span.start), None)
    if at is None:
        raise InputError("the article of this citation is no longer in the store as it was: ask the question again")
    told = [place.span for place in shown if place.article_id == opened.article_id] + [opened.span]
    order = [*range(at, len(found)), *range(at - 1, -1, -1)]
    fresh = (n for n in order if not any(found[n][1].overlaps(span) for span in told))
    chosen = sorted(itertools.islice((n for n in fresh if not furniture(Passage.text_of(*found[n]))), sentences))
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
    return duplicates_any(shingle_set(passage.text_of(span)), shingles)
