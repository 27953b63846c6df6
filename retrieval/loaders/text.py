"""Plain text: files opened safely, their encoding detected, their characters decoded unchanged."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from typing import IO

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.encodings import detect
from retrieval.loaders.limits import MAX_TEXT_BYTES
from retrieval.loaders.metadata import Metadata, assemble
from retrieval.text.lazy_pattern import LazyPattern

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MOSTLY_ASCII = 0.05
"""Share of bytes above 127 up to which a file that fits no language counts as Windows-1252: a few names."""

_MAX_STRAY_NULS = 0.02
_MIN_WIDE_NULS = 0.3
"""Shares of the bytes at even and at odd places that are NUL in UTF-16 of Latin letters: nearly none, and most."""

_SAMPLE = 200_000

_UNPRINTABLE = LazyPattern(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_MAX_UNPRINTABLE = 0.02
_FEW_UNPRINTABLE = 3


def load_text(file: SourceFile) -> Iterator[Article | LoadProblem]:
    """Yield the file's article. Title and author come from the text; a date is never guessed from text."""
    text, encoding = decode(read_bytes(file, MAX_TEXT_BYTES))
    yield from assemble(file, text, Metadata(notes=encoding_notes(encoding)))


def encoding_notes(encoding: str) -> tuple[str, ...]:
    """Return a note where the encoding was detected, not declared."""
    if encoding.startswith("utf"):
        return ()
    return (f"is not UTF-8 and was read as {encoding}: if letters look wrong, save it as UTF-8",)


def open_file(file: SourceFile) -> IO[bytes]:
    """Return the file, open for reading. Opening never blocks, whatever the path has become since it was found.

    Raises:
        ArticleError: It is no longer a regular file.
        OSError: It cannot be opened.
    """
    descriptor = os.open(file.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ArticleError("is not a regular file (a folder, device, pipe or socket): not read")
    return os.fdopen(descriptor, "rb")


def read_bytes(file: SourceFile, limit: int) -> bytes:
    """Return the file's bytes.

    Raises:
        ArticleError: It has more than ``limit`` bytes, or is not a regular file.
        OSError: It cannot be read.
    """
    with open_file(file) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise ArticleError(f"is larger than {limit // 1_000_000} MB, too large for one article: split it")
    return data


def decode(data: bytes) -> tuple[str, str]:
    """Return the characters of a text file and its encoding.

    Nothing is added, dropped or normalised: a byte order mark stays as U+FEFF, and the text is
    ``data.decode(encoding)``.

    Tried in order: a byte order mark; UTF-16 without one; UTF-8; the encoding whose letters and words are those of a
    language (:mod:`encodings`); Windows-1252 for text that is nearly ASCII.

    Raises:
        ArticleError: The file is empty, is not text, or its encoding cannot be detected.
    """
    if not data:
        raise ArticleError("is empty: nothing to read")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = _try(data, encoding)
            if text is not None:
                refuse_junk(text)
                return text, encoding
    text, encoding = _decode_wide(data) if b"\0" in data else _decode_unmarked(data)
    refuse_junk(text)
    return text, encoding


def refuse_junk(text: str) -> None:
    """Raise ArticleError when ``text`` is blank or mostly control characters."""
    if not text.strip("\ufeff \t\r\n\f\v") or text.isspace():
        raise ArticleError("holds nothing but white space: nothing to read")
    if "\0" in text:
        raise ArticleError("is not text (it holds NUL characters)")
    sample = text[:_SAMPLE]
    if len(_UNPRINTABLE.findall(sample)) > max(_FEW_UNPRINTABLE, _MAX_UNPRINTABLE * len(sample)):
        raise ArticleError("is not text (too many control characters)")


def _decode_wide(data: bytes) -> tuple[str, str]:
    sample = data[:_SAMPLE]
    even, odd = (sample[start::2].count(0) / len(sample[start::2] or b"x") for start in (0, 1))
    for encoding, nuls, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        text = _try(data, encoding) if nuls >= _MIN_WIDE_NULS and others <= _MAX_STRAY_NULS else None
        if text is not None:
            return text, encoding
    raise ArticleError("is not text (it holds NUL bytes): if it is, save it as UTF-8")


def _decode_unmarked(data: bytes) -> tuple[str, str]:
    text = _try(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    _refuse_broken_utf8(data)
    sample = data[:_SAMPLE]
    is_mostly_ascii = sum(byte > 0x7F for byte in sample) <= _MOSTLY_ASCII * len(sample)
    encoding = detect(data) or ("cp1252" if is_mostly_ascii else "")
    text = _try(data, encoding) if encoding else None
    if text is None:
        raise ArticleError("is in an encoding that cannot be detected: save it as UTF-8")
    return text, encoding


def _refuse_broken_utf8(data: bytes) -> None:
    """Refuse UTF-8 with a few broken bytes: any other decoding garbles all its other letters."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text[:_SAMPLE]) - text[:_SAMPLE].count("\ufffd")
    if sound > 4 * broken:
        line = text[: text.index("\ufffd")].count("\n") + 1
        raise ArticleError(f"is UTF-8 with broken bytes, the first in line {line:,}: mend it or save it again")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
