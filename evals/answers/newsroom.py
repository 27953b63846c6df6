"""``python -m evals newsroom FILE``: questions asked as a journalist would, of the whole program over news articles."""

from __future__ import annotations

import gzip
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.answers import Answer, Status
from bot.app import App, build
from bot.settings import load
from evals.answers.calibration import ReliabilityBin, calibration_error, reliability
from evals.answers.comparison import compare_runs, show_differences
from evals.answers.gold import gives_gold
from evals.metrics import Interval
from retrieval.errors import InputError
from retrieval.loaders.jsonl import TEXT

if TYPE_CHECKING:
    from rich.table import Table

SHOWN_MAX = 6
"""Sentences of an answer that are recorded: up to three that answer, and three that are nearest."""


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question with its gold answers.

    Attributes:
        text: As it is asked.
        gold: The answers, any of which is right; empty where no article answers it.
        answerable: Whether an article answers it.
        paraphrase: The gold answers are in other words than the article's.
    """

    text: str
    gold: tuple[str, ...]
    answerable: bool
    paraphrase: bool = False


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """What was shown for a question.

    Attributes:
        question: The question.
        status: "answered", "possibly" or "abstained".
        confidence: The stated probability that the first sentence answers it.
        p_answerable: The stated probability that the articles hold an answer.
        reason: Why it was not answered, as a person is told; empty where it was.
        shown: The sentences that were shown as an answer, then the nearest, best first, each with its article.
        cited: How many of them were shown as an answer.
        right: For each whether it gives a gold answer.
    """

    question: NewsQuestion
    status: str
    confidence: float
    p_answerable: float
    reason: str
    shown: tuple[tuple[str, str], ...]
    cited: int
    right: tuple[bool, ...]

    @property
    def first_right(self) -> bool:
        """Whether the first sentence that was shown as an answer is right."""
        return self.cited > 0 and self.right[0]

    @property
    def any_right(self) -> bool:
        """Whether any that was shown as an answer is right."""
        return any(self.right[: self.cited])

    @property
    def values(self) -> dict[str, float]:
        """The metrics of the question that two runs are compared by."""
        if not self.question.answerable:
            return {"absent_answered": float(self.status == Status.ANSWERED), "absent_shown": float(self.cited > 0)}
        answered = self.status == Status.ANSWERED
        return {
            "answered_right": float(answered and self.first_right),
            "answered_wrong": float(answered and not self.first_right),
            "shown_right_first": float(self.first_right),
            "shown_right_any": float(self.any_right),
            "best_right": float(any(self.right[:1])),
        }


@dataclass(frozen=True, slots=True)
class NewsroomReport:
    """The outcomes of all questions.

    Attributes:
        file: The questions' file.
        articles: Articles searched.
        outcomes: In the file's order.
        seconds: A question, at the median.
        differences: Ours minus another run's, by metric; empty without one.
    """

    file: str
    articles: int
    outcomes: tuple[QuestionOutcome, ...]
    seconds: float
    differences: dict[str, Interval]

    def figures(self) -> dict[str, float]:
        """Return counts and shares by name."""
        held = [each for each in self.outcomes if each.question.answerable]
        absent = [each for each in self.outcomes if not each.question.answerable]
        answered = [each for each in held if each.status == Status.ANSWERED]
        possibly = [each for each in held if each.status == "possibly"]
        abstained = [each for each in held if not each.cited]
        shown = [each for each in self.outcomes if each.status == Status.ANSWERED]
        wrong = [each for each in shown if not each.first_right]
        return {
            "answerable": len(held),
            "answered, right in the first sentence": sum(each.first_right for each in answered),
            "answered, right in a further one only": sum(each.any_right and not each.first_right for each in answered),
            "answered, wrong": sum(not each.any_right for each in answered),
            "possibly, right in the first sentence": sum(each.first_right for each in possibly),
            "possibly, right in a further one only": sum(each.any_right and not each.first_right for each in possibly),
            "possibly, wrong": sum(not each.any_right for each in possibly),
            "abstained": len(abstained),
            "abstained, the answer among the nearest": sum(any(each.right) for each in abstained),
            "best sentence right, whatever was decided": sum(any(each.right[:1]) for each in held),
            "unanswerable": len(absent),
            "unanswerable, answered": sum(each.status == Status.ANSWERED for each in absent),
            "unanswerable, possibly": sum(each.status == "possibly" for each in absent),
            "unanswerable, abstained": sum(not each.cited for each in absent),
            "share of answerable answered right": round(_share([each.first_right for each in answered], len(held)), 4),
            "share wrong of what is answered": round(_share([True] * len(wrong), len(shown)), 4),
            "calibration error": round(calibration_error(*self._stated()), 4) if self.outcomes else 0.0,
            "ms a question, median": round(1000 * self.seconds, 1),
        }

    def bins(self) -> list[ReliabilityBin]:
        """Return the reliability of the stated probability of the best sentence."""
        return reliability(*self._stated())

    def document(self) -> dict[str, Any]:
        """Return the report as JSON's types, each question with what was shown."""
        return {
            "file": self.file,
            "articles": self.articles,
            "figures": self.figures(),
            "reliability": [asdict(each) for each in self.bins()],
            "differences": {metric: asdict(each) for metric, each in self.differences.items()},
            "outcomes": [_outcome_document(each) for each in self.outcomes],
        }

    def tables(self) -> Iterator[Table]:
        """Yield the report as rich tables."""
        from rich.table import Table  # noqa: PLC0415 (late, as every face)

        table = Table("figure", "value", title=f"{self.file}: {len(self.outcomes)} questions, {self.articles} articles")
        for name, value in self.figures().items():
            table.add_row(name, f"{value:g}")
        yield table
        table = Table("stated probability", "questions", "mean", "right", title="Reliability of the best sentence")
        for each in self.bins():
            table.add_row(f"{each.low:.1f}", str(each.count), f"{each.stated:.2f}", f"{each.right:.2f}")
        yield table

    def _stated(self) -> tuple[list[float], list[bool]]:
        return [each.confidence for each in self.outcomes], [any(each.right[:1]) for each in self.outcomes]


def run(
    file: Path,
    articles: Sequence[str],
    *,
    json_output: bool = False,
    limit: int | None = None,
    store: Path | None = None,
    against: Path | None = None,
) -> int:
    """Ask every question of ``file`` and print tables, or one JSON document; return the exit code.

    Args:
        file: Questions: JSON lines of question, gold (a list of strings) and answerable (else: whether there is gold).
        articles: Files of articles, JSON lines, ":N" behind a name for its first N.
        json_output: Print JSON, every question with what was shown.
        limit: Only this many questions, the first.
        store: Where to keep the library for another run; a temporary folder otherwise.
        against: The JSON document of another run over the same questions, to compare with.

    Raises:
        OnrecordError: A file is missing or cannot be read, or the model is not here.
    """
    questions = read_news_questions(file)[:limit]
    with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as temporary:
        folder = store or Path(temporary)
        with build(load(store_dir=folder / "library", chat_model="")) as app:
            app.ingest(copy_articles(articles, folder / "articles"), prune=True)
            outcomes, seconds = ask_all(app, questions)
            count = app.library.counts().articles
    ours = {each.question.text: each.values for each in outcomes}
    differences = compare_runs(ours, against) if against else {}
    report = NewsroomReport(file.name, count, tuple(outcomes), seconds, differences)
    if json_output:
        from rich import print_json  # noqa: PLC0415 (late, as every face)

        print_json(json.dumps(report.document()))
        return 0
    from rich.console import Console  # noqa: PLC0415 (late, as every face)

    for table in report.tables():
        Console().print(table)
    if differences:
        show_differences(differences)
    return 0


def read_news_questions(file: Path) -> list[NewsQuestion]:
    """Return the questions of JSON lines (".gz" may follow).

    Raises:
        InputError: The file is absent, a line is no question, or there is none.
    """
    found = []
    for number, line in enumerate(read_records(file), 1):
        question, gold = line.get("question"), line.get("gold") or []
        if not isinstance(question, str) or not question.strip() or not isinstance(gold, list):
            raise InputError(f'{file}, record {number}: write {{"question": "…", "gold": ["…"], "answerable": true}}')
        texts = tuple(str(each) for each in gold if str(each).strip())
        answerable = bool(line.get("answerable", bool(texts)))
        if answerable and not texts:
            raise InputError(f"{file}, record {number} is answerable but has no gold answer: give one")
        found.append(NewsQuestion(question.strip(), texts, answerable, bool(line.get("gold_is_paraphrase"))))
    if not found:
        raise InputError(f"{file} holds no question")
    return found


def copy_articles(named: Sequence[str], folder: Path) -> list[str]:
    """Write the articles of each file to ``folder`` as the program reads them, and return the paths to ingest.

    A record of a question with its "passage" is an article, too, once for each "doc".

    Args:
        named: Files of JSON lines, ":N" behind a name for its first N records; folders, which are read where they are.
        folder: Emptied of other articles.

    Raises:
        InputError: A file is absent or no JSON lines.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    folders = [name for name in named if Path(name).is_dir()]
    for number, name in enumerate(each for each in named if each not in folders):
        path, colon, count = name.rpartition(":")
        file, first = (Path(path), int(count)) if colon and count.isdecimal() else (Path(name), None)
        target = folder / f"{number}-{file.name.removesuffix('.gz').removesuffix('.jsonl')}.jsonl"
        lines = list(dict.fromkeys(json.dumps(_article_record(each)) for each in read_records(file, first)))
        content = "\n".join(lines) + "\n"
        if not target.exists() or target.read_text(encoding="utf-8") != content:
            target.write_text(content, encoding="utf-8")
        written.append(target)
    for other in set(folder.iterdir()) - set(written):
        other.unlink()
    return [*folders, *([str(folder)] if written else [])]


def _article_record(record: dict[str, Any]) -> dict[str, Any]:
    if any(record.get(name) for name in TEXT) or not record.get("passage"):
        return record
    return {
        "id": record.get("doc"),
        "title": record.get("title"),
        "published": record.get("doc_date") or record.get("published"),
        "text": record["passage"],
    }


def read_records(file: Path, first: int | None = None) -> list[dict[str, Any]]:
    """Return the objects of JSON lines (".gz" may follow), or the first ones.

    Raises:
        InputError: The file is absent or no JSON lines.
    """
    found: list[dict[str, Any]] = []
    try:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            for line in lines:
                if first is not None and len(found) >= first:
                    break
                if line.strip():
                    found.append(dict(json.loads(line)))
    except FileNotFoundError:
        raise InputError(f"there is no file {file}: name a file of JSON lines") from None
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{file} cannot be read as JSON lines, record {len(found) + 1} ({error})") from error
    return found


def ask_all(app: App, questions: Sequence[NewsQuestion]) -> tuple[list[QuestionOutcome], float]:
    """Return the outcome of each question, and the median time of one in seconds."""
    with suppress(InputError):
        app.ask("ready")  # loads the model now, not in the first question's time
    outcomes, times = [], []
    for question in questions:
        began = time.perf_counter()
        answer = app.ask(question.text)
        times.append(time.perf_counter() - began)
        outcomes.append(outcome_of(question, answer))
    return outcomes, float(np.median(times))


def outcome_of(question: NewsQuestion, answer: Answer) -> QuestionOutcome:
    """Return what was shown for a question, held to its gold answers."""
    shown = (*answer.citations, *answer.nearest)[:SHOWN_MAX]
    return QuestionOutcome(
        question,
        str(answer.status),
        answer.confidence,
        answer.p_answerable,
        answer.doubts[0].text if answer.doubts else answer.abstention.message if answer.abstention else "",
        tuple((each.quote, each.article.title) for each in shown),
        len(answer.citations),
        tuple(
            question.answerable and gives_gold(each.quote, question.gold, paraphrase=question.paraphrase)
            for each in shown
        ),
    )


def _outcome_document(outcome: QuestionOutcome) -> dict[str, Any]:
    question = outcome.question
    return {
        "question": question.text,
        "gold": list(question.gold),
        "answerable": question.answerable,
        "status": outcome.status,
        "confidence": round(outcome.confidence, 4),
        "p_answerable": round(outcome.p_answerable, 4),
        "reason": outcome.reason,
        "values": outcome.values,
        "shown": [
            {"quote": quote, "title": title, "as_answer": number < outcome.cited, "right": right}
            for number, ((quote, title), right) in enumerate(zip(outcome.shown, outcome.right, strict=True))
        ],
    }


def _share(true: Sequence[bool], of: int) -> float:
    return sum(true) / of if of else 0.0
