"""Passages in a prompt: best first, within a budget, between lines that no article can forge."""

from __future__ import annotations

from bot.generation.context import pack_passages
from bot.llm.budget import estimate_tokens
from retrieval.articles import Hit, Passage, Span
from tests.bot.fakes_bot import info

SENTENCES = ("The strike ended on Tuesday. ", "Wages rise by four percent. ", "The dockers go back to work.")


def hit(number: int, text: str = "".join(SENTENCES), **more: str) -> Hit:
    article = info(number, **more)
    spans, at = [], 100
    for sentence in SENTENCES:
        spans.append(Span(at, at + len(sentence.rstrip())))
        at += len(sentence)
    passage = Passage(article.id, 0, Span(100, 100 + len(text)), text, "", tuple(spans))
    return Hit(passage, article, 1.0 / number, number)


def test_each_passage_has_its_headline_outlet_and_day() -> None:
    packed = pack_passages(
        [hit(1, source="Coast\nHerald", published="2024-03-05T10:00", title="Strike\u202e ends")], "kqzt", 500
    )
    assert packed.text == (
        f"<<<kqzt-1>>>\nHeadline: Strike ends\nSource: Coast Herald, 2024-03-05\n{''.join(SENTENCES)}\n<<<end kqzt-1>>>"
    )


def test_the_best_that_fit_are_packed_in_order_and_the_last_is_cut_after_a_whole_sentence() -> None:
    whole = estimate_tokens(pack_passages([hit(1)], "kqzt", 500).text)
    packed = pack_passages([hit(1), hit(2), hit(3)], "kqzt", round(whole * 1.8))
    assert [each.rank for each in packed.hits] == [1, 2]
    assert SENTENCES[-1] in packed.text.split("<<<kqzt-2>>>")[0]
    assert SENTENCES[-1] not in packed.text.split("<<<kqzt-2>>>")[1]
    assert packed.text.endswith(".\n<<<end kqzt-2>>>")
    assert estimate_tokens(packed.text) <= round(whole * 1.8) + 2


def test_of_the_first_there_is_always_something() -> None:
    assert len(pack_passages([hit(1), hit(2)], "kqzt", 1).hits) == 1
    assert "The strike ended" in pack_passages([hit(1)], "kqzt", -50).text
