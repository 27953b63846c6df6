"""Which passages only repeat better ones."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from retrieval.articles import Article, Block, BlockKind, Passage, Span
from retrieval.search.deduplicate import Deduplicator
from retrieval.store.library import Library
from retrieval.store.writer import PreparedArticle
from retrieval.structure.passages import split
from retrieval.text.near_duplicates import SentenceIndex, shingle_set
from tests.fakes import FakeEmbedder

PLACES = (
    *("harbour", "quarry", "orchard", "foundry", "library", "station", "brewery", "chapel", "market", "granary"),
    *("tannery", "lighthouse", "hospital", "theatre", "armoury", "nursery", "sawmill", "museum", "prison", "abbey"),
)
STORY = [
    f"Inspectors who went to the {one} on the day after the flood found that walls of the {other} had given way."
    for one, other in zip(PLACES, reversed(PLACES), strict=True)
]
TOLL = "The water killed 4 people and left 19 without a home, the governor said after his flight over the valley."


def article(name: str, *paragraphs: str) -> Article:
    text = "\n\n".join(paragraphs)
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(BlockKind.PARAGRAPH, Span(at, at + len(paragraph))))
        at += len(paragraph) + 2
    return Article(name, text, name, tuple(blocks))


def judged(folder: Path, *articles: Article) -> list[tuple[str, str]]:
    """Return (article, text) of the passages that are kept, when all are found in the order of the articles."""
    embedder = FakeEmbedder()
    with Library.open(folder, create=True) as library:
        passages: list[Passage] = []
        with library.writer() as writer, writer.transaction():
            writer.set_model(embedder.fingerprint)
            for each in articles:
                own = split(each)
                rows = embedder.embed_passages([passage.embedded_text for passage in own])
                writer.put_article(each.origin, PreparedArticle(each, own, rows), embedder.fingerprint)
                passages += own
        deduplicator = Deduplicator(library, [passage.id for passage in passages])
        deduplicator.prepare([each.id for each in articles])
        names = {each.id: each.origin for each in articles}
        return [(names[passage.article_id], passage.text) for passage in passages if deduplicator.keep(passage)]


def kept(folder: Path, *articles: Article) -> set[str]:
    return {name for name, _ in judged(folder, *articles)}


def grouped(sentences: list[str], size: int) -> list[str]:
    return [" ".join(sentences[at : at + size]) for at in range(0, len(sentences), size)]


def test_a_copy_whose_paragraphs_are_cut_elsewhere_repeats_the_first(tmp_path: Path) -> None:
    first = article("first", *grouped(STORY, 5))
    assert kept(tmp_path, first, article("copy", STORY[0], *grouped(STORY[1:], 7))) == {"first"}


def test_what_only_the_copy_says_stays_to_be_seen(tmp_path: Path) -> None:
    own = "Our reporter met a miller who had carried his daughter over the bridge an hour before it fell."
    told = judged(tmp_path, article("first", *grouped(STORY, 5)), article("copy", *grouped(STORY, 7), own))
    assert any(own in text for name, text in told if name == "copy")


def test_a_corrected_number_stays_though_it_stands_elsewhere_in_the_first(tmp_path: Path) -> None:
    first = article("first", *grouped([*STORY[:10], TOLL, *STORY[10:], "The river rose by 9 metres in a night."], 5))
    told = judged(tmp_path, first, article("copy", *grouped([*STORY, TOLL.replace("4", "9")], 7)))
    assert any("killed 9" in text for name, text in told if name == "copy")


@pytest.mark.parametrize("negator", ["not", "seldom", "rarely", "barely", "scarcely"])
def test_a_sentence_with_another_negator_stays_to_be_seen(tmp_path: Path, negator: str) -> None:
    first = article("first", *grouped(STORY, 5))
    changed = [STORY[0].replace("had given", f"had {negator} given"), *STORY[1:]]
    told = judged(tmp_path, first, article("copy", *grouped(changed, 7)))
    assert any(f"had {negator} given" in text for name, text in told if name == "copy")


def test_the_same_sentences_in_another_story_are_no_repeat(tmp_path: Path) -> None:
    """Only copies of whole articles are read sentence by sentence: a report that quotes another stays."""
    other = [f"Nobody had asked the {place} what it would cost to build it again by spring." for place in PLACES]
    told = kept(tmp_path, article("first", *grouped(STORY, 5)), article("other", STORY[0], *grouped(other, 5)))
    assert told == {"first", "other"}


def test_every_sentence_that_is_left_out_stands_in_a_kept_passage(tmp_path: Path) -> None:
    """Three copies, each cut and grouped otherwise, so that each could be left out for another."""
    copies = [article(f"{size}", *grouped(STORY[start:], size)) for start, size in ((0, 3), (4, 5), (2, 4))]
    shown = " ".join(text for _, text in judged(tmp_path, *copies))
    assert all(sentence in shown for sentence in STORY)


def test_a_passage_that_was_left_out_does_not_justify_leaving_out_another(tmp_path: Path) -> None:
    """The first passage of "second" nearly repeats "first": with it goes a sentence that only "third" has beside it."""
    syllables = ("bal", "cor", "dun", "fer", "gil", "hom", "jas", "kel", "lor", "mun", "nar", "pol")
    words = iter("".join(each) for each in itertools.product(syllables, repeat=3))
    told = [f"{' '.join(itertools.islice(words, 20)).capitalize()}." for _ in range(14)]
    only = f"{' '.join(itertools.islice(words, 8)).capitalize()}."
    first = article("first", " ".join(told[:7]))
    second = article("second", " ".join([*told[:7], only]), " ".join(told[7:]))
    third = article("third", " ".join([*told[7:11], only, *told[:3]]), " ".join([*told[3:7], *told[11:]]))
    shown = judged(tmp_path, first, second, third)
    assert [name for name, _ in shown[:2]] == ["first", "second"]
    assert [name for name, text in shown if only in text] == ["third"]


def test_sentences_that_were_left_out_tell_nothing() -> None:
    sentences = SentenceIndex()
    sentences.add("one", shingle_set(STORY[0]))
    assert sentences.contains(shingle_set(STORY[0]), set())
    assert not sentences.contains(shingle_set(STORY[0]), {"one"})
    assert not sentences.contains(shingle_set("Nothing of the kind."), set())
