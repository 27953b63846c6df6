"""Overviews of articles against reference summaries, by ROUGE, compared with the first three sentences.

ROUGE-1, -2 and -L (Lin, 2004) are the F measures of the package ``rouge-score``, with Porter stemming, over a whole
summary. The lead baseline is the first three citable sentences, whatever they say.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bot.answering.features import parse_passage
from bot.composition.digest import digest, quoted_spans
from bot.composition.quotable import quotable_sentences
from evals.claims.dataset import hits_of
from evals.metrics import paired_bootstrap
from retrieval.articles import Hit
from retrieval.errors import InputError

METRICS = ("rouge1", "rouge2", "rougeL")
LEAD_SENTENCES = 3
_SENTENCE_START = re.compile(r"(?:\A|(?<=[.!?])|(?<=[.!?][\"'”’)]))(?P<before>[\s\"'“‘(]*)(?P<first>[a-z])")


@dataclass(frozen=True, slots=True)
class ReferencePair:
    """An article and a summary of it that somebody wrote."""

    article: str
    summary: str


def run(files: Sequence[Path], *, json_output: bool = False) -> int:
    """Print the figures over the pairs of ``files``; return 0.

    Args:
        files: JSON lines of article, summary (.gz may follow).
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: A file is absent or is not in the layout.
    """
    pairs = [pair for file in files for pair in read_pairs(file)]
    report = score(pairs)
    if json_output:
        from rich import print_json  # noqa: PLC0415 (late, as every face)

        print_json(json.dumps(report))
    else:
        _show(report)
    return 0


def read_pairs(file: Path) -> list[ReferencePair]:
    """Return the pairs of a file.

    Raises:
        InputError: It cannot be read, or a line has no article or summary.
    """
    try:
        text = gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read ({type(error).__name__}): name a file of JSON lines") from error
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            data = json.loads(line)
            pair = ReferencePair(data["article"].strip(), data["summary"].strip())
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError(f"{file}, line {number}: not a record of article and summary") from None
        if not pair.article or not pair.summary:
            raise InputError(f"{file}, line {number}: the article or the summary is empty")
        found.append(pair)
    if not found:
        raise InputError(f"{file} has no pair of article and summary")
    return found


def score(pairs: Sequence[ReferencePair]) -> dict[str, Any]:
    """Return ROUGE of ours and of the lead, and the difference with its 95 % interval, by metric."""
    from rouge_score.rouge_scorer import RougeScorer  # noqa: PLC0415 (an evaluation's package)

    scorer = RougeScorer(list(METRICS), use_stemmer=True)
    ours: dict[str, list[float]] = {metric: [] for metric in METRICS}
    lead: dict[str, list[float]] = {metric: [] for metric in METRICS}
    sizes = []
    for pair in pairs:
        hits = hits_of(sentence_cased(pair.article))
        chosen = overview(hits)
        sizes.append(len(chosen))
        for rows, text in ((ours, " ".join(chosen)), (lead, " ".join(lead_of(hits)))):
            for metric, found in scorer.score(pair.summary, text).items():
                rows[metric].append(found.fmeasure)
    return {
        "pairs": len(pairs),
        "sentences": round(sum(sizes) / len(sizes), 2),
        "scores": [
            {
                "metric": metric,
                "ours": _mean(ours[metric]),
                f"lead_{LEAD_SENTENCES}": _mean(lead[metric]),
                **asdict(paired_bootstrap(ours[metric], lead[metric])),
            }
            for metric in METRICS
        ],
    }


def overview(hits: Sequence[Hit]) -> list[str]:
    """Return the sentences in which the program gives an article."""
    sentences = quotable_sentences(hits)
    chosen = digest(sentences, LEAD_SENTENCES)
    return [
        span.of(" " * each.hit.passage.span.start + each.hit.passage.text)
        for each, span in zip(chosen, quoted_spans(chosen), strict=True)
    ]


def lead_of(hits: Sequence[Hit]) -> list[str]:
    """Return the first sentences of an article."""
    every = (sentence.text for hit in hits for sentence in parse_passage(hit.passage).sentences)
    return list(islice(every, LEAD_SENTENCES))


def sentence_cased(text: str) -> str:
    """Return ``text`` with capitals at the beginnings of sentences, where a data set has lower-cased all of it."""
    if any(letter.isupper() for letter in text):
        return text
    return _SENTENCE_START.sub(lambda found: found["before"] + found["first"].upper(), text)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415 (late, as every face)
    from rich.table import Table  # noqa: PLC0415

    rows = report["scores"]
    title = f"{report['pairs']} articles, {report['sentences']} sentences each on average"
    table = Table("metric", "ours", f"lead {LEAD_SENTENCES}", "difference", "95 % interval", title=title)
    for row in rows:
        interval = f"{row['low']:+.4f} to {row['high']:+.4f}"
        values = f"{row['ours']:.4f}", f"{row[f'lead_{LEAD_SENTENCES}']:.4f}", f"{row['mean']:+.4f}"
        table.add_row(row["metric"], *values, interval)
    Console().print(table)
