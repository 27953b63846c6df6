"""Checks of a claim that need no model: numbers, dates, names, negation, word order and hedges.

A grave problem keeps a claim from being supported, whatever its probability; any other makes it partially supported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.features import CandidateSentence, parse_passage
from bot.verification.entities import NameIndex
from bot.verification.facts import EvidenceScope, wrong_dates, wrong_days, wrong_names, wrong_numbers
from bot.verification.features import ParsedClaim
from bot.verification.near_copy import is_near_copy, matched_share, near_copy_problems
from bot.verification.polarity import lost_hedge, overstated_possibility, polarity_problem, read_polarity
from bot.verification.semantic_roles import exchanged_words, swapped_roles
from bot.verification.word_alignment import WordAlignment, substituted_facts
from retrieval.articles import Hit

_MIN_COMPARED = 0.4
"""The share of a claim's content words that a sentence has in their order, from which what both negate is compared."""


@dataclass(frozen=True, slots=True)
class ClaimProblem:
    """A problem of a claim.

    Attributes:
        message: For people, a phrase.
        grave: The claim contradicts its source or adds to it; otherwise it only omits a hedge.
    """

    message: str
    grave: bool = True


def check_claim(
    claim: ParsedClaim, hits: Sequence[Hit], found: Sequence[CandidateSentence], chosen: Sequence[int]
) -> list[ClaimProblem]:
    """Return the problems of a claim, given its evidence sentences.

    Args:
        claim: The claim.
        hits: The passages found.
        found: Their sentences.
        chosen: The indices in ``found`` of the evidence.
    """
    scope = _scope(hits, found, chosen)
    sides = [WordAlignment(claim.text, claim.words, each.text, each.words) for each in scope.sentences]
    near = [is_near_copy(side) for side in sides]
    messages = [
        *wrong_numbers(claim.text, scope, strict=any(near)),
        *wrong_dates(claim.text, scope),
        *wrong_days(claim.text, scope),
        *wrong_names(claim.text, scope),
    ]
    ours = read_polarity(claim.text, claim.words)
    theirs = [
        read_polarity(each.text, each.words)
        for each, side in zip(scope.sentences, sides, strict=True)
        if matched_share(side) >= _MIN_COMPARED
    ]
    flipped = polarity_problem(ours, theirs) if theirs else ""
    if flipped:
        messages.append(flipped)
    overstated = overstated_possibility(claim.text, [each.text for each in scope.sentences])
    messages += [overstated] * bool(overstated)
    slight: list[str] = []
    others = [f" {' '.join(word.term for word in each.sentence.words if word.term)} " for each in found]
    for each, side in zip(scope.sentences, sides, strict=True):
        messages.extend(
            f"the source says “{its}” where the claim says “{mine}”" for mine, its in substituted_facts(side)
        )
        negator, ours_alone = side.negation_change()
        if negator and not flipped:
            flipped = (
                f"the source does not say “{negator}” there"
                if ours_alone
                else f"the source says “{negator}” where the claim does not"
            )
            messages.append(flipped)
        for message, grave in near_copy_problems(side, others):
            (messages if grave else slight).append(message)
        verb = swapped_roles(claim.text, claim.words, each.text, each.words)
        exchanged = exchanged_words(claim.text, claim.words, each.text, each.words)
        if exchanged and not verb:
            messages.append(f"the source has “{exchanged[0]}” and “{exchanged[1]}” the other way round")
        if verb:
            messages.append(f"the source has the two sides of “{verb}” the other way round")
    softened = "" if flipped or messages else lost_hedge(ours, theirs)
    slight += [softened] * bool(softened)
    return [
        *(ClaimProblem(each) for each in dict.fromkeys(messages)),
        *(ClaimProblem(each, grave=False) for each in dict.fromkeys(slight) if each not in messages),
    ]


def _scope(hits: Sequence[Hit], found: Sequence[CandidateSentence], chosen: Sequence[int]) -> EvidenceScope:
    evidence = [found[number] for number in chosen]
    articles = {hits[each.hit].passage.article_id for each in evidence}
    own = [hit for hit in hits if hit.passage.article_id in articles]
    return EvidenceScope(
        sentences=[each.sentence for each in evidence],
        passage_texts=[text for number in {each.hit for each in evidence} for text in _hit_texts(hits[number])],
        all_texts=[text for hit in hits for text in _hit_texts(hit)],
        published=[hit.article.published for hit in own if hit.article.published],
        names=NameIndex(
            text
            for hit in own
            for text in (*_hit_texts(hit), hit.article.title, hit.article.source, hit.article.author)
        ),
    )


def _hit_texts(hit: Hit) -> list[str]:
    """Return the sentences of a hit and the headings above them."""
    return [*(sentence.text for sentence in parse_passage(hit.passage).sentences), hit.passage.context]
