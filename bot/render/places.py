"""Says where an article's file lies, so that the path opens from where the person is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f<>\"\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Places:
    """Two folders, both absolute.

    Attributes:
        home: What recorded paths are relative to: the parent of the store.
        here: The person's current folder.
    """

    home: Path
    here: Path

    def path(self, recorded: str) -> str:
        """Return a recorded path relative to the current folder when it lies below it, else absolute."""
        if not recorded:
            return ""
        full = self.home / recorded
        return str(full.relative_to(self.here)) if full.is_relative_to(self.here) else str(full)


def web_address(url: str) -> str:
    """Return ``url`` when it is an http(s) address without white space or control characters, else nothing."""
    return url if _WEB.fullmatch(url) else ""
