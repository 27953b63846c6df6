"""``python -m evals``: evaluations on public data sets and benchmarks, compared with the baseline pipeline.

Exit code 0 after a measurement, 2 with one line when something it needs is missing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from retrieval.errors import OnrecordError
from retrieval.linear_algebra import use_one_thread

app = typer.Typer(
    name="evals",
    help="Evaluate search, answers, quote checking and loading on public data sets, compared with a baseline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

bench = typer.Typer(help="Measure speed on text made by recombining real news.", no_args_is_help=True)
app.add_typer(bench, name="bench")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]
Against = Annotated[
    Path | None, typer.Option(help="The --json output of another run over the same questions, to compare with.")
]


@app.command()
def retrieval(  # noqa: PLR0917 (typer makes options of them)
    corpus: Annotated[Path, typer.Option(help="Documents: JSON lines of _id, title, text (.gz may follow).")],
    queries: Annotated[Path, typer.Option(help="Questions: JSON lines of _id, text.")],
    qrels: Annotated[Path, typer.Option(help="Judgements: question id, document id, gain; tab-separated.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    store: Annotated[Path | None, typer.Option(help="Keep both indexes here, so that a second run is fast.")] = None,
    json: Json = False,
) -> None:
    """Search over a collection in BEIR's layout."""
    from evals.retrieval.evaluation import run  # noqa: PLC0415 (loads what only this command needs)

    raise typer.Exit(run(corpus, queries, qrels, limit=limit, store=store, json=json))


@app.command()
def conversations(
    turns: Annotated[Path, typer.Option(help="Questions: JSON lines of conv, context, labels (INSCIT's layout).")],
    passages: Annotated[Path, typer.Option(help="Passages: JSON lines of _id, titles, text.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    store: Annotated[Path | None, typer.Option(help="Keep both indexes here, so that a second run is fast.")] = None,
    json: Json = False,
) -> None:
    """Search for follow-up questions, compared with fixed ways to use earlier turns."""
    from evals.conversations.evaluation import run  # noqa: PLC0415

    raise typer.Exit(run(turns, passages, limit=limit, store=store, json=json))


@app.command()
def kinds(
    file: Annotated[
        Path, typer.Argument(help="Conversations: JSON lines of id, library, turns (question, kind, pieces…).")
    ],
    store: Annotated[Path, typer.Option(help="The store that they are about.")],
    library: Annotated[str, typer.Option(help="Only conversations over the library of this name.")] = "",
    transcript: Annotated[Path | None, typer.Option(help="Write what was shown to this file.")] = None,
    json: Json = False,
) -> None:
    """Conversations of every kind of question: the kind, usefulness, exact quotations, and the time of each kind."""
    from evals.conversations.kinds import run  # noqa: PLC0415

    raise typer.Exit(run(file, store, library=library, transcript=transcript, json=json))


@app.command()
def squad(
    file: Annotated[Path, typer.Argument(help="A file in SQuAD's JSON layout, 1.1 or 2.0.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only N questions, spread over the file.")] = None,
    store: Annotated[Path | None, typer.Option(help="Keep both indexes here, so that a second run is fast.")] = None,
    against: Against = None,
    json: Json = False,
) -> None:
    """Answers and abstention over a SQuAD file, every paragraph of it in the pool."""
    from evals.answers.evaluation import run  # noqa: PLC0415

    raise typer.Exit(run(file, json, limit, store, against))


@app.command()
def newsroom(  # noqa: PLR0917 (typer makes options of them)
    file: Annotated[Path, typer.Argument(help="Questions: JSON lines of question, gold, answerable (.gz may follow).")],
    articles: Annotated[
        list[str], typer.Option(help="Articles: JSON lines with text (.gz may follow); FILE:N for its first N. Repeat.")
    ],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    store: Annotated[Path | None, typer.Option(help="Keep the library here, so that a second run is fast.")] = None,
    against: Against = None,
    json: Json = False,
) -> None:
    """Answers to a journalist's questions over news articles, by the whole program."""
    from evals.answers.newsroom import run  # noqa: PLC0415

    raise typer.Exit(run(file, articles, json_output=json, limit=limit, store=store, against=against))


@app.command("train-kinds")
def train_kinds(
    files: Annotated[list[Path], typer.Argument(help="Questions: kind, tab, question; see tests/data.")],
    facts: Annotated[Path | None, typer.Option(help="A file in SQuAD's layout: questions for facts.")] = None,
    held_out: Annotated[Path | None, typer.Option(help="Questions to measure on, as FILES.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write; the shipped model's folder by default.")] = None,
) -> None:
    """Train the model of question kinds and write its folder, with its figures on questions left out."""
    from evals.conversations.kind_trainer import run  # noqa: PLC0415

    typer.echo(json.dumps(run(files, facts=facts, held_out=held_out, output=output), indent=1))


@app.command("fit-reader")
def fit_reader(
    files: Annotated[list[Path], typer.Argument(help="Questions: SQuAD JSON, or JSON lines (.gz).")],
    parts: Annotated[
        str, typer.Option(help="Parts of the articles, of ten, to fit on: those that train-reader left out.")
    ] = "1,2",
    output: Annotated[Path | None, typer.Option(help="Where to write; the shipped model's file by default.")] = None,
    store: Annotated[Path | None, typer.Option(help="Keep the index here, so that a second run is fast.")] = None,
) -> None:
    """Fit the reader and write its file, with its figures on articles left out."""
    from bot.answering.model import MODEL_FILE  # noqa: PLC0415
    from evals.answers.fit import run  # noqa: PLC0415
    from evals.cross_encoders.examples import PARTS  # noqa: PLC0415
    from evals.cross_encoders.pipeline import numbers  # noqa: PLC0415

    figures = run(files, numbers(parts, "parts", PARTS), output or MODEL_FILE, store)
    typer.echo(json.dumps(figures, indent=1))


@app.command("fit-continuation")
def fit_continuation(
    files: Annotated[list[Path], typer.Argument(help="Conversations, a file a writer: JSON lines of turns.")],
    store: Annotated[Path, typer.Option(help="The store of their articles.")],
) -> None:
    """Fit whether a question goes on with the articles in hand; show weights, and figures of writers left out."""
    from evals.conversations.continuation_fit import run  # noqa: PLC0415

    typer.echo(json.dumps(run(files, store), indent=1))


@app.command("fit-leading")
def fit_leading(
    files: Annotated[list[Path], typer.Argument(help="Conversations, a file a writer: JSON lines of turns.")],
    store: Annotated[Path, typer.Option(help="The store of their articles.")],
) -> None:
    """Fit whether the article ranked first tells of what is asked; show weights, and figures of writers left out."""
    from evals.conversations.leading_fit import run  # noqa: PLC0415

    typer.echo(json.dumps(run(files, store), indent=1))


@app.command("fit-scope")
def fit_scope(
    files: Annotated[list[Path], typer.Argument(help="Questions about stories: JSON lines (.gz may follow).")],
    parts: Annotated[
        str, typer.Option(help="Parts of the stories, of ten, to fit on: those that train-reader left out.")
    ] = "1,2",
    limit: Annotated[int | None, typer.Option(min=1, help="Only N questions.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write; without it, only the figures are shown.")] = None,
) -> None:
    """Fit the reader of articles in hand, and show its figures on stories left out."""
    from evals.answers.scope_fit import run  # noqa: PLC0415
    from evals.cross_encoders.examples import PARTS  # noqa: PLC0415
    from evals.cross_encoders.pipeline import numbers  # noqa: PLC0415

    typer.echo(json.dumps(run(files, numbers(parts, "parts", PARTS), limit=limit, output=output), indent=1))


Examples = Annotated[
    Path, typer.Option(help="The built examples; read instead of FILE… where it is there: a GPU machine needs only it.")
]
Base = Annotated[Path | None, typer.Option(help="Folder of the weights to begin with; the embedder's by default.")]
BaseName = Annotated[str, typer.Option(help="Name and licence of these weights, for the model card.")]
Layers = Annotated[str, typer.Option(help="Layers of it to keep, from 0, with commas; all by default.")]
LeaveOut = Annotated[str, typer.Option(help="Parts of the articles, of ten, that only the figures use; with commas.")]
Work = Annotated[Path, typer.Option(help="Checkpoints; a training that was stopped goes on from the last one.")]
Output = Annotated[Path, typer.Option(help="Where the model is written.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Train on the first N groups only.")]
Epochs = Annotated[float, typer.Option(min=0.001, help="Passes over the examples.")]
EMBEDDER_WEIGHTS = "all-MiniLM-L6-v2 (Apache-2.0)"


@app.command("train-reader")
def train_reader(  # noqa: PLR0917 (typer makes options of them)
    files: Annotated[list[Path] | None, typer.Argument(help="Questions: SQuAD JSON, or JSON lines (.gz).")] = None,
    examples: Examples = Path("reader-examples.jsonl.gz"),
    base: Base = None,
    base_name: BaseName = EMBEDDER_WEIGHTS,
    layers: Layers = "",
    leave_out: LeaveOut = "1,2",
    work: Work = Path("reader-training"),
    output: Output = Path("retrieval/models/onrecord-reader"),
    limit: Limit = None,
    epochs: Epochs = 1.0,
) -> None:
    """Train the reader's cross-encoder and write it as 8-bit ONNX with its card."""
    from evals.answers.reader_examples import RECIPE  # noqa: PLC0415
    from evals.cross_encoders.pipeline import options, run  # noqa: PLC0415

    chosen = options(
        examples=examples, base=base, base_name=base_name, layers=layers, leave_out=leave_out, work=work,
        output=output, limit=limit, epochs=epochs,
    )  # fmt: skip
    run(files or [], chosen, RECIPE)


@app.command("train-entailment")
def train_entailment(  # noqa: PLR0917 (typer makes options of them)
    files: Annotated[
        list[Path] | None, typer.Argument(help="Claims, and passages of news to make more from: JSON lines (.gz).")
    ] = None,
    examples: Examples = Path("entailment-examples.jsonl.gz"),
    base: Base = None,
    base_name: BaseName = EMBEDDER_WEIGHTS,
    layers: Layers = "",
    leave_out: LeaveOut = "1,2",
    work: Work = Path("entailment-training"),
    output: Output = Path("retrieval/models/onrecord-entailment"),
    limit: Limit = None,
    epochs: Epochs = 1.0,
) -> None:
    """Train the entailment model and write it as 8-bit ONNX with its card."""
    from evals.claims.entailment_examples import RECIPE  # noqa: PLC0415
    from evals.cross_encoders.pipeline import options, run  # noqa: PLC0415

    chosen = options(
        examples=examples, base=base, base_name=base_name, layers=layers, leave_out=leave_out, work=work,
        output=output, limit=limit, epochs=epochs,
    )  # fmt: skip
    run(files or [], chosen, RECIPE)


@app.command()
def html(
    folder: Annotated[Path, typer.Argument(help="A folder of pages with their ground truth.")],
    json: Json = False,
) -> None:
    """Main text and metadata of web pages, on one of three benchmarks (docs/evaluation.md)."""
    from evals.html.evaluation import run  # noqa: PLC0415

    raise typer.Exit(run(folder, json))


@app.command()
def quotes(
    articles: Annotated[Path, typer.Option(help="Articles: JSON lines of id, text, attributions (PolNeAR's layout).")],
    quotes: Annotated[Path, typer.Option(help="Gold quotations: JSON lines of quote, article, start, end, speaker.")],
    json: Json = False,
) -> None:
    """Quote checking: gold quotations, wrong ones, speakers, and quotations in running text."""
    from evals.quotes.evaluation import run  # noqa: PLC0415

    raise typer.Exit(run(articles, quotes, json))


@bench.command("quotes")
def bench_quotes(
    news: Annotated[Path, typer.Option(help="Articles to recombine: JSON lines with text (.gz may follow).")],
    sentences: Annotated[int, typer.Option(min=1_000, help="How many sentences to make.")] = 1_000_000,
    queries: Annotated[int, typer.Option(min=20, help="Quotations of each kind.")] = 400,
    store: Annotated[Path | None, typer.Option(help="Keep the library here, so that a second run is fast.")] = None,
    json: Json = False,
) -> None:
    """Speed of quote checking, compared with bytes.find, difflib and RapidFuzz on the same text."""
    from evals.bench.quotes import run  # noqa: PLC0415

    raise typer.Exit(run(news, store=store, sentences_wanted=sentences, queries=queries, json_output=json))


Save = Annotated[Path | None, typer.Option(help="Keep the figures in this folder, as NAME.json.")]


@bench.command("ingest")
def bench_ingest(  # noqa: PLR0917 (typer makes options of them)
    news: Annotated[Path, typer.Option(help="Articles: JSON lines with text (.gz may follow).")],
    articles: Annotated[int, typer.Option(min=1, help="How many are embedded a round.")] = 150,
    rounds: Annotated[int, typer.Option(min=1, help="How often each way runs.")] = 3,
    kept: Annotated[int, typer.Option(min=1, help="Articles of the store where nothing, or one, changed.")] = 2_000,
    save: Save = None,
    json: Json = False,
) -> None:
    """Speed of ingestion, compared with the bare model and the baseline pipeline."""
    from evals.bench.ingest import run  # noqa: PLC0415

    options = {"articles": articles, "rounds": rounds, "kept": kept}
    raise typer.Exit(run(news, **options, save=save, json_output=json))


@bench.command("query")
def bench_query(  # noqa: PLR0917 (typer makes options of them)
    news: Annotated[Path, typer.Option(help="Articles to recombine: JSON lines with text (.gz may follow).")],
    passages: Annotated[int, typer.Option(min=100, help="How many passages the library holds.")] = 100_000,
    questions: Annotated[int, typer.Option(min=1, help="How many are asked.")] = 200,
    read: Annotated[int, typer.Option(min=2, help="How many real passages the model reads first.")] = 1_500,
    store: Annotated[Path | None, typer.Option(help="Keep the library here, so that a second run is fast.")] = None,
    save: Save = None,
    json: Json = False,
) -> None:
    """Speed of questions in a large library, compared with the bare model and a bare Chroma query."""
    from evals.bench.query import run  # noqa: PLC0415

    options = {"passages": passages, "questions": questions, "read": read}
    raise typer.Exit(run(news, **options, store=store, save=save, json_output=json))


@bench.command("askers")
def bench_askers(  # noqa: PLR0917 (typer makes options of them)
    news: Annotated[Path | None, typer.Option(help="Articles to ask: JSON lines with text (.gz may follow).")] = None,
    store: Annotated[Path | None, typer.Option(help="A store to ask, instead.")] = None,
    askers: Annotated[str, typer.Option(help="People who ask at once, of each measurement.")] = "1,4,16,64",
    questions: Annotated[int, typer.Option(min=4, help="Questions of each measurement a round.")] = 64,
    rounds: Annotated[int, typer.Option(min=1, help="How often each measurement runs.")] = 2,
    kinds: Annotated[str, typer.Option(help="Kinds of questions, asked in turn.")] = "fact,overview,timeline,quotes",
    articles: Annotated[int, typer.Option(min=10, help="Articles of NEWS that are read.")] = 300,
    save: Save = None,
    json: Json = False,
) -> None:
    """Answers a second and waiting time of many people who ask one process at once."""
    from evals.bench.askers import run  # noqa: PLC0415

    crowds = [int(each) for each in askers.split(",") if each.strip().isdecimal()]
    if not crowds or min(crowds) < 1:
        raise typer.BadParameter(f"{askers!r} is not a list of numbers from 1: write 1,16")
    options = {"questions": questions, "rounds": rounds, "articles": articles}
    asked = tuple(each.strip() for each in kinds.split(","))
    raise typer.Exit(run(news, store, askers=crowds, kinds=asked, **options, save=save, json_output=json))


def _sizes(text: str, least: int) -> list[int]:
    sizes = [int(size) for size in text.split(",") if size.strip().isdecimal()]
    if not sizes or min(sizes) < least:
        raise typer.BadParameter(f"{text!r} is not a list of sizes from {least:,}: write 1000,10000")
    return sizes


@bench.command("index")
def bench_index(  # noqa: PLR0917 (typer makes options of them)
    news: Annotated[Path, typer.Option(help="Articles to recombine: JSON lines with text (.gz may follow).")],
    sizes: Annotated[str, typer.Option(help="Vectors of each index, with commas.")] = "10000,100000",
    engines: Annotated[str, typer.Option(help="Engines, with commas; all by default.")] = "",
    questions: Annotated[int, typer.Option(min=10, help="How many are asked.")] = 200,
    read: Annotated[int, typer.Option(min=2, help="How many real passages the model reads first.")] = 1_500,
    limit: Annotated[float, typer.Option(min=1, help="Seconds an engine may build, and search.")] = 3_600.0,
    store: Annotated[Path | None, typer.Option(help="An existing folder with space for the indexes.")] = None,
    save: Save = None,
    json: Json = False,
) -> None:
    """Exact search, usearch and Chroma over the same vectors: recall, time, memory, disk."""
    from evals.bench.index import run  # noqa: PLC0415
    from evals.bench.vector_engines import ENGINES  # noqa: PLC0415

    chosen = [each.strip() for each in engines.split(",") if each.strip()] or list(ENGINES)
    options: dict[str, Any] = {"questions": questions, "read": read, "limit_s": limit}
    wanted = _sizes(sizes, 1_000)
    raise typer.Exit(run(news, sizes=wanted, engines=chosen, **options, store=store, save=save, json_output=json))


@bench.command("scale")
def bench_scale(  # noqa: PLR0917 (typer makes options of them)
    news: Annotated[Path, typer.Option(help="Articles to recombine: JSON lines with text (.gz may follow).")],
    sizes: Annotated[str, typer.Option(help="Passages of each library, with commas.")] = "1000,10000,30000",
    questions: Annotated[int, typer.Option(min=1, help="Questions searched for, and quotations checked.")] = 60,
    keep: Annotated[
        Path | None, typer.Option(help="A folder to keep the libraries in, each filled once; they are changed.")
    ] = None,
    stages: Annotated[
        str, typer.Option(help="What to measure, with commas: fill, index, answer, read, change. All by default.")
    ] = "",
    save: Save = None,
    json: Json = False,
) -> None:
    """Time, disk and memory of libraries of increasing size, compared with n log n."""
    from evals.bench.scale import STAGES, run  # noqa: PLC0415

    chosen = [each.strip() for each in stages.split(",") if each.strip()] or STAGES
    options: dict[str, Any] = {"questions": questions, "keep": keep, "stages": chosen}
    raise typer.Exit(run(news, sizes=_sizes(sizes, 100), **options, save=save, json_output=json))


@bench.command("start")
def bench_start(
    folder: Annotated[Path, typer.Option(help="A folder of articles, as .txt files.")] = Path("seeds"),
    rounds: Annotated[int, typer.Option(min=1, help="How often each command runs.")] = 7,
    save: Save = None,
    json: Json = False,
) -> None:
    """Time of whole commands, compared with the baseline script."""
    from evals.bench.start import run  # noqa: PLC0415

    raise typer.Exit(run(folder, rounds=rounds, save=save, json_output=json))


@app.command()
def summaries(
    files: Annotated[list[Path], typer.Argument(help="Pairs: JSON lines of article, summary (.gz may follow).")],
    json: Json = False,
) -> None:
    """Overviews of articles, compared with the first three sentences, by ROUGE against reference summaries."""
    from evals.summaries.evaluation import run  # noqa: PLC0415

    raise typer.Exit(run(files, json_output=json))


@app.command()
def claims(
    file: Annotated[Path, typer.Argument(help="JSON lines of set, article, claim, supported (.gz may follow).")],
    json: Json = False,
) -> None:
    """Verification of claims against articles, compared with human judgements."""
    from evals.claims.evaluation import run  # noqa: PLC0415

    raise typer.Exit(run(file, json))


@app.command()
def adversarial(
    file: Annotated[Path, typer.Argument(help="Sentences: JSON lines of question, kind, true, sentence.")],
    articles: Annotated[
        list[str],
        typer.Option(help="Articles: JSON lines (.gz may follow), FILE:N for the first N; or a folder. Repeat."),
    ],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N sentences.")] = None,
    store: Annotated[Path | None, typer.Option(help="Keep the library here, so that a second run is fast.")] = None,
    json: Json = False,
) -> None:
    """What becomes of true and false sentences when a chat model answers with them."""
    from evals.claims.adversarial import run  # noqa: PLC0415

    raise typer.Exit(run(file, articles, json_output=json, limit=limit, store=store))


@app.command("fit-claims")
def fit_claims(
    files: Annotated[list[Path], typer.Argument(help="Claims that people judged, as for claims.")],
    parts: Annotated[str, typer.Option(help="Fit on these parts of the articles alone, as 1,2: those left out.")] = "",
    whole: Annotated[list[Path] | None, typer.Option(help="Claims that the model was not trained on at all.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write; the shipped model's file by default.")] = None,
) -> None:
    """Fit the claim verifier and write its file, with its figures on articles left out."""
    from bot.verification.model import MODEL_FILE  # noqa: PLC0415
    from evals.claims.fit import run  # noqa: PLC0415
    from evals.cross_encoders.examples import PARTS  # noqa: PLC0415
    from evals.cross_encoders.pipeline import numbers  # noqa: PLC0415

    figures = run(files, numbers(parts, "parts", PARTS) if parts else (), whole or (), output or MODEL_FILE)
    typer.echo(json.dumps(figures, indent=1))


def main() -> None:
    """Run, turning an expected failure into one line and exit code 2."""
    use_one_thread()  # as the program does
    try:
        app()
    except OnrecordError as error:
        typer.echo(f"evals: {error}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
