"""Brackets: which of the article's words a bracket of a quotation replaces, and whether that changes what is said.

"[Pence] was effective" for "He was effective" is an edit; "listen to the [prosecution]" for "the defense" is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from retrieval.articles import Span
from retrieval.quotes.diff import Change, ChangeKind, Run
from retrieval.quotes.house_style import units
from retrieval.quotes.quotation_parts import PartKind, Quote, QuotePart
from retrieval.text.analyzer import terms
from retrieval.text.folding import DOUBLE_MARKS, Words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    DO,
    HAVE,
    MODALS,
    PAST_MODALS,
    PERSONAL_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    QUALIFIERS,
    QUANTIFIERS,
    REFLEXIVE_PRONOUNS,
    STOP_WORDS,
    are_opposites,
    expanded,
    is_negator,
)

_MAX_REPLACED = 8  # words at an edge of the quotation among which those replaced are looked for
_MAX_PHRASE = 4  # words of a noun phrase
_BORDER = LazyPattern(f"[.!?;:,()\n{re.escape(DOUBLE_MARKS)}]|\\s[-–—]+\\s|—")
_DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS
_REFERRING = PERSONAL_PRONOUNS | REFLEXIVE_PRONOUNS | DEMONSTRATIVES
_VERBS = BE | HAVE | DO | MODALS
_REMARKS = frozenset(
    ["expletive", "expletives", "redacted", "inaudible", "unintelligible", "laughs", "laughter", "pause"]
)


def bracket_change(quote: Quote, part: QuotePart, source: str, replaced: Span) -> Change:
    """Return a bracket and the article's words in its place: of kind BRACKET where it is a harmless edit.

    Args:
        quote: The quotation.
        part: The bracket.
        source: The article.
        replaced: Its characters that the bracket stands for; empty where it only adds.
    """
    shown = quote.text[part.start : part.end]
    span = Span(part.start + quote.offset, part.end + quote.offset)
    original = replaced.of(source)
    is_ending = (
        bool(part.outside) and original.lower().startswith(shown.partition("[")[0].lower()) and " " not in original
    )
    written = Words(shown.replace("[", "").replace("]", ""))
    kind = ChangeKind.BRACKET if is_ending and not shown.startswith("[") else _kind(written, Words(original))
    return Change(shown, original, span, replaced, kind)


def with_brackets(quote: Quote, found: Sequence[Change], source: str) -> list[Change]:
    """Return word differences with those inside a bracket of the quotation as one change each."""
    for part in quote.parts:
        if part.kind is not PartKind.BRACKET or not part.words:
            continue
        start, end = part.start + quote.offset, part.end + quote.offset
        inside = [
            one
            for one in found
            if start <= one.quote_span.start
            and (one.quote_span.end <= end or (not one.quoted and one.quote_span.start <= end + 1))
        ]
        if inside:
            spans = [one.source_span for one in inside if one.source] or [inside[0].source_span]
            replaced = Span(min(span.start for span in spans), max(span.end for span in spans))
            found = [*(one for one in found if one not in inside), bracket_change(quote, part, source, replaced)]
    return sorted(found, key=lambda change: change.quote_span)


def _kind(inserted: Words, replaced: Words) -> ChangeKind:  # noqa: PLR0911 (a list of rules)
    ours, theirs = expanded(inserted.texts), expanded(replaced.texts)
    if ours == theirs:
        return ChangeKind.BRACKET
    if sum(map(is_negator, ours)) != sum(map(is_negator, theirs)):
        return ChangeKind.NEGATION
    if not theirs:
        is_limit = len(ours) == 1 and (ours[0] in QUALIFIERS or ours[0] in QUANTIFIERS)
        return ChangeKind.QUANTIFIER if is_limit else ChangeKind.BRACKET
    numbers, replaced_numbers = _numbers(inserted), _numbers(replaced)
    if numbers and replaced_numbers and numbers != replaced_numbers:
        return ChangeKind.NUMBER
    added, lost = [word for word in ours if word not in theirs], [word for word in theirs if word not in ours]
    if any(are_opposites(one, other) for one in added for other in lost):
        return ChangeKind.OPPOSITE
    if _is_other_modal(added, lost):
        return ChangeKind.MODAL
    if any(word in QUALIFIERS and word not in MODALS for word in lost):
        return ChangeKind.QUANTIFIER
    return _reference(inserted, replaced, added, lost)


def _numbers(words: Words) -> set[str]:
    return {unit.key for unit in units(words, 0, len(words)) if unit.key.startswith("#")}


def _is_other_modal(added: Collection[str], lost: Sequence[str]) -> bool:
    """Return whether a modal is replaced, and not only shifted into the past."""
    modals = [word for word in lost if word in MODALS]
    return any(PAST_MODALS.get(word) not in added for word in modals) and any(word in MODALS for word in added)


def _reference(inserted: Words, replaced: Words, added: Sequence[str], lost: Sequence[str]) -> ChangeKind:
    """Return the kind of a bracket that names something otherwise."""
    content = [word for word in lost if word not in STOP_WORDS]
    ours = [word for word in added if word not in STOP_WORDS]
    if not content or not ours or _REMARKS & set(ours):
        return ChangeKind.BRACKET
    if set(terms(inserted.source)) & set(terms(replaced.source)) or _are_initials(inserted.texts, replaced.texts):
        return ChangeKind.BRACKET
    if any(word in _REFERRING or word in POSSESSIVE_DETERMINERS for word in replaced.texts):
        return ChangeKind.BRACKET
    named, name = _has_name(replaced.source), _has_name(inserted.source)
    if named and name:
        return ChangeKind.NAME
    if named or name:
        return ChangeKind.BRACKET
    is_phrase = replaced.texts[0] in _DETERMINERS and inserted.texts[0] in _DETERMINERS
    return ChangeKind.BRACKET if is_phrase else ChangeKind.WORD


def _has_name(text: str) -> bool:
    return any(word[:1].isupper() and word.lower() not in STOP_WORDS for word in re.findall(r"\w+", text))


def _are_initials(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether one side is the initials of the other: "EPA" and "the Environmental Protection Agency"."""
    shorter, longer = sorted((one, other), key=len)
    letters = "".join(shorter).removeprefix("the")
    return len(letters) > 1 and letters == "".join(word[0] for word in longer if word not in STOP_WORDS)


def replaced_before(text: Words, at: int, part: QuotePart, follows: str) -> Run:
    """Return the words before ``at`` that a bracket at the quotation's beginning replaces; none where it only adds.

    Args:
        text: The article's.
        at: The word with which the quotation goes on.
        part: The bracket.
        follows: That word.
    """
    low = at
    while low > 0 and at - low < _MAX_REPLACED and not _BORDER.search(_between(text, low - 1)):
        low -= 1
    if at - low <= len(part.words) + 2:
        return Run(text, low, at)
    last = text.texts[at - 1]
    if expanded([last])[0] in _REFERRING:
        return Run(text, at - 1, at)
    if last in STOP_WORDS or follows not in _VERBS:
        return Run(text, at, at)
    first = at - 1
    while first > low and at - first < _MAX_PHRASE and text.texts[first] not in _DETERMINERS:
        if text.texts[first - 1] in STOP_WORDS and text.texts[first - 1] not in _DETERMINERS:
            break
        first -= 1
    return Run(text, first, at)


def replaced_after(text: Words, at: int, before: str) -> Run:
    """Return the words from ``at`` on that a bracket at the quotation's end replaces; none where it only adds.

    Args:
        text: The article's.
        at: The word after the quotation's last outside the bracket.
        before: That last word: only after one that asks for more ("to the …") is something replaced for sure.
    """
    if at >= len(text) or (at and _BORDER.search(_between(text, at - 1))):
        return Run(text, at, at)
    word = text.texts[at]
    if expanded([word])[0] in _REFERRING:
        return Run(text, at, at + 1)
    if before not in STOP_WORDS or before in _REFERRING:
        return Run(text, at, at)
    last = at
    while last < len(text) and last - at < _MAX_PHRASE:
        if text.texts[last] in STOP_WORDS and not (last == at and text.texts[last] in _DETERMINERS):
            break
        last += 1
        if last < len(text) and _BORDER.search(_between(text, last - 1)):
            break
    return Run(text, at, last)


def _between(text: Words, at: int) -> str:
    """Return the characters between a word and the next."""
    return text.source[text.span(at, at + 1).end : text.span(at + 1, at + 2).start]
