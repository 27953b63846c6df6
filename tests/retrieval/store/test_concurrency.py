"""How the library is opened, and what several processes and threads see of it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrieval.embedding.embedder import Fingerprint
from retrieval.errors import (
    FingerprintMismatch,
    InputError,
    StoreCorrupt,
    StoreError,
    StoreLocked,
    StoreMissing,
)
from retrieval.store import schema
from retrieval.store import writer as writing
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from tests.fakes import FakeEmbedder, make_article, make_passages, put, remove
from tests.patience import PATIENCE_SECONDS
from tests.retrieval.fakes_library import NIGER, PLAIN, make_small

ROOT = Path(__file__).parents[3]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_small(tmp_path / "store")


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
    file = library.folder / schema.LIBRARY_FILE
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
    with sqlite3.connect(tmp_path / schema.LIBRARY_FILE) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreCorrupt, match="another program"):
        Library.open(tmp_path, create=True)


def test_a_library_of_a_newer_version_is_refused(library: Library) -> None:
    """An older program does not guess."""
    library.close()
    with sqlite3.connect(library.folder / schema.LIBRARY_FILE) as connection:
        connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="newer onrecord"):
        Library.open(library.folder)


def test_damage_found_while_reading_is_told_as_damage(library: Library) -> None:
    """Pages overwritten with rubbish never come back as text."""
    library.close()
    file = library.folder / schema.LIBRARY_FILE
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
    with sqlite3.connect(library.folder / schema.LIBRARY_FILE) as connection:
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
        import sys; from pathlib import Path; from retrieval.store.library import Library
        with Library.open(Path(sys.argv[1])) as library, library.writer():
            print("held", flush=True); sys.stdin.readline()
    """
    with run(code, str(library.folder)) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=rf"pid {other.pid}\) is writing"):
            put(library, [PLAIN])
        assert library.counts().articles == 3
        other.communicate("\n", timeout=PATIENCE_SECONDS)
    put(library, [make_article("New.", title="New")])


def test_the_lock_of_a_killed_writer_is_gone_with_it(library: Library) -> None:
    """No stale lock can keep a store shut."""
    code = """
        import sys; from pathlib import Path; from retrieval.store.library import Library
        from retrieval.store.writer import PreparedArticle
        from tests.fakes import make_article, make_passages, FakeEmbedder
        with Library.open(Path(sys.argv[1])) as library, library.writer() as writer, writer.transaction():
            a = make_article("Half written.", title="Half"); p = make_passages(a); e = FakeEmbedder()
            prepared = PreparedArticle(a, p, e.embed_passages([x.embedded_text for x in p]))
            writer.put_article("h", prepared, e.fingerprint)
            print("held", flush=True); sys.stdin.readline()
    """
    before = library.counts()
    with run(code, str(library.folder)) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        other.send_signal(signal.SIGKILL)
        other.wait(PATIENCE_SECONDS)
        other.communicate()
    assert library.counts() == before
    put(library, [make_article("New.", title="New")])
    assert library.counts().articles == 4
    assert library.check() == []


def test_a_reader_sees_what_another_process_wrote(library: Library) -> None:
    """New articles appear without opening anything again."""
    code = """
        import sys; from pathlib import Path; from retrieval.store.library import Library
        from tests.fakes import make_article, put
        with Library.open(Path(sys.argv[1])) as library: put(library, [make_article("A zebra.", title="Zoo")])
    """
    before = library.revision
    with run(code, str(library.folder)) as other:
        _, said = other.communicate(timeout=PATIENCE_SECONDS)
    assert (other.returncode, said) == (0, "")
    assert library.revision == before + 1
    assert len(library.search_words(terms("zebra"), limit=3)) == 1


@pytest.mark.parametrize("how", ["reader", "library", "writer"])
def test_a_second_connection_does_not_cost_the_first_its_sight(library: Library, how: str) -> None:
    """What others write is seen, however often this process has opened the file: its locks go with any handle."""
    code = """
        import sys; from pathlib import Path; from retrieval.store.library import Library
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
            _, said = other.communicate(timeout=PATIENCE_SECONDS)
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
    prepared = writing.PreparedArticle(long, passages, embedder.embed_passages([passage.text for passage in passages]))

    def fill() -> None:
        with library.writer() as writer:
            pages = writer.connection.execute("PRAGMA page_count").fetchone()[0]
            writer.connection.execute(f"PRAGMA max_page_count = {pages + 5}")
            with writer.transaction():
                writer.put_article("long", prepared, embedder.fingerprint)

    with pytest.raises(StoreError, match=r"no space is left.*what was saved is whole"):
        fill()
    assert (library.revision, library.counts()) == before
    assert library.check() == []
    put(library, [make_article("Short.", title="Short")])


def test_a_file_size_limit_is_a_full_disk(tmp_path: Path) -> None:
    """The operating system's refusal becomes one line too."""
    code = """
        import resource, signal, sys; from pathlib import Path
        from retrieval.errors import StoreError; from retrieval.store.library import Library
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
        said, complaint = other.communicate(timeout=PATIENCE_SECONDS)
    assert complaint == ""
    assert "what was saved is whole" in said
    with Library.open(tmp_path) as library:
        assert [info.title for info in library.articles()] == ["Kept"]
        assert library.check() == []


def test_what_left_long_ago_is_forgotten_and_said_to_be(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record of removals is bounded; a reader that needs more of it learns that it is incomplete."""
    monkeypatch.setattr(writing, "MAX_REMOVALS", 3)
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
    assert (library.folder / schema.LIBRARY_FILE).exists()


def test_a_log_that_goes_while_a_reader_opens_is_no_failure(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever closes the library last removes it, between any two looks at it."""
    log = library.folder / f"{schema.LIBRARY_FILE}-wal"
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
