"""Centrality of sentences given as their terms, and the choice of those that do not repeat each other."""

from __future__ import annotations

import numpy as np

from bot.composition.centrality import lexrank, marginal, similarities

STORY = [{"ferri", "sank", "port"}, {"ferri", "sank", "night"}, {"ferri", "port", "night"}, {"cherri", "frost"}, set()]


def test_similarity_is_a_cosine() -> None:
    """1 for the same terms, 0 for none in common or none at all, symmetric."""
    found = similarities([{"ferri", "sank"}, {"ferri", "sank"}, {"cherri"}, set()])
    assert np.allclose(found, found.T)
    assert np.allclose(found[:3, :3], [[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    assert not found[3].any()


def test_the_sentences_of_the_story_are_central() -> None:
    """The one about something else is less central; without sentences there is none."""
    ranks = lexrank(similarities(STORY))
    assert ranks.max() == 1.0
    assert min(ranks[:3]) > max(ranks[3:])
    assert lexrank(np.zeros((0, 0))).shape == (0,)


def test_what_repeats_is_left_out() -> None:
    """The best comes first, its copy never, and what is ruled out by an infinite score not at all."""
    similar = similarities([{"ferri"}, {"ferri"}, {"cherri"}, {"frost"}])
    scores = np.array([1.0, 0.9, 0.5, -np.inf])
    assert marginal(scores, similar, 4, redundancy=0.5, repeats=0.6) == [0, 2]
    assert marginal(scores, similar, 1, redundancy=0.5, repeats=0.6) == [0]
