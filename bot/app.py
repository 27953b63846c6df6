"""The composition root: from the settings to the components, each made once, at its first use.

Nothing heavy is imported or opened before it is needed: listing articles costs SQLite, asking costs the model.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from bot.answers import Answer, QuestionKind, SearchScope
from bot.component import component
from bot.known_hosts import name_host
from bot.settings import ConfigurationError, Settings, accepted_styles, hide_provider_variables
from retrieval.articles import Article, ArticleInfo, Filters
from retrieval.errors import FilterError, StoreLocked, StoreMissing

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.answer_queue import AnswerQueue
    from bot.answering.reader import Reader
    from bot.answering.time_constraint import QuestionClock
    from bot.chain import Chain, Retriever
    from bot.composition.composers import Composers
    from bot.composition.leading_article import LeadingArticle
    from bot.composition.request import CompositionRequest
    from bot.composition.scope.continuation import Continuation
    from bot.composition.scope.library_answer import Answerer
    from bot.conversation.llm_rewriter import LLMRewriter
    from bot.conversation.store import ConversationStore, Turn
    from bot.generation.claim_filter import Verifier
    from bot.llm.client import ChatModel
    from bot.publication import Publication
    from retrieval.embedding.cross_encoder import CrossEncoder
    from retrieval.embedding.embedder import Embedder
    from retrieval.ingest import IngestReport
    from retrieval.progress import IngestProgress, SteadyProgress
    from retrieval.quotes.desk import QuoteDesk
    from retrieval.quotes.record.record import Record
    from retrieval.search.hybrid import Searcher
    from retrieval.store.corpus_statistics import Counts
    from retrieval.store.library import Library
    from retrieval.store.lock import LockWait
    from retrieval.vector_index.chroma import ServerAddress
    from retrieval.vector_index.index import VectorBackend, VectorIndex
    from retrieval.vector_index.server import ServerBackend

VECTORS = "vectors"
"""Chroma's folder in the store; it may be deleted at any time."""
MAX_PATH_CHARACTERS = 1000
"""Longer names are not looked for among the files."""
EVERYTHING = Filters()
ANSWERS_PER_PROCESSOR = 2
"""Answers at a time for each processor: while one waits for the disk or the interpreter, another goes on."""
SWITCH_SECONDS = 0.0005
"""How long a thread keeps the interpreter while another one waits for it, in a process that stays. Threads of the
cross-encoder wait for it after each pair: with 16 people asking 10 ms for an answer, 20 with Python's .005."""
CHAT_ANSWERS = 64
"""Answers of a chat model at a time, which mostly wait for it."""
TRACING_VARIABLES = ("LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING")
"""Environment variables by which LangChain traces (``langsmith.utils.tracing_is_enabled``)."""


class Overrides(TypedDict, total=False):
    """Components used instead of those that the settings name."""

    library: Library
    embedder: Embedder
    cross_encoder: CrossEncoder
    vectors: VectorIndex
    hybrid_searcher: Searcher
    searcher: Retriever
    reader: Reader
    answerer: Answerer
    verifier: Verifier
    chat: ChatModel
    rewriter: LLMRewriter | None
    chain: Runnable[Any, Answer]
    steps: Chain
    conversations: ConversationStore
    quotes: QuoteDesk
    record: Record
    clock: QuestionClock
    continuation: Continuation
    leading_article: LeadingArticle | None
    composers: Composers
    queue: AnswerQueue
    publication: Publication


class App:
    """Everything a face needs, over one store. Safe to share between threads; close it, or use it in a ``with``.

    Components are attributes, each made at its first use: that may read files, load a model or wait for a thread that
    is making it, so an event loop leaves it to a worker. ``settings``, ``folder`` and ``notify`` never wait.

    Args:
        settings: What the person decided.
        overrides: Components used instead of those that the settings name.

    Attributes:
        notify: Called with one line when somebody waits for something unusual; a face may set it.
        today: Returns the day that questions are asked on.

    Raises:
        TypeError: There is no component of an override's name.
    """

    def __init__(self, settings: Settings, **overrides: Unpack[Overrides]) -> None:
        if unknown := overrides.keys() - Overrides.__annotations__.keys():
            known = ", ".join(Overrides.__annotations__)
            raise TypeError(f"no component is called {', '.join(sorted(unknown))}: there are {known}")
        self.settings = settings
        self.folder = settings.store_dir.expanduser().absolute()
        """The store's folder."""
        self.notify: Callable[[str], None] = lambda _: None
        self.today: Callable[[], dt.date] = dt.date.today
        self._closing = ExitStack()
        vars(self).update(overrides)

    @property
    def home(self) -> Path:
        """What articles' recorded paths are relative to: the folder that the store lies in."""
        return self.folder.resolve().parent

    @component
    def library(self) -> Library:
        """The library, opened; it must exist.

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        return self._open_library(create=False)

    def library_for_writing(self) -> Library:
        """Return the library, created if it does not exist."""
        return App.library.made_by(self, lambda: self._open_library(create=True))

    def _open_library(self, *, create: bool) -> Library:
        from retrieval.store.library import Library  # noqa: PLC0415 (late: `--help` needs no database)

        return self._closing.enter_context(Library.open(self.folder, create=create))

    @component
    def embedder(self) -> Embedder:
        """The embedding model, its fast copy in the cache folder; weights load at first use or by ``warm``."""
        from retrieval.embedding.embedder import load_embedder  # noqa: PLC0415 (late, as above)

        exports = self.settings.cache_dir.expanduser()
        return load_embedder(
            self.settings.embedding_model,
            cache=self.folder,
            exports=exports,
            bulk=self.settings.embedding_precision == "auto",
        )

    @component
    def cross_encoder(self) -> CrossEncoder:
        """The cross-encoder of the reader; its weights load at first use or by ``warm``."""
        from retrieval.embedding.cross_encoder import LazyCrossEncoder  # noqa: PLC0415 (late, as above)

        return LazyCrossEncoder(self.settings.reranker_model)

    @component
    def vectors(self) -> VectorIndex:
        """The vector index, in the store or on a Chroma server, brought up to date with the library."""
        from retrieval.vector_index.index import VectorIndex  # noqa: PLC0415 (late, as above)

        index = VectorIndex(self.library, self._vector_backend(), self._notify)
        self._closing.callback(index.close)
        return index

    def _notify(self, line: str) -> None:
        """Call ``notify`` as it is then: faces set it after the app is built."""
        self.notify(line)

    def _vector_backend(self) -> VectorBackend:
        from retrieval.vector_index.local import LocalBackend  # noqa: PLC0415 (late, as above)

        return self._chroma_server() or LocalBackend(self.folder / VECTORS, self._notify)

    def _chroma_server(self) -> ServerBackend | None:
        from retrieval.vector_index.server import ServerBackend  # noqa: PLC0415 (late, as above)

        address = chroma_address(self.settings)
        if address is None:
            return None
        if self.settings.from_folder:
            hide_provider_variables()
        name_host(self.settings, address.host, ("CHROMA_URL",))
        return ServerBackend(address)

    @component
    def hybrid_searcher(self) -> Searcher:
        """The search over library, vector index and embedding model.

        Raises:
            FingerprintMismatch: The library was embedded with another model.
        """
        from retrieval.search.hybrid import Searcher  # noqa: PLC0415 (late, as above)

        self.library.require(self.embedder.fingerprint)
        return Searcher(self.library, self.vectors, self.embedder)

    @component
    def searcher(self) -> Retriever:
        """The hybrid search, which also reads days and speakers in a question.

        Raises:
            FingerprintMismatch: As ``hybrid_searcher``.
        """
        from bot.answering.speech_search import SpeechSearcher  # noqa: PLC0415
        from bot.answering.temporal_search import TemporalSearcher  # noqa: PLC0415

        timed = TemporalSearcher(self.hybrid_searcher, self.clock)
        return SpeechSearcher(timed, self.library, self.quotes, self.record, self.clock)

    @component
    def reader(self) -> Reader:
        """The fitted reader, which chooses the sentences that answer; with who speaks and who is who."""
        return open_reader(self.cross_encoder, self.library, self.settings, self.clock)

    @component
    def clock(self) -> QuestionClock:
        """The day against which dates of questions are read."""
        from bot.answering.time_constraint import QuestionClock  # noqa: PLC0415 (late, as above)

        return QuestionClock(self.library, lambda: self.today())  # noqa: PLW0108 (it may be set later)

    @component
    def answerer(self) -> Answerer:
        """The chat model's answerer where one is set, else the extractive one."""
        from bot.answering.extractive import ExtractiveAnswerer  # noqa: PLC0415 (late, as above)

        offline = ExtractiveAnswerer(self.reader, self.library, sentences=self.settings.answer_sentences)
        if not self.settings.chat_model:
            return offline
        from bot.generation.generator import GenerationLimits, GenerativeAnswerer  # noqa: PLC0415 (only with a chat model)

        return GenerativeAnswerer(
            self.chat,
            self.verifier,
            offline,
            self.library,
            GenerationLimits.of(self.settings),
            search=self.searcher.search,
        )

    @component
    def verifier(self) -> Verifier:
        """The check of a chat model's claims against the articles, with a second opinion where one is set."""
        from bot.verification.verifier import ClaimVerifier  # noqa: PLC0415 (late, as above)

        verifier = ClaimVerifier(articles=self.library)
        if not self.settings.verify_model:
            return verifier
        from bot.verification.llm_judge import LLMJudge  # noqa: PLC0415 (only with such a model)

        return LLMJudge(verifier, self._open_chat(self.settings.verify_model))

    @component
    def chat(self) -> ChatModel:
        """The chat model that the settings name.

        Raises:
            ConfigurationError: Its package is missing, its key is not set, or it refuses the settings.
        """
        return self._open_chat(self.settings.chat_model)

    def _open_chat(self, named: str) -> ChatModel:
        from bot.llm.factory import open_chat  # noqa: PLC0415 (only with a chat model)

        return open_chat(self.settings, self.folder, named)

    @component
    def rewriter(self) -> LLMRewriter | None:
        """The chat model's rewriter of follow-ups into standalone questions; None without a chat model."""
        if not self.settings.chat_model:
            return None
        from bot.conversation.llm_rewriter import LLMRewriter  # noqa: PLC0415 (only with a chat model)

        return LLMRewriter(self.chat)

    @component
    def chain(self) -> Runnable[Any, Answer]:
        """The LangChain Runnable from question to answer."""
        steps = self.steps  # first: the models load while LangChain is imported
        from bot.chain import read  # noqa: PLC0415 (late, as below)
        from bot.runnable import as_runnable  # noqa: PLC0415 (imports LangChain)

        return as_runnable(read, steps.retrieve, steps.answering)

    @component
    def steps(self) -> Chain:
        """The same chain without LangChain; the models load while its modules are imported."""
        from bot.composition.kind_model import open_kind_classifier  # noqa: PLC0415 (late, as below)

        for part in (self.embedder, self.cross_encoder, open_kind_classifier()):
            load_ahead = getattr(part, "load_ahead", None)
            if load_ahead:
                load_ahead()
        from bot.chain import build_chain  # noqa: PLC0415 (late, as below)
        from bot.composition.conversation_scope import ScopeAnswerer  # noqa: PLC0415
        from bot.composition.interpretation import QuestionInterpreter  # noqa: PLC0415
        from bot.conversation.follow_ups import FollowUpResolver  # noqa: PLC0415 (late, as above)
        from bot.conversation.question_language import QuestionLanguage  # noqa: PLC0415
        from retrieval.search.misspellings import SpellingCorrector  # noqa: PLC0415

        return build_chain(
            self.searcher,
            self.answerer,
            self.search_scope,
            passages=self.settings.passages,
            articles=self.library,
            interpreter=QuestionInterpreter(
                FollowUpResolver(self.rewriter, self.library, self._similarities),
                self.composers,
                SpellingCorrector(self.library),
                # A chat model reads a question in any language.
                None if self.settings.chat_model else QuestionLanguage(self.library),
                outlets=lambda: (outlet for outlet, _ in self.library.sources()),
            ),
            composers=self.composers,
            scoped=ScopeAnswerer(self.searcher, self.reader, self.cross_encoder, self.library, self.search_scope),
            continuation=self.continuation,
            leading=self.leading_article,
            likely=lambda: self.composers.likely,
            sentences=self.settings.answer_sentences,
        )

    @component
    def continuation(self) -> Continuation:
        """What says how likely a question goes on with the articles in hand."""
        from bot.answering.term_weights import TermWeights  # noqa: PLC0415 (late, as above)
        from bot.composition.scope.continuation import Continuation  # noqa: PLC0415

        return Continuation(self.hybrid_searcher, TermWeights(self.library))

    @component
    def leading_article(self) -> LeadingArticle:
        """What says whether the article that search ranks first tells of what is asked."""
        from bot.answering.term_weights import TermWeights  # noqa: PLC0415 (late, as above)
        from bot.composition.leading_article import LeadingArticle  # noqa: PLC0415

        return LeadingArticle(TermWeights(self.library))

    @component
    def composers(self) -> Composers:
        """The composers of answers that no single sentence gives."""
        from bot.composition.composers import Composers  # noqa: PLC0415 (late, as above)

        return Composers(self.searcher, self.library, self.clock, self.cross_encoder)

    def _similarities(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return the cosine of ``text`` with each of the others, in their order."""
        rows = self.embedder.embed_passages([text, *others])
        return [float(row @ rows[0]) for row in rows[1:]]

    @component
    def conversations(self) -> ConversationStore:
        """The conversations kept in the store, closed with the app."""
        from bot.conversation.store import ConversationStore  # noqa: PLC0415 (late, as above)

        kept = ConversationStore(self.folder, retention_days=self.settings.retention_days)
        self._closing.callback(kept.close)
        return kept

    @component
    def quotes(self) -> QuoteDesk:
        """The quote desk over the library; it needs no model."""
        from retrieval.quotes.desk import QuoteDesk  # noqa: PLC0415 (late, as above)

        return QuoteDesk(self.library, accepted_styles(self.settings.house_style))

    @component
    def record(self) -> Record:
        """The record of who said what; articles of an older store are read for it at its first use."""
        from retrieval.quotes.record.record import Record  # noqa: PLC0415 (late, as above)

        return Record(self.library, self._notify)

    @component
    def publication(self) -> Publication:
        """What excludes writers on other machines, and where copies of the library are published."""
        from bot.publication import Publication  # noqa: PLC0415 (late, as above)

        given = self.settings.publish_file
        file = Path(given).expanduser().absolute() if given else None
        return Publication(self.folder, file, self._chroma_server, self._read_statements, self._notify)

    def _read_statements(self) -> None:
        """Read what people said in the articles where that is still to be done: replicas cannot store it."""
        self.record.sync()

    @component
    def queue(self) -> AnswerQueue:
        """Where questions wait for those before them: ``ask``, ``stream``, ``timeline`` and ``summary``."""
        from bot.answer_queue import AnswerQueue  # noqa: PLC0415 (late, as above)
        from retrieval.embedding.onnx import processors  # noqa: PLC0415

        if self.settings.chat_model:  # its answers wait for the network
            return AnswerQueue(CHAT_ANSWERS)
        return AnswerQueue(max(ANSWERS_PER_PROCESSOR * processors(), self.settings.discord_workers))

    def ask(self, question: str, filters: Filters = EVERYTHING, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question from the articles that ``filters`` leave, after the turns before it, oldest first.

        Raises:
            StoreMissing: Nothing has been ingested.
            TooManyQuestions: So many are asked at once that this one would wait too long.
            OnrecordError: The question, a filter, the store or the model cannot be used.
        """
        self.check_ready()
        with self.queue.place():
            return self._runner().invoke({"question": question, "filters": filters, "history": history})

    def stream(self, question: str, filters: Filters = EVERYTHING, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """Answer as ``ask`` does, yielding the answer as far as it is known: each one checked, the last one complete.

        Raises:
            StoreMissing: Nothing has been ingested.
            OnrecordError: As ``ask``.
        """
        self.check_ready()
        with self.queue.place():
            yield from self._runner().stream({"question": question, "filters": filters, "history": history})

    def _runner(self) -> Runnable[Any, Answer] | Chain:
        """Return the Runnable where one is made, or LangChain traces or is needed anyway; else its steps alone."""
        traced = any(os.environ.get(name) == "true" for name in TRACING_VARIABLES)
        needed = traced or self.settings.chat_model or "langchain_core" in sys.modules
        return self.chain if needed or "chain" in vars(self) else self.steps

    def timeline(self, topic: str, filters: Filters = EVERYTHING, *, limit: int | None = None) -> Answer:
        """Return the timeline of a topic, the earliest first, of at most ``limit`` rows; None for all.

        Raises:
            StoreMissing: Nothing has been ingested.
            OnrecordError: As ``ask``.
        """
        from bot.citations import retry_on_replacement  # noqa: PLC0415 (late, as above)
        from bot.composition.timeline import TimelineComposer  # noqa: PLC0415
        from bot.composition.topic_search import TopicSearcher  # noqa: PLC0415

        request = self._composition(QuestionKind.TIMELINE, f"Timeline of {topic}", topic, filters)
        topics = TopicSearcher(self.searcher, self.library)
        composer = TimelineComposer(topics, self.library, self.clock, self.cross_encoder)
        with self.queue.place():
            return retry_on_replacement(lambda: composer.timeline(request, limit))

    def summary(self, topic: str = "", filters: Filters = EVERYTHING, *, article: str = "") -> Answer:
        """Return the main sentences on a topic, of the article that a person names (id, title), or of everything.

        Raises:
            StoreMissing: Nothing has been ingested.
            InputError: The name fits no article, or several.
            OnrecordError: As ``ask``.
        """
        from bot.citations import retry_on_replacement  # noqa: PLC0415 (late, as above)
        from bot.composition.draft import composed_abstention  # noqa: PLC0415
        from bot.render.sources import title_of  # noqa: PLC0415

        self.check_ready()
        if article:
            info = self.library.info(self.library.article(article).id)
            request = self._composition(QuestionKind.OVERVIEW, f"Summarise “{title_of(info)}”", info.id, filters)
        else:
            request = self._composition(QuestionKind.OVERVIEW, f"Summarise {topic or 'everything'}", topic, filters)
        with self.queue.place():
            answer = retry_on_replacement(lambda: self.composers[QuestionKind.OVERVIEW].compose(request))
        return answer or composed_abstention(request, "No article matches the filters.")

    def _composition(self, kind: QuestionKind, asked: str, topic: str, filters: Filters) -> CompositionRequest:
        """Return the request for a composition of this kind.

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        from bot.composition.request import CompositionRequest, KindDecision  # noqa: PLC0415 (late, as above)

        self.check_ready()
        return CompositionRequest(asked, asked, KindDecision(kind, topic), (), self.search_scope(filters))

    def check_ready(self) -> None:
        """Check that there is something to ask.

        Raises:
            StoreMissing: Nothing has been ingested.
        """
        if not self.library.counts().articles:
            raise StoreMissing

    def article(self, named: str, here: Path) -> Article:
        """Return the article that a person in the folder ``here`` names: by id, title, or path from there.

        A path of a file of many articles is followed by "#" and the article's own id.

        Raises:
            InputError: It names none, or several.
        """
        typed, mark, record = named.partition("#")
        file = here / typed
        if "\0" not in named and len(named) < MAX_PATH_CHARACTERS and file.is_file():
            named = f"{self._origin_of(file)}{mark}{record}"
        return self.library.article(named)

    def articles_of(self, file: Path, limit: int) -> list[ArticleInfo]:
        """Return the first articles that were read from a file, at most ``limit``."""
        return self.library.articles_of_file(self._origin_of(file), limit)

    def _origin_of(self, file: Path) -> str:
        """Return the name under which the library keeps a file: its path from home where it lies below."""
        full = file.resolve()
        return full.relative_to(self.home).as_posix() if full.is_relative_to(self.home) else str(full)

    def ingest(
        self,
        paths: Sequence[str],
        *,
        prune: bool = False,
        rebuild: bool = False,
        on_progress: Callable[[IngestProgress], None] | None = None,
        wait_seconds: float = 0.0,
    ) -> IngestReport:
        """Read files into the library, creating it if there is none, and bring the vector index up to date.

        Args:
            paths: Files, folders and patterns.
            prune: Remove the articles under ``paths`` whose files are gone.
            rebuild: Embed again what is in the library, with the model that the settings name.
            on_progress: Called with how far it is, at least every second; by any thread, but never by two at once.
            wait_seconds: How long to wait for another process that is writing; ``notify`` says for whom.

        Raises:
            OnrecordError: The store cannot be written, or the model not be used.
        """
        from retrieval.progress import SteadyProgress  # noqa: PLC0415 (late, as below)

        with SteadyProgress(on_progress) if on_progress else nullcontext() as tell:  # also while these are imported
            from retrieval.ingest import ingest  # noqa: PLC0415
            from retrieval.quotes.record.extraction import statements  # noqa: PLC0415
            from retrieval.store.lock import LockWait  # noqa: PLC0415

            waiting = LockWait(wait_seconds, self.notify) if wait_seconds else None
            library = self.library if rebuild and not paths else self.library_for_writing()
            with self.publication.writing(library):
                report = ingest(
                    library,
                    self.embedder,
                    paths,
                    prune=prune,
                    rebuild=rebuild,
                    on_progress=tell,
                    waiting=waiting,
                    extract_statements=statements,
                )
                self._update_index(library, waiting, _indexing(tell) if tell else None)
        return report

    def remove(self, named: str) -> ArticleInfo:
        """Delete an article that a person names; it comes back only when its file has changed and is read again.

        Raises:
            InputError: It names none, or several.
            StoreError: The store cannot be written.
        """
        library = self.library
        info = library.info(library.article(named).id)
        with self.publication.writing(library):
            with library.writer() as writer, writer.transaction():
                file = info.path or info.origin
                writer.delete_articles([key for key, origin in list(writer.articles_of(file)) if origin == info.origin])
            self._update_index(library)
        return info

    def restore(self, source: Path) -> Counts:
        """Replace the library by the articles of a backup, and return its size.

        Raises:
            InputError: ``source`` is not a backup, or is damaged.
            StoreError: The store cannot be written.
        """
        from retrieval.store.backup import restore  # noqa: PLC0415 (late, as below)

        counts = restore(self.folder, source)
        with self.publication.writing(self.library):
            return counts

    def _update_index(
        self,
        library: Library,
        waiting: LockWait | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Bring the vector index up to date with the library.

        While another process builds it, what was added is searched beside it, and the next update includes it.
        """
        if library.fingerprint and self.vector_index_problem():
            try:
                self.vectors.sync(on_progress, waiting=waiting)
            except StoreLocked:
                if self.settings.chroma_url:  # another machine is writing to it
                    raise

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
            InputError: A date is not a day, an article's name fits none or several, or no article is from an outlet,
                by an author or of the days; the nearest that there are are named.
        """
        ids = tuple(self.library.article(named).id for named in articles)
        filters = Filters(tuple(sources), tuple(authors), since, until, ids)
        if filters and (problem := self.library.unmatched_filter(filters)):
            raise FilterError(problem)
        return filters

    def search_scope(self, filters: Filters) -> SearchScope:
        """Return how many articles and passages a search with these filters covers."""
        if not filters:
            counts = self.library.counts()
            return SearchScope(counts.articles, counts.passages, filters)
        ids = self.library.article_ids(filters)
        undated = self.library.undated_count(filters)
        return SearchScope(len(ids), self.library.passage_count(ids), filters, undated)

    def vector_index_problem(self) -> str:
        """Return how the published vector index differs from the library; nothing when they agree.

        Looks at files only, unless a Chroma server is set, which is asked.
        """
        if self.settings.chroma_url:
            return self.vectors.problem()
        from retrieval.vector_index.local import find_problem  # noqa: PLC0415 (late, as below)

        return find_problem(self.library, self.folder / VECTORS)

    def warm(self) -> None:
        """Load now what questions need (seconds), for instance from a background thread."""
        self._runner()
        self.composers.warm()
        from bot.composition.kind_model import open_kind_classifier  # noqa: PLC0415 (late, as above)
        from retrieval.text.lazy_pattern import compile_patterns  # noqa: PLC0415

        for part in (self.embedder, self.cross_encoder, open_kind_classifier(), self.vectors):
            warm = getattr(part, "warm", None)
            if warm:
                warm()
        keep_current = getattr(self.vectors, "keep_current", None)
        if keep_current:
            keep_current()
        compile_patterns()
        # All of it stays, and what answers leave is little: frequent full collections would delay one answer in a
        # hundred by .15 s (p99 of 80 answers: 300 ms, 140 without them).
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        sys.setswitchinterval(SWITCH_SECONDS)

    def close(self) -> None:
        """Close what was opened."""
        self._closing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def build(settings: Settings, **overrides: Unpack[Overrides]) -> App:
    """Return the app for these settings; nothing is opened or loaded yet."""
    return App(settings, **overrides)


def open_reader(cross_encoder: CrossEncoder, library: Library, settings: Settings, clock: QuestionClock) -> Reader:
    """Return the reader of a library: the fitted one, with dates, constraints, who is, holds office and speaks."""
    from bot.answering.constraints import ConstrainedReader  # noqa: PLC0415 (late, as above)
    from bot.answering.identifiers import IdentifierReader  # noqa: PLC0415
    from bot.answering.office_holder import OfficeHolderReader  # noqa: PLC0415
    from bot.answering.reader import CitableReader, FittedReader  # noqa: PLC0415
    from bot.answering.temporal_reader import TemporalReader, TimeCheckedReader  # noqa: PLC0415
    from bot.answering.term_weights import TermWeights  # noqa: PLC0415
    from bot.answering.who_is import WhoIsReader  # noqa: PLC0415
    from bot.answering.who_said import WhoSaidReader  # noqa: PLC0415
    from retrieval.quotes.desk import QuoteDesk  # noqa: PLC0415
    from retrieval.quotes.record.record import Record  # noqa: PLC0415

    fitted = FittedReader(
        cross_encoder,
        TermWeights(library),
        wrong_answer_cost=settings.wrong_answer_cost,
        wrong_suggestion_cost=settings.wrong_suggestion_cost,
    )
    constrained = OfficeHolderReader(ConstrainedReader(WhoIsReader(TemporalReader(fitted, clock)), library))
    cost = settings.wrong_suggestion_cost
    spoken = WhoSaidReader(constrained, library, QuoteDesk(library), clock, Record(library), wrong_suggestion_cost=cost)
    return CitableReader(IdentifierReader(TimeCheckedReader(spoken, clock), library, library))


def chroma_address(settings: Settings) -> ServerAddress | None:
    """Return the address of the Chroma server that is set; None for the vector index in the store.

    Raises:
        ConfigurationError: CHROMA_HEADER is not a header.
    """
    from retrieval.vector_index.chroma import ServerAddress  # noqa: PLC0415 (late, as above)

    if not settings.chroma_url:
        return None
    name, colon, value = settings.chroma_header.get_secret_value().partition(":")
    if name and not (colon and name.strip() and value.strip()):
        raise ConfigurationError('CHROMA_HEADER is not a header: write "Name: value"')
    headers = {name.strip(): value.strip()} if name else {}
    key = settings.chroma_api_key.get_secret_value()
    return ServerAddress(settings.chroma_url, headers, settings.chroma_tenant, settings.chroma_database, key)


def _indexing(report: SteadyProgress) -> Callable[[int, int], None]:
    """Return what reports how far the vector index is, after an ingest whose progress was reported there."""
    from retrieval.progress import TimeLeft  # noqa: PLC0415 (late, as above)

    ended, began, left = report.last, time.monotonic(), TimeLeft()

    def tell(done: int, total: int) -> None:
        seconds = ended.seconds + time.monotonic() - began
        report(replace(ended, done=done, total=total, seconds=seconds, seconds_left=left(done, total), indexing=True))

    return tell
