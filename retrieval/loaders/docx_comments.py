"""A copy of a Word document with comments at passages of its text, written in the sandbox with python-docx.

:func:`add_comments` returns the copy. Passages are found by their letters and digits alone, in the order they are
given, since the text that a draft is read as has other spaces and marks than the document's runs.
"""

from __future__ import annotations

import base64
import bisect
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.errors import ArticleError
from retrieval.loaders.limits import (
    FREE_UNPACKED_BYTES,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_UNPACKED_BYTES,
    MAX_DOCUMENT_XML_BYTES,
    MAX_UNPACKED_RATIO,
)
from retrieval.loaders.office import DAMAGE, guarded
from retrieval.loaders.sandbox import EXTRACTOR, LENGTH

if TYPE_CHECKING:
    from docx.text.run import Run

AUTHOR = "Onrecord"
"""The author of the comments, by which a copy is known."""

_WHAT = "a Word document"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = frozenset(f"{_WORD}{name}" for name in ("rPr", "t", "tab", "br", "cr", "noBreakHyphen"))
"""Elements of a run that can be split: what its text is made of, and its properties."""

_DELETED = frozenset(f"{_WORD}{name}" for name in ("del", "moveFrom"))
_MAX_HEAD = 1_000_000


@dataclass(frozen=True, slots=True)
class DocumentComment:
    """A comment at a passage.

    Attributes:
        passage: The words it is about, as they stand in the document, white space and punctuation aside.
        text: The comment; each line is a paragraph.
    """

    passage: str
    text: str


def add_comments(data: bytes, comments: Sequence[DocumentComment]) -> tuple[bytes, int]:
    """Return a copy of a document with comments, and how many of them found no place.

    Args:
        data: The document (.docx).
        comments: In the order of their passages.

    Raises:
        ArticleError: It is not a Word document, is damaged or hostile.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise ArticleError(f"is larger than {MAX_DOCUMENT_BYTES:,} bytes")
    listed = json.dumps([[one.passage, one.text] for one in comments]).encode()
    reply = EXTRACTOR.extract("docx-comments", LENGTH.pack(len(listed)) + listed + data)
    return base64.b64decode(reply["document"]), int(reply["unplaced"])


def is_commented(data: bytes) -> bool:
    """Return whether a document is a copy that :func:`add_comments` made; False where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/comments.xml") as part:
            return f'author="{AUTHOR}"'.encode() in part.read(_MAX_HEAD)
    except (zipfile.BadZipFile, *DAMAGE):
        return False


def load_library() -> None:
    """Import python-docx."""
    import docx  # noqa: F401, PLC0415


def extract(data: bytes) -> dict[str, object]:
    """Return the copy as ``document`` (base64), and ``unplaced``: how many comments found no place.

    Raises:
        ArticleError: It is not a Word document, is damaged or hostile.
    """
    return guarded(_commented, data, _WHAT)


def _commented(data: bytes) -> dict[str, object]:
    import docx  # noqa: PLC0415 (in the child)
    from docx.opc.exceptions import OpcError  # noqa: PLC0415
    from lxml.etree import LxmlError  # type: ignore[import-untyped]  # noqa: PLC0415

    (length,) = LENGTH.unpack_from(data)
    begin = LENGTH.size + length
    comments = json.loads(data[LENGTH.size : begin])
    document_bytes = data[begin:]
    _check_size(document_bytes)
    try:
        document = docx.Document(io.BytesIO(document_bytes))
        unplaced = _place(document, comments)
        out = io.BytesIO()
        document.save(out)
    except (OpcError, LxmlError, AttributeError, TypeError, zipfile.BadZipFile):
        raise ArticleError(f"is damaged: it cannot be read as {_WHAT}") from None
    return {"document": base64.b64encode(out.getvalue()).decode("ascii"), "unplaced": unplaced}


def _check_size(data: bytes) -> None:
    """Look how large a document is unpacked: every part of it is."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise ArticleError(f"is damaged: it cannot be opened as {_WHAT}") from None
    is_bomb = any(
        part.file_size > MAX_DOCUMENT_XML_BYTES
        or (part.file_size > FREE_UNPACKED_BYTES and part.file_size > MAX_UNPACKED_RATIO * part.compress_size)
        for part in parts
    )
    if is_bomb or sum(part.file_size for part in parts) > MAX_DOCUMENT_UNPACKED_BYTES:
        raise ArticleError("unpacks to far more than it is (a zip bomb?): not read")


def _place(document: Any, comments: Sequence[Sequence[str]]) -> int:
    """Add the comments to a document; return how many found no place."""
    text = _RunText(document)
    at = unplaced = 0
    for passage, words in comments:
        key = _key(passage)
        found = text.key.find(key, at) if key else -1
        found = text.key.find(key) if key and found < 0 else found
        if found < 0:
            unplaced += 1
            continue
        at = found + len(key)
        first, last = text.split(found, at)
        document.add_comment([first, last], text=words, author=AUTHOR, initials="OR")
    return unplaced


class _RunText:
    """The letters and digits of a document's runs, one after another, each with its run.

    Attributes:
        key: The letters and digits, in lower case.
    """

    def __init__(self, document: Any) -> None:
        self._runs: list[Run] = []
        self._starts: list[int] = []
        pieces: list[str] = []
        at = 0
        for run in _runs(document):
            piece = _key(run.text)
            if piece:
                self._runs.append(run)
                self._starts.append(at)
                pieces.append(piece)
                at += len(piece)
        self.key = "".join(pieces)

    def split(self, start: int, end: int) -> tuple[Run, Run]:
        """Return the first and the last run of a passage, after splitting those that reach beyond it."""
        self._split(start)
        self._split(end)
        return self._runs[self._at(start)], self._runs[self._at(end - 1)]

    def _at(self, place: int) -> int:
        return bisect.bisect_right(self._starts, place) - 1

    def _split(self, place: int) -> None:
        """Split the run that has a place inside it, unless it holds more than text."""
        number = self._at(place)
        run = self._runs[number]
        left = place - self._starts[number]
        if left <= 0 or place >= len(self.key) or any(each.tag not in _TEXT for each in run._r):  # noqa: SLF001
            return
        text = run.text
        cut = _cut(text, left)
        following = deepcopy(run._r)  # noqa: SLF001
        run._r.addnext(following)  # noqa: SLF001
        second = type(run)(following, run._parent)  # noqa: SLF001
        run.text, second.text = text[:cut], text[cut:]
        self._runs.insert(number + 1, second)
        self._starts.insert(number + 1, place)


def _runs(document: Any) -> Iterator[Run]:
    """Yield the runs of the body in order, those of links, tables and insertions too, without what was deleted."""
    from docx.text.paragraph import Paragraph  # noqa: PLC0415 (in the child)
    from docx.text.run import Run  # noqa: PLC0415

    body = document.element.body
    for paragraph in body.iter(f"{_WORD}p"):
        parent = Paragraph(paragraph, document._body)  # noqa: SLF001
        for element in paragraph.iter(f"{_WORD}r"):
            above = {each.tag for each in element.iterancestors()}
            if not above & _DELETED and next(element.iterancestors(f"{_WORD}p")) is paragraph:
                yield Run(element, parent)


def _key(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def _cut(text: str, count: int) -> int:
    """Return where in a text ``count`` of its letters and digits have passed, and the punctuation after them.

    A mark that opens a quotation belongs to what follows.
    """
    at = passed = 0
    while at < len(text) and passed < count:
        passed += len(_key(text[at]))
        at += 1
    while at < len(text) and not text[at].isalnum() and text[at] not in " \t\n\u00a0“‘„«([":
        if text[at] in "\"'" and text[at + 1 : at + 2].isalnum():
            break
        at += 1
    return at
