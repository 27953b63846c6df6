"""Finding words among articles, exactly and nearly."""

from __future__ import annotations

import sqlite3

import pytest

from evals.quotes.store import TextLibrary
from retrieval.articles import Filters
from retrieval.quotes.diff import align
from retrieval.quotes.matcher import Matcher
from retrieval.store import quote_index
from retrieval.text.folding import Words, joined

FILLER = "The council met on Tuesday to talk about roads, schools and the harbour. Nothing was decided that day."
SAID = "We will not close the harbour before the new bridge opens in the spring."


@pytest.fixture
def library() -> TextLibrary:
    made = TextLibrary()
    articles = [
        (f"a{number}", "t", "Gazette", f"2020-01-{number + 1:02}", f"{FILLER} Item {number}.") for number in range(20)
    ]
    articles.append(("late", "t", "Gazette", "2021-05-01", f"{FILLER}\n\n“{SAID}” she said."))
    articles.append(("early", "t", "Herald", "2019-05-01", f"Earlier. “{SAID}” he said."))
    made.add(articles)
    return made


def test_words_are_found_in_every_article_that_holds_them(library: TextLibrary) -> None:
    with library.reading() as connection:
        matcher = Matcher(connection)
        found = matcher.exact(Words(SAID).texts)
        assert [matcher.info(one.row).origin for one in found] == ["late", "early"]
        assert all(
            matcher.words(one.row).span(one.first, one.last).of(matcher.words(one.row).source) == SAID[:-1]
            for one in found
        )


def test_a_filter_limits_what_is_found(library: TextLibrary) -> None:
    with library.reading() as connection:
        matcher = Matcher(connection, Filters(sources=("herald",)))
        assert [matcher.info(one.row).origin for one in matcher.exact(Words(SAID).texts)] == ["early"]
        assert [matcher.info(one.row).origin for one in matcher.near(Words(SAID).texts)] == ["early"]
        assert (matcher.searched, matcher.dates) == (1, ("2019-05-01", "2019-05-01"))


def test_part_of_a_word_is_not_the_word(library: TextLibrary) -> None:
    with library.reading() as connection:
        assert Matcher(connection).exact(["harbour", "before", "the", "new", "bridg"]) == []


@pytest.mark.parametrize("changed", [1, 6, 11])
def test_words_with_one_changed_are_found_nearly(library: TextLibrary, changed: int) -> None:
    words = Words(SAID).texts
    words[changed] = "kitchen"
    with library.reading() as connection:
        matcher = Matcher(connection)
        assert {matcher.info(one.row).origin for one in matcher.near(words)} == {"late", "early"}


def test_an_article_taken_out_is_found_no_more() -> None:
    connection = sqlite3.connect(":memory:")
    quote_index.create(connection)
    quote_index.add(connection, 1, "one two three four")
    quote_index.add(connection, 2, "one two five")
    quote_index.remove(connection, 1)
    assert quote_index.articles_with(connection, ["one", "four", "five"]) == {"one": 1, "four": 0, "five": 1}
    assert quote_index.stored(connection, 1) == ""


def test_a_text_with_more_signs_than_the_aligner_knows_is_aligned() -> None:
    words = [chr(code) for code in range(0x4E00, 0x4E00 + 600)]
    assert align(joined(words[300:320]).strip(), joined(words), 5) == (300, 320, 0)
