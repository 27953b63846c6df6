"""Numpy starts no threads of its own, unless somebody wants them."""

from __future__ import annotations

import os

import pytest

from retrieval.linear_algebra import THREADS_VARIABLE, use_one_thread


def test_products_run_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, "")  # recorded, so that it is put back
    monkeypatch.delenv(THREADS_VARIABLE)
    use_one_thread()
    assert os.environ[THREADS_VARIABLE] == "1"


def test_what_the_environment_says_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, "4")
    use_one_thread()
    assert os.environ[THREADS_VARIABLE] == "4"
