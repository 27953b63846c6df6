"""The premise of an entailment model: the sentences that a claim is held to, in the order of their article."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.features import CandidateSentence
from retrieval.embedding.cross_encoder import plain

MAX_PREMISE = 560
"""Characters: with the claim about as many word pieces as the entailment model reads."""
GAP = " … "
"""Between sentences that are not neighbours."""


def premise(found: Sequence[CandidateSentence], chosen: Sequence[int]) -> str:
    """Return the text of the evidence sentences and, where there is room, of the sentence before each.

    Args:
        found: The candidate sentences, in order of hit and place.
        chosen: The indices of the evidence, best first: the last ones are left out when there is no room.
    """
    kept: dict[int, str] = {}
    beside = [index - 1 for index in chosen if index and found[index - 1].hit == found[index].hit]
    for index in (*chosen, *beside):
        text = plain(found[index].sentence.text)
        if index not in kept and (not kept or sum(map(len, kept.values())) + len(text) <= MAX_PREMISE):
            kept[index] = text
    parts: list[str] = []
    for index in sorted(kept):
        if parts:
            adjoining = index - 1 in kept and found[index].hit == found[index - 1].hit
            parts.append(" " if adjoining else GAP)
        parts.append(kept[index])
    return "".join(parts)
