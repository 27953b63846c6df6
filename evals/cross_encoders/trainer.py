"""Fine-tuning of a cross-encoder on groups of texts, on CPU or GPU, resumed from its last checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from evals.cross_encoders.examples import ExampleFile, ExampleGroup
from retrieval.embedding.cross_encoder import MAX_TOKENS
from retrieval.errors import InputError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

SORTED_CHUNKS = 3
"""Forward passes of a step, each over texts of like length, so that little is padded."""


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How a model is trained.

    Attributes:
        groups: Questions or claims a step.
        epochs: Passes over the examples.
        learning_rate: The highest, reached after ``warmup`` steps.
        warmup: Steps.
        decay: Whether it falls linearly to 0 after that. Without, a training can be stopped at any time and finished
            by a short one with.
        save_steps: Steps between checkpoints, of which the last two are kept.
        seed: Of the order of groups.
        listwise: Weight of the listwise loss beside the binary one.
    """

    groups: int = 10
    epochs: float = 1.0
    learning_rate: float = 8e-5
    warmup: int = 60
    decay: bool = True
    save_steps: int = 150
    seed: int = 0
    listwise: float = 1.0


class GroupLoss(nn.Module):
    """Binary cross-entropy of each text, and listwise cross-entropy of each group with the choice of none.

    The listwise part is the negative log share of the right texts in a softmax over the group's scores and a constant
    score of 0 for "none of these" (ListNet, Cao et al. 2007, with a null candidate): it orders texts of one question.
    The binary part makes scores comparable between questions.

    Args:
        model: The cross-encoder.
        listwise: Weight of the listwise part.
    """

    def __init__(self, model: CrossEncoder, listwise: float = 1.0) -> None:
        super().__init__()
        self.model = model
        self.listwise = listwise

    def forward(
        self, inputs: Sequence[Any], labels: Sequence[Tensor], prompt: str | None = None, task: str | None = None
    ) -> Tensor:
        """Return the mean loss of a batch: columns of texts, lists of texts and weights; labels of each group."""
        queries, lists, weights = inputs
        scores = self._scores(
            [(query, text) for query, texts in zip(queries, lists, strict=True) for text in texts], prompt, task
        )
        sizes = [len(texts) for texts in lists]
        truth = torch.cat(list(labels)).float().to(scores.device)
        factors = torch.tensor(weights, dtype=torch.float32, device=scores.device)
        pairwise = nn.functional.binary_cross_entropy_with_logits(scores, truth, reduction="none")
        spread = factors.repeat_interleave(torch.tensor(sizes, device=scores.device))
        loss = (pairwise * spread).sum() / spread.sum()
        groups = zip(torch.split(scores, sizes), torch.split(truth, sizes), factors, strict=True)
        listwise = torch.stack([factor * _none_or_right(each, right) for each, right, factor in groups])
        return loss + self.listwise * listwise.sum() / factors.sum()

    def _scores(self, pairs: Sequence[tuple[str, str]], prompt: str | None, task: str | None) -> Tensor:
        """Return the score of each pair, in order."""
        order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
        size = -(-len(order) // SORTED_CHUNKS)
        found = []
        for start in range(0, len(order), size):
            tokens = self.model.preprocess([pairs[at] for at in order[start : start + size]], prompt=prompt, task=task)
            tokens = {
                name: its.to(self.model.device) if isinstance(its, Tensor) else its for name, its in tokens.items()
            }
            found.append(self.model(tokens)["scores"].view(-1).float())
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(found)[back.to(found[0].device)]


def _none_or_right(scores: Tensor, truth: Tensor) -> Tensor:
    """Return the negative log share of the right texts of a group; of none, where none is right."""
    everything = torch.logsumexp(nn.functional.pad(scores, (0, 1)), 0)
    right = truth > 0.5
    return everything - torch.logsumexp(scores[right], 0) if bool(right.any()) else everything


class MasterWeightAdamW(torch.optim.AdamW):
    """AdamW that keeps float32 weights of a model in bfloat16 (Micikevicius et al. 2018).

    A step of the model itself would be lost in rounding. Against float32 weights under autocast a step of six layers
    takes a quarter less time on CPU.

    Args:
        parameters: The model's; those without gradient are left alone.
        learning_rate: As the scheduler begins with.
        weight_decay: Of matrices; biases and normalisation have none.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], learning_rate: float, weight_decay: float = 0.01) -> None:
        self._trained = [each for each in parameters if each.requires_grad]
        self._masters = [each.detach().float().clone() for each in self._trained]
        decayed = [each for each in self._masters if each.dim() > 1]
        others = [each for each in self._masters if each.dim() < 2]
        groups = [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
        super().__init__(groups, lr=learning_rate, fused=True)

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Update the float32 weights by the model's gradients and round them into the model."""
        for master, trained in zip(self._masters, self._trained, strict=True):
            master.grad = None if trained.grad is None else trained.grad.float()
        super().step(closure)
        self._round()

    def state_dict(self) -> dict[str, Any]:
        """Return AdamW's state with the float32 weights."""
        return {**super().state_dict(), "masters": self._masters}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take what ``state_dict`` returned."""
        super().load_state_dict({name: its for name, its in state_dict.items() if name != "masters"})
        with torch.no_grad():
            for master, saved in zip(self._masters, state_dict["masters"], strict=True):
                master.copy_(saved)
            self._round()

    def _round(self) -> None:
        for master, trained in zip(self._masters, self._trained, strict=True):
            trained.copy_(master)


def start_model(
    base: Path, layers: Sequence[int] | None = None, max_tokens: int = MAX_TOKENS, outputs: int = 1
) -> CrossEncoder:
    """Return a cross-encoder with the weights of ``base``, without dropout, its embeddings fixed.

    Args:
        base: A folder with a transformer and its tokenizer.
        layers: The layers that are kept, from 0; all by default.
        max_tokens: Word pieces of a pair.
        outputs: Scores of a pair.

    Raises:
        InputError: There is no such folder or layer.
    """
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 (late: seconds)

    if not (base / "config.json").is_file():
        raise InputError(f"there is no model in {base}: name a folder with config.json and weights")
    model: CrossEncoder = CrossEncoder(
        str(base),
        num_labels=outputs,
        max_length=max_tokens,
        activation_fn=nn.Identity(),
        model_kwargs={"attn_implementation": "eager"},  # its backward pass is the faster one on CPU
        config_kwargs={"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
        local_files_only=True,
    )
    transformer: Any = model[0].auto_model
    if layers is not None:
        stack = transformer.base_model.encoder.layer
        if not layers or max(layers) >= len(stack):
            raise InputError(f"{base} has {len(stack)} layers: choose from 0 to {len(stack) - 1}")
        transformer.base_model.encoder.layer = nn.ModuleList(stack[each] for each in layers)
        transformer.config.num_hidden_layers = len(layers)
    transformer.base_model.embeddings.requires_grad_(False)
    return model


def train(
    model: CrossEncoder,
    examples: ExampleFile,
    left_out: Sequence[int],
    folder: Path,
    plan: TrainingPlan,
    *,
    evaluated: int = 400,
) -> dict[str, float]:
    """Train ``model`` and keep it in ``folder/model``; goes on from the last checkpoint of the same plan.

    Args:
        model: Where to begin.
        examples: All examples.
        left_out: Parts that are not trained on; the model with the lowest loss on a sample of them is kept.
        folder: Checkpoints, the plan and the model.
        plan: Steps and rates.
        evaluated: Groups of that sample.

    Returns:
        The loss on the sample and the steps made.

    Raises:
        InputError: ``folder`` holds the checkpoints of another plan.
    """
    from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments  # noqa: PLC0415

    trained = [group for group in examples.groups if group.part not in left_out]
    held = [group for group in examples.groups if group.part in left_out][:evaluated]
    folder.mkdir(parents=True, exist_ok=True)
    _check_plan(folder / "plan.json", plan, len(trained), left_out)
    watched: dict[str, Any] = (
        {"eval_strategy": "steps", "eval_steps": plan.save_steps, "load_best_model_at_end": True} if held else {}
    )
    arguments = CrossEncoderTrainingArguments(
        output_dir=str(folder),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=plan.groups,
        per_device_eval_batch_size=plan.groups,
        learning_rate=plan.learning_rate,
        warmup_steps=plan.warmup,
        lr_scheduler_type="linear" if plan.decay else "constant_with_warmup",
        use_cpu=not torch.cuda.is_available(),
        seed=plan.seed,
        save_strategy="steps",
        save_steps=plan.save_steps,
        save_total_limit=2,
        logging_steps=max(plan.save_steps // 10, 1),
        report_to="none",
        disable_tqdm=True,
        **watched,
    )
    if _has_bf16():
        model.to(torch.bfloat16)
    optimizer = MasterWeightAdamW(model.parameters(), plan.learning_rate)
    trainer = CrossEncoderTrainer(
        model=model,
        args=arguments,
        train_dataset=_dataset(examples, trained),
        eval_dataset=_dataset(examples, held) if held else None,
        loss=GroupLoss(model, plan.listwise),
        optimizers=(optimizer, None),  # type: ignore[arg-type]  # None: the trainer makes the scheduler
    )
    trainer.train(resume_from_checkpoint=any(folder.glob("checkpoint-*")))
    figures = trainer.evaluate() if held else {}
    model.float().save_pretrained(str(folder / "model"), create_model_card=False)
    return {"steps": float(trainer.state.global_step), "loss": float(figures.get("eval_loss", float("nan")))}


def _dataset(examples: ExampleFile, groups: Iterable[ExampleGroup]) -> Any:
    from datasets import Dataset  # noqa: PLC0415

    rows = [
        {
            "query": group.text,
            "texts": [examples.input_text(each) for each in group.candidates],
            "weight": group.weight,
            "label": [each.label for each in group.candidates],
        }
        for group in groups
    ]
    return Dataset.from_list(rows)


def _has_bf16() -> bool:
    """Return whether the accelerator, or the processor, computes in bfloat16."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001


def _check_plan(path: Path, plan: TrainingPlan, groups: int, left_out: Sequence[int]) -> None:
    """Write the plan, or compare it with the one of the checkpoints that are there."""
    record = json.dumps({**asdict(plan), "trained": groups, "left_out": list(left_out)})
    if path.is_file() and path.read_text("utf-8") != record:
        raise InputError(f"{path.parent} holds another training ({path.read_text('utf-8')}): name an empty folder")
    path.write_text(record, "utf-8")
