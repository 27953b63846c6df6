"""Questions about the last answer: its article, author and date, whether it is opinion, and how sure it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from bot.answers import Answer
from bot.composition.claim_assessment import assessments
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.event_date import EventDate, event_date
from bot.composition.request import CompositionRequest
from bot.composition.spoken_source import SpokenSource, spoken_source
from bot.composition.topic_search import TopicSearcher
from bot.conversation.store import CitedPlace, Turn
from bot.render.phrases import counted, likelihood
from bot.render.sources import also_in, author_of, day_of, details_of, opinion, title_of
from retrieval.articles import ArticleInfo, Hit, Span
from retrieval.errors import InputError
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.date_intervals import date_of
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, NEGATED_AUXILIARIES, SUBJECT_PRONOUNS, THIRD_PERSON, alternation
from retrieval.text.number_words import ORDINALS
from retrieval.text.sanitize import line
from retrieval.text.time_expressions import time_expressions

METHOD = "Read from the entries of the articles that the last answer cites, and from how it was chosen."
MAX_ARTICLES = 5
"""Articles of the last answer of which something is said; more are counted."""
MAX_SPOKEN = 3
"""Sentences of the last answer whose speakers are named."""
MAX_OTHERS = 5
"""Other articles about the same that are named."""


_SUBJECT = alternation(SUBJECT_PRONOUNS & THIRD_PERSON)


class _Aspect(Enum):
    """What is asked about an answer: the first whose words a question has."""

    EVENT_DATE = r"^\W*(?:and\W+)?when\b(?:(?!publish|writ|post|report|print|updat|dated).)*$"
    SPEAKER = (
        r"\bwho\b.{0,20}\b(?:says?|said|claim(?:s|ed)?|is saying)\b|says who|according to who|whose words"
        r"|\bwho(?:['’]s| (?:is|was)) (?:that|this|it) from"
    )
    CONFIRMATION = r"how many|\bother\b|\banother\b|\belse\b|anyone|anybody|anything"
    ENTRY = r"\b(?:who|whom|author)\b.*\b(?:when|date)\b|\b(?:when|date)\b.*\b(?:who|whom|author)\b"
    AUTHOR = r"\bwho\b|\bwhom?\b|author|byline|writer|written by"
    ORDER = r"\b(?:newe(?:st|r)|latest|most recent|old(?:est|er)|earliest)\b"
    GENRE = (
        r"opinion|op-?ed|editorial|column|comment|analysis|\bnews (?:article|story|piece|report)|blog|review|release"
        r"|satire"
    )
    DATE = r"\bwhen\b|\bdate\b|dated|\bold\b|recent|current|up.to.date|outdated|out of date|\bday\b|\byear\b|\bnew\b"
    TRUTH = (
        rf"\b(?:{alternation(BE | NEGATED_AUXILIARIES)}) (?:{_SUBJECT}|this|that|these|those|what \w+ said)"
        r"(?: \w+){0,2} (?:true|right|correct|accurate|false|wrong|a lie|lying|telling the truth|debunked|refuted"
        r"|denied)\b"
        rf"|\b(?:did|does) (?:{_SUBJECT}) (?:lie|tell the truth)\b|\btruth to\b"
    )
    SURENESS = (
        r"\bsure\b|certain|confident|positive|serious|true|right|correct|accurate|reliab|trust|verif|confirm|\bknow\b"
        r"|believe|says who|who says|really|wrong|false|fake|proof|prove|evidence|make (?:that|this|it) up|guess|fact"
        r"|rumou?r|speculation|likely|\bis it$|basis|based on|legit|quote|verbatim|exact|paraphrase|rely|cite|real"
    )
    ARTICLE = r""


_NUMBERED = LazyPattern(
    rf"#?\[?\b(?P<figure>\d{{1,2}})\b\]?|\bthe (?P<ordinal>{alternation(ORDINALS)}|last)\b", re.IGNORECASE
)
_ONE_OF = LazyPattern(r"\bthe (?P<which>(?:\S+ ){1,4})one\b", re.IGNORECASE)
"""An article by its outlet, author or title: "the National Review one"."""
MAX_TURNS_BACK = 4
"""Turns back to the answer that cites it."""
_OLDEST = LazyPattern(r"\b(?:old(?:est|er)|earliest)\b", re.IGNORECASE)
_SHOWN = LazyPattern(r"\b(?:show|open|see|read|view|link)\b", re.IGNORECASE)


class LastAnswerComposer:
    """Answers questions about the last answer.

    Args:
        topics: Finds other articles about the same.
        library: The library that the answer cites.
    """

    def __init__(self, topics: TopicSearcher, library: Library) -> None:
        self._topics = topics
        self._library = library
        self._say: Mapping[_Aspect, Callable[[ArticleInfo], str]] = {
            _Aspect.AUTHOR: _author,
            _Aspect.ENTRY: lambda info: f"{_author(info)} {_date(info)}",
            _Aspect.DATE: _date,
            _Aspect.ORDER: _date,
            _Aspect.EVENT_DATE: lambda _: "",
            _Aspect.GENRE: _genre,
        }

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the answer; None before the first answer.

        Raises:
            OnrecordError: The store or the model cannot be used.
            ArticleReplaced: An article left the library since it was read.
        """
        if not request.history:
            return None
        turn = next((turn for turn in reversed(request.history) if turn.places), request.history[-1])
        turn, places = self._of_one(request) or (turn, _asked_for(request.question, turn.places))
        if not places:
            return composed_abstention(request, _uncited(turn))
        draft = AnswerDraft(self._library, request)
        aspect = next(each for each in _Aspect if re.search(each.value, request.question, re.IGNORECASE))
        if aspect is _Aspect.SPEAKER:
            self._speakers(draft, places)
            return draft.answer(METHOD) if draft.citations else None
        if aspect is _Aspect.TRUTH and self._assessed(draft, turn, places):
            return draft.answer(METHOD)
        if aspect is _Aspect.ORDER:
            places = self._in_order(places, newest=_OLDEST.search(request.question) is None)
        elif aspect is _Aspect.EVENT_DATE:
            places = tuple(each for each in places if dated_event(each.quote, None)) or places
        if turn is not request.history[-1] and not request.history[-1].places:
            draft.note(f"The last answer cites nothing; this is about the one to “{line(turn.standalone_question)}”.")
        self._lead(draft, aspect, request, turn, places)
        if aspect is _Aspect.ORDER:
            places = tuple(each for each in places if each.article_id == places[0].article_id)
        gone = self._articles(draft, aspect, places)
        if _SHOWN.search(request.question):
            draft.note("In the terminal, /open 1 shows a sentence in its article.")
        if gone:
            draft.note(f"{counted(gone, 'article')} of the last answer left the collection since.")
        if not draft.citations:
            return composed_abstention(request, "The articles of the last answer left the collection since.")
        return draft.answer(METHOD)

    def _lead(
        self,
        draft: AnswerDraft,
        aspect: _Aspect,
        request: CompositionRequest,
        turn: Turn,
        places: Sequence[CitedPlace],
    ) -> None:
        """Say what is true of the answer as a whole."""
        if turn.abstained:
            draft.note(
                f"The last answer asserted nothing ({turn.answer.rstrip('.')}); these are the nearest sentences."
            )
        elif aspect is _Aspect.SURENESS:
            draft.note(_sureness(turn, len(places)))
        elif aspect is _Aspect.ORDER:
            self._ordered(draft, request, places)
        elif aspect is _Aspect.CONFIRMATION:
            self._others(draft, request, turn, places)

    def _speakers(self, draft: AnswerDraft, places: Sequence[CitedPlace]) -> None:
        """Say whom the articles name as the speaker of each cited sentence, with the words that name them."""
        told: list[tuple[str, ArticleInfo, tuple[Span, ...]]] = []
        for place in places:
            try:
                article, info = self._library.article(place.article_id), self._library.info(place.article_id)
            except InputError:  # it left the library since
                continue
            found = spoken_source(article.text, place.span)
            spans = (found.span,) if found and found.own else (place.span, found.span) if found else (place.span,)
            told.append((_spoken(found, info), info, spans))
        told.sort(key=lambda each: each[0].startswith(_OF_ARTICLE))
        for said, info in dict.fromkeys((said, info) for said, info, _ in told[:MAX_SPOKEN]):
            draft.note(f"{said} In {' · '.join([f'“{title_of(info)}”', *details_of(info)])}.")
            quoted = (span for words, of, spans in told[:MAX_SPOKEN] if (words, of) == (said, info) for span in spans)
            for span in quoted:
                if hit := self._hit(info, span):
                    draft.quote(hit, span)

    def _assessed(self, draft: AnswerDraft, turn: Turn, places: Sequence[CitedPlace]) -> bool:
        """Say what the articles say of whether the cited words are true; return False where that is not asked.

        Of what the articles say themselves, it is asked how sure the answer is.
        """
        told: list[tuple[Hit, Span]] = []
        spoken = False
        for article_id in list(dict.fromkeys(place.article_id for place in places))[:MAX_ARTICLES]:
            claims = [place.span for place in places if place.article_id == article_id]
            try:
                article, info = self._library.article(article_id), self._library.info(article_id)
            except InputError:  # it left the library since
                continue
            sources = [spoken_source(article.text, span) for span in claims]
            spoken = spoken or any(source is not None and source.own for source in sources)
            told += assessments(info, self._library.passages_of(article_id), claims, turn.standalone_question)
        if not told and not spoken:
            return False
        if told:
            draft.note("What the article says of whether it is true; beyond that, it was not checked:")
            for hit, span in told[:MAX_ARTICLES]:
                draft.quote(hit, span)
            return True
        draft.note(
            "The article gives it as somebody’s words; no sentence of it that says whether they are true was found,"
            " and that was not checked."
        )
        for place in places[:MAX_ARTICLES]:
            if cited := self._hit(self._library.info(place.article_id), place.span):
                draft.quote(cited, place.span)
        return True

    def _of_one(self, request: CompositionRequest) -> tuple[Turn, tuple[CitedPlace, ...]] | None:
        """Return the last turn that cites the article of an outlet, and its citations; None where none is asked for."""
        found = _ONE_OF.search(request.question)
        wanted = set(terms(found["which"])) if found else set[str]()
        for turn in reversed(request.history[-MAX_TURNS_BACK:]) if wanted else ():
            infos = self._library.infos([place.article_id for place in turn.places])
            told = {key: set(terms(f"{each.source} {each.author} {each.title}")) for key, each in infos.items()}
            places = tuple(place for place in turn.places if wanted <= told.get(place.article_id, set()))
            if places:
                return turn, places
        return None

    def _in_order(self, places: Sequence[CitedPlace], *, newest: bool) -> tuple[CitedPlace, ...]:
        """Return the places by the dates of their articles, those without one last."""
        infos = self._library.infos([place.article_id for place in places])
        days = {key: info.published for key, info in infos.items() if info.published}
        dated = sorted(
            (each for each in places if each.article_id in days), key=lambda each: days[each.article_id], reverse=newest
        )
        return (*dated, *(each for each in places if each.article_id not in days))

    def _ordered(self, draft: AnswerDraft, request: CompositionRequest, places: Sequence[CitedPlace]) -> None:
        """Say of how many articles the first is the newest or the oldest, and how many have no date."""
        infos = list(self._library.infos([place.article_id for place in places]).values())
        undated = sum(not info.published for info in infos)
        end = "oldest" if _OLDEST.search(request.question) else "newest"
        if undated == len(infos):
            draft.note(f"None of the {counted(len(infos), 'article')} of the last answer has a date.")
            return
        without = f" {counted(undated, 'article')} without a date left out." if undated else ""
        draft.note(f"The {end} of {counted(len(infos), 'article')} that the last answer cites.{without}")

    def _articles(self, draft: AnswerDraft, aspect: _Aspect, places: Sequence[CitedPlace]) -> int:
        """Say of each cited article what is asked, with its sentences; return how many left the library."""
        by_article: dict[str, list[CitedPlace]] = {}
        for place in places:
            by_article.setdefault(place.article_id, []).append(place)
        say = self._say.get(aspect, _article)
        gone = 0
        for article_id, cited in list(by_article.items())[:MAX_ARTICLES]:
            try:
                info = self._library.info(article_id)
            except InputError:
                gone += 1
                continue
            copies = self._library.near_duplicates(article_id)
            draft.heading(" · ".join([f"“{title_of(info)}”", *details_of(info)]))
            if said := say(info):
                draft.note(said + (f" ({also_in(copies)})" if copies and aspect is not _Aspect.AUTHOR else ""))
            for place in cited:
                hit = self._hit(info, place.span)
                if aspect is _Aspect.EVENT_DATE and (told := _told_day(place, info)):
                    draft.note(told)
                if hit:
                    draft.quote(hit, place.span)
        left = len(by_article) - MAX_ARTICLES
        if left > 0:
            draft.note(f"{counted(left, 'more article')} that the last answer cites: not shown here.")
        return gone

    def _hit(self, info: ArticleInfo, span: Span) -> Hit | None:
        passages = self._library.passages_of(info.id)
        found = next((each for each in passages if each.span.start <= span.start < each.span.end), None)
        return Hit(found, info, 1.0, 1) if found else None

    def _others(
        self, draft: AnswerDraft, request: CompositionRequest, turn: Turn, places: Sequence[CitedPlace]
    ) -> None:
        """Name the articles that have passages about the same, copies apart."""
        cited = {place.article_id for place in places}
        copies = {copy.id for each in cited for copy in self._library.near_duplicates(each)} - cited
        topic = turn.standalone_question
        found = self._topics.find(topic, request.searched.filters).articles
        others = [info for info in found if info.id not in cited | copies]
        copied = f" ({len(copies)} more {'is a copy' if len(copies) == 1 else 'are copies'})" if copies else ""
        draft.note(f"The last answer cites {counted(len(cited), 'article')}{copied}, below.")
        if not others:
            draft.note(f"No passage of another article was found to be as close to “{line(topic)}”.")
            return
        named = "; ".join(", ".join([f"“{title_of(info)}”", *details_of(info)]) for info in others[:MAX_OTHERS])
        more = len(others) - MAX_OTHERS
        draft.note(
            f"Passages about it, whether they say the same or not, are in {counted(len(others), 'other article')}:"
            f" {named}" + (f"; and {more} more." if more > 0 else ".")
        )


_OF_ARTICLE = "The article itself"


def _spoken(found: SpokenSource | None, info: ArticleInfo) -> str:
    """Say who a sentence is from: the speaker whom its article names, or else the article itself."""
    if found and found.own:
        return f"{found.name[0].upper()}{found.name[1:]}, to whom the article attributes it."
    if found and found.pronoun:
        return f"The article says only “{found.pronoun}”; the speaker whom it names before that is {found.name}."
    near = f" The speaker whom it names beside it is {found.name}." if found else ""
    return f"{_OF_ARTICLE}: it names no speaker for this.{near} {_author(info)}"


def dated_event(sentence: str, published: dt.date | None) -> EventDate | None:
    """Return when what a sentence tells happened; None where it gives no time of it."""
    return event_date(sentence, time_expressions(sentence, published), (), published)


def _told_day(place: CitedPlace, info: ArticleInfo) -> str:
    """Return the day that a sentence tells, with its words where they count from the day of the article."""
    told = dated_event(place.quote, date_of(info.published))
    if told is None:
        return f"The sentence gives no day; its article is of {day_of(info)}." if info.published else ""
    if told.interval is None:
        return f"{told.label}: the article is undated, so the day is not known."
    relative = not re.search(r"\d{4}", told.words) and info.published
    return f"“{told.words}” in an article of {day_of(info)}: {told.label}." if relative else f"{told.label}."


def _asked_for(question: str, places: Sequence[CitedPlace]) -> tuple[CitedPlace, ...]:
    """Return the citations that a question is about: those that it numbers, or all.

    Raises:
        InputError: The last answer has no citation of that number.
    """
    found = _NUMBERED.search(question)
    if found is None or not places or "%" in question:
        return tuple(places)
    word = (found["ordinal"] or "").lower()
    number = int(found["figure"]) if found["figure"] else places[-1].number if word == "last" else ORDINALS[word]
    asked = tuple(place for place in places if place.number == number)
    if not asked:
        raise InputError(f"the last answer has no citation {number}: it has 1 to {len(places)}")
    return asked


def _uncited(turn: Turn) -> str:
    if turn.abstained:
        return f"The last answer asserted nothing, and no sentence came near: {turn.answer}"
    return "The last answer cites no article: it was counted from the collection."


def _sureness(turn: Turn, cited: int) -> str:
    one = cited == 1
    words = (
        "the sentence below is quoted word for word" if one else f"the {cited} sentences below are quoted word for word"
    )
    judged = ""
    if turn.confidence is not None:
        judged = (
            f" That {'it answers' if one else 'they answer'} the question is {likelihood(turn.confidence)}"
            f" ({100 * turn.confidence:.0f} % by the program's estimate)."
        )
    sure = f"Not sure, it only may answer: {words}." if turn.possibly else f"Of the words, yes: {words}."
    return f"{sure}{judged} Whether the article is right was not checked."


def _article(info: ArticleInfo) -> str:
    return f"{_author(info)} At {line(info.url)}" if info.url else _author(info)


def _author(info: ArticleInfo) -> str:
    author = author_of(info)
    return f"By {author}." if author else "The article names no author."


def _date(info: ArticleInfo) -> str:
    return f"Published on {day_of(info)}." if info.published else "The article is undated."


def _genre(info: ArticleInfo) -> str:
    if opinion(info):
        return "An opinion piece, by its title, address, outlet or author."
    return "Nothing in its title, address, outlet or author calls it an opinion piece; its text was not judged."
