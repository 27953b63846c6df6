"""A seeded suite of wrong quotations made from gold ones, each with the verdict it deserves."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.quotes import alterations, changes
from evals.quotes.changes import tokens_of
from evals.quotes.gold import GoldQuote
from retrieval.quotes.verdict import TextVerdict as Text

FABRICATED = frozenset({"foreign", "chain", "shuffled", "trigrams"})
"""Kinds that no article holds."""
MEANING_CHANGED = frozenset(
    {"number", "number_word", "ellipsis_and_number", "dropped_not", "contraction", "added_not", "bracket_not"}
)
"""Kinds whose claim is another one than the article's."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A quotation made from gold, and the verdicts that are right for it, the expected one first."""

    kind: str
    quote: str
    right: tuple[Text, ...]


SINGLE: dict[str, tuple[changes.Change, tuple[Text, ...]]] = {
    "curly": (changes.curly, (Text.COSMETIC,)),
    "dashes": (changes.dashes, (Text.COSMETIC,)),
    "case": (changes.case, (Text.COSMETIC,)),
    "no_break": (changes.no_break, (Text.COSMETIC,)),
    "zero_width": (changes.zero_width, (Text.COSMETIC,)),
    "punctuation": (changes.punctuation, (Text.COSMETIC,)),
    "line_hyphen": (changes.line_hyphen, (Text.COSMETIC,)),
    "markup": (changes.markup, (Text.COSMETIC,)),
    "ellipsis": (changes.ellipsis, (Text.EDITED,)),
    "bracket": (changes.bracket, (Text.EDITED,)),
    "bracket_letter": (changes.bracket_letter, (Text.EDITED,)),
    "sic": (changes.sic, (Text.EDITED,)),
    "suffix": (changes.suffix, (Text.EDITED,)),
    "ellipsis_over_negator": (changes.ellipsis_over_negator, (Text.TRUNCATED,)),
    "cut_after_negator": (changes.cut_after_negator, (Text.TRUNCATED,)),
    "cut_before_qualifier": (changes.cut_before_qualifier, (Text.TRUNCATED,)),
    "number": (alterations.number, (Text.ALTERED,)),
    "dropped_not": (alterations.dropped_not, (Text.ALTERED, Text.TRUNCATED)),
    "contraction": (alterations.contraction, (Text.ALTERED,)),
    "added_not": (alterations.added_not, (Text.ALTERED,)),
    "modal": (alterations.exchanged(alterations.MODALS), (Text.ALTERED,)),
    "quantifier": (alterations.exchanged(alterations.AMOUNTS), (Text.ALTERED,)),
    "number_word": (alterations.number_word, (Text.ALTERED,)),
    "bracket_not": (alterations.bracket_not, (Text.ALTERED,)),
    "ellipsis_and_word": (alterations.ellipsis_and(alterations.words(1)), (Text.ALTERED,)),
    "ellipsis_and_number": (alterations.ellipsis_and(alterations.number), (Text.ALTERED,)),
    "neighbours": (alterations.neighbours, (Text.ALTERED,)),
    "aside": (alterations.aside, (Text.ALTERED,)),
    "name": (alterations.name, (Text.ALTERED,)),
    "typing": (alterations.typing, (Text.ALTERED,)),
    "scanned": (alterations.scanned, (Text.ALTERED,)),
    "swapped": (alterations.swapped, (Text.SPLICED,)),
    "sentences_reversed": (alterations.sentences_reversed, (Text.SPLICED,)),
    **{f"words_{count}": (alterations.words(count), (Text.ALTERED,)) for count in range(1, 6)},
}
"""Changes of one quotation, by name, with the verdicts that are right."""


def mutants(gold: Sequence[GoldQuote], foreign: Sequence[str], *, seed: int, each: int = 120) -> Iterator[Mutant]:
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
    yield from (Mutant("shuffled", quote, (Text.NOT_FOUND, Text.PARAPHRASE)) for quote in _shuffled(gold, rng, each))
    yield from (Mutant("trigrams", quote, (Text.NOT_FOUND, Text.PARAPHRASE)) for quote in _trigrams(gold, rng, each))
    for one in rng.sample(gold, min(each, len(gold))):
        tokens = tokens_of(one.quote)
        if len(tokens) > 5:
            at = rng.randrange(len(tokens) - 2)
            yield Mutant("too_short", " ".join(tokens[at : at + rng.randint(1, 3)]), (Text.TOO_SHORT, Text.VERBATIM))


def _joined(gold: Sequence[GoldQuote], rng: random.Random, each: int) -> Iterator[Mutant]:
    long = [one for one in gold if len(tokens_of(one.quote)) >= 6]
    for _ in range(each):
        left, right = rng.sample(long, 2)
        if left.article != right.article:
            joint = rng.choice([" ", " … ", " ... ", " and "])
            yield Mutant("joined", f"{left.quote}{joint}{right.quote}", (Text.SPLICED,))


def _chains(gold: Sequence[GoldQuote], rng: random.Random, each: int) -> Iterator[str]:
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


def _shuffled(gold: Sequence[GoldQuote], rng: random.Random, each: int) -> Iterator[str]:
    """Yield the words of quotations in no order."""
    long = [one for one in gold if len(tokens_of(one.quote)) >= 10]
    for one in rng.sample(long, min(each, len(long))):
        tokens = [token.strip("[]") for token in tokens_of(one.quote)]
        rng.shuffle(tokens)
        yield " ".join(tokens)


def _trigrams(gold: Sequence[GoldQuote], rng: random.Random, each: int) -> Iterator[str]:
    """Yield three words each of several quotations, one after another."""
    long = [tokens_of(one.quote) for one in gold if len(tokens_of(one.quote)) >= 6]
    for _ in range(each):
        made: list[str] = []
        for tokens in rng.sample(long, min(len(long), rng.randint(3, 6))):
            at = rng.randrange(len(tokens) - 2)
            made += tokens[at : at + 3]
        yield " ".join(made)
