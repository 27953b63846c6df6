"""Evaluation of search on a BEIR collection: hybrid, dense alone, words alone, and the baseline pipeline."""

from __future__ import annotations

import json as jsons
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from bot.answering.reader import FittedReader, Reader, rank_hits
from bot.answering.term_weights import TermWeights
from evals import metrics
from evals.baseline.pipeline import PlainPipeline
from evals.metrics import Interval, paired_bootstrap
from evals.retrieval import beir
from evals.retrieval.beir import BeirCollection
from retrieval.articles import Hit
from retrieval.embedding.cross_encoder import LazyCrossEncoder
from retrieval.embedding.embedder import Embedder, load_embedder
from retrieval.embedding.model_files import DEFAULT_MODEL
from retrieval.errors import InputError
from retrieval.ingest import ingest
from retrieval.search.hybrid import Searcher
from retrieval.store.library import Library
from retrieval.vector_index.index import VectorIndex

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

Search = Callable[[str], list[str]]
"""From a question to document ids, best first, without repeats."""

METRICS: Mapping[str, Callable[[Sequence[str], Mapping[str, int]], float]] = {
    "nDCG@10": partial(metrics.ndcg, k=10),
    "recall@5": partial(metrics.recall, k=5),
    "recall@10": partial(metrics.recall, k=10),
    "recall@100": partial(metrics.recall, k=100),
    "MRR@10": partial(metrics.reciprocal_rank, k=10),
    "hit@1": partial(metrics.hit, k=1),
}

DEPTH = 250
"""Passages retrieved for a ranking of 100 documents: a document is ranked by its best passage, and has several."""

PASSAGES = 10
"""Passages that the program reads for an answer."""
OURS, RERANKED, PLAIN = "ours", "ours, reranked", "plain"


@dataclass(frozen=True, slots=True)
class SystemResult:
    """The figures of one system on one collection.

    Attributes:
        values: For each metric, one value per question.
        milliseconds: Mean time of a question, embedding included.
    """

    values: dict[str, list[float]]
    milliseconds: float

    def mean(self, metric: str) -> float:
        """Return a metric over all questions."""
        return sum(self.values[metric]) / len(self.values[metric])


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """The figures of all systems on one collection.

    Attributes:
        collection: The collection.
        measured: The figures by system.
        seconds: Indexing time by system; little where an index was kept.
    """

    collection: BeirCollection
    measured: dict[str, SystemResult]
    seconds: dict[str, float]

    def differences(self) -> dict[str, Interval]:
        """Return, for each metric, ours minus the baseline's over the same questions."""
        one, other = self.measured[OURS].values, self.measured[PLAIN].values
        return {metric: paired_bootstrap(one[metric], other[metric]) for metric in METRICS}

    def document(self) -> dict[str, Any]:
        """Return the report as JSON's types."""
        return {
            "documents": len(self.collection.documents),
            "questions": len(self.collection.questions),
            "systems": {
                name: {metric: system.mean(metric) for metric in METRICS} | {"milliseconds": system.milliseconds}
                for name, system in self.measured.items()
            },
            "ours_minus_plain": {metric: asdict(difference) for metric, difference in self.differences().items()},
            "index_seconds": dict(self.seconds),
        }

    def table(self) -> Table:
        """Return the report as a rich table: a row per metric, a column per system."""
        documents, questions = len(self.collection.documents), len(self.collection.questions)
        table = Table(title=f"{documents:,} documents, {questions:,} questions")
        table.add_column("")
        for name in self.measured:
            table.add_column(name, justify="right")
        table.add_column(f"{OURS} − {PLAIN} (95 %)", justify="right")
        for metric, found in self.differences().items():
            means = (f"{system.mean(metric):.3f}" for system in self.measured.values())
            table.add_row(metric, *means, f"{found.mean:+.3f} ({found.low:+.3f} … {found.high:+.3f})")
        times = (f"{system.milliseconds:.1f}" for system in self.measured.values())
        table.add_row(f"ms a question, {DEPTH} deep", *times, "")
        table.add_row(
            "s to index", *(f"{self.seconds[name]:.1f}" if name in self.seconds else "" for name in self.measured), ""
        )
        return table


def run(
    corpus: Path,
    queries: Path,
    qrels: Path,
    *,
    limit: int | None = None,
    store: Path | None = None,
    json: bool = False,
    model: str = DEFAULT_MODEL,
) -> int:
    """Measure and print a table, or one JSON document; return the exit code.

    Args:
        corpus: Documents, as JSON lines.
        queries: Questions, as JSON lines.
        qrels: Judgements.
        limit: Only the first so many questions.
        store: A folder to keep both indexes in, so that a second run is fast; None: a temporary one.
        json: Print JSON.
        model: The embedding model of all systems.

    Raises:
        OnrecordError: A file is missing or cannot be read, or the model is not here.
    """
    collection = beir.read(corpus, queries, qrels, limit)
    status = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as temporary:
        report = compare(collection, corpus, store or Path(temporary), load_embedder(model), status=status)
    console = Console()
    if json:
        console.file.write(jsons.dumps(report.document(), indent=2) + "\n")
    else:
        console.print(report.table())
    return 0


def compare(
    collection: BeirCollection,
    corpus: Path,
    folder: Path,
    embedder: Embedder,
    *,
    embeddings: Embeddings | None = None,
    status: Console | None = None,
) -> RetrievalReport:
    """Index ``corpus`` for both pipelines in ``folder``, ask all four systems every question, and return their figures.

    Args:
        collection: The documents of ``corpus``, with its questions.
        corpus: The file to ingest.
        folder: The folder of both indexes.
        embedder: Our embedder.
        embeddings: The baseline's embeddings, instead of the same model through LangChain.
        status: Where to print progress.
    """
    say = (status or Console(quiet=True)).print
    say(f"{len(collection.documents):,} documents, {len(collection.questions):,} questions: indexing ours…")
    seconds = {}
    started = time.perf_counter()
    library, vectors = index(corpus, folder, embedder)
    seconds[OURS] = time.perf_counter() - started
    with library:
        reader = FittedReader(LazyCrossEncoder(), TermWeights(library))
        systems = ours(library, Searcher(library, vectors, embedder), reader)
        say("indexing the plain pipeline…")
        started = time.perf_counter()
        pipeline = PlainPipeline(collection.documents, folder, model=embedder.fingerprint.name, embeddings=embeddings)
        seconds[PLAIN] = time.perf_counter() - started
        systems[PLAIN] = plain(pipeline)
        measured = {}
        for name, search in systems.items():
            say(f"asking {name}…")
            measured[name] = measure(search, collection)
    vectors.close()
    return RetrievalReport(collection, measured, seconds)


def index(corpus: Path, folder: Path, embedder: Embedder) -> tuple[Library, VectorIndex]:
    """Return the library and vector index of ``corpus`` in ``folder``, made by ingestion."""
    library = Library.open(folder / OURS, create=True)
    ingest(library, embedder, [str(corpus)])
    if len({info.path for info in library.articles()}) != 1:
        library.close()
        raise InputError(f"{folder} holds another corpus than {corpus}, or nothing of it could be read: choose another")
    vectors = VectorIndex.open(library, folder / OURS / "vectors")
    vectors.sync()
    vectors.warm()
    return library, vectors


def ours(library: Library, searcher: Searcher, reader: Reader) -> dict[str, Search]:
    """Return our systems over a library that was made from one JSON-lines file.

    They are the hybrid search, the same with the first passages in the order that a chat model gets them, and either
    side of the search alone.
    """
    names: dict[str, str] = {info.id: info.origin.removeprefix(f"{info.path}#") for info in library.articles()}

    def documents(passage_ids: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(names[identifier.split(":")[0]] for identifier in passage_ids))

    return {
        OURS: lambda question: documents(hit.passage.id for hit in searcher.search(question, limit=DEPTH)),
        RERANKED: lambda question: documents(
            hit.passage.id for hit in reranked(reader, question, searcher.search(question, limit=DEPTH))
        ),
        "by meaning": lambda question: documents(name for name, _ in searcher.search_dense(question, DEPTH)),
        "by words": lambda question: documents(name for name, _ in searcher.search_words(question, DEPTH)),
    }


def reranked(reader: Reader, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return ``hits`` with those that an answer is read from in the reader's order."""
    return (*rank_hits(reader.read(question, hits[:PASSAGES]), hits[:PASSAGES]), *hits[PASSAGES:])


def plain(pipeline: PlainPipeline) -> Search:
    """Return the baseline's search, as deep as ours."""
    return lambda question: list(dict.fromkeys(name for name, _, _ in pipeline.search(question, DEPTH)))


def measure(search: Search, collection: BeirCollection) -> SystemResult:
    """Return the figures of one system: every question asked and its ranking scored."""
    values: dict[str, list[float]] = {metric: [] for metric in METRICS}
    seconds = 0.0
    for identifier, question in collection.questions.items():
        started = time.perf_counter()
        ranking = search(question)
        seconds += time.perf_counter() - started
        for metric, score in METRICS.items():
            values[metric].append(score(ranking, collection.relevant[identifier]))
    return SystemResult(values, 1000 * seconds / len(collection.questions))
