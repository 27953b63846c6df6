"""The child process in which a victim builds its index, with a tripwire of its own: many small requests and writes.

``python -m tests.torture.child WIRE COUNT ARGUMENTS`` of ``retrieval.vector_index.builder``.
"""

from __future__ import annotations

import sys

from retrieval.vector_index import build_steps, builder, chroma
from tests.fakes import FakeEmbedder
from tests.torture.wires import CHILD_WIRES, lay


def main() -> int:
    wire, count, *arguments = sys.argv[1:]
    build_steps.REQUEST_ROWS = (20, 20)
    chroma._BUILD_SYNC = 60
    if wire in CHILD_WIRES:
        lay(wire, int(count), FakeEmbedder())
    return builder.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
