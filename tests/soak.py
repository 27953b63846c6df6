"""Soak: sixteen people ask one process for minutes while it takes articles in and removes them.

``python -m tests.soak [--minutes N] [--askers N]``; ``make soak MINUTES=20``. What a few articles say, which stay, must
be in every answer to a question about it; every citation must be the very characters of a text that its article had.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bot.answers import Answer
from bot.app import App, build
from bot.settings import load
from retrieval.articles import article_id

PEOPLE = ("Anna Berg", "Carl Dorn", "Emma Falk", "Gina Holm", "Ivan Jost", "Karl Lund")
PORTS = ("Vell", "Marne", "Oster", "Tolk", "Brand", "Wyck")
CHANGING = 24
"""Articles that come and go."""


class SoakFault(AssertionError):
    """An answer was wrong or missing."""


class Soak:
    """One process that answers while its library changes.

    Args:
        folder: Empty; the articles and the store.
        overrides: Components of the app used instead of the real ones.

    Attributes:
        app: The process that is asked.
        counts: Answers by kind, and ingests.
    """

    def __init__(self, folder: Path, **overrides: object) -> None:
        self._news = folder / "news"
        self._news.mkdir()
        self._texts: dict[str, str] = {}
        for number, (who, port) in enumerate(zip(PEOPLE, PORTS, strict=True)):
            self._write(f"fixed{number}.txt", _fixed(number, who, port))
        self._write("moving0.txt", _moving(0, 0))
        settings = load(store_dir=folder / ".onrecord", chat_model="")
        self.app: App = build(settings, **overrides)  # type: ignore[arg-type]  # the caller's, by name
        self.app.ingest([str(self._news)])
        self.app.warm()
        self._over = threading.Event()
        self._guard = threading.Lock()
        self.counts: Counter[str] = Counter()

    def run(self, seconds: float, askers: int, tell: Callable[[str], None] = lambda _: None) -> None:
        """Ask and ingest for so long.

        Raises:
            SoakFault: An answer was wrong or missing; the first one.
        """
        until = time.monotonic() + seconds
        with self.app, ThreadPoolExecutor(askers + 1) as pool:
            dice = [random.Random(seed) for seed in range(askers)]  # noqa: S311 (repeatable, not secret)
            work = [pool.submit(self._guarded, partial(self._ask, each)) for each in dice]
            work.append(pool.submit(self._guarded, self._ingest))
            while time.monotonic() < until and not self._over.wait(min(30.0, max(0.05, until - time.monotonic()))):
                tell(self.summary())
            self._over.set()
            for each in work:
                each.result()

    def summary(self) -> str:
        """Return how many answers of each kind were right, and how often articles were read."""
        with self._guard:
            return ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))

    def _guarded(self, step: Callable[[], str]) -> None:
        try:
            while not self._over.is_set():
                done = step()
                with self._guard:
                    self.counts[done] += 1
        finally:
            self._over.set()

    def _write(self, name: str, text: str) -> None:
        self._texts[article_id(f"news/{name}", text)] = text
        fresh = self._news.parent / "fresh"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self._news / name)

    def _ingest(self) -> str:
        """Change, add and remove a few articles, and read the folder."""
        rng = random.Random(self.counts["ingests"])  # noqa: S311 (repeatable, not secret)
        for number in rng.sample(range(CHANGING), 4):
            if rng.random() < 0.4:
                (self._news / f"moving{number}.txt").unlink(missing_ok=True)
            else:
                self._write(f"moving{number}.txt", _moving(number, self.counts["ingests"]))
        self.app.ingest([str(self._news)], prune=True)
        return "ingests"

    def _ask(self, rng: random.Random) -> str:
        number = rng.randrange(len(PEOPLE))
        who, port = PEOPLE[number], PORTS[number]
        kind, question, expected = rng.choice(
            (
                ("facts", f"How many ships came to Port {port}?", f"{number + 3} hundred ships"),
                ("overviews", f"Tell me about Port {port}", f"Port {port}"),
                ("timelines", f"Timeline of Port {port}", f"Port {port}"),
                ("quotes", f"What did {who} say about Port {port}?", f"quay {number} will be repaired"),
                ("of others", f"Which bridge did town {rng.randrange(CHANGING)} open?", ""),
            )
        )
        answer = self.app.ask(question)
        self._check(answer)
        if expected and expected not in " ".join(each.quote for each in answer.citations):
            raise SoakFault(f"{question!r} was answered without {expected!r}: {answer.text!r}")
        return kind

    def _check(self, answer: Answer) -> None:
        """Check that each citation is the very characters of a text that its article had."""
        for cited in (*answer.citations, *answer.nearest):
            text = self._texts.get(cited.article.id)
            if text is None or text[cited.span.start : cited.span.end] != cited.quote:
                raise SoakFault(f"{answer.question!r} cites what no article says: {cited.quote!r}")


def _fixed(number: int, who: str, port: str) -> str:
    return (
        f"Ships at Port {port}\n\n"
        f"More than {number + 3} hundred ships came to Port {port} on March {number + 2}, 2014.\n\n"
        f"“At Port {port} quay {number} will be repaired before the winter,” said {who}, who keeps the harbour.\n\n"
        f"The council of Port {port} met on May {number + 4}, 2015, and voted for a new lighthouse on the pier.\n"
    )


def _moving(number: int, edition: int) -> str:
    filler = f"In edition {edition} the clerk of town {number} read it aloud to whoever came to hear it. "
    return (
        f"News of town {number}\n\nThe council of town {number} opened bridge {edition} on Monday.\n\n{filler * 12}\n"
    )


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--askers", type=int, default=16)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder))
        soak.run(60 * given.minutes, given.askers, lambda line: print(line, flush=True))  # noqa: T201
        print(f"no answer was wrong or missing: {soak.summary()}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
