"""Additions: removable phrases of a near copy that no sentence found has: "secretly", ", who was later convicted".

There is no parser: a phrase is an addition where its form shows its extent (an adverb; a relative clause, apposition,
participle, prepositional or adverbial phrase between marks, at the end or before its verb), where the words around it
match a sentence, and where no sentence found has most of its words. What limits or attributes the rest ("only if",
"allegedly", "police said") is none: without it the rest would say more.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.term_weights import general_weights
from bot.verification.entities import place_groups
from bot.verification.lead_ins import capitalized
from bot.verification.polarity import read_polarity
from bot.verification.word_alignment import WordAlignment
from retrieval.text.lexicon import (
    APPROXIMATIONS,
    ARTICLES,
    CONCESSIVES,
    CONDITIONALS,
    DEMONSTRATIVES,
    HEARSAY,
    HEDGES,
    POSSESSIVE_DETERMINERS,
    QUANTITY_CLASSES,
    RELATIVE_PRONOUNS,
    SUBJECT_PRONOUNS,
    UNPROVEN,
    is_negator,
    word_set,
)
from retrieval.text.number_words import is_number
from retrieval.text.reporting_verbs import ADVERBS, AMBIGUOUS, PREPOSITIONS, SPEECH
from retrieval.text.tokens import Word
from retrieval.text.verb_forms import is_finite, is_participle

MAX_WORDS = 100
"""Words of the longest claim from which something is cut."""
MAX_ADDITIONS = 3
"""Additions of one claim: with more it is no near copy."""
_MAX_HELD = 0.6
"""The share of an addition's weight, in [0, 1], below which two sentences in a row do not have it."""
_MAX_LONG_HELD = 0.4
"""The same of one of three content words or more: a paraphrase has some of them."""
_MIN_REST = 0.6
"""The share of the rest's content words that the sentence has in the same order."""
_MIN_CERTAIN_REST = 0.85
"""The same where the model finds the whole supported: a paraphrase adds words, a copy does not."""
_MIN_REST_WORDS = 3  # content words
_LONG = 3  # content words
_STEM = 5  # letters that forms of one word share
_MARKS = ",;()[]—–"
_QUOTES = '"“”«»'
_RELATIVES = (RELATIVE_PRONOUNS - {"that"}) | {"where"}
_COUNTED_RELATIVES = {("of", "which"), ("of", "whom"), ("of", "whose")}
"""What follows "all" or "two" in a relative clause."""
_CLAUSES = CONCESSIVES | word_set("because after before while when since whereas following despite amid")
_NO_OPENERS = word_set(
    """of than as like unlike except besides beside per according about around near up over until between
    among including regarding concerning into onto upon via"""
)
"""Prepositions whose phrase belongs to its noun or to the sense of the sentence."""
_NO_PARTICIPLES = word_set("including according following during regarding concerning depending pending being")
_REMARKS = frozenset(
    tuple(each.split())
    for each in (
        "as a result", "in addition", "for example", "for instance", "in particular", "in fact", "in total", "in all",
        "at least", "at most", "by contrast", "in contrast", "in response", "in turn", "at the time", "at that time",
        "in general", "on average", "in an interview", "in a statement", "in the process", "in other words",
        "in this case", "in the case", "in the context", "in terms", "in the article", "in the text", "on the other",
        "on the one", "at the same", "with the exception", "in order", "in the end", "in conclusion", "to date",
        "for the purpose", "in the event", "on the condition", "on condition", "in theory", "in part", "in some",
    )
)  # fmt: skip
"""How phrases begin that join or comment on a sentence, or limit it."""
_NO_ADVERBS = word_set(
    """only early daily weekly monthly yearly hourly quarterly likely friendly deadly elderly costly orderly timely
    lively lonely lovely family supply reply apply comply rely imply multiply ally rally assembly anomaly monopoly
    holy ugly bully belly july italy fly butterfly cowardly scholarly worldly heavenly unruly kindly curly
    additionally consequently subsequently accordingly similarly specifically particularly especially notably
    ultimately finally initially previously currently recently formerly originally eventually primarily mainly largely
    generally typically commonly normally frequently approximately roughly relatively fairly virtually practically
    effectively essentially respectively namely merely simply really actually exactly precisely significantly
    substantially considerably increasingly extremely highly newly slightly annually solely exclusively entirely fully
    completely wholly totally traditionally historically theoretically technically basically overall officially
    formally importantly interestingly unfortunately fortunately sadly alternatively conversely firstly secondly
    lastly directly closely widely further jointly simultaneously shortly immediately"""
)
"""Words in "-ly" that are no adverbs, join sentences, tell a degree, or are what a paraphrase says anew."""
_GUARDED = (CONDITIONALS | HEARSAY | UNPROVEN | HEDGES | word_set("denied denies deny")) - {"would", "could"}


@dataclass(frozen=True, slots=True)
class Addition:
    """Characters ``[start, end)`` of a claim, with the marks around a phrase, and what stays of those marks."""

    start: int
    end: int
    kept: str
    phrase: str


@dataclass(frozen=True)
class _Search:
    """The search for additions in a claim aligned with a sentence.

    Attributes:
        side: The alignment.
        known: The terms of each sentence found.
        certain: The model finds the whole claim supported.
    """

    side: WordAlignment
    known: Sequence[Collection[str]]
    certain: bool

    @cached_property
    def words(self) -> list[Word]:
        return self.side.sides[0]

    @cached_property
    def written(self) -> tuple[str, ...]:
        return self.side.own_words

    @cached_property
    def forms(self) -> list[frozenset[str]]:
        """What is comparable of the terms of each two sentences in a row."""
        every = [frozenset(form for term in terms for form in _forms(term)) for terms in self.known]
        return every if len(every) < 2 else [one | other for one, other in itertools.pairwise(every)]

    def between(self, place: int) -> str:
        """Return what is written between the word before ``place`` and that at it."""
        start = self.words[place - 1].end if place else 0
        end = self.words[place].start if place < len(self.words) else len(self.side.text)
        return self.side.text[start:end]

    def is_marked(self, place: int) -> bool:
        """Tell whether punctuation separates the word at ``place`` from the one before."""
        gap = self.between(place)
        return any(mark in gap for mark in _MARKS) or " - " in gap

    def content(self, first: int, last: int) -> list[int]:
        return [at for at in range(first, last) if not self.words[at].stop]

    def is_absent(self, first: int, last: int) -> bool:
        """Tell whether no sentence found has most of the words ``[first, last)``."""
        every = [self.words[at] for at in self.content(first, last)]
        if self.certain:  # dates and numbers are checked for themselves
            every = [word for word in every if not word.date and not word.number]
        weights = general_weights(word.term for word in every)
        total = sum(weights.values())
        if not total:
            return False
        shapes = {term: _forms(term) for term in weights}
        beside = self.beside(first, last) if len(every) == 1 else frozenset()
        most = (_MAX_HELD if len(weights) < _LONG else _MAX_LONG_HELD) * total
        return all(
            sum(weight for term, weight in weights.items() if not shapes[term].isdisjoint(held)) < most
            for held in self.forms
            if not beside or not beside.isdisjoint(held)
        )

    def beside(self, first: int, last: int) -> frozenset[str]:
        """Return the content terms next to the words ``[first, last)``: one word says something only of them."""
        before, after = self.content(0, first)[-1:], self.content(last, len(self.words))[:1]
        return frozenset(self.words[at].term for at in (*before, *after))


def _forms(term: str) -> set[str]:
    """Return what two forms of one word share: the term, its first letters, the group of a place."""
    places = place_groups()
    group = {f"={places[term]}"} if term in places else set()
    return {term, *group, *({f"{term[:_STEM]}-"} if len(term) >= _STEM else ())}


def find_additions(
    side: WordAlignment, known: Sequence[Collection[str]], *, certain: bool
) -> tuple[tuple[Addition, ...], bool]:
    """Return the additions of a claim, in order, and whether only a verbatim rest is sure to mean the same.

    Args:
        side: The claim aligned with the sentence of which it may be a near copy.
        known: The terms of each sentence found.
        certain: The model finds the whole claim supported.
    """
    search = _Search(side, known, certain)
    if not search.words or len(search.words) > MAX_WORDS:
        return (), False
    found: list[tuple[int, int]] = []
    for first, last in sorted(_phrases(search), key=lambda each: (each[0], -each[1])):
        free = not found or first >= found[-1][1]
        if free and not _is_quoted(side.text, search.words[first].start, search.words[last - 1].end):
            found.append((first, last))
    cut = {at for first, last in found for at in range(first, last)}
    rest = [at for at in search.content(0, len(search.words)) if at not in cut]
    held = sum(at in side.matched for at in rest)
    least = _MIN_CERTAIN_REST if certain else _MIN_REST
    stays = [word for at, word in enumerate(search.written) if at not in cut]
    if (
        not 0 < len(found) <= MAX_ADDITIONS
        or len(rest) < (2 if held == len(rest) else _MIN_REST_WORDS)
        or held < least * len(rest)
        or not (held == len(rest) or any(map(is_finite, stays)))
    ):
        return (), False
    if _is_denied(search, cut):
        return (), False
    guarded = any(word in _GUARDED or is_negator(word) for word in stays)
    return tuple(_addition(search, *each) for each in found), guarded


def _is_denied(search: _Search, cut: Collection[int]) -> bool:
    """Tell whether the sentence denies what is left of a claim, or affirms what is left denied.

    ``cut`` are the words cut away.
    """
    ours = [word for at, word in enumerate(search.words) if at not in cut]
    own, theirs = read_polarity(search.side.text, ours), read_polarity(search.side.source, search.side.sides[1])
    if own.has_implicit or theirs.has_implicit:
        return False
    if not own.negators:
        return not own.affirmed.isdisjoint(theirs.negated - theirs.affirmed)
    return not theirs.negators and not own.negated.isdisjoint(theirs.affirmed)


def without_additions(claim: str, additions: Sequence[Addition]) -> str:
    """Return ``claim`` without ``additions``, as a sentence."""
    kept, at = "", 0
    for each in additions:
        kept += claim[at : each.start] + each.kept
        at = each.end
    return capitalized(" ".join((kept + claim[at:]).split()))


def _addition(search: _Search, first: int, last: int) -> Addition:
    """Return the phrase ``[first, last)`` with the marks and spaces around it."""
    words, text = search.words, search.side.text
    start = words[first - 1].end if first else 0
    phrase = text[words[first].start : words[last - 1].end]
    if last == len(words):
        before = search.between(first)
        return (
            Addition(start, words[-1].end, "", phrase)
            if "(" not in before
            else Addition(start, words[-1].end + search.between(last).find(")") + 1, "", phrase)
        )
    kept = " " if first else ""
    matched = search.side.matched
    left, right = matched.get(first - 1), matched.get(last)
    if left is not None and right is not None:
        theirs = search.side.sides[1]
        gap = search.side.source[theirs[left].end : theirs[right].start]
        both = search.between(first) + search.between(last)
        kept = ", " if "," in gap and "," in both else " "
    end = words[last].start
    opened = search.between(last)
    for mark in _QUOTES:  # a quotation that begins behind the phrase stays whole
        if mark in opened:
            end = words[last - 1].end + opened.index(mark)
            break
    return Addition(start, end, kept, phrase)


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether a phrase holds a quotation mark or stands inside a quotation."""
    opened = text.count('"', 0, start) % 2 or text.count("“", 0, start) > text.count("”", 0, start)
    return bool(opened) or any(mark in text[start:end] for mark in _QUOTES)


def _phrases(search: _Search) -> Iterator[tuple[int, int]]:
    """Yield the words ``[first, last)`` of each addition."""
    yield from _adverbs(search)
    yield from _marked_phrases(search)
    yield from _bare_phrases(search)


def _adverbs(search: _Search) -> Iterator[tuple[int, int]]:
    words, written = search.words, search.written
    for at, word in enumerate(written):
        if not _is_adverb(search, at):
            continue
        following = written[at + 1] if at + 1 < len(words) else ""
        if at and written[at - 1] in {"a", "an"} and (word[0] in "aeiou") != (following[:1] in tuple("aeiou")):
            continue  # "an illegally sold car": the article would not fit
        joined = at and written[at - 1] in {"and", "or", "but", "very", "so", "too", "more", "most", "as"}
        if joined or following in {"and", "or", "as"} or "-" in search.between(at + 1).strip(" "):
            if not (following == "and" and at + 2 < len(words) and _is_adverb(search, at + 2)):
                continue
            yield at, at + 3
        else:
            yield at, at + 1


def _is_adverb(search: _Search, at: int) -> bool:
    word = search.written[at]
    return (
        word.endswith("ly")
        and len(word) > _STEM
        and search.side.text[search.words[at].start].islower() | (at == 0)
        and at not in search.side.matched
        and word not in _NO_ADVERBS | HEDGES | APPROXIMATIONS | CONDITIONALS
        and word not in QUANTITY_CLASSES
        and not is_negator(word)
        and search.is_absent(at, at + 1)
    )


def _marked_phrases(search: _Search) -> Iterator[tuple[int, int]]:
    """Yield phrases between marks, or between one and the claim's beginning or end."""
    count = len(search.words)
    bounds = [at for at in range(1, count) if search.is_marked(at)]
    done = 0
    for first in (0, *bounds):
        if first < done or not _opens_marked(search, first):
            continue
        ends = [at for at in (*bounds, count) if at > first and (first or at < count)]
        last = next((at for at in ends if _goes_on(search, at)), None)
        if (
            last is None
            or not _is_closed(search, first, last)
            or not _may_go(search, first, last)
            or _is_member(search, first, last)
        ):
            continue
        own = search.content(first, last)
        if own and own[0] not in search.side.matched and search.is_absent(first, last):
            done = last
            yield first, last


def _goes_on(search: _Search, last: int) -> bool:
    """Tell whether what follows a phrase is of the sentence: its end, or a word that matches, or another verb."""
    if search.written[last : last + 1] in {("and",), ("but",)} and _opens_bare(search, last):
        return True
    rest = range(last, len(search.words))
    following = next((at for at in rest if not search.words[at].stop and not _is_adverb(search, at)), None)
    return last == len(search.words) or following in search.side.matched


def _is_closed(search: _Search, first: int, last: int) -> bool:
    """Tell whether a phrase ends where its mark does, not at the first comma of a list in it."""
    if "(" in search.between(first) or "[" in search.between(first):
        return ")" in search.between(last) or "]" in search.between(last)
    inner = range(first + 1, last)
    if any(search.is_marked(at) and is_finite(search.written[at]) for at in inner):
        return False  # "in its 46th year, has grown": the sentence's own verb
    if not first or last == len(search.words):
        return True
    following = search.written[last]
    return (
        is_finite(following)
        or following.endswith("ly")
        or following in PREPOSITIONS | ADVERBS | ARTICLES | POSSESSIVE_DETERMINERS | SUBJECT_PRONOUNS | _RELATIVES
        or following in {"and", "but"}
        or search.written[first] in _RELATIVES | ARTICLES
    )


def _opens_marked(search: _Search, first: int) -> bool:
    written = search.written
    word, before = written[first], search.between(first)
    following = written[first + 1] if first + 1 < len(written) else ""
    if (first and any(mark in before for mark in "([—–")) or (first and " - " in before):
        return not any(map(is_number, (word, following)))
    opens = word in PREPOSITIONS | _CLAUSES and word not in _NO_OPENERS
    participle = (
        word.endswith("ing") and word not in _NO_PARTICIPLES and search.side.text[search.words[first].start].islower()
    ) or (is_participle(word) and following in PREPOSITIONS)
    if word in ADVERBS and following:
        participle = participle or is_participle(following)
    if not first:
        return opens or (word.endswith("ing") and word not in _NO_PARTICIPLES)
    counted = written[first + 1 : first + 3] in _COUNTED_RELATIVES
    relative = word in _RELATIVES or (word in PREPOSITIONS and following in _RELATIVES) or counted
    return opens or participle or relative or word in ARTICLES | POSSESSIVE_DETERMINERS


def _is_member(search: _Search, first: int, last: int) -> bool:
    """Tell whether a phrase may be a member of a list, or a clause of its own: "the mayor left, the guests stayed"."""
    word = search.written[first]
    if word not in ARTICLES | POSSESSIVE_DETERMINERS:
        return False
    following = search.written[last] if last < len(search.words) else ""
    inside = search.written[first:last]
    verb = next((at for at, each in enumerate(inside) if is_finite(each)), len(inside))
    embedded = (_RELATIVES | SUBJECT_PRONOUNS | {"that"}).intersection(inside[:verb])
    return following in {"and", "or", "but"} or (verb < len(inside) and not embedded)


def _bare_phrases(search: _Search) -> Iterator[tuple[int, int]]:
    """Yield phrases without a mark in front: at the claim's end, and between matched words."""
    count, matched = len(search.words), search.side.matched
    last = 0
    for first in range(2, count):
        if first < last or not _opens_bare(search, first) or search.is_marked(first):
            continue
        own = search.content(first, count)
        if not own or own[0] in matched or not _is_inserted(search, first):
            continue
        ends = [at for at in range(own[0] + 1, count + 1) if _may_end(search, own[0], at)]
        end = next((at for at in ends if _goes_on(search, at)), None)
        if end is None or _is_torn(search, first, end):
            continue
        if search.is_absent(first, end) and _may_go(search, first, end):
            last = end
            yield first, end


def _may_end(search: _Search, head: int, last: int) -> bool:
    """Tell whether a bare phrase with ``head`` may end before ``last``: no matched content word lies between."""
    if last == len(search.words):
        return True
    if any(at in search.side.matched for at in search.content(head, last)):
        return False
    return last in search.side.matched and (
        search.is_marked(last) or search.written[last] in PREPOSITIONS | {"and"} or is_finite(search.written[last])
    )


def _is_torn(search: _Search, first: int, last: int) -> bool:
    """Tell whether a bare phrase may hold a verb of the sentence: "after a crash has been named by police"."""
    inside = search.written[first:last]
    verbs = [at for at, each in enumerate(inside) if at and is_finite(each) and not _is_attributive(inside[at - 1])]
    apart = any(
        not all(word in ADVERBS or word.endswith("ly") for word in inside[before + 1 : after])
        for before, after in itertools.pairwise(verbs)
    )
    clause = inside[0] in _RELATIVES | _CLAUSES | {"and", "but"} and not inside[-1 if len(inside) == 1 else 1].endswith(
        "ing"
    )
    return apart or (not clause and bool(verbs))


def _is_attributive(before: str) -> bool:
    """Tell whether a past form behind the word ``before`` is an adjective: "a stolen car", "heavily armed"."""
    return before in ARTICLES | POSSESSIVE_DETERMINERS | PREPOSITIONS or before.endswith("ly") or is_number(before)


def _is_inserted(search: _Search, first: int) -> bool:
    """Tell whether a phrase follows a matched word, and the sentence has no such phrase there.

    Where the model finds the whole supported, the sentence must have nothing there that the phrase may put otherwise.
    """
    there = search.side.matched.get(first - 1)
    if there is None:
        return False
    if search.side.their_words[there + 1 : there + 2] == (search.written[first],):
        return False
    if not search.certain:
        return True
    theirs, source = search.side.sides[1], search.side.source
    back = set(search.side.matched.values())
    for at in range(there + 1, len(theirs)):
        if any(mark in source[theirs[at - 1].end : theirs[at].start] for mark in _MARKS) or at in back:
            return True
        if not theirs[at].stop:
            return False
    return True


def _opens_bare(search: _Search, first: int) -> bool:
    word = search.written[first]
    following = search.written[first + 1] if first + 1 < len(search.words) else ""
    if word in {"and", "but"}:
        at = first + 1
        while at < len(search.words) and search.written[at] in ADVERBS:
            at += 1
        return at < len(search.words) - 1 and is_finite(search.written[at])
    if word in {"to", "in"} and following == "order":
        return False
    opens = word in PREPOSITIONS | _CLAUSES and word not in _NO_OPENERS | {"to"} and not is_number(following)
    return opens or word in {"who", "whose"} or (word == "to" and following in _PURPOSES)


_PURPOSES = word_set("avoid hide conceal cover escape evade protect silence influence bribe")
"""What somebody does a thing to do: "to hide his losses"; another infinitive may belong to its verb."""


def _may_go(search: _Search, first: int, last: int) -> bool:
    """Tell whether the rest says no more without a phrase: it is no condition, hedge, attribution or remark."""
    inside = search.written[first:last]
    if any(inside[: len(each)] == each for each in _REMARKS) or "according" in inside:
        return False
    if CONDITIONALS.intersection(inside[:2]) or "only" in inside or "except" in inside or "?" in search.between(last):
        return False
    if inside[0] in _RELATIVES or (inside[1:2] and inside[1] in _RELATIVES) or inside[1:3] in _COUNTED_RELATIVES:
        return True
    if HEDGES.intersection(inside) or any(is_negator(word) and word != "without" for word in inside):
        return False
    marked = next((at for at in range(first + 1, last) if search.is_marked(at)), last - 1)
    told = any(word in SPEECH and word not in AMBIGUOUS for word in search.written[marked:last])
    counted = inside[0] in PREPOSITIONS and all(
        word.number or word.date or word.name for word in (search.words[at] for at in search.content(first, last))
    )
    pointing = len(inside) > 1 and inside[1] in DEMONSTRATIVES
    return not told and not counted and not (search.certain and pointing)
