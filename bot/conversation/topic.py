"""What an article is about, in one name: what a question leaves out because everybody knows it by now."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from bot.reading.text import read_words


@lru_cache(maxsize=256)
def leading_name(text: str) -> str:
    """Return the name that ``text`` holds most often, as it is mostly written; empty where it holds none twice."""
    terms: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for word in read_words(text):
        if word.name and not word.stop and not word.date:
            terms[word.term] += 1
            written.setdefault(word.term, Counter())[text[word.start : word.end]] += 1
    if not terms:
        return ""
    term, count = terms.most_common(1)[0]
    return _without_possessive(written[term].most_common(1)[0][0]) if count > 1 else ""


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word
