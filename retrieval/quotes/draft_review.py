"""The review of a draft: its quotations with their verdicts, and those that were not checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.articles import Span
from retrieval.quotes.attribution.extraction import Quotation, QuotationKind
from retrieval.quotes.draft_survey import UncheckedQuotation, UncheckedReason, front_matter_quotations
from retrieval.quotes.speaker_claim import ClaimedSpeaker
from retrieval.quotes.verdict import TextVerdict, Verdict
from retrieval.text.folding import Words
from retrieval.text.languages import is_english
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from retrieval.quotes.draft_text import DraftText

_IN_NO_ARTICLE = frozenset({TextVerdict.NOT_FOUND, TextVerdict.PARAPHRASE, TextVerdict.TOO_SHORT})
_IN_AN_ARTICLE = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED})

_NARRATION = LazyPattern(r",\s(?:[\w.’'-]+\s){0,4}(?:said|says|told|added|wrote|asked)\b")
"""A cue of attribution inside a quotation that its paragraph does not close: its closing mark was before it."""

_MAX_SCARE_WORDS = 5
"""Words of scare quotes. More are somebody's words, whatever is around them."""


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation of a draft that was checked.

    Attributes:
        quotation: Its position and kind.
        verdict: The verdict.
        claim: Whom the draft names for it; None where it names nobody.
        sentence: The draft's sentence or sentences that contain it.
    """

    quotation: Quotation
    verdict: Verdict
    claim: ClaimedSpeaker | None
    sentence: Span


@dataclass(frozen=True, slots=True)
class DraftReview:
    """What became of every pair of quotation marks of a draft.

    Attributes:
        checked: The quotations that were checked, in order.
        unchecked: Those that were not, in order.
    """

    checked: tuple[CheckedQuotation, ...]
    unchecked: tuple[UncheckedQuotation, ...]

    def placed(self, draft: DraftText) -> DraftReview:
        """Return the review with all places counted in the draft's own characters."""
        place = draft.source_span
        return DraftReview(
            tuple(
                replace(
                    one,
                    quotation=_placed(one.quotation, draft),
                    claim=replace(one.claim, surface=place(one.claim.surface)) if one.claim else None,
                    sentence=place(one.sentence),
                )
                for one in self.checked
            ),
            (
                *front_matter_quotations(draft.source[: draft.body]),
                *(
                    replace(one, span=place(one.span), content_span=place(one.content_span))
                    for one in sorted(self.unchecked, key=lambda one: one.span)
                ),
            ),
        )


def _placed(quotation: Quotation, draft: DraftText) -> Quotation:
    place = draft.source_span
    return replace(
        quotation,
        span=place(quotation.span),
        content_span=place(quotation.content_span),
        speaker_hint=place(quotation.speaker_hint) if quotation.speaker_hint else None,
        inner=tuple(map(place, quotation.inner)),
    )


def unchecked_reason(quotation: Quotation, words: str, verdict: Verdict) -> UncheckedReason | None:
    """Return why a quotation that no article has is not counted as checked; None where it is."""
    if not quotation.closed and verdict.text not in _IN_AN_ARTICLE and _NARRATION.search(words):
        return UncheckedReason.UNCLOSED
    if quotation.kind is QuotationKind.TITLE and verdict.text not in _IN_AN_ARTICLE:
        return UncheckedReason.TITLE
    if verdict.text not in _IN_NO_ARTICLE:
        return None
    if quotation.kind is QuotationKind.SCARE and len(Words(words).texts) <= _MAX_SCARE_WORDS:
        return UncheckedReason.SCARE
    if verdict.text is TextVerdict.NOT_FOUND and not is_english(words):
        return UncheckedReason.LANGUAGE
    return None
