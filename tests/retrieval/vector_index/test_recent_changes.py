"""Recent changes extended at each revision are those read at once."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from retrieval.articles import Article
from retrieval.store.library import Library
from retrieval.vector_index import recent_changes
from retrieval.vector_index.recent_changes import RecentChanges
from tests.fakes import FakeEmbedder, make_article, make_library, put, remove

EMBEDDER = FakeEmbedder()


@pytest.mark.parametrize("rows", [1, 4, 1_000])
def test_extending_equals_reading_at_once(tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is added, changed, removed and added again, in whatever order and blocks."""
    monkeypatch.setattr(recent_changes, "_BLOCK_ROWS", rows)
    chance = random.Random(rows)  # noqa: S311 (repeatable)
    names = [f"N{number}" for number in range(9)]
    with make_library(tmp_path, [article(name, 0) for name in names]) as library:
        since = library.revision
        step_by_step = RecentChanges(since)
        for version in range(30):
            chosen = chance.sample(names, chance.randint(1, 4))
            held = {info.origin for info in library.articles()}
            if chance.random() < 0.4 and held & {*chosen}:
                remove(library, *(name for name in chosen if name in held))
            else:
                put(library, [article(name, chance.randint(0, 2)) for name in chosen])
            if chance.random() < 0.7:
                step_by_step = step_by_step.extended(*library.changes_with_vectors(step_by_step.revision))
                at_once = RecentChanges(since).extended(*library.changes_with_vectors(since))
                assert content(step_by_step) == content(at_once), version
                assert step_by_step.is_complete


def test_the_nearest_of_recent_changes(tmp_path: Path) -> None:
    """Of all blocks, of some articles only on request, as comparing with all gives them."""
    some = [article(f"N{number}", number % 3) for number in range(6)]
    with Library.open(tmp_path, create=True) as library:
        put(library, some)
        recent = RecentChanges(0).extended(*library.changes_with_vectors(0))
        question = EMBEDDER.embed_query("version1 of it")
        ids, rows = library.vectors_of(library.article_ids())
        best = max(rows @ question)
        near = {identifier for identifier, score in zip(ids, rows @ question, strict=True) if score > best - 1e-6}
        assert set(recent.nearest(question, 1, None)) == near
        mine = recent.nearest(question, 5, {some[0].id})
        assert {identifier.partition(":")[0] for identifier in mine} == {some[0].id}
        assert recent.nearest(question, 5, {"unknown"}) == {}
        assert RecentChanges(0).nearest(question, 5, None) == {}


def article(name: str, version: int) -> Article:
    return make_article(f"The version{version} of it.\nAnd more of {name}.", title=name)


def content(recent: RecentChanges) -> tuple[int, frozenset[str], dict[str, float]]:
    every = recent.nearest(np.ones(64, dtype=np.float32), 10_000, None)
    return recent.revision, recent.removed, {identifier: round(score, 5) for identifier, score in every.items()}
