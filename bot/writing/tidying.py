"""Takes out of a model's sentence what is not words: links it made up, and Markdown's emphasis."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.render.clean import clean

_LABELLED = re.compile(r"!?\[(?P<label>[^\]\n]{0,300})\]\(\s*<?(?P<url>[^)\s>]{0,2000})>?[^)\n]{0,200}\)")
_URL = re.compile(
    r"<?\b(?:(?:https?|ftp|file|data|javascript|mailto|discord|slack|tg)\s*:(?=\S)|www\.)[^\s<>\"“”]+>?"
    r"|<?\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}/[^\s<>\"“”]*>?",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}’”'\"*_"
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|<\s*>")
_STRONG = re.compile(r"\*\*|__")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_TWO_STOPS = re.compile(r"(?<=[^\W\d_]\.)\.\Z")  # "the U.S. [kqzt-1]."
_SPACE_BEFORE = re.compile(r"\s+([.,;:!?])(?=\s|\Z)")


def tidy(text: str, links: Collection[str]) -> tuple[str, int]:
    """Return a sentence on one line without emphasis, links and what cannot be seen, and how many links it had.

    A link stays only when its address is one of ``links``; the label of one that goes is kept.
    """
    removed = 0

    def labelled(found: re.Match[str]) -> str:
        nonlocal removed
        if found["url"] in links:
            return f"{found['label']} ({found['url']})"
        removed += 1
        return found["label"]

    def bare(found: re.Match[str]) -> str:
        nonlocal removed
        whole = found.group()
        url = whole.strip("<>").rstrip(_TRAILING)
        url += ")" * (url.count("(") > url.count(")"))
        if url in links:
            return whole
        removed += 1
        return whole.strip("<>")[len(url) :]

    words = _URL.sub(bare, _LABELLED.sub(labelled, clean(text)))
    words = _EMPTY.sub("", words) if removed else words
    words = _TWO_STOPS.sub("", words.rstrip())
    words = _EMPHASIS.sub(r"\2", _STRONG.sub("", words))
    return " ".join(_SPACE_BEFORE.sub(r"\1", words).split()) if removed else " ".join(words.split()), removed
