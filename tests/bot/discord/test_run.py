"""Running the bot: what it loads, its token, one process at a time, signals and exit codes."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import discord
import pytest

from bot.app import App
from bot.discord import run
from bot.settings import ConfigurationError, Settings
from retrieval.errors import StoreLocked
from tests.bot.discord.fakes_discord import PATIENCE_SECONDS, simulated
from tests.bot.discord.fakes_gateway import BOT, Gateway, loopback
from tests.bot.fakes_bot import clean_environment

RUN = """
import sys
from pathlib import Path
from bot.terminal.cli import main
from tests.bot.fakes_bot import make_parts
folder = Path(sys.argv[1])
code = main(["--store", str(folder), *sys.argv[2:]], overrides=make_parts(folder))
loaded = sorted({"discord", "aiohttp", "bot.discord"} & {*sys.modules})
print(code, loaded, file=sys.stderr)
"""


def test_only_the_command_that_runs_the_bot_loads_discord(tmp_path: Path) -> None:
    """Neither help nor an answer costs a Discord client."""
    for arguments in (["--help"], ["ask", "Which strike ended on Tuesday?"]):
        ran = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path), *arguments],
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
            cwd=tmp_path,
            env=clean_environment(),
        )
        assert ran.stderr.decode().splitlines()[-1] == "0 []"


BOT_RUN = """
import sys, time
from pathlib import Path
import discord, yarl
import bot.discord.client
from bot.terminal.cli import main
from tests.bot.fakes_bot import make_parts
folder, api, gateway, hangs = Path(sys.argv[1]), *sys.argv[2:]
discord.http.Route.BASE = api
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
class Hanging:
    def answer(self, *_):
        print("hanging", flush=True)
        time.sleep(3_600)

bot.discord.client.SHUTDOWN_TIMEOUT_SECONDS = 0.2 if hangs else 20
parts = {"answerer": Hanging()} if hangs else {}
sys.exit(main(["--store", str(folder), "discord"], overrides=make_parts(folder, **parts)))
"""


async def program(folder: Path, server: Gateway, *, hangs: bool = False) -> Process:
    """Start the program."""
    arguments = [str(folder / "store"), server.api, server.url, "hangs" if hangs else ""]
    environment = clean_environment(DISCORD_TOKEN="secret-token")  # noqa: S106
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT_RUN, *arguments, stderr=PIPE, stdout=PIPE, cwd=folder, env=environment
    )


@simulated
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
async def test_the_program_answers_runs_alone_and_shuts_down(
    number: signal.Signals, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole process: its answer, a second one that is refused, the signal, the exit code, the logs."""
    async with loopback(monkeypatch) as server:
        running = await program(tmp_path, server)
        await server.until(lambda: server.socket)
        await server.send("MESSAGE_CREATE", server.say(f"<@{BOT}> Which strike ended on Tuesday?"))
        await server.until(lambda: server.answers)
        second = await program(tmp_path, server)
        _, refused = await second.communicate()
        assert second.returncode == 4
        assert f"another process (pid {running.pid}) is running the Discord bot".encode() in refused
        running.send_signal(number)
        out, err = await running.communicate()
    assert running.returncode == code
    lines = [line for line in err.decode().splitlines() if line.startswith("{")]
    assert {"received", "answered", "closing", "closed"} <= {json.loads(line)["event"] for line in lines}
    assert b"secret-token" not in out + err + refused
    assert str(tmp_path).encode() not in out + err + refused
    assert b"Traceback" not in err


@simulated
async def test_an_answer_that_never_comes_does_not_keep_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for, but not forever."""
    async with loopback(monkeypatch) as server:
        running = await program(tmp_path, server, hangs=True)
        await server.until(lambda: server.socket)
        await server.send("MESSAGE_CREATE", server.say(f"<@{BOT}> Which strike ended on Tuesday?"))
        assert running.stdout
        assert await running.stdout.readline() == b"hanging\n"
        running.send_signal(signal.SIGTERM)
        await asyncio.wait_for(running.communicate(), PATIENCE_SECONDS)
        assert running.returncode == 0


@pytest.mark.parametrize(("token", "says"), [("", "is not set"), ("a b", "white space"), ("tökén", "characters")])
def test_a_token_that_cannot_be_one_is_named_without_being_shown(token: str, says: str, tmp_path: Path) -> None:
    """In one line, before anything is connected."""
    with pytest.raises(ConfigurationError, match=says) as error:
        run.run_bot(App(Settings(store_dir=tmp_path, discord_token=token)))
    assert not token or token not in str(error.value)


def test_a_second_process_with_the_same_token_is_told(tmp_path: Path) -> None:
    """While the first runs."""
    import hashlib

    from retrieval.store.lock import exclusive

    digest = hashlib.sha256(b"token").hexdigest()[:16]
    with exclusive(tmp_path, f"discord-{digest}", "running"), pytest.raises(StoreLocked, match="another process"):
        run.run_bot(App(Settings(store_dir=tmp_path, discord_token="token")))  # noqa: S106


def test_the_invitation_names_scopes_and_permissions() -> None:
    """The application comes from the setting, else from the token."""
    link = run.invitation(Settings(discord_application_id="42"))
    assert "client_id=42" in link
    assert "scope=bot+applications.commands" in link
    permissions = discord.Permissions(int(link.rpartition("permissions=")[2].partition("&")[0]))
    assert {name for name, on in permissions if on} == {
        "read_messages", "send_messages", "send_messages_in_threads", "create_public_threads", "read_message_history",
        "attach_files",
    }  # fmt: skip
    assert "client_id=123456789012345678" in run.invitation(
        Settings(discord_token="MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y")  # noqa: S106
    )
