"""Claims that are wrong on purpose, and answers turned into claims."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from evals.claims.corruptions import CHANGES, CorruptionSource
from evals.claims.synthetic import ABSENT, make_claims
from retrieval.errors import InputError

CLAIM = "Ada Quill was told on 9 January that Tomas Reyes owes Norsea 300 dollars, which the court has not decided."
POOL = CorruptionSource(
    "Lena Okafor left. The harbour of Port Vell was closed on Monday after 45 days of storms.",
    ["Paul Brandt visited 20 farms in Kestrel Valley."],
)


@pytest.mark.parametrize("kind", CHANGES)
def test_every_change_changes_the_claim(kind: str) -> None:
    made = [CHANGES[kind](CLAIM, POOL, random.Random(seed)) for seed in range(5)]  # noqa: S311 (repeatable)
    assert any(made)
    assert CLAIM not in made


def test_a_claim_without_the_fact_is_left_alone() -> None:
    rng = random.Random(0)  # noqa: S311 (repeatable)
    for kind in ("number", "unit", "day", "swap", "name", "negation"):
        assert CHANGES[kind]("Growers ask for aid.", POOL, rng) == ""


def passage(number: int, text: str) -> dict[str, object]:
    return {"passage_id": f"P:{number}", "passage_text": text, "passage_titles": ["Harbour"]}


def test_answers_become_claims_held_to_their_own_passages_and_to_others(tmp_path: Path) -> None:
    file = tmp_path / "turns.jsonl"
    texts = ["The bridge opened in 2019.", "The ferry sank in 1931.", "The harbour froze.", "The mayor left."]
    labels = [
        {"responseType": "directAnswer", "response": f"{text[:-1]} indeed.[1] Why?", "evidence": [passage(n, text)]}
        for n, text in enumerate(texts)
    ]
    file.write_text(json.dumps({"conv": "c", "labels": labels}))
    made = make_claims(file)
    true = [each for each in made if each.supported]
    assert [each.claim for each in true] == [f"{text[:-1]} indeed." for text in texts]
    assert all(any(text in hit.passage.text for hit in each.hits) for each, text in zip(true, texts, strict=True))
    absent = [each for each in made if each.kind == ABSENT]
    assert len(absent) == len(texts)
    assert not any(text in hit.passage.text for each, text in zip(absent, texts, strict=True) for hit in each.hits)
    assert make_claims(file) == made


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"conv": "c", "labels": []}'])
def test_a_file_in_another_layout_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_text(text)
    with pytest.raises(InputError):
        make_claims(file)
