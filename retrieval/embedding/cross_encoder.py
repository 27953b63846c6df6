"""Cross-encoder: a model that reads a question or claim together with a text and scores the pair, run by onnxruntime.

The text of a pair begins with what is scored; what surrounds it follows behind separators, so that the model can
resolve a pronoun without scoring the neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.onnx import processors
from retrieval.errors import EmbeddingError

SEPARATOR = " [SEP] "
MAX_HEADLINE, MAX_BEFORE = 100, 120
"""Characters of the headline and of the sentence before: about 10 and 17 word pieces at the mean, of 72 of a pair."""
MAX_TOKENS = 128
"""Word pieces of a pair that the reader's model reads; a longer text is cut at its end."""

_SPACE = re.compile(r"\s+")
_SPECIAL = re.compile(r"\[(?:CLS|SEP|PAD|MASK|UNK)\]")


def sentence_input(sentences: Sequence[str], place: int, headline: str) -> str:
    """Return the text of a pair that scores one sentence: it, the headline, the sentence before it.

    The sentence after it is left out: a pronoun refers backwards, and an answer that stands in the next one is not its.

    Args:
        sentences: The sentences of its passage, in order.
        place: Its index among them.
        headline: The passage's context: title and headings; may be empty.
    """
    before = sentences[place - 1] if place else ""
    parts = (plain(sentences[place]), _cut(plain(headline), MAX_HEADLINE), _cut(plain(before), MAX_BEFORE))
    return SEPARATOR.join(parts).rstrip()


def passage_input(text: str, headline: str) -> str:
    """Return the text of a pair that scores a whole passage: it and its headline."""
    return SEPARATOR.join((plain(text), _cut(plain(headline), MAX_HEADLINE))).rstrip()


def plain(text: str) -> str:
    """Return ``text`` on one line, without words that the tokenizer would take for its own marks."""
    return _SPACE.sub(" ", _SPECIAL.sub(" ", text)).strip()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0]


class OnnxCrossEncoder:
    """A cross-encoder exported to ONNX, loaded. Safe to share between threads.

    Each pair runs alone and on one thread, as many at once as there are processors, so that nothing is padded
    (``retrieval.embedding.onnx`` measured this for the embedder).

    Args:
        folder: ``model.onnx`` and ``tokenizer.json``, which cuts at the model's length, as ``python -m evals
            train-reader`` writes them.

    Raises:
        EmbeddingError: It cannot be loaded.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime  # noqa: PLC0415 (late: nothing heavy at import)
        from tokenizers import Tokenizer  # noqa: PLC0415

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise EmbeddingError(f"the cross-encoder in {folder.name} cannot be loaded: {error}") from error
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._threads = ThreadPoolExecutor(processors(), "cross-encoder")

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the log odds that each text answers or supports ``query``: ``(n,)`` float32.

        Args:
            query: The question or claim.
            texts: From ``sentence_input`` or ``passage_input``; the longer of both is cut at the model's length.
        """
        asked = plain(query)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]), reverse=True)  # none long is left for the end
        found = np.empty(len(texts), dtype=np.float32)
        for at, score in zip(order, self._threads.map(lambda at: self._score(asked, texts[at]), order), strict=True):
            found[at] = score
        return found

    def _score(self, query: str, text: str) -> float:
        read = self._tokenizer.encode(query, text)
        given = {"input_ids": read.ids, "attention_mask": read.attention_mask, "token_type_ids": read.type_ids}
        rows = {name: np.array([row], dtype=np.int64) for name, row in given.items() if name in self._inputs}
        (scores,) = self._session.run(["score"], rows)
        return float(scores[0])
