"""Reading on from a citation: "Say more about 1"."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answers import Answer, SearchScope
from bot.conversation.read_more import read_on
from bot.conversation.store import CitedPlace
from retrieval.articles import Article, ArticleInfo, Filters, Passage, Span
from retrieval.errors import InputError
from tests.bot.verification.harbour import hits_of, make_article

TEXT = "Title\n\n" + " ".join(f"Sentence {word} is here." for word in ("one", "two", "three", "four", "five")) + "\n"
ARTICLE = make_article(TEXT)
HITS = hits_of([ARTICLE])
SENTENCES = [span for hit in HITS for span in hit.passage.sentences]
SCOPE = SearchScope(1, 1, Filters())


class OneArticle:
    """A library of one article."""

    def article(self, named: str) -> Article:
        return ARTICLE

    def near_duplicates(self, article_id: str) -> Sequence[ArticleInfo]:
        return ()

    def info(self, article_id: str) -> ArticleInfo:
        return HITS[0].article

    def passages_of(self, article_id: str) -> list[Passage]:
        return [hit.passage for hit in HITS] if article_id == ARTICLE.id else []


def place(span: Span, article_id: str = ARTICLE.id) -> CitedPlace:
    return CitedPlace(1, article_id, span, span.of(TEXT))


def numbered(word: str) -> Span:
    return next(span for span in SENTENCES if word in span.of(TEXT))


def more(opened: Span, *shown: Span, sentences: int = 2) -> list[str]:
    """Return the sentences read on from ``opened``."""
    places = [place(span) for span in shown]
    answer: Answer = read_on("Say more", place(opened), places, OneArticle(), SCOPE, sentences=sentences)
    return [citation.quote for citation in answer.citations]


def test_the_sentences_after_the_citation_come_first() -> None:
    assert more(numbered("two")) == ["Sentence three is here.", "Sentence four is here."]


def test_without_a_sentence_after_it_the_nearest_before_it_come_in_article_order() -> None:
    assert more(numbered("five")) == ["Sentence three is here.", "Sentence four is here."]
    assert more(numbered("four")) == ["Sentence three is here.", "Sentence five is here."]


def test_neither_the_citation_nor_what_was_shown_comes_again() -> None:
    shown = numbered("three"), numbered("five")
    found = more(numbered("four"), *shown, sentences=9)
    assert found[-2:] == ["Sentence one is here.", "Sentence two is here."]
    assert not {"Sentence three is here.", "Sentence four is here.", "Sentence five is here."} & set(found)


def test_a_citation_of_an_article_that_was_deleted_is_refused() -> None:
    with pytest.raises(InputError, match="ask the question again"):
        read_on("Say more", place(numbered("one"), "gone"), [], OneArticle(), SCOPE, sentences=2)
