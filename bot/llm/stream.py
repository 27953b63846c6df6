"""Stream chunks of a chat model, the same for every provider."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.answers import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

_OPEN, _CLOSE = "<think>", "</think>"
_ENDS = ("finish_reason", "stop_reason", "done_reason", "status")  # the last: OpenAI's Responses


@dataclass(frozen=True, slots=True)
class StreamChunk:
    """A part of an answer as it came.

    Attributes:
        text: Words; empty for a sign of life (thinking, a role, a count).
        usage: What the provider counted, or None.
        ended: Why the model stopped ("stop", "end_turn", "length"); empty while it goes on.
        came: When, in seconds of ``time.monotonic``.
        quiet: Nothing came for a moment: no part of the answer, but time to look at what there is.
    """

    text: str = ""
    usage: Usage | None = None
    ended: str = ""
    came: float = field(default_factory=time.monotonic)
    quiet: bool = False


def to_stream_chunk(chunk: AIMessageChunk) -> StreamChunk:
    """Return a chunk of LangChain's as a piece: the text of its text blocks, and nothing of its thinking."""
    counted = chunk.usage_metadata
    usage = Usage(counted["input_tokens"], counted["output_tokens"]) if counted else None
    about: dict[str, Any] = chunk.response_metadata or {}
    ended = next((str(about[name]) for name in _ENDS if about.get(name)), "")
    return StreamChunk(_text(chunk.content), usage, ended)


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    texts = (
        block if isinstance(block, str) else block.get("text") if block.get("type") in {"text", "text_delta"} else ""
        for block in blocks
        if isinstance(block, (str, dict))
    )
    return "".join(text for text in texts if isinstance(text, str))


class ThinkingFilter:
    """Removes a ``<think>…</think>`` block at the head of an answer, as local models write it into their text."""

    def __init__(self) -> None:
        self._buffer = ""
        self._state = "head"  # then "thinking" or "answer"

    def feed(self, text: str) -> str:
        """Return the answer text completed by ``text``."""
        if self._state == "answer":
            return text
        self._buffer += text
        if self._state == "head":
            start = self._buffer.lstrip()
            if _OPEN.startswith(start[: len(_OPEN)]) and len(start) < len(_OPEN):
                return ""
            self._state = "thinking" if start.startswith(_OPEN) else "answer"
        if self._state == "thinking":
            before, closed, after = self._buffer.partition(_CLOSE)
            if not closed:
                self._buffer = before[-len(_CLOSE) :]
                return ""
            self._buffer = after
            self._state = "answer"
        return self.close()

    def close(self) -> str:
        """Return the buffered rest; empty when the thinking never ended."""
        held, self._buffer = self._buffer, ""
        return "" if self._state == "thinking" else held
