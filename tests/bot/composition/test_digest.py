"""Digests: few sentences, in order, none cut out of a quotation, each with what it depends on."""

from __future__ import annotations

import numpy as np
import pytest

from bot.composition.digest import MAX_SENTENCES, MIN_SENTENCES, digest, digest_size, quoted_spans
from bot.composition.quotable import QuotableSentence, article_hits, quotable_sentences
from retrieval.articles import Article, ArticleInfo
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split

TEXT = (
    "The ferry to Port Vell sank on Sunday night. “I heard a bang in the engine room. Then it was dark,” he said."
    " He was asleep when the ferry sank off Port Vell. The ferry carried ninety people to Port Vell on Sunday."
    " Rescuers pulled seventy of them from the water. The owner of the ferry has hired a lawyer."
)


def sentences_of(text: str) -> list[QuotableSentence]:
    article = Article("ferry.txt", text, "", structure(text).blocks)
    info = ArticleInfo(article.id, article.origin, "", "", "", "", "", "", len(text), 1)
    return quotable_sentences(article_hits(info, split(article)))


@pytest.mark.parametrize("number", [0, 1, 40, 41, 100, 10_000])
def test_a_digest_has_three_to_seven_sentences(number: int) -> None:
    """More for longer articles."""
    assert MIN_SENTENCES <= digest_size(number) <= digest_size(number + 1) <= MAX_SENTENCES


def test_sentences_stay_in_order_and_quotations_whole() -> None:
    """The halves of a quotation are left out where there is enough else."""
    chosen = [each.text for each in digest(sentences_of(TEXT), 3)]
    assert len(chosen) == 3
    assert sorted(chosen, key=TEXT.index) == chosen
    assert not any("bang" in each or "dark" in each for each in chosen)


def test_only_what_is_about_the_topic_is_chosen() -> None:
    """Sentences of no relevance are not there to fill the digest up."""
    sentences = sentences_of(TEXT)
    about = np.array([float("lawyer" in each.text) for each in sentences])
    assert [each.text for each in digest(sentences, 3, about)] == ["The owner of the ferry has hired a lawyer."]
    assert digest([], 3) == []


def test_a_pronoun_is_quoted_with_the_sentence_before() -> None:
    """Unless that is quoted itself."""
    text = "The captain spoke on Monday in Port Vell. He was asleep when the ferry sank. The inquiry goes on in May."
    captain, asleep, _ = sentences_of(text)
    assert [span.of(text) for span in quoted_spans([asleep])] == [text.partition(" The inquiry")[0]]
    assert quoted_spans([captain, asleep]) == [captain.span, asleep.span]


def test_further_sentences_are_of_the_further_parts_of_the_article() -> None:
    """A long article about one thing at first and others later is not given by its beginning alone."""
    first = "".join(f" The ferry to Port Vell sank on Sunday night off pier {number}." for number in range(1, 13))
    later = "".join(f" The minister of ports of district {number} promised an inquiry." for number in range(1, 13))
    last = " Survivors sued Captain Ana Prats in a court of Girona. The trial begins in the spring of next year."
    chosen = digest(sentences_of(f"{first}{later}{last}".strip()), 6)
    assert any("inquiry" in each.text for each in chosen)
    assert any("Prats" in each.text for each in chosen)


def test_a_part_of_a_quotation_is_not_given_alone() -> None:
    """Nor what stands before the dateline of a report: a subhead or a caption."""
    text = (
        "The mayor waves to dockers in the harbour.\n\nPORT VELL — The mayor of Port Vell rejected a tax on Monday.\n\n"
        "“If they want a tax, let all pay it. Let the government pass a tax increase. It has to be done by all,” the"
        " mayor said.\n\nThe tax would take two percent of the wages of dockers.\n"
    )
    assert [each.text for each in digest(sentences_of(text), 3) if "Let the" in each.text or "waves" in each.text] == []


def test_an_article_of_quotations_is_told_by_them() -> None:
    """A round-up of what papers wrote has little else."""
    quoted = (
        "The tax is a mistake of a tired mayor. Wages in the harbour have fallen since the strike. Ships go to Olmar "
        "instead, where pilots are cheaper. Nobody asked the unions before the vote. Schools will pay for the new "
        "quay in the end. It has to go."
    )
    text = f"The papers wrote about the tax on Monday.\n\n“{quoted}”\n"
    assert len(digest(sentences_of(text), 4)) == 4
