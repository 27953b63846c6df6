"""Quotations in a claim, as the quote desk judges them: the words, whether an article quotes them, and the speaker.

Marks stay only around words that an article has between quotation marks, from the speaker whom the claim names. Other
marks are removed, with a problem that says why; words of somebody else, or of the reporter, keep the claim from being
supported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.verification.checks import ClaimProblem
from bot.verification.source_articles import SourceArticle
from retrieval.articles import Span
from retrieval.quotes.attribution.extraction import Quotation, QuotationKind, quotations_of
from retrieval.quotes.attribution.speakers import (
    Attribution,
    SpeakerKind,
    SpeakerVerdict,
    attribute,
    reported_by,
    speaker_verdict,
)
from retrieval.quotes.comparison import Comparison, Search, compare
from retrieval.quotes.desk import by_one_speaker
from retrieval.quotes.quotation_parts import read_quote
from retrieval.quotes.rules import Judgement, decide
from retrieval.quotes.speaker_claim import (
    MIN_CONFIDENCE,
    ClaimedSpeaker,
    claimed_speaker,
    is_named_beside,
    sentence_around,
)
from retrieval.quotes.text_matcher import TextMatcher
from retrieval.quotes.verdict import TextVerdict
from retrieval.text.folding import Words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import is_negator
from retrieval.text.names import NAME, bare, fold_name, surname
from retrieval.text.people import Names, names_of
from retrieval.text.quotation_marks import Pair, double_marks, open_quotation, pairs
from retrieval.text.tokens import read_words, term_set

MAX_MESSAGE_CHARACTERS = 60
"""Characters of a quotation that a message shows."""
MAX_LABEL_WORDS = 4
"""Words of a title, nickname or scare quotation; a longer one claims to be somebody's words."""
_MAX_NESTING = 4  # levels of nested quotations that are checked
_MAX_PLACES = 8  # whose speakers are compared
_NEARBY_BEFORE, _NEARBY_AFTER = 700, 400  # characters around a quotation in which its speaker may be named
_ACCURATE = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED, TextVerdict.TOO_SHORT})
_CLOSING = {"“": "”", "„": "“", '"': '"', "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "'": "'", "``": "''"}
_OPENING = {"”": "“", '"': '"', "»": "«", "''": "``"}
_SMALL = frozenset("a an the of and or in on at for to with by from vs is it".split())  # noqa: SIM905 (readable)
_MARKS_AROUND = LazyPattern(r"[\"“”„‟«»‘’']")


_MATERIAL = LazyPattern(
    r"(?:(?:the|this|these|your|an?) )?(?:provided |given )?(?:passage|text|article|source|excerpt|document|context)s?",
    re.IGNORECASE,
)
"""What a chat model calls the articles: nobody who speaks."""


@dataclass(frozen=True, slots=True)
class CheckedQuotations:
    """A claim whose quotations were checked.

    Attributes:
        text: The claim without the marks that no article bears out, and with those that were lost at its ends.
        problems: What is wrong with its quotations.
    """

    text: str
    problems: tuple[ClaimProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What becomes of one pair of marks: they stay, or go with a problem, or go without one."""

    stays: bool
    problem: ClaimProblem | None = None


_STAYS = _Ruling(stays=True)


def check_quotations(claim: str, sources: Sequence[SourceArticle], before: str = "") -> CheckedQuotations:
    """Return ``claim`` with the quotation marks that the articles bear out, and the problems of the others.

    Args:
        claim: A sentence of the answer.
        sources: The articles.
        before: What precedes it: a quotation that it leaves open goes on in the claim.
    """
    if not _MARKS_AROUND.search(claim) and not open_quotation(before):
        return CheckedQuotations(claim)
    return _QuotationCheck(claim, sources, before).run()


class _QuotationCheck:
    """The check of one claim."""

    def __init__(self, claim: str, sources: Sequence[SourceArticle], before: str) -> None:
        self._text = claim
        self._sources = sources
        self._before = before
        self._problems: list[ClaimProblem] = []

    @cached_property
    def _matcher(self) -> TextMatcher:
        return TextMatcher([source.words for source in self._sources])

    def run(self) -> CheckedQuotations:
        self._close_ends()
        passed: set[str] = set()
        for _ in range(_MAX_NESTING):
            wrong: list[Pair] = []
            for pair in pairs(self._text, Span(0, len(self._text))):
                content = pair.content.of(self._text)
                if content in passed:
                    continue
                ruling = self._ruling(self._text, pair.content, f"{self._before} " if self._before else "")
                if ruling.problem:
                    self._problems.append(ruling.problem)
                if ruling.stays:
                    passed.add(content)
                else:
                    wrong.append(pair)
            for pair in reversed(wrong):
                self._text = _without_marks(self._text, pair)
            if not wrong:
                break
        self._text = _without_single_marks(self._text)
        return CheckedQuotations(self._text, tuple(dict.fromkeys(self._problems)))

    def _close_ends(self) -> None:
        """Give a quotation that goes over the claim's ends the mark that is in the sentence before or after."""
        opened = open_quotation(self._before)
        text = self._text
        if opened is not None:
            glyph = self._before[opened.span.start : opened.content.start]
            stray = self._stray_closing()
            inside = text[: stray.start] if stray else text
            if not pairs(inside, Span(0, len(inside))):  # else it was closed, and the mark was lost
                body = inside.rstrip()
                rest = text[stray.end :] if stray else text[len(body) :]
                text = f"{glyph}{body}{_CLOSING.get(glyph, glyph)}{rest}"
                self._before = self._before[: opened.span.start] + self._before[opened.content.start :]
                self._text = text
        left = open_quotation(text)
        if left is not None and any(character.isalnum() for character in left.content.of(text)):
            glyph = text[left.span.start : left.content.start]
            self._text = f"{text.rstrip()}{_CLOSING.get(glyph, glyph)}"

    def _stray_closing(self) -> Span | None:
        """Return the first double mark of the claim that closes a quotation which it does not open."""
        whole = Span(0, len(self._text))
        paired = [pair.span for pair in pairs(self._text, whole)]
        for mark, opens in double_marks(self._text, whole):
            if not opens and not any(span.overlaps(mark) for span in paired):
                return mark
        return None

    def _ruling(self, claim: str, content: Span, before: str) -> _Ruling:
        """Return what becomes of the marks around ``content``."""
        quoted = content.of(claim)
        if not len(Words(quoted)):
            return _STAYS
        text = before + claim
        asserted = _AssertedQuotation(text, Span(content.start + len(before), content.end + len(before)))
        judged = self._judged(quoted)
        judged = _within_claim(judged, claim[: content.start] + " " + claim[content.end :])
        if judged.verdict in _ACCURATE and judged.places:
            return self._speaker_ruling(asserted, judged.places)
        return self._words_ruling(asserted, judged)

    def _judged(self, quoted: str) -> Judgement:
        quote = read_quote(quoted)
        found = (group for group in compare(quote, self._matcher) if group.search is not Search.REORDERED)
        return by_one_speaker(decide(quote, found), self._matcher)

    def _words_ruling(self, asserted: _AssertedQuotation, judged: Judgement) -> _Ruling:
        """Return the ruling on words that no article has so."""
        shown = _abridged(asserted.quoted)
        if judged.verdict is TextVerdict.TRUNCATED:
            lost = [word for one in judged.places[0].omitted for word in one.critical]
            is_grave = bool(asserted.name) and any(map(is_negator, lost)) and not _is_interjection(judged.places[0])
            left_out = "; ".join(_abridged(one.text) for one in judged.places[0].omitted if one.critical)
            return _removed(f"“{shown}” leaves out “{left_out}”", grave=is_grave)
        if judged.verdict is TextVerdict.SPLICED:
            return _removed(f"the words “{shown}” are put together from different places")
        if judged.verdict is not TextVerdict.ALTERED:
            return _Ruling(stays=False) if asserted.is_label else _removed(f"no source has the words “{shown}”")
        return self._altered_ruling(asserted, judged.places[0])

    def _altered_ruling(self, asserted: _AssertedQuotation, place: Comparison) -> _Ruling:
        """Return the ruling on words that an article has otherwise."""
        shown = _abridged(asserted.quoted)
        source = self._sources[place.row]
        said = attribute(source.text, place.span)
        theirs = _abridged(place.span.of(source.text))
        if said.kind is SpeakerKind.OUTLET:
            return _removed(f"no source has the words “{shown}”; the nearest are “{theirs}”")
        is_other = bool(asserted.name) and self._verdict(asserted, place, said) is SpeakerVerdict.OTHER
        if is_other and self._is_plain(asserted, place, said):
            return _removed(f"the article gives these words to {said.name}", grave=True)
        is_grave = bool(asserted.name) and any(change.is_grave for change in place.changes)
        return _removed(f"the article has these words as “{theirs}”", grave=is_grave)

    def _speaker_ruling(self, asserted: _AssertedQuotation, places: Sequence[Comparison]) -> _Ruling:
        """Return the ruling on words that articles have: whether they quote them, and from whom."""
        found = [(place, attribute(self._sources[place.row].text, place.span)) for place in places[:_MAX_PLACES]]
        quoted = [(place, said) for place, said in found if said.kind is not SpeakerKind.OUTLET]
        if not quoted:
            return self._unquoted_ruling(asserted, places)
        if not asserted.name:
            return self._implied_ruling(asserted, quoted)
        verdicts = [self._verdict(asserted, place, said) for place, said in quoted]
        if SpeakerVerdict.MATCH in verdicts or None in verdicts:
            return _STAYS
        if all(verdict is SpeakerVerdict.OTHER for verdict in verdicts):
            plain = next((said for place, said in quoted if self._is_plain(asserted, place, said)), None)
            if plain is not None:
                return _removed(f"the article gives these words to {plain.name}", grave=True)
        if any(
            self._may_be_said_by(asserted, place, said, verdict)
            for verdict, (place, said) in zip(verdicts, quoted, strict=True)
        ):
            return _STAYS
        return _removed(f"the article does not give the words “{_abridged(asserted.quoted)}” to {asserted.name}")

    def _implied_ruling(
        self, asserted: _AssertedQuotation, quoted: Sequence[tuple[Comparison, Attribution]]
    ) -> _Ruling:
        """Return the ruling where a claim names no speaker in plain words: "Lee's view that “…”", "Lee (“…”)"."""
        verdicts = []
        for place, said in quoted:
            source = self._sources[place.row]
            implied = asserted.implied(names_of(source.text))
            verdicts.append(speaker_verdict(implied, said, source.outlet) if implied else None)
        name = quoted[0][1].name
        if any(verdict is not SpeakerVerdict.OTHER for verdict in verdicts) or asserted.also_names(name):
            return _STAYS
        return _removed(f"the article gives the words “{_abridged(asserted.quoted)}” to {name}")

    def _unquoted_ruling(self, asserted: _AssertedQuotation, places: Sequence[Comparison]) -> _Ruling:
        """Return the ruling on words that the articles have outside quotation marks only."""
        shown = _abridged(asserted.quoted)
        if asserted.is_label:
            is_title = any(_is_capitalised(place.span.of(self._sources[place.row].text)) for place in places)
            return _STAYS if is_title else _Ruling(stays=False)
        if not asserted.name or not asserted.is_speech:
            return _removed(f"no source has “{shown}” in quotation marks")
        reports = [(place, self._reported_by(place)) for place in places[:_MAX_PLACES]]
        verdicts = [said and self._verdict(asserted, place, said) for place, said in reports]
        if any(verdict is not None and verdict is not SpeakerVerdict.OTHER for verdict in verdicts):
            return _removed(f"the source reports “{shown}” without quoting it")
        others = [said for _, said in reports if said is not None]
        is_short = len(Words(asserted.quoted)) < MAX_LABEL_WORDS
        if not asserted.names_person or is_short or any(asserted.also_names(said.name) for said in others):
            return _removed(f"no source has “{shown}” in quotation marks")
        if others:
            plain = any(said is not None and self._is_plain(asserted, place, said) for place, said in reports)
            return _removed(f"the article gives these words to {others[0].name}", grave=plain)
        return _removed(f"“{shown}” are the article's own words, not a quotation of {asserted.name}", grave=True)

    def _reported_by(self, place: Comparison) -> Attribution | None:
        """Return whose view the sentence of a place reports, if it reports one."""
        said = reported_by(self._sources[place.row].text, place.span)
        return replace(said, rule="reported") if said is not None and said.sentence.overlaps(place.span) else None

    def _verdict(self, asserted: _AssertedQuotation, place: Comparison, said: Attribution) -> SpeakerVerdict | None:
        return speaker_verdict(asserted.name, said, self._sources[place.row].outlet)

    def _is_plain(self, asserted: _AssertedQuotation, place: Comparison, said: Attribution) -> bool:
        """Return whether claim and article each name a person in plain words, and the claim not the article's too."""
        names = names_of(self._sources[place.row].text)
        is_known = names.knows(said.name) or any(map(names.knows, NAME.findall(said.name)))
        is_person = asserted.names_person or (asserted.is_certain and names.knows(asserted.name))
        return is_person and is_known and not asserted.also_names(said.name)

    def _may_be_said_by(
        self, asserted: _AssertedQuotation, place: Comparison, said: Attribution, verdict: SpeakerVerdict | None
    ) -> bool:
        """Return whether the speaker whom a claim names is named where the article leaves the speaker open.

        A person near the words; of a group, a country or a description any word near them, or, where the article names
        somebody, in the sentence that does ("India's home minister, Rajnath Singh").
        """
        text = self._sources[place.row].text
        around = text[max(0, place.span.start - _NEARBY_BEFORE) : place.span.end + _NEARBY_AFTER]
        if asserted.names_person:
            is_near = verdict is not SpeakerVerdict.OTHER and surname(asserted.name) in fold_name(around).split()
            is_others = self._is_other(asserted, place, said) and names_of(text).knows(said.name)
            return is_near and not is_others and not self._goes_on(asserted, place, said)
        here = said.sentence.of(text) if verdict is SpeakerVerdict.OTHER else around
        known = term_set(read_words(f"{here} {' '.join(said.titles)}"))
        wanted = term_set(read_words(asserted.name))
        is_described = verdict is not SpeakerVerdict.OTHER and not any(map(str.isupper, asserted.name))
        return is_described or not wanted or not wanted.isdisjoint(known)

    def _goes_on(self, asserted: _AssertedQuotation, place: Comparison, said: Attribution) -> bool:
        """Return whether a pronoun goes on with somebody else's speech: "Lee said it was late. “Go,” she said."."""
        text = self._sources[place.row].text
        end = len(text[: said.sentence.start].rstrip())
        if said.kind is not SpeakerKind.PRONOUN or not end:
            return False
        last = reported_by(text, Span(end - 1, end))
        return last is not None and self._is_other(asserted, place, last)

    def _is_other(self, asserted: _AssertedQuotation, place: Comparison, said: Attribution) -> bool:
        """Return whether a speaker is another than the claim names, the rule that found them taken at its word."""
        plain = replace(said, rule="reported", confidence=1.0)
        return self._verdict(asserted, place, plain) is SpeakerVerdict.OTHER


class _AssertedQuotation:
    """A quotation of a claim, as the claim asserts it.

    Args:
        text: The claim, after what precedes it.
        content: The quotation's words in it.
    """

    def __init__(self, text: str, content: Span) -> None:
        self._text = text
        self._content = content
        self.quoted = content.of(text)

    @cached_property
    def _quotation(self) -> Quotation | None:
        return next((one for one in quotations_of(self._text) if one.content_span.overlaps(self._content)), None)

    @cached_property
    def _attribution(self) -> Attribution:
        return attribute(self._text, self._content)

    @cached_property
    def _claimed(self) -> ClaimedSpeaker | None:
        """The speaker whom the claim names by a rule that is no guess."""
        found = claimed_speaker(self._text, self._content)
        if found is None or self._attribution.confidence < MIN_CONFIDENCE or _MATERIAL.fullmatch(found.name):
            return None
        return found

    @property
    def name(self) -> str:
        """The speaker's name, or "" where the claim names none."""
        return self._claimed.name if self._claimed else ""

    def implied(self, people: Names) -> str:
        """Return the one of ``people`` whom the claim may have say it, by any rule; "" where there is none.

        "He" is the only one of them whom the claim and the sentence before it name.
        """
        found = self._attribution
        if found.kind is SpeakerKind.PERSON:
            return found.name if people.knows(found.name) else ""
        if found.kind is not SpeakerKind.PRONOUN or found.surface is None:
            return ""
        named = [bare(name)[0] for name in NAME.findall(self._text[: found.surface.start])]
        known = {surname(name): name for name in named if people.knows(name)}
        return next(iter(known.values())) if len(known) == 1 else ""

    @property
    def is_certain(self) -> bool:
        """Whether the claim names the speaker in plain words."""
        return self._claimed is not None and self._claimed.is_certain

    @property
    def names_person(self) -> bool:
        """Whether the claim names the speaker in plain words, and shows that it is a person's name."""
        return self.is_certain and names_of(self._text).knows(self.name)

    @property
    def is_speech(self) -> bool:
        """Whether it claims to be somebody's words."""
        return self._claimed is not None or (self._quotation is not None and self._quotation.kind.is_speech)

    @property
    def is_label(self) -> bool:
        """Whether it may be a title, nickname or scare quotation: short, and in nobody's mouth."""
        kind = self._quotation.kind if self._quotation else QuotationKind.SCARE
        if len(Words(self.quoted)) > MAX_LABEL_WORDS and kind is not QuotationKind.TITLE:
            return False
        return not kind.is_speech or not self.name

    def also_names(self, name: str) -> bool:
        """Return whether the claim's sentence names somebody outside the quotation: it may be misread then."""
        return is_named_beside(self._text, self._content, sentence_around(self._text, self._content), name)


def _within_claim(judged: Judgement, outside: str) -> Judgement:
    """Return the judgement, EDITED where the claim itself has what a quotation leaves out: is not “allowed to go”."""
    if judged.verdict is not TextVerdict.TRUNCATED:
        return judged
    own = set(Words(outside).texts)
    lost = {word for one in judged.places[0].omitted for word in one.critical}
    return replace(judged, verdict=TextVerdict.EDITED) if lost <= own else judged


def _is_interjection(place: Comparison) -> bool:
    """Return whether all that is left out is one word with a comma: “No, we go.”."""
    lost = [one.text.strip() for one in place.omitted if one.critical]
    return all(len(text.split()) == 1 and text.endswith(",") for text in lost)


def _removed(message: str, *, grave: bool = False) -> _Ruling:
    return _Ruling(stays=False, problem=ClaimProblem(message, grave=grave))


def _is_capitalised(text: str) -> bool:
    """Return whether each word but small ones has a capital, as in a title."""
    words = [word for word in text.split() if word.lower().strip(".,;:!?") not in _SMALL]
    return bool(words) and all(word[:1].isupper() or word[:1].isdigit() for word in words)


def _without_marks(text: str, pair: Pair) -> str:
    return text[: pair.span.start] + pair.content.of(text) + text[pair.span.end :]


_DOUBLE_MARK = LazyPattern(r"[“”„‟«»]|``|''|(?<!\d)\"")


def _without_single_marks(text: str) -> str:
    """Return ``text`` without double marks that belong to no pair; those of inches stay."""
    paired = [pair.span for pair in pairs(text, Span(0, len(text)))]
    return _DOUBLE_MARK.sub(
        lambda mark: mark.group() if any(span.covers(Span(*mark.span())) for span in paired) else "", text
    )


def _abridged(quotation: str) -> str:
    line = " ".join(quotation.split())
    return line if len(line) <= MAX_MESSAGE_CHARACTERS else line[: MAX_MESSAGE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
