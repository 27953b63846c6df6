"""Timelines: the dated events of a topic or person, the earliest first.

A row is a sentence with the time at which what it tells happened, resolved against the day of its article. Of several
articles that tell of one event, the sentence most about the topic is shown.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.features import ParsedPassage, parse_passage
from bot.answering.term_weights import TermWeights
from bot.answering.time_constraint import QuestionClock, passage_times, time_constraint
from bot.answers import Answer
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.event_date import EventDate, event_date
from bot.composition.quotable import article_hits, is_quotable
from bot.composition.request import CompositionRequest
from bot.composition.topic_search import TopicPassages, TopicSearcher
from bot.render.phrases import counted
from retrieval.articles import Filters, Hit, Span
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.date_intervals import EARLIEST, LATEST, DateInterval, date_of
from retrieval.text.lexicon import SUBJECT_PRONOUNS
from retrieval.text.near_duplicates import ShingleSet, are_near_duplicates, shingle_set
from retrieval.text.quotation_marks import pairs

MAX_ROWS = 20
"""Rows of a timeline; the sentences most about the topic are kept."""
MAX_UNRESOLVED = 5
"""Sentences whose date cannot be worked out."""
MAX_READ = 12
"""Articles about the topic that are read whole."""
MIN_ABOUT = 0.45
"""How much about the topic a sentence is at least (``_Topic.about``)."""
MIN_TITLE_COVER = 0.6
"""Share of the topic's weight in its title and headings from which an article is about the topic."""
BACKGROUND_DAYS = 730
"""Days before its article from which on an event is background."""
SAME_EVENT = 0.6
"""Share of the shorter sentence's terms, the topic's aside, from which two sentences of one date tell of one event."""
_BY_TITLE, _BY_NEIGHBOUR = 0.55, 0.5
"""How much about the topic a sentence without its words is, where its title or the sentence before it has them."""
_SAME_DATE_COST, _SAME_ARTICLE_COST = 0.15, 0.05
"""What a row costs for each row of its date, and of its article, that is kept before it."""
_PRONOUN_COST, _MENTION_WORTH, _DATE_WORTH, _PLANNED_COST = 0.15, 0.15, 0.3, 0.1
"""Weights of what orders sentences beside the topic: a pronoun for a subject, other articles, the date's fit."""
_METHOD = (
    "Sentences about the topic whose event has a date, by that date; dates without a year and relative ones (“Tuesday”,"
    " “last year”) are read against the day their article was published."
)


@dataclass(frozen=True, slots=True)
class DatedSentence:
    """A sentence with the time of what it tells.

    Attributes:
        hit: Where it stands.
        span: Its characters in the article.
        date: The time.
        score: How much it belongs in the timeline; higher is more.
        terms: Its content terms without the topic's.
        shingles: Its shingles, numbers and negators.
        articles: The articles that tell of the event.
    """

    hit: Hit
    span: Span
    date: EventDate
    score: float
    terms: frozenset[str]
    shingles: ShingleSet
    articles: frozenset[str]

    @property
    def label(self) -> str:
        """Its date, and how many articles tell of the event where several do."""
        number = len(self.articles)
        return f"{self.date.label} · {counted(number, 'article')}" if number > 1 else self.date.label


class TimelineComposer:
    """Composes timelines.

    Args:
        topics: Finds the passages about a topic.
        library: The library it searches.
        clock: The day against which dates of a question are read.
    """

    def __init__(self, topics: TopicSearcher, library: Library, clock: QuestionClock) -> None:
        self._topics = topics
        self._library = library
        self._clock = clock
        self._weights = TermWeights(library)

    def compose(self, request: CompositionRequest) -> Answer:
        """Return the timeline, or why there is none.

        Raises:
            OnrecordError: The store or the model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        return self.timeline(request, MAX_ROWS)

    def timeline(self, request: CompositionRequest, limit: int | None) -> Answer:
        """Return a timeline of at most ``limit`` rows (None: of all), or why there is none.

        Raises:
            OnrecordError: The store or the model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        constraint = time_constraint(request.topic, self._clock.anchor())
        filters = request.searched.filters
        subject = constraint.core or ("" if filters.articles else request.topic)
        if subject:
            found = self._topics.find(subject, filters)
            if not found.hits:
                return composed_abstention(request, _nothing_about(found))
            topic = _Topic(self._weights.of(terms(subject, keep_stop_words=False)))
            hits = self._with_whole_articles(found, topic)
        elif filters.articles:
            topic = _Topic({})
            infos = self._library.articles(filters)
            hits = [hit for info in infos for hit in article_hits(info, self._library.passages_of(info.id))]
        else:
            return composed_abstention(
                request, "Say of what: “timeline of Niger”, “timeline of Jane Smith since 2017”."
            )
        periods = [*constraint.asked, *_filtered_period(filters)]
        dated = [each for each in _dated_sentences(hits, topic) if _is_within(each.date, periods)]
        rows = _events(dated)
        looked_at = len({hit.article.id for hit in hits})
        if not rows:
            when = " of that time" if periods else ""
            about = f" about “{subject}”" if subject else ""
            return composed_abstention(
                request, f"No sentence{about} gives a date{when}: {counted(looked_at, 'article')} looked at."
            )
        return self._laid_out(request, rows, looked_at, subject, limit)

    def _with_whole_articles(self, found: TopicPassages, topic: _Topic) -> list[Hit]:
        """Return the hits, with all passages of the articles that are about the topic."""
        by_article: dict[str, list[Hit]] = {}
        for hit in found.hits:
            by_article.setdefault(hit.article.id, []).append(hit)
        about = [
            hits
            for hits in by_article.values()
            if topic.cover(parse_passage(hits[0].passage).context) >= MIN_TITLE_COVER or len(hits) > 2
        ]
        about.sort(key=len, reverse=True)
        for hits in about[:MAX_READ]:
            info = hits[0].article
            known = {hit.passage.id: hit for hit in hits}
            whole = article_hits(info, self._library.passages_of(info.id))
            by_article[info.id] = [known.get(hit.passage.id, hit) for hit in whole]
        return [hit for hits in by_article.values() for hit in hits]

    def _laid_out(
        self,
        request: CompositionRequest,
        rows: Sequence[DatedSentence],
        looked_at: int,
        subject: str,
        limit: int | None,
    ) -> Answer:
        resolved = [row for row in rows if row.date.interval is not None]
        unresolved = [row for row in rows if row.date.interval is None]
        shown = sorted(_chosen(resolved, limit or len(resolved)), key=_by_date)
        without = _chosen(unresolved, MAX_UNRESOLVED if limit else len(unresolved))
        draft = AnswerDraft(self._library, request)
        for row in shown:
            draft.quote(row.hit, row.span, label=row.label, when=row.date.interval)
        if without:
            draft.heading("Without a date that can be worked out")
            for row in without:
                draft.quote(row.hit, row.span, label=row.label)
        draft.note(_counts(subject, len(shown), len(resolved), looked_at))
        return draft.answer(_METHOD, remarks=_left_out(len(without), len(unresolved)))


@dataclass(frozen=True, slots=True)
class _Topic:
    """A topic's terms with their weights."""

    weights: Mapping[str, float]

    def cover(self, held: frozenset[str]) -> float:
        """Return the share of the topic's weight that is held."""
        total = sum(self.weights.values())
        if not total:  # everything
            return 1.0
        return sum(weight for term, weight in self.weights.items() if term in held) / total

    def about(self, page: ParsedPassage, place: int, *, background: bool) -> float:
        """Return how much about the topic a sentence of a passage is, in [0, 1].

        The last word stands for the topic where all its words are near: "Cohen" for "Michael Cohen". A sentence of the
        background is about it by its own words or those of the sentence before it.
        """
        held = page.sentences[place].terms
        own = self.cover(held)
        everywhere = self.cover(page.terms)
        if self.weights and everywhere == 1.0 and list(self.weights)[-1] in held:
            own = max(own, 0.9)
        before = self.cover(page.sentences[place - 1].terms) if place else 0.0
        title = 0.0 if background else self.cover(page.context)
        return max(own, _BY_TITLE * title, _BY_NEIGHBOUR * before)


def _dated_sentences(hits: Sequence[Hit], topic: _Topic) -> list[DatedSentence]:
    """Return the sentences of hits that are about the topic and give a time, each once."""
    found = {(each.hit.article.id, each.span): each for hit in reversed(hits) for each in _dated_in(hit, topic)}
    return list(found.values())


def _dated_in(hit: Hit, topic: _Topic) -> Iterator[DatedSentence]:
    passage, published = hit.passage, date_of(hit.article.published)
    times = passage_times(passage, published)
    if not times:
        return
    page = parse_passage(passage)
    quotations = [pair.span for pair in pairs(passage.text, Span(0, len(passage.text)))]
    for place, sentence in enumerate(page.sentences):
        span = Span(sentence.span.start - passage.span.start, sentence.span.end - passage.span.start)
        own = [
            replace(each, start=each.start - span.start, end=each.end - span.start)
            for each in times
            if span.start <= each.start < span.end
        ]
        if not own or not is_quotable(sentence.text):
            continue
        quoted = [
            Span(max(0, each.start - span.start), each.end - span.start) for each in quotations if each.overlaps(span)
        ]
        date = event_date(sentence.text, own, quoted, published)
        if date is None:
            continue
        about = topic.about(page, place, background=_is_background(date, published))
        if about < MIN_ABOUT:
            continue
        pronoun = sentence.text.split(maxsplit=1)[0].lower().strip("“\"'") in SUBJECT_PRONOUNS
        score = about + _DATE_WORTH * date.fit - _PRONOUN_COST * pronoun - _PLANNED_COST * date.planned
        yield DatedSentence(
            hit,
            sentence.span,
            date,
            score,
            sentence.terms - topic.weights.keys(),
            shingle_set(sentence.text),
            frozenset({hit.article.id}),
        )


def _is_background(date: EventDate, published: dt.date | None) -> bool:
    """Tell whether a time is long before the day of its article, and so may be the history of something else."""
    return bool(published and date.interval and (published - date.interval.last).days > BACKGROUND_DAYS)


def _events(dated: Sequence[DatedSentence]) -> list[DatedSentence]:
    """Return one sentence an event, the best, with the articles that tell of it."""
    events: list[DatedSentence] = []
    for each in sorted(dated, key=lambda one: (-one.score, one.hit.article.published or "9")):
        for number, event in enumerate(events):
            if _are_one_event(event, each):
                events[number] = replace(event, articles=event.articles | each.articles)
                break
        else:
            events.append(each)
    return [replace(each, score=each.score + _MENTION_WORTH * math.log2(len(each.articles))) for each in events]


def _are_one_event(one: DatedSentence, other: DatedSentence) -> bool:
    """Tell whether two sentences tell the same of the same time, without different numbers."""
    if one.date.label != other.date.label and not _is_finer(one.date, other.date):
        return False
    if are_near_duplicates(one.shingles, other.shingles):
        return True
    ours, theirs = one.shingles.numbers, other.shingles.numbers
    if one.shingles.negators != other.shingles.negators or (ours - theirs and theirs - ours):
        return False
    shorter = min(len(one.terms), len(other.terms))
    return shorter > 0 and len(one.terms & other.terms) >= SAME_EVENT * shorter


def _is_finer(one: EventDate, other: EventDate) -> bool:
    """Tell whether one time lies in the other: "2017-10-04" in "2017-10"."""
    a, b = one.interval, other.interval
    return a is not None and b is not None and one.relation is other.relation and (a.covers(b) or b.covers(a))


def _chosen(rows: Sequence[DatedSentence], limit: int) -> list[DatedSentence]:
    """Return up to ``limit`` rows, the best first, those of many dates and articles before more of one."""
    left = list(rows)
    chosen: list[DatedSentence] = []
    dates: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    while left and len(chosen) < limit:
        best = max(
            left,
            key=lambda row: (
                row.score - _SAME_DATE_COST * dates[row.date.label] - _SAME_ARTICLE_COST * articles[row.hit.article.id]
            ),
        )
        left.remove(best)
        chosen.append(best)
        dates[best.date.label] += 1
        articles[best.hit.article.id] += 1
    return chosen


def _counts(subject: str, shown: int, dated: int, looked_at: int) -> str:
    about = f" about “{subject}”" if subject else ""
    if shown == dated:
        return f"{counted(dated, 'dated event')}{about} in {counted(looked_at, 'article')} looked at."
    return (
        f"{shown} of {counted(dated, 'dated event')}{about} in {counted(looked_at, 'article')} looked at: the most"
        f" central. Name a time for others: “timeline of {subject or 'it'} in 2017”, “since March”."
    )


def _left_out(shown: int, found: int) -> list[str]:
    left = found - shown
    return [f"{counted(left, 'more sentence')} give no date that can be worked out."] if left else []


def _by_date(row: DatedSentence) -> tuple[object, ...]:
    interval = row.date.interval
    return (row.date.first, -interval.days if interval else 0, -row.score)


def _filtered_period(filters: Filters) -> list[tuple[DateInterval, ...]]:
    """Return the days that filters leave to events; empty for all."""
    if not (filters.since or filters.until):
        return []
    return [(DateInterval(date_of(filters.since) or EARLIEST, date_of(filters.until) or LATEST),)]


def _is_within(date: EventDate, periods: Sequence[Sequence[DateInterval]]) -> bool:
    """Tell whether an event is of every period; a time that is longer than its overlap is of none."""
    if not periods:
        return True
    told = date.interval
    return told is not None and all(any(_mostly_in(told, period) for period in group) for group in periods)


def _mostly_in(told: DateInterval, period: DateInterval) -> bool:
    if not told.overlaps(period):
        return False
    shared = DateInterval(max(told.first, period.first), min(told.last, period.last))
    return 2 * shared.days >= told.days or told.covers(period)


def _nothing_about(found: TopicPassages) -> str:
    unknown = ", ".join(f"“{word}”" for word in found.unknown)
    return f"No article has the word {unknown}." if unknown else f"Nothing about “{found.topic}” was found."
