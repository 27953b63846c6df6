"""Peak memory of a process that only answers questions: ``python -m evals.bench.single_process STORE CACHE``.

It answers the questions on stdin, one per line, and prints its peak memory in MB.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from retrieval.errors import InputError


def peak_mb(store: Path, cache: Path, questions: Sequence[str]) -> int | None:
    """Return the peak memory of a process that answered ``questions``; None where the system does not report it."""
    command = [sys.executable, "-m", "evals.bench.single_process", str(store), str(cache)]
    asked = "\n".join(" ".join(question.split()) for question in questions)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if done.returncode:
        raise InputError(f"a process of its own could not answer: {done.stderr.strip()[-300:]}")
    return int(done.stdout) or None


def main(arguments: list[str]) -> None:
    """Run."""
    from bot.app import build  # noqa: PLC0415 (what is imported is measured)
    from bot.settings import Settings  # noqa: PLC0415

    with build(Settings(store_dir=Path(arguments[0]), cache_dir=Path(arguments[1]))) as app:
        app.warm()
        for question in sys.stdin.read().splitlines():
            app.ask(question)
    sys.stdout.write(f"{_high_water() // 1024}\n")


def _high_water() -> int:
    """Return the peak memory of this process in KB; that of ``getrusage`` may be its parent's."""
    try:
        status = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main(sys.argv[1:])
