"""Benchmark of many people asking one process at once, compared with the same process asked one question at a time.

The questions are made of the library's own articles: facts from their sentences, overviews and timelines of the names
that most of them mention, and what the people they quote said. None is asked twice, so that no answer is remembered;
the process is warm.
"""

from __future__ import annotations

import itertools
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any

from bot.app import App, build
from bot.composition.frequent_names import FrequentNames
from bot.settings import load
from evals.bench.report import FigureTable, finish, percentiles
from evals.quotes.gold import records
from retrieval.embedding.embedder import load_embedder
from retrieval.errors import InputError

KINDS = ("fact", "overview", "timeline", "quotes")
"""Kinds of questions, asked in turn, as many of each."""
SEED = 19
MIN_WORDS = 12
"""Words of a sentence that a question for a fact is made of: it asks with the first 5 to 12."""
_SENTENCES_READ = 200  # articles whose sentences are asked for
_WARM = 2  # questions of each kind before the measurement


@dataclass(frozen=True, slots=True)
class TimedQuestion:
    """A question that was asked.

    Attributes:
        kind: What it asks for.
        seconds: Until its answer.
        thread: CPU seconds of the thread that asked: Python and SQLite, without the cross-encoder's threads.
        well: Whether it was answered without an error.
    """

    kind: str
    seconds: float
    thread: float
    well: bool


def run(
    news: Path | None = None,
    store: Path | None = None,
    *,
    askers: Sequence[int] = (1, 4, 16, 64),
    questions: int = 64,
    rounds: int = 2,
    kinds: Sequence[str] = KINDS,
    articles: int = 300,
    save: Path | None = None,
    json_output: bool = False,
) -> int:
    """Measure, print; return 0.

    Args:
        news: JSON lines with a ``text``, gzipped or not, to make a library of; None: ``store`` has one.
        store: A store that is asked, as it is.
        askers: How many people ask at once, for each measurement; 1 is the baseline.
        questions: How many are asked in each round of each measurement.
        rounds: How often each measurement runs; their order rotates.
        kinds: Of ``KINDS``: what the questions ask for, in turn.
        articles: How many articles of ``news`` are read.
        save: A folder to keep the figures in.
        json_output: Print one JSON document instead of tables.

    Raises:
        InputError: Neither or both of ``news`` and ``store`` are named, a kind is none, or there are too few articles
            to ask about.
    """
    if unknown := [each for each in kinds if each not in KINDS]:
        raise InputError(f"there is no kind {unknown[0]!r}: write some of {','.join(KINDS)}")
    if (news is None) == (store is None):
        raise InputError("name a file of articles with --news, or a store with --store")
    with tempfile.TemporaryDirectory() as temporary:
        settings = load(store_dir=store or Path(temporary) / "store", chat_model="")
        load_embedder(exports=settings.cache_dir.expanduser()).warm()  # makes the fast copy where there is none
        with build(settings) as app:
            if news:
                app.ingest([str(_first_lines(news, articles, Path(temporary)))])
            app.warm()
            wanted = 1 + _WARM + questions * rounds * len(askers) // len(kinds)
            made = made_questions(app, kinds, wanted)
            _asked(app, list(itertools.islice(made, len(kinds) * _WARM)), 1)
            figures: dict[int, list[list[TimedQuestion]]] = {each: [] for each in askers}
            totals: dict[int, list[tuple[float, float]]] = {each: [] for each in askers}
            for turn in range(rounds):
                shift = turn % len(askers)
                for crowd in [*askers[shift:], *askers[:shift]]:
                    asked = list(itertools.islice(made, questions))
                    begun, cpu = perf_counter(), process_time()
                    figures[crowd].append(_asked(app, asked, crowd))
                    totals[crowd].append((perf_counter() - begun, process_time() - cpu))
            counts = app.library.counts()
    report = {
        "articles": counts.articles,
        "passages": counts.passages,
        "askers": {str(each): _figures(figures[each], totals[each]) for each in askers},
        "kinds": {str(each): _by_kind(figures[each]) for each in askers},
    }
    finish("askers", report, _tables(report), save=save, json_output=json_output)
    return 0


def made_questions(app: App, kinds: Sequence[str], wanted: int) -> Iterator[tuple[str, str]]:
    """Yield (kind, question), the kinds in turn, none twice: ``wanted`` of each.

    Raises:
        InputError: The articles name too few people and places.
    """
    rng = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    ids = app.library.article_ids()
    names = FrequentNames(app.library).of(ids)
    people = [name for name, _ in names.people]
    topics = list(dict.fromkeys([*people, *(name for name, _ in names.places)]))
    facts = list(dict.fromkeys(_facts(app, rng.sample(ids, min(len(ids), _SENTENCES_READ)), rng)))
    rng.shuffle(facts)
    pairs = [f"{one} and {other}" for one, other in itertools.combinations(topics[:40], 2)]
    rng.shuffle(pairs)
    subjects = [*topics, *pairs]
    said = [f"What did {who} say about {what}?" for who in people for what in topics[:40] if who != what]
    rng.shuffle(said)
    by_kind = {
        "fact": facts,
        "overview": [f"Tell me about {each}" for each in subjects],
        "timeline": [f"Timeline of {each}" for each in reversed(subjects)],
        "quotes": said,
    }
    if short := [kind for kind in kinds if len(by_kind[kind]) < wanted]:
        raise InputError(
            f"the articles give too few questions ({', '.join(short)}): name more articles, or ask for fewer questions"
        )
    for each in zip(*(by_kind[kind][:wanted] for kind in kinds), strict=True):
        yield from zip(kinds, each, strict=True)


def _facts(app: App, ids: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Yield the beginnings of the articles' sentences, as questions."""
    for identifier in ids:
        for passage in app.library.passages_of(identifier):
            for span in passage.sentences:
                words = passage.text_of(span).split()
                if len(words) > MIN_WORDS:
                    yield f"{' '.join(words[: rng.randint(5, MIN_WORDS)])}?"


def _first_lines(news: Path, articles: int, folder: Path) -> Path:
    """Write the first articles of a file as JSON lines into ``folder``; return the file."""
    file = folder / "news.jsonl"
    chosen = itertools.islice(records(news, ("text",)), articles)
    file.write_text("".join(json.dumps(each) + "\n" for each in chosen), "utf-8")
    return file


def _asked(app: App, questions: Sequence[tuple[str, str]], crowd: int) -> list[TimedQuestion]:
    """Ask ``questions``, ``crowd`` people at a time, each the next one when the last is answered."""

    def ask(given: tuple[str, str]) -> TimedQuestion:
        begun, cpu, well = perf_counter(), thread_time(), True
        try:
            app.ask(given[1])
        except Exception:  # noqa: BLE001 (counted)
            well = False
        return TimedQuestion(given[0], perf_counter() - begun, thread_time() - cpu, well)

    with ThreadPoolExecutor(crowd) as pool:
        return list(pool.map(ask, questions))


def _figures(rounds: Sequence[Sequence[TimedQuestion]], totals: Sequence[tuple[float, float]]) -> dict[str, Any]:
    done = [each for one in rounds for each in one]
    seconds, cpu = (sum(each[at] for each in totals) for at in (0, 1))
    return {
        "questions": len(done),
        "answers_s": round(len(done) / seconds, 1),
        **percentiles([each.seconds for each in done]),
        "max_ms": round(1000 * max(each.seconds for each in done), 2),
        "cpu_ms": round(1000 * cpu / len(done), 1),
        "errors": sum(not each.well for each in done),
    }


def _by_kind(rounds: Sequence[Sequence[TimedQuestion]]) -> dict[str, Any]:
    kinds = dict.fromkeys(each.kind for one in rounds for each in one)
    found = {kind: [each for one in rounds for each in one if each.kind == kind] for kind in kinds}
    return {
        kind: {
            **percentiles([each.seconds for each in asked]),
            "thread_ms": round(1000 * sum(each.thread for each in asked) / len(asked), 1),
        }
        for kind, asked in found.items()
    }


def _tables(report: dict[str, Any]) -> list[FigureTable]:
    columns = ("answers_s", "p50_ms", "p95_ms", "max_ms", "cpu_ms", "errors")
    crowds = report["askers"]
    kinds = [
        (f"{crowd}: {kind}", each["p50_ms"], each["p95_ms"], each["thread_ms"])
        for crowd, found in report["kinds"].items()
        for kind, each in found.items()
    ]
    return [
        FigureTable(
            f"{report['passages']:,} passages, asked by so many people at once",
            ("", "answers/s", "p50 ms", "p95 ms", "max ms", "CPU ms an answer", "errors"),
            [(crowd, *(found[column] for column in columns)) for crowd, found in crowds.items()],
        ),
        FigureTable("by kind", ("", "p50 ms", "p95 ms", "CPU ms of its thread"), kinds),
    ]
