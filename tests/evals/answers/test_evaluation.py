"""Scoring on SQuAD's layout: what counts as a hit, and fitting on rows whose answer is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.answering.model import FEATURES, LinearModel
from evals.answers.calibration import calibration_error
from evals.answers.evaluation import choose, foreign_questions
from evals.answers.squad import open_squad_library, read_squad
from evals.fitting import FOLDS, QuestionRow, fit_choice, fit_logistic, fit_reader, mix_weights
from retrieval.articles import Span
from retrieval.errors import InputError
from tests.fakes import FakeEmbedder

CONTEXT = "The mill burned down in 1890. A school stands there now."
SQUAD = {
    "data": [
        {
            "title": "Old_mill",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "1",
                            "question": " When did the mill burn down?",
                            "answers": [{"text": "1890", "answer_start": CONTEXT.index("1890")}],
                            "is_impossible": False,
                        },
                        {"id": "2", "question": "Who built the mill?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ]
}
NAMES = FEATURES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(SQUAD), encoding="utf-8")
    return path


def test_a_file_is_read_with_its_titles_and_answer_places(file: Path) -> None:
    squad = read_squad([file])
    answerable, impossible = squad.questions
    assert squad.paragraphs[0].title == "Old mill"
    assert answerable.text == "When did the mill burn down?"
    assert answerable.answers[0].of(CONTEXT) == "1890"
    assert impossible.answers == ()


def test_two_files_keep_their_articles_apart(file: Path) -> None:
    squad = read_squad([file, file])
    assert [squad.group(question) for question in squad.questions] == [0, 0, 1, 1]


@pytest.mark.parametrize("content", ["", "[]", '{"data": [{}]}', "no json"])
def test_what_is_not_squad_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="is not SQuAD JSON"):
        read_squad([path])


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_squad([tmp_path / "absent.json"])


def test_the_pool_holds_every_paragraph_at_its_own_characters(file: Path, tmp_path: Path) -> None:
    squad = read_squad([file])
    pool = open_squad_library(squad, FakeEmbedder(), tmp_path / "store")
    try:
        assert pool.library.article(pool.ids[0]).text == CONTEXT
        hit = pool.searcher.search("When did the mill burn down?")[0]
        assert Span(0, 29) in hit.passage.sentences
        assert hit.article.id == pool.ids[0]
    finally:
        pool.close()


def test_a_limit_takes_questions_in_the_files_order(file: Path) -> None:
    squad = read_squad([file, file, file])
    assert choose(squad, None) == list(squad.questions)
    assert len(choose(squad, 2)) == 2


def test_there_are_a_hundred_different_foreign_questions() -> None:
    questions = foreign_questions()
    assert len(set(questions)) == len(questions) >= 100


def make_rows(count: int = 160) -> list[QuestionRow]:
    """Return questions whose right sentence has the highest "cover"; the answerable ones have a high "dense"."""
    generator = np.random.default_rng(5)
    rows = []
    for number in range(count):
        kind = ("answerable", "answerable", "near_miss", "foreign")[number % 4]
        values = generator.normal(size=(6, len(NAMES)))
        values[:, NAMES.index("dense")] += 2.0 if kind == "answerable" else -2.0
        right = np.zeros(6, dtype=bool)
        if kind == "answerable":
            right[int(np.argmax(values[:, NAMES.index("cover")]))] = True
        rows.append(QuestionRow(number // 4 % FOLDS, kind, values, right))
    return rows


def test_the_choice_finds_the_feature_that_decides() -> None:
    found = fit_choice(make_rows(), NAMES)
    assert max(found.weights, key=lambda name: abs(found.weights[name])) == "cover"
    assert found.weights["cover"] > 0


def test_a_feature_that_never_varies_gets_no_weight() -> None:
    rows = [
        QuestionRow(row.group, row.kind, np.hstack([row.values, np.ones((6, 1))]), row.right) for row in make_rows(40)
    ]
    assert fit_choice(rows, (*NAMES, "constant")).weights["constant"] == 0


def test_fitting_twice_gives_the_same_numbers() -> None:
    rows = make_rows(80)
    first, second = (fit_reader(rows, NAMES)[0] for _ in range(2))
    assert first == second


def test_outcomes_of_left_out_articles_separate_what_can_be_answered() -> None:
    rows = make_rows()
    _, outcomes = fit_reader(rows, NAMES)
    held = [its.probability for its, row in zip(outcomes, rows, strict=True) if row.kind == "answerable"]
    not_held = [its.probability for its, row in zip(outcomes, rows, strict=True) if row.kind != "answerable"]
    assert np.mean(held) > np.mean(not_held) + 0.3


def test_kinds_of_question_weigh_what_the_mix_says() -> None:
    rows = make_rows(40)[:-3]
    weights = mix_weights(rows)
    shares = {
        kind: sum(w for w, row in zip(weights, rows, strict=True) if row.kind == kind) / weights.sum()
        for kind in ("answerable", "near_miss", "foreign")
    }
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["answerable"] > shares["near_miss"]


def test_a_fitted_logistic_speaks_of_raw_features() -> None:
    values = np.array([[100.0], [101.0], [110.0], [111.0]])
    found = fit_logistic(["height"], values, np.array([False, False, True, True]), np.ones(4), c=100.0)
    odds = found.score(["height"], values)
    assert (odds[:2] < 0).all()
    assert (odds[2:] > 0).all()


def test_saying_a_half_and_being_right_half_the_time_is_no_error() -> None:
    assert calibration_error([0.5, 0.5], [True, False], [1.0, 1.0]) == 0
    assert calibration_error([0.9, 0.9], [False, False], [1.0, 1.0]) == pytest.approx(0.9)


def test_a_feature_without_a_weight_counts_nothing() -> None:
    assert LinearModel({"a": 2.0}, 1.0).score(("a", "b"), np.array([[3.0, 99.0]])).tolist() == [7.0]
