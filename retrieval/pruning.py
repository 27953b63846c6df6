"""Which files left the folders they were read from."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path


def gone(origins: Sequence[str], paths: Sequence[str], home: Path) -> Iterator[str]:
    """Yield the origins of files that were under ``paths`` and are certainly there no more.

    A file that cannot be looked at (permissions, a disk that fails) has not left.

    Args:
        origins: Files as a library knows them: relative to ``home``, or whole paths.
        paths: Files, folders or globs, as typed.
        home: Folder that origins are relative to.
    """
    areas = [_area(typed) for typed in paths if typed]
    for origin in origins:
        place = home / origin
        if any(area.fullmatch(place.as_posix()) for area in areas) and _has_left(place):
            yield origin


def _area(typed: str) -> re.Pattern[str]:
    """Return a pattern over whole paths: the file itself, everything below a folder, or what a glob stands for."""
    path = Path(typed)
    if path.exists() or not set(typed) & set("*?["):
        return re.compile(re.escape(path.resolve().as_posix().rstrip("/")) + "(?:/.*)?", re.DOTALL)
    parts = path.parts
    first = next(index for index, part in enumerate(parts) if set(part) & set("*?["))
    base = Path(*parts[:first]).resolve().as_posix().rstrip("/")
    pattern = re.escape(base)
    for part in parts[first:]:
        pattern += "(?:/.*)?" if part == "**" else "/" + _segment(part)
    return re.compile(f"{pattern}(?:/.*)?", re.DOTALL)


def _segment(part: str) -> str:
    """Return a glob's path segment as a pattern that stays within it."""
    return re.sub(r"(?<!\\)\.\*", "[^/]*", fnmatch.translate(part).removesuffix(r"\Z").removesuffix(r"\z"))


def _has_left(place: Path) -> bool:
    try:
        os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
