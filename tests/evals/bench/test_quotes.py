"""``python -m evals bench quotes`` at a small size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.bench.quotes import run
from retrieval.errors import InputError

SENTENCES = [
    f"The {place} of the {town} was {what} by the council on {day} after years of debate."
    for place in ("harbour", "bridge", "school", "market")
    for town in ("northern town", "river city", "old county")
    for what in ("closed", "rebuilt", "opened")
    for day in ("Monday", "Friday")
]


def test_a_library_of_recombined_sentences_is_searched_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps({"text": sentence}) + "\n" for sentence in SENTENCES))
    assert run(news, store=tmp_path, sentences_wanted=1_000, queries=40, json_output=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["articles"] == 40
    assert report["exact"]["recall"] == 1.0
    assert set(report["plain"]) >= {"rapidfuzz.partial_ratio"}
    assert report["desk"]["draft"]["quotations"] > 0
    assert run(news, store=tmp_path, sentences_wanted=1_000, queries=40, json_output=False) == 0
    assert "1,000 sentences" in capsys.readouterr().out


def test_a_file_without_sentences_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.jsonl"):
        run(tmp_path / "absent.jsonl")
    empty = tmp_path / "empty.jsonl"
    empty.write_text(json.dumps({"text": "Too short."}))
    with pytest.raises(InputError, match="no sentence"):
        run(empty)
