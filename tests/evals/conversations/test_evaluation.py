"""Measuring search for the questions of conversations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from rich.console import Console

from evals.conversations.evaluation import BOTH, LAST, OURS, PLAIN, RERANKED, compare, grouped, understood
from evals.conversations.inscit import ConversationQuestion, read
from evals.conversations.variants import shortened
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from tests.fakes import FakeEmbedder

PASSAGES = {
    "wheat:1": "Farmers in the delta sold wheat at record prices after the best harvest in ten years.",
    "wheat:2": "Wheat from the delta is milled in Port Vell before it is shipped.",
    "rail:1": "The new railway links the port with the copper mines and carries ore twice a day.",
    "rail:2": "The railway was opened by the minister in March.",
}


def turn(conversation: str, context: list[str], *evidence: str) -> str:
    label = {"evidence": [{"passage_id": name} for name in evidence]}
    return json.dumps({"conv": conversation, "context": context, "labels": [label]}) + "\n"


TURNS = [
    turn("w", ["Who sold wheat in the delta?"], "wheat:1"),
    turn("w", ["Who sold wheat in the delta?", "Farmers did.", "Where is it milled?"], "wheat:2", "gone"),
    turn("r", ["What does the railway link?"], "rail:1"),
    turn("r", ["What does the railway link?", "The port and the mines.", "Who opened it?"], "rail:2"),
    turn("r", ["What does the railway link?", "The port and the mines.", "Is there life on Mars?"], "gone"),
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    turns, passages = tmp_path / "turns.jsonl", tmp_path / "passages.jsonl"
    turns.write_text("".join(TURNS))
    lines = [json.dumps({"_id": name, "titles": [name, "part"], "text": text}) for name, text in PASSAGES.items()]
    passages.write_text("\n".join(lines))
    return turns, passages


def test_questions_with_evidence_are_read_with_what_was_said_before(files: tuple[Path, Path]) -> None:
    found = read(*files)
    assert found.passages[0] == ("wheat:1", "wheat:1 > part", PASSAGES["wheat:1"])
    assert [each.questions[-1] for each in found.asked] == [
        "Who sold wheat in the delta?",
        "Where is it milled?",
        "What does the railway link?",
        "Who opened it?",
    ]
    assert found.asked[1].answers == ("Farmers did.",)
    assert found.asked[1].evidence == {"wheat:2": 1}


def test_a_new_topic_is_a_first_question_behind_another_conversation(files: tuple[Path, Path]) -> None:
    groups = grouped(read(*files).asked)
    assert {group: len(of) for group, of in groups.items()} == {
        "all": 4,
        "first questions": 2,
        "follow-ups": 2,
        "new topics": 2,
        "follow-ups, longer talk": 2,
    }
    assert groups["follow-ups, longer talk"][1].questions[-2:] == ("What does the railway link?", "Who opened it?")
    assert groups["new topics"][0].questions == ("What does the railway link?", "Who sold wheat in the delta?")
    assert groups["new topics"][0].answers == ("The port and the mines.",)


def test_a_shortened_question_lacks_words_that_were_said_before() -> None:
    """With the words that led to them; one with no others is left out."""
    said = ("What is cheese?", "A food of milk.")
    asked = [
        ConversationQuestion("c", (said[0], question), (said[1],), {"a": 1})
        for question in ("What are the effects of cheese on health?", "Is cheese food?", "Who was Ada?")
    ]
    assert [each.questions[-1] for each in shortened(asked)] == ["What are the effects on health?"]


def test_first_questions_are_searched_as_they_are_and_follow_ups_with_more(files: tuple[Path, Path]) -> None:
    first, second = read(*files).asked[:2]
    assert understood(first) == first.questions[-1]
    assert isinstance(understood(second), WeightedQuery)


def test_all_systems_are_measured_by_group(files: tuple[Path, Path], tmp_path: Path) -> None:
    """Ours finds the follow-ups' evidence where the last question alone does not."""
    embeddings = DeterministicFakeEmbedding(size=16)
    report = compare(read(*files), tmp_path / "store", FakeEmbedder(), embeddings=embeddings)
    document = json.loads(json.dumps(report.document()))
    assert document["passages"] == 4
    follow = document["groups"]["follow-ups"]
    assert set(follow["systems"]) == {OURS, RERANKED, LAST, BOTH, PLAIN}
    assert follow["leaning"] == 1.0
    assert document["groups"]["first questions"]["leaning"] == 0.0
    assert follow["systems"][OURS]["recall@5"] == 1.0
    console = Console(width=200, record=True)
    console.print(report.table())
    assert "new topics, 2" in console.export_text()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 1: not a JSON object"),
        ('{"conv": "a", "context": ["Who?"]}', 'no "context" and "labels"'),
        ('{"context": ["Who?", "He."], "labels": []}', "must be the question"),
        ('{"context": ["Who?"], "labels": [{}]}', 'without "evidence"'),
        ('{"context": ["Who?"], "labels": []}', "do they belong together"),
    ],
)
def test_what_cannot_be_read_is_named(line: str, complaint: str, files: tuple[Path, Path]) -> None:
    files[0].write_text(line + "\n")
    with pytest.raises(InputError, match=complaint):
        read(*files)
