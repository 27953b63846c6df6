"""Which passages are about a topic, and which articles mention it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.composition.topic_search import MAX_APART, TopicSearcher
from retrieval.articles import ArticleInfo, Filters
from retrieval.search.hybrid import Searcher
from retrieval.store.library import Library
from retrieval.vector_index.index import VectorIndex
from retrieval.vector_index.local import LocalBackend
from tests.bot.fakes_bot import MeaningSearcher, WordSearcher
from tests.fakes import FakeEmbedder, make_article, make_library

ARTICLES = [
    make_article(
        "Four soldiers died in an ambush near Tongo Tongo in Niger.\nThe ambush is being studied.",
        title="Ambush in Niger",
        source="Coast Herald",
        published="2017-10-05",
    ),
    make_article(
        "An ambush in Nigeria left two guards dead.", title="Guards die", source="Star", published="2017-10-06"
    ),
    make_article(
        "Michael Cohen paid the actress.\nThe judge told Cohen to hand over the papers.",
        title="Lawyer paid actress",
        source="Star",
        published="2018-04-10",
    ),
    make_article("Tom Cohen wrote that the senate paid nobody.", title="Senate", source="Star", published="2018-04-11"),
    make_article("Voters in Maine chose a governor.", title="Vote", source="Star", published="2018-11-06"),
    make_article("The main reason was money, the main voters said.", title="Money", source="Star"),
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path, ARTICLES) as library:
        yield library


@pytest.fixture
def topics(library: Library, tmp_path: Path) -> TopicSearcher:
    embedder = FakeEmbedder()
    vectors = VectorIndex(library, LocalBackend(tmp_path / "vectors"))
    return TopicSearcher(Searcher(library, vectors, embedder), library)


def titles(articles: tuple[ArticleInfo, ...]) -> list[str]:
    return [article.title for article in articles]


@pytest.mark.parametrize("topic", ["Niger", "the Niger ambush", "niger"])
def test_a_name_must_occur_as_it_is(topics: TopicSearcher, topic: str) -> None:
    """So "Nigeria" is not "Niger", however alike the stories are."""
    assert titles(topics.find(topic).articles) == ["Ambush in Niger"]


@pytest.mark.parametrize("topic", ["Michael Cohen", "michael cohen", "Michael Cohen's papers"])
def test_a_full_name_excludes_its_namesakes(topics: TopicSearcher, topic: str) -> None:
    """The surname alone stands for the person where the article has the full name."""
    hits = topics.find(topic).hits
    assert {hit.article.title for hit in hits} == {"Lawyer paid actress"}
    assert any("told Cohen" in hit.passage.text for hit in hits)


def test_articles_that_tell_of_a_topic_throughout_lead_it(tmp_path: Path) -> None:
    """Not one that mentions it in a passage of several, nor any where the first has too few of its words."""
    filler = "".join(f"Budget line {n} of the town was debated by the whole council for an hour.\n" for n in range(60))
    articles = [
        make_article("The Niger ambush killed four soldiers, said Niger.", title="Niger ambush"),
        make_article("Soldiers of Niger told how the ambush began.", title="Soldiers on the ambush"),
        make_article(f"{filler}A councillor spoke of the ambush in Niger.", title="Budget"),
    ]
    with make_library(tmp_path, articles) as library:
        topics = TopicSearcher(WordSearcher(library), library)
        assert [each.title for each in topics.leads(topics.find("the Niger ambush"))] == [
            "Niger ambush",
            "Soldiers on the ambush",
        ]
        assert topics.leads(topics.find("the Xyloph ambush")) == []


def test_words_that_no_article_has_are_reported(topics: TopicSearcher) -> None:
    found = topics.find("the Xyloph ambush")
    assert found.unknown == ("Xyloph",)


def test_filters_are_respected(topics: TopicSearcher) -> None:
    assert topics.find("Niger", Filters(sources=("Star",))).hits == ()


def test_a_topic_without_a_word_finds_nothing(topics: TopicSearcher) -> None:
    assert topics.find("the").hits == ()


def test_mentions_counts_passages_by_article(topics: TopicSearcher, library: Library) -> None:
    by_title = {library.info(article).title: number for article, number in topics.mentions("ambush").items()}
    assert by_title == {"Ambush in Niger": 2, "Guards die": 1}


def test_a_name_that_shares_its_term_with_a_word_is_not_counted_with_it(
    topics: TopicSearcher, library: Library
) -> None:
    """Both "Maine" and "main" are stemmed to "main"."""
    assert [library.info(article).title for article in topics.mentions("Maine")] == ["Vote"]
    assert [library.info(article).title for article in topics.mentions("Maine's")] == ["Vote"]
    assert titles(topics.find("Maine").articles) == ["Vote"]


@pytest.mark.parametrize("topic", ["US", "the U.S."])
def test_an_acronym_is_not_the_pronoun(tmp_path: Path, topic: str) -> None:
    articles = [make_article("The U.S. left.", title="One"), make_article("They told us.", title="Two")]
    with make_library(tmp_path / "acronyms", articles) as library:
        vectors = VectorIndex(library, LocalBackend(tmp_path / "acronym-vectors"))
        found = TopicSearcher(Searcher(library, vectors, FakeEmbedder()), library).mentions(topic)
        assert [library.info(article).title for article in found] == ["One"]


def test_names_may_stand_apart_in_an_article(topics: TopicSearcher, library: Library) -> None:
    """Words have to stand in one passage, but "Niger and Tongo" is named by an article that has both."""
    assert [library.info(article).title for article in topics.mentions("Niger and Ambush")] == ["Ambush in Niger"]


def test_words_of_a_phrase_have_to_be_near_each_other(tmp_path: Path) -> None:
    """Names alone may be anywhere in an article; of other words "the primary in New Hampshire" has all."""
    far = "The harbour of Redmouth was rebuilt at great cost, as the council told its voters, before any strike."
    articles = [make_article("A strike at the harbour ended.", title="Near"), make_article(far, title="Far")]
    with make_library(tmp_path / "near", articles) as library:
        vectors = VectorIndex(library, LocalBackend(tmp_path / "near-vectors"))
        topics = TopicSearcher(Searcher(library, vectors, FakeEmbedder()), library)
        assert [library.info(each).title for each in topics.mentions("harbour strike", MAX_APART)] == ["Near"]
        assert len(topics.mentions("harbour strike")) == 2


def test_mentions_needs_every_word_of_the_topic_in_one_passage(topics: TopicSearcher) -> None:
    assert topics.mentions("Tom Cohen's papers") == {}


def test_a_name_with_a_small_word_in_it_is_one(tmp_path: Path) -> None:
    """An article about a part of it is not about it."""
    articles = [
        make_article("Brook voted for Harbours for All on Monday.", title="Vote"),
        make_article("The Harbours of the coast are full of ships, and all are open.", title="Ships"),
    ]
    with make_library(tmp_path, articles) as library:
        vectors = VectorIndex(library, LocalBackend(tmp_path / "vectors"))
        found = TopicSearcher(Searcher(library, vectors, FakeEmbedder()), library).find("Harbours for All")
    assert titles(found.articles) == ["Vote"]


WALKOUT = make_article(
    "The dockers of Port Vell stopped work.\nFor weeks no crane moved.\nThey want more pay.",
    title="Dockers stop work",
)
HARBOUR = make_article("The harbour of Port Vell was rebuilt.", title="Harbour rebuilt")
SPEECH = make_article("The mayor spoke of the harbour.", title="Mayor speaks")


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path, [WALKOUT, HARBOUR, SPEECH]) as library:
        yield library


def by_meaning(library: Library, near: Mapping[str, Mapping[str, float]]) -> TopicSearcher:
    """Return what finds topics where articles are ``near`` to texts."""
    return TopicSearcher(MeaningSearcher(library, near), library)


def test_the_passages_nearest_to_the_question_are_taken_where_those_of_the_topic_are_far(harbour: Library) -> None:
    question = "why did dockers leave the harbour"
    topics = by_meaning(harbour, {question: {WALKOUT.title: 0.95}})
    alone = topics.find("the harbour")
    asked = topics.find("the harbour", question=question)
    assert alone.nearest[0].article.title != WALKOUT.title
    assert (asked.nearest[0].article.title, asked.tells) == (WALKOUT.title, True)
    assert asked.hits == alone.hits


def test_the_passages_nearest_to_a_topic_stay_where_the_question_has_no_nearer_ones(harbour: Library) -> None:
    """Neither another article near to the question, nor one that is far from it, comes before an article that tells."""
    question = "who rebuilt the harbour"
    topics = by_meaning(harbour, {"the dockers": {WALKOUT.title: 0.95}, question: {HARBOUR.title: 0.95}})
    assert topics.find(question).tells
    found = topics.find("the dockers", question=question)
    assert (found.nearest[0].article.title, found.tells) == (WALKOUT.title, True)
    far = topics.find("the harbour", question="who spoke of the harbour")
    assert (far.nearest, far.tells) == (topics.find("the harbour").nearest, False)


def test_an_article_leads_a_topic_that_it_tells_in_other_words(harbour: Library) -> None:
    """Although a word of it is in no article, but not where that is a name: of "Orvo" nothing is told in others."""
    asked = ("the dockers walkout", "the dockers of Orvo")
    topics = by_meaning(harbour, {topic: {WALKOUT.title: 0.95} for topic in asked})
    walkout, named = map(topics.find, asked)
    assert (walkout.unknown, walkout.tells) == (("walkout",), True)
    assert [each.title for each in topics.leads(walkout)] == [WALKOUT.title]
    assert topics.leads(replace(walkout, tells=False)) == []
    assert (named.unknown, named.tells) == (("Orvo",), True)
    assert topics.leads(named) == []


def test_passages_near_to_a_topic_tell_of_it_in_other_words(harbour: Library) -> None:
    """Those that only share words with it do not, nor any of a topic without a word of its own."""
    near = {WALKOUT.title: 0.7, HARBOUR.title: 0.5}
    topics = by_meaning(harbour, {"the strike of the harbour": near, "the": near})
    told = topics.in_other_words("the strike of the harbour")
    assert {harbour.info(each).title: passages for each, passages in told.items()} == {WALKOUT.title: 3}
    assert topics.in_other_words("the") == {}
