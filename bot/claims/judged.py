"""What checking a claim hands back. Frozen values, no face."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.articles import Span


class Support(StrEnum):
    """How far the articles carry a claim."""

    VERBATIM = "verbatim"  # an article says it in these words
    SUPPORTED = "supported"  # an article says it
    PARTIAL = "partial"  # it may be said, or is said less firmly, or in other words than quoted
    UNSUPPORTED = "unsupported"  # no article says it, or one says otherwise


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that carries a claim.

    Attributes:
        hit: Which of the hits it stands in, from 0.
        span: Its characters in the article.
    """

    hit: int
    span: Span


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, checked.

    Attributes:
        support: How far the articles carry it.
        probability: The calibrated probability that they do, in [0, 1], at even odds beforehand.
        text: The claim as it may be shown: what is no quotation has lost its marks.
        evidence: The sentences that carry it, best first; as few as do. The nearest one where nothing does; empty
            without hits, and for what claims nothing.
        problems: What is wrong, each in words for a person: "the number 45 is not in the source".
        asserts: False for a question, a heading or "Here is what the articles say:", which claim nothing about the
            world; their support is then ``SUPPORTED`` and says no more than that nothing speaks against showing them.
    """

    support: Support
    probability: float
    text: str
    evidence: tuple[Evidence, ...] = ()
    problems: tuple[str, ...] = ()
    asserts: bool = True
