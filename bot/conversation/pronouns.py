"""Pronouns of follow-ups: what "she", "it", "they" and "there" stand for after the turns before.

A pronoun is replaced only where one thing fits: the person of its gender in the last turns, or the noun phrase that the
last question was about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.speech_question import parse_speech_question
from bot.conversation.definite_phrase import definite_phrase
from bot.conversation.noun_phrase import noun_phrase
from bot.conversation.question_clause import (
    PREPOSITIONS,
    QuestionClause,
    as_question,
    is_plural,
    parse_clause,
    split_object,
)
from bot.conversation.speaker_pronoun import antecedent, people_named
from bot.conversation.store import Turn
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    FEMININE_PRONOUNS,
    MASCULINE_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    word_set,
)
from retrieval.text.names import GIVEN
from retrieval.text.number_words import ORDINALS
from retrieval.text.people import names_of
from retrieval.text.places import PLACES
from retrieval.text.roles import is_office
from retrieval.text.tokens import read_words

_PRONOUN = LazyPattern(rf"\b(?:{alternation(THIRD_PERSON | {'that', 'this', 'there'})})\b(?!['’])", re.IGNORECASE)
"""A pronoun that is not contracted with its verb: no "it's"."""
_PLACE = LazyPattern(r"\b(?:in|at|near)\s+(?:the\s+)?(?:[A-Z][\w’'-]*)(?:\s+[A-Z][\w’'-]*)*")
_IDENTIFIED = LazyPattern(
    rf"\W*(?:who|what)\s+(?:{alternation(BE)})\s+(?P<what>(?:the|an?)\s+[\w’'-]+"
    r"(?:\s+(?!(?:worth|like|called|named|about|for|made)\b)[\w’'-]+){0,3})(?:\s+(?:worth|like|called|named|about|for|made))?\W*$",
    re.IGNORECASE,
)
"""A question what something is: "Who are the Wagner Group?"."""
_SEVERAL = LazyPattern(r"\bthe\s+[A-Z]\w+s\b(?!\s+[a-z]+s?\b(?<!\bto))")
"""A name of several things, after a question which of others: "the Olympics"."""
_IT = LazyPattern(r"\bit\b", re.IGNORECASE)
_CONTRACTED = LazyPattern(rf"^(\W*(?:\w+\s+)?(?:{alternation(QUESTION_WORDS)}))['’]s\b", re.IGNORECASE)
"""A question word with "is": "who's he?"."""
_PERSONAL = LazyPattern(rf"\b(?:{alternation(THIRD_PERSON - POSSESSIVE_DETERMINERS)})\b", re.IGNORECASE)
_EVENT = LazyPattern(r"\b(?:in|during|after)\s+(?P<event>the\s+[a-z-]+(?:\s+[a-z-]+){0,2})$")
"""Where something happened, in a question about somebody: "… killed in the drone strike?"."""
_BESIDE = LazyPattern(rf"\b(?:{alternation(PREPOSITIONS)})\s+(?P<what>the\s+[a-z-]+(?:\s[a-z-]+)?)$")
"""A noun phrase in which a question ends, after a preposition."""
_NO_NOUNS = ORDINALS.keys() | word_set("one ones most least last other others same former latter best worst")
_OWNER = LazyPattern(r"\W*[A-Z][\w-]*['’]s\b")
_OTHER = word_set("other others more else time times")
"""In what a question asks for that nothing was said of: "which other words", "how many times"."""
_OF_TIME = LazyPattern(r"\b(?:day|week|month|year|time|end|case)$")
MAX_TURNS_BACK = 4
"""Turns back to the last question that is not what somebody said."""
_OWN = LazyPattern(r"[,;:\"“”]|\w\s+(?:or|if|that|because|when|while)\b", re.IGNORECASE)
"""A clause before a pronoun that may name what it stands for."""
_EXISTENTIAL = LazyPattern(rf"\b(?:{alternation(QUESTION_AUXILIARIES)})\s+there\b", re.IGNORECASE)


_MAKE = LazyPattern(r"\bma(?:ke|kes|de|king)\s+$", re.IGNORECASE)
_MADE_IT = word_set("alive back home out safely there through to")
"""What follows "it" in "make it home", where it stands for nothing."""


def resolve_pronouns(question: str, history: Sequence[Turn], topic: str = "", told: str = "") -> str:
    """Return ``question`` with what its pronouns stand for; empty where none is resolved.

    Args:
        question: What was asked.
        history: The turns before it, oldest first, at least one.
        topic: What the conversation is about: "it" where the last question was about no other thing.
        told: The articles of the last answer, which say who is a person; empty where they are not known.
    """
    written = question
    done = False
    for found in reversed(list(_PRONOUN.finditer(question))):
        stands_for = _antecedent(question, found, history, topic, told)
        if stands_for:
            written = f"{written[: found.start()]}{stands_for}{written[found.end() :]}"
            done = True
    return as_question(_CONTRACTED.sub(r"\1 is", written)) if done else ""


def _antecedent(question: str, found: re.Match[str], history: Sequence[Turn], topic: str, told: str) -> str:
    """Return what takes the place of a pronoun; empty where nothing is certain."""
    pronoun = found.group().lower()
    before, after = question[: found.start()], question[found.end() :].strip(" ?!.,…").split()
    last = history[-1].standalone_question
    owns = pronoun == "his" or (pronoun in POSSESSIVE_DETERMINERS and bool(after) and _is_owned(after[0]))
    if pronoun in MASCULINE_PRONOUNS | FEMININE_PRONOUNS:
        names = [before[word.start : word.end] for word in read_words(before) if word.name]
        bound = any(map(is_office, re.findall(r"[a-z]+", before)))  # "did the police chief defend her officers?"
        bound = bound or (owns and _OWNER.match(before) is not None)  # "Brook's objections, in her words"
        if not all(map(str.isupper, names)) or _PRONOUN.search(before) or bound:
            return ""  # it may stand for a name of the question, but no acronym's
        name = "" if owns else _by_position(last, subject=pronoun in SUBJECT_PRONOUNS)
        return _owning(
            name or antecedent("f" if pronoun in FEMININE_PRONOUNS else "m", history, told, question), owns=owns
        )
    named_before = owns and any(word.name and not word.stop for word in read_words(before))
    if named_before or _OWN.search(before):
        return ""  # "Who wrote it, was it a member?", "Did Georgia pay for its machines?"
    if pronoun == "there":
        return _place(question, place_phrase(last))
    follows = after[0].lower() if after else ""
    refers = not follows or follows in PREPOSITIONS | QUESTION_AUXILIARIES or pronoun not in {"that", "this"}
    likened = pronoun == "that" and re.search(r"\blike\s+$", before, re.IGNORECASE)
    survived = pronoun == "it" and _MAKE.search(before) and (not follows or follows in _MADE_IT)
    if not refers or likened or survived or (pronoun == "it" and follows in {"true", "possible", "clear"}):
        return ""  # "that agreement", "Did anyone make it out?", "Is it true that …"
    plural = pronoun.startswith("the")
    things = [_spoken_of(last, before), _thing(last, plural=plural)]
    if not plural:
        things = [things[0], replaced_it(history[-1]), things[1], _thing_before(history), _singular(topic)]
    phrases = (phrase for each in things if (phrase := noun_phrase(each)) and (plural or " and " not in phrase))
    thing = next((phrase for phrase in phrases if not names_of(told).knows(phrase)), "")
    named = {word.term for word in read_words(thing) if word.name and not word.stop}
    return "" if named & {word.term for word in read_words(question)} else _owning(thing, owns=owns)


def replaced_it(turn: Turn) -> str:
    """Return what took the place of "it" in a question; empty where nothing did."""
    return _replaced(turn, _IT.search(turn.question))


def replaced_pronoun(turn: Turn) -> str:
    """Return what took the place of the one pronoun of a question; empty where nothing did, or it has several."""
    found = list(_PERSONAL.finditer(turn.question))
    return _replaced(turn, found[0]) if len(found) == 1 else ""


def _replaced(turn: Turn, found: re.Match[str] | None) -> str:
    if not found or turn.question.casefold() == turn.standalone_question.casefold():
        return ""
    before, after = turn.question[: found.start()], turn.question[found.end() :].rstrip(" ?!.…")
    written = turn.standalone_question.rstrip(" ?!.…")
    if not (written.casefold().startswith(before.casefold()) and written.casefold().endswith(after.casefold())):
        return ""
    return written[len(before) : len(written) - len(after)].strip()


def _spoken_of(question: str, before: str) -> str:
    """Return what somebody spoke of, for "it" in "Who asked him about it?"; empty where that is not asked."""
    spoken = parse_speech_question(question) if re.search(r"\b(?:about|on)\s+$", before) else None
    return spoken.about if spoken and not _PRONOUN.search(spoken.about) else ""


def _thing_before(history: Sequence[Turn]) -> str:
    """Return the thing that was asked about before questions what somebody said; empty where the last is no such."""
    for turn in reversed(history[-MAX_TURNS_BACK:]):
        spoken = parse_speech_question(turn.standalone_question)
        if spoken is None:
            if turn is history[-1]:
                return ""
            thing = _thing(turn.standalone_question, plural=False)
            if thing.lower().startswith("the "):
                return thing
        elif spoken.about:
            return ""
    return ""


def _place(question: str, place: str) -> str:
    """Return what takes the place of "there": "in Niger", after a verb "there in Niger"."""
    if not place or not _EXISTENTIAL.search(question):
        return place
    ends = re.search(r"\bthere\W*$", question, re.IGNORECASE) is not None  # "How many soldiers are there?"
    return f"there {place}" if ends and not PREPOSITIONS & set(fold(question).split()) else ""


def _thing(question: str, *, plural: bool) -> str:
    """Return the thing or things that a question is about; empty where it names none."""
    spoken = parse_speech_question(question)
    if spoken and not plural:
        return ""  # who spoke is nothing that "it" stands for
    if clause := parse_clause(question):
        named = _SEVERAL.search(clause.rest) if plural and clause.thing else None
        return named.group() if named else _noun_phrase(clause, plural=plural, spoken=spoken is not None)
    identified = _IDENTIFIED.match(question)
    what = identified["what"] if identified else ""
    return "" if what.islower() and is_plural(what) is not plural else what  # the "Wagner Group" are several


def _singular(topic: str) -> str:
    """Return a topic as a noun phrase for "it"; empty for a person, a place, and several things."""
    if not topic or is_plural(topic) or fold(topic) in PLACES or people_named(topic):
        return ""
    nominal = any(word.islower() and word not in PREPOSITIONS for word in topic.split())
    counted = topic.islower() and len(topic.split()) == 1  # "coup" is no noun phrase
    return topic if nominal and not counted else ""


def _owning(name: str, *, owns: bool) -> str:
    """Return a name, with its possessive ending where it owns something."""
    name = name.removesuffix("'s").removesuffix("’s") if owns else name
    several = name.endswith("s") and (name.islower() or is_plural(name))
    return f"{name}{'’' if several else '’s'}" if name and owns else name


def _by_position(question: str, *, subject: bool) -> str:
    """Return the subject or object of a question with names for both: "him" after "Why did Trump fire Comey?"."""
    clause = parse_clause(question)
    named = (clause.subject, split_object(clause.rest)[0]) if clause else ("", "")
    if not all(name[:1].isupper() and fold(name) not in PLACES for name in named):
        return ""
    return named[0] if subject else named[1]


def place_phrase(question: str) -> str:
    """Return where a question says that something is: "in Burkina Faso"; empty where it names no or several places."""
    event = definite_phrase(question)  # "in the Orlando shooting" is no place
    places = [found for found in _PLACE.findall(question) if not event or not event.startswith(found.split(" ", 1)[1])]
    return str(places[0]) if len(places) == 1 else ""


def _noun_phrase(clause: QuestionClause, *, plural: bool, spoken: bool) -> str:
    """Return the noun phrase that a question was about; empty where it named none of the number."""
    named = clause.thing and clause.word != "what" and _OTHER.isdisjoint(fold(clause.thing).split())
    thing = f"the {clause.thing}" if named else ""
    if plural and thing and clause.word == "how many" and not clause.auxiliary:  # "How many Republicans voted no?"
        return f"{thing} who {clause.predicate}"
    event = _EVENT.search(clause.rest)
    happened = definite_phrase(clause.rest) or (event["event"] if event and not _OF_TIME.search(event["event"]) else "")
    beside = None if spoken else _BESIDE.search(clause.rest)  # "invited to the debates"; "they" may have spoken
    phrases = (
        split_object(clause.rest)[0],
        happened,
        clause.subject,
        thing,
        beside["what"] if plural and beside else "",
    )
    fitting = [
        phrase for phrase in phrases if phrase and is_plural(phrase) is plural and _is_thing(phrase, plural=plural)
    ]
    return fitting[0] if fitting else ""


def _is_thing(phrase: str, *, plural: bool) -> bool:
    """Return whether a noun phrase can be what "it" or "they" stands for: no name but a place's, for "it" no person."""
    first, *others = phrase.split()
    named = bool(others) and phrase.istitle() and fold(first) not in GIVEN and not people_named(phrase)  # "Common Core"
    determined = first.lower() in ARTICLES or fold(phrase) in PLACES or (named and not plural)
    *_, head = phrase.split()
    return determined and fold(head) not in _NO_NOUNS and (plural or not is_office(head))


def _is_owned(word: str) -> bool:
    return word.lower() not in PREPOSITIONS | QUESTION_AUXILIARIES and word.lower() not in {"and", "or", "again"}
