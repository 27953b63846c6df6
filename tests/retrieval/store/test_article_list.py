"""The articles are listed as the database has them, and followed without reading them again."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles import Filters
from retrieval.store import article_list
from retrieval.store.backup import backup, restore
from retrieval.store.library import NO_FILTERS, Library
from tests.fakes import make_article, put, remove
from tests.retrieval.fakes_library import NIGER, PETS, PLAIN

DATED = [
    make_article(f"The mayor spoke on day {day}.", title=f"Day {day}", published=f"2024-03-{day:02}", source="Herald")
    for day in (3, 1, 2, 4)
]


def in_sql(library: Library) -> list[str]:
    with library.reading() as connection:
        return [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY day DESC, origin")]


def listed(library: Library, filters: Filters = NO_FILTERS) -> list[str]:
    return [each.id for each in library.articles(filters)]


def test_articles_are_listed_newest_first_as_they_come_change_and_go(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        assert listed(library) == []
        put(library, [NIGER, PLAIN])
        assert listed(library) == in_sql(library) == [NIGER.id, PLAIN.id]
        put(library, DATED)
        put(library, [PETS])
        assert listed(library) == in_sql(library)
        put(library, [make_article("Another text.", origin=PETS.origin, published="2025-01-01")])
        remove(library, NIGER.origin, DATED[1].origin)
        assert listed(library) == in_sql(library)
        assert NIGER.id not in listed(library)
        assert PETS.id not in listed(library)


def test_only_the_articles_that_came_are_read(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        put(library, DATED)
        library.articles()
        read: list[int] = []
        with library.reading() as connection:
            connection.set_trace_callback(lambda each: read.append(int(each[-1])) if "key > " in each else None)
        put(library, [PETS])
        assert len(library.articles()) == len(DATED) + 1
        assert library.articles() == library.articles()
        assert read == [len(DATED)]  # all that was known before, once


def test_filters_leave_the_same_articles_from_memory_as_from_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = [Filters(sources=("herald",)), Filters(since="2024-03-02"), Filters(authors=("smith",))]
    with Library.open(tmp_path, create=True) as library:
        put(library, [*DATED, NIGER, PETS, PLAIN])
        expected = [listed(library, each) for each in filters]
        library.articles()
        monkeypatch.setattr(article_list, "FEW_ARTICLES", 0)
        assert [listed(library, each) for each in filters] == expected
        assert all(expected)


def test_a_list_that_was_given_out_can_be_changed(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        put(library, [NIGER, PETS])
        library.articles().clear()
        assert len(library.articles()) == 2


def test_a_restored_library_is_read_anew(tmp_path: Path) -> None:
    """Its keys and its revision may be those of the one before."""
    with Library.open(tmp_path / "one", create=True) as one, Library.open(tmp_path / "two", create=True) as two:
        put(one, [NIGER])
        put(two, [PETS])
        assert listed(two) == [PETS.id]
        backup(tmp_path / "one", tmp_path / "kept.sqlite")
        restore(tmp_path / "two", tmp_path / "kept.sqlite")
        assert listed(two) == [NIGER.id]


def test_a_reader_that_began_before_a_commit_sees_what_was_there(tmp_path: Path) -> None:
    listing = article_list.ArticleList()
    with Library.open(tmp_path, create=True) as library:
        put(library, [NIGER, PETS])
        with library.reading() as early:
            early.execute("SELECT 1 FROM meta").fetchone()  # its snapshot is taken here
            remove(library, PETS.origin)
            put(library, [PLAIN])
            with library.reading() as late:
                assert [each.id for each in listing.all(late)] == [NIGER.id, PLAIN.id]
            assert [each.id for each in listing.all(early)] == [NIGER.id, PETS.id]
        with library.reading() as late:
            assert [each.id for each in listing.all(late)] == [NIGER.id, PLAIN.id]
