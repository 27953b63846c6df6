"""Claims that are true, in other words than their source: as writers and chat models shorten, merge and answer."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from retrieval.text.lexicon import BE, HAVE, MODAL_VERBS, PERSONAL_PRONOUNS, STOP_WORDS, alternation
from retrieval.text.numbers import quantities

_ASIDE = re.compile(
    r"(?:, (?!and\b|or\b)[^,()“”\"]{8,80},(?= [a-z])| \([^()]{2,60}\)"
    r"|(?<=[a-z]), (?:which|who|where)\b[^,“”\"]{8,80}(?=\.$))"
)
_LEAD = re.compile(r"(?:On|In|At|After|Before|During|Since|By|Last|Earlier|Meanwhile|However)\b[^,.“”\"]{0,40}, (?=\S)")
_TAIL = re.compile(
    r", (?:[a-z]+ing|after|while|as|with|which|who|and|including|during|since|adding|where)\b[^“”\"]{5,}\.$"
)
_DAY = re.compile(r" (?:on|late|early) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_TITLE = re.compile(
    r"\b(?:(?:Prime|Foreign|Finance|Interior|Defen[cs]e) Minister|President|Senator|Sen\.|Mr\.?|Mrs\.?|Ms\.?|Dr\.?"
    r"|Professor|Chancellor|Governor|Gov\.|Judge|Sir|Secretary of State) (?=[A-Z][a-z])"
)
_GIVEN_NAME = re.compile(
    r"\b[A-Z][a-z]{2,} (?=[A-Z][a-z]{3,}(?:'s|’s)?(?: (?:said|says|has|had|was|is|told|will|added)\b))"
)
_CUTS = ((_ASIDE, ""), (_LEAD, ""), (_TAIL, "."), (_DAY, ""), (_TITLE, ""), (_GIVEN_NAME, ""))
"""What a sentence can do without, and what takes its place."""
_SPEECH = re.compile(
    r"[“\"](?P<said>[^“”\"]{20,200}?),?[”\"],? (?:(?P<who>[A-Z][\w .-]{3,40}?) (?:said|says|added|told reporters)"
    r"|(?:said|says|added) (?P<name>[A-Z][\w .-]{3,40}?))\b(?=[,.]|$)"
)
_WRITTEN = {
    "said": "stated", "told reporters": "said", "about": "around", "around": "about", "nearly": "almost",
    "almost": "nearly", "began": "started", "started": "began", "however": "but", "also": "additionally",
    "because": "since", "many": "numerous", "big": "large", "large": "big", "help": "assist", "buy": "purchase",
    "bought": "purchased", "near": "close to", "children": "kids", "per cent": "percent",
    "percent": "per cent", "the United States": "the US", "the U.S.": "the United States", "the US": "the U.S.",
    "the United Kingdom": "the UK", "the UK": "Britain", "get": "receive", "got": "received", "try": "attempt",
    "tried": "attempted", "enough": "sufficient", "more than": "over", "over": "more than", "died": "lost their lives",
    "revealed": "disclosed", "a year": "every year",
}  # fmt: skip
"""Words and other words for them, where nothing else changes."""
_OTHERS = re.compile(rf"\b(?:{alternation(_WRITTEN)})(?=[ ,.])")
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_FIGURES = {word: str(number) for number, word in enumerate(_NUMBER_WORDS, 2)}
_OF_SPEAKER = PERSONAL_PRONOUNS - {"it", "its", "they", "them", "their"}
_AFTER_WHO = BE | HAVE | MODAL_VERBS
_FINITE = (
    r"[a-z]+(?:ed|s)|won|made|took|led|wrote|gave|found|became|held|built|said|came|ran|fought|brought|lost|left|shot"
    r"|told|sent|paid|taught"
)
_SUBJECT_QUESTION = re.compile(
    rf"(?:Who|What|Which(?: [a-z]+){{1,2}}) (?P<rest>(?:(?:{alternation(_AFTER_WHO)})"
    r" (?:the|a|an|his|her|its|their|not|to|been|be|also|[a-z]+ed)\b"
    rf"|(?!(?:did|does|do|{alternation(_AFTER_WHO)})\b)(?:{_FINITE})\b)[^?]*)\?"
)
"""A question whose subject is what is asked for."""
_TIME_QUESTION = re.compile(
    r"(?:When|Where) (?P<aux>was|were|is|are) (?P<who>(?:the |a )?(?:[A-Z][\w'’.-]*(?: of| the)? ?){1,5})"
    r"(?P<rest>[a-z]+(?:ed|n|t|ld|de)\b[^?]{0,60})\?"
)
_STRANDED = re.compile(r"\b(?:of|with|from|for|to|in|on|at|by|about|[a-z]+ing)\s*$")
"""A question's end that shows that its subject is another than who is asked for."""
_MAX_ANSWER_WORDS = 8


def shortened(found: Sequence[str], at: int, rng: random.Random) -> str:
    """Return the sentence without an aside, a lead, a tail or a day."""
    sentence = found[at]
    for pattern, put in rng.sample(_CUTS, len(_CUTS)):
        changed = pattern.sub(put, sentence, count=1)
        if changed != sentence and len(changed.split()) > 5:
            sentence = changed[:1].upper() + changed[1:]
            if rng.random() < 0.5:
                break
    return sentence


def merged(found: Sequence[str], at: int, rng: random.Random) -> str:  # noqa: ARG001 (Rewrite's signature)
    """Return a sentence and the next as one."""
    if at + 1 >= len(found) or not found[at].endswith("."):
        return found[at]
    following = found[at + 1]
    head, _, rest = following.partition(" ")
    joined = f"{head.lower()} {rest}" if head.lower() in STOP_WORDS else following
    return f"{found[at][:-1]}, and {joined}"


def reworded(found: Sequence[str], at: int, rng: random.Random) -> str:
    """Return the sentence with some words and number words written otherwise."""
    sentence = found[at]
    places = [each for each in _OTHERS.finditer(sentence) if rng.random() < 0.8]
    for each in reversed(places):
        sentence = sentence[: each.start()] + _WRITTEN[each.group()] + sentence[each.end() :]
    for number in reversed(quantities(sentence)):
        figure = _FIGURES.get(number.text)
        if figure:
            sentence = sentence[: number.start] + figure + sentence[number.end :]
    return sentence


def reported(found: Sequence[str], at: int, rng: random.Random) -> str:  # noqa: ARG001
    """Return direct speech as indirect speech, where no person in it would have to change."""
    speech = _SPEECH.search(found[at])
    if not speech:
        return found[at]
    said = speech["said"].rstrip(",")
    first, _, rest = said.partition(" ")
    spoken = {each.lower() for each in re.findall(r"[\w'’]+", said)}
    if spoken & _OF_SPEAKER or any(mark in said for mark in "'’"):
        return found[at]
    head = first.lower() if first.lower() in STOP_WORDS else first
    return f"{speech['who'] or speech['name']} said that {head} {rest.rstrip('.')}."


Rewrite = Callable[[Sequence[str], int, random.Random], str]
REWRITES: tuple[Rewrite, ...] = (shortened, merged, reworded, reported)
"""What keeps a claim true."""


def rewritten(found: Sequence[str], at: int, rng: random.Random) -> str:
    """Return sentence ``at`` of ``found`` in other words, by one rewrite or two."""
    first = rng.choice([shortened, shortened, merged, reworded, reported])(found, at, rng)
    return reworded([first], 0, rng) if rng.random() < 0.6 else first


def statement(question: str, answer: str) -> str:
    """Return what a question and its answer say as one sentence; empty for a question that cannot be turned."""
    answer = " ".join(answer.split()).rstrip(".,;")
    if not answer or len(answer.split()) > _MAX_ANSWER_WORDS:
        return ""
    asked = question[:1].upper() + question[1:].strip()
    if (subject := _SUBJECT_QUESTION.fullmatch(asked)) and not _STRANDED.search(subject["rest"]):
        return f"{answer[:1].upper()}{answer[1:]} {subject['rest'].strip()}."
    if time := _TIME_QUESTION.fullmatch(asked):
        link = "" if answer.split()[0].lower() in {"in", "on", "at", "by", "during", "after"} else "in "
        who = time["who"].strip()
        return f"{who[:1].upper()}{who[1:]} {time['aux']} {time['rest'].strip()} {link}{answer}."
    return ""
