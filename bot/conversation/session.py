"""Conversation sessions: the turns of one conversation, in memory and, for a named one, in the store."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from bot.answers import Answer, QuestionKind
from bot.conversation.question_patterns import picks_article
from bot.conversation.store import MAX_TURNS, ConversationStore, Turn, check_name, turn_of
from retrieval.errors import StoreError

UNREMEMBERED = frozenset({QuestionKind.SMALL_TALK, QuestionKind.COMMAND, QuestionKind.LAST_ANSWER})
"""Kinds of questions after which the conversation is where it was: "Thanks. Who else?"."""


class ConversationSession:
    """The turns of one conversation.

    Turns that cannot be stored (a read-only store, a full disk) stay in memory until the program ends.

    Args:
        name: Its name in the store; None: it is not stored.
        kept: The store of conversations.
        clock: Seconds since 1970.

    Raises:
        InputError: The name is empty or too long.
    """

    def __init__(
        self, name: str | None = None, kept: ConversationStore | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.name = check_name(name) if name is not None else None
        self.trouble = ""
        self._reported = False
        self._kept = kept if name is not None else None
        self._clock = clock
        self._turns: list[Turn] = []

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns so far, oldest first, including those of other processes in the same conversation."""
        if self._kept and self.name is not None and not self.trouble:
            try:
                return tuple(self._kept.turns(self.name))
            except StoreError as error:
                self.trouble = str(error)
        return tuple(self._turns)

    def keep(self, answer: Answer) -> None:
        """Add a question and its answer, unless no later question can depend on it."""
        if answer.kind in UNREMEMBERED and not picks_article(answer.question):
            return
        turn = turn_of(answer, self._clock())
        self._turns = [*self._turns, turn][-MAX_TURNS:]
        if self._kept and self.name is not None and not self.trouble:
            try:
                self._kept.add(self.name, turn)
            except StoreError as error:
                self.trouble = str(error)

    def complaint(self) -> str:
        """Return why the conversation is not stored, once; empty afterwards, and when it is stored."""
        if self._reported or not self.trouble:
            return ""
        self._reported = True
        return self.trouble

    def forget(self) -> int:
        """Delete the turns, in memory and in the store; return their number.

        Raises:
            StoreError: The store cannot be written: it still holds them.
        """
        gone = len(self._turns)
        if self._kept and self.name is not None:
            gone = max(gone, self._kept.forget(self.name))
        self._turns.clear()
        return gone

    def another(self) -> ConversationSession:
        """Return a new session, stored where this one is."""
        return ConversationSession(new_name() if self._kept else None, self._kept, self._clock)


def new_name() -> str:
    """Return a name for a conversation at a terminal: when it began (UTC), and a few letters that tell two apart."""
    return f"{time.strftime('%Y-%m-%d-%H%M', time.gmtime())}-{secrets.token_hex(2)}"
