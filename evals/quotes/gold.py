"""Annotated articles and their quotations, in PolNeAR's layout: one JSON object a line, gzipped or not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.articles import Span
from retrieval.errors import InputError

ARTICLE = ("id", "text")
QUOTE = ("quote", "article", "start", "end")


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A quotation that stands in an article.

    Attributes:
        quote: Its words as they stand there.
        article: The article's id.
        start: Its first character in the article's text.
        end: The place after its last.
        speaker: Who the annotators say said it, as the article words it; empty where they do not.
    """

    quote: str
    article: str
    start: int
    end: int
    speaker: str = ""


def read_articles(path: Path) -> dict[str, dict[str, Any]]:
    """Return the articles by id: each {id, text} and what else its line holds.

    Raises:
        InputError: The file is absent, not JSON lines, or lacks a field.
    """
    return {str(one["id"]): one for one in records(path, ARTICLE)}


def read_quotes(path: Path, articles: dict[str, dict[str, Any]]) -> list[GoldQuote]:
    """Return the quotations of ``articles``.

    Raises:
        InputError: The file is absent, not JSON lines, lacks a field, or quotes none of the articles.
    """
    found = [
        GoldQuote(one["quote"], str(one["article"]), one["start"], one["end"], one.get("speaker") or "")
        for one in records(path, QUOTE)
        if str(one["article"]) in articles
    ]
    if not found:
        raise InputError(f"{path}: quotes none of the articles; give the two files of one set")
    return found


def annotated_sources(article: Mapping[str, Any], span: Span, speaker: str) -> list[Span]:
    """Return the annotated source of a quotation: of the attribution that holds it and names that speaker."""
    spans: list[Span] = []
    for attribution in article.get("attributions", ()):
        if any(part["start"] <= span.start and span.end <= part["end"] + 1 for part in attribution["content"]):
            parts = [Span(part["start"], part["end"]) for part in attribution["source"]]
            texts = [part.of(article["text"]) for part in parts]
            if " ".join(" ".join(texts).split()) == " ".join(speaker.split()) or speaker in texts:
                spans.extend(parts)
    return spans


def records(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines, each with the fields ``needed``.

    Raises:
        InputError: The file is absent, not JSON lines, or lacks a field; the line is named.
    """
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):  # noqa: B007 (told in the error)
                if line.strip():
                    yield _with_fields(json.loads(line), needed)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or 'cannot be read'}; name a file of JSON lines") from error
    except ValueError as error:
        raise InputError(f"{path}, line {number}: not a JSON object of {', '.join(needed)} ({error})") from error


def _with_fields(one: Any, needed: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(one, dict):
        raise ValueError("it is no object")  # noqa: TRY004 (caught where the line's number is known)
    for name in needed:
        if name not in one:
            raise ValueError(f"it has no {name}")
    return one
