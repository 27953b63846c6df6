"""A vector matrix gives what comparing with every vector gives, whatever was added and removed since."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.vector_index import matrix
from retrieval.vector_index.matrix import MatrixError, VectorMatrix

ROWS = np.random.default_rng(1).normal(size=(500, 16)).astype(np.float32)
ROWS /= np.linalg.norm(ROWS, axis=1, keepdims=True)
IDS = [f"{number // 5:016x}:{number}-{number + 9}" for number in range(500)]


def nearest(vector: np.ndarray, count: int, rows: list[int]) -> list[str]:
    scores = ROWS[rows] @ vector
    return [IDS[rows[at]] for at in np.argsort(-scores)[:count].tolist()]


def found(opened: VectorMatrix, vector: np.ndarray, count: int, articles: set[str] | None = None) -> list[str]:
    scores = opened.nearest(vector, count, articles)
    return sorted(scores, key=lambda identifier: -scores[identifier])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    matrix.write(tmp_path / "first", 16, [(IDS[at : at + 70], ROWS[at : at + 70]) for at in range(0, 400, 70)][:-1])
    return tmp_path


def test_it_finds_the_nearest_in_blocks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "_BLOCK_ROWS", 33)
    opened = VectorMatrix.open(folder / "first")
    assert (opened.rows, opened.passages) == (350, 350)
    assert found(opened, ROWS[7], 5) == nearest(ROWS[7], 5, list(range(350)))
    some = [*range(20, 40), *range(100, 105)]
    articles = {IDS[at].partition(":")[0] for at in some} | {"no article", ""}
    assert found(opened, ROWS[7], 6, articles) == nearest(ROWS[7], 6, some)
    assert len(found(opened, ROWS[7], 10_000)) == 350
    assert found(opened, ROWS[7], 0) == []


def test_the_next_one_shares_what_has_not_changed(folder: Path) -> None:
    """Removed rows are gone, added ones there, and the first matrix is as it was."""
    first = VectorMatrix.open(folder / "first")
    removed = [*range(3, 9), 200]
    first.extend(
        folder / "first", folder / "second", [*(IDS[at] for at in removed), f"{1:016x}:9999-99999"], [], ROWS[:0]
    )
    second = VectorMatrix.open(folder / "second")
    again = [3, *range(350, 380)]
    second.extend(folder / "second", folder / "third", [], [IDS[at] for at in again], ROWS[again])
    third = VectorMatrix.open(folder / "third")
    left = [at for at in range(350) if at not in removed]
    assert second.passages == len(left)
    assert third.passages == len(left) + len(again)
    for vector in ROWS[:20]:
        assert found(first, vector, 8) == nearest(vector, 8, list(range(350)))
        assert found(second, vector, 8) == nearest(vector, 8, left)
        assert found(third, vector, 8) == nearest(vector, 8, left + again)
    assert third.inherited == len(left)
    expected = left + again
    for start in range(0, len(expected), 60):
        ids, rows = third.read(start, start + 60)
        assert ids == third.ids(start, start + 60) == [IDS[at] for at in expected[start : start + 60]]
        assert np.array_equal(rows, ROWS[expected[start : start + 60]])
    assert third.read(len(expected), len(expected) + 9)[0] == []
    assert (folder / "third" / "0000.f32").samefile(folder / "first" / "0000.f32")
    assert not third.is_fragmented


def test_an_empty_one(tmp_path: Path) -> None:
    matrix.write(tmp_path / "empty", 16, [])
    opened = VectorMatrix.open(tmp_path / "empty")
    assert (opened.rows, opened.nearest(ROWS[0], 5)) == (0, {})
    opened.extend(tmp_path / "empty", tmp_path / "next", [IDS[9]], IDS[:3], ROWS[:3])
    assert found(VectorMatrix.open(tmp_path / "next"), ROWS[1], 1) == [IDS[1]]


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "no form", "other form"])
def test_a_damaged_one_is_refused(folder: Path, damage: str) -> None:
    file = folder / "first" / "0000.f32"
    content = bytearray(file.read_bytes())
    match damage:
        case "cut":
            file.write_bytes(content[:-64])
        case "changed":
            content[100] ^= 255
            file.write_bytes(content)
        case "gone":
            file.unlink()
        case "no form":
            (folder / "first" / "matrix.json").unlink()
        case "other form":
            (folder / "first" / "matrix.json").write_text("[]")
    with pytest.raises(MatrixError):
        VectorMatrix.open(folder / "first")
