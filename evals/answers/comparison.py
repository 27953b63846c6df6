"""Comparison of two runs of an evaluation over the same questions, from the JSON that each wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from evals.metrics import Interval, paired_bootstrap
from retrieval.errors import InputError

QuestionValues = Mapping[str, Mapping[str, float]]
"""For each question, a value of each metric that applies to it."""


def read_outcomes(file: Path) -> dict[str, dict[str, float]]:
    """Return the values of each question in the JSON document of an earlier run (its key "outcomes").

    Raises:
        InputError: The file is absent, or is no such document.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return {
            str(each["question"]): {str(name): float(value) for name, value in each["values"].items()}
            for each in document["outcomes"]
        }
    except FileNotFoundError:
        raise InputError(f"there is no file {file}: name the --json output of another run") from None
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not the --json output of this evaluation ({type(error).__name__})") from error


def compare_runs(ours: QuestionValues, file: Path) -> dict[str, Interval]:
    """Return for each metric ours minus the other run's, over the questions that both asked (paired bootstrap).

    Raises:
        InputError: The file cannot be read, or shares no question.
    """
    theirs = read_outcomes(file)
    shared = [question for question in ours if question in theirs]
    if not shared:
        raise InputError(f"{file} shares no question with this run: compare runs over the same questions")
    metrics = dict.fromkeys(metric for question in shared for metric in ours[question])
    pairs = {
        metric: [
            (ours[question][metric], theirs[question][metric])
            for question in shared
            if metric in ours[question] and metric in theirs[question]
        ]
        for metric in metrics
    }
    return {
        metric: paired_bootstrap([one for one, _ in found], [other for _, other in found])
        for metric, found in pairs.items()
        if found
    }


def show_differences(differences: Mapping[str, Interval]) -> None:
    """Print the differences between two runs as a table."""
    from rich.console import Console  # noqa: PLC0415 (late, as every face)
    from rich.table import Table  # noqa: PLC0415

    table = Table("metric", "this run − the other", "95 % interval", title="Paired bootstrap over the same questions")
    for metric, found in differences.items():
        table.add_row(metric.replace("_", " "), f"{found.mean:+.4f}", f"{found.low:+.4f} … {found.high:+.4f}")
    Console().print(table)
