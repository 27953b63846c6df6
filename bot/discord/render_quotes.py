"""Verdicts on quotations as Discord messages. Pure: values in, pages out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.discord.database import CitationTarget
from bot.discord.escape import escaped_line
from bot.discord.pages import Accent, Fragment, MessagePage, Opening, paginate, word_fragments
from bot.discord.render_answers import MAX_TITLE_CHARACTERS, source_fragment
from bot.quote_checks import ACCURATE, INACCURATE, CheckedDraft, QuoteCheck, QuotePlace
from bot.render.sources import withdrawal
from bot.render.verdict import lead, said_by, searched_words, summary, word_of
from bot.render.word_diff import DiffSegment, Mark, source_with_omissions, word_diff
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.verdict import Match, Nearest, Severity, TextVerdict

MAX_PLACES_SHOWN = 5
"""Places of each kind; the command line shows all."""
MAX_EXPLANATION_CHARACTERS = 600
"""Characters of one sentence of explanation."""

_QUOTE = "> "
_SMALL = "\n-# "
_WITHOUT_TEXT = frozenset({TextVerdict.SPLICED, TextVerdict.TOO_SHORT})


def check_pages(checked: CheckedDraft, named: str = "") -> list[MessagePage]:
    """Return the verdicts, one after another; with ``named`` ("this message") a summary above them."""
    checks = checked.checks
    atoms: list[Fragment] = []
    if named:
        atoms = word_fragments(summary([checked], named), bold=True)
    for check in checks:
        atoms += [Fragment("\n\n" if atoms else "", opens=Opening.SECTION), *_check(check)]
    missing = Counter(one.reason for one in checked.unchecked if not one.reason.is_right)
    for reason, count in missing.items():
        atoms += [Fragment(f"\n\n❔ **NOT CHECKED** · {count:,}, because {reason.because}")]
    if checks:
        searched = escaped_line(searched_words(checks[0].verdict.searched), MAX_EXPLANATION_CHARACTERS)
        atoms += [Fragment(f"\n{_SMALL}Searched {searched}.", opens=Opening.SECTION)]
    return paginate(atoms, accent=_accent(checked))


def _accent(checked: CheckedDraft) -> Accent:
    """Return the worst of what was found."""
    signs = {_sign(check) for check in checked.checks}
    if "❌" in signs:
        return Accent.INACCURATE
    unread = any(not one.reason.is_right for one in checked.unchecked)
    return Accent.UNCERTAIN if "❔" in signs or unread or not signs else Accent.ACCURATE


def quote_targets(checks: Iterable[QuoteCheck]) -> tuple[CitationTarget, ...]:
    """Return what the numbered buttons under verdicts open."""
    return tuple(
        CitationTarget(place.number, place.article.id, place.span.start, place.span.end, place.of.text)
        for check in checks
        for _, found in _shown(check)
        for place in found
    )


def _check(check: QuoteCheck) -> list[Fragment]:
    verdict = check.verdict
    parts = [f"{_sign(check)} **{word_of(verdict.text)}**"]
    parts += [f"severity {verdict.severity}"] if verdict.severity is not Severity.NONE else []
    parts += ["**MISATTRIBUTED**"] if check.is_misattributed else []
    parts += ["**WITHDRAWN**"] if check.correction else []
    atoms = [Fragment(" · ".join(parts)), *_quoted(word_diff(verdict.quote, verdict.changes))]
    atoms += [Fragment(f"\n{escaped_line(lead(check), MAX_EXPLANATION_CHARACTERS)}")]
    if check.correction:
        atoms += [Fragment(f"\n{escaped_line(withdrawal(check.correction), MAX_EXPLANATION_CHARACTERS)}")]
    if verdict.changes:
        atoms += [Fragment(f"{_SMALL}~~struck~~: only in the quotation · **bold**: only in the article")]
    if check.matches and verdict.text not in _WITHOUT_TEXT | {TextVerdict.VERBATIM} and not verdict.changes:
        article = (
            source_with_omissions(check.matches[0])
            if verdict.omitted
            else [DiffSegment(Mark.SAME, check.matches[0].of.text)]
        )
        atoms += [Fragment("\nThe article:"), *_quoted(article)]
    if check.speaker:
        spoken = check.speaker.verdict
        word = f"{word_of(spoken)}: " if spoken and spoken is not SpeakerVerdict.MATCH else ""
        told = escaped_line(said_by(check.speaker, verdict.asked_speaker), MAX_EXPLANATION_CHARACTERS)
        atoms += [Fragment(f"\nSpeaker: {word}{told}")]
    for label, found in _shown(check):
        for at, place in enumerate(found):
            atoms += _place(place, "" if at else label)
    return atoms


def _sign(check: QuoteCheck) -> str:
    if check.verdict.text in INACCURATE or check.is_misattributed or check.correction:
        return "❌"
    return "✅" if check.verdict.text in ACCURATE else "❔"


def _shown(check: QuoteCheck) -> list[tuple[str, Sequence[QuotePlace]]]:
    kinds = [("Where", check.matches), ("Also in", check.variants), ("Nearest", check.nearest)]
    return [(label, found[:MAX_PLACES_SHOWN]) for label, found in kinds if found]


def _place(place: QuotePlace, label: str) -> list[Fragment]:
    head = f"{_SMALL}{label}" if label else ""
    atoms = [Fragment(head, opens=Opening.BLOCK)] if label else []
    atoms += [source_fragment(place.article, f"{_SMALL}[{place.number}] ", number=place.number)]
    shows = isinstance(place.of, Nearest) or (isinstance(place.of, Match) and place.of.verdict is TextVerdict.SPLICED)
    return atoms + (_quoted([DiffSegment(Mark.SAME, place.of.text)]) if shows else [])


def _quoted(pieces: Iterable[DiffSegment]) -> list[Fragment]:
    """Return a difference as a block quotation: struck what only the quotation has, bold what only the article has."""
    atoms: list[Fragment] = []
    blank = f"\n{_QUOTE}"
    for piece in pieces:
        if not piece.text.strip():
            blank = blank or " "
            continue
        before = blank or (" " if piece.text[:1].isspace() else "")
        bold = piece.mark in {Mark.SOURCE, Mark.CRITICAL}
        made = word_fragments(" ".join(piece.text.split()), bold=bold, lead=_QUOTE, before=before)
        atoms += [_struck(atom) for atom in made] if piece.mark is Mark.QUOTED else made
        blank = " " if piece.text[-1:].isspace() else ""
    return atoms


def _struck(atom: Fragment) -> Fragment:
    word = atom.text.lstrip("\n> ")
    return Fragment(f"{atom.text[: len(atom.text) - len(word)]}~~{word}~~", number=atom.number, lead=atom.lead)


def sources_pages(sources: Sequence[tuple[str, int]], unnamed: int, dates: tuple[str, str]) -> list[MessagePage]:
    """Return the outlets with their numbers of articles, and the days they span."""
    atoms = [Fragment("**Outlets**")]
    atoms += [Fragment(f"\n- {escaped_line(name, MAX_TITLE_CHARACTERS)}: {number:,}") for name, number in sources]
    atoms += [Fragment(f"\n- no outlet named: {unnamed:,}")] if unnamed else []
    atoms += [Fragment(f"{_SMALL}Published {dates[0][:10]} to {dates[1][:10]}.")] if any(dates) else []
    return paginate(atoms)
