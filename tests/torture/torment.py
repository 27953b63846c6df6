"""Kills processes and checks the store they leave: intact, nothing acknowledged lost, in the end as if undisturbed."""

from __future__ import annotations

import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.store.library import Library
from retrieval.store.schema import LIBRARY_FILE
from retrieval.vector_index.index import VectorIndex
from retrieval.vector_index.local import LocalBackend
from tests.fakes import FakeEmbedder
from tests.torture.victim import ACTIONS, MODELS, QUESTION
from tests.torture.wires import WIRES

ROOT = Path(__file__).parents[2]
LONGEST = {"here": 1.5, "child": 3.0}  # s until a victim that is killed at random is killed


class Torment:
    """Rounds of killed actions on one store, each round ended by undisturbed ones and a comparison.

    Args:
        folder: Where the store and the articles are made.
        seed: Which run.
        tell: Told a line a round.
        in_child: Whether the first round builds its indexes in child processes; then every second one does.
    """

    def __init__(
        self, folder: Path, seed: int, tell: Callable[[str], None] = lambda _: None, *, in_child: bool = False
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (a seed, to repeat a run)
        self.folder, self.news, self.store = folder, folder / "news", folder / "store"
        self.tell = tell
        self.kills = 0
        self.by_wire: Counter[str] = Counter()
        self.version = 0
        self.places = ["child", "here"] if in_child else ["here", "child"]
        self.model = MODELS[0]

    def run(self, kills: int) -> None:
        """Kill until ``kills`` victims have died.

        Raises:
            AssertionError: Something was lost, or is not whole, or differs from an undisturbed run.
        """
        while self.kills < kills:
            self.place = self.places[self.version % 2]
            self.change_news()
            for action in ("ingest", "prune", "rebuild", "ask"):
                if action == "rebuild":
                    self.model = next(model for model in MODELS if model != self.model)
                for _ in range(self.rng.randint(1, 3)):
                    self.kill(action)
                self.finish(action)
                if self.kills >= kills:
                    break
            self.compare()
            self.tell(f"{self.kills} kills: {self.summary()}")

    def summary(self) -> str:
        """Return how many died by each wire."""
        return ", ".join(f"{wire} {count}" for wire, count in sorted(self.by_wire.items()))

    def change_news(self) -> None:
        """Write another version of the articles: some new, some changed, some gone."""
        self.version += 1
        self.news.mkdir(exist_ok=True)
        for number in range(12):
            file = self.news / f"{number}.txt"
            if self.rng.random() < 0.2:
                file.unlink(missing_ok=True)
            elif self.rng.random() < 0.5 or not file.exists():
                file.write_text(_story(number, self.version))
        kept = [number for number in range(60) if self.rng.random() < 0.8]
        records = (
            {"id": f"r{n}", "title": f"Record {n}", "text": f"Record {n} says word{n} of {self.version * (n % 3)}."}
            for n in kept
        )
        (self.news / "all.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))

    def kill(self, action: str) -> None:
        """Run an action until its tripwire, or the clock, kills it; then look at what is left."""
        wire = self.rng.choice((*WIRES, "random", "random"))
        limit = {"statement": 400, "copy": 6}.get(wire, 3)
        victim = self._start(self.store, action, "none" if wire == "random" else wire, self.rng.randint(1, limit))
        if wire == "random":
            time.sleep(self.rng.random() * LONGEST[self.place])
            victim.kill()
        said, complaint = victim.communicate(timeout=120)
        if victim.returncode == -signal.SIGKILL:
            self.kills += 1
            self.by_wire[wire] += 1
        else:  # it was done before
            assert (victim.returncode, complaint) == (0, ""), (action, wire, complaint)
        kept = [int(each) for each in re.findall(r"kept (\d+)", said)]
        self.look(action, max(kept, default=0))

    def finish(self, action: str) -> None:
        """Do the action again, undisturbed."""
        victim = self._start(self.store, action, "none", 0)
        _, complaint = victim.communicate(timeout=240)
        assert (victim.returncode, complaint) == (0, ""), (action, complaint)

    def look(self, action: str, kept: int) -> None:
        """Check that the store is whole, holds what was acknowledged, and answers as its library would."""
        if not (self.store / LIBRARY_FILE).exists():
            assert kept == 0
            return
        with Library.open(self.store) as library:
            assert library.check() == []
            assert library.revision >= kept
            held = library.fingerprint
            if held is None:
                return
            assert held.name in MODELS
            question = FakeEmbedder(held.name).embed_query(QUESTION)
            index = VectorIndex(library, LocalBackend(self.store / "vectors"))
            ids, rows = library.vectors_of(library.article_ids())
            best = np.sort(rows @ question)[::-1][:5] if ids else np.empty(0)
            for _ in range(2):  # exactly, then by Chroma
                found = index.search(question, 5)
                assert np.allclose([score for _, score in found], best, atol=1e-5), action
                index.warm()
            index.close()

    def compare(self) -> None:
        """Compare the store with one made of the same articles by a process that nobody disturbed."""
        for action in ("ingest", "prune"):
            self.finish(action)
        other = self.folder / f"undisturbed-{self.version}"
        victim = self._start(other, "ingest", "none", 0)
        assert victim.communicate(timeout=240)[1] == ""
        assert content(self.store) == content(other)

    def _start(self, store: Path, action: str, wire: str, count: int) -> subprocess.Popen[str]:
        assert action in ACTIONS
        how = [action, self.model, wire, str(count), self.place]
        command = [sys.executable, "-m", "tests.torture.victim", store, self.news, *how]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def content(store: Path) -> dict[str, Any]:
    """Return all that a store holds, row for row and vector for vector, however it came there."""
    with Library.open(store) as library:
        held: dict[str, Any] = {}
        for info in library.articles():
            passages = library.passages_of(info.id)
            vectors = library.vectors([passage.id for passage in passages])
            held[info.origin] = (info, library.article(info.id), passages, vectors.tobytes())
        index = VectorIndex(library, LocalBackend(store / "vectors"))
        index.sync()
        snapshot = index.snapshot
        assert snapshot
        held["index"] = (snapshot.passages, library.counts(), library.fingerprint)
        index.close()
    with sqlite3.connect(store / LIBRARY_FILE) as connection:
        for table in ("files", "vectors", "staged", "passages", "texts", "quote_words", "vocabulary"):
            held[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        held["files"] = connection.execute("SELECT origin, sha256, problems FROM files ORDER BY origin").fetchall()
        held["words"] = connection.execute("SELECT term, doc, cnt FROM vocabulary ORDER BY term").fetchall()
        held["quotes"] = connection.execute("SELECT * FROM quote_words ORDER BY word").fetchall()
    connection.close()
    return held


def _story(number: int, version: int) -> str:
    paragraphs = [
        f"In year {number} the council of town{number} met. It spoke of point {n} and said it was the {version}. " * 9
        for n in range(4)
    ]
    return f"The council of town{number}\n\n" + "\n\n".join(paragraphs) + "\n"
