"""Ways in which one quotation goes wrong, each a function of the quotation and a source of chance.

A change returns None where it does not apply. :data:`SINGLE` names each with the verdicts that are right for it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from retrieval.quotes.lexicon import changes_meaning, is_negator, is_number
from retrieval.quotes.verdict import TextVerdict as Text
from retrieval.quotes.wording import Words

_WORD = re.compile(r"\S+")
_REPLACEMENTS = "window blue quickly carry garden paper slowly river bottle yellow market simple kitchen".split()  # noqa: SIM905
_NAMES = "Harrington Delacroix Okonkwo Petersen Villanueva".split()  # noqa: SIM905

Change = Callable[[str, random.Random], str | None]


def tokens_of(quote: str) -> list[str]:
    """Return what stands between white space."""
    return _WORD.findall(quote)


def _core(word: str) -> str:
    found = Words(word).texts
    return found[0] if len(found) == 1 else ""


def _swap(word: str, new: str) -> str:
    """Put ``new`` for a token's letters, its punctuation kept."""
    return re.sub(r"[\w'’]+(?:[-.,'’]\w+)*", lambda _: new, word, count=1)


def _at(quote: str, rng: random.Random, test: Callable[[str], bool]) -> tuple[list[str], int] | None:
    tokens = tokens_of(quote)
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
    tokens = tokens_of(quote)
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
    tokens = tokens_of(quote)
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
        tokens = tokens_of(quote)
        if len(tokens) < max(8, 4 * count):
            return None
        for at in rng.sample(range(len(tokens)), count):
            tokens[at] = _swap(tokens[at], rng.choice(_REPLACEMENTS))
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
    tokens[at] = _swap(tokens[at], rng.choice(_NAMES))
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
