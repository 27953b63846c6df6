"""Vector engines: one builds or searches in a process of its own, for ``evals.bench.index``.

``python -m evals.bench.vector_engines build|search ENGINE FOLDER DIMENSION`` prints its figures as one JSON document.
``FOLDER`` holds ``vectors.f32`` and ``queries.f32``; the engine's files go to a folder of its name.
"""

from __future__ import annotations

import json
import statistics
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.bench.report import percentiles
from evals.bench.single_process import high_water

NEAREST = 10
HOW_FAR = "how-far"
"""File of an engine's folder with how many vectors a build that is not done has."""
CONNECTIVITY, EXPANSION_ADD, EXPANSION_SEARCH = 24, 128, 200
"""Of every HNSW index: those that ``retrieval.vector_index.chroma`` sets."""

_BATCH = 5_000
_CHROMA_BATCH = 1_000  # as many as the program gives it on an idle machine
_BLOCK_ROWS = 16_384
_WARM = 5  # queries before the measurement


class VectorEngine(ABC):
    """One way to find the nearest of many vectors.

    Args:
        folder: For its files.
        dimension: Numbers of a vector.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self.folder = folder
        self.dimension = dimension

    @abstractmethod
    def build(self, vectors: NDArray[np.float32]) -> None:
        """Write an index of unit vectors ``(n, d)``, a memory map."""

    @abstractmethod
    def load(self) -> None:
        """Open the index."""

    @abstractmethod
    def nearest(self, query: NDArray[np.float32]) -> list[int]:
        """Return the rows of the ``NEAREST`` vectors nearest to a unit vector, as far as it finds them."""


class ExactFloat32(VectorEngine):
    """All vectors compared, over a memory map: ``retrieval.vector_index.matrix``."""

    def build(self, vectors: NDArray[np.float32]) -> None:
        """Write them with ids."""
        from retrieval.vector_index import matrix  # noqa: PLC0415 (memory is measured: only what is used is imported)

        matrix.write(self.folder / "matrix", self.dimension, _batches(vectors))

    def load(self) -> None:
        """Map them."""
        from retrieval.vector_index.matrix import VectorMatrix  # noqa: PLC0415 (as above)

        self._matrix = VectorMatrix.open(self.folder / "matrix")

    def nearest(self, query: NDArray[np.float32]) -> list[int]:
        """Compare with all."""
        return [_row(identifier) for identifier in self._matrix.nearest(query, NEAREST)]


class ExactInt8(VectorEngine):
    """All vectors compared, with a byte for each number, over a memory map."""

    def build(self, vectors: NDArray[np.float32]) -> None:
        """Scale and round them."""
        scale = max(float(np.abs(vectors[at : at + _BATCH]).max()) for at in range(0, len(vectors), _BATCH))
        with (self.folder / "vectors.i8").open("wb") as file:
            for at in range(0, len(vectors), _BATCH):
                file.write(np.rint(vectors[at : at + _BATCH] * (127 / scale)).astype(np.int8).tobytes())

    def load(self) -> None:
        """Map them."""
        self._vectors = np.memmap(self.folder / "vectors.i8", dtype=np.int8, mode="r").reshape(-1, self.dimension)

    def nearest(self, query: NDArray[np.float32]) -> list[int]:
        """Compare with all, a block at a time as float32, for which there is a fast product."""
        scores = np.empty(len(self._vectors), dtype=np.float32)
        for at in range(0, len(scores), _BLOCK_ROWS):
            block = self._vectors[at : at + _BLOCK_ROWS].astype(np.float32)
            np.dot(block, query, out=scores[at : at + len(block)])
        return [int(row) for row in np.argpartition(scores, -NEAREST)[-NEAREST:]]


class Usearch(VectorEngine):
    """HNSW by usearch, mapped into memory to search."""

    dtype = "f32"

    def _index(self) -> Any:
        from usearch.index import Index  # noqa: PLC0415 (as above)

        return Index(
            ndim=self.dimension,
            metric="cos",
            dtype=self.dtype,
            connectivity=CONNECTIVITY,
            expansion_add=EXPANSION_ADD,
            expansion_search=EXPANSION_SEARCH,
        )

    def build(self, vectors: NDArray[np.float32]) -> None:
        """Add them with all cores."""
        index = self._index()
        for at in range(0, len(vectors), _BATCH):
            batch = np.array(vectors[at : at + _BATCH])
            index.add(np.arange(at, at + len(batch)), batch)
            (self.folder / HOW_FAR).write_text(str(at + len(batch)))
        index.save(str(self.folder / "usearch"))

    def load(self) -> None:
        """Map the index."""
        self._searched = self._index()
        self._searched.view(str(self.folder / "usearch"))

    def nearest(self, query: NDArray[np.float32]) -> list[int]:
        """Search the graph."""
        return [int(key) for key in self._searched.search(query, NEAREST).keys]


class UsearchFloat16(Usearch):
    """HNSW by usearch over numbers of two bytes."""

    dtype = "f16"


class UsearchInt8(Usearch):
    """HNSW by usearch over numbers of one byte."""

    dtype = "i8"


class LocalChroma(VectorEngine):
    """HNSW by Chroma, as the program sets it."""

    def build(self, vectors: NDArray[np.float32]) -> None:
        """Write them in the batches of the program."""
        from retrieval.vector_index import chroma  # noqa: PLC0415 (as above)

        client = chroma.open_local(self.folder)
        done, total = 0, len(vectors)
        collection = chroma.create(client, "passages", sync_threshold=chroma.rows_per_write(total))
        while done < total:
            end = chroma.request_end(done, total, _CHROMA_BATCH)
            chroma.put(client, collection, _ids(done, end), np.array(vectors[done:end]))
            done = end
            (self.folder / HOW_FAR).write_text(str(done))
        client.close()

    def load(self) -> None:
        """Load it by a query."""
        from retrieval.vector_index import chroma  # noqa: PLC0415 (as above)

        self._chroma = chroma
        self._collection = chroma.open_local(self.folder).get_collection("passages", embedding_function=None)
        chroma.preload(self._collection)

    def nearest(self, query: NDArray[np.float32]) -> list[int]:
        """Search the graph."""
        return [_row(identifier) for identifier in self._chroma.nearest(self._collection, query, NEAREST, None)]


ENGINES: dict[str, type[VectorEngine]] = {
    "exact-f32": ExactFloat32,
    "exact-i8": ExactInt8,
    "usearch-f32": Usearch,
    "usearch-f16": UsearchFloat16,
    "usearch-i8": UsearchInt8,
    "chroma": LocalChroma,
}


def _batches(vectors: NDArray[np.float32], batch: int = _BATCH) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
    for at in range(0, len(vectors), batch):
        rows = np.array(vectors[at : at + batch])
        yield _ids(at, at + len(rows)), rows


def _ids(start: int, stop: int) -> list[str]:
    return [f"{row:016x}:0-1" for row in range(start, stop)]


def _row(identifier: str) -> int:
    return int(identifier.partition(":")[0], 16)


def build(engine: VectorEngine, vectors: NDArray[np.float32]) -> dict[str, Any]:
    """Build and return the figures: seconds, of the clock and of all cores, and MB."""
    begun, used = perf_counter(), process_time()
    engine.build(vectors)
    files = [each for each in engine.folder.rglob("*") if each.is_file()]
    return {
        "build_s": round(perf_counter() - begun, 1),
        "build_cpu_s": round(process_time() - used, 1),
        "disk_mb": round(sum(each.stat().st_size for each in files) / 1e6, 1),
        "build_peak_mb": high_water() // 1024,
    }


def search(engine: VectorEngine, queries: NDArray[np.float32]) -> dict[str, Any]:
    """Load, search and return the figures, and the rows found for each query."""
    begun = perf_counter()
    engine.load()
    engine.nearest(queries[0])
    loaded = perf_counter() - begun
    found, times, used = [], [], []
    for query in queries:
        begun, began = perf_counter(), process_time()
        found.append(engine.nearest(query))
        times.append(perf_counter() - begun)
        used.append(process_time() - began)
    return {
        "first_answer_s": round(loaded, 2),
        **percentiles(times[_WARM:]),
        "cpu_ms": round(1000 * statistics.median(used[_WARM:]), 2),
        "search_peak_mb": high_water() // 1024,
        "found": found,
    }


def main(arguments: list[str]) -> None:
    """Run."""
    task, name, place, dimension = arguments
    folder = Path(place)
    engine = ENGINES[name](folder / name, int(dimension))
    if task == "build":
        engine.folder.mkdir()
        vectors = np.memmap(folder / "vectors.f32", dtype=np.float32, mode="r").reshape(-1, engine.dimension)
        figures = build(engine, vectors)
    else:
        figures = search(engine, np.fromfile(folder / "queries.f32", dtype=np.float32).reshape(-1, engine.dimension))
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
