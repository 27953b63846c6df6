"""Benchmark of whole commands, compared with the baseline script: processes in turn, from start to end."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from evals.bench.report import FigureTable, finish, spread
from retrieval.errors import InputError

QUESTION = "Who signed the agreement?"
_PROMPT = "› ".encode()
_PATIENCE = 60.0  # s


def run(
    folder: Path, *, rounds: int = 7, cache: Path | None = None, save: Path | None = None, json_output: bool = False
) -> int:
    """Measure, print; return 0.

    Args:
        folder: Articles to ask about.
        rounds: How often each command runs.
        cache: A folder that has or gets the model's ONNX export; None: a new one.
        save: A folder to keep the figures in.
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: There is no text in the folder, or a command fails.
    """
    texts = [file.read_text("utf-8", "replace") for file in sorted(folder.glob("*.txt"))]
    if not texts:
        raise InputError(f"{folder}: no .txt file; name a folder of articles")
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        environment = {
            **os.environ, "STORE_DIR": str(home / ".onrecord"), "CACHE_DIR": str(cache or home / "cache"),
            "HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "TERM": "xterm",
        }  # fmt: skip
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: with compiled modules
        ours, plain = [sys.executable, "-m", "bot"], [sys.executable, "-m", "evals.baseline.ask", str(home / "plain")]
        _ended([*ours, "ingest", str(folder.resolve())], environment)
        _ended(plain, environment, "\n".join(" ".join(text.split()) for text in texts))
        commands = {
            "onrecord --help": [*ours, "--help"],
            "onrecord articles": [*ours, "articles"],
            "onrecord quote": [*ours, "quote", texts[0].strip().splitlines()[-1][:120]],
            "onrecord ask": [*ours, "ask", QUESTION],
            "plain LangChain script": [*plain, QUESTION],
        }
        taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in (*commands, "REPL to its prompt")}
        for _ in range(rounds):
            for name, command in commands.items():
                taken[name].append(_ended(command, environment))
            taken["REPL to its prompt"].append((_prompted([*ours, "chat"], environment), 0.0, 0.0))
    report = _report(taken, rounds)
    finish("start", report, _tables(report), save=save, json_output=json_output)
    return 0


def _report(taken: Mapping[str, Sequence[tuple[float, float, float]]], rounds: int) -> dict[str, Any]:
    commands = {
        name: {
            "wall_s": spread([each[0] for each in every]),
            "cpu_s": round(median(each[1] for each in every), 3),
            "peak_mb": round(median(each[2] for each in every)),
        }
        for name, every in taken.items()
    }
    pairs = list(zip(taken["onrecord ask"], taken["plain LangChain script"], strict=True))
    ratios = {
        "wall": spread([one[0] / other[0] for one, other in pairs]),
        "memory": spread([one[2] / other[2] for one, other in pairs]),
    }
    return {"rounds": rounds, "commands": commands, "ask_to_plain": ratios}


def _tables(report: Mapping[str, Any]) -> list[FigureTable]:
    rows = [
        (name, each["wall_s"]["median"], each["cpu_s"] or "", each["peak_mb"] or "")
        for name, each in report["commands"].items()
    ]
    ratios = [(name, each["median"]) for name, each in report["ask_to_plain"].items()]
    return [
        FigureTable(f"whole processes, medians of {report['rounds']}", ("", "s", "cpu s", "peak MB"), rows),
        FigureTable("ask to the plain script", ("", "ratio"), ratios),
    ]


def _ended(command: Sequence[str], environment: Mapping[str, str], given: str = "") -> tuple[float, float, float]:
    """Run a command; return its wall-clock seconds, its processor seconds and its peak memory in MB."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as said:
        stdin.write(given.encode())
        stdin.seek(0)
        begun = perf_counter()
        process = subprocess.Popen(command, env=environment, stdin=stdin, stdout=said, stderr=subprocess.STDOUT)  # noqa: S603 (ours)
        _, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)  # it is waited for
        said.seek(0)
        if process.returncode:
            raise InputError(f"{command[2]} failed: {said.read().decode('utf-8', 'replace').strip()[-300:]}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _prompted(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the seconds until a program on a terminal shows its prompt."""
    ours, its = pty.openpty()
    begun = perf_counter()
    process = subprocess.Popen(command, env=environment, stdin=its, stdout=its, stderr=its)  # noqa: S603 (ours)
    os.close(its)
    try:
        seen = b""
        while _PROMPT not in seen:
            if perf_counter() - begun > _PATIENCE:
                raise InputError("the REPL shows no prompt")
            with contextlib.suppress(BlockingIOError):
                seen += os.read(ours, 65_536)
            if b"\x1b[6n" in seen:  # it asks where the cursor is, as terminals tell
                os.write(ours, b"\x1b[1;1R")
                seen = seen.replace(b"\x1b[6n", b"")
        return perf_counter() - begun
    finally:
        process.kill()
        process.wait()
        os.close(ours)
