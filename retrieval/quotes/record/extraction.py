"""Statement extraction: the direct and indirect statements of an article, each with its source and its characters."""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.articles import Span
from retrieval.quotes.attribution.extraction import Quotation, quotations_of
from retrieval.quotes.attribution.parse import ParsedText, parse
from retrieval.quotes.attribution.speakers import Attribution, SpeakerKind, attribute, attribution_of
from retrieval.quotes.record.contents import PRECISION, contents, indirect_rule
from retrieval.store.statements import Statement, StatementKind
from retrieval.text.analyzer import terms
from retrieval.text.folding import Words, joined
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.names import bare
from retrieval.text.quotation_marks import paragraphs
from retrieval.text.reporting_verbs import GROUP_WORDS

WINDOW = 200_000
"""Characters of an article that are parsed at a time, whole paragraphs: a book's tokens do not fit in memory."""

MIN_SENTENCE_WORDS = 4
"""Words of a sentence by which copies are recognised; shorter ones are said again and again."""

_MAX_FRAMES = 20  # of a sentence; one that a person wrote has five at most
_MAX_GROUP_WORDS = 6  # of the name of an organisation
_NESTED_MAX = 8  # statements before one in which it may be nested
_MAX_EXCERPT = 600  # characters up to which the sentence that names the speaker is shown with the words
_LETTERED = LazyPattern(r"\w")
_STOPS = LazyPattern(r"(?<=[.!?…])[\"”’')\]]*\s+")


def statements(text: str) -> list[Statement]:
    """Return the statements of an article in order, in time linear in its length (about 6 ms for 6,000 characters).

    A quotation that is interrupted, or goes on in its paragraph, is one statement; so is a clause with the quotations
    in it. Words that are said not to have been said, scare quotes and titles are none.
    """
    found: list[Statement] = []
    for window in _windows(text):
        part = window.of(text)
        found.extend(_moved(each, window.start) for each in _Extraction(part).run())
    return found


def _windows(text: str) -> Iterator[Span]:
    start = end = 0
    for paragraph in paragraphs(text):
        if end > start and paragraph.end - start > WINDOW:
            yield Span(start, end)
            start = paragraph.start
        end = paragraph.end
    if end > start:
        yield Span(start, end)


def _moved(statement: Statement, by: int) -> Statement:
    def move(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    if not by:
        return statement
    return replace(
        statement,
        content=tuple(map(move, statement.content)),
        excerpt=move(statement.excerpt),
        source=move(statement.source),
        cue=move(statement.cue) if statement.cue else None,
        via=move(statement.via) if statement.via else None,
    )


class _Extraction:
    """The statements of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parsed: ParsedText = parse(text)
        self._sentences = [each for paragraph in self._parsed.paragraphs for each in paragraph.sentences]
        self._starts = [each.span.start for each in self._sentences]
        self._terms: dict[int, list[str]] = {}

    def run(self) -> list[Statement]:
        quoted, reports = self._quoted(), self._reports()
        owners = self._owners(quoted, reports)
        found: list[Statement | None] = []
        for number, (rule, spans, attribution) in enumerate(reports):
            own = owners.get(number, [])
            best = own[0][1] if own else replace(attribution, rule=rule, confidence=PRECISION[rule])
            found.append(self._statement(best, spans, [quotation.content_span for quotation, _ in own]))
        owned = {quotation.span for own in owners.values() for quotation, _ in own}
        for group, attribution in quoted:
            if group[0].span not in owned:
                found.append(self._statement(attribution, (), [quotation.content_span for quotation in group]))
        return _outermost([each for each in found if each])

    def _reports(self) -> list[tuple[str, tuple[Span, ...], Attribution]]:
        """Return what the frames of the text report: the rule, the content and the attribution of each."""
        found: list[tuple[str, tuple[Span, ...], Attribution]] = []
        for sentence in self._sentences:
            for frame in sentence.frames[:_MAX_FRAMES]:
                spans = () if frame.denied else contents(sentence, frame)
                if spans:
                    attribution = attribution_of(self._text, sentence, frame)
                    found.append((indirect_rule(sentence, frame), spans, attribution))
        return found

    def _owners(
        self,
        quoted: Sequence[tuple[list[Quotation], Attribution]],
        reports: Sequence[tuple[str, tuple[Span, ...], Attribution]],
    ) -> dict[int, list[tuple[Quotation, Attribution]]]:
        """Return the quotations that belong to a report of the same source, by the report's number.

        They stand in its content, or go on after it; those that go on belong to the first report of their group.
        """
        of_source: dict[Span | None, list[int]] = {}
        for number, (_, _, attribution) in enumerate(reports):
            of_source.setdefault(attribution.surface, []).append(number)
        owners: dict[int, list[tuple[Quotation, Attribution]]] = {}
        for group, attribution in quoted:
            numbers = of_source.get(attribution.surface, ())
            of_each = [
                next((number for number in numbers if _within(quotation, reports[number][1])), None)
                for quotation in group
            ]
            first = next((owner for owner in of_each if owner is not None), None)
            if first is not None:
                for quotation, owner in zip(group, of_each, strict=True):
                    owners.setdefault(first if owner is None else owner, []).append((quotation, attribution))
        return owners

    def _quoted(self) -> list[tuple[list[Quotation], Attribution]]:
        """Return the quotations that somebody is said to have said, those of one source in one paragraph together."""
        groups: list[tuple[list[Quotation], Attribution]] = []
        for quotation in quotations_of(self._text):
            if not quotation.kind.is_speech:
                continue
            attribution = attribute(self._text, quotation.content_span)
            if attribution.surface is None or attribution.kind is SpeakerKind.UNKNOWN:
                continue
            last = groups[-1] if groups else None
            if last and last[1].surface == attribution.surface and self._goes_on(last[0][-1], quotation):
                last[0].append(quotation)
            else:
                groups.append(([quotation], attribution))
        return groups

    def _goes_on(self, one: Quotation, other: Quotation) -> bool:
        return one.continues or "\n" not in self._text[one.span.end : other.span.start]

    def _statement(self, attribution: Attribution, spans: Sequence[Span], pieces: Sequence[Span]) -> Statement | None:
        """Return a statement of what a frame reports and the quotations of it; None where nobody is named."""
        source = attribution.surface
        if source is None:
            return None
        kind = StatementKind.INDIRECT
        if pieces:
            outside = [span for span in spans if self._has_words_beside(span, pieces)]
            kind = StatementKind.MIXED if outside or not self._is_whole(pieces) else StatementKind.DIRECT
        content = _union(self._text, [*(spans if kind is not StatementKind.DIRECT else ()), *pieces])
        if not content:
            return None
        first, last = self._sentence_numbers(content)
        excerpt = Span(
            min(self._sentences[first].span.start, content[0].start),
            max(self._sentences[last].span.end, content[-1].end),
        )
        whole = Span(min(excerpt.start, attribution.sentence.start), max(excerpt.end, attribution.sentence.end))
        said = "\n".join(span.of(self._text) for span in content)
        own = {term for number in range(first, last + 1) for term in self._sentence_terms(number)}
        beside = {term for number in (first - 1, last + 1) if number >= 0 for term in self._sentence_terms(number)}
        return Statement(
            kind,
            content,
            whole if len(whole) <= max(_MAX_EXCERPT, len(excerpt)) else excerpt,
            self._speaker(attribution, source),
            source,
            attribution.cue,
            attribution.rule,
            attribution.confidence,
            attribution.via,
            tuple(sorted(own)),
            tuple(sorted(beside - own)),
            tuple(_sentence_hashes(said)),
        )

    def _sentence_numbers(self, content: Sequence[Span]) -> tuple[int, int]:
        first = max(0, bisect.bisect_right(self._starts, content[0].start) - 1)
        last = max(first, bisect.bisect_left(self._starts, content[-1].end) - 1)
        return first, last

    def _sentence_terms(self, number: int) -> list[str]:
        if number not in self._terms:
            known = number < len(self._sentences)
            self._terms[number] = terms(self._sentences[number].span.of(self._text)) if known else []
        return self._terms[number]

    def _has_words_beside(self, span: Span, pieces: Sequence[Span]) -> bool:
        """Return whether a span has words outside the quotations."""
        at = span.start
        for piece in sorted(pieces):
            if at < piece.start <= span.end and _LETTERED.search(self._text, at, piece.start):
                return True
            at = max(at, piece.end)
        return at < span.end and bool(_LETTERED.search(self._text, at, span.end))

    def _is_whole(self, pieces: Sequence[Span]) -> bool:
        """Return whether quotations are sentences, not fragments of one."""
        first = pieces[0].of(self._text).lstrip("[(…. ")[:1]
        return not first.islower()

    def _speaker(self, attribution: Attribution, source: Span) -> str:
        """Return the speaker's name; of a pronoun that nobody is tied to, nothing."""
        if attribution.kind is SpeakerKind.PRONOUN or attribution.candidates[1:]:
            return ""
        name = " ".join(attribution.name.split())
        surface = " ".join(source.of(self._text).split())
        if len(name.split()) == 1:
            plain, gender = bare(surface)
            if gender and plain == name:
                return surface  # "Ms. Clinton" of an article that never says which
            if name.casefold() in GROUP_WORDS and surface.endswith(name) and len(surface.split()) <= _MAX_GROUP_WORDS:
                return surface  # "the Justice Department", not "Department"
        return name


def _outermost(found: Sequence[Statement]) -> list[Statement]:
    """Return statements in order, without those inside another of the same speaker: "said she hopes that …"."""
    kept: list[Statement] = []
    for each in sorted(found, key=lambda each: (each.span.start, -each.span.end)):
        covers = (other for other in kept[-_NESTED_MAX:] if other.span.covers(each.span) and other.cue != each.cue)
        if not any(other.speaker == each.speaker for other in covers):
            kept.append(each)
    return kept


def _within(quotation: Quotation, spans: Sequence[Span]) -> bool:
    return any(span.covers(quotation.content_span) for span in spans)


def _union(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that overlap joined, without white space around them."""
    joined_spans: list[Span] = []
    for span in sorted(spans):
        if joined_spans and span.start <= joined_spans[-1].end:
            joined_spans[-1] = Span(joined_spans[-1].start, max(joined_spans[-1].end, span.end))
        else:
            joined_spans.append(span)
    return tuple(span for span in joined_spans if _LETTERED.search(text, span.start, span.end))


def _sentence_hashes(said: str) -> Iterator[str]:
    """Yield a hash of each sentence of at least ``MIN_SENTENCE_WORDS`` words, of shorter words of all of them."""
    seen = False
    for sentence in [part for piece in said.split("\n") for part in _STOPS.split(piece)]:
        folded = Words(sentence).texts
        if len(folded) >= MIN_SENTENCE_WORDS:
            seen = True
            yield _hashed(folded)
    if not seen:
        yield f"={_hashed(Words(said).texts)}"


def _hashed(folded: list[str]) -> str:
    return hashlib.blake2b(joined(folded).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
