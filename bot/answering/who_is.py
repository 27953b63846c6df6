"""Questions for who somebody is, answered where an article says it beside the name: "Who is Said Chengriha?".

A reader fitted on an encyclopaedia's questions looks for "X is a …". News says it in passing: "Algerian Defense
Minister General Said Chengriha", "John Lechner, an Africa analyst, suggested".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answering.features import read_passage
from bot.answering.reader import Reader, ReaderResult, ScoredSentence
from retrieval.articles import Hit
from retrieval.text.analyzer import fold
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    QUESTION_AUXILIARIES,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
)
from retrieval.text.roles import PERSON_NOUNS, ROLES

APPOSITION_PRECISION, TITLE_PRECISION = 0.95, 0.9
"""Precision of what stands behind a name ("X, an analyst", "X is a poet") and before it ("commander X"). Of 45
sentences drawn from 460 that the rules took in 150 news articles, 43 said who it was. The former is the fuller."""
MAX_IDENTIFYING_SENTENCES = 2
"""The most sentences shown that say who somebody is."""

_FORM = re.compile(
    rf"\W*who(?:\s+(?:{alternation(BE & QUESTION_AUXILIARIES)})|['’]s)\s+"
    r"(?P<who>[^\W\d_][\w.'’-]*(?:\s+[\w.'’-]+){0,3}?)\W*",
    re.IGNORECASE,
)
_NO_NAME = (
    ARTICLES
    | DEMONSTRATIVES
    | SUBJECT_PRONOUNS
    | POSSESSIVE_DETERMINERS
    | frozenset("in on at to of for with by from going being behind responsible there not who".split())  # noqa: SIM905
)
_TOKEN = re.compile(r"[^\W_][\w.'’-]*")
_IS = re.compile(
    r"(?:,\s+\d{1,3},)?\s*(?:\([^()]{1,40}\)\s*)?(?:is|was|became|has been|had been|serves as|served as)\s+"
    r"(?:now\s+|then\s+|also\s+|currently\s+)?(?:an?|the|one of|\w+['’]s)\s+(?P<what>[^,.;:]{3,90})"
)
_BESIDE = re.compile(
    rf""",\s+(?:\d{{1,3}},\s+)?(?:who\s+(?:is|was|has\ been|heads|leads|runs|chairs)\s+)?
    (?:(?:an?|the|one\ of|{alternation(POSSESSIVE_DETERMINERS & THIRD_PERSON)}|former|then|[A-Z][\w.&-]*['’]s)\s+)?
    (?P<what>[^,;:]{{3,90}}?)(?:[,;.]|\s+who\b|$)""",
    re.VERBOSE,
)


class WhoIsReader:
    """A reader that knows where an article says who somebody is. Any other question is the inner reader's alone.

    Args:
        inner: Finds the sentences.
    """

    def __init__(self, inner: Reader) -> None:
        self._inner = inner

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's sentences, behind those that say who it is that was asked for.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        reading = self._inner.read(question, hits)
        name = asked_for(question)
        if not name:
            return reading
        found = sorted(_identifying(name, hits), key=lambda candidate: -candidate.probability)[
            :MAX_IDENTIFYING_SENTENCES
        ]
        if not found or (reading.answers and reading.confidence > found[0].probability):
            return reading
        taken = {(each.hit.passage.article_id, each.span) for each in found}
        rest = [each for each in reading.candidates if (each.hit.passage.article_id, each.span) not in taken]
        sure = found[0].probability
        return replace(
            reading,
            candidates=(*found, *rest),
            confidence=sure,
            p_answerable=max(reading.p_answerable, sure),
            answers=len(found),
        )


def asked_for(question: str) -> tuple[str, ...]:
    """Return the name that a question wants explained, folded, a word each; empty for any other question."""
    found = _FORM.fullmatch(question)
    words = tuple(fold(word.strip(".")) for word in found["who"].split()) if found else ()
    while words and words[0] in ROLES:
        words = words[1:]
    return () if not words or _NO_NAME.intersection(words) else words


def _identifying(name: tuple[str, ...], hits: Sequence[Hit]) -> Iterator[ScoredSentence]:
    """Yield the sentences that say who it is, each with the precision of what says so."""
    seen: set[tuple[str, object]] = set()
    for hit in hits:
        for sentence in read_passage(hit.passage).sentences:
            key = (hit.passage.article_id, sentence.span)
            sure = 0.0 if key in seen else says_who(sentence.text, name)
            seen.add(key)
            if sure:
                yield ScoredSentence(hit, sentence.span, sure)


def says_who(sentence: str, name: tuple[str, ...]) -> float:
    """Return how surely a sentence says who ``name`` is: the precision of the rule that says so; 0 where none does."""
    tokens = list(_TOKEN.finditer(sentence))
    folded = [fold(token.group().strip(".")).removesuffix("'s") for token in tokens]
    best = 0.0
    for at in range(len(tokens) - len(name) + 1):
        if tuple(folded[at : at + len(name)]) != name:
            continue
        if not all(token.group()[0].isupper() for token in tokens[at : at + len(name)]):
            continue
        best = max(best, _told(sentence, tokens, at, at + len(name)))
    return best


def _told(sentence: str, tokens: Sequence[re.Match[str]], first: int, last: int) -> float:
    """Return how surely what stands beside the name ``tokens[first:last]`` says who it is."""
    while last < len(tokens) and _adjoin(sentence, tokens, last - 1) and tokens[last].group()[0].isupper():
        last += 1  # "Michael" of "Michael Langley"
    after = sentence[tokens[last - 1].end() :]
    for shape in (_IS, _BESIDE):
        found = shape.match(after)
        if found and _describes(found["what"].split()):
            return APPOSITION_PRECISION
    titles: list[str] = []
    while first and _adjoin(sentence, tokens, first - 1):
        word = tokens[first - 1].group()
        if not (word[0].isupper() or _is_person([word])):
            break
        titles.append(word)
        first -= 1
    if _is_person(titles):
        return TITLE_PRECISION if len(titles) > 1 or titles[0].islower() else 0.0
    before = re.search(r"([\w-]+),\s+$", sentence[: tokens[first].start()]) if not titles else None
    return TITLE_PRECISION if before and _is_person([before[1]]) and after.startswith(",") else 0.0


def _adjoin(sentence: str, tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Tell whether only a space stands between a token and the next, which no possessive ends."""
    token = tokens[at]
    return sentence[token.end() : tokens[at + 1].start()] == " " and not token.group().endswith(("'s", "’s"))


def _describes(words: Sequence[str]) -> bool:
    """Tell whether words say what somebody is, and are no title of the next in a list ("Ada Quill, Mayor Tom Lane")."""
    return any(
        _is_person([word]) and not following[:1].isupper()
        for word, following in itertools.zip_longest(words[:8], words[1:8], fillvalue="")
    )


def _is_person(words: Sequence[str]) -> bool:
    return any(fold(word.strip(".,'’")) in PERSON_NOUNS for word in words)
