"""How fast quotations are found among a million sentences, beside the plain ways over the same text.

The sentences are recombined from real news: the first part of one with the last part of another, so that words and
phrases are as common as they are in print. 25 sentences make an article.
"""

from __future__ import annotations

import difflib
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from evals.quotes.gold import records
from evals.quotes.store import TextLibrary
from retrieval.errors import InputError
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.matcher import Matcher
from retrieval.quotes.paraphrase import sentences_of
from retrieval.text.folding import Words

SEED = 11
_PLAIN_SLOW = 3  # quotations that the slow plain ways get
PER_ARTICLE = 25
_WORDS = "window blue quickly carry garden paper slowly river bottle yellow under seventh market simple kitchen".split()  # noqa: SIM905


def run(
    news: Path,
    *,
    store: Path | None = None,
    sentences_wanted: int = 1_000_000,
    queries: int = 400,
    json_output: bool = False,
) -> int:
    """Build the library unless ``store`` holds it, measure, print; return 0.

    Args:
        news: JSON lines with a ``text``, gzipped or not.
        store: The folder where the library is kept for another run; a temporary one otherwise.
        sentences_wanted: How many sentences to make.
        queries: Quotations of each kind; the plain ways get a twentieth of them.
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: The news file is absent, not JSON lines, or too small to recombine.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = store or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        library, built = build(news, folder / f"quotes-{sentences_wanted}.sqlite", sentences_wanted)
        try:
            report = {"sentences": sentences_wanted, "build_s": built, **measure(library, queries)}
        finally:
            library.close()
    if json_output:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
    else:
        _show(report)
    return 0


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    title = f"{report['sentences']:,} sentences, {report['articles']:,} articles, {report['words']:,} words"
    table = Table(title=title)
    for column in ("", "p50 ms", "p95 ms", "p95 ms cpu", "recall", "queries"):
        table.add_column(column, justify="left" if not column else "right")
    verdicts = {name: figures for name, figures in report["desk"].items() if name != "draft"}
    searches = {"search, exact": report["exact"], "search, altered by 1-5 words": report["altered"]}
    for name, figures in (searches | verdicts | report["plain"]).items():
        times = (f"{figures[key]:,}" for key in ("p50_ms", "p95_ms", "cpu_p95_ms"))
        table.add_row(name, *times, str(figures.get("recall", "")), str(figures["queries"]))
    console = Console()
    console.print(table)
    draft = report["desk"]["draft"]
    times_told = f"{draft['ms']:,.0f} ms by the clock, {draft['cpu_ms']:,.0f} ms of the processor"
    console.print(f"a draft of {draft['quotations']} quotations: {times_told}", highlight=False)


def build(news: Path, file: Path, wanted: int) -> tuple[TextLibrary, float]:
    """Return the library of recombined sentences, and the seconds it took to build (0 when it was there)."""
    if file.exists():
        return TextLibrary(file), 0.0
    begun = perf_counter()
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    library = TextLibrary(partial)
    batch: list[tuple[str, str, str, str, str]] = []
    for number, text in enumerate(recombined(news, wanted)):
        day = f"{2012 + number % 9}-{1 + number % 12:02}-{1 + number % 28:02}"
        batch.append((f"made/{number}", f"Article {number}", f"Outlet {number % 50}", day, text))
        if len(batch) == 2_000:
            library.add(batch)
            batch = []
    library.add(batch)
    library.optimize()
    library.close()
    partial.rename(file)
    return TextLibrary(file), round(perf_counter() - begun, 1)


def recombined(news: Path, wanted: int) -> Iterator[str]:
    """Yield the texts of articles made of recombined sentences, ``wanted`` in all."""
    rng = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    real = list(_real_sentences(news))
    if not real:
        raise InputError(f"{news}: no sentence of 6 to 40 words to recombine; name a file of news articles")
    for _ in range(wanted // PER_ARTICLE):
        made = []
        for _ in range(PER_ARTICLE):
            left, right = rng.choice(real).split(), rng.choice(real).split()
            cut_left, cut_right = rng.randint(3, max(3, len(left) - 1)), rng.randint(0, max(0, len(right) - 4))
            made.append(" ".join([*left[:cut_left], *right[cut_right:]]))
        yield "\n\n".join(" ".join(made[at : at + 5]) for at in range(0, PER_ARTICLE, 5))


def _real_sentences(news: Path) -> Iterator[str]:
    for record in records(news, ("text",)):
        text = record["text"]
        for span in sentences_of(text):
            if 6 <= len(span.of(text).split()) <= 40:
                yield span.of(text)


def measure(library: TextLibrary, queries: int) -> dict[str, Any]:
    """Return times in ms (p50, p95) and recall of each kind of search."""
    rng = random.Random(SEED + 1)  # noqa: S311
    with library.reading() as connection:
        texts = [text for (text,) in connection.execute("SELECT text FROM texts ORDER BY article, start")]
        matcher = Matcher(connection)
        sampled = [_sample(texts, rng) for _ in range(queries)]
        altered = [(row, start, _altered(quote, rng)) for row, start, quote in sampled]
        report: dict[str, Any] = {"articles": len(texts), "words": sum(len(text.split()) for text in texts)}
        report["exact"] = _timed(sampled, lambda quote: matcher.exact(Words(quote).texts), matcher)
        report["altered"] = _timed(altered, lambda quote: matcher.near(Words(quote).texts)[:3], matcher)
    report["plain"] = plain(texts, sampled, altered, max(3, queries // 20))
    report["desk"] = _desk(library, [quote for *_, quote in sampled], [quote for *_, quote in altered])
    return report


def _sample(texts: Sequence[str], rng: random.Random) -> tuple[int, int, str]:
    row = rng.randrange(len(texts))
    words = texts[row].split()
    length = rng.randint(8, 30)
    at = rng.randrange(max(1, len(words) - length))
    return row + 1, at, " ".join(words[at : at + length])


def _altered(quote: str, rng: random.Random) -> str:
    """Change 1 to 5 words, at most one in four: replaced, dropped, added or misspelt."""
    words = quote.split()
    for _ in range(rng.randint(1, min(5, len(words) // 4))):
        at = rng.randrange(len(words))
        match rng.randrange(4):
            case 0:
                words[at] = rng.choice(_WORDS)
            case 1 if len(words) > 6:
                del words[at]
            case 2:
                words.insert(at, rng.choice(_WORDS))
            case _:
                place = rng.randrange(max(1, len(words[at]) - 1))
                words[at] = (
                    words[at][:place] + words[at][place + 1 : place + 2] + words[at][place] + words[at][place + 2 :]
                )
    return " ".join(words)


def _timed(
    asked: Sequence[tuple[int, int, str]], search: Callable[[str], Sequence[Any]], matcher: Matcher
) -> dict[str, float]:
    times, found = _Times(), 0
    for row, start, quote in asked:
        with times:
            results = search(quote)
        found += any(one.row == row for one in results) or any(_same(matcher, one, quote) for one in results[:1])
        del start
    return {**times.report(), "recall": round(found / len(asked), 4), "queries": len(asked)}


def _same(matcher: Matcher, one: Any, quote: str) -> bool:
    """Return whether another article's words are as near: a recombined part may stand in several."""
    words = Words(quote).texts
    text = matcher.words(one.row).texts[one.first : one.last]
    return len(set(words) & set(text)) >= 0.75 * len(set(words)) and one.distance <= 0.3 * len(" ".join(words))


class _Times:
    """Measures what runs inside ``with``: by the clock, and by the processor, which other programs disturb less."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []

    def __enter__(self) -> None:
        self._begun = perf_counter(), process_time()

    def __exit__(self, *_: object) -> None:
        self.clock.append(perf_counter() - self._begun[0])
        self.processor.append(process_time() - self._begun[1])

    def report(self, times: int = 1) -> dict[str, float]:
        """Return percentiles in ms of what was measured, multiplied by ``times``."""
        clock, processor = sorted(self.clock), sorted(self.processor)
        middle, high = len(clock) // 2, int(len(clock) * 0.95)
        return {
            "p50_ms": round(1000 * times * clock[middle], 2),
            "p95_ms": round(1000 * times * clock[high], 2),
            "cpu_p95_ms": round(1000 * times * processor[high], 2),
        }


def plain(
    texts: Sequence[str], sampled: Sequence[tuple[int, int, str]], altered: Sequence[tuple[int, int, str]], count: int
) -> dict[str, Any]:
    """Return the times of the plain ways over the same texts; difflib reads a hundredth of them."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    whole = "\n".join(texts).encode()
    finding, fuzzing, matching = _Times(), _Times(), _Times()
    for (_, _, quote), (_, _, changed) in list(zip(sampled, altered, strict=True))[:count]:
        with finding:
            whole.find(quote.encode())
        if len(fuzzing.clock) < _PLAIN_SLOW:
            with fuzzing:
                process.extractOne(changed, texts, scorer=fuzz.partial_ratio)
            with matching:
                for text in texts[: len(texts) // 100]:
                    difflib.SequenceMatcher(None, text, changed, autojunk=False).find_longest_match()
    return {
        "bytes.find, exact only": {**finding.report(), "queries": len(finding.clock)},
        "rapidfuzz.partial_ratio": {**fuzzing.report(), "queries": len(fuzzing.clock)},
        "difflib (a hundredth of the texts, times 100)": {**matching.report(100), "queries": len(matching.clock)},
    }


def _desk(library: TextLibrary, sampled: Sequence[str], altered: Sequence[str]) -> dict[str, Any]:
    """Return the times of whole verdicts (words, speaker, variants), and of a draft of 40, half of them altered."""
    desk = QuoteDesk(library)
    report: dict[str, Any] = {}
    for name, quotes in (("verdict, exact", sampled), ("verdict, altered", altered)):
        times = _Times()
        for quote in quotes[: max(20, len(quotes) // 2)]:
            with times:
                desk.check(quote)
        report[name] = {**times.report(), "queries": len(times.clock)}
    draft = "\n\n".join(f"“{quote.rstrip(',.')},” said John Smith." for quote in (*sampled[-20:], *altered[-20:]))
    drafting = _Times()
    with drafting:
        checked = desk.check_draft(draft)
    return {
        **report,
        "draft": {"quotations": len(checked), "ms": drafting.clock[0] * 1000, "cpu_ms": drafting.processor[0] * 1000},
    }
