"""Scripted sentences over the seed articles, through the whole program: no false one is shown as supported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App, build
from bot.settings import Settings
from evals.claims.adversarial import ScriptedSentence, SentenceOutcome, judge_all, read_sentences
from retrieval.embedding.embedder import SentenceTransformerEmbedder

SENTENCES = read_sentences(Path(__file__).parent / "data" / "adversarial.jsonl")


@pytest.fixture(scope="module")
def outcomes(
    real_seeds_store: Path, real_embedder: SentenceTransformerEmbedder
) -> Iterator[dict[ScriptedSentence, SentenceOutcome]]:
    app: App
    with build(Settings(store_dir=real_seeds_store), embedder=real_embedder) as app:
        yield {each.sentence: each for each in judge_all(app, SENTENCES)}


@pytest.mark.parametrize("sentence", [each for each in SENTENCES if not each.true], ids=lambda each: str(each.kind))
def test_no_false_sentence_is_shown_as_supported(
    outcomes: dict[ScriptedSentence, SentenceOutcome], sentence: ScriptedSentence
) -> None:
    assert outcomes[sentence].state != "supported", outcomes[sentence]


def test_true_near_copies_are_shown(outcomes: dict[ScriptedSentence, SentenceOutcome]) -> None:
    true = [each for each in outcomes.values() if each.sentence.true]
    assert all(each.state in {"supported", "partly"} for each in true), [each for each in true if not each.shown]
