"""Text that a page holds as data only: in JSON-LD, or in the state that its scripts draw the page from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from retrieval.text.analyzer import UNSPACED
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_BODY_KEYS = frozenset(
    """articlebody body bodyhtml bodytext content contenthtml copy elements fulltext html markup paragraphs rendered
    story storybody text value blocks children components data""".split()  # noqa: SIM905 (readable as prose)
)
_TITLE_KEYS = ("headline", "title", "name")
_ASSIGNED = LazyPattern(r"""^\s*(?:var |let |const )?[\w.$\[\]"']{3,80}\s*=\s*(?=[{\[])""")
_TAG = LazyPattern(r"<(?:p|br|div|h[1-6]|li|strong|em|a)\b", re.IGNORECASE)

_ANY_TAG = LazyPattern(r"</?[a-zA-Z][^<>]*>")
_UNSPACED = LazyPattern(f"[{UNSPACED}]+")
_MAX_DEPTH = 12
_MAX_NODES = 200_000


def stated_text(articles: Sequence[Mapping[str, Any]]) -> str:
    """Return the longest body, as HTML, of the articles that a page's JSON-LD describes, or ""."""
    bodies = [item["articleBody"] for item in articles if isinstance(item.get("articleBody"), str)]
    return _as_html(max(bodies, key=word_count, default=""))


def embedded_text(scripts: Sequence[tuple[str, str]], title: str) -> str:
    """Return the article's text, as HTML, in the state that the page's scripts draw it from: the longest, or "".

    A text counts only where the page's title stands beside it, as the state of a page holds other articles, too.

    Args:
        scripts: Type and text of the page's scripts.
        title: The article's.
    """
    wanted = _folded(title)
    bodies = [body for data in _script_data(scripts) for body in _bodies(data, wanted)] if wanted else []
    return max(bodies, key=word_count, default="")


def scripts_in(tree: HtmlElement) -> list[tuple[str, str]]:
    """Return the type and text of the page's scripts."""
    return [((script.get("type") or "").lower(), script.text) for script in tree.iter("script") if script.text]


def word_count(markup: str) -> int:
    """Return how many words a text has, without its tags; where words are not set apart, a word is two characters."""
    text = _ANY_TAG.sub(" ", markup)
    return max(len(text.split()), sum(map(len, _UNSPACED.findall(text))) // 2)


def _script_data(scripts: Sequence[tuple[str, str]]) -> Iterator[object]:
    """Yield the JSON in scripts: of type ``application/json``, or assigned to a variable."""
    decoder = json.JSONDecoder(strict=False)
    for kind, text in scripts:
        start = len(text) - len(text.lstrip())
        if kind != "application/json":
            assigned = None if "json" in kind else _ASSIGNED.match(text)
            if assigned is None:
                continue
            start = assigned.end()
        try:
            yield decoder.raw_decode(text, start)[0]
        except (ValueError, RecursionError):
            continue


def _bodies(data: object, title: str) -> Iterator[str]:
    """Yield the texts of objects that have the page's title, as HTML."""
    waiting: list[object] = [data]
    seen = 0
    while waiting and seen < _MAX_NODES:
        item = waiting.pop()
        seen += 1
        if isinstance(item, dict):
            if any(_folded(item.get(key)) == title for key in _TITLE_KEYS):
                yield "\n".join(_texts(item, 0))
            waiting.extend(value for value in item.values() if isinstance(value, dict | list))
        elif isinstance(item, list):
            waiting.extend(value for value in item if isinstance(value, dict | list))


def _texts(item: object, depth: int) -> Iterator[str]:
    """Yield the pieces of a text, in order: strings under names of bodies, in objects and lists of them."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(item, str):
        if item.strip() and not item.startswith(("http://", "https://", "/", "{")):
            yield _as_html(item)
    elif isinstance(item, list):
        for one in item:
            yield from _texts(one, depth + 1)
    elif isinstance(item, dict):
        for key, value in item.items():
            if key.replace("_", "").replace("-", "").lower() in _BODY_KEYS:
                yield from _texts(value, depth + 1)


def _as_html(text: str) -> str:
    """Return a text as HTML: as it is where it is marked up, else a paragraph for each of its lines."""
    if _TAG.search(text):
        return text if text.lstrip().startswith("<") else f"<p>{text}</p>"
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<p>{line}</p>" for line in escaped.splitlines() if line.strip())


def _folded(text: Any) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold() if isinstance(text, str) else ""
