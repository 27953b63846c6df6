"""Comparisons: what articles say of one quantity or claim, side by side, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answering.features import parse_passage
from bot.answering.speech_search import PassageSearch
from bot.answering.term_weights import TermWeights, general_weights
from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer
from bot.citations import CorrectionFinder
from bot.composition.comparison_question import ComparisonQuestion, parse_comparison
from bot.composition.draft import AnswerDraft
from bot.composition.figure_comparison import FigureComparison, FigureRow, figure_rows
from bot.composition.quotable import quotable_sentences
from bot.composition.request import CompositionRequest
from retrieval.articles import Filters, Hit
from retrieval.store.library import Library
from retrieval.text.lexicon import SUBJECT_PRONOUNS
from retrieval.text.measures import Measure, MeasureKind, measure_of
from retrieval.text.tokens import read_words

MAX_PASSAGES = 60
"""Passages that are searched for each wording of what is compared."""
MIN_COVERAGE = 0.6
"""Share of the weight of the topic's terms that a passage, with its headings, has to hold."""
MIN_EVENT_WEIGHT = 0.8
"""Weight in general English from which a word tells one event from others: "Benghazi" does, "attack" does not."""
MAX_ROWS = 8
"""Sentences of a table."""
MAX_OTHERS = 3
"""Further figures, of something else or perhaps so."""


class ComparisonComposer:
    """Composes comparisons.

    Args:
        search: Finds passages.
        library: The library it searches.
        clock: The day against which questions are read.
    """

    def __init__(self, search: PassageSearch, library: Library, clock: QuestionClock) -> None:
        self._search = search
        self._library = library
        self._clock = clock
        self._weights = TermWeights(library)

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the comparison; None where no sentence is about its topic.

        Raises:
            OnrecordError: The store, the search or the model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        asked = parse_comparison(request.standalone, request.topic, self._clock.anchor())
        measure = measure_of(asked.phrase) if not asked.sides else None
        return self._figures(request, asked, measure) if measure else None

    def _figures(self, request: CompositionRequest, asked: ComparisonQuestion, measure: Measure) -> Answer | None:
        """Return the figures that the articles give of a measure, the oldest first."""
        hits = self._about_measure(asked, measure, request.searched.filters)
        rows = [row for row in figure_rows(quotable_sentences(hits), measure) if self._is_of(row, asked, measure)]
        if not rows:
            return None
        finder = CorrectionFinder(self._library)
        rows = [
            replace(row, withdrawn=finder.correction(row.sentence.article, row.sentence.span) is not None)
            for row in rows
        ]
        named = self._names_event(measure)
        table = FigureComparison(
            rows, frozenset(measure.rest), self._copies(rows), self._event_terms(rows, named=named)
        )
        draft = AnswerDraft(self._library, request)
        remarks = _laid_out(draft, table, named=named)
        looked_at = len({hit.article.id for hit in hits})
        method = f"The sentences that give a figure for it in the passages found, by date; {looked_at} articles read."
        return draft.answer(method, remarks=remarks)

    def _about_measure(self, asked: ComparisonQuestion, measure: Measure, filters: Filters) -> list[Hit]:
        """Return the passages about the event that may give a figure, best first."""
        wordings = (asked.topic, " ".join((*measure.rest, *sorted(measure.heads))))
        hits: dict[str, Hit] = {}
        for wording in wordings:
            for hit in self._search.search(wording, filters, MAX_PASSAGES):
                hits.setdefault(hit.passage.id, hit)
        return [hit for hit in hits.values() if self._covers(asked, measure, parse_passage(hit.passage).terms)]

    def _covers(self, asked: ComparisonQuestion, measure: Measure, held: frozenset[str]) -> bool:
        """Return whether terms hold the names and most of the weight of what a measure is of."""
        weights = self._weights.of(measure.rest)
        covered = sum(weight for term, weight in weights.items() if term in held)
        return _names(asked, measure) <= held and covered >= MIN_COVERAGE * sum(weights.values())

    def _is_of(self, row: FigureRow, asked: ComparisonQuestion, measure: Measure) -> bool:
        """Return whether a sentence may give the measure of what is asked: whose rate it is, it says itself."""
        if measure.kind is MeasureKind.COUNT or not measure.rest:
            return True
        sentence = row.sentence.sentence
        named = _names(asked, measure)
        others = {word.term for word in sentence.words if word.name and not word.date}
        opens = sentence.text.split()[0].lower() in SUBJECT_PRONOUNS
        if named and not named <= sentence.terms and (others or opens):
            return False
        held = sentence.terms | parse_passage(row.sentence.hit.passage).context
        return self._covers(asked, measure, held)

    def _names_event(self, measure: Measure) -> bool:
        """Return whether a question says which event it is about, where each has its own figures."""
        weights = general_weights(measure.rest)
        return not measure.of_event or any(weight >= MIN_EVENT_WEIGHT for weight in weights.values())

    def _event_terms(self, rows: Iterable[FigureRow], *, named: bool) -> Mapping[str, frozenset[str]] | None:
        """Return the rare names around each row, by its passage; None where the question names the event."""
        if named:
            return None
        found: dict[str, frozenset[str]] = {}
        for row in rows:
            passage = row.sentence.hit.passage
            words = [word for each in parse_passage(passage).sentences for word in each.words]
            words += read_words(passage.context, sentence=False)
            names = {word.term for word in words if word.name and not word.date and word.term and not word.stop}
            weights = self._weights.of(names)
            found[passage.id] = frozenset(term for term in names if weights[term] >= MIN_COVERAGE)
        return found

    def _copies(self, rows: Iterable[FigureRow]) -> Mapping[str, frozenset[str]]:
        found = self._library.near_duplicates_among([row.sentence.article.id for row in rows])
        return {name: frozenset(each.id for each in copies) for name, copies in found.items()}


def _names(asked: ComparisonQuestion, measure: Measure) -> set[str]:
    return {word.term for word in read_words(asked.topic, sentence=False) if word.name} & set(measure.rest)


def _laid_out(draft: AnswerDraft, table: FigureComparison, *, named: bool) -> list[str]:
    """Add the rows of a table to a draft; return the remarks on them."""
    remarks = []
    events = table.events
    shown = 0
    if not named and len(events) > 1:
        draft.note("The question names no event: these figures are of several.")
    for event in events:
        rows = event.rows[: MAX_ROWS - shown]
        if not rows:
            break
        shown += len(rows)
        if len(events) > 1 and not named:
            draft.heading(rows[0].sentence.article.title or rows[0].label)
        elif len(rows) == 1:
            draft.note("Only one article gives it:")
        elif not event.differing:
            draft.note(f"The {len({row.sentence.article.id for row in rows})} articles that give it agree:")
        for row in rows:
            draft.quote(
                row.sentence.hit, row.sentence.span, label=row.label, marks=row.marks if row in event.differing else ()
            )
        if event.differing:
            remarks.append(f"The figures differ: {', '.join(row.named for row in rows if row in event.differing)}.")
    others = table.others
    if others:
        draft.heading("Other figures, of something else or perhaps so")
        _quoted(draft, others[:MAX_OTHERS])
        if len(others) > MAX_OTHERS:
            draft.note(f"{len(others) - MAX_OTHERS} more left out.")
    remarks += [
        f"{row.sentence.article.source or 'An article'} ({row.day or 'undated'}) has withdrawn “{row.figure.text}”."
        for row in table.withdrawn
    ]
    _quoted(draft, table.withdrawn)
    return remarks


def _quoted(draft: AnswerDraft, rows: Sequence[FigureRow]) -> None:
    for row in rows:
        draft.quote(row.sentence.hit, row.sentence.span, label=row.label)
