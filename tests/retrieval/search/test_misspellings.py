"""Words that no article has are replaced by the nearest that one has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.misspellings import SpellingCorrector, _words_from
from retrieval.text.analyzer import WORD
from tests.fakes import FakeEmbedder, make_article, make_library

TEXT = (
    "The countries signed the agreement in Algeria on Monday.\n"
    "Governor Rod Blagojevich was at his sentencing, said Paul Manafort of Benghazi.\n"
    "The leader Muammar Gadhafi had ruled Niger; the government of Niger was silent, and Niger waited.\n"
    "Robert Mueller met Sigmund Johnson in Australia, said Max Garrel.\n"
    "The population heard what happened, and Ann Pund was there.\n"
)


@pytest.fixture
def corrector(tmp_path: Path) -> Iterator[SpellingCorrector]:
    with make_library(tmp_path, [make_article(TEXT, title="Talks")], FakeEmbedder()) as library:
        yield SpellingCorrector(library)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("What does Algreia want?", "What does Algeria want?"),
        ("what does algreia want", "what does Algeria want"),
        ("Who is Blagojevic?", "Who is Blagojevich?"),
        ("Who is Blaggojevitch?", "Who is Blagojevich?"),
        ("What happened in Bengazi?", "What happened in Benghazi?"),
        ("Which contries?", "Which countries?"),
        ("who signd the agrement", "who signed the agreement"),
        ("the goverment", "the government"),
        ("Did Kadafi rule?", "Did Gadhafi rule?"),
        ("did gaddafi rule?", "did Gadhafi rule?"),
        ("WHO IS MANAFROT?", "WHO IS MANAFORT?"),
        ("the sentencng of Manafort", "the sentencing of Manafort"),
        ("Who is Muller?", "Who is Mueller?"),
        ("timelien of Manafort", "timeline of Manafort"),
        ("Summarise the artcles", "Summarise the articles"),
        ("what happnd in Niger", "what happened in Niger"),
    ],
)
def test_a_misspelt_word_is_replaced(typed: str, written: str, corrector: SpellingCorrector) -> None:
    """A letter added, left out or replaced, two swapped; two from eight letters on; the spellings of a name."""
    assert corrector.corrected(typed).text == written


@pytest.mark.parametrize(
    "typed",
    [
        "What about Nigeria?",
        "Did Austria sign?",
        "Who resigned?",
        "Who is Xyzzyplugh?",
        "Did Mali sign?",
        "unionised labour",
        "What happened in 20133?",
        "Who said “the agrement is dead”?",
        "Who signed the agreement?",
        "how did the quarrel end",
        "what did the popup say",
        "Wer hatte dieses Abkommen unterzeichnet gestern abend?",
    ],
)
def test_what_may_be_right_is_left(typed: str, corrector: SpellingCorrector) -> None:
    """Places, common words, short words, numbers, quoted words, names far from any; text with many unknown words."""
    assert corrector.corrected(typed).replaced == ()


def test_a_remark_says_what_was_replaced(corrector: SpellingCorrector) -> None:
    assert corrector.corrected("Algreia").remark == "Did you mean Algeria? No article has “Algreia”."
    found = corrector.corrected("Did Algreia and Manafrot meet?")
    assert found.remark == "Did you mean Algeria and Manafort? No article has “Algreia” or “Manafrot”."
    assert corrector.corrected("Algeria").remark == ""


def test_names_get_their_capitals(corrector: SpellingCorrector) -> None:
    assert corrector.with_capitals("and niger?") == "and Niger?"
    assert corrector.with_capitals("algeria's government") == "Algeria's government"
    assert corrector.with_capitals("what about the government of algeria") == "what about the government of Algeria"


def test_a_noun_that_only_begins_sentences_and_what_follows_a_pronoun_are_no_names(tmp_path: Path) -> None:
    """“Post” may be a newspaper, and what he did post is none."""
    text = "Analysts saw it coming.\nAnalysts said so in the Harbour Post on Monday.\n"
    corrector = SpellingCorrector(make_library(tmp_path, [make_article(text, title="Report")]))
    assert corrector.with_capitals("what do analysts say in the post") == "what do analysts say in the Post"
    assert corrector.with_capitals("what did he post") == "what did he post"


def test_how_a_word_is_written_inside_sentences_tells_whether_it_is_a_name(tmp_path: Path) -> None:
    """However many captions begin with it."""
    captions = "".join(f"Photos: Manhunt for two prisoners, {n} of 9\n" for n in range(1, 10))
    text = f"The manhunt ended on Sunday.\n{captions}"
    corrector = SpellingCorrector(make_library(tmp_path, [make_article(text, title="Report")]))
    assert corrector.with_capitals("timeline of the manhunt") == "timeline of the manhunt"


def test_a_place_is_nearer_than_the_stem_of_a_commoner_word(tmp_path: Path) -> None:
    """The stem of "seats" is one letter from "seatle", too."""
    text = "The seats were taken. All seats were sold. Seats are dear.\nThe march in Seattle turned violent.\n"
    with make_library(tmp_path, [make_article(text, title="March")], FakeEmbedder()) as library:
        assert SpellingCorrector(library).corrected("what went on in seatle?").text == "what went on in Seattle?"


def test_common_words_that_titles_capitalise_are_no_names(tmp_path: Path) -> None:
    text = "The Main Street was empty. On the Main Street, New Day Cafe closed; the New Day Cafe was Main.\n"
    with make_library(tmp_path, [make_article(text, title="Cafe")], FakeEmbedder()) as library:
        asked = "put the main dates in order, day by day"
        assert SpellingCorrector(library).with_capitals(asked) == asked


def test_courtesies_are_no_names(tmp_path: Path) -> None:
    """However the articles write them in forms and links."""
    text = "Write to us (Please give your name). The form says Please thrice.\n"
    corrector = SpellingCorrector(make_library(tmp_path, [make_article(text, title="Report")]))
    assert corrector.with_capitals("the report please") == "the report please"


def test_a_word_is_looked_for_as_a_whole_word(tmp_path: Path) -> None:
    """Not behind an apostrophe or inside another word; an accent at its beginning is no other letter."""
    text = "Then O'Keane met d'Orval, the Westkeane clerk, and Keane's aide. The aide of Édouard heard Orval.\n"
    with make_library(tmp_path, [make_article(text, title="Talks")], FakeEmbedder()) as library:
        corrector = SpellingCorrector(library)
        assert corrector.with_capitals("did keane meet edouard and orval") == "did Keane meet Édouard and Orval"


def test_a_common_word_that_is_half_of_a_name_gets_its_capital(tmp_path: Path) -> None:
    """Where the articles write it beside the other half; a cook stays one."""
    text = "The chief, Tim Cook, met a cook.\nA cook of Olmar won the Super Bowl with super ease, in a bowl.\n"
    text += "The paper Olmar Today said that it rains today, and that today is late.\n"
    corrector = SpellingCorrector(make_library(tmp_path, [make_article(text, title="Report")]))
    assert corrector.with_capitals("what did tim cook win") == "what did Tim Cook win"
    assert corrector.with_capitals("which olmar cook won") == "which Olmar cook won"
    assert corrector.with_capitals("who is in olmar today") == "who is in Olmar today"


def test_words_of_no_article_are_unknown(corrector: SpellingCorrector, tmp_path: Path) -> None:
    """Nothing is known of an empty library."""
    assert corrector.unknown(["zanzibar"])
    assert not corrector.unknown(["zanzibar", "niger"])
    with make_library(tmp_path / "empty", [], FakeEmbedder()) as library:
        assert not SpellingCorrector(library).unknown(["zanzibar"])
        assert SpellingCorrector(library).corrected("Who is Algreia?").replaced == ()


def test_new_articles_bring_new_words(tmp_path: Path) -> None:
    with make_library(tmp_path, [make_article("The harbour opened.", title="One")], FakeEmbedder()) as library:
        corrector = SpellingCorrector(library)
        assert corrector.corrected("Who is Khashogi?").replaced == ()
        make_library(tmp_path, [make_article("Jamal Khashoggi wrote.", title="Two")], FakeEmbedder()).close()
        assert corrector.corrected("Who is Khashogi?").text == "Who is Khashoggi?"


def test_a_name_with_one_letter_less_than_the_articles_have_it_is_written_as_there(tmp_path: Path) -> None:
    """One article has the slip itself; that is said."""
    articles = [make_article(f"On day {day}, Michelle Bachmann spoke.", title=f"Day {day}") for day in range(5)]
    slip = make_article("They saw Michelle Bachman.", title="Slip")
    with make_library(tmp_path, [*articles, slip], FakeEmbedder()) as library:
        found = SpellingCorrector(library).corrected("why did bachman leave")
    assert found.text == "why did Bachmann leave"
    assert found.remark == "Did you mean Bachmann? Only one passage has “bachman”."


def test_all_terms_are_read_only_for_a_word_that_no_article_has(tmp_path: Path) -> None:
    """What a question costs does not grow with the number of terms."""
    with make_library(tmp_path, [make_article("Niger signed a deal.", title="One")], FakeEmbedder()) as library:
        statements: list[str] = []
        with library.reading() as connection:
            connection.set_trace_callback(statements.append)
        corrector = SpellingCorrector(library)
        assert corrector.corrected("Who signed the deal with niger?").replaced == ()
        assert corrector.with_capitals("the deal with niger") == "the deal with Niger"
        assert not any("SELECT term, passages" in each for each in statements)
        assert corrector.corrected("Who signd it?").text == "Who signed it?"
        assert any("SELECT term, passages" in each for each in statements)


@given(st.text("aAbB1é’'_ .", max_size=20), st.sampled_from(["a", "b", "1", "é", ""]))
def test_the_words_that_begin_with_a_letter_are_whole_words(text: str, letter: str) -> None:
    """Those that begin with one that is not ASCII are always among them."""
    found = [each.group() for each in _words_from(letter).finditer(text)]
    begins = {letter, letter.upper(), "é"}
    assert found == [each.group() for each in re.finditer(WORD, text) if each.group()[0] in begins]
