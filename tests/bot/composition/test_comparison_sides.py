"""The sides of a comparison and what they share."""

from __future__ import annotations

import pytest

from bot.composition.comparison_sides import compared_sides


@pytest.mark.parametrize(
    ("one", "other", "sides", "shared"),
    [
        ("Vell's", "Tarn's rules on fish", ("Vell", "Tarn"), "rules on fish"),
        ("Quill's answer", "Baird's", ("Quill", "Baird"), "answer"),
        ("the fish rules in Vell", "Tarn", ("Vell", "Tarn"), "the fish rules"),
        ("what Vell, Tarn", "Port Bern want from Ostia", ("Vell", "Tarn", "Port Bern"), "want from Ostia"),
        ("Vell, Tarn,", "Bern", ("Vell", "Tarn", "Bern"), ""),
        ("the House", "Senate bills", ("the House", "Senate bills"), ""),
        ("the Vell fire", "the Tarn fire", ("the Vell fire", "the Tarn fire"), ""),
    ],
)
def test_sides_and_what_they_share_are_read(one: str, other: str, sides: tuple[str, ...], shared: str) -> None:
    found = compared_sides(one, other)
    assert (found.sides, found.shared) == (sides, shared)
