"""Event sentences: the sentences about a topic that tell when something happened, one an event."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.answering.excerpts import depends_on_previous
from bot.answering.features import ParsedPassage, Sentence, parse_passage
from bot.answering.term_weights import TermWeights
from bot.answering.time_constraint import passage_times
from bot.composition.event_date import EventDate, article_date, event_date
from bot.composition.quotable import is_cut_quotation, is_quotable, is_within, quotations_of
from bot.render.phrases import counted
from bot.render.sources import opinion
from retrieval.articles import ArticleInfo, Hit, Span
from retrieval.text.analyzer import fold, terms, words
from retrieval.text.date_intervals import DateInterval, date_of
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, HAVE
from retrieval.text.names import GIVEN
from retrieval.text.near_duplicates import ShingleSet, are_near_duplicates, shingle_set
from retrieval.text.tokens import read_words, term_set
from retrieval.text.verb_forms import THIRD_PERSON_FORMS, is_past_form

MIN_ABOUT = 0.45
"""How much about the topic a sentence is at least (``TopicTerms.about``)."""
BY_SURNAME = 0.9
"""How much about a topic a sentence is by its last word alone: "Cohen" for "Michael Cohen"."""
_BY_ARTICLE = 0.55
"""How much about the topic a sentence without its words is that stands in an article about it."""
_SURNAME_RARITY = 0.9
"""Share of the greatest weight of a topic's terms from which the last stands for all."""
BACKGROUND_DAYS = 400
"""Days before its article from which on an event is background, told of whatever its sentence is about."""
NEAR_WORDS = 14
"""Words between the time of the background and a word of the topic that it can belong to."""
SAME_EVENT = 0.6
"""Share of the shorter sentence's terms, the topic's aside, from which two sentences of one date tell of one event."""
_MENTION_WORTH, _DATE_WORTH = 0.15, 0.3
_DEPENDENT_COST, _FIRST_PERSON_COST, _PLANNED_COST, _LENGTH_COST = 0.15, 0.3, 0.1, 0.1
"""What orders sentences beside the topic: other articles, the date's fit; a "He" or "I" at first, a plan, length."""
_SPEECH_COST, _OPINION_COST, _TIMELESS_COST, _BACKGROUND_COST = 0.2, 0.15, 0.2, 0.15
"""What a row costs that dates what was said, of an opinion piece, without a verb of the past or a plan, and of the
background, long before its article.
"""
_ELSEWHERE_COST, _ASIDE_COST, MIN_PASSAGE = 0.2, 0.3, 0.8
"""What a row costs that has no word of the topic, nor of its article's title; and one of an article that only mentions
the topic, in a passage that has less than so much of the topic.
"""
OPENS_QUOTATION = LazyPattern(r"\W{0,2}[\"“]")
"""A sentence that begins with what somebody said."""
_FIRST_PERSON = LazyPattern(r"\W*(?:I|We)\b")
_PRESENT = (BE - {"was", "were", "be", "been", "being"}) | {"say", "says"}
"""Verbs with which a lead tells how things are, rather than what happened."""
_WORD = LazyPattern(r"[A-Za-z]+")
MIN_LEAD_WORDS, LEAD_PLACES = 10, 2
"""Words of the shortest lead, and the sentences among which it is."""
BY_TOPIC = 0.6
"""How much about the topic the lead of an article is that stands by the day of its article."""
MIN_ARTICLE = 0.6
"""How much an article is about the topic whose sentences with a date that cannot be worked out are shown."""
ABOUT_TOPIC = 0.7
"""How much an article is about the topic of which a sentence with a date that names nobody tells of it, too."""
_LONG, MAX_WORDS = 50, 90
"""Words from which on a sentence is long; longer ones are tables that were read as text."""


@dataclass(frozen=True, slots=True)
class DatedSentence:
    """A sentence with the time of what it tells.

    Attributes:
        hit: Where it stands.
        span: Its characters in the article.
        date: The time.
        about: How much it is about the topic, in [0, 1].
        score: How much it belongs in a timeline; higher is more.
        terms: Its content terms without the topic's.
        shingles: Its shingles, numbers and negators.
        articles: The articles that tell of the event.
    """

    hit: Hit
    span: Span
    date: EventDate
    about: float
    score: float
    terms: frozenset[str]
    shingles: ShingleSet
    articles: frozenset[str]

    @property
    def label(self) -> str:
        """Its date, and how many articles tell of the event where several do; why it is not worked out."""
        number = len(self.articles)
        undated = " (the article is undated)" if self.date.interval is None and not self.hit.article.published else ""
        return f"{self.date.label}{undated}" + (f" · {counted(number, 'article')}" if number > 1 else "")


@dataclass(frozen=True, slots=True)
class TopicTerms:
    """A topic's terms with their weights; without any, everything is about it.

    Attributes:
        weights: Their weights.
        surname: The one that stands for all of them where all are near; empty for none.
        named: Surnames in it with the given names before them: "kavanaugh" stands for "brett".
    """

    weights: Mapping[str, float]
    surname: str = ""
    named: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, topic: str, weights: TermWeights) -> Self:
        """Return the terms of a topic as written.

        The last stands for all where the first is a given name, or where none is rarer: "Cohen" for "Michael Cohen".
        """
        found = weights.of(terms(topic, keep_stop_words=False))
        *before, last = found or {"": 0.0}
        named = bool(before) and fold(next(iter(words(topic)), "")) in GIVEN
        rarest = bool(found) and found[last] >= _SURNAME_RARITY * max(found.values())
        people = {
            surname: given
            for first, second in itertools.pairwise(words(topic))
            if fold(first) in GIVEN
            for given, surname in zip(terms(first), terms(second), strict=False)
        }
        return cls(found, last if named or rarest else "", people)

    def cover(self, held: frozenset[str]) -> float:
        """Return the share of the topic's weight that is held."""
        total = sum(self.weights.values())
        if not total:
            return 1.0
        return sum(weight for term, weight in self.weights.items() if term in held) / total

    def with_given_names(self, held: frozenset[str]) -> frozenset[str]:
        """Return terms with the given names of the surnames among them."""
        return held.union(given for surname, given in self.named.items() if surname in held)

    def about(self, page: ParsedPassage, place: int) -> float:
        """Return how much about the topic a sentence of a passage is by its own words, in [0, 1].

        The last word stands for all where all are near.
        """
        sentence = page.sentences[place]
        own = self.cover(self.with_given_names(sentence.terms))
        if self.surname and self.surname in sentence.terms and self.cover(page.terms) == 1.0:
            own = max(own, BY_SURNAME)
        return own

    def is_near(self, sentence: Sentence, at: int) -> bool:
        """Return whether a word of the topic stands near the character ``at`` of a sentence, or it has none."""
        places = [number for number, word in enumerate(sentence.words) if word.term in self.weights]
        here = sum(word.start < at for word in sentence.words)
        return not places or min(abs(here - place) for place in places) <= NEAR_WORDS


def dated_sentences(
    hits: Sequence[Hit], topic: TopicTerms, by_article: Mapping[str, float] | None = None
) -> list[DatedSentence]:
    """Return the sentences of hits that are about a topic and tell when something happened, each once.

    Args:
        hits: The passages.
        topic: The topic.
        by_article: How much about the topic articles are, by their id, in [0, 1]; others only mention it.
    """
    known = by_article or {}
    found = {(each.hit.article.id, each.span): each for hit in reversed(hits) for each in _dated_in(hit, topic, known)}
    return list(found.values())


def _dated_in(hit: Hit, topic: TopicTerms, by_article: Mapping[str, float]) -> Iterator[DatedSentence]:
    passage, published = hit.passage, date_of(hit.article.published)
    times = passage_times(passage, published)
    if not times and passage.ordinal:
        return
    page = parse_passage(passage)
    article = by_article.get(hit.article.id, 0.0)
    quotations = quotations_of(passage)
    for place, sentence in enumerate(page.sentences):
        span = sentence.span.within(passage.span)
        own = [
            replace(each, start=each.start - span.start, end=each.end - span.start)
            for each in times
            if span.start <= each.start < span.end
        ]
        may_lead = published is not None and _may_lead(hit, place, sentence)
        if not (own or may_lead) or len(sentence.words) > MAX_WORDS or not is_quotable(sentence.text):
            continue
        if is_cut_quotation(sentence.text) or is_within(span, quotations):
            continue
        named = topic.about(page, place)
        about = max(named, _BY_ARTICLE * article, MIN_ABOUT if article >= MIN_ARTICLE else 0.0)
        if about < MIN_ABOUT:
            continue
        quoted = [
            Span(max(0, each.start - span.start), each.end - span.start) for each in quotations if each.overlaps(span)
        ]
        date = event_date(sentence.text, own, quoted, published)
        if date is None and published and may_lead and all(_is_long_before(each.interval, published) for each in own):
            date = article_date(published)
        if date is None:
            continue
        follows = place > 0 and depends_on_previous(sentence, page.sentences[place - 1])
        if topic.weights and (date.interval is None or _is_background(date, published)):
            before = follows and article >= MIN_ABOUT and topic.about(page, place - 1) >= MIN_ABOUT
            whole = article >= MIN_ARTICLE and (date.interval is None or named >= MIN_ABOUT)
            if not (before or whole or (named >= MIN_ABOUT and topic.is_near(sentence, date.start))):
                continue
        if topic.weights and not _reports(sentence, date, named, article):
            continue
        aside = article < MIN_ARTICLE and topic.cover(topic.with_given_names(page.terms)) < MIN_PASSAGE
        elsewhere = not (named or sentence.terms & term_set(read_words(hit.article.title)))
        cost = _cost(sentence, date, dependent=follows) + _article_cost(hit.article, date)
        yield DatedSentence(
            hit,
            sentence.span,
            date,
            about,
            about + _DATE_WORTH * date.fit - cost - _ASIDE_COST * aside - _ELSEWHERE_COST * elsewhere,
            sentence.terms - topic.weights.keys(),
            shingle_set(sentence.text),
            frozenset({hit.article.id}),
        )


def _reports(sentence: Sentence, date: EventDate, named: float, article: float) -> bool:
    """Return whether a sentence reports an event of the topic, and no aside.

    Without a word of the topic it names somebody or something else, or its article is about the topic and it tells what
    happened; in an article that only mentions the topic it tells of the past or of a plan; without a date
    of its own it has the topic.
    """
    if date.of_article and named < BY_TOPIC:
        return False
    if date.interval is not None and not named:
        told = article >= ABOUT_TOPIC and not (date.said or OPENS_QUOTATION.match(sentence.text))
        return told or any(word.name and not word.date for word in sentence.words[1:])
    return article >= MIN_ABOUT or date.planned or tells_of_past(sentence.text)


def _cost(sentence: Sentence, date: EventDate, *, dependent: bool) -> float:
    return (
        _DEPENDENT_COST * dependent
        + _FIRST_PERSON_COST * bool(_FIRST_PERSON.match(sentence.text))
        + _PLANNED_COST * date.planned
        + _SPEECH_COST * (date.said or bool(OPENS_QUOTATION.match(sentence.text)))
        + _TIMELESS_COST * (not date.planned and not tells_of_past(sentence.text))
        + _LENGTH_COST * (len(sentence.words) > _LONG)
    )


def _article_cost(article: ArticleInfo, date: EventDate) -> float:
    published = date_of(article.published)
    past = published is not None and _is_long_before(date.interval, published)
    return _OPINION_COST * opinion(article) + _BACKGROUND_COST * past


def tells_of_past(text: str) -> bool:
    """Return whether a sentence has a verb of the past by its form, but for the perfect: "has been"."""
    words = _WORD.findall(text)
    return any(
        is_past_form(word) and not any(before.lower() in HAVE for before in words[max(0, number - 3) : number])
        for number, word in enumerate(words)
    )


def _may_lead(hit: Hit, place: int, sentence: Sentence) -> bool:
    """Return whether a sentence may be the lead of a report that tells what happened on its day or the one before."""
    first = hit.passage.ordinal == 0 and place < LEAD_PLACES and len(sentence.words) >= MIN_LEAD_WORDS
    if not first or opinion(hit.article) or OPENS_QUOTATION.match(sentence.text):
        return False
    words = _WORD.findall(sentence.text)
    verbs = (word for word in words if is_past_form(word) or word in HAVE | THIRD_PERSON_FORMS)
    verb = next(verbs, "")
    return (verb in HAVE or is_past_form(verb)) and not _PRESENT.intersection(word.lower() for word in words)


def _is_background(date: EventDate, published: dt.date | None) -> bool:
    """Tell whether a time is long before the day of its article, or that day is unknown."""
    return published is None or _is_long_before(date.interval, published)


def _is_long_before(interval: DateInterval | None, published: dt.date) -> bool:
    return interval is not None and (published - interval.last).days > BACKGROUND_DAYS


def events(dated: Sequence[DatedSentence]) -> list[DatedSentence]:
    """Return one sentence an event, the best, with the articles that tell of it."""
    found: list[DatedSentence] = []
    for each in sorted(dated, key=lambda one: (-one.score, one.hit.article.published or "9")):
        for number, event in enumerate(found):
            if _are_one_event(event, each):
                found[number] = replace(event, articles=event.articles | each.articles)
                break
        else:
            found.append(each)
    return [replace(each, score=each.score + _MENTION_WORTH * math.log2(len(each.articles))) for each in found]


def _are_one_event(one: DatedSentence, other: DatedSentence) -> bool:
    """Tell whether two sentences tell the same of the same time, without different numbers."""
    if not _share_time(one.date, other.date):
        return False
    if are_near_duplicates(one.shingles, other.shingles):
        return True
    ours, theirs = one.shingles.numbers, other.shingles.numbers
    if one.shingles.negators != other.shingles.negators or (ours - theirs and theirs - ours):
        return False
    shorter = min(len(one.terms), len(other.terms))
    return shorter > 0 and len(one.terms & other.terms) >= SAME_EVENT * shorter


def _share_time(one: EventDate, other: EventDate) -> bool:
    """Tell whether two times are the same, or one lies in the other: "2017-10-04" in "2017-10"."""
    if one.relation is not other.relation:
        return False
    if one.interval is None or other.interval is None:
        return one.interval is other.interval and one.words == other.words
    return one.interval.covers(other.interval) or other.interval.covers(one.interval)
