"""One answer being written: from a model's stream to sentences that were checked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.answers import Answer, Form
from bot.providers.chat import Stream
from bot.providers.errors import ProviderError
from bot.providers.pieces import Piece
from bot.settings import Settings
from bot.writing.checking import Checking
from bot.writing.markers import Markers, marker
from bot.writing.packing import Packed
from bot.writing.sentences import Draft, Drafts

LONGEST = 8
"""Characters a token at most: an answer of more than MAX_TOKENS times this is cut, whatever the provider counts."""

ASTRAY = 20
"""An answer is cut after so many sentences in a row that no article carries: it has left the articles, and checking
ten thousand words takes a quarter of a minute."""

_BROKE_OFF = "it was not finished"
_LIMITS = frozenset({"length", "max_tokens", "model_context_window_exceeded", "incomplete"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What the newsroom decided.

    Attributes:
        context_tokens: The most tokens of a prompt.
        max_tokens: The most tokens of an answer.
        show_unsupported: Show claims that the articles do not carry, marked.
    """

    context_tokens: int = 6_000
    max_tokens: int = 1_000
    show_unsupported: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Return what the settings say."""
        return cls(settings.context_tokens, settings.max_tokens, settings.show_unsupported)


@dataclass(frozen=True, slots=True)
class Notation:
    """How this answer's text is to be read.

    Attributes:
        markers: Finds pointers.
        drafts: Makes sentences.
        nothing: The pointer that says that the passages hold no answer.
    """

    markers: Markers
    drafts: Drafts
    nothing: str

    @classmethod
    def of(cls, packed: Packed, tag: str) -> Notation:
        """Return the notation of a prompt."""
        links = {hit.article.url for hit in packed.hits if hit.article.url}
        return cls(Markers(tag, len(packed.hits), packed.text), Drafts(tag, links), marker(tag, 0))

    def read(self, text: str) -> list[Draft]:
        """Return the sentences that ``text`` completes."""
        return self.drafts.feed(self.markers.feed(text))

    def pause(self) -> list[Draft]:
        """Return the sentence that is complete unless the model goes on with it: nothing has come for a moment."""
        return [] if self.markers.holds else self.drafts.pause()

    def rest(self) -> list[Draft]:
        """Return what no full stop ended."""
        return [*self.drafts.feed(self.markers.close()), *self.drafts.close()]


class Writing:
    """Reads the stream, checks every sentence, tells the answer so far.

    Args:
        begun: The answer before its first word.
        stream: What the model writes.
        checking: Holds sentences to the passages.
        notation: How its text is to be read.
        limits: What the newsroom decided.

    Attributes:
        checking: As given.
        failure: What the provider did wrong, once ``answers`` has ended.
        cut: Why the answer ended early; empty when it did not.
    """

    def __init__(self, begun: Answer, stream: Stream, checking: Checking, notation: Notation, limits: Limits) -> None:
        self.checking = checking
        self.failure: ProviderError | None = None
        self.cut = ""
        self._begun = begun
        self._stream = stream
        self._notation = notation
        self._limits = limits
        self._start = time.monotonic()
        self._timings: dict[str, float] = {}
        self._shown = 0

    def close(self) -> None:
        """Leave the rest of the stream."""
        self._stream.close()

    def answers(self) -> Iterator[Answer]:
        """Yield the answer whenever a sentence more may be shown, until the model has ended."""
        length = 0
        latest = Piece()
        try:
            for piece in self._stream:
                latest = latest if piece.quiet else piece
                length += len(piece.text)
                if piece.text:
                    self._timings.setdefault("first_token", (piece.came - self._start) * 1000)
                for draft in self._notation.pause() if piece.quiet else self._notation.read(piece.text):
                    self.checking.add(draft, self._notation.nothing)
                    if self._grew():
                        self._time(latest)
                        yield self.so_far()
                self.cut = self._gone_too_far(length)
                if self.cut:
                    self.close()
                    break
        except ProviderError as error:
            self.failure = error
        self.cut = self.cut or self._why_cut()
        self._finish()

    def so_far(self) -> Answer:
        """Return the answer with everything that was checked."""
        checking = self.checking
        carried = [claim.probability for claim in checking.claims if claim.carried and claim.counted]
        return replace(
            self._begun,
            citations=tuple(checking.citations),
            claims=tuple(checking.claims),
            withheld=tuple(checking.withheld),
            confidence=min(carried, default=0.0),
            held=max(carried, default=0.0),
            usage=self._stream.usage if self._stream.usage.tokens else None,
            timings=dict(self._timings),
        )

    def _grew(self) -> bool:
        """Tell whether there is more to show: nothing is shown before one claim is carried."""
        if not self.checking.carried and not self._limits.show_unsupported:
            return False
        before, self._shown = self._shown, len(self.checking.claims)
        return self._shown > before

    def _gone_too_far(self, length: int) -> str:
        if length > self._limits.max_tokens * LONGEST:
            return f"it was longer than MAX_TOKENS={self._limits.max_tokens} allows"
        return f"{ASTRAY} sentences in a row stand in no article" if self.checking.astray >= ASTRAY else ""

    def _why_cut(self) -> str:
        if self.failure:
            return self.failure.what
        if self._stream.ended in _LIMITS:
            return f"it reached MAX_TOKENS={self._limits.max_tokens}"
        return "" if self._stream.ended else "the provider ended it without saying that it is done"

    def _finish(self) -> None:
        """Deal with what no full stop ended: checked when the model was done, withheld when it was not."""
        for draft in self._notation.rest():
            if self.cut and not _ends(draft):
                self.checking.refuse(draft, _BROKE_OFF)
            else:
                self.checking.add(draft, self._notation.nothing)
        self.checking.finish()
        self._timings["total"] = (time.monotonic() - self._start) * 1000

    def _time(self, piece: Piece) -> None:
        now = time.monotonic()
        self._timings.setdefault("first_claim", (now - self._start) * 1000)
        waited = (now - piece.came) * 1000
        self._timings["slowest_claim"] = max(waited, self._timings.get("slowest_claim", 0.0))


def _ends(draft: Draft) -> bool:
    """Tell whether what stands at a broken-off answer's end is a whole sentence all the same."""
    sentence = draft.form in {Form.SENTENCE, Form.ITEM}
    return sentence and draft.text.rstrip('"”’»)]*_').endswith((".", "!", "?"))
