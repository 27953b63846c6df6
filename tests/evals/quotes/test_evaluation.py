"""``python -m evals quotes`` over a set of three small articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.quotes.evaluation import run
from evals.quotes.gold import GoldQuote
from evals.quotes.mutations import FABRICATED, MEANING_CHANGED, mutants
from retrieval.errors import InputError
from retrieval.quotes.verdict import TextVerdict

SAID = [
    ("a", "We have waited eleven years for this harbour, and we will not wait any longer for the council", "Ann Lee"),
    ("b", "Nobody told us that the bridge was closed until 40 trucks stood at the river on Monday", "Tom Reed"),
    (
        "c",
        "The schools of this county do not have the money to open again before the second week of March",
        "Eva Stone",
    ),
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    articles, quotes = [], []
    for identity, quote, speaker in SAID:
        text = f"There was news in the county on Friday. “{quote},” {speaker} said. Nobody else spoke."
        start = text.index(quote)
        source = text.index(speaker)
        attribution = {
            "source": [{"start": source, "end": source + len(speaker)}],
            "content": [{"start": start - 1, "end": start + len(quote) + 2}],
        }
        articles.append({"id": identity, "title": "", "text": text, "attributions": [attribution]})
        quotes.append(
            {"quote": quote, "article": identity, "start": start, "end": start + len(quote), "speaker": speaker}
        )
    return _written(tmp_path / "articles.jsonl", articles), _written(tmp_path / "quotes.jsonl", quotes)


def _written(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_words_speakers_and_finding_are_measured_beside_the_plain_ways(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*files, json_output=True) == 0
    report = json.loads(capsys.readouterr().out)
    gold = report["gold"]
    assert (gold["quotes"], gold["verbatim"], gold["at_its_offset"], gold["plain_verbatim"]) == (3, 3, 3, 3)
    suite = report["mutants"]
    assert suite["accuracy"] > suite["plain"]["accuracy"]
    assert sum(count for row in suite["confusion"].values() for count in row.values()) == suite["mutants"]
    assert report["speakers"]["every"]["overlap_answered"] == 1.0
    assert report["speakers"]["baseline"]["quotes"] == 3
    assert report["finding"]["ours"]["f1"] == report["finding"]["regex"]["f1"] == 1.0
    right, wrong = report["claimed"]["right"], report["claimed"]["wrong"]
    assert (right["full name"]["claims"], right["all"]["misattributed"]) == (3, 0)
    assert wrong["of no article"] == {"claims": 3, "misattributed": 3, "share": 1.0}
    assert report["claimed"]["rules"]["by_rule"]["post_verb"]["precision"] == 1.0
    assert run(*files, json_output=False) == 0
    assert "3 of 3 verbatim" in capsys.readouterr().out


def test_a_quotation_that_is_not_at_its_place_fails_the_run(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    articles, quotes = files
    lines = [json.loads(line) for line in quotes.read_text().splitlines()]
    lines[0]["start"] += 1
    assert run(articles, _written(quotes, lines), json_output=True) == 1
    assert json.loads(capsys.readouterr().out)["gold"]["wrong"][0]["placed"] is False


def test_an_absent_or_other_file_is_named_in_one_line(files: tuple[Path, Path], tmp_path: Path) -> None:
    _, quotes = files
    with pytest.raises(InputError, match=r"absent\.jsonl: No such file"):
        run(tmp_path / "absent.jsonl", quotes, json_output=True)
    with pytest.raises(InputError, match=r"line 1: not a JSON object of id, text \(it has no id"):
        run(quotes, quotes, json_output=True)
    with pytest.raises(InputError, match="quotes none of the articles"):
        run(_written(tmp_path / "other.jsonl", [{"id": "z", "text": "Nothing."}]), quotes, json_output=True)


def test_mutants_are_the_same_for_the_same_seed_and_keep_their_promise() -> None:
    gold = [GoldQuote(quote, article, 0, 0) for article, quote, _ in SAID]
    made = list(mutants(gold, ["A fabricated one"], seed=3))
    assert made == list(mutants(gold, ["A fabricated one"], seed=3))
    kinds = {mutant.kind for mutant in made}
    assert kinds >= FABRICATED | {"dropped_not", "added_not"}
    for mutant in made:
        if mutant.kind in FABRICATED:
            assert set(mutant.right) == {TextVerdict.NOT_FOUND, TextVerdict.PARAPHRASE}
        if mutant.kind in MEANING_CHANGED:
            assert set(mutant.right) <= {TextVerdict.ALTERED, TextVerdict.TRUNCATED}
