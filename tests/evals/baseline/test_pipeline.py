"""The plain tutorial pipeline that ours is measured against."""

from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from evals.baseline.pipeline import CHUNK_CHARACTERS, CHUNKS_SHOWN, PlainPipeline
from tests.fakes import FakeEmbedder

TEXTS = [
    ("1", "Wheat", "Farmers sold wheat at record prices. " * 60),
    ("2", "Railway", "Trains carry copper ore to the port."),
    ("3", "", "Parliament passed the budget."),
]


class FakeEmbeddings(Embeddings):
    def __init__(self) -> None:
        self.embedder = FakeEmbedder()
        self.documents = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.documents += len(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self.embedder.embed_query(text).tolist()
        return row


def test_the_nearest_chunk_comes_first_with_its_document_and_cosine() -> None:
    found = PlainPipeline(TEXTS, embeddings=FakeEmbeddings()).search("copper trains")
    assert found[0][:2] == ("2", "Railway Trains carry copper ore to the port.")
    embedder = FakeEmbedder()
    cosine = float(embedder.embed_query("copper trains") @ embedder.embed_query(found[0][1]))
    assert found[0][2] == pytest.approx(cosine, abs=1e-3)


def test_four_chunks_of_at_most_a_thousand_characters_come_back() -> None:
    found = PlainPipeline(TEXTS, embeddings=FakeEmbeddings()).search("wheat prices")
    assert len(found) == CHUNKS_SHOWN
    assert all(len(chunk) <= CHUNK_CHARACTERS for _, chunk, _ in found)
    assert len(PlainPipeline(TEXTS, embeddings=FakeEmbeddings()).search("wheat prices", 50)) == 5


def test_two_pipelines_in_one_process_do_not_mix() -> None:
    first = PlainPipeline(TEXTS[:1], embeddings=FakeEmbeddings())
    PlainPipeline(TEXTS[1:], embeddings=FakeEmbeddings())
    assert {document for document, _, _ in first.search("copper trains", 50)} == {"1"}


def test_a_second_run_over_the_same_texts_embeds_nothing(tmp_path: Path) -> None:
    expected = PlainPipeline(TEXTS, tmp_path, embeddings=FakeEmbeddings()).search("budget")
    again = FakeEmbeddings()
    assert PlainPipeline(TEXTS, tmp_path, embeddings=again).search("budget") == expected
    assert again.documents == 0


def test_other_texts_in_the_same_folder_are_kept_apart(tmp_path: Path) -> None:
    PlainPipeline(TEXTS, tmp_path, embeddings=FakeEmbeddings())
    other = PlainPipeline(TEXTS[:2], tmp_path, embeddings=FakeEmbeddings())
    assert "3" not in {document for document, _, _ in other.search("budget", 50)}
