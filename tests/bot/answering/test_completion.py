"""Which sentence beside an answer is shown with it."""

import pytest

from bot.answering.completion import completed
from bot.answering.question import parse_question
from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answering.requirements import requirement_of
from tests.bot.answering.test_reader import make_hit


def shown(question: str, sentences: list[str], first: int) -> list[str]:
    """Return the sentences that answer, where the reader's answer is the one of number ``first``."""
    hit = make_hit(*sentences)
    candidates = [ScoredSentence(hit, span, 0.5) for span in hit.passage.sentences]
    lead = candidates.pop(first)
    parsed = parse_question(question)
    reading = ReaderResult((lead, *candidates), 0.5, 0.5, 1)
    found = completed(parsed, requirement_of(parsed), reading, [hit])
    return [hit.passage.text_of(each.span) for each in found.candidates[: found.answers]]


OPENING = "The dam at Redmouth burst in April."


@pytest.mark.parametrize(
    "reason",
    [
        "In July the owners said that a cracked gate had caused the flood.",
        "Engineers said the gates gave way because of rust.",
        "Inspectors blamed rust.",
    ],
)
def test_the_reason_beside_the_event_is_shown_with_it(reason: str) -> None:
    between = "Nobody was hurt."
    assert shown("Why did the dam burst?", [OPENING, between, reason], 0) == [OPENING, reason]


def test_a_reason_in_plain_words_needs_no_other() -> None:
    plain = "The dam at Redmouth burst because its gates were rusty."
    assert shown("Why did the dam burst?", [plain, "The flood was caused by rain, too."], 0) == [plain]


def test_a_question_gives_no_reason() -> None:
    assert shown("Why did the dam burst?", [OPENING, "Was it because of rust?"], 0) == [OPENING]


def test_a_motive_is_shown_where_it_is_about_the_question() -> None:
    leaving = "The choirs are leaving the league in numbers."
    motive = "The choirs object to its new rules."
    assert shown("Why are the choirs leaving the league?", [leaving, motive], 0) == [leaving, motive]
    assert shown("Why are the choirs leaving the league?", [leaving, "Fishermen object to nets."], 0) == [leaving]


def test_a_round_number_is_followed_by_the_figure() -> None:
    vague, exact = "Dozens of convictions will be dismissed.", "The clerk counted 3,120 convictions."
    assert shown("How many convictions are dismissed?", [vague, exact], 0) == [vague, exact]
    assert shown("How many convictions are dismissed?", [exact, vague], 0) == [exact]


def test_what_says_which_there_are_follows_the_sentence_that_says_that_there_are() -> None:
    there_are = "Over half of its ships were bought abroad."
    which = "These include the ferry Ada and two tugs."
    assert shown("Which ships were bought abroad?", [there_are, which], 0) == [there_are, which]
    assert shown("Were ships bought abroad?", [there_are, which], 0) == [there_are]


def test_who_is_followed_by_the_sentence_that_names_them() -> None:
    unnamed, named = "Two men were charged with theft.", "Carl Stone and Ben Hall were charged on Friday."
    assert shown("Who was charged with theft?", [unnamed, named], 0) == [unnamed, named]
    aged = "A 24-year-old man from Vell was charged with the theft."
    assert shown("Who was charged with theft?", [unnamed, aged], 0) == [unnamed, aged]
    assert shown("Who was charged with theft?", [unnamed, "The chief, Dan Bell, said no more."], 0) == [unnamed]


def test_an_abstention_stays_one() -> None:
    hit = make_hit(OPENING, "Rust caused it.")
    parsed = parse_question("Why did the dam burst?")
    reading = ReaderResult((ScoredSentence(hit, hit.passage.sentences[0], 0.1),), 0.1, 0.1, 0)
    assert completed(parsed, requirement_of(parsed), reading, [hit]) == reading


@pytest.mark.parametrize(
    "sentences",
    [
        [OPENING, "However, the harbour is empty because of the strike."],
        ["A mayor of Vell left because of illness.", OPENING],
    ],
)
def test_a_reason_for_something_else_is_not_shown(sentences: list[str]) -> None:
    """What turns to something else, or came before and has none of the question's words."""
    assert shown("Why did the dam burst?", sentences, sentences.index(OPENING)) == [OPENING]
