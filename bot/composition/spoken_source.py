"""Spoken sources: whom an article names as the speaker of a sentence, for "who says that?"."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.group_speech import DISSENTERS, group_of
from bot.answering.speech_question import SpeechQuestion, says_plainly
from bot.answering.who_said import speakers_of, with_source
from retrieval.articles import Span
from retrieval.quotes.attribution.speakers import MIN_EXPLICIT, Attribution, SpeakerKind
from retrieval.text.names import surname
from retrieval.text.roles import PERSON_NOUNS
from retrieval.text.sentences import sentences

MAX_BEFORE, MAX_AFTER = 3, 1
"""Sentences before and after one without a speaker among which the nearest speaker is sought."""
WINDOW = 3_000
"""Characters before and after a sentence that are read for its speaker."""
_INSIDE = frozenset({"of", "the", "and", "for", "de", "van", "von", "al", "bin", "ben", "del", "der"})
"""Words in lower case inside a name."""


@dataclass(frozen=True, slots=True)
class SpokenSource:
    """A speaker whom an article names.

    Attributes:
        name: The name.
        span: The characters that name the speaker, with the words.
        own: Whether the words themselves are attributed to the speaker, and not only a sentence near them.
        pronoun: The pronoun that the article has for the speaker of the words; empty where it has none.
    """

    name: str
    span: Span
    own: bool
    pronoun: str = ""


def spoken_source(text: str, span: Span) -> SpokenSource | None:
    """Return the speaker of the words at ``span``, or of a sentence near them; None where the article names nobody."""
    shift = max(0, span.start - WINDOW)
    window = text[shift : span.end + WINDOW]
    words = span.within(Span(shift, shift + len(window)))
    found = speakers_of(window, words)
    named = next((each for each in found if _is_named(window, each)), None)
    if named:
        return _source(window, words, named, shift, own=True)
    pronoun = next((each.surface.of(window) for each in found if each.kind is SpeakerKind.PRONOUN and each.surface), "")
    around = sentences(window, Span(0, len(window)))
    before = [each for each in around if each.end <= words.start][-MAX_BEFORE:]
    after = [] if pronoun else [each for each in around if each.start >= words.end][:MAX_AFTER]
    for near in (*reversed(before), *after):
        for each in speakers_of(window, near):
            if _is_named(window, each) and each.name[0].isupper():
                return _source(window, near, each, shift, own=False, pronoun=pronoun)
    return None


def _source(text: str, span: Span, found: Attribution, shift: int, *, own: bool, pronoun: str = "") -> SpokenSource:
    held = with_source(text, span, found)
    return SpokenSource(found.name, Span(held.start + shift, held.end + shift), own, pronoun)


def _is_named(text: str, found: Attribution) -> bool:
    """Return whether an article names the speaker, by a rule that is sure: "some items" is nobody."""
    words = found.name.split()
    named = bool(words) and all(word[0].isupper() or word in _INSIDE for word in words) and found.name in text
    named = named or (bool(words) and group_of(SpeechQuestion(found.name, frozenset())) != "" and _is_people(words[-1]))
    telling = found.kind is SpeakerKind.PERSON and found.confidence >= MIN_EXPLICIT
    plainly = found.rule != "indirect" or says_plainly(surname(found.name), found.sentence.of(text))
    return telling and named and plainly


def _is_people(noun: str) -> bool:
    """Return whether a plural is of people: "critics", "experts"; "items" is not."""
    return noun in DISSENTERS or noun.removesuffix("s") in PERSON_NOUNS
