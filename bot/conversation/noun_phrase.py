"""Noun phrases: what of a question can stand in the next one, for "it" or behind "articles about".

A topic as it was typed may be half a clause ("gone with the wind being pulled") or a heading with a question behind it
("Barr v Mueller: who argues what"). There is no parser: closed lists of function words and verb forms decide, and what
they doubt is no noun phrase, so that a question rather keeps its pronoun than becomes ungrammatical.
"""

from __future__ import annotations

import re

from bot.conversation.question_clause import PREPOSITIONS, is_plural
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    DEMONSTRATIVES,
    PERSONAL_PRONOUNS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    REFLEXIVE_PRONOUNS,
    word_set,
)
from retrieval.text.number_words import CARDINALS
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import BASES, is_participle, is_past_form

MAX_WORDS = 8
"""Words of a phrase that a person would repeat."""
_HEADING = LazyPattern(r"[:;?!()\[\]…/–—]|\.{2,}|\s-{1,2}\s|,\s")
"""What ends a heading before the question about it: "the strike, day by day"."""
_BEHIND = LazyPattern(
    rf"{_HEADING.pattern}|(?<!\s)\s+(?:pls|plz|please)\b|(?<!\s)\s+(?:because|when|where|while)\s", re.IGNORECASE
)
"""What ends a heading, or begins a clause or a courtesy behind a noun phrase."""
_VERSUS = LazyPattern(r"(?<!\s)\s+(?:vs?\.?|versus)\s+", re.IGNORECASE)
_OWNING = LazyPattern(r"['’]s?$")
_FUNCTION_WORDS = PREPOSITIONS | ARTICLES | word_set("of and or but if than as so not like")
_CLAUSAL = (
    QUESTION_WORDS
    | QUESTION_AUXILIARIES
    | PERSONAL_PRONOUNS
    | REFLEXIVE_PRONOUNS
    | word_set(
        """actually again anyway being exactly if like not so still than that whether
        become begin bring build buy choose come find get give go grow hear keep know let lose make meet pay put say see
        seek sell send sit speak spend stand take tell think understand write"""
    )
)
"""Words that no noun phrase of a question holds."""
_DETERMINERS = ARTICLES | DEMONSTRATIVES | CARDINALS


def noun_phrase(topic: str) -> str:
    """Return a topic as a noun phrase, with no question behind it; empty where it is none.

    Two that are set against each other are both: "Barr and Mueller" of "Barr v Mueller: who argues what".
    """
    named = [part.strip() for part in topic.split(" / ") if part.strip()[:1].isupper()]
    topic = named[0] if named and " / " in topic else topic  # "kids in shelters / Tornillo"
    heading, *behind = _BEHIND.split(topic.strip(" ?!.…"), maxsplit=1)
    phrase = _VERSUS.sub(" and ", heading).strip(" '\"“”‘’")
    listed = behind and phrase.islower() and phrase.split()[:1] != ["the"]  # "letters, calls: dates in order"
    if listed or not is_noun_phrase(phrase):
        return ""
    words = phrase.split()
    titled = len(words) > 1 and words[0][:1].isupper() and words[-1].islower()  # "Tesla million mile battery"
    bare = titled and _OWNING.search(words[0]) is None and _FUNCTION_WORDS.isdisjoint(map(str.lower, words))
    return f"the {phrase}" if bare else phrase


def is_noun_phrase(phrase: str) -> bool:
    """Return whether words are a noun phrase by their form: no clause, nor the beginning or end of one."""
    named, _, done = phrase.partition(" who ")
    if done and named.lower().startswith("the ") and is_plural(named):  # "the Republicans who voted no"
        phrase = named
    words = [fold(token) if token.islower() else token for token in phrase.split()]
    if not 0 < len(words) <= MAX_WORDS or _HEADING.search(phrase) or not _CLAUSAL.isdisjoint(words):
        return False
    if words.count("and") > 1 or words[0] in _FUNCTION_WORDS - ARTICLES or words[-1] in _FUNCTION_WORDS:
        return False
    if all(word.stop or word.date or word.number for word in read_words(phrase, sentence=False)):
        return False  # "1980 and 2011"
    reduced = words[0].lower() in ARTICLES  # "the people enrolled in it"
    around = zip(["", *words], words, [*words[1:], ""], strict=False)
    return not any(_is_verb(before, word, after, reduced=reduced) for before, word, after in around)


def _is_verb(before: str, word: str, after: str, *, reduced: bool) -> bool:
    """Return whether a word of a phrase is its verb: "pulled by", "workers get overtime"; not "the leaked texts".

    Args:
        before: The word before it; empty for the first.
        word: The word.
        after: The word after it; empty for the last.
        reduced: Whether a participle may go on with a noun: "the people enrolled in it".
    """
    if not word.islower() or before in _DETERMINERS:
        return False
    if is_past_form(word) or is_participle(word):
        named = before[:1].isupper() and before.lower() not in ARTICLES  # "China passed 1000 deaths"
        return not before or not after or named or (after in _FUNCTION_WORDS and not (reduced and is_participle(word)))
    if word.removesuffix("s") in BASES and after[:1].isupper() and before:  # "Google fires Ann Brook"
        return True
    return word in BASES and is_plural(before) and bool(after)
