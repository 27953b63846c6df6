"""The evaluation of overviews: pairs are read, scored by ROUGE and compared with the lead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.summaries.evaluation import read_pairs, run, score, sentence_cased
from retrieval.errors import InputError

ARTICLE = (
    "The ferry sank off Port Vell on Sunday night.\n\nMore: How ferries float.\n\nNinety people were on board.\n\n"
    "Rescuers pulled seventy people from the water.\n\nThe owner of the ferry has hired a lawyer.\n"
)


def _file(folder: Path, *records: object) -> Path:
    file = folder / "pairs.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def test_a_summary_in_the_words_of_the_overview_scores_one(tmp_path: Path) -> None:
    """Three sentences of three give all of it; the table and the JSON say the same."""
    text = "The ferry sank off Port Vell. Ninety people were on board. Rescuers pulled seventy from the water."
    report = score(read_pairs(_file(tmp_path, {"article": text, "summary": text})))
    assert report["pairs"] == 1
    assert [row["ours"] for row in report["scores"]] == [1.0, 1.0, 1.0]
    assert [row["mean"] for row in report["scores"]] == [0.0, 0.0, 0.0]


def test_figures_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each metric has the lead's value and the interval of the difference."""
    file = _file(tmp_path, {"article": ARTICLE, "summary": "A ferry sank; seventy of ninety were rescued."})
    assert run([file], json_output=True) == 0
    row = json.loads(capsys.readouterr().out)["scores"][1]
    assert row["metric"] == "rouge2"
    assert row["low"] <= row["mean"] <= row["high"]
    assert run([file]) == 0
    assert "rouge2" in capsys.readouterr().out


@pytest.mark.parametrize("record", [{"article": "A text."}, {"article": " ", "summary": "A text."}, ["A text."]])
def test_a_file_in_another_layout_is_refused(tmp_path: Path, record: object) -> None:
    """The line is named."""
    with pytest.raises(InputError, match="line 1"):
        read_pairs(_file(tmp_path, record))


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    """In one line."""
    with pytest.raises(InputError, match="cannot be read"):
        read_pairs(tmp_path / "none.jsonl")


def test_lower_cased_texts_get_sentences() -> None:
    """No character moves, and a text with capitals stays as it is."""
    assert sentence_cased('it sank. "why?" she asked. 90 died.') == 'It sank. "Why?" She asked. 90 died.'
    assert sentence_cased("It sank. then") == "It sank. then"
