"""One training from examples to shipped files: fine-tune, export, compare, evaluate, write the card."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from evals.cross_encoders.evaluation import evaluate
from evals.cross_encoders.examples import (
    PARTS,
    ExampleFile,
    ExampleGroup,
    ExamplePassage,
    read_examples,
    write_examples,
)
from evals.cross_encoders.model_card import TrainingSummary, write_card
from evals.cross_encoders.scale import write_scale
from evals.cross_encoders.trainer import TrainingPlan, start_model, train
from retrieval.embedding.cross_encoder import MAX_TOKENS, OnnxCrossEncoder
from retrieval.embedding.model_files import DEFAULT_MODEL, find_model
from retrieval.errors import InputError

COMPARED = 200
"""Groups on which the export is compared with the model."""
EVALUATED = 4_000
"""Most groups of the figures."""


@dataclass(frozen=True, slots=True)
class TrainingRecipe:
    """What one model is trained for, and on what.

    Attributes:
        command: The command that makes it.
        purpose: One sentence: what a score means.
        build: Returns the passages and groups made from files.
        notes: Doubts about licences, and limits, a sentence each, for the card.
        max_tokens: Word pieces of a pair that the model reads.
        is_reader: Whether other models are brought to its scale (``RERANKER_MODEL``).
    """

    command: str
    purpose: str
    build: Callable[[Sequence[Path]], tuple[Sequence[ExamplePassage], Sequence[ExampleGroup]]]
    notes: tuple[str, ...]
    max_tokens: int = MAX_TOKENS
    is_reader: bool = False


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What a person chooses for a training.

    Attributes:
        examples: The file of the built examples.
        base: The folder of the weights to begin with.
        base_name: Their name and licence, for the card.
        layers: The layers of it that are kept; None for all.
        left_out: Parts of the articles that are left out.
        work: Where checkpoints are; a training that is stopped goes on from there.
        output: Where the model is written.
        limit: Train on the first groups only.
        plan: Steps and rates.
    """

    examples: Path
    base: Path
    base_name: str
    layers: tuple[int, ...] | None
    left_out: tuple[int, ...]
    work: Path
    output: Path
    limit: int | None = None
    plan: TrainingPlan = field(default_factory=TrainingPlan)


def run(files: Sequence[Path], options: TrainingOptions, recipe: TrainingRecipe) -> None:
    """Build the examples unless their file is there, train, and write the model, its tokenizer and its card.

    Raises:
        InputError: There is neither a file of examples nor one to build them from; the base is missing; nothing is
            left to train on; or the training tools are not installed.
    """
    try:
        import accelerate  # noqa: F401, PLC0415
        import datasets  # noqa: F401, PLC0415
    except ImportError as error:
        raise InputError(f"training needs {error.name}: run pip install 'onrecord[train]'") from error
    from evals.cross_encoders.export import compare, export_int8  # noqa: PLC0415 (late: seconds)

    if not options.examples.is_file():
        _write(files, options.examples, recipe)
    examples = read_examples(options.examples)
    examples = ExampleFile(examples.passages, examples.groups[: options.limit])
    trained = [group for group in examples.groups if group.part not in options.left_out]
    held = [group for group in examples.groups if group.part in options.left_out][:EVALUATED]
    if not trained:
        raise InputError(f"nothing is left to train on in {options.examples.name}: leave fewer parts out")
    model = start_model(options.base, options.layers, recipe.max_tokens)
    result = train(model, examples, options.left_out, options.work, options.plan)
    export_int8(model, options.output, recipe.max_tokens)
    if recipe.is_reader:
        write_scale(options.output)
    exported = OnnxCrossEncoder(options.output)
    quantized = compare(model, exported, examples, (held or trained)[:COMPARED], options.output / "model.onnx")
    figures = evaluate(exported.scores, examples, held)
    summary = TrainingSummary(
        purpose=recipe.purpose,
        base=options.base_name,
        command=recipe.command,
        sets=Counter(group.source for group in trained),
        left_out=options.left_out,
        steps=int(result["steps"]),
        max_tokens=recipe.max_tokens,
        notes=recipe.notes,
    )
    write_card(options.output, summary, figures, quantized)
    named = {name: asdict(its) for name, its in figures.items()}
    sys.stdout.write(json.dumps({"training": result, "quantized": asdict(quantized), "sets": named}) + "\n")


def _write(files: Sequence[Path], path: Path, recipe: TrainingRecipe) -> None:
    """Build the examples and write them in random order."""
    if not files:
        raise InputError(f"there is no file {path}: name the files to build it from")
    passages, built = recipe.build(files)
    if not built:
        raise InputError(f"nothing to train on is in {', '.join(file.name for file in files)}: name other files")
    groups = list(built)
    random.Random(0).shuffle(groups)  # noqa: S311 (no secret)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_examples(path, passages, groups)


def options(
    *,
    examples: Path,
    base: Path | None,
    base_name: str,
    layers: str,
    leave_out: str,
    work: Path,
    output: Path,
    limit: int | None,
    epochs: float,
) -> TrainingOptions:
    """Return the options as a command gives them; the embedder's weights are the default base.

    Raises:
        InputError: A list of layers or parts is none.
    """
    return TrainingOptions(
        examples=examples,
        base=base or find_model(DEFAULT_MODEL).folder,
        base_name=base_name,
        layers=numbers(layers, "layers") or None,
        left_out=numbers(leave_out, "parts", PARTS),
        work=work,
        output=output,
        limit=limit,
        plan=TrainingPlan(epochs=epochs),
    )


def numbers(text: str, what: str, below: int = 100) -> tuple[int, ...]:
    """Return the numbers of a list as a command gives it.

    Raises:
        InputError: It is none, or a number is not below ``below``; ``what`` names them.
    """
    found = [each.strip() for each in text.split(",") if each.strip()]
    if not all(each.isdecimal() and int(each) < below for each in found):
        raise InputError(f"{text!r} is no list of {what}: write numbers from 0 to {below - 1} with commas")
    return tuple(int(each) for each in found)
