"""A short version of ``make torture``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.torment import Torment

pytestmark = pytest.mark.slow


def test_a_store_survives_being_killed_again_and_again(tmp_path: Path) -> None:
    """Nothing acknowledged is lost, nothing is half done, and what is finished is as if never disturbed."""
    torment = Torment(tmp_path, seed=1)
    torment.run(4)
    assert torment.kills >= 4
