"""Sides: sentences that are about the question's event, but on the other side of it.

For and against, before and after, first and last, raised and lowered; who replaced whom; what did not happen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.question import ParsedQuestion
from bot.answers import Doubt
from retrieval.text.analyzer import fold, words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    BE,
    DO,
    HAVE,
    POSSESSIVE_DETERMINERS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    THIRD_PERSON,
    alternation,
    is_negator,
    opposites,
    word_set,
)
from retrieval.text.people import names_of
from retrieval.text.roles import PERSON_NOUNS
from retrieval.text.tokens import Word, read_words

_MUTUAL = word_set(
    "win won wins lose lost loses buy bought sell sold private public men man women woman boys boy girls girl"
)
"""Words whose opposite may tell the same event: who lost says who won."""
_FAULT = LazyPattern(r"\bwhat(?:['’]s)?\s+(?:[\w'’]+\s+){0,6}wrong\b", re.IGNORECASE)
"""A question for a fault, which names no side: "what was wrong with her leg?"."""
_REQUESTS = (
    r"\b(?:call(?:s|ed|ing)? (?:on|for|upon)|urg(?:e[sd]?|ing)|ask(?:s|ed|ing)?|want(?:s|ed|ing)?|demand(?:s|ed|ing)?"
    r"|press(?:e[sd]|ing|ure[sd]?|uring)?|push(?:e[sd]|ing)?|beg(?:s|ged|ging)?|implor(?:e[sd]?|ing)"
    r"|encourag(?:e[sd]?|ing)|advis(?:e[sd]?|ing))"
)
_REQUEST = LazyPattern(rf"{_REQUESTS}\b", re.IGNORECASE)
_REQUESTED = LazyPattern(rf"{_REQUESTS}\s+[^.;:]{{1,60}}\sto\s+(?:[a-z]+ly\s+)?(?P<verb>[a-z]+)\b", re.IGNORECASE)
"""What somebody wants another one to do, which does not say that it was done: "called on the mayor to resign"."""
_ASKS_WHETHER = BE | HAVE | DO | {"will"}
_PREPOSITIONS = word_set("for against before after above below over under inside outside up down")
_REACH = 3
"""Words between a preposition and what it is said of."""
_DIRECTED = word_set(
    """replace replaced replaces replacing succeed succeeded succeeds defeat defeated defeats beat beats beaten accuse
    accused accuses sue sued sues kill killed kills shoot shot shoots attack attacked attacks arrest arrested hire hired
    fire fired appoint appointed nominate nominated endorse endorsed oust ousted overthrow overthrew overthrown
    criticize criticized criticise criticised blame blamed thank thanked praise praised marry married elect elected"""
)
"""Verbs of which it matters who did it to whom."""
_NEGATION_REACH = 3
_SUCCESSION = LazyPattern(
    r"\b(?:replac|succe[ed]|success|predecess|took over|take[ns]? over|taking over|fill|instead|interim|acting"
    r"|sw[eo]r[en]|named|appoint|elect|pick|new\b(?! release)|nominat|chosen|chose|promot|inherit|assum|handed"
    r"|(?:took|takes?|taken|taking) (?:his|her|their|\w+['’]s) (?:place|seat|role|post|job))",
    re.IGNORECASE,
)

_TOOK_PLACE = LazyPattern(
    rf"\b[A-Z][\w”\"'’.-]{{0,40}} (?:(?:{alternation(QUESTION_AUXILIARIES)}|been|since|then|later) ){{0,4}}"
    r"(?:(?:took|take|taken|takes) (?:his|her|their|\w+['’]s) (?:place|seat|role|post|job)|took over|replaced|succeeded"
    r"|(?:sworn|named|appointed|elected|chosen|picked)\b)"
)

_OFFICE_OF = LazyPattern(
    r"(?<![\w-])(?P<owner>[A-Z][\w-]{1,40})['’]s?\s+(?:[a-z-]{1,20}\s+){0,3}(?P<role>[a-z-]{3,30})\b"
)
_OFFICE_REACH = 4
"""Words before an office among which its owner's name is looked for."""
_OWNED = LazyPattern(r"(?<![\w-])(?P<owner>[A-Z][\w-]{1,40})['’]s?\s+(?P<noun>[a-z][\w-]+)")
_THEIR = LazyPattern(
    rf"\b(?:{alternation(POSSESSIVE_DETERMINERS & THIRD_PERSON)})\s+(?P<noun>[a-z][\w-]+)", re.IGNORECASE
)


def side_doubts(question: ParsedQuestion, sentence: str) -> list[Doubt]:
    """Return why a sentence is on the other side of what is asked, a doubt each; empty where nothing shows it."""
    asked, said = question.words, read_words(sentence)
    opposed = opposed_words(question, sentence)
    found: list[Doubt | None] = []
    if opposed:
        found.append(Doubt(f"says “{opposed[1]}”, not “{opposed[0]}”", f"says “{opposed[0]}” of it"))
    found += [
        _reversed(question.text, asked, sentence, said),
        _denied(question, sentence, said),
        _only_requested(question, sentence, said),
        _unreplaced(question.text.casefold(), sentence),
        _other_owner(question, sentence),
    ]
    return [doubt for doubt in found if doubt]


def opposed_words(question: ParsedQuestion, sentence: str) -> tuple[str, str] | None:
    """Return a word of the question and its opposite in a sentence that lacks the word; None without such a pair."""
    asked, said = question.words, read_words(sentence)
    ours, theirs = _folded(question.text, asked), _folded(sentence, said)
    for place, word in enumerate(ours):
        opposed = opposites(word)
        if not opposed or word in theirs or word in _MUTUAL or (word == "wrong" and _FAULT.search(question.text)):
            continue
        for at, other in enumerate(theirs):
            if other not in opposed or other in ours:
                continue
            beside = _same_neighbour if word in _PREPOSITIONS else _same_topic
            if beside(asked, place, said, at):
                return word, other
    return None


def _same_neighbour(asked: Sequence[Word], place: int, said: Sequence[Word], at: int) -> bool:
    """Tell whether two prepositions belong to one word: "voted for" and "voted against"."""
    before = _content(asked[max(0, place - _REACH) : place])[-1:], _content(said[max(0, at - _REACH) : at])[-1:]
    after = _content(asked[place + 1 : place + 1 + _REACH])[:1], _content(said[at + 1 : at + 1 + _REACH])[:1]
    return bool(before[0] and before[0] == before[1]) or bool(after[0] and after[0] == after[1])


def _same_topic(asked: Sequence[Word], place: int, said: Sequence[Word], at: int) -> bool:
    """Tell whether two opposites share a content word beside them."""
    near = set(_content(asked[max(0, place - _REACH) : place + 1 + _REACH]))
    return not near.isdisjoint(_content(said[max(0, at - 2 * _REACH) : at + 1 + 2 * _REACH]))


def _content(words: Sequence[Word]) -> list[str]:
    return [word.term for word in words if word.term and not word.stop]


def _reversed(question: str, asked: Sequence[Word], sentence: str, said: Sequence[Word]) -> Doubt | None:
    """Return a doubt where the sentence has the object of "Who replaced X?" do it, or its subject suffer it."""
    ours, theirs = _folded(question, asked), _folded(sentence, said)
    place = next((number for number, word in enumerate(ours) if word in _DIRECTED), -1)
    if place < 1 or ours[0] not in {"who", "whom"}:
        return None
    subject_asked = all(word in HAVE for word in ours[1:place])
    whom = [word.term for word in asked[place + 1 : place + 4] if word.name] if subject_asked else []
    at = next((number for number, word in enumerate(said) if word.term == asked[place].term), -1)
    names = [number for number, word in enumerate(said) if word.term in whom]
    if not whom or at < 0 or not names:
        return None
    passive = any(word in BE for word in theirs[max(0, at - 3) : at]) and theirs[at + 1 : at + 2] != ["by"]
    passive = passive or theirs[at + 1 : at + 2] == ["by"]
    before, after = [n for n in names if n < at], [n for n in names if n > at]
    others = [n for n, word in enumerate(said) if word.name and word.term not in whom and at < n <= at + 6]
    if not passive and before and not after and others and at - before[-1] <= 6:
        return Doubt(f"says whom they {ours[place]}, not who {ours[place]} them", f"says who {ours[place]} them")
    return None


def _denied(question: ParsedQuestion, sentence: str, said: Sequence[Word]) -> Doubt | None:
    """Return a doubt where the sentence denies the question's verb: "did not vote" for "Who voted?"."""
    ours, theirs = _folded(question.text, question.words), _folded(sentence, said)
    if question.negated or not ours or ours[0] not in QUESTION_WORDS - {"why"}:
        return None
    verbs = {
        word.term
        for word, folded in zip(question.words, ours, strict=True)
        if not word.name and (folded.endswith("ed") or folded in _DIRECTED)
    }
    places = [number for number, word in enumerate(said) if word.term in verbs]
    if not places:
        return None
    denied = [
        any(is_negator(word) for word in theirs[max(0, at - _NEGATION_REACH) : at])
        and not re.search(r"\bnot only\b|\buntil\b", sentence)
        for at in places
    ]
    return Doubt("says that it did not happen", "says that it happened") if all(denied) else None


def _only_requested(question: ParsedQuestion, sentence: str, said: Sequence[Word]) -> Doubt | None:
    """Return a doubt where "Did the mayor resign?" is asked, and the sentence says who called on her to resign."""
    ours = _folded(question.text, question.words)
    if not ours or ours[0] not in _ASKS_WHETHER or _REQUEST.search(question.text):
        return None
    requested = {found.start("verb"): found["verb"] for found in _REQUESTED.finditer(sentence)}
    for asked in question.content:
        places = [word.start for word in said if not asked.name and word.term == asked.term]
        if places and requested.keys() >= set(places):
            verb = fold(requested[places[0]])
            return Doubt(f"says who wants them to {verb}, not whether they do", f"says whether they {verb}")
    return None


def _unreplaced(question: str, sentence: str) -> Doubt | None:
    """Return a doubt where "Who replaced X?" is asked, and the sentence tells of no change."""
    if not asks_for_successor(question) or _SUCCESSION.search(sentence):
        return None
    return Doubt("tells of no successor", "tells of a successor")


def owner_doubts(question: ParsedQuestion, sentence: str, before: str) -> list[Doubt]:
    """Return a doubt where "Ada Quill's successor" is asked of, and "his successor" follows somebody else's name."""
    asked = _OWNED.search(question.text)
    theirs = [found for found in _THEIR.finditer(sentence) if asked and fold(found["noun"]) == fold(asked["noun"])]
    if asked is None or not theirs or fold(asked["owner"]) in map(fold, words(sentence)):
        return []
    named = [each for each in names_of(before).mentions if each.surname != fold(asked["owner"])]
    if not named:
        return []
    return [Doubt(f"says “{theirs[0].group()}” after naming {named[-1].name}", f"says whose {asked['noun']} it is")]


def _other_owner(question: ParsedQuestion, sentence: str) -> Doubt | None:
    """Return a doubt where "Vane's campaign manager" is asked for, and the sentence names "Quill campaign manager"."""
    asked = _OFFICE_OF.search(question.text)
    if asked is None or fold(asked["role"]) not in PERSON_NOUNS:
        return None
    owner, role = fold(asked["owner"]), fold(asked["role"])
    said = [(sentence[word.start : word.end], word) for word in read_words(sentence)]
    others = []
    for place, (text, _) in enumerate(said):
        if fold(text) != role:
            continue
        before = said[max(0, place - _OFFICE_REACH) : place]
        while before and before[-1][0][0].islower() and not before[-1][1].stop:
            before = before[:-1]
        name = re.sub(r"['’]s?$", "", before[-1][0]) if before and before[-1][1].name else ""
        if not name or fold(name) == owner or fold(name) in fold(question.text):
            return None
        others.append(f"{name} {role}")
    if not others:
        return None
    return Doubt(f"says “{others[0]}”, not whose is asked for", f"says who {asked['owner']}’s {role} is")


def asks_for_successor(question: str) -> bool:
    """Return whether a question asks who replaced or succeeded somebody."""
    return re.match(r"\W*who\b.*\b(?:replace|succeed)", question, re.IGNORECASE) is not None


def names_successor(sentence: str) -> bool:
    """Return whether a sentence says in plain words that somebody took another's place."""
    return _TOOK_PLACE.search(sentence) is not None


def _folded(text: str, words: Sequence[Word]) -> list[str]:
    return [fold(text[word.start : word.end]) for word in words]
