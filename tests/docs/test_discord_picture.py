"""The picture of Discord: every text inside its box, marks in effect, nothing of a terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import discord_picture  # noqa: E402 (docs/ is not a package)

SVG = "{http://www.w3.org/2000/svg}"
LONG = (
    "A title that is much too long for one line beside a button, so that it goes on in the next one and the one after"
)
MESSAGE = [
    {
        "type": discord_picture.CONTAINER,
        "accent_color": 0x2D7D9A,
        "components": [
            {
                "type": discord_picture.TEXT_TYPE,
                "content": f"-# Small?\n> “Words **bold** ~~gone~~ \\*plain\\*” [1]\n- {LONG}",
            },
            {"type": discord_picture.SEPARATOR, "divider": True},
            {
                "type": discord_picture.SECTION,
                "components": [{"type": discord_picture.TEXT_TYPE, "content": f"**{LONG}** {'x' * 200}"}],
                "accessory": {"type": 2, "style": 5, "label": "Open", "url": "https://coast.example/a"},
            },
            {
                "type": discord_picture.ROW,
                "components": [{"type": 2, "style": 2, "label": f"Button {number}"} for number in range(8)],
            },
        ],
    }
]


def boxes(document: ET.Element) -> list[tuple[str, float, float]]:
    """Return each text with where it begins and ends."""
    return [
        (one.text or "", float(one.get("x", 0)), float(one.get("x", 0)) + float(one.get("textLength", 0)))
        for one in document.iter(f"{SVG}text")
    ]


def drawn() -> ET.Element:
    """Return the picture of a message that one person alone sees."""
    canvas = discord_picture.Canvas()
    discord_picture.draw_reply(canvas, "ana used /ask", [(MESSAGE, True)])
    return ET.fromstring(discord_picture.svg(canvas))  # noqa: S314 (our own)


def test_no_text_leaves_its_box_and_marks_take_effect() -> None:
    document = drawn()
    inner = discord_picture.LEFT + 600 - discord_picture.PADDING
    texts = boxes(document)
    assert all(start >= discord_picture.LEFT and end <= inner for text, start, end in texts if text != "O")
    said = [text.strip() for text, _, _ in texts]
    assert {"bold", "gone", "APP", "Open", "Only you can see this ·"} <= set(said)
    assert "*plain*” [1]" in said
    assert not any("**" in text or "~~" in text or "-#" in text for text in said)
    bold = [one for one in document.iter(f"{SVG}text") if one.get("font-weight") == "700"]
    assert "bold" in [one.text for one in bold]
    beside = next(start for text, start, _ in texts if text == "Open")
    title = [end for text, _, end in texts if text.startswith("A title") or set(text) == {"x"}]
    assert all(end < beside for end in title[1:]), "a title keeps clear of its button"


def test_the_picture_in_the_documents_has_nothing_past_its_edges() -> None:
    document = ET.parse(ROOT / "docs" / "discord.svg").getroot()  # noqa: S314 (our own)
    width = float(document.get("width", 0))
    texts = boxes(document)
    assert texts
    assert all(start >= 0 and end <= width - 24 for _, start, end in texts)
    assert "monospace" not in ET.tostring(document, "unicode")
    lines = sorted(float(one.get("y", 0)) for one in document.iter(f"{SVG}text"))
    assert lines[-1] < float(document.get("height", 0))
    assert [text for text, _, _ in texts if re.fullmatch(r"\[\d+\]", text)], "a button for each citation"
