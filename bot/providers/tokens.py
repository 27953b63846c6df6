"""Counts tokens, about: providers cut text differently, and their own counters need a network or a large package."""

from __future__ import annotations

ASCII_CHARACTERS = 3.6
OTHER_CHARACTERS = 1.5
"""Characters a token, low on purpose so that a prompt fits: OpenAI's documentation gives 4 for English, other scripts
take one to three tokens a character or two."""


def tokens(text: str) -> int:
    """Return about how many tokens ``text`` has, rather too many than too few."""
    plain = sum(map(str.isascii, text)) if not text.isascii() else len(text)
    return round(plain / ASCII_CHARACTERS + (len(text) - plain) / OTHER_CHARACTERS + 0.5)
