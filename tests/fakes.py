"""Stand-ins that implement the house's protocols, and builders of small libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.articles import Article, Block, BlockKind, Passage, Span
from retrieval.embedding.cross_encoder import SEPARATOR
from retrieval.embedding.embedder import Fingerprint, unit
from retrieval.store.library import Library
from retrieval.store.writer import PreparedArticle
from retrieval.text.analyzer import terms

DIMENSION = 64


class FakeEmbedder:
    """Bags of hashed words: texts that share words are similar. Same text, same vector, on every machine."""

    def __init__(self, name: str = "fake", dimension: int = DIMENSION) -> None:
        self.fingerprint = Fingerprint(name, hashlib.sha256(name.encode()).hexdigest(), dimension, "sum")
        self.embedded: list[str] = []

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.embedded += texts
        if on_batch:
            on_batch(len(texts))
        return np.stack([self.embed_query(text) for text in texts]) if texts else np.empty((0, self._d), np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        seed = self.fingerprint.name
        row = np.full(self._d, 1e-3)
        for term in terms(text):
            row = row + _word(seed, term, self._d)
        return unit(row[None, :], self.fingerprint)[0]

    @property
    def _d(self) -> int:
        return self.fingerprint.dimension


class FakeCrossEncoder:
    """Scores a sentence by the share of the query's terms that it has.

    Attributes:
        read: The sentences scored, without their context.
    """

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        sentences = [text.split(SEPARATOR)[0] for text in texts]
        self.read += sentences
        asked = set(terms(query)) or {""}
        return np.array([8 * len(asked.intersection(terms(each))) / len(asked) - 4 for each in sentences], np.float32)


class DeafEmbedder(FakeEmbedder):
    """A FakeEmbedder that fails when it is asked to embed passages: nothing may need embedding."""

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        raise AssertionError(f"embedded {len(texts)} texts that were known already")


@lru_cache(maxsize=100_000)
def _word(seed: str, term: str, dimension: int) -> NDArray[np.float64]:
    number = int.from_bytes(hashlib.sha256(f"{seed} {term}".encode()).digest()[:8], "big")
    return np.random.default_rng(number).standard_normal(dimension)


def make_article(text: str, **metadata: str) -> Article:
    """Return an article whose paragraphs are the lines of ``text``; its origin is its title unless given."""
    blocks, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            blocks.append(Block(BlockKind.PARAGRAPH, Span(start, start + len(line.strip()))))
        at += len(line) + 1
    title = metadata.pop("title", "")
    origin = metadata.pop("origin", title or text[:40])
    return Article(origin=origin, text=text, title=title, blocks=tuple(blocks), **metadata)


def make_passages(article: Article) -> list[Passage]:
    """Return one passage a block, with the title as context."""
    return [
        Passage(article.id, number, block.span, block.span.of(article.text), article.title, (block.span,))
        for number, block in enumerate(article.blocks)
    ]


def make_library(folder: Path, articles: Iterable[Article] = (), embedder: FakeEmbedder | None = None) -> Library:
    """Return a library in ``folder`` that holds ``articles``, embedded by a FakeEmbedder."""
    embedder = embedder or FakeEmbedder()
    library = Library.open(folder, create=True)
    put(library, articles, embedder)
    return library


def put(library: Library, articles: Iterable[Article], embedder: FakeEmbedder | None = None) -> None:
    """Keep ``articles`` in ``library`` in one transaction."""
    embedder = embedder or FakeEmbedder()
    with library.writer() as writer, writer.transaction():
        writer.set_model(embedder.fingerprint)
        for article in articles:
            passages = make_passages(article)
            vectors = embedder.embed_passages([passage.embedded_text for passage in passages])
            writer.put_article(article.origin, PreparedArticle(article, passages, vectors), embedder.fingerprint)


def remove(library: Library, *origins: str) -> None:
    """Let the articles of ``origins`` go."""
    with library.writer() as writer, writer.transaction():
        for origin in origins:
            writer.delete_articles([key for key, _ in list(writer.articles_of(origin))])
