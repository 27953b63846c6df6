"""Sentences about the question's event, but on the other side of it."""

from __future__ import annotations

import pytest

from bot.answering.question import parse_question
from bot.answering.sides import side_doubts


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who voted against the delay?", "Dana Whitlock and Ray Singh voted for the delay."),
        ("Who voted for the delay?", "Olaf Berg voted against the delay."),
        ("What did he do before the war?", "After the war he sold cars."),
        ("Who was the first mayor of Vell?", "The last mayor of Vell was Ada Quill."),
        ("How much did wages rise?", "Wages fell by four percent."),
        ("Who supported the bill?", "Senator Poe opposed the bill."),
        ("Who voted on the delay?", "Councillor Mia Toft never voted."),
        ("Who replaced Ada Quill as mayor?", "Ada Quill replaced Tom Lane as mayor."),
        ("Who replaced Ada Quill as mayor?", "Ada Quill, who was mayor from 2016, wrote books."),
        ("Who defeated Tom Lane?", "Tom Lane defeated Ada Quill in May."),
        ("Is the mayor going to quit?", "Many called on the mayor to quit the race altogether."),
        ("Did the council pass the bill?", "Ada Quill urged the council to quickly pass it."),
    ],
)
def test_the_other_side_is_doubted(question: str, sentence: str) -> None:
    assert side_doubts(parse_question(question), sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who voted against the delay?", "Councillor Mia Toft did not vote, and Olaf Berg voted against it."),
        ("Who voted against the delay?", "Nine voted for the delay, Olaf Berg against the delay."),
        ("What happened after the vote?", "Before noon the bridge was opened; after the vote it rained."),
        ("What happened after the vote?", "The bridge was opened before the war."),
        ("Who won the final?", "Vell lost the final to Marfield."),
        ("Which class has unknown algorithms?", "For this class no algorithm is known."),
        ("Who first corrected the physics?", "The physics was not corrected until Galileo."),
        ("What was wrong with her leg?", "The pain in her right leg came from a pulled muscle."),
        ("What did staff think was wrong with her leg?", "She told staff that her right leg had a pulled muscle."),
        ("Did the mayor quit?", "Urged by many to quit, the mayor quit on Friday."),
        ("Did they ask the mayor to quit?", "Many asked the mayor to quit."),
        ("Should the mayor quit?", "Many called on the mayor to quit."),
        ("Did he promise to quit?", "He promised the council to quit."),
        ("Who did not vote?", "Councillor Mia Toft did not vote."),
        ("Why did he not sign?", "He did not sign because of the cost."),
        ("Did Brennan try to stop it?", "“I did not try to stop it,” he said."),
        ("Who replaced Ada Quill as mayor?", "Tom Lane replaced Ada Quill as mayor."),
        ("Who replaced Ada Quill as mayor?", "Ada Quill was replaced by Tom Lane in May."),
        ("Who replaced Ada Quill as mayor?", "Tom Lane was sworn in after Quill resigned."),
        ("Who was defeated by Ada Quill?", "Ada Quill defeated Tom Lane in May."),
        ("What did Mohamed say about the court?", "“The court didn't listen,” says Mohamed Waheb."),
    ],
)
def test_the_same_side_is_not(question: str, sentence: str) -> None:
    assert side_doubts(parse_question(question), sentence) == []


def test_somebody_elses_official_is_not_who_is_asked_for() -> None:
    """Nobody of "Quill campaign manager" is Vane's."""
    asked = parse_question("Who is Vane's new campaign manager?")
    assert side_doubts(asked, "On a call, Quill campaign manager Tom Reed said that little would change.")
    assert not side_doubts(asked, "Vane promoted Ann Brook to campaign manager.")
    assert not side_doubts(asked, "Vane campaign manager Ann Brook spoke.")
