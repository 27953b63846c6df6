"""Verdicts made ready for the faces: numbered places with their paragraphs, who said it in words, and the exit code.

Checks of quotations and drafts, for any face.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.app import NOTHING_YET, App
from bot.citations import found_article, retry_on_replacement
from bot.user_input import checked
from retrieval.articles import CITABLE, Article, ArticleInfo, Filters, Span
from retrieval.errors import InputError, StoreMissing
from retrieval.quotes.attribution.extraction import Quotation
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.verdict import Match, Nearest, Speaker, TextVerdict, Verdict

if TYPE_CHECKING:
    from bot.drafts import Draft

SOUND = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED})
"""What may be printed as it stands: the article's words, edits marked and harmless."""

WRONG = frozenset({TextVerdict.ALTERED, TextVerdict.TRUNCATED, TextVerdict.SPLICED})
"""Words that were said otherwise."""

LONGEST = 10_000
"""Characters of one quotation: a page and a half of a newspaper. Longer texts are drafts."""

_AROUND = 300  # characters shown on each side where no paragraph holds the place


class Articles(Protocol):
    """Where articles are read."""

    def article(self, named: str) -> Article:
        """Return the article of an id."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A place that a verdict names, with what stands around it.

    Attributes:
        number: From 1, over all that is shown: what `/open` takes.
        of: The place.
        around: The paragraphs that hold it and what the quotation leaves out there.
        context: ``article.text[around.start:around.end]``.
        paragraph: The paragraph (citable block) it begins in, from 1.
        page: The page, from 1, where the format has pages.
    """

    number: int
    of: Match | Nearest
    around: Span
    context: str
    paragraph: int
    page: int | None

    @property
    def article(self) -> ArticleInfo:
        """Where it stands."""
        return self.of.article

    @property
    def span(self) -> Span:
        """Its characters."""
        return self.of.span

    def text(self, span: Span) -> str:
        """Return characters of the article inside ``around``."""
        return self.context[span.start - self.around.start : span.end - self.around.start]


@dataclass(frozen=True, slots=True)
class Told:
    """Who said it, in the characters of the article that tells.

    Attributes:
        speaker: The desk's finding; its spans count the article's characters.
        surface: The characters that name the speaker, or nothing.
        cue: The verb or noun of saying, or nothing.
        via: The other outlet they are quoted from, or nothing.
        sentence: The sentence that names the speaker, or that holds the words.
        paragraph: Where the sentence begins.
    """

    speaker: Speaker
    surface: str
    cue: str
    via: str
    sentence: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Check:
    """One quotation, checked.

    Attributes:
        verdict: What the desk says.
        matches: Its places, best first.
        variants: Other articles, earliest first.
        nearest: What comes nearest, best first.
        told: Who said it, as far as an article tells.
        drafted: Its place in the draft; None when it was asked about alone.
    """

    verdict: Verdict
    matches: tuple[Sight, ...]
    variants: tuple[Sight, ...]
    nearest: tuple[Sight, ...]
    told: Told | None
    drafted: Quotation | None = None

    @property
    def sights(self) -> tuple[Sight, ...]:
        """Every numbered place, by number."""
        return (*self.matches, *self.variants, *self.nearest)

    @property
    def is_misattributed(self) -> bool:
        """Tell whether somebody else, or nobody, said it."""
        return bool(self.verdict.asked_speaker) and (
            self.told is not None and self.told.speaker.verdict in {SpeakerVerdict.OTHER, SpeakerVerdict.OUTLET}
        )

    @property
    def code(self) -> int:
        """What the exit code says: 0 may be printed; 1 not found as a quotation; 3 altered or misattributed."""
        if self.verdict.text in WRONG or self.is_misattributed:
            return 3
        return 0 if self.verdict.text in SOUND else 1


def worst(checks: Iterable[Check]) -> int:
    """Return the exit code of several checks: 3 outweighs 1, 1 outweighs 0; 0 for none."""
    return max((check.code for check in checks), default=0)


def tally(checks: Sequence[Check]) -> dict[str, int]:
    """Count the verdicts that occur, in the order of ``TextVerdict``."""
    counts = Counter(check.verdict.text for check in checks)
    return {str(verdict): counts[verdict] for verdict in TextVerdict if counts[verdict]}


class Sighting:
    """Numbers the places of one verdict after another.

    Args:
        articles: Where they are read; each article once.
    """

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._known: dict[str, Article] = {}
        self._number = 0

    def check(self, verdict: Verdict, drafted: Quotation | None = None) -> Check:
        """Return a verdict with its places numbered."""
        return Check(
            verdict,
            self._sights(verdict.matches),
            self._sights(verdict.variants),
            self._sights(verdict.nearest),
            self._told(verdict.speaker) if verdict.speaker else None,
            drafted,
        )

    def _article(self, info: ArticleInfo) -> Article:
        if info.id not in self._known:
            self._known[info.id] = found_article(self._articles, info.id)
        return self._known[info.id]

    def _sights(self, places: Sequence[Match | Nearest]) -> tuple[Sight, ...]:
        """Number places, each once: two readings of a quotation may find the same."""
        once = {(place.article.id, place.span): place for place in reversed(places)}
        return tuple(self._sight(place) for place in places if once[place.article.id, place.span] is place)

    def _sight(self, place: Match | Nearest) -> Sight:
        article = self._article(place.article)
        left_out = [omission.span for omission in place.omitted] if isinstance(place, Match) else []
        around = _around(article, [place.span, *left_out])
        self._number += 1
        paragraph, page = _paragraph(article, place.span.start)
        return Sight(self._number, place, around, around.of(article.text), paragraph, page)

    def _told(self, speaker: Speaker) -> Told:
        article, found = self._article(speaker.article), speaker.attribution
        return Told(
            speaker,
            surface=found.surface.of(article.text) if found.surface else "",
            cue=found.cue.of(article.text) if found.cue else "",
            via=found.via.of(article.text) if found.via else "",
            sentence=found.sentence.of(article.text),
            paragraph=_paragraph(article, found.sentence.start)[0],
        )


def _around(article: Article, spans: Sequence[Span]) -> Span:
    """Return the blocks that hold the spans; where none does, some characters on each side."""
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    whole = Span(start, end)
    blocks = [block.span for block in article.blocks if block.span.overlaps(whole)]
    if blocks:
        return Span(min(start, blocks[0].start), max(end, blocks[-1].end))
    return Span(max(0, start - _AROUND), min(len(article.text), end + _AROUND))


def _paragraph(article: Article, at: int) -> tuple[int, int | None]:
    """Return the number of the citable block that ``at`` lies in or after, and its page."""
    paragraph, page = 0, None
    for block in article.blocks:
        if block.kind in CITABLE and block.span.start <= at:
            paragraph, page = paragraph + 1, block.page or page
    return max(1, paragraph), page


LONGEST_NAME = 200  # characters

_BY = re.compile(r"(?P<words>[\"“„«'‘].+[\"”“»'’])\s+by\s+(?P<name>\S.*)", re.DOTALL | re.IGNORECASE)


def check_quote(app: App, words: str, speaker: str | None, filters: Filters) -> Check:
    """Check one quotation as a person typed it.

    Raises:
        InputError: It is empty or too long, or the speaker's name is.
        StoreMissing: Nothing has been ingested.
    """
    words = checked(words, what="quotation", longest=LONGEST)
    if not words:
        raise InputError("the quotation is empty: write its words, in quotation marks")
    named = checked(speaker or "", what="speaker's name", longest=LONGEST_NAME) or None

    def look() -> Check:
        verdict = app.quotes.check(words, named, filters)
        if not verdict.searched.articles and not filters:
            raise StoreMissing(NOTHING_YET)
        return Sighting(app.library).check(verdict)

    return retry_on_replacement(look)


def check_drafts(app: App, drafts: Sequence[Draft], filters: Filters) -> list[tuple[Draft, list[Check]]]:
    """Check every quotation of drafts; their places are numbered through.

    Raises:
        StoreMissing: Nothing has been ingested.
    """
    app.check_ready()

    def look() -> list[tuple[Draft, list[Check]]]:
        sighting = Sighting(app.library)
        return [
            (draft, [sighting.check(verdict, place) for place, verdict in app.quotes.check_draft(draft.read, filters)])
            for draft in drafts
        ]

    return retry_on_replacement(look)


def check_file(app: App, named: str, filters: Filters) -> tuple[str, list[tuple[Draft, list[Check]]]]:
    """Check the quotations of a file that is named as typed; return what to call it, and the checks.

    Raises:
        InputError: It cannot be read.
        StoreMissing: Nothing has been ingested.
    """
    from bot.drafts import STDIN, drafts  # noqa: PLC0415 (late, as above)

    if len(named) > 1 and named[0] == named[-1] and named[0] in "\"'":
        named = named[1:-1]
    if named in {"", STDIN}:
        raise InputError("say which draft: /check FILE")
    read = drafts(named)
    return draft_name(read), check_drafts(app, read, filters)


def split_speaker(typed: str) -> tuple[str, str | None]:
    """Split '"We will not raise taxes" by Jane Smith' into the words and the name; without marks, all is words."""
    found = _BY.fullmatch(typed)
    return (found["words"], found["name"]) if found else (typed, None)


def draft_name(read: Sequence[Draft]) -> str:
    """Return what to call one draft or several."""
    return read[0].name if len(read) == 1 else f"{len(read):,} drafts"
