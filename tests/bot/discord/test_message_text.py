"""What a message says: its words, wherever they are in it, without Discord's markup."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord.message_text import message_text, without_block_marks
from evals.quotes.store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_text import read_draft
from retrieval.quotes.verdict import TextVerdict
from tests.bot.discord.fakes_discord import make_bot, scene, simulated, text_of

WORDS = "The dockers of Port Vell ended their strike on Tuesday."
HALVES = WORDS.split(" their ")


def message(content: str = "", **more: Any) -> Any:
    """Return a message of which only what it says is there."""
    parts: dict[str, Any] = {"embeds": [], "components": [], "message_snapshots": [], "poll": None, "guild": None}
    return SimpleNamespace(content=content, mentions=[SimpleNamespace(id=7, display_name="Ana")], **(parts | more))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**bold** *it* __under__ ~~struck~~ ||spoiler|| `code`", "bold it under struck spoiler code"),
        ("```py\nprint(1)\n```", "print(1)"),
        ("```“one”```", "“one”"),
        ("[words](https://x.example/a) and [more](<https://x.example/b>)", "words and more"),
        ("[**bold**](https://x.example/a)", "bold"),
        ("<@7> and <@!7>, <@9>, <@&1>, <#2>", "@Ana and @Ana, , @role, #channel"),
        ("<:kek:123> <a:kek:123> yes", "yes"),
        ("on <t:1709640000:D> at <t:99999999999999:R>", "on 5 March 2024 at <t:99999999999999:R>"),
        ("</ask:123> in <id:browse> at <https://x.example/a>", "/ask in  at https://x.example/a"),
        ("# Head\n-# small\n> ## quoted", "Head\nsmall\n> quoted"),
        ("a\n>>> b\nc", "a\n> b\n> c"),
        (r"\*not bold\* \> 5 \<@7\> https\://x.example", "*not bold* > 5 <@7> https://x.example"),
        ("2 * 3 * 4, snake_case_name", "2 * 3 * 4, snake_case_name"),
        ("The\u200b str\u200bike", "The strike"),
        ("[x](javascript:alert(1)) @everyone", "x @everyone"),
    ],
)
def test_markup_is_resolved(written: str, read: str) -> None:
    """A reader of the message sees these words."""
    assert message_text(message(written), me=9) == read


def test_embeds_forwarded_messages_components_and_polls_are_read() -> None:
    """In the order in which they are shown, each part a paragraph."""
    embed = discord.Embed(title="**Title**", description="Said [so](https://x.example/a)")
    embed.add_field(name="Field", value="||value||").set_footer(text="Foot").set_author(name="Author")
    forwarded = SimpleNamespace(content="> forwarded", embeds=[discord.Embed(title="Inner")], components=[])
    poll = SimpleNamespace(question="Who?", answers=[SimpleNamespace(text="Ana"), SimpleNamespace(text=None)])
    read = message_text(message("content", embeds=[embed], message_snapshots=[forwarded], poll=poll))
    parts = ["content", "Author", "Title", "Said so", "Field\nvalue", "Foot", "> forwarded", "Inner", "Who?\nAna"]
    assert read.split("\n\n") == parts
    assert without_block_marks("> a\n> > b\nc > d") == "a\nb\nc > d"


def quoted() -> list[str]:
    """Return the same quotation as people and programs lay it out."""
    first, second = HALVES
    return [
        f"> “{first} their\n> {second}”",
        f"**“{WORDS}”**",
        f"“**{first}** their *{second}*”",
        f"||“{WORDS}”||",
        f"“{first} ||their|| {second}”",
        f"“[{first}](https://x.example/a) their [{second}](<https://x.example/b>)”",
        f"[“{WORDS}”](https://x.example/a)",
        f">>> “{first} their\n{second}”",
        f"```\n“{WORDS}”\n```",
        f"> {WORDS}",
        f"> {first} their\n> {second}",
        f"-# “{WORDS}” [1]",
        f"“{WORDS}” <@123456789012345678> :joy: <:kek:123456789012345678> lol",
        rf"\“{first} their {second}\”",
    ]


@pytest.fixture(scope="module")
def desk() -> QuoteDesk:
    library = TextLibrary()
    library.add([("a", "Strike", "The Coast", "2024-01-01", f"“{WORDS}” said Ana Prats, the mayor.\n")])
    return QuoteDesk(library)


@pytest.mark.parametrize("written", quoted())
def test_a_quotation_is_checked_however_it_is_laid_out(desk: QuoteDesk, written: str) -> None:
    """Over two lines, in bold, hidden, behind a link: the same words, and nobody is said to be named."""
    review = desk.review(read_draft(message_text(message(written))))
    assert [(one.verdict.text, one.claim) for one in review.checked] == [(TextVerdict.VERBATIM, None)]
    assert not review.unchecked


@simulated
async def test_embeds_and_forwarded_messages_are_checked_and_asked_about(tmp_path: Path) -> None:
    """Alike: what is only in an embed, in a message that is passed on, in a message of the bot."""
    embed = discord.Embed(title="Strike", description=f"He said: “{WORDS}”").set_footer(
        text="“The lighthouse keeper marries a baroness in winter,” he said."
    )
    embed.add_field(name="Also", value="“The pandas of the zoo vote for oranges tonight,” she said.")
    async with scene(make_bot(tmp_path)) as here:
        hook = here.guild.create_webhook(here.channel, name="feed")
        posted = await hook.send(embed=embed)
        passed_on = await here.ben.forward(posted, here.channel)
        for said in (posted, passed_on):
            shown = text_of((await here.ana.context_menu(here.channel, "Check quotes", said)).response)
            assert "3 quotations in this message: 1 verbatim, 2 not found" in shown.replace("*", "")
            asked = await here.ana.context_menu(here.channel, "Ask about this", said)
            assert "pandas" in text_of(asked.response)
        answer = await here.ben.slash(here.channel, "ask", question="Which strike ended on Tuesday?")
        shown = text_of((await here.ana.context_menu(here.channel, "Check quotes", answer.response)).response)
        assert "1 verbatim" in shown.replace("*", "")
        assert "misattributed" not in shown.lower()
