"""The dates of a question are understood: they order what is found, and no sentence has to repeat them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answering.temporal_reader import TemporalReader, TimeCheckedReader
from bot.answering.temporal_search import TemporalSearcher
from bot.answering.time_constraint import ANOTHER_TIME, QuestionClock, TimeFit, time_constraint
from retrieval.articles import ArticleInfo, Filters, Hit, Passage, Span
from retrieval.search.query import WeightedQuery

TODAY = dt.date(2024, 5, 3)
EVERYTHING = Filters()


class Dates:
    """A library's first and last day."""

    def __init__(self, last: str = "2024-05-02") -> None:
        self.last = last

    def date_range(self) -> tuple[str, str]:
        return "2019-01-01", self.last


def hit(text: str, published: str, rank: int = 1) -> Hit:
    info = ArticleInfo(f"{published}{rank}", f"{published}{rank}", "Storm", "", "", "", "", published, len(text), 1)
    span = Span(0, len(text))
    return Hit(Passage(info.id, 0, span, text, "", (span,)), info, 1.0 - rank / 100, rank)


class Flat:
    """A reader that gives the sentences of the hits falling probabilities, and keeps the question."""

    def __init__(self, first: float = 0.7, ratio: float = 0.8, answers: int = 1, span: Span | None = None) -> None:
        self.first, self.ratio, self.answers, self.span = first, ratio, answers, span
        self.asked = ""

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        self.asked = question
        found = tuple(
            ScoredSentence(each, self.span or each.passage.span, self.first * self.ratio**n)
            for n, each in enumerate(hits)
        )
        return ReaderResult(found, self.first, self.first, self.answers)


def clock(last: str = "2024-05-02") -> QuestionClock:
    return QuestionClock(Dates(last), lambda: TODAY)


def read(question: str, hits: Sequence[Hit], inner: Flat | None = None, last: str = "2024-05-02") -> ReaderResult:
    day = clock(last)
    return TimeCheckedReader(TemporalReader(inner or Flat(), day), day).read(question, hits)


def test_today_is_the_newest_articles_day_in_an_archive() -> None:
    """In an archive "this week" is its last week; a paper that paused for a few days is no archive."""
    assert clock("2020-06-01").anchor() == dt.date(2020, 6, 1)
    assert clock("2024-04-28").anchor() == clock("").anchor() == clock("2031-01-01").anchor() == TODAY


def test_the_reader_does_not_see_the_dates() -> None:
    """A sentence that has no date lacks no word of the question."""
    inner = Flat()
    read("In April 2024, how many homes did the storm destroy?", [hit("It destroyed 40 homes.", "2024-04-10")], inner)
    assert inner.asked == "how many homes did the storm destroy?"


def test_a_year_that_is_a_part_of_a_name_stays() -> None:
    assert time_constraint("Who won the 2019 Rugby World Cup?", TODAY).core == "Who won the 2019 Rugby World Cup?"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How many homes did the storm destroy in April 2024?", "It destroyed 40 homes."),
        ("How many homes did the storm destroy last month?", "It destroyed 40 homes."),
        ("How many homes did the storm destroy in March 2022?", "It destroyed 90 homes."),
        ("How many homes did the storm of June 2, 2021 destroy?", "It destroyed 7 homes on June 2, 2021."),
    ],
)
def test_the_sentence_of_the_time_asked_for_comes_first(question: str, first: str) -> None:
    """By its own dates, or by the day its article was published."""
    hits = [
        hit("It destroyed 90 homes.", "2022-03-09"),
        hit("It destroyed 40 homes.", "2024-04-10"),
        hit("It destroyed 7 homes on June 2, 2021.", "2023-01-01"),
    ]
    assert read(question, hits).candidates[0].hit.passage.text == first


@pytest.mark.parametrize(
    ("sentence", "published"),
    [
        ("In 2019 it destroyed 9 homes.", "2019-05-01"),
        ("It destroyed 9 homes.", "2019-05-01"),
        ("It destroyed 9 homes.", "2024-05-20"),
        ("In 2019, it destroyed 9 homes.", "2024-04-10"),
        ("It destroyed 9 homes, as did the 2019 fire.", "2023-04-10"),
        ("It destroyed 9 homes in 2019.", ""),
        ("It destroyed 9 homes in 2024.", "2025-04-10"),
        ("It destroyed 9 homes.", ""),
    ],
)
def test_a_sentence_of_another_time_or_of_none_may_answer_at_most(sentence: str, published: str) -> None:
    reading = read("How many homes did the storm destroy in April 2024?", [hit(sentence, published)])
    assert reading.possibly
    assert reading.doubts[0].missing == "is about “April 2024”"
    assert reading.remarks == ("No article found is about April 2024.",)


@pytest.mark.parametrize(
    ("question", "sentence", "published"),
    [
        ("How many homes did the storm destroy in April 2024?", "It destroyed 9 homes.", "2024-05-02"),
        ("How many homes did the storm destroy in April 2024?", "Since 2011 it has destroyed 9 homes.", "2024-04-10"),
        ("How many homes did the storm destroy in 2016 or 2024?", "It destroyed 9 homes.", "2024-04-10"),
        ("How many homes had it destroyed a week before in April 2024?", "It destroyed 9 homes.", "2024-04-10"),
        ("How many homes did it destroy in the 1990s?", "It destroyed 9 homes in the 1990s.", ""),
        ("How many homes did it destroy since 1990?", "Since 1990 it destroyed 9 homes.", ""),
        ("How many homes did it destroy last week?", "It destroyed 9 homes.", ""),
        ("How many homes did the Harbour Act of 1978 save?", "The Harbour Act 1978 saved 9 homes.", "2024-04-10"),
    ],
)
def test_a_sentence_of_the_time_asked_for_is_asserted(question: str, sentence: str, published: str) -> None:
    """By its dates or its article's; two dates joined by a conjunction are alternatives."""
    assert not read(question, [hit(sentence, published)]).possibly


def test_every_date_of_a_question_counts() -> None:
    question = "In August 2014, how many homes had the storm of June 2016 destroyed?"
    assert read(question, [hit("In June 2016 it destroyed 9 homes.", "2016-08-19")]).possibly


def test_a_date_is_given_by_the_sentence_before_no_coarser_than_it_is_asked_for() -> None:
    text = "The bridge was built in {}. It destroyed 9 homes."
    for year, asked, possibly in (("2019", "2019", False), ("2019", "May 2019", True), ("May 2019", "May 2019", False)):
        first = Span(0, len(text.format(year)) - len(" It destroyed 9 homes."))
        whole = hit(text.format(year), "2024-01-01")
        second = Span(first.end + 1, whole.passage.span.end)
        found = replace(whole, passage=replace(whole.passage, sentences=(first, second)))
        reading = read(f"How many homes did it destroy in {asked}?", [found], Flat(span=second))
        assert reading.possibly is possibly, (year, asked)


class OneSure(Flat):
    """A reader that leaves the sentences after the first no probability."""

    def __init__(self) -> None:
        super().__init__(ratio=0.001)


def test_a_sentence_of_another_time_takes_no_share_from_those_of_the_time() -> None:
    """A reader of all hits is sure of the one whose words fit best; of those of the time it is sure of another."""
    hits = [hit("It destroyed 90 homes.", "2020-03-09"), hit("It destroyed 40 homes.", "2024-04-10", 2)]
    reading = read("How many homes did the storm destroy in April 2024?", hits, OneSure())
    assert [each.hit.article.published for each in reading.candidates] == ["2024-04-10", "2020-03-09"]
    assert (reading.answers, reading.possibly) == (1, False)


def test_whatever_rule_chose_a_sentence_it_is_held_to_the_dates() -> None:
    """Of several answers only those of the time are shown; the first of them may be less sure than it was."""
    hits = [hit("Reed said no.", "2012-06-15"), hit("Reed said yes.", "2024-04-15", 2)]
    reading = TimeCheckedReader(Flat(answers=2), clock()).read("What did Reed say in April 2024?", hits)
    assert [each.hit.article.published for each in reading.candidates] == ["2024-04-15", "2012-06-15"]
    assert (reading.answers, reading.possibly) == (1, False)
    assert TimeCheckedReader(Flat(answers=2), clock()).read("What did Reed say in 2019?", hits).possibly


def test_where_nothing_is_of_that_time_an_article_reads_the_date_for_itself() -> None:
    """Asked of an archive, "last month" is the article's last month."""
    hits = [hit("It is a fine day.", "2014-04-28"), hit("Last month 529 were sentenced.", "2014-04-29", 2)]
    reading = read("How many were sentenced last month?", hits, last="2020-06-01")
    assert reading.candidates[0].hit.passage.text.startswith("Last month")
    assert not reading.possibly


def test_a_day_without_its_year_is_that_of_a_sentence_that_names_it() -> None:
    hits = [hit("It rained.", "2020-04-01"), hit("Pay falls by 21 percent starting April 1.", "2015-03-26", 2)]
    question = "By what percentage does pay fall on April 1?"
    first, second = (
        TimeFit(time_constraint(question, dt.date(2020, 6, 1)), hits).of_sentence(each, each.passage.span)
        for each in hits
    )
    assert first > second > ANOTHER_TIME
    alone = TimeFit(time_constraint(question, dt.date(2020, 6, 1)), hits[1:])
    assert alone.of_sentence(hits[1], hits[1].passage.span) > ANOTHER_TIME
    question = "By what percentage did pay fall last week?"
    old = [hits[0], hit("Pay fell by 21 percent last week.", "2015-03-26", 2)]
    fit = TimeFit(time_constraint(question, dt.date(2020, 4, 6)), old)
    assert fit.of_sentence(old[1], old[1].passage.span) <= ANOTHER_TIME


def test_the_newest_of_like_events_comes_first_and_the_others_beside_it() -> None:
    hits = [hit("The storm destroyed 90 homes.", "2022-03-09"), hit("The storm destroyed 40 homes.", "2024-04-10")]
    reading = read("How many homes did the storm destroy?", hits)
    assert [each.hit.article.published for each in reading.candidates] == ["2024-04-10", "2022-03-09"]
    assert reading.answers == 2


@pytest.mark.parametrize("published", ["", "2022-03-10"])
def test_undated_articles_and_those_of_one_event_keep_their_order(published: str) -> None:
    hits = [hit("The storm destroyed 90 homes.", "2022-03-09"), hit("The storm destroyed 40 homes.", published, 2)]
    reading = read("How many homes did the storm destroy?", hits)
    assert reading.candidates[0].hit is hits[0]
    assert reading.answers == 1


class Recorder:
    """A search that returns given hits and keeps the query."""

    def __init__(self, hits: list[Hit]) -> None:
        self.hits = hits
        self.query: str | WeightedQuery = ""

    def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
        self.query = question
        return self.hits[:limit]


def test_search_takes_the_dates_for_dates() -> None:
    """Articles of the time come first, and a date's words weigh less than the question's."""
    inner = Recorder([hit("It destroyed 90 homes.", "2022-03-09"), hit("It destroyed 40 homes.", "2024-04-10", 2)])
    (first,) = TemporalSearcher(inner, clock()).search("How many homes did the storm destroy in April 2024?", limit=1)
    assert (first.article.published, first.rank) == ("2024-04-10", 1)
    assert isinstance(inner.query, WeightedQuery)
    assert inner.query.question == "How many homes did the storm destroy?"
    assert [each.text for each in inner.query.components] == ["April 2024"]


def test_search_without_a_date_is_the_inner_search() -> None:
    inner = Recorder([hit("It destroyed 90 homes.", "2022-03-09")])
    assert TemporalSearcher(inner, clock()).search("How many homes?") == inner.hits
    assert inner.query == "How many homes?"
