"""The doctor says what is there, what is wrong, and what mends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.app import App
from bot.settings import Settings
from bot.terminal.cli import main
from bot.terminal.doctor import HealthCheck, checks_text, examine
from retrieval.vector_index.index import VectorIndex
from tests.bot.fakes_bot import HARBOUR
from tests.fakes import FakeEmbedder, make_library


def checks(folder: Path, embedder: FakeEmbedder | None = None) -> dict[str, HealthCheck]:
    app = App(Settings(store_dir=folder), embedder=embedder or FakeEmbedder())
    return {check.name: check for check in examine(app)}


def test_a_store_that_fits_together_is_well(tmp_path: Path) -> None:
    """Model, articles, and Chroma are told and agree."""
    library = make_library(tmp_path, [HARBOUR])
    index = VectorIndex.open(library, tmp_path / "vectors")
    index.sync()
    index.close()
    found = checks(tmp_path)
    assert all(check.ok for check in found.values())
    assert found["store"].found == "1 article, 3 passages, 18 words"
    assert "fake, 64 numbers" in found["model"].found
    assert FakeEmbedder().fingerprint.weights_sha256 in found["model"].found


@pytest.mark.parametrize("make", [False, True])
def test_nothing_ingested_is_mended_by_ingesting(make: bool, tmp_path: Path) -> None:
    """No store and an empty one alike."""
    if make:
        make_library(tmp_path)
    assert checks(tmp_path)["store"].mend == "onrecord ingest PATH"


def test_another_model_is_mended_by_rebuilding(tmp_path: Path) -> None:
    """The mismatch is named."""
    make_library(tmp_path, [HARBOUR])
    found = checks(tmp_path, FakeEmbedder("another"))["embeddings"]
    assert (found.ok, found.mend) == (False, "onrecord ingest --rebuild")


def test_a_missing_index_is_seen(tmp_path: Path) -> None:
    """Chroma's folder was deleted: the next question or ingest brings it back."""
    make_library(tmp_path, [HARBOUR])
    assert checks(tmp_path)["chroma"].found == "not built"


def test_a_damaged_library_is_seen(tmp_path: Path) -> None:
    """One line, and what to do."""
    tmp_path.joinpath("library.sqlite").write_bytes(b"no database" * 1000)
    found = checks(tmp_path)["store"]
    assert not found.ok
    assert "move" in found.mend


def test_the_exit_code_says_whether_something_needs_mending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """4, in text and in JSON."""
    parts = {"embedder": FakeEmbedder()}
    assert main(["doctor", "--json", "--store", str(tmp_path)], parts) == 4
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert [check["mend"] for check in document["checks"] if not check["ok"]] == ["onrecord ingest PATH"]
    assert main(["doctor", "--store", str(tmp_path)], dict(parts)) == 4
    assert "1 to mend." in capsys.readouterr().out


def test_it_fits_narrow_terminals() -> None:
    """What mends stands under what is wrong."""
    shown = checks_text(
        [HealthCheck("store", ok=False, found="nothing has been ingested", mend="onrecord ingest PATH")], 30
    )
    assert shown.plain == "✗ store nothing has been\n    ingested\n    → onrecord ingest PATH\n\n1 to mend.\n"


def test_it_says_where_each_setting_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Command line, environment or which file; keys are named and not shown, and so are those that are not used."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PASSAGES", "5")
    monkeypatch.setenv("OPENAI_API_KEY", "env-key-0123456789")
    file = "ANTHROPIC_API_KEY=file-key-0123456789\nCHAT_MODEL=openai:other\n"
    (tmp_path / ".env").write_text(file, encoding="utf-8")
    main(["doctor", "--store", str(tmp_path)], {"embedder": FakeEmbedder()})
    out = " ".join(capsys.readouterr().out.split())
    assert "PASSAGES: 5, from the environment" in out
    assert f"STORE_DIR: {tmp_path}, from the command line" in out
    assert f"CHAT_MODEL: openai:other, from {tmp_path / '.env'}" in out
    assert f"ANTHROPIC_API_KEY: set, from {tmp_path / '.env'}" in out
    assert f"OPENAI_API_KEY: set in the environment, not used where {tmp_path / '.env'} sets CHAT_MODEL" in out
    assert "at their defaults" in out
    assert "0123456789" not in out
