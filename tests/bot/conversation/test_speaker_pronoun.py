"""“What did she say?” asks for the words of the woman spoken of before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.speaker_pronoun import antecedent, name_speaker
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Span


def turn(question: str, answer: str) -> Turn:
    return Turn(question, question, answer, (), abstained=False, asked=0.0)


@pytest.mark.parametrize(
    ("question", "before", "named"),
    [
        (
            "What did she say?",
            turn("Who is the mayor?", "“Enough,” said Ann Brook, the mayor."),
            "What did Ann Brook say?",
        ),
        (
            "what did he say about it?",
            turn("Who is Tom Reed?", "Tom Reed met Ann Brook."),
            "what did Tom Reed say about it?",
        ),
        ("And what did she think?", turn("Who met?", "Tom Reed met Ann Brook."), "And what did Ann Brook think?"),
        ("What did he say?", turn("Who met?", "Tom Reed met James Hill."), ""),
        ("What did they say?", turn("Who met?", "Tom Reed met Ann Brook."), ""),
        ("What did Ann Brook say?", turn("Who met?", "Tom Reed met Ann Brook."), ""),
        ("Where did she go?", turn("Who met?", "Tom Reed met Ann Brook."), ""),
    ],
)
def test_the_one_person_who_fits_is_named(question: str, before: Turn, named: str) -> None:
    assert name_speaker(question, [before]) == named


def test_whom_a_pronoun_of_the_other_gender_stood_for_is_not_meant() -> None:
    """And a question who did something, with several names in its answer, leaves open who did."""
    about = turn("tell me about Corin Tarsk", "Corin Tarsk was shot.")
    shot = Turn("who shot her?", "Who shot Corin Tarsk?", "Corin Tarsk was shot, said Dr. Bel Ams.", (), False, 0.0)
    assert antecedent("m", [about, shot]) != "Corin Tarsk"


def test_another_in_a_question_with_a_pronoun_is_meant() -> None:
    """Only the name that took the place of "she" is hers."""
    said = "Where did Ann Brook say that about Bill Reed?"
    where = Turn("where did she say that?", said, "On a show.", (), False, 0.0)
    assert antecedent("m", [where]) == "Bill Reed"
    before = turn("what was she before?", "Brook spoke on Monday.")
    assert antecedent("m", [where, before]) == "Bill Reed"


def test_the_person_asked_about_is_meant_before_those_of_the_answer() -> None:
    """Even one whose given name is on no list."""
    about = turn("What did Corin Tarsk do?", "He faces prison for the death of Reeva Steenkamp.")
    assert antecedent("m", [about]) == "Corin Tarsk"


def test_of_several_people_one_of_no_known_gender_is_not_meant() -> None:
    """Then "she" is nobody who is named."""
    answer = "Last month, Sen. Corin Tarsk accused Brett Kavanaugh, said Tom Brook."
    assert antecedent("f", [Turn("Who accused him?", "Who accused him?", answer, (), abstained=False, asked=0.0)]) == ""
    assert antecedent("m", [Turn("Who spoke?", "Who spoke?", "Tom Brook spoke.", (), abstained=False, asked=0.0)])


def test_whom_an_unresolved_pronoun_stood_for_is_who_its_answer_and_a_question_name() -> None:
    """Not the last one who spoke."""
    quote = "Tarsk left his post before being held captive for five years."
    place = (CitedPlace(1, "a", Span(0, len(quote)), quote),)
    history = [
        turn("What is Tarsk charged with?", "Desertion."),
        turn("What did Boehner say?", "“Innocent until proven guilty,” Boehner said."),
        Turn("How long was he held?", "How long was he held?", quote, place, abstained=False, asked=0.0),
    ]
    assert antecedent("m", history) == "Tarsk"


def test_who_it_was_is_meant_before_somebody_of_no_known_gender_in_the_question() -> None:
    answer = "In an expansion, Tarsk promoted pollster Ann Brook to campaign manager."
    assert antecedent("f", [turn("Who became Tarsk's campaign manager?", answer)]) == "Ann Brook"


def test_a_place_with_the_name_of_people_is_nobody() -> None:
    answer = "Governor Corin Tarsk will go to the courthouse in Austin, his lawyer, Tony Brook, said."
    assert antecedent("m", [turn("What is Corin Tarsk charged with?", answer)]) == "Corin Tarsk"


def test_whom_somebody_picked_is_meant_before_who_picked_him() -> None:
    """Where the answer names several, nobody is."""

    def picked(quote: str) -> Turn:
        place = (CitedPlace(1, "a", Span(0, len(quote)), quote),)
        question = "Who did Tarsk pick to run the agency?"
        return Turn(question, question, quote, place, abstained=False, asked=0.0)

    assert antecedent("m", [picked("President Tarsk has selected Alex Brook as head of the agency.")]) == "Alex Brook"
    assert antecedent("m", [picked("Tarsk selected Alex Brook, said Tom Reed.")]) == ""


def test_who_did_it_is_meant_before_to_whom_it_was_done() -> None:
    """The answer names them; where it names several, nobody is."""
    replaced = turn("Who replaced Jack Hill?", "")
    quote = "He dropped Jack Hill and replaced him with Tom Reed."
    told = replace(replaced, places=(CitedPlace(1, "a", Span(0, len(quote)), quote),), answer=quote)
    assert antecedent("m", [told]) == "Tom Reed"
    several = "Jack Hill gave way to Tom Reed and James Poe."
    both = replace(told, places=(replace(told.places[0], quote=several),), answer=several)
    assert antecedent("m", [both]) != "Tom Reed"


def test_who_may_do_it_is_meant_too_and_nobody_of_the_other_gender() -> None:
    quote = "Scott, 69, is the front-runner in Virginia to fill Tom Poe's seat."
    could = turn("who could replace Tom Poe?", quote)
    told = replace(could, places=(CitedPlace(1, "a", Span(0, len(quote)), quote),))
    assert antecedent("m", [told]) == "Scott"


def test_whom_a_doubtful_answer_names_is_not_meant() -> None:
    """It may be of something else; the answer before it counts."""
    sure = turn("Who spoke at the dinner?", "Ann Brook spoke at the dinner.")
    doubtful = replace(turn("who defended them", "Margaret Poe wrote the novel."), possibly=True)
    assert antecedent("f", [sure, doubtful]) == "Ann Brook"


def test_who_speaks_for_a_group_is_not_meant() -> None:
    """After "what do critics say?" she is still the one whose plan it is."""
    plan = turn("What is Ann Brook's plan?", "Ann Brook wants a dike.")
    critics = turn("what do critics say?", "Mary Hill criticized the plan.")
    assert name_speaker("what did she promise?", [plan, critics]) == "what did Ann Brook promise?"


def answered(question: str, quote: str) -> Turn:
    place = (CitedPlace(1, "a", Span(0, len(quote)), quote),) if quote else ()
    return Turn(question, question, quote, place, abstained=False, asked=0.0)


@pytest.mark.parametrize(
    ("question", "quote", "told", "person"),
    [
        # A place is nobody, nor is whom the question about an officeholder names for its time.
        ("Port Vell market shooting, walk me through it", "A clerk was shot.", "Port Vell mourned.", ""),
        ("prisons boss out after Tarsk - short version", "The boss is out.", "Tom Tarsk died in his cell.", ""),
        # The first word of a question may be a name, and a quotation names nobody whom it is about.
        ("Reed accusations timeline", "Tom Reed denied it.", "Tom Reed denied it.", "Tom Reed"),
        ('Reed "Hill founded it", how did that end?', "Tom Reed sued.", "Tom Reed sued. Jack Hill won.", "Tom Reed"),
        # Whoever bears the office that a question names is meant.
        ("the teacher in Vell who left", "It was over a walkout.", "The teacher, Tom Reed, left.", "Tom Reed"),
        # Of those whom answers name only, one who is alone of his gender is.
        ("six pages to the House", "Tom Reed wrote to Ann Brook.", "Tom Reed wrote to Ann Brook.", "Tom Reed"),
        ("six pages to the House", "Tom Reed wrote to Jack Hill.", "Tom Reed wrote to Jack Hill.", ""),
        ("six pages to the House", "Tom Reed wrote to Sen. Corin Tarsk.", "Sen. Corin Tarsk left.", ""),
    ],
)
def test_he_is_a_person_of_the_question_in_what_was_told(question: str, quote: str, told: str, person: str) -> None:
    assert antecedent("m", [answered(question, quote)], told) == person


def test_a_name_that_the_articles_give_to_somebody_of_the_other_gender_is_not_meant() -> None:
    assert antecedent("f", [answered("How much did Reed pay?", "")], "Tom Reed paid. Mr. Reed left.") == ""


def test_who_is_named_beside_a_pronoun_is_not_meant_by_it() -> None:
    history = [answered("Reed v Hill, bring me up to speed", "Tom Reed met Jack Hill.")]
    assert antecedent("m", history, "Tom Reed met Jack Hill.", "Reed's gripes about him?") == "Jack Hill"


def test_the_person_of_a_question_comes_before_those_of_later_answers() -> None:
    history = [
        answered("Hill's day, from his posts to the subway", "Jack Hill posted."),
        answered("Names of the two officers?", "Tom Reed named them."),
    ]
    assert antecedent("m", history, "Tom Reed spoke. Jack Hill posted.") == "Jack Hill"
