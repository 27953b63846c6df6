"""Page trees: what readers of a page do not see is removed, and marks that are not characters are written as such.

Removed are comments, scripts, hidden elements, struck-through text and references to footnotes. Inline quotations get
their quotation marks, superscript figures their Unicode characters, and tables used for layout become blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from retrieval.structure.lines import ends_sentence
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_UNSEEN = """script style template svg canvas object applet audio video iframe button select option textarea datalist
    rp annotation annotation-xml amp-ad amp-embed amp-sidebar""".split()  # noqa: SIM905 (readable as prose)
"""Elements whose text is not part of the page's text."""

BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td
    tfoot th thead tr ul""".split()  # noqa: SIM905 (readable as prose)
)
"""Elements that begin a line of their own."""

_REPLACED = frozenset({"template", "object", "iframe", "video", "audio", "canvas", "button", "select", "textarea"})
"""Those that words on either side do not join over."""

_STRUCK = ("del", "s", "strike")

_HIDDEN_CLASS = LazyPattern(
    r"(?<![\w:-])(?:sr-?only|(?:u-|is-|a11y-)?visually-?hidden|screen-?reader(?:-?(?:text|only))?|assistive-?text|"
    r"element-invisible|(?:is-|u-)hidden|a11y-hidden|(?:tool-?tip|popover)-(?:text|content|inner|body)|"
    r"rollover-(?:\w+-)?block)(?![\w:-])",
    re.IGNORECASE,
)
"""Classes for screen readers only, of the common style sheets, and for what is shown on hovering or never."""

_HIDDEN_PATH = "//body/descendant-or-self::*[@hidden or @aria-hidden or self::dialog or {}]".format(
    " or ".join(
        f"contains(@{name}, '{part}')"
        for name, parts in (
            ("style", ("none", "hidden", "NONE", "HIDDEN")),
            ("class", ("idden", "sr", "SR", "eader", "ssistive", "nvisible", "ip-", "ver-", "IDDEN", "EADER")),
        )
        for part in parts
    )
)
"""The elements that could match one of these, or are hidden by an attribute."""

_SCREEN_READERS = LazyPattern(r"sr-?only|visually-?hidden|screen-?reader|assistive", re.IGNORECASE)
_STYLE_HIDDEN = LazyPattern(r"(?:^|;)(?:display:none|visibility:hidden)")
_STYLE_STRUCK = LazyPattern(r"(?:^|;)text-decoration(?:-line)?:[^;]*line-through")

_VISIBLE_SHARE = 0.2
"""Text outside of hidden elements and links, per character hidden, below which the page is hidden until scripts run."""

_REFERENCE = LazyPattern(r"(?<![a-z])(?:foot|end)?(?:note|fn|cite|citation|reference|ref)(?![a-z])", re.IGNORECASE)
_NOTE_MARK = LazyPattern(r"\s*(?:[\[(]\s*)?(?:\d{1,3}|[a-z]|note \d{1,3}|[*†‡§]{1,3})\s*(?:[\])]\s*)?", re.IGNORECASE)
_FIGURES = LazyPattern(r"[-+−]?\d{1,3}")
_SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_POWER_BASE = LazyPattern(r"(?:(?:^|[^\w])(?:[^\W\d_]{1,3}|[^\W\d_]{1,3}/[^\W\d_]{1,3})|\d|[)\]])$")
"""What an exponent follows: a unit or a variable (m², x²), a number, a closing bracket."""

_MARKS = (("“", "”"), ("‘", "’"))
_OPENING = tuple("\"'“”„‚‘«»‹›")

_CELLS = ("td", "th")
_TABLE_PARTS = ("thead", "tbody", "tfoot", "tr", "caption", *_CELLS)
_MAX_CELL_CHARACTERS = 400
"""Mean characters of the filled cells of a table of data: cells of layout hold whole paragraphs."""


def clean(tree: HtmlElement) -> list[str]:
    """Remove what readers of the page do not see, and write marks as characters; return notes for people."""
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415

    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    notes = _reveal_noscript(tree)
    _drop(list(tree.iter(*_UNSEEN)))
    struck = list(_struck(tree))
    if any(element.text_content().strip() for element in struck):
        notes.append("struck-through text (<del>, <s>) was left out")
    _drop(struck)
    notes += _drop_hidden(tree)
    for element in list(tree.iter("sup")):
        _write_superscript(element)
    for element in reversed(list(tree.iter("q"))):  # the inner ones first: they are told by those around them
        _write_quotation_marks(element)
    for element in list(tree.iter("table")):
        if not is_data_table(element):
            _dissolve_layout(element)
    _write_custom_blocks(tree)
    return notes


def _write_custom_blocks(tree: HtmlElement) -> None:
    """Turn custom elements (``<news-par>``) that hold sentences into paragraphs, or into blocks where they hold some.

    Their style is unknown here; within a sentence they are left as they are.
    """
    custom = [element for element in tree.iter() if isinstance(element.tag, str) and "-" in element.tag]
    for element in reversed(custom):
        before = element.getprevious()
        beside = (element.tail, element.getparent().text if before is None else before.tail)
        if any(text and text.strip() for text in beside) or element.getparent().tag == "p":
            continue
        holds_blocks = any(child.tag in BLOCKS for child in element)
        if holds_blocks or ends_sentence(element.text_content().strip()):
            element.tag = "div" if holds_blocks else "p"


def _drop(elements: Iterable[HtmlElement]) -> None:
    """Remove elements; what was a block stays as an empty one, so that the texts around it are not joined."""
    for element in elements:
        if element.tag in BLOCKS:
            element.clear(keep_tail=True)
        elif element.getparent() is not None:
            if element.tag in _REPLACED:
                element.tail = f" {element.tail or ''}"
            element.drop_tree()


def _struck(tree: HtmlElement) -> Iterator[HtmlElement]:
    yield from tree.iter(*_STRUCK)
    for element in tree.iter("span", "p", "a", "font", "em", "strong", "div", "li"):
        if _STYLE_STRUCK.search(_style(element)):
            yield element


def _style(element: HtmlElement) -> str:
    style = element.get("style")
    return "".join(style.split()).lower() if style else ""


def _reveal_noscript(tree: HtmlElement) -> list[str]:
    """Turn ``noscript`` elements into blocks where they hold most of the page's text, and drop the others."""
    found = [(element, len(element.text_content().split())) for element in tree.iter("noscript")]
    if not found:
        return []
    longest = max(words for _, words in found)
    revealed = longest > _MIN_NOSCRIPT_WORDS and longest > _words_outside(tree, found)
    for element, words in found:
        element.tag = "div"
        if not revealed or words != longest:
            _drop([element])
    return []


_MIN_NOSCRIPT_WORDS = 60


def _words_outside(tree: HtmlElement, found: list[tuple[HtmlElement, int]]) -> int:
    scripts = sum(len(element.text_content().split()) for element in tree.iter("script", "style"))
    return len(tree.text_content().split()) - scripts - sum(words for _, words in found)


def _drop_hidden(tree: HtmlElement) -> list[str]:
    """Drop hidden elements, unless they hold nearly all of the page's text, as where scripts reveal it."""
    outermost: list[HtmlElement] = []
    inside: set[HtmlElement] = set()
    for element in tree.xpath(_HIDDEN_PATH):  # XPath, as a look at each element from here would take ten times as long
        if element not in inside and _is_hidden(element):
            outermost.append(element)
            inside.update(element.iter())
    if not outermost:
        return []
    sizes = [len(element.text_content().strip()) for element in outermost]
    links = sum(len(link.text_content()) for link in tree.iter("a") if link not in inside)
    visible = len(tree.text_content()) - links - sum(len(element.text_content()) for element in outermost)
    revealed = visible < _VISIBLE_SHARE * sum(sizes)
    notes: list[str] = []
    for element, size in zip(outermost, sizes, strict=True):
        if revealed and size == max(sizes):
            notes = ["its text is hidden until its scripts run, and was read nevertheless"]
        elif element.tag != "body":
            _drop([element])
    return notes


def _is_hidden(element: HtmlElement) -> bool:
    attributes = element.attrib
    if not attributes:
        return bool(element.tag == "dialog")
    if "hidden" in attributes or (element.tag == "dialog" and "open" not in attributes):
        return True
    if "style" in attributes and _STYLE_HIDDEN.search(_style(element)):
        return True
    if "class" in attributes and _HIDDEN_CLASS.search(attributes["class"]):
        return True
    return bool(attributes.get("aria-hidden", "").lower() == "true" and not _is_shown_instead(element))


def _is_shown_instead(element: HtmlElement) -> bool:
    """Return whether an ``aria-hidden`` element is what is seen: beside a text for screen readers, or an initial."""
    for beside in (element.getprevious(), element.getnext()):
        if beside is not None and _SCREEN_READERS.search(beside.get("class") or ""):
            return True
    return len(element.text_content().strip()) == 1 and (element.tail or "")[:1].isalpha()


def _write_superscript(element: HtmlElement) -> None:
    """Drop a reference to a footnote, write an exponent in Unicode, leave letters ("4th") as they are."""
    text = element.text_content().strip()
    if not text:
        return
    if _is_reference(element, text):
        element.drop_tree()
        return
    if not _FIGURES.fullmatch(text):
        return
    if _POWER_BASE.search(_text_before(element)):
        for child in list(element):
            child.drop_tree()
        element.text = text.translate(_SUPERSCRIPTS)
    else:
        element.drop_tree()  # a figure after a word or a full stop counts a footnote


def _is_reference(element: HtmlElement, text: str) -> bool:
    if not _NOTE_MARK.fullmatch(text) and not re.fullmatch(r"(?:\s*\[[^\]]{1,20}\]\s*,?)+", text):
        return False
    if text[0] in "[(" or element.find(".//a[@href]") is not None or element.getparent().tag == "a":
        return True
    return bool(_REFERENCE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _text_before(element: HtmlElement) -> str:
    """Return the last characters before an element, in its block."""
    before = element.getprevious()
    if before is not None:
        return str(before.tail or (before.text_content() if before.tag not in {"br", "p", "div"} else ""))[-12:]
    parent = element.getparent()
    return str(parent.text or "")[-12:]


def _write_quotation_marks(element: HtmlElement) -> None:
    nested = any(True for _ in element.iterancestors("q"))
    text = element.text_content().strip()
    if not text or text.startswith(_OPENING) or _text_before(element).endswith(_OPENING[:-1]):
        element.drop_tag()
        return
    opening, closing = _MARKS[nested]
    element.text = opening + (element.text or "").lstrip()
    if len(element):
        last = element[-1]
        last.tail = (last.tail or "").rstrip() + closing
    else:
        element.text = element.text.rstrip() + closing
    element.drop_tag()


def is_data_table(table: HtmlElement) -> bool:
    """Return whether a table holds data: two rows and columns or more, of short cells with no blocks of text."""
    if (table.get("role") or "").lower() in {"presentation", "none"} or table.find(".//table") is not None:
        return False
    rows = [[cell for cell in row if cell.tag in _CELLS] for row in table.iter("tr")]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    sizes: list[int] = []
    for cell in (cell for row in rows for cell in row):
        if any(True for _ in cell.iter("h1", "h2", "h3", "h4", "article", "section")):
            return False
        if sum(1 for paragraph in cell.iter("p") if len(paragraph.text_content()) > _MAX_CELL_CHARACTERS // 4) > 1:
            return False
        if size := len(cell.text_content().strip()):
            sizes.append(size)
    return bool(sizes) and sum(sizes) <= _MAX_CELL_CHARACTERS * len(sizes)


def _dissolve_layout(table: HtmlElement) -> None:
    parts = [part for part in table.iter(*_TABLE_PARTS) if next(part.iterancestors("table")) is table]
    for element in (table, *parts):
        element.tag = "div"
        element.set("role", "presentation")
