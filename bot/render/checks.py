"""What the doctor found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from bot.render.clean import line
from bot.render.documents import Document
from bot.render.layout import NO, NUMBER, QUIET, hanging, joined

if TYPE_CHECKING:
    from bot.doctor import Check

_NAME = 22  # cells: the longest name, "sentence-transformers", and a space


def checks_text(checks: Sequence[Check], width: int | None = None) -> Text:
    """Return a line a check, and under one that failed what mends it."""
    lines: list[Text] = []
    narrow = width is not None and width < 60
    for check in checks:
        sign = Text("✓ ", NUMBER) if check.ok else Text("✗ ", NO)
        name = Text.assemble(sign, check.name if narrow else check.name.ljust(_NAME), " " if narrow else "")
        rest = " " * (4 if narrow else name.cell_len)
        lines += hanging(Text(line(check.found)), width, first=name, rest=rest)
        if check.mend:
            lines += hanging(Text(f"→ {line(check.mend)}", QUIET), width, first=rest, rest=rest)
    wrong = sum(not check.ok for check in checks)
    summary = Text(f"{wrong} to mend.", NO) if wrong else Text("All is well.")
    return joined([*lines, Text(), summary])


def checks_document(checks: Sequence[Check]) -> Document:
    """Return the checks for a program."""
    listed = [{"name": each.name, "ok": each.ok, "found": each.found, "mend": each.mend or None} for each in checks]
    return {"ok": all(each.ok for each in checks), "checks": listed}
