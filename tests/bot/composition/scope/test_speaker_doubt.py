"""A sentence that was read for what somebody said names them, and may answer at most."""

from __future__ import annotations

import pytest

from bot.composition.scope.speaker_doubt import MAX_UNSAID, UNSAID, is_doubtful, naming_speaker
from tests.bot.fakes_bot import answered, cite, info

SAID = answered(cite(1, "Gov. Ines Gill asked the clinic for the lists.", info(1)))


@pytest.mark.parametrize("question", ["What did Gill say?", "What did the governor say?"])
def test_a_sentence_that_names_the_speaker_may_answer(question: str) -> None:
    """By name or by title; it is shown for all that."""
    found = naming_speaker(SAID, question)
    assert found is not None
    assert (found.possibly, found.doubts[0], found.confidence) == (True, UNSAID, MAX_UNSAID)
    assert not is_doubtful(found)


def test_a_sentence_that_names_somebody_else_is_no_answer() -> None:
    assert naming_speaker(SAID, "What did Moss say?") is None


@pytest.mark.parametrize("question", ["Who asked for the lists?", "What did she say?"])
def test_a_question_for_nobodys_words_by_name_is_not_doubted(question: str) -> None:
    assert naming_speaker(SAID, question) == SAID
