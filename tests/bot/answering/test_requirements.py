"""What a question requires of a sentence: lenient towards unusual answers, strict about what is no such thing."""

from __future__ import annotations

import pytest

from bot.answering.question import parse_question
from bot.answering.requirements import requirement_of

GIVEN = [
    ("When was the bridge opened?", "It opened on 4 May 2019."),
    ("When was the bridge opened?", "It opened the day before yesterday."),
    ("When did he leave the CIA?", "He left shortly after the affair became known."),
    ("What year was the act passed?", "The act of 1807 allows it."),
    ("At what time did the alert go out?", "The alert was issued at 4:05 p.m. Eastern."),
    ("How many defendants were sentenced?", "The judge sentenced 529 defendants to death."),
    ("How many Marines died?", "Four Guardsmen and seven Marines died."),
    ("How many of the councillors agreed?", "None of them did."),
    ("how many people came", "Dozens came."),
    ("How much did she earn in 2016?", "Her income exceeded $322,000."),
    ("By how much did deaths fall?", "Deaths declined by 6.5%."),
    ("By how much did she win?", "She beat the mayor by almost seven points."),
    ("By how much did sales grow?", "Sales grew by a third."),
    ("How much does the ticket cost?", "The ticket is free."),
    ("How old is Catherine Pugh?", "Pugh, 69, is to surrender on Thursday."),
    ("How old was the boy?", "The six-year-old boy was found."),
    ("How long is the summary?", "He read the 300-page summary."),
    ("How long did the trial last?", "The trial took nine weeks."),
    ("How far is the village?", "The village lies 12 km north."),
    ("How often does the board meet?", "The board meets every month."),
    ("What percentage of voters agreed?", "Two thirds agreed, or 66 percent."),
    ("Who signed the agreement?", "General Michael Langley signed it."),
    ("Who attacked the convoy?", "Gunmen attacked the convoy."),
    ("Who paid for the statue?", "The company paid."),
    ("Which judge handed down the sentences?", "Judge Saeed Youssef handed them down."),
    ("Which church did he visit?", "He went to St. John's."),
    ("Where was the wreckage found?", "Divers found it in Santa Rosa Sound."),
    ("Where did she hide the money?", "She kept it under the kitchen floor."),
]
GIVEN += [
    ("In what century was the system used?", "It was used in the late 19th century."),
    ("When are committees established?", "They are established at the beginning of each session."),
    ("How long does a division take?", "The outcome is known in seconds."),
    ("How long had he been pope?", "Less than a year after becoming pope he came."),
    ("Where are the cells?", "The cells (located in the thymus) eliminate others."),
    ("Where do meetings take place?", "Meetings in the debating chamber take place on Wednesday."),
    ("Where did trappers travel?", "They traveled throughout the St. Lawrence watershed."),
]
GIVEN += [
    ("When will the court hear it?", "The court agreed to hear it in the fall."),
    ("What was the vote on the bill?", "The house passed it by 392-37."),
    ("what was the final score", "Lowmoor won by 3 to 1."),
    ("What was the vote in the council?", "The vote was unanimous."),
    ("Who is the mayor of Lowmoor?", "Lowmoor Mayor Ada Quill agreed."),
    ("Who is the suspect in the raid?", "The alleged raider was identified as Tom Reed."),
]
LACKING = [
    ("By how much did she win?", "She won on Nov. 6 and serves for seven months.", "no difference in figures"),
    ("When will the court hear it?", "The fall of the wall led to it.", "no date or time"),
    ("What was the vote on the bill?", "The house voted to change it.", "no figures of a result"),
    ("Who is the mayor of Lowmoor?", "Tom Reed is the supervisor, the mayor said.", "no mayor's name"),
    ("When was the agreement signed?", "General Michael Langley signed it.", "no date or time"),
    ("When was the deal signed?", "The deal, signed by the general, reduces costs while he waits.", "no date or time"),
    ("Who signed the deal?", "The deal strengthens the defense of the states.", "no other name"),
    ("What time did it begin?", "It began on Monday.", "no time of day"),
    ("How many defendants were sentenced?", "The defendants were sentenced on 4 May 2014.", "no number of defendants"),
    ("How many people died?", "The second of the crashes killed no more.", "no number of people"),
    ("How many soldiers died?", "Damage of $40 million was done.", "no number of soldiers"),
    ("How many soldiers died?", "It was one of the worst crashes.", "no number of soldiers"),
    ("How much did the helicopter cost?", "Four Guardsmen were its crew.", "no amount of money"),
    ("How old was the pilot?", "He was one of two pilots and served from 2005 to 2011.", "no age"),
    ("How long was the trial?", "The trial ended with 12 convictions.", "no length"),
    ("How often does the board meet?", "The board has nine members.", "no frequency"),
    ("Who replaced Ada Quill?", "Ada Quill was replaced.", "no other name"),
    ("Who won the race?", "It was won at last.", "no other name"),
    ("Which judge handed down the sentences?", "The judge handed down the sentences in March.", "no other name"),
    ("Where was the helicopter found?", "Divers found the helicopter in several pieces on Tuesday.", "no place"),
]


@pytest.mark.parametrize(("question", "sentence"), GIVEN)
def test_a_sentence_that_gives_what_is_asked_passes(question: str, sentence: str) -> None:
    requirement = requirement_of(parse_question(question))
    assert requirement is not None
    assert requirement.given_in(sentence)


@pytest.mark.parametrize(("question", "sentence", "lack"), LACKING)
def test_a_sentence_without_such_a_thing_does_not(question: str, sentence: str, lack: str) -> None:
    requirement = requirement_of(parse_question(question))
    assert requirement is not None
    assert requirement.given_in(sentence) == ()
    assert requirement.lack == lack


@pytest.mark.parametrize(
    "question",
    [
        "What happened on Monday?",
        "Did the council agree?",
        "What did Lechner say about Niger?",
        "Which side won?",
        "What is a ferry?",
        "Tell me about the bridge",
    ],
)
def test_other_questions_require_nothing(question: str) -> None:
    assert requirement_of(parse_question(question)) is None


@pytest.mark.parametrize(
    ("sentence", "gives"),
    [
        ("Engineers chose steel because salt water eats concrete.", True),
        ("Engineers chose steel to keep the bridge light.", True),
        ("The choice of steel followed a study of the sea bed.", False),
        ("Steel was chosen in May.", False),
    ],
)
def test_why_asks_for_a_reason_or_a_purpose(sentence: str, gives: bool) -> None:
    requirement = requirement_of(parse_question("Why did engineers choose steel?"))
    assert requirement is not None
    assert bool(requirement.given_in(sentence)) is gives


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("About 60 Australians are fighting there.", True),
        ("It is one of 40 nations that agreed.", False),
        ("The closure sent 40 government workers home.", True),
        ("They were screened for COVID-19.", False),
        ("Fewer than 90 embassy personnel were flown out.", True),
    ],
)
def test_a_number_of_people_counts_people(text: str, given: bool) -> None:
    """Neither countries, nor the number of a name."""
    requirement = requirement_of(parse_question("How many people are there?"))
    assert requirement
    assert bool(requirement.given_in(text)) is given


def test_a_score_while_a_match_went_on_is_no_result() -> None:
    requirement = requirement_of(parse_question("What was the score?"))
    assert requirement
    assert not requirement.given_in("It was 7-7 after the extra point.")
    assert requirement.given_in("Vell beat Redmouth 28-24, after a 7-7 first half.")
