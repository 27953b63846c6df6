"""Collections in BEIR's layout: a corpus and questions as JSON lines, judgements as tab-separated lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import InputError


@dataclass(frozen=True, slots=True)
class BeirCollection:
    """Documents, questions, and the relevant documents of each question.

    Attributes:
        documents: (id, title, text).
        questions: Text by id; only those with a relevant document.
        relevant: For each question's id, the gain of each judged document.
    """

    documents: tuple[tuple[str, str, str], ...]
    questions: dict[str, str]
    relevant: dict[str, dict[str, int]]


def read(corpus: Path, queries: Path, qrels: Path, limit: int | None = None) -> BeirCollection:
    """Return the collection in three files; each may be gzipped (``.gz``).

    Args:
        corpus: Lines of ``{"_id", "title", "text"}``.
        queries: Lines of ``{"_id", "text"}``.
        qrels: Lines of question id, document id and gain, with or without a header; or TREC's four columns.
        limit: Only this many questions, the first of the file.

    Raises:
        InputError: A file is missing or a line cannot be read; or no question has a relevant document.
    """
    documents = tuple((_id(line), str(line.get("title") or ""), str(line.get("text") or "")) for line in _json(corpus))
    relevant = _judgements(qrels)
    asked = {_id(line): str(line.get("text") or "") for line in _json(queries)}
    known = {identifier for identifier, _, _ in documents}
    answered = [
        identifier
        for identifier in asked
        if any(gain > 0 and document in known for document, gain in relevant.get(identifier, {}).items())
    ]
    if not answered:
        raise InputError(f"no question of {queries} has a relevant document in {qrels}: do they belong together?")
    chosen = answered[:limit]
    return BeirCollection(
        documents,
        {identifier: asked[identifier] for identifier in chosen},
        {identifier: relevant[identifier] for identifier in chosen},
    )


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    for number, line in lines(path):
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) == 4:  # TREC: question, iteration, document, gain
            del fields[1]
        if number == 1 and fields[-1:] and not _is_integer(fields[-1]):
            continue
        if len(fields) != 3 or not _is_integer(fields[2]):
            raise InputError(f"{path}, line {number}: not a question, a document and a whole number")
        relevant.setdefault(fields[0].strip(), {})[fields[1].strip()] = int(fields[2])
    return relevant


def _is_integer(text: str) -> bool:
    return text.strip().lstrip("-").isdecimal()


def _json(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in lines(path):
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict) or "_id" not in value:
            raise InputError(f'{path}, line {number}: not a JSON object with an "_id"')
        yield value


def _id(line: dict[str, Any]) -> str:
    return str(line["_id"])


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file (gzipped, when it ends in ``.gz``) that are not blank, with their numbers.

    Raises:
        InputError: The file is missing or is not UTF-8 text.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.strip("\r\n")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}: see `python -m evals --help`") from None
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text ({type(error).__name__})") from error
