"""Conversation scope: the articles that a question without a name is about, and what is answered from them.

"How many people died?" after "Summarise the article about the helicopter crash" asks of that article first; so does
"How old was he?" after a fact that was answered from one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.question import parse_question
from bot.answering.question_words import content_words
from bot.answering.reader import CitableReader, Reader
from bot.answering.scope_reader import MIN_CONTENT, ScopeReader
from bot.answers import Answer, Citation, Doubt, QuestionKind, SearchScope
from bot.citations import ArticleReplaced, CopiesLookup, found_article
from bot.composition.question_kind import decide_kind
from bot.composition.topic_phrase import topic_phrase
from bot.conversation.read_more import with_sentences, without_shown
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Filters, Hit
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.search.query import WeightedQuery
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.places import PLACES
from retrieval.text.roles import is_office
from retrieval.text.tokens import read_words

MAX_TURNS_BACK = 12
"""Turns before the question in which the overview, timeline, comparison or list is sought."""
MAX_SCOPE_PASSAGES = 60
"""Passages of the articles that are read: all of four long articles."""
MIN_NAMED = 2
"""How often an article has each word of a topic that it tells of."""
MIN_TOPIC_HELD = 0.75
"""Share of the topic's terms that another article has to hold to be about it, too."""
SCOPE_REMARK = "Read as a question about the articles of the last answer."
"""What is said where a question is answered from them."""
MAX_COMPARED = 3
"""Articles from which a comparison is of too many for the next question to be about them."""
MAX_OTHERS = 12
"""Other articles in which a topic is sought that those of the scope say nothing of."""
ELSEWHERE = Doubt("is from another article than the last answer", "is from an article of the last answer")
"""What keeps the sentence of another article from being an answer."""
NOTHING_IN_SCOPE = (
    "No sentence that says so was found in the articles of the last answer: name what it is about, to search all."
)
"""What is said where none of them says what is asked for."""

_SETS_SCOPE = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE, QuestionKind.COMPARISON, QuestionKind.LIST})
_ANSWERS = frozenset({QuestionKind.FACT, QuestionKind.WHO_SAID})
_MAY_DEPEND = frozenset({QuestionKind.COMPARISON, QuestionKind.LIST})
"""Kinds of questions that set a scope, unless they were asked in one: "Who was killed?"."""


_OF_ARTICLE = LazyPattern(
    r"\W*(?:and\s+|but\s+)?what\s+(?:else\s+)?(?:does|did|do)\s+(?:it|(?:the|this|that|these|those)\s+"
    r"(?:articles?|piece|story|stories|column|op-?ed|editorial))\s+(?:also\s+)?"
    r"(?:say|tell\s+us|write|mention|report)\s+(?:about|on|of|regarding)\s+(?P<topic>\S.*?)\W*",
    re.IGNORECASE,
)
"""A question what the article of the last answer says: "what does it say about Cuomo?"."""


_EARLIER = LazyPattern(
    r"\b(?:earlier (?:in|this|on|that)|previously|ago|last (?:week|month|year|summer|winter|spring|fall)"
    r"|(?:19|20)\d\d|had (?:been )?\w+ed)\b",
    re.IGNORECASE,
)
"""What tells of an earlier time than the article's news."""
_NUMBERED = LazyPattern(r"[^\W\d]-?\d")
"""In a word that names something whatever its case: "f-16"."""
_OF_ARTICLES = LazyPattern(r"\b(?:articles|stories)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ConversationScope:
    """The articles that a question is about.

    Attributes:
        articles: Their ids.
        topic: What they are about; empty where it is not known.
        of_fact: Whether they are only those that a fact was answered from.
    """

    articles: tuple[str, ...]
    topic: str = ""
    of_fact: bool = False


class PassageSource(Protocol):
    """Finds passages: ``retrieval.search.hybrid.Searcher``."""

    def search(self, question: str | WeightedQuery, filters: Filters = ..., limit: int = ...) -> list[Hit]:
        """Return up to ``limit`` hits, best first."""
        ...


class ScopeAnswerer:
    """Answers from the articles of a scope, read whole.

    Args:
        search: Finds their passages.
        reader: Reads them.
        cross_encoder: Scores their sentences.
        articles: The library.
        counted: Returns how much a search with these filters covers.
    """

    def __init__(
        self,
        search: PassageSource,
        reader: Reader,
        cross_encoder: CrossEncoder,
        articles: CopiesLookup,
        counted: Callable[[Filters], SearchScope],
    ) -> None:
        self._search = search
        self._reader = reader
        self._cross_encoder = cross_encoder
        self._articles = articles
        self._counted = counted

    def answer(
        self,
        asked: str,
        question: str,
        topic: str,
        filters: Filters,
        *,
        shown: Sequence[CitedPlace] = (),
        before: Sequence[CitedPlace] = (),
    ) -> Answer:
        """Return the answer of the articles that ``filters`` leave, or an abstention with the nearest sentences.

        Args:
            asked: The question as it was asked.
            question: It with its pronouns resolved where they can be.
            topic: What the articles are about; empty where it is not known.
            filters: The articles.
            shown: What the last answer showed.
            before: What tells of the event before which the one asked for was; empty where there is none.

        Raises:
            OnrecordError: The store or a model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        hits = self._search.search(f"{question} {topic}".strip(), filters, MAX_SCOPE_PASSAGES)
        if before:
            fresh = without_shown(hits, before)
            hits = with_sentences(fresh, lambda text: _EARLIER.search(text) is not None) or fresh
        reader = CitableReader(ScopeReader(self._reader, self._cross_encoder, asked, topic, shown))
        return ExtractiveAnswerer(reader, self._articles).answer(question, hits, self._counted(filters))

    def counted(self, articles: Sequence[str], filters: Filters) -> SearchScope:
        """Return how much a search of articles alone covers, under the filters of the person."""
        return replace(self._counted(replace(filters, articles=tuple(articles))), filters=filters)

    def elsewhere(self, asked: str, question: str, scope: ConversationScope, filters: Filters) -> Answer | None:
        """Return the answer of other articles about the topic of a scope; None where they hold none.

        Args:
            asked: The question as it was asked.
            question: It with its pronouns resolved where they can be.
            scope: Its articles and topic.
            filters: The articles that are searched.

        Raises:
            OnrecordError: The store or a model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        if not scope.topic:
            return None
        is_place = set(fold(scope.topic).split()) <= PLACES
        if scope.of_fact and len(terms(scope.topic)) == 1 and not is_place:
            return None  # somebody who was named in a question is in much else
        hits = self._search.search(f"{question} {scope.topic}", filters, MAX_SCOPE_PASSAGES)
        found = dict.fromkeys(hit.article.id for hit in hits if hit.article.id not in scope.articles)
        others = [each for each in list(found)[:MAX_OTHERS] if self.is_about(each, scope.topic)]
        if not others:
            return None
        answer = self.answer(asked, question, scope.topic, replace(filters, articles=tuple(others)))
        if answer.message or answer.possibly or not all(_names_topic(each, scope.topic) for each in answer.citations):
            return None
        if is_place:  # a place is of much else
            return replace(answer, possibly=True, doubts=(ELSEWHERE, *answer.doubts))
        return replace(answer, remarks=(*answer.remarks, f"Read in other articles about {scope.topic}."))

    def is_about(self, article_id: str, topic: str, least: float = MIN_TOPIC_HELD) -> bool:
        """Return whether an article holds what a topic is about, however it orders it.

        False also of one that an earlier answer cites and that has since left the library or been replaced.

        Args:
            article_id: The article.
            topic: The topic, or a question about it.
            least: Share of its terms that the article has to hold.
        """
        wanted = set(terms(topic, keep_stop_words=False))
        try:
            article = found_article(self._articles, article_id)
        except ArticleReplaced:
            return False
        held = wanted & set(terms(f"{article.title}\n{article.text}"))
        return bool(wanted) and len(held) >= least * len(wanted)

    def tells_of(self, article_id: str, topic: str) -> bool:
        """Return whether an article tells of a topic, which it names more than once; of no topic, every one does."""
        wanted = set(terms(topic, keep_stop_words=False))
        try:
            article = found_article(self._articles, article_id)
        except ArticleReplaced:
            return False
        counts = Counter(terms(f"{article.title}\n{article.text}"))
        return all(counts[term] >= MIN_NAMED for term in wanted)


def asked_of_article(question: str) -> str:
    """Return what an article is asked about: "Cuomo" of "what does it say about Cuomo?"; empty for others."""
    found = _OF_ARTICLE.fullmatch(question)
    return found["topic"] if found else ""


def scope_of(question: str, history: Sequence[Turn]) -> ConversationScope | None:
    """Return the articles that a question asks of; None where it names something itself.

    They are those that the last overview, timeline, comparison or list of a topic cites, where the questions since then
    have named nothing either, or were answered from them; else those of the last answer, a doubtful one aside that
    named nothing new.

    Args:
        question: The question, names capitalised.
        history: The turns before it, oldest first.
    """
    if asked_of_article(question):
        shown = next((turn.places for turn in reversed(history[-MAX_TURNS_BACK:]) if turn.places), ())
        cited = _articles_of(shown)
        return ConversationScope(cited if _OF_ARTICLES.search(question) else cited[:1]) if shown else None
    if _names(question):
        return None
    last: ConversationScope | None = None
    inner: ConversationScope | None = None
    doubtful: ConversationScope | None = None
    named = False
    for number, turn in reversed(list(enumerate(history))[-MAX_TURNS_BACK:]):
        articles = () if turn.abstained else _articles_of(turn.places)
        decision = decide_kind(turn.standalone_question)
        if decision.kind is QuestionKind.COMPARISON and len(articles) > MAX_COMPARED:
            continue
        sets = bool(articles and decision.kind in _SETS_SCOPE and decision.topic)
        if sets and (not named or (last and set(last.articles) <= set(articles))):
            found = ConversationScope(articles, topic_phrase(decision.topic, QuestionKind.OVERVIEW))
            if decision.kind not in _MAY_DEPEND or _names(turn.question):
                return found
            inner = inner or found
        elif sets:
            return last
        elif articles and decision.kind in _ANSWERS and last is None:
            said = decision.kind is QuestionKind.WHO_SAID  # of whom nothing more need be asked
            found = ConversationScope(
                articles, _names(decision.topic if said else turn.standalone_question), of_fact=True
            )
            if turn.possibly and _is_within(turn, history[:number]):
                doubtful = doubtful or found
            else:
                last = found
        named = named or bool(_names(turn.question))
    return inner or last or doubtful


def says_little(question: str) -> bool:
    """Return whether a question has too few words of its own to be asked of all articles: "How many people died?"."""
    return len(content_words(parse_question(question))) <= MIN_CONTENT


def _names_topic(cited: Citation, topic: str) -> bool:
    """Return whether a sentence, or the title of its article, has the words of a topic in a row."""
    wanted = f" {' '.join(terms(topic, keep_stop_words=False))} "
    return any(
        wanted in f" {' '.join(terms(text, keep_stop_words=False))} " for text in (cited.quote, cited.article.title)
    )


def _is_within(turn: Turn, history: Sequence[Turn]) -> bool:
    """Return whether a question names nothing but what the turns before it told of."""
    told = {term for each in history for text in (each.standalone_question, each.answer) for term in terms(text)}
    return set(terms(_names(turn.question))) <= told


def _articles_of(places: Sequence[CitedPlace]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.article_id for place in places))


def _names(question: str) -> str:
    """Return the names of a question, in order; empty where it has none."""
    words = [
        question[word.start : word.end]
        for word in read_words(question)
        if (word.name or _NUMBERED.search(question, word.start, word.end)) and not word.stop and not word.date
    ]
    return " ".join(word for word in words if not is_office(word))
