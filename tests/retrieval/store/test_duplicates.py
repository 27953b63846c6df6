"""Near-duplicates, however a copy was truncated, edited or framed."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval import ingest as ingesting
from retrieval.articles import Article
from retrieval.ingest import ingest
from retrieval.search.hybrid import Searcher
from retrieval.store import duplicates, schema
from retrieval.store.duplicates import are_near_duplicates, containment, sketch
from retrieval.store.library import Library
from retrieval.store.lock import exclusive
from retrieval.text.analyzer import words
from retrieval.vector_index.index import VectorIndex
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
    assert are_near_duplicates(sketch(folded), sketch([word.casefold() for word in words(text(report(1)))]))


def test_other_reports_with_one_notice_are_no_near_duplicates() -> None:
    one, other = (sketch(words(text([NOTICE, *report(seed), NOTICE]))) for seed in (1, 2))
    assert containment(one, other) < 0.2
    assert not are_near_duplicates(one, other)


def test_a_short_text_has_no_sketch_and_no_copies() -> None:
    assert sketch(["word"] * 500) == sketch(["The", "ferry", "sank", "on", "Monday", "night."]) == ()
    assert containment((), ()) == 0.0


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
            found = {
                info.source: {copy.source for copy in library.near_duplicates(info.id)} for info in library.articles()
            }
            assert found["Agency"] == {"Star", "Herald"}
            assert found["Post"] == set()
            remove(library, articles[1].origin)
            assert {copy.source for copy in library.near_duplicates(articles[0].id)} == {"Herald"}


def test_a_store_without_sketches_gets_them(articles: list[Article], tmp_path: Path) -> None:
    with make_library(tmp_path, articles) as library:
        before = library.near_duplicates(articles[0].id)
    connection = schema.connect(tmp_path, write=True)
    connection.executescript("DROP TABLE sketch_keys; DROP TABLE sketches; DELETE FROM meta WHERE key = 'sketches'")
    connection.close()
    with Library.open(tmp_path) as library:
        assert library.near_duplicates(articles[0].id) == before != []


def test_copies_are_found_under_a_notice_that_many_others_carry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "_MAX_ARTICLES_PER_HASH", 5)
    notice = " ".join(f"country{number}" for number in range(300))
    others = [make_article(f"{text(report(seed))}\n{notice}", title=f"Other {seed}") for seed in range(10, 22)]
    pair = [make_article(f"{text(report(1))}\n{notice}", title=title) for title in ("First", "Second")]
    with make_library(tmp_path, [*others, *pair]) as library:
        assert [copy.title for copy in library.near_duplicates(pair[0].id)] == ["Second"]
        assert library.near_duplicates(others[0].id) == []


def test_a_copy_of_a_copy_that_shares_too_little_is_none(tmp_path: Path) -> None:
    """Two briefs are none of each other's, though a round-up carries both."""
    briefs = [make_article(text(report(seed, 20)), title=f"Brief {seed}") for seed in (1, 2)]
    both = make_article(text([*report(1, 20), *report(2, 20)]), title="Round-up")
    with make_library(tmp_path, [*briefs, both]) as library:
        told = {info.title: [copy.title for copy in library.near_duplicates(info.id)] for info in library.articles()}
    assert told == {"Brief 1": ["Round-up"], "Brief 2": ["Round-up"], "Round-up": ["Brief 1", "Brief 2"]}


def test_copies_come_earliest_first_and_many_are_told_as_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ("2024-03-02", "", "2024-03-01")
    same = [make_article(text(report(1)), title=f"On {day}", published=day) for day in days]
    alone = make_article(text(report(2)), title="Alone")
    with make_library(tmp_path, [*same, alone]) as library:
        ids = library.article_ids()
        assert [copy.published for copy in library.near_duplicates(same[0].id)] == ["2024-03-01", ""]
        one_by_one = {each: library.near_duplicates(each) for each in ids if library.near_duplicates(each)}
        assert library.near_duplicates_among(ids) == one_by_one
        monkeypatch.setattr(duplicates, "_SCAN_INDEX_MIN", 1)
        assert library.near_duplicates_among(ids) == one_by_one


def test_a_run_counts_its_copies_and_an_interrupted_one_keeps_the_same_sketches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "BATCH_PASSAGES", 4)
    news = tmp_path / "news"
    news.mkdir()
    for name, said in {"a": report(1), "b": report(1)[:24], "c": report(2), "d": [NOTICE, *report(2)]}.items():
        (news / f"{name}.txt").write_text(f"Title {name}\n\n{text(said)}\n")
    kept = []
    for store in ("whole", "cut"):
        with Library.open(tmp_path / store, create=True) as library:
            if store == "cut":
                with pytest.raises(KeyboardInterrupt):
                    ingest(library, Interrupted(), [str(news)], home=tmp_path)
                assert 0 < library.counts().articles < 4
            found = ingest(library, FakeEmbedder(), [str(news)], home=tmp_path)
            assert store == "cut" or (found.added, found.copies) == (4, 2)
            assert ingest(library, FakeEmbedder(), [str(news)], home=tmp_path).copies == 0
            kept.append({info.origin: (info, library.near_duplicates(info.id)) for info in library.articles()})
            kept[-1]["sketches"] = library.sketches(library.article_ids())
    assert kept[0] == kept[1]


class Interrupted(FakeEmbedder):
    """A FakeEmbedder that is interrupted at its second call."""

    calls = 0

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.calls += 1
        if self.calls > 1:
            raise KeyboardInterrupt
        return super().embed_passages(texts, on_batch)


def test_a_store_without_sketches_that_another_process_writes_to_opens_and_tells_none(
    articles: list[Article], tmp_path: Path
) -> None:
    """So does one on a read-only disk. Whoever writes next makes them."""
    make_library(tmp_path, articles).close()
    connection = schema.connect(tmp_path, write=True)
    connection.executescript("DROP TABLE sketch_keys; DROP TABLE sketches; DELETE FROM meta WHERE key = 'sketches'")
    connection.close()
    with exclusive(tmp_path, "writer", "writing"), Library.open(tmp_path) as library:
        assert library.near_duplicates(articles[0].id) == []
        assert library.sketches([articles[0].id]) == {}
    with Library.open(tmp_path) as library, library.writer():
        assert len(library.near_duplicates(articles[0].id)) == 2


def test_near_duplicates_take_one_place_among_the_hits(articles: list[Article], tmp_path: Path) -> None:
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


def test_many_sketches_are_compared_at_once_as_one_by_one() -> None:
    """Complete and incomplete ones, of texts of which any share of the shingles is the same."""
    rng = random.Random(5)  # noqa: S311 (repeatable, not secret)
    mine = tuple(sorted(rng.sample(range(2**32), duplicates.SKETCH_HASHES)))
    for own in (mine, mine[:40]):
        others = []
        for at in range(200):
            kept = rng.sample(own, rng.randint(0, len(own)))
            fresh = rng.sample(range(2**32 if at % 2 else own[-1]), rng.randint(8, 2 * duplicates.SKETCH_HASHES))
            others.append(tuple(sorted({*kept, *fresh})[: duplicates.SKETCH_HASHES]))
        stored = [(row, struct.pack(f"<{len(each)}I", *each)) for row, each in enumerate(others)]
        expected = [row for row, each in enumerate(others) if are_near_duplicates(own, each)]
        assert duplicates._alike(own, stored) == expected
        assert 10 < len(expected) < 190
