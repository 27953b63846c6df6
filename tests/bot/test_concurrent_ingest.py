"""A Discord bot, a conversation on a pipe and ingests at work on one store at once, each a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrieval.articles import article_id
from retrieval.ingest import ingest
from retrieval.store.library import Library
from tests.bot.discord.fakes_discord import simulated, text_of
from tests.bot.discord.fakes_gateway import BOT, Gateway, loopback
from tests.bot.fakes_bot import clean_environment
from tests.chroma_server import ChromaServer
from tests.fakes import FakeEmbedder
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.slow


LEDGER = "Which cargo did the clerk of Port Vell record in the harbour ledger?"
EDITIONS = 3


def ledger(edition: int) -> str:
    """Return an article of several passages; nothing stands in one edition where it stands in another."""
    filler = f"The clerk of edition{edition} wrote it down with care and had it read aloud to whoever came. "
    parts = [f"The ledger of Port Vell in edition{edition} records cargo {n}. " + filler * 9 for n in range(4)]
    return "\n\n".join(["The harbour ledger" + "!" * edition, *parts]) + "\n"


def dispatch(number: int) -> str:
    """Return an article about a place of its own."""
    return f"News from place{number}\n\nThe council of place{number} opened bridge{number} on Monday.\n"


def about(number: int) -> str:
    return f"Which bridge{number} did the council of place{number} open?"


@pytest.fixture(params=["embedded", "server"])
def chroma_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Chroma in the store, and on a server of its own."""
    if request.param == "embedded":
        yield ""
        return
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server.url
    server.stop()


class Crowd:
    """The processes over one store, and what may be read in it.

    Attributes:
        texts: Every text that an article had at any time, by article id.
    """

    def __init__(self, folder: Path, server: Gateway, chroma_url: str) -> None:
        self.folder, self.server = folder, server
        self.news, self.gate = folder / "news", folder / "gate"
        self.news.mkdir()
        self.texts: dict[str, str] = {}
        self._environment = clean_environment(
            CROWD_API=server.api,
            CROWD_GATEWAY=server.url,
            CROWD_GATE=str(self.gate),
            CHROMA_URL=chroma_url,
            DISCORD_TOKEN="secret-token",  # noqa: S106
            DISCORD_PERSON_PER_MINUTE="1000",
            DISCORD_CHANNEL_PER_MINUTE="1000",
        )

    def write(self, name: str, text: str) -> None:
        """Put an article into the folder, in place of what it was."""
        fresh = self.folder / "fresh"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.news / name)
        self.texts[article_id(f"news/{name}", text)] = text

    async def start(self, *arguments: str) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.concurrent_user", *arguments,
            stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=self.folder, env=self._environment,
        )  # fmt: skip

    async def run(self, *arguments: str) -> Any:
        """Run a command that has to succeed; return its document."""
        running = await self.start(*arguments, "--json")
        out, err = await asyncio.wait_for(running.communicate(), PATIENCE_SECONDS)
        assert running.returncode == 0, (arguments, out, err)
        return json.loads(out)

    @contextlib.asynccontextmanager
    async def staying(self, *arguments: str) -> AsyncIterator[Process]:
        """Run a process that is stopped in the end."""
        running = await self.start(*arguments)
        try:
            yield running
        finally:
            if running.returncode is None:
                running.kill()
            await running.communicate()

    def exact(self, place: dict[str, Any]) -> str:
        """Check that a citation is the very characters of a text that its article had; return the text."""
        text = self.texts[place["passage_id"].partition(":")[0]]
        assert text[place["start"] : place["end"]] == place["quote"]
        return text


class Piped:
    """``onrecord chat --json`` on a pipe: a question in, an answer's document out, as long as it runs."""

    def __init__(self, running: Process) -> None:
        self._running = running
        self._read = ""

    async def ask(self, question: str) -> dict[str, Any]:
        assert self._running.stdin
        assert self._running.stdout
        self._running.stdin.write(f"{question}\n".encode())
        while True:
            came = await asyncio.wait_for(self._running.stdout.read(1 << 16), PATIENCE_SECONDS)
            assert came, "it ended"
            self._read += came.decode()
            with contextlib.suppress(ValueError):
                document, _ = json.JSONDecoder().raw_decode(self._read.lstrip("[,\n"))
                self._read = ""
                assert isinstance(document, dict)
                assert document["question"] == question, document
                return document


async def ask_bot(server: Gateway, question: str) -> str:
    """Ask on Discord; return all messages of the answer, the last of which has the buttons of the whole."""
    before = len(server.answers)
    await server.send("MESSAGE_CREATE", server.say(f"<@{BOT}> {question}"))
    await server.until(lambda: "onrecord:why:" in str(server.answers[before:]), seconds=PATIENCE_SECONDS)
    return "\n".join(text_of(one) for one in server.answers[before:])


def editions(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"edition(\d+)", text)}


async def watch(crowd: Crowd, piped: Piped, growing: Process, edition: int) -> None:
    """Ask both readers about the ledger until the ingest has ended: what they see is one edition, whole."""
    while growing.returncode is None:
        answer, said = await asyncio.gather(piped.ask(LEDGER), ask_bot(crowd.server, LEDGER))
        assert answer["answered"], answer
        for place in [*answer["citations"], *answer["nearest"]]:
            crowd.exact(place)
        for seen in ([answer["answer"], *(place["quote"] for place in answer["nearest"])], [said]):
            assert editions(" ".join(seen)) in ({edition}, {edition - 1}), seen


@simulated
async def test_everybody_reads_whole_articles_while_the_folder_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chroma_url: str
) -> None:
    """What an ingest has kept is in the next answer of whoever was running already; in the end all agrees."""
    async with loopback(monkeypatch) as server:
        crowd = Crowd(tmp_path, server, chroma_url)
        crowd.write("ledger.txt", ledger(1))
        crowd.write("000.txt", dispatch(0))
        await crowd.run("ingest", "news")
        async with crowd.staying("discord") as bot, crowd.staying("chat", "--json") as chat:
            piped = Piped(chat)
            await server.until(lambda: server.socket, seconds=PATIENCE_SECONDS)
            for edition in range(2, EDITIONS + 1):
                for number in range(10 * edition, 10 * edition + 10):
                    crowd.write(f"{number:03}.txt", dispatch(number))
                crowd.write("ledger.txt", ledger(edition))
                async with crowd.staying("ingest", "news") as growing:
                    await watch(crowd, piped, growing, edition)
                    assert growing.returncode == 0
                for number in (10 * edition, 10 * edition + 9):
                    answer, said = await asyncio.gather(piped.ask(about(number)), ask_bot(server, about(number)))
                    assert f"bridge{number} on Monday" in answer["answer"]
                    assert f"bridge{number} on Monday" in said
                    assert crowd.exact(answer["citations"][0]) == dispatch(number)
                answer = await piped.ask(LEDGER)
                assert editions(answer["answer"]) == {edition}, json.dumps(answer)
            (crowd.news / "020.txt").unlink()
            await crowd.run("ingest", "--prune", "news")
            answer, said = await asyncio.gather(piped.ask(about(20)), ask_bot(server, about(20)))
            assert "bridge20 on Monday" not in json.dumps(answer) + said
            await one_writes_at_a_time(crowd, piped)
            bot.send_signal(signal.SIGTERM)
            _, said = await asyncio.wait_for(bot.communicate(), PATIENCE_SECONDS)
            assert (bot.returncode, b"Traceback" in said) == (0, False)
        await all_is_well(crowd)


async def until_it_says(running: Process, expected: str) -> None:
    """Read standard error, where an ingest's progress may come first, up to a line."""
    assert running.stderr
    lines = list[str]()
    while expected not in lines:
        came = await asyncio.wait_for(running.stderr.readline(), PATIENCE_SECONDS)
        assert came, lines
        lines.append(came.decode().rstrip("\n"))


async def one_writes_at_a_time(crowd: Crowd, piped: Piped) -> None:
    """While one ingest holds the store, a second says for whom it waits; readers go on; both finish."""
    crowd.write("090.txt", dispatch(90))
    crowd.gate.touch()
    async with crowd.staying("ingest", "news") as first:
        await until_it_says(first, "at the gate")
        async with crowd.staying("ingest", "news") as second:
            waiting = f"another process (pid {first.pid}) is writing to this store: waiting up to 600 s for it"
            await until_it_says(second, waiting)
            assert "bridge90" not in json.dumps(await piped.ask(about(90))).replace(about(90), "")
            crowd.gate.unlink()
            await asyncio.wait_for(asyncio.gather(first.wait(), second.wait()), PATIENCE_SECONDS)
            assert (first.returncode, second.returncode) == (0, 0)
    answer = await piped.ask(about(90))
    assert "bridge90 on Monday" in answer["answer"], json.dumps(answer)


async def all_is_well(crowd: Crowd) -> None:
    """The doctor finds nothing, and the store holds what an undisturbed ingest of the same folder holds."""
    found = await crowd.run("doctor")
    assert [check for check in found["checks"] if not check["ok"]] == []
    with Library.open(crowd.folder / ".onrecord") as kept, Library.open(crowd.folder / "other", create=True) as anew:
        ingest(anew, FakeEmbedder(), [str(crowd.news)])
        assert kept.counts() == anew.counts()
        ids = kept.article_ids()
        assert sorted(ids) == sorted(anew.article_ids())
        assert sorted(kept.passage_ids(ids)) == sorted(anew.passage_ids(ids))
