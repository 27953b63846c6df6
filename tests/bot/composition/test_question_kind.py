"""The kind of a question, by its form: labelled questions, and what must stay a fact."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.composition import kind_rules
from bot.composition.conversation_topic import standalone_request
from bot.composition.question_kind import (
    MAX_CHARACTERS,
    asks_jointly,
    core_question,
    decide_kind,
    deeds_asked,
    source_asked,
)
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Span

DATA = Path(__file__).parents[2] / "data"
ABOUT_A_TOPIC = {"overview", "timeline", "comparison", "list", "collection"}
PLACES = tuple(CitedPlace(number, f"a{number}", Span(0, 5), "Words") for number in (1, 2))
ANSWERED = (Turn("Who attacked the mission?", "Who attacked the mission?", "Militants did.", PLACES, False, 0.0),)


def labelled(name: str) -> list[dict[str, str]]:
    """Return the labelled questions of a set.

    The "held-out" and then the "fresh" ones were written after the rules, in other words on purpose: first .69 and .64
    of them were right, and nearly all others were taken for facts; of the "plain" ones, written last, .86. The rules
    were widened for what was missed each time.
    """
    with (DATA / "question_kinds.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["set"] == name]


@pytest.mark.parametrize("name", ["fitted", "held-out", "fresh", "plain"])
def test_questions_are_taken_for_their_kind(name: str) -> None:
    rows = labelled(name)
    wrong = []
    for row in rows:
        decision = decide_kind(row["question"], ANSWERED if row["asked"] == "later" else ())
        if decision.kind != row["kind"] or (row["kind"] in ABOUT_A_TOPIC and decision.topic != row["topic"]):
            wrong.append((row["question"], decision.kind.value, decision.topic))
    assert len(rows) >= 50
    assert len({row["kind"] for row in rows}) == len(QuestionKind)
    most = 0.05 if name == "held-out" else 0.04  # "everything you have on X" is of the collection as well
    assert len(wrong) <= most * len(rows), wrong


def test_fact_questions_stay_facts() -> None:
    """The gold questions are answered by a sentence or two, or not at all; some ask for things that may be several."""
    questions = re.findall(r'"question": "([^"]+)"', (DATA / "gold.jsonl").read_text(encoding="utf-8"))
    kinds = {each: decide_kind(each).kind for each in questions}
    several = {each for each, kind in kinds.items() if kind is QuestionKind.LIST}
    other = {each for each, kind in kinds.items() if kind not in {QuestionKind.FACT, QuestionKind.WHO_SAID}} - several
    assert len(questions) > 40
    assert len(several) <= 0.2 * len(questions), several
    assert len(other) <= 0.05 * len(questions), other


@pytest.mark.parametrize(
    ("question", "topic", "dependent"),
    [
        ("tell me about him", "him", True),
        ("timeline?", "", True),
        ("summary please", "", True),
        ("What happened there in Mali?", "Mali", False),
        ("list the troops that left Mali", "troops that left Mali", False),
        ("summarise this year's floods", "this year's floods", False),
        ("summarise that article", "that article", False),  # the composer looks it up
        ("what does the Star obit of Quill say about her, in short?", "the Star obit of Quill", False),
        ("summarise all of it", "", False),
        ("What happened in “New Mali”?", "“New Mali”", False),
        ("Tell me about Obama’s speech, in a few sentences", "Obama's speech", False),
        ("What do we know about Niger in these articles?", "Niger", False),
    ],
)
def test_the_topic_is_clean_and_known_to_depend_on_the_turns_before(question: str, topic: str, dependent: bool) -> None:
    decision = decide_kind(question)
    assert (decision.topic, decision.dependent) == (topic, dependent)


@pytest.mark.parametrize("question", ["Why", "why", "Why?"])
def test_why_after_an_answer_is_a_question(question: str) -> None:
    assert decide_kind(question, ANSWERED).kind is QuestionKind.FACT


def test_what_happened_to_somebody_is_a_fact_and_says_how_to_get_more() -> None:
    decision = decide_kind("What happened to Petraeus?")
    assert decision.kind is QuestionKind.FACT
    assert decision.remark == "For an overview, ask “tell me about Petraeus”."


def test_who_wrote_it_after_a_question_about_a_book_says_how_it_was_read() -> None:
    (turn,) = ANSWERED
    asked = "Which book did he read?"
    history = (Turn(asked, asked, turn.answer, turn.places, False, 0.0),)
    assert "about the article" in decide_kind("Who wrote it?", history).remark
    assert not decide_kind("Who wrote it?", ANSWERED).remark


@pytest.mark.parametrize(
    ("question", "core"),
    [
        ("Hi, who resigned? Thanks!", "who resigned"),
        ("ok so what happened in Mali then?", "what happened in Mali"),
        ("Could you please tell me who resigned?", "who resigned"),
        ("hi", ""),
        ("Thanks a lot!!!", ""),
        ("“Hi” was her first word", "“Hi” was her first word"),
        ("Goodyear lost its case", "Goodyear lost its case"),
    ],
)
def test_greetings_and_thanks_are_no_part_of_a_question(question: str, core: str) -> None:
    assert core_question(question) == core


def test_a_long_text_is_no_form() -> None:
    assert decide_kind("Summarise " + "the long story of the harbour " * 20).kind is QuestionKind.FACT


def test_no_form_takes_quadratic_time() -> None:
    """Each takes a few milliseconds at most for the longest text whose form is looked at."""
    rules = [
        rule
        for value in vars(kind_rules).values()
        if isinstance(value, tuple)
        for rule in value
        if isinstance(rule, kind_rules.KindRule)
    ]
    patterns = [rule.pattern for rule in rules] + [kind_rules.COURTESY, kind_rules.REQUEST, kind_rules.IN_THE_ARTICLES]
    slow = {}
    for pattern in patterns:
        words = sorted(set(re.findall(r"[a-z]{2,}", pattern.pattern)))
        for unit in ("a ", "the ", "article ", "so ", " ".join(words[:12]) + " ", " ".join(words[-12:]) + " "):
            text = (unit * MAX_CHARACTERS)[:MAX_CHARACTERS] + "\0"
            start = time.process_time()
            pattern.fullmatch(text)
            took = time.process_time() - start
            if took > 0.05:
                slow[pattern.pattern] = (unit, took)
    assert len(rules) > 150
    assert not slow


@pytest.mark.parametrize(
    ("before", "question", "request_"),
    [
        ("What happened in Niger?", "timeline?", "Timeline of Niger"),
        ("Timeline of Niger", "sum it up", "Summarise Niger"),
        ("Who attacked the mission?", "tl;dr", "Summarise that article"),
        ("Who attacked the mission?", "and a timeline please", "Timeline of that article"),
        ("What happened in Niger?", "what changed?", ""),  # the context of a comparison is another's
        ("What happened in Niger?", "which outlets reported it first?", "which outlets reported Niger first?"),
        ("Summarise 2", "recap please", "Summarise that article"),
        ("What happened in Niger?", "Timeline of Mali", ""),
        ("What happened in Niger?", "what happened next?", ""),
        ("How many articles are there?", "timeline?", ""),
    ],
)
def test_a_request_without_a_topic_is_about_that_of_the_last_question(
    before: str, question: str, request_: str
) -> None:
    history = (Turn(before, before, "An answer.", PLACES, False, 0.0),)
    assert standalone_request(question, decide_kind(question, history), history) == request_


def test_a_name_alone_is_asked_about_and_that_is_said() -> None:
    decision = decide_kind("Port Vell")
    assert (decision.kind, decision.topic) == (QuestionKind.OVERVIEW, "Port Vell")
    assert decision.remark == "Read as “tell me about Port Vell”."
    assert decide_kind("Roy Moore lawsuit").topic == "Roy Moore lawsuit"
    assert decide_kind("Roy Moore age").kind is QuestionKind.FACT
    assert decide_kind("harbour wages").kind is QuestionKind.FACT
    assert decide_kind("March 2012").kind is QuestionKind.FACT


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what did Cohen tweet?", QuestionKind.WHO_SAID),
        ("What did the minister do about the tram fares?", QuestionKind.FACT),
    ],
)
def test_saying_and_doing_are_told_apart(question: str, kind: QuestionKind) -> None:
    """The fitted model overrules neither form."""
    assert decide_kind(question).kind is kind


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What did Ann Brook do at the dinner?", "Ann Brook at the dinner"),
        ("what has the Coast Guard done about the spill", ""),  # of a matter, the reader tells
        ("What did they do at the dinner?", ""),
        ("What did Ann Brook do?", ""),
    ],
)
def test_what_somebody_did_somewhere_may_be_an_overview(question: str, topic: str) -> None:
    """Where no single sentence says it."""
    found = deeds_asked(question)
    assert (found.topic if found else "") == topic


@pytest.mark.parametrize("question", ["how many troops are there", "how many dead are there now"])
def test_a_count_without_a_word_for_articles_is_not_of_the_collection(question: str) -> None:
    assert decide_kind(question).kind is QuestionKind.FACT


@pytest.mark.parametrize("question", ["what's that one about?", "what is this one about"])
def test_one_article_pointed_at_is_summed_up(question: str) -> None:
    assert decide_kind(question).kind is QuestionKind.OVERVIEW


@pytest.mark.parametrize(
    ("question", "source", "topic"),
    [
        ("What does Vox say about Brexit?", "Vox", "Brexit"),
        ("According to Vox, what is cancel culture?", "Vox", "cancel culture"),
        ("what did the Daily Beast write about the death penalty", "the Daily Beast", "death penalty"),
    ],
)
def test_what_an_outlet_may_have_written_is_asked_about_a_topic(question: str, source: str, topic: str) -> None:
    decision = source_asked(question)
    assert decision is not None
    assert (decision.source, decision.topic) == (source, topic)
    assert source_asked("What did Vox say?") is None


def test_the_argument_of_an_article_is_an_overview() -> None:
    decision = decide_kind("What's the main argument of “Why the harbour has to close”?")
    assert decision.kind is QuestionKind.OVERVIEW
    assert "harbour" in decision.topic


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what would it do?", QuestionKind.LIST),
        ("so it's true then?", QuestionKind.LAST_ANSWER),
        ("that's confirmed?", QuestionKind.LAST_ANSWER),
    ],
)
def test_after_an_answer_it_is_what_was_asked_about(question: str, kind: QuestionKind) -> None:
    """Before the first, it is the program."""
    answered = [Turn("Who signed it?", "Who signed it?", "Ann Brook did.", (), abstained=False, asked=0.0)]
    assert decide_kind(question, answered).kind is kind
    assert decide_kind("what can it do?").kind is QuestionKind.SMALL_TALK


def test_clauses_that_one_answer_serves_are_asked_together() -> None:
    """Others are answered one by one."""
    answered = [
        Turn("Tell me about the strike", "Tell me about the strike", "It ended.", (), abstained=False, asked=0.0)
    ]
    assert (
        decide_kind("what did the mayor want, and what did the dockers want?", answered).kind is QuestionKind.COMPARISON
    )
    assert decide_kind("who's the author and when did it run?", answered).kind is QuestionKind.LAST_ANSWER
    assert decide_kind("When did the dockers end their strike, and how do wages rise?").kind is QuestionKind.FACT


@pytest.mark.parametrize("question", ["when was that vox article published", "Who wrote that article, by the way?"])
def test_the_article_of_an_outlet_is_that_of_the_last_answer(question: str) -> None:
    assert decide_kind(question, ANSWERED).kind is QuestionKind.LAST_ANSWER


def test_who_did_one_thing_is_a_fact_where_it_may_be_a_list() -> None:
    assert decide_kind("and who paid for it?", ANSWERED).kind is QuestionKind.FACT


@pytest.mark.parametrize("question", ["hagel?", "is there a recipe to make my own?"])
def test_what_asks_after_an_answer_is_no_courtesy(question: str) -> None:
    answered = [Turn("What did Cruz say?", "What did Cruz say?", "A lot.", (), abstained=False, asked=0.0)]
    assert decide_kind(question, answered).kind is not QuestionKind.SMALL_TALK
    assert decide_kind("aw ok. thanks anyway", answered).kind is QuestionKind.SMALL_TALK


@pytest.mark.parametrize(
    ("question", "dependent"),
    [
        ("how many pieces do we have about him?", True),
        ("anything newer on that?", True),
        ("how many of these articles are opinion?", False),
        ("anything newer on Gaza?", False),
    ],
)
def test_a_question_about_the_articles_may_depend_on_what_was_named(question: str, dependent: bool) -> None:
    """The articles themselves are "these"."""
    decision = decide_kind(question)
    assert (decision.kind, decision.dependent) == (QuestionKind.COLLECTION, dependent)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("profile of jane quill please", QuestionKind.OVERVIEW),
        ("harbour tax row - what happened?", QuestionKind.OVERVIEW),
        ("how's the port doing since the strike?", QuestionKind.OVERVIEW),
        ("what did the mayor claim and what does the report actually show", QuestionKind.COMPARISON),
        ("and how much has the port lost in value", QuestionKind.FACT),
        ("anything newer on the dockers?", QuestionKind.COLLECTION),
    ],
)
def test_forms_that_no_rule_knows_are_fitted(question: str, kind: QuestionKind) -> None:
    assert decide_kind(question).kind is kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("cool cool. ur pretty fast today", QuestionKind.SMALL_TALK),
        ("where did you get the last bit from?", QuestionKind.LAST_ANSWER),
        ("explain that simpler", QuestionKind.LAST_ANSWER),
        ("where did the police find the car?", QuestionKind.FACT),
    ],
)
def test_chatter_and_questions_about_the_answer_are_fitted_too(question: str, kind: QuestionKind) -> None:
    assert decide_kind(question, ANSWERED).kind is kind
    assert decide_kind(question).kind is not QuestionKind.LAST_ANSWER  # before the first answer


def test_what_has_the_form_of_no_question_is_searched() -> None:
    for text in ("Ana Prats of Port Vell has been a", "Now the mayor's base of support is broadening?"):
        assert decide_kind(text).kind is QuestionKind.FACT


@pytest.mark.parametrize(
    ("question", "kind", "topic"),
    [
        ("is ocean acidification bad for sharks? tell me about the study", "overview", "acidification"),
        ("how did the bridge of Tarn come down? what happened when", "timeline", "bridge of Tarn"),
        ("how many dockers were dismissed? do our articles agree?", "comparison", "dockers"),
        ("Can iron in the sea cool the planet? whats the gist of that story", "overview", "iron in the sea"),
    ],
)
def test_the_last_of_several_sentences_says_what_is_asked_of_those_before_it(
    question: str, kind: str, topic: str
) -> None:
    decision = decide_kind(question)
    assert asks_jointly(question)
    assert (str(decision.kind), topic in decision.topic) == (kind, True)


@pytest.mark.parametrize(
    "question",
    [
        "Where was the fire? Who started it? How many died?",
        "Where was the fire? What happened in Mali?",
        "Hi. What happened in Niger?",
        "Trump met Putin. Did he mention Crimea?",
        "What happened when?",
    ],
)
def test_sentences_that_name_what_they_ask_about_are_asked_by_themselves(question: str) -> None:
    assert not asks_jointly(question)


def test_an_abbreviation_ends_no_sentence() -> None:
    decision = decide_kind("timeline of the attacks on Bosnians in St. Louis")
    assert (decision.kind, decision.topic) == (QuestionKind.TIMELINE, "the attacks on Bosnians in St. Louis")


def test_a_fact_that_may_have_been_meant_as_more_names_its_rival() -> None:
    """One that is plainly a fact has none."""
    assert decide_kind("what is the state planning for trucks?").rival is not None
    assert decide_kind("How many people died in the crash of the Tarn tram?").rival is None
