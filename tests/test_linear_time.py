"""Processor time grows in proportion to a text, whatever character or short unit it repeats."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from bot.answers import ClaimContext
from bot.generation.citation_markers import MarkerParser
from bot.generation.markup import MarkupReader
from bot.generation.sentence_stream import SentenceStream, tidy
from bot.llm.stream import ThinkingFilter
from bot.verification.additions import find_additions
from bot.verification.claim_context import resolve_claim
from bot.verification.clauses import split_clauses
from bot.verification.lead_ins import without_lead_in
from bot.verification.word_alignment import WordAlignment
from retrieval.articles import Article, Span
from retrieval.quotes.attribution import extraction, parse, resolve
from retrieval.quotes.attribution.speakers import attribute
from retrieval.quotes.quotation_parts import read_quote
from retrieval.quotes.record.extraction import statements
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split
from retrieval.text.folding import differences
from retrieval.text.numbers import quantities, single_units
from retrieval.text.tokens import read_words

SIZE = 4_000
"""Characters of the shorter text: small enough for milliseconds where time is linear."""

MAX_GROWTH = 8
"""Of the time for four times the text: 4 where it is linear, 16 where it is quadratic."""

NOISE = 0.02
"""Seconds that are added to both times, so that a text that takes no time is not compared with itself."""


def stream(text: str) -> None:
    """Read a model's text that comes in one chunk."""
    markup, markers, sentences = MarkupReader("kqzt", 5), MarkerParser("kqzt", 5), SentenceStream("kqzt")
    sentences.feed([*markers.feed(markup.feed(text) + markup.close()), *markers.close()])
    sentences.close()


def think(text: str) -> None:
    """Read a model's text before which it may have thought, character by character."""
    thinking = ThinkingFilter()
    for char in text:
        thinking.feed(char)
    thinking.close()


def index(text: str) -> None:
    """Split an article into passages."""
    for markdown in (False, True):
        read = structure(text, markdown=markdown)
        split(Article(origin="x", text=text, title=read.title, blocks=read.blocks))


CACHED = (parse._parse, extraction._quotations_of, resolve.attributions)
"""Emptied, so that a text costs what it does the first time."""


def attribute_all(text: str) -> None:
    """Ask who said each quotation of a text."""
    for cached in CACHED:
        cached.cache_clear()
    for quotation in extraction.quotations(text):
        attribute(text, quotation.content_span)
    resolve.attributions(text)


def state_all(text: str) -> None:
    """Find what a text says that people said."""
    for cached in CACHED:
        cached.cache_clear()
    statements(text)


def compare(text: str) -> None:
    """Name the differences between a text and another."""
    differences(text, text + "x")


def quote_whole(text: str) -> None:
    """Read a text that is all one quotation."""
    read_quote(text)


def remove_links(text: str) -> None:
    """Remove what a model's sentence must not contain."""
    tidy(text, ())


def add(text: str) -> None:
    """Find what a claim adds to a sentence that goes on otherwise."""
    claim, source = f"The mayor opened the harbour {text}", f"The mayor opened the harbour. {text[: SIZE // 4]}"
    side = WordAlignment(claim, read_words(claim), source, read_words(source))
    find_additions(side, [{word.term for word in side.source_words}], certain=False)


def read_claim(text: str) -> None:
    """Read a claim before it is judged: its lead-in, clauses, pronouns and numbers."""
    without_lead_in(text, ())
    split_clauses(text)
    resolve_claim(text, ClaimContext("Who opened the harbour?", text))
    quantities(text)
    single_units(text)


STEPS = {
    step.__name__: step
    for step in (
        stream, think, index, attribute_all, state_all, compare, quote_whole, remove_links, add, read_claim,
    )
}  # fmt: skip
UNITS = {
    "stream": ["(", "[", "【", " ", "\u00a0", "\n", "!", '"', "a", "字", "a\n", "`", "|", ">", "( ", "[1"],
    "think": [" ", "\n", "<"],
    "index": ["(", '"', " ", "\u00a0", ".", "a", "|", "<"],
    "attribute_all": ['"a" ', 'a"', "“a”, said b. ", "!", "…", '"', "'", ">", "a-\n", "a\n---\n", "A: b\n", "> a\n\n"],
    "state_all": ["“a b c”, said Ann B. ", "Ann Bee said that ", "said ", "> a\n\n"],
    "compare": ["\u00a0", "\u2028", "\x85", "-", "."],
    "quote_whole": ["a", "1", "'", "[", ".", " ", "a'"],
    "add": [", ", "secretly ", "at gunpoint ", ", who fled", "(", '"', "and fled ", "- ", "after it fled, "],
    "read_claim": [
        ", ",
        "(",
        '"',
        "the articles say that ",
        "and fled ",
        ", who fled",
        "a week ",
        "half ",
        "he ",
        "1,",
    ],
    "remove_links": ["1-", "a.", ".a", "[a](", "http://a ", "( ", "*"],
}


def seconds(step: Callable[[str], None], text: str) -> float:
    """Return the processor time of a step, without garbage collection: it grows with what other tests left."""
    gc.disable()
    try:
        start = time.process_time()
        step(text)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize(("step", "unit"), [(step, unit) for step, units in UNITS.items() for unit in units])
def test_four_times_the_text_takes_four_times_as_long(step: str, unit: str) -> None:
    text = unit * (SIZE // len(unit))
    STEPS[step](text[:100])  # imports and caches
    once = seconds(STEPS[step], text)
    assert seconds(STEPS[step], text * 4) + NOISE < MAX_GROWTH * (once + NOISE)


@pytest.mark.parametrize("char", ["(", "[", " ", "\n", '"', "!", "a"])
def test_a_chunk_of_one_character_is_read_in_linear_time(char: str) -> None:
    start = time.process_time()
    stream(char * 50_000)
    assert time.process_time() - start < 4


def test_a_stream_of_one_run_of_letters_loses_none() -> None:
    """A run longer than any sentence is cut, the same for any cutting of the stream."""
    text = "ab(c" * 3_000
    whole, piecewise = SentenceStream("kqzt"), SentenceStream("kqzt")
    drafts = [*whole.feed([text]), *whole.close()]
    assert "".join(draft.text for draft in drafts) == text
    assert [*(draft for char in text for draft in piecewise.feed([char])), *piecewise.close()] == drafts


def test_a_run_of_quotation_marks_is_an_ornament() -> None:
    """It opens no quotation; the quotations around it are found."""
    text = 'He said "it is over". """""""""" She said "it has begun".'
    assert [quotation.content_span.of(text) for quotation in extraction.quotations(text)] == [
        "it is over",
        "it has begun",
    ]


def test_a_place_in_a_text_of_many_quotations_is_looked_up_fast() -> None:
    text = '"a b c d", said Jane Smith. ' * 1_000
    attribute(text, Span(1, 8))
    start = time.process_time()
    for at in range(0, len(text), 28):
        attribute(text, Span(at + 1, at + 8))
    assert time.process_time() - start < 5
