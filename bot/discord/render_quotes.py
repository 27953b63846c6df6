"""Verdicts on quotations as Discord messages. Pure: values in, pages out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.discord.database import Place
from bot.discord.escape import flat
from bot.discord.pages import Atom, Page, paged, words
from bot.discord.render_answers import LONGEST_TITLE, source
from bot.quote_checks import SOUND, WRONG, Check, Sight
from bot.render.verdict import lead, said_by, searched_words, summary, word_of
from bot.render.word_diff import Mark, Piece, revealed, word_diff
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.verdict import Match, Nearest, Severity, TextVerdict

MOST_SHOWN = 5
"""Places of each kind; the command line shows all."""
LONGEST_EVIDENCE = 600
"""Characters of one sentence of explanation."""

_QUOTE = "> "
_SMALL = "\n-# "
_WITHOUT_TEXT = frozenset({TextVerdict.SPLICED, TextVerdict.TOO_SHORT})


def check_pages(checks: Sequence[Check], named: str = "") -> list[Page]:
    """Return the verdicts, one after another; with ``named`` ("this message") a summary above several."""
    atoms: list[Atom] = []
    if named:
        atoms = words(summary(checks, named), bold=True)
    for check in checks:
        atoms += [Atom("\n\n" if atoms else ""), *_check(check)]
    if checks:
        searched = flat(searched_words(checks[0].verdict.searched), LONGEST_EVIDENCE)
        atoms += [Atom(f"\n{_SMALL}Searched {searched}.")]
    return paged(atoms)


def places_of(checks: Iterable[Check]) -> tuple[Place, ...]:
    """Return what the numbered buttons under verdicts open."""
    return tuple(
        Place(sight.number, sight.article.id, sight.span.start, sight.span.end, sight.of.text)
        for check in checks
        for _, sights in _shown(check)
        for sight in sights
    )


def _check(check: Check) -> list[Atom]:
    verdict = check.verdict
    parts = [f"{_sign(check)} **{word_of(verdict.text)}**"]
    parts += [f"severity {verdict.severity}"] if verdict.severity is not Severity.NONE else []
    parts += ["**MISATTRIBUTED**"] if check.is_misattributed else []
    atoms = [Atom(" · ".join(parts)), *_quoted(word_diff(verdict.quote, verdict.changes))]
    atoms += [Atom(f"\n{flat(lead(check), LONGEST_EVIDENCE)}")]
    if verdict.changes:
        atoms += [Atom(f"{_SMALL}~~struck~~: only in the quotation · **bold**: only in the article")]
    if check.matches and verdict.text not in _WITHOUT_TEXT | {TextVerdict.VERBATIM} and not verdict.changes:
        article = revealed(check.matches[0]) if verdict.omitted else [Piece(Mark.SAME, check.matches[0].of.text)]
        atoms += [Atom("\nThe article:"), *_quoted(article)]
    if check.told:
        spoken = check.told.speaker.verdict
        word = f"{word_of(spoken)}: " if spoken and spoken is not SpeakerVerdict.MATCH else ""
        atoms += [Atom(f"\nSpeaker: {word}{flat(said_by(check.told, verdict.asked_speaker), LONGEST_EVIDENCE)}")]
    for label, sights in _shown(check):
        for at, sight in enumerate(sights):
            atoms += _place(sight, "" if at else label)
    return atoms


def _sign(check: Check) -> str:
    if check.verdict.text in WRONG or check.is_misattributed:
        return "❌"
    return "✅" if check.verdict.text in SOUND else "❔"


def _shown(check: Check) -> list[tuple[str, Sequence[Sight]]]:
    kinds = [("Where", check.matches), ("Also in", check.variants), ("Nearest", check.nearest)]
    return [(label, sights[:MOST_SHOWN]) for label, sights in kinds if sights]


def _place(sight: Sight, label: str) -> list[Atom]:
    head = f"{_SMALL}{label}" if label else ""
    atoms = [Atom(head), Atom(f"{_SMALL}[{sight.number}] {source(sight.article)}", number=sight.number)]
    shows = isinstance(sight.of, Nearest) or (isinstance(sight.of, Match) and sight.of.verdict is TextVerdict.SPLICED)
    return atoms + (_quoted([Piece(Mark.SAME, sight.of.text)]) if shows else [])


def _quoted(pieces: Iterable[Piece]) -> list[Atom]:
    """Return a difference as a block quotation: struck what only the quotation has, bold what only the article has."""
    atoms: list[Atom] = []
    blank = f"\n{_QUOTE}"
    for piece in pieces:
        if not piece.text.strip():
            blank = blank or " "
            continue
        before = blank or (" " if piece.text[:1].isspace() else "")
        bold = piece.mark in {Mark.SOURCE, Mark.TELLING}
        made = words(" ".join(piece.text.split()), bold=bold, lead=_QUOTE, before=before)
        atoms += [_struck(atom) for atom in made] if piece.mark is Mark.QUOTED else made
        blank = " " if piece.text[-1:].isspace() else ""
    return atoms


def _struck(atom: Atom) -> Atom:
    word = atom.text.lstrip("\n> ")
    return Atom(f"{atom.text[: len(atom.text) - len(word)]}~~{word}~~", number=atom.number, lead=atom.lead)


def sources_pages(sources: Sequence[tuple[str, int]], unnamed: int, dates: tuple[str, str]) -> list[Page]:
    """Return the outlets with their numbers of articles, and the days they span."""
    atoms = [Atom("**Outlets**")]
    atoms += [Atom(f"\n- {flat(name, LONGEST_TITLE)}: {number:,}") for name, number in sources]
    atoms += [Atom(f"\n- no outlet named: {unnamed:,}")] if unnamed else []
    atoms += [Atom(f"{_SMALL}Published {dates[0][:10]} to {dates[1][:10]}.")] if any(dates) else []
    return paged(atoms)
