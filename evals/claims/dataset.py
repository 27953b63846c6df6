"""Claims judged by people, as JSON lines.

Either ``{"set": …, "article": …, "claim": …, "supported": true}``, or ``{"set": …, "source": …, "claim": …, "label":
"supported" | "partial" | "unsupported" | "contradicted"}`` with, where they are known, the ``question`` that the claim
answers and the ``model`` that wrote it.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.articles import Article, ArticleInfo, Hit
from retrieval.errors import InputError
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split

FOLDS = 5
"""Articles are dealt to this many folds; every figure of a fit is of articles left out."""
LABELS = ("supported", "partial", "unsupported", "contradicted")
"""What people say of a claim."""
_TORN_NUMBER = re.compile(r"(?<=\d)(\.) (?=\d)|(?<=\d)(,) (?=\d{3}(?!\d))")
_TORN_INITIALS = re.compile(r"\b([A-Z])\. (?=[A-Z]\.)")


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """One record.

    Attributes:
        set: The data set.
        article: What the claim was made from.
        claim: A sentence.
        label: What people found, one of ``LABELS``.
        question: What the claim answers; empty when that is not known.
        model: Who wrote it; empty when that is not known.
    """

    set: str
    article: str
    claim: str
    label: str
    question: str = ""
    model: str = ""

    @property
    def supported(self) -> bool:
        """Whether the article supports all of it."""
        return self.label == "supported"

    @property
    def answer(self) -> tuple[str, str, str]:
        """What the claims of one answer share."""
        return self.article, self.question, self.model


def read_claims(file: Path) -> list[JudgedClaim]:
    """Read ``file``, JSON lines, compressed where its name ends in ``.gz``.

    Raises:
        InputError: It is absent, or a line is no such record, or it has not claims of both kinds.
    """
    try:
        text = gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read ({type(error).__name__}): name a file of JSON lines") from error
    records = [_record(file, number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len({record.supported for record in records}) < 2:
        raise InputError(f"{file} needs claims of both kinds, supported and not")
    return records


def _record(file: Path, number: int, line: str) -> JudgedClaim:
    try:
        data = json.loads(line)
        if "source" not in data:
            label = "supported" if data["supported"] else "unsupported"
            return JudgedClaim(str(data.get("set", "")), data["article"], data["claim"], label)
        label = LABELS[LABELS.index(data["label"])]
        return JudgedClaim(
            str(data.get("set", "")), data["source"], data["claim"].strip(), label,
            str(data.get("question") or ""), str(data.get("model") or ""),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{file}, line {number}: not a record of set, article, claim, supported or of source, claim, label"
        ) from error


def mended(text: str) -> str:
    """Return ``text`` without the spaces that tokenizing leaves inside numbers and initials: "1, 000", "U. S."."""
    return _TORN_INITIALS.sub(r"\1.", _TORN_NUMBER.sub(r"\1\2", text))


@lru_cache(maxsize=16)
def hits_of(text: str) -> tuple[Hit, ...]:
    """Return every passage of an article as if search had found it, in order."""
    text = mended(text)
    article = Article(origin="claims", text=text, title="", blocks=structure(text).blocks)
    passages = split(article)
    info = ArticleInfo(article.id, "claims", "", "", "", "", "", "", len(text), len(passages))
    return tuple(Hit(passage, info, 1.0 / rank, rank) for rank, passage in enumerate(passages, 1))


def folds(records: Sequence[JudgedClaim]) -> NDArray[np.int64]:
    """Return the fold of each record; all claims of one article are in one."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(record.article for record in records))}
    dealt = np.random.default_rng(0).permutation(len(numbers)) % FOLDS
    return np.array([dealt[numbers[record.article]] for record in records])
