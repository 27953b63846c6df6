"""Training examples in one file: read as they were written, the same bytes for the same examples."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from evals.cross_encoders.examples import (
    Candidate,
    ExampleGroup,
    ExamplePassage,
    part_of,
    read_examples,
    write_examples,
)
from retrieval.errors import InputError

PASSAGES = [
    ExamplePassage("Harbour strike", ("It began on Monday.", "“No one” knows…")),
    ExamplePassage("", ("Alone.",)),
]
GROUPS = [
    ExampleGroup("When did it begin?", (Candidate(0, 0, 1.0), Candidate(1, 0, 0.0)), "news", 3),
    ExampleGroup("Who?", (Candidate(0, None, 0.5),), "wiki", 0, 0.7),
]


def test_examples_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_examples(tmp_path / "examples.gz", PASSAGES, GROUPS)
    found = read_examples(tmp_path / "examples.gz")
    assert (list(found.passages), list(found.groups)) == (PASSAGES, GROUPS)


def test_the_same_examples_give_the_same_bytes(tmp_path: Path) -> None:
    """So that a hash in a model card names them."""
    for name in ("one", "other"):
        write_examples(tmp_path / name, PASSAGES, GROUPS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_candidate_is_a_sentence_in_its_context_or_a_whole_passage(tmp_path: Path) -> None:
    write_examples(tmp_path / "examples.gz", PASSAGES, GROUPS)
    found = read_examples(tmp_path / "examples.gz")
    assert found.input_text(Candidate(0, 1, 0.0)) == "“No one” knows… [SEP] Harbour strike [SEP] It began on Monday."
    assert found.input_text(Candidate(0, None, 0.0)) == "It began on Monday. “No one” knows… [SEP] Harbour strike"


def test_an_article_is_always_of_the_same_part() -> None:
    """A left-out article stays left out when data are added."""
    assert [part_of(title) for title in ("Normans", "Warsaw", "Harvard University")] == [6, 5, 1]


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "there is no file"), (b"no gzip", "is not a file"), (gzip.compress(b"[1]", mtime=0), "is not a file")],
)
def test_a_file_of_something_else_is_named(content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "examples.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_examples(path)
