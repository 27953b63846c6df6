"""Facts of a claim against its evidence and the publication date of the article."""

from __future__ import annotations

import pytest

from bot.answering.features import candidate_sentences
from bot.verification.checks import check_claim
from bot.verification.evidence import choose_evidence
from bot.verification.features import parse_claim
from tests.bot.verification.harbour import ORCHARD, hits_of, make_article

SENTENCE = "A late frost destroyed half of the cherry harvest"


def problems(claim: str, published: str) -> list[str]:
    """Return the problems of a claim with the first sentence on the frost as its evidence."""
    hits = hits_of([make_article(ORCHARD, published)])
    found = candidate_sentences(hits)
    chosen = next(number for number, each in enumerate(found) if each.sentence.text.startswith(SENTENCE))
    return [each.message for each in check_claim(parse_claim(claim), hits, found, [chosen])]


@pytest.mark.parametrize("date", ["in 2024", "on 17 April 2024", "in April", "on 17 April"])
def test_the_date_of_publication_backs_a_date_in_a_claim(date: str) -> None:
    assert problems(f"{SENTENCE} {date}.", "2024-04-17") == []


@pytest.mark.parametrize(
    ("date", "problem"),
    [
        ("in 2023", "the number 2023 is not in the source"),
        ("on 19 April 2024", "the number 19 is not in the source"),
        ("on 17 June 2024", "“June” is not in the source"),
    ],
)
def test_another_date_is_not_backed(date: str, problem: str) -> None:
    assert problems(f"{SENTENCE} {date}.", "2024-04-17") == [problem]


@pytest.mark.parametrize("date", ["in 2024", "on 17 April 2024", "in April"])
def test_without_a_date_of_publication_no_date_is_backed(date: str) -> None:
    assert problems(f"{SENTENCE} {date}.", "")


SIGNED = """Niger

Officials of both sides signed a pact on Sunday in the capital. The talks took a week. The last troops leave soon.
"""


DAY = "the source says “Sunday”, not “May 20, 2024”"
EIGHT = "the number eight is not in the source"


@pytest.mark.parametrize(
    ("claim", "problem", "named"),
    [
        ("Officials of both sides signed a pact on May 20, 2024 in the capital.", DAY, True),
        ("Officials of both sides signed a pact by May 20, 2024 in the capital.", DAY, False),
        ("As of May 20, 2024, officials of both sides signed a pact in the capital.", DAY, False),
        ("The last troops leave soon, on May 20, 2024.", DAY, False),
        ("The talks took eight days.", EIGHT, True),
        ("The talks took seven days.", EIGHT.replace("eight", "seven"), False),
    ],
)
def test_a_day_or_number_is_wrong_where_the_source_gives_another_for_the_same(
    claim: str, problem: str, named: bool
) -> None:
    hits = hits_of([make_article(SIGNED, "2024-05-20")])
    found = candidate_sentences(hits)
    read = parse_claim(claim)
    chosen = choose_evidence(read, found, [hit.passage.article_id for hit in hits])
    messages = [each.message for each in check_claim(read, hits, found, chosen)]
    assert (problem in messages) is named, messages


@pytest.mark.parametrize(
    ("time", "named"),
    [("6:07 a.m.", ["the source says 6:07 p.m., not a.m."]), ("6:07 p.m.", []), ("18:07", []), ("6:07", [])],
)
def test_a_time_of_the_other_half_of_the_day_is_named(time: str, named: list[str]) -> None:
    hits = hits_of([make_article("At 6:07 p.m., the port sent out another alert to the ships.")])
    claim = parse_claim(f"A further alert went out to the ships at {time}, the port said.")
    assert [each.message for each in check_claim(claim, hits, candidate_sentences(hits), [0])] == named


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("Ada Quill said the new cranes prove that the port controls its quays.", True),
        ("Ada Quill said the new cranes could prove that the port controls its quays.", False),
        ("Ada Quill said the new cranes do not prove that the port controls its quays.", False),
        ("Ada Quill saw in the new cranes a possible move of the port to control its quays.", False),
    ],
)
def test_what_is_only_possible_is_not_proved(claim: str, named: bool) -> None:
    hits = hits_of(
        [make_article("Ada Quill said the new cranes could be seen as a move of the port to control its quays.")]
    )
    found = check_claim(parse_claim(claim), hits, candidate_sentences(hits), [0])
    assert ("the source says “could” where the claim says “prove”" in [each.message for each in found]) is named


@pytest.mark.parametrize(
    ("source", "claim", "named"),
    [
        ("one in five", "20%", False),
        ("one in five", "roughly 20 percent", False),
        ("20%", "one in five", False),
        ("one in five", "25%", True),
        ("one in five", "one in four", True),
    ],
)
def test_a_proportion_and_a_percentage_are_compared(source: str, claim: str, named: bool) -> None:
    hits = hits_of([make_article(f"Ada Quill said that {source} of the dockers of Port Vell visited the clinic.")])
    read = parse_claim(f"Ada Quill said that {claim} of the dockers of Port Vell visited the clinic.")
    assert bool(check_claim(read, hits, candidate_sentences(hits), [0])) is named
