"""Comparisons: what articles say of one quantity or claim, side by side, and what changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.features import parse_passage
from bot.answering.speech_search import PassageSearch
from bot.answering.term_weights import TermWeights
from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer
from bot.composition.change import ChangeFinder
from bot.composition.claim_comparison import claim_rows, name_rows, opposed_rows
from bot.composition.claim_layout import both_sides, claim_marks, denial_remark, names_given, rows_by_publication
from bot.composition.comparison_question import ComparisonQuestion, parse_comparison
from bot.composition.dispute_comparison import DisputeComparison
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.figure_comparison import Comparability, figure_rows
from bot.composition.figure_layout import differing_remarks, figure_items, lay_out
from bot.composition.figure_search import FigureSearcher
from bot.composition.period_comparison import MAX_OF_SIDE, METHOD, PeriodComparison, quote_all
from bot.composition.quotable import QuotableSentence, article_hits, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.side_comparison import SideComparison
from bot.composition.speaker_comparison import SpeakerComparison
from bot.composition.statement_choice import MIN_COVERAGE, StatementChooser, terms_with_headings
from bot.composition.topic_search import TopicSearcher
from bot.composition.trend import is_bare_quantity, is_quantity, trend
from bot.render.phrases import counted
from retrieval.articles import Filters, Hit
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.date_intervals import DateInterval
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.measures import EVENT_MEASURES, STOCK, Measure, measure_of, scope_of
from retrieval.text.tokens import read_words

MAX_READ_WHOLE = 3
"""Articles, given with the question, that are read from beginning to end."""
MIN_TOLD = 2
"""Sentences that tell a change from which no figures are sought beside them."""
MAX_SAYING = 6
"""Articles of which a sentence is shown where none differs."""


class ComparisonComposer:
    """Composes comparisons.

    Args:
        search: Finds passages.
        topics: Finds the passages about a topic.
        library: The library that both search.
        clock: The day against which questions are read.
        cross_encoder: Scores sentences as answers.
    """

    def __init__(
        self,
        search: PassageSearch,
        topics: TopicSearcher,
        library: Library,
        clock: QuestionClock,
        cross_encoder: CrossEncoder,
    ) -> None:
        self._topics = topics
        self._library = library
        self._clock = clock
        self._weights = TermWeights(library)
        self._figure_search = FigureSearcher(search, library, self._weights)
        self._chooser = StatementChooser(self._weights)
        self._sides = SideComparison(topics, library, self._chooser)
        self._periods = PeriodComparison(library, self._chooser)
        self._disputes = DisputeComparison(library)
        self._changes = ChangeFinder(self._weights, cross_encoder)
        self._speakers = SpeakerComparison(library, self._weights)

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the comparison; None where no sentence is about its topic.

        Raises:
            OnrecordError: The store, the search or the model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        asked = parse_comparison(request.standalone, request.topic, self._clock.anchor())
        if (asked.changed or asked.speakers) and (counted_before := _counted_before(asked, request)):
            asked = replace(asked, topic=counted_before, phrase=f"number of {counted_before}")
        if beside := self._periods.beside_cited(request, asked) or self._of_speakers(request, asked):
            return beside
        outlets = [self._sides.outlets(side) for side in asked.sides]
        if asked.speakers or (asked.is_doubtful and not (all(outlets) if asked.sides else measure_of(asked.phrase))):
            return None
        if asked.sides and not (all(outlets) and measure_of(asked.phrase)):
            return self._sides.compose(request, asked, outlets)
        if not asked.topic:
            return self._periods.everything(request, asked)
        filters = (
            replace(request.searched.filters, sources=tuple(name for names in outlets for name in names))
            if all(outlets) and outlets
            else request.searched.filters
        )
        measure = None if asked.is_claim or asked.asks_who else measure_of(asked.phrase)
        answer = self._figures(request, asked, measure, filters) if measure else None
        if asked.changed and (answer is None or len({each.span for each in answer.citations}) < 2):
            answer = self._change(request, asked, filters, measure) or answer
        answer = answer or self._claim(request, asked, filters, measure)
        if answer and asked.event and not asked.parting:
            undated = f"No date is known for “{asked.event}”: name one to see before and after."
            return replace(answer, remarks=(*answer.remarks, undated))
        return answer

    def _of_speakers(self, request: CompositionRequest, asked: ComparisonQuestion) -> Answer | None:
        """Return what those say who are quoted in the articles in hand; None for a question of nobody's statements."""
        if not asked.speakers:
            return None
        return self._speakers.compose(request, asked, self._in_hand(request, request.searched.filters, cited=True))

    def _figures(
        self, request: CompositionRequest, asked: ComparisonQuestion, measure: Measure, filters: Filters
    ) -> Answer | None:
        """Return the figures that the articles give of a measure, the oldest first."""
        found = self._figure_search
        rows = found.rows(asked, measure, filters)
        if not rows:
            return None
        judge = found.comparability(asked, measure, rows)
        compared = found.compared(rows, judge)
        others = [row for row in compared.others if STOCK not in row.figure.qualifiers or not compared.events]
        others = [row for row in others if found.covers(asked, measure, terms_with_headings(row.sentence))]
        draft = AnswerDraft(self._library, request)
        remarks = lay_out(draft, replace(compared, others=tuple(others)), asked.parting, named=judge.is_named)
        return draft.answer(METHOD, remarks=remarks)

    def _change(
        self, request: CompositionRequest, asked: ComparisonQuestion, filters: Filters, measure: Measure | None
    ) -> Answer | None:
        """Return the sentences that tell how something changed; None where there are none.

        A time since which it changed is one of the story, unless there are articles of before.
        """
        here = self._in_hand(request, filters)
        parting = asked.parting.isoformat() if asked.parting else ""
        question = request.standalone if asked.topic in request.standalone else f"How did the {asked.phrase} change?"
        if here and any(parting and each.article.published[:10] < parting for each in here):
            return None
        told = self._changes.find(question, asked.topic, here, given=True) if here else []
        quantity = bool(measure) or is_quantity(asked.phrase)
        if quantity and len(told) < MIN_TOLD:
            told = trend(asked.phrase, here) or told
        if not told:
            period = None if asked.parting else asked.period
            hits = self._topics.find(asked.topic, _within(period, filters)).hits
            if parting and any(hit.article.published[:10] < parting for hit in hits if hit.article.published):
                return None
            sentences = quotable_sentences(self._whole(hits))
            told = self._changes.find(question, asked.topic, sentences, given=False)
            if quantity and len(told) < MIN_TOLD:
                told = trend(asked.phrase, quotable_sentences(hits), in_hand=False) or told
        if not told:
            return None
        draft = AnswerDraft(self._library, request)
        draft.note(f"What is said of its change, in {counted(len({each.article.id for each in told}), 'article')}:")
        quote_all(draft, told)
        return draft.answer(METHOD)

    def _whole(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return all passages of the first articles of hits, and the hits of the others."""
        firsts = dict.fromkeys(hit.article.id for hit in hits)
        whole = list(firsts)[:MAX_READ_WHOLE]
        infos = self._library.infos(whole)
        read = [
            hit for each in whole if each in infos for hit in article_hits(infos[each], self._library.passages_of(each))
        ]
        return [*read, *(hit for hit in hits if hit.article.id not in whole)]

    def _in_hand(self, request: CompositionRequest, filters: Filters, *, cited: bool = False) -> list[QuotableSentence]:
        """Return the sentences of the few articles that are given, or that the last answer cites to a follow-up.

        With ``cited`` every question after an answer is one.
        """
        given = filters.articles
        if not given and request.history and (cited or request.standalone != request.question):
            given = tuple(dict.fromkeys(place.article_id for place in request.history[-1].places))
        if not 0 < len(given) <= MAX_READ_WHOLE:
            return []
        infos = self._library.infos(given)
        hits = [hit for each in infos.values() for hit in article_hits(each, self._library.passages_of(each.id))]
        return quotable_sentences(hits)

    def _claim(
        self, request: CompositionRequest, asked: ComparisonQuestion, filters: Filters, measure: Measure | None
    ) -> Answer | None:
        """Return what the articles say of a claim or a topic, and where they differ in it."""
        filters = _within(asked.period, filters)
        found = self._topics.find(asked.topic, filters)
        names = {word.term for word in read_words(asked.topic, sentence=False) if word.name and not word.stop}
        hits = found.hits if measure else self._of_name(names, found.hits)
        if not hits:
            event = set(measure.rest) if measure else names
            if unknown := [word for word in found.unknown if event.intersection(terms(word))]:
                words = " and ".join(f"“{word}”" for word in unknown)
                return composed_abstention(request, f"No article mentions {words}.")
            return None
        sentences = quotable_sentences(hits)
        draft = AnswerDraft(self._library, request)
        remarks: list[str] = []
        if measure:
            sentences = [
                each for each in sentences if self._figure_search.covers(asked, measure, terms_with_headings(each))
            ]
            if not sentences:
                looked_at = counted(len(found.articles), "article")
                return composed_abstention(request, f"No figure of it was found in the {looked_at} nearest to it.")
            draft.note("No article gives a figure of it.")
        if asked.parting:
            return self._periods.parted(draft, asked, sentences, hits)
        if not (asked.is_claim or asked.asks_who or asked.changed or measure):
            remarks = self._disputes.add(draft, asked.topic, hits)
            if draft.citations:
                return draft.answer(METHOD, remarks=remarks)
        rows = claim_rows(asked.topic, sentences) if asked.is_claim else []
        named = name_rows(asked.phrase, sentences)
        if rows:
            remarks = both_sides(draft, rows, self._library)
        elif named:
            remarks = names_given(draft, named, self._library)
        else:
            remarks = self._anything(draft, asked, sentences)
        return draft.answer(METHOD, remarks=remarks) if draft.citations else None

    def _of_name(self, names: set[str], hits: Sequence[Hit]) -> list[Hit]:
        """Return the passages that have the rarest of the topic's names: what is said of "Reed's view of DACA"."""
        weights = self._weights.of(names)
        rarest = max(weights, key=lambda term: weights[term], default="")
        held = (parse_passage(hit.passage) for hit in hits)
        return [hit for hit, page in zip(hits, held, strict=True) if not rarest or rarest in page.terms | page.context]

    def _anything(
        self, draft: AnswerDraft, asked: ComparisonQuestion, sentences: Sequence[QuotableSentence]
    ) -> list[str]:
        """Add the figures of a topic that several articles give, or what each says of it; return the remarks."""
        remarks: list[str] = []
        about = frozenset(terms(asked.topic))
        named = {word.term for word in read_words(asked.topic, sentence=False) if word.name and not word.stop}
        share = self._chooser.share_of(about)
        near = [each for each in sentences if share(each) >= MIN_COVERAGE]
        of_topic = [each for each in sentences if named <= parse_passage(each.hit.passage).terms]
        is_event = bool(named) and not (asked.is_claim or asked.asks_who)
        for name, measure in EVENT_MEASURES.items() if is_event else ():
            rows = figure_rows(of_topic, measure)
            judge = Comparability(
                about, self._figure_search.home(), scope_of(asked.topic), self._figure_search.rare_names(rows), 0
            )
            compared = self._figure_search.compared(rows, judge)
            for event in compared.events:
                if event.articles > 1 and (event.differing or not asked.changed):
                    draft.heading(f"{name}: the figures {'differ' if event.differing else 'agree'}")
                    shown = event.first(MAX_OF_SIDE + 1)
                    figure_items(draft, shown)
                    remarks += differing_remarks(shown)
        if opposed := opposed_rows(near)[:1]:
            draft.heading("One says what the other denies")
            for row in rows_by_publication(opposed[0]):
                draft.quote(row.sentence.hit, row.sentence.span, label=row.label, marks=claim_marks(row))
            remarks += [denial_remark(opposed[0])]
        if draft.citations and remarks:
            return remarks
        articles = len({each.article.id for each in near})
        of_article = MAX_OF_SIDE if articles == 1 else 1
        chosen = self._chooser.chosen(near, about, MAX_SAYING, of_article=of_article, changed=asked.changed)
        if articles == 1:
            draft.note("Only one article was found that speaks of it in these words:")
        elif chosen and not asked.changed:
            said = "they say" if len(chosen) == articles else f"{len(chosen)} of {articles} say"
            draft.heading(f"What {said} of it")
            where = f"the {counted(len(near), 'sentence')} about it in {counted(articles, 'article')}"
            draft.note(_nothing_found(asked, where, is_event=is_event))
        quote_all(draft, chosen)
        if asked.changed and articles > len(chosen):
            draft.note(
                f"{counted(len(chosen), 'article')} of {articles} that speak of it, by date; the rest is left out."
            )
        return remarks


_HOW_MANY = LazyPattern(r"\W*how (?:many|much) (?P<thing>[\w’'-]{2,30}(?: [\w’'-]{1,30}){0,6})", re.IGNORECASE)


def _counted_before(asked: ComparisonQuestion, request: CompositionRequest) -> str:
    """Return what the question before counted, where one asks only how "the number" changed; else nothing."""
    if not request.history or not is_bare_quantity(asked.topic):
        return ""
    found = _HOW_MANY.match(request.history[-1].standalone_question)
    return found["thing"] if found else ""


def _within(period: DateInterval | None, filters: Filters) -> Filters:
    """Return filters that leave the articles of a period, too."""
    if period is None:
        return filters
    return replace(
        filters,
        since=max(filters.since, period.first.isoformat()),
        until=min(filter(None, (filters.until, period.last.isoformat()))),
    )


def _nothing_found(asked: ComparisonQuestion, where: str, *, is_event: bool) -> str:
    """Return what was compared without a difference, so that nobody takes it for more."""
    if asked.is_claim:
        return f"None of {where} says it or denies it in plain words."
    if asked.asks_who:
        return f"None of {where} names somebody for it in plain words."
    counts = "No count of dead, injured, arrested, missing or cases differs, and none" if is_event else "None"
    return f"{counts} denies another, in {where}; nothing else was compared."
