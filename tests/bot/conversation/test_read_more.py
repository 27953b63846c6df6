"""Reading on from a citation: "Say more about 1"."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answers import Answer, SearchScope
from bot.conversation.read_more import about_terms, read_on, with_other_names
from bot.conversation.store import CitedPlace
from retrieval.articles import Article, ArticleInfo, Filters, Hit, Passage, Span
from retrieval.errors import InputError
from retrieval.text.analyzer import terms
from tests.bot.fakes_bot import info
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


class TestKeptSentences:
    """Sentences that can be no answer leave the hits; the passages stay whole."""

    SENTENCES = (
        "Ana Prats signed it.",
        "General Prats signed in ink.",
        "Max Born signed it, too.",
        "Nobody else came.",
    )

    def hits(self) -> list[Hit]:
        text = " ".join(self.SENTENCES)
        spans = [Span(text.index(each), text.index(each) + len(each)) for each in self.SENTENCES]
        passage = Passage("a" * 16, 0, Span(0, len(text)), text, "Talks in Niger", tuple(spans))
        return [Hit(passage, info(), 1.0, 1)]

    def kept(self, hits: list[Hit]) -> list[str]:
        return [span.of(hit.passage.text) for hit in hits for span in hit.passage.sentences]

    def test_others_are_other_people_than_those_given(self) -> None:
        given = ("Who else signed it?", "Ana Prats signed it.")
        assert self.kept(with_other_names(self.hits(), given)) == [self.SENTENCES[2]]
        assert with_other_names(self.hits(), ()) == self.hits()

    def test_what_a_question_brings_in_is_in_the_sentence_the_one_before_or_above(self) -> None:
        assert self.kept(about_terms(self.hits(), terms("Born"))) == list(self.SENTENCES[2:])
        assert self.kept(about_terms(self.hits(), terms("Niger"))) == list(self.SENTENCES)
        assert about_terms(self.hits(), terms("Mali")) == []
