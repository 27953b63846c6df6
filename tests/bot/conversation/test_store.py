"""ConversationStore are kept, bounded, and gone when they are forgotten."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.answers import Claim, Support
from bot.conversation.store import (
    CONVERSATIONS_FILE,
    MAX_NAME_CHARACTERS,
    MAX_TURNS,
    CitedPlace,
    ConversationStore,
    Turn,
    turn_of,
)
from retrieval.articles import Span
from retrieval.errors import InputError, StoreCorrupt, StoreError
from tests.bot.fakes_bot import answered, cite, clean_environment, info
from tests.patience import PATIENCE_SECONDS, until

DAY = 86_400.0
PLACE = CitedPlace(1, "a" * 16, Span(3, 14), "“Héllo\nwörld”")


def turn(question: str = "Who signed it?", asked: float = 1_000.0, answer: str = "Ana signed it.") -> Turn:
    return Turn(question, "Who signed the pact?", answer, (PLACE,), abstained=False, asked=asked)


def store(folder: Path, now: float = 1_000.0, days: float = 30) -> ConversationStore:
    return ConversationStore(folder, retention_days=days, clock=lambda: now)


def test_turns_come_back_as_they_were_in_order(tmp_path: Path) -> None:
    """Also from another process's eyes: a second store over the same file."""
    first, second = turn(), turn("And who else?", 1_001.0)
    kept = store(tmp_path)
    kept.add("a", first)
    kept.add("a", second)
    assert store(tmp_path).turns("a") == [first, second]
    assert store(tmp_path).turns("b") == []


def test_nothing_is_made_before_the_first_turn(tmp_path: Path) -> None:
    """Reading, listing and forgetting leave no file."""
    kept = store(tmp_path)
    assert (kept.turns("a"), kept.names(), kept.forget()) == ([], [], 0)
    assert not (tmp_path / CONVERSATIONS_FILE).exists()


def test_a_conversation_keeps_its_latest_turns_only(tmp_path: Path) -> None:
    """The oldest go; other conversations stay."""
    kept = store(tmp_path)
    kept.add("other", turn())
    for number in range(MAX_TURNS + 3):
        kept.add("a", turn(f"Question {number}?"))
    assert [each.question for each in kept.turns("a")] == [f"Question {n}?" for n in range(3, MAX_TURNS + 3)]
    assert len(kept.turns("other")) == 1


def test_what_is_older_than_the_retention_is_not_returned_and_then_deleted(tmp_path: Path) -> None:
    """Deleted at the next turn of any conversation."""
    store(tmp_path, now=0).add("a", turn(asked=0.0))
    late = store(tmp_path, now=31 * DAY)
    assert (late.turns("a"), late.names()) == ([], [])
    late.add("b", turn(asked=31 * DAY))
    with contextlib.closing(sqlite3.connect(tmp_path / CONVERSATIONS_FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (1,)


def test_expiring_deletes_what_is_older_and_leaves_no_trace(tmp_path: Path) -> None:
    """A bot that nobody asks any more keeps its word, too."""
    store(tmp_path, now=0).add("a", turn("Who is the secret source?", asked=0.0))
    late = store(tmp_path, now=31 * DAY)
    late.add("b", turn(asked=31 * DAY))
    kept = store(tmp_path, now=32 * DAY)
    assert (kept.expire(), [entry.name for entry in kept.names()]) == (0, ["b"])
    kept = store(tmp_path, now=62 * DAY)
    assert (kept.expire(), kept.names()) == (1, [])
    assert not any(b"secret source" in file.read_bytes() for file in tmp_path.iterdir())


def test_forgetting_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    """Neither in the database nor in its log."""
    kept = store(tmp_path)
    kept.add("a", turn("Who is the whistleblower Quillfeather?"))
    kept.add("b", turn())
    assert kept.forget("a") == 1
    assert [entry.name for entry in kept.names()] == ["b"]
    assert b"Quillfeather" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert (kept.forget("a"), kept.forget(), kept.names()) == (0, 1, [])


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    """The log, too, whatever the umask."""
    kept = store(tmp_path)
    kept.add("a", turn())
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_conversations_are_listed_latest_first(tmp_path: Path) -> None:
    """With their turns and when the last was asked."""
    kept = store(tmp_path)
    kept.add("old", turn(asked=5.0))
    kept.add("new", turn(asked=7.0))
    kept.add("new", turn(asked=9.0))
    assert [(entry.name, entry.turns, entry.last) for entry in kept.names()] == [("new", 2, 9.0), ("old", 1, 5.0)]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * (MAX_NAME_CHARACTERS + 1)])
def test_a_name_that_cannot_be_one_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="conversation's name"):
        store(tmp_path).add(name, turn())


def test_a_damaged_file_is_named_and_can_be_discarded(tmp_path: Path) -> None:
    """Articles are not touched by it."""
    (tmp_path / CONVERSATIONS_FILE).write_bytes(b"not a database, whatever its name says" * 100)
    kept = store(tmp_path)
    with pytest.raises(StoreCorrupt, match="forget --all"):
        kept.turns("a")
    kept.discard()
    kept.add("a", turn())
    assert len(kept.turns("a")) == 1


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="conversations cannot be kept"):
        store(tmp_path / "nowhere").add("a", turn())


ADDING = """
import sys, time
from pathlib import Path
from bot.conversation.store import ConversationStore
from bot.conversation.store import Turn
kept = ConversationStore(Path(sys.argv[1]), retention_days=30)
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    kept.add(sys.argv[2], Turn(f"{number}", f"{number}", "x" * 3000, (), False, time.time()))
"""


def _adding(folder: Path, name: str, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ADDING, str(folder), name, str(times)],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def test_several_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    """Two conversations and one that both write to."""
    running = [_adding(tmp_path, name, 20) for name in ("a", "b", "both", "both")]
    for each in running:
        each.communicate(timeout=PATIENCE_SECONDS)
    assert [each.returncode for each in running] == [0, 0, 0, 0]
    kept = ConversationStore(tmp_path, retention_days=30)
    assert {entry.name: entry.turns for entry in kept.names()} == {"a": 20, "b": 20, "both": 40}


def test_a_kill_leaves_whole_turns(tmp_path: Path) -> None:
    """What is there is readable, in order, without a gap."""
    running = _adding(tmp_path, "a", 100_000)
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    kept = ConversationStore(tmp_path, retention_days=30)
    until(lambda: len(kept.turns("a")) > 3)
    running.send_signal(signal.SIGKILL)
    running.wait(PATIENCE_SECONDS)
    running.stdout.close()
    numbers = [int(each.question) for each in kept.turns("a")]
    assert numbers
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


LOOSE = Claim("The walkout is over.", Support.UNCONFIRMED)
CITED = cite(1, "The strike ended.", info())


def test_what_is_not_confirmed_is_not_remembered() -> None:
    """Later questions and prompts take what a turn holds for checked."""
    kept = turn_of(answered(CITED, answerer="openai:test", unconfirmed=(LOOSE,)), 0.0)
    assert (kept.answer, kept.abstained) == ("The strike ended.", False)


def test_unconfirmed_claims_alone_are_remembered_as_no_answer() -> None:
    """What was asserted is nothing; the nearest sentences were shown."""
    kept = turn_of(answered(answerer="openai:test", unconfirmed=(LOOSE,), nearest=(CITED,)), 0.0)
    assert (kept.answer, kept.abstained) == ("The articles do not confirm what the chat model wrote.", True)
    assert [place.quote for place in kept.places] == ["The strike ended."]
