"""Near copies of a sentence: each difference that changes what is said is named, and nothing else is."""

from __future__ import annotations

import pytest

from bot.verification.near_copy import is_near_copy, near_copy_problems
from bot.verification.semantic_roles import exchanged_words
from bot.verification.word_alignment import WordAlignment
from retrieval.text.tokens import read_words


def align(claim: str, source: str) -> WordAlignment:
    return WordAlignment(claim, read_words(claim), source, read_words(source))


def problems(claim: str, source: str) -> list[str]:
    return [message for message, grave in near_copy_problems(align(claim, source)) if grave]


@pytest.mark.parametrize(
    ("claim", "source", "ours", "theirs"),
    [
        ("All villagers of Vell own a boat.", "Most villagers of Vell own a boat.", "all", "most"),
        ("Every teacher at the school joined the strike.", "Many teachers at the school joined the strike.", "every",
         "many"),
        ("The mayor has lowered the bridge toll to two euros.",
         "The mayor is expected to lower the bridge toll to two euros.", "has", "is expected to"),
        ("The mayor will close the harbour school in May.", "The mayor may close the harbour school in May.", "will",
         "may"),
        ("The plan is a threat to the old harbour.", "The plan could be seen as a threat to the old harbour.", "is",
         "could"),
        ("The fleet of Vell shrank by nine boats.", "The fleet of Vell shrank to nine boats.", "by", "to"),
        ("Poe's brother owns the bakery in Vell.", "Poe's sister owns the bakery in Vell.", "brother", "sister"),
        ("The court gave the bakery a month to pay its tax.", "The court gave the bakery a week to pay its tax.",
         "month", "week"),
        ("Exports of cherries from the valley rose last year.", "Exports of cherries from the valley fell last year.",
         "rose", "fell"),
        ("The bakery in Vell hired 40 people in March, its owner said.",
         "The bakery in Vell hired 40 people in April, its owner said, after a poor March.", "March", "April"),
        ("More than 20 boats lay in the harbour of Vell.", "Fewer than 20 boats lay in the harbour of Vell.",
         "More than 20", "Fewer than 20"),
        ("Mark Rees suggested that the bridge could be sold to the city.",
         "Ana Poe, a banker from Vell, suggested that the bridge could be sold to the city.", "Mark Rees", "Ana Poe"),
        ("The council pays for all of the children who need a bus.",
         "The council pays for a large portion of the children who need a bus.", "all", "portion"),
    ],
)  # fmt: skip
def test_what_a_near_copy_changes_is_named_in_both_wordings(claim: str, source: str, ours: str, theirs: str) -> None:
    assert f"the source says “{theirs}” where the claim says “{ours}”" in problems(claim, source)


@pytest.mark.parametrize(
    ("claim", "source", "theirs"),
    [
        ("The minister has signed the harbour treaty.", "The minister has yet to sign the harbour treaty.", "yet"),
        ("Vell is the oldest harbour in the country.", "Vell is one of the oldest harbours in the country.", "one of"),
        ("The guards were bribed by the owner of the bakery.",
         "The guards were reportedly bribed by the owner of the bakery.", "reportedly"),
        ("Thousands of people voted twice in the harbour district.",
         "Poe has claimed that thousands of people voted twice in the harbour district.", "claimed"),
    ],
)  # fmt: skip
def test_what_a_near_copy_leaves_out_is_named(claim: str, source: str, theirs: str) -> None:
    assert f"the source says “{theirs}” where the claim does not" in problems(claim, source)


@pytest.mark.parametrize(
    ("claim", "source", "ours"),
    [
        ("Rees is the only baker in the old town of Vell.", "Rees is a baker in the old town of Vell.", "only"),
        ("The minister has yet to sign the harbour treaty.", "The minister has to sign the harbour treaty.", "yet"),
    ],
)
def test_what_a_near_copy_adds_is_named(claim: str, source: str, ours: str) -> None:
    assert any(f"the claim says “{ours}”" in each for each in problems(claim, source)), problems(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Some villagers of Vell own a boat.", "Most villagers of Vell own a boat."),
        ("The mayor may close the school in May.", "The mayor could close the school in May."),
        ("The mayor plans to lower the toll to two euros.", "The mayor is expected to lower the toll to two euros."),
        ("Poe bought the bakery in March.", "Ana Poe, a banker, purchased the old bakery in March, her lawyer said."),
        ("Lowering the toll is expected by the mayor.", "Rees opposed the mayor, who may lose the vote in spring."),
        ("The strike, a spokesman said, will end on Monday.", "The strike will end on Monday, a spokesman said."),
        ("All four bakers of Vell were released on bail.", "Four bakers of Vell were released on bail."),
        ("The court, which sat for a week, gave the bakery time to pay.", "The court gave the bakery time to pay."),
    ],
)
def test_a_paraphrase_or_a_cut_changes_nothing(claim: str, source: str) -> None:
    assert problems(claim, source) == []


def test_what_is_yet_to_come_is_to_come() -> None:
    claim, source = "Up to ten more videos are yet to come.", "There may be up to ten more videos to come."
    assert not [each for each, _ in near_copy_problems(align(claim, source)) if "yet" in each]


def test_what_another_sentence_says_is_no_difference() -> None:
    side = align("All villagers of Vell own a boat.", "Most villagers of Vell own a boat.")
    other = f" {' '.join(word.term for word in read_words('Once all villagers of Vell did.'))} "
    assert list(near_copy_problems(side))
    assert not list(near_copy_problems(align("Once all villagers of Vell own a boat.", side.source), [other]))


@pytest.mark.parametrize(
    ("other", "named"),
    [("All pupils of the school sing.", True), ("In fact all pupils come from the island.", False)],
)
def test_at_the_edge_of_a_claim_two_words_beside_it_are_what_another_sentence_must_have(
    other: str, named: bool
) -> None:
    side = align("All pupils come from the island of Vell.", "Some pupils come from the island of Vell.")
    terms = f" {' '.join(word.term for word in read_words(other))} "
    assert bool(list(near_copy_problems(side, [terms]))) is named


def test_what_another_sentence_says_of_something_else_is_a_difference() -> None:
    side = align(
        "The largest fall in claims was in Vell, Orchard and Kestrel.",
        "The largest rise in claims was in Vell, Orchard and Kestrel.",
    )
    other = f" {' '.join(word.term for word in read_words('The largest fall in claims was in Norsea.'))} "
    assert list(near_copy_problems(side, [other]))


def test_a_superlative_of_more_than_the_source_ranks_is_named() -> None:
    found = problems("Vell was the first harbour in the country.", "Vell was the first public harbour in the country.")
    assert found == ["the source says “first public harbour” where the claim says “first harbour”"]
    assert not problems("Vell was the first harbour in the country.", "Vell was the first ever harbour in the country.")


def test_a_claim_about_all_of_what_the_source_narrows_is_named() -> None:
    found = problems(
        "All allies in the region are turning to Vell.", "Former allies in the region are turning to Vell."
    )
    assert found == ["the claim says “all” where the source does not"]


def test_a_loose_paraphrase_is_no_near_copy() -> None:
    assert not is_near_copy(align("Nobody in town goes without a boat.", "Most villagers of Vell own a boat."))
    assert is_near_copy(align("All villagers of Vell own a boat.", "Most villagers of Vell own a boat."))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The panel refused to hand voter data to Vell.", "Vell firmly refused to hand voter data to the panel."),
        ("Poe later quietly sued Rees over the bridge toll.", "Rees sued Poe over the bridge toll."),
        ("The board refused to give tax data to Vell and Orchard.",
         "Orchard and Vell joined the towns that refused to give tax data to a board."),
    ],
)  # fmt: skip
def test_exchanged_roles_are_found_with_words_between(claim: str, source: str) -> None:
    assert exchanged_words(claim, read_words(claim), source, read_words(source))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Poe was later sued by Rees over the bridge toll.", "Rees sued Poe over the bridge toll."),
        ("Rees and Poe sued the bakery over the bridge toll.", "Poe and Rees sued the bakery over the bridge toll."),
        ("Poe met Rees in the old harbour on Monday.", "Rees met Poe in the old harbour on Monday."),
        ("In Vell, Poe opened the harbour on Monday.", "Poe opened the harbour on Monday in Vell."),
    ],
)
def test_the_same_roles_in_another_order_are_the_same(claim: str, source: str) -> None:
    assert exchanged_words(claim, read_words(claim), source, read_words(source)) is None
