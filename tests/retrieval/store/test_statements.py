"""The statement index: it goes with its articles, and is read anew when its version changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.articles import Span
from retrieval.store import statements as index
from retrieval.store.library import Library
from retrieval.store.statements import Statement, StatementKind
from tests.fakes import make_article, make_library

BRIDGE = make_article("Ann Brook said that the bridge is safe.", origin="bridge.txt", published="2024-03-05")
SAFE = Statement(
    StatementKind.INDIRECT, (Span(20, 38),), Span(0, 39), "Ann Brook", Span(0, 9), Span(10, 14), "indirect", 0.85
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path, [BRIDGE]) as made:
        yield made


def stored(library: Library) -> list[Statement]:
    with library.reading() as connection:
        keys = [name.key for name in index.speaker_names(connection)]
        return [each.statement for each in index.statements_of(connection, keys, ("1", []))]


def unread(library: Library) -> list[int]:
    with library.reading() as connection:
        return index.unread(connection)


def put(library: Library, *found: Statement) -> None:
    with library.writer() as writer, writer.transaction():
        writer.put_statements(1, found)


def test_a_statement_comes_back_as_it_was_stored(library: Library) -> None:
    """An article counts as unread until its statements are stored, and has them once."""
    assert unread(library) == [1]
    put(library, SAFE)
    put(library, SAFE)
    assert stored(library) == [SAFE]
    assert unread(library) == []


def test_statements_go_with_their_article(library: Library) -> None:
    put(library, SAFE)
    with library.writer() as writer, writer.transaction():
        writer.delete_articles([1])
    assert stored(library) == []
    assert library.check() == []


def test_another_version_empties_the_index_when_the_library_opens(library: Library, tmp_path: Path) -> None:
    """Its articles are read again; nothing else changes."""
    put(library, SAFE)
    with library.writer() as writer, writer.transaction():
        writer.connection.execute("UPDATE meta SET value = '0' WHERE key = ?", (index.META_KEY,))
    assert stored(library) == []
    with Library.open(tmp_path) as reopened:
        assert unread(reopened) == [1]
        assert reopened.revision == library.revision


def test_names_are_found_by_their_words_and_initials(library: Library) -> None:
    """Words are folded: case, diacritics and hyphens do not matter."""
    names = ("Zoë Müller-Lind", "Federal Bureau of Investigation", "the mayor")
    put(
        library,
        *[Statement(SAFE.kind, SAFE.content, SAFE.excerpt, name, SAFE.source, None, "x", 1.0) for name in names],
    )
    with library.reading() as connection:
        found = [[name.name for name in index.speaker_names(connection, [word])] for word in ("lind", "fbi", "smith")]
    assert found == [["Zoë Müller-Lind"], ["Federal Bureau of Investigation"], []]
