"""Polarity: what a sentence negates and hedges, and how a claim differs in it from its sources."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import HEARSAY, HEDGES, NEGATORS, POSSIBILITY, alternation, is_negator
from retrieval.text.tokens import Word, read_words

IMPLICIT_NEGATORS = frozenset(
    term
    for word in """fail failed refuse refused deny denied decline declined reject rejected lack lacked unable prevent
    prevented stop stopped avoid avoided cancel cancelled canceled absent oppose opposed ban banned block blocked
    dismiss dismissed rule-out few little unlikely impossible doubt abandon abandoned false wrong neither nor free
    without instead rather cease ceased halt halted scrap scrapped drop dropped refusal failure ended end""".split()  # noqa: SIM905
    for term in terms(word)
)
"""Implicit negators: they may support a claim that says "not"."""
UNCERTAIN = HEDGES | frozenset(
    """accused suspected claim claims claimed believed thought expected likely can suggests suggested according said
    says alleges plans planned plan proposed proposal considering considers""".split()  # noqa: SIM905
)
"""Words that make a claim uncertain, so that it omits no hedge of its source."""
_DOUBTING = HEARSAY | POSSIBILITY
"""Hedges that a claim must not omit; "would" and "appeared" often express no doubt."""
_DENIALS = frozenset(
    term
    for word in "deny denied denies refuse refused fail failed decline declined reject rejected dismissed false".split()  # noqa: SIM905
    for term in terms(word)
)
"""Verbs that reverse the polarity of what follows them."""
_PROOF = LazyPattern(r"\b(?:proves?|proved|guarantees?|confirms|confirm(?:ed)? that)\b", re.IGNORECASE)
"""What asserts that something is so."""
_OPEN = LazyPattern(rf"\b(?:{alternation(POSSIBILITY | {'could'})})\b")
"""What leaves it open; "May" is the month."""
_NEGATION_SCOPE = 2  # content words that a negator negates
_REVERSAL_SCOPE = 5  # content words that a "denied" reverses
_MIN_REVERSED = 2  # reversed words that a claim must affirm to contradict the source
_MIN_PREFIXED_LETTERS = 5  # a word with a negative prefix is longer
_MAX_SCOPE_WORDS = 6  # words in which the scope is searched


@dataclass(frozen=True, slots=True)
class Polarity:
    """The negated, reversed and hedged words of a sentence; all words are terms.

    Attributes:
        negated: The two content words after each negator.
        heads: The first of each two.
        affirmed: Content words that occur outside the scope of a negator.
        negators: The negators, as written.
        reversed_words: Content words after a verb that reverses them ("denied"), with that verb.
        has_implicit: It contains an implicit negator ("refused").
        has_prefix: It contains a word that may have a negative prefix ("unsafe").
        hedged: Content words right after a "may" or "allegedly", with that hedge.
        is_uncertain: It contains a word of ``UNCERTAIN`` or a negator.
    """

    negated: frozenset[str]
    heads: frozenset[str]
    affirmed: frozenset[str]
    negators: tuple[str, ...]
    reversed_words: dict[str, str]
    has_implicit: bool
    has_prefix: bool
    hedged: dict[str, str]
    is_uncertain: bool


def read_polarity(text: str, words: Sequence[Word]) -> Polarity:
    """Return the polarity of ``text``."""
    written = [text[word.start : word.end].lower().replace("’", "'") for word in words]
    negated: set[int] = set()
    heads: set[str] = set()
    hedged: dict[str, str] = {}
    reversed_words: dict[str, str] = {}
    negators = []
    for place, word in enumerate(written):
        if is_negator(word) and not (word == "no" and text[words[place].end : words[place].end + 1] == "."):
            negators.append(word)
            scope = _scope_of(text, words, place)
            negated.update(scope)
            heads.update(words[number].term for number in scope[:1])
        if words[place].term in _DENIALS:
            scope = _scope_of(text, words, place, _REVERSAL_SCOPE)
            reversed_words.update((words[number].term, word) for number in scope)
        if word in _DOUBTING and not (words[place].date and place):
            for number in _scope_of(text, words, place)[:1]:
                hedged[words[number].term] = word
    content = [number for number, word in enumerate(words) if word.term and not word.stop]
    return Polarity(
        negated=frozenset(words[number].term for number in negated),
        heads=frozenset(heads),
        affirmed=frozenset(words[number].term for number in content if number not in negated),
        negators=tuple(negators),
        reversed_words=reversed_words,
        has_implicit=any(word.term in IMPLICIT_NEGATORS for word in words),
        has_prefix=any(each.startswith(("un", "in", "im")) and len(each) > _MIN_PREFIXED_LETTERS for each in written),
        hedged=hedged,
        is_uncertain=not UNCERTAIN.isdisjoint(written) or any(word in NEGATORS for word in written),
    )


def _scope_of(text: str, words: Sequence[Word], place: int, most: int = _NEGATION_SCOPE) -> list[int]:
    """Return the indices of the next content words in the scope of the word at ``place``, within its clause."""
    found: list[int] = []
    for number in range(place + 1, min(place + 1 + _MAX_SCOPE_WORDS * most // _NEGATION_SCOPE, len(words))):
        if any(mark in text[words[number - 1].end : words[number].start] for mark in ',;:—–.!?"“”'):
            break
        if text[words[number].start : words[number].end].lower() in {"but", "because", "although", "while", "and"}:
            break
        if words[number].term and not words[number].stop:
            found.append(number)
            if len(found) == most:
                break
    return found


def polarity_problem(claim: Polarity, sources: Collection[Polarity]) -> str:
    """Return how a claim's polarity differs from its sources', as a message; empty where it does not."""
    affirmed = frozenset().union(*(each.affirmed for each in sources))
    for term in sorted(claim.affirmed - claim.negated) if not (claim.has_implicit or claim.negators) else ():
        if any(term in each.heads for each in sources) and term not in affirmed:
            word = next(word for each in sources if term in each.heads for word in each.negators)
            return f"the source says “{word}” where the claim does not"
    if claim.negators and not any(each.negators or each.has_implicit or each.has_prefix for each in sources):
        return f"the source does not say “{claim.negators[0]}”"
    if not claim.has_implicit and not claim.negators:
        for each in sources:
            reversed_terms = [word for term, word in each.reversed_words.items() if term in claim.affirmed]
            if len(reversed_terms) >= _MIN_REVERSED:
                return f"the source says “{reversed_terms[0]}” where the claim does not"
    negated = frozenset().union(*(each.negated for each in sources))
    if any(term in affirmed and term not in negated for term in claim.heads) and not any(
        each.has_implicit or each.has_prefix for each in sources
    ):
        return f"the source affirms what the claim denies with “{claim.negators[0]}”"
    return ""


def overstated_possibility(claim: str, sources: Sequence[str]) -> str:
    """Return the problem of a claim that something proves what its source, the first, only holds possible; else empty.

    Args:
        claim: The claim.
        sources: The sentences of its evidence, the best first.
    """
    proof, possible = _PROOF.search(claim), _OPEN.search(sources[0]) if sources else None
    if not proof or not possible or any(map(_PROOF.search, sources)):
        return ""
    words = {claim[word.start : word.end].lower() for word in read_words(claim)}
    if not HEDGES.isdisjoint(words) or any(map(is_negator, words)):
        return ""
    return f"the source says “{possible.group()}” where the claim says “{proof.group()}”"


def lost_hedge(claim: Polarity, sources: Collection[Polarity]) -> str:
    """Return the hedge that a claim omits, as a message; empty where it omits none."""
    if claim.is_uncertain:
        return ""
    for each in sources:
        for term, word in each.hedged.items():
            if term in claim.affirmed:
                return f"the source says “{word}”, the claim does not"
    return ""
