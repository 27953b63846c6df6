"""Questions are understood from the turns before them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answers import Claim, Support, Usage
from bot.conversation.follow_ups import FollowUpResolver
from bot.conversation.session import ConversationSession
from bot.conversation.store import CitedPlace, Turn, turn_of
from retrieval.articles import Span
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from tests.bot.fakes_bot import answered, cite, info, make_app

QUESTION = "When did the dockers end their strike?"


def turn(question: str, *quotes: str, abstained: bool = False) -> Turn:
    places = tuple(CitedPlace(n, "a" * 16, Span(100 * n, 100 * n + len(q)), q) for n, q in enumerate(quotes, 1))
    return Turn(question, question, " ".join(quotes), places, abstained=abstained, asked=0.0)


HISTORY = [turn("Who signed the agreement?", "Generals Ana Prats and Max Born signed the agreement.")]


@pytest.mark.parametrize("question", ["Who signed it?", "And it?", "Say more about 1", "Who else?"])
def test_without_history_a_question_is_itself(question: str) -> None:
    """What is searched is the string, so that the search is the plain one."""
    understood = FollowUpResolver().understand(question, [])
    assert (understood.search, understood.read, understood.standalone) == (question, question, question)


def test_a_new_topic_is_searched_and_read_alone() -> None:
    question = "Which animals besides cows give milk that dairies turn into hard cheese?"
    understood = FollowUpResolver().understand(question, HISTORY)
    assert (understood.search, understood.read) == (question, question)


def test_else_does_not_show_the_same_again_and_is_not_searched_for() -> None:
    """Nor after an abstention in between."""
    understood = FollowUpResolver().understand(
        "Who else?", [*HISTORY, turn("Who else signed the agreement?", abstained=True)]
    )
    assert understood.standalone == "Who else signed the agreement?"
    assert understood.read == "Who signed the agreement?"
    assert understood.shown == HISTORY[0].places


def test_else_may_show_what_answered_another_question() -> None:
    history = [turn("Which tanks does Algeria have?", "It has tanks."), *HISTORY]
    assert FollowUpResolver().understand("Who else?", history).shown == HISTORY[0].places


def test_when_leaves_out_sentences_that_do_not_tell_when() -> None:
    history = [turn("Who signed it?", "Ana Prats signed it.", "Max Born signed it in January.")]
    understood = FollowUpResolver().understand("When was that?", history)
    assert understood.shown == history[0].places[:1]


def test_more_about_a_citation_opens_it_and_stays_with_the_question() -> None:
    understood = FollowUpResolver().understand("Say more about 1", HISTORY)
    assert understood.opened == HISTORY[0].places[0]
    assert understood.standalone == "Who signed the agreement?"


def test_more_about_a_citation_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match=r"no citation 4: it has 1 to 1"):
        FollowUpResolver().understand("Say more about 4", HISTORY)


def test_a_leaning_question_is_searched_with_more() -> None:
    understood = FollowUpResolver().understand("How was it received?", HISTORY)
    assert isinstance(understood.search, WeightedQuery)
    assert understood.search.components
    assert understood.read == "How was the agreement received?"


class Rewriting:
    def rewrite(self, question: str, turns: Sequence[tuple[str, str]]) -> tuple[str, Usage]:
        return f"{turns[-1][0]} / {question}", Usage(10, 5, 1)


def test_a_chat_model_writes_the_question_out() -> None:
    """What it cost is told; citations are still opened without it."""
    following = FollowUpResolver(Rewriting())
    understood = following.understand("And then?", HISTORY)
    assert understood.standalone == understood.read == understood.search == "Who signed the agreement? / And then?"
    assert understood.usage == Usage(10, 5, 1)
    assert following.understand("[1]", HISTORY).opened is not None


class TestChain:
    def test_history_changes_what_is_understood_and_the_answer_says_how(self, tmp_path: Path) -> None:
        """The question stays as it was asked."""
        app = make_app(tmp_path)
        talk = ConversationSession()
        talk.keep(app.ask("Who ended their strike at Port Vell?"))
        answer = app.ask("When was that?", history=talk.history)
        assert answer.question == "When was that?"
        assert answer.standalone_question.startswith("When was their strike ended")
        assert answer.citations[0].quote == "The dockers of Port Vell ended their strike on Tuesday."

    def test_else_does_not_repeat_the_answer(self, tmp_path: Path) -> None:
        app = make_app(tmp_path)
        talk = ConversationSession()
        first = app.ask(QUESTION)
        talk.keep(first)
        answer = app.ask("Who else?", history=talk.history)
        shown = {citation.span for citation in (*answer.citations, *answer.nearest) if "strike on" in citation.quote}
        assert not shown

    def test_more_about_a_citation_reads_on_until_all_was_shown(self, tmp_path: Path) -> None:
        """Sentences around it that were not shown yet, exact; nothing is searched."""
        app = make_app(tmp_path)
        talk = ConversationSession()
        first = app.ask(QUESTION)
        talk.keep(first)
        assert [citation.quote for citation in first.citations] == [
            "The dockers of Port Vell ended their strike on Tuesday.",
            "Harbour strike ends",
        ]
        more = app.ask("Say more about 1", history=talk.history)
        assert [citation.quote for citation in more.citations] == ["Wages rise by four percent."]
        text = app.library.article(more.citations[0].article.id).text
        assert all(citation.span.of(text) == citation.quote for citation in more.citations)
        assert (more.hits, more.text) == ((), "Wages rise by four percent. [1]")
        talk.keep(more)
        last = app.ask("Tell me more", history=talk.history)
        assert last.abstention is not None
        assert "has been shown" in last.abstention.message

    def test_history_that_is_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="history must be"):
            make_app(tmp_path).chain.invoke({"question": QUESTION, "history": ["Who?"]})

    def test_an_empty_history_is_no_history(self, tmp_path: Path) -> None:
        chain = make_app(tmp_path).chain
        assert chain.invoke({"question": QUESTION, "history": []}) == chain.invoke(QUESTION)


class TestTalk:
    def test_a_chat_models_own_words_are_remembered_and_what_it_cited(self) -> None:
        """Without the numbers of its citations, which the places keep."""
        cited = cite(1, "Wages rise by four percent.", info())
        claims = (Claim("Pay goes up.", Support.SUPPORTED, (1,)), Claim("By four percent.", Support.SUPPORTED, (1,)))
        turn = turn_of(answered(cited, claims=claims), 5.0)
        assert turn.answer == "Pay goes up. By four percent."
        assert [(place.number, place.quote) for place in turn.places] == [(1, cited.quote)]

    def test_what_cannot_be_kept_is_still_remembered(self, tmp_path: Path) -> None:
        """The trouble is there to be told."""
        app = make_app(tmp_path)
        (tmp_path / "conversations.sqlite").mkdir()
        talk = ConversationSession("a", app.conversations)
        talk.keep(app.ask(QUESTION))
        assert [each.question for each in talk.history] == [QUESTION]
        assert "conversations cannot be kept" in talk.trouble

    def test_a_named_conversation_goes_on(self, tmp_path: Path) -> None:
        """In another session of the same name."""
        app = make_app(tmp_path)
        ConversationSession("a", app.conversations).keep(app.ask(QUESTION))
        again = ConversationSession("a", app.conversations)
        assert [each.question for each in again.history] == [QUESTION]
        assert (again.forget(), again.history) == (1, ())
