"""Page elements: what the reader never sees, with the sentences around it where they were."""

from __future__ import annotations

import pytest

from bot.answering.furniture import citable_hit, is_furniture, is_page_element
from bot.answering.reader import CitableReader, ReaderResult, ScoredSentence
from tests.bot.answering.test_reader import make_hit


@pytest.mark.parametrize(
    "sentence",
    [
        "Photos: Town mourns its dead Photos: Town mourns its dead Three people were killed at the port.",
        "Hide Caption 4 of 32 The harbour after the fire.",
        "The mayor is seen in an undated handout picture.",
        "Click here for the full list.",
        '<tweet tweet-id="783492272595750912"><tweet/>.',
        f"Choose your country {' '.join(['Algeria Angola Argentina Armenia Aruba Austria'] * 6)}",
        "Follow us on Twitter @harbourpost.",
        "Follow our full harbour coverage.",
        "For more of it, subscribe to Harbour Post newsletters",
        "To keep it free, sign up for our Tide newsletter.",
        "This article tagged under: Letter from Redmouth",
        "Ada Quill and Tom Reed contributed.",
        "| M.Scott Mahaskey/POLITICO GOP hits the chief of the port with contempt.",
    ],
)
def test_a_page_element_answers_nothing(sentence: str) -> None:
    assert is_page_element(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Quill is a reporter at the Harbour Post.",  # "Who is Ada Quill?"
        "An earlier version of this article misstated the toll.",  # "Was it corrected?"
        "QUILL: We will close the port on Friday.",
        "THE PORT IS CLOSED!",
        "A Harvard/Politico poll has the port in favour.",
        "Votes 12 14 18 20",
        "She watched the video of the fire.",
        "Ada Quill and Tom Reed contributed ideas.",
        "The clerks were asked to sign up for it.",
    ],
)
def test_other_furniture_may_answer_a_question_for_a_fact(sentence: str) -> None:
    assert not is_page_element(sentence)


def test_a_reader_sees_the_other_sentences_where_they_were() -> None:
    caption = "Photos: Town mourns its dead Photos: Town mourns its dead."
    hit = make_hit("Three people died.", caption, "The port was closed.")
    seen: list[ScoredSentence] = []

    class Listing:
        def read(self, question: str, hits: object) -> ReaderResult:
            seen.extend(ScoredSentence(each, span, 0.5) for each in hits for span in each.passage.sentences)  # type: ignore[attr-defined]
            return ReaderResult(tuple(seen), 0.5, 0.5, 1)

    CitableReader(Listing()).read("Who died?", [hit])
    assert [each.hit.passage.text_of(each.span) for each in seen] == ["Three people died.", "The port was closed."]
    assert seen[0].hit.passage.text == hit.passage.text
    assert [each.span for each in seen] == [hit.passage.sentences[0], hit.passage.sentences[2]]


def test_a_hit_without_page_elements_is_as_it_was() -> None:
    hit = make_hit("Three people died.", "The port was closed.")
    assert citable_hit(hit).passage is hit.passage


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor spoke to the crowd. PHOTO: Anna Berg, who was there.",
        "The bridge over the river, seen from above / AP",
        "The new harbour, Courtesy of the town's council of ships (2014)",
        "The writer was in Rome and CAN BE REACHED AT the desk.",
        "It was a long day, and the rest of it is on WWW.example.org today.",
        "The council met again, as THIS ARTICLE has been updated to say.",
        "It was about ships, and an earlier VERSION OF this story said less.",
        "This was in a column first published in the spring of the year.",
    ],
)
def test_what_only_furniture_contains_is_found_in_any_case(sentence: str) -> None:
    assert is_furniture(sentence)
