"""Quotations in a claim: the marks of one that no source contains word for word are removed."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.articles import Span
from retrieval.text.folding import Words, joined
from retrieval.text.quotation_marks import Pair, pairs

MAX_MESSAGE_CHARACTERS = 60
"""Characters of a quotation that a message shows."""
_MAX_NESTING = 4  # levels of nested quotations that are checked


def remove_false_marks(text: str, sources: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` without the marks of quotations that no source contains, and a problem message for each.

    Case, punctuation and typography may differ: they are folded as for the quote desk. Words must match.

    Args:
        text: A claim.
        sources: The words of each source, from ``retrieval.text.folding.Words.joined``.
    """
    problems: list[str] = []
    for _ in range(_MAX_NESTING):
        wrong = [pair for pair in pairs(text, Span(0, len(text))) if not _occurs(pair.content.of(text), sources)]
        if not wrong:
            break
        problems.extend(f"no source has the words “{_abridged(pair.content.of(text))}”" for pair in wrong)
        for pair in reversed(wrong):
            text = _without_marks(text, pair)
    return text, tuple(dict.fromkeys(problems))


def _occurs(quotation: str, sources: Sequence[str]) -> bool:
    words = Words(quotation).texts
    return not words or any(joined(words) in each for each in sources)


def _without_marks(text: str, pair: Pair) -> str:
    return text[: pair.span.start] + pair.content.of(text) + text[pair.span.end :]


def _abridged(quotation: str) -> str:
    line = " ".join(quotation.split())
    return line if len(line) <= MAX_MESSAGE_CHARACTERS else line[: MAX_MESSAGE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
