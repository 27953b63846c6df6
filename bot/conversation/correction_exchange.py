"""Correction exchange: a question with what was meant in the place of what was not, or of its like."""

from __future__ import annotations

import re

from bot.answering.speech_question import parse_speech_question
from bot.conversation.question_clause import PREPOSITIONS, agreeing, is_plural, parse_clause, split_object
from bot.conversation.question_patterns import leading_preposition
from bot.conversation.rule_rewriter import has_pronoun, is_request, redated
from retrieval.text.abbreviations import BEFORE_NAME
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    STOP_WORDS,
    alternation,
)
from retrieval.text.names import GIVEN
from retrieval.text.places import PLACES
from retrieval.text.roles import is_office
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import BASES

POSSESSIVE = LazyPattern(r"\w(?:['’]s|s['’])$")
_NO_FUNCTION_WORD = rf"(?!(?:{alternation(STOP_WORDS)})\b)"
MAX_OLD_WORDS = 4
"""Words of what was not meant, whose noun the question before may have with others."""
DETERMINED = LazyPattern(rf"(?:{alternation(ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS)})\s+", re.IGNORECASE)
_ARTICLE = LazyPattern(rf"^(?:{alternation(ARTICLES)})\s+", re.IGNORECASE)
_OWNED_AT_END = LazyPattern(rf"(?:\b(?:{alternation(POSSESSIVE_DETERMINERS)})|\w['’]s)\s+$", re.IGNORECASE)
_DETERMINER_AT_END = LazyPattern(rf"\b(?:{alternation(ARTICLES | DEMONSTRATIVES)})\s+$", re.IGNORECASE)
_MODIFIED_AT_END = LazyPattern(
    rf"\b(?:{alternation(ARTICLES)})\s(?:{_NO_FUNCTION_WORD}[\w’'-]+\s){{1,2}}$", re.IGNORECASE
)
_PREPOSITION_AT_END = LazyPattern(rf"\b(?:{alternation(PREPOSITIONS)})\s+$", re.IGNORECASE)
_OF_NOUN = LazyPattern(r"\sof\s[a-z][\w’'-]*(?!\w)")
_AUXILIARY = LazyPattern(rf"\s({alternation(QUESTION_AUXILIARIES)})\b", re.IGNORECASE)
_WHICH = LazyPattern(r"\W*(?:which|what)\s+(?P<noun>[a-z]+)\b", re.IGNORECASE)
_NOUN = LazyPattern(
    rf"(?:\b(?:{alternation(ARTICLES | POSSESSIVE_DETERMINERS)})|['’]s)\s+(?:[\w’'-]+\s+){{0,2}}?(?P<noun>[a-z]+)"
    rf"(?=\W*$|\s+(?:{alternation(PREPOSITIONS | {'of'})})\b)"
)
"""The noun of a phrase with a determiner."""
_CONTRACTED = LazyPattern(rf"^(\W*(?:{alternation(QUESTION_WORDS)}))['’]s\b", re.IGNORECASE)
_JOINED = LazyPattern(rf"\s+(?:{alternation(PREPOSITIONS)})\s+", re.IGNORECASE)
"""What joins a noun with one that says more of it."""
_ONES_WHO = LazyPattern(r"(?:the|those) ones? (?:who|that|which) ", re.IGNORECASE)
_RELATIVE_AT_END = LazyPattern(
    r"(?P<kept>.*[a-z]s )(?P<who>who|that|which) (?:(?!\b(?:who|that|which)\b)[^,?!.])+(?P<mark>\W*)", re.IGNORECASE
)
"""A question that ends in a relative clause: "other rivals who backed Biden"."""
_PERSON = LazyPattern(rf"\b(?:{alternation(ARTICLES)})\s+(?:[\w’'-]+\s+){{0,2}}?(?P<noun>[a-z]+)\b(?!['’])")
_OWNER = LazyPattern(
    rf"(?<![\w’'-])(?:(?:{alternation(ARTICLES)})|(?!(?:{alternation(QUESTION_WORDS)})\b)[\w-]{{1,40}}['’]s)\s+(?=[a-z])",
    re.IGNORECASE,
)
_YEAR = LazyPattern(r"(?<!\w)['’]([0-3]\d)(?!\w)")
"""A year without its century: "'18"."""
_NEXT_NAME = LazyPattern(r" [A-Z][a-z]")
_LIKE_ENDING = 2  # words before the last that a noun phrase of the same noun may have


def exchanged(before: str, old: str, new: str) -> str:
    """Return the question with ``new`` for ``old``; empty where ``old`` does not occur in it."""
    if not old:
        return ""
    meant = new[len(leading_preposition(new)) :].strip()
    for one, other in ((meant, old), (old, meant)):  # "the Phoenix and Philly marchers"
        pair = rf"(?<!\w){re.escape(one)} (?:and|or|&) {re.escape(other)}(?!\w)"
        if both := re.search(pair, before, re.IGNORECASE):
            return f"{before[: both.start()]}{meant}{before[both.end() :]}"
    if POSSESSIVE.search(old) and POSSESSIVE.search(new) and not has_phrase(before, old):  # "not Manafort's, Gates's"
        old, new = old[:-2], new[:-2]
    singular = re.escape(old.removesuffix("s"))
    at = re.search(rf"(?<!\w)(?:{re.escape(old)}|{singular})(?!\w)", before, re.IGNORECASE)
    return _put(before, at.start(), at.end(), new) if at else ""


def _put(before: str, start: int, end: int, new: str) -> str:
    """Return the question with ``new`` between two places, whose determiner and preposition take those before them."""
    kept, rest = before[:start], before[end:]
    if _OWNED_AT_END.search(kept):  # "their wages" for "their strike"
        new = _ARTICLE.sub("", new)
    if DETERMINED.match(new) or leading_preposition(new):
        kept = _DETERMINER_AT_END.sub("", kept)
    led = _PREPOSITION_AT_END.search(kept) if leading_preposition(new) else None
    kept = kept[: led.start()] if led else kept
    of = _OF_NOUN.match(rest) if new.rsplit(" ", 1)[-1].islower() else None  # "the counselor" for "the chief of staff"
    rest = rest[of.end() :] if of else rest
    if (verb := _AUXILIARY.match(rest)) and is_plural(new) is not is_plural(before[start:end]):
        rest = f" {agreeing(verb[1].lower(), new)}{rest[verb.end() :]}"
    return f"{kept}{new}{rest}"


def of_one_kind(before: str, old: str, new: str) -> str:
    """Return the question with ``new`` for the phrase with the noun of ``old``: "the police chief"."""
    *others, noun = old.split() or [""]
    if not others or not noun.islower() or noun in STOP_WORDS or len(old.split()) > MAX_OLD_WORDS:
        return ""
    place = _phrase_of(before, noun)
    return _put(before, place.start(), place.end(), new) if place else ""


def _phrase_of(before: str, noun: str) -> re.Match[str] | None:
    """Return the phrase of a question that ends in a noun: "the police chief"."""
    article = rf"(?:(?:{alternation(ARTICLES)})\s+)?"
    return re.search(
        rf"(?<!\w){article}(?:{_NO_FUNCTION_WORD}[\w’'-]+\s+){{0,{_LIKE_ENDING}}}{re.escape(noun)}(?!\w)",
        before,
        re.IGNORECASE,
    )


def last_noun(before: str) -> re.Match[str] | None:
    """Return the noun of a question that "one" stands for: what it counts or asks which of, else its last phrase's."""
    clause = parse_clause(_CONTRACTED.sub(r"\1 is", before))
    asked = clause and (clause.thing or split_object(clause.rest)[0] or clause.subject)
    if asked and (clause is None or clause.thing or DETERMINED.match(asked)):
        return re.search(rf"(?P<noun>{re.escape(asked.split()[-1])})\b", before)
    if clause is None and (which := _WHICH.match(before)) and which["noun"] not in QUESTION_AUXILIARIES:
        return which
    found = list(_NOUN.finditer(before))
    if clause and found and clause.verb in found[-1].group().split():  # "What's the new building costing?"
        return None
    if len(found) > 1 and is_request(before) and _JOINED.fullmatch(before[found[0].end() : found[1].start()]):
        return found[0]  # "the ad with the shotgun"
    return found[-1] if found else None


def of_last_noun(before: str, which: str) -> str:
    """Return the question with what "one" is the other of: "the Michigan one" after "… Trump's rally about?".

    What a request says of its thing behind the noun gives way: "the wheelchair ad" for "the ad with the shotgun".
    """
    noun = last_noun(before)
    if noun is None or redated("", which):
        return ""
    rest = noun["noun"] if is_request(before) else before[noun.start("noun") :]
    kept = _MODIFIED_AT_END.sub("the ", before[: noun.start("noun")])  # "the tram strike" for "the bus strike"
    return f"{kept}{which} {rest}"


def of_other_relative(before: str, new: str) -> str:
    """Return the question with what "the ones who" are said to be: "went for Sanders" after "others who backed Biden".

    Empty where the question neither ends in such a clause nor asks who or which did something.
    """
    meant = _ONES_WHO.match(new)
    if meant is None:
        return ""
    if clause := _RELATIVE_AT_END.fullmatch(before):
        return f"{clause['kept']}{clause['who']} {new[meant.end() :]}{clause['mark']}"
    asked = parse_clause(before)
    if asked is None or not asked.asks_subject or asked.word not in {"who", "which"}:
        return ""
    return f"{' '.join(filter(None, (asked.word.capitalize(), asked.thing, new[meant.end() :])))}?"


def exchanged_for_like(before: str, new: str, old: str) -> str:
    """Return the question with what was meant in the place of what has its form; empty where it has no such thing.

    Args:
        before: The question.
        new: What was meant.
        old: What was not, which the question does not have; empty where that is not said.
    """
    new = _YEAR.sub(r"20\1", new)
    return (
        _with_surname(before, new, old)
        or _owned_by(before, new)
        or redated(before, new)
        or _renamed(before, new)
        or _of_person(before, new)
        or _of_same_name(before, new)
        or _spoken_by(before, new)
    )


def _with_surname(before: str, new: str, old: str) -> str:
    """Return the question with a given name before its surname: "Bill, not Hillary" after "What did Clinton say?"."""
    names = [each for each in whole_names(before) if " " not in each and fold(each) not in PLACES]
    clause = parse_clause(before)
    if clause and clause.subject in names:
        names = [clause.subject]
    given = fold(new) in GIVEN - PLACES and (fold(old) in GIVEN or not old)
    if len(names) != 1 or not given or (fold(names[0]) in GIVEN and not old):
        return ""
    return exchanged(before, names[0], f"{new[:1].upper()}{new[1:]} {names[0]}")


def _owned_by(before: str, new: str) -> str:
    """Return the question with whose a thing is: "Oregon's" after "What did the governor sign?"."""
    place = _OWNER.search(before) if POSSESSIVE.search(new) else None
    return f"{before[: place.start()]}{new} {before[place.end() :]}" if place else ""


def _renamed(before: str, new: str) -> str:
    """Return the question with "the Senate bill" for "the House bill": a phrase that ends in the same noun."""
    *_, noun = new.split()
    place = _phrase_of(before, noun)
    if len(new.split()) == 1 or not place or place.group().casefold() == noun.casefold():
        return ""
    given, determined = DETERMINED.match(place.group()), DETERMINED.match(new)
    lead = given.group() if given and not determined else ""
    return f"{before[: place.start()]}{lead}{new}{before[place.end() :]}"


def _of_person(before: str, new: str) -> str:
    """Return the question with one person for another, both by what they are: "the victim" for "the suspect"."""
    found = [each for each in _PERSON.finditer(before) if is_office(each["noun"]) and not is_request(before)]
    *_, noun = new.split()
    return _put(before, *found[0].span(), new) if len(found) == 1 and DETERMINED.match(new) and is_office(noun) else ""


def _of_same_name(before: str, new: str) -> str:
    """Return the question with what a correction adds to a name of it: "Mueller as FBI head"."""
    name, _, rest = new.partition(" ")
    if not rest or rest.split()[0] not in {"as", "of", "from", "in", "at"} or not has_phrase(before, name):
        return ""
    return exchanged(before, name, new)


def _spoken_by(before: str, new: str) -> str:
    """Return what somebody else said, for whoever is no name: "the Bush brothers", "the CSX boss"."""
    spoken = parse_speech_question(before)
    who = spoken.who if spoken else ""
    named = (new[:1].isupper() or DETERMINED.match(new)) and not leading_preposition(new)
    if not named or not who or not who.split()[-1].islower() or has_pronoun(who):
        return ""
    return before.replace(who, new, 1)


def whole_names(question: str) -> list[str]:
    """Return the names of a question, each whole, without a possessive ending."""
    found: list[str] = []
    end = -2
    for word in read_words(question):
        first = word.start == 0 and _begins_name(question, word.end)
        if not (word.name or first) or word.stop or word.date:
            continue
        title = question[end : word.start] == ". " and found and fold(found[-1].split()[-1]) in BEFORE_NAME
        if found and (question[end : word.start] == " " or title):
            found[-1] = f"{found[-1]}{question[end : word.start]}{question[word.start : word.end]}"
        else:
            found.append(question[word.start : word.end])
        end = word.end
    return list(dict.fromkeys(each.removesuffix("'s").removesuffix("’s") for each in found))


def _begins_name(question: str, end: int) -> bool:
    """Return whether the first word of a question begins a name: "Gaza ceasefire", "Rand Paul yelling"."""
    first = fold(question[:end])
    function = first in QUESTION_WORDS | QUESTION_AUXILIARIES | STOP_WORDS | BASES
    return first in PLACES | GIVEN or (not function and _NEXT_NAME.match(question, end) is not None)


def has_phrase(text: str, phrase: str) -> bool:
    """Return whether a text has a phrase, in whatever case."""
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE) is not None
