"""The card of a trained cross-encoder: what it is, from what it was made, what it reaches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.cross_encoders.evaluation import GroupFigures
from evals.cross_encoders.export import QuantizationFigures


@dataclass(frozen=True, slots=True)
class TrainingSummary:
    """What a card tells about a training.

    Attributes:
        purpose: One sentence: what a score means.
        base: The name and licence of the weights it began with.
        command: The command that made it.
        sets: Groups trained on, by set.
        left_out: Parts of the articles left out, on which the figures are.
        steps: Optimiser steps.
        max_tokens: Word pieces of a pair.
        notes: Doubts about licences, and limits, a sentence each.
    """

    purpose: str
    base: str
    command: str
    sets: Mapping[str, int]
    left_out: Sequence[int]
    steps: int
    max_tokens: int
    notes: Sequence[str]


def write_card(
    folder: Path, summary: TrainingSummary, figures: Mapping[str, GroupFigures], quantized: QuantizationFigures
) -> None:
    """Write ``README.md`` beside ``model.onnx`` in ``folder``."""
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    rows = "\n".join(
        f"| {name} | {each.groups:,} | {_cell(each.hit_1)} | {_cell(each.pair_auroc)} | {_cell(each.group_auroc)} |"
        for name, each in figures.items()
    )
    sets = "\n".join(f"| {name} | {count:,} |" for name, count in sorted(summary.sets.items()))
    differences = "\n".join(f"| {name.replace('_', ' ')} | {value:,} |" for name, value in asdict(quantized).items())
    (folder / "README.md").write_text(
        f"""# {folder.name}: a cross-encoder

{summary.purpose} A pair is read up to {summary.max_tokens} word pieces; the score is in log odds.

- Base: {summary.base}
- Made by: `{summary.command}`, {summary.steps:,} steps
- `model.onnx`: 8-bit weights, SHA-256 `{digest}`
{"".join(f"- {note}{chr(10)}" for note in summary.notes)}
## Figures

On groups whose articles were left out of the training (parts {", ".join(map(str, summary.left_out)) or "none"} of ten).

| set | groups | first text right | AUROC of texts | AUROC of groups |
|---|---|---|---|---|
{rows}

## Against the model before quantisation

| figure | value |
|---|---|
{differences}

## Trained on

| set | groups |
|---|---|
{sets}
""",
        encoding="utf-8",
    )


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
