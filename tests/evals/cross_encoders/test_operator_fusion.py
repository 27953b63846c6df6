"""The fused graph of a quantised cross-encoder scores as the graph it was made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from evals.cross_encoders.export import export_int8
from evals.cross_encoders.trainer import start_model
from retrieval.embedding.cross_encoder import OnnxCrossEncoder
from tests.evals.cross_encoders.tiny import day_examples, write_base

pytestmark = pytest.mark.slow


def test_the_fused_graph_scores_as_the_model_does(tmp_path: Path) -> None:
    """As near as 8 bits allow, whatever the length of a pair."""
    write_base(tmp_path / "base")
    model = start_model(tmp_path / "base")
    with torch.no_grad():
        for each in model.parameters():  # as training does: no two biases are equal
            each.add_(torch.randn_like(each), alpha=0.1)
    export_int8(model, tmp_path / "shipped", 64)
    texts = [text for passage in day_examples(20).passages for text in passage.sentences]
    texts += [" ".join(texts[:4]), "strike"]
    found = OnnxCrossEncoder(tmp_path / "shipped").scores("When did the strike happen?", texts)
    expected = model.predict([("When did the strike happen?", text) for text in texts], show_progress_bar=False)
    assert np.abs(found - expected).max() < 0.1 * np.ptp(expected) + 0.01
    assert np.corrcoef(found, expected)[0, 1] > 0.99
