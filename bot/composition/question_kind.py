"""Question kinds: whether a fact, an overview, a timeline, a comparison, a list or the collection is asked for.

The form of the question decides (``bot.composition.kind_rules``), without the greeting before it and the thanks behind
it, together with a fitted model (``bot.composition.kind_model``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answering.speech_question import asks_who_said, parse_according_to, parse_speech_question, quoted_words
from bot.answers import QuestionKind
from bot.composition import kind_rules
from bot.composition.kind_model import fitted_kinds
from bot.composition.kind_rules import KindRule, Place
from bot.composition.request import KindDecision
from bot.composition.topic_aspect import aspect_of, reaction_of
from bot.composition.topic_phrase import topic_phrase
from bot.conversation.corrections import is_correction
from bot.conversation.question_patterns import (
    bare_question_word,
    parse_others_question,
    requested_citation,
    substituted_topic,
)
from bot.conversation.rule_rewriter import read_terms
from bot.conversation.separate_questions import separate_questions
from bot.conversation.store import Turn
from retrieval.text.abbreviations import ends_in_abbreviation
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    DO,
    HAVE,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    THIRD_PERSON,
    THIRD_PERSON_BE,
    alternation,
    word_set,
)
from retrieval.text.measures import measure_of
from retrieval.text.number_words import is_number
from retrieval.text.time_expressions import without_times
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import BASES, THIRD_PERSON_FORMS, is_auxiliary, is_past_form

MAX_CHARACTERS = 300
"""Characters of a question whose form is looked at: a longer one tells a story, and its words are searched."""

_BEFORE_SPEECH = (
    *kind_rules.FIGURE_CHOICE,
    *kind_rules.LAST_ANSWER,
    *kind_rules.COLLECTION,
    *kind_rules.TIMELINE,
    *kind_rules.COMPARISON,
    *kind_rules.OVERVIEW,
)
_AFTER_SPEECH = (*kind_rules.LIST, *kind_rules.CUES)
_ABOUT_A_TOPIC = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE, QuestionKind.COMPARISON, QuestionKind.LIST})
_MARKS = " ,.;:!?…-"
_DOCUMENT = LazyPattern(
    r"\b(?:book|report|letter|song|bill|memo|statement|tweet|poem|law|novel|study|paper|script|play|constitution"
    r"|agreement|speech|email|note|manifesto|document|treaty)s?\b",
    re.IGNORECASE,
)
_OF_A_DOCUMENT = LazyPattern(r"(?:who (?:wrote|authored|published)|when was) (?:it|that|this)\b", re.IGNORECASE)
_PERIOD = "year|month|week|day|morning|afternoon|evening|weekend|season|summer|winter|spring|autumn|fall|decade|century"
_REFERRING = LazyPattern(
    rf"\b(?:{alternation(THIRD_PERSON | {'there', 'these', 'those'})})\b|\b(?:this|that)$"
    rf"|(?:^|\b(?:of|in|about|on|at|for|to|with|from|and) )(?:this|that)\b(?! (?:{_PERIOD})\b)",
    re.IGNORECASE,
)
_PRONOUN = LazyPattern(
    rf"\b(?:{alternation(THIRD_PERSON - {'they', 'their', 'theirs'})})\b|\b(?:on|about|of) (?:this|that)$",
    re.IGNORECASE,
)
"""What stands for a topic in a question about the articles, where "they" and "these" are these."""
_HAPPENED_TO = LazyPattern(r"what (?:has |had )?happened to (?P<topic>\S.*)", re.IGNORECASE)
_DONE = LazyPattern(rf"what (?:else )?(?:{alternation(DO | HAVE)}) .*\b(?:do|done)\b", re.IGNORECASE)
"""A question what somebody did, which is no question what they said."""
_DEEDS = LazyPattern(
    rf"what (?:{alternation(DO | HAVE)}) (?P<who>(?:[\w.’'-]+ ){{0,4}}[\w.’'-]+) (?:do|done) "
    r"(?P<where>(?:at|in|during|after|before|with|for|on) .+)",
    re.IGNORECASE,
)
_ASKS_WHAT = LazyPattern(
    rf"(?:what|which)(?:'s|'re| (?:{alternation(THIRD_PERSON_BE)}))? (?:the |some (?:of the )?)?", re.IGNORECASE
)
_WHO = LazyPattern(r"(?:\w+ )?who\b", re.IGNORECASE)
_WHAT = LazyPattern(r"(?:\w+ )?what\b", re.IGNORECASE)
_NO_PLURALS = word_set(
    """news series species congress business process status crisis basis politics economics mathematics physics gas bus
    class address campus census lens press access success illness witness actress princess mass loss pass cross mister
    texas afterwards towards times types kinds sorts forms means headquarters overseas los las des charles james thomas
    athletics sports ethics dynamics always perhaps besides"""
)
"""Words in -s that are no plural to list, or ask for a description ("what kinds of")."""
_PLURALS = word_set("people men women children media criteria phenomena police")
_AFTER_PLURAL = word_set(
    "that who which whose with of in from to by for against at on about under never also not mentioned"
)
_NAMEABLE = word_set(
    """countries nations states cities towns villages provinces places regions companies firms groups parties
    organizations organisations agencies people persons men women children politicians leaders officials candidates
    names teams senators lawmakers governors ministers presidents judges lawyers victims suspects witnesses players
    banks universities schools newspapers airlines sanctions charges crimes"""
)
"""What is listed after "what", which asks for a description of anything else: "What problems did it face?"."""
_ATTRIBUTES = word_set("named accused wounded injured elected armed unnamed indicted convicted")
"""Past forms that also precede a noun: "which accused officers"."""
_VERBS = word_set("states acts demands calls votes backs claims reports plans")
"""Words in -s that are verbs after a noun: "which article states"."""
_MAX_SUBJECT_WORDS = 4
REQUESTS = {
    QuestionKind.OVERVIEW: "Summarise {}",
    QuestionKind.TIMELINE: "Timeline of {}",
    QuestionKind.COMPARISON: "Do the articles disagree about {}?",
}
"""A request of each kind, with a place for its topic."""
_MAX_NAME_WORDS = 4
_ASKED_OF = word_set("age birthday born date height location meaning name nationality net size worth year")
"""What is one fact of something named: "Roy Moore age"."""
_LED = LazyPattern(
    r"(?:what|everything that) (?:is known|happened|we know|was said|is said|went on) "
    r"(?:about|in|at|on|with|to|during) ",
    re.IGNORECASE,
)
_OF_COLLECTION = LazyPattern(
    r"\b(?:articles?|stor(?:y|ies)|pieces?|news|outlets?|sources?|(?:news)?papers?|magazines?|media|sites?|agenc(?:y|ies)"
    r"|authors?|writers?|journalists?|reporters?|bylines?|columns?|columnists?|op-?eds?|editorials?|headlines?|titles?"
    r"|collection|corpus|archive|library|database|store|coverage|covers?|covered|covering|publish\w*|report(?:ed|s)?|broke"
    r"|wrote|written|writes?|dated?|undated|topics?|subjects?|themes?|newest|latest|oldest|earliest|longest|shortest)\b"
    r"|\b(?:you|we)\b",
    re.IGNORECASE,
)
"""A word for the articles, or whoever has them, without which nothing is asked of the collection."""
MIN_COLLECTION, MIN_SEVERAL = 0.6, 0.7
"""Probability from which the articles are asked of without a word for them, "anything newer on Gaza?", and from which
several things are asked for where the rules know no form: one sentence may have them all."""
_OF_SEVERAL = frozenset({QuestionKind.LIST, QuestionKind.COMPARISON})
MIN_PROBABILITY, MIN_UNSEARCHED = 0.5, 0.6
"""Probability from which the fitted model decides where the rules know no form; and that nothing is searched: of small
talk, and of a question about the last answer, which name nothing."""
MIN_AGAINST_RULE, MIN_FACT = 0.6, 0.8
"""Probability from which the fitted model decides against a form that the rules know; the last where it knows none."""
MIN_LIST = 0.85
"""Probability from which a list is meant by what has the form of an overview."""
MIN_FOLLOW_UP, MIN_AGAINST_FORM = 0.4, 0.7
"""Probability from which it decides what is asked after another question: where the rules know no form, and against the
form that they know."""
MIN_TOGETHER = 0.8
"""Probability from which it decides what several clauses ask together."""
_SERVED_TOGETHER = frozenset({QuestionKind.COMPARISON, QuestionKind.COLLECTION, QuestionKind.LAST_ANSWER})
"""Kinds of questions of which one answer serves several clauses."""
RIVAL_PROBABILITY = 0.35
"""Probability from which another kind than the one decided is named to the person."""
_UNSPOKEN = frozenset({QuestionKind.FACT, QuestionKind.OVERVIEW})
"""Kinds that do not take the place of what somebody who is named said."""
_OWN_FORM = frozenset({QuestionKind.LAST_ANSWER, QuestionKind.SMALL_TALK, QuestionKind.CORRECTION})
"""Kinds whose forms the rules know, so that only a correction takes the place of one."""
_JOINT = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE, QuestionKind.COMPARISON})
"""Kinds that a sentence of its own asks of those before it."""
MAX_JOINT = 1
"""Content words of such a sentence besides those for articles and what they tell: "tell me about the study"."""
_ASKED_JOINTLY = frozenset(
    terms("articles stories pieces reports say agree disagree happened happen sides gist tell told going give")
)
_COMPARES = LazyPattern(
    r"(?:(?:do|does|did) (?:(?:the|our|your|these|all|both) ){0,2}(?:articles|outlets|sources|papers|reports|stories)"
    r" (?:dis)?agree|what (?:do|does|did) (?:both|each|the two|all|either) sides? (?:say|claim|want|think))",
    re.IGNORECASE,
)
"""What asks how articles or sides differ on the sentence before it."""
_SENTENCE_END = LazyPattern(r"(?<=[?!.])\s+(?=\w)")
_ASKS = LazyPattern(
    rf"(?:(?:and|but|so|then)\s)?(?:(?:in|on|at|by|for|from|to|with)\s)?"
    rf"(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)})(?!\w)",
    re.IGNORECASE,
)
"""How a question begins."""
MIN_RIVAL = 0.2
"""Probability from which a kind that several sentences answer is a rival of a fact."""
_RIVALS = (QuestionKind.OVERVIEW, QuestionKind.TIMELINE, QuestionKind.COMPARISON, QuestionKind.LIST)
_MIN_WORDS = 3
"""Words of a question whose form the fitted model knows."""
_FITTED = _ABOUT_A_TOPIC | {QuestionKind.FACT, QuestionKind.WHO_SAID, QuestionKind.COLLECTION}


def decide_kind(question: str, history: Sequence[Turn] = ()) -> KindDecision:
    """Return what a question asks for.

    The rules decide by the form of the question; a fitted model that knows the rules' decision may overrule them where
    the question stands for itself. An overview's topic may be an article named by its place ("that article", "2"): the
    composer looks it up.

    Args:
        question: As it was asked, or standalone.
        history: The turns before it, oldest first; empty for a standalone question.
    """
    text = " ".join(question.replace("’", "'").split())
    return _decide(text, history) if history else _decide_alone(text)


@lru_cache(maxsize=256)
def _decide_alone(text: str) -> KindDecision:  # of one question several times
    return _decide(text, ())


def _decide(text: str, history: Sequence[Turn]) -> KindDecision:
    decision = _by_rules(text, history)
    if len(text) > MAX_CHARACTERS or decision.kind is QuestionKind.COMMAND or not any(map(str.isalnum, text)):
        return decision
    joint = _joint_request(text)
    if joint or (decision.kind is QuestionKind.FACT and separate_questions(text)):
        return joint or _together(text, history) or decision
    if history:
        return decision if _follow_up(text, history) else _by_model_of_follow_ups(text, decision, history[-1])
    brief = len(text.split()) < _MIN_WORDS or not read_terms(text)  # "what would it do?"
    if decision.kind not in _FITTED or decision.dependent or brief:
        return decision
    if decision.kind is QuestionKind.LIST and aspect_of(core_question(text)):
        return decision
    return _by_model(text, decision)


def deeds_asked(question: str) -> KindDecision | None:
    """Return the overview of what somebody named did somewhere; None for any other question.

    "What did Ann Brook do at the dinner?" is about "Ann Brook at the dinner", where no single sentence says it.
    """
    found = _DEEDS.fullmatch(core_question(" ".join(question.split())))
    if found is None or not any(word.name for word in read_words(found["who"], sentence=False)):
        return None
    topic = f"{found['who']} {found['where']}"
    return KindDecision(QuestionKind.OVERVIEW, topic, f"Read as “tell me about {topic}”.")


def source_asked(question: str) -> KindDecision | None:
    """Return the overview of what an outlet or author wrote, if the speaker is one; None for any other question.

    "What does Vox say about Brexit?" asks for what its articles say, which seldom name it.
    """
    core = core_question(" ".join(question.split()))
    asked = parse_according_to(core) or parse_speech_question(core)
    topic = asked.about and topic_phrase(asked.about, QuestionKind.OVERVIEW) if asked else ""
    if asked is None or not topic or _refers(topic):
        return None
    return KindDecision(QuestionKind.OVERVIEW, topic, source=asked.who)


def reaction_asked(question: str) -> KindDecision | None:
    """Return the list of what tells how somebody reacted; None for any other question.

    "How did the union react to the offer?" asks for more than words that are said to be the union's.
    """
    aspect = reaction_of(core_question(" ".join(question.split())))
    return KindDecision(QuestionKind.LIST, aspect.topic) if aspect else None


@lru_cache(maxsize=256)
def kind_by_rule(question: str, history: tuple[Turn, ...] = ()) -> QuestionKind:
    """Return the kind of a question by the rules alone."""
    return _by_rules(" ".join(question.replace("’", "'").split()), history).kind


def asks_jointly(question: str) -> bool:
    """Return whether the last of several sentences says what is asked of those before it: "…? What happened when?"."""
    return _joint_request(" ".join(question.replace("’", "'").split())) is not None


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text; "St. Louis" ends none."""
    ends = [each for each in _SENTENCE_END.finditer(text) if not ends_in_abbreviation(text[: each.start()])]
    starts = [0, *(each.end() for each in ends)]
    return [text[start:end] for start, end in zip(starts, [*(each.start() for each in ends), len(text)], strict=True)]


@lru_cache(maxsize=256)
def _joint_request(text: str) -> KindDecision | None:
    """Return the decision of several sentences of which the last says what is asked of those before it.

    "Is acid bad for sharks? Tell me about the study", "who broke the truce? what does each side say", "did the captain
    know? do the articles agree?". None for any other text.
    """
    *before, last = _sentences(text)
    if not before or len(text) > MAX_CHARACTERS:
        return None
    core, told = core_question(last), core_question(" ".join(before))
    own = set(terms(core, keep_stop_words=False)) - _ASKED_JOINTLY
    if (
        not core
        or not read_terms(told)
        or len(own) > MAX_JOINT
        or any(word.name and not word.stop for word in read_words(core)[1:])
    ):
        return None
    kind = QuestionKind.COMPARISON if _COMPARES.fullmatch(core) else _by_rules(last, ()).kind
    if kind not in _JOINT:
        sure = [fitted_kinds().probabilities(each, kind) for each in (last, text)]
        kind = max(_JOINT, key=lambda each: max(of[each] for of in sure))
        if max(of[kind] for of in sure) < MIN_PROBABILITY:
            return None
    topic = _clean(topic_phrase(_without_source(told), kind)) or told.strip(_MARKS)
    return KindDecision(kind, topic, dependent=_refers(topic))


def _by_model(text: str, by_rule: KindDecision) -> KindDecision:
    """Return the fitted model's decision where it is sure enough, else the rules', with its rival named."""
    probabilities = fitted_kinds().probabilities(text, by_rule.kind)
    named = any(word.name and not word.stop for word in read_words(text)[1:])
    for needs_turns in (QuestionKind.LAST_ANSWER, QuestionKind.CORRECTION):
        probabilities.pop(needs_turns, None)
    if named:
        probabilities.pop(QuestionKind.SMALL_TALK, None)
    kind = max(probabilities, key=lambda each: probabilities[each])
    core = core_question(text)
    apart = kind is QuestionKind.COLLECTION and probabilities[kind] < MIN_COLLECTION and not _OF_COLLECTION.search(core)
    if kind is by_rule.kind or apart or probabilities[kind] < _least_probability(kind, by_rule.kind):
        return _with_rival(by_rule, core, probabilities)
    if (by_rule.kind, kind) == (QuestionKind.COLLECTION, QuestionKind.OVERVIEW):
        return by_rule  # "what is this about?" is of all articles
    if by_rule.kind is QuestionKind.LIST and kind is QuestionKind.FACT and _WHO.match(core):
        return by_rule  # where no several are named, the reader answers
    if by_rule.kind is QuestionKind.WHO_SAID and kind in _UNSPOKEN and parse_speech_question(core):
        return by_rule
    if kind is QuestionKind.FACT or (kind is QuestionKind.WHO_SAID and _DONE.match(core)):
        return _with_rival(_fact(core), core, probabilities)
    return _of_rival(decision_for(kind, text), core_question(text), probabilities)


def _by_model_of_follow_ups(text: str, by_rule: KindDecision, last: Turn) -> KindDecision:
    """Return the fitted model's decision of what is asked after another question, where it is sure enough."""
    others = parse_others_question(text)
    if bare_question_word(text) or substituted_topic(text) or (others and not others.rest):  # "why?", "in Niger?"
        return by_rule
    before = kind_by_rule(last.standalone_question)
    probabilities = fitted_kinds().probabilities(text, by_rule.kind, before)
    if text.endswith("?"):  # "hagel?" is no courtesy
        probabilities.pop(QuestionKind.SMALL_TALK, None)
    kind = max(probabilities, key=lambda each: probabilities[each])
    named = any(word.name and not (word.stop or word.date) for word in read_words(text)[1:])
    if named and not _refers(text) and kind is not QuestionKind.CORRECTION and by_rule.kind not in _OWN_FORM:
        return _decide_alone(text)  # it stands for itself
    formed = by_rule.kind is not QuestionKind.FACT
    of_text = by_rule.kind is QuestionKind.COLLECTION and by_rule.dependent and not read_terms(by_rule.topic)
    against = MIN_AGAINST_FORM if formed and not of_text else MIN_FOLLOW_UP
    if kind is QuestionKind.LIST and _WHO.match(core_question(text)):  # "and who paid for it?" is of one as well
        against = max(against, MIN_SEVERAL)
    if kind is by_rule.kind or probabilities[kind] < against:
        return _of_rival(by_rule, core_question(text), probabilities)
    own_form = by_rule.kind in _OWN_FORM or (by_rule.kind is QuestionKind.OVERVIEW and not read_terms(by_rule.topic))
    if by_rule.kind is QuestionKind.WHO_SAID and kind in _UNSPOKEN and parse_speech_question(core_question(text)):
        return by_rule
    unsearched = formed and kind in {QuestionKind.LAST_ANSWER, QuestionKind.SMALL_TALK} and not of_text
    if kind is not QuestionKind.CORRECTION and (own_form or unsearched):
        return by_rule
    return _of_rival(decision_for(kind, text), core_question(text), probabilities)


def _together(text: str, history: Sequence[Turn]) -> KindDecision | None:
    """Return the fitted model's decision of several clauses that one answer serves; None where each has its own.

    "What did the governor want, and what did the court say?" is a comparison; "who wrote it and when did it run?" is
    about the last answer.
    """
    before = kind_by_rule(history[-1].standalone_question) if history else None
    probabilities = fitted_kinds().probabilities(text, QuestionKind.FACT, before)
    kind = max(probabilities, key=lambda each: probabilities[each])
    served = kind in (_SERVED_TOGETHER if history else _SERVED_TOGETHER - {QuestionKind.LAST_ANSWER})
    asked = {each.split(maxsplit=1)[0].lower() for each in separate_questions(text)}
    if kind is QuestionKind.COMPARISON and len(asked) > 1:  # "when did it end, and how do wages rise?"
        return None
    return decision_for(kind, text) if served and probabilities[kind] >= MIN_TOGETHER else None


def decision_for(kind: QuestionKind, question: str) -> KindDecision:
    """Return the decision for a question whose kind is known, with the topic that the question has."""
    core = core_question(question)
    if kind is QuestionKind.FACT:
        return _fact(core)
    if kind not in _ABOUT_A_TOPIC:
        return KindDecision(kind, dependent=_stands_for(kind, core))
    topic = _clean(topic_phrase(_without_source(core), kind))
    everything = kind is QuestionKind.OVERVIEW and not read_terms(without_times(topic))
    return KindDecision(kind, "" if everything else topic, dependent=_refers(topic or core))


def _least_probability(kind: QuestionKind, by_rule: QuestionKind) -> float:
    """Return the probability from which the fitted model's kind takes the place of the rules'."""
    if kind in {QuestionKind.SMALL_TALK, QuestionKind.LAST_ANSWER}:
        return MIN_UNSEARCHED
    if by_rule is QuestionKind.OVERVIEW and kind is QuestionKind.LIST:  # "give me 5 bullet points on the rally"
        return MIN_LIST
    if by_rule is not QuestionKind.FACT:
        return MIN_FACT if kind is QuestionKind.FACT else MIN_AGAINST_RULE
    return MIN_SEVERAL if kind in _OF_SEVERAL else MIN_PROBABILITY


def _with_rival(decision: KindDecision, core: str, probabilities: Mapping[QuestionKind, float]) -> KindDecision:
    """Return a decision for a fact with its rival, and a line on one that was nearly as likely."""
    decision = _of_rival(decision, core, probabilities)
    rival = max((QuestionKind.OVERVIEW, QuestionKind.TIMELINE), key=lambda each: probabilities[each])
    if decision.kind is not QuestionKind.FACT or decision.remark or probabilities[rival] < RIVAL_PROBABILITY:
        return decision
    topic = _clean(topic_phrase(core, rival))
    remark = f"Read as a question for a fact; for more, ask “{REQUESTS[rival].format(topic)}”." if topic else ""
    return replace(decision, remark=remark)


def _of_rival(decision: KindDecision, text: str, probabilities: Mapping[QuestionKind, float]) -> KindDecision:
    """Return a decision for a fact or somebody's words with the kind that it may have been meant for instead.

    What has no form of a question has none: it is searched.
    """
    rival = max(_RIVALS, key=lambda each: probabilities[each])
    one_sentence = decision.kind in {QuestionKind.FACT, QuestionKind.WHO_SAID} and _ASKS.match(text)
    return replace(decision, rival=rival) if one_sentence and probabilities[rival] >= MIN_RIVAL else decision


def _by_rules(text: str, history: Sequence[Turn]) -> KindDecision:
    if len(text) > MAX_CHARACTERS or not any(each.isalnum() for each in text):
        return KindDecision(QuestionKind.FACT)
    if is_command(text) and not (history and fold(text) == "why"):  # after an answer it asks "Why?"
        return KindDecision(QuestionKind.COMMAND, text)
    core = core_question(text)
    if not core:
        return KindDecision(QuestionKind.SMALL_TALK)
    return (
        _follow_up(text, history)
        or _by_form(core, kind_rules.SMALL_TALK, history)
        or _correction(text, history)
        or _by_form(core, _BEFORE_SPEECH, history)
        or _speech(core)
        or _aspect(core)
        or _by_form(core, _AFTER_SPEECH, history)
        or _name(core, history)
        or _fact(core)
    )


def _follow_up(text: str, history: Sequence[Turn]) -> KindDecision | None:
    """Return the decision where a citation is read on from: "say more about 2"."""
    wanted = requested_citation(text, len(history[-1].places)) if history else None
    return None if wanted is None else KindDecision(QuestionKind.FACT)


def _correction(text: str, history: Sequence[Turn]) -> KindDecision | None:
    return KindDecision(QuestionKind.CORRECTION, dependent=True) if history and is_correction(text) else None


def is_command(text: str) -> bool:
    """Tell whether a line is a command typed without its slash: "exit", "open 1"."""
    return any(rule.pattern.fullmatch(text.rstrip(" .!")) for rule in kind_rules.COMMANDS)


def core_question(text: str) -> str:
    """Return a question without greeting, request and thanks; empty where there is nothing else."""
    core = text.lstrip(_MARKS + ")*•>")
    while found := kind_rules.COURTESY.match(core):
        core = core[found.end() :]
    core = core.rstrip(_MARKS)
    while ending := next((each for each in kind_rules.ENDINGS if core.lower().endswith(each)), ""):
        core = core[: -len(ending)].rstrip(_MARKS)
    while found := kind_rules.REQUEST.match(core):
        core = core[found.end() :]
    return core


def _by_form(core: str, rules: Sequence[KindRule], history: Sequence[Turn]) -> KindDecision | None:
    named = _without_source(core)
    elsewhere = Place.BEFORE_ANSWER if history else Place.AFTER_ANSWER
    for rule in rules:
        if rule.place is elsewhere:
            continue
        topic = rule.topic(core)
        if topic is None and rule.kind in _ABOUT_A_TOPIC and named != core:
            topic = rule.topic(named)
        if topic is None or (rule.several and not _several(_clean(topic), nameable=_WHAT.match(core) is not None)):
            continue
        if decision := _decided(rule.kind, _clean(topic), core, history):
            return decision
    return None


def _decided(kind: QuestionKind, topic: str, core: str, history: Sequence[Turn]) -> KindDecision | None:
    """Return the decision; None where the topic has no word of its own, or is a date."""
    if kind is QuestionKind.LAST_ANSWER:
        unsure = _OF_A_DOCUMENT.match(core) and _DOCUMENT.search(history[-1].standalone_question)
        return KindDecision(kind, remark=_READ_AS_ARTICLE if unsure else "")
    if kind not in _ABOUT_A_TOPIC:
        return KindDecision(kind, topic, dependent=_refers(topic) or (not topic and _stands_for(kind, core)))
    if not topic or kind_rules.EVERYTHING.fullmatch(topic):
        return KindDecision(kind, dependent=not topic)
    if kind is QuestionKind.OVERVIEW and kind_rules.CITED_ARTICLE.fullmatch(topic):
        return KindDecision(kind, topic)
    if not _refers(topic) and not read_terms(without_times(topic)) and kind is not QuestionKind.COMPARISON:
        return None
    return KindDecision(kind, topic, dependent=_refers(topic))


_READ_AS_ARTICLE = "Read as a question about the article of the last answer; for anything else, name it."


def _clean(topic: str) -> str:
    """Return a topic without marks around it, and without "in the articles" behind it."""
    return _LED.sub("", _without_source(topic.strip(_MARKS)).strip(_MARKS), count=1)


def _without_source(text: str) -> str:
    """Return a text without "in the articles" behind it."""
    for found in re.finditer(r",? \b(?=(?:in|from|of|according|based|across|using|so|here)\b)", text):
        if kind_rules.IN_THE_ARTICLES.fullmatch(text, found.start()):
            return text[: found.start()]
    return text


def _refers(topic: str) -> bool:
    """Tell whether a topic refers to something named before: "him", "that attack"; "troops that left" does not."""
    return _REFERRING.search(topic) is not None


def _stands_for(kind: QuestionKind, core: str) -> bool:
    """Tell whether a question of the collection or of what was said refers to something named before."""
    return kind is not QuestionKind.SMALL_TALK and bool(
        _PRONOUN.search(core) if kind is QuestionKind.COLLECTION else _refers(core)
    )


def _speech(core: str) -> KindDecision | None:
    asked = parse_speech_question(core)
    said = any(rule.pattern.fullmatch(core) for rule in kind_rules.WHO_SAID)
    if asked or said or quoted_words(core) or asks_who_said(core):
        return KindDecision(QuestionKind.WHO_SAID, asked.about if asked else "", dependent=_refers(core))
    return None


def _aspect(core: str) -> KindDecision | None:
    """Return the decision for several things of one sort without names: "What are the arguments against it?"."""
    aspect = aspect_of(core)
    if aspect is None:
        return None
    return KindDecision(QuestionKind.LIST, _ASKS_WHAT.sub("", core, count=1), dependent=_refers(aspect.topic))


def _several(topic: str, *, nameable: bool) -> bool:
    """Tell whether a phrase begins with a plural that is not counted: "countries signed it", not "two countries".

    Args:
        topic: The phrase.
        nameable: Whether the plural has to be of what has a name.
    """
    words = [fold(word) for word in re.findall(r"[\w'-]+", topic)[: _MAX_SUBJECT_WORDS + 1]]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        verb = word in THIRD_PERSON_FORMS or (word in _VERBS and word != words[0])
        if is_number(word) or word in _AFTER_PLURAL or is_auxiliary(word) or word.endswith("'s") or verb:
            return False
        if _is_plural(word) and _ends_subject(following):
            return word in _NAMEABLE or not nameable
        if is_past_form(word) and word not in _ATTRIBUTES:
            return False
    return False


def _is_plural(word: str) -> bool:
    ending = word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))
    return word in _PLURALS or (ending and word not in _NO_PLURALS)


def _ends_subject(following: str) -> bool:
    """Tell whether a word that follows a noun is no further noun of the same phrase."""
    return (
        not following
        or following in _AFTER_PLURAL
        or following in BASES
        or is_auxiliary(following)
        or is_past_form(following)
    )


def _name(core: str, history: Sequence[Turn]) -> KindDecision | None:
    """Return the decision for a name alone, which is asked about; after an answer it may be another's."""
    words = read_words(core, sentence=False)
    is_name = 0 < len(words) <= _MAX_NAME_WORDS and all(word.name and not word.stop for word in words)
    if history or not (is_name or _is_headed(core, words)):
        return None
    if any(word.date or word.number for word in words):
        return None
    return KindDecision(QuestionKind.OVERVIEW, core, f"Read as “tell me about {core}”.")


def _is_headed(core: str, words: Sequence[Word]) -> bool:
    """Return whether words are a name and the noun that it belongs to, without a verb: "Roy Moore lawsuit"."""
    first = re.split(r"\W", core, maxsplit=1)[0].lower()
    named = words and words[0].name and first not in QUESTION_WORDS
    if not 1 < len(words) <= _MAX_NAME_WORDS or not named or any(word.stop for word in words):
        return False
    nouns = [fold(core[word.start : word.end]) for word in words if not word.name]
    names = " ".join(core[word.start : word.end] for word in words if word.name)
    return (
        bool(nouns)
        and core.startswith(names)
        and not any(is_auxiliary(noun) or is_past_form(noun) or measure_of(noun) or noun in _ASKED_OF for noun in nouns)
    )


def _fact(core: str) -> KindDecision:
    found = _HAPPENED_TO.fullmatch(core)
    topic = _clean(found["topic"]) if found else ""
    remark = f"For an overview, ask “tell me about {topic}”." if topic and not _refers(topic) else ""
    return KindDecision(QuestionKind.FACT, remark=remark)
