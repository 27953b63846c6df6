"""Checking quotations and drafts, for every interface: the command line, the REPL and Discord.

:class:`QuoteChecker` returns a :class:`QuoteCheck` for each quotation: the desk's verdict, its places numbered and with
their paragraphs, the speaker in the article's words, and the exit code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answers import Correction
from bot.citations import CopiesLookup, CorrectionFinder, position_in, retry_on_replacement
from bot.user_input import checked
from retrieval.articles import Article, ArticleInfo, Filters, Span
from retrieval.errors import InputError, StoreMissing
from retrieval.quotes.attribution.extraction import Quotation
from retrieval.quotes.attribution.speakers import Attribution, SpeakerVerdict
from retrieval.quotes.draft_review import CheckedQuotation, DraftReview
from retrieval.quotes.draft_survey import UncheckedQuotation, UncheckedReason
from retrieval.quotes.verdict import Match, Nearest, Speaker, TextVerdict, Verdict
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from bot.drafts import Draft
    from retrieval.quotes.desk import QuoteDesk
    from retrieval.store.library import Library

ACCURATE = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED})
"""What may be printed as quoted: the article's words, edits marked and harmless."""

INACCURATE = frozenset({TextVerdict.ALTERED, TextVerdict.TRUNCATED, TextVerdict.SPLICED})
"""Words that the article has otherwise."""

MAX_QUOTE_CHARACTERS = 10_000
"""A page and a half of a newspaper. Longer texts are drafts."""

MAX_NAME_CHARACTERS = 200
"""Characters of a speaker's name."""

_CONTEXT_CHARACTERS = 300  # on each side, where no paragraph contains the place


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """A place that a verdict names, with its context.

    Attributes:
        number: From 1, over all that is shown: the argument of `/open`.
        of: The place.
        around: The paragraphs that contain it and what the quotation leaves out there.
        context: ``article.text[around.start:around.end]``.
        paragraph: The paragraph (citable block) it begins in, from 1.
        page: The page, from 1, where the format has pages.
        correction: The note that withdraws the words, where one does.
    """

    number: int
    of: Match | Nearest
    around: Span
    context: str
    paragraph: int
    page: int | None
    correction: Correction | None = None

    @property
    def article(self) -> ArticleInfo:
        """The article."""
        return self.of.article

    @property
    def span(self) -> Span:
        """Its characters."""
        return self.of.span

    def text(self, span: Span) -> str:
        """Return characters of the article inside ``around``."""
        return self.context[span.start - self.around.start : span.end - self.around.start]


@dataclass(frozen=True, slots=True)
class SpeakerFinding:
    """Who said it, in the characters of the article that names them.

    Attributes:
        verdict: How that compares with who was asked about; None when nobody was and the speaker is known.
        attribution: The desk's finding; its spans count the article's characters.
        article: The article.
        surface: The characters that name the speaker, or nothing.
        cue: The verb or noun of saying, or nothing.
        via: The other outlet they are quoted from, or nothing.
        sentence: The sentence that names the speaker, or that contains the words.
        paragraph: The paragraph in which the sentence begins, from 1.
    """

    verdict: SpeakerVerdict | None
    attribution: Attribution
    article: ArticleInfo
    surface: str
    cue: str
    via: str
    sentence: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """One quotation, checked.

    Attributes:
        verdict: The desk's verdict.
        matches: Its places, best first.
        variants: Those in other articles, earliest first.
        nearest: The nearest sentences, best first.
        speaker: Who said it, according to an article; None when no article shows it.
        drafted: Its position in the draft, and whom the draft names; None when it was asked about alone.
    """

    verdict: Verdict
    matches: tuple[QuotePlace, ...]
    variants: tuple[QuotePlace, ...]
    nearest: tuple[QuotePlace, ...]
    speaker: SpeakerFinding | None
    drafted: CheckedQuotation | None = None

    @property
    def quotation(self) -> Quotation | None:
        """Its position in the draft; None when it was asked about alone."""
        return self.drafted.quotation if self.drafted else None

    @property
    def places(self) -> tuple[QuotePlace, ...]:
        """Every numbered place, by number."""
        return (*self.matches, *self.variants, *self.nearest)

    @property
    def is_misattributed(self) -> bool:
        """Whether somebody else, or nobody, said it."""
        return bool(self.verdict.asked_speaker) and (
            self.speaker is not None and self.speaker.verdict in {SpeakerVerdict.OTHER, SpeakerVerdict.OUTLET}
        )

    @property
    def correction(self) -> Correction | None:
        """The note that withdraws the words at the best place, where one does."""
        return self.matches[0].correction if self.matches and self.verdict.text in ACCURATE | INACCURATE else None

    @property
    def code(self) -> int:
        """The exit code: 0 may be printed; 1 not found as a quotation; 3 altered, misattributed or withdrawn."""
        if self.verdict.text in INACCURATE or self.is_misattributed or self.correction:
            return 3
        return 0 if self.verdict.text in ACCURATE else 1


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft, or a text without a name, with what became of every pair of quotation marks in it.

    Attributes:
        draft: The draft; None where a quotation was asked about alone.
        checks: Its quotations that were checked, in order.
        unchecked: Those that were not, in order.
    """

    draft: Draft | None
    checks: tuple[QuoteCheck, ...]
    unchecked: tuple[UncheckedQuotation, ...] = ()

    @property
    def code(self) -> int:
        """The exit code: 3 before 2 (a part of the file could not be read) before 1 before 0.

        1 where a quotation is in no article, or was not checked that claims to be somebody's words.
        """
        unread = 2 if self.draft is not None and self.draft.unread else 0
        unchecked = 0 if all(one.reason.is_right for one in self.unchecked) else 1
        return max(worst_code(self.checks), unread, unchecked)


def worst_code(checks: Iterable[QuoteCheck]) -> int:
    """Return the exit code of several checks: 3 outweighs 1, 1 outweighs 0; 0 for none."""
    return max((check.code for check in checks), default=0)


def verdict_counts(checks: Sequence[QuoteCheck]) -> dict[str, int]:
    """Return how often each verdict occurs, in the order of ``TextVerdict``; those that do not are left out."""
    counts = Counter(check.verdict.text for check in checks)
    return {str(verdict): counts[verdict] for verdict in TextVerdict if counts[verdict]}


def unchecked_counts(drafts: Iterable[CheckedDraft]) -> dict[UncheckedReason, int]:
    """Return how many quotations were not checked for each reason, those of most first."""
    return dict(Counter(one.reason for draft in drafts for one in draft.unchecked).most_common())


def fault_counts(checks: Sequence[QuoteCheck]) -> dict[str, int]:
    """Return how many are misattributed and how many withdrawn; those that none are are left out."""
    counts = {
        "misattributed": sum(check.is_misattributed for check in checks),
        "withdrawn": sum(check.correction is not None for check in checks),
    }
    return {name: number for name, number in counts.items() if number}


class QuoteCheckBuilder:
    """Builds checks from verdicts, their places numbered through.

    Args:
        articles: Where articles are read, each once.
    """

    def __init__(self, articles: CopiesLookup) -> None:
        self._found = CorrectionFinder(articles)
        self._number = 0

    def check(self, verdict: Verdict, drafted: CheckedQuotation | None = None) -> QuoteCheck:
        """Return a verdict with its places numbered."""
        return QuoteCheck(
            verdict,
            self._places(verdict.matches),
            self._places(verdict.variants),
            self._places(verdict.nearest),
            self._speaker(verdict.speaker) if verdict.speaker else None,
            drafted,
        )

    def review(self, review: DraftReview, draft: Draft | None = None) -> CheckedDraft:
        """Return a draft's review with its places numbered."""
        return CheckedDraft(draft, tuple(self.check(one.verdict, one) for one in review.checked), review.unchecked)

    def _places(self, found: Sequence[Match | Nearest]) -> tuple[QuotePlace, ...]:
        """Number places, each once: two readings of a quotation may find the same."""
        once = {(one.article.id, one.span): one for one in reversed(found)}
        return tuple(self._place(one) for one in found if once[one.article.id, one.span] is one)

    def _place(self, found: Match | Nearest) -> QuotePlace:
        article = self._found.article(found.article.id)
        omitted = [omission.span for omission in found.omitted] if isinstance(found, Match) else []
        around = _around(article, [found.span, *omitted])
        self._number += 1
        paragraph, page = position_in(article, found.span.start)
        correction = self._found.correction(found.article, found.span) if isinstance(found, Match) else None
        return QuotePlace(self._number, found, around, around.of(article.text), paragraph, page, correction)

    def _speaker(self, speaker: Speaker) -> SpeakerFinding:
        article, found = self._found.article(speaker.article.id), speaker.attribution
        return SpeakerFinding(
            speaker.verdict,
            found,
            speaker.article,
            surface=found.surface.of(article.text) if found.surface else "",
            cue=found.cue.of(article.text) if found.cue else "",
            via=found.via.of(article.text) if found.via else "",
            sentence=found.sentence.of(article.text),
            paragraph=position_in(article, found.sentence.start)[0],
        )


def _around(article: Article, spans: Sequence[Span]) -> Span:
    """Return the blocks that contain the spans; where none does, some characters on each side."""
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    whole = Span(start, end)
    blocks = [block.span for block in article.blocks if block.span.overlaps(whole)]
    if blocks:
        return Span(min(start, blocks[0].start), max(end, blocks[-1].end))
    return Span(max(0, start - _CONTEXT_CHARACTERS), min(len(article.text), end + _CONTEXT_CHARACTERS))


_BY = LazyPattern(r"(?P<words>[\"“„«'‘].+[\"”“»'’])\s+by\s+(?P<name>\S.*)", re.DOTALL | re.IGNORECASE)


class QuoteChecker:
    """Checks quotations against one library. Safe to share between threads.

    Args:
        desk: The quote desk.
        library: The articles that it searches.
    """

    def __init__(self, desk: QuoteDesk, library: Library) -> None:
        self._desk = desk
        self._library = library

    def check_quote(self, words: str, speaker: str | None, filters: Filters) -> QuoteCheck:
        """Return the check of one quotation as a person typed it.

        Raises:
            InputError: It is empty or too long, or the speaker's name is.
            StoreMissing: Nothing has been ingested.
        """
        words = checked(words, what="quotation", longest=MAX_QUOTE_CHARACTERS)
        if not words:
            raise InputError("the quotation is empty: write its words, in quotation marks")
        name = checked(speaker or "", what="speaker's name", longest=MAX_NAME_CHARACTERS) or None
        self._require_articles()
        return retry_on_replacement(
            lambda: QuoteCheckBuilder(self._library).check(self._desk.check(words, name, filters))
        )

    def check_text(self, text: str, filters: Filters, *, limit: int | None = None) -> CheckedDraft:
        """Return the checks of the quotations of a text, the first ``limit`` of them; the others are not checked.

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        from retrieval.quotes.draft_text import read_draft  # noqa: PLC0415 (late: a quotation is no draft)

        self._require_articles()
        reading = read_draft(text)
        return retry_on_replacement(
            lambda: QuoteCheckBuilder(self._library).review(self._desk.review(reading, filters, limit=limit))
        )

    def check_cited(self, cited: Iterable[tuple[str, str]]) -> list[QuoteCheck]:
        """Return the checks of cited words, each against its own article as it is now.

        Args:
            cited: (words, article id).

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        self._require_articles()
        listed = list(cited)

        def check() -> list[QuoteCheck]:
            builder = QuoteCheckBuilder(self._library)
            return [
                builder.check(self._desk.check(words, filters=Filters(articles=(article,))))
                for words, article in listed
            ]

        return retry_on_replacement(check)

    def check_drafts(self, drafts: Sequence[Draft], filters: Filters) -> list[CheckedDraft]:
        """Return each draft with the checks of its quotations; their places are numbered through.

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        self._require_articles()

        def check() -> list[CheckedDraft]:
            builder = QuoteCheckBuilder(self._library)
            return [builder.review(self._desk.review(draft.reading, filters), draft) for draft in drafts]

        return retry_on_replacement(check)

    def check_file(self, named: str, filters: Filters) -> tuple[str, list[CheckedDraft]]:
        """Return a name for the drafts of a file that is named as typed, and their checks.

        Raises:
            InputError: It cannot be read.
            StoreMissing: Nothing has been ingested.
        """
        from bot.drafts import STDIN, drafts  # noqa: PLC0415 (late: quotations alone need no loader)

        if len(named) > 1 and named[0] == named[-1] and named[0] in "\"'":
            named = named[1:-1]
        if named in {"", STDIN}:
            raise InputError("say which draft: /check FILE")
        read = drafts(named)
        return draft_name(read), self.check_drafts(read, filters)

    def _require_articles(self) -> None:
        if not self._library.counts().articles:
            raise StoreMissing


def split_speaker(typed: str) -> tuple[str, str | None]:
    """Return the words and the name of '"We will not raise taxes" by Jane Smith'; without marks, no name."""
    found = _BY.fullmatch(typed)
    return (found["words"], found["name"]) if found else (typed, None)


def draft_name(read: Sequence[Draft]) -> str:
    """Return a name for one draft or several."""
    return read[0].name if len(read) == 1 else f"{len(read):,} drafts"
