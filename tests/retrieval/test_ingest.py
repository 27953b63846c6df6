"""Files into the library, again and again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval import ingest as ingesting
from retrieval.errors import FingerprintMismatch
from retrieval.ingest import ingest
from retrieval.loaders import jsonl
from retrieval.progress import IngestProgress
from retrieval.store.library import Library
from retrieval.vector_index.index import VectorIndex
from tests.fakes import DeafEmbedder, FakeEmbedder
from tests.retrieval.fakes_ingest import counts, everything, make_news, story, write_records


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / ".onrecord", create=True) as library:
        yield library


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return make_news(tmp_path / "news")


def test_the_first_run_keeps_every_article(library: Library, news: Path) -> None:
    """Origins are relative to the folder that holds the store; progress runs to its end."""
    told: list[IngestProgress] = []
    report = ingest(library, FakeEmbedder(), [str(news)], on_progress=told.append)
    assert counts(report) == (46, 0, 0, 0)
    assert (report.refused, report.passages_embedded) == ([], library.counts().passages)
    assert {"news/0.txt", "news/deep/1.txt", "news/all.jsonl#r7"} <= {info.origin for info in library.articles()}
    assert told[-1].done == told[-1].total > 0
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert told[-1].articles == 46
    assert told[-1].rate > 0
    assert told[-1].seconds_left == 0


def test_a_second_run_changes_nothing(library: Library, news: Path) -> None:
    """Nothing is embedded, nothing is written, the revision stays."""
    ingest(library, FakeEmbedder(), [str(news)])
    before, revision = everything(library), library.revision
    report = ingest(library, DeafEmbedder(), [str(news), str(news / "0.txt"), f"{news}/*.txt"])
    assert counts(report) == (0, 0, 46, 0)
    assert (everything(library), library.revision) == (before, revision)


def test_a_touched_file_with_the_same_bytes_is_unchanged(library: Library, news: Path) -> None:
    """Content decides, not the clock."""
    ingest(library, FakeEmbedder(), [str(news)])
    revision = library.revision
    for file in news.rglob("*.txt"):
        file.write_bytes(file.read_bytes())
    assert counts(ingest(library, DeafEmbedder(), [str(news)])) == (0, 0, 46, 0)
    assert library.revision == revision


def test_one_changed_word_costs_one_passage(library: Library, news: Path) -> None:
    """Only the article that changed is replaced, and only its text that changed is embedded."""
    ingest(library, FakeEmbedder(), [str(news)])
    ids = set(library.article_ids())
    (news / "0.txt").write_text(story(0).replace("point 3", "point three"))
    embedder = FakeEmbedder()
    report = ingest(library, embedder, [str(news)])
    assert counts(report) == (0, 1, 45, 0)
    assert (
        0
        < report.passages_embedded
        == len(embedder.embedded)
        < len(library.passages_of(library.article("news/0.txt").id))
    )
    assert all("point three" in text for text in embedder.embedded)
    assert len(ids - set(library.article_ids())) == 1


def test_one_changed_record_replaces_that_article_only(library: Library, news: Path) -> None:
    """The other records of the file are left alone; a record that is gone from it leaves."""
    ingest(library, FakeEmbedder(), [str(news)])
    write_records(news / "all.jsonl", range(1, 41), r7="Now it says something else.")
    embedder = FakeEmbedder()
    report = ingest(library, embedder, [str(news)])
    assert counts(report) == (1, 1, 38 + 6, 1)
    assert len(embedder.embedded) == 2


def test_metadata_that_changed_is_taken_over_without_embedding(library: Library, news: Path) -> None:
    """A new source for the same title and text embeds nothing."""
    ingest(library, FakeEmbedder(), [str(news)])
    lines = [json.loads(line) for line in (news / "all.jsonl").read_text().splitlines()]
    (news / "all.jsonl").write_text("".join(json.dumps(line | {"source": "The Wire"}) + "\n" for line in lines))
    assert counts(ingest(library, DeafEmbedder(), [str(news)])) == (0, 40, 6, 0)
    assert library.sources() == [("The Wire", 40)]


def test_a_file_that_moved_is_embedded_no_second_time(library: Library, news: Path) -> None:
    """Vectors belong to texts, not to files."""
    ingest(library, FakeEmbedder(), [str(news)])
    (news / "0.txt").rename(news / "moved.txt")
    assert counts(ingest(library, DeafEmbedder(), [str(news)], prune=True)) == (1, 0, 45, 1)


def test_files_that_are_gone_stay_until_pruned(library: Library, news: Path) -> None:
    """Without being asked, nothing leaves; then only what left the folders that were named."""
    ingest(library, FakeEmbedder(), [str(news)])
    for name in ("0.txt", "deep/1.txt"):
        (news / name).unlink()
    assert ingest(library, DeafEmbedder(), [str(news)]).removed == 0
    assert ingest(library, DeafEmbedder(), [str(news / "deep")], prune=True).removed == 1
    assert ingest(library, DeafEmbedder(), [f"{news}/*.jsonl"], prune=True).removed == 0
    assert ingest(library, DeafEmbedder(), [f"{news}/*.txt"], prune=True).removed == 1
    assert library.counts().articles == 44
    assert library.check() == []


def test_a_folder_that_is_gone_altogether_can_be_pruned(library: Library, news: Path) -> None:
    """Its articles leave; the missing folder is told."""
    ingest(library, FakeEmbedder(), [str(news)])
    for file in (news / "deep").iterdir():
        file.unlink()
    (news / "deep").rmdir()
    report = ingest(library, DeafEmbedder(), [str(news / "deep")], prune=True)
    assert (report.removed, report.refused_count) == (3, 1)


def test_what_is_there_but_was_not_named_is_never_pruned(library: Library, news: Path) -> None:
    """A glob that passes over a file does not remove it."""
    ingest(library, FakeEmbedder(), [str(news)])
    assert ingest(library, DeafEmbedder(), [f"{news}/**/[0-3].txt"], prune=True).removed == 0


def test_a_file_that_cannot_be_read_any_more_keeps_its_articles(library: Library, news: Path) -> None:
    """The failure is told each time, and takes nothing out."""
    ingest(library, FakeEmbedder(), [str(news)])
    (news / "0.txt").write_bytes(bytes(range(256)) * 40)
    for _ in range(2):
        report = ingest(library, DeafEmbedder(), [str(news)], prune=True)
        assert report.removed == 0
        assert [problem.name.endswith("0.txt") for problem in report.refused] == [True]
    assert library.article("news/0.txt")


def test_a_bad_line_is_told_and_the_rest_is_kept(library: Library, news: Path) -> None:
    """Also when the file is as it was; what could not be found in it again is not thrown away."""
    ingest(library, FakeEmbedder(), [str(news)])
    lines = (news / "all.jsonl").read_text().splitlines()
    (news / "all.jsonl").write_text("\n".join([*lines[:5], lines[5][:20], *lines[6:]]))
    first = ingest(library, FakeEmbedder(), [str(news)])
    again = ingest(library, DeafEmbedder(), [str(news)])
    assert counts(first)[3] == counts(again)[3] == 0
    assert first.refused == again.refused
    assert len(first.refused) == 1
    assert "1 articles that were not found in it again are kept" in first.notes[-1].message
    assert library.counts().articles == 46


def test_an_id_that_comes_twice_is_told(library: Library, tmp_path: Path) -> None:
    """Two records of one id cannot both be cited: the first is kept."""
    lines = [json.dumps({"id": "x", "title": "T", "text": f"Text {n} of it."}) for n in range(2)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    report = ingest(library, FakeEmbedder(), [str(tmp_path / "a.jsonl")])
    assert (report.added, report.refused_count) == (1, 1)
    assert "Text 0" in library.article(library.article_ids()[0]).text


def test_half_a_character_is_refused_with_a_line(library: Library, tmp_path: Path) -> None:
    """A lone surrogate is no text; the other records are kept."""
    lines = [
        '{"id": "a", "title": "A", "text": "bad \\ud83d text here."}',
        '{"id": "b", "title": "B", "text": "Good text."}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    report = ingest(library, FakeEmbedder(), [str(tmp_path / "a.jsonl")])
    assert report.added + report.refused_count == 2
    for problem in report.refused + report.notes:
        str(problem).encode()
    assert library.check() == []


def test_progress_in_a_packed_file_counts_unpacked_bytes(library: Library, tmp_path: Path) -> None:
    """One packed file is not done at its first article."""
    write_records(tmp_path / "all.jsonl", range(600))
    (tmp_path / "all.jsonl.gz").write_bytes(gzip.compress((tmp_path / "all.jsonl").read_bytes()))
    told: list[IngestProgress] = []
    ingest(library, FakeEmbedder(), [str(tmp_path / "all.jsonl.gz")], on_progress=told.append)
    assert told[-1].done == told[-1].total == (tmp_path / "all.jsonl").stat().st_size
    assert len({progress.done for progress in told}) > 2


def test_loaders_of_another_version_read_again_and_embed_nothing(
    library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles that come out the same are unchanged."""
    ingest(library, FakeEmbedder(), [str(news)])
    revision = library.revision
    monkeypatch.setattr(ingesting, "LOADER_VERSION", "next")
    assert counts(ingest(library, DeafEmbedder(), [str(news)])) == (0, 0, 46, 0)
    assert library.revision == revision


def test_records_that_are_as_they_were_are_not_looked_into(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file that changed, only the lines that did are made into articles; where they stand does not matter."""
    file = tmp_path / "all.jsonl"
    write_records(file, range(40))
    ingest(library, FakeEmbedder(), [str(file)])
    made: list[str] = []
    assembled = jsonl.assemble
    monkeypatch.setattr(jsonl, "assemble", lambda *a, **k: [made.append(k["record"]), *assembled(*a, **k)][1:])
    write_records(file, [*range(19, 4, -1), 41], r9="Record 9 says something else.")
    assert counts(ingest(library, FakeEmbedder(), [str(file)])) == (1, 1, 14, 25)
    assert made == ["r9", "r41"]
    monkeypatch.setattr(ingesting, "splitter_version", lambda: "next")
    assert counts(ingest(library, DeafEmbedder(), [str(file)])) == (0, 0, 16, 0)
    assert len(made) == 2 + 16


def test_a_batch_waits_for_the_texts_of_the_one_before(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same text in two batches that are under way at once is embedded once, and both articles are whole."""
    monkeypatch.setattr(ingesting, "BATCH_PASSAGES", 2)
    file = tmp_path / "all.jsonl"
    lines = [{"id": str(n), "title": "The same", "text": f"Every word{n % 3} of it is the same."} for n in range(30)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    embedder = FakeEmbedder()
    report = ingest(library, embedder, [str(file)])
    assert (report.added, report.passages_embedded) == (30, 3)
    for article in library.articles():
        for passage in library.passages_of(article.id):
            assert np.allclose(library.vectors([passage.id])[0], embedder.embed_passages([passage.embedded_text])[0])


def test_another_model_is_refused_until_asked_for(library: Library, news: Path, tmp_path: Path) -> None:
    """A rebuild embeds from the texts kept, files or no files, and ends as if it had been the first model."""
    ingest(library, FakeEmbedder(), [str(news)])
    other = FakeEmbedder("other", 32)
    with pytest.raises(FingerprintMismatch, match="onrecord ingest --rebuild"):
        ingest(library, other, [str(news)])
    report = ingest(library, other, [], rebuild=True)
    assert report.passages_embedded == library.counts().passages
    assert library.fingerprint == other.fingerprint
    ids, rows = library.vectors_of(library.article_ids())
    assert np.allclose(rows, other.embed_passages([passage.embedded_text for passage in library.passages(ids)]))
    with Library.open(tmp_path / "second" / ".onrecord", create=True) as second:
        ingest(second, other, [str(news)], home=tmp_path)
        assert everything(library) == everything(second)
    assert counts(ingest(library, DeafEmbedder("other", 32), [str(news)], rebuild=True)) == (0, 0, 46, 0)


def test_a_library_without_articles_takes_any_model(library: Library, news: Path) -> None:
    """What holds no vectors mismatches nothing."""
    ingest(library, FakeEmbedder(), [])
    assert counts(ingest(library, FakeEmbedder("other"), [str(news)])) == (46, 0, 0, 0)


def test_the_index_follows_without_embedding(library: Library, news: Path) -> None:
    """After any run the nearest passages are the library's."""
    embedder = FakeEmbedder()
    ingest(library, embedder, [str(news)])
    index = VectorIndex.open(library, library.folder / "chroma")
    index.sync()
    (news / "4.txt").write_text(story(99))
    ingest(library, embedder, [str(news)])
    question = embedder.embed_query("In year 99 the council of town99 met")
    ids, rows = library.vectors_of(library.article_ids())
    hits = index.search(question, 3)
    assert [score for _, score in hits] == pytest.approx(sorted((rows @ question).tolist())[:-4:-1], abs=1e-5)
    assert hits[0][0] in library.passage_ids([library.article("news/4.txt").id])
    assert len(index.search(question, 1000)) == len(ids)
    index.close()


def test_a_file_that_is_gone_is_noted(library: Library, news: Path) -> None:
    """Its article stays until --prune."""
    ingest(library, FakeEmbedder(), [str(news)])
    (news / "0.txt").unlink()
    before = library.counts().articles
    report = ingest(library, FakeEmbedder(), [str(news)])
    assert [(note.name, "--prune" in note.message) for note in report.notes] == [("news/0.txt", True)]
    assert library.counts().articles == before
