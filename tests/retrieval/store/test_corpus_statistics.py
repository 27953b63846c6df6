"""Counts are made once a revision, and anew after a change by anybody."""

from __future__ import annotations

from pathlib import Path

from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from tests.fakes import put
from tests.retrieval.fakes_library import NIGER, PETS


def test_counts_follow_what_another_process_writes(tmp_path: Path) -> None:
    """Two libraries over one store are two processes to each other."""
    with Library.open(tmp_path, create=True) as writing, Library.open(tmp_path) as reading:
        put(writing, [NIGER])
        assert reading.counts().articles == 1
        assert reading.document_frequencies(terms("niger cat")) == {"niger": 2, "cat": 0}
        put(writing, [PETS])
        assert reading.counts().articles == 2
        assert reading.document_frequencies(terms("cat")) == {"cat": 1}


def test_what_was_counted_is_not_looked_up_again(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        put(library, [NIGER])
        statements: list[str] = []
        with library.reading() as connection:
            connection.set_trace_callback(statements.append)
        first = library.counts(), library.document_frequencies(["niger"])
        looked = _lookups(statements)
        assert looked == 2
        assert (library.counts(), library.document_frequencies(["niger"])) == first
        assert _lookups(statements) == looked


def _lookups(statements: list[str]) -> int:
    return sum("FROM word_terms" in each or "FROM articles" in each for each in statements)
