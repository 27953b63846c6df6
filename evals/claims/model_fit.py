"""Fits the verifier's logistic regression, calibrates it, and writes it so that people can read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.verification.model import VerifierModel
from evals.fitting import CALIBRATION_C, fit_logistic

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

PENALTY = 0.01
"""scikit-learn's inverse penalty of the weighted sum. From .003 to .1, AUROC of claims left out moves by .005."""


def fit_model(names: Sequence[str], values: Floats, truth: Truth, weights: Floats) -> VerifierModel:
    """Fit the weighted sum; not calibrated yet."""
    return VerifierModel(fit_logistic(names, values, truth, weights, PENALTY))


def rescaled(fitted: VerifierModel, left_out: Floats, truth: Truth, weights: Floats) -> VerifierModel:
    """Return ``fitted`` calibrated by the raw log odds of claims left out (Platt, 1999)."""
    scale = fit_logistic(("odds",), left_out[:, None], truth, weights, CALIBRATION_C)
    return replace(fitted, scale=scale.weights["odds"], intercept=scale.intercept)


def as_text(record: Mapping[str, Any], fitted: VerifierModel) -> str:
    """Return the model's file: JSON, a line a weight."""
    data = {
        **record,
        "scale": round(fitted.scale, 4),
        "intercept": round(fitted.intercept, 4),
        "weights_intercept": round(fitted.linear.intercept, 4),
        "weights": {feature: round(weight, 4) for feature, weight in fitted.linear.weights.items()},
    }
    return json.dumps(data, indent=1) + "\n"
