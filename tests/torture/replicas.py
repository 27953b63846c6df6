"""Kills the machine that ingests, the Chroma server and the one that follows, while a fourth asks without a pause."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from retrieval.store.library import Library
from retrieval.vector_index.chroma import ServerAddress
from retrieval.vector_index.index import VectorIndex
from retrieval.vector_index.server import ServerBackend
from tests.chroma_server import ChromaServer
from tests.fakes import FakeEmbedder
from tests.torture.writer import WORDS

ROOT = Path(__file__).parents[2]
MAX_LAG = 30.0  # s in which a replica has to follow


class ReplicaTorment:
    """A writer's store, a replica's, and a server; asked all along, and compared in the end.

    Args:
        folder: Where all of it is made.
        seed: Which run.
        tell: Told a line every ten kills.
    """

    def __init__(self, folder: Path, seed: int, tell: Callable[[str], None] = lambda _: None) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (a seed, to repeat a run)
        self.tell = tell
        self.store, self.replica, self.shared = folder / "writer", folder / "replica", folder / "shared"
        self.shared.mkdir(parents=True)
        self.file = self.shared / "articles.sqlite"
        self.server = ChromaServer(folder / "chroma")
        self.said = (folder / "said").open("w+b")
        self.kills: Counter[str] = Counter()
        self.asked = 0
        self.revisions: set[int] = set()
        self.wrong: list[str] = []
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._done = threading.Event()

    def run(self, kills: int) -> None:
        """Kill ``kills`` processes, let the others finish, and compare.

        Raises:
            AssertionError: An answer was wrong, or the replica does not follow.
        """
        self.server.start()
        try:
            self._work(rounds=1)
            self._follow(once=True)
            readers = [threading.Thread(target=self._ask, args=(number,)) for number in range(2)]
            for reader in readers:
                reader.start()
            try:
                for done in range(1, kills + 1):
                    self._kill_one()
                    if done % 10 == 0:
                        self.tell(f"{done} kills: {self.summary()}")
                    assert self.wrong == []
                self._finish()
            finally:
                self._done.set()
                for reader in readers:
                    reader.join()
            self._compare()
        finally:
            for running in self._running.values():
                running.kill()
                running.wait()
            self.server.stop()
            self.said.close()

    def summary(self) -> str:
        """Return what was killed, and what was asked meanwhile."""
        killed = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        return f"{killed}; {self.asked:,} searches of {len(self.revisions)} revisions"

    def _kill_one(self) -> None:
        for name, start in (("writer", self._start_writer), ("follower", self._start_follower)):
            if name not in self._running or self._running[name].poll() is not None:
                self._running[name] = start()
        time.sleep(0.2 + self.rng.random() * 1.3)
        victim = self.rng.choice(["writer", "writer", "follower", "server"])
        if victim == "server":
            self.server.stop()
            time.sleep(self.rng.random())
            self.server.start()
        else:
            process = self._running.pop(victim)
            assert process.poll() is None, self._complaints()
            process.kill()
            process.wait()
        self.kills[victim] += 1

    def _finish(self) -> None:
        """Let the writer publish once more, undisturbed, and see how long the replica takes to follow."""
        for name in list(self._running):
            process = self._running.pop(name)
            process.kill()
            process.wait()
        self._running["follower"] = self._start_follower()
        self._work(rounds=3)
        with Library.open(self.store) as library:
            wanted = library.revision
        begun = time.monotonic()
        with Library.open(self.replica) as library:
            while library.revision != wanted:
                assert time.monotonic() - begun < MAX_LAG, self._complaints()
                time.sleep(0.05)
        self.tell(f"followed in {time.monotonic() - begun:.1f} s")

    def _compare(self) -> None:
        """Check that replica, writer and server have the same articles, and answer alike."""
        assert self.wrong == []
        with Library.open(self.store) as library, Library.open(self.replica) as replica:
            assert replica.check() == library.check() == []
            assert (replica.identity, replica.revision) == (library.identity, library.revision)
            assert replica.titles() == library.titles()
            for each in (library, replica):
                index = VectorIndex(each, ServerBackend(ServerAddress(self.server.url)))
                try:
                    assert index.problem() == ""
                    assert self._compared(each, index, "story of the harbour in town3")
                finally:
                    index.close()

    def _ask(self, number: int) -> None:
        """Ask until the end: every answer is of one revision, and as its library would give it."""
        rng = random.Random(number)  # noqa: S311 (as above)
        with Library.open(self.replica) as library:
            index = VectorIndex(library, ServerBackend(ServerAddress(self.server.url)))
            try:
                while not self._done.is_set() and not self.wrong:
                    with library.reading() as connection:
                        (held,) = connection.execute("SELECT count(*) FROM articles").fetchone()
                        (revision,) = connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
                        titles = {title for (title,) in connection.execute("SELECT title FROM articles")}
                    stories = {title.split()[0] for title in titles}
                    if len(titles) != held or held != 2 * len(stories):
                        self.wrong.append(f"half of a story in revision {revision}: {sorted(titles)}")
                    question = f"story of the {rng.choice(WORDS)} in town{rng.randrange(11)}"
                    if self._compared(library, index, question) is False:
                        self.wrong.append(f"{question!r} in revision {revision}")
                    self.asked += 1
                    self.revisions.add(int(revision))
            except Exception as error:  # noqa: BLE001 (no question may fail)
                self.wrong.append(f"{type(error).__name__}: {error}")
            finally:
                index.close()

    @staticmethod
    def _compared(library: Library, index: VectorIndex, question: str) -> bool | None:
        """Return whether a search gives what comparing with every vector does; None when a copy came meanwhile."""
        vector = FakeEmbedder().embed_query(question)
        before = library.revision
        found = index.search(vector, 5)
        ids, rows = library.vectors_of(library.article_ids())
        if library.revision != before:
            return None
        best = np.sort(rows @ vector)[::-1][:5] if ids else np.empty(0)
        known = {identifier for identifier, _ in found} <= set(ids)
        return known and len(found) == len(best) and bool(np.allclose([score for _, score in found], best, atol=1e-4))

    def _work(self, rounds: int) -> None:
        writer = self._start_writer(rounds)
        assert writer.wait(timeout=120) == 0, self._complaints()

    def _follow(self, *, once: bool) -> None:
        follower = self._start_follower(once=once)
        assert follower.wait(timeout=60) == 0, self._complaints()

    def _start_writer(self, rounds: int = 0) -> subprocess.Popen[bytes]:
        seed = str(self.rng.randrange(10**9))
        return self._start("tests.torture.writer", self.store, self.file, self.server.url, seed, str(rounds))

    def _start_follower(self, *, once: bool = False) -> subprocess.Popen[bytes]:
        how = ["--once"] if once else ["--every", "0.2"]
        return self._start("bot", "follow", self.file, "--store", self.replica, *how)

    def _start(self, module: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
        plain = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=plain, stdout=subprocess.DEVNULL, stderr=self.said
        )

    def _complaints(self) -> str:
        self.said.seek(0)
        return self.said.read().decode("utf-8", "replace")[-2_000:]
