"""The collection: how many articles, from when, which outlets and authors, and who reported a topic first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer
from bot.composition.collection_question import (
    EVERYTHING,
    Aspect,
    CollectionQuestion,
    Makers,
    parse_collection_question,
)
from bot.composition.conversation_topic import asks_of_story
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.frequent_names import FrequentNames
from bot.composition.quotable import QuotableSentence, article_hits, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.topic_search import MAX_APART, TopicSearcher
from bot.render.phrases import READ_NOTE, counted, filter_words
from bot.render.sources import author_of, headline_of, opinion
from retrieval.articles import ArticleInfo, Filters
from retrieval.store import rows
from retrieval.store.library import Library
from retrieval.text.analyzer import fold, terms, words
from retrieval.text.sanitize import line
from retrieval.text.tokens import content_terms, read_words

MAX_LISTED = 12
"""Articles, outlets or authors that an answer lists."""
MAX_QUOTED = 4
"""Articles of which a sentence is quoted."""
MAX_NEWEST = 5
"""Articles of one day that are listed as the newest."""
MAX_LEADING = 6
"""Sentences at the beginning of an article of which one is quoted where no topic is asked for."""
MAX_NAMES = 10
"""Names or words of each kind that an answer lists."""
MIN_COVERED = 0.4
"""Share of an article's passages that mention a topic from which it covers it, whatever its title and beginning say."""
MAX_NAMED = 3
"""Words of a topic that an article has to mention; of more, the articles nearest to it are about it, too."""
MAX_NEXT = 3
"""Articles named beside the newest or oldest about a topic."""
MAX_STORIES = 2
"""Articles of the last answer whose story others may tell."""
MAX_READ = 200
"""Articles whose beginning is read for whether they cover a topic, or mention it in passing."""
MAX_COMPARED = 2_000
"""Reports that are compared with one another, to tell copies apart: about a second."""
CACHED_TITLES = 200_000
"""Titles and days of articles that are kept as they are compared: of more, each question would make them anew."""
METHOD = "Counted from the articles' titles, outlets, authors, dates and words."


_OF_COVERAGE = frozenset({Aspect.OUTLETS, Aspect.FIRST_REPORT})
"""Aspects that are of reports on a topic: what only mentions it does not count."""


@dataclass(frozen=True, slots=True)
class _Selection:
    """The articles that a question is about.

    Attributes:
        articles: They, newest first, undated last.
        among: How many the person's own filters leave.
        of: How many of these are of the outlets, authors and days that are asked for.
        passages: In how many passages each mentions the topic, by id; empty without a topic.
        apart: Whether they only have the topic's words in one passage.
        about: Whether some are those that search finds about the topic, in other words.
        reworded: Whether others tell of it in other words beside those that mention it.
        passing: How many others only mention the topic in passing.
    """

    articles: tuple[ArticleInfo, ...]
    among: int
    of: int
    passages: Mapping[str, int]
    apart: bool = False
    about: bool = False
    reworded: bool = False
    passing: int = 0

    @property
    def dated(self) -> list[ArticleInfo]:
        """Those with a date, newest first."""
        return [each for each in self.articles if _day(each)]


@dataclass(frozen=True, slots=True)
class _AboutTopic:
    """The articles about a topic.

    Attributes:
        passages: In how many passages each is, by id.
        other_words: The ids of those that do not mention it.
        apart: Whether the others only have its words in one passage.
        nearest: Whether some are only those that search finds about it.
    """

    passages: Mapping[str, int] = field(default_factory=dict)
    other_words: frozenset[str] = frozenset()
    apart: bool = False
    nearest: bool = False


class CollectionComposer:
    """Answers questions about the articles themselves.

    Args:
        topics: Finds what mentions a topic.
        library: The articles.
        clock: The day against which dates of questions are read.
        names: Counts the names that articles mention.
    """

    def __init__(self, topics: TopicSearcher, library: Library, clock: QuestionClock, names: FrequentNames) -> None:
        self._topics = topics
        self._library = library
        self._clock = clock
        self._names = names
        self._answers: dict[Aspect, Callable[[AnswerDraft, CollectionQuestion, _Selection], None]] = {
            Aspect.COUNT: self._count,
            Aspect.SIZE: self._size,
            Aspect.UPDATED: self._updated,
            Aspect.DATES: self._dates,
            Aspect.NEWEST: self._newest,
            Aspect.OLDEST: self._oldest,
            Aspect.OUTLETS: self._outlets,
            Aspect.FIRST_REPORT: self._first_report,
            Aspect.AUTHORS: self._authors,
            Aspect.NAMES: self._frequent,
            Aspect.EXISTENCE: self._listing,
            Aspect.LISTING: self._listing,
            Aspect.OPINION: self._listing,
            Aspect.LONGEST: self._by_length,
            Aspect.SHORTEST: self._by_length,
            Aspect.CONTENTS: self._contents,
        }

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the answer; None where it is no question about the articles."""
        everything = self._library.articles()
        makers = Makers(
            (source for source in dict.fromkeys(each.source for each in everything) if source),
            (each.author for each in {each.author: each for each in everything}.values() if _names_author(each)),
        )
        asked = parse_collection_question(request.standalone, makers, self._clock.anchor(), topic=request.topic)
        if asked is None:
            return None
        own = request.searched.filters
        left = self._library.articles(own) if own else everything
        if asked.aspect is Aspect.LANGUAGE:
            return composed_abstention(request, "The language of an article is not recorded.")
        if asked.unknown:
            return composed_abstention(request, _unknown(asked.unknown.name, asked.unknown.nearest))
        selection = self._select(asked, left, self._same_story(request))
        asked = replace(asked, apart=selection.apart, about=selection.about, reworded=selection.reworded)
        if not selection.articles and asked.aspect not in {Aspect.COUNT, Aspect.SIZE}:
            return composed_abstention(request, self._nothing(asked, selection, own))
        draft = AnswerDraft(self._library, request)
        self._answers[asked.aspect](draft, asked, selection)
        limits = f"The filters {filter_words(own)} leave {counted(selection.among, 'article')}." if own else ""
        return draft.answer(METHOD, remarks=[*asked.remarks, limits])

    def _same_story(self, request: CompositionRequest) -> dict[str, int]:
        """Return in how many passages articles tell the story of the last answer, by id, where it is asked of."""
        answered = (turn for turn in reversed(request.history) if turn.places and not turn.abstained)
        last = next(answered, None) if asks_of_story(request.question) else None
        cited = list(dict.fromkeys(place.article_id for place in last.places))[:MAX_STORIES] if last else []
        found: dict[str, int] = {}
        for key, info in self._library.infos(cited).items():
            found |= {key: info.passages, **self._topics.in_other_words(info.title)}
        return found

    def _select(self, asked: CollectionQuestion, left: Sequence[ArticleInfo], story: Mapping[str, int]) -> _Selection:
        filters = asked.filters
        found = list(left)
        if filters:
            allowed = set(self._library.article_ids(replace(filters, authors=())))
            found = [each for each in found if each.id in allowed and _is_by(each, filters.authors)]
        if asked.lacking:
            found = [each for each in found if not _has(each, asked.lacking)]
        if asked.aspect is Aspect.OPINION:
            found = [each for each in found if opinion(each)]
        of = len(found)
        about = self._about(asked, story) if asked.topic else _AboutTopic()
        if asked.topic:
            found = [each for each in found if each.id in about.passages]
        found.sort(key=lambda each: each.published, reverse=True)
        mentioning = len(found)
        if asked.topic and asked.aspect in _OF_COVERAGE and len(found) <= MAX_READ:
            found = [each for each in found if self._covers(asked.topic, each, about)] or found
        reworded = not about.other_words.isdisjoint([each.id for each in found] or about.passages)
        return _Selection(
            tuple(found),
            len(left),
            of,
            about.passages,
            about.apart,
            about.nearest,
            reworded and not about.nearest,
            mentioning - len(found),
        )

    def _about(self, asked: CollectionQuestion, story: Mapping[str, int]) -> _AboutTopic:
        """Return which articles mention the topic of a question, and tell the same story or of it in other words."""
        others = {} if asked.aspect is Aspect.COUNT else (story or self._topics.in_other_words(asked.topic))
        passages = self._topics.mentions(asked.topic, MAX_APART)
        apart = nearest = False
        if not passages and (passages := self._topics.mentions(asked.topic)):
            apart = True
        elif not passages or len(content_terms(asked.topic)) > MAX_NAMED:
            near = others if story and others else self._near(asked.topic)
            nearest = not near.keys() <= passages.keys()
            passages = {**near, **passages}
        return _AboutTopic({**others, **passages}, frozenset(others.keys() - passages.keys()), apart, nearest)

    def _near(self, topic: str) -> dict[str, int]:
        """Return in how many passages each of the articles nearest to a topic is about it, by id.

        None where a word of the topic is in no article.
        """
        found = self._topics.find(topic)
        near = {hit.article.id for hit in found.nearest}
        return {} if found.unknown else dict(Counter(hit.article.id for hit in found.hits if hit.article.id in near))

    def _covers(self, topic: str, article: ArticleInfo, about: _AboutTopic) -> bool:
        """Return whether an article is about a topic: in other words, by its title, beginning, or much of its text."""
        wanted = content_terms(topic)
        if article.id in about.other_words or _is_in_title(wanted, article):
            return True
        if about.passages[article.id] >= max(2, MIN_COVERED * article.passages):
            return True
        first = next(iter(self._library.passages_of(article.id)), None)
        return first is not None and set(wanted) <= set(terms(first.text))

    # What is said

    def _count(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        if not _limited(asked):
            self._size(draft, asked, found)
            return
        draft.note(_counted_of(asked, found) if found.articles else self._nothing(asked, found, EVERYTHING))
        self._list(draft, asked, found)

    def _size(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        if _limited(asked):
            self._count(draft, asked, found)
            return
        outlets = len(_outlets(found.articles))
        passages = sum(each.passages for each in found.articles)
        text = f"{counted(len(found.articles), 'article')} in {counted(passages, 'passage')}"
        if found.among == (counts := self._library.counts()).articles:
            text += f", {counted(counts.words, 'word')}"
        draft.note(f"{text}.")
        draft.note(f"{_outlets_named(outlets)}; {_dates_in_words(found)}")
        draft.note("To list them: “onrecord articles”; the outlets: /sources.")

    def _updated(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        draft.note("When articles were added is not recorded; the newest of them are:")
        self._newest(draft, asked, found)

    def _dates(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        draft.note(f"{_counted_of(asked, found)} {_capital(_dates_in_words(found))}")
        dated = found.dated
        if not dated:
            return
        if asked.topic and len(found.articles) <= MAX_LISTED:
            self._list(draft, asked, found)
            return
        draft.note(f"Oldest: {headline_of(dated[-1])}")
        draft.note(f"Newest: {headline_of(dated[0])}")
        years = Counter(_day(each)[:4] for each in dated)
        if len(years) > 1:
            draft.note("By year: " + ", ".join(f"{year}: {years[year]:,}" for year in sorted(years)) + ".")

    def _newest(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        self._at_end(draft, asked, found, newest=True)

    def _oldest(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        self._at_end(draft, asked, found, newest=False)

    def _at_end(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection, *, newest: bool) -> None:
        dated = found.dated if newest else found.dated[::-1]
        which = "newest" if newest else "oldest"
        if not dated:
            draft.note(_none_of(asked, found, f"has a date: the {which} is not known", "has no date"))
            self._list(draft, asked, found)
            return
        same = [each for each in dated if _day(each) == _day(dated[0])]
        draft.note(
            f"The {which} of {_counted(asked, len(dated), 'dated article')}: {_day(dated[0])}"
            + (f", {counted(len(same), 'article')} of that day." if len(same) > 1 else ".")
        )
        self._quote_articles(draft, asked, same[:MAX_NEWEST])
        if len(same) > MAX_NEWEST:
            draft.note(f"And {counted(len(same) - MAX_NEWEST, 'more article')} of that day.")
        for each in dated[len(same) : len(same) + MAX_NEXT] if asked.topic else ():
            draft.note(f"{'Before' if newest else 'After'} that: {headline_of(each)}")
        if undated := len(found.articles) - len(dated):
            draft.note(f"{counted(undated, 'article')} without a date left out.")

    def _outlets(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        outlets = _outlets(found.articles)
        unnamed = sum(not each.source for each in found.articles)
        if not outlets:
            draft.note(_none_of(asked, found, "names its outlet", "does not name its outlet"))
            self._list(draft, asked, found)
            return
        draft.note(
            f"{counted(len(outlets), 'outlet')} in {_counted(asked, len(found.articles))}"
            + (", most articles first:" if len(outlets) > 1 else ":")
        )
        self._ranked(draft, outlets, "outlet")
        if unnamed:
            draft.note(f"{counted(unnamed, 'article')} without an outlet.")
        if asked.topic:
            self._reports(draft, asked, found, shown=MAX_LISTED // 4)
        else:
            draft.note("All of them: /sources.")

    def _authors(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        authors: dict[str, list[str]] = {}
        for each in found.articles:
            if _names_author(each):
                authors.setdefault(rows.fold(each.author), []).append(line(each.author))
        named = sum(len(each) for each in authors.values())
        if not authors:
            draft.note(_none_of(asked, found, "names its author", "does not name its author"))
            self._list(draft, asked, found)
            return
        draft.note(
            f"{counted(len(authors), 'byline')} in {_counted(asked, named)}"
            + (", most articles first:" if len(authors) > 1 else ":")
        )
        self._ranked(draft, Counter({names[0]: len(names) for names in authors.values()}), "byline")
        if without := len(found.articles) - named:
            draft.note(f"{counted(without, 'article')} without an author.")
        if asked.topic:
            ranked = _by_relevance(asked.topic, found.articles, found.passages)
            self._quote_articles(draft, asked, ranked[:MAX_QUOTED])

    def _first_report(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        if not asked.topic:
            self._oldest(draft, asked, found)
            return
        self._reports(draft, asked, found, shown=MAX_LISTED // 2)

    def _reports(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection, *, shown: int) -> None:
        """Say which dated articles came first and list the next ``shown``, copies of one report told apart."""
        is_compared = len(found.articles) <= MAX_COMPARED
        groups = self._independent(found.articles) if is_compared else {each.id: each.id for each in found.articles}
        copies = len(found.articles) - len(groups)
        dated = sorted((each for each in found.dated), key=lambda each: (_day(each), each.published))
        undated = len(found.articles) - len(dated)
        text = _counted_of(asked, found)
        if copies:
            text += f" {counted(len(groups), 'independent report')}; {copies:,} copied from them."
        if not is_compared:
            text += " Copies are not told apart in so many."
        draft.note(text)
        if not dated:
            draft.note("None of them has a date, so that none is known to be the first.")
            self._quote_articles(draft, asked, found.articles[:MAX_QUOTED])
            return
        first = [each for each in dated if _day(each) == _day(dated[0])]
        several = len({rows.fold(each.source) or each.id for each in first}) > 1
        draft.note(
            f"The earliest {'are' if len(first) > 1 else 'is'} of {_day(dated[0])}"
            + (": of the same day, so that none is known to be the first." if several else ".")
        )
        self._quote_articles(draft, asked, first[: MAX_QUOTED if several else 1])
        later = dated[len(first) :]
        for each in later[:shown]:
            draft.note(f"Then {headline_of(each)}{self._copy_of(each, groups)}")
        if len(later) > shown:
            draft.note(f"And {counted(len(later) - shown, 'later article')}.")
        if undated:
            draft.note(f"{counted(undated, 'article')} without a date may be earlier.")
        passing = (
            f" {counted(found.passing, 'more article')} only mention{'s' if found.passing == 1 else ''} it in passing."
            if found.passing
            else ""
        )
        near = ", or tells of it in others" if asked.reworded else ""
        draft.note(f"Only dates are compared; an article counts where it has the words{near}.{passing}")

    def _frequent(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        names = self._names.of({each.id for each in found.articles}, MAX_NAMES)
        draft.note(f"In {_counted(asked, len(found.articles))}, by the number of articles:")
        for label, counts in (("People", names.people), ("Places", names.places)):
            if counts:
                draft.note(f"{label}: " + ", ".join(f"{name} ({number:,})" for name, number in counts) + ".")
        words = _headline_words(found.articles)[:MAX_NAMES]
        if words:
            draft.note("Words of headlines: " + ", ".join(f"{word} ({number:,})" for word, number in words) + ".")
        if not names.people and not names.places and not words and asked.aspect is not Aspect.CONTENTS:
            self._list(draft, asked, found)
        if names.people:
            draft.note(
                "People are those whom articles quote, by their full names: /people or “onrecord people” lists all."
            )

    def _listing(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        lead = "Yes: " if asked.aspect is Aspect.EXISTENCE else ""
        draft.note(
            lead + (_counted_of(asked, found) if _limited(asked) else f"{counted(len(found.articles), 'article')}.")
        )
        self._list(draft, asked, found)

    def _by_length(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        longest = asked.aspect is Aspect.LONGEST
        ranked = sorted(found.articles, key=lambda each: each.characters, reverse=longest)[:MAX_NEWEST]
        draft.note(f"The {asked.aspect.value} of {_counted(asked, len(found.articles))}:")
        for each in ranked:
            draft.note(f"{headline_of(each)}: {counted(each.characters, 'character')}")
        self._quote_articles(draft, asked, ranked[:1])

    def _contents(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        if _limited(asked):
            self._listing(draft, asked, found)
            return
        self._size(draft, asked, found)
        self._frequent(draft, asked, found)
        if len(found.articles) <= MAX_LISTED:
            self._list(draft, asked, found)
        draft.note("For an overview of them: “summarise everything”.")

    # How it is laid out

    def _list(self, draft: AnswerDraft, asked: CollectionQuestion, found: _Selection) -> None:
        """List articles: those that mention a topic most with a sentence of it, the others by title."""
        articles = list(found.articles)
        quoted = 0
        if asked.topic and articles:
            ranked = _by_relevance(asked.topic, articles, found.passages)
            quoted = self._quote_articles(draft, asked, ranked[:MAX_QUOTED])
            articles = ranked[quoted:]
        elif len(articles) == 1:  # so that "what's that one about?" has it
            quoted = self._quote_articles(draft, asked, articles)
            articles = []
        rest = articles[: MAX_LISTED - quoted]
        if rest:
            draft.heading("Also:" if quoted else "Newest first:" if len(rest) > 1 and _day(rest[0]) else "Titles:")
        for each in rest:
            draft.note(headline_of(each))
        if more := len(articles) - len(rest):
            draft.note(f"And {counted(more, 'more article')}.")
        if articles or quoted:
            draft.note(READ_NOTE)

    def _quote_articles(self, draft: AnswerDraft, asked: CollectionQuestion, articles: Iterable[ArticleInfo]) -> int:
        """Quote of each article the first sentence on the topic under its title; return how many were quoted."""
        quoted = 0
        for each in articles:
            hits = article_hits(each, self._library.passages_of(each.id))
            draft.heading(_bylined(each) if asked.aspect is Aspect.AUTHORS else headline_of(each))
            quoted += 1
            topic = "" if asked.about else asked.topic  # in other words, no sentence tells of it
            sentences = quotable_sentences(hits)
            chosen = _telling(sentences, topic, each.title)
            if chosen is None and asked.reworded:
                chosen = _telling(sentences, "", each.title)
            if chosen:
                draft.quote(chosen.hit, chosen.span)
            elif topic:
                draft.note("It has the words in a list, table or heading only.")
        return quoted

    def _ranked(self, draft: AnswerDraft, counts: Mapping[str, int], noun: str) -> None:
        ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0].casefold()))
        for name, number in ranked[:MAX_LISTED]:
            draft.note(f"{name}: {counted(number, 'article')}")
        if rest := ranked[MAX_LISTED:]:
            draft.note(f"And {counted(len(rest), f'more {noun}')} with {counted(sum(n for _, n in rest), 'article')}.")

    def _independent(self, articles: Sequence[ArticleInfo]) -> dict[str, str]:
        """Return, by the id of each article that is no copy of an earlier one, its id; copies are left out."""
        copies = self._library.near_duplicates_among([each.id for each in articles])
        kept: dict[str, str] = {}
        for each in sorted(articles, key=lambda each: (not _day(each), each.published, each.origin)):
            if not any(other.id in kept for other in copies.get(each.id, ())):
                kept[each.id] = each.id
        return kept

    def _copy_of(self, article: ArticleInfo, independent: Collection[str]) -> str:
        return "" if article.id in independent else " (a copy of an earlier one)"

    def _nothing(self, asked: CollectionQuestion, found: _Selection, own: Filters) -> str:
        limits = f" with the filters {filter_words(own)}" if own else ""
        if not found.of and asked.lacking:
            return f"Every article has {_with_article(asked.lacking)}{limits}."
        rest = replace(asked, topic="")
        if not found.of:
            return f"There is no article{_described(rest)}{limits}."
        text = f"None of {counted(found.of, 'article')}{_described(rest)} {_mention(asked, one=True)}{limits}."
        if unknown := self._topics.unknown(asked.topic):
            return f"{text} No article has the word{'s' if len(unknown) > 1 else ''} {_listed(unknown)}."
        if others := len(found.passages):
            return f"{text} {counted(others, 'other article')} {'does' if others == 1 else 'do'}."
        nearest = [line(each.title) for each in self._topics.find(asked.topic, own).articles[:3] if each.title]
        return f"{text} Nearest: {_listed(nearest)}." if nearest else text


def _limited(asked: CollectionQuestion) -> bool:
    return bool(asked.topic or asked.filters or asked.lacking or asked.aspect is Aspect.OPINION)


def _counted(asked: CollectionQuestion, number: int, noun: str = "article") -> str:
    """Return "2 articles of 2017 that mention “Niger”"."""
    return f"{counted(number, noun)}{_described(asked, one=number == 1)}"


def _described(asked: CollectionQuestion, *, one: bool = False) -> str:
    """Return what the articles of a question, or the ``one``, are: " from CNN of 2017 that mention “Niger”"."""
    filters = asked.filters
    makers = asked.named
    text = ""
    if makers:
        text += f" {'from' if filters.sources else 'by'} {_listed(makers, quote=False)}"
    if days := _days(filters):
        text += f" dated {days}"
    if asked.lacking:
        text += f" without {_with_article(asked.lacking)}"
    if asked.topic:
        text += f" that {_mention(asked, one=one)}"
    return text


def _mention(asked: CollectionQuestion, *, one: bool = False) -> str:
    """Return what articles do with a topic: "mention “Niger”", or have its words apart."""
    if asked.about:
        return f"{'is' if one else 'are'} about “{asked.topic}”"
    if asked.reworded:
        return (
            f"{'mentions' if one else 'mention'} “{asked.topic}” or {'tells' if one else 'tell'} of it in other words"
        )
    if asked.apart:
        return f"{'has' if one else 'have'} the words of “{asked.topic}” apart, in one passage"
    return f"{'mentions' if one else 'mention'} “{asked.topic}”"


def _days(filters: Filters) -> str:
    """Return "2017", "2017-03-01", "2017-03-01 to 2017-03-31", "since 2017-03-01"; nothing without a date."""
    first, last = filters.since, filters.until
    if not (first and last):
        return f"since {first}" if first else f"until {last}" if last else ""
    if first == last:
        return first
    return first[:4] if (first, last) == (f"{first[:4]}-01-01", f"{first[:4]}-12-31") else f"{first} to {last}"


def _counted_of(asked: CollectionQuestion, found: _Selection) -> str:
    """Return how many articles there are: "16 of 684 articles mention “Niger”, 3 of them in the headline."."""
    number = len(found.articles)
    if not _limited(asked):
        return f"{counted(number, 'article')}."
    kept = replace(asked, topic="")
    said = f"{number:,} of {counted(found.among, 'article')}"
    if asked.aspect is Aspect.OPINION and not asked.topic:
        return f"{said}{_described(kept)} {'is marked' if number == 1 else 'are marked'} as opinion."
    if not asked.topic:
        return f"{said} {'is' if number == 1 else 'are'}{_described(kept)}."
    if _limited(kept):
        said = f"{counted(number, 'article')}{_described(kept)}"
    text = f"{said} {_mention(asked, one=number == 1)}"
    wanted = content_terms(asked.topic)
    titled = sum(_is_in_title(wanted, each) for each in found.articles)
    if not titled:
        return f"{text}."
    return f"{text}, in its headline." if number == 1 else f"{text}, {titled:,} of them in the headline."


def _none_of(asked: CollectionQuestion, found: _Selection, none: str, the_one: str) -> str:
    """Return "None of 3 articles about it names its author." or "The one article … does not name its author."."""
    number = len(found.articles)
    if number > 1:
        return f"None of {counted(number, 'article')}{_described(asked)} {none}."
    return f"The one article{_described(asked, one=True)} {the_one}."


def _is_in_title(wanted: Collection[str], article: ArticleInfo) -> bool:
    """Return whether the title of an article has all the terms of a topic."""
    return bool(wanted) and _title_terms(article.title).issuperset(wanted)


@lru_cache(maxsize=CACHED_TITLES)
def _title_terms(title: str) -> frozenset[str]:
    return frozenset(word.term for word in read_words(title) if not word.stop)


def _by_relevance(topic: str, articles: Iterable[ArticleInfo], passages: Mapping[str, int]) -> list[ArticleInfo]:
    """Return articles by whether their title has the topic, then by in how many passages they mention it."""
    wanted = content_terms(topic)
    return sorted(articles, key=lambda each: (not _is_in_title(wanted, each), -passages.get(each.id, 0)))


def _telling(sentences: Sequence[QuotableSentence], topic: str, title: str) -> QuotableSentence | None:
    """Return the first sentence with most of the topic's terms, or with most of the title's among the first ones."""
    asked = set(content_terms(topic or title))
    written = {fold(word) for word in words(topic)}

    def closeness(each: QuotableSentence) -> tuple[int, int]:
        same = written.intersection(fold(word) for word in words(each.text)) if topic else ()
        return len(asked & each.sentence.terms), len(same)

    best = max(sentences if topic else sentences[:MAX_LEADING], key=closeness, default=None)
    return None if best and topic and not closeness(best)[0] else best


def _is_by(article: ArticleInfo, authors: Sequence[str]) -> bool:
    folded = rows.fold(article.author)
    return not authors or any(re.search(rf"(?<!\w){re.escape(rows.fold(author))}(?!\w)", folded) for author in authors)


def _names_author(article: ArticleInfo) -> bool:
    return bool(author_of(article))


def _has(article: ArticleInfo, what: str) -> bool:
    """Return whether an article has a date, an author or an outlet."""
    return bool({"date": _day(article), "author": _names_author(article), "outlet": article.source}[what])


def _outlets(articles: Iterable[ArticleInfo]) -> Counter[str]:
    """Return the outlets with their numbers of articles, ignoring case, by the name that sorts last."""
    named: dict[str, list[str]] = {}
    for each in articles:
        if each.source:
            named.setdefault(rows.fold(each.source), []).append(each.source)
    return Counter({line(max(names)): len(names) for names in named.values()})


def _outlets_named(number: int) -> str:
    return f"From {counted(number, 'outlet')}" if number else "No outlet is named"


def _dates_in_words(found: _Selection) -> str:
    """Return "dated 2012-06-03 to 2020-07-17; 76 have no date."."""
    dated = found.dated
    undated = len(found.articles) - len(dated)
    if not dated:
        return "none has a date."
    first, last = _day(dated[-1]), _day(dated[0])
    text = f"dated {first}" + (f" to {last}" if last != first else "")
    return text + (f"; {undated:,} without a date." if undated else ".")


def _headline_words(articles: Iterable[ArticleInfo]) -> list[tuple[str, int]]:
    """Return the words of most headlines, as they are written most often, each with its number of headlines."""
    written: dict[str, Counter[str]] = {}
    for each in articles:
        words: dict[str, str] = {}
        for word in re.findall(r"[^\W\d_][\w’'-]*", each.title):
            for term in terms(word, keep_stop_words=False)[:1]:
                words.setdefault(term, re.sub(r"[’']s$", "", word))
        for term, word in words.items():
            written.setdefault(term, Counter())[word] += 1
    counts = [(spellings.most_common(1)[0][0], spellings.total()) for spellings in written.values()]
    return sorted((each for each in counts if each[1] > 1 and len(each[0]) > 2), key=lambda each: (-each[1], each[0]))


def _bylined(article: ArticleInfo) -> str:
    """Return "Title — outlet, date, by author"."""
    return f"{headline_of(article)}, by {line(article.author)}" if _names_author(article) else headline_of(article)


def _day(article: ArticleInfo) -> str:
    return _day_of(article.published)


@lru_cache(maxsize=CACHED_TITLES)
def _day_of(published: str) -> str:
    return rows.day(published) if line(published)[:10] else ""


def _unknown(name: str, nearest: Sequence[str]) -> str:
    return f"No article has an outlet or author called “{name}”." + (
        f" The nearest: {_listed(nearest)}." if nearest else ""
    )


def _listed(names: Sequence[str], *, quote: bool = True) -> str:
    shown = [f"“{line(name)}”" if quote else line(name) for name in names]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
