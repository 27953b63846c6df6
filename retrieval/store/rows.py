"""Rows of the library's tables as values, and filters and article names as SQL; user input is always a parameter."""

from __future__ import annotations

import itertools
import json
import re
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from retrieval.articles import Article, ArticleInfo, Block, BlockKind, Filters, Passage, Span
from retrieval.errors import ArticleNotFound, FilterError, InputError
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LISTED_MAX = 3  # articles listed when a name matches several


def condition(filters: Filters) -> tuple[str, list[object]]:
    """Return a condition on the articles table, and its values.

    Raises:
        FilterError: A date is not ``YYYY-MM-DD``, or the first day is after the last.
    """
    parts: list[str] = []
    values: list[object] = []
    if filters.sources:
        parts.append(f"source_folded IN ({_marks(filters.sources)})")
        values += [fold(source) for source in filters.sources]
    if filters.authors:  # by the index on authors alone, each distinct value compared once
        parts.append(
            f"key IN (SELECT key FROM articles WHERE {' OR '.join(['instr(author_folded, ?)'] * len(filters.authors))})"  # noqa: S608
        )
        values += [fold(author) for author in filters.authors]
    since, until = _day(filters.since), _day(filters.until)
    if since and until and since > until:
        raise FilterError(f"the first day {since} is after the last {until}: swap them")
    if since or until:
        parts.append("day != ''")
    if since:
        parts.append("day >= ?")
        values.append(since)
    if until:
        parts.append("day <= ?")
        values.append(until)
    if filters.articles:
        parts.append(f"id IN ({_marks(filters.articles)})")
        values += filters.articles
    return " AND ".join(parts) or "1", values


class ArticleSelection(list[str]):
    """The ids of the articles that meet a condition, which SQL evaluates faster than it looks up thousands of ids.

    Attributes:
        condition: On the articles table, with its values (``condition``).
    """

    def __init__(self, ids: Iterable[str], condition: tuple[str, Sequence[object]]) -> None:
        super().__init__(ids)
        self.condition = condition


def chosen(article_ids: Collection[str]) -> tuple[str, list[object]]:
    """Return the condition on the articles table that leaves ``article_ids``, and its values."""
    if isinstance(article_ids, ArticleSelection):
        where, values = article_ids.condition
        return where, list(values)
    return "id IN (SELECT value FROM json_each(?))", [json.dumps(list(article_ids))]


def sources(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return the outlets with their numbers of articles, most first, ignoring case."""
    return connection.execute(
        "SELECT max(source), count(*) FROM articles WHERE source_folded != '' "
        "GROUP BY source_folded ORDER BY count(*) DESC, source_folded"
    ).fetchall()


def date_range(connection: sqlite3.Connection) -> tuple[str, str]:
    """Return the first and last published day, ISO; two empty strings when no article has a date."""
    days = "SELECT {}(day) FROM articles WHERE day != ''"
    first, last = connection.execute(f"SELECT ({days.format('min')}), ({days.format('max')})").fetchone()
    return first or "", last or ""


def fold(text: str) -> str:
    """Return ``text`` normalised for comparing names: case-folded, with single spaces."""
    return " ".join(text.casefold().split())


def day(published: str) -> str:
    """Return the date part of an ISO date or date-time, empty when there is none."""
    return published[:10] if re.match(r"\d{4}-\d{2}-\d{2}", published, re.ASCII) else ""


def key_of(connection: sqlite3.Connection, named: str) -> int:
    """Return the row key of the one article that ``named`` matches.

    Tried in this order, the first match deciding: an id, an origin, a path; then a prefix of an id or of a title, and
    the last parts of a path.

    Raises:
        ArticleNotFound: It matches none, or several.
    """
    wanted = named.strip().removeprefix("./")
    for column in ("id", "origin", "path") if wanted else ():
        found = _matches(connection, f"{column} = ?", [wanted])
        if found:
            return _only(found, named)
    for where, start in (
        ("id >= ? AND id < ?", wanted.lower() if re.fullmatch(r"[0-9a-fA-F]{4,16}", wanted) else ""),
        ("title_folded >= ? AND title_folded < ?", fold(wanted)),
    ):
        found = _matches(connection, where, [start, start + "\U0010ffff"]) if start else []
        if found:
            return _only(found, named)
    found = _matches(connection, "substr(origin, -length(?)) = ?", [f"/{wanted}"] * 2) if wanted else []
    if found:
        return _only(found, named)
    raise ArticleNotFound(f"no article is called {named!r}: see `onrecord articles`", named)


def _matches(connection: sqlite3.Connection, where: str, values: list[str]) -> list[tuple[int, str, str]]:
    return connection.execute(
        f"SELECT key, id, title FROM articles WHERE {where} ORDER BY origin LIMIT {_LISTED_MAX + 1}",  # noqa: S608
        values,
    ).fetchall()


def _only(found: list[tuple[int, str, str]], named: str) -> int:
    if len(found) > 1:
        names = ", ".join(
            f"{identifier} ({title})" if title else identifier for _, identifier, title in found[:_LISTED_MAX]
        )
        more = ", …" if len(found) > _LISTED_MAX else ""
        titles = [title or identifier for _, identifier, title in found]
        raise ArticleNotFound(f"{named!r} names several articles: {names}{more}; use an id", named, titles)
    return found[0][0]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise FilterError(f"not a date: {text!r}; write it as YYYY-MM-DD")


INFO = "SELECT id, origin, title, path, url, source, author, published, characters, passages FROM articles"
"""Columns in the order of ArticleInfo's fields."""
PASSAGE_ID = """a.id || ':' || p.start || '-' || p."end\""""
VECTORS = (
    f"SELECT {PASSAGE_ID}, v.vector FROM passages p "  # noqa: S608
    "JOIN articles a ON a.key = p.article JOIN vectors v ON v.key = p.vector"
)
VECTORS_OF = (  # CROSS JOIN fixes the order: a few articles first, never a walk through all passages
    f"SELECT {PASSAGE_ID}, v.vector FROM articles a "  # noqa: S608
    "CROSS JOIN passages p ON p.article = a.key CROSS JOIN vectors v ON v.key = p.vector"
)
_REVISION_MARKS = "revision marks"  # a key of the meta table
MAX_REVISION_MARKS = 100
"""Revisions whose marks a library keeps."""
TEXT_CHUNK_CHARACTERS = 16_384
"""Characters of a text per row. A passage is read from one or two rows; an article of 1 MB from 64."""

_ID = LazyPattern(r"([0-9a-f]{16}):(\d{1,18})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PassageChanges:
    """Passages added and removed after a revision.

    Attributes:
        revision: The library's present revision.
        added: Ids of the passages added, or given another vector.
        removed: Ids of the passages removed; one that was added again is in both.
        passages: Number of passages at that revision.
        complete: False when the record of removed passages does not reach back far enough.
    """

    revision: int
    added: list[str]
    removed: list[str]
    passages: int
    complete: bool


def meta(connection: sqlite3.Connection, key: str) -> str:
    """Return a value of the meta table, empty when it is not set."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def add_revision_mark(connection: sqlite3.Connection, revision: int) -> None:
    """Give a revision a random mark: copies of a library that went on separately have other marks."""
    marks = meta(connection, _REVISION_MARKS).split()[-MAX_REVISION_MARKS + 1 :]
    set_meta(connection, _REVISION_MARKS, " ".join([*marks, f"{revision}:{secrets.token_hex(4)}"]))


def revision_mark(connection: sqlite3.Connection, revision: int) -> str:
    """Return the mark of a revision; empty where it is not one of the last or is older than marks."""
    marks = (each.partition(":") for each in meta(connection, _REVISION_MARKS).split())
    return next((mark for number, _, mark in marks if number == str(revision)), "")


def article_keys(connection: sqlite3.Connection) -> list[int]:
    """Return the row keys of all articles, in order of arrival."""
    return [key for (key,) in connection.execute("SELECT key FROM articles ORDER BY key")]


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set a value of the meta table."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def info(row: Sequence[object]) -> ArticleInfo:
    """Return the article of a row of ``INFO``."""
    return ArticleInfo(*row)  # type: ignore[arg-type]  # columns and fields are in the same order


def article(connection: sqlite3.Connection, key: int) -> Article:
    """Return a whole article with its blocks."""
    row = connection.execute(
        "SELECT origin, title, path, url, source, author, published, blocks "
        "FROM articles JOIN blocks ON article = key WHERE key = ?",
        (key,),
    ).fetchone()
    origin, title, path, url, source, author, published, blocks = row
    return Article(
        origin=origin,
        text=text(connection, key),
        title=title,
        blocks=blocks_from_json(blocks),
        path=path,
        url=url,
        source=source,
        author=author,
        published=published,
    )


def text(connection: sqlite3.Connection, key: int, start: int = 0, end: int | None = None) -> str:
    """Return the characters ``[start, end)`` of an article's text."""
    first = start - start % TEXT_CHUNK_CHARACTERS
    pieces = connection.execute(
        "SELECT text FROM texts WHERE article = ? AND start >= ? AND start < ? ORDER BY start",
        (key, first, 2**62 if end is None else max(end, 1)),
    )
    joined = "".join(row[0] for row in pieces)
    return joined[start - first : None if end is None else end - first]


def passage(connection: sqlite3.Connection, identifier: str) -> Passage | None:
    """Return the passage with this id, or None."""
    place = _ID.fullmatch(identifier)
    if place is None:
        return None
    row = connection.execute(
        'SELECT p.article, ordinal, start, "end", page, context, sentences FROM articles a '
        'JOIN passages p ON p.article = a.key WHERE a.id = ? AND p.start = ? AND p."end" = ?',
        place.groups(),
    ).fetchone()
    if row is None:
        return None
    key, ordinal, start, end, page, context, sentences = row
    return Passage(
        article_id=place[1],
        ordinal=ordinal,
        span=Span(start, end),
        text=text(connection, key, start, end),
        context=context,
        sentences=spans_from_json(sentences, start),
        page=page,
    )


def passage_texts(connection: sqlite3.Connection, identifiers: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the id, context and text of passages, in the given order; unknown ones are omitted."""
    known = [(identifier, place.groups()) for identifier in identifiers if (place := _ID.fullmatch(identifier))]
    pieces = connection.execute(
        "SELECT w.key, p.context, "  # noqa: S608 (ours)
        'substr(t.text, max(p.start - t.start, 0) + 1, p."end" - max(p.start, t.start)) '
        "FROM json_each(?) w CROSS JOIN articles a ON a.id = json_extract(w.value, '$[0]') "
        "CROSS JOIN passages p ON p.article = a.key AND p.start = CAST(json_extract(w.value, '$[1]') AS INTEGER) "
        "AND p.\"end\" = CAST(json_extract(w.value, '$[2]') AS INTEGER) "
        f"CROSS JOIN texts t ON t.article = a.key AND t.start > p.start - {TEXT_CHUNK_CHARACTERS} "
        'AND t.start < p."end" ORDER BY w.key, t.start',
        (json.dumps([place for _, place in known]),),
    )
    for (key, context), parts in itertools.groupby(pieces, lambda row: row[:2]):
        yield known[key][0], context, "".join(part for *_, part in parts)


def passage_exists(connection: sqlite3.Connection, identifier: str) -> bool:
    """Return whether there is a passage with this id."""
    place = _ID.fullmatch(identifier)
    if place is None:
        return False
    found = connection.execute(
        'SELECT 1 FROM articles a JOIN passages p ON p.article = a.key WHERE a.id = ? AND p.start = ? AND p."end" = ?',
        place.groups(),
    )
    return found.fetchone() is not None


def vectors(connection: sqlite3.Connection, identifiers: Sequence[str]) -> list[bytes]:
    """Return the vectors of passages as stored, in the given order.

    Raises:
        InputError: There is no such passage.
    """
    places = [place.groups() for place in map(_ID.fullmatch, identifiers) if place]
    found = connection.execute(
        "SELECT v.vector FROM json_each(?) each CROSS JOIN articles a ON a.id = json_extract(each.value, '$[0]') "
        "CROSS JOIN passages p ON p.article = a.key AND p.start = CAST(json_extract(each.value, '$[1]') AS INTEGER) "
        "AND p.\"end\" = CAST(json_extract(each.value, '$[2]') AS INTEGER) "
        "CROSS JOIN vectors v ON v.key = p.vector ORDER BY each.key",
        (json.dumps(places),),
    ).fetchall()
    if len(found) < len(identifiers):
        lost = next((each for each in identifiers if not passage_exists(connection, each)), "")
        raise InputError(f"there is no passage {lost!r} (any more): search again")
    return [row[0] for row in found]


def changes(connection: sqlite3.Connection, since: int) -> PassageChanges:
    """Return the passages added and removed after revision ``since``."""
    added = connection.execute(
        f"SELECT {PASSAGE_ID} FROM passages p CROSS JOIN articles a ON a.key = p.article "  # noqa: S608
        "WHERE p.revision > ? ORDER BY p.revision, p.key",
        (since,),
    )
    removed = connection.execute("SELECT DISTINCT id FROM removed WHERE revision > ? ORDER BY id", (since,))
    return PassageChanges(
        revision=int(meta(connection, "revision")),
        added=[row[0] for row in added],
        removed=[row[0] for row in removed],
        passages=int(connection.execute("SELECT coalesce(sum(passages), 0) FROM articles").fetchone()[0]),
        complete=since >= int(meta(connection, "changes_since")),
    )


def vectors_added(connection: sqlite3.Connection, since: int) -> NDArray[np.float32]:
    """Return the vectors ``(n, d)`` of the passages added after revision ``since``, in the order of ``changes``."""
    found = connection.execute(
        "SELECT v.vector FROM passages p CROSS JOIN vectors v ON v.key = p.vector "
        "WHERE p.revision > ? ORDER BY p.revision, p.key",
        (since,),
    )
    return stack([row[0] for row in found])


def stack(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    """Return stored vectors as ``(n, d)`` float32; ``(0, 0)`` for none."""
    import numpy as np  # noqa: PLC0415 (late, as above)

    if not vectors:
        return np.empty((0, 0), dtype=np.float32)
    return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), -1).astype(np.float32, copy=False)


def spans_to_json(spans: Sequence[Span], base: int) -> str:
    """Return spans as a flat list of offsets from ``base``: shorter, and unchanged when the passage moves."""
    return json.dumps([offset - base for span in spans for offset in (span.start, span.end)], separators=(",", ":"))


def spans_from_json(stored: str, base: int) -> tuple[Span, ...]:
    """Return the spans that ``spans_to_json`` wrote."""
    offsets = json.loads(stored)
    return tuple(Span(start + base, end + base) for start, end in zip(offsets[::2], offsets[1::2], strict=True))


def blocks_to_json(blocks: Sequence[Block]) -> str:
    """Return blocks as ``[kind, start, end, page, [context offsets]]``."""
    return json.dumps(
        [
            [
                block.kind,
                block.span.start,
                block.span.end,
                block.page,
                [o for s in block.context for o in (s.start, s.end)],
            ]
            for block in blocks
        ],
        separators=(",", ":"),
    )


def blocks_from_json(stored: str) -> tuple[Block, ...]:
    """Return the blocks that ``blocks_to_json`` wrote."""
    return tuple(
        Block(
            kind=BlockKind(kind),
            span=Span(start, end),
            context=tuple(Span(*pair) for pair in zip(context[::2], context[1::2], strict=True)),
            page=page,
        )
        for kind, start, end, page, context in json.loads(stored)
    )
