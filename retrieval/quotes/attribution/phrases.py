"""Noun phrases around a verb, found by function words, capitals and punctuation alone.

A phrase is a half-open pair of token numbers in its sentence. Every walk is limited to ``MAX_TOKENS`` tokens.
"""

from __future__ import annotations

from retrieval.quotes.attribution.sentences import Sentence, Token
from retrieval.text.dates import AMBIGUOUS_MONTHS, AMBIGUOUS_TIME_WORDS, CALENDAR_WORDS, TIME_WORDS
from retrieval.text.lexicon import OBJECT_PRONOUNS, REFLEXIVE_PRONOUNS, RELATIVE_PRONOUNS, SUBJECT_PRONOUNS
from retrieval.text.reporting_verbs import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    LINKS,
    NOMINAL_DETERMINERS,
    NOUNS_OF_SAYING,
    PREPOSITIONS,
    SPEECH,
    SUBJECTS,
    SUBORDINATORS,
)
from retrieval.text.roles import PERSON_NOUNS

Phrase = tuple[int, int]

MAX_TOKENS = 40
"""Tokens: the longest appositive between a name and its verb that the rules step over."""

PERSONAL_SUBJECTS = SUBJECT_PRONOUNS - {"it", "you"}
"""Pronouns that speak in an article's own words."""

_OBJECTS = OBJECT_PRONOUNS | REFLEXIVE_PRONOUNS
_FUNCTION = PREPOSITIONS | SUBORDINATORS | AUXILIARIES | RELATIVE_PRONOUNS
_OPENERS = SUBORDINATORS | {"when", "then", "also", "still", "now"}
_NEVER_HEADS = TIME_WORDS | _OBJECTS | ADVERBS


def is_time(token: Token) -> bool:
    """Return whether the token names a time rather than somebody: Monday, morning, 2016."""
    if token.lower in AMBIGUOUS_TIME_WORDS:
        return not token.is_capital
    return token.lower in TIME_WORDS or (token.text.isdigit() and len(token.text) == 4)


def is_adverb(token: Token) -> bool:
    """Return whether the token may stand between subject and verb."""
    if token.is_capital and token.lower in TIME_WORDS:  # "USA Today said"
        return False
    return token.lower in ADVERBS or (
        token.lower.endswith("ly") and not token.is_capital and token.lower not in {"family", "ally", "assembly"}
    )


def before(sentence: Sentence, last: int) -> Phrase | None:
    """Return the noun phrase that ends with token ``last``, as far left as it reaches."""
    token = sentence[last]
    if token.text in {")", "]"}:
        opening = _opening_bracket(sentence, last)
        return before(sentence, opening - 1) if opening > 0 else None
    if not token.is_word and token.text not in {"’s", "'s"}:
        return None
    if token.lower in SUBJECTS:
        return last, last + 1
    if token.lower in _FUNCTION or (token.lower in _NEVER_HEADS - {"all", "both"} and not _is_named(sentence, last)):
        return None
    if token.lower in DETERMINERS and not _can_end(token) and not (last and sentence[last - 1].lower == "of"):
        return None
    first = _walk_left(sentence, last)
    while first < last and _is_idle(sentence[first]):
        first += 1
    return first, last + 1


def _walk_left(sentence: Sentence, last: int) -> int:
    first = last
    while first > max(0, last - MAX_TOKENS):
        previous, here = sentence[first - 1], sentence[first]
        if previous.text in {")", "]"}:
            opening = _opening_bracket(sentence, first - 1)
            if opening <= 0:
                break
            first = opening
        elif previous.lower == "of" and first > 1 and sentence[first - 2].text in {")", "]"}:
            opening = _opening_bracket(sentence, first - 2)  # "Joe Manchin (D) of West Virginia"
            if opening <= 0:
                break
            first = opening
        elif previous.lower in LINKS and first > 1 and _is_noun(sentence[first - 2]) and here.text[0] != "(":
            if is_time(here) or (previous.lower not in {"of", "for"} and _fronted(sentence, first - 1)):
                break
            first -= 1
        elif previous.lower in {"and", "&"} and first > 1 and _joins(sentence, first - 1):
            first -= 1
        elif previous.text in {"’s", "'s", "/", "&", "’", "'"} or _is_noun(previous) or previous.lower in DETERMINERS:
            if here.lower in DETERMINERS and previous.text not in {"’s", "'s"} and not _quantifies(previous):
                break
            first -= 1
        else:
            break
    return first


def _quantifies(token: Token) -> bool:
    return token.lower in {"all", "both", "half", "the", "another", "these", "those"}


def _is_noun(token: Token) -> bool:
    if not token.is_word:
        return False
    if token.lower in _FUNCTION or token.lower in SUBJECTS or token.lower in DETERMINERS or token.lower in _NEVER_HEADS:
        return token.is_capital and token.lower in {"us", "it", "may", "will"} and len(token.text) > 1
    form = SPEECH.get(token.lower)
    return form is None or token.is_capital or token.lower in NOUNS_OF_SAYING or form[1] == "base"


def _joins(sentence: Sentence, at: int) -> bool:
    """Return whether an "and" joins two names or two nouns of one phrase."""
    left, right = sentence[at - 1], sentence[at + 1]
    return left.is_word and right.is_word and left.is_capital and right.is_capital and _is_noun(left)


def _fronted(sentence: Sentence, at: int) -> bool:
    """Return whether the phrase that a preposition hangs on is itself fronted: "In a speech in Ohio Smith said"."""
    for number in range(at - 1, max(-1, at - 8), -1):
        token = sentence[number]
        if token.lower in PREPOSITIONS and token.lower not in LINKS - {"at", "in", "on", "from", "with"}:
            return number == 0
        if not token.is_word:
            return False
    return False


def _is_idle(token: Token) -> bool:
    return (is_time(token) or is_adverb(token) or token.lower in _OPENERS or token.lower in PREPOSITIONS) and (
        token.lower not in {"all", "both"}
    )


def _opening_bracket(sentence: Sentence, at: int) -> int:
    for number in range(at - 1, max(-1, at - MAX_TOKENS), -1):
        if sentence[number].text in {"(", "["}:
            return number
    return -1


def after(sentence: Sentence, first: int, *, limit: int | None = None) -> Phrase | None:
    """Return the noun phrase that begins at token ``first``, without appositives."""
    end = len(sentence) if limit is None else limit
    if first >= end:
        return None
    token = sentence[first]
    if token.lower in SUBJECTS and not (token.lower == "one" and first + 1 < end and sentence[first + 1].is_word):
        return first, first + 1
    if not token.is_word or token.lower in _FUNCTION - {"the"} or token.lower in _OBJECTS:
        return None
    if is_time(token) and not _is_given_name(sentence, first, end):
        return None
    if is_adverb(token) and not token.is_capital and token.lower not in {"both", "all"}:
        return None
    last = _walk_right(sentence, first, min(end, first + MAX_TOKENS))
    while last > first and not _is_named(sentence, last - 1):
        if not is_time(sentence[last - 1]) and _can_end(sentence[last - 1]):
            break
        last -= 1
    return (first, last) if last > first else None


def _walk_right(sentence: Sentence, first: int, end: int) -> int:
    number = first
    named = False
    first_is_article = sentence[first].lower in DETERMINERS  # "the Trump campaign", "two Russian trainers"
    while number < end:
        token = sentence[number]
        if (
            token.text in {"’s", "'s", "&", "/"}
            or (token.lower in DETERMINERS and number == first)
            or _is_plural_possessive(sentence, number, end)
        ):
            named = False
        elif token.lower in {"of", "for", "de", "von", "van", "al"} and number > first and number + 1 < end:
            if named and token.lower == "for":
                break
        elif token.lower == "and" and first < number < end - 1 and named and sentence[number + 1].is_capital:
            named = False
        elif (
            not token.is_word
            or token.lower in _FUNCTION
            or (is_time(token) and not _is_given_name(sentence, number, end) and not _is_named(sentence, number))
            or is_adverb(token)
            or (token.lower in DETERMINERS and sentence[number - 1].lower not in {"of", "for", "all", "both"})
            or _is_finite(token, number > first)
        ):
            break
        elif token.is_capital:
            named = True
        elif (
            named
            and sentence[number - 1].is_capital
            and token.text[0].isalpha()
            and not _is_title_ahead(sentence, number, end)
            and not (first_is_article and sentence[number - 1].lower not in _FUNCTION)
        ):
            break
        number += 1
    return number


def _is_named(sentence: Sentence, number: int) -> bool:
    """Return whether a word of time ends a name: "USA Today", not "Smith Monday"."""
    token, previous = sentence[number], sentence[number - 1] if number else None
    is_word_of_time = token.is_capital and token.lower in TIME_WORDS - CALENDAR_WORDS
    return is_word_of_time and previous is not None and previous.is_word and previous.is_capital


def _is_given_name(sentence: Sentence, number: int, end: int) -> bool:
    """Return whether a month is somebody's given name: "April Ryan"."""
    token = sentence[number]
    following = sentence[number + 1] if number + 1 < end else None
    is_month = token.lower in AMBIGUOUS_MONTHS and token.is_capital
    return is_month and following is not None and following.is_word and following.is_capital and not is_time(following)


def _is_plural_possessive(sentence: Sentence, number: int, end: int) -> bool:
    """Return whether an apostrophe ends a name in "s" that owns what follows: "Sanders' state director Dulce Saenz"."""
    token, previous = sentence[number], sentence[number - 1]
    owns = token.text in {"’", "'"} and number > 0 and previous.lower.endswith("s") and previous.end == token.start
    return owns and number + 1 < end and sentence[number + 1].is_word


def _is_title_ahead(sentence: Sentence, number: int, end: int) -> bool:
    """Return whether small words up to a name say what somebody is: "White House |spokesman| Eric Schultz"."""
    for ahead in range(number, min(end - 1, number + 4)):
        token = sentence[ahead]
        if not token.is_word or token.is_capital or token.lower in _FUNCTION:
            return False
        if token.lower in PERSON_NOUNS and sentence[ahead + 1].is_capital:
            return True
    return False


def _is_finite(token: Token, inside: bool) -> bool:
    form = SPEECH.get(token.lower)
    return (
        inside
        and form is not None
        and not token.is_capital
        and form[1] in {"past", "third"}
        and (token.lower not in NOUNS_OF_SAYING)
    )


def _can_end(token: Token) -> bool:
    return token.is_word and token.lower not in LINKS and token.lower not in DETERMINERS - NOMINAL_DETERMINERS


def main_subject(sentence: Sentence, end: int, begin: int = 0) -> Phrase | None:
    """Return the first noun phrase of ``sentence[begin:end]`` that can be its subject, fronted phrases skipped."""
    number = begin
    while number < min(end, begin + 2 * MAX_TOKENS):
        token = sentence[number]
        if token.lower in SUBJECTS and token.lower not in RELATIVE_PRONOUNS and token.lower != "one":
            return number, number + 1
        if token.lower in PREPOSITIONS or (token.lower in SUBORDINATORS and token.lower not in {"and", "but", "so"}):
            number = _past_fronted(sentence, number, end)
            continue
        if token.is_word and not is_time(token) and token.lower not in SUBORDINATORS and not _is_gerund(token):
            phrase = after(sentence, number, limit=end)
            if phrase is not None:
                return phrase
        elif _is_gerund(token):
            number = _past_fronted(sentence, number, end)
            continue
        number += 1
    return None


def _is_gerund(token: Token) -> bool:
    return token.lower.endswith("ing") and token.lower in {
        *(word for word in (token.lower,) if word in SPEECH),
        "using",
        "standing",
        "appearing",
        "asked",
        "pressed",
    }


def _past_fronted(sentence: Sentence, number: int, end: int) -> int:
    """Return the token after a fronted phrase: after its comma, or after its words when it has none nearby."""
    for ahead in range(number + 1, min(end, number + MAX_TOKENS)):
        if sentence[ahead].text in {",", ":", "—", "–", "--"}:
            return ahead + 1
        if sentence[ahead].lower in PERSONAL_SUBJECTS:
            return ahead
    phrase = after(sentence, number + 1, limit=end)
    return phrase[1] if phrase else number + 1
