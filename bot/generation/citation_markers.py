"""Citation markers: references to passages in a model's text, parsed as it streams in.

Passages are called "kqzt-1", "kqzt-2" … in a prompt, with letters drawn for each answer that occur in none of them:
no year, list, code or footnote of an article can be mistaken for one. Models also write other forms, which count
too, unless the passages contain the same characters::

    [kqzt-1]  [kqzt-1, kqzt-2]  [kqzt-1; 2]  [kqzt-1–kqzt-3]  [kqzt-1–3]  [[kqzt-1]]  (kqzt-1)
    [1]  [1, 2]  [1-3]  [Source 1]  [^1]  【1】  【1†source】  ［1］  [Source: Article 2]  [1](#)  (1)  (Source 1)

Those in round brackets stand behind a word: "(1)" that opens a line, or follows a colon, is a list mark. Other
bracketed text ("[sic]", "[2019]", "[the minister]") is text. Code blocks keep their brackets.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.text.lazy_pattern import LazyPattern

_LETTERS = "bcdfghjkmnpqrstvwxz"
_TAG_LETTERS = 4
_MAX_CHARACTERS = 160
"""Characters between brackets: a pointer to every one of twenty passages."""
_MAX_RANGE = 100
"""A range of more passages than a prompt can hold is none."""

_PAIRS = {"[": "]", "【": "】", "［": "］", "〔": "〕", "〖": "〗", "(": ")", "（": "）"}
_ROUND = "(（"
_OPENING = LazyPattern(f"[{re.escape(''.join(_PAIRS))}]")
_OPENINGS = LazyPattern(f"[{re.escape(''.join(_PAIRS))}]{{{_MAX_CHARACTERS},}}+")
_CLOSING = frozenset(_PAIRS.values())
_DIGIT = LazyPattern("[0-9０-９]")
_PLAIN = str.maketrans("０１２３４５６７８９，；－–—−‑‐、：", "0123456789,;------,:")
_WORDS = LazyPattern(
    r"\b(?:sources?|passages?|articles?|excerpts?|snippets?|documents?|contexts?|chunks?|refs?|references?|citations?"
    r"|cite(?:_start|_end)?|docs?|oaicite|web|see|also|cf|from|in|needed)\b\.?",
)
"""Not "no.": "[No. 10]" is a name."""
_NAMED = LazyPattern(
    r"\W*(?:(?:see|cf|also|from|in)\b\W*)*(?:sources?|passages?|articles?|excerpts?|snippets?|documents?|refs?|references?|citations?|cite(?:_start|_end)?"
    r"|docs?)\b"
)
"""How a pointer in round brackets, or one without a number, must begin."""
_PLACE = LazyPattern(
    r"(?<![\s,])[\s,]*+(?:p|pp|page|pages|para|paras|paragraph|paragraphs|line|lines|¶|§)\.?\s*[0-9]+(?:-[0-9]+)?\Z"
)
_BARE = LazyPattern(r"[(（]\s*[0-9]{1,2}(?:\s*[,;，]\s*[0-9]{1,2})*\s*[)）]\Z")
_MAX_BARE = 20
"""The highest number in round brackets that is taken for a passage: as many as a prompt has."""
_TARGET = LazyPattern(r"\(\s*(?:#\S*|https?:\S*|\S*/\S*)?(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)\Z")
_SUFFIX = LazyPattern(r"†.*\Z", re.DOTALL)
_ITEM = LazyPattern(r"@?(?P<first>[0-9]{1,3})(?:\s*(?:-|to|\.\.)\s*@?(?P<last>[0-9]{1,3}))?\Z")
_SEPARATOR = LazyPattern(r"\s*(?:[,;&+]|\band\b)\s*|\s+(?=@)")


@dataclass(frozen=True, slots=True)
class CitationMarker:
    """A reference to passages.

    Attributes:
        numbers: The passages, from 1, in order.
        unknown: The marker as written where it refers to no passage given; else empty.
    """

    numbers: tuple[int, ...]
    unknown: str = ""


def new_tag(avoiding: Iterable[str]) -> str:
    """Return random letters that occur in none of these texts, so that no article can forge them."""
    texts = [text.casefold() for text in avoiding]
    while True:
        tag = "".join(random.SystemRandom().choices(_LETTERS, k=_TAG_LETTERS))
        if not any(tag in text for text in texts):
            return tag


def marker(tag: str, *numbers: int) -> str:
    """Return the marker of passages: "[kqzt-1, kqzt-2]"."""
    return f"[{', '.join(f'{tag}-{number}' for number in numbers)}]"


class MarkerParser:
    """Parses text in chunks of any size into text and markers. No text is lost.

    Args:
        tag: The letters of this answer's markers.
        passages: How many there are.
        source: The passages' text: a bracket that occurs there is no marker.
    """

    def __init__(self, tag: str, passages: int, source: str = "") -> None:
        self._tag = re.compile(rf"{re.escape(tag)}\s*[-_–‑:# ]?\s*(?=[0-9])", re.IGNORECASE)
        self._bare_tag = tag.casefold()
        self._passages = passages
        self._source = source
        self._buffer = ""
        self._depth = 0  # of the brackets in the buffer
        self._has_closing = False  # whether one of them closes
        self._code = _CodeTracker()
        self._before = ""  # the character before the buffer
        self._word_before = ""  # the last one before it on its line that is no white space
        self._follows_marker = False

    @property
    def holds(self) -> bool:
        """Whether a bracket is open."""
        return bool(self._buffer)

    def feed(self, text: str) -> list[str | CitationMarker]:
        """Return the text and markers completed by ``text``; an open bracket is buffered."""
        return _joined(self._parts(text))

    def close(self) -> list[str | CitationMarker]:
        """Return the buffered rest."""
        parts: list[str | CitationMarker] = []
        while self._buffer:
            parts += self._release()
        return _joined(parts)

    def _parts(self, text: str) -> Iterator[str | CitationMarker]:
        at = 0
        while at < len(text):
            if self._buffer:
                if not self._has_closing and (run := _OPENINGS.match(text, at)):
                    yield self._buffer + run.group()[:-_MAX_CHARACTERS]
                    self._saw(self._buffer)
                    self._buffer, self._depth = run.group()[-_MAX_CHARACTERS:], _MAX_CHARACTERS
                    at = run.end()
                    continue
                yield from self._take(text[at])
                at += 1
                continue
            opening = _OPENING.search(text, at)
            end = opening.start() if opening else len(text)
            if at < end:
                self._saw(text[at:end])
                yield text[at:end]
            if opening:
                self._buffer, self._depth, self._has_closing = text[end], 1, False
            at = end + 1

    def _saw(self, text: str) -> None:
        """Keep what is needed of text that is returned."""
        self._code.read(text)
        line = text.rpartition("\n")[2]
        self._word_before = line.rstrip()[-1:] or ("" if "\n" in text else self._word_before)
        self._before = text[-1:] or self._before
        self._follows_marker = self._follows_marker and not text

    def _take(self, char: str) -> Iterator[str | CitationMarker]:
        """Take a character while a bracket is open."""
        self._buffer += char
        if char in _PAIRS:
            self._depth += 1
        elif char in _CLOSING:
            self._depth -= 1
            self._has_closing = True
            if self._depth <= 0:
                yield from self._read()
                return
            if within := self._within():
                before, pointer = within
                self._buffer = ""
                self._saw(before)
                yield before
                yield self._pointed(pointer)
                return
        if char == "\n" or len(self._buffer) > _MAX_CHARACTERS:
            yield from self._release()

    def _within(self) -> tuple[str, CitationMarker] | None:
        """Return a marker closed within brackets that are still open, and the text before it."""
        at = max(self._buffer.rfind(opening) for opening in _PAIRS)
        pointer = self._pointer(self._buffer[at:])
        # "[[kqzt-1]]" is read when all of it is closed.
        return (self._buffer[:at], pointer) if pointer and self._buffer[:at].strip("".join(_PAIRS)) else None

    def _pointed(self, pointer: CitationMarker) -> CitationMarker:
        self._before = self._word_before = ")"
        self._follows_marker = True
        return pointer

    def _read(self) -> Iterator[str | CitationMarker]:
        if self._follows_marker and _TARGET.match(self._buffer):  # "[1](#)"
            self._buffer = ""
            return
        pointer = self._pointer(self._buffer)
        if pointer is None:
            yield from self._release()
        else:
            self._buffer = ""
            yield self._pointed(pointer)

    def _release(self) -> Iterator[str | CitationMarker]:
        """Yield the first bracket as text and parse the rest again: it may contain a marker if a bracket closes."""
        held, self._buffer = self._buffer, ""
        if self._has_closing or held[-1] == "\n":
            end = 1 if self._has_closing else len(held)
        else:
            following = _OPENING.search(held, 1)
            end = following.start() if following else len(held)
        self._saw(held[:end])
        yield held[:end]
        if self._has_closing:
            yield from self._parts(held[end:])
        elif end < len(held):
            self._buffer, self._depth = held[end:], self._depth - 1

    def _pointer(self, held: str) -> CitationMarker | None:
        content = held.strip("".join(_PAIRS) + "".join(_PAIRS.values()) + " ")
        ours = self._bare_tag in content.casefold()
        if not ours and not self._may_point(held, content):
            return None
        plain = _SUFFIX.sub("", self._tag.sub("@", content).translate(_PLAIN).casefold())
        named = _WORDS.sub(" ", plain).strip(" :.,#^[]()")
        if not named and not ours:
            return CitationMarker(()) if _NAMED.match(plain) else None
        numbers = _numbers(_PLACE.sub("", re.sub(r"[#^]", "", named)))
        if numbers is None and "†" in content and not _holds_brackets(held):
            return CitationMarker((), held)
        if numbers is None:
            if ours and held[0] in _ROUND and len(content) > _MAX_CHARACTERS // 4:
                return None  # "(… [kqzt-1])": the marker within is found on its own
            return CitationMarker((), held) if ours and not _holds_brackets(held) else None
        known = tuple(number for number in numbers if 1 <= number <= self._passages)
        return CitationMarker(known, "" if len(known) == len(numbers) else held)

    def _may_point(self, held: str, content: str) -> bool:
        """Tell whether brackets without this answer's letters may point to a passage."""
        if held in self._source or self._code.fenced or (self._code.inside and self._before != "`"):
            return False
        named = bool(_NAMED.match(content.casefold()))
        if held[0] not in _ROUND:
            return named or bool(_DIGIT.search(content))
        if (
            not self._word_before
            or self._word_before in ":;"
            or not (self._before.isspace() or self._before in '.)]”"')
        ):
            return False
        return named or (
            bool(_BARE.match(held)) and all(int(each) <= _MAX_BARE for each in re.findall("[0-9]+", content))
        )


class _CodeTracker:
    """Tracks whether text is in Markdown code: a fence, or backticks on one line."""

    def __init__(self) -> None:
        self._ticks = 0
        self._fenced = self._inline = False

    @property
    def inside(self) -> bool:
        self.see("")
        return self._fenced or self._inline

    @property
    def fenced(self) -> bool:
        self.see("")
        return self._fenced

    def read(self, text: str) -> None:
        """See the characters of ``text`` in turn."""
        if self._ticks or "`" in text:
            for char in text:
                self.see(char)
        elif "\n" in text:
            self._inline = False

    def see(self, char: str) -> None:
        if char == "`":
            self._ticks += 1
            return
        if self._ticks >= 3:
            self._fenced, self._inline = not self._fenced, False
        elif self._ticks % 2 and not self._fenced:
            self._inline = not self._inline
        self._ticks = 0
        if char == "\n":
            self._inline = False


def _numbers(content: str) -> tuple[int, ...] | None:
    """Return the numbers of "1", "1, 2", "1-3", "@1; @2"; None when it is something else."""
    found: list[int] = []
    for item in _SEPARATOR.split(content):
        match = _ITEM.match(item.strip())
        if not match:
            return None
        first = int(match["first"])
        last = int(match["last"] or first)
        if not first <= last < first + _MAX_RANGE:
            return None
        found += range(first, last + 1)
    return tuple(dict.fromkeys(found))


def _holds_brackets(held: str) -> bool:
    """Tell whether brackets of ``held`` stand within its text, not only around all of it."""
    inner = held.strip("".join(_PAIRS) + "".join(_PAIRS.values()) + " ")
    return any(char in _PAIRS or char in _CLOSING for char in inner)


def _joined(parts: Iterable[str | CitationMarker]) -> list[str | CitationMarker]:
    """Return the parts with adjacent text joined."""
    found: list[str | CitationMarker] = []
    for is_text, group in itertools.groupby(parts, key=lambda part: isinstance(part, str)):
        run = list(group)
        found += ["".join(map(str, run))] if is_text else run
    return found
