"""An answer of all articles has to hold what a follow-up is about."""

from __future__ import annotations

import pytest

from bot.answers import Answer, QuestionKind
from bot.composition.scope.library_answer import holds_terms
from tests.bot.fakes_bot import answered, cite, info

ONE_OF_THREE = answered(
    cite(1, "The dockers of Vell struck.", info(1)),
    cite(2, "Wages rise.", info(2)),
    cite(3, "Trams are late.", info(3)),
)


@pytest.mark.parametrize(
    ("answer", "kind", "holds"),
    [
        (ONE_OF_THREE, QuestionKind.FACT, False),
        (ONE_OF_THREE, QuestionKind.OVERVIEW, True),
        (answered(*ONE_OF_THREE.citations[:2]), QuestionKind.FACT, True),
        (answered(cite(1, "Wages rise.", info(1, title="Vell"))), QuestionKind.FACT, True),
    ],
)
def test_half_of_its_sentences_hold_the_terms(answer: Answer, kind: QuestionKind, *, holds: bool) -> None:
    """With their titles; of an overview one sentence is enough."""
    assert holds_terms(answered(*answer.citations, kind=kind), ["vell"]) is holds


def test_any_answer_holds_no_terms() -> None:
    assert holds_terms(answered(), [])
