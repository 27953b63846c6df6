"""The draft of a composed answer: headings, notes and verbatim sentences, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Abstention, AbstentionReason, Answer, Citation, Claim, Form, Support
from bot.citations import CitationBuilder, CopiesLookup
from bot.composition.request import CompositionRequest
from retrieval.articles import Hit, Span
from retrieval.text.date_intervals import DateInterval
from retrieval.text.datelines import dateline_end


class AnswerDraft:
    """Collects what a composed answer says.

    Args:
        articles: The library that the hits come from.
        request: What is asked.
    """

    def __init__(self, articles: CopiesLookup, request: CompositionRequest) -> None:
        self._request = request
        self._citing = CitationBuilder(articles)
        self._claims: list[Claim] = []
        self._citations: list[Citation] = []
        self._hits: dict[str, Hit] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What has been cited so far."""
        return tuple(self._citations)

    def heading(self, text: str) -> None:
        """Add a heading above the sentences that follow."""
        self._claims.append(Claim(text, Support.SUPPORTED, form=Form.HEADING, opens=bool(self._claims)))

    def note(self, text: str) -> None:
        """Add a sentence of the program's own: what it counted, what it did not find, what can be done."""
        self._claims.append(Claim(text, Support.SUPPORTED, form=Form.NOTE))

    def quote(
        self,
        hit: Hit,
        span: Span,
        *,
        label: str = "",
        marks: Sequence[Span] = (),
        when: DateInterval | None = None,
        confidence: float = 1.0,
    ) -> Citation | None:
        """Add a sentence of a hit's article with its citation; return None where it is there already.

        The dateline before it is left out. A correction note takes the place of words that it withdraws.

        Args:
            hit: Where the sentence was found.
            span: Its characters in the article.
            label: What stands in front of it.
            marks: Characters of the sentence, from 0 at its start, that differ from the sentences beside it.
            when: The days that the label names.
            confidence: The probability that it belongs in the answer.

        Raises:
            ArticleReplaced: The article left the library since it was found.
        """
        before = dateline_end(span.within(hit.passage.span).of(hit.passage.text))
        if before:
            span = Span(span.start + before, span.end)
            marks = [Span(each.start - before, each.end - before) for each in marks if each.start >= before]
        cited = self._citing.cite_corrected(len(self._citations) + 1, hit, span, confidence)
        if any((one.article.id, one.span) == (cited.article.id, cited.span) for one in self._citations):
            return None
        self._citations.append(cited)
        self._hits.setdefault(hit.passage.id, hit)
        kept = tuple(marks) if cited.span == span else ()
        self._claims.append(
            Claim(
                cited.quote,
                Support.VERBATIM,
                (cited.number,),
                confidence,
                form=Form.ITEM,
                label=label,
                marks=kept,
                when=when,
            )
        )
        return cited

    def answer(self, method: str, *, remarks: Sequence[str] = ()) -> Answer:
        """Return the answer.

        Args:
            method: How it was made, in a sentence, for ``/why``.
            remarks: What a reader should know beside it, a sentence each.
        """
        request = self._request
        return Answer(
            question=request.question,
            citations=tuple(self._citations),
            nearest=(),
            confidence=1.0,
            abstention=None,
            hits=tuple(self._hits.values()),
            searched=request.searched,
            p_answerable=1.0,
            claims=tuple(self._claims),
            remarks=tuple(filter(None, (request.decision.remark, *remarks))),
            kind=request.decision.kind,
            method=method,
        )


def composed_abstention(request: CompositionRequest, message: str, remarks: Sequence[str] = ()) -> Answer:
    """Return an answer of a composed kind that says in a sentence why there is nothing: "Nothing about Niger …"."""
    return Answer(
        question=request.question,
        citations=(),
        nearest=(),
        confidence=0.0,
        abstention=Abstention(AbstentionReason.NOTHING_FOUND, " ".join((message, *remarks))),
        hits=(),
        searched=request.searched,
        kind=request.decision.kind,
    )
