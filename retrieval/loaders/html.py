"""Web pages: main text as plain Markdown, and metadata, extracted with trafilatura in the sandbox.

``load_html`` runs in the parent; ``extract`` and everything below it run in the child process.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.html_blocks import HtmlBlock, numbers_in, read_blocks, write
from retrieval.loaders.html_charset import decode_page
from retrieval.loaders.html_data import embedded_text, scripts_in, stated_text, word_count
from retrieval.loaders.html_metadata import articles_in, read_page
from retrieval.loaders.html_tree import clean
from retrieval.loaders.limits import MAX_ARTICLE_CHARACTERS, MAX_HTML_BYTES
from retrieval.loaders.main_text import is_elsewhere, is_subscription_prompt, is_text, select
from retrieval.loaders.metadata import assemble, read_metadata
from retrieval.loaders.sandbox import EXTRACTOR
from retrieval.loaders.text import read_bytes
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_MAX_ELEMENTS = 300_000
"""Most elements of a page; articles have a few thousand."""

_STRUCTURE = frozenset({"body", "html", "nav", "ol", "table", "tr", "ul"})
_BLOCKS = frozenset(
    {"blockquote", "div", "figure", "h2", "h3", "iframe", "img", "li", "ol", "p", "picture", "table", "ul", "video"}
)
_MAX_LINKED = 0.5
"""Highest share of linked words of a block that counts as sentences with links in them."""

_PAYWALL = LazyPattern(r"pay-?wall|premium-?content|subscribers?-?only|reg-?wall", re.IGNORECASE)
_DATA_FACTOR = 2
"""How many times as many words the page's data must hold as the page shows."""

_MIN_DATA_WORDS = 20
_FEW_WORDS = 100
"""Words of a text below which it is looked for in the state of the page's scripts."""

_NO_TEXT = "holds no main text: save the article's own page, or its text"
_PAYWALLED = "shows no main text, which is for subscribers: save the page when you are signed in, or its text"

_PAGE = LazyPattern(r"<(?:html|body|head|!doctype html)\b", re.IGNORECASE)
_BODY = LazyPattern(r"(?:article|story|entry|post|content)[-_]*(?:body|content|text)|body__container", re.IGNORECASE)


def load_html(file: SourceFile) -> Iterator[Article | LoadProblem]:
    """Yield the page's article: its main text as Markdown, with marks for headings, lists and tables only.

    Title, author, outlet, URL and date come from the page's markup; a date is never guessed from running text. Nothing
    that the page refers to is fetched.
    """
    found = EXTRACTOR.extract("html", read_bytes(file, MAX_HTML_BYTES))
    metadata = read_metadata(found["metadata"])
    metadata = replace(metadata, notes=(*found["notes"], *metadata.notes))
    yield from assemble(file, found["text"], metadata, markdown=True)


def load_library() -> None:
    """Import trafilatura, which takes a second of processor time."""
    import trafilatura  # noqa: F401, PLC0415


def extract(data: bytes) -> dict[str, object]:
    """Return the page's ``text``, its ``metadata`` under the names of :func:`metadata.read_metadata`, and ``notes``.

    trafilatura runs in its precision mode without comments, which excludes related links and promotion; links are kept
    in its output, so that blocks of nothing but links can be recognised. Body-text F1 on 90 pages of the
    article-extraction-benchmark, by ``python -m evals html``: .978 with what is recovered here, .955 with its
    defaults.

    Raises:
        ArticleError: The page has no main text.
    """
    from trafilatura.utils import load_html  # noqa: PLC0415

    markup, encoding_notes = decode_page(data)
    # trafilatura accepts only whole pages: a fragment is wrapped into one.
    tree = load_html(markup if _PAGE.search(markup[:10_000]) else f"<html><body>{markup}</body></html>")
    if tree is None:
        raise ArticleError("is not a web page: no markup can be read in it")
    if tree.xpath("count(//*)") > _MAX_ELEMENTS:
        raise ArticleError(f"has more than {_MAX_ELEMENTS:,} elements, too many for an article")
    articles = articles_in(tree)
    metadata = read_page(tree, articles)
    title = metadata["title"]
    is_paywalled, scripts = _states_paywall(tree, articles), scripts_in(tree)
    notes = [*encoding_notes, *clean(tree)]
    found = _main_blocks(tree, title)
    words = sum(word_count(block.text) for block in found if is_text(block))
    body = stated_text(articles)
    if words < _FEW_WORDS and word_count(body) < _FEW_WORDS:
        body = max(body, embedded_text(scripts, title), key=word_count)
    if word_count(body) > max(_MIN_DATA_WORDS, words * _DATA_FACTOR):
        inner = load_html(f"<html><body><article>{body}</article></body></html>")
        clean(inner)
        found = [block for block in read_blocks(inner) if not is_elsewhere(block)]
        notes.append("its text was read from the page's data, as the page shows less of it")
    elif not words or (is_paywalled and words < _FEW_WORDS and all(map(is_subscription_prompt, found))):
        raise ArticleError(_PAYWALLED if is_paywalled else _NO_TEXT)
    text = write(found)
    if len(text) > MAX_ARTICLE_CHARACTERS:
        raise ArticleError(f"has more than {MAX_ARTICLE_CHARACTERS:,} characters of text: split it")
    return {"text": text, "metadata": metadata, "notes": notes}


def _main_blocks(tree: HtmlElement, title: str) -> list[HtmlBlock]:
    """Return the blocks of the article in a page's tree, which is changed."""
    from trafilatura import bare_extraction  # noqa: PLC0415

    blocks = read_blocks(tree)
    _dissolve_inline(tree)
    _join_parts(tree)
    main = bare_extraction(tree, favor_precision=True, include_comments=False, include_links=True)
    body = getattr(main, "body", None)
    chosen = numbers_in(str(text) for text in body.itertext()) if body is not None else set()
    return select(blocks, chosen, title)


def _states_paywall(tree: HtmlElement, articles: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the page says that its text is not free."""
    if any(str(item.get("isAccessibleForFree")).lower() == "false" for item in articles):
        return True
    named = tree.xpath(
        "//body//*[contains(@class, 'wall') or contains(@class, 'remium') or contains(@class, 'ubscriber')]"
    )
    return any(_PAYWALL.search(element.get("class")) for element in named)


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
