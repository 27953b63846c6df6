"""Training examples of the entailment model: claims of labelled sets, and claims made from news by one change."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

import pytest

from evals.claims import entailment_examples
from evals.claims.entailment_examples import EntailmentExamples, build_examples, premise_of, read_labelled
from retrieval.errors import InputError

NEWS = (
    "The harbour strike began on Monday after talks with the city failed again. "
    "Workers of three companies have asked for higher pay since the spring. "
    "Anna Berger, who leads the dockers' union, said that they would not give in. "
    "The mayor will meet the union on Friday in the old town hall of Lübeck."
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    claims = [
        {"source": NEWS, "claim": "The strike began on Monday.", "label": "supported", "set": "tests"},
        {"source": NEWS, "claim": "The strike has ended.", "label": "contradicted", "set": "tests"},
        {"source": NEWS, "claim": "The mayor will pay more.", "label": "partial", "set": "tests"},
        {"source": NEWS, "claim": "Left out.", "label": "supported", "set": "faithbench-tune"},
    ]
    start = NEWS.index("Anna Berger")
    news = [
        {
            "passage": NEWS, "domain": "news", "set": "questions", "question": "Who leads the dockers' union?",
            "answers": [[start, start + 11]],
        },
        {"passage": NEWS, "domain": "news", "set": "questions", "question": "Who will meet?", "answers": []},
        {"passage": "Not news.", "domain": "wiki", "set": "questions", "question": "What?", "answers": []},
        {"passage": "A novel.", "domain": "other", "set": "bipar-en", "question": "What?", "answers": []},
    ]  # fmt: skip
    paths = []
    for name, lines in (("claims", claims), ("news", news)):
        paths.append(tmp_path / f"{name}.jsonl.gz")
        paths[-1].write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    return paths


def test_labels_become_shares_of_support_and_some_sets_are_left_out(files: list[Path]) -> None:
    claims, passages = read_labelled(files)
    assert [each.label for each in claims] == [1.0, 0.0, 0.4]
    assert [(each.text, each.news) for each in passages] == [(NEWS, True), ("Not news.", False)]
    assert passages[0].answers == [("Who leads the dockers' union?", "Anna Berger")]


def test_a_claim_is_held_to_its_evidence_not_to_the_whole_source() -> None:
    found = premise_of("The harbour strike began on Monday.", NEWS)
    assert found.startswith("The harbour strike began on Monday")
    assert "Lübeck" not in found


def test_claims_made_from_news_are_false_by_one_change(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entailment_examples, "NEWS_SENTENCES", 40)
    passages, groups = build_examples(files)
    made = [group for group in groups if group.source.startswith("made")]
    assert {group.source for group in made} == {"made-true", "made-false"}
    assert [group.text for group in groups if group.source == "stated"] == ["Anna Berger leads the dockers' union."]
    for group in made:
        assert {each.label for each in group.candidates} == {float(group.source == "made-true")}
        if group.source == "made-false":
            assert group.text not in NEWS
    assert len(passages) == len(groups)


def test_the_same_claims_give_the_same_examples(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entailment_examples, "NEWS_SENTENCES", 10)
    given = read_labelled(files)
    assert list(EntailmentExamples(3).build(*given)) == list(EntailmentExamples(3).build(*given))


def test_an_addition_is_put_before_the_verb() -> None:
    found = entailment_examples._adds("The mayor will meet the union.", Random(0))  # noqa: S311
    assert found.startswith("The mayor")
    assert found.endswith(" will meet the union.")
    assert len(found) > len("The mayor will meet the union.")


def test_a_file_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.gz"
    path.write_bytes(gzip.compress(b'{"label": "x", "claim": "y"}'))
    with pytest.raises(InputError, match="no file of claims"):
        read_labelled([path])
