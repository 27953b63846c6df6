"""Polarity: what a sentence negates and hedges, and how a claim differs in it from its sources."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from retrieval.text.analyzer import terms
from retrieval.text.lexicon import HEARSAY, HEDGES, NEGATORS, POSSIBILITY, is_negator
from retrieval.text.tokens import Word

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
