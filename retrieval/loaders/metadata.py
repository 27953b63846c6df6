"""Metadata: fields under the names that outlets, crawlers and data sets use, dates as ISO 8601, articles assembled.

``read_metadata`` returns what a file's fields state; ``assemble`` joins it with a text to an article with its blocks.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from retrieval.articles import Article, Block, BlockKind, Span
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.limits import MAX_FIELD_CHARACTERS, MAX_URL_CHARACTERS
from retrieval.structure.blocks import structure
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import excerpt

TITLE = ("title", "headline", "heading", "articletitle")
URL = ("url", "link", "permalink", "canonicalurl", "canonical", "weburl", "articleurl", "pageurl", "sourceurl", "href")
SOURCE = """source publication outlet publisher newspaper site sitename sourcename publicationname medianame domain
    sourcedomain""".split()  # noqa: SIM905 (readable as prose)
AUTHOR = ("author", "authors", "byline", "creator", "writer", "journalist", "reporter")
PUBLISHED = """published publishedat publisheddate publishedon publishdate datepublished datepublish publicationdate
    pubdate date datetime timestamp""".split()  # noqa: SIM905 (readable as prose)
"""Names of a field, best first, compared in lower case without spaces, hyphens and underscores."""

_BY = LazyPattern(r"by\s+(?=\S)", re.IGNORECASE)
_QUOTED = LazyPattern(r"""'([^']+)'|"([^"]+)\"""")


_CUT_OFF = LazyPattern(r"\[\+[\d,]+ (?:chars|characters|words)\]\s*$")
"""How NewsAPI and its like end a text that they cut."""

_MOJIBAKE = LazyPattern(
    r"(?<![A-ZÀ-Þ]{2})Ã(?:[\x80-\xbf]|[ƒ‚„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])|â€[™œ˜\x9d¦“”\x93\x94]|Â[\xa0-\xbf](?![A-ZÀ-Þ])"
)
"""What UTF-8 becomes when it is decoded as Windows-1252: "Ã©" for "é"."""

_CYRILLIC_MOJIBAKE = LazyPattern(r"(?:[РС][\u00a0-\u00bf\u0402-\u040f\u0452-\u045f\u2013-\u2122]){3,}")
"""What Cyrillic UTF-8 becomes when it is decoded as Windows-1251: "РќРµ" for "Не"."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article apart from its text; unknown fields are empty.

    Attributes:
        published: ISO 8601, or empty.
        file_author: The author property of the file: the article's where its text has no byline.
        notes: One line for each value that could not be used.
    """

    title: str = ""
    url: str = ""
    source: str = ""
    author: str = ""
    published: str = ""
    file_author: str = ""
    notes: tuple[str, ...] = ()


def normalised(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields under normalised names; of names that become equal the first is kept."""
    found: dict[str, object] = {}
    for key, value in fields.items():
        found.setdefault(re.sub(r"[\s_-]+", "", key[:MAX_FIELD_CHARACTERS]).lower(), value)
    return found


def read_metadata(fields: Mapping[str, object]) -> Metadata:
    """Return the metadata in ``fields``, whose names are those of :func:`normalised`."""
    notes: list[str] = []
    url = _line(first(fields, URL))
    if url and not is_web_address(url):
        notes.append(f"url {excerpt(url)} is no web address: left out")
        url = ""
    raw_date = first(fields, PUBLISHED)
    date = parse_date(raw_date)
    if not date and _line(raw_date):
        reason = "could be two days" if _NUMERIC.match(_line(raw_date)) else "cannot be read"
        notes.append(f"published date {excerpt(_line(raw_date))} {reason}: left empty; write it as YYYY-MM-DD")
    return Metadata(
        title=_line(first(fields, TITLE)),
        url=url,
        source=_line(first(fields, SOURCE)),
        author=_BY.sub("", _line(first(fields, AUTHOR)), count=1) if first(fields, AUTHOR) else "",
        published=date,
        notes=tuple(notes),
    )


def first(fields: Mapping[str, object], names: tuple[str, ...] | list[str]) -> object:
    """Return the first field of these names that is not empty, or ""."""
    for name in names:
        value = fields.get(name)
        if value is not None and _line(value):
            return value
    return ""


def is_web_address(url: str) -> bool:
    """Return whether ``url`` may be shown and opened: http or https, a host, no spaces or brackets."""
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
    """Yield the names of a list in Python notation: "['A. Smith', 'B. Jones']"."""
    names = [single or double for single, double in _QUOTED.findall(text)]
    yield from names or ((text,) if text.strip("[] ") else ())


def assemble(
    file: SourceFile,
    text: str,
    metadata: Metadata,
    *,
    record: str = "",
    markdown: bool = False,
    body: int = 0,
    body_end: int | None = None,
    wrapped: bool = False,
    pages: Sequence[tuple[int, int]] = (),
    given: bytes = b"",
) -> Iterator[Article | LoadProblem]:
    """Yield the article, then a note for each value of its metadata that could not be used.

    Args:
        file: Its file.
        text: Its characters.
        metadata: What the format states; a missing title or author is looked for in the text.
        record: The id of its record, in a file of many.
        markdown: Whether the text is Markdown.
        body: Where the text proper begins: what precedes it (front matter) is kept and never cited.
        body_end: Where the text proper ends: what follows it (page furniture) is kept and never cited.
        wrapped: Whether a paragraph is lines up to a blank one.
        pages: (first character, page number) of each page.
        given: Hash of its record.

    Raises:
        ArticleError: The text cannot be stored.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ArticleError("holds half a character (a lone surrogate) in its text: write it again") from None
    title = clean_line(metadata.title)
    # Blanks of the same length keep every position.
    read = structure(" " * body + text[body:body_end], markdown=markdown, wrapped=wrapped, pages=pages, title=title)
    blocks = (*_outside(text, 0, body), *read.blocks, *_outside(text, body_end, None))
    yield Article(
        origin=f"{file.origin}#{record}" if record else file.origin,
        text=text,
        title=title or clean_line(read.title),
        blocks=blocks,
        path=file.origin,
        url=metadata.url,
        source=clean_line(metadata.source),
        author=clean_line(metadata.author or read.author or metadata.file_author),
        published=metadata.published,
        given=given,
    )
    found = [fault for fault in _faults(text) if "\ufffd" not in fault or "\ufffd" not in "".join(metadata.notes)]
    yield from notes(file, replace(metadata, notes=(*metadata.notes, *found)), record)


def _faults(text: str) -> Iterator[str]:
    """Yield a note for each fault of a text that its source made."""
    if cut := _CUT_OFF.search(text, max(0, len(text) - 200)):
        yield f"is cut off by its source ({cut[0].strip()}): what follows cannot be found"
    if lost := text.count("\ufffd"):
        yield f"has lost {lost:,} of its characters (shown as \ufffd): get it again"
    if garbled := _CYRILLIC_MOJIBAKE.search(text):
        yield f"has garbled letters ({excerpt(garbled[0])}): UTF-8 that was decoded as Windows-1251; get it again"
    if garbled := _MOJIBAKE.search(text):
        right = garbled[0].encode("cp1252", "replace").decode("utf-8", "replace")
        shown = f"{excerpt(garbled[0])} for {excerpt(right)}" if "\ufffd" not in right else excerpt(garbled[0])
        yield f"has garbled letters ({shown}): UTF-8 that was decoded as Windows-1252; get it again"


def _outside(text: str, start: int | None, end: int | None) -> Iterator[Block]:
    """Yield the block of a part of ``text`` that is outside its body."""
    part = text[start:end] if start is not None else ""
    if part.strip():
        begin = (start or 0) + len(part) - len(part.lstrip())
        yield Block(BlockKind.BOILERPLATE, Span(begin, begin + len(part.strip())))


def notes(file: SourceFile, metadata: Metadata, record: str = "") -> Iterator[LoadProblem]:
    """Yield a note for each value of an article's metadata that could not be used."""
    where = f"record {record[:60]}: " if record else ""
    for note in metadata.notes:
        yield LoadProblem(file.name, where + note, refused=False)


EARLIEST_YEAR = 1600
"""The first newspapers (Relation, Strasbourg 1605): an earlier year is a mistake."""

FUTURE_DAYS = 2
"""How far after today a date may be: time zones, and papers dated tomorrow."""

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)"
_ISO = LazyPattern(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?:[T ,]\s*{_TIME}\s*{_ZONE}?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = LazyPattern(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<zone>Z)?)?",
    re.ASCII,
)
_NUMERIC = LazyPattern(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4})"
    rf"(?:[T ,]\s*{_TIME}\s*{_ZONE}?)?",
    re.ASCII | re.IGNORECASE,
)
_SECONDS = LazyPattern(r"\d{9,10}(?:\.\d+)?", re.ASCII)
_MILLISECONDS = LazyPattern(r"\d{12,13}", re.ASCII)
_YEAR = LazyPattern(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_DAY = LazyPattern(r"(?<![\d:])\d{1,2}(?!\d|:|\s*[ap]\.?m\b)", re.ASCII | re.IGNORECASE)
_LETTERS = LazyPattern(r"[^\W\d_]{3,}")
_MAX_CHARACTERS = 80


def parse_date(value: object, today: dt.date | None = None, languages: tuple[str, ...] = ()) -> str:
    """Return an ISO 8601 date (``YYYY-MM-DD``) or date and time for ``value``, or "" without an unambiguous date.

    Accepted are ISO 8601 and variants; seconds or milliseconds since 1970; day, month and year in digits; the same with
    the month in words, in the languages of dateparser. A date needs its day, its month and a year of
    four digits. Relative words ("yesterday") are no dates. ``03/04/2020`` is ambiguous and no date; ``13/04/2020`` and
    ``04/13/2020`` are unambiguous; with dots the day comes first (13.4.2020 and 3.4.2020).
    Midnight without a zone is how tables write "no time" and is dropped; other times keep their zone, if any. Years
    before 1600 and days more than two after ``today`` are rejected.

    Args:
        value: Text or a number, as metadata holds it.
        today: The current UTC day when None.
        languages: Codes of the languages that its words may be in; all when empty, which takes a hundred times as long.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(str(value)[: _MAX_CHARACTERS + 1].split())
    if not text or len(text) > _MAX_CHARACTERS:
        return ""
    iso = _parse(text, languages)
    limit = (today or dt.datetime.now(dt.UTC).date()) + dt.timedelta(days=FUTURE_DAYS)
    return iso if iso and iso[:10] <= limit.isoformat() else ""


@lru_cache(maxsize=50_000)
def _parse(text: str, languages: tuple[str, ...]) -> str:
    for pattern in (_ISO, _COMPACT):
        found = pattern.fullmatch(text)
        if found:
            return _iso(found, int(found["month"]), int(found["day"]))
    found = _NUMERIC.fullmatch(text)
    if found:
        return _numeric(found)
    if _MILLISECONDS.fullmatch(text):
        return _since_epoch(int(text) / 1000)
    if _SECONDS.fullmatch(text):
        return _since_epoch(float(text))
    if _LETTERS.search(text) and _YEAR.search(text) and _DAY.search(text):
        return _in_words(text, languages)
    return ""


def _iso(found: re.Match[str], month: int, day: int) -> str:
    parts = found.groupdict()
    try:
        date = dt.date(int(parts["year"]), month, day)
        time = dt.time(int(parts["hour"] or 0), int(parts["minute"] or 0), int(parts["second"] or 0))
        zone = _zone(parts.get("zone"))
    except ValueError:  # 31 February, 25:61
        return ""
    return _written(dt.datetime.combine(date, time, zone))


def _numeric(found: re.Match[str]) -> str:
    first, second = int(found["first"]), int(found["other"])
    if found["mark"] == "." or first > 12 or first == second:
        return _iso(found, second, first)
    return _iso(found, first, second) if second > 12 else ""


def _since_epoch(seconds: float) -> str:
    return _written(dt.datetime.fromtimestamp(seconds, dt.UTC))


def _in_words(text: str, languages: tuple[str, ...]) -> str:
    import dateparser  # type: ignore[import-untyped]  # noqa: PLC0415

    # Only absolute dates with all three parts: what is missing would be filled in from today's date otherwise.
    moment = dateparser.parse(
        text,
        languages=list(languages) or None,
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "STRICT_PARSING": True,
            "RETURN_TIME_AS_PERIOD": False,
        },
    )
    if moment is None or f"{moment.year:04}" not in _YEAR.findall(text):
        return ""
    days = {int(day) for day in _DAY.findall(text)}
    return _written(moment) if moment.day in days else ""


def _zone(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return dt.UTC
    digits = text[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return dt.timezone(-offset if text[0] == "-" else offset)


def _written(moment: dt.datetime) -> str:
    if moment.year < EARLIEST_YEAR:
        return ""
    if moment.tzinfo is None and moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds")
