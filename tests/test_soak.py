"""Many people ask one process at once: what they read is what one alone reads, also while articles come and go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import Answer
from retrieval.embedding.embedder import SentenceTransformerEmbedder
from tests.soak import PEOPLE, PORTS, Soak, SoakFault

pytestmark = pytest.mark.slow


@pytest.fixture
def soak(tmp_path: Path, real_embedder: SentenceTransformerEmbedder) -> Soak:
    return Soak(tmp_path, embedder=real_embedder)


def test_no_answer_is_wrong_or_missing_while_articles_come_and_go(soak: Soak) -> None:
    """A few seconds of ``make soak``."""
    soak.run(4.0, askers=6)
    assert soak.counts["ingests"] > 0
    assert sum(soak.counts.values()) > soak.counts["ingests"]


def test_an_answer_that_lost_what_an_article_says_is_a_fault(soak: Soak) -> None:
    """The soak would see it: here the articles that stay were removed behind its back."""
    for number in range(len(PEOPLE)):
        soak.app.remove(f"news/fixed{number}.txt")
    with pytest.raises(SoakFault, match="was answered without"):
        soak.run(30.0, askers=2)


def test_answers_of_many_at_once_are_those_of_one_alone(soak: Soak) -> None:
    """Of every kind, to the last character, whoever else asks."""
    questions = [
        each.format(who=who, port=port)
        for who, port in zip(PEOPLE, PORTS, strict=True)
        for each in (
            "How many ships came to Port {port}?",
            "Tell me about Port {port}",
            "Timeline of Port {port}",
            "What did {who} say about Port {port}?",
            "Who keeps the harbour of Port {port}?",
            "Which outlets reported on Port {port} first?",
            "How many articles are about Port {port}?",
            "Do the articles disagree about Port {port}?",
        )
    ]

    def asked(question: str) -> Answer:
        return replace(soak.app.ask(question), timings={})

    alone = [asked(question) for question in questions]
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(asked, questions))
    assert together == alone
    assert sum(bool(each.citations) for each in alone) > len(alone) / 2
    soak.app.close()
