"""Which texts are near-duplicates."""

import pytest

from retrieval.text.lexicon import NEGATORS
from retrieval.text.near_duplicates import are_near_duplicates, shingle_set

REPORT = (
    "The ministry of health said on Monday that vaccination teams would reach every district of the northern region "
    "before the rains begin, and that cold rooms had been repaired in the three towns where doses were lost last year. "
    "Nurses trained in the spring will travel with the teams, which carry registers, ice boxes, spare tyres."
)


def alike(one: str, other: str) -> bool:
    return are_near_duplicates(shingle_set(one), shingle_set(other))


def test_a_text_is_its_own_near_duplicate_whatever_its_case_and_marks() -> None:
    assert alike(REPORT, REPORT.upper().replace(",", ";"))


def test_a_syndicated_copy_with_a_dateline_and_a_changed_word_is_a_near_duplicate() -> None:
    assert alike(REPORT, "NIAMEY (Agency) - " + REPORT.replace("spare tyres", "spare wheels"))


def test_two_reports_of_one_event_are_no_near_duplicates() -> None:
    other = (
        "Vaccination teams are to reach all districts of the north before the rains, officials said on Monday. "
        "Three towns lost doses last year; their cold rooms have now been mended, the ministry of health promised."
    )
    assert not alike(REPORT, other)


def test_a_copy_with_another_figure_is_kept_beside_the_first() -> None:
    assert not alike(REPORT + " It will cost 4 million.", REPORT + " It will cost 9 million.")


@pytest.mark.parametrize("negator", [*sorted(NEGATORS), "didn't", "wouldn’t"])
def test_a_text_with_another_negator_is_no_near_duplicate(negator: str) -> None:
    assert not alike(REPORT, REPORT.replace("would reach", f"would {negator} reach"))


def test_rows_of_one_table_are_no_near_duplicates() -> None:
    assert not alike("Burkina Faso: energy and mining", "Niger: energy and mining")


def test_texts_of_a_word_or_two_are_near_duplicates_only_when_they_are_equal() -> None:
    assert alike("Energy", "energy.")
    assert not alike("Energy", "Mining")
