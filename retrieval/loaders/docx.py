"""Word documents (.docx): paragraphs, headings, lists, tables and notes, read from the XML of Office Open XML.

Elements are compared by their local names, so that transitional and strict documents are read alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.errors import ArticleError
from retrieval.loaders.office import (
    SUPERSCRIPTS,
    DocumentText,
    Package,
    attribute,
    child,
    guarded,
    local_name,
)

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_WHAT = "a Word document"
_OFF = frozenset({"0", "false", "off"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\xad"}
_DELETED = frozenset({"del", "moveFrom"})
_NO_TEXT = frozenset({"rPr", "pPr", "sdtPr", "sdtEndPr", "object", "instrText", "delText", "rt", "annotationRef"})
_MAX_STYLES_ABOVE = 20
_TITLE_STYLES = frozenset({"title", "headline"})


def extract(data: bytes) -> dict[str, object]:
    """Return the document's ``text``, ``title``, ``author`` and ``notes``.

    Raises:
        ArticleError: It is not a Word document, is damaged, protected, too large or has no text.
    """
    return guarded(_extract, data, _WHAT)


def _extract(data: bytes) -> dict[str, object]:
    package = Package(data, _WHAT)
    main = _target(package, "_rels/.rels", "officeDocument") or "word/document.xml"
    body = child(package.xml(main), "body")
    if body is None:
        raise ArticleError("is not a Word document (it holds none)")
    folder, _, name = main.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"

    def part(kind: str) -> _Element | None:
        target = _target(package, relations, kind)
        return (
            package.xml(target.removeprefix("/") if target.startswith("/") else f"{folder}/{target}")
            if target
            else None
        )

    reader = _DocxReader(_styles(part("styles")), {kind: _notes(part(f"{kind}s")) for kind in ("footnote", "endnote")})
    reader.read(body)
    core = package.xml(_target(package, "_rels/.rels", "core-properties") or "docProps/core.xml")
    title, creator = child(core, "title"), child(core, "creator")
    return reader.text.reply(_plain(title), _plain(creator))


def _plain(element: _Element | None) -> str:
    return "" if element is None else element.text or ""


def _target(package: Package, relations: str, kind: str) -> str:
    """Return the part that a relationship of a kind points to, or ""."""
    root = package.xml(relations)
    for each in root if root is not None else ():
        if attribute(each, "Type").rpartition("/")[2] == kind and attribute(each, "TargetMode") != "External":
            return attribute(each, "Target")
    return ""


def _notes(root: _Element | None) -> dict[str, _Element]:
    """Return the footnotes or endnotes by id, without the separators."""
    notes = root if root is not None else ()
    return {attribute(each, "id"): each for each in notes if attribute(each, "type") in {"", "normal"}}


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of the text that has it.

    Attributes:
        level: The level of its headings, from 1; 0 for other text.
        item: Whether its paragraphs are numbered or bulleted.
        marks: Names of its character properties that leave text out: "vanish", "strike".
    """

    level: int = 0
    item: bool = False
    marks: frozenset[str] = frozenset()


def _styles(root: _Element | None) -> dict[str, _Style]:
    """Return the styles by id, each with what it inherits."""
    elements = {
        attribute(each, "styleId"): each for each in (root if root is not None else ()) if local_name(each) == "style"
    }
    return {style: _resolved(style, elements) for style in elements}


def _resolved(style: str, elements: Mapping[str, _Element]) -> _Style:
    level, item, marks = 0, False, dict[str, bool]()
    for _ in range(_MAX_STYLES_ABOVE):
        element = elements.get(style)
        if element is None:
            break
        properties = child(element, "pPr")
        name = attribute(child(element, "name"), "val").lower() if child(element, "name") is not None else ""
        level = level or (1 if name in _TITLE_STYLES else 0) or _outline_level(properties) or _named_level(name)
        item = item or _is_item(properties)
        marks = _marks(child(element, "rPr")) | marks
        based_on = child(element, "basedOn")
        style = attribute(based_on, "val") if based_on is not None else ""
    return _Style(level, item, frozenset(mark for mark, on in marks.items() if on))


def _outline_level(properties: _Element | None) -> int:
    """Return the outline level of a paragraph or style, from 1; 0 for body text."""
    outline = child(properties, "outlineLvl")
    value = attribute(outline, "val") if outline is not None else ""
    return int(value) + 1 if value in set("012345678") else 0


def _named_level(name: str) -> int:
    word, _, number = name.partition(" ")
    return int(number) if word == "heading" and number in set("123456789") else 0


def _is_item(properties: _Element | None) -> bool:
    number = child(properties, "numPr", "numId")
    return number is not None and attribute(number, "val") != "0"


def _marks(properties: _Element | None) -> dict[str, bool]:
    """Return the character properties that leave text out, and whether they are on."""
    found: dict[str, bool] = {}
    for each in properties if properties is not None else ():
        name = local_name(each)
        if name in {"vanish", "strike", "dstrike"}:
            found["strike" if name == "dstrike" else name] = attribute(each, "val") not in _OFF
    return found


@dataclass(slots=True)
class _DocxReader:
    """Reads the body of a document into a :class:`DocumentText`."""

    styles: Mapping[str, _Style]
    notes: Mapping[str, Mapping[str, _Element]]
    text: DocumentText = field(default_factory=DocumentText)
    _unfinished: str = ""  # a paragraph whose mark was deleted: it continues in the next
    _boxes: list[_Element] = field(default_factory=list)
    _inherited: frozenset[str] = frozenset()

    def read(self, container: _Element) -> None:
        """Read the blocks of a body, text box, content control or cell."""
        for element in _blocks(container):
            if local_name(element) == "tbl":
                self._read_table(element)
            else:
                self._read_paragraph(element)

    def _read_paragraph(self, element: _Element) -> None:
        properties = child(element, "pPr")
        style = self._style(properties)
        level = _outline_level(properties) or style.level
        text = self._paragraph_text(element)
        if properties is not None and any(child(properties, "rPr", mark) is not None for mark in _DELETED):
            self._unfinished = text
            return
        direct = child(properties, "numPr", "numId")
        item = style.item if direct is None else _is_item(properties)
        self.text.add_paragraph(text, level=level, item=item and not level)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.read(box)

    def _paragraph_text(self, element: _Element) -> str:
        self._inherited = self._style(child(element, "pPr")).marks
        unfinished, self._unfinished = self._unfinished, ""
        return unfinished + "".join(self._strings(element))

    def _style(self, properties: _Element | None, name: str = "pStyle") -> _Style:
        named = child(properties, name)
        return self.styles.get(attribute(named, "val"), _Style()) if named is not None else _Style()

    def _read_table(self, table: _Element) -> None:
        rows: list[list[list[str]]] = []
        for row in _inside(table, "tr"):
            if child(row, "trPr", "del") is None:
                cells = [cell for cell in _inside(row, "tc") if child(cell, "tcPr", "cellDel") is None]
                rows.append([list(self._cell(cell)) for cell in cells])
        self.text.add_table(rows)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.read(box)

    def _cell(self, cell: _Element) -> Iterator[str]:
        """Yield the paragraphs of a cell, those of a table inside it too."""
        for element in _blocks(cell):
            if local_name(element) == "tbl":
                for row in _inside(element, "tr"):
                    for inner in _inside(row, "tc"):
                        yield from self._cell(inner)
            else:
                yield self._paragraph_text(element)

    def _strings(self, parent: Sequence[_Element]) -> Iterator[str]:
        """Yield the text of runs, in order: insertions are text, deletions, comments and hidden runs are not."""
        for element in parent:
            name = local_name(element)
            if name == "r":
                yield self._run(element)
            elif name == "t":
                yield element.text or ""
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name == "sym":
                yield _symbol(element)
            elif name in _DELETED:
                if name == "del":
                    self.text.leave_out("tracked deletion")
            elif name == "commentReference":
                self.text.leave_out("comment")
            elif name in {"footnoteReference", "endnoteReference"}:
                self._read_note(name.removesuffix("Reference"), attribute(element, "id"))
            elif name == "txbxContent":
                self._boxes.append(element)
            elif name not in _NO_TEXT and not _is_placeholder(element):
                yield from self._strings(_chosen(element))

    def _run(self, run: _Element) -> str:
        properties = child(run, "rPr")
        marks = dict.fromkeys(self._inherited | self._style(properties, "rStyle").marks, True) | _marks(properties)
        text = "".join(self._strings(run))
        if marks.get("vanish") or marks.get("strike"):
            if text.strip():
                self.text.leave_out("hidden passage" if marks.get("vanish") else "struck passage")
            return ""
        raised = child(properties, "vertAlign")
        return (
            text.translate(SUPERSCRIPTS) if raised is not None and attribute(raised, "val") == "superscript" else text
        )

    def _read_note(self, kind: str, number: str) -> None:
        note = self.notes[kind].get(number)
        if note is not None:
            inherited = self._inherited
            self.text.footnotes.append("\n".join(self._cell(note)))
            self._inherited = inherited


def _blocks(container: Sequence[_Element]) -> Iterator[_Element]:
    """Yield the paragraphs and tables of a container, those in content controls and insertions too."""
    for element in container:
        name = local_name(element)
        if name in {"p", "tbl"}:
            yield element
        elif name not in _DELETED and name not in _NO_TEXT and not _is_placeholder(element):
            yield from _blocks(_chosen(element))


def _inside(parent: _Element, name: str) -> Iterator[_Element]:
    """Yield the rows of a table or the cells of a row, those in content controls and insertions too."""
    for element in parent:
        if local_name(element) == name:
            yield element
        elif local_name(element) in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "bookmarkStart"}:
            yield from _inside(element, name)


def _chosen(element: _Element) -> Sequence[_Element]:
    """Return what is inside an element: of alternatives, the first."""
    inside = list(element)
    return inside[:1] if local_name(element) == "AlternateContent" else inside


def _is_placeholder(element: _Element) -> bool:
    """Return whether a content control holds its prompt ("Click here to enter text"), or a table of contents."""
    properties = child(element, "sdtPr") if local_name(element) == "sdt" else None
    if child(properties, "showingPlcHdr") is not None:
        return True
    gallery = child(properties, "docPartObj", "docPartGallery")
    return gallery is not None and attribute(gallery, "val") == "Table of Contents"


def _symbol(element: _Element) -> str:
    """Return the character of a symbol; those of symbol fonts, in the private use area, have none."""
    try:
        character = chr(int(attribute(element, "char"), 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= character <= "\uf8ff" else character
