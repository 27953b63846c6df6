"""Cross-encoders: models that read a question or claim together with a text and score the pair.

The text of a pair begins with what is scored; what surrounds it follows behind separators, so that the model can
resolve a pronoun without scoring the neighbour. The packaged model is an 8-bit ONNX graph, run by onnxruntime; any
sentence-transformers cross-encoder takes its place by name or folder, run by torch, its scores brought to the same
scale.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.model_files import find_folder
from retrieval.embedding.onnx import TokenGraph, processors
from retrieval.errors import EmbeddingError
from retrieval.text.lazy_pattern import LazyPattern

PACKAGED_MODELS = Path(__file__).parents[1] / "models"
"""The folder of the models that come with the program, one folder each."""
DEFAULT_RERANKER = "onrecord-reader"
"""The packaged cross-encoder of the reader."""
ENTAILMENT_MODEL = "onrecord-entailment"
"""The packaged cross-encoder of the verifier: a claim and its premise."""
PACKAGED = frozenset({DEFAULT_RERANKER, ENTAILMENT_MODEL})
"""The models that come with the program."""
SCALE_FILE = "scale.json"
"""In its folder: pairs of a question and a text with its scores, by which other models' are scaled."""

SEPARATOR = " [SEP] "
MAX_HEADLINE, MAX_BEFORE = 100, 120
"""Characters of the headline and of the sentence before: about 10 and 17 word pieces at the mean, of 72 of a pair."""
MAX_TOKENS = 128
"""Word pieces of a pair that the reader's model reads; a longer text is cut at its end."""

SCORES_KEPT = 8_192
"""Scores of pairs that a model remembers, with their texts about 5 MB: of some 700 answers."""
_SLOW_FUSIONS = ("SkipLayerNormFusion",)  # onnxruntime 1.32: one operator for two, in four times their time

MIN_AGREEMENT = 0.3
"""Correlation with the packaged model's scores of the pairs in ``SCALE_FILE`` below which a model is another kind."""

_SPACE = LazyPattern(r"\s+")
_SPECIAL = LazyPattern(r"\[(?:CLS|SEP|PAD|MASK|UNK)\]")


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


class CrossEncoder(Protocol):
    """Scores texts against a question or claim. Safe to share between threads."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the log odds that each text answers or supports ``query``: ``(n,)`` float32.

        Args:
            query: The question or claim.
            texts: From ``sentence_input`` or ``passage_input``; the longer of both is cut at the model's length.

        Raises:
            EmbeddingError: The model cannot be loaded, or does not score pairs.
        """
        ...


class OnnxCrossEncoder:
    """A cross-encoder exported to ONNX, loaded.

    Each pair runs alone and on one thread, as many at once as there are processors, so that nothing is padded
    (``retrieval.embedding.onnx`` measured this for the embedder); who asks first is answered first. Pairs scored lately
    are remembered: readers score the same sentences again, and people ask the same again.

    Args:
        folder: ``model.onnx`` and ``tokenizer.json``, which cuts at the model's length, as ``python -m evals
            train-reader`` writes them.

    Raises:
        EmbeddingError: It cannot be loaded.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415 (late: nothing heavy at import)

        try:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._graph = TokenGraph(folder / "model.onnx", tokenizer, without=_SLOW_FUSIONS)
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise EmbeddingError(f"the cross-encoder in {folder.name} cannot be loaded: {error}") from error
        self._workers = processors()
        self._threads = ThreadPoolExecutor(self._workers, "cross-encoder")
        self._kept = OrderedDict[tuple[str, str], float]()
        self._guard = threading.Lock()

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the log odds that each text answers or supports ``query``: ``(n,)`` float32."""
        asked = plain(query)
        found = self._remembered(asked, texts)
        # Word pieces first: between two pairs a thread then waits once for the interpreter, which others keep busy.
        unread = [(text, self._graph.inputs(asked, text)) for text in dict.fromkeys(texts) if text not in found]
        left = iter(sorted(unread, key=lambda pair: -pair[1]["input_ids"].size))  # none long comes last

        def work(_: int) -> None:
            for text, inputs in left:  # the next that no other thread has taken
                found[text] = float(self._graph.output(inputs))

        list(self._threads.map(work, range(min(self._workers, len(unread)))))
        self._remember(asked, {text: found[text] for text, _ in unread})
        return np.array([found[text] for text in texts], dtype=np.float32)

    def _remembered(self, query: str, texts: Sequence[str]) -> dict[str, float]:
        """Return the scores of those texts that were scored lately."""
        with self._guard:
            known = [text for text in texts if (query, text) in self._kept]
            for text in known:
                self._kept.move_to_end((query, text))
            return {text: self._kept[query, text] for text in known}

    def _remember(self, query: str, scored: Mapping[str, float]) -> None:
        with self._guard:
            self._kept |= {(query, text): score for text, score in scored.items()}
            while len(self._kept) > SCORES_KEPT:
                self._kept.popitem(last=False)


class TorchCrossEncoder:
    """Any sentence-transformers cross-encoder, run by torch; loading it takes seconds.

    Args:
        folder: The model.
        name: Its name in messages.

    Raises:
        EmbeddingError: It cannot be loaded, or gives a pair several scores.
    """

    def __init__(self, folder: Path, name: str) -> None:
        from retrieval.embedding.torch import load_cross_encoder  # noqa: PLC0415 (takes seconds)

        self._model = load_cross_encoder(folder, name)
        self._lock = threading.Lock()  # its tokenizers are not safe to share
        if self._model.num_labels != 1:
            raise EmbeddingError(f"{name} gives a pair {self._model.num_labels} scores: name a cross-encoder with one")

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the model's own score of each pair: ``(n,)`` float32."""
        pairs = [(plain(query), text.replace(SEPARATOR, " ")) for text in texts]
        with self._lock:
            rows = self._model.predict(pairs, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)


class ScaledCrossEncoder:
    """A cross-encoder with its scores brought to those of the packaged one by the line that fits them best.

    Args:
        model: The model.
        name: Its name in messages.
        scale: The packaged model's ``SCALE_FILE``.

    Raises:
        EmbeddingError: It does not rank what answers above what does not.
    """

    def __init__(self, model: CrossEncoder, name: str, scale: Path) -> None:
        self._model = model
        pairs = json.loads(scale.read_text("utf-8"))["pairs"]
        own = np.concatenate([model.scores(query, [text]) for query, text, _ in pairs]).astype(np.float64)
        known = np.array([score for *_, score in pairs])
        varied = np.isfinite(own).all() and float(np.std(own)) > 0
        if not varied or float(np.corrcoef(own, known)[0, 1]) < MIN_AGREEMENT:
            raise EmbeddingError(f"{name} does not rank answers above other sentences: correct RERANKER_MODEL")
        # A line through both means whose slope is the ratio of the deviations: least squares would flatten it.
        self._slope = float(np.std(known) / np.std(own))
        self._offset = float(np.mean(known) - self._slope * np.mean(own))

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the scaled scores: ``(n,)`` float32."""
        return np.asarray(self._slope * self._model.scores(query, texts) + self._offset, dtype=np.float32)


@cache
def open_packaged(name: str) -> OnnxCrossEncoder:
    """Return a model that comes with the program, loaded once for the process.

    Raises:
        EmbeddingError: It cannot be loaded.
    """
    return OnnxCrossEncoder(PACKAGED_MODELS / name)


class LazyCrossEncoder:
    """A cross-encoder that is loaded at first use, by ``warm``, or in the background by ``load_ahead``.

    Args:
        name: The packaged model, a folder, or a hub name that is on this machine.

    Raises:
        EmbeddingError: There is no such model.
    """

    def __init__(self, name: str = DEFAULT_RERANKER) -> None:
        self._name = name
        self._folder = PACKAGED_MODELS / name if name in PACKAGED else find_folder(name, "RERANKER_MODEL")
        self._model: CrossEncoder | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load the model now.

        Raises:
            EmbeddingError: It cannot be loaded.
        """
        self._loaded()

    def load_ahead(self) -> None:
        """Load the packaged model in another thread; who needs it meanwhile waits for it.

        Another one runs on torch, which is not imported beside other imports (``SentenceTransformerEmbedder``).
        """
        if self._model is None and self._name in PACKAGED:
            threading.Thread(target=self._load_quietly, name=f"load-{self._name}").start()

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the log odds that each text answers or supports ``query``: ``(n,)`` float32.

        Raises:
            EmbeddingError: The model cannot be loaded, or does not score pairs.
        """
        return self._loaded().scores(query, texts) if texts else np.empty(0, dtype=np.float32)

    def _load_quietly(self) -> None:
        with contextlib.suppress(EmbeddingError):  # who needs it tries again, and gets the error
            self._loaded()

    def _loaded(self) -> CrossEncoder:
        with self._lock:
            if self._model is None:
                self._model = self._open()
            return self._model

    def _open(self) -> CrossEncoder:
        if self._name in PACKAGED:
            return open_packaged(self._name)
        model = TorchCrossEncoder(self._folder, self._name)
        return ScaledCrossEncoder(model, self._name, PACKAGED_MODELS / DEFAULT_RERANKER / SCALE_FILE)
