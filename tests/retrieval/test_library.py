"""What the library keeps, finds and refuses."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import schema, writing
from retrieval.articles import Article, Block, BlockKind, Filters, Passage, Span
from retrieval.embedding import Fingerprint
from retrieval.errors import (
    FilterError,
    FingerprintMismatch,
    InputError,
    StoreCorrupt,
    StoreError,
    StoreLocked,
    StoreMissing,
)
from retrieval.library import Library
from retrieval.words import terms
from tests.fakes import FakeEmbedder, make_article, make_library, make_passages, put, remove

ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path / "store", [NIGER, PETS, PLAIN])


def titles(library: Library, filters: Filters) -> set[str]:
    return {info.title for info in library.articles(filters)}


def run(code: str, *arguments: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


# Keeping


def test_articles_and_passages_come_back_as_they_were(library: Library) -> None:
    """Text, metadata, blocks, spans, context and sentences survive the round trip."""
    for article in (NIGER, PETS, PLAIN):
        assert library.article(article.id) == article
        assert library.passages_of(article.id) == make_passages(article)


def test_every_kind_of_block_and_every_character_survives(tmp_path: Path) -> None:
    """Contexts, pages, emoji, NUL and line ends are kept exactly, also across the pieces a long text is kept in."""
    text = "Head\r\n\0 \U0001f600 body é\n" + "x" * 40_000 + "\nlast"
    blocks = (
        Block(BlockKind.HEADING, Span(0, 4)),
        Block(BlockKind.TABLE_ROW, Span(6, 40_010), (Span(0, 4), Span(1, 2)), 3),
    )
    article = Article("o", text, "t", blocks)
    passage = Passage(article.id, 0, Span(16_380, 32_770), text[16_380:32_770], "ctx", (Span(16_380, 16_390),), 3)
    with make_library(tmp_path) as library, library.writer() as writer, writer.transaction():
        embedder = FakeEmbedder()
        rows = embedder.embed_passages([passage.embedded_text])
        writer.put("o", writing.Prepared(article, [passage], rows), embedder.fingerprint)
    with Library.open(tmp_path) as library:
        assert library.article(article.id) == article
        assert library.passages([passage.id, "nonsense", f"{article.id}:0-1"]) == [passage]


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=80), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_span_of_any_text_comes_back(tmp_path: Path, text: str, data: st.DataObject) -> None:
    """A passage's text is its article's characters, whatever they are and wherever the pieces are cut."""
    whole = text * (data.draw(st.integers(1, 500)))
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    article = Article("o", whole, "", ())
    passage = Passage(article.id, 0, Span(start, end), whole[start:end], "", ())
    embedder = FakeEmbedder(dimension=2)
    with Library.open(tmp_path, create=True) as library:
        with library.writer() as writer, writer.transaction():
            writer.adopt(embedder.fingerprint)
            rows = embedder.embed_passages([passage.text])
            writer.put("o", writing.Prepared(article, [passage], rows), embedder.fingerprint)
        assert library.passages([passage.id]) == [passage]
        assert library.check() == []


def test_counts_sources_and_dates_describe_the_library(library: Library) -> None:
    """What a toolbar shows is what was kept."""
    counts = library.counts()
    assert (counts.articles, counts.passages) == (3, 5)
    assert library.sources() == [("Le Monde", 1), ("The Globe", 1)]
    assert library.date_range() == ("2023-01-31", "2024-03-02")
    assert [info.title for info in library.articles()] == ["Niger deal", "Pets at home", "Niger plain"]
    info = library.info(NIGER.id)
    assert (info.characters, info.passages, info.source) == (len(NIGER.text), 2, "Le Monde")
    assert library.infos([NIGER.id, "none"]) == {NIGER.id: info}


def test_an_article_of_the_same_origin_takes_the_old_ones_place(library: Library) -> None:
    """The old text, its words and its vectors are gone; the revision grows by one."""
    before = library.revision
    put(library, [make_article("The bird sat on a mat.\nA dog ran.", title="Pets at home")])
    assert library.revision == before + 1
    assert library.counts().articles == 3
    assert library.search_words(terms("cat"), limit=5) == []
    assert len(library.search_words(terms("bird"), limit=5)) == 1
    with pytest.raises(InputError):
        library.info(PETS.id)


def test_a_removed_article_leaves_nothing_behind(library: Library) -> None:
    """Text, words, frequencies and vectors leave with it, and what left is told."""
    before, ids = library.revision, library.passage_ids([PETS.id])
    remove(library, PETS.origin)
    assert library.document_frequencies(terms("cat niger")) == {"cat": 0, "niger": 3}
    assert library.changes(before).removed == sorted(ids)
    assert sum(len(found) for found, _ in library.iter_vectors(2)) == 3
    remove(library, NIGER.origin, PLAIN.origin)
    with sqlite3.connect(library.folder / schema.FILE) as connection:
        for table in ("articles", "passages", "texts", "blocks", "vectors"):
            assert connection.execute("SELECT count(*) FROM " + table).fetchone() == (0,), table  # noqa: S608


def test_a_vector_shared_by_two_articles_stays_until_both_left(tmp_path: Path) -> None:
    """The same text is kept once as a vector, and as long as anybody needs it."""
    one, two = (make_article("Same words.", title="T", origin=origin) for origin in "ab")
    library = make_library(tmp_path, [one, two])
    remove(library, "a")
    assert library.vectors(library.passage_ids([two.id])).shape == (1, 64)


def test_a_transaction_that_fails_leaves_everything_as_it_was(library: Library) -> None:
    """Half an article is never seen."""
    before = (library.revision, library.counts())
    embedder = FakeEmbedder()
    passages = make_passages(NIGER)
    broken = writing.Prepared(NIGER, passages, embedder.embed_passages([passages[0].text]))
    with library.writer() as writer, pytest.raises(ValueError, match="shorter"), writer.transaction():
        writer.put("x", broken, embedder.fingerprint)
    assert (library.revision, library.counts()) == before
    assert library.article(NIGER.id) == NIGER


# Finding


def test_word_search_finds_the_best_passage_first(library: Library) -> None:
    """More and rarer terms weigh more; scores fall; only the asked number comes."""
    found = library.search_words(terms("army Niger mat"), limit=10)
    assert library.passages([found[0][0]])[0].text.startswith("The army")
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(library.search_words(terms("niger"), limit=1)) == 1
    assert library.search_words([], limit=5) == library.search_words(terms("zebra"), limit=5) == []


def test_context_and_text_can_be_weighed_apart(library: Library) -> None:
    """A weight of nothing for the context leaves matches in titles without a score."""
    scores = dict(library.search_words(terms("plain"), limit=5, weights=(0.0, 1.0)))
    assert [abs(score) for score in scores.values()] == [0.0]


def test_word_search_keeps_to_the_articles_asked_for(library: Library) -> None:
    """Other articles' passages do not come, even if they match better."""
    found = library.search_words(terms("niger"), limit=9, article_ids=[PLAIN.id])
    assert [identifier.split(":")[0] for identifier, _ in found] == [PLAIN.id]
    assert library.search_words(terms("niger"), limit=9, article_ids=[]) == []


@pytest.mark.parametrize(
    "term", ['"', "a AND b", "NEAR(", "*", "col:x", "-", "'; DROP TABLE articles", "\0", "word_index"]
)
def test_no_term_is_read_as_query_language(library: Library, term: str) -> None:
    """Whatever a term holds, it is looked for and nothing else."""
    library.search_words([term], limit=5)
    library.document_frequencies([term])
    assert library.counts().articles == 3


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"Niger deal", "Pets at home", "Niger plain"}),
        (Filters(sources=("LE monde",)), {"Niger deal"}),
        (Filters(sources=("le monde", "the globe")), {"Niger deal", "Pets at home"}),
        (Filters(sources=("le mond",)), set()),
        (Filters(authors=("smith",)), {"Niger deal"}),
        (Filters(authors=("AÏCHA",)), {"Niger deal"}),
        (Filters(authors=("%",)), set()),
        (Filters(authors=("_",)), set()),
        (Filters(since="2024-03-02"), {"Niger deal"}),
        (Filters(until="2024-03-02"), {"Niger deal", "Pets at home"}),
        (Filters(since="2023-02-01", until="2024-03-01"), set()),
        (Filters(articles=(PLAIN.id, "none")), {"Niger plain"}),
        (Filters(articles=(PLAIN.id,), sources=("Le Monde",)), set()),
    ],
)
def test_filters_leave_what_they_say(library: Library, filters: Filters, expected: set[str]) -> None:
    """Sources whole and without case, authors in part, dates inclusive by day, all conditions together."""
    assert titles(library, filters) == expected
    assert len(library.article_ids(filters)) == len(expected)


@pytest.mark.parametrize(
    "date", ["yesterday", "2024-13-01", "2024-02-30", "20240301", "2024-3-1", "2024-W01-1", "٢٠٢٤-٠١-٠١"]
)
def test_a_date_that_cannot_be_read_is_named(library: Library, date: str) -> None:
    """The filter is refused, not ignored."""
    with pytest.raises(FilterError, match=date):
        library.articles(Filters(until=date))


def test_a_period_that_ends_before_it_begins_is_refused(library: Library) -> None:
    """An empty answer would hide the mistake."""
    with pytest.raises(FilterError, match="2024-01-02 is after the last 2024-01-01"):
        library.article_ids(Filters(since="2024-01-02", until="2024-01-01"))


@pytest.mark.parametrize(
    "name", [NIGER.id, NIGER.id[:6], "news/niger.txt", "./news/niger.txt", "niger.txt", "niger DEAL", "niger d"]
)
def test_an_article_is_found_by_what_a_person_would_type(library: Library, name: str) -> None:
    """An id or its start, a path or its end, a title or its start."""
    assert library.article(name).id == NIGER.id


def test_a_name_that_fits_several_articles_or_none_is_refused(library: Library) -> None:
    """The candidates are listed."""
    with pytest.raises(InputError, match=r"several articles: .*Niger plain.*Niger deal.*use an id"):
        library.article("niger")
    for name in ("", "  ", "zebra", "%", "niger.tx"):
        with pytest.raises(InputError, match="no article is called"):
            library.article(name)


def test_vectors_come_in_the_order_asked(library: Library) -> None:
    """Each row is the passage's own embedding."""
    ids = library.passage_ids([NIGER.id, PETS.id])[::-1]
    expected = FakeEmbedder().embed_passages([passage.embedded_text for passage in library.passages(ids)])
    assert np.array_equal(library.vectors(ids), expected)
    with pytest.raises(InputError, match="no passage"):
        library.vectors(["0" * 16 + ":0-1"])


def test_queries_use_indexes(library: Library) -> None:
    """Nothing a search runs walks through all passages."""
    statements: list[str] = []
    connection = library._take()
    connection.set_trace_callback(statements.append)
    library._give(connection)
    ids = library.passage_ids([NIGER.id])
    library.passages(ids)
    library.vectors(ids)
    library.search_words(terms("niger"), limit=5, article_ids=[NIGER.id])
    library.articles(Filters(sources=("x",), since="2024-01-01", authors=("y",)))
    library.changes(2)
    connection.set_trace_callback(None)
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) > 5
    for statement in selects:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if step.startswith(("SCAN p", "SCAN passages", "SCAN texts", "SCAN v"))], plan


# Opening


def test_nothing_ingested_is_told_with_the_command(tmp_path: Path) -> None:
    """A missing store is not made by looking for it."""
    with pytest.raises(StoreMissing, match="onrecord ingest"):
        Library.open(tmp_path / "store")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["text", "empty", "cut", "header"])
def test_a_damaged_file_is_one_clear_line(library: Library, damage: str) -> None:
    """A text file, an empty one, half of one, and a broken first page are told apart from a library."""
    library.close()
    file = library.folder / schema.FILE
    whole = file.read_bytes()
    file.write_bytes(
        {"text": b"hello\n" * 99, "empty": b"", "cut": whole[: len(whole) // 2], "header": whole[:100] + b"x" * 60_000}[
            damage
        ]
    )
    with pytest.raises(StoreCorrupt) as raised:
        Library.open(library.folder)
    assert "\n" not in str(raised.value)
    assert str(library.folder) not in str(raised.value)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    """It is neither read nor changed."""
    with sqlite3.connect(tmp_path / schema.FILE) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreCorrupt, match="another program"):
        Library.open(tmp_path, create=True)


def test_a_library_of_a_newer_version_is_refused(library: Library) -> None:
    """An older program does not guess."""
    library.close()
    with sqlite3.connect(library.folder / schema.FILE) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(StoreError, match="newer onrecord"):
        Library.open(library.folder)


def test_damage_found_while_reading_is_told_as_damage(library: Library) -> None:
    """Pages overwritten with rubbish never come back as text."""
    library.close()
    file = library.folder / schema.FILE
    whole = file.read_bytes()
    file.write_bytes(whole[: 8192 * 2] + b"\xa5" * (len(whole) - 8192 * 2))

    def read_all() -> None:
        with Library.open(library.folder) as opened:
            opened.articles()
            opened.passages_of(NIGER.id)
            opened.search_words(terms("niger"), limit=3)

    with pytest.raises(StoreCorrupt):
        read_all()


def test_another_models_vectors_are_refused_with_the_command(library: Library) -> None:
    """The line names both models and the way out."""
    library.require(FakeEmbedder().fingerprint)
    with pytest.raises(FingerprintMismatch, match=r"embedded with fake, not other: .*onrecord ingest --rebuild"):
        library.require(FakeEmbedder("other").fingerprint)
    with pytest.raises(FingerprintMismatch, match="another version of fake"):
        library.require(Fingerprint("fake", "1" * 64, 64, "sum"))


def test_a_library_indexed_by_another_analyser_is_indexed_again(library: Library) -> None:
    """Word search works after the analyser changed, without anything being ingested."""
    library.close()
    with sqlite3.connect(library.folder / schema.FILE) as connection:
        connection.execute("UPDATE meta SET value = 'old' WHERE key = 'analyser'")
        connection.execute("INSERT INTO word_index (word_index) VALUES ('delete-all')")
    with Library.open(library.folder) as opened:
        assert len(opened.search_words(terms("niger"), limit=9)) == 3
        remove(opened, NIGER.origin)
        assert len(opened.search_words(terms("niger"), limit=9)) == 1


def test_a_store_that_cannot_be_written_can_still_be_read(library: Library, not_root: None) -> None:
    """A read-only folder answers questions, and refuses changes in one line."""
    library.close()
    library.folder.chmod(0o555)
    try:
        with Library.open(library.folder) as opened:
            assert opened.article(NIGER.id) == NIGER
            with pytest.raises(StoreError, match="cannot be written"):
                put(opened, [PLAIN])
    finally:
        library.folder.chmod(0o755)


# Writing together


def test_a_second_writer_is_told_who_writes(library: Library) -> None:
    """The process id of the holder is in the line; reading goes on."""
    code = """
        import sys; from pathlib import Path; from retrieval.library import Library
        with Library.open(Path(sys.argv[1])) as library, library.writer():
            print("held", flush=True); sys.stdin.readline()
    """
    with run(code, str(library.folder)) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=rf"pid {other.pid}\) is writing"):
            put(library, [PLAIN])
        assert library.counts().articles == 3
        other.communicate("\n", timeout=20)
    put(library, [make_article("New.", title="New")])


def test_the_lock_of_a_killed_writer_is_gone_with_it(library: Library) -> None:
    """No stale lock can keep a store shut."""
    code = """
        import sys; from pathlib import Path; from retrieval.library import Library
        from tests.fakes import make_article, make_passages, FakeEmbedder; from retrieval.writing import Prepared
        with Library.open(Path(sys.argv[1])) as library, library.writer() as writer, writer.transaction():
            a = make_article("Half written.", title="Half"); p = make_passages(a); e = FakeEmbedder()
            writer.put("h", Prepared(a, p, e.embed_passages([x.embedded_text for x in p])), e.fingerprint)
            print("held", flush=True); sys.stdin.readline()
    """
    before = library.counts()
    with run(code, str(library.folder)) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        other.send_signal(signal.SIGKILL)
        other.wait(20)
        other.communicate()
    assert library.counts() == before
    put(library, [make_article("New.", title="New")])
    assert library.counts().articles == 4
    assert library.check() == []


def test_a_reader_sees_what_another_process_wrote(library: Library) -> None:
    """New articles appear without opening anything again."""
    code = """
        import sys; from pathlib import Path; from retrieval.library import Library
        from tests.fakes import make_article, put
        with Library.open(Path(sys.argv[1])) as library: put(library, [make_article("A zebra.", title="Zoo")])
    """
    before = library.revision
    with run(code, str(library.folder)) as other:
        _, said = other.communicate(timeout=60)
    assert (other.returncode, said) == (0, "")
    assert library.revision == before + 1
    assert len(library.search_words(terms("zebra"), limit=3)) == 1


@pytest.mark.parametrize("how", ["reader", "library", "writer"])
def test_a_second_connection_does_not_cost_the_first_its_sight(library: Library, how: str) -> None:
    """What others write is seen, however often this process has opened the file: its locks go with any handle."""
    code = """
        import sys; from pathlib import Path; from retrieval.library import Library
        from tests.fakes import make_article, put
        with Library.open(Path(sys.argv[1])) as library: put(library, [make_article(sys.argv[2], title=sys.argv[2])])
    """
    before = library.revision
    with library.reading():
        if how == "reader":
            library.counts()
        elif how == "library":
            Library.open(library.folder).close()
        else:
            with library.writer():
                pass
    for more, name in enumerate(("Heron", "Stork", "Crane"), 1):
        with run(code, str(library.folder), name) as other:
            _, said = other.communicate(timeout=60)
        assert (other.returncode, said) == (0, "")
        assert library.revision == before + more
        assert library.article(name).text == name


def test_threads_read_while_one_writes(library: Library) -> None:
    """Readers see whole revisions only: an article's passages are all there or it is not."""
    stop = threading.Event()

    def read() -> int:
        seen = 0
        while not stop.is_set():
            for info in library.articles():
                assert len(library.passages_of(info.id)) in {info.passages, 0}
                seen += 1
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        try:
            for number in range(15):
                put(library, [make_article(f"Line one {number}.\nLine two.", title="Changing")])
        finally:
            stop.set()
        assert all(reader.result() for reader in readers)


def test_a_full_disk_leaves_the_library_whole(library: Library) -> None:
    """One line says so, and what was kept is as before."""
    before = (library.revision, library.counts())
    long = make_article("\n".join(f"Paragraph {number} of many." for number in range(3000)), title="Long")
    passages, embedder = make_passages(long), FakeEmbedder()
    prepared = writing.Prepared(long, passages, embedder.embed_passages([passage.text for passage in passages]))

    def fill() -> None:
        with library.writer() as writer:
            pages = writer.connection.execute("PRAGMA page_count").fetchone()[0]
            writer.connection.execute(f"PRAGMA max_page_count = {pages + 5}")
            with writer.transaction():
                writer.put("long", prepared, embedder.fingerprint)

    with pytest.raises(StoreError, match=r"no space is left.*what was saved is whole"):
        fill()
    assert (library.revision, library.counts()) == before
    assert library.check() == []
    put(library, [make_article("Short.", title="Short")])


def test_a_file_size_limit_is_a_full_disk(tmp_path: Path) -> None:
    """The operating system's refusal becomes one line too."""
    code = """
        import resource, signal, sys; from pathlib import Path
        from retrieval.errors import StoreError; from retrieval.library import Library
        from tests.fakes import make_article, put
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with Library.open(Path(sys.argv[1]), create=True) as library:
            put(library, [make_article("Kept.", title="Kept")])
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
            try:
                put(library, [make_article(chr(10).join(f"Paragraph {n}." for n in range(4000)), title="Long")])
            except StoreError as error:
                print(error)
    """
    with run(code, str(tmp_path)) as other:
        said, complaint = other.communicate(timeout=120)
    assert complaint == ""
    assert "what was saved is whole" in said
    with Library.open(tmp_path) as library:
        assert [info.title for info in library.articles()] == ["Kept"]
        assert library.check() == []


def test_what_left_long_ago_is_forgotten_and_said_to_be(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record of removals does not grow for ever; whoever needs more of it is told it is not complete."""
    monkeypatch.setattr(writing, "TOMBSTONES", 3)
    before = library.revision
    for number in range(6):
        put(library, [make_article(f"Version {number}.", title="Changing")])
    assert not library.changes(before).complete
    assert library.changes(library.revision).complete


def test_a_closed_library_says_so(library: Library) -> None:
    """It does not open itself again."""
    library.close()
    with pytest.raises(InputError, match="closed"):
        library.counts()
    assert (library.folder / schema.FILE).exists()


def test_a_log_that_goes_while_a_reader_opens_is_no_failure(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever closes the library last removes it, between any two looks at it."""
    log = library.folder / f"{schema.FILE}-wal"
    exists = Path.exists

    def gone(path: Path) -> bool:
        was = exists(path)
        if path == log:
            log.unlink(missing_ok=True)
        return was

    with Library.open(library.folder) as one:
        assert one.counts().articles
        library.close()
        monkeypatch.setattr(Path, "exists", gone)
        with Library.open(library.folder) as other:
            assert other.counts() == one.counts()
