"""The articles in hand answer first; others may where these do not say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answers import QuestionKind
from bot.app import EVERYTHING, App
from bot.composition.conversation_scope import ELSEWHERE, SCOPE_REMARK
from bot.composition.leading_article import LeadingArticle
from bot.composition.likely_sentences import METHOD as LIKELY
from bot.composition.likely_sentences import LikelySentences
from bot.composition.scope.continuation import Continuation
from bot.composition.scope.speaker_doubt import UNSAID
from bot.conversation.session import ConversationSession
from bot.settings import Settings
from retrieval.articles import Article, Filters, Hit
from retrieval.search.query import WeightedQuery
from retrieval.store.library import Library
from tests.bot.fakes_bot import HARBOUR, ORCHARD, WordSearcher, make_app, make_parts
from tests.fakes import make_article


@pytest.fixture
def app(tmp_path: Path) -> App:
    return make_app(tmp_path)


def test_its_articles_answer_first(app: App) -> None:
    """And it is said that they were asked."""
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    answer = app.ask("How do wages rise by percent?", history=talk.history)
    assert {citation.article.id for citation in answer.citations} == {HARBOUR.id}
    assert SCOPE_REMARK in answer.remarks


def test_another_article_may_answer_at_most(app: App) -> None:
    """It is not asserted, and the doubt says why."""
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    answer = app.ask("What did the late frost destroy of the cherry harvest?", history=talk.history)
    assert {citation.article.id for citation in answer.citations} == {ORCHARD.id}
    assert (answer.possibly, answer.doubts[0]) == (True, ELSEWHERE)


LEVEE = make_article(
    "The levee bill\nThe levee bill was sponsored by Senator Ada Gill of Olmar.\n"
    'Senator Carl Moss said the levee bill asks too much of towns.\n"Towns cannot pay," said Moss on Tuesday.\n',
    title="The levee bill",
)
TICKETS = make_article(
    'Tram tickets\nActor Max Moss said the trams are late.\n"Nobody can pay for a ticket," said Moss.\n'
    'Painter Ines Gill said the trams are too loud.\n"I walk to work," said Gill.\n',
    title="Tram tickets",
)


@pytest.mark.parametrize("question", ["What did Moss say about it?", "What did Moss say?", "no, I meant Moss"])
def test_a_name_is_that_of_the_last_answers_article(question: str, tmp_path: Path) -> None:
    """Another article has another person of the name."""
    app = make_app(tmp_path, [TICKETS, LEVEE])
    talk = ConversationSession()
    first = "What did Ada Gill say?" if "meant" in question else "Who sponsored the levee bill?"
    talk.keep(app.ask("Who sponsored the levee bill?"))
    talk.keep(app.ask(first, history=talk.history))
    said = app.ask(question, history=talk.history)
    assert {each.article.id for each in said.citations} == {LEVEE.id}


def test_a_correction_of_a_fact_is_asked_of_all_articles(tmp_path: Path) -> None:
    """It is about somebody else."""
    app = make_app(tmp_path, [TICKETS, LEVEE])
    talk = ConversationSession()
    talk.keep(app.ask("Who sponsored the levee bill of Olmar?"))
    meant = app.ask("no, I meant the tram tickets of Max Moss", history=talk.history)
    assert SCOPE_REMARK not in meant.remarks


def test_what_somebody_of_the_article_did_not_say_there_is_not_taken_from_a_namesake(tmp_path: Path) -> None:
    """Their words about another matter are no answer, either."""
    app = make_app(tmp_path, [TICKETS, LEVEE])
    talk = ConversationSession()
    talk.keep(app.ask("Who sponsored the levee bill?"))
    said = app.ask("What did Gill say?", history=talk.history)
    assert TICKETS.id not in {each.article.id for each in said.citations}
    assert said.message or UNSAID in said.doubts


def test_what_somebody_did_somewhere_is_told_where_no_sentence_says_it(tmp_path: Path) -> None:
    """As an overview, which says how the question was read."""
    dinner = make_article(
        "The dinner\nThe press dinner at Olmar ended in laughter.\nComedian Ann Brook mocked the mayor there.\n",
        title="The dinner",
    )
    app = make_app(tmp_path, [HARBOUR, dinner])
    told = app.ask("What did Brook do at the dinner?")
    assert told.kind is QuestionKind.OVERVIEW
    assert {each.article.id for each in told.citations} == {dinner.id}
    assert told.remarks == ("Read as “tell me about Brook at the dinner”.",)


SINGER = make_article(
    "The singer\nThe singer Ada Vell died on Monday.\nVell was born in Olmar and drove a tram.\n"
    "Vell recorded her first song in 1974.\nHer manager, Ole Brandt, called Vell fearless.\n",
    title="The singer", published="2020-02-03",
)  # fmt: skip
PROFILES = make_article(
    "Short profiles\nA short profile of a candidate has forty words.\nThe career of each candidate comes first.\n"
    "In 2019 the profiles went to print late.\n",
    title="Short profiles", published="2019-11-02",
)  # fmt: skip


@pytest.mark.parametrize(("probability", "told"), [(0.95, SINGER), (0.4, SINGER), (0.1, PROFILES)])
def test_what_goes_on_with_the_last_answer_is_told_by_its_articles(
    probability: float, told: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However well its words fit those of another that does not lead it; what turns to another topic is not."""
    monkeypatch.setattr(Continuation, "probability", lambda *_: probability)
    app = make_app(tmp_path, [PROFILES, SINGER])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    answer = app.ask("tell me about the first profile", history=talk.history)
    assert {each.article.id for each in answer.citations} == {told.id}


def test_what_they_do_not_say_stays_unanswered_with_what_comes_nearest(tmp_path: Path) -> None:
    app = make_app(tmp_path, [HARBOUR, SINGER])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    answer = app.ask("did she print anything?", history=talk.history)
    assert not answer.citations
    assert {each.article.id for each in answer.nearest} == {SINGER.id}


def test_what_names_nothing_goes_on_with_the_likelier_articles_of_the_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of an earlier answer, too."""
    monkeypatch.setattr(Continuation, "probability", lambda _self, _asked, ids: 0.9 if SINGER.id in ids else 0.1)
    app = make_app(tmp_path, [PROFILES, SINGER, HARBOUR])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    talk.keep(app.ask("Summarise the harbour strike article", history=talk.history))
    answer = app.ask("tell me about the first profile", history=talk.history)
    assert {each.article.id for each in answer.citations} == {SINGER.id}


@pytest.mark.parametrize(("confidence", "shown"), [(0.9, True), (0.3, False)])
def test_a_fact_that_is_not_answered_is_looked_for_in_the_articles_in_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, confidence: float, shown: bool
) -> None:
    """From end to end: what is likely enough may answer, anything else is the nearest."""
    monkeypatch.setattr(Continuation, "probability", lambda *_: 0.9)
    app = make_app(tmp_path, [PROFILES, SINGER])
    talk = ConversationSession()
    talk.keep(told := app.ask("Tell me about the singer Ada Vell"))
    likely = replace(told, kind=QuestionKind.FACT, possibly=True, confidence=confidence, method=LIKELY)
    monkeypatch.setattr(LikelySentences, "compose", lambda *_: likely)
    answer = app.ask("how many bakers sleep?", history=talk.history)
    assert answer.possibly is shown
    assert {each.article.id for each in (answer.citations if shown else answer.nearest)} == {SINGER.id}
    assert bool(answer.message) is not shown
    assert answer.searched.filters == Filters()


def test_a_correction_without_a_name_goes_on_with_the_articles_in_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Continuation, "probability", lambda *_: 0.9)
    app = make_app(tmp_path, [PROFILES, SINGER])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    answer = app.ask("sorry, I meant what happened with the first profile", history=talk.history)
    assert answer.kind is QuestionKind.CORRECTION
    assert {each.article.id for each in answer.citations} == {SINGER.id}


def test_a_question_with_an_open_pronoun_likely_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its words."""
    monkeypatch.setattr(Continuation, "probability", lambda *_: 0.1)
    app = make_app(tmp_path, [PROFILES, SINGER])
    talk = ConversationSession()
    talk.keep(told := app.ask("Tell me about the singer Ada Vell"))
    likely = replace(told, kind=QuestionKind.FACT, possibly=True, confidence=0.9, method=LIKELY)
    monkeypatch.setattr(LikelySentences, "compose", lambda *_: likely)
    assert app.ask("how many bakers heard them?", history=talk.history).possibly
    assert not app.ask("how many bakers sleep?", history=talk.history).possibly


PILLARS = make_article(
    "The pact\nThe pact of Tarn stands on three pillars:\n- trade in grain with Olmar\n- schools for the valley\n"
    "- a shared police of both towns\nIt was signed on Monday.\n",
    title="The pact", published="2020-02-09",
)  # fmt: skip


def test_what_other_articles_list_is_not_sought_in_those_that_lack_its_words(tmp_path: Path) -> None:
    """However few words name it."""
    app = make_app(tmp_path, [PILLARS, SINGER])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    answer = app.ask("what are the three pillars?", history=talk.history)
    assert {each.article.id for each in answer.citations} == {PILLARS.id}


FERRY = make_article(
    "The ferry\nThe ferry to Olmar went down in a storm on Sunday.\n"
    "The ferry had been loaded with too many lorries.\nThe captain of the ferry had warned its owner.\n",
    title="The ferry", published="2020-02-03",
)  # fmt: skip
TRAM = make_article(
    "The tram\nThe tram of Olmar was late, as the storm flooded its rails.\nA rail of the tram sank.\n",
    title="The tram", published="2020-02-04",
)  # fmt: skip


class OneArticleReader:
    """A sentence of one article answers whatever is asked, or may."""

    def __init__(self, article: Article, *, possibly: bool) -> None:
        self._article = article
        self._possibly = possibly

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        found = [ScoredSentence(hit, hit.passage.span, 0.4) for hit in hits]
        found.sort(key=lambda each: each.hit.article.id != self._article.id)
        return ReaderResult(tuple(found), 0.4, 0.4, min(1, len(found)), possibly=self._possibly)


class FirstSearcher(WordSearcher):
    """Ranks the passages of one article first."""

    def __init__(self, library: Library, first: Article) -> None:
        super().__init__(library)
        self._first = first

    def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
        return sorted(super().search(question, filters, limit), key=lambda hit: hit.article.id != self._first.id)


class Leading(LeadingArticle):
    """The article ranked first tells of what is asked, with a probability."""

    def __init__(self, probability: float) -> None:
        self._probability = probability

    def probability(self, question: str, hits: Sequence[Hit]) -> float:
        return self._probability if hits else 0.0


def app_with(
    folder: Path,
    articles: Sequence[Article],
    first: Article,
    leading: LeadingArticle | None,
    reader: OneArticleReader | None = None,
) -> App:
    """Return an app whose search ranks an article first; ``leading`` says whether it tells of what is asked."""
    parts = make_parts(folder, articles)
    parts["searcher"] = FirstSearcher(parts["library"], first)
    parts["leading_article"] = leading
    if reader:
        parts["reader"] = reader
        parts["answerer"] = ExtractiveAnswerer(reader, parts["library"])
    return App(Settings(store_dir=folder), **parts)


@pytest.mark.parametrize(
    ("probability", "cited", "possibly", "told"),
    [
        (0.6, TRAM, True, FERRY),
        (0.4, TRAM, True, TRAM),  # no article tells of what is asked
        (None, TRAM, True, TRAM),
        (0.6, TRAM, False, TRAM),  # it is sure
    ],
)
def test_a_doubtful_answer_of_another_article_gives_way_to_the_one_that_tells_of_what_is_asked(
    probability: float | None, cited: Article, possibly: bool, told: Article, tmp_path: Path
) -> None:
    """What that one says is as doubtful."""
    leading = None if probability is None else Leading(probability)
    app = app_with(tmp_path, [FERRY, TRAM], FERRY, leading, OneArticleReader(cited, possibly=possibly))
    answer = app.ask("Why did the ferry to Olmar sink?")
    assert {each.article.id for each in answer.citations} == {told.id}
    assert answer.possibly is possibly


def test_a_doubtful_answer_of_the_article_that_tells_of_what_is_asked_is_kept(tmp_path: Path) -> None:
    reader = OneArticleReader(FERRY, possibly=True)
    plain = app_with(tmp_path / "plain", [FERRY, TRAM], FERRY, None, reader).ask("Why did the ferry to Olmar sink?")
    kept = app_with(tmp_path / "led", [FERRY, TRAM], FERRY, Leading(0.9), reader).ask(plain.question)
    assert [each.quote for each in kept.citations] == [each.quote for each in plain.citations]
    assert kept.confidence == plain.confidence


DAM = make_article(
    "The dam\nThe dam of Tarn divides the valley.\nEngineers hold that its walls are safe.\n"
    "Farmers hold that its walls crack.\n",
    title="The dam of Tarn", published="2020-02-03",
)  # fmt: skip
APART = [
    make_article(f"{sentence}\n", title=title, published="2020-02-04")
    for title, sentence in (
        ("Pay", "Engineers ask for more pay than farmers."),
        ("The fair", "Farmers sold pears to engineers."),
        ("The vote", "Farmers voted for the mayor, engineers against her."),
    )
]
DIFFER = "How do engineers and farmers differ?"


@pytest.mark.parametrize(("probability", "is_replaced"), [(0.3, True), (0.1, False), (None, False)])
def test_a_comparison_that_is_mostly_of_other_articles_gives_way(
    probability: float | None, is_replaced: bool, tmp_path: Path
) -> None:
    """To the one that may tell of what is asked: it is never sure of the others."""
    leading = None if probability is None else Leading(probability)
    answer = app_with(tmp_path, [DAM, *APART], DAM, leading).ask(DIFFER)
    assert answer.kind is QuestionKind.COMPARISON
    assert ({each.article.id for each in answer.citations} == {DAM.id}) is is_replaced


@pytest.mark.parametrize(("goes_on", "cited"), [(0.6, APART[0]), (0.1, DAM)])
def test_a_comparison_of_the_articles_in_hand_is_kept_where_it_may_go_on_with_them(
    goes_on: float, cited: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever other article search ranks first."""
    monkeypatch.setattr(Continuation, "probability", lambda *_: goes_on)
    app = app_with(tmp_path, [DAM, *APART], DAM, Leading(0.9))
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the pay of engineers"))
    kept = app.ask(DIFFER, history=talk.history)
    assert {each.article.id for each in kept.citations} == {cited.id}


@pytest.mark.parametrize(("probability", "is_told"), [(0.6, True), (0.3, False), (None, False)])
def test_a_timeline_that_finds_nothing_is_of_the_articles_that_may_tell_of_it(
    probability: float | None, is_told: bool, tmp_path: Path
) -> None:
    """In other words than the question's."""
    leading = None if probability is None else Leading(probability)
    app = app_with(tmp_path, [FERRY, TRAM], FERRY, leading)
    told = app.ask("timeline of the shipwreck of the ferry in the storm")
    assert {each.article.id for each in told.citations} == ({FERRY.id} if is_told else set())
    assert bool(told.message) is not is_told


def test_an_abstention_names_what_the_article_that_may_tell_of_it_says_first(tmp_path: Path) -> None:
    """Read from end to end, whatever the words."""
    question = "Who built the ferry?"
    plain = app_with(tmp_path / "plain", [FERRY, TRAM], FERRY, None).ask(question)
    read = app_with(tmp_path / "led", [FERRY, TRAM], FERRY, Leading(0.3)).ask(question)
    assert plain.message == read.message == "Not in these articles."
    assert read.nearest[0].quote == "The captain of the ferry had warned its owner." != plain.nearest[0].quote
    assert [each.number for each in read.nearest] == [1, 2, 3]
    assert {each.quote for each in read.nearest} == {each.quote for each in plain.nearest}
