"""Rule rewriter: standalone questions from short follow-ups, by their form and the question before, without a model.

The result is an English question that people are shown and that search and the reader use. A question that no rule
covers keeps its words, followed by those of the question before it in parentheses.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answering.speech_question import parse_speech_question
from bot.conversation.definite_phrase import definite_phrase
from bot.conversation.question_clause import (
    PREPOSITIONS,
    QuestionClause,
    agreeing,
    as_question,
    asks_about,
    is_plural,
    parse_clause,
    split_object,
    with_adjunct,
    with_agent,
    with_choice,
    with_count,
)
from bot.conversation.question_patterns import (
    LEADING_PREPOSITIONS,
    OthersQuestion,
    bare_question_word,
    is_introduced,
    leading_preposition,
    parse_others_question,
    substituted_topic,
    without_lead,
)
from bot.conversation.store import Turn
from retrieval.text.analyzer import fold
from retrieval.text.dates import MONTH_PATTERN, WEEKDAY_PATTERN
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    DO,
    FEMININE_PRONOUNS,
    MASCULINE_PRONOUNS,
    OBJECT_PRONOUNS,
    PLURAL_AUXILIARIES,
    POSSESSIVE_DETERMINERS,
    PRESENT_AUXILIARIES,
    QUESTION_ADVERBS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    STOP_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    word_set,
)
from retrieval.text.names import GIVEN
from retrieval.text.places import PLACES
from retrieval.text.roles import PERSON_NOUNS, ROLES
from retrieval.text.time_expressions import time_expressions, without_times
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import BASES, THIRD_PERSON_FORMS, is_participle, is_past_form, past_form


@lru_cache(maxsize=256)
def main_name(text: str) -> str:
    """Return the most frequent name of ``text``, as usually written; empty where none occurs twice."""
    terms: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for word in read_words(text):
        if word.name and not word.stop and not word.date:
            terms[word.term] += 1
            written.setdefault(word.term, Counter())[text[word.start : word.end]] += 1
    if not terms:
        return ""
    term, count = terms.most_common(1)[0]
    return _without_possessive(written[term].most_common(1)[0][0]) if count > 1 else ""


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word


MIN_TURNS_OF_AN_EVENT = 2
"""Turns before "When was that?" where the last asked who or what somebody or something is."""
_IDENTIFYING = LazyPattern(
    rf"\W*(?:who|what|which)\s+(?:{alternation(BE)})\s+(?:the|an?)\s+[\w’'-]+\W*$", re.IGNORECASE
)
_ONE = LazyPattern(
    rf"(?:(?:{alternation(LEADING_PREPOSITIONS)})\s+)?the\s+(?P<which>[\w’'-]+(?:\s+[\w’'-]+){{0,2}})\s+one",
    re.IGNORECASE,
)
"""Another thing of the kind that was asked about: "in the 1999 one"."""

_OF_NAME = LazyPattern(r"\bthe\s+[A-Z][\w’'-]*(?=\s+[A-Z])")
"""The first word of a name of several: "the House Judiciary Committee"."""
_ADJUNCT = LazyPattern(
    rf"\W*(?:(?:and|but)\s+)?(?:{alternation(LEADING_PREPOSITIONS)})\s+(?:how\s+(?:many|much)|which|what)(?:\s+[\w’'-]+)"
    r"{1,2}\W*",
    re.IGNORECASE,
)
"""A question for an adjunct without a verb: "by how many votes?"."""
_IN_PLACE = LazyPattern(r"\bin\s+[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*$")
_OF_THEM = LazyPattern(r"\W*(?:and\s+)?which\s+(?:ones\s+)?of\s+(?:them|these|those)\b", re.IGNORECASE)
_REQUEST = LazyPattern(
    r"(?:compare|describe|explain|find|gist|give|history|list|name|outline|overview|profile|recap|show"
    r"|sum(?:mary|mari[sz]e)?|tell|timeline)\b",
    re.IGNORECASE,
)
"""A request for something, and no heading."""
_LISTED = LazyPattern(r"\W*(?:list|name|show(?:\s+me)?)\s+(?:all\s+)?(?:the\s+)?(?P<thing>[\w’'-]+)", re.IGNORECASE)
"""A request for a list: "list the countries mentioned"."""

MAX_TURNS_BACK = 4
"""Turns in which the question is sought that "Who else?" goes on with."""
MAX_TOPIC_WORDS = 6
"""Words of the earlier question that are added for a pronoun."""

_AUXILIARY = alternation(QUESTION_AUXILIARIES)
_QUESTION_WORD = alternation(QUESTION_WORDS)
_THEM = alternation(OBJECT_PRONOUNS & THIRD_PERSON)
_AGREEING = alternation(PLURAL_AUXILIARIES.keys() | PLURAL_AUXILIARIES.values())
_TOPIC = LazyPattern(
    r"^(?P<lead>(?:summari[sz]e|recap|explain|describe|outline)\b(?P<none>)|(?:(?!\b(?:about|of|on|for|in|with|to)\b).)*?\b)"
    r"(?P<preposition>(?(none)|(?:about|of|on|for|in|with|to)))\s+"
    r"(?P<topic>(?:(?:the|a|an)\s+)?[\w’'-]+(?:\s+[\w’'-]+){0,3})$",
    re.IGNORECASE,
)
"""A question that ends in its topic: "Tell me about the agreement"."""
_STARTS_WITH_AUXILIARY = LazyPattern(rf"(?:{alternation(QUESTION_AUXILIARIES)})\b", re.IGNORECASE)
_COUNTED = LazyPattern(r"how\s+many\s+(?=articles?\b|stories\b|reports?\b|outlets?\b)", re.IGNORECASE)
"""A question for a number of articles, after which "which?" asks for the articles."""
_SAID_IT = LazyPattern(rf"\b(?:{alternation(MASCULINE_PRONOUNS | FEMININE_PRONOUNS)})\s+(?:say|said)\b", re.IGNORECASE)
"""What somebody said: "where did he say it?"."""
_STATE = LazyPattern(
    rf"(?P<lead>.*\b(?:{alternation(BE)})\s+(?:there\s+)?)(?:in|at|on|without|with|under|for|against)\s+(?:[\w’'-]+\s?){{1,3}}"
)
"""A question that ends in where or how somebody or something is: "how many people are in shelters"."""
_STATES = word_set("without with under against for")
"""Prepositions of another state than that of the question before: "and without power?"."""
_PLACE_NOUNS = word_set(
    "country countries nation nations state states city cities town towns place places region regions"
)
_PERIOD = LazyPattern(r"(?<!\s)\s+(?:before|after|since|until)\s+(?:[A-Z][a-z]+\s+)?\d.*$")
_PARENTHESIS = LazyPattern(r"(?<!\s)\s*\(([^()]*)\)\W*$")
_TAIL = LazyPattern(rf",\s+and\s+(?:since\s+|by\s+|for\s+)?(?:{_QUESTION_WORD})\b[^,]*\W*$", re.IGNORECASE)
"""What an earlier follow-up added: ", and since when?"."""
_ABOUT_TAIL = LazyPattern(r"(?<!\s)\s+(?:about|on)\s+[a-z’'-]++(?:\s+[a-z’'-]++)*+\W*$")
_NOUN_AFTER = LazyPattern(r"\s+(?P<noun>(?!\w+ed\b)[a-z]+)\b")
_LISTS_OTHERS = LazyPattern(rf"\W*(?:who\s+(?:{alternation(BE)})\b|(?:list|name|show)\b)", re.IGNORECASE)
_THERE = LazyPattern(
    rf"(?:how\s+many|which|what)\s+(?P<thing>(?:[\w’'-]+\s+){{0,3}}[\w’'-]+)\s+(?:{alternation(BE)})\s+there\b",
    re.IGNORECASE,
)
"""A question what there is: "how many soldiers are there in Niger"."""
_REPEATED = LazyPattern(r"(?<![\w’'-])\b([\w’'-]++)\s+\1\b", re.IGNORECASE)
_MONTH = LazyPattern(rf"{MONTH_PATTERN}", re.IGNORECASE)
_BARE_YEAR = LazyPattern(r"(?:in )?[12]\d{3}")
_OWNS = LazyPattern(r"['’]s$")
_AT = LazyPattern(r"(?<!\w)(?:on|in|at|during|by|since)\s+(?:the\s+)?$", re.IGNORECASE)
_DAY = LazyPattern(rf"(?:{WEEKDAY_PATTERN})\b|\d{{1,2}}\b(?!\d)|(?:{MONTH_PATTERN})\s+\d{{1,2}}\b(?!\d)", re.IGNORECASE)
_DOES = LazyPattern(rf"\b(?:{alternation(DO)})\b", re.IGNORECASE)
_SPEAKING = word_set("say tell ask think tweet write claim argue promise")
_TIME = LazyPattern(
    r"^(?:last|this|next|yesterday|today|tomorrow|before|after|since|earlier|later|recently)\b", re.IGNORECASE
)
_ELSE = LazyPattern(r"(?<!\s)\s*\b(?:else|other)\b", re.IGNORECASE)
_THIRD = LazyPattern(rf"\b(?:{alternation(THIRD_PERSON | DEMONSTRATIVES | {'there'})})\b", re.IGNORECASE)
_SUBJECT = rf"(?!(?:{alternation(SUBJECT_PRONOUNS | DEMONSTRATIVES | {'there'})})\b)[\w’'-]"
_OWNER = alternation(POSSESSIVE_DETERMINERS & THIRD_PERSON)
_BOUND = LazyPattern(
    rf"^\W*(?:\w+\s+)?(?:{_QUESTION_WORD})\b(?:(?!\b(?:{_AUXILIARY})\b).)*?\b(?P<bound>{_OWNER})\b"
    rf"(?:(?!\b(?:{_AUXILIARY})\b).)*\b(?:does|do|did)\s+{_SUBJECT}",
    re.IGNORECASE,
)
"""A possessive whose owner follows: "how much of its arms does Algeria buy"."""


Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""The similarity of a text to each of others."""


def rewrite_by_rules(
    question: str, history: Sequence[Turn], near: Similarity | None = None, person: str = ""
) -> str | None:
    """Return the standalone form of the follow-up ``question``; None where no rule applies.

    Args:
        question: What was asked, with at least one turn before it.
        history: The turns before it, oldest first.
        near: Chooses the name that a new one substitutes; None: the last.
        person: Who answered the question before, where it asked who and one person did.
    """
    before, _ = split_topic(without_else(history[-1].standalone_question))
    before = _TAIL.sub("?", before)
    if (of_them := _OF_THEM.match(question)) and (thing := _listed(before)):
        return f"Which {thing}{question[of_them.end() :]}"
    other = parse_others_question(question)
    if other:
        return _others(other, without_else(_asked_for_others(other, history)))
    word = "" if _asks_of_speech(question, before) else bare_question_word(question)
    if word:
        return _event_asked_again(word, history) or _asked_again(word, before, person)
    if _ADJUNCT.fullmatch(question) and (clause := parse_clause(without_lead(before).rstrip(" ?!.…"))):
        return with_adjunct(as_question(without_lead(question).rstrip(" ?!.…")).rstrip("?"), clause, person) or None
    fragment = substituted_topic(question)
    return _agreed(_with_topic_of(question, fragment, before, history, near), fragment) if fragment else None


def _agreed(question: str | None, subject: str) -> str | None:
    """Return a question whose auxiliary agrees with the subject put in: "do the Democrats" for "does Trump"."""
    noun = is_plural(subject) or subject[:1].isupper() or subject.split(maxsplit=1)[0].lower() in ARTICLES
    if not question or not noun or " and " in subject:
        return question
    before_subject = rf"(?<!\w)(?:{_AGREEING})(?=\s+{re.escape(subject)}(?!\w))"
    return re.sub(before_subject, lambda found: agreeing(found.group(), subject), question, count=1)


def _asks_of_speech(question: str, before: str) -> bool:
    """Return whether a question asks of what somebody said, whose words the one before did not ask for."""
    return _SAID_IT.search(question) is not None and parse_speech_question(before.rstrip(" ?!.…")) is None


def _with_topic_of(
    question: str, fragment: str, before: str, history: Sequence[Turn], near: Similarity | None
) -> str | None:
    """Return the question before asked of the topic that a question brings in; None where no rule applies."""
    if replaced := (
        with_other_one(fragment, before)
        or redated(before, fragment)
        or _of_speaker(question, fragment, before, names_in(history))
    ):
        return as_question(replaced)
    if not _is_whole(before):  # "X's friendship with Y, his line now", "and Z?"
        return _behind_heading(fragment, before, names_in(history), near) or _of_name_before(fragment, before)
    if like := _of_its_kind(fragment, before):
        return before.replace(like, fragment, 1)
    last = history[-1]
    if is_introduced(question) and has_pronoun(before) and len(history) > 1:  # "When did he pardon them?"
        before = history[-2].standalone_question
    if is_introduced(question) and (introduced := _introduced(fragment, before)):
        return introduced
    answered = frozenset(() if last.abstained else read_terms(last.answer)) - set(read_terms(before))
    before = _without_about(fragment, before)
    names = names_in(history)
    member = _as_member(fragment, before, names, answered, introduced=is_introduced(question))
    if member:
        return member
    previous = frozenset(read_terms(substituted_topic(last.question) or ""))
    return _with_fragment(fragment, before, names, near, previous) or None


def _introduced(fragment: str, before: str) -> str:
    """Return what is asked of an office or a thing that "what about" brings in; empty where it is as before."""
    if _word_of(before).lower() in {"who", "whom"} and _is_office(fragment):
        return f"Who is {fragment}?"
    spoken = _is_thing(fragment) and parse_speech_question(before.rstrip(" ?!.…"))
    return f"Tell me about {fragment}" if spoken else ""  # "What about a deal with China?" after what somebody said


def _is_whole(question: str) -> bool:
    """Return whether a question is a sentence or a request: not a heading, nor a fragment."""
    asked = without_lead(question).rstrip(" ?!.…")
    asks = _word_of(asked) or _STARTS_WITH_AUXILIARY.match(asked) or parse_speech_question(asked)
    return bool(asks) or _REQUEST.match(asked) is not None


def _behind_heading(fragment: str, before: str, names: frozenset[str], near: Similarity | None) -> str:
    """Return a question behind a heading asked of another thing: "Syria 2013, what did they think of the strikes?"."""
    heading, comma, asked = before.partition(", ")
    if not comma or not fragment.startswith("the ") or not _is_whole(asked):
        return ""
    written = _with_fragment(fragment, asked, names, near, frozenset())
    return f"{heading}, {written[:1].lower()}{written[1:]}" if written else ""


def _of_name_before(fragment: str, before: str) -> str | None:
    """Return a statement with another name before its verb: "Reed paid?" after "Brook paid?"; None for any other."""
    name, _, rest = before.rstrip(" ?!.…").partition(" ")
    verb = fold(rest.split()[0]) if rest else ""
    named = fragment[:1].isupper() and " " not in fragment and fold(name) not in STOP_WORDS
    return f"{fragment} {rest}?" if named and is_past_form(verb) else None


def _of_its_kind(fragment: str, before: str) -> str:
    """Return the person or the thing of a question in whose place a noun phrase comes; empty for none.

    "The senator from Alabama" after "What did Hoeven say?", "hurricane Irma" after "… in the Oklahoma tornado?".
    """
    clause = parse_clause(before.rstrip(" ?!.…"))
    who = clause.subject if clause else ""
    if who[:1].isupper() and not _is_place(who) and _is_office(fragment):
        return who
    phrase = definite_phrase(before)
    verbal = clause is not None and bool(who) and phrase.split()[-1:] == [clause.verb]  # "the Democrats want"
    nominal = any(word.islower() and word not in ARTICLES for word in fragment.split())
    named = any(word[:1].isupper() for word in fragment.split())
    return phrase if nominal and named and not verbal and not leading_preposition(fragment) else ""


def redated(before: str, new: str) -> str:
    """Return the question before with another date: "in March" for "on Monday"; empty where ``new`` is no date."""
    bare = new[len(leading_preposition(new)) :].strip()
    month = _MONTH.fullmatch(bare)
    dated = bare if not month else new if fold(bare) in {"may", "march"} else f"in {bare}"  # "may" alone is a verb
    rest = without_times(dated)
    if not time_expressions(dated) or leading_preposition(rest) != rest.strip(" ,"):
        return ""
    on = "" if _TIME.match(bare) else "on " if _DAY.match(bare) else "in "
    written = new if leading_preposition(new) else f"{on}{bare}"
    dates = time_expressions(before)
    if dates:
        kept, end = _AT.sub("", before[: dates[-1].start]), dates[-1].end
        if month and _BARE_YEAR.fullmatch(year := before[dates[-1].start : end]):
            written = f"{written} {year}"
        return f"{kept.rstrip()} {written}{before[end:]}"
    asked = before.rstrip(" ?!.…")
    return f"{asked} {written}{before[len(asked) :]}"


def _of_speaker(question: str, fragment: str, before: str, names: frozenset[str]) -> str:
    """Return what somebody else said or did: "And Tester?" after "What did Warren tell Stumpf?", "… does he want?".

    A place after what was said of a place takes its place, and does not speak.
    """
    clause = parse_clause(before.rstrip(" ?!.…"))
    named = _names_something(fragment, names) and not leading_preposition(fragment) and not _is_place(fragment)
    if clause is None or not clause.subject or not named:
        return ""
    who = clause.subject
    speaks = not is_introduced(question) and clause.word == "what" and fold(clause.verb) in _SPEAKING
    personal = who.lower() in SUBJECT_PRONOUNS & (MASCULINE_PRONOUNS | FEMININE_PRONOUNS)
    if not (speaks or personal):
        return ""
    # "And O'Reilly?" after "What did Palin say about O'Reilly?" asks what he said about her
    either = rf"(?<!\w)(?:{re.escape(who)}|{re.escape(fragment)})(?!\w)"
    return re.sub(either, lambda found: fragment if found.group() == who else who, before)


def _event_asked_again(word: str, history: Sequence[Turn]) -> str:
    """Return "When was Ann ordered to pay?" after "Who was the judge?", which itself tells of nothing that happened."""
    last = history[-1].standalone_question
    if word != "when" or len(history) < MIN_TURNS_OF_AN_EVENT or not _IDENTIFYING.match(last):
        return ""
    clause = parse_clause(without_lead(history[-2].standalone_question).rstrip(" ?!.…"))
    return _with_word(word, clause, "") if clause else ""


def with_other_one(fragment: str, before: str) -> str:
    """Return the question before with another thing of a kind: "in the 1999 one" after "… in the Oklahoma tornado?"."""
    found = _ONE.fullmatch(fragment)
    phrase = definite_phrase(before) if found else ""
    clause = parse_clause(before) if phrase else None
    if clause and clause.subject:
        phrase = phrase.removesuffix(f" {clause.verb}")  # "What does the ACLU lawsuit want?"
    if found and not phrase and found["which"][:1].isupper():  # "the Senate one" after "the House Judiciary Committee"
        return as_question(_OF_NAME.sub(f"the {found['which']}", before)) if _OF_NAME.search(before) else ""
    if not found or not phrase:
        return ""
    kept, _, after = before.partition(phrase)
    head = fold(phrase).split(" of ")[0].split()[-1]
    return as_question(f"{kept}the {found['which']} {head}{after}")


def _listed(question: str) -> str:
    """Return the several things that a question asks for, in lower case; empty where it asks for none."""
    clause = parse_clause(without_lead(question).rstrip(" ?!.…"))
    if clause and clause.word in {"which", "what", "how many"} and clause.thing:
        return clause.thing if is_plural(clause.thing) else ""
    found = _LISTED.match(question)
    return found["thing"].lower() if found and is_plural(found["thing"]) else ""


def _is_thing(fragment: str) -> bool:
    """Return whether a fragment is a common noun with an article, of no person: "a deal with China"."""
    article, *others = (word for word in fragment.split() if word)
    noun = list(itertools.takewhile(lambda word: word not in LEADING_PREPOSITIONS | {"of", "about"}, others))
    return article in ARTICLES and bool(noun) and all(map(str.islower, noun)) and noun[-1] not in ROLES | PERSON_NOUNS


def _is_office(fragment: str) -> bool:
    """Return whether a fragment names somebody by an office: "the Algerian defence minister"."""
    words = re.split(r" (?:of|from|for|in) ", fold(fragment), maxsplit=1)[0].split()
    return words[:1] == ["the"] and words[-1] in ROLES | PERSON_NOUNS


def split_topic(question: str) -> tuple[str, str]:
    """Return a question without the topic in parentheses at its end, and that topic: "Who pays for it (the wall)?"."""
    found = _PARENTHESIS.search(question)
    return (f"{question[: found.start()]}?", found[1]) if found else (question, "")


def _without_about(fragment: str, before: str) -> str:
    """Return the question before it without what it is about, where the fragment names that: "And about Benghazi?"."""
    found = _ABOUT_TAIL.search(before) if leading_preposition(fragment) in {"about", "on"} else None
    return before[: found.start()] if found else before


def is_request(question: str) -> bool:
    """Return whether a question is a request that ends in its topic: "Summarise the article about Niger"."""
    asked = question.rstrip(" ?!.…")
    return not _word_of(asked) and not _STARTS_WITH_AUXILIARY.match(asked) and _TOPIC.match(asked) is not None


def with_topic(question: str, before: str) -> str:
    """Return ``question`` with the topic of the question before it in parentheses, for its pronouns."""
    said = {word.term for word in read_words(question)}
    before = without_else(before)
    fresh = [word for word in read_words(before) if not word.stop and word.term not in said]
    # Names first: a topic handed on from question to question would grow without end.
    chosen = sorted(sorted(fresh, key=lambda word: not word.name)[:MAX_TOPIC_WORDS], key=lambda word: word.start)
    topic = _unfolded(chosen, before)
    return with_words(question, topic) if topic else question


def named_topic(question: str) -> str:
    """Return the names of a question, or what it ends in: "the agreement" of "Tell me about the agreement"."""
    runs = [question[start:end] for start, end in _runs(read_words(question), frozenset())]
    named = [run for run in runs if any(word.name for word in read_words(run, sentence=False))] or runs
    names = " and ".join(dict.fromkeys(map(_without_possessive, named)))
    topic = _TOPIC.match(question)
    return names or (topic["topic"] if topic else "")


def without_period(question: str) -> str:
    """Return a question without "before April 1, 2020" at its end."""
    return _PERIOD.sub("", question)


def with_names(question: str, before: str) -> str:
    """Return ``question`` with the names of the question before it in parentheses, or its topic where it has none."""
    asked = without_period(before.rstrip(" ?!.…"))
    names = ", ".join(asked[start:end] for start, end in _runs(read_words(asked), frozenset())) or named_topic(asked)
    said = {word.term for word in read_words(question)}
    return with_words(question, names) if names and not said & set(read_terms(names)) else with_topic(question, before)


def with_words(question: str, more: str) -> str:
    """Return ``question`` with ``more`` in parentheses."""
    return f"{question.rstrip(' ?!.…')} ({more})?"


def without_else(question: str) -> str:
    """Return ``question`` without "else" and "other", which ask for more of the same."""
    return _ELSE.sub("", question)


def has_pronoun(question: str) -> bool:
    """Tell whether a question holds a third-person pronoun or demonstrative that it does not explain itself."""
    bound = _BOUND.match(question)
    return any(not bound or found.span() != bound.span("bound") for found in _THIRD.finditer(question))


def names_in(history: Sequence[Turn]) -> frozenset[str]:
    """Return the terms written as names anywhere in a conversation, however a person typed them in a question."""
    texts = [text for turn in history for text in (turn.standalone_question, turn.answer)]
    return frozenset(word.term for text in texts for word in read_words(text) if word.name and not word.stop)


def _asked_for_others(other: OthersQuestion, history: Sequence[Turn]) -> str:
    """Return the latest question that "Who else?" or "Any others?" can go on with: one for who, which or what."""
    word = other.word.split(" ")[0].lower()
    wanted = {"who", "whom", "which"} if word in {"who", "whom", "which", ""} else {word}
    for turn in reversed(history[-MAX_TURNS_BACK:]):
        asked = turn.standalone_question
        if _word_of(asked).lower() in wanted:
            return asked
        spoken = parse_speech_question(asked.rstrip(" ?!.…")) if "who" in wanted else None
        if spoken and not has_pronoun(spoken.about):  # "What did Lechner say about Niger?", "Anyone else?"
            return f"Who said something about {spoken.about}?" if spoken.about else f"Who spoke besides {spoken.who}?"
    return history[-1].standalone_question


def _others(other: OthersQuestion, before: str) -> str:
    """Return the question before it, or what this one says of its own, asked for others."""
    head = other.word or _word_of(before)
    if read_terms(other.rest):
        return f"{head[:1].upper()}{head[1:]} else {other.rest}?"
    asked = without_lead(before).rstrip(" ?!.…")
    word = _word_of(asked)
    clause = parse_clause(asked)
    if clause and other.word.lower() == "who":
        written = with_agent("Who else", clause) if word.lower() in QUESTION_ADVERBS else ""
        if written:
            return written
        if clause.word == "what" and not clause.thing and clause.subject:
            return _done_by_others(clause)
    if not word:
        return f"{asked}, and {f'{other.word.lower()} else' if other.word else 'which others'}?"
    return f"{asked[: len(word)]} {'other' if clause and clause.thing else 'else'}{asked[len(word) :]}?"


def _done_by_others(clause: QuestionClause) -> str:
    """Return who else did what was asked of one: "Who else announced something?" after "What did Cook announce?"."""
    verb = past_form(fold(clause.verb)) if clause.auxiliary == "did" else clause.verb
    auxiliary = "" if clause.auxiliary in DO else agreeing(clause.auxiliary, "it")
    return f"{' '.join(filter(None, ('Who else', auxiliary, verb, 'something', clause.rest)))}?"


def _asked_again(word: str, before: str, person: str) -> str:
    """Return the question before it with another question word: "Who signed it?", "when" -> "When was it signed?".

    Where no grammatical form is certain, both are asked: "Who is the president of Mali, and since when?".
    """
    asked = without_lead(before).rstrip(" ?!.…")
    topic = _TOPIC.match(asked)
    if topic and not _word_of(asked) and not _STARTS_WITH_AUXILIARY.match(asked):
        return f"Timeline of {topic['topic']}" if word == "when" else f"About {topic['topic']}: {word}?"
    counted = _COUNTED.match(asked)
    if counted and word in {"which", "which one"}:  # "How many articles mention Mali?"
        return f"Which {asked[counted.end() :]}?"
    if _STARTS_WITH_AUXILIARY.match(asked) and word in QUESTION_ADVERBS:  # "Did he apologize?"
        return f"{word.capitalize()} {asked[:1].lower()}{asked[1:]}?"
    clause = parse_clause(asked)
    added = "which ones" if word == "which" else word
    return (_with_word(word, clause, person) if clause else "") or f"{asked}, and {added}?"


def _with_word(word: str, clause: QuestionClause, person: str) -> str:
    first, _, after = word.partition(" ")
    kind = after if first in LEADING_PREPOSITIONS else word
    head = word[:1].upper() + word[1:]
    if word == "since when" and clause.auxiliary not in PRESENT_AUXILIARIES:
        head = "When"
    if kind == "whom" and first == "by" and clause.auxiliary in {"was", "were"}:
        return with_adjunct(head, clause) if clause.asks_subject else with_agent("Who", clause)
    if word == "why not":
        denied = replace(clause, verb=f"not {clause.verb}") if clause.auxiliary else None
        return with_adjunct("Why", denied) if denied else ""
    if kind in {"who", "whom"}:
        return with_agent("Who", clause)
    if kind in {"how many", "how much"} and kind == word:
        return with_count(head, clause)
    if kind == "which":
        return with_choice(clause)
    return with_adjunct(head, clause, person) if kind in QUESTION_ADVERBS or kind.startswith("how ") else ""


def _as_member(fragment: str, before: str, names: frozenset[str], answered: frozenset[str], *, introduced: bool) -> str:
    """Return whether a name is among those that the question before asked for; empty where it takes a name's place.

    It is where it was in the answer, and where "what about" names one of the kind: "Who did Trump pardon?", "What about
    Rod Blagojevich?".
    """
    clause = parse_clause(without_lead(before).rstrip(" ?!.…"))
    if clause is None or leading_preposition(fragment) or not _names_something(fragment, names):
        return ""
    of_kind = introduced and (_is_place(fragment) or (" " in fragment and not clause.asks_subject))
    given = set(read_terms(fragment)) <= answered
    return asks_about(clause, fragment) if (given or of_kind) and _is_asked_for(fragment, clause) else ""


def _with_fragment(
    fragment: str, before: str, names: frozenset[str], near: Similarity | None, previous: frozenset[str]
) -> str:
    """Return the question before it with the fragment in the place of the name it is most like, or added; else nothing.

    "What did Mali want in the Moscow talks?" and "And in Niger?" give "What did Niger want in the Moscow talks?".
    ``previous`` are the terms that the question before it had put there: another one takes their place.
    """
    asked = without_lead(before).rstrip(" ?!.…")
    word = leading_preposition(fragment)
    inner = fragment[len(word) :].lstrip() if word else fragment
    clause = parse_clause(asked)
    if done := _with_deed(fragment, asked, clause) or (_with_state(word, fragment, asked, clause) if word else ""):
        return done
    if not word and (not _names_something(inner, names) or _is_common(fragment)):
        return _with_noun(fragment, asked, clause, names)
    runs = [run for run in _runs(read_words(asked), names) if _is_of_time(asked[slice(*run)]) is _is_of_time(inner)]
    if not runs:
        return _added(fragment, word, asked, clause)
    places = all(_is_place(asked[first:last]) or _after("in", asked[:first]) for first, last in runs)
    if not word and _is_other_kind(inner, asked, places=places):
        return f"What about {inner}?"
    held = [run for run in runs if word and _after(word, asked[: run[0]])]
    put = [run for run in runs if previous and previous & set(read_terms(asked[run[0] : run[1]]))]
    chosen = (held or runs)[-1]
    if put and not word:
        chosen = put[-1]
    elif near and len(runs) > 1 and _names_something(inner, names):
        scores = list(near(inner, [asked[first:last] for first, last in runs]))
        chosen = runs[scores.index(max(scores))]
    elif word and not held:
        # "What does Algeria want?", "And in Niger?"
        replaces = word == "in" and places and _is_place(inner)
        return _substituted(inner, "", asked, chosen) if replaces else _ended(f"{asked} {fragment}")
    nominal = inner.startswith("the ") and inner.split()[-1].islower() and not _is_office(inner)
    apart = nominal and _names_person(asked, chosen)  # "the travel ban ruling" after "What does Justice Reed foresee?"
    return f"What about {inner}?" if apart else _substituted(fragment, word, asked, chosen)


def _is_of_time(name: str) -> bool:
    """Return whether words are a date: no name takes the place of one."""
    return all(word.date or word.stop for word in read_words(name, sentence=False))


def _names_person(asked: str, run: tuple[int, int]) -> bool:
    """Return whether a run of names is a person's: no noun goes on with it, and it has a given name or an office."""
    first, *_ = words = fold(asked[slice(*run)]).split()
    titled = first in ROLES or set(fold(asked[: run[0]]).split()[-1:]) & ROLES
    return bool(titled or (len(words) > 1 and first in GIVEN)) and not _is_before_noun(asked[: run[0]], asked[run[1] :])


def _with_deed(fragment: str, asked: str, clause: QuestionClause | None) -> str:
    """Return a question with what was done in place of its like: "and injured?"."""
    *_, head = fragment.split()
    manner = all(fold(each).endswith("ly") for each in fragment.split()[:-1])
    if not clause or not manner or not is_participle(fold(head)) or not fragment.islower():
        return ""
    if is_participle(fold(clause.verb)) and clause.auxiliary in BE | {"has", "have"}:
        at = asked.index(f" {clause.verb}") + 1
        been = "been " if clause.auxiliary not in BE and not clause.rest.startswith("been ") else ""
        return f"{asked[:at]}{been}{fragment}{asked[at + len(clause.verb) :]}?"
    died = clause.word in {"who", "how many", "which"} and not clause.auxiliary and is_past_form(fold(clause.verb))
    be = "was" if clause.word == "who" else "were"
    return f"{asked[: asked.index(f' {clause.verb}')]} {be} {fragment} {clause.rest}".rstrip() + "?" if died else ""


def _with_state(word: str, fragment: str, asked: str, clause: QuestionClause | None) -> str:
    """Return a question with how or among whom something is in place of its like: "and without power?"."""
    if of_them := re.search(rf"\b{word}\s+(?:{_THEM})$", asked, re.IGNORECASE):
        return _ended(f"{asked[: of_them.start()]}{fragment}")  # "among them", "and among the young?"
    state = _STATE.fullmatch(asked) if word in _STATES and clause is None else None
    return _ended(f"{state['lead']}{fragment}") if state else ""


def _is_common(fragment: str) -> bool:
    """Return whether a fragment is several things without a name: "equality voters"."""
    first, _, others = fragment.partition(" ")
    return fragment.islower() and first not in ARTICLES | DEMONSTRATIVES and bool(others) and is_plural(fragment)


def _is_other_kind(name: str, asked: str, *, places: bool) -> bool:
    """Tell whether a name is of another kind than those of a question: a person for a country, or a country for one."""
    return (_is_person(name) and places) or (_is_place(name) and not places and bool(_LISTS_OTHERS.match(asked)))


def _substituted(fragment: str, word: str, asked: str, run: tuple[int, int]) -> str:
    """Return a question with the fragment in the place of a run of names, with its preposition where it has one."""
    kept, rest = asked[: run[0]], asked[run[1] :]
    owns = _OWNS.search(asked[run[0] : run[1]])
    if owns and not _OWNS.search(fragment) and rest.strip():  # "When does Oregon's rule come in?"
        fragment = f"{fragment}{owns.group()}"
    if _after(word, kept) and not _is_before_noun(kept, rest):
        return _ended(f"{kept[: -len(_after(word, kept))]}{fragment}{rest}")
    inner = fragment[len(word) :].lstrip() if word else fragment
    if not _is_before_noun(kept, rest):  # "the U.S." gives way to "France" with its article
        kept = re.sub(r"\bthe\s+$", "", kept, flags=re.IGNORECASE)
    return _ended(_REPEATED.sub(lambda found: found[1], f"{kept}{inner}{rest}"))


def _is_before_noun(kept: str, rest: str) -> bool:
    """Return whether a noun goes on with a name: "the Iowa caucuses", "the US delegation"."""
    found = _NOUN_AFTER.match(rest)
    noun = found["noun"] if found else ""
    verb = noun in BASES or noun in THIRD_PERSON_FORMS or is_past_form(noun)
    function = noun in STOP_WORDS or noun in QUESTION_AUXILIARIES | QUESTION_WORDS | PREPOSITIONS
    last = found is not None and not rest[found.end() :].strip()
    asks = last and not noun.endswith("s") and _DOES.search(kept) is not None  # "did the US abstain?"
    return bool(noun) and not function and not verb and not asks


def _is_asked_for(name: str, clause: QuestionClause) -> bool:
    """Return whether a name can be one of those that a question asks for: a place for countries, else no place."""
    asked = bool(set(fold(clause.thing).split()) & _PLACE_NOUNS)
    is_fitting = asked is _is_place(name) and (asked or clause.asks_subject or not clause.thing)
    return is_fitting and bool(asks_about(clause, name))


def _ended(text: str) -> str:
    """Return a question with its mark; a request ("Timeline of Niger") has none."""
    return f"{text}?" if _word_of(text) or _STARTS_WITH_AUXILIARY.match(text) else " ".join(text.split())


def _is_person(name: str) -> bool:
    first, _, rest = fold(name).partition(" ")
    return bool(rest) and first in GIVEN


def _is_place(name: str) -> bool:
    return bool(set(fold(name).split()) & PLACES)


def _added(fragment: str, word: str, asked: str, clause: QuestionClause | None) -> str:
    """Return a question that names nothing with a name added: to its topic, as a member, or as a place."""
    topic = _closing_topic(asked, clause)
    if topic and not _is_of_time(topic["topic"]) and (not word or topic["preposition"].lower() == word):
        return _ended(f"{topic['lead']}{topic['preposition']} {fragment[len(word) :].lstrip() if word else fragment}")
    if word or _TIME.match(fragment):
        return _ended(f"{asked} {fragment}")
    if _is_place(fragment):
        return f"{asked} in {fragment}?"
    return asks_about(clause, fragment) if clause else ""


def _closing_topic(asked: str, clause: QuestionClause | None) -> re.Match[str] | None:
    """Return the topic that a question ends in; None where its verb is in it: "What did the bosses of firms do?"."""
    topic = _TOPIC.match(asked)
    if topic and clause is None and _holds_verb(topic["topic"]):  # "What share of workers get overtime?"
        return None
    return topic if topic and (clause is None or clause.rest.endswith(topic["topic"])) else None


def _holds_verb(phrase: str) -> bool:
    """Return whether a phrase has a verb between a plural and what follows: "workers get overtime"."""
    words = fold(phrase).split()
    return any(
        is_plural(before) and (word in BASES or is_past_form(word)) for before, word in itertools.pairwise(words[:-1])
    )


def _with_noun(fragment: str, asked: str, clause: QuestionClause | None, names: frozenset[str]) -> str:
    """Return a question with a common noun in the place of its like: "And women?", "What about the treaty?"."""
    if _TIME.match(fragment):
        return f"{asked} {fragment}?"
    determined = fold(fragment).split()[:1] and fold(fragment).split()[0] in ARTICLES | DEMONSTRATIVES
    there = None if clause else _THERE.match(asked)
    thing = clause.thing if clause else there["thing"] if there else ""
    if thing and not determined and is_plural(fragment) is is_plural(thing):
        at = asked.lower().index(thing.lower())
        return f"{asked[:at]}{fragment}{asked[at + len(thing) :]}?"
    obj = "" if not clause else split_object(clause.rest)[0] if clause.asks_subject else clause.subject
    if determined and obj and fold(obj).split()[0] in ARTICLES | DEMONSTRATIVES:
        at = asked.index(obj)
        return f"{asked[:at]}{fragment}{asked[at + len(obj) :]}?"
    for size in (2, 1):  # "How many Americans get disability payments?", "and food stamps?"
        *lead, verb = asked.split()[:-size] or [""]
        if clause is None and not determined and is_plural(fragment) and verb in BASES and is_plural(asked):
            return f"{' '.join([*lead, verb])} {fragment}?"
    topic = _closing_topic(asked, clause)
    if topic and not _runs(read_words(topic["topic"], sentence=False), names):
        return _ended(f"{topic['lead']}{topic['preposition']} {fragment}")
    places = _IN_PLACE.findall(asked)
    return f"What about {fragment} {places[0]}?" if len(places) == 1 and determined else f"What about {fragment}?"


def _runs(words: Sequence[Word], names: frozenset[str]) -> list[tuple[int, int]]:
    """Return the characters of every run of names, dates and figures, in order."""
    found: list[tuple[int, int]] = []
    last = -2
    for number, word in enumerate(words):
        if not _named(word, names):
            continue
        found[-1:] = [(found[-1][0], word.end)] if last == number - 1 else [*found[-1:], (word.start, word.end)]
        last = number
    return found


def _after(word: str, kept: str) -> str:
    """Return the end of ``kept`` that is this preposition, with an article that follows it; empty where it is not."""
    found = re.search(rf"\b{re.escape(word)}\s+(?:the\s+|an?\s+)?$", kept, re.IGNORECASE) if word else None
    return found.group() if found else ""


def _names_something(fragment: str, names: frozenset[str]) -> bool:
    return any(_named(word, names) or word.name for word in read_words(fragment, sentence=False))


def _named(word: Word, names: frozenset[str]) -> bool:
    return not word.stop and (word.name or word.date or word.number or word.term in names)


def _word_of(question: str) -> str:
    found = re.match(rf"(?:{_QUESTION_WORD})\b", without_lead(question), re.IGNORECASE)
    return found.group() if found else ""


def _unfolded(words: Sequence[Word], text: str) -> str:
    """Return the words as they stand in ``text``, in order."""
    return " ".join(text[word.start : word.end] for word in words)


def read_terms(text: str) -> list[str]:
    """Return the terms of ``text`` that are no function words."""
    return [word.term for word in read_words(text) if word.term and not word.stop]
