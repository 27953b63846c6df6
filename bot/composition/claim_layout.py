"""The layout of compared claims: who says so and who denies it, or whom the articles name, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.composition.claim_comparison import ClaimRow, ClaimSide, are_near, tell_of_one_event
from bot.composition.draft import AnswerDraft
from bot.composition.figure_layout import MAX_ROWS
from bot.composition.figure_search import copies_of
from bot.composition.statement_choice import by_publication
from retrieval.articles import Span
from retrieval.store.library import Library
from retrieval.text.near_duplicates import duplicates_any, shingle_set

_SIDE_HEADINGS = {
    ClaimSide.AFFIRMS: "Sentences that say so, or that somebody says so",
    ClaimSide.DENIES: "Sentences that say otherwise, or that somebody denies it",
}


def both_sides(draft: AnswerDraft, rows: Sequence[ClaimRow], library: Library) -> list[str]:
    """Add the sentences that affirm a claim and those that deny it; return the remark on them."""
    kept = _voices(rows, library, lambda row: row.side)
    sides = {side: [row for row in kept if row.side is side] for side in ClaimSide}
    affirming, denying = (len(sides[side]) for side in ClaimSide)
    if not affirming:
        draft.note("No sentence found says so in plain words; what is said against it:")
    elif not denying:
        says = "1 article has a sentence" if affirming == 1 else f"{affirming} articles have a sentence"
        draft.note(f"{says} that says so, or that somebody says so; none found denies it:")
    for side, heading in _SIDE_HEADINGS.items():
        if affirming and denying:
            draft.heading(heading)
        for row in rows_by_publication(sides[side])[: MAX_ROWS // 2]:
            draft.quote(
                row.sentence.hit, row.sentence.span, label=row.label, marks=claim_marks(row) if affirming else ()
            )
    apart = [
        row
        for row in sides[ClaimSide.DENIES]
        if any(are_near(row, other) and _is_other(row, other) for other in sides[ClaimSide.AFFIRMS])
    ]
    if affirming and denying and not apart:
        draft.note("They are of different times, or of one article: what is so may have changed.")
    return [denial_remark(apart)] if apart else []


def names_given(draft: AnswerDraft, rows: Sequence[ClaimRow], library: Library) -> list[str]:
    """Add the sentences that name somebody for a role; return the remark on different names."""
    kept = rows_by_publication(_voices(rows, library, lambda row: row.name))[:MAX_ROWS]
    apart = [row for row in kept if any(row.name != other.name and tell_of_one_event(row, other) for other in kept)]
    if len(kept) == 1:
        draft.note("Only one article says it:")
    elif len({row.name for row in kept}) == 1:
        draft.note(f"The {len({row.sentence.article.id for row in kept})} articles that say it agree:")
    elif not apart:
        draft.note("They may be of different events:")
    for row in kept:
        draft.quote(
            row.sentence.hit, row.sentence.span, label=row.label, marks=claim_marks(row) if row in apart else ()
        )
    given = [f"“{row.mark.of(row.sentence.text)}” ({row.label})" for row in apart if row.mark]
    return [f"The names differ: {', '.join(given)}."] if given else []


def _voices(rows: Sequence[ClaimRow], library: Library, key: Callable[[ClaimRow], object]) -> list[ClaimRow]:
    """Return one row of each article and side; of syndicated copies and near-duplicates the first."""
    copies = copies_of(library, {row.sentence.article.id for row in rows})
    kept: list[ClaimRow] = []
    for row in rows:
        article = row.sentence.article.id
        same = [each for each in kept if key(each) == key(row)]
        repeats = any(
            article == each.sentence.article.id or article in copies.get(each.sentence.article.id, ()) for each in same
        )
        text = shingle_set(row.sentence.text)
        if not repeats and not duplicates_any(text, [shingle_set(each.sentence.text) for each in same]):
            kept.append(row)
    return kept


def rows_by_publication(rows: Iterable[ClaimRow]) -> list[ClaimRow]:
    """Return rows by the days of their articles, the undated last."""
    return sorted(rows, key=lambda row: by_publication(row.sentence))


def claim_marks(row: ClaimRow) -> tuple[Span, ...]:
    """Return what is marked in a row: its negator or name."""
    return (row.mark,) if row.mark else ()


def denial_remark(rows: Iterable[ClaimRow]) -> str:
    """Return "The sentences differ: “denied” (2017-11-24, Reuters)." of those that deny."""
    denied = [row for row in rows if row.side is ClaimSide.DENIES]
    named = [f"“{row.mark.of(row.sentence.text)}” ({row.label})" if row.mark else row.label for row in denied]
    return f"The sentences differ: {', '.join(named)}."


def _is_other(one: ClaimRow, other: ClaimRow) -> bool:
    return one.sentence.article.id != other.sentence.article.id
