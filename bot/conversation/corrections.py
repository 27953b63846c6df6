"""Corrections of the last question: "no, I meant Mali", "in Benghazi", "sorry, 2012", "not Smith, Jones"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.definite_phrase import definite_phrase
from bot.conversation.pronouns import replaced_pronoun
from bot.conversation.question_clause import PREPOSITIONS, agreeing
from bot.conversation.question_patterns import leading_preposition, substituted_topic
from bot.conversation.rule_rewriter import Similarity, has_pronoun, redated, rewrite_by_rules, with_other_one
from bot.conversation.store import Turn
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DO,
    FEMININE_PRONOUNS,
    HAVE,
    MASCULINE_PRONOUNS,
    OBJECT_PRONOUNS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    STOP_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    word_set,
)
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import BASES, is_past_form

_MEANT = (
    r"(?:i (?:actually |really )?(?:mean|meant|said|was asking about|am asking about)|i['’]m asking about"
    r"|make (?:that|it)|(?:that |it )?should (?:be|have been|read))"
)
_SORRY = (
    r"(?:no|nope|nah|not quite|wrong|sorry|oops|ups|my bad|my mistake|actually|wait|rather|correction|excuse me|typo"
    r"|oh|ah|er|erm|um)"
)
_LEAD = rf"(?:{_SORRY}[\s,.:;!–—-]+)"
_OLD = r"(?P<old>[^\s,;:]+(?: [^\s,;:]+){0,4})"
_NEW = r"(?P<new>\S+(?: \S+){0,7}?)"
_END = r"(?:,? (?:i mean|i meant|instead|rather|please|sorry))?"
_FORMS = tuple(
    LazyPattern(form, re.IGNORECASE)
    for form in (
        rf"{_LEAD}{{0,3}}(?:{_MEANT} )?not {_OLD}(?:[,;:–—.-]+ ?(?:but |rather )?| but ){_NEW}{_END}",
        rf"{_LEAD}{{0,3}}{_MEANT}:? {_NEW}(?:,? (?:and )?not {_OLD})?{_END}",
        rf"{_LEAD}{{0,3}}{_NEW},? (?:and )?not {_OLD}",
        rf"{_LEAD}{{1,3}}{_NEW}{_END}",
        rf"{_NEW},? (?:i mean|i meant|instead)",
    )
)
_SENTENCE = LazyPattern(
    rf"(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)}|tell|show|give|list|name|explain|describe|find"
    r"|summari[sz]e|compare|thanks|thank|i|you|that|this|it|worries|problem|idea|way|more|nothing|not"
    r"|never|for asking|for that|answer|wrong|right|an?)\b",
    re.IGNORECASE,
)
_VERB = LazyPattern(rf"\b(?:{alternation(QUESTION_AUXILIARIES)}|you|i|we)\b", re.IGNORECASE)
_ONE = LazyPattern(rf"(?:(?:{alternation(ARTICLES)}) )?(?P<which>\S.*) ones?", re.IGNORECASE)
_REQUEST = LazyPattern(
    r"(?P<lead>\W*(?i:timeline of|tell me about|summari[sz]e|overview of|what do we know about|what happened (?:in|at))"
    r" )"
    r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*(?P<end>\W*)"
)
"""A request for a topic that is a name."""
_ABOUT = "What about"
_NO_FUNCTION_WORD = rf"(?!(?:{alternation(STOP_WORDS)})\b)"
_HIM = LazyPattern(rf"\b(?:{alternation(MASCULINE_PRONOUNS | FEMININE_PRONOUNS)})\b", re.IGNORECASE)
_SUBJECT = LazyPattern(
    rf"\b(?:(?P<auxiliary>{alternation(BE | HAVE | DO)})\s+)?"
    rf"(?:{alternation((SUBJECT_PRONOUNS | OBJECT_PRONOUNS) & THIRD_PERSON)})\b",
    re.IGNORECASE,
)
"""A third-person pronoun, with the auxiliary before it."""
_OWNED = LazyPattern(rf"\s+(?!(?:{alternation(PREPOSITIONS)})\b)[a-z]", re.IGNORECASE)
"""What somebody has, after "her"."""
_OBJECT = LazyPattern(r".*\s(?P<verb>[a-z]+)\s(?P<object>[a-z][\w’'-]*(?:\s[a-z][\w’'-]*)?)")
"""A question that ends in a verb and a thing without a name: "what share of workers get overtime"."""
MAX_TURNS_BACK = 3
"""Turns in which the question is sought that a correction puts right."""
_LIKE_ENDING = 2  # words before the last that a noun phrase of the same noun may have


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a correction puts in the place of something.

    Attributes:
        new: The name, place or date, as written, with its preposition where it has one: "in Benghazi".
        old: What it takes the place of, as written; empty where that is not said.
    """

    new: str
    old: str = ""


_OF_TIME = word_set("before after since until during")
"""Prepositions of a bare phrase that limits the last question to a time, and corrects nothing: "before the debate?"."""


def parse_correction(question: str) -> Replacement | None:
    """Return what a correction says; None for any other question."""
    asked = " ".join(question.split()).strip(" ?!.…")
    for form in _FORMS:
        found = form.fullmatch(asked)
        if found:
            new, old = found["new"].strip(" ,;:"), (found.groupdict().get("old") or "").strip(" ,;:")
            if new and not _SENTENCE.match(new) and not _VERB.search(new):
                return Replacement(new, old)
    preposition = leading_preposition(asked)
    names = preposition and preposition not in _OF_TIME and not has_pronoun(asked)
    bare = asked if names and substituted_topic(asked) else ""
    return Replacement(bare) if bare else None


def is_correction(question: str) -> bool:
    """Tell whether a question corrects the one before it."""
    return parse_correction(question) is not None


def corrected_question(question: str, history: Sequence[Turn], near: Similarity | None = None) -> str:
    """Return the question before with what a correction replaces in it; empty where that cannot be done.

    Args:
        question: What was asked, with at least one turn before it.
        history: The turns before it, oldest first.
        near: Chooses the name that a new one takes the place of, where the correction does not say.
    """
    found = parse_correction(question)
    if found is None:
        return ""
    one = _ONE.fullmatch(found.new)
    new = one["which"] if one else found.new
    for number in range(len(history), max(0, len(history) - MAX_TURNS_BACK), -1):
        if corrected := _corrected(found, new, history[:number], near):
            return corrected
        if any(word.name and not word.stop for word in read_words(history[number - 1].standalone_question)):
            break
    return ""


def _corrected(found: Replacement, new: str, history: Sequence[Turn], near: Similarity | None) -> str:
    """Return the last question with what a correction replaces in it; empty where that cannot be done."""
    before = history[-1].standalone_question
    return (
        _exchanged(before, found.old, new)
        or (with_other_one(found.new, before) if new != found.new else "")
        or redated(before, new)
        or _renamed(before, new)
        or _substituted(new, history, near)
    )


def _substituted(new: str, history: Sequence[Turn], near: Similarity | None) -> str:
    """Return the question with ``new`` in the place of the name it is most like; empty where it has no such name."""
    before = history[-1].standalone_question
    if put := _for_pronoun(new, history[-1]) or _for_object(new, before):
        return put
    place = new[len(leading_preposition(new)) :].strip()
    if (named := definite_phrase(new)) and named == new:  # "the Orlando nightclub shooting"
        replaced = definite_phrase(before)
        return before.replace(replaced, new, 1) if replaced else f"Tell me about {new}"
    request = _REQUEST.fullmatch(before)
    if request and place[:1].isupper():  # "Timeline of Mali", "in Niger"
        return f"{request['lead']}{place}{request['end']}"
    person = _HIM.search(before)
    if person and new[:1].isupper() and person.group().lower() in OBJECT_PRONOUNS:  # "Who else criticised him?"
        return f"{before[: person.start()]}{new}{before[person.end() :]}"
    if leading_preposition(new):
        return rewrite_by_rules(new, history, near) or ""
    typed = new.islower() and new.split(maxsplit=1)[0] not in ARTICLES  # "mali"
    names = dict.fromkeys((new, new.title() if typed else new))
    written = (rewrite_by_rules(f"{_ABOUT} {name}?", history, near) or "" for name in names)
    return next((each for each in written if each and not each.startswith(_ABOUT)), "")


def _for_pronoun(new: str, last: Turn) -> str:
    """Return the question with ``new`` for its pronoun, or for what took the place of that; empty where it has none."""
    if leading_preposition(new) or not (new[:1].isupper() or new.split(maxsplit=1)[0].lower() in ARTICLES):
        return ""
    if (replaced := replaced_pronoun(last)) and replaced[:1].isupper() == new[:1].isupper():
        return _exchanged(last.standalone_question, replaced, new)
    found = list(_SUBJECT.finditer(last.standalone_question))
    if len(found) != 1:
        return ""
    auxiliary, kept = found[0]["auxiliary"], last.standalone_question
    agreed = agreeing(auxiliary, new) if auxiliary else ""
    owns = "’s" if _OWNED.match(kept, found[0].end()) and found[0].group().lower().endswith("her") else ""  # "her job"
    return f"{kept[: found[0].start()]}{agreed}{' ' if agreed else ''}{new}{owns}{kept[found[0].end() :]}"


def _for_object(new: str, before: str) -> str:
    """Return the question with a thing for the object that it ends in: "the minimum wage" for "… get overtime?"."""
    asked = before.rstrip(" ?!.…")
    found = _OBJECT.fullmatch(asked)
    thing = new.islower() and new.split(maxsplit=1)[0] in ARTICLES
    if not thing or not found or (fold(found["verb"]) not in BASES and not is_past_form(fold(found["verb"]))):
        return ""
    return f"{asked[: found.start('object')]}{new}?"


def _exchanged(before: str, old: str, new: str) -> str:
    """Return the question with ``new`` for ``old``; empty where ``old`` does not occur in it."""
    at = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", before, re.IGNORECASE) if old else None
    return f"{before[: at.start()]}{new}{before[at.end() :]}" if at else ""


def _renamed(before: str, new: str) -> str:
    """Return the question with "the Senate bill" for "the House bill": a phrase that ends in the same noun."""
    *_, noun = new.split()
    article = rf"(?:(?:{alternation(ARTICLES)})\s+)?"
    place = re.search(
        rf"(?<!\w){article}(?:{_NO_FUNCTION_WORD}[\w’'-]+\s+){{0,{_LIKE_ENDING}}}{re.escape(noun)}(?!\w)",
        before,
        re.IGNORECASE,
    )
    if len(new.split()) == 1 or not place or place.group().casefold() == noun.casefold():
        return ""
    given = re.match(article, place.group(), re.IGNORECASE)
    determined = re.match(article, new, re.IGNORECASE)
    lead = given.group() if given and not (determined and determined.group()) else ""
    return f"{before[: place.start()]}{lead}{new}{before[place.end() :]}"
