"""Claims in context: short answers are judged as what they say after the question, pronouns as what they refer to."""

from __future__ import annotations

import pytest

from bot.answers import NO_CONTEXT, ClaimContext
from bot.verification.claim_context import resolve_claim


@pytest.mark.parametrize(
    ("claim", "question", "statement"),
    [
        ("Yes.", "Did Niger end the agreement?", "Niger ended the agreement."),
        ("No.", "Did Niger end the agreement?", "Niger did not end the agreement."),
        ("No", "Is the bridge safe?", "The bridge is not safe."),
        ("Yes.", "Was the agreement signed on Sunday?", "The agreement was signed on Sunday."),
        ("No, they did not.", "Did the troops leave?", "The troops did not leave."),
        ("He did.", "Did Langley sign the deal?", "Langley signed the deal."),
        ("Langley did.", "Who signed the deal?", "Langley signed the deal."),
        ("Langley.", "Who signed the agreement?", "Langley signed the agreement."),
        ("Langley signed it.", "Who signed the agreement?", "Langley signed the agreement."),
        ("In 2019.", "When was the agreement signed?", "The agreement was signed in 2019."),
        ("**1999**", "In which year was it founded?", "It was founded in 1999."),
        ("50%.", "What percentage of voters backed it?", "50% of voters backed it."),
        ("About 30 people.", "How many people died?", "About 30 people died."),
        ("About 30.", "How many people did the fire kill?", "The fire killed About 30 people."),
        ("Because of Mali.", "Why did the junta end the deal?", "The junta ended the deal because of Mali."),
        ("Niamey.", "What is the capital of Niger?", "Niamey is the capital of Niger."),
        ("Niger and Mali.", "Which countries left the bloc?", "Niger and Mali left the bloc."),
        (
            "No, they are not the same.",
            "Is refinancing the same as a mortgage?",
            "Refinancing is not the same as a mortgage.",
        ),
        ("Yes, in 2019.", "Was the bridge built?", "The bridge was built in 2019."),
    ],
)
def test_a_short_answer_is_what_it_says_after_the_question(claim: str, question: str, statement: str) -> None:
    resolved = resolve_claim(claim, ClaimContext(question))
    assert resolved.checkable
    assert resolved.text.casefold() == statement.casefold()


@pytest.mark.parametrize(
    ("claim", "before", "statement"),
    [
        (
            "They agreed to leave by September.",
            "U.S. and Nigerien officials met.",
            "U.S. and Nigerien officials agreed to leave by September.",
        ),
        ("He resigned in May.", "Peter Wells led the bank.", "Peter Wells resigned in May."),
        ("Its capital is Niamey.", "Niger is in Africa.", "Niger’s capital is Niamey."),
        ("However, she lost.", "In 2019, Theresa Villiers ran for office.", "However, Theresa Villiers lost."),
    ],
)
def test_a_pronoun_is_the_subject_of_the_sentence_before(claim: str, before: str, statement: str) -> None:
    assert resolve_claim(claim, ClaimContext("What happened?", before)).text == statement


@pytest.mark.parametrize(
    ("claim", "before"),
    [
        ("He resigned in May.", "The banks closed."),  # no person
        ("They left.", "Langley met Smith."),  # one person
        ("It is unclear whether he left.", "Niger is in Africa."),  # refers to nothing
        ("He resigned.", "The minister, who met the king, spoke."),  # where the subject ends is unsure
        ("She said that Anna Berg left.", "Anna Berg spoke."),  # another woman than the one she names
        ("The bridge is closed.", "Niger is in Africa."),
        ("They left in May.", "The land was bought."),
        ("It closed in May.", "This is a bank."),
        ("On the first tab, click the name of a cluster.", ""),
        ("In the video, Dana mimics her voice.", ""),
    ],
)
def test_a_claim_stays_as_it_is_where_its_reference_is_unsure(claim: str, before: str) -> None:
    assert resolve_claim(claim, ClaimContext("What happened?", before)).text == claim


@pytest.mark.parametrize(
    ("claim", "question"),
    [
        ("Yes.", "Who signed the agreement?"),
        ("No.", ""),
        ("Yes.", "Is it red or blue?"),
        ("Yes, it did not.", "Did it end?"),
        ("Yes, no, " * 200, "Did it end?"),
        ("No, in 2019.", "Was it signed in 2018?"),
        ("He did.", "Who signed the deal?"),
        ("Mali did.", "Did Niger end the deal?"),
        ("50%.", ""),
        ("In 2019.", ""),
        ("They did it.", ""),
    ],
)
def test_what_nothing_resolves_is_not_checkable(claim: str, question: str) -> None:
    assert not resolve_claim(claim, ClaimContext(question)).checkable


def test_an_opening_yes_is_judged_for_itself() -> None:
    resolved = resolve_claim("Yes, Langley was there.", ClaimContext("Did Langley sign the deal?"))
    assert resolved.text == "Langley was there."
    assert resolved.opening == "Yes, "
    assert resolved.statement == "Langley signed the deal."


def test_an_item_completes_the_lead_in_of_its_list() -> None:
    context = ClaimContext("What happened to the bloc?", "The countries that left it are:")
    assert resolve_claim("Mali", context).text == "The countries that left it are Mali."


@pytest.mark.parametrize(
    "text", ["1.", "3)", "## The strike", "How did it end?", "Here is what the articles say:", "—"]
)
def test_what_asserts_nothing_is_left_alone(text: str) -> None:
    assert resolve_claim(text, ClaimContext("Who won?")).text == text
    assert resolve_claim(text, NO_CONTEXT).checkable
