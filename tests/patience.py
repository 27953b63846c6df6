"""Waiting in tests for what other threads and processes do."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 300.0
"""How long a test waits for what must come before it fails: a busy machine is no failure."""


def until(is_true: Callable[[], object]) -> None:
    """Return as soon as something is so.

    Raises:
        AssertionError: It was not in ``PATIENCE_SECONDS``.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)
