"""Files into the library: found, hashed, loaded, split, embedded and kept, in batches of whole articles.

While one batch is embedded, the one before is written and the one after is read: memory is bounded by three batches and
the largest article. Whatever interrupts a run, what was committed stays, and the next run does the rest: a file is
sealed only after its last article, an article is there whole or not at all.

What an ingest says while it runs, and when it is done.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.articles import Article, Passage
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.prefetch import PendingBatch, Prefetcher
from retrieval.loaders import LOADER_VERSION, LoadProblem, SourceFile, UnchangedArticle, find, load
from retrieval.loaders.discovery import removed_origins
from retrieval.store.library import Library
from retrieval.store.schema import splitter_version
from retrieval.store.writer import FileRecord, LibraryWriter, PreparedArticle, reembed, text_key
from retrieval.structure.passages import split

_MAX_REPORTED = 200  # problems kept in a report; the rest is counted


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far a run is.

    Attributes:
        done: Bytes of files dealt with.
        total: Bytes of all files; 0 while passages are embedded again for a new model.
        articles: Articles seen.
        passages: Passages embedded.
        seconds: Since the start.
        name: The file at hand, as typed.
    """

    done: int
    total: int
    articles: int
    passages: int
    seconds: float
    name: str

    @property
    def rate(self) -> float:
        """Passages embedded a second."""
        return self.passages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds to go at the speed so far; None while nothing can be said."""
        return self.seconds * (self.total - self.done) / self.done if self.done else None


@dataclass(slots=True)
class IngestReport:
    """What a run did.

    Attributes:
        added: New articles.
        copies: New articles that are one story with another article, nearly word for word.
        changed: Articles put in place of an older text or older metadata.
        unchanged: Articles left as they were.
        removed: Articles that left.
        passages_embedded: Passages that the model had to read.
        refused: What was left out, the first 200.
        notes: Remarks on articles that were kept, the first 200.
        refused_count: All that was left out.
        notes_count: All remarks.
        seconds: Wall time.
    """

    added: int = 0
    copies: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages_embedded: int = 0
    refused: list[LoadProblem] = field(default_factory=list)
    notes: list[LoadProblem] = field(default_factory=list)
    refused_count: int = 0
    notes_count: int = 0
    seconds: float = 0.0

    def tell(self, problem: LoadProblem) -> None:
        """Count a problem, and keep it while there is room."""
        kept = self.refused if problem.refused else self.notes
        if problem.refused:
            self.refused_count += 1
        else:
            self.notes_count += 1
        if len(kept) < _MAX_REPORTED:
            kept.append(problem)


__all__ = ["BATCH_PASSAGES", "IngestProgress", "IngestReport", "ingest"]

BATCH_PASSAGES = 256
"""Passages a commit: some seconds of embedding on two cores; an interruption costs two of them at most."""

_MAX_PENDING_ITEMS = 500  # articles or files without passages to embed that wait for a commit
_MAX_STORED_PROBLEMS = 20  # problems of a file that are said again while it stays as it is


def ingest(
    library: Library,
    embedder: Embedder,
    paths: Sequence[str],
    *,
    prune: bool = False,
    rebuild: bool = False,
    home: Path | None = None,
    on_progress: Callable[[IngestProgress], None] | None = None,
) -> IngestReport:
    """Bring ``library`` up to date with the files that ``paths`` stand for.

    A file whose bytes were read before costs a hash. An article whose text, metadata and passages are as they were is
    left alone; of a changed one, only texts that the library has no vector for are embedded. A file that cannot be read
    any more is reported, and its articles stay: a failure never takes anything out.

    Args:
        library: Where to keep the articles.
        embedder: The model; must be the library's, unless ``rebuild``.
        paths: Files, folders or globs.
        prune: Remove articles whose files were under ``paths`` and are there no more.
        rebuild: Embed everything the library holds with ``embedder`` first, from the texts it keeps.
        home: Folder that origins are relative to; the folder that holds the store unless given.
        on_progress: Told how far the run is, a few times a second.

    Raises:
        FingerprintMismatch: The library was embedded with another model, and ``rebuild`` is false.
        StoreLocked: Another process is writing.
        StoreError: The disk is full, or the store cannot be written.
        EmbeddingError: The model failed.
    """
    with library.writer() as writer, Prefetcher(embedder) as ahead:
        run = _Ingestion(library, writer, embedder, ahead, home or library.folder.resolve().parent, on_progress)
        run.settle_model(rebuild=rebuild)
        run.read(paths)
        if prune:
            run.prune(paths)
        run.report.seconds = time.monotonic() - run.started
        return run.report


@dataclass(slots=True)
class _FileInProgress:
    """A file that is being read: its record, and which articles it held."""

    record: FileRecord
    name: str
    seen: set[int] = field(default_factory=set)
    refusals: int = 0


@dataclass(slots=True)
class _PendingArticle:
    """An article that waits for its batch."""

    file: str
    article: Article
    passages: Sequence[Passage]
    is_new: bool


@dataclass(slots=True)
class _EmbeddingBatch:
    """What is kept in one transaction, its passages being embedded.

    Attributes:
        items: Articles, and files that end here.
        vectors: Those of its texts that were known when it was handed over, by text.
        embedding: The others, but those that the batch before it has.
        read: How far the files were read, in bytes.
    """

    items: list[_PendingArticle | _FileInProgress]
    vectors: dict[bytes, NDArray[np.float32]]
    embedding: PendingBatch
    read: int


class _Ingestion:
    """One call of ``ingest``."""

    def __init__(  # noqa: PLR0917 (made in one place)
        self,
        library: Library,
        writer: LibraryWriter,
        embedder: Embedder,
        ahead: Prefetcher,
        home: Path,
        on_progress: Callable[[IngestProgress], None] | None,
    ) -> None:
        self.report = IngestReport()
        self.started = time.monotonic()
        self._library, self._writer, self._embedder, self._home = library, writer, embedder, home
        self._on_progress = on_progress
        self._ahead = ahead
        self._embedded: _EmbeddingBatch | None = None  # being embedded
        self._waiting: list[_PendingArticle | _FileInProgress] = []
        self._passages = 0  # that wait
        self._found: set[str] = set()
        self._total = self._read = self._committed = self._articles = 0
        self._name = ""

    def settle_model(self, *, rebuild: bool) -> None:
        """See to it that the library holds, or will hold, vectors of this model only."""
        held, ours = self._library.fingerprint, self._embedder.fingerprint
        if held is not None and held.digest != ours.digest:
            if rebuild:
                reembed(self._writer, ours, self._embedder.embed_passages, self._restaged, BATCH_PASSAGES)
            elif self._library.counts().passages:
                self._library.require(ours)
        if self._library.fingerprint != ours:
            with self._writer.transaction():
                self._writer.set_model(ours)

    def read(self, paths: Sequence[str]) -> None:
        """Read the files of ``paths`` that are new or changed."""
        files: list[SourceFile] = []
        for found in find(paths, self._home):
            if isinstance(found, LoadProblem):
                self.report.tell(found)
            else:
                files.append(found)
        self._found = {file.origin for file in files}
        weights = [_weight(file) for file in files]
        self._total = sum(weights)
        end = 0
        for file, weight in zip(files, weights, strict=True):
            end += weight
            self._name = file.name
            self._read_file(file, end)
            self._read = end
            if not self._waiting and not self._embedded:
                self._committed = end
            self._tell()
        self._hand_over()
        self._keep_embedded()

    def prune(self, paths: Sequence[str]) -> None:
        """Let the articles go whose files were under ``paths`` and are gone."""
        left = [origin for origin in self._writer.file_origins() if origin not in self._found]
        for origin in removed_origins(left, paths, self._home):
            with self._writer.transaction():
                keys = [key for key, _ in self._writer.articles_of(origin)]
                self._writer.delete_articles(keys)
                self._writer.forget_file(origin)
            self.report.removed += len(keys)

    # Reading

    def _read_file(self, source: SourceFile, end: int) -> None:
        try:
            record = _hashed(source)
        except OSError as error:
            message = f"cannot be read ({error.strerror}); what was kept of it before stays"
            self.report.tell(LoadProblem(source.name, message, refused=True))
            return
        known = self._writer.file(source.origin)
        if known and (known.sha256, known.loader) == (record.sha256, record.loader):
            count = self._writer.article_count(source.origin)
            self.report.unchanged += count
            self._articles += count
            for message in known.problems:
                self.report.tell(LoadProblem(source.name, message, refused=True))
            return
        file = _FileInProgress(record, source.name)
        reads_as_before = known is not None and known.loader == record.loader
        for loaded in load(source, self._writer.has_read if reads_as_before else None):
            if isinstance(loaded, UnchangedArticle):
                self._same(file, loaded.origin)
                continue
            problem = loaded if isinstance(loaded, LoadProblem) else self._take(file, loaded)
            if problem:
                self._tell_of(file, problem)
            if isinstance(loaded, Article):
                self._read = min(end, self._read + len(loaded.text))
        self._waiting.append(file)
        self._hand_over_if_full()

    def _take(self, file: _FileInProgress, article: Article) -> LoadProblem | None:
        """Put an article in the queue if it is news; return why it cannot be kept, if so."""
        if not _is_storable(article):
            message = f"{article.title[:60]!r} holds half of a character (a lone surrogate): save the file as UTF-8"
            return LoadProblem(file.name, message.encode("utf-8", "replace").decode(), refused=True)
        mark = _mark(article.origin)
        if mark in file.seen:
            message = f"the id {article.origin.rpartition('#')[2]!r} comes twice: the first article is kept"
            return LoadProblem(file.name, message, refused=True)
        file.seen.add(mark)
        self._articles += 1
        state = self._writer.compare(article)
        if state == "unchanged":
            self.report.unchanged += 1
            return None
        passages = split(article)
        self._waiting.append(_PendingArticle(file.record.origin, article, passages, state == "added"))
        self._passages += len(passages)
        self._hand_over_if_full()
        return None

    def _same(self, file: _FileInProgress, origin: str) -> None:
        """Count an article that is known to be as it was."""
        file.seen.add(_mark(origin))
        self._articles += 1
        self.report.unchanged += 1

    def _tell_of(self, file: _FileInProgress, problem: LoadProblem) -> None:
        self.report.tell(problem)
        if problem.refused:
            file.refusals += 1
            if file.refusals <= _MAX_STORED_PROBLEMS:
                file.record = replace(file.record, problems=(*file.record.problems, problem.message))

    # Keeping

    def _hand_over_if_full(self) -> None:
        if self._passages >= BATCH_PASSAGES or len(self._waiting) >= _MAX_PENDING_ITEMS:
            self._hand_over()

    def _hand_over(self) -> None:
        """Have what waits embedded; meanwhile keep the batch before it."""
        if not self._waiting:
            return
        passages = [p for item in self._waiting if isinstance(item, _PendingArticle) for p in item.passages]
        texts = {self._key(passage): passage.embedded_text for passage in passages}
        known = self._writer.known_vectors(texts.keys())
        held = known.keys() | set(self._embedded.embedding.keys if self._embedded else ())
        missing = {key: text for key, text in texts.items() if key not in held}
        batch = _EmbeddingBatch(self._waiting, known, self._ahead.begin(missing), self._read)
        self._waiting, self._passages = [], 0
        just_embedded = self._keep_embedded()
        batch.vectors |= {key: just_embedded[key] for key in texts.keys() & just_embedded.keys()}
        self._embedded = batch

    def _keep_embedded(self) -> Mapping[bytes, NDArray[np.float32]]:
        """Wait for the batch that is being embedded and keep it in one transaction; return what was embedded."""
        batch, self._embedded = self._embedded, None
        if batch is None:
            return {}
        fresh = self._waited(batch)
        vectors = batch.vectors | fresh
        with self._writer.transaction():
            for item in batch.items:
                if isinstance(item, _FileInProgress):
                    self._finish(item)
                    continue
                rows = np.asarray([vectors[self._key(passage)] for passage in item.passages], dtype=np.float32)
                prepared = PreparedArticle(item.article, item.passages, rows)
                key = self._writer.put_article(item.file, prepared, self._embedder.fingerprint)
                self.report.copies += item.is_new and self._writer.has_near_duplicates(key)
                self.report.added += item.is_new
                self.report.changed += not item.is_new
        self._committed = batch.read
        self._tell()
        return fresh

    def _waited(self, batch: _EmbeddingBatch) -> dict[bytes, NDArray[np.float32]]:
        """Return what is embedded of a batch once it is, telling how far it is."""
        before, start = self.report.passages_embedded, self._committed

        def told(done: int) -> None:
            self.report.passages_embedded = before + done
            self._committed = start + (batch.read - start) * done // len(batch.embedding.keys)
            self._tell()

        return batch.embedding.wait(told)

    def _key(self, passage: Passage) -> bytes:
        return text_key(passage.embedded_text, self._embedder.fingerprint)

    def _finish(self, file: _FileInProgress) -> None:
        """Let the articles go that the file no longer holds, and seal it."""
        left = [key for key, origin in self._writer.articles_of(file.record.origin) if _mark(origin) not in file.seen]
        if left and file.refusals:
            message = f"{len(left)} articles that were not found in it again are kept, since it could not be read whole"
            self.report.tell(LoadProblem(file.name, message, refused=False))
        else:
            self._writer.delete_articles(left)
            self.report.removed += len(left)
        self._writer.record_file(file.record)

    # Telling

    def _restaged(self, count: int) -> None:
        self.report.passages_embedded += count
        self._tell()

    def _tell(self) -> None:
        """Report progress: the bytes of a batch count as its passages are embedded."""
        if self._on_progress:
            self._on_progress(
                IngestProgress(
                    done=self._committed,
                    total=self._total,
                    articles=self._articles,
                    passages=self.report.passages_embedded,
                    seconds=time.monotonic() - self.started,
                    name=self._name,
                )
            )


def _mark(origin: str) -> int:
    """Return a number for an origin: a set of them takes a tenth of the memory."""
    return int.from_bytes(hashlib.blake2b(origin.encode(), digest_size=8).digest(), "big")


def _hashed(source: SourceFile) -> FileRecord:
    state = source.path.stat()
    with source.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileRecord(source.origin, digest, state.st_size, state.st_mtime_ns, f"{LOADER_VERSION}.{splitter_version()}")


def _weight(source: SourceFile) -> int:
    """Return about how many bytes of text a file holds: gzip notes the unpacked size in its last four bytes."""
    if source.path.suffix == ".gz" and source.size > 18:
        try:
            with source.path.open("rb") as stream:
                stream.seek(-4, 2)
                return max(source.size, int.from_bytes(stream.read(4), "little"))
        except OSError:
            return source.size
    return max(1, source.size)


def _is_storable(article: Article) -> bool:
    """Tell whether every character can be written as UTF-8."""
    return all(_encodes(text) for text in _texts(article))


def _texts(article: Article) -> Iterator[str]:
    yield from (article.text, article.origin, article.path, article.title)
    yield from (article.url, article.source, article.author, article.published)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
