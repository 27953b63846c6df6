"""Tokens of a claim beside those of the sentences that may support it."""

from __future__ import annotations

import numpy as np

from bot.verification.alignment import word_of_token
from retrieval.embedding.token_vectors import TokenEmbedder, TokenVectors
from retrieval.text.tokens import read_words
from tests.fakes import FakeEmbedder


def test_every_token_belongs_to_the_word_it_is_part_of() -> None:
    words = read_words("Ada Quill spoke.")
    tokens = TokenVectors(np.array([[0, 3], [4, 6], [6, 9], [10, 15], [15, 16]], np.int32), np.eye(5, 8), np.ones(8))
    assert word_of_token(words, tokens).tolist() == [0, 1, 1, 2, -1]


def test_an_embedder_without_tokens_is_no_token_embedder() -> None:
    assert not isinstance(FakeEmbedder(), TokenEmbedder)
