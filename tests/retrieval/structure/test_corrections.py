from __future__ import annotations

import time

import pytest

from retrieval.articles import Article, Span
from retrieval.structure.corrections import correction_notes, superseded_by, withdrawn_by
from tests.fakes import make_article

FIRE = "The fire in the harbour killed 60 people, police said."
COST = "The bridge cost $60 million to build."
MAYOR = "Mayor Anna Berg opened the bridge in May."
BUILDER = "The bridge was built by Nordline."
LOSS = "“We lost 60 people that night,” said Chief Per Stroem."
OTHERS = "The council of Vessby met on Monday. The harbour employs 60 clerks. Sixty miles away, nobody noticed."
BODY = " ".join([OTHERS, FIRE, COST, MAYOR, BUILDER, LOSS])


def withdrawn(article: Article) -> list[str]:
    """Return the sentences of ``BODY`` that the article's notes withdraw."""
    notes = correction_notes(article)
    places = [(line, article.text.index(line)) for line in (*OTHERS.split(". "), FIRE, COST, MAYOR, BUILDER, LOSS)]
    return [line for line, at in places if withdrawn_by(article, Span(at, at + len(line)), notes, own=True)]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Correction: An earlier version of this story misstated how many the fire killed: it was 40, not 60.", [FIRE]),
        ("CORRECTION: An earlier version of this story said the fire killed 60 people. It killed 40.", [FIRE]),
        ("Correction (May 4): The number of people killed in the harbour fire was 40, not 60.", [FIRE]),
        ("Correction\n\nThe fire killed 40 people, not 60 as we reported.", [FIRE]),
        ("• This article was amended on 19 May 2024 because the fire killed 40 people, rather than 60.", [FIRE]),
        ("We misstated how many people the fire killed. The number is 40, not 60. We regret the error.", [FIRE]),
        ("Editor's note: This story has been corrected to say the bridge cost $40 million, not $60 million.", [COST]),
        ("Correction: The cost of building the bridge was $40 million, not 60.", [COST]),
        ("*This story has been corrected to show the mayor who opened the bridge was Ida Ek, not Anna Berg.", [MAYOR]),
        ("An earlier version of this article incorrectly stated that the bridge was built by Nordline.", [BUILDER]),
        ("Clarification: The bridge was built by Vessby Works, not by Nordline.", [BUILDER]),
        ("An earlier version of this story misidentified the chief as Per Stroem. He is Per Strand.", [LOSS]),
        ("Correction, 4 June: The article originally said the fire killed 60 people; it killed 40.", [FIRE]),
        ("(Corrects the number of people killed by the fire to 40 from 60 in paragraph 2)", [FIRE]),
        ("The article has been corrected. The bridge cost $40 million, not $60 million as first reported.", [COST]),
        ("This article was amended: the bridge was built by Aral, not Nordline as an earlier version said.", [BUILDER]),
        ("We have corrected this story to say the bridge cost $40 million. We had said it was $60 million.", [COST]),
        ("“We have corrected this report,” said Per Stroem. “We had said the bridge cost $60 million.”", []),
        ("We had said $60 million for the bridge, the builder told the council. We corrected this plan later.", []),
        ("CORRECTION: An earlier version of this article misspelled Chief Stroem's name.", []),
        ("This story was updated at 8:54 a.m. to include a statement from Mayor Anna Berg, not of the council.", []),
        ("Editor's note: Anna Berg is the author of “The Bridge”. Nordline is among our sponsors.", []),
        ("The mayor demanded a correction: the bridge, she said, cost $40 million, not $60 million.", []),
        ("Police issued a clarification of an earlier version of their report, which said 60 were killed, not 40.", []),
    ],
)  # fmt: skip
def test_only_what_a_note_says_was_wrong_is_withdrawn(note: str, expected: list[str]) -> None:
    assert withdrawn(make_article(f"{BODY}\n\n{note}\n")) == expected


def test_a_note_is_found_at_the_head_in_brackets_and_at_the_foot() -> None:
    notes = [
        "Correction: An earlier version of this article misspelled a name.",
        "[Editor's note: The original version misidentified Mr. Orban's office.]",
        "This article has been amended to correct the date of the vote.",
    ]
    article = make_article(f"{notes[0]}\n\nThe bridge opened in May. {notes[1]} It is long.\n\n{notes[2]}\n")
    assert [note.text for note in correction_notes(article)] == notes


@pytest.mark.parametrize(
    "note",
    [
        "A previous online edition of the profile gave another name.",
        "An initial draft of this essay gave another name.",
        "The first headline on this piece gave another name.",
        "An earlier photo caption for this graphic gave another name.",
        "An original posting to the Harbour blog gave another name.",
        "THIS STORY HAS BEEN UPDATED with another name.",
        "This list gave another name, which this list misreported.",
        "The previous version wrongly characterised the vote.",
        "The Courier mistakenly gave another name. It regrets the error.",
    ],
)
def test_a_note_is_found_by_how_it_speaks_of_its_article(note: str) -> None:
    assert [found.text for found in correction_notes(make_article(f"{BODY}\n\n{note}\n"))] == [note]


def test_the_withdrawn_words_of_a_note_are_withdrawn_and_the_whole_note_is_not() -> None:
    """Whoever quotes "it was 40, not 60" says which of them is right."""
    note = "An earlier version of this article said the ferry was built in Malm. It was built in Aral, not Malm."
    article = make_article(f"{BODY}\n\n{note}\n")
    notes = correction_notes(article)

    def is_withdrawn(words: str) -> bool:
        at = article.text.index(words)
        return withdrawn_by(article, Span(at, at + len(words)), notes, own=True) is not None

    assert is_withdrawn("the ferry was built in Malm")
    assert not is_withdrawn("An earlier version of this article said the ferry was built in Malm.")
    assert not is_withdrawn("It was built in Aral, not Malm.")
    assert not is_withdrawn("It was built in Aral")


ROOMS = "The library of Malm will open with {} reading rooms on Friday."
NOTE = "CORRECTION: An earlier version of this article misstated the number of reading rooms in the library."


@pytest.mark.parametrize(
    ("corrected", "is_superseded"),
    [(ROOMS.format(14), True), (ROOMS.format(40), False), ("A strike put the opening off.", False)],
)
def test_a_corrected_version_goes_before_the_one_without_a_note(corrected: str, is_superseded: bool) -> None:
    first = make_article(f"{ROOMS.format(40)} Jon Ek designed it.\n", origin="first.txt")
    second = make_article(f"{corrected} Jon Ek designed it.\n\n{NOTE}\n", origin="second.txt")
    span = Span(0, len(ROOMS.format(40)))
    found = superseded_by(first, span, second, correction_notes(second))
    assert (found is not None) is is_superseded


@pytest.mark.parametrize(
    "unit", ["not ", "an earlier version of this article said ", "from A to B ", "[editor's note: ", "A, not B as "]
)
def test_hostile_notes_take_linear_time(unit: str) -> None:
    """Ten times the text takes no more than thirty times the time."""

    def seconds(size: int) -> float:
        text = f"Correction: {unit * (1_000 // len(unit))}\n\n" * size
        article = make_article(text)
        start = time.process_time()
        correction_notes(article)
        return time.process_time() - start

    seconds(1)
    assert seconds(40) < 30 * seconds(4) + 0.5
