"""Publication: one machine writes to a library, and publishes what it wrote for those that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import OnrecordError, StoreError, StoreLocked

if TYPE_CHECKING:
    from retrieval.store.lease import WriterLease
    from retrieval.store.library import Library
    from retrieval.vector_index.server import ServerBackend


class Publication:
    """What excludes writers on other machines, and where copies of the library are published.

    Args:
        folder: The store.
        file: Where copies are published; None where they are not.
        open_server: Returns the Chroma server that machines share, None where there is none; the caller closes it.
        prepare: Called before the last copy of a change: it stores what replicas cannot.
        notify: Receives a line for the user.
    """

    def __init__(
        self,
        folder: Path,
        file: Path | None,
        open_server: Callable[[], ServerBackend | None],
        prepare: Callable[[], object],
        notify: Callable[[str], None],
    ) -> None:
        self.file = file
        self._folder, self._open_server, self._prepare, self._notify = folder, open_server, prepare, notify

    @contextmanager
    def writing(self, library: Library) -> Iterator[None]:
        """Hold what excludes writers on other machines while the block runs; publish what it writes.

        Where a shared place cannot be reached, articles are kept all the same, and publishing them fails afterwards.

        Raises:
            LibraryIsReplica: Another machine writes to the library.
            StoreLocked: Another machine is writing to it.
            StoreError: It cannot be published.
        """
        from retrieval.store.library import refuse_replica  # noqa: PLC0415 (late: only writers need it)

        refuse_replica(library.writer_host)
        with ExitStack() as held:
            leases = self.leases(library, held)
            if not leases:
                yield
                return
            from retrieval.store.replica import Publisher, check_publication, publish  # noqa: PLC0415 (late, as above)

            file = self.file
            if file:
                check_publication(library, file)
            for lease in leases:
                self._hold(lease, held)
            if file is None:
                yield
                return
            try:
                with Publisher(self._folder, file, leases[0].verify, self._notify):
                    yield
            except OnrecordError:
                with suppress(OnrecordError):
                    publish(self._folder, file, leases[0].verify)  # what was stored before it
                raise
            self._prepare()
            publish(self._folder, file, leases[0].verify)

    def leases(self, library: Library, closing: ExitStack) -> list[WriterLease]:
        """Return the leases that a writer needs, that of the published copy's folder first.

        Args:
            library: The library.
            closing: Closes their connections.
        """
        leases = []
        if self.file:
            from retrieval.store.lease import FolderLeasePlace, WriterLease  # noqa: PLC0415 (late, as above)

            leases.append(WriterLease(FolderLeasePlace(self.file), library))
        if server := self._open_server():
            closing.callback(server.close)
            leases.append(server.lease(library))
        return leases

    def _hold(self, lease: WriterLease, held: ExitStack) -> None:
        try:
            held.enter_context(lease.held())
        except StoreLocked:
            raise
        except StoreError as error:
            self._notify(f"{error}; other machines cannot be asked whether they are writing")
