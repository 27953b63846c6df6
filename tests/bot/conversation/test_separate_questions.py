"""Questions that are asked at once are told apart, and one question of several clauses is not."""

from __future__ import annotations

import pytest

from bot.conversation.separate_questions import main_question, separate_questions


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Why were they warned? who is Ann Brook? which ports are closed?", 3),
        ("Who led it? and when was that?", 2),
        ("what is the rule\nwho is exempt", 2),
        ("Who signed it?", 0),
        ("Really? Who signed it?", 0),
        ("Who signed it? I heard that it was Ann Brook?", 0),
        ("Who said “Who are you? What is this?”?", 0),
        ("?? ??", 0),
        ("", 0),
        ("Who is he? " * 9, 0),
        ("How many people visited it, and how many people applied?", 2),
        ("what does Quill say and what do the unions want", 2),
        ("Who dissented and why?", 0),
        ("When and where was it signed?", 0),
        ("The ship sank and what happened then is unknown.", 0),
    ],
)
def test_the_questions_of_a_text(text: str, questions: int) -> None:
    found = separate_questions(text)
    assert len(found) == questions
    assert all(each.endswith("?") and each.count("?") == 1 for each in found)


def test_a_follow_up_goes_on_with_the_last_that_names_something() -> None:
    assert main_question("Why was Otto Lind late? what did it cost?") == "Why was Otto Lind late?"
    assert main_question("Who signed it?") == "Who signed it?"
