"""Questions about the articles themselves, over a small library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer, Form, QuestionKind, SearchScope, Status
from bot.composition import collection
from bot.composition.collection import MAX_LISTED, CollectionComposer
from bot.composition.frequent_names import FrequentNames
from bot.composition.request import CompositionRequest, KindDecision
from bot.composition.topic_search import TopicSearcher
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Article, Filters, Span
from retrieval.store.library import Library
from tests.bot.fakes_bot import MeaningSearcher
from tests.fakes import make_article, make_library, put

STRIKE = "The dockers of Port Vell ended their strike on Tuesday. They had stopped work for six weeks in the harbour."
WIRE = " ".join(
    f"The strike in the harbour of Port Vell cost the city about {number} million crowns in its week number {number}."
    for number in range(1, 12)
)
ARTICLES = [
    make_article(STRIKE, title="Strike ends", source="Coast Herald", author="Ann Reed", published="2024-03-07"),
    make_article(WIRE, title="Strike costs", source="Valley Times", author="Ben Hall", published="2024-02-01"),
    make_article(WIRE, title="What the strike costs", source="The Star", published="2024-02-02"),
    make_article("Talks on the strike began on Monday.", title="Talks", source="The Star", published="2024-02-01"),
    make_article("The strike was named in a letter from nobody.", title="Letter", author="Ann Reed"),
    make_article(
        "Frost hit the orchards.", title="Frost", source="coast herald", author="None", published="2023-04-20"
    ),
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path, ARTICLES) as library:
        yield library


def composer_of(library: Library, near: Mapping[str, Mapping[str, float]] | None = None) -> CollectionComposer:
    clock = QuestionClock(library, lambda: dt.date(2024, 5, 1))
    topics = TopicSearcher(MeaningSearcher(library, near or {}), library)
    return CollectionComposer(topics, library, clock, FrequentNames(library))


def answered(
    library: Library,
    question: str,
    filters: Filters | None = None,
    topic: str = "",
    *,
    standalone: str = "",
    near: Mapping[str, Mapping[str, float]] | None = None,
    history: Sequence[Turn] = (),
) -> Answer:
    """Return the answer, every quotation at its characters."""
    filters = filters or Filters()
    scope = SearchScope(len(library.article_ids(filters)), 1, filters)
    decision = KindDecision(QuestionKind.COLLECTION, topic)
    asked = CompositionRequest(question, standalone or question, decision, tuple(history), scope)
    answer = composer_of(library, near).compose(asked)
    assert answer is not None
    for citation in answer.citations:
        assert citation.span.of(library.article(citation.article.id).text) == citation.quote
    return answer


def notes(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims if claim.form is Form.NOTE]


def headings(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims if claim.form is Form.HEADING]


def test_the_number_of_articles_outlets_and_days_is_counted(library: Library) -> None:
    with library.reading() as connection:
        articles, passages, words = connection.execute(
            "SELECT count(*), sum(passages), sum(words) FROM articles"
        ).fetchone()
    first, second, *_ = notes(answered(library, "How many articles are there?"))
    assert first == f"{articles} articles in {passages} passages, {words} words."
    assert second == "From 3 outlets; dated 2023-04-20 to 2024-03-07; 1 without a date."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many articles are about the strike?", "5 of 6 articles mention “strike”, 3 of them in the headline."),
        ("how many articles about frost?", "1 of 6 articles mentions “frost”, in its headline."),
        ("how many articles about Xyloph?", "None of 6 articles mentions “Xyloph”. No article has the word “Xyloph”."),
        ("how many articles are from the Star?", "2 of 6 articles are from Star."),
        ("how many articles by Ann Reed?", "2 of 6 articles are by Ann Reed."),
        ("how many articles from February 2024?", "3 of 6 articles are dated 2024-02-01 to 2024-02-29."),
        ("how many articles since 2024?", "4 of 6 articles are dated since 2024-01-01."),
        ("how many articles have no date?", "1 of 6 articles is without a date."),
        ("how many articles from the Star mention talks?", "1 article from Star mentions “talks”, in its headline."),
    ],
)
def test_articles_are_counted_by_topic_outlet_author_and_date(library: Library, question: str, expected: str) -> None:
    assert notes(answered(library, question))[0] == expected


def test_the_filters_of_the_person_hold(library: Library) -> None:
    answer = answered(library, "how many articles about the strike?", Filters(sources=("The Star",)))
    assert notes(answer)[0] == "2 of 2 articles mention “strike”, 1 of them in the headline."
    assert 'The filters source="The Star" leave 2 articles.' in answer.remarks


def test_outlets_are_counted_without_regard_to_case(library: Library) -> None:
    assert notes(answered(library, "which outlets are there?"))[:5] == [
        "3 outlets in 6 articles, most articles first:",
        "coast herald: 2 articles",
        "The Star: 2 articles",
        "Valley Times: 1 article",
        "1 article without an outlet.",
    ]


def test_authors_are_counted_without_placeholders(library: Library) -> None:
    """An author line that says "None" names nobody."""
    assert notes(answered(library, "Who are the authors?")) == [
        "2 bylines in 3 articles, most articles first:",
        "Ann Reed: 2 articles",
        "Ben Hall: 1 article",
        "3 articles without an author.",
    ]


def test_the_first_report_names_ties_copies_and_undated_articles(library: Library) -> None:
    answer = answered(library, "which outlet reported the strike first?")
    said = notes(answer)
    assert (
        said[0]
        == "5 of 6 articles mention “strike”, 3 of them in the headline. 4 independent reports; 1 copied from them."
    )
    assert said[1] == "The earliest are of 2024-02-01: of the same day, so that none is known to be the first."
    assert set(headings(answer)) == {"Strike costs — Valley Times, 2024-02-01", "Talks — The Star, 2024-02-01"}
    assert "Then What the strike costs — The Star, 2024-02-02 (a copy of an earlier one)" in said
    assert "1 article without a date may be earlier." in said


def test_copies_are_not_told_apart_among_very_many_reports(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "MAX_COMPARED", 3)
    said = notes(answered(library, "which outlet reported the strike first?"))
    assert said[0].endswith("in the headline. Copies are not told apart in so many.")
    assert "Then What the strike costs — The Star, 2024-02-02" in said


def test_the_newest_article_is_quoted_and_undated_ones_are_counted(library: Library) -> None:
    answer = answered(library, "What is the newest article?")
    assert headings(answer) == ["Strike ends — Coast Herald, 2024-03-07"]
    assert answer.citations
    assert "1 article without a date left out." in notes(answer)


def test_the_oldest_of_undated_articles_is_not_known(tmp_path: Path) -> None:
    with make_library(
        tmp_path, [make_article("One thing.", title="One"), make_article("Two.", title="Two")]
    ) as library:
        said = notes(answered(library, "Which article is the oldest?"))
    assert said[0] == "None of 2 articles has a date: the oldest is not known."


def test_an_article_that_does_not_exist_is_denied_with_the_word_that_none_has(library: Library) -> None:
    answer = answered(library, "is there an article about Xyloph?")
    assert answer.status is Status.ABSTAINED
    assert answer.message == "None of 6 articles mentions “Xyloph”. No article has the word “Xyloph”."


def test_an_outlet_is_known_by_a_misspelt_name(library: Library) -> None:
    answer = answered(library, "what did the Cost Herald publish?")
    assert answer.remarks == ("“Cost Herald” was taken for “Coast Herald”.",)
    assert notes(answer)[0] == "2 of 6 articles are from Coast Herald."


def test_an_unknown_outlet_is_refused_with_the_nearest(library: Library) -> None:
    answer = answered(library, "articles from the Daily Bugle")
    assert answer.message.startswith("No article has an outlet or author called “Daily Bugle”.")


def test_a_long_list_says_how_much_it_leaves_out(tmp_path: Path) -> None:
    many = [make_article(f"Text {n}.", title=f"Title {n}", source="Star", published="2024-01-01") for n in range(20)]
    with make_library(tmp_path, many) as library:
        answer = answered(library, "list all articles from the Star")
    assert f"And {20 - MAX_LISTED} more articles." in notes(answer)


def test_frequent_words_of_headlines_are_counted(library: Library) -> None:
    said = notes(answered(library, "what topics occur most often?"))
    assert "Words of headlines: strike (3), costs (2)." in [each.replace("Strike", "strike") for each in said]


def test_who_wrote_an_article_is_read_from_its_byline(library: Library) -> None:
    assert notes(answered(library, "who wrote the talks article?"))[0].startswith(
        "The one article that mentions “talks” "
    )
    assert "Strike ends — Coast Herald, 2024-03-07, by Ann Reed" in headings(
        answered(library, "who wrote about dockers?")
    )


def test_it_leaves_what_is_no_question_about_articles(library: Library) -> None:
    question = "What did Trump say?"
    scope = SearchScope(6, 6, Filters())
    request = CompositionRequest(question, question, KindDecision(QuestionKind.COLLECTION), (), scope)
    assert composer_of(library).compose(request) is None


def test_words_that_only_occur_apart_are_not_said_to_be_mentioned(library: Library) -> None:
    """The words "dockers" and "harbour" are of one passage, and "dockers of the harbour" is not in it."""
    answer = answered(library, "how many articles mention dockers in the harbour?")
    assert notes(answer)[0] == "1 of 6 articles has the words of “dockers in the harbour” apart, in one passage."


def test_what_only_mentions_a_topic_does_not_cover_it(library: Library) -> None:
    """The letters name the strike at their end."""
    passing = make_article(
        " ".join(f"The {number}th letter of the week was about the weather and the sea." for number in range(40))
        + "\n\nOne more was about the strike of Port Vell.",
        title="Letters",
        source="Hill Post",
        published="2020-01-01",
    )
    put(library, [passing])
    answer = answered(library, "Which outlets covered the strike of Port Vell?", topic="strike of Port Vell")
    assert "Hill Post" not in answer.text
    assert "1 more article only mentions it in passing." in answer.text


def test_the_one_article_of_a_list_is_cited(library: Library) -> None:
    """So that the next question can be about it."""
    answer = answered(library, "Any articles by Ben Hall?")
    assert [each.article.title for each in answer.citations] == ["Strike costs"]


@pytest.mark.parametrize("question", ["what's the newest one you've got", "what is the newest you have"])
def test_the_newest_one_you_have_is_of_all(library: Library, question: str) -> None:
    assert answered(library, question).citations[0].article.title == "Strike ends"


@pytest.mark.parametrize("question", ["Any pieces against the strike?", "is there an article in favour of the strike?"])
def test_which_side_articles_take_is_not_judged(library: Library, question: str) -> None:
    """They are those that mention what they are to be for or against, which the answer says."""
    answer = answered(library, question)
    assert "mention “strike”" in answer.text
    assert "which side they take is not judged" in " ".join(answer.remarks)


@pytest.mark.parametrize(
    "question", ["what do we have on the frost", "got anything about the frost?", "what else is there on the frost"]
)
def test_what_there_is_about_a_topic_is_listed(library: Library, question: str) -> None:
    """In any words for it, once the question is known to be of the articles."""
    answer = answered(library, question)
    assert notes(answer)[0] == "1 of 6 articles mentions “frost”, in its headline."
    assert any(each.startswith("Frost") for each in (*notes(answer), *headings(answer)))


def test_anything_newer_is_the_newest_of_the_topic(library: Library) -> None:
    answer = answered(library, "anything newer on the dockers?")
    assert notes(answer)[0] == "The newest of 1 dated article that mentions “dockers”: 2024-03-07."


def test_the_newest_of_a_topic_names_those_before_it(library: Library) -> None:
    """So that it is seen whether it is newer than what one knows."""
    told = notes(answered(library, "anything newer on the strike?"))
    assert told[0].startswith("The newest of ")
    assert [each.partition(" —")[0] for each in told if each.startswith("Before that: ")] == [
        "Before that: What the strike costs",
        "Before that: Strike costs",
        "Before that: Talks",
    ]


def test_a_topic_in_other_words_is_of_the_articles_nearest_to_it(library: Library) -> None:
    """Where none has its words, and no word of it is unknown."""
    answer = answered(library, "what do we have on orchards hit by frost in the harbour?")
    assert notes(answer)[0] == "1 of 6 articles is about “orchards hit by frost in the harbour”."
    assert headings(answer) == ["Frost — coast herald, 2023-04-20"]
    assert not any("list, table or heading" in each for each in notes(answer))


WALKOUT = make_article(
    "Cranes stood still as crews downed tools at the quay.",
    title="Crews down tools",
    source="Hill Post",
    published="2024-01-20",
)
NEAR = {"strike": {WALKOUT.title: 0.7, "Frost": 0.5}}
REWORDED = "6 of 7 articles mention “strike” or tell of it in other words, 3 of them in the headline."


@pytest.fixture
def with_walkout(library: Library) -> Library:
    put(library, [WALKOUT])
    return library


def cites(article: Article, *, abstained: bool = False) -> Turn:
    """Return a turn that cites the beginning of an article."""
    quote = article.text[:20]
    question = "What began on Monday?"
    return Turn(question, question, quote, (CitedPlace(1, article.id, Span(0, 20), quote),), abstained, 0.0)


def test_articles_that_tell_of_a_topic_in_other_words_are_listed_with_those_that_mention_it(
    with_walkout: Library,
) -> None:
    """Not those whose passages are far from it; without them the answer only says "mention"."""
    answer = answered(with_walkout, "which articles are about the strike?", near=NEAR)
    assert notes(answer)[0] == REWORDED
    shown = [*notes(answer), *headings(answer)]
    assert any(each.startswith(WALKOUT.title) for each in shown)
    assert not any(each.startswith("Frost") for each in shown)
    plain = answered(with_walkout, "which articles are about the strike?")
    assert notes(plain)[0] == "5 of 7 articles mention “strike”, 3 of them in the headline."


def test_an_article_in_other_words_is_quoted_by_its_title(with_walkout: Library) -> None:
    """No sentence of it has the topic, which is not said to be in a list or table."""
    answer = answered(with_walkout, "any articles from the Hill Post about the strike?", near=NEAR)
    assert notes(answer)[0] == "Yes: 1 article from Hill Post mentions “strike” or tells of it in other words."
    assert [each.quote for each in answer.citations] == ["Cranes stood still as crews downed tools at the quay."]
    assert not any("list, table or heading" in each for each in notes(answer))


@pytest.mark.parametrize("question", ["how many articles mention the strike?", "how many articles about the strike?"])
def test_a_count_is_of_the_articles_that_mention_a_topic(with_walkout: Library, question: str) -> None:
    answer = answered(with_walkout, question, near=NEAR)
    assert notes(answer)[0] == "5 of 7 articles mention “strike”, 3 of them in the headline."


def test_the_first_report_may_tell_of_it_in_other_words(with_walkout: Library) -> None:
    answer = answered(with_walkout, "which outlet reported the strike first?", near=NEAR)
    assert notes(answer)[0].startswith(REWORDED)
    assert headings(answer) == [f"{WALKOUT.title} — Hill Post, 2024-01-20"]
    assert "an article counts where it has the words, or tells of it in others." in answer.text


def test_where_a_filter_leaves_none_the_others_are_not_said_to_mention_it(with_walkout: Library) -> None:
    """Of the two others, one tells of it in other words."""
    near = {"orchards": {WALKOUT.title: 0.7}}
    answer = answered(with_walkout, "any articles from the Star about orchards?", near=near)
    assert answer.message == (
        "None of 2 articles from Star mentions “orchards” or tells of it in other words. 2 other articles do."
    )


def test_outlets_that_covered_this_are_those_of_the_story_just_cited(with_walkout: Library) -> None:
    """Told by an article near to the title of the one cited, whatever words the topic has."""
    talks = next(each for each in ARTICLES if each.title == "Talks")
    near = {"Talks": {WALKOUT.title: 0.7}}
    topic, standalone = "talks on the strike", "Which outlets covered the talks on the strike?"

    def outlets(question: str, *history: Turn) -> str:
        said = answered(with_walkout, question, topic=topic, standalone=standalone, near=near, history=history)
        return said.text

    assert "Hill Post: 1 article" in outlets("Which outlets covered this?", cites(talks))
    assert "The Star: 1 article" in outlets("Which outlets covered this?", cites(talks))
    assert "Hill Post" not in outlets(standalone, cites(talks))
    assert "Hill Post" not in outlets("Which outlets covered this?", cites(talks, abstained=True))
