"""Export of a cross-encoder to ONNX with 8-bit weights, and its comparison with the model it was made from."""

from __future__ import annotations

import shutil
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from evals.cross_encoders.examples import ExampleFile, ExampleGroup
from evals.cross_encoders.operator_fusion import FusedGraph
from retrieval.embedding.cross_encoder import OnnxCrossEncoder
from retrieval.embedding.onnx import OPSET

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


@dataclass(frozen=True, slots=True)
class QuantizationFigures:
    """How far the exported model is from the one it was made from.

    Attributes:
        pairs: Pairs compared.
        mean_difference: Mean absolute difference of their scores, in log odds.
        largest_difference: The largest.
        same_first: Share of groups in which both rank the same text first.
        megabytes: Size of the graph.
        milliseconds: Mean time of a pair, with as many at once as there are processors.
    """

    pairs: int
    mean_difference: float
    largest_difference: float
    same_first: float
    megabytes: float
    milliseconds: float


def export_int8(model: CrossEncoder, folder: Path, max_tokens: int) -> None:
    """Write ``model.onnx`` with 8-bit weights (dynamic quantisation, a scale per channel), and the tokenizer.

    The graph of a BERT is fused (``evals.cross_encoders.operator_fusion``); another one is left as it is.

    Args:
        model: The trained model.
        folder: Created when it is missing.
        max_tokens: Word pieces at which ``tokenizer.json`` cuts a pair.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 (late: a second)

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        plain, quantized = Path(temporary) / "plain.onnx", Path(temporary) / "quantized.onnx"
        _export(model, plain)
        quantize_dynamic(plain, quantized, per_channel=True, weight_type=QuantType.QInt8)
        transformer: Any = model[0].auto_model
        config = transformer.config
        if config.model_type == "bert":
            FusedGraph(quantized, config.num_attention_heads).save(folder / "model.onnx")
        else:
            shutil.move(quantized, folder / "model.onnx")
    tokenizer = model.tokenizer.backend_tokenizer
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    tokenizer.save(str(folder / "tokenizer.json"))


def compare(
    model: CrossEncoder, exported: OnnxCrossEncoder, examples: ExampleFile, groups: Sequence[ExampleGroup], graph: Path
) -> QuantizationFigures:
    """Return how scores of ``groups`` differ between ``model`` and its export, the file ``graph``."""
    differences: list[float] = []
    same: list[bool] = []
    seconds = 0.0
    model.eval()
    for group in groups:
        texts = [examples.input_text(each) for each in group.candidates]
        began = time.perf_counter()
        ours = exported.scores(group.text, texts)
        seconds += time.perf_counter() - began
        theirs = model.predict([(group.text, text) for text in texts], show_progress_bar=False)
        differences += np.abs(ours - np.asarray(theirs)).tolist()
        same.append(int(np.argmax(ours)) == int(np.argmax(theirs)))
    return QuantizationFigures(
        pairs=len(differences),
        mean_difference=round(float(np.mean(differences)), 4),
        largest_difference=round(float(np.max(differences)), 4),
        same_first=round(float(np.mean(same)), 4),
        megabytes=round(graph.stat().st_size / 1e6, 2),
        milliseconds=round(1000 * seconds / len(differences), 2),
    )


def _export(model: CrossEncoder, path: Path) -> None:
    """Write the graph from token ids to scores: ``(n,)`` of one score a pair, else ``(n, scores)``."""
    transformer: Any = model[0].auto_model
    names = [
        name for name in ("input_ids", "attention_mask", "token_type_ids") if name in model.tokenizer.model_input_names
    ]

    class ScoreGraph(torch.nn.Module):
        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = transformer(**dict(zip(names, tensors, strict=True))).logits
            return found[:, 0] if found.shape[1] == 1 else found

    batch = model.tokenizer(
        [("Who?", "She resigned."), ("When?", "On Monday, it said.")], padding=True, return_tensors="pt"
    )
    axes = {0: "batch", 1: "token"}
    graph = ScoreGraph()
    graph.transformer = transformer
    transformer.float()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            graph.eval().cpu(),
            tuple(batch[name] for name in names),
            str(path),
            input_names=names,
            output_names=["score"],
            dynamic_axes=dict.fromkeys(names, axes) | {"score": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
