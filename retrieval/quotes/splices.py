"""A quotation made of pieces: of several places, or of one with words between them left out in silence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.articles import Span
from retrieval.quotes import edits
from retrieval.quotes.cuts import Omission, telling
from retrieval.quotes.find import Finder, Found
from retrieval.quotes.fold import DOUBLE_MARKS
from retrieval.quotes.judgement import Judgement
from retrieval.quotes.parts import Kind, Part
from retrieval.quotes.pieces import Piece, pieces
from retrieval.quotes.places import KEPT, Place, Quote, changed_words
from retrieval.quotes.verdict import TextVerdict
from retrieval.quotes.wording import Words

COVERED = 0.85
"""The least part of a quotation's words that the pieces of a spliced one make up."""

_PIECE = 5.5  # words: the least average piece; chains of likely words stay below
_ROUGH_PAIR, _ROUGH_PIECE = 6.0, 7.0  # words: the same of two, and of more, that meet in the middle of a clause
_MOST, _MOST_OF_ONE = 4, 6  # pieces of several articles, and of one
_PHRASE = 6  # words
_ROUGH_COVERED = 0.95
_LIGHT_STOP = re.compile(f"[.!?…;:\n{re.escape(DOUBLE_MARKS)}]|,\\s+[^a-z\\s]")
_STOP = re.compile(f"[.!?…;:\n{re.escape(DOUBLE_MARKS)}]")
_MARK = re.compile(f"[{re.escape(DOUBLE_MARKS)}]")


def spliced(asked: Quote, split: Sequence[Part], finder: Finder, *, dominant: Place | None = None) -> Judgement | None:
    """Judge a quotation that may be made of pieces; None where they are too few, too short or too many.

    Args:
        asked: The quotation.
        split: Its parts.
        finder: Searches.
        dominant: Where most of it stands, with changes. What other pieces add must then be more than a phrase.
    """
    words = asked.words.texts
    found = pieces(words, finder)
    covered = sum(map(len, found)) / len(words)
    if len(found) < 2:
        return None
    if _in_order(found):
        return _with_gap(asked, split, found, finder) if covered >= KEPT else None
    if covered < COVERED or len(found) > (_MOST if len({piece.row for piece in found}) > 1 else _MOST_OF_ONE):
        return None
    joints = list(itertools.pairwise(found))
    clean = all(_meets(_STOP, asked, left, right) or _begins(right, finder) for left, right in joints)
    least = _PIECE if clean else _ROUGH_PAIR if len(found) == 2 else _ROUGH_PIECE
    if sum(map(len, found)) < least * len(found) or (covered < _ROUGH_COVERED and not clean):
        return None
    if dominant is not None and not all(_meets(_LIGHT_STOP, asked, left, right) for left, right in joints):
        added = sum(len(piece) for piece in found if not _is_within(piece, dominant, finder))
        if added < _PHRASE:
            return None
    return Judgement(
        TextVerdict.SPLICED, tuple(Place(piece.row, _span(piece, finder), TextVerdict.SPLICED) for piece in found)
    )


def _span(piece: Piece, finder: Finder) -> Span:
    return finder.words(piece.row).span(piece.first, piece.first + len(piece))


def _is_within(piece: Piece, place: Place, finder: Finder) -> bool:
    return piece.row == place.row and _span(piece, finder).overlaps(place.span)


def _meets(stop: re.Pattern[str], asked: Quote, left: Piece, right: Piece) -> bool:
    """Tell whether the quotation has such a stop where two pieces meet, one word more or less."""
    words, count = asked.words, len(asked.words)
    low = words.span(max(0, left.end - 2), max(1, left.end - 1)).end
    last = words.span(min(right.start + 1, count - 1), count)
    return bool(stop.search(asked.text[low : last.start]))


def _begins(piece: Piece, finder: Finder) -> bool:
    """Tell whether a piece begins a sentence or quotation of its article."""
    start = _span(piece, finder).start
    return not start or bool(_STOP.search(finder.words(piece.row).source[max(0, start - 3) : start]))


def _in_order(found: Sequence[Piece]) -> bool:
    for left, right in itertools.pairwise(found):
        gap = right.first - (left.first + len(left))
        if left.row != right.row or not 0 <= gap <= edits.NEAR:
            return False
    return True


def _with_gap(asked: Quote, split: Sequence[Part], found: Sequence[Piece], finder: Finder) -> Judgement:
    """Judge pieces of one article, in order and near, with words between them left out in silence or changed."""
    text, row = finder.words(found[0].row), found[0].row
    last = found[-1].first + len(found[-1])
    one = Found(row, max(0, found[0].first - found[0].start), last)
    place = changed_words(asked, text, one, finder.is_known)
    bridges = [
        text.span(left.first + len(left), right.first)
        for left, right in itertools.pairwise(found)
        if right.first > left.first + len(left)
    ]
    if bridges and all(_is_attribution(text.source, bridge) for bridge in bridges):
        verdict = TextVerdict.EDITED if sum(map(len, found)) == len(asked.words) else TextVerdict.ALTERED
        omitted = tuple(Omission(bridge, bridge.of(text.source), (), marked=False) for bridge in bridges)
        changes = () if verdict is TextVerdict.EDITED else place.changes
        return Judgement(verdict, (replace(place, verdict=verdict, omitted=omitted, changes=changes),))
    has_gap = any(part.kind is Kind.GAP for part in split)
    omitted = tuple(
        Omission(bridge, bridge.of(text.source), telling(Words(bridge.of(text.source)).texts), marked=has_gap)
        for bridge in bridges
    )
    place = replace(place, verdict=TextVerdict.ALTERED, omitted=(*place.omitted, *omitted))
    return Judgement(TextVerdict.ALTERED, (place,))


def _is_attribution(source: str, bridge: Span) -> bool:
    """Tell whether what was left out is all outside the quotation marks: '," he said, "'."""
    before = source[max(0, bridge.start - 4) : bridge.start]
    after = source[bridge.end : bridge.end + 4]
    inside = _MARK.search(bridge.of(source))
    return bool(_MARK.search(before) and _MARK.search(after) and not inside and "\n\n" not in bridge.of(source))
