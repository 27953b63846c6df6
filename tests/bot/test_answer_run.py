"""One answer in a conversation, however a face shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.answer_run import run_answer
from bot.answers import INTERRUPTION, Answer
from bot.conversation.session import ConversationSession
from bot.conversation.store import Turn
from bot.exit_codes import ExitCode, code_of_answer
from retrieval.articles import Filters
from retrieval.errors import InputError
from tests.bot.fakes_bot import abstained, answered, cite, info

WHOLE = answered(cite(1, "The strike ended.", info(1)), cite(2, "Wages rise.", info(2)))
BEGUN = replace(WHOLE, claims=WHOLE.claims[:1], complete=False)
EMPTY = replace(WHOLE, claims=(), complete=False)


@dataclass
class Scripted:
    """Streams these answers; an error among them is raised."""

    states: Sequence[Answer | BaseException]
    asked: list[tuple[str, Filters, Sequence[Turn]]] = field(default_factory=list)

    def stream(self, question: str, filters: Filters = Filters(), history: Sequence[Turn] = ()) -> Iterator[Answer]:  # noqa: B008
        self.asked.append((question, filters, history))
        for state in self.states:
            if isinstance(state, BaseException):
                raise state
            yield state


def test_each_state_is_shown_and_the_last_is_kept_and_returned() -> None:
    """The next question is asked with the turns before it."""
    app, talk, shown = Scripted([BEGUN, WHOLE]), ConversationSession(), list[Answer]()
    filters = Filters(sources=("Coast Herald",))
    assert run_answer(app, "What ended?", filters, talk, show=shown.append) == WHOLE
    assert shown == [BEGUN, WHOLE]
    run_answer(app, "And then?", filters, talk)
    assert [asked[:2] for asked in app.asked] == [("What ended?", filters), ("And then?", filters)]
    assert [turn.answer for turn in app.asked[1][2]] == ["The strike ended. Wages rise."]


def test_ctrl_c_keeps_what_was_checked() -> None:
    """It is shown as interrupted, remembered, and ends with 130."""
    talk, shown = ConversationSession(), list[Answer]()
    answer = run_answer(Scripted([BEGUN, KeyboardInterrupt()]), "What?", Filters(), talk, show=shown.append)
    assert (answer.cut, answer.complete, answer.claims) == (INTERRUPTION, True, BEGUN.claims)
    assert shown == [BEGUN, answer]
    assert [turn.answer for turn in talk.history] == ["The strike ended."]
    assert code_of_answer(answer) == ExitCode.INTERRUPTED


@pytest.mark.parametrize(("states", "kept"), [([], 0), ([EMPTY], 0), ([WHOLE], 1)])
def test_ctrl_c_with_nothing_to_end_is_raised(states: list[Answer], kept: int) -> None:
    """Before the first claim nothing is kept; a complete answer is."""
    talk = ConversationSession()
    with pytest.raises(KeyboardInterrupt):
        run_answer(Scripted([*states, KeyboardInterrupt()]), "What?", Filters(), talk)
    assert len(talk.history) == kept


def test_an_error_is_raised_and_what_was_shown_is_kept() -> None:
    """A follow-up may be about the sentences that the person saw."""
    talk = ConversationSession()
    with pytest.raises(InputError, match="ask again"):
        run_answer(Scripted([BEGUN, InputError("an article was replaced: ask again")]), "What?", Filters(), talk)
    assert len(talk.history) == 1


def test_no_answer_at_all_is_an_error() -> None:
    with pytest.raises(InputError, match="no answer"):
        run_answer(Scripted([]), "What?", Filters(), ConversationSession())


def test_a_face_may_wait_in_its_own_way() -> None:
    """For instance with a sign of life."""
    waited: list[str] = []

    def wait(answers: Iterable[Answer]) -> Iterator[Answer]:
        for answer in answers:
            waited.append("…")
            yield answer

    assert run_answer(Scripted([BEGUN, WHOLE]), "?", Filters(), ConversationSession(), wait=wait) == WHOLE
    assert waited == ["…", "…"]


def test_codes_of_answers() -> None:
    assert code_of_answer(WHOLE) == ExitCode.ANSWERED
    assert code_of_answer(abstained()) == ExitCode.ABSTAINED
    assert code_of_answer(replace(WHOLE, fallback="it is down")) == ExitCode.PROVIDER
