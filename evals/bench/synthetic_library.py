"""Synthetic libraries: recombined real news with recombined vectors, of any size without hours of embedding.

Each paragraph consists of whole sentences of two real passages that were embedded; a synthetic passage's vector is the
direction of the sum of those passages' vectors, weighted by characters, plus noise. Frequencies of words and
similarities are about those of real news; search results are not meaningful. An article's statements are those of one
of a few synthetic articles, with sentences of its own: their speakers and numbers are real, their words are not.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.quotes.gold import records
from retrieval.articles import Article, Passage
from retrieval.embedding.embedder import Embedder
from retrieval.errors import InputError
from retrieval.quotes.record import extraction
from retrieval.store import statements
from retrieval.store.library import Library
from retrieval.store.statements import Statement
from retrieval.store.writer import FileRecord, LibraryWriter, PreparedArticle
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split

SEED = 11
PARAGRAPHS = 14
"""Paragraphs of an article: about seven passages, as in real news."""

NOISE = 0.25
"""Length of the noise added to a sum of length 1: passages made of the same two have a cosine of about .94."""

_BATCH = 50  # articles per transaction
_SAMPLE = "sample.json"
_READ_FOR_STATEMENTS = 40  # articles


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


def saved_sample(folder: Path) -> SamplePassages | None:
    """Return the sample that ``save_sample`` kept in a folder; None where there is none."""
    file = folder / _SAMPLE
    if not file.exists():
        return None
    kept = json.loads(file.read_text("utf-8"))
    return SamplePassages(kept["parts"], np.load(file.with_suffix(".npy")), kept["questions"])


def save_sample(folder: Path, sample: SamplePassages) -> None:
    """Keep a sample in a folder."""
    file = folder / _SAMPLE
    np.save(file.with_suffix(".npy"), sample.vectors)
    file.write_text(json.dumps({"parts": sample.parts, "questions": sample.questions}), "utf-8")


def fill(library: Library, embedder: Embedder, sample: SamplePassages, wanted: int) -> None:
    """Add synthetic articles to ``library`` until it has ``wanted`` passages."""
    made = library.counts().passages
    with library.writer() as writer:
        if library.fingerprint is None:
            with writer.transaction():
                writer.set_model(embedder.fingerprint)
        while made < wanted:
            made += sum(len(each.passages) for each in put_articles(writer, embedder, sample, _BATCH))


def put_articles(
    writer: LibraryWriter, embedder: Embedder, sample: SamplePassages, count: int
) -> list[PreparedArticle]:
    """Add ``count`` synthetic articles, other than those that there are, in one transaction; return them."""
    last = writer.connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'articles'").fetchone()[0] or 0
    rng = np.random.default_rng([SEED, last])
    made = [_made(number, sample, rng) for number in range(last, last + count)]
    said = _sample_statements(sample)
    with writer.transaction():
        for number, prepared in enumerate(made, last):
            origin = prepared.article.origin
            key = writer.put_article(origin, prepared, embedder.fingerprint)
            writer.put_statements(key, _stand_ins(said[number % len(said)], number, len(prepared.article.text)))
            writer.record_file(FileRecord(origin, "", 0, 0, ""))
    return made


def add_statements(library: Library, sample: SamplePassages) -> None:
    """Add statements to the synthetic articles of a library that has none of them."""
    said = _sample_statements(sample)
    with library.reading() as connection:
        unread = statements.unread(connection)
        lengths = dict(connection.execute("SELECT key, characters FROM articles"))
    with library.writer() as writer:
        for at in range(0, len(unread), 1_000):
            with writer.transaction():
                for key in unread[at : at + 1_000]:
                    writer.put_statements(key, _stand_ins(said[key % len(said)], key, lengths[key]))


_statements: dict[int, list[list[Statement]]] = {}  # of a sample


def _sample_statements(sample: SamplePassages) -> list[list[Statement]]:
    """Return the statements of some synthetic articles, made once: to find those of 84,000 takes most of an hour."""
    if id(sample) not in _statements:
        rng = np.random.default_rng(SEED)
        texts = [_made(number, sample, rng).article.text for number in range(_READ_FOR_STATEMENTS)]
        _statements[id(sample)] = [list(extraction.statements(text)) for text in texts]
    return _statements[id(sample)]


def _stand_ins(said: Sequence[Statement], number: int, characters: int) -> list[Statement]:
    """Return statements as the statements of another article, of sentences that no other article has."""
    return [
        replace(each, sentences=tuple(f"{sentence}-{number}" for sentence in each.sentences))
        for each in said
        if each.excerpt.end <= characters
    ]


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
