"""Comparisons of two periods: what articles say of a topic before a day and from it on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.answering.features import parse_passage
from bot.answers import Answer
from bot.composition.comparison_question import ComparisonQuestion
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.figure_layout import parts
from bot.composition.quotable import QuotableSentence, article_hits, needs_context, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.statement_choice import MIN_COVERAGE, StatementChooser, by_publication, terms_with_headings
from bot.render.phrases import counted
from retrieval.articles import Hit
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern

METHOD = "Sentences about the same thing from different articles, by date; what differs in them is marked."
"""How a comparison is made."""
_SET_BESIDE = LazyPattern(
    r"\b(?:compared\s(?:to|with)|versus|(?:up|down)\s(?:[\w.,$%]{1,12}\s){0,3}from|instead\sof|rather\sthan|(?:more|fewer|less|higher|lower)\sthan"
    r"|from\s[\w.,$%-]{1,20}(?:\s\w{1,20}){0,4}\sto|doubled?|tripled?|halved|rose|risen|fell|fallen|grew|grown|increased"
    r"|decreased|dropped|declined)\b",
    re.IGNORECASE,
)
"""What sets how it is beside how it was."""
MAX_OF_SIDE = 3
"""Sentences of each of two sides."""


class PeriodComparison:
    """Compares what was said before a day and after it.

    Args:
        library: The library.
        chooser: Chooses the sentences of each part.
    """

    def __init__(self, library: Library, chooser: StatementChooser) -> None:
        self._library = library
        self._chooser = chooser

    def parted(
        self, draft: AnswerDraft, asked: ComparisonQuestion, sentences: Sequence[QuotableSentence], hits: Sequence[Hit]
    ) -> Answer | None:
        """Return what articles say of a topic before a day and from it on."""
        day = asked.parting.isoformat() if asked.parting else ""
        about = frozenset(terms(asked.topic))
        undated = len({hit.article.id for hit in hits if not hit.article.published})
        share = self._chooser.share_of(about)
        near = [each for each in sentences if share(each) >= MIN_COVERAGE] or sentences
        told = self._told(asked, hits, about)
        for each in told:
            draft.quote(each.hit, each.span, label=each.label)
        dated = [each for each in near if each.article.published]
        split = {each.article.published[:10] >= day for each in dated}
        for heading, is_in in parts(asked.parting) if not told or len(split) > 1 else ():
            part = [each for each in near if each.article.published and is_in(each.article.published[:10])]
            draft.heading(heading)
            chosen = self._chooser.chosen(part, about, MAX_OF_SIDE + 1)
            if not chosen:
                draft.note("No article about it.")
            quote_all(draft, chosen)
        if undated:
            draft.note(f"{counted(undated, 'undated article')} about it left out.")
        remarks = [f"“{asked.event}” is read as {day}."] if asked.event and asked.event != day else []
        return draft.answer(METHOD, remarks=remarks) if draft.citations else None

    def _told(self, asked: ComparisonQuestion, hits: Sequence[Hit], about: frozenset[str]) -> list[QuotableSentence]:
        """Return the sentences that tell the change themselves: "40 to 50 compared to about six last summer"."""
        found = {hit.article.id: hit for hit in reversed(hits)}
        when = asked.event.lower()
        return [
            each
            for hit in list(found.values())[-MAX_OF_SIDE:]
            for each in quotable_sentences(article_hits(hit.article, self._library.passages_of(hit.article.id)))
            if when
            and when in each.text.lower()
            and _SET_BESIDE.search(each.text)
            and not about.isdisjoint(terms_with_headings(each))
        ][:MAX_OF_SIDE]

    def beside_cited(self, request: CompositionRequest, asked: ComparisonQuestion) -> Answer | None:
        """Return how what the turn before cites compares with an earlier time, by its sentence or the next one."""
        is_follow_up = bool(request.history) and request.question.strip() != request.standalone.strip()
        if not is_follow_up or not (asked.parting or asked.period or asked.periods):
            return None
        infos = self._library.infos({place.article_id for place in request.history[-1].places})
        draft = AnswerDraft(self._library, request)
        for place in request.history[-1].places[:1] if infos else ():
            hits = article_hits(infos[place.article_id], self._library.passages_of(place.article_id))
            sentences = {
                each.span: QuotableSentence(hit, each.span, 0, each)
                for hit in hits
                for each in parse_passage(hit.passage).sentences
            }
            cited = [span for span in sentences if span.start < place.span.end and place.span.start < span.end]
            following = sorted(span for span in sentences if span.start >= place.span.end)[:1]
            near = {span: sentences[span].text for span in (*cited, *following)}
            beside = (
                span for span, text in near.items() if _SET_BESIDE.search(text) and asked.event.lower() in text.lower()
            )
            if found := next(beside, None):
                quote_all(draft, [sentences[span] for span in dict.fromkeys((*cited[-1:], found))])
        return draft.answer(METHOD) if draft.citations else None

    def everything(self, request: CompositionRequest, asked: ComparisonQuestion) -> Answer:
        """Return the newest articles of each part of the collection, or what to ask instead."""
        if asked.parting is None:
            return composed_abstention(
                request, "Name what to compare: “Do the articles disagree about the death toll?”, “How has X changed?”"
            )
        draft = AnswerDraft(self._library, request)
        infos = self._library.articles(request.searched.filters)
        for heading, is_in in parts(asked.parting):
            part = [info for info in infos if info.published and is_in(info.published[:10])]
            draft.heading(f"{heading}: {counted(len(part), 'article')}")
            for info in part[:MAX_OF_SIDE]:
                hits = [
                    Hit(passage, info, 1.0, rank) for rank, passage in enumerate(self._library.passages_of(info.id), 1)
                ]
                lead = next((each for each in quotable_sentences(hits) if _is_lead(each)), None)
                if lead:
                    draft.quote(lead.hit, lead.span, label=lead.label)
        if not draft.citations:
            return composed_abstention(request, f"No article is of before or after {asked.parting.isoformat()}.")
        draft.note("The newest of each part; name a topic to see what changed in it.")
        return draft.answer(METHOD)


def quote_all(draft: AnswerDraft, sentences: Iterable[QuotableSentence]) -> None:
    """Add sentences to a draft by the days of their articles."""
    for each in sorted(sentences, key=by_publication):
        draft.quote(each.hit, each.span, label=each.label)


def _is_lead(each: QuotableSentence) -> bool:
    """Return whether a sentence says by itself what its headline says."""
    shared = each.sentence.terms & parse_passage(each.hit.passage).context
    return not needs_context(each) and len(shared) > 1
