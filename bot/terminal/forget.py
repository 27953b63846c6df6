"""What ``onrecord forget`` does: deletes conversations, or lists those there are."""

from __future__ import annotations

import time
from pathlib import Path

from bot.conversation.store import ConversationStore
from bot.render.phrases import counted
from retrieval.errors import InputError, StoreCorrupt, StoreError
from retrieval.text.sanitize import line

INPUT_HISTORY = "history"
"""The file in the store's folder that holds what was typed at the REPL's prompt."""
MAX_LISTED = 50
"""Conversations listed, the latest."""


def forget(kept: ConversationStore, folder: Path, name: str | None, *, everything: bool) -> tuple[str, int]:
    """Delete a conversation, or all; without either, list them. Return what to say, and how many turns went.

    All of them go with the lines that were typed at the prompt.

    Args:
        kept: The conversations.
        folder: The store's folder.
        name: Which one.
        everything: All of them.

    Raises:
        InputError: Both were given, or there is no such conversation.
        StoreError: The store cannot be written.
    """
    if everything and name is not None:
        raise InputError("say which: a conversation's name, or --all")
    if everything:
        return _all(kept, folder / INPUT_HISTORY)
    if name is None:
        return listed(kept), 0
    gone = kept.forget(name)
    if not gone:
        raise InputError(f"no conversation is called {name!r}: `onrecord forget` lists those there are")
    return f"Forgot {line(name)}: {counted(gone, 'turn')}.", gone


def listed(kept: ConversationStore) -> str:
    """Return the conversations that are kept, a line each, the latest first."""
    entries = kept.names()
    if not entries:
        return "No conversation is kept."
    lines = [
        f"{line(entry.name)} · {counted(entry.turns, 'turn')} · {_day(entry.last)}" for entry in entries[:MAX_LISTED]
    ]
    more = [f"… and {len(entries) - MAX_LISTED} more"] if len(entries) > MAX_LISTED else []
    return "\n".join([*lines, *more])


def _all(kept: ConversationStore, typed: Path) -> tuple[str, int]:
    try:
        typed.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{typed.name} in the store cannot be deleted: {error.strerror or error}") from error
    try:
        gone = kept.forget()
    except StoreCorrupt:
        kept.discard()
        return "The conversations were damaged; their file is deleted.", 0
    return f"Forgot {counted(gone, 'turn')}.", gone


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
