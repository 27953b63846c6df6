"""Facts of a claim against its evidence and the publication date of the article."""

from __future__ import annotations

import pytest

from bot.answering.features import candidate_sentences
from bot.verification.checks import check_claim
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
