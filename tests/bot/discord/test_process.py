"""What a bot asks for when it starts, how many questions it takes, one process at a time, its logs."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
from pathlib import Path

import discord
import pytest

from bot.app import App
from bot.discord import run
from bot.discord.errors import QueueFull, RateLimited
from bot.discord.logs import LOGGER, JsonFormatter, correlation, log
from bot.discord.workers import RateLimiter, WorkerPool
from bot.settings import ConfigurationError, Settings
from retrieval.errors import StoreLocked
from tests.bot.discord.fakes_discord import make_bot, scene, simulated


@simulated
async def test_commands_are_registered_when_they_changed_only(tmp_path: Path) -> None:
    """The second start of the same program registers nothing."""
    async with scene(make_bot(tmp_path)) as here:

        def syncs() -> int:
            return sum(one.method == "PUT" and one.path.endswith("/commands") for one in here.env.http_requests)

        assert syncs() == 1
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        assert syncs() == 1
        await here.env.bot.close()


def test_only_intents_that_are_used_are_asked_for(tmp_path: Path) -> None:
    """None of them privileged unless threads are to be read."""
    from bot.discord.client import intents

    wanted = {name for name, on in intents(read_threads=False) if on}
    assert wanted == {"guilds", "guild_messages", "dm_messages"}
    assert {name for name, on in intents(read_threads=True) if on} - wanted == {"message_content"}


def test_a_cooldown_says_how_long_to_wait() -> None:
    """Of a person, then of a channel; afterwards one may ask again."""
    now = [0.0]
    pace = RateLimiter(per_person=2, per_channel=3, clock=lambda: now[0])
    pace.check(1, 9)
    pace.check(1, 9)
    with pytest.raises(RateLimited, match=r"You have .* 60 s"):
        pace.check(1, 9)
    pace.check(2, 9)
    with pytest.raises(RateLimited, match="This channel has"):
        pace.check(3, 9)
    now[0] = 61.0
    pace.check(1, 9)


def test_the_bench_refuses_at_once_what_would_wait_too_long() -> None:
    """Without having begun it."""

    async def check() -> None:
        bench = WorkerPool(workers=1, queue=0)
        held = threading.Event()
        first = asyncio.ensure_future(bench.run(lambda: held.wait(5)))
        await asyncio.sleep(0)
        with pytest.raises(QueueFull):
            await bench.run(lambda: None)
        held.set()
        await first
        bench.close()

    asyncio.run(check())


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


def test_a_log_line_is_one_document_without_a_librarys_values() -> None:
    """The correlation id is on every line of one question."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    library = logging.getLogger("discord.test")
    for logger in (LOGGER, library):
        logger.addHandler(handler)
    try:
        with correlation() as reference:
            log("asked", level=logging.WARNING, pages=2)
            library.warning("webhook %s failed", "https://discord.com/api/webhooks/1/SECRET")
    finally:
        for logger in (LOGGER, library):
            logger.removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["id"] for line in lines] == [reference, reference]
    assert lines[0]["pages"] == 2
    assert "SECRET" not in written.getvalue()
