"""The reader's training examples: right sentences, hard negatives, questions that nothing answers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evals.answers.reader_examples import ReaderExamples, build_examples, read_questions
from evals.cross_encoders.examples import ExampleFile, ExampleGroup
from retrieval.errors import InputError

HARBOUR = (
    "The harbour strike began on Monday. Workers asked for higher pay and shorter shifts. "
    "The harbour strike was called by the dockers' union. The mayor said that he would not talk."
)
BRIDGE = (
    "The old bridge was closed in March. The bridge repair will cost 4 million dollars. "
    "Engineers found cracks in two pillars. The mayor promised a new bridge."
)


def record(question: str, passage: str, answer: str, **fields: str) -> str:
    start = passage.index(answer) if answer else 0
    answers = [[start, start + len(answer)]] if answer else []
    line = {"question": question, "title": "City news", "passage": passage, "answers": answers, "set": "tests"}
    return json.dumps({**line, **fields})


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    lines = [
        record("When did the harbour strike begin?", HARBOUR, "Monday"),
        record("How much will the bridge repair cost?", BRIDGE, "4 million dollars"),
        record("Who closed the harbour?", HARBOUR, ""),
        record("How many people live in <num>?", HARBOUR, "Workers"),
        record("Who wrote it?", HARBOUR, "mayor", set="bipar-en"),
    ]
    path = tmp_path / "questions.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def texts(examples: ExampleFile, group: ExampleGroup, label: float) -> list[str]:
    return [
        examples.passages[each.passage].sentences[each.sentence or 0]
        for each in group.candidates
        if each.label == label
    ]


def test_the_sentence_with_the_answer_is_right_and_those_like_the_question_wrong(questions: Path) -> None:
    examples = ExampleFile(*map(tuple, build_examples([questions])))
    (group,) = [each for each in examples.groups if "The harbour strike began on Monday." in texts(examples, each, 1.0)]
    assert len(texts(examples, group, 1.0)) == 1
    assert "The harbour strike was called by the dockers' union." in texts(examples, group, 0.0)


def test_nothing_is_right_for_a_question_without_an_answer(questions: Path) -> None:
    found = [group for group in build_examples([questions])[1] if "closed" in group.text.lower()]
    assert found
    assert all(each.label == 0.0 for group in found for each in group.candidates)


def test_sets_for_non_commercial_use_and_masked_questions_are_left_out(questions: Path) -> None:
    assert [each.source for each in read_questions([questions])] == ["tests"] * 3


def test_no_wrong_sentence_names_the_answer(questions: Path) -> None:
    """It may answer the question as well."""
    examples = ExampleFile(*map(tuple, build_examples([questions])))
    for group in examples.groups:
        if "cost" in group.text and texts(examples, group, 1.0):
            assert not any("4 million" in text for text in texts(examples, group, 0.0))


def test_the_same_questions_give_the_same_examples(questions: Path) -> None:
    records = read_questions([questions])
    assert list(ReaderExamples(1).build(records)) == list(ReaderExamples(1).build(records))


def test_squad_files_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    answer = {"answer_start": HARBOUR.index("Monday"), "text": "Monday"}
    asked = {"question": "When did it begin?", "answers": [answer], "is_impossible": False}
    data = {"data": [{"title": "Harbour_strike", "paragraphs": [{"context": HARBOUR, "qas": [asked]}]}]}
    path.write_text(json.dumps(data), "utf-8")
    (found,) = read_questions([path])
    assert (found.source, found.article, found.answers[0].of(HARBOUR)) == ("squad2", "Harbour strike", "Monday")


def test_a_file_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_text('{"claim": "no"}\n', "utf-8")
    with pytest.raises(InputError, match="no file of questions"):
        read_questions([tmp_path / "other.jsonl"])
    with pytest.raises(InputError, match="there is no file"):
        read_questions([tmp_path / "absent.jsonl"])
