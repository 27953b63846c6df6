"""Whom a sentence speaks of, beyond the words it holds."""

from __future__ import annotations

from bot.verification.coreference import resolved_sentences
from tests.bot.verification.harbour import STRIKE, hits_of, make_article

HITS = hits_of([make_article(STRIKE)])


def terms_of(beginning: str, text: str = STRIKE) -> frozenset[str]:
    hits = hits_of([make_article(text)])
    return next(each.sentence.terms for each in resolved_sentences(hits) if each.sentence.text.startswith(beginning))


def test_a_surname_stands_for_the_full_name_of_its_article() -> None:
    assert "ada" in terms_of("Quill accused")
    assert "toma" in terms_of("Reyes may run")


def test_the_company_stands_for_a_name_of_the_sentence_before() -> None:
    assert "norsea" in terms_of("The\ncompany had sued")


def test_a_surname_of_two_people_stands_for_neither() -> None:
    text = "Ada Quill and her brother Ben Quill met in Port Vell on Monday.\nQuill left the harbour in the evening.\n"
    assert not {"ada", "ben"} & terms_of("Quill left", text)


def test_a_sentence_that_names_its_own_people_is_as_it_was() -> None:
    assert "ada" not in terms_of("About 1,200 dockers")
