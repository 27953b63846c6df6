"""PDF files: the text of their pages, extracted with PDFium in the sandbox.

PDFium gives every character its position; columns, paragraphs and page furniture are found by them. Sentences that run
over a column or page break are joined: running heads and page numbers are moved to the end, footnotes and sideways text
behind the paragraph they interrupt.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.limits import MAX_ARTICLE_CHARACTERS, MAX_PDF_BYTES, MAX_PDF_PAGES
from retrieval.loaders.metadata import Metadata, assemble
from retrieval.loaders.page_furniture import PrintedPage, take_furniture
from retrieval.loaders.page_layout import (
    PrintedLine,
    PrintedParagraph,
    PrintedWord,
    continues,
    paragraphs,
    runs_on,
    type_size,
)
from retrieval.loaders.sandbox import EXTRACTOR
from retrieval.loaders.text import read_bytes
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.ligatures import LOST, restore_ligatures
from retrieval.text.sanitize import excerpt

if TYPE_CHECKING:
    import pypdfium2 as pdfium

_NO_TITLE = LazyPattern(
    r"untitled|\(?unspecified\)?|.*\.(docx?|indd|pdf|qxd|pages|tex|rtf|odt)|microsoft word.*|\W*", re.IGNORECASE
)
_LATIN_WORD = LazyPattern(r"(?<!\w)[a-z]{2,}(?!\w)")
_NO_AUTHOR = LazyPattern(r"\(?(?:anonymous|unspecified|unknown|admin(?:istrator)?|user|owner)\)?|\W*", re.IGNORECASE)

_MAX_DEFERRED = 20
"""Paragraphs of other type sizes (footnotes, captions) that may stand between the two parts of one paragraph."""

_TOO_LONG = f"has more than {MAX_ARTICLE_CHARACTERS:,} characters of text: split it"

_FEW_WORDS = 100
_COMMON_WORDS = frozenset(
    """the of and to in is de la el en que les et des le der die und das di il per um da het een van och att det som
    og na se je ja on ei ve bir az egy nie""".split()  # noqa: SIM905 (readable as prose)
)
"""The most frequent words of the languages in Latin letters, of two letters or more: every text of a hundred words has
some, unless the codes of its font are not those of its letters."""

_UNREADABLE = 0.5
"""Share of characters without a code from which a text is refused."""

_HEADLINE = 1.15  # times the size of the text
_HEADLINE_LINES = 4
_LEVEL = 5.0  # degrees: scanned lines are a little aslant
_LOOSE_HEIGHT = 1.17  # em: the height of PDFium's loose boxes


def load_pdf(file: SourceFile) -> Iterator[Article | LoadProblem]:
    """Yield the file's article: the text of its pages in reading order, paragraphs separated by a blank line.

    Running heads and watermarks are at the end, each once. Title and author come from the file's metadata, else from
    the text. The dates of a PDF are those of the file, not of publication, and are not used.
    """
    found = EXTRACTOR.extract("pdf", read_bytes(file, MAX_PDF_BYTES))
    metadata = Metadata(title=found["title"], author=found["author"], notes=tuple(found["notes"]))
    pages = [(start, number) for start, number in found["pages"]]
    yield from assemble(file, found["text"], metadata, pages=pages, body_end=found["body_end"], wrapped=True)


def load_library() -> None:
    """Import pypdfium2."""
    import pypdfium2  # noqa: F401, PLC0415


def extract(data: bytes) -> dict[str, object]:
    """Return ``text``, ``body_end`` (where the furniture begins), ``pages``, ``notes``, ``title`` and ``author``.

    ``pages`` are pairs of an offset and the number of the page that the text from there on is printed on.

    Raises:
        ArticleError: The file is not a PDF, is locked, has too many pages or no text.
    """
    document = _opened(data)
    reader = _PageReader()
    pages: list[PrintedPage] = []
    for number in range(1, len(document) + 1):
        pages.append(reader.read(document, number))
        if reader.characters > MAX_ARTICLE_CHARACTERS:
            raise ArticleError(_TOO_LONG)
    if not any(page.words or page.slanted or page.aside for page in pages):
        raise ArticleError(
            "is damaged: no page can be read"
            if reader.damaged
            else "holds no text (scanned pages?): run it through OCR first"
        )
    restored = list(_restored(pages))
    furniture = take_furniture(pages)
    body, starts = _written(_in_order(pages), _body_size(pages))
    text = "\n\n".join(filter(None, [body, "\n".join(furniture)]))
    if text.count(LOST) > _UNREADABLE * len("".join(text.split())):
        raise ArticleError("has no codes for its letters: run it through OCR first")
    return {
        "text": text,
        "body_end": len(body),
        "pages": starts,
        "notes": [*reader.notes(), *restored, *_lost(body, starts), *_garbled(text)],
        **_info(document),
    }


def _opened(data: bytes) -> pdfium.PdfDocument:
    import pypdfium2 as pdfium  # noqa: PLC0415

    if b"%PDF-" not in data[:1024]:
        raise ArticleError("is not a PDF (it does not begin like one)")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # PDFium keeps the last error's code: that of a file without a key may be of the one before.
        if error.err_code == pdfium.raw.FPDF_ERR_PASSWORD and b"/Encrypt" in data:
            raise ArticleError("needs a password: save it without one") from None
        if error.err_code == pdfium.raw.FPDF_ERR_SECURITY:
            raise ArticleError("is encrypted in a way that is not read: save it without protection") from None
        raise ArticleError("is damaged: it cannot be opened as a PDF") from None
    if len(document) > MAX_PDF_PAGES:
        raise ArticleError(f"has {len(document):,} pages, more than {MAX_PDF_PAGES:,}: split it")
    if document.get_formtype() != pdfium.raw.FORMTYPE_NONE:
        document.init_forms()  # else its fields are not part of its pages
    return document


class _PageReader:
    """Reads pages, and counts what could not be read.

    Attributes:
        characters: Read so far.
        damaged: Numbers of the pages that cannot be read.
        blank: Numbers of the pages that show something, but no text.
    """

    def __init__(self) -> None:
        self.characters = 0
        self.damaged: list[int] = []
        self.blank: list[int] = []

    def read(self, document: pdfium.PdfDocument, number: int) -> PrintedPage:
        """Return a page; an empty one where it is damaged."""
        import pypdfium2 as pdfium  # noqa: PLC0415

        empty = PrintedPage(number, 0.0, 0.0, [], [], [])
        try:
            page = document[number - 1]
            # What was filled into a form becomes part of the page; notes in the margin stay apart.
            if document.formenv and pdfium.raw.FPDFPage_GetAnnotCount(page) > 0:
                page.flatten()
                page.close()
                page = document[number - 1]
            characters = list(_characters(page))
            box = page.get_bbox()
            is_blank = not characters and next(page.get_objects(max_depth=1), None) is not None
            page.close()
        except pdfium.PdfiumError:
            self.damaged.append(number)
            return empty
        self.characters += len(characters)
        if is_blank:
            self.blank.append(number)
        return _page(number, characters, box)

    def notes(self) -> Iterator[str]:
        """Yield a line about each kind of page that was not read."""
        if self.damaged:
            yield f"{_numbered(self.damaged)} damaged: left out"
        if self.blank:
            yield f"{_numbered(self.blank)} without text (scanned?): not read, run the file through OCR first"


def _numbered(pages: Sequence[int]) -> str:
    """Return "page 2 is", "pages 2 and 3 are" or "pages 2, 3, 5 and 7 more are"."""
    if len(pages) == 1:
        return f"page {pages[0]} is"
    shown = [str(number) for number in pages[:10]]
    last = f"{len(pages) - 10} more" if len(pages) > 10 else shown.pop()
    return f"pages {', '.join(shown)} and {last} are"


@dataclass(slots=True)
class _Character:
    text: str
    size: float
    angle: float  # degrees, counterclockwise
    x: float
    y: float
    box: tuple[float, float, float, float]


def _characters(page: pdfium.PdfPage) -> Iterator[_Character]:
    """Yield the characters of a page in the order they were drawn, with the blanks that PDFium finds between them.

    Raises:
        PdfiumError: The page cannot be read.
    """
    from pypdfium2 import raw  # noqa: PLC0415

    text = page.get_textpage()
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    count = text.count_chars()
    if count > MAX_ARTICLE_CHARACTERS:
        raise ArticleError(_TOO_LONG)
    for at in range(count):
        code = raw.FPDFText_GetUnicode(text, at)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
        high = 0
        raw.FPDFText_GetLooseCharBox(text, at, box)
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetMatrix(text, at, matrix)
        size = abs(raw.FPDFText_GetFontSize(text, at)) * (math.hypot(matrix.c, matrix.d) or 1.0)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        edges = (box.left, box.bottom, box.right, box.top)
        if all(map(math.isfinite, (*edges, x.value, y.value, size))):
            letter = LOST if raw.FPDFText_HasUnicodeMapError(text, at) else _letter(code)
            yield _Character(letter, size, angle, x.value, y.value, edges)
    text.close()


_HYPHEN = 0x02  # PDFium's mark for a hyphen at the end of a line
_NONCHARACTERS = frozenset({0xFFFE, 0xFFFF})


def _letter(code: int) -> str:
    """Return the character of a code, U+FFFD where it has none."""
    if code in (_HYPHEN, 0xAD):
        return "-"
    if 0xFB00 <= code <= 0xFB06:  # ligatures: fi is two letters to whoever searches for "office"
        return unicodedata.normalize("NFKC", chr(code))
    letter = chr(code) if code <= 0x10FFFF and code not in _NONCHARACTERS else LOST
    if letter.isspace():
        return " "
    return LOST if unicodedata.category(letter) in {"Cc", "Cn", "Co", "Cs"} else letter


def _page(number: int, characters: Sequence[_Character], box: tuple[float, float, float, float]) -> PrintedPage:
    """Return the page, turned so that most of its text is upright."""
    turns = Counter(_turn(char.angle) for char in characters if char.text != " ")
    turns.pop(None, None)
    main = max(turns, key=lambda turn: turns[turn], default=0) or 0
    _, bottom, _, top = _turned(box, main)
    slanted: list[str] = []
    aside: list[str] = []
    for turn, text in _strings(characters, main):
        if text and turn != main:
            (slanted if turn is None else aside).append(text)
    upright = [char for char in characters if char.text == " " or _turn(char.angle) == main]
    words = _unique(_words(upright, main))
    return PrintedPage(number, top, bottom, words, slanted, aside)


def _turn(angle: float) -> int | None:
    """Return how many quarter turns ``angle`` is, or None when it is aslant."""
    nearest = round(angle / 90)
    return nearest % 4 if abs(angle - nearest * 90) <= _LEVEL else None


_Box = tuple[float, float, float, float]


def _turned(box: _Box, turn: int) -> _Box:
    """Return left, bottom, right and top of ``box`` after so many quarter turns clockwise."""
    left, bottom, right, top = box
    for _ in range(turn):
        left, bottom, right, top = bottom, -right, top, -left
    return left, bottom, right, top


def _strings(characters: Sequence[_Character], main: int) -> Iterator[tuple[int | None, str]]:
    """Yield the texts that are printed another way than the page, with their turn."""
    letters = itertools.groupby(characters, key=lambda char: main if char.text == " " else _turn(char.angle))
    run: list[str] = []
    before: int | None = main
    for turn, group in letters:
        text = "".join(char.text for char in group)
        if not text.strip():
            run.append(" ")
            continue
        if turn != before and run:
            yield before, " ".join("".join(run).split())
            run = []
        before = turn
        run.append(text)
    yield before, " ".join("".join(run).split())


def _words(characters: Sequence[_Character], turn: int) -> Iterator[PrintedWord]:
    """Yield the words of upright text, in the order they were drawn."""
    word: PrintedWord | None = None
    for char in characters:
        if char.text == " ":
            if word:
                word.blank = True
                yield word
                word = None
            continue
        left, bottom, right, top = _turned(char.box, turn)
        _, baseline, _, _ = _turned((char.x, char.y, char.x, char.y), turn)
        size = char.size or (top - bottom) / _LOOSE_HEIGHT or 1.0
        if word and _adjoins(word, left, right, baseline, size):
            word.text += char.text
            word.left, word.right = min(word.left, left), max(word.right, right)
            continue
        if word:
            yield word
        word = PrintedWord(char.text, left, right, baseline, size)
    if word:
        yield word


def _adjoins(word: PrintedWord, left: float, right: float, baseline: float, size: float) -> bool:
    """Return whether a character drawn next belongs to ``word``: at either end of it, on its line, in its size."""
    em = max(word.size, size)
    if abs(word.baseline - baseline) > 0.1 * em or abs(word.size - size) > 0.12 * em:
        return False
    return min(abs(left - word.right), abs(right - word.left)) <= 0.25 * em


def _unique(words: Iterable[PrintedWord]) -> list[PrintedWord]:
    """Return ``words`` without those printed twice, a little apart, to look bold."""
    seen: set[tuple[str, int, int]] = set()
    kept: list[PrintedWord] = []
    for word in words:
        step = 0.2 * word.size
        x, y = round(word.left / step), round(word.baseline / step)
        if any((word.text, x + dx, y + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            if kept:
                kept[-1].blank = kept[-1].blank or word.blank
            continue
        seen.add((word.text, x, y))
        kept.append(word)
    return kept


def _restored(pages: Sequence[PrintedPage]) -> Iterator[str]:
    """Restore the ligatures without a code in the words of ``pages``; yield a note when there are any."""
    words = [word for page in pages for word in page.words if LOST in word.text]
    restored = restore_ligatures(word.text for word in words)
    for word in words:
        word.text = restored[word.text]
    examples = [text for text in restored.values() if LOST not in text]
    if examples:
        yield f"ligatures (fi, fl, ff) without a code are read by the rest of the word, as in {excerpt(examples[0])}"


def _lost(text: str, starts: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield a note when characters of the text are unknown."""
    first = text.find(LOST)
    if first >= 0:
        page = max((start, number) for start, number in starts if start <= first)[1]
        yield f"{text.count(LOST):,} characters have no code and are shown as {LOST}, the first on page {page}"


def _garbled(text: str) -> Iterator[str]:
    """Yield a note when the Latin letters of a text make no words: its font's codes are not those of the letters."""
    words = _LATIN_WORD.findall(text[:100_000].lower())
    if len(words) >= _FEW_WORDS and _COMMON_WORDS.isdisjoint(words):
        yield "its letters make no words (the codes of its fonts are wrong): run it through OCR first"


def _in_order(pages: Sequence[PrintedPage]) -> Iterator[PrintedParagraph]:
    """Yield the paragraphs of all pages; what interrupts one that runs over a break comes behind it."""
    body = _body_size(pages)
    waiting: PrintedParagraph | None = None  # the foot of a column, until its continuation is found or missed
    deferred: list[PrintedParagraph] = []
    for paragraph in itertools.chain.from_iterable(map(_paragraphs, pages)):
        found = paragraph
        if waiting is not None and continues(waiting, paragraph):
            waiting = found = replace(paragraph, lines=[*waiting.lines, *paragraph.lines])
            if found.closes:
                continue
        elif waiting is not None:
            is_other_type = abs(found.size - body) > 0.08 * body
            if runs_on(waiting) and is_other_type and len(deferred) < _MAX_DEFERRED:
                deferred.append(found)
                continue
            yield waiting
        if not found.closes:
            yield found
        yield from deferred
        waiting, deferred = found if found.closes else None, []
    if waiting is not None:
        yield waiting
    yield from deferred


def _body_size(pages: Iterable[PrintedPage]) -> float:
    return type_size(word for page in pages for word in page.words)


def _paragraphs(page: PrintedPage) -> Iterator[PrintedParagraph]:
    """Yield the paragraphs of a page; those printed sideways last, each as a line of the smallest type."""
    yield from paragraphs(page.words, page.number)
    for text in page.aside:
        word = PrintedWord(text, 0.0, 0.0, 0.0, 0.5)
        yield PrintedParagraph([PrintedLine([word], page.number)], 0.0, 0.0)


def _written(found: Iterable[PrintedParagraph], body: float) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of the paragraphs, and the offset and number of each change of page.

    The lines of a headline, which is set larger than the text, are joined.
    """
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    offset = 0
    for paragraph in found:
        is_headline = paragraph.size > _HEADLINE * body and len(paragraph.lines) <= _HEADLINE_LINES
        for at, line in enumerate(paragraph.lines):
            mark = ("\n\n" if parts else "") if at == 0 else " " if is_headline else "\n"
            offset += len(mark)
            if not starts or starts[-1][1] != line.page:
                starts.append((offset, line.page))
            parts.extend((mark, line.text))
            offset += len(line.text)
    return "".join(parts), starts


def _info(document: pdfium.PdfDocument) -> dict[str, object]:
    """Return the title and author in the file's metadata. Its dates are those of the file, not of publication."""
    title, author = document.get_metadata_value("Title"), document.get_metadata_value("Author")
    return {
        "title": "" if _NO_TITLE.fullmatch(title.strip()) else title,
        "author": "" if _NO_AUTHOR.fullmatch(author.strip()) else author,
    }
