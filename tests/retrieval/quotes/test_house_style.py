"""House style is not an error, another meaning always is."""

from __future__ import annotations

import pytest

from evals.quotes.store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.diff import ChangeKind
from retrieval.quotes.house_style import units
from retrieval.quotes.style import Style
from retrieval.quotes.verdict import CosmeticKind, Severity, TextVerdict, Verdict
from retrieval.text.folding import Words

FIRE = (
    "“We lost six hundred people and forty dogs in the organised labour centre last year,” said Bob Hall, “and spent "
    "$2.6million on 5% of them.” It is bad for Ohio and it is bad for the U.S. as well, Hall said. The lab said that "
    "CO₂ emissions fell.[12] Then Sen. Mark Rees said health care for the R&D staff was under way at 9 a.m. on Jan. 5."
)
COURT = (
    "The judges met. “The court didn't listen to the defense at all,” said Waheb. “He was very effective at being a "
    "conservative, and I think Trump knows it.” “Smith voted for the bill in May. It goes to the EPA next.”"
)
LEVEE = (
    "“It’s over,” said Mayor Ann Cole, who took office in May. “We lost it all in one night.”\n\n"
    "'We must leave now,' the minister said. 'There is no other way out of here.'\n\n"
    "“We will win this easily,” said Tom Hill. “We will lose this badly,” said Bob Hall.\n\n"
    "“We built the school in 1990 and it was the best thing that we ever did for the town,” she said. “It’s a zero-sum "
    "game, and we won’t leave.”\n\nA man left.\n\n“Roads are next. We promised it to all of them.”"
)


def check(text: str, quote: str) -> Verdict:
    library = TextLibrary()
    library.add([("one", "", "", "", text)])
    return QuoteDesk(library).check(quote)


@pytest.mark.parametrize(
    ("quote", "fold"),
    [
        ("We lost 600 people and 40 dogs in the organised labour centre", "numeral"),
        ("in the organized labor center last year", "variant_spelling"),
        ("600 people and 40 dogs", "numeral"),
        ("and spent 2.6 million dollars on five percent of them", "numeral"),
        ("it is bad for the US as well", "abbreviation"),
        ("The lab said that CO2 emissions fell", "symbol"),
        ("The lab said that CO₂ emissions fell. Then Sen. Mark Rees said", "footnote"),
        ("Senator Mark Rees said healthcare for the R and D staff was underway at 9am on 5 January", "word_break"),
    ],
)
def test_house_style_is_cosmetic_and_named(quote: str, fold: str) -> None:
    verdict = check(FIRE, quote)
    assert (verdict.text, verdict.severity) == (TextVerdict.COSMETIC, Severity.NONE)
    assert fold in verdict.folds


@pytest.mark.parametrize(
    "quote",
    [
        "We lost 600 people and 50 dogs in the organised labour centre",
        "We lost seven hundred people and 40 dogs in the organised labour centre",
        "and spent $2.7million on 5% of them",
        "and spent $2.6m on 5 of them",
        "it is bad for Ohio and it is bad for us as well",
        "health care for the R&D staff was under way at 9 p.m.",
    ],
)
def test_another_number_or_meaning_is_altered(quote: str) -> None:
    verdict = check(FIRE, quote)
    assert verdict.text is TextVerdict.ALTERED
    assert verdict.severity is Severity.HIGH or "us" in quote.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("five and six", "11"),
        ("5%", "5"),
        ("$5", "5"),
        ("lost 10 pounds", "lost £10"),
        ("bad for us all", "bad for US all"),
        ("grew 10² times", "grew 102 times"),
        ("I may 5", "I May 5"),
        ("Mr. Grey", "Mr. Gray"),
    ],
)
def test_what_says_something_else_is_another_unit(one: str, other: str) -> None:
    assert _keys(one) != _keys(other)


def _keys(text: str) -> list[str]:
    words = Words(text)
    return [unit.key for unit in units(words, 0, len(words)) if unit.key]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30C today", "30 degrees Celsius today"),
        ("the twenty-first century", "the 21st century"),
        ("a 20-year-old man", "a twenty-year-old man"),
        ("100 mph", "100 miles per hour"),
        ("J.K. Rowling", "JK Rowling"),
        ("WE WILL GIVE US ALL", "we will give us all"),
        ("£10m", "10 million pounds"),
    ],
)
def test_what_says_the_same_is_the_same_unit(one: str, other: str) -> None:
    assert _keys(one) == _keys(other)


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("[Pence] was very effective at being a conservative", TextVerdict.EDITED),
        ("I think [the president] knows it", TextVerdict.EDITED),
        ("Smith voted for the [health care] bill in May", TextVerdict.EDITED),
        ("It goes to [the Environmental Protection Agency] next", TextVerdict.EDITED),
        ("The court didn't listen to the [prosecution]", TextVerdict.ALTERED),
        ("The court didn't listen to the [prosecution] at all", TextVerdict.ALTERED),
        ("I think [Clinton] knows it", TextVerdict.ALTERED),
        ("Smith voted [against] the bill in May", TextVerdict.ALTERED),
        ("He was [hardly] effective at being a conservative", TextVerdict.ALTERED),
    ],
)
def test_a_bracket_shows_the_word_it_replaces_and_may_not_change_the_meaning(quote: str, verdict: TextVerdict) -> None:
    found = check(COURT, quote)
    assert found.text is verdict
    assert any(change.quoted.startswith("[") for change in found.changes)
    assert all(change.source_span.of(COURT) == change.source for change in found.changes)


def test_the_bracket_of_a_pronoun_shows_the_pronoun() -> None:
    (change,) = check(COURT, "[Pence] was very effective at being a conservative").changes
    assert (change.quoted, change.source) == ("[Pence]", "He")


@pytest.mark.parametrize(
    "quote",
    [
        "It’s over. We lost it all in one night.",
        "It's over, we lost it all in one night",
        "We must leave now. There is no other way out of here.",
    ],
)
def test_the_halves_of_an_interrupted_quotation_are_one_that_is_edited(quote: str) -> None:
    verdict = check(LEVEE, quote)
    assert verdict.text is TextVerdict.EDITED
    assert all(omission.span.of(LEVEE) == omission.text for omission in verdict.omitted)
    assert verdict.matches[0].span.of(LEVEE) == verdict.matches[0].text


@pytest.mark.parametrize(
    "quote",
    [
        "We will win this easily. We will lose this badly",
        "We promised it … the best thing that we ever did for the town",
        "Roads are next. it was the best thing that we ever did for the town",
    ],
)
def test_two_speakers_or_places_are_a_splice_however_short_one_half_is(quote: str) -> None:
    assert check(LEVEE, quote).text is TextVerdict.SPLICED


@pytest.mark.parametrize("quote", ["It was a zero-sum game", "It is a zero-sum game, and we will not leave"])
def test_another_tense_and_a_contraction_written_out_are_altered(quote: str) -> None:
    verdict = check(LEVEE, quote)
    assert (verdict.text, verdict.severity) == (TextVerdict.ALTERED, Severity.LOW)


def test_a_sentence_after_no_is_not_truncated() -> None:
    text = "Anna Berg smiled. “No. We will win this vote on Monday,” she said. It is No. 5 of all the plans."
    assert check(text, "We will win this vote on Monday").text is TextVerdict.VERBATIM


def test_what_is_not_the_houses_style_is_altered_and_not_grave() -> None:
    library = TextLibrary()
    library.add([("one", "", "", "", FIRE)])
    strict = QuoteDesk(library, {Style.VARIANT_SPELLING})
    figures = strict.check("We lost 600 people and 40 dogs in the organized labour centre")
    assert (figures.text, figures.severity) == (TextVerdict.ALTERED, Severity.LOW)
    assert {change.reason for change in figures.changes} == {ChangeKind.NUMERAL}
    assert strict.check("in the organized labor center last year").text is TextVerdict.COSMETIC


def test_a_cosmetic_quotation_says_whose_matter_it_is_and_how_the_article_has_it() -> None:
    verdict = check(FIRE, "We lost 600 people and 40 dogs")
    assert verdict.kind is CosmeticKind.STYLE
    assert [(one.quoted, one.source) for one in verdict.style] == [("600", "six hundred"), ("40", "forty")]
    assert check(FIRE, "We <b>lost</b> six hundred people").kind is CosmeticKind.TYPESETTING
    assert check(FIRE, "We lost six hundred people").kind is None


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("We will lose the bridge.", TextVerdict.ALTERED),
        ("We will lose the bridge", TextVerdict.VERBATIM),
        ("We will lose the bridge,", TextVerdict.COSMETIC),
        ("Will they ever mend the old road.", TextVerdict.COSMETIC),
        ("mend the old road.", TextVerdict.COSMETIC),
        ("You like it here, don’t you.", TextVerdict.COSMETIC),
    ],
)
def test_a_question_is_not_made_a_statement(quote: str, verdict: TextVerdict) -> None:
    """A full stop for the question mark asserts what was asked; after the word order of a question it is style."""
    text = "“We will lose the bridge?” she asked. “Will they ever mend the old road? You like it here, don’t you?”"
    found = check(text, quote)
    assert found.text is verdict
    assert (found.severity is Severity.HIGH) == (verdict is TextVerdict.ALTERED)


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("what is fair about these premiums", TextVerdict.VERBATIM),
        ("the plan is dead by now", TextVerdict.TRUNCATED),
        ("the road is open to all", TextVerdict.TRUNCATED),
    ],
)
def test_i_would_ask_limits_nothing(quote: str, verdict: TextVerdict) -> None:
    text = (
        "“I would ask what is fair about these premiums. I would not say that the plan is dead by now.” Critics may "
        "say that the road is open to all."
    )
    assert check(text, quote).text is verdict
