"""Training examples of a cross-encoder, in one gzip file that carries all of them.

Each line of the file is a JSON list. A passage is ``["p", headline, [sentence, …]]``; passages are numbered by their
order. A group is ``["g", set, part, weight, text, [[passage, sentence, label], …]]``: a question or claim, and the
texts it is scored with. Texts are not repeated, so 100,000 groups take about 30 MB.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.embedding.cross_encoder import passage_input, sentence_input
from retrieval.errors import InputError

PARTS = 10
"""Articles are dealt to this many parts by their hash, so that a fold is the same in every run."""


@dataclass(frozen=True, slots=True)
class ExamplePassage:
    """A passage as examples refer to it: its headline or context, and its sentences in order."""

    headline: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that a group scores.

    Attributes:
        passage: The passage's number in the file.
        sentence: The sentence's number in the passage; None for the whole passage.
        label: 1 where it answers or supports, 0 where not; between them for part.
    """

    passage: int
    sentence: int | None
    label: float


@dataclass(frozen=True, slots=True)
class ExampleGroup:
    """A question or claim with the texts that it is scored with.

    Attributes:
        text: The question or claim.
        candidates: At least one.
        source: The data set's name.
        part: The part of its article, below ``PARTS``: groups of one article are trained on or left out together.
        weight: Factor of its loss.
    """

    text: str
    candidates: tuple[Candidate, ...]
    source: str
    part: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """All passages and groups of a file."""

    passages: tuple[ExamplePassage, ...]
    groups: tuple[ExampleGroup, ...]

    def input_text(self, candidate: Candidate) -> str:
        """Return a candidate's text as the model reads it."""
        passage = self.passages[candidate.passage]
        if candidate.sentence is None:
            return passage_input(" ".join(passage.sentences), passage.headline)
        return sentence_input(passage.sentences, candidate.sentence, passage.headline)


def part_of(article: str) -> int:
    """Return the part of an article from its text or title."""
    return hashlib.sha256(article.encode("utf-8", "surrogatepass")).digest()[0] % PARTS


def write_examples(path: Path, passages: Iterable[ExamplePassage], groups: Iterable[ExampleGroup]) -> None:
    """Write passages and groups to ``path``, without a time in it: the same examples give the same bytes."""
    partial = path.with_name(f"{path.name}.new")
    with partial.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        for passage in passages:
            packed.write(_line(["p", passage.headline, passage.sentences]))
        for group in groups:
            candidates = [(each.passage, each.sentence, each.label) for each in group.candidates]
            packed.write(_line(["g", group.source, group.part, group.weight, group.text, candidates]))
    partial.replace(path)


def read_examples(path: Path) -> ExampleFile:
    """Read what ``write_examples`` wrote.

    Raises:
        InputError: The file is absent, damaged, or no such file.
    """
    passages: list[ExamplePassage] = []
    groups: list[ExampleGroup] = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                kind, *values = json.loads(line)
                if kind == "p":
                    headline, sentences = values
                    passages.append(ExamplePassage(headline, tuple(sentences)))
                else:
                    source, part, weight, text, candidates = values
                    chosen = tuple(Candidate(*each) for each in candidates)
                    groups.append(ExampleGroup(text, chosen, source, part, weight))
    except FileNotFoundError:
        raise InputError(f"there is no file {path}: name a file of training examples") from None
    except (OSError, EOFError, ValueError, TypeError) as error:
        raise InputError(f"{path} is not a file of training examples ({type(error).__name__}: {error})") from error
    return ExampleFile(tuple(passages), tuple(groups))


def _line(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")
