"""Quotation extraction: what is between quotation marks, in block quotations and in the turns of transcripts."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from retrieval.articles import Span
from retrieval.quotes.attribution.parse import TEXTS_KEPT, ParsedParagraph, ParsedSentence, ParsedText, parse
from retrieval.text import reporting_verbs
from retrieval.text.folding import blank_markup
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import OBJECT_PRONOUNS, THIRD_PERSON
from retrieval.text.names import fold_name
from retrieval.text.quotation_marks import Pair, pairs, paragraphs
from retrieval.text.roles import COURTESIES, PERSON_NOUNS

_WORD = LazyPattern(r"[^\W_]+(?:[’'\-][^\W_]+)*")
_BLOCK = LazyPattern(r"(?:[ \t]*>+[ \t]?)")
_DASH_LINE = LazyPattern(r"(?:^|\n)[ \t>]*(?:—|–|―|--)\s*([^\n]{2,120})\s*$")
_CAPITALS = r"[^\W\d_a-z](?:[^\W\d_a-z]|[.’'\-])*"
_LABEL = LazyPattern(
    r"[\"“]?(?:\*\*|__)?("
    rf"[QA]|{_CAPITALS}(?:[ ]{_CAPITALS}){{0,4}}(?:[ ]\([^)]{{1,30}}\))?"
    r"|(?:Mrs?\.|Ms\.|Dr\.)[ ][^\W\d_a-z][\w’'\-]+|[^\W\d_a-z][\w’'\-]+(?:[ ][^\W\d_a-z][\w.’'\-]*){0,3})"
    r"(?::(?:\*\*|__)?|\.(?=[ ][^\W\d_a-z])(?<=[QA]\.))[ \t]+(?=\S)"
)
_SMALL = frozenset("a an the of and or in on at for to with by from vs is it".split())  # noqa: SIM905 (readable)
_BETWEEN = (OBJECT_PRONOUNS & THIRD_PERSON) | {"that"}
"""Words that may stand between a verb of saying and its quotation: called it “…”, said that “…”."""
_SENTENCE_MARKS = ".,!?…—–-"


class QuotationKind(StrEnum):
    """The kind of a quotation."""

    DIRECT = "direct"  # whole sentences somebody is said to have said
    MIXED = "mixed"  # part of a sentence: called it "a disaster"
    SCARE = "scare"  # marks of distance, a term, a supposition: not speech
    TITLE = "title"  # the name of a work
    BLOCK = "block"  # a Markdown block quotation
    TURN = "turn"  # a speaker's turn in a transcript: no marks

    @property
    def is_speech(self) -> bool:
        """Whether it claims to be somebody's words."""
        return self not in {QuotationKind.SCARE, QuotationKind.TITLE}


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation of a text.

    Attributes:
        span: Its characters, marks included.
        content_span: Its words, without marks, label or leading ``>``.
        kind: Direct speech, part of a sentence, a title or another kind.
        closed: Whether its closing mark stands in its own paragraph.
        continues: Whether the next paragraph goes on with it (each paragraph is a quotation of its own).
        single: Whether its marks are single ones.
        speaker_hint: The label of a transcript's turn, or the name under a block quotation; None elsewhere.
        inner: Quotations inside it, marks included.
    """

    span: Span
    content_span: Span
    kind: QuotationKind
    closed: bool = True
    continues: bool = False
    single: bool = False
    speaker_hint: Span | None = None
    inner: tuple[Span, ...] = ()


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of ``text`` in order, outermost ones only, in time linear in its length.

    A quotation over several paragraphs, its opening mark repeated at each, comes as one quotation a paragraph.
    """
    return list(quotations_of(text))


def quotations_of(text: str) -> tuple[Quotation, ...]:
    """Return the same as ``quotations``, remembered for the last few texts."""
    return _quotations_of(blank_markup(text))


@lru_cache(maxsize=TEXTS_KEPT)
def _quotations_of(plain: str) -> tuple[Quotation, ...]:
    parsed = parse(plain)
    turns = _turns(parsed)
    blocks = _blocks(parsed)
    found: list[Quotation] = [*turns.values(), *dict.fromkeys(blocks.values())]
    for number, paragraph in enumerate(parsed.paragraphs):
        if number in turns or number in blocks:
            continue
        found.extend(_marked(parsed, number, paragraph))
    return tuple(sorted(found, key=lambda quotation: quotation.span))


def may_be_quoted(text: str, span: Span) -> bool:
    """Return whether half of the characters of ``span`` can be in a quotation: cheap, and wrong on the side of yes."""
    text = blank_markup(text)
    every = paragraphs(text)
    first = bisect.bisect_right(every, span.start, key=lambda paragraph: paragraph.end)
    here = every[first : bisect.bisect_left(every, span.end, key=lambda paragraph: paragraph.start)]
    if any(text[paragraph.start] == ">" or _LABEL.match(text, paragraph.start, paragraph.end) for paragraph in here):
        return True
    shared = sum(_shared(_paragraph_pairs(text, paragraph), span) for paragraph in here)
    return 2 * shared >= len(span)


@lru_cache(maxsize=64)
def _paragraph_pairs(text: str, paragraph: Span) -> tuple[Pair, ...]:
    return tuple(pairs(text, paragraph))


def _shared(found: Sequence[Pair], span: Span) -> int:
    """Return how many characters of ``span`` the pairs of one paragraph contain."""
    first = bisect.bisect_right(found, span.start, key=lambda pair: pair.span.end)
    last = bisect.bisect_left(found, span.end, key=lambda pair: pair.span.start)
    return sum(min(one.span.end, span.end) - max(one.span.start, span.start) for one in found[first:last])


def _marked(parsed: ParsedText, number: int, paragraph: ParsedParagraph) -> Iterator[Quotation]:
    following = parsed.paragraphs[number + 1] if number + 1 < len(parsed.paragraphs) else None
    places = {
        token.quote: (s, at) for s in paragraph.sentences for at, token in enumerate(s.tokens) if token.quote >= 0
    }
    for pair_number, pair in paragraph.pairs:
        content = _trimmed(parsed.text, pair.content)
        if not any(character.isalnum() for character in content.of(parsed.text)):
            continue
        sentence, at = places[pair_number]
        continues = not pair.closed and following is not None and _begins_with_mark(following)
        if not pair.closed and not continues and not _may_stay_open(pair, paragraph):
            continue
        kind = _kind(parsed.text, content, sentence, at, pair)
        yield Quotation(pair.span, content, kind, pair.closed, continues, pair.single, None, pair.inner)


def _begins_with_mark(paragraph: ParsedParagraph) -> bool:
    return bool(paragraph.pairs) and paragraph.pairs[0][1].span.start == paragraph.span.start


def _may_stay_open(pair: Pair, paragraph: ParsedParagraph) -> bool:
    """Return whether a closing mark is missing: at a paragraph's start, after a colon or comma; else it is stray."""
    return pair.span.start == paragraph.span.start or any(
        token.text in {":", ","} and token.end <= pair.span.start <= token.end + 2
        for sentence in paragraph.sentences
        for token in sentence.tokens
    )


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _kind(  # noqa: PLR0911 (one return a kind)
    text: str, content: Span, sentence: ParsedSentence, at: int, pair: Pair
) -> QuotationKind:
    said = content.of(text)
    found = _WORD.findall(said)
    left = [token.lower for token in sentence.tokens[max(0, at - 4) : at]]
    right = [token.lower for token in sentence.tokens[at + 1 : at + 3]]
    adjoining = _adjoins_frame(sentence, at)
    if _is_title(found, said, left, right, adjoining):
        return QuotationKind.TITLE
    if _is_supposed(sentence, at):
        return QuotationKind.SCARE
    if left and left[-1] in reporting_verbs.SCARE_LEADS and len(found) < 4:
        return QuotationKind.SCARE
    whole = said[:1].isupper() or said[:1] in "[…." or said[:1].isdigit()
    ends = said[-1] in _SENTENCE_MARKS
    if not sentence.narrates or (whole and ends and (len(found) > 2 or adjoining)) or (whole and adjoining):
        return QuotationKind.DIRECT
    if adjoining or len(found) > 5 or sentence.frames:
        return QuotationKind.MIXED
    if pair.single or len(found) < 3:
        return QuotationKind.SCARE
    return QuotationKind.MIXED if said[-1] in "!?" or _has_verb(found) else QuotationKind.SCARE


def _has_verb(found: list[str]) -> bool:
    return any(
        word.lower() in reporting_verbs.AUXILIARIES or word.lower() in reporting_verbs.SUBJECTS for word in found
    )


def _adjoins_frame(sentence: ParsedSentence, at: int) -> bool:
    """Return whether a cue or its speaker stands beside the quotation, a comma, colon or "that" apart."""
    for frame in sentence.frames:
        if 0 <= frame.first - at - 1 <= 2 and all(not t.is_word for t in sentence.tokens[at + 1 : frame.first]):
            return True
        if 0 <= at - frame.last <= 2 and all(
            not token.is_word or token.lower in _BETWEEN for token in sentence.tokens[frame.last : at]
        ):
            return True
    return at > 0 and sentence.tokens[at - 1].text == ":"


def _is_title(found: list[str], said: str, left: list[str], right: list[str], adjoining: bool) -> bool:
    large = [word for word in found if word.lower() not in _SMALL]
    if not large or said.isupper() or said[-1] in "!?;:" or not found[0][0].isupper():
        return False
    if not all(word[0].isupper() or word[0].isdigit() for word in large) or len(found) > 12:
        return False
    led = any(word in reporting_verbs.TITLE_LEADS for word in left[-2:]) or any(
        word in reporting_verbs.TITLE_LEADS for word in right
    )
    owned = (
        bool(left) and left[-1] in {"'s", "on"} and len(large) > 1
    )  # CNN's "State of the Union," On "Face the Nation,"
    if led or owned:
        return True
    if adjoining or len(large) < 2 or not left:
        return False
    return left[-1] in reporting_verbs.PREPOSITIONS | {"’s", "'s", "the", "his", "her", "their", "called", "and", "or"}


def _is_supposed(sentence: ParsedSentence, at: int) -> bool:
    """Return whether the words are only supposed: "if he said 'no'", "voters would say"."""
    nearest = [frame for frame in sentence.frames if 0 <= at - frame.last <= 3]
    if not nearest or not nearest[-1].denied:
        return False
    verb = nearest[-1].cue[0]
    lead = {token.lower for token in sentence.tokens[max(0, verb - 5) : verb]}
    return bool(lead & {"if", "whether", "would", "could", "might"})


def _turns(parsed: ParsedText) -> dict[int, Quotation]:
    """Return the turns of a transcript by paragraph; none unless labels recur as only a transcript's do."""
    labels: dict[int, tuple[Span, int]] = {}
    for number, paragraph in enumerate(parsed.paragraphs):
        match = _LABEL.match(parsed.text, paragraph.span.start, min(paragraph.span.end, paragraph.span.start + 120))
        if match:
            labels[number] = Span(*match.span(1)), match.end()
    names = Counter(span.of(parsed.text) for span, _ in labels.values())
    shouted = {name for name in names if name.upper() == name}
    repeated = {name for name, count in names.items() if count > 1}
    kept = shouted if len(shouted) > 1 else set()
    if len(repeated) > 1 and len(labels) >= 4:
        kept = kept | repeated
    parts = {name for name in names if _is_part(name)}
    if len(parts) > 1 and any(number + 1 in labels for number in labels):
        kept = kept | parts
    turns: dict[int, Quotation] = {}
    for number, (label, begins) in labels.items():
        paragraph = parsed.paragraphs[number]
        says = any(character.isalnum() for character in parsed.text[begins : paragraph.span.end])
        if label.of(parsed.text) not in kept or not says:
            continue
        end = paragraph.span.end
        first = parsed.text[paragraph.span.start]
        if first in '"“' and parsed.text[end - 1] in '"”' and end - 1 > begins:
            end -= 1
        inner = tuple(
            span
            for _, pair in paragraph.pairs
            for span in ((pair.span,) if pair.span.start > label.start else pair.inner)
        )
        turns[number] = Quotation(
            paragraph.span, Span(begins, end), QuotationKind.TURN, speaker_hint=label, inner=inner
        )
    return turns


def _is_part(label: str) -> bool:
    """Return whether a label is a part in a conversation: "Interviewer", "Minister", "Ms. Lee"."""
    words = fold_name(label).split()
    return bool(words) and (words[-1] in PERSON_NOUNS or (words[0] in COURTESIES and len(words) > 1))


def _blocks(parsed: ParsedText) -> dict[int, Quotation]:
    """Return Markdown block quotations by the paragraphs they cover; one with quotation marks is left to those."""
    blocks: dict[int, Quotation] = {}
    run: list[int] = []
    for number, paragraph in enumerate((*parsed.paragraphs, None)):
        marked = paragraph is not None and parsed.text[paragraph.span.start] == ">"
        adjacent = not run or (
            paragraph is not None
            and parsed.text.count("\n", parsed.paragraphs[run[-1]].span.end, paragraph.span.start) < 2
        )
        if run and not (marked and adjacent):
            block = _block(parsed, run)
            blocks.update(dict.fromkeys(run, block) if block else {})
            run = []
        if marked:
            run.append(number)
    return blocks


def _block(parsed: ParsedText, run: list[int]) -> Quotation | None:
    if any(parsed.paragraphs[number].pairs for number in run):
        return None
    whole = Span(parsed.paragraphs[run[0]].span.start, parsed.paragraphs[run[-1]].span.end)
    lead = _BLOCK.match(parsed.text, whole.start, whole.end)
    content = Span(lead.end() if lead else whole.start, whole.end)
    hint = None
    signed = _DASH_LINE.search(parsed.text[content.start : content.end])
    if signed and signed.start() > 0:
        hint = Span(content.start + signed.start(1), content.start + signed.end(1))
        content = Span(content.start, content.start + signed.start())
    content = _trimmed(parsed.text, content)
    if not any(character.isalnum() for character in content.of(parsed.text)):
        return None
    return Quotation(whole, content, QuotationKind.BLOCK, speaker_hint=hint)
