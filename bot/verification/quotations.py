"""Quotations in a claim: the marks of one that no source contains word for word are removed."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.articles import Span
from retrieval.text.folding import Words, joined
from retrieval.text.quotation_marks import Pair, pairs

MAX_MESSAGE_CHARACTERS = 60
"""Characters of a quotation in a message."""
_DEEPEST = 4  # quotations in quotations whose marks are taken away


def checked(text: str, held: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` with the marks of what no source has word for word taken away, and a problem for each.

    Case, punctuation and typography may differ: they are folded as for the quote desk. Words may not.

    Args:
        text: A claim.
        held: The words of each source, from ``retrieval.text.folding.Words.joined``.
    """
    problems: list[str] = []
    for _ in range(_DEEPEST):
        wrong = [pair for pair in pairs(text, Span(0, len(text))) if not _stands(pair.content.of(text), held)]
        if not wrong:
            break
        problems.extend(f"no source has the words “{_short(pair.content.of(text))}”" for pair in wrong)
        for pair in reversed(wrong):
            text = _without_marks(text, pair)
    return text, tuple(dict.fromkeys(problems))


def _stands(quotation: str, held: Sequence[str]) -> bool:
    words = Words(quotation).texts
    return not words or any(joined(words) in each for each in held)


def _without_marks(text: str, pair: Pair) -> str:
    return text[: pair.span.start] + pair.content.of(text) + text[pair.span.end :]


def _short(quotation: str) -> str:
    line = " ".join(quotation.split())
    return line if len(line) <= MAX_MESSAGE_CHARACTERS else line[: MAX_MESSAGE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
