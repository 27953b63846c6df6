"""Speech questions: who said these words, what did somebody say about a topic, what is so according to somebody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.text import reporting_verbs
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    DO,
    HAVE,
    QUESTION_AUXILIARIES,
    REFLEXIVE_PRONOUNS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    word_set,
)
from retrieval.text.roles import COMPANY_POSTS
from retrieval.text.time_expressions import without_times
from retrieval.text.tokens import read_words, term_set

_SAY = (
    r"(?P<verb>say|said|think|thought|tell|told|claim(?:ed)?|argue[d]?|suggest(?:ed)?|state[d]?|warn(?:ed)?|announce[d]?"
    r"|comment(?:ed)?|tweet(?:ed)?|write|written|promise[d]?|respond(?:ed)?|react(?:ed)?)"
)
_ANY_MANNER = word_set(
    """say said think thought tell told state stated comment commented respond responded react reacted write written
    claim claimed argue argued suggest suggested"""
)
"""Verbs of a question that an article gives in other words."""
_ABOUT = r"\s+(?:about|of|on|regarding|concerning|to|when asked about)"
_TO_TOPIC = LazyPattern(rf"(?<!\s){_ABOUT}$")
_TOPIC = rf"(?:{_ABOUT}\s+(?P<topic>\S.*?))?"
_WHAT = LazyPattern(
    rf"\W*(?:(?:and|but|so)\s+)?(?:what|how)\s+(?:else\s+)?(?:{alternation(DO | HAVE)})\s+(?P<who>\S.*?)\s+"
    rf"(?:(?:ever|also|actually|personally|{alternation(REFLEXIVE_PRONOUNS)})\s+)?{_SAY}{_TOPIC}\W*",
    re.IGNORECASE,
)
_WHOSE_VIEW = LazyPattern(
    rf"\W*what\s+(?:{alternation(QUESTION_AUXILIARIES - HAVE - DO)})\s+(?P<who>\S.*?)['’]s?\s+"
    rf"(?:view|opinion|position|reaction|response|comment|answer|statement)s?{_TOPIC}\W*",
    re.IGNORECASE,
)
_ACCORDING = LazyPattern(r"\baccording\s+to\s+(?P<who>[^,;:?!]{2,80}?)(?=\s*(?:[,;:?!]|$))", re.IGNORECASE)
_QUOTED = LazyPattern(r"[“\"«„](?P<double>[^“”\"«»„]+)[”\"»]|(?<!\w)[‘'](?P<single>[^‘\n]{1,600})[’'](?!\w)")
_WHO = LazyPattern(r"\W*(?:and\s+|but\s+)?(?:who|whose|whom)\b", re.IGNORECASE)
_CLAUSE = LazyPattern(
    r"\W*(?:and\s+|but\s+)?who\s+(?:ha[sd]\s+)?(?P<verb>[^\W\d_]+)\s+(?P<that>that\s+)?(?P<clause>\S.{10,}?)\W*",
    re.IGNORECASE,
)
_CLAUSAL = word_set("say says said claim claims claimed think thinks thought believe believes believed insisted argued")
"""Verbs whose object is what was said, with or without "that"."""
_ASIDE = LazyPattern(r"\A,[^,]{1,120},")
_PARTY = LazyPattern(r",?\s\(?[DRI]-[A-Z][a-z]{1,5}\.?\)?,?|,\s(?:Jr|Sr)\.")
"""What stands behind a politician's name: ", D-Mich.,", "(R-Ariz.)"."""
_ADDED = LazyPattern(r",\s(?P<verb>[a-z]+ing)\b")
_WITH_HEARER = word_set("tell ask inform assure remind warn urge advise notify question call")
"""Lemmas of speech whose object is who hears it, or who is spoken of."""
_BEFORE_INVERSION = LazyPattern(r"(?:[,.?!…—–-]\s?[”\"’']?|[”\"’'])\s?$|\b(?:when|as|while|what|so)\s$|^\W*$")
"""What stands before a verb whose subject follows it: "…,” said Senator Fitch"."""
MAX_BEFORE_VERB = 3
"""Words after a name among which the verb is that says that they spoke: "has since warned"."""
_PRONOUN = LazyPattern(rf"\b(?:{alternation(SUBJECT_PRONOUNS & THIRD_PERSON)})\b", re.IGNORECASE)
_POSTS = rf"(?:chief executive|(?:{alternation(COMPANY_POSTS)}))"
_POST = LazyPattern(
    rf"(?:the )?(?:(?P<owner>(?-i:[A-Z])[\w&.-]*(?: (?-i:[A-Z])[\w&.-]*){{0,4}}(?:['’]s?)?) {_POSTS}"
    rf"|{_POSTS} (?:of|at|for) (?P<of>(?-i:[A-Z]).{{1,60}}))",
    re.IGNORECASE,
)
"""A post in a company: "Vell Foods' CEO", "the chief executive of Vell Foods"."""


@dataclass(frozen=True, slots=True)
class SpeechQuestion:
    """A question about what somebody said.

    Attributes:
        who: The speaker, as named in the question.
        topic: The terms of the topic; empty for any topic.
        about: The words of the topic.
        verb: The term of a verb that says how they spoke: "promise"; empty for "say" and "react".
    """

    who: str
    topic: frozenset[str]
    about: str = ""
    verb: str = ""


@lru_cache(maxsize=256)
def parse_speech_question(question: str) -> SpeechQuestion | None:  # of one question, four times
    """Return the speaker and topic of a question what somebody said; None for any other question."""
    asked = without_times(question)
    found = _WHAT.fullmatch(asked) or _WHOSE_VIEW.fullmatch(asked)
    if found is None:
        return None
    about = _ACCORDING.sub("", found["topic"] or "").strip()
    verb = fold(found.groupdict().get("verb") or "")
    manner = next(iter(terms(verb)), "") if verb and verb not in _ANY_MANNER else ""
    return SpeechQuestion(found["who"].strip(" ,"), term_set(read_words(about, sentence=False)), about, manner)


def of_any_topic(question: str) -> str:
    """Return "What did Levin say?" of "What did Levin say about the bill?"; any other question as it is."""
    found = _WHAT.fullmatch(question) or _WHOSE_VIEW.fullmatch(question)
    if found is None or not found["topic"]:
        return question
    asked = question[: found.start("topic")].rstrip()
    return f"{_TO_TOPIC.sub('', asked)}?"


def parse_according_to(question: str) -> SpeechQuestion | None:
    """Return the speaker of "according to Y, …", and the rest as the topic; None without one."""
    found = _ACCORDING.search(question)
    if found is None:
        return None
    rest = f"{question[: found.start()]}{question[found.end() :]}".strip(" ,;:")
    return SpeechQuestion(found["who"].strip(), term_set(read_words(without_times(rest), sentence=False)), rest)


def quoted_words(question: str) -> str:
    """Return the words that a question like 'Who said "…"?' quotes; empty for any other question."""
    found = _QUOTED.search(question)
    if found is None or not _WHO.match(question):
        return ""
    words = [fold(each) for each in re.findall(r"[^\W\d_]+", question[: found.start()])]
    if not any(word in reporting_verbs.SPEECH or word in reporting_verbs.EVALUATION for word in words):
        return ""  # "Who directed “The Godfather”?"
    return (found["double"] or found["single"]).strip(" ,")


def asks_who_said(question: str) -> bool:
    """Return whether a question asks who said something, in other words than the speaker's."""
    found = _CLAUSE.fullmatch(question)
    if found is None:
        return False
    return fold(found["verb"]) in (reporting_verbs.SPEECH if found["that"] else _CLAUSAL)  # "Who signed the bill?"


def pronoun_speaker(question: str) -> re.Match[str] | None:
    """Return the place of "she" in "What did she say?"; None where the speaker is named."""
    asked = parse_speech_question(question)
    return _PRONOUN.search(question) if asked and _PRONOUN.fullmatch(asked.who) else None


def says_plainly(name: str, text: str) -> bool:
    """Return whether a text has a name, in no possessive, and a verb of speech after it: "Fitch, who knew him, told".

    It is told so of "the Arab League rejected the plan, saying" and of "said Senator Fitch", and not of "Fitch's rival
    said", nor of "told Fitch", who only listened.
    """
    text = _PARTY.sub("", text)
    for found in re.finditer(
        rf"\b(?P<verb>\w+)\s(?:(?-i:[A-Z])[\w.’'-]*\s){{0,3}}{re.escape(name)}\b(?!['’]s)", text, re.IGNORECASE
    ):
        lemma, _ = reporting_verbs.SPEECH.get(fold(found["verb"]), ("", ""))
        follows = _BEFORE_INVERSION.search(text, 0, found.start()) is not None  # "Votel said Mattis represents him"
        if lemma and lemma not in _WITH_HEARER and follows:
            return True
    for found in re.finditer(rf"\b{re.escape(name)}\b(?!['’]s)(?P<rest>[^.“”\"]{{0,160}})", text, re.IGNORECASE):
        rest = _ASIDE.sub("", found["rest"], count=1)
        verbs = [*rest.split()[:MAX_BEFORE_VERB], *_ADDED.findall(rest)]
        if any(fold(word.strip(",:")) in reporting_verbs.SPEECH for word in verbs):
            return True
    return False


def company_of_post(who: str) -> str:
    """Return the company in which somebody has a post: "Vell Foods" of "Vell Foods' CEO"; empty for anybody else."""
    found = _POST.fullmatch(who)
    return (found["owner"] or found["of"]) if found else ""
