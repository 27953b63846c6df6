"""Quotation verdicts as one self-contained page: nothing fetched, all text escaped, one script that saves its ticks.

What a person has ticked as accepted stays in the file: the script writes it into the page that it saves, and a report
that replaces an older one takes over the ticks of the quotations whose verdict is the same.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from html.parser import HTMLParser
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
    claim_words,
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
from retrieval.quotes.verdict import CosmeticKind, Match, Nearest, Severity, TextVerdict, Verdict
from retrieval.text.sanitize import clean, line

if TYPE_CHECKING:  # loading files is not needed for one quotation
    from bot.drafts import Draft
    from retrieval.quotes.draft_survey import UncheckedQuotation

GENERATOR = '<meta name="generator" content="onrecord">'
"""What a report is known by: a file without it is never replaced."""

_CONTEXT = 600  # characters of the source shown on each side of the words
_FIRST_WORDS = 90  # characters of a quotation in the index
_MAX_UNCHECKED = 200  # characters of a quotation that was not checked

_TAGS = {Mark.SAME: ("", ""), Mark.QUOTED: ("<del>", "</del>"), Mark.SOURCE: ("<ins>", "</ins>")}


def report(
    checked: Sequence[CheckedDraft],
    named: str,
    places: Places,
    made: str,
    *,
    title: str,
    accepted: Collection[str] = (),
) -> str:
    """Return the page: the worst verdicts first, each under its number in the draft.

    Args:
        checked: Drafts with their quotations; no draft for a quotation that was asked about alone.
        named: What was checked, in the summary.
        places: How to name files.
        made: The day and time, as it shall stand there.
        title: The page's title.
        accepted: The keys of the quotations that were ticked as accepted in an older report.
    """
    listed = [(each.draft, check) for each in checked for check in each.checks]
    checks = [check for _, check in listed]
    entries = [_Entry(number, draft, check) for number, (draft, check) in enumerate(listed, 1)]
    entries.sort(key=lambda entry: _badness(entry.check))
    alone = len(checked) == 1 and checked[0].draft is None
    many = len(checked) > 1
    unchecked = [(each.draft, one) for each in checked if each.draft for one in each.unchecked]
    body = [
        f"<header><h1>{_text(title)}</h1>",
        "" if alone else f"<p>{_text(_summary(checked, named))}</p>",
        "" if alone else _filters(checked),
        f'<p class="dim">Searched {_text(searched_words(checks[0].verdict.searched))}.</p>' if checks else "",
        f'<p class="dim">Checked {_text(made)}.</p>',
        "" if alone else _SAVE,
        "</header>",
        _index(entries) if len(entries) > 1 else "",
        "<main>",
        *(_quotation(entry, places, accepted, many=many, alone=alone) for entry in entries),
        _not_checked(unchecked, many=many),
        "</main>",
        f"<footer>{_LEGEND}</footer>",
        "" if alone else f"<script>{_resource('report.js')}</script>",
    ]
    return page(title, "\n".join(filter(None, body)))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A quotation with its number, and its draft."""

    number: int
    draft: Draft | None
    check: QuoteCheck

    @property
    def key(self) -> str:
        """What a tick belongs to: the words, whom the draft names and the verdict; another verdict needs another."""
        verdict, speaker = self.check.verdict, self.check.speaker
        parts = (verdict.quote, verdict.asked_speaker or "", verdict.text, str(speaker.verdict) if speaker else "")
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _badness(check: QuoteCheck) -> tuple[int, int]:
    """Return the sort key of a check, the worst first."""
    severity = list(Severity)[::-1].index(check.verdict.severity)
    return ({3: 0, 1: 1}.get(check.code, 2), 0 if check.is_misattributed or check.correction else severity)


def accepted_keys(page: str) -> frozenset[str]:
    """Return the keys of the quotations that are ticked as accepted in a report, as it was made or saved."""
    reader = _TickReader()
    reader.feed(page)
    return frozenset(reader.keys)


class _TickReader(HTMLParser):
    """Collects the ticks of a report."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the key of a tick that is set."""
        found = dict(attrs)
        if tag == "input" and found.get("class") == "tick" and "checked" in found:
            self.keys.append(found.get("value") or "")


_SAVE = '<p class="save" hidden><button type="button" id="save">Save with the ticks</button></p>'

_LEGEND = (
    "<p><del>Struck out</del>: only in the quotation. <ins>Underlined</ins>: only in the article. "
    "<mark>Marked</mark>: the place in the article. <span class=hidden>Framed</span>: left out by the quotation, "
    "<span class=telling>bold</span> where it changes the meaning.</p>"
    "<p>The verdict on the words compares characters. The speaker is found by rules; the confidence is the share of "
    "right answers that was measured for the rule. “Not found” says that the searched articles do not hold the words, "
    "no more.</p>"
)


@cache
def _resource(name: str) -> str:
    return files("bot.render").joinpath(name).read_text("utf-8")


@cache
def _policy() -> str:
    """Return the policy: this style sheet and this script, and nothing else."""
    style, script = (
        base64.b64encode(hashlib.sha256(_resource(name).encode()).digest()).decode()
        for name in ("report.css", "report.js")
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; "
        "form-action 'none'"
    )


def page(title: str, body: str) -> str:
    """Return a self-contained page around ``body``, which is HTML; the policy in it allows the style sheet alone."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{GENERATOR}\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{_text(title)}</title>\n<style>{_resource('report.css')}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _summary(checked: Sequence[CheckedDraft], named: str) -> str:
    """Return the summary; how many there are of each verdict only where the chips do not say it."""
    count = sum(len(each.checks) for each in checked)
    if count < 2:
        return summary(checked, named)
    passed = not_checked_words(checked)
    return f"{count:,} quotations in {named}{f'; {passed}' if passed else ''}."


def _filters(checked: Sequence[CheckedDraft]) -> str:
    """Return how many there are of each verdict, each a button that shows only those."""
    checks = [check for each in checked for check in each.checks]
    unchecked = sum(len(each.unchecked) for each in checked)
    if len(checks) + unchecked < 2:
        return ""
    shown = [("all", f"all {len(checks) + unchecked}", "plain"), ("open", "not accepted", "plain")]
    shown += [
        (name, f"{count} {name}".replace("_", " "), _tone(TextVerdict(name)))
        for name, count in verdict_counts(checks).items()
    ]
    shown += [(name, f"{count} {name}", "bad") for name, count in fault_counts(checks).items()]
    shown += [("not_checked", f"{unchecked} not checked", "warn")] if unchecked else []
    labels = "".join(
        f'<label class="chip {tone}"><input type="radio" name="show" id="show-{key}"'
        f"{' checked' if key == 'all' else ''}> {_text(_signed(words, tone))}</label>"
        for key, words, tone in shown
    )
    return f'<fieldset class="counts"><legend>Show</legend>{labels}</fieldset>'


def _index(entries: Sequence[_Entry]) -> str:
    rows = []
    for entry in entries:
        check = entry.check
        shown = shorten(line(check.verdict.quote), _FIRST_WORDS, placeholder=" …")
        word = word_of(check.verdict.text).lower() + (", misattributed" if check.is_misattributed else "")
        word += ", withdrawn" if check.correction else ""
        tone = "bad" if check.code == 3 else _tone(check.verdict.text)
        rows.append(
            f'<li class="{_classes(check)}"><a href="#q{entry.number}"><span class="number">{entry.number}</span>'
            f'<span class="words">{_text(shown)}</span>{_chip(word, tone)}</a></li>'
        )
    return f'<nav><ol class="index">{"".join(rows)}</ol></nav>'


def _classes(check: QuoteCheck) -> str:
    """Return the classes by which an entry is shown or hidden."""
    faults = ["is-misattributed"] if check.is_misattributed else []
    faults += ["is-withdrawn"] if check.correction else []
    return " ".join(["entry", f"is-{check.verdict.text}", *faults])


def _quotation(entry: _Entry, places: Places, accepted: Collection[str], *, many: bool, alone: bool) -> str:
    check, verdict = entry.check, entry.check.verdict
    chips = [_chip(word_of(verdict.text), _tone(verdict.text))]
    if verdict.severity is not Severity.NONE:
        chips.append(_chip(f"severity {verdict.severity}", "bad" if verdict.severity is Severity.HIGH else "warn"))
    if check.is_misattributed:
        chips.append(_chip("MISATTRIBUTED", "bad"))
    if check.correction:
        chips.append(_chip("WITHDRAWN", "bad"))
    where = _place_in(entry.draft, check, many=many)
    head = ("" if alone else f"<span>{entry.number}.</span>") + "".join(chips)
    tick = "" if alone else _tick(entry.key, is_set=entry.key in accepted)
    sentence = _sentence(entry.draft, check)
    diff = f"<blockquote>{_pieces(word_diff(verdict.quote, verdict.changes))}</blockquote>"
    parts = [
        f"<h2>{head}{f'<span class=dim>{_text(where)}</span>' if where else ''}{tick}</h2>",
        sentence,
        f"<p>{_text(lead(check))}</p>",
        f"<p>{_text(withdrawal(check.correction))}</p>" if check.correction else "",
        f"<h3>As quoted</h3>{diff}" if verdict.changes or not sentence else "",
        f'<p class="dim">Read as the same: {_text(folded(verdict))}</p>' if verdict.folds else "",
        _speakers(entry.draft, check),
        _places(_heading(verdict.text), check.matches, places),
        _places("Also in, earliest first", check.variants, places),
        _places("Nearest", check.nearest, places),
    ]
    content = "".join(filter(None, parts))
    if check.verdict.text is TextVerdict.COSMETIC and check.code == 0 and not alone:
        words = shorten(line(verdict.quote), _FIRST_WORDS, placeholder=" …")
        content = f"<details><summary>{_chip(_cosmetic(verdict), 'good')} {_text(words)}</summary>{content}</details>"
    return f'<article class="quotation {_classes(check)}" id="q{entry.number}">{content}</article>'


def _cosmetic(verdict: Verdict) -> str:
    return "house style" if verdict.kind is CosmeticKind.STYLE else "typesetting"


def _tick(key: str, *, is_set: bool) -> str:
    checked = " checked" if is_set else ""
    return f'<label class="accept"><input type="checkbox" class="tick" value="{key}"{checked}> accepted</label>'


def _sentence(draft: Draft | None, check: QuoteCheck) -> str:
    """Return the draft's own sentence with the quotation marked, and the words that name its speaker."""
    if draft is None or check.drafted is None:
        return ""
    whole, claim = check.drafted.sentence, check.drafted.claim
    layers = [("<mark>", "</mark>", [check.drafted.quotation.span]), ("<b>", "</b>", [claim.surface] if claim else [])]
    return f"<h3>In the draft</h3><blockquote>{_layered(draft.text, whole, layers)}</blockquote>"


def _layered(text: str, whole: Span, layers: Sequence[tuple[str, str, Sequence[Span]]], offset: int = 0) -> str:
    """Return the characters of ``whole`` with the spans of each layer between its tags; ``offset`` is the text's."""
    spans = [span for *_, each in layers for span in each]
    inside = {edge for span in spans for edge in (span.start, span.end) if whole.start <= edge <= whole.end}
    shown = []
    for start, end in itertools.pairwise(sorted({whole.start, whole.end} | inside)):
        piece = Span(start, end)
        over = [(opening, closing) for opening, closing, each in layers if any(span.covers(piece) for span in each)]
        shown += [opening for opening, _ in over]
        shown.append(_text(text[start - offset : end - offset]))
        shown += [closing for _, closing in reversed(over)]
    return "".join(shown)


def _speakers(draft: Draft | None, check: QuoteCheck) -> str:
    """Return whom the draft names and whom the article names, beside each other."""
    if check.drafted is None or draft is None:
        return f"<h3>Speaker</h3>{_speaker(check.speaker, check)}" if check.speaker else ""
    article = _speaker(check.speaker, check) if check.speaker else '<p class="dim">No article shows a speaker.</p>'
    return (
        f'<div class="sides"><div><h3>The draft names</h3><p>{_text(claim_words(draft, check.drafted.claim))}</p></div>'
        f"<div><h3>The article names</h3>{article}</div></div>"
    )


def _speaker(finding: SpeakerFinding, check: QuoteCheck) -> str:
    verdict, asked = finding.verdict, check.verdict.asked_speaker
    tone = "good" if verdict is SpeakerVerdict.MATCH else "bad" if check.is_misattributed else "warn"
    chip = _chip(word_of(verdict), tone) + " " if verdict else ""
    is_shown = any(finding.sentence in place.context for place in check.places[:1])
    sentence = "" if is_shown or not finding.sentence else f"<blockquote>{_text(finding.sentence)}</blockquote>"
    return (
        f"<p>{chip}{_text(said_by(finding, asked))}</p>{sentence}"
        f'<p class="dim">{_text(reasoning(finding))} · ¶ {finding.paragraph}</p>'
    )


def _not_checked(unchecked: Sequence[tuple[Draft, UncheckedQuotation]], *, many: bool) -> str:
    """Return what stands between quotation marks and was not checked, each with the reason."""
    if not unchecked:
        return ""
    rows = []
    for draft, one in unchecked:
        at = draft.place(one.content_span.start)
        where = f"{draft.name}, at {at}" if many else f"at {at}"
        words = shorten(line(one.span.of(draft.text)), _MAX_UNCHECKED, placeholder=" …")
        chip = _chip(
            "passed over" if one.reason.is_right else "NOT CHECKED", "plain" if one.reason.is_right else "warn"
        )
        rows.append(
            f'<li>{chip} <span class="words">{_text(words)}</span>'
            f'<p class="place">not checked, because {_text(one.reason.because)} · {_text(where)}</p></li>'
        )
    listed = f'<ol class="places">{"".join(rows)}</ol>'
    return f'<section class="entry is-not_checked"><h2>Not checked ({len(rows)})</h2>{listed}</section>'


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
    shown = _layered(place.context, Span(low, high), layers, place.around.start)
    before = "… " if low > place.around.start else ""
    return before + shown + (" …" if high < place.around.end else "")


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
    return f'<span class="chip {tone}">{_text(_signed(words, tone))}</span>'


def _signed(words: str, tone: str) -> str:
    """Return words behind the sign of their tone, which is legible without colour."""
    return " ".join(filter(None, ({"good": "✓", "bad": "✗", "warn": "?"}.get(tone, ""), words)))


def _text(text: str) -> str:
    """Return text for a page: escaped, without characters that are not seen."""
    return escape(clean(text))
