"""A correction asks the last question again with what it puts right."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import Answer, QuestionKind
from bot.conversation.correction_parser import CorrectionParts, parse_correction
from bot.conversation.corrections import asked_itself, corrected_question, is_correction
from bot.conversation.follow_ups import FollowUpResolver
from bot.conversation.session import ConversationSession
from bot.conversation.store import Turn
from retrieval.articles import Article
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app
from tests.fakes import make_article


def asked(question: str) -> tuple[Turn, ...]:
    return (Turn(question, question, "An answer.", (), abstained=False, asked=0.0),)


@pytest.mark.parametrize(
    ("before", "correction", "corrected"),
    [
        ("What happened in Niger?", "no, I meant Mali", "What happened in Mali?"),
        ("What happened in Niger?", "no i meant mali", "What happened in Mali?"),
        ("What happened in Niger?", "wait, Algeria", "What happened in Algeria?"),
        ("What happened in Niger?", "in Benghazi", "What happened in Benghazi?"),
        ("How many people were killed?", "in Benghazi", "How many people were killed in Benghazi?"),
        ("Who won the election in 2008?", "sorry, 2012", "Who won the election in 2012?"),
        ("Who won the election?", "I mean the 2012 one", "Who won the election in 2012?"),
        ("Who attacked?", "sorry, Tuesday", "Who attacked on Tuesday?"),
        ("How many died in 2012?", "not in 2012 but in 2013", "How many died in 2013?"),
        ("What did Smith say about trade?", "not Smith, Jones", "What did Jones say about trade?"),
        ("What did Smith say about trade?", "Jones, not Smith", "What did Jones say about trade?"),
        ("Who is Hillary Clinton?", "no, Bill Clinton", "Who is Bill Clinton?"),
        ("Who voted for the House bill?", "no, the Senate bill", "Who voted for the Senate bill?"),
        ("Timeline of the Benghazi attack", "no, the Boston attack", "Timeline of the Boston attack"),
        ("How did the death toll change?", "I meant the number of injured", "How did the number of injured change?"),
        ("What did Obama say about Syria?", "Iran, I mean", "What did Obama say about Iran?"),
        ("Timeline of Mali", "in Niger", "Timeline of Niger"),
        ("Who else criticised him?", "no, I meant Tillerson", "Who else criticised Tillerson?"),
        ("When did Ann Brook buy the gun?", "no, I meant the Orlando shooting", "Tell me about the Orlando shooting"),
        (
            "How many died in the Boston bombing?",
            "the Orlando shooting, I mean",
            "How many died in the Orlando shooting?",
        ),
        ("How many died in the Oklahoma tornado?", "no, the 1999 one", "How many died in the 1999 tornado?"),
        (
            "Who chairs the House Judiciary Committee?",
            "no, the Senate one",
            "Who chairs the Senate Judiciary Committee?",
        ),
        (
            "What did Hoeven say about the ICE claim?",
            "no, I meant the senator from Montana",
            "What did the senator from Montana say about the ICE claim?",
        ),
        ("what's her job?", "no, I meant Pompeo", "what's Pompeo’s job?"),
        ("Who else criticised her in Mali?", "no, I meant Tillerson", "Who else criticised Tillerson in Mali?"),
        ("What happened in Niger?", "i mean the country", ""),
        ("when were they killed?", "no, i meant La David Johnson", "when was La David Johnson killed?"),
        ("How old was he?", "sorry, Otto Lind", "How old was Otto Lind?"),
        (
            "what share of workers get overtime",
            "sorry, I meant the minimum wage",
            "what share of workers get the minimum wage?",
        ),
    ],
)
def test_the_last_question_is_asked_again_with_what_is_put_right(before: str, correction: str, corrected: str) -> None:
    assert corrected_question(correction, asked(before)) == corrected


@pytest.mark.parametrize(
    ("before", "correction", "corrected"),
    [
        # what was meant takes the place of what was not, or of its like
        (
            "What was Trump's rally about?",
            "no the Michigan one, not Harrisburg",
            "What was Trump's Michigan rally about?",
        ),
        ("How long did the shutdown go?", "I mean the 2013 shutdown lol", "How long did the 2013 shutdown go?"),
        ("What did Page say about it?", "the 2019 one i meant, obviously", "What did Page say about it in 2019?"),
        ("When was the dinner?", "'18, not the year before", "When was the dinner in 2018?"),
        ("How many jobs were added in 2013?", "feb, not jan", "How many jobs were added in feb 2013?"),
        ("What did Steven Goldstein say?", "wrong bloke, i want Tillerson", "What did Tillerson say?"),
        ("What did the Bush brothers say?", "George P i meant, the son", "What did George P say (the son)?"),
        ("What did Clinton say?", "Bill. not Hillary", "What did Bill Clinton say?"),
        ("what did the CSX boss say?", "no i meant the Vell port guy", "what did the Vell port guy say?"),
        ("What did the governor sign?", "Oregon's", "What did Oregon's governor sign?"),
        ("When does Oregon's rule come in?", "sorry meant California", "When does California's rule come in?"),
        ("What are the charges against Manafort?", "Not Manafort's. Gates's.", "What are the charges against Gates?"),
        (
            "What did the police chief say about it?",
            "Kraus in Fort Worth, not the Maryland chief",
            "What did Kraus in Fort Worth say about it?",
        ),
        (
            "What did Mueller say about the hijacker?",
            "Mueller as FBI head, not special counsel",
            "What did Mueller as FBI head say about the hijacker?",
        ),
        (
            "What did the Phoenix and Philly marchers want?",
            "In Phoenix. not Philly",
            "What did the Phoenix marchers want?",
        ),
        (
            "Who did Trump pick as chief of staff?",
            "i was after the senior counselor, not the chief",
            "Who did Trump pick as the senior counselor?",
        ),
        (
            "What did Pence say in the debate?",
            "not that debate! the Fox interview re NK",
            "What did Pence say in the Fox interview re NK?",
        ),
        ("Who ended their strike?", "I was after the talks, not the strike", "Who ended their talks?"),
        ("Which state has begun to reopen?", "countries, not states", "Which countries have begun to reopen?"),
        ("When did he go to Israel?", "Forgive me, it was Turkey I wished to ask about.", "When did he go to Turkey?"),
        ("Who won the Wisconsin vote?", "no i mean the 2018 primary", "Who won the 2018 primary (Wisconsin)?"),
        ("When does the app start?", "the Apple one", "When does the Apple app start?"),
        ("How old is the suspect?", "the victim, sorry", "How old is the victim?"),
        ("How many were hurt in the shooting?", "killed i mean", "How many were killed in the shooting?"),
        ("How many people died in the mudslide?", "injured, not died", "How many people were injured in the mudslide?"),
        ("How many planes do they have?", "Firefighting ones", "How many firefighting planes do they have?"),
        (
            "How many troops did Trump send?",
            "to Iraq in 2020 i mean, not Syria",
            "How many troops did Trump send to Iraq in 2020?",
        ),
        (
            "What happened at the rally?",
            "You've got the wrong rally; I mean the one in Phoenix.",
            "What happened at the rally in Phoenix?",
        ),
        ("What did she say?", 'By "she" I meant Clinton', "What did Clinton say?"),
        # or else it is asked about, or added
        ("How much does Berea cost?", "tuition i mean, not room and board", "How much does Berea cost (tuition)?"),
        ("Who is John Miller?", "cop i'm after, not the Trump alias", "Who is John Miller (cop)?"),
        ("Was Rick Perry convicted?", "No no, just asking about the booking", "Tell me about the booking (Rick Perry)"),
        (
            "Did William Barr face contempt?",
            "wrong story, i want the tweets interview",
            "Tell me about the tweets interview (William Barr)",
        ),
        ("When was the Boston bombing?", "the trial i mean", "When was the trial (Boston)?"),
        (
            "Timeline of Hong Kong since the handover",
            "no, just the night they stormed the parliament building",
            "Timeline of the night they stormed the parliament building (Hong Kong)",
        ),
        (
            "Who was hurt with Giffords?",
            "No, you misunderstand me: I was asking after the aide who was killed, not the congresswoman.",
            "Tell me about the aide who was killed (Giffords)",
        ),
    ],
)
def test_what_is_known_to_be_a_correction_is_asked_whatever_its_form(
    before: str, correction: str, corrected: str
) -> None:
    assert corrected_question(correction, asked(before), decided=True) == corrected


@pytest.mark.parametrize(
    ("before", "correction", "corrected"),
    [
        # "one" is the noun of the question before, without what that question says of it
        (
            "tell me about the ad with the shotgun",
            "oops, i meant the wheelchair one",
            "tell me about the wheelchair ad",
        ),
        (
            "What does the ACLU lawsuit want?",
            "no i meant the Massachusetts one",
            "What does the Massachusetts lawsuit want?",
        ),
        (
            "other rivals who backed Biden",
            "no, the ones who went for Sanders",
            "other rivals who went for Sanders",
        ),
        ("Which rivals backed Biden?", "no, the ones who went for Sanders", "Which rivals went for Sanders?"),
        # what says enough is a topic by itself
        (
            "timeline of the nuclear deal, start to end",
            "no, what i meant was Trump and Rouhani threatening each other",
            "timeline of Trump and Rouhani threatening each other",
        ),
        (
            "Who quit in that week?",
            "no i mean the leaked group texts, that row between Chmielewski and the lobbyist",
            "Tell me about the leaked group texts, that row between Chmielewski and the lobbyist",
        ),
        (
            "Was North Korea's offer a concession?",
            "no sorry, i meant the earlier one, the hydrogen bomb test in 2017",
            "Tell me about the hydrogen bomb test in 2017 (North Korea)",
        ),
        (
            "What did their defense ministry say?",
            "No, I meant ordinary people on social media, not the ministry.",
            "What did their ordinary people on social media say?",
        ),
        # nothing is put into what is no one clause, and no person for an event
        (
            "Guinea, Sierra Leone or Liberia, how was each one doing",
            "no I meant the doctor, Brantly",
            "Tell me about the doctor, Brantly",
        ),
        (
            "ok and the lake thing in Antarctica, who found the new bacteria?",
            "no, the other lake, the American one",
            "Tell me about the other lake, the American one",
        ),
        (
            "how did it unfold?",
            "no wait, i meant the other Crowley, the congressman who lost his seat",
            "Tell me about the other Crowley, the congressman who lost his seat",
        ),
        (
            "the cupcakes?",
            "no, the example with the kids, not the adjectives one",
            "Tell me about the example with the kids",
        ),
        ("What did Rubio say?", "i wasnt asking abt Rubio i meant Sessions", "What did Sessions say?"),
    ],
)
def test_what_was_meant_takes_a_place_where_it_fits_and_is_asked_about_where_not(
    before: str, correction: str, corrected: str
) -> None:
    assert corrected_question(correction, asked(before), decided=True) == corrected


def test_only_a_pronoun_that_something_took_the_place_of_was_replaced() -> None:
    before = (Turn("how did it go for mcadams?", "how did it go for McAdams?", "Well.", (), False, 0.0),)
    assert corrected_question("no, the Florida guy", before, decided=True) == "Tell me about the Florida guy"


def test_an_answer_need_not_name_what_only_says_what_the_conversation_is_about() -> None:
    before = (*asked("What is going on at the EPA under Scott Pruitt?"), *asked("Who quit in that week?"))
    resolved = FollowUpResolver().understand("no, the texts that were leaked to the press", before, corrects=True)
    assert resolved.standalone == "Tell me about the texts that were leaked to the press (EPA and Scott Pruitt)"
    assert resolved.about == ()


def test_a_request_for_a_topic_stays_a_request() -> None:
    before = (*asked("Timeline of the manhunt for the Boston bombers"), *asked("Tell me about the suspect"))
    corrected = corrected_question("no, the older brother", before, decided=True)
    assert corrected == "Tell me about the older brother (the Boston bombers)"


def test_a_correction_of_a_question_without_a_name_is_about_what_was_named_before() -> None:
    before = (*asked("What is the latest on the ceasefire in Gaza?"), *asked("What does each side want?"))
    corrected = corrected_question("no, I meant the truce that collapsed in August", before, decided=True)
    assert corrected == "Tell me about the truce that collapsed in August (the ceasefire in Gaza)"


@pytest.mark.parametrize(
    ("before", "correction", "question"),
    [
        ("When was Sweat caught?", "MITCHELL, when was she charged", "When was Mitchell charged?"),
        ("When did Kessler rule?", "no, what's her Gitmo ruling about", "What's Kessler’s Gitmo ruling about?"),
        (
            "Which poll had Clinton up?",
            "No - what was her lead in the July one",
            "What was Clinton’s lead in the July poll?",
        ),
        (
            "How do the rates compare?",
            "no, I meant the helicopters - what do those cost?",
            "What do the helicopters cost?",
        ),
        (
            "What came of past eclipses?",
            "I meant this eclipse, what will they see",
            "What will they see (this eclipse)?",
        ),
        (
            "What did Comey say about Trump?",
            "i want what he told Congress, not the book",
            "What did Comey tell Congress?",
        ),
        ("How much did the wall cost?", "will it cost, i mean", "How much will it cost?"),
        ("Where was he shot?", "I wish to know where the father had worked", "Where had the father worked?"),
        (
            "What happened in Paterson?",
            "sorry, I meant Florida - why did republicans there like voting by mail?",
            "Why did republicans in Florida like voting by mail?",
        ),
        (
            "How did it go?",
            "no i meant how much of his own cash he put in the first time",
            "How much of his own cash did he put in the first time?",
        ),
        (
            "What comes next?",
            "no i meant when they struck at Port Vell, what happened then",
            "What happened when they struck at Port Vell?",
        ),
        (
            "Which outlets ran stories on Heller?",
            "no, i meant the retired justice who wants the second amendment gone. what's his case?",
            "Tell me about the retired justice who wants the second amendment gone (Heller)",
        ),
        ("Which tests were the worst?", "no, the 2017 one - who saw it", "Who saw the 2017 test?"),
        ("What happened in Niger?", "no, I meant Mali", ""),
    ],
)
def test_a_question_of_its_own_is_asked_by_itself(before: str, correction: str, question: str) -> None:
    assert asked_itself(correction, asked(before)) == question


def test_what_a_question_of_its_own_leaves_open_is_said_by_the_topic() -> None:
    topic = "Kamala Harris's presidential campaign"
    before = asked(f"What happened with {topic}?")
    correction = "no i meant how it began, why did she launch it in Oakland?"
    assert asked_itself(correction, before, topic) == f"Why did she launch it in Oakland ({topic})?"


def test_the_name_most_like_the_new_one_gives_way() -> None:
    def near(_text: str, others: list[str]) -> list[float]:
        return [float(other == "Algeria") for other in others]

    before = asked("What did Algeria sign in Moscow?")
    assert corrected_question("no, I meant Niger", before, near) == "What did Niger sign in Moscow?"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        "no", "no thanks", "sorry", "no more", "no idea", "no, that's wrong", "actually that is not right",
        "wrong answer", "before that?",
        "sorry for asking", "no, who signed it?", "by whom", "for how long", "What happened in Mali?", "Mali",
        "Why did he not resign?", "actually, can you summarise it?",
    ],
)  # fmt: skip
def test_other_lines_correct_nothing(question: str) -> None:
    assert not is_correction(question)


def test_what_is_replaced_and_by_what_is_read() -> None:
    assert parse_correction("No. I meant Bill, not Hillary!") == CorrectionParts("Bill", "Hillary")


@pytest.mark.parametrize("text", ["no", "that's wrong", "No, that is not what I asked.", "sorry, my mistake"])
def test_what_only_says_that_something_is_wrong_means_nothing_else(text: str) -> None:
    assert parse_correction(text) is None


def test_the_answer_says_that_it_was_corrected_and_how(tmp_path: Path) -> None:
    with make_app(tmp_path) as app:
        session = ConversationSession()
        for question in ("Who ended their strike at Port Lure?", "sorry, Port Vell"):
            answer = app.ask(question, history=session.history)
            session.keep(answer)
    assert answer.kind is QuestionKind.CORRECTION
    assert answer.standalone_question == "Who ended their strike at Port Vell?"
    assert "The dockers of Port Vell ended their strike" in answer.text


def test_a_correction_may_be_corrected(tmp_path: Path) -> None:
    with make_app(tmp_path) as app:
        session = ConversationSession()
        for question in ("Who struck at Port Lure?", "sorry, Port Vell", "no, I meant Port Blair"):
            session.keep(app.ask(question, history=session.history))
    assert session.history[-1].standalone_question == "Who struck at Port Blair?"


def test_what_took_the_place_of_a_pronoun_gives_way() -> None:
    before = (Turn("How far did it spread?", "How far did the spill spread?", "70 miles.", (), False, 0.0),)
    assert corrected_question("no, I meant the fire", before) == "How far did the fire spread?"


def last_answer(folder: Path, *questions: str, articles: tuple[Article, ...] = (HARBOUR, ORCHARD)) -> Answer:
    with make_app(folder, articles) as app:
        session = ConversationSession()
        for question in questions:
            session.keep(answer := app.ask(question, history=session.history))
    return answer


def test_a_correction_that_asks_a_question_is_answered_as_that_question(tmp_path: Path) -> None:
    answer = last_answer(tmp_path, "Tell me about the strike at Port Vell", "no, I meant who ended their strike")
    assert answer.kind is QuestionKind.CORRECTION
    assert answer.standalone_question == "Who ended their strike?"
    assert answer.citations[0].quote == "The dockers of Port Vell ended their strike on Tuesday."


def test_what_the_last_answers_article_has_is_read_there_first(tmp_path: Path) -> None:
    text = "Wages at Fenwick\nMuch did wages rise, and how they rise, at Fenwick.\n"
    other = make_article(text, title="Wages at Fenwick", origin="fenwick.txt")
    questions = ("By what did the strike of the dockers rise?", "wages, I mean, not the strike of the dockers")
    answer = last_answer(tmp_path, *questions, articles=(HARBOUR, other))
    assert answer.kind is QuestionKind.CORRECTION
    assert {each.article.title for each in answer.citations} == {HARBOUR.title}


def test_what_is_meant_instead_is_told_of_by_the_article_about_it(tmp_path: Path) -> None:
    """The last answer's article has its words in passing."""
    first = make_article(
        "Bus strike\nThe bus strike at Fenwick began. One tram passed.\n", title="Bus strike", origin="b.txt"
    )
    text = "Tram strike\nThe tram strike at Larkin began. The tram strike ended.\n"
    other = make_article(text, title="Tram strike", origin="t.txt")
    answer = last_answer(tmp_path, "Tell me about the bus strike", "no, the tram one", articles=(first, other))
    assert answer.standalone_question == "Tell me about the tram strike"
    assert "Tram strike" in {each.article.title for each in answer.citations}


def test_what_fits_nowhere_in_the_last_question_is_not_put_into_an_earlier_one() -> None:
    """A name may be meant for one before."""
    before = (*asked("and what did it cost the uni"), *asked("how have freshman numbers changed"))
    assert "cost" not in corrected_question("no i mean the overall enrolment", before, decided=True)
