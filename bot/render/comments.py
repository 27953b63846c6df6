"""Quotation verdicts as comments in a copy of a Word draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.quote_checks import ACCURATE, CheckedDraft, QuoteCheck
from bot.render.sources import day_of, title_of, withdrawal
from bot.render.verdict import claim_words, lead, said_by, word_of
from retrieval.articles import Span
from retrieval.loaders.docx_comments import DocumentComment
from retrieval.quotes.verdict import Severity
from retrieval.text.sanitize import line

if TYPE_CHECKING:
    from bot.drafts import Draft
    from retrieval.quotes.draft_survey import UncheckedQuotation


def document_comments(checked: CheckedDraft) -> list[DocumentComment]:
    """Return a comment at each quotation that was checked, and at each that should have been, in order."""
    draft = checked.draft
    if draft is None:
        return []
    placed: list[tuple[Span, str]] = [
        (check.drafted.quotation.content_span, _verdict_comment(draft, check))
        for check in checked.checks
        if check.drafted
    ]
    placed += [(one.content_span, _unchecked_comment(one)) for one in checked.unchecked if not one.reason.is_right]
    return [DocumentComment(span.of(draft.text), text) for span, text in sorted(placed)]


def _verdict_comment(draft: Draft, check: QuoteCheck) -> str:
    verdict = check.verdict
    sign = "✗" if check.code == 3 else "✓" if verdict.text in ACCURATE else "?"
    head = [f"{sign} {word_of(verdict.text)}"]
    head += [f"severity {verdict.severity}"] if verdict.severity is not Severity.NONE else []
    head += ["MISATTRIBUTED"] if check.is_misattributed else []
    head += ["WITHDRAWN"] if check.correction else []
    lines = [" · ".join(head), lead(check)]
    lines += [withdrawal(check.correction)] if check.correction else []
    if check.speaker:
        claim = claim_words(draft, check.drafted.claim if check.drafted else None)
        lines.append(f"The draft names {claim}. The article: {said_by(check.speaker, verdict.asked_speaker)}.")
    for place in check.matches[:1]:
        info = place.article
        lines.append(", ".join(filter(None, (title_of(info), info.source, day_of(info), info.url))))
    return "\n".join(line(each) for each in lines)


def _unchecked_comment(one: UncheckedQuotation) -> str:
    return f"? NOT CHECKED\nNot checked, because {one.reason.because}."
