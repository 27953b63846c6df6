"""The other two uses of a chat model: a question that stands alone, and a second opinion on a claim."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Support, Usage
from bot.conversation.llm_rewriter import LLMRewriter
from bot.llm.client import ChatStream, Messages
from bot.llm.errors import ProviderBusy
from bot.verification.llm_judge import LLMJudge
from retrieval.articles import Hit
from tests.bot.fakes_bot import cite, hit_for, info

HITS = [hit_for(cite(1, "The strike ended on Tuesday.", info(1)), 1)]


class Saying:
    """A chat model that says this, and keeps what it was asked."""

    name = "fake:model"

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def stream(self, messages: Messages) -> ChatStream:
        raise AssertionError("not streamed")

    def ask(self, messages: Messages) -> tuple[str, Usage]:
        self.asked.append("\n".join(text for _, text in messages))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer, Usage(10, 5, 1)


class Judging:
    def __init__(self, support: Support, *problems: str) -> None:
        self.judged = ClaimVerdict(support, 0.6, "The strike ended.", (), problems)

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Nothing to do."""

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        return self.judged


class TestRewriter:
    TURNS = (("Who leads Niger?", "General Tiani leads it. [1]"),)

    def test_a_follow_up_is_written_out_from_the_turns_before_it(self) -> None:
        chat = Saying("  Who leads\nMali? ")
        assert LLMRewriter(chat).rewrite("And in Mali?", self.TURNS) == ("Who leads Mali?", Usage(10, 5, 1))
        assert "Question: Who leads Niger?\nAnswer: General Tiani leads it. [1]" in chat.asked[0]

    def test_a_first_question_costs_nothing(self) -> None:
        assert LLMRewriter(Saying()).rewrite("Who leads Mali?", ()) == ("Who leads Mali?", Usage())

    @pytest.mark.parametrize("answer", ["", "\n", "word " * 500])
    def test_what_cannot_be_a_question_is_left_aside(self, answer: str) -> None:
        assert LLMRewriter(Saying(answer)).rewrite("And in Mali?", self.TURNS)[0] == "And in Mali?"

    def test_turns_are_data_and_bounded(self) -> None:
        """Only the latest turns are sent, each answer's beginning only."""
        chat = Saying("x?")
        LLMRewriter(chat).rewrite("And then?", [(f"question {number}", "answer " * 5_000) for number in range(20)])
        assert "question 19" in chat.asked[0]
        assert "question 3" not in chat.asked[0]
        assert len(chat.asked[0]) < 5_000


class TestLLMJudge:
    @pytest.mark.parametrize(
        ("first", "said", "last"),
        [
            (Support.SUPPORTED, "SUPPORTED", Support.SUPPORTED),
            (Support.SUPPORTED, "UNSUPPORTED", Support.UNSUPPORTED),
            (Support.SUPPORTED, "unsupported.", Support.UNSUPPORTED),
            (Support.PARTIAL, "Supported", Support.SUPPORTED),
            (Support.PARTIAL, "PARTIAL", Support.PARTIAL),
            (Support.SUPPORTED, "I think so!", Support.SUPPORTED),
        ],
    )
    def test_the_model_lowers_and_raises_what_is_a_matter_of_meaning(
        self, first: Support, said: str, last: Support
    ) -> None:
        assert LLMJudge(Judging(first), Saying(said)).judge("The strike ended.", HITS).support is last

    @pytest.mark.parametrize("first", [Support.VERBATIM, Support.UNSUPPORTED])
    def test_what_is_certain_is_not_asked(self, first: Support) -> None:
        chat = Saying()
        assert LLMJudge(Judging(first), chat).judge("The strike ended.", HITS).support is first
        assert chat.asked == []

    def test_what_is_wrong_by_the_letter_no_model_makes_right(self) -> None:
        opinion = LLMJudge(Judging(Support.PARTIAL, "the number 4 is not in the source"), Saying("SUPPORTED"))
        assert opinion.judge("The strike ended.", HITS).support is Support.PARTIAL

    def test_a_model_that_fails_is_left_alone_for_a_while(self) -> None:
        """The checks' own word stands; the answer does not wait claim by claim."""
        now = [0.0]
        chat = Saying(ProviderBusy("busy"), "UNSUPPORTED")
        opinion = LLMJudge(Judging(Support.SUPPORTED), chat, clock=lambda: now[0])
        assert [opinion.judge("It ended.", HITS).support for _ in range(3)] == [Support.SUPPORTED] * 3
        assert len(chat.asked) == 1
        now[0] = 61.0
        assert opinion.judge("It ended.", HITS).support is Support.UNSUPPORTED
