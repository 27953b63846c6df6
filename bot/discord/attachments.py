"""Files that people send: their names, and where they are put."""

from __future__ import annotations

import contextlib
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retrieval.errors import InputError
from retrieval.loaders.discovery import READABLE, SUFFIXES

ATTACHMENT_FOLDER = "received"
"""The folder of the store that keeps them: reading them again must find them."""
MAX_ATTACHMENT_BYTES = 20_000_000
"""Bytes of a file: what any page may have."""

_HEAD = re.compile(rb"<head\b[^>]{0,500}>", re.IGNORECASE)
_HAS_URL = re.compile(rb"rel\s*=\s*[\"']?canonical|og:url", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that came.

    Attributes:
        name: What its sender calls it; safe as a file's name.
        data: Its bytes.
    """

    name: str
    data: bytes


@dataclass(slots=True)
class SavedAttachment:
    """A file in the store.

    Attributes:
        path: Where it is.
        kept: Whether it stays: reading the articles again must find it.
    """

    path: Path
    kept: bool


def received_file(name: str, data: bytes, suffix: str = "") -> ReceivedFile:
    """Return a file under a name that is safe: the sender's letters and digits, and a suffix that tells its format.

    Raises:
        InputError: It is of a kind that is not read.
    """
    stem = PurePosixPath(name.replace("\\", "/")).name
    ending = suffix or _ending(stem)
    if not ending:
        raise InputError(f"a file of this kind is not read: send {READABLE}")
    plain = re.sub(r"[^\w-]+", "-", stem.partition(".")[0]).strip("-")[:60] or "article"
    return ReceivedFile(f"{plain}{ending}", data)


def _ending(name: str) -> str:
    """Return the suffix that tells the format: ".jsonl.gz", ".md"; empty where none does."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes[-2:]]
    return next((each for each in ("".join(suffixes), *suffixes[-1:]) if each in SUFFIXES), "")


def with_canonical_url(page: bytes, url: str) -> bytes:
    """Return a page that says where it came from: what names no address of its own gets the one it was fetched at."""
    head = _HEAD.search(page)
    if head is None or _HAS_URL.search(page):
        return page
    link = f'<link rel="canonical" href="{html.escape(url)}">'.encode("ascii", "xmlcharrefreplace")
    return page[: head.end()] + link + page[head.end() :]


@contextlib.contextmanager
def saved_attachment(store: Path, got: ReceivedFile) -> Iterator[SavedAttachment]:
    """Write a file into the store, under a name that no other content has.

    It is deleted at the end of the block unless it was kept, or was there before.
    """
    folder = store / ATTACHMENT_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(got.data).hexdigest()[:8]}-{got.name}"
    saved = SavedAttachment(path, kept=path.exists())
    try:
        path.write_bytes(got.data)
        yield saved
    finally:
        if not saved.kept:
            path.unlink(missing_ok=True)
