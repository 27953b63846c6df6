"""Who said it, and where the quotations are: measured on annotated articles (PolNeAR's layout).

Speakers: an answer is right when its source span overlaps the annotated source by at least a character (the measure of
BBC Citron's and PARC's "overlap"). Quotations without an annotated source are left out.

Finding: a quotation is found when its words are the annotated ones, surrounding white space and marks aside. The gold
holds what stands in one paragraph between “…” or "…", three words or more, inside an annotated attribution; so scare
quotes and titles are not in it, nor is anything between other marks. Those are left out of the counted predictions,
and the figure with every kind of mark is printed beside it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.quotes.gold import GoldQuote, annotated_sources
from retrieval.articles import Span
from retrieval.errors import InputError
from retrieval.quotes.attribution.extraction import Quotation, quotations
from retrieval.quotes.attribution.speakers import Attribution, SpeakerKind, attribute

FEWEST_WORDS = 3
"""Words of the shortest annotated quotation."""

_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "who", "which", "that", "you", "his", "her", "their"})
_REGEX_BASELINE = re.compile(r"“([^“”]*)”|\"([^\"]*)\"")
_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w.’'-]+)*")
_NEAR = 400
"""Characters on each side in which the baseline looks for a name."""


@dataclass(slots=True)
class OverlapCounts:
    """Answers counted."""

    asked: int = 0
    answered: int = 0
    right: int = 0

    def add(self, answer: Span | None, gold: Iterable[Span]) -> None:
        """Count one answer."""
        self.asked += 1
        self.answered += answer is not None
        self.right += answer is not None and any(answer.overlaps(source) for source in gold)

    def report(self) -> dict[str, float]:
        """Return counts and shares in [0, 1]: coverage, overlap among the answered, overlap among all."""
        return {
            "quotes": self.asked,
            "coverage": _share(self.answered, self.asked),
            "overlap_answered": _share(self.right, self.answered),
            "overlap_all": _share(self.right, self.asked),
        }


@dataclass(slots=True)
class SpeakerScores:
    """The tallies of one system."""

    every: OverlapCounts = field(default_factory=OverlapCounts)
    named: OverlapCounts = field(default_factory=OverlapCounts)
    pronouns: OverlapCounts = field(default_factory=OverlapCounts)
    rules: dict[str, OverlapCounts] = field(default_factory=lambda: defaultdict(OverlapCounts))

    def add(self, answer: Span | None, rule: str, gold: list[Span], speaker: str) -> None:
        """Count one answer where it belongs."""
        group = self.pronouns if speaker.lower() in _PRONOUNS else self.named
        for tally in (self.every, group, self.rules[rule]):
            tally.add(answer, gold)


def measure(texts: Mapping[str, Mapping[str, Any]], gold: Sequence[GoldQuote]) -> dict[str, Any]:
    """Return the figures of speakers and of quotation finding, each with its baseline.

    Raises:
        InputError: The articles' attributions are not in PolNeAR's layout.
    """
    try:
        return {"speakers": _speakers(texts, gold), "finding": _finding(texts, gold)}
    except (KeyError, TypeError) as error:
        raise InputError(f"the articles' attributions are not in PolNeAR's layout: {error!r} is missing") from error


def _speakers(texts: Mapping[str, Mapping[str, Any]], gold: Sequence[GoldQuote]) -> dict[str, Any]:
    ours, baseline = SpeakerScores(), SpeakerScores()
    kinds: Counter[str] = Counter()
    resolved = OverlapCounts()
    for one in gold:
        if not one.speaker:
            continue
        article, span = texts[one.article], Span(one.start, one.end)
        sources = annotated_sources(article, span, one.speaker)
        if not sources:
            continue
        found = attribute(article["text"], span)
        ours.add(found.surface, found.rule, sources, one.speaker)
        baseline.add(_nearest_name(article["text"], span), "nearest name", sources, one.speaker)
        kinds[found.kind] += 1
        _count_resolved(resolved, found, article["text"])
    return {
        "every": ours.every.report(),
        "named": ours.named.report(),
        "pronouns": ours.pronouns.report() | {"resolved": _share(resolved.answered, resolved.asked)},
        "rules": {rule: ours.rules[rule].report() for rule in sorted(ours.rules, key=lambda r: -ours.rules[r].asked)},
        "kinds": dict(kinds),
        "baseline": baseline.every.report(),
    }


def _count_resolved(tally: OverlapCounts, found: Attribution, text: str) -> None:
    if found.surface is not None and found.surface.of(text).lower() in {"he", "she"}:
        tally.asked += 1
        tally.answered += found.kind is not SpeakerKind.PRONOUN


def _nearest_name(text: str, span: Span) -> Span | None:
    """The baseline: the capitalised words that stand nearest to the quotation."""
    begin = max(0, span.start - _NEAR)
    found = [Span(m.start(), m.end()) for m in _CAPITALISED.finditer(text, begin, span.start)]
    found += [Span(m.start(), m.end()) for m in _CAPITALISED.finditer(text, span.end, span.end + _NEAR)]
    return min(found, key=lambda name: max(name.start - span.end, span.start - name.end), default=None)


def _finding(texts: Mapping[str, Mapping[str, Any]], gold: Sequence[GoldQuote]) -> dict[str, Any]:
    expected: dict[str, set[Span]] = defaultdict(set)
    for one in gold:
        if len(one.quote.split()) >= FEWEST_WORDS:
            expected[one.article].add(_trimmed(texts[one.article]["text"], one.start, one.end))
    systems = {"ours": _marked_alike, "any mark": _long, "regex": _regex}
    counts = {name: [0, 0, 0] for name in systems}
    for identity, article in texts.items():
        for name, system in systems.items():
            predicted = set(system(article["text"]))
            shared = len(predicted & expected[identity])
            counts[name][0] += shared
            counts[name][1] += len(predicted)
            counts[name][2] += len(expected[identity])
    return {name: _scores(*numbers) for name, numbers in counts.items()}


def _long(text: str) -> Iterator[Span]:
    for quotation in quotations(text):
        if quotation.kind.is_speech and len(quotation.content_span.of(text).split()) >= FEWEST_WORDS:
            yield _trimmed(text, quotation.content_span.start, quotation.content_span.end)


def _marked_alike(text: str) -> Iterator[Span]:
    """Return the quotations of the kind the gold was cut by: “…” or "…", closed in their paragraph."""
    for quotation in quotations(text):
        words = len(quotation.content_span.of(text).split())
        if quotation.kind.is_speech and words >= FEWEST_WORDS and _is_cut_alike(quotation, text):
            yield _trimmed(text, quotation.content_span.start, quotation.content_span.end)


def _is_cut_alike(quotation: Quotation, text: str) -> bool:
    marks = text[quotation.span.start] + text[quotation.span.end - 1]
    return quotation.closed and marks in {"“”", '""'} and quotation.speaker_hint is None


def _regex(text: str) -> Iterator[Span]:
    for match in _REGEX_BASELINE.finditer(text):
        group = 1 if match.group(1) is not None else 2
        if len(match.group(group).split()) >= FEWEST_WORDS:
            yield _trimmed(text, *match.span(group))


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end)


def _scores(shared: int, predicted: int, expected: int) -> dict[str, float]:
    precision, recall = _share(shared, predicted), _share(shared, expected)
    both = _share(2 * shared, predicted + expected)
    return {"expected": expected, "predicted": predicted, "precision": precision, "recall": recall, "f1": both}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def tables(report: Mapping[str, Any]) -> tuple[object, object]:
    """Return what :func:`measure` found as two tables to print."""
    return _speakers_table(report["speakers"]), _finding_table(report["finding"])


def _speakers_table(speakers: Mapping[str, Any]) -> object:
    from rich.table import Table  # noqa: PLC0415 (late, for the start-up of --help)

    rows = {name: speakers[name] for name in ("every", "named", "pronouns")} | {"nearest name": speakers["baseline"]}
    rows |= {f"  {rule}": figures for rule, figures in speakers["rules"].items()}
    resolved = f"he and she resolved to one name: {speakers['pronouns']['resolved']:.3f}"
    table = Table(title="Speakers: overlap of the source span with gold", caption=resolved)
    for column in ("", "quotes", "coverage", "of answered", "of all"):
        table.add_column(column, justify="left" if not column else "right")
    for name, figures in rows.items():
        shares = (f"{figures[key]:.3f}" for key in ("coverage", "overlap_answered", "overlap_all"))
        table.add_row(name, str(figures["quotes"]), *shares)
    return table


def _finding_table(finding: Mapping[str, Any]) -> object:
    from rich.table import Table  # noqa: PLC0415

    table = Table(title="Quotation finding: exact words, marks aside")
    for column in ("", "expected", "predicted", "precision", "recall", "F1"):
        table.add_column(column, justify="left" if not column else "right")
    for name, figures in finding.items():
        shares = (f"{figures[key]:.3f}" for key in ("precision", "recall", "f1"))
        table.add_row(name, str(figures["expected"]), str(figures["predicted"]), *shares)
    return table
