"""No regular expression takes quadratic time: each is fed repeats of the characters and words it is made of."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import bot
import retrieval
from retrieval.text.lazy_pattern import LazyPattern

SIZE = 2_000
"""Characters of the shorter text."""

MAX_GROWTH = 8
"""Of the time for four times the text: 4 where it is linear, 16 where it is quadratic."""

SLOW = 0.05
"""Seconds for the longer text below which no pattern needs a closer look: most take less than a thousandth of one."""

END = "\0"
"""What no pattern matches: a match that must reach it fails at the very end."""

_SEARCHED = re.compile(r"(\b_?[A-Z][A-Z_0-9]*)\.(?:search|finditer|findall|sub|subn|split)\b")


BOUNDED = {
    "bot.generation.citation_markers._SEPARATOR",  # 160 characters between brackets
    "retrieval.quotes.draft_text._WORD_END",  # 40 characters before a line end
    "retrieval.quotes.speaker_claim._NAMED_BEFORE",  # 100 characters before an apposition
    "retrieval.quotes.omissions._END",  # 300 characters before a quotation
    "retrieval.text.sentences._DOTTED_WORD",  # 40 characters before a mark
    "retrieval.text.sentences._LAST_WORD",  # 60 characters before a mark
    "retrieval.text.time_expressions._LEAD",  # 60 characters before a time expression
}
"""Patterns that only ever see a text of a bounded length."""


def _patterns() -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Yield the patterns of every module, compiled: name, pattern, and whether its module looks for it anywhere."""
    seen: set[re.Pattern[str]] = set()
    for package in (bot, retrieval):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            searched = set(_SEARCHED.findall(Path(str(module.__file__)).read_text("utf-8")))
            for name, held in vars(module).items():
                value = held.compiled if isinstance(held, LazyPattern) else held
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str) and value not in seen:
                    seen.add(value)
                    yield f"{found.name}.{name}", value, name in searched


def _units(pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield what the pattern is made of: its characters and words, alone and before a space, a mark and a line end."""
    own = dict.fromkeys([*"aA1 \n.,-(“\"'", *re.sub(r"\\.", "", pattern.pattern)])
    words = dict.fromkeys(re.findall(r"[^\W\d_]{2,}", pattern.pattern)[:3])
    yield from (*own, *words)
    for first in ("a", "A", "1", *words):
        yield from (first + last for last in (" ", ".", ", ", "-", "\n"))


def _seconds(pattern: re.Pattern[str], text: str, *, searched: bool) -> float:
    """Return the processor time of finding every match, or of one at the beginning that must reach the end."""
    start = time.process_time()
    if searched:
        for _ in pattern.finditer(text):
            pass
    pattern.fullmatch(text)
    return time.process_time() - start


def _slow(pattern: re.Pattern[str], *, searched: bool) -> Iterator[str]:
    """Yield the units on which a pattern takes far more than four times as long for four times the text."""
    for unit in _units(pattern):
        text = unit * (SIZE // len(unit))
        longer = _seconds(pattern, text * 4 + END, searched=searched)
        if longer > SLOW and longer > MAX_GROWTH * _seconds(pattern, text + END, searched=searched):
            yield f"{unit!r}: {longer:.2f} s"


def test_no_pattern_takes_quadratic_time() -> None:
    found = {
        name: list(_slow(pattern, searched=searched)) for name, pattern, searched in _patterns() if name not in BOUNDED
    }
    assert len(found) > 700
    assert {name: units for name, units in found.items() if units} == {}


def test_a_quadratic_pattern_would_be_found() -> None:
    assert list(_slow(re.compile(r"\s*,"), searched=True))
    assert not list(_slow(re.compile(r"(?<!\s)\s*,"), searched=True))
