"""ONNX runtime: the same vectors from an export of the same weights, with a tenth of the start-up time.

The export is made once, from the loaded sentence-transformers model, and kept only when its vectors equal that model's
(``export``). Its record, written last, contains one vector by which the export is tested each time it is opened.
"""

from __future__ import annotations

import contextlib
import json
import os
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.model_files import ModelFiles
from retrieval.errors import EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EXPORT_VERSION = 2
"""Part of an export's name: one made by other code is made again."""

MIN_COSINE = 0.99999
"""Lowest cosine between the vectors of the export and of the model; MiniLM's lowest on the sample is 1.000000."""

OPSET = 17
"""The first with layer normalisation as one operator. Exports by ``dynamo=True`` gave other vectors (cosine -.02)."""

_PROBE = "The minister resigned on Monday."
_SAMPLE = (
    _PROBE,
    "",
    "Who?",
    "ALGERIA BUYS 85% OF ITS ARMS FROM RUSSIA",
    "naïve façade — “quoted”, 12.5 million… 東京 🙂",
    "The agreement was signed by the commander and the minister, who said that it was not the first.",
    "word " * 700,
)
"""Texts that an export is compared on: short, long enough to be cut, empty, without case, of other scripts."""


class Runtime(Protocol):
    """Runs a loaded model. Safe to share between threads."""

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32, a row a text."""
        ...


class OnnxRuntime:
    """An exported model, loaded.

    Each text runs alone and on one thread, as many at once as there are processors: nothing is padded, data stays
    in each processor's cache, and passes do not wait for one another. On two processors, passages a second over
    192 passages (best of four rounds): 44; batches of 4, 38; of 8, 33; sentence-transformers, 34. A question on one
    thread takes 3.7 ms, on two 3.1.

    Args:
        path: The export.
        files: The model it was made from.

    Raises:
        EmbeddingError: It cannot be loaded.
    """

    def __init__(self, path: Path, files: ModelFiles) -> None:
        try:
            self._graph = TokenGraph(path, _tokenizer(files))
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise EmbeddingError(f"the export of {files.fingerprint.name} cannot be loaded: {error}") from error
        self._threads = ThreadPoolExecutor(processors(), "model")

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32, a row a text. Texts are cut at the model's length."""
        if len(texts) == 1:
            return self._graph.row(prompt + texts[0])[None]
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]), reverse=True)  # none long is left for the end
        done = dict(zip(order, self._threads.map(self._graph.row, [prompt + texts[at] for at in order]), strict=True))
        return np.asarray([done[at] for at in range(len(texts))], dtype=np.float32)


class TokenGraph:
    """An ONNX graph from the word pieces of a text, or of a pair of texts, to its one output. Safe to share.

    Args:
        path: The graph.
        tokenizer: Its ``tokenizers.Tokenizer``, which cuts at the model's length.
        without: As ``open_session`` takes them.

    Raises:
        Exception: onnxruntime's own: the graph cannot be loaded.
    """

    def __init__(self, path: Path, tokenizer: Any, without: Sequence[str] = ()) -> None:
        self._tokenizer = tokenizer
        self._session = open_session(path, without)
        self._inputs = {each.name for each in self._session.get_inputs()}

    def row(self, *texts: str) -> NDArray[np.float32]:
        """Return the output's row for a text or a pair: ``(d,)`` float32."""
        return self.output(self.inputs(*texts))

    def inputs(self, *texts: str) -> dict[str, NDArray[np.int64]]:
        """Return the graph's inputs for a text or a pair, each ``(1, word pieces)``."""
        (read,) = self._tokenizer.encode_batch_fast([texts if len(texts) > 1 else texts[0]])
        given = {"input_ids": read.ids, "attention_mask": read.attention_mask, "token_type_ids": read.type_ids}
        return {name: np.array([row], dtype=np.int64) for name, row in given.items() if name in self._inputs}

    def output(self, inputs: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the output's row for inputs of one text or pair: ``(d,)`` float32."""
        (found,) = self._session.run(None, inputs)
        return np.asarray(found[0], dtype=np.float32)


def open_session(path: Path, without: Sequence[str] = ()) -> Any:
    """Return an onnxruntime session of one thread, without telemetry; errors are onnxruntime's own.

    Args:
        path: The graph.
        without: Names of onnxruntime's graph optimisations that are left out.
    """
    import onnxruntime  # noqa: PLC0415 (late: nothing heavy at import)

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(without)
    )


def open_export(folder: Path, files: ModelFiles) -> OnnxRuntime | None:
    """Return the export of a model in ``folder``; None when there is none, or it fails its test."""
    path, record = _places(folder, files)
    try:
        expected = np.array(json.loads(record.read_text("utf-8"))["vector"], dtype=np.float32)
        runtime = OnnxRuntime(path, files)
    except (OSError, ValueError, KeyError, TypeError, EmbeddingError):
        return None
    row = runtime.encode([_PROBE], "")[0]
    return runtime if row.shape == expected.shape and float(row @ expected) >= MIN_COSINE else None


def export(folder: Path, files: ModelFiles, model: SentenceTransformer, own: Runtime) -> str:
    """Export a model into ``folder`` unless that failed before; takes about three seconds, once.

    Args:
        folder: Created when it is missing.
        files: The model.
        model: The model, loaded.
        own: Its current runtime, whose vectors the export must reproduce.

    Returns:
        Why there is no export; empty when there is one.
    """
    path, record = _places(folder, files)
    if before := refusal(folder, files):
        return before
    partial = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        refused = _exported(partial, model) or _difference(OnnxRuntime(partial, files), own, files)
        if not refused:
            partial.replace(path)
        said = {"refused": refused} if refused else {"vector": own.encode([_PROBE], "")[0].tolist()}
        noted = record.with_name(f"{record.name}.{os.getpid()}.new")
        noted.write_text(json.dumps(said), "utf-8")
        noted.replace(record)
    except (OSError, EmbeddingError) as error:  # a full or read-only disk: the model itself goes on working
        return str(error)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return refused


def refusal(folder: Path, files: ModelFiles) -> str | None:
    """Return why a model has no export; empty when ``folder`` has one, None when none was tried yet."""
    _, record = _places(folder, files)
    try:
        return str(json.loads(record.read_text("utf-8")).get("refused", ""))
    except (OSError, ValueError, AttributeError):
        return None


def _places(folder: Path, files: ModelFiles) -> tuple[Path, Path]:
    stem = f"{files.fingerprint.digest}-{EXPORT_VERSION}"
    return folder / f"{stem}.onnx", folder / f"{stem}.json"


def _exported(path: Path, model: SentenceTransformer) -> str:
    """Write the model's graph, from token ids to the text's vector; return why it cannot be written."""
    import torch  # noqa: PLC0415 (loaded already, with the model)

    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in _input_names(model)]

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            vectors: torch.Tensor = self.model(dict(zip(names, tensors, strict=True)))["sentence_embedding"]
            return vectors

    batch = model.tokenizer([_PROBE, "Who?"], padding=True, return_tensors="pt")
    axes = {0: "batch", 1: "token"}
    try:
        with warnings.catch_warnings(), torch.inference_mode(), _plain_attention(model):
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Graph().eval(),
                tuple(batch[name].to(model.device) for name in names),
                str(path),
                input_names=names,
                output_names=["sentence_embedding"],
                dynamic_axes=dict.fromkeys(names, axes) | {"sentence_embedding": {0: "batch"}},
                opset_version=OPSET,
                dynamo=False,
            )
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        return f"it cannot be exported: {next(iter(str(error).splitlines()), type(error).__name__)}"
    return ""


@contextlib.contextmanager
def _plain_attention(model: SentenceTransformer) -> Iterator[None]:
    """Let attention be its matrix products and softmax meanwhile, where the model can.

    Torch's own operator is exported with a search for NaN after each softmax: a tenth of the processor time.
    """
    parts: list[Any] = list(model)
    encoders = [part.auto_model for part in parts if hasattr(part, "auto_model")]
    before = [encoder.config._attn_implementation for encoder in encoders]  # noqa: SLF001 (the only place it is in)
    try:
        for encoder in encoders:
            encoder.set_attn_implementation("eager")
        yield
    finally:
        for encoder, implementation in zip(encoders, before, strict=True):
            encoder.set_attn_implementation(implementation)


def _input_names(model: SentenceTransformer) -> Sequence[str]:
    return list(getattr(model.tokenizer, "model_input_names", ()))


def _difference(export_: OnnxRuntime, own: Runtime, files: ModelFiles) -> str:
    """Return how the export's vectors differ from the model's; empty when they do not."""
    return "" if gives_same_vectors(export_, own, files, MIN_COSINE) else "its export gives other vectors"


def gives_same_vectors(runtime: Runtime, own: Runtime, files: ModelFiles, least: float) -> bool:
    """Return whether the vectors of a runtime have at least this cosine with those of another, over a sample."""
    for prompt in {files.query_prompt, files.passage_prompt}:
        rows, expected = runtime.encode(_SAMPLE, prompt), own.encode(_SAMPLE, prompt)
        if rows.shape != expected.shape or not float((rows * expected).sum(axis=1).min()) >= least:
            return False
    return True


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tokenizer(files: ModelFiles) -> Any:
    from tokenizers import Tokenizer  # noqa: PLC0415 (late, as above)

    tokenizer = Tokenizer.from_file(str(files.folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(files.fingerprint.max_tokens)
    return tokenizer
