"""Timelines of a topic over a small library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer, Form, QuestionKind, SearchScope
from bot.composition.request import CompositionRequest, KindDecision
from bot.composition.timeline import MAX_ROWS, TimelineComposer
from bot.composition.topic_search import TopicSearcher
from bot.conversation.store import Turn, turn_of
from retrieval.articles import Article, Filters
from tests.bot.fakes_bot import WordSearcher
from tests.fakes import FakeCrossEncoder, make_article, make_library

HARBOUR = make_article(
    "The dockers of Port Vell ended their strike on Tuesday.\n"
    "The harbour strike began in late January, when the port cut wages.\n"
    "The union plans another harbour strike on June 3.\n"
    "The harbour strike was the first in Port Vell since 2011.\n"
    "The museum of the city was founded in 1900 by a baker.\n",
    title="Harbour strike ends",
    source="Coast Herald",
    published="2024-03-07",
)
ORCHARD = make_article(
    "A late frost destroyed half of the cherry harvest on Monday.\nGrowers asked for aid last year.\n",
    title="Frost hits the orchards",
    source="Valley Times",
    published="2024-04-20",
)


def timeline(
    folder: Path,
    topic: str,
    articles: Sequence[Article] = (HARBOUR, ORCHARD),
    history: Sequence[Turn] = (),
    **filters: str,
) -> Answer:
    library = make_library(folder, articles)
    clock = QuestionClock(library, lambda: dt.date(2024, 5, 1))
    composer = TimelineComposer(TopicSearcher(WordSearcher(library), library), library, clock, FakeCrossEncoder())
    question = f"Timeline of {topic}"
    decision = KindDecision(QuestionKind.TIMELINE, topic)
    scope = SearchScope(len(articles), 7, Filters(**filters))  # type: ignore[arg-type]
    answer = composer.compose(CompositionRequest(question, question, decision, tuple(history), scope))
    for citation in answer.citations:
        assert citation.span.of(library.article(citation.article.id).text) == citation.quote
    return answer


def rows(answer: Answer) -> list[tuple[str, str]]:
    return [(claim.label, claim.text) for claim in answer.claims if claim.form is Form.ITEM]


def test_rows_are_dated_against_the_day_of_their_article_and_come_in_order(tmp_path: Path) -> None:
    """Each row is a verbatim sentence beside its date at its granularity, plans marked as such."""
    assert rows(timeline(tmp_path, "the harbour strike")) == [
        ("since 2011", "The harbour strike was the first in Port Vell since 2011."),
        ("late 2024-01", "The harbour strike began in late January, when the port cut wages."),
        ("2024-03-05", "The dockers of Port Vell ended their strike on Tuesday."),
        ("planned 2024-06-03", "The union plans another harbour strike on June 3."),
    ]


def test_a_question_with_a_date_leaves_rows_of_that_time(tmp_path: Path) -> None:
    """The words "since March" are the time of the events, and none of the topic."""
    labels = [label for label, _ in rows(timeline(tmp_path, "the harbour strike since March"))]
    assert labels == ["2024-03-05", "planned 2024-06-03"]


def test_filters_by_date_leave_rows_of_that_time(tmp_path: Path) -> None:
    """An article since March tells of January; that row is left out."""
    labels = [label for label, _ in rows(timeline(tmp_path, "the harbour strike", since="2024-03-01"))]
    assert labels == ["2024-03-05", "planned 2024-06-03"]


def test_an_event_that_several_articles_tell_of_has_one_row(tmp_path: Path) -> None:
    """The row says how many articles tell of it."""
    other = make_article(
        "Dockers of Port Vell ended their strike at the harbour on March 5.\n",
        title="Port Vell works again",
        source="Gazette",
        published="2024-03-09",
    )
    found = rows(timeline(tmp_path, "the harbour strike", (HARBOUR, other)))
    assert [label for label, _ in found if label.startswith("2024-03-05")] == ["2024-03-05 · 2 articles"]


def test_dates_that_cannot_be_worked_out_come_last_under_a_heading(tmp_path: Path) -> None:
    """An undated article's "Tuesday" is no date; its words are shown."""
    undated = make_article(
        "The dockers of the harbour strike met on Tuesday.\n", title="Harbour strike", source="Gazette"
    )
    answer = timeline(tmp_path, "the harbour strike", (HARBOUR, undated))
    last = answer.claims[-3:]
    assert (last[0].form, last[0].text) == (Form.HEADING, "Without a date that can be worked out")
    assert last[1].label == "“Tuesday” (the article is undated)"


def test_the_lead_of_a_report_without_a_day_stands_by_the_day_of_its_article(tmp_path: Path) -> None:
    """It is said to be the article's; how things are, and what a column says, is none."""
    report = make_article(
        "The dockers of Port Vell won the harbour strike after a vote of the whole council of the city.\n",
        title="Dockers win the harbour strike",
        published="2024-03-12",
    )
    state = make_article(
        "The harbour strike is what everyone in the cafes of the city says they fear and wanted to end.\n",
        title="City fears the harbour strike",
        published="2024-03-14",
    )
    labels = [label for label, _ in rows(timeline(tmp_path, "the harbour strike", (HARBOUR, report, state)))]
    assert "2024-03-12 (article’s date)" in labels
    assert not any(label.startswith("2024-03-14") for label in labels)


def test_asides_and_what_was_only_said_give_way_to_events(tmp_path: Path) -> None:
    """Of many sentences with a date, those that likely answer are shown, half of the article's at most."""
    events = "".join(f"The harbour strike spread to berth {n} on March {n}.\n" for n in range(1, 12))
    article = make_article(
        f"{events}“She was the best,” her mother said on Wednesday.\n"
        "Doctors could not help, but the wound had healed on Thursday.\n",
        title="Harbour strike ends",
        published="2024-03-15",
    )
    labels = [label for label, _ in rows(timeline(tmp_path, "the harbour strike", (article,)))]
    assert len(labels) == 6
    assert max(labels) <= "2024-03-11"


def test_a_date_in_an_article_about_the_topic_needs_no_name_beside_it(tmp_path: Path) -> None:
    """What happened is told in other words than the topic's."""
    article = make_article(
        "The harbour strike began on Monday.\n"
        "Tensions spiraled on Wednesday when guards turned hoses on the crowd.\n"
        "The harbour strike ended on Thursday.\n",
        title="Harbour strike ends",
        published="2024-03-08",
    )
    labels = [label for label, _ in rows(timeline(tmp_path, "the harbour strike", (article,)))]
    assert labels == ["2024-03-04", "2024-03-06", "2024-03-07"]


def test_a_plan_is_left_out_where_another_row_tells_what_happened(tmp_path: Path) -> None:
    """A day's events are in the order of its hours."""
    before = make_article(
        "The council votes and will speak of the harbour strike on Monday.\n",
        title="Harbour strike vote",
        published="2024-03-01",
    )
    after = make_article(
        "The port reopened after the harbour strike on Monday evening.\n"
        "The dockers ended the harbour strike by a vote on Monday morning.\n",
        title="Harbour strike over",
        published="2024-03-05",
    )
    found = rows(timeline(tmp_path, "the harbour strike", (before, after)))
    assert [text[:9] for _, text in found] == ["The docke", "The port "]


def test_a_topic_without_dated_sentences_is_said_to_have_none(tmp_path: Path) -> None:
    """Words that no article has are named."""
    answer = timeline(tmp_path, "the volcano")
    assert not answer.claims
    assert answer.message == "No article mentions “volcano”. 2 articles searched."


def test_a_long_timeline_keeps_the_most_central_and_says_how_many_there_are(tmp_path: Path) -> None:
    """At most MAX_ROWS rows."""
    text = "".join(f"The harbour strike spread to berth {n} on May {n}.\n" for n in range(1, 29))
    long = make_article(text, title="Harbour strike spreads", published="2024-05-30")
    answer = timeline(tmp_path, "the harbour strike", (long,))
    assert len(rows(answer)) == MAX_ROWS
    assert answer.claims[-1].text.startswith(f"{MAX_ROWS} of 28 dated events about “the harbour strike”")


def test_an_article_that_is_named_has_its_own_timeline(tmp_path: Path) -> None:
    """All its dated sentences, whatever they are about."""
    answer = timeline(tmp_path, "the article about the harbour strike")
    assert ("1900", "The museum of the city was founded in 1900 by a baker.") in rows(answer)
    assert answer.claims[-1].text == "5 dated events in “Harbour strike ends — Coast Herald, 2024-03-07”."


def test_a_small_library_has_a_timeline_of_everything(tmp_path: Path) -> None:
    """Rows of all its articles."""
    assert len({citation.article.id for citation in timeline(tmp_path, "everything").citations}) == 2


def test_an_article_that_is_pointed_at_is_the_one_cited_last(tmp_path: Path) -> None:
    """Whatever the topic and the time were that follow it in the standalone question."""
    first = timeline(tmp_path, "the orchard frost")
    assert {citation.article.title for citation in first.citations} == {"Frost hits the orchards"}
    second = timeline(tmp_path, "that article (orchard frost, June 2017)?", history=[turn_of(first, 0.0)])
    assert [label for label, _ in rows(second)] == ["2023", "2024-04-15"]


def test_the_dated_sections_of_an_article_about_the_topic_come_first(tmp_path: Path) -> None:
    """In its order, under its title, by the words of their headings where no year is known."""
    text = "".join(
        f"{day} August\n\nThe lifeguards of the harbour swim {what} before the judges arrive\n\n"
        for day, what in (("Sunday 14", "north"), ("Monday 15", "east"), ("Tuesday 16", "south"))
    )
    swimmers = make_article(f"The lifeguards of the harbour race.\n\n{text}", title="Harbour lifeguards race")
    found = rows(timeline(tmp_path, "the harbour lifeguards", (swimmers,)))
    assert [label for label, _ in found] == ["Sunday 14 August", "Monday 15 August", "Tuesday 16 August"]


CHASE = make_article(
    "Chase in Olmar\nA driver fled from the police of Olmar on Saturday, officers said.\n"
    "An officer stopped the car near the market of Olmar.\n"
    "The driver ran into the park and lost a shoe there.\n"
    "“We were so afraid of him,” a neighbour told the paper.\n"
    "The market was founded in 1900 by a baker of the town.\n"
    "Two guards found the driver behind a fountain.\n",
    title="Chase in Olmar", published="2024-03-12",
)  # fmt: skip


def told_without_date(answer: Answer) -> list[str]:
    claims = list(answer.claims)
    heading = [claim.text for claim in claims].index("Told without a date, in the order of the articles")
    return [claim.text for claim in claims[heading + 1 :] if claim.form is Form.ITEM]


def test_a_story_is_also_told_without_dates(tmp_path: Path) -> None:
    """In the order of its article, after the rows; what was said, and what has another date, is none of it."""
    answer = timeline(tmp_path, "the chase in Olmar", [CHASE, HARBOUR])
    assert rows(answer)[0][0] == "2024-03-09"
    assert [text.split()[0] for text in told_without_date(answer)] == ["An", "The", "Two"]


def test_what_is_told_without_a_date_is_what_likely_answers(tmp_path: Path) -> None:
    """Sentences with and without a date compete, and the others are left out."""
    asides = "".join(f"Stall {name} of the market sold a pear there.\n" for name in "ABCDEFGHIJKL")
    events = [
        "The driver of the chase in Olmar lost a shoe.",
        "Guards of Olmar joined the chase with three dogs.",
        "A fountain in Olmar ended the whole chase.",
    ]
    chase = "\n".join(events)
    article = make_article(
        f"The chase in Olmar began on Saturday.\n{asides}{chase}\n",
        title="Chase in Olmar",
        published="2024-03-12",
    )
    answer = timeline(tmp_path, "the chase in Olmar", [article, HARBOUR])
    assert len(answer.citations) <= MAX_ROWS
    assert set(events) <= set(told_without_date(answer))


def test_a_story_is_told_by_several_articles_that_lead_its_topic(tmp_path: Path) -> None:
    """The earlier article first; what both tell is told once."""
    later = make_article(
        "Chase in Olmar ends in court\nThe driver of the chase in Olmar was in court on Monday.\n"
        "Two guards found the driver behind a fountain.\n"
        "The judge sent the driver of the chase in Olmar home.\n",
        title="Chase in Olmar ends in court", published="2024-03-19",
    )  # fmt: skip
    told = told_without_date(timeline(tmp_path, "the chase in Olmar", [later, CHASE, HARBOUR]))
    assert [text.split()[0] for text in told] == ["An", "The", "Two", "The"]
    assert told[-1].startswith("The judge")


def test_a_row_is_not_repeated_before_what_refers_to_it(tmp_path: Path) -> None:
    """A sentence that begins with "He" is quoted with the one before it, but not where that is a row."""
    article = make_article(
        "Chase in Olmar\nMark Orsay fled from the police in the chase in Olmar on Saturday.\n"
        "He ran into the park of Olmar and lost a shoe in the chase.\n"
        "A guard of Olmar ended the chase behind a fountain.\n",
        title="Chase in Olmar", published="2024-03-12",
    )  # fmt: skip
    told = told_without_date(timeline(tmp_path, "the chase in Olmar", [article, HARBOUR]))
    assert told[0] == "He ran into the park of Olmar and lost a shoe in the chase."


def test_a_topic_that_articles_only_mention_is_said_to_be_mentioned(tmp_path: Path) -> None:
    """One passage of four has it, and the title has not."""
    around = "The mayor spoke of roads and schools. " * 40
    text = f"{around}\n\nOn Tuesday Ada Quill sailed past.\n\n{around}"
    long = make_article(text, title="Roads and schools", published="2024-04-20")
    note = "No article is mainly about “{}”; these mention it."
    assert note.format("Ada Quill") in timeline(tmp_path / "a", "Ada Quill", [long]).text
    assert note.format("roads and schools") not in timeline(tmp_path / "b", "roads and schools", [long]).text


def test_a_topic_with_a_word_of_no_article_has_no_timeline_of_its_other_words(tmp_path: Path) -> None:
    answer = timeline(tmp_path, "the harvest earthquake", [ORCHARD])
    assert answer.message.startswith("No article mentions “earthquake”.")
