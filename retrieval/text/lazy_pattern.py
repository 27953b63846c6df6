"""A regular expression that is compiled when it is first used: a command pays for the patterns that it needs."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any
from weakref import WeakSet

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")

_guard = threading.Lock()
_patterns: WeakSet[LazyPattern] = WeakSet()


class LazyPattern:
    """A regular expression with the methods of :class:`re.Pattern`, which compile it when one is first called.

    From then on, the compiled pattern's own methods are called, at no cost. Threads may share it: those that use it
    first at the same time at most compile it twice.

    Attributes:
        pattern: The expression, to compose others from.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags
        with _guard:
            _patterns.add(self)

    def __repr__(self) -> str:
        return f"LazyPattern({self.pattern!r}, {self._flags})"

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled pattern.

        Raises:
            re.error: It is no regular expression.
        """
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update({name: getattr(compiled, name) for name in _METHODS})  # they hide the methods below
        return compiled

    @property
    def flags(self) -> int:
        """The flags it is compiled with, those inside the expression included."""
        return self.compiled.flags

    def search(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match anywhere in a string."""
        return self.compiled.search(string, pos, endpos)

    def match(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match at the beginning of a string."""
        return self.compiled.match(string, pos, endpos)

    def fullmatch(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match of a whole string."""
        return self.compiled.fullmatch(string, pos, endpos)

    def finditer(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Return the matches in a string that do not overlap."""
        return self.compiled.finditer(string, pos, endpos)

    def findall(self, string: str, pos: int = 0, endpos: int = sys.maxsize) -> list[Any]:
        """Return the text of every match, or of its groups."""
        return self.compiled.findall(string, pos, endpos)

    def sub(self, repl: str | Callable[[re.Match[str]], str], string: str, count: int = 0) -> str:
        """Return a string in which matches are replaced."""
        return self.compiled.sub(repl, string, count)

    def subn(self, repl: str | Callable[[re.Match[str]], str], string: str, count: int = 0) -> tuple[str, int]:
        """Return a string in which matches are replaced, and their number."""
        return self.compiled.subn(repl, string, count)

    def split(self, string: str, maxsplit: int = 0) -> list[str | Any]:
        """Return what is between the matches in a string, and their groups."""
        return self.compiled.split(string, maxsplit)


def compile_patterns() -> None:
    """Compile every pattern that there is (.4 s for those of all answers): for a process that stays."""
    with _guard:
        found = list(_patterns)
    for pattern in found:
        _ = pattern.compiled
