"""File signatures: the format of a file by its first bytes, whatever its name says."""

from __future__ import annotations

import re

from retrieval.errors import ArticleError
from retrieval.loaders.discovery import Format, SourceFile, format_of
from retrieval.loaders.text import open_file

_HEAD_BYTES = 8_192
_TAIL_BYTES = 65_536  # a zip archive's directory, or the end of it

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MHTML = re.compile(
    rb"(?:[A-Za-z-]+:.{0,500}\r?\n(?:[ \t].{0,500}\r?\n){0,9}){0,9}?Content-Type:\s*multipart/related", re.IGNORECASE
)

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins OLE compound files: documents of Word 97 to 2003, and encrypted ones of later versions."""

_UNREAD = (
    (b"\x1f\x8b", "is compressed with gzip: unpack it"),
    (b"\x89PNG", "is a picture (PNG): run it through OCR and save its text"),
    (b"\xff\xd8\xff", "is a picture (JPEG): run it through OCR and save its text"),
    (b"GIF8", "is a picture (GIF): run it through OCR and save its text"),
    (b"SQLite format 3\0", "is a database (SQLite): export its articles as JSONL"),
    (b"\x7fELF", "is a program, no article"),
)


def recognised(file: SourceFile) -> Format | None:
    """Return the format of a file: by its content where that has a signature, else by its suffix; None by neither.

    Raises:
        ArticleError: It is in a format that is not read; the message names it.
        OSError: It cannot be read.
    """
    named = format_of(file.path)
    with open_file(file) as stream:
        head = stream.read(_HEAD_BYTES)
        stream.seek(max(0, file.size - _TAIL_BYTES))
        tail = stream.read(_TAIL_BYTES)
    found = _signature(head, tail)
    if found is not None:
        return found
    if named is not Format.RECORDS:
        for mark, message in _UNREAD:
            if head.startswith(mark):
                raise ArticleError(message)
    return named


def _signature(head: bytes, tail: bytes) -> Format | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"%PDF-"):
        return Format.PDF
    if start.startswith(b"{\\rtf"):
        return Format.RTF
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head, tail)
    if head.startswith(_COMPOUND_FILE):
        raise ArticleError(_compound(head, tail))
    if _HTML.match(head):
        return Format.HTML
    if _MHTML.match(head):
        raise ArticleError("is a web archive (MHTML): save the page as .html")
    return None


def _zipped(head: bytes, tail: bytes) -> Format:
    """Return the format of a zip archive by the names in its directory."""
    names = head + tail
    if b"word/" in names:
        return Format.DOCX
    if b"application/vnd.oasis.opendocument.text" in head[:200]:
        return Format.ODT
    for mark, kind in (
        (b"xl/", "a spreadsheet"),
        (b"ppt/", "a presentation"),
        (b"application/epub", "an e-book (EPUB)"),
    ):
        if mark in names:
            raise ArticleError(f"is {kind}: save its text as .docx, .txt or .html")
    raise ArticleError("is a zip archive: unpack it")


def _compound(head: bytes, tail: bytes) -> str:
    """Return the message for a compound file by the names in its directory, which are UTF-16."""
    names = head + tail
    if "EncryptedPackage".encode("utf-16-le") in names:
        return "needs a password: save it without one"
    if "WordDocument".encode("utf-16-le") in names:
        return "is an old Word document (.doc): save it as .docx"
    return "is an old Office file, or needs a password: save it as .docx, without one"
