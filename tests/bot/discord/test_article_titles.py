"""Titles are completed from memory, and read again when the library has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.discord.article_titles import ArticleTitles
from retrieval.store.library import Library
from tests.bot.fakes_bot import HARBOUR, ORCHARD
from tests.fakes import make_article, make_library, remove


class CountingLibrary(Library):
    """A library that counts how often its titles are read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read = 0

    def titles(self) -> list[tuple[str, str, str, str]]:
        self.read += 1
        return super().titles()


@pytest.fixture
def library(tmp_path: Path) -> CountingLibrary:
    again = make_article(
        "Other words.", title=HARBOUR.title, origin="b.txt", source="Valley Times", published="2025-01-02"
    )
    make_library(tmp_path, [HARBOUR, ORCHARD, again, make_article("Untitled.", title="", origin="c.txt")]).close()
    return CountingLibrary.open(tmp_path)


def test_each_key_reads_the_titles_only_after_a_change(library: CountingLibrary) -> None:
    """What was removed is not offered any more."""
    titles = ArticleTitles(lambda: library, longest=100)
    for typed in ("h", "ha", "har", "  HARBOUR   strike "):
        assert [each.label for each in titles.containing(typed, 25)][:1] == [
            "Harbour strike ends · Valley Times · 2025-01-02"
        ]
    assert library.read == 1
    remove(library, "b.txt")
    assert [each.label for each in titles.containing("harbour", 25)] == ["Harbour strike ends"]
    assert library.read == 2


def test_labels_are_told_apart_fit_and_name_the_article(library: CountingLibrary) -> None:
    """Equal titles by outlet and date, an article without a title by its id; those that begin with it come first."""
    titles = ArticleTitles(lambda: library, longest=40)
    found = titles.containing("", 25)
    assert len({each.label for each in found}) == len(found) == 4
    assert all(0 < len(each.label) <= 40 for each in found)
    assert {each.id for each in found} == set(library.article_ids())
    assert [each.label for each in titles.containing("hits", 25)] == ["Frost hits the orchards"]
    assert len(titles.containing("", 2)) == 2
    assert titles.containing("nothing", 25) == []
