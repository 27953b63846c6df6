"""Nothing is cut inside a word, a citation, a link or an escape, and nothing that is quoted takes effect."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.buttons import with_buttons
from bot.discord.escape import escaped, escaped_line, safe_address
from bot.discord.layout import plain_view
from bot.discord.pages import MAX_CITATION_BUTTONS, MAX_MESSAGE_CHARACTERS, Fragment, paginate, word_fragments
from bot.discord.render_answers import answer_pages, passage_pages, why_pages
from tests.bot.fakes_bot import abstained, answered, cite, info
from tests.fakes import make_article

HOSTILE = "@everyone @here <@123> <@!123> <@&5> <#9> <t:0:R> <:x:1> <a:x:1> </ask:1> [go](https://evil.example) "
HOSTILE += "https://evil.example/x discord.gg/abc # head\n# head\n> quote\n- item\n1. one\n-# small\n```js\nx```"
HOSTILE += " ||spoiler|| **bold** __u__ ~~s~~ :smile: \u202egnp\u202c\u200b\x00\x1b[31m \\"


def rendered(text: str) -> str:
    """Return text as Discord's client shows it when no mark takes effect: without the escapes."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace("\u200b", "")


def unescaped(text: str) -> str:
    """Return text without every escaped character: what could still take effect."""
    return re.sub(r"\\[^0-9A-Za-z\s]", "", text)


def test_what_an_article_writes_takes_no_effect() -> None:
    """Mentions, timestamps, emoji, masked links, bare addresses, headings, fences, spoilers, direction marks."""
    shown = escaped(HOSTILE)
    left = unescaped(shown)
    assert not re.search(r"[<>*_~`|\[\]#]", left)
    assert not re.search(r"@(everyone|here|[!&]?\d)", shown)
    assert "://" not in left
    assert not re.search(r"(?m)^\s*([-+]|\d+\.) ", left)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", shown)
    assert ":smile:" not in left
    assert "discord.gg" not in left


@given(st.text(alphabet=st.sampled_from("ab@<>:/\\*_~`|[]()#-+1. \n@everyone\u200b\u202e"), max_size=80))
def test_escaped_text_shows_the_same_characters(text: str) -> None:
    """Escaping loses nothing but what cannot be seen."""
    from retrieval.text.sanitize import clean

    assert rendered(escaped(text)) == clean(text)


@given(st.text(max_size=60))
def test_one_line_stays_one_line(text: str) -> None:
    """Whatever line ends Unicode knows."""
    assert len(escaped_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://coast.example/a_b*c", "https://coast.example/a_b*c"),
        ("http://coast.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://coast.example/a b", ""),
        ("https://coast.example/>@everyone", ""),
        ("https://bank.example@evil.example/", ""),
        ("https://coast.example/" + "x" * 600, ""),
    ],
)
def test_only_whole_https_addresses_are_links(url: str, shown: str) -> None:
    """Whatever else an article names as its address leads nowhere."""
    assert safe_address(url) == shown


@given(st.lists(st.text(alphabet="ab \\*@:/\n", max_size=900), max_size=6), st.booleans())
def test_pages_hold_every_word_once_within_the_limit(texts: list[str], bold: bool) -> None:
    """Whatever the words are."""
    atoms = [atom for text in texts for atom in word_fragments(text, bold=bold, lead="> ", before="\n> ")]
    pages = paginate(atoms, 300)
    assert all(0 < len(page.text) <= 300 + 8 for page in pages)
    said = re.sub(r"[>*\s]", "", "".join(page.text for page in pages))
    assert said == re.sub(r"[>*\s]", "", "".join(atom.text for atom in atoms))


def test_a_long_answer_with_many_citations_keeps_each_whole() -> None:
    """6,000 characters, 25 citations: every page within the limits, every number with its button once."""
    url = "https://coast.example/" + "a" * 120
    quotes = [f"Sentence {number} says " + "something *important* @everyone " * 7 for number in range(1, 26)]
    citations = [
        cite(
            number,
            quote.strip(),
            info(number, title=f"Title {number} [x]({url})", source="Coast", url=f"{url}{number}"),
        )
        for number, quote in enumerate(quotes, 1)
    ]
    answer = answered(*citations)
    assert len(answer.text) > 5_500
    pages = answer_pages(answer, asked="What " * 100)
    assert all(len(page.text) <= MAX_MESSAGE_CHARACTERS for page in pages)
    assert all(len(page.numbers) <= MAX_CITATION_BUTTONS for page in pages)
    assert sorted(number for page in pages for number in page.numbers) == list(range(1, 26))
    text = "\n".join(page.text for page in pages)
    for number in range(1, 26):
        assert f"<{url}{number}>" in text
        assert re.search(rf"\S” \[{number}\]", text)
    assert "Title 3 \\[x\\](https\\://coast" in text


def test_a_source_names_its_copies() -> None:
    """By outlet and day; the fourth and following are counted."""
    copies = (info(2, source="The Star", published="2024-03-06"), info(3), info(4), info(5))
    answer = answered(cite(1, "It ended.", info(1), copies=copies), cite(2, "Wages rise.", info(4)))
    lines = answer_pages(answer)[0].text.split("\n")
    assert [line for line in lines if "also in" in line] == [
        "-# undated · also in: The Star (2024-03-06), Article 3, Article 4 and 1 other"
    ]


def test_buttons_fit_discords_limits() -> None:
    """Five rows of five, ids of at most 100 characters."""
    import asyncio

    async def check() -> None:
        pages = paginate([Fragment(f"[{n}] ", number=n) for n in range(1, 46)])
        from bot.discord.buttons import BAD, GOOD, QUOTES, SHARE, WHY

        for message in with_buttons(pages, "0123456789abcdef", [WHY, QUOTES, GOOD, BAD, SHARE]):
            view = plain_view(message)
            assert view is not None
            rows = view.to_components()
            assert len(rows) <= 5
            assert all(len(row["components"]) <= 5 for row in rows)
            assert all(len(one["custom_id"]) <= 100 for row in rows for one in row["components"])

    asyncio.run(check())


def test_a_passage_shows_the_cited_characters_in_bold_in_their_surroundings() -> None:
    """Also where they begin inside a word of a line, and run over two lines."""
    article = make_article("Before it all.\nThe mayor said “we will*\nnot pay” today.\nAfter.", title="Town")
    start = article.text.index("we will")
    from retrieval.articles import Span

    (page,) = passage_pages(article, info(title="Town"), 3, Span(start, start + len("we will*\nnot pay")))
    assert page.text.splitlines() == [
        "[3] **Town**",
        "-# undated",
        "> Before it all.",
        "> The mayor said “**we will\\***",
        "> **not pay**” today.",
        "> After.",
    ]


def test_an_abstention_and_its_reasons_fit_a_message() -> None:
    """With three long sentences nearest."""
    near = [cite(number, "word " * 300, info(number, title="T" * 400)) for number in (1, 2, 3)]
    pages = answer_pages(abstained(*near))
    assert all(len(page.text) <= MAX_MESSAGE_CHARACTERS for page in pages)
    assert "Not in these articles." in pages[0].text
    assert all(len(text) <= MAX_MESSAGE_CHARACTERS for text in why_pages(abstained(*near)))
