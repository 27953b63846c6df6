"""One store under a bot, a REPL and ingests, all at once: real processes, and the model that people use."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bot.discord.fakes_discord import simulated
from tests.bot.discord.fakes_gateway import ANA, BOT, Gateway, loopback
from tests.bot.fakes_bot import clean_environment
from tests.chroma_server import ChromaServer

PATIENCE = 60.0  # s, on a machine that does much else

BOT_RUN = """
import sys
import discord, yarl
from bot.cli import main
discord.http.Route.BASE = sys.argv[1]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
sys.exit(main(["discord"]))
"""

KNOWN = "Who repaired the lighthouse of Tolm?"
KNOWN_SENTENCE = "The lighthouse of Tolm was repaired by the mason Ilse Brandt."


@pytest.fixture(params=["embedded", "served"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a store in a folder, its vectors there or on a Chroma server."""
    (tmp_path / "news").mkdir()
    write(tmp_path, "lighthouse", KNOWN_SENTENCE)
    if request.param == "embedded":
        yield clean_environment()
        return
    server = ChromaServer(tmp_path / "server")
    server.start()
    try:
        yield clean_environment(CHROMA_URL=server.url)
    finally:
        server.stop()


def write(folder: Path, name: str, sentence: str) -> None:
    """Write an article that ends in a sentence."""
    text = f"News of the {name}\n\nMuch was said of the {name} in the town this week. {sentence}\n"
    (folder / "news" / f"{name}.txt").write_text(text)


async def command(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    """Run a command to its end."""
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE, stdin=DEVNULL
    )
    out, err = await asyncio.wait_for(ran.communicate(), PATIENCE)
    return ran.returncode or 0, out.decode(), err.decode()


class Asked:
    """A bot and a REPL that stay; questions go to both."""

    def __init__(self, server: Gateway, repl: Process) -> None:
        self._server = server
        self._repl = repl
        self._people = itertools.count(ANA)  # of whom the bot answers each so many times a minute

    async def answers(self, question: str) -> list[str]:
        """Return what the bot and the REPL answer."""
        return [await self._of_bot(question), await self._of_repl(question)]

    async def both_say(self, question: str, wanted: str) -> None:
        """Ask until both answers hold what is wanted."""
        async with asyncio.timeout(PATIENCE):
            while not all(wanted in answer for answer in await self.answers(question)):
                pass

    async def _of_bot(self, question: str) -> str:
        before = len(self._server.answers)
        await self._server.send("MESSAGE_CREATE", self._server.say(f"<@{BOT}> {question}", author=next(self._people)))
        await self._server.until(lambda: len(self._server.answers) > before, seconds=PATIENCE)
        return str(self._server.answers[-1]["content"])

    async def _of_repl(self, question: str) -> str:
        """Ask, and then for something that is known to be answered with its own name, to know where the answer ends."""
        assert self._repl.stdin
        assert self._repl.stdout
        self._repl.stdin.write(f"{question}\n/nonesuch\n".encode())
        lines: list[str] = []
        while "nonesuch" not in (lines[-1] if lines else ""):
            line = await asyncio.wait_for(self._repl.stdout.readline(), PATIENCE)
            assert line, "the REPL has ended"
            lines.append(line.decode())
        return " ".join("".join(lines).split())


@asynccontextmanager
async def staying(folder: Path, environment: dict[str, str], server: Gateway) -> AsyncIterator[Asked]:
    """Run a bot and a REPL."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT_RUN, server.api, server.url,
        cwd=folder, env=environment | {"DISCORD_TOKEN": "none"}, stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    repl = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "chat", cwd=folder, env=environment, stdin=PIPE, stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        await server.until(lambda: server.socket, seconds=PATIENCE)
        yield Asked(server, repl)
    finally:
        for each in (bot, repl):
            if each.returncode is None:
                each.kill()
            await each.wait()


@simulated
async def test_readers_that_stay_see_whole_articles_soon_while_others_write(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there is answered all the while; what is new, changed or removed within seconds, without a restart."""
    assert (await command(tmp_path, environment, "ingest", "news"))[0] == 0
    async with loopback(monkeypatch) as server, staying(tmp_path, environment, server) as asked:
        for answer in await asked.answers(KNOWN):
            assert KNOWN_SENTENCE in answer
        for turn, name in enumerate(("Mira Holt", "Jonas Pell")):
            write(tmp_path, "ferry", f"The ferry to Arn was bought by the fisher {name}.")
            for extra in range(12):
                write(tmp_path, f"harbour{turn}-{extra}", f"Quay {extra} was painted in year {turn}.")
            writing = asyncio.create_task(command(tmp_path, environment, "ingest", "news"))
            while not writing.done():
                for answer in await asked.answers(KNOWN):
                    assert KNOWN_SENTENCE in answer
            assert (await writing)[0] == 0
            await asked.both_say("Who bought the ferry to Arn?", f"The ferry to Arn was bought by the fisher {name}.")
        (tmp_path / "news" / "ferry.txt").unlink()
        assert (await command(tmp_path, environment, "ingest", "--prune", "news"))[0] == 0
        for answer in await asked.answers("Who bought the ferry to Arn?"):
            assert "Jonas Pell" not in answer
    code, out, _ = await command(tmp_path, environment, "ask", "--json", KNOWN)
    citation = json.loads(out)["citations"][0]
    text = (tmp_path / "news" / "lighthouse.txt").read_text()
    assert (code, text[citation["start"] : citation["end"]]) == (0, citation["quote"])


@simulated
async def test_writers_at_once_wait_or_say_who_writes(environment: dict[str, str], tmp_path: Path) -> None:
    """Of ingests at one time each is done or says who is at it; after them the store is whole, and holds all once."""
    for number in range(60):
        write(tmp_path, f"quay{number}", f"Quay {number} was painted by painter {number}.")
    ran = await asyncio.gather(*(command(tmp_path, environment, "ingest", "news") for _ in range(3)))
    assert any(code == 0 for code, *_ in ran)
    for code, _, err in ran:
        assert (code, "Traceback" in err) in {(0, False), (4, False)}
        assert code == 0 or "another process (pid " in err
    code, out, _ = await command(tmp_path, environment, "ingest", "--json", "news")
    report = json.loads(out)
    assert (code, report["articles"], report["unchanged"], report["added"]) == (0, 61, 61, 0)
    assert (await command(tmp_path, environment, "doctor"))[0] == 0
