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

_INLINE = ("a", "abbr", "b", "cite", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u")
_BODY = re.compile(r"(?:article|story|entry|post|content)[-_]*(?:body|content|text)|body__container", re.IGNORECASE)


def extract(data: bytes) -> dict[str, object]:
    """Return the page's ``text`` and ``metadata``, named as :func:`metadata.read_metadata` reads them.

    trafilatura runs in its precise mode without comments, which keeps related links and promotion out of the text
    (body-text F1 on 90 pages of the article-extraction-benchmark: .970, its defaults .955); links are known to it, so
    that blocks of nothing but links can be told. Measured with ``python -m evals html``.

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
    _protect_inline(tree)
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
    text = lines_of(body, title=document.title or "")
    if not text:
        raise ArticleError("holds no main text: save the article's own page, or its text")
    if len(text) > MAX_ARTICLE_CHARACTERS:
        raise ArticleError(f"has more than {MAX_ARTICLE_CHARACTERS:,} characters of text: split it")
    metadata = {
        "title": document.title,
        "author": document.author,
        "url": document.url,
        "source": document.sitename or document.hostname,
        "published": document.date,
    }
    return {"text": text, "metadata": {key: value or "" for key, value in metadata.items()}}


def _protect_inline(tree: HtmlElement) -> None:
    """Take the names off what stands inside of sentences.

    trafilatura's precise mode drops elements by their class, among them words of a sentence (``<span class="link">``);
    a quotation must not lose words.
    """
    for element in tree.iter(*_INLINE):
        if next(element.iterancestors("p", "li"), None) is not None:
            for name in ("class", "id", "role"):
                element.attrib.pop(name, None)


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
