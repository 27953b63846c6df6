"""Measures: what a number counts or measures (deaths, a rate, a price), and the figures that a text gives of one.

A figure is a number that stands in one of a few plain constructions with a word of the measure: "killed at least 12
people", "12 people were killed", "the death toll rose to 12", "unemployment fell to 7.7 percent". A number near such a
word in another construction counts something else as often as not, and is no figure of it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from retrieval.text.analyzer import fold, terms
from retrieval.text.dates import MONTH_PATTERN
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, HAVE, PAST_MODALS, PLANS, POSSIBILITY, STOP_WORDS, alternation, word_set
from retrieval.text.number_words import NUMBER_WORDS, SCALES
from retrieval.text.numbers import CURRENCY_UNITS, Quantity, quantities
from retrieval.text.places import CITIES, COUNTRIES, DEMONYMS, REGIONS
from retrieval.text.roles import PERSON_NOUNS
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import PARTICIPLES, is_finite, is_participle, is_past_form


class MeasureKind(StrEnum):
    """What the numbers of a measure are."""

    COUNT = "count"  # of persons or things
    RATE = "rate"  # a percentage
    MONEY = "money"  # an amount in a currency


def _terms_of(words: str) -> frozenset[str]:
    return frozenset(term for word in words.split() for term in terms(word))


_CLASSES = tuple(
    map(
        _terms_of,
        (
            "death deaths died dies dead killed killing kill kills toll fatalities fatality slain",
            "injured injuries injuring injure wounded wounding wound hurt harmed",
            "arrested arrests arresting detained detaining",
            "missing unaccounted",
            "case cases infection infections infected",
            "job jobs",
            "displaced fled fleeing homeless refugees evacuated",
        ),
    )
)
"""Words for one count: each of a class is used for the others."""
_FOUND_TO_HAVE = _terms_of("diagnosed")
"""Words for the injured and for cases alike: heads of both counts that say nothing of which is asked for."""
_SAME_PERSONS = tuple(
    map(
        _terms_of,
        (
            "troops troop soldiers servicemembers servicemen personnel",
            "workers employees staff staffers",
            "immigrants migrants",
            "children kids",
            "students pupils",
            "people persons individuals americans",
        ),
    )
)
"""Words for the same persons: of "troops" that are asked for, "soldiers" are no other part."""
_PERSONAL = _CLASSES[:4] + _CLASSES[6:]
"""Counts of persons."""
_NOUNS = _terms_of("death toll fatalities casualties injuries arrests case infection job rate number count total tally")
_RATES = _terms_of(
    """rate rating ratings percentage share proportion approval favorability popularity support unemployment turnout
    majority poll polls inflation disapproval"""
)
_JOBLESS = _terms_of("unemployment jobless joblessness")
_MARGINS = _terms_of("lead leads margin gap advantage")
"""Differences of two rates, which sentences give as both: "47 to 45 percent"."""
_RATE_FRAMES = _terms_of("rate rating ratings percentage share proportion number level figure poll polls public")
_MONEY = _terms_of(
    """price cost budget deficit debt spending aid fine fee salary wage wages revenue profit income funding fund loan
    bailout donation settlement damages money value worth tuition"""
)
_FRAMES = _terms_of("number count total tally amount size level figure sum many much people person there they it be")
_ROLES_OF_COUNTED = _terms_of(" ".join(PERSON_NOUNS)) | _terms_of(
    """people person persons others adult child children civilian men women man woman boys girls troops police soldier
    student worker employee servicemember servicemen personnel passenger american victim member protester migrant
    refugee family officer"""
)
_ANYBODY = _terms_of("people person persons victim victims life lives individual individuals men women")
"""Whoever is counted: "12 people" and "12" count the same, "12 children" may not."""
_NEUTRAL = _ANYBODY | _terms_of(
    """total confirmed reported recorded known official overall far now already altogether innocent plus federal
    national annual current currently latest average estimated estimate estimates throughout across plus diagnosed"""
)
_EXTENTS = {
    word: extent
    for extent, words in (
        ("world", "world worldwide globe global globally"),
        ("nation", "nationwide nationally countrywide"),
        ("state", "statewide"),
    )
    for word in words.split()
}
"""Words that say how far a figure reaches, with the name of that extent."""
_PARTS = word_set("state city county province district town")
"""Nouns that do so behind "the": "the state has 239 deaths"."""
_PLACE_TERMS = {
    term for word in COUNTRIES | REGIONS | CITIES | DEMONYMS for term in terms(f"{word}." if "." in word else word)
}
_DEMONYM_TERMS = frozenset(term for word in DEMONYMS for term in terms(word))
_LOCATING = word_set("in across throughout from at near outside")

_APPROXIMATING = word_set(
    """at least more less fewer than about around nearly almost over some an a as many up to only just roughly
    approximately estimated close another additional the"""
)
_BOUND = LazyPattern(
    r"\b(?:at\s+(?:least|most)|(?:no\s+)?(?:more|less|fewer)\s+than|upwards\s+of|as\s+many\s+as|up\s+to|close\s+to|about|around"
    r"|nearly|almost|over|above|under|below|some|roughly|approximately|an\s+estimated|estimated|approaching|nearing"
    r"|another|(?:an\s+)?additional)\s+(?:an?\s+)?(?:additional\s+)?$",
    re.IGNORECASE,
)
"""The words before a number that bound it."""
_UNREAL = LazyPattern(
    rf"\b(?:{alternation(POSSIBILITY | frozenset(PAST_MODALS.values()))}|projected|projects|forecasts?|predict\w*"
    r"|expect\w*|threat\w*|goal|target|towards?|about to|sees?|on (?:pace|track) to|bracing|fear\w*|as if)\b"
    r"|\bif\b[^,]*$",
    re.IGNORECASE,
)
_PLANNED = LazyPattern(
    rf"\b(?:{alternation(PLANS)}|rais(?:e|es|ing)|hik(?:e|es|ing)|call(?:s|ed|ing)? (?:for|to)|demand\w*|goals?)\b",
    re.IGNORECASE,
)
_UNREAL_REACH = 90
"""Characters before a figure in which a condition or a forecast makes it none of what is."""
_THRESHOLD = LazyPattern(
    r"\s?(?:percent|per cent|%)?\s?(?:or\s(?:more|higher|greater|less|lower|fewer|above|below)\b"
    r"|of\s+the\s+(?:\w+\s+)?(?:average|rate|total)\b|(?:water)?mark\b|threshold\b|barrier\b)",
    re.IGNORECASE,
)
_BARE_SCALES = SCALES.keys() | {f"{scale}s" for scale in (*SCALES, "dozen")}
_RESTRICTING = LazyPattern(
    r"\s(?:who|whose|that|with|without|under|aged|living|covered|eligible|[a-z]{1,20}(?:\sup)?\s(?:via|through))\b",
    re.IGNORECASE,
)
_NOT_MEASURED = word_set("deadly deadlier deadliest fatal fatally killer killers lively")
"""Words with the term of a measure that give none."""
_JOBS = _terms_of("job jobs")
_SECTORS = _terms_of(
    """construction manufacturing manufacturers retail retailers factory factories restaurant restaurants private
    government healthcare hospitality mining"""
)
"""Parts of the economy that add jobs of their own."""
STOCK = "stock"
"""The qualifier of a number of all jobs that there are, or of some kind, beside those that a month adds or loses."""
_LAST_MONTH = _terms_of("last month year previous prior new net")
_FLOWS = _terms_of(
    "add added adds adding created creates gained gains lost loses shed sheds growth grew cut cuts payrolls"
)
"""Words by which a number of jobs is of those of a month: added or lost, not all that there are."""
_GROUPS = _terms_of(
    """black white hispanic latino asian youth young teen teenager women men woman republican democrat independent
    male female student veteran immigrant adult evangelical catholic protestant millennial conservative liberal"""
)
_VERBS = _terms_of(
    """rose fell dropped climbed grew increased declined jumped soared surged stood stands remained stayed hit reached
    was is ticked edged slipped unexpectedly range ranged run runs"""
)
_LINKS = (
    BE | HAVE | word_set("their of who that were others have had has confirmed reported now so far already also the")
)
_REACHING = BE | word_set(
    """to at of as than reached hit topped passed surpassed exceeded totaled totalled numbered stands stood claimed
    claims exceeds reaching reaches total totals is put puts"""
)
_SAID = word_set("known believed thought reported said")
"""Words before "to" that say how a number is known: "12 people are known to have been injured"."""
_INITIALS = LazyPattern(r"\b(?:[A-Z]\.){1,4}")
_MAX_AFTER, _MAX_BEFORE = 6, 12
"""Words between a number and the word of its measure behind it, and before it."""
_BREAK = LazyPattern(r"[;:.!?()\[\]—–\n]")
_MOVES = LazyPattern(
    r"\b(?:r[io]se|risen|fell|fallen|fall|grew|grown|dropp?(?:ed)?|declin\w+|increas\w+|decreas\w+|jump\w*|climb\w*"
    r"|surg\w+|up|down|higher|lower)\s+(?:by\s+)?(?:(?:about|around|nearly|almost|only|just|another|an?"
    r"|some|more than|at least|roughly)\s+)*$",
    re.IGNORECASE,
)
"""What makes the number behind it a difference: "rose by 12", "up 3 percent"."""
_PERIOD = LazyPattern(
    r"\b(?:in|over|during|for)\s(?:the\s)?(?:past\s|last\s)?[\w-]{1,12}\s(?:years?|decades?|months?)\b"
    r"|\b(?:each|every|a|per)\s(?:year|month)\b|\bsince\s(?:the\s)?\d{4}\b|\bcivil\swar\b|\bin\s(?:this|the)\swar\b|\b(?:yearly|annually)\b",
    re.IGNORECASE,
)
"""What makes a number one of a period, or of a whole war, and no toll of an event."""
_MOVED = LazyPattern(r"\b(?:cuts?|reductions?|increases?|rises?|hikes?|drops?|raises?)\b", re.IGNORECASE)
_FORMER = LazyPattern(r"\b(?:from|compared (?:with|to)|versus|(?:up|down) from)\s+(?:[a-z]+\s+){0,2}$", re.IGNORECASE)
_POINTS = LazyPattern(r"\s*(?:percentage\s+)?points?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """What numbers are asked for.

    Attributes:
        kind: What they are.
        heads: Terms any of which has to be at the number.
        rest: The other content terms of the phrase, in order: the event, the place, whose rate it is.
        personal: Whether persons are counted.
        of_event: Whether each event has its own: deaths, arrests, cases; of jobs and rates there is one at a time.
    """

    kind: MeasureKind
    heads: frozenset[str]
    rest: tuple[str, ...] = ()
    personal: bool = False
    of_event: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a sentence gives of a measure.

    Attributes:
        quantity: The number.
        qualifiers: Terms that say which of the counted it is: "new" cases, "children"; empty for all.
        scope: Places and extents that the sentence names: "us", "world".
        former: Whether the sentence gives it as the earlier one: "from 7.9 percent".
        text: The number with the words that bound it: "at least 12".
    """

    quantity: Quantity
    qualifiers: frozenset[str] = frozenset()
    scope: frozenset[str] = field(default=frozenset())
    former: bool = False
    text: str = ""

    def agrees(self, other: Figure) -> bool:
        """Return whether both may be one number: "12" and "at least 12", "about 500" and "512"."""
        ours, theirs = self.quantity, other.quantity
        return ours.agrees(theirs) or theirs.agrees(ours) or _within_bounds(self, other) or _within_bounds(other, self)

    def counts_like(self, other: Figure) -> bool:
        """Return whether both count the same part of a thing, in places that do not exclude each other."""
        apart = self.scope - other.scope and other.scope - self.scope
        return self.qualifiers == other.qualifiers and not apart and self.quantity.same_unit(other.quantity)

    def with_noun(self, sentence: str) -> str:
        """Return the figure with what it counts, as ``sentence`` has it: "at least 12 people"."""
        noun = re.match(r"\s([a-z]+)\b", sentence[self.quantity.end :])
        return f"{self.text} {noun[1]}" if noun and noun[1] not in STOP_WORDS | NUMBER_WORDS else self.text


_AT_LEAST = LazyPattern(r"^(?:at least|no (?:less|fewer) than|more than|over|upwards of|above)\b", re.IGNORECASE)
_AT_MOST = LazyPattern(
    r"^(?:no more than|fewer than|less than|under|nearly|almost|at most|up to|as many as|close to|approaching|nearing"
    r"|below)\b",
    re.IGNORECASE,
)


def _within_bounds(one: Figure, other: Figure) -> bool:
    """Return whether ``other`` is within the bound that ``one`` states.

    "At least 12" bounds 14 and not 50: a tally of another time, not the same number less exactly.
    """
    low, high = _AT_LEAST.match(one.text), _AT_MOST.match(one.text)
    value, exact = one.quantity.value, other.quantity.value
    return bool((low and value <= exact <= 1.5 * value) or (high and 0.5 * value <= exact <= value))


EVENT_MEASURES = {
    name: Measure(MeasureKind.COUNT, _CLASSES[at], personal=_CLASSES[at] in _PERSONAL, of_event=True)
    for at, name in enumerate(("Deaths", "Injured", "Arrests", "Missing", "Cases"))
}
"""What an event has figures of, by its name."""


def measure_of(phrase: str) -> Measure | None:
    """Return the measure that a phrase names ("the death toll in Paris", "unemployment rate"); None for none."""
    found = [word.term for word in read_words(phrase, sentence=False) if word.term and not word.stop]
    for counted in _CLASSES:
        if held := [term for term in found if term in counted]:
            personal, of_cases = counted in _PERSONAL, "case" in counted
            heads = counted | _FOUND_TO_HAVE if of_cases or counted is _CLASSES[1] else counted
            return Measure(MeasureKind.COUNT, heads, _others(found, held), personal, personal or of_cases)
    if held := [term for term in found if term in _RATES]:
        before = [term for term in found[: found.index(held[0])] if term not in _FRAMES]
        heads = (frozenset(held) - _RATE_FRAMES or frozenset(before[-1:])) - _MARGINS
        heads |= _JOBLESS if heads & _JOBLESS else frozenset()
        return Measure(MeasureKind.RATE, heads, _others(found, [*heads, *held])) if heads else None
    if held := [term for term in found if term in _MONEY]:
        return Measure(MeasureKind.MONEY, frozenset(held[-1:]), _others(found, held[-1:]))
    if counted_noun := _counted(phrase):
        personal = counted_noun in _ROLES_OF_COUNTED
        rest = _others(found, [counted_noun])
        if counted_noun in _ANYBODY and (deed := _deed(phrase)):
            heads = frozenset(term for form in ("", "e", "ment") for term in terms(f"{deed}{form}"))
            return Measure(MeasureKind.COUNT, heads, _others(rest, [deed]), personal=True, of_event=True)
        return Measure(MeasureKind.COUNT, frozenset({counted_noun}), rest, personal, of_event=personal)
    return None


_COUNTED_WORDS = r"(?:[\w'’-]{1,40}\s{0,3}){1,4}"
_NUMBER_OF = LazyPattern(
    rf"(?<![\w'’-])(?:(?:number|count|total|tally|figure|amount)s?\s(?:of|for)\s(?:the\s)?(?P<what>{_COUNTED_WORDS})"
    rf"|how\smany\s(?P<many>{_COUNTED_WORDS})"
    r"|(?!(?:the|an?|this|that|these|what|which)\s)(?P<level>[\w'’-]{1,40})\s(?:levels?|numbers?|figures|totals?|counts?)\b)",
    re.IGNORECASE,
)


_PERSONS_WHO = LazyPattern(
    rf"\b(?:people|persons|individuals|men|women)\s(?:(?:who|that)\s)?(?:(?:{alternation(BE | HAVE)})\s){{0,2}}"
    r"(?P<verb>[a-z]{3,20}(?:ed|en|n|t))\b",
    re.IGNORECASE,
)


def _counted(phrase: str) -> str:
    """Return the term of what "the number of …" or "how many …" counts, or empty."""
    found = _NUMBER_OF.search(phrase)
    if not found:
        return ""
    head = ""
    for word in (found["what"] or found["many"] or found["level"]).split():
        folded = fold(word)
        if folded in STOP_WORDS:
            break
        head = (terms(word) or [""])[0]
        if re.search(r"[^s]s$", folded) or head in _ROLES_OF_COUNTED:
            break
    return head


def _deed(phrase: str) -> str:
    """Return the term of the verb that says which persons are counted: "people enrolled in Obamacare"; or empty."""
    found = _PERSONS_WHO.search(phrase)
    return (terms(found["verb"]) or [""])[0] if found and is_participle(fold(found["verb"])) else ""


def _others(found: Sequence[str], held: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for term in found if term not in held and term not in _FRAMES))


def figures(text: str, measure: Measure) -> tuple[Figure, ...]:
    """Return the figures that a sentence gives of ``measure``, in order."""
    words = read_words(text)
    if all(word.term not in measure.heads for word in words):
        return ()
    return tuple(_MeasuredSentence(text, words, measure).figures())


_NONE_OF = LazyPattern(
    rf"\b[Nn]o(?=\s(?!more\b|less\b|fewer\b|longer\b|doubt\b)(?:[\w.]{{1,20}}\s){{1,3}}(?:{alternation(BE | HAVE)})\s"
    r"|\s(?:\w{1,20}\s)?(?:casualties|injuries|fatalities|deaths)\b)"
)
"""What counts nobody: "No Americans were harmed", "no casualties"."""


def _zero(start: int, end: int) -> Quantity:
    return Quantity(start, end, "no", 0.0, 0.0, "", "", "number", 0.0, 0.0)


class _MeasuredSentence:
    """A sentence with its words and numbers, read for one measure."""

    def __init__(self, text: str, words: Sequence[Word], measure: Measure) -> None:
        self._text = text
        self._measure = measure
        self._words = words
        self._folded = [fold(text[word.start : word.end]) for word in self._words]
        self._numbers = quantities(text)
        if measure.personal:
            nothing = [_zero(found.start(), found.end()) for found in _NONE_OF.finditer(text)]
            self._numbers = tuple(sorted((*self._numbers, *nothing), key=lambda each: each.start))
        self._heads = [
            at
            for at, word in enumerate(self._words)
            if word.term in measure.heads
            and self._folded[at] not in _NOT_MEASURED
            and (measure.kind is MeasureKind.COUNT or not self._is_compound(at))
        ]

    def figures(self) -> Iterator[Figure]:
        """Yield the figures."""
        found: dict[int, Figure] = {}
        taken: set[int] = set()
        for at in self._heads:
            place = self._number_before(at)
            if place is not None and place not in found:
                found[place] = self._figure(place, at, after=True)
                taken.add(at)
        for at in self._heads:
            if at not in taken:
                for place in self._numbers_after(at):
                    found.setdefault(place, self._figure(place, at, after=False))
        for place in sorted(found):
            yield found[place]

    def _is_measured(self, number: Quantity) -> bool:
        """Return whether a number has the unit of the measure, and is no difference of two."""
        if self._measure.kind is MeasureKind.RATE:
            fits = number.unit == "%" and not _POINTS.match(self._text, number.end)
        elif self._measure.kind is MeasureKind.MONEY:
            fits = number.unit in CURRENCY_UNITS
        else:
            fits = number.kind == "number" and not number.unit and number.text.lower() not in {"half", "one"}
        clause = re.split(r"[;.!?]\s", self._text[: number.start])[-1]
        before = clause[-_UNREAL_REACH:]
        return (
            fits
            and number.text.lower().strip() not in _BARE_SCALES
            and not re.search(r"[\w]-$|\bper\s$", before)
            and not _MOVES.search(before)
            and not _UNREAL.search(before)
            and (
                self._measure.kind is MeasureKind.RATE
                or self._measure.heads in _PERSONAL
                or not _PLANNED.search(before)
            )
            and not re.match(r"\W*if\b", clause, re.IGNORECASE)
            and not _THRESHOLD.match(self._text, number.end)
        )

    def _number_before(self, at: int) -> int | None:
        """Return the number that the word at ``at`` follows: "12 people were killed", "7.7 percent unemployment"."""
        head = self._words[at]
        place = max((n for n, each in enumerate(self._numbers) if each.end <= head.start), default=None)
        if place is None or not self._is_measured(self._numbers[place]):
            return None
        number = self._numbers[place]
        between = _INITIALS.sub("", self._text[number.end : head.start])
        words = [n for n, word in enumerate(self._words) if number.end <= word.start < head.start]
        if len(words) > _MAX_AFTER or _BREAK.search(between) or "," in between or _UNREAL.search(between):
            return None
        if self._measure.kind is MeasureKind.MONEY and _MOVED.search(between):
            return None
        if self._measure.kind is MeasureKind.COUNT and re.search(r"\bexpected\b", self._text[number.end :][:60]):
            return None
        if self._measure.kind is MeasureKind.RATE:
            return None if any(self._folded[n] in {"who", "that"} for n in words) else place
        return place if all(self._joins(n) for n in words) else None

    def _joins(self, at: int) -> bool:
        word, folded = self._words[at], self._folded[at]
        is_said = folded == "to" and self._folded[at - 1] in _SAID
        if folded in _LINKS or word.term in _NEUTRAL or word.name or is_said:
            return True
        if self._measure.kind is MeasureKind.MONEY:
            return not word.stop or folded in {"in", "of"}
        if self._measure.personal:
            return word.term in _ROLES_OF_COUNTED or folded in DEMONYMS
        return not word.stop and not folded.endswith("ly")

    def _numbers_after(self, at: int) -> Iterator[int]:
        """Yield the numbers that the word at ``at`` governs: "killed at least 12", "toll rose from 10 to 12"."""
        head = self._words[at]
        previous = head.end
        for place, number in enumerate(self._numbers):
            if number.start < head.end:
                continue
            between = self._text[previous : number.start]
            words = [n for n, word in enumerate(self._words) if previous <= word.start < number.start]
            if len(words) > _MAX_BEFORE or _BREAK.search(between):
                return
            if number.kind in {"year", "day", "clock", "ordinal"}:
                previous = number.end
                continue
            if any(n in self._heads for n in words):
                return
            if self._is_measured(number) and self._governs(at, words, number):
                yield place
                if not _FORMER.search(self._text[: number.start]):
                    return
            elif not number.unit and not _MOVES.search(self._text[: number.start]):
                return
            previous = number.end

    def _governs(self, at: int, words: Sequence[int], number: Quantity) -> bool:
        """Return whether the words between a word of the measure and a number let it be its number."""
        inner = [n for n in words if self._folded[n] not in _APPROXIMATING]
        if self._measure.kind is not MeasureKind.COUNT:
            last = self._folded[inner[-1]] if inner else ""
            gap = self._text[self._words[at].end : number.start]
            return last not in {"by", "after"} and ("," not in gap or last in _REACHING)
        noun = self._words[at].term in _NOUNS or self._folded[at].endswith(("ment", "ments"))
        following = self._counted_words(number)
        if noun:
            linked = bool(inner) and (self._folded[inner[-1]] in _REACHING or self._folded[inner[-1]] == "from")
            linked = linked or any(self._folded[n] in {"to", "at"} for n in words[-3:])
            return linked and not following - _NEUTRAL - self._measure.heads
        if inner:
            return False
        known = _ROLES_OF_COUNTED | _NEUTRAL | self._measure.heads
        return not self._measure.personal or not following or bool(following & known)

    def _counted_words(self, number: Quantity) -> frozenset[str]:
        """Return the content terms right behind a number, up to a function word."""
        found: list[str] = []
        end = number.end
        for n, word in enumerate(self._words):
            if word.start < number.end:
                continue
            if word.stop or len(found) >= 4 or re.search(r"[^\s-]", self._text[end : word.start]):
                break
            if self._folded[n] not in _LINKS:
                found.append(word.term)
            end = word.end
        return frozenset(found)

    def _is_compound(self, at: int) -> bool:
        """Return whether the word at ``at`` only modifies the next: "deficit reduction", "the price tag"."""
        behind = self._words[at + 1 : at + 2]
        known = _NEUTRAL | _VERBS | _RATE_FRAMES | _RATES | self._measure.heads
        return bool(
            behind
            and behind[0].term
            and not (behind[0].stop or behind[0].name or behind[0].number or behind[0].date)
            and self._text[self._words[at].end : behind[0].start] == " "
            and behind[0].term not in known
            and not is_finite(self._folded[at + 1])
            and not is_past_form(self._folded[at + 1])
            and not self._folded[at + 1].endswith("ing")
        )

    def _figure(self, place: int, at: int, *, after: bool) -> Figure:
        number = self._range(place)
        start, end = self._approximation(number), number.end
        if number.unit and (unit := re.match(r"\s?(?:percent|per cent|%)", self._text[end:])):
            end += unit.end()
        counted = self._counted_words(number)
        if after and self._measure.kind is MeasureKind.COUNT:
            head = self._words[at]
            counted |= {
                word.term
                for word in self._words
                if number.end <= word.start < head.start and word.term and not word.stop
            }
        if not number.most and (noun := re.match(r"\s[\w.]+", self._text[end:])):  # "No Americans"
            end += noun.end()
        text = self._text[start:end]
        if self._measure.kind is MeasureKind.COUNT:
            qualifiers = self._parts_of_count(counted, at, text, end)
        else:
            qualifiers = self._modifiers(at) | self._group()
        scope = _scope(self._text, self._words, self._folded)
        if self._measure.personal:  # "34 American soldiers" may be anywhere
            last = max(end + 1, self._words[at].start - 1)
            scope -= {
                word.term for word in self._words if number.start <= word.start <= last and word.term in _DEMONYM_TERMS
            }
        return Figure(
            number,
            qualifiers,
            scope,
            bool(_FORMER.search(self._text[: number.start])) and not after,
            text,
        )

    def _parts_of_count(self, counted: frozenset[str], at: int, text: str, end: int) -> frozenset[str]:
        """Return the terms that say which of the counted a number is, from the words right behind it."""
        named = {word.term for word in self._words if word.name}
        links = {term for word in _LINKS for term in terms(word)}
        found = set(counted - _NEUTRAL - self._measure.heads - named - links)
        for alike in _SAME_PERSONS:
            if alike & _ANYBODY.union(self._measure.rest):
                found -= alike
        is_further = re.match(r"another|(?:an )?additional", text, re.IGNORECASE) is not None
        others = re.match(r"\s(?:\w+ )?others?\b", self._text[end:]) is not None
        if is_further or (others and self._measure.heads == _CLASSES[0]):  # "killing 3 and injuring 180 others"
            found.add("more")
        if self._measure.personal and _WHO_BEHIND.match(self._text, max(end, self._words[at].end)):
            found.add("part")
        if self._measure.personal and _PERIOD.search(self._text):
            found.add("period")
        if self._measure.heads == _JOBS:
            found |= {word.term for word in self._words if word.term in _SECTORS}
            flows = any(word.term in _FLOWS for word in self._words)
            found = found - _FLOWS - _LAST_MONTH if flows else found | {STOCK}
        if len(self._measure.heads) == 1:
            found |= self._restriction(self._words[at].end)
        return frozenset(found)

    def _restriction(self, end: int) -> frozenset[str]:
        """Return the first content terms of the clause that restricts a counted noun: "immigrants who came as …"."""
        found = _RESTRICTING.match(self._text, end)
        if found is None:
            return frozenset()
        behind = [word.term for word in self._words if word.start >= found.end() and word.term and not word.stop]
        return frozenset(behind[:2])

    def _modifiers(self, at: int) -> frozenset[str]:
        """Return the content terms that stand right before a word of the measure, and the one right behind it."""
        found: list[str] = []
        for n in range(at - 1, max(-1, at - 4), -1):
            word = self._words[n]
            if word.stop or word.number or word.name or not self._text[word.end : self._words[n + 1].start].isspace():
                break
            found.append(word.term)
        return frozenset(found) - _NEUTRAL - _JOBS - self._measure.heads - _RATE_FRAMES - _RATES - _VERBS

    def _group(self) -> frozenset[str]:
        return frozenset(word.term for word in self._words if word.term in _GROUPS)

    def _range(self, place: int) -> Quantity:
        """Return a number, or the range that it is an end of: "between 10 and 20", "10 to 20"."""
        number = self._numbers[place]
        for low, high in itertools.pairwise(self._numbers[max(0, place - 1) : place + 2]):
            if number in {low, high} and low.value < high.value and low.unit == high.unit and self._joined(low, high):
                text = self._text[low.start : high.end]
                return replace(low, most=high.value, end=high.end, text=text, noun=high.noun)
        return number

    def _joined(self, low: Quantity, high: Quantity) -> bool:
        between = self._text[low.end : high.start].strip()
        lead = self._text[: low.start].lower().split()[-1:]
        return (between in {"-", "–", "to"} and lead != ["from"]) or (between == "and" and lead == ["between"])

    def _approximation(self, number: Quantity) -> int:
        """Return the start of the words that bound a number: "at least", "more than", "about"."""
        found = _BOUND.search(self._text[: number.start])
        if found is None:
            return number.start
        last = self._text[: found.start()].split()[-1:]
        moved = found.group().lower().startswith("up to") and last and (is_past_form(last[0]) or last[0] in PARTICIPLES)
        return number.start if moved else found.start()


_WHO_BEHIND = LazyPattern(r"(?:\s[\w.]{1,20}){0,4}?\s(?:who|whose)\b")
"""What makes persons a part of those that are counted: "18 troops diagnosed with TBI who were evacuated"."""
_COMPARED = LazyPattern(
    r"\b(?:than|surpass(?:ed|ing|es)?|overtak(?:en|ing)|overtook|outpac(?:ed|ing)|pass(?:ed|ing)|ahead of|unlike|like"
    r"|behind|outside)\s(?:(?:in|the|mainland|even|of)\s){0,2}(?:[A-Z]\w{1,20},?\s(?:or\s|and\s)?){0,3}$",
    re.IGNORECASE,
)
"""What makes the place behind it one that another is compared with."""
_MONTH = LazyPattern(rf"{MONTH_PATTERN}(?:'s)?\Z", re.IGNORECASE)
_COMPARED_REACH = 40
"""Characters before a place in which that stands."""
_UNITED_STATES = LazyPattern(r"\bUnited (?P<states>States)\b")
_RANKED = LazyPattern(
    r"\b(?:leads?|leading|led|most|highest|hardest|largest|biggest|worst|world-high|lowest)\b", re.IGNORECASE
)
_DATELINE = LazyPattern(r"[A-Z][\w .,’'-]{2,40}(?:\((?:CNN|AP|Reuters|AFP|UPI)\)|\s[—–-]{1,2}\s)")


def scope_of(text: str) -> frozenset[str]:
    """Return the places and extents that a sentence, or a question, names, its dateline aside."""
    words = read_words(text)
    return _scope(text, words, [fold(text[word.start : word.end]) for word in words])


def _scope(text: str, words: Sequence[Word], folded: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    dateline = _DATELINE.match(text)
    ranked = _RANKED.search(text) is not None
    spelt = {start for us in _UNITED_STATES.finditer(text) for start in (us.start(), us.start("states"))}
    if spelt:
        found.add("us")
    for n, word in enumerate(words):
        if word.start in spelt:
            continue
        if dateline and word.start < dateline.end():
            continue
        if folded[n] in _EXTENTS:
            found.add(_EXTENTS[folded[n]])
        elif (
            n
            and folded[n].removesuffix("'s") in _PARTS
            and folded[n] not in {"city's", "town's"}
            and not word.name
            and folded[n - 1] in {"the", "this"}
        ):
            found.add(folded[n].removesuffix("'s"))
        elif (
            word.date
            or _MONTH.match(folded[n])
            or not (word.name or (not n and folded[n] in COUNTRIES | REGIONS))
            or _COMPARED.search(text, max(0, word.start - _COMPARED_REACH), word.start)
        ):
            continue
        elif word.term in _PLACE_TERMS:
            found.add(word.term)
        else:
            first = n
            while first and words[first - 1].name and text[words[first - 1].end : words[first].start].isspace():
                first -= 1
            lead = folded[first - 1] if first else ""
            lead = folded[first - 2] if lead == "the" and first > 1 else lead
            if lead in _LOCATING:
                found.add(word.term)
    return frozenset(found - {"world"} if ranked and found > {"world"} else found)
