"""Verdicts on quotations as Discord messages. Pure: values in, pages out.

Each verdict is a card: what it means in plain words, the quotation with its word differences, who said it, and where.
Equal quotations are one card, the worst come first, and a card is parted between two pages only if it is longer.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from bot.discord.database import CitationTarget
from bot.discord.escape import escaped_line
from bot.discord.pages import (
    MAX_MESSAGE_CHARACTERS,
    Accent,
    Fragment,
    MessagePage,
    Opening,
    paginate,
    word_fragments,
)
from bot.discord.render_answers import source_fragment
from bot.quote_checks import ACCURATE, INACCURATE, CheckedDraft, QuoteCheck, QuotePlace, fault_counts
from bot.render.catalogue import retold, translated
from bot.render.phrases import counted
from bot.render.sources import withdrawal
from bot.render.verdict import not_checked_words, said_by, word_of
from bot.render.word_diff import DiffSegment, Mark, source_with_omissions, word_diff
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.diff import ChangeKind
from retrieval.quotes.draft_survey import UncheckedReason
from retrieval.quotes.verdict import Match, Nearest, QuoteSearchScope, Severity, TextVerdict
from retrieval.text.folding import Words

MAX_PLACES_SHOWN = 5
"""Places of each kind under a single verdict; under one of several, the best. The command line shows all."""
MAX_CARDS = 5
"""Cards of one page with a place: with a rule above each, a button for the article's address and one that opens it, and
the buttons that turn pages they are 40 components, as many as Discord takes. Those without a place count half."""
MIN_OVERLAP_SHOWN = 0.35
"""The least share of a quotation's content words, by weight, in the nearest sentence that is shown under one of several
verdicts: with less it is about something else."""
MAX_EXPLANATION_CHARACTERS = 600
"""Characters of one sentence of explanation."""
MAX_PAGE_CHARACTERS = MAX_MESSAGE_CHARACTERS - 100
"""Characters of a page: who shares it is put under it."""

_QUOTE = "> "
_SMALL = "\n-# "
_WITHOUT_TEXT = frozenset({TextVerdict.SPLICED, TextVerdict.TOO_SHORT})
_LONG_RUN = 400  # characters of unchanged words that are shown in one run
_MAX_BRIEF_WORDS = 200  # characters of an article's sentence under one of several verdicts
_MAX_UNCHECKED_WORDS = 60  # characters of a quotation that was not checked
_UNCHECKED_SHOWN = 3  # of those that were not checked for one reason
_LEGEND = "~~struck~~: only in the quotation · **bold**: only in the article"
_GONE = "the article of [{number}] in the answer was changed or removed since then"
_OWN_WORDS = "these are the article's own words"
_OTHER_SPEAKER = "somebody else said it"
_IN_ARTICLE = "The article:"
_IN_BOLD = "The article, what matters in bold:"
_ONE_CITED = "Searched the article that each is cited from."

_MEANINGS = {
    TextVerdict.VERBATIM: "exactly these words are in the article",
    TextVerdict.COSMETIC: "the same words; only punctuation, spelling or typography differs",
    TextVerdict.EDITED: "the article's words, with cuts or brackets marked",
    TextVerdict.TRUNCATED: "what it leaves out changes what is said",
    TextVerdict.ALTERED: "the article has other words",
    TextVerdict.SPLICED: "put together from parts that are apart in the articles",
    TextVerdict.PARAPHRASE: "not in these words; an article says something like it",
    TextVerdict.NOT_FOUND: "in none of the articles that were searched",
    TextVerdict.TOO_SHORT: "too few words to judge",
}
_COUNTED_AS = {
    TextVerdict.COSMETIC: "the same but for typography",
    TextVerdict.EDITED: "with marked edits",
    TextVerdict.TRUNCATED: "cut so that it says something else",
    TextVerdict.SPLICED: "spliced from parts",
    TextVerdict.PARAPHRASE: "not in these words",
    TextVerdict.TOO_SHORT: "too short to judge",
}
_SEVERITIES = {Severity.LOW: "a small difference", Severity.HIGH: "a serious difference"}
_CHANGED = {
    ChangeKind.NUMBER: "a number",
    ChangeKind.NAME: "a name",
    ChangeKind.NEGATION: "a negation",
    ChangeKind.MODAL: "what may or must be",
    ChangeKind.QUANTIFIER: "how many or how surely",
    ChangeKind.OPPOSITE: "a word into its opposite",
    ChangeKind.QUESTION: "a question into a statement",
    ChangeKind.WORD: "words",
    ChangeKind.SPELLING: "spelling",
    ChangeKind.CONTRACTION: "a contraction",
    ChangeKind.BRACKET: "words put in brackets",
}
_ORDER = (TextVerdict.NOT_FOUND, TextVerdict.PARAPHRASE, TextVerdict.TOO_SHORT)
"""Those that are neither right nor wrong, the worst first."""


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """A verdict on quotations that are equal.

    Attributes:
        check: The first of them; its places are those that are shown, numbered in the order of the cards.
        count: How many there are.
        other_articles: The number of further articles with the words, not shown.
        brief: Whether it is one of several.
    """

    check: QuoteCheck
    count: int
    other_articles: int
    brief: bool


def quote_cards(checks: Sequence[QuoteCheck]) -> list[QuoteCard]:
    """Return the verdicts as they are shown: equal ones merged, the worst first."""
    equal: dict[tuple[object, ...], list[QuoteCheck]] = {}
    for check in checks:
        said = check.speaker.verdict if check.speaker else None
        verdict = check.verdict
        words = tuple(Words(verdict.quote).texts)
        equal.setdefault((words, verdict.text, verdict.severity, verdict.asked_speaker, said), []).append(check)
    numbers = itertools.count(1)
    brief = len(equal) > 1
    ordered = sorted(equal.values(), key=lambda found: _rank(found[0]))
    return [_card(found[0], len(found), numbers, brief=brief) for found in ordered]


def _card(check: QuoteCheck, count: int, numbers: Iterator[int], *, brief: bool) -> QuoteCard:
    most = 1 if brief else MAX_PLACES_SHOWN
    parts = MAX_PLACES_SHOWN if check.verdict.text is TextVerdict.SPLICED else most
    near = [one for one in check.nearest if not brief or _overlap(one) >= MIN_OVERLAP_SHOWN]
    found = check.matches[:parts], check.variants[: 0 if brief else most], near[:most]
    matches, variants, nearest = (tuple(replace(one, number=next(numbers)) for one in places) for places in found)
    others = len({one.article.id for one in check.variants} - {one.article.id for one in (*matches, *variants)})
    return QuoteCard(replace(check, matches=matches, variants=variants, nearest=nearest), count, others, brief)


def _overlap(place: QuotePlace) -> float:
    return place.of.overlap if isinstance(place.of, Nearest) else 0.0


def _rank(check: QuoteCheck) -> tuple[int, int]:
    """Return the sort key of a verdict: the worst first."""
    if _sign(check) == "❌":
        return 0, 0 if check.verdict.severity is Severity.HIGH or check.is_misattributed else 1
    if check.verdict.text in ACCURATE:
        unknown = check.speaker is not None and check.speaker.verdict is SpeakerVerdict.UNKNOWN
        return 2, 0 if unknown and check.verdict.asked_speaker else 1
    return 1, _ORDER.index(check.verdict.text)


def check_pages(
    checked: CheckedDraft, named: str = "", *, text: str = "", gone: Sequence[CitationTarget] = ()
) -> list[MessagePage]:
    """Return the verdicts in pages.

    Args:
        checked: What became of each quotation.
        named: "this message": what a summary is made of; without it there is none.
        text: The text whose quotations they are: those that were not checked are shown from it.
        gone: The citations of an answer whose article was removed or changed since.
    """
    searched = _searched(checked.checks[0].verdict.searched) if checked.checks else []
    head, foot = ([*_head(checked, named, text, gone), *searched], []) if named else ([], searched)
    pages: list[MessagePage] = []
    held: list[QuoteCard] = []
    for card in quote_cards(checked.checks):
        weight = sum(1 if one.check.places else 0.5 for one in (*held, card))
        if held and (weight > MAX_CARDS or len(_laid_out(head, [*held, card], foot)) > 1):
            pages += _laid_out(head, held, foot)
            held, head = [], []
        held.append(card)
    return pages + (_laid_out(head, held, foot) if held or head else [])


def _laid_out(head: Sequence[Fragment], cards: Sequence[QuoteCard], foot: Sequence[Fragment]) -> list[MessagePage]:
    """Return the pages of some cards: one, unless a card is longer."""
    atoms = list(head)
    for card in cards:
        atoms += [Fragment("\n\n" if atoms else "", opens=Opening.SECTION), *_drawn(card)]
    if any(card.check.verdict.changes for card in cards):
        atoms.append(Fragment(_SMALL + translated(_LEGEND), opens=Opening.BLOCK))
    return paginate([*atoms, *foot], MAX_PAGE_CHARACTERS, accent=_accent(head, cards))


def _accent(head: Sequence[Fragment], cards: Sequence[QuoteCard]) -> Accent:
    """Return the worst of what a page says."""
    signs = {_sign(card.check) for card in cards}
    if "❌" in signs:
        return Accent.INACCURATE
    doubtful = "❔" in signs or not signs or any("❔" in atom.text for atom in head)
    return Accent.UNCERTAIN if doubtful else Accent.ACCURATE


def quote_targets(checks: Sequence[QuoteCheck]) -> tuple[CitationTarget, ...]:
    """Return what the numbered buttons under the cards open."""
    return tuple(
        CitationTarget(place.number, place.article.id, place.span.start, place.span.end, place.of.text)
        for card in quote_cards(checks)
        for place in card.check.places
    )


def _head(checked: CheckedDraft, named: str, text: str, gone: Sequence[CitationTarget]) -> list[Fragment]:
    """Return the summary, and what was not checked."""
    atoms = word_fragments(_summary(checked, named, len(gone)), bold=True)
    reasons: dict[UncheckedReason, list[str]] = {}
    for one in checked.unchecked:
        if not one.reason.is_right:
            reasons.setdefault(one.reason, []).append(one.span.of(text))
    for reason, found in reasons.items():
        words = " ".join(map(_excerpt, filter(None, found[:_UNCHECKED_SHOWN])))
        more = " …" if words and len(found) > _UNCHECKED_SHOWN else ""
        shown = f": {words}{more}" if words else ""
        why = translated("{number:,}, because {reason}", number=len(found), reason=translated(reason.because))
        atoms.append(Fragment(f"\n❔ **{translated('NOT CHECKED')}** · {why}{shown}"))
    for target in gone[:MAX_PLACES_SHOWN]:
        why = translated(_GONE, number=target.number)
        atoms.append(Fragment(f"\n❔ **{translated('ARTICLE GONE')}** · {why}: {_excerpt(f'“{target.quote}”')}"))
    if len(gone) > MAX_PLACES_SHOWN:
        same = translated("the same for {number:,} more", number=len(gone) - MAX_PLACES_SHOWN)
        atoms.append(Fragment(f"\n❔ **{translated('ARTICLE GONE')}** · {same}"))
    return atoms


def _excerpt(words: str) -> str:
    return escaped_line(shorten(" ".join(words.split()), _MAX_UNCHECKED_WORDS, placeholder="…"))


def _summary(checked: CheckedDraft, named: str, gone: int) -> str:
    """Return "5 quotations in this message: 1 altered, 3 verbatim, 1 not checked (unclosed). 1 of them is …"."""
    total = len(checked.checks) + len(checked.unchecked) + gone
    if not total:
        return translated("No quotation in {text}: nothing to check.", text=translated(named))
    found = Counter(check.verdict.text for check in checked.checks)
    named_as = {one: translated(_COUNTED_AS.get(one, one.replace("_", " "))) for one in TextVerdict}
    parts = [f"{found[one]:,} {named_as[one]}" for one in TextVerdict if found[one]]
    parts += [translated("{number:,} whose article is gone", number=gone)] if gone else []
    found_words = "; ".join(filter(None, (", ".join(parts), not_checked_words([checked]))))
    summary = translated(
        "{quotations} in {text}: {found}.",
        quotations=counted(total, "quotation"),
        text=translated(named),
        found=found_words,
    )
    faults = [
        translated("{number:,} of them {fault}.", number=number, fault=translated(name))
        for name, number in fault_counts(checked.checks).items()
    ]
    return " ".join([summary, *faults])


def _searched(scope: QuoteSearchScope) -> list[Fragment]:
    """Return what was searched, in plain words."""
    filters = scope.filters
    if filters.articles:
        return [Fragment(_SMALL + translated(_ONE_CITED), opens=Opening.BLOCK)]
    dated = translated(" of {first} to {last}", first=scope.since[:10], last=scope.until[:10])
    dated = dated if scope.since else translated(", none of them dated")
    limits = [
        *(translated("only from {outlet}", outlet=source) for source in filters.sources),
        translated("on or after {day}", day=filters.since) if filters.since else "",
        translated("on or before {day}", day=filters.until) if filters.until else "",
    ]
    words = counted(scope.articles, "article") + (dated if scope.articles else "")
    shown = escaped_line("; ".join(filter(None, (words, *limits))), MAX_EXPLANATION_CHARACTERS)
    return [Fragment(_SMALL + translated("Searched {scope}.", scope=shown), opens=Opening.BLOCK)]


def _drawn(card: QuoteCard) -> list[Fragment]:
    """Return a card."""
    check, verdict = card.check, card.check.verdict
    atoms = [Fragment(_headline(card)), *_quoted(word_diff(verdict.quote, verdict.changes))]
    explained = _explained(check)
    atoms += [Fragment(f"\n{escaped_line(explained, MAX_EXPLANATION_CHARACTERS)}")] if explained else []
    if check.correction:
        atoms += [Fragment(f"\n{escaped_line(withdrawal(check.correction), MAX_EXPLANATION_CHARACTERS)}")]
    is_plain = card.brief and verdict.text is TextVerdict.COSMETIC
    if (
        check.matches
        and verdict.text not in _WITHOUT_TEXT | {TextVerdict.VERBATIM}
        and not (verdict.changes or is_plain)
    ):
        article = (
            source_with_omissions(check.matches[0])
            if verdict.omitted
            else [DiffSegment(Mark.SAME, check.matches[0].of.text)]
        )
        matters = any(omission.critical for omission in verdict.omitted)
        label = translated(_IN_BOLD if matters else _IN_ARTICLE)
        atoms += [Fragment(f"\n{label}"), *_quoted(article)]
    if check.speaker:
        told = escaped_line(said_by(check.speaker, verdict.asked_speaker), MAX_EXPLANATION_CHARACTERS)
        atoms += [Fragment("\n" + translated("Speaker: {person}", person=told))]
    where = "Where" if len(check.matches) > 1 else ""
    for label, found in ((where, check.matches), ("Also in", check.variants), ("Nearest", check.nearest)):
        by_article = itertools.groupby(found, key=lambda place: place.article.id)
        for at, (_, places) in enumerate(by_article):
            atoms += _places(list(places), "" if at else label, brief=card.brief)
    if card.other_articles:
        atoms += [
            Fragment(_SMALL + translated("Also in {articles}.", articles=counted(card.other_articles, "other article")))
        ]
    return atoms


def _headline(card: QuoteCard) -> str:
    """Return the lines that say what the verdict is and means, its fault first."""
    check, verdict = card.check, card.check.verdict
    lines = []
    if check.is_misattributed:
        is_own = check.speaker is not None and check.speaker.verdict is SpeakerVerdict.OUTLET
        meaning = translated(_OWN_WORDS if is_own else _OTHER_SPEAKER)
        lines.append(f"❌ **{translated('MISATTRIBUTED')}** · {meaning}")
    if check.correction:
        lines.append(f"❌ **{translated('WITHDRAWN')}** · {translated('a correction takes it back')}")
    sign = "❌" if verdict.text in INACCURATE else "✅" if verdict.text in ACCURATE else "❔"
    parts = [f"{sign} **{word_of(verdict.text)}**", translated(_MEANINGS[verdict.text])]
    if verdict.text in INACCURATE and verdict.severity in _SEVERITIES:
        parts.append(translated(_SEVERITIES[verdict.severity]))
    lines.append(" · ".join(parts))
    lines[0] += f" · {translated('quoted {number:,} times', number=card.count)}" if card.count > 1 else ""
    return "\n".join(lines)


def _explained(check: QuoteCheck) -> str:
    """Return in one sentence what the meaning of the verdict and the word differences do not say."""
    verdict = check.verdict
    if verdict.text in {TextVerdict.VERBATIM, TextVerdict.NOT_FOUND, TextVerdict.PARAPHRASE}:
        return ""
    if verdict.text is TextVerdict.TOO_SHORT:
        return "" if check.matches else translated("It is in none of the articles.")
    if verdict.text is TextVerdict.ALTERED and verdict.changes:
        kinds = dict.fromkeys(_CHANGED.get(one.reason, "the way it is written") for one in verdict.changes)
        return translated("Changed: {kinds}.", kinds=", ".join(map(translated, kinds)))
    return retold(verdict.evidence.replace("The same words; different: ", "Different: "))


def _sign(check: QuoteCheck) -> str:
    if check.verdict.text in INACCURATE or check.is_misattributed or check.correction:
        return "❌"
    return "✅" if check.verdict.text in ACCURATE else "❔"


def _places(places: Sequence[QuotePlace], label: str, *, brief: bool) -> list[Fragment]:
    """Return places in one article, whose title is shown once."""
    head = f"{_SMALL}{translated(label)}" if label else ""
    atoms = [Fragment(head, opens=Opening.BLOCK)] if label else []
    numbers = "".join(f"[{place.number}]" for place in places)
    atoms += [source_fragment(places[0].article, f"\n{numbers} ", number=places[0].number)]
    atoms += [Fragment("", number=place.number) for place in places[1:]]
    for place in places:
        of = place.of
        if isinstance(of, Nearest) or (isinstance(of, Match) and of.verdict is TextVerdict.SPLICED):
            words = shorten(of.text, _MAX_BRIEF_WORDS, placeholder=" …") if brief else of.text
            atoms += _quoted([DiffSegment(Mark.SAME, words)])
    return atoms


def _quoted(pieces: Iterable[DiffSegment]) -> list[Fragment]:
    """Return a difference as a block quotation: struck what only the quotation has, bold what only the article has."""
    atoms: list[Fragment] = []
    blank = f"\n{_QUOTE}"
    for piece in pieces:
        if not piece.text.strip():
            blank = blank or " "
            continue
        words = " ".join(piece.text.split())
        if piece.mark is Mark.SAME and len(words) > _LONG_RUN:
            words = f"{words[: _LONG_RUN // 2].rstrip()} ⋯ {words[-_LONG_RUN // 2 :].lstrip()}"
        before = blank or (" " if piece.text[:1].isspace() else "")
        bold = piece.mark in {Mark.SOURCE, Mark.CRITICAL}
        made = word_fragments(words, bold=bold, lead=_QUOTE, before=before)
        atoms += [_struck(atom) for atom in made] if piece.mark is Mark.QUOTED else made
        blank = " " if piece.text[-1:].isspace() else ""
    return atoms


def _struck(atom: Fragment) -> Fragment:
    word = atom.text.lstrip("\n> ")
    return Fragment(f"{atom.text[: len(atom.text) - len(word)]}~~{word}~~", number=atom.number, lead=atom.lead)
