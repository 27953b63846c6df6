"""Nearly the same words in one text: infix alignment by characters (edlib)."""

from __future__ import annotations

from collections import Counter


def align(run: str, target: str, limit: int) -> tuple[int, int, int] | None:
    """Return the words ``[first, last)`` of ``target`` that differ least from ``run``, and the character edits.

    ``target`` is an article's words, joined. None when more than ``limit`` edits are needed.
    """
    import edlib  # noqa: PLC0415 (loaded when words are not found as they stand)

    if not (run.isascii() and target.isascii()):
        run, target = _few_symbols(run, target)
    aligned = edlib.align(run, target, mode="HW", task="locations", k=limit)
    if aligned["editDistance"] < 0:
        return None
    start, end = aligned["locations"][0]
    start = end if start is None else start
    first = target.count(" ", 0, start + 1) - 1
    last = target.count(" ", 0, end + 1) - (target[end] == " ")
    first = max(0, first)
    return (first, last, int(aligned["editDistance"])) if first < last else None


class _Symbols(dict[int, str]):
    def __missing__(self, key: int) -> str:
        return "\x00"


def _few_symbols(run: str, target: str) -> tuple[str, str]:
    """Map two texts onto at most 250 symbols (edlib takes 256), all those that ``run`` lacks onto one."""
    kept = [char for char, _ in Counter(run).most_common(250) if char != " "]
    symbols = (code for code in range(1, 256) if code != ord(" "))
    table = _Symbols({ord(" "): " ", **{ord(char): chr(next(symbols)) for char in kept}})
    return run.translate(table), target.translate(table)
