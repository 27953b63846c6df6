"""The claimed speaker: whom a draft names for a quotation, and whether it names them in plain words."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from retrieval.articles import Span
from retrieval.quotes.attribution.parse import ParsedSentence, parse
from retrieval.quotes.attribution.speakers import Attribution, SpeakerKind, attribute, names_nobody
from retrieval.text import reporting_verbs
from retrieval.text.dates import CALENDAR_WORDS, TIME_WORDS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    DEMONSTRATIVES,
    PERSONAL_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    RELATIVE_PRONOUNS,
    alternation,
    word_set,
)
from retrieval.text.names import bare, fold_name, is_outlet, surname
from retrieval.text.roles import ROLES

MIN_CONFIDENCE = 0.75
"""The least measured precision of a rule whose answer is a claim in plain words: below it, the rules guess."""

_WORD = LazyPattern(r"[^\W\d_][\w’'.-]*")
_POSSESSIVE = LazyPattern(r"[’']s?(?!\w)")
_ADDRESS = LazyPattern(r"https?\b|www\.|://|@|[/\\<>#\[\](){}|=]")
_MAX_NAME_WORDS = 8
_DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS
_PHRASE_END = LazyPattern(r"(?<!\s)\s*[,(;:—–]")
_COMPLEMENT = LazyPattern(r"\s(?:of|for|at|from|with|in|on|to|who|which|that)\s")
_NAME_PARTICLES = word_set("de von van der den bin al la di du da dos del le ben ibn el ter")
_CAPITAL = r"(?<![\w.’'-])[^\W\d_a-z][\w.’'-]*"
_NAMED = rf"(?P<name>{_CAPITAL}(?:(?:[ \u00a0](?:{alternation(_NAME_PARTICLES)})){{0,2}}[ \u00a0]{_CAPITAL}){{0,6}})"
_NAMED_BEFORE = LazyPattern(rf"{_NAMED}(?: \([^()\n]{{1,30}}\))?,\s+$")
_NAMED_AFTER = LazyPattern(rf"(?P<role>(?: [a-z][\w-]*){{1,4}}) {_NAMED}")
_NAMED_APPOSED = LazyPattern(rf", {_NAMED},")
_PARTY = LazyPattern(r"[A-Z]{1,3}-[A-Z][\w.]*")  # R-Ky.
_MAX_APPOSITION = 100  # characters of a name before its apposition
_EXPLICIT = frozenset({"label", "signature", "turn"})
"""Rules that read a name beside a colon or a dash: too rare to be measured, and no guess."""

_PARTICLES = _NAME_PARTICLES | word_set("of the and for y e zu af")


@dataclass(frozen=True, slots=True)
class ClaimedSpeaker:
    """Whom a draft names for a quotation.

    Attributes:
        name: The full name or description; empty where only a pronoun is there, which could be several people's.
        surface: The characters that name them, in the draft as it is read.
        is_certain: Whether the draft names them in plain words: by name, or by a pronoun when nobody else is named
            before it in the paragraph. Only such a claim can be called wrong.
        is_bare: Whether they stand beside the words without a verb of saying: a name ("Reed: “…”") or a label
            ("Update: “…”"), which only the articles can tell.
    """

    name: str
    surface: Span
    is_certain: bool
    is_bare: bool = False


def claimed_speaker(text: str, content: Span) -> ClaimedSpeaker | None:
    """Return whom a draft names for the words at ``content``; None where it names nobody that could speak."""
    found = attribute(text, content)
    if found.surface is None or found.kind in {SpeakerKind.OUTLET, SpeakerKind.UNKNOWN}:
        return None
    if found.kind is SpeakerKind.PRONOUN:
        return ClaimedSpeaker("", found.surface, is_certain=False)
    if not may_speak(found.name) or _ADDRESS.search(text, max(0, found.surface.start - 1), found.surface.end):
        return None
    surface = " ".join(found.surface.of(text).split())
    if surface.startswith("The ") and fold_name(surface) == f"the {fold_name(found.name)}":
        return ClaimedSpeaker(surface, found.surface, is_certain=False)  # "The Coast": an outlet, or a body
    named = _full_name(text, found.surface)
    if named and surname(named) not in fold_name(found.name).split():
        return ClaimedSpeaker(named, found.surface, _is_trusted(text, found), found.cue is None)
    return ClaimedSpeaker(found.name, found.surface, _is_certain(text, found, named), found.cue is None)


def _full_name(text: str, surface: Span) -> str:
    """Return the name that a phrase has at its head, or in the words around it that belong to it, or "".

    "MSNBC host Chris Matthews", "Charles Rangel of New York"; around "the chair" in "Ann Lee, the chair" and in "the
    chair, Ann Lee,", around "Clinton" in "Clinton spokesman Brian Fallon".
    """
    phrase = surface.of(text).strip()
    after = _NAMED_AFTER.match(text, surface.end)
    if after and ROLES & set(after["role"].lower().split()):
        return _last_name(after["name"])
    is_description = not _last_name(phrase) and bool(ROLES & set(phrase.lower().split()))
    apposed = _NAMED_APPOSED.match(text, surface.end) if is_description else None
    if apposed:
        return _last_name(apposed["name"])
    if phrase[:1].islower() or phrase.split()[0].lower() in _DETERMINERS or _PARTY.fullmatch(phrase):
        before = _NAMED_BEFORE.search(text, max(0, surface.start - _MAX_APPOSITION), surface.start)
        if before:
            return _last_name(before["name"])
    head = _PHRASE_END.split(phrase, maxsplit=1)[0]
    short = _COMPLEMENT.split(head, maxsplit=1)[0]
    return _last_name(short) or ("" if phrase[:1].islower() else _last_name(head))


def _last_name(phrase: str) -> str:
    """Return the name that a phrase ends with, without its titles, or ""; behind an article only after a role."""
    words = phrase.split()
    first = len(words)
    while first and (not words[first - 1][0].islower() or (first < len(words) and words[first - 1] in _NAME_PARTICLES)):
        first -= 1
    if words and words[0].lower() in _DETERMINERS and (not first or fold_name(words[first - 1]) not in ROLES):
        return ""
    name = bare(" ".join(words[first:]))[0]
    return name if is_name(name) and not ROLES.issuperset(fold_name(name).split()) else ""


def may_speak(name: str) -> bool:
    """Return whether words can name a speaker: a capitalised name, or a description with an article or a role.

    A number, an address, a part of the draft's markup or a stray word ("not") cannot.
    """
    words = _WORD.findall(name)
    if not words or len(words) > 2 * _MAX_NAME_WORDS or _ADDRESS.search(name) or names_nobody(name):
        return False
    if all(fold_name(word) in CALENDAR_WORDS | TIME_WORDS for word in words):
        return False
    if words[0].lower() in (PERSONAL_PRONOUNS | RELATIVE_PRONOUNS) - POSSESSIVE_DETERMINERS:
        return False
    if any(not word[0].islower() for word in words):
        return True
    return (len(words) > 1 and words[0] in _DETERMINERS) or bool(ROLES & {words[-1], words[-1].removesuffix("s")})


def is_name(name: str) -> bool:
    """Return whether words are a name and nothing else: each capitalised, particles aside, and none possessive."""
    words = bare(name)[0].split()
    if not words or len(words) > _MAX_NAME_WORDS or _POSSESSIVE.search(name) or not words[-1][:1].isalpha():
        return False
    if words[0].lower() in PERSONAL_PRONOUNS | RELATIVE_PRONOUNS:
        return False
    return not words[-1][0].islower() and all(not word[0].islower() or word in _PARTICLES for word in words)


def is_named_beside(text: str, quotation: Span, sentence: Span, name: str) -> bool:
    """Return whether a draft's sentence names somebody outside its quotation: then the claim may be misread."""
    outside = f"{text[sentence.start : quotation.start]} {text[quotation.end : sentence.end]}"
    return bool(surname(name)) and surname(name) in fold_name(outside).split()


def sentence_around(text: str, span: Span) -> Span:
    """Return the sentence or sentences of a text that contain a span."""
    here = [each.span for each in _sentences(text, span) if each.span.overlaps(span)]
    return (
        Span(min(span.start, *(one.start for one in here)), max(span.end, *(one.end for one in here))) if here else span
    )


def _sentences(text: str, span: Span) -> list[ParsedSentence]:
    """Return the sentences of the paragraphs that share characters with a span."""
    every = parse(text).paragraphs
    first = bisect.bisect_right(every, span.start, key=lambda paragraph: paragraph.span.end)
    last = bisect.bisect_left(every, span.end, key=lambda paragraph: paragraph.span.start)
    return [sentence for paragraph in every[first:last] for sentence in paragraph.sentences]


def _is_certain(text: str, found: Attribution, named: str) -> bool:
    if found.surface is None or not _is_trusted(text, found) or not is_name(found.name) or is_outlet(found.name):
        return False
    if named:
        return surname(named) == surname(found.name)
    is_pronoun = found.surface.of(text).lower() in PERSONAL_PRONOUNS
    return is_pronoun and _is_only_one_named(text, found.name, found.surface)


def _is_trusted(text: str, found: Attribution) -> bool:
    """Return whether a rule answers well enough for a claim in plain words, and with one person."""
    if found.kind is not SpeakerKind.PERSON or len(found.candidates) > 1 or found.surface is None:
        return False
    if found.cue is not None and found.cue.of(text).lower() == "via":  # a network or a wire, not who said it
        return False
    if found.rule in _EXPLICIT:
        return text.rfind("\n", 0, found.surface.start) == len(text[: found.surface.start].rstrip(" \t>*_—–―-")) - 1
    return found.confidence >= MIN_CONFIDENCE


def _is_only_one_named(text: str, name: str, pronoun: Span) -> bool:
    """Return whether nobody but ``name`` is named before a pronoun in its paragraph, its quotations aside.

    A name behind a preposition ("Of Smith, who was away, he said") is not the one that a pronoun takes up.
    """
    own = set(fold_name(name).split())
    is_subject = False
    for sentence in _sentences(text, pronoun):
        before = ""
        for token in sentence.tokens:
            if token.start >= pronoun.start:
                return is_subject
            if not token.is_word:
                continue
            if token.is_capital and before and not _is_of(token.text, own):
                return False
            is_subject = is_subject or (fold_name(token.text) in own and before not in reporting_verbs.PREPOSITIONS)
            if not (token.is_capital and _is_of(token.text, own) and before in reporting_verbs.PREPOSITIONS):
                before = token.lower
    return is_subject


def _is_of(word: str, own: set[str]) -> bool:
    """Return whether a capitalised word is one of a name, its title, or a day or month."""
    plain = fold_name(word)
    return plain in own or plain in ROLES or plain in CALENDAR_WORDS or plain == "i"
