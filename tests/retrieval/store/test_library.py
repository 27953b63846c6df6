"""What the library keeps and finds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.articles import Article, Block, BlockKind, Filters, Passage, Span
from retrieval.errors import (
    FilterError,
    InputError,
)
from retrieval.store import schema
from retrieval.store import writer as writing
from retrieval.store.library import Library
from retrieval.store.rows import TEXT_CHUNK_CHARACTERS
from retrieval.text.analyzer import terms
from tests.fakes import FakeEmbedder, make_article, make_library, make_passages, put, remove
from tests.retrieval.fakes_library import NIGER, PETS, PLAIN, make_small


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_small(tmp_path / "store")


def titles(library: Library, filters: Filters) -> set[str]:
    return {info.title for info in library.articles(filters)}


# Keeping


def test_articles_and_passages_come_back_as_they_were(library: Library) -> None:
    """Text, metadata, blocks, spans, context and sentences survive the round trip."""
    for article in (NIGER, PETS, PLAIN):
        assert library.article(article.id) == article
        assert library.passages_of(article.id) == make_passages(article)


def test_every_kind_of_block_and_every_character_survives(tmp_path: Path) -> None:
    """Contexts, pages, emoji, NUL and line ends are kept exactly, also across the pieces a long text is kept in."""
    text = "Head\r\n\0 \U0001f600 body é\n" + "x" * 40_000 + "\nlast"
    blocks = (
        Block(BlockKind.HEADING, Span(0, 4)),
        Block(BlockKind.TABLE_ROW, Span(6, 40_010), (Span(0, 4), Span(1, 2)), 3),
    )
    article = Article("o", text, "t", blocks)
    passage = Passage(article.id, 0, Span(16_380, 32_770), text[16_380:32_770], "ctx", (Span(16_380, 16_390),), 3)
    with make_library(tmp_path) as library, library.writer() as writer, writer.transaction():
        embedder = FakeEmbedder()
        rows = embedder.embed_passages([passage.embedded_text])
        writer.put_article("o", writing.PreparedArticle(article, [passage], rows), embedder.fingerprint)
    with Library.open(tmp_path) as library:
        assert library.article(article.id) == article
        assert library.passages([passage.id, "nonsense", f"{article.id}:0-1"]) == [passage]


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=80), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_span_of_any_text_comes_back(tmp_path: Path, text: str, data: st.DataObject) -> None:
    """A passage's text is its article's characters, whatever they are and wherever the pieces are cut."""
    whole = text * (data.draw(st.integers(1, 500)))
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    article = Article("o", whole, "", ())
    passage = Passage(article.id, 0, Span(start, end), whole[start:end], "", ())
    embedder = FakeEmbedder(dimension=2)
    with Library.open(tmp_path, create=True) as library:
        with library.writer() as writer, writer.transaction():
            writer.set_model(embedder.fingerprint)
            rows = embedder.embed_passages([passage.text])
            writer.put_article("o", writing.PreparedArticle(article, [passage], rows), embedder.fingerprint)
        assert library.passages([passage.id]) == [passage]
        assert library.check() == []


def test_passage_texts_are_those_of_the_passages(tmp_path: Path) -> None:
    """Wherever a long text is parted in the store; in the order asked, also twice, and without unknown ones."""
    long = make_article("\n".join(f"Line {n} of the é report has words{n}." * 20 for n in range(120)), title="Long")
    with make_library(tmp_path / "long", [long]) as library:
        passages = library.passages_of(library.article_ids()[0])
        ids = [passage.id for passage in passages]
        assert passages[-1].span.start > 2 * TEXT_CHUNK_CHARACTERS
        asked = [*reversed(ids), ids[0], ids[0], "f" * 16 + ":0-1", "no id"]
        expected = [(each.id, each.context, each.text) for each in library.passages(asked)]
        assert list(library.passage_texts(asked)) == expected
        assert len(expected) == len(ids) + 2


def test_counts_sources_and_dates_describe_the_library(library: Library) -> None:
    """What a toolbar shows is what was kept."""
    counts = library.counts()
    assert (counts.articles, counts.passages) == (3, 5)
    assert library.sources() == [("Le Monde", 1), ("The Globe", 1)]
    assert library.date_range() == ("2023-01-31", "2024-03-02")
    assert [info.title for info in library.articles()] == ["Niger deal", "Pets at home", "Niger plain"]
    info = library.info(NIGER.id)
    assert (info.characters, info.passages, info.source) == (len(NIGER.text), 2, "Le Monde")
    assert library.infos([NIGER.id, "none"]) == {NIGER.id: info}


def test_an_article_of_the_same_origin_takes_the_old_ones_place(library: Library) -> None:
    """The old text, its words and its vectors are gone; the revision grows by one."""
    before = library.revision
    put(library, [make_article("The bird sat on a mat.\nA dog ran.", title="Pets at home")])
    assert library.revision == before + 1
    assert library.counts().articles == 3
    assert library.search_words(terms("cat"), limit=5) == []
    assert len(library.search_words(terms("bird"), limit=5)) == 1
    with pytest.raises(InputError):
        library.info(PETS.id)


def test_a_removed_article_leaves_nothing_behind(library: Library) -> None:
    """Text, words, frequencies and vectors leave with it, and the removed passages are reported."""
    before, ids = library.revision, library.passage_ids([PETS.id])
    remove(library, PETS.origin)
    assert library.document_frequencies(terms("cat niger")) == {"cat": 0, "niger": 3}
    assert library.changes(before).removed == sorted(ids)
    assert sum(len(found) for found, _ in library.iter_vectors(2)) == 3
    remove(library, NIGER.origin, PLAIN.origin)
    with sqlite3.connect(library.folder / schema.LIBRARY_FILE) as connection:
        for table in ("articles", "passages", "texts", "blocks", "vectors"):
            assert connection.execute("SELECT count(*) FROM " + table).fetchone() == (0,), table  # noqa: S608


def test_a_vector_shared_by_two_articles_stays_until_both_left(tmp_path: Path) -> None:
    """The same text is kept once as a vector, and as long as anybody needs it."""
    one, two = (make_article("Same words.", title="T", origin=origin) for origin in "ab")
    library = make_library(tmp_path, [one, two])
    remove(library, "a")
    assert library.vectors(library.passage_ids([two.id])).shape == (1, 64)


def test_a_transaction_that_fails_leaves_everything_as_it_was(library: Library) -> None:
    """Half an article is never seen."""
    before = (library.revision, library.counts())
    embedder = FakeEmbedder()
    passages = make_passages(NIGER)
    broken = writing.PreparedArticle(NIGER, passages, embedder.embed_passages([passages[0].text]))
    with library.writer() as writer, pytest.raises(ValueError, match="shorter"), writer.transaction():
        writer.put_article("x", broken, embedder.fingerprint)
    assert (library.revision, library.counts()) == before
    assert library.article(NIGER.id) == NIGER


# Finding


def test_word_search_finds_the_best_passage_first(library: Library) -> None:
    """More and rarer terms weigh more; scores fall; only the asked number comes."""
    found = library.search_words(terms("army Niger mat"), limit=10)
    assert library.passages([found[0][0]])[0].text.startswith("The army")
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(library.search_words(terms("niger"), limit=1)) == 1
    assert library.search_words([], limit=5) == library.search_words(terms("zebra"), limit=5) == []


def test_context_and_text_can_be_weighed_apart(library: Library) -> None:
    """A weight of nothing for the context leaves matches in titles without a score."""
    scores = dict(library.search_words(terms("plain"), limit=5, weights=(0.0, 1.0)))
    assert [abs(score) for score in scores.values()] == [0.0]


def test_word_search_keeps_to_the_articles_asked_for(library: Library) -> None:
    """Other articles' passages do not come, even if they match better."""
    found = library.search_words(terms("niger"), limit=9, article_ids=[PLAIN.id])
    assert [identifier.split(":")[0] for identifier, _ in found] == [PLAIN.id]
    assert library.search_words(terms("niger"), limit=9, article_ids=[]) == []


@pytest.mark.parametrize(
    "term", ['"', "a AND b", "NEAR(", "*", "col:x", "-", "'; DROP TABLE articles", "\0", "word_index"]
)
def test_no_term_is_read_as_query_language(library: Library, term: str) -> None:
    """Whatever a term holds, it is looked for and nothing else."""
    library.search_words([term], limit=5)
    library.document_frequencies([term])
    assert library.counts().articles == 3


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"Niger deal", "Pets at home", "Niger plain"}),
        (Filters(sources=("LE monde",)), {"Niger deal"}),
        (Filters(sources=("le monde", "the globe")), {"Niger deal", "Pets at home"}),
        (Filters(sources=("le mond",)), set()),
        (Filters(authors=("smith",)), {"Niger deal"}),
        (Filters(authors=("AÏCHA",)), {"Niger deal"}),
        (Filters(authors=("%",)), set()),
        (Filters(authors=("_",)), set()),
        (Filters(since="2024-03-02"), {"Niger deal"}),
        (Filters(until="2024-03-02"), {"Niger deal", "Pets at home"}),
        (Filters(since="2023-02-01", until="2024-03-01"), set()),
        (Filters(articles=(PLAIN.id, "none")), {"Niger plain"}),
        (Filters(articles=(PLAIN.id,), sources=("Le Monde",)), set()),
    ],
)
def test_filters_leave_what_they_say(library: Library, filters: Filters, expected: set[str]) -> None:
    """Sources whole and without case, authors in part, dates inclusive by day, all conditions together."""
    assert titles(library, filters) == expected
    assert len(library.article_ids(filters)) == len(expected)


@pytest.mark.parametrize(
    "date", ["yesterday", "2024-13-01", "2024-02-30", "20240301", "2024-3-1", "2024-W01-1", "٢٠٢٤-٠١-٠١"]
)
def test_a_date_that_cannot_be_read_is_named(library: Library, date: str) -> None:
    """The filter is refused, not ignored."""
    with pytest.raises(FilterError, match=date):
        library.articles(Filters(until=date))


def test_a_period_that_ends_before_it_begins_is_refused(library: Library) -> None:
    """An empty answer would hide the mistake."""
    with pytest.raises(FilterError, match="2024-01-02 is after the last 2024-01-01"):
        library.article_ids(Filters(since="2024-01-02", until="2024-01-01"))


@pytest.mark.parametrize(
    "name", [NIGER.id, NIGER.id[:6], "news/niger.txt", "./news/niger.txt", "niger.txt", "niger DEAL", "niger d"]
)
def test_an_article_is_found_by_what_a_person_would_type(library: Library, name: str) -> None:
    """An id or its start, a path or its end, a title or its start."""
    assert library.article(name).id == NIGER.id


def test_a_name_that_fits_several_articles_or_none_is_refused(library: Library) -> None:
    """The candidates are listed."""
    with pytest.raises(InputError, match=r"several articles: .*Niger plain.*Niger deal.*use an id"):
        library.article("niger")
    for name in ("", "  ", "zebra", "%", "niger.tx"):
        with pytest.raises(InputError, match="no article is called"):
            library.article(name)


def test_vectors_come_in_the_order_asked(library: Library) -> None:
    """Each row is the passage's own embedding."""
    ids = library.passage_ids([NIGER.id, PETS.id])[::-1]
    expected = FakeEmbedder().embed_passages([passage.embedded_text for passage in library.passages(ids)])
    assert np.array_equal(library.vectors(ids), expected)
    with pytest.raises(InputError, match="no passage"):
        library.vectors(["0" * 16 + ":0-1"])


def test_queries_use_indexes(library: Library) -> None:
    """Nothing a search runs walks through all passages."""
    statements: list[str] = []
    connection = library._take()
    connection.set_trace_callback(statements.append)
    library._give(connection)
    ids = library.passage_ids([NIGER.id])
    library.passages(ids)
    library.vectors(ids)
    library.search_words(terms("niger"), limit=5, article_ids=[NIGER.id])
    library.articles(Filters(sources=("x",), since="2024-01-01", authors=("y",)))
    library.changes(2)
    connection.set_trace_callback(None)
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) > 5
    for statement in selects:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if step.startswith(("SCAN p", "SCAN passages", "SCAN texts", "SCAN v"))], plan


def test_mentions_are_the_passages_that_have_every_phrase(tmp_path: Path) -> None:
    """Terms of a phrase stand in a row; the phrases may stand anywhere in the passage and its headings."""
    one = make_article("The red harbour burned.\nThe harbour is red.", title="Fire in Port Vell")
    other = make_article("Red boats left the harbour.", title="Boats")
    with make_library(tmp_path, [one, other]) as library:
        assert set(library.mentions([["red", "harbour"]])) == {one.id}
        assert {article: len(found) for article, found in library.mentions([["red"], ["harbour"]]).items()} == {
            one.id: 2,
            other.id: 1,
        }
        assert set(library.mentions([["vell"], ["red"]])) == {one.id}
        assert library.mentions([]) == {}
        assert library.mentions([], 4) == {}
