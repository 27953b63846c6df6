"""Speaker doubt: whether a sentence that was read for what somebody said names them."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.speech_question import company_of_post, parse_speech_question
from bot.answers import Answer, Doubt
from bot.conversation.rule_rewriter import has_pronoun
from retrieval.text.analyzer import terms, words
from retrieval.text.roles import TITLES_OF_ROLE

UNSAID = Doubt("names them, but may not give their words", "gives their words")
"""What keeps a sentence that names somebody from being what they said."""
MAX_UNSAID = 0.5
"""Probability that is stated for it at most."""


def naming_speaker(answer: Answer, question: str) -> Answer | None:
    """Return a sentence that was read for what somebody said as one that may answer; None where it names them not.

    That they said it is known of the sentences that the record of statements gives alone.
    """
    if answer.message or not is_spoken(question):
        return answer
    if not names_speaker(" ".join(each.quote for each in answer.citations), question):
        return None
    doubted = min(answer.confidence, MAX_UNSAID)
    return replace(answer, possibly=True, doubts=(UNSAID, *answer.doubts), confidence=doubted)


def is_spoken(question: str) -> bool:
    """Return whether a question asks what somebody who is named said."""
    spoken = parse_speech_question(question)
    return spoken is not None and not has_pronoun(spoken.who)


def names_speaker(text: str, question: str) -> bool:
    """Return whether a text names whom a question asks the words of, by name or title; of a post, the company."""
    spoken = parse_speech_question(question)
    if spoken and (company := company_of_post(spoken.who)):
        return not set(terms(company, keep_stop_words=False)).isdisjoint(terms(text))
    speaker = {term for term in terms(spoken.who, keep_stop_words=False) if term} if spoken else set[str]()
    titles = (
        {title for term in words(spoken.who.casefold()) for title in TITLES_OF_ROLE.get(term, "").split("|") if title}
        if spoken
        else set[str]()
    )
    return bool(speaker & set(terms(text)) or titles & {each.strip(".") for each in words(text.casefold())})


def is_doubtful(answer: Answer) -> bool:
    """Return whether a sentence may answer only; whether somebody said it is doubted of what is shown all the same."""
    return answer.possibly and UNSAID not in answer.doubts
