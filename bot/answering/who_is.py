"""Identity questions ("Who is Said Chengriha?"): sentences that describe the person in an apposition or a title.

A reader fitted on an encyclopaedia prefers "X is a …"; news writes "Algerian Defense Minister General Said Chengriha"
or "John Lechner, an Africa analyst, suggested".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answering.features import parse_passage
from bot.answering.reader import Reader, ReaderResult, ScoredSentence
from retrieval.articles import Hit
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    THIRD_PERSON_BE,
    alternation,
)
from retrieval.text.roles import PERSON_NOUNS, ROLES

APPOSITION_PRECISION, TITLE_PRECISION = 0.95, 0.9
"""Precision of a description after a name ("X, an analyst", "X is a poet") and of a title before it ("commander X"). Of
45 sentences sampled from 460 that the rules matched in 150 news articles, 43 described the person."""
MAX_IDENTIFYING_SENTENCES = 2
"""Sentences shown that describe the person."""

_FORM = LazyPattern(
    rf"\W*who(?:\s+(?:{alternation(THIRD_PERSON_BE)})|['’]s)\s+"
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
_TOKEN = LazyPattern(r"[^\W_][\w.'’-]*")
_INITIAL = LazyPattern(r"[A-Z]\.?")
"""A middle initial, which a question leaves out: "Barry K. Logan"."""
_IS = LazyPattern(
    r"(?:,\s+\d{1,3},)?\s*(?:\([^()]{1,40}\)\s*)?(?:is|was|became|has been|had been|serves as|served as)\s+"
    r"(?:now\s+|then\s+|also\s+|currently\s+)?(?:an?|the|one of|\w+['’]s)\s+(?P<what>[^,.;:]{3,160})"
)
_BESIDE = LazyPattern(
    rf""",\s+(?:\d{{1,3}},\s+)?(?:who\s+(?:is|was|has\ been|heads|leads|runs|chairs)\s+)?
    (?:(?:an?|the|one\ of|{alternation(POSSESSIVE_DETERMINERS & THIRD_PERSON)}|former|then|[A-Z][\w.&-]*['’]s)\s+)?
    (?P<what>[^,;:]{{3,160}}?)(?:[,;.]|\s+who\b|$)""",
    re.VERBOSE,
)


class WhoIsReader:
    """A reader that puts sentences which describe the person first; it passes other questions to the inner reader.

    Args:
        inner: The reader for all questions.
    """

    def __init__(self, inner: Reader) -> None:
        self._inner = inner

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences that describe the person in question, then the inner reader's.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        reading = self._inner.read(question, hits)
        name = asked_name(question)
        if not name:
            return reading
        found = sorted(_identifying(name, hits), key=lambda candidate: -candidate.probability)[
            :MAX_IDENTIFYING_SENTENCES
        ]
        if not found or (reading.answers and not reading.possibly and reading.confidence > found[0].probability):
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
            possibly=False,
            doubts=(),
        )


def asked_name(question: str) -> tuple[str, ...]:
    """Return the folded words of the name in an identity question; empty for any other question."""
    found = _FORM.fullmatch(question)
    words = tuple(fold(word.strip(".")) for word in found["who"].split()) if found else ()
    while words and words[0] in ROLES:
        words = words[1:]
    owned = any(word.endswith(("'s", "s'")) for word in words[:-1])  # "Who is Reed's lawyer?"
    return () if not words or owned or _NO_NAME.intersection(words) else words


def _identifying(name: tuple[str, ...], hits: Sequence[Hit]) -> Iterator[ScoredSentence]:
    """Yield the sentences that describe the person, each with the precision of its rule."""
    seen: set[tuple[str, object]] = set()
    for hit in hits:
        for sentence in parse_passage(hit.passage).sentences:
            key = (hit.passage.article_id, sentence.span)
            sure = 0.0 if key in seen else identification_precision(sentence.text, name)
            seen.add(key)
            if sure:
                yield ScoredSentence(hit, sentence.span, sure)


def identification_precision(sentence: str, name: tuple[str, ...]) -> float:
    """Return the precision of the best rule by which a sentence describes ``name``; 0 where none matches."""
    tokens = [token for token in _TOKEN.finditer(sentence) if not (len(name) > 1 and _INITIAL.fullmatch(token.group()))]
    folded = [fold(token.group().strip(".")).removesuffix("'s") for token in tokens]
    best = 0.0
    for at in range(len(tokens) - len(name) + 1):
        if tuple(folded[at : at + len(name)]) != name:
            continue
        if not all(token.group()[0].isupper() for token in tokens[at : at + len(name)]):
            continue
        best = max(best, _precision_beside(sentence, tokens, at, at + len(name)))
    return best


def _precision_beside(sentence: str, tokens: Sequence[re.Match[str]], first: int, last: int) -> float:
    """Return the precision of the description beside the name ``tokens[first:last]``; 0 without one."""
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
    """Tell whether a single space separates a token from the next, and the token is no possessive."""
    token = tokens[at]
    return sentence[token.end() : tokens[at + 1].start()] == " " and not token.group().endswith(("'s", "’s"))


def _describes(words: Sequence[str]) -> bool:
    """Tell whether words describe a person, and are not the title of the next name ("Ada Quill, Mayor Tom Lane")."""
    return any(
        _is_person([word]) and not following[:1].isupper()
        for word, following in itertools.zip_longest(words[:8], words[1:8], fillvalue="")
    )


def _is_person(words: Sequence[str]) -> bool:
    return any(fold(word.strip(".,'’")) in PERSON_NOUNS for word in words)
