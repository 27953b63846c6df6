"""Directories of a derived index: built aside, published by one atomic rename, never written to again.

A process killed at any moment leaves either the old generation published or the new one; what was half built is not
named by the pointer and is swept away by the next build.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

POINTER = "current.json"

_REWRITTEN = frozenset({"length.bin", "data_level0.bin"})
"""Files that Chroma fills with whatever memory holds, each time it opens an index that is still all in its log."""

_PERSISTED = "index_metadata.pickle"
"""Stands beside an index that Chroma has written out of its log; then only ``length.bin`` is written again."""

_SAMPLE = 65_536
"""Bytes looked at in the beginning, middle and end of a file: damage is noticed in a millisecond a file, before native
code maps it into memory and dies of it."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What is known of a published directory.

    Attributes:
        name: Of the directory.
        library: The library's identity.
        revision: The library's revision that it holds everything of (it may hold some of what came later).
        fingerprint: Digest of the model whose vectors it holds.
        passages: How many vectors it holds.
        seal: Over the files' sizes and samples of what is in them.
    """

    name: str
    library: str
    revision: int
    fingerprint: str
    passages: int
    seal: str


def published(folder: Path) -> Generation | None:
    """Return the generation that ``folder`` points at, or None when there is none that can be read."""
    try:
        found = Generation(**json.loads((folder / POINTER).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    is_ours = isinstance(found.name, str) and re.fullmatch(r"generation-[0-9a-f]{32}", found.name)
    return found if is_ours and isinstance(found.revision, int) and isinstance(found.passages, int) else None


def begin(folder: Path) -> Path:
    """Return a new, empty directory to build in, which nothing points at."""
    place = folder / f"generation-{uuid.uuid4().hex}"
    place.mkdir(parents=True)
    return place


def copy(source: Path, target: Path) -> None:
    """Copy a published generation into ``target``, whoever is reading it."""
    for item in source.rglob("*"):
        place = target / item.relative_to(source)
        if item.is_dir():
            place.mkdir(exist_ok=True)
        elif item.suffix == ".sqlite3":
            with contextlib.closing(sqlite3.connect(item)) as one, contextlib.closing(sqlite3.connect(place)) as other:
                one.backup(other)  # a copy of the file alone could miss what is in its log
        elif ".sqlite3-" not in item.name:
            shutil.copyfile(item, place)


def publish(folder: Path, generation: Generation) -> None:
    """Point at ``generation``, from one moment to the next."""
    partial = folder / f"{POINTER}.{os.getpid()}"
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(asdict(generation), stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(folder / POINTER)


def sweep(folder: Path, keep: str) -> None:
    """Remove every generation but ``keep``. Who still reads one of them finds the pointer moved and follows it."""
    with contextlib.suppress(OSError):
        for place in folder.iterdir():
            if place.name.startswith("generation-") and place.name != keep:
                shutil.rmtree(place, ignore_errors=True)


def _is_rewritten(file: Path) -> bool:
    return file.name == "length.bin" or (file.name in _REWRITTEN and not (file.parent / _PERSISTED).exists())


def seal(place: Path) -> str:
    """Return a digest over the index files of a generation; the database beside them checks itself."""
    total = hashlib.sha256()
    for file in sorted(item for item in place.rglob("*") if item.is_file() and ".sqlite3" not in item.name):
        size = file.stat().st_size
        total.update(f"{file.relative_to(place).as_posix()}\0{size}\0".encode())
        if _is_rewritten(file):
            continue
        with file.open("rb") as stream:
            for at in (0, max(0, size // 2 - _SAMPLE // 2), max(0, size - _SAMPLE)):
                stream.seek(at)
                total.update(stream.read(_SAMPLE))
    return total.hexdigest()[:32]
