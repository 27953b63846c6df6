"""Overviews of an article, a topic and everything, in verbatim sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import Answer, Form, QuestionKind, SearchScope
from bot.composition import overview
from bot.composition.overview import OverviewComposer
from bot.composition.request import CompositionRequest, KindDecision
from bot.composition.topic_search import TopicSearcher
from bot.conversation.store import turn_of
from retrieval.articles import Filters
from retrieval.embedding.cross_encoder import LazyCrossEncoder
from retrieval.store.library import Library
from tests.bot.fakes_bot import MeaningSearcher, WordSearcher
from tests.fakes import make_article, make_library

FERRY = make_article(
    "Ferry sinks off Port Vell\n\n"
    "A ferry with ninety people on board sank off Port Vell on Sunday night, the coast guard said.\n\n"
    "Rescuers pulled seventy people from the cold water before dawn on Monday.\n\n"
    "The coast guard said that the ferry had sunk off Port Vell with ninety people on board on Sunday night.\n\n"
    "But he did not say why.\n\n"
    "Investigators want to know why the lifeboats of the ferry were locked.\n\n"
    "Read More: Ten ferries that sank.\n\n"
    "The owner of the ferry has hired a lawyer from the capital.\n",
    title="Ferry sinks off Port Vell", source="Coast Herald", published="2024-03-05", origin="ferry.txt",
)  # fmt: skip
INQUIRY = make_article(
    "Ferry inquiry opens\n\n"
    "An inquiry into the ferry that sank off Port Vell heard its first witness on Tuesday.\n\n"
    "The captain told the inquiry that the ferry had turned too fast.\n",
    title="Ferry inquiry opens", source="Valley Times", published="2024-06-11", origin="inquiry.txt",
)  # fmt: skip
ORCHARDS = make_article(
    "Frost hits the orchards\n\n"
    "A late frost destroyed half of the cherry harvest in the northern valley.\n\n"
    "Growers ask the government for aid before the summer begins.\n",
    title="Frost hits the orchards", source="Valley Times", published="2024-04-20", origin="frost.txt",
)  # fmt: skip


def composer(library: Library) -> OverviewComposer:
    return OverviewComposer(TopicSearcher(WordSearcher(library), library), library, LazyCrossEncoder())


def request(library: Library, topic: str, *earlier: Answer, filters: Filters | None = None) -> CompositionRequest:
    counts = library.counts()
    decision = KindDecision(QuestionKind.OVERVIEW, topic)
    history = tuple(turn_of(answer, float(at)) for at, answer in enumerate(earlier))
    scope = SearchScope(counts.articles, counts.passages, filters or Filters())
    return CompositionRequest(topic, topic, decision, history, scope)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path, [FERRY, INQUIRY, ORCHARDS])


def ask(library: Library, topic: str, *earlier: Answer) -> Answer:
    answer = composer(library).compose(request(library, topic, *earlier))
    assert answer is not None
    for cited in answer.citations:
        assert cited.span.of(library.article(cited.article.id).text) == cited.quote
    return answer


def headings(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims if claim.form is Form.HEADING]


def test_an_article_is_given_in_a_few_sentences_in_its_order(library: Library) -> None:
    """Each is said once, no link is quoted, and nothing begins with a "he" whom nobody named."""
    answer = ask(library, "the ferry sinking article")
    assert headings(answer) == ["Ferry sinks off Port Vell — Coast Herald, 2024-03-05"]
    quotes = [cited.quote for cited in answer.citations]
    assert len(quotes) == 3
    assert [cited.span for cited in answer.citations] == sorted(cited.span for cited in answer.citations)
    assert sum("Sunday night" in quote for quote in quotes) == 1
    assert not any(quote.startswith(("But", "Read More")) for quote in quotes)


def test_a_topic_is_told_by_date_and_article(library: Library) -> None:
    """Only the articles about it are quoted, the earliest first, and it is said how many there are."""
    answer = ask(library, "the ferry off Port Vell")
    assert [heading.partition(" —")[0] for heading in headings(answer)] == [FERRY.title, INQUIRY.title]
    assert "2 of 2 articles about “the ferry off Port Vell”; 3 articles searched" in answer.text


def test_what_no_article_mentions_is_said_to_be_missing(library: Library) -> None:
    """The unknown word is named, and nothing is quoted."""
    answer = ask(library, "Zanzibar")
    assert answer.message == "No article mentions “Zanzibar”. 3 articles searched."
    assert not answer.citations


def test_a_topic_with_a_word_of_no_article_is_not_that_of_its_other_words(library: Library) -> None:
    """The frost article has "cherry harvest", and tells of no earthquake."""
    answer = ask(library, "the harvest earthquake")
    assert answer.message == "No article mentions “earthquake”. 3 articles searched."
    assert not answer.citations
    assert ask(library, "the harvest").citations


def test_a_topic_with_a_word_of_no_article_is_told_by_the_article_that_says_it_in_others(library: Library) -> None:
    topic = "the shipwreck off the coast"
    topics = TopicSearcher(MeaningSearcher(library, {topic: {FERRY.title: 0.95}}), library)
    answer = OverviewComposer(topics, library, LazyCrossEncoder()).compose(request(library, topic))
    assert answer is not None
    assert not answer.message
    assert {cited.article.title for cited in answer.citations} == {FERRY.title}


def test_of_few_articles_each_is_quoted(library: Library) -> None:
    """Everything is shown article by article, with the days from which they are."""
    answer = ask(library, "")
    assert len(headings(answer)) == 3
    assert "3 articles, from 2024-03-05 to 2024-06-11." in answer.text


def test_many_articles_are_grouped(tmp_path: Path) -> None:
    """Three to seven groups name their number of articles, which add up to all that are there."""
    things = ["ferry", "orchard", "bridge", "school"]
    many = [
        make_article(
            f"The {thing} report {number}\n\nThe {thing} of town {number} was closed by the council on Monday.\n",
            title=f"The {thing} report {number}", origin=f"{thing}{number}.txt", published="2024-01-01",
        )
        for thing in things
        for number in range(5)
    ]  # fmt: skip
    answer = ask(make_library(tmp_path, many), "")
    sizes = [int(heading.rpartition("(")[2].split()[0]) for heading in headings(answer)]
    assert 3 <= len(sizes) <= 7
    assert sum(sizes) == len(many)


def test_copies_are_shown_once(tmp_path: Path) -> None:
    """A syndicated copy is neither another heading nor another article."""
    copy = make_article(FERRY.text, title=FERRY.title, source="Morning Post", published="2024-03-06", origin="copy.txt")
    library = make_library(tmp_path, [FERRY, copy, ORCHARDS])
    answer = ask(library, "the ferry")
    assert len(headings(answer)) == 1
    assert "1 of 1 article about" in answer.text


@pytest.mark.parametrize("topic", ["that article", "1", "article 2", "the first one", "it"])
def test_an_article_of_the_last_answer_is_named_by_its_place(library: Library, topic: str) -> None:
    """Numbers are those of the last answer's citations."""
    last = ask(library, "the ferry sinking article")
    assert headings(ask(library, topic, last)) == headings(last)


def test_a_general_description_offers_the_articles(tmp_path: Path) -> None:
    """Where many articles fit alike, the best are listed, each with a citation by whose number it can be chosen."""
    many = [
        make_article(
            f"Trial opens in town {number}\n\nThe trial of the mayor of town {number} opened with {word} on Monday.\n",
            title=f"Trial opens in town {number}", origin=f"{number}.txt",
        )
        for number, word in enumerate("songs jeers floods prayers smoke music silence".split())  # noqa: SIM905
    ]  # fmt: skip
    library = make_library(tmp_path, many)
    offered = ask(library, "the trial article")
    assert len(headings(offered)) == 5
    assert "Say which" in offered.text
    chosen = ask(library, "2", offered)
    assert headings(chosen) == headings(offered)[1:2]


def test_the_articles_of_an_outlet_are_an_overview_of_everything_from_it(library: Library) -> None:
    """Articles in the plural are no single article."""
    answer = ask(library, "the Valley Times articles")
    assert [heading.partition(" —")[0] for heading in headings(answer)] == [ORCHARDS.title, INQUIRY.title]


def test_an_article_of_an_outlet_or_with_a_typing_error_is_found(library: Library) -> None:
    """The outlet narrows the articles down; a misspelt word means the nearest word of a title."""
    assert headings(ask(library, "the Valley Times piece about the ferry"))[0].startswith(INQUIRY.title)
    assert headings(ask(library, "the article about the orchrads"))[0].startswith(ORCHARDS.title)
    assert headings(ask(library, "the latest article"))[0].startswith(INQUIRY.title)
    assert headings(ask(library, "“Frost hits the orchard”"))[0].startswith(ORCHARDS.title)


def test_the_one_of_an_outlet_is_that_of_the_last_answers(library: Library) -> None:
    """Not another of the outlet's; without turns before it, any may be meant."""
    asked = "the Valley Times one"
    assert "Several articles fit" in ask(library, asked).text
    for article in (INQUIRY, ORCHARDS):
        before = ask(library, article.title)
        assert headings(ask(library, asked, before))[0].startswith(article.title)


def test_a_topic_is_no_misspelt_title_that_lacks_its_words(tmp_path: Path) -> None:
    """It is not the part of a title that is nearly as long."""
    ovens = make_article(
        "The ovens of Vell burn too much wood.\n", title="The problem with only letting in ovens", origin="o.txt"
    )
    omeo = make_article("Omeo has problems with its brakes.\nOmeo recalled trams.\n", title="Trams", origin="t.txt")
    with make_library(tmp_path, [ovens, omeo]) as library:
        assert headings(ask(library, "the problems with Omeo"))[0].startswith(omeo.title)


@pytest.mark.parametrize("topic", ["article 99", "the ninth one", "it"])
def test_a_place_without_an_article_is_said_to_be_empty(library: Library, topic: str) -> None:
    """It is not searched for as a topic."""
    assert ask(library, topic).message.startswith(("There is no “", "There is no answer before"))


def test_an_article_that_is_not_there_is_not_replaced_by_another(library: Library) -> None:
    """What is asked for is said to be missing, rather than the outlet's next best article shown."""
    assert ask(library, "the Valley Times article about Zanzibar").message.startswith("No article mentions “Zanzibar”")
    assert headings(ask(library, "the Coast Herald's story"))[0].startswith(FERRY.title)


@pytest.mark.parametrize("title", ["Opinion: Lock up the ferry owner", "I Blame the Ferry Owner"])
def test_opinion_is_left_out_where_there_are_reports_and_that_is_said(tmp_path: Path, title: str) -> None:
    """Alone, it is what there is."""
    argued = make_article(
        "The ferry that sank off Port Vell could hardly have been in worse hands than those of its owner.\n\n"
        "The owner of the ferry refused to take the blame for what happened off Port Vell.\n",
        title=title, published="2024-03-04", origin="opinion.txt",
    )  # fmt: skip
    library = make_library(tmp_path / "both", [FERRY, argued])
    answer = composer(library).compose(request(library, "the ferry off Port Vell"))
    assert answer
    assert {each.article.id for each in answer.citations} == {FERRY.id}
    assert "Left out for reports: 1 opinion piece." in answer.text
    alone = make_library(tmp_path / "alone", [argued])
    found = composer(alone).compose(request(alone, "the ferry off Port Vell"))
    assert found
    assert {each.article.id for each in found.citations} == {argued.id}


def test_an_overview_of_very_many_articles_groups_some_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are taken evenly by date, and the answer says so."""
    monkeypatch.setattr(overview, "MAX_READ_FOR_GROUPS", 10)
    many = [
        make_article(
            f"Trial opens in town {number}\n\nThe trial of the mayor of town {number} opened on Monday.\n",
            title=f"Trial opens in town {number}", published=f"2024-03-{number + 1:02}", origin=f"{number}.txt",
        )
        for number in range(20)
    ]  # fmt: skip
    library = make_library(tmp_path, many)
    answer = ask(library, "everything")
    assert "The groups and their numbers are of 10 articles, taken evenly by date." in answer.text
    assert "20 articles, from 2024-03-01 to 2024-03-20" in answer.text
    monkeypatch.setattr(overview, "MAX_READ_FOR_GROUPS", 20)
    assert "taken evenly" not in ask(library, "everything").text


@pytest.mark.parametrize(
    "core", ["Twenty-four people were killed by it.", "The mayor, Ben Hall, is charged with fraud over the sirens."]
)
def test_what_happened_includes_the_dead_and_the_charges_whatever_their_words(tmp_path: Path, core: str) -> None:
    article = make_article(
        "Storm over Port Vell\n\n"
        f"A storm tore the roofs off Port Vell on Sunday, the coast guard of Port Vell said.\n\n{core}\n\n"
        "Port Vell has seen storms before.\n\nPort Vell lies on a bay.\n\nPort Vell sells fish.\n\n"
        "Port Vell has a school for pilots.\n",
        title="Storm over Port Vell", source="Star", published="2024-05-02", origin="storm.txt",
    )  # fmt: skip
    with make_library(tmp_path, [article]) as library:
        assert core in [each.quote for each in ask(library, "Port Vell").citations]


@pytest.mark.parametrize(("source", "titles"), [("Valley Times", ["Ferry inquiry opens"]), ("Ann Brook", None)])
def test_what_an_outlet_says_is_told_from_its_own_articles(
    library: Library, source: str, titles: list[str] | None
) -> None:
    """Whoever is no outlet or author is left to the search for what was said."""
    asked = request(library, "the ferry")
    decision = replace(asked.decision, source=source)
    answer = composer(library).compose(replace(asked, decision=decision))
    assert (answer and [cited.article.title for cited in answer.citations][:1]) == titles


@pytest.mark.parametrize(
    "question", ["What's the latest on the ferry?", "any news about the ferry", "what's new with the ferry"]
)
def test_the_latest_is_told_from_the_newest_article_back(library: Library, question: str) -> None:
    """Other overviews go by date."""
    asked = replace(request(library, "the ferry"), question=question, standalone=question)
    answer = composer(library).compose(asked)
    assert answer is not None
    assert headings(answer)[0] == "Ferry inquiry opens — Valley Times, 2024-06-11"
    assert headings(ask(library, "the ferry"))[0] == "Ferry sinks off Port Vell — Coast Herald, 2024-03-05"


def test_a_topic_in_other_words_is_told_by_the_article_that_search_ranks_first(library: Library) -> None:
    """None of its sentences has most of the topic's words."""
    answer = composer(library).compose(request(library, "people pulled from the cold water, with lifeboats locked"))
    assert answer is not None
    assert answer.citations[0].article.title == FERRY.title
    assert answer.citations[0].quote.startswith("A ferry with ninety people on board")


def test_an_article_that_only_names_it_once_leads_no_topic(library: Library) -> None:
    topics = TopicSearcher(WordSearcher(library), library)
    lead = topics.lead(topics.find("the ferry"))
    assert lead is not None
    assert lead.title in {FERRY.title, INQUIRY.title}
    assert topics.lead(topics.find("the lawyer")) is None
    assert topics.lead(topics.find("the tortoise")) is None
    assert topics.lead(topics.find("")) is None


def test_what_of_an_article_that_is_pointed_at_is_asked_for_is_that_articles(library: Library) -> None:
    last = ask(library, "the ferry sinking article")
    assert headings(ask(library, "the other findings of that article", last)) == headings(last)


def test_an_article_of_an_outlet_is_found_by_what_it_tells_in_other_words(library: Library) -> None:
    """Where it has none of the words, and search ranks it first among those of the outlet."""
    search = MeaningSearcher(library, {"frozen fruit": {FERRY.title: 1.0, ORCHARDS.title: 0.99}})
    overviews = OverviewComposer(TopicSearcher(search, library), library, LazyCrossEncoder())
    answer = overviews.compose(request(library, "the Valley Times piece about frozen fruit"))
    assert answer is not None
    assert headings(answer)[0].startswith(ORCHARDS.title)


def test_the_only_article_that_has_a_topics_words_leads_where_search_ranks_it_first(library: Library) -> None:
    """It is told as a whole, not by the sentence that has them."""
    answer = ask(library, "aid for growers of the orchards before autumn")
    assert headings(answer)[0].startswith(ORCHARDS.title)
    assert len(answer.citations) > 1
