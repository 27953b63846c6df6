"""What loading is handed and what it says: a file, and a problem with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    Attributes:
        path: Where it is, symbolic links resolved.
        origin: What it is called in a library: its POSIX path under the home folder, or the whole path outside of it.
        size: Bytes when it was found.
        name: What to call it to the person: as typed, safe to show.
    """

    path: Path
    origin: str
    size: int
    name: str


Known = Callable[[str, bytes], bool]
"""Tells of an article's origin, and of the name of what it is read from, whether it was read from that before."""


@dataclass(frozen=True, slots=True)
class Same:
    """An article that was read from the same before.

    Attributes:
        origin: The article's.
    """

    origin: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know about a file or one of its articles.

    Attributes:
        name: The file, as typed, safe to show.
        message: One line: what is wrong, on which value, what to do. It does not repeat the name.
        refused: Whether it was left out. A note (False) is about an article that was kept.
    """

    name: str
    message: str
    refused: bool

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def shown(text: str) -> str:
    """Return ``text`` fit for one line of any terminal and any file.

    Characters that cannot be printed (line ends, control and bidirectional characters, the bytes of a file name that
    are not UTF-8) become backslash escapes.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def excerpt(value: object, limit: int = 40) -> str:
    """Return a value as a message quotes it: printable, in quotation marks, cut to ``limit`` characters."""
    text = shown(str(value)[: limit + 1])
    return f'"{text}"' if len(text) <= limit else f'"{text[: limit - 1]}…"'


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that could not be decoded, as os.fsdecode marks it
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
