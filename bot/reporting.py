"""Writes reports: over nothing but an older report."""

from __future__ import annotations

from pathlib import Path

from bot.render.report import GENERATOR
from retrieval.errors import InputError
from retrieval.loading.files import explain
from retrieval.loading.sources import shown

_HEAD = 1_000  # bytes in which a report says that it is one


def check_target(named: str) -> Path:
    """Return where a report is to be written.

    Raises:
        InputError: Something else stands there, or it cannot be written to.
    """
    target = Path(named).expanduser()
    try:
        if not named or target.is_dir() or not target.parent.is_dir():
            raise InputError(f"--html {shown(named)} cannot be written: name a file in a folder that exists")
        if target.exists():
            with target.open("rb") as file:
                if GENERATOR.encode() not in file.read(_HEAD):
                    raise InputError(f"--html {shown(named)} is not a report and is kept: choose another name")
    except (OSError, ValueError) as error:
        raise InputError(f"--html {shown(named)} {explain(error, target)}") from None
    return target


def write_report(target: Path, page: str) -> None:
    """Write a report.

    Raises:
        InputError: It cannot be written.
    """
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--html {shown(str(target))} {explain(error, target)}") from None
