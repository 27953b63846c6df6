"""Asking a chat model: retries with patience, time limits, thoughts left out, tokens counted by the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk

from bot.answers import Usage
from bot.llm.budget import TokenBudget, estimate_tokens
from bot.llm.client import MAX_RETRY_DELAY_SECONDS, LimitedChatModel
from bot.llm.errors import (
    AnswerCut,
    BudgetSpent,
    ContentFiltered,
    EmptyAnswer,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderTimeout,
    QuotaSpent,
    provider_error,
)
from bot.llm.factory import load_chat_model
from bot.llm.stream import StreamChunk, ThinkingFilter, to_stream_chunk
from bot.settings import Settings
from retrieval.errors import StoreError
from tests.bot.scripted_provider import ScriptedProvider, ScriptedReply
from tests.patience import PATIENCE_SECONDS

MESSAGES = [("system", "Answer."), ("user", "Why?")]
BUSY = ScriptedReply("slow down", 429)


class ReceivedRequest:
    """A Chat over a scripted provider, and the waits between its tries."""

    def __init__(self, folder: Path, server: ScriptedProvider, **more: Any) -> None:
        provider = more.pop("provider", "openai")
        settings = Settings(**server.settings(provider), model_timeout=20)
        self.waits: list[float] = []
        self.budget = TokenBudget(folder, more.pop("daily", 0))
        name = f"{provider}:scripted"
        known: dict[str, Any] = {"name": name, "host": "here", "wait": self.waits.append, "longest": 50}
        self.chat = LimitedChatModel(load_chat_model(settings, name), budget=self.budget, **known | more)

    def text(self) -> str:
        return self.chat.ask(MESSAGES)[0]


class SimulatedTime:
    """A clock that only waiting moves; something comes whenever ``each`` seconds have passed."""

    def __init__(self, each: float) -> None:
        self.now = 0.0
        self._each = each
        self._next = each

    def monotonic(self) -> float:
        return self.now

    def passes(self, seconds: float) -> bool:
        """Wait so long, or until something comes; return whether it does."""
        comes = self.now + seconds >= self._next
        self.now = self._next if comes else self.now + seconds
        self._next += self._each if comes else 0.0
        return comes


class TestRetries:
    def test_a_busy_provider_is_tried_again_after_growing_random_waits(self, tmp_path: Path) -> None:
        """Full jitter: each wait lies between nothing and a bound that doubles."""
        with ScriptedProvider(BUSY, BUSY, ScriptedReply("Well.")) as server:
            asked = ReceivedRequest(tmp_path, server, retries=2)
            assert asked.text() == "Well."
            assert len(server.requests) == 3
        assert [wait <= bound for wait, bound in zip(asked.waits, (0.5, 1.0), strict=True)] == [True, True]

    def test_the_wait_that_the_provider_asks_for_is_kept(self, tmp_path: Path) -> None:
        """Retry-After, in seconds or as a date long past."""
        with ScriptedProvider(
            ScriptedReply("x", 429, {"retry-after": "3"}),
            ScriptedReply("x", 503, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}),
            ScriptedReply("Well."),
        ) as server:
            asked = ReceivedRequest(tmp_path, server, retries=2)
            assert asked.text() == "Well."
        assert asked.waits[0] == 3.0
        assert asked.waits[1] <= 1.0

    def test_a_wait_that_is_too_long_is_not_waited(self, tmp_path: Path) -> None:
        """An hour is an error now, with the hint to come back."""
        with ScriptedProvider(ScriptedReply("x", 429, {"retry-after": "3600"}), ScriptedReply("Well.")) as server:
            asked = ReceivedRequest(tmp_path, server, retries=2)
            with pytest.raises(ProviderBusy, match="try again in a while") as error:
                asked.text()
        assert (asked.waits, error.value.retry_after) == ([], 3600.0)
        assert MAX_RETRY_DELAY_SECONDS < 3600

    def test_the_last_failure_is_told_when_tries_run_out(self, tmp_path: Path) -> None:
        with ScriptedProvider(BUSY) as server:
            asked = ReceivedRequest(tmp_path, server, retries=1)
            with pytest.raises(ProviderBusy):
                asked.text()
            assert len(server.requests) == 2

    @pytest.mark.parametrize("reply", [ScriptedReply("no", 401), ScriptedReply("no", 404), ScriptedReply("no", 400)])
    def test_what_no_repetition_mends_is_not_tried_again(self, reply: ScriptedReply, tmp_path: Path) -> None:
        with ScriptedProvider(reply) as server:
            with pytest.raises(ProviderError) as error:
                ReceivedRequest(tmp_path, server, retries=3).text()
            assert len(server.requests) == 1
        assert not error.value.retryable

    def test_an_empty_answer_is_tried_again(self, tmp_path: Path) -> None:
        with ScriptedProvider(ScriptedReply(""), ScriptedReply("Well.")) as server:
            assert ReceivedRequest(tmp_path, server, retries=1).text() == "Well."

    def test_an_answer_that_has_begun_is_not_begun_again(self, tmp_path: Path) -> None:
        with ScriptedProvider(ScriptedReply("It was a dark night.", cut=10), ScriptedReply("Well.")) as server:
            asked = ReceivedRequest(tmp_path, server, retries=3)
            with pytest.raises(ProviderError):
                asked.text()
            assert len(server.requests) == 1


class TestTime:
    def test_a_first_token_that_does_not_come_is_a_timeout(self, tmp_path: Path) -> None:
        late = ScriptedReply("Well.", first=PATIENCE_SECONDS)
        with ScriptedProvider(late) as server, pytest.raises(ProviderTimeout, match="MODEL_TIMEOUT"):
            ReceivedRequest(tmp_path, server, retries=0, timeout=0.2).text()

    def test_each_token_has_its_own_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Four tokens in nine tenths of the limit each, by a clock of their own: the machine's speed is no matter."""
        clock, tokens = SimulatedTime(each=18.0), ["It ", "was ", "dark", "."]

        def next_piece(_thread: object, seconds: float) -> StreamChunk | None:
            if not clock.passes(seconds):
                return StreamChunk(quiet=True)
            return StreamChunk(tokens.pop(0)) if tokens else None

        with ScriptedProvider(ScriptedReply("Well.")) as server:
            asked = ReceivedRequest(tmp_path, server, retries=0, timeout=20.0)
            monkeypatch.setattr("bot.llm.client.time", clock)
            monkeypatch.setattr("bot.llm.client._RequestThread.next", next_piece)
            assert asked.text() == "It was dark."
        assert clock.now == pytest.approx(5 * 18.0)

    def test_an_answer_that_never_ends_is_a_timeout(self, tmp_path: Path) -> None:
        """Five times the time of a token is the time of the whole."""
        endless = ScriptedReply("a " * 1000, between=0.05, size=2)
        with ScriptedProvider(endless) as server, pytest.raises(ProviderTimeout):
            ReceivedRequest(tmp_path, server, retries=0, timeout=0.2).text()


class TestCounting:
    def test_what_the_provider_counts_is_counted(self, tmp_path: Path) -> None:
        with ScriptedProvider(ScriptedReply("Well.")) as server:
            asked = ReceivedRequest(tmp_path, server)
            assert asked.chat.ask(MESSAGES)[1] == Usage(100, 20, 1)
            assert asked.budget.used() == 120

    def test_characters_are_counted_where_the_provider_does_not(self, tmp_path: Path) -> None:
        with ScriptedProvider(ScriptedReply("Well. " * 60, counts=False)) as server:
            usage = ReceivedRequest(tmp_path, server).chat.ask(MESSAGES)[1]
        assert usage.estimated
        assert 80 < usage.output_tokens < 400

    def test_an_answer_that_is_left_is_counted(self, tmp_path: Path) -> None:
        """Ctrl-C is no way around the budget."""
        with ScriptedProvider(ScriptedReply("Well. " * 60)) as server:
            asked = ReceivedRequest(tmp_path, server)
            stream = asked.chat.stream(MESSAGES)
            next(iter(stream.pieces))
            stream.close()
        assert asked.budget.used() > 0

    def test_a_request_that_is_refused_costs_nothing(self, tmp_path: Path) -> None:
        with ScriptedProvider(ScriptedReply("no", 401)) as server:
            asked = ReceivedRequest(tmp_path, server)
            with pytest.raises(KeyRefused):
                asked.text()
        assert asked.budget.used() == 0

    def test_the_days_tokens_are_refused_before_anything_is_sent_and_come_back_the_next_day(
        self, tmp_path: Path
    ) -> None:
        days = [date(2024, 3, 1)]
        budget = TokenBudget(tmp_path, 1_000, today=lambda: days[-1])
        budget.add(700)
        budget.add(250)
        budget.check(50)
        with pytest.raises(BudgetSpent, match=r"950 of today's 1,000 tokens are used.*00:00 UTC"):
            budget.check(51)
        days.append(date(2024, 3, 2))
        budget.check(1_000)
        assert TokenBudget(tmp_path, 1_000, today=lambda: date(2024, 3, 1)).used() == 950

    def test_a_damaged_count_is_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "usage.sqlite").write_bytes(b"not a database" * 500)
        with pytest.raises(StoreError, match=r"move usage\.sqlite"):
            TokenBudget(tmp_path, 10).used()

    def test_tokens_are_rather_too_many_than_too_few(self) -> None:
        """English has about four characters a token, other scripts about one or two."""
        assert 250 <= estimate_tokens("word " * 200) <= 400
        assert estimate_tokens("火曜日" * 100) >= 200
        assert estimate_tokens("") <= 1


class TestFaults:
    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_what_a_library_raises_in_its_own_way_is_one_line_without_the_key(self, count: int) -> None:
        error: Exception = ValueError("Bearer sk-abcdefgh12345 is no good\n" * 9)
        for _ in range(count):
            outer = RuntimeError("wrapped")
            outer.__cause__ = error
            error = outer
        told = provider_error(error, "api.example", "m")
        assert "sk-abcdefgh" not in str(told)
        assert "\n" not in str(told)

    @pytest.mark.parametrize(
        ("provider", "status", "body"),
        [
            ("openai", 429, {"message": "You exceeded your current quota.", "code": "insufficient_quota"}),
            ("openai", 429, {"message": "Pay first.", "type": "insufficient_quota"}),
            ("openai", 403, {"message": "Your team has used all available credits.", "code": "forbidden"}),
            ("openai", 402, {"message": "no", "code": 402}),
            ("anthropic", 400, {"type": "invalid_request_error", "message": "Your credit balance is too low to …"}),
            ("anthropic", 403, {"type": "billing_error", "message": "no"}),
        ],
    )
    def test_a_spent_account_is_told_from_a_busy_provider(
        self, provider: str, status: int, body: dict[str, Any], tmp_path: Path
    ) -> None:
        """It is in the error's body, and no repetition mends it."""
        with ScriptedProvider(ScriptedReply(status=status, body={"type": "error", "error": body})) as server:
            with pytest.raises(QuotaSpent):
                ReceivedRequest(tmp_path, server, provider=provider, retries=3).text()
            assert len(server.requests) == 1

    def test_an_account_that_is_spent_within_a_stream_is_seen(self, tmp_path: Path) -> None:
        body = {"error": {"message": "Pay first.", "type": "insufficient_quota", "code": "insufficient_quota"}}
        with ScriptedProvider(ScriptedReply("Well.", error=0, body=body)) as server, pytest.raises(QuotaSpent):
            ReceivedRequest(tmp_path, server, retries=0).text()

    def test_a_quota_that_comes_back_soon_is_waited_for(self, tmp_path: Path) -> None:
        """The words of a spent account with the time to come back: a limit by the minute."""
        body = {"error": {"message": "You exceeded your current quota.", "type": "rate_limit_error"}}
        busy = ScriptedReply(status=429, body=body, headers={"retry-after": "3"})
        with ScriptedProvider(busy, ScriptedReply("Well.")) as server:
            asked = ReceivedRequest(tmp_path, server, retries=1)
            assert asked.text() == "Well."
        assert asked.waits == [3.0]

    @pytest.mark.parametrize(
        ("provider", "ended", "kind"),
        [
            ("openai", "content_filter", ContentFiltered),
            ("anthropic", "refusal", ContentFiltered),
            ("openai", "length", AnswerCut),
            ("anthropic", "max_tokens", AnswerCut),
            ("ollama", "length", AnswerCut),
        ],
    )
    @pytest.mark.parametrize("text", ["", "Well, the"])
    def test_an_answer_that_was_filtered_or_cut_is_not_taken_for_whole(
        self, provider: str, ended: str, kind: type[ProviderError], text: str, tmp_path: Path
    ) -> None:
        """Nor asked for again: it would end as it did."""
        with ScriptedProvider(ScriptedReply(text, ended=ended)) as server:
            with pytest.raises(kind):
                ReceivedRequest(tmp_path, server, provider=provider, retries=3).text()
            assert len(server.requests) == 1

    def test_a_question_that_is_filtered_is_no_fault_of_the_settings(self, tmp_path: Path) -> None:
        """Azure's words."""
        body = {"error": {"message": "The response was filtered", "code": "content_filter", "param": "prompt"}}
        with ScriptedProvider(ScriptedReply(status=400, body=body)) as server, pytest.raises(ContentFiltered):
            ReceivedRequest(tmp_path, server, retries=0).text()

    def test_every_error_says_what_to_do(self) -> None:
        for kind in [ProviderError, *ProviderError.__subclasses__()]:
            assert str(kind("it failed")) == f"it failed: {kind.hint}"
            assert isinstance(kind.retryable, bool)


class TestPieces:
    def test_text_blocks_are_text_and_other_blocks_are_not(self) -> None:
        blocks = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Well"}, {"type": "tool_use"}, "."]
        assert to_stream_chunk(AIMessageChunk(content=blocks)).text == "Well."  # type: ignore[arg-type]
        assert to_stream_chunk(AIMessageChunk(content="Well.")).text == "Well."

    def test_a_refusal_takes_the_place_of_text(self) -> None:
        """As OpenAI's Responses have it, and their reason for an answer that is not complete."""
        refused = AIMessageChunk(content=[{"type": "refusal", "refusal": "I will not."}])
        assert to_stream_chunk(refused).ended == "refusal"
        about = {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}
        assert to_stream_chunk(AIMessageChunk(content="", response_metadata=about)).ended == "content_filter"

    @pytest.mark.parametrize("size", [1, 3, 100])
    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("<think>hm <b> hm</think>Well.", "Well."),
            (" \n<think>hm</think>\nWell.", "\nWell."),
            ("Well <think>.", "Well <think>."),
            ("<thinker> said so.", "<thinker> said so."),
            ("<think>never ends", ""),
            ("<thi", "<thi"),
        ],
    )
    def test_thoughts_at_the_head_are_left_out_however_they_are_cut(self, text: str, left: str, size: int) -> None:
        thoughts = ThinkingFilter()
        parts = [thoughts.feed(text[at : at + size]) for at in range(0, len(text), size)]
        assert "".join(parts) + thoughts.close() == left


class Forgetful(GenericFakeChatModel):
    """Gives nothing at all."""

    def _stream(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(())


def test_any_chat_model_of_langchains_serves(tmp_path: Path) -> None:
    """Not only the three that settings name."""

    def asked(model: BaseChatModel) -> str:
        return LimitedChatModel(model, name="fake:m", host="here", budget=TokenBudget(tmp_path, 0), retries=0).ask(
            MESSAGES
        )[0]

    assert asked(GenericFakeChatModel(messages=iter([AIMessage("It is well.")]))) == "It is well."
    with pytest.raises((EmptyAnswer, ProviderError)):
        asked(Forgetful(messages=iter([])))
