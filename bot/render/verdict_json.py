"""Quotation verdicts as JSON documents: for every place in an article ``text[start:end] == quote``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.quote_checks import (
    CheckedDraft,
    QuoteCheck,
    QuotePlace,
    SpeakerFinding,
    unchecked_counts,
    verdict_counts,
)
from bot.render.json import JsonDocument, article_fields, correction_document, filters_document, span_fields
from bot.render.layout import Places
from retrieval.articles import Span
from retrieval.quotes.diff import Change
from retrieval.quotes.omissions import Omission
from retrieval.quotes.verdict import Match, QuoteSearchScope

if TYPE_CHECKING:  # loading files is not needed for one quotation
    from bot.drafts import Draft


def verdict_document(check: QuoteCheck, places: Places) -> JsonDocument:
    """Return everything a verdict says."""
    verdict = check.verdict
    return {
        "quote": verdict.quote,
        "verdict": str(verdict.text),
        "severity": str(verdict.severity),
        "evidence": verdict.evidence,
        "code": check.code,
        "misattributed": check.is_misattributed,
        "kind": str(verdict.kind) if verdict.kind else None,
        "folds": list(verdict.folds),
        "style": [_change(change) for change in verdict.style],
        "changes": [_change(change) for change in verdict.changes],
        "omitted": [_omission(omission) for omission in verdict.omitted],
        "speaker": _speaker(check.speaker, verdict.asked_speaker, places),
        "matches": [_place(place, places) for place in check.matches],
        "variants": [_place(place, places) for place in check.variants],
        "nearest": [_place(place, places) for place in check.nearest],
        "searched": _searched(verdict.searched),
        "withdrawn": check.correction is not None,
        "correction": correction_document(check.correction, places),
    }


def draft_document(drafts: Sequence[CheckedDraft], places: Places) -> JsonDocument:
    """Return a draft's quotations with their verdicts and places in it, those not checked, and how many of each."""
    listed = [(each.draft, check) for each in drafts for check in each.checks]
    checks = [check for _, check in listed]
    unchecked = [(each.draft, one) for each in drafts for one in each.unchecked]
    return {
        "drafts": [
            {"name": each.draft.name, "characters": len(each.draft.text), "unread": each.draft.unread}
            for each in drafts
            if each.draft
        ],
        "code": max((each.code for each in drafts), default=0),
        "summary": {
            "quotations": len(checks),
            "verdicts": verdict_counts(checks),
            "misattributed": sum(check.is_misattributed for check in checks),
            "withdrawn": sum(check.correction is not None for check in checks),
            "not_checked": len(unchecked),
            "not_checked_reasons": {str(reason): count for reason, count in unchecked_counts(drafts).items()},
        },
        "quotations": [
            {"number": number, "draft": _drafted(draft, check), **verdict_document(check, places)}
            for number, (draft, check) in enumerate(listed, 1)
        ],
        "not_checked": [
            {
                "draft": _drafted_place(draft, one.content_span) if draft else None,
                "reason": str(one.reason),
                "because": one.reason.because,
                "rightly": one.reason.is_right,
            }
            for draft, one in unchecked
        ],
        "searched": _searched(checks[0].verdict.searched) if checks else None,
    }


def _drafted(draft: Draft | None, check: QuoteCheck) -> JsonDocument | None:
    """Return where a quotation stands in its draft, its sentence, and whom the draft names."""
    if check.drafted is None or draft is None:
        return None
    claim, sentence = check.drafted.claim, check.drafted.sentence
    return {
        **_drafted_place(draft, check.drafted.quotation.content_span),
        "kind": str(check.drafted.quotation.kind),
        "sentence": _words(sentence, sentence.of(draft.text)),
        "speaker": {
            "name": claim.name or None,
            "surface": _words(claim.surface, claim.surface.of(draft.text)),
            "certain": claim.is_certain,
        }
        if claim
        else None,
    }


def _drafted_place(draft: Draft, span: Span) -> JsonDocument:
    """Return where words stand in a draft: ``draft_text[start:end] == quote``, marks left out."""
    line, column = draft.line_column(span.start)
    last_line, last_column = draft.line_column(span.end)
    return {
        "name": draft.name,
        **_words(span, span.of(draft.text)),
        "line": line,
        "column": column,
        "end_line": last_line,
        "end_column": last_column,
        "page": draft.page(span.start),
    }


def _words(span: Span, text: str) -> JsonDocument:
    return {**span_fields(span), "quote": text}


def _change(change: Change) -> JsonDocument:
    return {
        "quoted": change.quoted,
        "source": change.source,
        "reason": str(change.reason),
        "grave": change.is_grave,
        "quoted_start": change.quote_span.start,
        "quoted_end": change.quote_span.end,
        "source_start": change.source_span.start,
        "source_end": change.source_span.end,
    }


def _omission(omission: Omission) -> JsonDocument:
    return {**_words(omission.span, omission.text), "telling": list(omission.critical), "marked": omission.marked}


def _place(place: QuotePlace, places: Places) -> JsonDocument:
    match = place.of
    more: JsonDocument
    if isinstance(match, Match):
        more = {
            "verdict": str(match.verdict),
            "folds": list(match.folds),
            "style": [_change(change) for change in match.style],
            "changes": [_change(change) for change in match.changes],
            "omitted": [_omission(omission) for omission in match.omitted],
        }
    else:
        more = {"overlap": round(match.overlap, 4)}
    return {
        "number": place.number,
        **article_fields(place.article, places),
        **_words(match.span, match.text),
        "paragraph": place.paragraph,
        "page": place.page,
        "correction": correction_document(place.correction, places),
        **more,
    }


def _speaker(finding: SpeakerFinding | None, asked: str | None, places: Places) -> JsonDocument:
    """Return who said it; null fields where no place was found that could tell."""
    if finding is None:
        return {"asked": asked, "verdict": None, "name": None}
    found, verdict = finding.attribution, finding.verdict
    return {
        "asked": asked,
        "verdict": str(verdict) if verdict else None,
        "name": found.name or None,
        "kind": str(found.kind),
        "surface": _words(found.surface, finding.surface) if found.surface else None,
        "cue": _words(found.cue, finding.cue) if found.cue else None,
        "via": _words(found.via, finding.via) if found.via else None,
        "sentence": _words(found.sentence, finding.sentence),
        "rule": found.rule,
        "confidence": found.confidence,
        "candidates": list(found.candidates),
        "paragraph": finding.paragraph,
        **article_fields(finding.article, places),
    }


def _searched(searched: QuoteSearchScope) -> JsonDocument:
    return {
        "articles": searched.articles,
        "since": searched.since or None,
        "until": searched.until or None,
        "filters": filters_document(searched.filters),
    }
