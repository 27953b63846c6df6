"""Examines the installation and the store: what is there, whether it fits together, what mends it."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from bot.app import NOTHING_YET, VECTORS, App, vectors_trouble
from bot.render.terminal import counted
from retrieval.embedding import SentenceTransformerEmbedder
from retrieval.errors import FingerprintMismatch, OnrecordError, StoreMissing

PACKAGES = ("chromadb", "langchain-core", "sentence-transformers", "torch", "trafilatura", "pypdf")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        ok: Whether it is as it should be.
        found: What was found.
        mend: What to do about it; empty when it is as it should be.
    """

    name: str
    ok: bool
    found: str
    mend: str = ""


def examine(app: App) -> list[Check]:
    """Look at everything; what cannot be looked at because something before it is wrong is left out."""
    return [*_installed(), *_model(app), *_store(app)]


def _installed() -> Iterator[Check]:
    yield Check("python", ok=True, found=f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    for package in PACKAGES:
        try:
            yield Check(package, ok=True, found=version(package))
        except PackageNotFoundError:
            yield Check(package, ok=False, found="not installed", mend="make chat (it installs what is missing)")


def _model(app: App) -> Iterator[Check]:
    try:
        fingerprint = app.embedder.fingerprint
    except OnrecordError as error:
        yield Check("model", ok=False, found=str(error), mend="correct EMBEDDING_MODEL, or install the model")
        return
    about = f"{fingerprint.name}, {fingerprint.dimension} numbers, {fingerprint.pooling}"
    yield Check("model", ok=True, found=f"{about}, weights {fingerprint.weights_sha256}")
    if isinstance(app.embedder, SentenceTransformerEmbedder):
        yield Check("model starts", ok=True, found=app.embedder.start())


def _store(app: App) -> Iterator[Check]:
    try:
        counts = app.library.counts()
    except StoreMissing:
        yield Check("store", ok=False, found="nothing has been ingested", mend="onrecord ingest PATH")
        return
    except OnrecordError as error:
        yield Check(
            "store", ok=False, found=str(error), mend=f"move {app.settings.store_dir} away, then onrecord ingest PATH"
        )
        return
    if not counts.articles:
        yield Check("store", ok=False, found=NOTHING_YET, mend="onrecord ingest PATH")
        return
    held = (counted(counts.articles, "article"), counted(counts.passages, "passage"), counted(counts.words, "word"))
    yield Check("store", ok=True, found=", ".join(held))
    damage = _said(app.library.check)
    mend = f"move {app.settings.store_dir} away, then onrecord ingest PATH" if damage else ""
    yield Check("library", ok=not damage, found=damage or "sound", mend=mend)
    if not damage:
        yield from _fit(app)


def _fit(app: App) -> Iterator[Check]:
    """Look whether the library, the model and Chroma agree."""
    try:
        app.library.require(app.embedder.fingerprint)
    except FingerprintMismatch as error:
        yield Check("embeddings", ok=False, found=str(error), mend="onrecord ingest --rebuild")
    except OnrecordError:
        pass  # the model's own check has said so
    else:
        yield Check("embeddings", ok=True, found="made by this model")
    wrong = vectors_trouble(app.library, app.folder / VECTORS)
    mend = "onrecord ingest PATH (or ask: it is built again from the library)" if wrong else ""
    yield Check("chroma", ok=not wrong, found=wrong or "agrees with the library", mend=mend)


def _said(check: Callable[[], list[str]]) -> str:
    """Return what a check complains about, its own failure too."""
    try:
        return "; ".join(check()[:3])
    except (OnrecordError, sqlite3.Error) as error:
        return str(error)
