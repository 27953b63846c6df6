"""The cache of vectors."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.embedding.token_vectors import VectorCache


def test_only_texts_that_are_not_cached_are_embedded_each_once() -> None:
    asked: list[list[str]] = []

    def embed(texts: Sequence[str]) -> list[str]:
        asked.append(list(texts))
        return [text.upper() for text in texts]

    cache = VectorCache(embed, 10)
    assert cache.get(["a", "b", "a"]) == ["A", "B", "A"]
    assert cache.get(["c", "b"]) == ["C", "B"]
    assert cache.get(["a"]) == ["A"]
    assert asked == [["a", "b"], ["c"]]


def test_the_least_recently_used_texts_are_dropped_beyond_the_bound() -> None:
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> list[str]:
        asked.extend(texts)
        return list(texts)

    cache = VectorCache(embed, 2)
    cache.get(["a", "b"])
    cache.get(["a"])
    cache.get(["c"])
    assert asked == ["a", "b", "c"]
    cache.get(["a"])
    cache.get(["b"])
    assert asked == ["a", "b", "c", "b"]
    assert cache.get(["d", "e", "f"]) == ["d", "e", "f"]
