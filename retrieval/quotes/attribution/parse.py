"""Parsing an article for its quotations: paragraphs, pairs of marks, sentences and attribution frames.

:func:`parse` returns a :class:`ParsedText`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.articles import Span
from retrieval.quotes.attribution.frames import Frame, frames
from retrieval.quotes.attribution.sentences import Sentence, sentences, tokens
from retrieval.text.folding import blank_markup
from retrieval.text.quotation_marks import Pair, pairs, paragraphs

TEXTS_KEPT = 32
"""Texts of which it is remembered how they parse (about 26 ms each): twice as many as people who ask at once."""


@dataclass(frozen=True, slots=True)
class ParsedSentence:
    """A sentence with its frames; each quotation is a token with its number in the parsed text.

    Attributes:
        tokens: Its words, marks and quotations.
        frames: Who says something in it, outside its quotations.
        narrates: Whether it has a word outside quotation marks.
    """

    tokens: Sentence
    frames: tuple[Frame, ...]
    narrates: bool

    @property
    def span(self) -> Span:
        """Its characters."""
        return Span(self.tokens[0].start, self.tokens[-1].end)

    @property
    def quotes(self) -> list[int]:
        """The token numbers of its quotations."""
        return [number for number, token in enumerate(self.tokens) if token.quote >= 0]


@dataclass(frozen=True, slots=True)
class ParsedParagraph:
    """A paragraph: its characters, its pairs as (number, pair), and its sentences."""

    span: Span
    pairs: tuple[tuple[int, Pair], ...]
    sentences: tuple[ParsedSentence, ...]


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The paragraphs of a text in order, and all pairs of quotation marks, numbered as they come.

    ``text`` has spaces for its markup, so that offsets are the original's.
    """

    text: str
    paragraphs: tuple[ParsedParagraph, ...]
    pairs: tuple[Pair, ...]


def parse(text: str) -> ParsedText:
    """Return a parsed text; the last few are cached, since each of its quotations is attributed in turn."""
    return _parse(blank_markup(text))


@lru_cache(maxsize=TEXTS_KEPT)
def _parse(plain: str) -> ParsedText:
    return parse_paragraphs(plain, paragraphs(plain))


def parse_paragraphs(text: str, spans: Sequence[Span]) -> ParsedText:
    """Return a parsed text whose paragraphs are known."""
    found: list[ParsedParagraph] = []
    numbered: list[Pair] = []
    for span in spans:
        here = tuple((len(numbered) + at, pair) for at, pair in enumerate(pairs(text, span)))
        numbered.extend(pair for _, pair in here)
        words = tokens(text, span, [(number, pair.span) for number, pair in here])
        parsed_sentences = tuple(
            ParsedSentence(each, tuple(frames(each)), any(token.is_word for token in each))
            for each in sentences(text, words)
        )
        found.append(ParsedParagraph(span, here, parsed_sentences))
    return ParsedText(text, tuple(found), tuple(numbered))
