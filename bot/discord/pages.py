"""Cuts what is to be said into messages, never inside a word, a citation, a link or an escape."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.discord.escape import escaped, unlisted
from retrieval.text.lazy_pattern import LazyPattern

MAX_MESSAGE_CHARACTERS = 2_000
"""Characters of one message (Discord's limit on ``content``)."""
MAX_CITATION_BUTTONS = 15
"""Citations of one message: three rows of five; the other two rows are for what can be done with the answer."""

_WORD = LazyPattern(r"\s*\S+")
_BOLD_CHARACTERS = 4  # characters that bold adds to an atom at most
_MIN_SECTION = 1 / 2  # of a message's characters: with less, it does not end where a section ends
_MIN_FILLED = 1 / 3  # ... nor where a row or block ends
_MIN_LAST = 1 / 8  # ... the last message has more, if possible
_ADDRESS_LEAD = " · "  # before an address in the text
_MAX_WORD_CHARACTERS = 400  # characters of a "word" that is cut: no language has such, an article may


class Accent(StrEnum):
    """What a message is, at a glance: the colour beside it."""

    PLAIN = ""
    ANSWERED = "answered"
    POSSIBLY = "possibly"
    NOT_HERE = "not here"
    ACCURATE = "accurate"
    INACCURATE = "inaccurate"
    UNCERTAIN = "uncertain"
    INFORMATION = "information"


class Opening(StrEnum):
    """What a fragment begins: a message is cut before it rather than inside."""

    NOTHING = ""
    ROW = "row"
    """A row of a list, or a paragraph, in the same block."""
    BLOCK = "block"
    """A block of its own."""
    SECTION = "section"
    """A block with a rule above it."""


_SECTIONS = frozenset({Opening.SECTION})
_ROWS = frozenset({Opening.SECTION, Opening.ROW})
_BLOCKS = frozenset({Opening.SECTION, Opening.BLOCK})


@dataclass(frozen=True, slots=True)
class Fragment:
    """Text that is never cut: an escaped word with the white space before it, a citation's number, a link.

    Attributes:
        text: What is shown.
        bold: Whether it is in bold.
        number: The citation it shows, 0 for none: its button stands under the message.
        lead: What is put before it where it begins a message: "> " inside a block quotation.
        opens: Whether it begins a row, a block of its own or, with a rule above it, a section.
        url: An https address that belongs to it: behind it, or the button beside its block.
    """

    text: str
    bold: bool = False
    number: int = 0
    lead: str = ""
    opens: Opening = Opening.NOTHING
    url: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A part of a message that is laid out on its own.

    Attributes:
        text: What it says, without its address.
        url: Where its button leads; empty: it has none.
        apart: Whether a rule stands above it.
    """

    text: str
    url: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message.

    Attributes:
        text: What it says, at most ``MAX_MESSAGE_CHARACTERS`` characters.
        numbers: The citations whose buttons stand under it.
        accent: What it is.
        blocks: The same in parts; none where it has only one.
    """

    text: str
    numbers: tuple[int, ...] = ()
    accent: Accent = Accent.PLAIN
    blocks: tuple[TextBlock, ...] = ()


def word_fragments(text: str, *, bold: bool = False, lead: str = "", before: str = "") -> list[Fragment]:
    """Return any text, escaped, as atoms; lines go on after ``lead``, the first word stands after ``before``."""
    atoms: list[Fragment] = []
    for found in _WORD.finditer(escaped(text)):
        blank, word = _split(found.group())
        space = before if not atoms else _between(blank, lead)
        for part in _parts(word):
            atoms.append(Fragment(space + part, bold, lead=lead))
            space = ""
    return atoms


def _split(found: str) -> tuple[str, str]:
    word = found.lstrip()
    return found[: len(found) - len(word)], word


def _between(blank: str, lead: str) -> str:
    lines = min(blank.count("\n"), 2)
    return "".join(f"\n{lead}" for _ in range(lines)) if lines else " "


def _parts(word: str) -> Iterator[str]:
    while len(word) > _MAX_WORD_CHARACTERS:
        at = _MAX_WORD_CHARACTERS
        while at > 1 and word[at - 1] == "\\":
            at -= 1
        yield word[:at]
        word = word[at:]
    yield word


def paginate(
    atoms: Iterable[Fragment], longest: int = MAX_MESSAGE_CHARACTERS, *, accent: Accent = Accent.PLAIN
) -> list[MessagePage]:
    """Return the messages that hold ``atoms``, each cut only between two of them, if possible before an opening."""
    parts: list[list[Fragment]] = [[]]
    seen: set[int] = set()
    most = 0  # characters that the last part takes at most: rendering it to know costs more
    for atom in atoms:
        parts[-1].append(atom)
        most += _most(atom)
        if len(parts[-1]) > 1 and _overfull(parts[-1], seen, most, longest):
            end = _cut(parts[-1], longest)
            parts[-1:] = [parts[-1][:end], parts[-1][end:]]
            seen |= _numbers(parts[-2], seen)
            most = sum(map(_most, parts[-1]))
    _fill_last(parts, longest)
    seen.clear()
    pages: list[MessagePage] = []
    for part in filter(None, parts):
        pages.append(_page(part, seen, accent))
        seen.update(pages[-1].numbers)
    return pages


def _fill_last(parts: list[list[Fragment]], longest: int) -> None:
    """Move the last row or section of the last message but one to a last one that holds next to nothing."""
    if len(parts) < 2 or len(_rendered(parts[-1])) >= longest * _MIN_LAST:
        return
    before, last = parts[-2:]
    for at in range(len(before) - 1, 0, -1):
        if before[at].opens in _ROWS:
            moved = [*before[at:], *last]
            if len(_rendered(moved)) <= longest / 2 and len(_numbers(moved, set())) <= MAX_CITATION_BUTTONS:
                parts[-2:] = [before[:at], moved]
            return


def _overfull(held: Sequence[Fragment], seen: set[int], most: int, longest: int) -> bool:
    if len(_numbers(held, seen)) > MAX_CITATION_BUTTONS:
        return True
    return most > longest and len(_rendered(held)) > longest


def _cut(held: Sequence[Fragment], longest: int) -> int:
    """Return how many fragments fill a message, one at least, not all.

    It ends before a section where that leaves half of a message, else before a row or, last, a block, where that leaves
    enough. The last fragment, which may be a citation that has no room for its button, is for the next message.
    """
    filled = {at: len(_rendered(held[:at])) / longest for at in range(1, len(held)) if held[at].opens}
    for openings, least in ((_SECTIONS, _MIN_SECTION), (_ROWS, _MIN_FILLED), (_BLOCKS, _MIN_FILLED)):
        for at in sorted(filled, reverse=True):
            if held[at].opens in openings and filled[at] >= least:
                return at
    return len(held) - 1


def _numbers(held: Sequence[Fragment], seen: set[int]) -> set[int]:
    """Return the citations whose buttons a message with these fragments needs."""
    return {atom.number for atom in held} - seen - {0}


def _most(atom: Fragment) -> int:
    return len(atom.text) + len(atom.lead) + _BOLD_CHARACTERS + len(atom.url) + len(_ADDRESS_LEAD) + 2


def _page(held: Sequence[Fragment], seen: set[int], accent: Accent) -> MessagePage:
    starts = [at for at, atom in enumerate(held) if not at or atom.opens in _BLOCKS]
    groups = [held[start:end] for start, end in itertools.pairwise([*starts, len(held)])]
    blocks = [
        TextBlock(_rendered(group, addresses=False), _address(group), bool(at) and group[0].opens is Opening.SECTION)
        for at, group in enumerate(groups)
    ]
    parts = tuple(block for block in blocks if block.text)
    laid_out = len(groups) > 1 or any(block.url for block in parts)
    return MessagePage(_rendered(held), tuple(sorted(_numbers(held, seen))), accent, parts if laid_out else ())


def _address(group: Sequence[Fragment]) -> str:
    return next((atom.url for atom in group if atom.url), "")


def _first(atom: Fragment) -> str:
    """Return the text of an atom that begins a message."""
    word = atom.text.lstrip().removeprefix(atom.lead.strip()).lstrip()
    return atom.lead + (unlisted(word) if " " not in word else word)


def _rendered(atoms: Sequence[Fragment], *, addresses: bool = True) -> str:
    """Return the text of one message, runs of bold between asterisks."""
    parts: list[str] = []
    bold = False
    for at, atom in enumerate(atoms):
        text = atom.text if at else _first(atom)
        if atom.bold != bold:
            blank = text[: len(text) - len(text.lstrip("\n> "))] if atom.bold else ""
            text = f"{blank}**{text[len(blank) :]}" if atom.bold else f"**{text}"
            bold = atom.bold
        elif bold and "\n" in text:  # bold does not go on in the next line
            blank = text[: len(text) - len(text.lstrip("\n> "))]
            text = f"**{blank}**{text[len(blank) :]}"
        parts.append(f"{text}{_ADDRESS_LEAD}<{atom.url}>" if atom.url and addresses else text)
    return "".join(parts).rstrip() + ("**" if bold else "")
