"""What a cross-encoder reads: the scored sentence first, its context behind separators."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.embedding.cross_encoder import OnnxCrossEncoder, passage_input, plain, sentence_input
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
