"""``python -m evals squad FILE``: choosing sentences and abstaining, with every paragraph of the file in the pool."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer, Citation, SearchScope, Status
from bot.app import open_reader
from bot.settings import load
from evals.answers.baseline import score_plain
from evals.answers.comparison import compare_runs, show_differences
from evals.answers.squad import SquadFile, SquadLibrary, SquadQuestion, open_squad_library, read_squad
from evals.metrics import auroc
from retrieval.articles import Filters
from retrieval.embedding.cross_encoder import LazyCrossEncoder
from retrieval.embedding.embedder import load_embedder
from retrieval.errors import InputError

PASSAGES = 10
"""Passages read for an answer, as the program does."""
OTHER_HALF_QUESTIONS = 500
"""Questions of one half of the articles that are asked of the other half."""
FOREIGN_FILE = Path(__file__).with_name("foreign_questions.txt")


@dataclass(frozen=True, slots=True)
class ReaderFigures:
    """What one pipeline did with a file.

    Attributes:
        sentence_hit_1: Answerable questions whose best sentence covers a gold answer in the right paragraph.
        sentence_hit_3: The same for the best three.
        text_hit_1: The laxer: the best sentence's text contains a gold answer, wherever it stands.
        paragraph_hit_1: The right paragraph is found first.
        paragraph_hit_5: Among the first five passages.
        auroc_unanswerable: Confidence separates answerable questions from the file's unanswerable ones.
        auroc_foreign: From everyday questions, and questions of one half of the articles asked of the other.
        auroc_everyday: From the everyday questions alone.
        answered: Share of answerable questions that are answered, at the default decision.
        answered_right: Share of answerable questions that are answered and whose best sentence is right.
        right_when_answered: Share of the answered ones whose best sentence is right.
        possibly: Share of answerable questions for which sentences are shown that may answer.
        answered_unanswerable: Share of the unanswerable ones that are answered.
        possibly_unanswerable: Share of them for which sentences are shown that may answer.
        answered_foreign: Share of the foreign ones that are answered.
        possibly_foreign: Share of them for which sentences are shown that may answer.
        citations: Citations shown, the nearest ones included.
        valid_citations: Those whose ``text[start:end]`` is their quote.
        p50_ms: Median time of an answer from its passages, in ms.
        p95_ms: The 95th percentile.
    """

    sentence_hit_1: float
    sentence_hit_3: float
    text_hit_1: float
    paragraph_hit_1: float
    paragraph_hit_5: float
    auroc_unanswerable: float
    auroc_foreign: float
    auroc_everyday: float
    answered: float
    answered_right: float
    right_when_answered: float
    possibly: float
    answered_unanswerable: float
    possibly_unanswerable: float
    answered_foreign: float
    possibly_foreign: float
    citations: int
    valid_citations: int
    p50_ms: float
    p95_ms: float


def run(
    file: Path,
    json_output: bool = False,
    limit: int | None = None,
    store: Path | None = None,
    against: Path | None = None,
) -> int:
    """Score ``file`` and print a table, or one JSON document.

    Args:
        file: SQuAD JSON.
        json_output: Print JSON on stdout instead of a table.
        limit: Ask only this many questions, spread over the file; the pool stays whole.
        store: Where to keep the library for another run; a temporary folder otherwise.
        against: The JSON document of another run over the same questions, to compare with.

    Raises:
        InputError: The file is absent, is not SQuAD JSON, or has no question with an answer.
    """
    squad = read_squad([file])
    if not any(question.answers for question in squad.questions):
        raise InputError(f"{file} has no question with an answer: name a SQuAD file with answers")
    with tempfile.TemporaryDirectory() as temporary:
        folder = store or Path(temporary)
        asked = choose(squad, limit)
        ours, outcomes = score(squad, asked, folder)
        plain = score_plain(squad, asked, foreign_questions(), load_embedder(), folder)
    differences = compare_runs(outcomes, against) if against else {}
    if json_output:
        from rich import print_json  # noqa: PLC0415 (late, as every face)

        document = {
            "file": file.name,
            "questions": len(asked),
            "ours": asdict(ours),
            "plain": asdict(plain),
            "differences": {metric: asdict(each) for metric, each in differences.items()},
            "outcomes": [{"question": question, "values": values} for question, values in outcomes.items()],
        }
        print_json(json.dumps(document))
    else:
        _show(f"{file.name}, {len(asked):,} questions", asdict(ours), asdict(plain))
        if differences:
            show_differences(differences)
    return 0


def choose(squad: SquadFile, limit: int | None) -> list[SquadQuestion]:
    """Return up to ``limit`` questions spread over the file, in its order; all of them by default."""
    chosen = np.random.default_rng(0).permutation(len(squad.questions))[:limit]
    return [squad.questions[number] for number in sorted(chosen.tolist())]


def score(
    squad: SquadFile, asked: Sequence[SquadQuestion], folder: Path
) -> tuple[ReaderFigures, dict[str, dict[str, float]]]:
    """Return the figures of the program's own pipeline (split, library, vectors, search, reader), and each question's.

    Questions are keyed by their paragraph and text: a file asks the same words of several.
    """
    embedder = load_embedder()
    pool = open_squad_library(squad, embedder, folder)
    try:
        settings = load()
        clock = QuestionClock(pool.library, dt.date.today)
        reader = open_reader(LazyCrossEncoder(settings.reranker_model), pool.library, settings, clock)
        extractive = ExtractiveAnswerer(reader, pool.library)
        searched = SearchScope(len(pool.ids), pool.library.counts().passages, Filters())
        times: list[float] = []

        def ask(question: str, filters: Filters = searched.filters) -> Answer:
            hits = pool.searcher.search(question, filters, PASSAGES)
            began = time.perf_counter()
            answer = extractive.answer(question, hits, searched)
            times.append((time.perf_counter() - began) * 1000)
            return answer

        answers = [ask(question.text) for question in asked]
        outcomes = {
            f"{question.paragraph}: {question.text}": _values(pool, question, answer)
            for question, answer in zip(asked, answers, strict=True)
        }
        return _score(squad, pool, asked, answers, ask, times), outcomes
    finally:
        pool.close()


def _values(pool: SquadLibrary, question: SquadQuestion, answer: Answer) -> dict[str, float]:
    """Return the metrics of a question that two runs are compared by."""
    answered = answer.status is Status.ANSWERED
    if not question.answers:
        return {"unanswerable_answered": float(answered), "unanswerable_shown": float(not answer.abstention)}
    best = [right(pool, question, _best(answer)[:count]) for count in (1, 3)]
    return {
        "hit_1": float(best[0]),
        "hit_3": float(best[1]),
        "answered": float(answered),
        "answered_right": float(answered and best[0]),
        "answered_wrong": float(answered and not best[0]),
    }


def _score(  # noqa: PLR0917 (the parts of one run)
    squad: SquadFile,
    pool: SquadLibrary,
    asked: Sequence[SquadQuestion],
    answers: Sequence[Answer],
    ask: Callable[..., Answer],
    times: list[float],
) -> ReaderFigures:
    took = np.percentile(times, [50, 95])
    foreign = [ask(text) for text in foreign_questions()]
    everyday = [answer.confidence for answer in foreign]
    foreign += [ask(question.text, others) for question, others in _halves(squad, pool, len(asked))]
    answerable = [(q, a) for q, a in zip(asked, answers, strict=True) if q.answers]
    impossible = [a for q, a in zip(asked, answers, strict=True) if not q.answers]
    sure = [answer.confidence for _, answer in answerable]
    answered = [(q, a) for q, a in answerable if a.status is Status.ANSWERED]
    shown = [citation for answer in answers for citation in (*answer.citations, *answer.nearest)]
    return ReaderFigures(
        sentence_hit_1=_mean([right(pool, q, _best(a)[:1]) for q, a in answerable]),
        sentence_hit_3=_mean([right(pool, q, _best(a)[:3]) for q, a in answerable]),
        text_hit_1=_mean([any(t in c.quote for c in _best(a)[:1] for t in q.texts) for q, a in answerable]),
        paragraph_hit_1=_mean([_found(pool, q, a, 1) for q, a in answerable]),
        paragraph_hit_5=_mean([_found(pool, q, a, 5) for q, a in answerable]),
        auroc_unanswerable=_auroc(sure, [answer.confidence for answer in impossible]),
        auroc_foreign=_auroc(sure, [answer.confidence for answer in foreign]),
        auroc_everyday=_auroc(sure, everyday),
        answered=len(answered) / len(answerable) if answerable else 0.0,
        answered_right=_mean([a.status is Status.ANSWERED and right(pool, q, a.citations[:1]) for q, a in answerable]),
        right_when_answered=_mean([right(pool, q, a.citations[:1]) for q, a in answered]),
        possibly=_mean([a.status is Status.POSSIBLY for _, a in answerable]),
        answered_unanswerable=_mean([answer.status is Status.ANSWERED for answer in impossible]),
        possibly_unanswerable=_mean([answer.status is Status.POSSIBLY for answer in impossible]),
        answered_foreign=_mean([answer.status is Status.ANSWERED for answer in foreign]),
        possibly_foreign=_mean([answer.status is Status.POSSIBLY for answer in foreign]),
        citations=len(shown),
        valid_citations=sum(is_valid(pool, citation) for citation in shown),
        p50_ms=round(float(took[0]), 1),
        p95_ms=round(float(took[1]), 1),
    )


def foreign_questions() -> list[str]:
    """Return everyday, news and science questions that an encyclopaedia's paragraphs on other things do not answer."""
    return [line for line in FOREIGN_FILE.read_text(encoding="utf-8").splitlines() if line.strip()]


def right(pool: SquadLibrary, question: SquadQuestion, citations: Sequence[Citation]) -> bool:
    """Tell whether a citation covers a gold answer in the right paragraph."""
    wanted = pool.ids[question.paragraph]
    return any(
        citation.article.id == wanted and citation.span.covers(answer)
        for citation in citations
        for answer in question.answers
    )


def is_valid(pool: SquadLibrary, citation: Citation) -> bool:
    """Tell whether the article holds exactly the quoted characters at the citation's place."""
    return citation.span.of(pool.library.article(citation.article.id).text) == citation.quote


def _best(answer: Answer) -> tuple[Citation, ...]:
    """Return sentences best first, whether or not they were asserted."""
    return (*answer.citations, *answer.nearest)


def _found(pool: SquadLibrary, question: SquadQuestion, answer: Answer, count: int) -> bool:
    return any(hit.article.id == pool.ids[question.paragraph] for hit in answer.hits[:count])


def _halves(squad: SquadFile, pool: SquadLibrary, limit: int) -> list[tuple[SquadQuestion, Filters]]:
    """Return questions with the filter that leaves only the half of the articles they are not asked of."""
    groups = [paragraph.group for paragraph in squad.paragraphs]
    if len(set(groups)) < 2:
        return []
    others = [Filters(articles=tuple(pool.ids[n] for n, g in enumerate(groups) if g % 2 != half)) for half in (0, 1)]
    chosen = np.random.default_rng(1).permutation(len(squad.questions))[: min(OTHER_HALF_QUESTIONS, limit)]
    asked = [squad.questions[number] for number in sorted(chosen.tolist())]
    return [(question, others[squad.group(question) % 2]) for question in asked]


def _mean(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 4) if values else 0.0


def _auroc(sure: Sequence[float], other: Sequence[float]) -> float:
    return round(auroc(sure, other), 4) if sure and other else 0.0


def _show(title: str, ours: dict[str, float], plain: dict[str, float]) -> None:
    from rich.console import Console  # noqa: PLC0415 (late, as every face)
    from rich.table import Table  # noqa: PLC0415

    table = Table("figure", "ours", "plain", title=title)
    for name in dict.fromkeys((*ours, *plain)):
        cells = (f"{its[name]:,.4g}" if name in its else "" for its in (ours, plain))
        table.add_row(name.replace("_", " "), *cells)
    Console().print(table)
