"""What a verdict says in words, the same on every face."""

from __future__ import annotations

from collections.abc import Sequence

from bot.quoting import Check, Told, tally
from bot.render.terminal import counted, filter_words
from retrieval.quotes.diff import Change
from retrieval.quotes.fold import FOLDS
from retrieval.quotes.speakers import SpeakerKind, SpeakerVerdict
from retrieval.quotes.verdict import Nearest, Searched, TextVerdict

_MOST_CHANGES = 5


def word_of(verdict: TextVerdict | SpeakerVerdict) -> str:
    """Return a verdict as a heading: "NOT FOUND"."""
    return verdict.replace("_", " ").upper()


def lead(check: Check) -> str:
    """Return in one sentence what the verdict on the words rests on."""
    if check.verdict.text is TextVerdict.PARAPHRASE:
        return "No such quotation: the nearest sentence says something like it in other words."
    if check.verdict.text is TextVerdict.TOO_SHORT and not check.matches:
        return "Too short to judge, and in none of the articles."
    if check.verdict.text is TextVerdict.ALTERED and check.verdict.changes:
        shown = [_changed(change) for change in check.verdict.changes[:_MOST_CHANGES]]
        more = len(check.verdict.changes) - len(shown)
        return f"The article has other words: {'; '.join(shown)}{f'; and {more} more' if more > 0 else ''}."
    return check.verdict.evidence


def _changed(change: Change) -> str:
    reason = change.reason.replace("_", " ")
    if not change.source:
        return f"“{change.quoted}” is added ({reason})"
    if not change.quoted:
        return f"“{change.source}” is left out ({reason})"
    return f"“{change.quoted}” for “{change.source}” ({reason})"


def folded(names: Sequence[str]) -> str:
    """Return what was folded: "case (upper and lower case)"."""
    return "; ".join(f"{name.replace('_', ' ')} ({FOLDS.get(name, name)})" for name in names)


def said_by(told: Told, asked: str | None) -> str:
    """Return who said it and how that compares with who was asked about."""
    found, verdict = told.speaker.attribution, told.speaker.verdict
    not_asked = f", not {asked}" if asked else ""
    via = f" (to or through {told.via})" if told.via else ""
    if found.kind is SpeakerKind.OUTLET:
        own = "the article's own words, inside no quotation marks"
        return own if verdict is SpeakerVerdict.MATCH else own + not_asked
    if verdict is not SpeakerVerdict.MATCH and found.candidates:
        could_be = f"“{told.surface}” could be {' or '.join(found.candidates)}"
        return could_be + (not_asked if verdict is SpeakerVerdict.OTHER else "")
    if verdict is SpeakerVerdict.UNKNOWN:
        return f"the article says only “{told.surface}”" if told.surface else "the article names nobody"
    if verdict is SpeakerVerdict.SECOND_HAND:
        return f"quoted from {found.name or 'somebody else'}{via}{not_asked}"
    named = found.name or told.surface
    return f"{named}{not_asked}{via}" if verdict is SpeakerVerdict.OTHER else f"{named}{via}"


def reasoning(told: Told) -> str:
    """Return how the speaker was found: the characters that name them, the cue, the rule, its confidence."""
    found = told.speaker.attribution
    parts = [
        f"named “{told.surface}”" if told.surface and told.surface != found.name else "",
        f"cue “{told.cue}”" if told.cue else "",
        f"rule {found.rule.replace('_', ' ')}",
        f"confidence {found.confidence:.2f}",
    ]
    return " · ".join(filter(None, parts))


def shared_words(near: Nearest) -> str:
    """Return how much of the quotation a sentence holds."""
    return f"holds {near.overlap:.0%} of its content words, by weight"


def searched_words(searched: Searched) -> str:
    """Return "2,516 articles of 2012-01-03 to 2020-07-12" and the filters."""
    dates = f" of {searched.since[:10]} to {searched.until[:10]}" if searched.since else ", none of them dated"
    limits = filter_words(searched.filters)
    return (
        counted(searched.articles, "article")
        + (dates if searched.articles else "")
        + (f" ({limits})" if limits else "")
    )


def summary(checks: Sequence[Check], named: str) -> str:
    """Return "15 quotations in draft.md: 6 verbatim, 2 not found; 1 misattributed."."""
    if not checks:
        return f"No quotation in {named}: nothing to check."
    counts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in tally(checks).items())
    wrong = sum(check.is_misattributed for check in checks)
    return f"{counted(len(checks), 'quotation')} in {named}: {counts}" + (f"; {wrong} misattributed." if wrong else ".")
