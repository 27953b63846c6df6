"""Word-processing documents (DOCX, ODT, RTF): what their extractors share.

``DocumentText`` collects paragraphs, tables and notes as plain Markdown, as for web pages; ``Package`` opens the zip
archive of a DOCX or ODT file and parses its XML parts, within limits. Both run in the sandbox; ``load_document`` runs
in the parent.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.limits import (
    FREE_UNPACKED_BYTES,
    MAX_ARTICLE_CHARACTERS,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_XML_BYTES,
    MAX_UNPACKED_RATIO,
)
from retrieval.loaders.metadata import Metadata, assemble
from retrieval.loaders.sandbox import EXTRACTOR
from retrieval.loaders.text import read_bytes
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

NO_TITLE = LazyPattern(
    r"untitled|.*\.(docx?|indd|pdf|qxd|pages|tex|rtf|odt)|microsoft word.*|(?:word )?document\d*|\W*", re.IGNORECASE
)
"""What programs write into the title property of a document without a title."""

_NO_AUTHOR = LazyPattern(
    r"python-docx|(?:microsoft|libre|open|apache|ms)[ -]?(?:office|poi|word|corporation)?\b.*|"
    r".*\b(?:user|admin\w*|owner|author|unknown|default|template|editor|desk|newsroom|office|guest|test|pc|laptop|computer)\b.*|.*[\d@\\_/].*",
    re.IGNORECASE,
)
"""What programs, templates and accounts write into the author property: no person's name."""

_NAME = LazyPattern(r"[^\W\d_]\S*(?: \S+){1,4}")

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Raised digits, so that 10 to the sixth does not become 106, nor a note's number part of a word."""

_CONTROL = LazyPattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACE_AT_EDGE = LazyPattern(r"(?:(?<![ \t])[ \t]+|)\n[ \t]*")
_ENDS = LazyPattern(r"[.!?…:;,][\"”’'»)\]]*$")

_MAX_CELL_PARAGRAPHS = 2
_MAX_HEADER_CELL = 60


def load_document(file: SourceFile, kind: str) -> Iterator[Article | LoadProblem]:
    """Yield the article of a document: its text as Markdown, with marks for headings, lists and tables only.

    Footnotes and endnotes follow the text under a heading of their own. Left out are comments, tracked deletions,
    struck and hidden text (with a note), headers and footers. The title and author are those that the document
    states; its dates are those of the file, not of publication, and are not used.

    Args:
        file: Its file.
        kind: Its extractor: "docx", "odt" or "rtf".
    """
    found = EXTRACTOR.extract(kind, read_bytes(file, MAX_DOCUMENT_BYTES))
    metadata = Metadata(title=found["title"], file_author=found["author"], notes=tuple(found["notes"]))
    yield from assemble(file, found["text"], metadata, markdown=True)


def load_library() -> None:
    """Import lxml."""
    from lxml import etree  # type: ignore[import-untyped]  # noqa: F401, PLC0415


@dataclass(slots=True)
class DocumentText:
    """The text of a document as it is read, block by block.

    Attributes:
        blocks: Its paragraphs, headings, list items and tables, and the line breaks between them.
        footnotes: The texts of its footnotes and endnotes, in the order of their references.
        left_out: How many passages were left out, by what they are.
    """

    blocks: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    _characters: int = 0
    _has_title: bool = False

    def leave_out(self, what: str) -> None:
        """Count a passage that is left out: "comment"."""
        self.left_out[what] = self.left_out.get(what, 0) + 1

    def add_paragraph(self, text: str, *, level: int = 0, item: bool = False) -> None:
        """Append a paragraph, a heading of ``level`` 1 to 6, or an item of a list."""
        clean = cleaned(text)
        if not clean:
            return
        if level or item:
            clean = clean.replace("\n", " ")
        self._has_title |= level == 1
        self._add(f"{'#' * min(level, 6)} {clean}" if level else f"- {clean}" if item else clean)

    def add_table(self, rows: Sequence[Sequence[Sequence[str]]]) -> None:
        """Append a table, given as the paragraphs of the cells of its rows.

        A table that only arranges text (a single column, or cells of several paragraphs) is no table: its cells follow
        each other as paragraphs.
        """
        cleaned_rows = [[[clean for each in cell if (clean := cleaned(each))] for cell in row] for row in rows]
        filled = [row for row in cleaned_rows if any(row)]
        if not filled:
            return
        width = max(map(len, filled))
        if width < 2 or any(len(cell) > _MAX_CELL_PARAGRAPHS for row in filled for cell in row):
            for paragraph in (each for row in filled for cell in row for each in cell):
                self._add(paragraph)
            return
        texts = [[" ".join(cell).replace("\n", " ").replace("|", "¦") for cell in row] for row in filled]
        header = texts.pop(0) if len(texts) > 1 and _is_header(texts[0]) else []
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in (header, *texts)]
        self._add("\n".join((lines[0], f"|{' --- |' * width}", *lines[1:])))

    def _add(self, block: str) -> None:
        self._characters += len(block)
        if self._characters > MAX_ARTICLE_CHARACTERS:
            raise ArticleError(f"has more than {MAX_ARTICLE_CHARACTERS:,} characters of text: split it")
        if self.blocks and block.startswith("- ") and self.blocks[-1].startswith("- "):
            self.blocks.append("\n")
        elif self.blocks:
            self.blocks.append("\n\n")
        self.blocks.append(block)

    def reply(self, title: str, author: str) -> dict[str, object]:
        """Return what the parent needs: ``text``, ``title``, ``author`` and ``notes``.

        Args:
            title: The title property; used where no heading of the first level gives the title.
            author: The author property; used where it is a person's name.

        Raises:
            ArticleError: The document has no text.
        """
        footnotes = [note for each in self.footnotes if (note := cleaned(each).replace("\n", " "))]
        if footnotes:
            self.add_paragraph("Notes", level=2)
            for note in footnotes:
                self.add_paragraph(note)
        if not self.blocks:
            raise ArticleError("holds no text: nothing to read")
        left_out = ", ".join(f"{count:,} {what}{'' if count == 1 else 's'}" for what, count in self.left_out.items())
        stated = cleaned(title).replace("\n", " ")
        return {
            "text": "".join(self.blocks),
            "title": "" if self._has_title or NO_TITLE.fullmatch(stated) else stated,
            "author": stated_author(author),
            "notes": [f"left out: {left_out}"] if left_out else [],
        }


def cleaned(text: str) -> str:
    """Return the text of a paragraph without control characters, blank lines and white space around its lines."""
    lines = _SPACE_AT_EDGE.split(_CONTROL.sub("", text).strip())
    return "\n".join(line for line in lines if line)


def stated_author(name: str) -> str:
    """Return the author property where it is the name of a person, else ""."""
    clean = " ".join(name.split())
    return clean if _NAME.fullmatch(clean) and not _NO_AUTHOR.fullmatch(clean) else ""


def _is_header(cells: Sequence[str]) -> bool:
    """Return whether a table's first row names its columns: short, no numbers, no sentences."""
    return all(len(cell) <= _MAX_HEADER_CELL and not _ENDS.search(cell) and not cell.isdecimal() for cell in cells)


class Package:
    """The zip archive of a DOCX or ODT file.

    Args:
        data: The file.
        what: What it should be, for messages: "a Word document".

    Raises:
        ArticleError: It is no zip archive, is damaged, or would decompress to far more than its size.
    """

    def __init__(self, data: bytes, what: str) -> None:
        self._what = what
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, *DAMAGE):
            raise ArticleError(f"is damaged: it cannot be opened as {what}") from None

    def xml(self, name: str) -> _Element | None:
        """Return the root of an XML part, or None where there is none.

        Raises:
            ArticleError: The part is damaged, too large or declares entities.
        """
        from lxml import etree  # noqa: PLC0415 (in the child)

        data = self.read(name)
        if data is None:
            return None
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # neither format has any; both are how XML bombs are made
            raise ArticleError(f"declares XML entities, which {self._what} never does: it is damaged or hostile")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            raise ArticleError(f"is damaged: {name} cannot be read") from None

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a part, or None where there is none.

        Raises:
            ArticleError: The part is damaged, encrypted or too large.
        """
        try:
            info = self._archive.getinfo(name)
        except KeyError:
            return None
        ratio = info.file_size > FREE_UNPACKED_BYTES and info.file_size > MAX_UNPACKED_RATIO * info.compress_size
        if ratio or info.file_size > MAX_DOCUMENT_XML_BYTES:
            raise ArticleError("unpacks to far more than it is (a zip bomb?): not read")
        try:
            with self._archive.open(info) as part:
                return part.read(MAX_DOCUMENT_XML_BYTES)
        except (zipfile.BadZipFile, zlib.error, *DAMAGE):
            encrypted = bool(info.flag_bits & 1)
            raise ArticleError(
                "needs a password: save it without one" if encrypted else f"is damaged: {name} cannot be unpacked"
            ) from None


DAMAGE = (ArithmeticError, EOFError, LookupError, OSError, RuntimeError, ValueError)
"""What Python's zip and XML libraries and the extractors raise for files that violate their standard."""


def guarded(read: Callable[[bytes], dict[str, object]], data: bytes, what: str) -> dict[str, object]:
    """Return ``read(data)``.

    Raises:
        ArticleError: The file violates its standard.
    """
    try:
        return read(data)
    except DAMAGE:
        raise ArticleError(f"is damaged: it cannot be read as {what}") from None


def local_name(element: Any) -> str:
    """Return an element's name without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: _Element, name: str) -> str:
    """Return an attribute by its name without namespace, or ""."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def child(element: _Element | None, *path: str) -> _Element | None:
    """Return the first descendant along a path of names without namespaces, or None."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local_name(each) == name), None)
    return element
