"""Speakers: who said the words at a span of an article, by which rule, and how that compares with a claimed speaker."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from retrieval.articles import Span
from retrieval.quotes.attribution.extraction import Quotation, QuotationKind, may_be_quoted, quotations_of
from retrieval.quotes.attribution.frames import Frame
from retrieval.quotes.attribution.parse import ParsedSentence, parse
from retrieval.quotes.attribution.resolve import attributions, indirect
from retrieval.quotes.attribution.rules import READ_BESIDE, FoundSource, framed
from retrieval.text.folding import DOUBLE_MARKS, SINGLE_MARKS, blank_markup
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    FEMININE_PRONOUNS,
    INTERJECTIONS,
    MASCULINE_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    SUBJECT_PRONOUNS,
)
from retrieval.text.names import GIVEN, NAME, agree, bare, fold_name, is_group, is_outlet, name_in, surname
from retrieval.text.people import Names, covers, head_of, names_of
from retrieval.text.reporting_verbs import LABELS, PREPOSITIONS
from retrieval.text.roles import PERSON_NOUNS, ROLES, ROLES_THAT_ARE_NAMES, TITLE_ABBREVIATIONS


class SpeakerKind(StrEnum):
    """What is known of a speaker."""

    PERSON = "person"  # a person, organisation or document that the article names or describes
    PRONOUN = "pronoun"  # only a pronoun, which more than one person, or nobody named, fits
    SECOND_HAND = "second_hand"  # another outlet's words, or words that the speaker quotes from somebody else
    OUTLET = "outlet"  # the article's own words: not inside quotation marks
    UNKNOWN = "unknown"  # nobody is named, or the words are said not to have been said


class SpeakerVerdict(StrEnum):
    """How an asked speaker compares with the one found."""

    MATCH = "match"
    OTHER = "other"
    OUTLET = "outlet"
    SECOND_HAND = "second_hand"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who an article says the words are from.

    Attributes:
        surface: The characters that name the speaker; None when none do.
        name: The full name they stand for, or the characters themselves when no fuller one is tied to them; "" when
            there are none.
        cue: The verb or noun of saying.
        rule: The rule that found it, a key of ``PRECISION``.
        confidence: The measured precision of that rule, in [0, 1].
        kind: What is known of the speaker.
        sentence: The sentence that names the speaker, or that holds the words when none does.
        via: The other outlet that the words were said to or are quoted from; None when the article names none.
        candidates: The people that the surface could stand for, when there are several or only a pronoun.
        titles: What the article says that the speaker is, and nobody else in it: "EPA Administrator".
    """

    surface: Span | None
    name: str
    cue: Span | None
    rule: str
    confidence: float
    kind: SpeakerKind
    sentence: Span
    via: Span | None = None
    candidates: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def is_explicit(self) -> bool:
        """Whether the article names this speaker for these very words, so that another may be called wrong."""
        if self.rule == "embedded_names":  # one of the candidates
            return True
        return self.rule in READ_BESIDE | {"shared_subject"} and self.confidence >= MIN_EXPLICIT


NEARBY = 700
"""Characters before a title in which its holder is mentioned: about four paragraphs of news."""

MIN_EXPLICIT = 0.85
"""Least precision of a rule, in [0, 1], at which its answer may contradict a claimed speaker."""

PRECISION = {
    "according_to": 0.90,
    "after_indirect": 0.80,
    "agent": 0.50,
    "ahead": 0.67,
    "clause_subject": 0.50,
    "continued": 0.96,
    "coordinated": 0.80,
    "embedded": 0.67,
    "embedded_names": 0.67,
    "floating": 0.67,
    "indirect": 0.85,
    "introduced": 0.67,
    "inversion": 0.98,
    "label": 0.90,
    "later": 0.67,
    "nearest": 0.50,
    "nested": 0.75,
    "none": 0.00,
    "noun_of_saying": 0.40,
    "outside_marks": 0.95,
    "participle": 0.67,
    "participle_beside": 0.90,
    "passive": 0.50,
    "post_verb": 0.98,
    "pre_verb": 0.95,
    "relative": 0.60,
    "reported": 0.95,
    "shared": 0.67,
    "shared_subject": 0.92,
    "signature": 0.95,
    "split": 0.90,
    "tail": 0.90,
    "titled": 0.40,
    "turn": 0.95,
}
"""Rule -> share of its answers that overlap the annotated source, on articles left out (PolNeAR dev, five folds by
article: ``python -m evals quotes``). Rules seen fewer than ten times have that of rules alike: those that read a name
beside the words .90, other ones .67 or .50.
"""

OPENING_MARKS = frozenset(DOUBLE_MARKS + SINGLE_MARKS)
_NESTED = "nested"
_SINGULAR_PRONOUNS = MASCULINE_PRONOUNS | FEMININE_PRONOUNS
_PLURAL_PRONOUNS = (SUBJECT_PRONOUNS | POSSESSIVE_DETERMINERS | {"who", "which", "that", "one"}) - _SINGULAR_PRONOUNS
_RELATIVE_END = LazyPattern(r"(?:,|(?<![,\s]))\s+(?:who|which|that|whom)$", re.IGNORECASE)
_PHRASE_END = LazyPattern(r"(?<!\s)\s*[,(;:—–]")
_HEAD_END = LazyPattern(r"(?<!\s)\s*(?:[,(;:—–]|\s(?:of|for|at|from|with|in|on|to|who|which|that)\s)")


def attribute(text: str, span: Span) -> Attribution:
    """Return who ``text`` says the words at ``span`` are from.

    Words of which less than half stand inside quotation marks are the outlet's own. A text is read once and
    remembered, so that asking about each of its quotations costs one parsed.
    """
    text = blank_markup(text)
    quotation = _around(text, span) if may_be_quoted(text, span) else None
    if quotation is None:
        return Attribution(None, "", None, "outside_marks", PRECISION["outside_marks"], SpeakerKind.OUTLET, span)
    if quotation.speaker_hint is not None:
        rule = "turn" if quotation.kind is QuotationKind.TURN else "signature"
        found: FoundSource | None = FoundSource(quotation.speaker_hint, None, rule, quotation.span)
    else:
        found = _found(text, quotation)
    if found is None:
        return Attribution(None, "", None, "none", PRECISION["none"], SpeakerKind.UNKNOWN, quotation.span)
    attribution = _resolved(text, found)
    if found.denied or not quotation.kind.is_speech:
        return replace(attribution, kind=SpeakerKind.UNKNOWN)
    if any(inner.covers(span) and inner != quotation.span for inner in quotation.inner):
        return replace(attribution, kind=SpeakerKind.SECOND_HAND, rule=_NESTED, confidence=PRECISION[_NESTED])
    return attribution


def reported_by(text: str, span: Span) -> Attribution | None:
    """Return whose view the sentence at ``span`` reports without quoting ("Smith suggested that …"), or None."""
    text = blank_markup(text)
    match = indirect(parse(text), span)
    if match is None:
        return None
    sentence, frame = match
    tokens = sentence.tokens
    source = Span(tokens[frame.source[0]].start, tokens[frame.source[1] - 1].end)
    cue = Span(tokens[frame.cue[0]].start, tokens[frame.cue[1] - 1].end)
    return _resolved(text, FoundSource(source, cue, "indirect", sentence.span))


def attribution_of(text: str, sentence: ParsedSentence, frame: Frame) -> Attribution:
    """Return the attribution that a frame of a sentence of ``parse(text)`` makes, whatever it reports."""
    return _resolved(blank_markup(text), framed(sentence, frame, "indirect"))


def _around(text: str, span: Span) -> Quotation | None:
    """Return the quotation that shares most with ``span``, when it is at least half of it."""
    found = quotations_of(text)
    best: Quotation | None = None
    most, total = 0, 0
    first = bisect.bisect_right(found, span.start, key=lambda each: each.span.end)
    for quotation in found[first : bisect.bisect_left(found, span.end, key=lambda each: each.span.start)]:
        shared = min(quotation.span.end, span.end) - max(quotation.span.start, span.start)
        total += shared
        if shared > most:
            best, most = quotation, shared
    return best if best is not None and 2 * total >= len(span) else None


def _found(text: str, quotation: Quotation) -> FoundSource | None:
    parsed, known = parse(text), attributions(text)
    low = bisect.bisect_left(parsed.pairs, quotation.span.start, key=lambda pair: pair.span.start)
    if low < len(parsed.pairs) and parsed.pairs[low].span.overlaps(quotation.span):
        return known.get(low)
    if quotation.kind is not QuotationKind.BLOCK:
        return None
    previous = next((known[number] for number in range(low - 1, -1, -1) if number in known), None)
    return replace(previous, rule="floating") if previous else None


def _resolved(text: str, found: FoundSource) -> Attribution:
    names = names_of(text)
    name, kind, candidates, reference = _whom(text, found.source, found.sentence)
    if names_nobody(name) or (found.rule == "label" and fold_name(name) in LABELS - GIVEN):
        return Attribution(None, "", None, "none", PRECISION["none"], SpeakerKind.UNKNOWN, found.sentence)
    if kind is SpeakerKind.PERSON and is_outlet(name) and head_of(name) not in PERSON_NOUNS and found.cue is not None:
        kind = kind if candidates else SpeakerKind.SECOND_HAND
    rule = found.rule
    if rule in _GUESSES and kind is SpeakerKind.PERSON and not _is_somebody(names, name):
        return Attribution(None, "", None, "none", PRECISION["none"], SpeakerKind.UNKNOWN, found.sentence)
    if rule in {"participle", "coordinated"} and kind is SpeakerKind.PERSON and names.knows(name):
        rule = "shared_subject"
    if found.rivals:
        others = [_whom(text, rival, found.sentence) for rival in found.rivals]
        whole = [(name, kind, candidates, reference), *others]
        if all(one is SpeakerKind.PERSON and not several and names.knows(each) for each, one, several, _ in whole):
            candidates, rule = tuple(dict.fromkeys(each for each, *_ in whole)), "embedded_names"
    return Attribution(
        found.source,
        name,
        found.cue,
        rule,
        round(PRECISION.get(rule, PRECISION["nearest"]) * REFERENCE_PRECISION[reference], 2),
        kind,
        found.sentence,
        found.via,
        candidates if len(candidates) > 1 or kind is SpeakerKind.PRONOUN else (),
        names.titles(name) if kind is SpeakerKind.PERSON else (),
    )


def names_nobody(name: str) -> bool:
    """Return whether words beside a quotation are no speaker's: an exclamation, a hashtag, nothing but marks."""
    words = name.split()
    return not any(character.isalpha() for character in name) or all(
        word.startswith("#") or fold_name(word) in INTERJECTIONS for word in words
    )


_JOINT = LazyPattern(r",? (?:and|&) |, ")
_GUESSES = frozenset({"after_indirect", "ahead", "clause_subject", "floating", "introduced", "nearest"})
"""Rules that take a speaker from a sentence without an attribution."""


def _is_somebody(names: Names, name: str) -> bool:
    """Return whether a phrase is a person of the text, a group or a description: not "One recent", "Included"."""
    is_acronym = name.isupper() and 1 < len(name) < 7
    return names.knows(name) or is_group(name) or is_acronym or head_of(name).removesuffix("s") in PERSON_NOUNS


REFERENCE_PRECISION = {"name": 1.0, "pronoun": 0.95, "title": 0.95, "distant title": 0.8}
"""How a speaker is referred to -> share of references that are resolved to the right person, on articles left out.

A title is distant where its holder is not mentioned near it: "the president" may be another by now.
"""


def _whom(text: str, source: Span, sentence: Span) -> tuple[str, SpeakerKind, tuple[str, ...], str]:
    """Return whom a source names, what is known of them, whom else it could name, and how it refers to them."""
    plain = _RELATIVE_END.sub("", " ".join(source.of(text).split()))
    word = fold_name(plain)
    names = names_of(text)
    if word in _SINGULAR_PRONOUNS:
        name = names.person_for(word, source.start, *_stage(text, source.start, sentence))
        if name:
            return name, SpeakerKind.PERSON, (), "pronoun"
        return plain, SpeakerKind.PRONOUN, names.candidates(word, source.start), "name"
    if word in _PLURAL_PRONOUNS:
        return plain, SpeakerKind.PRONOUN, (), "name"
    bearer = names.bearer(_PHRASE_END.split(plain, maxsplit=1)[0]) if _DEFINITE.match(plain) else ""
    if bearer and _is_description(plain):
        near = names.is_mentioned(bearer, source.start - NEARBY, source.start)
        return bearer, SpeakerKind.PERSON, (), "title" if near else "distant title"
    joint = [name_in(each) for each in _JOINT.split(plain)]
    if len(joint) > 1 and all(names.knows(bare(each)[0]) for each in joint):  # "said Ann Lee and Tom Reed"
        return plain, SpeakerKind.PERSON, tuple(names.resolve(each, source.start)[0] for each in joint), "name"
    name, several = _named(text, plain, source.start, source.end)
    return name or plain, SpeakerKind.PERSON, several if len(several) > 1 else (), "name"


def _stage(text: str, at: int, within: Span) -> tuple[list[int], list[Span]]:
    """Return where the stretches before a pronoun begin, and the quotations before it.

    Its sentence, the one before, its paragraph and the one before.
    """
    parsed = parse(text)
    last = max(0, bisect.bisect_right(parsed.paragraphs, at, key=lambda paragraph: paragraph.span.start) - 1)
    near = parsed.paragraphs[max(0, last - 1) : last + 1]
    narrated = [
        sentence.span.start
        for paragraph in near
        for sentence in paragraph.sentences
        if sentence.narrates and sentence.span.start < within.start
    ]
    starts = [within.start, *narrated[-1:], *(paragraph.span.start for paragraph in reversed(near))]
    first = bisect.bisect_left(parsed.pairs, at - 1_000, key=lambda pair: pair.span.end)
    until = bisect.bisect_left(parsed.pairs, at, key=lambda pair: pair.span.start)
    quoted = [pair.span for pair in parsed.pairs[first:until]]
    if text[within.start : within.start + 1] in OPENING_MARKS:  # what stands before "he said"
        quoted = [span for span in quoted if span.end <= within.start] + [Span(within.start, at)]
    return sorted(set(starts), reverse=True), quoted


def _named(text: str, surface: str, at: int, end: int) -> tuple[str, tuple[str, ...]]:
    """Return the full name in or behind a phrase: "Smith" -> "Jane Smith"; "the mayor" -> the mayor it tells of."""
    cut = _HEAD_END.search(surface, 1)
    head = surface[: cut.start()] if cut else surface
    names = names_of(text)
    found = name_in(head)
    if cut and head.split()[-1][0].isupper() and fold_name(head).split()[-1] in ROLES | PERSON_NOUNS:
        held = name_in(_PHRASE_END.split(surface, maxsplit=1)[0])
        if len(bare(held)[0].split()) > 1:
            return names.resolve(bare(held)[0], at)  # "Secretary of State Steve Goldstein"
    if found and is_group(head) and cut and surface[cut.start() :].startswith(" of "):
        return _PHRASE_END.split(surface, maxsplit=1)[0].removeprefix("the ").removeprefix("The "), ()
    if found:
        return names.resolve(found, at)
    apposed = _APPOSED_NAME.match(text, end)
    if apposed and names.is_person(apposed.start("name")):
        return names.resolve(apposed["name"], at)  # "Another critic, Laurence Tribe, said"
    described = _PHRASE_END.split(surface, maxsplit=1)[0] if head.split()[:1] and head.split()[0].islower() else head
    return re.sub(r"[’']s$", "", described), ()


_APPOSED_NAME = LazyPattern(rf",[ \u00a0](?P<name>{NAME.pattern})(?=[,;.\n]|[ \u00a0]\(|$)")
_DEFINITE = LazyPattern(r"(?:the|this|that|his|her)\s", re.IGNORECASE)


_PUBLICATION = LazyPattern(
    r"(?:the|this|that|our|its|an?)\s+(?:\w+\s+){0,2}(?:report|article|story|piece|newspaper|paper|magazine|editorial|"
    r"column|publication|outlet|account|dispatch)",
    re.IGNORECASE,
)
"""What a draft calls the article itself."""


def speaker_verdict(  # noqa: PLR0911 (one return a verdict)
    asked: str | None, attribution: Attribution, outlet: str = ""
) -> SpeakerVerdict | None:
    """Compare an asked speaker with the one found.

    None when nobody was asked about and a speaker is known. A name that agrees is a match even at second hand;
    ``via`` names the outlet. OTHER only where the article attributes the words to somebody else by name in so many
    words (see ``Attribution.is_explicit``); whatever is weaker is unknown: a name that a pronoun or a shared surname
    could stand for among others, a description that may be the same person's, a group that the asked person belongs
    to. An article's own words are what "the report" or its ``outlet`` by name says.
    """
    by_kind = {
        SpeakerKind.OUTLET: SpeakerVerdict.OUTLET,
        SpeakerKind.SECOND_HAND: SpeakerVerdict.SECOND_HAND,
        SpeakerKind.UNKNOWN: SpeakerVerdict.UNKNOWN,
    }
    if not asked or not asked.strip():
        return by_kind.get(attribution.kind)
    if attribution.kind is SpeakerKind.OUTLET and (_PUBLICATION.fullmatch(asked) or (outlet and _same(asked, outlet))):
        return SpeakerVerdict.MATCH
    if attribution.kind in {SpeakerKind.OUTLET, SpeakerKind.UNKNOWN} or attribution.rule == _NESTED:
        return by_kind[attribution.kind]
    if attribution.kind is SpeakerKind.PRONOUN and fold_name(asked) == fold_name(attribution.name):
        return SpeakerVerdict.MATCH
    claimed = _without_additions(asked)
    if attribution.kind is SpeakerKind.PERSON and fold_name(bare(claimed)[0]) == fold_name(attribution.name):
        return SpeakerVerdict.MATCH
    if attribution.candidates:
        fits = any(_may_be(claimed, candidate) for candidate in attribution.candidates)
        may_be = fits or _is_description(claimed) or _is_collective(claimed) or not attribution.is_explicit
        return SpeakerVerdict.UNKNOWN if may_be else SpeakerVerdict.OTHER
    if attribution.kind is SpeakerKind.PRONOUN:
        return SpeakerVerdict.UNKNOWN
    if _is_description(attribution.name):
        return _against_description(asked, attribution)
    return _against_name(asked, attribution)


def _against_name(asked: str, attribution: Attribution) -> SpeakerVerdict:
    """Compare an asked speaker with one whom the article names."""
    claimed = _without_additions(asked)
    if any(_same(each, attribution.name) for each in (asked, claimed)) or _is_so_described(asked, attribution.titles):
        return SpeakerVerdict.MATCH
    if attribution.kind is SpeakerKind.SECOND_HAND:
        return SpeakerVerdict.SECOND_HAND
    if not attribution.is_explicit or _is_description(claimed):
        return SpeakerVerdict.UNKNOWN
    if _may_be(claimed, attribution.name) or _speaks_for(attribution, claimed):
        return SpeakerVerdict.UNKNOWN
    return SpeakerVerdict.OTHER


def _against_description(asked: str, attribution: Attribution) -> SpeakerVerdict:
    """Compare an asked speaker with one whom the article only describes: "a spokeswoman for Mr. Obama"."""
    words, described = _content(asked), _content(attribution.name)
    if words and words <= described and (_is_description(asked) or words == described):
        return SpeakerVerdict.MATCH
    if attribution.kind is SpeakerKind.SECOND_HAND:
        return SpeakerVerdict.SECOND_HAND
    principal = attribution.is_explicit and head_of(attribution.name) in PERSON_NOUNS and not _is_collective(asked)
    is_named = any(agree(_without_additions(asked), name) for name in NAME.findall(attribution.name))
    return SpeakerVerdict.OTHER if principal and is_named and not _is_description(asked) else SpeakerVerdict.UNKNOWN


def _content(name: str) -> set[str]:
    """Return the folded words of a name or description without articles, titles and prepositions."""
    words = {fold_name(word) for word in re.sub(r"[’']s\b", "", name).split()}
    return words - ARTICLES - PREPOSITIONS - TITLE_ABBREVIATIONS - {""}


_ADDITION = LazyPattern(r"(?<!\s)\s*(?:[,(\[;]|\s(?:of|from|for)\s).*$", re.DOTALL)


def _without_additions(asked: str) -> str:
    """Return a claimed speaker without what is added to a name: "Gina McCarthy, head of the EPA" is Gina McCarthy."""
    plain = asked.strip(" \t\n\"“”'*_")
    cut = _ADDITION.sub("", plain)
    return cut if cut and not _is_description(cut) else plain


def _same(asked: str, name: str) -> bool:
    one, other = fold_name(asked), fold_name(name)
    article = re.compile(r"^(?:the|an?) ")
    if article.sub("", one) == article.sub("", other) or agree(asked, name):
        return True
    if one == other.split()[0] and not is_group(name):  # "Hillary", "Abe" of "Abe Shinzo"
        return True
    return _is_acronym(asked, other) or _is_acronym(name, one)


def _may_be(asked: str, name: str) -> bool:  # noqa: PLR0911 (one return a reason)
    """Return whether a claimed name may be a name's bearer, spelled or shortened otherwise."""
    if agree(asked, name):
        return True
    one, other = (fold_name(bare(each)[0]).split() for each in (asked, name))
    if not one or not other:
        return True
    if set(one) <= set(other) or set(other) <= set(one):
        return True
    if surname(asked) == surname(name) and other[0] not in GIVEN:  # what is no given name may be no part of it
        return True
    joined, others = "".join(one), "".join(other)
    if joined in others or others in joined:
        return True
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 (only needed when names differ)

    if min(len(one[-1]), len(other[-1])) > 4 and Levenshtein.normalized_similarity(one[-1], other[-1]) >= _ALIKE:
        return len(one) == 1 or len(other) == 1 or one[0][0] == other[0][0]
    return one[0][0] == other[0][0] and Levenshtein.normalized_similarity(joined, others) >= _ALIKE


_ALIKE = 0.8
"""Least similarity in [0, 1] of two spellings of one foreign name: "Mohamed Abdel Waheb", "Mohammed Abdel Wahab"."""


def _is_so_described(asked: str, titles: tuple[str, ...]) -> bool:
    """Return whether a claimed description is one that the article gives the speaker alone: "the police chief"."""
    return _is_description(asked) and any(covers(title, asked) for title in titles)


def _speaks_for(attribution: Attribution, asked: str) -> bool:
    """Return whether the speaker may speak for whom is claimed, or the other way: "EPA" for the EPA administrator.

    A person never does for another: a spokeswoman is not her principal.
    """
    asked_words = set(fold_name(asked).split()) - ARTICLES
    known = {word for title in (*attribution.titles, attribution.name) for word in fold_name(title).split()}
    return _is_collective(asked) and not asked_words.isdisjoint(known)


def _is_collective(name: str) -> bool:
    """Return whether a name is a group's, by one of its words, its article or its initials."""
    return is_group(name) or name.lower().startswith("the ") or (name.isupper() and len(name) > 1)


def _is_acronym(short: str, long: str) -> bool:
    letters = short.replace(".", "").removeprefix("the ").strip()
    initials = "".join(word[0] for word in long.split() if word not in {"the", "of", "and", "for"})
    return 1 < len(letters) < 7 and letters.isupper() and letters.casefold() == initials


def _is_description(name: str) -> bool:
    """Return whether a speaker is described, not named: "the mayor", "Clinton's spokesman", "Minister"."""
    plain = bare(name)[0]
    if fold_name(plain) in ROLES | PERSON_NOUNS and fold_name(plain) not in ROLES_THAT_ARE_NAMES:
        return True
    words = _HEAD_END.split(name, maxsplit=1)[0].split()
    if words and words[-1].islower() and words[-1].isascii() and words[-1][0].isalpha():
        return True
    return not any(word[:1].isupper() or not word[:1].isascii() for word in plain.split())
