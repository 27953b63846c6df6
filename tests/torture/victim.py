"""The process that is killed: one action on a store, with a tripwire at the moment where it is to die.

``python -m tests.torture.victim STORE NEWS ACTION MODEL WIRE COUNT PLACE``; it says ``kept N`` for every revision that
it has committed. PLACE is where it builds its index: ``here`` or in a ``child``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from retrieval import ingest as ingesting
from retrieval import interpreter
from retrieval.errors import StoreError
from retrieval.store.library import Library
from retrieval.vector_index import chroma, local
from retrieval.vector_index.index import VectorIndex
from retrieval.vector_index.local import LocalBackend
from tests.fakes import FakeEmbedder
from tests.torture.wires import CHILD_WIRES, die, lay

ACTIONS = ("ingest", "prune", "rebuild", "ask")
QUESTION = "What did the council of town3 say?"
MODELS = ("fake", "fake-2")


def build_in_child(wire: str, count: str) -> None:
    """Have every index built in a child process, which may have a tripwire."""
    local.CHILD_BUILD_MIN = 0
    own = interpreter.command

    def command(module: str, *arguments: str) -> list[str]:
        if module != "retrieval.vector_index.builder":
            return own(module, *arguments)
        return own("tests.torture.child", wire, count, *arguments)

    interpreter.command = command


def act(store: Path, news: Path, action: str, embedder: FakeEmbedder) -> None:
    """Do one thing that the program does, and bring the index by meaning up to date, as it would."""
    ingesting.BATCH_PASSAGES = 24
    chroma._UPSERT_MAX = 40
    with Library.open(store, create=True) as library:

        def told(_: object) -> None:
            sys.stdout.write(f"kept {library.revision}\n")
            sys.stdout.flush()

        if action != "ask":
            paths = [] if action == "rebuild" else [str(news)]
            ingesting.ingest(
                library, embedder, paths, prune=action == "prune", rebuild=action == "rebuild", home=news.parent,
                on_progress=told,
            )  # fmt: skip
        index = VectorIndex(library, LocalBackend(store / "vectors"))
        if action != "ask":
            index.sync()
        index.warm()
        index.search(embedder.embed_query(QUESTION), 5)
        index.close()


def main() -> None:
    store, news, action, model, wire, count, place = sys.argv[1:8]
    embedder = FakeEmbedder(model)
    is_in_child = place == "child" and wire in CHILD_WIRES
    if place == "child":
        build_in_child(wire, count)
    if wire != "none" and not is_in_child:
        lay(wire, int(count), embedder)
    try:
        act(Path(store), Path(news), action, embedder)
    except StoreError:
        if not is_in_child:
            raise
        die()  # its child has


if __name__ == "__main__":
    main()
