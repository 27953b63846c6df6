"""Welcome: one greeting on a server that the bot joined, with examples and who may keep articles."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import discord

from bot.discord.backfill import CONNECTED_FACT
from bot.discord.delivery import CONNECTION_ERRORS, MessageReply
from bot.discord.logs import log
from bot.discord.pages import MessagePage
from bot.discord.services import Services
from bot.render.catalogue import language_of, speaking, translated

MAX_JOINED_AGE = dt.timedelta(days=1)
"""How long ago a server was joined that is greeted when the bot first runs: it was invited, then started."""

_ABOUT = "**I answer from this newsroom’s articles only. Every citation opens at the exact words.**"
_ASK = "- `/ask question: Who signed the agreement?` answers, and so does mentioning me"
_QUOTE = "- `/quote text: We will not raise taxes speaker: Jane Smith` checks a quotation"
_TIMELINE = "- `/timeline topic: Niger` lists the dated events"
_KEEPERS = "Whoever manages this server, or has the role set with `/settings`, adds articles with `/ingest`."
_NO_KEEPERS = "Articles are not added from this server."
_MORE = "`/help` lists everything."


class Welcome:
    """Greets servers, each once ever."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._begun: set[int] = set()

    async def greet_all(self) -> None:
        """Greet the servers that were joined shortly before the bot ran for the first time with this store."""
        database, workers = self._services.database, self._services.workers
        if await workers.query(lambda: database.fact(CONNECTED_FACT)):
            return
        since = discord.utils.utcnow() - MAX_JOINED_AGE
        for guild in list(self._services.client.guilds):
            if guild.me and guild.me.joined_at and guild.me.joined_at >= since:
                await self.greet(guild)

    async def greet(self, guild: discord.Guild) -> bool:
        """Greet a server in its system channel; return whether it was greeted now.

        Where it has none that the bot may write in: whoever added the bot, as far as the audit log tells, else the
        owner; else the first channel.
        """
        database, workers = self._services.database, self._services.workers
        fact = f"greeted:{guild.id}"
        if guild.id in self._begun:
            return False
        self._begun.add(guild.id)
        try:
            if await workers.query(lambda: bool(database.fact(fact))):
                return False
            with speaking(language_of(guild.preferred_locale.value)):
                page = MessagePage(self._text(guild.id))
            async for place in self._places(guild):
                try:
                    await MessageReply(place, layout=self._services.layout).say(page)
                except (discord.HTTPException, *CONNECTION_ERRORS) as error:
                    log("greeting_failed", error=error)
                    continue
                await workers.query(lambda: database.save_fact(fact, "yes"))
                log("greeted", guild=guild.id)
                return True
        finally:
            self._begun.discard(guild.id)
        return False

    def _text(self, guild: int) -> str:
        """Return the greeting: what the bot does, three examples, who may keep articles."""
        trusted = self._services.app.settings.discord_admin_servers
        is_trusted = not trusted or str(guild) in trusted.split(",")
        lines = [
            translated(_ABOUT),
            translated(_ASK),
            translated(_QUOTE),
            translated(_TIMELINE),
            f"-# {translated(_KEEPERS if is_trusted else _NO_KEEPERS)} {translated(_MORE)}",
        ]
        return "\n".join(lines)

    async def _places(self, guild: discord.Guild) -> AsyncIterator[discord.abc.Messageable]:
        """Yield where a greeting may go, the best place first."""
        system = guild.system_channel
        if system and _may_write(system):
            yield system
        person = await _added_by(guild)
        try:
            yield await self._services.client.create_dm(discord.Object(person))
        except (discord.HTTPException, *CONNECTION_ERRORS) as error:
            log("greeting_failed", error=error)
        for channel in guild.text_channels:
            if channel != system and _may_write(channel):
                yield channel
                return


def _may_write(channel: discord.TextChannel) -> bool:
    me = channel.guild.me
    permissions = channel.permissions_for(me) if me else discord.Permissions.none()
    return permissions.view_channel and permissions.send_messages


async def _added_by(guild: discord.Guild) -> int:
    """Return the person who added the bot as far as the audit log may be read and tells, else the owner."""
    if guild.me and guild.me.guild_permissions.view_audit_log:
        try:
            async for entry in guild.audit_logs(limit=10, action=discord.AuditLogAction.bot_add):
                if entry.target and entry.target.id == guild.me.id and entry.user_id:
                    return entry.user_id
        except (discord.HTTPException, *CONNECTION_ERRORS) as error:
            log("audit_log_failed", error=error)
    return guild.owner_id or 0
