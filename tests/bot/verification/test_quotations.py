"""Quotations in a claim: what keeps its marks, what loses them, and what is withheld."""

from __future__ import annotations

import time

import pytest

from bot.verification.quotations import CheckedQuotations, check_quotations
from bot.verification.source_articles import SourceArticles
from retrieval.articles import Article, Hit
from retrieval.errors import InputError
from tests.bot.verification.harbour import hits_of, make_article

BRIDGE = """Council argues over the old bridge

The council met for six hours on Monday. Mayor Ada Quill said the bridge was not safe for lorries. Engineers had
measured cracks in two of its piers.

“We will not close the bridge before the spring,” Quill said. “The town needs it.”

“It is a scandal, and everybody in this room knows it,” said Tomas Reyes, who leads the opposition. Reyes called the
inspection “a bad joke” and accused the mayor of hiding “The Pier Report” from the council.

Petra Lind, the town's chief engineer, said she had warned the mayor about the piers in 2019. “If the frost is hard,
the third pier may give way,” she said.

“The lease is not permitted to end before the repairs are paid,” Lind told the council. The so-called “spring plan”
would cost 4 million euros. A crowd waited outside.
"""
HITS = hits_of([make_article(BRIDGE)])
SOURCES = SourceArticles().of(HITS)


def check(claim: str, before: str = "") -> CheckedQuotations:
    return check_quotations(claim, SOURCES, before)


@pytest.mark.parametrize(
    "claim",
    [
        "Quill said, “We will not close the bridge before the spring.”",
        '"We will not close the bridge before the spring," the mayor said.',
        "Tomas Reyes called it “a scandal”.",
        "“It is a scandal,” Reyes said, “and everybody in this room knows it.”",
        "Quill said: «We will not close the bridge before the spring. The town needs it.»",
        "Quill said: „The town needs it.“",
        "Reyes said: ‘everybody in this room knows it’.",
        "Lind warned that “the third pier may give way” if the frost is hard.",
        "Quill said the town would “not close [it] before the spring”.",
        "Lind said the lease is not “permitted to end before the repairs are paid”.",
        "Quill hid “The Pier Report” from the council.",
        "The “spring plan” would cost 4 million euros.",
        "The pier is 6'2\" high.",
    ],
)
def test_what_an_article_quotes_from_that_speaker_keeps_its_marks(claim: str) -> None:
    assert check(claim) == CheckedQuotations(claim)


@pytest.mark.parametrize(
    ("claim", "text", "problem"),
    [
        (
            "Reyes said it was “a scandal, and nobody in this room knows it”.",
            "Reyes said it was a scandal, and nobody in this room knows it.",
            "the article has these words as “a scandal, and everybody in this room knows it”",
        ),
        (
            "Quill said, “We will close the bridge before the spring.”",
            "Quill said, We will close the bridge before the spring.",
            "the article has these words as “We will not close the bridge before the spring”",
        ),
        (
            "Lind said the lease is “… permitted to end before the repairs are paid”.",
            "Lind said the lease is … permitted to end before the repairs are paid.",
            "leaves out “not”",
        ),
        (
            "“It is a scandal, and everybody in this room knows it,” said Petra Lind.",
            "It is a scandal, and everybody in this room knows it, said Petra Lind.",
            "the article gives these words to Tomas Reyes",
        ),
        (
            "Petra Lind called the inspection “a bad joke”.",
            "Petra Lind called the inspection a bad joke.",
            "the article gives these words to Tomas Reyes",
        ),
        (
            "Tomas Reyes said, “Engineers had measured cracks in two of its piers.”",
            "Tomas Reyes said, Engineers had measured cracks in two of its piers.",
            "“Engineers had measured cracks in two of its piers.” are the article's own words, not a quotation of",
        ),
        (
            "Tomas Reyes said “the bridge was not safe for lorries”.",
            "Tomas Reyes said the bridge was not safe for lorries.",
            "the article gives these words to Ada Quill",
        ),
    ],
)
def test_somebody_elses_words_and_turned_ones_keep_a_claim_from_being_supported(
    claim: str, text: str, problem: str
) -> None:
    found = check(claim)
    assert found.text == text
    assert problem in found.problems[0].message
    assert found.problems[0].grave


@pytest.mark.parametrize(
    ("claim", "text", "problem"),
    [
        (
            "Quill said “the bridge was not safe for lorries”.",
            "Quill said the bridge was not safe for lorries.",
            "the source reports “the bridge was not safe for lorries” without quoting it",
        ),
        (
            "Reyes said: “The mayor has lost the trust of the whole town this winter.”",
            "Reyes said: The mayor has lost the trust of the whole town this winter.",
            "no source has the words “The mayor has lost the trust of the whole town this winter.”",
        ),
        (
            "Ada Quill's view is that “everybody in this room knows it”.",
            "Ada Quill's view is that everybody in this room knows it.",
            "the article gives the words “everybody in this room knows it” to Tomas Reyes",
        ),
        (
            "Reyes called it “a matter of honour”.",
            "Reyes called it a matter of honour.",
            "no source has the words “a matter of honour”",
        ),
    ],
)
def test_what_is_no_quotation_loses_its_marks(claim: str, text: str, problem: str) -> None:
    found = check(claim)
    assert found.text == text
    assert [each.message for each in found.problems] == [problem]
    assert not found.problems[0].grave


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The “cracks” were in two piers.", "The cracks were in two piers."),
        ("The “best” of the bridges is closed.", "The best of the bridges is closed."),
        ("The bridge is closed.”", "The bridge is closed."),
        ("`` The bridge '' is closed.", " The bridge  is closed."),
    ],
)
def test_scare_quotes_of_the_model_and_stray_marks_go_in_silence(claim: str, text: str) -> None:
    assert check(claim) == CheckedQuotations(text)


def test_a_quotation_over_several_sentences_has_its_marks_in_each() -> None:
    """The model's sentences are shown one by one, each with the marks of its own part."""
    first = "Quill said, “We will not close the bridge before the spring."
    assert check(first).text == first + "”"
    assert check("The town needs it.”", first).text == "“The town needs it.”"
    assert check("The town needs it.", first).text == "“The town needs it.”"
    assert check("Bakers need it,” she added.", first).text == "Bakers need it, she added."


def test_a_sentence_of_a_quotation_is_attributed_like_its_first() -> None:
    found = check("The town needs it.”", "Tomas Reyes said, “We will not close the bridge before the spring.")
    assert [each.message for each in found.problems] == ["the article gives these words to Ada Quill"]


def test_nobody_is_accused_where_the_article_leaves_the_speaker_open() -> None:
    text = "The council met.\n\nThe room was full of people, Lee and Ortiz among them. “It is over now, friends.”\n"
    sources = SourceArticles().of(hits_of([make_article(text)]))
    found = check_quotations("Ann Jones said, “It is over now, friends.”", sources)
    assert found.text == "Ann Jones said, It is over now, friends."
    assert not any(each.grave for each in found.problems)


class CountedArticle:
    """A library of one article that counts how often it is read."""

    def __init__(self, article: Article) -> None:
        self.kept: Article | None = article
        self.read = 0

    def article(self, named: str) -> Article:
        self.read += 1
        if self.kept is None or named != self.kept.id:
            raise InputError("none")
        return self.kept


class TestSourceArticles:
    def test_a_quotation_that_a_passage_cuts_is_read_in_its_article(self) -> None:
        article = make_article(BRIDGE)
        whole = hits_of([article])[0]
        cut = BRIDGE.index(" Quill said. “The")
        start = whole.passage.span.start
        part = Hit(
            type(whole.passage)(article.id, 0, type(whole.passage.span)(start, cut), BRIDGE[start:cut], "", ()),
            whole.article,
            1.0,
            1,
        )
        claim = "Tomas Reyes said, “We will not close the bridge before the spring.”"
        library = CountedArticle(article)
        sources = SourceArticles(library)
        assert check_quotations(claim, sources.of([part])).problems[0].grave
        sources.of([part])
        assert library.read == 1
        assert not any(each.grave for each in check_quotations(claim, SourceArticles().of([part])).problems)

    def test_passages_do_where_the_article_has_left_the_library(self) -> None:
        library = CountedArticle(make_article(BRIDGE))
        library.kept = None
        (source,) = SourceArticles(library).of(HITS)
        place = BRIDGE.index("It is a scandal")
        assert source.text[place : place + 15] == "It is a scandal"


def test_checking_takes_milliseconds() -> None:
    """A long answer of altered quotations over twenty articles is checked in linear time."""
    sources = SourceArticles().of(hits_of([make_article(f"Story {number}\n\n" + BRIDGE * 3) for number in range(20)]))
    check_quotations("Quill said, “We close.”", sources)
    begun = time.process_time()
    for number in range(20):
        check_quotations(f"Quill said, “We will perhaps close {number} bridges before the long spring.”", sources)
    assert time.process_time() - begun < 20 * 0.25
