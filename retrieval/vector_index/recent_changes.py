"""Recent changes: passages added and removed since a snapshot, kept in memory and extended at each new revision."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.store.rows import PassageChanges
from retrieval.vector_index.matrix import best_rows, cosines

_BLOCK_ROWS = 1_024
"""A block of fewer rows is merged with the next: a few commits a second stay a few blocks."""

_Block = tuple[tuple[str, ...], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class RecentChanges:
    """The changes of passages from one revision of the library to another. Immutable: readers need no lock.

    Attributes:
        revision: The later one.
        removed: Ids of the passages removed; one that was added again is also among those added.
        is_complete: False when passages were removed of which there is no record any more.
    """

    revision: int
    removed: frozenset[str] = frozenset()
    is_complete: bool = True
    _blocks: tuple[_Block, ...] = field(default=())

    @property
    def count(self) -> int:
        """Number of passages added and removed."""
        return len(self.removed) + sum(len(ids) for ids, _ in self._blocks)

    def extended(self, changes: PassageChanges, vectors: NDArray[np.float32]) -> RecentChanges:
        """Return these changes with those after ``revision``, and the vectors ``(n, d)`` of the passages added."""
        blocks = self._blocks
        stale = {*changes.removed, *changes.added} if blocks else set()
        if stale and any(identifier in stale for ids, _ in blocks for identifier in ids):
            blocks = tuple(kept for block in blocks if (kept := _without(block, stale))[0])
        if changes.added:
            new: _Block = (tuple(changes.added), vectors)
            if blocks and len(blocks[-1][0]) < _BLOCK_ROWS:
                ids, before = blocks[-1]
                blocks, new = blocks[:-1], (ids + new[0], np.concatenate([before, vectors]))
            blocks = (*blocks, new)
        return replace(
            self,
            revision=changes.revision,
            removed=self.removed.union(changes.removed) if changes.removed else self.removed,
            is_complete=self.is_complete and changes.complete,
            _blocks=blocks,
        )

    def nearest(self, vector: NDArray[np.float32], count: int, articles: Collection[str] | None) -> dict[str, float]:
        """Return the ``count`` passages added that are nearest to a unit vector, with their cosines.

        Args:
            vector: ``(d,)``, of unit length.
            count: At most this many; more where several are equally near.
            articles: Only passages of these articles.
        """
        found: dict[str, float] = {}
        for ids, vectors in self._blocks:
            scores = cosines(vectors, vector)
            if articles is not None:
                scores[[identifier.partition(":")[0] not in articles for identifier in ids]] = -np.inf
            found |= {ids[row]: float(scores[row]) for row in best_rows(scores, count).tolist()}
        return found


def _without(block: _Block, stale: Collection[str]) -> _Block:
    ids, vectors = block
    kept = [at for at, identifier in enumerate(ids) if identifier not in stale]
    return tuple(ids[at] for at in kept), vectors[kept]
