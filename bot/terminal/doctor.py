"""Examines the installation and the store: what is there, whether it fits together, what mends it.

What the doctor found.
"""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from langsmith.utils import get_env_var, tracing_is_enabled
from pydantic import SecretStr
from rich.text import Text

from bot.app import App
from bot.known_hosts import shown
from bot.llm.budget import TokenBudget
from bot.llm.factory import target
from bot.render.json import JsonDocument
from bot.render.layout import NO, NUMBER, QUIET, hanging, joined
from bot.render.phrases import counted
from bot.settings import COMMAND_LINE, DEFAULT, ENV_FILE, ENVIRONMENT, FOLDER, ConfigurationError, Settings
from retrieval.embedding.embedder import SentenceTransformerEmbedder
from retrieval.errors import NOTHING_INGESTED, FingerprintMismatch, OnrecordError, StoreMissing
from retrieval.store.backup import LAST_BACKUP
from retrieval.store.replica import PublishedCopy
from retrieval.text.redaction import redact
from retrieval.text.sanitize import line

_NAME_CELLS = 22  # cells: the longest name, "sentence-transformers", and a space


def checks_text(checks: Sequence[HealthCheck], width: int | None = None) -> Text:
    """Return a line a check, and under one that failed what mends it."""
    lines: list[Text] = []
    narrow = width is not None and width < 60
    for check in checks:
        sign = Text("✓ ", NUMBER) if check.ok else Text("✗ ", NO)
        name = Text.assemble(sign, check.name if narrow else check.name.ljust(_NAME_CELLS), " " if narrow else "")
        rest = " " * (4 if narrow else name.cell_len)
        lines += hanging(Text(line(check.found)), width, first=name, rest=rest)
        if check.mend:
            lines += hanging(Text(f"→ {line(check.mend)}", QUIET), width, first=rest, rest=rest)
    wrong = sum(not check.ok for check in checks)
    summary = Text(f"{wrong} to mend.", NO) if wrong else Text("All is well.")
    return joined([*lines, Text(), summary])


def checks_document(checks: Sequence[HealthCheck]) -> JsonDocument:
    """Return the checks for a program."""
    listed = [{"name": each.name, "ok": each.ok, "found": each.found, "mend": each.mend or None} for each in checks]
    return {"ok": all(each.ok for each in checks), "checks": listed}


EXAMINED_PACKAGES = ("chromadb", "langchain-core", "sentence-transformers", "torch", "trafilatura", "pypdfium2")


@dataclass(frozen=True, slots=True)
class HealthCheck:
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


def examine(app: App) -> list[HealthCheck]:
    """Look at everything; what cannot be looked at because something before it is wrong is left out."""
    found = [*_installed(), *_settings(app.settings), *_model(app), *_sent(app), *_store(app)]
    return [replace(check, found=redact(check.found), mend=redact(check.mend)) for check in found]


def _settings(settings: Settings) -> Iterator[HealthCheck]:
    """Say where each setting comes from that is not at its default; keys are named, not shown."""
    places = {FOLDER: shown(ENV_FILE.resolve()), ENVIRONMENT: "the environment", COMMAND_LINE: "the command line"}
    defaults = 0
    for name in type(settings).model_fields:
        origin = settings.origin(name)
        if origin == DEFAULT:
            defaults += 1
            continue
        value = getattr(settings, name)
        said = "set" if isinstance(value, SecretStr) else str(value)
        yield HealthCheck("setting", ok=True, found=f"{name.upper()}: {said}, from {places[origin]}")
    for name in settings.withheld:
        why = f"not used where {places[FOLDER]} sets {', '.join(settings.from_folder)}"
        yield HealthCheck("setting", ok=True, found=f"{name}: set in the environment, {why}")
    yield HealthCheck("settings", ok=True, found=f"the other {defaults} are at their defaults")


def _installed() -> Iterator[HealthCheck]:
    yield HealthCheck("python", ok=True, found=f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    for package in EXAMINED_PACKAGES:
        try:
            yield HealthCheck(package, ok=True, found=version(package))
        except PackageNotFoundError:
            yield HealthCheck(package, ok=False, found="not installed", mend="make chat (it installs what is missing)")


def _model(app: App) -> Iterator[HealthCheck]:
    try:
        fingerprint = app.embedder.fingerprint
    except OnrecordError as error:
        yield HealthCheck("model", ok=False, found=str(error), mend="correct EMBEDDING_MODEL, or install the model")
        return
    about = f"{fingerprint.name}, {fingerprint.dimension} numbers, {fingerprint.pooling}"
    yield HealthCheck("model", ok=True, found=f"{about}, weights {fingerprint.weights_sha256}")
    if isinstance(app.embedder, SentenceTransformerEmbedder):
        yield HealthCheck("model starts", ok=True, found=app.embedder.start())
    try:
        _ = app.cross_encoder
    except OnrecordError as error:
        yield HealthCheck("reranker", ok=False, found=str(error), mend="correct RERANKER_MODEL, or install the model")
    else:
        yield HealthCheck("reranker", ok=True, found=app.settings.reranker_model)


def _sent(app: App) -> Iterator[HealthCheck]:
    """Say where text goes: nowhere, unless a chat model or LangChain's tracing is configured."""
    settings = app.settings
    named = {"chat model": settings.chat_model, "verify model": settings.verify_model}
    if not settings.chat_model:
        yield HealthCheck("chat model", ok=True, found="none: answers are quotations, and text is sent nowhere")
        named = {}
    for what, name in named.items():
        if name:
            yield _target(app, what, name)
    if named and settings.daily_token_limit:
        used = TokenBudget(app.folder, settings.daily_token_limit).used() if app.folder.is_dir() else 0
        yield HealthCheck("tokens", ok=True, found=f"{used:,} of {settings.daily_token_limit:,} used today (UTC)")
    if tracing_is_enabled():
        host = urlsplit(get_env_var("ENDPOINT", default="") or "https://api.smith.langchain.com").netloc
        yield HealthCheck(
            "tracing", ok=True, found=f"LANGSMITH_TRACING is set: questions and passages are sent to {host}"
        )


def _target(app: App, what: str, name: str) -> HealthCheck:
    try:
        goal = target(app.settings, name)
    except ConfigurationError as error:
        return HealthCheck(what, ok=False, found=f"{name} cannot be used", mend=str(error))
    where = f"this machine ({goal.host})" if goal.local else goal.host
    return HealthCheck(what, ok=True, found=f"{name}: questions and passages are sent to {where}")


def _store(app: App) -> Iterator[HealthCheck]:
    try:
        counts = app.library.counts()
    except StoreMissing:
        yield HealthCheck("store", ok=False, found="nothing has been ingested", mend="onrecord ingest PATH")
        return
    except OnrecordError as error:
        yield HealthCheck("store", ok=False, found=str(error), mend=_remade(app))
        return
    if not counts.articles:
        yield HealthCheck("store", ok=False, found=NOTHING_INGESTED, mend="onrecord ingest PATH")
        return
    held = (counted(counts.articles, "article"), counted(counts.passages, "passage"), counted(counts.words, "word"))
    yield HealthCheck("store", ok=True, found=", ".join(held))
    damage = _said(app.library.check)
    yield HealthCheck("library", ok=not damage, found=damage or "sound", mend=_remade(app) if damage else "")
    if not damage:
        yield from _fit(app)
        yield from _machines(app)


def _remade(app: App) -> str:
    """Return what brings a damaged library back."""
    anew = f"move {app.settings.store_dir} away, then onrecord ingest PATH"
    return f"onrecord restore (the last backup), or {anew}" if (app.folder / LAST_BACKUP).is_file() else anew


def _fit(app: App) -> Iterator[HealthCheck]:
    """Look whether the library, the model and Chroma agree."""
    try:
        app.library.require(app.embedder.fingerprint)
    except FingerprintMismatch as error:
        yield HealthCheck("embeddings", ok=False, found=str(error), mend="onrecord ingest --rebuild")
    except OnrecordError:
        pass  # the model's own check has said so
    else:
        yield HealthCheck("embeddings", ok=True, found="made by this model")
    try:
        wrong = app.vector_index_problem()
    except OnrecordError as error:
        yield HealthCheck("chroma", ok=False, found=str(error), mend="correct the setting")
        return
    host = app.library.writer_host if app.settings.chroma_url else ""
    mend = "onrecord ingest PATH (the index is built from the library; nothing is embedded again)" if wrong else ""
    if wrong and host:
        mend = f"onrecord ingest PATH on {host}; answers come from the library meanwhile"
    where = f" at {app.settings.chroma_url}" if app.settings.chroma_url else ""
    yield HealthCheck("chroma", ok=not wrong, found=wrong or f"agrees with the library{where}", mend=mend)


def _machines(app: App) -> Iterator[HealthCheck]:
    """Say which machine writes to the library, and what it has published."""
    library = app.library
    if library.writer_host:
        about = f"revision {library.revision} of the library that {library.writer_host} writes; it is read here only"
        yield HealthCheck("replica", ok=True, found=about)
        return
    with ExitStack() as closing:
        for lease in app.publication.leases(library, closing):
            try:
                holder = lease.holder()
            except OnrecordError as error:
                yield HealthCheck("writer", ok=False, found=f"{lease.place}: {error}", mend="correct the setting")
            else:
                who = f"{holder.host} (pid {holder.pid}) is writing" if holder else "no machine is writing"
                yield HealthCheck("writer", ok=True, found=f"{lease.place}: {who}")
    if app.publication.file:
        yield _published(app, app.publication.file)


def _published(app: App, file: Path) -> HealthCheck:
    mend = "onrecord ingest PATH (it publishes the present revision)"
    try:
        record = PublishedCopy.read(file)
    except OnrecordError as error:
        return HealthCheck("published", ok=False, found=str(error), mend=mend)
    if record is None:
        return HealthCheck("published", ok=False, found="nothing yet", mend=mend)
    current = (record.library, record.revision) == (app.library.identity, app.library.revision)
    found = f"revision {record.revision} by {record.host} at {record.published}"
    if not current:
        found += f"; the library has revision {app.library.revision}"
    return HealthCheck("published", ok=current, found=found, mend="" if current else mend)


def _said(check: Callable[[], list[str]]) -> str:
    """Return what a check complains about, its own failure too."""
    try:
        return "; ".join(check()[:3])
    except (OnrecordError, sqlite3.Error) as error:
        return str(error)
