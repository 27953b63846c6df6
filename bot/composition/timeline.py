"""Timelines: the dated events of a topic or person, the earliest first.

A row is a sentence with the time at which what it tells happened, resolved against the day of its article. Of several
articles that tell of one event, the sentence most about the topic is shown. Most of a story is told without dates: what
the articles about the topic tell so, in their order, competes with the rows, by how likely each answers the question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.answering.time_constraint import QuestionClock, passage_times, time_constraint
from bot.answers import Answer
from bot.composition.article_reference import ArticleResolver
from bot.composition.chronology import DatedSection, dated_sections
from bot.composition.digest import quoted_spans
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.event_date import EventDate
from bot.composition.event_sentences import (
    BY_SURNAME,
    OPENS_QUOTATION,
    DatedSentence,
    TopicTerms,
    dated_sentences,
    events,
    tells_of_past,
)
from bot.composition.kind_rules import CITED_ARTICLE, EVERYTHING
from bot.composition.overview import not_mainly, nothing_about
from bot.composition.quotable import (
    QuotableSentence,
    article_hits,
    may_be_caption,
    needs_context,
    quotable_sentences,
)
from bot.composition.request import CompositionRequest
from bot.composition.sentence_scores import answer_scores
from bot.composition.topic_search import MIN_COSINE_SAME, TopicPassages, TopicSearcher
from bot.render.phrases import counted
from bot.render.sources import headline_of
from retrieval.articles import ArticleInfo, Filters, Hit, Span
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library
from retrieval.text.date_intervals import EARLIEST, LATEST, DateInterval, date_of
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.near_duplicates import duplicates_any, shingle_set
from retrieval.text.sanitize import line
from retrieval.text.tokens import read_words, term_set

MAX_ROWS = 12
"""Sentences of a timeline, with a date and without one."""
MAX_SCORED = 24
"""Sentences that the cross-encoder scores, first those with a date."""
DATED, DEPENDENT = 1.0, 0.5
"""What a date is worth beside the cross-encoder's log odds, and what it costs to begin with "He" or "However"."""
MIN_TOLD, MAX_TOLD_ARTICLES = 0.55, 3
"""How much about the topic an article is of which sentences without a date are told, and how many such are read."""
MIN_CHRONOLOGY, MAX_CHRONOLOGIES = 0.55, 3
"""How much an article is about the topic whose dated sections are shown, and of how many articles they are."""
MAX_READ = 10
"""Articles about the topic that are read whole."""
MIN_TITLE_COVER = 0.6
"""Share of the topic's weight in its title and headings from which an article is about the topic."""
MIN_PASSAGE_COVER, MIN_PASSAGES, MIN_PASSAGES_UNTITLED = 0.5, 0.5, 0.6
"""Share of the topic's weight in a passage, and of such passages, from which an article is about what it begins with;
the last where its title has none of it.
"""
LEADS, LEADS_TOO = 0.9, 0.7
"""How much about the topic the article is that search ranks first for it, and the others that lead it."""
_TITLED, MIN_SHARE = 0.7, 0.4
"""How much its title counts of an article fewer of whose passages have words of the topic."""
MIN_WORTH, ENOUGH = 0.64, 6
"""Score from which a row reports an event, rather than what was said of it, and how many sentences are enough."""
_SAME_DATE_COST, _SAME_ARTICLE_COST = 0.15, 0.05
"""What a row costs for each row of its date, and of its article, that is kept before it."""
MAX_ALL = 50
"""Articles up to which a timeline of everything is made."""
_Key = tuple[str, Span]
"""The id of its article, and the characters, of a sentence."""
_POINTED = LazyPattern(r"\([^()]*\)[?.! ]{0,4}$")
"""What a standalone question adds to "that article": the topic before it."""
_NAMES_ARTICLE = LazyPattern(r"\b(?:article|piece|story|column|editorial|op-?ed|interview)\b", re.IGNORECASE)
_PARTS_OF_DAY = tuple(
    LazyPattern(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "before dawn|overnight|early|earlier|a\\.m",
        "morning",
        "noon|midday",
        "afternoon",
        "later|p\\.m",
        "evening|night|late",
    )
)
_NOON, _BESIDE = 2, 20
"""The part of a day of a row that names none, and the characters beside its date in which it is named."""
_METHOD = (
    "Sentences about the topic whose event has a date, by that date; dates without a year and relative ones (“Tuesday”,"
    " “last year”) are read against the day their article was published. What the articles that lead the topic tell"
    " without a date competes with them by the log odds of the reader's cross-encoder."
)


class TimelineComposer:
    """Composes timelines.

    Args:
        topics: Finds the passages about a topic.
        library: The library it searches.
        clock: The day against which dates of a question are read.
        cross_encoder: Scores sentences as answers.
    """

    def __init__(
        self, topics: TopicSearcher, library: Library, clock: QuestionClock, cross_encoder: CrossEncoder
    ) -> None:
        self._topics = topics
        self._library = library
        self._clock = clock
        self._cross_encoder = cross_encoder
        self._weights = TermWeights(library)
        self._resolver = ArticleResolver(topics, library)

    def compose(self, request: CompositionRequest) -> Answer:
        """Return the timeline, or why there is none.

        Raises:
            OnrecordError: The store or the model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        return self.timeline(request, MAX_ROWS)

    def timeline(self, request: CompositionRequest, limit: int | None) -> Answer:
        """Return a timeline of at most ``limit`` sentences (None: of all with a date), or why there is none.

        Raises:
            OnrecordError: The store or the model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        asked = _POINTED.sub("", request.topic).rstrip()
        asked = asked if CITED_ARTICLE.fullmatch(asked) else request.topic
        constraint = time_constraint(asked, self._clock.anchor())
        filters = request.searched.filters
        read = self._read(request, constraint.core or asked)
        if isinstance(read, Answer):
            return read
        periods = [*constraint.asked, *_filtered_period(filters)]
        dated = [
            each for each in dated_sentences(read.hits, read.topic, read.by_article) if _is_within(each.date, periods)
        ]
        rows = _without_past_plans(events(dated))
        rows = rows if limit else _worth_showing(rows)
        chronologies = self._chronologies(read)
        told = [] if periods else _told_without_date(read, {_key(row) for row in rows})
        if not (rows or chronologies or told):
            when = " of that time" if periods else ""
            looked_at = f"{counted(read.articles, 'article')} looked at"
            return composed_abstention(request, f"No sentence{read.about} gives a date{when}: {looked_at}.")
        likeliest = self._likeliest(request.standalone, rows, told, limit or MAX_ROWS)
        told = [each for each in told if _key(each) in likeliest]
        shown = [row for row in rows if limit is None or _key(row) in likeliest]
        return self._laid_out(request, read, rows, shown, chronologies=chronologies, told=told)

    def _likeliest(
        self, question: str, rows: Sequence[DatedSentence], told: Sequence[QuotableSentence], limit: int
    ) -> set[_Key]:
        """Return the keys of the sentences of a timeline: those that most likely answer, half of them where few are."""
        dated = [_quotable(row) for row in _chosen(rows, limit)]
        scored = [*dated, *told[: max(0, MAX_SCORED - len(dated))]]
        worth = {
            _key(each): odds + DATED * (number < len(dated)) - DEPENDENT * needs_context(each)
            for number, (each, odds) in enumerate(
                zip(scored, answer_scores(self._cross_encoder, question, scored), strict=True)
            )
        }
        texts = {_key(each): shingle_set(each.text) for each in scored}
        limit = min(limit, max(ENOUGH, (len(rows) + len(told)) // 2))
        kept: list[_Key] = []
        for key in sorted(worth, key=lambda each: -worth[each]):
            if len(kept) < limit and not duplicates_any(texts[key], [texts[one] for one in kept]):
                kept.append(key)
        return set(kept)

    def _chronologies(self, read: _TimelineSource) -> list[tuple[Sequence[Hit], list[DatedSection]]]:
        """Return the dated sections of the articles about the topic, with the hits of each."""
        of_article: dict[str, list[Hit]] = {}
        for hit in read.hits:
            if not read.subject or read.by_article.get(hit.article.id, 0.0) >= MIN_CHRONOLOGY:
                of_article.setdefault(hit.article.id, []).append(hit)
        found: list[tuple[Sequence[Hit], list[DatedSection]]] = []
        for article, hits in list(of_article.items())[:MAX_CHRONOLOGIES]:
            published = date_of(hits[0].article.published)
            if sections := dated_sections(self._library.article(article).text, published):
                found.append((hits, sections))
        return found

    def _read(self, request: CompositionRequest, subject: str) -> _TimelineSource | Answer:
        """Return the passages about a subject, of an article that it names, or of all; or why there are none."""
        filters = request.searched.filters
        reference = None
        if not subject or EVERYTHING.fullmatch(subject):
            infos = self._library.articles(filters)
            if len(infos) > MAX_ALL:
                return composed_abstention(request, "Say of what: “timeline of Niger”, “timeline of Jane Smith”.")
            return _TimelineSource(self._whole(infos), TopicTerms({}), "", "")
        if CITED_ARTICLE.fullmatch(subject) or _NAMES_ARTICLE.search(subject):
            reference = self._resolver.resolve(subject, request.history, filters)
        if reference and reference.certain:
            about = f" in “{headline_of(reference.article)}”"
            return _TimelineSource(self._whole([reference.article]), TopicTerms({}), about, "")
        if reference:
            titles = "; ".join(headline_of(info) for info in reference.articles)
            return composed_abstention(request, f"Several articles fit “{line(subject)}”: {titles}. Say which.")
        found = self._topics.find(subject, filters, question=request.standalone)
        leads = self._topics.leads(found)
        if not leads and (found.lacks or not found.hits):
            return composed_abstention(request, nothing_about(found, request))
        if found.tells:  # others only mention a part of it: "the North Carolina election fraud"
            found = replace(found, hits=_of_same(found, leads))
        topic = TopicTerms.of(subject, self._weights)
        hits, by_article = self._with_whole_articles(found, topic, leads)
        return _TimelineSource(hits, topic, f" about “{line(subject)}”", line(subject), by_article, is_led=bool(leads))

    def _whole(self, infos: Sequence[ArticleInfo]) -> list[Hit]:
        return [hit for info in infos for hit in article_hits(info, self._library.passages_of(info.id))]

    def _with_whole_articles(
        self, found: TopicPassages, topic: TopicTerms, leads: Sequence[ArticleInfo]
    ) -> tuple[list[Hit], dict[str, float]]:
        """Return the hits, with all passages of the articles about the topic, and how much about it these are."""
        hits: dict[str, list[Hit]] = {}
        worth = {each.id: LEADS_TOO if number else LEADS for number, each in enumerate(leads)}
        for each in leads:
            hits[each.id] = self._whole([each])
        for hit in found.hits:
            if hit.article.id not in worth:
                hits.setdefault(hit.article.id, []).append(hit)
        titled = {name: topic.cover(term_set(read_words(each[0].article.title))) for name, each in hits.items()}
        read = [
            name for name, each in hits.items() if titled[name] >= MIN_TITLE_COVER or len(each) > 2 or name in worth
        ]
        read.sort(key=lambda name: (-worth.get(name, 0.0), -len(hits[name]), -titled[name]))
        about = {}
        for name in read[:MAX_READ]:
            known = {hit.passage.id: hit for hit in hits[name]}
            whole = article_hits(hits[name][0].article, self._library.passages_of(name))
            hits[name] = [known.get(hit.passage.id, hit) for hit in whole]
            about[name] = max(
                _TITLED * titled[name],
                titled[name] * (_share(hits[name], topic) >= MIN_SHARE),
                _about(hits[name], topic, titled=titled[name] > 0),
                worth.get(name, 0.0),
            )
        return [hit for each in hits.values() for hit in each], about

    def _laid_out(
        self,
        request: CompositionRequest,
        read: _TimelineSource,
        rows: Sequence[DatedSentence],
        shown: Sequence[DatedSentence],
        *,
        chronologies: Sequence[tuple[Sequence[Hit], list[DatedSection]]],
        told: Sequence[QuotableSentence],
    ) -> Answer:
        resolved = [row for row in rows if row.date.interval is not None]
        dated = sorted((row for row in shown if row.date.interval is not None), key=_by_date)
        unresolved = sorted((row for row in shown if row.date.interval is None), key=_by_article)
        draft = AnswerDraft(self._library, request)
        for hits, sections in chronologies:
            draft.heading(f"{counted(len(sections), 'dated section')} of “{headline_of(hits[0].article)}”")
            for each in sections:
                hit = [one for one in hits if one.passage.span.start <= each.paragraph.start][-1:] or hits[:1]
                draft.quote(hit[0], each.paragraph, label=each.label, when=each.interval)
        if chronologies and dated:
            draft.heading("Other dated events")
        for row in dated:
            draft.quote(row.hit, row.span, label=row.label, when=row.date.interval)
        if chronologies and not resolved:
            return draft.answer(_METHOD)
        if unresolved:
            draft.heading("Without a date that can be worked out")
            for row in unresolved:
                draft.quote(row.hit, row.span, label=row.label)
        if told:
            draft.heading("Told without a date, in the order of the articles")
            told = sorted(told, key=_by_article)
            beside = [*told, *map(_quotable, shown)]
            for sentence, span in zip(told, quoted_spans(beside), strict=False):
                draft.quote(sentence.hit, span)
        draft.note(_counts(read, len(dated), resolved))
        if not read.is_led:
            draft.note(not_mainly(read.subject))
        left_out = len(rows) - len(resolved) - len(unresolved)
        return draft.answer(_METHOD, remarks=_remarks(read, rows, left_out))


@dataclass(frozen=True, slots=True)
class _TimelineSource:
    """What is read for a timeline: passages, the topic, and in words what they are about.

    Attributes:
        hits: The passages.
        topic: The topic; without terms where all of them are about it.
        about: Follows "12 dated events": " about “Niger”".
        subject: The topic as written; empty for articles.
        by_article: How much about the topic the articles are that were read whole, by their id, in [0, 1].
        is_led: Whether an article is mainly about the topic.
    """

    hits: list[Hit]
    topic: TopicTerms
    about: str
    subject: str
    by_article: Mapping[str, float] = field(default_factory=dict)
    is_led: bool = True

    @property
    def articles(self) -> int:
        """How many articles they are of."""
        return len({hit.article.id for hit in self.hits})


def _of_same(found: TopicPassages, leads: Sequence[ArticleInfo]) -> tuple[Hit, ...]:
    """Return the hits of the articles that lead a topic, and of those of which a passage is near to it."""
    near = {hit.article.id for hit in found.hits if (hit.dense_score or 0.0) >= MIN_COSINE_SAME}
    near |= {each.id for each in leads}
    return tuple(hit for hit in found.hits if hit.article.id in near)


def _key(sentence: DatedSentence | QuotableSentence) -> _Key:
    return sentence.hit.article.id, sentence.span


def _by_article(sentence: DatedSentence | QuotableSentence) -> tuple[str, str, int]:
    article = sentence.hit.article
    return article.published or "9", article.id, sentence.span.start


def _quotable(row: DatedSentence) -> QuotableSentence:
    page = parse_passage(row.hit.passage)
    place = page.place(row.span)
    return QuotableSentence(row.hit, row.span, place, page.sentences[place])


def _told_without_date(read: _TimelineSource, rows: Collection[_Key]) -> list[QuotableSentence]:
    """Return what the articles about the topic tell in sentences without a date, the likeliest events first."""
    about = read.by_article if read.subject else {hit.article.id: 1.0 for hit in read.hits}
    most = [article for article in sorted(about, key=lambda each: -about[each]) if about[article] >= MIN_TOLD]
    articles = frozenset(most[:MAX_TOLD_ARTICLES])
    found = [
        each
        for each in quotable_sentences(hit for hit in read.hits if hit.article.id in articles)
        if not (_key(each) in rows or each.quoted or OPENS_QUOTATION.match(each.text) or may_be_caption(each))
        and not _gives_time(each)
    ]

    def worth(each: QuotableSentence) -> float:
        named = read.topic.cover(each.sentence.terms) if read.subject else 0.0
        return tells_of_past(each.text) + named + about[each.article.id]

    return sorted(found, key=lambda each: (-worth(each), each.place))


def _gives_time(sentence: QuotableSentence) -> bool:
    passage, span = sentence.hit.passage, sentence.span.within(sentence.hit.passage.span)
    times = passage_times(passage, date_of(sentence.article.published))
    return any(span.start <= each.start < span.end for each in times)


def _share(hits: Sequence[Hit], topic: TopicTerms) -> float:
    """Return the share of an article's passages that have words of a topic."""
    return sum(topic.cover(parse_passage(hit.passage).terms) >= MIN_PASSAGE_COVER for hit in hits) / len(hits)


def _about(hits: Sequence[Hit], topic: TopicTerms, *, titled: bool) -> float:
    """Return how much about a topic an article is by its first passage, where most passages have words of it."""
    most = _share(hits, topic) >= (MIN_PASSAGES if titled else MIN_PASSAGES_UNTITLED)
    return topic.cover(parse_passage(hits[0].passage).terms) if most else 0.0


def _without_past_plans(rows: Sequence[DatedSentence]) -> list[DatedSentence]:
    """Return the rows without plans for a time of which another tells what happened."""
    told = [row for row in rows if row.date.interval and not row.date.planned]
    return [row for row in rows if not (row.date.planned and any(_tells_of_plan(each, row) for each in told))]


def _tells_of_plan(told: DatedSentence, plan: DatedSentence) -> bool:
    """Return whether a row tells what happened at the time of a plan, in a word of it."""
    planned, day = plan.date.interval, told.date.interval
    return bool(planned and day and planned.covers(day) and plan.terms & told.terms)


def _worth_showing(rows: list[DatedSentence]) -> list[DatedSentence]:
    """Return the rows that report events of the topic, where these are enough; else all."""
    worth = [row for row in rows if row.score >= MIN_WORTH]
    return worth if len(worth) >= ENOUGH else sorted(rows, key=lambda row: -row.score)[:ENOUGH]


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


def _counts(read: _TimelineSource, shown: int, dated: Sequence[DatedSentence]) -> str:
    looked_at = read.about
    if read.subject or read.articles > 1:
        looked_at += f" in {counted(read.articles, 'article')} looked at"
    if not dated:
        return f"No date of an event{read.about} can be worked out: {counted(read.articles, 'article')} looked at."
    if shown == len(dated):
        return f"{counted(shown, 'dated event')}{looked_at}."
    year = Counter(row.date.first.year for row in dated).most_common(1)[0][0]
    hint = f" A time shows others: “timeline of {read.subject} in {year}”." if read.subject else ""
    return f"{shown} of {counted(len(dated), 'dated event')}{looked_at}: the most central.{hint}"


def _remarks(read: _TimelineSource, rows: Sequence[DatedSentence], left_out: int) -> list[str]:
    remarks = []
    if read.subject and all(row.about < BY_SURNAME for row in rows):
        remarks.append(f"No sentence with a date has all the words of “{read.subject}”.")
    if left_out:
        remarks.append(f"{counted(left_out, 'more sentence')} without a date that can be worked out.")
    undated = len({hit.article.id for hit in read.hits if not hit.article.published})
    if undated and any(row.date.interval is None for row in rows):
        number = "all" if undated == read.articles else f"{undated} of the {read.articles}"
        remarks.append(f"Undated: {number} articles looked at. “Tuesday” in one is no date.")
    return remarks


def _by_date(row: DatedSentence) -> tuple[object, ...]:
    interval, hit = row.date.interval, row.hit
    text = row.span.within(hit.passage.span).of(hit.passage.text)
    near = text[max(0, row.date.start - _BESIDE) : row.date.start + 2 * _BESIDE]
    part = next((number for number, each in enumerate(_PARTS_OF_DAY) if each.search(near)), _NOON)
    return (
        row.date.first,
        -interval.days if interval else 0,
        part,
        hit.article.published or "9",
        hit.article.id,
        row.span.start,
    )


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
