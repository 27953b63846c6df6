"""What somebody said, over all articles: by date, once, with who reported it first."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from retrieval.articles import Article, Filters
from retrieval.errors import FilterError, InputError
from retrieval.ingest import ingest
from retrieval.quotes.record import record as recorded
from retrieval.quotes.record.extraction import statements
from retrieval.quotes.record.record import Record, SpeakerAmbiguous, SpeakerRecord, SpeakerUnknown
from retrieval.store import statements as index
from retrieval.store.library import Library
from tests.fakes import FakeEmbedder, make_article, make_library


def article(origin: str, published: str, text: str, source: str = "Herald") -> Article:
    return make_article(text, origin=origin, published=published, source=source, title=origin)


ARTICLES = [
    article("late", "2024-05-01", "“We will build 60 new schools in the county by the spring,” said Ann Brook."),
    article("early", "2024-01-09", "Ann Brook said that we will build 40 new schools in the county by the spring."),
    article("copy", "2024-05-03", "'We will build 60 new schools in the county by the spring,' Brook said.", "Star"),
    article("other", "2024-02-02", "Mayor Ann Brook said that the toll of the bridge would fall. Tom Brook agreed."),
    article("undated", "", "Ms. Brook told reporters that the bridge is safe."),
    article("tom", "2024-02-03", "Tom Brook said that his sister was right."),
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path, ARTICLES) as made:
        yield made


@pytest.fixture
def record(library: Library) -> Record:
    return Record(library)


def listed(found: SpeakerRecord) -> list[tuple[str, str]]:
    return [(entry.day, " … ".join(entry.shown.words)) for entry in found.entries]


def test_statements_come_by_date_each_once_with_its_first_report(record: Record) -> None:
    """A copy in another paper is no second statement, whatever marks and whichever name it has."""
    found = record.said("Ann Brook")
    assert listed(found) == [
        ("2024-01-09", "we will build 40 new schools in the county by the spring"),
        ("2024-02-02", "the toll of the bridge would fall"),
        ("2024-05-01", "We will build 60 new schools in the county by the spring,"),
        ("", "the bridge is safe"),
    ]
    assert [report.article.source for report in found.entries[2].reports] == ["Herald", "Star"]
    assert (found.found, found.statements, found.articles, found.unread, found.ambiguous) == (4, 5, 6, 0, 0)


def test_words_and_sentences_are_verbatim(record: Record, library: Library) -> None:
    for entry in record.said("Ann Brook").entries:
        text = library.article(entry.shown.article.id).text
        assert tuple(span.of(text) for span in entry.shown.statement.content) == entry.shown.words
        assert entry.shown.statement.excerpt.of(text) == entry.shown.excerpt
        assert entry.shown.statement.source.of(text) == entry.shown.named


def test_a_direct_report_is_shown_before_an_earlier_indirect_one(tmp_path: Path) -> None:
    """The first report is still the first."""
    said = "the bridge of the city will open in the month of May"
    both = [
        article("indirect", "2024-01-01", f"Ann Brook said that {said}."),
        article("direct", "2024-01-05", f"“{said.capitalize()},” said Ann Brook."),
    ]
    with make_library(tmp_path, both) as library:
        [entry] = Record(library).said("Ann Brook").entries
    assert (entry.shown.article.origin, entry.first.article.origin) == ("direct", "indirect")


def test_a_topic_leaves_what_is_about_it(record: Record) -> None:
    assert [day for day, _ in listed(record.said("Ann Brook", "new schools"))] == ["2024-01-09", "2024-05-01"]
    found = record.said("Ann Brook", "elephants")
    assert (found.entries, found.statements) == ((), 5)


def test_days_and_outlets_limit_what_is_searched(record: Record) -> None:
    found = record.said("Ann Brook", filters=Filters(since="2024-02-01", until="2024-05-02"))
    assert [day for day, _ in listed(found)] == ["2024-02-02", "2024-05-01"]
    assert listed(record.said("Ann Brook", filters=Filters(sources=("star",)))) == []


def test_the_latest_are_kept_where_there_are_more_than_wanted(record: Record) -> None:
    found = record.said("Ann Brook", limit=2)
    assert [day for day, _ in listed(found)] == ["2024-05-01", ""]
    assert found.found == 4


@pytest.mark.parametrize(("name", "about"), [("Ann Brook", ""), ("Ann Brook", "schools"), ("Tom Brook", "sister")])
def test_a_question_gets_the_same_entries(record: Record, name: str, about: str) -> None:
    expected = record.said(name, about).entries
    assert record.latest(name, about) == expected
    assert record.latest(name, about)


@pytest.mark.parametrize("name", ["Zaphod Beeblebrox", "Brook"])
def test_a_question_about_nobody_or_several_gets_nothing_at_once(
    record: Record, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """No similar name is sought among all of them."""
    names, asked = index.speaker_names, list[Collection[str]]()

    def some_names(connection: sqlite3.Connection, words: Collection[str]) -> list[index.SpeakerName]:
        asked.append(words)
        return names(connection, words)

    record.sync()
    monkeypatch.setattr(index, "speaker_names", some_names)
    assert record.latest(name) == ()
    assert len(asked) == 1


def test_a_question_looks_at_the_latest_statements_that_have_a_word_of_its_topic(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.sync()
    monkeypatch.setattr(recorded, "MAX_STATEMENTS", 2)
    assert [entry.day for entry in record.latest("Ann Brook")] == ["2024-05-01", ""]
    assert [entry.day for entry in record.latest("Ann Brook", "schools")] == ["2024-01-09", "2024-05-01"]


def test_statements_that_differ_are_set_beside_each_other(record: Record) -> None:
    found = record.said("Ann Brook")
    assert [(each.first, each.second, each.words) for each in found.differences] == [(0, 2, ("40", "60"))]


def test_a_surname_of_several_is_not_guessed(record: Record) -> None:
    """“Ms. Brook” of an article without her full name is Ann's only where no other woman of the name is known."""
    with pytest.raises(SpeakerAmbiguous, match=r"Ann Brook \(\d\), .*Tom Brook \(\d\)"):
        record.said("Brook")


def test_a_name_that_nobody_has_names_similar_ones(record: Record) -> None:
    with pytest.raises(SpeakerUnknown, match="did you mean Ann Brook"):
        record.said("Anne Broock")


def test_a_topic_without_a_word_is_refused(record: Record) -> None:
    with pytest.raises(InputError, match="no word"):
        record.said("Ann Brook", "?")


def test_a_day_that_is_none_is_refused(record: Record) -> None:
    with pytest.raises(FilterError, match="not a date"):
        record.said("Ann Brook", pivot="May")


def test_speakers_are_listed_with_their_names_and_counts(record: Record) -> None:
    people = record.people()
    assert {each.name: each.statements for each in people} == {"Ann Brook": 4, "Tom Brook": 1, "Brook": 1}
    assert [each.name for each in record.people(Filters(until="2024-02-01"))] == ["Ann Brook"]


def test_articles_of_an_older_store_are_read_when_the_record_is_first_asked(library: Library) -> None:
    """In commits, once; what was read before a kill stays read."""
    lines: list[str] = []
    recorded_calls: list[int] = []
    assert Record(library, lines.append).sync() == 0
    assert lines == ["reading who said what in 6 articles, once"]
    assert Record(library, recorded_calls.append).sync() == 0  # type: ignore[arg-type]
    assert recorded_calls == []


def test_reading_goes_on_where_it_was_interrupted(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def dies(text: str) -> list[index.Statement]:
        calls.append(text)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return statements(text)

    monkeypatch.setattr(recorded, "_ARTICLES_PER_COMMIT", 1)
    monkeypatch.setattr(recorded, "statements", dies)
    with pytest.raises(KeyboardInterrupt):
        Record(library).sync()
    with library.reading() as connection:
        assert len(index.unread(connection)) == 4
    assert Record(library).sync() == 0
    assert len(calls) == 7


def test_others_write_while_an_older_stores_articles_are_read(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two commits, and while a text is read; an article that they delete meanwhile is left out."""
    with library.reading() as connection:
        first, *_, last = index.unread(connection)
    gone = [first, last]

    def interrupted(text: str) -> list[index.Statement]:
        with library.writer() as writer, writer.transaction():
            writer.delete_articles(gone)
        gone.clear()
        return statements(text)

    monkeypatch.setattr(recorded, "_ARTICLES_PER_COMMIT", 2)
    monkeypatch.setattr(recorded, "statements", interrupted)
    assert Record(library).sync() == 0
    with library.reading() as connection:
        read = {key for (key,) in connection.execute("SELECT article FROM statement_articles")}
        assert read == {key for (key,) in connection.execute("SELECT key FROM articles")}
        assert not {first, last} & read


def test_a_store_that_cannot_be_written_says_how_much_is_unread(library: Library) -> None:
    with library.writer(), pytest.raises(SpeakerUnknown, match="6 articles could not be read"):
        Record(library).said("Ann Brook")


def test_a_store_from_before_the_record_that_cannot_be_written_says_the_same(library: Library) -> None:
    """It has not even the tables."""
    with library.writer() as writer:
        for table in ("statements", "statement_articles", "speaker_words", "speakers"):
            writer.connection.execute(f"DROP TABLE {table}")
        writer.connection.execute("DELETE FROM meta WHERE key = ?", (index.META_KEY,))
        record = Record(library)
        assert record.people() == []
        assert record.known_people() == []
        with pytest.raises(SpeakerUnknown, match="6 articles could not be read"):
            record.said("Ann Brook")
    assert Record(library).said("Ann Brook").statements == 5


def test_ingestion_keeps_the_record_up_to_date(tmp_path: Path) -> None:
    """A changed article has its new statements only; nothing is left to be read."""
    file = tmp_path / "bridge.txt"
    file.write_text("Bridge\n\nAnn Brook said that the bridge is safe.\n", "utf-8")
    with Library.open(tmp_path / "store", create=True) as library:
        ingest(library, FakeEmbedder(), [str(file)], extract_statements=statements)
        assert listed(Record(library, pytest.fail).said("Ann Brook"))[0][1] == "the bridge is safe"
        file.write_text("Bridge\n\nAnn Brook said that the bridge is closed.\n", "utf-8")
        ingest(library, FakeEmbedder(), [str(file)], extract_statements=statements)
        assert [words for _, words in listed(Record(library, pytest.fail).said("Ann Brook"))] == [
            "the bridge is closed"
        ]


def test_a_search_through_many_statements_reads_no_text_that_is_not_shown(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts are read for the entries that are shown only."""
    record = Record(library)
    record.sync()
    read: list[int] = []
    real = recorded.rows.text

    def text(connection: sqlite3.Connection, key: int, start: int = 0, end: int | None = None) -> str:
        read.append(key)
        return real(connection, key, start, end)

    monkeypatch.setattr(recorded.rows, "text", text)
    record.said("Ann Brook", limit=2)
    assert len(read) == 3  # two statements, and a copy of one


def test_a_topic_that_is_only_named_beside_a_statement_is_said_to_be(tmp_path: Path) -> None:
    text = "The bridge was closed. “It is not safe at all,” said Ann Brook. “The bridge will open,” Brook said."
    with make_library(tmp_path, [article("bridge", "2024-01-01", text)]) as library:
        entries = Record(library).said("Ann Brook", "bridge").entries
    assert [(entry.shown.words[0], entry.mentions) for entry in entries] == [
        ("It is not safe at all,", False),
        ("The bridge will open,", True),
    ]


def test_how_far_a_long_reading_is_is_said_and_it_lists_the_articles_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listing what is unread anew for each commit would grow as the square of the articles."""
    listed: list[int] = []
    unread = index.unread

    def counted(connection: sqlite3.Connection, among: Collection[int] | None = None) -> list[int]:
        listed.extend([1] if among is None else [])
        return unread(connection, among)

    lines: list[str] = []
    monkeypatch.setattr(recorded, "_ARTICLES_PER_COMMIT", 2)
    monkeypatch.setattr(recorded, "NOTIFY_SECONDS", 0.0)
    monkeypatch.setattr(index, "unread", counted)
    assert Record(library, lines.append).sync() == 0
    assert lines[1:] == ["2 of 6 read, about 1 min left", "4 of 6 read, about 1 min left"]
    assert len(listed) == 2
