"""Markdown files with front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from retrieval.articles import Article
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.limits import MAX_TEXT_BYTES
from retrieval.loaders.metadata import assemble, normalised, read_metadata
from retrieval.loaders.text import decode, encoding_notes, read_bytes
from retrieval.text.lazy_pattern import LazyPattern

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_MAX_LINES = 200
_FIELD = LazyPattern(r"(?P<key>[^\W\d][\w .-]{0,60}?)[\"']?\s*(?::\s+|:$|=\s*)(?P<value>.*)")
_STRUCK = LazyPattern(r"(?<!~)~~(?=[^\s~])[^~\n]{1,1000}~~(?!~)|<(?:del|s|strike)>", re.IGNORECASE)
_ITEM = LazyPattern(r"\s*-\s+(?P<value>.+)")


def load_markdown(file: SourceFile) -> Iterator[Article | LoadProblem]:
    """Yield the file's article; its text is the whole file, front matter and markup included."""
    text, encoding = decode(read_bytes(file, MAX_TEXT_BYTES))
    fields, body = front_matter(text)
    metadata = read_metadata(normalised(fields))
    struck = ("holds struck-through text (~~, <del>, <s>), which is quoted as text: delete it",)
    faults = struck if _STRUCK.search(text, body) else ()
    metadata = replace(metadata, notes=(*encoding_notes(encoding), *metadata.notes, *faults))
    yield from assemble(file, text, metadata, markdown=True, body=body)


def front_matter(text: str) -> tuple[dict[str, object], int]:
    """Return the fields of a Markdown file's front matter, and where the text after it begins.

    Supported are ``key: value`` (YAML) and ``key = value`` (TOML), quoted or not, and lists, in brackets or one item
    per line. Anything nested is ignored. Without a closing fence there is no front matter.
    """
    lines = text[: _MAX_LINES * 1000].splitlines(keepends=True)[:_MAX_LINES]
    closing = _FENCES.get(lines[0].lstrip("\ufeff").rstrip()) if lines else None
    if closing is None:
        return {}, 0
    fields: dict[str, object] = {}
    end, key = len(lines[0]), ""
    for line in lines[1:]:
        end += len(line)
        if line.rstrip() in closing:
            return fields, end
        found, item = _FIELD.match(line.strip()) if line[:1].strip() else None, _ITEM.match(line)
        if item and key:
            fields[key] = [*_as_list(fields[key]), _unquoted(item["value"])]
        elif found:
            key = found["key"].strip()
            fields[key] = _value(found["value"])
    return {}, 0


def _value(text: str) -> object:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(part) for part in text[1:-1].split(",") if part.strip()]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return re.sub(r"\s+#.*$", "", text)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []
