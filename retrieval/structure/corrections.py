"""Correction notes: what an article says of its own earlier version, and the words that it withdraws.

A note is a correction, a clarification or an editor's note in the styles of US and UK outlets ("Correction: An earlier
version of this article misstated …", "This article was amended on 19 May to …", "(This story corrects … to 174 from
174,000)"). Precision comes before recall: words count as withdrawn only where a note quotes them as wrong, and a
sentence of the article only where it repeats them about the same things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from retrieval.articles import CITABLE, Article, Span
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, alternation, is_negator
from retrieval.text.numbers import Quantity, quantities
from retrieval.text.sentences import sentences
from retrieval.text.tokens import read_words

MAX_NOTE_CHARACTERS = 1_500
"""Longest note; a longer paragraph is an article about a correction."""

_STORY = (
    r"(?:story|article|post|piece|report|column|item|page|transcript|headline|caption|essay|review|newsletter|alert"
    r"|obituary|editorial|op-ed|profile|interview|dispatch|blog|list|chart|graphic|map|video|photo caption)"
)
_BEFORE = r"(?:earlier|previous|original|initial|first|prior)"
_VERSION = (
    rf"(?:(?:an?|the|our|this) {_BEFORE} (?:online )?(?:version|edition|draft|posting|headline|caption|photo caption)s?"
    rf"(?: (?:of|to|on|for|in) (?:this|the|our|that) (?:[\w-]+ )?{_STORY}(?: [\w ]{{1,40}}? this {_STORY})?)?"
    rf"|this {_STORY})"
)
_WRONGLY = r"(?:incorrectly|mistakenly|erroneously|wrongly|inaccurately|falsely)"
_AT_FIRST = rf"(?:{_WRONGLY}|originally|initially|previously|first|also)"
_ERROR = (
    r"(?:misstate[ds]?|misspell?(?:ed|ing)?|misspelt|misidentif(?:ied|y)|misquoted|misattributed"
    r"|mischaracteri[sz]ed|misreported)"
)
_MENDED = r"(?:corrected|amended|clarified|revised|emended|changed|edited|updated|modified)"
_SAID = r"(?:said|stated|reported|claimed|suggested|implied|indicated|wrote|asserted)"

_LABEL = LazyPattern(
    r"\W*(?P<label>corrections?(?: (?:and|&) clarifications?)?|clarifications?(?: (?:and|&) corrections?)?"
    r"|correction appended|editor(?:['’]?s|s['’])?['’]? note|note|update)"
    r"(?: ?\([^()]{1,40}\)| ?,? ?[\w.]{3,9} \d{1,2},? \d{4}| ?,? ?\d{1,2} [\w.]{3,9}(?:,? \d{4})?)?"
    r" ?(?:[:.—–]|-{1,2} |$)",
    re.IGNORECASE,
)
_OF_ITSELF = LazyPattern(
    rf"\b(?:an?|the|our) {_BEFORE} (?:online )?(?:version|edition|draft|posting|headline|caption|photo caption)s?"
    rf" (?:of|to|on|for|in) (?:this|the photograph accompanying this|the) (?:[\w-]+ )?{_STORY}\b"
    rf"|\bthis {_STORY} (?:has been|was|is|had been) (?:[\w-]+ )?{_MENDED}\b"
    rf"|^\W*we (?:have )?(?:\w+ly )?{_MENDED} this {_STORY}\b"
    rf"|\bthis {_STORY} corrects\b|^\W*the {_STORY} (?:has been|was) corrected\b"
    rf"|^\W*\(?corrects (?:[\w’'-]+ ){{1,12}}(?:to|in)\b"
    rf"|\bthis {_STORY} (?:{_AT_FIRST} )?{_ERROR}\b"
    rf"|\bthis {_STORY} {_AT_FIRST} (?:{_SAID}|gave|listed|identified|described|referred|named|attributed|misstated)\b"
    rf"|\bthe (?:original|earlier|previous) version (?:of this \w+ )?(?:{_AT_FIRST} )?"
    rf"(?:{_ERROR}|characteri[sz]ed|{_SAID})\b",
    re.IGNORECASE,
)
_BRACKETED = LazyPattern(
    r"\[(?=(?:corrections?|clarifications?|editor(?:['’]?s|s['’])? note)\b)[^\[\]]{10,600}\]", re.IGNORECASE
)
_REGRETTED = LazyPattern(
    rf"^\W*(?:we|the [\w ]{{2,30}}|in an? [\w ,]{{2,60}},? we)\b[^.]{{0,80}}\b(?:{_ERROR}|{_WRONGLY})\b"
    r".*\b(?:regrets?|apologi[sz]es? for) (?:the|this) error",
    re.IGNORECASE | re.DOTALL,
)
_NOTE_MARKS = (
    "correct", "clarif", "[editor", " error", " version", " edition", " draft", " posting", " headline", " caption"
)  # fmt: skip
_OF_STORY = LazyPattern(rf"this {_STORY}")
"""Every note has one of these in lower case; to look for them first takes a sixth of the time."""
_LATE = 80  # characters of a paragraph before which it must speak of the article itself
_BARE_LABEL = LazyPattern(r"\W*(?:corrections?(?: (?:and|&) clarifications?)?|clarifications?)\W*", re.IGNORECASE)

_INNER = r"(?:[^;:,()—–]|(?<=\d),(?=\d{3}))"  # characters of a phrase: a comma only inside a number
_PHRASE = rf"(?P<phrase>{_INNER}{{1,80}})"
_RIGHT = rf"(?P<right>{_INNER}{{2,120}}?)"
_STATEMENT = LazyPattern(
    rf"(?:{_VERSION}[^.;]{{0,60}}?\b(?:{_AT_FIRST} )*|\bthe {_STORY} (?:{_AT_FIRST} )+){_SAID} (?:that )?"
    r"(?P<clause>[^;]{8,300})",
    re.IGNORECASE,
)
_AS = LazyPattern(
    rf"(?:{_VERSION}[^;]{{0,120}}?\b(?:{_AT_FIRST} )*(?:{_ERROR}|identified|described|referred to|listed|gave)"
    rf"|\b{_WRONGLY} (?:identified|described|referred to|listed|gave))\b[^;]{{1,120}}? as (?!having |being ){_PHRASE}",
    re.IGNORECASE,
)
_NOT = LazyPattern(rf"{_RIGHT}(?:,|[—–(]| -) ?(?:and )?(?:not|instead of|rather than) {_PHRASE}", re.IGNORECASE)
_INSTEAD = LazyPattern(rf"{_RIGHT} (?:instead of|rather than) {_PHRASE}", re.IGNORECASE)
_NOT_BUT = LazyPattern(
    rf"\bnot (?P<phrase>{_INNER}{{1,80}}?)(?:, ?| )(?:but (?P<right>{_INNER}{{1,80}})"
    rf"|as (?:we |was |it |had been )?(?:{_AT_FIRST} )?(?:{_SAID}|written|published|described|identified))",
    re.IGNORECASE,
)
_VALUE = r"(?-i:(?=[A-Z\d$£€“\"]))"  # a name or a number, not "to include a statement from"
_TO_FROM = LazyPattern(
    rf"\b(?:corrects?|{_MENDED})\b[^;]{{0,120}}? to {_VALUE}(?P<right>{_INNER}{{1,60}}?) from {_VALUE}{_PHRASE}",
    re.IGNORECASE,
)
_FROM_TO = LazyPattern(
    rf"\b{_MENDED} (?:(?!\bto\b)[^;]){{0,60}}?\bfrom {_VALUE}(?P<phrase>{_INNER}{{1,60}}?)"
    rf" to {_VALUE}(?P<right>{_INNER}{{1,60}})",
    re.IGNORECASE,
)
_WE_SAID = LazyPattern(
    rf"\bwe (?:had |{_AT_FIRST} )+{_SAID} (?:that )?(?:(?:it|this|that|they) (?:{alternation(BE)}) )?"
    rf"{_VALUE}{_PHRASE}",
    re.IGNORECASE,
)
_TAIL = LazyPattern(
    r"(?<!\s)\s+(?:in (?:the )?(?:\w+ )?(?:paragraph|headline|caption|lead)"
    r"|as (?:we |it |was |had been )?(?:\w+ly |first )?(?:stated|reported|said|published|written)"
    rf"|as (?:(?:stated|given|reported) )?(?:in )?(?:an?|the|our) {_BEFORE}(?: \w+)? (?:version|edition|{_STORY})"
    r")\b.*"
    r"|(?<![.!\s\"”’')\]])[.!\s\"”’')\]]+$",
    re.IGNORECASE | re.DOTALL,
)
_NO_VALUE = LazyPattern(
    r"(?:because|only|just|merely|simply|yet|to|that|when|if|as|all|been|be|have|until)\b", re.IGNORECASE
)
_MAX_PHRASE_WORDS = 10


@dataclass(frozen=True, slots=True)
class WithdrawnWords:
    """Words that a note says were wrong.

    Attributes:
        span: Their characters in the article.
        keys: Their terms and numbers, function words aside, in order.
        right: Those of the words that are right instead, as many; empty where the note does not give them.
        number: The number that they are, with the unit and noun of the one that is right; None for other words.
        is_clause: Whether they are a whole statement, else a name, a number or a phrase.
        negated: Whether they have an odd number of negators.
    """

    span: Span
    keys: tuple[str, ...]
    right: tuple[str, ...] = ()
    number: Quantity | None = None
    is_clause: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """A correction, a clarification or an editor's note about the article itself.

    Attributes:
        span: Its characters.
        text: ``article.text[span.start:span.end]``.
        keys: Its terms and numbers, without those that every note has.
        withdrawn: The words that it says were wrong.
        corrects: Whether it says that something was wrong; else it announces an update.
    """

    span: Span
    text: str
    keys: frozenset[str]
    withdrawn: tuple[WithdrawnWords, ...]
    corrects: bool


def correction_notes(article: Article) -> tuple[CorrectionNote, ...]:
    """Return the correction notes of an article, in order, in linear time."""
    return tuple(_note(article.text, span) for span in _note_spans(article))


def withdrawn_by(article: Article, span: Span, notes: Iterable[CorrectionNote], *, own: bool) -> CorrectionNote | None:
    """Return the note that withdraws the words at ``span``, or None.

    Args:
        article: The article.
        span: The words.
        notes: The article's notes, or those of a corrected version of it.
        own: Whether they are its own.
    """
    listed = tuple(notes)
    inside = next((note for note in listed if own and note.span.overlaps(span)), None)
    if inside is not None:
        return inside if _quotes_withdrawn(inside, span) else None
    words = span.of(article.text)
    around = _sentence_around(article.text, span) if listed else ""
    return next((note for note in listed if any(_repeats(one, words, around, note) for one in note.withdrawn)), None)


def superseded_by(
    article: Article, span: Span, copy: Article, notes: Iterable[CorrectionNote]
) -> CorrectionNote | None:
    """Return the note of a corrected version that has the sentence at ``span`` with another name or number, or None.

    The sentence of the corrected version must be about the same things as the note.

    Args:
        article: The version without a correction.
        span: The words.
        copy: The corrected version.
        notes: Its notes.
    """
    listed = [note for note in notes if note.corrects]
    said = _keys(_sentence_around(article.text, span))
    if not listed or not said:
        return None
    nearest, share = frozenset[str](), 0.0
    for block in copy.blocks:
        if block.kind not in CITABLE or any(note.span.overlaps(block.span) for note in listed):
            continue
        for sentence in sentences(copy.text, block.span):
            keys = _keys(sentence.of(copy.text))
            if keys == said:
                return None
            similarity = len(set(keys) & set(said)) / len(set(keys) | set(said))
            if similarity > share:
                nearest, share = frozenset(keys), similarity
    if share < _SAME_SENTENCE:
        return None
    return next((note for note in listed if len(note.keys & nearest & set(said)) >= 2), None)


def _note_spans(article: Article) -> Iterator[Span]:
    follows = False
    for block in article.blocks:
        if len(block.span) > MAX_NOTE_CHARACTERS * 4:
            follows = False
            continue
        text = block.span.of(article.text)
        if not follows and not _may_be_note(text.lower()):
            continue
        if _BARE_LABEL.fullmatch(text[:60]) and len(text) < 60:
            follows = True
            continue
        bracketed = [found.span() for found in _BRACKETED.finditer(text)]
        if not bracketed and len(text) <= MAX_NOTE_CHARACTERS and (follows or _is_note(text)):
            yield block.span
        for start, end in bracketed:
            yield Span(block.span.start + start, block.span.start + end)
        follows = False


def _may_be_note(lowered: str) -> bool:
    return any(mark in lowered for mark in _NOTE_MARKS) or _OF_STORY.search(lowered) is not None


def _is_note(text: str) -> bool:
    label = _LABEL.match(text[:120])
    about_itself = _OF_ITSELF.search(text)
    if label and label["label"].lower().startswith(("correction", "clarification")):
        return len(text) > label.end()
    if _REGRETTED.search(text):
        return True
    return about_itself is not None and (label is not None or about_itself.start() <= _LATE)


def _note(text: str, span: Span) -> CorrectionNote:
    words = span.of(text)
    withdrawn = tuple(_withdrawn(words, span.start))
    label = _LABEL.match(words[:120])
    corrects = bool(withdrawn) or bool(
        re.search(rf"{_ERROR}|{_WRONGLY}|\bcorrect(?:s|ed)\b|\bregret", words, re.IGNORECASE)
        or (label and label["label"].lower().startswith("correction"))
    )
    return CorrectionNote(span, words, frozenset(_keys(words)) - _common_keys(), withdrawn, corrects)


def _withdrawn(note: str, offset: int) -> Iterator[WithdrawnWords]:
    for sentence in sentences(note, Span(0, len(note))):
        said = sentence.of(note)
        statement = _STATEMENT.search(said)
        if statement:
            yield from _statement(note, sentence.start, statement, offset)
            continue
        patterns = (_AS, _NOT, _NOT_BUT, _INSTEAD, _TO_FROM, _FROM_TO, _WE_SAID)
        found = next((found for pattern in patterns if (found := pattern.search(said))), None)
        if found:
            phrase, right = _TAIL.sub("", found["phrase"]), found.groupdict().get("right") or ""
            keys = tuple(_keys(phrase))
            if keys and len(phrase.split()) <= _MAX_PHRASE_WORDS and not _NO_VALUE.match(phrase):
                span = _moved(sentence.start + found.start("phrase"), phrase, offset)
                replacement, number = _replacement(right, len(keys)), _number(phrase, right)
                # "A director of policy, not Fischer, spoke": what else is said of Fischer is not withdrawn.
                is_compared = bool(replacement or number) or found.re is _AS.compiled
                yield WithdrawnWords(span, keys if is_compared else (), replacement, number)


def _replacement(right: str, length: int) -> tuple[str, ...]:
    """Return the terms of the number or the name, of so many words, that ends what is right instead; else none."""
    numbers = quantities(right)
    if numbers:
        return tuple(_keys(numbers[-1].text))
    words = right.split()
    return tuple(_keys(right)[-length:]) if words and words[-1][0].isupper() else ()


def _statement(note: str, at: int, found: re.Match[str], offset: int) -> Iterator[WithdrawnWords]:
    """Yield the statement that a note withdraws, and its number where the rest of the note has another."""
    clause, start = _TAIL.sub("", found["clause"]), at + found.start("clause")
    rest = note[start + len(clause) :]
    span = _moved(start, clause, offset)
    yield WithdrawnWords(span, tuple(_keys(clause)), is_clause=True, negated=_is_negated(clause))
    wrong, right = quantities(clause), quantities(rest)
    if len(wrong) == len(right) == 1 and wrong[0].kind == right[0].kind == "number":
        number = _number(clause, rest)
        if number and (not wrong[0].noun or right[0].noun in {"", wrong[0].noun}) and number.value != right[0].value:
            words = wrong[0].text
            place = _moved(start + wrong[0].start, words, offset)
            yield WithdrawnWords(place, tuple(_keys(words)), tuple(_keys(right[0].text)), number)


def _number(wrong: str, right: str) -> Quantity | None:
    """Return the number that ``wrong`` is, with what the last number of ``right`` says of both: unit, noun, scale."""
    found, others = quantities(wrong), quantities(right)
    if len(found) != 1 or found[0].kind != "number":
        return None
    number, other = found[0], others[-1] if others else None
    if other is None:
        return number
    scale = _SCALE.search(other.text)
    if scale and not _SCALE.search(number.text) and not number.unit:  # "40 million, not 60"
        number = replace(number, value=number.value * other.value / quantities(other.text[: scale.start()])[0].value)
    return replace(number, unit=number.unit or other.unit, noun=number.noun or other.noun)


_SCALE = LazyPattern(r"(?<=\d)\s?-?(?:[a-z]{4,}|mn|bn|tn|k|m)$", re.IGNORECASE)


def _is_negated(words: str) -> bool:
    return sum(is_negator(word) for word in words.lower().split()) % 2 == 1


def _moved(start: int, words: str, offset: int) -> Span:
    return Span(offset + start, offset + start + len(words))


def _quotes_withdrawn(note: CorrectionNote, span: Span) -> bool:
    """Return whether words of a note are some that it withdraws, without the words that say so."""
    return any(
        one.span.covers(span) or (span.covers(one.span) and len(span) <= len(one.span) + 2) for one in note.withdrawn
    )


_FEW_KEYS = 3  # of a statement below which it is not compared
_SHARE = 0.8  # of a statement's terms
_SAME_SENTENCE = 0.6  # share of the terms of two sentences that are versions of one


def _repeats(withdrawn: WithdrawnWords, words: str, around: str, note: CorrectionNote) -> bool:
    """Return whether ``words``, in the sentences ``around``, say what was withdrawn, about the same things."""
    said, keys = _keys(words), withdrawn.keys
    if withdrawn.is_clause:
        if len(keys) < _FEW_KEYS or len(set(keys) & set(said)) < _SHARE * len(set(keys)):
            return False
        numbers = {key for key in keys if key[0].isdigit()}
        return _is_negated(words) == withdrawn.negated and numbers <= set(said)
    context = _keys(around)
    if withdrawn.right and _contains(context, withdrawn.right):
        return False
    if withdrawn.number:
        if not any(_is_number(each, withdrawn.number) for each in quantities(words)):
            return False
    elif not keys or not _contains(said, keys):
        return False
    shared = (set(context) & note.keys) - set(keys) - set(withdrawn.right)
    return len(shared) >= (1 if len(keys) > 1 else 2)


def _is_number(found: Quantity, withdrawn: Quantity) -> bool:
    is_same_noun = not found.noun or not withdrawn.noun or found.noun == withdrawn.noun or bool(found.unit)
    return found.value == withdrawn.value and found.same_unit(withdrawn) and is_same_noun


def _contains(keys: Sequence[str], run: Sequence[str]) -> bool:
    return any(tuple(keys[at : at + len(run)]) == tuple(run) for at in range(len(keys) - len(run) + 1))


def _sentence_around(text: str, span: Span) -> str:
    """Return the sentences that ``span`` is in, up to 600 characters on each side."""
    start, end = max(0, span.start - 600), min(len(text), span.end + 600)
    found = [each for each in sentences(text, Span(start, end)) if each.overlaps(span)]
    return " ".join(each.of(text) for each in found)


def _keys(text: str) -> list[str]:
    """Return the terms of ``text``, function words aside; figures as written, without commas."""
    found = []
    for word in read_words(text, sentence=False):
        raw = text[word.start : word.end]
        if raw[0].isdigit():
            found.append(raw.replace(",", ""))
        elif word.term and not word.stop:
            found.append(word.term)
    return found


@cache
def _common_keys() -> frozenset[str]:
    """Return the terms of notes that say nothing about their subject."""
    return frozenset(
        _keys(
            """correction corrected corrects correct clarification editor note earlier previous original version story
            article post piece report column headline caption misstated misspelled misidentified incorrectly mistakenly
            erroneously wrongly said stated reported updated amended changed error regret number name date amount figure
            spelling reflect fact published online paragraph first last year"""
        )
    )
