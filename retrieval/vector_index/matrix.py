"""Vector matrix: every vector of one revision of the library in memory-mapped files, for exact search.

It answers at once where Chroma is not loaded or not built yet, and it is what Chroma is built from, so that no
transaction stays open on the library meanwhile. A matrix consists of segments, each written once and never changed:
the next snapshot's matrix links to the segments of the last one, adds one, and lists the rows that are gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MAX_SEGMENTS = 64
"""Segments beyond which the next matrix is written anew."""

_FORM = "matrix.json"  # written last: a matrix is complete or does not exist
_GONE = "gone.u64"
_ENDINGS = (".ids", ".f32")
_ID_FIELDS = np.dtype([("article", "<u8"), ("start", "<u8"), ("end", "<u8")])
_BLOCK_ROWS = 16_384
"""Rows compared at a time (25 MB at 384 dimensions): pages are given back after each block, so that a search of a
million vectors does not count as 1.5 GB of the process's memory."""
_SAMPLE_BYTES = 65_536


class MatrixError(Exception):
    """A matrix is missing, incomplete or damaged."""


@dataclass(frozen=True, slots=True)
class _Segment:
    ids: NDArray[np.void]
    vectors: NDArray[np.float32]
    mapped: mmap.mmap


class VectorMatrix:
    """A complete matrix, read only. Safe to share between threads.

    Attributes:
        rows: Number of its vectors, those that are gone included.
    """

    def __init__(self, segments: Sequence[_Segment], gone: NDArray[np.uint64], dimension: int) -> None:
        self._segments = segments
        self._dimension = dimension
        self._gone = gone
        self.rows = sum(len(segment.ids) for segment in segments)

    @classmethod
    def open(cls, folder: Path) -> VectorMatrix:
        """Map the matrix in ``folder``.

        Raises:
            MatrixError: It is missing, incomplete or damaged.
        """
        try:
            form = json.loads((folder / _FORM).read_text("utf-8"))
            if form["checksum"] != _checksum(folder):
                raise MatrixError("its files are not as they were written")
            segments = [_mapped(folder, name, form["dimension"]) for name in form["segments"]]
            gone = np.fromfile(folder / _GONE, dtype="<u8")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MatrixError(f"it cannot be read ({type(error).__name__})") from error
        return cls(segments, gone, form["dimension"])

    @property
    def passages(self) -> int:
        """Number of its vectors without those that are gone."""
        return self.rows - len(self._gone)

    @property
    def is_fragmented(self) -> bool:
        """Whether the next matrix is better written anew."""
        return len(self._segments) >= MAX_SEGMENTS or len(self._gone) > self.rows // 4

    def nearest(
        self, vector: NDArray[np.float32], count: int, articles: Collection[str] | None = None
    ) -> dict[str, float]:
        """Return the ``count`` passages nearest to a unit vector ``(d,)``, with their cosines: all are compared.

        Args:
            vector: Of unit length.
            count: At most this many, and others that are as near as the last of them.
            articles: Only passages of these articles.
        """
        scores = np.empty(self.rows, dtype=np.float32)
        allowed = None if articles is None else _article_numbers(articles)
        done = 0
        for segment in self._segments:
            for at in range(0, len(segment.ids), _BLOCK_ROWS):
                block = segment.vectors[at : at + _BLOCK_ROWS]
                target = scores[done : done + len(block)]
                target[:] = cosines(block, vector)
                _give_back(segment, at, len(block))
                if allowed is not None:
                    target[~_is_among(segment.ids["article"][at : at + len(block)], allowed)] = -np.inf
                done += len(block)
        scores[self._gone] = -np.inf
        best = best_rows(scores, count)
        return dict(zip(self._ids_at(best), scores[best].tolist(), strict=True))

    @property
    def inherited(self) -> int:
        """Number of its first vectors that were there before the last segment, without those that are gone."""
        rows = self.rows - len(self._segments[-1].ids) if self._segments else 0
        return rows - int(np.searchsorted(self._gone, rows))

    def read(self, start: int, stop: int) -> tuple[list[str], NDArray[np.float32]]:
        """Return ids and vectors ``(n, d)`` from one number to another; rows that are gone are not counted."""
        rows = self._rows_left(start, stop)
        ids, vectors = [], [np.empty((0, self._dimension), dtype=np.float32)]
        for segment, chosen in self._by_segment(rows):
            ids += [_to_text(each) for each in segment.ids[chosen]]
            vectors.append(segment.vectors[chosen])
            _give_back(segment, int(chosen[0]), int(chosen[-1] - chosen[0]) + 1)
        return ids, np.concatenate(vectors)

    def ids(self, start: int, stop: int) -> list[str]:
        """Return ids from one number to another; rows that are gone are not counted."""
        return self._ids_at(self._rows_left(start, stop))

    def _rows_left(self, start: int, stop: int) -> NDArray[np.intp]:
        """Return the rows that have these numbers when those that are gone are left out."""
        numbers = np.arange(start, min(stop, self.passages))
        left_before = self._gone.astype(np.intp) - np.arange(len(self._gone))
        return numbers + np.searchsorted(left_before, numbers, side="right")

    def _ids_at(self, rows: NDArray[np.intp]) -> list[str]:
        return [_to_text(each) for segment, chosen in self._by_segment(rows) for each in segment.ids[chosen]]

    def _by_segment(self, rows: NDArray[np.intp]) -> Iterator[tuple[_Segment, NDArray[np.intp]]]:
        """Yield each segment that has some of the rows, which ascend, and their numbers in it."""
        start = 0
        for segment in self._segments:
            end = start + len(segment.ids)
            first, last = np.searchsorted(rows, (start, end)).tolist()
            if first < last:
                yield segment, rows[first:last] - start
            start = end

    def rows_of(self, ids: Collection[str]) -> NDArray[np.uint64]:
        """Return the rows of passages, those that are gone included; unknown ids have none."""
        wanted = {_from_text(each) for each in ids}
        articles = np.array(sorted({article for article, _, _ in wanted}), dtype=np.uint64)
        found: list[int] = []
        start = 0
        for segment in self._segments:
            rows = np.flatnonzero(np.isin(segment.ids["article"], articles)).tolist()
            found += [start + row for row in rows if segment.ids[row].tolist() in wanted]
            start += len(segment.ids)
        return np.array(found, dtype=np.uint64)

    def extend(
        self, source: Path, target: Path, removed: Collection[str], ids: Sequence[str], vectors: NDArray[np.float32]
    ) -> None:
        """Write the matrix in ``source``, which this is, with changes to the new folder ``target``.

        Args:
            source: Its folder.
            target: Created.
            removed: Ids of passages that are gone.
            ids: Ids of passages that were added; one that was in the matrix is in ``removed``.
            vectors: Theirs, ``(n, d)``.

        Raises:
            OSError: The disk is full, or cannot be written.
        """
        form = json.loads((source / _FORM).read_text("utf-8"))
        target.mkdir()
        for name in form["segments"]:
            for ending in _ENDINGS:
                _link(source / f"{name}{ending}", target / f"{name}{ending}")
        added = _write_segment(target, len(form["segments"]), [(ids, vectors)])
        gone = np.union1d(self._gone, self.rows_of(removed))
        _finish(target, form["segments"] + added, form["dimension"], gone)


def cosines(vectors: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the products ``(n,)`` of unit vectors ``(n, d)`` with one ``(d,)``.

    Not by BLAS, whose threads wait for each other: on a busy machine its product of 20,000 vectors took 32 ms (8 ms of
    the processors), this one 2.
    """
    return np.asarray(np.einsum("ij,j->i", vectors, vector))


def best_rows(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return the rows of the ``count`` best scores and of those that equal the last of them; never of -inf."""
    if count <= 0:
        return np.empty(0, dtype=np.intp)
    least = np.partition(scores, -count)[-count] if count < len(scores) else -np.inf
    return np.flatnonzero((scores >= least) & (scores > -np.inf))


def write(folder: Path, dimension: int, batches: Iterable[tuple[Sequence[str], NDArray[np.float32]]]) -> None:
    """Write a matrix to the new folder ``folder`` from batches of ids and vectors ``(n, d)``.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    folder.mkdir()
    _finish(folder, _write_segment(folder, 0, batches), dimension, np.empty(0, dtype=np.uint64))


def _write_segment(
    folder: Path, number: int, batches: Iterable[tuple[Sequence[str], NDArray[np.float32]]]
) -> list[str]:
    """Return the name of the new segment; nothing when there are no vectors."""
    name, rows = f"{number:04}", 0
    id_path, vector_path = (folder / f"{name}{ending}" for ending in _ENDINGS)
    with id_path.open("wb") as id_file, vector_path.open("wb") as vector_file:
        for ids, vectors in batches:
            rows += len(ids)
            if len(ids):
                id_file.write(np.array([_from_text(each) for each in ids], dtype=_ID_FIELDS).tobytes())
                vector_file.write(vectors.astype("<f4", copy=False).tobytes())
        for file in (id_file, vector_file):
            file.flush()
            os.fsync(file.fileno())
    if rows:
        return [name]
    id_path.unlink()
    vector_path.unlink()
    return []


def _finish(folder: Path, segments: list[str], dimension: int, gone: NDArray[np.uint64]) -> None:
    gone.astype("<u8").tofile(folder / _GONE)
    form = {"dimension": dimension, "segments": segments, "checksum": _checksum(folder)}
    with (folder / _FORM).open("w", encoding="utf-8") as file:
        json.dump(form, file)
        file.flush()
        os.fsync(file.fileno())


def _link(source: Path, target: Path) -> None:
    """Share a file that is never changed, or copy it where the file system does not share."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _mapped(folder: Path, name: str, dimension: int) -> _Segment:
    id_path, vector_path = (folder / f"{name}{ending}" for ending in _ENDINGS)
    ids = np.fromfile(id_path, dtype=_ID_FIELDS)
    with vector_path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    vectors = np.frombuffer(mapped, dtype="<f4").reshape(len(ids), dimension)
    return _Segment(ids, vectors, mapped)


def _give_back(segment: _Segment, start: int, rows: int) -> None:
    """Give the pages of rows back to the system, which keeps them as long as it has memory to spare."""
    width = segment.vectors.shape[1] * 4
    first = start * width // mmap.PAGESIZE * mmap.PAGESIZE
    with contextlib.suppress(AttributeError, OSError):  # not every system has it
        segment.mapped.madvise(mmap.MADV_DONTNEED, first, (start + rows) * width - first)


def _checksum(folder: Path) -> str:
    """Return a digest of the files' sizes and samples of their content."""
    total = hashlib.sha256()
    for file in sorted(item for item in folder.iterdir() if item.name != _FORM):
        size = file.stat().st_size
        total.update(f"{file.name}\0{size}\0".encode())
        with file.open("rb") as stream:
            for at in (0, max(0, size // 2 - _SAMPLE_BYTES // 2), max(0, size - _SAMPLE_BYTES)):
                stream.seek(at)
                total.update(stream.read(_SAMPLE_BYTES))
    return total.hexdigest()[:32]


def _article_numbers(articles: Collection[str]) -> NDArray[np.uint64]:
    known = (each for each in articles if len(each) == 16 and not set(each) - set("0123456789abcdef"))
    return np.unique(np.fromiter((int(each, 16) for each in known), dtype=np.uint64))


def _is_among(numbers: NDArray[np.uint64], ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which numbers are among ordered ones; numpy's own way would sort those again for each block."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return np.asarray(ordered[places] == numbers)


def _from_text(identifier: str) -> tuple[int, int, int]:
    article, _, span = identifier.partition(":")
    start, _, end = span.partition("-")
    return int(article, 16), int(start), int(end)


def _to_text(identifier: np.void) -> str:
    article, start, end = identifier.tolist()
    return f"{article:016x}:{start}-{end}"
