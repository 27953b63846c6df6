"""How articles are named: title, outlet, day, and whether they are opinion."""

from __future__ import annotations

import pytest

from bot.render.sources import headline_of
from retrieval.articles import ArticleInfo


@pytest.mark.parametrize(
    ("title", "source", "published", "headline"),
    [
        ("Mayor resigns", "Reuters", "2017-03-01T08:00:00", "Mayor resigns — Reuters, 2017-03-01"),
        ("", "", "", "Untitled — undated"),
        (
            "Opinion: The mayor must go",
            "The Star",
            "2017-03-02",
            "Opinion: The mayor must go — The Star, 2017-03-02, opinion",
        ),
    ],
)
def test_a_headline_has_outlet_day_and_genre(title: str, source: str, published: str, headline: str) -> None:
    assert headline_of(ArticleInfo("a", "", title, "", "", source, "", published, 1, 1)) == headline
