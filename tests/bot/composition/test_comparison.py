"""Comparisons over a small library: figures of one thing side by side, and where articles differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer, Form, QuestionKind, SearchScope
from bot.composition.comparison import ComparisonComposer
from bot.composition.request import CompositionRequest, KindDecision
from bot.composition.topic_search import TopicSearcher
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Article, Filters, Span
from tests.bot.fakes_bot import WordSearcher
from tests.fakes import make_article, make_library


def report(text: str, source: str, day: str, title: str = "Ferry sinks off Port Vell") -> Article:
    return make_article(text, title=title, source=source, published=day, origin=f"{source} {day} {title}")


FIRST = report("At least 12 people were killed when the ferry sank on Monday.\n", "Coast Herald", "2024-03-05")
SECOND = report("The death toll from the ferry rose to 14 on Wednesday.\n", "Valley Times", "2024-03-07")
THIRD = report("The sinking of the ferry killed 19 people.\n", "Coast Herald", "2024-03-09")
INJURED = report("Forty passengers of the ferry were injured.\n", "Hill Post", "2024-03-06")


class ChangeCrossEncoder:
    """Scores as answers the sentences with one of some words."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([3.0 if any(word in text for word in self._words) else -9.0 for text in texts], np.float32)


NO_CHANGE = ChangeCrossEncoder()


def compare(
    folder: Path,
    question: str,
    articles: Sequence[Article],
    topic: str = "",
    *,
    encoder: ChangeCrossEncoder = NO_CHANGE,
    history: tuple[Turn, ...] = (),
) -> Answer | None:
    library = make_library(folder, articles)
    clock = QuestionClock(library, lambda: dt.date(2024, 5, 1))
    search = WordSearcher(library)
    composer = ComparisonComposer(search, TopicSearcher(search, library), library, clock, encoder)
    decision = KindDecision(QuestionKind.COMPARISON, topic)
    scope = SearchScope(len(articles), len(articles), Filters())
    answer = composer.compose(CompositionRequest(question, question, decision, history, scope))
    for citation in answer.citations if answer else ():
        assert citation.span.of(library.article(citation.article.id).text) == citation.quote
    return answer


def rows(answer: Answer | None) -> list[tuple[str, str]]:
    """Return the label of each row and what is marked in it."""
    assert answer is not None
    items = [claim for claim in answer.claims if claim.form is Form.ITEM]
    return [(claim.label, " ".join(mark.of(claim.text) for mark in claim.marks)) for claim in items]


def notes(answer: Answer | None) -> list[str]:
    assert answer is not None
    return [claim.text for claim in answer.claims if claim.form is Form.NOTE]


def test_figures_of_one_thing_come_oldest_first_with_the_numbers_marked(tmp_path: Path) -> None:
    """A figure that the sentence dates has that date, another the day of publication."""
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [THIRD, INJURED, SECOND, FIRST])
    assert rows(answer) == [("2024-03-05, Coast Herald", "12"), ("2024-03-06, Valley Times", "14"),
                            ("2024-03-09, Coast Herald", "19")]  # fmt: skip
    assert answer is not None
    (remark,) = answer.remarks
    assert remark == (
        "The figures differ: “At least 12” (2024-03-05, Coast Herald), “14” (2024-03-06, Valley Times), "
        "“19” (2024-03-09, Coast Herald)."
    )


def test_a_bound_agrees_with_the_number_that_it_bounds(tmp_path: Path) -> None:
    answer = compare(tmp_path, "Do the articles disagree about the death toll of the ferry?", [FIRST, SECOND])
    assert rows(answer) == [("2024-03-05, Coast Herald", ""), ("2024-03-06, Valley Times", "")]
    assert notes(answer) == ["The 2 articles that give it agree:"]
    assert answer is not None
    assert answer.remarks == ()


def test_one_article_is_said_to_be_one(tmp_path: Path) -> None:
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [FIRST, INJURED])
    assert notes(answer) == ["Only one article gives it:"]


def test_what_no_article_mentions_is_named(tmp_path: Path) -> None:
    answer = compare(tmp_path, "How did the death toll of the earthquake change?", [FIRST])
    assert answer is not None
    assert answer.message == "No article mentions “earthquake”."


def test_what_no_article_is_about_is_left_to_the_reader(tmp_path: Path) -> None:
    assert compare(tmp_path, "Do the articles disagree about it?", []) is None


def test_a_part_of_the_counted_stands_apart(tmp_path: Path) -> None:
    """Three children among the dead are no other death toll."""
    children = report("The sinking of the ferry killed three children.\n", "Hill Post", "2024-03-08")
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [SECOND, THIRD, children])
    assert answer is not None
    assert "three" not in "".join(answer.remarks)
    assert [claim.text for claim in answer.claims if claim.form is Form.HEADING] == [
        "Other figures, of something else or perhaps so"
    ]


def test_a_syndicated_copy_is_no_second_voice(tmp_path: Path) -> None:
    copy = report("At least 12 people were killed when the ferry sank on Monday.\n", "Hill Post", "2024-03-06")
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [FIRST, copy])
    assert notes(answer) == ["Only one article gives it:"]


def test_a_withdrawn_figure_is_named_and_not_compared(tmp_path: Path) -> None:
    """Its correction note takes its place."""
    wrong = report(
        "The sinking of the ferry killed 21 people.\n"
        "Correction: An earlier version of this article misstated the number of people killed on the ferry as 21; "
        "it is 14.\n",
        "Hill Post",
        "2024-03-08",
    )
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [FIRST, SECOND, wrong])
    assert answer is not None
    assert answer.remarks == ("Hill Post (2024-03-08) has withdrawn “21”.",)
    assert answer.claims[-1].text.startswith("Correction: ")


def test_events_that_the_question_does_not_tell_apart_are_not_compared(tmp_path: Path) -> None:
    """Two ferries of two years: each figure under its own headline."""
    other = report(
        "The sinking of the Aurora in Lake Bern killed 40 people.\n", "Hill Post", "2019-01-02", "Aurora sinks"
    )
    answer = compare(tmp_path, "How did the death toll change?", [THIRD, other])
    assert answer is not None
    assert answer.remarks == ()
    assert notes(answer) == ["These figures may be of several events: name one to compare its own."]


def test_figures_are_parted_by_the_day_asked_for(tmp_path: Path) -> None:
    question = "How has the death toll of the ferry changed since 2024-03-06?"
    answer = compare(tmp_path, question, [FIRST, SECOND, THIRD])
    assert answer is not None
    shown = [claim.text if claim.form is Form.HEADING else claim.label for claim in answer.claims]
    assert shown == [
        "Before 2024-03-06", "2024-03-05, Coast Herald", "From 2024-03-06 on", "2024-03-06, Valley Times",
        "2024-03-09, Coast Herald",
    ]  # fmt: skip


RESIGNED = report("Mayor Ada Quill resigned over the ferry on Friday.\n", "Coast Herald", "2024-03-10", "Mayor quits")
DENIED = report("Ada Quill has not resigned over the ferry.\n", "Hill Post", "2024-03-10", "Mayor stays")


def test_who_says_a_claim_and_who_denies_it_stand_side_by_side(tmp_path: Path) -> None:
    question = "Do the articles disagree about whether Ada Quill resigned?"
    answer = compare(tmp_path, question, [RESIGNED, DENIED])
    assert rows(answer) == [("2024-03-10, Coast Herald", ""), ("2024-03-10, Hill Post", "not")]
    assert answer is not None
    assert answer.remarks == ("The sentences differ: “not” (2024-03-10, Hill Post).",)


def test_what_was_so_at_another_time_is_no_difference(tmp_path: Path) -> None:
    later = report("Mayor Ada Quill resigned over the ferry on Friday.\n", "Coast Herald", "2025-03-10", "Mayor quits")
    answer = compare(tmp_path, "Do the articles disagree about whether Ada Quill resigned?", [later, DENIED])
    assert answer is not None
    assert answer.remarks == ()
    assert notes(answer) == ["They are of different times, or of one article: what is so may have changed."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Quill accepted the resignation of her deputy over the ferry.",
        "Tom Baird resigned over the ferry, and Ada Quill praised him.",
        "The deputy of Ada Quill, who runs the ferry office, resigned.",
    ],
)
def test_a_noun_or_another_subject_says_no_claim(tmp_path: Path, sentence: str) -> None:
    other = report(f"{sentence}\n", "Valley Times", "2024-03-10", "Mayor under fire")
    answer = compare(tmp_path, "Do the articles disagree about whether Ada Quill resigned?", [DENIED, other])
    assert notes(answer) == ["No sentence found says so in plain words; what is said against it:"]


def test_a_denial_alone_is_no_agreement(tmp_path: Path) -> None:
    answer = compare(tmp_path, "Do the articles disagree about whether Ada Quill resigned?", [DENIED])
    assert notes(answer) == ["No sentence found says so in plain words; what is said against it:"]


@pytest.mark.parametrize(
    "open_sentence",
    [
        "Ada Quill may have resigned over the ferry.",
        "Reporters asked whether Ada Quill resigned over the ferry.",
        "The opposition claimed that Ada Quill resigned over the ferry.",
    ],
)
def test_what_leaves_a_claim_open_is_on_no_side(tmp_path: Path, open_sentence: str) -> None:
    other = report(f"{open_sentence}\n", "Valley Times", "2024-03-09", "Mayor under fire")
    answer = compare(tmp_path, "Do the articles disagree about whether Ada Quill resigned?", [DENIED, other])
    assert answer is not None
    assert answer.remarks == ()


def test_names_for_one_deed_differ_only_between_reports_of_one_event(tmp_path: Path) -> None:
    berg = report("Olaf Berg ordered the closure of the Vell bridge.\n", "Coast Herald", "2024-03-10", "Bridge closed")
    baird = report("Tom Baird ordered the closure of the Vell bridge.\n", "Hill Post", "2024-03-11", "Bridge shut")
    late = report("Mia Lund ordered the closure of the Vell bridge.\n", "Hill Post", "2025-03-11", "Bridge shut again")
    question = "Do the articles disagree about who ordered the closure of the Vell bridge?"
    answer = compare(tmp_path, question, [berg, baird, late])
    assert rows(answer) == [
        ("2024-03-10, Coast Herald", "Olaf Berg"),
        ("2024-03-11, Hill Post", "Tom Baird"),
        ("2025-03-11, Hill Post", ""),
    ]
    assert answer is not None
    (remark,) = answer.remarks
    assert "Lund" not in remark


def test_outlets_are_compared_by_what_each_says(tmp_path: Path) -> None:
    answer = compare(
        tmp_path, "What differs between Coast Herald and Hill Post on the ferry?", [FIRST, SECOND, INJURED]
    )
    assert answer is not None
    assert [claim.text for claim in answer.claims] == [
        "Coast Herald: 1 article about it",
        "At least 12 people were killed when the ferry sank on Monday.",
        "Hill Post: 1 article about it",
        "Forty passengers of the ferry were injured.",
    ]


def test_a_comparison_of_everything_asks_for_a_topic(tmp_path: Path) -> None:
    answer = compare(tmp_path, "Compare Coast Herald and Hill Post", [FIRST, INJURED])
    assert answer is not None
    assert answer.message.startswith("Name what to compare Coast Herald and Hill Post on")


def test_figures_of_another_place_stand_apart(tmp_path: Path) -> None:
    """A country's cases are neither the world's nor a state's."""
    title = "Fever spreads in Mali"
    country = report("Mali has 120 cases of Vell fever.\n", "Coast Herald", "2024-03-05", title)
    later = report("Mali now has 450 cases of Vell fever.\n", "Hill Post", "2024-03-20", title)
    world = report("Vell fever has led to 9,000 cases worldwide.\n", "Valley Times", "2024-03-20", title)
    answer = compare(tmp_path, "How has the number of cases of Vell fever in Mali changed?", [country, later, world])
    assert rows(answer)[:2] == [("2024-03-05, Coast Herald", "120"), ("2024-03-20, Hill Post", "450")]
    assert answer is not None
    assert "9,000" not in "".join(answer.remarks)


def test_a_rate_is_of_the_person_nearest_to_it(tmp_path: Path) -> None:
    quill = report("Ada Quill has an approval rating of 48 percent.\n", "Coast Herald", "2024-03-05", "Poll")
    both = report(
        "Tom Baird has an approval rating of just 31 percent, the lowest since Ada Quill took office.\n",
        "Hill Post",
        "2024-03-20",
        "Poll",
    )
    answer = compare(tmp_path, "How has Ada Quill's approval rating changed?", [quill, both])
    assert rows(answer) == [("2024-03-05, Coast Herald", "")]
    assert notes(answer) == ["Only one article gives it:"]


@pytest.mark.parametrize(
    "sentence",
    ["The sinking of the ferry could kill 90 people.", "If 90 people were killed, the ferry would be scrapped."],
)
def test_what_may_be_is_no_figure(tmp_path: Path, sentence: str) -> None:
    forecast = report(f"{sentence}\n", "Hill Post", "2024-03-08")
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [FIRST, forecast])
    assert rows(answer) == [("2024-03-05, Coast Herald", "")]


def test_a_topic_is_compared_in_the_counts_of_its_events(tmp_path: Path) -> None:
    """The dead of a whole war are no toll of an attack in it."""
    title = "Attack in Vell"
    first = report("The attack in Vell killed 40 people.\n", "Coast Herald", "2024-03-05", title)
    second = report("The attack in Vell killed 52 people.\n", "Hill Post", "2024-03-07", title)
    war = report("In Vell 9,000 people were killed in two years of war.\n", "Valley Times", "2024-03-07", title)
    answer = compare(tmp_path, "Do the articles disagree about the attack in Vell?", [first, second, war])
    assert rows(answer) == [("2024-03-05, Coast Herald", "40"), ("2024-03-07, Hill Post", "52")]
    assert answer is not None
    assert answer.claims[0].text == "Deaths: the figures differ"


def test_where_nothing_differs_the_answer_says_what_was_compared(tmp_path: Path) -> None:
    answer = compare(tmp_path, "Do the articles disagree about Ada Quill?", [RESIGNED, SECOND])
    assert notes(answer) == ["Only one article was found that speaks of it in these words:"]
    other = report("Ada Quill thanked the crew of the ferry.\n", "Valley Times", "2024-03-09", "Thanks")
    (note,) = notes(compare(tmp_path / "two", "Do the articles disagree about Ada Quill?", [RESIGNED, other]))
    assert note.endswith("none denies another, in the 2 sentences about it in 2 articles; nothing else was compared.")


@pytest.mark.parametrize("question", ["Did the wall fall?", "Did Ada Quill and Tom Baird agree?"])
def test_a_question_for_a_fact_is_left_to_the_reader(tmp_path: Path, question: str) -> None:
    assert compare(tmp_path, question, [FIRST, DENIED]) is None


def test_figures_of_one_article_differ_as_well(tmp_path: Path) -> None:
    """Nobody hurt, said at first, stands beside the count; a part of the injured apart from both."""
    article = report(
        "Pentagon officials said 34 sailors were injured in the Port Vell fire.\n\n"
        "“No Americans were harmed in the Port Vell fire,” the mayor declared that night.\n\n"
        "The 8 wounded sailors who arrived home will be treated there.\n",
        "Hill Post",
        "2024-03-08",
        "Sailors hurt in Port Vell fire",
    )
    answer = compare(
        tmp_path, "Do the articles disagree about the number of sailors injured in the Port Vell fire?", [article]
    )
    assert answer is not None
    assert answer.remarks == (
        "The figures differ: “34” (2024-03-08, Hill Post), “No Americans” (2024-03-08, Hill Post).",
    )


def test_persons_are_counted_by_what_they_did(tmp_path: Path) -> None:
    first = report(
        "Officials said 7.3 million people were enrolled in Vellcare.\n", "Hill Post", "2014-09-18", "Vellcare"
    )
    later = report("Enrollment in Vellcare reached 8 million.\n", "Coast Herald", "2014-11-20", "Vellcare")
    answer = compare(tmp_path, "How did the number of people enrolled in Vellcare change?", [later, first])
    assert rows(answer) == [("2014-09-18, Hill Post", "7.3 million"), ("2014-11-20, Coast Herald", "8 million")]


TALKS = report(
    "Ministers of Vell and Bern met for talks in Ostia.\n\nCountry Focus of the talks\n"
    "Vell Deepening military cooperation with Ostia\nTarn Pursuing trade and investments\n"
    "Bern Founding schools through education programmes\n",
    "Hill Post",
    "2024-03-08",
    "Ostia talks",
)


def test_two_things_are_compared_within_one_article(tmp_path: Path) -> None:
    answer = compare(tmp_path, "How do Vell and Bern differ in the talks?", [TALKS])
    assert answer is not None
    assert [claim.text for claim in answer.claims if claim.form is Form.ITEM] == [
        "Vell Deepening military cooperation with Ostia",
        "Bern Founding schools through education programmes",
        "Ministers of Vell and Bern met for talks in Ostia.",
    ]


RULES = report(
    "The towns of Vell and Tarn will sell the pill without a prescription.\n\n"
    "Vell has set no limit of age for the pill.\n\n"
    "Tarn has said that women under 18 need a prescription for the pill.\n\nThe town of Bern said nothing.\n",
    "Hill Post",
    "2024-03-08",
    "New rules on the pill",
)
FOOD = report("Vell eats more fish than any other town.\n", "Hill Post", "2024-03-08", "Fish of Vell")
PROTEST = report("Protesters in Tarn blocked the rules office.\n", "Hill Post", "2024-03-08", "March in Tarn")


@pytest.mark.parametrize(
    "question",
    [
        "Compare Vell's and Tarn's rules on the pill",
        "How do the rules on the pill in Vell and Tarn differ?",
        "how do the pill rules in Vell compare with those in Tarn",
    ],
)
def test_sides_are_compared_in_the_article_that_names_both_and_the_topic(tmp_path: Path, question: str) -> None:
    answer = compare(tmp_path, question, [FOOD, PROTEST, RULES])
    assert answer is not None
    assert [claim.text for claim in answer.claims if claim.form in {Form.HEADING, Form.ITEM}] == [
        "Vell and Tarn",
        "The towns of Vell and Tarn will sell the pill without a prescription.",
        "Vell",
        "Vell has set no limit of age for the pill.",
        "Tarn",
        "Tarn has said that women under 18 need a prescription for the pill.",
    ]


def test_an_abbreviated_side_is_found_where_it_is_spelled_out(tmp_path: Path) -> None:
    text = "The Vell plant makes batteries that last long.\n\nPort Motors makes batteries without cobalt.\n"
    library = make_library(tmp_path, [article := report(text, "Hill Post", "2016-06-08", "The plant")])
    search = WordSearcher(library)
    clock = QuestionClock(library, lambda: dt.date(2024, 5, 1))
    composer = ComparisonComposer(search, TopicSearcher(search, library), library, clock, NO_CHANGE)
    quote = text.split("\n", maxsplit=1)[0]
    place = CitedPlace(1, article.id, Span(0, len(quote)), quote)
    turn = Turn("Vell batteries", "Vell batteries", quote, (place,), abstained=False, asked=0)
    question = "Compare Vell's and PM's batteries"
    decision = KindDecision(QuestionKind.COMPARISON, "")
    request = CompositionRequest(question, question, decision, (turn,), SearchScope(1, 1, Filters()))
    answer = composer.compose(request)
    assert answer is not None
    assert [citation.quote for citation in answer.citations] == [quote, text.split("\n")[2]]


def test_three_sides_have_a_row_each(tmp_path: Path) -> None:
    answer = compare(tmp_path, "Compare what Vell, Tarn and Bern want from Ostia", [FOOD, TALKS])
    assert answer is not None
    items = [claim.text.split()[0] for claim in answer.claims if claim.form is Form.ITEM]
    assert items[:3] == ["Vell", "Tarn", "Bern"]


def test_nothing_is_compared_where_one_side_has_no_sentence(tmp_path: Path) -> None:
    assert compare(tmp_path, "Compare Vell's and Ostia's rules on the pill", [FOOD, RULES, TALKS]) is None


def test_what_was_cited_is_compared_by_the_sentence_behind_it(tmp_path: Path) -> None:
    text = "The ports counted 320 arrests in May.\n\nThat was more than double the count of 2015.\n"
    library = make_library(tmp_path, [article := report(text, "Hill Post", "2016-06-08", "Arrests")])
    search = WordSearcher(library)
    clock = QuestionClock(library, lambda: dt.date(2024, 5, 1))
    composer = ComparisonComposer(search, TopicSearcher(search, library), library, clock, NO_CHANGE)
    quote = text.split("\n", maxsplit=1)[0]
    asked = "How many arrests were counted in May?"
    turn = Turn(asked, asked, quote, (CitedPlace(1, article.id, Span(0, len(quote)), quote),), abstained=False, asked=0)
    decision = KindDecision(QuestionKind.COMPARISON, "the number of arrests")
    standalone = "Did the number of arrests go up since 2015?"
    request = CompositionRequest("did it go up since 2015", standalone, decision, (turn,), SearchScope(1, 1, Filters()))
    answer = composer.compose(request)
    assert answer is not None
    assert [citation.quote for citation in answer.citations] == [quote, text.split("\n")[2]]


def test_two_periods_stand_side_by_side(tmp_path: Path) -> None:
    old = report("The ferry strike stopped all ports for a week.\n", "Hill Post", "2013-03-08", "Ferry strike")
    new = report("The ferry strike ended after a month of talks.\n", "Hill Post", "2019-02-01", "Ferry strike")
    answer = compare(tmp_path, "Compare the ferry strike in 2019 with 2013", [old, new])
    assert answer is not None
    shown = [claim.text if claim.form is Form.HEADING else claim.label for claim in answer.claims]
    assert shown == ["the ferry strike in 2019", "2019-02-01, Hill Post", "2013", "2013-03-08, Hill Post"]


def test_the_right_figure_stands_beside_the_one_it_corrects(tmp_path: Path) -> None:
    article = report(
        "Officials said 7.3 million people were enrolled in Vellcare.\n\n"
        "The accurate number without dental plans is 6.7 million, a spokesman said.\n",
        "Hill Post",
        "2014-11-20",
        "Enrollment in Vellcare overstated",
    )
    answer = compare(tmp_path, "How did the number of people enrolled in Vellcare change?", [article])
    assert rows(answer) == [("2014-11-20, Hill Post", "7.3 million"), ("2014-11-20, Hill Post", "6.7 million")]


def test_figures_of_a_part_are_not_called_the_figure(tmp_path: Path) -> None:
    article = report("Construction companies added 48,000 jobs in Vell.\n", "Hill Post", "2014-11-20", "Jobs in Vell")
    answer = compare(tmp_path, "Do the articles agree on the number of jobs added in Vell?", [article])
    assert notes(answer) == ["No article was found that gives it plainly."]


def test_two_attacks_of_one_article_are_not_said_to_differ(tmp_path: Path) -> None:
    """Another place, or "that assault", is another event; a toll that is called higher is of the same."""
    article = report(
        "The airstrikes on the base killed 14 people, a monitor in Syria said.\n"
        "The strikes on the base were the first of the year.\nThe base is in the desert.\n"
        "Syria has seen worse.\nThe war goes on in Syria.\n"
        "At least 40 people were killed in that assault on Port Vell in April, the rescuers said.\n",
        "Star",
        "2024-04-09",
        "Airstrikes on a base in Syria",
    )
    answer = compare(tmp_path, "Do the sources agree on the death toll in Syria?", [article])
    assert answer is not None
    assert not [remark for remark in answer.remarks if "differ" in remark]


def test_reports_of_one_event_differ_in_its_magnitude_and_what_they_dispute(tmp_path: Path) -> None:
    article = report(
        "A magnitude 3.0 earthquake shook Port Vell on Saturday, the office said.\n"
        "A magnitude 5.1 earthquake shook the town in 2013.\n"
        "Another agency said the quake was a magnitude 3.4 and caused by an explosion.\n"
        "The observatory disputed the claim that the quake was made by man.\n",
        "Star",
        "2024-04-09",
        "Earthquake in Port Vell",
    )
    answer = compare(tmp_path, "Do the reports agree about the earthquake in Port Vell?", [article])
    assert [mark for _, mark in rows(answer)] == ["magnitude 3.0", "magnitude 3.4", "disputed"]
    assert answer is not None
    assert "5.1" not in " ".join(answer.remarks)


def test_a_sentence_that_tells_the_change_itself_comes_first(tmp_path: Path) -> None:
    article = report(
        "The ferries of Port Vell carry cars.\n"
        "The ferries now carry 40 cars a day compared to about six last summer.\n",
        "Star",
        "2024-03-09",
        "Ferries of Port Vell",
    )
    answer = compare(tmp_path, "How have the ferries changed since last summer?", [article])
    assert answer is not None
    assert answer.citations[0].quote == "The ferries now carry 40 cars a day compared to about six last summer."


def test_jobs_that_are_added_are_not_compared_with_all_jobs(tmp_path: Path) -> None:
    articles = [
        report("The economy added 209,000 jobs last month in Norway.\n", "Star", "2014-08-01", "Jobs"),
        report("The economy of Norway added 196,000 jobs in March.\n", "Hill Post", "2019-04-05", "Jobs report"),
        report("Of its jobs, over 60 million jobs could be automated.\n", "Times", "2014-11-10", "Robots"),
    ]
    answer = compare(tmp_path, "How did the number of jobs in Norway change between 2012 and 2019?", articles)
    assert answer is not None
    assert "60 million" not in answer.text


def test_outlets_are_compared_by_how_they_describe_a_topic(tmp_path: Path) -> None:
    articles = [FIRST, report("The ferry sank because of the storm.\n", "Valley Times", "2024-03-05")]
    answer = compare(tmp_path, "Compare how Coast Herald and Valley Times describe the ferry", articles)
    assert answer is not None
    headings = [claim.text for claim in answer.claims if claim.form is Form.HEADING]
    assert [heading.split(":")[0] for heading in headings] == ["Coast Herald", "Valley Times"]


def test_no_verb_of_a_comparison_is_said_to_be_in_no_article(tmp_path: Path) -> None:
    answer = compare(tmp_path, "How do Norway and Iceland differ towards Port Vell?", [FIRST], "differ")
    assert answer is None or "differ" not in answer.message


def test_the_event_that_is_asked_for_comes_first_of_those_of_an_article(tmp_path: Path) -> None:
    article = report(
        "The airstrikes on the base killed 14 people, a monitor said.\n"
        "The base is in the desert.\nPort Vell has seen worse.\nThe war goes on.\n"
        "At least 40 people were killed in an assault on a hospital, rescuers said.\n"
        "At least 80 people were killed in the hospital, its director said.\n",
        "Star",
        "2024-04-09",
        "War in Port Vell",
    )
    answer = compare(tmp_path, "Do the sources agree on the death toll of the airstrikes in Port Vell?", [article])
    assert answer is not None
    assert "14 people" in answer.citations[0].quote
    assert not [remark for remark in answer.remarks if "14" in remark]


PORT = report(
    "After being closed since 2014, the port of Vell can take ships once again.\n"
    "The Vell Port Watchers met in the town hall, where their policy was read.\n"
    "The fee for the port of Vell was set at 20 crowns in 1975.\n"
    "The town raised that fee.\n"
    "Then in 2004, the council updated it to 45 crowns.\n"
    "The port manager Ada Quill said: “The port of Vell will thrive.”\n"
    "Tom Baird, a retired pilot, said: “The port of Vell is doomed.”\n",
    "Coast Herald",
    "2024-03-05",
    "The port of Vell opens",
)


def shown(answer: Answer | None) -> list[str]:
    assert answer is not None
    return [claim.text for claim in answer.claims if claim.form is Form.ITEM]


def test_a_change_is_told_by_the_sentences_with_two_states_of_it(tmp_path: Path) -> None:
    encoder = ChangeCrossEncoder("once again")
    answer = compare(tmp_path, "How has the port of Vell changed?", [PORT], encoder=encoder)
    assert shown(answer) == ["After being closed since 2014, the port of Vell can take ships once again."]


def test_a_year_before_all_articles_is_one_of_the_story(tmp_path: Path) -> None:
    """What goes on with the time before stands beside it."""
    encoder = ChangeCrossEncoder("1975", "raised")
    answer = compare(tmp_path, "How has the fee for the port of Vell changed since 1975?", [PORT], encoder=encoder)
    assert [text.split()[-1] for text in shown(answer)] == ["1975.", "crowns."]
    assert not any("Before" in claim.text for claim in (answer.claims if answer else ()))


def test_whether_those_agree_who_are_not_named_is_told_by_what_each_says(tmp_path: Path) -> None:
    place = CitedPlace(1, PORT.id, Span(0, 20), PORT.text[:20])
    turn = Turn("What of the port?", "What of the port?", "It opens.", (place,), abstained=False, asked=0.0)
    answer = compare(tmp_path, "Do the two agree about the port of Vell?", [PORT], history=(turn,))
    assert answer is not None
    assert [claim.text for claim in answer.claims if claim.form is Form.HEADING] == ["Ada Quill", "Tom Baird"]
    assert compare(tmp_path, "Do the two agree about the port of Vell?", [FIRST], history=()) is None


def test_what_two_outlets_say_comes_with_the_figure_that_both_give(tmp_path: Path) -> None:
    fillers = "".join(f"The ferry of Vell carried {what} to the island.\n" for what in ("cattle", "grain", "timber"))
    one = report(
        f"The ferry of Vell sank on Sunday.\n{fillers}It had cost 1,250 crowns.\n", "Coast Herald", "2024-03-05"
    )
    two = report(
        f"The ferry of Vell was old.\n{fillers}The town paid 1,250 crowns for it.\n", "Hill Post", "2024-03-06"
    )
    answer = compare(tmp_path, "Compare what Coast Herald and Hill Post say about the ferry of Vell", [one, two])
    assert [text for text in shown(answer) if "1,250" in text] == [
        "It had cost 1,250 crowns.",
        "The town paid 1,250 crowns for it.",
    ]


def test_the_one_article_about_a_change_is_read_whole(tmp_path: Path) -> None:
    """Its sentences need not have the words of the topic."""
    encoder = ChangeCrossEncoder("once again", "raised that fee")
    answer = compare(tmp_path, "How has the port of Vell changed?", [PORT, FIRST], encoder=encoder)
    assert [text.split()[0] for text in shown(answer)] == ["After"]
    encoder = ChangeCrossEncoder("once again", "updated it")
    answer = compare(tmp_path, "How has the port of Vell changed?", [PORT, FIRST], encoder=encoder)
    assert [text.split()[0] for text in shown(answer)] == ["After", "Then"]


def test_outlets_are_compared_by_the_articles_that_tell_of_the_same(tmp_path: Path) -> None:
    """Of many about a topic, those of one event say more beside each other than the nearest of each."""
    fares = report("The ferry fares rise.\nThe ferry fares rose twice.\n", "Coast Herald", "2022-03-05", "Ferry fares")
    fire = report("A fire on the ferry burned all cabins on Sunday.\n", "Coast Herald", "2024-03-05", "Fire on ferry")
    burned = report("The fire burned the cabins of the ferry on Sunday.\n", "Hill Post", "2024-03-05", "Ferry burned")
    answer = compare(tmp_path, "Compare what Coast Herald and Hill Post say about the ferry", [fares, fire, burned])
    assert answer is not None
    assert {cited.article.title for cited in answer.citations} == {"Fire on ferry", "Ferry burned"}
    assert answer.claims[-1].text == "Of each outlet the article that tells most of what the other's does."
