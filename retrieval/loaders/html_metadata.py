"""Metadata of web pages: what a page states of its article, in JSON-LD, meta elements and its byline.

Nothing is guessed: an author or a date counts only where the page says that it is the article's. What stands in
sidebars, footers, comments and teasers is of something else. A date that could be two days is left for a note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from retrieval.loaders.metadata import parse_date
from retrieval.structure.boilerplate import byline, is_date
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_ARTICLE_TYPES = LazyPattern(r"(?:article|posting|report|review|story)$", re.IGNORECASE)
_MAX_JSON_OBJECTS = 20_000

_AUTHOR_META = frozenset(
    """author authors byl byline citation_author creator dc.creator dc:creator dcterms.creator article:author
    og:article:author og:author parsely-author sailthru.author""".split()  # noqa: SIM905 (readable as prose)
)
_PUBLISHED_META = frozenset({"article:published_time", "og:article:published_time", "datepublished"})
_DATE_META = frozenset(
    """article:published_time article:published article:post_date article:publicationdate article.published
    article:published_date article_date_original bt:pubdate citation_date citation_publication_date
    cxenseparse:recs:publishtime date date_published datepublished dc.date dc.date.created dc.date.issued
    dc.date.publication dc:date dcterms.created dcterms.date dcterms.issued displaydate og:article:published_time
    og:article:published og:published_time og:pubdate originalpublicationdate parsely-pub-date pubdate publish-date
    publish_date publishdate published-date published_date published_time publication_date release_date
    rnews:datepublished sailthru.date shareaholic:article_published_time""".split()  # noqa: SIM905 (readable as prose)
)

_ELSEWHERE_TAGS = frozenset({"aside", "blockquote", "figure", "form", "nav"})
_FOOTER = LazyPattern(r"(?<![a-z])foot(?:er)?(?![a-z])", re.IGNORECASE)
_ELSEWHERE = LazyPattern(
    r"(?<![a-z])(?:side-?bar|colophon|site-?(?:info|credit)|comment|related|recommend|popular|"
    r"trending|most-|more-|next|prev|nav(?![a-z])|menu|widget|archive|calendar|event|latest|teaser|credit|copyright|theme|promo|"
    r"advert|gallery|caption|card|reply|disqus)",
    re.IGNORECASE,
)
_AUTHOR_NAMES = LazyPattern(r"(?<![a-z])(?:by-?line|author(?:-?names?)?|writer)(?![a-z])", re.IGNORECASE)
_DATE_NAMES = LazyPattern(
    r"(?<![a-z])(?:date|datum|fecha|publi\w*|posted(?:-?on)?|time|meta|info|by-?line)(?![a-z])", re.IGNORECASE
)
_YEAR = LazyPattern(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AUTHOR_PATHS = {
    True: "//body//*[@rel='author' or contains(@itemprop, 'author')]",
    False: "//body//*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'riter')]",
}
_DATE_PATH = "//body//time|//body//*[{}]".format(
    " or ".join(
        f"contains(concat(@class, ' ', @id, ' ', @itemprop), '{part}')"
        for part in ("ate", "atum", "echa", "ubli", "osted", "ime", "eta", "nfo", "yline")
    )
)
"""The elements that may state an author or a date; the patterns above decide."""

_MODIFIED = LazyPattern(r"updat|modif|revis", re.IGNORECASE)

_BY = LazyPattern(r"^(?:(?:written|words|text|story) )?(?:by|von|par|por|di|av|door)\b[:\s]+", re.IGNORECASE)
_NAMES = LazyPattern(
    r"[^\W\d_a-z][\w.'’-]*(?:,? (?:[^\W\d_a-z][\w.'’-]*|and|und|et|y|de|da|dos|van|von|der|den|la|le|al|bin|ibn))*"
)
_NO_NAME = LazyPattern(
    r"(?<!\w)(?:posted|published|updated|theme|powered|design(?:ed)?|follow|read|share|comments?|admin(?:istrator)?)(?!\w)",
    re.IGNORECASE,
)
_ON = LazyPattern(
    r"^(?:(?:first )?(?:posted|published|created|date|erstellt|ver[oö]ffentlicht|publié|publicado|stand|datum)"
    r"(?: (?:on|am|le|el|at|vom))?|on|am|vom)[:\s]+",
    re.IGNORECASE,
)
_URL_DATE = LazyPattern(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-])")

_TAG = LazyPattern(r"</?[a-zA-Z][^<>]*>")

_MAX_CHILDREN = 8
"""Most children of an element that holds a byline or a date: others hold blocks of text."""

_MAX_BYLINE = 120
_MAX_DATE = 60


def read_page(tree: HtmlElement, articles: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return what a page states of its article: ``title``, ``author``, ``url``, ``source`` and ``published``.

    A date that cannot be read is returned as it is written, where no other is stated.

    Args:
        tree: The page.
        articles: What its JSON-LD describes, by :func:`articles_in`.
    """
    from trafilatura.metadata import (  # noqa: PLC0415
        examine_meta,
        extract_meta_json,
        extract_sitename,
        extract_title,
        extract_url,
    )

    document = examine_meta(tree)
    try:
        document = extract_meta_json(tree, document)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        document = examine_meta(tree)  # JSON-LD of another shape than it expects
    url = document.url or extract_url(tree) or ""
    outlet = _outlet(document.sitename or extract_sitename(tree) or "", url)
    title = _without_outlet(" ".join((document.title or extract_title(tree) or "").split()), outlet)
    return {
        "title": title,
        "author": _author(tree, articles),
        "url": url,
        "source": outlet,
        "published": _published(tree, articles, url),
    }


def articles_in(tree: HtmlElement) -> list[dict[str, Any]]:
    """Return the articles that the page's JSON-LD describes, their authors resolved."""
    found: list[dict[str, Any]] = []
    by_id: dict[str, dict[str, Any]] = {}
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json") and script.text:
            try:
                data = json.loads(script.text, strict=False)
            except (ValueError, RecursionError):
                continue
            for item in _objects(data):
                if isinstance(item.get("@id"), str):
                    by_id.setdefault(item["@id"], item)
                kinds = item.get("@type")
                names = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(name, str) and _ARTICLE_TYPES.search(name) for name in names):
                    found.append(item)
    for item in found:
        authors = item.get("author")
        item["author"] = [
            by_id.get(str(one["@id"]), one) if isinstance(one, dict) and "@id" in one and "name" not in one else one
            for one in (authors if isinstance(authors, list) else [authors])
        ]
    return found


def _objects(data: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD that are entries of its graph, not properties of others."""
    waiting, seen = [data], 0
    while waiting and seen < _MAX_JSON_OBJECTS:
        item = waiting.pop(0)
        seen += 1
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in ("@graph", "mainEntity") if key in item)


def _outlet(name: str, url: str) -> str:
    name = " ".join(name.split()).lstrip("@")
    if not name:
        host = urlsplit(url).hostname or ""
        return host.removeprefix("www.")
    return name if name[0].isupper() or "." in name else name.title()


def _without_outlet(title: str, outlet: str) -> str:
    """Return a page's title without the outlet's name at its end: "Clymer manual review | MoreBikes"."""
    found = re.fullmatch(r"(.*\S)\s+[|–—-]\s+(.+)", title, re.DOTALL)
    return found[1] if found and outlet and found[2].strip().casefold() == outlet.casefold() else title


def _author(tree: HtmlElement, articles: Sequence[dict[str, Any]]) -> str:
    people: list[str] = []
    others: list[str] = []
    for item in articles[:1]:
        _names_of(item.get("author") or item.get("creator"), people, others)
    described = [element.get("content", "") for element in tree.iter("meta") if _meta_name(element) in _AUTHOR_META]
    for names in (people, described, _bylines(tree), others):
        found = dict.fromkeys(filter(None, (_name(name) for name in names)))
        if found:
            return ", ".join(found)
    return ""


def _names_of(value: object, people: list[str], others: list[str]) -> None:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            people.append(one)
        elif isinstance(one, dict):
            name = one.get("name")
            kind = one.get("@type", "Person")
            target = people if kind == "Person" or (isinstance(kind, list) and "Person" in kind) else others
            target.extend(each for each in (name if isinstance(name, list) else [name]) if isinstance(each, str))


def _name(text: str) -> str:
    """Return a stated name, or "" for an address, an account or nothing."""
    text = " ".join(_TAG.sub("", unescape(text)).split())
    if not text or len(text) > _MAX_BYLINE or re.match(r"https?:|www\.|[@/]|\S+@\S+$", text):
        return ""
    text = _BY.sub("", f"{text} ").strip(" |,·•")
    return "" if _NO_NAME.fullmatch(text) else text


def _bylines(tree: HtmlElement) -> list[str]:
    """Return the names in the byline of the article, in its markup."""
    around = _around_headlines(tree)
    for exact in (True, False):
        for element in tree.xpath(_AUTHOR_PATHS[exact]):
            if (
                len(element) <= _MAX_CHILDREN
                and _states_author(element, exact=exact)
                and not _is_elsewhere(element, around)
            ):
                names = _names_in(element)
                if names:
                    return [names]
    return []


def _states_author(element: HtmlElement, *, exact: bool) -> bool:
    attributes = element.attrib
    if exact:
        return attributes.get("rel") == "author" or "author" in attributes.get("itemprop", "").split()
    return "class" in attributes and bool(_AUTHOR_NAMES.search(attributes["class"]))


def _names_in(element: HtmlElement) -> str:
    text = " ".join(str(element.text_content()).split())
    if not text or len(text) > _MAX_BYLINE:
        return ""
    signed = re.search(r"\b[Bb]y\s+(.+)", text)
    names = byline(text) or (byline(f"By {signed[1].split(';')[0]}") if signed else "")
    if names:
        return names
    bare = re.split(r"\s*[|·•]\s*", _BY.sub("", text))[0].strip(" ,")
    plausible = _NAMES.fullmatch(bare) and len(bare.split()) <= 12 and not _NO_NAME.search(bare)
    return bare if plausible and not is_date(bare) else ""


def _meta_name(element: HtmlElement) -> str:
    return (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()


def _around_headlines(tree: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold the page's main heading: what is in one of them is not in a sidebar."""
    return {container for heading in tree.iter("h1") for container in heading.iterancestors()}


def _is_elsewhere(element: HtmlElement, around: set[HtmlElement]) -> bool:
    """Return whether an element belongs to something else than the article: a footer, a comment, a teaser."""
    for container in (element, *element.iterancestors()):
        if container.tag == "body" or container in around:
            return False
        names = f"{container.get('class') or ''} {container.get('id') or ''}"
        if container.tag in _ELSEWHERE_TAGS or (container.tag != "article" and _ELSEWHERE.search(names)):
            return True
        if (container.tag == "footer" or _FOOTER.search(names)) and next(
            container.iterancestors("article"), None
        ) is None:
            return True
    return False


def _published(tree: HtmlElement, articles: Sequence[dict[str, Any]], url: str) -> str:
    """Return the date of publication: of JSON-LD, of a meta element, of the address, or the only one near the text.

    Where none can be read, the first that is stated is returned as it is written.
    """
    languages = _languages(tree)
    unread = ""
    for values, is_one in _stated_dates(tree, articles, url, languages):
        dates = {value: parse_date(value, languages=languages)[:10] for value in values}
        days = list(dict.fromkeys(filter(None, dates.values())))
        if days and (is_one or len(days) == 1):
            return days[0]
        if not days and dates and not unread:
            unread = next(iter(dates))
    return unread


def _stated_dates(
    tree: HtmlElement, articles: Sequence[dict[str, Any]], url: str, languages: tuple[str, ...]
) -> Iterator[tuple[list[str], bool]]:
    """Yield the dates that each part of the page states, the surest first, and whether the first of them counts."""
    yield _in_meta(tree, _PUBLISHED_META), True
    yield _in_data(articles), True
    yield _in_meta(tree, _DATE_META), True
    yield _in_url(url), True
    yield _near_headline(tree, languages), False  # last, as it reads the whole page


def _languages(tree: HtmlElement) -> tuple[str, ...]:
    """Return the language that the page declares, with English; empty without one that dates can be read in."""
    from dateparser.data.languages_info import language_order  # type: ignore[import-untyped]  # noqa: PLC0415

    code = re.split(r"[-_]", tree.get("lang") or "")[0].lower()
    return tuple(dict.fromkeys((code, "en"))) if code in language_order else ()


def _in_data(articles: Sequence[dict[str, Any]]) -> list[str]:
    values = (item.get(name) for item in articles[:1] for name in ("datePublished", "dateCreated"))
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]


def _in_meta(tree: HtmlElement, names: frozenset[str]) -> list[str]:
    values = [element.get("content", "") for element in tree.iter("meta") if _meta_name(element) in names]
    return [value.strip() for value in values if value.strip()]


def _in_url(url: str) -> list[str]:
    found = _URL_DATE.search(urlsplit(url).path + "/")
    return [f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"] if found else []


def _published_parts(line: str) -> Iterator[str]:
    """Yield the parts of a line such as "By Jane Doe | Published 4 May 2024 — Updated 6 May 2024", without updates."""
    for part in re.split(r"\s*[|·•—–]\s*|,?\s+(?=(?:last )?updated\b)", line, flags=re.IGNORECASE):
        if not _MODIFIED.search(part):
            yield _ON.sub("", part)


def _near_headline(tree: HtmlElement, languages: tuple[str, ...]) -> list[str]:
    """Return the dates that stand in the article's own markup: in ``time`` elements, or alone under a name of dates."""
    around = _around_headlines(tree)
    marked: list[str] = []
    times: list[str] = []
    named: list[str] = []
    for element in tree.xpath(_DATE_PATH):
        if len(element) > _MAX_CHILDREN:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        is_time = element.tag == "time"
        if not is_time and not _DATE_NAMES.search(names):
            continue
        if _MODIFIED.search(names):
            continue
        written = element.get("datetime") or element.get("content") or ""
        text = _ON.sub("", " ".join(str(element.text_content()).split()))
        if "datepublished" in names.lower():
            marked.append(written or text)
        elif _is_elsewhere(element, around):
            continue
        elif is_time:
            times.append(written or text)
        elif len(text) <= _MAX_DATE and (
            is_date(text) or (_YEAR.search(text) and parse_date(text, languages=languages))
        ):
            named.append(text)
        elif len(text) <= _MAX_BYLINE:
            named.extend(part for part in _published_parts(text) if is_date(part))
    return next(filter(any, (marked, times)), named)
