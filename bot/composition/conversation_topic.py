"""Conversation topic: what a conversation is about, for "it" and for requests that name nothing.

It is the topic of the last overview, timeline, comparison, list or question about articles, unless a question since
then named something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.speech_question import parse_speech_question
from bot.answers import QuestionKind
from bot.composition import kind_rules
from bot.composition.last_answer import dated_event
from bot.composition.question_kind import REQUESTS, decide_kind
from bot.composition.request import KindDecision
from bot.conversation.definite_phrase import definite_phrase
from bot.conversation.noun_phrase import noun_phrase
from bot.conversation.question_clause import parse_clause, split_object
from bot.conversation.question_topic import determined, question_topic, without_article
from bot.conversation.rule_rewriter import has_pronoun, named_topic
from bot.conversation.sequence import sequence_direction
from bot.conversation.speaker_pronoun import people_named
from bot.conversation.store import Turn
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import OBJECT_PRONOUNS, STOP_WORDS, THIRD_PERSON, THIRD_PERSON_BE, alternation
from retrieval.text.places import PLACES
from retrieval.text.roles import PERSON_NOUNS, ROLES
from retrieval.text.tokens import read_words

MAX_TURNS_BACK = 6
"""Turns before the question in which the topic is sought."""
MAX_TURNS_CITED = 3
"""Turns before the question in which "that article" was cited."""
_SETS_TOPIC = frozenset({*REQUESTS, QuestionKind.LIST, QuestionKind.COLLECTION})
_BY_NAME = frozenset({QuestionKind.LIST, QuestionKind.COMPARISON, QuestionKind.COLLECTION})
"""Kinds whose topic is one of its own only with a name: "who were the suspects?" is about what was before."""
_IT = LazyPattern(r"it|this|that|them|these|those", re.IGNORECASE)
_ADVERBS = frozenset({"already", "earliest", "first", "today", "yesterday"})
"""Words after "this" that it does not go with, beside function words: "which outlets covered this first?"."""
_TOLD_OF = LazyPattern(
    rf"\b(?:(?:about|on|(?<!two )(?<!both )of|cover(?:s|ed)?|ran|had|broke|report(?:s|ed)?|published)\s+)"
    rf"(?P<it>(?:the\s+)?(?:two|both)\s+of\s+them"
    rf"|(?:this|that)\s+(?:story|news|topic|case)|{alternation(OBJECT_PRONOUNS & THIRD_PERSON)}"
    rf"|(?:this|that)(?!\s+(?!(?:{alternation(STOP_WORDS | _ADVERBS)})\b)\w))\b(?!\s+\w+ing\b)",
    re.IGNORECASE,
)
"""What a question about the articles asks them of by a word for it: "anything newer about him?"."""
_WHAT_IS = LazyPattern(rf"\W*what\s+(?:{alternation(THIRD_PERSON_BE)})\s+(?P<thing>the\s.+)", re.IGNORECASE)
_RAN = LazyPattern(r"ran|had|broke|published", re.IGNORECASE)
"""What an outlet does with a story, and no topic."""
_WHEN = LazyPattern(
    r"\W*(?:and\s+)?when(?:\s+exactly)?\s+(?:was|is|did)\s+(?:that|this|it)(?:\s+(?:happen|take\s+place))?\W*",
    re.IGNORECASE,
)
_COUNTED = LazyPattern(
    r"(?:and )?how many (?:are |of (?:them|these|those) are |of (?:them|these|those) )?"
    r"(?P<which>(?:undated|from|in|by|about|without)\b.{0,80}?)[ ?!.]*",
    re.IGNORECASE,
)
"""A count of the articles, after a question about them: "how many from 2013?"."""
_OF_THEM = LazyPattern(
    r"(?:and )?which(?: one)? of (?:them|these|those|the articles) (?:is|was) (?:the )?"
    r"(?P<which>newest|latest|most recent|oldest|earliest|longest|shortest)[ ?!.]*",
    re.IGNORECASE,
)
_WHICH_ONE = LazyPattern(
    rf"(?:and )?which (?:ones?|of (?:them|these|those)) (?:{alternation(THIRD_PERSON_BE)}) "
    r"(?P<which>(?:about|on|from|by)\b.{1,80}?)[ ?!.]*",
    re.IGNORECASE,
)
"""One of the articles just listed: "which one is about Niger?"."""
_THE_ONE = LazyPattern(
    r"(?P<request>[a-z ]{3,40}?\s)the one (?P<which>(?:about|on|from|by)\b.{1,80}?)[ ?!.]*", re.IGNORECASE
)
"""A request for one of them: "summarise the one about boys"."""
_ABOUT_THEM = LazyPattern(r"(?:and )?what(?: are|'re) (?:they|these|those)(?: all)? about[ ?!.]*", re.IGNORECASE)
"""What they are about, after a count of all articles."""
_HOW_FAR_BACK = LazyPattern(r"(?:and )?how far back do(?:es)? (?:they|these|those|it) go[ ?!.]*", re.IGNORECASE)
"""The time that they are from."""
_LIMITED = LazyPattern(
    r"\b(?:articles?|stor(?:y|ies)|pieces?)\s+(?:(?:are|were|do\s+you\s+have)\s+)?(?P<of>(?:from|by|about|on)\s+[^?.!]+)",
    re.IGNORECASE,
)
"""The outlet, author or topic that the articles were limited to."""
_SUPERLATIVE = LazyPattern(
    r"(?:and )?(?:(?:what|which)(?: one)?(?:'s| is) )?(?:the )?"
    r"(?P<which>newest|latest|most recent|oldest|earliest|longest|shortest)(?: one)?[ ?!.]*",
    re.IGNORECASE,
)


def conversation_topic(history: Sequence[Turn]) -> str:
    """Return what a conversation is about, in a noun phrase; empty where that is an article or nothing is named.

    Args:
        history: Its turns, oldest first.
    """
    unnamed, names = "", ""
    recent = history[-MAX_TURNS_BACK:]
    for turn in reversed([turn for turn in recent if not turn.abstained] or recent):
        asked = turn.standalone_question
        decision = decide_kind(asked)
        topic = decision.topic if decision.kind in _SETS_TOPIC else ""
        if decision.kind is QuestionKind.OVERVIEW and kind_rules.CITED_ARTICLE.fullmatch(topic):
            return ""
        if topic and not has_pronoun(asked) and (decision.kind not in _BY_NAME or _names(topic)):
            if decision.kind is QuestionKind.LIST:
                told = question_topic(asked)
            else:
                topic = without_article(topic)
                told = definite_phrase(topic) or determined(topic, asked)
            thing = _WHAT_IS.match(asked)  # "what was the crisis when the dam broke?"
            phrase = noun_phrase(told) or (noun_phrase(thing["thing"]) if thing else "")
            sides = decision.kind is QuestionKind.COMPARISON and people_named(phrase)  # of a story that is told before
            if phrase and not sides:
                return phrase
            names = names or phrase or named_topic(asked)
            continue
        if decision.kind is QuestionKind.WHO_SAID and not decision.topic and parse_speech_question(asked):
            continue  # who spoke is not what it is about
        named = "" if has_pronoun(asked) else noun_phrase(question_topic(asked))
        if named and _names(asked) and not people_named(named):
            return named
        unnamed = unnamed or named
    return unnamed or names


def standalone_request(question: str, decision: KindDecision, history: Sequence[Turn]) -> str:
    """Return a request without its topic with that of the conversation: "timeline?" is "Timeline of Niger".

    It is empty where the question has a topic, and where the conversation has none. After a fact, a summary is one of
    the article that was cited. "It" is put out in "which outlets reported it first?", too.
    """
    referring = _IT.fullmatch(decision.topic) or names_again(decision.topic, history)
    of_articles = _TOLD_OF.search(question) if decision.kind is QuestionKind.COLLECTION else None
    if (
        not history
        or not (decision.dependent or referring or of_articles)
        or (decision.topic and not (referring or of_articles))
    ):
        return ""
    if sequence_direction(question) or decision.kind is QuestionKind.COMPARISON:  # it has a context of its own
        return ""
    form = _form(question, decision)
    if of_articles and of_articles["it"].endswith("of them"):
        return form.format(pair) if (pair := _pair(history)) else ""
    last = next((turn for turn in reversed(history) if not turn.abstained), history[-1])
    topic = conversation_topic(history)
    before = decide_kind(last.standalone_question)
    topical = before.kind in _SETS_TOPIC and before.topic
    if before.kind is QuestionKind.COLLECTION and topical and not has_pronoun(last.standalone_question):
        return form.format(before.topic) if form else ""  # as it was asked: "Summarise Rice getting the job"
    of_article = not topical or kind_rules.CITED_ARTICLE.fullmatch(before.topic)
    if decision.kind is QuestionKind.OVERVIEW and last.places and of_article:
        topic = "that article"
    elif decision.kind is QuestionKind.TIMELINE and of_article and _cites(history) and definite_phrase(topic) != topic:
        topic = "that article"  # of what a fact was about, other articles may tell another story
    elif fold(topic) in PLACES and (thing := _thing_asked(history)):  # a country alone is about much else
        topic = f"{topic} and {thing}"
    return form.format(topic) if form and topic else ""


def _pair(history: Sequence[Turn]) -> str:
    """Return the two that the last question about two names: "Barr and Mueller" of "Barr v Mueller"; empty for none."""
    phrases = (noun_phrase(turn.standalone_question) for turn in reversed(history[-MAX_TURNS_BACK:]))
    return next((phrase for phrase in phrases if " and " in phrase and _names(phrase)), "")


def refers_to_listed(topic: str, history: Sequence[Turn]) -> bool:
    """Return whether "it" stands for what articles were just asked of: "which outlets had the fire? the gist of it"."""
    last = next((turn for turn in reversed(history) if not turn.abstained), None)
    before = decide_kind(last.standalone_question) if last and _IT.fullmatch(topic) else None
    return before is not None and before.kind is QuestionKind.COLLECTION and bool(before.topic)


def asks_of_story(question: str) -> bool:
    """Return whether a question about the articles asks them of what was just told: "which outlets covered this?"."""
    return _TOLD_OF.search(question) is not None


def names_again(topic: str, history: Sequence[Turn]) -> bool:
    """Return whether a topic is a part of the conversation's, with "the": "the manhunt" of "the Boston manhunt"."""
    words = read_words(topic, sentence=False)
    own = {word.term for word in words if word.term and not word.stop}
    if not topic.lower().startswith("the ") or not own or any(word.name for word in words):
        return False
    named = next((turn.standalone_question for turn in reversed(history) if not turn.abstained), "")
    return _names(named) and own < set(terms(conversation_topic(history)))


def _cites(history: Sequence[Turn]) -> bool:
    """Return whether the last answers assert what an article says."""
    return any(turn.places and not turn.abstained for turn in history[-MAX_TURNS_CITED:])


def _thing_asked(history: Sequence[Turn]) -> str:
    """Return the last thing that was asked about with "the": "the tanker"; empty for none."""
    for turn in reversed(history[-MAX_TURNS_BACK:]):
        clause = parse_clause(turn.standalone_question.rstrip(" ?!.…"))
        spoken = parse_speech_question(turn.standalone_question)
        asked = spoken.about if spoken else split_object(clause.rest)[0] if clause else ""
        first, _, thing = asked.partition(" ")
        if first.lower() == "the" and thing.islower() and fold(thing).split()[-1] not in PERSON_NOUNS | ROLES:
            return f"the {thing}"
    return ""


def _form(question: str, decision: KindDecision) -> str:
    """Return a request with a place for its topic."""
    if decision.kind is QuestionKind.COLLECTION and (told := _TOLD_OF.search(question)):
        verb = "covered " if _RAN.match(told.group()) else told.group()[: told.start("it") - told.start()]
        return f"{question[: told.start()]}{verb}{{}}{question[told.end() :]}" if "{" not in question else ""
    if decision.topic:
        at = question.lower().rfind(decision.topic.lower())
        return f"{question[:at]}{{}}{question[at + len(decision.topic) :]}" if "{" not in question else ""
    return REQUESTS.get(decision.kind, "")


_SOURCES = LazyPattern(
    r"(?:(?:show|list|give|name)(?: me)? |(?:what|which) (?:are|were) )?(?:all )?(?:of )?(?:the|your)"
    r" (?:sources|outlets)[ ?!.]*",
    re.IGNORECASE,
)
"""The outlets, after an answer that cites nothing."""


def articles_question(question: str, history: Sequence[Turn]) -> str:
    """Return what is asked of the articles after a question about all of them, written out; empty for others.

    "How many from 2013?", "what's the oldest one?".
    """
    asked = question.replace("’", "'")
    if history and _SOURCES.fullmatch(asked) and not history[-1].places and not history[-1].abstained:
        return "Which outlets are there?"
    forms = (_COUNTED, _SUPERLATIVE, _ABOUT_THEM, _HOW_FAR_BACK)
    found = next((match for each in forms if (match := each.fullmatch(asked))), None) if history else None
    if not found:
        return _of_listed(asked, history[-1]) if history else ""
    before = decide_kind(history[-1].standalone_question)
    limited = _LIMITED.search(history[-1].standalone_question)
    if found.re is _ABOUT_THEM.compiled:
        return "What are the articles about?" if before.kind is QuestionKind.COLLECTION and not before.topic else ""
    everything = before.kind is QuestionKind.OVERVIEW and not before.topic
    if before.kind is not QuestionKind.COLLECTION and not everything:
        return ""
    of = f" {limited['of']}" if limited else ""
    if found.re is _HOW_FAR_BACK.compiled:
        return f"How far back do the articles{of} go?"
    counted = found.re is _COUNTED.compiled
    return f"How many articles are {found['which']}?" if counted else f"What is the {found['which']} article{of}?"


def _of_listed(asked: str, last: Turn) -> str:
    """Return what is asked of the articles just listed, written out; empty where none were, or nothing is.

    Which of those that an answer cites is the oldest, is a question about the last answer.
    """
    if last.abstained or decide_kind(last.standalone_question).kind is not QuestionKind.COLLECTION:
        return ""
    limited = _LIMITED.search(last.standalone_question)
    of = f" {limited['of']}" if limited else ""
    if (one := _THE_ONE.fullmatch(asked)) and of:
        return f"{one['request']}the article{of} {one['which']}"
    if about := _WHICH_ONE.fullmatch(asked):
        return f"Which articles are {about['which']}?"
    oldest = None if last.places else _OF_THEM.fullmatch(asked)
    return f"What is the {oldest['which']} article{of}?" if oldest else ""


def tells_when(question: str, history: Sequence[Turn]) -> bool:
    """Return whether "when was that?" is asked of a sentence just shown that gives the time of what it tells.

    Of what somebody said, it is asked in any case: no other sentence tells of it.
    """
    if not history or history[-1].abstained or not history[-1].places or not _WHEN.fullmatch(question):
        return False
    said = decide_kind(history[-1].standalone_question).kind is QuestionKind.WHO_SAID
    return said or dated_event(history[-1].places[0].quote, None) is not None


def _names(text: str) -> bool:
    return any(word.name and not word.stop and not word.date for word in read_words(text))
