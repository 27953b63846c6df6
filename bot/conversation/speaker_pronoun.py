"""Speakers meant by a pronoun: "What did she say?" after an answer about Ann Brook asks for Ann Brook's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.group_speech import group_of
from bot.answering.speech_question import parse_speech_question, pronoun_speaker
from bot.conversation.question_clause import parse_clause
from bot.conversation.store import Turn
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import FEMININE_PRONOUNS, HAVE, MASCULINE_PRONOUNS, MODAL_VERBS, word_set
from retrieval.text.names import NAME, agree, fold_name
from retrieval.text.people import Names, names_of
from retrieval.text.places import PLACES
from retrieval.text.roles import is_office
from retrieval.text.tokens import read_words

_WHO = LazyPattern(r"\W*who\b", re.IGNORECASE)
_WHO_IS = LazyPattern(rf"\W*[Ww]ho\s+(?:[a-z]+\s+)?(?:is|was)\s+(?P<name>{NAME.pattern})\W*$")
_FIRST_NAME = LazyPattern(r"\W*(?P<name>[A-Z][a-z][\w-]*)")
_CAPITALISED = LazyPattern(r"\b[A-Z][a-z][\w-]*")
_POSSESSIVE = LazyPattern(r"['’]s?$")
_PLACED = LazyPattern(r"\b(?:in|at|near)\s+([A-Z]\w+)\b(?!\s+[A-Z])")
"""A place that has the name of people: "in Austin"."""
_CHOOSING = word_set("appoint choose elect fire hire name nominate pick replace select")
"""What somebody does whose object the next question is about rather than the doer."""
_QUOTED = LazyPattern(r"[“\"][^“”\"]*[”\"]")
_AFTER_NAME = LazyPattern(
    rf"\b(?:after|amid|before|despite|over|since|without)\s+{NAME.pattern}(?=\W*$|\s*[,:;–—(]|\s+-)"
)
"""Whom a question about somebody else names for its time or its reason: "the warden, out after Epstein"."""
MAX_TURNS_BACK = 3
"""Turns before the question in which the speaker is sought."""


def name_speaker(question: str, history: Sequence[Turn], told: str = "") -> str:
    """Return ``question`` with the person that "he" or "she" stands for; empty where none or several fit.

    Args:
        question: What was asked.
        history: The turns before it, oldest first.
        told: As in ``antecedent``.
    """
    place = pronoun_speaker(question)
    if place is None:
        return ""
    gender = {True: "f", False: "m"}[place.group().lower() in FEMININE_PRONOUNS]
    if place.group().lower() not in FEMININE_PRONOUNS | MASCULINE_PRONOUNS:
        return ""
    person = antecedent(gender, history, told)
    return f"{question[: place.start()]}{person}{question[place.end() :]}" if person else ""


def antecedent(gender: str, history: Sequence[Turn], told: str = "", question: str = "") -> str:
    """Return the person that a pronoun of a gender ("f", "m") stands for; empty where none or several fit.

    Whom a question names comes before whom answers name, unless it asks who somebody is; the last turn comes before
    the others. Whom a pronoun of the other gender stood for before is not meant, nobody who was spoken of before a
    question for somebody that several may answer, and none who is no person, or of the other gender, in what was told.

    Args:
        gender: "f" or "m".
        history: The turns before, oldest first.
        told: The articles of the last answer; empty where they are not known.
        question: What was asked: nobody whom it names is meant.
    """
    named = _CAPITALISED.findall(question)
    other = _called(history, FEMININE_PRONOUNS if gender == "m" else MASCULINE_PRONOUNS)
    known = names_of(told)

    def fits(name: str) -> bool:
        if not name or not other.isdisjoint(_terms(name, sentence=False)):
            return False
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told):
            return True
        is_person = known.knows(name) or fold_name(name) in known.by_given
        return is_person and known.gender(name) in {"", gender}

    answered = ""
    for turn in reversed(history[-MAX_TURNS_BACK:]):
        cited = (
            "" if turn.abstained or turn.possibly else "\n\n".join((turn.answer, *(each.quote for each in turn.places)))
        )
        here = Names(cited)
        before = _QUOTED.sub(" ", turn.standalone_question)
        offices = _offices(before)
        before = _AFTER_NAME.sub(" ", before) if offices else before
        spoken = parse_speech_question(before)
        if spoken and group_of(spoken):  # whoever speaks for "the critics" is not whom the conversation is about
            continue
        if (chosen := _chosen(turn)) is None:
            chosen = _doer(turn, gender) or None
        if chosen is not None:
            return chosen if fits(chosen) and here.gender(chosen) in {"", gender} else ""
        asked = "" if _is_about_another(turn, gender) else _asked_about(before, cited, gender, known, named)
        asked = asked or _bearer(offices, here, known)  # "the teacher who was sent home"
        person, asks_who = _person_in(cited, gender), _WHO.match(before) is not None
        if asks_who and person and here.gender(person) == gender != Names(before).gender(asked):
            asked = person  # who it was
        found = next(filter(fits, (asked, person if offices or asks_who else "")), "")
        if found or (asked and asks_who):
            return found
        answered = answered or (person if fits(person) and _is_alone(here, gender, told=bool(told)) else "")
        unresolved = not (asked or answered) and _is_unresolved(turn, gender)
        if unresolved and (meant := _spoken_of(turn, history)):  # the same is meant as there
            return meant
    return answered


def _is_alone(answer: Names, gender: str, *, told: bool) -> bool:
    """Return whether an answer names one person, or with articles one of a gender and nobody of no known gender."""
    people = people_named(answer.text)
    genders = [answer.gender(each) for each in people]
    return genders.count(gender) == 1 and "" not in genders if told else len(people) == 1


def _offices(question: str) -> list[str]:
    """Return what a question calls people without their names: "teacher" of "the teacher in Rocklin who left"."""
    return [each for each in re.findall(r"[a-z]+", question) if is_office(each)]


def _bearer(offices: Sequence[str], *texts: Names) -> str:
    """Return the one person who bears an office of a question in the first text that has one; empty for none."""
    people = (names.bearer(office) for names in texts for office in offices)
    return next(filter(None, people), "")


def _chosen(turn: Turn) -> str | None:
    """Return whom somebody chose, after "Who did Ann pick?"; empty where the answer does not name one; else None."""
    clause = parse_clause(turn.standalone_question.rstrip(" ?!.…"))
    if not clause or clause.word not in {"who", "whom"} or not clause.subject or fold(clause.verb) not in _CHOOSING:
        return None
    quote = "" if turn.abstained or not turn.places else turn.places[0].quote
    asked = set(terms(turn.standalone_question))
    people = [person for person in people_named(quote) if asked.isdisjoint(terms(person))]
    return people[0] if len(people) == 1 else ""


def _doer(turn: Turn, gender: str) -> str:
    """Return who did something, after "Who replaced Christie?"; empty where the answer names none of a gender alone."""
    clause = parse_clause(turn.standalone_question.rstrip(" ?!.…"))
    acts = clause is not None and (not clause.auxiliary or clause.auxiliary in MODAL_VERBS | HAVE)
    named = clause and acts and clause.word == "who" and clause.asks_subject
    asked = people_named(turn.standalone_question)
    if not named or not asked or turn.abstained or not turn.places:
        return ""
    names = Names(turn.places[0].quote)
    others = [each for each in people_named(names.text) if not any(agree(each, other) for other in asked)]
    fitting = [each for each in others if names.gender(each) in {"", gender}]
    return fitting[0] if len(fitting) == 1 else ""


def _is_about_another(turn: Turn, gender: str) -> bool:
    """Return whether a question asks what somebody did to "him" or "her", for whom no name stands: not to himself."""
    objects = {"him"} if gender == "m" else {"her"}
    return any(each in objects for each in fold(turn.standalone_question).rstrip(" ?!.…").split()[-1:])


def _is_unresolved(turn: Turn, gender: str) -> bool:
    """Return whether a question has a pronoun of a gender for which no name stands."""
    pronouns = FEMININE_PRONOUNS if gender == "f" else MASCULINE_PRONOUNS
    asked = turn.standalone_question
    return any(asked[word.start : word.end].lower() in pronouns for word in read_words(asked))


def _spoken_of(turn: Turn, history: Sequence[Turn]) -> str:
    """Return the one name of the first sentence of an answer that a question has too; empty for none or several."""
    if turn.abstained or not turn.places:
        return ""
    asked = {term for each in history for term in _terms(each.standalone_question)}
    quote = turn.places[0].quote
    named = {
        word.term: quote[word.start : word.end]
        for word in read_words(quote)
        if quote[word.start].isupper() and word.term in asked and fold(quote[word.start : word.end]) not in PLACES
    }
    return next(iter(named.values())) if len(named) == 1 else ""


def _called(history: Sequence[Turn], pronouns: frozenset[str]) -> set[str]:
    """Return the terms of the names that took the place of any of the pronouns in a question."""
    called: set[str] = set()
    for turn in history:
        asked, written = turn.question, turn.standalone_question
        for word in read_words(asked):
            if asked[word.start : word.end].lower() not in pronouns:
                continue
            same = written.casefold().startswith(asked[: word.start].casefold())
            name = NAME.match(written, word.start) if same else None
            called |= _terms(name.group(), sentence=False) if name else _terms(written) - _terms(asked)
    return called


def _terms(text: str, *, sentence: bool = True) -> set[str]:
    """Return the terms of the names in a sentence; ``sentence``: False for a name alone."""
    return {word.term for word in read_words(text, sentence=sentence) if word.name and not word.stop}


def _asked_about(question: str, cited: str, gender: str, known: Names, besides: Sequence[str] = ()) -> str:
    """Return the person whom a question is about: the one it names, in full where the answer gives the full name.

    Args:
        question: The question, asked before.
        cited: Its answer.
        gender: "f" or "m".
        known: The people of the articles of the last answer.
        besides: Names of people who are not meant.
    """
    if identified := _WHO_IS.match(question):
        return identified["name"]
    if (person := _person_in(question, gender)) and not any(agree(person, each) for each in besides):
        return person
    first = _FIRST_NAME.match(question)  # a sentence's first word is no name by its capital alone
    written = [question[word.start : word.end] for word in read_words(question) if word.name and not word.date]
    written += [first["name"]] if first and first["name"] not in written else []
    names = names_of(f"{cited}\n\n{known.text}")
    written = [each for each in written if fold(each) not in PLACES and not any(agree(each, one) for one in besides)]
    people = dict.fromkeys(
        names.resolve(mention.name, len(names.text))[0]
        for mention in names.references
        if names.gender(mention.name) in {"", gender} and any(agree(mention.name, name) for name in written)
    )
    if not people and len(likely := [each.name for each in Names(question).uncertain]) == 1:
        is_person = known.knows(likely[0]) if known.text else not set(fold(likely[0]).split()) & PLACES
        return likely[0] if is_person else ""
    several = len([name for name in written if not name.isupper()]) > 1
    certain = [each for each in people if names.gender(each) == gender or not several]
    if len(people) > 1 and len(written) == 1:  # "Mohamed" and "Mohammed Morsi"
        return _POSSESSIVE.sub("", written[0])
    return certain[0] if len(people) == len(certain) == 1 else ""


def answering_person(turn: Turn) -> str:
    """Return the one person whom the best sentence of an answer names besides those of its question; else empty."""
    if turn.abstained or not turn.places:
        return ""
    asked = people_named(turn.standalone_question)
    people = [each for each in people_named(turn.places[0].quote) if not any(agree(each, other) for other in asked)]
    return people[0] if len(people) == 1 else ""


def people_named(text: str) -> list[str]:
    """Return the people whom a text names, each once, in full where it gives the full name."""
    names = Names(text)
    people: list[str] = []
    for mention in names.references:
        full = names.resolve(mention.name, len(text))[0]
        if not any(agree(full, known) for known in people):
            people.append(full)
    return people


def _person_in(text: str, gender: str) -> str:
    """Return the one person of a gender, or of none that is known, in a text; the first of several in an answer."""
    names = Names(text)
    people: list[str] = []
    places = set(_PLACED.findall(text))
    for mention in names.references:
        if names.gender(mention.name) not in {"", gender} or mention.name in places:
            continue
        full = names.resolve(mention.name, len(text))[0]
        if not any(agree(full, known) for known in people):
            people.append(full)
    certain = [person for person in people if names.gender(person) == gender]
    alone = len(people) == 1 and len(people_named(text)) == 1  # of several, one of no known gender need not be meant
    return (certain or people)[0] if len(certain) == 1 or alone else ""
