"""The context of a comparison: what "that", "it" or "the number of injured" is of, taken from the questions before.

"Do the articles agree on that?" after "How many jobs were added in March?" asks of the number of jobs added in March.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.speech_question import parse_speech_question
from bot.answering.term_weights import general_weights
from bot.answers import QuestionKind
from bot.composition.conversation_topic import conversation_topic
from bot.composition.question_kind import core_question, decide_kind
from bot.conversation.noun_phrase import noun_phrase
from bot.conversation.question_clause import PREPOSITIONS, QuestionClause, is_plural, parse_clause
from bot.conversation.question_topic import counted_topic, question_topic, without_article
from bot.conversation.rule_rewriter import has_pronoun, read_terms, split_topic
from bot.conversation.speaker_pronoun import people_named
from bot.conversation.store import Turn
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    DO,
    FEMININE_PRONOUNS,
    MASCULINE_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    QUESTION_ADVERBS,
    QUESTION_AUXILIARIES,
    THIRD_PERSON,
    THIRD_PERSON_BE,
    alternation,
)
from retrieval.text.measures import MeasureKind, measure_of
from retrieval.text.names import agree
from retrieval.text.time_expressions import without_times
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import BASES, past_form

MAX_TURNS_BACK = 5
"""Turns before the question in which its topic is sought."""
MIN_OWN_TERMS = 3
"""Content words from which a question without a name stands for itself."""
MIN_EVENT_WEIGHT = 0.8
"""Weight in general English from which a word tells one event from others: "Benghazi" does, "attack" does not."""

_FIGURE = r"(?:figures?|numbers?|counts?|totals?|toll|tally|rate|amount|estimates?)"
_WHICH_IS_RIGHT = LazyPattern(
    rf"(?:so\s+|and\s+)?(?:which|what)\s+(?:(?:of\s+(?:them|these|those|the(?:se)?\s+{_FIGURE})|one|{_FIGURE}|version|account)\s+)?"
    rf"(?:{alternation(THIRD_PERSON_BE)})\s+(?:the\s+)?(?:right|correct|true|accurate|real)(?:\s+(?:one|ones|number|figure))?",
    re.IGNORECASE,
)
_COMPARED_EVENT = LazyPattern(r"\s+(?:compare|differ|relate)\s+(?:to|with|from)\s+the\s", re.IGNORECASE)
"""An event that "that" is compared with: "how does that compare to the fire?"."""
_OWNERS = frozenset({"its", "their"})
_THINGS = THIRD_PERSON - MASCULINE_PRONOUNS - FEMININE_PRONOUNS - {"theirs"}
_AFTER = PREPOSITIONS | QUESTION_AUXILIARIES | BASES | frozenset({"and", "or", "than", "vs"})
"""What follows "that" where it is no determiner, and begins no clause: "the number that the Senate passed"."""
_REFERENCE = LazyPattern(
    rf"\b(?:(?:{alternation(DEMONSTRATIVES | _OWNERS)}|the)\s+{_FIGURE}(?!\s+(?:of|for)\b)"
    rf"|{alternation(_THINGS)}|(?:{alternation(DEMONSTRATIVES)})(?!\s+(?!(?:{alternation(_AFTER)})\b)\w))\b"
    rf"(?!\s+(?:the\s+)?(?:articles?|outlets?|papers?|reports?)\b)",
    re.IGNORECASE,
)
_ARTICLES_AS_SUBJECT = LazyPattern(
    r"(?:(?:do|does|did)|where\s+do|how\s+do)\s+they\s+(?:all\s+)?(?:agree|disagree|differ|contradict|vary|conflict)",
    re.IGNORECASE,
)
_ON = LazyPattern(r"\b(?:on|about)\s+$", re.IGNORECASE)
"""What a clause may follow: "agree on when he died"."""
_THERE = LazyPattern(r"\bthere\W*$", re.IGNORECASE)
_OPEN_CHANGE = LazyPattern(
    r"(?P<head>what(?:['’]s|\s+has|\s+had|\s+have)?(?:\s+been)?\s+(?:chang(?:ed|es)|different|new))"
    r"(?P<tail>(?:\s+(?:over\s+time|since|after|before|between|from|during|in|by)\b.*)?)",
    re.IGNORECASE,
)
_OWNED = LazyPattern(r"\s+(?P<noun>[\w’'-]++)(?!\s+of\b)")
_NUMBERS = LazyPattern(r"\bnumbers?$")
"""What was counted before, whatever was spoken of since."""
_AMOUNTS = {"how many": "number", "how much": "amount"}
_HOW_MANY = LazyPattern(r"how\s+many\s+(?P<thing>[\w’'-]+)\s+(?P<rest>.+)", re.IGNORECASE)
_WHAT_IS = LazyPattern(rf"what\s+(?:{alternation(BE)})\s+(?P<thing>(?:{alternation(ARTICLES)})\s.+)", re.IGNORECASE)
_HOW_MUCH_SO = LazyPattern(
    rf"how\s+(?!many\b|much\b)[a-z]{{2,20}}\s+(?:{alternation(BE)})\s+(?P<thing>(?:the|an?)\s.+)", re.IGNORECASE
)
"""A question how big or strong something is."""
_IN = LazyPattern(r"\b(?:in|of|at|during|about|from|on|by|over)\s+(?=(?P<event>.+)$)", re.IGNORECASE)
_DIFFER_AT_END = LazyPattern(r"\b(?:differ|disagree|agree|compare)$", re.IGNORECASE)
_TO_EVENT = LazyPattern(
    r"how\s+(?:does|did|do)\s+(?:that|this|it|these|those)\s+compare\s+(?:to|with)\s+(?P<event>the\s+\S.*)",
    re.IGNORECASE,
)
"""What the conversation is about beside another event: "how does that compare to the Boston bombing?"."""
_PERSONAL = LazyPattern(rf"\b(?:{alternation(MASCULINE_PRONOUNS | FEMININE_PRONOUNS)})\b", re.IGNORECASE)
_POSSESSIVE = LazyPattern(rf"\b(?:{alternation(POSSESSIVE_DETERMINERS)})\b", re.IGNORECASE)
_ASKING = frozenset({"mani", "much"})


def comparison_in_context(question: str, topic: str, history: Sequence[Turn]) -> str:
    """Return a comparison with what it leaves open written out; empty where nothing is open, or nothing is known.

    Args:
        question: The question, for a comparison.
        topic: Its topic as decided with its kind.
        history: The turns before it, oldest first.
    """
    core = core_question(question)
    context = _context(history)
    if not context:
        return ""
    if _WHICH_IS_RIGHT.fullmatch(core):
        written = f"do the articles agree on {context}"
    elif not read_terms(without_times(topic)) and not has_pronoun(topic):
        written = _of_nothing(core, context)
    elif _is_person(context, history) and not _PERSONAL.search(topic):
        written = ""  # nobody is "it"
    elif _REFERENCE.search(topic) or _THERE.search(topic):
        written = _referring(core, topic, context, history)
    else:
        written = _of_bare_figure(core, topic, history) or _of_two(core, context)
    end = "" if written.lower().startswith("compare") else "?"
    return f"{written[:1].upper()}{written[1:]}{end}" if written else ""


def _is_person(name: str, history: Sequence[Turn]) -> bool:
    """Return whether the answers call somebody by a name."""
    return name.istitle() and any(agree(name, person) for turn in history for person in people_named(turn.answer))


def _of_two(core: str, context: str) -> str:
    """Return a question whether two of the conversation differ, with its topic: "Do Ford and Kavanaugh differ?"."""
    shared = _name_terms(core) & _name_terms(context)
    return f"{core} on {context}" if shared and _DIFFER_AT_END.search(core) else ""


def _of_nothing(core: str, context: str) -> str:
    """Return a question without a topic with one: "Do the articles agree?", "What changed after 2013?"."""
    if changed := _OPEN_CHANGE.fullmatch(core):
        return f"{changed['head']} in {context}{changed['tail']}"
    return f"{core} about {context}" if re.search(r"\b(?:dis)?agree|differ|contradict|conflict|vary", core) else ""


def _referring(core: str, topic: str, context: str, history: Sequence[Turn]) -> str:
    """Return a question with its pronoun replaced by what it refers to."""
    if (other := _TO_EVENT.fullmatch(core)) and (about := conversation_topic(history)):
        return f"compare {about} with {other['event']}"
    at = max(core.lower().rfind(topic.lower()), 0)
    are_articles = _ARTICLES_AS_SUBJECT.match(core)
    found = _REFERENCE.search(core, are_articles.end() if are_articles else at)
    if found is None:
        event = _event(history)
        return f"{core} in {event}" if event and _THERE.search(core) else ""
    before, reference, after = core[: found.start()], found.group().lower(), core[found.end() :]
    if _NUMBERS.search(reference):
        counts = (counted_topic(turn.standalone_question) for turn in reversed(history[-MAX_TURNS_BACK:]))
        context = next(filter(None, counts), "")
    elif _COMPARED_EVENT.match(after):
        context = _overviewed(history) or context
    context = context if _ON.search(before) else noun_phrase(context)
    owned = _OWNED.match(after) if reference in _OWNERS else None
    bound = reference == "their" and any(map(is_plural, before.split()))  # "do people trust their town hall?"
    if not context or bound or (reference in _OWNERS and not owned):
        return ""
    if owned:
        return f"{before}the {owned['noun']} of {context}{after[owned.end() :]}"
    return f"{before}{context}{after}"


def _of_bare_figure(core: str, topic: str, history: Sequence[Turn]) -> str:
    """Return a question for a count of an event that it does not name, with that of the conversation."""
    measure = measure_of(topic) or measure_of(core)
    if not measure or not measure.of_event or measure.kind is not MeasureKind.COUNT:
        return ""
    if _name_terms(topic) or any(each >= MIN_EVENT_WEIGHT for each in general_weights(measure.rest).values()):
        return ""
    event = _event(history)
    at = core.lower().rfind(topic.lower())
    return f"{core[: at + len(topic)]} in {event}{core[at + len(topic) :]}" if event and at >= 0 else ""


def _context(history: Sequence[Turn]) -> str:
    """Return what the last question that stands for itself is about, else the last one; empty for none."""
    recent = [turn for turn in reversed(history[-MAX_TURNS_BACK:]) if read_terms(without_times(_subject(turn)))]
    return _subject(next((turn for turn in recent if _is_complete(turn)), recent[0])) if recent else ""


def _overviewed(history: Sequence[Turn]) -> str:
    """Return what the last overview or timeline is of; empty where none was of a topic."""
    decided = (decide_kind(turn.standalone_question) for turn in reversed(history[-MAX_TURNS_BACK:]))
    told = (each.topic for each in decided if each.kind in {QuestionKind.OVERVIEW, QuestionKind.TIMELINE})
    return next((topic for topic in told if topic and not has_pronoun(topic) and _name_terms(topic)), "")


def _event(history: Sequence[Turn]) -> str:
    """Return the event or thing that the conversation is about: "the Boston bombing"."""
    context = _context(history)
    inner = next((found["event"] for found in _IN.finditer(context) if _name_terms(found["event"])), "")
    return inner if inner and measure_of(context) else noun_phrase(context)


def _is_complete(turn: Turn) -> bool:
    asked, about = split_topic(turn.standalone_question)
    if read_terms(without_times(about)) or has_pronoun(asked):
        return False
    about_topic = decide_kind(asked).kind is not QuestionKind.FACT
    return about_topic or bool(_name_terms(asked)) or len(set(read_terms(asked)) - _ASKING) >= MIN_OWN_TERMS


def _name_terms(text: str) -> frozenset[str]:
    return frozenset(word.term for word in read_words(text) if word.name and not word.stop and not word.date)


def _subject(turn: Turn) -> str:
    """Return what a question is about as a noun phrase: "the number of people enrolled in Obamacare"."""
    question, about = split_topic(turn.standalone_question)
    about = about if read_terms(without_times(about)) else ""
    decision = decide_kind(question)
    if decision.kind is QuestionKind.FACT:
        return about or _asked_thing(question.strip(" ?!.…"))
    if decision.kind is QuestionKind.WHO_SAID:
        spoken = parse_speech_question(question.strip(" ?!.…"))
        return (spoken.about or spoken.who) if spoken else ""
    topic = decision.topic or about
    return "" if has_pronoun(topic) else without_article(topic)


def _asked_thing(question: str) -> str:
    """Return what a question for a fact asks, as a noun phrase or a clause; its names where it has no such form."""
    if found := _WHAT_IS.match(question):
        return found["thing"]
    if sized := _HOW_MUCH_SO.match(question):
        return sized["thing"]
    clause = parse_clause(question)
    if clause is None:
        counted_thing = _HOW_MANY.match(question)
        return (
            f"the number of {counted_thing['thing']} that {counted_thing['rest']}"
            if counted_thing
            else question_topic(question)
        )
    if clause.word in _AMOUNTS and clause.thing:
        written = _amount(clause)
    elif clause.word == "who" and clause.asks_subject:
        written = f"{question[:1].lower()}{question[1:]}"
    elif clause.subject and (clause.word in QUESTION_ADVERBS or not clause.word):
        written = f"{clause.word or 'whether'} {_statement(clause)}"
    else:
        written = ""
    return question_topic(question) if not written or has_pronoun(_POSSESSIVE.sub("", question)) else written


def _amount(clause: QuestionClause) -> str:
    head = f"the {_AMOUNTS[clause.word]} of {clause.thing}"
    if not clause.asks_subject:
        return f"{head} {_statement(clause)}"
    auxiliary = "" if clause.auxiliary in BE else f"that {clause.auxiliary} ".replace("  ", " ")
    return " ".join(filter(None, (head, auxiliary.strip(), clause.verb, clause.rest)))


def _statement(clause: QuestionClause) -> str:
    """Return the statement of a question: "the super PACs raised" of "did the super PACs raise"."""
    verb = clause.verb
    if clause.auxiliary == "did":
        verb = past_form(verb)
    elif clause.auxiliary == "does":
        verb = "has" if verb == "have" else f"{verb}s"
    auxiliary = "" if clause.auxiliary in DO else clause.auxiliary
    return " ".join(filter(None, (clause.subject, auxiliary, verb, clause.rest)))
