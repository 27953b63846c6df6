"""Chroma calls, local and over HTTP: the only module that imports Chroma."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import InputError, OnrecordError, StoreError
from retrieval.store import sqlite

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection
    from chromadb.config import Settings

CLOUD_HOST = "api.trychroma.com"
"""The host to which Chroma Cloud's client is used, with a key."""

TIMEOUT_SECONDS = 10.0
"""Time limit of one request to a server; Chroma's own client has none."""

_PORTS = {"http": 8000, "https": 443}
EF_SEARCH = 800
"""Candidates of a search. Of a million passages it finds .964 of the ten nearest in 4.6 ms; with 400 .926 in 3.0 ms,
with 200 .869 in 2.0 ms."""
_LOCAL_HNSW: dict[str, Any] = {
    "space": "cosine",
    "ef_construction": 128,
    "ef_search": EF_SEARCH,
    "max_neighbors": 24,
}
_SERVER_HNSW: dict[str, Any] = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": EF_SEARCH, "max_neighbors": 24}
}
_UPSERT_MAX = 2_000
_BUILD_SYNC = 20_000
"""Passages after which Chroma writes a growing index out of its log: each time it rewrites nearly all of it, so its
default of 1,000 takes time in proportion to the square of the passages. After a kill, so many are indexed again."""
_SYNC_THRESHOLD = 1_000  # Chroma's default


class ChromaError(Exception):
    """Chroma cannot read its files, or the server refuses a request."""


class ChromaStalled(ChromaError):
    """Chroma did not get on with a request for so long that its process was ended."""


class ChromaUnreachable(ChromaError):
    """A server does not answer."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A Chroma server.

    Attributes:
        url: ``http(s)://HOST[:PORT]``.
        headers: Sent with every request, for an authenticating proxy. Never shown.
        tenant: Chroma's tenant; empty: its default.
        database: Chroma's database; empty: its default.
        api_key: Chroma Cloud's key. Never shown.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tenant: str = ""
    database: str = ""
    api_key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """Host name and port, fit to be shown."""
        return f"{self.parts[1]}:{self.parts[2]}"

    @property
    def parts(self) -> tuple[str, str, int]:
        """Scheme, host and port.

        Raises:
            InputError: The URL is malformed.
        """
        try:
            found = urlsplit(self.url)
            port = found.port or _PORTS[found.scheme]
        except (ValueError, KeyError):
            found, port = urlsplit(""), 0
        if not found.hostname or found.path.strip("/") or found.query or found.username:
            raise InputError("CHROMA_URL is not a server's address: write http://HOST:PORT or https://HOST:PORT")
        return found.scheme, found.hostname, port


def open_local(place: Path) -> Client:
    """Open Chroma in a folder.

    Raises:
        ChromaError: It cannot read the folder.
    """
    from chromadb.api.client import Client  # noqa: PLC0415 (a second)

    with errors_translated():
        settings = _settings(
            persist_directory=str(place),
            is_persistent=True,
            anonymized_telemetry=False,
            allow_reset=False,
            migrations="apply",
        )
        return Client(settings=settings)


def open_server(address: ServerAddress) -> ClientAPI:
    """Return a client of a server, after checking that it answers.

    Raises:
        ChromaError: It does not answer, or is not Chroma.
        InputError: The address is malformed.
    """
    import httpx  # noqa: PLC0415 (late, as above)
    from chromadb import CloudClient, HttpClient  # noqa: PLC0415

    scheme, host, port = address.parts
    with errors_translated():
        # Checked first with a time limit: the client's own first requests have none.
        key = {"X-Chroma-Token": address.api_key} if address.api_key else {}
        headers = {**address.headers, **key}
        heartbeat = httpx.get(f"{scheme}://{host}:{port}/api/v2/heartbeat", headers=headers, timeout=TIMEOUT_SECONDS)
        if heartbeat.status_code in {401, 403}:
            raise ChromaError("refuses the credentials: check CHROMA_HEADER or CHROMA_API_KEY")
        heartbeat.raise_for_status()
        settings = _settings(anonymized_telemetry=False)
        if host == CLOUD_HOST:
            client = CloudClient(
                address.tenant or None,
                address.database or None,
                address.api_key,
                settings,
                cloud_host=host,
                cloud_port=port,
                enable_ssl=scheme == "https",
            )
        else:
            client = HttpClient(
                host=host,
                port=port,
                ssl=scheme == "https",
                headers=dict(address.headers),
                settings=settings,
                tenant=address.tenant or "default_tenant",
                database=address.database or "default_database",
            )
        client._server._session.timeout = httpx.Timeout(TIMEOUT_SECONDS)  # type: ignore[attr-defined]  # noqa: SLF001 (there is no setting)
    return client


def close_client(client: ClientAPI) -> None:
    """Close a server's client and its connections."""
    both: list[Any] = [client, getattr(client, "_admin_client", None)]  # it creates a second client internally
    for each in both:
        with contextlib.suppress(Exception):  # every request has been answered or has failed
            each._server._session.close()  # noqa: SLF001 (its own close leaves it open)
            each.close()


def _settings(**given: Any) -> Settings:
    """Return Chroma's settings from the given values alone: neither the environment nor a .env file is read."""
    from chromadb.config import Settings  # noqa: PLC0415 (late, as above)
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource  # noqa: PLC0415

    logging.getLogger("chromadb").setLevel(logging.CRITICAL)

    class IsolatedSettings(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],  # noqa: ARG003
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (init_settings,)

    return IsolatedSettings(**given)


def create(
    client: ClientAPI,
    name: str,
    *,
    on_server: bool = False,
    sync_threshold: int = _SYNC_THRESHOLD,
    **metadata: str | float,
) -> ChromaCollection:
    """Create a collection of unit vectors compared by cosine.

    Args:
        client: Where.
        name: Its name.
        on_server: Whether the client is a server's.
        sync_threshold: Passages after which a local index is written out of its log.
        metadata: Kept with it.
    """
    settings: Any = _SERVER_HNSW if on_server else {"hnsw": {**_LOCAL_HNSW, "sync_threshold": sync_threshold}}
    return client.create_collection(
        name, embedding_function=None, configuration=settings, metadata=dict(metadata) or None
    )


def rows_per_write(total: int) -> int:
    """Return the sync threshold of a build of ``total`` passages."""
    return max(2, total // max(1, round(total / _BUILD_SYNC)))


def request_end(done: int, total: int, size: int) -> int:
    """Return up to which passage the next request of a build goes, of about ``size`` passages.

    None goes across a write of the index, and the last one ends with it, so that opening the index need not index its
    log again.
    """
    per_write = rows_per_write(total)
    write = (done // per_write + 1) * per_write
    if total - write < per_write:  # the last one takes the rest too
        write = total
    end = done + min(size, _UPSERT_MAX)
    return end if end + total % per_write < write else write


def set_sync_threshold(collection: ChromaCollection, passages: int = _SYNC_THRESHOLD) -> None:
    """Set after how many passages the index is written out of its log, from the next opening on.

    An index of an earlier version gets the present number of candidates, too.
    """
    with warnings.catch_warnings(action="ignore"):  # of the embedding function that it has not
        collection.modify(configuration={"hnsw": {"sync_threshold": max(2, passages), "ef_search": EF_SEARCH}})


def preload(collection: ChromaCollection) -> None:
    """Load an index into memory, by a first query."""
    found = collection.get(limit=1, include=["embeddings"])["embeddings"]
    if found is not None and len(found):
        collection.query(query_embeddings=np.asarray(found, dtype=np.float32), n_results=1, include=["distances"])


def known(collection: ChromaCollection, ids: Sequence[str]) -> list[str]:
    """Return those of ``ids`` that are in a collection."""
    return collection.get(ids=list(ids), include=[])["ids"] if len(ids) else []


def vectors(collection: ChromaCollection, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Return the vectors ``(d,)`` of those of ``ids`` that are in a collection."""
    found = collection.get(ids=list(ids), include=["embeddings"])
    rows: Any = found["embeddings"]
    return dict(zip(found["ids"], np.asarray(rows, dtype=np.float32), strict=True)) if len(found["ids"]) else {}


def stored(place: Path) -> int:
    """Return how many passages Chroma has in a folder, without loading it; 0 where that cannot be told."""
    return _number(place, "SELECT count(*) FROM embeddings")


def _number(place: Path, statement: str) -> int:
    """Return the number that a statement finds in Chroma's database; 0 where it cannot be read."""
    try:
        with contextlib.closing(sqlite.connect(place / "chroma.sqlite3", write=False)) as connection:
            return int(connection.execute(statement).fetchone()[0] or 0)
    except (OSError, sqlite3.Error, StoreError, TypeError, ValueError):
        return 0


def unwritten(place: Path) -> int:
    """Return how many entries of its log Chroma has not written to its index; 0 where that cannot be told."""
    statement = """
        SELECT max(seq_id) - iif((SELECT count(*) FROM max_seq_id) < (SELECT count(*) FROM segments), min(seq_id) - 1,
            (SELECT min(seq_id) FROM max_seq_id)) FROM embeddings_queue
    """  # an index that was never written has no entry in max_seq_id
    return max(0, _number(place, statement))


def find(client: ClientAPI, name: str) -> ChromaCollection | None:
    """Return the collection of that name, or None."""
    from chromadb.errors import NotFoundError  # noqa: PLC0415 (late, as above)

    try:
        return client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return None


def put(client: ClientAPI, collection: ChromaCollection, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Write passages' vectors ``(n, d)``, in as many requests as the client's limit requires."""
    batch = batch_size(client)
    for at in range(0, len(ids), batch):
        chosen = list(ids[at : at + batch])
        collection.upsert(
            ids=chosen,
            embeddings=vectors[at : at + batch],
            metadatas=[{"article": identifier.partition(":")[0]} for identifier in chosen],
        )


def delete(client: ClientAPI, collection: ChromaCollection, ids: Sequence[str]) -> None:
    """Delete passages; unknown ids are ignored."""
    batch = batch_size(client)
    for at in range(0, len(ids), batch):
        collection.delete(ids=list(ids[at : at + batch]))


def batch_size(client: ClientAPI) -> int:
    """Return the number of passages per request."""
    return min(_UPSERT_MAX, client.get_max_batch_size())


def nearest(
    collection: ChromaCollection, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
) -> dict[str, float]:
    """Return the ``count`` passages nearest to a unit vector ``(d,)``, with their cosines."""
    where: Any = None if articles is None else {"article": {"$in": sorted(articles)}}
    answer = collection.query(query_embeddings=vector[None, :], n_results=count, include=["distances"], where=where)
    distances = (answer["distances"] or [[]])[0]
    return {identifier: 1.0 - float(distance) for identifier, distance in zip(answer["ids"][0], distances, strict=True)}


@contextlib.contextmanager
def errors_translated() -> Iterator[None]:
    """Translate whatever Chroma raises, panics of its Rust core included.

    Raises:
        ChromaUnreachable: A server did not answer.
        ChromaError: Anything else, with the first line of the message.
    """
    import httpx  # noqa: PLC0415 (late, as above)

    try:
        yield
    except (ChromaError, OnrecordError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except httpx.TransportError as error:
        raise ChromaUnreachable(f"it does not answer ({type(error).__name__})") from error
    except BaseException as error:  # its core's PanicException is not an Exception and cannot be imported
        raise ChromaError(next(iter(str(error).splitlines()), type(error).__name__)) from error
