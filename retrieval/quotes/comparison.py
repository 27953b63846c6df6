"""Comparison of a quotation with the places in articles that may be its source.

:func:`compare` searches ever more widely and yields one immutable :class:`Comparison` for each place, in groups; the
rules read them and stop the search once they can decide. :func:`compare_copies` does the same for other articles.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from retrieval.articles import Span
from retrieval.quotes import edits
from retrieval.quotes.brackets import with_brackets
from retrieval.quotes.diff import (
    COSMETIC,
    Change,
    ChangeKind,
    Run,
    align,
    changes,
    characters_changed,
    fold_of,
    most_shared,
    questions_asserted,
    settle,
    share_in,
    share_kept,
)
from retrieval.quotes.edits import MAX_EDITS, MIN_KEPT, EditedText
from retrieval.quotes.interruptions import interruptions, without
from retrieval.quotes.matcher import (
    MAX_COPY_EDITS,
    MIN_FRAGMENT_WORDS,
    Matcher,
    Occurrence,
    QuoteFragment,
    WordSearch,
    copies,
    fragments,
)
from retrieval.quotes.omissions import Omission, critical_words, edge_omissions
from retrieval.quotes.quotation_parts import Quote, QuotePart
from retrieval.text.analyzer import UNSPACED
from retrieval.text.folding import DOUBLE_MARKS, SINGLE_MARKS, Words, differences, joined
from retrieval.text.lazy_pattern import LazyPattern

MIN_WORDS, MIN_CHARACTERS = 4, 12
"""A shorter quotation does not identify its source, unless it is, whole and to the letter, what is between quotation
marks there and has three words."""

MAX_WORDS = 3_000
"""Words: a longer quotation is searched word for word only, so that no input takes more than seconds."""

MIN_COVERED = 0.85
"""The least share of a quotation's words that the fragments of a spliced one make up."""

_MAX_ANCHORS = 3  # articles in which the longest stretch is compared
_MAX_COPIES = 8  # articles that are compared where the same words occur in many
_MAX_COMPARED = 4  # near places that are compared, those with most of the words first
_MAX_UNINTERRUPTED = 1  # of them that are also compared without the attributions that interrupt them
_MIN_SHARED, _MIN_SHARED_OF_BEST = 0.5, 0.6
"""The least share of the quotation's words, in any order, of a place that is compared; less where the best has less."""
_MAX_REORDERED_WORDS = 10  # of a quotation in which words that changed places are looked for one by one
_MAX_SPLICED_WORDS = 600  # of a quotation that may be taken apart
_END_WORDS = (2, 3)  # of the short part of a splice
_MAX_INTERRUPTED = 600  # characters on each side of a place in which attributions are looked for
_MAX_VARIANTS = 5  # articles with nearly the same words that are compared

_GAP = LazyPattern(r"…|\.\s?\.\s?\.")
_BRACKET = LazyPattern(r"[\[(]")
_NO_BREAK = LazyPattern("[\u00a0\u202f]")
_MARKS = f"[{re.escape(DOUBLE_MARKS + SINGLE_MARKS)}]"
_OPENS = LazyPattern(f"[{re.escape(DOUBLE_MARKS)}‘']\\s*$")
_CLOSES = LazyPattern(f"^[.,!?;:…]*\\s*[{re.escape(DOUBLE_MARKS)}’']")
_STOP = LazyPattern(f"[.!?…;:\n{re.escape(DOUBLE_MARKS)}]")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quotation, or a fragment of it, compared with one place of an article.

    Attributes:
        row: The article's key.
        span: The article's characters.
        changes: The word differences that no house style explains, in order.
        style: Those that are house style, in order.
        folds: The names of what was folded to find the words the same, house style included.
        omitted: What the quotation leaves out.
        is_cut: Whether it leaves out beyond an end what changes the meaning.
        is_whole: Whether it is, whole, what is between quotation marks there.
        is_edited: Whether brackets, ellipses or an attribution between two halves account for what differs.
        has_other_text: Whether words between its parts are lost or replaced.
        has_same_edits: Whether the article itself has the quotation's ellipses and brackets there.
        cost: The characters that differ, for ordering.
        distance: Character edits between the quotation and the place that the search found.
        quoted: The words ``[start, end)`` of the quotation that were compared.
        is_interrupted: Whether attributions that the quotation leaves out divide it there.
        starts_sentence: Whether the place is the beginning of a sentence or quotation; found for fragments only.
    """

    row: int
    span: Span
    quoted: tuple[int, int]
    changes: tuple[Change, ...] = ()
    style: tuple[Change, ...] = ()
    folds: tuple[str, ...] = ()
    omitted: tuple[Omission, ...] = ()
    is_cut: bool = False
    is_whole: bool = False
    is_edited: bool = False
    has_other_text: bool = False
    has_same_edits: bool = False
    cost: int = 0
    distance: int = 0
    is_interrupted: bool = False
    starts_sentence: bool = False


class Search(StrEnum):
    """How a group of places was searched for, from the strictest to the loosest."""

    EXACT = "exact"  # the quotation's words, one after another
    EDITED = "edited"  # its literal words, with what brackets and ellipses allow between them
    PARTS = "parts"  # each of its parts word for word, anywhere
    STRETCHES = "stretches"  # nearly its stretches between ellipses, in order
    NEAR = "near"  # nearly its words
    ENDS = "ends"  # nearly its words, but for two or three at an end that occur elsewhere
    REORDERED = "reordered"  # most of its words, in any order
    INTERRUPTED = "interrupted"  # fragments of it in order, other words between them
    FRAGMENTS = "fragments"  # fragments of it, from anywhere


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What one search found.

    Attributes:
        search: How.
        places: The comparisons; empty when it found nothing.
        rarity: The information of each of the quotation's words, in nats; empty for exact searches.
    """

    search: Search
    places: tuple[Comparison, ...]
    rarity: Mapping[str, float] = field(default_factory=dict)


def is_short(quote: Quote) -> bool:
    """Return whether a quotation is too short to identify its source."""
    letters = sum(map(len, quote.words.texts))
    wide = len(re.findall(f"[{UNSPACED}]", quote.words.folded.text))
    return len(quote.words) < MIN_WORDS or max(letters + wide, len(quote.text)) < MIN_CHARACTERS


def compare(quote: Quote, matcher: WordSearch) -> Iterator[Comparisons]:
    """Yield the comparisons of ever wider searches; nothing is searched before it is asked for."""
    if not len(quote.words):
        return
    yield Comparisons(Search.EXACT, tuple(_exact(quote, matcher)))
    if is_short(quote) or len(quote.words) > MAX_WORDS:
        return
    stretches: tuple[Comparison, ...] = ()
    if quote.is_edited:
        yield Comparisons(Search.EDITED, tuple(_edited(quote, matcher)))
        yield Comparisons(Search.PARTS, _parts(quote, matcher))
        stretches = _stretches(quote, matcher)
        yield Comparisons(Search.STRETCHES, stretches)
        if stretches:
            yield Comparisons(Search.ENDS, _ends(quote, matcher, stretches))
    if not stretches:
        near = tuple(_near(quote, matcher))
        rarity = matcher.rarity(quote.words.texts)
        yield Comparisons(Search.NEAR, near, rarity)
        yield Comparisons(Search.ENDS, _ends(quote, matcher, near))
        if len(quote.words) <= _MAX_REORDERED_WORDS:
            yield Comparisons(Search.REORDERED, tuple(_reordered(quote, matcher)), rarity)
    if len(quote.words) <= _MAX_SPLICED_WORDS:
        yield _fragments(quote, matcher)


def compare_copies(
    quote: Quote, matcher: Matcher, *, beyond: Collection[int], is_altered: bool
) -> Iterator[Comparison]:
    """Yield the comparisons with the same or nearly the same words in articles other than those ``beyond``."""
    words = quote.words.texts
    if is_altered:  # was searched for already
        found = [one for one in matcher.near(words, tolerance=MAX_COPY_EDITS) if one.row not in beyond]
    else:
        found = copies(words, matcher, beyond=beyond)
    known = matcher.known(words)
    for one in found[:_MAX_VARIANTS]:
        text = matcher.words(one.row)
        yield _changed_words(quote, text, one, known) if one.distance else _same_words(quote, text, one, known)


def _exact(quote: Quote, matcher: WordSearch) -> Iterator[Comparison]:
    """Compare the places of the quotation's words: those with the same characters first, then the earliest."""
    found = matcher.exact(quote.words.texts)
    if len({one.row for one in found}) > _MAX_COPIES:
        same = {row for row in dict.fromkeys(one.row for one in found) if quote.text in matcher.text(row)}
        rows = sorted(dict.fromkeys(one.row for one in found), key=lambda row: row not in same)[:_MAX_COPIES]
        found = [one for one in found if one.row in rows]
    known = matcher.known(quote.words.texts)
    for one in found:
        yield _same_words(quote, matcher.words(one.row), one, known)


def _edited(quote: Quote, matcher: WordSearch) -> Iterator[Comparison]:
    for reading in edits.readings(quote):
        for row in dict.fromkeys(one.row for one in matcher.exact(edits.longest(reading).words)):
            found = edits.locate(quote, reading, matcher.words(row))
            if found:
                yield _with_edits(quote, row, found)


def _parts(quote: Quote, matcher: WordSearch) -> tuple[Comparison, ...]:
    """Compare parts that each occur somewhere word for word, but not together; none when one does not."""
    if not edits.readings(quote):
        return ()
    for reading in (edits.spell_out(quote), edits.without_brackets(quote)):
        places = _part_places(edits.literal(reading), matcher)
        if places:
            return places
    return ()


def _part_places(literal: Sequence[QuotePart], matcher: WordSearch) -> tuple[Comparison, ...]:
    long = [part for part in literal if len(part.words) >= MIN_FRAGMENT_WORDS]
    covered = sum(len(part.words) for part in long)
    if len(long) < 2 or covered < MIN_COVERED * sum(len(part.words) for part in literal):
        return ()
    places: list[Comparison] = []
    for part in long:
        found = matcher.exact(part.words)
        if not found:
            return ()
        known = [one for one in found if one.row in {place.row for place in places}] or found
        span = matcher.words(known[0].row).span(known[0].first, known[0].last)
        places.append(Comparison(known[0].row, span, (0, len(part.words))))
    return tuple(places)


def _stretches(quote: Quote, matcher: WordSearch) -> tuple[Comparison, ...]:
    """Compare the article that comes nearest with every stretch between ellipses, in order and near one another."""
    stretches = list(quote.stretches())
    if len(stretches) < 2:
        return ()
    anchor = max(range(len(stretches)), key=lambda number: len(stretches[number].text))
    known = matcher.known([word for stretch in stretches for word in stretch.words.texts])
    places = []
    for one in matcher.near(stretches[anchor].words.texts, tolerance=MAX_EDITS)[:_MAX_ANCHORS]:
        near = Run(matcher.words(one.row), one.first, one.last)
        found = edits.locate_stretches(stretches, anchor, near, known)
        if found:
            places.append(_with_edits(quote, one.row, found))
    return tuple(sorted(places, key=lambda place: place.cost)[:1])


def _with_edits(quote: Quote, row: int, found: EditedText) -> Comparison:
    place = Comparison(
        row,
        found.words.span,
        (0, len(quote.words)),
        omitted=_in_text_order(found.omitted, found.edges),
        is_cut=bool(found.edges),
        is_edited=True,
    )
    return _with_changes(place, with_brackets(quote, found.changes, found.words.words.source))


def _with_changes(place: Comparison, found: Sequence[Change]) -> Comparison:
    """Return a place with its word differences, those of house style apart."""
    style = tuple(change for change in found if change.reason in COSMETIC)
    other = tuple(change for change in found if change.reason not in COSMETIC)
    folds = tuple(dict.fromkeys([*place.folds, *map(fold_of, style)]))
    return replace(place, changes=other, style=style, folds=folds, cost=characters_changed(other) or bool(style))


def _near(quote: Quote, matcher: WordSearch) -> Iterator[Comparison]:
    words = quote.words.texts
    near = matcher.near(words, tolerance=MAX_EDITS)
    share = {one: share_in(words, matcher.stored(one.row).split()[one.first : one.last]) for one in near}
    least = min(_MIN_SHARED, _MIN_SHARED_OF_BEST * max(share.values(), default=0.0))
    near = [one for one in near if share[one] >= least]
    near.sort(key=lambda one: one.distance / len(" ".join(words)) - share[one])
    known = matcher.known(words)
    for number, one in enumerate(near[:_MAX_COMPARED]):
        text = matcher.words(one.row)
        place = _changed_words(quote, text, one, known)
        is_likely = number < _MAX_UNINTERRUPTED and _may_be_interrupted(quote, place)
        yield (_with_interruptions(quote, text, place, known) or place) if is_likely else place


def _may_be_interrupted(quote: Quote, place: Comparison) -> bool:
    """Return whether a place lacks words at an end of the quotation, or has more than the quotation between others."""
    whole = quote.words.span(0, len(quote.words))
    first, last = whole.start + quote.offset, whole.end + quote.offset
    return any(not one.quoted or one.quote_span.start == first or one.quote_span.end == last for one in place.changes)


def _with_interruptions(quote: Quote, text: Words, place: Comparison, known: Collection[str]) -> Comparison | None:
    """Compare a place without the attributions that interrupt it there; None where there are none or it is no better.

    The halves of “A,” said X. “B.” quoted as one are an edit.
    """
    reach = min(len(quote.text), _MAX_INTERRUPTED)
    window = Span(max(0, place.span.start - reach), min(len(text.source), place.span.end + reach))
    left_out = interruptions(text.source, window)
    if not left_out:
        return None
    low = max(0, min(window.start, left_out[0].start - reach))
    high = min(len(text.source), max(window.end, left_out[-1].end + reach))
    speech = Words(without(text.source[:high], left_out)[low:])
    run = joined(quote.words.texts).strip()
    aligned = align(run, speech.joined, int(len(run) * MAX_EDITS))
    if aligned is None:
        return None
    found = _changed_words(quote, speech, Occurrence(place.row, *aligned), known)
    if characters_changed(found.changes) >= characters_changed(place.changes):
        return None
    return _moved(found, low, text.source, left_out)


def _moved(place: Comparison, by: int, source: str, left_out: Sequence[Span]) -> Comparison:
    """Return a place of a part of an article as one of the whole, with the attributions that it leaves out."""

    def whole(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    span = whole(place.span)
    inside = [Omission(one, one.of(source), (), marked=False) for one in left_out if span.covers(one)]
    return replace(
        place,
        span=span,
        changes=tuple(replace(one, source_span=whole(one.source_span)) for one in place.changes),
        style=tuple(replace(one, source_span=whole(one.source_span)) for one in place.style),
        omitted=_in_text_order(tuple(inside), tuple(replace(one, span=whole(one.span)) for one in place.omitted)),
        is_edited=place.is_edited or bool(inside),
        is_interrupted=bool(inside),
    )


def _ends(quote: Quote, matcher: WordSearch, places: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Compare the two parts of a splice of which one is two or three words, divided by a stop or an ellipsis.

    The nearest place must lack words of the short part only, and both parts must occur somewhere as they are.
    """
    nearest = min(places, key=lambda place: place.cost, default=None)
    words, count = quote.words, len(quote.words)
    if nearest is None or not nearest.changes or count < MIN_FRAGMENT_WORDS + _END_WORDS[0]:
        return ()
    for size in _END_WORDS:
        for at in (size, count - size):
            gap = quote.text[words.span(at - 1, at).end : words.span(at, at + 1).start]
            short, rest = ((0, at), (at, count)) if at == size else ((at, count), (0, at))
            span = words.span(*short)
            if not _STOP.search(gap) or rest[1] - rest[0] < MIN_FRAGMENT_WORDS:
                continue
            start = (words.span(at - 1, at).end if rest[0] == 0 else span.start) + quote.offset
            end = (words.span(at, at + 1).start if short[0] == 0 else span.end) + quote.offset
            if all(start <= one.quote_span.start and one.quote_span.end <= end for one in nearest.changes):
                found = [_part_place(words.texts[slice(*part)], part, matcher, nearest.row) for part in (short, rest)]
                if all(found):
                    return tuple(sorted(filter(None, found), key=lambda place: place.quoted))
    return ()


def _part_place(part: Sequence[str], quoted: tuple[int, int], matcher: WordSearch, row: int) -> Comparison | None:
    """Return where words occur as they are, in the article ``row`` if they do there."""
    found = sorted(matcher.exact(part), key=lambda one: one.row != row)
    return next((Comparison(one.row, matcher.words(one.row).span(one.first, one.last), quoted) for one in found), None)


def _reordered(quote: Quote, matcher: WordSearch) -> Iterator[Comparison]:
    """Compare in each article the stretch, as long as the quotation, that shares most words with it."""
    words = quote.words.texts
    known = matcher.known(words)
    for row in matcher.candidates(words)[:_MAX_COMPARED]:
        text = matcher.stored(row).split()
        at = most_shared(words, text)
        one = Occurrence(row, at, min(len(text), at + len(words)))
        yield _changed_words(quote, matcher.words(row), one, known)


def _fragments(quote: Quote, matcher: WordSearch) -> Comparisons:
    """Compare fragments: all with one place where they are in order and near in one article, else each with its own."""
    words = quote.words.texts
    found = fragments(words, matcher)
    if len(found) < 2:
        return Comparisons(Search.FRAGMENTS, ())
    if not _are_in_order(found):
        return Comparisons(Search.FRAGMENTS, tuple(_fragment(one, matcher.words(one.row)) for one in found))
    if sum(map(len, found)) < MIN_KEPT * len(words):
        return Comparisons(Search.INTERRUPTED, ())
    place = _interrupted(quote, found, matcher.words(found[0].row), matcher.known(words))
    return Comparisons(Search.INTERRUPTED, (place,))


def _are_in_order(found: Sequence[QuoteFragment]) -> bool:
    for left, right in itertools.pairwise(found):
        gap = right.first - (left.first + len(left))
        if left.row != right.row or not 0 <= gap <= edits.MAX_GAP_WORDS:
            return False
    return True


def _fragment(one: QuoteFragment, text: Words) -> Comparison:
    span = text.span(one.first, one.first + len(one))
    starts = not span.start or bool(_STOP.search(text.source[max(0, span.start - 3) : span.start]))
    return Comparison(one.row, span, (one.start, one.end), starts_sentence=starts)


def _interrupted(quote: Quote, found: Sequence[QuoteFragment], text: Words, known: Collection[str]) -> Comparison:
    """Compare fragments of one article, in order and near, with words between them left out or changed."""
    last = found[-1].first + len(found[-1])
    one = Occurrence(found[0].row, max(0, found[0].first - found[0].start), last)
    place = _changed_words(quote, text, one, known)
    between = [
        text.span(left.first + len(left), right.first)
        for left, right in itertools.pairwise(found)
        if right.first > left.first + len(left)
    ]
    lost = tuple(
        Omission(span, span.of(text.source), critical_words(Words(span.of(text.source)).texts), marked=quote.has_gap)
        for span in between
    )
    return replace(place, omitted=(*place.omitted, *lost), has_other_text=True)


def _same_words(quote: Quote, text: Words, one: Occurrence, known: Collection[str]) -> Comparison:
    """Compare a place that has the quotation's words one after another."""
    count = len(quote.words)
    core = text.span(one.first, one.first + count)
    span, has_same_edges = _with_edges(quote, text.source, core)
    whole = (0, count)
    place = Comparison(one.row, span, whole)
    if quote.words.texts != text.texts[one.first : one.first + count]:
        source = Run(text, one.first, one.first + count)
        place = _with_changes(place, changes(Run(quote.words, 0, count), source, known, offset=quote.offset))
    if "?" in span.of(text.source) + text.source[span.end : span.end + 1]:
        asserted = questions_asserted(Run(quote.words, 0, count), Run(text, one.first, one.last), offset=quote.offset)
        place = replace(place, changes=(*place.changes, *asserted), cost=place.cost + len(asserted))
    if not place.changes:
        quoted = quote.words.span(0, count).of(quote.text)
        folds = () if _reads_alike(quoted, core.of(text.source)) else differences(quoted, core.of(text.source))
        if not has_same_edges and "punctuation" not in folds:
            folds = (*folds, "punctuation")
        is_whole = bool(_OPENS.search(text.source[max(0, span.start - 3) : span.start])) and bool(
            _CLOSES.search(text.source[span.end : span.end + 8])
        )
        place = replace(place, folds=tuple(dict.fromkeys((*place.folds, *folds))), is_whole=is_whole, cost=0)
    if quote.is_edited:
        place = replace(place, has_same_edits=_has_same_edits(quote, text.source, span))
    return _with_omissions(place, text.source)


def _has_same_edits(quote: Quote, source: str, span: Span) -> bool:
    around = source[max(0, span.start - 4) : span.end + 4]
    return all(len(mark.findall(quote.text)) <= len(mark.findall(around)) for mark in (_GAP, _BRACKET))


def _changed_words(quote: Quote, text: Words, one: Occurrence, known: Collection[str]) -> Comparison:
    """Compare a place that has nearly the quotation's words: settle its ends, then align word by word."""
    whole = Run(quote.words, 0, len(quote.words))
    source = settle(whole, Run(text, one.first, one.last))
    found = with_brackets(quote, changes(whole, source, known, offset=quote.offset), text.source)
    place = Comparison(one.row, source.span, (0, len(quote.words)), distance=one.distance)
    if any(change.reason is ChangeKind.BRACKET for change in found):
        place = replace(place, is_edited=True)
    return _with_omissions(_with_changes(place, found), text.source)


def _with_omissions(place: Comparison, source: str) -> Comparison:
    """Add what the quotation leaves out beyond its two ends that changes what is said."""
    if place.is_whole:
        return place
    edges = edge_omissions(source, place.span)
    return replace(place, omitted=_in_text_order(place.omitted, edges), is_cut=True) if edges else place


def _in_text_order(omitted: tuple[Omission, ...], edges: tuple[Omission, ...]) -> tuple[Omission, ...]:
    return tuple(sorted((*omitted, *edges), key=lambda omission: omission.span))


def _reads_alike(quoted: str, source: str) -> bool:
    """Return whether two texts have the same characters; a typed space equals the article's no-break space."""
    if quoted == source:
        return True
    left = re.sub(r"[ \t\r\n\f\v]+", " ", quoted)
    right = re.sub(r"[ \t\r\n\f\v]+", " ", source)
    if _NO_BREAK.search(left):
        return left == right
    return left == re.sub(r" +", " ", _NO_BREAK.sub(" ", right))


def _with_edges(quote: Quote, source: str, core: Span) -> tuple[Span, bool]:
    """Widen a place by the punctuation around the quotation's words where the article has the same."""
    inner = quote.words.span(0, len(quote.words))
    lead, tail = quote.text[: inner.start], quote.text[inner.end :]
    start, end, is_exact = core.start, core.end, True
    pattern = r"\s+".join(map(re.escape, lead.lstrip().split())) + (r"\s+" if lead[-1:].isspace() else "")
    same = re.search(f"(?:{pattern})$", source[max(0, start - len(lead) - 8) : start])
    if lead and source[max(0, start - len(lead)) : start] == lead:
        start -= len(lead)
    elif lead.strip() and same:
        start -= len(same.group())
    else:
        is_exact = not re.sub(_MARKS + r"|\s", "", lead)
    common = 0
    while common < len(tail) and end + common < len(source) and source[end + common] == tail[common]:
        common += 1
    rest = tail[common:]
    end += len(tail[:common].rstrip()) if rest else common
    if rest:
        other_mark = re.match(_MARKS, rest) and re.match(_MARKS, source[end : end + 1])
        is_exact = is_exact and not other_mark and not re.sub(_MARKS + r"|\s", "", rest)
    return Span(start, end), is_exact


def kept_runs(quote: Quote, place: Comparison) -> list[list[str]]:
    """Return the runs of at least two of the quotation's words that are unchanged at a place."""
    found: list[list[str]] = [[]]
    lost = [change.quote_span for change in place.changes if change.quoted]
    for number, word in enumerate(quote.words.texts):
        at = quote.words.span(number, number + 1).start + quote.offset
        if any(span.start <= at < span.end for span in lost):
            found.append([])
        else:
            found[-1].append(word)
    return [run for run in found if len(run) > 1]


def kept(quote: Quote, place: Comparison) -> float:
    """Return the share of a quotation's words, in [0, 1], that the place has too: unchanged, misspelt or moved."""
    return share_kept(len(quote.words), place.changes)
