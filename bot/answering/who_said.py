"""Speech: sentences that an article attributes to the speaker of a question, and the speakers of quoted words.

A reader fitted on an encyclopaedia looks for the verb of the question; an article has "suggested that", "warned" or a
quotation. Speakers are attributed by the quote desk's rules over the whole article, with their measured precision.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.excerpts import MAX_EXCERPT_CHARACTERS, identifies
from bot.answering.features import parse_passage
from bot.answering.group_speech import complement_of, group_of, group_statements
from bot.answering.question import parse_question
from bot.answering.reader import MAX_SENTENCES, WRONG_SUGGESTION_COST, Reader, ReaderResult, ScoredSentence
from bot.answering.requirements import requirement_of
from bot.answering.speech_question import (
    SpeechQuestion,
    asks_who_said,
    company_of_post,
    parse_according_to,
    parse_speech_question,
    quoted_words,
    says_plainly,
)
from bot.answering.speech_record import StatementSearch, attribution_in, recorded_entries
from bot.answering.time_constraint import QuestionClock, TimeFit, time_constraint
from bot.answers import Doubt
from bot.citations import ArticleLookup, found_article
from retrieval.articles import Article, Filters, Hit, Span
from retrieval.quotes.attribution.extraction import quotations_of
from retrieval.quotes.attribution.speakers import (
    Attribution,
    SpeakerKind,
    SpeakerVerdict,
    attribute,
    reported_by,
    speaker_verdict,
)
from retrieval.quotes.record.record import PlacedStatement
from retrieval.quotes.verdict import Match, Nearest, TextVerdict, Verdict
from retrieval.text.analyzer import fold, terms
from retrieval.text.names import agree, surname
from retrieval.text.orthography import american_term
from retrieval.text.roles import ROLES, TITLES_OF_ROLE
from retrieval.text.sentences import sentences
from retrieval.text.tokens import read_words, term_set

MAX_ARTICLES = 5
"""Articles whose sentences are attributed: 5 ms each, of 5,000 characters, at the median."""
MAX_WHOLE = 20_000
"""Characters up to which a whole article is read for its speakers."""
WINDOW = 3_000
"""Characters before and after a passage that are read of a longer one; names are resolved within 700."""
MIN_TOPIC_SHARE = 0.5
"""Share of the topic's terms in a sentence with its neighbours from which it is on the topic."""
MIN_KNOWN_CONFIDENCE = 0.6
"""Confidence of a speaker that a sentence after the quotation identifies: between the rules for one alone."""
_WEAK_TOPIC_WEIGHT = 0.5
"""Weight of a topic's term that only the rest of the passage or its headings hold."""

_SOMEBODY_ELSE = Doubt("is by somebody else", "is by the speaker that is asked for")
_NOT_ATTRIBUTED = Doubt("is not attributed to the speaker that is asked for", "is by the speaker that is asked for")
_AROUND_TOPIC = Doubt("is theirs, but itself does not mention this", "is theirs and about this")
_OFF_TOPIC = Doubt("is theirs, but not about this", "is theirs and about this")
_NO_SPEAKER = Doubt("does not say who spoke", "says who spoke")
_OTHER_WORDS = Doubt("has other words than those quoted", "has the quoted words")
_NOT_QUOTED = Doubt("does not hold the quoted words", "holds the quoted words")

_TELLING = (SpeakerVerdict.MATCH, SpeakerVerdict.OTHER)
"""Verdicts by which a sentence of several speakers is judged, the first that occurs."""
_QUOTED = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED, TextVerdict.TRUNCATED})
_ALTERED = frozenset({TextVerdict.ALTERED, TextVerdict.PARAPHRASE, TextVerdict.SPLICED})


class QuoteSearch(Protocol):
    """Finds quoted words in articles: ``retrieval.quotes.desk.QuoteDesk``."""

    def check(self, text: str, speaker: str | None = ..., filters: Filters | None = ...) -> Verdict:
        """Return the verdict on a quotation."""
        ...


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class AttributedSentence:
    """A sentence with who an article says its words are from.

    Attributes:
        candidate: It; its span is extended by what names the speaker, where that is near.
        verdict: How the speaker compares with the one asked about.
        attribution: The best finding; None where no rule applies.
        topic: The share of the topic's terms in it and its surroundings, in [0, 1]; 1 without a topic.
    """

    candidate: ScoredSentence
    verdict: SpeakerVerdict | None
    attribution: Attribution | None
    topic: float

    @property
    def score(self) -> float:
        """What orders the speaker's sentences: attribution, topic, and the inner reader's probability."""
        sure = self.attribution.confidence if self.attribution else 0.0
        return sure * (0.2 + 0.8 * self.topic) + 0.3 * self.candidate.probability


class WhoSaidReader:
    """A reader that answers speech questions by who speaks; it passes other questions to the inner reader.

    Args:
        inner: The reader for all questions.
        articles: The library that the hits come from.
        desk: Finds quoted words in it.
        clock: The day against which a question is read.
        record: Knows who said what in the articles; without it, only the hits are attributed.
        wrong_suggestion_cost: As for ``bot.answering.reader.FittedReader``.
    """

    def __init__(
        self,
        inner: Reader,
        articles: ArticleLookup,
        desk: QuoteSearch,
        clock: QuestionClock,
        record: StatementSearch | None = None,
        *,
        wrong_suggestion_cost: float = WRONG_SUGGESTION_COST,
    ) -> None:
        self._inner = inner
        self._articles = articles
        self._desk = desk
        self._clock = clock
        self._record = record
        self._wrong_suggestion_cost = wrong_suggestion_cost

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences that answer, the speaker's first; somebody else's words are no answer.

        Raises:
            EmbeddingError: The model cannot be loaded.
            ArticleReplaced: An article left the library since it was found.
        """
        reading = self._inner.read(question, hits)
        if not reading.candidates:
            return reading
        fit = TimeFit(time_constraint(question, self._clock.anchor()), hits)
        articles = _CachedArticles(self._articles)
        speech = _Speech(articles, self._desk, fit, self._record, self._wrong_suggestion_cost)
        return speech.read(question, reading, hits)


class _CachedArticles:
    """Articles, each read once."""

    def __init__(self, articles: ArticleLookup) -> None:
        self._articles = articles
        self._known: dict[str, Article] = {}

    def article(self, named: str) -> Article:
        """Return an article by its id."""
        if named not in self._known:
            self._known[named] = self._articles.article(named)
        return self._known[named]


class _Speech:
    """The speech of one question's hits."""

    def __init__(
        self,
        articles: ArticleLookup,
        desk: QuoteSearch,
        fit: TimeFit,
        record: StatementSearch | None,
        wrong_suggestion_cost: float,
    ) -> None:
        self._articles = articles
        self._desk = desk
        self._fit = fit
        self._record = record
        self._wrong_suggestion_cost = wrong_suggestion_cost

    def read(self, question: str, reading: ReaderResult, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's reading, by who speaks."""
        if words := quoted_words(question):
            return self._who_said(words, reading, hits)
        if asked := parse_speech_question(question):
            return self._what_they_said(asked, reading, hits)
        if (asked := parse_according_to(question)) and _is_named(asked.who):
            return self._according_to(question, asked, reading)
        return self._with_speaker(reading) if asks_who_said(question) else reading

    # "Who said “…”?"

    def _who_said(self, words: str, reading: ReaderResult, hits: Sequence[Hit]) -> ReaderResult:
        """Return the quotation with the sentence that says who spoke."""
        by_article = {hit.passage.article_id: hit for hit in reversed(hits)}
        verdict = self._desk.check(words, None, Filters(articles=tuple(by_article)))
        places: tuple[Match | Nearest, ...] = (*verdict.matches, *verdict.nearest)
        place = next(iter(places), None)
        if place is None or verdict.text not in _QUOTED | _ALTERED | {TextVerdict.TOO_SHORT}:
            return replace(reading, answers=0, possibly=False, doubts=(_NOT_QUOTED, *reading.doubts))
        named = verdict.speaker
        text = found_article(self._articles, place.article.id).text
        found = named.attribution if named and named.article.id == place.article.id else attribute(text, place.span)
        hit = next(
            (
                each
                for each in hits
                if each.passage.article_id == place.article.id and each.passage.span.covers(place.span)
            ),
            by_article[place.article.id],
        )
        span = with_source(text, _sentences_of(text, place.span), found)
        known = found.kind is SpeakerKind.PERSON or (found.kind is SpeakerKind.SECOND_HAND and bool(found.name))
        if not known:  # “…” That is Michael Cohen describing …
            following = _sentences_of(text, Span(span.end, min(len(text), span.end + 2)))
            if following.start >= span.end and identifies(following.of(text)):
                span, known = Span(span.start, following.end), True
        doubts: tuple[Doubt, ...] = () if known else (_NO_SPEAKER,)
        doubts += () if verdict.text in _QUOTED else (_OTHER_WORDS,)
        sure = max(found.confidence, MIN_KNOWN_CONFIDENCE) if known else found.confidence / 2
        answer = ScoredSentence(hit, span, sure)
        rest = tuple(each for each in reading.candidates if not _same_place(each, answer))
        return replace(
            reading,
            candidates=(answer, *rest),
            confidence=sure,
            p_answerable=sure,
            answers=1,
            possibly=bool(doubts),
            doubts=doubts,
        )

    def _with_speaker(self, reading: ReaderResult) -> ReaderResult:
        """Return the reading with the best sentence extended to who said it; without that it may answer at most."""
        first, *rest = reading.candidates
        attributed = self._attributed(None, first)
        if attributed.attribution and attributed.attribution.kind is SpeakerKind.PERSON:
            return replace(reading, candidates=(attributed.candidate, *rest))
        return replace(reading, possibly=reading.answers > 0, doubts=(_NO_SPEAKER, *reading.doubts))

    # "What did X say about Y?"

    def _what_they_said(self, asked: SpeechQuestion, reading: ReaderResult, hits: Sequence[Hit]) -> ReaderResult:
        if group := group_of(asked):
            return self._what_group_said(group, asked, reading, hits)
        found = [*self._recorded(asked, hits), *self._speech(asked, reading, hits)]
        theirs = [each for each in found if each.verdict is SpeakerVerdict.MATCH]
        on_topic = [each for each in theirs if each.topic >= MIN_TOPIC_SHARE]
        in_time = [each for each in on_topic if self._fit.is_timely(each.candidate)]
        if in_time:
            on_topic = in_time
        elif self._answers_in_time(asked, reading):
            on_topic = []  # the speaker's sentences are of another time than the question
        if not on_topic and theirs and not self._answers_in_time(asked, reading):
            return _off_topic(min(theirs, key=self._order), reading)
        if not on_topic:
            verdict = self._attributed(asked, reading.candidates[0]).verdict
            others = verdict is SpeakerVerdict.OTHER
            own = verdict is SpeakerVerdict.MATCH
            doubt = _SOMEBODY_ELSE if others else _OFF_TOPIC if own else _NOT_ATTRIBUTED
            sure, answerable = reading.confidence / 2, reading.p_answerable / 2
            unlikely = not theirs and answerable <= self._wrong_suggestion_cost * (1 - sure)
            answers = 0 if others or unlikely else reading.answers
            return replace(
                reading,
                confidence=sure,
                p_answerable=answerable,
                answers=min(answers, 1),
                possibly=answers > 0,
                doubts=(doubt, *reading.doubts),
            )
        on_topic = _named_in_full(asked, on_topic)
        direct = [each for each in on_topic if each.topic > _WEAK_TOPIC_WEIGHT]
        shown: list[ScoredSentence] = []
        manner = [asked.verb not in _terms_of(each.candidate) for each in direct or on_topic]
        ordered = sorted(zip(manner, direct or on_topic, strict=True), key=lambda pair: (pair[0], self._order(pair[1])))
        for _, each in ordered if asked.verb else sorted(ordered, key=lambda pair: self._order(pair[1])):
            if all(not _same_place(each.candidate, other) for other in shown):
                sure = each.attribution.confidence if each.attribution else 0.0
                shown.append(replace(each.candidate, probability=max(each.candidate.probability, sure * each.topic)))
        if asked.verb and all(asked.verb not in _terms_of(each) for each in shown):
            shown = [*_acts(asked, hits, shown[0]), *shown]
        further = [each for each in shown[1:] if _is_further(asked, shown[0], each)]
        told = (shown[0], *further)
        rest = [each for each in reading.candidates if not any(_same_place(each, other) for other in shown)]
        return replace(
            reading,
            candidates=(*told, *(each for each in shown if each not in told), *rest),
            confidence=shown[0].probability,
            p_answerable=max(reading.p_answerable, shown[0].probability),
            answers=min(MAX_SENTENCES, len(told)) if direct else 1,
            possibly=not direct,
            doubts=() if direct else (_AROUND_TOPIC,),
        )

    def _what_group_said(
        self, group: str, asked: SpeechQuestion, reading: ReaderResult, hits: Sequence[Hit]
    ) -> ReaderResult:
        """Return the sentences in which a group or a member of it speaks on the topic, those of one article."""
        wanted = asked.topic | complement_of(asked)
        rated: list[tuple[tuple[bool, float], ScoredSentence]] = []
        for each in group_statements(group, hits):
            article = each.hit.passage.article_id
            known = [one.probability for one in reading.candidates if _holds(one, article, each.span)]
            candidate = ScoredSentence(each.hit, each.span, max(known, default=0.0))
            topic = _topic_share(wanted, candidate)
            if topic >= MIN_TOPIC_SHARE and self._fit.is_timely(candidate):
                rated.append(((not each.plain, -topic - candidate.probability), candidate))
        if not rated:
            return self._of_no_group(asked, reading)
        rated.sort(key=lambda each: each[0])
        article = rated[0][1].hit.passage.article_id
        told = [each for _, each in rated if each.hit.passage.article_id == article][:MAX_SENTENCES]
        shown = tuple(replace(each, probability=max(each.probability, MIN_KNOWN_CONFIDENCE)) for each in told)
        rest = [each for each in reading.candidates if not any(_same_place(each, other) for other in shown)]
        return replace(
            reading,
            candidates=(*shown, *rest),
            confidence=shown[0].probability,
            p_answerable=max(reading.p_answerable, shown[0].probability),
            answers=len(shown),
            possibly=False,
            doubts=(),
        )

    def _of_no_group(self, asked: SpeechQuestion, reading: ReaderResult) -> ReaderResult:
        """Return the reading where nobody of a group speaks: what somebody else says is no answer, and the rest may be.

        A single person's words are somebody else's: of them it is not known that they are of the group.
        """
        said = self._attributed(asked, reading.candidates[0]).attribution
        theirs = said is None or said.kind is not SpeakerKind.PERSON
        sure, answerable = reading.confidence / 2, reading.p_answerable / 2
        unlikely = answerable <= self._wrong_suggestion_cost * (1 - sure)
        return replace(
            reading,
            confidence=sure,
            p_answerable=answerable,
            answers=min(reading.answers, 1) if theirs and not unlikely else 0,
            possibly=reading.answers > 0,
            doubts=(_NOT_ATTRIBUTED if theirs else _SOMEBODY_ELSE, *reading.doubts),
        )

    def _answers_in_time(self, asked: SpeechQuestion, reading: ReaderResult) -> bool:
        first = reading.candidates[0]
        timely = reading.answers > 0 and self._fit.is_timely(first)
        return timely and self._attributed(asked, first).verdict is not SpeakerVerdict.OTHER

    def _order(self, each: AttributedSentence) -> float:
        """Return what orders the speaker's sentences, the lowest first: their score and the time asked for."""
        return -each.score * math.exp(self._fit.of_sentence(each.candidate.hit, each.candidate.span))

    def _recorded(self, asked: SpeechQuestion, hits: Sequence[Hit]) -> list[AttributedSentence]:
        """Return the statements of the speaker that the hits have, from the record."""
        if self._record is None:
            return []
        articles = tuple(dict.fromkeys(hit.passage.article_id for hit in hits))
        found: list[AttributedSentence] = []
        for entry in recorded_entries(self._record, asked, Filters(articles=articles)):
            for report in entry.reports:
                hit = next((hit for hit in hits if _has(hit, report)), None)
                if hit is not None and len(report.statement.excerpt) <= MAX_EXCERPT_CHARACTERS:
                    attribution = attribution_in(report)
                    text = found_article(self._articles, report.article.id).text
                    candidate = ScoredSentence(hit, with_source(text, report.statement.excerpt, attribution), 0.0)
                    topic = _topic_share(asked.topic, candidate)
                    found.append(AttributedSentence(candidate, SpeakerVerdict.MATCH, attribution, topic))
        return found

    def _speech(self, asked: SpeechQuestion, reading: ReaderResult, hits: Sequence[Hit]) -> list[AttributedSentence]:
        """Return the sentences of the hits with their speakers, those of at most ``MAX_ARTICLES`` that name theirs."""
        names = _names_in_text(asked.who)
        chosen: list[str] = []
        found: list[AttributedSentence] = []
        for hit in hits:
            article = hit.passage.article_id
            if article not in chosen:
                text = found_article(self._articles, article).text
                if len(chosen) == MAX_ARTICLES or not any(_mentions(text, name) for name in names):
                    continue
                chosen.append(article)
            for sentence in parse_passage(hit.passage).sentences:
                known = [each.probability for each in reading.candidates if _holds(each, article, sentence.span)]
                candidate = ScoredSentence(hit, sentence.span, max(known, default=0.0))
                found.append(self._attributed(asked, candidate))
        return found

    def _attributed(self, asked: SpeechQuestion | None, candidate: ScoredSentence) -> AttributedSentence:
        """Return a sentence with who said it, as far as the article shows."""
        article = found_article(self._articles, candidate.hit.passage.article_id)
        start, end = 0, len(article.text)
        if end > MAX_WHOLE:
            start = max(0, candidate.hit.passage.span.start - WINDOW)
            end = candidate.hit.passage.span.end + WINDOW
        text = article.text[start:end]
        local = candidate.span.within(Span(start, end))
        found = speakers_of(text, local)
        outlet = candidate.hit.article.source
        verdicts = [(speaker_verdict(asked.who, each, outlet), each) for each in found] if asked else []
        telling = [each for wanted in _TELLING for each in verdicts if each[0] is wanted]
        verdict, attribution = telling[0] if telling else (None, found[0] if found else None)
        if attribution is not None and (verdict is SpeakerVerdict.MATCH or asked is None):
            extended = with_source(text, local, attribution)
            candidate = replace(candidate, span=Span(extended.start + start, extended.end + start))
        told = candidate.hit.passage.text_of(candidate.span)
        if asked and verdict is None and says_plainly(surname(asked.who), told) and not _is_namesake(asked.who, told):
            verdict = SpeakerVerdict.MATCH
        if asked and verdict is SpeakerVerdict.MATCH and _lacks_company(asked.who, told):
            verdict = None
        topic = _topic_share(asked.topic, candidate) if asked else 1.0
        return AttributedSentence(candidate, verdict, attribution, topic)

    # "According to Y, …"

    def _according_to(self, question: str, asked: SpeechQuestion, reading: ReaderResult) -> ReaderResult:
        """Return the reading with the source's sentences first, of those the ones that give what is asked for.

        Somebody else's words are no answer, and the source's without what is asked for may be one at most.
        """
        attributed = [self._attributed(asked, each) for each in reading.candidates[: 2 * MAX_SENTENCES]]
        theirs = [
            each.candidate
            for each in attributed
            if each.verdict is SpeakerVerdict.MATCH or _is_source(asked.who, each.candidate.hit)
        ]
        others = [each.candidate for each in attributed if each.verdict is SpeakerVerdict.OTHER]
        if not theirs:
            answers = 0 if attributed[0].candidate in others else reading.answers
            doubt = _NOT_ATTRIBUTED if answers else _SOMEBODY_ELSE
            return replace(reading, answers=min(answers, 1), possibly=answers > 0, doubts=(doubt, *reading.doubts))
        requirement = requirement_of(parse_question(question))
        given = [
            each for each in theirs if requirement is None or requirement.given_in(each.hit.passage.text_of(each.span))
        ]
        if requirement and not given:
            lacking = Doubt(f"gives {requirement.lack}", f"gives {requirement.wording}")
            known = lacking in reading.doubts
            reading = replace(
                reading,
                possibly=reading.answers > 0,
                doubts=reading.doubts if known else (lacking, *reading.doubts),
            )
        theirs.sort(key=lambda each: each not in given)
        places = {(each.hit.passage.article_id, each.span.start) for each in theirs}
        rest = [each for each in reading.candidates if (each.hit.passage.article_id, each.span.start) not in places]
        first = replace(theirs[0], probability=max(theirs[0].probability, reading.confidence))
        count = min(len(given) or 1, reading.answers)
        return replace(reading, candidates=(first, *theirs[1:], *rest), confidence=first.probability, answers=count)


def _off_topic(theirs: AttributedSentence, reading: ReaderResult) -> ReaderResult:
    """Return the reading with what the speaker says of something else as a sentence that may answer."""
    rest = [each for each in reading.candidates if not _same_place(each, theirs.candidate)]
    sure = max(theirs.candidate.probability, reading.confidence / 2)
    first = replace(theirs.candidate, probability=sure)
    return replace(
        reading,
        candidates=(first, *rest),
        confidence=sure,
        answers=min(reading.answers, 1),
        possibly=reading.answers > 0,
        doubts=(_OFF_TOPIC, *reading.doubts),
    )


def _acts(asked: SpeechQuestion, hits: Sequence[Hit], first: ScoredSentence) -> list[ScoredSentence]:
    """Return the sentence of an article that tells of the act asked for with the speaker named; none where none does.

    "After meeting with Obama, the White House announced the end of …" says what was announced, as no quotation does.
    """
    names = _names_in_text(asked.who)
    for hit in hits:
        if hit.passage.article_id != first.hit.passage.article_id:
            continue
        for each in parse_passage(hit.passage).sentences:
            if (
                asked.verb in each.terms
                and asked.topic <= each.terms
                and any(_mentions(each.text, name) for name in names)
            ):
                return [ScoredSentence(hit, each.span, first.probability)]
    return []


def _is_namesake(who: str, told: str) -> bool:
    """Return whether everybody of a surname in a text has another given name than the one asked for."""
    *given, last = who.split() or [""]
    if not given or not given[0][:1].isupper() or fold(given[0]).strip(".") in ROLES:
        return False
    found = re.findall(rf"(?:\b([A-Z][\w’'-]+)\s)?(?:[A-Z]\.\s)?\b{re.escape(last)}\b", told)
    others = [name for name in found if name and fold(name) not in ROLES]
    return bool(others) and len(others) == len(found) and not any(agree(f"{name} {last}", who) for name in others)


def _lacks_company(who: str, told: str) -> bool:
    """Return whether somebody is asked for by a post in a company that a sentence does not name: "Vell Foods' CEO".

    "The company's CEO" in an article about several companies may be another's.
    """
    company = company_of_post(who)
    return bool(company) and set(terms(company, keep_stop_words=False)).isdisjoint(terms(told))


def _terms_of(candidate: ScoredSentence) -> frozenset[str]:
    """Return the terms of the sentences that a candidate's characters overlap."""
    page = parse_passage(candidate.hit.passage)
    held = [each.terms for each in page.sentences if each.span.overlaps(candidate.span)]
    return frozenset[str]().union(*held)


def _named_in_full(asked: SpeechQuestion, found: list[AttributedSentence]) -> list[AttributedSentence]:
    """Return the sentences that name "the Chinese agency" in full, where any do: another agency shares its noun."""
    if asked.who.split()[-1:] and not asked.who.split()[-1][0].islower():
        return found
    who = term_set(read_words(asked.who, sentence=False))
    return [each for each in found if who <= _terms_of(each.candidate)] or found


def _is_further(asked: SpeechQuestion, first: ScoredSentence, other: ScoredSentence) -> bool:
    """Return whether a sentence after the first is of the topic itself, and said in the manner asked for.

    One of another article, which may be of another story, has to have most of the topic; without a topic it never is.
    """
    held = _terms_of(other)
    if asked.topic and asked.topic.isdisjoint(held):
        return False
    same = first.hit.passage.article_id == other.hit.passage.article_id
    if not same and len(asked.topic & held) <= MIN_TOPIC_SHARE * len(asked.topic):
        return False
    return not asked.verb or asked.verb in held or asked.verb not in _terms_of(first)


def _names_in_text(who: str) -> list[str]:
    """Return what an article may call a speaker: a surname, or "governor" and "gov."."""
    name = surname(who)
    titles = TITLES_OF_ROLE.get(fold(name), "").split("|") if fold(who).startswith("the ") else []
    return [name, *(f"{each}." for each in titles if each and each != name)]


def _mentions(text: str, name: str) -> bool:
    """Tell whether a folded name occurs in a text, in any case and with any diacritics."""
    plain, name = text.casefold().replace("’", "'"), name.replace("’", "'")  # O’Grady
    if not plain.isascii() and name not in plain:
        plain = _NOT_ASCII.sub(_without_combining, unicodedata.normalize("NFKD", plain))
    return name in plain


def _without_combining(found: re.Match[str]) -> str:
    return "".join(each for each in found.group() if not unicodedata.combining(each))


def _has(hit: Hit, report: PlacedStatement) -> bool:
    return hit.passage.article_id == report.article.id and hit.passage.span.overlaps(report.statement.span)


def _is_named(who: str) -> bool:
    """Tell whether a source is named: Reed, the Pentagon; not "a new study", which articles give as their own."""
    return not re.match(r"(?:an?|new|the (?:latest|new)|recent)\b", who, re.IGNORECASE) and any(
        word[0].isupper() for word in who.split()
    )


def _is_source(who: str, hit: Hit) -> bool:
    return bool(hit.article.source) and re.sub(r"^the ", "", who.casefold()) in hit.article.source.casefold()


def speakers_of(text: str, sentence: Span) -> list[Attribution]:
    """Return the speakers of a sentence: of the quotations that overlap it, else of its indirect speech."""
    found = [
        attribute(text, quotation.content_span)
        for quotation in quotations_of(text)
        if quotation.kind.is_speech and quotation.content_span.overlaps(sentence)
    ]
    reported = None if found else reported_by(text, sentence)
    return [*found, *([reported] if reported else [])]


def _sentences_of(text: str, span: Span) -> Span:
    """Return the sentences that hold a span, within its paragraph."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    held = [each for each in sentences(text, Span(start, end if end >= 0 else len(text))) if each.overlaps(span)]
    return Span(min(held[0].start, span.start), max(held[-1].end, span.end)) if held else span


def with_source(text: str, span: Span, found: Attribution) -> Span:
    """Return a span extended to the sentence that names the speaker, and from a pronoun to the name it stands for."""
    source = found.sentence
    joined = Span(min(span.start, source.start), max(span.end, source.end))
    if len(joined) > MAX_EXCERPT_CHARACTERS:
        joined = span
    if found.kind is SpeakerKind.PERSON and found.name:
        name = re.compile(rf"\b{re.escape(surname(found.name))}\b", re.IGNORECASE)
        if not name.search(joined.of(text)):
            earliest = max(0, joined.end - MAX_EXCERPT_CHARACTERS)
            named = [each.start() for each in name.finditer(text, earliest, joined.start)]
            if named:
                joined = Span(_sentences_of(text, Span(named[-1], named[-1] + 1)).start, joined.end)
    return joined


def _topic_share(topic: frozenset[str], candidate: ScoredSentence) -> float:
    """Return the share of a topic's terms in a sentence and its neighbours; those of the passage count half."""
    if not topic:
        return 1.0
    page = parse_passage(candidate.hit.passage)
    places = [number for number, each in enumerate(page.sentences) if each.span.overlaps(candidate.span)]
    near = frozenset[str]()
    if places:
        near = near.union(*(each.terms for each in page.sentences[max(0, places[0] - 1) : places[-1] + 2]))
    spelt = frozenset(map(american_term, near))
    held = {term for term in topic if term in near or american_term(term) in spelt}
    weak = len((topic & page.terms) - held)
    return (len(held) + _WEAK_TOPIC_WEIGHT * weak) / len(topic)


def _holds(candidate: ScoredSentence, article: str, span: Span) -> bool:
    return candidate.hit.passage.article_id == article and candidate.span.overlaps(span)


def _same_place(one: ScoredSentence, other: ScoredSentence) -> bool:
    return _holds(one, other.hit.passage.article_id, other.span)
