"""The source of each quotation of a text: from its own sentence first, then from its neighbours."""

from __future__ import annotations

import bisect
from functools import lru_cache

from retrieval.articles import Span
from retrieval.quotes.attribution.frames import Frame
from retrieval.quotes.attribution.parse import ParsedParagraph, ParsedSentence, ParsedText, parse
from retrieval.quotes.attribution.phrases import after
from retrieval.quotes.attribution.rules import (
    DASHES,
    READ_BESIDE,
    FoundSource,
    again,
    clause_subject,
    framed,
    span_of,
    within,
)
from retrieval.text import reporting_verbs
from retrieval.text.dates import TIME_WORDS
from retrieval.text.lexicon import SUBJECT_PRONOUNS, THIRD_PERSON

_CLAUSE_OPENERS = (SUBJECT_PRONOUNS & THIRD_PERSON) | {"that", "the", "his", "her"}
"""Words after "Smith said" that begin a clause of its own, so that the words before it are not Smith's."""


@lru_cache(maxsize=8)
def attributions(text: str) -> dict[int, FoundSource]:
    """Return what was found for each pair of quotation marks of ``read(text)``, by the pair's number."""
    return _Resolver(parse(text)).run()


class _Resolver:
    """Attributes quotations paragraph by paragraph, with the last source found."""

    def __init__(self, parsed: ParsedText) -> None:
        self.parsed = parsed
        self.found: dict[int, FoundSource] = {}
        self.last: FoundSource | None = None

    def run(self) -> dict[int, FoundSource]:
        previous: ParsedParagraph | None = None
        waiting: list[int] = []
        for paragraph in self.parsed.paragraphs:
            waiting = self._paragraph(paragraph, previous, waiting)
            previous = paragraph
        return self.found

    def _paragraph(self, paragraph: ParsedParagraph, previous: ParsedParagraph | None, waiting: list[int]) -> list[int]:
        """Attribute a paragraph's quotations; return those that the next paragraph may still name a speaker for."""
        if waiting and paragraph.sentences:
            self._name_waiting(waiting, paragraph.sentences[0])
        for number, sentence in enumerate(paragraph.sentences):
            self._sentence(sentence, paragraph.sentences[number + 1 : number + 2])
            self._pending(paragraph, number, previous)
        if not paragraph.pairs:
            self._remember_indirect(paragraph)
        alone = not any(sentence.narrates for sentence in paragraph.sentences)
        return [pair for pair, _ in paragraph.pairs if alone and pair not in self.found]

    def _name_waiting(self, waiting: list[int], sentence: ParsedSentence) -> None:
        """A quotation alone in its paragraph may be signed on the next line: "— Name" or "> — Name"."""
        at = next((number for number, token in enumerate(sentence.tokens) if token.text != ">"), 0)
        if sentence.tokens[at].text in DASHES:
            phrase = after(sentence.tokens, at + 1)
            if phrase:
                for pair in waiting:
                    self.found[pair] = FoundSource(span_of(sentence, phrase), None, "signature", sentence.span)

    def _sentence(self, sentence: ParsedSentence, following: tuple[ParsedSentence, ...]) -> None:
        named: list[int] = []
        for at in sentence.quotes:
            found = within(self.parsed.text, sentence, at)
            if found is None and following and sentence.tokens[-1].quote >= 0 and at == len(sentence.tokens) - 1:
                found = self._misplaced_stop(following[0])
            if found is not None:
                self.found[sentence.tokens[at].quote] = self.last = found
                named.append(at)
        for at in sentence.quotes:
            if at not in named and named:
                near = min(named, key=lambda other: abs(other - at))
                self.found[sentence.tokens[at].quote] = again(self.found[sentence.tokens[near].quote], "shared")
        if not sentence.quotes and sentence.frames:
            self._remember(sentence)

    def _misplaced_stop(self, following: ParsedSentence) -> FoundSource | None:
        """Read “It is over.” Smith said. — a full stop where a comma was meant."""
        strong = [frame for frame in following.frames if frame.strong and frame.rule in {"subject", "inversion"}]
        if not strong or strong[0].first > 0 or following.quotes[:1] == [0]:
            return None
        frame = strong[0]
        rest = following.tokens[frame.last :]
        if following.tokens[frame.cue[0]].lower not in {"said", "says", "wrote", "asked", "added", "tweeted"}:
            return None
        if any(token.lower in _CLAUSE_OPENERS for token in rest[:2]):
            return None
        if (
            rest
            and rest[0].is_word
            and rest[0].lower not in reporting_verbs.PREPOSITIONS
            and rest[0].lower not in TIME_WORDS
        ):
            return None
        return framed(following, frame, "post_verb")

    def _pending(self, paragraph: ParsedParagraph, number: int, previous: ParsedParagraph | None) -> None:
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

    def _from_neighbours(  # noqa: PLR0911 (one return a rule)
        self, paragraph: ParsedParagraph, number: int, previous: ParsedParagraph | None
    ) -> FoundSource | None:
        sentence = paragraph.sentences[number]
        if sentence.narrates:
            return clause_subject(sentence) or (self.last and again(self.last, "nearest"))
        before_it = paragraph.sentences[number - 1] if number else None
        if before_it is not None:
            return self._introduced(before_it, "continued")
        ahead = next((each for each in paragraph.sentences[number + 1 : number + 6] if each.narrates), None)
        if ahead is not None and ahead.quotes:
            for at in ahead.quotes[:1]:
                found = within(self.parsed.text, ahead, at)
                if found is not None:
                    return again(found, "ahead")
        if previous is not None and previous.sentences:
            closing = previous.sentences[-1]
            if closing.tokens[-1].text == ":":
                return self._introduced(closing, "introduced")
            if ahead is not None and ahead.frames and ahead.frames[0].first < 3:
                return again(framed(ahead, ahead.frames[0], "ahead"), "ahead")
            return self._introduced(closing, "floating")
        return None

    def _introduced(self, closing: ParsedSentence, rule: str) -> FoundSource | None:
        """Return the speaker that the sentence before a quotation was about."""
        quoted = [
            self.found[closing.tokens[at].quote] for at in closing.quotes if closing.tokens[at].quote in self.found
        ]
        strong = [frame for frame in closing.frames if frame.strong and frame.rule != "noun_of_saying"]
        if quoted and (rule != "introduced" or not strong):
            return again(quoted[-1], rule if quoted[-1].rule in READ_BESIDE else "nearest")
        after_indirect = "after_indirect" if rule == "continued" else rule
        if strong:
            return framed(closing, strong[-1] if rule == "introduced" else strong[0], after_indirect)
        rule = "nearest" if rule == "continued" else rule
        if closing.frames:
            return framed(closing, closing.frames[-1], rule)
        subject = clause_subject(closing)
        if subject is not None and (rule == "introduced" or self.last is None or _is_personal(closing, subject)):
            return again(subject, rule)
        return again(self.last, rule) if self.last is not None else subject

    def _remember(self, sentence: ParsedSentence) -> None:
        strong = [frame for frame in sentence.frames if frame.strong and frame.rule != "noun_of_saying"]
        if strong:
            self.last = framed(sentence, strong[0], "nearest")

    def _remember_indirect(self, paragraph: ParsedParagraph) -> None:
        for sentence in paragraph.sentences:
            self._remember(sentence)


def _is_personal(sentence: ParsedSentence, found: FoundSource) -> bool:
    inside = [t for t in sentence.tokens if found.source.start <= t.start < found.source.end]
    return any(t.is_capital and t.lower not in reporting_verbs.DETERMINERS for t in inside) or inside[0].lower in {
        "he",
        "she",
    }


def indirect(parsed: ParsedText, span: Span) -> tuple[ParsedSentence, Frame] | None:
    """Return the sentence around words that are not quoted and the frame that reports them, if one does."""
    first = bisect.bisect_right(parsed.paragraphs, span.start, key=lambda paragraph: paragraph.span.end)
    last = bisect.bisect_left(parsed.paragraphs, span.end, key=lambda paragraph: paragraph.span.start)
    for paragraph in parsed.paragraphs[first:last]:
        for sentence in paragraph.sentences:
            if sentence.span.overlaps(span) and sentence.frames:
                strong = [frame for frame in sentence.frames if frame.strong and not frame.denied]
                if strong:
                    return sentence, strong[0]
    return None
