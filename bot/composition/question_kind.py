# ruff: noqa: E501
"""Question kinds: whether a fact, an overview, a timeline, a comparison, a list or the collection is asked for.

The form of the question decides (``bot.composition.kind_rules``), without the greeting before it and the thanks behind
it. What no form covers is a fact: the reader answers it or says that it cannot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.speech_question import asks_who_said, parse_speech_question, quoted_words
from bot.answers import QuestionKind
from bot.composition import kind_rules
from bot.composition.kind_rules import KindRule
from bot.composition.request import KindDecision
from bot.conversation.corrections import is_correction
from bot.conversation.question_patterns import requested_citation
from bot.conversation.rule_rewriter import read_terms
from bot.conversation.store import Turn
from retrieval.text.analyzer import fold
from retrieval.text.lexicon import QUESTION_WORDS, THIRD_PERSON, alternation, word_set
from retrieval.text.number_words import is_number
from retrieval.text.verb_forms import BASES, is_auxiliary, is_past_form

MAX_CHARACTERS = 300
"""Characters of a question whose form is looked at: a longer one tells a story, and its words are searched."""

_SEPARATOR = r"(?:[\s,.:;!…–—-]+|$)"
_COURTESY = re.compile(
    rf"""(?:(?:
    (?:hi|hiya|hello|hey|howdy|greetings|yo|dear|good\s(?:morning|afternoon|evening|day|night)|g['’]?day)
        (?:\s(?:there|again|all|everyone|everybody|folks|team|guys|you|bot|onrecord|sir|madam|friend|mate))*
    |(?:many\s)?(?:thanks|thank\s(?:you|u)|thankyou|thx|thanx|tnx|ty|tysm|cheers|much\sappreciated|appreciate\sit)
        (?:\s(?:again|a\slot|so\smuch|very\smuch|a\smillion|a\sbunch|anyway|bot|mate|man|everyone|you|onrecord|all))*
    |(?:good|)bye(?:[ -]bye)?(?:\s(?:now|then|bot))?|see\s(?:you|ya)|cya|ciao|farewell|night
    |please|pls|plz|kindly|ok(?:ay)?|okey|k|kk|well|alright|all\sright|right|sure|yes|yeah|yep|yup|no|nope|nah|hmm+|um+|uh+|er+|ah+|oh|aha|mhm
    |ha(?:ha)+|lol|lmao|rofl|wow|cool|nice|great|perfect|awesome|excellent|brilliant|amazing|good|fine|super|sweet|wonderful|interesting
    |sorry|my\sbad|oops|excuse\sme|pardon(?:\sme)?|bravo|congrats|yay|welcome|you['’]?re\swelcome
    |so|now|then|and|but|also|next|anyway|btw|by\sthe\sway|(?:quick\s|one\s(?:more\s)?|my\s|another\s)?question
    |[:;]-?[)(DP]|[^\w\s“"«„'‘\[\]/#?$£€]+
    ){_SEPARATOR})""",
    re.IGNORECASE | re.VERBOSE,
)
_FRAME = re.compile(
    rf"""(?:
    (?:can|could|would|will)\s(?:you|u|we)\s(?:please\s|just\s|kindly\s|maybe\s|possibly\s|quickly\s)*(?=(?:tell|give|show|list|name|explain|find|make|
        do|write|summari[sz]e|sum|recap|outline|compare|contrast|describe|brief|catch|fill|walk|open|draw|build|create|get|put|provide|prepare
        |trace|bring|update|cite|quote)\b)
    |(?:can|could|may)\s(?:i|we)\s(?:please\s)?(?:get|have|see)\s(?=(?:a|an|the)\s)
    |(?:please\s|just\s)?(?:tell|show|inform|let)\s(?:me|us)\s(?:know\s)?(?=(?:{alternation(QUESTION_WORDS | {"if", "whether"})})\b)
    |(?:do|would)\syou\s(?:happen\sto\s)?(?:know|remember|say)\s(?=(?:{alternation(QUESTION_WORDS)})\b)
    |i(?:['’]?d|\swould|['’]?m|\sam|\swas)?\s(?:just\s)?(?:want|like|need|wondering|trying|curious)\s?(?:to\s(?:know|see|find\sout|understand|ask)|you\sto)?\s?(?=(?:{alternation(QUESTION_WORDS)})\b)
    |i(?:['’]?d|\swould)?\s(?:want|like|need)\s(?:to\s(?:see|have|get)\s)?(?=(?:a|an|the|some)\s)
    |i\s(?:want|need|['’]d\slike|would\slike)\syou\sto\s
    |please\s
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ENDINGS = tuple(
    f" {ending}"
    for ending in (
        "please",
        "pls",
        "plz",
        "thanks",
        "thank you",
        "thx",
        "ty",
        "cheers",
        "mate",
        "bot",
        "exactly",
        "then",
        "for me",
        "if you can",
        "thanks a lot",
        "thanks in advance",
        "thanks so much",
        "thank you so much",
        "thank you very much",
        "many thanks",
        "lol",
        "again",
    )
)
"""What a question may end with that is no part of it."""
_MARKS = " ,.;:!?…)-"
_SOURCE_END = re.compile(
    r"(?:,? (?:in|from|of|according to|based on|across|using) (?:the|these|those|your|all|all the|all of the|my)"
    r" (?:articles|stories|news articles|documents|collection|archive|corpus|sources|library)|,? (?:so far|in here))$",
    re.IGNORECASE,
)

_RULES: tuple[KindRule, ...] = (
    *kind_rules.SMALL_TALK,
    *kind_rules.LAST_ANSWER,
    *kind_rules.COLLECTION,
    *kind_rules.TIMELINE,
    *kind_rules.COMPARISON,
    *kind_rules.OVERVIEW,
)
_WITH_TOPIC = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE, QuestionKind.COMPARISON, QuestionKind.LIST})

_LISTED = re.compile(
    r"(?:(?:list|enumerate)(?: me)?|(?:give|show|make|get)(?: me| us)? (?:a|the|an) (?:full |complete |short )?(?:list|listing|enumeration) of"
    r"|(?:a |the )?(?:full |complete )?list of)(?: (?:all|every|each|of))*(?: (?:the|of the))? (?P<topic>\S.*)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:name|give(?: me| us)?|show(?: me| us)?|identify|mention|find(?: me)?|tell me) (?P<all>(?:all|every|each)(?: of)? )?(?:(?:the|some|any) )?(?:names of (?:the |all )?)?(?P<topic>\S.*)",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"(?:(?:in|from|to|at|on|by|for|with|against|of) )?(?:which|what)(?: (?:of (?:the|these|those)|other|different|all))? (?P<topic>\S.*)",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"who(?:['’]s| all)? (?:(?:was|were|is|are|has been|have been|had been|got|has|have|had|else) )*(?:also )?(?P<topic>(?:charged|arrested|detained|convicted|sentenced|indicted|accused|killed"
    r"|injured|wounded|hurt|fired|sacked|dismissed|nominated|named|interviewed|quoted|mentioned|acquitted|pardoned|sanctioned|subpoenaed"
    r"|died|resigned|testified|involved|blamed|affected)\b(?! by\b).*)",
    re.IGNORECASE,
)
_WHO_ARE = re.compile(
    r"who (?:are|were) (?:(?:all|the|these|those|some|of|main|key) )*(?P<topic>\S.*)|who all (?P<all>\S.*)",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"(?:(?:what|who) (?:are|were) )?(?:all|every|each)(?: of)?(?: the)? (?P<topic>\S.*)|everyone (?:who|that) (?P<all>\S.*)",
    re.IGNORECASE,
)
_UNCOUNTED = word_set(
    """news series species congress business process status crisis basis politics economics mathematics physics gas bus
    class address campus census lens press access success illness witness actress princess mass loss pass cross mister
    texas is was has this us thus its his yes always perhaps afterwards towards besides times types kinds sorts forms
    means headquarters overseas los las des charles james thomas united athletics sports ethics dynamics"""
)
"""Words in -s that are no plural to list, or ask for a description ("what kinds of")."""
_PLURALS = word_set(
    "people men women children countrymen persons policemen firefighters lives media criteria phenomena"
)
_AFTER_SUBJECT = word_set(
    "that who which whose with of in from to by for against at on about under or not never also mentioned named"
)
_MAX_SUBJECT_WORDS = 4
_DOCUMENT = re.compile(
    r"\b(?:book|report|letter|song|bill|memo|statement|tweet|poem|law|novel|study|paper|script|play|constitution|agreement"
    r"|speech|email|note|manifesto|document|treaty)s?\b",
    re.IGNORECASE,
)
_ITS_MAKER = re.compile(r"(?:who (?:wrote|authored|published)|when was) (?:it|that|this)\b.*", re.IGNORECASE)
_REFERRING = re.compile(
    rf"\\b(?:{alternation(THIRD_PERSON | {'there', 'these', 'those'})})\\b|(?:^|\\b(?:of|in|about|on|at|for|to|with|from|and) )(?:this|that)\\b(?! (?:year|month|week|day|morning"
    rf"|afternoon|evening|weekend|season|summer|winter|spring|autumn|fall|decade|century)\\b)|\\b(?:this|that)$",
    re.IGNORECASE,
)
_HAPPENED_TO = re.compile(r"what (?:has |had )?happened to (?P<topic>\S.*)", re.IGNORECASE)


def decide_kind(question: str, history: Sequence[Turn] = ()) -> KindDecision:
    """Return what a question asks for.

    An overview's topic may be an article named by its place ("that article", "2"): the composer looks it up.

    Args:
        question: As it was asked, or standalone.
        history: The turns before it, oldest first; empty for a standalone question.
    """
    text = " ".join(question.replace("’", "'").split())
    if len(text) > MAX_CHARACTERS or not any(each.isalnum() for each in text):
        return KindDecision(QuestionKind.FACT)
    if command := _command(text, history):
        return command
    if history and requested_citation(text, len(history[-1].places)) is not None:
        return KindDecision(QuestionKind.FACT)
    if history and is_correction(text):
        return KindDecision(QuestionKind.CORRECTION, dependent=True)
    core = _core(text)
    if not core:
        return KindDecision(QuestionKind.SMALL_TALK)
    return _by_form(core, history) or _speech(core) or _list(core) or _fact(core)


def _command(text: str, history: Sequence[Turn]) -> KindDecision | None:
    if history and text.lower() == "why":  # a follow-up
        return None
    matches = any(rule.pattern.fullmatch(text) for rule in kind_rules.COMMANDS)
    return KindDecision(QuestionKind.COMMAND, text) if matches else None


def _core(text: str) -> str:
    """Return the question without greeting, request and thanks; empty where there is nothing else."""
    core = text
    while found := _COURTESY.match(core):
        core = core[found.end() :]
    core = core.rstrip(_MARKS)
    while ending := next((each for each in _ENDINGS if core.lower().endswith(each)), ""):
        core = core[: -len(ending)].rstrip(_MARKS)
    before = ""
    while core != before:
        before = core
        core = _FRAME.sub("", core, count=1) if _FRAME.match(core) else core
    return core.strip()


def _by_form(core: str, history: Sequence[Turn]) -> KindDecision | None:
    named = _SOURCE_END.sub("", core)
    for rule in _RULES:
        if rule.after_answer and not history:
            continue
        found = rule.pattern.fullmatch(core)
        if found is None:
            if rule.kind not in _WITH_TOPIC or named == core:
                continue
            found = rule.pattern.fullmatch(named)
            if found is None:
                continue
        groups = found.groupdict()
        topic = _clean((groups.get("topic") or "") + (groups.get("more") or ""))
        decision = _decided(rule, topic, core, history)
        if decision:
            return decision
    return None


def _decided(rule: KindRule, topic: str, core: str, history: Sequence[Turn]) -> KindDecision | None:
    if rule.kind is QuestionKind.LAST_ANSWER:
        remark = ""
        about = f"{history[-1].standalone_question} {history[-1].answer}"
        if _ITS_MAKER.fullmatch(core) and _DOCUMENT.search(about):
            remark = "Read as a question about the article; for anything else, name it."
        return KindDecision(rule.kind, "", remark)
    if rule.kind not in _WITH_TOPIC:
        return KindDecision(rule.kind, topic, dependent=_refers(topic))
    if not topic or kind_rules.EVERYTHING.fullmatch(topic):
        return KindDecision(rule.kind, "", dependent=not topic)
    if rule.kind is QuestionKind.OVERVIEW and kind_rules.CITED_ARTICLE.fullmatch(topic):
        return KindDecision(rule.kind, topic)
    if not read_terms(topic) and not _refers(topic):
        return None
    return KindDecision(rule.kind, topic, dependent=_refers(topic))


def _clean(topic: str) -> str:
    """Return a topic without marks around it, and without "in the articles" behind it."""
    topic = _SOURCE_END.sub("", topic.strip(" ,;:-–—?!."))
    return topic.strip(" ,;:-–—")


def _speech(core: str) -> KindDecision | None:
    asked = parse_speech_question(core)
    if asked or quoted_words(core) or asks_who_said(core):
        return KindDecision(QuestionKind.WHO_SAID, asked.about if asked else "", dependent=_refers(core))
    return None


def _refers(topic: str) -> bool:
    """Tell whether a topic refers to something named before: "him", "that attack"; "troops that left" does not."""
    return _REFERRING.search(topic) is not None


def _list(core: str) -> KindDecision | None:
    """Return the decision where several are asked for: "which countries", "who was charged", "list all"."""
    named = _SOURCE_END.sub("", core)
    for pattern, certain in (
        (_LISTED, True),
        (_ALL, True),
        (_NAMED, False),
        (_WHICH, False),
        (_WHO, True),
        (_WHO_ARE, False),
    ):
        found = pattern.fullmatch(named)
        if found is None:
            continue
        groups = found.groupdict()
        topic = _clean(groups.get("topic") or groups.get("all") or "")
        if topic and (certain or groups.get("all") or _several(topic)):
            return KindDecision(QuestionKind.LIST, topic, dependent=_refers(topic))
    return None


def _several(topic: str) -> bool:
    """Tell whether a phrase begins with a plural, not counted: "countries signed it", "two countries" is no such."""
    words = re.findall(r"[\w'’-]+", topic)
    for number, word in enumerate(words[:_MAX_SUBJECT_WORDS]):
        lower = fold(word)
        if is_number(lower) or is_auxiliary(lower):
            return False
        if not _plural(lower):
            continue
        following = fold(words[number + 1]) if number + 1 < len(words) else ""
        if (
            not following
            or following in _AFTER_SUBJECT
            or is_auxiliary(following)
            or is_past_form(following)
            or following in BASES
        ):
            return True
    return False


def _plural(word: str) -> bool:
    if word in _PLURALS:
        return True
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s", "’s"))
        and word not in _UNCOUNTED
    )


def _fact(core: str) -> KindDecision:
    if found := _HAPPENED_TO.fullmatch(core):
        topic = _clean(found["topic"])
        if not _refers(topic):
            return KindDecision(QuestionKind.FACT, remark=f"For an overview, ask “tell me about {topic}”.")
    return KindDecision(QuestionKind.FACT)
