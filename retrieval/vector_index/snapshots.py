"""Index snapshots: one directory per complete build, published by one atomic rename, immutable from then on.

A process killed at any moment leaves either the old snapshot published or the new one; an unfinished directory is not
named by the pointer and is deleted by the next build.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.store import sqlite

POINTER = "current.json"
_DIRECTORY = "generation-"  # the prefix that stores have on disk

_REWRITTEN = frozenset({"length.bin", "data_level0.bin"})
"""Files that Chroma fills with uninitialised memory each time it opens an index that is still entirely in its log."""

_PERSISTED = "index_metadata.pickle"
"""Present once Chroma has written an index out of its log; from then on only ``length.bin`` is rewritten."""

_SAMPLE_BYTES = 65_536
"""Bytes hashed at the beginning, middle and end of a file: damage is detected in a millisecond per file, before native
code maps the file into memory and crashes."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One complete build of the vector index.

    Attributes:
        name: The directory, or the server's collection.
        library: The library's identity.
        revision: The library's revision that it contains completely (it may contain some later passages).
        fingerprint: Digest of the model whose vectors it contains.
        passages: Number of vectors.
        checksum: Of the files' sizes and samples of their content; on a server, the collection's id.
    """

    name: str
    library: str
    revision: int
    fingerprint: str
    passages: int
    checksum: str


def read_pointer(folder: Path) -> Snapshot | None:
    """Return the published snapshot of ``folder``, or None when there is none that can be read."""
    try:
        fields = json.loads((folder / POINTER).read_text("utf-8"))
        found = Snapshot(checksum=fields.pop("seal"), **fields)  # the key that stores have on disk
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
    is_ours = isinstance(found.name, str) and re.fullmatch(_DIRECTORY + r"[0-9a-f]{32}", found.name)
    return found if is_ours and isinstance(found.revision, int) and isinstance(found.passages, int) else None


def create_directory(folder: Path) -> Path:
    """Return a new, empty, unpublished directory to build in."""
    place = folder / f"{_DIRECTORY}{uuid.uuid4().hex}"
    place.mkdir(parents=True)
    return place


def copy(source: Path, target: Path) -> None:
    """Copy a published snapshot into ``target``; it may be in use."""
    for item in source.rglob("*"):
        place = target / item.relative_to(source)
        if item.is_dir():
            place.mkdir(exist_ok=True)
        elif item.suffix == ".sqlite3":
            with (
                contextlib.closing(sqlite.connect(item, write=False)) as original,
                contextlib.closing(sqlite.connect(place, create=True)) as duplicate,
            ):
                original.backup(duplicate)  # copying the file could miss what is in its log
        elif ".sqlite3-" not in item.name:
            shutil.copyfile(item, place)


def publish(folder: Path, snapshot: Snapshot) -> None:
    """Publish ``snapshot`` in one atomic step."""
    fields = asdict(snapshot)
    fields["seal"] = fields.pop("checksum")
    partial = folder / f"{POINTER}.{os.getpid()}"
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(fields, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(folder / POINTER)


def remove_others(folder: Path, keep: str) -> None:
    """Delete every snapshot except ``keep``; a process that still reads one follows the changed pointer."""
    with contextlib.suppress(OSError):
        for place in folder.iterdir():
            if place.name.startswith(_DIRECTORY) and place.name != keep:
                shutil.rmtree(place, ignore_errors=True)


def _is_rewritten(file: Path) -> bool:
    return file.name == "length.bin" or (file.name in _REWRITTEN and not (file.parent / _PERSISTED).exists())


def checksum(place: Path) -> str:
    """Return a digest of the index files of a snapshot; the database beside them detects its own damage."""
    total = hashlib.sha256()
    for file in sorted(item for item in place.rglob("*") if item.is_file() and ".sqlite3" not in item.name):
        size = file.stat().st_size
        total.update(f"{file.relative_to(place).as_posix()}\0{size}\0".encode())
        if _is_rewritten(file):
            continue
        with file.open("rb") as stream:
            for at in (0, max(0, size // 2 - _SAMPLE_BYTES // 2), max(0, size - _SAMPLE_BYTES)):
                stream.seek(at)
                total.update(stream.read(_SAMPLE_BYTES))
    return total.hexdigest()[:32]
