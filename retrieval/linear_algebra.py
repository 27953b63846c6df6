"""Linear algebra: numpy's products run on the thread that asks for them.

OpenBLAS, with which numpy is built, wakes a thread a processor for products of a few hundred rows, and has them spin
for some milliseconds behind each: an overview took 125 ms of processor time for 94, and no less time until its answer.
"""

from __future__ import annotations

import os

THREADS_VARIABLE = "OPENBLAS_NUM_THREADS"


def use_one_thread() -> None:
    """Have numpy start no threads of its own, unless the environment says how many; before it is imported."""
    os.environ.setdefault(THREADS_VARIABLE, "1")
