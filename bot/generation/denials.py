"""Denials: a model's remarks that the articles do not say something, and whether they are true.

A true one is shown as the model's words about the articles, not as theirs. It is not when what it denies is said after
all, or when it brings in something that neither the question nor the articles say: "The articles do not say why he took
bribes" says that he did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from bot.answering.features import CandidateSentence, candidate_sentences
from bot.answering.question import parse_question
from bot.answering.requirements import requirement_of
from bot.answers import Answer, ClaimVerdict, SearchScope, Support
from retrieval.articles import Filters, Hit
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import ARTICLES, BE, QUESTION_WORDS, alternation
from retrieval.text.tokens import read_words, term_set

if TYPE_CHECKING:
    from bot.answers import ClaimContext

MAX_CHECKED = 5
"""Denials of an answer that are checked; further ones are withheld. Each costs a search and a reading."""
_MAX_TOPIC_WORDS = 16

_SOURCES = (
    r"(?:(?:the|these|those|your|any)\s+)?(?:(?:given|provided|available|retrieved|supplied)\s+)?(?:news\s+)?"
    r"(?:articles?|sources?|passages?|excerpts?|texts?|documents?|context|information|reports?|coverage)"
    r"(?:\s+(?:provided|given|available|here))?"
)
_SAY = (
    r"(?:say|mention|state|specify|tell|give|name|report|provide|contain|indicate|explain|describe|include|identify"
    r"|address|discuss|reveal|disclose|detail|cover|clarify|note|offer)"
)
_SAID = (
    r"(?:said|mentioned|stated|specified|given|reported|provided|disclosed|named|identified|explained|discussed"
    r"|described)"
)
_START = r"(?:(?:however|but|unfortunately|still|that said|note that)\b,?\s*)?"
_DENIALS = tuple(
    LazyPattern(_START + pattern + r"[.!]?\s*\Z", re.IGNORECASE)
    for pattern in (
        rf"{_SOURCES}\s+(?:do|does|did)(?:\s+not|n['’]t)\s+(?:\w+ly\s+)?{_SAY}(?P<topic>\s.+?)",
        rf"(?:no\s+(?:articles?|sources?|passages?)|none\s+of\s+{_SOURCES})\s+{_SAY}(?:e?s)?(?P<topic>\s.+?)",
        (
            r"there\s+(?:is|are)\s+no\s+(?:\w+\s+)?(?:information|mention|details?|word)"
            rf"(?:\s+(?:in|from)\s+{_SOURCES})?\s+(?:about|of|on|regarding|as to|concerning|that)(?P<topic>\s.+?)"
            rf"(?:\s+(?:in|from)\s+{_SOURCES})?"
        ),
        rf"it\s+is(?:\s+not|n['’]t)\s+(?:\w+ly\s+)?{_SAID}\s+(?:in|by)\s+{_SOURCES}(?P<topic>\s.+?)",
        rf"(?P<topic>.+?)(?<!\s)\s+(?:{alternation(BE)})(?:\s+not|n['’]t)\s+(?:\w+ly\s+)?{_SAID}\s+(?:in|by)\s+{_SOURCES}",
    )
)
_MORE = LazyPattern(r"[;:“”\"]|,|\b(?:but|although|though|however|because|while)\b", re.IGNORECASE)
"""What goes on to say more than that something is not said."""
_ABOUT = LazyPattern(
    r"(?:(?:any|further|more|specific|exact|the)\s+)*(?:(?:information|details?|anything|figures?)\s+)"
    r"(?:about|on|of|regarding|concerning|for)\s+",
    re.IGNORECASE,
)
_OPEN_CLAUSE = LazyPattern(r"(?:whether|that|if)\s+(?:or\s+not\s+)?(?P<clause>.+)", re.IGNORECASE)
_QUESTION_CLAUSE = LazyPattern(
    r"(?:(?:in|at|for|to|by|from|with)\s+)?(?:how\s+(?:much|many|long|often|far|old|big|large)"
    rf"|{alternation(QUESTION_WORDS)})\b\s*(?P<clause>.*)",
    re.IGNORECASE,
)
_INDEFINITE = LazyPattern(rf"(?:any|{alternation(ARTICLES - {'the'})})\b", re.IGNORECASE)
_ATTRIBUTES = {
    term: asks
    for asks, words in {
        "How much money is": "cost costs price value amount salary worth budget financial",
        "How many are": "number total figure figures",
        "When was": "date time",
        "Where was": "location place",
        "Why was": "reason cause",
        "Who is": "name identity",
        "How old is": "age",
        "How long is": "duration length",
        "": """much many exact specific precise further additional more information detail outcome result background
        condition terms impact effect response reaction size""",
    }.items()
    for term in terms(words)
}
"""Terms that ask for a property and bring in nothing, each with the question that they ask, if any."""
_MIN_COVER = 0.6
"""Share of a denied question's terms in a sentence that gives what it asks for, from which it may answer."""
_SUPPORTED = frozenset({Support.VERBATIM, Support.SUPPORTED, Support.PARTIAL})


class ClaimJudge(Protocol):
    """Verifies claims."""

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = ...) -> ClaimVerdict:
        """Return the verdict on ``claim``."""
        ...


class SentenceAnswerer(Protocol):
    """Answers from the articles' own sentences."""

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        """Return the answer, or an abstention."""
        ...


Search = Callable[[str, Filters, int], Sequence[Hit]]
"""Finds passages: question, filters, how many."""


class DenialChecker:
    """Checks the denials of one answer.

    Args:
        question: The question that the answer is to.
        hits: The passages that the model read.
        searched: What was searched.
        verifier: Verifies claims.
        offline: Answers questions from the articles' own sentences.
        search: Finds more passages; None: only ``hits`` are read.
    """

    def __init__(
        self,
        question: str,
        hits: Sequence[Hit],
        searched: SearchScope,
        *,
        verifier: ClaimJudge,
        offline: SentenceAnswerer,
        search: Search | None = None,
    ) -> None:
        self._asked = term_set(read_words(question))
        self._hits = tuple(hits)
        self._searched = searched
        self._verifier = verifier
        self._offline = offline
        self._search = search
        self._checked = 0

    def is_true(self, text: str) -> bool:
        """Tell whether a sentence says that the articles do not say something, and neither they nor more of them do.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        topic = denied_topic(text)
        if not topic or self._checked >= MAX_CHECKED:
            return False
        self._checked += 1
        hits = self._hits
        if self._search:
            known = {hit.passage.id for hit in hits}
            found = self._search(topic, self._searched.filters, max(len(hits), 1))
            hits = (*hits, *(hit for hit in found if hit.passage.id not in known))
        sentences = candidate_sentences(hits)
        return self._brings_in_nothing(topic, hits, sentences) and not self._is_said(topic, hits, sentences)

    def _brings_in_nothing(self, topic: str, hits: Sequence[Hit], sentences: Sequence[CandidateSentence]) -> bool:
        """Tell whether a topic presupposes nothing that neither the question nor an article says."""
        words = [word for word in read_words(topic, sentence=False) if word.term and not word.stop]
        fresh = {word.term for word in words} - self._asked - _ATTRIBUTES.keys()
        if not fresh or all(word.name for word in words):
            return True
        said = frozenset().union(*(each.sentence.terms for each in sentences))
        if any((word.name or word.number) and word.term in fresh - said for word in words):
            return False
        if _INDEFINITE.match(topic):
            return True
        if fresh - said:
            return False
        if _OPEN_CLAUSE.match(topic) or all(word.name or word.term not in fresh for word in words):
            return True
        asks = _QUESTION_CLAUSE.match(topic)
        presupposed = asks["clause"] if asks else ""
        return bool(presupposed) and self._supports(presupposed, hits)

    def _is_said(self, topic: str, hits: Sequence[Hit], sentences: Sequence[CandidateSentence]) -> bool:
        key = term_set(read_words(topic))
        clause = _OPEN_CLAUSE.match(topic)
        asks = None if clause else _QUESTION_CLAUSE.match(topic)
        if not asks and (not key or any(key <= each.sentence.terms for each in sentences)):
            return True
        if clause and self._supports(clause["clause"], hits):
            return True
        asked = f"{_lead(key)} {clause['clause']}" if clause else topic if asks else f"{_lead(key)} {topic}"
        asked = f"{asked[0].upper()}{asked[1:]}?"
        required = requirement_of(parse_question(asked))
        key -= {term for term in key if _ATTRIBUTES.get(term) in {"", "How many are"}}
        if required and any(
            len(key & each.sentence.terms) >= _MIN_COVER * len(key) and required.given_in(each.sentence.text)
            for each in sentences
            if key & each.sentence.terms
        ):
            return True
        return not self._offline.answer(asked, hits, self._searched).abstention

    def _supports(self, clause: str, hits: Sequence[Hit]) -> bool:
        return self._verifier.judge(f"{clause[0].upper()}{clause[1:]}.", hits).support in _SUPPORTED


def _lead(key: Collection[str]) -> str:
    """Return how a question about a denied thing begins."""
    return next((_ATTRIBUTES[term] for term in key if _ATTRIBUTES.get(term)), "What is said about")


def denied_topic(text: str) -> str:
    """Return what a sentence says that the articles do not say; empty when it is no such sentence, or says more."""
    found = next((found for each in _DENIALS if (found := each.match(text.strip()))), None)
    topic = found["topic"].strip() if found else ""
    about = _ABOUT.match(topic)
    topic = topic[about.end() :] if about else topic
    return "" if _MORE.search(topic) or len(topic.split()) > _MAX_TOPIC_WORDS else topic
