from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evals.html.evaluation import run
from evals.html.snippets import snippet_counts

BODY = (
    "The city council voted on Monday to rebuild the old harbour, which has stood empty for eleven years now.",
    "Mayor Ann Lee said the work would cost 40 million and begin in the spring, after a long public debate on it.",
)
PAGE = (
    '<html><head><title>Harbour</title><meta name="author" content="Jo Roe"></head><body><nav>Imprint</nav><article>'
    f"{''.join(f'<p>{line}</p>' for line in BODY)}</article></body></html>"
)


def test_snippets_are_counted_whatever_white_space_they_have() -> None:
    truth = {
        "a": {"with": ["old harbour", "new harbour"], "without": ["Imprint", "Contact"]},
        "b": {"with": ["a page without text"], "without": []},
    }
    counted = snippet_counts("name", truth, {"a": "the old\nharbour. Imprint"})
    assert counted == {
        "name": "name",
        "wanted": 3,
        "missing": 2,
        "to leave out": 2,
        "unwanted": 1,
        "missing share": 0.6667,
    }


def test_a_folder_of_snippets_is_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    truth = {"https://a.example": {"file": "one.html", "with": [BODY[0][:40]], "without": ["Imprint"]}}
    (tmp_path / "evaldata.json").write_text(json.dumps(truth))
    assert run(tmp_path, json_output=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(score["missing"], score["unwanted"]) for score in report["scores"]] == [(0, 0), (0, 0)]
    assert run(tmp_path, json_output=False) == 0


def test_a_folder_of_readability_pages_is_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metadata = {"title": "Harbour", "byline": "by Jo Roe", "publishedTime": None}
    expected = "".join(f"<p>{line}</p>" for line in BODY)
    record = {"name": "one", "html": PAGE, "expected": expected, "metadata": metadata}
    (tmp_path / "one.json.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    assert run(tmp_path, json_output=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["scores"][0]["recall"] > 0.9
    assert [(row["field"], row["agree"], row["expected"]) for row in report["metadata"]] == [
        ("title", 1, 1),
        ("author", 1, 1),
        ("published", 0, 0),
    ]
