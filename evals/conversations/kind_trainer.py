"""``python -m evals train-kinds FILE…``: trains the model of question kinds on labelled questions."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answers import QuestionKind
from bot.composition.kind_model import KIND_MODEL, RULES_FILE, fitted_kinds, rule_features
from bot.composition.question_kind import decide_kind, kind_by_rule
from bot.conversation.store import Turn
from retrieval.embedding.model_files import DEFAULT_MODEL, find_model
from retrieval.errors import InputError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder
    from torch import Tensor

EPOCHS, BATCH = 3, 32
"""Passes over the questions, and questions a step."""
RATE, HEAD_RATE = 8e-5, 1.6e-3
"""The highest learning rate of the encoder, and that of what is new above it."""
WARMUP = 0.1
"""Share of the steps in which the rates rise; then they fall linearly to 0."""
FROZEN_LAYERS = 3
"""Lower layers that stay as they are, like the embeddings: they take most of the time and lose what they know."""
SMOOTHING = 0.05
"""Share of a label that is spread over all kinds."""
SORTED_BATCHES = 16
"""Batches within which questions are sorted by length, so that little is padded."""
MAX_TOKENS = 48
"""Word pieces of a question that are read."""
BASE = f"{DEFAULT_MODEL} (Apache-2.0)"
FACTS = 3_000
"""Questions for facts that are fitted on besides, so that facts about all the world stay facts."""

FRAGMENTS, FRAGMENT_WORDS = 800, range(5, 13)
"""Beginnings of that file's sentences, of so many words, that are fitted on as facts: what has the form of no question
is searched."""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and its kind.

    Attributes:
        kind: It.
        question: As it was asked.
        before: The question that it follows; empty where it follows none.
    """

    kind: QuestionKind
    question: str
    before: str = ""

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turn before it."""
        return (Turn(self.before, self.before, "", (), abstained=False, asked=0.0),) if self.before else ()

    @property
    def features(self) -> tuple[str, ...]:
        """What the rules say of it."""
        before = kind_by_rule(self.before) if self.before else None
        return rule_features(kind_by_rule(self.question, self.history), before)


def read_labelled(file: Path) -> list[LabelledQuestion]:
    """Return the labelled questions of a file; a line each, "#" begins a comment.

    A line is kind, tab, question; of a follow-up: kind, tab, the question before it, tab, question.

    Raises:
        InputError: The file cannot be read, or a line is not such.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read: {error}") from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, *before, question = line.split("\t") if "\t" in line else ("", line)
        if len(before) > 1 or kind not in set(QuestionKind):
            raise InputError(f"line {number} of {file} is no kind, tab and question: {line[:60]!r}")
        found.append(LabelledQuestion(QuestionKind(kind), question, *before))
    return found


@dataclass(frozen=True, slots=True)
class _Example:
    """A question to train on: its text, and the numbers of its kind and of its features of the rules."""

    text: str
    kind: int
    features: tuple[int, ...]


def train(
    questions: Sequence[LabelledQuestion], folder: Path, *, epochs: int = EPOCHS, frozen: int = FROZEN_LAYERS
) -> None:
    """Train a model on labelled questions and write its folder, with 8-bit weights.

    Args:
        questions: They.
        folder: Created when it is missing.
        epochs: Passes over them.
        frozen: Lower layers that stay as they are.
    """
    import torch  # noqa: PLC0415 (late: seconds)

    from evals.cross_encoders.export import export_int8  # noqa: PLC0415
    from evals.cross_encoders.trainer import start_model  # noqa: PLC0415

    torch.manual_seed(0)
    given = [each.features for each in questions]
    names = {name: at for at, name in enumerate(sorted(set(itertools.chain.from_iterable(given))))}
    kinds = {kind: at for at, kind in enumerate(sorted({each.kind for each in questions}))}
    examples = [
        _Example(" ".join(each.question.split()), kinds[each.kind], tuple(names[name] for name in features))
        for each, features in zip(questions, given, strict=True)
    ]
    model = start_model(find_model(DEFAULT_MODEL).folder, max_tokens=MAX_TOKENS, outputs=len(kinds))
    rules = torch.zeros(len(names), len(kinds), requires_grad=True)
    _fine_tune(model, rules, examples, epochs, frozen)
    export_int8(model, folder, MAX_TOKENS)
    rows = {name: [round(float(each), 3) for each in row] for name, row in zip(names, rules.detach(), strict=True)}
    data = {"kinds": [str(kind) for kind in kinds], "rules": rows}
    (folder / RULES_FILE).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _fine_tune(model: CrossEncoder, rules: Tensor, examples: Sequence[_Example], epochs: int, frozen: int) -> None:
    """Train the encoder, and the log odds ``rules`` ``(features, kinds)`` that the features of the rules add."""
    import torch  # noqa: PLC0415 (late: seconds)
    from torch.nn.functional import cross_entropy  # noqa: PLC0415

    transformer: Any = model[0].auto_model
    for layer in transformer.base_model.encoder.layer[:frozen]:
        layer.requires_grad_(False)
    new = [*transformer.classifier.parameters(), *transformer.base_model.pooler.parameters(), rules]
    known = {id(each) for each in new}
    old = [each for each in transformer.parameters() if each.requires_grad and id(each) not in known]
    optimizer = torch.optim.AdamW([{"params": old, "lr": RATE}, {"params": new, "lr": HEAD_RATE}])
    steps = max(1, epochs * -(-len(examples) // BATCH))
    rising = max(1, round(WARMUP * steps))
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / rising, (steps - step) / max(1, steps - rising))
    )
    cut = {"padding": True, "truncation": True, "max_length": MAX_TOKENS, "return_tensors": "pt"}
    model.train()
    for batch in _batches(examples, epochs):
        tokens = model.tokenizer([each.text for each in batch], **cut)
        given = torch.stack([rules[list(each.features)].sum(0) for each in batch])
        odds = transformer(**tokens).logits + given
        loss = cross_entropy(odds, torch.tensor([each.kind for each in batch]), label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        scheduler.step()
    model.eval()


def _batches(examples: Sequence[_Example], epochs: int) -> Iterator[Sequence[_Example]]:
    """Yield batches of questions of like length, each question once an epoch, in random order."""
    order = random.Random(0)  # noqa: S311 (no secret)
    size = BATCH * SORTED_BATCHES
    for _ in range(epochs):
        shuffled = order.sample(examples, len(examples))
        for start in range(0, len(shuffled), size):
            chunk = sorted(shuffled[start : start + size], key=lambda each: len(each.text))
            batches = [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
            yield from order.sample(batches, len(batches))


def figures(questions: Sequence[LabelledQuestion]) -> dict[str, float]:
    """Return the share of questions whose kind is decided right: in all, by rules alone, and by kind."""
    right = [decide_kind(each.question, each.history).kind is each.kind for each in questions]
    by_rule = [kind_by_rule(each.question, each.history) is each.kind for each in questions]
    found = {"all": sum(right) / len(right), "rules alone": sum(by_rule) / len(by_rule)}
    for kind in sorted({each.kind for each in questions}):
        ours = [one for one, each in zip(right, questions, strict=True) if each.kind is kind]
        found[str(kind)] = sum(ours) / len(ours)
    return {name: round(share, 3) for name, share in found.items()}


def run(files: Sequence[Path], *, facts: Path | None, held_out: Path | None, output: Path | None) -> dict[str, Any]:
    """Train the model, write its folder with its card, and return its figures.

    Args:
        files: Labelled questions.
        facts: A file in SQuAD's layout, whose questions are for facts: ``FACTS`` of the first half of its articles are
            trained on, those of the second half are left out.
        held_out: Labelled questions to measure on.
        output: The folder to write, which is not measured; None: the shipped model's.

    Raises:
        InputError: A file cannot be read.
    """
    questions = [each for file in files for each in read_labelled(file)]
    fitted, left_out = _fact_questions(facts) if facts else ([], [])
    fitted += _fragments(facts) if facts else []
    questions += [LabelledQuestion(QuestionKind.FACT, text) for text in fitted]
    train(questions, output or KIND_MODEL)
    found: dict[str, Any] = {"questions": len(questions)}
    if output:
        return found
    fitted_kinds.cache_clear()
    if left_out:
        found["facts left out"] = figures([LabelledQuestion(QuestionKind.FACT, text) for text in left_out])
    if held_out:
        found["held out"] = figures(read_labelled(held_out))
    _write_card(questions, found, files)
    return found


def _write_card(questions: Sequence[LabelledQuestion], found: dict[str, Any], files: Sequence[Path]) -> None:
    """Write ``README.md`` beside the shipped model."""
    times = Counter(file.name for file in files)
    given = ", ".join(f"`{name}`" + f" {number} times" * (number > 1) for name, number in times.items())
    digest = hashlib.sha256((KIND_MODEL / "model.onnx").read_bytes()).hexdigest()
    counts = Counter((str(each.kind), bool(each.before)) for each in questions)
    rows = "\n".join(
        f"| {kind} | {counts[kind, False]:,} | {counts[kind, True]:,} |"
        for kind in sorted({kind for kind, _ in counts})
    )
    measured = "\n".join(
        f"| {name} | {each['all']:.3f} | {each['rules alone']:.3f} |"
        for name, each in found.items()
        if isinstance(each, dict)
    )
    (KIND_MODEL / "README.md").write_text(
        f"""# {KIND_MODEL.name}: a text classifier

Log odds that a question asks for each kind of answer; `{RULES_FILE}` has what the rules' decision adds. A question is
read up to {MAX_TOKENS} word pieces.

- Base: {BASE}, its embeddings and lower {FROZEN_LAYERS} layers as they were
- Made by: `python -m evals train-kinds FILE… --facts FILE --held-out FILE`, {EPOCHS} passes
- `model.onnx`: 8-bit weights, SHA-256 `{digest}`
- Trained on questions written for this project (its licence): {given};
  and on questions and beginnings of sentences of SQuAD 2.0 (CC BY-SA 4.0) as questions for facts.

## Figures

Share of questions whose kind the whole decision, rules and model, gets right; by the rules alone.

| questions | right | rules alone |
|---|---|---|
{measured}

## Trained on

| kind | standalone | follow-ups |
|---|---|---|
{rows}
""",
        encoding="utf-8",
    )


def _fact_questions(file: Path) -> tuple[list[str], list[str]]:
    """Return questions of a SQuAD file to fit on, and as many of its other articles."""
    try:
        articles = json.loads(file.read_text(encoding="utf-8"))["data"]
        halves = articles[: len(articles) // 2], articles[len(articles) // 2 :]
        asked = [
            [qa["question"] for each in half for part in each["paragraphs"] for qa in part["qas"]] for half in halves
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} is not in SQuAD's layout: {type(error).__name__}: {error}") from None
    spread = [half[:: max(1, len(half) // FACTS)][:FACTS] for half in asked]
    return spread[0], spread[1]


def _fragments(file: Path) -> list[str]:
    """Return beginnings of sentences of the first half of a SQuAD file's articles, every other one as a question."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    texts = [part["context"] for each in articles[: len(articles) // 2] for part in each["paragraphs"]]
    sentences = [
        words for text in texts for each in text.split(". ") if len(words := each.split()) > FRAGMENT_WORDS[-1]
    ]
    spread = sentences[:: max(1, len(sentences) // FRAGMENTS)][:FRAGMENTS]
    lengths = [FRAGMENT_WORDS[number % len(FRAGMENT_WORDS)] for number in range(len(spread))]
    return [
        " ".join(words[:length]) + "?" * (number % 2)
        for number, (words, length) in enumerate(zip(spread, lengths, strict=True))
    ]
