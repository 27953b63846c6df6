"""Question clauses: a question taken apart into question word, auxiliary, subject, verb and rest.

There is no parser: closed lists of verbs and function words decide. What they cannot take apart is no clause, so that
a rewritten question keeps the words of the earlier one rather than become ungrammatical.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    DO,
    MODAL_VERBS,
    PLURAL_AUXILIARIES,
    POSSESSIVE_DETERMINERS,
    QUESTION_ADVERBS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    REFLEXIVE_PRONOUNS,
    SUBJECT_FORMS,
    alternation,
    word_set,
)
from retrieval.text.number_words import CARDINALS
from retrieval.text.places import PLACES
from retrieval.text.verb_forms import (
    BASES,
    THIRD_PERSON_FORMS,
    base_form,
    is_participle,
    is_past_form,
    participle,
    past_form,
)

PREPOSITIONS = word_set(
    """in on at by from after before during since until to for against over into onto with under about through near
    between among across within without toward towards around along off up down out"""
)
_INSIDE = word_set("of")  # prepositions that belong to the noun before them
_ADVERBS = word_set("first last next also again ago yesterday today now then there here back away together")
_DEGREES = word_set("badly seriously severely slightly critically fatally gravely heavily")
"""Adverbs between a subject and its verb, which may as well follow the verb."""
_FOCUS = word_set("ever also already still actually really even just")
"""Adverbs between a subject and its verb, without which a question asks the same."""
_PLURALS = word_set("people men women children police troops countries media forces feet teeth")
_MEMBERS = LazyPattern(r"\w(?:ans|ats|ists|ers|ors|als|ives)$")
"""The ending of those who belong to a party, a country or a team: "the Democrats", "the Russians"."""
_NEVER_PLURAL = LazyPattern(r"(?:ss|us|is)$")
_DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS | CARDINALS
_HOW = r"how\s+(?:many|much|long|often|old|far|big|large|high|come|soon)"
_HEAD = LazyPattern(
    rf"\W*(?P<preposition>(?:since|until|by|to|for|from|with|in|at|on)\s+)?(?P<word>{_HOW}|{alternation(QUESTION_WORDS)})\b\s*",
    re.IGNORECASE,
)
_LONG = 5  # letters up to which a word in -ing may be a noun: "thing", "ring"
_SHORT_PARTICIPLES = word_set("being doing dying going lying tying using")
_UNCHANGED = word_set("put cut hit set shut quit let")
"""Verbs whose past form is their base."""
_MAX_THING_WORDS = 4


@dataclass(frozen=True, slots=True)
class QuestionClause:
    """A question taken apart.

    Attributes:
        word: The question word in lower case: "who", "which", "how many"; empty for a yes-or-no question.
        thing: What it asks which or how many of: "tanks" in "which tanks".
        auxiliary: The auxiliary in lower case; empty where the verb itself follows the question word.
        subject: The words between auxiliary and verb; empty where the question word asks for the subject.
        verb: The main verb, as written.
        rest: What follows the verb.
    """

    word: str
    thing: str
    auxiliary: str
    subject: str
    verb: str
    rest: str

    @property
    def asks_subject(self) -> bool:
        """Whether it asks who or what did it, or to whom or what it was done."""
        return not self.subject

    @property
    def predicate(self) -> str:
        """The words from the verb on."""
        return _joined(self.verb, self.rest)


def parse_clause(question: str) -> QuestionClause | None:
    """Return the parts of a question; None where the lists cannot tell its verb."""
    found = _HEAD.match(question)
    word = " ".join(found["word"].lower().split()) if found else ""
    tokens = (question[found.end() :] if found else question).rstrip(" ?!.…").split()
    thing: list[str] = []
    if word in {"which", "what", "whose", "how many", "how much"}:
        while (
            tokens and len(thing) < _MAX_THING_WORDS and not _is_verb_at(tokens, 0, allow_base=bool(thing) or not word)
        ):
            thing.append(tokens.pop(0))
    if not tokens:
        return None
    first = _folded(tokens[0])
    if found and found["preposition"] and thing:  # "By how many votes", which is no object
        word, thing = "how", []
    if first in QUESTION_AUXILIARIES:
        return _with_auxiliary(word, " ".join(thing), first, tokens[1:])
    if not word or word in QUESTION_ADVERBS or not (word == "who" or _is_verb_at(tokens, 0)):
        return None
    return QuestionClause(word, " ".join(thing), "", "", tokens[0], " ".join(tokens[1:]))


def _with_auxiliary(word: str, thing: str, auxiliary: str, tokens: Sequence[str]) -> QuestionClause | None:
    if not tokens:
        return None
    for at, token in enumerate(tokens):
        folded = _folded(token)
        if auxiliary in DO or auxiliary in MODAL_VERBS:
            is_verb = folded in BASES or (auxiliary in MODAL_VERBS and folded in {"be", "have"})
        else:
            is_verb = is_participle(folded) or (auxiliary in BE and _is_present_participle(folded))
        if not is_verb or (at == 0 and (auxiliary in DO or word in QUESTION_ADVERBS or not word)):
            continue
        if at and _folded(tokens[at - 1]) in _DETERMINERS:  # "the set", "the signed agreement"
            continue
        if any(_folded(each) in PREPOSITIONS for each in tokens[:at]) and auxiliary in BE:
            return None  # "Who was with the ambassador killed …"
        subject, manner = list(tokens[:at]), list[str]()
        while len(subject) > 1 and _folded(subject[-1]) in _FOCUS | _DEGREES:  # "were the protesters badly hurt"
            adverb = subject.pop()
            manner = [adverb, *manner] if _folded(adverb) in _DEGREES else manner
        after = " ".join([*manner, *tokens[at + 1 :]])
        return QuestionClause(word, thing, auxiliary, " ".join(subject), token, after)
    named = next((at for at, token in enumerate(tokens) if not token[:1].isupper()), 0)
    if auxiliary in DO and named and _folded(tokens[named]) not in PREPOSITIONS | _DETERMINERS | QUESTION_WORDS:
        # A verb that is not listed, after a name: "did Trump pardon".
        verb, rest = tokens[named], " ".join(tokens[named + 1 :])
        return QuestionClause(word, thing, auxiliary, " ".join(tokens[:named]), verb, rest)
    return None


def _is_present_participle(word: str) -> bool:
    return word.endswith("ing") and (len(word) > _LONG or word in _SHORT_PARTICIPLES)


def _is_verb_at(tokens: Sequence[str], at: int, *, allow_base: bool = True) -> bool:
    folded = _folded(tokens[at])
    if folded in QUESTION_AUXILIARIES:
        return True
    after = _folded(tokens[at + 1]) if at + 1 < len(tokens) else ""
    follows = not after or after in PREPOSITIONS or after in _DETERMINERS or not tokens[at + 1].islower()
    return (
        is_past_form(folded)
        or folded in THIRD_PERSON_FORMS
        or (allow_base and at > 0 and folded in BASES and follows)
        or (folded in _UNCHANGED and at == 0)
    )


def split_object(rest: str) -> tuple[str, str]:
    """Return the object that begins ``rest``, and what follows it; an empty object where none begins it."""
    tokens = rest.split()
    if not tokens:
        return "", ""
    first = _folded(tokens[0])
    if first in PREPOSITIONS or first in _ADVERBS or first in REFLEXIVE_PRONOUNS or first.endswith("ly"):
        return "", rest
    end = next(
        (
            at
            for at, token in enumerate(tokens)
            if at and (_folded(token) in PREPOSITIONS or _folded(token) in _ADVERBS) and _folded(token) not in _INSIDE
        ),
        len(tokens),
    )
    for at in range(1, end):  # "last week", "this year"
        if _folded(tokens[at]) in {"last", "this", "next"} and at + 1 < len(tokens) and _is_time_noun(tokens[at + 1]):
            end = at
            break
    if any(_folded(token) in {"and", "that", "who", "which", "whether", "if"} for token in tokens[:end]):
        return "", rest
    return " ".join(tokens[:end]), " ".join(tokens[end:])


def _is_time_noun(token: str) -> bool:
    return _folded(token) in {"week", "month", "year", "summer", "winter", "spring", "autumn", "night", "monday"}


def is_plural(noun_phrase: str) -> bool:
    """Return whether a noun phrase is plural by its form: "the agreements", "they", "three men", "Ann and Max"."""
    tokens = [_folded(token) for token in noun_phrase.split()]
    if not tokens:
        return False
    if tokens[0] in {"they", "we", "these", "those"} or (tokens[0] in CARDINALS and tokens[0] != "one"):
        return True
    of = tokens.index("of") if "of" in tokens else len(tokens)
    head = tokens[of - 1] if of else tokens[-1]
    if noun_phrase.split()[of - 1][:1].isupper() and head not in _PLURALS:
        members = tokens[0] == "the" and _MEMBERS.search(head) and fold(noun_phrase) not in PLACES
        return bool(members)  # "the Republicans", but "Algiers", "the Philippines"
    return head in _PLURALS or (head.endswith("s") and not _NEVER_PLURAL.search(head))


def as_subject(noun_phrase: str) -> str:
    """Return a noun phrase as a subject: "her" gives "she"."""
    return SUBJECT_FORMS.get(noun_phrase.lower(), noun_phrase)


def with_adjunct(head: str, clause: QuestionClause, person: str = "") -> str:
    """Return the clause asked with "When", "Where", "Why" or "How long"; empty where no form is certain.

    Args:
        head: The new question word, as it is to be written.
        clause: The question asked before.
        person: Who answered it, where it asked who and one person did.
    """
    if (
        not clause.word
        or clause.word in QUESTION_ADVERBS
        or (clause.word.startswith("how ") and clause.word not in {"how many", "how much"})
    ):
        return _asked(head, clause.auxiliary, clause.subject, clause.verb, clause.rest)
    if not clause.asks_subject:
        return _asked(head, clause.auxiliary, clause.subject, clause.verb, _with_object(clause, person))
    if clause.auxiliary:
        that = "" if clause.word == "how many" or is_plural(clause.thing) else "that "
        thing = f"{that}{clause.thing}" if clause.thing else ""
        subject = thing or ((person or "they") if clause.word in {"who", "whom"} else "it")
        auxiliary = agreeing(clause.auxiliary, "they" if clause.word == "how many" else subject)
        return _asked(head, auxiliary, subject, clause.verb, clause.rest)
    return _of_subject_question(head, clause, person)


def _of_subject_question(head: str, clause: QuestionClause, person: str) -> str:
    """Return the question in the passive or with "did": "When was it signed?", "When did they arrive?"."""
    verb = _folded(clause.verb)
    base = base_form(verb)
    if not is_past_form(verb) and verb not in _UNCHANGED:
        return ""
    if clause.word == "what" and not clause.thing and base in {"happen", "occur"}:
        return _asked(head, "did", "that", base, clause.rest)
    obj, rest = split_object(clause.rest)
    done = participle(base) if base else verb
    if obj and is_participle(done):
        subject = as_subject(obj)
        return _asked(head, "were" if is_plural(subject) else "was", subject, done, rest)
    if not base or obj:
        return ""
    if clause.rest and _folded(clause.rest.split()[0]) in {"and", "that", "who", "which", "whether", "if"}:
        return ""
    subject = clause.thing or ((person or "they") if clause.word == "who" else "it")
    return _asked(head, "did", subject, base, clause.rest)


def with_count(head: str, clause: QuestionClause) -> str:
    """Return the clause asked with "How many"; empty where no form is certain."""
    if clause.asks_subject:
        measured = head.lower() == "how much"
        if (clause.word == "what" and not clause.thing and not measured) or (clause.word == "who" and measured):
            return ""
        auxiliary = agreeing(clause.auxiliary, "it" if head.lower() == "how much" else "they")
        return _asked(head, clause.thing, auxiliary, clause.verb, clause.rest)
    if clause.word in QUESTION_WORDS - QUESTION_ADVERBS:
        return _asked(head, clause.thing, clause.auxiliary, clause.subject, clause.verb, clause.rest)
    counted = clause.subject.removeprefix("the ")
    if not is_plural(counted) or counted[:1].isupper() or counted.split()[0] in _DETERMINERS:
        return ""
    if clause.auxiliary == "did":
        return _asked(head, counted, past_form(_folded(clause.verb)), clause.rest)
    return _asked(head, counted, clause.auxiliary, clause.verb, clause.rest) if clause.auxiliary in BE else ""


def with_choice(clause: QuestionClause) -> str:
    """Return the clause asked with "Which", of what it counts or its plural object; empty where it has neither."""
    if clause.thing:
        return _asked("Which", clause.thing, clause.auxiliary, clause.subject, clause.verb, clause.rest)
    obj, rest = split_object(clause.rest)
    if not clause.word and is_plural(obj) and _folded(obj.split()[0]) not in _DETERMINERS:
        return _asked("Which", obj, clause.auxiliary, clause.subject, clause.verb, rest)
    return ""


def with_agent(head: str, clause: QuestionClause) -> str:
    """Return the clause asked with "Who": who did what was done, or which of those counted; empty where not certain."""
    if clause.asks_subject and (clause.thing or clause.word == "who"):
        return _asked(head, agreeing(clause.auxiliary, "it"), clause.verb, clause.rest)
    passive = clause.auxiliary in {"was", "were"} and is_participle(_folded(clause.verb))
    if not passive or clause.asks_subject:
        return ""
    base = base_form(_folded(clause.verb))
    return _joined(head, past_form(base) if base else clause.verb, clause.subject, clause.rest) + "?"


def agreeing(auxiliary: str, subject: str) -> str:
    """Return an auxiliary in the number of its subject: "was" of "they" gives "were"."""
    if is_plural(subject):
        return PLURAL_AUXILIARIES.get(auxiliary, auxiliary)
    return next((one for one, several in PLURAL_AUXILIARIES.items() if several == auxiliary), auxiliary)


def asks_about(clause: QuestionClause, name: str) -> str:
    """Return whether a name is one of those asked for: "Did Niger sign it?" of "Who signed it?"; empty where unsure."""
    if clause.word not in {"who", "whom", "which"}:
        return ""
    if not clause.asks_subject:
        obj = _with_object(replace(clause, thing="", word="who"), name)
        return _asked(clause.auxiliary.capitalize(), clause.subject, clause.verb, obj)
    if clause.auxiliary:
        return _asked(agreeing(clause.auxiliary, name).capitalize(), name, clause.verb, clause.rest)
    base = base_form(_folded(clause.verb))
    if not base:
        return ""
    past = is_past_form(_folded(clause.verb)) or _folded(clause.verb) in _UNCHANGED
    return _asked("Did" if past else "Does", name, base, clause.rest)


def _with_object(clause: QuestionClause, person: str) -> str:
    """Return the rest of a question for an object, with the object in its place: "that about Iran"."""
    if clause.thing:
        plural = clause.word in {"how many", "how much"} or is_plural(clause.thing)
        obj = clause.thing if plural else f"that {clause.thing}"
    else:
        them = person or "them"
        obj = {"who": them, "whom": them, "how much": "that much", "how many": "that many"}.get(clause.word, "that")
    tokens = clause.rest.split()
    if tokens and _folded(tokens[-1]) in PREPOSITIONS | _INSIDE:  # "What did he talk about?"
        return _joined(clause.rest, obj)
    if _folded(clause.verb) in {"be", "have"} and not clause.rest:
        return obj
    if len(tokens) > 1 and _folded(tokens[0]) == "to" and _folded(tokens[1]) in BASES:  # "ordered to pay"
        return _joined(*tokens[:2], obj, *tokens[2:])
    return _joined(obj, clause.rest)


def as_question(text: str) -> str:
    """Return a question with a capital and its mark: "who ordered it" gives "Who ordered it?"."""
    asks = _HEAD.match(text) or _folded(text.split(maxsplit=1)[0]) in QUESTION_AUXILIARIES
    return text[:1].upper() + text[1:] + ("?" if asks and text[-1:].isalnum() else "")


def _asked(head: str, *parts: str) -> str:
    return _joined(head, *parts) + "?"


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _folded(token: str) -> str:
    return token.strip(",.;:!?\"“”'’").lower().replace("’", "'")
