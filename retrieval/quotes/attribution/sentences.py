"""Sentences of a paragraph as tokens in which each quotation is one token, so that rules see only the narration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from retrieval.articles import Span
from retrieval.text.abbreviations import ABBREVIATIONS, BEFORE_NAME
from retrieval.text.analyzer import DOTTED
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import ARTICLES, DEMONSTRATIVES, POSSESSIVE_DETERMINERS, SUBJECT_PRONOUNS

QUOTE = "“”"
"""The text of a token that stands for a whole quotation."""

MAX_SENTENCE_TOKENS = 300
"""A longer run is split: no rule reaches that far, and rules stay linear on text without full stops."""

_TOKEN = LazyPattern(
    r"[@#]\w+"
    rf"|{DOTTED}"
    r"|(?:[’'](?:s|S)\b)"
    r"|\d+(?:[.,:]\d+)*(?:[-‐‑]?[^\W\d_]+)*"
    r"|[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*(?:(?:[’'](?!s\b)|[-‐‑&](?=\w))[^\W_]+)*"
    r"|\.{2,}|--+|([^\w\s])\1{5,}+|[^\w\s]"
)
_SENTENCE_END = frozenset({".", "!", "?", "…", "..", "...", "....", "。", "！", "？"})
_CLOSERS = frozenset({")", "]", "’", "'"})


class Token(NamedTuple):
    """A word, a mark of punctuation, or a whole quotation.

    Attributes:
        text: As it stands, with the full stop of an abbreviation; ``QUOTE`` for a quotation.
        lower: The text in lower case with straight apostrophes.
        start: Offset of its first character in the article.
        end: Offset after its last character.
        quote: The number of the quotation among those given, or -1.
    """

    text: str
    lower: str
    start: int
    end: int
    quote: int = -1

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def is_word(self) -> bool:
        """Whether it contains a letter or digit."""
        return self.quote < 0 and (self.text[0].isalnum() or self.text[0] in "@#")


Sentence = tuple[Token, ...]
_new_token = tuple.__new__  # a third of the time of the constructor


def tokens(text: str, paragraph: Span, quotes: Sequence[tuple[int, Span]]) -> list[Token]:
    """Return the tokens of a paragraph; ``quotes`` are (number, span) of its quotations, in order."""
    found: list[Token] = []
    at = paragraph.start
    for number, span in quotes:
        found.extend(_words(text, at, span.start))
        found.append(Token(QUOTE, QUOTE, span.start, span.end, number))
        at = span.end
    found.extend(_words(text, at, paragraph.end))
    return found


def _words(text: str, start: int, end: int) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        piece = match[1] or match.group()  # six of one mark in a row count as one
        if piece == "." and found and found[-1].end == match.start() and _is_abbreviation(found[-1].text):
            last = found.pop()
            found.append(Token(last.text + ".", last.lower + ".", last.start, match.end()))
        else:
            lower = piece.lower().replace("’", "'")
            found.append(_new_token(Token, (piece, lower, match.start(), match.end(), -1)))
    return found


def _is_abbreviation(word: str) -> bool:
    return (len(word) == 1 and word.isupper() and word != "I") or word.lower() in ABBREVIATIONS


def sentences(text: str, found: Sequence[Token]) -> list[Sentence]:
    """Split tokens into sentences; a quotation that ends one inside its marks ends it outside them too."""
    result: list[Sentence] = []
    begun = 0
    for number, token in enumerate(found):
        within = token.text[-1].isalnum() and number + 1 < len(found)  # as most are
        if number - begun >= MAX_SENTENCE_TOKENS or (not within and _ends(text, found, number, token)):
            result.append(tuple(found[begun : number + 1]))
            begun = number + 1
    if begun < len(found):
        result.append(tuple(found[begun:]))
    return result


def _ends(  # noqa: PLR0911 (one return a rule)
    text: str, found: Sequence[Token], number: int, token: Token
) -> bool:
    if number + 1 >= len(found):
        return True
    following = found[number + 1]
    if following.text in _CLOSERS:
        return False
    if token.text in _CLOSERS and number and found[number - 1].text in _SENTENCE_END:
        token = found[number - 1]
    if token.quote >= 0:
        inside = text[token.start : token.end].rstrip("\"”“'’»」』 ")[-1:]
        return inside in {".", "。"} and _begins(following, after_quote=True)
    if token.text in _SENTENCE_END:
        return following.quote >= 0 or _begins(following, after_quote=False)
    if token.text.endswith(".") and len(token.text) > 1:
        if token.lower.rstrip(".") in BEFORE_NAME or len(token.text) == 2:
            return False
        return following.is_capital and following.lower in _SENTENCE_OPENERS
    return False


def _begins(token: Token, *, after_quote: bool) -> bool:
    if token.quote >= 0:
        return True
    if after_quote:
        return token.is_capital or token.text[0].isdigit() or token.text in {"(", "@"}
    return not token.text[0].islower() and token.text not in {",", ";", ":"}


_SENTENCE_OPENERS = (
    ARTICLES
    | DEMONSTRATIVES
    | SUBJECT_PRONOUNS
    | POSSESSIVE_DETERMINERS
    | frozenset(
        """but and in on at as after before when while if there according for with to however meanwhile asked mr. mrs.
        ms.""".split()  # noqa: SIM905 (readable as prose)
    )
)
