"""Event dates: a claim's date is the source's where both are of the same days."""

from __future__ import annotations

import pytest

from bot.verification.coreference import resolved_sentences
from bot.verification.event_dates import with_source_dates
from tests.bot.verification.harbour import hits_of, make_article

ARTICLE = """Niger

U.S. and Niger officials signed an agreement on Sunday in Niamey. The last troops will leave by September. Ten people
were hurt in a clash at the base. Talks began last week. Kurt Campbell visited Niger in April.
"""
HITS = hits_of([make_article(ARTICLE, "2024-05-20")])
FOUND = resolved_sentences(HITS)


@pytest.mark.parametrize(
    ("claim", "judged"),
    [
        ("The agreement was signed on Sunday, May 19, 2024.", "The agreement was signed on Sunday."),
        ("On May 19, 2024, officials signed an agreement.", "On Sunday, officials signed an agreement."),
        ("The agreement was signed in May 2024.", "The agreement was signed on Sunday."),
        ("The agreement was signed on 19 May.", "The agreement was signed on Sunday."),
        ("Kurt Campbell visited Niger in April 2024.", "Kurt Campbell visited Niger in April."),
        ("The last troops will leave by September 2024.", "The last troops will leave by September."),
        (
            "Ten people were hurt in a clash at the base on May 20, 2024.",
            "Ten people were hurt in a clash at the base.",
        ),
    ],
)
def test_a_date_that_the_source_gives_in_other_words_is_judged_in_its_words(claim: str, judged: str) -> None:
    assert with_source_dates(claim, HITS, FOUND) == judged


@pytest.mark.parametrize(
    "claim",
    [
        "The agreement was signed on May 18, 2024.",
        "The agreement was signed on Monday, May 19, 2024.",  # a Sunday
        "The agreement was signed on May 20, 2024.",  # the article's day, but it says Sunday
        "The agreement was signed in April 2024.",
        "Ten people were hurt in a clash at the base on May 16, 2024.",
        "Talks began on May 15, 2024.",  # more than the article says
        "The last troops will leave before September 2024.",
        "The last troops will leave in September 2024.",
        "The agreement was signed on Sunday.",
        "The agreement was signed.",
    ],
)
def test_any_other_date_stays_to_be_checked(claim: str) -> None:
    assert with_source_dates(claim, HITS, FOUND) == claim


def test_an_undated_article_dates_nothing() -> None:
    hits = hits_of([make_article(ARTICLE)])
    claim = "The agreement was signed on May 19, 2024."
    assert with_source_dates(claim, hits, resolved_sentences(hits)) == claim
