"""Question topics: the noun phrase that a question is about, to stand for "it" in the next one.

"How many troops were injured in the Iranian missile strike?" is about "the Iranian missile strike".
"""

from __future__ import annotations

import re

from bot.answering.speech_question import parse_speech_question
from bot.conversation.definite_phrase import definite_phrase, people_of_event, placed_phrase
from bot.conversation.noun_phrase import noun_phrase
from bot.conversation.pronouns import place_phrase
from bot.conversation.question_clause import QuestionClause, parse_clause, split_object
from bot.conversation.rule_rewriter import has_pronoun, named_topic, split_topic, without_else, without_period
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import DO, alternation
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import is_participle

MAX_PHRASE_WORDS = 6
"""Words of what is done to something that a person would repeat."""
_OF_ARTICLE = LazyPattern(
    r"(?:(?:the|that|this|an?|your)\s+)?(?:[\w’'-]+\s+){0,2}(?:articles?|pieces?|stor(?:y|ies)|reports?|one)\s+"
    r"(?:(?:from|by|in|of)\s+(?:[\w’'.-]+\s+){1,4}?)?"
    r"(?:about|on)\s+(?=\S)",
    re.IGNORECASE,
)
_WHAT_THEY_SAY = LazyPattern(r"\A.{0,100}?\b(?:say|said|report(?:ed)?|wrote)\s+(?:about|on|of)\s+", re.IGNORECASE)
_SUBJECT = LazyPattern(rf"\b(?:{alternation(DO)})\s+the\b.*", re.IGNORECASE)
_INFINITIVE = LazyPattern(r"to\s+[a-z]+\s+(?P<what>[a-z]\S*\s.*)")


def without_article(topic: str) -> str:
    """Return what articles are about that a topic names: "the Pope" of "the CNN article about the Pope".

    "What the BBC and CNN say about the Pope" is about him, too.
    """
    topic = _WHAT_THEY_SAY.sub("", topic)
    found = _OF_ARTICLE.match(topic)
    return topic[found.end() :] if found else topic


def determined(topic: str, question: str) -> str:
    """Return a topic with the article that it has in the question: "the government shutdown in 2019"."""
    return f"the {topic}" if f" the {topic}".lower() in question.lower() else topic


def question_topic(question: str) -> str:
    """Return what a question is about: an event that it names, its names, its topic, its object, or its words."""
    return without_article(_topic(question))


def _topic(question: str) -> str:
    asked, about = split_topic(without_else(question))
    asked = about or without_period(asked.strip(" ?!.…"))
    spoken = parse_speech_question(asked)
    if spoken and spoken.about and not has_pronoun(spoken.about):
        return spoken.about
    clause = parse_clause(asked)
    if phrase := _event(asked, clause):
        return phrase
    if clause and (done := _to_do(clause)):
        return done
    place = place_phrase(asked)
    if clause and place and clause.subject[:1].isupper() and clause.rest.startswith(place):
        return f"{clause.subject} {place}"
    bare = noun_phrase(asked) if clause is None else ""
    if named := (bare if bare.startswith("the ") else "") or named_topic(asked):
        return named
    thing = clause and (split_object(clause.rest)[0] or clause.subject)
    content = " ".join(asked[word.start : word.end] for word in read_words(asked) if not word.stop)
    return thing or (determined(content, asked) if content in asked else noun_phrase(asked))


def _to_do(clause: QuestionClause) -> str:
    """Return what something is done to, after "to": "data to the commission" of "refused to give data to …"."""
    found = _INFINITIVE.fullmatch(clause.rest)
    named = found is not None and any(word.name for word in read_words(found["what"], sentence=False))
    short = found is not None and len(found["what"].split()) <= MAX_PHRASE_WORDS
    return found["what"] if found and named and short and not has_pronoun(found["what"]) else ""


def counted_topic(question: str) -> str:
    """Return what a question counts: "the number of troops injured in the strike"; empty for any other question."""
    clause = parse_clause(question.strip(" ?!.…"))
    if not clause or clause.word != "how many" or not clause.thing or clause.subject or has_pronoun(clause.rest):
        return ""
    done = clause.auxiliary and is_participle(fold(clause.verb))
    said = f"{clause.verb} {clause.rest}" if done else f"who {clause.verb} {clause.rest}"
    return f"the number of {clause.thing} {said}".strip()


def _event(asked: str, clause: QuestionClause | None) -> str:
    # Without a verb that is known, a noun phrase behind "did" has no end: "did the Senate back net neutrality".
    parts = (_SUBJECT.sub("", asked),) if clause is None else (clause.rest, clause.subject)
    named = next((phrase for each in parts if (phrase := definite_phrase(each) or placed_phrase(each))), "")
    return named or people_of_event(asked)
