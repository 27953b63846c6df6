"""Stock lead-ins: what says that the articles say it goes, what says who said it stays."""

from __future__ import annotations

import pytest

from bot.verification.coreference import resolved_sentences
from bot.verification.lead_ins import without_lead_in
from tests.bot.verification.harbour import hits_of, make_article


@pytest.mark.parametrize(
    ("claim", "bare"),
    [
        ("According to the articles, a man was killed.", "A man was killed."),
        ("The passage states that the U.S. left.", "The U.S. left."),
        ("Based on the provided documents, the plan failed.", "The plan failed."),
        ("As reported in the article, he resigned.", "He resigned."),
        ("It is stated in the article that the mayor resigned.", "The mayor resigned."),
        ("According to passage 2, iPhone sales fell.", "iPhone sales fell."),
        ("Based on the information in the provided articles, it failed.", "It failed."),
        ("The articles also mention that dockers walked out.", "Dockers walked out."),
        ("According to the articles, the passage says that he was late.", "He was late."),
        ("The deal was signed in May, according to the articles.", "The deal was signed in May."),
        ("The deal was signed in May according to the provided text.", "The deal was signed in May."),
        ("The article says the bridge is closed.", "The bridge is closed."),
    ],
)
def test_a_stock_lead_in_is_removed(claim: str, bare: str) -> None:
    assert without_lead_in(claim, ()) == bare


@pytest.mark.parametrize(
    "claim",
    [
        "According to the police, he lied.",
        "According to sources, he lied.",
        "According to the BBC article, he lied.",
        "The police report says that he lied.",
        "A report says that he lied.",
        "The minister said that he lied.",
        "Based on interviews, he lied.",
        "In the end, he lied.",
        "The articles do not say when the strike began.",
        "The article reports the death of the king.",
        "The text of the law states that work is free.",
        "According to the articles,",
        "In the articles of association, it is forbidden.",
    ],
)
def test_an_attribution_stays(claim: str) -> None:
    assert without_lead_in(claim, ()) == claim


def test_a_report_that_the_sources_tell_of_is_a_speaker() -> None:
    article = make_article(
        "Bridge\n\nThe inspectors’ report said the bridge was unsafe. The city closed it on Monday.\n"
    )
    sources = [each.sentence for each in resolved_sentences(hits_of([article]))]
    claim = "The report says that the bridge is unsafe."
    assert without_lead_in(claim, sources) == claim
    assert without_lead_in("According to the passage, the bridge is unsafe.", sources) == "The bridge is unsafe."
