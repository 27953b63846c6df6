"""URLs: one document fetched from a public web address that a person named.

Every IP address that a host name resolves to must be public, so that private networks cannot be reached. The connection
goes to the address that was checked (resolving again could return another), with the name in the Host header and in
TLS. The same holds after every redirect. Bytes, time, redirects and media types are bounded.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from retrieval.errors import ArticleError
from retrieval.loaders.limits import MAX_HTML_BYTES, MAX_URL_CHARACTERS
from retrieval.text.sanitize import excerpt

if TYPE_CHECKING:
    import httpx

SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
"""The accepted media types, and the suffix by which loaders choose the format."""

MAX_BYTES = MAX_HTML_BYTES
"""Most bytes, of a PDF too."""
MAX_SECONDS = 30.0
"""Time for one document, redirects included."""
MAX_REDIRECTS = 5

_STEP_SECONDS = 10.0  # to connect, and between two pieces
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = "onrecord (reads one article that a person named)"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A fetched document.

    Attributes:
        url: Its URL after redirects.
        suffix: Its format: ".html", ".pdf", ".txt" or ".md".
        data: Its bytes.
    """

    url: str
    suffix: str
    data: bytes


def is_public(address: str) -> bool:
    """Return whether an IP address is public: not private, loopback, link-local, carrier-grade NAT or reserved.

    IPv6 addresses that embed an IPv4 one (mapped, 6to4, Teredo, NAT64) are public only if that is.
    """
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    for inner in _inside(found):
        if not inner.is_global or inner.is_multicast or inner.is_reserved or inner.is_unspecified:
            return False
    return True


def _inside(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    inner = [address.sixtofour, *(address.teredo or ())]
    return [address, *(each for each in inner if each is not None)]


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host name.

    Raises:
        OSError: It has none.
    """
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def fetch(
    url: str,
    *,
    resolve: Resolve = resolve,
    allowed: Callable[[str], bool] = is_public,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
) -> FetchedDocument:
    """Return the document at a URL.

    Args:
        url: An http or https URL, on the default port.
        resolve: Returns the IP addresses of a host name.
        allowed: Whether an IP address may be connected to.
        max_bytes: Most bytes of the document.
        max_seconds: Most time.

    Raises:
        ArticleError: It cannot be fetched, or is not a document of an accepted type; the message says why.
    """
    import httpx  # noqa: PLC0415 (only when something is fetched)

    ends = time.monotonic() + max_seconds
    any_port = allowed is not is_public
    with httpx.Client(timeout=_STEP_SECONDS, trust_env=False, follow_redirects=False) as client:
        for _ in range(MAX_REDIRECTS + 1):
            target, address = _checked(url, resolve, allowed, any_port=any_port)
            try:
                answer = _get(client, target, address, max_bytes, ends)
            except httpx.HTTPError as error:
                raise ArticleError(f"cannot be fetched ({type(error).__name__}): check the address") from None
            if isinstance(answer, FetchedDocument):
                return answer
            url = urljoin(url, answer)
    raise ArticleError(f"leads to another address more than {MAX_REDIRECTS} times: give the last one")


def _checked(url: str, resolve: Resolve, allowed: Callable[[str], bool], *, any_port: bool) -> tuple[SplitResult, str]:
    """Return the parts of a URL, and the IP address to connect to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ArticleError(f"{excerpt(url)} is not a web address: write https://…") from None
    if parts.scheme not in {"http", "https"} or not host or len(url) > MAX_URL_CHARACTERS or not url.isprintable():
        raise ArticleError(f"{excerpt(url)} is not a web address: write https://…")
    if parts.username is not None or parts.password is not None:
        raise ArticleError("holds a name or password: give an address without")
    if port not in {None, 80 if parts.scheme == "http" else 443} and not any_port:
        raise ArticleError(f"names port {port}: only the web's own ports are used")
    try:
        found = resolve(host, port or (443 if parts.scheme == "https" else 80))
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise ArticleError("names a server that is not known: check the address")
    if not all(allowed(address) for address in found):
        raise ArticleError("leads into a private network: only public addresses are fetched")
    return parts, found[0]


def _get(client: httpx.Client, target: SplitResult, address: str, max_bytes: int, ends: float) -> FetchedDocument | str:
    """Return the document, or the URL that it redirects to."""
    host = target.netloc.rpartition("@")[2]
    literal = f"[{address}]" if ":" in address else address
    port = f":{target.port}" if target.port else ""
    direct = target._replace(netloc=f"{literal}{port}", fragment="").geturl()
    headers = {"Host": host, "User-Agent": _AGENT, "Accept": ", ".join(SUFFIXES), "Accept-Encoding": "identity"}
    extensions = {"sni_hostname": target.hostname or ""}
    with client.stream("GET", direct, headers=headers, extensions=extensions) as answer:
        if answer.status_code in _REDIRECTS and "location" in answer.headers:
            return answer.headers["location"]
        if answer.status_code != 200:
            raise ArticleError(f"was refused by its server (HTTP {answer.status_code})")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in SUFFIXES:
            raise ArticleError(f"is of a kind that is not read ({excerpt(kind or 'unknown')}): a page, PDF or text is")
        if "content-encoding" in answer.headers and answer.headers["content-encoding"].lower() != "identity":
            raise ArticleError("comes packed although it was not asked to: save it and send the file")
        return FetchedDocument(target.geturl(), SUFFIXES[kind], _read(answer, max_bytes, ends))


def _read(answer: httpx.Response, max_bytes: int, ends: float) -> bytes:
    data = bytearray()
    for piece in answer.iter_raw():
        data += piece
        if len(data) > max_bytes:
            raise ArticleError(f"is larger than {max_bytes:,} bytes: too large for one article")
        if time.monotonic() > ends:
            raise ArticleError("takes too long: try again later, or send the file")
    return bytes(data)
