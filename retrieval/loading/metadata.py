"""What an article's metadata says, under the names that outlets, crawlers and data sets use for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from retrieval.loading.dates import published as parse_date
from retrieval.loading.limits import MAX_FIELD_CHARACTERS, MAX_URL_CHARACTERS
from retrieval.loading.sources import excerpt

TITLE = ("title", "headline", "heading", "articletitle")
URL = ("url", "link", "permalink", "canonicalurl", "canonical", "weburl", "articleurl", "pageurl", "sourceurl", "href")
SOURCE = """source publication outlet publisher newspaper site sitename sourcename publicationname medianame domain
    sourcedomain""".split()  # noqa: SIM905 (readable as prose)
AUTHOR = ("author", "authors", "byline", "creator", "writer", "journalist", "reporter")
PUBLISHED = """published publishedat publisheddate publishedon publishdate datepublished datepublish publicationdate
    pubdate date datetime timestamp""".split()  # noqa: SIM905 (readable as prose)
"""Names of a field, best first, compared in lower case without spaces, hyphens and underscores."""

_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_QUOTED = re.compile(r"""'([^']+)'|"([^"]+)\"""")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything known about an article beside its text; unknown fields are empty.

    Attributes:
        published: ISO 8601, or empty.
        notes: One line for each value that was there and could not be used.
    """

    title: str = ""
    url: str = ""
    source: str = ""
    author: str = ""
    published: str = ""
    notes: tuple[str, ...] = ()


def normalised(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields under their compared names; of names that become equal the first stays."""
    found: dict[str, object] = {}
    for key, value in fields.items():
        found.setdefault(re.sub(r"[\s_-]+", "", key[:MAX_FIELD_CHARACTERS]).lower(), value)
    return found


def read_metadata(fields: Mapping[str, object]) -> Metadata:
    """Return what ``fields``, named as :func:`normalised` names them, say about an article."""
    notes: list[str] = []
    url = _line(first(fields, URL))
    if url and not is_web_address(url):
        notes.append(f"url {excerpt(url)} is no web address: left out")
        url = ""
    raw_date = first(fields, PUBLISHED)
    date = parse_date(raw_date)
    if not date and _line(raw_date):
        notes.append(f"published date {excerpt(_line(raw_date))} cannot be read: left empty; write it as YYYY-MM-DD")
    return Metadata(
        title=_line(first(fields, TITLE)),
        url=url,
        source=_line(first(fields, SOURCE)),
        author=_BY.sub("", _line(first(fields, AUTHOR)), count=1) if first(fields, AUTHOR) else "",
        published=date,
        notes=tuple(notes),
    )


def first(fields: Mapping[str, object], names: tuple[str, ...] | list[str]) -> object:
    """Return the first field of these names that says anything, or ""."""
    for name in names:
        value = fields.get(name)
        if value is not None and _line(value):
            return value
    return ""


def is_web_address(url: str) -> bool:
    """Tell whether ``url`` is one that may be shown and opened: http or https, a host, no spaces or brackets."""
    if len(url) > MAX_URL_CHARACTERS or not url.isprintable() or re.search(r"[\s<>\"]", url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def clean_line(text: str, limit: int = MAX_FIELD_CHARACTERS) -> str:
    """Return ``text`` on one line, without control characters, cut to ``limit`` characters."""
    joined = " ".join(text[: limit * 4].split())
    kept = "".join(char for char in joined if unicodedata.category(char) not in {"Cc", "Cs"})
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def _line(value: object) -> str:
    """Return a field's value as one line: names out of objects, lists joined with commas."""
    return clean_line(", ".join(_names(value)), MAX_URL_CHARACTERS)


def _names(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield from _listed(value) if value.startswith("[") and value.endswith("]") else (value.strip(),)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list) and depth < 2:
        for one in value[:100]:
            yield from (name for name in _names(one, depth + 1) if name)
    elif isinstance(value, dict) and depth < 2:
        yield from _names(value.get("name") or value.get("title") or value.get("id") or "", depth + 1)


def _listed(text: str) -> Iterator[str]:
    """Yield the names of a list that was written out as text: "['A. Smith', 'B. Jones']"."""
    names = [single or double for single, double in _QUOTED.findall(text)]
    yield from names or ((text,) if text.strip("[] ") else ())
