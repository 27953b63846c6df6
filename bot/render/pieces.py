"""Pieces of a difference as a terminal shows them: each mark is legible without its colour."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.style import Style
from rich.text import Text

from bot.render.clean import clean
from bot.render.difference import Mark, Piece
from bot.render.layout import QUIET

GOOD = Style(color="green", bold=True)
BAD = Style(color="red", bold=True)

_MARKS = {
    Mark.SAME: ("", "", Style()),
    Mark.QUOTED: ("[-", "-]", Style(color="red")),
    Mark.SOURCE: ("{+", "+}", Style(color="green")),
    Mark.HIDDEN: ("", "", QUIET),
    Mark.TELLING: ("*", "*", BAD),
}
_LEGENDS = {Mark.QUOTED: "only in the quotation", Mark.SOURCE: "only in the article"}
_LEFT_OUT = {Mark.HIDDEN, Mark.TELLING}

_LONG = 400  # characters of unchanged words shown in one run
_CUT = "⋯"  # where more of them stand: not the quotation's own ellipsis
_OPENING, _CLOSING = frozenset("\"“„«‘'"), frozenset("\"”“»’'")
_SPACE = re.compile(r"\s+")


def quoted(pieces: Iterable[Piece]) -> Text:
    """Return pieces on one line inside quotation marks, unless the words bring their own."""
    text = run_on(pieces)
    own = text.plain[:1] in _OPENING and text.plain[-1:] in _CLOSING and len(text.plain) > 1
    return text if own else Text.assemble("“", text, "”")


def run_on(pieces: Iterable[Piece]) -> Text:
    """Return pieces on one line; where unchanged words run on for long, their middle is left out."""
    text = Text()
    for piece in pieces:
        shown = _SPACE.sub(" ", clean(piece.text))
        if piece.mark is Mark.SAME and len(shown) > _LONG:
            shown = f"{shown[: _LONG // 2].rstrip()} {_CUT} {shown[-_LONG // 2 :].lstrip()}"
        if not text.plain or text.plain.endswith(" "):
            shown = shown.lstrip(" ")
        text.append_text(marked(Piece(piece.mark, shown)))
    text.rstrip()
    return text


def plain(words: str) -> Text:
    """Return words inside quotation marks."""
    return quoted([Piece(Mark.SAME, words)])


def bracketed(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Put each run of what is left out in brackets."""
    listed = list(pieces)
    for at, piece in enumerate(listed):
        if piece.mark in _LEFT_OUT and (at == 0 or listed[at - 1].mark not in _LEFT_OUT):
            yield Piece(Mark.HIDDEN, "[")
        yield piece
        if piece.mark in _LEFT_OUT and (at + 1 == len(listed) or listed[at + 1].mark not in _LEFT_OUT):
            yield Piece(Mark.HIDDEN, "]")


def marked(piece: Piece) -> Text:
    """Return one piece with its marks and colour."""
    opening, closing, style = _MARKS[piece.mark]
    return Text(f"{opening}{piece.text}{closing}", style)


def legend(pieces: Iterable[Piece]) -> Text:
    """Return what the marks of a word difference mean, those that occur."""
    occurring = dict.fromkeys(piece.mark for piece in pieces if piece.mark in _LEGENDS)
    return Text(" ").join(marked(Piece(mark, _LEGENDS[mark])) for mark in occurring)
