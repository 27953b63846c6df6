"""British and American spellings of a word have one form; two words never have."""

from __future__ import annotations

import pytest

from retrieval.text.orthography import american, american_term, without_accents

PAIRS = """organise/organize realisation/realization recognisably/recognizably analysed/analyzed colour/color
neighbourhood/neighborhood favourite/favorite labourer/laborer centre/center kilometres/kilometers centred/centered
theatregoer/theatergoer dialogues/dialogs catalogued/cataloged travelled/traveled councillor/councilor fuelling/fueling
refuelled/refueled gruelling/grueling defence/defense licence/license anaesthetic/anesthetic paediatric/pediatric
archaeologist/archeologist foetus/fetus manoeuvred/maneuvered manoeuvring/maneuvering programme/program
sceptical/skeptical ploughed/plowed tyre/tire grey/gray cheque/check towards/toward adviser/advisor learnt/learned
fulfil/fulfill judgement/judgment labour's/labor's""".split()  # noqa: SIM905 (readable)
DIFFERENT = "prise/prize filled/filed refilled/refiled four/for hour/hor polled/poled size/sise tilling/tiling".split()  # noqa: SIM905


@pytest.mark.parametrize("pair", PAIRS)
def test_two_spellings_of_a_word_have_one_form(pair: str) -> None:
    british, other = pair.split("/")
    assert american(british) == american(other)


@pytest.mark.parametrize("pair", DIFFERENT)
def test_two_words_have_two_forms(pair: str) -> None:
    one, other = pair.split("/")
    assert american(one) != american(other)


def test_a_family_name_keeps_its_spelling_and_an_institution_does_not() -> None:
    assert american("grey", is_name=True) != american("gray", is_name=True)
    assert american("labour", is_name=True) == american("labor", is_name=True)


def test_accents_are_left_out() -> None:
    assert without_accents("são") == "sao"
    assert without_accents("plain") == "plain"


def test_terms_of_both_spellings_are_one() -> None:
    for british, other in (("defenc", "defens"), ("colour", "color"), ("organis", "organiz"), ("centr", "center")):
        assert american_term(british) == american_term(other)
    assert american_term("defenc") != american_term("defend")
