"""Clauses: what a long claim is split into, and what is never torn apart."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.answers import ClaimVerdict, Evidence, Support
from bot.verification.clauses import MAX_CLAUSES, judge_clauses, split_clauses, without
from retrieval.articles import Span

WHOLE = ClaimVerdict(Support.UNSUPPORTED, 0.1, "")
TAIL = " of the old town by the river near the northern border of the country"
"""Makes a sentence long enough to be split."""


def judge_if(*supported: str) -> Callable[[str], ClaimVerdict]:
    """Return a judge that supports the claims which have any of the given words."""

    def judge(claim: str) -> ClaimVerdict:
        support = Support.SUPPORTED if any(each in claim for each in supported) else Support.UNSUPPORTED
        return ClaimVerdict(support, 0.9 if support is Support.SUPPORTED else 0.1, claim, (Evidence(0, Span(0, 1)),))

    return judge


@pytest.mark.parametrize(
    ("claim", "main", "statements"),
    [
        (
            f"The mayor signed the deal on Sunday and closed the bridge{TAIL}.",
            "The mayor signed the deal on Sunday.",
            [f"The mayor closed the bridge{TAIL}."],
        ),
        (
            f"In 2019, the court approved the plan, and the mayor closed the bridge{TAIL}.",
            "In 2019, the court approved the plan.",
            [f"In 2019, the mayor closed the bridge{TAIL}."],
        ),
        (
            f"According to the police, the man stole a car and fled to the hills{TAIL}.",
            "According to the police, the man stole a car.",
            [f"According to the police, the man fled to the hills{TAIL}."],
        ),
        (
            f"The company has bought the ship and moved it to the harbour{TAIL}.",
            "The company has bought the ship.",
            [f"The company has moved it to the harbour{TAIL}."],
        ),
        (
            f"The bridge was inspected by the city and closed by the mayor{TAIL}.",
            "The bridge was inspected by the city.",
            [f"The bridge was closed by the mayor{TAIL}."],
        ),
        (
            f"The mayor met Tomas Reyes, who was convicted of fraud in a court{TAIL}.",
            "The mayor met Tomas Reyes.",
            [f"Tomas Reyes was convicted of fraud in a court{TAIL}."],
        ),
        (
            f"The bank, which lost $3 billion, was sold to a rival{TAIL}.",
            f"The bank was sold to a rival{TAIL}.",
            ["The bank lost $3 billion."],
        ),
        (
            f"While the U.S. left Niger, Russia sent trainers to the base{TAIL}.",
            f"Russia sent trainers to the base{TAIL}.",
            ["The U.S. left Niger."],
        ),
        (
            f"The mother of Ann Bee, who was found dead in 2011, says she has no regrets{TAIL}.",  # the daughter
            f"The mother of Ann Bee says she has no regrets{TAIL}.",
            [""],
        ),
        (
            f"The treaty allows him to leave the UK after the talks are complete{TAIL}.",  # not yet
            "The treaty allows him to leave the UK.",
            [""],
        ),
        (f"The roof collapsed on Friday, killing three workers{TAIL}.", "The roof collapsed on Friday.", [""]),
        (
            f"Niger ended the deal; the Pentagon withdrew its troops{TAIL}.",
            "Niger ended the deal.",
            [f"The Pentagon withdrew its troops{TAIL}."],
        ),
        (
            f"Niger ended the deal in March, and it expelled the troops{TAIL}.",
            "Niger ended the deal in March.",
            [f"Niger expelled the troops{TAIL}."],
        ),
    ],
)
def test_a_long_claim_is_split_into_sentences(claim: str, main: str, statements: list[str]) -> None:
    parts = split_clauses(claim)
    assert without(claim, parts) == main
    assert [part.statement for part in parts] == statements


@pytest.mark.parametrize(
    "claim",
    [
        f"He said the minister lied and cheated the voters{TAIL}.",
        f"The minister denied that he took bribes and lied to the court{TAIL}.",
        f"The court ruled that the law was void and ordered a new trial{TAIL}.",
        f"The bridge was closed{TAIL}, and the mayor resigned, prosecutors said.",
        f"If the union agrees, the strike will end and the mayor opened the port{TAIL}.",
        f"The strike ended because the union agreed and the mayor opened the port{TAIL}.",
        f"The port opened on Monday unless the union refused and the mayor left{TAIL}.",
        f"The man was arrested and admitted the crime to the police{TAIL}.",
        f"Police have not confirmed the report and declined to comment{TAIL}.",
        f"After Langley met Smith, he resigned from the army{TAIL}.",
        f"Officials believe the group planned the attack and funded it{TAIL}.",
        f"Reports that he had resigned and left the country were false{TAIL}.",
        f"The government bought old and used cars from the army{TAIL}.",
        f"Zootopia is a film produced by an old company and released by another{TAIL}.",
        f"Nobody signed the deal and left the room{TAIL}.",
        f"Elizabeth was the first queen after Mary was crowned in the church{TAIL}.",
        f"Did the mayor sign the deal and close the bridge{TAIL}?",
        f"The company bought the ship{TAIL}, according to prosecutors, and hid the money.",
        "The mayor signed the deal and closed the bridge.",  # short
    ],
)
def test_what_depends_on_the_rest_is_not_torn_from_it(claim: str) -> None:
    assert split_clauses(claim) == ()


LONG = f"The mayor signed the deal on Sunday and closed the bridge{TAIL}."


def test_a_clause_that_is_not_supported_is_cut() -> None:
    judged = judge_clauses(LONG, judge_if("signed"), WHOLE)
    assert judged.support is Support.PARTIAL
    assert judged.text == "The mayor signed the deal on Sunday."
    assert judged.cut == (f"and closed the bridge{TAIL}",)
    assert judged.evidence


def test_a_clause_whose_main_clause_is_not_supported_gets_its_subject() -> None:
    judged = judge_clauses(LONG, judge_if("closed"), WHOLE)
    assert judged.text == f"The mayor closed the bridge{TAIL}."
    assert judged.cut == ("The mayor signed the deal on Sunday.",)


def test_a_claim_whose_clauses_are_supported_each_is_marked_as_a_whole() -> None:
    judged = judge_clauses(LONG, judge_if("closed", "signed"), WHOLE)
    assert judged.support is Support.PARTIAL
    assert judged.text == LONG
    assert not judged.cut


def test_a_claim_none_of_whose_clauses_is_supported_stays_unsupported() -> None:
    assert judge_clauses(LONG, judge_if("never"), WHOLE) is WHOLE


def test_no_more_clauses_are_judged_than_stated() -> None:
    calls: list[str] = []

    def judge(claim: str) -> ClaimVerdict:
        calls.append(claim)
        return WHOLE

    judge_clauses("The mayor left town" + ", and the king left town" * 8, judge, WHOLE)
    assert 1 < len(calls) <= MAX_CLAUSES


@pytest.mark.parametrize(
    "unit", ["a ", "A and ", ", who was ", ", and the a was ", "after the ", "while ", "said ", "(", '"', ", eating a"]
)
def test_splitting_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        start = time.process_time()
        split_clauses("The mayor was " + unit * (size // len(unit)))
        return time.process_time() - start

    seconds(100)
    assert seconds(8_000) < 8 * (seconds(2_000) + 0.02)
