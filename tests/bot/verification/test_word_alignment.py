"""A claim beside the sentence it nearly copies."""

from __future__ import annotations

import pytest

from bot.verification.word_alignment import WordAlignment, substituted_facts
from retrieval.text.tokens import read_words

SAID = "Ada Quill told the dockers of Port Vell on 9 January that the strike was not legal."


def beside(claim: str, source: str = SAID) -> WordAlignment:
    return WordAlignment(claim, read_words(claim), source, read_words(source))


@pytest.mark.parametrize(
    ("claim", "mine", "its"),
    [
        ("Ada Quill told the dockers of Port Salmon on 9 January that the strike was not legal.", "Salmon", "Vell"),
        ("Ada Quill told the dockers of Port Vell on 8 January that the strike was not legal.", "8", "9"),
        ("Paul Brandt told the dockers of Port Vell on 9 January about it.", "Paul Brandt", "Ada Quill"),
    ],
)
def test_a_name_or_number_in_the_place_of_another_is_found(claim: str, mine: str, its: str) -> None:
    assert list(substituted_facts(beside(claim))) == [(mine, its)]


@pytest.mark.parametrize(
    "claim",
    [
        SAID,
        "Mayor Quill told the dockers of Port Vell on 9 January that the strike was not legal.",
        "She told the dockers of Port Vell on 9 January that the strike was not legal.",
        "The dockers were told by Ada Quill.",
        "The frost in Kestrel Valley destroyed half of the harvest.",
    ],
)
def test_the_same_names_in_other_words_are_none(claim: str) -> None:
    assert not list(substituted_facts(beside(claim)))


def test_names_that_only_change_places_in_a_list_are_none() -> None:
    side = beside("Quill and Brandt told the dockers of it.", "Brandt and Quill told the dockers of it.")
    assert not list(substituted_facts(side))


@pytest.mark.parametrize(
    ("claim", "negator", "ours"),
    [
        ("Ada Quill told the dockers of Port Vell that the strike was legal.", "not", False),
        ("Ada Quill never told the dockers of Port Vell that the strike was not legal.", "never", True),
        (SAID, "", False),
        ("The frost was not late.", "", False),
        ("Ada Quill denied that the strike was legal.", "", False),
    ],
)
def test_a_not_that_came_or_went_is_found(claim: str, negator: str, ours: bool) -> None:
    assert beside(claim).negation_change() == (negator, ours)


@pytest.mark.parametrize(
    ("claim", "negator"),
    [
        ("Judge Quill did not rule immediately on the request.", ""),
        ("Judge Quill ruled immediately on the request.", "not"),
        ("Judge Quill never ruled on the request.", "never"),
    ],
)
def test_an_adverb_does_not_part_a_negator_from_its_verb(claim: str, negator: str) -> None:
    assert beside(claim, "Judge Quill did not immediately rule on the request.").negation_change()[0] == negator


@pytest.mark.parametrize(
    ("claim", "negator"),
    [
        ("If cases spike in the port, Quill said, people should blame the frost, not the dockers.", ""),
        ("If cases spike in the port, Quill said, people should blame the dockers.", "don't"),
    ],
)
def test_a_negated_verb_may_be_a_negated_object(claim: str, negator: str) -> None:
    source = "If cases spike in the port, Quill said, don't blame the dockers but blame the frost."
    assert beside(claim, source).negation_change()[0] == negator


def test_a_verb_in_ly_is_no_adverb() -> None:
    claim = "You might not be able to apply a feature code in Port Vell for these reasons."
    source = "Some apply a feature code in Port Vell in vain for these reasons."
    assert beside(claim, source).negation_change() == ("", False)
