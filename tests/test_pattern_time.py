"""No regular expression takes quadratic time: each is fed repeats of the characters and words it is made of."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
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

_LOOP = r"\bfor ([\w, ()]+) in [^\n]*?\b{}\b"
_SEARCHED_IN_LOOP = r"\b{}(?:\.\w+|\[\w+\])*\.(?:search|finditer|findall|sub|subn|split)\("

BOUNDED = {
    "bot.composition.collection_question._ASPECTS[1][1]",  # 4,000 characters of a question, .1 s at worst
    "bot.composition.collection_question._ASPECTS[8][1]",  # the same
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
    """Yield the patterns of every module, also those in its tables and objects.

    Compiled: name, pattern, and whether its module looks for it anywhere.
    """
    walk = PatternWalk()
    for package in (bot, retrieval):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            source = Path(str(module.__file__)).read_text("utf-8")
            searched = set(_SEARCHED.findall(source))
            for name, value in vars(module).items():
                if not name.startswith("__"):
                    for inside, pattern in walk.patterns(value):
                        is_searched = _is_searched_table(name, source) if inside else name in searched
                        yield f"{found.name}.{name}{inside}", pattern, is_searched


def _is_searched_table(name: str, source: str) -> bool:
    """Return whether a module looks for the patterns of a table anywhere in a text."""
    variables = {word for each in re.findall(_LOOP.format(name), source) for word in re.findall(r"\w+", each)}
    return any(re.search(_SEARCHED_IN_LOOP.format(each), source) for each in (*variables, name))


class PatternWalk:
    """Finds patterns in tuples, dictionaries, dataclasses, classes and objects, each pattern once."""

    def __init__(self) -> None:
        self._patterns: set[re.Pattern[str]] = set()
        self._visited: dict[int, object] = {}  # kept, so that no id is given again

    def patterns(self, value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
        """Yield the patterns in a value and the way to them: "[3].pattern", nothing where it is one itself."""
        if isinstance(value, LazyPattern):
            value = value.compiled
        if isinstance(value, re.Pattern):
            if isinstance(value.pattern, str) and value not in self._patterns:
                self._patterns.add(value)
                yield "", value
        elif id(value) not in self._visited:
            self._visited[id(value)] = value
            for step, inner in _parts(value):
                for rest, pattern in self.patterns(inner):
                    yield step + rest, pattern


def _parts(value: object) -> Iterator[tuple[str, object]]:
    """Yield what a value of ours is made of, and how to get there."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield f"[{str(key)[:20]!r}]", each
            yield f" key {str(key)[:20]!r}", key
    elif isinstance(value, (tuple, list, set, frozenset)):
        for number, each in enumerate(value):
            yield f"[{number}]", each
    elif (value.__module__ if isinstance(value, type) else type(value).__module__).startswith(("bot.", "retrieval.")):
        if is_dataclass(value):
            for field in fields(value):
                yield f".{field.name}", getattr(value, field.name, None)
        else:
            for name, each in getattr(value, "__dict__", {}).items():
                yield f".{name}", each


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
        shorter = _seconds(pattern, text + END, searched=searched)
        if shorter > SLOW:  # where time is cubic, the longer text would take minutes
            yield f"{unit!r}: {shorter:.2f} s for the shorter text"
        if not SLOW / 4**3 < shorter <= SLOW:  # the longer text takes 64 times as long at most
            continue
        longer = _seconds(pattern, text * 4 + END, searched=searched)
        if longer > SLOW and longer > MAX_GROWTH * shorter:
            yield f"{unit!r}: {longer:.2f} s"


def test_no_pattern_takes_quadratic_time() -> None:
    found = {
        name: list(_slow(pattern, searched=searched)) for name, pattern, searched in _patterns() if name not in BOUNDED
    }
    assert len(found) > 1_100
    assert {name: units for name, units in found.items() if units} == {}


def test_a_quadratic_pattern_would_be_found() -> None:
    assert list(_slow(re.compile(r"\s*,"), searched=True))
    assert not list(_slow(re.compile(r"(?<!\s)\s*,"), searched=True))
