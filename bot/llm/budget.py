"""Token budget: the tokens of a day, counted in the store over all processes, with a limit.

Counts tokens, about: providers cut text differently, and their own counters need a network or a large package.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from bot.llm.errors import BudgetSpent
from retrieval.store.private_db import PrivateDatabase
from retrieval.store.sqlite import Migration

ASCII_CHARACTERS_PER_TOKEN = 3.6
OTHER_CHARACTERS_PER_TOKEN = 1.5
"""Characters a token, low on purpose so that a prompt fits: OpenAI's documentation gives 4 for English, other scripts
take one to three tokens a character or two."""


def estimate_tokens(text: str) -> int:
    """Return about how many tokens ``text`` has, rather too many than too few."""
    plain = sum(map(str.isascii, text)) if not text.isascii() else len(text)
    return round(plain / ASCII_CHARACTERS_PER_TOKEN + (len(text) - plain) / OTHER_CHARACTERS_PER_TOKEN + 0.5)


USAGE_FILE = "usage.sqlite"
"""In the store: a row a day."""

KEPT_DAYS = 400
"""Days."""


def _today() -> date:
    return datetime.now(UTC).date()


_TABLES = "CREATE TABLE IF NOT EXISTS usage (day TEXT PRIMARY KEY, tokens INTEGER NOT NULL)"
_MIGRATIONS = (Migration("daily usage", lambda connection: connection.execute(_TABLES)),)


class TokenBudget:
    """Counts tokens by day (UTC). Safe between threads and processes.

    Args:
        folder: The store.
        daily: The most tokens a day; 0: no limit (they are counted all the same).
        today: Tells the day.
    """

    def __init__(self, folder: Path, daily: int, *, today: Callable[[], date] = _today) -> None:
        self._file = PrivateDatabase(
            folder / USAGE_FILE,
            _MIGRATIONS,
            failure="the day's tokens cannot be counted",
            recovery=f"move {USAGE_FILE} in the store away",
        )
        self._daily = daily
        self._today = today

    def check(self, wanted: int) -> None:
        """Check that ``wanted`` more tokens may be sent today.

        Raises:
            BudgetSpent: They would go over the limit.
            StoreError: The count cannot be read.
        """
        if not self._daily:
            return
        used = self.used()
        if used + wanted > self._daily:
            raise BudgetSpent(
                f"{used:,} of today's {self._daily:,} tokens are used, and this question needs about {wanted:,}"
            )

    def add(self, count: int) -> None:
        """Count ``count`` tokens as used today.

        Raises:
            StoreError: It cannot be written.
        """
        with self._file.writing() as database:
            database.execute(
                "INSERT INTO usage VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET tokens = tokens + excluded.tokens",
                (self._today().isoformat(), count),
            )
            database.execute(
                "DELETE FROM usage WHERE day NOT IN (SELECT day FROM usage ORDER BY day DESC LIMIT ?)", (KEPT_DAYS,)
            )

    def used(self) -> int:
        """Return the tokens used today.

        Raises:
            StoreError: The count cannot be read.
        """
        if not self._file.exists:
            return 0
        with self._file.reading() as database:
            row = database.execute("SELECT tokens FROM usage WHERE day = ?", (self._today().isoformat(),)).fetchone()
        return int(row[0]) if row else 0
