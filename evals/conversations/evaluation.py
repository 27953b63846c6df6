"""Measures search for the questions of conversations: ours, two fixed ways, and the plain tutorial pipeline."""

from __future__ import annotations

import json as jsons
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from bot.answering.reader import FittedReader
from bot.answering.term_weights import TermWeights
from bot.conversation.follow_ups import FollowUpResolver
from bot.conversation.store import Turn
from evals.baseline.pipeline import PlainPipeline
from evals.conversations.inscit import ConversationQuestion, InscitData, read
from evals.conversations.variants import behind_others, shortened
from evals.metrics import Interval, paired_bootstrap, recall
from evals.retrieval.evaluation import index, reranked
from retrieval.embedding.cross_encoder import LazyCrossEncoder
from retrieval.embedding.embedder import Embedder, load_embedder
from retrieval.embedding.model_files import DEFAULT_MODEL
from retrieval.search.hybrid import Searcher
from retrieval.search.query import WeightedQuery

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

Search = Callable[[ConversationQuestion], list[str]]
"""From a question in its conversation to passage ids, best first, without repeats."""

RANKS = (1, 5, 10)
"""Recall is measured at these ranks."""
COMPARED_RANK = 5
"""Systems are compared by recall at this rank."""
DEPTH = 50
"""Passages of the library asked for a ranking of ten documents: a document is ranked by its best passage."""
OURS, RERANKED, LAST, BOTH, PLAIN = "ours", "ours, reranked", "last question", "last two questions", "plain"
FIRST, FOLLOW, SHORT = "first questions", "follow-ups", "follow-ups, shortened"
SHIFT, LONG = "new topics", "follow-ups, longer talk"
"""First questions and follow-ups behind another conversation (``evals.conversations.variants``)."""


@dataclass(frozen=True, slots=True)
class ConversationReport:
    """What came out: recall by group, system and rank, a value a question."""

    passages: int
    values: Mapping[str, Mapping[str, Mapping[int, Sequence[float]]]]
    leaning: Mapping[str, float]

    def mean(self, group: str, system: str, cut: int) -> float:
        """Return the recall of a system over a group."""
        found = self.values[group][system][cut]
        return sum(found) / len(found)

    def best_other(self, group: str) -> str:
        """Return the system that comes nearest to ours, or before it."""
        others = [system for system in self.values[group] if system not in {OURS, RERANKED}]
        return max(others, key=lambda system: self.mean(group, system, COMPARED_RANK))

    def difference(self, group: str, other: str) -> Interval:
        """Return ours minus ``other``, over the same questions."""
        systems = self.values[group]
        return paired_bootstrap(systems[OURS][COMPARED_RANK], systems[other][COMPARED_RANK])

    def document(self) -> dict[str, Any]:
        """Return the report as JSON's types."""
        groups = {}
        for group, systems in self.values.items():
            other = self.best_other(group)
            groups[group] = {
                "questions": len(systems[OURS][COMPARED_RANK]),
                "systems": {
                    system: {f"recall@{cut}": self.mean(group, system, cut) for cut in RANKS} for system in systems
                },
                "best_other": other,
                f"ours_minus_best_other_recall@{COMPARED_RANK}": asdict(self.difference(group, other)),
                "leaning": self.leaning[group],
            }
        return {"passages": self.passages, "groups": groups}

    def table(self) -> Table:
        """Return the report as rich draws it: a row a group and system, a column a rank."""
        table = Table(title=f"Evidence among {self.passages:,} passages")
        for name in ("", "", *(f"recall@{cut}" for cut in RANKS), f"ours − best other, recall@{COMPARED_RANK} (95 %)"):
            table.add_column(name, justify="left" if not name else "right")
        for group, systems in self.values.items():
            other = self.best_other(group)
            found = self.difference(group, other)
            for number, system in enumerate(systems):
                means = (f"{self.mean(group, system, cut):.3f}" for cut in RANKS)
                compared = f"{found.mean:+.3f} ({found.low:+.3f} … {found.high:+.3f})" if system == other else ""
                named = f"{group}, {len(systems[OURS][COMPARED_RANK])}" if not number else ""
                if number == 1:
                    named = f"  {self.leaning[group]:.0%} lean"
                table.add_row(named, system, *means, compared, end_section=number == len(systems) - 1)
        return table


def run(
    turns: Path,
    passages: Path,
    *,
    limit: int | None = None,
    store: Path | None = None,
    json: bool = False,
    model: str = DEFAULT_MODEL,
) -> int:
    """Measure and print a table, or one JSON document; return the exit code.

    Args:
        turns: Questions with what was said before them (``evals.conversations.inscit``).
        passages: What is searched.
        limit: Only the first so many questions.
        store: A folder to keep both indexes in, so that a second run is fast; None: a temporary one.
        json: Print JSON.
        model: The embedding model of all systems.

    Raises:
        OnrecordError: A file is missing or cannot be read, or the model is not here.
    """
    conversations = read(turns, passages, limit)
    with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as temporary:
        report = compare(conversations, store or Path(temporary), load_embedder(model))
    console = Console()
    if json:
        console.file.write(jsons.dumps(report.document(), indent=2) + "\n")
    else:
        console.print(report.table())
    return 0


def compare(
    conversations: InscitData, folder: Path, embedder: Embedder, *, embeddings: Embeddings | None = None
) -> ConversationReport:
    """Index the passages both ways in ``folder``, ask every question of all systems, and return what came out."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = folder / "passages.jsonl"
    corpus.write_text(
        "".join(
            jsons.dumps({"id": name, "title": title, "text": text}) + "\n"
            for name, title, text in conversations.passages
        ),
        encoding="utf-8",
    )
    library, vectors = index(corpus, folder, embedder)
    with library:
        names = {info.id: info.origin.removeprefix(f"{info.path}#") for info in library.articles()}
        searcher = Searcher(library, vectors, embedder)

        reader = FittedReader(LazyCrossEncoder(), TermWeights(library))

        def found(question: str | WeightedQuery) -> list[str]:
            return list(dict.fromkeys(names[hit.article.id] for hit in searcher.search(question, limit=DEPTH)))

        def read(asked: ConversationQuestion) -> list[str]:
            query = understood(asked)
            text = query.question if isinstance(query, WeightedQuery) else query
            hits = reranked(reader, text, searcher.search(query, limit=DEPTH))
            return list(dict.fromkeys(names[hit.article.id] for hit in hits))

        pipeline = PlainPipeline(conversations.passages, folder, model=embedder.fingerprint.name, embeddings=embeddings)
        systems: dict[str, Search] = {
            OURS: lambda asked: found(understood(asked)),
            RERANKED: read,
            LAST: lambda asked: found(asked.questions[-1]),
            BOTH: lambda asked: found(" ".join(asked.questions[-2:])),
            PLAIN: lambda asked: list(
                dict.fromkeys(name for name, _, _ in pipeline.search(asked.questions[-1], DEPTH))
            ),
        }
        asked = grouped(conversations.asked)
        systems = {name: remembering(system) for name, system in systems.items()}
        values = {group: {name: measure(system, of) for name, system in systems.items()} for group, of in asked.items()}
    vectors.close()
    leaning = {
        group: sum(isinstance(understood(each), WeightedQuery) for each in of) / len(of) for group, of in asked.items()
    }
    return ConversationReport(len(conversations.passages), values, leaning)


def grouped(asked: Sequence[ConversationQuestion]) -> dict[str, list[ConversationQuestion]]:
    """Return the questions by group: first ones, follow-ups, and both made harder. Empty groups are left out."""
    first = [each for each in asked if each.is_first]
    follow = [each for each in asked if not each.is_first]
    behind = behind_others(asked)
    groups = {
        FIRST: first,
        FOLLOW: follow,
        SHORT: shortened(asked),
        SHIFT: [after for each, after in zip(asked, behind, strict=False) if each.is_first],
        LONG: [after for each, after in zip(asked, behind, strict=False) if not each.is_first],
    }
    return {"all": list(asked), **{group: of for group, of in groups.items() if of}}


def understood(asked: ConversationQuestion) -> str | WeightedQuery:
    """Return what the program searches a question with, its conversation before it."""
    following = FollowUpResolver()
    history: list[Turn] = []
    for question, answer in zip(asked.questions, asked.answers, strict=False):
        standalone = following.understand(question, history).standalone
        history.append(Turn(question, standalone, answer, (), abstained=False, asked=0.0))
    return following.understand(asked.questions[-1], history).search


def remembering(search: Search) -> Search:
    """Return ``search`` so that it asks each question once, however many groups hold it."""
    known: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}

    def remembered(asked: ConversationQuestion) -> list[str]:
        key = (asked.questions, asked.answers)
        if key not in known:
            known[key] = search(asked)
        return known[key]

    return remembered


def measure(search: Search, asked: Sequence[ConversationQuestion]) -> dict[int, list[float]]:
    """Ask every question and return its recall at each rank."""
    values: dict[int, list[float]] = {cut: [] for cut in RANKS}
    for each in asked:
        ranking = search(each)
        for cut in RANKS:
            values[cut].append(recall(ranking, each.evidence, cut))
    return values
