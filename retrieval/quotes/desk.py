"""The quote desk: a quotation in, a verdict out. Loads no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from retrieval.articles import ArticleInfo, Filters
from retrieval.quotes.attribution.extraction import Quotation, quotations
from retrieval.quotes.attribution.speakers import (
    Attribution,
    SpeakerKind,
    SpeakerVerdict,
    attribute,
    reported_by,
    speaker_verdict,
)
from retrieval.quotes.comparison import Judgement, Place, Quote, changed_words, quote, same_words
from retrieval.quotes.diff import SMALL
from retrieval.quotes.matcher import ALIKE, NO_FILTERS, Articles, Finder, Memory, copies
from retrieval.quotes.paraphrase import Close, closest, is_retelling
from retrieval.quotes.rules import judge
from retrieval.quotes.verdict import Match, Nearest, Searched, Speaker, TextVerdict, Verdict

PARAPHRASED = 0.45
"""The least part of a quotation's content words, weighed by rarity, that a sentence holds which says the same. In
`evals quotes` none of 184 quotations of other articles comes to it; 79 % of the indirect speech that has lost a third
of its words and changed its order does."""

_SHARED = 4  # content words that such a sentence shares at least
_SHOWN = 200  # characters of evidence from an article

_BESIDE = 3  # words between a cue and what it reports: "said on Monday that"
_WORDINGS = 5  # articles with nearly the same words that are shown
_ASKED = 4  # places that are asked for the speaker

_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+\S")

_ON_RECORD = frozenset(
    {TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED, TextVerdict.TRUNCATED, TextVerdict.ALTERED}
)


class QuoteDesk:
    """Checks quotations against one library. Safe to share between threads.

    Args:
        library: Where articles are looked for.
    """

    def __init__(self, library: Articles) -> None:
        self.library = library
        self._memory = Memory()

    def check(self, text: str, speaker: str | None = None, filters: Filters | None = None) -> Verdict:
        """Return the verdict on one quotation, with or without its quotation marks.

        Args:
            text: The words as somebody quotes them.
            speaker: Who is said to have said them.
            filters: The articles to look in.

        Raises:
            FilterError: A filter names a date that cannot be read.
            StoreError: The library cannot be read.
        """
        revision = self.library.revision
        with self.library.reading() as connection:
            finder = Finder(connection, filters or NO_FILTERS, self._memory, revision)
            return self._verdict(quote(text), speaker, finder, variants=True)

    def check_draft(self, text: str, filters: Filters | None = None) -> list[tuple[Quotation, Verdict]]:
        """Return every quotation of a draft that claims to be somebody's words, with its verdict, in order.

        The speaker asked about is the one that the draft names. Variants are the articles with the same words.

        Raises:
            FilterError: A filter names a date that cannot be read.
            StoreError: The library cannot be read.
        """
        revision = self.library.revision
        checked = []
        with self.library.reading() as connection:
            finder = Finder(connection, filters or NO_FILTERS, self._memory, revision)
            for one in quotations(text):
                if one.kind.is_speech:
                    said = quote(one.content_span.of(text))
                    checked.append((one, self._verdict(said, _named(text, one), finder, variants=False)))
        return checked

    def _verdict(self, asked: Quote, speaker: str | None, finder: Finder, *, variants: bool) -> Verdict:
        judged = judge(asked, finder)
        judged = Judgement(judged.verdict, tuple(_by_date(judged, finder)))
        near: list[Close] = []
        if judged.verdict is TextVerdict.NOT_FOUND:
            near = closest(asked.text, finder)
            if near and near[0].overlap >= PARAPHRASED and near[0].shared >= _SHARED:
                judged = Judgement(TextVerdict.PARAPHRASE)
        elif judged.verdict is TextVerdict.ALTERED and (retold := _retold(judged.places[0], finder)):
            judged, near = Judgement(TextVerdict.PARAPHRASE), [retold]
        infos = _Infos(finder)
        best, others = _parted(judged)
        if variants and judged.verdict in _ON_RECORD:
            others = [*others, *_variants(asked, finder, judged, {place.row for place in (*best, *others)})]
        return Verdict(
            quote=asked.source,
            text=judged.verdict,
            severity=judged.severity,
            evidence=evidence(judged, near, finder),
            matches=tuple(_match(place, infos, finder) for place in best),
            variants=tuple(sorted((_match(place, infos, finder) for place in others), key=_date)),
            nearest=tuple(
                Nearest(infos.of(one.row), one.span, one.span.of(finder.words(one.row).source), one.overlap)
                for one in near
            ),
            searched=_searched(finder),
            asked_speaker=speaker,
            speaker=_speaker(judged, near, speaker, infos, finder),
        )


def _retold(place: Place, finder: Finder) -> Close | None:
    """Return the sentence of indirect speech that a quotation puts in other words, or None."""
    source = finder.words(place.row).source
    if attribute(source, place.span).kind is not SpeakerKind.OUTLET:
        return None
    found = reported_by(source, place.span)
    if found is None or not found.sentence.covers(place.span):
        return None
    if not is_retelling(place.changes, is_said=_is_said(source, found, place)):
        return None
    changed = sum(len(change.source) for change in place.changes if change.reason not in SMALL)
    return Close(place.row, found.sentence, round(1 - changed / len(found.sentence), 4), 0)


def _is_said(source: str, found: Attribution, place: Place) -> bool:
    """Tell whether a place begins or ends beside the cue that reports it: "said that |…", "|…|, he said"."""
    cue, named = found.cue, found.surface
    if cue is None or named is None or place.span.overlaps(cue) or place.span.overlaps(named):
        return False
    if place.span.start >= cue.end:
        between = source[cue.end : place.span.start]
    else:
        between = source[place.span.end : min(cue.start, named.start)]
    return len(between.split()) <= _BESIDE


def _named(text: str, quotation: Quotation) -> str | None:
    found = attribute(text, quotation.content_span)
    return found.name if found.kind is SpeakerKind.PERSON and found.name else None


def _speaker(
    judged: Judgement, near: Sequence[Close], asked: str | None, infos: _Infos, finder: Finder
) -> Speaker | None:
    """Ask the best places who said it: the first that agrees with who was asked about, else the first."""
    if judged.verdict is TextVerdict.PARAPHRASE:
        source = finder.words(near[0].row).source
        found = reported_by(source, near[0].span) or attribute(source, near[0].span)
        info = infos.of(near[0].row)
        return Speaker(speaker_verdict(asked, found, info.source), found, info)
    if judged.verdict not in _ON_RECORD:
        return None
    answers: list[Speaker] = []
    for place in [place for place in judged.places if place.verdict is judged.verdict][:_ASKED]:
        found = attribute(finder.words(place.row).source, place.span)
        info = infos.of(place.row)
        answers.append(Speaker(speaker_verdict(asked, found, info.source), found, info))
        if not asked or answers[-1].verdict is SpeakerVerdict.MATCH:
            break
    agreeing = [answer for answer in answers if answer.verdict is SpeakerVerdict.MATCH]
    return next(iter(agreeing or answers), None)


class _Infos:
    """What is known of articles, each read once."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._known: dict[int, ArticleInfo] = {}

    def of(self, row: int) -> ArticleInfo:
        if row not in self._known:
            self._known[row] = self._finder.info(row)
        return self._known[row]


def _by_date(judged: Judgement, finder: Finder) -> Iterable[Place]:
    """Order the places of equal standing by their articles' dates, the earliest first."""
    if judged.verdict is TextVerdict.SPLICED or len(judged.places) < 2:
        return judged.places
    published = {place.row: finder.info(place.row).published for place in judged.places}
    order = list(TextVerdict)
    return sorted(
        judged.places,
        key=lambda place: (
            order.index(place.verdict),
            place.cost,
            not place.whole,
            *_when(published[place.row]),
            place.row,
        ),
    )


def _when(published: str) -> tuple[bool, str]:
    return not published, published


def _date(match: Match) -> tuple[bool, str, int]:
    return (*_when(match.article.published), match.span.start)


def _parted(judged: Judgement) -> tuple[list[Place], list[Place]]:
    """Part the places the verdict rests on (one article's) from those in other articles (one each)."""
    if judged.verdict in {TextVerdict.SPLICED, TextVerdict.TOO_SHORT}:
        return list(judged.places), []
    if not judged.places:
        return [], []
    row = judged.places[0].row
    best = [place for place in judged.places if place.row == row and place.verdict is judged.verdict]
    others: dict[int, Place] = {}
    for place in judged.places:
        if place.row != row:
            others.setdefault(place.row, place)
    return best, list(others.values())


def _variants(asked: Quote, finder: Finder, judged: Judgement, seen: set[int]) -> list[Place]:
    """Return the places of the same or nearly the same words in other articles than those seen."""
    words = asked.words.texts
    if judged.verdict is TextVerdict.ALTERED:  # was searched for already
        found = [one for one in finder.near(words, tolerance=ALIKE) if one.row not in seen]
    else:
        found = copies(words, finder, beyond=seen)
    places = []
    for one in found[:_WORDINGS]:
        text = finder.words(one.row)
        if one.distance:
            places.append(changed_words(asked, text, one, finder.is_known))
        else:
            places.append(same_words(asked, text, one.row, one.first, finder.is_known))
    return places


def _match(place: Place, infos: _Infos, finder: Finder) -> Match:
    text = place.span.of(finder.words(place.row).source)
    return Match(infos.of(place.row), place.span, text, place.verdict, place.folds, place.changes, place.omitted)


def _searched(finder: Finder) -> Searched:
    return Searched(finder.searched, finder.filters, *finder.dates)


def evidence(judged: Judgement, near: Sequence[Close], finder: Finder) -> str:  # noqa: PLR0911 (a list of rules)
    """Say in one sentence why the verdict is what it is."""
    best = judged.places[0] if judged.places else None
    match judged.verdict:
        case TextVerdict.VERBATIM:
            return "The words stand in the article exactly as quoted."
        case TextVerdict.COSMETIC:
            return f"The same words; different: {', '.join(best.folds) if best else ''}."
        case TextVerdict.EDITED:
            joins = any(_SENTENCE_END.search(one.text) for one in best.omitted) if best else False
            what = (
                "an ellipsis runs from one sentence into another" if joins else "no negation or condition is left out"
            )
            return f"The article's words with marked edits; {what}."
        case TextVerdict.TRUNCATED:
            lost = "; ".join(f"“{_shown(one.text)}”" for one in (best.omitted if best else ()) if one.telling)
            return f"Left out: {lost}."
        case TextVerdict.ALTERED:
            return f"The article has other words: {_changes(best)}."
        case TextVerdict.SPLICED:
            rows = {place.row for place in judged.places}
            where = (
                f"{len(rows)} articles" if len(rows) > 1 else "places of one article that are apart or in another order"
            )
            return f"Made of {len(judged.places)} parts from {where}."
        case TextVerdict.PARAPHRASE:
            return f"No such quotation; close in meaning: “{_shown(near[0].span.of(finder.words(near[0].row).source))}”"
        case TextVerdict.TOO_SHORT:
            return f"Too short to judge: {len(judged.places)} occurrences."
    return f"In none of the {finder.searched} articles that were searched."


def _changes(best: Place | None) -> str:
    if best is None:
        return ""
    told = [f"“{_shown(one.quoted)}” for “{_shown(one.source)}” ({one.reason})" for one in best.changes]
    return "; ".join(told) or "; ".join(f"“{_shown(one.text)}” left out or changed" for one in best.omitted)


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
