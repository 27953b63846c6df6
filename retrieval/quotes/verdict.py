"""Verdicts on quotations: frozen values, and the explanation of each in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval.articles import ArticleInfo, Filters, Span
from retrieval.quotes.attribution.speakers import Attribution, SpeakerVerdict
from retrieval.quotes.diff import Change
from retrieval.quotes.omissions import Omission
from retrieval.text.lazy_pattern import LazyPattern


class TextVerdict(StrEnum):
    """The verdict on the words. The examples are compared with "The lease is not permitted to end, if rent is due."."""

    VERBATIM = "verbatim"  # "is not permitted to end": the same characters
    COSMETIC = "cosmetic"  # "IS NOT PERMITTED – to end": typography or house style only
    EDITED = "edited"  # "[It] is not permitted …, if rent is due": valid brackets and ellipses
    TRUNCATED = "truncated"  # "permitted to end": what was omitted changes what is said
    ALTERED = "altered"  # "is permitted to end": other words
    SPLICED = "spliced"  # "if rent is due … the lease": parts out of order, far apart or from two articles
    PARAPHRASE = "paraphrase"  # "the tenancy cannot be ended": close in meaning only; never a quotation
    NOT_FOUND = "not_found"  # in none of the articles searched
    TOO_SHORT = "too_short"  # "the lease": under 4 words or 12 characters; its occurrences are listed


class Severity(StrEnum):
    """How much the difference matters."""

    NONE = "none"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Match:
    """A place in an article that has the quotation, or a part of it.

    Attributes:
        article: The article.
        span: Its characters.
        text: ``article.text[span.start:span.end]``, exactly.
        verdict: What the quotation is to this place alone.
        folds: The names of what was folded to find the words the same.
        changes: The word diff, in order: other words, and brackets in place of words.
        omitted: What the quotation leaves out here.
        style: The differences of house style, in order.
    """

    article: ArticleInfo
    span: Span
    text: str
    verdict: TextVerdict
    folds: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    omitted: tuple[Omission, ...] = ()
    style: tuple[Change, ...] = ()


class CosmeticKind(StrEnum):
    """Whose matter the differences of a cosmetic quotation are."""

    STYLE = "style"  # the house's: punctuation, capitals, marks, spelling, numerals, abbreviations
    TYPESETTING = "typesetting"  # nobody's: markup or invisible characters that were left in


_LEFT_IN = frozenset({"markup", "zero_width", "width"})  # folds that no house has as its style


@dataclass(frozen=True, slots=True)
class Nearest:
    """A sentence about the same things.

    Attributes:
        article: The article.
        span: Its characters.
        text: The sentence.
        overlap: The share of the quotation's content words, weighted by rarity, that it contains, in [0, 1].
    """

    article: ArticleInfo
    span: Span
    text: str
    overlap: float


@dataclass(frozen=True, slots=True)
class QuoteSearchScope:
    """What was searched for a quotation.

    Attributes:
        articles: The number of articles.
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
    """Who said it, according to an article.

    Attributes:
        verdict: How that compares with who was asked about; None when nobody was and the speaker is known.
        attribution: The source that the article names, by which rule, with its confidence and sentence.
        article: The article.
    """

    verdict: SpeakerVerdict | None
    attribution: Attribution
    article: ArticleInfo


@dataclass(frozen=True, slots=True)
class Verdict:
    """The quote desk's answer, on two axes: the words, and who said them.

    Attributes:
        quote: As it was handed in.
        text: The verdict on the words.
        severity: How much the differences matter.
        matches: The places that support it, best first; the parts in the quotation's order for a spliced one; the
            occurrences for one that is too short.
        variants: Places in other articles with the same or nearly the same words, earliest first.
        nearest: The sentences nearest in meaning, best first: the paraphrase itself, or what was found instead.
        searched: What was searched.
        asked_speaker: Who is claimed to have said it, or None.
        speaker: Who said it; None when no place was found that could show it.
    """

    quote: str
    text: TextVerdict
    severity: Severity
    matches: tuple[Match, ...]
    variants: tuple[Match, ...]
    nearest: tuple[Nearest, ...]
    searched: QuoteSearchScope
    asked_speaker: str | None = None
    speaker: Speaker | None = None

    @property
    def evidence(self) -> str:
        """Why this verdict, in one sentence for a person."""
        return explain(self)

    @property
    def folds(self) -> tuple[str, ...]:
        """The names of what was folded at the best place."""
        return self.matches[0].folds if self.matches else ()

    @property
    def kind(self) -> CosmeticKind | None:
        """Whose matter the differences are; None unless the quotation is cosmetic."""
        if self.text is not TextVerdict.COSMETIC:
            return None
        return CosmeticKind.TYPESETTING if _LEFT_IN & set(self.folds) else CosmeticKind.STYLE

    @property
    def style(self) -> tuple[Change, ...]:
        """The differences of house style at the best place."""
        return self.matches[0].style if self.matches else ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """The word diff against the best place."""
        return self.matches[0].changes if self.matches else ()

    @property
    def omitted(self) -> tuple[Omission, ...]:
        """What the quotation leaves out at the best place."""
        return self.matches[0].omitted if self.matches else ()


_MAX_QUOTED = 200  # characters of an article in an explanation
_SENTENCE_END = LazyPattern(r"[.!?][\"'”’)\]]*\s+\S")


def explain(verdict: Verdict) -> str:  # noqa: PLR0911 (one return a verdict)
    """Return in one sentence why a verdict is what it is."""
    match verdict.text:
        case TextVerdict.VERBATIM:
            return "The words stand in the article exactly as quoted."
        case TextVerdict.COSMETIC:
            names = ", ".join(name.replace("_", " ") for name in verdict.folds)
            written = "; ".join(f"{_quoted(one.quoted)} for {_quoted(one.source)}" for one in verdict.style)
            return f"The same words; different: {names}{f' ({written})' if written else ''}."
        case TextVerdict.EDITED:
            joins = any(_SENTENCE_END.search(one.text) for one in verdict.omitted)
            what = (
                "an ellipsis runs from one sentence into another" if joins else "no negation or condition is left out"
            )
            shown = "; ".join(
                f"{_quoted(one.quoted)} for {_quoted(one.source)}" for one in verdict.changes if one.source
            )
            return f"The article's words with marked edits; {what}{f': {shown}' if shown else ''}."
        case TextVerdict.TRUNCATED:
            return f"Left out: {'; '.join(_quoted(one.text) for one in verdict.omitted if one.critical)}."
        case TextVerdict.ALTERED:
            return f"The article has other words: {_differences(verdict.changes, verdict.omitted)}."
        case TextVerdict.SPLICED:
            articles = len({match.article.id for match in verdict.matches})
            where = (
                f"{articles} articles" if articles > 1 else "places of one article that are apart or in another order"
            )
            return f"Made of {len(verdict.matches)} parts from {where}."
        case TextVerdict.PARAPHRASE:
            return f"No such quotation; close in meaning: {_quoted(verdict.nearest[0].text)}"
        case TextVerdict.TOO_SHORT:
            return f"Too short to judge: {len(verdict.matches)} occurrences."
    return f"In none of the {verdict.searched.articles} articles that were searched."


def _differences(changes: Sequence[Change], omitted: Sequence[Omission]) -> str:
    found = [f"{_quoted(one.quoted)} for {_quoted(one.source)} ({one.reason})" for one in changes]
    return "; ".join(found or [f"{_quoted(one.text)} left out or changed" for one in omitted])


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= _MAX_QUOTED else plain[: _MAX_QUOTED - 1] + '…'}”"
