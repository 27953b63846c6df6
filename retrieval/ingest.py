"""Files into the library: found, hashed, loaded, split, embedded and kept, in batches of whole articles.

Memory is bounded by a batch and the largest article. Whatever interrupts a run, what was committed stays, and the next
run does the rest: a file is sealed only after its last article, an article is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.articles import Article, Passage
from retrieval.embedding import Embedder
from retrieval.library import Library
from retrieval.loading import LOADER_VERSION, Problem, SourceFile, find, load
from retrieval.passages import split
from retrieval.progress import Progress, Report
from retrieval.pruning import gone
from retrieval.rebuilding import restage
from retrieval.writing import FileRecord, Prepared, Writer, text_key

__all__ = ["BATCH", "Progress", "Report", "ingest"]

BATCH = 256
"""Passages a commit: about six seconds of embedding on two cores, which is what an interruption costs."""

_WAITING = 500  # articles or files without passages to embed that wait for a commit
_KEPT = 20  # problems of a file that are said again while it stays as it is


def ingest(
    library: Library,
    embedder: Embedder,
    paths: Sequence[str],
    *,
    prune: bool = False,
    rebuild: bool = False,
    home: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
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
    with library.writer() as writer:
        run = _Run(library, writer, embedder, home or library.folder.resolve().parent, on_progress)
        run.settle_model(rebuild=rebuild)
        run.read(paths)
        if prune:
            run.prune(paths)
        run.report.seconds = time.monotonic() - run.started
        return run.report


@dataclass(slots=True)
class _File:
    """A file that is being read: its record, and which articles it held."""

    record: FileRecord
    name: str
    seen: set[int] = field(default_factory=set)
    refusals: int = 0


@dataclass(slots=True)
class _Waiting:
    """An article that waits for its batch."""

    file: str
    article: Article
    passages: Sequence[Passage]
    is_new: bool


class _Run:
    """One call of ``ingest``."""

    def __init__(
        self,
        library: Library,
        writer: Writer,
        embedder: Embedder,
        home: Path,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self.report = Report()
        self.started = time.monotonic()
        self._library, self._writer, self._embedder, self._home = library, writer, embedder, home
        self._on_progress = on_progress
        self._waiting: list[_Waiting | _File] = []
        self._passages = 0  # that wait
        self._found: set[str] = set()
        self._total = self._read = self._committed = self._articles = 0
        self._name = ""

    def settle_model(self, *, rebuild: bool) -> None:
        """See to it that the library holds, or will hold, vectors of this model only."""
        held, ours = self._library.fingerprint, self._embedder.fingerprint
        if held is not None and held.digest != ours.digest:
            if rebuild:
                restage(self._writer, ours, self._embedder.embed_passages, self._restaged, BATCH)
            elif self._library.counts().passages:
                self._library.require(ours)
        if self._library.fingerprint != ours:
            with self._writer.transaction():
                self._writer.adopt(ours)

    def read(self, paths: Sequence[str]) -> None:
        """Read the files of ``paths`` that are new or changed."""
        files: list[SourceFile] = []
        for found in find(paths, self._home):
            if isinstance(found, Problem):
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
            if not self._waiting:
                self._committed = end
            self._tell(0, 1)
        self._commit()

    def prune(self, paths: Sequence[str]) -> None:
        """Let the articles go whose files were under ``paths`` and are gone."""
        left = [origin for origin in self._writer.file_origins() if origin not in self._found]
        for origin in gone(left, paths, self._home):
            with self._writer.transaction():
                keys = [key for key, _ in self._writer.articles_of(origin)]
                self._writer.remove(keys)
                self._writer.forget(origin)
            self.report.removed += len(keys)

    # Reading

    def _read_file(self, source: SourceFile, end: int) -> None:
        try:
            record = _hashed(source)
        except OSError as error:
            message = f"cannot be read ({error.strerror}); what was kept of it before stays"
            self.report.tell(Problem(source.name, message, refused=True))
            return
        known = self._writer.file(source.origin)
        if known and (known.sha256, known.loader) == (record.sha256, record.loader):
            count = self._writer.article_count(source.origin)
            self.report.unchanged += count
            self._articles += count
            for message in known.problems:
                self.report.tell(Problem(source.name, message, refused=True))
            return
        file = _File(record, source.name)
        for loaded in load(source):
            problem = loaded if isinstance(loaded, Problem) else self._take(file, loaded)
            if problem:
                self._tell_of(file, problem)
            if isinstance(loaded, Article):
                self._read = min(end, self._read + len(loaded.text))
        self._waiting.append(file)
        self._commit_if_full()

    def _take(self, file: _File, article: Article) -> Problem | None:
        """Put an article in the queue if it is news; return why it cannot be kept, if so."""
        if not _is_storable(article):
            message = f"{article.title[:60]!r} holds half of a character (a lone surrogate): save the file as UTF-8"
            return Problem(file.name, message.encode("utf-8", "replace").decode(), refused=True)
        mark = int.from_bytes(hashlib.blake2b(article.origin.encode(), digest_size=8).digest(), "big")
        if mark in file.seen:
            message = f"the id {article.origin.rpartition('#')[2]!r} comes twice: the first article is kept"
            return Problem(file.name, message, refused=True)
        file.seen.add(mark)
        self._articles += 1
        passages = split(article)
        state = self._writer.state(article, passages)
        if state == "unchanged":
            self.report.unchanged += 1
            return None
        self._waiting.append(_Waiting(file.record.origin, article, passages, state == "added"))
        self._passages += len(passages)
        self._commit_if_full()
        return None

    def _tell_of(self, file: _File, problem: Problem) -> None:
        self.report.tell(problem)
        if problem.refused:
            file.refusals += 1
            if file.refusals <= _KEPT:
                file.record = replace(file.record, problems=(*file.record.problems, problem.message))

    # Keeping

    def _commit_if_full(self) -> None:
        if self._passages >= BATCH or len(self._waiting) >= _WAITING:
            self._commit()

    def _commit(self) -> None:
        """Embed what waits and keep it, all in one transaction."""
        if not self._waiting:
            return
        waiting = [item for item in self._waiting if isinstance(item, _Waiting)]
        vectors = iter(self._vectors([passage for item in waiting for passage in item.passages]))
        with self._writer.transaction():
            for item in self._waiting:
                if isinstance(item, _File):
                    self._finish(item)
                    continue
                rows = [next(vectors) for _ in item.passages]
                prepared = Prepared(item.article, item.passages, np.asarray(rows, dtype=np.float32))
                self._writer.put(item.file, prepared, self._embedder.fingerprint)
        self.report.added += sum(item.is_new for item in waiting)
        self.report.changed += sum(not item.is_new for item in waiting)
        self._waiting.clear()
        self._passages = 0
        self._committed = self._read
        self._tell(0, 1)

    def _finish(self, file: _File) -> None:
        """Let the articles go that the file no longer holds, and seal it."""
        left = [
            key
            for key, origin in self._writer.articles_of(file.record.origin)
            if int.from_bytes(hashlib.blake2b(origin.encode(), digest_size=8).digest(), "big") not in file.seen
        ]
        if left and file.refusals:
            message = f"{len(left)} articles that were not found in it again are kept, since it could not be read whole"
            self.report.tell(Problem(file.name, message, refused=False))
        else:
            self._writer.remove(left)
            self.report.removed += len(left)
        self._writer.seal(file.record)

    def _vectors(self, passages: Sequence[Passage]) -> list[NDArray[np.float32]]:
        """Return the passages' vectors; only texts that the library has no vector for are embedded, each once."""
        texts = {text_key(text, self._embedder.fingerprint): text for text in (p.embedded_text for p in passages)}
        vectors = self._writer.known_vectors(texts.keys())
        missing = [key for key in texts if key not in vectors]
        if missing:
            before = self.report.passages_embedded

            def told(done: int) -> None:
                self.report.passages_embedded = before + done
                self._tell(done, len(missing))

            embedded = self._embedder.embed_passages([texts[key] for key in missing], told)
            self.report.passages_embedded = before + len(missing)
            vectors.update(zip(missing, embedded, strict=True))
        return [vectors[text_key(p.embedded_text, self._embedder.fingerprint)] for p in passages]

    # Telling

    def _restaged(self, count: int) -> None:
        self.report.passages_embedded += count
        self._tell(0, 1)

    def _tell(self, done: int, of: int) -> None:
        """Report progress: the bytes of a batch count as its passages are embedded."""
        if self._on_progress:
            self._on_progress(
                Progress(
                    done=self._committed + (self._read - self._committed) * done // of,
                    total=self._total,
                    articles=self._articles,
                    passages=self.report.passages_embedded,
                    seconds=time.monotonic() - self.started,
                    name=self._name,
                )
            )


def _hashed(source: SourceFile) -> FileRecord:
    state = source.path.stat()
    with source.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileRecord(source.origin, digest, state.st_size, state.st_mtime_ns, LOADER_VERSION)


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
