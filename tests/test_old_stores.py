"""Stores written by earlier versions open, answer and keep everything."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.app import build
from bot.conversation.store import CONVERSATIONS_FILE, ConversationStore
from bot.discord.database import DATABASE_FILE, BotDatabase
from bot.llm.budget import USAGE_FILE, TokenBudget
from bot.settings import Settings
from retrieval.embedding.embedder import SentenceTransformerEmbedder
from retrieval.errors import StoreError
from retrieval.store import derived_indexes, schema, word_index
from retrieval.store.library import Library

V1 = Path(__file__).parent / "data" / "store-v1"
SIGNED = "The agreement was signed by AFRICOM commander General Michael Langley"
ASKED = 1795841947.0  # when the fixture's turns were asked
Age = Callable[[sqlite3.Connection], object]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A copy of the store of version 1."""
    return Path(shutil.copytree(V1, tmp_path / ".onrecord"))


@pytest.fixture
def read_only(store: Path, not_root: None) -> Iterator[Path]:
    """The same, with an up-to-date word index whatever Python's Unicode tables, in a folder that cannot be written."""
    update = "UPDATE meta SET value = ? WHERE key = 'analyser'"
    change(store / schema.LIBRARY_FILE, lambda connection: connection.execute(update, (word_index.INDEX_VERSION,)))
    for file in store.iterdir():
        file.chmod(0o400)
    store.chmod(0o555)
    yield store
    store.chmod(0o755)


def change(file: Path, how: Age) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        how(connection)


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def applied(file: Path) -> list[str]:
    return [str(name) for (name,) in rows(file, "SELECT name FROM migrations WHERE applied_at > '2026-'")]


def conversations(store: Path) -> ConversationStore:
    return ConversationStore(store, retention_days=30, clock=lambda: ASKED + 60)


def without_sketches(connection: sqlite3.Connection) -> None:
    """Undo what was added with near-duplicates."""
    connection.executescript("DROP TABLE sketch_keys; DROP TABLE sketches; DELETE FROM meta WHERE key = 'sketches'")


def first_release(connection: sqlite3.Connection) -> None:
    """Undo what was added with the quote desk, too."""
    without_sketches(connection)
    connection.executescript("DROP TABLE quote_index; DROP TABLE quote_words; DELETE FROM meta WHERE key = 'quotes'")


def first_quote_index(connection: sqlite3.Connection) -> None:
    """Replace the quote index by one of version 1, which kept no words."""
    without_sketches(connection)
    connection.executescript(
        "DROP TABLE quote_index; CREATE VIRTUAL TABLE quote_index USING fts5(words, content='', tokenize='ascii');"
        "UPDATE meta SET value = '1' WHERE key = 'quotes'"
    )


def other_analyser(connection: sqlite3.Connection) -> None:
    connection.executescript("UPDATE meta SET value = '0/unicode-13.0.0' WHERE key = 'analyser'")


def test_an_old_store_answers_and_keeps_its_conversation(
    store: Path, real_embedder: SentenceTransformerEmbedder
) -> None:
    """As the version that wrote it did; the vector index, which is derived, is built again."""
    turns = conversations(store).turns("keep")
    with build(Settings(store_dir=store), embedder=real_embedder) as app:
        assert [turn.question for turn in turns] == ["Who signed the agreement?", "When was that?"]
        when = app.ask("When was that?", history=turns[:1])
        assert when.text.startswith("In late January, Algeria formalized")
        app.vectors.sync()
        assert app.vector_index_problem() == ""
        assert [match.text for match in app.quotes.check(SIGNED).matches] == [SIGNED]


@pytest.mark.parametrize("age", [None, without_sketches, first_release, first_quote_index, other_analyser])
def test_a_library_of_every_earlier_version_keeps_its_articles_and_gets_its_indexes(
    store: Path, age: Age | None
) -> None:
    """Whichever derived indexes it lacks, they are built from the articles, and the migration is recorded."""
    articles = rows(store / schema.LIBRARY_FILE, "SELECT * FROM articles")
    indexes = [
        rows(store / schema.LIBRARY_FILE, query)
        for query in ("SELECT * FROM quote_words", "SELECT * FROM sketch_keys", "SELECT term, doc FROM vocabulary")
    ]
    if age:
        change(store / schema.LIBRARY_FILE, age)
    with Library.open(store) as library:
        assert SIGNED in library.article("000_fd9da15de8c10e6e.txt").text
        assert library.search_words(["langley"], limit=1)
        assert (library.revision, library.identity) == (1, "42dfab8a2fe44c27a4c45b96b3bbb81f")
        assert library.check() == []
        with library.reading() as connection:
            assert derived_indexes.outdated(connection) == []
    assert rows(store / schema.LIBRARY_FILE, "SELECT * FROM articles") == articles
    assert applied(store / schema.LIBRARY_FILE) == [migration.name for migration in schema.MIGRATIONS]
    assert indexes == [
        rows(store / schema.LIBRARY_FILE, query)
        for query in ("SELECT * FROM quote_words", "SELECT * FROM sketch_keys", "SELECT term, doc FROM vocabulary")
    ]


def test_what_belongs_to_people_is_kept_and_made_private(store: Path) -> None:
    """Conversations, the bot's records and the token count, also from a copy with loose permissions."""
    for file in store.glob("*.sqlite"):
        file.chmod(0o664)
    kept = conversations(store)
    assert kept.turns("keep")[0].answer.startswith(SIGNED)
    kept.close()
    bot = BotDatabase(store, retention_days=30, clock=lambda: ASKED + 60)
    reply = bot.reply("0123456789abcdef")
    assert reply
    assert reply.unconfirmed == ()
    assert (reply.question, reply.targets[0].quote) == ("Who signed the agreement?", "The agreement was signed by")
    assert (bot.settings(), bot.threads(), bot.direct_channels(5)) == ([("guild:7", "answer", "off")], {11}, [12])
    assert not bot.claim_event("message:1", "another run")
    bot.close()
    budget = TokenBudget(store, 1_000, today=lambda: date(2026, 11, 28))
    budget.add(4)
    assert budget.used() == 325
    for name in (CONVERSATIONS_FILE, DATABASE_FILE, USAGE_FILE):
        assert applied(store / name), name
        assert stat.S_IMODE((store / name).stat().st_mode) == 0o600, name


def test_an_old_store_that_cannot_be_written_is_read_as_it_is(read_only: Path) -> None:
    """Its articles and conversations are there; only adding to them is refused."""
    with Library.open(read_only) as library:
        assert library.counts().articles == 3
        assert library.search_words(["langley"], limit=1)
    kept = conversations(read_only)
    assert [turn.question for turn in kept.turns("keep")] == ["Who signed the agreement?", "When was that?"]
    with pytest.raises(StoreError, match="conversations cannot be kept: the file cannot be written"):
        kept.forget("keep")
    kept.close()
    assert TokenBudget(read_only, 1_000, today=lambda: date(2026, 11, 28)).used() == 321
    assert {file.name for file in read_only.iterdir()} == {file.name for file in V1.iterdir()}


@pytest.mark.parametrize("name", [schema.LIBRARY_FILE, CONVERSATIONS_FILE])
def test_a_database_of_a_newer_version_is_refused(store: Path, name: str) -> None:
    """An older program does not guess, and changes nothing."""
    change(store / name, lambda connection: connection.execute("PRAGMA user_version = 9"))
    with pytest.raises(StoreError, match=r"by a newer onrecord \(format 9, this one reads \d\): update onrecord"):
        _ = Library.open(store) if name == schema.LIBRARY_FILE else conversations(store).turns("keep")
    assert rows(store / name, "SELECT 1 FROM sqlite_master WHERE name = 'migrations'") == []
