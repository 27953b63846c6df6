"""Article titles: kept in memory, so that each key typed of a title is completed without reading them all again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.store.library import Library


@dataclass(frozen=True, slots=True)
class TitledArticle:
    """An article among the titles.

    Attributes:
        id: The article's id.
        label: Its title, told apart from equal ones by outlet and date; its id where it has no title.
        folded: The label, ready to be searched.
    """

    id: str
    label: str
    folded: str


class ArticleTitles:
    """The titles of a library, read again when it has changed. Safe to share between threads; every method blocks.

    Args:
        library: Returns the library.
        longest: Characters of a label at most.
    """

    def __init__(self, library: Callable[[], Library], *, longest: int) -> None:
        self._library = library
        self._longest = longest
        self._lock = threading.Lock()
        self._revision = ("", -1)
        self._titles: tuple[TitledArticle, ...] = ()

    def containing(self, typed: str, limit: int) -> list[TitledArticle]:
        """Return at most ``limit`` articles whose label contains what was typed, those that begin with it first.

        The newest come first among equals.

        Raises:
            StoreError: There is no library, or it cannot be read.
        """
        folded = " ".join(typed.split()).casefold()
        first: list[TitledArticle] = []
        others: list[TitledArticle] = []
        for each in self._current():
            if each.folded.startswith(folded):
                first.append(each)
                if len(first) == limit:
                    break
            elif len(others) < limit and folded in each.folded:
                others.append(each)
        return [*first, *others][:limit]

    def _current(self) -> tuple[TitledArticle, ...]:
        library = self._library()
        with self._lock:  # one thread reads them, the others wait for it
            revision = library.identity, library.revision
            if revision != self._revision:
                self._titles = self._read(library)
                self._revision = revision
            return self._titles

    def _read(self, library: Library) -> tuple[TitledArticle, ...]:
        rows = [(identifier, " ".join(title.split()), *about) for identifier, title, *about in library.titles()]
        counts = Counter(title for _, title, *_ in rows)
        labels = (
            (identifier, self._label(title, tuple(filter(None, about)) if counts[title] > 1 else ()) or identifier)
            for identifier, title, *about in rows
        )
        return tuple(TitledArticle(identifier, label, label.casefold()) for identifier, label in labels)

    def _label(self, title: str, about: tuple[str, ...]) -> str:
        if not title:
            return ""
        suffix = "".join(f" · {each}" for each in about)[: self._longest // 2]
        room = self._longest - len(suffix)
        return (title if len(title) <= room else f"{title[: room - 1].rstrip()}…") + suffix
