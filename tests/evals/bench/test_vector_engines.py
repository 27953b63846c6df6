"""Every vector engine of the benchmark finds what comparing with all vectors finds."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.bench import index
from evals.bench.index import stand_in_vectors
from evals.bench.synthetic_library import SamplePassages
from evals.bench.vector_engines import ENGINES, HOW_FAR, NEAREST, build, search


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


def test_an_engine_that_takes_too_long_is_recorded_and_the_next_one_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was measured before is saved as it comes."""

    def in_process(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        task, name, folder = command[3:6]
        if name == "exact-f32":
            (Path(folder) / name).mkdir()
            (Path(folder) / name / HOW_FAR).write_text("700")
            raise subprocess.TimeoutExpired(command, 1.0)
        figures = {"build_s": 1.0} if task == "build" else {"p50_ms": 2.0, "found": [[*range(NEAREST)]] * 3}
        if task == "build":
            (Path(folder) / name).mkdir()
            saved = json.loads((tmp_path / "index.json").read_text())["sizes"][0]["engines"]
            assert saved == {"exact-f32": {"unfinished": "build not finished after 1 s at 700 vectors"}}
        return subprocess.CompletedProcess(command, 0, json.dumps(figures), "")

    class Embedding:
        def warm(self) -> None: ...

        def embed_query(self, question: str) -> Any:
            return stand_in_vectors(sample(), 1, np.random.default_rng(len(question)))[0]

    given = sample()
    monkeypatch.setattr(index, "load_embedder", lambda **_: Embedding())
    monkeypatch.setattr(index, "sample_passages", lambda *_: SamplePassages([], given.vectors, ["a", "bc", "def"]))
    monkeypatch.setattr(index.subprocess, "run", in_process)
    chosen = {"sizes": [1_000], "engines": ["exact-f32", "exact-i8"], "limit_s": 1.0, "store": tmp_path}
    index.run(tmp_path, **chosen, save=tmp_path, json_output=True)  # type: ignore[arg-type]
    engines = json.loads(capsys.readouterr().out)["sizes"][0]["engines"]
    assert engines["exact-i8"]["p50_ms"] == 2.0
    assert engines["exact-i8"]["recall_at_10"] < 0.5
    assert "p50_ms" not in engines["exact-f32"]
