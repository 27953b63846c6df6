"""From places to one verdict on the words: the rules, from the strictest to the loosest."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.quotes import edits, gaps
from retrieval.quotes.find import Finder
from retrieval.quotes.judgement import Judgement, best, rank
from retrieval.quotes.loose import loose
from retrieval.quotes.parts import Kind, Part, parts
from retrieval.quotes.pieces import SHORTEST
from retrieval.quotes.places import Place, Quote, same_words
from retrieval.quotes.splices import COVERED
from retrieval.quotes.verdict import TextVerdict
from retrieval.quotes.wording import UNSPACED, Words

FEWEST_WORDS, FEWEST_CHARACTERS = 4, 12
"""A shorter quotation says nothing by itself, unless it is, whole, what stands between quotation marks."""

LONGEST = 3_000
"""Words: a longer quotation is looked for as it stands only, so that no input takes more than seconds."""

_PARTS = 200  # edits that are followed
_COPIES = 8  # articles that are judged where the same words stand in many
_LITERAL = 3  # words outside brackets, at least, and as many as inside them
_GAP = re.compile(r"…|\.\s?\.\s?\.")
_BRACKET = re.compile(r"[\[(]")


def is_short(asked: Quote) -> bool:
    """Tell whether a quotation is too short to judge."""
    letters = sum(map(len, asked.words.texts))
    wide = len(re.findall(f"[{UNSPACED}]", asked.words.folded.text))
    return len(asked.words) < FEWEST_WORDS or max(letters + wide, len(asked.text)) < FEWEST_CHARACTERS


def judge(asked: Quote, finder: Finder) -> Judgement:  # noqa: PLR0911 (a list of rules)
    """Return the verdict on a quotation's words; NOT_FOUND where neither the words nor nearly the same stand."""
    if not len(asked.words):
        return Judgement(TextVerdict.TOO_SHORT)
    exact = sorted(_exact(asked, finder, asked.words.texts), key=rank)
    if is_short(asked):
        whole = tuple(place for place in exact if place.whole and place.verdict is TextVerdict.VERBATIM)
        if whole and len(asked.words) == FEWEST_WORDS - 1:
            return Judgement(TextVerdict.VERBATIM, whole)
        return Judgement(TextVerdict.TOO_SHORT, tuple(exact))
    if len(asked.words) > LONGEST:
        return best(exact) if exact else Judgement(TextVerdict.NOT_FOUND)
    split = parts(asked.text)
    marked = edits.is_edited(split) and len(split) <= _PARTS
    if exact and (not marked or not _edges(split) or _has_edits_too(asked, exact[0], finder)):
        return best(exact)
    if marked:
        edited = _edited(asked, split, finder)
        if edited:
            return edited
    if exact:
        return best(exact)
    return loose(asked, split, finder, gaps.place(asked, split, finder) if marked else None)


def _exact(asked: Quote, finder: Finder, words: Sequence[str]) -> list[Place]:
    """Judge the places of these words: all in the articles with the same characters first, then the earliest."""
    found = finder.exact(words)
    if len({one.row for one in found}) > _COPIES:
        same = {row for row in dict.fromkeys(one.row for one in found) if asked.text in finder.text(row)}
        rows = sorted(dict.fromkeys(one.row for one in found), key=lambda row: row not in same)[:_COPIES]
        found = [one for one in found if one.row in rows]
    return [same_words(asked, finder.words(one.row), one.row, one.first, finder.is_known) for one in found]


def _edges(split: Sequence[Part]) -> bool:
    """Tell whether an edit stands at the quotation's edge, where its words alone do not show it."""
    return (
        split[0].kind is Kind.GAP
        or split[-1].kind is Kind.GAP
        or any(part.kind is Kind.BRACKET and (not part.words or part.inner) for part in split)
    )


def _has_edits_too(asked: Quote, place: Place, finder: Finder) -> bool:
    """Tell whether the article has the same ellipses and brackets there: then they are no edit."""
    if place.verdict is TextVerdict.VERBATIM:
        return True
    source = finder.words(place.row).source
    around = source[max(0, place.span.start - 4) : place.span.end + 4]
    return all(len(mark.findall(asked.text)) <= len(mark.findall(around)) for mark in (_GAP, _BRACKET))


def _edited(asked: Quote, split: Sequence[Part], finder: Finder) -> Judgement | None:
    """Judge brackets and ellipses: in one article, in order and near; or parts that stand apart."""
    spelled, plain = _spelled(split), _plain(split, asked)
    literal = [part for part in spelled if part.kind is Kind.WORDS]
    count = sum(len(part.words) for part in literal)
    if count < _LITERAL or count < sum(len(part.words) for part in spelled if part.kind is Kind.BRACKET):
        return None
    choices = [spelled] if spelled == list(split) else [spelled, list(split)]
    if len(plain) > 1:
        choices.insert(0, plain)
    places = [
        place
        for choice in choices
        for row in dict.fromkeys(one.row for one in finder.exact(_longest(choice).words))
        if (place := edits.place(choice, finder.words(row), row))
    ]
    if places:
        return best(places)
    return _apart(literal, finder) or _apart([part for part in plain if part.kind is Kind.WORDS], finder)


def _plain(split: Sequence[Part], asked: Quote) -> list[Part]:
    """Take brackets as the article's own."""
    found: list[Part] = []
    for is_gap, group in itertools.groupby(split, key=lambda part: part.kind is Kind.GAP):
        run = list(group)
        words = Words(asked.text[run[0].start : run[-1].end]).texts
        found += run if is_gap else [Part(Kind.WORDS, tuple(words), run[0].start, run[-1].end)] if words else []
    return found


def _longest(choice: Sequence[Part]) -> Part:
    return max((part for part in choice if part.kind is Kind.WORDS), key=lambda part: len(" ".join(part.words)))


def _spelled(split: Sequence[Part]) -> list[Part]:
    """Take ``[T]he`` for the word it spells."""
    found: list[Part] = []
    for part in split:
        if part.kind is Kind.BRACKET and part.inner and found and found[-1].kind is Kind.WORDS:
            found[-1] = replace(found[-1], words=(*found[-1].words, *part.words))
        elif part.kind is Kind.BRACKET and part.inner:
            found.append(replace(part, kind=Kind.WORDS))
        elif part.kind is Kind.WORDS and found and found[-1].kind is Kind.WORDS:
            found[-1] = replace(found[-1], words=(*found[-1].words, *part.words))
        elif part.kind is Kind.BRACKET and not part.words and found:
            continue  # (sic)
        else:
            found.append(part)
    return found


def _apart(literal: Sequence[Part], finder: Finder) -> Judgement | None:
    """Judge parts that each stand somewhere as they are, but not together."""
    long = [part for part in literal if len(part.words) >= SHORTEST]
    if len(long) < 2 or sum(len(part.words) for part in long) < COVERED * sum(len(part.words) for part in literal):
        return None
    places: list[Place] = []
    for part in long:
        found = finder.exact(part.words)
        if not found:
            return None
        known = [one for one in found if one.row in {place.row for place in places}] or found
        span = finder.words(known[0].row).span(known[0].first, known[0].last)
        places.append(Place(known[0].row, span, TextVerdict.SPLICED))
    return Judgement(TextVerdict.SPLICED, tuple(places))
