"""Groups of articles by the likeness of their vectors."""

from __future__ import annotations

import numpy as np

from bot.composition.topic_groups import article_vectors, topic_groups
from retrieval.articles import ArticleInfo

TITLES = {
    "Ferry sank off {}": (1.0, 0.05, 0.0),
    "Frost destroyed {} orchards": (0.0, 1.0, 0.05),
    "School closed in {}": (0.05, 0.0, 1.0),
}
TOWNS = ["Vell", "Aber", "Lund", "Riga", "Kiel"]


def test_articles_are_grouped_and_named_by_what_sets_their_titles_apart() -> None:
    """Each group has the articles of one thing, the verb of its titles does not name it, and all are there."""
    infos, vectors = [], {}
    for number, (title, vector) in enumerate(TITLES.items()):
        for at, town in enumerate(TOWNS[: 5 - number]):
            key = f"{number}{at}"
            infos.append(ArticleInfo(key, key, title.format(town), "", "", "", "", "2024-01-01", 100, 1))
            vectors[key] = np.array(vector, dtype=np.float32) / np.float32(np.linalg.norm(vector))
    groups = topic_groups(infos, vectors)
    assert [len(group.articles) for group in groups] == [5, 4, 3]
    assert ["Ferry" in groups[0].words, "Frost" in groups[1].words, "School" in groups[2].words] == [True] * 3
    assert not {"sank", "destroyed", "closed"}.intersection(word for group in groups for word in group.words)


def test_an_article_has_the_mean_of_its_passages() -> None:
    """Of unit length; an article without passages has none."""
    found = article_vectors(["a:0-5", "a:5-9", "b:0-3"], np.array([[1, 0], [0, 1], [0, 1]], dtype=np.float32))
    assert found.keys() == {"a", "b"}
    assert np.allclose(found["a"], [0.5**0.5, 0.5**0.5])
    assert topic_groups([ArticleInfo("c", "c", "", "", "", "", "", "", 1, 0)], found) == []
