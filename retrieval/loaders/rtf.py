"""Rich Text Format (.rtf): paragraphs, headings, lists, tables and notes.

The lists of destinations, character sets and special characters are striprtf's. Its converter is not used: it keeps
deleted and hidden text, writes addresses and notes into sentences and loses text boxes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from retrieval.errors import ArticleError
from retrieval.loaders.office import SUPERSCRIPTS, DocumentText, guarded
from retrieval.text.lazy_pattern import LazyPattern

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_MAX_DEPTH = 10_000

_SHOWN = frozenset({"shp", "shpinst", "shptxt", "do", "dptxbxtext"})
"""Destinations that striprtf leaves out: text boxes, and the shapes around them."""
_LEFT_OUT = frozenset({"listtext", "nonshppict", "shprslt", "listtable", "nesttableprops", "nonesttables"})
_BOXES = frozenset({"shptxt", "dptxbxtext"})
_LIST_MARKERS = frozenset({"listtext", "pntext"})
_ENDS_PARAGRAPH = frozenset({"par", "sect", "\n", "\r"})
_MARKS = {"v": "hidden passage", "deleted": "tracked deletion", "strike": "struck passage", "striked": "struck passage"}
_CHARACTER_SETS = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_CODE_PAGES = {0: "cp1252", 10_000: "mac_roman", 65_001: "utf-8"}
_STYLE_NAME = LazyPattern(r"\s*(?:heading (?P<level>[1-9])|title|headline)\s*;", re.IGNORECASE)
_BEYOND_ASCII = LazyPattern(r"[^\x00-\x7f]+")
_SURROGATE = LazyPattern("[\ud800-\udfff]")


def load_library() -> None:
    """Import striprtf."""
    import striprtf.striprtf  # noqa: F401, PLC0415


def extract(data: bytes) -> dict[str, object]:
    """Return the document's ``text``, ``title``, ``author`` and ``notes``.

    Raises:
        ArticleError: It is not RTF, is damaged, too large or has no text.
    """
    return guarded(_extract, data, "RTF")


def _extract(data: bytes) -> dict[str, object]:
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ArticleError("is not RTF (it does not begin like it)")
    reader = _RtfReader()
    reader.read(_escaped(data))
    return reader.text.reply(reader.info["title"], reader.info["author"])


def _escaped(data: bytes) -> bytes:
    """Return a file with its characters escaped that are written as UTF-8, which RTF does not know but tools write."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    return data if text.isascii() else _BEYOND_ASCII.sub(_escape, text).encode("ascii")


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be")
    numbers = (units[at] << 8 | units[at + 1] for at in range(0, len(units), 2))
    return "{\\uc1" + "".join(f"\\u{number}?" for number in numbers) + "}"


@dataclass(frozen=True, slots=True)
class _Group:
    r"""The state that a group inherits, and that ends with it.

    Attributes:
        destination: Where its text goes: "body", "footnote", "box", "title", "author", "fonttbl", "stylesheet", or
            nowhere: "".
        skipped: Bytes after a ``\u`` that stand for it in readers without Unicode.
        font: The number of its font.
        marks: Why its text is left out: words of ``_MARKS``.
        raised: Whether its text is superscript.
    """

    destination: str = "body"
    skipped: int = 1
    font: int = -1
    marks: frozenset[str] = frozenset()
    raised: bool = False


@dataclass(slots=True)
class _Paragraph:
    """A paragraph, note or text box that is being read."""

    pieces: list[str] = field(default_factory=list)
    level: int = 0
    is_item: bool = False
    in_table: bool = False

    def text(self) -> str:
        """Return its text, the two halves of characters beyond U+FFFF joined."""
        text = "".join(self.pieces)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATE.search(text) else text


class _RtfReader:
    """Reads RTF, token by token, into a :class:`DocumentText`.

    Attributes:
        text: The document's text.
        info: Its title and author properties.
    """

    def __init__(self) -> None:
        from striprtf.striprtf import charset_map, destinations, specialchars  # noqa: PLC0415 (in the child)

        self.text = DocumentText()
        self.info = {"title": "", "author": ""}
        self._charsets = charset_map
        self._characters = specialchars
        self._ignored = (destinations | _LEFT_OUT) - _SHOWN - {"info"}
        self._encoding = "cp1252"
        self._default_font = -1
        self._fonts: dict[int, int] = {}  # their character sets
        self._levels: dict[int, int] = {}  # of the headings, by style
        self._defined = -1  # the font or style that is being defined
        self._group = _Group()
        self._stack: list[_Group] = []
        self._is_optional = False  # after \*
        self._bytes = bytearray()  # not decoded yet
        self._to_skip = 0
        self._counted: frozenset[str] = frozenset()  # marks of the text just left out
        self._paragraph = _Paragraph()
        self._around: list[_Paragraph] = []  # of a note or text box
        self._boxes: list[str] = []
        self._row: list[list[str]] = []
        self._rows: list[list[list[str]]] = []

    def read(self, data: bytes) -> None:
        """Read a file, until its outermost group ends."""
        at = data.index(b"{")
        while found := _TOKEN.match(data, at):
            at = found.end()
            word, number, code, symbol, brace, text = found.groups()
            if code or text:
                self._add_bytes(bytes.fromhex(code.decode("ascii")) if code else text)
            elif word:
                value = int(number) if number else None
                at += max(0, value or 0) if word == b"bin" else 0
                self._word(word.decode("ascii"), value)
            elif symbol:
                self._symbol(symbol.decode("latin-1"))
            elif brace == b"{":
                self._open()
            elif brace and not self._close():
                break
        self._decode()
        self._end_paragraph()
        self._end_table()

    # Groups

    def _open(self) -> None:
        self._decode()
        self._to_skip, self._is_optional = 0, False
        if len(self._stack) > _MAX_DEPTH:
            raise ArticleError("is damaged: its groups are nested too deeply")
        self._stack.append(self._group)

    def _close(self) -> bool:
        """End a group; return whether there is one around it."""
        self._decode()
        self._to_skip, self._is_optional = 0, False
        ended, self._group = self._group, self._stack.pop()
        if ended.destination != self._group.destination and ended.destination in {"footnote", "box"}:
            text = self._paragraph.text()
            self._paragraph = self._around.pop()
            if ended.destination == "footnote":
                self.text.footnotes.append(text)
            else:
                self._boxes.append(text)
        return bool(self._stack)

    def _send_to(self, destination: str) -> None:
        """Send the text of the group elsewhere."""
        if self._group.destination in {"", destination}:
            return
        if destination in {"footnote", "box"}:
            self._around.append(self._paragraph)
            self._paragraph = _Paragraph()
        self._group = replace(self._group, destination=destination, marks=frozenset(), raised=False)

    # Control words

    def _word(self, word: str, number: int | None) -> None:
        self._decode()
        skips, self._to_skip = self._to_skip > 0, 0
        if skips and word in self._characters:  # what stands for a \u may be a control word too
            return
        optional, self._is_optional = self._is_optional, False
        if word in _LIST_MARKERS:
            self._paragraph.is_item = True
        if word == "annotation" and self._group.destination:
            self.text.leave_out("comment")
        if word in {"footnote", "title", "author", "fonttbl", "stylesheet"}:
            self._send_to(word)
        elif word in _BOXES:
            self._send_to("box")
        elif word in self._ignored or (optional and word not in _SHOWN):
            self._send_to("")
        elif self._group.destination in {"fonttbl", "stylesheet"}:
            self._define(word, number)
        else:
            self._format(word, number)

    def _define(self, word: str, number: int | None) -> None:
        """Read a word of the font table or the style sheet."""
        in_fonts = self._group.destination == "fonttbl"
        if word == ("f" if in_fonts else "s"):
            self._defined = -1 if number is None else number
        elif in_fonts and word == "fcharset":
            self._fonts[self._defined] = number or 0
        elif word == "outlinelevel" and number is not None and number in range(9):
            self._levels[self._defined] = number + 1

    def _format(self, word: str, number: int | None) -> None:
        """Read a word that changes the text or how it is read."""
        if word in _MARKS:
            marks = self._group.marks
            self._group = replace(self._group, marks=marks - {word} if number == 0 else marks | {word})
        elif word in {"super", "nosupersub", "sub"}:
            self._group = replace(self._group, raised=word == "super" and number != 0)
        elif word == "plain":
            self._group = replace(self._group, marks=frozenset(), raised=False, font=self._default_font)
        elif word == "f" and number is not None:
            self._group = replace(self._group, font=number)
        elif word == "u" and number is not None:
            self._add(chr(number % 0x10000))
            self._to_skip = self._group.skipped
        elif word == "uc":
            self._group = replace(self._group, skipped=max(0, number or 0))
        elif word == "deff" and number is not None:
            self._default_font = number
            self._group = replace(self._group, font=number)
        elif word in _CHARACTER_SETS or word == "ansicpg":
            self._encoding = _CHARACTER_SETS.get(word) or _code_page(number or 0) or self._encoding
        else:
            self._lay_out(word, number)

    def _lay_out(self, word: str, number: int | None) -> None:
        """Read a word that ends or describes a paragraph, cell or row."""
        paragraph = self._paragraph
        if word in _ENDS_PARAGRAPH:
            self._end_paragraph()
        elif word == "pard":
            paragraph.level, paragraph.in_table = 0, False
        elif word == "s" and number is not None:
            paragraph.level = self._levels.get(number, 0)
        elif word == "outlinelevel" and number is not None and number in range(9):
            paragraph.level = number + 1
        elif word in {"intbl", "trowd"} and self._group.destination == "body":
            paragraph.in_table = True
        elif word == "cell" and self._group.destination == "body":
            self._row.append(paragraph.text().split("\n"))
            self._paragraph = _Paragraph(in_table=True)
        elif word == "row" and self._group.destination == "body":
            self._rows.append(self._row)
            self._row = []
            self._paragraph = _Paragraph()
        elif word in {"cell", "nestcell", "page", "column", "softline"}:
            self._add("\n")
        elif word in self._characters:
            self._add(self._characters[word])

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._is_optional = True
        elif symbol in "{}\\":
            self._add_bytes(symbol.encode("ascii"))
        elif symbol in "\r\n":
            self._word("par", None)
        elif symbol in self._characters:
            self._decode()
            self._add(self._characters[symbol])

    # Text

    def _add_bytes(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        self._bytes += data[skipped:]

    def _decode(self) -> None:
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._add(data.decode(self._font_encoding(), "replace"))

    def _font_encoding(self) -> str:
        """Return the encoding of the current font.

        The character set 0 is Windows-1252. Where the document is in another code page and has no font of it, its
        writer did not mean that.
        """
        charset = self._fonts.get(self._group.font, 1)
        encoding = self._charsets.get(charset)
        if encoding is None or (charset == 0 and not self._has_font_of_code_page()):
            return self._encoding
        return encoding if _is_known(encoding) else self._encoding

    def _has_font_of_code_page(self) -> bool:
        return any(self._charsets.get(charset) == self._encoding for charset in self._fonts.values())

    def _add(self, text: str) -> None:
        group = self._group
        if group.destination in self.info:
            self.info[group.destination] += text
        elif group.destination == "stylesheet":
            name = _STYLE_NAME.match(text)
            if name:
                self._levels[self._defined] = int(name["level"] or 1)
        elif group.destination in {"body", "footnote", "box"}:
            if group.marks:
                if text.strip():
                    for mark in group.marks - self._counted:
                        self.text.leave_out(_MARKS[mark])
                    self._counted = group.marks
            else:
                self._counted = self._counted if not text.strip() else frozenset()
                self._paragraph.pieces.append(text.translate(SUPERSCRIPTS) if group.raised else text)

    def _end_paragraph(self) -> None:
        paragraph = self._paragraph
        if self._around or paragraph.in_table:
            self._add("\n")
            return
        text = paragraph.text()
        if text.strip():
            self._end_table()
        self.text.add_paragraph(text, level=paragraph.level, item=paragraph.is_item and not paragraph.level)
        self._paragraph = _Paragraph(level=paragraph.level)
        if not paragraph.in_table:
            self._add_boxes()

    def _end_table(self) -> None:
        if self._row or (self._paragraph.in_table and self._paragraph.pieces):  # a row that never ends
            self._rows.append([*self._row, self._paragraph.text().split("\n")])
            self._row, self._paragraph = [], _Paragraph()
        rows, self._rows = self._rows, []
        self.text.add_table(rows)
        if rows:
            self._add_boxes()

    def _add_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            for line in box.split("\n"):
                self.text.add_paragraph(line)


def _code_page(number: int) -> str:
    """Return the encoding of a Windows code page, or "" where it is not known."""
    name = _CODE_PAGES.get(number, f"cp{number}")
    return name if _is_known(name) else ""


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True
