"""Quotation verdicts as one self-contained page: no script, nothing fetched, all text escaped."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from textwrap import shorten
from typing import TYPE_CHECKING

from bot.quote_checks import (
    ACCURATE,
    INACCURATE,
    CheckedDraft,
    QuoteCheck,
    QuotePlace,
    SpeakerFinding,
    fault_counts,
    verdict_counts,
)
from bot.render.layout import Places, web_address
from bot.render.sources import location, position, title_of, withdrawal
from bot.render.verdict import (
    folded,
    lead,
    not_checked_words,
    reasoning,
    said_by,
    searched_words,
    shared_words,
    summary,
    word_of,
)
from bot.render.word_diff import DiffSegment, Mark, critical_spans, word_diff
from retrieval.articles import Span
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.verdict import Match, Nearest, Severity, TextVerdict
from retrieval.text.sanitize import clean, line

if TYPE_CHECKING:  # loading files is not needed for one quotation
    from bot.drafts import Draft

GENERATOR = '<meta name="generator" content="onrecord">'
"""What a report is known by: a file without it is never replaced."""

_CONTEXT = 600  # characters of the source shown on each side of the words
_FIRST_WORDS = 90  # characters of a quotation in the index

_TAGS = {Mark.SAME: ("", ""), Mark.QUOTED: ("<del>", "</del>"), Mark.SOURCE: ("<ins>", "</ins>")}


def report(checked: Sequence[CheckedDraft], named: str, places: Places, made: str, *, title: str) -> str:
    """Return the page.

    Args:
        checked: Drafts with their quotations; no draft for a quotation that was asked about alone.
        named: What was checked, in the summary.
        places: How to name files.
        made: The day and time, as it shall stand there.
        title: The page's title.
    """
    listed = [(each.draft, check) for each in checked for check in each.checks]
    checks = [check for _, check in listed]
    alone = len(checked) == 1 and checked[0].draft is None
    body = [
        f"<header><h1>{_text(title)}</h1>",
        "" if alone else f"<p>{_text(_summary(checked, named))}</p>",
        _counts(checks),
        f'<p class="dim">Searched {_text(searched_words(checks[0].verdict.searched))}.</p>' if checks else "",
        f'<p class="dim">Checked {_text(made)}.</p></header>',
        _index(checks) if len(checks) > 1 else "",
        "<main>",
        *(
            _quotation(0 if alone else number, _place_in(draft, check, many=len(checked) > 1), check, places)
            for number, (draft, check) in enumerate(listed, 1)
        ),
        "</main>",
        f"<footer>{_LEGEND}</footer>",
    ]
    return _page(title, "\n".join(filter(None, body)))


_LEGEND = (
    "<p><del>Struck out</del>: only in the quotation. <ins>Underlined</ins>: only in the article. "
    "<mark>Marked</mark>: the place in the article. <span class=hidden>Framed</span>: left out by the quotation, "
    "<span class=telling>bold</span> where it changes the meaning.</p>"
    "<p>The verdict on the words compares characters. The speaker is found by rules; the confidence is the share of "
    "right answers that was measured for the rule. “Not found” says that the searched articles do not hold the words, "
    "no more.</p>"
)


@cache
def _style() -> tuple[str, str]:
    """Return the style sheet, and the policy that allows nothing else."""
    sheet = files("bot.render").joinpath("report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return sheet, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _page(title: str, body: str) -> str:
    sheet, policy = _style()
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{GENERATOR}\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{_text(title)}</title>\n<style>{sheet}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _summary(checked: Sequence[CheckedDraft], named: str) -> str:
    """Return the summary; how many there are of each verdict only where the chips do not say it."""
    count = sum(len(each.checks) for each in checked)
    if count < 2:
        return summary(checked, named)
    passed = not_checked_words(checked)
    return f"{count:,} quotations in {named}{f'; {passed}' if passed else ''}."


def _counts(checks: Sequence[QuoteCheck]) -> str:
    chips = [
        f"<li>{_chip(f'{number} {name}'.replace('_', ' '), _tone(TextVerdict(name)))}</li>"
        for name, number in verdict_counts(checks).items()
    ]
    chips += [f"<li>{_chip(f'{number} {name}', 'bad')}</li>" for name, number in fault_counts(checks).items()]
    return f'<ul class="counts">{"".join(chips)}</ul>' if len(checks) > 1 else ""


def _index(checks: Sequence[QuoteCheck]) -> str:
    rows = []
    for number, check in enumerate(checks, 1):
        words = line(check.verdict.quote)
        shown = shorten(words, _FIRST_WORDS, placeholder=" …")
        word = word_of(check.verdict.text).lower() + (", misattributed" if check.is_misattributed else "")
        word += ", withdrawn" if check.correction else ""
        tone = "bad" if check.code == 3 else _tone(check.verdict.text)
        rows.append(
            f'<li><a href="#q{number}"><span class="number">{number}</span><span class="words">{_text(shown)}</span>'
            f"{_chip(word, tone)}</a></li>"
        )
    return f'<nav><ol class="index">{"".join(rows)}</ol></nav>'


def _quotation(number: int, where: str, check: QuoteCheck, places: Places) -> str:
    verdict = check.verdict
    chips = [_chip(word_of(verdict.text), _tone(verdict.text))]
    if verdict.severity is not Severity.NONE:
        chips.append(_chip(f"severity {verdict.severity}", "bad" if verdict.severity is Severity.HIGH else "warn"))
    if check.is_misattributed:
        chips.append(_chip("MISATTRIBUTED", "bad"))
    if check.correction:
        chips.append(_chip("WITHDRAWN", "bad"))
    head = (f"<span>{number}.</span>" if number else "") + "".join(chips)
    parts = [
        f"<h2>{head}{f'<span class=dim>{_text(where)}</span>' if where else ''}</h2>",
        f"<p>{_text(lead(check))}</p>",
        f"<p>{_text(withdrawal(check.correction))}</p>" if check.correction else "",
        "<h3>As quoted</h3>",
        f"<blockquote>{_pieces(word_diff(verdict.quote, verdict.changes))}</blockquote>",
        f'<p class="dim">Read as the same: {_text(folded(verdict.folds))}</p>' if verdict.folds else "",
        _speaker(check.speaker, check) if check.speaker else "",
        _places(_heading(verdict.text), check.matches, places),
        _places("Also in, earliest first", check.variants, places),
        _places("Nearest", check.nearest, places),
    ]
    return f'<article class="quotation" id="q{number or 1}">{"".join(filter(None, parts))}</article>'


def _speaker(finding: SpeakerFinding, check: QuoteCheck) -> str:
    verdict, asked = finding.verdict, check.verdict.asked_speaker
    tone = "good" if verdict is SpeakerVerdict.MATCH else "bad" if check.is_misattributed else "warn"
    chip = _chip(word_of(verdict), tone) + " " if verdict else ""
    is_shown = any(finding.sentence in place.context for place in check.places[:1])
    sentence = "" if is_shown or not finding.sentence else f"<blockquote>{_text(finding.sentence)}</blockquote>"
    return (
        f"<h3>Speaker</h3><p>{chip}{_text(said_by(finding, asked))}</p>{sentence}"
        f'<p class="dim">{_text(reasoning(finding))} · ¶ {finding.paragraph}</p>'
    )


def _places(heading: str, found: Sequence[QuotePlace], places: Places) -> str:
    if not found:
        return ""
    rows = "".join(f"<li>{_place(place, places)}</li>" for place in found)
    return f'<h3>{heading}</h3><ol class="places">{rows}</ol>'


def _place(place: QuotePlace, places: Places) -> str:
    info = place.article
    title = _text(title_of(info))
    url = web_address(info.url)
    linked = f'<a href="{escape(url)}" rel="noopener noreferrer">{title}</a>' if url else title
    about = ", ".join(filter(None, (line(info.source), line(info.author), line(info.published)[:10])))
    where = f"{position(place.paragraph, place.page)} · {location(info, place.span, places)}"
    note = ""
    if isinstance(place.of, Nearest):
        note = f" · {shared_words(place.of)}"
    elif place.of.folds or place.of.changes or place.of.omitted:
        note = f" · {word_of(place.of.verdict).lower()}"
    return (
        f'<p><span class="title">{linked}</span>{f" — {_text(about)}" if about else ""}</p>'
        f'<blockquote class="source">{_in_context(place)}</blockquote><p class="place">{_text(where + note)}</p>'
    )


def _in_context(place: QuotePlace) -> str:
    """Return the paragraph with the words marked, and in them what was changed or left out."""
    match = place.of
    omitted = match.omitted if isinstance(match, Match) else ()
    layers: list[tuple[str, str, list[Span]]] = [
        ("<mark>", "</mark>", [place.span]),
        ('<span class="hidden">', "</span>", [omission.span for omission in omitted]),
        ('<span class="telling">', "</span>", [span for omission in omitted for span in critical_spans(omission)]),
        ("<ins>", "</ins>", [each.source_span for each in match.changes] if isinstance(match, Match) else []),
    ]
    spans = [span for *_, each in layers for span in each]
    low = max(place.around.start, min(span.start for span in spans) - _CONTEXT)
    high = min(place.around.end, max(span.end for span in spans) + _CONTEXT)
    edges = {low, high} | {edge for span in spans for edge in (span.start, span.end) if low <= edge <= high}
    shown = ["… " if low > place.around.start else ""]
    for start, end in itertools.pairwise(sorted(edges)):
        piece = Span(start, end)
        over = [(opening, closing) for opening, closing, each in layers if any(span.covers(piece) for span in each)]
        shown += [opening for opening, _ in over]
        shown.append(_text(place.text(piece)))
        shown += [closing for _, closing in reversed(over)]
    return "".join([*shown, " …" if high < place.around.end else ""])


def _pieces(pieces: Iterable[DiffSegment]) -> str:
    return "".join(f"{_TAGS[piece.mark][0]}{_text(piece.text)}{_TAGS[piece.mark][1]}" for piece in pieces)


def _place_in(draft: Draft | None, check: QuoteCheck, *, many: bool) -> str:
    if draft is None or check.quotation is None:
        return ""
    at = draft.place(check.quotation.content_span.start)
    return f"{draft.name}, at {at}" if many else f"at {at}"


def _heading(verdict: TextVerdict) -> str:
    return {TextVerdict.SPLICED: "Its parts in the articles", TextVerdict.TOO_SHORT: "Where it occurs"}.get(
        verdict, "In the article"
    )


def _tone(verdict: TextVerdict) -> str:
    return "good" if verdict in ACCURATE else "bad" if verdict in INACCURATE else "warn"


def _chip(words: str, tone: str) -> str:
    sign = {"good": "✓", "bad": "✗", "warn": "?"}[tone]
    return f'<span class="chip {tone}">{sign} {_text(words)}</span>'


def _text(text: str) -> str:
    """Return text for a page: escaped, without characters that are not seen."""
    return escape(clean(text))
