"""Scripted sentences: read from their file, judged as a chat model's answers, and counted by kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.claims.adversarial import (
    AdversarialReport,
    ScriptedSentence,
    SentenceOutcome,
    judge_all,
    read_sentences,
    run,
)
from retrieval.errors import InputError
from tests.bot.fakes_bot import make_app
from tests.bot.fakes_verification import CountingVerifier

QUESTION = "What did the dockers do?"
TRUE = ScriptedSentence(QUESTION, "light", true=True, text="The dockers ended their strike.")
FALSE = ScriptedSentence(QUESTION, "name", true=False, text="The bakers ended their strike.")


def outcome(sentence: ScriptedSentence, state: str) -> SentenceOutcome:
    return SentenceOutcome(sentence, state, "", 0.5, ())


def test_a_report_counts_by_kind_and_gives_both_shares() -> None:
    states = ("supported", "partly", "withheld", "unconfirmed")
    outcomes = (*(outcome(TRUE, state) for state in states), outcome(FALSE, "supported"), outcome(FALSE, "partly"))
    report = AdversarialReport("file.jsonl", 2, outcomes)
    assert report.counts()[True, "light"] == dict.fromkeys(states, 1)
    assert list(report.counts()) == [(True, "light"), (False, "name")]
    figures = report.figures()
    assert figures["share of true supported or partly"] == 0.5
    assert figures["share of false supported"] == 0.5
    assert json.loads(json.dumps(report.document()))["outcomes"][0]["state"] == "supported"


@pytest.mark.parametrize(
    "record",
    [
        {"question": "Who?", "kind": "name", "sentence": "Ana."},
        {"question": "Who?", "kind": "name", "true": "yes", "sentence": "Ana."},
        {"question": " ", "kind": "name", "true": True, "sentence": "Ana."},
        {"question": "Who?", "true": True, "sentence": "Ana."},
    ],
)
def test_what_is_no_sentence_is_refused_in_one_line(record: object, tmp_path: Path) -> None:
    file = tmp_path / "sentences.jsonl"
    file.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InputError, match="record 1: write"):
        read_sentences(file)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no sentence"):
        run(tmp_path / "none.jsonl", [])


def test_sentences_are_judged_over_what_the_program_finds_for_their_question(tmp_path: Path) -> None:
    """A sentence of which only one half is shown is shown partly."""
    texts = {
        "The dockers ended their strike on Tuesday.": "supported",
        "The bakers baked a whale of brown bread.": "withheld",
        "The dockers ended their strike on Tuesday. The bakers baked a whale of brown bread.": "partly",
    }
    sentences = [ScriptedSentence(QUESTION, "any", true=True, text=text) for text in texts]
    with make_app(tmp_path, verifier=CountingVerifier()) as app:
        outcomes = judge_all(app, sentences)
    assert [each.state for each in outcomes] == list(texts.values())
    assert outcomes[2].shown == "The dockers ended their strike on Tuesday."
