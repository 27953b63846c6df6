"""Direct speech made of indirect: what changes when "he said he would" is quoted as "I will"."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.quotes.diff import SMALL, Change, Reason
from retrieval.quotes.wording import Words

_GROUPS = tuple(
    frozenset(group.split())
    for group in (
        "i we you he she they it me us him her them my our your his their its mine ours yours hers theirs",
        "am is are was were be been being",
        "have has had",
        "do does did",
        "will would",
        "can could",
        "may might",
        "shall should",
    )
)
_CONTRACTED = {"'ll": "will", "'d": "would", "'ve": "have", "'m": "am", "'re": "are", "'s": "is"}
_CLAIMS = frozenset({Reason.NUMBER, Reason.NEGATION})
_REWORDED = 2  # places with other words that make a retelling even when neither person nor tense moved


def is_retelling(changes: Sequence[Change], *, is_said: bool) -> bool:
    """Tell whether ``changes`` only retell a report: person or tense moved, or several words are the quoter's own.

    A changed number or negation is never a retelling: it reports another claim.

    Args:
        changes: Between the quotation and the report.
        is_said: Whether the report's words are all what somebody is said to have said.
    """
    other = [change for change in changes if change.reason not in SMALL]
    if any(change.reason in _CLAIMS for change in other):
        return False
    return any(map(_is_shift, other)) or (is_said and len(other) >= _REWORDED)


def _is_shift(change: Change) -> bool:
    quoted, source = _expanded(change.quoted), _expanded(change.source)
    return any(
        left != right and left in group and right in group for group in _GROUPS for left in quoted for right in source
    )


def _expanded(text: str) -> list[str]:
    """Return folded words with their contractions written out: "i'll" is "i", "will"."""
    found: list[str] = []
    for word in Words(text).texts:
        stem, mark, rest = word.partition("'")
        found += [stem, _CONTRACTED[mark + rest]] if mark + rest in _CONTRACTED else [word]
    return found
