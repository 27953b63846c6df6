"""Message text: what a message says, wherever in it, as plain text.

What people wrote, embeds, forwarded messages, polls and the text of components (the bot's own messages are made of
these) are paragraphs of one text, in which Discord's markup is resolved: mentions are names, links are their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import discord

from retrieval.quotes.draft_text import without_markup
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import clean

_FENCE = LazyPattern(r"```(?:[\w+.#-]{1,40}(?=\n))?")
_REST_QUOTED = LazyPattern(r"^>>> ", re.MULTILINE)
_LINE_MARK = LazyPattern(r"^(?P<quoted>(?:> )*)(?:#{1,3}|-#) +", re.MULTILINE)
_REFERENCE = LazyPattern(
    r"<(?:@!?(?P<user>\d{1,20})|@&(?P<role>\d{1,20})|#(?P<channel>\d{1,20})|a?:\w{1,40}:\d{1,20}"
    r"|t:(?P<time>-?\d{1,13})(?::[a-zA-Z])?|/(?P<command>[^<>:\n]{1,100}):\d{1,20}|id:\w{1,20}"
    r"|(?P<address>https?://[^\s<>]{1,2000}))>"
)
_MASKED_LINK = LazyPattern(r"\]\(\s*<(?=https?://[^\s<>]{1,2000}>)", re.IGNORECASE)
_BLOCK_MARK = LazyPattern(r"^(?:> ?)+", re.MULTILINE)
_BLANK_LINES = LazyPattern(r"\n(?:[ \t]*\n){2,}")


def message_text(message: discord.Message, me: int = 0) -> str:
    """Return what a message says; its parts are paragraphs, in the order in which Discord shows them.

    Block quotations keep their ``>``, since they are somebody's words.

    Args:
        message: The message.
        me: The bot's own user, whose mention is left out.
    """
    names = {f"user {user.id}": f"@{user.display_name}" for user in message.mentions} | {f"user {me}": ""}
    if message.guild:
        names |= {f"role {role.id}": f"@{role.name}" for role in message.role_mentions}
        names |= {f"channel {channel.id}": f"#{channel.name}" for channel in message.channel_mentions}
    parts = (_resolved(part, names) for part in _parts(message))
    return "\n\n".join(part for part in parts if part)


def without_block_marks(text: str) -> str:
    """Return a message's text without the marks of block quotations: a question is read with its words alone."""
    return _BLOCK_MARK.sub("", text)


def _parts(message: discord.Message) -> Iterator[str]:
    """Yield the texts of a message, then of each message that it forwards."""
    said: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for each in said:
        yield each.content
        for embed in each.embeds:
            yield from _embed_parts(embed)
        yield from _component_parts(each.components)
    if message.poll:
        yield "\n".join([message.poll.question, *(answer.text or "" for answer in message.poll.answers)])


def _embed_parts(embed: discord.Embed) -> Iterator[str]:
    yield embed.author.name or ""
    yield embed.title or ""
    yield embed.description or ""
    for field in embed.fields:
        yield f"{field.name or ''}\n{field.value or ''}"
    yield embed.footer.text or ""


def _component_parts(components: Sequence[object]) -> Iterator[str]:
    """Yield the text displays among components, those inside containers and sections too."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        elif isinstance(component, discord.Container | discord.SectionComponent):
            yield from _component_parts(component.children)


def _resolved(markup: str, names: Mapping[str, str]) -> str:
    """Return the text of one part as a reader sees it."""

    def reference(found: re.Match[str]) -> str:
        kind = found.lastgroup
        if kind in {"user", "role", "channel"}:
            return names.get(f"{kind} {found[kind]}", f"#{kind}" if kind == "channel" else f"@{kind}")
        if kind == "time":
            return _day(int(found[kind]))
        return f"/{found[kind]}" if kind == "command" else found["address"] or ""

    text = _FENCE.sub("", clean(markup))
    rest = _REST_QUOTED.search(text)
    if rest:  # up to the end of the message
        quoted = text[rest.end() :].replace("\n", "\n> ")
        text = f"{text[: rest.start()]}> {quoted}"
    text = _LINE_MARK.sub(r"\g<quoted>", text)
    text = _REFERENCE.sub(reference, _MASKED_LINK.sub("](", text))
    return _BLANK_LINES.sub("\n\n", without_markup(text)).strip()


def _day(seconds: int) -> str:
    """Return the day (UTC) of a timestamp of Discord's: "5 March 2024"; nothing where there is no such day."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return ""
    return f"{moment.day} {moment:%B} {moment.year}"
