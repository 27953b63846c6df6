"""Brackets and ellipses: where the parts of an edited quotation occur in one article, and what the edits hide.

:func:`locate` follows the edits of a quotation whose literal words are the article's; :func:`locate_stretches` compares
each stretch between ellipses with words of its own. Both return the article's words and the omissions.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from retrieval.quotes.brackets import bracket_change, replaced_after, replaced_before
from retrieval.quotes.diff import Change, ChangeKind, Run, align, changes, settle, share_kept
from retrieval.quotes.omissions import Omission, critical_words, edge_omissions
from retrieval.quotes.quotation_parts import PartKind, Quote, QuotePart
from retrieval.text.folding import Words, joined
from retrieval.text.lexicon import is_negator

MAX_GAP_WORDS = 50
"""Words that one ellipsis may leave out; more, and the parts are far apart."""

MIN_KEPT = 0.7
"""The share of the quotation's words that are kept, unchanged or misspelt, where an article has it with changes. In
`evals quotes`, quotations of other articles and chains of likely words reach .67; quotations with every fourth word
changed keep .70 and more in 98 of 100."""

MAX_EDITS = 0.5
"""Character edits, as a share of the quotation's, beyond which words are not compared."""

_MIN_KEPT_SHORT = 0.5  # MIN_KEPT of stretches of at most three words: one of two, two of three
_MAX_REPLACED = 8  # words that one bracket may replace
_MIN_LITERAL = 3  # words outside brackets, at least, and as many as inside them


@dataclass(frozen=True, slots=True)
class EditedText:
    """An edited quotation's words in one article.

    Attributes:
        words: The article's words, from the quotation's first to its last.
        omitted: What the edits leave out.
        edges: What the quotation leaves out beyond its two ends that changes what is said.
        changes: The brackets that replace or add words, and the differences outside the edits.
    """

    words: Run
    omitted: tuple[Omission, ...]
    edges: tuple[Omission, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """Literal words, and what is between them and the literal words before."""

    words: tuple[str, ...]
    between: tuple[QuotePart, ...]


def readings(quote: Quote) -> list[list[QuotePart]]:
    """Return the ways to read a quotation's brackets; none where too few of its words are outside them.

    A bracket may be the article's own, spell a word (``[T]he``), or replace words.
    """
    spelled, plain = spell_out(quote), without_brackets(quote)
    count = sum(len(part.words) for part in literal(spelled))
    if count < _MIN_LITERAL or count < sum(len(part.words) for part in spelled if part.kind is PartKind.BRACKET):
        return []
    found = [spelled] if spelled == quote.parts else [spelled, quote.parts]
    return [plain, *found] if len(plain) > 1 else found


def literal(parts: Sequence[QuotePart]) -> list[QuotePart]:
    """Return the parts that are words."""
    return [part for part in parts if part.kind is PartKind.WORDS]


def longest(parts: Sequence[QuotePart]) -> QuotePart:
    """Return the longest part of words."""
    return max(literal(parts), key=lambda part: len(" ".join(part.words)))


def without_brackets(quote: Quote) -> list[QuotePart]:
    """Return the parts with brackets read as the article's own."""
    found: list[QuotePart] = []
    for is_gap, group in itertools.groupby(quote.parts, key=lambda part: part.kind is PartKind.GAP):
        run = list(group)
        start, end = run[0].start, run[-1].end
        words = Words(quote.text[start:end]).texts
        found += run if is_gap else [QuotePart(PartKind.WORDS, tuple(words), start, end)] if words else []
    return found


def spell_out(quote: Quote) -> list[QuotePart]:
    """Return the parts with ``[T]he`` read as the word it spells."""
    found: list[QuotePart] = []
    for part in quote.parts:
        if part.kind is PartKind.BRACKET and part.outside and found and found[-1].kind is PartKind.WORDS:
            found[-1] = replace(found[-1], words=(*found[-1].words, *part.words))
        elif part.kind is PartKind.BRACKET and part.outside:
            found.append(replace(part, kind=PartKind.WORDS))
        elif part.kind is PartKind.WORDS and found and found[-1].kind is PartKind.WORDS:
            found[-1] = replace(found[-1], words=(*found[-1].words, *part.words))
        elif part.kind is PartKind.BRACKET and not part.words and found:
            continue  # (sic)
        else:
            found.append(part)
    return found


def locate(quote: Quote, parts: Sequence[QuotePart], text: Words) -> EditedText | None:
    """Return where a reading of an edited quotation occurs in an article; None when it does not.

    Args:
        quote: The quotation.
        parts: One of its :func:`readings`.
        text: The article's words.
    """
    steps, tail = _steps(parts)
    anchor = max(range(len(steps)), key=lambda number: len(" ".join(steps[number].words)))
    best: EditedText | None = None
    for at in text.runs(joined(list(steps[anchor].words))):
        starts = _chain(steps, anchor, at, text)
        if starts is None:
            continue
        found = _edited_text(quote, (steps, tail), starts, text)
        if best is None or (_is_harmful(best) and not _is_harmful(found)):
            best = found
    return best


def _is_harmful(found: EditedText) -> bool:
    is_altered = any(change.reason is not ChangeKind.BRACKET for change in found.changes)
    return is_altered or bool(found.edges) or any(omission.critical for omission in found.omitted)


def _steps(parts: Sequence[QuotePart]) -> tuple[list[_Step], tuple[QuotePart, ...]]:
    steps: list[_Step] = []
    between: list[QuotePart] = []
    for part in parts:
        if part.kind is PartKind.WORDS:
            steps.append(_Step(part.words, tuple(between)))
            between = []
        else:
            between.append(part)
    return steps, tuple(between)


def _chain(steps: Sequence[_Step], anchor: int, at: int, text: Words) -> list[int] | None:
    """Return each step's first word, found outwards from the anchor, each as near as its edit allows."""
    starts = [0] * len(steps)
    starts[anchor] = at
    for number in range(anchor + 1, len(steps)):
        low = starts[number - 1] + len(steps[number - 1].words)
        found = _first(text, steps[number].words, low, low + _max_words(steps[number].between))
        if found is None:
            return None
        starts[number] = found
    for number in range(anchor - 1, -1, -1):
        high = starts[number + 1] - len(steps[number].words)
        found = _last(text, steps[number].words, max(0, high - _max_words(steps[number + 1].between)), high)
        if found is None:
            return None
        starts[number] = found
    return starts


def _max_words(between: Sequence[QuotePart]) -> int:
    return sum(MAX_GAP_WORDS if part.kind is PartKind.GAP else _MAX_REPLACED if part.words else 0 for part in between)


def _has_at(text: Words, words: tuple[str, ...], at: int) -> bool:
    return tuple(text.texts[at : at + len(words)]) == words


def _first(text: Words, words: tuple[str, ...], low: int, high: int) -> int | None:
    return next((at for at in range(low, min(high, len(text) - len(words)) + 1) if _has_at(text, words, at)), None)


def _last(text: Words, words: tuple[str, ...], low: int, high: int) -> int | None:
    return next((at for at in range(high, low - 1, -1) if _has_at(text, words, at)), None)


def _edited_text(
    quote: Quote, read: tuple[Sequence[_Step], Sequence[QuotePart]], starts: Sequence[int], text: Words
) -> EditedText:
    steps, tail = read
    omitted: list[Omission] = []
    found: list[Change] = []
    for number in range(1, len(steps)):
        between = Run(text, starts[number - 1] + len(steps[number - 1].words), starts[number])
        brackets = _brackets(steps[number].between)
        if len(brackets) == len(steps[number].between) == 1:
            found.append(bracket_change(quote, brackets[0], text.source, between.span))
        else:
            if between.texts and between.texts != [word for part in brackets for word in part.words]:
                omitted.append(_gap(text, between.first, between.last))
            added = (
                bracket_change(quote, part, text.source, Run(text, *[between.first] * 2).span) for part in brackets
            )
            found += (one for one in added if one.reason is not ChangeKind.NEGATION or not _has_negator(between))
    first = _past_bracket(text, starts[0], steps[0].between, forward=False)
    last = _past_bracket(text, starts[-1] + len(steps[-1].words), tail, forward=True)
    for part in _brackets(steps[0].between[-1:]) if first == starts[0] else ():
        replaced = replaced_before(text, first, part, steps[0].words[0])
        found.append(bracket_change(quote, part, text.source, replaced.span))
        first = replaced.first
    for part in _brackets(tail[:1]) if last == starts[-1] + len(steps[-1].words) else ():
        replaced = replaced_after(text, last, steps[-1].words[-1])
        found.append(bracket_change(quote, part, text.source, replaced.span))
        last = replaced.last
    words = Run(text, first, last)
    edges = edge_omissions(text.source, words.span)
    return EditedText(words, tuple(omitted), edges, tuple(sorted(found, key=lambda one: one.quote_span)))


def _brackets(between: Iterable[QuotePart]) -> list[QuotePart]:
    return [part for part in between if part.kind is PartKind.BRACKET and part.words]


def _has_negator(run: Run) -> bool:
    return any(map(is_negator, run.texts))


def _past_bracket(text: Words, at: int, edge: Sequence[QuotePart], *, forward: bool) -> int:
    """Return the border moved over words that a bracket at the quotation's edge has in common with the article."""
    for part in edge:
        here = at if forward else at - 1
        if part.kind is PartKind.BRACKET and part.words and 0 <= here < len(text) and text.texts[here] == part.words[0]:
            at += 1 if forward else -1
    return at


_Laid = tuple[Run, list[Change]]


def locate_stretches(stretches: Sequence[Quote], anchor: int, near: Run, known: Collection[str]) -> EditedText | None:
    """Return where every stretch between ellipses nearly occurs in an article, in order and near one another, or None.

    Args:
        stretches: The quotation's, in order.
        anchor: The number of the longest.
        near: The article's words that it nearly is.
        known: Those of the quotation's words that occur in any article.
    """
    laid = _laid_out(stretches, anchor, near, known)
    if laid is None:
        return None
    text = near.words
    omitted = tuple(
        _gap(text, left.last, right.first)
        for (left, _), (right, _) in itertools.pairwise(laid)
        if left.last < right.first
    )
    differing = tuple(change for _, found in laid for change in found)
    words = Run(text, laid[0][0].first, laid[-1][0].last)
    return EditedText(words, omitted, edge_omissions(text.source, words.span), changes=differing)


def _gap(text: Words, first: int, last: int) -> Omission:
    span = text.span(first, last)
    return Omission(span, span.of(text.source), critical_words(text.texts[first:last]), marked=True)


def _laid_out(stretches: Sequence[Quote], anchor: int, near: Run, known: Collection[str]) -> list[_Laid] | None:
    """Return each stretch's words, searched outwards from the anchor's; None when one has none."""
    text = near.words
    middle = _compared(stretches[anchor], near, known)
    if share_kept(len(stretches[anchor].words), middle[1]) < MIN_KEPT:
        return None
    laid = [middle]
    for stretch in stretches[anchor + 1 :]:
        low = laid[-1][0].last
        found = _within(stretch, text, (low, low + MAX_GAP_WORDS + len(stretch.words)), known)
        if found is None:
            return None
        laid.append(found)
    for stretch in reversed(stretches[:anchor]):
        high = laid[0][0].first
        found = _within(stretch, text, (max(0, high - MAX_GAP_WORDS - len(stretch.words)), high), known)
        if found is None:
            return None
        laid.insert(0, found)
    return laid


def _compared(stretch: Quote, near: Run, known: Collection[str]) -> _Laid:
    whole = Run(stretch.words, 0, len(stretch.words))
    source = settle(whole, near)
    return source, changes(whole, source, known, offset=stretch.offset)


def _within(stretch: Quote, text: Words, window: tuple[int, int], known: Collection[str]) -> _Laid | None:
    low, high = window
    run = joined(stretch.words.texts).strip()
    aligned = align(run, joined(text.texts[low:high]), int(len(run) * MAX_EDITS)) if low < len(text) else None
    if aligned is None:
        return None
    found = _compared(stretch, Run(text, low + aligned[0], low + aligned[1]), known)
    least = MIN_KEPT if len(stretch.words) > 3 else _MIN_KEPT_SHORT
    is_inside = low <= found[0].first and found[0].last <= high
    return found if is_inside and share_kept(len(stretch.words), found[1]) >= least else None
