"""OpenDocument texts (.odt): paragraphs, headings, lists, tables and notes, read from the XML of OpenDocument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

_WHAT = "an OpenDocument text"
_CONTAINERS = frozenset(
    {"section", "index-body", "numbered-paragraph", "page-sequence", "table-header-rows", "table-rows"}
)
_LEFT_OUT = {
    "annotation": "comment",
    "hidden-text": "hidden passage",
    "hidden-paragraph": "hidden passage",
    "conditional-text": "hidden passage",
}
_NO_TEXT = frozenset(
    """tracked-changes annotation-end table-of-content forms ruby-text placeholder note-citation title-ref desc
    script event-listeners image object object-ole sequence-decls variable-decls user-field-decls""".split()  # noqa: SIM905 (readable as prose)
)
_MAX_STYLES_ABOVE = 20
_MAX_SPACES = 100


def extract(data: bytes) -> dict[str, object]:
    """Return the document's ``text``, ``title``, ``author`` and ``notes``.

    Raises:
        ArticleError: It is not an OpenDocument text, is damaged, protected, too large or has no text.
    """
    return guarded(_extract, data, _WHAT)


def _extract(data: bytes) -> dict[str, object]:
    package = Package(data, _WHAT)
    if b"encryption-data" in (package.read("META-INF/manifest.xml") or b""):
        raise ArticleError("needs a password: save it without one")
    content = package.xml("content.xml")
    body = child(content, "body", "text")
    if body is None:
        raise ArticleError("is not an OpenDocument text (it holds none)")
    reader = _OdtReader(_styles(package.xml("styles.xml"), content))
    reader.read(body)
    properties = child(package.xml("meta.xml"), "meta")
    title, creator = child(properties, "title"), child(properties, "initial-creator")
    return reader.text.reply(_plain(title), _plain(creator))


def _plain(element: _Element | None) -> str:
    return "" if element is None else element.text or ""


@dataclass(frozen=True, slots=True)
class _TextStyle:
    """What a style says of the text that has it: the document's title, hidden, struck through, raised."""

    is_title: bool = False
    hidden: bool = False
    struck: bool = False
    raised: bool = False


def _styles(*roots: _Element | None) -> dict[str, _TextStyle]:
    """Return the named and automatic styles of a document by name, each with what it inherits."""
    elements = {
        attribute(style, "name"): style
        for root in roots
        for group in (root if root is not None else ())
        if local_name(group) in {"styles", "automatic-styles"}
        for style in group
        if local_name(style) == "style"
    }
    return {name: _resolved(name, elements) for name in elements}


def _resolved(name: str, elements: Mapping[str, _Element]) -> _TextStyle:
    is_title, properties = False, dict[str, str]()
    for _ in range(_MAX_STYLES_ABOVE):
        element = elements.get(name)
        if element is None:
            break
        is_title = is_title or name == "Title"
        text = child(element, "text-properties")
        own = {key.rpartition("}")[2]: str(value) for key, value in (text.attrib.items() if text is not None else ())}
        properties = own | properties
        name = attribute(element, "parent-style-name")
    return _TextStyle(
        is_title=is_title,
        hidden=properties.get("display") == "none",
        struck=properties.get("text-line-through-style", "none") != "none"
        or properties.get("text-line-through-type", "none") != "none",
        raised=properties.get("text-position", "").startswith("super"),
    )


@dataclass(slots=True)
class _OdtReader:
    """Reads the body of a document into a :class:`DocumentText`."""

    styles: Mapping[str, _TextStyle]
    text: DocumentText = field(default_factory=DocumentText)
    _boxes: list[_Element] = field(default_factory=list)

    def read(self, container: _Element, *, item: bool = False) -> None:
        """Read the blocks of a body, section, list or text box."""
        for element in container:
            name = local_name(element)
            if name in {"p", "h"}:
                self._read_paragraph(element, item=item)
                item = False
            elif name == "table":
                self._read_table(element)
            elif name == "list":
                for entry in element:
                    self.read(entry, item=local_name(entry) == "list-item")
            elif name == "tracked-changes":
                self._count_deletions(element)
            elif name in _CONTAINERS:
                if attribute(element, "display") == "none":
                    self.text.leave_out("hidden passage")
                else:
                    self.read(element)
            elif name == "frame":
                self._read_frame(element)
        self._read_boxes()

    def _read_paragraph(self, element: _Element, *, item: bool) -> None:
        level = _level(element) or (1 if self._style(element).is_title else 0)
        self.text.add_paragraph(self._visible(element), level=level, item=item and not level)
        self._read_boxes()

    def _read_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.read(box)

    def _read_frame(self, frame: _Element) -> None:
        box = child(frame, "text-box")
        if box is not None:
            self._boxes.append(box)

    def _count_deletions(self, changes: _Element) -> None:
        for region in changes:
            if child(region, "deletion") is not None:
                self.text.leave_out("tracked deletion")

    def _read_table(self, table: _Element) -> None:
        self.text.add_table([[list(self._cell(cell)) for cell in _cells(row)] for row in _rows(table)])
        self._read_boxes()

    def _cell(self, container: _Element) -> Iterator[str]:
        """Yield the paragraphs of a cell or note, those of lists and tables inside it too."""
        for element in container:
            if local_name(element) in {"p", "h"}:
                yield self._visible(element)
            elif local_name(element) not in _NO_TEXT:
                yield from self._cell(element)

    def _style(self, element: _Element) -> _TextStyle:
        return self.styles.get(attribute(element, "style-name"), _TextStyle())

    def _visible(self, element: _Element) -> str:
        """Return the text of a paragraph or span, empty where its style hides or strikes it."""
        style = self._style(element)
        text = "".join(self._strings(element))
        if style.hidden or style.struck:
            if text.strip():
                self.text.leave_out("hidden passage" if style.hidden else "struck passage")
            return ""
        return text.translate(SUPERSCRIPTS) if style.raised else text

    def _strings(self, parent: _Element) -> Iterator[str]:
        """Yield the text inside a paragraph, in order, without its notes, comments and frames."""
        yield _collapsed(parent.text)
        for element in parent:
            yield self._inline(element)
            yield _collapsed(element.tail)

    def _inline(self, element: _Element) -> str:
        name = local_name(element)
        if name == "s":
            count = attribute(element, "c")
            return " " * min(int(count) if count.isdecimal() else 1, _MAX_SPACES)
        if name in {"tab", "line-break"}:
            return "\t" if name == "tab" else "\n"
        if name == "note":
            body = child(element, "note-body")
            self.text.footnotes.append("\n".join(self._cell(body)) if body is not None else "")
            return ""
        if name == "frame":
            self._read_frame(element)
            return ""
        if name in _LEFT_OUT or attribute(element, "display") == "none":
            self.text.leave_out(_LEFT_OUT.get(name, "hidden passage"))
            return ""
        return "" if not name or name in _NO_TEXT else self._visible(element)


def _level(element: _Element) -> int:
    """Return the level of a heading, from 1; 0 for a paragraph."""
    level = attribute(element, "outline-level")
    return 0 if local_name(element) == "p" else int(level) if level.isdecimal() else 1


def _rows(table: _Element) -> Iterator[_Element]:
    for element in table:
        if local_name(element) == "table-row":
            yield element
        elif local_name(element) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(element)


def _cells(row: _Element) -> Iterator[_Element]:
    return (cell for cell in row if local_name(cell) in {"table-cell", "covered-table-cell"})


def _collapsed(text: str | None) -> str:
    """Return text with white space as OpenDocument reads it: runs of it are one space."""
    if not text:
        return ""
    words = " ".join(text.split())
    if not words:
        return " "
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"
