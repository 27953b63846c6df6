"""Lists of the sentences that name each of several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answers import Answer, Form, QuestionKind, SearchScope
from bot.composition.enumeration import MAX_LISTED, EnumerationComposer
from bot.composition.frequent_names import FrequentNames
from bot.composition.question_kind import decide_kind
from bot.composition.request import CompositionRequest, KindDecision
from bot.composition.topic_search import TopicSearcher
from retrieval.articles import Article, Filters
from tests.bot.fakes_bot import WordSearcher
from tests.fakes import make_article, make_library

COURT = make_article(
    "Ann Reed was charged with fraud on Monday in Port Vell.\n"
    "The prosecutor also charged Ben Hall, the former mayor, with fraud.\n"
    "Carl Stone was not charged with fraud, the judge said.\n"
    "Mayor Dora Finch could be charged with fraud next year.\n"
    "The trial over the fraud was reported by Erin Cole in Port Vell.\n",
    title="Fraud in Port Vell",
    source="Coast Herald",
    published="2024-03-07",
)
COPY = make_article(
    "Ann Reed was charged with fraud on Monday in Port Vell, the police said.",
    title="Reed charged with fraud",
    source="Star",
    published="2024-03-08",
)
TREATY = make_article(
    "Norway signed the fishing treaty in Oslo on Friday.\n"
    "The fishing treaty was signed by Iceland a day later.\n"
    "France did not sign the fishing treaty.\n"
    "Fishing is older than any treaty in Spain.\n",
    title="Fishing treaty",
    source="Star",
    published="2024-05-01",
)


class AgreeingCrossEncoder:
    """Scores every sentence as an answer, so that only what the sentences say decides."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full(len(texts), 3.0, np.float32)


class DoubtingCrossEncoder(AgreeingCrossEncoder):
    """Scores no sentence as an answer."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return -super().scores(query, texts)


def listed(
    folder: Path,
    question: str,
    articles: Sequence[Article] = (COURT, COPY, TREATY),
    encoder: AgreeingCrossEncoder | None = None,
    filters: Filters | None = None,
) -> Answer | None:
    """Return the list, every quotation at its characters."""
    with make_library(folder, articles) as library:
        topics = TopicSearcher(WordSearcher(library), library)
        composer = EnumerationComposer(topics, library, encoder or AgreeingCrossEncoder(), FrequentNames(library))
        decision = KindDecision(QuestionKind.LIST, decide_kind(question).topic)
        scope = SearchScope(len(articles), 9, filters or Filters())
        answer = composer.compose(CompositionRequest(question, question, decision, (), scope))
        for citation in answer.citations if answer else ():
            assert citation.span.of(library.article(citation.article.id).text) == citation.quote
    return answer


def items(answer: Answer | None) -> list[tuple[str, str]]:
    return [(claim.label, claim.text) for claim in answer.claims if claim.form is Form.ITEM] if answer else []


def test_who_was_charged_lists_each_once_and_marks_a_denial(tmp_path: Path) -> None:
    """The judge, the reporter and whoever may be charged are not listed; a copy is not repeated."""
    assert items(listed(tmp_path, "Who was charged with fraud?")) == [
        ("", "Ann Reed was charged with fraud on Monday in Port Vell."),
        ("", "The prosecutor also charged Ben Hall, the former mayor, with fraud."),
        ("denied", "Carl Stone was not charged with fraud, the judge said."),
    ]


def test_which_countries_lists_who_did_it(tmp_path: Path) -> None:
    assert items(listed(tmp_path, "Which countries signed the fishing treaty?")) == [
        ("", "Norway signed the fishing treaty in Oslo on Friday."),
        ("", "The fishing treaty was signed by Iceland a day later."),
        ("denied", "France did not sign the fishing treaty."),
    ]


def test_the_members_are_marked(tmp_path: Path) -> None:
    answer = listed(tmp_path, "Which countries signed the fishing treaty?")
    assert answer
    marked = [mark.of(claim.text) for claim in answer.claims for mark in claim.marks]
    assert marked == ["Norway", "Iceland", "France"]


def test_it_says_how_many_articles_were_looked_at(tmp_path: Path) -> None:
    answer = listed(tmp_path, "Which countries signed the fishing treaty?")
    assert answer
    assert answer.claims[-1].text == (
        "The one article looked at names some, in 3 sentences; others may say it in other words."
    )


def test_one_member_is_a_fact_for_the_reader(tmp_path: Path) -> None:
    assert listed(tmp_path, "Who was charged with fraud?", [COPY]) is None


def test_sentences_that_do_not_answer_are_no_list(tmp_path: Path) -> None:
    assert listed(tmp_path, "Who was charged with fraud?", encoder=DoubtingCrossEncoder()) is None


def test_sentences_of_several_articles_stand_under_their_headings(tmp_path: Path) -> None:
    other = make_article(
        "Fay Grant was charged with fraud in Port Vell.", title="Grant", source="Star", published="2024-04-01"
    )
    answer = listed(tmp_path, "Who was charged with fraud?", [COURT, other])
    assert answer
    headings = [claim.text for claim in answer.claims if claim.form is Form.HEADING]
    assert sorted(headings) == ["Fraud in Port Vell — Coast Herald, 2024-03-07", "Grant — Star, 2024-04-01"]


def test_a_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    names = [
        f"{given} {family}" for given in ("Ann", "Ben", "Carl", "Dora") for family in ("Reed", "Hall", "Stone", "Finch")
    ]
    text = "\n".join(f"{name} was charged with fraud in Port Vell in case {n}." for n, name in enumerate(names))
    answer = listed(tmp_path, "Who was charged with fraud?", [make_article(text, title="Fraud")])
    assert len(items(answer)) == MAX_LISTED
    assert answer
    assert answer.claims[-2].text.endswith("more left out.")


def test_filters_hold(tmp_path: Path) -> None:
    assert listed(tmp_path, "Who was charged with fraud?", filters=Filters(sources=("Star",))) is None


@pytest.mark.parametrize("question", ["Which countries are mentioned?", "list all countries"])
def test_everything_mentioned_is_counted_with_a_sentence_of_each(tmp_path: Path, question: str) -> None:
    found = items(listed(tmp_path, question))
    assert [label for label, _ in found] == [f"{name}, 1 article" for name in ("France", "Iceland", "Norway", "Spain")]
    assert all(label.partition(",")[0] in text for label, text in found)


def test_a_list_led_in_by_what_is_asked_names_its_members(tmp_path: Path) -> None:
    """Of each item the first name counts, and what stands between two items belongs to the first."""
    crash = make_article(
        "A helicopter crashed off Port Vell.\n"
        "Grieving families have been talking about their loved ones:\n"
        "• Ann Reed, 27, of Port Vell, loved the sea, said her sister Dora Finch.\n"
        "She had two sons.\n"
        "• Ben Hall, of Oslo, was a pilot.\n"
        "Carl Stone, a fireman, led the search.\n",
        title="Helicopter crash",
    )
    assert [
        text.lstrip("• ").partition(",")[0]
        for _, text in items(listed(tmp_path, "Who died in the helicopter crash?", [crash]))
    ] == [
        "Ann Reed",
        "Ben Hall",
    ]


def test_one_sentence_with_several_members_is_a_list(tmp_path: Path) -> None:
    article = make_article(
        "The victims of the fire were Ann Reed, 30, and Ben Hall, 31, the police said.", title="Fire"
    )
    answer = listed(tmp_path, "Who were the victims of the fire?", [article])
    assert answer
    assert [mark.of(claim.text) for claim in answer.claims for mark in claim.marks] == ["Ann Reed", "Ben Hall"]


def test_one_member_is_listed_of_articles_that_are_given(tmp_path: Path) -> None:
    """After an overview the question is asked of its articles, where one name is better than none."""
    assert len(items(listed(tmp_path, "Who was charged?", [COPY], filters=Filters(articles=(COPY.id,))))) == 1


def test_another_event_of_a_given_article_is_left_out(tmp_path: Path) -> None:
    article = make_article(
        "Ann Reed was killed in the bombing.\nThey honoured Ben Hall, who was killed in the 2011 attack.\n",
        title="Bombing",
        published="2013-04-19",
    )
    found = items(listed(tmp_path, "Who was killed?", [article], filters=Filters(articles=(article.id,))))
    assert [text for _, text in found] == ["Ann Reed was killed in the bombing."]


def test_a_denial_about_a_member_is_no_row(tmp_path: Path) -> None:
    article = make_article(
        "Ann Reed was charged with fraud.\nBen Hall was charged with fraud.\nAnn Reed was not charged with theft.\n",
        title="Court",
    )
    assert [label for label, _ in items(listed(tmp_path, "Who was charged?", [article]))] == ["", ""]


def test_a_surname_is_given_in_full_elsewhere_in_the_article(tmp_path: Path) -> None:
    far = "The weather in the harbour was mild and the boats lay still for many days of that month. " * 30
    article = make_article(
        f"Ann Reed ran the firm.\n\n{far}\n\nReed was charged with fraud.\nBen Hall was charged with fraud.\n",
        title="Court",
    )
    assert len(items(listed(tmp_path, "Who was charged with fraud?", [article]))) == 2


LISTS = make_article(
    "The harbour board ranked the ferries on Monday.\n\n"
    "The rankings of the ferries of Port Vell are:\n\n"
    "1. Gull (2)\n\n2. Heron (1)\n\n3. Tern (3)\n\n4. Osprey (4)\n\n"
    "Reed said the storms of the coast were stronger than all of the earlier storms in Port Vell.\n\n"
    "-- May 2009: force 9\n\n-- March 2013: force 10\n\n-- June 2016: force 11\n\n"
    "Country Main focus of the fishing talks\nNorway Cod quotas\nIceland Herring in the north\n\n"
    "The board ends its report there.\n",
    title="Ferries and fishing talks in Port Vell",
    source="Star",
    published="2024-06-01",
)


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("Which countries took part in the fishing talks?", ["Norway Cod quotas", "Iceland Herring in the north"]),
        ("List the previous storms", ["May 2009: force 9", "March 2013: force 10", "June 2016: force 11"]),
        ("List the top two", ["Gull (2)", "Heron (1)"]),
    ],
)
def test_a_list_or_table_that_is_the_answer_is_shown_item_by_item(
    tmp_path: Path, question: str, items: list[str]
) -> None:
    filters = Filters(articles=(LISTS.id,))
    answer = listed(tmp_path, question, (LISTS, COURT), filters=filters)
    assert answer is not None
    assert [citation.quote for citation in answer.citations][-len(items) :] == items


def test_a_list_whose_lead_does_not_say_it_of_its_items_is_none(tmp_path: Path) -> None:
    answer = listed(tmp_path, "Which ferries sank?", (LISTS,), filters=Filters(articles=(LISTS.id,)))
    assert not answer or "Gull (2)" not in [citation.quote for citation in answer.citations]


AIRLINES = make_article(
    "Only three airlines improved their service in Port Vell last year — Gull, Heron and Tern — while Osprey fell.\n"
    "The board said Osprey improved its meals, and its flights to Port Vell were late.\n"
    "Ann Reed ran the board for nine years.\nShe was charged with fraud, but pleaded guilty in May.\n"
    "Judge Carl King was at least the seventh official to be fired since last summer.\n"
    "The pilots of the airlines are from Norway, Iceland and the Philippines.\n"
    "France and Spain have no airlines that fly to Port Vell.\n",
    title="Airlines of Port Vell",
    source="Star",
    published="2024-06-02",
)
HARBOURS = make_article(
    "Utah, Ohio and Iowa on Monday joined a growing number of states that have refused to hand over voter data.\n"
    "More than 20 states, including Maine, Texas and Nevada, have declined to provide some of the voter data.\n"
    "Voter data is safe in Kansas, an official said.\n",
    title="Three more states refuse to hand over voter data",
    source="Star",
    published="2024-06-03",
)


def quotes(answer: Answer | None) -> list[str]:
    return [each.quote for each in answer.citations] if answer else []


@pytest.mark.parametrize(
    ("question", "starts"),
    [
        ("Which airlines improved?", ["Only three airlines"]),
        ("Which countries are they from?", ["The pilots of"]),
        ("Who was charged?", ["Ann Reed ran", "She was charged"]),
    ],
)
def test_a_member_stands_where_the_predicate_is_said_of_it(tmp_path: Path, question: str, starts: list[str]) -> None:
    """What is said of "she" is shown with the sentence that names her."""
    found = quotes(listed(tmp_path, question, (AIRLINES,), filters=Filters(articles=(AIRLINES.id,))))
    assert [" ".join(quote.split()[: len(start.split())]) for quote, start in zip(found, starts, strict=True)] == starts


def test_a_list_has_those_that_joined_and_those_that_are_included(tmp_path: Path) -> None:
    found = quotes(listed(tmp_path, "Which states refused to hand over voter data?", (HARBOURS, COURT)))
    assert [quote.split()[0] for quote in found] == ["Utah,", "More"]


def test_others_are_counted_where_none_is_named(tmp_path: Path) -> None:
    filters = Filters(articles=(AIRLINES.id,))
    found = listed(tmp_path, "Which other officials were fired besides Carl King?", (AIRLINES,), filters=filters)
    assert quotes(found) == ["Judge Carl King was at least the seventh official to be fired since last summer."]


def test_several_without_a_name_are_followed_by_the_sentence_that_names_them(tmp_path: Path) -> None:
    """Those that are only counted are nobody, and their names stand in one of the next sentences."""
    choirs = make_article(
        "Several church choirs with Coast League ties support the new rules.\n"
        "A spokesman had heard from both sides.\n"
        "The Harbour Choir, the United Singers of Vell and the Northern Choir all endorsed the rules.\n",
        title="Rules of the league",
        published="2024-05-01",
    )
    answer = listed(tmp_path, "Which choirs support the new rules?", [choirs], filters=Filters(articles=(choirs.id,)))
    assert [text for _, text in items(answer)] == [
        "Several church choirs with Coast League ties support the new rules.",
        "The Harbour Choir, the United Singers of Vell and the Northern Choir all endorsed the rules.",
    ]


SCHOOL = make_article(
    "More than 155 writers, among them the poet Carl Stone, want a college to take back a teacher who was fired.\n"
    "Ann Reed, who was a teacher at Vell, had joked about the port.\n"
    "The law has two main limits, and the schools fight both.\n"
    "One was a rule that all teachers swear an oath.\n"
    "The oath is old.\n"
    "It also asks each school to keep a list of jokes.\n"
    "The public trusts the army, the courts and the harbour pilots most, a poll said.\n",
    title="Teacher fired in Vell",
    source="Star",
    published="2024-06-01",
)


def test_who_is_described_is_named_by_a_later_sentence(tmp_path: Path) -> None:
    assert [text[:8] for _, text in items(listed(tmp_path, "Who was fired from the college in Vell?", [SCHOOL]))] == [
        "More tha",
        "Ann Reed",
    ]


def test_what_is_announced_is_what_the_next_sentences_say(tmp_path: Path) -> None:
    found = items(listed(tmp_path, "List the two limits of the law", [SCHOOL]))
    assert [text.split()[0] for _, text in found] == ["The", "One", "It"]


class RowCrossEncoder(AgreeingCrossEncoder):
    """Scores only the sentence that is asked for in other words."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([3.0 if "trusts the army" in text else -9.0 for text in texts], np.float32)


def test_of_the_articles_in_hand_a_row_of_things_may_answer(tmp_path: Path) -> None:
    ids = Filters(articles=(SCHOOL.id,))
    question = "Which institutions do people rely on?"
    found = items(listed(tmp_path, question, [SCHOOL], RowCrossEncoder(), ids))
    assert found == [("", "The public trusts the army, the courts and the harbour pilots most, a poll said.")]


def test_who_has_not_done_it_is_nobody_who_has(tmp_path: Path) -> None:
    found = items(
        listed(
            tmp_path, "Which countries have not signed the treaty?", [TREATY], filters=Filters(articles=(TREATY.id,))
        )
    )
    assert found == [("", "France did not sign the fishing treaty.")]


def test_all_countries_that_the_articles_talk_about_are_counted(tmp_path: Path) -> None:
    answer = listed(tmp_path, "List all the countries the articles talk about")
    assert answer
    assert answer.claims[0].text.startswith("4 countries in 3 articles")


FILLER = "".join(
    f"The pilots of berth {n} have told the harbour that they will wait for the tide.\n\n" for n in range(60)
)
TALKS = make_article(
    f"The ministers held their talks in Oslo on Sunday.\n\n{FILLER}"
    "The agenda of these talks centers on three primary pillars:\n"
    "• Fishing: the nets of the coast\n"
    "• Trade: the fees of the port\n"
    "• Culture: the songs of the pilots\n",
    title="Ministers of Vell meet",
    source="Star",
    published="2024-06-03",
)


def test_a_lead_that_counts_its_items_needs_fewer_words_of_the_question(tmp_path: Path) -> None:
    found = items(listed(tmp_path, "What are the three pillars of the talks in Oslo?", [TALKS, TREATY]))
    assert [text for _, text in found] == [
        "The agenda of these talks centers on three primary pillars:",
        "Fishing: the nets of the coast",
        "Trade: the fees of the port",
        "Culture: the songs of the pilots",
    ]
