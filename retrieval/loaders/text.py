"""Plain text: files opened safely, their encoding detected, their characters decoded unchanged."""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Iterator
from typing import IO

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.limits import MAX_TEXT_BYTES
from retrieval.loaders.metadata import Metadata, assemble

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_LEGACY = """cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 koi8_r koi8_u mac_roman cp932 euc_jp
    cp949 big5 gb18030 iso8859_2 iso8859_5 iso8859_7""".split()  # noqa: SIM905 (readable as prose)
"""Encodings that detection may choose: those that articles are written in (no EBCDIC, no DOS code pages)."""

_MOSTLY_ASCII = 0.05
"""Share of bytes above 127 up to which a file that is not UTF-8 counts as Windows-1252: in English these are a few
quotation marks, dashes and accents, too few for detection."""

_CHAOS = 0.1
"""Highest mess ratio of a detected encoding, in [0, 1], as charset-normalizer computes it."""

_SAMPLE = 200_000

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_MAX_UNPRINTABLE = 0.02


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

    Tried in order: a byte order mark; UTF-8; Windows-1252 for text that is nearly ASCII; detection by
    charset-normalizer.

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
    if b"\0" in data:
        raise ArticleError("is not text (it holds NUL bytes): if it is, save it as UTF-8")
    text, encoding = _decode_unmarked(data)
    refuse_junk(text)
    return text, encoding


def refuse_junk(text: str) -> None:
    """Raise ArticleError when ``text`` is blank or mostly control characters."""
    if not text.strip("\ufeff \t\r\n\f\v") or text.isspace():
        raise ArticleError("holds nothing but white space: nothing to read")
    if "\0" in text:
        raise ArticleError("is not text (it holds NUL characters)")
    sample = text[:_SAMPLE]
    if len(_UNPRINTABLE.findall(sample)) > _MAX_UNPRINTABLE * len(sample):
        raise ArticleError("is not text (too many control characters)")


def _decode_unmarked(data: bytes) -> tuple[str, str]:
    text = _try(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    _refuse_broken_utf8(data)
    sample = data[:_SAMPLE]
    if sum(byte > 0x7F for byte in sample) <= _MOSTLY_ASCII * len(sample):
        text = _try(data, "cp1252")
        if text is not None:
            return text, "cp1252"
    return _detected(data)


def _refuse_broken_utf8(data: bytes) -> None:
    """Refuse UTF-8 with a few broken bytes: any other decoding garbles all its other letters."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text[:_SAMPLE]) - text[:_SAMPLE].count("\ufffd")
    if sound > 4 * broken:
        line = text[: text.index("\ufffd")].count("\n") + 1
        raise ArticleError(f"is UTF-8 with broken bytes, the first in line {line:,}: mend it or save it again")


def _detected(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(data[:_SAMPLE], cp_isolation=_LEGACY, threshold=_CHAOS, enable_fallback=False).best()
    text = _try(data, best.encoding) if best is not None else None
    if best is None or text is None:
        raise ArticleError("is in an encoding that cannot be detected: save it as UTF-8")
    return text, best.encoding


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
