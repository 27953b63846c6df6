"""Opinion pieces, where an article shows that it is one."""

from __future__ import annotations

import pytest

from retrieval.structure.genre import is_opinion


@pytest.mark.parametrize(
    "shown",
    [
        {"title": "OPINION: The bridge was a mistake"},
        {"title": "The bridge was a mistake | Opinion"},
        {"title": "Editorial: Close the bridge"},
        {"url": "https://daily.example/story/opinion/2019/05/04/bridge"},
        {"url": "https://daily.example/2019/may/04/commentisfree/bridge"},
        {"url": "https://daily.example/columnists/janedoe/bridge"},
        {"source": "The Daily - Opinion"},
        {"author": "The Editorial Board"},
    ],
)
def test_a_title_section_outlet_or_author_says_so(shown: dict[str, str]) -> None:
    assert is_opinion(**shown)


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"title": "Public opinion shifts on the bridge"},
        {"title": "Daily runs an editorial: the bridge stays"},
        {"title": "Analysis: what the bridge costs"},
        {"url": "https://daily.example/news/court-opinion-on-bridge"},
        {"url": "https://daily.example/opinion"},
        {"url": "http://[broken/opinion/x"},
        {"author": "Jane Doe, editor"},
        {"source": "Opinionated Press"},
    ],
)
def test_nothing_else_does(shown: dict[str, str]) -> None:
    """A ruling is an opinion, too, and a poll asks for some."""
    assert not is_opinion(**shown)
