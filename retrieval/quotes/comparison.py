"""Judging one place: the quotation against the article's characters there.

A verdict on the words with the places it rests on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from retrieval.articles import Span
from retrieval.quotes import omissions
from retrieval.quotes.diff import COSMETIC, SMALL, Change, Known, Reason, Run, changes
from retrieval.quotes.matcher import Found
from retrieval.quotes.omissions import Omission
from retrieval.quotes.quotation_parts import bare
from retrieval.quotes.verdict import Severity, TextVerdict
from retrieval.text.folding import DOUBLE_MARKS, SINGLE_MARKS, Words, differences

KEPT = 0.7
"""The part of the quotation's words that stand unchanged or only misspelt in a place that carries it with changes. In
`evals quotes`, quotations of other articles and chains of likely words reach .67; quotations with every fourth word
changed keep .70 and more in 98 of 100."""

_NO_BREAK = re.compile("[\u00a0\u202f]")
_MARKS = f"[{re.escape(DOUBLE_MARKS + SINGLE_MARKS)}]"
_OPENS = re.compile(f"[{re.escape(DOUBLE_MARKS)}‘']\\s*$")
_CLOSES = re.compile(f"^[.,!?;:…]*\\s*[{re.escape(DOUBLE_MARKS)}’']")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation being checked.

    Attributes:
        source: As it was handed in.
        offset: Where its text begins, inside outer quotation marks and white space.
        words: The words of that text.
    """

    source: str
    offset: int
    words: Words

    @property
    def text(self) -> str:
        """The quotation without its outer marks."""
        return self.words.source

    def part(self, start: int, end: int) -> Quote:
        """Return the characters ``[start, end)`` of the text as a quotation of their own."""
        return Quote(self.source, self.offset + start, Words(self.text[start:end]))


def quote(text: str) -> Quote:
    """Read a quotation."""
    start, end = bare(text)
    return Quote(text, start, Words(text[start:end]))


@dataclass(frozen=True, slots=True)
class Place:
    """One place, judged.

    Attributes:
        row: The article's row.
        span: The characters that the quotation covers.
        verdict: What the quotation is to this place.
        folds: What was folded.
        changes: The word diff.
        omitted: What was left out.
        whole: Whether it is, whole, what stands between quotation marks there.
        cost: Character edits, for ordering.
    """

    row: int
    span: Span
    verdict: TextVerdict
    folds: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    omitted: tuple[Omission, ...] = ()
    whole: bool = False
    cost: int = 0


def same_words(asked: Quote, text: Words, row: int, first: int, known: Known) -> Place:
    """Judge a place that holds the quotation's words one after another."""
    count = len(asked.words)
    core = text.span(first, first + count)
    span, is_exact = _with_edges(asked, text.source, core)
    mine = asked.words.span(0, count).of(asked.text)
    theirs = core.of(text.source)
    found: tuple[Change, ...] = ()
    if asked.words.texts != text.texts[first : first + count]:
        found = tuple(changes(Run(asked.words, 0, count), Run(text, first, first + count), known, offset=asked.offset))
    if any(change.reason not in COSMETIC for change in found):
        return cut(Place(row, span, TextVerdict.ALTERED, changes=found, cost=len(found)), text.source)
    folds = () if _reads_alike(mine, theirs) else differences(mine, theirs)
    if not is_exact:
        folds = (*folds, *(name for name in ("punctuation",) if name not in folds))
    verdict = TextVerdict.COSMETIC if folds else TextVerdict.VERBATIM
    whole = bool(_OPENS.search(text.source[max(0, span.start - 3) : span.start])) and bool(
        _CLOSES.search(text.source[span.end : span.end + 8])
    )
    return cut(Place(row, span, verdict, folds, (), (), whole), text.source)


def cut(place: Place, source: str) -> Place:
    """Look at what the quotation's two ends leave out; a telling omission makes it truncated."""
    if place.whole:
        return place
    looked = (
        omissions.before(source, place.span.start),
        _after(source, place.span),
        omissions.number(source, place.span),
    )
    omitted = [found for found in looked if found]
    if not omitted:
        return place
    verdict = place.verdict if place.verdict in {TextVerdict.ALTERED, TextVerdict.SPLICED} else TextVerdict.TRUNCATED
    both = sorted([*place.omitted, *omitted], key=lambda omission: omission.span)
    return replace(place, verdict=verdict, omitted=tuple(both))


def _after(source: str, span: Span) -> Omission | None:
    said = span.of(source)
    if said.endswith("?"):
        return omissions.answered(source, span.end)
    if re.search(r"[.!?…][\"'”’)\]]*$", said):
        return None
    return omissions.after(source, span.end)


def _reads_alike(mine: str, theirs: str) -> bool:
    """Tell whether two texts have the same characters; a typed space stands for the article's no-break space."""
    if mine == theirs:
        return True
    left = re.sub(r"[ \t\r\n\f\v]+", " ", mine)
    right = re.sub(r"[ \t\r\n\f\v]+", " ", theirs)
    if _NO_BREAK.search(left):
        return left == right
    return left == re.sub(r" +", " ", _NO_BREAK.sub(" ", right))


def _with_edges(asked: Quote, source: str, core: Span) -> tuple[Span, bool]:
    """Widen a place by the punctuation around the quotation's words where the article has the same."""
    inner = asked.words.span(0, len(asked.words))
    lead, tail = asked.text[: inner.start], asked.text[inner.end :]
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


def changed_words(asked: Quote, text: Words, one: Found, known: Known) -> Place:
    """Judge a place that nearly holds the quotation's words: settle its ends, then compare word by word."""
    run, found = compared(asked, text, one, known)
    if all(change.reason in COSMETIC for change in found):
        names = {Reason.WORD_BREAK: "dashes", Reason.APOSTROPHE: "apostrophes"}
        folds = tuple(dict.fromkeys(names[change.reason] for change in found))
        return cut(Place(one.row, run.span, TextVerdict.COSMETIC, folds, cost=1), text.source)
    place = Place(one.row, run.span, TextVerdict.ALTERED, (), tuple(found), cost=cost_of(found))
    return cut(place, text.source)


def compared(asked: Quote, text: Words, one: Found, known: Known) -> tuple[Run, list[Change]]:
    """Return the article's words that a quotation nearly is, and the differences word by word."""
    whole = Run(asked.words, 0, len(asked.words))
    there = Run(text, *_settled(whole, Run(text, one.first, one.last)))
    return there, changes(whole, there, known, offset=asked.offset)


def cost_of(found: Sequence[Change]) -> int:
    """Return the characters that differ."""
    return sum(max(len(change.quoted), len(change.source)) for change in found)


def kept(asked: Quote, found: Sequence[Change]) -> float:
    """Return the part of a quotation's words that the article has there too: unchanged, misspelt or moved by a word."""
    lost = 0
    for change in found:
        if change.reason not in SMALL:
            lost += (Counter(Words(change.quoted).texts) - Counter(Words(change.source).texts)).total()
    return 1 - lost / len(asked.words)


def _settled(asked: Run, place: Run) -> tuple[int, int]:
    """Drop words at the place's ends that the quotation lacks; take in one for each of its own that hangs over."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

    first, last = place.first, place.last
    ops = list(Levenshtein.opcodes(asked.texts, place.texts))
    if ops and ops[0].tag == "insert":
        first += ops[0].dest_end - ops[0].dest_start
    elif ops and ops[0].tag == "delete":
        first = _back(place.words, first, ops[0].src_end - ops[0].src_start)
    if len(ops) > 1 and ops[-1].tag == "insert":
        last -= ops[-1].dest_end - ops[-1].dest_start
    elif len(ops) > 1 and ops[-1].tag == "delete":
        last = _forth(place.words, last, ops[-1].src_end - ops[-1].src_start)
    return first, max(first + 1, last)


_STOP = re.compile(r"[.!?;:\n" + re.escape(DOUBLE_MARKS) + "]")


def _back(words: Words, first: int, count: int) -> int:
    for _ in range(count):
        if first == 0 or _STOP.search(
            words.source[words.span(first - 1, first).end : words.span(first, first + 1).start]
        ):
            break
        first -= 1
    return first


def _forth(words: Words, last: int, count: int) -> int:
    for _ in range(count):
        if last >= len(words) or _STOP.search(
            words.source[words.span(last - 1, last).end : words.span(last, last + 1).start]
        ):
            break
        last += 1
    return last


ORDER = list(TextVerdict)
"""Verdicts from the strictest to the loosest."""


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


def rank(place: Place) -> tuple[int, bool, int]:
    """Order places: by verdict, whole quotations first, then by the characters that differ."""
    return ORDER.index(place.verdict), not place.whole, place.cost


def best(places: Iterable[Place]) -> Judgement:
    """Return the best place's verdict with all the places."""
    ranked = sorted(places, key=rank)
    return Judgement(ranked[0].verdict, tuple(ranked))
