"""trafilatura's tree to lines of plain Markdown, without what is not the article's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_LINE_BREAK = "\ue000"  # stands for a line break while white space is collapsed; private use, kept out of the text

_POINTER = re.compile(
    r"(?:related(?: (?:article|story|stories|content|coverage|links?))?|(?:read|see|learn) (?:more|also|next)|"
    r"also (?:read|on|see)|more (?:from|on|stories)|don'?t miss|recommended|you may also like|up next|watch|"
    r"trending|most (?:read|popular)|click here)\b.{0,140}",
    re.IGNORECASE,
)
"""What a line says that points to another article. It goes when most of it is a link."""

_PROMOTION = re.compile(
    r"(?:(?:sign|signed) up (?:for|to)\b.{0,80}newsletter|subscribe (?:to|now|today)\b|follow \w+ on |"
    r"like (?:us on|this (?:story|article))|share this|click here (?:to|for)|get (?:the latest|our (?:free|daily))\b"
    r".{0,60}(?:inbox|newsletter)|have a tip\?|tell us what you think|filed under|posted in|tagged(?: with)?:|"
    r"(?:leave|post|add) a comment|comments?$|advertisement$|story continues|share (?:this|on)|all rights reserved|"
    r"copyright |©|join the conversation|download (?:the|our) .{0,30}\bapp\b)",
    re.IGNORECASE,
)
"""How short paragraphs begin that ask for something instead of telling something."""

_MAX_PROMOTION_WORDS = 30
_LINK_SHARE = 0.9
_POINTER_LINK_SHARE = 0.5
_CLOSING = re.compile(r"[,.;:!?)\]’”](?!\w)")


def lines_of(body: _Element, title: str) -> str:
    """Return the text of ``body``, blocks set apart by a blank line.

    Headings are written as ``## …``, list items as ``- …``, table rows as ``| … |``. Left out are lines that repeat the
    page's title, lines that point to other articles, lists that are nothing but links, and lines of promotion.
    """
    for line_break in body.iter("lb"):
        line_break.text = _LINE_BREAK
    repeated = _folded(title)
    pieces = _stitched(piece for piece in _pieces(body) if piece.text)
    blocks = [piece.text for piece in pieces if _folded(piece.text.lstrip("# ")) != repeated]
    while blocks and blocks[-1].startswith("#"):  # a heading over nothing
        blocks.pop()
    return "\n\n".join(blocks)


class _Piece(NamedTuple):
    """A block's text; loose text stands between blocks, running tells it from headings, lists and tables."""

    text: str
    running: bool = False
    loose: bool = False


def _stitched(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Put sentences together again that were broken at a link."""
    whole: list[_Piece] = []
    for piece in pieces:
        before = whole[-1] if whole else None
        if before and before.running and piece.running and _continues(before.text, piece):
            space = "" if _CLOSING.match(piece.text) else " "
            whole[-1] = before._replace(text=f"{before.text}{space}{piece.text}")
        else:
            whole.append(piece)
    return whole


def _continues(before: str, piece: _Piece) -> bool:
    if _CLOSING.match(piece.text):
        return True
    unfinished = before[-1:].isalnum() or before[-1:] in {",", "–", "—", "-"}
    return unfinished and (piece.loose or piece.text[:1].islower())


def _pieces(parent: _Element) -> Iterator[_Piece]:
    for element in parent:
        if not isinstance(element.tag, str):
            continue
        if element.tag == "head":
            yield _Piece(_heading(element))
        elif element.tag == "list":
            yield _Piece(_list(element))
        elif element.tag == "table":
            yield _Piece(_table(element))
        elif element.tag in {"quote", "div"} and any(child.tag in {"p", "list", "head"} for child in element):
            yield from _mixed(element)
        else:
            yield _Piece(_paragraph(element), running=True, loose=element.tag in {"ref", "hi", "lb"})
        yield _Piece(_collapsed(element.tail or ""), running=True, loose=True)


def _mixed(element: _Element) -> Iterator[_Piece]:
    yield _Piece(_collapsed(element.text or ""), running=True, loose=True)
    yield from _pieces(element)


def _heading(element: _Element) -> str:
    text = _text(element).replace("\n", " ")
    if not text or _is_elsewhere(element, text):
        return ""
    level = str(element.get("rend") or "h2")[-1]
    return f"{'#' * (int(level) if level in '23456' else 2)} {text}"


def _paragraph(element: _Element) -> str:
    text = _text(element)
    return "" if _is_elsewhere(element, text) else text


def _list(element: _Element) -> str:
    items = [item for item in element.iter("item") if _text(item)]
    if not items or all(_link_share(item) > _LINK_SHARE for item in items):
        return ""
    ordered = element.get("rend") == "ol"
    return "\n".join(
        f"{f'{number}.' if ordered else '-'} {_own_text(item)}" for number, item in enumerate(items, start=1)
    )


def _table(element: _Element) -> str:
    lines: list[str] = []
    for row in element.iter("row"):
        cells = list(row.iter("cell"))
        texts = [_text(cell).replace("\n", " ") for cell in cells]
        if not any(texts):
            continue
        lines.append(f"| {' | '.join(texts)} |")
        if len(lines) == 1 and all(cell.get("role") == "head" for cell in cells):
            lines.append(f"|{' --- |' * len(cells)}")
    return "\n".join(lines)


def _is_elsewhere(element: _Element, text: str) -> bool:
    """Tell whether a block leads away from the article: a pointer to another one, or promotion."""
    if _link_share(element) > _POINTER_LINK_SHARE and _POINTER.match(text):
        return True
    return len(text.split()) <= _MAX_PROMOTION_WORDS and _PROMOTION.match(text) is not None


def _link_share(element: _Element) -> float:
    """Return the share of an element's characters that are links, in [0, 1]."""
    whole = len("".join(_strings(element)))
    return sum(len("".join(_strings(link))) for link in element.iter("ref")) / whole if whole else 0.0


def _own_text(item: _Element) -> str:
    """Return an item's text without the items of a list inside of it, which follow by themselves."""
    nested = {part for inner in item.iter("item") if inner is not item for part in inner.iter()}
    parts: list[str] = []
    for element in item.iter():
        if element not in nested:
            parts.append(element.text or "")
        if element is not item and (element not in nested or element.getparent() not in nested):
            parts.append(element.tail or "")
    return _collapsed("".join(parts)).replace("\n", " ")


def _text(element: _Element) -> str:
    return _collapsed("".join(_strings(element)))


def _strings(element: _Element) -> Iterator[str]:
    return (str(part) for part in element.itertext())


def _collapsed(text: str) -> str:
    """Return text with its white space collapsed and its line breaks as they were meant: one, or a blank line."""
    lines = " ".join(text.split()).split(_LINE_BREAK)
    return re.sub(r"\n{2,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
