"""Which members a sentence names."""

import pytest

from bot.composition.members import Member, member_kind
from retrieval.articles import Span


@pytest.mark.parametrize(
    ("topic", "who", "text", "expected"),
    [
        ("countries signed it", False, "Burkina Faso, the U.S. and Niger signed; Nigeria waited.",
         ["burkina faso", "united states", "niger", "nigeria"]),
        ("states voted", False, "Texas, New Mexico and Ohio voted in Paris.", ["texas", "new mexico", "ohio"]),
        ("cities burned", False, "Crowds marched in Tulsa and Denver, Colorado.", ["tulsa", "denver"]),
        ("towns were hit", False, "The storm hit Vell, Okla., and Port Tarn, Kansas, and Reed, Hall.",
         ["vell", "port tarn"]),
        ("charged", True, "Sen. Ann Reed of Ohio and Ben Hall were charged by the Justice Department.",
         ["Ann Reed", "Ben Hall"]),
        ("women spoke", False, "Ann Reed and Ben Hall spoke.", ["Ann Reed"]),
        ("companies paid", False, "The banks Apex Corp. and Nordbank paid Ann Reed.", ["apex corp", "nordbank"]),
    ],
)  # fmt: skip
def test_members_of_the_kind_that_is_asked_for(topic: str, who: bool, text: str, expected: list[str]) -> None:
    kind = member_kind(topic, who=who)
    assert kind.find
    found = kind.find(text, Span(0, len(text)))
    assert [each.name for each in found] == expected
    assert all(fold_of(each, text) for each in found)


def fold_of(member: Member, text: str) -> bool:
    """Return whether the member's characters are in the text as they are written."""
    return bool(member.span.of(text).strip())


def test_the_noun_is_the_last_of_its_phrase() -> None:
    assert member_kind("Republican candidates for president", who=False).noun == "candidates"


def test_what_has_no_names_is_not_looked_for() -> None:
    assert member_kind("weapons does Algeria have", who=False).find is None


def test_one_person_is_one_member_under_a_short_name() -> None:
    one, other = (Member(name, Span(0, 1), person=True) for name in ("Chris Stevens", "J. Christopher Stevens"))
    assert one.is_same(other)
    assert not one.is_same(Member("Ann Stevens", Span(0, 1), person=True))
