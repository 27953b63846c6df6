"""Answers of few sentences, completed with the likeliest others of their articles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.answers import Form, QuestionKind
from bot.composition.further_sentences import FURTHER, with_further, with_nearest, with_only
from bot.conversation.session import ConversationSession
from bot.render.markdown import markdown
from bot.render.terminal import answer_text
from tests.bot.fakes_bot import PLACES, make_app
from tests.fakes import make_article

PORT = make_article(
    "The port\nThe port of Vell laid off ninety dockers in May.\n"
    "The union criticised the layoffs as illegal.\n"
    "Mayor Ida Holt called the layoffs a betrayal of the town.\n"
    "The bishop of Vell said that the port had put money before people.\n"
    "A shipping firm from Tarn warned that its cargo would go elsewhere.\n"
    "The layoffs began on a Monday.\n",
    title="The port", published="2024-05-20",
)  # fmt: skip


def test_a_list_of_few_sentences_is_completed_from_its_article(tmp_path: Path) -> None:
    """Those that only may belong stand below a line that says so; every number has its citation."""
    app = make_app(tmp_path, [PORT])
    talk = ConversationSession()
    talk.keep(app.ask("What did the port of Vell do in May?"))
    answer = app.ask("list the critics of the layoffs", history=talk.history)
    assert answer.kind is QuestionKind.LIST
    quotes = " ".join(each.quote for each in answer.citations)
    assert "as illegal" in quotes
    assert "a betrayal of the town" in quotes
    assert [each.number for each in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert [number for claim in answer.claims for number in claim.citations] == [
        each.number for each in answer.citations
    ]
    assert len({(each.article.id, each.span) for each in answer.citations}) == len(answer.citations)


def test_what_may_answer_stands_below_a_heading(tmp_path: Path) -> None:
    """What the answer has is not said again."""
    app = make_app(tmp_path, [PORT])
    answer = app.ask("What did the port of Vell do in May?")
    likely = app.ask("list the critics of the layoffs at the port of Vell")
    whole = with_further(answer, likely)
    headings = [claim.text for claim in whole.claims if claim.form is Form.HEADING]
    assert headings == [FURTHER]
    assert len(whole.citations) == len({each.quote for each in (*answer.citations, *likely.citations)})
    assert [each.number for each in whole.citations] == list(range(1, len(whole.citations) + 1))
    assert all(whole.citations[claim.citations[0] - 1].quote == claim.text for claim in whole.claims if claim.citations)
    assert with_further(whole, likely) == whole
    assert FURTHER in answer_text(whole, PLACES, 100).plain
    assert FURTHER in markdown([whole], PLACES)


def test_both_together_are_no_more_than_can_be_read_at_once(tmp_path: Path) -> None:
    app = make_app(tmp_path, [PORT])
    answer = app.ask("What did the port of Vell do in May?")
    likely = app.ask("list the critics of the layoffs at the port of Vell")
    assert len(likely.citations) > 1
    assert len(with_further(answer, likely, len(answer.citations) + 1).citations) == len(answer.citations) + 1
    assert with_further(answer, likely, len(answer.citations)) == answer


def test_the_nearest_of_the_same_article_stand_below_an_answer(tmp_path: Path) -> None:
    """Then they are among the nearest no more; those of other articles stay there."""
    other = make_article("The mill\nThe mill of Vell laid off two millers in May.\n", title="The mill")
    app = make_app(tmp_path, [PORT, other])
    answer = app.ask("How many dockers did the port of Vell lay off in May?")
    near = app.ask("list the critics of the layoffs at the port of Vell").citations
    foreign = app.ask("How many millers did the mill of Vell lay off in May?").citations
    assert foreign[0].article.id == other.id
    assert near
    answer = replace(with_only(answer, answer.citations[:1]), nearest=(*foreign, *near))
    assert answer.citations[0].article.id == PORT.id
    whole = with_nearest(answer, len(answer.citations) + 1)
    assert len(whole.citations) == len(answer.citations) + 1
    assert {each.article.id for each in whole.citations} == {PORT.id}
    assert foreign[0] in whole.nearest
    assert not {each.span for each in whole.citations[len(answer.citations) :]} & {
        each.span for each in whole.nearest if each.article.id == PORT.id
    }
