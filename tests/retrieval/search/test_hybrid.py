"""What a question finds."""

import itertools
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.articles import Filters
from retrieval.errors import FilterError
from retrieval.search.hybrid import MAX_QUESTION_CHARACTERS, Searcher
from retrieval.search.retriever import PassageRetriever
from retrieval.store.library import Library
from tests.fakes import FakeEmbedder, make_article, make_library, put, remove

WHEAT = "Farmers in the delta sold wheat at record prices. The harvest was the best since the dam was built."
RAIL = "The new railway links the port with the copper mines. Trains carry ore and passengers twice a day."
BUDGET = "Parliament passed the budget after a long night. The finance minister thanked the opposition."


class ExactVectors:
    """A dense index that compares the question with every vector of the library."""

    def __init__(self, library: Library, *, silent: bool = False) -> None:
        self.library = library
        self.silent = silent

    def search(
        self, vector: NDArray[np.float32], limit: int, article_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        if self.silent:
            return []
        chosen = self.library.article_ids() if article_ids is None else article_ids
        ids, rows = self.library.vectors_of(chosen)
        scored = zip(ids, (rows @ vector).tolist(), strict=True)
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    articles = [
        make_article(WHEAT, title="Wheat", source="Daily Post", author="Ada Byron", published="2020-03-01"),
        make_article(RAIL, title="Railway", source="The Courier", author="Max Born", published="2021-06-01"),
        make_article(BUDGET, title="Budget", source="The Courier", path="in/budget.txt", url="https://example.org/b"),
    ]
    with make_library(tmp_path_factory.mktemp("store"), articles) as made:
        yield made


@pytest.fixture(scope="module")
def searcher(library: Library) -> Searcher:
    return Searcher(library, ExactVectors(library), FakeEmbedder())


def titles(searcher: Searcher, question: str, filters: Filters | None = None) -> list[str]:
    return [hit.article.title for hit in searcher.search(question, filters or Filters())]


def test_the_passage_that_answers_comes_first_with_all_its_diagnostics(searcher: Searcher) -> None:
    hit = searcher.search("Who passed the budget?")[0]
    assert hit.passage.text == BUDGET
    assert (hit.rank, hit.dense_rank, hit.word_rank) == (1, 1, 1)
    assert hit.dense_score is not None
    assert hit.word_score is not None
    assert -1 <= hit.dense_score <= 1
    assert hit.word_score > 0


def test_hits_are_ranked_from_one_best_first(searcher: Searcher) -> None:
    hits = searcher.search("wheat, trains and the budget")
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_passage_found_by_words_alone_still_gets_its_cosine(library: Library) -> None:
    hit = Searcher(library, ExactVectors(library, silent=True), FakeEmbedder()).search("copper mines")[0]
    assert hit.passage.text == RAIL
    assert hit.dense_rank is None
    assert hit.dense_score is not None
    assert hit.dense_score == pytest.approx(
        float(library.vectors([hit.passage.id])[0] @ FakeEmbedder().embed_query("copper mines"))
    )


def test_a_title_counts_for_the_passages_under_it(searcher: Searcher) -> None:
    assert titles(searcher, "railway")[0] == "Railway"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(sources=("the courier",)), {"Railway", "Budget"}),
        (Filters(authors=("byron",)), {"Wheat"}),
        (Filters(since="2021-01-01"), {"Railway"}),
        (Filters(sources=("nobody",)), set()),
    ],
)
def test_only_what_the_filters_leave_is_found(searcher: Searcher, filters: Filters, expected: set[str]) -> None:
    assert set(titles(searcher, "wheat trains budget", filters)) == expected


def test_a_filter_with_a_date_that_cannot_be_read_is_an_error(searcher: Searcher) -> None:
    with pytest.raises(FilterError, match="soon"):
        searcher.search("wheat", Filters(since="soon"))


@pytest.mark.parametrize("question", ["", "   ", "?!", "\n\t", "…", "_", "\x00", "\ud800", "😀"])
def test_a_question_without_a_word_finds_nothing(searcher: Searcher, question: str) -> None:
    assert searcher.search(question) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_asking_for_nothing_finds_nothing(searcher: Searcher, limit: int) -> None:
    assert searcher.search("wheat", limit=limit) == []


def test_a_question_of_function_words_alone_is_still_searched(searcher: Searcher) -> None:
    assert searcher.search("Who was it?")


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    with make_library(tmp_path) as empty:
        assert Searcher(empty, ExactVectors(empty), FakeEmbedder()).search("wheat") == []


@pytest.mark.parametrize(
    "question",
    [
        '"',
        "wheat AND",
        "NEAR(a b, 2)",
        "body:wheat",
        "wheat*",
        "^wheat",
        "a' OR 1=1 --",
        "{body context}: wheat",
        "NOT",
    ],
)
def test_query_syntax_in_a_question_is_only_words(searcher: Searcher, question: str) -> None:
    searcher.search(question)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), max_size=60))
def test_no_string_breaks_a_search(searcher: Searcher, question: str) -> None:
    assert len(searcher.search(question, limit=2)) <= 2


def test_what_follows_the_longest_question_is_not_read(searcher: Searcher) -> None:
    question = "wheat harvest ".ljust(MAX_QUESTION_CHARACTERS)
    assert searcher.search(question + "railway " * 50_000) == searcher.search(question)


def test_copies_of_one_report_take_one_place_and_the_next_moves_up(tmp_path: Path) -> None:
    copies = [make_article(f"{WHEAT} Agency report.", title="Wheat", origin=f"copy-{number}") for number in range(12)]
    other = make_article("Wheat is ground in the old mill of the village by the river.", title="Mill")
    with make_library(tmp_path, [*copies, other]) as made:
        found = Searcher(made, ExactVectors(made), FakeEmbedder()).search("record prices of wheat", limit=2)
    assert [hit.article.title for hit in found] == ["Wheat", "Mill"]
    assert [hit.rank for hit in found] == [1, 2]


def test_which_copy_stays_does_not_depend_on_the_order_they_were_read_in(tmp_path: Path) -> None:
    copies = [make_article(WHEAT, title="Wheat", origin=f"copy-{number}") for number in range(4)]
    kept = set()
    for order, name in ((copies, "one"), (copies[::-1], "two")):
        with make_library(tmp_path / name, order) as made:
            (hit,) = Searcher(made, ExactVectors(made), FakeEmbedder()).search("wheat prices")
            kept.add(hit.article.origin)
    assert len(kept) == 1


def test_an_article_that_left_is_found_no_more_and_a_new_one_at_once(tmp_path: Path) -> None:
    with make_library(tmp_path, [make_article(WHEAT, title="Wheat")]) as made:
        searcher = Searcher(made, ExactVectors(made), FakeEmbedder())
        assert titles(searcher, "wheat")
        remove(made, "Wheat")
        put(made, [make_article(RAIL, title="Railway")])
        assert titles(searcher, "wheat or trains") == ["Railway"]


def test_a_passage_that_only_an_outdated_index_knows_is_left_out(tmp_path: Path) -> None:
    class Outdated(ExactVectors):
        def search(self, *arguments: object, **options: object) -> list[tuple[str, float]]:
            return [("0000000000000000:0-5", 0.99), *super().search(*arguments, **options)]  # type: ignore[arg-type]

    with make_library(tmp_path, [make_article(WHEAT, title="Wheat")]) as made:
        hits = Searcher(made, Outdated(made), FakeEmbedder()).search("wheat")
    assert [(hit.article.title, hit.rank) for hit in hits] == [("Wheat", 1)]


def test_equal_cosines_come_in_the_same_order_however_an_index_returns_them(library: Library) -> None:
    class Tied(ExactVectors):
        turned = False

        def search(self, *arguments: object, **options: object) -> list[tuple[str, float]]:
            found = [(name, 0.5) for name, _ in super().search(*arguments, **options)]  # type: ignore[arg-type]
            return found[::-1] if self.turned else found

    index = Tied(library)
    searcher = Searcher(library, index, FakeEmbedder())
    before = [(hit.passage.id, hit.dense_rank) for hit in searcher.search("trains")]
    index.turned = True
    assert [(hit.passage.id, hit.dense_rank) for hit in searcher.search("trains")] == before


def test_many_threads_find_what_one_finds(searcher: Searcher) -> None:
    questions = ["wheat prices", "copper trains", "the budget"] * 20
    alone = [searcher.search(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(searcher.search, questions)) == alone


def test_frequent_terms_are_left_out_once_rarer_ones_fill_the_budget(
    library: Library, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.search.hybrid.MAX_POSTINGS", 2)
    assert len(searcher.search_words("the minister and the opposition", 10)) == 1
    assert searcher.search_words("the", 10), "a question of one frequent term is still searched"


def test_either_side_can_be_asked_alone(searcher: Searcher) -> None:
    assert searcher.search_words("copper", 5)[0][0] == searcher.search_dense("copper", 5)[0][0]


def test_the_retriever_gives_documents_with_their_place(searcher: Searcher, library: Library) -> None:
    found = PassageRetriever(searcher=searcher, limit=1).invoke("Who passed the budget?")
    assert len(found) == 1
    article = library.article("in/budget.txt")
    metadata = found[0].metadata
    assert set(metadata) == {
        "article_id", "title", "path", "url", "source", "author", "published", "start", "end", "score",
    }  # fmt: skip
    assert article.text[metadata["start"] : metadata["end"]] == found[0].page_content == BUDGET
    assert (metadata["article_id"], metadata["path"], metadata["url"]) == (
        article.id, "in/budget.txt", "https://example.org/b",
    )  # fmt: skip


def test_the_retriever_keeps_to_its_filters(searcher: Searcher) -> None:
    retriever = PassageRetriever(searcher=searcher, filters=Filters(authors=("Born",)))
    assert {document.metadata["title"] for document in retriever.invoke("wheat and trains")} == {"Railway"}


@pytest.mark.parametrize("step", ["passages", "vectors"])
def test_an_article_replaced_in_mid_search_is_found_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What was found of its old text is searched for again, not lost; two changes in one step are no failure."""
    first, second = (make_article(f"{word}. {WHEAT}", title="Wheat") for word in ("Corrected", "Corrected again"))
    with make_library(tmp_path, [make_article(WHEAT, title="Wheat")]) as library:
        read, replaced = getattr(library, step), iter([first, second])

        def meanwhile(ids: Sequence[str]) -> Any:
            put(library, itertools.islice(replaced, 1))
            return read(ids)

        monkeypatch.setattr(library, step, meanwhile)
        searcher = Searcher(library, ExactVectors(library, silent=step == "vectors"), FakeEmbedder())
        assert [hit.passage.article_id for hit in searcher.search("wheat prices")] == [second.id]
