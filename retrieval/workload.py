"""Workload: what is left of an ingest, and the time that it will take.

Bytes of files are a poor measure of work: a file that is as before is only hashed, a web page is mostly markup, and
text that the library has already is not embedded again. So kinds of work are told apart, and for each the time of
reading and the text that it gave are kept; kinds not seen yet count as much as the constants say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from retrieval.loaders.discovery import Format


class FileState(StrEnum):
    """What becomes of bytes: decided when they are read, expected by the record of the file before."""

    SAME = "same"  # the file is as before, and is only hashed
    KNOWN = "known"  # articles of a changed file that are as before
    NEW = "new"


@dataclass(frozen=True, slots=True)
class WorkKind:
    """Work of about the same cost a byte."""

    format: Format | None
    state: FileState


@dataclass(slots=True)
class FileWork:
    """A file: what it probably is, and what has been read of it.

    Attributes:
        format: Its format.
        state: What most of it probably is.
        size: Bytes.
        known: Bytes of the articles that the library has of it: where it has grown, the rest is new.
    """

    format: Format | None
    state: FileState
    size: int
    known: int = 0
    _read: int = 0
    _new: int = 0

    def kind(self, state: FileState) -> WorkKind:
        """Return the kind of work of this file's bytes in a state."""
        return WorkKind(self.format, state)

    def parts(self) -> tuple[tuple[WorkKind, float], ...]:
        """Return its bytes of each kind, as expected before it is read."""
        if self.state is FileState.KNOWN:
            return (self.kind(self.state), self.known), (self.kind(FileState.NEW), self.size - self.known)
        return ((self.kind(self.state), self.size),)

    def has_changed(self) -> None:
        """Expect what is left after it is seen that its content is not the one before."""
        if self.state is FileState.SAME:
            self.state = FileState.KNOWN if self.format is Format.RECORDS else FileState.NEW

    def read(self, state: FileState, size: int) -> None:
        """Count bytes that were read."""
        self._read += size
        if state is FileState.NEW:
            self._new += size

    def left(self) -> tuple[tuple[WorkKind, float], ...]:
        """Return the bytes that are left of each kind.

        What is new beyond the file's growth, wherever it comes, lowers the share of the rest that is still as before.
        """
        left = max(0, self.size - self._read)
        if self.state is not FileState.KNOWN:
            return ((self.kind(self.state), left),)
        grown = self.size - self.known
        growth = min(left, max(0, grown - self._new))
        as_before, trusted = self._read - self._new, _TRUSTED_SHARE * self.size
        share = (as_before + trusted) / (as_before + max(0, self._new - grown) + trusted)
        known = (left - growth) * share
        return (self.kind(FileState.KNOWN), known), (self.kind(FileState.NEW), left - known)


_TRUSTED_SHARE = 0.02
"""Share of a changed file's bytes after which what was read counts as much as the expectation that it is as before."""


@dataclass(slots=True)
class _Seen:
    """What work of one kind took so far.

    Attributes:
        size: Bytes.
        files: Files that are mostly of the kind.
        seconds: Of reading, while other text may have been embedded.
        characters: Text that came of it, as it would be embedded.
        batched: Those of them for which it is known whether the library has them.
        fresh: Those of them that had to be embedded.
    """

    size: float = 0.0
    files: int = 0
    seconds: float = 0.0
    characters: float = 0.0
    batched: float = 0.0
    fresh: float = 0.0


@dataclass(slots=True)
class _Left:
    """Planned work of one kind: bytes, and files that are mostly of it."""

    size: float = 0.0
    files: int = 0


_FILE_BYTES = 2_000.0
"""Bytes that take as long to read as opening a file does."""

_TRUST_BYTES = 20_000.0
"""Bytes after which what was seen of a kind counts as much as the constants below."""

_TEXT_SHARE: dict[Format | None, float] = {
    Format.TEXT: 0.95,
    Format.MARKDOWN: 0.9,
    Format.RECORDS: 0.85,
    Format.RTF: 0.3,
}
_TEXT_SHARE_OTHER = 0.1
"""Characters of passages a byte of a file: 1,500 pages and documents of news."""

_READ_SECONDS = {FileState.SAME: 2e-9, FileState.KNOWN: 3e-8, FileState.NEW: 5e-7}
_EMBED_SECONDS = 2.5e-5
"""Seconds a byte, and a character, on one slow processor; replaced by what is measured within seconds."""

_EMBED_TO_READ = 9.0
"""Until then, seconds of embedding a second of reading new plain text, with what people said in it: 8.5 to 11 times as
much in runs over news, however busy the machine was."""

_WINDOW_CHARACTERS = 400_000.0
"""Text over which the speed of embedding is measured: ten seconds of it, or thirty on a busy machine."""

_CORRECTION = (0.3, 2.0)
"""Bounds of the correction by what the work done took, compared with the sum of its parts."""

_CORRECTION_TRUST = 10.0
"""Seconds of work after which that correction counts as much as none: first nothing is embedded while text is read."""

_INDEX_SHARE = 0.03
"""Part of the time of embedding that the vector index takes afterwards: 2 s of 85 for 1,300 passages, 105 s of CPU time
for 100,000 of which each takes .02 s."""

PASSAGE_CHARACTERS = 100.0
"""Characters that cost as much as a passage does beside its text."""


@dataclass(slots=True)
class _Rate:
    """Seconds a character, over the last one or two windows of ``_WINDOW_CHARACTERS``, and seconds in all."""

    seconds: float = 0.0
    before: tuple[float, float] = (0.0, 0.0)
    now: tuple[float, float] = (0.0, 0.0)

    def add(self, characters: float, seconds: float) -> None:
        self.seconds += seconds
        self.now = (self.now[0] + characters, self.now[1] + seconds)
        if self.now[0] >= _WINDOW_CHARACTERS:
            self.before, self.now = self.now, (0.0, 0.0)

    def get(self, otherwise: float) -> float:
        characters = self.before[0] + self.now[0]
        return (self.before[1] + self.now[1]) / characters if characters else otherwise


@dataclass(slots=True)
class Workload:
    """Keeps account of the work done and left, and estimates the time of the rest. For use by one thread."""

    _left: defaultdict[WorkKind, _Left] = field(default_factory=lambda: defaultdict(_Left))
    _seen: defaultdict[WorkKind, _Seen] = field(default_factory=lambda: defaultdict(_Seen))
    _embedding: _Rate = field(default_factory=_Rate)
    _writing: _Rate = field(default_factory=_Rate)

    def plan(self, parts: Iterable[tuple[WorkKind, float]]) -> None:
        """Expect a file, of these bytes of each kind."""
        for at, (kind, size) in enumerate(parts):
            self._left[kind].size += size
            self._left[kind].files += not at

    def withdraw(self, parts: Iterable[tuple[WorkKind, float]]) -> None:
        """Expect a planned file no longer: it is being read."""
        for at, (kind, size) in enumerate(parts):
            self._left[kind].size -= size
            self._left[kind].files -= not at

    def read(self, kind: WorkKind, size: float, seconds: float, *, opened: bool = False) -> None:
        """Count bytes that were read, and their seconds; ``opened`` for the first of a file."""
        seen = self._seen[kind]
        seen.size += size
        seen.files += opened
        seen.seconds += seconds

    def found(self, kind: WorkKind, characters: float) -> None:
        """Count text that came of bytes of a kind."""
        self._seen[kind].characters += characters

    def batched(self, kind: WorkKind, characters: float, fresh: float) -> None:
        """Count text of which ``fresh`` characters have to be embedded."""
        self._seen[kind].batched += characters
        self._seen[kind].fresh += fresh

    def embedded(self, characters: float, seconds: float) -> None:
        """Count text that was embedded."""
        self._embedding.add(characters, seconds)

    def written(self, characters: float, seconds: float) -> None:
        """Count text that was written."""
        self._writing.add(characters, seconds)

    def fresh_characters(self, kind: WorkKind, characters: float) -> float:
        """Return how many characters of text of a kind will probably have to be embedded."""
        seen = self._seen[kind]
        return characters * (seen.fresh + 1.0) / (seen.batched + 1.0)

    def seconds_left(
        self, current: Iterable[tuple[WorkKind, float]], waiting: float, unbatched: float, elapsed: float
    ) -> float:
        """Estimate the seconds that are left, with those of the vector index.

        Reading and writing go on while other text is embedded, so that of each kind the slower counts. What the work
        done took, compared with the same sum over it, corrects the rest.

        Args:
            current: The bytes of the current file that are left, of each kind.
            waiting: Characters of the batches that wait to be embedded.
            unbatched: Characters that were read and are in no batch yet.
            elapsed: Seconds that the work done took.
        """
        rest = dict(current)
        embed, write = self._embedding.get(self._expected_embedding()), self._writing.get(0.0)
        fresh, batched = (
            sum(each.fresh for each in self._seen.values()),
            sum(each.batched for each in self._seen.values()),
        )
        embedded, written = self._embedding.seconds / max(1.0, fresh), self._writing.seconds / max(1.0, batched)
        done = sum(max(each.fresh * embedded, each.seconds + each.batched * written) for each in self._seen.values())
        total = (waiting + unbatched) * embed
        text = fresh + unbatched
        for kind in self._left.keys() | rest.keys():
            seen, left = self._seen[kind], self._left[kind]
            size = left.size + rest.get(kind, 0.0)
            share = _TEXT_SHARE.get(kind.format, _TEXT_SHARE_OTHER) if kind.state is FileState.NEW else 0.0
            characters = size * (seen.characters + share * _TRUST_BYTES) / (seen.size + _TRUST_BYTES)
            shown = seen.size + _FILE_BYTES * seen.files + _TRUST_BYTES
            reading = (seen.seconds + _READ_SECONDS[kind.state] * _TRUST_BYTES) / shown
            reading *= size + _FILE_BYTES * left.files
            new = self.fresh_characters(kind, characters)
            total += max(new * embed, reading + characters * write)
            text += new
        least, most = _CORRECTION
        correction = (elapsed + _CORRECTION_TRUST) / (done + _CORRECTION_TRUST)
        return total * min(most, max(least, correction)) + text * embed * _INDEX_SHARE

    def _expected_embedding(self) -> float:
        """Return the seconds that a character will probably take, from what reading plain text took."""
        seen = [each for kind, each in self._seen.items() if kind.format in _TEXT_SHARE and kind.state is FileState.NEW]
        characters = sum(each.characters for each in seen)
        seconds = _EMBED_TO_READ * sum(each.seconds for each in seen)
        return max(_EMBED_SECONDS, seconds / (characters + _TRUST_BYTES))
