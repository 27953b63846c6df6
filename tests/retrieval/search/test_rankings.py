"""Frozen rankings over twelve small articles: tuned numbers of search change only together with this set.

``tests/data/rankings.json`` holds articles and questions written for it, each question's cosine with each article
(all-MiniLM-L6-v2, two decimals), and the expected rankings by BM25 and by the fused score, as places of the articles.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.search import fusion, hybrid
from retrieval.search.hybrid import Searcher
from retrieval.store.library import Library
from tests.fakes import FakeEmbedder, make_article, make_library

FROZEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "rankings.json").read_text("utf-8"))


@dataclass(frozen=True)
class FixedCosines:
    """A dense index that returns the frozen cosines of one question."""

    passages: Sequence[str]
    cosines: Sequence[float]

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        article_ids: Collection[str] | None = None,
    ) -> list[tuple[str, float]]:
        pairs = zip(self.passages, self.cosines, strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:limit]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    articles = [make_article(each["text"], title=each["title"]) for each in FROZEN["articles"]]
    with make_library(tmp_path_factory.mktemp("store"), articles) as made:
        yield made


def rankings(library: Library) -> list[dict[str, list[int]]]:
    """Return what search ranks for each frozen question, in the form of the file."""
    titles = {info.id: info.title for info in library.articles()}
    place = {each["title"]: number for number, each in enumerate(FROZEN["articles"])}
    passages = sorted(
        library.passage_ids(list(titles)), key=lambda identifier: place[titles[identifier.partition(":")[0]]]
    )
    found = []
    for frozen in FROZEN["questions"]:
        searcher = Searcher(library, FixedCosines(passages, frozen["cosines"]), FakeEmbedder())
        words = [passages.index(identifier) for identifier, _ in searcher.search_words(frozen["question"], 12)]
        fused = [passages.index(hit.passage.id) for hit in searcher.search(frozen["question"], limit=12)]
        found.append({"words": words, "fused": fused})
    return found


def expected() -> list[dict[str, list[int]]]:
    return [{"words": each["words"], "fused": each["fused"]} for each in FROZEN["questions"]]


def test_rankings_are_the_frozen_ones(library: Library) -> None:
    for question, found, wanted in zip(FROZEN["questions"], rankings(library), expected(), strict=True):
        assert found == wanted, question["question"]


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_another_weight_of_words_would_change_a_ranking(
    library: Library, monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    monkeypatch.setattr(fusion, "WORD_WEIGHT", fusion.WORD_WEIGHT * factor)
    assert rankings(library) != expected()


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("column", [0, 1])
def test_another_weight_of_headings_or_text_would_change_a_ranking(
    library: Library, monkeypatch: pytest.MonkeyPatch, column: int, factor: float
) -> None:
    weights = list(hybrid.COLUMN_WEIGHTS)
    weights[column] *= factor
    monkeypatch.setattr(hybrid, "COLUMN_WEIGHTS", tuple(weights))
    changed = rankings(library)
    assert any(found["words"] != wanted["words"] for found, wanted in zip(changed, expected(), strict=True))
