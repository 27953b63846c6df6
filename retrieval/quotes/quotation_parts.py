"""A quotation as people write it: literal words, brackets that replace or add, ellipses that leave out, (sic)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from retrieval.text.folding import Words

_PAIRS = {
    '"': '"', "'": "'", "“": "”", "‘": "’", "„": "“”", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "›": "‹",
    "”": "”", "’": "’", "「": "」", "『": "』", "`": "'`", "＂": "＂", "〝": "〞〟",
}  # fmt: skip

_EDITS = re.compile(
    r"(?P<sic>[\[(]\s*sic[.!]?\s*[\])])"
    r"|(?P<gap>&hellip;|&\#8230;|[\[(]\s*(?:…|\.(?:\s?\.){1,3})\s*[\])]|…(?:\s?\.)?|\.(?:\s?\.){2,3}|(?<=\w)\.\.(?=[\w\s]))"
    r"|(?P<bracket>[\w'’]*\[(?P<inside>[^\[\]]{1,200})\](?!\((?:https?:|mailto:|www\.|[/\#]))(?:\w[\w'’]*)?)",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What a part of a quotation does."""

    WORDS = "words"
    GAP = "gap"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a quotation.

    Attributes:
        kind: What it does.
        words: Its words, folded; empty for a gap.
        start: Its place in the quotation's text.
        end: The place after it.
        inner: For a bracket inside a word (``[T]he``, ``want[ed]``): the letters outside the bracket, folded.
    """

    kind: Kind
    words: tuple[str, ...]
    start: int
    end: int
    inner: str = ""


def bare(text: str) -> tuple[int, int]:
    """Return the place of a quotation inside its outer quotation marks and their white space."""
    kept = 0, len(text)
    start, end = 0, len(text)
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if end - start < 2 or text[end - 1] not in _PAIRS.get(text[start], ""):
            return kept if kept == (0, len(text)) else (start, end)
        inside = text[start + 1 : end - 1]
        opening, closing = text[start], text[end - 1]
        if (closing in inside and closing not in "'’") or (opening in inside and opening not in {closing, "’"}):
            return kept if kept == (0, len(text)) else (start, end)  # the outer marks belong to two quotations
        start, end = start + 1, end - 1
        kept = start, end


def parts(text: str) -> list[Part]:
    """Return the parts of a quotation in order; one part of words when nothing was edited."""
    found: list[Part] = []
    position = 0
    for edit in _EDITS.finditer(text):
        found.extend(_literal(text, position, edit.start()))
        position = edit.end()
        if edit["gap"]:
            found.append(Part(Kind.GAP, (), *edit.span()))
        elif edit["bracket"]:
            whole = edit.group()
            outside = whole.replace(f"[{edit['inside']}]", "")
            words = Words(whole.replace("[", "").replace("]", "")).texts
            found.append(Part(Kind.BRACKET, tuple(words), *edit.span(), outside.lower()))
        else:
            found.append(Part(Kind.BRACKET, (), *edit.span()))  # (sic): adds no word
    found.extend(_literal(text, position, len(text)))
    return found


def _literal(text: str, start: int, end: int) -> list[Part]:
    words = Words(text[start:end]).texts
    return [Part(Kind.WORDS, tuple(words), start, end)] if words else []
