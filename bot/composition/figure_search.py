"""The search for the figures of a measure: the sentences that give one of the event, place or person asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answering.features import parse_passage
from bot.answering.speech_search import PassageSearch
from bot.answering.term_weights import TermWeights, general_weights
from bot.citations import CorrectionFinder
from bot.composition.comparison_question import ComparisonQuestion
from bot.composition.figure_comparison import (
    COUNTRY_TERMS,
    MIN_SHARED_NAMES,
    Comparability,
    FigureComparison,
    FigureRow,
    compare_figures,
    figure_rows,
    home_country,
)
from bot.composition.quotable import needs_context, quotable_sentences
from bot.composition.statement_choice import MIN_COVERAGE, terms_with_headings
from retrieval.articles import Filters, Hit
from retrieval.store.library import Library
from retrieval.text.analyzer import fold
from retrieval.text.date_intervals import DateInterval
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import SUBJECT_PRONOUNS
from retrieval.text.measures import Figure, Measure, MeasureKind, scope_of
from retrieval.text.names import GIVEN
from retrieval.text.numbers import quantities
from retrieval.text.roles import COURTESIES, ROLES
from retrieval.text.tokens import read_words

MAX_PASSAGES = 60
"""Passages that are searched for each wording of what is compared."""
MIN_EVENT_WEIGHT = 0.8
"""Weight in general English from which a word tells one event from others: "Benghazi" does, "attack" does not."""
MIN_EVENT_WEIGHTS = 1.2
"""The same of all its words together, from which reports of a few weeks are of one: "the Boston bombing"."""


class FigureSearcher:
    """Searches figures.

    Args:
        search: Finds passages.
        library: The library it searches.
        weights: The weights of terms in the library.
    """

    def __init__(self, search: PassageSearch, library: Library, weights: TermWeights) -> None:
        self._search = search
        self._library = library
        self._weights = weights

    def rows(self, asked: ComparisonQuestion, measure: Measure, filters: Filters) -> list[FigureRow]:
        """Return the sentences that give a figure of what is asked, best first."""
        hits, subjects = self._about_measure(asked, measure, filters)
        rows = [
            replace(own, subject=subjects[own.sentence.article.id])
            for row in figure_rows(quotable_sentences(hits), measure)
            if (own := self._own_figures(row, asked, measure))
        ]
        rows += _corrected_rows(hits, rows)
        rows = [row for row in rows if asked.period is None or _is_within(row.day, asked.period)]
        about = frozenset(measure.rest)
        rows.sort(key=lambda row: (-len(about & row.sentence.sentence.terms), needs_context(row.sentence)))
        return rows

    def compared(self, rows: Sequence[FigureRow], judge: Comparability) -> FigureComparison:
        """Return rows, best first, parted by what they count, with those that a correction note withdraws."""
        finder = CorrectionFinder(self._library)
        checked = [
            replace(row, withdrawn=finder.correction(row.sentence.article, row.sentence.span) is not None)
            for row in rows
        ]
        return compare_figures(checked, copies_of(self._library, (row.sentence.article.id for row in rows)), judge)

    def comparability(self, asked: ComparisonQuestion, measure: Measure, rows: Sequence[FigureRow]) -> Comparability:
        """Return how figures are told apart by their events: not at all where the question names its own."""
        about, home, places = frozenset(measure.rest), self.home(), scope_of(f"The {asked.phrase}")
        weights = general_weights(term for term in measure.rest if term not in COUNTRY_TERMS)
        if not measure.of_event or any(weight >= MIN_EVENT_WEIGHT for weight in weights.values()):
            return Comparability(about, home, places)
        half_named = bool(_names(asked, measure) - set(COUNTRY_TERMS)) or sum(weights.values()) >= MIN_EVENT_WEIGHTS
        return Comparability(about, home, places, self.rare_names(rows), 0 if half_named else MIN_SHARED_NAMES)

    def home(self) -> str:
        """Return the country that a sentence without one tells of."""
        return home_country(self._library.document_frequencies(COUNTRY_TERMS))

    def _about_measure(
        self, asked: ComparisonQuestion, measure: Measure, filters: Filters
    ) -> tuple[list[Hit], dict[str, frozenset[str]]]:
        """Return the passages about the event that may give a figure, best first, and what their articles are about.

        An article that begins with the event is about it: each of its passages may give a figure.
        """
        wordings = (asked.topic, " ".join((*measure.rest, *sorted(measure.heads))))
        hits: dict[str, Hit] = {}
        for wording in wordings:
            for hit in self._search.search(wording, filters, MAX_PASSAGES):
                hits.setdefault(hit.passage.id, hit)
        subjects: dict[str, frozenset[str]] = {}
        is_of_country = bool(scope_of(f"The {asked.phrase}") & set(COUNTRY_TERMS))  # "in the US" is no event
        for hit in list(hits.values()):
            if hit.article.id in subjects:
                continue
            has_event = measure.personal and measure.rest
            passages = self._library.passages_of(hit.article.id) if has_event else []
            begun = parse_passage(passages[0]) if passages else None
            subject = (begun.context if is_of_country else begun.terms) if begun else frozenset()
            subjects[hit.article.id] = subject if self.covers(asked, measure, subject) else frozenset()
            for each in passages if subjects[hit.article.id] else ():
                hits.setdefault(each.id, replace(hit, passage=each))
        about = [
            hit
            for hit in hits.values()
            if subjects[hit.article.id] or self.covers(asked, measure, parse_passage(hit.passage).terms)
        ]
        return about, subjects

    def covers(self, asked: ComparisonQuestion, measure: Measure, held: frozenset[str]) -> bool:
        """Return whether terms hold the names and most of the weight of what a measure is of."""
        weights = self._weights.of(measure.rest)
        covered = sum(weight for term, weight in weights.items() if term in held)
        return _names(asked, measure) <= held and covered >= MIN_COVERAGE * sum(weights.values())

    def _own_figures(self, row: FigureRow, asked: ComparisonQuestion, measure: Measure) -> FigureRow | None:
        """Return a sentence with the figures that are of what is asked: whose rate it is, it says itself."""
        if measure.kind is MeasureKind.COUNT or not measure.rest:
            is_told = measure.of_event or self.covers(asked, measure, terms_with_headings(row.sentence))
            return row if is_told else None
        named = _names(asked, measure)
        figures = tuple(
            each
            for each in row.figures
            if (_is_owner(named, row, each) if named else _is_near(frozenset(measure.rest), row, each))
        )
        if not figures or not self.covers(asked, measure, terms_with_headings(row.sentence)):
            return None
        return replace(row, figures=figures)

    def rare_names(self, rows: Iterable[FigureRow]) -> Mapping[str, frozenset[str]]:
        """Return the rare names around each row, by its passage."""
        found: dict[str, frozenset[str]] = {}
        for row in rows:
            passage = row.sentence.hit.passage
            words = [word for each in parse_passage(passage).sentences for word in each.words]
            words += read_words(passage.context, sentence=False)
            names = {word.term for word in words if word.name and not word.date and word.term and not word.stop}
            weights = self._weights.of(names)
            found[passage.id] = frozenset(term for term in names if weights[term] >= MIN_COVERAGE)
        return found


_CORRECTED = LazyPattern(
    r"\b(?:accurate|actual|correct|corrected|real|revised|true|updated)\s(?:number|figure|count|total|toll|tally)\b"
    r"[^.;:]{0,60}?\s(?:is|was|stands at|stood at)\s(?:(?:about|around|at least|nearly|only)\s)?(?=\d)",
    re.IGNORECASE,
)
"""What gives the right figure in the place of one given before: "the accurate number is 6.7 million"."""


def _corrected_rows(hits: Iterable[Hit], rows: Sequence[FigureRow]) -> list[FigureRow]:
    """Return the sentences that correct a count of their own article, without naming again what it counts."""
    counted_in = {row.sentence.article.id: row for row in rows if not row.figure.quantity.unit}
    given = {(row.sentence.article.id, row.sentence.span) for row in rows}
    found = []
    for each in quotable_sentences(hit for hit in hits if hit.article.id in counted_in):
        corrects = _CORRECTED.search(each.text)
        number = next((n for n in quantities(each.text) if corrects and n.start == corrects.end() and not n.unit), None)
        if number and (each.article.id, each.span) not in given:
            figure = Figure(number, text=each.text[number.start : number.end])
            found.append(replace(counted_in[each.article.id], sentence=each, figures=(figure,), dated=False))
    return found


def copies_of(library: Library, article_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return the ids of the articles among these that are one story, by the id of each."""
    found = library.near_duplicates_among(list(article_ids))
    return {name: frozenset(each.id for each in copies) for name, copies in found.items()}


def _is_owner(named: frozenset[str], row: FigureRow, figure: Figure) -> bool:
    """Return whether a rate is of who is asked about: of the persons that its sentence names, the last before it.

    A person right behind it is its owner as well: "the approval rating of Congress", "39 percent approve of Quill".
    """
    sentence, number = row.sentence.sentence, figure.quantity
    if not named <= sentence.terms:
        opens = sentence.text.split()[0].lower() in SUBJECT_PRONOUNS
        return not opens and not any(word.name and not word.date for word in sentence.words)
    owner = ""
    for at, word in enumerate(sentence.words):
        written = sentence.text[word.start : word.end].lower()
        before = fold(sentence.text[sentence.words[at - 1].start : sentence.words[at - 1].end]) if at else ""
        is_given = written in GIVEN and sentence.text[word.start].isupper()
        is_person = is_given or (word.name and (written.endswith(("'s", "’s")) or before.rstrip(".") in _TITLES))
        if word.start >= number.end:
            is_near = word.start - number.end <= _OWNER_REACH and before in {
                "of",
                "for",
                "the",
                "president",
                "mr",
                "mr.",
            }
            if is_near and (word.term in named or is_person):
                return word.term in named
        elif word.term in named or (is_person and not word.date):
            owner = word.term
        elif owner and word.name and sentence.words[at - 1].term == owner and owner not in named:
            owner = word.term  # a surname behind its given name
    return not owner or owner in named


def _is_near(about: frozenset[str], row: FigureRow, figure: Figure) -> bool:
    """Return whether a sentence names what a price or a rate is of near it, or leaves it to its headings."""
    words = row.sentence.sentence.words
    places = [number for number, word in enumerate(words) if word.term in about]
    at = next((number for number, word in enumerate(words) if word.end >= figure.quantity.end), len(words))
    return not places or min(abs(at - place) for place in places) <= _WORDS_NEAR


_WORDS_NEAR = 10
"""Words between a price and what it is of."""
_TITLES = ROLES | COURTESIES
_OWNER_REACH = 40
"""Characters behind a rate in which its owner is named."""


def _names(asked: ComparisonQuestion, measure: Measure) -> frozenset[str]:
    return frozenset(word.term for word in read_words(asked.topic, sentence=False) if word.name) & set(measure.rest)


def _is_within(day: str, period: DateInterval) -> bool:
    return bool(day) and period.first.isoformat()[: len(day)] <= day[:10] <= period.last.isoformat()[: len(day)]
