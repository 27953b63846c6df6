"""``python -m evals bench ingest`` and ``query`` at a small size, with the model that people use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.bench import askers, ingest, query, scale, start
from evals.bench.question_mix import question_mix
from evals.bench.report import compared, percentiles, spread
from retrieval.errors import InputError

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("torch")]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Thirty articles of a few paragraphs."""
    file = tmp_path / "news.jsonl"
    said = "The {n} council of town {n} met on Monday and spoke of the new bridge over river {n} for an hour. "
    lines = (
        {"id": str(n), "title": f"Town {n}", "text": "\n\n".join(said.format(n=n * 10 + p) * 4 for p in range(4))}
        for n in range(30)
    )
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def test_ways_take_turns() -> None:
    order: list[str] = []
    seconds = compared({name: lambda name=name: order.append(name) for name in "ab"}, 2)  # type: ignore[misc]
    assert order == ["a", "b", "b", "a"]
    assert [len(taken) for taken in seconds.values()] == [2, 2]


def test_figures_are_medians_and_ranges() -> None:
    assert spread([3.0, 1.0, 2.0]) == {"median": 2.0, "least": 1.0, "most": 3.0}
    assert percentiles([0.001 * n for n in range(1, 101)]) == {"p50_ms": 50.5, "p95_ms": 96.0}


def test_taking_in_is_measured_beside_the_model_and_the_plain_pipeline(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "results"
    ingest.run(news, articles=3, rounds=1, kept=10, save=saved, json_output=True)
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((saved / "ingest.json").read_text())
    for ratios in ("ratios", "cpu_ratios"):
        assert set(report["embedding"][ratios]) == {"bare", "plain"}
    assert report["embedding"]["ours"]["articles_s"]["median"] > 0
    assert {name: figures["median"] > 0 for name, figures in report["again"]["seconds"].items()} == {
        "files, nothing changed": True,
        "files, one article changed": True,
        "one file, nothing changed": True,
        "one file, one article changed": True,
    }
    assert str(tmp_path) not in json.dumps(report)


def test_questions_are_measured_beside_the_model_and_chroma(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query.run(news, passages=100, questions=3, read=40, json_output=False)
    told = capsys.readouterr().out
    assert "extractive answer" in told
    assert "16 users at once" in told


def test_people_who_ask_at_once_are_measured_beside_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every measurement has questions of its own of every kind, all answered."""
    people = ["Anna Berg", "Carl Dorn", "Emma Falk", "Gina Holm", "Ivan Jost", "Karl Lund"]
    places = ["France", "Norway", "Brazil", "Canada", "Poland", "Sweden"]
    told = (
        "{who} of the harbour council spoke at length about the ships of {where} last Monday.\n\n"
        '"The ships of {where} will come in spring," said {who}, who had been asked about it for a year.\n'
    )
    pairs = [(who, where) for who in people for where in places]
    lines = [{"title": f"{who} in {where}", "text": told.format(who=who, where=where)} for who, where in pairs]
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(line) + "\n" for line in lines))
    askers.run(news, askers=(1, 3), questions=4, rounds=1, json_output=True)
    report = json.loads(capsys.readouterr().out)
    assert {crowd: (each["questions"], each["errors"]) for crowd, each in report["askers"].items()} == {
        "1": (4, 0),
        "3": (4, 0),
    }
    assert set(report["kinds"]["3"]) == set(askers.KINDS)
    assert report["askers"]["1"]["cpu_ms"] > 0
    with pytest.raises(InputError, match="too few questions"):
        askers.run(news, askers=(1,), questions=4_000, rounds=1)


def test_whole_commands_are_measured_beside_the_plain_script(
    tmp_path: Path, exports: Path, real_embedder: object, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.txt").write_text("The agreement\n\nThe agreement was signed by the mayor on Monday.\n")
    start.run(tmp_path, rounds=1, cache=exports, json_output=True)
    report = json.loads(capsys.readouterr().out)
    assert 0 < report["ask_to_plain"]["wall"]["median"] < 1
    assert report["commands"]["onrecord ask"]["peak_mb"] > 0
    assert report["commands"]["REPL to its prompt"]["wall_s"]["median"] > 0


def test_growth_is_measured_and_compared_with_n_log_n(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "question_mix", lambda *given: question_mix(*given)[::3])  # each question takes a while
    chosen = {"sizes": (1_000, 100), "questions": 1, "read": 40, "keep": tmp_path, "json_output": True}
    scale.run(news, **chosen, stages=("fill", "index"))
    first = json.loads(capsys.readouterr().out)
    assert "answers" not in first["sizes"][0]
    scale.run(news, **chosen, stages=("answer", "change"))  # the rest of the figures is kept
    report = json.loads(capsys.readouterr().out)
    small, large = report["sizes"]
    assert 100 <= small["passages"] < 1_000 <= large["passages"]
    assert sum(small["library_mb"].values()) < sum(large["library_mb"].values())
    assert "collection" in large["answers"]
    assert large["add_100_s"] > 0 < large["prune_s"]
    times = report["computed"]["passages"] / large["passages"]
    assert report["computed"]["chroma_gb"] == pytest.approx(large["index_mb"] * times / 1e3, abs=0.1)
    writing = next(each for each in report["growth"] if each["figure"] == "writing, CPU")
    assert writing["faster"] == (writing["over_n_log_n"] > scale.MAX_GROWTH)


def test_what_an_interrupted_run_measured_is_reported(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scale, "ask_in_process", interrupted)
    with pytest.raises(KeyboardInterrupt):
        scale.run(news, sizes=(100, 200), questions=1, read=20, save=tmp_path, json_output=True)
    (only,) = json.loads(capsys.readouterr().out)["sizes"]
    assert only["passages"] >= 100
    assert only["index_mb"] > 0
    assert json.loads((tmp_path / "scale.json").read_text())["sizes"] == [only]


def test_a_stage_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="bake is not a stage: there are fill, index"):
        scale.run(tmp_path, stages=("fill", "bake"))


def test_a_time_that_grows_as_the_square_is_marked() -> None:
    def of(passages: int, **seconds: float) -> dict[str, object]:
        return {"passages": passages, **seconds}

    grown = scale.growth(
        [of(1_000, square_s=1.0, linear_s=1.0, short_s=0.0), of(10_000, square_s=100.0, linear_s=10.0)]
    )
    assert {each["figure"]: each["faster"] for each in grown} == {"square": True, "linear": False}


def test_too_little_news_is_said(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text(json.dumps({"text": "One sentence."}) + "\n")
    with pytest.raises(InputError, match="too few articles"):
        query.run(file, passages=100, questions=3, read=40)
