"""The numbered and bulleted lists and the plain tables of a text."""

from __future__ import annotations

import pytest

from bot.composition.item_list import item_lists
from retrieval.text.analyzer import terms


def read(text: str) -> list[tuple[str, list[str]]]:
    return [(each.lead.of(text), [item.of(text) for item in each.items]) for each in item_lists(text)]


@pytest.mark.parametrize("mark", ["--", "-", "•", "*", "—"])
def test_bulleted_items_come_without_their_marks(mark: str) -> None:
    text = f"Smaller than all earlier tests.\n\n{mark} May 2009: 4.7\n\n  {mark} 2013: 5.1\n{mark}2016: 5.3\n\nThe end."
    assert read(text) == [("Smaller than all earlier tests.", ["May 2009: 4.7", "2013: 5.1", "2016: 5.3"])]


def test_numbered_items_may_have_paragraphs_between_them() -> None:
    text = "Here are three steps:\n\n1) Ask\n\nLong text.\n\nMore of it.\n\n2) Read\n\nText.\n\n3) Cite\n\nText."
    assert read(text) == [("Here are three steps:", ["Ask", "Read", "Cite"])]
    assert item_lists(text)[0].numbered
    assert item_lists(text)[0].terms == frozenset(terms("Here are three steps"))


def test_numbers_that_do_not_follow_each_other_are_no_list() -> None:
    assert read("Scores:\n\n1. Reed\n\n3. Hall\n\n7. Finch\n\n8. Stone") == []


def test_two_items_are_no_list_and_one_without_a_lead_is_none() -> None:
    assert read("Two:\n- Reed was here\n- Hall was here\n\nThe end.") == []
    assert read("- Reed\n- Hall\n- Finch") == []


def test_rows_below_each_other_are_a_table_with_a_head() -> None:
    text = "The talks began.\n\nCountry Main focus\nNorway Fishing rights\nIceland Trade and ports\n\nThey ended."
    assert read(text) == [("Country Main focus", ["Norway Fishing rights", "Iceland Trade and ports"])]
    assert item_lists(text)[0].table
    assert read(text.replace("\n", "\n\n")) == []


def test_a_text_of_many_marks_is_read_in_linear_time() -> None:
    assert len(item_lists("Lead:\n" + "- one item\n" * 20_000)[0].items) == 20_000


HEADED = (
    "The coast is rough.\n\n{lead}\n\nThe gale of 1911\n\nIt sank two boats.\n\n"
    "The long fog\n\nIt lasted.\n\nThe ice\n\nIt broke."
)


def test_headings_that_a_line_before_them_counts_are_its_list() -> None:
    text = HEADED.format(lead="Three great storms:")
    (found,) = item_lists(text)
    assert [each.of(text) for each in found.items] == ["The gale of 1911", "The long fog", "The ice"]
    assert found.lead.of(text) == "Three great storms:"


def test_headings_that_the_headline_counts_are_its_list() -> None:
    text = HEADED.format(lead="It is remembered.")
    (found,) = item_lists(text, "The 3 worst storms")
    assert [each.of(text) for each in found.items] == ["The gale of 1911", "The long fog", "The ice"]
    assert not item_lists(text, "The worst storms")
    assert not item_lists(text, "The 9 worst storms")


def test_short_paragraphs_that_a_line_counts_are_its_list() -> None:
    entries = "Hall.\n\nSen. Ann Reed, D-Vell.\n\nCarl Stone, the mayor."
    end = "The port opened on Monday, they said."
    text = f"The letter went out.\n\nHere are {{}} people who signed:\n\n{entries}\n\n{end}"
    (found,) = item_lists(text.format("three"))
    assert [each.of(text.format("three")) for each in found.items] == entries.split("\n\n")
    assert not item_lists(text.format("nine"))


def test_paragraphs_that_begin_alike_are_what_the_headline_counts() -> None:
    reasons = "\n\n".join(f"Hall's win may {what} the port. It did before." for what in ("close", "sell", "widen"))
    text = f"The count is over.\n\n{reasons}\n\nNobody knows more than that."
    (found,) = item_lists(text, "Three ways the vote may matter")
    assert [each.of(text) for each in found.items] == reasons.split("\n\n")
    assert not item_lists(text, "Four ways the vote may matter")
