"""The quote desk: a quotation in, a verdict out. Loads no model.

One pass: the matcher's places become comparisons, the rules decide, and the verdict explains itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.articles import Filters, Span
from retrieval.quotes.attribution.extraction import Quotation
from retrieval.quotes.attribution.speakers import (
    Attribution,
    SpeakerKind,
    SpeakerVerdict,
    attribute,
    reported_by,
    speaker_verdict,
)
from retrieval.quotes.comparison import Comparison, compare, compare_copies
from retrieval.quotes.diff import MINOR
from retrieval.quotes.draft_review import CheckedQuotation, DraftReview, unchecked_reason
from retrieval.quotes.draft_survey import UncheckedQuotation, UncheckedReason, survey
from retrieval.quotes.matcher import NO_FILTERS, Matcher, MatcherCache, QuoteLibrary, WordSearch
from retrieval.quotes.paraphrase import CloseSentence, closest, is_reported_speech
from retrieval.quotes.quotation_parts import Quote, read_quote
from retrieval.quotes.rules import Judgement, decide, verdict_of, within_style
from retrieval.quotes.speaker_claim import claimed_speaker, is_name, is_named_beside, sentence_around
from retrieval.quotes.style import Style
from retrieval.quotes.verdict import Match, Nearest, QuoteSearchScope, Speaker, TextVerdict, Verdict
from retrieval.text.names import GIVEN, fold_name
from retrieval.text.roles import ROLES

if TYPE_CHECKING:
    from retrieval.quotes.draft_text import DraftText

MIN_PARAPHRASE_OVERLAP = 0.45
"""The least share of a quotation's content words, weighted by rarity, in a sentence that it paraphrases. In
`evals quotes` none of 184 quotations of other articles comes to it; 79 % of the indirect speech that has lost a third
of its words and changed its order does."""

_MIN_SHARED_WORDS = 4  # content words that such a sentence shares
_MAX_WORDS_TO_CUE = 3  # between a cue and its content: "said on Monday that"
_MAX_ATTRIBUTED = 4  # places whose speaker is looked up

_ON_RECORD = frozenset(
    {TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED, TextVerdict.TRUNCATED, TextVerdict.ALTERED}
)
_IN_NO_ARTICLE = frozenset({TextVerdict.NOT_FOUND, TextVerdict.PARAPHRASE})
_ACCURATE = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED})


class QuoteDesk:
    """Checks quotations against one library. Safe to share between threads.

    Args:
        library: The articles.
        house_style: The differences of style that are no error; all by default.
    """

    def __init__(self, library: QuoteLibrary, house_style: Collection[str] = frozenset(Style)) -> None:
        self.library = library
        self._house_style = frozenset(house_style)
        self._cache = MatcherCache()

    def check(self, text: str, speaker: str | None = None, filters: Filters | None = None) -> Verdict:
        """Return the verdict on one quotation, with or without its quotation marks.

        Args:
            text: The words as somebody quotes them.
            speaker: Who is claimed to have said them.
            filters: The articles to search.

        Raises:
            FilterError: A filter names a date that cannot be read.
            StoreError: The library cannot be read.
        """
        revision = self.library.revision
        with self.library.reading() as connection:
            matcher = Matcher(connection, filters or NO_FILTERS, self._cache, revision)
            return self._verdict(read_quote(text), speaker, matcher, with_variants=True)

    def check_draft(
        self, text: str, filters: Filters | None = None, *, limit: int | None = None
    ) -> list[tuple[Quotation, Verdict]]:
        """Return every quotation of a draft that was checked, with its verdict, in order: see ``review``."""
        from retrieval.quotes.draft_text import read_draft  # noqa: PLC0415 (late: a quotation is no draft)

        review = self.review(read_draft(text), filters, limit=limit)
        return [(one.quotation, one.verdict) for one in review.checked]

    def review(self, draft: DraftText, filters: Filters | None = None, *, limit: int | None = None) -> DraftReview:
        """Return what became of every pair of quotation marks of a draft.

        Each quotation is compared with the speaker that the draft names. Variants are the articles with the same
        words. Scare quotes and titles are passed over, unless an article has the words.

        Args:
            draft: The draft.
            filters: The articles to search.
            limit: How many of the quotations to check, the first ones; all by default.

        Raises:
            FilterError: A filter names a date that cannot be read.
            StoreError: The library cannot be read.
        """
        revision = self.library.revision
        text = draft.text
        found, unchecked = survey(text)
        checked: list[CheckedQuotation] = []
        known: dict[tuple[str, str | None], Verdict] = {}  # the same words of the same speaker are checked once
        with self.library.reading() as connection:
            matcher = Matcher(connection, filters or NO_FILTERS, self._cache, revision)
            for one in found:
                if limit is not None and len(checked) >= limit:
                    unchecked.append(UncheckedQuotation(one.span, one.content_span, UncheckedReason.LIMIT))
                    continue
                claim = claimed_speaker(text, one.content_span)
                if claim and claim.is_bare and not _is_name(claim.name, matcher):
                    claim = None
                asked = one.content_span.of(text), (claim.name or None) if claim else None
                if asked not in known:
                    known[asked] = self._verdict(read_quote(asked[0]), asked[1], matcher, with_variants=False)
                verdict, sentence = known[asked], sentence_around(text, one.span)
                named = verdict.speaker.attribution.name if verdict.speaker else ""
                if claim and (not claim.is_certain or is_named_beside(text, one.span, sentence, named)):
                    verdict = _not_accusing(verdict)
                reason = unchecked_reason(one, asked[0], verdict)
                if reason:
                    unchecked.append(UncheckedQuotation(one.span, one.content_span, reason))
                    continue
                checked.append(CheckedQuotation(one, verdict, claim, sentence))
                if verdict.text in _IN_NO_ARTICLE:
                    checked += self._inner(text, checked[-1], matcher)
            checked = self._rejoined(text, checked, matcher)
        return DraftReview(tuple(checked), tuple(unchecked)).placed(draft)

    def _verdict(self, quote: Quote, asked: str | None, matcher: Matcher, *, with_variants: bool) -> Verdict:
        judged = decide(quote, compare(quote, matcher), self._house_style)
        judged = replace(judged, places=tuple(_by_date(judged, matcher)))
        judged = by_one_speaker(judged, matcher)
        judged, near = _paraphrased(quote, judged, matcher)
        best, others = _by_article(judged)
        if with_variants and judged.verdict in _ON_RECORD:
            seen = {place.row for place in (*best, *others)}
            is_altered = judged.verdict is TextVerdict.ALTERED
            copied = compare_copies(quote, matcher, beyond=seen, is_altered=is_altered)
            others += (within_style(place, self._house_style) for place in copied)
        variants = [_match(place, verdict_of(place), matcher) for place in others]
        return Verdict(
            quote=quote.source,
            text=judged.verdict,
            severity=judged.severity,
            matches=tuple(_match(place, judged.verdict_at(place), matcher) for place in best),
            variants=tuple(sorted(variants, key=lambda one: (*_dated(one.article.published), one.span.start))),
            nearest=tuple(
                Nearest(matcher.info(one.row), one.span, one.span.of(matcher.words(one.row).source), one.overlap)
                for one in near
            ),
            searched=QuoteSearchScope(matcher.searched, matcher.filters, *matcher.dates),
            asked_speaker=asked,
            speaker=_speaker(judged, near, asked, matcher),
        )

    def _inner(self, text: str, outer: CheckedQuotation, matcher: Matcher) -> Iterator[CheckedQuotation]:
        """Yield the quotations inside one that no article has, those that an article has: “He said, ‘We go.’”."""
        for span in outer.quotation.inner:
            content = Span(span.start + 1, max(span.start + 1, span.end - 1))
            verdict = self._verdict(read_quote(content.of(text)), None, matcher, with_variants=False)
            if verdict.text in _ON_RECORD:
                quotation = replace(outer.quotation, span=span, content_span=content, inner=())
                yield CheckedQuotation(quotation, verdict, None, outer.sentence)

    def _rejoined(self, text: str, checked: Sequence[CheckedQuotation], matcher: Matcher) -> list[CheckedQuotation]:
        """Return the quotations of a draft, the halves of interrupted ones (“A,” said X, “b.”) judged as one.

        What a half leaves out is no omission where the other half has it.
        """
        found = list(checked)
        for at, (one, other) in enumerate(itertools.pairwise(checked)):
            halves = one.verdict, other.verdict
            if one.sentence != other.sentence or all(half.text is not TextVerdict.TRUNCATED for half in halves):
                continue
            words = " ".join(each.quotation.content_span.of(text).strip(" ,") for each in (one, other))
            verdict = self._verdict(read_quote(words), one.verdict.asked_speaker, matcher, with_variants=False)
            if verdict.text in _ACCURATE:
                for place, half in ((at, one), (at + 1, other)):
                    if half.verdict.text is TextVerdict.TRUNCATED:
                        found[place] = replace(half, verdict=replace(verdict, speaker=half.verdict.speaker))
        return found


def _is_name(words: str, matcher: Matcher) -> bool:
    """Return whether capitalised words without a verb of saying are a name, not a label: "Reed", not "Update".

    One word is where the articles write it as a name, or it is a given name; several are unless all are ordinary words.
    """
    if words[:1].islower() or ROLES.intersection(words.lower().split()):
        return True  # a description
    if not is_name(words):
        return False
    found = [fold_name(word) for word in words.split()]
    if GIVEN.intersection(found):
        return True
    written = [matcher.is_name(word) for word in found if word.isalpha()]
    return any(written) or (len(found) > 1 and None in written)


def _not_accusing(verdict: Verdict) -> Verdict:
    """Return a verdict that calls no speaker wrong whom the draft does not name in plain words."""
    speaker = verdict.speaker
    if speaker is None or speaker.verdict not in {SpeakerVerdict.OTHER, SpeakerVerdict.OUTLET}:
        return verdict
    return replace(verdict, speaker=replace(speaker, verdict=SpeakerVerdict.UNKNOWN))


def by_one_speaker(judged: Judgement, matcher: WordSearch) -> Judgement:
    """Return the judgement, SPLICED where the parts of an interrupted quotation are two speakers' words."""
    if judged.verdict is not TextVerdict.EDITED or not judged.places[0].is_interrupted:
        return judged
    place = judged.places[0]
    text = matcher.words(place.row).source
    gaps = [one.span for one in place.omitted if not one.marked]
    starts, ends = [place.span.start, *(gap.end for gap in gaps)], [*(gap.start for gap in gaps), place.span.end]
    parts = [Span(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    said = [attribute(text, part) for part in parts]
    names = {found.name for found in said if found.kind is SpeakerKind.PERSON and found.cue and found.name}
    if len(names) < 2:
        return judged
    return Judgement(TextVerdict.SPLICED, tuple(replace(place, span=part, omitted=()) for part in parts))


def _paraphrased(quote: Quote, judged: Judgement, matcher: Matcher) -> tuple[Judgement, Sequence[CloseSentence]]:
    """Return the judgement, PARAPHRASE where an article says the same in other words, and the nearest sentences."""
    if judged.verdict is TextVerdict.ALTERED:
        reported = _reported_speech(judged.places[0], matcher)
        return (Judgement(TextVerdict.PARAPHRASE), [reported]) if reported else (judged, [])
    if judged.verdict is not TextVerdict.NOT_FOUND:
        return judged, []
    near = closest(quote.text, matcher)
    if near and near[0].overlap >= MIN_PARAPHRASE_OVERLAP and near[0].shared >= _MIN_SHARED_WORDS:
        judged = Judgement(TextVerdict.PARAPHRASE)
    return judged, near


def _reported_speech(place: Comparison, matcher: Matcher) -> CloseSentence | None:
    """Return the sentence of indirect speech that a quotation puts in other words, or None."""
    text = matcher.words(place.row).source
    if attribute(text, place.span).kind is not SpeakerKind.OUTLET:
        return None
    found = reported_by(text, place.span)
    if found is None or not found.sentence.covers(place.span):
        return None
    if not is_reported_speech(place.changes, is_content=_is_content(text, found, place)):
        return None
    changed = sum(len(change.source) for change in place.changes if change.reason not in MINOR)
    return CloseSentence(place.row, found.sentence, round(1 - changed / len(found.sentence), 4), 0)


def _is_content(text: str, found: Attribution, place: Comparison) -> bool:
    """Return whether a place begins or ends beside the cue that reports it: "said that |…", "|…|, he said"."""
    cue, source = found.cue, found.surface
    if cue is None or source is None or place.span.overlaps(cue) or place.span.overlaps(source):
        return False
    if place.span.start >= cue.end:
        between = text[cue.end : place.span.start]
    else:
        between = text[place.span.end : min(cue.start, source.start)]
    return len(between.split()) <= _MAX_WORDS_TO_CUE


def _speaker(judged: Judgement, near: Sequence[CloseSentence], asked: str | None, matcher: Matcher) -> Speaker | None:
    """Return the speaker at the best place that agrees with who was asked about, else at the first."""
    if judged.verdict is TextVerdict.PARAPHRASE:
        text = matcher.words(near[0].row).source
        found = reported_by(text, near[0].span) or attribute(text, near[0].span)
        info = matcher.info(near[0].row)
        return Speaker(speaker_verdict(asked, found, info.source), found, info)
    if judged.verdict not in _ON_RECORD:
        return None
    speakers: list[Speaker] = []
    for place in [place for place in judged.places if verdict_of(place) is judged.verdict][:_MAX_ATTRIBUTED]:
        found = attribute(matcher.words(place.row).source, place.span)
        info = matcher.info(place.row)
        speakers.append(Speaker(speaker_verdict(asked, found, info.source), found, info))
        if not asked or speakers[-1].verdict is SpeakerVerdict.MATCH:
            break
    agreeing = [one for one in speakers if one.verdict is SpeakerVerdict.MATCH]
    return next(iter(agreeing or speakers), None)


def _by_date(judged: Judgement, matcher: Matcher) -> Iterable[Comparison]:
    """Return the places, those of equal rank by their articles' dates, the earliest first."""
    if judged.verdict is TextVerdict.SPLICED or len(judged.places) < 2:
        return judged.places
    order = list(TextVerdict)
    return sorted(
        judged.places,
        key=lambda place: (
            order.index(verdict_of(place)),
            place.cost,
            not place.is_whole,
            *_dated(matcher.info(place.row).published),
            place.row,
        ),
    )


def _dated(published: str) -> tuple[bool, str]:
    """Return the sort key of a date: undated last."""
    return not published, published


def _by_article(judged: Judgement) -> tuple[list[Comparison], list[Comparison]]:
    """Return the places that support the verdict (one article's) and those in other articles (one each)."""
    if judged.verdict in {TextVerdict.SPLICED, TextVerdict.TOO_SHORT}:
        return list(judged.places), []
    if not judged.places:
        return [], []
    row = judged.places[0].row
    best = [place for place in judged.places if place.row == row and verdict_of(place) is judged.verdict]
    others: dict[int, Comparison] = {}
    for place in judged.places:
        if place.row != row:
            others.setdefault(place.row, place)
    return best, list(others.values())


def _match(place: Comparison, verdict: TextVerdict, matcher: Matcher) -> Match:
    text = place.span.of(matcher.words(place.row).source)
    return Match(
        matcher.info(place.row), place.span, text, verdict, place.folds, place.changes, place.omitted, place.style
    )
