"""Index snapshots: one directory per complete build, published by one atomic rename, immutable from then on.

A process killed at any moment leaves either the old snapshot published or the new one; an unfinished directory is not
named by the pointer. With a journal, the next build continues it; without, it is deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.store import sqlite
from retrieval.store.library import Library

POINTER = "current.json"
MATRIX = "matrix"
"""Folder of a snapshot's vector matrix (``retrieval.vector_index.matrix``); snapshots of earlier versions have none."""
REMOVED = "removed.json"
"""File of an unfinished snapshot that is a copy of another: ids of passages that are still to be deleted from it."""
MAX_RESUMPTIONS = 5
"""Times that a build is continued without getting on: Chroma may crash on files that a kill has damaged."""
_JOURNAL = "building.json"
_RESUMPTIONS = "resumptions"  # as many bytes as attempts
_CHECKPOINT = "checkpoint"  # a copy of Chroma's files in the directory of an unfinished build
_NOT_CHROMAS = frozenset({MATRIX, REMOVED, _JOURNAL, _RESUMPTIONS, _CHECKPOINT, f"{_CHECKPOINT}.new"})
_DIRECTORY = "generation-"  # the prefix that stores have on disk

_REWRITTEN = frozenset({"length.bin", "data_level0.bin"})
"""Files that Chroma fills with uninitialised memory each time it opens an index that is still entirely in its log."""

_PERSISTED = "index_metadata.pickle"
"""Present once Chroma has written an index out of its log; from then on only ``length.bin`` is rewritten."""

_SAMPLE_BYTES = 65_536
"""Bytes hashed at the beginning, middle and end of a file: damage is detected in a millisecond per file, before native
code maps the file into memory and crashes."""
_READ_BYTES = 1 << 20  # at once


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
        digest: Of all of the content of Chroma's files; empty on a server, and for a snapshot of an earlier version.
    """

    name: str
    library: str
    revision: int
    fingerprint: str
    passages: int
    checksum: str
    digest: str = ""


def read_pointer(folder: Path) -> Snapshot | None:
    """Return the published snapshot of ``folder``, or None when there is none that can be read."""
    return _read(folder / POINTER)


def belongs(snapshot: Snapshot, library: Library) -> bool:
    """Return whether a snapshot was built from this library, with the model that the library has now."""
    state = library.state()
    return (
        state.fingerprint is not None
        and snapshot.library == state.identity
        and snapshot.fingerprint == state.fingerprint.digest
        and snapshot.revision <= state.revision
    )


def read_unfinished(folder: Path) -> Snapshot | None:
    """Return the snapshot that is being built, or was when its process was killed, or None.

    Its matrix is complete. Its checksum is empty.
    """
    for place in sorted(folder.glob(f"{_DIRECTORY}*/{_JOURNAL}")):
        found = _read(place)
        if found and found.name == place.parent.name and not found.checksum:
            return found
    return None


def write_journal(folder: Path, snapshot: Snapshot) -> None:
    """Record what is being built in the directory of that name, so that the build can be continued."""
    _write(folder / snapshot.name / _JOURNAL, snapshot)


def remove_journal(folder: Path, name: str) -> None:
    """Take a finished build's journal away, before it is published."""
    for file in ((folder / name / _JOURNAL), (folder / name / _RESUMPTIONS)):
        file.unlink(missing_ok=True)


def may_resume(folder: Path, name: str) -> bool:
    """Return whether a build has not been continued too often since it last got on."""
    file = folder / name / _RESUMPTIONS
    with contextlib.suppress(OSError):
        return file.stat().st_size < MAX_RESUMPTIONS
    return True


def count_resumption(folder: Path, name: str) -> bool:
    """Count one more attempt to continue a build; return False when there were too many since it last got on."""
    if not may_resume(folder, name):
        return False
    with contextlib.suppress(OSError), (folder / name / _RESUMPTIONS).open("ab") as file:
        file.write(b"x")
    return True


def forget_resumptions(folder: Path, name: str) -> None:
    """Note that a continued build gets on."""
    (folder / name / _RESUMPTIONS).unlink(missing_ok=True)


def write_checkpoint(place: Path) -> None:
    """Copy Chroma's files of a build, in place of an earlier copy; between two of its requests."""
    new = place / f"{_CHECKPOINT}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    copy(place, new)
    remove_checkpoint(place)
    new.rename(place / _CHECKPOINT)


def remove_checkpoint(place: Path) -> None:
    """Delete what ``write_checkpoint`` copied."""
    shutil.rmtree(place / _CHECKPOINT, ignore_errors=True)


def restore_checkpoint(folder: Path, name: str) -> bool:
    """Put the copy in the place of Chroma's files of a build; return False when there is none."""
    place = folder / name
    if not (place / _CHECKPOINT).is_dir():
        return False
    for item in place.iterdir():
        if item.is_dir() and item.name not in _NOT_CHROMAS:
            shutil.rmtree(item)
        elif item.name not in _NOT_CHROMAS:
            item.unlink()
    copy(place / _CHECKPOINT, place)
    remove_checkpoint(place)  # it serves once: Chroma may fail on it, too
    forget_resumptions(folder, name)
    return True


def _read(file: Path) -> Snapshot | None:
    try:
        fields = json.loads(file.read_text("utf-8"))
        found = Snapshot(checksum=fields.pop("seal"), **fields)  # the key that stores have on disk
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
    name = found.name
    is_ours = isinstance(name, str) and name.startswith(_DIRECTORY) and _is_hex(name.removeprefix(_DIRECTORY))
    return found if is_ours and isinstance(found.revision, int) and isinstance(found.passages, int) else None


def _is_hex(name: str) -> bool:
    return len(name) == 32 and not set(name) - set("0123456789abcdef")


def create_directory(folder: Path) -> Path:
    """Return a new, empty, unpublished directory to build in."""
    place = folder / f"{_DIRECTORY}{uuid.uuid4().hex}"
    place.mkdir(parents=True)
    return place


def copy(source: Path, target: Path) -> None:
    """Copy Chroma's files of a snapshot into ``target``; it may be in use. The matrix is shared instead."""
    for item in source.rglob("*"):
        if item.relative_to(source).parts[0] in _NOT_CHROMAS:
            continue
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
    _write(folder / POINTER, snapshot)


def _write(file: Path, snapshot: Snapshot) -> None:
    fields = asdict(snapshot)
    fields["seal"] = fields.pop("checksum")
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(fields, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)


def remove_others(folder: Path) -> None:
    """Delete every snapshot except the published one and the one whose build can be continued.

    A process that still reads one follows the changed pointer.
    """
    keep = {found.name for found in (read_pointer(folder), read_unfinished(folder)) if found}
    with contextlib.suppress(OSError):
        for place in folder.iterdir():
            if place.name.startswith(_DIRECTORY) and place.name not in keep:
                shutil.rmtree(place, ignore_errors=True)


def _is_rewritten(file: Path) -> bool:
    return file.name == "length.bin" or (file.name in _REWRITTEN and not (file.parent / _PERSISTED).exists())


def digest(place: Path) -> str:
    """Return a digest of all of Chroma's index files of a snapshot, in 1.2 s of CPU time for a million passages.

    Chroma crashes, or works for ever, on some files that something else has changed.
    """
    total = hashlib.sha256()
    for file in _index_files(place):
        if file.relative_to(place).parts[0] in _NOT_CHROMAS or _is_rewritten(file):
            continue
        total.update(f"{file.relative_to(place).as_posix()}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as stream:
            while data := stream.read(_READ_BYTES):
                total.update(data)
    return total.hexdigest()[:32]


def _index_files(place: Path) -> list[Path]:
    return sorted(item for item in place.rglob("*") if item.is_file() and ".sqlite3" not in item.name)


def checksum(place: Path) -> str:
    """Return a digest of the index files of a snapshot; the database beside them detects its own damage."""
    total = hashlib.sha256()
    for file in _index_files(place):
        size = file.stat().st_size
        total.update(f"{file.relative_to(place).as_posix()}\0{size}\0".encode())
        if _is_rewritten(file):
            continue
        with file.open("rb") as stream:
            for at in (0, max(0, size // 2 - _SAMPLE_BYTES // 2), max(0, size - _SAMPLE_BYTES)):
                stream.seek(at)
                total.update(stream.read(_SAMPLE_BYTES))
    return total.hexdigest()[:32]
