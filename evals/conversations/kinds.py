"""``python -m evals kinds FILE``: conversations of every kind of question, by the whole program over a store.

Each question's kind is compared with the expected one, every quotation with its article, and the time is taken by kind.
Where the file says what a complete answer tells, in short verbatim pieces, it is counted how many of these are quoted,
and how many answers are useful. ``--transcript`` writes what was shown, so that a person can judge it, too.
"""

from __future__ import annotations

import json as jsons
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.answer_run import run_answer
from bot.answers import Answer, Citation, QuestionKind
from bot.app import EVERYTHING, App, build
from bot.conversation.session import ConversationSession
from bot.render.layout import Places
from bot.render.terminal import answer_text
from bot.settings import load
from retrieval.articles import BlockKind
from retrieval.errors import InputError, OnrecordError

_OF_ARTICLES = frozenset({QuestionKind.COLLECTION, QuestionKind.LAST_ANSWER})
"""Kinds of questions that titles, outlets and dates answer, which are shown but not quoted."""
_UNCITABLE = frozenset({BlockKind.BOILERPLATE, BlockKind.TITLE, BlockKind.HEADING})


@dataclass(frozen=True, slots=True)
class ExpectedTurn:
    """A question and what is expected of its answer.

    Attributes:
        question: It.
        kinds: The kinds that it may be taken for; none: any.
        pieces: What a complete answer tells: of each piece, short parts of the sentences of which any one gives it.
        needed: How many of these a useful answer quotes.
        unanswerable: Whether no article answers it.
    """

    question: str
    kinds: frozenset[QuestionKind]
    pieces: tuple[tuple[str, ...], ...] = ()
    needed: int = 1
    unanswerable: bool = False


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What a question got.

    Attributes:
        conversation: The conversation's name.
        turn: What was asked.
        kind: What it was taken for; empty where it was refused.
        milliseconds: How long it took.
        misquoted: Quotations that are not the article's characters, or lie in a title, heading or boilerplate.
        told: How many of the expected pieces are shown.
        near: How many are shown, or quoted as nearest beside an abstention.
        cites: Whether anything is cited as an answer, or as one that may be.
    """

    conversation: str
    turn: ExpectedTurn
    kind: str
    milliseconds: float
    misquoted: tuple[str, ...] = ()
    told: int = 0
    near: int = 0
    cites: bool = False

    @property
    def useful(self) -> float | None:
        """1 for a useful answer, .5 for part of one; None where the file does not say what one tells."""
        turn = self.turn
        if turn.unanswerable:
            return float(not self.cites)
        if not turn.pieces:
            return None
        return 1.0 if self.told >= turn.needed else 0.5 if self.told or self.near >= turn.needed else 0.0

    @property
    def right(self) -> bool:
        """Whether it was taken for what it is."""
        return not self.turn.kinds or self.kind in self.turn.kinds


@dataclass(frozen=True, slots=True)
class KindsReport:
    """The outcomes of all turns, in order."""

    outcomes: tuple[TurnOutcome, ...]

    def document(self) -> dict[str, Any]:
        """Return the figures: shares in [0, 1], times in milliseconds."""
        judged = [each for each in self.outcomes if each.turn.kinds]
        return {
            "turns": len(self.outcomes),
            "judged": len(judged),
            "kind_right": float(np.mean([each.right for each in judged])) if judged else 0.0,
            **self._usefulness(),
            "misquoted": [quote for each in self.outcomes for quote in each.misquoted],
            "milliseconds": {
                kind: {"turns": len(times), **{f"p{at}": float(np.percentile(times, at)) for at in (50, 95)}}
                for kind, times in sorted(self._times().items())
            },
            "confused": [
                {"conversation": each.conversation, "question": each.turn.question, "kind": each.kind,
                 "expected": sorted(each.turn.kinds)}
                for each in judged
                if not each.right
            ],
        }  # fmt: skip

    def _usefulness(self) -> dict[str, Any]:
        """Return how useful answers are, in all and by the first kind expected; nothing where no turn says it."""
        known = [(each, each.useful) for each in self.outcomes if each.useful is not None]
        if not known:
            return {}
        by_kind: dict[str, list[float]] = {}
        for each, useful in known:
            name = "unanswerable" if each.turn.unanswerable else min(map(str, each.turn.kinds), default="any")
            by_kind.setdefault(name, []).append(useful)
        pieces = sum(len(each.turn.pieces) for each, _ in known)
        return {
            "useful": float(np.mean([useful for _, useful in known])),
            "pieces_told": sum(each.told for each, _ in known) / pieces if pieces else 0.0,
            "useful_by_kind": {
                name: {"turns": len(all_of), "useful": float(np.mean(all_of))}
                for name, all_of in sorted(by_kind.items())
            },
        }

    def _times(self) -> dict[str, list[float]]:
        times: dict[str, list[float]] = {}
        for each in self.outcomes:
            times.setdefault(each.kind or "refused", []).append(each.milliseconds)
        return times

    def table(self) -> Table:
        """Return the figures as a table, a kind a row."""
        found = self.document()
        expected = Counter(kind for each in self.outcomes for kind in each.turn.kinds)
        right, misquoted = found["kind_right"], len(found["misquoted"])
        useful = f", useful {found['useful']:.3f}" if "useful" in found else ""
        table = Table(title=f"{found['turns']} questions, kind right {right:.3f}{useful}, misquoted {misquoted}")
        for column in ("kind", "turns", "expected", "p50 ms", "p95 ms"):
            table.add_column(column)
        for kind, row in found["milliseconds"].items():
            table.add_row(kind, str(row["turns"]), str(expected[kind]), f"{row['p50']:.0f}", f"{row['p95']:.0f}")
        return table


def read_conversations(file: Path, library: str = "") -> Iterator[tuple[str, list[ExpectedTurn]]]:
    """Yield the conversations of a file: JSON lines of id, library, turns.

    A turn has a question; its kind, one or a list; and what a useful answer tells: ``pieces``, a list of lists of short
    parts of sentences, ``needed``, how many of them, or ``unanswerable``.

    Args:
        file: It.
        library: Only conversations over the library of this name; all by default.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(filter(str.strip, lines), 1):
            record = jsons.loads(line)
            if library and record.get("library") != library:
                continue
            yield str(record.get("id", number)), [_turn(each) for each in record["turns"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} is no file of conversations: {type(error).__name__}: {error}") from None


def _turn(record: dict[str, Any]) -> ExpectedTurn:
    kinds = record.get("kind") or []
    return ExpectedTurn(
        record["question"],
        frozenset(QuestionKind(kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)),
        tuple(tuple(each) for each in record.get("pieces", ())),
        max(1, int(record.get("needed", 1))),
        bool(record.get("unanswerable", False)),
    )


def evaluate(app: App, conversations: Sequence[tuple[str, list[ExpectedTurn]]]) -> Iterator[tuple[TurnOutcome, str]]:
    """Ask every question of the conversations; yield its outcome and what was shown, as a terminal shows it."""
    places = Places(app.home, app.home)
    for name, turns in conversations:
        session = ConversationSession()
        for turn in turns:
            start = time.perf_counter()
            try:
                answer = run_answer(app, turn.question, EVERYTHING, session)
            except OnrecordError as error:
                yield TurnOutcome(name, turn, "", (time.perf_counter() - start) * 1000), f"refused: {error}"
                continue
            taken = (time.perf_counter() - start) * 1000
            shown = answer_text(answer, places, 100).plain
            understood = f"Understood as: {answer.standalone_question}\n" if answer.standalone_question else ""
            told = _pieces_in(turn, shown if turn.kinds & _OF_ARTICLES else "", answer.citations)
            near = _pieces_in(turn, "", (*answer.citations, *answer.nearest))
            misquoted = tuple(_misquoted(app, answer))
            outcome = TurnOutcome(
                name, turn, str(answer.kind), taken, misquoted, told, near, cites=bool(answer.citations)
            )
            yield outcome, f"({answer.kind}, {answer.status})\n{understood}{shown}"


def _pieces_in(turn: ExpectedTurn, shown: str, citations: Sequence[Citation]) -> int:
    """Return how many of the expected pieces are in a text, or in one of the citations."""
    texts = [shown, *(each.quote for each in citations)]
    return sum(any(part in text for part in piece for text in texts) for piece in turn.pieces)


def _misquoted(app: App, answer: Answer) -> Iterator[str]:
    for citation in answer.shown:
        article = app.library.article(citation.article.id)
        blocks = [block for block in article.blocks if block.span.overlaps(citation.span)]
        if citation.span.of(article.text) != citation.quote or any(block.kind in _UNCITABLE for block in blocks):
            yield f"{citation.article.id}:{citation.span.start}-{citation.span.end}"


def run(file: Path, store: Path, *, library: str = "", transcript: Path | None = None, json: bool = False) -> int:
    """Ask the conversations of a file of a store, print the figures, and return the exit code."""
    conversations = list(read_conversations(file, library))
    outcomes = []
    shown = []
    with build(load(store_dir=store, chat_model="")) as app:
        app.warm()
        for outcome, text in evaluate(app, conversations):
            outcomes.append(outcome)
            wrong = "" if outcome.right else f"  [expected {', '.join(sorted(outcome.turn.kinds))}]"
            shown.append(f"## {outcome.conversation}: {outcome.turn.question}{wrong}\n{text}\n")
    report = KindsReport(tuple(outcomes))
    if transcript:
        transcript.write_text("\n".join(shown), encoding="utf-8")
    if json:
        sys.stdout.write(jsons.dumps(report.document(), indent=1) + "\n")
    else:
        Console().print(report.table())
    return 0
