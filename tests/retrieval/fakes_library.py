"""Three articles that tests of the library keep, find and lose."""

from __future__ import annotations

from pathlib import Path

from retrieval.store.library import Library
from tests.fakes import make_article, make_library

NIGER = make_article(
    "Niger signed a deal with Moscow.\nThe army left Agadez in spring.",
    title="Niger deal",
    source="Le Monde",
    author="Aïcha Bâ, Jo Smith",
    published="2024-03-02T08:00:00+00:00",
    path="news/niger.txt",
    origin="news/niger.txt",
)
PETS = make_article(
    "The cat sat on a mat.\nA dog ran.", title="Pets at home", source="The Globe", published="2023-01-31"
)
PLAIN = make_article("Nothing is known about this text.", title="Niger plain")


def make_small(folder: Path) -> Library:
    """Make a library of the three."""
    return make_library(folder, [NIGER, PETS, PLAIN])
