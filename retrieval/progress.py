"""What an ingest says while it runs, and when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.loading import Problem

_SHOWN = 200  # problems kept in a report; the rest is counted


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        done: Bytes of files dealt with.
        total: Bytes of all files; 0 while passages are embedded again for a new model.
        articles: Articles seen.
        passages: Passages embedded.
        seconds: Since the start.
        name: The file at hand, as typed.
    """

    done: int
    total: int
    articles: int
    passages: int
    seconds: float
    name: str

    @property
    def rate(self) -> float:
        """Passages embedded a second."""
        return self.passages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds to go at the speed so far; None while nothing can be said."""
        return self.seconds * (self.total - self.done) / self.done if self.done else None


@dataclass(slots=True)
class Report:
    """What a run did.

    Attributes:
        added: New articles.
        copies: New articles that are one story with another article, nearly word for word.
        changed: Articles put in place of an older text or older metadata.
        unchanged: Articles left as they were.
        removed: Articles that left.
        passages_embedded: Passages that the model had to read.
        refused: What was left out, the first 200.
        notes: Remarks on articles that were kept, the first 200.
        refused_count: All that was left out.
        notes_count: All remarks.
        seconds: Wall time.
    """

    added: int = 0
    copies: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages_embedded: int = 0
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    refused_count: int = 0
    notes_count: int = 0
    seconds: float = 0.0

    def tell(self, problem: Problem) -> None:
        """Count a problem, and keep it while there is room."""
        kept = self.refused if problem.refused else self.notes
        if problem.refused:
            self.refused_count += 1
        else:
            self.notes_count += 1
        if len(kept) < _SHOWN:
            kept.append(problem)
