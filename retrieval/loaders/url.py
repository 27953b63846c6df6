"""URLs: one document fetched from a public web address that a person named.

Every IP address that a host name resolves to must be public, so that private networks cannot be reached. The connection
goes to the address that was checked (resolving again could return another), with the name in the Host header and in
TLS. The same holds after every redirect. Bytes, redirects and media types are bounded, and so is the time, from the
first name that is resolved to the last byte.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from retrieval.errors import ArticleError
from retrieval.loaders.limits import MAX_HTML_BYTES, MAX_URL_CHARACTERS
from retrieval.text.sanitize import excerpt

if TYPE_CHECKING:
    import httpcore

SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
"""The accepted media types, and the suffix by which loaders choose the format."""

MAX_BYTES = MAX_HTML_BYTES
"""Most bytes, of a PDF too."""
MAX_SECONDS = 30.0
"""Time for one document, redirects included."""
MAX_REDIRECTS = 5

_OVERHEAD_BYTES = 1 << 20  # headers of all answers, and the marks between their chunks
_PATH_SAFE = "!$%&'()*+,/:;=?@[]~"  # RFC 3986: what may stand in a path or query, and "%" of what is quoted already
_TOO_LONG = "takes too long: try again later, or send the file"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = "onrecord (reads one article that a person named)"

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # RFC 4291, 2.4, as assigned by IANA
# IANA's registries of special-purpose addresses, where Python's tables are older or differ between its versions.
_IPV4_SPECIAL = [ipaddress.ip_network(block) for block in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24")]
_IPV6_SPECIAL = [ipaddress.ip_network(block) for block in ("2001::/23", "2001:db8::/32", "3fff::/20")]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A fetched document.

    Attributes:
        url: Its URL after redirects.
        suffix: Its format, as in ``SUFFIXES``.
        data: Its bytes.
    """

    url: str
    suffix: str
    data: bytes


def is_public(address: str) -> bool:
    """Return whether an IP address is public: not private, loopback, link-local, carrier-grade NAT or reserved.

    Of IPv6, only what IANA gives out as global unicast (2000::/3) is; site-local fec0::/10 and what may be assigned
    later are not. Addresses that embed an IPv4 one (mapped, 6to4, Teredo, NAT64) are public only if that is.
    """
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_global(inner) for inner in _inside(found))


def _is_global(address: Address) -> bool:
    if address.version == 6 and (address not in _GLOBAL_UNICAST or any(address in block for block in _IPV6_SPECIAL)):
        return False
    if address.version == 4 and any(address in block for block in _IPV4_SPECIAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inside(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address in _NAT64:
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
    import httpcore  # noqa: PLC0415 (only when something is fetched)

    from retrieval.loaders.deadline import DeadlineBackend  # noqa: PLC0415

    ends = time.monotonic() + max_seconds
    any_port = allowed is not is_public
    backend = DeadlineBackend(ends, max_bytes + _OVERHEAD_BYTES)
    with httpcore.ConnectionPool(network_backend=backend) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            target, address = _checked(url, resolve, allowed, ends, any_port=any_port)
            try:
                answer = _get(pool, target, address, max_bytes)
            except httpcore.TimeoutException:
                raise ArticleError(_TOO_LONG) from None
            except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
                raise ArticleError(f"cannot be fetched ({type(error).__name__}): check the address") from None
            if isinstance(answer, FetchedDocument):
                return answer
            url = urljoin(url, answer)
    raise ArticleError(f"leads to another address more than {MAX_REDIRECTS} times: give the last one")


def _checked(
    url: str, resolve: Resolve, allowed: Callable[[str], bool], ends: float, *, any_port: bool
) -> tuple[SplitResult, str]:
    """Return the parts of a URL, and the IP address to connect to."""
    from retrieval.loaders.deadline import within  # noqa: PLC0415 (late, as above)

    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ArticleError(f"{excerpt(url)} is not a web address: write https://…") from None
    if parts.username is not None or parts.password is not None:
        raise ArticleError("holds a name or password: give an address without")
    if parts.scheme not in {"http", "https"} or not host or len(url) > MAX_URL_CHARACTERS or not url.isprintable():
        raise ArticleError(f"{excerpt(url)} is not a web address: write https://…")
    if port not in {None, 80 if parts.scheme == "http" else 443} and not any_port:
        raise ArticleError(f"names port {port}: only the web's own ports are used")
    try:
        found = within(ends, lambda: resolve(host, port or (443 if parts.scheme == "https" else 80)))
    except TimeoutError:
        raise ArticleError(_TOO_LONG) from None
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise ArticleError("names a server that is not known: check the address")
    if not all(allowed(address) for address in found):
        raise ArticleError("leads into a private network: only public addresses are fetched")
    return parts, found[0]


def _get(pool: httpcore.ConnectionPool, target: SplitResult, address: str, max_bytes: int) -> FetchedDocument | str:
    """Return the document, or the URL that it redirects to."""
    import httpcore  # noqa: PLC0415 (late, as above)

    host = target.netloc.encode("idna" if not target.netloc.isascii() else "ascii").decode()
    headers: dict[bytes | str, bytes | str] = {
        "Host": host,
        "User-Agent": _AGENT,
        "Accept": ", ".join(SUFFIXES),
        "Accept-Encoding": "identity",
    }
    path = quote(target.path or "/", safe=_PATH_SAFE) + (
        f"?{quote(target.query, safe=_PATH_SAFE)}" if target.query else ""
    )
    direct = httpcore.URL(scheme=target.scheme, host=address, port=target.port, target=path)
    # The certificate is checked for the name, not for the IP address.
    extensions = {"sni_hostname": target.hostname or ""}
    with pool.stream("GET", direct, headers=headers, extensions=extensions) as answer:
        given = {
            name.decode("latin-1").lower(): value.decode("utf-8", "replace") for name, value in reversed(answer.headers)
        }
        if answer.status in _REDIRECTS and "location" in given:
            return given["location"]
        if answer.status != 200:
            raise ArticleError(f"was refused by its server (HTTP {answer.status})")
        kind = given.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in SUFFIXES:
            raise ArticleError(f"is of a kind that is not read ({excerpt(kind or 'unknown')}): a page, PDF or text is")
        if given.get("content-encoding", "identity").lower() != "identity":
            raise ArticleError("comes packed although it was not asked to: save it and send the file")
        return FetchedDocument(target.geturl(), SUFFIXES[kind], _read(answer, max_bytes))


def _read(answer: httpcore.Response, max_bytes: int) -> bytes:
    data = bytearray()
    for piece in answer.iter_stream():
        data += piece
        if len(data) > max_bytes:
            raise ArticleError(f"is larger than {max_bytes:,} bytes: too large for one article")
    return bytes(data)
