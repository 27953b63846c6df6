"""The composition root: settings become the parts, each made once, at its first use.

Nothing heavy is imported or opened before it is needed: listing articles costs SQLite, asking costs the model.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from bot.answers import Answer, Searched
from bot.settings import Settings
from retrieval.articles import Filters
from retrieval.errors import StoreMissing

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.chain import Answerer
    from bot.reader import Reader
    from retrieval.embedding import Embedder
    from retrieval.library import Library
    from retrieval.search import Searcher
    from retrieval.vectors import VectorIndex

Part = TypeVar("Part")

NOTHING_YET = "Nothing has been ingested yet: run `onrecord ingest PATH`"


class App:
    """Everything a face needs, over one store. Safe to share between threads; close it, or use it in a ``with``.

    Args:
        settings: What the person decided.
        embedder: Used instead of the model that the settings name.
    """

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self._given_embedder = embedder
        self._made: dict[str, object] = {}
        self._lock = threading.RLock()
        self._closing = ExitStack()

    @property
    def folder(self) -> Path:
        """The store's folder, absolute."""
        return self.settings.store_dir.expanduser().absolute()

    @property
    def home(self) -> Path:
        """What articles' recorded paths are relative to: the folder that the store lies in."""
        return self.folder.resolve().parent

    @property
    def library(self) -> Library:
        """The library, opened; it must exist.

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        return self._once("library", lambda: self._open(create=False))

    def library_for_writing(self) -> Library:
        """Return the library, made if it does not exist."""
        return self._once("library", lambda: self._open(create=True))

    @property
    def embedder(self) -> Embedder:
        """The embedding model; its weights load at first use or by ``warm``."""
        return self._once("embedder", self._make_embedder)

    @property
    def vectors(self) -> VectorIndex:
        """The index by meaning, brought up to date with the library."""
        return self._once("vectors", self._make_vectors)

    @property
    def searcher(self) -> Searcher:
        """The search over library, index and model."""
        return self._once("searcher", self._make_searcher)

    @property
    def reader(self) -> Reader:
        """What chooses the sentences that answer."""
        return self._once("reader", self._make_reader)

    @property
    def answerer(self) -> Answerer:
        """What builds answers from passages."""
        return self._once("answerer", self._make_answerer)

    @property
    def chain(self) -> Runnable[Any, Answer]:
        """The LangChain Runnable from question to answer."""
        return self._once("chain", self._make_chain)

    def ask(self, question: str, filters: Filters = Filters()) -> Answer:
        """Answer a question from the articles that ``filters`` leave.

        Raises:
            StoreMissing: Nothing has been ingested.
            OnrecordError: The question, a filter, the store or the model cannot be used.
        """
        if not self.library.counts().articles:
            raise StoreMissing(NOTHING_YET)
        return self.chain.invoke({"question": question, "filters": filters})

    def filters(
        self,
        sources: Sequence[str] = (),
        authors: Sequence[str] = (),
        since: str = "",
        until: str = "",
        articles: Sequence[str] = (),
    ) -> Filters:
        """Return filters, articles named as a person names them (id, path or title).

        Raises:
            InputError: A date is not a day, or an article's name fits none or several.
        """
        ids = tuple(self.library.article(named).id for named in articles)
        filters = Filters(tuple(sources), tuple(authors), since, until, ids)
        if filters:
            self.library.article_ids(filters)  # complains about what cannot be read
        return filters

    def searched(self, filters: Filters) -> Searched:
        """Tell how much a search with these filters looks through."""
        if not filters:
            counts = self.library.counts()
            return Searched(counts.articles, counts.passages, filters)
        ids = self.library.article_ids(filters)
        return Searched(len(ids), self.library.passage_count(ids), filters)

    def warm(self) -> None:
        """Load now what the first question needs (seconds), for instance from a background thread."""
        _ = self.chain
        warm = getattr(self.embedder, "warm", None)
        if warm:
            warm()

    def close(self) -> None:
        """Close what was opened."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _once(self, name: str, make: Callable[[], Part]) -> Part:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return cast("Part", self._made[name])

    def _open(self, *, create: bool) -> Library:
        from retrieval.library import Library  # noqa: PLC0415 (late: `--help` needs no database)

        return self._closing.enter_context(Library.open(self.folder, create=create))

    def _make_embedder(self) -> Embedder:
        from retrieval.embedding import load_embedder  # noqa: PLC0415 (late, as above)

        return self._given_embedder or load_embedder(self.settings.embedding_model, cache=self.folder)

    def _make_vectors(self) -> VectorIndex:
        from retrieval.vectors import VectorIndex  # noqa: PLC0415 (imports Chroma)

        return VectorIndex.open(self.library, self.folder)

    def _make_searcher(self) -> Searcher:
        from retrieval.search import Searcher  # noqa: PLC0415 (late, as above)

        self.library.require(self.embedder.fingerprint)
        return Searcher(self.library, self.vectors, self.embedder)

    def _make_reader(self) -> Reader:
        from bot.reader import FittedReader  # noqa: PLC0415 (late, as above)
        from bot.reading.weights import TermWeights  # noqa: PLC0415

        return FittedReader(self.embedder, TermWeights(self.library), wrong_costs=self.settings.wrong_costs)

    def _make_answerer(self) -> Answerer:
        from bot.extractive import Extractive  # noqa: PLC0415 (late, as above)

        return Extractive(self.reader, self.library, sentences=self.settings.answer_sentences)

    def _make_chain(self) -> Runnable[Any, Answer]:
        from bot.chain import build_chain  # noqa: PLC0415 (imports LangChain)

        return build_chain(self.searcher, self.answerer, self.searched, passages=self.settings.passages)


def build(settings: Settings, *, embedder: Embedder | None = None) -> App:
    """Return the app for these settings; nothing is opened or loaded yet."""
    return App(settings, embedder=embedder)
