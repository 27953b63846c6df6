"""Patterns of time expressions, a rule a kind, and which matches are times and not a verb, a name or a count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from retrieval.text.date_intervals import HOLIDAYS, SEASONS
from retrieval.text.dates import AMBIGUOUS_MONTHS, MONTH_PATTERN, MONTHS, WEEKDAY_PATTERN, WEEKDAYS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import POSSESSIVE_DETERMINERS, alternation
from retrieval.text.number_words import CARDINALS, ORDINALS

_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|:\d|%|\.\d|[-–]\w*[a-z])"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)(?!\d|[.,]\d|%|[^\W\d_])"
_MONTH = rf"(?:(?:{alternation(MONTHS)})\b|{MONTH_PATTERN}\b\.?)"
_WEEKDAY = rf"(?:{alternation(WEEKDAYS)})\b"
_NUMBER = rf"(?:\d{{1,3}}|(?:{alternation(CARDINALS)})(?:-(?:{alternation(CARDINALS)}))?)"
_SEASON = rf"(?:{alternation(SEASONS)})"
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?:{alternation(ORDINALS)})(?:-(?:{alternation(ORDINALS)}))?|twenty-first)"
_PART = (
    r"(?:(?P<part>early(?:[ -]in)?|mid(?:dle)?|late(?:[ -]in)?|(?:the\s+)?(?:beginning|start|middle|end|close)\s+of)"
    r"(?:[\s-]+(?:the\s+)?))?"
)
_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night)\b)?"
_NTH_QUARTER = alternation(word for word, number in ORDINALS.items() if number < 5)
_UNIT = r"(?:day|night|week|weekend|month|year|decade|century|quarter)"

_RULES: dict[str, str] = {
    "iso": r"(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
    "slashed": r"(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>(?:19|20)?\d\d)(?![\d/])|9/11(?![\d/])",
    "month_day": (
        rf"(?P<week>(?:the\s+)?week\s+of\s+)?"
        rf"(?:(?P<weekday>{WEEKDAY_PATTERN})\b\.?,?\s+(?:the\s+)?)?(?P<month>{_MONTH})\s*(?P<day>{_DAY})"
        rf"(?:\s*(?:-|–|—|\s(?:to|through|and)\s)\s*(?P<last>{_DAY})(?!\s*(?:percent|{_UNIT}|people)))?"
        rf"(?:,?\s*(?:of\s+)?(?:(?P<year>{_YEAR})|(?P<other>last|this|next)\s+year\b))?"
    ),
    "day_month": (
        rf"(?:(?P<weekday>{WEEKDAY_PATTERN})\b\.?,?\s+)?(?:the\s+)?(?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})"
        rf"(?:,?\s+(?:(?P<year>{_YEAR})|(?:of\s+)?(?P<other>last|this|next)\s+year\b))?"
    ),
    "holiday": (
        rf"(?P<which>last\s+|next\s+|this\s+)?(?P<name>{alternation(HOLIDAYS)})\b(?P<weekend>\s+weekend\b)?"
        rf"(?:,?\s+(?:(?:of|in)\s+)?(?P<year>{_YEAR}))?"
    ),
    "month": (
        rf"{_PART}(?:(?P<which>this|last|next|(?:this\s+)?past|this\s+coming)\s+)?(?P<month>{_MONTH})"
        rf"(?:,?\s+(?:of\s+)?(?:(?P<year>{_YEAR})|(?P<other>last|this|next)\s+year\b))?"
    ),
    "season": (
        rf"{_PART}(?P<which>this|last|next|(?:this\s+)?past|this\s+coming|in\s+the|the|during\s+the)\s+"
        rf"(?:(?P<inner>early|mid|late)[\s-]+)?(?P<name>{_SEASON})\b"
        rf"(?:\s+(?:of\s+)?(?:(?P<year>{_YEAR})|(?P<other>last|this|next)\s+year\b))?"
    ),
    "season_year": rf"{_PART}(?P<name>{_SEASON})\s+(?:of\s+)?(?P<year>{_YEAR})",
    "quarter": (
        rf"(?P<nth>{_NTH_QUARTER}|last)(?:\s+|-)(?P<unit>quarter|half)"
        rf"(?:\s+(?:of\s+)?(?:(?:the\s+)?(?P<other>last|this|next)\s+year\b|(?:fiscal\s+)?(?P<year>{_YEAR})))"
    ),
    "years": r"(?P<first>(?:19|20)\d\d)\s?(?:-|–|—|/)\s?(?P<last>(?:19|20)?\d\d)(?![\d.,-]\d|\d|%)",
    "decade": rf"{_PART}(?:the\s+)?(?P<decade>(?:1[5-9]|20)\d0|['’]\d0)['’]?s\b",
    "year": rf"{_PART}(?:fiscal\s+(?:year\s+)?)?(?P<year>{_YEAR})(?!-\d)",
    "century": rf"{_PART}(?P<nth>{_ORDINAL})[\s-]century\b",
    "weekday": (
        r"(?:(?P<which>last|next|(?:this\s+)?past|this\s+coming|this|the\s+(?:following|next|previous))\s+)?"
        rf"(?P<weekday>{_WEEKDAY})(?P<of_day>{_OF_DAY})(?:\s+(?:of\s+)?(?P<week>last|next|this)\s+week\b)?"
    ),
    "unit": (
        r"(?:(?P<part>early|late|mid|earlier|later|(?:the\s+)?(?:beginning|start|middle|end)\s+of)[\s-]+)?"
        r"(?P<which>this|last|next|(?:the|this)\s+(?:last|past|next|coming|current|previous|preceding|following|same)|past|that)\s+"
        rf"(?P<unit>{_UNIT})(?!-\w|\w)"
    ),
    "count": (
        rf"(?P<lead>(?:the|these)\s+(?:last|past|next|coming|previous)\s+)(?P<number>{_NUMBER}|couple\s+of|few|several)\s+"
        r"(?P<unit>day|week|month|year|decade)s\b"
    ),
    "distance": (
        r"(?P<bound>(?:more\s+than|over|at\s+least|less\s+than)\s+)?"
        rf"(?P<number>{_NUMBER}|an?(?:\s+(?:full|whole))?|a\s+couple(?:\s+of)?|(?:a\s+)?few|several|many|some)\s+"
        r"(?:(?P<unit>minute|hour|day|night|week|month|year|decade)s?|(?P<century>centur)(?:y|ies))"
        r"(?P<half>\s+and\s+a\s+half)?\s+"
        r"(?P<way>ago|(?:later|earlier)(?!\s+than\b)|before(?=\s*[.,;:]|\s*$)|after(?=\s*[.,;:]|\s*$)|from\s+(?:now|today))\b"
        r"|(?P<vague>(?:days|weeks|months|years|decades|centuries)\s+ago\b)"
    ),
    "day": (
        r"(?:the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|(?:earlier\s+)?today(?!['’]s)|yesterday|tomorrow)\b"
        rf"{_OF_DAY}|tonight\b|last\s+night\b|this\s+(?:morning|afternoon|evening)\b"
        r"|(?:earlier|later)\s+(?:in\s+the|that)\s+(?:day|week|month|year)\b|the\s+day\s+(?:before|after)(?=\s*[.,;:]|\s*$)"
    ),
    "vague": r"recently|lately|in\s+recent\s+(?:days|weeks|months|years|decades)",
}
"""Rule -> pattern. The first that matches at a place is taken; the longest forms stand first."""

_PATTERN = LazyPattern(
    r"(?<![\w$£€#@.,/-])(?:"
    + "|".join(f"(?P<{rule}>{re.sub(r'[?]P<[^>]+>', '?:', pattern)})" for rule, pattern in _RULES.items())
    + ")(?!\\w)",
    re.IGNORECASE,
)
_FORMS = {rule: LazyPattern(pattern, re.IGNORECASE) for rule, pattern in _RULES.items()}
_TRIGGER = LazyPattern(
    rf"\d\d|\b(?:{MONTH_PATTERN}|{alternation(WEEKDAYS)}|{_SEASON})\b|day|night|week|month|year|decade|centur|quarter|morning"
    rf"|afternoon|evening|\bago\b|recent|lately|9/11|{alternation({name.split()[0] for name in HOLIDAYS})}",
    re.IGNORECASE,
)

_NOT_A_YEAR = LazyPattern(
    r"(?:\b(?:bill|flight|no|number|route|highway|room|section|article|resolution|proposition|rule|act|order|h\.?r|hb|sb"
    r"|page|chapter|channel|suite|apartment|building|model|unit|area|line|about|some|nearly|almost|than|over|least|most"
    r"|roughly|approximately|exactly|only|another|up to)\.?|[$£€#])\s*$",
    re.IGNORECASE,
)
_COUNTED = LazyPattern(
    r"\s+(?:people|persons|men|women|children|students|workers|employees|voters|votes|miles|feet|meters|metres|km|square"
    r"|acres|pounds|dollars|euros|tons|tonnes|cases|deaths|troops|soldiers|homes|jobs|times|degrees|points|pages|words|rpm"
    r"|[A-Z][a-z]+\s+(?:street|avenue|road|drive|boulevard|lane|st|ave|blvd)\b|calories|GMT|hours|local|ballots|delegates|members|seats|signatures|of\s+(?:them|the))\b",
    re.IGNORECASE,
)
_IN_YEAR = LazyPattern(
    r"\b(?:in|since|until|till|by|of|from|to|through|for|before|after|during|around|circa|between|and|or|back in|the|as"
    rf"|early|late|mid|fiscal|year|class of|than in|on|a|this|that|{alternation(POSSESSIVE_DETERMINERS)})[\s-]+$"
    r"|[(,–—-]\s*$|^\W*$|[.!?:;]\W*$|['’]s\s+$",
    re.IGNORECASE,
)
_IN_MONTH = LazyPattern(
    r"\b(?:in|since|until|till|by|of|from|through|during|for|before|after|between|and|to|or|every|each|around|on)\s+$",
    re.IGNORECASE,
)


_BROADCAST = LazyPattern(
    r"\s+(?:(?:morning|night|evening|news|political|talk|public|affairs|network|television|tv|worship)\s+)*"
    r"(?:shows?|programs?|newspapers?|papers?|school|circuit|edition|worship|services|mass|church)\b",
    re.IGNORECASE,
)
"""Nouns after a weekday that make it a kind: "five Sunday news shows"."""
_NAMED_DAY = LazyPattern(r"\b(?:Super|Black|Cyber|Good|Ash|Bloody|Palm|Easter|Holy|Giving|Casual|Freaky)\s+$")
"""Words before a weekday that make it the name of a day: "Super Tuesday"."""
_EVERY = LazyPattern(r"\b(?:every|each|most|any|per)\s+$", re.IGNORECASE)
_ANY_HOLIDAY = LazyPattern(r"\b(?:an?|first|second|annual|traditional|no)\s+$", re.IGNORECASE)
_OWNED = LazyPattern(rf"\b(?:{alternation(POSSESSIVE_DETERMINERS)})\s+$|['’]s\s+$", re.IGNORECASE)
_GENERIC = LazyPattern(
    r"\s+(?:months?|tree|list|card|present|gift|music|song|carol|story|movie|season|party|dinner|break|shopping)s?\b",
    re.IGNORECASE,
)
"""Nouns after a season or a holiday that make it a kind of time: "the winter months", "a Christmas tree"."""


def time_matches(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the time expressions of ``text`` in order, as rule and match; its groups are those of the rule."""
    if not _TRIGGER.search(text):
        return
    for found in _PATTERN.finditer(text):
        rule = found.lastgroup or ""
        form = _FORMS[rule].match(text, found.start(), found.end())
        if form is not None and _is_plausible(rule, form, text):
            yield rule, form


def _is_plausible(rule: str, form: re.Match[str], text: str) -> bool:
    """Tell whether a match is a time and not a verb, a name or a count ("they may", "Theresa May", "2000 people")."""
    before = text[max(0, form.start() - 24) : form.start()]
    return not _EVERY.search(before) and _PLAUSIBLE.get(rule, _always)(form, text, before)


def _always(form: re.Match[str], text: str, before: str) -> bool:  # noqa: ARG001 (a test's signature)
    return True


def _is_year(form: re.Match[str], text: str, before: str) -> bool:
    if _NOT_A_YEAR.search(before) or _COUNTED.match(text, form.end()):
        return False
    return bool(form["part"]) or int(form["year"]) >= 1900 or bool(_IN_YEAR.search(before))


def _are_years(form: re.Match[str], _: str, before: str) -> bool:
    first, last = form["first"], form["last"]
    return not _NOT_A_YEAR.search(before) and int(first) < int(last if len(last) == 4 else first[:2] + last)


def _is_capitalised(form: re.Match[str], text: str, _: str) -> bool:
    named = form.groupdict()
    word = named.get("month") or named["weekday"]
    title = (named.get("of_day") or "").strip()[:1].isupper()  # "Saturday Night Live"
    return not title and (word[0].isupper() or text.islower() or bool(named.get("year")))


def _is_weekday(form: re.Match[str], text: str, before: str) -> bool:
    return (
        not _NAMED_DAY.search(before)
        and _is_capitalised(form, text, before)
        and not _BROADCAST.match(text, form.start("weekday") + len(form["weekday"]))
    )


def _is_month(form: re.Match[str], text: str, before: str) -> bool:
    name = form["month"].rstrip(".")
    if not (name[0].isupper() or text.islower()):
        return False
    if form["year"] or form["other"] or form["part"] or form["which"]:
        return True
    if len(name) > 3 and name.lower() not in AMBIGUOUS_MONTHS:
        return True
    named = re.match(r"\s[A-Z]|['’]s|\s(?:for|on|against)\s[A-Z]", text[form.end() : form.end() + 10])
    return bool(_IN_MONTH.search(before)) and not named  # "May Day", "April's father", "the March for Life"


def _is_season(form: re.Match[str], text: str, _: str) -> bool:
    if form["year"] or form["other"]:
        return True
    if re.match(r"\s+of\s+an?\b", text[form.end() :]):  # "in the spring of an election year"
        return False
    return not re.match(r"the\b", form["which"], re.IGNORECASE) and not _GENERIC.match(text, form.end())


def _is_holiday(form: re.Match[str], text: str, before: str) -> bool:
    if form["year"] or form["which"]:
        return True
    return not _GENERIC.match(text, form.end()) and not _ANY_HOLIDAY.search(before)


def _is_century(form: re.Match[str], text: str, before: str) -> bool:
    name = form.group()[-7:].istitle() and re.match(r"\s[A-Z]", text[form.end() :])  # "21st Century Fox"
    return not name and not _OWNED.search(before)


def _is_unit(form: re.Match[str], text: str, before: str) -> bool:
    if form["unit"][0].isupper() and not text.isupper():  # ABC's "This Week"
        return False
    one_of_several = re.match(r"\s+(?:of|in office)\b", text[form.end() :]) and form["which"].lower() != "this"
    return not one_of_several and not _OWNED.search(before)  # "the last week of the campaign", "his last year"


def _is_day(form: re.Match[str], text: str, before: str) -> bool:
    title = form.group()[0].isupper() and re.search(r"\w\s$", before)  # "World News Tonight", the "Today" show
    return not title and text[form.end() : form.end() + 1] not in {"-", "–"}


_PLAUSIBLE: dict[str, Callable[[re.Match[str], str, str], bool]] = {
    "year": _is_year,
    "years": _are_years,
    "weekday": _is_weekday,
    "month_day": _is_capitalised,
    "day_month": _is_capitalised,
    "month": _is_month,
    "season": _is_season,
    "holiday": _is_holiday,
    "unit": _is_unit,
    "century": _is_century,
    "day": _is_day,
}
"""Rule -> whether a match, in a text, after the characters before it, is a time."""
