"""The main text and the metadata of a web page, by trafilatura. Runs in the extractor process."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from retrieval.errors import ArticleError
from retrieval.loading.decoding import decode_page
from retrieval.loading.limits import MAX_ARTICLE_CHARACTERS
from retrieval.loading.web_lines import lines_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_MAX_ELEMENTS = 300_000
"""Most elements of a page; articles have some thousands."""

_STRUCTURE = frozenset({"body", "html", "nav", "ol", "table", "tr", "ul"})
_BLOCKS = frozenset(
    {"blockquote", "div", "figure", "h2", "h3", "iframe", "img", "li", "ol", "p", "picture", "table", "ul", "video"}
)
_HIDDEN = re.compile(r"(?<![\w-])(?:sr-only|visually-?hidden|screen-?reader(?:-text)?)(?![\w-])", re.IGNORECASE)
_MAX_LINKED = 0.5
"""Share of a block's words that may be links for it to be a sentence with links in it."""

_BODY = re.compile(r"(?:article|story|entry|post|content)[-_]*(?:body|content|text)|body__container", re.IGNORECASE)


def extract(data: bytes) -> dict[str, object]:
    """Return the page's ``text`` and ``metadata``, named as :func:`metadata.read_metadata` reads them.

    trafilatura runs in its precise mode without comments, which keeps related links and promotion out of the text;
    links are known to it, so that blocks of nothing but links can be told. Body-text F1 on 90 pages of the
    article-extraction-benchmark, by ``python -m evals html``: .979 with what is done here, .955 with its defaults.

    Raises:
        ArticleError: there is no text in the page.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415
    from trafilatura.utils import load_html  # noqa: PLC0415

    tree = load_html(decode_page(data))
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
    """Take out what a reader of the page does not see inside of its sentences."""
    for element in list(tree.iter("a", "span", "i", "em")):
        named, style = element.get("class") or "", (element.get("style") or "").replace(" ", "").lower()
        if "display:none" in style or element.get("hidden") is not None or _HIDDEN.search(named):
            element.drop_tree()


def _dissolve_inline(tree: HtmlElement) -> None:
    """Make links and spans inside of sentences plain text.

    trafilatura drops some by their class, splits sentences at others and loses what follows an empty one; a quotation
    must not lose words. Where most of a block is links, they stay: that is how pointers to other articles are told.
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
    """Put a body that was cut in parts (by advertisements) together again, as trafilatura reads one part only.

    Parts are elements of the same name and class, a class that says body text, in the same ``article`` or ``main``,
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
