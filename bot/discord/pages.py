"""Cuts what is to be said into messages, never inside a word, a citation, a link or an escape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.discord.escape import escaped, unlisted

MAX_MESSAGE_CHARACTERS = 2_000
"""Characters of one message (Discord's limit on ``content``)."""
MAX_CITATION_BUTTONS = 15
"""Citations of one message: three rows of five; the other two rows are for what can be done with the answer."""

_WORD = re.compile(r"\s*\S+")
_BOLD_CHARACTERS = 4  # characters that bold adds to an atom at most
_MAX_WORD_CHARACTERS = 400  # characters of a "word" that is cut: no language has such, an article may


@dataclass(frozen=True, slots=True)
class Fragment:
    """Text that is never cut: an escaped word with the white space before it, a citation's number, a link.

    Attributes:
        text: What is shown.
        bold: Whether it is in bold.
        number: The citation it shows, 0 for none: its button stands under the message.
        lead: What is put before it where it begins a message: "> " inside a block quotation.
    """

    text: str
    bold: bool = False
    number: int = 0
    lead: str = ""


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message: at most ``MAX_MESSAGE_CHARACTERS`` characters, and the citations whose buttons stand under it."""

    text: str
    numbers: tuple[int, ...] = ()


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


def paginate(atoms: Iterable[Fragment], longest: int = MAX_MESSAGE_CHARACTERS) -> list[MessagePage]:
    """Return the messages that hold ``atoms``, each cut only between two of them."""
    pages: list[MessagePage] = []
    held: list[Fragment] = []
    numbers: set[int] = set()
    seen: set[int] = set()
    most = 0  # characters that what is held takes at most: rendering it to know costs more
    for atom in atoms:
        fresh = {atom.number} - seen - {0}
        most += len(atom.text) + len(atom.lead) + _BOLD_CHARACTERS
        full = len(numbers | fresh) > MAX_CITATION_BUTTONS or (
            most > longest and len(_rendered([*held, atom])) > longest
        )
        if held and full:
            pages.append(MessagePage(_rendered(held), tuple(sorted(numbers))))
            held, numbers, most = [], set(), len(atom.text) + len(atom.lead) + _BOLD_CHARACTERS
        held.append(atom)
        numbers |= fresh
        seen |= fresh
    if held:
        pages.append(MessagePage(_rendered(held), tuple(sorted(numbers))))
    return pages


def _first(atom: Fragment) -> str:
    """Return the text of an atom that begins a message."""
    word = atom.text.lstrip().removeprefix(atom.lead.strip()).lstrip()
    return atom.lead + (unlisted(word) if " " not in word else word)


def _rendered(atoms: Sequence[Fragment]) -> str:
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
        parts.append(text)
    return "".join(parts).rstrip() + ("**" if bold else "")
