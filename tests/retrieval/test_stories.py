"""Which articles are one story, however it was cut, edited and dressed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval import schema
from retrieval.articles import Article
from retrieval.library import Library
from retrieval.search import Searcher
from retrieval.stories import are_one_story, shared, sketch
from retrieval.vectors import VectorIndex
from retrieval.words import words
from tests.fakes import FakeEmbedder, make_article, make_library, put, remove

NOTICE = "Sign up for our newsletter to get the news of the day in your inbox. All rights are reserved by the outlet."


def report(seed: int, sentences: int = 40, topic: str = "ferry") -> list[str]:
    """Return the sentences of a report that is like no other."""
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    names = [f"{topic}{chosen.randrange(10**6)}" for _ in range(300)]
    return [" ".join(["The", *chosen.choices(names, k=9), "came", "by."]) for _ in range(sentences)]


def edited(said: Sequence[str], share: float) -> list[str]:
    chosen = random.Random(5)  # noqa: S311 (no secret)
    return [" ".join("changed" if chosen.random() < share else word for word in sentence.split()) for sentence in said]


def text(said: Sequence[str]) -> str:
    return "\n\n".join(" ".join(said[at : at + 4]) for at in range(0, len(said), 4))


@pytest.mark.parametrize(
    "copy",
    [
        text([NOTICE, *report(1), NOTICE]),
        text(report(1)[:24]),
        text(report(1)[10:]),
        text(edited(report(1), 0.04)),
        text(report(1)).upper(),
    ],
)
def test_a_copy_is_recognised(copy: str) -> None:
    folded = [word.casefold() for word in words(copy)]
    assert are_one_story(sketch(folded), sketch([word.casefold() for word in words(text(report(1)))]))


def test_other_reports_with_one_notice_are_not_one_story() -> None:
    one, other = (sketch(words(text([NOTICE, *report(seed), NOTICE]))) for seed in (1, 2))
    assert shared(one, other) < 0.2
    assert not are_one_story(one, other)


def test_a_short_text_has_no_sketch_and_no_copies() -> None:
    assert sketch(["word"] * 500) == sketch(["The", "ferry", "sank", "on", "Monday", "night."]) == ()
    assert shared((), ()) == 0.0


@pytest.fixture
def articles() -> list[Article]:
    """The same story three times, each otherwise dressed, and another that is about the same."""
    first, other = report(1), report(3)
    return [
        make_article(text(first), title="Ferry sinks", source="Agency"),
        make_article(
            "\n\n".join([NOTICE, " ".join(first[:2]), text(first[2:30])]), title="A ferry is lost", source="Star"
        ),
        make_article(text([*other[:3], "A ferry of theirs had sunk. " + first[0], *other[3:]]), source="Post"),
        make_article(text(["Our reporter writes.", *first]), title="Lost at sea", source="Herald"),
    ]


def test_copies_are_told_whatever_came_first_and_leave_with_their_articles(
    articles: list[Article], tmp_path: Path
) -> None:
    for turn, order in enumerate((articles, articles[::-1])):
        with make_library(tmp_path / str(turn), order) as library:
            found = {info.source: {copy.source for copy in library.copies(info.id)} for info in library.articles()}
            assert found["Agency"] == {"Star", "Herald"}
            assert found["Post"] == set()
            remove(library, articles[1].origin)
            assert {copy.source for copy in library.copies(articles[0].id)} == {"Herald"}


def test_a_store_without_sketches_gets_them(articles: list[Article], tmp_path: Path) -> None:
    with make_library(tmp_path, articles) as library:
        before = library.copies(articles[0].id)
    connection = schema.connect(tmp_path, write=True)
    connection.executescript("DROP TABLE sketch_keys; DROP TABLE sketches; DELETE FROM meta WHERE key = 'sketches'")
    connection.close()
    with Library.open(tmp_path) as library:
        assert library.copies(articles[0].id) == before != []


def test_a_story_takes_one_place_among_the_hits(articles: list[Article], tmp_path: Path) -> None:
    """Its copies' passages begin and end elsewhere; what only a copy says stays."""
    embedder = FakeEmbedder()
    with make_library(tmp_path, articles) as library:
        put(library, [make_article(text([*report(1)[:30], "The ferry had never been insured."]), source="Mail")])
        index = VectorIndex.open(library, tmp_path / "vectors")
        searcher = Searcher(library, index, embedder)
        hits = searcher.search(" ".join(report(1)[0].split()[1:6]), limit=2)
        told = [hit.article.source for hit in hits]
        assert len({*told} & {"Agency", "Star", "Herald"}) == 1
        assert "Post" in told
        insured = searcher.search("Was the ferry insured?", limit=3)
        assert insured[0].article.source == "Mail"
        index.close()
