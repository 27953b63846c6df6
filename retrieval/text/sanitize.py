"""Text from articles, people and file names made safe to show on a terminal."""

from __future__ import annotations

import re

from retrieval.text.lazy_pattern import LazyPattern

# Unicode categories Cc, Cf and Cs: C0 and C1 controls, bidirectional controls (UAX 9), zero-width characters, soft
# hyphen, tags and lone surrogates; and the line and paragraph separators. Tab and line feed are handled before.
_UNSEEN = LazyPattern(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_SURROGATE = LazyPattern("[\ud800-\udfff]")
_LINE_END = LazyPattern("\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_TAB = "    "


def clean(text: str) -> str:
    """Return ``text`` without what a terminal would obey or hide; lines are kept, tabs become spaces."""
    lines = _LINE_END.sub("\n", text).replace("\t", _TAB)
    return _SURROGATE.sub("�", _UNSEEN.sub("", lines))


def line(text: str) -> str:
    """Return ``text`` cleaned and on one line, runs of white space as one space."""
    return " ".join(clean(text).split())


def escape_unseen(document: str) -> str:
    r"""Return JSON with what a terminal would obey or hide written as ``\uXXXX``: the same document, safe to show."""
    return _SURROGATE.sub(_escape, _UNSEEN.sub(_escape, document))


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


def printable(text: str) -> str:
    """Return ``text`` fit for one line of any terminal and any file.

    Characters that cannot be printed (line ends, control and bidirectional characters, the bytes of a file name that
    are not UTF-8) become backslash escapes.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _backslash_escape(char) for char in text)


def excerpt(value: object, limit: int = 40) -> str:
    """Return a value as a message quotes it: printable, in quotation marks, cut to ``limit`` characters."""
    text = printable(str(value)[: limit + 1])
    return f'"{text}"' if len(text) <= limit else f'"{text[: limit - 1]}…"'


def _backslash_escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that could not be decoded, as os.fsdecode marks it
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
