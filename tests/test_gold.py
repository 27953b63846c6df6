"""The seed articles' gold questions, through the whole program with the real model.

``tests/data/gold.jsonl`` holds a question a line, with the characters of a seed file that an answer must show, or
``"abstain": true`` where the three articles do not hold the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answers import Answer, Citation, Status
from bot.app import App, build
from bot.settings import Settings
from retrieval.articles import Span
from retrieval.embedding.embedder import SentenceTransformerEmbedder

GOLD = [json.loads(line) for line in (Path(__file__).parent / "data" / "gold.jsonl").read_text("utf-8").splitlines()]
SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True)
class GoldQuestion:
    """A gold question and what the program answered."""

    gold: dict[str, object]
    answer: Answer

    @property
    def is_right(self) -> bool:
        """Whether it asserts nothing where it must not, else whether a sentence shows the expected characters."""
        if self.gold.get("abstain"):
            return self.answer.status is not Status.ANSWERED
        return any(self._shows(citation) for citation in self.answer.citations)

    def _shows(self, citation: Citation) -> bool:
        start, end = int(str(self.gold["start"])), int(str(self.gold["end"]))
        is_there = Path(citation.article.path).name == Path(str(self.gold["path"])).name
        return is_there and citation.span.covers(Span(start, end))


@pytest.fixture(scope="module")
def app(real_seeds_store: Path, real_embedder: SentenceTransformerEmbedder) -> Iterator[App]:
    with build(Settings(store_dir=real_seeds_store), embedder=real_embedder) as built:
        yield built


@pytest.fixture(scope="module")
def asked(app: App) -> list[GoldQuestion]:
    return [GoldQuestion(gold, app.ask(str(gold["question"]))) for gold in GOLD]


def test_the_gold_set_is_large_enough_to_mean_something() -> None:
    assert len(GOLD) >= 60
    assert sum(bool(gold.get("abstain")) for gold in GOLD) >= 15


def test_expected_characters_stand_in_the_untouched_seed_files() -> None:
    for gold in GOLD:
        if "expected" in gold:
            text = (SEEDS / Path(gold["path"]).name).read_bytes().decode("utf-8")
            assert text[gold["start"] : gold["end"]] == gold["expected"]


def test_every_citation_points_at_its_quote_in_the_file(asked: list[GoldQuestion]) -> None:
    pointers = [citation for each in asked for citation in (*each.answer.citations, *each.answer.nearest)]
    assert pointers
    for citation in pointers:
        text = (SEEDS / Path(citation.article.path).name).read_bytes().decode("utf-8")
        assert citation.span.of(text) == citation.quote


def test_at_least_nine_in_ten_gold_questions_are_answered_rightly(asked: list[GoldQuestion]) -> None:
    wrong = [
        (
            each.gold["question"],
            each.gold.get("expected", "abstain"),
            round(each.answer.confidence, 3),
            each.answer.text,
        )
        for each in asked
        if not each.is_right
    ]
    assert len(wrong) <= len(asked) // 10, "\n".join(map(str, wrong))


def test_no_debris_is_ever_cited(asked: list[GoldQuestion]) -> None:
    debris = ("< td", "td >", "li >", "< /", "Exit mobile version", "1 - 2 - 3", "science journalist", ". . . .")
    for each in asked:
        for citation in (*each.answer.citations, *each.answer.nearest):
            assert not any(piece in citation.quote for piece in debris), citation.quote
