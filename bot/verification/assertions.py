"""Assertions: the sentences of an answer that claim something; questions, headings and lead-ins do not."""

from __future__ import annotations

import re

from retrieval.text.analyzer import terms

LIST_MARK = re.compile(r"\s*(?:[-*+•–—]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+")
"""The mark of a list item, which is no part of the claim."""
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
_LEAD_IN = re.compile(
    r"(?:here(?:'s|’s| is| are)|in (?:summary|short|brief)|to (?:sum up|summari[sz]e)|(?:the|these|your) (?:articles?"
    r"|sources?|passages?|reports?|excerpts?) (?:say|report|mention|describe|cover|give|list|name|contain|tell)\w*"
    r"|based on|according to|from) (?:.{0,80}\b(?:articles?|sources?|passages?|reports?|excerpts?|answer|summary"
    r"|points?|found|following|say|says)\b)?.{0,40}:",
    re.IGNORECASE,
)
_ABOUT_SOURCES = re.compile(
    r"(?:(?:the|these|your|those) )?(?:given |provided |available )?(?:articles?|sources?|passages?|reports?|excerpts?"
    r"|texts?) (?:provided |given |here )?(?:do|does|did)(?: not|n't|n’t) (?:\w+ )?(?:say|mention|state|specify|tell"
    r"|give|name|report|provide|contain|indicate|explain|describe|include|identify|address)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{1,6} |\*\*[^*]{1,60}\*\*:?$|__[^_]{1,60}__:?$")
_MAX_HEADING_WORDS = 8  # words


def split_list_mark(text: str) -> tuple[str, str]:
    """Return the list mark and white space in front of a claim, and the claim."""
    mark = LIST_MARK.match(text)
    start = mark.end() if mark else len(text) - len(text.lstrip())
    return text[:start], text[start:]


def is_assertion(text: str) -> bool:
    """Tell whether a sentence without its list mark asserts something that could be wrong."""
    plain = text.strip()
    bare = _EMPHASIS.sub("", plain)
    if not any(term.isalpha() for term in terms(bare, keep_stop_words=False)):
        return False
    if bare.endswith("?"):
        return False
    if _HEADING.match(plain) and len(bare.split()) <= _MAX_HEADING_WORDS:
        return False
    return not _LEAD_IN.fullmatch(bare)


def is_about_sources(text: str) -> bool:
    """Tell whether a sentence states what the articles do not say, which no article can support."""
    return bool(_ABOUT_SOURCES.match(_EMPHASIS.sub("", text.strip())))
