"""All that is said to Chroma, embedded or over HTTP: the only file that names it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import InputError, OnrecordError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection
    from chromadb.config import Settings

CLOUD = "api.trychroma.com"
"""The host that is asked as Chroma Cloud, with a key."""

TIMEOUT = 10.0
"""Seconds that a server may take for one request; Chroma's own client would wait for ever."""

_PORTS = {"http": 8000, "https": 443}
_SETTINGS: dict[str, Any] = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 24, "num_threads": 1}
}
_SERVED: dict[str, Any] = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 24}}
_UPSERT = 2_000


class ChromaTrouble(Exception):
    """Chroma cannot use what it finds, or refuses."""


class ChromaSilence(ChromaTrouble):
    """A server does not answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """A Chroma server.

    Attributes:
        url: ``http(s)://HOST[:PORT]``.
        headers: Sent with every request, for a proxy in front that asks who is there. Never shown.
        tenant: Chroma's own; empty: its default.
        database: Likewise.
        api_key: Chroma Cloud's. Never shown.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tenant: str = ""
    database: str = ""
    api_key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The server's name and port, as it may be shown."""
        return f"{self.parts[1]}:{self.parts[2]}"

    @property
    def parts(self) -> tuple[str, str, int]:
        """Scheme, host and port.

        Raises:
            InputError: The address is not of that form.
        """
        try:
            found = urlsplit(self.url)
            port = found.port or _PORTS[found.scheme]
        except (ValueError, KeyError):
            found, port = urlsplit(""), 0
        if not found.hostname or found.path.strip("/") or found.query or found.username:
            raise InputError("CHROMA_URL is not a server's address: write http://HOST:PORT or https://HOST:PORT")
        return found.scheme, found.hostname, port


def embedded(place: Path) -> Client:
    """Open Chroma in a folder.

    Raises:
        ChromaTrouble: It cannot use what it finds there.
    """
    from chromadb.api.client import Client  # noqa: PLC0415 (a second)

    with translated():
        settings = _settings(
            persist_directory=str(place),
            is_persistent=True,
            anonymized_telemetry=False,
            allow_reset=False,
            migrations="apply",
        )
        return Client(settings=settings)


def served(address: Address) -> ClientAPI:
    """Return a client of a server that answers.

    Raises:
        ChromaTrouble: It does not answer, or not as Chroma does.
        InputError: The address cannot be used.
    """
    import httpx  # noqa: PLC0415 (late, as above)
    from chromadb import CloudClient, HttpClient  # noqa: PLC0415

    scheme, host, port = address.parts
    with translated():
        # Asked first, with a bound on the time: the client's own first requests have none.
        key = {"X-Chroma-Token": address.api_key} if address.api_key else {}
        headers = {**address.headers, **key}
        knock = httpx.get(f"{scheme}://{host}:{port}/api/v2/heartbeat", headers=headers, timeout=TIMEOUT)
        if knock.status_code in {401, 403}:
            raise ChromaTrouble("refuses the credentials: check CHROMA_HEADER or CHROMA_API_KEY")
        knock.raise_for_status()
        settings = _settings(anonymized_telemetry=False)
        if host == CLOUD:
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
        client._server._session.timeout = httpx.Timeout(TIMEOUT)  # type: ignore[attr-defined]  # noqa: SLF001 (there is no setting)
    return client


def part(client: ClientAPI) -> None:
    """Close a server's client and its connections."""
    both: list[Any] = [client, getattr(client, "_admin_client", None)]  # it makes a second one for itself
    for each in both:
        with contextlib.suppress(Exception):  # nothing is lost: every request was answered, or failed
            each._server._session.close()  # noqa: SLF001 (its own close leaves it open)
            each.close()


def _settings(**given: Any) -> Settings:
    """Return Chroma's settings, every one of them ours: neither the environment nor a .env file is read."""
    from chromadb.config import Settings  # noqa: PLC0415 (late, as above)
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource  # noqa: PLC0415

    logging.getLogger("chromadb").setLevel(logging.CRITICAL)

    class Ours(Settings):
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

    return Ours(**given)


def create(client: ClientAPI, name: str, *, on_server: bool = False, **metadata: str | int) -> ChromaCollection:
    """Make a collection of unit vectors compared by cosine."""
    settings: Any = _SERVED if on_server else _SETTINGS
    return client.create_collection(
        name, embedding_function=None, configuration=settings, metadata=dict(metadata) or None
    )


def find(client: ClientAPI, name: str) -> ChromaCollection | None:
    """Return a collection, or None when there is none of that name."""
    from chromadb.errors import NotFoundError  # noqa: PLC0415 (late, as above)

    try:
        return client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return None


def put(client: ClientAPI, collection: ChromaCollection, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Write passages' vectors ``(n, d)``, in as many requests as the client's limit asks for."""
    batch = batch_of(client)
    for at in range(0, len(ids), batch):
        chosen = list(ids[at : at + batch])
        collection.upsert(
            ids=chosen,
            embeddings=vectors[at : at + batch],
            metadatas=[{"article": identifier.partition(":")[0]} for identifier in chosen],
        )


def take_out(client: ClientAPI, collection: ChromaCollection, ids: Sequence[str]) -> None:
    """Remove passages; those that are not there do no harm."""
    batch = batch_of(client)
    for at in range(0, len(ids), batch):
        collection.delete(ids=list(ids[at : at + batch]))


def batch_of(client: ClientAPI) -> int:
    """Return how many passages go into one request."""
    return min(_UPSERT, client.get_max_batch_size())


def nearest(
    collection: ChromaCollection, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
) -> dict[str, float]:
    """Return the ``count`` passages nearest to a unit vector ``(d,)``, with their cosines."""
    where: Any = None if articles is None else {"article": {"$in": sorted(articles)}}
    answer = collection.query(query_embeddings=vector[None, :], n_results=count, include=["distances"], where=where)
    distances = (answer["distances"] or [[]])[0]
    return {identifier: 1.0 - float(distance) for identifier, distance in zip(answer["ids"][0], distances, strict=True)}


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn whatever Chroma raises over its files or its server, panics of its Rust core included, into one exception.

    Raises:
        ChromaTrouble: With the first line of what was said; ChromaSilence where a server did not answer.
    """
    import httpx  # noqa: PLC0415 (loaded with Chroma, late as it is)

    try:
        yield
    except (ChromaTrouble, OnrecordError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except httpx.TransportError as error:
        raise ChromaSilence(f"it does not answer ({type(error).__name__})") from error
    except BaseException as error:  # its core's PanicException is no Exception, and cannot be imported
        raise ChromaTrouble(next(iter(str(error).splitlines()), type(error).__name__)) from error
