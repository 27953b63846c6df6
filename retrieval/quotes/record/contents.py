"""The content of reported speech: which words of a sentence a cue and its source report.

Attribution frames tell the cue and the source; the content is what remains of the clause: after the cue ("Smith said
that …"), before it ("…, Smith said"), on both sides ("The plan, Smith said, is dead").
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.articles import Span
from retrieval.quotes.attribution.frames import Frame, lemma_of
from retrieval.quotes.attribution.parse import ParsedSentence
from retrieval.quotes.attribution.phrases import after, is_adverb, is_time
from retrieval.quotes.attribution.sentences import Sentence
from retrieval.text import reporting_verbs
from retrieval.text.lexicon import CONDITIONALS, OBJECT_PRONOUNS, word_set

MIN_WORDS = 2
"""Words of the shortest content; a quotation counts as one."""

_ADDRESSED = word_set("tell inform remind assure reassure warn notify ask advise urge instruct promise caution order")
"""Lemmas that name the addressee between the verb and the content: told reporters that …"""
_SUBORDINATORS = reporting_verbs.PREPOSITIONS | CONDITIONALS | word_set("when while as because since but and although")
_COORDINATORS = word_set("and but while whereas")
_DASHES = frozenset({"—", "–", "--", "-", "―"})
_BREAKS = frozenset({",", ";", ":", *_DASHES})
_MAX_TO_THAT = 14  # tokens between a verb and its "that"
_MIN_AFTER_LEAD = 5  # words after "After the vote, Smith said" that are content, whatever they begin with

_STATING = (reporting_verbs.REPORTING - word_set("maintain charge state contend report")) | word_set(
    """agree confirm deny reveal disclose advise caution demand propose recommend reiterate stress emphasize emphasise
    explain mention indicate signal imply hint concede comment tweet insist promise swear attest certify concur boast
    complain lament joke quip believe think hope fear express call describe accuse criticize criticise denounce condemn
    praise hail blast slam dismiss blame threaten apologize apologise acknowledge ridicule mock cite"""
)
"""Lemmas of which a clause or an object without "that" is what somebody says; of others ("ruled", "continued", "shows")
it mostly is what they do. With "that" every verb of saying reports."""

_UNDERTAKING = word_set("promise pledge vow urge agree threaten ask advise warn offer order demand swear tell call")
"""Lemmas of which an infinitive is what somebody says: promised to cut taxes, urged him to go."""

_WITH_PREPOSITION = word_set("call warn complain boast agree apologize apologise caution lament joke testify")
"""Lemmas whose content a preposition may begin: called for, warned of, complained about."""

_NAMING = word_set("title headline caption label name sign pen")
"""Lemmas after which quotation marks hold a name: a memoir titled “…”."""

_AUTHOR = word_set("i we you")
"""Sources that are the writer or the reader."""

PRECISION = {
    "indirect_according_to": 0.89,  # content beside "according to Smith"
    "indirect_before": 0.89,  # "…, Smith said"
    "indirect_that": 0.85,  # "Smith says that …"
    "indirect_clause": 0.85,  # "Smith said …"
    "indirect_object": 0.68,  # "Smith calls …", "Smith says …"
    "indirect_shared": 0.57,  # "…, adding …", "and said …", "who said …"
}
"""Rule -> share of statements without quotation marks whose source and content are those of an annotated attribution.

Measured on PolNeAR dev (``python -m evals quotes``), where attributions inside another's are not all annotated.
"""

TokenRange = tuple[int, int]


def contents(sentence: ParsedSentence, frame: Frame) -> tuple[Span, ...]:
    """Return the characters that a frame of the sentence reports, in order; empty where it reports none."""
    words = sentence.tokens
    ranges = _ranges(sentence, frame)
    if not ranges or not _reports(words, frame, ranges):
        return ()
    found = [_trimmed(words, each) for each in ranges]
    kept = [each for each in found if _count(words, each)]
    if sum(_count(words, each) for each in kept) < MIN_WORDS and not any(_quotes(words, each) for each in kept):
        return ()
    return tuple(Span(words[first].start, words[last - 1].end) for first, last in kept)


def indirect_rule(sentence: ParsedSentence, frame: Frame) -> str:
    """Return the rule by which a frame without quotation marks reports its content, a key of ``PRECISION``."""
    words = sentence.tokens
    ranges = _ranges(sentence, frame)
    cue = words[frame.cue[0]].lower
    form = (reporting_verbs.SPEECH.get(cue) or reporting_verbs.EVALUATION.get(cue) or ("", ""))[1]
    first = ranges[-1][0] if ranges else 0
    if frame.rule == "according_to":
        return "indirect_according_to"
    if frame.rule != "subject" or form == "gerund":
        return "indirect_shared"
    if ranges and ranges[0][0] < frame.first:
        return "indirect_before"
    if first and words[first - 1].lower == "that":
        return "indirect_that"
    return "indirect_clause" if form == "past" and frame.strong else "indirect_object"


def _reports(  # noqa: PLR0911 (one return a rule)
    words: Sentence, frame: Frame, ranges: Sequence[TokenRange]
) -> bool:
    """Return whether what stands beside a cue is speech: not a noun ("two states"), nor what somebody does."""
    if words[frame.source[0]].lower in _AUTHOR:
        return False
    if frame.rule == "according_to":
        return words[frame.cue[0]].lower in {"according", "per"}
    cue = words[frame.cue[0]]
    lemma, (first, last) = lemma_of(words, frame), ranges[-1]
    if frame.cue[0] and words[frame.cue[0] - 1].lower == "to":
        return False  # "to say": not said
    if any(word.quote >= 0 for word in words[first:last]):
        return lemma not in _NAMING  # the marks show that they are words
    if first >= last:
        return False
    before = words[first - 1].lower if first else ""
    if before == "that" or first < frame.first:
        return frame.strong
    if lemma not in _STATING or cue.lower in reporting_verbs.AMBIGUOUS - reporting_verbs.CERTAIN:
        return False
    if words[first].lower == "to":
        return lemma in _UNDERTAKING
    return words[first].lower not in reporting_verbs.PREPOSITIONS or lemma in _WITH_PREPOSITION


def _ranges(sentence: ParsedSentence, frame: Frame) -> list[TokenRange]:  # noqa: PLR0911 (one return a rule)
    words = sentence.tokens
    opening, closing = _clause(sentence, frame)
    left, right = (opening, frame.first), (_content_start(words, frame, closing), closing)
    if frame.rule == "inversion":
        return [left]
    if frame.rule == "noun_of_saying":
        follows = words[frame.last].lower if frame.last < len(words) else ""
        return [(frame.last + 1, closing)] if follows == "that" else []
    if frame.rule == "according_to":
        if _count(words, left) < MIN_WORDS:
            comma = next((at for at in range(frame.last, closing) if words[at].text == ","), closing)
            return [(comma + 1, closing)]
        goes_on = frame.last < closing and words[frame.last].text == "," and _count(words, (frame.last, closing)) > 1
        return (
            [left, (frame.last, closing)] if goes_on and frame.first and words[frame.first - 1].text == "," else [left]
        )
    if frame.cue[0] < frame.source[0]:  # "said by Smith"
        return [left]
    if frame.rule == "subject" and _closes(words, frame, left, right):
        goes_on = frame.last < closing and words[frame.last].text in {",", *_DASHES}
        return [left, right] if goes_on and _count(words, right) >= MIN_WORDS else [left]
    return [right]


def _clause(sentence: ParsedSentence, frame: Frame) -> TokenRange:
    """Return the tokens of the frame's clause: up to another frame that a coordinator or a semicolon parts from it."""
    words = sentence.tokens
    opening, closing = 0, len(words)
    for other in sentence.frames:
        at = other.first
        if other is frame or other.source == frame.source or at == 0 or not other.strong:
            continue
        parted = words[at - 1].text == ";" or (
            words[at - 1].lower in _COORDINATORS and at > 1 and words[at - 2].text in {",", *_DASHES}
        )
        if parted and at > frame.last:
            closing = min(closing, at - 1)
        elif parted and other.last < frame.first:
            opening = max(opening, at)
    for at in range(frame.last, closing):
        if words[at].text == ";":
            closing = at
            break
    return opening, closing


def _closes(words: Sentence, frame: Frame, left: TokenRange, right: TokenRange) -> bool:
    """Return whether the frame follows its content: "The plan is dead, Smith said on Monday"."""
    before = words[frame.first - 1] if frame.first else None
    if before is None or not (before.text in {",", *_DASHES} or before.quote >= 0):
        return False
    if _count(words, left) < MIN_WORDS and not _quotes(words, left):
        return False
    following = words[frame.last] if frame.last < len(words) else None
    if following is None or not (following.is_word or following.quote >= 0):
        introduces = any(word.quote >= 0 for word in words[frame.last + 1 : frame.last + 2])
        return following is None or not (following.text == ":" or introduces)  # Asked about it, he said, “…”
    if following.lower == "that" or words[right[0] - 1].lower == "that" or following.quote >= 0:
        return False
    adjunct = following.lower in reporting_verbs.PREPOSITIONS or is_time(following) or is_adverb(following)
    led = words[left[0]].lower in _SUBORDINATORS
    return adjunct and not (led and _count(words, right) >= _MIN_AFTER_LEAD)


def _content_start(words: Sentence, frame: Frame, closing: int) -> int:
    """Return the first token of the content after a cue: behind "that", the addressee and the time."""
    at = frame.last
    if at < closing and words[at].text == ",":
        return at + 1
    addressed = lemma_of(words, frame) in _ADDRESSED
    begins = at < closing and (
        words[at].lower in reporting_verbs.PREPOSITIONS or is_time(words[at]) or is_adverb(words[at])
    )
    if addressed or begins or (at < closing and words[at].lower == "that"):
        for ahead in range(at, min(closing, at + _MAX_TO_THAT)):
            if words[ahead].lower == "that":
                return ahead + 1
            if words[ahead].text in _BREAKS or words[ahead].quote >= 0:
                break
    if addressed and at < closing:
        if words[at].lower in OBJECT_PRONOUNS:
            return at + 1
        phrase = after(words, at)
        if phrase is not None and phrase[0] == at and phrase[1] < closing:
            return phrase[1]
    while at < closing and (
        is_time(words[at]) or (words[at].lower == "on" and at + 1 < closing and is_time(words[at + 1]))
    ):
        at += 1
    return at


def _trimmed(words: Sentence, found: TokenRange) -> TokenRange:
    """Cut the marks around a range, and a coordinator that leads or ends it."""
    first, last = found
    last = min(last, len(words))
    while first < last and not (words[first].is_word or words[first].quote >= 0):
        first += 1
    while last > first and (
        not (words[last - 1].is_word or words[last - 1].quote >= 0) or words[last - 1].lower in _COORDINATORS
    ):
        if words[last - 1].text in {"%", ")", "’", "'"}:
            break
        last -= 1
    return first, last


def _count(words: Sentence, found: TokenRange) -> int:
    return sum(word.is_word or word.quote >= 0 for word in words[found[0] : found[1]])


def _quotes(words: Sentence, found: TokenRange) -> bool:
    return any(word.quote >= 0 for word in words[found[0] : found[1]])
