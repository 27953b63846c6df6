"""Question statements: a question as the statement that an answer to it makes, by rules over its words.

"Did the junta end the deal?" gives "The junta ended the deal", "Who signed the agreement?" and "Langley" give "Langley
signed the agreement". The statement is judged, never shown; its grammar may be rough where the subject's end is unsure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    APPROXIMATIONS,
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    DO,
    HAVE,
    MODAL_VERBS,
    POSSESSIVE_DETERMINERS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    RELATIVE_PRONOUNS,
    SUBJECT_PRONOUNS,
    alternation,
    word_set,
)
from retrieval.text.reporting_verbs import PREPOSITIONS, SUBORDINATORS
from retrieval.text.verb_forms import BASES, is_finite, is_participle, past_form

_LEAD = LazyPattern(
    r"\W*(?:(?:and|but|so|then|ok|okay|well|also|please|hi|hello|hey|tell me|can you tell me|do you know)\b[,\s]*)*",
    re.IGNORECASE,
)
_YES_NO = LazyPattern(
    rf"(?P<aux>{alternation(QUESTION_AUXILIARIES)})(?P<negated>n['’]t|\s+not\b)?\s+(?P<rest>\S.*)", re.IGNORECASE
)
_CONTENT_QUESTION = LazyPattern(
    rf"(?:(?P<preposition>in|on|at|by|for|from|with|to|about|since|until)\s+)?(?P<word>{alternation(QUESTION_WORDS)})"
    r"(?P<is>['’]s)?\b\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_ADVERBIAL_WORDS = QUESTION_WORDS - RELATIVE_PRONOUNS - {"what"}
_SHARES = word_set("percentage percent proportion share number amount fraction")
_DEGREES = word_set("many much old long far tall large big high deep often fast soon")
_OPENERS = ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS | SUBJECT_PRONOUNS | {"there"}
_COMPLEMENT_STARTS = word_set("a an the not still now ever going able")
_SMALL = PREPOSITIONS | ARTICLES | SUBORDINATORS | APPROXIMATIONS | {"some", "roughly"}
"""Words that begin an answer with a capital that is none of their own."""
_MAX_THING_WORDS = 4
"""Words of the noun phrase after "which", "what" and "how many"."""
_MAX_SUBJECT_WORDS = 12


@dataclass(frozen=True, slots=True)
class QuestionStatement:
    """What a question says, with a gap for its answer.

    Attributes:
        before: The words before the gap.
        after: Those after it.
        thing: The noun that the answer counts: "people" in "How many people died?".
        preposition: What precedes the question word: "in" in "In which year was it founded?".
        asks_subject: Whether the answer is the subject: "Who signed it?".
    """

    before: str
    after: str
    thing: str = ""
    preposition: str = ""
    asks_subject: bool = False

    def filled(self, answer: str) -> str:
        """Return the statement with ``answer`` in its gap."""
        if self.before and answer.split(maxsplit=1)[0].lower() in _SMALL:
            answer = answer[0].lower() + answer[1:]
        elif self.preposition:
            answer = f"{self.preposition} {answer}"
        counted = self.thing and _last(self.thing) not in answer.casefold() and re.search(r"\d\W*$", answer)
        return _sentence(f"{self.before} {answer}{f' {self.thing}' if counted else ''} {self.after}")


def is_yes_no(question: str) -> bool:
    """Tell whether a question asks for a yes or a no."""
    return _YES_NO.fullmatch(_asked(question)) is not None


def yes_no_statement(question: str, *, yes: bool) -> str:
    """Return the statement that "Yes" or "No" makes; empty for another question or one with "not" or "or" in it."""
    found = _YES_NO.fullmatch(_asked(question))
    if found is None or re.search(r"\b(?:or|not)\b|n['’]t\b", found["rest"], re.IGNORECASE):
        return ""
    if found["negated"] and found["negated"].strip().lower() == "not":
        return ""
    subject, predicate = _split_subject(found["rest"], found["aux"].lower())
    if not subject:
        body = found["rest"]
        return _sentence(body) if yes else _sentence(f"it is not true that {body}")
    return _sentence(f"{subject} {_verb_group(found['aux'].lower(), predicate, negated=not yes)}")


def question_statement(question: str) -> QuestionStatement | None:
    """Return the statement of a question with a question word; None for any other question."""
    found = _CONTENT_QUESTION.fullmatch(_asked(question))
    if found is None or not found["rest"]:
        return None
    word, rest = found["word"].lower(), found["rest"].split()
    preposition = (found["preposition"] or "").lower()
    if found["is"]:
        rest.insert(0, "is")
    degree = rest.pop(0).lower() if word == "how" and rest[0].lower() in _DEGREES else ""
    thing = _thing(rest) if degree in {"many", "much"} or word in {"which", "what", "whose"} else []
    rest = rest[len(thing) :]
    counted = " ".join(thing) if degree else ""
    if len(thing) > 1 and thing[0].lower() in _SHARES and thing[1] == "of":
        return QuestionStatement("", " ".join([*thing[1:], *rest]), asks_subject=True)
    adverbial = word in _ADVERBIAL_WORDS and not thing
    if len(rest) > 1 and _is_inverted(rest, adverbial=adverbial):
        return QuestionStatement(_inverted(rest[0].lower(), rest[1:]), "", counted, preposition)
    return QuestionStatement("", " ".join(rest), counted, asks_subject=True) if rest and not adverbial else None


def _is_inverted(words: list[str], *, adverbial: bool) -> bool:
    """Tell whether a question's auxiliary precedes its subject: "did the junta meet", not "was accused of"."""
    first = words[0].lower()
    if first in DO or first not in QUESTION_AUXILIARIES or adverbial:
        return first in DO or (adverbial and first in QUESTION_AUXILIARIES)
    if words[1].lower() not in _OPENERS and not words[1][0].isupper():
        return False
    predicate = _split_subject(" ".join(words[1:]), first)[1].split()
    return first not in BE or (
        bool(predicate) and (is_participle(predicate[0].lower()) or predicate[0].endswith("ing"))
    )


def _asked(question: str) -> str:
    """Return the last sentence of a question without what leads it in, and without its mark."""
    sentences = [each for each in re.split(r"(?<=[?!])\s+", question.strip()) if each]
    asked = sentences[-1] if sentences else ""
    lead = _LEAD.match(asked)
    return asked[lead.end() if lead else 0 :].rstrip(" ?!.…")


def _thing(words: list[str]) -> list[str]:
    """Return the noun phrase that ``words`` begin with, up to a verb; empty where none is found."""
    for place, word in enumerate(words[: _MAX_THING_WORDS + 1]):
        folded = word.lower()
        if folded in QUESTION_AUXILIARIES or is_finite(folded):
            return words[:place]
    return []


def _inverted(auxiliary: str, words: list[str]) -> str:
    subject, predicate = _split_subject(" ".join(words), auxiliary)
    if not subject:
        return " ".join([*words, auxiliary] if auxiliary in BE else words)
    return f"{subject} {_verb_group(auxiliary, predicate, negated=False)}"


def _split_subject(text: str, auxiliary: str) -> tuple[str, str]:
    """Return the subject and the predicate of the words after an auxiliary; two empty strings where unsure."""
    words = text.split()
    if words and words[0].lower() in SUBJECT_PRONOUNS | {"there"}:
        return words[0], " ".join(words[1:])
    for place in range(1, min(len(words), _MAX_SUBJECT_WORDS)):
        word, lead = words[place].lower().strip(",;"), words[place - 1].lower()
        if lead in ARTICLES or lead in POSSESSIVE_DETERMINERS or lead == "and" or lead in PREPOSITIONS:
            continue
        if auxiliary in DO or auxiliary in MODAL_VERBS:
            starts = word in BASES or word in {"be", "have"}
        else:
            starts = (
                word in _COMPLEMENT_STARTS
                or (is_participle(word) and words[place][0].islower())
                or (word.endswith("ing") and words[place][0].islower() and auxiliary not in HAVE)
                or (auxiliary in BE and word in PREPOSITIONS - {"of"})
            )
        if starts:
            adjective = place > 1 and words[place - 2].lower() not in _OPENERS  # "the bridge | safe for lorries"
            end = place - (auxiliary in BE and word in PREPOSITIONS and adjective)
            return " ".join(words[:end]), " ".join(words[end:])
    if auxiliary in BE and 2 <= len(words) <= _MAX_THING_WORDS and words[-2].lower() not in _OPENERS | PREPOSITIONS:
        return " ".join(words[:-1]), words[-1]  # "the bridge | safe"
    return "", ""


def _verb_group(auxiliary: str, predicate: str, *, negated: bool) -> str:
    if negated:
        return f"{auxiliary} not {predicate}"
    if auxiliary == "did":
        verb, _, rest = predicate.partition(" ")
        return f"{past_form(verb.lower())} {rest}"
    return predicate if auxiliary in DO else f"{auxiliary} {predicate}"


def _last(thing: str) -> str:
    return thing.casefold().split()[-1]


def _sentence(text: str) -> str:
    """Return ``text`` with single spaces, a capital and a full stop."""
    line = " ".join(text.split()).rstrip(" .,;:!?…")
    return f"{line[:1].upper()}{line[1:]}." if line else ""
