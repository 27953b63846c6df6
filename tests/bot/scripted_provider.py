"""A provider of chat models on loopback that speaks OpenAI's, Anthropic's and Ollama's HTTP, and misbehaves.

Each request takes the next reply of the script (the last one again when they run out), except that a follow-up to be
written out is given back as it is. In a reply's text ``{m1}`` stands for the marker of the first passage of the prompt
that came, ``{tag}`` for its letters.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.patience import PATIENCE_SECONDS


@dataclass(frozen=True)
class ScriptedReply:
    """What the provider does.

    Attributes:
        text: The answer.
        status: Another one than 200 gives an error body instead.
        body: The error body; empty: the provider's usual one, with ``text``.
        headers: Sent along.
        first: Seconds before the first token.
        between: Seconds before each further chunk.
        size: Characters a chunk.
        cut: The connection is closed after this many characters.
        garbage: A chunk that cannot be read follows after this many characters.
        error: An error event follows after this many characters.
        hold: After this many characters it waits until the server's ``go`` is set.
        ended: The provider's word for why it stopped; empty: it stops without one.
        thinking: Thoughts sent before the answer, in the provider's own blocks.
        counts: Whether tokens are counted.
    """

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    first: float = 0.0
    between: float = 0.0
    size: int = 7
    cut: int | None = None
    garbage: int | None = None
    error: int | None = None
    hold: int | None = None
    ended: str = "stop"
    thinking: str = ""
    counts: bool = True
    body: dict[str, Any] = field(default_factory=dict)


class ScriptedProvider:
    """The server; use it in a ``with``.

    Attributes:
        requests: The JSON bodies that came, in order.
        headers: Their headers.
        left: Set when somebody went away before the end.
        held: Set when an answer waits for ``go``.
        gave_up: An answer went on without it.
        replies: The script.
    """

    def __init__(self, *replies: ScriptedReply, port: int = 0) -> None:
        self.replies = list(replies)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.left = threading.Event()
        self.held = threading.Event()
        self.go = threading.Event()
        self.gave_up = False
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def settings(self, provider: str = "openai", **more: Any) -> dict[str, Any]:
        """Return the settings that lead to this server."""
        base = f"{self.address}/v1" if provider == "openai" else self.address
        known = {"chat_model": f"{provider}:scripted", f"{provider}_base_url": base, "model_retries": 0}
        keys = {} if provider == "ollama" else {f"{provider}_api_key": "sk-test-1234567890"}
        return known | keys | more

    def prompts(self) -> list[str]:
        """Return every prompt as one text."""
        return [_prompt(request) for request in self.requests]

    def next(self, request: dict[str, Any], headers: dict[str, str]) -> ScriptedReply:
        self.requests.append(request)
        self.headers.append(headers)
        asked = re.search(r"Last question: (.*)\Z", _prompt(request))
        if asked:
            return ScriptedReply(asked[1])
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        found = re.search(r"<<<([a-z]{4})-1>>>", _prompt(request))
        tag = found[1] if found else "none"
        text = re.sub(r"\{m([0-9]+)\}", rf"[{tag}-\1]", reply.text).replace("{tag}", tag)
        return ScriptedReply(**{**reply.__dict__, "text": text})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _prompt(request: dict[str, Any]) -> str:
    parts = [{"content": request.get("system", "")}, *request.get("messages", [])]
    return "\n".join(
        part["content"] if isinstance(part["content"], str) else "".join(block["text"] for block in part["content"])
        for part in parts
    )


_CLOSING = {"connection": "close"}
"""No connection is kept for the next request, so that none is left open at a test's end."""


def _handler(provider: ScriptedProvider) -> type[BaseHTTPRequestHandler]:  # noqa: C901 (one handler, four small methods)
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            reply = provider.next(json.loads(self.rfile.read(length)), dict(self.headers.items()))
            speak = {"/v1/chat/completions": _openai, "/v1/messages": _anthropic, "/api/chat": _ollama}[
                self.path.partition("?")[0]
            ]
            try:
                provider.go.wait(reply.first)
                if reply.status != 200:
                    self._refuse(reply)
                else:
                    self._stream(reply, speak)
            except OSError:
                provider.left.set()
            self.close_connection = True

        def _refuse(self, reply: ScriptedReply) -> None:
            kind = {401: "authentication_error", 429: "rate_limit_error", 529: "overloaded_error"}
            body = {"type": "error", "error": {"type": kind.get(reply.status, "api_error"), "message": reply.text}}
            if self.path.startswith("/api"):
                body = {"error": reply.text}
            data = json.dumps(reply.body or body).encode()
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **_CLOSING, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, reply: ScriptedReply, speak: Any) -> None:
            self.send_response(200)
            for name, value in {"content-type": "text/event-stream", **_CLOSING, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            sent = 0
            for data in speak(reply):
                if data is None:
                    return  # without the last chunk of HTTP: cut
                if reply.hold is not None and sent >= reply.hold:
                    provider.held.set()
                    provider.gave_up = not provider.go.wait(PATIENCE_SECONDS)
                sent += reply.size
                time.sleep(reply.between)
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")

    return Handler


def _chunks(reply: ScriptedReply) -> Iterator[str | None]:
    """Yield the text in chunks; None where the connection is to be closed."""
    for at in range(0, len(reply.text), reply.size):
        if reply.cut is not None and at >= reply.cut:
            yield None
            return
        yield reply.text[at : at + reply.size]
    if reply.cut is not None:
        yield None


def _marks(reply: ScriptedReply) -> tuple[int, int]:
    far = 10**9
    return far if reply.garbage is None else reply.garbage, far if reply.error is None else reply.error


def _openai(reply: ScriptedReply) -> Iterator[bytes | None]:
    def event(body: Any) -> bytes:
        return b"data: " + json.dumps(body).encode() + b"\n\n"

    def chunk(delta: dict[str, Any], ended: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": ended}
        return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}

    garbage, error = _marks(reply)
    yield event(chunk({"role": "assistant", "content": ""}))
    if reply.thinking:
        yield event(chunk({"reasoning_content": reply.thinking}))
    sent = 0
    for text in _chunks(reply):
        if text is None:
            yield None
            return
        if sent >= error:
            yield event(reply.body or {"error": {"message": "The server had an error", "type": "server_error"}})
        if sent >= garbage:
            yield b'data: {"id": "c", "choices": [{"del\n\n'
        yield event(chunk({"content": text}))
        sent += len(text)
    if reply.ended:
        yield event(chunk({}, reply.ended))
    if reply.counts:
        counted = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        yield event({**chunk({}), "choices": [], "usage": counted})
    yield b"data: [DONE]\n\n"


def _anthropic(reply: ScriptedReply) -> Iterator[bytes | None]:
    def event(kind: str, **body: Any) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **body})}\n\n".encode()

    garbage, error = _marks(reply)
    message = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "scripted",
        "content": [],
        "stop_reason": None,
    }
    yield event("message_start", message={**message, "usage": {"input_tokens": 100, "output_tokens": 1}})
    at = 0
    if reply.thinking:
        yield event("content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""})
        yield event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": reply.thinking})
        yield event("content_block_stop", index=0)
        at = 1
    yield event("content_block_start", index=at, content_block={"type": "text", "text": ""})
    sent = 0
    for text in _chunks(reply):
        if text is None:
            yield None
            return
        if sent >= error:
            yield event("error", error={"type": "overloaded_error", "message": "Overloaded"})
        if sent >= garbage:
            yield b'event: content_block_delta\ndata: {"type": "content_block_del\n\n'
        yield event("content_block_delta", index=at, delta={"type": "text_delta", "text": text})
        sent += len(text)
    yield event("content_block_stop", index=at)
    if reply.ended:
        counted = {"input_tokens": 100, "output_tokens": 20}
        ended = {"stop": "end_turn", "length": "max_tokens"}.get(reply.ended, reply.ended)
        yield event("message_delta", delta={"stop_reason": ended, "stop_sequence": None}, usage=counted)
    yield event("message_stop")


def _ollama(reply: ScriptedReply) -> Iterator[bytes | None]:
    def entry(content: str, **more: Any) -> bytes:
        body = {
            "model": "scripted",
            "created_at": "2024-01-01T00:00:00Z",
            "message": {"role": "assistant", "content": content},
        }
        return json.dumps({**body, "done": False, **more}).encode() + b"\n"

    garbage, error = _marks(reply)
    if reply.thinking:
        yield entry(f"<think>{reply.thinking}</think>\n\n")
    sent = 0
    for text in _chunks(reply):
        if text is None:
            yield None
            return
        if sent >= error:
            yield b'{"error": "model runner has unexpectedly stopped"}\n'
        if sent >= garbage:
            yield b'{"model": "scripted", "mess\n'
        yield entry(text)
        sent += len(text)
    if reply.ended:
        yield entry("", done=True, done_reason=reply.ended, prompt_eval_count=100, eval_count=20)
