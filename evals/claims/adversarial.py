"""``python -m evals adversarial FILE``: true and false sentences, judged as a chat model's answers to their questions.

The sentences are scripted: near copies of an article with one thing changed, and true ones from verbatim to loose. Each
is read, judged and shown or withheld as the program does it, over the passages that its search finds.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answering.reader import rank_hits
from bot.answers import Support
from bot.app import EVERYTHING, App, build
from bot.citations import CitationBuilder
from bot.generation.citation_markers import new_tag
from bot.generation.claim_filter import ClaimFilter
from bot.generation.context import pack_passages
from bot.generation.generator import OutputParser
from bot.settings import load
from evals.answers.newsroom import copy_articles, read_records
from retrieval.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from retrieval.articles import Hit

_CARRIED = frozenset({Support.VERBATIM, Support.SUPPORTED, Support.PARTIAL})
STATES = ("supported", "partly", "unconfirmed", "withheld")
"""What becomes of a sentence. One of which a part is withheld, or cut away, is shown partly."""


@dataclass(frozen=True, slots=True)
class ScriptedSentence:
    """A sentence that a chat model could answer a question with.

    Attributes:
        question: The question.
        kind: How the sentence was made: "verbatim", "number".
        true: Whether the articles say it.
        text: The sentence.
    """

    question: str
    kind: str
    true: bool
    text: str


@dataclass(frozen=True, slots=True)
class SentenceOutcome:
    """What became of a sentence.

    Attributes:
        sentence: The sentence.
        state: One of ``STATES``.
        shown: The text that is shown as supported or partly; empty without any.
        probability: The least of its claims.
        problems: What was found wrong with it.
    """

    sentence: ScriptedSentence
    state: str
    shown: str
    probability: float
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdversarialReport:
    """The outcomes of all sentences.

    Attributes:
        file: Their file.
        articles: Articles searched.
        outcomes: In the file's order.
    """

    file: str
    articles: int
    outcomes: tuple[SentenceOutcome, ...]

    def counts(self) -> dict[tuple[bool, str], dict[str, int]]:
        """Return the number of sentences by state, for each truth and kind, the true ones first."""
        keys = sorted({(each.sentence.true, each.sentence.kind) for each in self.outcomes}, key=lambda key: not key[0])
        return {
            key: {
                state: sum(
                    (each.sentence.true, each.sentence.kind, each.state) == (*key, state) for each in self.outcomes
                )
                for state in STATES
            }
            for key in keys
        }

    def figures(self) -> dict[str, float]:
        """Return the totals by name, counts and shares."""
        true = [each.state for each in self.outcomes if each.sentence.true]
        false = [each.state for each in self.outcomes if not each.sentence.true]
        shown = sum(state in {"supported", "partly"} for state in true)
        wrong = false.count("supported")
        return {
            "true": len(true),
            "true, supported": true.count("supported"),
            "true, supported or partly": shown,
            "true, unconfirmed": true.count("unconfirmed"),
            "share of true supported or partly": round(shown / len(true), 4) if true else 0.0,
            "false": len(false),
            "false, supported": wrong,
            "false, partly": false.count("partly"),
            "false, unconfirmed": false.count("unconfirmed"),
            "share of false supported": round(wrong / len(false), 4) if false else 0.0,
        }

    def document(self) -> dict[str, Any]:
        """Return the report as JSON's types, each sentence with what became of it."""
        return {
            "file": self.file,
            "articles": self.articles,
            "figures": self.figures(),
            "kinds": [{"true": true, "kind": kind, **counts} for (true, kind), counts in self.counts().items()],
            "outcomes": [
                {
                    "question": each.sentence.question,
                    "kind": each.sentence.kind,
                    "true": each.sentence.true,
                    "sentence": each.sentence.text,
                    "state": each.state,
                    "shown": each.shown,
                    "probability": round(each.probability, 4),
                    "problems": list(each.problems),
                }
                for each in self.outcomes
            ],
        }

    def tables(self) -> Iterator[Table]:
        """Yield the report as rich tables."""
        from rich.table import Table  # noqa: PLC0415 (late, as every face)

        title = f"{self.file}: {len(self.outcomes)} sentences, {self.articles} articles"
        table = Table("truth", "kind", *STATES, title=title)
        for (true, kind), counts in self.counts().items():
            table.add_row("true" if true else "false", kind, *(str(counts[state] or "") for state in STATES))
        yield table
        table = Table("figure", "value")
        for name, value in self.figures().items():
            table.add_row(name, f"{value:g}")
        yield table


def run(
    file: Path,
    articles: Sequence[str],
    *,
    json_output: bool = False,
    limit: int | None = None,
    store: Path | None = None,
) -> int:
    """Judge every sentence of ``file`` and print tables, or one JSON document; return the exit code.

    Args:
        file: Sentences: JSON lines of question, kind, true, sentence.
        articles: Files of articles as ``newsroom`` takes them, or folders.
        json_output: Print JSON, every sentence with what became of it.
        limit: Only this many sentences, the first.
        store: Where to keep the library for another run; a temporary folder otherwise.

    Raises:
        OnrecordError: A file is missing or cannot be read, or the model is not here.
    """
    sentences = read_sentences(file)[:limit]
    with tempfile.TemporaryDirectory(prefix="evals-", ignore_cleanup_errors=True) as temporary:
        folder = store or Path(temporary)
        with build(load(store_dir=folder / "library", chat_model="", verify_model="")) as app:
            app.ingest(copy_articles(articles, folder / "articles"), prune=True)
            outcomes = judge_all(app, sentences)
            count = app.library.counts().articles
    report = AdversarialReport(file.name, count, tuple(outcomes))
    if json_output:
        from rich import print_json  # noqa: PLC0415 (late, as every face)

        print_json(json.dumps(report.document()))
        return 0
    from rich.console import Console  # noqa: PLC0415 (late, as every face)

    for table in report.tables():
        Console().print(table)
    return 0


def read_sentences(file: Path) -> list[ScriptedSentence]:
    """Return the sentences of JSON lines (".gz" may follow).

    Raises:
        InputError: The file is absent, a line is no such record, or there is none.
    """
    found = []
    for number, record in enumerate(read_records(file), 1):
        texts = [record.get(name) for name in ("question", "kind", "sentence")]
        if not all(isinstance(each, str) and each.strip() for each in texts) or not isinstance(
            record.get("true"), bool
        ):
            example = '{"question": "…", "kind": "number", "true": false, "sentence": "…"}'
            raise InputError(f"{file}, record {number}: write {example}")
        question, kind, sentence = (str(each) for each in texts)
        found.append(ScriptedSentence(question, kind, record["true"], sentence))
    if not found:
        raise InputError(f"{file} holds no sentence")
    return found


def judge_all(app: App, sentences: Sequence[ScriptedSentence]) -> list[SentenceOutcome]:
    """Return what becomes of each sentence; passages are searched and ranked once for each question."""
    found: dict[str, tuple[Hit, ...]] = {}
    for question in dict.fromkeys(each.question for each in sentences):
        hits = app.searcher.search(question, EVERYTHING, app.settings.passages)
        found[question] = rank_hits(app.reader.read(question, hits), hits)
    return [judge_sentence(app, each, found[each.question]) for each in sentences]


def judge_sentence(app: App, sentence: ScriptedSentence, hits: Sequence[Hit]) -> SentenceOutcome:
    """Return what becomes of a sentence as the whole answer of a chat model that was given ``hits``, best first."""
    tag = new_tag([sentence.text])
    packed = pack_passages(hits, tag, app.settings.context_tokens)
    citing = CitationBuilder(app.library)
    citing.read(packed.hits)
    checking = ClaimFilter(app.verifier, packed.hits, citing, question=sentence.question)
    parser = OutputParser.of(packed, tag)
    for draft in (*parser.read(sentence.text), *parser.rest()):
        checking.add(draft, parser.nothing)
    checking.finish()
    carried = [each for each in checking.claims if each.counted and each.support in _CARRIED]
    every = [*checking.claims, *checking.unconfirmed, *checking.withheld]
    whole = len(carried) == len(every) and all(each.support is not Support.PARTIAL for each in carried)
    unsure = any(each.support is Support.UNCONFIRMED for each in every)
    state = "supported" if carried and whole else "partly" if carried else "unconfirmed" if unsure else "withheld"
    return SentenceOutcome(
        sentence,
        state,
        " ".join(each.text for each in carried),
        min((each.probability for each in every), default=0.0),
        tuple(dict.fromkeys(problem for each in every for problem in each.problems)),
    )
