"""The extractive answerer: verbatim sentences, honest abstentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from bot.answering.extractive import MAX_NEAREST, ExtractiveAnswerer
from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answers import AbstentionReason, SearchScope
from retrieval.articles import Article, ArticleInfo, Block, BlockKind, Filters, Hit, Passage, Span

TEXT = "Harbour news\n\nThe bridge opened in May. Ada Quill cut the ribbon.\n\nAdvertisement\n\nThe ferry is gone.\n"
SEARCHED = SearchScope(1, 1, Filters())


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


ARTICLE = Article(
    "harbour.txt",
    TEXT,
    "Harbour news",
    (
        Block(BlockKind.TITLE, span("Harbour news")),
        Block(BlockKind.PARAGRAPH, span("The bridge opened in May. Ada Quill cut the ribbon.")),
        Block(BlockKind.BOILERPLATE, span("Advertisement")),
        Block(BlockKind.PARAGRAPH, span("The ferry is gone."), page=2),
    ),
)
WHOLE = span(TEXT.strip().split("\n", 2)[2])
FOUND = tuple(span(words) for words in ("The ferry is gone.", "Ada Quill cut the ribbon.", "The bridge opened in May."))
HIT = Hit(
    Passage(ARTICLE.id, 0, WHOLE, WHOLE.of(TEXT), "Harbour news", tuple(sorted(FOUND))),
    ArticleInfo(ARTICLE.id, "harbour.txt", "Harbour news", "harbour.txt", "", "", "", "", len(TEXT), 1),
    1.0,
    1,
)


class FakeArticles:
    def article(self, named: str) -> Article:
        assert named == ARTICLE.id
        return ARTICLE

    def near_duplicates(self, article_id: str) -> Sequence[ArticleInfo]:
        return []


@dataclass
class FakeReader:
    """Offers ``FOUND`` in order and answers with the first ``answers``."""

    answers: int

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        if not hits:
            return ReaderResult((), 0.0, 0.0, 0)
        offered = tuple(ScoredSentence(HIT, each, 0.9 / n) for n, each in enumerate(FOUND, 1))
        return ReaderResult(offered, 0.9, 0.95, self.answers)


def answerer(answers: int, sentences: int = 3) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(FakeReader(answers), FakeArticles(), sentences=sentences)


def test_a_citation_names_the_articles_that_carry_the_same_story() -> None:
    class Carried(FakeArticles):
        def article(self, named: str) -> Article:
            return ARTICLE

        def near_duplicates(self, article_id: str) -> Sequence[ArticleInfo]:
            assert article_id == ARTICLE.id
            return [replace(HIT.article, id="other")]

    answer = ExtractiveAnswerer(FakeReader(2), Carried(), sentences=3).answer("What happened?", [HIT], SEARCHED)
    assert [[copy.id for copy in each.copies] for each in answer.citations] == [["other"]] * 2


def test_an_answer_is_the_readers_sentences_best_first() -> None:
    answer = answerer(2).answer("What happened?", [HIT], SEARCHED)
    assert [each.quote for each in answer.citations] == ["The ferry is gone.", "Ada Quill cut the ribbon."]
    assert answer.text == "The ferry is gone. [1] Ada Quill cut the ribbon. [2]"
    assert answer.abstention is None
    assert (answer.confidence, answer.p_answerable) == (0.9, 0.95)


@pytest.mark.parametrize("answers", [0, 1, 2, 3])
def test_every_quote_is_the_articles_own_characters(answers: int) -> None:
    answer = answerer(answers).answer("What happened?", [HIT], SEARCHED)
    for each in (*answer.citations, *answer.nearest):
        assert TEXT[each.span.start : each.span.end] == each.quote


def test_paragraphs_are_counted_without_titles_and_debris() -> None:
    answer = answerer(2).answer("What happened?", [HIT], SEARCHED)
    assert [(each.paragraph, each.page) for each in answer.citations] == [(2, 2), (1, None)]


def test_an_abstention_shows_the_nearest_sentences_and_asserts_none() -> None:
    answer = answerer(0).answer("Who is the president of France?", [HIT], SEARCHED)
    assert answer.citations == ()
    assert len(answer.nearest) == MAX_NEAREST
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NOT_IN_ARTICLES
    assert answer.text == "Not in these articles."


def test_no_passage_is_its_own_reason() -> None:
    answer = answerer(1).answer("Anything?", [], SEARCHED)
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NOTHING_FOUND


@pytest.mark.parametrize("question", ["", "  ", "?!", "…"])
def test_no_word_is_no_question(question: str) -> None:
    answer = answerer(1).answer(question, [HIT], SEARCHED)
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NOT_A_QUESTION


def test_filters_are_named_in_an_abstention() -> None:
    answer = answerer(0).answer("Who?", [HIT], SearchScope(4, 9, Filters(sources=("AFP",))))
    assert answer.abstention is not None
    assert "the articles that the filters leave" in answer.abstention.message


def test_an_answer_has_no_more_sentences_than_the_newsroom_wants() -> None:
    assert len(answerer(3, sentences=1).answer("What happened?", [HIT], SEARCHED).citations) == 1


def test_what_begins_in_the_passage_before_is_cited_whole() -> None:
    """A statement may be a run of sentences of which the passage found has the last alone."""
    last = span("Ada Quill cut the ribbon.")
    part = replace(HIT, passage=replace(HIT.passage, span=last, text=last.of(TEXT), sentences=(last,)))
    run = Span(span("The bridge opened").start, last.end)

    class RunReader:
        def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
            return ReaderResult((ScoredSentence(hits[0], run, 0.9),), 0.9, 0.9, 1)

    answer = ExtractiveAnswerer(RunReader(), FakeArticles()).answer("Who cut the ribbon?", [part], SEARCHED)
    assert answer.citations[0].quote == run.of(TEXT)
