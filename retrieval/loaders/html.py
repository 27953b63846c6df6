"""Web pages: main text as plain Markdown, and metadata, extracted with trafilatura in the sandbox.

``load_html`` runs in the parent; ``extract`` and everything below it run in the child process.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.limits import MAX_ARTICLE_CHARACTERS, MAX_HTML_BYTES
from retrieval.loaders.metadata import assemble, read_metadata
from retrieval.loaders.sandbox import EXTRACTOR
from retrieval.loaders.text import decode_page, read_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_LINE_BREAK = "\ue000"  # stands for a line break while white space is collapsed; private use, kept out of the text

_POINTER = re.compile(
    r"(?:related(?: (?:article|story|stories|content|coverage|links?))?|(?:read|see|learn) (?:more|also|next)|"
    r"also (?:read|on|see)|more (?:from|on|stories)|don'?t miss|recommended|you may also like|up next|watch|"
    r"trending|most (?:read|popular)|click here)\b.{0,140}",
    re.IGNORECASE,
)
"""Lines that point to another article; removed when most of the line is a link."""

_PROMOTION = re.compile(
    r"(?:(?:sign|signed) up (?:for|to)\b.{0,80}newsletter|subscribe (?:to|now|today)\b|follow \w+ on |"
    r"like (?:us on|this (?:story|article))|share this|click here (?:to|for)|get (?:the latest|our (?:free|daily))\b"
    r".{0,60}(?:inbox|newsletter)|have a tip\?|tell us what you think|filed under|posted in|tagged(?: with)?:|"
    r"(?:leave|post|add) a comment|comments?$|advertisement$|story continues|share (?:this|on)|all rights reserved|"
    r"copyright |©|join the conversation|download (?:the|our) .{0,30}\bapp\b)",
    re.IGNORECASE,
)
"""Beginnings of short paragraphs that are promotion."""

_MAX_PROMOTION_WORDS = 30
_LINK_SHARE = 0.9
_POINTER_LINK_SHARE = 0.5
_CLOSING = re.compile(r"[,.;:!?)\]’”](?!\w)")

_MAX_ELEMENTS = 300_000
"""Most elements of a page; articles have a few thousand."""

_STRUCTURE = frozenset({"body", "html", "nav", "ol", "table", "tr", "ul"})
_BLOCKS = frozenset(
    {"blockquote", "div", "figure", "h2", "h3", "iframe", "img", "li", "ol", "p", "picture", "table", "ul", "video"}
)
_HIDDEN = re.compile(r"(?<![\w-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?)(?![\w-])", re.IGNORECASE)
_MAX_LINKED = 0.5
"""Highest share of linked words of a block that counts as sentences with links in them."""

_PAGE = re.compile(r"<(?:html|body|head|!doctype html)\b", re.IGNORECASE)
_BODY = re.compile(r"(?:article|story|entry|post|content)[-_]*(?:body|content|text)|body__container", re.IGNORECASE)


def load_html(file: SourceFile) -> Iterator[Article | LoadProblem]:
    """Yield the page's article: its main text as Markdown, with marks for headings, lists and tables only.

    Title, author, outlet, URL and date come from the page's markup; a date is never guessed from running text. Nothing
    that the page refers to is fetched.
    """
    found = EXTRACTOR.extract("html", read_bytes(file, MAX_HTML_BYTES))
    yield from assemble(file, found["text"], read_metadata(found["metadata"]), markdown=True)


def load_library() -> None:
    """Import trafilatura, which takes a second of processor time."""
    import trafilatura  # noqa: F401, PLC0415


def extract(data: bytes) -> dict[str, object]:
    """Return the page's ``text``, and its ``metadata`` under the names of :func:`metadata.read_metadata`.

    trafilatura runs in its precision mode without comments, which excludes related links and promotion; links are kept
    in its output, so that blocks of nothing but links can be recognised. Body-text F1 on 90 pages of the
    article-extraction-benchmark, by ``python -m evals html``: .979 as called here, .955 with its defaults.

    Raises:
        ArticleError: The page has no main text.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415
    from trafilatura.utils import load_html  # noqa: PLC0415

    markup = decode_page(data)
    # trafilatura accepts only whole pages: a fragment is wrapped into one.
    tree = load_html(markup if _PAGE.search(markup[:10_000]) else f"<html><body>{markup}</body></html>")
    if tree is None:
        raise ArticleError("is not a web page: no markup can be read in it")
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        raise ArticleError(f"has more than {_MAX_ELEMENTS:,} elements, too many for an article")
    _drop_hidden(tree)
    _dissolve_inline(tree)
    _join_parts(tree)
    document = bare_extraction(
        tree,
        favor_precision=True,
        include_comments=False,
        include_links=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"},
    )
    body = getattr(document, "body", None)
    if document is None or isinstance(document, dict) or body is None:
        raise ArticleError("holds no main text: save the article's own page, or its text")
    outlet = document.sitename or document.hostname or ""
    title = _without_outlet(document.title or "", outlet)
    text = lines_of(body, title)
    if not text:
        raise ArticleError("holds no main text: save the article's own page, or its text")
    if len(text) > MAX_ARTICLE_CHARACTERS:
        raise ArticleError(f"has more than {MAX_ARTICLE_CHARACTERS:,} characters of text: split it")
    metadata = {
        "title": title,
        "author": (document.author or "").replace("; ", ", "),
        "url": document.url,
        "source": outlet,
        "published": document.date,
    }
    return {"text": text, "metadata": {key: value or "" for key, value in metadata.items()}}


def _without_outlet(title: str, outlet: str) -> str:
    """Return a page's title without the outlet's name at its end: "Clymer manual review | MoreBikes"."""
    found = re.fullmatch(r"(.*\S)\s+[|–—-]\s+(.+)", title, re.DOTALL)
    return found[1] if found and outlet and found[2].strip().casefold() == outlet.casefold() else title


def _drop_hidden(tree: HtmlElement) -> None:
    """Remove elements inside sentences that readers of the page do not see."""
    for element in list(tree.iter("a", "span", "i", "em")):
        named, style = element.get("class") or "", (element.get("style") or "").replace(" ", "").lower()
        if "display:none" in style or element.get("hidden") is not None or _HIDDEN.search(named):
            element.drop_tree()


def _dissolve_inline(tree: HtmlElement) -> None:
    """Replace links and spans inside sentences by their text.

    trafilatura drops some by their class, splits sentences at others and loses what follows an empty one; a quotation
    must not lose words. Where most of a block is links they stay, as pointers to other articles are recognised by them.
    """
    for element in list(tree.iter("p")):
        _dissolve(element, list(element.iterdescendants("a", "span")))
    around = {element.getparent() for element in tree.iter("a", "span")} - {None}
    for element in around:
        loose = [element.text, *(child.tail for child in element)]
        if element.tag not in _STRUCTURE and any(text and text.strip() for text in loose):
            _dissolve(element, [child for child in element if child.tag in {"a", "span"}])


def _dissolve(block: HtmlElement, inline: list[HtmlElement]) -> None:
    linked = sum(len(link.text_content().split()) for link in block.iterdescendants("a"))
    if linked > _MAX_LINKED * len(block.text_content().split()):
        return
    for element in inline:
        if not any(inner.tag in _BLOCKS for inner in element.iter()):
            element.drop_tag()


def _join_parts(tree: HtmlElement) -> None:
    """Rejoin a body that is split (by advertisements), since trafilatura reads only one part.

    Parts are elements of the same name and class, where the class names body text, in the same ``article`` or ``main``,
    with paragraphs of their own.
    """
    groups: dict[tuple[object, ...], list[HtmlElement]] = defaultdict(list)
    for element in tree.iter("div", "section"):
        named = element.get("class") or ""
        paragraphs = [child for child in element if child.tag == "p"]
        if _BODY.search(named) and paragraphs:
            around = next(element.iterancestors("article", "main"), None)
            groups[element.tag, named, around].append(element)
    for whole, *parts in groups.values():
        inside = set(whole.iterdescendants()) if parts else set()
        for part in parts:
            if part not in inside:
                whole.extend(list(part))


def lines_of(body: _Element, title: str) -> str:
    """Return the text of trafilatura's ``body``, blocks separated by a blank line.

    Headings are written as ``## …``, list items as ``- …``, table rows as ``| … |``. Left out are lines that repeat the
    page's title, pointers to other articles, lists of nothing but links, and promotion.
    """
    for line_break in body.iter("lb"):
        line_break.text = _LINE_BREAK
    repeated = _folded(title)
    pieces = _stitched(piece for piece in _pieces(body) if piece.text)
    blocks = [piece.text for piece in pieces if _folded(piece.text.lstrip("# ")) != repeated]
    while blocks and blocks[-1].startswith("#"):  # a heading over nothing
        blocks.pop()
    return "\n\n".join(blocks)


class _HtmlBlock(NamedTuple):
    """The text of a block: ``running`` text is no heading, list or table; ``loose`` text is between blocks."""

    text: str
    running: bool = False
    loose: bool = False


def _stitched(pieces: Iterable[_HtmlBlock]) -> list[_HtmlBlock]:
    """Rejoin sentences that were split at a link."""
    whole: list[_HtmlBlock] = []
    for piece in pieces:
        before = whole[-1] if whole else None
        if before and before.running and piece.running and _continues(before.text, piece):
            space = "" if _CLOSING.match(piece.text) else " "
            whole[-1] = before._replace(text=f"{before.text}{space}{piece.text}")
        else:
            whole.append(piece)
    return whole


def _continues(before: str, piece: _HtmlBlock) -> bool:
    if _CLOSING.match(piece.text):
        return True
    unfinished = before[-1:].isalnum() or before[-1:] in {",", "–", "—", "-"}
    return unfinished and (piece.loose or piece.text[:1].islower())


def _pieces(parent: _Element) -> Iterator[_HtmlBlock]:
    for element in parent:
        if not isinstance(element.tag, str):
            continue
        if element.tag == "head":
            yield _HtmlBlock(_heading(element))
        elif element.tag == "list":
            yield _HtmlBlock(_list(element))
        elif element.tag == "table":
            yield _HtmlBlock(_table(element))
        elif element.tag in {"quote", "div"} and any(child.tag in {"p", "list", "head"} for child in element):
            yield from _mixed(element)
        else:
            yield _HtmlBlock(_paragraph(element), running=True, loose=element.tag in {"ref", "hi", "lb"})
        yield _HtmlBlock(_collapsed(element.tail or ""), running=True, loose=True)


def _mixed(element: _Element) -> Iterator[_HtmlBlock]:
    yield _HtmlBlock(_collapsed(element.text or ""), running=True, loose=True)
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
    """Return whether a block is a pointer to another article or promotion."""
    if _link_share(element) > _POINTER_LINK_SHARE and _POINTER.match(text):
        return True
    return len(text.split()) <= _MAX_PROMOTION_WORDS and _PROMOTION.match(text) is not None


def _link_share(element: _Element) -> float:
    """Return the share of an element's characters that are links, in [0, 1]."""
    whole = len("".join(_strings(element)))
    return sum(len("".join(_strings(link))) for link in element.iter("ref")) / whole if whole else 0.0


def _own_text(item: _Element) -> str:
    """Return an item's text without nested items, which follow by themselves."""
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
    """Return text with its white space collapsed and its ``<br>`` breaks kept: one, or a blank line."""
    lines = " ".join(text.split()).split(_LINE_BREAK)
    return re.sub(r"\n{2,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
