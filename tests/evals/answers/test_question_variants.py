"""Questions as people type them, and questions with one fact exchanged."""

from __future__ import annotations

from random import Random

from evals.answers.question_variants import changed, keywords, misspelt, names, typed

QUESTION = "Who signed the peace agreement between Sudan and Chad in 2010?"


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 (no secret)


def test_names_are_runs_of_capitalised_words_without_dates() -> None:
    assert names("Did Angela Merkel meet the Green Party in May 2019 in Berlin?") == [
        "Angela Merkel",
        "Green Party",
        "Berlin",
    ]


def test_a_misspelt_question_differs_in_few_letters_and_keeps_its_words() -> None:
    for seed in range(20):
        found = misspelt(QUESTION, chance(seed))
        assert found != QUESTION or "ee" in QUESTION
        assert len(found.split()) == len(QUESTION.split())
        assert abs(len(found) - len(QUESTION)) <= 2


def test_key_words_leave_function_words_out() -> None:
    found = {keywords(QUESTION, chance(seed)).lower() for seed in range(20)}
    assert found == {
        "signed peace agreement sudan chad 2010",
        "who signed peace agreement sudan chad 2010",
    }


def test_a_question_of_function_words_stays_whole() -> None:
    assert keywords("Who is he?", chance(0)) == "Who is he?"


def test_most_questions_are_left_as_written() -> None:
    found = [typed(QUESTION, chance(seed)) for seed in range(200)]
    assert 90 < found.count(QUESTION) < 160
    assert QUESTION.lower().rstrip("?") in found


def test_a_changed_question_has_another_name_year_or_opposite() -> None:
    """None of the new facts is in the text around the answer, which would answer it."""
    found = {
        changed(QUESTION, ["Niger", "Chad"], ["Mali"], "Bashir signed it for Sudan.", chance(seed))
        for seed in range(60)
    }
    assert None not in found
    assert any("Niger" in each for each in found if each)
    assert any("Mali" in each for each in found if each)
    assert any("2010" not in each for each in found if each)


def test_a_word_becomes_its_opposite() -> None:
    found = changed("what was the first bridge", [], [], "", chance(0))
    assert found == "what was the last bridge"


def test_a_question_without_a_fact_to_exchange_is_not_changed() -> None:
    assert changed("why did they resign", ["Niger"], ["Mali"], "", chance(0)) is None
