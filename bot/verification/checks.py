"""Checks of a claim that need no model: numbers, dates, names, negation, word order and hedges.

A grave problem keeps a claim from being supported, whatever its probability; any other makes it partially supported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.features import CandidateSentence, read_passage
from bot.verification.entities import NameIndex
from bot.verification.facts import EvidenceScope, wrong_dates, wrong_names, wrong_numbers
from bot.verification.features import ParsedClaim
from bot.verification.polarity import firmer, flips, polarity
from bot.verification.semantic_roles import swapped
from bot.verification.word_alignment import WordAlignment, other_facts
from retrieval.articles import Hit


@dataclass(frozen=True, slots=True)
class ClaimProblem:
    """What is wrong with a claim.

    Attributes:
        words: In words for a person.
        grave: The claim says something that its source does not; else it says it otherwise or more firmly.
    """

    words: str
    grave: bool = True


def check(
    claim: ParsedClaim, hits: Sequence[Hit], found: Sequence[CandidateSentence], chosen: Sequence[int]
) -> list[ClaimProblem]:
    """Return what is wrong with a claim against the sentences that carry it best.

    Args:
        claim: What is said.
        hits: What was found.
        found: The sentences of the hits.
        chosen: The numbers of those that carry the claim.
    """
    scope = _scope(hits, found, chosen)
    words = [*wrong_numbers(claim.text, scope), *wrong_dates(claim.text, scope), *wrong_names(claim.text, scope)]
    ours = polarity(claim.text, claim.words)
    theirs = [polarity(each.text, each.words) for each in scope.carrying]
    flipped = flips(ours, theirs)
    if flipped:
        words.append(flipped)
    for each in scope.carrying:
        side = WordAlignment(claim.text, claim.words, each.text, each.words)
        words.extend(f"the source says “{its}” where the claim says “{mine}”" for mine, its in other_facts(side))
        negator, ours_alone = side.turned()
        if negator and not flipped:
            flipped = (
                f"the source does not say “{negator}” there"
                if ours_alone
                else f"the source says “{negator}” where the claim does not"
            )
            words.append(flipped)
        verb = swapped(claim.text, claim.words, each.text, each.words)
        if verb:
            words.append(f"the source has the two sides of “{verb}” the other way round")
    problems = [ClaimProblem(each) for each in dict.fromkeys(words)]
    softened = "" if flipped else firmer(ours, theirs)
    return [*problems, ClaimProblem(softened, grave=False)] if softened else problems


def _scope(hits: Sequence[Hit], found: Sequence[CandidateSentence], chosen: Sequence[int]) -> EvidenceScope:
    carrying = [found[number] for number in chosen]
    articles = {hits[each.hit].passage.article_id for each in carrying}
    own = [hit for hit in hits if hit.passage.article_id in articles]
    return EvidenceScope(
        carrying=[each.sentence for each in carrying],
        around=[text for number in {each.hit for each in carrying} for text in _texts(hits[number])],
        everywhere=[text for hit in hits for text in _texts(hit)],
        published=[hit.article.published for hit in own if hit.article.published],
        known=NameIndex(
            text for hit in own for text in (*_texts(hit), hit.article.title, hit.article.source, hit.article.author)
        ),
    )


def _texts(hit: Hit) -> list[str]:
    """Return the sentences of a hit, and what stands above them."""
    return [*(sentence.text for sentence in read_passage(hit.passage).sentences), hit.passage.context]
