"""Whether a question goes on with the articles in hand: where its meaning is nearest, and how much it says."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from bot.answering.term_weights import TermWeights
from bot.composition.scope.continuation import Continuation
from tests.bot.fakes_bot import HARBOUR, ORCHARD
from tests.fakes import make_library


class Nearness:
    """A dense search that finds one passage of the article in hand, "here", and one of another."""

    def __init__(self, here: float, elsewhere: float | None) -> None:
        found = {"here": here} | ({} if elsewhere is None else {"there": elsewhere})
        self._found = sorted(found.items(), key=lambda each: -each[1])

    def search_dense(
        self, question: str, limit: int, articles: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        assert question
        allowed = [each for each in self._found if articles is None or each[0] in articles]
        return allowed[:limit]


BRIEF = "who was he?"
FULL = "Which harbour engineer from Olmar designed the sluices of the Tarn canal?"


@pytest.fixture
def weights(tmp_path: Path) -> Iterator[TermWeights]:
    with make_library(tmp_path, [HARBOUR, ORCHARD]) as library:
        yield TermWeights(library)


@pytest.mark.parametrize(
    ("question", "here", "elsewhere", "goes_on"),
    [
        (BRIEF, 0.4, 0.4, True),  # it says nothing by which another article could be meant
        (BRIEF, 0.1, 0.8, False),
        (FULL, 0.3, 0.5, False),
        (FULL, 0.8, 0.4, True),
    ],
)
def test_it_is_told_by_nearness_and_words(
    weights: TermWeights, question: str, here: float, elsewhere: float, goes_on: bool
) -> None:
    probability = Continuation(Nearness(here, elsewhere), weights).probability(question, ["here"])
    assert (probability > 0.8, probability < 0.2) == (goes_on, not goes_on)


def test_without_other_articles_it_goes_on_and_without_articles_in_hand_it_does_not(weights: TermWeights) -> None:
    assert Continuation(Nearness(0.1, None), weights).probability(FULL, ["here"]) == 1.0
    assert Continuation(Nearness(0.9, 0.1), weights).probability(BRIEF, []) == 0.0
