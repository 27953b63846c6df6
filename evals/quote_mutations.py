"""A seeded suite of wrong quotations made from gold ones, each with the verdict it deserves."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.quote_changes import SINGLE, tokens_of
from evals.quote_gold import Gold
from retrieval.quotes.verdict import TextVerdict as Text

FABRICATED = frozenset({"foreign", "chain"})
"""Kinds that no article holds."""
MEANING_CHANGED = frozenset({"number", "dropped_not", "contraction", "added_not"})
"""Kinds whose claim is another one than the article's."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A quotation made from gold, and the verdicts that are right for it, the expected one first."""

    kind: str
    quote: str
    right: tuple[Text, ...]


def mutants(gold: Sequence[Gold], foreign: Sequence[str], *, seed: int, each: int = 120) -> Iterator[Mutant]:
    """Yield at most ``each`` mutants of every kind; ``foreign`` are quotations of articles that are not searched."""
    rng = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    for kind, (change, right) in SINGLE.items():
        made = 0
        for one in rng.sample(gold, len(gold)):
            if len(tokens_of(one.quote)) < 4:
                continue
            changed = change(one.quote, rng)
            if changed and made < each:
                made += 1
                yield Mutant(kind, changed, right)
    yield from _joined(gold, rng, each)
    yield from (Mutant("foreign", quote, (Text.NOT_FOUND, Text.PARAPHRASE)) for quote in foreign[: 2 * each])
    yield from (Mutant("chain", quote, (Text.NOT_FOUND, Text.PARAPHRASE)) for quote in _chains(gold, rng, each))
    for one in rng.sample(gold, min(each, len(gold))):
        tokens = tokens_of(one.quote)
        if len(tokens) > 5:
            at = rng.randrange(len(tokens) - 2)
            yield Mutant("too_short", " ".join(tokens[at : at + rng.randint(1, 3)]), (Text.TOO_SHORT, Text.VERBATIM))


def _joined(gold: Sequence[Gold], rng: random.Random, each: int) -> Iterator[Mutant]:
    long = [one for one in gold if len(tokens_of(one.quote)) >= 6]
    for _ in range(each):
        left, right = rng.sample(long, 2)
        if left.article != right.article:
            joint = rng.choice([" ", " … ", " ... ", " and "])
            yield Mutant("joined", f"{left.quote}{joint}{right.quote}", (Text.SPLICED,))


def _chains(gold: Sequence[Gold], rng: random.Random, each: int) -> Iterator[str]:
    """Yield fabricated quotations: each word likely after the one before it, as in the gold ones."""
    after: defaultdict[str, list[str]] = defaultdict(list)
    for one in gold:
        tokens = tokens_of(one.quote)
        for left, right in itertools.pairwise(tokens):
            after[left].append(right)
    starts = [tokens_of(one.quote)[0] for one in gold]
    made = 0
    while made < each:
        made_up = [rng.choice(starts)]
        length = rng.randint(8, 30)
        while len(made_up) < length and after[made_up[-1]]:
            made_up.append(rng.choice(after[made_up[-1]]))
        if len(made_up) >= 8:
            made += 1
            yield " ".join(made_up)
