"""Fetching an article from the web touches public addresses only, and no more than it must."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from retrieval.errors import ArticleError
from retrieval.loaders.url import FetchedDocument, fetch, is_public


@dataclass
class Site:
    """A web server on the loopback, and what was asked of it."""

    port: int
    asked: list[tuple[str, str]] = field(default_factory=list)

    def get(self, path: str, host: str = "news.example", **more: object) -> FetchedDocument:
        return fetch(
            f"http://{host}:{self.port}{path}",
            resolve=lambda name, port: ["10.0.0.1" if name == "inside.example" else "127.0.0.1"],
            allowed=lambda address: address == "127.0.0.1",
            **more,  # type: ignore[arg-type]
        )


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.headers["Host"], self.path))
            if self.path.startswith("/to/"):
                self.send_response(302)
                self.send_header(
                    "Location",
                    {
                        "in": f"http://inside.example:{found.port}/",
                        "loop": "/to/loop",
                        "page": "/page",
                        "file": "file:///etc/passwd",
                    }[self.path[4:]],
                )
                self.end_headers()
                return
            self.send_response(404 if self.path == "/gone" else 200)
            self.send_header("Content-Type", {"/picture": "image/png"}.get(self.path, "text/html; charset=utf-8"))
            self.end_headers()
            self.wfile.write(b"<p>x" * (500_000 if self.path == "/big" else 1))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_comes_from_the_address_that_was_checked_under_its_own_name(site: Site) -> None:
    """The server is told the name; the connection goes to the IP address."""
    got = site.get("/page")
    assert (got.suffix, got.data, got.url) == (".html", b"<p>x", f"http://news.example:{site.port}/page")
    assert site.asked == [(f"news.example:{site.port}", "/page")]


def test_a_redirect_is_followed_and_checked_anew(site: Site) -> None:
    """To a page: yes. Into the private network, to a file, in circles: no, and nothing is asked there."""
    assert site.get("/to/page").url.endswith("/page")
    for path, why in (("/to/in", "private network"), ("/to/file", "not a web address"), ("/to/loop", "more than 5")):
        with pytest.raises(ArticleError, match=why):
            site.get(path)
    assert not [host for host, _ in site.asked if host.startswith("inside")]


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>x"


@pytest.fixture
def slow_port() -> Iterator[int]:
    """A server that sends a whole answer, a byte or a "100 Continue" at a time, over some seconds."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(4096)
                pieces = (
                    [b"HTTP/1.1 100 Continue\r\n\r\n"] * 100 + [PAGE]
                    if b"/again" in asked
                    else [PAGE[at : at + 1] for at in range(len(PAGE))]
                )
                for piece in pieces:
                    if over.wait(0.03):
                        return
                    try:
                        connection.sendall(piece)
                    except OSError:
                        break

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    over.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.mark.parametrize("path", ["/drip", "/again"])
def test_the_time_limit_holds_while_headers_come_byte_by_byte(slow_port: int, path: str) -> None:
    """And while a server announces an answer again and again: each read alone is fast."""
    with pytest.raises(ArticleError, match="takes too long"):
        Site(slow_port).get(path, max_seconds=0.3)
    assert Site(slow_port).get("/drip", max_seconds=30.0).data == b"<p>x"


def test_the_time_limit_holds_while_a_name_is_resolved() -> None:
    """The system's resolver knows no limit."""
    woken = threading.Event()
    with pytest.raises(ArticleError, match="takes too long"):
        fetch("http://slow.example/", resolve=lambda *_: [str(woken.wait(20))], max_seconds=0.1)
    woken.set()


def test_the_name_that_was_checked_is_not_resolved_again() -> None:
    """A name that leads elsewhere the second time is connected to where it led the first time."""
    asked: list[str] = []
    with pytest.raises(ArticleError, match="cannot be fetched"):
        fetch(
            "http://rebinding.example:9/",
            resolve=lambda name, _: asked.append(name) or ["127.0.0.1"],
            allowed=lambda _: len(asked) == 1,
            max_seconds=5.0,
        )
    assert asked == ["rebinding.example"]


def test_headers_without_end_are_not_read() -> None:
    """They count as the document does."""
    endless = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = endless.accept()
        with connection:
            connection.recv(4096)
            try:
                while True:
                    connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 4000)
            except OSError:
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    with endless, pytest.raises(ArticleError, match="cannot be fetched"):
        Site(endless.getsockname()[1]).get("/", max_bytes=1000)
    thread.join()


def test_kinds_sizes_and_times_are_bounded(site: Site) -> None:
    """Each with a line that says so."""
    for path, why, more in (
        ("/picture", "not read", {}),
        ("/gone", "HTTP 404", {}),
        ("/big", "larger than", {"max_bytes": 100_000}),
        ("/big", "too long", {"max_seconds": 0.0}),
    ):
        with pytest.raises(ArticleError, match=why):
            site.get(path, **more)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://user:secret@example.com/",
        "http://93.184.216.34:22/",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
    ],
)
def test_what_is_not_public_is_refused_before_anything_is_sent(url: str) -> None:
    """With the real resolver: a connection would fail the test, since sockets are closed."""
    with pytest.raises(ArticleError) as error:
        fetch(url)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:192.168.0.1", False),
        ("2002:0a00:0001::1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("fec0::1", False),
        ("feff::1", False),
        ("5f00::1", False),
        ("3fff::1", False),
        ("4000::1", False),
        ("100::1", False),
        ("2001:db8::1", False),
        ("64:ff9b:1::1", False),
        ("::10.0.0.1", False),
        ("2001:0:a00:1::f5ff:fffe", False),
        ("192.0.0.8", False),
        ("198.18.0.1", False),
        ("0.1.2.3", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("2a00:1450:4001:81b::200e", True),
        ("not an address", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    """Also where an IPv6 address hides an IPv4 one."""
    assert is_public(address) is public


def test_a_name_with_one_private_address_is_refused() -> None:
    """A server that answers with both is not trusted with either."""
    with pytest.raises(ArticleError, match="private network"):
        fetch("https://two.example/", resolve=lambda name, port: ["93.184.216.34", "10.0.0.1"])
