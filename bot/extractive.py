"""Answers from verbatim sentences, without a chat model: nothing is asserted that an article does not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.answers import Abstention, Answer, Citation, Reason, Searched, quoted
from bot.reader import Candidate, Reader
from retrieval.articles import CITABLE, Article, Hit
from retrieval.words import words

NEAREST = 3
"""Sentences shown beside an answer or an abstention."""


class Articles(Protocol):
    """Where whole articles are read: a ``Library``."""

    def article(self, named: str) -> Article:
        """Return an article by its id."""
        ...


class Extractive:
    """The offline answerer.

    Args:
        reader: Chooses the sentences and says when there is no answer.
        articles: The library that the hits come from.
        sentences: The most sentences that an answer may have.
    """

    def __init__(self, reader: Reader, articles: Articles, *, sentences: int = 3) -> None:
        self._reader = reader
        self._articles = articles
        self._sentences = sentences

    def answer(self, question: str, hits: Sequence[Hit], searched: Searched) -> Answer:
        """Return the sentences of ``hits`` that answer ``question``, or an abstention with the nearest ones.

        Raises:
            EmbeddingError: The model cannot be loaded.
            InputError: An article left the library since it was found.
        """
        if not words(question):
            return _abstain(question, Reason.NOT_A_QUESTION, hits, searched)
        reading = self._reader.read(question, hits)
        if not reading.candidates:
            return _abstain(question, Reason.NOTHING_FOUND, hits, searched)
        count = min(reading.answers, self._sentences)
        known: dict[str, Article] = {}
        cited = [
            self._cite(number, candidate, known)
            for number, candidate in enumerate(reading.candidates[: count + NEAREST], 1)
        ]
        return Answer(
            question=question,
            citations=tuple(cited[:count]),
            nearest=tuple(cited[count:]),
            confidence=reading.confidence,
            held=reading.held,
            abstention=None if count else _abstention(Reason.NOT_IN_ARTICLES, searched),
            hits=tuple(hits),
            searched=searched,
            claims=quoted(cited[:count]),
        )

    def _cite(self, number: int, candidate: Candidate, known: dict[str, Article]) -> Citation:
        passage = candidate.hit.passage
        if passage.article_id not in known:
            known[passage.article_id] = self._articles.article(passage.article_id)
        article = known[passage.article_id]
        paragraph, page = 0, passage.page
        for block in article.blocks:
            if block.kind in CITABLE and block.span.start <= candidate.span.start:
                paragraph, page = paragraph + 1, block.page or page
        return Citation(
            number=number,
            article=candidate.hit.article,
            span=candidate.span,
            quote=candidate.span.of(article.text),
            passage_id=passage.id,
            paragraph=max(1, paragraph),
            confidence=candidate.probability,
            page=page,
        )


def _abstain(question: str, reason: Reason, hits: Sequence[Hit], searched: Searched) -> Answer:
    return Answer(question, (), (), 0.0, _abstention(reason, searched), tuple(hits), searched)


def _abstention(reason: Reason, searched: Searched) -> Abstention:
    where = "the articles that the filters leave" if searched.filters else "these articles"
    message = {
        Reason.NOT_A_QUESTION: "There is no word to search for: ask a question.",
        Reason.NOTHING_FOUND: f"Nothing in {where} is about this.",
        Reason.NOT_IN_ARTICLES: f"Not in {where}.",
    }[reason]
    return Abstention(reason, message)
