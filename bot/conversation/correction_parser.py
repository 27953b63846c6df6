"""Correction parser: what a correction names, what it rules out, and the question that it asks itself.

A correction is read piece by piece, between its marks: excuses ("no", "wrong bloke", "I should have been clearer") say
nothing, a piece with "not" names what was misunderstood, and the first other piece names what was meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation.question_clause import parse_clause
from bot.conversation.question_patterns import LEADING_PREPOSITIONS
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    DEMONSTRATIVES,
    FEMININE_PRONOUNS,
    MASCULINE_PRONOUNS,
    MODAL_VERBS,
    NEGATED_AUXILIARIES,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    alternation,
    word_set,
)
from retrieval.text.verb_forms import BASES, base_form, is_past_form

_I = rf"(?:i|we)(?:['’]?(?:m|d|ve|re)| (?:{alternation(QUESTION_AUXILIARIES | {'am'})}))?"
_MANNER = r"(?:(?:actually|really|only|just|obviously|specifically|more|clearly|of course) )?"
_NAMING = (
    r"(?:mean|meant|meaned|ment|meaning|intend(?:ed)?|wish(?:ed)?|sa(?:y|id|ying)(?! (?:so|it|that)\b)|want(?:ed)?"
    r"|need(?:ed)?|like|after|interested in"
    r"|rather know"
    r"|(?:ask(?:ed|ing)?|look(?:ed|ing)?|talk(?:ed|ing)?|speak(?:ing)?|think(?:ing)?|thought|refer(?:red|ring)?"
    r"|inquir(?:ed|ing))(?: (?:about|abt|after|for|of|on|to))?)"
    r"(?: (?:to (?:know|ask|hear|see|say|read)|about)){0,2}"
)
_MEANT = LazyPattern(
    rf"(?:{_MANNER}{_I} {_MANNER}{_NAMING}|what {_I} {_MANNER}{_NAMING} (?:was|is)"
    rf"|{_MANNER}(?:meant|mean|meaning|talking(?: about| of)?"
    r"|(?:asking|looking) (?:about|after|for)|referring to|make (?:that|it)"
    r"|(?:that |it )?should(?:['’]ve| have)? (?:be|been|read|say|said)))[\s:]+(?:more )?(?=\S)",
    re.IGNORECASE,
)
"""What says that the rest of a piece is meant: "I was asking after", "what I meant was"."""
_NOT = (
    rf"(?:{alternation(NEGATED_AUXILIARIES | {each.replace(chr(39), '') for each in NEGATED_AUXILIARIES})}"
    rf"|(?:{alternation(QUESTION_AUXILIARIES | {'am'})}) (?:not|never)|never|not)"
)
_NOT_MEANT = LazyPattern(
    rf"(?:(?:i|we)(?:['’]m)? ?{_MANNER})?{_NOT} {_MANNER}{_NAMING}\s+(?=\S)"
    r"|(?:and |but )?not (?:in |at )?(?=\S)|(?:rather than|instead of|as opposed to) (?=\S)",
    re.IGNORECASE,
)
"""What says that the rest of a piece was misunderstood."""
_WRONG = LazyPattern(
    r"(?:(?:that['’]?s|you(?:['’]ve)? (?:have|got|gave me|mean)|its|it['’]s) )?(?:the )?wrong (?P<kind>.+)",
    re.IGNORECASE,
)
_LEAD = LazyPattern(
    r"(?:(?:no)+|nope|nah|not (?:quite|that|this|really)(?= *$)"
    r"|wrong(?= *$)|sorry|sry|oops|ups|whoops|apologies|typo|my (?:bad|mistake|fault)|actually|wait|rather|correction"
    r"|(?:pardon|forgive|excuse)(?: me)?|oh|ah|er+|erm|um+|hmm*|well|ok(?:ay)?"
    r"|hang on|hold on|look|just|only|but|yes|yeah|please|listen|(?:the )?other way round)\b\W{0,5}",
    re.IGNORECASE,
)
_END = LazyPattern(
    rf"(?<!\W)\W{{0,5}}\b(?:{_I} {_MANNER}(?:mean|meant|said|say|asked|after|want|wanted)|(?<= )meant|instead"
    r"|rather|please|pls|plz|sorry|lol|haha|obviously|of course|thanks|thank you|though|only|ffs|btw|i think|then"
    r"|again)\W{0,5}$",
    re.IGNORECASE,
)
_EXCUSE = LazyPattern(
    rf"(?:{alternation(SUBJECT_PRONOUNS)})(?:['’](?:s|m|d|ll|ve|re))?\s+(?!who\b).*"
    rf"|(?:that|this)(?:['’](?:s|ll|d)|\s+(?:{alternation(QUESTION_AUXILIARIES | NEGATED_AUXILIARIES)}))\s.*"
    rf"|(?:{alternation(MODAL_VERBS)})(?:['’]ve| have)\b.*|(?:obviously|clearly)$",
    re.IGNORECASE,
)
"""A piece that is a sentence of whoever corrects: "you misunderstand me", "should've said"."""
_BREAK = LazyPattern(r"[,;:!?…]{1,5} |(?<![A-Z])(?<!\bSt)(?<!\b[DMJS]r)(?<!\bMs)(?<!Mrs)\.{1,5} | ?[–—] ?| -{1,3} ")
_INNER_NOT = LazyPattern(r",? (?:and )?not (?=\S)|,? (?:rather than|instead of|as opposed to) (?=\S)", re.IGNORECASE)
_INNER_BUT = LazyPattern(r" but (?:rather )?(?=\S)|(?<=\w) i (?:mean|meant|ment) (?=\S)", re.IGNORECASE)
_DIRECT = LazyPattern(
    rf"(?:(?:{alternation(LEADING_PREPOSITIONS)}) )?(?:{alternation(QUESTION_WORDS)})(?:['’]?s)?\b.+"
    rf"|(?:{alternation(QUESTION_AUXILIARIES - {'may', 'might'})}) .+",
    re.IGNORECASE,
)
_IS = LazyPattern(
    rf"(?:{alternation(QUESTION_WORDS)})(?:['’]?s|\s(?:{alternation(QUESTION_AUXILIARIES)}))\s", re.IGNORECASE
)
_OF_SUBJECT = LazyPattern(r"(?:who|whose \w+|which \w+|how (?:many|much) \w+) \w+", re.IGNORECASE)
_WHEN = LazyPattern(r"when\b", re.IGNORECASE)
_BY_THIS = LazyPattern(r"by [\"“]?(?P<old>[^\"“”]{1,60}?)[\"”]? i (?:mean|meant) (?P<new>.+)", re.IGNORECASE)
_CLEFT = LazyPattern(
    rf"it(?:['’]s| was| is) (?P<new>(?!not\b)\S.{{0,80}}?) (?:that |which |who )?{_I} {_MANNER}{_NAMING}", re.IGNORECASE
)
"""A sentence that says what was meant before that it was: "it was Turkey I wished to ask about"."""
_AMOUNTS = word_set("many much")
_GOVERNED = QUESTION_WORDS - {"who", "which", "whose"}
"""Question words before a clause that another verb governs: "what he told Congress"."""
_LOWERED = LazyPattern(rf"(?i:{alternation(ARTICLES)})\b|[A-Z][a-z]+ ones$")
"""What has a capital only at the beginning of a sentence."""
_PLACEHOLDER = LazyPattern(
    rf"(?:{alternation(ARTICLES | DEMONSTRATIVES)})\s+"
    r"(?:(?:other|earlier|later|previous|next|same|latter|former)\s+)?ones?",
    re.IGNORECASE,
)
"""What stands for a thing that the next piece names: "the earlier one"."""
_POINTS = LazyPattern(rf"(?:{alternation(DEMONSTRATIVES)})\s+(?=\S)", re.IGNORECASE)
_DETERMINER = LazyPattern(rf"(?:{alternation(ARTICLES | DEMONSTRATIVES)})\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CorrectionParts:
    """What a correction says.

    Attributes:
        new: What was meant, as written, with its preposition where it has one: "in Benghazi"; empty for a question.
        old: What was not meant, as written; empty where that is not said.
        more: What else it says of what was meant: "the son" of "George P, the son".
        question: A question that it asks itself: "when was she charged".
        kind: What the last answer had the wrong one of: "lawyer" of "wrong lawyer, I want Bergdahl's".
    """

    new: str
    old: str = ""
    more: tuple[str, ...] = ()
    question: str = ""
    kind: str = ""


def parse_correction(text: str) -> CorrectionParts | None:
    """Return what a correction says; None where it says nothing but that something was wrong."""
    meant: list[str] = []
    old = question = kind = ""
    pieces = _pieces(text)
    for at, written in enumerate(pieces):
        piece = _without_excuse(written)
        if wrong := _WRONG.fullmatch(piece):
            kind = kind or wrong["kind"]
            continue
        denied, piece = _denied(piece)
        old = old or denied
        if not piece:
            continue
        named = _MEANT.match(piece)
        if named:
            piece = piece[named.end() :]
        if named and (asks := _direct(piece)):
            question = asks
            if _WHEN.match(piece) and pieces[at + 1 :] and _is_direct(then := _shortened(pieces[at + 1])):
                question = f"{then} {piece}"  # "when he was ill, what happened then"
                break
            continue
        if _is_direct(piece):
            question = ", ".join([piece, *map(_shortened, pieces[at + 1 :])]).strip(", ")
            question, *denials = _INNER_NOT.split(question)
            old = old or (denials[0] if denials else "")
            break
        if not named and _EXCUSE.fullmatch(piece):
            continue
        new, *denials = _INNER_NOT.split(piece)
        old = old or _POINTS.sub("", _shortened(denials[0]) if denials else "")
        if new := _shortened(new):
            meant.append(f"{new[:1].lower()}{new[1:]}" if _LOWERED.match(new) else new)
    if not meant and not question:
        return None
    new, *others = meant or [""]
    if others and _PLACEHOLDER.fullmatch(new) and _DETERMINER.match(others[0]):
        new, *others = others
    more = tuple(each for each in others if new.casefold() not in each.casefold())
    return CorrectionParts(new, old, more, question, _bare(kind))


def _denied(piece: str) -> tuple[str, str]:
    """Return what a piece says was not meant, and the rest of it: "not in 2012 but in 2013"; empty for neither."""
    if by := _BY_THIS.fullmatch(piece):
        return by["old"], by["new"]
    if cleft := _CLEFT.fullmatch(piece):
        return "", cleft["new"]
    found = _NOT_MEANT.match(piece)
    if found is None:
        return "", piece
    old, *meant = _INNER_BUT.split(_shortened(piece[found.end() :]), maxsplit=1)
    return _POINTS.sub("", old), "".join(meant)


def _pieces(text: str) -> list[str]:
    """Return the parts of a text between its marks, without those around them."""
    asked = " ".join(text.split()).strip(" ?!.…")
    return [piece for each in _BREAK.split(asked) if (piece := each.strip(" ,;:?!.…–—-"))]


def _without_excuse(piece: str) -> str:
    """Return a piece without what begins and ends a correction: "no no", "sorry", "I mean"."""
    while (found := _LEAD.match(piece)) and (found.end() < len(piece) or not piece[found.end() :]):
        piece = piece[found.end() :]
        if not piece:
            return ""
    return _shortened(piece)


def _shortened(piece: str) -> str:
    while found := _END.search(piece):
        piece = piece[: found.start()]
    return piece.strip(" ,;:")


def _bare(phrase: str) -> str:
    return _DETERMINER.sub("", phrase)


def _direct(piece: str) -> str:
    """Return a question that another verb governs as one by itself: "what did he tell Congress"; empty for others."""
    word, *others = piece.split()
    first = fold(others[0]) if others else ""
    if fold(word) not in _GOVERNED or not others:
        return ""
    lead: list[str] = [word]
    if first in _AMOUNTS and (at := next((at for at, each in enumerate(others) if fold(each) in SUBJECT_PRONOUNS), 0)):
        lead, others = [word, *others[:at]], others[at:]  # "how much of his own cash he put in"
        first = fold(others[0])
    if first not in SUBJECT_PRONOUNS | ARTICLES and others[:1] == [first]:
        return ""
    for at, token in enumerate(others):
        verb = fold(token)
        unchanged = at == 1 and first in (MASCULINE_PRONOUNS | FEMININE_PRONOUNS) and verb in BASES  # "he put"
        if at <= (first in ARTICLES) or not (unchanged or is_past_form(verb) or verb in QUESTION_AUXILIARIES):
            continue
        who, rest = others[:at], others[at + 1 :]
        if verb in QUESTION_AUXILIARIES:
            return " ".join([*lead, verb, *who, *rest])
        base = verb if unchanged else base_form(verb)
        return " ".join([*lead, "did", *who, base, *rest]) if base else ""
    return ""


def _is_direct(piece: str) -> bool:
    """Return whether a piece is a question with its verb, and no clause that another verb governs: "how it began"."""
    if _DIRECT.fullmatch(piece) is None:
        return False
    return _OF_SUBJECT.match(piece) is not None or _IS.match(piece) is not None or parse_clause(piece) is not None
