"""What somebody said is what an article says they said, and a quotation is answered with who spoke it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answering.speech_question import asks_who_said, parse_speech_question, says_plainly
from bot.answering.speech_search import SpeechSearcher
from bot.answering.time_constraint import QuestionClock
from bot.answering.who_said import WhoSaidReader
from retrieval.articles import Filters, Hit
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.record.record import Record
from retrieval.search.query import WeightedQuery
from retrieval.store.library import Library
from tests.fakes import make_article, make_library

HARBOUR = make_article(
    "The council closed the harbour on Friday.\n"
    "“We have waited long enough,” said Ann Brook, the mayor.\n"
    "Tom Reed, a docker, warned that the harbour would never open again.\n"
    "Hiroshi Tanaka, a councillor, was worried.\n"
    "“The money will be gone by the spring,” he said.\n"
    "Dan O’Hara, a pilot, said that the tide was high.\n"
    "Chinese President Xi Jinping sent a letter. “We will wait,” Xi said.\n"
    "“Nothing is lost.”",
    title="Harbour",
    source="Coast Herald",
    published="2024-03-05",
)


class Near:
    """A reader that finds every sentence, those first that share words with the question, with one probability."""

    def __init__(self, confidence: float, answers: int) -> None:
        self.confidence, self.answers = confidence, answers

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        asked = set(question.lower().strip("?").split())
        found = sorted(
            (ScoredSentence(hit, span, self.confidence) for hit in hits for span in hit.passage.sentences),
            key=lambda each: -len(asked.intersection(each.hit.passage.text.lower().strip(".").split())),
        )
        return ReaderResult(tuple(found), self.confidence, self.confidence, self.answers)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path, [HARBOUR])


def hits(library: Library) -> list[Hit]:
    info = library.info(HARBOUR.id)
    return [Hit(passage, info, 1.0, rank) for rank, passage in enumerate(library.passages_of(HARBOUR.id), 1)]


def read(library: Library, question: str, confidence: float = 0.2, answers: int = 0) -> ReaderResult:
    clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
    reader = WhoSaidReader(Near(confidence, answers), library, QuoteDesk(library), clock)
    return reader.read(question, hits(library))


def shown(reading: ReaderResult) -> list[str]:
    return [each.span.of(HARBOUR.text) for each in reading.candidates[: reading.answers]]


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("What did Ann Brook say?", "“We have waited"),
        ("what did Brook say", "“We have waited"),
        ("What did Dan O'Hara say?", "Dan O’Hara, a pilot"),
        ("What does Tom Reed think?", "Tom Reed, a docker, warned"),
        ("What has Reed said about the harbour?", "Tom Reed, a docker, warned"),
        ("What was Tom Reed's view on the harbour?", "Tom Reed, a docker, warned"),
        ("What did Tom Reed say on Tuesday about the harbour?", "Tom Reed, a docker, warned"),
        ("What did Xi Jinping say?", "Chinese President Xi Jinping sent"),
        ("What did Tanaka say about the money?", "Hiroshi Tanaka, a councillor"),
    ],
)
def test_what_an_article_says_they_said_is_the_answer(library: Library, question: str, start: str) -> None:
    """In quotation marks or in indirect speech, whatever the verb, however unsure the reader was."""
    reading = read(library, question)
    (only,) = shown(reading)
    assert only.startswith(start)
    assert not reading.possibly


@pytest.mark.parametrize(
    "question", ["What did Ann Brook say about the money?", "What did Vladimir Petrov say about the money?"]
)
def test_the_words_of_somebody_else_are_no_answer(library: Library, question: str) -> None:
    """The nearest sentence is the councillor's, however sure the reader is."""
    reading = read(library, question, confidence=0.9, answers=1)
    assert not shown(reading) or reading.possibly
    assert reading.confidence < 0.5


@pytest.mark.parametrize(("confidence", "answers"), [(0.5, 0), (0.9, 1)])
def test_where_nothing_is_by_the_speaker_only_a_likely_sentence_may_answer(
    library: Library, confidence: float, answers: int
) -> None:
    reading = read(library, "What did Vladimir Petrov say about the council?", confidence=confidence, answers=1)
    assert reading.candidates[0].span.of(HARBOUR.text).startswith("The council closed")
    assert (reading.answers, reading.possibly) == (answers, answers > 0)


def test_a_pronoun_is_shown_with_the_name_it_stands_for(library: Library) -> None:
    (only,) = shown(read(library, "What did Hiroshi Tanaka say about the money?"))
    assert "Tanaka" in only
    assert only.endswith("he said.")


def test_another_topic_is_not_answered_by_what_they_said(library: Library) -> None:
    assert shown(read(library, "What did Ann Brook say about Mozambique?")) == []


@pytest.mark.parametrize(
    "quotation", ["“We have waited long enough”", '"we have waited long enough"', "'We have waited long enough'"]
)
def test_quoted_words_are_answered_with_who_spoke_them(library: Library, quotation: str) -> None:
    reading = read(library, f"Who said {quotation}?")
    assert shown(reading) == ["“We have waited long enough,” said Ann Brook, the mayor."]
    assert not reading.possibly


def test_words_whose_speaker_is_not_named_may_answer_at_most(library: Library) -> None:
    reading = read(library, "Who said “It is a pity that boats lie idle”?", confidence=0.9, answers=1)
    assert reading.answers == 0


def test_words_that_no_article_holds_are_not_answered(library: Library) -> None:
    reading = read(library, "Who said “The moon is made of green cheese”?", confidence=0.9, answers=1)
    assert reading.answers == 0
    assert reading.doubts[0].missing == "holds the quoted words"


def test_according_to_somebody_is_what_they_say(library: Library) -> None:
    (only,) = shown(read(library, "According to Tom Reed, what would the harbour never do?", answers=1))
    assert only.startswith("Tom Reed")


def test_according_to_somebody_without_what_is_asked_for_may_answer_at_most(library: Library) -> None:
    reading = read(library, "According to Tom Reed, how much would the harbour cost?", answers=1)
    assert shown(reading)[0].startswith("Tom Reed")
    assert reading.possibly
    assert reading.doubts[0].text == "the sentence gives no amount of money"


@pytest.mark.parametrize(
    "question",
    ["Who closed the harbour?", "What did the council close?", "What did Reed call it?", "Who directed “The Harbour”?"],
)
def test_any_other_question_is_the_readers_alone(library: Library, question: str) -> None:
    """Only what somebody said is looked for by who said it."""
    assert parse_speech_question(question) is None
    assert read(library, question, 0.9, 1) == Near(0.9, 1).read(question, hits(library))


EVERYTHING = Filters()


class Nothing:
    """A search that finds nothing."""

    def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
        return []


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("What did Tom Reed say?", "Tom Reed, a docker"),
        ("Who said “We have waited long enough”?", "We have waited"),
        ("Who closed the harbour?", ""),
    ],
)
def test_the_speakers_passages_are_searched(library: Library, question: str, held: str) -> None:
    """Beside those that share words with the question."""
    searcher = speech_searcher(library)
    assert any(held in hit.passage.text for hit in searcher.search(question)) == bool(held)
    assert searcher.search(question, Filters(sources=("Other",))) == []


def speech_searcher(library: Library) -> SpeechSearcher:
    clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
    record = Record(library)
    record.sync()
    return SpeechSearcher(Nothing(), library, QuoteDesk(library), record, clock)


FERRY = [
    make_article(
        f"Ann Brook opened the debate in {year}.\nThe hall was full.\n“The ferry will cost {fare} euros,” she said.",
        title=f"Debate {year}",
        published=f"{year}-05-03",
    )
    for fare, year in ((3, 2021), (4, 2022), (5, 2023))
]


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("What has Ann Brook said about the ferry?", ["2023", "2022", "2021"]),
        ("What has Ann Brook said about the ferry since 2022?", ["2023", "2022"]),
        ("What has Tom Reed said about the ferry?", []),
    ],
)
def test_the_speakers_statements_are_found_in_the_record(tmp_path: Path, question: str, years: list[str]) -> None:
    """Whichever words name the speaker there: the latest first, of the time asked for."""
    found = speech_searcher(make_library(tmp_path, FERRY)).search(question)
    said = [hit.article.published[:4] for hit in found if "she said" in hit.passage.text]
    assert said[: len(years)] == years


def test_a_speech_question_is_answered_from_the_record(tmp_path: Path) -> None:
    """Also where no sentence of the passage names the speaker, and no other word of it is the question's."""
    library = make_library(tmp_path, FERRY)
    searcher = speech_searcher(library)
    clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
    reader = WhoSaidReader(Near(0.2, 0), library, QuoteDesk(library), clock, Record(library))
    question = "What has Ann Brook said about the ferry since 2023?"
    reading = reader.read(question, searcher.search(question))
    first = reading.candidates[0]
    assert (reading.answers, reading.possibly) == (1, False)
    assert first.span.of(FERRY[2].text) == FERRY[2].text  # up to the sentence that names her


@pytest.mark.parametrize(("question", "day"), [("in May 2021", "2021-05-03"), ("in May 2023", "2023-05-03")])
def test_what_they_said_at_the_time_asked_for_comes_first(tmp_path: Path, question: str, day: str) -> None:
    articles = [
        make_article(
            f"“The ferry costs {fare} euros,” said Tom Reed, a docker.",
            title=f"Ferry {year}",
            published=f"{year}-05-03",
        )
        for fare, year in ((3, 2021), (4, 2022), (5, 2023))
    ]
    library = make_library(tmp_path, articles)
    found = [
        Hit(passage, library.info(article.id), 1.0, rank)
        for rank, article in enumerate(articles, 1)
        for passage in library.passages_of(article.id)
    ]
    clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
    reader = WhoSaidReader(Near(0.2, 0), library, QuoteDesk(library), clock)
    reading = reader.read(f"What did Reed say about the ferry {question}?", found)
    assert reading.candidates[0].hit.article.published == day


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who said the harbour was closed?", True),
        ("Who warned that the harbour would close?", True),
        ("Who signed the harbour bill in May?", False),
        ("Who announced the closing of the harbour?", False),
    ],
)
def test_who_said_something_is_asked_by_a_clause(question: str, asks: bool) -> None:
    """The objects of other verbs ("sign", "announce") are things, too."""
    assert asks_who_said(question) is asks


@pytest.mark.parametrize(
    ("question", "possibly"),
    [
        ("What did Orbán Viktor say about gas?", False),
        ("What did Viktor Orban say about gas?", False),
        ("What did Orbán say about Hungary?", True),
    ],
)
def test_a_speaker_is_known_in_either_order_of_names_and_without_accents(
    tmp_path: Path, question: str, possibly: bool
) -> None:
    """What they said in an article that only elsewhere has the topic may be about it."""
    text = "Viktor Orbán, the prime minister, spoke. “The gas must flow,” Orbán said."
    article = make_article(text, title="Hungary")
    library = make_library(tmp_path, [article])
    found = [Hit(each, library.info(article.id), 1.0, 1) for each in library.passages_of(article.id)]
    clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
    reading = WhoSaidReader(Near(0.2, 0), library, QuoteDesk(library), clock).read(question, found)
    assert reading.answers
    assert "The gas must flow" in reading.candidates[0].span.of(text)
    assert reading.possibly is possibly


@pytest.mark.parametrize("adverb", ["himself", "personally", "actually"])
def test_a_speaker_is_asked_for_with_an_adverb(adverb: str) -> None:
    asked = parse_speech_question(f"What has Tom Reed {adverb} said about the harbour?")
    assert asked
    assert asked.who == "Tom Reed"


def test_the_source_of_a_saying_is_not_its_topic() -> None:
    asked = parse_speech_question("What did Reed say about journalists according to Brook")
    assert asked
    assert asked.about == "journalists"


def test_what_a_speaker_says_of_something_else_may_be_shown_as_theirs(library: Library) -> None:
    """Not the nearest sentence, which is somebody else's."""
    reading = read(library, "What did Ann Brook say about vaccines?", confidence=0.5, answers=1)
    assert reading.possibly
    assert shown(reading)[0].startswith("“We have waited")
    assert reading.doubts[0].text.endswith("is theirs, but not about this")


def test_a_title_names_who_bears_it(tmp_path: Path) -> None:
    article = make_article(
        "Gov. Ada Quill Vane asked for a report on the clinic.\n"
        "“These are grave charges,” Quill Vane wrote in a letter.\n"
        "A clinic spokeswoman, Eva Holt, said that it keeps to the rules.\n",
        title="Clinic",
    )
    with make_library(tmp_path / "title", [article]) as library:
        info = library.info(article.id)
        found = [Hit(passage, info, 1.0, rank) for rank, passage in enumerate(library.passages_of(article.id), 1)]
        clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
        reader = WhoSaidReader(Near(0.4, 1), library, QuoteDesk(library), clock)
        reading = reader.read("What did the governor say about the charges?", found)
        texts = [each.span.of(article.text) for each in reading.candidates[: reading.answers]]
        assert any("grave charges" in text for text in texts)
        assert not any("Holt" in text for text in texts)


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("His friend, chief Tom Reed, who knew him for years, told the crowd of it.", True),
        ("Reed turned the plan down, saying it was late.", True),
        ("Reed's rival in the election, Dan Bell, said it was late.", False),
        ("Reed left.", False),
        ("“Towns cannot pay,” said Senator Carl Reed on Tuesday.", True),
        ("Bell told Reed that it was late.", False),
        ("Bell said Reed and the mayor represent him in the talks.", False),
        ("The plan is late, Sen. Tom Reed, D-Mich., and the chairman, said.", False),
        ("Sen. Tom Reed, D-Mich., said that the plan is late.", True),
        ("Dan Bell is not the first Reed secretary whom a comedian mocked and denounced.", False),
    ],
)
def test_a_sentence_says_plainly_who_speaks(text: str, theirs: bool) -> None:
    assert says_plainly("reed", text) is theirs


def test_a_namesake_is_somebody_else(tmp_path: Path) -> None:
    """Colin Reed is not Tom Reed, though both wrote of the harbour."""
    article = make_article(
        "Tom Reed wrote that the harbour is too small.\n"
        "In a paper, the director Colin Reed wrote that the harbour is too large.\n",
        title="Harbour papers",
    )
    with make_library(tmp_path / "namesakes", [article]) as library:
        info = library.info(article.id)
        found = [Hit(passage, info, 1.0, rank) for rank, passage in enumerate(library.passages_of(article.id), 1)]
        clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
        reading = WhoSaidReader(Near(0.4, 1), library, QuoteDesk(library), clock).read(
            "What did Tom Reed write about the harbour?", found
        )
        texts = [each.span.of(article.text) for each in reading.candidates[: reading.answers]]
    assert texts
    assert not any("Colin" in text for text in texts)


def test_what_was_announced_is_the_sentence_that_tells_of_the_act(tmp_path: Path) -> None:
    """The speaker's other words do not say it."""
    article = make_article(
        "“It is the right thing to do,” Mayor Otto Lind said.\n"
        "After a meeting with Lind, the port announced that the fees would end in May.\n",
        title="Fees",
    )
    with make_library(tmp_path / "acts", [article]) as library:
        info = library.info(article.id)
        found = [Hit(passage, info, 1.0, rank) for rank, passage in enumerate(library.passages_of(article.id), 1)]
        clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
        reading = WhoSaidReader(Near(0.4, 1), library, QuoteDesk(library), clock).read(
            "What did Otto Lind announce?", found
        )
        first = reading.candidates[0].span.of(article.text)
    assert first.startswith("After a meeting with Lind, the port announced")


COMPANIES = make_article(
    "Shops sold more in May.\n“People bought lamps,” said Cora Barr, the chief executive of Lampo.\n"
    "Dell Holm, Brevo's CEO, said that people bought chairs.\n“It will not last,” the company's CEO said.\n",
    title="Shops",
)


@pytest.mark.parametrize(
    ("who", "said"), [("Brevo's CEO", "people bought chairs"), ("the chief executive of Lampo", "bought lamps")]
)
def test_a_post_in_a_company_is_not_that_of_another(tmp_path: Path, who: str, said: str) -> None:
    """Nor one of which a sentence does not say whose it is: that is not asserted."""
    with make_library(tmp_path, [COMPANIES]) as library:
        info = library.info(COMPANIES.id)
        found = [Hit(passage, info, 1.0, rank) for rank, passage in enumerate(library.passages_of(COMPANIES.id), 1)]
        clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
        reading = WhoSaidReader(Near(0.2, 0), library, QuoteDesk(library), clock).read(f"What did {who} say?", found)
        told = [each.span.of(COMPANIES.text) for each in reading.candidates[: reading.answers]]
        assert told
        assert all(said in each for each in told)
        other = WhoSaidReader(Near(0.2, 0), library, QuoteDesk(library), clock).read("What did Vell's CEO say?", found)
        assert not other.answers or other.possibly
