"""Which sentences tell how a quantity changed."""

import pytest

from bot.composition.quotable import QuotableSentence, quotable_sentences
from bot.composition.trend import is_quantity, trend
from tests.bot.answering.test_reader import make_hit


def sentences(*texts: str) -> list[QuotableSentence]:
    return quotable_sentences([make_hit(*texts)])


THEN = "At one time there were almost 800 prisoners in the old fort."
NOW = "There are now 91 prisoners left in the fort."


def test_figures_of_several_sentences_tell_a_trend() -> None:
    told = trend("number of prisoners", sentences(THEN, "The old fort has a long history.", NOW))
    assert [each.text for each in told] == [THEN, NOW]


@pytest.mark.parametrize(
    "text",
    [
        "Rents in the harbour rose by 9 percent.",
        "Rents are up by a third since the strike, to 900 crowns.",
        "Rents went from 700 crowns to 900 crowns in the harbour.",
    ],
)
def test_a_sentence_that_tells_a_change_with_a_figure_is_one(text: str) -> None:
    assert trend("rents", sentences("The harbour is old and rather large.", text))


@pytest.mark.parametrize(
    "text",
    [
        "Rents in the harbour rose sharply.",
        "Wages in the harbour rose by 9 percent.",
        "Ann Reed, 30, lay down by the house for which she rents.",
        "Rents were first paid in the harbour in 1911.",
    ],
)
def test_without_a_figure_or_a_change_of_it_there_is_none(text: str) -> None:
    """An age and a year are no figures of it, and wages are something else."""
    assert not trend("rents", sentences(text))


def test_over_all_articles_a_change_has_to_be_told_itself() -> None:
    """A figure that is so "now" may be of something else."""
    assert not trend("prisoners", sentences(THEN, NOW), in_hand=False)
    assert trend("prisoners", sentences("The prisoners fell to 91 in May."), in_hand=False)


def test_a_duration_is_no_figure_of_it() -> None:
    assert not trend("rents", sentences("Rents have grown after 33 years of peace."))


def test_what_is_counted_or_measured_is_a_quantity() -> None:
    assert is_quantity("the number of prisoners")
    assert is_quantity("economic growth")
    assert not is_quantity("the policy towards Vell")
