"""The other two uses of a chat model: a question that stands alone, and a second opinion on a claim."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Evidence, Support, Usage
from bot.conversation.llm_rewriter import LLMRewriter
from bot.generation.claim_filter import ReviewedClaim
from bot.llm.client import ChatStream, Messages
from bot.llm.errors import ContentFiltered, ProviderBusy
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
    def __init__(self, support: Support, *problems: str, evidence: tuple[Evidence, ...] | None = None) -> None:
        nearest = (Evidence(0, HITS[0].passage.sentences[0]),)
        self.judged = ClaimVerdict(
            support, 0.6, "The strike ended.", nearest if evidence is None else evidence, problems
        )

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

    @pytest.mark.parametrize(
        "answer", ["", "\n", "word " * 500, "General Tiani is in Mali.", "Mali has a leader, Tiani"]
    )
    def test_what_cannot_be_a_question_is_left_aside(self, answer: str) -> None:
        assert LLMRewriter(Saying(answer)).rewrite("And in Mali?", self.TURNS)[0] == ""

    @pytest.mark.parametrize(
        "answer",
        [
            "Who leads Mali after Tiani took bribes?",
            "Who leads Burkina Faso?",
            "Who does not lead Mali?",
            "Who allegedly leads Mali?",
            "Who leads Mali since 2021?",
        ],
    )
    def test_what_the_conversation_does_not_say_is_not_brought_in(self, answer: str) -> None:
        """It would be shown unchecked, under "Understood as:"."""
        assert LLMRewriter(Saying(answer)).rewrite("And in Mali?", self.TURNS) == ("", Usage(10, 5, 1))

    @pytest.mark.parametrize(
        "answer",
        [
            "General Tiani leads Mali",
            "General Tiani leads Mali?",
            "General Tiani leads Mali, who leads it?",
            "Who leads Mali? General Tiani leads Mali.",
            "General Tiani leads Mali. Who leads Niger?",
            "Who leads Niger; General Tiani leads Mali?",
        ],
    )
    def test_a_statement_is_no_question_whatever_stands_beside_it(self, answer: str) -> None:
        """Also one of words of the conversation alone."""
        assert LLMRewriter(Saying(answer)).rewrite("And in Mali?", self.TURNS)[0] == ""

    @pytest.mark.parametrize(
        "answer",
        [
            "Who leads Mali?",
            "Does General Tiani lead Mali?",
            "And in Mali?",
            "And who leads Mali?",
            "Tell me who leads Mali.",
        ],
    )
    def test_words_of_the_conversation_may_be_used(self, answer: str) -> None:
        assert LLMRewriter(Saying(answer)).rewrite("And in Mali?", self.TURNS)[0] == answer

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
            (Support.SUPPORTED, "1: UNSUPPORTED", Support.UNSUPPORTED),
            (Support.SUPPORTED, "unsupported.", Support.UNSUPPORTED),
            (Support.SUPPORTED, "1: NOT SUPPORTED", Support.UNSUPPORTED),
            (Support.SUPPORTED, "PARTIAL", Support.SUPPORTED),
            (Support.PARTIAL, "Supported", Support.SUPPORTED),
            (Support.PARTIAL, "PARTIAL", Support.PARTIAL),
            (Support.UNCONFIRMED, "1: SUPPORTED [1]", Support.SUPPORTED),
            (Support.UNCONFIRMED, "**Claim 1:** PARTIALLY SUPPORTED", Support.PARTIAL),
            (Support.UNCONFIRMED, "UNSUPPORTED", Support.UNSUPPORTED),
            (Support.UNSUPPORTED, "Verdict: SUPPORTED", Support.SUPPORTED),
            (Support.UNSUPPORTED, "1) PARTIAL", Support.PARTIAL),
            (Support.UNSUPPORTED, "1: not supported", Support.UNSUPPORTED),
            (Support.UNSUPPORTED, "I do not find it SUPPORTED", Support.UNSUPPORTED),
            (Support.UNSUPPORTED, "1: SUPPORTED\n1: UNSUPPORTED", Support.UNSUPPORTED),
            (Support.UNSUPPORTED, "2: SUPPORTED", Support.UNSUPPORTED),
            (Support.SUPPORTED, "I think so!", Support.SUPPORTED),
        ],
    )
    def test_the_model_lowers_and_raises_what_is_a_matter_of_meaning(
        self, first: Support, said: str, last: Support
    ) -> None:
        assert LLMJudge(Judging(first), Saying(said)).judge("The strike ended.", HITS).support is last

    @pytest.mark.parametrize(
        "first", [Judging(Support.VERBATIM), Judging(Support.UNSUPPORTED, "the number 4 is not in the source")]
    )
    def test_what_is_certain_is_not_asked(self, first: Judging) -> None:
        chat = Saying()
        assert LLMJudge(first, chat).judge("The strike ended.", HITS) == first.judged
        assert chat.asked == []

    def test_what_is_wrong_by_the_letter_no_model_makes_right(self) -> None:
        for first in (Support.PARTIAL, Support.UNCONFIRMED):
            opinion = LLMJudge(Judging(first, "the number 4 is not in the source"), Saying("SUPPORTED"))
            assert opinion.judge("The strike ended.", HITS).support is first

    def test_a_raised_claim_rests_on_the_passage_that_the_model_names(self) -> None:
        hits = [*HITS, hit_for(cite(2, "Wages rise.", info(2)), 2)]
        first = Judging(Support.UNSUPPORTED, evidence=(Evidence(0, hits[0].passage.sentences[0]),))
        named = LLMJudge(first, Saying("1: SUPPORTED [2]")).judge("It ended.", hits)
        assert [each.hit for each in named.evidence] == [1]
        unnamed = LLMJudge(first, Saying("SUPPORTED")).judge("It ended.", hits)
        assert [each.hit for each in unnamed.evidence] == [0]
        assert LLMJudge(first, Saying("SUPPORTED [9]")).judge("It ended.", hits).evidence == unnamed.evidence

    def test_without_evidence_nothing_is_raised(self) -> None:
        first = Judging(Support.UNSUPPORTED, evidence=())
        assert LLMJudge(first, Saying("SUPPORTED")).judge("It ended.", HITS).support is Support.UNSUPPORTED

    def test_it_reads_a_claim_with_its_question_and_the_sentence_before(self) -> None:
        chat = Saying("SUPPORTED")
        context = ClaimContext("Who ended\nthe strike?", "Reyes leads the union.")
        LLMJudge(Judging(Support.UNCONFIRMED), chat).judge("He did.", HITS, context)
        assert "Question: Who ended the strike?\n" in chat.asked[0]
        assert "Claims:\n(before it: Reyes leads the union.)\n1. The strike ended." in chat.asked[0]

    def test_claims_are_asked_about_together_in_bounded_requests(self) -> None:
        """Forty claims are five requests, and each verdict goes to its own claim."""
        answers = ["\n".join(f"{number}: {'UN' * (number % 2)}SUPPORTED" for number in range(1, 9))] * 5
        chat = Saying(*answers)
        opinion = LLMJudge(Judging(Support.UNCONFIRMED), chat)
        verdicts = opinion.review([ReviewedClaim(Judging(Support.UNCONFIRMED).judged, tuple(HITS))] * 40)
        assert [verdict.support for verdict in verdicts] == [Support.UNSUPPORTED, Support.SUPPORTED] * 20
        assert len(chat.asked) == 5
        assert chat.asked[0].count("The strike ended on Tuesday.") == 1

    def test_a_claim_that_the_answer_leaves_out_keeps_its_verdict(self) -> None:
        opinion = LLMJudge(Judging(Support.UNCONFIRMED), Saying("2: SUPPORTED\nand so on"))
        verdicts = opinion.review([ReviewedClaim(Judging(Support.UNCONFIRMED).judged, tuple(HITS))] * 3)
        assert [each.support for each in verdicts] == [Support.UNCONFIRMED, Support.SUPPORTED, Support.UNCONFIRMED]

    def test_one_claim_that_a_content_filter_stops_does_not_stop_the_others(self) -> None:
        chat = Saying(ContentFiltered("filtered"), "SUPPORTED", ContentFiltered("filtered"))
        opinion = LLMJudge(Judging(Support.UNCONFIRMED), chat)
        verdicts = opinion.review([ReviewedClaim(Judging(Support.UNCONFIRMED).judged, tuple(HITS))] * 2)
        assert [each.support for each in verdicts] == [Support.SUPPORTED, Support.UNCONFIRMED]

    def test_a_model_that_fails_is_left_alone_for_a_while(self) -> None:
        """The checks' own word stands; the answer does not wait claim by claim."""
        now = [0.0]
        chat = Saying(ProviderBusy("busy"), "UNSUPPORTED")
        opinion = LLMJudge(Judging(Support.SUPPORTED), chat, clock=lambda: now[0])
        assert [opinion.judge("It ended.", HITS).support for _ in range(3)] == [Support.SUPPORTED] * 3
        assert len(chat.asked) == 1
        now[0] = 61.0
        assert opinion.judge("It ended.", HITS).support is Support.UNSUPPORTED
