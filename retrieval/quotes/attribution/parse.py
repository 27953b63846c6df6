"""An article read for its quotations: paragraphs, pairs of marks, sentences and frames, each found once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.articles import Span
from retrieval.quotes.attribution.frames import Frame, frames
from retrieval.quotes.attribution.sentences import Sentence, sentences, tokens
from retrieval.text.quotation_marks import Pair, pairs, paragraphs


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence with its frames; quotations are tokens that carry their number in the reading."""

    tokens: Sentence
    frames: tuple[Frame, ...]

    @property
    def span(self) -> Span:
        """Its characters."""
        return Span(self.tokens[0].start, self.tokens[-1].end)

    @property
    def quotes(self) -> list[int]:
        """The token numbers of its quotations."""
        return [number for number, token in enumerate(self.tokens) if token.quote >= 0]

    @property
    def narrates(self) -> bool:
        """Tell whether it holds a word outside quotation marks."""
        return any(token.is_word for token in self.tokens)


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph: its characters, its pairs as (number, pair), and its sentences."""

    span: Span
    pairs: tuple[tuple[int, Pair], ...]
    sentences: tuple[ReadSentence, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The paragraphs of a text in order, and all pairs of quotation marks, numbered as they come."""

    text: str
    paragraphs: tuple[ReadParagraph, ...]
    pairs: tuple[Pair, ...]


@lru_cache(maxsize=8)
def read(text: str) -> Reading:
    """Read a text; the last few are remembered, since each of its quotations is asked about in turn."""
    return read_paragraphs(text, paragraphs(text))


def read_paragraphs(text: str, spans: Sequence[Span]) -> Reading:
    """Read a text whose paragraphs are known."""
    found: list[ReadParagraph] = []
    numbered: list[Pair] = []
    for span in spans:
        here = tuple((len(numbered) + at, pair) for at, pair in enumerate(pairs(text, span)))
        numbered.extend(pair for _, pair in here)
        words = tokens(text, span, [(number, pair.span) for number, pair in here])
        read_sentences = tuple(ReadSentence(each, tuple(frames(each))) for each in sentences(text, words))
        found.append(ReadParagraph(span, here, read_sentences))
    return Reading(text, tuple(found), tuple(numbered))
