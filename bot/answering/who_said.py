"""Speech questions ("What did Lechner say about Niger?"): sentences that an article attributes to the speaker.

A reader fitted on an encyclopaedia looks for the verb of the question; an article has "suggested that", "warned" or a
quotation. Speakers are attributed by the quote desk's rules, with their measured precision.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.features import parse_passage
from bot.answering.reader import MAX_SENTENCES, Reader, ReaderResult, ScoredSentence
from bot.answers import Doubt
from retrieval.articles import Hit, Span
from retrieval.quotes.attribution.extraction import quotations
from retrieval.quotes.attribution.speakers import Attribution, SpeakerVerdict, attribute, reported_by, speaker_verdict
from retrieval.text.lexicon import DO, HAVE, alternation
from retrieval.text.tokens import read_words, term_set

_FORM = re.compile(
    rf"\W*what\s+(?:{alternation(DO | HAVE)})\s+(?P<who>\S.*?)\s+(?:ever\s+)?"
    r"(?:say|said|think|thought|tell|told|claim(?:ed)?|argue[d]?|suggest(?:ed)?|state[d]?|warn(?:ed)?|announce[d]?|comment(?:ed)?)"
    r"(?:\s+(?:about|of|on|regarding|concerning)\s+(?P<topic>\S.*?))?\W*",
    re.IGNORECASE,
)

_SOMEBODY_ELSE = Doubt("is by somebody else", "is by the speaker that is asked for")


@dataclass(frozen=True, slots=True)
class SpeechQuestion:
    """A question about what somebody said.

    Attributes:
        who: The speaker, as named in the question.
        topic: The terms of the topic; empty for any topic.
    """

    who: str
    topic: frozenset[str]


class WhoSaidReader:
    """A reader that shows only the speaker's sentences; it passes other questions to the inner reader.

    Args:
        inner: The reader for all questions.
    """

    def __init__(self, inner: Reader) -> None:
        self._inner = inner

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's sentences, the speaker's first; only those count as answers.

        Where there is none, and the best is by somebody else, it abstains.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        reading = self._inner.read(question, hits)
        asked = parse_speech_question(question)
        if asked is None or not reading.candidates:
            return reading
        sure = [_speaker_precision(asked, candidate) for candidate in reading.candidates]
        said = [
            replace(candidate, probability=max(candidate.probability, precision))
            for candidate, precision in zip(reading.candidates, sure, strict=True)
            if precision > 0
        ]
        if not said:  # the words of another speaker are no answer, however similar
            other = 1 - max(0.0, -sure[0])
            answers = reading.answers if other == 1 else 0
            return replace(
                reading,
                confidence=reading.confidence * other,
                p_answerable=reading.p_answerable * other,
                answers=answers,
                possibly=reading.possibly and answers > 0,
                doubts=reading.doubts if other == 1 else (_SOMEBODY_ELSE, *reading.doubts),
            )
        rest = [each for each, precision in zip(reading.candidates, sure, strict=True) if precision <= 0]
        first = max(reading.confidence, said[0].probability)
        return ReaderResult((*said, *rest), first, max(reading.p_answerable, first), min(MAX_SENTENCES, len(said)))


def parse_speech_question(question: str) -> SpeechQuestion | None:
    """Return the speaker and topic of a speech question; None for any other question."""
    found = _FORM.fullmatch(question)
    if found is None:
        return None
    return SpeechQuestion(found["who"], term_set(read_words(found["topic"] or "", sentence=False)))


def _speaker_precision(asked: SpeechQuestion, candidate: ScoredSentence) -> float:
    """Return the precision with which a sentence is by the speaker and on the topic, in [-1, 1].

    Negative where it is by somebody else; 0 where no rule applies.
    """
    passage = candidate.hit.passage
    span = Span(candidate.span.start - passage.span.start, candidate.span.end - passage.span.start)
    found = [(speaker_verdict(asked.who, each), each.confidence) for each in _speakers(passage.text, span)]
    theirs = [sure for verdict, sure in found if verdict is SpeakerVerdict.MATCH]
    if theirs:
        return 0.0 if asked.topic - parse_passage(passage).terms else max(theirs)
    others = [sure for verdict, sure in found if verdict is SpeakerVerdict.OTHER]
    return -max(others) if others and len(others) == len(found) else 0.0


def _speakers(text: str, sentence: Span) -> list[Attribution]:
    """Return the speakers of a sentence: of the quotations that overlap it, else of its indirect speech."""
    found = [
        attribute(text, quotation.content_span)
        for quotation in quotations(text)
        if quotation.kind.is_speech
        and quotation.content_span.start < sentence.end
        and quotation.content_span.end > sentence.start
    ]
    reported = None if found else reported_by(text, sentence)
    return [*found, *([reported] if reported else [])]
