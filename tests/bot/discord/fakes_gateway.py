"""A small Discord on the loopback: the real client speaks HTTP and WebSocket with it, and its connections can break."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from aiohttp import WSMsgType, web

BOT, GUILD, CHANNEL, ANA = 1, 10, 20, 30
PATIENCE_SECONDS = 60.0
OK = {"id": str(BOT), "username": "onrecord", "discriminator": "0", "avatar": None, "bot": True}
TEXT_CHANNEL = {
    "id": str(CHANNEL), "type": 0, "name": "desk", "position": 0, "permission_overwrites": [], "nsfw": False,
    "parent_id": None, "guild_id": str(GUILD),
}  # fmt: skip


APPLICATION = {
    "id": str(BOT), "name": "onrecord", "description": "", "icon": None, "summary": "", "flags": 0,
    "bot_public": False, "bot_require_code_grant": False, "verify_key": "", "owner": OK, "team": None,
}  # fmt: skip


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON as Discord types it: discord.py knows no other spelling."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


class Gateway:
    """The server; ``trouble`` says what goes wrong with the next posts of messages."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.nonces: dict[str, dict[str, Any]] = {}
        self.trouble: list[str] = []
        self.sessions: list[str] = []  # how each connection began: identify or resume
        self.socket: web.WebSocketResponse | None = None
        self.acknowledged: list[dict[str, Any]] = []
        self.refused = 0  # acknowledgements of what was acknowledged before
        self.original: dict[str, Any] | None = None  # what took the place of "thinking…"
        self.commands: list[Any] = []  # each upload of the commands
        self.commands_refusal: tuple[int, dict[str, Any]] | None = None
        self.token_expired = False  # the interaction's
        self.held = 0  # requests that get no response
        self.can_resume = True
        self.token_known = True
        self._numbers = itertools.count(discord.utils.time_snowflake(discord.utils.utcnow()) + 1)
        self._sequence = itertools.count(1)
        self.url = self.api = ""

    # What the test does

    def say(self, text: str, *, author: int = ANA) -> dict[str, Any]:
        """Write a message, as a person; it comes to the client only through ``send``."""
        message = self._message({"content": text}, OK | {"id": str(author), "username": "ana", "bot": False})
        message["mentions"] = [OK] if f"<@{BOT}>" in text else []
        return message

    def command(self, name: str, **options: str | bool) -> dict[str, Any]:
        """Return a command that a person gives."""
        person = OK | {"id": str(ANA), "username": "ana", "bot": False}
        member = {"user": person, "roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False}
        given = [
            {"name": option, "type": 5 if isinstance(value, bool) else 3, "value": value}
            for option, value in options.items()
        ]
        return {
            "id": "77", "application_id": str(BOT), "type": 2, "token": "interaction-token", "version": 1,
            "guild_id": str(GUILD), "channel_id": str(CHANNEL), "channel": TEXT_CHANNEL, "locale": "en-US",
            "member": member | {"flags": 0, "permissions": "0"}, "app_permissions": "0", "entitlements": [],
            "authorizing_integration_owners": {}, "attachment_size_limit": 1_000_000, "context": 0,
            "data": {"id": "78", "name": name, "type": 1, "options": given},
        }  # fmt: skip

    async def send(self, event: str, data: dict[str, Any]) -> None:
        """Tell the client of an event."""
        assert self.socket
        await self.socket.send_json({"op": 0, "t": event, "s": next(self._sequence), "d": data})

    async def drop(self) -> None:
        """Break the connection."""
        assert self.socket
        await self.socket.close(code=4000)
        self.socket = None

    async def until(self, true: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for something that the client does."""
        for _ in range(round(seconds * 100)):
            if true():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it never came")

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What the bot wrote."""
        return [one for one in self.messages if one["author"]["id"] == str(BOT)]

    # What the client does

    def _message(self, data: dict[str, Any], author: dict[str, Any]) -> dict[str, Any]:
        message = {
            "id": str(next(self._numbers)), "channel_id": str(CHANNEL), "guild_id": str(GUILD), "author": author,
            "content": data.get("content"), "timestamp": discord.utils.utcnow().isoformat(), "edited_timestamp": None,
            "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
            "embeds": [], "pinned": False, "type": 0, "components": data.get("components", []),
        }  # fmt: skip
        if "message_reference" in data:
            message["message_reference"] = data["message_reference"]
        self.messages.append(message)
        return message

    async def rest(self, request: web.Request) -> web.StreamResponse:  # noqa: PLR0911 (a request each)
        """Answer a request of the client."""
        path = request.path.removeprefix("/api/v10")
        if not self.token_known:
            return _json({"code": 0, "message": "401: Unauthorized"}, status=401)
        if path.endswith("/commands") and request.method == "PUT":
            self.commands.append(await request.json())
            if self.commands_refusal:
                status, reason = self.commands_refusal
                return _json(reason, status=status)
        known = {"/users/@me": OK, "/oauth2/applications/@me": APPLICATION}
        if path in known or path.endswith("/commands"):
            return _json(known.get(path, []))
        if path.endswith("/typing"):
            return web.Response(status=204)
        if request.method == "GET" and path.startswith("/channels/"):
            single = path.partition("/messages/")[2]
            return self._single(single) if single else _json(list(reversed(self.messages)))
        if request.method == "DELETE":
            self.messages = [one for one in self.messages if not path.endswith(f"/{one['id']}")]
            return web.Response(status=204)
        special = {"callback": self._callback, "@original": self._original}.get(path.rpartition("/")[2])
        if path.startswith("/webhooks/") and request.method == "POST":
            special = self._followup
        return await (special or (self._edit if request.method == "PATCH" else self._post))(request)

    async def _callback(self, request: web.Request) -> web.StreamResponse:
        """Acknowledge an interaction, once."""
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "429":
            limited = {"message": "slow down", "retry_after": 0.05, "global": False}
            return _json(limited, status=429, headers={"Via": "1.1"})
        if trouble == "502 before":
            return web.Response(status=502)
        if self.acknowledged:
            self.refused += 1
            return _json({"code": 40060, "message": "Interaction has already been acknowledged."}, status=400)
        self.acknowledged.append(await request.json())
        if trouble == "502 after":
            return web.Response(status=502)
        if trouble == "reset after":
            assert request.transport
            request.transport.abort()
        return _json({"interaction": {"id": "77", "type": 2, "response_message_loading": True}})

    async def _original(self, request: web.Request) -> web.StreamResponse:
        """Put an answer in the place of "thinking…", or of what took its place before."""
        if self.token_expired:
            return _json({"code": 50027, "message": "Invalid Webhook Token"}, status=401)
        if self.original is None:
            self.original = self._message(await request.json(), OK)
        else:
            self.original |= await request.json()
        return _json(self.original)

    async def _hold(self) -> None:
        """Give no response until the client has gone."""
        self.held += 1
        await asyncio.sleep(PATIENCE_SECONDS)

    async def _followup(self, request: web.Request) -> web.StreamResponse:
        """Make a further message of an interaction, another one for each request."""
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "hold":
            await self._hold()
        message = None if trouble.endswith("before") else self._message(await request.json(), OK)
        if trouble.startswith("502"):
            return web.Response(status=502)
        if trouble:
            assert request.transport
            request.transport.abort()
        return _json(message)

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        """Change a message: the whole answer replaces its preview."""
        change, response = await request.json(), self._single(request.path.rpartition("/")[2])
        found = [one for one in self.messages if request.path.endswith(f"/{one['id']}")]
        for message in found:
            message.update(change)
        return _json(found[0]) if found else response

    def _single(self, identifier: str) -> web.Response:
        found = [one for one in self.messages if one["id"] == identifier]
        return _json(found[0]) if found else _json({"code": 10008, "message": "Unknown Message"}, status=404)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        trouble = self.trouble.pop(0) if self.trouble else ""
        data = await request.json()
        if trouble == "hold":
            await self._hold()
        if trouble == "429":
            return _json(
                {"message": "slow down", "retry_after": 0.05, "global": False}, status=429, headers={"Via": "1.1"}
            )
        if trouble == "500":
            return web.Response(status=500)
        message = self.nonces.get(data["nonce"])
        if message is None and trouble != "reset before":
            message = self.nonces[data["nonce"]] = self._message(data, OK)
        if trouble.startswith("reset"):
            assert request.transport
            request.transport.abort()
            return web.Response()
        return _json(message)

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Hold a connection of the client."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            data = json.loads(frame.data)
            if data["op"] == 1:
                await socket.send_json({"op": 11})
            elif data["op"] == 2:
                self.socket = socket
                self.sessions.append("identify")
                await self._ready()
            elif data["op"] == 6 and not self.can_resume:
                self.sessions.append("refused")
                await socket.send_json({"op": 9, "d": False})
            elif data["op"] == 6:
                self.socket = socket
                self.sessions.append("resume")
                await self.send("RESUMED", {})
        return socket

    async def _ready(self) -> None:
        await self.send(
            "READY",
            {
                "v": 10, "user": OK, "guilds": [{"id": str(GUILD), "unavailable": True}], "session_id": "session",
                "resume_gateway_url": self.url, "application": {"id": str(BOT), "flags": 0},
            },
        )  # fmt: skip
        last = self.messages[-1]["id"] if self.messages else None
        everybody = {"id": str(GUILD), "name": "@everyone", "permissions": str(discord.Permissions.all().value)}
        role = {"position": 0, "color": 0, "hoist": False, "managed": False, "mentionable": False}
        member = {
            "user": OK,
            "roles": [],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        channel = TEXT_CHANNEL | {"last_message_id": last}
        guild = {
            "id": str(GUILD), "name": "paper", "owner_id": str(ANA), "channels": [channel],
            "roles": [everybody | role], "members": [member | {"flags": 0}], "emojis": [], "stickers": [],
            "features": [], "threads": [], "voice_states": [], "presences": [], "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [], "member_count": 2, "large": False, "unavailable": False,
        }  # fmt: skip
        await self.send("GUILD_CREATE", guild)


@asynccontextmanager
async def loopback(monkeypatch: Any) -> AsyncIterator[Gateway]:
    """Run the server, and point discord.py at it."""
    server = Gateway()
    app = web.Application()
    app.router.add_get("/gateway/", server.gateway)
    app.router.add_route("*", "/api/v10/{rest:.*}", server.rest)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"ws://127.0.0.1:{port}/gateway/"
    server.api = f"http://127.0.0.1:{port}/api/v10"
    monkeypatch.setattr(discord.http.Route, "BASE", server.api)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.url))
    monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda self: 0.01)
    try:
        yield server
    finally:
        await runner.cleanup()
