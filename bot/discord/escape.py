"""The one place where text of articles, models and people becomes text that Discord shows as it is.

Discord's client renders Markdown, mentions, timestamps, custom emoji and bare addresses in whatever a bot sends, and
its server draws previews of addresses. After ``escaped`` none of these is left: what a person sees are the characters.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.render.layout import web_address
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import clean, line

MAX_LINK_CHARACTERS = 500
"""Characters of an address that is shown; longer ones are left out, since half an address is none."""

# Emphasis, code, spoilers, masked links, and "<" that begins mentions, timestamps, emoji and addresses.
_MARKS = LazyPattern(r"[\\*_~`|\[\]<>#]")
_LIST = LazyPattern(r"^([^\S\n]*)([-+](?=[\s\\]|$)|[0-9]{1,9}(?=\.(?:\s|$)))", re.MULTILINE)
_ADDRESS = LazyPattern(r":(?=//)")
_EMOJI = LazyPattern(r":(?=[\w+-]{1,64}:)")
_INVITE = LazyPattern(r"\b(discord(?:app)?|dsc)\.(?=[a-z]{2,5}/)", re.IGNORECASE)
_MENTION = LazyPattern(r"@(?=everyone|here|[!&]?[0-9])", re.IGNORECASE)
_ZERO_WIDTH_SPACE = "\u200b"  # zero width: between "@" and the name no server and no client sees a mention


def escaped(text: str) -> str:
    """Return ``text`` so that Discord shows it literally; lines are kept, invisible and bidirectional characters go.

    Safe wherever it is put, also at the start of a line or message, but not inside a code block.
    """
    shown = _MARKS.sub(r"\\\g<0>", clean(text))
    shown = unlisted(shown)
    shown = _INVITE.sub(r"\1\\.", _EMOJI.sub(r"\\:", _ADDRESS.sub(r"\\:", shown)))
    return _MENTION.sub(f"@{_ZERO_WIDTH_SPACE}", shown)


def unlisted(shown: str) -> str:
    """Return escaped text so that no line of it begins a list: what stood inside a line may come to begin one."""
    return _LIST.sub(lambda found: found[1] + (f"{found[2]}\\" if found[2].isdigit() else f"\\{found[2]}"), shown)


def escaped_line(text: str, longest: int = 0) -> str:
    """Return ``text`` escaped and on one line, cut to ``longest`` characters before it is escaped, where given."""
    plain = line(text)
    return escaped(plain if not longest or len(plain) <= longest else plain[: longest - 1].rstrip() + "…")


def safe_address(url: str) -> str:
    """Return a stored address as Discord may be given it: https, short, without a user's name; empty for any other."""
    address = web_address(url)
    if (
        not address.lower().startswith("https://")
        or len(address) > MAX_LINK_CHARACTERS
        or "@" in urlsplit(address).netloc
    ):
        return ""
    return address
