"""The counts of terms follow the word index, and what is scored is bounded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.articles import Filters
from retrieval.store import library as library_module
from retrieval.store import schema, word_index
from retrieval.store.library import Library
from tests.fakes import make_article, put, remove
from tests.retrieval.fakes_library import NIGER, PETS, PLAIN

DAYS = [make_article(f"On day {day} the mayor spoke of {name}.", title=f"Day {day}") for day, name in enumerate("abcd")]


def counted(library: Library) -> tuple[dict[str, int], dict[str, int]]:
    """Return the passages of each term as they are kept, and as FTS5 counts them."""
    with library.reading() as connection:
        kept = dict(connection.execute("SELECT term, passages FROM word_terms"))
        return kept, dict(connection.execute("SELECT term, doc FROM vocabulary"))


def test_terms_are_counted_as_articles_come_change_and_go(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        put(library, [NIGER, PETS, PLAIN])
        kept, held = counted(library)
        assert kept == held
        assert kept["niger"] == 3
        put(library, [make_article("No cat is left; résumé, 2nd.", origin=PETS.origin, title="Changed")])
        kept, held = counted(library)
        assert kept == held
        remove(library, NIGER.origin)
        kept, held = counted(library)
        assert kept == held
        assert "agadez" not in kept


def test_a_library_without_counts_gets_them_and_is_read_without_when_it_cannot_be_written(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        put(library, [NIGER, PETS])
        expected, _ = counted(library)
    with closing(sqlite3.connect(tmp_path / schema.LIBRARY_FILE)) as connection:
        connection.execute("DROP TABLE word_terms")
        connection.execute("DELETE FROM meta WHERE key = ?", (word_index.TERMS_KEY,))
        connection.commit()
        connection.execute("BEGIN")
        assert word_index.all_counts(connection) == expected
        assert word_index.counts(connection, ["niger", "absent"]) == {"niger": 2, "absent": 0}
    with Library.open(tmp_path) as library:
        assert counted(library)[0] == expected


def test_a_term_in_too_many_passages_is_sought_in_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(tmp_path, create=True) as library:
        put(library, DAYS)
        everything = [identifier for identifier, _ in library.search_words(["mayor"], limit=9)]
        monkeypatch.setattr(library_module, "MAX_SCORED", 2)
        newest = [identifier for identifier, _ in library.search_words(["mayor"], limit=9)]
        assert len(everything) == 4
        assert sorted(newest) == sorted(library.passage_ids([DAYS[2].id, DAYS[3].id]))


def test_rare_terms_are_sought_in_all_passages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that occurs everywhere is left out beside them."""
    with Library.open(tmp_path, create=True) as library:
        put(library, [NIGER, *DAYS])
        monkeypatch.setattr(library_module, "MAX_SCORED", 3)
        found = library.search_words(["mayor", "niger"], limit=9)
        assert {identifier.partition(":")[0] for identifier, _ in found} == {NIGER.id}
        only = library.search_words(["mayor"], limit=9, article_ids=[DAYS[0].id])
        assert [identifier for identifier, _ in only] == library.passage_ids([DAYS[0].id])
        monkeypatch.setattr(library_module, "MAX_SCORED", 1)
        left = library.article_ids(Filters(articles=(DAYS[0].id, DAYS[2].id)))
        newest = library.search_words(["mayor"], limit=9, article_ids=left)
        assert [identifier for identifier, _ in newest] == library.passage_ids([DAYS[2].id])


def test_articles_that_filters_leave_are_searched_as_if_named_one_by_one(tmp_path: Path) -> None:
    """Their ids are not handed to the database again: there may be tens of thousands."""
    filters = (
        Filters(sources=("le monde",)),
        Filters(since="2023-06-01"),
        Filters(authors=("smith",), until="2025-01-01"),
    )
    with Library.open(tmp_path, create=True) as library:
        put(library, [NIGER, PETS, PLAIN, *DAYS])
        statements: list[str] = []
        for each in filters:
            left = library.article_ids(each)
            with library.reading() as connection:
                connection.set_trace_callback(statements.append)
            found = library.search_words(["niger", "cat"], limit=9, article_ids=left), library.passage_count(left)
            assert not any("json_each" in each for each in statements)
            named = list(left)
            assert found == (
                library.search_words(["niger", "cat"], limit=9, article_ids=named),
                library.passage_count(named),
            )
            assert found[1] > 0
            statements.clear()
