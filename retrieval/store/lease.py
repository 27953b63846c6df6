"""Leases: which machine writes to a library, kept in a place that several machines share.

A lock (``retrieval.store.lock``) ends with its process, but is known on one machine only. A lease is renewed while its
holder works, and ends ``LEASE_SECONDS`` after the last renewal when that dies. Shared folders and Chroma servers cannot
compare and set, but create a record under a new number for one caller only: the record with the highest number counts,
and whoever creates the next one is the holder. Times are the place's own, so clocks of machines do not matter.

A lease cannot tell a library from a copy of it that was used as a second original, one after the other. So every lease
has a random token, which its holder writes into the library first: who lacks the last holder's token has another
history, and is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import platform
import re
import threading
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol, Self

from retrieval.errors import StoreError, StoreLocked
from retrieval.store import rows, schema, sqlite
from retrieval.store.library import Library

LEASE_SECONDS = 60.0
"""Seconds after its last renewal at which a lease ends."""
RENEWAL_SECONDS = 10.0
"""Seconds between renewals: several may fail before the lease ends."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """A lease as it is kept in the shared place.

    Attributes:
        library: The identity of the holder's library.
        token: Random; also in the library.
        store: The machine and folder of the holder's store (``store_id``).
        host: The machine's name, for messages.
        pid: The process, for messages.
        renewed: When it was renewed, in s of the place's clock.
        released: Whether the holder is done.
    """

    library: str
    token: str
    store: str
    host: str
    pid: int
    renewed: float = 0.0
    released: bool = False

    def to_json(self) -> str:
        """Return it as JSON; the place keeps the time itself."""
        fields = asdict(self)
        del fields["renewed"]
        return json.dumps(fields)

    @classmethod
    def from_json(cls, text: str, renewed: float) -> Self:
        """Return the record of ``to_json``; one of an unknown holder where it is not readable (yet)."""
        try:
            fields = json.loads(text)
            return cls(
                **{name: str(fields[name]) for name in ("library", "token", "store", "host")},
                pid=int(fields["pid"]),
                renewed=renewed,
                released=bool(fields["released"]),
            )
        except (ValueError, TypeError, KeyError):
            return cls("", "", "", "another machine", 0, renewed)


class LeasePlace(Protocol):
    """Where several machines keep a lease. Methods raise ``StoreError`` when it cannot be reached."""

    name: str
    """For the library's record of its tokens, and for messages: "server", "folder"."""

    def newest(self) -> tuple[int, LeaseRecord] | None:
        """Return the record with the highest number; None when there is none."""
        ...

    def create(self, number: int, record: LeaseRecord) -> bool:
        """Create a record; return False when the number is taken. Of several callers one gets True."""
        ...

    def renew(self, number: int, record: LeaseRecord) -> None:
        """Write a record anew, with the present time."""
        ...

    def delete_before(self, number: int) -> None:
        """Delete the records with lower numbers."""
        ...

    def now(self) -> float:
        """Return the time in s, by the clock that records are dated with."""
        ...


class LibrarySuperseded(StoreLocked):
    """This library is not the one that was written to last."""


def is_live(record: LeaseRecord, now: float) -> bool:
    """Return whether a record's holder has neither released nor outlived it."""
    return not record.released and now - record.renewed <= LEASE_SECONDS


def store_id(folder: Path) -> str:
    """Return what distinguishes a store's folder on this machine from any other, also from its copies."""
    state = folder.stat()
    boot = ""
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    parts = (platform.node(), uuid.getnode(), boot, state.st_dev, state.st_ino)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


class WriterLease:
    """The lease of one library's writer in one place. Processes of the same store share it: locks exclude them.

    Args:
        place: The shared place.
        library: The library that is to be written to.
    """

    def __init__(self, place: LeasePlace, library: Library) -> None:
        self._place = place
        self._library = library
        self._store = store_id(library.folder)
        self._number = 0
        self._record: LeaseRecord | None = None  # None where another process of this store has it
        self._guard = threading.Lock()

    def holder(self) -> LeaseRecord | None:
        """Return the lease that another store or this one has now; None where nobody is writing.

        Raises:
            StoreError: The place cannot be reached.
        """
        newest = self._place.newest()
        return newest[1] if newest and is_live(newest[1], self._place.now()) else None

    @property
    def place(self) -> str:
        """The name of its place: "folder", "server"."""
        return self._place.name

    @contextlib.contextmanager
    def held(self) -> Iterator[Self]:
        """Hold and renew the lease while the block runs.

        Raises:
            StoreLocked: Another machine holds it.
            LibrarySuperseded: Another machine wrote after this library was copied from its own.
            StoreError: The place cannot be reached.
        """
        with self._guard:
            self._acquire()
        done = threading.Event()
        renewing = threading.Thread(target=self._keep_renewing, args=(done,), name="lease", daemon=True)
        renewing.start()
        try:
            yield self
        finally:
            done.set()
            renewing.join()
            with self._guard, contextlib.suppress(StoreError):  # it ends by itself
                self._release()

    def verify(self) -> None:
        """Check that no other machine has taken the lease; renew it. To be called before a result is published.

        Raises:
            StoreLocked: It has.
            StoreError: The place cannot be reached.
        """
        with self._guard:
            number, record = self._place.newest() or (0, None)
            if record is None or number < self._number or (record.store == self._store and record.released):
                self._acquire()  # deleted by hand, or the process of this store that had it is done
            elif record.store != self._store:
                raise StoreLocked(
                    f"{_holder(record)} has begun to write to this library: nothing more is published from here"
                )
            elif self._record is not None and number == self._number:
                self._place.renew(number, self._record)
            else:
                self._number, self._record = number, None

    def _acquire(self) -> None:
        while True:
            number, last = self._place.newest() or (0, None)
            if last is not None:
                if is_live(last, self._place.now()):
                    if last.store == self._store:
                        self._number, self._record = number, None
                        return
                    raise StoreLocked(
                        f"{_holder(last)} is writing to this library: wait until it is done; "
                        f"if it has died, its lease ends within {LEASE_SECONDS:.0f} s"
                    )
                self._refuse_superseded(last)
            token = uuid.uuid4().hex
            self._stamp(token, last.token if last else "")
            record = LeaseRecord(self._library.identity, token, self._store, platform.node(), os.getpid())
            if self._place.create(number + 1, record):
                self._number, self._record = number + 1, record
                self._place.delete_before(number + 1)
                return

    def _release(self) -> None:
        if self._record is not None:
            self._place.renew(self._number, replace(self._record, released=True))
            self._record = None

    def _keep_renewing(self, done: threading.Event) -> None:
        while not done.wait(RENEWAL_SECONDS):
            try:
                with self._guard:
                    if self._record is not None:
                        self._place.renew(self._number, self._record)
            except StoreError as error:
                _log.warning("the lease could not be renewed: %s", error)

    def _refuse_superseded(self, last: LeaseRecord) -> None:
        """Check that the last holder's writes are in this library's history."""
        if last.store in {"", self._store}:
            return
        known = last.token in self._tokens() if last.library == self._library.identity else False
        if not known and last.library not in self._library.lineage:
            raise LibrarySuperseded(
                f"{last.host} has written to this library since this copy of it was made: let this machine follow it "
                "(`onrecord follow FILE`), or restore a backup to begin a library of its own"
            )

    def _tokens(self) -> list[str]:
        with self._library.reading() as connection:
            return rows.meta(connection, f"lease {self._place.name}").split()

    def _stamp(self, token: str, last: str) -> None:
        """Record a token, and the one before it: a process may die before it has created its record."""
        with (
            schema.errors_translated(),
            contextlib.closing(schema.connect(self._library.folder, write=True)) as connection,
            sqlite.transaction(connection),
        ):
            rows.set_meta(connection, f"lease {self._place.name}", f"{token} {last}".strip())


def _holder(record: LeaseRecord) -> str:
    return f"{record.host} (pid {record.pid})" if record.pid else record.host


class FolderLeasePlace:
    """Files beside a published copy, in a folder that several machines see.

    Args:
        file: The published copy.
    """

    name = "folder"

    def __init__(self, file: Path) -> None:
        self._file = file
        self._name = re.compile(re.escape(f"{file.name}.writer-") + r"(\d{1,9})")

    def newest(self) -> tuple[int, LeaseRecord] | None:
        """Return the record with the highest number; None when there is none.

        Raises:
            StoreError: The folder cannot be read.
        """
        with self._errors_translated():
            while numbers := self._numbers():
                path = self._path(max(numbers))
                with contextlib.suppress(FileNotFoundError):  # a later one has been created, and this one deleted
                    return max(numbers), LeaseRecord.from_json(path.read_text("utf-8"), path.stat().st_mtime)
        return None

    def create(self, number: int, record: LeaseRecord) -> bool:
        """Create a record; return False when the number is taken.

        Raises:
            StoreError: The folder cannot be written.
        """
        with self._errors_translated():
            try:
                with self._path(number).open("x", encoding="utf-8") as stream:
                    stream.write(record.to_json())
            except FileExistsError:
                return False
        return True

    def renew(self, number: int, record: LeaseRecord) -> None:
        """Write a record anew; its file has the present time.

        Raises:
            StoreError: The folder cannot be written.
        """
        partial = self._file.with_name(f".{self._file.name}.{record.token[:8]}")
        with self._errors_translated():
            partial.write_text(record.to_json(), "utf-8")
            partial.replace(self._path(number))

    def delete_before(self, number: int) -> None:
        """Delete the records with lower numbers.

        Raises:
            StoreError: The folder cannot be written.
        """
        with self._errors_translated():
            for each in self._numbers():
                if each < number:
                    self._path(each).unlink(missing_ok=True)

    def now(self) -> float:
        """Return the time in s by the clock of the folder's file system.

        Raises:
            StoreError: The folder cannot be written.
        """
        probe = self._file.with_name(f".{self._file.name}.{uuid.uuid4().hex[:8]}")
        with self._errors_translated():
            try:
                probe.touch()
                return probe.stat().st_mtime
            finally:
                probe.unlink(missing_ok=True)

    def _numbers(self) -> list[int]:
        found = (self._name.fullmatch(each.name) for each in self._file.parent.iterdir())
        return [int(match[1]) for match in found if match]

    def _path(self, number: int) -> Path:
        return self._file.with_name(f"{self._file.name}.writer-{number}")

    @contextlib.contextmanager
    def _errors_translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StoreError(
                f"the folder of {self._file.name!r} cannot be used ({reason}): check PUBLISH_FILE"
            ) from None
