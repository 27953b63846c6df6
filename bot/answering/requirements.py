"""Requirements: the kind of thing that a question asks for, and whether a text gives one.

They only rule out: a sentence that gives such a thing may still not answer. Each is lenient, so that an answer in
unusual words passes; what it misses is left to the reader's probability.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.features import REASON
from bot.answering.office_holder import Office, names_holder, parse_bare_office, parse_office
from bot.answering.question import ParsedQuestion
from retrieval.text.analyzer import fold, terms
from retrieval.text.dates import CALENDAR_WORDS, MONTH_ABBREVIATIONS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    STOP_WORDS,
    SUBJECT_PRONOUNS,
    alternation,
    word_set,
)
from retrieval.text.number_words import ORDINALS
from retrieval.text.numbers import UNITS, Quantity, quantities
from retrieval.text.places import DEMONYMS
from retrieval.text.reporting_verbs import GROUP_WORDS
from retrieval.text.roles import PERSON_NOUNS
from retrieval.text.tokens import Word, read_words

Asked = Collection[str]
"""The folded words of a question: what repeats them is not what it asks for."""


class RequirementKind(StrEnum):
    """The kind of thing that a sentence must give."""

    TIME = "time"
    NUMBER = "number"
    NAME = "name"
    PLACE = "place"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a sentence must give to answer a question.

    Attributes:
        wording: What it must give, as it follows "gives": "a date or a time".
        lack: What it gives otherwise: "no date or time".
        given_in: Returns what a text gives of it, in the text's words; empty where it gives none.
        kind: What kind of thing that is.
    """

    wording: str
    lack: str
    given_in: Callable[[str], tuple[str, ...]]
    kind: RequirementKind


_TIMES = word_set(
    """today yesterday tomorrow tonight morning afternoon evening night noon midnight day days week weeks month months
    year years decade decades century centuries hour hours minute minutes second seconds weekend spring summer autumn
    winter ago annually daily weekly monthly nightly easter christmas thanksgiving ramadan o'clock"""
)
_TIME_CLAUSE = LazyPattern(
    r"(?<![\w'’-])(?P<before>(?:[\w'’-]+,?\s+){1,5})"
    r"(?:after|before|during|since|until|once|when|as soon as|shortly|immediately|soon|recently|never|not yet)\b",
    re.IGNORECASE,
)
_PART_OF_TIME = LazyPattern(
    r"\b(?:at|by|from|until|towards?|near) the (?:beginning|start|end|close|height|turn|time|age) of\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_SEASON = LazyPattern(
    r"\b(?:this|last|next|late|early|mid|following|coming|previous|(?:in|by|until|since|before|after) the) fall\b"
    r"(?! of\b)"
    r"|\bfall (?:of )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
"""The fall that is a season: "in the fall", "next fall", "fall 2017"."""
_DURATION = LazyPattern(
    r"\b(?:seconds|minutes|hours|days|weeks|months|years|decades|centuries"
    r"|(?:an?|one|half an?) (?:second|minute|hour|day|week|month|year|decade|century))\b",
    re.IGNORECASE,
)
_CLOCK = LazyPattern(
    r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b|o['’]clock)|\b\d{1,2}:\d\d\b|\b(?:noon|midnight)\b", re.IGNORECASE
)
_NONE = word_set("none nobody nothing") | {"no one"}
_UNCOUNTED = LazyPattern(
    rf"\b(?:{alternation(_NONE)}|free|zero|all|every|everyone|twice|once|doubled?|doubles|tripled?|half|halved)\b(?!-)",
    re.IGNORECASE,
)
_FREQUENCY = LazyPattern(
    r"\b(?:every|each|per|once|twice|daily|weekly|monthly|annual(?:ly)?|yearly|times|always|never|often|rarely"
    r"|regularly)\b",
    re.IGNORECASE,
)
_FIGURES = LazyPattern(
    r"\b\d{1,4}(?:\s?[-–—:]\s?|\s+(?:votes\s+)?(?:to|against)\s+)\d{1,4}\b|\d\s?(?:%|percent|points?\b|votes?\b)"
)
_UNANIMOUS = LazyPattern(
    r"\b(?:unanimous(?:ly)?|tied?|draw|voice vote|party lines?|(?:\w+ )?votes|margin of)\b", re.IGNORECASE
)
_INTERIM = LazyPattern(
    rf"\b(?:half-?time|at the half|(?:{alternation(ORDINALS)}) (?:quarter|half|period|inning)|after the extra point"
    r"|so far|at one point|early (?:on|lead)|took (?:a|the) \d+-\d+ lead|(?:led|leading|trailed|trailing) \d)",
    re.IGNORECASE,
)
_DECIDED = LazyPattern(r"\b(?:won|wins?|winning|beat|beaten|defeat(?:s|ed)?|lost|final score|victory)\b", re.IGNORECASE)
"""A score while a match went on; how it ended."""
_BEFORE_MARGIN = LazyPattern(
    r"\b(?:by|margin of|difference of|(?:ahead|up|down|lead|led)(?: by)?)\s+(?:\w+\s+){0,2}[$£€]?$", re.IGNORECASE
)
_OF_MARGIN = LazyPattern(
    r"[$£€]?[\w.,-]+(?:\s*%|[\s-](?:\w+[\s-])?(?:percent|per cent|percentage|points?|votes?|fold|times)\b)",
    re.IGNORECASE,
)
_BY_PART = LazyPattern(
    r"\bby (?:an? )?(?:half|third|quarter|fifth|tenth)\b|\b(?:doubled|tripled|halved)\b", re.IGNORECASE
)
"""How a difference is told: "by seven points", "12 percent", "a margin of 300 votes", "by a third"."""
_SHARE = LazyPattern(
    r"%|\b(?:per ?cent|percentage|half|third|quarter|fifth|tenth|majority|all|none|one in \w+|\w+ out of)\b",
    re.IGNORECASE,
)
_MONEY = LazyPattern(
    r"[$£€¥₹]|\b(?:dollars?|euros?|pounds?|yen|cents?|yuan|rupees?|rubles?|pesos?|francs?|dinars?)\b", re.IGNORECASE
)
_PAYING = LazyPattern(
    r"\b(?:cost\w*|price\w*|paid|pay\w*|earn\w*|worth|spen[dt]\w*|rais\w+|owe[ds]?|borrow\w*|s[eo]l[dl]\w*|bought"
    r"|buy\w*|salar\w+|fine[ds]?|money|cash|donat\w+|budget\w*|fund\w*|invest\w*|award\w*|revenue|profit\w*)\b"
)
_LOCATED = LazyPattern(
    r"\b(?:in|at|near|on|off|from|to|outside|inside|under|across|along|behind|around|into|onto|over|between|within"
    r"|towards?|through|throughout|beside|beneath|above|of|by)\s+(?P<what>(?:[\w'’-]+\s+){0,3}[\w'’-]+)",
    re.IGNORECASE,
)
_SIZES = word_set("km mile metre cm mm foot inch acre hectare litre gallon kg ton lb mph kph degree mw gw")
_DURATIONS = word_set("second minute hour day week month year decade century")
_INSTITUTIONS = word_set(
    """airline airport association bank brand charity church club college company corporation country court festival
    firm foundation group hospital magazine network newspaper nation organisation organization party prison province
    restaurant school state studio team tribe union university village city town county island river agency"""
)
"""Things that have a name of their own, so that "which" asks for it."""
_PEOPLE = word_set(
    """adult authoritie boy child children citizen crowd customer employee family girl gang guard immigrant man men mob
    militant parent passenger people person police protester rebel refugee resident student supporter terrorist troop
    voter woman women youth"""
)
_NO_ACTORS = word_set("states kingdom america city county street avenue treaty act plan house service authority")
"""Words that make a name an organisation's, and name nobody alone."""
_PLACES = word_set(
    """abroad airport apartment area barrack base basement bay beach bedroom border bottom bridge building bus cafe
    camp canal capital car castle cathedral cave cell center centre chamber church cinema city classroom clinic
    coast college corner country countryside court courthouse courtroom desert downtown east embassy factory
    farm field floor forest front garage garden gulf gym hall harbor harbour headquarters here highway hill home
    hospital hotel house island jail kitchen lab laboratory lake library lobby market mine mosque mountain
    museum north northeast northwest ocean office overseas palace park place plain plane plant plaza port prison
    province region resort restaurant river road room school sea shelter shop sidewalk site south southeast
    southwest square stadium state station store street suburb subway synagogue temple territory theater theatre
    town train truck tunnel underground underwater university valley village wall warehouse west wood yard zoo"""
)
_SMALL = r"(?:and|but|so|by|to|from|with|for|of|since|until|according to)\s+"
_VERB = rf"(?:{alternation(QUESTION_AUXILIARIES)}|\w+ed|\w+s|won|led|made|said|took|gave|held|went|came|ran|sent)\b"


def requirement_of(question: ParsedQuestion) -> Requirement | None:
    """Return what the question requires of a sentence; None where it is no question of one of these kinds."""
    asked = frozenset(fold(question.text[word.start : word.end]) for word in question.words)
    office = parse_office(question.text) or parse_bare_office(question.text)
    if office and office.is_public:
        return _holder(office)
    text = question.text.casefold().replace("’", "'")
    for pattern, make in _KINDS:
        found = pattern.search(text)
        if found:
            return make(found, asked)
    return None


def _clock(_found: re.Match[str], _asked: Asked) -> Requirement:
    return Requirement("a time of day", "no time of day", lambda text: _matches(_CLOCK, text), RequirementKind.TIME)


def _time(_found: re.Match[str], asked: Asked) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        found = [
            text[word.start : word.end]
            for word, folded in _fresh(text, asked)
            if word.date or folded in _TIMES or (folded in MONTH_ABBREVIATIONS and text[word.start].isupper())
        ]
        found += _matches(_SEASON, text)
        return tuple(found) or _matches(_CLOCK, text) or _matches(_PART_OF_TIME, text) or _clauses(text, asked)

    return Requirement("a date or a time", "no date or time", given, RequirementKind.TIME)


def _clauses(text: str, asked: Asked) -> tuple[str, ...]:
    """Return the clauses of time that follow the question's subject or verb: "he left shortly after the affair"."""
    wanted = frozenset(terms(" ".join(word for word in asked if word not in STOP_WORDS - SUBJECT_PRONOUNS)))
    clauses = _TIME_CLAUSE.finditer(text)
    return tuple(found.group() for found in clauses if not wanted.isdisjoint(terms(found["before"])))


def _count(found: re.Match[str], asked: Asked) -> Requirement:
    phrase: list[str] = []
    for word in found["what"].split():
        if word in STOP_WORDS or word in QUESTION_AUXILIARIES or (phrase and word.endswith("ed")):
            break
        phrase.append(word)
        if word in _PEOPLE or re.search(r"[^s]s$", word):
            break
    of = f" of {' '.join(phrase)}" if phrase else ""
    unit = UNITS.get((terms(phrase[-1]) or [""])[0], "") if phrase else ""
    personal = bool(phrase) and _is_personal(phrase[-1])

    def given(text: str) -> tuple[str, ...]:
        counts = [
            each
            for each in _numbers(text, asked)
            if each.unit in {"", unit}
            and not _is_pronoun(each, text)
            and not _is_designation(each, text)
            and not (personal and _counts_no_people(each, text))
        ]
        return tuple(each.text for each in counts) or _matches(_UNCOUNTED, text)

    return Requirement(f"a number{of}", f"no number{of}", given, RequirementKind.NUMBER)


def _is_personal(noun: str) -> bool:
    """Return whether a noun of a question counts people: "officers", "Australians"."""
    single = fold(noun).removesuffix("s")
    return bool({fold(noun), single} & (_PEOPLE | PERSON_NOUNS | DEMONYMS))


def _is_designation(number: Quantity, text: str) -> bool:
    """Return whether a number is part of a name and counts nothing: "COVID-19", "F-16"."""
    return re.search(r"[^\W\d_][-–]$", text[max(0, number.start - 2) : number.start]) is not None


def _counts_no_people(number: Quantity, text: str) -> bool:
    """Return whether a number is of what is no person: "40 nations", not "40 government workers"."""
    counted = _COUNTED.match(text, number.end)
    return number.noun in _NO_PEOPLE and (counted is None or fold(counted["next"] or "") in {"", *STOP_WORDS})


def is_vague_count(requirement: Requirement, text: str) -> bool:
    """Return whether a text gives a number that is asked for only in round words: "thousands", "dozens"."""
    given = requirement.given_in(text) if requirement.kind is RequirementKind.NUMBER else ()
    return bool(given) and all(fold(each) in _ROUND for each in given)


def is_exact_count(requirement: Requirement, text: str) -> bool:
    """Return whether a text gives a number that is asked for in figures."""
    return any(any(map(str.isdigit, each)) for each in requirement.given_in(text))


def announces_reason(text: str) -> bool:
    """Return whether a text announces a reason in plain words: "because", not "after" or "in order to"."""
    return _ANNOUNCED.search(text) is not None


def _amount(found: re.Match[str], asked: Asked) -> Requirement:
    money = _PAYING.search(found.string) is not None

    def given(text: str) -> tuple[str, ...]:
        amounts = tuple(each.text for each in _numbers(text, asked))
        if money and not _MONEY.search(text):
            amounts = ()
        return amounts or (() if money else _matches(_SHARE, text)) or _matches(_UNCOUNTED, text)

    what = "amount of money" if money else "amount"
    return Requirement(f"an {what}", f"no {what}", given, RequirementKind.NUMBER)


def _age(_found: re.Match[str], asked: Asked) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        ages = [
            each
            for each in _numbers(text, asked)
            if each.unit in _DURATIONS or (each.text.isdigit() and not (each.unit or each.noun))
        ]
        return tuple(each.text for each in ages) or _matches(_BORN, text)

    return Requirement("an age", "no age", given, RequirementKind.NUMBER)


def _length(_found: re.Match[str], asked: Asked) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        lengths = [
            each for each in _numbers(text, asked) if each.unit in _DURATIONS | _SIZES or each.noun in {"page", "word"}
        ]
        return tuple(each.text for each in lengths) or _matches(_DURATION, text) or _matches(_LASTING, text)

    return Requirement("a length", "no length", given, RequirementKind.NUMBER)


def _size(_found: re.Match[str], asked: Asked) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        return tuple(each.text for each in _numbers(text, asked)) or _matches(_UNCOUNTED, text)

    return Requirement("a measure", "no measure", given, RequirementKind.NUMBER)


def _result(_found: re.Match[str], _asked: Asked) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        if _INTERIM.search(text) and not _DECIDED.search(text):
            return ()
        return _matches(_FIGURES, text) or _matches(_UNANIMOUS, text)

    return Requirement(
        "the figures of a result",
        "no figures of a result",
        given,
        RequirementKind.NUMBER,
    )


def _margin(_found: re.Match[str], asked: Asked) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        return tuple(
            each.text
            for each in _numbers(text, asked)
            if _BEFORE_MARGIN.search(text[max(0, each.start - 40) : each.start])
            or _OF_MARGIN.match(text[each.start : each.end + 20])
        ) or _matches(_BY_PART, text)

    return Requirement("a difference in figures", "no difference in figures", given, RequirementKind.NUMBER)


def _frequency(_found: re.Match[str], _asked: Asked) -> Requirement:
    return Requirement("how often", "no frequency", lambda text: _matches(_FREQUENCY, text), RequirementKind.NUMBER)


def _share(_found: re.Match[str], _asked: Asked) -> Requirement:
    return Requirement("a share", "no share", lambda text: _matches(_SHARE, text), RequirementKind.NUMBER)


def _person(_found: re.Match[str], asked: Asked) -> Requirement:
    nouns = PERSON_NOUNS | _PEOPLE | GROUP_WORDS - _NO_ACTORS

    def given(text: str) -> tuple[str, ...]:
        return _names(text, asked) or tuple(
            text[word.start : word.end]
            for word, folded in _fresh(text, asked)
            if folded in nouns or folded.removesuffix("s") in nouns
        )

    return Requirement("the name of a person or an organisation", "no other name", given, RequirementKind.NAME)


def _holder(office: Office) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        return (office.role,) if names_holder(office, text) else ()

    return Requirement(f"the name of a {office.role}", f"no {office.role}'s name", given, RequirementKind.NAME)


def _name(found: re.Match[str], asked: Asked) -> Requirement | None:
    noun = found["what"].split(" of ")[0].split()[-1]
    single = noun if noun in PERSON_NOUNS | _INSTITUTIONS else noun.removesuffix("s")
    if single not in PERSON_NOUNS | _INSTITUTIONS:
        return None
    return Requirement(
        f"the name of a {single}", "no other name", lambda text: _names(text, asked), RequirementKind.NAME
    )


def _reason(_found: re.Match[str], _asked: Asked) -> Requirement:
    return Requirement(
        "a reason", "no reason", lambda text: _matches(REASON, text) or _matches(_PURPOSE, text), RequirementKind.REASON
    )


def _place(_found: re.Match[str], asked: Asked) -> Requirement:
    def given(text: str) -> tuple[str, ...]:
        return tuple(
            what
            for found in _LOCATED.finditer(text)
            for what in re.findall(r"[\w'’-]+", found["what"])
            if fold(what) not in STOP_WORDS.union(_TIMES, CALENDAR_WORDS, asked)
            and (what[0].isupper() or fold(what).removesuffix("s") in _PLACES)
        )

    return Requirement(
        "a place", "no place", lambda text: given(text) or _matches(_SITUATED, text), RequirementKind.PLACE
    )


_ANNOUNCED = LazyPattern(
    r"\b(?:because|due to|owing to|as a result of|thanks to|on (?:the )?grounds|in response to|in retaliation"
    r"|in protest|(?:caused|prompted|driven) by|citing|blam(?:e[ds]?|ing)|for (?:that|this) reason"
    r"|reasons? (?:is|was|were|why))\b",
    re.IGNORECASE,
)
_PURPOSE = LazyPattern(
    r"\b(?:aim\w*|inten\w+|meant|design\w*|hop(?:e|es|ed|ing)|seek\w*|sought|want\w*|need\w*|effort\w*|bid|goal\w*"
    r"|purpose\w*|motiv\w+|blam\w+|accus\w+|alleg\w+|charg\w+|after|amid|following|over|as|despite|concern\w*|fear\w*"
    r"|worr\w+|protest\w*|anger\w*|angry|threat\w*|refus\w+|fail\w+|unable|lack\w*|without|enough|too|out of"
    r"|respon\w+|cit(?:ed|es|ing)|grounds|why|explain\w*|thanks|given|for \w+ing|to [a-z]+)\b",
    re.IGNORECASE,
)
"""What may give a reason without announcing it: a purpose, an aim, a fault, what came before."""
_SITUATED = LazyPattern(
    r"\b(?:located|situated|based|stationed|buried|housed) (?:in|at|on|near|under|by)\b", re.IGNORECASE
)
_BORN = LazyPattern(r"\bborn\b|\b(?:in|into) (?:his|her|their) (?:teens|\w+ies)\b", re.IGNORECASE)
_LASTING = LazyPattern(
    r"\b(?:since|until|till|forever|for life|overnight|permanent(?:ly)?|indefinite(?:ly)?)\b", re.IGNORECASE
)
_KINDS: tuple[tuple[LazyPattern, Callable[[re.Match[str], Asked], Requirement | None]], ...] = tuple(
    (LazyPattern(pattern), make)
    for pattern, make in (
        (r"\bwhat time\b", _clock),
        (
            rf"^\W*(?:{_SMALL})?when\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b",
            _time,
        ),
        (
            (
                r"\b(?:what (?:is|was|were) the (?:final |exact )?|by (?:what|which) )"
                r"(?:vote|votes|score|scores|tally|margin|vote count)\b"
            ),
            _result,
        ),
        (r"\bhow many\s+(?P<what>(?:[^\W\d_][\w'’-]*\s*){1,4})", _count),
        (r"\bby how (?:much|many)\b", _margin),
        (r"\bhow much\b", _amount),
        (r"\bhow old\b|\bwhat age\b", _age),
        (r"\bhow long\b", _length),
        (r"\bhow (?:far|tall|high|deep|wide|large|big|heavy|fast|strong|hot|cold)\b", _size),
        (r"\bhow (?:often|frequently)\b", _frequency),
        (r"\b(?:what|which) (?:percent\w*|share|proportion|fraction)\b", _share),
        (rf"^\W*(?:{_SMALL})?who(?:m|se)?\b|\bby whom\b", _person),
        (rf"\b(?:which|what)\s+(?P<what>(?:[\w'-]+\s+){{0,3}}?[\w'-]+?)(?=\s+{_VERB})", _name),
        (rf"^\W*(?:{_SMALL})?where\b", _place),
        (rf"^\W*(?:{_SMALL})?why\b|\bfor what reason\b", _reason),
    )
)
"""In order of precedence: the first match decides."""


def _numbers(text: str, asked: Asked) -> list[Quantity]:
    """Return the numbers of a text that are no dates, and that the question does not hold."""
    found = quantities(text)
    return [each for each in found if each.kind == "number" and fold(each.text.strip("$£€¥₹ ")) not in asked]


def _is_pronoun(number: Quantity, text: str) -> bool:
    """Tell whether "one" counts nothing: "one of the", "no one", "the one"."""
    before = text[: number.start].casefold().split()[-1:]
    partitive = text[number.end :].startswith(" of ")
    bound = partitive or not number.noun or bool(_DETERMINERS.intersection(before))
    return number.text.casefold() == "one" and bound


_ROUND = word_set("tens dozens scores hundreds thousands millions billions")
_NO_PEOPLE = frozenset(
    term for word in (_INSTITUTIONS | _PLACES | GROUP_WORDS) - _PEOPLE for term in terms(word)
) | frozenset(terms("year day hour"))
"""Terms of what is no person, which no number of people counts: the 40 of "40 nations"."""
_COUNTED = LazyPattern(r"\s[\w'’-]+(?:\s(?P<next>[\w'’-]+))?")
"""The word after a number, and the one after that, unless there is a comma between."""
_DETERMINERS = word_set("no the this that any every some each")


def _names(text: str, asked: Asked) -> tuple[str, ...]:
    return tuple(
        text[word.start : word.end]
        for word, folded in _fresh(text, asked)
        if (word.name or (word.start == 0 and text[0].isupper()))
        and not word.date
        and not word.stop
        and folded not in ORDINALS
    )


def _fresh(text: str, asked: Asked) -> Iterator[tuple[Word, str]]:
    """Yield the words of ``text`` that the question does not hold, with each word folded."""
    for word in read_words(text):
        folded = fold(text[word.start : word.end]).removesuffix("'s")
        if folded not in asked and folded not in QUESTION_WORDS:
            yield word, folded


def _matches(pattern: LazyPattern, text: str) -> tuple[str, ...]:
    return tuple(found.group() for found in pattern.finditer(text))
