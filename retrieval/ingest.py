"""Ingestion: files are found, hashed, loaded, split, embedded and written to the library, in batches of articles.

While one batch is embedded, the previous one is written and the next one is read: memory is bounded by three batches
and the largest article. Whatever interrupts a run, committed articles stay and the next run does the rest: an article
is written whole or not at all, and a file is recorded as read only after its last article. ``IngestProgress`` describes
a run in progress, ``IngestReport`` its result.
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
from retrieval.store.lock import LockWait
from retrieval.store.schema import splitter_version
from retrieval.store.statements import Statement
from retrieval.store.writer import FileRecord, LibraryWriter, PreparedArticle, reembed, text_key
from retrieval.structure.passages import split

BATCH_PASSAGES = 256
"""Passages per commit: some seconds of embedding on two cores; an interruption loses at most two batches."""

_MAX_PENDING_ITEMS = 500  # articles or files without passages to embed, before a commit
_MAX_STORED_PROBLEMS = 20  # problems of a file that are reported again while it is unchanged
_MAX_REPORTED = 200  # problems kept in a report


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far a run is.

    Attributes:
        done: Bytes of files processed.
        total: Bytes of all files; 0 while passages are embedded again for a new model.
        articles: Articles seen.
        passages: Passages embedded.
        seconds: Since the start.
        name: The current file, as typed.
    """

    done: int
    total: int
    articles: int
    passages: int
    seconds: float
    name: str

    @property
    def rate(self) -> float:
        """Passages embedded per second."""
        return self.passages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds left; None before anything is processed."""
        return self.seconds * (self.total - self.done) / self.done if self.done else None


@dataclass(slots=True)
class IngestReport:
    """The result of a run.

    Attributes:
        added: New articles.
        copies: New articles that are near-duplicates of another article.
        changed: Articles that replaced an older text or older metadata.
        unchanged: Articles that are as before.
        removed: Articles that were deleted.
        passages_embedded: Passages that had to be embedded.
        refused: Files and articles that were left out, the first 200.
        notes: Notes on articles that were kept, the first 200.
        refused_count: All that were left out.
        notes_count: All notes.
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

    def add(self, problem: LoadProblem) -> None:
        """Count a problem, and keep it if it is among the first."""
        kept = self.refused if problem.refused else self.notes
        if problem.refused:
            self.refused_count += 1
        else:
            self.notes_count += 1
        if len(kept) < _MAX_REPORTED:
            kept.append(problem)


def ingest(
    library: Library,
    embedder: Embedder,
    paths: Sequence[str],
    *,
    prune: bool = False,
    rebuild: bool = False,
    home: Path | None = None,
    on_progress: Callable[[IngestProgress], None] | None = None,
    waiting: LockWait | None = None,
    extract_statements: Callable[[str], Sequence[Statement]] | None = None,
) -> IngestReport:
    """Bring ``library`` up to date with the files of ``paths``.

    A file whose bytes were read before is only hashed. An article with the same text, metadata and passages is not
    touched; of a changed one, only texts without a vector in the library are embedded. A file that cannot be read any
    more is reported and its articles stay: a failure never deletes anything.

    Args:
        library: The library to write.
        embedder: The embedding model; must be the library's, unless ``rebuild``.
        paths: Files, folders or globs.
        prune: Delete articles whose files were below ``paths`` and exist no more.
        rebuild: First embed everything in the library with ``embedder``, from the stored texts.
        home: Folder that origins are relative to; by default the folder that contains the store.
        on_progress: Called with the progress a few times a second.
        waiting: How long to wait for another process that is writing; not at all when None.
        extract_statements: Returns what an article's text says that people said
            (``retrieval.quotes.record.extraction``); without it, articles are read for that when it is first asked.

    Raises:
        FingerprintMismatch: The library was embedded with another model, and ``rebuild`` is false.
        StoreLocked: Another process is writing, also after waiting.
        StoreError: The disk is full, or the store cannot be written.
        EmbeddingError: The model failed.
    """
    with library.writer(waiting) as writer, Prefetcher(embedder) as prefetcher:
        run = _Ingestion(
            library,
            writer,
            embedder,
            prefetcher,
            home or library.folder.resolve().parent,
            on_progress,
            extract_statements,
        )
        run.prepare_model(rebuild=rebuild)
        run.read(paths)
        if prune:
            run.prune(paths)
        else:
            run.note_removed(paths)
        run.report.seconds = time.monotonic() - run.started
        return run.report


@dataclass(slots=True)
class _FileInProgress:
    """A file that is being read: its record, and its articles so far."""

    record: FileRecord
    name: str
    seen: set[int] = field(default_factory=set)
    refusals: int = 0


@dataclass(slots=True)
class _PendingArticle:
    """An article that is not in a batch yet."""

    file: str
    article: Article
    passages: Sequence[Passage]
    statements: Sequence[Statement] | None
    is_new: bool


@dataclass(slots=True)
class _EmbeddingBatch:
    """Articles and files of one transaction, while their passages are embedded.

    Attributes:
        items: Articles, and files whose last article precedes.
        vectors: Vectors of its texts that were in the library, by key.
        embedding: The other texts, without those of the batch before.
        read: Bytes of files read before its end.
    """

    items: list[_PendingArticle | _FileInProgress]
    vectors: dict[bytes, NDArray[np.float32]]
    embedding: PendingBatch
    read: int


class _Ingestion:
    """One call of ``ingest``: reads files, collects batches, writes each when it is embedded."""

    def __init__(  # noqa: PLR0917 (made in one place)
        self,
        library: Library,
        writer: LibraryWriter,
        embedder: Embedder,
        prefetcher: Prefetcher,
        home: Path,
        on_progress: Callable[[IngestProgress], None] | None,
        extract_statements: Callable[[str], Sequence[Statement]] | None,
    ) -> None:
        self.report = IngestReport()
        self.started = time.monotonic()
        self._library, self._writer, self._embedder, self._home = library, writer, embedder, home
        self._on_progress = on_progress
        self._extract_statements = extract_statements
        self._prefetcher = prefetcher
        self._embedded: _EmbeddingBatch | None = None  # being embedded now
        self._pending: list[_PendingArticle | _FileInProgress] = []
        self._pending_passages = 0  # of these
        self._found: set[str] = set()
        self._total = self._read = self._committed = self._articles = 0
        self._name = ""

    def prepare_model(self, *, rebuild: bool) -> None:
        """Make the library one of this model, re-embedding it if asked."""
        held, ours = self._library.fingerprint, self._embedder.fingerprint
        if held is not None and held.digest != ours.digest:
            if rebuild:
                reembed(self._writer, ours, self._embedder.embed_passages, self._count_reembedded, BATCH_PASSAGES)
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
                self.report.add(found)
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
            if not self._pending and not self._embedded:
                self._committed = end
            self._report_progress()
        self._start_batch()
        self._write_batch()

    def _removed(self, paths: Sequence[str]) -> Iterator[str]:
        left = [origin for origin in self._writer.file_origins() if origin not in self._found]
        return removed_origins(left, paths, self._home)

    def note_removed(self, paths: Sequence[str]) -> None:
        """Note each file that was below ``paths`` and is gone: its articles stay."""
        for origin in self._removed(paths):
            count = self._writer.article_count(origin)
            kept = "its article is kept" if count == 1 else f"its {count:,} articles are kept"
            self.report.add(LoadProblem(origin, f"is gone, {kept}: --prune deletes what is gone", refused=False))

    def prune(self, paths: Sequence[str]) -> None:
        """Delete the articles whose files were below ``paths`` and are gone."""
        for origin in self._removed(paths):
            with self._writer.transaction():
                keys = [key for key, _ in self._writer.articles_of(origin)]
                self._writer.delete_articles(keys)
                self._writer.forget_file(origin)
            self.report.removed += len(keys)

    # Reading files

    def _read_file(self, source: SourceFile, end: int) -> None:
        try:
            record = _hashed(source)
        except OSError as error:
            message = f"cannot be read ({error.strerror}); what was kept of it before stays"
            self.report.add(LoadProblem(source.name, message, refused=True))
            return
        known = self._writer.file(source.origin)
        if known and (known.sha256, known.loader) == (record.sha256, record.loader):
            count = self._writer.article_count(source.origin)
            self.report.unchanged += count
            self._articles += count
            for message in known.problems:
                self.report.add(LoadProblem(source.name, message, refused=True))
            return
        file = _FileInProgress(record, source.name)
        reads_as_before = known is not None and known.loader == record.loader
        for loaded in load(source, self._writer.has_read if reads_as_before else None):
            if isinstance(loaded, UnchangedArticle):
                self._count_unchanged(file, loaded.origin)
                continue
            problem = loaded if isinstance(loaded, LoadProblem) else self._queue_article(file, loaded)
            if problem:
                self._add_problem(file, problem)
            if isinstance(loaded, Article):
                self._read = min(end, self._read + len(loaded.text))
        self._pending.append(file)
        self._start_batch_if_full()

    def _queue_article(self, file: _FileInProgress, article: Article) -> LoadProblem | None:
        """Queue an article if it is new or changed; return a problem if it cannot be stored."""
        if not _is_storable(article):
            message = f"{article.title[:60]!r} holds half of a character (a lone surrogate): save the file as UTF-8"
            return LoadProblem(file.name, message.encode("utf-8", "replace").decode(), refused=True)
        origin = _origin_hash(article.origin)
        if origin in file.seen:
            message = f"the id {article.origin.rpartition('#')[2]!r} comes twice: the first article is kept"
            return LoadProblem(file.name, message, refused=True)
        file.seen.add(origin)
        self._articles += 1
        state = self._writer.compare(article)
        if state == "unchanged":
            self.report.unchanged += 1
            return None
        passages = split(article)
        said = self._extract_statements(article.text) if self._extract_statements else None
        self._pending.append(_PendingArticle(file.record.origin, article, passages, said, state == "added"))
        self._pending_passages += len(passages)
        self._start_batch_if_full()
        return None

    def _count_unchanged(self, file: _FileInProgress, origin: str) -> None:
        """Count an article that is known to be unchanged."""
        file.seen.add(_origin_hash(origin))
        self._articles += 1
        self.report.unchanged += 1

    def _add_problem(self, file: _FileInProgress, problem: LoadProblem) -> None:
        self.report.add(problem)
        if problem.refused:
            file.refusals += 1
            if file.refusals <= _MAX_STORED_PROBLEMS:
                file.record = replace(file.record, problems=(*file.record.problems, problem.message))

    # Writing batches

    def _start_batch_if_full(self) -> None:
        if self._pending_passages >= BATCH_PASSAGES or len(self._pending) >= _MAX_PENDING_ITEMS:
            self._start_batch()

    def _start_batch(self) -> None:
        """Start embedding the queued articles; meanwhile write the batch before them."""
        if not self._pending:
            return
        passages = [p for item in self._pending if isinstance(item, _PendingArticle) for p in item.passages]
        texts = {self._key(passage): passage.embedded_text for passage in passages}
        known = self._writer.known_vectors(texts.keys())
        held = known.keys() | set(self._embedded.embedding.keys if self._embedded else ())
        missing = {key: text for key, text in texts.items() if key not in held}
        batch = _EmbeddingBatch(self._pending, known, self._prefetcher.begin(missing), self._read)
        self._pending, self._pending_passages = [], 0
        just_embedded = self._write_batch()
        batch.vectors |= {key: just_embedded[key] for key in texts.keys() & just_embedded.keys()}
        self._embedded = batch

    def _write_batch(self) -> Mapping[bytes, NDArray[np.float32]]:
        """Wait for the batch that is being embedded, write it in one transaction, and return its new vectors."""
        batch, self._embedded = self._embedded, None
        if batch is None:
            return {}
        fresh = self._embedded_vectors(batch)
        vectors = batch.vectors | fresh
        with self._writer.transaction():
            for item in batch.items:
                if isinstance(item, _FileInProgress):
                    self._finish_file(item)
                    continue
                rows = np.asarray([vectors[self._key(passage)] for passage in item.passages], dtype=np.float32)
                prepared = PreparedArticle(item.article, item.passages, rows, item.statements)
                key = self._writer.put_article(item.file, prepared, self._embedder.fingerprint)
                self.report.copies += item.is_new and self._writer.has_near_duplicates(key)
                self.report.added += item.is_new
                self.report.changed += not item.is_new
        self._committed = batch.read
        self._report_progress()
        return fresh

    def _embedded_vectors(self, batch: _EmbeddingBatch) -> dict[bytes, NDArray[np.float32]]:
        """Return the new vectors of a batch when they are there, reporting progress meanwhile."""
        before, start = self.report.passages_embedded, self._committed

        def on_batch(done: int) -> None:
            self.report.passages_embedded = before + done
            self._committed = start + (batch.read - start) * done // len(batch.embedding.keys)
            self._report_progress()

        return batch.embedding.wait(on_batch)

    def _key(self, passage: Passage) -> bytes:
        return text_key(passage.embedded_text, self._embedder.fingerprint)

    def _finish_file(self, file: _FileInProgress) -> None:
        """Delete the articles that are no longer in the file, and record the file as read."""
        left = [
            key for key, origin in self._writer.articles_of(file.record.origin) if _origin_hash(origin) not in file.seen
        ]
        if left and file.refusals:
            message = f"{len(left)} articles that were not found in it again are kept, since it could not be read whole"
            self.report.add(LoadProblem(file.name, message, refused=False))
        else:
            self._writer.delete_articles(left)
            self.report.removed += len(left)
        self._writer.record_file(file.record)

    # Reporting

    def _count_reembedded(self, count: int) -> None:
        self.report.passages_embedded += count
        self._report_progress()

    def _report_progress(self) -> None:
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


def _origin_hash(origin: str) -> int:
    """Return a hash of an origin: a set of these takes a tenth of the memory."""
    return int.from_bytes(hashlib.blake2b(origin.encode(), digest_size=8).digest(), "big")


def _hashed(source: SourceFile) -> FileRecord:
    state = source.path.stat()
    with source.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileRecord(source.origin, digest, state.st_size, state.st_mtime_ns, f"{LOADER_VERSION}.{splitter_version()}")


def _weight(source: SourceFile) -> int:
    """Return about how many bytes of text a file contains: gzip stores the uncompressed size in its last four bytes."""
    if source.path.suffix == ".gz" and source.size > 18:
        try:
            with source.path.open("rb") as stream:
                stream.seek(-4, 2)
                return max(source.size, int.from_bytes(stream.read(4), "little"))
        except OSError:
            return source.size
    return max(1, source.size)


def _is_storable(article: Article) -> bool:
    """Return whether every character can be encoded as UTF-8."""
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
