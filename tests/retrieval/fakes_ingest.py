"""Files to ingest, and all that a library holds of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from retrieval.ingest import IngestReport
from retrieval.store.library import Library
from retrieval.text.analyzer import terms


def story(number: int) -> str:
    paragraphs = [f"In year {number} the council of town{number} met. It spoke of point {n}. " * 9 for n in range(4)]
    return f"The council of town{number}\n\n" + "\n\n".join(paragraphs) + "\n"


def write_records(path: Path, numbers: Sequence[int], **changed: str) -> None:
    records = (
        {
            "id": f"r{n}",
            "title": f"Record {n}",
            "text": changed.get(f"r{n}", f"Record {n} says word{n}. It ends there."),
        }
        for n in numbers
    )
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed


def everything(library: Library) -> dict[str, object]:
    """All that a library holds, however it came there."""
    held: dict[str, object] = {}
    for info in library.articles():
        passages = library.passages_of(info.id)
        vectors = library.vectors([passage.id for passage in passages])
        held[info.origin] = (info, library.article(info.id), passages, vectors.tobytes())
    held["words"] = library.document_frequencies(terms("council town3 word7 record point"))
    with sqlite3.connect(library.folder / "library.sqlite") as connection:
        for table in ("files", "vectors", "staged", "passages", "texts"):
            held[table] = connection.execute("SELECT count(*) FROM " + table).fetchone()  # noqa: S608
    return held


def make_news(folder: Path) -> Path:
    """Make a folder of six text files and one of forty records."""
    (folder / "deep").mkdir(parents=True)
    for number in range(6):
        place = folder / "deep" if number % 2 else folder
        (place / f"{number}.txt").write_text(story(number))
    write_records(folder / "all.jsonl", range(40))
    return folder
