"""Question language: whether a question is in another language than the articles, which then hold no answer to it.

The articles' language is that of a sample of their passages, per revision of the library.
"""

from __future__ import annotations

import re
from typing import Protocol

from retrieval.articles import ArticleInfo, Passage
from retrieval.text.languages import is_english, languages
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, QUESTION_WORDS, STOP_WORDS, word_set

SAMPLE = 40
"""Articles whose first passage is looked at."""
MIN_ENGLISH = 0.95
"""Share of the sample in English from which the articles are."""
MIN_WORDS = 3
"""Words of the shortest question in Latin letters that is judged: a name is of no language."""
MIN_FOREIGN = 2
"""Words of another language in a question that does not begin with a question word of one."""
REFUSAL = "The articles are in English; ask in English."

_FOREIGN_QUESTION_WORDS = word_set(
    """qui que quoi quand où ou pourquoi comment combien quel quelle quels quelles est-ce qu'est-ce
    wer wen wem wann warum wieso wie welche welcher welches wieviel wohin woher wurde
    quién quien quiénes qué cuándo cuando dónde donde cómo como cuántos cuántas cuánto cuál cuáles
    quienes cuantos cuantas cuanto cual cuales
    chi cosa quando dove perché quanti quante quale quem onde quantos porque qual
    wat waar waarom hoeveel welke wanneer vad vem när varför hvad hvem hvornår hvorfor hvor
    kto kiedy gdzie dlaczego ile jaki kdo kdy proč kim nerede neden kaç"""
)
"""What a question begins with in languages in Latin letters, where English words do not."""
_ALSO_NAMES = word_set("que qui quand ou quel quien como onde chi cosa dove perche quale qual wat vad vem hur ile kim")
"""Of these, and as they are typed without accents, those that names also have: "Como 1907", "Que Sera"."""
_SHARED = word_set("a as do in me no on so an die her")
"""English function words that are words of other languages, too."""
_CLITIC = LazyPattern(r"^(?:l|d|qu|j|c|s|n|m)['’]\w|-(?:moi|toi|nous|vous|il|elle|ils|elles|on|ce)$", re.IGNORECASE)
"""French articles and pronouns that are written together with a word."""
_AFTER_GERMAN_WAS = word_set(
    "ist war sind waren hat haben sagt sagte passiert passierte geschah macht machte wird wurde"
)
_LATIN = LazyPattern(r"[A-Za-zÀ-ɏ]")
_LETTERS = LazyPattern(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENGLISH = QUESTION_WORDS | QUESTION_AUXILIARIES | STOP_WORDS


class SampledArticles(Protocol):
    """The articles of a library: ``retrieval.store.library.Library``."""

    @property
    def revision(self) -> int:
        """A number that grows with every change."""
        ...

    def articles(self) -> list[ArticleInfo]:
        """Return every article."""
        ...

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return an article's passages in order."""
        ...


class QuestionLanguage:
    """Says when a question is in another language than all the articles. Safe to share between threads.

    Args:
        articles: The library.
    """

    def __init__(self, articles: SampledArticles) -> None:
        self._articles = articles
        self._english: tuple[int, bool] | None = None

    def refusal(self, question: str) -> str:
        """Return why a question cannot be answered for its language; empty where it can, and in doubt."""
        return REFUSAL if is_foreign(question) and self._are_english() else ""

    def _are_english(self) -> bool:
        revision = self._articles.revision
        if self._english is None or self._english[0] != revision:
            self._english = (revision, self._sampled_english())
        return self._english[1]

    def _sampled_english(self) -> bool:
        listed = self._articles.articles()
        sampled = listed[:: max(1, len(listed) // SAMPLE)]
        texts = [passage.text for info in sampled for passage in self._articles.passages_of(info.id)[:1]]
        return bool(texts) and sum(map(is_english, texts)) >= MIN_ENGLISH * len(texts)


def is_foreign(question: str) -> bool:
    """Return whether a question is surely not in English: by its script, its question word, its common words.

    Names do not count: "El Chapo", "Le Monde".
    """
    written = _LETTERS.findall(question)
    letters = "".join(written)
    if letters and 2 * len(_LATIN.findall(letters)) < len(letters):
        return True
    if len(written) < MIN_WORDS:
        return False
    first, *rest = (word.lower() for word in written)
    plain = {word for word in written[1:] if word.islower()}
    english = sum(word in _ENGLISH for word in plain)
    foreign = sum(_is_foreign_word(word) for word in plain)
    if "¿" in question or (first == "was" and rest[0] in _AFTER_GERMAN_WAS):
        return True
    if first in _FOREIGN_QUESTION_WORDS:
        alone = first not in _ALSO_NAMES and plain and not plain & (_ENGLISH - _SHARED)  # "quem ganhou a eleicao"
        return bool(alone) or foreign >= max(1, english)
    return first not in _ENGLISH and foreign + _is_foreign_word(first) >= MIN_FOREIGN and foreign > english


def _is_foreign_word(word: str) -> bool:
    """Return whether a word in lower case is a common one of another language, or has its letters or clitics."""
    known = any(word in language.words for name, language in languages().items() if name != "English")
    return word not in _ENGLISH and (known or not word.isascii() or bool(_CLITIC.search(word)))
