"""What leaves the chain: an answer with its citations, or an abstention with its reason. Frozen values, no face."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.articles import ArticleInfo, Filters, Hit, Span


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact characters that an assertion rests on.

    Attributes:
        number: From 1, in order of first use in the answer.
        article: Where the words stand.
        span: Their place: ``article.text[span.start:span.end] == quote``.
        quote: The words.
        passage_id: The passage that search found them in.
        paragraph: The paragraph (citable block) of the article they stand in, from 1.
        page: The page, from 1, where the format has pages.
        confidence: The reader's calibrated probability that these words answer the question, in [0, 1].
    """

    number: int
    article: ArticleInfo
    span: Span
    quote: str
    passage_id: str
    paragraph: int
    confidence: float
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for an answer, so that "not in these articles" says which articles."""

    articles: int
    passages: int
    filters: Filters


class Reason(StrEnum):
    """Why nothing is asserted."""

    NOT_IN_ARTICLES = "not_in_articles"  # passages were found; none is likely enough to answer
    NOTHING_FOUND = "nothing_found"  # no passage shares a meaning or a word, or the filters leave none
    NOT_A_QUESTION = "not_a_question"  # empty, or no word to search with


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer."""

    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes:
        question: As it was asked.
        citations: What is asserted, best first: each citation's quote is a sentence of the answer. Empty when
            ``abstention`` is set.
        nearest: The best sentences that were not asserted, best first: the abstention's nearest passages.
        confidence: The calibrated probability that the articles hold the answer and the first citation gives it.
        abstention: Why nothing is asserted, or None.
        hits: The passages that were read, by rank.
        searched: What was searched.
        held: The calibrated probability that the articles hold the answer.
    """

    question: str
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    confidence: float
    abstention: Abstention | None
    hits: tuple[Hit, ...]
    searched: Searched
    held: float = 0.0

    @property
    def text(self) -> str:
        """The answer in words: the cited sentences with their numbers, or the abstention's message."""
        if self.abstention:
            return self.abstention.message
        return " ".join(f"{citation.quote} [{citation.number}]" for citation in self.citations)
