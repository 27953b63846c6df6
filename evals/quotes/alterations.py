"""What people do to a quotation that makes it other words: numbers, negations, names, slips, another order.

Each is a function of the quotation and a source of chance; None where it does not apply.
"""

from __future__ import annotations

import random
import re

from evals.quotes.changes import Change, at_word, core, ellipsis, swap, tokens_of

_REPLACEMENTS = "window blue quickly carry garden paper slowly river bottle yellow market simple kitchen".split()  # noqa: SIM905
_NAMES = "Harrington Delacroix Okonkwo Petersen Villanueva".split()  # noqa: SIM905
_COUNTS = "two three four five six seven ten twelve twenty hundred thousand million billion".split()  # noqa: SIM905
MODALS = {"may": "will", "might": "will", "could": "will", "can": "must", "will": "may", "should": "must"}
AMOUNTS = {"some": "all", "many": "all", "most": "all", "all": "some", "few": "many", "every": "some"}
"""Words and those that claim more or less."""
_ASIDES = ["as my whole family has known for years", "unlike my friends from Springfield", "or so the neighbours tell"]


def number(quote: str, rng: random.Random) -> str | None:
    """Change a digit."""
    found = at_word(quote, rng, lambda word: word[:1].isdigit())
    if not found:
        return None
    tokens, at = found
    tokens[at] = re.sub(r"\d", lambda hit: str((int(hit.group()) + rng.randint(1, 8)) % 10), tokens[at], count=1)
    return " ".join(tokens)


def dropped_not(quote: str, rng: random.Random) -> str | None:
    """Leave out a negation."""
    found = at_word(quote, rng, lambda word: word in {"not", "never", "no"})
    if not found or len(found[0]) < 6:
        return None
    del found[0][found[1]]
    return " ".join(found[0])


def contraction(quote: str, rng: random.Random) -> str | None:
    """Turn don't into do."""
    found = at_word(
        quote, rng, lambda word: word in {"don't", "doesn't", "isn't", "wasn't", "didn't", "aren't", "wouldn't"}
    )
    if not found or len(found[0]) < 6:
        return None
    tokens, at = found
    tokens[at] = re.sub(r"n['’]t", "", tokens[at])
    return " ".join(tokens)


def added_not(quote: str, rng: random.Random) -> str | None:
    """Add a negation."""
    found = at_word(quote, rng, lambda word: word in {"is", "are", "was", "will", "would", "have", "has"})
    if not found or len(found[0]) < 6:
        return None
    found[0].insert(found[1] + 1, "not")
    return " ".join(found[0])


def words(count: int) -> Change:
    """Return a change that replaces ``count`` words."""

    def change(quote: str, rng: random.Random) -> str | None:
        tokens = tokens_of(quote)
        if len(tokens) < max(8, 4 * count):
            return None
        for at in rng.sample([at for at, token in enumerate(tokens) if re.search(r"\w", token)], count):
            tokens[at] = swap(tokens[at], rng.choice(_REPLACEMENTS))
        return " ".join(tokens)

    return change


def name(quote: str, rng: random.Random) -> str | None:
    """Change a name."""
    tokens = tokens_of(quote)
    places = [
        at
        for at, token in enumerate(tokens)
        if at and token[0].isupper() and len(token) > 3 and tokens[at - 1][-1].isalnum()
    ]
    if not places or len(tokens) < 6:
        return None
    at = rng.choice(places)
    tokens[at] = swap(tokens[at], rng.choice(_NAMES))
    return " ".join(tokens)


def typing(quote: str, rng: random.Random) -> str | None:
    """Swap letters as in typing."""
    tokens = tokens_of(quote)
    places = [at for at, token in enumerate(tokens) if token.isalpha() and len(token) > 4]
    if len(tokens) < 6 or not places:
        return None
    for at in rng.sample(places, min(len(places), rng.randint(1, 2))):
        place = rng.randrange(1, len(tokens[at]) - 2)
        word = tokens[at]
        tokens[at] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    changed = " ".join(tokens)
    return changed if changed != " ".join(tokens_of(quote)) else None


def scanned(quote: str, rng: random.Random) -> str | None:
    """Misread letters as a scanner does."""
    pairs = [("m", "rn"), ("l", "1"), ("h", "li"), ("e", "c"), ("o", "0"), ("cl", "d"), ("ri", "n")]
    if len(tokens_of(quote)) < 6:
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
    tokens = tokens_of(quote)
    half = len(tokens) // 2
    return " ".join([*tokens[half:], *tokens[:half]]) if len(tokens) >= 14 else None


def exchanged(words: dict[str, str]) -> Change:
    """Return a change of one word for another that claims more or less."""

    def change(quote: str, rng: random.Random) -> str | None:
        found = at_word(quote, rng, lambda word: word in words)
        if not found or len(found[0]) < 6:
            return None
        tokens, at = found
        tokens[at] = swap(tokens[at], words[core(tokens[at])])
        return " ".join(tokens)

    return change


def number_word(quote: str, rng: random.Random) -> str | None:
    """Change a number in words."""
    found = at_word(quote, rng, lambda word: word in _COUNTS)
    if not found or len(found[0]) < 6:
        return None
    tokens, at = found
    old = re.sub(r"\W", "", tokens[at]).lower()
    tokens[at] = swap(tokens[at], rng.choice([count for count in _COUNTS if count != old]))
    return " ".join(tokens)


def ellipsis_and(change: Change) -> Change:
    """Return an ellipsis that hides nothing, with another change beside it."""

    def both(quote: str, rng: random.Random) -> str | None:
        left_out = ellipsis(quote, rng)
        return change(left_out, rng) if left_out and len(tokens_of(left_out)) > 11 else None

    return both


def bracket_not(quote: str, rng: random.Random) -> str | None:
    """Put a negation in a bracket."""
    found = at_word(quote, rng, lambda word: word in {"is", "are", "was", "will", "would", "have", "has"})
    if not found or found[1] > len(found[0]) - 2 or len(found[0]) < 6 or found[0][found[1] + 1] == "not":
        return None
    found[0].insert(found[1] + 1, "[not]")
    return " ".join(found[0])


def neighbours(quote: str, rng: random.Random) -> str | None:
    """Let two neighbouring words change places."""
    tokens = tokens_of(quote)
    places = [at for at in range(1, len(tokens) - 2) if tokens[at].isalpha() and tokens[at + 1].isalpha()]
    places = [at for at in places if tokens[at].lower() != tokens[at + 1].lower()]
    if len(tokens) < 7 or not places:
        return None
    at = rng.choice(places)
    tokens[at], tokens[at + 1] = tokens[at + 1], tokens[at]
    return " ".join(tokens)


def aside(quote: str, rng: random.Random) -> str | None:
    """Let the quotation go on with words that nobody said."""
    return f"{quote.rstrip('.,!?')} {rng.choice(_ASIDES)}" if len(tokens_of(quote)) >= 18 else None


def sentences_reversed(quote: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Put a quotation's sentences in reverse order."""
    sentences = re.split(r"(?<=[.?!]) ", quote)
    is_fit = 2 <= len(sentences) <= 4 and all(len(tokens_of(sentence)) >= 6 for sentence in sentences)
    return " ".join(reversed(sentences)) if is_fit else None
