"""Who is named as the speaker of each quotation of a text: first within its sentence, then from its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from retrieval.articles import Span
from retrieval.quotes import cues
from retrieval.quotes.frames import Frame, is_reporting, lemma_of
from retrieval.quotes.phrases import after, before, is_adverb, main_subject
from retrieval.quotes.reading import Reading, ReadParagraph, ReadSentence, read
from retrieval.quotes.tokens import Token


@dataclass(frozen=True, slots=True)
class Found:
    """The speaker of one quotation as found by a rule.

    Attributes:
        source: The characters that name the speaker.
        cue: The characters of the verb or noun of saying; None when the rule needs none.
        rule: The rule's name, a key of ``speakers.PRECISION``.
        sentence: The sentence that names the speaker.
        told: The outlet the words were said to, when the sentence tells.
        denied: Whether the words are said not to have been said.
    """

    source: Span
    cue: Span | None
    rule: str
    sentence: Span
    told: Span | None = None
    denied: bool = False


_STRONG_END = frozenset(",.!?…—–-")
_DASHES = frozenset({"—", "–", "―", "--", "-"})


@lru_cache(maxsize=8)
def attributions(text: str) -> dict[int, Found]:
    """Return what was found for each pair of quotation marks of ``read(text)``, by the pair's number."""
    return _Walk(read(text)).run()


class _Walk:
    """One walk down the paragraphs, with what was attributed last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.found: dict[int, Found] = {}
        self.last: Found | None = None

    def run(self) -> dict[int, Found]:
        previous: ReadParagraph | None = None
        waiting: list[int] = []
        for paragraph in self.reading.paragraphs:
            waiting = self._paragraph(paragraph, previous, waiting)
            previous = paragraph
        return self.found

    def _paragraph(self, paragraph: ReadParagraph, previous: ReadParagraph | None, waiting: list[int]) -> list[int]:
        """Attribute a paragraph's quotations; return those that the next paragraph may still name a speaker for."""
        if waiting and paragraph.sentences:
            self._name_waiting(waiting, paragraph.sentences[0])
        for number, sentence in enumerate(paragraph.sentences):
            self._sentence(sentence, paragraph.sentences[number + 1 :][:1])
            self._pending(paragraph, number, previous)
        if not paragraph.pairs:
            self._remember_indirect(paragraph)
        alone = not any(sentence.narrates for sentence in paragraph.sentences)
        return [pair for pair, _ in paragraph.pairs if alone and pair not in self.found]

    def _name_waiting(self, waiting: list[int], sentence: ReadSentence) -> None:
        """A quotation alone in its paragraph may be signed on the next line: "— Name"."""
        if sentence.tokens[0].text in _DASHES:
            phrase = after(sentence.tokens, 1)
            if phrase:
                for pair in waiting:
                    self.found[pair] = Found(_span(sentence, phrase), None, "signature", sentence.span)

    def _sentence(self, sentence: ReadSentence, following: tuple[ReadSentence, ...]) -> None:
        named: list[int] = []
        for at in sentence.quotes:
            found = self._within(sentence, at)
            if found is None and following and sentence.tokens[-1].quote >= 0 and at == len(sentence.tokens) - 1:
                found = self._misplaced_stop(following[0])
            if found is not None:
                self.found[sentence.tokens[at].quote] = self.last = found
                named.append(at)
        for at in sentence.quotes:
            if at not in named and named:
                near = min(named, key=lambda other: abs(other - at))
                self.found[sentence.tokens[at].quote] = _again(self.found[sentence.tokens[near].quote], "shared")
        if not sentence.quotes and sentence.frames:
            self._remember(sentence)

    def _misplaced_stop(self, following: ReadSentence) -> Found | None:
        """Read “It is over.” Smith said. — a full stop where a comma was meant."""
        strong = [frame for frame in following.frames if frame.strong and frame.rule in {"subject", "inversion"}]
        if not strong or strong[0].first > 0 or following.quotes[:1] == [0]:
            return None
        frame = strong[0]
        rest = following.tokens[frame.last :]
        if following.tokens[frame.cue[0]].lower not in {"said", "says", "wrote", "asked", "added", "tweeted"}:
            return None
        if any(token.lower in {"that", "he", "she", "it", "the", "they", "his", "her"} for token in rest[:2]):
            return None
        if rest and rest[0].is_word and rest[0].lower not in cues.PREPOSITIONS and rest[0].lower not in cues.TIME_WORDS:
            return None
        return _found(following, frame, "post_verb")

    def _within(self, sentence: ReadSentence, at: int) -> Found | None:
        return (
            _beside_right(self.reading.text, sentence, at)
            or _signed(sentence, at)
            or _left(sentence, at)
            or _tail(sentence, at)
            or _label(sentence, at)
        )

    def _pending(self, paragraph: ReadParagraph, number: int, previous: ReadParagraph | None) -> None:
        sentence = paragraph.sentences[number]
        missing = [at for at in sentence.quotes if sentence.tokens[at].quote not in self.found]
        if not missing:
            return
        found = self._from_neighbours(paragraph, number, previous)
        if found is None:
            return
        for at in missing:
            self.found[sentence.tokens[at].quote] = found
        self.last = found

    def _from_neighbours(self, paragraph: ReadParagraph, number: int, previous: ReadParagraph | None) -> Found | None:
        sentence = paragraph.sentences[number]
        if sentence.narrates:
            return _subject(sentence) or (self.last and _again(self.last, "nearest"))
        before_it = paragraph.sentences[number - 1] if number else None
        if before_it is not None:
            return self._introduced(before_it, "continued")
        ahead = next((each for each in paragraph.sentences[number + 1 : number + 6] if each.narrates), None)
        if ahead is not None and ahead.quotes:
            for at in ahead.quotes[:1]:
                found = self._within(ahead, at)
                if found is not None:
                    return _again(found, "ahead")
        if previous is not None and previous.sentences:
            closing = previous.sentences[-1]
            if closing.tokens[-1].text == ":":
                return self._introduced(closing, "introduced")
            if ahead is not None and ahead.frames and ahead.frames[0].first < 3:
                return _again(_found(ahead, ahead.frames[0], "ahead"), "ahead")
            return self._introduced(closing, "floating")
        return None

    def _introduced(self, closing: ReadSentence, rule: str) -> Found | None:
        """Return the speaker that the sentence before a quotation leaves on stage."""
        quoted = [self.found[closing.tokens[at].quote] for at in closing.quotes if closing.tokens[at].quote in self.found]
        strong = [frame for frame in closing.frames if frame.strong and frame.rule != "noun_of_saying"]
        if quoted and (rule != "introduced" or not strong):
            return _again(quoted[-1], rule)
        if strong:
            return _again(_found(closing, strong[-1] if rule == "introduced" else strong[0], rule), rule)
        if closing.frames:
            return _again(_found(closing, closing.frames[-1], rule), rule)
        subject = _subject(closing)
        if subject is not None and (rule == "introduced" or self.last is None or _is_personal(closing, subject)):
            return _again(subject, rule)
        return _again(self.last, rule) if self.last is not None else subject

    def _remember(self, sentence: ReadSentence) -> None:
        strong = [frame for frame in sentence.frames if frame.strong and frame.rule != "noun_of_saying"]
        if strong:
            self.last = _found(sentence, strong[0], "nearest")

    def _remember_indirect(self, paragraph: ReadParagraph) -> None:
        for sentence in paragraph.sentences:
            self._remember(sentence)


def _is_personal(sentence: ReadSentence, found: Found) -> bool:
    inside = [t for t in sentence.tokens if found.source.start <= t.start < found.source.end]
    return any(t.is_capital and t.lower not in cues.DETERMINERS for t in inside) or inside[0].lower in {"he", "she"}


def _again(found: Found, rule: str) -> Found:
    return Found(found.source, found.cue, rule, found.sentence, found.told, found.denied)


def _span(sentence: ReadSentence, phrase: tuple[int, int]) -> Span:
    return Span(sentence.tokens[phrase[0]].start, sentence.tokens[phrase[1] - 1].end)


def _found(sentence: ReadSentence, frame: Frame, rule: str) -> Found:
    source = _span(sentence, frame.source)
    return Found(source, _span(sentence, frame.cue), rule, sentence.span, _told(sentence, frame), frame.denied)


def _told(sentence: ReadSentence, frame: Frame) -> Span | None:
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
                word.lower.rstrip("'s") in cues.OUTLET_WORDS and word.is_capital for word in words[phrase[0] : phrase[1]]
            ):
                return _span(sentence, phrase)
    return None


def _beside_right(text: str, sentence: ReadSentence, at: int) -> Found | None:
    """Read a speaker right after the quotation: “…,” said Smith; “…,” Smith, a farmer, told reporters."""
    words = sentence.tokens
    inside = text[words[at].start : words[at].end].rstrip("\"”“'’»」』 ")[-1:]
    parted = at + 1 < len(words) and words[at + 1].text in {",", *_DASHES}
    for frame in sentence.frames:
        if frame.first <= at:
            continue
        gap = words[at + 1 : frame.first]
        if len(gap) > 3 or not all(not token.is_word or _may_lead(token) for token in gap):
            return None
        if frame.rule == "noun_of_saying" or not (frame.strong or frame.rule == "according_to"):
            continue
        if words[frame.cue[0]].lower.endswith("ing") or frame.rule == "relative":
            return None
        if inside in _STRONG_END or parted or (frame.rule == "inversion" and not _left(sentence, at)):
            rule = {"subject": "post_verb"}.get(frame.rule, frame.rule)
            return _found(sentence, frame, rule)
        return None
    return None


def _may_lead(token: Token) -> bool:
    return token.lower == "as" or (is_adverb(token) and token.lower not in {"though", "however", "since", "so"})


def _signed(sentence: ReadSentence, at: int) -> Found | None:
    """Read a name after a dash that closes the sentence: “…” — Name, place."""
    words = sentence.tokens
    if at + 2 >= len(words) or words[at + 1].text not in _DASHES or not words[at + 2].is_capital:
        return None
    phrase = after(words, at + 2)
    if phrase is None or (phrase[1] < len(words) and words[phrase[1]].is_word):
        return None
    return Found(_span(sentence, phrase), None, "signature", sentence.span)


def _left(sentence: ReadSentence, at: int) -> Found | None:
    """Read the nearest cue before the quotation."""
    words = sentence.tokens
    nearest = [frame for frame in sentence.frames if frame.cue[1] <= at and frame.source[1] <= at]
    if not nearest:
        return None
    frame = _owner(sentence, nearest)
    tail = _closing_frame(sentence, at)
    if not frame.strong and tail is not None and frame.rule != "noun_of_saying":
        return _found(sentence, tail, "tail")
    close = words[at - 1].text in {",", ":"} or at - frame.last <= 1
    if frame.rule in {"inversion"} and any(token.quote >= 0 for token in words[: frame.first]):
        return _found(sentence, frame, "split")
    if frame.rule == "subject":
        return _found(sentence, frame, "pre_verb" if close and frame.strong else "reported")
    return _found(sentence, frame, frame.rule)


def _owner(sentence: ReadSentence, nearest: list[Frame]) -> Frame:
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
            source[0].lower in cues.PRONOUNS
            or frame.rule in {"relative", "participle", "coordinated"}
            or lemma_of(words, frame) in cues.MENTAL
            or lemma_of(words, frame) not in cues.SPEECH_LEMMAS
        )
        if embedded:
            frame = outer
    return frame


def _closing_frame(sentence: ReadSentence, at: int) -> Frame | None:
    """Return the frame that closes the sentence after a comma: "… is “over,” and that is that, Smith said."."""
    words = sentence.tokens
    for frame in sentence.frames:
        if frame.first > at + 1 and frame.strong and words[frame.first - 1].text in {",", "—", "–", "--"}:
            if frame.rule in {"subject", "inversion", "according_to"}:
                return frame
    return None


def _tail(sentence: ReadSentence, at: int) -> Found | None:
    frame = _closing_frame(sentence, at)
    if frame is not None:
        return _found(sentence, frame, "tail")
    later = [frame for frame in sentence.frames if frame.first > at and (frame.strong or frame.rule == "agent")]
    return _found(sentence, later[0], "later") if later else None


def _label(sentence: ReadSentence, at: int) -> Found | None:
    """Read a label: “Trump: ‘We will win’”, “The mayor on taxes: “…””."""
    words = sentence.tokens
    if at < 2 or words[at - 1].text != ":":
        return None
    phrase = before(words, at - 2)
    subject = main_subject(words, at - 1)
    phrase = phrase if phrase and phrase[0] == 0 else subject
    return Found(_span(sentence, phrase), None, "label", sentence.span) if phrase else None


def _subject(sentence: ReadSentence) -> Found | None:
    first_quote = sentence.quotes[0] if sentence.quotes else len(sentence.tokens)
    phrase = main_subject(sentence.tokens, first_quote) or main_subject(
        sentence.tokens, len(sentence.tokens), first_quote + 1
    )
    if phrase is None:
        return None
    return Found(_span(sentence, phrase), None, "clause_subject", sentence.span)


def indirect(reading: Reading, span: Span) -> tuple[ReadSentence, Frame] | None:
    """Return the sentence around words that are not quoted and the frame that reports them, if one does."""
    for paragraph in reading.paragraphs:
        if not paragraph.span.overlaps(span):
            continue
        for sentence in paragraph.sentences:
            if sentence.span.overlaps(span) and sentence.frames:
                strong = [frame for frame in sentence.frames if frame.strong and not frame.denied]
                if strong:
                    return sentence, strong[0]
    return None
