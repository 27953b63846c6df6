"""The evaluation of claims: its file, its figures, its commands."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.claims.dataset import folds, hits_of, mended, read_claims
from evals.claims.evaluation import run
from evals.claims.fit import chosen
from evals.claims.fit import run as fit
from evals.cross_encoders.examples import part_of
from retrieval.errors import InputError


class SharedWords:
    """An entailment model that counts the words of a claim that its premise has."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        asked = set(query.lower().split())
        return np.array([4 * len(asked & set(text.lower().split())) / (len(asked) or 1) - 2 for text in texts], "f4")


def make_file(folder: Path, articles: int = 12) -> Path:
    lines = []
    for number in range(articles):
        town = f"Town{chr(97 + number)}"
        article = f"The mayor of {town} opened a bridge. It cost {number + 20} million. Nobody was hurt in the storm."
        good, bad = f"The mayor of {town} opened a bridge.", f"A whale of {town} wrote operas about cheese."
        lines += [
            json.dumps(
                {"set": "a" if number % 2 else "b", "article": article, "claim": claim, "supported": claim == good}
            )
            for claim in (good, bad)
        ]
    file = folder / "claims.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(lines).encode()))
    return file


def test_figures_come_as_json_beside_the_plain_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(make_file(tmp_path), True, SharedWords()) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["claims"] == 24
    assert set(found["auroc"]) == {"all", "a", "b"}
    assert found["auroc"]["all"] == {"ours": 1.0, "trigrams": 1.0}
    assert found["by_label"]["supported"]["supported"] == 1.0
    assert found["by_label"]["unsupported"]["supported"] == 0.0
    assert found["faithful_answers"]["answers"] == 0  # nobody is named who wrote them


def test_answers_are_put_together_by_their_writer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = "The mayor of Kestrel opened a bridge. It cost 20 million. Nobody was hurt in the storm."
    claims = [
        ("The mayor of Kestrel opened a bridge.", "supported", "one"),
        ("Nobody was hurt in the storm.", "supported", "one"),
        ("The mayor of Kestrel opened a bridge.", "supported", "two"),
        ("A whale wrote operas about cheese.", "contradicted", "two"),
        ("Nobody was hurt.", "partial", "three"),
    ]
    file = tmp_path / "claims.jsonl"
    lines = [
        {"set": "s", "source": article, "claim": claim, "label": label, "model": by} for claim, label, by in claims
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    assert run(file, True, SharedWords()) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["faithful_answers"] == {"answers": 1, "whole": 1.0, "none": 0.0, "nothing": 0.0}
    assert found["by_model"]["two: supported"]["supported"] == 1.0
    assert found["by_label"]["partial"]["claims"] == 1


def test_a_fit_writes_a_file_that_says_how_it_was_made(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    output = tmp_path / "fitted.json"
    figures = fit([make_file(tmp_path)], (), (), output, SharedWords())
    written = json.loads(output.read_text())
    assert written["fitted_by"] == "python -m evals fit-claims claims.jsonl.gz"
    assert written["left_out_figures"] == json.loads(json.dumps(figures))
    assert figures["all"]["auroc"] > 0.95
    assert {"entailment", "grave", "coverage"} <= set(written["weights"])


def test_a_fit_takes_the_parts_named_and_no_set_for_other_use(tmp_path: Path) -> None:
    records = read_claims(make_file(tmp_path))
    parts = sorted({part_of(record.article) for record in records})[:1]
    assert {part_of(record.article) for record in chosen(records, parts)} == set(parts)
    assert not chosen([replace(record, set="faithbench-tune") for record in records], ())


def test_all_claims_of_an_article_are_in_one_fold(tmp_path: Path) -> None:
    records = read_claims(make_file(tmp_path))
    dealt = folds(records)
    assert len(np.unique(dealt)) == 5
    assert all(dealt[n] == dealt[n + 1] for n in range(0, len(records), 2))


@pytest.mark.parametrize(
    "line", ['{"article": "A."}', "[]", "{", '{"article": "A.", "claim": "B.", "supported": true}']
)
def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(line)
    with pytest.raises(InputError) as error:
        read_claims(file)
    assert "\n" not in str(error.value)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_claims(tmp_path / "none.jsonl.gz")


def test_numbers_torn_by_a_tokenizer_are_mended() -> None:
    assert (
        mended("It cost 1, 200. 5 in the U. S. A. in 2019, 30 left.")
        == "It cost 1,200.5 in the U.S.A. in 2019, 30 left."
    )


def test_hits_are_every_passage_of_the_article() -> None:
    text = "The mayor opened a bridge. Nobody was hurt."
    (hit,) = hits_of(text)
    assert [span.of(text) for span in hit.passage.sentences] == ["The mayor opened a bridge.", "Nobody was hurt."]
