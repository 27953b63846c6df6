"""Ingestion: files are found, hashed, loaded, split, embedded and written to the library, in batches of articles.

While one batch is embedded, the previous one is written and the next one is read: memory is bounded by three batches
and the largest article. Whatever interrupts a run, committed articles stay and the next run does the rest: an article
is written whole or not at all, and a file is recorded as read only after its last article.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.articles import Article, Passage
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.prefetch import PendingBatch, Prefetcher
from retrieval.loaders import LOADER_VERSION, LoadProblem, SourceFile, UnchangedArticle, find, load
from retrieval.loaders.discovery import Format, format_of, removed_origins
from retrieval.progress import IngestProgress, TimeLeft
from retrieval.store.library import Library
from retrieval.store.lock import LockWait
from retrieval.store.schema import splitter_version
from retrieval.store.statements import Statement
from retrieval.store.writer import FileRecord, LibraryWriter, PreparedArticle, count_to_reembed, reembed, text_key
from retrieval.structure.passages import split
from retrieval.workload import PASSAGE_CHARACTERS, FileState, FileWork, WorkKind, Workload

BATCH_PASSAGES = 256
"""Passages per commit: some seconds of embedding on two cores; an interruption loses at most two batches."""

_FIRST_BATCH_PASSAGES = 64
"""Of the first batch; each later one may have twice as many. Its model starts, and its speed is known, in seconds."""

_MAX_PENDING_ITEMS = 500  # articles or files without passages to embed, before a commit
_MAX_STORED_PROBLEMS = 20  # problems of a file that are reported again while it is unchanged
_MAX_REPORTED = 200  # problems kept in a report
_HASHED_BYTES = 1 << 20  # read at once
_HASH_SHARE = 0.05  # of a file's bytes that count as processed when it is hashed and turns out new
_REPORT_SECONDS = 0.25  # between reports while one file is read
_LONG_SECONDS = 30.0  # left, from which loading a faster way pays
_REEMBEDDED_BYTES = 1_000  # that a passage counts as


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
        on_progress: Called with the progress a few times a second, but not while one step takes longer
            (``SteadyProgress`` does).
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
        run.prepare_model(paths, rebuild=rebuild)
        run.read()
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
    work: FileWork
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
    kind: WorkKind

    @property
    def characters(self) -> float:
        """Its text as it is embedded, in characters of work."""
        return sum(map(_characters, self.passages))


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
        self._batch_passages = min(_FIRST_BATCH_PASSAGES, BATCH_PASSAGES)
        self._found: set[str] = set()
        self._total = self._read = self._committed = self._articles = 0
        self._reembedded = 0  # passages
        self._name = ""
        self._files: list[tuple[SourceFile, FileWork]] = []
        self._in_flight: list[PendingBatch] = []  # given to the model and not written yet
        self._workload = Workload()
        self._current: FileWork | None = None
        self._unbatched = 0.0  # characters of the queued articles that will probably have to be embedded
        self._lap_began = self.started
        self._read_began = self.started
        self._reading = 0.0  # seconds of reading that are not counted yet
        self._left: float | None = None  # seconds, as last estimated
        self._is_long = False
        self._reported = self.started

    def prepare_model(self, paths: Sequence[str], *, rebuild: bool) -> None:
        """Find the files, and make the library one of this model, re-embedding it if asked."""
        self._plan(paths)
        held, ours = self._library.fingerprint, self._embedder.fingerprint
        if held is not None and held.digest != ours.digest:
            if rebuild:
                self._reembed()
            elif self._library.counts().passages:
                self._library.require(ours)
        if self._library.fingerprint != ours:
            with self._writer.transaction():
                self._writer.set_model(ours)

    def _reembed(self) -> None:
        """Embed again what is in the library."""
        count = count_to_reembed(self._writer, self._embedder.fingerprint)
        self._total += count * _REEMBEDDED_BYTES
        files_left, time_left = self._workload.seconds_left((), 0.0, 0.0, 0.0), TimeLeft()

        def tell(done: int) -> None:
            self._reembedded = done
            self._read = self._committed = done * _REEMBEDDED_BYTES
            left = time_left(done, count)
            self._left = None if left is None else files_left + left
            self._speed_up(self._left)
            self._tell()

        def embed(texts: list[str]) -> NDArray[np.float32]:
            before = self.report.passages_embedded
            return self._embedder.embed_passages(texts, lambda done: tell(min(count, before + done)))

        def on_batch(done: int) -> None:
            self.report.passages_embedded += done
            tell(min(count, self.report.passages_embedded))

        reembed(self._writer, self._embedder.fingerprint, embed, on_batch, BATCH_PASSAGES)

    def _plan(self, paths: Sequence[str]) -> None:
        for found in find(paths, self._home):
            if isinstance(found, LoadProblem):
                self.report.add(found)
                continue
            work = self._work(found)
            self._files.append((found, work))
            self._found.add(found.origin)
            self._total += work.size
            self._workload.plan(work.parts())

    def _work(self, file: SourceFile) -> FileWork:
        """Return what a file probably is: as the library knows it, grown, or new."""
        size, known = _weight(file), self._writer.file(file.origin)
        kind = format_of(file.path)
        if known and known.size == file.size:
            state = FileState.SAME if known.loader == _loader() else FileState.KNOWN
            return FileWork(kind, state, size, known=size)
        if known and kind is Format.RECORDS:
            return FileWork(kind, FileState.KNOWN, size, known=min(size, size * known.size // max(1, file.size)))
        return FileWork(kind, FileState.NEW, size)

    def read(self) -> None:
        """Read the files that are new or changed."""
        end, self._read_began = self._committed, time.monotonic()
        for file, work in self._files:
            self._workload.withdraw(work.parts())
            self._current, start = work, end
            end += work.size
            self._name = file.name
            self._lap()
            self._read_file(file, work, start)
            self._workload.read(work.kind(work.state), 0, self._lap(), opened=True)
            self._current = None
            self._advance(end)
            self._report_progress()
        self._start_batch()
        self._write_batch()
        self._committed = self._total
        self._report_progress()

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

    def _read_file(self, source: SourceFile, work: FileWork, start: int) -> None:
        hashed = 1.0 if work.state is FileState.SAME else _HASH_SHARE
        try:
            record = _hashed(source, lambda share: self._advance(start + int(work.size * hashed * share)))
        except OSError as error:
            message = f"cannot be read ({error.strerror}); what was kept of it before stays"
            self.report.add(LoadProblem(source.name, message, refused=True))
            return
        known = self._writer.file(source.origin)
        if known and (known.sha256, known.loader) == (record.sha256, record.loader):
            work.read(FileState.SAME, work.size)
            self._workload.read(work.kind(FileState.SAME), work.size, self._lap())
            count = self._writer.article_count(source.origin)
            self.report.unchanged += count
            self._articles += count
            for message in known.problems:
                self.report.add(LoadProblem(source.name, message, refused=True))
            return
        work.has_changed()
        file = _FileInProgress(record, source.name, work)
        reads_as_before = known is not None and known.loader == record.loader
        at = counted = 0  # bytes of the file
        rest = FileState.NEW  # what its bytes are that are not told one by one

        def on_read(size: int) -> None:
            nonlocal at
            at = min(work.size, at + size)

        for loaded in load(source, self._writer.has_read if reads_as_before else None, on_read=on_read):
            state = rest
            if isinstance(loaded, UnchangedArticle):
                self._count_unchanged(file, loaded.origin)
                state = FileState.KNOWN
            elif isinstance(loaded, LoadProblem):
                self._add_problem(file, loaded)
            else:
                state, problem = self._queue_article(file, loaded)
                rest = state
                if problem:
                    self._add_problem(file, problem)
            if at > counted:
                self._count_read(work, state, at - counted)
                counted = at
                self._advance(start + int(work.size * (_HASH_SHARE + (1 - _HASH_SHARE) * at / work.size)))
        if work.size > counted:
            self._count_read(work, rest, work.size - counted)
        self._pending.append(file)
        self._start_batch_if_full()

    def _count_read(self, work: FileWork, state: FileState, size: int) -> None:
        work.read(state, size)
        self._workload.read(work.kind(state), size, self._lap())

    def _lap(self) -> float:
        """Return the seconds of reading since the last call."""
        now = time.monotonic()
        seconds, self._reading, self._lap_began = self._reading + now - self._lap_began, 0.0, now
        return seconds

    def _advance(self, read: int) -> None:
        """Count bytes as read; without anything that waits to be written, they are processed."""
        self._read = max(self._read, read)
        if not self._pending and not self._embedded:
            self._committed = max(self._committed, self._read)
        if self._on_progress and time.monotonic() - self._reported >= _REPORT_SECONDS:
            self._report_progress()

    def _queue_article(self, file: _FileInProgress, article: Article) -> tuple[FileState, LoadProblem | None]:
        """Queue an article if it is new or changed; return which it is, and a problem if it cannot be stored."""
        if not _is_storable(article):
            message = f"{article.title[:60]!r} holds half of a character (a lone surrogate): save the file as UTF-8"
            return FileState.NEW, LoadProblem(file.name, message.encode("utf-8", "replace").decode(), refused=True)
        origin = _origin_hash(article.origin)
        if origin in file.seen:
            message = f"the id {article.origin.rpartition('#')[2]!r} comes twice: the first article is kept"
            return FileState.NEW, LoadProblem(file.name, message, refused=True)
        file.seen.add(origin)
        self._articles += 1
        state = self._writer.compare(article)
        if state == "unchanged":
            self.report.unchanged += 1
            return FileState.KNOWN, None
        passages = split(article)
        said = self._extract_statements(article.text) if self._extract_statements else None
        kind = file.work.kind(FileState.NEW)
        pending = _PendingArticle(file.record.origin, article, passages, said, state == "added", kind)
        self._pending.append(pending)
        self._pending_passages += len(passages)
        self._workload.found(kind, pending.characters)
        self._unbatched += self._workload.fresh_characters(kind, pending.characters)
        self._start_batch_if_full()
        return FileState.NEW, None

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
        if self._pending_passages >= self._batch_passages or len(self._pending) >= _MAX_PENDING_ITEMS:
            self._start_batch()

    def _start_batch(self) -> None:
        """Start embedding the queued articles; meanwhile write the batch before them."""
        if not self._pending:
            return
        self._reading = self._lap()
        passages = [p for item in self._pending if isinstance(item, _PendingArticle) for p in item.passages]
        texts = {self._key(passage): passage.embedded_text for passage in passages}
        known = self._writer.known_vectors(texts.keys())
        held = known.keys() | set(self._embedded.embedding.keys if self._embedded else ())
        missing = {key: text for key, text in texts.items() if key not in held}
        self._count_batched(missing)
        batch = _EmbeddingBatch(self._pending, known, self._prefetcher.begin(missing), self._read)
        self._in_flight.append(batch.embedding)
        self._pending, self._pending_passages = [], 0
        self._batch_passages = min(2 * self._batch_passages, BATCH_PASSAGES)
        just_embedded = self._write_batch()
        batch.vectors |= {key: just_embedded[key] for key in texts.keys() & just_embedded.keys()}
        self._embedded = batch
        self._lap_began = time.monotonic()

    def _count_batched(self, missing: Mapping[bytes, str]) -> None:
        """Count which text of the queued articles the library has already."""
        self._unbatched = 0.0
        counted: set[bytes] = set()
        for item in self._pending:
            if isinstance(item, _PendingArticle):
                fresh = 0.0
                for passage in item.passages:
                    key = self._key(passage)
                    fresh += _characters(passage) if key in missing and key not in counted else 0.0
                    counted.add(key)
                self._workload.batched(item.kind, item.characters, fresh)

    def _write_batch(self) -> Mapping[bytes, NDArray[np.float32]]:
        """Wait for the batch that is being embedded, write it in one transaction, and return its new vectors."""
        batch, self._embedded = self._embedded, None
        if batch is None:
            return {}
        fresh = self._embedded_vectors(batch)
        self._in_flight.remove(batch.embedding)
        vectors = batch.vectors | fresh
        began = time.monotonic()
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
        characters = sum(item.characters for item in batch.items if isinstance(item, _PendingArticle))
        self._workload.written(characters, time.monotonic() - began)
        self._committed = max(self._committed, batch.read)
        self._report_progress()
        self._speed_up(self._seconds_left())
        return fresh

    def _speed_up(self, left: float | None) -> None:
        """Let a model that has a faster way for many passages load it, once it is known that the run is long."""
        if not self._is_long and left is not None and left >= _LONG_SECONDS:
            self._is_long = True
            load = getattr(self._embedder, "load_bulk_ahead", None)
            if load:
                load()

    def _embedded_vectors(self, batch: _EmbeddingBatch) -> dict[bytes, NDArray[np.float32]]:
        """Return the new vectors of a batch when they are there, reporting progress meanwhile."""
        before, start = self.report.passages_embedded, self._committed

        def on_step(begun: int, done: int, seconds: float) -> None:
            self._count_embedded(batch.embedding, begun, done, seconds)
            self._committed = max(start, start + (batch.read - start) * done // len(batch.embedding.keys))
            self._report_progress()

        vectors = batch.embedding.wait(on_step)
        self.report.passages_embedded = before + len(vectors)
        return vectors

    def _count_embedded(self, batch: PendingBatch, begun: int, done: int, seconds: float) -> None:
        self._workload.embedded(_work_of(batch, begun, done), seconds)

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

    def _report_progress(self) -> None:
        """Report progress: the bytes of a batch count as its passages are embedded."""
        if self._on_progress:
            self._left = self._seconds_left()
            self._tell()

    def _seconds_left(self) -> float | None:
        for batch in self._in_flight:
            batch.tell(partial(self._count_embedded, batch))
        if not self._committed:
            return None
        if self._committed >= self._total:
            return 0.0
        waiting = sum(_work_of(each, each.done, len(each.keys)) for each in self._in_flight)
        current = self._current.left() if self._current else ()
        elapsed = time.monotonic() - self._read_began - self._prefetcher.loading_seconds
        return self._workload.seconds_left(current, waiting, self._unbatched, max(0.0, elapsed))

    def _tell(self) -> None:
        if not self._on_progress:
            return
        self._reported = time.monotonic()
        self._on_progress(
            IngestProgress(
                done=self._committed,
                total=self._total,
                articles=self._articles,
                passages=self._reembedded + self._prefetcher.embedded,
                seconds=self._reported - self.started,
                name=self._name,
                seconds_left=self._left,
            )
        )


def _work_of(batch: PendingBatch, start: int, end: int) -> float:
    """Return the characters of work of the texts of a batch from one number embedded to another."""
    return batch.characters[end] - batch.characters[start] + (end - start) * PASSAGE_CHARACTERS


def _characters(passage: Passage) -> float:
    return len(passage.context) + len(passage.text) + PASSAGE_CHARACTERS


def _origin_hash(origin: str) -> int:
    """Return a hash of an origin: a set of these takes a tenth of the memory."""
    return int.from_bytes(hashlib.blake2b(origin.encode(), digest_size=8).digest(), "big")


def _hashed(source: SourceFile, on_share: Callable[[float], None]) -> FileRecord:
    """Return the record of a file; ``on_share`` is told how much of it has been read."""
    state, digest, at = source.path.stat(), hashlib.sha256(), 0
    with source.path.open("rb") as stream:
        while data := stream.read(_HASHED_BYTES):
            digest.update(data)
            at += len(data)
            on_share(min(1.0, at / max(1, source.size)))
    return FileRecord(source.origin, digest.hexdigest(), state.st_size, state.st_mtime_ns, _loader())


def _loader() -> str:
    return f"{LOADER_VERSION}.{splitter_version()}"


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
