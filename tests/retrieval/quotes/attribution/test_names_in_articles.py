"""Whom an article names: beside titles, brackets, markup and appositions, and how that answers a claimed speaker."""

from __future__ import annotations

import pytest

from retrieval.articles import Span
from retrieval.quotes.attribution.speakers import Attribution, SpeakerKind, SpeakerVerdict, attribute, speaker_verdict

MATCH, OTHER, UNKNOWN = SpeakerVerdict.MATCH, SpeakerVerdict.OTHER, SpeakerVerdict.UNKNOWN


def said(text: str, words: str) -> Attribution:
    start = text.index(words)
    return attribute(text, Span(start, start + len(words)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“It is a war on jobs,” Sen. Joe Manchin (D) of West Virginia said.", "Joe Manchin"),
        ("Kentucky Sen. Mitch McConnell said “It is a war on jobs.”", "Mitch McConnell"),
        ("“It is a war on jobs,” said White House spokesman Eric Schultz.", "Eric Schultz"),
        ("“It is a war on jobs,” said Assistant Secretary of Defense Victorino Mercado.", "Victorino Mercado"),
        ("“It is a war on jobs,” EPA Administrator Gina McCarthy said.", "Gina McCarthy"),
        ("“It is a war on jobs,” Tulsa police Chief Chuck Jordan said.", "Chuck Jordan"),
        ("“It is a war on jobs,” James Carville, a strategist who advised Bill Clinton, said.", "James Carville"),
        ("“It is a war on jobs,” Trump, 70, told reporters.", "Trump"),
        ("“It is a war on jobs,” Pence himself insisted.", "Pence"),
        ("Another critic, Laurence Tribe, said it was “a war on jobs”.", "Laurence Tribe"),
        ("Mayor **Hilda Carter** said: “It is a war on jobs.”", "Hilda Carter"),
        ("Mayor [Hilda Carter](https://a.example/b_c) said: “It is a war on jobs.”", "Hilda Carter"),
        ("_Hilda Carter_ said: **“It is a war on jobs.”**", "Hilda Carter"),
        ("“It is a war on jobs,” said Sanders' state director Dulce Saenz.", "Dulce Saenz"),
        ("“It is a war on jobs,” said April Ryan of American Urban Radio.", "April Ryan"),
        ("“It is a war on jobs,” the National Union of Teachers (NUT) said.", "National Union of Teachers"),
        ("“It is a war on jobs,” USA Today said.", "USA Today"),
        ("According to USA Today, it is “a war on jobs and on us”.", "USA Today"),
        ("“It is a war on jobs,” said Comey’s attorney, David Kelley. They left.", "David Kelley"),
        ("&quot;It is a war on jobs,&quot; said Mark Rees.", "Mark Rees"),
        ("‘It is a war on jobs,’ said headteacher Ann Hall.", "Ann Hall"),
    ],
)
def test_the_name_is_read_out_of_what_surrounds_it(text: str, name: str) -> None:
    words = "a war on jobs"
    found = said(text, words)
    assert found.name == name
    assert speaker_verdict(name, found) is MATCH
    assert speaker_verdict("Oluwaseun Adebayo", found) in {OTHER, SpeakerVerdict.SECOND_HAND}  # an outlet's words


def test_markup_moves_no_character() -> None:
    text = "Mayor **Hilda Carter** said: “It is a war on jobs.”"
    found = said(text, "It is a war")
    assert found.surface is not None
    assert found.surface.of(text) == "Mayor **Hilda Carter"


def test_a_spokeswoman_is_not_her_principal() -> None:
    found = said("“He is very well,” a spokeswoman for Mr. Obama said.", "He is very")
    assert speaker_verdict("Obama", found) is OTHER
    assert speaker_verdict("Obama's spokeswoman", found) is MATCH
    assert speaker_verdict("a spokeswoman", found) is MATCH
    assert speaker_verdict("Ann Lee", found) is UNKNOWN


def test_a_title_is_a_match_where_the_article_says_who_holds_it() -> None:
    """Another title may be the same person's: the article does not say that it is not."""
    text = "Tulsa police Chief Chuck Jordan came. “We will achieve justice,” Jordan said."
    found = said(text, "We will")
    assert speaker_verdict("the police chief", found) is MATCH
    assert speaker_verdict("the mayor", found) is UNKNOWN


def test_another_paper_s_editor_is_not_the_editor_named() -> None:
    text = "National Review editor Rich Lowry bought an ad.\n\n“We do not want it,” the paper’s editor said."
    found = said(text, "We do not")
    assert found.name == "the paper’s editor"
    assert speaker_verdict("Ann Lee", found) is UNKNOWN


def test_a_group_s_member_is_not_called_wrong_for_the_group() -> None:
    found = said("“It is closed,” FBI Director James Comey said.", "It is closed")
    assert speaker_verdict("the FBI", found) is UNKNOWN
    assert speaker_verdict("the CIA", found) is OTHER


@pytest.mark.parametrize("asked", ["Mohammed Abdel Wahab", "Mohamed Waheb", "Waheb", "Mohamed"])
def test_another_spelling_of_a_name_is_nobody_else(asked: str) -> None:
    found = said("“The state does not respect the law,” Mohamed Abdel Waheb said.", "The state")
    assert speaker_verdict(asked, found) in {MATCH, UNKNOWN}


@pytest.mark.parametrize(
    "text",
    [
        "Cruz blasted Rubio. “He has no idea what he is doing at all.”",
        "The law was old. This acknowledgement came late. “He has no idea what he is doing at all.”",
        "Smith said that Jones had once described the deal as “one that has no idea what he is doing”.",
        "“Yes,” Smith said, but Jones was gone, and as he went on about “one who has no idea”, she left.",
        "Smith noted Trump’s claim that he “has no idea what he is doing at all”.",
    ],
)
def test_what_is_not_an_explicit_attribution_contradicts_nobody(text: str) -> None:
    """No verb of saying beside the words, or two of them: the article does not plainly name somebody else."""
    assert speaker_verdict("Oluwaseun Adebayo", said(text, "has no idea")) is UNKNOWN


def test_who_is_added_to_a_claimed_name_does_not_change_it() -> None:
    found = said("“It is a war on jobs,” EPA Administrator Gina McCarthy said.", "It is a war")
    for asked in ("Gina McCarthy, head of the EPA", "Gina McCarthy (EPA)", "Gina McCarthy of the EPA"):
        assert speaker_verdict(asked, found) is MATCH


def test_a_verb_before_the_name_of_a_label_is_no_part_of_it() -> None:
    found = said("They heard Tom Anderson.\n\nAdded Anderson: “It is a war on jobs.”", "It is a war")
    assert found.name == "Tom Anderson"


def test_a_group_in_a_persons_title_is_not_called_wrong_for_them() -> None:
    found = said("“It is a war on jobs,” said Ngozi Okonjo-Iweala, director-general of the WTO.", "It is a war")
    assert speaker_verdict("the WTO", found) is UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "One recent evening the crowd was calm. “It is a war on jobs.”",
        "Included in the bill is a clause that it is “a war on jobs and on us” (Section 2).",
        "“It is a war on jobs” [Applause].",
        "Make no mistake: “It is a war on jobs.”",
        "Minister Quits Over Deal\n\n“It is a war on jobs.”",
    ],
)
def test_a_fragment_is_nobody(text: str) -> None:
    """A bracket, a verb and the opening of a sentence speak as little as a headline does."""
    found = said(text, "a war on jobs")
    assert (found.name, found.kind) == ("", SpeakerKind.UNKNOWN)
    assert speaker_verdict("Oluwaseun Adebayo", found) is UNKNOWN


def test_neither_of_two_who_said_it_together_is_wrong() -> None:
    found = said("“It is a war on jobs,” said Ann Lee and Tom Reed in a joint letter.", "It is a war")
    assert found.candidates == ("Ann Lee", "Tom Reed")
    assert UNKNOWN is speaker_verdict("Ann Lee", found) is speaker_verdict("Tom Reed", found)
    assert speaker_verdict("Jim Poe", found) is OTHER


@pytest.mark.parametrize(
    ("before", "description", "name"),
    [
        ("Sen. Bernie Sanders of Vermont met Sen. Ted Cruz of Texas.", "the Vermont senator", "Bernie Sanders"),
        ("Police Chief Chuck Jordan met the police.", "the police chief", "Chuck Jordan"),
        ("The minister, Ann Lee, met Tom Reed.", "the minister", "Ann Lee"),
        ("Sen. Ann Lee met Sen. Tom Reed.", "the senator", "the senator"),
    ],
)
def test_a_title_is_whose_it_is_in_the_article(before: str, description: str, name: str) -> None:
    assert said(f"{before} “It is a war on jobs,” {description} said.", "It is a war").name == name
