"""Datelines are told from the first words of a sentence."""

from __future__ import annotations

import pytest

from retrieval.text.datelines import dateline_end

WITH = [
    "(CNN) | The dockers ended their strike.",
    "Port Vell (CNN) | The dockers ended their strike.",
    "PORT VELL (Reuters) - | The dockers ended their strike.",
    "PORT VELL, Oct 17 (Reuters) - | “We have won,” the dockers said.",
    "NAVARRE BEACH, Fla. — | The bodies of two dockers were found.",
    "HEMPSTEAD, N.Y. ― | If it worked once, it may work again.",
]
WITHOUT = [
    "The dockers ended their strike.",
    "The dockers (CNN) ended their strike.",
    "NATO - the alliance - met on Monday.",
    "Port Vell — The dockers won.",
    "(Reuters) as the dockers call it.",
]


@pytest.mark.parametrize("marked", WITH)
def test_a_sentence_begins_after_its_dateline(marked: str) -> None:
    """The place, the agency and the dash are no part of it."""
    before, after = marked.split("| ")
    assert dateline_end(before + after) == len(before)


@pytest.mark.parametrize("text", WITHOUT)
def test_other_beginnings_are_no_dateline(text: str) -> None:
    """A name in capitals, or a dash, alone is none."""
    assert dateline_end(text) == 0
