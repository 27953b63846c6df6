"""From places to one verdict on the words: the rules, from the strictest to the loosest.

A quotation made of pieces: of several places, or of one with words between them left out in silence.

Words that stand nowhere as they are: nearly the same ones, or pieces from several places.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from retrieval.articles import Span
from retrieval.quotes import edits
from retrieval.quotes.comparison import KEPT, Judgement, Place, Quote, best, changed_words, kept, rank, same_words
from retrieval.quotes.matcher import SHORTEST, Finder, Found, Piece, pieces
from retrieval.quotes.omissions import Omission, telling
from retrieval.quotes.quotation_parts import Kind, Part, parts
from retrieval.quotes.verdict import TextVerdict
from retrieval.text.folding import DOUBLE_MARKS, UNSPACED, Words

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


FARTHEST = 0.5
"""Character edits, as a part of the quotation's, beyond which a place is not looked at."""

_SCATTERED = 0.5, 0.4, 10.0
"""Or: at least so many kept, in two runs or more, at most so many edits, and kept words that say so much (nats)."""

_LONG_RUN = 10, 0.6  # or in one run of so many words, which says as much, and is so much of the quotation
_EDITED = 5  # words, at most, that are other ones there
_LOST = 4  # words of the quotation that a place lacks, from which they are looked for elsewhere
_PIECED = 600  # words: a longer quotation is not taken to pieces
_JUDGED = 4  # near places that are judged, those with most of the words first
_GATHERED = 10  # words: in a quotation as short, words that changed places are looked for one by one


def loose(asked: Quote, split: Sequence[Part], finder: Finder, gapped: Place | None) -> Judgement:
    """Judge words that stand nowhere as they are: altered, spliced or not found.

    Args:
        asked: The quotation.
        split: Its parts.
        finder: Searches.
        gapped: The place of all its stretches between ellipses, if they have one.
    """
    altered = [gapped] if gapped else sorted(_nearly(asked, finder), key=rank)
    lost = (1 - kept(asked, altered[0].changes)) * len(asked.words) if altered else 0.0
    if altered and (lost < _LOST or altered[0].verdict is not TextVerdict.ALTERED):
        return best(altered)
    dominant = altered[0] if altered else None
    apart = spliced(asked, split, finder, dominant=dominant) if len(asked.words) <= _PIECED else None
    if altered and (apart is None or apart.verdict is TextVerdict.ALTERED):
        return best(altered)
    return apart or Judgement(TextVerdict.NOT_FOUND)


def _nearly(asked: Quote, finder: Finder) -> list[Place]:
    """Return the places that carry the quotation with changes."""
    words = asked.words.texts
    near = finder.near(words, tolerance=FARTHEST)
    share = {one: shared_words(words, finder.stored(one.row).split()[one.first : one.last]) for one in near}
    near.sort(key=lambda one: one.distance / len(" ".join(words)) - share[one])
    found = [place for one in near[:_JUDGED] if (place := _changed(asked, finder, one))]
    if not found and len(words) <= _GATHERED:
        rows = finder.candidates(words)[:_JUDGED]
        found = [place for row in rows if (place := _changed(asked, finder, _gathered(words, finder, row)))]
    return found


def shared_words(asked: Sequence[str], there: Sequence[str]) -> float:
    """Return the part of the asked words that stand in ``there``, in any order."""
    return (Counter(word.replace("'", "") for word in asked) & Counter(there)).total() / len(asked)


def _gathered(words: Sequence[str], finder: Finder, row: int) -> Found:
    """Return the stretch of an article, as long as the quotation, that shares most words with it."""
    there = finder.stored(row).split()
    at = max(
        range(max(1, len(there) - len(words) + 1)),
        key=lambda start: shared_words(words, there[start : start + len(words)]),
    )
    return Found(row, at, min(len(there), at + len(words)))


def _changed(asked: Quote, finder: Finder, one: Found) -> Place | None:
    """Judge a near place; None where too little of the quotation stands in it unchanged."""
    place = changed_words(asked, finder.words(one.row), one, finder.is_known)
    share = kept(asked, place.changes)
    if share >= KEPT:
        return place
    least, most, says = _SCATTERED
    if share < least:
        return None
    runs = _kept_runs(asked, place)
    rarity = finder.rarity(asked.words.texts)
    if sum(rarity[word] for run in runs for word in run) < says:
        return None
    few = (1 - share) * len(asked.words) <= _EDITED and one.distance <= most * len(" ".join(asked.words.texts))
    is_long = any(len(run) >= max(_LONG_RUN[0], _LONG_RUN[1] * len(asked.words)) for run in runs)
    return place if (few and len(runs) > 1) or is_long else None


def _kept_runs(asked: Quote, place: Place) -> list[list[str]]:
    """Return the runs of at least two of the quotation's words that stand in a place unchanged."""
    runs: list[list[str]] = [[]]
    lost = [change.quote_span for change in place.changes if change.quoted]
    for number, word in enumerate(asked.words.texts):
        at = asked.words.span(number, number + 1).start + asked.offset
        if any(span.start <= at < span.end for span in lost):
            runs.append([])
        else:
            runs[-1].append(word)
    return [run for run in runs if len(run) > 1]


FEWEST_WORDS, FEWEST_CHARACTERS = 4, 12
"""A shorter quotation says nothing by itself, unless it is, whole, what stands between quotation marks."""

LONGEST = 3_000
"""Words: a longer quotation is looked for as it stands only, so that no input takes more than seconds."""

_PARTS = 200  # edits that are followed
_COPIES = 8  # articles that are judged where the same words stand in many
_LITERAL = 3  # words outside brackets, at least, and as many as inside them
_GAP = re.compile(r"…|\.\s?\.\s?\.")
_BRACKET = re.compile(r"[\[(]")


def is_short(asked: Quote) -> bool:
    """Tell whether a quotation is too short to judge."""
    letters = sum(map(len, asked.words.texts))
    wide = len(re.findall(f"[{UNSPACED}]", asked.words.folded.text))
    return len(asked.words) < FEWEST_WORDS or max(letters + wide, len(asked.text)) < FEWEST_CHARACTERS


def judge(asked: Quote, finder: Finder) -> Judgement:  # noqa: PLR0911 (a list of rules)
    """Return the verdict on a quotation's words; NOT_FOUND where neither the words nor nearly the same stand."""
    if not len(asked.words):
        return Judgement(TextVerdict.TOO_SHORT)
    exact = sorted(_exact(asked, finder, asked.words.texts), key=rank)
    if is_short(asked):
        whole = tuple(place for place in exact if place.whole and place.verdict is TextVerdict.VERBATIM)
        if whole and len(asked.words) == FEWEST_WORDS - 1:
            return Judgement(TextVerdict.VERBATIM, whole)
        return Judgement(TextVerdict.TOO_SHORT, tuple(exact))
    if len(asked.words) > LONGEST:
        return best(exact) if exact else Judgement(TextVerdict.NOT_FOUND)
    split = parts(asked.text)
    marked = edits.is_edited(split) and len(split) <= _PARTS
    if exact and (not marked or not _edges(split) or _has_edits_too(asked, exact[0], finder)):
        return best(exact)
    if marked:
        edited = _edited(asked, split, finder)
        if edited:
            return edited
    if exact:
        return best(exact)
    return loose(asked, split, finder, edits.place_stretches(asked, split, finder) if marked else None)


def _exact(asked: Quote, finder: Finder, words: Sequence[str]) -> list[Place]:
    """Judge the places of these words: all in the articles with the same characters first, then the earliest."""
    found = finder.exact(words)
    if len({one.row for one in found}) > _COPIES:
        same = {row for row in dict.fromkeys(one.row for one in found) if asked.text in finder.text(row)}
        rows = sorted(dict.fromkeys(one.row for one in found), key=lambda row: row not in same)[:_COPIES]
        found = [one for one in found if one.row in rows]
    return [same_words(asked, finder.words(one.row), one.row, one.first, finder.is_known) for one in found]


def _edges(split: Sequence[Part]) -> bool:
    """Tell whether an edit stands at the quotation's edge, where its words alone do not show it."""
    return (
        split[0].kind is Kind.GAP
        or split[-1].kind is Kind.GAP
        or any(part.kind is Kind.BRACKET and (not part.words or part.inner) for part in split)
    )


def _has_edits_too(asked: Quote, place: Place, finder: Finder) -> bool:
    """Tell whether the article has the same ellipses and brackets there: then they are no edit."""
    if place.verdict is TextVerdict.VERBATIM:
        return True
    source = finder.words(place.row).source
    around = source[max(0, place.span.start - 4) : place.span.end + 4]
    return all(len(mark.findall(asked.text)) <= len(mark.findall(around)) for mark in (_GAP, _BRACKET))


def _edited(asked: Quote, split: Sequence[Part], finder: Finder) -> Judgement | None:
    """Judge brackets and ellipses: in one article, in order and near; or parts that stand apart."""
    spelled, plain = _spelled(split), _plain(split, asked)
    literal = [part for part in spelled if part.kind is Kind.WORDS]
    count = sum(len(part.words) for part in literal)
    if count < _LITERAL or count < sum(len(part.words) for part in spelled if part.kind is Kind.BRACKET):
        return None
    choices = [spelled] if spelled == list(split) else [spelled, list(split)]
    if len(plain) > 1:
        choices.insert(0, plain)
    places = [
        place
        for choice in choices
        for row in dict.fromkeys(one.row for one in finder.exact(_longest(choice).words))
        if (place := edits.place(choice, finder.words(row), row))
    ]
    if places:
        return best(places)
    return _apart(literal, finder) or _apart([part for part in plain if part.kind is Kind.WORDS], finder)


def _plain(split: Sequence[Part], asked: Quote) -> list[Part]:
    """Take brackets as the article's own."""
    found: list[Part] = []
    for is_gap, group in itertools.groupby(split, key=lambda part: part.kind is Kind.GAP):
        run = list(group)
        words = Words(asked.text[run[0].start : run[-1].end]).texts
        found += run if is_gap else [Part(Kind.WORDS, tuple(words), run[0].start, run[-1].end)] if words else []
    return found


def _longest(choice: Sequence[Part]) -> Part:
    return max((part for part in choice if part.kind is Kind.WORDS), key=lambda part: len(" ".join(part.words)))


def _spelled(split: Sequence[Part]) -> list[Part]:
    """Take ``[T]he`` for the word it spells."""
    found: list[Part] = []
    for part in split:
        if part.kind is Kind.BRACKET and part.inner and found and found[-1].kind is Kind.WORDS:
            found[-1] = replace(found[-1], words=(*found[-1].words, *part.words))
        elif part.kind is Kind.BRACKET and part.inner:
            found.append(replace(part, kind=Kind.WORDS))
        elif part.kind is Kind.WORDS and found and found[-1].kind is Kind.WORDS:
            found[-1] = replace(found[-1], words=(*found[-1].words, *part.words))
        elif part.kind is Kind.BRACKET and not part.words and found:
            continue  # (sic)
        else:
            found.append(part)
    return found


def _apart(literal: Sequence[Part], finder: Finder) -> Judgement | None:
    """Judge parts that each stand somewhere as they are, but not together."""
    long = [part for part in literal if len(part.words) >= SHORTEST]
    if len(long) < 2 or sum(len(part.words) for part in long) < COVERED * sum(len(part.words) for part in literal):
        return None
    places: list[Place] = []
    for part in long:
        found = finder.exact(part.words)
        if not found:
            return None
        known = [one for one in found if one.row in {place.row for place in places}] or found
        span = finder.words(known[0].row).span(known[0].first, known[0].last)
        places.append(Place(known[0].row, span, TextVerdict.SPLICED))
    return Judgement(TextVerdict.SPLICED, tuple(places))
