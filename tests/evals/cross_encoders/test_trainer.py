"""From examples to a shipped model, with a random network of two layers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from evals.cross_encoders.examples import ExampleGroup, ExamplePassage
from evals.cross_encoders.pipeline import TrainingOptions, TrainingRecipe, run
from evals.cross_encoders.trainer import TrainingPlan, start_model, train
from retrieval.embedding.cross_encoder import SCALE_FILE, OnnxCrossEncoder
from retrieval.errors import InputError
from tests.evals.cross_encoders.tiny import day_examples, write_base

pytestmark = pytest.mark.slow

PLAN = TrainingPlan(groups=8, epochs=8, learning_rate=5e-3, warmup=2, save_steps=40)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread: for so small a model more threads only wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "base"
    write_base(folder)
    return folder


def options(base: Path, folder: Path) -> TrainingOptions:
    return TrainingOptions(
        folder / "examples.gz",
        base,
        "a random network",
        layers=(0, 1),
        left_out=(1, 2),
        work=folder / "work",
        output=folder / "shipped",
        plan=PLAN,
    )


def days(files: Sequence[Path]) -> tuple[Sequence[ExamplePassage], Sequence[ExampleGroup]]:
    examples = day_examples(100)
    return examples.passages, examples.groups


def test_a_training_learns_and_ships_what_it_learned(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Texts of articles left out are ordered rightly by the 8-bit model, as the figures and the card say."""
    recipe = TrainingRecipe("train", "Scores days.", days, ("No licence.",), is_reader=True)
    run([tmp_path / "days"], options(base, tmp_path), recipe)
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["sets"]["days"]["groups"] == 20
    assert report["sets"]["days"]["hit_1"] > 0.9
    assert report["quantized"]["same_first"] > 0.9
    scores = OnnxCrossEncoder(tmp_path / "shipped").scores(
        "When did the strike happen?", ["The strike on Monday.", "The old strike."]
    )
    assert scores[0] > 0 > scores[1]
    assert len(json.loads((tmp_path / "shipped" / SCALE_FILE).read_text("utf-8"))["pairs"]) > 30
    card = (tmp_path / "shipped" / "README.md").read_text("utf-8")
    assert "Scores days." in card
    assert "No licence." in card
    assert "| days | 20 |" in card


def test_a_stopped_training_goes_on_from_its_checkpoint(base: Path, tmp_path: Path) -> None:
    """What it ends with is what it would have ended with."""
    examples = day_examples(40)
    plan = TrainingPlan(groups=8, epochs=2, learning_rate=5e-3, warmup=2, save_steps=2)
    whole, stopped = start_model(base), start_model(base)
    train(whole, examples, (1,), tmp_path / "whole", plan)
    train(stopped, examples, (1,), tmp_path / "stopped", plan)
    (tmp_path / "stopped" / "checkpoint-10").rename(tmp_path / "gone")
    again = start_model(base)
    assert train(again, examples, (1,), tmp_path / "stopped", plan)["steps"] == 10
    pairs = [("When did the strike happen?", text) for text in ("The strike on Monday.", "The old strike.")]
    np.testing.assert_allclose(again.predict(pairs), whole.predict(pairs), atol=0.02)


def test_another_plan_does_not_go_on_from_these_checkpoints(base: Path, tmp_path: Path) -> None:
    examples = day_examples(20)
    plan = TrainingPlan(groups=8, epochs=1, warmup=1, save_steps=50)
    train(start_model(base), examples, (), tmp_path, plan)
    with pytest.raises(InputError, match="holds another training"):
        train(start_model(base), examples, (), tmp_path, TrainingPlan(groups=4))


def test_a_base_that_is_not_there_or_has_fewer_layers_is_named(base: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no model"):
        start_model(tmp_path)
    with pytest.raises(InputError, match="has 2 layers"):
        start_model(base, (0, 2))
