"""Synthetic libraries: recombined real news with recombined vectors, of any size without hours of embedding.

Each paragraph consists of whole sentences of two real passages that were embedded; a synthetic passage's vector is the
direction of the sum of those passages' vectors, weighted by characters, plus noise. Frequencies of words and
similarities are about those of real news; search results are not meaningful.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.quotes.gold import records
from retrieval.articles import Article, Passage
from retrieval.embedding.embedder import Embedder
from retrieval.errors import InputError
from retrieval.store.library import Library
from retrieval.store.writer import FileRecord, PreparedArticle
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split

SEED = 11
PARAGRAPHS = 14
"""Paragraphs of an article: about seven passages, as in real news."""

NOISE = 0.25
"""Length of the noise added to a sum of length 1: passages made of the same two have a cosine of about .94."""

_BATCH = 50  # articles per transaction


@dataclass(frozen=True, slots=True)
class SamplePassages:
    """Real passages to recombine.

    Attributes:
        parts: The sentences of each passage.
        vectors: ``(n, d)``, of unit length.
        questions: Beginnings of other sentences, to ask with.
    """

    parts: list[list[str]]
    vectors: NDArray[np.float32]
    questions: list[str]


def sample_passages(news: Path, embedder: Embedder, passages: int) -> SamplePassages:
    """Return ``passages`` real passages of ``news``, embedded, and questions made from other articles.

    Raises:
        InputError: The file is absent, not JSON lines, or too small.
    """
    rng = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    read = list(records(news, ("text",)))
    rng.shuffle(read)
    parts: list[list[str]] = []
    texts: list[str] = []
    questions: list[str] = []
    for record in read:
        article = _article("sample_passages", record["text"])
        for passage in split(article):
            said = [span.of(article.text).replace("\n", " ") for span in passage.sentences]
            if len(parts) < passages:
                parts.append(said)
                texts.append(passage.embedded_text)
            else:
                questions += [" ".join(each.split()[: rng.randint(5, 12)]) for each in said if len(each.split()) > 12]
        if len(parts) >= passages and len(questions) > 5_000:
            break
    if len(parts) < 2 or not questions:
        raise InputError(f"{news}: too few articles to make others of; name a file with more, or ask for fewer")
    rng.shuffle(questions)
    return SamplePassages(parts, embedder.embed_passages(texts), [f"{question}?" for question in questions])


def fill(library: Library, embedder: Embedder, sample: SamplePassages, wanted: int) -> None:
    """Add synthetic articles to ``library`` until it has ``wanted`` passages."""
    counts = library.counts()
    made = counts.passages
    rng = np.random.default_rng([SEED, counts.articles])
    with library.writer() as writer:
        if library.fingerprint is None:
            with writer.transaction():
                writer.set_model(embedder.fingerprint)
        number = counts.articles
        while made < wanted:
            with writer.transaction():
                for _ in range(_BATCH):
                    prepared = _made(number, sample, rng)
                    origin = prepared.article.origin
                    writer.put_article(origin, prepared, embedder.fingerprint)
                    writer.record_file(FileRecord(origin, "", 0, 0, ""))
                    made += len(prepared.passages)
                    number += 1


def _made(number: int, sample: SamplePassages, rng: np.random.Generator) -> PreparedArticle:
    text, given = f"Article {number} of those that were made", []
    for _ in range(PARAGRAPHS):
        text += "\n\n"
        for source in rng.integers(len(sample.parts), size=2).tolist():
            part = sample.parts[source]
            said = " ".join(part[: max(1, len(part) // 2)] if rng.random() < 0.5 else part[len(part) // 2 :])[:600]
            given.append((len(text), len(text) + len(said), source))
            text += f"{said} "
    day = f"{2012 + number % 9}-{1 + number % 12:02}-{1 + number % 28:02}"
    article = _article(f"made/{number}", text, source=f"Outlet {number % 50}", published=day)
    passages = split(article)
    rows = np.stack([_vector(passage, given, sample, rng) for passage in passages])
    return PreparedArticle(article, passages, rows)


def _vector(
    passage: Passage, given: Sequence[tuple[int, int, int]], sample: SamplePassages, rng: np.random.Generator
) -> NDArray[np.float32]:
    shared = [
        (min(passage.span.end, end) - max(passage.span.start, start), source)
        for start, end, source in given
        if start < passage.span.end and end > passage.span.start
    ]
    total = sum((sample.vectors[source] * characters for characters, source in shared), sample.vectors[0] * 1e-6)
    noise = rng.normal(size=total.shape)
    total = total / np.linalg.norm(total) + NOISE * noise / np.linalg.norm(noise)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


def _article(origin: str, text: str, **more: Any) -> Article:
    read = structure(text)
    return Article(origin, text, read.title, read.blocks, **more)
