"""Speakers as somebody claims them: correct ones that are called misattributed, and wrong ones that are caught.

Every annotated quotation is claimed for its own speaker, under each form of the name that a writer would use, and for
others: two people whom the same article names, one of another article and one of no article. "Misattributed" is right
for the others alone. A pronoun stands for the one person named as a source before it in
its paragraph; others are left out.

Precision of the rules: an answer is right when its span overlaps the annotated one; the precision stated for a rule is
that of the articles left out, five folds by article.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.quotes.gold import GoldQuote, annotated_sources
from retrieval.articles import Span
from retrieval.quotes.attribution.speakers import PRECISION, Attribution, SpeakerVerdict, attribute, speaker_verdict
from retrieval.text.lexicon import POSSESSIVE_DETERMINERS, RELATIVE_PRONOUNS, SUBJECT_PRONOUNS
from retrieval.text.names import bare, fold_name, is_group, surname
from retrieval.text.roles import GENDER_OF_ROLE, OFFICES, TITLES_OF_ROLE

FOLDS = 5
SEED = 7
NOBODY = ("Harriet Lindqvist", "Oluwaseun Adebayo", "Dragan Petrovski", "Mei-Ling Chua")
"""People of no article."""

PRONOUNS = (SUBJECT_PRONOUNS | POSSESSIVE_DETERMINERS | RELATIVE_PRONOUNS) - {"one"}
_CUES = frozenset({"said", "says"})
"""Annotated sources that are cues: the two were swapped."""
_CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w’'.-]*(?:\s+(?:(?:de|von|van|bin|al|la|del)\s+)?[A-ZÀ-Þ][\w’'.-]*)*")
_BRACKET = re.compile(r"\s*[(\[][^)\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class SpeakerClaim:
    """One quotation claimed for one speaker.

    Attributes:
        quote: The quotation.
        speaker: Who is claimed to have said it.
        is_right: Whether they did.
        kind: The form of a right name ("full name", "surname", "title" and others), or whose name a wrong one is.
        source: What the article calls the speaker: "person", "pronoun", "group" or "description".
    """

    quote: GoldQuote
    speaker: str
    is_right: bool
    kind: str
    source: str


def claims(
    texts: Mapping[str, Mapping[str, Any]], gold: Sequence[GoldQuote], seed: int = SEED
) -> Iterator[SpeakerClaim]:
    """Yield right and wrong claims about each quotation with an annotated speaker."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    sources = {name: _named_sources(article) for name, article in texts.items()}
    everybody = sorted({full for found in sources.values() for _, full in found if " " in full})
    for one in gold:
        text = texts[one.article]["text"]
        name, source = _speaker_of(one, text, sources[one.article])
        if not name:
            continue
        for kind, form in _forms(one.speaker, name, source, text).items():
            yield SpeakerClaim(one, form, True, kind, source)
        here = [
            full
            for full in dict.fromkeys(full for _, full in sources[one.article])
            if " " in full and _differ(full, name)
        ]
        foreign = [
            full for full in everybody if _differ(full, name) and fold_name(full).split()[-1] not in fold_name(text)
        ]
        others = [("of the article", each) for each in rng.sample(here, min(2, len(here)))]
        others += [("of another article", rng.choice(foreign))] if foreign else []
        for kind, other in (*others, ("of no article", rng.choice(NOBODY))):
            yield SpeakerClaim(one, other, False, kind, source)


def _named_sources(article: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the people named as sources: where, and the fullest name that the article has for each."""
    found = []
    for attribution in article.get("attributions", ()):
        for part in attribution["source"][:1]:
            name = _person_in(article["text"][part["start"] : part["end"]])
            if name:
                found.append((part["start"], _fullest(name, article["text"])))
    return sorted(found)


def _person_in(source: str) -> str:
    """Return the person whom an annotated source names, without titles, or ""."""
    head = _BRACKET.sub("", source).split(",")[0].strip()
    head = re.split(r"\s(?:of|from|for|at|in|and)\s", head, maxsplit=1)[0]
    runs = list(_CAPITALISED.finditer(head))
    if not runs or head[runs[-1].end() :].strip("’'s "):
        return ""
    if head.lower().startswith(("the ", "a ", "an ")) and len(runs) == 1 and "’" not in head:
        return ""
    name = bare(re.sub(r"[’']s$", "", runs[-1].group()))[0]
    return (
        ""
        if fold_name(name) in PRONOUNS or name.isupper() or is_group(name)
        else re.sub(r"\s+(?:Jr|Sr|I+)\.?$", "", name)
    )


def _fullest(name: str, text: str) -> str:
    if " " in name:
        return name
    before = re.findall(rf"((?:[A-ZÀ-Þ][\w’'-]+\s+)(?:[A-Z]\.\s+)?){re.escape(name)}\b", text)
    full = Counter(found for each in before if " " in (found := bare(" ".join(f"{each}{name}".split()))[0]))
    best = full.most_common(2)
    return best[0][0] if len(best) == 1 or (best and best[0][1] >= 2 * best[1][1]) else name


def _speaker_of(one: GoldQuote, text: str, named: Sequence[tuple[int, str]]) -> tuple[str, str]:
    """Return the person, group or description behind an annotated speaker, and what the article calls them."""
    if not one.speaker or one.speaker.split()[0] in _CUES:
        return "", ""
    if fold_name(one.speaker) in PRONOUNS:
        if fold_name(one.speaker) not in {"he", "she", "his", "her", "who"}:
            return "", ""
        begin = text.rfind("\n", 0, one.start) + 1
        near = dict.fromkeys(full for at, full in named if begin <= at < one.start)
        return (next(iter(near)), "pronoun") if len(near) == 1 else ("", "")
    name = _person_in(one.speaker)
    if name:
        return _fullest(name, text), "person"
    last = _BRACKET.sub("", one.speaker).split()[-1]
    return one.speaker, "group" if last[:1].isupper() else "description"


def _forms(speaker: str, name: str, source: str, text: str) -> dict[str, str]:
    """Return the forms of a right name by their kind."""
    if source in {"group", "description"}:
        acronym = "".join(word[0] for word in name.split() if word[0].isupper())
        forms = {source: name}
        if len(acronym) > 2 and acronym in text:
            forms["acronym"] = acronym
        return forms
    forms = {"surname": next(word for word in name.split() if fold_name(word) == surname(name))}
    if " " in name:
        forms["full name"] = name
    head = fold_name(speaker).split()[0] if source == "person" else ""
    roles = [role for role, titles in TITLES_OF_ROLE.items() if head in titles.split("|")] or [head]
    if head and (roles[0] in OFFICES or roles[0] in GENDER_OF_ROLE) and head != fold_name(name).split()[0]:
        forms["title and surname"] = f"{speaker.partition(' ')[0]} {forms['surname']}"
        if roles[0] in OFFICES:
            forms["title"] = f"the {roles[0]}"
    return forms


def _differ(one: str, other: str) -> bool:
    left, right = set(fold_name(one).split()), set(fold_name(other).split())
    return left.isdisjoint(right)


def measure(texts: Mapping[str, Mapping[str, Any]], gold: Sequence[GoldQuote]) -> dict[str, Any]:
    """Return the shares of right and wrong claims called misattributed, and the precision of the rules."""
    tallies = {"right": _tally(), "wrong": _tally()}
    verdicts: Counter[str] = Counter()
    accusations = []
    for claim in claims(texts, gold):
        found = attribute(texts[claim.quote.article]["text"], Span(claim.quote.start, claim.quote.end))
        verdict = speaker_verdict(claim.speaker, found)
        side = "right" if claim.is_right else "wrong"
        verdicts[f"{side}: {verdict}"] += 1
        for group in ("all", f"source: {claim.source}", claim.kind):
            tallies[side][group]["claims"] += 1
            tallies[side][group]["misattributed"] += verdict is SpeakerVerdict.OTHER
        if claim.is_right and verdict is SpeakerVerdict.OTHER:
            accusations.append(_accusation(claim, found))
    return {
        "right": _shares(tallies["right"]),
        "wrong": _shares(tallies["wrong"]),
        "verdicts": dict(verdicts),
        "accusations": accusations,
        "rules": left_out(texts, gold),
    }


def _tally() -> defaultdict[str, Counter[str]]:
    return defaultdict(Counter)


def _shares(tally: Mapping[str, Counter[str]]) -> dict[str, dict[str, float]]:
    return {
        group: {**count, "misattributed": count["misattributed"], "share": count["misattributed"] / count["claims"]}
        for group, count in tally.items()
    }


def left_out(texts: Mapping[str, Mapping[str, Any]], gold: Sequence[GoldQuote]) -> dict[str, Any]:
    """Return the calibration of the rules: their precision stated, found, and found on the other folds of articles.

    ``error`` is the mean difference between a rule's precision on four folds, (right + 1) / (answers + 2), and its
    share of right answers on the fifth, weighted by answers.
    """
    folds = {name: place % FOLDS for place, name in enumerate(sorted(texts))}
    answers: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
    for one in gold:
        sources = annotated_sources(texts[one.article], Span(one.start, one.end), one.speaker) if one.speaker else []
        if not sources or one.speaker.split()[0] in _CUES:
            continue
        found = attribute(texts[one.article]["text"], Span(one.start, one.end))
        is_right = found.surface is not None and any(found.surface.overlaps(source) for source in sources)
        answers[found.rule].append((folds[one.article], is_right))
    total = sum(len(one) for one in answers.values())
    error = 0.0
    rules = {}
    for rule, given in sorted(answers.items(), key=lambda item: -len(item[1])):
        missed = 0.0
        for fold in range(FOLDS):
            inside = [is_right for number, is_right in given if number == fold]
            outside = [is_right for number, is_right in given if number != fold]
            if inside:
                expected = (sum(outside) + 1) / (len(outside) + 2)
                missed += abs(expected - sum(inside) / len(inside)) * len(inside)
        error += missed
        right = sum(is_right for _, is_right in given)
        rules[rule] = {
            "answers": len(given),
            "precision": right / len(given),
            "stated": PRECISION[rule],
            "error": missed / len(given),
        }
    return {"error": error / total if total else 0.0, "by_rule": rules}


def _accusation(claim: SpeakerClaim, found: Attribution) -> dict[str, str]:
    return {
        "article": claim.quote.article,
        "quote": claim.quote.quote,
        "annotated": claim.quote.speaker,
        "claimed": claim.speaker,
        "found": found.name,
        "rule": found.rule,
    }


def tables(report: Mapping[str, Any]) -> tuple[object, object]:
    """Return what :func:`measure` found as two tables to print."""
    from rich.table import Table  # noqa: PLC0415 (late, for the start-up of --help)

    claimed = Table(title="Claimed speakers called misattributed")
    for column in ("", "claims", "misattributed", "share"):
        claimed.add_column(column, justify="left" if not column else "right")
    for side in ("right", "wrong"):
        for group, figures in report[side].items():
            claimed.add_row(
                f"{side}, {group}",
                *(f"{figures[key]:g}" for key in ("claims", "misattributed")),
                f"{figures['share']:.4f}",
            )
    error = report["rules"]["error"]
    rules = Table(title="Rules: precision stated and found", caption=f"mean error on articles left out: {error:.3f}")
    for column in ("", "answers", "stated", "found", "left out"):
        rules.add_column(column, justify="left" if not column else "right")
    for rule, figures in report["rules"]["by_rule"].items():
        rules.add_row(
            rule, str(figures["answers"]), *(f"{figures[key]:.2f}" for key in ("stated", "precision", "error"))
        )
    return claimed, rules
