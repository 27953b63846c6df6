"""What the quote desk hands back. Frozen values, no face."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.articles import ArticleInfo, Filters, Span
from retrieval.quotes.attribution.speakers import Attribution, SpeakerVerdict
from retrieval.quotes.diff import Change
from retrieval.quotes.omissions import Omission


class TextVerdict(StrEnum):
    """What became of the words. The examples judge against "The lease is not permitted to end, if rent is due."."""

    VERBATIM = "verbatim"  # "is not permitted to end": the characters as they stand
    COSMETIC = "cosmetic"  # "IS NOT PERMITTED – to end": punctuation, case or typography only
    EDITED = "edited"  # "[It] is not permitted …, if rent is due": valid brackets and ellipses
    TRUNCATED = "truncated"  # "permitted to end": what was cut changes what is said
    ALTERED = "altered"  # "is permitted to end": other words
    SPLICED = "spliced"  # "if rent is due … the lease": parts out of order, far apart or from two articles
    PARAPHRASE = "paraphrase"  # "the tenancy cannot be ended": close in meaning only; never a quotation
    NOT_FOUND = "not_found"  # in none of the articles that were searched
    TOO_SHORT = "too_short"  # "the lease": says nothing by itself; its occurrences are listed


class Severity(StrEnum):
    """How much the difference matters."""

    NONE = "none"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Match:
    """A place in an article that carries the quotation, or a part of it.

    Attributes:
        article: Where it stands.
        span: Its characters.
        text: ``article.text[span.start:span.end]``, exactly.
        verdict: What the quotation is to this place alone.
        folds: The names of what was folded to see the words as the same.
        changes: The word diff, in order.
        omitted: What the quotation leaves out here.
    """

    article: ArticleInfo
    span: Span
    text: str
    verdict: TextVerdict
    folds: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    omitted: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """A sentence that speaks of the same things.

    Attributes:
        article: Where it stands.
        span: Its characters.
        text: The sentence.
        overlap: The part of the quotation's content words, weighed by rarity, that it holds, in [0, 1].
    """

    article: ArticleInfo
    span: Span
    text: str
    overlap: float


@dataclass(frozen=True, slots=True)
class Searched:
    """What a quotation was looked for in.

    Attributes:
        articles: How many articles.
        filters: What they were limited to.
        since: The first of their dates (ISO), or empty when none is dated.
        until: The last.
    """

    articles: int
    filters: Filters
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it, as far as the article tells.

    Attributes:
        verdict: How that compares with who was asked about; None when nobody was and the speaker is known.
        attribution: Who the article says it was, by which rule, with its confidence and sentence.
        article: The article that tells.
    """

    verdict: SpeakerVerdict | None
    attribution: Attribution
    article: ArticleInfo


@dataclass(frozen=True, slots=True)
class Verdict:
    """The quote desk's answer, on two axes: the words, and who said them.

    Attributes:
        quote: As it was handed in.
        text: What became of the words.
        severity: How much the differences matter.
        evidence: One sentence for a person: why this verdict.
        matches: The places it rests on, best first; the parts in the quotation's order for a spliced one; the
            occurrences for one that is too short.
        variants: Places in other articles with the same or nearly the same words, earliest first.
        nearest: What comes nearest in meaning, best first: the paraphrase itself, or what was found instead.
        searched: What was searched.
        asked_speaker: Who was said to have said it, or None.
        speaker: Who said it; None when no place was found that could tell.
    """

    quote: str
    text: TextVerdict
    severity: Severity
    evidence: str
    matches: tuple[Match, ...]
    variants: tuple[Match, ...]
    nearest: tuple[Nearest, ...]
    searched: Searched
    asked_speaker: str | None = None
    speaker: Speaker | None = None

    @property
    def folds(self) -> tuple[str, ...]:
        """The names of what was folded at the best place."""
        return self.matches[0].folds if self.matches else ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """The word diff against the best place."""
        return self.matches[0].changes if self.matches else ()

    @property
    def omitted(self) -> tuple[Omission, ...]:
        """What the quotation leaves out at the best place."""
        return self.matches[0].omitted if self.matches else ()
