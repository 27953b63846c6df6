"""The composition root: settings become the parts, each made once, at its first use.

Nothing heavy is imported or opened before it is needed: listing articles costs SQLite, asking costs the model.

Makes the app's parts, each from the settings and the parts it stands on, importing what it needs only then.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from bot.answers import Answer, SearchScope
from bot.settings import ConfigurationError, Settings
from retrieval.articles import Article, ArticleInfo, Filters
from retrieval.errors import StoreMissing

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.answering.reader import Reader
    from bot.answers import Answer
    from bot.chain import Answerer
    from bot.conversation.llm_rewriter import Rewriter
    from bot.conversation.store import Conversations, Turn
    from bot.generation.claim_filter import Verifier
    from bot.llm.client import ChatModel
    from retrieval.embedding.embedder import Embedder
    from retrieval.ingest import Progress, Report
    from retrieval.quotes.desk import QuoteDesk
    from retrieval.search.hybrid import Searcher
    from retrieval.store.library import Library
    from retrieval.vector_index.chroma import ServerAddress
    from retrieval.vector_index.index import VectorBackend, VectorIndex

VECTORS = "vectors"
"""Chroma's folder in the store; it may be deleted at any time."""


def make_embedder(app: App) -> Embedder:
    """Return the embedding model of the settings, its fast copy in the cache folder."""
    from retrieval.embedding.embedder import load_embedder  # noqa: PLC0415 (late: nothing heavy is imported before it is needed)

    exports = app.settings.cache_dir.expanduser()
    return load_embedder(app.settings.embedding_model, cache=app.folder, exports=exports)


def make_vectors(app: App) -> VectorIndex:
    """Return the index by meaning, in the store or on a Chroma server."""
    from retrieval.vector_index.index import SMALL_LIBRARY_MAX, VectorIndex  # noqa: PLC0415 (late, as above)

    return VectorIndex(app.library, _host(app), app.tell, small_library_max=SMALL_LIBRARY_MAX)


def _host(app: App) -> VectorBackend:
    from retrieval.vector_index.local import LocalBackend  # noqa: PLC0415 (late, as above)
    from retrieval.vector_index.server import ServerBackend  # noqa: PLC0415

    address = _chroma_address(app.settings)
    return ServerBackend(address) if address else LocalBackend(app.folder / VECTORS)


def _chroma_address(settings: Settings) -> ServerAddress | None:
    from retrieval.vector_index.chroma import ServerAddress  # noqa: PLC0415 (late, as above)

    if not settings.chroma_url:
        return None
    name, colon, value = settings.chroma_header.get_secret_value().partition(":")
    if name and not (colon and name.strip() and value.strip()):
        raise ConfigurationError('CHROMA_HEADER is not a header: write "Name: value"')
    headers = {name.strip(): value.strip()} if name else {}
    key = settings.chroma_api_key.get_secret_value()
    return ServerAddress(settings.chroma_url, headers, settings.chroma_tenant, settings.chroma_database, key)


def make_searcher(app: App) -> Searcher:
    """Return the search.

    Raises:
        FingerprintMismatch: The library was embedded with another model.
    """
    from retrieval.search.hybrid import Searcher  # noqa: PLC0415 (late, as above)

    app.library.require(app.embedder.fingerprint)
    return Searcher(app.library, app.vectors, app.embedder)


def make_reader(app: App) -> Reader:
    """Return the fitted reader, which knows who speaks and who is who."""
    from bot.answering.reader import FittedReader  # noqa: PLC0415
    from bot.answering.term_weights import TermWeights  # noqa: PLC0415
    from bot.answering.who_is import IdentifyingReader  # noqa: PLC0415 (late, as above)
    from bot.answering.who_said import SpokenReader  # noqa: PLC0415

    fitted = FittedReader(app.embedder, TermWeights(app.library), wrong_costs=app.settings.wrong_costs)
    return SpokenReader(IdentifyingReader(fitted))


def make_answerer(app: App) -> Answerer:
    """Return the chat model's answerer where one is set, else the offline one."""
    from bot.answering.extractive import Extractive  # noqa: PLC0415 (late, as above)

    offline = Extractive(app.reader, app.library, sentences=app.settings.answer_sentences)
    if not app.settings.chat_model:
        return offline
    from bot.generation.generator import Generative, Limits  # noqa: PLC0415 (only with a chat model)

    return Generative(app.chat, app.verifier, offline, app.library, Limits.of(app.settings))


def make_verifier(app: App) -> Verifier:
    """Return what checks claims, with a second opinion where one is set."""
    from bot.verification.verifier import ClaimVerifier  # noqa: PLC0415 (late, as above)

    verifier = ClaimVerifier(app.embedder)
    if not app.settings.verify_model:
        return verifier
    from bot.verification.llm_judge import SecondOpinion  # noqa: PLC0415 (only with such a model)

    return SecondOpinion(verifier, make_chat(app, app.settings.verify_model))


def make_rewriter(app: App) -> Rewriter | None:
    """Return the chat model's rewriter; None without one."""
    if not app.settings.chat_model:
        return None
    from bot.conversation.llm_rewriter import Rewriter  # noqa: PLC0415 (only with a chat model)

    return Rewriter(app.chat)


def make_chat(app: App, named: str) -> ChatModel:
    """Return the chat model that is ``named``.

    Raises:
        ConfigurationError: Its package is missing, its key is not set, or it refuses the settings.
    """
    from bot.llm.factory import open_chat  # noqa: PLC0415 (only with a chat model)

    return open_chat(app.settings, app.folder, named)


def make_quotes(app: App) -> QuoteDesk:
    """Return the quote desk."""
    from retrieval.quotes.desk import QuoteDesk  # noqa: PLC0415 (late, as above)

    return QuoteDesk(app.library)


def make_conversations(app: App) -> Conversations:
    """Return the kept conversations, closed with the app."""
    from bot.conversation.store import Conversations  # noqa: PLC0415 (late, as above)

    kept = Conversations(app.folder, retention_days=app.settings.retention_days)
    app.at_close(kept.close)
    return kept


def make_chain(app: App) -> Runnable[Any, Answer]:
    """Return the chain from question to answer; the model's fast copy loads while LangChain is imported."""
    load_ahead = getattr(app.embedder, "load_ahead", None)
    if load_ahead:
        load_ahead()
    from bot.chain import build_chain  # noqa: PLC0415 (imports LangChain)
    from bot.conversation.follow_ups import FollowUps  # noqa: PLC0415 (late, as above)

    def near(text: str, others: Sequence[str]) -> Sequence[float]:
        rows = app.embedder.embed_passages([text, *others])
        return [float(row @ rows[0]) for row in rows[1:]]

    return build_chain(
        app.searcher,
        app.answerer,
        app.searched,
        passages=app.settings.passages,
        shelf=app.library,
        follow_ups=FollowUps(app.rewriter, app.library, near),
        sentences=app.settings.answer_sentences,
    )


Part = TypeVar("Part")

EVERYTHING = Filters()

LONGEST_PATH = 1000  # characters

NOTHING_YET = "nothing has been ingested here yet: run `onrecord ingest PATH` first"


class App:
    """Everything a face needs, over one store. Safe to share between threads; close it, or use it in a ``with``.

    Args:
        settings: What the person decided.
        given: Parts used instead of those that the settings name, by the name of the property: ``embedder=…``.

    Attributes:
        notify: Told one line when somebody waits for something unusual; a face may set it.
    """

    def __init__(self, settings: Settings, **given: object) -> None:
        self.settings = settings
        self.notify: Callable[[str], None] = lambda _: None
        self._made = given
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
        return self._once("embedder", lambda: make_embedder(self))

    @property
    def vectors(self) -> VectorIndex:
        """The index by meaning, brought up to date with the library."""
        return self._once("vectors", lambda: make_vectors(self))

    @property
    def searcher(self) -> Searcher:
        """The search over library, index and model."""
        return self._once("searcher", lambda: make_searcher(self))

    @property
    def reader(self) -> Reader:
        """What chooses the sentences that answer."""
        return self._once("reader", lambda: make_reader(self))

    @property
    def answerer(self) -> Answerer:
        """What builds answers from passages."""
        return self._once("answerer", lambda: make_answerer(self))

    @property
    def verifier(self) -> Verifier:
        """What holds each claim of a chat model to the articles."""
        return self._once("verifier", lambda: make_verifier(self))

    @property
    def chat(self) -> ChatModel:
        """The chat model that the settings name.

        Raises:
            ConfigurationError: Its package is missing, its key is not set, or it refuses the settings.
        """
        return self._once("chat", lambda: make_chat(self, self.settings.chat_model))

    @property
    def rewriter(self) -> Rewriter | None:
        """What turns a follow-up into a question that stands alone; None without a chat model."""
        return self._once("rewriter", lambda: make_rewriter(self))

    @property
    def chain(self) -> Runnable[Any, Answer]:
        """The LangChain Runnable from question to answer."""
        return self._once("chain", lambda: make_chain(self))

    @property
    def conversations(self) -> Conversations:
        """The conversations kept in the store."""
        return self._once("conversations", lambda: make_conversations(self))

    @property
    def quotes(self) -> QuoteDesk:
        """The quote desk over the library; it needs no model."""
        return self._once("quotes", lambda: make_quotes(self))

    def ask(self, question: str, filters: Filters = EVERYTHING, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question from the articles that ``filters`` leave, after the turns before it, oldest first.

        Raises:
            StoreMissing: Nothing has been ingested.
            OnrecordError: The question, a filter, the store or the model cannot be used.
        """
        self.check_ready()
        return self.chain.invoke({"question": question, "filters": filters, "history": history})

    def stream(self, question: str, filters: Filters = EVERYTHING, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """Answer as ``ask`` does, yielding the answer as it grows: each one whole and checked, the last one complete.

        Raises:
            StoreMissing: Nothing has been ingested.
            OnrecordError: As ``ask``.
        """
        self.check_ready()
        yield from self.chain.stream({"question": question, "filters": filters, "history": history})

    def check_ready(self) -> None:
        """Check that there is something to ask.

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        if not self.library.counts().articles:
            raise StoreMissing(NOTHING_YET)

    def article(self, named: str, here: Path) -> Article:
        """Return the article that a person standing in the folder ``here`` names: by id, title, or path from there.

        A path of a file of many articles is followed by "#" and the article's own id.

        Raises:
            InputError: It names none, or several.
        """
        typed, mark, record = named.partition("#")
        file = here / typed
        if "\0" not in named and len(named) < LONGEST_PATH and file.is_file():
            full = file.resolve()
            typed = full.relative_to(self.home).as_posix() if full.is_relative_to(self.home) else str(full)
            named = f"{typed}{mark}{record}"
        return self.library.article(named)

    def ingest(
        self,
        paths: Sequence[str],
        *,
        prune: bool = False,
        rebuild: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Read files into the library, making it if there is none, and bring the index by meaning up to date.

        Args:
            paths: Files, folders and patterns.
            prune: Remove the articles under ``paths`` whose files are gone.
            rebuild: Embed again what is in the library, with the model that the settings name.
            on_progress: Told how far it is.

        Raises:
            OnrecordError: The store cannot be written, or the model not be used.
        """
        from retrieval.ingest import ingest  # noqa: PLC0415 (late, as below)

        library = self.library if rebuild and not paths else self.library_for_writing()
        report = ingest(library, self.embedder, paths, prune=prune, rebuild=rebuild, on_progress=on_progress)
        self._follow(library)
        return report

    def remove(self, named: str) -> ArticleInfo:
        """Let an article go that a person names; it comes back only when its file has changed and is read again.

        Raises:
            InputError: It names none, or several.
            StoreError: The store cannot be written.
        """
        library = self.library
        info = library.info(library.article(named).id)
        with library.writer() as writer, writer.transaction():
            file = info.path or info.origin
            writer.delete_articles([key for key, origin in list(writer.articles_of(file)) if origin == info.origin])
        self._follow(library)
        return info

    def _follow(self, library: Library) -> None:
        """Bring the index by meaning up to date with the library."""
        if library.fingerprint and self.vectors_trouble():
            self.vectors.sync()

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

    def searched(self, filters: Filters) -> SearchScope:
        """Tell how much a search with these filters looks through."""
        if not filters:
            counts = self.library.counts()
            return SearchScope(counts.articles, counts.passages, filters)
        ids = self.library.article_ids(filters)
        return SearchScope(len(ids), self.library.passage_count(ids), filters)

    def vectors_trouble(self) -> str:
        """Return what keeps the published index by meaning from being the library's; nothing when they agree.

        Looks at files only, unless a Chroma server is set, which is asked.
        """
        if self.settings.chroma_url:
            return self.vectors.problem()
        from retrieval.vector_index.local import find_problem  # noqa: PLC0415 (late, as below)

        return find_problem(self.library, self.folder / VECTORS)

    def warm(self) -> None:
        """Load now what questions need (seconds), for instance from a background thread."""
        _ = self.chain
        for part in (self.embedder, self.vectors):
            warm = getattr(part, "warm", None)
            if warm:
                warm()
        # All of it stays, and what answers leave is little: looking through everything, often, would hold one answer in
        # a hundred up for .15 s (p99 of 80 answers: 140 ms for 300).
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)

    def tell(self, line: str) -> None:
        """Tell whoever waits one line, by ``notify`` as it is then: faces set it after the app is built."""
        self.notify(line)

    def at_close(self, callback: Callable[[], object]) -> None:
        """Have ``callback`` called when the app is closed."""
        self._closing.callback(callback)

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
        from retrieval.store.library import Library  # noqa: PLC0415 (late: `--help` needs no database)

        return self._closing.enter_context(Library.open(self.folder, create=create))


def build(settings: Settings, **given: object) -> App:
    """Return the app for these settings; nothing is opened or loaded yet. ``given`` as for ``App``."""
    return App(settings, **given)
