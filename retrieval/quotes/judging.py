"""From places to one verdict on the words: the rules, from the strictest to the loosest."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.articles import Span
from retrieval.quotes import edits
from retrieval.quotes.cuts import Omission, telling
from retrieval.quotes.diff import Reason
from retrieval.quotes.find import Finder, Found
from retrieval.quotes.fold import DOUBLE_MARKS
from retrieval.quotes.parts import Kind, Part, parts
from retrieval.quotes.pieces import SHORTEST, Piece, pieces
from retrieval.quotes.places import Place, Quote, changed_words, same_words
from retrieval.quotes.verdict import Severity, TextVerdict
from retrieval.quotes.wording import UNSPACED, Words

FEWEST_WORDS, FEWEST_CHARACTERS = 4, 12
"""A shorter quotation says nothing by itself, unless it is, whole, what stands between quotation marks."""

FARTHEST = 0.5
"""Character edits, as a part of the quotation's, beyond which a place is not looked at."""

KEPT = 0.7
"""The part of the quotation's words that stand unchanged or only misspelt in a place that carries it with changes. In
`evals quotes`, quotations of other articles and chains of likely words reach .67; quotations with every fourth word
changed keep .70 and more in 98 of 100."""

_SCATTERED = 0.5, 0.4, 10.0
"""Or: at least so many kept, in two runs or more, at most so many edits, and kept words that say so much (nats)."""

_EDITED = 5  # words, at most, that are other ones there

COVERED = 0.85
"""The least part of a quotation's words that the pieces of a spliced one make up."""

_PIECE = 5.5  # words: the least average piece; chains of likely words stay below
_LOST = 4  # words of the quotation that a place lacks, from which they are looked for elsewhere
SMALL = frozenset({Reason.SPELLING, Reason.NUMERAL, Reason.APOSTROPHE, Reason.WORD_BREAK})
_ORDER = list(TextVerdict)
_GAP = re.compile(r"…|\.\s?\.\s?\.")
_MARK = re.compile(f"[{re.escape(DOUBLE_MARKS)}]")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on the words, and the places it rests on, best first."""

    verdict: TextVerdict
    places: tuple[Place, ...] = ()

    @property
    def severity(self) -> Severity:
        """How much the differences at the best place matter."""
        if self.verdict in {TextVerdict.TRUNCATED, TextVerdict.SPLICED}:
            return Severity.HIGH
        if self.verdict is not TextVerdict.ALTERED:
            return Severity.NONE
        best = self.places[0]
        is_grave = any(change.is_grave for change in best.changes) or any(one.telling for one in best.omitted)
        return Severity.HIGH if is_grave or not best.changes else Severity.LOW


def is_short(asked: Quote) -> bool:
    """Tell whether a quotation is too short to judge."""
    letters = sum(map(len, asked.words.texts))
    wide = len(re.findall(f"[{UNSPACED}]", asked.words.folded.text))
    return len(asked.words) < FEWEST_WORDS or max(letters + wide, len(asked.text)) < FEWEST_CHARACTERS


def judge(asked: Quote, finder: Finder) -> Judgement:  # noqa: PLR0911 (a list of rules)
    """Return the verdict on a quotation's words; NOT_FOUND where neither the words nor nearly the same stand."""
    if not len(asked.words):
        return Judgement(TextVerdict.TOO_SHORT)
    exact = _exact(asked, finder, asked.words.texts)
    if is_short(asked):
        whole = tuple(place for place in exact if place.whole and place.verdict is TextVerdict.VERBATIM)
        if whole and len(asked.words) == FEWEST_WORDS - 1:
            return Judgement(TextVerdict.VERBATIM, whole)
        return Judgement(TextVerdict.TOO_SHORT, tuple(exact))
    split = parts(asked.text)
    marked = edits.is_edited(split)
    if exact and (not marked or not _edges(split) or _has_gap_too(asked, exact[0], finder)):
        return _best(exact)
    if marked:
        edited = _edited(split, finder)
        if edited:
            return edited
    if exact:
        return _best(exact)
    return _loose(asked, split, finder)


def _exact(asked: Quote, finder: Finder, words: Sequence[str]) -> list[Place]:
    found = finder.exact(words)
    places = [same_words(asked, finder.words(one.row), one.row, one.first, finder.is_known) for one in found]
    return sorted(places, key=_rank)


def _rank(place: Place) -> tuple[int, bool, int]:
    return _ORDER.index(place.verdict), not place.whole, place.cost


def _best(places: list[Place]) -> Judgement:
    ranked = sorted(places, key=_rank)
    return Judgement(ranked[0].verdict, tuple(ranked))


def _edges(split: Sequence[Part]) -> bool:
    """Tell whether an edit stands at the quotation's edge, where its words alone do not show it."""
    return (
        split[0].kind is Kind.GAP
        or split[-1].kind is Kind.GAP
        or any(part.kind is Kind.BRACKET and (not part.words or part.inner) for part in split)
    )


def _has_gap_too(asked: Quote, place: Place, finder: Finder) -> bool:
    """Tell whether the article has the ellipsis at the quotation's edge as well: then it is no edit."""
    if place.verdict is TextVerdict.VERBATIM:
        return True
    source = finder.words(place.row).source
    around = source[max(0, place.span.start - 4) : place.span.end + 4]
    return (
        len(_GAP.findall(asked.text)) <= len(_GAP.findall(around)) and "[" not in asked.text and "(" not in asked.text
    )


def _edited(split: Sequence[Part], finder: Finder) -> Judgement | None:
    """Judge brackets and ellipses: in one article, in order and near; or parts that stand apart."""
    spelled = _spelled(split)
    literal = [part for part in spelled if part.kind is Kind.WORDS]
    anchor = max(literal, key=lambda part: len(" ".join(part.words)))
    rows = dict.fromkeys(one.row for one in finder.exact(anchor.words))
    places = [
        place for row in rows for choice in (spelled, split) if (place := edits.place(choice, finder.words(row), row))
    ]
    if places:
        return _best(places)
    return _apart(literal, finder)


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


def _loose(asked: Quote, split: Sequence[Part], finder: Finder) -> Judgement:
    near = finder.near(asked.words.texts, tolerance=FARTHEST)
    altered = sorted((place for one in near[:6] if (place := _changed(asked, finder, one))), key=_rank)
    if altered and (1 - kept(asked, altered[0])) * len(asked.words) < _LOST:
        return _best(altered)
    apart = _pieces(asked, split, finder)
    if altered and (apart is None or apart.verdict is TextVerdict.ALTERED):
        return _best(altered)
    return apart or Judgement(TextVerdict.NOT_FOUND)


def _changed(asked: Quote, finder: Finder, one: Found) -> Place | None:
    """Judge a near place; None where too little of the quotation stands in it unchanged."""
    place = changed_words(asked, finder.words(one.row), one, finder.is_known)
    share = kept(asked, place)
    if share >= KEPT:
        return place
    least, most, says = _SCATTERED
    if (
        share < least
        or (1 - share) * len(asked.words) > _EDITED
        or one.distance > most * len(" ".join(asked.words.texts))
    ):
        return None
    runs = _kept_runs(asked, place)
    rarity = finder.rarity(asked.words.texts)
    weight = sum(rarity[word] for run in runs for word in run)
    return place if len(runs) > 1 and weight >= says else None


def kept(asked: Quote, place: Place) -> float:
    """Return the part of the quotation's words that stand in a place unchanged or only misspelt."""
    lost = sum(len(Words(change.quoted)) for change in place.changes if change.reason not in SMALL)
    return 1 - lost / len(asked.words)


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


def _pieces(asked: Quote, split: Sequence[Part], finder: Finder) -> Judgement | None:
    words = asked.words.texts
    found = pieces(words, finder)
    covered = sum(map(len, found)) / len(words)
    if len(found) < 2:
        return None
    if _in_order(found):
        return _with_gap(asked, split, found, finder) if covered >= KEPT else None
    if covered < COVERED or len(found) > 4 or sum(map(len, found)) < _PIECE * len(found):
        return None
    places = tuple(
        Place(piece.row, finder.words(piece.row).span(piece.first, piece.first + len(piece)), TextVerdict.SPLICED)
        for piece in found
    )
    return Judgement(TextVerdict.SPLICED, places)


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
