"""Whether a claim denies what its source affirms, or the other way round, or drops the source's "may".

Who did what to whom: parts of a claim that its source has the other way round.

A claim beside a sentence it nearly copies: what stands in the place of what, and where a "not" came or went.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import LCSseq

from bot.verification.entities import Name, NameIndex, given, names
from retrieval.text.analyzer import terms
from retrieval.text.lexicon import BE, HEARSAY, HEDGES, NEGATORS, POSSIBILITY, is_negator
from retrieval.text.numbers import quantities
from retrieval.text.tokens import Word, read_words

_SYMMETRIC = frozenset({"met", "meet", "marri", "talk", "play", "agre", "join", "and", "versus", "face", "border"})
"""Verbs that say the same either way round."""
_BETWEEN = 4  # words between a verb and what it joins
_LISTS = frozenset({"and", "or", "by"})


def swapped(text: str, words: Sequence[Word], source: str, others: Sequence[Word]) -> str:
    """Return the verb whose two sides a source has the other way round, as the claim has it, or nothing."""
    theirs = {(left, verb, right): passive for left, verb, right, passive, _ in _triples(source, others)}
    for left, verb, right, passive, place in _triples(text, words):
        reverse = theirs.get((right, verb, left))
        if reverse is not None and reverse == passive and (left, verb, right) not in theirs and verb not in _SYMMETRIC:
            return text[words[place].start : words[place].end]
    return ""


def _triples(text: str, words: Sequence[Word]) -> list[tuple[str, str, str, bool, int]]:
    """Return each content word with the nearest ones around it, whether it is passive, and its place."""
    content = [number for number, word in enumerate(words) if word.term and not word.stop]
    written = [text[word.start : word.end].lower() for word in words]
    found = []
    for at, place in enumerate(content[1:-1], 1):
        if words[place].number or words[place].date or text[words[place].start].isupper():
            continue
        before, after = written[max(0, place - 3) : place], written[place + 1 : place + 3]
        passive = "by" in after or not BE.isdisjoint(before)
        lefts = [n for n in content[max(0, at - 2) : at] if _beside(text, words, n, place)]
        rights = [n for n in content[at + 1 : at + 3] if _beside(text, words, place, n)]
        found += [(words[a].term, words[place].term, words[b].term, passive, place) for a in lefts for b in rights]
    return found


def _beside(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether two words are near, with no comma and nothing that joins a list between them."""
    if last - first > _BETWEEN:
        return False
    between = text[words[first].end : words[last].start].lower()
    return not any(mark in between for mark in ',;:()"“”') and not _LISTS.intersection(between.split())


IMPLICIT_NEGATORS = frozenset(
    term
    for word in """fail failed refuse refused deny denied decline declined reject rejected lack lacked unable prevent
    prevented stop stopped avoid avoided cancel cancelled canceled absent oppose opposed ban banned block blocked
    dismiss dismissed rule-out few little unlikely impossible doubt abandon abandoned false wrong neither nor free
    without instead rather cease ceased halt halted scrap scrapped drop dropped refusal failure ended end""".split()  # noqa: SIM905
    for term in terms(word)
)
"""Words that deny without a "not": a claim that says "not" may rest on them."""
UNCERTAIN = HEDGES | frozenset(
    """accused suspected claim claims claimed believed thought expected likely can suggests suggested according said
    says alleges plans planned plan proposed proposal considering considers""".split()  # noqa: SIM905
)
"""Words any of which keeps a claim from saying for certain what its source does not."""
_DOUBTING = HEARSAY | POSSIBILITY
"""Hedges that a claim must not leave out; "would" and "appeared" are often no doubt."""
_DENIALS = frozenset(
    term
    for word in "deny denied denies refuse refused fail failed decline declined reject rejected dismissed false".split()  # noqa: SIM905
    for term in terms(word)
)
"""Words that turn over what follows them."""
_SCOPE = 2  # content words after a negator that it denies
_DOUBTED = 5  # content words after a "denied" that it turns over
_TURNED = 2  # words turned over that a claim affirms, from which it affirms what was denied
_PREFIXED = 5  # letters that a word with a denying prefix has more of
_REACH = 6  # words after it that are looked at


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a sentence denies.

    Attributes:
        denied: Analysed words that a negator denies: for each negator the next two content words.
        heads: The first of each.
        affirmed: Content words that stand under no negator, at least once.
        negators: The negators, as they stand.
        doubted: Content words that follow a word that turns them over ("denied"), with that word.
        implies: It holds a word that denies without a negator ("refused").
        prefixed: It holds a word that may ("unsafe").
        hedged: Content words right after a "may" or "allegedly", with that word.
        hedges: It holds a word that keeps it from being certain.
    """

    denied: frozenset[str]
    heads: frozenset[str]
    affirmed: frozenset[str]
    negators: tuple[str, ...]
    doubted: dict[str, str]
    implies: bool
    prefixed: bool
    hedged: dict[str, str]
    hedges: bool


def polarity(text: str, words: Sequence[Word]) -> Polarity:
    """Read what ``text`` denies and hedges."""
    written = [text[word.start : word.end].lower().replace("’", "'") for word in words]
    denied: set[int] = set()
    heads: set[str] = set()
    hedged: dict[str, str] = {}
    doubted: dict[str, str] = {}
    negators = []
    for place, word in enumerate(written):
        if is_negator(word) and not (word == "no" and text[words[place].end : words[place].end + 1] == "."):
            negators.append(word)
            scope = _after(text, words, place)
            denied.update(scope)
            heads.update(words[number].term for number in scope[:1])
        if words[place].term in _DENIALS:
            doubted.update((words[number].term, word) for number in _after(text, words, place, _DOUBTED))
        if word in _DOUBTING and not (words[place].date and place):
            for number in _after(text, words, place)[:1]:
                hedged[words[number].term] = word
    content = [number for number, word in enumerate(words) if word.term and not word.stop]
    return Polarity(
        denied=frozenset(words[number].term for number in denied),
        heads=frozenset(heads),
        affirmed=frozenset(words[number].term for number in content if number not in denied),
        negators=tuple(negators),
        doubted=doubted,
        implies=any(word.term in IMPLICIT_NEGATORS for word in words),
        prefixed=any(each.startswith(("un", "in", "im")) and len(each) > _PREFIXED for each in written),
        hedged=hedged,
        hedges=not UNCERTAIN.isdisjoint(written) or any(word in NEGATORS for word in written),
    )


def _after(text: str, words: Sequence[Word], place: int, most: int = _SCOPE) -> list[int]:
    """Return the next content words that the word at ``place`` governs, to the end of its clause."""
    found: list[int] = []
    for number in range(place + 1, min(place + 1 + _REACH * most // _SCOPE, len(words))):
        if any(mark in text[words[number - 1].end : words[number].start] for mark in ',;:—–.!?"“”'):
            break
        if text[words[number].start : words[number].end].lower() in {"but", "because", "although", "while", "and"}:
            break
        if words[number].term and not words[number].stop:
            found.append(number)
            if len(found) == most:
                break
    return found


def flips(claim: Polarity, sources: Collection[Polarity]) -> str:
    """Return in words how a claim's polarity is another than its source's, or nothing."""
    affirmed = frozenset().union(*(each.affirmed for each in sources))
    for term in sorted(claim.affirmed - claim.denied) if not (claim.implies or claim.negators) else ():
        if any(term in each.heads for each in sources) and term not in affirmed:
            word = next(word for each in sources if term in each.heads for word in each.negators)
            return f"the source says “{word}” where the claim does not"
    if claim.negators and not any(each.negators or each.implies or each.prefixed for each in sources):
        return f"the source does not say “{claim.negators[0]}”"
    if not claim.implies and not claim.negators:
        for each in sources:
            turned = [word for term, word in each.doubted.items() if term in claim.affirmed]
            if len(turned) >= _TURNED:
                return f"the source says “{turned[0]}” where the claim does not"
    denied = frozenset().union(*(each.denied for each in sources))
    if any(term in affirmed and term not in denied for term in claim.heads) and not any(
        each.implies or each.prefixed for each in sources
    ):
        return f"the source affirms what the claim denies with “{claim.negators[0]}”"
    return ""


def firmer(claim: Polarity, sources: Collection[Polarity]) -> str:
    """Return in words how a claim is firmer than its source, or nothing."""
    if claim.hedges:
        return ""
    for each in sources:
        for term, word in each.hedged.items():
            if term in claim.affirmed:
                return f"the source says “{word}”, the claim does not"
    return ""


_AROUND, _ANCHORS = 4, 4  # words looked at on each side, and how many of all of them both must have
_NARROW = 4  # words of a stretch that stands in the place of another
_NEGATOR_REACH = 6  # words before one in which a word that denies it may stand
_NEGATOR_SCOPE = 3  # words after a negator in which what it denies begins
_STEM = 5  # letters with which two forms of one name begin alike
_ONLY = frozenset({"only", "just", "merely", "simply"})
_LIST = 4  # words between two names of a list
_JOINING = frozenset({"and", "or", "with", "as", "well", "alongside", "nor"})


@dataclass(frozen=True, slots=True)
class Substitution:
    """Characters ``[start, end)`` of the claim that stand where the sentence has its own ``[other, after)``."""

    start: int
    end: int
    other: int
    after: int


@dataclass(frozen=True)
class WordAlignment:
    """Two texts word by word, with the words that both have in one order.

    Attributes:
        text: The claim.
        words: Its words.
        source: The sentence.
        others: Its words.
    """

    text: str
    words: Sequence[Word]
    source: str
    others: Sequence[Word]

    @cached_property
    def _sides(self) -> tuple[list[Word], list[Word]]:
        return [word for word in self.words if word.term], [word for word in self.others if word.term]

    @cached_property
    def matched(self) -> dict[int, int]:
        """For each word of the claim that the sentence has in order, its number there."""
        left, right = self._sides
        runs = LCSseq.opcodes([word.term for word in left], [word.term for word in right])
        return {
            op.src_start + at: op.dest_start + at
            for op in runs
            if op.tag == "equal"
            for at in range(op.src_end - op.src_start)
        }

    def anchored(self, first: int, last: int) -> bool:
        """Tell whether enough words around the claim's words ``[first, last)`` stand together in the sentence as well.

        Only there can the two be read side by side.
        """
        around = range(first - _AROUND, last + _AROUND)
        places = [self.matched[near] for near in around if near in self.matched]
        return len(places) >= _ANCHORS and max(places) - min(places) <= len(around) + _NARROW

    def gaps(self) -> Iterator[Substitution]:
        """Yield the narrow stretches, between words that both have, which each fills with words of its own."""
        left, right = self._sides
        edges = [(-1, -1), *sorted(self.matched.items()), (len(left), len(right))]
        for (a, b), (a2, b2) in itertools.pairwise(edges):
            if 1 < a2 - a <= _NARROW + 1 and 1 < b2 - b <= _NARROW + 1 and self.anchored(a + 1, a2):
                yield Substitution(left[a + 1].start, left[a2 - 1].end, right[b + 1].start, right[b2 - 1].end)

    def turned(self) -> tuple[str, bool]:
        """Return a negator that one has before words that both have, and whether it is the claim's; or nothing."""
        left, right = self._sides
        ours, theirs = _denied(self.text, left), _denied(self.source, right)
        for place, negator in ours.items():
            there = self.matched.get(place)
            if (
                there is not None
                and there not in theirs
                and self.anchored(place, place + 1)
                and not _implied(right, there)
            ):
                return negator, True
        back = {there: here for here, there in self.matched.items()}
        for place, negator in theirs.items():
            here = back.get(place)
            if here is not None and here not in ours and self.anchored(here, here + 1) and not _implied(left, here):
                return negator, False
        return "", False


def _implied(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word that denies without a negator stands shortly before ``place``."""
    return any(word.term in IMPLICIT_NEGATORS for word in words[max(0, place - _NEGATOR_REACH) : place])


def _denied(text: str, words: Sequence[Word]) -> dict[int, str]:
    """Return the first content word after each negator, and the negator."""
    found: dict[int, str] = {}
    for place, word in enumerate(words):
        written = text[word.start : word.end].lower().replace("’", "'")
        if not is_negator(written) or written in {"without", "nor", "neither"}:
            continue
        following = words[place + 1 : place + 1 + _NEGATOR_SCOPE]
        if following and text[following[0].start : following[0].end].lower() in _ONLY:
            continue
        for at, each in enumerate(following, place + 1):
            if any(mark in text[words[at - 1].end : each.start] for mark in ",;:."):
                break
            if not each.stop:
                found[at] = written
                break
    return found


def other_facts(side: WordAlignment) -> Iterator[tuple[str, str]]:
    """Yield each name or number of the claim that stands where the sentence has another, and that one."""
    ours, theirs = names(side.text), names(side.source)
    mine, its = quantities(side.text), quantities(side.source)
    for gap in side.gaps():
        numbers = [each for each in mine if gap.start <= each.start and each.end <= gap.end + 2]
        others = [each for each in its if gap.other <= each.start and each.end <= gap.after + 2]
        if numbers and others and not any(a.agrees(b) for a in numbers for b in others):
            yield numbers[0].text, others[0].text
            continue
        own = [part for each in ours if (part := _within(side.text, each, gap.start, gap.end))]
        there = [part for each in theirs if (part := _within(side.source, each, gap.other, gap.after))]
        if own and there and not _alike(own, there) and not _listed(side, own[0], there[0]):
            yield own[0].text, there[0].text


def _within(text: str, name: Name, start: int, end: int) -> Name | None:
    """Return the part of a name that lies in ``[start, end)``."""
    start, end = max(start, name.start), min(end, name.end)
    if start >= end:
        return None
    found = tuple(word.term for word in read_words(text[start:end]) if word.term)
    return Name(start, end, text[start:end], found) if found else None


def _alike(ours: Sequence[Name], theirs: Sequence[Name]) -> bool:
    """Tell whether a name of one may be another form of a name of the other."""
    here, there = NameIndex(name.text for name in ours), NameIndex(name.text for name in theirs)
    return (
        any(there.has(name) for name in ours)
        or any(here.has(name) for name in theirs)
        or any(_short(a, b) for a in ours for b in theirs)
    )


def _short(one: Name, other: Name) -> bool:
    """Tell whether one may be short for the other: a word that both have, an initial, "Gabby" for "Gabrielle"."""
    shared = set(one.terms) & set(other.terms)
    a, b = one.terms[0], other.terms[0]
    least = 3 if a in given() and b in given() else _STEM
    return bool(shared) or (a[0] == b[0] and (min(len(a), len(b)) < 3 or a[:least] == b[:least]))


def _listed(side: WordAlignment, own: Name, there: Name) -> bool:
    """Tell whether both texts list the two names, each in its own order."""
    return _joined(side.text, own, names(side.text), there) and _joined(side.source, there, names(side.source), own)


def _joined(text: str, one: Name, every: Sequence[Name], wanted: Name) -> bool:
    for other in every:
        if other.terms == wanted.terms:
            first, second = sorted((one, other), key=lambda name: name.start)
            between = text[first.end : second.start].replace(",", " ").lower().split()
            return bool(_JOINING.intersection(between)) and len(between) <= _LIST
    return False
