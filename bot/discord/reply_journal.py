"""Reply journal: how far the reply to an event is, recorded so that the next start can finish it."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from typing import Any

from bot.discord.database import BotDatabase, UnfinishedReply
from bot.discord.logs import log
from bot.discord.workers import WorkerPool
from retrieval.errors import OnrecordError

_NONCE_CHARACTERS = 24  # of the 25 that Discord accepts


class ReplyJournal:
    """Records the reply to one event until the event is completed.

    Args:
        database: Where it is recorded.
        workers: Runs the database's statements.
        reply: How far the reply is.
        resumed: Whether an earlier run began it, which may have done more than it recorded.
    """

    def __init__(
        self, database: BotDatabase, workers: WorkerPool, reply: UnfinishedReply, *, resumed: bool = False
    ) -> None:
        self._database, self._workers = database, workers
        self.reply, self.resumed = reply, resumed

    async def record(self, **changes: Any) -> None:
        """Record what has changed, by the fields of ``UnfinishedReply``; the answer matters more than its record."""
        reply = self.reply = replace(self.reply, **changes)
        try:
            await self._workers.query(lambda: self._database.save_unfinished(reply))
        except OnrecordError as error:
            log("reply_not_recorded", level=logging.WARNING, error=error)

    def nonce(self, part: str) -> str:
        """Return what makes a part of the reply known to Discord again, also when another run sends it."""
        name = f"{self.reply.event} {self.reply.answered} {part}"
        return hashlib.sha256(name.encode()).hexdigest()[:_NONCE_CHARACTERS]
