"""Measures: which numbers of a sentence are figures of what is asked."""

from __future__ import annotations

import pytest

from retrieval.text.measures import MeasureKind, figures, measure_of, scope_of


@pytest.mark.parametrize(
    ("phrase", "kind", "rest"),
    [
        ("the death toll in the Benghazi attack", MeasureKind.COUNT, ("benghazi", "attack")),
        ("how many people died in Mali", MeasureKind.COUNT, ("mali",)),
        ("the number of troops in Niger", MeasureKind.COUNT, ("niger",)),
        ("the unemployment rate", MeasureKind.RATE, ()),
        ("Trump's approval rating", MeasureKind.RATE, ("trump",)),
        ("the price of oil", MeasureKind.MONEY, ("oil",)),
    ],
)
def test_a_phrase_names_a_measure(phrase: str, kind: MeasureKind, rest: tuple[str, ...]) -> None:
    measure = measure_of(phrase)
    assert measure is not None
    assert (measure.kind, measure.rest) == (kind, rest)


@pytest.mark.parametrize("phrase", ["Benghazi", "the health care bill", "who ordered the attack", ""])
def test_other_phrases_name_none(phrase: str) -> None:
    assert measure_of(phrase) is None


@pytest.mark.parametrize(
    ("sentence", "given"),
    [
        ("At least 12 people were killed on Monday.", ["At least 12"]),
        ("The bomb killed a dozen soldiers and wounded 40.", ["dozen"]),
        ("The toll rose from 10 to 14 on Friday.", ["10", "14"]),
        ("Between 10 and 20 people died.", ["10 and 20"]),
        ("The attack left 14 people dead.", ["14"]),
        ("The death toll could reach 100.", []),
        ("It would be the first of 12 deaths.", []),
        ("COVID-19 deaths are rising.", []),
        ("Forty people were injured.", []),
        ("The attack in 2015 was deadly for 12 hours.", []),
    ],
)
def test_a_figure_stands_in_a_plain_construction_with_its_measure(sentence: str, given: list[str]) -> None:
    measure = measure_of("the death toll")
    assert measure is not None
    assert [figure.text for figure in figures(sentence, measure)] == given


def test_a_former_figure_and_a_part_of_the_counted_are_told_apart() -> None:
    measure = measure_of("the death toll")
    assert measure is not None
    former, now = figures("The toll rose from 10 to 14.", measure)
    assert (former.former, now.former) == (True, False)
    (some,) = figures("The fire killed three children.", measure)
    assert some.qualifiers == {"children"}


@pytest.mark.parametrize(
    ("sentence", "given"),
    [
        ("Unemployment fell to 7.7 percent in February.", ["7.7 percent"]),
        ("Unemployment fell 2 percent in February.", []),
        ("The unemployment rate rose by 0.2 percentage points.", []),
        ("Benefits are paid where unemployment is 6 percent or higher.", []),
        ("They had a 59 percent unemployment rate.", ["59 percent"]),
    ],
)
def test_a_rate_is_a_percentage_and_no_difference_of_two(sentence: str, given: list[str]) -> None:
    measure = measure_of("the unemployment rate")
    assert measure is not None
    assert [figure.text for figure in figures(sentence, measure)] == given


@pytest.mark.parametrize(
    ("phrase", "sentence", "given"),
    [
        ("the price of oil", "The price of oil fell to $56 a barrel.", ["$56"]),
        ("the budget deficit", "The deficit reduction of $4 trillion is a goal.", []),
        ("the budget deficit", "The plan brings a $23 billion cut in deficits.", []),
        ("the national debt", "The debt stands at more than $17 trillion.", ["more than $17 trillion"]),
        ("the national debt", "With all this debt, the first $500 billion goes to interest.", []),
        ("the minimum wage", "He called for a minimum wage of $15.", []),
    ],
)
def test_an_amount_is_no_change_no_plan_and_of_the_measure_alone(phrase: str, sentence: str, given: list[str]) -> None:
    measure = measure_of(phrase)
    assert measure is not None
    assert [figure.text for figure in figures(sentence, measure)] == given


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("The U.S. has 40 deaths.", {"us"}),
        ("There are 9,000 deaths worldwide.", {"world"}),
        ("The state has 34 deaths.", {"state"}),
        ("WASHINGTON (AP) — The storm killed five people.", set()),
    ],
)
def test_a_figure_has_the_places_of_its_sentence(sentence: str, scope: set[str]) -> None:
    measure = measure_of("the death toll")
    assert measure is not None
    (figure,) = figures(sentence, measure)
    assert figure.scope == scope


@pytest.mark.parametrize(
    ("phrase", "sentence", "given"),
    [
        ("the number of soldiers injured", "No Americans were harmed in the strike.", ["No Americans"]),
        ("the number of soldiers injured", "Eight U.S. troops diagnosed with concussions came home.", ["Eight"]),
        ("the number of soldiers injured", "No more than 12 soldiers were injured.", ["No more than 12"]),
        ("the number of people enrolled in Vellcare", "They had 7.3 million people enrolled in it.", ["7.3 million"]),
        ("the number of people enrolled in Vellcare", "Enrollment in Vellcare reached 8 million.", ["8 million"]),
        ("cases in Mali", "At least 81 people are known to have been infected.", ["At least 81"]),
    ],
)
def test_figures_of_a_phrase(phrase: str, sentence: str, given: list[str]) -> None:
    measure = measure_of(phrase)
    assert measure is not None
    assert [each.text for each in figures(sentence, measure)] == given


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("The US has 82,000 cases, surpassing China.", {"us"}),
        ("Iran has reported more than 44,000 cases.", {"iran"}),
        ("The US leads the world with 85,500 cases.", {"us"}),
    ],
)
def test_a_place_that_another_is_compared_with_has_no_figure(sentence: str, scope: set[str]) -> None:
    assert scope_of(sentence) == scope
