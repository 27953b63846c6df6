"""What people do to a quotation that keeps its words: typography, marked edits, cuts.

Each is a function of the quotation and a source of chance; None where it does not apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from retrieval.text.folding import Words
from retrieval.text.lexicon import changes_meaning, is_negator

_WORD = re.compile(r"\S+")

_LIMITS = frozenset({"if", "unless", "only", "until", "may", "might"})

Change = Callable[[str, random.Random], str | None]


def tokens_of(quote: str) -> list[str]:
    """Return what stands between white space."""
    return _WORD.findall(quote)


def core(word: str) -> str:
    """Return a token's one word, folded; empty when it has none or several."""
    found = Words(word).texts
    return found[0] if len(found) == 1 else ""


def swap(word: str, new: str) -> str:
    """Put ``new`` for a token's letters, its punctuation kept."""
    return re.sub(r"[\w'’]+(?:[-.,'’]\w+)*", lambda _: new, word, count=1)


def at_word(quote: str, rng: random.Random, test: Callable[[str], bool]) -> tuple[list[str], int] | None:
    """Return the tokens and the place of one whose word passes ``test``; None when none does."""
    tokens = tokens_of(quote)
    places = [place for place, token in enumerate(tokens) if test(core(token))]
    return (tokens, rng.choice(places)) if places else None


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
    found = at_word(quote, rng, lambda word: word in {"he", "she", "they", "it", "him", "her", "them", "we"})
    if not found or "[" in quote:
        return None
    tokens, at = found
    if len(tokens) < 6:
        return None
    tokens[at] = swap(tokens[at], rng.choice(["[the mayor]", "[Smith]", "[the officials]"]))
    return " ".join(tokens)


def bracket_letter(quote: str, rng: random.Random) -> str | None:  # noqa: ARG001
    """Change the first letter in a bracket."""
    return f"[{quote[0].swapcase()}]{quote[1:]}" if quote[:2].isalpha() else None


def markup(quote: str, rng: random.Random) -> str | None:
    """Leave HTML or Markdown in."""
    tokens = tokens_of(quote)
    at = rng.randrange(len(tokens))
    form = rng.choice(["<em>{}</em>", "**{}**", "[{}](https://news.example/a-b)", "_{}_", "<b>{}</b>"])
    tokens[at] = form.format(tokens[at])
    return " ".join(tokens).replace("’", "&#8217;", 1) if "[" not in quote else None


def suffix(quote: str, rng: random.Random) -> str | None:
    """Give a word another ending in a bracket."""
    tokens = tokens_of(quote)
    places = [at for at, token in enumerate(tokens) if re.fullmatch(r"[a-z]{4,}", token) and not changes_meaning(token)]
    if "[" in quote or len(tokens) < 6 or not places:
        return None
    tokens[rng.choice(places)] += rng.choice(["[ed]", "[s]", "[ing]"])
    return " ".join(tokens)


def sic(quote: str, rng: random.Random) -> str | None:
    """Put a (sic)."""
    tokens = tokens_of(quote)
    if len(tokens) < 6:
        return None
    tokens.insert(rng.randrange(2, len(tokens) - 1), rng.choice(["[sic]", "(sic)"]))
    return " ".join(tokens)


def ellipsis_over_negator(quote: str, rng: random.Random) -> str | None:
    """Leave out a negator or qualifier under an ellipsis."""
    found = at_word(quote, rng, changes_meaning)
    if not found or re.search(r"…|\.\.|\[", quote):
        return None
    tokens, at = found
    if at < 2 or at > len(tokens) - 4:
        return None
    stop = min(at + rng.randint(1, 4), len(tokens) - 3)
    return " ".join([*tokens[:at], rng.choice(["…", "...", "[…]"]), *tokens[stop:]])


def cut_after_negator(quote: str, rng: random.Random) -> str | None:
    """Begin after a negator."""
    found = at_word(quote, rng, is_negator)
    if not found or len(found[0]) - found[1] < 6:
        return None
    return " ".join(found[0][found[1] + 1 :])


def cut_before_qualifier(quote: str, rng: random.Random) -> str | None:
    """End before a negator or qualifier."""
    found = at_word(
        quote, rng, lambda word: is_negator(word) or word in {"if", "unless", "only", "until", "may", "might"}
    )
    if not found or found[1] < 5 or found[0][found[1] - 1][-1] in ".?!”\"'’":
        return None
    return " ".join(found[0][: found[1]])
