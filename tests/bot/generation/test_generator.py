"""Answers by LangChain's own chat models, from a provider on loopback that misbehaves: checked, or one clear line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.answers import NO_CONTEXT, AbstentionReason, Answer, ClaimContext, ClaimVerdict, Form, Status, Support
from bot.app import App
from bot.generation.claim_filter import Verifier
from bot.generation.generator import GenerativeAnswerer
from bot.llm.factory import open_chat
from bot.settings import Settings
from bot.verification.llm_judge import LLMJudge
from retrieval.articles import Hit
from tests.bot.fakes_bot import HARBOUR, make_parts
from tests.bot.fakes_verification import CountingVerifier
from tests.bot.scripted_provider import ScriptedProvider, ScriptedReply
from tests.patience import PATIENCE_SECONDS

QUESTION = "When did the dockers end their strike, and how do wages rise?"
UNANSWERED = "Who are the dockers?"
TUESDAY = "The dockers of Port Vell ended their strike on Tuesday"
WAGES = "Wages rise by four percent"
PROVIDERS = ("openai", "anthropic", "ollama")

Ask = Callable[..., list[Answer]]


class Asserting(CountingVerifier):
    """Knows that a question and "Sources:" assert nothing."""

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        if claim.endswith(("?", ":")):
            return ClaimVerdict(Support.SUPPORTED, 1.0, claim, asserts=False)
        return super().judge(claim, hits)


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Ask a provider that follows a script; return everything that was streamed."""
    opened: list[App] = []

    def call(
        *replies: ScriptedReply,
        provider: str = "openai",
        question: str = QUESTION,
        verifier: Verifier | None = None,
        **more: Any,
    ) -> list[Answer]:
        with ScriptedProvider(*replies) as server:
            folder = tmp_path / str(len(opened)) / ".onrecord"
            parts = make_parts(folder, verifier=verifier or CountingVerifier())
            del parts["answerer"]
            app = App(Settings(store_dir=folder, **server.settings(provider, **more)), **parts)
            opened.append(app)
            call.server = server  # type: ignore[attr-defined]
            return list(app.stream(question))

    yield call
    for app in opened:
        app.close()


def test_an_answerer_with_a_chat_model_streams(tmp_path: Path) -> None:
    """CHAT_MODEL decides which answerer is built; nothing is sent for that."""
    parts = make_parts(tmp_path / ".onrecord")
    del parts["answerer"]
    with App(Settings(chat_model="ollama:x", ollama_base_url="http://127.0.0.1:9"), **parts) as app:
        assert isinstance(app.answerer, GenerativeAnswerer)


@pytest.mark.parametrize("provider", PROVIDERS)
class TestEveryProvider:
    def test_an_answer_grows_by_checked_sentences(self, provider: str, ask: Ask) -> None:
        """Each Answer is whole; only the last is complete; every claim's citation holds the words that carry it."""
        answers = ask(ScriptedReply(f"{TUESDAY} {{m2}}. {WAGES} {{m1}}."), provider=provider)
        assert [len(answer.claims) for answer in answers] == [1, 2, 2]
        assert [answer.status for answer in answers] == [Status.STREAMING, Status.STREAMING, Status.ANSWERED]
        last = answers[-1]
        assert last.text == f"{TUESDAY}. [1] {WAGES}. [2]"
        assert [place.of(last.text) for place in last.places] == [claim.text for claim in last.claims]
        assert [HARBOUR.text[each.span.start : each.span.end] for each in last.citations] == [
            f"{TUESDAY}.",
            f"{WAGES}.",
        ]
        assert last.answerer == f"{provider}:scripted"
        assert last.usage is not None
        assert (last.usage.input_tokens, last.usage.output_tokens, last.usage.calls) == (100, 20, 1)

    def test_thinking_is_not_shown(self, provider: str, ask: Ask) -> None:
        """Neither blocks of the provider's nor a <think> in the text."""
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}.", thinking="The moon is cheese. Let me see."), provider=provider)[
            -1
        ]
        assert (last.text, last.withheld) == (f"{TUESDAY}. [1]", ())

    @pytest.mark.parametrize(
        ("reply", "said"),
        [
            (ScriptedReply("bad key sk-test-1234567890", 401), "refused the key"),
            (ScriptedReply("no such model", 404), "knows no model 'scripted'"),
            (ScriptedReply("slow down", 429, {"retry-after": "7"}), "too many requests"),
            (ScriptedReply("oops", 500), "is failing (500)"),
            (ScriptedReply("busy", 529), "is failing (529)"),
            (ScriptedReply("temperature is not for you", 400), "temperature is not for you"),
            (ScriptedReply(""), "empty answer"),
            (ScriptedReply("   \n"), "empty answer"),
            (ScriptedReply(TUESDAY, cut=0), "broke off"),
            (ScriptedReply(TUESDAY, garbage=0), "broke off"),
            (ScriptedReply(TUESDAY, error=0), "broke off"),
            (ScriptedReply(TUESDAY, first=PATIENCE_SECONDS), "sent nothing"),
            (ScriptedReply(f"{TUESDAY} and", cut=40), "broke off"),
        ],
        ids=lambda value: str(value)[:60],
    )
    def test_when_the_provider_fails_the_offline_answer_is_given_and_named(
        self, provider: str, reply: ScriptedReply, said: str, ask: Ask
    ) -> None:
        """One line says what happened and what to do; no key is in it."""
        answers = ask(reply, provider=provider, model_timeout=0.3 if reply.first else 20.0)
        last = answers[-1]
        assert len(answers) == 1
        assert (last.answerer, last.status) == ("extractive", Status.ANSWERED)
        assert said in last.fallback
        assert "\n" not in last.fallback
        assert "sk-test" not in last.fallback
        assert f"{TUESDAY}." in [citation.quote for citation in last.citations]

    @pytest.mark.parametrize("fault", ["cut", "garbage", "error"])
    def test_when_the_stream_breaks_what_was_checked_is_kept(self, provider: str, fault: str, ask: Ask) -> None:
        """The sentence that was not finished is withheld, and the answer says that it ended early."""
        text = f"{TUESDAY} {{m2}}. {WAGES} {{m1}}."
        last = ask(ScriptedReply(text, **{fault: len(TUESDAY) + 20}), provider=provider)[-1]
        assert (last.status, last.text) == (Status.PARTIAL, f"{TUESDAY}. [1]")
        assert "broke off" in last.cut
        assert last.fallback == ""
        assert all(claim.problems == ("it was not finished",) for claim in last.withheld)

    def test_a_slow_drip_is_waited_for(self, provider: str, ask: Ask) -> None:
        """However finely it comes."""
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}.", between=0.02, size=5), provider=provider, model_timeout=60.0)[-1]
        assert last.text == f"{TUESDAY}. [1]"

    def test_an_answer_at_its_token_limit_says_so(self, provider: str, ask: Ask) -> None:
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}. {WAGES[:8]}", ended="length"), provider=provider)[-1]
        assert (last.text, last.cut) == (f"{TUESDAY}. [1]", "it reached MAX_ANSWER_TOKENS=1000")

    @pytest.mark.parametrize("ended", ["content_filter", "refusal", "error"])
    def test_a_filtered_answer_is_not_a_complete_one(self, provider: str, ended: str, ask: Ask) -> None:
        """What was checked is kept, the sentence under way is not, and the end is said; unknown words alike."""
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}. {WAGES[:8]}", ended=ended), provider=provider)[-1]
        assert (last.status, last.text) == (Status.PARTIAL, f"{TUESDAY}. [1]")
        assert ("content filter" if ended != "error" else "ended it with") in last.cut

    def test_the_request_holds_what_the_settings_say(self, provider: str, ask: Ask) -> None:
        """Temperature, limit, key; each passage with headline, outlet and date between lines that hold the tag."""
        ask(ScriptedReply(f"{TUESDAY} {{m2}}."), provider=provider, max_answer_tokens=77, temperature=0.25)
        server = ask.server  # type: ignore[attr-defined]
        request, prompt = server.requests[0], server.prompts()[0]
        options = request.get("options", request)
        assert 77 in {options.get(name) for name in ("max_tokens", "max_completion_tokens", "num_predict")}
        assert options["temperature"] == 0.25
        assert request["model"] == "scripted"
        assert "Headline: Harbour strike ends\nSource: Coast Herald, 2024-03-05\n" in prompt
        assert prompt.endswith(f"Question: {QUESTION}")
        sent = {name.lower(): value for name, value in server.headers[0].items()}
        key = sent.get("authorization", "") + sent.get("x-api-key", "")
        assert provider == "ollama" or "sk-test-1234567890" in key


class TestAdversarialAnswers:
    def test_what_no_article_carries_is_withheld_and_counted(self, ask: Ask) -> None:
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}. The moon is made of cheese {{m1}}."))[-1]
        assert last.text == f"{TUESDAY}. [1]"
        assert [claim.text for claim in last.withheld] == ["The moon is made of cheese."]

    def test_nothing_is_streamed_before_one_claim_is_carried(self, ask: Ask) -> None:
        """Neither a heading nor a half-supported sentence alone is on screen."""
        answers = ask(ScriptedReply(f"# News\n\nWages rise in many lands {{m1}}. {TUESDAY} {{m2}}."))
        assert all(any(claim.supported and claim.counted for claim in answer.claims) for answer in answers)

    def test_when_no_claim_is_carried_it_abstains_with_the_nearest_sentences(self, ask: Ask) -> None:
        (last,) = ask(ScriptedReply("The moon is made of cheese {m1}."), question=UNANSWERED)
        assert last.abstention is not None
        assert last.abstention.reason is AbstentionReason.NOT_SUPPORTED
        assert (last.citations, last.claims, len(last.withheld)) == ((), (), 1)
        assert last.nearest[0].quote.startswith(TUESDAY)

    def test_when_no_claim_is_carried_what_the_articles_say_themselves_may_answer(self, ask: Ask) -> None:
        """Shown as such, never asserted; what the model wrote is withheld."""
        (last,) = ask(ScriptedReply("The moon is made of cheese {m1}."))
        assert (last.status, last.answerer) == (Status.POSSIBLY, "extractive")
        assert last.citations[0].quote.startswith(TUESDAY)
        assert last.text.startswith("This may answer it: ")
        assert [claim.text for claim in last.withheld] == ["The moon is made of cheese."]
        assert last.remarks == ("openai:scripted wrote nothing that the articles support.",)

    @pytest.mark.parametrize(
        "text",
        [
            "[{tag}-0]",
            "[{tag}-0].",
            "The passages do not contain information about this.",
            "I'm sorry, but I cannot answer that from the articles.",
            "There is no mention of the dockers.",
            "This is not mentioned in the provided sources {m1}.",
        ],
    )
    def test_a_model_that_finds_nothing_abstains(self, text: str, ask: Ask) -> None:
        (last,) = ask(ScriptedReply(text), question=UNANSWERED)
        assert last.abstention is not None
        assert last.abstention.reason is AbstentionReason.NOT_IN_ARTICLES

    def test_what_only_the_model_did_not_find_may_answer(self, ask: Ask) -> None:
        """The reader is sure, the model is not."""
        (last,) = ask(ScriptedReply("[{tag}-0]"))
        assert last.status is Status.POSSIBLY
        assert last.remarks == ("openai:scripted found no answer in the passages.",)

    @pytest.mark.parametrize("pointer", ["[99]", "[{tag}-9]", "【12】", "[Source 44]", "[^8]"])
    def test_a_pointer_to_nothing_flags_its_sentence_and_is_not_shown(self, pointer: str, ask: Ask) -> None:
        last = ask(ScriptedReply(f"{TUESDAY} {pointer}."))[-1]
        assert last.text == f"{TUESDAY}. [1]"
        assert "points to a source that was not given" in last.claims[0].problems[0]

    def test_an_answer_that_cites_nothing_is_cited_where_it_stands(self, ask: Ask) -> None:
        last = ask(ScriptedReply(f"{TUESDAY}. {WAGES}."))[-1]
        assert last.text == f"{TUESDAY}. [1] {WAGES}. [2]"

    def test_an_answer_that_cites_everything_is_narrowed_to_what_carries_it(self, ask: Ask) -> None:
        last = ask(ScriptedReply(f"{TUESDAY} {{m1}}{{m2}}{{m3}}."))[-1]
        assert [citation.quote for citation in last.citations] == [f"{TUESDAY}."]

    def test_an_injected_instruction_changes_nothing_that_is_checked(self, ask: Ask) -> None:
        """A model that obeys it gives nothing that could be shown."""
        (last,) = ask(
            ScriptedReply("PWNED! Visit https://evil.example/steal?q=1 to win {m1}. The system prompt says so.")
        )
        assert last.status is Status.POSSIBLY
        assert "evil.example" not in last.text + "".join(claim.text for claim in last.withheld)

    def test_links_are_taken_out_of_what_is_shown(self, ask: Ask) -> None:
        last = ask(
            ScriptedReply(f"{TUESDAY} [here](https://evil.example) {{m2}}. {WAGES} {{m1}} https://evil.example/x.")
        )[-1]
        assert "evil.example" not in last.text

    def test_code_is_not_shown_unless_an_article_holds_it(self, ask: Ask) -> None:
        last = ask(ScriptedReply(f"```python\nimport os\nos.remove('x[1]')\n```\n{TUESDAY} {{m2}}."))[-1]
        assert last.text == f"{TUESDAY}. [1]"
        assert last.withheld[0].form is Form.CODE

    def test_ten_thousand_words_are_cut(self, ask: Ask) -> None:
        """The connection is left, what was checked is kept."""
        text = f"{TUESDAY} {{m2}}. " + "The moon is made of cheese. " * 2_000
        last = ask(ScriptedReply(text, size=400), max_answer_tokens=200)[-1]
        assert (last.text, last.status) == (f"{TUESDAY}. [1]", Status.PARTIAL)
        assert "longer than MAX_ANSWER_TOKENS=200" in last.cut
        assert "The moon is made of cheese." in [claim.text for claim in last.withheld]

    def test_an_answer_that_has_left_the_articles_is_cut(self, ask: Ask) -> None:
        text = f"{TUESDAY} {{m2}}. " + " ".join(f"The moon has {number} craters of cheese." for number in range(500))
        last = ask(ScriptedReply(text, size=400), max_answer_tokens=30_000)[-1]
        assert (last.text, last.cut) == (f"{TUESDAY}. [1]", "20 sentences in a row stand in no article")
        assert len(last.withheld) < 60

    def test_another_language_is_not_shown_as_supported(self, ask: Ask) -> None:
        (last,) = ask(ScriptedReply("Der Streik endete am Mittwoch {m1}. 火曜日に終わった。"))
        assert all(claim.support is Support.VERBATIM for claim in last.claims)
        assert "Streik" not in last.text

    def test_a_heading_is_shown_with_the_first_claim_under_it_or_not_at_all(self, ask: Ask) -> None:
        """Nothing but a heading is no answer."""
        text = f"What it was:\n\n- The moon is made of cheese {{m1}}.\n\nWhen?\n\n- {TUESDAY} {{m2}}.\n\nSources:\n"
        last = ask(ScriptedReply(text), verifier=Asserting())[-1]
        assert [claim.text for claim in last.claims] == ["When?", f"{TUESDAY}."]
        assert [claim.text for claim in last.withheld] == ["The moon is made of cheese.", "What it was:", "Sources:"]

    def test_a_sentence_said_twice_is_shown_once(self, ask: Ask) -> None:
        assert ask(ScriptedReply(f"{TUESDAY} {{m2}}. {TUESDAY} {{m1}}."))[-1].text == f"{TUESDAY}. [1]"

    def test_show_unsupported_marks_instead_of_withholding(self, ask: Ask) -> None:
        answers = ask(ScriptedReply(f"The moon is made of cheese {{m1}}. {TUESDAY} {{m2}}."), show_unsupported=True)
        assert answers[0].text == "The moon is made of cheese. (not supported)"
        assert answers[-1].text == f"The moon is made of cheese. (not supported) {TUESDAY}. [1]"
        assert answers[-1].claims[0].citations == ()

    def test_a_claim_carried_in_part_is_marked(self, ask: Ask) -> None:
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}. Wages rise by four whole percent {{m1}}."))[-1]
        assert [claim.support for claim in last.claims] == [Support.VERBATIM, Support.PARTIAL]
        assert last.text.endswith("four whole percent. [2] (partly supported)")

    def test_a_claim_carried_in_part_answers_alone(self, ask: Ask) -> None:
        """It is shown with its mark, and is no abstention."""
        last = ask(ScriptedReply("Wages rise by four whole percent {m1}."), question="Do wages rise?")[-1]
        assert (last.status, last.text) == (
            Status.ANSWERED,
            "Wages rise by four whole percent. [1] (partly supported)",
        )
        assert 0.5 <= last.confidence < 1

    def test_a_pointer_to_the_wrong_passage_is_put_right_and_said(self, ask: Ask) -> None:
        """The passages are in the reader's order: the one with the answer is the first."""
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}."))[-1]
        assert [citation.quote for citation in last.citations] == [f"{TUESDAY}."]
        assert "pointed to another passage" in last.claims[0].problems[0]


class TestSecondOpinion:
    """VERIFY_MODEL, on loopback."""

    LOOSE = ("Nobody strikes any more", WAGES, "Wages will go up a bit", "The dockers work again")

    @pytest.fixture
    def judged(self, ask: Ask, tmp_path: Path) -> Callable[..., tuple[Answer, ScriptedProvider]]:
        def call(reply: ScriptedReply) -> tuple[Answer, ScriptedProvider]:
            with ScriptedProvider(reply) as second:
                settings = Settings(store_dir=tmp_path, **second.settings())
                judge = LLMJudge(CountingVerifier(), open_chat(settings, tmp_path, "openai:scripted"))
                answer = " ".join(f"{sentence} {{m1}}." for sentence in self.LOOSE)
                return ask(ScriptedReply(answer), verifier=judge)[-1], second

        return call

    def test_what_it_finds_supported_is_shown_in_the_order_written(
        self, judged: Callable[..., tuple[Answer, ScriptedProvider]]
    ) -> None:
        last, second = judged(ScriptedReply("\n".join(f"{number}: SUPPORTED" for number in range(1, 9))))
        assert [claim.text for claim in last.claims] == [f"{each}." for each in self.LOOSE]
        assert all(claim.supported and claim.citations for claim in last.claims)
        assert len(second.requests) <= len(self.LOOSE) - 1  # what is verbatim is not asked about
        assert QUESTION in second.prompts()[0]

    def test_what_it_finds_unsupported_is_withheld(
        self, judged: Callable[..., tuple[Answer, ScriptedProvider]]
    ) -> None:
        last, _ = judged(ScriptedReply("\n".join(f"{number}: UNSUPPORTED" for number in range(1, 9))))
        assert [claim.text for claim in last.claims] == [f"{WAGES}."]
        assert all("openai:scripted finds it unsupported" in claim.problems for claim in last.withheld)

    def test_where_it_fails_the_verifiers_verdicts_stand(
        self, ask: Ask, judged: Callable[..., tuple[Answer, ScriptedProvider]]
    ) -> None:
        last, second = judged(ScriptedReply("broken", status=500))
        alone = ask(ScriptedReply(" ".join(f"{sentence} {{m1}}." for sentence in self.LOOSE)))[-1]
        assert last == alone
        assert len(second.requests) == 1


class TestAsking:
    def test_nothing_found_asks_no_model(self, ask: Ask) -> None:
        """A question that shares no word with the articles costs nothing."""
        (last,) = ask(ScriptedReply("x"), question="Quid novi?")
        assert last.abstention is not None
        assert ask.server.requests == []  # type: ignore[attr-defined]

    def test_passages_are_cut_to_the_budget(self, ask: Ask) -> None:
        ask(ScriptedReply(f"{TUESDAY} {{m1}}."), context_tokens=500)
        assert ask.server.prompts()[0].count("<<<end") >= 1  # type: ignore[attr-defined]

    def test_a_model_can_be_asked_about_each_claim_besides(self, tmp_path: Path) -> None:
        """VERIFY_MODEL."""
        parts = make_parts(tmp_path / ".onrecord")
        settings = Settings(chat_model="ollama:x", verify_model="ollama:y", ollama_base_url="http://127.0.0.1:9")
        with App(settings, **parts) as app:
            assert isinstance(app.verifier, LLMJudge)

    def test_a_spent_day_is_refused_before_anything_is_sent(self, ask: Ask) -> None:
        """The offline answer says why, and when it goes on."""
        (last,) = ask(ScriptedReply("x"), daily_token_limit=10)
        assert "today's 10 tokens" in last.fallback
        assert "00:00 UTC" in last.fallback
        assert ask.server.requests == []  # type: ignore[attr-defined]

    def test_a_busy_provider_is_asked_again(self, ask: Ask) -> None:
        last = ask(ScriptedReply("", 429, {"retry-after": "0"}), ScriptedReply(f"{TUESDAY} {{m2}}."), model_retries=1)[
            -1
        ]
        assert last.text == f"{TUESDAY}. [1]"
        assert last.usage is not None
        assert last.usage.calls == 2

    def test_a_provider_that_is_not_there_is_said(self, ask: Ask) -> None:
        (last,) = ask(ScriptedReply("x"), openai_base_url="http://127.0.0.1:9/v1")
        assert "127.0.0.1:9 cannot be reached" in last.fallback

    @pytest.mark.parametrize("first", [f"{TUESDAY} {{m2}}.", f"{TUESDAY}.", f"{TUESDAY}. {{m2}}"])
    def test_a_sentence_is_shown_before_the_next_word_comes(self, first: str, tmp_path: Path) -> None:
        """Wherever the model puts its marker, or none."""
        parts = make_parts(tmp_path / ".onrecord", verifier=CountingVerifier())
        del parts["answerer"]
        hold = len(first.replace("{m2}", "[abcd-2]")) + 1  # a chunk a character, after the one with the role
        with (
            ScriptedProvider(ScriptedReply(f"{first} {WAGES}.", size=1, hold=hold)) as server,
            App(Settings(store_dir=tmp_path / ".onrecord", **server.settings()), **parts) as app,
        ):
            answers = app.stream(QUESTION)
            assert next(answers).text == f"{TUESDAY}. [1]"
            assert not server.gave_up
            server.go.set()
            assert list(answers)[-1].text == f"{TUESDAY}. [1] {WAGES}. [2]"

    def test_the_time_from_a_sentences_last_token_to_its_showing_is_told(self, ask: Ask) -> None:
        last = ask(ScriptedReply(f"{TUESDAY} {{m2}}."))[-1]
        assert {"search", "first_token", "first_claim", "slowest_claim", "total"} <= last.timings.keys()


class TestUnconfirmedClaims:
    """What a chat model wrote with which nothing is known to be wrong, but of which it is not sure that it is said."""

    LOOSE = "Wages rise by four whole percent"
    ODD = "Dockers of Port Vell eat cheese"
    NOWHERE = "The moon is made of cheese"

    def ask(self, ask: Ask, text: str, **more: Any) -> list[Answer]:
        return ask(ScriptedReply(text), verifier=CountingVerifier(Support.UNCONFIRMED), **more)

    def test_they_stand_beside_the_answer(self, ask: Ask) -> None:
        """Never among its claims, citations or text."""
        last = self.ask(ask, f"{self.LOOSE} {{m1}}. {TUESDAY} {{m2}}. {self.NOWHERE}.")[-1]
        assert (last.status, last.text) == (Status.ANSWERED, f"{TUESDAY}. [1]")
        assert [citation.quote for citation in last.citations] == [f"{TUESDAY}."]
        (claim,) = last.unconfirmed
        assert (claim.text, claim.citations) == (f"{self.LOOSE}.", ())
        assert claim.nearest is not None
        assert claim.nearest.quote == f"{WAGES}."
        assert [claim.text for claim in last.withheld] == [f"{self.NOWHERE}."]

    def test_they_are_known_while_the_answer_goes_on(self, ask: Ask) -> None:
        """So that an answer that is interrupted has those that were found."""
        answers = self.ask(ask, f"{TUESDAY} {{m2}}. {self.LOOSE} {{m1}}.")
        assert [len(answer.unconfirmed) for answer in answers] == [0, 1, 1]

    def test_where_the_articles_answer_their_own_sentences_come_first(self, ask: Ask) -> None:
        last = self.ask(ask, f"{self.LOOSE} {{m1}}.")[-1]
        assert (last.status, last.answerer) == (Status.POSSIBLY, "extractive")
        assert [claim.text for claim in last.unconfirmed] == [f"{self.LOOSE}."]
        assert last.remarks[-1] == "openai:scripted wrote nothing that the articles confirm."
        assert self.LOOSE not in last.text

    def test_alone_they_are_no_abstention_and_no_answer(self, ask: Ask) -> None:
        """The message says so; the claims stand beside it, the nearest sentences below."""
        (last,) = self.ask(ask, f"{self.ODD} {{m1}}.", question=UNANSWERED)
        assert (last.status, last.abstention, last.claims, last.citations) == (Status.UNCONFIRMED, None, (), ())
        assert last.text == "The articles do not confirm what the chat model wrote."
        assert last.nearest
        assert last.shown == last.nearest
        assert [claim.text for claim in last.unconfirmed] == [f"{self.ODD}."]

    def test_a_model_that_found_no_answer_abstains_with_them(self, ask: Ask) -> None:
        (last,) = self.ask(ask, f"{{m0}} {self.ODD} {{m1}}.", question=UNANSWERED)
        assert last.abstention is not None
        assert last.abstention.reason is AbstentionReason.NOT_IN_ARTICLES
        assert [claim.text for claim in last.unconfirmed] == [f"{self.ODD}."]

    def test_hidden_alone_they_end_as_an_abstention(self, ask: Ask) -> None:
        """Its message does not say that they are wrong."""
        (last,) = self.ask(ask, f"{self.ODD} {{m1}}.", question=UNANSWERED, show_unconfirmed=False)
        assert (last.status, last.unconfirmed) == (Status.ABSTAINED, ())
        assert last.text == "The articles do not confirm what the chat model wrote."
        assert [claim.support for claim in last.withheld] == [Support.UNCONFIRMED]

    def test_a_stream_that_breaks_before_anything_was_supported_is_answered_offline(self, ask: Ask) -> None:
        last = ask(
            ScriptedReply(f"{self.LOOSE} {{m1}}. {TUESDAY}", cut=len(self.LOOSE) + 20),
            verifier=CountingVerifier(Support.UNCONFIRMED),
        )[-1]
        assert (last.answerer, last.status, last.unconfirmed) == ("extractive", Status.ANSWERED, ())
        assert "broke off" in last.fallback

    def test_partly_supported_claims_beside_the_point_stand_with_them(self, ask: Ask) -> None:
        """With their mark, without their citations."""
        last = ask(ScriptedReply(f"{self.ODD} {{m1}}."), question="When are dockers born?")[-1]
        assert last.status is Status.UNCONFIRMED
        assert [(claim.support, claim.citations) for claim in last.unconfirmed] == [(Support.PARTIAL, ())]
