"""Claims in context: short answers as the statements they make, and pronouns as the names they refer to.

What is judged is the resolved claim; what is shown are the model's words. "In 2019." says nothing that could be
checked; after "When was the deal signed?" it says that the deal was signed in 2019. A short answer that neither the
question nor the sentence before resolves is not checkable, and so not supported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.question import AnswerType, parse_question
from bot.answers import ClaimContext, ClaimVerdict, Support
from bot.verification.assertions import is_assertion
from bot.verification.entities import given_names, names, place_groups
from bot.verification.lead_ins import capitalized
from bot.verification.question_statements import is_yes_no, question_statement, yes_no_statement
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    FEMININE_PRONOUNS,
    MASCULINE_PRONOUNS,
    MODAL_VERBS,
    OBJECT_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    is_negator,
    word_set,
)
from retrieval.text.reporting_verbs import GROUP_WORDS, PREPOSITIONS, SUBORDINATORS
from retrieval.text.roles import ROLES
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import BASES, THIRD_PERSON_FORMS, is_auxiliary, is_finite

MAX_SHORT_ANSWER = 12
"""Words of the longest short answer; a longer text without a finite verb is judged as it is."""
NOT_CHECKABLE = "neither the question nor the sentence before says what it is about"
"""The problem of a claim that cannot be resolved."""
_MAX_SUBJECT = 12  # words of the subject of the sentence before
_AFFIRMATIVE = word_set("yes yeah yep yup correct true right indeed absolutely definitely certainly affirmative")
_NEGATIVE = word_set("no nope false incorrect wrong negative")
_PARTICLE = LazyPattern(
    rf"(?P<particle>{alternation(_AFFIRMATIVE | _NEGATIVE)})\b(?:\s*[,.!;:—–-]+\s*|\s*$)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUANTITY = LazyPattern(
    r"(?:(?:about|around|nearly|almost|over|roughly|approximately|some|only|just|at\s+least|at\s+most|more\s+than|less\s+than"
    r"|fewer\s+than|up\s+to)\s+)?(?:[$€£¥]\s?)?\d",
    re.IGNORECASE,
)
_ADVERBIAL = LazyPattern(
    r"(?:however|meanwhile|moreover|also|then|later|additionally|furthermore|finally|in addition|as a result|afterwards"
    r"|instead|still|today|now),?\s+",
    re.IGNORECASE,
)
_EMPHASIS = str.maketrans("", "", "*_`")
_NEUTER_PRONOUNS = frozenset({"it", "its"})
_PLURAL_PRONOUNS = THIRD_PERSON - MASCULINE_PRONOUNS - FEMININE_PRONOUNS - _NEUTER_PRONOUNS
_POSSESSIVE = POSSESSIVE_DETERMINERS & THIRD_PERSON
_SUBJECT_PRONOUN = LazyPattern(
    rf"(?P<lead>(?:{_ADVERBIAL.pattern})?)(?P<pronoun>{alternation((SUBJECT_PRONOUNS | _POSSESSIVE) & THIRD_PERSON)})\b"
    r"(?!['’]s\b)(?P<contraction>['’](?:ve|ll|d|re))?",
    re.IGNORECASE,
)
_OBJECT_PRONOUN = LazyPattern(
    rf"\b(?P<pronoun>{alternation((OBJECT_PRONOUNS - word_set('her')) & THIRD_PERSON)})"
    r"(?=\s*[.!]?$|\s(?:on|in|at|by|for|to|last)\b)",
    re.IGNORECASE,
)
_CONTRACTED = {"ve": "have", "ll": "will", "d": "had", "re": "are"}


@dataclass(frozen=True, slots=True)
class ResolvedClaim:
    """A claim as it is judged.

    Attributes:
        text: The claim with its short answer made a statement and its pronouns names; as written where neither occurs.
        checkable: Whether it says something that can be checked.
        opening: "Yes," or "No," with what follows up to the claim itself; empty without one.
        statement: What that opening says of its own, to be judged as well: the statement that the question makes.
    """

    text: str
    checkable: bool = True
    opening: str = ""
    statement: str = ""


def resolve_claim(claim: str, context: ClaimContext) -> ResolvedClaim:
    """Return ``claim``, without its list mark, as it is read in its context."""
    plain = claim.translate(_EMPHASIS).strip()
    if not _may_answer(claim, plain, context):
        return ResolvedClaim(claim)
    found = _PARTICLE.fullmatch(plain)
    if found:
        return _answered(claim, plain, found, context)
    ellipsis = _ellipsis(plain, context)
    if ellipsis is not None:
        return ellipsis
    if _is_fragment(plain):
        return _fragment(plain, context)
    resolved = resolve_pronouns(claim, context)
    if resolved == claim and not _content(claim) and _is_pronominal(plain):
        return ResolvedClaim(claim, checkable=False)
    return ResolvedClaim(resolved)


def _may_answer(claim: str, plain: str, context: ClaimContext) -> bool:
    """Tell whether a text asserts something: no question, heading or lead-in, no lone mark of a list."""
    if plain.endswith(("?", ":")) or not any(char.isalnum() for char in plain):
        return False
    if re.fullmatch(r"\d{1,2}[.)]?", plain):
        return parse_question(context.question).kind in {AnswerType.NUMBER, AnswerType.TIME}
    return is_assertion(claim) or not any(term.isalpha() for term in _content(plain))


def _answered(claim: str, plain: str, found: re.Match[str], context: ClaimContext) -> ResolvedClaim:
    """Return "Yes.", "No, it did not." and "Yes, Langley signed it." as what they say."""
    yes = found["particle"].lower() in _AFFIRMATIVE
    statement = _in_context(yes_no_statement(context.question, yes=yes), context)
    rest = found["rest"].strip()
    if not rest or _is_elliptic(rest):
        if rest and yes == _is_negated(rest):
            return ResolvedClaim(claim, checkable=False)  # "Yes, it did not."
        return ResolvedClaim(statement or claim, checkable=bool(statement))
    if _PARTICLE.fullmatch(rest):
        return ResolvedClaim(claim, checkable=False)  # "Yes, no."
    opening = claim[: claim.find(rest)] if rest in claim else plain[: found.start("rest")]
    inner = resolve_claim(rest, ClaimContext(context.question, context.before or statement))
    if not inner.checkable:  # "No, they are not the same."
        repeats = bool(statement) and yes != _is_negated(rest)
        return ResolvedClaim(statement if repeats else claim, checkable=repeats)
    if statement and _is_fragment(rest):  # "Yes, in 2019." is the question's statement with its date
        return ResolvedClaim(inner.text, checkable=yes)
    return ResolvedClaim(capitalized(inner.text), opening=opening, statement=statement)


def _ellipsis(plain: str, context: ClaimContext) -> ResolvedClaim | None:
    """Return "He did." and "Langley did." as what they say; None for any other claim."""
    if not _is_elliptic(plain):
        return None
    words = plain.rstrip(" .!").split()
    subject = _subject_of(words)
    negated = _is_negated(plain)
    if is_yes_no(context.question):
        known = subject.lower() in SUBJECT_PRONOUNS or set(terms(subject)) <= set(terms(context.question))
        statement = yes_no_statement(context.question, yes=not negated) if known else ""
    else:
        asked = question_statement(context.question)
        meant = _antecedent(subject.lower(), context) if subject.lower() in SUBJECT_PRONOUNS else subject
        statement = asked.filled(meant) if asked and asked.asks_subject and meant and not negated else ""
    statement = _in_context(statement, context)
    return ResolvedClaim(statement or plain, checkable=bool(statement))


def _is_elliptic(text: str) -> bool:
    """Tell whether a sentence is a subject and an auxiliary: "He did.", "The minister has not."."""
    words = text.rstrip(" .!").lower().replace("’", "'").split()
    while words and words[-1] in {"not", "so", "too"}:
        words.pop()
    return 2 <= len(words) <= 5 and is_auxiliary(words[-1]) and not any(map(is_finite, words[:-1]))


def _subject_of(words: Sequence[str]) -> str:
    kept = [word for word in words if not is_negator(word.lower().replace("’", "'"))]
    if len(kept) == len(words) or not words[-1].lower().endswith(("n't", "n’t")):
        kept = kept[:-1] if kept and is_auxiliary(kept[-1].lower()) else kept
    return " ".join(kept)


def _is_negated(text: str) -> bool:
    return any(is_negator(word) for word in text.lower().replace("’", "'").rstrip(" .!").split())


def _fragment(plain: str, context: ClaimContext) -> ResolvedClaim:
    """Return "In 2019.", "50%." and "Langley." as what they say after the lead-in of their list, or the question."""
    answer = plain.rstrip(" .!;,")
    if context.before.rstrip().endswith(":"):
        led = context.before.translate(_EMPHASIS).strip().rstrip(" :")
        if any(is_auxiliary(word) for word in led.lower().split()[-1:]):
            return ResolvedClaim(f"{led} {answer}.")  # "The countries that left are:"
    asked = question_statement(context.question)
    statement = asked.filled(answer) if asked else ""
    if not asked and context.question:
        known = yes_no_statement(context.question, yes=True)
        statement = f"{known[:-1]} {answer[0].lower()}{answer[1:]}." if known else ""
    if statement:
        return ResolvedClaim(_in_context(statement, context))
    return ResolvedClaim(plain, checkable=not context.question and len(_content(plain)) > 1)


def _is_fragment(plain: str) -> bool:
    """Tell whether a text is a short answer without a finite verb: a quantity, a phrase with a preposition, a name."""
    words = [word.strip(".,;:!()“”\"'").lower().replace("’", "'") for word in plain.split()]
    if not words or len(words) > MAX_SHORT_ANSWER or plain.startswith("#"):
        return False
    if any(is_finite(word) for word in words) or words[0] in SUBJECT_PRONOUNS:
        return False
    if _QUANTITY.match(plain) or words[0] in PREPOSITIONS | word_set("because due"):
        return not re.search(r", [^\W\d]", plain)  # "On the first tab, click the name"
    written = [word.strip(".,;:!()“”\"'") for word in plain.split()]
    if all(word[:1].isupper() or word.lower() in _JOINING for word in written):
        return True
    opens = words[0] in ARTICLES or words[0] in DEMONSTRATIVES or words[0] in POSSESSIVE_DETERMINERS
    return opens and not any(word in BASES or word in THIRD_PERSON_FORMS or word.endswith("s") for word in words[2:])


_JOINING = ARTICLES | word_set("and or of de von van for in")


def _in_context(statement: str, context: ClaimContext) -> str:
    """Return a statement made of the question with its pronouns resolved by the sentence before."""
    return resolve_pronouns(statement, ClaimContext("", context.before)) if statement else ""


def resolve_pronouns(claim: str, context: ClaimContext) -> str:
    """Return ``claim`` with its subject or object pronoun replaced by what it refers to; as it is where unsure."""
    resolved = claim
    found = _SUBJECT_PRONOUN.match(claim)
    if found and not (found["pronoun"].lower() == "it" and _is_expletive(claim[found.end() :])):
        pronoun = found["pronoun"].lower()
        meant = _antecedent(pronoun, context)
        if meant and not _mentions(claim[found.end() :], meant):
            meant = meant if found["lead"] or not meant[:1].islower() else meant[0].upper() + meant[1:]
            owner = "’s" if pronoun in _POSSESSIVE else ""
            verb = f" {_CONTRACTED[found['contraction'][1:].lower()]}" if found["contraction"] else ""
            resolved = f"{found['lead']}{meant}{owner}{verb}{claim[found.end() :]}"
    return _with_object(resolved, context)


def _with_object(claim: str, context: ClaimContext) -> str:
    """Return ``claim`` with the object pronoun of the question's own verb as its object: "signed it"."""
    found = _OBJECT_PRONOUN.search(claim)
    asked = question_statement(context.question) if found else None
    if found is None or asked is None or not asked.asks_subject:
        return claim
    before = claim[: found.start()].split()
    verb, _, rest = asked.after.partition(" ")
    if not before or terms(before[-1]) != terms(verb):
        return claim
    phrase = _noun_phrase(rest)
    return f"{claim[: found.start()]}{phrase}{claim[found.end() :]}" if phrase else claim


def _noun_phrase(text: str) -> str:
    """Return the noun phrase that ``text`` begins with, up to a preposition other than "of"."""
    kept: list[str] = []
    for word in text.rstrip(" .?!").split():
        folded = word.lower()
        if kept and (folded in PREPOSITIONS - {"of"} or folded in SUBORDINATORS or is_finite(folded)):
            break
        kept.append(word)
    opens = bool(kept) and (kept[0].lower() in ARTICLES | POSSESSIVE_DETERMINERS or kept[0][0].isupper())
    return " ".join(kept) if opens else ""


_LINKING = BE | MODAL_VERBS | word_set("has remains became took seems appears")


def _is_expletive(rest: str) -> bool:
    """Tell whether "it" may refer to nothing: "It is unclear whether", "It was the first time that"."""
    words = rest.split()
    return bool(words) and words[0].lower() in _LINKING and bool(re.search(r"\b(?:that|whether|to|who|if)\b", rest))


def _antecedent(pronoun: str, context: ClaimContext) -> str:
    """Return what a pronoun refers to: the subject of the sentence before, or a name of the question; empty: unsure."""
    subject = _subject(context.before)
    if subject:
        if subject.split(maxsplit=1)[0].lower() in DEMONSTRATIVES | {"there"}:
            return ""
        if subject.lower() not in SUBJECT_PRONOUNS:
            return subject if _agrees(pronoun, subject) else ""
        if subject.lower() != pronoun:
            return ""
    elif context.before:
        return ""
    named = [name.text for name in names(context.question.rstrip(" ?")) if not name.text.endswith(("'s", "’s"))]
    fitting = [name for name in named if _agrees(pronoun, name)]
    return fitting[0] if len(set(fitting)) == 1 else ""


def _subject(sentence: str) -> str:
    """Return the subject of a sentence: its words up to the first finite verb; empty where unsure."""
    plain = sentence.translate(_EMPHASIS).strip()
    lead = _ADVERBIAL.match(plain)
    plain = plain[lead.end() :] if lead else plain
    words = plain.split()
    if words and words[0].lower().strip(",") in PREPOSITIONS | SUBORDINATORS:
        comma = plain.find(", ")
        if comma < 0 or len(plain[:comma].split()) > _MAX_SUBJECT:
            return ""
        words = plain[comma + 2 :].split()
    kept: list[str] = []
    for word in words[: _MAX_SUBJECT + 1]:
        folded = word.lower().replace("’", "'").rstrip(".!;,")
        if kept and (is_finite(folded) or folded in {"agree", "say", "want", "have"}):
            return " ".join(kept)
        if folded in SUBORDINATORS - {"and"} or word.endswith((",", ";", ":")):
            return ""  # a clause or an apposition between the subject and its verb
        kept.append(word)
    return ""


def _agrees(pronoun: str, phrase: str) -> bool:
    """Tell whether a pronoun can refer to a phrase, by number, gender of given names, and whether it names a person."""
    words = phrase.lower().split()
    head = re.split(r"\s(?:of|in|for|from|at|with|on)\s", phrase.lower())[0].split()
    plural = "and" in words or (head[-1].endswith("s") and not head[-1].endswith(("ss", "us", "'s", "’s")))
    if pronoun in _PLURAL_PRONOUNS:
        return plural or head[-1] in GROUP_WORDS
    if plural and "and" in words:
        return False
    person = _names_person(phrase)
    if pronoun in MASCULINE_PRONOUNS | FEMININE_PRONOUNS:
        return person
    return pronoun in _NEUTER_PRONOUNS and not person and not plural


def _names_person(phrase: str) -> bool:
    words = read_words(phrase, sentence=False)
    roles = {role for role in ROLES if " " not in role}
    if any(phrase[word.start : word.end].lower() in roles for word in words):
        return True
    named = [word for word in words if word.name and not word.stop]
    if not named or any(word.term in place_groups() for word in named):
        return False
    opens = phrase.split(maxsplit=1)[0].lower() in ARTICLES
    return any(word.term in given_names() for word in named) or (not opens and len(named) == 1 == len(words))


def _mentions(text: str, phrase: str) -> bool:
    """Tell whether a text names what a phrase names: a pronoun before it is somebody else."""
    found = {term for name in names(phrase) for term in name.terms}
    return bool(found.intersection(word.term for word in read_words(text)))


def _is_pronominal(plain: str) -> bool:
    return any(word.strip(".,;!").lower() in THIRD_PERSON | DEMONSTRATIVES for word in plain.split())


def _content(text: str) -> set[str]:
    return {word.term for word in read_words(text) if word.term and not word.stop}


def merged_verdict(shown: ClaimVerdict, statement: ClaimVerdict, opening: str, bare: str) -> ClaimVerdict:
    """Return the verdict on "Yes, Langley signed it." by those on "Langley signed it" and on what "Yes" says.

    Where the articles do not support what "Yes" says, it is cut away; with a claim that is not shown it stays.

    Args:
        shown: The verdict on the claim without its opening; its text may be without what was cut.
        statement: The verdict on the statement of the opening.
        opening: The opening.
        bare: The claim without it, as written.
    """
    if shown.support in _CARRIED and statement.support not in _SUPPORTED:
        cut = (opening.strip(" ,.;:—–-"), *shown.cut)
        return replace(shown, support=Support.PARTIAL, text=capitalized(shown.text), cut=cut)
    is_start = shown.text[:1].lower() == bare[:1].lower()
    return replace(shown, text=opening + (bare[:1] + shown.text[1:] if is_start else shown.text))


_SUPPORTED = frozenset({Support.VERBATIM, Support.SUPPORTED})
_CARRIED = _SUPPORTED | {Support.PARTIAL}
