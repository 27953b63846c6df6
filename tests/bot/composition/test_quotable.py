"""Which sentences may be quoted by themselves."""

from __future__ import annotations

import pytest

from bot.composition.quotable import article_hits, is_quotable, needs_context, quotable_sentences
from retrieval.articles import Article, ArticleInfo
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split

FURNITURE = [
    "Hide Caption 5 of 32 Photos: The strike – Dockers stand at the gate of the harbour.",
    "Close video The minister weighs his words The minister talks about the strike.",
    "The strike of the dockers The strike of the dockers – Dockers stood at the gate.",
    "CLOSE A newly released video shows that the minister was wrong.",
    "The minister met Sen. Jane Roe, D-Calif.",
    "Story highlights The dockers ended their strike on Tuesday.",
    "Jane Doe can be reached at jane@coast.example, and on Twitter @janedoe.",
    "Jane Doe is a senior fellow at the Institute of Harbours.",
    "The Associated Press contributed to this report.",
    "This story has been updated with the minister's statement.",
    "Editor’s note: An earlier headline named the wrong harbour.",
    "This article originally appeared in the Valley Times.",
    "Sign up for the morning newsletter and never miss a strike.",
    "Read more about the strike of the dockers here.",
    "(Read the full exchange of letters here.)",
    "Follow the Coast Herald on Facebook for more of this.",
    "Let us know what you think at letters@coast.example.",
    "Watch the minister's whole speech in the harbour below.",
    "The docks at dawn (Photo: Ana Prats, AP) before the strike began.",
    "SMITH: The dockers were never going to accept that offer.",
    "JANE SMITH (co-host): The dockers were never going to accept it.",
    "THE DOCKERS HAVE ENDED THEIR STRIKE AT LAST.",
    "Sen. Roy Moore Roy Stewart MooreGOP battens down the hatches MORE said on Monday.",
    "500 10,000 250 5,000 0 0 is the number of super donors.",
    "What happens to the dockers after the strike is over?",
    "The views expressed in this column are those of its writer.",
    "— Ana Prats (@anaprats) wrote that the dockers were at work again.",
    "People in line for bread at the church of Port Vell.",
    "The minister speaks to dockers at the gate in Port Vell, March 2, 2020.",
    "The dockers were at work again https://t.co/zLRbrizYiD on Monday.",
]
STATEMENTS = [
    "The dockers of Port Vell ended their strike on Tuesday.",
    "By Thursday evening, most of the dockers had gone back to work.",
    "“We will vote on Monday,” the chairman of the union said.",
    "Clicking back to his first entry, he saw that he had mistyped the address.",
    "The report appeared to offer fresh evidence of the harbour's debts.",
    "Like many strikes on this coast, it ended with a vote.",
    "The ruling was published in March and updated twice since.",
    "[The minister] has always known that, according to the union.",
    "The strike ended on March 2, 2020.",
    "The minister's letter is dated March 2, 2020.",
    "A Reuters/Ipsos poll found that most people backed the strike.",
    "WASHINGTON (AP) — The Senate voted on Tuesday to end the strike.",
    "The U.S. and the EU signed a pact with NATO in 2012.",
    "There is a host of rules that the harbour has to follow.",
    "“Why did it end?” asked the mayor of Port Vell on Monday.",
    "Watchdogs said the harbour had lost 3, 4, 5 and 6 percent of its trade.",
]


@pytest.mark.parametrize("text", FURNITURE)
def test_page_furniture_is_not_quoted(text: str) -> None:
    """Captions, links, calls to the reader, notes and biographies are not what an article reports."""
    assert not is_quotable(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_statements_are_quoted(text: str) -> None:
    """What only begins like furniture is kept."""
    assert is_quotable(text)


@pytest.mark.parametrize("text", ["It ended.", "which ended on Tuesday after all", "The dockers have not …"])
def test_fragments_are_not_quoted(text: str) -> None:
    """A statement has five words, a beginning and an end."""
    assert not is_quotable(text)


def test_a_sentence_without_its_own_subject_needs_context() -> None:
    """A pronoun, a connective and an unnamed speaker are understood with the sentence before only."""
    text = (
        "The mayor of Port Vell spoke on Monday. He praised the dockers of the harbour. However, the strike goes on."
        " “It goes on until they are paid,” he said. The union meets again on Friday morning."
    )
    article = Article("strike.txt", text, "", structure(text).blocks)
    info = ArticleInfo(article.id, article.origin, "", "", "", "", "", "", len(text), 1)
    found = quotable_sentences(article_hits(info, split(article)))
    assert [needs_context(each) for each in found] == [False, True, True, True, False]


def test_a_caption_is_known_by_the_credit_behind_it() -> None:
    """So is a title by standing before its sentence, alone or behind that of its section."""
    text = (
        "Mayor Ann Brook, who plans to leave, waits for the vote in the harbour hall of Port Vell. (Jane Doe/Coast file"
        " photo)\n\nMayor Brook resigned on Monday after the vote. (So it is.)\n\n"
        "Fourth Estate The long strike of the dockers ends So she went home on Monday.\n"
    )
    article = Article("strike.txt", text, "The long strike of the dockers ends", structure(text).blocks)
    info = ArticleInfo(article.id, article.origin, article.title, "", "", "", "", "", len(text), 1)
    found = quotable_sentences(article_hits(info, split(article)))
    assert [each.text for each in found] == ["Mayor Brook resigned on Monday after the vote."]
