"""Indirect speech in a claim: whom the claim has say something, and whom the article has say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.features import CandidateSentence
from bot.verification.source_articles import SourceArticle
from retrieval.articles import Hit, Span
from retrieval.quotes.attribution.frames import Frame, is_reporting
from retrieval.quotes.attribution.parse import ParsedSentence, parse
from retrieval.quotes.attribution.speakers import (
    Attribution,
    SpeakerKind,
    SpeakerVerdict,
    attribute,
    attribution_of,
    reported_by,
    speaker_verdict,
)
from retrieval.quotes.speaker_claim import is_name
from retrieval.text.lexicon import PERSONAL_PRONOUNS
from retrieval.text.names import fold_name, is_group, is_outlet, surname
from retrieval.text.people import names_of
from retrieval.text.reporting_verbs import MENTAL
from retrieval.text.tokens import read_words

MIN_CONTENT_TERMS = 3
"""Content words of what is said: fewer identify nothing."""
MIN_COVERED = 0.6
"""The least share of them, in [0, 1], in the sentence that says so."""
MAX_BEHIND = 0.2
"""Sentences that cover a share less than the best one's by at most this may be what the claim reports, too."""
_FRAME_RULES = frozenset({"subject", "according_to", "inversion"})


@dataclass(frozen=True, slots=True)
class _ReportedSpeech:
    """Whom a claim has say what.

    Attributes:
        speaker: A person's name.
        terms: The content terms of what they are to have said.
    """

    speaker: str
    terms: frozenset[str]


def misattributed_speech(
    claim: str, sources: Sequence[SourceArticle], hits: Sequence[Hit], found: Sequence[CandidateSentence]
) -> list[str]:
    """Return a message for each person whom ``claim`` has say what the articles have somebody else say.

    Only where claim and article each name a person in plain words, and no sentence with as much of the content leaves
    the speaker open.

    Args:
        claim: The claim.
        sources: The articles.
        hits: The passages found.
        found: Their sentences.
    """
    speeches = list(_reported_speech(claim))
    if not speeches:
        return []
    by_id = {source.id: source for source in sources}
    messages = []
    for speech in speeches:
        covered = [len(speech.terms & each.sentence.terms) / len(speech.terms) for each in found]
        best = max(covered, default=0.0)
        if best < MIN_COVERED:
            continue
        near = [each for each, share in zip(found, covered, strict=True) if share >= best - MAX_BEHIND]
        others = [
            _other_speaker(speech.speaker, by_id[hits[each.hit].passage.article_id], each.sentence.span)
            for each in near
        ]
        if all(others):
            messages.append(f"the article has {others[0]} say so, not {speech.speaker}")
    return messages


def _reported_speech(claim: str) -> Iterator[_ReportedSpeech]:
    for paragraph in parse(claim).paragraphs:
        for sentence in paragraph.sentences:
            reporting = [frame for frame in sentence.frames if _reports(sentence, frame)]
            if len(reporting) != 1:  # of "Lee said Ortiz told them" the content is two people's
                continue
            speaker = attribution_of(claim, sentence, reporting[0]).name
            is_person = is_name(speaker) and not is_group(speaker) and not is_outlet(speaker)
            if not is_person or not names_of(claim).knows(speaker):
                continue
            terms = _content_terms(claim, sentence, reporting[0]) - {fold_name(word) for word in speaker.split()}
            if len(terms) >= MIN_CONTENT_TERMS:
                yield _ReportedSpeech(speaker, terms)


def _reports(sentence: ParsedSentence, frame: Frame) -> bool:
    """Return whether a frame says that somebody says something, not that they think or are said to."""
    word = sentence.tokens[frame.cue[0]].lower
    is_said = frame.rule == "according_to" or (is_reporting(sentence.tokens, frame) and word not in MENTAL)
    return frame.rule in _FRAME_RULES and is_said and not frame.denied


def _content_terms(claim: str, sentence: ParsedSentence, frame: Frame) -> frozenset[str]:
    """Return the content terms of a sentence beyond a frame's speaker and cue."""
    tokens = sentence.tokens
    framed = Span(tokens[frame.first].start, tokens[frame.last - 1].end)
    text = sentence.span.of(claim)
    inside = [
        (word, Span(word.start + sentence.span.start, word.end + sentence.span.start)) for word in read_words(text)
    ]
    return frozenset(word.term for word, span in inside if word.term and not word.stop and not span.overlaps(framed))


def _other_speaker(speaker: str, source: SourceArticle, span: Span) -> str:
    """Return the person whom the article names in plain words for a sentence, where it is another one; else ""."""
    text = source.text
    said = _said_by(text, span)
    if said is None or said.kind is not SpeakerKind.PERSON or said.surface is None:
        return ""
    if said.surface.of(text).lower() in PERSONAL_PRONOUNS or not names_of(text).knows(said.name):
        return ""
    if surname(speaker) in fold_name(said.sentence.of(text)).split():  # named there too: it may be misread
        return ""
    is_other = speaker_verdict(speaker, said, source.outlet) is SpeakerVerdict.OTHER
    return said.name if is_other else ""


def _said_by(text: str, span: Span) -> Attribution | None:
    """Return whom an article has say a sentence, quoted or reported."""
    quoted = attribute(text, span)
    if quoted.kind is not SpeakerKind.OUTLET:
        return quoted
    reported = reported_by(text, span)
    return replace(reported, rule="reported") if reported is not None else None
