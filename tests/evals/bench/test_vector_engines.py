"""Every vector engine of the benchmark finds what comparing with all vectors finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.bench.index import stand_in_vectors
from evals.bench.synthetic_library import SamplePassages
from evals.bench.vector_engines import ENGINES, NEAREST, build, search


def sample() -> SamplePassages:
    rows = np.random.default_rng(3).normal(size=(40, 32)).astype(np.float32)
    return SamplePassages([], rows / np.linalg.norm(rows, axis=1, keepdims=True), [])


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_finds_the_nearest(tmp_path: Path, name: str) -> None:
    vectors = stand_in_vectors(sample(), 400, np.random.default_rng(5))
    queries = stand_in_vectors(sample(), 20, np.random.default_rng(7))
    engine = ENGINES[name](tmp_path, 32)
    built = build(engine, vectors)
    found = search(engine, queries)
    best = np.argsort(-(queries @ vectors.T), axis=1)[:, :NEAREST].tolist()
    right = sum(len({*rows} & {*wanted}) for rows, wanted in zip(found["found"], best, strict=True))
    assert right >= (0.75 if name.endswith("i8") else 0.95) * NEAREST * len(queries)
    assert built["build_peak_mb"] > 0
    assert found["p95_ms"] >= found["p50_ms"] > 0


def test_stand_in_vectors_lie_where_real_ones_do() -> None:
    """Of unit length, and the nearest real passage nearer than another stand-in of noise would be."""
    rows = stand_in_vectors(sample(), 300, np.random.default_rng(1))
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    nearest = (rows @ sample().vectors.T).max(axis=1)
    noise = np.random.default_rng(2).normal(size=(300, 32))
    assert np.median(nearest) > np.median((noise / np.linalg.norm(noise, axis=1, keepdims=True) @ rows.T).max(axis=1))
