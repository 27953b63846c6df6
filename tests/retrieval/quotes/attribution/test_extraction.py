"""Quotations in running text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.quotes.attribution.extraction import Quotation, QuotationKind, quotations

MARKS = st.text(alphabet="\"“”„‘’'«»「」()=,.:;!?-—>\n QA aSé5語\u200b\u0301", max_size=120)


def contents(text: str) -> list[str]:
    return [quotation.content_span.of(text) for quotation in quotations(text)]


def only(text: str) -> Quotation:
    (quotation,) = quotations(text)
    return quotation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "we will go" and left.', ["we will go"]),
        ("He said “we will go” and left.", ["we will go"]),
        ('He said “we will go" and left.', ["we will go"]),
        ("``We will go,'' he said.", ["We will go,"]),
        ("« Nous partons », a dit Jean.", ["Nous partons"]),
        ("»Wir gehen«, sagte sie.", ["Wir gehen"]),
        ("„Wir gehen“, sagte sie.", ["Wir gehen"]),
        ("彼は「はい『よ』です」と言った。", ["はい『よ』です"]),
        ("‘It’s the workers’ day,’ he said.", ["It’s the workers’ day,"]),
        ("'I don't know the dogs' owner,' he said.", ["I don't know the dogs' owner,"]),
        ("Rock 'n' roll of the '90s is the dogs' favourite.", []),
        ('He is 6\'3" tall and has a 5" scar.', []),
        ('"He is 6\'3" tall," she said.', ["He is 6'3\" tall,"]),
        ('<a href="one two three">He said “we will go”</a>', ["we will go"]),
        ("“He told me ‘no’ twice,” she said.", ["He told me ‘no’ twice,"]),
        ('"The "best" plan is here," she said.', ['The "best" plan is here,']),
        ("“Great, he said. “I love it,” he said.", ["I love it,"]),
        ('A cut systems" here and "new plans for all" there, he said.', ["new plans for all"]),
        ("“” and “ ” are empty.", []),
    ],
)
def test_marks_are_paired_by_what_stands_beside_them(text: str, expected: list[str]) -> None:
    """Every pair of marks is found with its words; apostrophes, inches, attributes and stray marks are not."""
    assert contents(text) == expected


def test_each_paragraph_of_a_long_quotation_is_one_that_says_it_goes_on() -> None:
    """A quotation whose opening mark is repeated at each paragraph comes in pieces that know they continue."""
    first, second = quotations("She said: “We are here to stay.\n\n“And we will not leave,” she added.")
    assert (first.closed, first.continues) == (False, True)
    assert (second.closed, second.continues) == (True, False)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "after", ["” said Karin Holm.", "” said Karin Holm, who spoke at length.{}Nobody else in the hall said a word."]
)
def test_a_quotation_over_a_line_end_of_any_kind_is_one(line_end: str, after: str) -> None:
    text = f"“We have cut emissions by twelve{line_end}per cent since 2019,{after.format(line_end)}"
    (found,) = quotations(text)
    assert text[found.content_span.start : found.content_span.end].split()[-4:] == ["per", "cent", "since", "2019,"]


def test_items_of_a_list_stay_apart() -> None:
    assert len(quotations("“Yes” and\n“no” and\n“we do not know” and\n“who asks?” and\n")) == 4


def test_a_quotation_wrapped_to_a_column_is_one() -> None:
    """Single line ends inside wrapped text do not end a quotation."""
    text = "The mayor of the old town said on Monday night that “nobody here will\n"
    text += "be left behind in this long winter” and then she left the stage again\nto loud applause."
    assert contents(text) == ["nobody here will\nbe left behind in this long winter"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“We will win,” Smith said.", QuotationKind.DIRECT),
        ("Smith called it “a disaster”.", QuotationKind.MIXED),
        ("She starred in the film “Gone With the Wind” last year.", QuotationKind.TITLE),
        ("On CNN’s “State of the Union,” nobody spoke.", QuotationKind.TITLE),
        ("He is a so-called “expert” here.", QuotationKind.SCARE),
        ("If he said ‘no’ tomorrow, nobody cared.", QuotationKind.SCARE),
    ],
)
def test_kinds(text: str, kind: QuotationKind) -> None:
    """Speech is told from titles of works, distance and supposition."""
    assert only(text).kind is kind


def test_a_transcript_comes_as_turns_with_their_labels() -> None:
    """Labels that recur as a transcript's do make turns; the label is the speaker's hint."""
    text = "SMITH: I did not do it.\nJONES: You did.\nSMITH: I did not, I tell you."
    assert contents(text) == ["I did not do it.", "You did.", "I did not, I tell you."]
    hints = [quotation.speaker_hint for quotation in quotations(text)]
    assert [hint.of(text) for hint in hints if hint] == ["SMITH", "JONES", "SMITH"]


def test_questions_and_answers_are_a_transcript() -> None:
    """Q. and A. label turns."""
    assert contents("Q. What did you see?\nA. I saw the car.\nQ. Which?\nA. The red one.")[1] == "I saw the car."


def test_one_label_makes_no_transcript() -> None:
    """A paragraph that begins with a word and a colon is not a turn."""
    assert quotations("Note: the office is closed.\n\nMore tomorrow.") == []


def test_a_markdown_block_quotation_is_one_with_its_signature_apart() -> None:
    """A block quotation comes once, without its marks at the beginning or the name under it."""
    text = "As he put it\n\n> It was the best of times,\n> it was the worst of times.\n> — Charles Dickens\n\nThe end."
    block = only(text)
    assert block.kind is QuotationKind.BLOCK
    assert block.content_span.of(text).startswith("It was the best")
    assert block.speaker_hint is not None
    assert block.speaker_hint.of(text) == "Charles Dickens"


@given(st.one_of(st.text(max_size=200), MARKS))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_valid_ordered_spans(text: str) -> None:
    """Whatever the text, spans lie in it, in order, without overlap, around content that says something."""
    end = 0
    for quotation in quotations(text):
        assert end <= quotation.span.start
        assert quotation.span.end <= len(text)
        assert quotation.span.covers(quotation.content_span)
        assert any(character.isalnum() for character in quotation.content_span.of(text))
        assert all(quotation.span.covers(inner) for inner in quotation.inner)
        end = quotation.span.end


@pytest.mark.parametrize("piece", ['"', "“", "”", ' "a', '"a" ', "‘’", "“a” said ", "“a\n\n", "> a\n", "(", "said "])
def test_hostile_text_costs_time_in_proportion_to_its_length(piece: str) -> None:
    """Four times the marks take about four times as long, closed or not."""

    def cost(copies: int) -> float:
        begun = time.process_time()
        quotations(piece * copies)
        return time.process_time() - begun

    # The least of three: another test's garbage may be collected in one of them.
    small, large = (min(cost(copies) for _ in range(3)) for copies in (4_000, 16_000))
    assert large < 8 * small + 0.2


def test_a_million_marks_are_read() -> None:
    """A million opening marks and no closing one come back in a bounded time, with nothing found."""
    begun = time.process_time()
    assert quotations("“" * 1_000_000) == []
    assert time.process_time() - begun < 60  # measured: 6 s alone, 18 s beside other work
