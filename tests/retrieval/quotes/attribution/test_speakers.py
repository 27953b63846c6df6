"""Who said it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.articles import Span
from retrieval.quotes.attribution.extraction import quotations
from retrieval.quotes.attribution.speakers import (
    PRECISION,
    Attribution,
    SpeakerKind,
    SpeakerVerdict,
    attribute,
    reported_by,
    speaker_verdict,
)
from retrieval.text.names import agree

ROOT = Path(__file__).parents[4]


def said(text: str, words: str) -> Attribution:
    start = text.index(words)
    return attribute(text, Span(start, start + len(words)))


def surface(text: str, words: str) -> str:
    found = said(text, words).surface
    return found.of(text) if found else ""


@pytest.mark.parametrize(
    ("text", "words", "speaker", "rule"),
    [
        ("“We will win,” said Ann Smith on Monday.", "We will win", "Ann Smith", "inversion"),
        (
            "“We will win,” said John Roe, an Africa analyst at the Peace Institute.",
            "We will win",
            "John Roe",
            "inversion",
        ),
        ("“We will win,” Smith told reporters.", "We will win", "Smith", "post_verb"),
        ("“We will win,” Smith, 45, a farmer from Iowa, told reporters.", "We will win", "Smith", "post_verb"),
        (
            "Ann Smith, head of a union that represents 9,000 farmers, said it was “a plain mess”.",
            "a plain mess",
            "Ann Smith",
            "reported",
        ),
        (
            "Jo Roe told the board that Ann Smith, a farmer, said it was “a plain mess”.",
            "a plain mess",
            "Ann Smith",
            "embedded_names",
        ),
        ("“We will win!” the mayor shouted.", "We will win", "the mayor", "post_verb"),
        ("“We will win.” Smith said.", "We will win", "Smith", "post_verb"),
        ("Smith said: “We will win.”", "We will win", "Smith", "pre_verb"),
        ("Smith told reporters that the plan “would never work”.", "would never work", "Smith", "reported"),
        ("According to Ann Smith, it is “a plain mess”.", "a plain mess", "Ann Smith", "according_to"),
        ("Smith called it a “plain mess”.", "plain mess", "Smith", "reported"),
        ("“We,” she said, “never surrender.”", "never surrender", "she", "pre_verb"),
        ("The plan is “a plain mess” for the country, Smith said.", "a plain mess", "Smith", "tail"),
        ("Smith says she hopes that “all will be well”.", "all will be well", "Smith", "reported"),
        ("The report said the “risk of failure” was known.", "risk of failure", "The report", "pre_verb"),
        ("The statement read: “We regret the error.”", "We regret the error", "The statement", "pre_verb"),
        ("Trump: ‘We will win’", "We will win", "Trump", "label"),
        ("He spoke to Lee. Lee: “Was it fair?” Roe: “It was not fair.”", "It was not fair", "Roe", "label"),
        ("“We will win.” — Ann Smith", "We will win", "Ann Smith", "signature"),
        ("> “We will win.”\n> — Ann Smith", "We will win", "Ann Smith", "signature"),
        ("@jack wrote: “setting up my account now”", "setting up my account now", "@jack", "pre_verb"),
        ("Smith was quoted as saying “it is over now”.", "it is over now", "Smith", "participle"),
        ("„Wir gehen“, sagte Angela Merkel.", "Wir gehen", "Angela Merkel", "inversion"),
        ("SMITH: I did not.\nJONES: You did.\nSMITH: No.", "You did", "JONES", "turn"),
    ],
)
def test_the_speaker_is_found_by_its_rule(text: str, words: str, speaker: str, rule: str) -> None:
    """Each way of naming a speaker gives the characters that name it, and its rule with a measured precision."""
    found = said(text, words)
    assert (surface(text, words), found.rule) == (speaker, rule)
    assert found.confidence == PRECISION[rule]


def test_a_quotation_alone_takes_the_speaker_before_it() -> None:
    """The rest of a paragraph, and a paragraph that only quotes, go on with the last speaker, by full name."""
    text = "Jane Smith came.\n\n“We are done,” Smith said. “It is over.”\n\n“We never go back.”"
    assert [said(text, words).rule for words in ("It is over", "We never")] == ["continued", "floating"]
    assert said(text, "We never").name == "Jane Smith"


def test_a_colon_at_a_paragraphs_end_introduces_the_next() -> None:
    """A paragraph that ends in a colon names the speaker of the next."""
    assert surface("Ann Smith wrote to them:\n\n“We are done with all this.”", "We are done") == "Ann Smith"


def test_a_sentences_quotations_each_take_their_own_speaker() -> None:
    """Two speakers in one paragraph are kept apart."""
    text = "Hill called Jones “a liar and a thief.” Jones replied that Hill “should look in the mirror.”"
    assert surface(text, "a liar and a thief") == "Hill"
    assert surface(text, "should look") == "Jones"


def test_a_pronoun_is_resolved_when_one_person_fits() -> None:
    """She is the one woman on stage; the pronoun itself stays the surface."""
    text = "Mary Jones met Tom Hill in Ohio. “We will go,” she said."
    assert (surface(text, "We will go"), said(text, "We will go").name) == ("she", "Mary Jones")


def test_a_pronoun_that_two_fit_stays_a_pronoun() -> None:
    """With two men on stage nobody is named, and neither can be called right or wrong."""
    text = "Tom Hill met Mark Roe in Ohio. “We will go,” he said."
    found = said(text, "We will go")
    assert found.kind is SpeakerKind.PRONOUN
    assert set(found.candidates) == {"Tom Hill", "Mark Roe"}
    assert speaker_verdict("Mark Roe", found) is SpeakerVerdict.UNKNOWN
    assert speaker_verdict("Paul Berg", found) is SpeakerVerdict.OTHER


def test_a_role_stands_for_the_one_person_it_is_tied_to() -> None:
    """The president is whom the article calls so."""
    assert said("President Ann Lee arrived. “I am sorry,” the president said.", "I am sorry").name == "Ann Lee"


def test_words_outside_quotation_marks_are_the_outlets_own() -> None:
    """The article's own sentence has no speaker but the outlet."""
    found = said("Two trainers were shown on television. “Yes,” Smith said.", "Two trainers were shown")
    assert found.kind is SpeakerKind.OUTLET
    assert speaker_verdict("Smith", found) is SpeakerVerdict.OUTLET


def test_indirect_speech_has_a_speaker_when_asked_for() -> None:
    """A view that is reported, not quoted, is somebody's all the same."""
    text = "John Roe, an Africa analyst, suggested that the arrival could be seen as a move."
    found = reported_by(text, Span(40, 60))
    assert found is not None
    assert found.name == "John Roe"


def test_words_told_to_another_outlet_are_second_hand() -> None:
    """The speaker stays the speaker; the outlet is told beside."""
    text = "“We will win,” Ann Smith told The Washington Post."
    found = said(text, "We will win")
    assert found.via is not None
    assert found.via.of(text) == "The Washington Post"
    assert speaker_verdict("Ann Smith", found) is SpeakerVerdict.MATCH


def test_a_quotation_inside_a_quotation_is_second_hand() -> None:
    """What Smith quotes is not what Smith says."""
    found = said("“He told me ‘I quit today’ and left,” Smith said.", "I quit today")
    assert speaker_verdict("Smith", found) is SpeakerVerdict.SECOND_HAND


@pytest.mark.parametrize("text", ["Trump never said “lock her up” there.", "Voters would say “we told you so” then."])
def test_what_was_not_said_has_no_speaker(text: str) -> None:
    """A denied or supposed saying gives no verdict, though its surface is shown."""
    (quotation,) = quotations(text)
    found = attribute(text, quotation.content_span)
    assert found.kind is SpeakerKind.UNKNOWN
    assert found.surface is not None


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ("Jane Q. Smith", SpeakerVerdict.MATCH),
        ("Sen. Smith", SpeakerVerdict.MATCH),
        ("smith", SpeakerVerdict.MATCH),
        ("J. Smith", SpeakerVerdict.MATCH),
        ("Bob Smith", SpeakerVerdict.OTHER),
        ("Jane Jones", SpeakerVerdict.OTHER),
        (None, None),
        (" ", None),
    ],
)
def test_names_are_compared_as_people_write_them(asked: str | None, verdict: SpeakerVerdict | None) -> None:
    """Titles, initials and case aside, a surname with a different given name is somebody else."""
    text = "Jane Smith came. “We are done,” Smith said."
    assert speaker_verdict(asked, said(text, "We are done")) is verdict


def test_diacritics_and_short_forms_do_not_part_a_name() -> None:
    """Enrique Peña Nieto is Pena Nieto, and Bill is William."""
    assert speaker_verdict("Pena Nieto", said("“Sí,” said Enrique Peña Nieto.", "Sí")) is SpeakerVerdict.MATCH
    assert speaker_verdict("William Smith", said("“Yes,” said Bill Smith.", "Yes")) is SpeakerVerdict.MATCH


PIECES = st.sampled_from([*'“”"‘’:()—\n', " said ", " Smith", " she", " told", ", ", ". ", " who ", "\n\n", "no"]) | (
    st.sampled_from(
        [" Ann Lee", "’s claim", " by ", " was ", "Q. ", "A: ", "> ", " saying", " according to ", " and the "]
    )
)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=150), st.data())
@settings(max_examples=300, deadline=None)
def test_any_text_and_span_gives_valid_spans(text: str, data: st.DataObject) -> None:
    """Whatever the text and span, no exception; spans lie in the text and the confidence is a share."""
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    for asked in (span, *(quotation.span for quotation in quotations(text))):
        found = attribute(text, asked)
        assert 0 <= found.confidence <= 1
        assert found.rule in PRECISION
        for part in (found.surface, found.cue, found.via, found.sentence):
            assert part is None or part.end <= len(text)
        speaker_verdict("Ann Lee", found)
    reported_by(text, span)


def test_reading_speakers_loads_nothing_heavy() -> None:
    """The rules need no model, no store and no chain."""
    code = (
        "import sys, retrieval.quotes.attribution.speakers;"
        "sys.exit(any(m in sys.modules for m in ('torch','chromadb','langchain_core','numpy','nupunkt')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("opening", ["Since Prats took office", "Longtime Prats confidant Roger Vila wins"])
def test_the_first_word_of_a_sentence_is_no_given_name(opening: str) -> None:
    """Nobody is called Since Prats; Mayor Prats may still be the Ana Prats who is asked about."""
    text = f"{opening}, rents rise. They rose ever since.\n\n“We will build,” Mayor Prats said on Monday."
    found = attribute(text, Span(text.index("We will"), text.index(",” Mayor")))
    assert found.name == "Prats"
    assert speaker_verdict("Ana Prats", found) is SpeakerVerdict.MATCH


def test_an_office_with_a_place_in_its_name_does_not_hide_its_bearer() -> None:
    text = "“The minister knew nothing of it,” Under Secretary of State Steve Goldstein said in a statement."
    assert said(text, "The minister knew nothing").name == "Steve Goldstein"


@pytest.mark.parametrize(
    ("text", "words", "named", "name", "rule"),
    [
        ("“The case is closed,” the FBI said on Monday.", "The case is closed", "the FBI", "FBI", "post_verb"),
        ("“The case is closed,” said the FBI.", "The case is closed", "the FBI", "FBI", "inversion"),
        ("“The case is closed,” NASA told reporters.", "The case is closed", "NASA", "NASA", "post_verb"),
        ("The EPA said the water was “not safe to drink”.", "not safe to drink", "The EPA", "EPA", "reported"),
        ("According to the EPA, it is “not safe to drink”.", "not safe to drink", "the EPA", "EPA", "according_to"),
        ("The EPA, in a rare move, said: “It is not safe.”", "It is not safe", "The EPA", "EPA", "pre_verb"),
        ("EPA: “The water is not safe.”", "The water is not safe", "EPA", "EPA", "label"),
        ("“The water is not safe.” — EPA", "The water is not safe", "EPA", "EPA", "signature"),
        ("The IRS claims the form was “never sent out”.", "never sent out", "The IRS", "IRS", "reported"),
    ],
)
def test_an_acronym_is_a_speaker(text: str, words: str, named: str, name: str, rule: str) -> None:
    """An organisation named by its initials speaks as a person does."""
    found = said(text, words)
    assert (surface(text, words), found.name, found.rule, found.kind) == (named, name, rule, SpeakerKind.PERSON)
    assert speaker_verdict(f"the {name}", found) is SpeakerVerdict.MATCH
    assert speaker_verdict("Ann Smith", found) is SpeakerVerdict.OTHER


@pytest.mark.parametrize("asked", ["the FBI", "F.B.I.", "Federal Bureau of Investigation"])
def test_an_acronym_and_the_name_it_abbreviates_are_one_speaker(asked: str) -> None:
    """With or without an article and full stops; other initials are another speaker."""
    found = said("“The case is closed,” the FBI said on Monday.", "The case is closed")
    assert speaker_verdict(asked, found) is SpeakerVerdict.MATCH
    assert speaker_verdict("Environmental Protection Agency", found) is SpeakerVerdict.OTHER


@pytest.mark.parametrize("name", ["Xi Jinping", "Kim Jong-un", "Moon Jae-in", "Gao Feng"])
def test_a_family_name_that_comes_first_is_the_surname(name: str) -> None:
    """What "Xi said" is the speech of Xi Jinping; "Lin Wood" and "Kim Davis" keep theirs at the end."""
    family = name.split(maxsplit=1)[0]
    text = f"President {name} wrote to them. “We will wait and see,” {family} said."
    found = attribute(text, Span(text.index("We"), text.index(",”")))
    assert found.name == name
    assert speaker_verdict(name, found) is SpeakerVerdict.MATCH
    assert speaker_verdict("Tom Reed", found) is SpeakerVerdict.OTHER
    assert not agree(family, "Lin Wood")


def test_a_described_person_of_no_listed_name_is_who_a_pronoun_means() -> None:
    """Not the man of the paragraph before, whose given name is a common one."""
    text = "Mayor Peter Wells was glad.\n\nHiroshi Tanaka, a councillor, was worried. “It will be gone,” he said."
    found = attribute(text, Span(text.index("It will"), text.index(",” he")))
    assert speaker_verdict("Hiroshi Tanaka", found) is SpeakerVerdict.MATCH
    assert speaker_verdict("Peter Wells", found) is SpeakerVerdict.OTHER


@pytest.mark.parametrize("label", ["Source", "Update", "LOL", "Read", "#general", "https://x.example/a"])
def test_a_label_or_an_exclamation_of_an_article_calls_no_claimed_speaker_wrong(label: str) -> None:
    """An article with "Update: “…”" names nobody for the words."""
    text = f"{label}: “We are going to keep every one of the boats.”"
    found = said(text, "We are going to keep every one of the boats")
    assert found.name == ""
    assert speaker_verdict("Tom Reed", found) is SpeakerVerdict.UNKNOWN
