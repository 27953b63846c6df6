"""The baseline pipeline of tutorials: fixed-size chunks, one embedding each, the nearest four.

RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings and Chroma with their defaults, on the same weights as
ours. Nothing is tuned: a document is its title and its text, as in BEIR.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.embedding.model_files import DEFAULT_MODEL, find_model
from retrieval.errors import InputError

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200
CHUNKS_SHOWN = 4
"""The tutorials' numbers; 4 is also the default of langchain-chroma."""

_COUNT = itertools.count()
_BATCH = 5_000  # langchain-chroma hands over whole lists, Chroma takes at most 5,461 rows


class PlainPipeline:
    """Chunks of ``texts`` in Chroma.

    Args:
        texts: (document id, title, text).
        folder: A folder to keep the chunks in, so that the same texts are not embedded twice; None: in memory.
        model: An embedding model's name, as in the settings.
        embeddings: Embeddings to use instead of ``model``.

    Raises:
        InputError: The packages of ``pip install "onrecord[evals]"`` are missing.
        EmbeddingError: The model is not here.
    """

    def __init__(
        self,
        texts: Sequence[tuple[str, str, str]],
        folder: Path | None = None,
        *,
        model: str = DEFAULT_MODEL,
        embeddings: Embeddings | None = None,
    ) -> None:
        embeddings = embeddings or _embeddings(model)
        place = None if folder is None else folder / f"plain-{_digest(texts, model)}"
        self._chroma = _chroma(embeddings, place)
        done = place / "done" if place else None
        if done is None or not done.exists():
            self._chroma.reset_collection()  # an interrupted run left some of it
            self.add(texts)
            if done:
                done.touch()

    def search(self, question: str, k: int = CHUNKS_SHOWN) -> list[tuple[str, str, float]]:
        """Return the ``k`` nearest chunks, best first, as (document id, chunk, cosine similarity)."""
        found = self._chroma.similarity_search_with_score(question, k=k)
        return [
            # Chroma's default distance is squared Euclidean; between unit vectors that is 2 - 2 cosine.
            (str(document.metadata["document"]), document.page_content, 1 - distance / 2)
            for document, distance in found
        ]

    def clear(self) -> None:
        """Delete all chunks."""
        self._chroma.reset_collection()

    def count(self) -> int:
        """Return the number of chunks."""
        return len(self._chroma.get(include=[])["ids"])

    def add(self, texts: Sequence[tuple[str, str, str]]) -> None:
        """Split, embed and store more texts, as (document id, title, text)."""
        from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415 (only evals need it)

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS)
        chunks = splitter.create_documents(
            [f"{title} {text}".strip() for _, title, text in texts],
            [{"document": identifier} for identifier, _, _ in texts],
        )
        for start in range(0, len(chunks), _BATCH):
            self._chroma.add_documents(chunks[start : start + _BATCH])


def _embeddings(model: str) -> Embeddings:
    folder = find_model(model).folder
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        from langchain_huggingface import HuggingFaceEmbeddings  # noqa: PLC0415 (takes seconds)
    except ImportError as error:
        raise _missing(error) from error
    return HuggingFaceEmbeddings(model_name=str(folder))


def _chroma(embeddings: Embeddings, place: Path | None) -> Chroma:
    try:
        from chromadb.config import Settings  # noqa: PLC0415 (takes a second)
        from langchain_chroma import Chroma  # noqa: PLC0415
    except ImportError as error:
        raise _missing(error) from error
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    if place is not None:
        settings.is_persistent, settings.persist_directory = True, str(place)
    name = f"plain-{next(_COUNT)}" if place is None else "plain"  # Chroma's memory is shared by a whole process
    return Chroma(name, embeddings, client_settings=settings)


def _missing(error: ImportError) -> InputError:
    return InputError(f'the evals need {error.name}: pip install -e ".[evals]"')


def _digest(texts: Sequence[tuple[str, str, str]], model: str) -> str:
    digest = hashlib.sha256(model.encode())
    for text in texts:
        digest.update("\0".join(text).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:16]
