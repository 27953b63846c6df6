"""A journalist's questions: what is right by gold string, what was shown, and how two runs differ."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.answers import Doubt
from evals.answers.calibration import reliability
from evals.answers.comparison import compare_runs
from evals.answers.gold import gives_gold
from evals.answers.newsroom import (
    NewsQuestion,
    NewsroomReport,
    QuestionOutcome,
    ask_all,
    copy_articles,
    outcome_of,
    read_news_questions,
)
from retrieval.errors import InputError
from tests.bot.fakes_bot import abstained, answered, cite, info, make_app


@pytest.mark.parametrize(
    ("quote", "gold"),
    [
        ("Four Americans were killed.", ["4"]),
        ("The file ran to 6,000 pages.", ["6,000"]),
        ("He went to St. John’s Church.", ["St. John's"]),
        ("It is the CIA’s deputy director.", ["cia's deputy"]),
        ("Eglin Fire Chief Mark Giuliano spoke.", ["Mark Giuliano, fire chief"]),
        ("Either is right.", ["absent", "right"]),
    ],
)
def test_a_gold_answer_is_found_word_for_word_or_by_most_of_its_words(quote: str, gold: list[str]) -> None:
    assert gives_gold(quote, gold)


@pytest.mark.parametrize(
    ("quote", "gold"),
    [("1529 were sentenced.", ["529"]), ("They were fourteen.", ["four"]), ("Mark spoke.", ["Mark Rees"]), ("No.", [])],
)
def test_a_part_of_a_word_or_of_a_short_answer_is_none(quote: str, gold: list[str]) -> None:
    assert not gives_gold(quote, gold)


def test_a_paraphrase_is_found_by_its_words() -> None:
    assert gives_gold("He read the 300-page summary.", ["300 pages"], paraphrase=True)
    assert not gives_gold("He read the 300-page summary.", ["300 pages"])


def write(path: Path, *records: object) -> Path:
    content = "".join(json.dumps(record) + "\n" for record in records)
    with gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as file:
        file.write(content)
    return path


def test_questions_are_read_with_and_without_what_says_whether_they_can_be_answered(tmp_path: Path) -> None:
    file = write(
        tmp_path / "asked.jsonl.gz",
        {"question": " Who? ", "gold": ["Ana"], "answerable": True, "article": "x"},
        {"question": "When?", "gold": []},
        {"question": "Where?", "gold": ["Vell"], "answerable": False},
    )
    assert read_news_questions(file) == [
        NewsQuestion("Who?", ("Ana",), answerable=True),
        NewsQuestion("When?", (), answerable=False),
        NewsQuestion("Where?", ("Vell",), answerable=False),
    ]


@pytest.mark.parametrize(
    "record", [{"gold": ["x"]}, {"question": "Who?", "gold": "Ana"}, {"question": "Who?", "answerable": True}, [1]]
)
def test_what_is_no_question_is_refused_in_one_line(record: object, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_news_questions(write(tmp_path / "asked.jsonl", record))


def test_articles_are_copied_up_to_the_number_given_and_each_once(tmp_path: Path) -> None:
    """A passage that a question comes with is an article, too."""
    news = write(tmp_path / "news.jsonl", *({"id": f"n{n}", "title": "T", "text": f"Text {n}."} for n in range(5)))
    passage = {
        "question": "Who?",
        "gold": ["Ana"],
        "passage": "Ana.",
        "doc": "d1",
        "title": "T",
        "doc_date": "2022-08-05",
    }
    asked = write(tmp_path / "asked.jsonl", passage, passage | {"question": "When?"})
    (folder,) = copy_articles([f"{news}:2", str(asked)], tmp_path / "copies")
    records = [json.loads(line) for file in sorted(Path(folder).iterdir()) for line in file.read_text().splitlines()]
    assert [each["text"] for each in records] == ["Text 0.", "Text 1.", "Ana."]
    assert records[-1]["published"] == "2022-08-05"
    copy_articles([str(asked)], tmp_path / "copies")
    assert len(list(Path(folder).iterdir())) == 1


RIGHT = NewsQuestion("How many?", ("529",), answerable=True)
ABSENT = NewsQuestion("Who?", (), answerable=False)
GIVES, LACKS = cite(1, "In Minya 529 were sentenced.", info()), cite(2, "The judge spoke.", info(), 300)


def outcomes() -> list[QuestionOutcome]:
    doubt = (Doubt("gives no number", "gives a number"),)
    return [
        outcome_of(RIGHT, answered(GIVES, LACKS)),
        outcome_of(RIGHT, answered(LACKS, GIVES)),
        outcome_of(RIGHT, answered(LACKS)),
        outcome_of(RIGHT, answered(GIVES, possibly=True, doubts=doubt)),
        outcome_of(RIGHT, answered(LACKS, possibly=True, doubts=doubt)),
        outcome_of(RIGHT, abstained(LACKS, GIVES)),
        outcome_of(ABSENT, answered(GIVES)),
        outcome_of(ABSENT, answered(GIVES, possibly=True, doubts=doubt)),
        outcome_of(ABSENT, abstained(LACKS)),
    ]


def test_every_question_is_counted_once_by_state_and_truth() -> None:
    report = NewsroomReport("asked.jsonl", 2, tuple(outcomes()), 0.1, {})
    figures = report.figures()
    assert [figures[name] for name in list(figures)[:14]] == [6, 1, 1, 1, 1, 0, 1, 1, 1, 2, 3, 1, 1, 1]
    assert figures["share wrong of what is answered"] == 0.75
    document = json.loads(json.dumps(report.document()))
    assert [each["status"] for each in document["outcomes"]].count("possibly") == 3
    assert document["outcomes"][3]["reason"] == "the sentence gives no number"
    assert document["outcomes"][1]["shown"][1] == {
        "quote": GIVES.quote,
        "title": "Article 1",
        "as_answer": True,
        "right": True,
    }


def test_the_program_is_asked_as_it_is(tmp_path: Path) -> None:
    questions = [NewsQuestion("When did the dockers end their strike?", ("Tuesday",), answerable=True)]
    with make_app(tmp_path / ".onrecord") as app:
        (outcome,), seconds = ask_all(app, questions)
    assert (outcome.status, outcome.first_right) == ("answered", True)
    assert seconds > 0


def test_runs_are_compared_on_the_questions_that_both_asked(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(
        json.dumps({"outcomes": [{"question": f"q{n}", "values": {"right": 0.0}} for n in range(20)]}), encoding="utf-8"
    )
    ours = {f"q{n}": {"right": 1.0, "new": 1.0} for n in range(10, 30)}
    (metric, found), *rest = compare_runs(ours, other).items()
    assert (metric, found.mean, found.low, found.high, rest) == ("right", 1.0, 1.0, 1.0, [])


@pytest.mark.parametrize("content", ["", "{}", '{"outcomes": [{"question": "x"}]}', '{"outcomes": []}'])
def test_another_document_is_no_run_to_compare_with(content: str, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.json"):
        compare_runs({"q": {"right": 1.0}}, file)
    with pytest.raises(InputError, match="there is no file"):
        compare_runs({"q": {"right": 1.0}}, tmp_path / "absent.json")


def test_reliability_counts_the_questions_of_each_tenth() -> None:
    found = reliability([0.05, 0.31, 0.39, 1.0], [False, True, False, True])
    assert [(each.low, each.count, each.right) for each in found] == [(0.0, 1, 0.0), (0.3, 2, 0.5), (0.9, 1, 1.0)]
