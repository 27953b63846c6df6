"""Measuring search on a collection in BEIR's layout."""

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding
from rich.console import Console

from bot.answering.reader import FittedReader
from bot.answering.term_weights import TermWeights
from evals.retrieval import beir
from evals.retrieval.beir import BeirCollection
from evals.retrieval.evaluation import METRICS, compare, index, measure, ours
from retrieval.errors import InputError
from retrieval.search.hybrid import Searcher
from tests.fakes import FakeCrossEncoder, FakeEmbedder

ROOT = Path(__file__).parents[3]
DOCUMENTS = {
    "w/1#a": ("Wheat", "Farmers in the delta sold wheat at record prices after the best harvest in ten years."),
    "r2": ("Railway", "The new railway links the port with the copper mines and carries ore twice a day."),
    "b3": ("Budget", "Parliament passed the budget after a long night of talks with the opposition."),
}
QUESTIONS = {"q1": "Who passed the budget?", "q2": "What does the railway carry?", "q3": "Is there life on Mars?"}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    corpus, queries, qrels = tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    corpus.write_text(
        "".join(
            json.dumps({"_id": name, "title": title, "text": text}) + "\n" for name, (title, text) in DOCUMENTS.items()
        )
    )
    queries.write_text("".join(json.dumps({"_id": name, "text": text}) + "\n" for name, text in QUESTIONS.items()))
    qrels.write_text("query-id\tcorpus-id\tscore\nq1\tb3\t1\nq2\tr2\t1\nq2\tb3\t0\nq3\tgone\t1\n")
    return corpus, queries, qrels


def test_a_collection_keeps_the_questions_that_have_a_relevant_document(files: tuple[Path, Path, Path]) -> None:
    collection = beir.read(*files)
    assert collection.questions == {"q1": QUESTIONS["q1"], "q2": QUESTIONS["q2"]}
    assert collection.relevant == {"q1": {"b3": 1}, "q2": {"r2": 1, "b3": 0}}
    assert [name for name, _, _ in collection.documents] == list(DOCUMENTS)


@pytest.mark.parametrize(
    "text",
    ["q1\tb3\t1\n", "query-id\tcorpus-id\tscore\nq1\tb3\t1\n", "q1 0 b3 1\n", "q1\t0\tb3\t1\r\n\r\n"],
    ids=["no header", "header", "TREC", "TREC with tabs and CRLF"],
)
def test_judgements_are_read_in_every_common_layout(files: tuple[Path, Path, Path], text: str) -> None:
    files[2].write_text(text, newline="")
    assert beir.read(*files).relevant == {"q1": {"b3": 1}}


def test_gzipped_files_and_a_limit_of_questions(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    packed = tmp_path / "corpus.jsonl.gz"
    packed.write_bytes(gzip.compress(files[0].read_bytes()))
    collection = beir.read(packed, files[1], files[2], limit=1)
    assert (len(collection.documents), list(collection.questions)) == (3, ["q1"])


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        (0, "{]\n", "corpus.jsonl, line 1"),
        (1, '{"text": "no id"}\n', "queries.jsonl, line 1"),
        (2, "q1\tb3\t1\nq1\tb3\n", "qrels.tsv, line 2"),
        (2, "q9\tb3\t1\n", "no question of"),
    ],
)
def test_what_cannot_be_read_is_named(files: tuple[Path, Path, Path], place: int, text: str, message: str) -> None:
    files[place].write_text(text)
    with pytest.raises(InputError, match=message):
        beir.read(*files)


def test_each_question_is_scored_by_every_metric() -> None:
    collection = BeirCollection((), {"q": "?"}, {"q": {"b": 1}})
    measured = measure(lambda question: ["a", "b"], collection)
    assert set(measured.values) == set(METRICS)
    assert (measured.mean("hit@1"), measured.mean("recall@5"), measured.mean("MRR@10")) == (0.0, 1.0, 0.5)


def test_passages_are_found_through_the_programs_own_ingest_and_mapped_back_to_documents(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    embedder = FakeEmbedder()
    library, vectors = index(files[0], tmp_path / "store", embedder)
    with library:
        reader = FittedReader(FakeCrossEncoder(), TermWeights(library))
        systems = ours(library, Searcher(library, vectors, embedder), reader)
        for search in systems.values():
            assert search("the railway and the copper mines")[0] == "r2"
        assert systems["ours"]("wheat harvest")[0] == "w/1#a"
    vectors.close()


def test_a_store_of_another_corpus_is_refused(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    library, vectors = index(files[0], tmp_path / "store", FakeEmbedder())
    library.close()
    vectors.close()
    other = tmp_path / "other.jsonl"
    other.write_text('{"_id": "1", "title": "T", "text": "Another text about something else."}\n')
    with pytest.raises(InputError, match="another corpus"):
        index(other, tmp_path / "store", FakeEmbedder())


def test_all_systems_are_measured_and_compared(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    collection = beir.read(*files)
    report = compare(
        collection, files[0], tmp_path / "store", FakeEmbedder(), embeddings=DeterministicFakeEmbedding(size=8)
    )
    document = json.loads(json.dumps(report.document()))
    assert list(document["systems"]) == ["ours", "ours, reranked", "by meaning", "by words", "plain"]
    assert document["systems"]["ours"]["nDCG@10"] == 1.0
    assert set(document["ours_minus_plain"]["hit@1"]) == {"mean", "low", "high"}
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(report.table())
    shown = console.export_text()
    assert "3 documents, 2 questions" in shown
    assert all(metric in shown for metric in METRICS)


@pytest.mark.parametrize("command", ["retrieval", "squad", "html"])
def test_every_command_explains_itself_without_loading_a_model(command: str) -> None:
    code = (
        "import sys; from evals.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert not {'torch', 'chromadb', 'sentence_transformers', 'sklearn'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command, "--help"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "--json" in done.stdout


def test_a_missing_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    arguments = ["--corpus", "no.jsonl", "--queries", "no.jsonl", "--qrels", "no.tsv"]
    done = subprocess.run(
        [sys.executable, "-m", "evals", "retrieval", *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "no.jsonl" in done.stderr
