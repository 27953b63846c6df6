"""What ``onrecord forget`` does: deletes conversations, or lists those there are."""

from __future__ import annotations

import time

from bot.conversation.store import Conversations
from bot.render.clean import line
from bot.render.terminal import counted
from retrieval.errors import InputError, StoreCorrupt

LISTED = 50
"""Conversations listed, the latest."""


def forget(kept: Conversations, name: str | None, *, everything: bool) -> tuple[str, int]:
    """Delete a conversation, or all; without either, list them. Return what to say, and how many turns went.

    Raises:
        InputError: Both were given, or there is no such conversation.
        StoreError: The store cannot be written.
    """
    if everything and name is not None:
        raise InputError("say which: a conversation's name, or --all")
    if everything:
        return _all(kept)
    if name is None:
        return listed(kept), 0
    gone = kept.forget(name)
    if not gone:
        raise InputError(f"no conversation is called {name!r}: `onrecord forget` lists those there are")
    return f"Forgot {line(name)}: {counted(gone, 'turn')}.", gone


def listed(kept: Conversations) -> str:
    """Return the conversations that are kept, a line each, the latest first."""
    entries = kept.names()
    if not entries:
        return "No conversation is kept."
    lines = [f"{line(entry.name)} · {counted(entry.turns, 'turn')} · {_day(entry.last)}" for entry in entries[:LISTED]]
    more = [f"… and {len(entries) - LISTED} more"] if len(entries) > LISTED else []
    return "\n".join([*lines, *more])


def _all(kept: Conversations) -> tuple[str, int]:
    try:
        gone = kept.forget()
    except StoreCorrupt:
        kept.discard()
        return "The conversations were damaged; their file is deleted.", 0
    return f"Forgot {counted(gone, 'turn')}.", gone


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
