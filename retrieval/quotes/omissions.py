"""Omissions: the negators and qualifiers that a quotation leaves out, just outside its ends or under an ellipsis.

"The landlord is … permitted to terminate" consists of the article's own words; the article says "is not permitted".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.articles import Span
from retrieval.text.abbreviations import ends_in_abbreviation
from retrieval.text.folding import Words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import CONCESSIVES, CONDITIONALS, MODALS, changes_meaning, is_negator, is_qualifier
from retrieval.text.number_words import is_number
from retrieval.text.reporting_verbs import SPEECH

_WINDOW_CHARACTERS = 300  # examined on each side
_NEGATOR_WORDS = 7  # from a negator to the quotation that is in its scope, in the same clause
_QUALIFIER_WORDS = 3  # the same for a qualifier
_CONTRAST_WORDS = 6  # after "but", in which a negator or qualifier revokes what was said before it

_DOUBLE = LazyPattern('["“”„«»‹›]|(?<![^\\s(])‘')
_END = LazyPattern(r"[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\sa-z])|\n\s*\n|[.!?…]+[\"'”’)\]]*\s*$")
_CLAUSE = LazyPattern(r"[;:()]|\s[-–—]+\s|—|--")
_CONJUNCTIONS = frozenset(
    [
        "and",
        "but",
        "or",
        "because",
        "since",
        "although",
        "though",
        "when",
        "while",
        "which",
        "who",
        "so",
        "yet",
        "as",
        "after",
        "before",
        "whereas",
    ]
)
_CONDITIONS = CONDITIONALS - {"whether"}  # which opens a question that is reported
_REPLY = LazyPattern(r"[^\S\n]+(\w[\w'’]*)[.,!;]")
_ADVERSATIVE = CONCESSIVES | {"but", "yet"}
_SENTENCE_CLOSED = LazyPattern(r"[.!?…][\"'”’)\]]*$")
_FOLLOWS = LazyPattern(r"[ \u00a0-]?(%|per ?cent\b|hundred\b|thousand\b|[mbtr]+illion\b|[.,]\d+|½)", re.IGNORECASE)
_LEADS = LazyPattern(r"([$€£¥₹]|(?<=\s)-|\d[.,])$")
_CONNECTIVES = frozenset(["and", "but", "or", "though", "just", "then", "so", "at", "even"])


@dataclass(frozen=True, slots=True)
class Omission:
    """Words of the article that the quotation leaves out.

    Attributes:
        span: Their characters in the article.
        text: The words.
        critical: Those among them that change what is said: negators and qualifiers, folded.
        marked: Whether an ellipsis or a bracket of the quotation shows that something is missing.
    """

    span: Span
    text: str
    critical: tuple[str, ...]
    marked: bool


def critical_words(words: list[str]) -> tuple[str, ...]:
    """Return the negators and qualifiers among folded words."""
    return tuple(word for word in words if changes_meaning(word))


def edge_omissions(text: str, span: Span) -> tuple[Omission, ...]:
    """Return what a quotation of ``span`` leaves out at its two ends that changes what is said; usually nothing."""
    quoted = span.of(text)
    if quoted.endswith("?"):
        after = _answer_after(text, span.end)
    elif _SENTENCE_CLOSED.search(quoted):
        after = None
    else:
        after = _after(text, span.end)
    found = (_before(text, span.start), after, _rest_of_number(text, span))
    return tuple(omission for omission in found if omission)


def _before(text: str, start: int) -> Omission | None:
    """Return the negated or qualified words that a quotation beginning at ``start`` leaves out, or None.

    Examined: the same clause of the same sentence, inside the same quotation marks.
    """
    low = max(0, start - _WINDOW_CHARACTERS)
    window = text[low:start]
    for border in (_DOUBLE, _END, re.compile(r"\n")):
        for found in border.finditer(window):
            goes_on = not window[found.end() :].strip() and text[start : start + 1].islower()
            follows = (window[found.end() :] + text[start : start + 1]).lstrip()
            if border is _END and (goes_on or ends_in_abbreviation(window[: found.end()].rstrip(), follows)):
                continue
            low = max(low, start - len(window) + found.end())
    piece = text[low:start]
    clauses = list(_CLAUSE.finditer(piece))
    if clauses:
        if not piece[clauses[-1].end() :].strip() and clauses[-1].group().strip() in {"(", ":", ";"}:
            return None
        low += clauses[-1].end()
        piece = text[low:start]
    return _governing(text, low, piece, start)


def _governing(text: str, low: int, piece: str, start: int) -> Omission | None:  # noqa: PLR0911 (a list of rules)
    segments = [(found.start(), found.end()) for found in re.finditer(r"[^,]+|(?<=,)$", piece)]
    if not segments:
        return None
    if piece.rstrip().endswith(","):
        opening = next((word for word in Words(piece).texts), "")
        if opening in _CONDITIONS:
            return _omission(text, low, start)
        # "not, in my view, | permitted": words between two commas may be skipped
        kept = [segment for segment in segments if piece[slice(*segment)].strip()]
        nearest = Words(piece[slice(*kept[-1])]) if kept else Words("")
        if len(nearest) and is_negator(nearest.texts[-1]):
            return _omission(text, low + kept[-1][0], start)
        if len(kept) < 2 or len(piece[slice(*kept[-1])].split()) > 4:
            return None
        segment = kept[-2]
    else:
        segment = segments[-1]
    words = Words(piece[slice(*segment)])
    for back in range(1, min(len(words), _NEGATOR_WORDS) + 1):
        word = words.texts[-back]
        if _is_polite(words.texts, len(words) - back):
            return None
        if is_negator(word) or (is_qualifier(word) and (back <= _QUALIFIER_WORDS or word in _CONDITIONS)):
            found = words.span(len(words) - back, len(words) - back + 1)
            return _omission(text, low + segment[0] + found.start, start)
        earlier = words.texts[-back - 1] if back < len(words) else ""
        if word in _CONJUNCTIONS and not changes_meaning(earlier):
            return None
    return None


def _is_polite(words: Sequence[str], at: int) -> bool:
    """Return whether a modal only introduces what the speaker says: "I would ask | what is fair about it"."""
    is_last = at == len(words) - 2 or (at == len(words) - 3 and words[-1] == "that")
    return is_last and at > 0 and words[at - 1] in {"i", "we"} and words[at] in MODALS and words[at + 1] in SPEECH


def _after(text: str, end: int) -> Omission | None:
    """Return the negated or qualified words that a quotation ending at ``end`` stops short of, or None."""
    window = text[end : end + _WINDOW_CHARACTERS]
    stop = len(window)
    for border in (_DOUBLE, re.compile(r"\n"), re.compile(r"[.!?…](?=[\s\"'”’)]|$)")):
        found = border.search(window)
        if found:
            stop = min(stop, found.start())
    words = Words(window[:stop])
    if not len(words):
        return None
    for at in range(min(_CONTRAST_WORDS if words.texts[0] in _ADVERSATIVE else 2, len(words))):
        word = words.texts[at]
        if changes_meaning(word):
            clause = re.search(r"[,;:—]", window[words.span(at, at + 1).end : stop])
            until = words.span(at, at + 1).end + clause.start() if clause else stop
            return _omission(text, end + words.span(0, 1).start, end + until)
        if word not in _CONNECTIVES and words.texts[0] not in _ADVERSATIVE:
            return None
    return None


def _rest_of_number(text: str, span: Span) -> Omission | None:
    """Return what a quotation that begins or ends inside a number leaves of it: "4" of "4%", "5" of "5 million"."""
    inside = Words(span.of(text))
    if not len(inside):
        return None
    if is_number(inside.texts[-1]):
        rest = _FOLLOWS.match(text, span.end)
        if rest:
            return replace(_omission(text, *rest.span(1)), critical=(rest[1].lower(),))
    if is_number(inside.texts[0]):
        rest = _LEADS.search(text[max(0, span.start - 4) : span.start])
        if rest:
            start = span.start - len(rest.group())
            return replace(_omission(text, start, start + len(rest[1])), critical=(rest[1],))
    return None


def _answer_after(text: str, end: int) -> Omission | None:
    """Return the "No." that answers a question at whose end a quotation stops, or None."""
    reply = _REPLY.match(text, end)
    if reply is None or not is_negator(Words(reply[1]).texts[0]):
        return None
    return _omission(text, reply.start(1), reply.end(1))


def _omission(text: str, start: int, end: int) -> Omission:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    piece = text[start:end]
    return Omission(Span(start, end), piece, critical_words(Words(piece).texts), marked=False)
