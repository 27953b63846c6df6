"""Draws what the bot really sends as Discord shows it: the client's payloads in a simulated Discord become an SVG.

Each text has its width written beside it (``textLength``), so that it ends where it was laid out to end whatever font
a browser has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import simcord

from bot.app import App
from bot.discord.client import OnrecordBot

QUESTION = "Which tanks does Algeria have?"
QUOTATION = "extremist insurgencies that have destabilized small swaths of territory across the Sahel"
NO = "Who is the president of France?"

WIDTH = 720
"""Of the picture, in pixels."""
LEFT = 72
"""Where messages begin: right of the picture of who writes."""
RIGHT = WIDTH - 24
"""Where messages end."""
PADDING = 16
"""Between a container's border and what is in it."""

BACKGROUND, BOX, BORDER, RULE = "#313338", "#2b2d31", "#3f4147", "#3f4147"
TEXT, QUIET, LINK, CODE, BAR, BLURPLE = "#dbdee1", "#a6abb3", "#4aa3ff", "#1e1f22", "#5c5f66", "#5865f2"
BUTTON_COLOURS = {1: BLURPLE, 2: "#4e5058", 3: "#248046", 4: "#da373c", 5: "#4e5058"}
"""By Discord's number of the style."""

_FONT = "'gg sans','Helvetica Neue',Helvetica,Arial,sans-serif"
_WIDTHS = {
    " !,./:;I[]\\t f·": 278, '"': 355, "'ijl‘’": 222, "()-r`“”": 333, "*": 389, "&ABEKPSVXY": 667,
    "CDHNRUw": 722, "FTZ": 611, "GOQ": 778, "J": 500, "cksvxyz": 500, "M": 833, "m": 833, "W": 944, "%": 889,
    "@": 1015, "+<=>~": 584, "|": 260, "{}": 334, "—…": 1000,
}  # fmt: skip
"""Widths of characters in Helvetica, thousandths of the size (Adobe's metrics); others have the default."""
_WIDTH_OF = {character: width for characters, width in _WIDTHS.items() for character in characters}
_DEFAULT_WIDTH = 556
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]")
_EMOJI_WIDTH = 1250
_BOLD_FACTOR = 1.08
_HIDDEN = re.compile("[\u200b-\u200f\ufe0f]")
_MARKS = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|~~(?P<struck>.+?)~~|`(?P<code>[^`]+)`|\[(?P<masked>[^\]]+)\]\(<[^>]+>\)"
    r"|<(?P<link>https://[^>]+)>|\*(?P<italic>[^*\s][^*]*)\*"
)
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_PLACEHOLDER = 0xE000  # private characters stand for escaped ones while marks are looked for

TEXT_TYPE, SECTION, SEPARATOR, ROW, BUTTON, CONTAINER = 10, 9, 14, 1, 2, 17


@dataclass(frozen=True, slots=True)
class StyledRun:
    """Characters of one style on a line."""

    text: str
    style: str
    size: float

    @property
    def width(self) -> float:
        """In pixels."""
        return text_width(self.text, self.size, bold=self.style == "bold")


@dataclass(slots=True)
class Canvas:
    """What has been drawn, from top to bottom.

    Attributes:
        shapes: SVG elements.
        y: Where the next begins.
    """

    shapes: list[str] = field(default_factory=list)
    y: float = 20.0

    def rect(  # noqa: PLR0917 (as SVG's attributes are ordered)
        self, x: float, y: float, width: float, height: float, fill: str, more: str = ""
    ) -> None:
        """Draw a rectangle."""
        self.shapes.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"{more}/>')

    def run(self, x: float, y: float, run: StyledRun, fill: str = TEXT) -> float:
        """Draw a run on its baseline; return where it ends."""
        width = run.width
        if run.style == "code":
            self.rect(x - 2, y - run.size, width + 4, run.size * 1.35, CODE, ' rx="3"')
        look = {
            "bold": ' font-weight="700"',
            "italic": ' font-style="italic"',
            "struck": ' text-decoration="line-through"',
            "code": ' font-family="monospace"',
        }.get(run.style, "")
        colour = (
            LINK if run.style in {"link", "masked"} else "#f2f3f5" if run.style == "bold" and fill == TEXT else fill
        )
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{run.size:g}" fill="{colour}"{look} textLength="{width:.1f}" '
            f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(run.text)}</text>'
        )
        return x + width


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is, in pixels."""
    units = sum(
        _EMOJI_WIDTH if _EMOJI.match(each) else _WIDTH_OF.get(each, 680 if each.isupper() else _DEFAULT_WIDTH)
        for each in text
    )
    return units * size / 1000 * (_BOLD_FACTOR if bold else 1)


def runs_of(line: str, size: float) -> list[StyledRun]:
    """Return a line as Discord shows it: its marks take effect, escaped ones are characters."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[1])
        return chr(_PLACEHOLDER + len(kept) - 1)

    hidden = _ESCAPE.sub(keep, _HIDDEN.sub("", line))

    def shown(text: str) -> str:
        return "".join(
            kept[ord(each) - _PLACEHOLDER] if 0 <= ord(each) - _PLACEHOLDER < len(kept) else each for each in text
        )

    runs: list[StyledRun] = []
    at = 0
    for found in _MARKS.finditer(hidden):
        kind = found.lastgroup or ""
        runs += [StyledRun(shown(hidden[at : found.start()]), "", size), StyledRun(shown(found[kind]), kind, size)]
        at = found.end()
    return [run for run in [*runs, StyledRun(shown(hidden[at:]), "", size)] if run.text]


def wrapped(runs: Iterable[StyledRun], width: float) -> list[list[StyledRun]]:
    """Return runs in lines that fit, cut between words; a word that is too long for a line in itself is cut."""
    lines: list[list[StyledRun]] = [[]]
    used = 0.0
    for run in runs:
        for word in re.findall(r"\s+|\S+", run.text):
            piece = StyledRun(word, run.style, run.size)
            if used + piece.width > width and not word.isspace() and used:
                lines.append([])
                used = 0.0
            while piece.width > width:
                end = next(
                    n
                    for n in range(len(piece.text), 0, -1)
                    if StyledRun(piece.text[:n], run.style, run.size).width <= width
                )
                lines[-1].append(StyledRun(piece.text[:end], run.style, run.size))
                lines.append([])
                piece = StyledRun(piece.text[end:], run.style, run.size)
            if word.isspace() and not used:
                continue
            lines[-1].append(piece)
            used += piece.width
    return [_joined(line) for line in lines]


def _joined(line: Sequence[StyledRun]) -> list[StyledRun]:
    """Return a line with neighbours of one style in one run, and no white space at its end."""
    joined: list[StyledRun] = []
    for run in line:
        if joined and joined[-1].style == run.style:
            joined[-1] = StyledRun(joined[-1].text + run.text, run.style, run.size)
        else:
            joined.append(run)
    if joined:
        joined[-1] = StyledRun(joined[-1].text.rstrip(), joined[-1].style, joined[-1].size)
    return [run for run in joined if run.text]


async def picture(app: App) -> str:
    """Return an SVG of an answer, a passage, a quote check and an abstention."""
    canvas = Canvas()
    app.warm()
    async with simcord.run(OnrecordBot(app), settle_timeout=12) as env:
        guild = env.create_guild()
        channel, ana = guild.create_text_channel("desk"), guild.add_member(env.create_user("ana"))
        answer = await ana.slash(channel, "ask", question=QUESTION)
        draw_reply(canvas, "ana used /ask", _messages(answer))
        draw_reply(canvas, "ana pressed [1]", _messages(await ana.click(answer.response, label="[1]")))
        draw_reply(canvas, "ana used /quote", _messages(await ana.slash(channel, "quote", text=QUOTATION)))
        draw_reply(canvas, "ana used /ask", _messages(await ana.slash(channel, "ask", question=NO)))
        await env.bot.close()
    return svg(canvas)


def svg(canvas: Canvas) -> str:
    """Return what has been drawn as a document."""
    height = canvas.y
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONT}">'
    ground = f'<rect width="{WIDTH}" height="{height:g}" rx="8" fill="{BACKGROUND}"/>'
    return "\n".join([head, ground, *canvas.shapes, "</svg>\n"])


def _messages(result: Any) -> list[tuple[list[dict[str, Any]], bool]]:
    """Return the messages of an interaction: their components, and whether one person alone sees them."""
    return [
        ([one if isinstance(one, dict) else one.to_dict() for one in message.components], bool(message.flags.ephemeral))
        for message in [result.response, *result.followups]
        if message is not None
    ]


def draw_reply(canvas: Canvas, head: str, messages: Iterable[tuple[Sequence[dict[str, Any]], bool]]) -> None:
    """Draw the messages of one interaction under what led to them."""
    canvas.shapes.append(
        f'<path d="M36 {canvas.y + 20:g} v-8 q0 -6 6 -6 h22" fill="none" stroke="{BAR}" stroke-width="2"/>'
    )
    canvas.run(LEFT, canvas.y + 10, StyledRun(head, "", 14), QUIET)
    top = canvas.y + 20
    canvas.shapes.append(f'<circle cx="36" cy="{top + 20:g}" r="20" fill="{BLURPLE}"/>')
    canvas.run(30.5, top + 26, StyledRun("O", "bold", 16), "#ffffff")
    x = canvas.run(LEFT, top + 14, StyledRun("onrecord", "bold", 16)) + 6
    tag = StyledRun("APP", "bold", 10)
    canvas.rect(x, top + 2, tag.width + 10, 15, BLURPLE, ' rx="4"')
    canvas.run(x + 5, top + 13, tag, "#ffffff")
    canvas.y = top + 26
    for components, private in messages:
        for one in components:
            draw_component(canvas, one, LEFT, RIGHT)
        if private:
            canvas.run(LEFT, canvas.y + 12, StyledRun("Only you can see this · ", "", 12), QUIET)
            end = LEFT + StyledRun("Only you can see this · ", "", 12).width
            canvas.run(end, canvas.y + 12, StyledRun("Dismiss message", "", 12), LINK)
            canvas.y += 20
    canvas.y += 24


def draw_component(canvas: Canvas, one: dict[str, Any], left: float, right: float) -> None:
    """Draw a component between two edges, and what is in it."""
    kind = one["type"]
    if kind == CONTAINER:
        _draw_container(canvas, one, left, min(right, left + 600))
    elif kind == TEXT_TYPE:
        draw_text(canvas, one["content"], left, right)
        canvas.y += 8
    elif kind == SECTION:
        _draw_section(canvas, one, left, right)
    elif kind == SEPARATOR:
        if one.get("divider", True):
            canvas.rect(left, canvas.y + 3, right - left, 1, RULE)
        canvas.y += 14 if one.get("divider", True) else 4
    elif kind == ROW:
        _draw_row(canvas, one["components"], left, right)


def _draw_container(canvas: Canvas, one: dict[str, Any], left: float, right: float) -> None:
    top, below = canvas.y, Canvas(y=canvas.y + PADDING)
    for inner in one["components"]:
        draw_component(below, inner, left + PADDING + 4, right - PADDING)
    height = below.y - top + PADDING - 8
    canvas.rect(left, top, right - left, height, BOX, f' rx="8" stroke="{BORDER}"')
    if one.get("accent_color") is not None:
        bar = f"M{left + 6:g} {top:g} h-1 a5 5 0 0 0 -5 5 v{height - 10:g} a5 5 0 0 0 5 5 h1 z"
        canvas.shapes.append(f'<path d="{bar}" fill="#{one["accent_color"]:06x}"/>')
    canvas.shapes += below.shapes
    canvas.y = top + height + 8


def _draw_section(canvas: Canvas, one: dict[str, Any], left: float, right: float) -> None:
    button = one["accessory"]
    top, width = canvas.y, _button_width(button)
    for inner in one["components"]:
        draw_text(canvas, inner["content"], left, right - width - 12)
    _draw_button(canvas, button, right - width, top)
    canvas.y = max(canvas.y, top + 32) + 8


def _draw_row(canvas: Canvas, buttons: Iterable[dict[str, Any]], left: float, right: float) -> None:
    x = left
    for button in buttons:
        width = _button_width(button)
        if x > left and x + width > right:
            x = left
            canvas.y += 38
        _draw_button(canvas, button, x, canvas.y)
        x += width + 8
    canvas.y += 40


def _label(button: dict[str, Any]) -> StyledRun:
    return StyledRun(_HIDDEN.sub("", button.get("label") or ""), "", 14)


def _button_width(button: dict[str, Any]) -> float:
    return max(_label(button).width + 28 + (18 if button.get("url") else 0), 44)


def _draw_button(canvas: Canvas, button: dict[str, Any], x: float, y: float) -> None:
    width, label = _button_width(button), _label(button)
    faint = ' opacity="0.5"' if button.get("disabled") else ""
    canvas.rect(x, y, width, 32, BUTTON_COLOURS[button["style"]], f' rx="8"{faint}')
    shown = label.width + (18 if button.get("url") else 0)
    end = canvas.run(x + (width - shown) / 2, y + 21, label, "#ffffff")
    if button.get("url"):
        canvas.shapes.append(
            f'<path d="M{end + 7:.1f} {y + 20:g} l8 -8 m-6 0 h6 v6" fill="none" stroke="#fff" stroke-width="1.6"/>'
        )


def draw_text(canvas: Canvas, content: str, left: float, right: float) -> None:
    """Draw lines of Discord's Markdown: block quotations, small lines, lists, bold."""
    for line, start, size in _lines(content):
        height = 18 if size < 16 else 22
        if not line.strip() and not start:
            canvas.y += height / 2
            continue
        indent = {"> ": 14, "- ": 20}.get(start, 0)
        colour = QUIET if start == "-# " else TEXT
        for number, row in enumerate(wrapped(runs_of(line, size), right - left - indent) or [[]]):
            tall = height if row else height * 0.6
            if start == "> ":
                canvas.rect(left, canvas.y, 4, tall, BAR)
            if start == "- " and not number:
                canvas.shapes.append(f'<circle cx="{left + 8:g}" cy="{canvas.y + 11:g}" r="2.6" fill="{TEXT}"/>')
            x = left + indent
            for run in row:
                x = canvas.run(x, canvas.y + height - 6, run, colour)
            canvas.y += tall


def _lines(content: str) -> Iterator[tuple[str, str, float]]:
    """Yield each line without its mark, the mark, and the size of its letters."""
    for line in content.split("\n"):
        start = next((mark for mark in ("> ", "-# ", "- ") if line.startswith(mark)), "")
        if line == ">":
            start = "> "
        yield line[len(start) :], start, 13 if start == "-# " else 16
