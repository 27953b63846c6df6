"""Reads conversations in INSCIT's layout: a turn a line with what was said before it, and a file of passages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.retrieval.beir import lines
from retrieval.errors import InputError


@dataclass(frozen=True, slots=True)
class ConversationQuestion:
    """A question of a conversation.

    Attributes:
        conversation: The conversation's id.
        questions: What the person said, oldest first; the last is the question.
        answers: What was answered to each but the last.
        evidence: The ids of the passages that people answered it from, as gains.
    """

    conversation: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    evidence: Mapping[str, int]

    @property
    def is_first(self) -> bool:
        """Whether nothing was said before it."""
        return len(self.questions) == 1

    def behind(self, other: ConversationQuestion) -> ConversationQuestion:
        """Return the question as if ``other``'s conversation had gone before."""
        known = len(other.answers)
        return replace(self, questions=other.questions[:known] + self.questions, answers=other.answers + self.answers)


@dataclass(frozen=True, slots=True)
class InscitData:
    """Passages as (id, title, text), and the questions that have evidence among them."""

    passages: tuple[tuple[str, str, str], ...]
    asked: tuple[ConversationQuestion, ...]


def read(turns: Path, passages: Path, limit: int | None = None) -> InscitData:
    """Return the conversations of two files; each may be gzipped (``.gz``).

    Args:
        turns: Lines of ``{"conv", "context": [said, answered, …, said], "labels": [{"evidence": [{"passage_id"}]}]}``.
            What several people answered from counts alike.
        passages: Lines of ``{"_id", "titles": […] or "title", "text"}``.
        limit: Only this many questions, the first of the file.

    Raises:
        InputError: A file is missing or a line cannot be read; or no question has evidence among the passages.
    """
    held = [_passage(passages, number, line) for number, line in lines(passages)]
    known = {identifier for identifier, _, _ in held}
    asked = []
    for number, line in lines(turns):
        found = _asked(turns, number, line, known)
        if found.evidence:
            asked.append(found)
    if not asked:
        raise InputError(f"no question of {turns} has evidence in {passages}: do they belong together?")
    return InscitData(tuple(held), tuple(asked[:limit]))


def _asked(path: Path, number: int, line: str, known: set[str]) -> ConversationQuestion:
    turn = _object(path, number, line)
    context, labels = turn.get("context"), turn.get("labels")
    if not isinstance(context, list) or not context or not isinstance(labels, list):
        raise InputError(f'{path}, line {number}: no "context" and "labels"')
    said = [str(text) for text in context]
    if len(said) % 2 == 0:
        raise InputError(f"{path}, line {number}: what is said last must be the question")
    try:
        evidence = {str(each["passage_id"]): 1 for label in labels for each in label["evidence"]}
    except (KeyError, TypeError):
        raise InputError(f'{path}, line {number}: a label without "evidence" of "passage_id"') from None
    kept = {name: gain for name, gain in evidence.items() if name in known}
    return ConversationQuestion(str(turn.get("conv", number)), tuple(said[0::2]), tuple(said[1::2]), kept)


def _passage(path: Path, number: int, line: str) -> tuple[str, str, str]:
    passage = _object(path, number, line)
    if "_id" not in passage or not isinstance(passage.get("text"), str):
        raise InputError(f'{path}, line {number}: not a JSON object with "_id" and "text"')
    titles = passage.get("titles") or [passage.get("title") or ""]
    title = " > ".join(map(str, titles)) if isinstance(titles, list) else str(titles)
    return str(passage["_id"]), title, passage["text"]


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InputError(f"{path}, line {number}: not a JSON object")
    return value
