"""``python -m tests.torture [--kills N] [--seed N]``: how often to kill, and which run to repeat. ``make torture``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.torture.torment import Torment


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        torment = Torment(Path(folder), given.seed, tell=lambda line: print(line, flush=True))  # noqa: T201
        torment.run(given.kills)
    print(f"{torment.kills} kills ({torment.summary()}): nothing acknowledged was lost")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
