"""``python -m tests.torture [--kills N] [--seed N] [--replicas]``: how often to kill, and which run to repeat.

``make torture``; ``make torture-replicas`` kills a writing machine, a following one and their Chroma server.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.torture.replicas import ReplicaTorment
from tests.torture.torment import Torment


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--replicas", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.replicas:
            replicas = ReplicaTorment(Path(folder), given.seed, tell=_tell)
            replicas.run(given.kills)
            _tell(f"{given.kills} kills ({replicas.summary()}): nothing half was seen, and the replica followed")
            return 0
        torment = Torment(Path(folder), given.seed, tell=_tell)
        torment.run(given.kills)
    _tell(f"{torment.kills} kills ({torment.summary()}): nothing acknowledged was lost")
    return 0


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
