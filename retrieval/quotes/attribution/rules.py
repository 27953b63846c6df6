"""Attribution rules: the source that a quotation's own sentence names; each a function, tried in order of precision."""

from __future__ import annotations

from dataclasses import dataclass, replace

from retrieval.articles import Span
from retrieval.quotes.attribution.frames import Frame, is_reporting, lemma_of
from retrieval.quotes.attribution.parse import ParsedSentence
from retrieval.quotes.attribution.phrases import PERSONAL_SUBJECTS, Phrase, after, before, is_adverb, main_subject
from retrieval.quotes.attribution.sentences import Token
from retrieval.text import reporting_verbs
from retrieval.text.lexicon import QUANTIFIERS


@dataclass(frozen=True, slots=True)
class FoundSource:
    """The source of one quotation as found by a rule.

    Attributes:
        source: The characters that name the speaker.
        cue: The characters of the verb or noun of saying; None when the rule needs none.
        rule: The rule's name, a key of ``speakers.PRECISION``.
        sentence: The sentence that names the speaker.
        via: The outlet the words were said to, when the sentence names it.
        denied: Whether the words are said not to have been said.
        rivals: The characters that name other speakers whose words they could be: "Smith said Lee called it “…”".
    """

    source: Span
    cue: Span | None
    rule: str
    sentence: Span
    via: Span | None = None
    denied: bool = False
    rivals: tuple[Span, ...] = ()


_STRONG_END = frozenset(",.!?…—–-")
READ_BESIDE = frozenset(
    {
        *("according_to", "continued", "inversion", "label", "participle_beside", "post_verb", "pre_verb", "reported"),
        *("signature", "split", "tail", "turn"),
    }
)
"""Rules that read the name beside the words: a verb of saying or a label in their sentence or paragraph."""

DASHES = frozenset({"—", "–", "―", "--", "-"})


def within(text: str, sentence: ParsedSentence, at: int) -> FoundSource | None:
    """Return the speaker that a sentence names for its quotation at token ``at``."""
    return (
        _beside_right(text, sentence, at)
        or _signed(sentence, at)
        or _left(sentence, at)
        or _tail(sentence, at)
        or _label(sentence, at)
    )


def again(found: FoundSource, rule: str) -> FoundSource:
    """Return the same speaker, found by another rule."""
    return replace(found, rule=rule)


def span_of(sentence: ParsedSentence, phrase: tuple[int, int]) -> Span:
    """Return the characters of a phrase."""
    return Span(sentence.tokens[phrase[0]].start, sentence.tokens[phrase[1] - 1].end)


def framed(sentence: ParsedSentence, frame: Frame, rule: str) -> FoundSource:
    """Return a frame as a finding of ``rule``."""
    source = span_of(sentence, frame.source)
    return FoundSource(source, span_of(sentence, frame.cue), rule, sentence.span, _via(sentence, frame), frame.denied)


def _via(sentence: ParsedSentence, frame: Frame) -> Span | None:
    """Return the outlet after "told", "in an interview with", "in comments to"."""
    words = sentence.tokens
    for number in range(frame.cue[1], min(len(words), frame.cue[1] + 12)):
        token = words[number]
        if token.quote >= 0 or token.text in {".", ";"}:
            break
        reached = number == frame.cue[1] and words[frame.cue[0]].lower in {"told", "tells", "telling", "tell"}
        if reached or token.lower in {"with", "to", "on"}:
            phrase = after(words, number if reached else number + 1)
            if phrase and any(
                word.lower.rstrip("'s") in reporting_verbs.OUTLET_WORDS and word.is_capital
                for word in words[phrase[0] : phrase[1]]
            ):
                return span_of(sentence, phrase)
    return None


def _beside_right(text: str, sentence: ParsedSentence, at: int) -> FoundSource | None:
    """Read a speaker right after the quotation: “…,” said Smith; “…,” Smith, a farmer, told reporters."""
    words = sentence.tokens
    inside = text[words[at].start : words[at].end].rstrip("\"”“'’»」』 ")[-1:]
    parted = at + 1 < len(words) and words[at + 1].text in {",", *DASHES}
    for frame in sentence.frames:
        if frame.first <= at or (frame.rule == "relative" and words[frame.first - 1].text == ","):
            continue  # "“…,” Carville, a strategist who advised Clinton, said": the inner verb is no cue of the words
        gap = words[at + 1 : frame.first]
        if len(gap) > 3 or not all(not token.is_word or _may_lead(token) for token in gap):
            return None
        if frame.rule == "noun_of_saying" or not (frame.strong or frame.rule == "according_to"):
            continue
        if words[frame.cue[0]].lower.endswith("ing") or frame.rule == "relative":
            return None
        if inside in _STRONG_END or parted or (frame.rule == "inversion" and not _left(sentence, at)):
            rule = {"subject": "post_verb"}.get(frame.rule, frame.rule)
            return framed(sentence, frame, rule)
        return None
    return None


def _may_lead(token: Token) -> bool:
    return token.lower == "as" or (is_adverb(token) and token.lower not in {"though", "however", "since", "so"})


def _signed(sentence: ParsedSentence, at: int) -> FoundSource | None:
    """Read a name after a dash that closes the sentence: “…” — Name, place."""
    words = sentence.tokens
    if at + 2 >= len(words) or words[at + 1].text not in DASHES or not words[at + 2].is_capital:
        return None
    phrase = after(words, at + 2)
    if phrase is None or (phrase[1] < len(words) and words[phrase[1]].is_word):
        return None
    return FoundSource(span_of(sentence, phrase), None, "signature", sentence.span)


def _left(sentence: ParsedSentence, at: int) -> FoundSource | None:  # noqa: PLR0911 (one return a rule)
    """Read the nearest cue before the quotation."""
    words = sentence.tokens
    nearest = [frame for frame in sentence.frames if frame.cue[1] <= at and frame.source[1] <= at]
    if not nearest:
        return None
    frame = _owner(sentence, nearest)
    tail = _closing_frame(sentence, at)
    if not frame.strong and tail is not None and frame.rule != "noun_of_saying":
        return framed(sentence, tail, "tail")
    gap = at - frame.last
    close = gap <= 1 or (words[at - 1].text in {",", ":"} and (gap <= _NEAR or is_reporting(words, frame)))
    beside = gap <= 1 and words[at - 1].text in {",", ":"} and frame.cue[1] >= at - 1 and frame.strong
    if beside and frame.rule == "participle":
        return framed(sentence, frame, "participle_beside")
    rivals = () if beside and frame.rule == "subject" else _rivals(sentence, frame, at)
    if rivals:
        return replace(framed(sentence, frame, "embedded"), rivals=tuple(span_of(sentence, each) for each in rivals))
    if _leaves_clause(sentence, frame.last, at):
        return framed(sentence, frame, "nearest")
    lemma = lemma_of(words, frame)
    if words[frame.cue[0]].lower in reporting_verbs.TITLE_LEADS:
        return framed(sentence, frame, "titled")
    if frame.rule in _SHARING and not frame.strong and lemma not in reporting_verbs.SPEECH_LEMMAS:
        return framed(sentence, frame, "nearest")
    if frame.rule == "inversion" and any(token.quote >= 0 for token in words[: frame.first]):
        return framed(sentence, frame, "split")
    if frame.rule == "subject":
        return framed(sentence, frame, "pre_verb" if close and frame.strong else "reported")
    return framed(sentence, frame, frame.rule)


_SHARING = frozenset({"participle", "coordinated"})
_NEAR = 8  # tokens between a cue and the colon or comma before its quotation


_NO_RIVALS = PERSONAL_SUBJECTS | QUANTIFIERS | {"it"}


def _rivals(sentence: ParsedSentence, frame: Frame, at: int) -> list[Phrase]:
    """Return the sources of other cues since the quotation before: "Smith said Lee once called it “…”"."""
    words = sentence.tokens
    first = max((number + 1 for number in range(at) if words[number].quote >= 0), default=0)
    return [
        other.source
        for other in sentence.frames
        if other.cue != frame.cue
        and first <= other.cue[0] < at
        and other.source != frame.source
        and not (is_reporting(words, frame) and not _introduces(sentence, other))  # "said the court's decision “will"
        and not (other.first >= frame.last and words[other.source[0]].lower in _NO_RIVALS)  # "Smith says she"
    ]


_LEAVING = frozenset({"but", "while", "as", "when"})


def _leaves_clause(sentence: ParsedSentence, first: int, at: int) -> bool:
    """Return whether another clause begins between two tokens: "she said, but he went on about “…”"."""
    words = sentence.tokens
    return any(
        words[number].lower in _LEAVING and words[number - 1].text == "," and at - number > _CLAUSE
        for number in range(first + 1, at)
    )


_CLAUSE = 3  # tokens of the shortest clause between its conjunction and a quotation


def _introduces(sentence: ParsedSentence, frame: Frame) -> bool:
    """Return whether a frame's noun or verb goes on to what is said: "claim that", "claim: “…”"."""
    if frame.rule != "noun_of_saying":
        return True
    following = sentence.tokens[frame.last] if frame.last < len(sentence.tokens) else None
    return following is None or following.quote >= 0 or following.lower in {"that", ":", ","}


def _owner(sentence: ParsedSentence, nearest: list[Frame]) -> Frame:
    """Return the frame whose speech the words are: not "she hopes" inside "Clinton says she hopes that …"."""
    words, frame = sentence.tokens, nearest[-1]
    if frame.rule == "noun_of_saying" and len(nearest) > 1 and 0 <= frame.source[0] - nearest[-2].cue[1] <= 1:
        frame = nearest[-2]  # "called Obama's remarks “…”": the noun is only the object
    for outer in reversed(nearest[:-1]):
        if any(token.quote >= 0 for token in words[outer.cue[1] : frame.cue[0]]):
            break
        if not is_reporting(words, outer) or outer.rule == "noun_of_saying" or outer.denied:
            continue
        source = words[frame.source[0] : frame.source[1]]
        embedded = (
            source[0].lower in reporting_verbs.SUBJECTS
            or frame.rule in {"relative", "participle", "coordinated"}
            or lemma_of(words, frame) in reporting_verbs.MENTAL
            or lemma_of(words, frame) not in reporting_verbs.SPEECH_LEMMAS
        )
        if embedded:
            frame = outer
    return frame


def _closing_frame(sentence: ParsedSentence, at: int) -> Frame | None:
    """Return the frame that closes the sentence after a comma: "… is “over,” and that is that, Smith said."."""
    words = sentence.tokens
    for frame in sentence.frames:
        closes = frame.strong and frame.rule in {"subject", "inversion", "according_to"}
        opens = any(token.quote >= 0 for token in words[frame.last :])  # "…, according to Silver, “…”"
        if closes and not opens and frame.first > at + 1 and words[frame.first - 1].text in {",", "—", "–", "--"}:
            return frame
    return None


def _tail(sentence: ParsedSentence, at: int) -> FoundSource | None:
    frame = _closing_frame(sentence, at)
    if frame is not None:
        return framed(sentence, frame, "tail")
    later = [frame for frame in sentence.frames if frame.first > at and (frame.strong or frame.rule == "agent")]
    later.sort(key=lambda frame: frame.rule == "relative")
    return framed(sentence, later[0], "later") if later else None


def _label(sentence: ParsedSentence, at: int) -> FoundSource | None:
    """Read a label: “Trump: ‘We will win’”, “… “No?” Lee: “Yes””, “The mayor on taxes: “…””."""
    words = sentence.tokens
    if at < 2 or words[at - 1].text != ":":
        return None
    phrase = before(words, at - 2)
    opens = phrase is not None and (phrase[0] == 0 or words[phrase[0] - 1].quote >= 0)
    if opens and phrase is not None:
        if words[phrase[0]].lower in reporting_verbs.CERTAIN and phrase[0] < phrase[1] - 1:
            phrase = phrase[0] + 1, phrase[1]  # "Added Anderson: “…”"
        return FoundSource(span_of(sentence, phrase), None, "label", sentence.span)
    subject = main_subject(words, at - 1)
    return FoundSource(span_of(sentence, subject), None, "clause_subject", sentence.span) if subject else None


def clause_subject(sentence: ParsedSentence) -> FoundSource | None:
    """Return the subject of a sentence that holds no cue: the best guess left."""
    first_quote = sentence.quotes[0] if sentence.quotes else len(sentence.tokens)
    phrase = main_subject(sentence.tokens, first_quote) or main_subject(
        sentence.tokens, len(sentence.tokens), first_quote + 1
    )
    if phrase is None:
        return None
    return FoundSource(span_of(sentence, phrase), None, "clause_subject", sentence.span)
