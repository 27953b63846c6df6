from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evals.html.body_text import body_score
from evals.html.evaluation import run

BODY = [
    "The city council voted on Monday to rebuild the old harbour, which has stood empty for eleven years now.",
    "Mayor Ann Lee said the work would cost 40 million and begin in the spring, after a long public debate on it.",
]


def test_shingles_are_counted_as_the_benchmark_counts_them() -> None:
    """Six true tokens are three shingles; five found ones two, one of them shared."""
    f1, precision, recall = body_score([("a b c d e f", "a b c d x")])
    assert (precision, recall) == (1 / 2, 1 / 3)
    assert f1 == pytest.approx(0.4)


def test_pages_count_alike_and_only_where_a_figure_is_defined() -> None:
    f1, precision, recall = body_score([("a b c d", "a b c d"), ("a b c d", ""), ("", "x y z w")])
    assert (precision, recall) == (1 / 2, 1 / 2)
    assert f1 == pytest.approx(0.5)
    assert body_score([("", "")]) == (0.0, 0.0, 0.0)
    assert body_score([("two words", "two words")])[0] == 1.0


def test_a_folder_is_scored_beside_trafilatura(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pages").mkdir()
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    page = f"<html><head><title>Harbour</title></head><body><article>{paragraphs}</article></body></html>"
    (tmp_path / "pages" / "one.html.gz").write_bytes(gzip.compress(page.encode()))
    truth = {"one": {"articleBody": "\n\n".join(BODY), "url": "https://a.example"}}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth))
    assert run(tmp_path, json_output=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pages"] == 1
    scores = {score["name"]: score["f1"] for score in report["scores"]}
    assert scores["onrecord, citable"] == scores["onrecord, text"] == 1.0
    assert set(scores) == {"onrecord, citable", "onrecord, text", "trafilatura defaults", "all text"}
    assert run(tmp_path, json_output=False) == 0


def test_a_folder_without_a_benchmark_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, json_output=True) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "ground-truth.json" in captured.err
