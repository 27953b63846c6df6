"""Short versions of ``make torture`` and ``make torture-replicas``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.replicas import ReplicaTorment
from tests.torture.torment import Torment

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("in_child", [False, True])
def test_a_store_survives_being_killed_again_and_again(tmp_path: Path, in_child: bool) -> None:
    """Nothing acknowledged is lost, nothing is half done, and what is finished is as if never disturbed."""
    torment = Torment(tmp_path, seed=1, in_child=in_child)
    torment.run(4)
    assert torment.kills >= 4


def test_a_replica_follows_whatever_is_killed(tmp_path: Path) -> None:
    """Every answer meanwhile is of one revision, and in the end writer and replica have the same."""
    torment = ReplicaTorment(tmp_path, seed=3)
    torment.run(3)
    assert sum(torment.kills.values()) == 3
    assert torment.asked > 0
