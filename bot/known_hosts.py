"""Known hosts: which hosts a folder's ``.env`` has text sent to, each named once before anything is sent."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.settings import ENV_FILE, Settings
from retrieval.text.redaction import redact
from retrieval.text.sanitize import line

MAX_RECORD_BYTES = 1 << 20
"""Beyond, the record is begun anew: every host is named once more."""


def name_host(settings: Settings, host: str, deciding: Sequence[str]) -> None:
    """Say on stderr where text is about to be sent, if the folder's ``.env`` decides it and it was not said before.

    Said again when nothing can be remembered: the record is in the person's state folder, not in this one.

    Args:
        settings: The settings in use.
        host: Where text goes.
        deciding: The settings that decide it, as they are written.
    """
    names = [name for name in settings.from_folder if name in deciding]
    if not names:
        return
    file = ENV_FILE.absolute()
    entry = f"{host}\t{file}".encode("utf-8", "backslashreplace").decode().replace("\n", "\\n")
    record = state_folder() / "known_hosts"
    known = ""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if record.stat().st_size <= MAX_RECORD_BYTES:
            known = record.read_text("utf-8")
    if entry in known.splitlines():
        return
    withheld = f"; {', '.join(settings.withheld)} of the environment stays here" if settings.withheld else ""
    sys.stderr.write(
        f"onrecord: text is sent to {line(redact(host))}, as {shown(file)} says ({', '.join(names)}){withheld}\n"
    )
    with contextlib.suppress(OSError):
        record.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(record, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:  # noqa: PTH123 (a handle)
            stream.write(f"{known}{entry}\n")


def shown(file: Path) -> str:
    """Return a path as it is shown: the home folder is "~"."""
    with contextlib.suppress(ValueError, RuntimeError):
        return line(f"~/{file.relative_to(Path.home())}")
    return line(str(file))


def state_folder() -> Path:
    """Return the person's folder for what programs remember (XDG Base Directory Specification)."""
    given = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser()
    return given / "onrecord"
