"""What a question means: corrected, resolved, refused where nothing can be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.composition.further_sentences import with_only
from bot.conversation.session import ConversationSession
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app
from tests.fakes import make_article


def test_a_misspelt_word_is_said_with_the_answer(tmp_path: Path) -> None:
    """The question stays as it was asked."""
    app = make_app(tmp_path)
    answer = app.ask("When did the dockesr of Port Vell end their strike?")
    assert answer.question == "When did the dockesr of Port Vell end their strike?"
    assert answer.standalone_question == "When did the dockers of Port Vell end their strike?"
    assert answer.remarks == ("Did you mean dockers? No article has “dockesr”.",)
    assert answer.citations[0].quote == "The dockers of Port Vell ended their strike on Tuesday."


def test_an_abstention_says_it_in_its_message(tmp_path: Path) -> None:
    answer = make_app(tmp_path).ask("Who bought the orchadrs of France for billions?")
    assert answer.message.endswith("Did you mean orchards? No article has “orchadrs”.")


def test_nothing_about_a_new_name_is_said(tmp_path: Path) -> None:
    """It is no answer about what was asked before."""
    app = make_app(tmp_path)
    talk = ConversationSession()
    talk.keep(app.ask("Who ended their strike at Port Vell?"))
    answer = app.ask("And in Zanzibar?", history=talk.history)
    assert answer.message == "Nothing about Zanzibar in these articles."
    assert not answer.citations


def test_a_question_in_another_language_is_refused(tmp_path: Path) -> None:
    """A chat model may answer it; small talk is not corrected."""
    app = make_app(tmp_path)
    assert app.ask("¿Quién terminó la huelga?").message == "The articles are in English; ask in English."
    assert app.ask("thanx!").kind is QuestionKind.SMALL_TALK
    assert "Did you mean" not in app.ask("thanx!").text


def test_names_in_lower_case_get_their_capitals(tmp_path: Path) -> None:
    """The question is shown as it was asked."""
    app = make_app(tmp_path)
    answer = app.ask("when did the dockers of port vell end their strike")
    assert answer.question == "when did the dockers of port vell end their strike"
    assert answer.standalone_question == "when did the dockers of Port Vell end their strike"
    assert answer.citations


def test_names_in_lower_case_are_read_as_names_in_a_correction(tmp_path: Path) -> None:
    app, talk = make_app(tmp_path), ConversationSession()
    talk.keep(app.ask("Who ended their strike on Tuesday?"))
    answer = app.ask("no i meant what port vell signed", history=talk.history)
    assert answer.standalone_question == "What did Port Vell sign?"


def test_an_outlet_is_written_as_it_writes_itself(tmp_path: Path) -> None:
    answer = make_app(tmp_path).ask("which articles are from the coast herald")
    assert answer.standalone_question == "which articles are from the Coast Herald"


def test_what_an_article_says_is_asked_of_it_alone(tmp_path: Path) -> None:
    """Nothing of another article takes its place."""
    app = make_app(tmp_path)
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    said = app.ask("what does it say about the strike?", history=talk.history)
    assert said.standalone_question == "What does the article say about the strike?"
    assert {each.article.id for each in said.citations} == {HARBOUR.id}
    assert not app.ask("what does it say about growers?", history=talk.history).citations


def test_a_surname_that_is_a_word_is_the_name_that_the_cited_article_has(tmp_path: Path) -> None:
    """David Pepper is meant by "and pepper?", where the article has no pepper."""
    voters = make_article(
        "The court restored the voters.\nGovernor Ann Husted said she will appeal the ruling.\n"
        "Party chairman David Pepper said the ruling is a huge win for voters.\n",
        title="Court restores voters",
    )
    soup = make_article("Cooks said the soup needs pepper, and more pepper, for once.\n", title="Soup")
    app = make_app(tmp_path, [voters, soup])
    talk = ConversationSession()
    talk.keep(before := app.ask("What did Ann Husted say?"))
    assert before.citations
    said = app.ask("and pepper?", history=talk.history)
    assert said.standalone_question == "What did Pepper say?"


def test_a_noun_behind_an_article_is_no_name_though_a_heading_has_it_in_capitals(tmp_path: Path) -> None:
    """It asks of a victim, whoever that was."""
    attack = make_article(
        "Police Name Victim Of Attack.\nThe man killed in Lyon was the manager of a transport company.\n",
        title="Attack in Lyon",
    )
    app = make_app(tmp_path, [attack])
    talk = ConversationSession()
    talk.keep(before := app.ask("Who was killed in Lyon?"))
    assert before.citations
    assert "Victim" not in app.ask("who was the victim", history=talk.history).standalone_question


def test_a_question_that_typed_one_capital_gets_its_names(tmp_path: Path) -> None:
    """That of its first word, as people type; with another capital it is as it was meant."""
    app = make_app(tmp_path)
    typed = app.ask("When did the dockers of port vell end their strike?")
    assert typed.standalone_question == "When did the dockers of Port Vell end their strike?"
    assert app.ask("When did the Dockers of port vell end their strike?").standalone_question == ""


@pytest.mark.parametrize(
    "lead", ["ok. different topic:", "ok other subject.", "diff story:", "Never mind.", "forget it -"]
)
def test_a_question_that_turns_to_another_topic_leaves_the_conversation(lead: str, tmp_path: Path) -> None:
    """What says so is no part of it."""
    app = make_app(tmp_path)
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    turned = app.ask(f"{lead} what did the late frost destroy of the harvest?", history=talk.history)
    assert turned.standalone_question == "what did the late frost destroy of the harvest?"
    assert [each.article.id for each in turned.citations] == [ORCHARD.id]
    assert not turned.possibly


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thanks. and who bought the orchards of France?", "who bought the orchards of France?"),
        ("OK, who bought the orchards of France?", "who bought the orchards of France?"),
        (
            "and what about the strike at Port Vell, how did it end?",
            "how did the strike at Port Vell end?",
        ),
    ],
)
def test_what_is_said_before_a_question_is_no_part_of_it(tmp_path: Path, typed: str, meant: str) -> None:
    app = make_app(tmp_path)
    talk = ConversationSession()
    talk.keep(app.ask("Who ended their strike at Port Vell?"))
    assert app.ask(typed, history=talk.history).standalone_question == meant


def test_a_verb_that_a_heading_capitalises_is_no_name(tmp_path: Path) -> None:
    """It stays as it is, though the article has it in its heading only."""
    ignored = make_article(
        "Networks Entirely Ignored Harbour Spill\n\nThe spill in the harbour went on for a week.\n", title="The spill"
    )
    noise = make_article("The guards ignored the noise.\n", title="Noise")
    app = make_app(tmp_path, [ignored, noise])
    talk = ConversationSession()
    talk.keep(app.ask("How long did the spill in the harbour go on?"))
    asked = app.ask("which networks ignored the harbour?", history=talk.history)
    assert "Ignored" not in asked.standalone_question


def test_the_first_name_of_a_corrected_name_gets_its_capital(tmp_path: Path) -> None:
    article = make_article("Jussie Smollett left the court.\n\nJussie Smollett said nothing.\n", title="Court")
    answer = make_app(tmp_path, [article]).ask("when did jussie smolett leave the court")
    assert answer.standalone_question == "when did Jussie Smollett leave the court"


def test_what_was_before_the_last_answer_is_an_earlier_event(tmp_path: Path) -> None:
    """What says that it is asked of before is no part of the question."""
    article = make_article(
        "The port warned of fog on Tuesday.\n\nShips wait outside the port.\n\n"
        "Earlier in the month, the port had warned of ice on the river.\n",
        title="Port warnings",
    )
    app = make_app(tmp_path, [article, HARBOUR])
    talk = ConversationSession()
    fog = app.ask("When did the port warn of fog?")
    talk.keep(with_only(fog, fog.citations[:1]))
    assert "fog" in talk.history[-1].answer
    before = app.ask("before that, what had the port warned of?", history=talk.history)
    assert before.standalone_question.startswith("what had the port warned of")
    assert "ice" in before.text


def test_which_after_how_many_articles_lists_them(tmp_path: Path) -> None:
    app, talk = make_app(tmp_path), ConversationSession()
    talk.keep(app.ask("How many articles mention Port Vell?"))
    answer = app.ask("which one?", history=talk.history)
    assert answer.standalone_question == "Which articles mention Port Vell?"
    assert {citation.article.id for citation in answer.citations} == {HARBOUR.id}


def test_how_far_back_the_collection_goes_names_no_outlet(tmp_path: Path) -> None:
    assert "2024-03-05" in make_app(tmp_path).ask("how far back does the collection go?").text


def test_whom_no_turn_names_is_sought_in_the_articles_of_the_answer(tmp_path: Path) -> None:
    """And no overview of somebody else's wife is given."""
    app, talk = make_app(tmp_path), ConversationSession()
    talk.keep(app.ask("What destroyed half of the cherry harvest?"))
    answer = app.ask("and his wife?", history=talk.history)
    assert answer.kind is QuestionKind.FACT
    assert not answer.citations or answer.possibly


def test_a_correction_to_what_no_article_mentions_says_so(tmp_path: Path) -> None:
    """In small letters, too, and where the last question names nothing."""
    app = make_app(tmp_path)
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    talk.keep(app.ask("who was charged?", history=talk.history))
    answer = app.ask("no, i meant quimperle", history=talk.history)
    assert answer.message.startswith("Nothing about quimperle")
