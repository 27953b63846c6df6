"""Running the bot: checks the token, holds its lock, and maps how it ends to an exit code."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hashlib
import logging
import os
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.app import App
from bot.discord.logs import configure_logging, log
from bot.exit_codes import ExitCode
from bot.llm.errors import ProviderError
from bot.settings import ConfigurationError, Settings
from retrieval.store.lock import exclusive
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

PORTAL = "https://discord.com/developers/applications"
SCOPES = ("bot", "applications.commands")
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    attach_files=True,
)
"""The permissions that the bot uses: reading where it is asked, answering, opening threads, and `/my-data`'s files."""

_SERVER_ERROR = 500  # HTTP status
_MAX_REASON_CHARACTERS = 300  # of what Discord says
_UNKNOWN_TOKEN = 4004  # Discord's code when it closes the gateway
_TOKEN = LazyPattern(r"[!-~]{1,300}")  # printable ASCII; Discord's own have three parts joined by dots


class TokenRefused(ProviderError):
    """Discord refused the token."""

    hint = f"reset it in {PORTAL} (Bot, Reset Token) and set DISCORD_TOKEN"


class DiscordRefused(ProviderError):
    """Discord refused what the bot needs to start."""

    hint = f"check DISCORD_TOKEN and the application in {PORTAL}"


class DiscordUnreachable(ProviderError):
    """Discord cannot be reached."""

    retryable = True
    hint = "check the network and start again"


def token_of(settings: Settings) -> str:
    """Return the token.

    Raises:
        ConfigurationError: It is missing, or contains what no token can. The message does not show it.
    """
    token = settings.discord_token.get_secret_value().strip()
    if "DISCORD_TOKEN" in settings.withheld:
        raise ConfigurationError(
            "the environment's DISCORD_TOKEN is not used where a folder's .env sets "
            f"{', '.join(settings.from_folder)}: set both in the environment, or both in .env"
        )
    if not token:
        raise ConfigurationError(f"DISCORD_TOKEN is not set: copy the bot's token from {PORTAL} (Bot, Reset Token)")
    if not _TOKEN.fullmatch(token):
        raise ConfigurationError(
            f"DISCORD_TOKEN contains white space or characters that no token has: copy it again from {PORTAL}"
        )
    return token


def application_of(settings: Settings) -> int:
    """Return the application's id: the setting, else the one that the token begins with.

    Raises:
        ConfigurationError: It is in neither.
    """
    if settings.discord_application_id:
        return int(settings.discord_application_id)
    first = token_of(settings).partition(".")[0]
    try:
        return int(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (binascii.Error, ValueError):
        raise ConfigurationError(
            f"DISCORD_TOKEN does not contain its application's id: set DISCORD_APPLICATION_ID from {PORTAL}"
        ) from None


def invitation(settings: Settings) -> str:
    """Return the link that adds the bot to a server.

    Raises:
        ConfigurationError: The application is not known.
    """
    return discord.utils.oauth_url(application_of(settings), permissions=PERMISSIONS, scopes=SCOPES)


def run_bot(app: App) -> int:
    """Run the bot until it is stopped; return 0 for SIGTERM, 130 for Ctrl-C.

    Raises:
        ConfigurationError: The token is missing, or an intent is not switched on in the portal.
        StoreLocked: Another process runs this bot on this store.
        ProviderError: Discord refused the token or cannot be reached.
    """
    from bot.discord.client import OnrecordBot  # noqa: PLC0415 (late: `--invite` needs no client)

    token = token_of(app.settings)
    configure_logging()
    digest = hashlib.sha256(token.encode()).hexdigest()[:16]
    app.folder.mkdir(parents=True, exist_ok=True)
    with exclusive(app.folder, f"discord-{digest}", "running the Discord bot with this token"), app:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice
        bot = OnrecordBot(app)
        code = asyncio.run(_run(bot, token))
        if bot.services.workers.running:
            # A worker that waits for a model cannot be stopped, and the interpreter would wait for it.
            log("workers_abandoned", jobs=bot.services.workers.running)
            sys.stderr.flush()
            os._exit(code)
        return code


async def _run(bot: OnrecordBot, token: str) -> int:
    stop_code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    with _signals(stop_code):
        running = asyncio.ensure_future(_connected(bot, token))
        try:
            ends: set[asyncio.Future[Any]] = {running, stop_code}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            await bot.close()
            if running.done():
                running.result()
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(running, return_exceptions=True)
    return stop_code.result() if stop_code.done() else 0


async def _connected(bot: OnrecordBot, token: str) -> None:
    try:
        await bot.start(token)
    except discord.LoginFailure:
        raise TokenRefused("Discord refused DISCORD_TOKEN") from None
    except discord.PrivilegedIntentsRequired:
        raise ConfigurationError(
            f"DISCORD_READ_THREADS needs the Message Content intent: switch it on in {PORTAL} (Bot), or set it to 0"
        ) from None
    except discord.ConnectionClosed as error:
        if error.code == _UNKNOWN_TOKEN:
            raise TokenRefused("Discord refused DISCORD_TOKEN") from None
        log("closed_by_discord", level=logging.ERROR, error=error, code=error.code)
        raise DiscordUnreachable(f"Discord ended the connection (code {error.code})") from None
    except discord.HTTPException as error:
        log("refused_by_discord", level=logging.ERROR, error=error, status=error.status, code=error.code)
        if error.status >= _SERVER_ERROR:
            raise DiscordUnreachable(f"Discord is out of order (HTTP {error.status})") from None
        reason = " ".join(error.text.split())[:_MAX_REASON_CHARACTERS]
        raise DiscordRefused(
            f"Discord refused to start the bot (HTTP {error.status}, error code {error.code}): {reason}"
        ) from None
    except (aiohttp.ClientError, discord.GatewayNotFound, OSError) as error:
        log("unreachable", level=logging.ERROR, error=error)
        raise DiscordUnreachable("Discord cannot be reached") from None


@contextlib.contextmanager
def _signals(stop_code: asyncio.Future[int]) -> Iterator[None]:
    """Set ``stop_code`` on SIGTERM and Ctrl-C, so that the bot shuts down; a second signal ends it at once."""
    loop = asyncio.get_running_loop()

    def stop(code: int) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if not stop_code.done():
            stop_code.set_result(code)

    loop.add_signal_handler(signal.SIGTERM, stop, 0)
    loop.add_signal_handler(signal.SIGINT, stop, ExitCode.INTERRUPTED)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
