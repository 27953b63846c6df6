"""What can go wrong below the faces, as one tree.

OnrecordError                 one line for a person: what failed, on which value, what to do next
├── InputError                what was handed in cannot be used
│   ├── ArticleNotFound       a name fits no article, or several
│   ├── ArticleError          one article or file was refused; the others go on
│   └── FilterError           a filter names a date, source or article that cannot be read
├── StoreError                the library or its vectors cannot be used as they are
│   ├── StoreMissing          nothing has been ingested here
│   ├── StoreLocked           another process is writing
│   │   └── LibraryIsReplica  another machine writes to the library, and this one never does
│   ├── StoreCorrupt          the file on disk is damaged
│   └── FingerprintMismatch   the store was embedded with another model
└── EmbeddingError            the embedding model is missing, altered or failing

``str(error)`` is fit to be shown to anybody: no traceback, no secret, no path that the person did not type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.text.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class OnrecordError(Exception):
    """The root of every error that is raised on purpose."""

    def __str__(self) -> str:
        return redact(super().__str__())


class InputError(OnrecordError):
    """What was handed in cannot be used."""


class ArticleError(InputError):
    """One article or file was refused; the others go on."""


class ArticleNotFound(InputError):
    """A name fits no article, or several.

    Args:
        message: Which, and what to do.
        named: The name.
        titles: The titles of those that it fits.
    """

    def __init__(self, message: str, named: str, titles: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.named, self.titles = named, tuple(titles)


class FilterError(InputError):
    """A filter names a date, source or article that cannot be read."""


class StoreError(OnrecordError):
    """The library or its vectors cannot be used as they are."""


NOTHING_INGESTED = "nothing has been ingested here yet: run `onrecord ingest PATH` first"


class StoreMissing(StoreError):
    """Nothing has been ingested here."""

    def __init__(self, message: str = NOTHING_INGESTED) -> None:
        super().__init__(message)


class StoreLocked(StoreError):
    """Another process is writing."""


class StoreCorrupt(StoreError):
    """The file on disk is damaged."""


class LibraryIsReplica(StoreLocked):
    """Another machine writes to the library, and this one never does."""


class FingerprintMismatch(StoreError):
    """The store was embedded with another model than the one configured."""


class EmbeddingError(OnrecordError):
    """The embedding model is missing, altered or failing."""


def explain_os_error(error: OSError | ValueError, path: Path) -> str:
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
