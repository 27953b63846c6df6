"""What a conversation remembers of a question and its answer. Frozen values, no face."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import Answer, Citation
from retrieval.articles import Span

REMEMBERED_TEXT = 4_000
"""Characters of an answer that are kept. Follow-ups are searched with the first few hundred
(``bot.conversation.leaning``); a chat model gets the rest as what was said."""


@dataclass(frozen=True, slots=True)
class Place:
    """The characters that a turn's answer cited.

    Attributes:
        number: The citation's number in that answer.
        article_id: Where the words stand.
        span: Their place: ``article.text[span.start:span.end] == quote``, while the article is unchanged.
        quote: The words.
    """

    number: int
    article_id: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked and what was answered.

    Attributes:
        question: As it was asked.
        standalone_question: As it was understood; ``question`` itself where it leaned on nothing.
        answer: The answer in words; an abstention's message where ``abstained``.
        places: What was cited; where ``abstained``, the nearest sentences shown.
        abstained: Nothing was asserted.
        asked: When, in seconds since 1970 (UTC).
    """

    question: str
    standalone_question: str
    answer: str
    places: tuple[Place, ...]
    abstained: bool
    asked: float


def turn_of(answer: Answer, asked: float) -> Turn:
    """Return what to remember of ``answer``, asked at ``asked`` seconds since 1970."""
    return Turn(
        question=answer.question,
        standalone_question=answer.standalone_question or answer.question,
        answer=_words(answer)[:REMEMBERED_TEXT],
        places=tuple(_place(citation) for citation in answer.citations or answer.nearest),
        abstained=answer.abstention is not None,
        asked=asked,
    )


def places_json(places: Sequence[Place]) -> str:
    """Return places as they are stored."""
    return json.dumps(
        [[place.number, place.article_id, place.span.start, place.span.end, place.quote] for place in places],
        ensure_ascii=False,
    )


def places_from(text: str) -> tuple[Place, ...]:
    """Return the places that ``places_json`` wrote."""
    return tuple(
        Place(number, article, Span(start, end), quote) for number, article, start, end, quote in json.loads(text)
    )


def _words(answer: Answer) -> str:
    """Return the answer as one would say it: what it claims, without the numbers of its citations."""
    if answer.abstention:
        return answer.abstention.message
    return " ".join(claim.text for claim in answer.claims)


def _place(citation: Citation) -> Place:
    return Place(citation.number, citation.article.id, citation.span, citation.quote)
