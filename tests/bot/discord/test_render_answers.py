"""What people see of answers: the answer first, little around it, and every article told from the others."""

from __future__ import annotations

import re

import pytest

from bot.answers import Answer, Claim, Doubt, Form, QuestionKind, SearchScope, Support
from bot.discord.pages import MAX_MESSAGE_CHARACTERS, Accent
from bot.discord.render_answers import MAX_NEAREST, answer_pages, citation_targets, passage_pages, why_pages
from bot.render.sources import headline_of
from retrieval.articles import Filters, Span
from tests.bot.fakes_bot import abstained, answered, cite, hit_for, info
from tests.fakes import make_article

URL = "https://coast.example/a"


def composed(*claims: Claim, **more: object) -> Answer:
    """Return a composed answer that cites an article a sentence, by the numbers of its claims."""
    numbers = [number for claim in claims for number in claim.citations]
    articles = [info(number, title=f"Title {number}", source="Coast", url=f"{URL}{number}") for number in numbers]
    citations = [
        cite(number, f"Sentence {number}.", article) for number, article in zip(numbers, articles, strict=True)
    ]
    return answered(*citations, claims=claims, method="Counted.", kind=QuestionKind.OVERVIEW, **more)


def sentence(number: int, **more: object) -> Claim:
    """Return a row of a composed answer."""
    return Claim(f"Sentence {number}.", Support.VERBATIM, (number,), form=Form.ITEM, **more)  # type: ignore[arg-type]


def heading(number: int) -> Claim:
    """Return the heading of the article that ``composed`` cites under a number."""
    text = headline_of(info(number, title=f"Title {number}", source="Coast"))
    return Claim(text, Support.SUPPORTED, form=Form.HEADING, opens=True)


def test_the_question_is_small_and_the_answer_follows() -> None:
    """Neither a label nor a rewriting stands between them where neither says anything."""
    answer = answered(cite(1, "It ended.", info()), standalone_question="what  ended")
    assert answer_pages(answer, asked="What ended?")[0].text.startswith("-# What ended?\n> “It ended.” [1]\n")


def test_a_rewriting_with_other_words_is_shown_unless_nothing_was_searched() -> None:
    """Reading on from a citation, as with “Say more about 2”, does not answer the question before."""
    answer = answered(cite(1, "It ended.", info()), question="When?", standalone_question="When did the strike end?")
    assert "\n-# Understood as: When did the strike end?\n" in answer_pages(answer, asked="When?")[0].text
    read_on = answered(cite(1, "It ended.", info()), standalone_question="When did the strike end?", hits=())
    assert "Understood" not in answer_pages(read_on)[0].text


def test_a_possible_answer_has_its_own_colour_and_words() -> None:
    """With what speaks against it below."""
    doubt = Doubt("gives no date", "gives a date")
    (page,) = answer_pages(answered(cite(1, "It ended.", info()), possibly=True, confidence=0.41, doubts=(doubt,)))
    assert page.accent is Accent.POSSIBLY
    assert page.text.startswith("❔ **This may answer it**\n> “It ended.” [1]\n")
    assert "-# The sentence gives no date." in page.text


def test_an_abstention_is_short() -> None:
    """At most two nearest sentences, each cut and above its article, with a button for each."""
    near = [cite(number, "word " * 200, info(number, url=f"{URL}{number}")) for number in range(1, 6)]
    filters = Filters(sources=("Reuters",), since="2017-01-01", articles=("fb36c0ffee",))
    answer = abstained(*near, searched=SearchScope(14, 72, filters, undated=1))
    (page,) = answer_pages(answer)
    assert page.numbers == (1, MAX_NEAREST)
    assert [target.number for target in citation_targets(answer)] == [1, MAX_NEAREST]
    assert page.text.count("> “") == MAX_NEAREST
    assert len(page.text) < 900
    assert "Searched 14 articles from Reuters, published since 2017-01-01; 1 undated one left out." in page.text
    assert "fb36" not in page.text
    quotes = [block for block in page.blocks if "“" in block.text]
    assert not any(block.url for block in quotes), "a quotation stands beside no button"
    assert [block.url for block in page.blocks if block.url] == [f"{URL}1", f"{URL}2"]


def test_nearest_sentences_of_one_article_have_it_once() -> None:
    (page,) = answer_pages(abstained(cite(1, "One.", info(7)), cite(2, "Two.", info(7), start=200)))
    assert page.text.count("Article 7") == 1


def test_equal_titles_of_one_outlet_and_day_are_told_apart() -> None:
    """By the author, or the length; titles that are told apart by outlet or day say no more."""
    same = {"title": "Storm", "source": "Coast", "published": "2024-03-05"}
    by = [info(1, author="Ana Prats", **same), info(2, author="Ben Roe", **same)]
    text = answer_pages(answered(*(cite(each, "It rained.", article) for each, article in enumerate(by, 1))))[0].text
    assert "-# Coast · 2024-03-05 · by Ana Prats" in text
    assert "-# Coast · 2024-03-05 · by Ben Roe" in text
    long = [info(1, characters=800, **same), info(2, characters=950, **same), info(3, **same | {"source": "Star"})]
    text = answer_pages(answered(*(cite(each, "It rained.", article) for each, article in enumerate(long, 1))))[0].text
    assert re.findall(r"-# (.+)", text)[1:] == [
        "Coast · 2024-03-05 · 800 characters", "Coast · 2024-03-05 · 950 characters", "Star · 2024-03-05",
    ]  # fmt: skip


def test_an_article_that_is_a_heading_has_its_address_there_and_no_place_among_the_sources() -> None:
    """Each under a rule of its own; others are listed below."""
    (page,) = answer_pages(composed(heading(1), sentence(1), heading(2), sentence(2), sentence(3)))
    blocks = [(block.text.split("\n")[0], block.url, block.apart) for block in page.blocks]
    assert blocks == [
        ("**Title 1**", f"{URL}1", False),
        ("> “Sentence 1.” [1]", "", False),
        ("**Title 2**", f"{URL}2", True),
        ("> “Sentence 2.” [2]", "", False),
        ("-# Sources", "", True),
        ("[3] Title 3", f"{URL}3", False),
    ]


def test_a_row_has_its_day_and_the_outlet_only_where_the_heading_does_not_name_it() -> None:
    """What differs from other rows is in bold."""
    side = Claim("Coast: 2 articles about it", Support.SUPPORTED, form=Form.HEADING)
    rows = [
        sentence(1, label="2016-05-04, Coast", marks=(Span(9, 10),)),
        sentence(2, label="2016-05-05, The Star"),
    ]
    text = answer_pages(composed(side, *rows))[0].text
    assert "- **2016-05-04** “Sentence **1**.” [1]\n- **2016-05-05, The Star** “Sentence 2.” [2]\n" in text


def test_notes_are_rows_of_a_list_small_remarks_or_the_answer_itself() -> None:
    def note(text: str) -> Claim:
        return Claim(text, Support.SUPPORTED, form=Form.NOTE)

    assert answer_pages(composed(note("3 articles mention it.")))[0].text == "3 articles mention it."
    also = Claim("Also:", Support.SUPPORTED, form=Form.HEADING, opens=True)
    listed = composed(heading(1), sentence(1), also, note("Storm — Coast, 2024-03-05"), note("And 8 more articles."))
    text = answer_pages(listed)[0].text
    assert "**Also:**\n- Storm — Coast, 2024-03-05\n-# And 8 more articles." in text


@pytest.mark.parametrize("words", [12, 40, 90])
def test_messages_of_a_long_timeline_begin_and_end_with_whole_rows(words: int) -> None:
    """No day without its sentence, no nearly empty last message."""
    rows = [sentence(number, label=f"2024-03-{number:02}") for number in range(1, 25)]
    rows = [Claim("word " * words + each.text, each.support, each.citations, label=each.label) for each in rows]
    pages = answer_pages(composed(*rows))
    assert len(pages) > 1
    for page in pages:
        assert page.text.startswith(("- **2024", "-# Sources", "[")), page.text[:40]
        assert not re.search(r"\*\*2024-03-\d\d\*\*$", page.text)
        assert len(page.text) <= MAX_MESSAGE_CHARACTERS
    assert len(pages[-1].text) >= MAX_MESSAGE_CHARACTERS / 8
    assert sorted(number for page in pages for number in page.numbers) == list(range(1, 25))


def test_why_is_three_plain_sentences_at_most() -> None:
    """Without ids, constants and numbers of passages' ranks."""
    doubt = Doubt("gives no date", "gives a date")
    scope = SearchScope(3, 21, Filters(articles=("fb36c0ffee",)))
    near = cite(1, "It ended.", info())
    claims = (Claim("The town is old.", Support.UNSUPPORTED, problems=("the number 45 is not in the source",)),)
    for answer in (
        answered(near, searched=scope, remarks=("Articles differ.", "Two are undated.")),
        answered(near, searched=scope, possibly=True, doubts=(doubt,)),
        abstained(near, searched=scope, hits=(hit_for(near, 1),), doubts=(doubt,)),
        abstained(searched=scope),
        answered(near, searched=scope, answerer="openai:test", withheld=claims * 3),
        composed(sentence(1), searched=scope, remarks=("One.", "Two.")),
    ):
        (text,) = why_pages(answer)
        assert 1 <= len(text.split("\n")) <= 3
        assert not re.search(r"fb36|[A-Z]_[A-Z]|article=|[<>#]", text)
    assert "since the number 45 is not in the source; so were 2 others." in why_pages(
        answered(near, answerer="openai:test", withheld=claims * 3)
    )[0].replace("\\", "")


def test_a_passage_stands_below_its_article_and_its_button() -> None:
    """So that the button does not narrow it."""
    article = make_article("Before. It ended. After.", title="Town", url=URL)
    (page,) = passage_pages(article, info(title="Town", url=URL), 1, Span(8, 17))
    assert [(block.url, block.text) for block in page.blocks] == [
        (URL, "[1] **Town**\n-# undated"),
        ("", "> Before. **It ended.** After."),
    ]
