"""Rules around the reader's probabilities: they cap, they put another sentence first, and say why in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.answering.constraints import ConstrainedReader
from bot.answering.question import parse_question
from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answering.sides import owner_doubts
from retrieval.articles import Hit
from tests.bot.answering.test_reader import make_hit
from tests.fakes import make_article, make_library


@dataclass
class RankedReader:
    """Scores the sentences of all hits in their order, .8, .6, .45, …; the first ``answers`` answer."""

    answers: int = 1
    possibly: bool = False

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        sentences = [(hit, span) for hit in hits for span in hit.passage.sentences]
        candidates = tuple(ScoredSentence(hit, span, 0.8 * 0.75**rank) for rank, (hit, span) in enumerate(sentences))
        return ReaderResult(candidates, 0.8, 0.9, self.answers, possibly=self.possibly)


def read(question: str, *hits: Hit, **options: object) -> tuple[ReaderResult, list[str]]:
    """Return the reading, and the text of each candidate."""
    reading = ConstrainedReader(RankedReader(**options)).read(question, hits)  # type: ignore[arg-type]
    texts = []
    for each in reading.candidates:
        start = each.hit.passage.span.start
        texts.append(each.hit.passage.text[each.span.start - start : each.span.end - start])
    return reading, texts


def test_an_answer_without_the_kind_that_is_asked_for_is_possible_at_most() -> None:
    reading, _ = read("When was the agreement signed?", make_hit("General Langley signed the agreement."))
    assert (reading.answers, reading.possibly) == (1, True)
    assert reading.doubts[0].text == "the sentence gives no date or time"


def test_a_likely_sentence_that_gives_it_comes_first() -> None:
    reading, texts = read(
        "When was the agreement signed?",
        make_hit("General Langley signed the agreement.", "Rain fell.", "Langley signed in late January."),
    )
    assert texts[0] == "Langley signed in late January."
    assert not reading.possibly
    assert reading.confidence <= 0.8


def test_an_unlikely_one_does_not() -> None:
    """The kind alone answers nothing."""
    others = [f"Part {number} of the text says nothing of use." for number in "abcd"]
    reading, texts = read(
        "When was the agreement signed?", make_hit("Langley signed the agreement.", *others, "It rained in May.")
    )
    assert texts[0] == "Langley signed the agreement."
    assert reading.possibly


def test_the_side_that_is_asked_for_comes_first() -> None:
    _, texts = read(
        "Who voted against the delay?",
        make_hit(
            "Councillors Dana Whitlock, Tom Baird and Ray Singh voted for the delay.",
            "Councillor Mia Toft did not vote, and councillor Olaf Berg voted against it.",
        ),
    )
    assert "Olaf Berg" in texts[0]


def test_what_restates_the_question_is_followed_by_what_it_announces() -> None:
    reading, texts = read(
        "Which country is the happiest?", make_hit("The following are the happiest countries:", "Finland", "Denmark")
    )
    assert texts[0] == "The following are the happiest countries: Finland Denmark"
    assert not reading.possibly


def test_the_neighbour_that_gives_the_number_is_cited_with_the_sentence() -> None:
    reading, texts = read(
        "By how much did opioid deaths fall in Colorado?",
        make_hit("Opioid deaths in Colorado fell after legalization.", "The decline was 6.5 percent."),
    )
    assert texts[0].endswith("The decline was 6.5 percent.")
    assert not reading.possibly


def test_what_was_introduced_before_with_its_date_is_cited_with_it() -> None:
    """The agreement of the second sentence is that of the first."""
    first, second = "In late January, Algeria formalized a partnership.", "The agreement was signed by General Langley."
    hit = make_hit(first, second)
    inner = RankedReader().read("", [hit])
    swapped = replace(inner, candidates=inner.candidates[::-1])

    class Reading:
        def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
            return swapped

    reading = ConstrainedReader(Reading()).read("When was the agreement signed?", [hit])
    assert reading.candidates[0].span.of(hit.passage.text) == f"{first} {second}"
    assert not reading.possibly


def test_a_question_is_no_answer() -> None:
    reading, _ = read("What did the mayor want?", make_hit("What did the mayor want?"))
    assert reading.possibly


def test_an_abstention_stays_one_and_says_what_was_missing() -> None:
    reading, _ = read("How many dockers struck?", make_hit("The dockers of Vell struck."), answers=0)
    assert reading.answers == 0
    assert reading.doubts[0].missing == "gives a number of dockers"


def test_what_the_inner_reader_is_sure_of_is_kept() -> None:
    """Where no other sentence comes first; it may be less than the sentence's own probability."""
    hit = make_hit("Ada Quill cut the ribbon.")
    inner = replace(RankedReader(0).read("", [hit]), confidence=0.1)

    class Reading:
        def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
            return inner

    assert ConstrainedReader(Reading()).read("Who cut the ribbon?", [hit]).confidence == 0.1


def test_a_word_of_the_question_that_is_missing_is_named() -> None:
    """The name before other words."""
    reading, _ = read("What did Ada Quill open in Vell?", make_hit("The council opened the bridge."), possibly=True)
    assert reading.doubts[0].text == "the sentence does not mention “Ada Quill”"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did he apologise for the joke?", "He apologized for the joke."),
        ("List everybody who defended her.", "The guild defended her."),
        ("What share of the dockers got paid?", "A third of the dockers got paid."),
    ],
)
def test_another_form_of_a_word_or_one_that_no_answer_repeats_is_not_missing(question: str, sentence: str) -> None:
    reading, _ = read(question, make_hit(sentence), possibly=True)
    assert not any("mention" in each.text for each in reading.doubts)


def test_a_word_elsewhere_in_the_article_is_not_missing() -> None:
    hit = make_hit("A new building stands in Vell.", "The council paid nine million for it.")
    reading, _ = read("Who paid for the building?", hit, possibly=True)
    assert not any("building" in each.text for each in reading.doubts)


def test_a_name_elsewhere_in_the_article_is_not_missing(tmp_path: Path) -> None:
    article = make_article(
        "The council opened the bridge.\n\nVell had waited.\n\nAda Quill cut the ribbon.", title="Bridge"
    )
    library = make_library(tmp_path, [article])
    (hit, *_) = (Hit(each, library.info(article.id), 1.0, 1) for each in library.passages_of(article.id))
    sentence = replace(hit, passage=replace(hit.passage, sentences=hit.passage.sentences[:1]))
    reader = ConstrainedReader(RankedReader(possibly=True), library)
    assert reader.read("What did Ada Quill open in Vell?", [sentence]).doubts == ()
    (doubt,) = reader.read("What did Ada Brook open in Vell?", [sentence]).doubts
    assert doubt.text == "the sentence does not mention “Brook”"


def test_an_articles_title_outlet_author_and_day_are_words_that_it_has(tmp_path: Path) -> None:
    article = make_article("The council opened the bridge.", title="Bridge", source="Coast Herald", author="Ana Prats")
    library = make_library(tmp_path, [article])
    hit = Hit(library.passages_of(article.id)[0], library.info(article.id), 1.0, 1)
    reader = ConstrainedReader(RankedReader(possibly=True), library)
    for question in ("What did the council of Prats open?", "What did the council open in the Coast Herald?"):
        assert not any("mention" in each.text for each in reader.read(question, [hit]).doubts)
    (doubt,) = reader.read("What did the council open in the Gazette?", [hit]).doubts
    assert "Gazette" in doubt.text


@pytest.mark.parametrize(
    "question",
    [
        "What role did the council play at the bridge?",
        "What did the council want from the bridge?",
        "What did the council get for the bridge?",
    ],
)
def test_what_only_says_what_is_asked_is_not_missing(question: str) -> None:
    reading, _ = read(question, make_hit("The council is to open the bridge."), possibly=True)
    assert not any("mention" in each.text for each in reading.doubts)


def test_no_two_excerpts_repeat_each_other() -> None:
    """The sentence that says who stands before the one that needs it, once."""
    hit = make_hit("He commanded it.", "Mark Giuliano spoke.", "He commanded the rescue.")
    _, texts = read("What did he command?", hit)
    assert sum("Mark Giuliano spoke." in text for text in texts) == 1


def dated(hit: Hit, published: str) -> Hit:
    return replace(hit, article=replace(hit.article, published=published))


def test_articles_that_give_different_numbers_are_both_shown_with_their_dates() -> None:
    reading, texts = read(
        "How many defendants were sentenced in Minya?",
        dated(make_hit("In Minya 529 defendants were sentenced."), "2014-03-24T10:00:00"),
        dated(make_hit("In Minya 683 defendants were sentenced.", article="f" * 16), ""),
    )
    assert reading.answers == 2
    assert ["529" in texts[0], "683" in texts[1]] == [True, True]
    assert reading.remarks == (
        "Articles give different numbers: “529 defendants” (2014-03-24), “683 defendants” (undated).",
    )


def test_each_of_several_numbers_is_shown_and_the_newest_first_for_now() -> None:
    hits = [
        dated(make_hit("The flood killed at least 12 people."), "2024-03-05"),
        dated(make_hit("The flood killed 30 people.", article="e" * 16), "2024-03-07"),
        dated(make_hit("The flood killed 41 people.", article="f" * 16), "2024-03-09"),
    ]
    reading, _ = read("How many people did the flood kill?", *hits)
    assert reading.answers == 3
    (remark,) = reading.remarks
    assert remark == (
        "Articles give different numbers: “at least 12 people” (2024-03-05), “30 people” (2024-03-07), "
        "“41 people” (2024-03-09)."
    )
    reading, texts = read("How many people has the flood killed so far?", *hits)
    assert "41" in texts[0]


def test_a_part_of_the_counted_diverges_from_nothing() -> None:
    reading, _ = read(
        "How many people did the flood kill?",
        make_hit("The flood killed 30 people."),
        make_hit("The flood killed 12 children.", article="f" * 16),
    )
    assert reading.remarks == ()


@pytest.mark.parametrize(
    "other",
    [
        "In Minya 529 defendants were sentenced, the judge said.",
        "In Minya about 530 defendants were sentenced.",
        "In Minya the defendants were sentenced in 2 hearings.",
        "In Cairo 12 people were freed.",
    ],
)
def test_articles_that_agree_or_tell_of_something_else_are_not_set_against_each_other(other: str) -> None:
    reading, _ = read(
        "How many defendants were sentenced in Minya?",
        make_hit("In Minya 529 defendants were sentenced."),
        make_hit(other, article="f" * 16),
    )
    assert reading.remarks == ()
    assert reading.answers == 1


@pytest.mark.parametrize("question", ["Who is Ada Quill?", "What did Ada Quill say about the bridge?"])
def test_questions_with_rules_of_their_own_are_left_to_them(question: str) -> None:
    """Neither a name beside hers nor her denial is missing."""
    reading, _ = read(question, make_hit("“The bridge was not closed,” said Ada Quill."))
    assert not reading.possibly


def test_the_asked_side_comes_first_however_unlikely_the_reader_found_it() -> None:
    """The words decide the side; the reader was right about the event."""
    others = ["The harbour employs 240 people.", "The council met.", "Rain fell."]
    hit = make_hit("Tom Baird voted for the delay.", *others, "Olaf Berg voted against it.")
    reading, texts = read("Who voted against the delay?", hit)
    assert texts[0] == "Olaf Berg voted against it."
    assert not reading.possibly


def test_what_was_expected_yields_to_what_was() -> None:
    reading, texts = read(
        "How many people were enrolled in the plan?",
        make_hit(
            "Ten million people are expected to enroll in the plan.", "Officials said 7.3 million people were enrolled."
        ),
    )
    assert texts[0] == "Officials said 7.3 million people were enrolled."
    assert (reading.answers, reading.possibly) == (1, False)


def test_what_only_was_expected_stays_an_answer() -> None:
    reading, texts = read(
        "How many people were enrolled in the plan?", make_hit("Ten million people are expected to enroll in the plan.")
    )
    assert texts[0].startswith("Ten million")
    assert not reading.possibly


def test_a_part_yields_to_the_number_of_the_headline() -> None:
    hit = make_hit("Eight troops hurt in the strike came home on Friday.", "They are among 34 troops who were hurt.")
    headed = replace(hit, article=replace(hit.article, title="Navy says 34 troops were hurt"))
    _, texts = read("How many troops were hurt in the strike?", headed)
    assert texts[0].endswith("They are among 34 troops who were hurt.")
    _, texts = read("How many troops were hurt in the strike?", hit)
    assert texts[0] == "Eight troops hurt in the strike came home on Friday."


def test_who_asks_who_did_it_yields_to_who_says_so() -> None:
    _, texts = read(
        "Who ordered the killing of Mara Venn?",
        make_hit(
            "He asked for an assessment of who ordered the killing of Mara Venn.", "Tom Reed ordered the killing."
        ),
    )
    assert texts[0] == "Tom Reed ordered the killing."


def test_the_verb_of_the_question_decides_between_sentences_of_one_event() -> None:
    _, texts = read(
        "Who announced the closure of the port?",
        make_hit(
            "The closure of the port depends on Tom Reed.", "Mara Venn announced that the port would be in closure."
        ),
    )
    assert texts[0].startswith("Mara Venn announced")


def test_who_took_the_place_comes_before_what_tells_of_no_successor() -> None:
    others = ["Mayor Ada Quill was charged in court."] * 2
    reading, texts = read(
        "Who replaced Ada Quill?", make_hit(*others, "Ada Quill left in a hurry.", "Bernard Young took her place.")
    )
    assert texts[0] == "Bernard Young took her place."
    assert not reading.possibly


def test_somebody_elses_successor_is_none() -> None:
    reading, _ = read(
        "Who named Ada Quill's successor?",
        make_hit("Ada Quill left after General John Reed.", "On Friday the governor named his successor."),
    )
    assert not reading.possibly
    hits = make_hit("Ada Quill left a week after General John Reed.", "On Friday Tom Venn named his successor.")
    second = replace(hits, passage=replace(hits.passage, sentences=(*hits.passage.sentences[1:],)))
    assert read("Who named Ada Quill's successor?", second)[0].possibly is False  # nobody else is named before
    doubts = owner_doubts(
        parse_question("Who named Ada Quill's successor?"),
        "On Friday Tom Venn named his successor.",
        "Ada Quill left a week after General John Reed.",
    )
    assert [each.text for each in doubts] == ["the sentence says “his successor” after naming John Reed"]


def test_a_further_sentence_has_to_give_something_else() -> None:
    again = make_hit("Five people died at the port.", "The five people died of smoke.")
    assert read("How many people died at the port?", again, answers=2)[0].answers == 1
    other = make_hit("Five people died at the port.", "Later six people were said to have died.")
    assert read("How many people died at the port?", other, answers=2)[0].answers == 2


def test_another_article_answers_no_question_of_one_word() -> None:
    hits = (make_hit("The judge is Ada Quill."), make_hit("Judge Tom Reed spoke.", article="fedcba9876543210"))
    reading, texts = read("Who is the judge?", *hits, answers=2)
    assert (reading.answers, texts[0]) == (1, "The judge is Ada Quill.")


def test_what_a_question_asks_by_its_kind_is_named_by_the_next_sentence() -> None:
    _, texts = read(
        "Which union endorsed Quill?",
        make_hit("A union endorsed Quill on Friday.", "The Dockers United praised her record."),
    )
    assert texts[0] == "A union endorsed Quill on Friday. The Dockers United praised her record."


def test_the_day_of_a_relative_time_is_given() -> None:
    hit = make_hit("Ada Quill died on Friday.")
    dated = replace(hit, article=replace(hit.article, published="2019-08-25"))
    assert read("When did Ada Quill die?", dated)[0].remarks == ("By the article's date, “Friday” is 2019-08-23.",)
    assert read("When did Ada Quill die?", hit)[0].remarks == ()
    assert read("Who is mourned after Quill died?", dated)[0].remarks == ()


def test_the_year_of_another_event_is_named() -> None:
    hit = make_hit("In 1999, a tornado killed 36 people.")
    dated = replace(hit, article=replace(hit.article, published="2013-05-21"))
    assert read("How many people died in the tornado?", dated)[0].remarks == (
        "It tells of 1999; its article is of 2013-05-21.",
    )
    assert read("How many people died in the 1999 tornado?", dated)[0].remarks == ()


def test_a_sentence_that_announces_a_reason_comes_before_one_that_does_not() -> None:
    event, reason = (
        "The guards seized the ship after a chase.",
        "The ship was taken to a port because it broke the rules.",
    )
    _, texts = read("Why was the ship seized?", make_hit(event, "Nobody was hurt.", reason))
    assert texts[0] == reason
    _, texts = read("Why was the ship seized?", make_hit(event), make_hit(reason, article="f" * 16))
    assert texts[0] == event
    named, other = "Ada Quill left the port after a scandal.", "Tom Reed left the board because it was late."
    _, texts = read("Why did Ada Quill leave the port?", make_hit(named, other))
    assert texts[0] == named
