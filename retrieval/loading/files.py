"""Finding files: paths, folders and globs as a person types them become files to read, each once, in a steady order."""

from __future__ import annotations

import glob
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from retrieval.loading.formats import READABLE, format_of
from retrieval.loading.sources import Problem, SourceFile, shown

_GLOB = frozenset("*?[")


def find(paths: Sequence[str], home: Path) -> Iterator[SourceFile | Problem]:
    """Yield the files that ``paths`` stand for, and a problem for each path or file that cannot be used.

    A folder stands for the readable formats in it and below it, by name; hidden files and other formats in it are
    passed over without a word. A symbolic link that leaves its folder is reported and not followed. A path that names a
    file directly is followed wherever it leads. A file that is reached twice comes once.

    Args:
        paths: Files, folders or globs (``**`` crosses folders), as typed.
        home: Folder that origins are relative to.
    """
    search = _Search(home)
    for typed in paths:
        yield from search.typed(typed)


class _Search:
    """One call of :func:`find`: what was already reached, and where origins start."""

    def __init__(self, home: Path) -> None:
        self._home = _resolved(home) or home.absolute()
        self._seen: set[Path] = set()

    def typed(self, typed: str) -> Iterator[SourceFile | Problem]:
        path = Path(typed)
        try:
            mode = path.stat().st_mode if typed else 0
        except (OSError, ValueError) as error:
            if _GLOB & set(typed) and isinstance(error, FileNotFoundError):
                yield from self._glob(typed)
            else:
                yield Problem(shown(typed), explain(error, path), refused=True)
            return
        if not typed:
            yield Problem('""', "is not a path: name a file, a folder or a glob", refused=True)
        elif stat.S_ISDIR(mode):
            yield from self._folder(path, typed)
        elif format_of(path) is None:
            yield Problem(shown(typed), f"is of a kind that is not read: use {READABLE}", refused=True)
        else:
            yield from self._file(path, typed)

    def _folder(self, folder: Path, typed: str) -> Iterator[SourceFile | Problem]:
        found = False
        root = _resolved(folder)
        if root is None:
            yield Problem(shown(typed), "cannot be followed: a loop of symbolic links", refused=True)
            return
        for reached in self._walk(folder, root, typed.rstrip("/") or "/"):
            found = True
            yield reached
        if not found and not self._seen_below(root):
            yield Problem(shown(typed), f"holds nothing that can be read: put {READABLE} files there", refused=True)

    def _seen_below(self, root: Path) -> bool:
        return any(path.is_relative_to(root) for path in self._seen)

    def _walk(self, folder: Path, root: Path, name: str) -> Iterator[SourceFile | Problem]:
        waiting = [(folder, name)]
        while waiting:
            current, shown_as = waiting.pop()
            below: list[tuple[Path, str]] = []
            try:
                entries = sorted(current.iterdir(), key=lambda entry: entry.name)
            except OSError as error:
                yield Problem(shown(shown_as), explain(error, current), refused=True)
                continue
            for entry in entries:
                entry_name = f"{shown_as.rstrip('/')}/{entry.name}"
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    yield from self._link(entry, root, entry_name)
                elif entry.is_dir():
                    below.append((entry, entry_name))
                elif format_of(entry) is not None:
                    yield from self._file(entry, entry_name)
            waiting.extend(reversed(below))

    def _link(self, link: Path, root: Path, name: str) -> Iterator[SourceFile | Problem]:
        target = _resolved(link)
        if target is None:
            if format_of(link) is not None:
                yield Problem(shown(name), "is a symbolic link to nothing: mend or remove it", refused=True)
        elif not target.is_relative_to(root):
            if format_of(link) is not None or target.is_dir():
                yield Problem(
                    shown(name), "is a symbolic link out of the folder, not followed: name its target", refused=True
                )
        elif format_of(link) is not None and not target.is_dir():  # a folder inside is reached by itself
            yield from self._file(target, name)

    def _glob(self, pattern: str) -> Iterator[SourceFile | Problem]:
        fixed = _fixed_part(pattern)
        root = _resolved(fixed)
        found = False
        for match in sorted(glob.iglob(pattern, recursive=True)) if root else ():  # noqa: PTH207 (keeps what was typed)
            path = Path(match)
            found = found or (format_of(path) is not None and path.is_file())  # perhaps reached before
            if path.is_symlink():
                reached = self._link(path, root or fixed, match)
            elif path.is_dir():
                # "**" names every folder too; their files are named by themselves.
                reached = iter(()) if "**" in pattern else self._walk(path, root or fixed, match.rstrip("/"))
            else:
                reached = self._file(path, match) if format_of(path) is not None else iter(())
            for one in reached:
                found = True
                yield one
        if not found:
            yield Problem(shown(pattern), f"matches nothing that can be read: files are {READABLE}", refused=True)

    def _file(self, path: Path, name: str) -> Iterator[SourceFile | Problem]:
        try:
            status = path.stat()
        except OSError as error:
            yield Problem(shown(name), explain(error, path), refused=True)
            return
        if not stat.S_ISREG(status.st_mode):
            yield Problem(shown(name), "is not a regular file (a device, pipe or socket): not opened", refused=True)
            return
        resolved = _resolved(path) or path.absolute()
        if resolved in self._seen:
            return
        self._seen.add(resolved)
        yield SourceFile(resolved, self._origin(resolved), status.st_size, shown(name))

    def _origin(self, path: Path) -> str:
        inside = path.is_relative_to(self._home)
        return shown((path.relative_to(self._home) if inside else path).as_posix())


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


def explain(error: OSError | ValueError, path: Path) -> str:
    """Return what is wrong with a path, as one line without the path itself."""
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            return "is a symbolic link to nothing: mend or remove it"
        return "is not there: check the spelling"
    if isinstance(error, PermissionError):
        return "cannot be opened: you lack the permission to read it"
    if isinstance(error, ValueError):
        return "is not a path: it holds a character that no file name can have"
    return f"cannot be opened: {error.strerror or 'unknown system error'}"
