"""What searches of one library keep from one quotation to the next: articles analysed, and counts."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from retrieval import rows
from retrieval.articles import Filters
from retrieval.quotes.wording import Words

_TEXTS = 128  # articles
_COUNTS = 100_000  # words


@dataclass(slots=True)
class Facts:
    """What is known of one revision of a library.

    Attributes:
        size: How many articles it holds; 0 while that is not known.
        counts: How many articles hold a word.
        ranges: For each filter, how many articles it leaves and the first and last of their days.
    """

    size: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    ranges: dict[Filters, tuple[int, str, str]] = field(default_factory=dict)


class Memory:
    """The articles read lately, and facts of the newest revision; safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], Words] = OrderedDict()
        self._facts = (-1, Facts())
        self._lock = threading.Lock()

    def facts(self, revision: int) -> Facts:
        """Return what is known of a revision, to be read and added to."""
        with self._lock:
            known, facts = self._facts
            if known != revision or len(facts.counts) > _COUNTS:
                facts = Facts()
                self._facts = revision, facts
            return facts

    def words(self, connection: sqlite3.Connection, revision: int, row: int) -> Words:
        """Return an article's words."""
        with self._lock:
            known = self._kept.get((revision, row))
            if known is not None:
                self._kept.move_to_end((revision, row))
                return known
        fresh = Words(rows.text(connection, row))
        with self._lock:
            self._kept[revision, row] = fresh
            while len(self._kept) > _TEXTS:
                self._kept.popitem(last=False)
        return fresh
