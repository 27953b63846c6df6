"""The machine that ingests, until it is killed: pairs of articles, each stored or removed in one transaction.

``python -m tests.torture.writer STORE FILE URL SEED ROUNDS``; it says ``published N`` for every revision that it has
published and synchronised.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from bot.app import App, build
from bot.settings import Settings
from retrieval.articles import Article
from retrieval.errors import StoreError
from retrieval.store import replica
from retrieval.vector_index.chroma import ChromaError
from tests.fakes import FakeEmbedder, make_article, put, remove

WORDS = ("council", "harbour", "strike", "election", "storm", "museum", "railway")


def pair(number: int) -> list[Article]:
    """Two articles that are always stored, and removed, together."""
    word = WORDS[number % len(WORDS)]
    return [
        make_article(
            f"Half {half} of story {number} is about the {word} of town{number % 11}.", title=f"{number} {half}"
        )
        for half in "ab"
    ]


def work(app: App, rng: random.Random, rounds: int) -> None:
    """Store new pairs and remove others, ``rounds`` times; publish each round."""
    for _ in range(rounds):
        library = app.library_for_writing()
        held = sorted({int(title.split()[0]) for _, title, *_ in library.titles()})
        try:
            with app.publication.writing(library):
                for _ in range(rng.randint(1, 3)):
                    put(library, pair(rng.randrange(10**6)))
                if len(held) > 20:
                    remove(library, *(article.origin for article in pair(rng.choice(held))))
                if rng.random() < 0.1:
                    app._vector_backend().build(library, lambda *_: None)  # as for another model, or after damage
                app._update_index(library)
        except (StoreError, ChromaError) as error:
            sys.stderr.write(f"{error}\n")  # the server is away
        else:
            sys.stdout.write(f"published {library.revision}\n")
            sys.stdout.flush()


def main() -> None:
    store, file, url, seed, rounds = sys.argv[1:6]
    replica.PUBLICATION_PAUSE_SECONDS = 0.2
    settings = Settings(store_dir=Path(store), publish_file=file, chroma_url=url)
    with build(settings, embedder=FakeEmbedder()) as app:
        work(app, random.Random(int(seed)), int(rounds) or 10**9)  # noqa: S311 (a seed, to repeat)


if __name__ == "__main__":
    main()
