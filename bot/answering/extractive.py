"""Extractive answers: verbatim sentences of the articles, without a chat model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.reader import Reader, ScoredSentence, rank_hits
from bot.answers import Abstention, AbstentionReason, Answer, Citation, SearchScope, quoted
from bot.citations import CitationBuilder, CopiesLookup, statement_span
from retrieval.articles import Hit
from retrieval.text.analyzer import words

MAX_NEAREST = 3
"""Nearest sentences kept beside an answer, and shown with an abstention."""


class ExtractiveAnswerer:
    """The offline answerer.

    Args:
        reader: Selects the sentences or abstains.
        articles: The library that the hits come from.
        sentences: The most sentences that an answer may have.
    """

    def __init__(self, reader: Reader, articles: CopiesLookup, *, sentences: int = 3) -> None:
        self._reader = reader
        self._articles = articles
        self._sentences = sentences

    def ranked(self, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return ``hits`` by how likely they answer ``question``, best first.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        return rank_hits(self._reader.read(question, hits), hits)

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        """Return the sentences of ``hits`` that answer ``question`` or may, or an abstention with the nearest ones.

        Raises:
            EmbeddingError: The model cannot be loaded.
            ArticleReplaced: An article left the library since it was found.
        """
        if not words(question):
            return abstained(question, AbstentionReason.NOT_A_QUESTION, hits, searched)
        reading = self._reader.read(question, hits)
        if not reading.candidates:
            return abstained(question, AbstentionReason.NOTHING_FOUND, hits, searched)
        count = min(reading.answers, self._sentences)
        citing = CitationBuilder(self._articles)
        answers = _cited(citing, reading.candidates[:count])
        nearest = _cited(citing, reading.candidates[count : count + MAX_NEAREST], before=answers)
        return Answer(
            question=question,
            citations=answers,
            nearest=nearest,
            confidence=reading.confidence,
            p_answerable=reading.p_answerable,
            abstention=None if count else _not_in_articles(searched, reading.remarks),
            possibly=bool(count) and reading.possibly,
            doubts=reading.doubts,
            remarks=reading.remarks if count else (),
            hits=tuple(hits),
            searched=searched,
            claims=quoted(answers),
        )


def _cited(
    citing: CitationBuilder, candidates: Sequence[ScoredSentence], before: Sequence[Citation] = ()
) -> tuple[Citation, ...]:
    """Return the citations of sentences, numbered after ``before``; a correction in place of what it withdraws.

    Neither the dateline before a sentence nor the links behind a quoted post are of it.
    """
    found = list(before)
    for each in candidates:
        held = each.hit.passage.span.covers(each.span)  # what was said may begin in the passage before
        span = statement_span(each.hit.passage.text_of(each.span), each.span) if held else each.span
        cited = citing.cite_corrected(len(found) + 1, each.hit, span, each.probability)
        if all((one.article.id, one.span) != (cited.article.id, cited.span) for one in found):
            found.append(cited)
    return tuple(found[len(before) :])


def _not_in_articles(searched: SearchScope, remarks: Sequence[str]) -> Abstention:
    found = abstention(AbstentionReason.NOT_IN_ARTICLES, searched)
    return replace(found, message=" ".join((found.message, *remarks)))


def abstained(question: str, reason: AbstentionReason, hits: Sequence[Hit], searched: SearchScope) -> Answer:
    """Return an answer that asserts nothing."""
    return Answer(question, (), (), 0.0, abstention(reason, searched), tuple(hits), searched)


def abstention(reason: AbstentionReason, searched: SearchScope) -> Abstention:
    """Return the abstention for a reason, with its message."""
    if searched.filters and not searched.articles and reason is not AbstentionReason.NOT_A_QUESTION:
        return Abstention(AbstentionReason.NOTHING_FOUND, "No article matches the filters.")
    where = "the articles that the filters leave" if searched.filters else "these articles"
    message = {
        AbstentionReason.NOT_A_QUESTION: "There is no word to search for: ask a question.",
        AbstentionReason.NOTHING_FOUND: f"Nothing in {where} is about this.",
        AbstentionReason.NOT_IN_ARTICLES: f"Not in {where}.",
        AbstentionReason.NOT_SUPPORTED: f"What the chat model wrote is not in {where}.",
    }[reason]
    return Abstention(reason, message)
