"""The plain pipeline on a SQuAD file. It never abstains; what it says is its top chunk's best sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.answers.squad import SquadFile, SquadQuestion
from evals.baseline.pipeline import PlainPipeline
from evals.metrics import auroc
from retrieval.articles import Span
from retrieval.embedding.embedder import Embedder
from retrieval.text.sentences import sentences


@dataclass(frozen=True, slots=True)
class PlainFigures:
    """What the plain pipeline did with a file.

    Attributes:
        sentence_hit_1: The top chunk's sentence nearest to the question covers a gold answer in the right paragraph.
        text_hit_1: That sentence's text contains a gold answer.
        chunk_hit_1: The top chunk's text contains a gold answer.
        chunk_hit_4: One of the four chunks shown does.
        paragraph_hit_1: The top chunk is of the right paragraph.
        paragraph_hit_4: One of the four is.
        auroc_unanswerable: The top chunk's similarity separates answerable from unanswerable questions.
        auroc_everyday: From everyday questions.
    """

    sentence_hit_1: float
    text_hit_1: float
    chunk_hit_1: float
    chunk_hit_4: float
    paragraph_hit_1: float
    paragraph_hit_4: float
    auroc_unanswerable: float
    auroc_everyday: float


def score_plain(
    squad: SquadFile, asked: Sequence[SquadQuestion], everyday: Sequence[str], embedder: Embedder, folder: Path
) -> PlainFigures:
    """Return the figures of the plain pipeline on the same questions as ours."""
    plain = PlainPipeline([(str(n), each.title, each.text) for n, each in enumerate(squad.paragraphs)], folder)
    nearest = _nearest(embedder)
    rows: list[tuple[bool, ...]] = []
    sure: list[float] = []
    other: list[float] = []
    for question in asked:
        found = plain.search(question.text)
        identifiers = [int(identifier) for identifier, _, _ in found]
        chunks = [chunk for _, chunk, _ in found]
        if not question.answers:
            other.append(found[0][2])
            continue
        sure.append(found[0][2])
        best = nearest(question.text, chunks[0])
        at = squad.paragraphs[identifiers[0]].text.find(best)
        held = [any(text in chunk for text in question.texts) for chunk in chunks]
        rows.append(
            (
                at >= 0
                and identifiers[0] == question.paragraph
                and any(Span(at, at + len(best)).covers(answer) for answer in question.answers),
                any(text in best for text in question.texts),
                held[0],
                any(held),
                identifiers[0] == question.paragraph,
                question.paragraph in identifiers,
            )
        )
    strange = [plain.search(text)[0][2] for text in everyday]
    means = np.array(rows, dtype=float).mean(axis=0)
    areas = (auroc(sure, other) if other else 0.0, auroc(sure, strange))
    return PlainFigures(*(round(float(value), 4) for value in (*means, *areas)))


def _nearest(embedder: Embedder) -> Callable[[str, str], str]:
    """Return what finds a chunk's sentence nearest to a question; each sentence is embedded once."""
    known: dict[str, tuple[list[str], NDArray[np.float32]]] = {}

    def nearest(question: str, chunk: str) -> str:
        if chunk not in known:
            texts = [span.of(chunk) for span in sentences(chunk, Span(0, len(chunk)))]
            known[chunk] = texts, embedder.embed_passages(texts)
        texts, rows = known[chunk]
        return texts[int(np.argmax(rows @ embedder.embed_query(question)))]

    return nearest
