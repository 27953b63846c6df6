"""Quotation verdicts as a person reads them on a terminal; its ``.plain`` is what a pipe gets.

Pieces of a difference as a terminal shows them: each mark is legible without its colour.

What a verdict says in words, the same on every face.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from bot.quote_checks import (
    ACCURATE,
    INACCURATE,
    CheckedDraft,
    QuoteCheck,
    QuotePlace,
    SpeakerFinding,
    fault_counts,
    unchecked_counts,
    verdict_counts,
)
from bot.render.catalogue import translated
from bot.render.layout import NO, NUMBER, QUIET, TITLE, Places, hanging, joined
from bot.render.phrases import counted, filter_words, sureness
from bot.render.sources import location, position, withdrawal
from bot.render.terminal import headline
from bot.render.word_diff import DiffSegment, Mark, source_with_omissions, word_diff
from retrieval.quotes.attribution.speakers import SpeakerKind, SpeakerVerdict
from retrieval.quotes.diff import Change
from retrieval.quotes.style import STYLES
from retrieval.quotes.verdict import CosmeticKind, Match, Nearest, QuoteSearchScope, Severity, TextVerdict, Verdict
from retrieval.text.folding import FOLDS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import clean, line

if TYPE_CHECKING:
    from bot.drafts import Draft
    from retrieval.quotes.draft_survey import UncheckedQuotation
    from retrieval.quotes.speaker_claim import ClaimedSpeaker

GOOD = Style(color="green", bold=True)
BAD = Style(color="red", bold=True)

_MARKS = {
    Mark.SAME: ("", "", Style()),
    Mark.QUOTED: ("[-", "-]", Style(color="red")),
    Mark.SOURCE: ("{+", "+}", Style(color="green")),
    Mark.HIDDEN: ("", "", QUIET),
    Mark.CRITICAL: ("*", "*", BAD),
}
_LEGENDS = {Mark.QUOTED: "only in the quotation", Mark.SOURCE: "only in the article"}
_LEFT_OUT = {Mark.HIDDEN, Mark.CRITICAL}

_LONG = 400  # characters of unchanged words shown in one run
_CUT = "⋯"  # where more of them stand: not the quotation's own ellipsis
_OPENING, _CLOSING = frozenset("\"“„«‘'"), frozenset("\"”“»’'")
_SPACE = LazyPattern(r"\s+")


def quoted(pieces: Iterable[DiffSegment]) -> Text:
    """Return pieces on one line inside quotation marks, unless the words bring their own."""
    text = run_on(pieces)
    own = text.plain[:1] in _OPENING and text.plain[-1:] in _CLOSING and len(text.plain) > 1
    return text if own else Text.assemble("“", text, "”")


def run_on(pieces: Iterable[DiffSegment]) -> Text:
    """Return pieces on one line; where unchanged words run on for long, their middle is left out."""
    text = Text()
    for piece in pieces:
        shown = _SPACE.sub(" ", clean(piece.text))
        if piece.mark is Mark.SAME and len(shown) > _LONG:
            shown = f"{shown[: _LONG // 2].rstrip()} {_CUT} {shown[-_LONG // 2 :].lstrip()}"
        if not text.plain or text.plain.endswith(" "):
            shown = shown.lstrip(" ")
        text.append_text(marked(DiffSegment(piece.mark, shown)))
    text.rstrip()
    return text


def plain(words: str) -> Text:
    """Return words inside quotation marks."""
    return quoted([DiffSegment(Mark.SAME, words)])


def bracketed(pieces: Iterable[DiffSegment]) -> Iterable[DiffSegment]:
    """Put each run of what is left out in brackets."""
    listed = list(pieces)
    for at, piece in enumerate(listed):
        if piece.mark in _LEFT_OUT and (at == 0 or listed[at - 1].mark not in _LEFT_OUT):
            yield DiffSegment(Mark.HIDDEN, "[")
        yield piece
        if piece.mark in _LEFT_OUT and (at + 1 == len(listed) or listed[at + 1].mark not in _LEFT_OUT):
            yield DiffSegment(Mark.HIDDEN, "]")


def marked(piece: DiffSegment) -> Text:
    """Return one piece with its marks and colour."""
    opening, closing, style = _MARKS[piece.mark]
    return Text(f"{opening}{piece.text}{closing}", style)


def legend(pieces: Iterable[DiffSegment]) -> Text:
    """Return what the marks of a word difference mean, those that occur."""
    occurring = dict.fromkeys(piece.mark for piece in pieces if piece.mark in _LEGENDS)
    return Text(" ").join(marked(DiffSegment(mark, _LEGENDS[mark])) for mark in occurring)


_MOST_CHANGES = 5


def word_of(verdict: TextVerdict | SpeakerVerdict) -> str:
    """Return a verdict as a heading: "NOT FOUND"."""
    return translated(verdict.replace("_", " ").upper())


def lead(check: QuoteCheck) -> str:
    """Return in one sentence what the verdict on the words rests on."""
    if check.verdict.text is TextVerdict.PARAPHRASE:
        return "No such quotation: the nearest sentence says something like it in other words."
    if check.verdict.text is TextVerdict.TOO_SHORT and not check.matches:
        return "Too short to judge, and in none of the articles."
    if check.verdict.text is TextVerdict.ALTERED and check.verdict.changes:
        shown = [_changed(change) for change in check.verdict.changes[:_MOST_CHANGES]]
        more = len(check.verdict.changes) - len(shown)
        return f"The article has other words: {'; '.join(shown)}{f'; and {more} more' if more > 0 else ''}."
    return check.verdict.evidence


def _changed(change: Change) -> str:
    reason = change.reason.replace("_", " ")
    if not change.source:
        return f"“{change.quoted}” is added ({reason})"
    if not change.quoted:
        return f"“{change.source}” is left out ({reason})"
    return f"“{change.quoted}” for “{change.source}” ({reason})"


def folded(verdict: Verdict) -> str:
    """Return what was read as the same: "case (upper and lower case)", and what is written otherwise."""
    about = FOLDS | {str(style): words for style, words in STYLES.items()}
    names = "; ".join(f"{name.replace('_', ' ')} ({about.get(name, name)})" for name in verdict.folds)
    written = "; ".join(f"“{one.quoted}” for “{one.source}”" for one in verdict.style)
    return f"{names}: {written}" if written else names


_YOURS_TO_JUDGE = "the article names {name}; whether that is {asked} is for you to judge"


def said_by(finding: SpeakerFinding, asked: str | None) -> str:
    """Return who said it and how that compares with who was asked about."""
    found, verdict = finding.attribution, finding.verdict
    not_asked = translated(", not {name}", name=asked) if asked else ""
    via = translated(" (to or through {name})", name=finding.via) if finding.via else ""
    if found.kind is SpeakerKind.OUTLET:
        own = translated("the article's own words, inside no quotation marks")
        return own if verdict is SpeakerVerdict.MATCH else own + not_asked
    if verdict is not SpeakerVerdict.MATCH and found.candidates:
        either = translated(" or ").join(found.candidates)
        could_be = translated("“{named}” could be {people}", named=finding.surface, people=either)
        return could_be + (not_asked if verdict is SpeakerVerdict.OTHER else "")
    if verdict is SpeakerVerdict.UNKNOWN and asked and found.kind is SpeakerKind.PERSON and found.name:
        return translated(_YOURS_TO_JUDGE, name=found.name, asked=asked)
    if verdict is SpeakerVerdict.UNKNOWN:
        only = translated("the article says only “{named}”", named=finding.surface)
        return only if finding.surface else translated("the article names nobody")
    if verdict is SpeakerVerdict.SECOND_HAND:
        first = found.name or translated("somebody else")
        return translated("quoted from {name}", name=first) + via + not_asked
    named = found.name or finding.surface
    return f"{named}{not_asked}{via}" if verdict is SpeakerVerdict.OTHER else f"{named}{via}"


def claim_words(draft: Draft, claim: ClaimedSpeaker | None) -> str:
    """Return whom a draft names for a quotation, in its words where they are no name."""
    if claim is None:
        return "nobody"
    surface = line(claim.surface.of(draft.text))
    if not claim.name:
        return f"only “{surface}”"
    named = claim.name if surface == claim.name else f"{claim.name} (“{surface}”)"
    return named if claim.is_certain else f"{named}, not in plain words"


def reasoning(finding: SpeakerFinding) -> str:
    """Return how the speaker was found: the characters that name them, the cue, the rule, how sure it is."""
    found = finding.attribution
    parts = [
        f"named “{finding.surface}”" if finding.surface and finding.surface != found.name else "",
        f"cue “{finding.cue}”" if finding.cue else "",
        f"rule {found.rule.replace('_', ' ')}",
        sureness(found.confidence),
    ]
    return " · ".join(filter(None, parts))


def shared_words(near: Nearest) -> str:
    """Return how much of the quotation a sentence holds."""
    return f"holds {near.overlap:.0%} of its content words, by weight"


def searched_words(searched: QuoteSearchScope) -> str:
    """Return "2,516 articles of 2012-01-03 to 2020-07-12" and the filters."""
    dates = f" of {searched.since[:10]} to {searched.until[:10]}" if searched.since else ", none of them dated"
    limits = filter_words(searched.filters)
    return (
        counted(searched.articles, "article")
        + (dates if searched.articles else "")
        + (f" ({limits})" if limits else "")
    )


def summary(drafts: Sequence[CheckedDraft], named: str) -> str:
    """Return "15 quotations in draft.md: 6 verbatim, 2 not found; 1 misattributed; 1 not checked (unclosed)."."""
    checks = [check for draft in drafts for check in draft.checks]
    passed = not_checked_words(drafts)
    if not checks:
        return (
            f"No quotation in {named} to check; {passed}." if passed else f"No quotation in {named}: nothing to check."
        )
    counts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in verdict_counts(checks).items())
    faults = ", ".join(f"{number} {name}" for name, number in fault_counts(checks).items())
    return f"{counted(len(checks), 'quotation')} in {named}: {'; '.join(filter(None, (counts, faults, passed)))}."


def not_checked_words(drafts: Sequence[CheckedDraft]) -> str:
    """Return "3 not checked (2 scare quotes, 1 unclosed)" and what of a file was not read; "" where nothing was."""
    counts = unchecked_counts(drafts)
    reasons = ", ".join(f"{number:,} {translated(reason.replace('_', ' '))}" for reason, number in counts.items())
    unread = sum(draft.draft.unread for draft in drafts if draft.draft)
    not_checked = translated("{number:,} not checked ({reasons})", number=sum(counts.values()), reasons=reasons)
    parts = [not_checked if counts else ""]
    parts.append(translated("{count} not read", count=counted(unread, "record")) if unread else "")
    return "; ".join(filter(None, parts))


_LABEL = 10  # cells: the longest label and two spaces
_NARROW = 60  # cells; below it, a label stands on a line of its own
_MOST = 10  # places shown of each kind; JSON has them all
_MAX_UNCHECKED = 80  # characters shown of a quotation that was not checked
_NEIGHBOURS = 60  # characters shown on each side of an occurrence

_SIGNS = {GOOD: "✓", BAD: "✗", NO: "?"}

Rows = list[Text]


def verdict_text(check: QuoteCheck, places: Places, width: int | None = None) -> Text:
    """Return one verdict: the word, the words against the source, who said them, where, and what was searched.

    ``width`` in cells; None does not wrap.
    """
    lay = _Layout(places, width)
    return joined([*lay.head(check), *lay.body(check), *lay.row("Searched", searched_words(check.verdict.searched))])


def draft_text(drafts: Sequence[CheckedDraft], named: str, places: Places, width: int | None = None) -> Text:
    """Return every verdict on a draft's quotations under its line and column, those not checked, and the summary.

    What may be printed as it stands is shown in short.
    """
    lay = _Layout(places, width)
    lines: Rows = []
    for each in drafts:
        draft = each.draft
        if draft and len(drafts) > 1:
            lines += [*hanging(Text(line(draft.name), TITLE), width), Text()]
        for check in each.checks:
            at = f"{draft.place(check.quotation.content_span.start)} " if draft and check.quotation else ""
            brief = check.code == 0
            lines += [*lay.head(check, at, brief=brief), *lay.body(check, brief=brief), Text()]
        if draft and each.unchecked:
            lines += [row for one in each.unchecked for row in lay.unchecked(draft, one)] + [Text()]
    lines += hanging(Text(line(summary(drafts, named)), TITLE), width)
    checks = [check for each in drafts for check in each.checks]
    if checks:
        lines += hanging(Text(f"Searched {line(searched_words(checks[0].verdict.searched))}.", QUIET), width)
    return joined(lines)


class _Layout:
    """Lays rows out: a label, and beside it (under it on a narrow terminal) what it names."""

    def __init__(self, places: Places, width: int | None) -> None:
        self._places = places
        self._width = width
        self._narrow = width is not None and width < _NARROW

    def head(self, check: QuoteCheck, at: str = "", *, brief: bool = False) -> Rows:
        """Return the verdict's word with its severity, and in one sentence what it rests on."""
        verdict = check.verdict
        style = _style(verdict.text)
        parts = [Text(f"{_SIGNS[style]} {word_of(verdict.text)}", style)]
        if verdict.severity is not Severity.NONE:
            parts.append(Text(f"severity {verdict.severity}", BAD if verdict.severity is Severity.HIGH else NO))
        if check.is_misattributed:
            parts.append(Text("MISATTRIBUTED", BAD))
        if check.correction:
            parts.append(Text("WITHDRAWN", BAD))
        rows = hanging(Text(" · ").join(parts), self._width, first=Text(at, NUMBER), rest="  ")
        if brief:
            return rows
        rows += hanging(Text(line(lead(check))), self._width)
        return rows + (hanging(Text(withdrawal(check.correction), BAD), self._width) if check.correction else [])

    def unchecked(self, draft: Draft, one: UncheckedQuotation) -> Rows:
        """Return a quotation that was not checked, and why: quiet where it was rightly passed over."""
        words = shorten(line(one.span.of(draft.text)), _MAX_UNCHECKED, placeholder=" …")
        style = QUIET if one.reason.is_right else NO
        text = Text(f"not checked, because {one.reason.because}: {words}", style)
        return hanging(text, self._width, first=Text(f"{draft.place(one.content_span.start)} ", NUMBER), rest="  ")

    def row(self, label: str, content: Text | str, *, first: str = "") -> Rows:
        """Return a label with its content; no label: more of the same row."""
        text = content if isinstance(content, Text) else Text(line(content))
        if self._narrow:
            head = hanging(Text(label, TITLE), self._width) if label else []
            return [*head, *hanging(text, self._width, first=f"  {first}", rest=" " * (2 + len(first)))]
        start = Text.assemble((label.ljust(_LABEL), TITLE), first)
        return hanging(text, self._width, first=start, rest=" " * (_LABEL + len(first)))

    def body(self, check: QuoteCheck, *, brief: bool = False) -> Rows:
        """Return the words, the speaker, the places; in short without how the speaker was found."""
        rows = self._words(check, brief=brief)
        if check.speaker:
            rows += self._speaker(check, brief=brief)
        short = check.verdict.text is TextVerdict.TOO_SHORT
        shown = check.matches[:1] if brief else check.matches
        rows += self._place_rows(_where(check.verdict.text), shown, self._occurrence if short else self._match)
        if brief:
            others = [f"[{place.number}]" for place in check.places[1:]]
            return rows + (self.row("Also", Text(" ".join(others), QUIET)) if others else [])
        rows += self._place_rows("Also in", check.variants, self._variant)
        return rows + self._place_rows("Nearest", _worth_showing(check), self._near)

    def _words(self, check: QuoteCheck, *, brief: bool) -> Rows:
        verdict = check.verdict
        diff = list(word_diff(verdict.quote, verdict.changes))
        rows = self.row("Quoted", quoted(diff))
        if brief and verdict.kind is CosmeticKind.STYLE:
            return rows
        if verdict.changes:
            rows += self.row("", legend(diff))
        if verdict.text in {TextVerdict.SPLICED, TextVerdict.TOO_SHORT} or not check.matches:
            return rows
        best = check.matches[0]
        if verdict.omitted:
            rows += self.row("Article", quoted(bracketed(source_with_omissions(best))))
            is_critical = any(omission.critical for omission in verdict.omitted)
            note = "[left out by the quotation]" + (", *where it changes the meaning*" if is_critical else "")
            rows += self.row("", Text(note, QUIET))
        elif verdict.text is not TextVerdict.VERBATIM and not verdict.changes:
            rows += self.row("Article", plain(best.of.text))
        return rows + (self.row("Folded", folded(verdict)) if verdict.folds else [])

    def _speaker(self, check: QuoteCheck, *, brief: bool) -> Rows:
        finding, asked = check.speaker, check.verdict.asked_speaker
        if finding is None:
            return []
        verdict = finding.verdict
        style = GOOD if verdict is SpeakerVerdict.MATCH else BAD if check.is_misattributed else NO
        word = Text.assemble((f"{_SIGNS[style]} {word_of(verdict)}", style), ": ") if verdict else Text()
        rows = self.row("Speaker", Text.assemble(word, line(said_by(finding, asked))))
        if brief:
            return rows
        rows += self.row("", Text(line(reasoning(finding)), QUIET))
        is_shown = finding.sentence in {place.of.text for place in check.places[:1]}
        if finding.sentence and not is_shown:
            rows += self.row("", Text(f"¶ {finding.paragraph} {line(finding.sentence)}", QUIET))
        return rows

    def _place_rows(self, label: str, found: Sequence[QuotePlace], show: Callable[[QuotePlace], Text | None]) -> Rows:
        rows: Rows = []
        for at, place in enumerate(found[:_MOST]):
            number = f"[{place.number}] "
            rows += self.row("" if at else label, headline(place.article), first=number)
            under = [show(place), Text(self._position(place), QUIET)]
            for each in filter(None, under):
                rows += self.row("", each, first=" " * len(number))
        if len(found) > _MOST:
            rows += self.row("", Text(f"… and {len(found) - _MOST:,} more: --json lists all", QUIET))
        return rows

    def _position(self, place: QuotePlace) -> str:
        return f"{position(place.paragraph, place.page)} · {location(place.article, place.span, self._places)}"

    def _match(self, place: QuotePlace) -> Text | None:
        """Show the words of a place only where the rows above have not."""
        match = place.of
        if isinstance(match, Match) and match.verdict is TextVerdict.SPLICED:
            return plain(match.text)
        return None

    def _occurrence(self, place: QuotePlace) -> Text | None:
        start, end = place.span.start - place.around.start, place.span.end - place.around.start
        before, after = place.context[:start], place.context[end:]
        if len(before) > _NEIGHBOURS:
            before = "… " + before[-_NEIGHBOURS:].partition(" ")[2]
        if len(after) > _NEIGHBOURS:
            after = after[:_NEIGHBOURS].rpartition(" ")[0] + " …"
        return run_on(
            [DiffSegment(Mark.HIDDEN, before), DiffSegment(Mark.SAME, place.of.text), DiffSegment(Mark.HIDDEN, after)]
        )

    def _variant(self, place: QuotePlace) -> Text | None:
        match = place.of
        if not isinstance(match, Match):
            return None
        if match.changes:
            pairs = (((Mark.QUOTED, each.quoted), (Mark.SOURCE, each.source)) for each in match.changes)
            differs = Text("; ").join(
                Text(" ").join(marked(DiffSegment(mark, line(text))) for mark, text in pair if text) for pair in pairs
            )
        elif match.omitted:
            differs = quoted(bracketed(source_with_omissions(place)))
        else:
            differs = Text(", ".join(match.folds))
        return Text.assemble((match.verdict.replace("_", " "), _style(match.verdict)), ": " if differs else "", differs)

    def _near(self, place: QuotePlace) -> Text | None:
        if not isinstance(place.of, Nearest):
            return None
        return Text.assemble(plain(place.of.text), (f" {shared_words(place.of)}", QUIET))


def _worth_showing(check: QuoteCheck) -> Sequence[QuotePlace]:
    """Return the nearest sentences; of a paraphrase only those that come close to the one it is."""
    if check.verdict.text is not TextVerdict.PARAPHRASE:
        return check.nearest
    return [place for place in check.nearest if _overlap(place) >= _overlap(check.nearest[0]) / 2]


def _overlap(place: QuotePlace) -> float:
    return place.of.overlap if isinstance(place.of, Nearest) else 0.0


def _where(verdict: TextVerdict) -> str:
    return {TextVerdict.SPLICED: "Parts", TextVerdict.TOO_SHORT: "Occurs"}.get(verdict, "Where")


def _style(verdict: TextVerdict) -> Style:
    """Return a verdict's colour: green may be printed, red was said otherwise, yellow is no quotation as it stands."""
    return GOOD if verdict in ACCURATE else BAD if verdict in INACCURATE else NO
