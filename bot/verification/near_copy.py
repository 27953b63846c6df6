"""Near copies: where a claim has most words of a sentence in its order, each difference is explained or named.

A difference is explained by function words, by words left out, or by another sentence that has the claim's words there.
A loose paraphrase matches too few words: it is left to the model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.verification.entities import names
from bot.verification.polarity import UNCERTAIN
from bot.verification.word_alignment import Difference, WordAlignment, may_be_same
from retrieval.text.dates import MONTHS, WEEKDAYS
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    CONTRARY_PREPOSITIONS,
    DEMONSTRATIVES,
    HAVE,
    HEARSAY,
    HEDGES,
    KINSHIP,
    MODAL_VERBS,
    MODALS,
    PLANS,
    POSSESSIVE_DETERMINERS,
    POSSIBILITY,
    QUANTITY_CLASSES,
    UNPROVEN,
    are_opposites,
    is_negator,
)
from retrieval.text.number_words import is_number
from retrieval.text.numbers import UNITS, Quantity, quantities
from retrieval.text.reporting_verbs import SPEECH
from retrieval.text.tokens import Word

MIN_SHARE = 0.6
"""The share of a claim's content words that a sentence of which it is a near copy has in the same order."""
_MIN_MATCHES = 3  # content words
_MIN_SAME = 0.6  # share of a claim's content words of which a sentence about the same has more
_WINDOW = 6  # words before a difference in which the claim may hedge
_REACH = 3  # words between a date and what it dates
_IMPLIED = {
    "all": {"most", "many", "some"}, "most": {"many", "some"}, "many": {"some"}, "some": {"many"},
    "few": set(), "none": set(),
}  # fmt: skip
"""The classes of quantifiers that each implies; "several" and "many" are not told apart."""
_PORTIONS = frozenset({"part", "portion", "half", "third", "quarter", "number", "share", "fraction", "bulk"})
_UNIVERSAL = frozenset({"all", "every", "always", "everyone", "everybody", "everything", "entire", "entirely"})
_POSSIBLE = (HEARSAY | POSSIBILITY | HEDGES) - {"would"}
_FIRM = frozenset({"will", "must", "shall", "won't", "'ll"})
_SOFT = (POSSIBILITY & MODAL_VERBS) | {"can", "could"}
_FUTURE = frozenset({"will", "would", "shall", "to", "going", "set", "due", "planned", "upcoming"}) | PLANS
_DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS
_BORDERS = frozenset({"before", "after", "since", "until", "till", "by", "between", "and", "from", "to"})
"""What makes of a date the beginning or end of a time."""
_TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "year", "decade", "century"})
_FIRSTS = frozenset({"first", "1st", "inaugural", "debut", "debuted", "initial", "initially", "earliest", "pioneer"})
_OPEN = frozenset(
    """understood feared forecast forecasts predict predicts predicted projected anticipated reported potential
    possible prospect risk rumored rumoured""".split()  # noqa: SIM905 (readable)
)
"""Further words with which a claim leaves something open."""
_STEM = 5  # letters that forms of one hedge share
_NO_SUPERLATIVES = frozenset(
    """request interest protest forest harvest contest arrest invest suggest modest honest latest tempest conquest
    digest southwest northwest midwest""".split()  # noqa: SIM905 (readable)
)
_CONDITIONS = frozenset({"if", "unless"})
_DISPUTED = frozenset({"claim", "claims", "claimed", "alleged", "alleges", "accused", "accuses", "insisted"})
_LINKS = frozenset({"to", "of", "that"})


def near_copy_problems(side: WordAlignment, others: Collection[str] = ()) -> Iterator[tuple[str, bool]]:
    """Yield a message for each difference that changes what a near copy says, and whether it is grave.

    Args:
        side: A claim aligned with a sentence.
        others: The terms of other sentences, a space around each: what one of them has is no difference.
    """
    if not is_near_copy(side):
        return
    yield from ((message, True) for message in _other_bounds(side))
    yield from ((message, True) for message in _other_dates(side))
    yield from ((message, True) for message in _dropped_claim(side))
    for gap in side.differences():
        if not side.is_near(gap.first, gap.last) or _is_said_elsewhere(side, gap, others):
            continue
        for own, theirs, grave in _changes(side, gap):
            yield _message(own, theirs), grave


def is_near_copy(side: WordAlignment) -> bool:
    """Tell whether a claim has most of its content words from the sentence, in the same order."""
    matched = sum(not side.sides[0][place].stop for place in side.matched)
    return matched >= _MIN_MATCHES and matched_share(side) >= MIN_SHARE


def matched_share(side: WordAlignment) -> float:
    """Return the share of a claim's content words, in [0, 1], that the sentence has in the same order."""
    ours = sum(not word.stop for word in side.sides[0])
    return sum(not side.sides[0][place].stop for place in side.matched) / ours if ours else 0.0


def _message(own: str, theirs: str) -> str:
    if own and theirs:
        return f"the source says “{theirs}” where the claim says “{own}”"
    if theirs:
        return f"the source says “{theirs}” where the claim does not"
    return f"the claim says “{own}” where the source does not"


def _dropped_claim(side: WordAlignment) -> Iterator[str]:
    """Yield the problem of what the source only says that somebody claims."""
    first = min(side.matched.values())
    before = side.their_words[max(0, first - _WINDOW) : first]
    words = side.own_words
    if "according" in words or any(word in SPEECH or word in UNPROVEN or word in UNCERTAIN for word in words):
        return
    for place, word in enumerate(before):
        if word in _DISPUTED and _LINKS.intersection(before[place + 1 :]) | {"that"}.intersection(words[:1]):
            yield _message("", word)
            return


def _is_said_elsewhere(side: WordAlignment, gap: Difference, others: Collection[str]) -> bool:
    """Tell whether another sentence has the claim's words with those beside them: two of them at the claim's edge.

    It must be about the same: with few words of the rest of the claim, it says this of something else.
    """
    if not gap.own:
        return False
    words = side.sides[0]
    before = 1 if gap.last < len(words) else 2
    after = 1 if gap.first else 2
    around = words[max(0, gap.first - before) : gap.last + after]
    run = f" {' '.join(word.term for word in around)} "
    content = {word.term for word in words if not word.stop}
    return any(run in each and len(content.intersection(each.split())) > _MIN_SAME * len(content) for each in others)


def _changes(side: WordAlignment, gap: Difference) -> Iterator[tuple[str, str, bool]]:
    """Yield what the claim says in a difference, what the source says, and whether that is grave."""
    yield from _other_quantity(side, gap)
    yield from _other_modality(side, gap)
    yield from _other_word(gap)
    yield from _other_name(side, gap)
    yield from _other_selection(side, gap)


def _other_quantity(side: WordAlignment, gap: Difference) -> Iterator[tuple[str, str, bool]]:
    nearby = (*side.own_words[max(0, gap.first - _WINDOW) : gap.last + 2], *side.their_words[: gap.their_last])
    negated = any(is_negator(word) and word not in QUANTITY_CLASSES for word in nearby)
    ours = _quantifiers(gap.own)
    theirs = _quantifiers(gap.theirs)
    for word, kind in ours.items():
        other = next((each for each, its in theirs.items() if kind != its and kind not in _IMPLIED[its]), "")
        portion = next((each for each in gap.theirs if each in _PORTIONS), "")
        if other and kind not in theirs.values() and not negated:
            yield word, other, True
        elif kind == "all" and not theirs and portion:
            yield word, portion, True
        elif _is_added_universal(side, gap, word) and not theirs:
            yield word, "", True
    if not gap.own and "or" in gap.theirs and set(theirs.values()) == {"some"}:
        following = side.word_after(gap)
        if QUANTITY_CLASSES.get(following) == "all":  # "some or all"
            yield following, " ".join([*gap.theirs, following]), True


def _is_added_universal(side: WordAlignment, gap: Difference, word: str) -> bool:
    """Tell whether a claim speaks of all of what it begins with; "all four" counts what the source does."""
    counted = is_number(side.word_after(gap)) or any(map(is_number, gap.own))
    begins = gap.first == 0 or word in {"every", "always", "everyone", "everybody", "everything"}
    fixed = _DETERMINERS.intersection(gap.theirs) or any(map(is_number, gap.theirs))
    return word in _UNIVERSAL and begins and not fixed and word not in side.their_words and not counted


def _quantifiers(words: Sequence[str]) -> dict[str, str]:
    """Return the class of each quantifier, as far as "almost" and "not" leave it."""
    found = {}
    for place, word in enumerate(words):
        kind = QUANTITY_CLASSES.get(word)
        if kind and not (place and is_negator(words[place - 1])) and not (place and words[place - 1] == "not"):
            found[word] = "most" if kind == "all" and place and words[place - 1] in {"almost", "nearly"} else kind
    return found


def _other_modality(side: WordAlignment, gap: Difference) -> Iterator[tuple[str, str, bool]]:
    window = range(max(0, gap.first - _WINDOW), min(gap.last + 2, len(side.own_words)))
    nearby = [side.own_words[at] for at in window if not at or side.own_words[at - 1] not in ARTICLES]  # "the plan"
    firm = next((word for word in gap.own if word in _FIRM), "")
    soft = next((word for word in gap.theirs if word in _SOFT), "")
    if firm and soft and "to" not in gap.own:
        yield firm, soft, True
        return
    if "yet to" in " ".join(side.their_words[gap.their_last - len(gap.theirs) : gap.their_last + 1]) and not any(
        word == "yet" or is_negator(word) for word in nearby
    ):
        yield "", "yet", True
        return
    if "yet" in gap.own and "to" in nearby and not {"yet", "come"}.intersection(side.their_words):
        yield "yet", "", True
        return
    hedge = _hedge(side, gap)
    if hedge and not any(_is_hedged(word, hedge) for word in nearby):
        yield " ".join(gap.own), hedge, True
        return
    past = (HAVE | {"was", "were", "did"}).intersection(gap.own)
    if len(gap.theirs) > _REACH:
        return
    if "will" in gap.theirs and past and not _FUTURE.intersection(nearby):
        yield " ".join(gap.own), "will", True
    elif "will" in gap.own and (HAVE | {"was", "were"}).intersection(gap.theirs) and not gap.at_edge:
        yield "will", " ".join(gap.theirs), True


def _is_hedged(word: str, hedge: str) -> bool:
    """Tell whether a word of the claim leaves something open, as ``hedge`` does in the source."""
    known = word in UNCERTAIN or word in MODALS or word in PLANS or word in UNPROVEN or word in _OPEN
    return known or word[:_STEM] == hedge[:_STEM]


def _hedge(side: WordAlignment, gap: Difference) -> str:
    """Return the words by which the source leaves open what follows a difference: "could", "is expected to"."""
    if gap.their_last >= len(side.their_words):
        return ""
    words = [*gap.theirs, side.their_words[gap.their_last]]
    for place, word in enumerate(gap.theirs):
        if word in side.own_words or len(gap.theirs) - place > _REACH + 1:
            continue
        if word in _POSSIBLE and (word[:_STEM] not in {"appea", "seeme", "seems"} or "to" in words[place + 1 :]):
            return word
        if word in PLANS or word in UNPROVEN:
            linked = next((at for at in range(place + 1, min(place + 3, len(words))) if words[at] in _LINKS), 0)
            if linked:
                first = place - 1 if place and words[place - 1] in BE else place
                return " ".join(words[first : linked + 1])
    return ""


def _other_word(gap: Difference) -> Iterator[tuple[str, str, bool]]:
    """Yield opposites, kinship, units of time and contrary prepositions."""
    if any(is_negator(word) for word in (*gap.own, *gap.theirs)):
        return
    own, theirs = set(gap.own) - set(gap.theirs), set(gap.theirs) - set(gap.own)
    for word in gap.own:
        other = next(
            (each for each in gap.theirs if {word} <= own and {each} <= theirs and are_opposites(word, each)), ""
        )
        if other:
            yield word, other, True
            return
    kin, its = next((w for w in gap.own if w in KINSHIP), ""), next((w for w in gap.theirs if w in KINSHIP), "")
    if kin and its and kin != its and (len(gap.own) == len(gap.theirs) == 1 or not _are_converse(kin, its)):
        yield kin, its, True
    elif ("law" in theirs) != ("law" in own) and (
        kin or its or gap.own == ("in", "law") or gap.theirs == ("in", "law")
    ):
        yield " ".join(gap.own), " ".join(gap.theirs), True
    unit, other = (next((w for w in words if UNITS.get(_singular(w)) in _TIMES), "") for words in (gap.own, gap.theirs))
    if unit and other and _singular(unit) != _singular(other) and not any(map(is_number, (*gap.own, *gap.theirs))):
        yield unit, other, True
    if len(gap.own) == len(gap.theirs) == 1 and frozenset((gap.own[0], gap.theirs[0])) in CONTRARY_PREPOSITIONS:
        yield gap.own[0], gap.theirs[0], True


def _are_converse(one: str, other: str) -> bool:
    """Tell whether two relations may be one seen from both ends: a father and his son."""
    elder = {"father", "mother", "grandfather", "grandmother", "uncle", "aunt", "stepfather", "stepmother"}
    return (one in elder) != (other in elder) or {one, other} == {"husband", "wife"}


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


def _other_name(side: WordAlignment, gap: Difference) -> Iterator[tuple[str, str, bool]]:
    """Yield a name in place of another, with an apposition beside it or not."""
    if not gap.own_span or not gap.their_span:
        return
    ours = [name for name in names(side.text) if gap.own_span[0] <= name.start and name.end <= gap.own_span[1]]
    theirs = [name for name in names(side.source) if gap.their_span[0] <= name.start and name.end <= gap.their_span[1]]
    known = {word.term for word in side.sides[1]}
    fresh = [name for name in ours if not known.intersection(name.terms)]
    kept = {word.term for word in side.sides[0]}
    lost = [name for name in theirs if not kept.intersection(name.terms)]
    if fresh and lost and not may_be_same(ours, theirs):
        yield fresh[0].text, lost[0].text, True


def _other_selection(side: WordAlignment, gap: Difference) -> Iterator[tuple[str, str, bool]]:
    """Yield "one of", "only", "first", superlatives and conditions that only one of the two has."""
    words = [*gap.theirs, *side.their_words[gap.their_last : gap.their_last + _REACH]]
    if "one" in gap.theirs and not {"one", "among", "some"}.intersection(side.own_words):
        place = gap.theirs.index("one")
        if words[place + 1 : place + 2] == ["of"] and any(map(_is_superlative, words[place + 2 : place + 2 + _REACH])):
            yield "", "one of", True
    ranked = side.own_words[gap.first - 1] if gap.first else ""
    narrowed = [word for word in gap.theirs if not _is_plain(word) and word not in side.own_words]
    if not gap.own and narrowed and (ranked == "first" or _is_superlative(ranked)) and not gap.at_edge:
        yield f"{ranked} {side.word_after(gap)}", f"{ranked} {' '.join(gap.theirs)} {side.word_after(gap)}", True
    exclusive = next((w for w in gap.own if w in {"only", "sole", "solely"} and w not in side.their_words), "")
    if exclusive and not any(map(is_negator, (*gap.own, *gap.theirs))):
        yield exclusive, "", True
    before = side.own_words[max(0, gap.first - 2) : gap.first]
    if "first" in gap.own and not _FIRSTS.intersection(side.their_words) and BE.intersection((*before, *gap.own)):
        yield "first", " ".join(gap.theirs), True
    best = next((word for word in gap.own if _is_superlative(word) and word != "most"), "")
    if best and gap.theirs and not any(map(_is_superlative, side.their_words)):
        yield best, " ".join(gap.theirs), True
    ours, theirs = _CONDITIONS.intersection(gap.own), _CONDITIONS.intersection(gap.theirs)
    if ours and theirs and not ours & theirs:
        yield min(ours), min(theirs), True
    elif theirs and not _CONDITIONS.intersection(side.own_words) and not gap.at_edge:
        yield "", min(theirs), False
    elif "only" in gap.theirs and "only" not in side.own_words and not gap.own:
        yield "", "only", False


def _is_plain(word: str) -> bool:
    """Tell whether a word behind a superlative narrows nothing: "the first ever", "the first two"."""
    return word in {"ever", "of", "and", "the", "in", "at"} or is_number(word)


def _is_superlative(word: str) -> bool:
    return word in {"most", "best", "worst"} or (
        len(word) > _STEM and word.endswith("est") and word not in _NO_SUPERLATIVES
    )


def _other_bounds(side: WordAlignment) -> Iterator[str]:
    """Yield the problem of "more than 20" for "fewer than 20"."""
    for ours in quantities(side.text):
        same = [each for each in quantities(side.source) if each.value == ours.value and each.unit == ours.unit]
        if same and all(_are_contrary(ours, each) for each in same):
            yield _message(_with_bound(side.text, ours), _with_bound(side.source, same[0]))


def _are_contrary(one: Quantity, other: Quantity) -> bool:
    return (one.low > one.high and other.high > other.low) or (one.high > one.low and other.low > other.high)


def _with_bound(text: str, number: Quantity) -> str:
    return " ".join([*text[: number.start].split()[-2:], number.text])


def _other_dates(side: WordAlignment) -> Iterator[str]:
    """Yield the problem of a month, weekday or year where the source dates the same word by another."""
    left, right = side.sides
    for place, word in enumerate(left):
        kind = _date_kind(side.own_words[place]) if word.date else ""
        before = next((at for at in range(place - 1, max(-1, place - 1 - _REACH), -1) if not left[at].stop), None)
        if kind == "year" and side.own_words[place] in side.their_words:
            continue
        dated_by = side.own_words[place - 1] if place else ""
        if not kind or before is None or left[before].date or left[before].number:
            continue
        theirs = [
            _dates_after(right, side.their_words, at, kind, dated_by if dated_by in _BORDERS else "")
            for at, each in enumerate(right)
            if each.term == left[before].term
        ]
        found = [day for days in theirs for day in days]
        if found and side.own_words[place] not in found:
            shown, other = side.text[word.start : word.end], found[0]
            yield _message(shown, other.title())


def _dates_after(words: Sequence[Word], written: Sequence[str], place: int, kind: str, link: str) -> list[str]:
    """Return the dates of a kind shortly after a place, behind the word ``link`` where there is one."""
    reach = range(place + 1, min(place + 2 + _REACH, len(words)))
    return [
        written[at]
        for at in reach
        if words[at].date and _date_kind(written[at]) == kind and (not link or written[at - 1] == link)
    ]


def _date_kind(word: str) -> str:
    return "month" if word in MONTHS else "weekday" if word in WEEKDAYS else "year" if word.isdigit() else ""
