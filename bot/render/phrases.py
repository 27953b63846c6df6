"""Phrases that every face uses: numbers with nouns, filters, what was searched, and the count of supported claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.answers import Answer, Claim, SearchScope, Support
from bot.render.catalogue import retold, translated, translated_count
from retrieval.articles import Filters
from retrieval.text.sanitize import line

UNCONFIRMED_LABEL = "Not confirmed by the articles"
"""What is shown above the claims that are not confirmed."""

_OF_ARTICLE = " (article’s date)"
_LABEL_WORDS = (
    "planned", "before", "after", "since", "until", "by", "from", "about",
    "week of", "weekend of", "early", "mid", "late",
)  # fmt: skip

READ_NOTE = "To read one: “onrecord show TITLE”, in a chat /show, on Discord /article."
"""What is said below a list of articles."""

NEAREST_LABEL = "Nearest in the articles:"
"""What is shown above the nearest sentences of an abstention."""


def counted(number: int, noun: str) -> str:
    """Return "1 article", "2,516 articles", in the language of the context."""
    return translated_count(number, f"{{number:,}} {noun}", f"{{number:,}} {noun}s")


def filter_words(filters: Filters) -> str:
    """Return the filters as they are typed: "source=Reuters since=2024-01-01"; nothing when there are none."""
    named: list[tuple[str, Iterable[str]]] = [
        ("source", filters.sources),
        ("author", filters.authors),
        ("since", filter(None, [filters.since])),
        ("until", filter(None, [filters.until])),
        ("article", filters.articles),
    ]
    return " ".join(f"{name}={_typed(line(value))}" for name, values in named for value in values)


def label_words(label: str) -> str:
    """Return the label of a dated sentence in the language of the context: "week of 2018-09-17 · 2 articles"."""
    when, _, articles = label.partition(" · ")
    if articles:
        return f"{label_words(when)} · {retold(articles)}"
    if when.endswith(_OF_ARTICLE):
        return translated("{when} (article’s date)", when=label_words(when.removesuffix(_OF_ARTICLE)))
    for words in _LABEL_WORDS:
        if when.startswith(f"{words} "):
            return translated(words + " {when}", when=label_words(when[len(words) + 1 :]))
    return label


def _typed(value: str) -> str:
    return f'"{value}"' if " " in value else value


def searched_words(searched: SearchScope) -> str:
    """Return "3 articles, 21 passages", the filters, and how many undated articles they leave out."""
    limits = "; ".join(filter(None, (filter_words(searched.filters), searched.undated_remark.rstrip("."))))
    size = f"{counted(searched.articles, 'article')}, {counted(searched.passages, 'passage')}"
    return f"{size} ({limits})" if limits else size


def scope_words(searched: SearchScope) -> str:
    """Return "3 articles from Reuters, published since 2024-01-01; 12 undated ones left out"."""
    filters = searched.filters
    chosen = [translated("from {outlets}", outlets=_either(filters.sources))] if filters.sources else []
    chosen += [translated("by {author}", author=_either(filters.authors))] if filters.authors else []
    days = [translated("since {day}", day=filters.since)] if filters.since else []
    days += [translated("until {day}", day=filters.until)] if filters.until else []
    words = " ".join([counted(searched.articles, "article"), *chosen])
    words += translated(", published {days}", days=" ".join(days)) if days else ""
    undated = translated_count(searched.undated, "{number:,} undated one left out", "{number:,} undated ones left out")
    return f"{words}; {undated}" if searched.undated else words


def _either(names: Sequence[str]) -> str:
    *others, last = [line(name) for name in names]
    return translated("{names} or {last}", names=", ".join(others), last=last) if others else last


_ONE_CLAIM = "{supported} of {number} claim supported"
_CLAIMS = "{supported} of {number} claims supported"


def claim_counts(answer: Answer) -> str:
    """Return "3 of 6 claims supported, 1 partly, 1 not confirmed; 1 withheld"."""
    shown = [claim for claim in answer.claims if claim.counted]
    unconfirmed = len(answer.unconfirmed) + len(hidden_claims(answer))
    withheld = sum(claim.counted and not claim.unsure for claim in answer.withheld)
    supported = sum(claim.supported for claim in shown)
    partially = sum(claim.support is Support.PARTIAL for claim in shown)
    total = len(shown) + unconfirmed + withheld
    parts = [translated_count(total, _ONE_CLAIM, _CLAIMS, supported=supported)]
    parts += [translated("{number} partly", number=partially)] if partially else []
    parts += [translated("{number} not confirmed", number=unconfirmed)] if unconfirmed else []
    return ", ".join(parts) + (translated("; {number} withheld", number=withheld) if withheld else "")


def hidden_claims(answer: Answer) -> list[Claim]:
    """Return the claims that are not confirmed and, by ``SHOW_UNCONFIRMED``, not shown."""
    return [claim for claim in answer.withheld if claim.counted and claim.unsure]


def sureness(confidence: float) -> str:
    """Return how sure it is that the speaker is the right one: "speaker very likely"."""
    return translated("speaker {likelihood}", likelihood=likelihood(confidence))


def likelihood(probability: float) -> str:
    """Return a probability, in [0, 1], in words: "very likely"; "uncertain" below .7."""
    if probability >= 0.95:
        return translated("almost certain")
    if probability >= 0.85:
        return translated("very likely")
    return translated("likely") if probability >= 0.7 else translated("uncertain")
