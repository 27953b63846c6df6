"""JSONL: one article per line, plain or compressed with gzip."""

from __future__ import annotations

import gzip
import hashlib
import html
import itertools
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, cast

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import IsKnown, LoadProblem, SourceFile, UnchangedArticle
from retrieval.loaders.limits import (
    FREE_UNPACKED_BYTES,
    MAX_ARTICLE_CHARACTERS,
    MAX_BAD_LINES,
    MAX_LINE_BYTES,
    MAX_UNPACKED_BYTES,
    MAX_UNPACKED_RATIO,
)
from retrieval.loaders.metadata import TITLE, assemble, first, normalised, notes, read_metadata
from retrieval.loaders.text import open_file
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import excerpt

ID = ("id", "uuid", "guid", "uid", "articleid", "docid", "documentid", "storyid")
TEXT = """text body content articlebody articletext fulltext maintext bodytext article story contents contenttext
    pagecontent""".split()  # noqa: SIM905 (readable as prose)

_SPACE = b"\xef\xbb\xbf \t\r\n"
_GZIP = b"\x1f\x8b"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_MAX_ID_CHARACTERS = 200
_READ_BYTES = 16_384
_ENTITY = LazyPattern(r"&(?:amp;)*(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});")


def load_records(
    file: SourceFile, known: IsKnown | None = None, on_read: Callable[[int], None] | None = None
) -> Iterator[Article | UnchangedArticle | LoadProblem]:
    """Yield the article of each line, or a problem with the line's number.

    The file is read line by line; at most one line is in memory. A record's origin is the file's with ``#`` and its id;
    a record without an id is named by a hash of its content. Of records with the same id the first is kept. Blank lines
    are skipped. Of a truncated gzip file, what was read before is kept. A record that ``known`` confirms is not
    structured again. ``on_read`` is called with the bytes of each line.
    """
    with open_file(file) as stream:
        start = stream.read(4)
        stream.seek(0)
        if not start:
            raise ArticleError("is empty: nothing to read")
        if start.startswith(_WIDE_MARKS):
            raise ArticleError("is in UTF-16 or UTF-32: save it as UTF-8, which JSON is written in")
        if start.startswith(_GZIP):
            yield from _RecordReader(file, known, on_read).read(_unpacked(stream))
            return
        lines = _lines(stream)
        head = next(lines)
        if head is not None and (head.lstrip(_SPACE).startswith(b"[") or head.strip(_SPACE) == b"{"):
            records = _parsed_whole(itertools.chain([head], lines))
            note = f"is one JSON document, not JSONL: read as its {len(records):,} records"
            yield LoadProblem(file.name, note, refused=False)
            lines = iter(records)
        else:
            lines = itertools.chain([head], lines)
        yield from _RecordReader(file, known, on_read).read(lines)


def _parsed_whole(lines: Iterator[bytes | None]) -> list[bytes]:
    """Return the records of a JSON document that is an array of them, or one of them over several lines, as lines.

    Raises:
        ArticleError: It is too large, or is not such a document.
    """
    data = bytearray()
    for line in lines:
        data += line or b""
        if line is None or len(data) > MAX_LINE_BYTES:
            megabytes = MAX_LINE_BYTES // 1_000_000
            raise ArticleError(
                f"is one JSON document of more than {megabytes} MB: write each article on a line (JSONL)"
            )
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else ""
        raise ArticleError(
            f"begins as one JSON document, which cannot be read{where}: mend it or write JSONL"
        ) from None
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
        value = lists[0] if len(lists) == 1 and not set(normalised(value)) & set(TEXT) else [value]
    return [json.dumps(record).encode("ascii") + b"\n" for record in value]


class _RecordReader:
    """Reads one file, with the ids seen so far and the number of bad lines."""

    def __init__(self, file: SourceFile, known: IsKnown | None, on_read: Callable[[int], None] | None) -> None:
        self._file = file
        self._known = known
        self._on_read = on_read
        self._lines_by_id: dict[str, int] = {}
        self._bad = 0
        self._number = 0

    def read(self, lines: Iterator[bytes | None]) -> Iterator[Article | UnchangedArticle | LoadProblem]:
        records = 0
        while True:
            try:
                line = next(lines, b"")
                if line == b"":
                    break
                self._number += 1
                if self._on_read:
                    self._on_read(len(line or b""))
                if line is not None and line.isspace():
                    continue
                records += 1
                yield from self._record(line)
            except ArticleError as error:
                yield from self._refused(error)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                yield self._broken(error)
                return
            except _GzipBombError:
                message = f"unpacks to far more than it is (a gzip bomb?): not read beyond line {self._number:,}"
                yield LoadProblem(self._file.name, message, refused=True)
                return
        if self._bad > MAX_BAD_LINES:
            rest = f"{self._bad - MAX_BAD_LINES:,} more bad lines are not listed"
            yield LoadProblem(self._file.name, rest, refused=True)
        if not records and not self._bad:
            yield LoadProblem(self._file.name, "holds no records: nothing to read", refused=True)

    def _record(self, line: bytes | None) -> Iterator[Article | UnchangedArticle | LoadProblem]:
        if line is None:
            raise ArticleError(f"is longer than {MAX_LINE_BYTES // 1_000_000} MB")
        fields = _parse(line, is_first=self._number == 1)
        text = _text(fields)
        record = _record_id(fields, text)
        before = self._lines_by_id.setdefault(record, self._number)
        if before != self._number:
            raise ArticleError(f"has the id {excerpt(record)} of line {before:,}: the first is kept")
        origin = f"{self._file.origin}#{record}"
        metadata = read_metadata(
            {name: _without_entities(value) if isinstance(value, str) else value for name, value in fields.items()}
        )
        given = hashlib.sha256(line).digest()[:16]
        if self._known and self._known(origin, given):
            yield UnchangedArticle(origin)
            yield from notes(self._file, metadata, record)
        else:
            yield from assemble(self._file, text, metadata, record=record, given=given)

    def _refused(self, error: ArticleError) -> Iterator[LoadProblem]:
        self._bad += 1
        if self._bad <= MAX_BAD_LINES:
            yield LoadProblem(self._file.name, f"line {self._number:,} {error}", refused=True)

    def _broken(self, error: Exception) -> LoadProblem:
        what = "breaks off" if isinstance(error, EOFError) else "is damaged"
        message = f"{what} after line {self._number:,} (gzip): what came before is kept; get the file again"
        return LoadProblem(self._file.name, message, refused=True)


def _parse(line: bytes, *, is_first: bool) -> dict[str, object]:
    try:
        value = json.loads(line.decode("utf-8-sig" if is_first else "utf-8"))
    except UnicodeDecodeError as error:
        raise ArticleError(f"is not UTF-8 (byte {error.start + 1:,}): save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise ArticleError(f"is not JSON ({error.msg}, character {error.pos + 1:,}): mend or remove it") from None
    except RecursionError:
        raise ArticleError("is nested too deeply: write the article as one flat object") from None
    except ValueError:  # an integer of more than 4,300 digits
        raise ArticleError("holds a number too long to read: mend or remove it") from None
    if not isinstance(value, dict):
        raise ArticleError("is not a JSON object: write each article as {…} on a line of its own")
    return normalised(cast("dict[str, object]", value))


def _text(fields: Mapping[str, object]) -> str:
    """Return the record's text: a string, or a list of strings as paragraphs; HTML entities are decoded."""
    for name in TEXT:
        value = fields.get(name)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            value = "\n\n".join(value)
        if isinstance(value, str) and value.strip():
            if len(value) > MAX_ARTICLE_CHARACTERS:
                raise ArticleError(f"has a text of more than {MAX_ARTICLE_CHARACTERS:,} characters: split it")
            if "\0" in value:
                raise ArticleError("has NUL characters in its text: remove them")
            return _without_entities(value)
    raise ArticleError('has no text: give it a field "text" (or "body", "content")')


def _without_entities(text: str) -> str:
    """Return text with its HTML entities decoded: an export that forgot to."""
    return _ENTITY.sub(lambda found: html.unescape(re.sub("&(?:amp;)+", "&", found[0])), text)


def _record_id(fields: Mapping[str, object], text: str) -> str:
    value = first(fields, ID)
    record = str(value) if isinstance(value, str | int | float) else ""
    if record and record.isprintable() and len(record) <= _MAX_ID_CHARACTERS:
        return record
    content = record or f"{first(fields, TITLE)}\n{text}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines of a file, and None for each that is too long."""
    while line := stream.readline(MAX_LINE_BYTES):
        if len(line) < MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def _unpacked(stream: IO[bytes]) -> Iterator[bytes | None]:
    packed = _CountingReader(stream)
    with gzip.GzipFile(fileobj=cast("IO[bytes]", packed), mode="rb") as unpacked:
        yield from _lines(cast("IO[bytes]", _BoundedGzip(unpacked, packed)))


class _GzipBombError(Exception):
    """A gzip file that decompresses to far more than its size."""


class _CountingReader:
    """A file that is read in small blocks, so that the bytes read are the bytes decompressed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.total = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, _READ_BYTES))
        self.total += len(data)
        return data


class _BoundedGzip:
    """A gzip file that is abandoned when it decompresses to far more than its size."""

    def __init__(self, unpacked: gzip.GzipFile, packed: _CountingReader) -> None:
        self._unpacked = unpacked
        self._packed = packed
        self._out = 0

    def readline(self, limit: int) -> bytes:
        line = self._unpacked.readline(limit)
        self._out += len(line)
        is_bomb = self._out > FREE_UNPACKED_BYTES and self._out > MAX_UNPACKED_RATIO * self._packed.total
        if is_bomb or self._out > MAX_UNPACKED_BYTES:
            raise _GzipBombError
        return line
