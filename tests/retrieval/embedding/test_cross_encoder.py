"""What a cross-encoder reads: the scored sentence first, its context behind separators."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding.cross_encoder import (
    DEFAULT_RERANKER,
    PACKAGED_MODELS,
    SCALE_FILE,
    LazyCrossEncoder,
    OnnxCrossEncoder,
    ScaledCrossEncoder,
    passage_input,
    plain,
    sentence_input,
)
from retrieval.errors import EmbeddingError

SENTENCES = ("The mayor resigned.", "He was 71.", "A vote follows in May.")


def test_a_sentence_comes_with_its_headline_and_the_one_before() -> None:
    assert sentence_input(SENTENCES, 1, "City hall") == "He was 71. [SEP] City hall [SEP] The mayor resigned."


def test_what_is_missing_leaves_its_place_empty() -> None:
    """So that the sentence before is never taken for a headline."""
    assert sentence_input(SENTENCES, 1, "") == "He was 71. [SEP]  [SEP] The mayor resigned."
    assert sentence_input(SENTENCES, 0, "") == "The mayor resigned. [SEP]  [SEP]"


def test_context_is_cut_at_a_word_and_the_sentence_is_not() -> None:
    long = "word " * 100
    found = sentence_input((long, long, long), 1, long).split(" [SEP] ")
    assert [len(part) for part in found] == [499, 99, 119]


def test_a_text_cannot_write_a_separator() -> None:
    """An article that contains one would otherwise put its words in the place of a headline."""
    assert plain("He [SEP] said\n[MASK] so") == "He said so"
    assert passage_input("A [SEP] b.", "C [SEP] d") == "A b. [SEP] C d"


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        OnnxCrossEncoder(tmp_path)


SCALE = PACKAGED_MODELS / DEFAULT_RERANKER / SCALE_FILE


class OtherModel:
    """The packaged model's scores of the pairs that scale others, changed."""

    def __init__(self, change: Callable[[float], float]) -> None:
        pairs = json.loads(SCALE.read_text("utf-8"))["pairs"]
        self._scores = {(query, text): change(score) for query, text, score in pairs}

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._scores[query, text] for text in texts], np.float32)


def test_the_packaged_model_puts_the_answer_first() -> None:
    model = LazyCrossEncoder()
    texts = [sentence_input(SENTENCES, place, "City hall") for place in range(len(SENTENCES))]
    for question, place in (("Who resigned?", 0), ("How old was the mayor?", 1), ("When is the vote?", 2)):
        assert int(np.argmax(model.scores(question, texts))) == place


def test_a_pair_scored_again_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also among others, and not for another question."""
    model = OnnxCrossEncoder(PACKAGED_MODELS / DEFAULT_RERANKER)
    first = model.scores("Who resigned?", ["The mayor resigned.", "A vote follows."])
    run: list[str] = []
    inputs, output = model._graph.inputs, model._graph.output
    counting = SimpleNamespace(inputs=inputs, output=lambda given: [run.append("run"), output(given)][1])
    monkeypatch.setattr(model, "_graph", counting)
    again = model.scores("Who resigned?", ["A vote follows.", "The mayor resigned.", "He was 71."])
    assert again[:2].tolist() == first[::-1].tolist()
    assert len(run) == 1
    model.scores("Who voted?", ["The mayor resigned."])
    assert len(run) == 2
    twice = model.scores("Who is 71?", ["He was 71.", "He was 71."])
    assert (twice[0], len(run)) == (twice[1], 3)


def test_of_the_pairs_that_are_remembered_the_latest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.embedding.cross_encoder.SCORES_KEPT", 2)
    model = OnnxCrossEncoder(PACKAGED_MODELS / DEFAULT_RERANKER)
    for text in ("One.", "Two.", "One.", "Three."):
        model.scores("Who?", [text])
    assert [text for _, text in model._kept] == ["One.", "Three."]


def test_nothing_is_scored_without_loading_the_model(tmp_path: Path) -> None:
    assert LazyCrossEncoder(str(tmp_path)).scores("Who?", []).shape == (0,)


def test_another_models_scores_are_brought_to_the_packaged_ones_scale() -> None:
    """The decision to answer is calibrated on these."""
    query, text, score = json.loads(SCALE.read_text("utf-8"))["pairs"][0]
    scaled = ScaledCrossEncoder(OtherModel(lambda each: 0.1 * each + 40.0), "other", SCALE)
    assert scaled.scores(query, [text])[0] == pytest.approx(score, abs=0.01)


@pytest.mark.parametrize("change", [lambda _: 1.0, lambda each: -each, lambda _: float("nan")])
def test_a_model_that_does_not_rank_answers_first_is_refused(change: Callable[[float], float]) -> None:
    with pytest.raises(EmbeddingError, match="does not rank answers above other sentences: correct RERANKER_MODEL"):
        ScaledCrossEncoder(OtherModel(change), "other", SCALE)


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(EmbeddingError, match="set RERANKER_MODEL to its folder"):
        LazyCrossEncoder("no-such/cross-encoder")
