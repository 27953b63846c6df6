"""Training examples of the entailment model: claims with the sentences that they are held to.

Claims come as JSON lines of source, claim, label and set; sentences of news, for claims made by changing one fact, as
JSON lines of passage and domain (the reader's training data).
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answering.features import candidate_sentences
from bot.verification.evidence import choose_evidence
from bot.verification.features import parse_claim
from bot.verification.premise import premise
from evals.claims.corruptions import CHANGES, CorruptionSource
from evals.claims.dataset import hits_of, mended
from evals.claims.rewrites import rewritten, statement
from evals.cross_encoders.examples import Candidate, ExampleGroup, ExamplePassage, part_of
from evals.cross_encoders.pipeline import TrainingRecipe
from evals.quotes.alterations import AMOUNTS, MODALS, exchanged
from retrieval.articles import Span
from retrieval.errors import InputError
from retrieval.text.lexicon import opposites
from retrieval.text.sentences import sentences

LEFT_OUT = frozenset({"faithbench-tune", "anli-dev", "averitec-dev", "mrpc", "bipar-en"})
"""Sets for non-commercial use, or with an unclear licence: nothing that is shipped is trained on them."""
CLAIMS = {"sick": 3_000, "climate-fever": 3_000, "begin": 4_000}
"""Most claims of a set that is far from news."""
LABELS = {"supported": 1.0, "partial": 0.4, "unsupported": 0.0, "contradicted": 0.0}
"""The share of support in a label; what is only partly supported must not pass, but is nearer to it."""
NEWS_SENTENCES = 8_000
"""Sentences of news from which claims are made."""
STATEMENTS = 8_000
"""Claims made from a question and its answer, and as many with the answer to another."""
MADE_CHANGES = 2
"""Changed claims of each, beside a true one: of the sentence in the same other words, so that these tell nothing."""
MAX_TOKENS = 192
"""Word pieces of a claim and its premise: a claim of 25 words with four sentences."""
WORDS = range(8, 41)
"""Words of such a sentence."""
ADDITIONS = (
    ", who was later convicted,", ", which has never been confirmed,", " secretly", " repeatedly", " at gunpoint",
    " for the second time", " against the advice of his lawyers", ", the largest of its kind,", " in return for money",
    " without a licence", ", according to the police,", " last year",
)  # fmt: skip
"""What a claim adds to its source."""

_AFTER_NAME = re.compile(r"(?<=[a-z]{2})(?= (?:is|was|are|were|has|have|had|will|would)\b)")


@dataclass(frozen=True, slots=True)
class PassageAnswers:
    """A passage with questions and their answers.

    Attributes:
        text: The passage.
        news: Whether it is of a newsroom.
        answers: Questions with their first answer.
    """

    text: str
    news: bool
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim of a training set with its source and the share of support in its label."""

    source: str
    claim: str
    label: float
    set: str


def read_labelled(files: Sequence[Path]) -> tuple[list[LabelledClaim], list[PassageAnswers]]:
    """Return the claims of ``files`` and the passages of the others, both without the sets left out.

    Raises:
        InputError: A file is absent or of neither layout.
    """
    claims: list[LabelledClaim] = []
    passages: dict[str, PassageAnswers] = {}
    for file in files:
        try:
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                for line in map(json.loads, lines):
                    if line["set"] in LEFT_OUT:
                        continue
                    if "claim" in line:
                        claims.append(_labelled(line))
                        continue
                    text = line["passage"]
                    held = passages.setdefault(text, PassageAnswers(text, line["domain"] == "news", []))
                    if line["answers"]:
                        start, end = line["answers"][0]
                        held.answers.append((line["question"], text[start:end]))
        except FileNotFoundError:
            raise InputError(f"there is no file {file}: name files of claims") from None
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{file} is no file of claims ({type(error).__name__}: {error})") from error
    return claims, list(passages.values())


def _labelled(line: dict[str, Any]) -> LabelledClaim:
    return LabelledClaim(line["source"], line["claim"].strip(), LABELS[line["label"]], line["set"])


class EntailmentExamples:
    """Builds the passages and groups; a passage is a premise, a group a claim with one of them.

    Args:
        seed: Of every choice.
    """

    def __init__(self, seed: int = 0) -> None:
        self.passages: list[ExamplePassage] = []
        self._rng = random.Random(seed)  # noqa: S311 (no secret)

    def build(self, claims: Sequence[LabelledClaim], passages: Sequence[PassageAnswers]) -> Iterator[ExampleGroup]:
        """Yield the groups; ``passages`` of this object is complete when all are yielded."""
        by_set: dict[str, list[LabelledClaim]] = {}
        for each in claims:
            by_set.setdefault(each.set, []).append(each)
        for name, found in by_set.items():
            for each in self._rng.sample(found, min(len(found), CLAIMS.get(name, len(found)))):
                yield from self._group(each.claim, each.source, each.label, name)
        yield from self._made([each.text for each in passages if each.news])
        yield from self._answers(passages)

    def _group(self, claim: str, source: str, label: float, name: str) -> Iterator[ExampleGroup]:
        claim = mended(claim)
        text = premise_of(claim, source)
        if text:
            self.passages.append(ExamplePassage("", (text,)))
            yield ExampleGroup(claim, (Candidate(len(self.passages) - 1, None, label),), name, part_of(source))

    def _made(self, news: Sequence[str]) -> Iterator[ExampleGroup]:
        """Yield claims made from sentences of ``news``: in other words, and changed by one fact."""
        rng = self._rng
        pool = [(text, found) for text in news if (found := _prose(text))]
        foreign = [sentence for _, found in pool for sentence in found[:2]]
        chosen = rng.choices(pool, k=NEWS_SENTENCES) if pool else []
        for text, found in chosen:
            at = rng.randrange(len(found))
            true, base = rewritten(found, at, rng), rewritten(found, at, rng)
            yield from self._group(true, text, 1.0, "made-true")
            source = CorruptionSource(text[:4_000], foreign)
            changes = rng.sample(list(CHANGES), 4)
            for wrong in _distinct(base, [CHANGES[name](base, source, rng) for name in changes])[:MADE_CHANGES]:
                yield from self._group(wrong, text, 0.0, "made-false")
            if other := rng.choice([_claims_more, _adds])(base, rng):
                yield from self._group(other, text, 0.0, "made-false")
            if len(found) > 12 and rng.random() < 0.3:  # true, but held to a part of the article without it
                rest = " ".join(each for each in found if each != found[at])
                yield from self._group(found[at], rest, 0.0, "made-absent")

    def _answers(self, passages: Sequence[PassageAnswers]) -> Iterator[ExampleGroup]:
        """Yield what questions and their answers state, and the same with the answer to another question."""
        rng = self._rng
        stated = [
            (each, question, answer) for each in passages for question, answer in each.answers
            if statement(question, answer)
        ]  # fmt: skip
        for passage, question, answer in rng.sample(stated, min(STATEMENTS, len(stated))):
            yield from self._group(statement(question, answer), passage.text, 1.0, "stated")
            others = [each for _, each in passage.answers if _alike(each, answer)]
            if others and (wrong := statement(question, rng.choice(others))):
                yield from self._group(wrong, passage.text, 0.0, "misstated")


def premise_of(claim: str, source: str) -> str:
    """Return the sentences of ``source`` that ``claim`` is held to, as the program chooses them; empty without any."""
    hits = hits_of(source)
    found = candidate_sentences(hits)
    if not found:
        return ""
    return premise(found, choose_evidence(parse_claim(claim), found, [hit.passage.article_id for hit in hits]))


def _prose(text: str) -> list[str]:
    found = [span.of(text) for span in sentences(text[:6_000], Span(0, min(len(text), 6_000)))]
    return [" ".join(each.split()) for each in found if len(each.split()) in WORDS and each.endswith((".", "”", '"'))]


def _claims_more(sentence: str, rng: random.Random) -> str:
    """Return ``sentence`` with a modal, an amount or an antonym exchanged."""
    changed = exchanged(rng.choice([MODALS, AMOUNTS]))(sentence, rng)
    if changed and rng.random() < 0.6:
        return changed
    words = [(word, opposites(word.group().lower())) for word in re.finditer(r"[a-z]{3,}", sentence)]
    usable = [(word, others) for word, others in words if others]
    if not usable:
        return changed or ""
    word, others = rng.choice(usable)
    return sentence[: word.start()] + rng.choice(others) + sentence[word.end() :]


def _adds(sentence: str, rng: random.Random) -> str:
    """Return ``sentence`` with an addition before its verb."""
    found = list(_AFTER_NAME.finditer(sentence))
    if not found:
        return ""
    at = rng.choice(found).start()
    return sentence[:at] + rng.choice(ADDITIONS) + sentence[at:]


def _alike(one: str, other: str) -> bool:
    """Tell whether two answers are of one kind, a name or a number, and share no word."""
    kinds = [(each[:1].isdigit(), each[:1].isupper()) for each in (one, other)]
    return kinds[0] == kinds[1] and not set(one.casefold().split()) & set(other.casefold().split())


def _distinct(sentence: str, changed: Sequence[str]) -> list[str]:
    return [each for each in dict.fromkeys(changed) if each and each != sentence]


def build_examples(files: Sequence[Path]) -> tuple[list[ExamplePassage], list[ExampleGroup]]:
    """Return the premises and claims made from ``files``.

    Raises:
        InputError: A file cannot be read.
    """
    built = EntailmentExamples()
    groups = list(built.build(*read_labelled(files)))
    return built.passages, groups


RECIPE = TrainingRecipe(
    command="python -m evals train-entailment FILE…",
    purpose="Scores whether the sentences that a claim is held to support all of it.",
    build=build_examples,
    max_tokens=MAX_TOKENS,
    notes=(
        "Several sets state no licence; no text of any set is in the weights' folder.",
        f"Not trained on, for a non-commercial or unclear licence: {', '.join(sorted(LEFT_OUT))}.",
    ),
)
