"""Ingest flow: from files that were sent to what was read of each, one after another in the order they came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import discord

from bot.discord.ask_flow import EDIT_INTERVAL_SECONDS
from bot.discord.attachments import (
    MAX_ATTACHMENT_BYTES,
    ReceivedFile,
    received_file,
    saved_attachment,
    with_canonical_url,
)
from bot.discord.delivery import CONNECTION_ERRORS, InteractionReply, with_retries
from bot.discord.errors import BotRefusal
from bot.discord.logs import log
from bot.discord.pages import MessagePage
from bot.discord.render_ingest import MAX_ARTICLES_SHOWN, FileResult, ReadArticle, beginning, ingest_pages
from bot.discord.services import Services
from bot.discord.workers import Job, LatestValue
from bot.render.catalogue import translated, translated_count
from bot.render.ingest import progress_line
from retrieval.articles import ArticleInfo
from retrieval.errors import InputError, OnrecordError
from retrieval.loaders.url import fetch
from retrieval.progress import IngestProgress
from retrieval.store.library import Library

_TOO_LARGE = "the file has {size:,} bytes: {most:,} are the most"

WRITER_WAIT_SECONDS = 120.0
"""How long adding an article waits for another program that writes to the store."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file or page to be read.

    Attributes:
        name: What its sender calls it.
        receive: Returns its bytes, under a safe name. Blocks.
    """

    name: str
    receive: Callable[[], ReceivedFile]


async def ingest_attachments(
    services: Services, reply: InteractionReply, attachments: Sequence[discord.Attachment]
) -> None:
    """Ingest files; say of each what was read, or why nothing was.

    Raises:
        OnrecordError: There is one file, and it was refused; or the store cannot be written.
    """
    sent: list[SentFile | FileResult] = []
    for attachment in attachments:
        try:
            received = await _downloaded(attachment)
        except InputError as error:
            if len(attachments) == 1:
                raise
            sent.append(FileResult(attachment.filename, problem=str(error)))
        else:
            sent.append(SentFile(attachment.filename, partial(_given, received)))
    await _ingest(services, reply, sent)


async def ingest_address(services: Services, reply: InteractionReply, url: str) -> None:
    """Ingest the page of an address; say what was read.

    Raises:
        OnrecordError: It was refused, or the store cannot be written.
    """
    await _ingest(services, reply, [SentFile(url, lambda: _fetched(url))])


def _given(received: ReceivedFile) -> ReceivedFile:
    return received


async def _downloaded(attachment: discord.Attachment) -> ReceivedFile:
    if attachment.size > MAX_ATTACHMENT_BYTES:
        raise InputError(translated(_TOO_LARGE, size=attachment.size, most=MAX_ATTACHMENT_BYTES))
    received_file(attachment.filename, b"")  # refuses a kind that is not read before its bytes are asked for
    return received_file(attachment.filename, await with_retries(attachment.read))


async def _ingest(services: Services, reply: InteractionReply, sent: Sequence[SentFile | FileResult]) -> None:
    """Ingest files after those that came before them; what one is refused for keeps no other from being read."""
    entered: list[FileResult | Job[FileResult]] = []
    progress: LatestValue[IngestProgress] = LatestValue()
    try:
        entered += [each if isinstance(each, FileResult) else _entered(services, each, progress) for each in sent]
        results: list[FileResult] = []
        for number, job in enumerate(entered, 1):
            place = translated("{number} of {total}, ", number=number, total=len(entered)) if len(entered) > 1 else ""
            results.append(job if isinstance(job, FileResult) else await _result(reply, job, progress, place))
        if len(results) == 1 and results[0].error:
            raise results[0].error
        for error in filter(None, (result.error for result in results)):
            log("failed", level=logging.WARNING, error=error, handler="ingest")
        await reply.say(*ingest_pages(results))
    finally:
        for job in entered:
            if isinstance(job, Job):
                job.result.cancel()


def _entered(services: Services, sent: SentFile, progress: LatestValue[IngestProgress]) -> FileResult | Job[FileResult]:
    """Return the job that reads a file, or why it cannot wait for its turn."""
    try:
        return services.workers.writes.enter(lambda: _read(services, sent, progress))
    except BotRefusal as error:
        return FileResult(sent.name, problem=str(error), error=error)


def _read(services: Services, sent: SentFile, progress: LatestValue[IngestProgress]) -> FileResult:
    """Read a file into the library. Blocks."""
    app = services.app
    try:
        received = sent.receive()
        with saved_attachment(app.folder, received) as saved:
            report = app.ingest([str(saved.path)], on_progress=progress.put, wait_seconds=WRITER_WAIT_SECONDS)
            saved.kept = saved.kept or bool(report.added or report.changed or report.unchanged)
        infos = app.articles_of(saved.path, MAX_ARTICLES_SHOWN) if saved.kept else []
        articles = tuple(_read_article(app.library, info) for info in infos)
    except OnrecordError as error:
        problem = str(error) if isinstance(error, InputError | BotRefusal) else "the articles cannot be written to now"
        return FileResult(sent.name, problem=problem, error=error)
    return FileResult(received.name, report=report, articles=articles)


def _read_article(library: Library, info: ArticleInfo) -> ReadArticle:
    """Return an article with its beginning: where the first passage starts, after a head of names and dates."""
    first = library.passages(library.passage_ids([info.id])[:1])
    text = library.article(info.id).text
    return ReadArticle(info, beginning(text[first[0].span.start if first else 0 :]))


async def _result(
    reply: InteractionReply, job: Job[FileResult], progress: LatestValue[IngestProgress], place: str
) -> FileResult:
    """Return what came of a file, showing how many come before it and then how far it is."""
    shown = 0
    while not job.result.done():
        if job.ahead and job.ahead != shown:
            shown = job.ahead
            await _show(reply, translated("Waiting: {place}{ahead}.", place=place, ahead=_before(shown)))
        await asyncio.wait({job.result}, timeout=EDIT_INTERVAL_SECONDS)
        now = progress.take()
        if now and not job.result.done():
            await _show(reply, translated("Reading: {place}{progress}", place=place, progress=progress_line(now)))
    return job.result.result()


async def _show(reply: InteractionReply, words: str) -> None:
    """Show how far it is; a failure is harmless, since the result follows."""
    try:
        await reply.update(MessagePage(words))
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("preview_failed", error=error)


def _before(ahead: int) -> str:
    return translated_count(ahead, "one other comes first", "{number} others come first")


def _fetched(url: str) -> ReceivedFile:
    """Return the page of an address. Blocks."""
    fetched = fetch(url)
    data = with_canonical_url(fetched.data, fetched.url) if fetched.suffix == ".html" else fetched.data
    return received_file(url.rstrip("/").rpartition("/")[2], data, fetched.suffix)
