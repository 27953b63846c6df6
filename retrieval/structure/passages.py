"""Passages: runs of whole sentences of about 120 to 180 words, the unit of search.

A passage never crosses boilerplate, a heading or a table header; consecutive blocks of one section are packed together.
The title, headings, list lead-in and table header above it are its context: embedded with it, never quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.articles import CITABLE, Article, Block, BlockKind, Passage, Span
from retrieval.structure.blocks import content
from retrieval.structure.lines import INVISIBLE
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sentences import MAX_SENTENCE, sentences

TARGET_WORDS = 120
MAX_WORDS = 180
"""Words of a passage: from 120 it ends with its block, and no sentence takes it beyond 180. With its context that is
about the 256 word pieces that all-MiniLM-L6-v2 reads."""

MIN_TAIL_WORDS = 60
"""A last passage of a section below this joins the one before, or the two are split again in the middle."""

MAX_CONTEXT_CHARACTERS = 400
"""Longest context; a longer one is cut at a word."""

_BYTES_PER_WORD = 12  # bounds text without spaces (Chinese, base64)
_SPACE = LazyPattern(r"\s+")
_WHOLE = frozenset({BlockKind.TABLE_ROW, BlockKind.TABLE_CELL})


@dataclass(frozen=True, slots=True)
class _PassageSentence:
    span: Span
    block: Block
    words: int


def split(article: Article) -> list[Passage]:
    """Return the passages of ``article``, in order.

    Their spans are strictly increasing and disjoint; ``article.text[start:end] == passage.text``. Every character of a
    citable block's content that is not white space is in exactly one sentence of exactly one passage.
    """
    passages: list[Passage] = []
    for run in _runs(article.blocks):
        for packed in _pack([found for block in run for found in _sentences(article.text, block)]):
            span = Span(packed[0].span.start, packed[-1].span.end)
            passages.append(
                Passage(
                    article_id=article.id,
                    ordinal=len(passages),
                    span=span,
                    text=span.of(article.text),
                    context=_context(article, packed[0].block, span),
                    sentences=tuple(found.span for found in packed),
                    page=packed[0].block.page,
                )
            )
    return passages


def _runs(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield the runs of consecutive citable blocks."""
    run: list[Block] = []
    for block in blocks:
        if block.kind in CITABLE:
            run.append(block)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _sentences(text: str, block: Block) -> Iterator[_PassageSentence]:
    span = content(text, block)
    whole = block.kind in _WHOLE and 0 < len(span) <= MAX_SENTENCE
    for found in [span] if whole else sentences(text, span):
        yield _PassageSentence(found, block, _weight(found.of(text)))


def _weight(sentence: str) -> int:
    return max(len(sentence.split()), len(sentence.encode("utf-8", "surrogatepass")) // _BYTES_PER_WORD, 1)


def _pack(found: Sequence[_PassageSentence]) -> Iterator[Sequence[_PassageSentence]]:
    """Yield runs of sentences of about the target length, ending with a block where possible."""
    ends: list[int] = []
    words = 0
    for at, sentence in enumerate(found):
        new_block = at > 0 and sentence.block is not found[at - 1].block
        if words and (words + sentence.words > MAX_WORDS or (new_block and words >= TARGET_WORDS)):
            ends.append(at)
            words = 0
        words += sentence.words
    starts = [0, *ends]
    if len(starts) > 1 and words < MIN_TAIL_WORDS:
        tail = starts.pop()
        last = found[starts[-1] :]
        if sum(sentence.words for sentence in last) > MAX_WORDS:
            starts.append(_middle(found, starts[-1]) or tail)
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        if start < end:
            yield found[start:end]


def _middle(found: Sequence[_PassageSentence], start: int) -> int:
    """Return where to split ``found[start:]`` into halves of about equal length, between blocks where possible."""
    total = sum(sentence.words for sentence in found[start:])
    best, least = 0, float("inf")
    before = 0
    for at in range(start + 1, len(found)):
        before += found[at - 1].words
        uneven = abs(total - 2 * before) + (total * 0.2 if found[at].block is found[at - 1].block else 0)
        if uneven < least:
            best, least = at, uneven
    return best


def _context(article: Article, block: Block, span: Span) -> str:
    """Return the title and headings above the passage, outermost first, without those inside it."""
    parts = [article.title, *(above.of(article.text) for above in block.context if not above.overlaps(span))]
    seen: list[str] = []
    for part in parts:
        words = _SPACE.sub(" ", part[:1_000]).strip(INVISIBLE + "*_|# ")
        if words and words not in seen:
            seen.append(words)
    context = " › ".join(seen)
    return context if len(context) <= MAX_CONTEXT_CHARACTERS else context[:MAX_CONTEXT_CHARACTERS].rsplit(" ", 1)[0]
