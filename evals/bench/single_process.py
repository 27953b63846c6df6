"""A process that only answers questions: ``python -m evals.bench.single_process STORE CACHE``.

It reads JSON on stdin: a list of ``[kind, question, filters]``, and prints what :class:`ProcessFigures` has, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter, process_time, time
from typing import Any, TypeAlias

from retrieval.errors import InputError

AskedQuestion: TypeAlias = tuple[str, str, Mapping[str, Any]]
"""A kind's name, a question, and the fields of its ``Filters``."""


@dataclass(slots=True)
class ProcessFigures:
    """What a process measured of itself.

    Attributes:
        first_answer_s: Seconds from the start of the process to its first answer.
        seconds: Of each later question, by kind.
        cpu_seconds: The same in CPU time, which other processes lengthen less.
        peak_mb: Its peak memory; 0 where the system does not report it.
    """

    first_answer_s: float = 0.0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    cpu_seconds: dict[str, list[float]] = field(default_factory=dict)
    peak_mb: int = 0


def peak_mb(store: Path, cache: Path, questions: Sequence[str]) -> int | None:
    """Return the peak memory of a process that answered ``questions``; None where the system does not report it."""
    return ask_in_process(store, cache, [("", question, {}) for question in questions]).peak_mb or None


def ask_in_process(store: Path, cache: Path, questions: Sequence[AskedQuestion]) -> ProcessFigures:
    """Return what a new process measured that answered ``questions``, one after another.

    Raises:
        InputError: It failed.
    """
    command = [sys.executable, "-m", "evals.bench.single_process", str(store), str(cache), repr(time())]
    done = subprocess.run(command, input=json.dumps(questions), capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if done.returncode:
        raise InputError(f"a process of its own could not answer: {done.stderr.strip()[-300:]}")
    return ProcessFigures(**json.loads(done.stdout))


def main(arguments: list[str]) -> None:
    """Run."""
    from bot.app import build  # noqa: PLC0415 (what is imported is measured)
    from bot.settings import Settings  # noqa: PLC0415
    from retrieval.articles import Filters  # noqa: PLC0415

    found = ProcessFigures()
    questions = json.load(sys.stdin)
    with build(Settings(store_dir=Path(arguments[0]), cache_dir=Path(arguments[1]))) as app:
        for at, (kind, question, given) in enumerate(questions):
            fields: dict[str, Any] = {
                name: tuple(each) if isinstance(each, list) else each for name, each in given.items()
            }
            filters = Filters(**fields)
            begun, cpu = perf_counter(), process_time()
            app.ask(question, filters)
            if at:
                found.seconds.setdefault(kind, []).append(round(perf_counter() - begun, 4))
                found.cpu_seconds.setdefault(kind, []).append(round(process_time() - cpu, 4))
            else:
                found.first_answer_s = round(time() - float(arguments[2]), 2)
                app.warm()
    found.peak_mb = high_water() // 1024
    sys.stdout.write(f"{json.dumps(asdict(found))}\n")


def high_water() -> int:
    """Return the peak memory of this process in KB; that of ``getrusage`` may be its parent's."""
    try:
        status = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main(sys.argv[1:])
