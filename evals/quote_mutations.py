"""Quotations as people get them wrong, made from gold ones with a seed, each with the verdict it deserves."""

from __future__ import annotations

import itertools
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.quotes.lexicon import changes_meaning, is_negator, is_number
from retrieval.quotes.verdict import TextVerdict as Text
from retrieval.quotes.wording import Words

_WORD = re.compile(r"\S+")
_REPLACEMENTS = [
    "window",
    "blue",
    "quickly",
    "carry",
    "garden",
    "paper",
    "slowly",
    "river",
    "bottle",
    "yellow",
    "under",
    "seventh",
    "market",
    "simple",
    "kitchen",
]
_NAMES = "Harrington Delacroix Okonkwo Petersen Villanueva".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Gold:
    """A quotation that stands in an article."""

    quote: str
    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mutant:
    """A quotation made from gold, and the verdicts that are right for it, the expected one first."""

    kind: str
    quote: str
    right: tuple[Text, ...]


Change = Callable[[str, random.Random], str | None]


def _split(quote: str) -> list[str]:
    return _WORD.findall(quote)


def _core(word: str) -> str:
    found = Words(word).texts
    return found[0] if len(found) == 1 else ""


def _swap(word: str, new: str) -> str:
    """Put ``new`` for a token's letters, its punctuation kept."""
    return re.sub(r"[\w'’]+(?:[-.,'’]\w+)*", lambda _: new, word, count=1)


def _at(quote: str, rng: random.Random, test: Callable[[str], bool]) -> tuple[list[str], int] | None:
    tokens = _split(quote)
    places = [place for place, token in enumerate(tokens) if test(_core(token))]
    return (tokens, rng.choice(places)) if places else None


def _plain(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and not changes_meaning(word) and not is_number(word)


# Cosmetic


def curly(quote: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Turn curly marks straight and straight ones curly."""
    changed = quote.translate({ord("’"): "'", ord("'"): "’", ord("“"): '"', ord("”"): '"'})
    return changed if changed != quote else None


def dashes(quote: str, rng: random.Random) -> str | None:
    """Change the shape of dashes."""
    changed = re.sub(r"\s*(?:--|—|–)\s*| - ", rng.choice([" – ", "—", " -- "]), quote)
    return changed if changed.split() != quote.split() and changed != quote else None


def case(quote: str, rng: random.Random) -> str | None:
    """Change the case of the first letter, or of all."""
    changed = quote.upper() if rng.random() < 0.3 else quote[0].swapcase() + quote[1:]
    return changed if changed != quote else None


def no_break(quote: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Put no-break spaces."""
    return quote.replace(" ", "\u00a0", 2) if " " in quote else None


def zero_width(quote: str, rng: random.Random) -> str | None:
    """Put a character without width."""
    place = rng.randrange(1, len(quote))
    return quote[:place] + rng.choice(["\u200b", "\u00ad"]) + quote[place:]


def punctuation(quote: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Leave out commas and semicolons."""
    changed = re.sub(r"(?<=\w)[,;](?=\s)", "", quote)
    return changed if changed != quote else None


def line_hyphen(quote: str, rng: random.Random) -> str | None:
    """Break a long word over a line end."""
    words = list(re.finditer(r"[^\W\d_]{7,}", quote))
    if not words:
        return None
    place = rng.choice(words).start() + 3
    return f"{quote[:place]}-\n{quote[place:]}"


# Edited, and truncated under the edit


def ellipsis(quote: str, rng: random.Random) -> str | None:
    """Leave out words that change nothing, with an ellipsis."""
    tokens = _split(quote)
    size = rng.randint(1, 8)
    places = [
        at
        for at in range(3, len(tokens) - size - 3)
        if not any(changes_meaning(word) for word in Words(" ".join(tokens[at : at + size])).texts)
    ]
    if not places or re.search(r"…|\.\.|\[", quote):
        return None
    at = rng.choice(places)
    return " ".join([*tokens[:at], rng.choice(["…", "...", "[...]", ". . ."]), *tokens[at + size :]])


def bracket(quote: str, rng: random.Random) -> str | None:
    """Replace a pronoun by a bracket."""
    found = _at(quote, rng, lambda word: word in {"he", "she", "they", "it", "him", "her", "them", "we"})
    if not found or "[" in quote:
        return None
    tokens, at = found
    if len(tokens) < 6:
        return None
    tokens[at] = _swap(tokens[at], rng.choice(["[the mayor]", "[Smith]", "[the officials]"]))
    return " ".join(tokens)


def bracket_letter(quote: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Change the first letter in a bracket."""
    return f"[{quote[0].swapcase()}]{quote[1:]}" if quote[:2].isalpha() else None


def sic(quote: str, rng: random.Random) -> str | None:
    """Put a (sic)."""
    tokens = _split(quote)
    if len(tokens) < 6:
        return None
    tokens.insert(rng.randrange(2, len(tokens) - 1), rng.choice(["[sic]", "(sic)"]))
    return " ".join(tokens)


def ellipsis_over_negator(quote: str, rng: random.Random) -> str | None:
    """Leave out a negator or qualifier under an ellipsis."""
    found = _at(quote, rng, changes_meaning)
    if not found or re.search(r"…|\.\.|\[", quote):
        return None
    tokens, at = found
    if at < 2 or at > len(tokens) - 4:
        return None
    stop = min(at + rng.randint(1, 4), len(tokens) - 3)
    return " ".join([*tokens[:at], rng.choice(["…", "...", "[…]"]), *tokens[stop:]])


def cut_after_negator(quote: str, rng: random.Random) -> str | None:
    """Begin after a negator."""
    found = _at(quote, rng, is_negator)
    if not found or len(found[0]) - found[1] < 6:
        return None
    return " ".join(found[0][found[1] + 1 :])


def cut_before_qualifier(quote: str, rng: random.Random) -> str | None:
    """End before a negator or qualifier."""
    found = _at(quote, rng, lambda word: is_negator(word) or word in {"if", "unless", "only", "until", "may", "might"})
    if not found or found[1] < 5 or found[0][found[1] - 1][-1] in ".?!”\"'’":
        return None
    return " ".join(found[0][: found[1]])


# Altered


def number(quote: str, rng: random.Random) -> str | None:
    """Change a digit."""
    found = _at(quote, rng, lambda word: word[:1].isdigit())
    if not found:
        return None
    tokens, at = found
    tokens[at] = re.sub(r"\d", lambda hit: str((int(hit.group()) + rng.randint(1, 8)) % 10), tokens[at], count=1)
    return " ".join(tokens)


def dropped_not(quote: str, rng: random.Random) -> str | None:
    """Leave out a negation."""
    found = _at(quote, rng, lambda word: word in {"not", "never", "no"})
    if not found or len(found[0]) < 6:
        return None
    del found[0][found[1]]
    return " ".join(found[0])


def contraction(quote: str, rng: random.Random) -> str | None:
    """Turn don't into do."""
    found = _at(
        quote, rng, lambda word: word in {"don't", "doesn't", "isn't", "wasn't", "didn't", "aren't", "wouldn't"}
    )
    if not found or len(found[0]) < 6:
        return None
    tokens, at = found
    tokens[at] = re.sub(r"n['’]t", "", tokens[at])
    return " ".join(tokens)


def added_not(quote: str, rng: random.Random) -> str | None:
    """Add a negation."""
    found = _at(quote, rng, lambda word: word in {"is", "are", "was", "will", "would", "have", "has"})
    if not found or len(found[0]) < 6:
        return None
    found[0].insert(found[1] + 1, "not")
    return " ".join(found[0])


def words(count: int) -> Change:
    """Return a change that replaces ``count`` words."""

    def change(quote: str, rng: random.Random) -> str | None:
        tokens = _split(quote)
        if len(tokens) < max(8, 4 * count):
            return None
        for at in rng.sample(range(len(tokens)), count):
            tokens[at] = _swap(tokens[at], rng.choice(_REPLACEMENTS))
        return " ".join(tokens)

    return change


def name(quote: str, rng: random.Random) -> str | None:
    """Change a name."""
    tokens = _split(quote)
    places = [
        at
        for at, token in enumerate(tokens)
        if at and token[0].isupper() and len(token) > 3 and tokens[at - 1][-1].isalnum()
    ]
    if not places or len(tokens) < 6:
        return None
    at = rng.choice(places)
    tokens[at] = _swap(tokens[at], rng.choice(_NAMES))
    return " ".join(tokens)


def typing(quote: str, rng: random.Random) -> str | None:
    """Swap letters as in typing."""
    tokens = _split(quote)
    places = [at for at, token in enumerate(tokens) if token.isalpha() and len(token) > 4]
    if len(tokens) < 6 or not places:
        return None
    for at in rng.sample(places, min(len(places), rng.randint(1, 2))):
        place = rng.randrange(1, len(tokens[at]) - 2)
        word = tokens[at]
        tokens[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    changed = " ".join(tokens)
    return changed if changed != " ".join(_split(quote)) else None


def scanned(quote: str, rng: random.Random) -> str | None:
    """Misread letters as a scanner does."""
    pairs = [("m", "rn"), ("l", "1"), ("h", "li"), ("e", "c"), ("o", "0"), ("cl", "d"), ("ri", "n")]
    if len(_split(quote)) < 6:
        return None
    changed = quote
    for _ in range(max(2, len(quote) // 30)):
        old, new = rng.choice(pairs)
        places = [found.start() for found in re.finditer(old, changed)]
        if places:
            at = rng.choice(places)
            changed = changed[:at] + new + changed[at + len(old) :]
    return changed if changed != quote else None


def swapped(quote: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Put the second half first."""
    tokens = _split(quote)
    half = len(tokens) // 2
    return " ".join([*tokens[half:], *tokens[:half]]) if len(tokens) >= 14 else None


SINGLE: dict[str, tuple[Change, tuple[Text, ...]]] = {
    "curly": (curly, (Text.COSMETIC,)),
    "dashes": (dashes, (Text.COSMETIC,)),
    "case": (case, (Text.COSMETIC,)),
    "no_break": (no_break, (Text.COSMETIC,)),
    "zero_width": (zero_width, (Text.COSMETIC,)),
    "punctuation": (punctuation, (Text.COSMETIC,)),
    "line_hyphen": (line_hyphen, (Text.COSMETIC,)),
    "ellipsis": (ellipsis, (Text.EDITED,)),
    "bracket": (bracket, (Text.EDITED,)),
    "bracket_letter": (bracket_letter, (Text.EDITED,)),
    "sic": (sic, (Text.EDITED,)),
    "ellipsis_over_negator": (ellipsis_over_negator, (Text.TRUNCATED,)),
    "cut_after_negator": (cut_after_negator, (Text.TRUNCATED,)),
    "cut_before_qualifier": (cut_before_qualifier, (Text.TRUNCATED,)),
    "number": (number, (Text.ALTERED,)),
    "dropped_not": (dropped_not, (Text.ALTERED, Text.TRUNCATED)),
    "contraction": (contraction, (Text.ALTERED,)),
    "added_not": (added_not, (Text.ALTERED,)),
    "name": (name, (Text.ALTERED,)),
    "typing": (typing, (Text.ALTERED,)),
    "scanned": (scanned, (Text.ALTERED,)),
    "swapped": (swapped, (Text.SPLICED,)),
    **{f"words_{count}": (words(count), (Text.ALTERED,)) for count in range(1, 6)},
}
"""Changes of one quotation, by name, with the verdicts that are right."""


def mutants(gold: Sequence[Gold], foreign: Sequence[str], *, seed: int, each: int = 120) -> Iterator[Mutant]:
    """Yield at most ``each`` mutants of every kind; ``foreign`` are quotations of articles that are not searched."""
    rng = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    for kind, (change, right) in SINGLE.items():
        made = 0
        for one in rng.sample(gold, len(gold)):
            if len(_split(one.quote)) < 4:
                continue
            changed = change(one.quote, rng)
            if changed and made < each:
                made += 1
                yield Mutant(kind, changed, right)
    yield from _joined(gold, rng, each)
    yield from (Mutant("foreign", quote, (Text.NOT_FOUND, Text.PARAPHRASE)) for quote in foreign[: 2 * each])
    yield from (Mutant("chain", quote, (Text.NOT_FOUND, Text.PARAPHRASE)) for quote in _chains(gold, rng, each))
    for one in rng.sample(gold, min(each, len(gold))):
        tokens = _split(one.quote)
        if len(tokens) > 5:
            at = rng.randrange(len(tokens) - 2)
            yield Mutant("too_short", " ".join(tokens[at : at + rng.randint(1, 3)]), (Text.TOO_SHORT, Text.VERBATIM))


def _joined(gold: Sequence[Gold], rng: random.Random, each: int) -> Iterator[Mutant]:
    long = [one for one in gold if len(_split(one.quote)) >= 6]
    for _ in range(each):
        left, right = rng.sample(long, 2)
        if left.article != right.article:
            joint = rng.choice([" ", " … ", " ... ", " and "])
            yield Mutant("joined", f"{left.quote}{joint}{right.quote}", (Text.SPLICED,))


def _chains(gold: Sequence[Gold], rng: random.Random, each: int) -> Iterator[str]:
    """Yield fabricated quotations: each word likely after the one before it, as in the gold ones."""
    after: defaultdict[str, list[str]] = defaultdict(list)
    for one in gold:
        tokens = _split(one.quote)
        for left, right in itertools.pairwise(tokens):
            after[left].append(right)
    starts = [_split(one.quote)[0] for one in gold]
    made = 0
    while made < each:
        made_up = [rng.choice(starts)]
        length = rng.randint(8, 30)
        while len(made_up) < length and after[made_up[-1]]:
            made_up.append(rng.choice(after[made_up[-1]]))
        if len(made_up) >= 8:
            made += 1
            yield " ".join(made_up)
