"""File discovery: paths, folders and globs as typed become files to read, each once, in a fixed order.

Also here: the formats by suffix, the types that loaders receive and return, and which recorded files are gone.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from retrieval.errors import explain_os_error
from retrieval.text.sanitize import printable


class Format(StrEnum):
    """A file format."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    RECORDS = "records"


SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".docm": Format.DOCX,
    ".doc": Format.DOCX,  # many are RTF, HTML or DOCX; the old format is refused by its name
    ".odt": Format.ODT,
    ".rtf": Format.RTF,
    ".jsonl": Format.RECORDS,
    ".ndjson": Format.RECORDS,
    ".jsonl.gz": Format.RECORDS,
    ".ndjson.gz": Format.RECORDS,
}
"""Every suffix that is read, in lower case, and its format."""

READABLE = ".txt, .md, .html, .pdf, .docx, .odt, .rtf, .jsonl, .jsonl.gz"
"""The formats as messages name them."""


def format_of(path: PurePath) -> Format | None:
    """Return the format of a file by its suffix, or None."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    return SUFFIXES.get("".join(suffixes)) or (SUFFIXES.get(suffixes[-1]) if suffixes else None)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    Attributes:
        path: Its path, symbolic links resolved.
        origin: Its name in a library: the POSIX path below the home folder, or the whole path outside of it.
        size: Bytes, when it was found.
        name: Its name in messages: as typed, printable.
    """

    path: Path
    origin: str
    size: int
    name: str


IsKnown = Callable[[str, bytes], bool]
"""Given an article's origin and the hash of its record, returns whether it was read from that record before."""


@dataclass(frozen=True, slots=True)
class UnchangedArticle:
    """An article whose record is the one that it was read from before.

    Attributes:
        origin: The article's origin.
    """

    origin: str


@dataclass(frozen=True, slots=True)
class LoadProblem:
    """Something a person should know about a file or one of its articles.

    Attributes:
        name: The file, as typed, printable.
        message: One line, without the name: what is wrong, with which value, what to do.
        refused: Whether the file or article was left out; False: a note on an article that was kept.
    """

    name: str
    message: str
    refused: bool

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


_GLOB = frozenset("*?[")
_MAX_LISTED = 20  # files of a folder that were not taken, by name
_STORE_FILE = "library.sqlite"


def find(paths: Sequence[str], home: Path) -> Iterator[SourceFile | LoadProblem]:
    """Yield the files of ``paths``, and a problem for each path or file that cannot be used.

    A folder contributes the readable formats in it and below it, by name. Files of other formats are named in notes,
    the first 20 of them; hidden files, lock files of Word (``~$``) and stores are skipped.
    A symbolic link out of the folder is reported and not followed; a link that is named directly is followed wherever
    it leads. A file that is reached twice is yielded once.

    Args:
        paths: Files, folders or globs (``**`` crosses folders), as typed.
        home: Folder that origins are relative to.
    """
    search = _FileSearch(home)
    for typed in paths:
        yield from search.typed(typed)


class _FileSearch:
    """One call of :func:`find`, with the files that were reached already."""

    def __init__(self, home: Path) -> None:
        self._home = _resolved(home) or home.absolute()
        self._seen: set[Path] = set()
        self._left: set[Path] = set()  # of other formats

    def typed(self, typed: str) -> Iterator[SourceFile | LoadProblem]:
        path = Path(typed)
        try:
            mode = path.stat().st_mode if typed else 0
        except (OSError, ValueError) as error:
            if _GLOB & set(typed) and isinstance(error, FileNotFoundError):
                yield from self._glob(typed)
            else:
                yield LoadProblem(printable(typed), explain_os_error(error, path), refused=True)
            return
        if not typed:
            yield LoadProblem('""', "is not a path: name a file, a folder or a glob", refused=True)
        elif stat.S_ISDIR(mode):
            yield from self._folder(path, typed)
        elif format_of(path) is None:
            yield LoadProblem(printable(typed), f"is of a kind that is not read: use {READABLE}", refused=True)
        else:
            yield from self._file(path, typed)

    def _folder(self, folder: Path, typed: str) -> Iterator[SourceFile | LoadProblem]:
        found = False
        root = _resolved(folder)
        if root is None:
            yield LoadProblem(printable(typed), "cannot be followed: a loop of symbolic links", refused=True)
            return
        others: list[str] = []
        for reached in self._walk(folder, root, typed.rstrip("/") or "/", others):
            found = True
            yield reached
        yield from _not_taken(printable(typed), others)
        if not found and not self._seen_below(root):
            yield LoadProblem(
                printable(typed), f"holds nothing that can be read: put {READABLE} files there", refused=True
            )

    def _seen_below(self, root: Path) -> bool:
        return any(path.is_relative_to(root) for path in self._seen)

    def _walk(self, folder: Path, root: Path, name: str, others: list[str]) -> Iterator[SourceFile | LoadProblem]:
        """Yield the files below a folder; add the names of those of other formats to ``others``."""
        waiting = [(folder, name)]
        while waiting:
            current, shown_as = waiting.pop()
            below: list[tuple[Path, str]] = []
            try:
                entries = sorted(current.iterdir(), key=lambda entry: entry.name)
            except OSError as error:
                yield LoadProblem(printable(shown_as), explain_os_error(error, current), refused=True)
                continue
            for entry in entries:
                entry_name = f"{shown_as.rstrip('/')}/{entry.name}"
                if entry.name.startswith((".", "~$")):
                    continue
                if entry.is_symlink():
                    yield from self._link(entry, root, entry_name)
                elif entry.is_dir():
                    if not (entry / _STORE_FILE).exists():
                        below.append((entry, entry_name))
                elif format_of(entry) is not None:
                    yield from self._file(entry, entry_name)
                elif entry.absolute() not in self._left:
                    self._left.add(entry.absolute())
                    others.append(entry_name)
            waiting.extend(reversed(below))

    def _link(self, link: Path, root: Path, name: str) -> Iterator[SourceFile | LoadProblem]:
        target = _resolved(link)
        if target is None:
            if format_of(link) is not None:
                yield LoadProblem(printable(name), "is a symbolic link to nothing: mend or remove it", refused=True)
        elif not target.is_relative_to(root):
            if format_of(link) is not None or target.is_dir():
                yield LoadProblem(
                    printable(name), "is a symbolic link out of the folder, not followed: name its target", refused=True
                )
        elif format_of(link) is not None and not target.is_dir():  # a folder inside is reached by itself
            yield from self._file(target, name)

    def _glob(self, pattern: str) -> Iterator[SourceFile | LoadProblem]:
        fixed = _fixed_part(pattern)
        root = _resolved(fixed)
        found = False
        for match in sorted(glob.iglob(pattern, recursive=True)) if root else ():  # noqa: PTH207 (keeps what was typed)
            path = Path(match)
            found = found or (format_of(path) is not None and path.is_file())  # perhaps reached before
            if path.is_symlink():
                reached = self._link(path, root or fixed, match)
            elif path.is_dir():
                # "**" matches every folder too; their files are matched by themselves.
                reached = iter(()) if "**" in pattern else self._walk(path, root or fixed, match.rstrip("/"), [])
            else:
                reached = self._file(path, match) if format_of(path) is not None else iter(())
            for one in reached:
                found = True
                yield one
        if not found:
            yield LoadProblem(
                printable(pattern), f"matches nothing that can be read: files are {READABLE}", refused=True
            )

    def _file(self, path: Path, name: str) -> Iterator[SourceFile | LoadProblem]:
        try:
            status = path.stat()
        except OSError as error:
            yield LoadProblem(printable(name), explain_os_error(error, path), refused=True)
            return
        if not stat.S_ISREG(status.st_mode):
            yield LoadProblem(
                printable(name), "is not a regular file (a device, pipe or socket): not opened", refused=True
            )
            return
        resolved = _resolved(path) or path.absolute()
        if resolved in self._seen:
            return
        self._seen.add(resolved)
        yield SourceFile(resolved, self._origin(resolved), status.st_size, printable(name))

    def _origin(self, path: Path) -> str:
        inside = path.is_relative_to(self._home)
        return printable((path.relative_to(self._home) if inside else path).as_posix())


def _not_taken(folder: str, names: Sequence[str]) -> Iterator[LoadProblem]:
    """Yield a note for each file of a folder that is of a format that is not read, up to ``_MAX_LISTED``."""
    for name in names[:_MAX_LISTED]:
        yield LoadProblem(printable(name), "was not taken: it is of a kind that is not read", refused=False)
    if len(names) > _MAX_LISTED:
        message = f"{len(names) - _MAX_LISTED:,} more files of kinds that are not read were not taken"
        yield LoadProblem(folder, message, refused=False)


def _fixed_part(pattern: str) -> Path:
    """Return the folder that a glob starts from: its parts before the first special character."""
    parts = PurePath(pattern).parts
    fixed = [part for index, part in enumerate(parts) if not any(_GLOB & set(before) for before in parts[: index + 1])]
    return Path(*fixed)


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a loop of links
        return None


def removed_origins(origins: Sequence[str], paths: Sequence[str], home: Path) -> Iterator[str]:
    """Yield the origins of files below ``paths`` that certainly exist no more.

    A file that cannot be checked (permissions, a failing disk) counts as existing.

    Args:
        origins: Files as a library names them: relative to ``home``, or whole paths.
        paths: Files, folders or globs, as typed.
        home: Folder that origins are relative to.
    """
    patterns = [_covered(typed) for typed in paths if typed]
    for origin in origins:
        place = home / origin
        if any(pattern.fullmatch(place.as_posix()) for pattern in patterns) and _is_gone(place):
            yield origin


def _covered(typed: str) -> re.Pattern[str]:
    """Return a pattern of whole paths: the file itself, everything below a folder, or what a glob matches."""
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
    """Return a pattern for one path segment of a glob."""
    return re.sub(r"(?<!\\)\.\*", "[^/]*", fnmatch.translate(part).removesuffix(r"\Z").removesuffix(r"\z"))


def _is_gone(place: Path) -> bool:
    try:
        os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
