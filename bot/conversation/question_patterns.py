"""Question patterns: the forms of short follow-ups, such as "Say more about 2", "Who else?", "Why?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.text.dates import CALENDAR_WORDS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    MODAL_VERBS,
    OBJECT_PRONOUNS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    word_set,
)
from retrieval.text.number_words import CARDINALS, ORDINALS
from retrieval.text.tokens import read_words

_QUESTION_WORD = alternation(QUESTION_WORDS)

_LEAD = LazyPattern(
    r"^\W*(?:(?:and|but|so|or|then|ok(?:ay)?|yes|no|well|thanks|thank you|sure|also)\b[\s,.:;!–—-]*)+", re.IGNORECASE
)
_ABOUT = LazyPattern(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?)\b[\s,]*)*(?:what|how)\s+(?:about|of)\s+|^\W*(?:same|and)\s+for\s+", re.IGNORECASE
)

_MORE = LazyPattern(
    r"\b(?:more|further|details?|context|expand|elaborate|explain|continue|go on|carry on|rest)\b", re.IGNORECASE
)
_CITED = LazyPattern(r"\b(?:citation|quote|quotation|source|footnote|sentence|point|number|no)\b|[\[#]", re.IGNORECASE)
_ASKER = (SUBJECT_PRONOUNS | OBJECT_PRONOUNS) - THIRD_PERSON
_FILLER = LazyPattern(
    rf"""\b(?:{alternation(ARTICLES | MODAL_VERBS | _ASKER | {"it", "this", "that"})}|i'd|i'm|and|ok|okay|please|pls|
    want|like|need|to|know|hear|see|read|say|tell|show|give|open|bit|little|lot|some|something|any|anything|there|is|
    what|what's|does|do|more|further|detail|details|context|expand|elaborate|explain|continue|go|carry|on|about|of|from|
    around|for|in|rest|citation|quote|quotation|source|footnote|sentence|point|number|no|one|else|surrounding|full|
    whole)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = LazyPattern(rf"[0-9]{{1,2}}|\b(?:{alternation(ORDINALS)}|last)\b", re.IGNORECASE)

_ONE = LazyPattern(
    rf"^\W*(?:(?:and|but|ok(?:ay)?|what about|how about|tell me (?:more )?about|more about|show me)\b[\s,]*)*"
    rf"the\s+(?P<which>{alternation(ORDINALS)}|last|other|former|latter)\s+(?:one|answer|sentence|result)\W*$",
    re.IGNORECASE,
)
"""One of several sentences: "the second one", "what about the other one?"."""
_ELSE = LazyPattern(
    rf"""^(?:(?P<word>{_QUESTION_WORD})(?P<of>(?:\s+\w+)?)\s+else\b
    |(?:{alternation(QUESTION_AUXILIARIES - MODAL_VERBS)}|any)?\s*(?:there\s+)?
    (?:any|some|every|no)(?:one|body|thing|where)\s+else\b
    |(?:(?:what|which|who|are there|is there|were there)\s+)?(?:any\s+|the\s+|some\s+)?others?\b(?:\s+ones?\b)?
    |another(?:\s+one)?\b|(?:any|some)\s+more\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_GENERIC = alternation(
    DEMONSTRATIVES
    | (THIRD_PERSON & (SUBJECT_PRONOUNS | OBJECT_PRONOUNS))
    | {"so", "then", "there", "one", "ones", "exactly", "precisely", "specifically"}
)
_HAPPENED = r"happen(?:ed|ing|s)?|occur(?:red|s)?|take|took|place|mean(?:s|t)?|do|done|say|said|come|come about"
LEADING_PREPOSITIONS = word_set("since by to for from with until in at on")
"""Prepositions before a question word: "since when"."""
_BARE = LazyPattern(
    rf"""^(?P<word>(?:(?:{alternation(LEADING_PREPOSITIONS)})\s+)?(?:how\s+(?:many|much|long|often|old|far|big|large|high|come|so)|why\s+not|{_QUESTION_WORD}))
    (?:\s+(?:{alternation(QUESTION_AUXILIARIES)}|not|{_GENERIC}|{_HAPPENED}))*\W*$""",
    re.IGNORECASE | re.VERBOSE,
)


_OF_IT = LazyPattern(
    rf"what\b.*\b(?:say|said|do|done|mean|meant)\b|who\s+(?:did|said|does)\b"
    rf"|(?:who|what|where)(?:['’]s|\s+(?:{alternation(BE)}))\s+(?:{alternation(SUBJECT_PRONOUNS & THIRD_PERSON)})\W*$",
    re.IGNORECASE,
)
"""Questions about the thing itself: "What does it say?", "Who did it?", "Where are they?"."""
_MEASURED = LazyPattern(
    rf"how\s+(?:old|far|big|large|high|long)\s+(?:{alternation(BE)})\s+"
    rf"(?:{alternation(SUBJECT_PRONOUNS & THIRD_PERSON)})\W*",
    re.IGNORECASE,
)
"""Questions for a measure of the thing itself: "How old was he?"."""
_PICKS = LazyPattern(
    r"\W*(?:and\s+)?which\s+(?:one\s+)?of\s+.*\b(?:newest|latest|most\s+recent|oldest|earliest|newer|older)\b",
    re.IGNORECASE,
)
_FRAGMENT_WORDS = 6
_PREPOSITION = LazyPattern(
    r"(?:about|in|on|at|by|for|from|to|with|without|during|under|after|before|since|until|against|between|among|near|of)\b",
    re.IGNORECASE,
)
_CLAUSE = LazyPattern(
    rf"""\b(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)}|am|be|tell|say|show|give|explain|list|describe|find|
    know|i|you|we)\b|\b(?:{alternation(SUBJECT_PRONOUNS | DEMONSTRATIVES)})['’](?:s|re|ve|d|ll|m)\b""",
    re.IGNORECASE | re.VERBOSE,
)


_TELLS = {
    "when": LazyPattern(
        rf"""\b(?:1\d\d\d|20\d\d|{alternation(CALENDAR_WORDS)}|spring|summer|autumn|winter|today|yesterday|tomorrow|tonight|ago|
        (?:this|last|next|the\s+(?:same|following|previous))\s+(?:year|month|week|night|decade|century))\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "why": LazyPattern(
        r"\b(?:because|due to|since|owing to|as a result|in order to|so that|in response|aim(?:s|ed|ing)? (?:to|at)|to "
        r"(?:counter|avoid|prevent|reduce|protect|help|ensure))\b",
        re.IGNORECASE,
    ),
    "how many": LazyPattern(rf"\d|\b(?:{alternation(CARDINALS | {'dozen'})})\b", re.IGNORECASE),
    "where": LazyPattern(r"\b(?:in|at|near|from|to|across|within|outside|around|on|into) (?:the )?[A-Z]"),
}


@dataclass(frozen=True, slots=True)
class OthersQuestion:
    """A question for others than those named: its question word, and what else it says ("signed it")."""

    word: str
    rest: str


def without_lead(question: str) -> str:
    """Return ``question`` without "And", "But", "OK, so" and the like in front."""
    return _LEAD.sub("", question.strip(), count=1)


def requested_citation(question: str, count: int) -> int | None:
    """Return the number of the citation, of ``count``, that a question asks more about; None for other questions.

    "Say more about 2", "Expand on the second", "the second one", "[2]?"; "Tell me more" and "Go on" are about the
    first.
    """
    one = _ONE.match(question)
    if one:
        number = {"other": count, "former": 1, "latter": count}.get(one["which"].lower()) or _value(one["which"], count)
        return number if count > 1 or (count and one["which"].lower() in ORDINALS) else None
    numbers = [_value(found.group(), count) for found in _NUMBER.finditer(question)]
    rest = re.sub(r"\W+", "", _FILLER.sub("", _NUMBER.sub("", question)))
    if rest or len(numbers) > 1:
        return None
    if numbers:
        figure = re.search("[0-9]", question) is not None
        wanted = figure and not re.search(r"[^\W\d]", question.replace("and", "").replace("And", ""))
        return numbers[0] if wanted or _MORE.search(question) or (figure and _CITED.search(question)) else None
    return 1 if _MORE.search(question) and count and not parse_others_question(question) else None


_AT_HAND = LazyPattern(
    r"(?:(?:is|are) there|(?:do|have|can) (?:we|you|i)(?: \w+){0,2}|there) (?:on|about|regarding)\b", re.IGNORECASE
)


def parse_others_question(question: str) -> OthersQuestion | None:
    """Return what "Who else?", "Any others?", "What else did they sign?" ask for; None for any other question."""
    asked = without_lead(question)
    found = _ELSE.match(asked)
    if not found:
        return None
    rest = asked[found.end() :].strip(" ?!.…")
    if rest and "else" not in found.group().lower():  # "the other article"
        return None
    if _AT_HAND.match(rest):  # "what else is there on him?", of the articles
        return None
    return OthersQuestion(((found["word"] or "") + (found["of"] or "")).strip(), rest)


def bare_question_word(question: str) -> str | None:
    """Return the question word of a question with no content of its own: "Why?", "When was that?"."""
    found = _BARE.match(without_lead(question))
    if found and (_OF_IT.match(without_lead(question)) or _MEASURED.fullmatch(without_lead(question))):
        return None
    return " ".join(found["word"].lower().split()) if found else None


def contains_answer_type(word: str, sentence: str) -> bool:
    """Tell whether ``sentence`` contains what ``word`` ("when", "why", "how many") asks for; True for other words."""
    signs = _TELLS.get("when" if word in {"when", "how long"} else "how many" if word == "how much" else word)
    return signs is None or signs.search(sentence) is not None


def substituted_topic(question: str) -> str | None:
    """Return X of "What about X?", "And X?" and "Ann Brook?" where X is no sentence; None for any other question."""
    named = _ABOUT.match(question)
    if named:
        return question[named.end() :].strip(" ?!.…") or None
    led = _LEAD.match(question)
    rest = without_lead(question).strip(" ?!.…")
    short = len(rest.split()) <= _FRAGMENT_WORDS
    if not rest or not short or not (led or _PREPOSITION.match(rest) or _is_name(rest)) or _CLAUSE.search(rest):
        return None
    return rest


def _is_name(text: str) -> bool:
    words = read_words(text, sentence=False)
    return bool(words) and all(word.name and not word.stop and not word.date for word in words)


def picks_article(question: str) -> bool:
    """Return whether a question picks an article out of those of the last answer: "which of those is the newest?"."""
    return _PICKS.match(question) is not None


def is_introduced(question: str) -> bool:
    """Return whether a question brings its topic in with "what about" or "how about"."""
    return _ABOUT.match(question) is not None


def leading_preposition(fragment: str) -> str:
    """Return the preposition that ``fragment`` begins with, in lower case; empty where there is none."""
    found = _PREPOSITION.match(fragment)
    return found.group().lower() if found else ""


def _value(number: str, count: int) -> int:
    if number.isdigit():
        return int(number)
    return count if number.lower() == "last" else ORDINALS[number.lower()]
