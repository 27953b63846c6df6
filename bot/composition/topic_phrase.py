"""The topic phrase of a question of any form: the words that say what it is about, without those that ask for it.

"Sequence of court rulings on the Texas abortion ban, with dates?" is about "court rulings on the Texas abortion ban".
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import QuestionKind
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    DEMONSTRATIVES,
    OBJECT_PRONOUNS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    STOP_WORDS,
    SUBJECT_PRONOUNS,
    word_set,
)
from retrieval.text.number_words import is_number
from retrieval.text.tokens import read_words

NAME_WEIGHT = 3
"""What a name counts beside another word in the choice of the phrase."""

_TOKEN = LazyPattern(r"[^\W_](?:[\w'’.&-]*[\w])?")
_BREAK = LazyPattern(r"[,:;?!()\[\]–—]|\.(?:\s|$)|\s-\s")
_PARTS = (QUESTION_WORDS | QUESTION_AUXILIARIES | SUBJECT_PRONOUNS | OBJECT_PRONOUNS) - {"it", "that", "might", "may"}
"""Words between two phrases."""
_CONTRACTED = LazyPattern(r"(?:what|who|where|when|how|it|that|there|here|i|we|you|they)['’]?(?:s|re|ve|m|d|ll)")
_ASKING = word_set(
    """trace reconstruct plot set lay put set run fill catch bring sort list name give show tell find get got write make
    draw build sketch outline explain describe compare contrast sum summarise summarize recap brief want need looking
    help know hear heard read see timeline chronology sequence order steps step date dates dated day week month minute
    hour dating milestones milestone chronological chronologically overview summary gist essence rundown paragraph
    sentences sentence words story stories account accounts background lowdown reporting coverage article articles piece
    pieces report reports outlet outlets everything anything something stuff info information details please thanks
    quick short full brief complete whole possible exactly briefly detail someone anybody anyone never missed profile
    bio biography fuss
    two three few one ones names editor intro writing unfold unfolded unfolding spread develop developed happen
    happened happening come came marked contradict disagree differ start beginning end course progress progressed"""
)
"""Words that ask, at an end of a phrase."""
_AROUND = STOP_WORDS | ARTICLES | DEMONSTRATIVES | _ASKING


def topic_phrase(core: str, kind: QuestionKind) -> str:
    """Return the topic phrase of a question without courtesy; empty where it has no word of its own.

    Args:
        core: The question.
        kind: What it asks for: of a list the phrase begins with what is listed, and goes on to the end.
    """
    if kind is QuestionKind.LIST:
        return _trimmed(core, _spans(core), end=False)
    phrases = [(_weight(phrase), phrase) for phrase in _phrases(core)]
    weight, best = max(phrases, key=lambda each: each[0], default=(0, ""))
    return best if weight else ""


def _phrases(core: str) -> list[str]:
    """Return the trimmed phrases of a question, in order."""
    found: list[list[tuple[int, int]]] = [[]]
    at = 0
    for start, end in _spans(core):
        word = fold(core[start:end])
        if _BREAK.search(core, at, start):
            found.append([])
        if word in _PARTS or _CONTRACTED.fullmatch(word):
            found.append([])
        else:
            found[-1].append((start, end))
        at = end
    return [trimmed for spans in found if (trimmed := _trimmed(core, spans))]


def _spans(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _TOKEN.finditer(text)]


def _trimmed(text: str, spans: Sequence[tuple[int, int]], *, end: bool = True) -> str:
    """Return the words of ``text`` at ``spans`` without those around a topic; with ``end``, at the end as well."""
    kept = list(spans)
    while kept and _is_around(text[slice(*kept[0])]):
        kept.pop(0)
    while end and kept and _is_around(text[slice(*kept[-1])]):
        kept.pop()
    return text[kept[0][0] : kept[-1][1]] if kept else ""


def _is_around(word: str) -> bool:
    folded = fold(word)
    if word.isupper() and len(word) > 1 and folded not in QUESTION_WORDS:  # "US", "IT"
        return False
    return folded in _AROUND or bool(_CONTRACTED.fullmatch(folded)) or is_number(folded)


def _weight(phrase: str) -> int:
    words = [word for word in read_words(phrase, sentence=False) if not word.stop]
    return sum(NAME_WEIGHT if word.name else 1 for word in words if fold(phrase[word.start : word.end]) not in _ASKING)
