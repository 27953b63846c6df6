"""Encodings of web pages: what a page declares counts only where its bytes agree."""

from __future__ import annotations

import codecs
import re

from retrieval.errors import ArticleError
from retrieval.loaders.text import decode, encoding_notes, refuse_junk

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_REFUSED = frozenset({"utf-7", "utf-16", "utf-32", "idna", "punycode", "undefined"})
"""Codecs that no page without a byte order mark is in, or that are no encodings of text."""

_LATIN_1 = frozenset({"iso8859-1", "ascii"})
"""What browsers read as Windows-1252 (WHATWG Encoding Standard)."""

_SOUND = 4
"""Characters beyond ASCII, per one that could not be decoded, of a page that is in the encoding it is read in."""


def decode_page(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the characters of a web page, and notes where they are not what the page declares.

    Tried in order: a byte order mark; UTF-8; the declared encoding; UTF-8 with stray bytes, which are read as
    Windows-1252; detection. Spans do not refer to a page's bytes, so a page that declares another encoding than UTF-8
    is read with replacement characters where a byte has no meaning in it, and a note counts them.

    Raises:
        ArticleError: The page is empty, is not text, or its encoding cannot be detected.
    """
    data = data if data.startswith(_WIDE) else data.replace(b"\0", b"")
    declared = _DECLARED.search(data[:4096])
    if data.startswith(_WIDE) or _is_utf8(data):
        return decode(data)[0], ()
    encoding = _codec(declared[1].decode("ascii")) if declared else ""
    if encoding not in {"", "utf-8"}:
        text = data.decode("cp1252" if encoding in _LATIN_1 else encoding, "replace")
        if _is_sound(text):
            return text, _lost(text)
        encoding = ""  # the declaration is wrong
    text = data.decode("utf-8", "replace")
    stray = text.count("\ufffd")
    if _is_sound(text):
        text = data.decode("utf-8", "onrecord.stray")
        refuse_junk(text)
        return text, (f"is UTF-8 with {stray:,} stray bytes, read as Windows-1252: check names with accents",)
    text, detected = decode(data)
    if encoding == "utf-8":
        return text, (f"declares UTF-8 and is not: read as {detected}, check names with accents",)
    return text, encoding_notes(detected)


def _is_sound(text: str) -> bool:
    """Return whether few of the characters beyond ASCII are replacement characters, and it is text."""
    lost = text.count("\ufffd")
    try:
        refuse_junk(text)
    except ArticleError:
        return False
    return not lost or sum(char > "\x7f" for char in text) - lost > _SOUND * lost


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _codec(name: str) -> str:
    """Return the name of Python's text codec for a declared encoding, or "" without one."""
    try:
        found = codecs.lookup(name)
        b"a<".decode(found.name)
    except (LookupError, UnicodeError):
        return ""
    return "" if found.name in _REFUSED else str(found.name)


def _lost(text: str) -> tuple[str, ...]:
    count = text.count("\ufffd")
    return (f"holds {count:,} characters that its encoding does not have: shown as \ufffd",) if count else ()


def _read_stray(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are not UTF-8 as browsers decode Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("onrecord.stray", _read_stray)
