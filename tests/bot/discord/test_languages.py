"""The languages of replies, and of what Discord is told about the commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from simcord import interactions

from bot.discord.buttons import answer_actions, with_buttons
from bot.discord.command_sync import command_payloads
from bot.discord.errors import (
    ArticleChanged,
    QueueFull,
    RateLimited,
    ReplyExpired,
    ShuttingDown,
    TooManyWrites,
    error_message,
)
from bot.discord.layout import MAX_COMPONENTS, component_view
from bot.discord.pages import MAX_MESSAGE_CHARACTERS
from bot.discord.render_answers import answer_pages
from bot.render.catalogue import LANGUAGES, language_of, speaking
from retrieval.errors import InputError
from tests.bot.discord.fakes_discord import STRIKE, buttons, components, make_bot, scene, simulated, text_of
from tests.bot.fakes_bot import answered, cite, info

MENU_TYPES = {2, 3}
"""Discord's context menus: their names may have spaces and capitals."""


def named(siblings: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield commands, their subcommands and options, each with those that must not have the same name."""
    for each in siblings:
        yield each, siblings
        yield from named(each.get("options", []))


@simulated
async def test_the_names_of_commands_keep_discords_rules_in_every_language(tmp_path: Path) -> None:
    """Lower case, 1 to 32 letters, digits, "-", "_"; unique; descriptions of at most 100 characters; none missing."""
    async with scene(make_bot(tmp_path)) as here:
        payloads = await command_payloads(here.bot.tree)
    commands = [one for one in payloads if one.get("type", 1) not in MENU_TYPES]
    for each, siblings in named(commands):
        names, descriptions = each["name_localizations"], each["description_localizations"]
        assert {language_of(locale) for locale in names} == set(LANGUAGES), each["name"]
        assert {language_of(locale) for locale in descriptions} == set(LANGUAGES), each["description"]
        assert {"es-ES", "es-419"} <= names.keys()
        for locale, name in names.items():
            assert re.fullmatch(r"[\w'-]{1,32}", name), name
            assert name == name.lower()
            assert sum(other["name_localizations"][locale] == name for other in siblings) == 1, (locale, name)
        assert all(1 <= len(text) <= 100 for text in descriptions.values()), descriptions
        for choice in each.get("choices", []):
            assert {language_of(locale) for locale in choice["name_localizations"]} == set(LANGUAGES), choice
    for menu in (one for one in payloads if one.get("type", 1) in MENU_TYPES):
        assert {language_of(locale) for locale in menu["name_localizations"]} == set(LANGUAGES), menu["name"]
        assert all(1 <= len(name) <= 32 for name in menu["name_localizations"].values())


@simulated
async def test_the_registered_commands_carry_their_names_in_other_languages(tmp_path: Path) -> None:
    """In the payload of the registration itself."""
    async with scene(make_bot(tmp_path)) as here:
        sent = next(
            one.json for one in here.env.http_requests if one.method == "PUT" and one.path.endswith("/commands")
        )
        ask = next(one for one in sent if one["name"] == "ask")
        assert ask["name_localizations"]["de"] == "fragen"
        assert {one["name"]: one["name_localizations"]["fr"] for one in ask["options"]}["source"] == "source"


@pytest.fixture
def speaks(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Have Discord say which languages people and servers have; the simulation says English of all."""
    original = interactions.base_payload

    def speak(person: str, server: str) -> None:
        def localised(*args: Any, **about: Any) -> tuple[Any, dict[str, Any]]:
            record, payload = original(*args, **about)
            payload["locale"] = person
            if "guild_locale" in payload:
                payload["guild_locale"] = server
            return record, payload

        monkeypatch.setattr(interactions, "base_payload", localised)

    return speak


@simulated
async def test_a_private_reply_is_in_the_persons_language(tmp_path: Path, speaks: Callable[[str, str], None]) -> None:
    """A public one in the server's, where it chose one, else in the person's."""
    async with scene(make_bot(tmp_path)) as here:
        speaks("de", "fr")
        alone = await here.ana.slash(here.channel, "ask", question=STRIKE, private=True)
        everybody = await here.ana.slash(here.channel, "ask", question=STRIKE)
        speaks("es-419", "en-US")
        unchosen = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert "Quellen" in text_of(alone.response)
        assert "Sources" in text_of(everybody.response)
        assert "Fuentes" in text_of(unchosen.response)
        for shown in (alone, everybody, unchosen):
            assert "The dockers of Port Vell ended their strike on Tuesday." in text_of(shown.response)


@simulated
async def test_a_mention_is_answered_in_the_servers_language(tmp_path: Path) -> None:
    """And English where it chose none."""
    async with scene(make_bot(tmp_path)) as here:
        await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        assert "Sources" in text_of(here.channel.last_message)
        abroad = here.env.create_guild(preferred_locale="es-ES")
        channel = abroad.create_text_channel("mesa")
        eva = abroad.add_member(here.env.create_user("eva"))
        await eva.send(channel, f"{here.bot.user.mention} {STRIKE}")
        assert "Fuentes" in text_of(channel.last_message)


@simulated
async def test_a_direct_message_is_answered_in_the_language_of_an_earlier_interaction(
    tmp_path: Path, speaks: Callable[[str, str], None]
) -> None:
    """English before there was one, and once the person has been forgotten; also after a restart."""
    async with scene(make_bot(tmp_path)) as here:

        async def answered() -> str:
            await here.ana.send_dm(STRIKE)
            return text_of(here.ana.user.dm_channel.last_message)

        assert "Sources" in await answered()
        speaks("de", "en-US")
        await here.ana.slash(here.channel, "help")
        assert "Quellen" in await answered()
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        assert "Quellen" in await answered()
        assert here.env.bot.services.database.personal_rows(here.ana.id)["languages"][0]["language"] == "de"
        await here.ana.slash(here.channel, "forget-me")
        assert "Sources" in await answered()
        assert here.env.bot.services.database.personal_rows(here.ana.id)["languages"] == []
        await here.env.bot.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_said_in_the_language_of_the_context(language: str) -> None:
    """Each kind of it."""
    kinds: list[Callable[[], Exception]] = [
        QueueFull,
        partial(QueueFull, 7, 12.5),
        TooManyWrites,
        ShuttingDown,
        ArticleChanged,
        ReplyExpired,
        partial(RateLimited, 3, of_channel=True),
    ]
    english = [str(kind()) for kind in kinds]
    with speaking(language):
        for kind, words in zip(kinds, english, strict=True):
            assert str(kind()) != words


def test_words_of_an_error_cannot_break_a_sentence() -> None:
    """Braces in what a person typed."""
    with speaking("de"):
        assert error_message(InputError("{0} {id}"), "r") == "Das geht so nicht: {0} {id}"


@simulated
async def test_a_refusal_is_in_the_askers_language_though_the_answer_is_the_servers(
    tmp_path: Path, speaks: Callable[[str, str], None]
) -> None:
    """Only the asker sees it."""
    async with scene(make_bot(tmp_path, discord_person_per_minute=1)) as here:
        speaks("fr", "de")
        await here.ana.slash(here.channel, "ask", question=STRIKE)
        refused = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert "Vous avez posé beaucoup de questions" in text_of(refused.response)


@simulated
async def test_buttons_are_labelled_in_the_language_of_their_message(
    tmp_path: Path, speaks: Callable[[str, str], None]
) -> None:
    """And answer in that of who presses them; their ids stay."""
    async with scene(make_bot(tmp_path)) as here:
        speaks("fr", "de")
        answer = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert {"Warum", "Zitate prüfen"} <= buttons(answer.response).keys()
        assert buttons(answer.response)["Warum"].startswith("onrecord:why:")
        voted = await here.ben.click(answer.response, label="👍")
        assert "C'est noté" in text_of(voted.response)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_answer_keeps_the_limits_in_every_language(language: str) -> None:
    """2,000 characters of text, 4,000 of components, 40 of them; braces of articles stand as they are."""
    articles = [info(number, title="{0} {title} {" * 8, source="{x}" * 30) for number in range(40)]
    citations = [cite(number, "{quote} " * 60, each) for number, each in enumerate(articles, 1)]
    answer = answered(*citations, question="{question}", standalone_question="{other}", answerer="openai:{model}")
    with speaking(language):
        messages = with_buttons(answer_pages(answer, asked="{question}"), "0" * 16, answer_actions(3, private=True))
        shown = [component_view(message).to_components() for message in messages]
    assert len(messages) > 1
    for message, sent in zip(messages, shown, strict=True):
        assert len(message.page.text) <= MAX_MESSAGE_CHARACTERS
        held = list(components({"components": sent}))
        assert len(held) <= MAX_COMPONENTS
        assert sum(len(one.get("content", "")) for one in held) <= 4_000
        assert all(len(one["label"]) <= 80 for one in held if "label" in one)
    assert "{quote} {quote}" in messages[0].page.text


@simulated
async def test_that_nobody_of_a_name_is_quoted_is_said_in_the_askers_language(
    tmp_path: Path, speaks: Callable[[str, str], None]
) -> None:
    """A sentence of the record, which knows no language."""
    async with scene(make_bot(tmp_path)) as here:
        speaks("de", "en-US")
        said = await here.ana.slash(here.channel, "said", name="Ann {0}")
        assert "Kein Artikel enthält eine Aussage von 'Ann {0}'." in text_of(said.response)
