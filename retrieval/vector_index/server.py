"""Server backend: a Chroma server or Chroma Cloud, one collection per library and model.

The machine that writes to the library writes to its collection, while it has the lease (``retrieval.store.lease``); its
replicas only read. Metadata name the library's revision up to which the collection is complete, and are written last.
Replicas may be behind, so removed passages stay for a while (``REMOVAL_LAG_SECONDS``): between the revision up to which
passages were removed from it and the one up to which they were added, a collection has those of every revision, and
search leaves out what the library at hand does not have. A collection is built under another name, and renamed when it
is complete.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import StoreError
from retrieval.store.lease import LeaseRecord, WriterLease
from retrieval.store.library import Library, refuse_replica
from retrieval.vector_index import chroma
from retrieval.vector_index.chroma import ChromaError, ChromaUnreachable, ServerAddress
from retrieval.vector_index.snapshots import Snapshot

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

RETRY_AFTER_SECONDS = 5.0
"""Seconds before a server that did not answer is asked again: every question would wait for it."""

METADATA_TTL_SECONDS = 5.0
"""Seconds for which a collection's metadata are cached. Newer passages are searched in the library in any case, so this
saves one request per question at no cost."""

REMOVAL_LAG_SECONDS = 600.0
"""Seconds for which removed passages stay in a collection; a replica that is further behind searches its library."""

CANDIDATES_MAX = 2_000
"""Most passages requested for one search, where many near ones are not in the library; then the library is searched."""


@dataclass(frozen=True, slots=True)
class _CollectionState:
    """What a collection's metadata say.

    Attributes:
        revision: The library's revision that it contains completely.
        removed: The revision up to which passages that were removed from the library are gone from it, too.
        passages: Number of vectors.
        checked: An earlier ``revision``, and when it was that, in s since 1970: ``removed`` may follow later.
        mark: The library's mark of ``revision``; empty where it is not known.
    """

    revision: int
    removed: int
    passages: int
    checked: tuple[int, float]
    mark: str

    @classmethod
    def of(cls, collection: ChromaCollection | None) -> _CollectionState | None:
        """Return the state of a collection; None where it does not exist or is not complete."""
        said: Any = collection.metadata if collection else None
        if not said or "revision" not in said:
            return None
        revision = int(said["revision"])  # the others are missing from collections of the last release
        checked = int(said.get("checked_revision", revision)), float(said.get("checked_at", 0.0))
        mark = str(said.get("mark", ""))
        return cls(revision, int(said.get("removed", revision)), int(said["passages"]), checked, mark)

    def belongs_to(self, library: Library, revision: int) -> bool:
        """Return whether the collection has the passages of a library's revision.

        Only a replica can be behind its collection; another library that is has lost what was written to it.
        """
        if revision < self.revision:
            return bool(library.writer_host) and revision >= self.removed
        return self.mark == "" or library.revision_mark(self.revision) in {"", self.mark}

    def following(self, revision: int, now: float) -> tuple[int, tuple[int, float]]:
        """Return ``removed`` and ``checked`` of the next state."""
        if now - self.checked[1] < REMOVAL_LAG_SECONDS:
            return self.removed, self.checked
        return self.checked[0], (revision, now)


@dataclass(frozen=True, slots=True)
class _OpenCollection:
    until: float  # monotonic s
    name: str
    state: _CollectionState
    collection: ChromaCollection
    library: Library


class ServerBackend:
    """A Chroma server. Safe to share between threads.

    Args:
        address: Its address.

    Raises:
        InputError: The address is malformed.
    """

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        self.name = f"the Chroma server at {address.host}"
        self._guard = threading.RLock()
        self._client: ClientAPI | None = None
        self._cached: _OpenCollection | None = None
        self._retry_at = 0.0

    def close(self) -> None:
        """Close the connection and drop the cached metadata."""
        with self._guard:
            client, self._client, self._cached = self._client, None, None
        if client is not None:
            chroma.close_client(client)

    def published(self, library: Library) -> Snapshot | None:
        """Return the library's collection on the server as a snapshot; None when there is no complete one.

        One that is of a later revision has the library's, too, unless the library is far behind.

        Raises:
            ChromaError: It does not answer.
        """
        name, held = _collection_name(library), library.fingerprint
        if held is None:
            return None
        with self._guard:
            cached = self._cached
        if cached is None or cached.until <= time.monotonic() or cached.name != name:
            with self._requesting() as client:
                collection = chroma.find(client, name)
            state = _CollectionState.of(collection)
            if collection is None or state is None:
                return None
            cached = _OpenCollection(time.monotonic() + METADATA_TTL_SECONDS, name, state, collection, library)
            with self._guard:
                self._cached = cached
        state, revision = cached.state, library.revision
        if not state.belongs_to(library, revision):
            return None
        about = (min(revision, state.revision), held.digest, state.passages, str(cached.collection.id))
        return Snapshot(name, library.identity, *about)

    def check(self, snapshot: Snapshot) -> None:
        """Check that the collection is complete.

        Raises:
            ChromaError: It is not, or the server does not answer.
        """
        with self._requesting():
            if self._opened(snapshot).collection.count() < snapshot.passages:
                raise ChromaError("passages are missing from it")

    def nearest(
        self, snapshot: Snapshot, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages that the library has, with their cosines.

        Raises:
            ChromaError: The server does not answer, or the collection is gone.
        """
        opened, requested = self._opened(snapshot), count
        with self._requesting():
            while True:
                found = chroma.nearest(opened.collection, vector, requested, articles)
                existing = opened.library.existing(found)
                known = [identifier for identifier in found if identifier in existing][:count]
                if len(known) == count or len(found) < requested or requested >= opened.state.passages:
                    return {identifier: found[identifier] for identifier in known}
                if requested >= CANDIDATES_MAX:
                    raise ChromaError("it has too many passages that were removed")
                requested = min(4 * requested, opened.state.passages, CANDIDATES_MAX)

    def is_loaded(self, snapshot: Snapshot) -> bool:  # noqa: ARG002 (nothing has to be loaded)
        """Return True: a server always is."""
        return True

    def load(self, snapshot: Snapshot) -> None:
        """Do nothing: a server loads by itself."""

    def exact(self, library: Library) -> None:
        """Return None: vectors are on the server and in the library only."""

    def may_write(self, library: Library) -> bool:
        """Return whether the library is no replica."""
        return not library.writer_host

    def updater(self, library: Library) -> None:
        """Return None: a server is written to by the process itself."""

    def discard(self, library: Library) -> None:  # noqa: ARG002 (the collection is read again, not deleted)
        """Read the collection's metadata again at the next request."""
        self.close()

    def lease(self, library: Library) -> WriterLease:
        """Return the lease of the machine that may write to the library and its collection.

        Its methods raise ``StoreError`` from a ``ChromaError`` when the server does not answer.
        """
        return WriterLease(ServerLeasePlace(library, self._requesting), library)

    def build(self, library: Library, on_progress: Callable[[int, int], None]) -> None:
        """Write the whole library to a new collection, which then replaces an existing one.

        Raises:
            ChromaError: The server failed.
            LibraryIsReplica: Another machine writes to the library.
            StoreLocked: Another machine has the lease.
        """
        name, revision, total = _collection_name(library), library.revision, library.counts().passages
        fresh = f"{name}-new"
        with self._writing(library) as lease, self._requesting() as client:
            left = chroma.find(client, fresh)
            if left and _CollectionState.of(left) and not chroma.find(client, name):
                left.modify(name=name)  # a process was killed between the two renames
                return
            if left:
                client.delete_collection(fresh)
            collection = chroma.create(client, fresh, on_server=True, library=library.identity)
            done = 0
            for ids, vectors in library.iter_vectors(chroma.batch_size(client)):
                chroma.put(client, collection, ids, vectors)
                done += len(ids)
                on_progress(done, max(done, total))
            held = collection.count()
            if held != done:
                raise ChromaError(f"{done} passages were written, {held} are there")
            checked, mark = (revision, time.time()), library.revision_mark(revision)
            self._publish(collection, library, _CollectionState(revision, revision, held, checked, mark))
            lease.verify()
            self._replace(client, name, collection)

    def _replace(self, client: ClientAPI, name: str, collection: ChromaCollection) -> None:
        """Give a complete collection the name that readers look for. Those of the replaced one look again."""
        old = f"{name}-old"
        if chroma.find(client, old):
            client.delete_collection(old)
        replaced = chroma.find(client, name)
        if replaced:
            replaced.modify(name=old)
        collection.modify(name=name)
        if replaced:
            client.delete_collection(old)

    def update(self, library: Library, current: Snapshot, on_progress: Callable[[int, int], None]) -> bool:
        """Bring the collection to the library's revision; return False when it has to be rebuilt.

        Raises:
            ChromaError: The server failed.
            LibraryIsReplica: Another machine writes to the library.
            StoreLocked: Another machine has the lease.
        """
        with self._writing(library) as lease, self._requesting() as client:
            opened = self._opened(current)
            state, collection = opened.state, opened.collection
            changes, vectors = library.changes_with_vectors(current.revision)
            since = library.changes(state.removed)
            if not since.complete:
                return False
            removed, checked = state.following(changes.revision, time.time())
            kept = set(library.changes(removed).removed)
            gone = set(since.removed) - kept
            chroma.delete(client, collection, sorted(gone - library.existing(gone)))
            added, batch = changes.added, chroma.batch_size(client)
            for at in range(0, len(added), batch):
                on_progress(at, len(added))
                chroma.put(client, collection, added[at : at + batch], vectors[at : at + batch])
            held = collection.count()
            lease.verify()
            if held != changes.passages + len(kept - library.existing(kept)):
                return False
            mark = library.revision_mark(changes.revision)
            self._publish(collection, library, _CollectionState(changes.revision, removed, held, checked, mark))
        return True

    def _publish(self, collection: ChromaCollection, library: Library, state: _CollectionState) -> None:
        collection.modify(
            metadata={
                "library": library.identity,
                "revision": state.revision,
                "removed": state.removed,
                "passages": state.passages,
                "checked_revision": state.checked[0],
                "checked_at": state.checked[1],
                "mark": state.mark,
            }
        )
        with self._guard:
            self._cached = None

    @contextlib.contextmanager
    def _writing(self, library: Library) -> Iterator[WriterLease]:
        refuse_replica(library.writer_host)
        try:
            with self.lease(library).held() as lease:
                yield lease
        except StoreError as error:
            if isinstance(error.__cause__, ChromaError):
                raise error.__cause__ from None
            raise

    def _opened(self, snapshot: Snapshot) -> _OpenCollection:
        with self._guard:
            if self._cached is None or str(self._cached.collection.id) != snapshot.checksum:
                raise ChromaError("the collection has been replaced")
            return self._cached

    @contextlib.contextmanager
    def _requesting(self) -> Iterator[ClientAPI]:
        """Lend a connected client; errors name the server, and an unreachable one is not asked again for a while."""
        try:
            with chroma.errors_translated():
                yield self._connected()
        except ChromaError as error:
            if isinstance(error, ChromaUnreachable) and time.monotonic() >= self._retry_at:
                self.close()
                self._retry_at = time.monotonic() + RETRY_AFTER_SECONDS
            message = str(error)
            raise type(error)(message if message.startswith(self.name) else f"{self.name}: {message}") from error

    def _connected(self) -> ClientAPI:
        with self._guard:
            if time.monotonic() < self._retry_at:
                raise ChromaUnreachable("it did not answer a moment ago")
            if self._client is None:
                self._client = chroma.open_server(self._address)
            return self._client


class ServerLeasePlace:
    """Empty collections beside a library's collection, whose metadata are the lease.

    Args:
        library: The library.
        requesting: Lends a connected client, and raises ``ChromaError``.
    """

    name = "server"

    def __init__(
        self, library: Library, requesting: Callable[[], contextlib.AbstractContextManager[ClientAPI]]
    ) -> None:
        self._prefix = f"onrecord-{library.identity[:16]}-writer-"
        self._requesting = requesting

    def newest(self) -> tuple[int, LeaseRecord] | None:
        """Return the record with the highest number; None when there is none.

        Raises:
            StoreError: The server does not answer.
        """
        with self._client() as client:
            found = self._found(client)
            if not found:
                return None
            number = max(found)
            said: Any = found[number].metadata or {}
            return number, LeaseRecord.from_json(str(said.get("lease", "")), float(said.get("renewed", 0.0)))

    def create(self, number: int, record: LeaseRecord) -> bool:
        """Create a record; return False when the number is taken.

        Raises:
            StoreError: The server does not answer.
        """
        with self._client() as client:
            name = f"{self._prefix}{number}"
            try:
                with chroma.errors_translated():
                    chroma.create(client, name, on_server=True, lease=record.to_json(), renewed=_server_time(client))
            except ChromaError:
                if chroma.find(client, name):
                    return False
                raise
        return True

    def renew(self, number: int, record: LeaseRecord) -> None:
        """Write a record anew.

        Raises:
            StoreError: The server does not answer.
        """
        with self._client() as client:
            collection = chroma.find(client, f"{self._prefix}{number}")
            if collection:  # else another machine has the next, and has deleted this one
                collection.modify(metadata={"lease": record.to_json(), "renewed": _server_time(client)})

    def delete_before(self, number: int) -> None:
        """Delete the records with lower numbers.

        Raises:
            StoreError: The server does not answer.
        """
        with self._client() as client:
            for each in self._found(client):
                if each < number:
                    client.delete_collection(f"{self._prefix}{each}")

    def now(self) -> float:
        """Return the server's time in s.

        Raises:
            StoreError: It does not answer.
        """
        with self._client() as client:
            return _server_time(client)

    def _found(self, client: ClientAPI) -> dict[int, ChromaCollection]:
        numbers = ((each.name.removeprefix(self._prefix), each) for each in client.list_collections())
        return {int(number): each for number, each in numbers if number.isdecimal()}

    @contextlib.contextmanager
    def _client(self) -> Iterator[ClientAPI]:
        try:
            with self._requesting() as client:
                yield client
        except ChromaError as error:
            raise StoreError(str(error)) from error


def _server_time(client: ClientAPI) -> float:
    return float(client.heartbeat()) / 1e9  # Chroma gives nanoseconds


def _collection_name(library: Library) -> str:
    held = library.fingerprint
    return f"onrecord-{library.identity[:16]}-{held.digest}" if held else ""
