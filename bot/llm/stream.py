"""Stream chunks of a chat model, the same for every provider."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.answers import Usage
from retrieval.text.sanitize import excerpt

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

_OPEN, _CLOSE = "<think>", "</think>"
_HEAD_CHARACTERS = 100  # of white space that is kept while nothing else has come
_ENDS = ("finish_reason", "stop_reason", "done_reason", "status")  # the last: OpenAI's Responses

# Why models stop, in the words of OpenAI's interface and servers that speak it, of Anthropic's and of Ollama's.
_COMPLETE = frozenset({"stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed"})
_LENGTH = frozenset({"length", "max_tokens", "max_output_tokens", "model_context_window_exceeded", "incomplete"})
_FILTERED = frozenset({"content_filter", "refusal", "safety"})


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


def incompleteness(ended: str, max_tokens: int) -> str:
    """Return why an answer that a model ended with this word is not complete; empty when it is.

    A word that is not known is no promise that nothing is missing.
    """
    word = ended.lower()
    if word in _COMPLETE:
        return ""
    if word in _LENGTH:
        return f"it reached MAX_ANSWER_TOKENS={max_tokens}"
    if word in _FILTERED:
        return "the provider's content filter or the model itself broke it off"
    return f"the provider ended it with {excerpt(ended)}" if word else NEVER_ENDED


NEVER_ENDED = "the provider ended it without saying that it is done"


def is_filtered(ended: str) -> bool:
    """Return whether a content filter, or the model's refusal, ended an answer."""
    return ended.lower() in _FILTERED


def is_too_long(ended: str) -> bool:
    """Return whether a limit on its length ended an answer."""
    return ended.lower() in _LENGTH


def to_stream_chunk(chunk: AIMessageChunk) -> StreamChunk:
    """Return a chunk of LangChain's as a piece: the text of its text blocks, and nothing of its thinking."""
    counted = chunk.usage_metadata
    usage = Usage(counted["input_tokens"], counted["output_tokens"]) if counted else None
    about: dict[str, Any] = chunk.response_metadata or {}
    details = about.get("incomplete_details")  # OpenAI's Responses: why the status is "incomplete"
    reason = details.get("reason") if isinstance(details, dict) else None
    ended = str(reason) if reason else next((str(about[name]) for name in _ENDS if about.get(name)), "")
    blocks = chunk.content if isinstance(chunk.content, list) else []
    if any(isinstance(block, dict) and block.get("type") == "refusal" for block in blocks):  # OpenAI's Responses
        ended = "refusal"
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
            self._buffer = self._buffer[-_HEAD_CHARACTERS:] if self._buffer.isspace() else self._buffer
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
