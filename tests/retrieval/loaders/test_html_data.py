"""Pages whose text stands elsewhere than in their visible markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.retrieval.loaders.fakes_files import refusal
from tests.retrieval.loaders.test_html_text import END, LEAD, load, page

CAPTION = (
    "<figure><img src='x.jpg'><figcaption>The old bridge over the river, seen from the hall.</figcaption></figure>"
)
SHELL = f"<main><article><h1>Bridge vote</h1>{CAPTION}</article></main>"
NOTE = "its text was read from the page's data, as the page shows less of it"
OTHER = "Another article of the site, which the state of the page holds as well, has nothing to do with bridges. " * 9


def script(data: object, start: str = '<script type="application/json">') -> str:
    return f"{start}{json.dumps(data)}</script>"


@pytest.mark.parametrize(
    "data",
    [
        script({"@type": "NewsArticle", "articleBody": f"{LEAD}\n\n{END}"}, '<script type="application/ld+json">'),
        script({"props": {"article": {"title": "Bridge vote", "body": f"<p>{LEAD}</p><p>{END}</p>"}}}),
        script({"story": {"headline": "Bridge vote", "content": [{"type": "p", "text": LEAD}, {"content": END}]}}),
        script({"a": {"title": "Bridge vote", "body": f"<p>{LEAD}</p><p>{END}</p>"}}, "<script>window.__STATE__ = "),
        script(
            {
                "list": [
                    {"title": "Other", "body": OTHER},
                    {"title": "Bridge vote", "body": f"<p>{LEAD}</p><p>{END}</p>"},
                ]
            }
        ),
    ],
)
def test_a_text_that_the_page_holds_as_data_is_its_text(tmp_path: Path, data: str) -> None:
    found, notes = load(tmp_path, page(SHELL + data))
    assert found.text == f"{LEAD}\n\n{END}"
    assert notes == [NOTE]


def test_a_text_for_browsers_without_scripts_is_its_text(tmp_path: Path) -> None:
    body = f"{LEAD} {END}"
    found, _ = load(tmp_path, page(f"<div id='root'></div><noscript><h1>Bridge vote</h1><p>{body}</p></noscript>"))
    assert body in found.text


def test_what_the_page_shows_counts_before_its_data(tmp_path: Path) -> None:
    data = script({"title": "Bridge vote", "body": OTHER})
    found, notes = load(tmp_path, page(f"<article><h1>Bridge vote</h1><p>{LEAD}</p><p>{END * 3}</p></article>{data}"))
    assert LEAD in found.text
    assert "Another article" not in found.text
    assert notes == []


def test_a_page_with_a_caption_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page(SHELL + script({"title": "Other", "body": OTHER})))
    assert "no main text" in refusal(path)


def test_a_body_in_a_block_for_subscribers_is_text(tmp_path: Path) -> None:
    body = f"<div class='paywall premium' id='premium'><p>{LEAD}</p><p>{END}</p></div>"
    rights = "<p>Copyright 2024 The Coast. All rights reserved, in print and online, everywhere.</p>"
    found, _ = load(tmp_path, page(f"<main><article><h1>Bridge vote</h1>{body}{rights}</article></main>"))
    assert LEAD in found.text
    assert END in found.text


def test_a_page_that_only_subscribers_see_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    rights = "<p>© 2024 The Coast. All rights reserved.</p>"
    for prompt in (
        "<button>Subscribe now</button>",
        "<p>This article is for subscribers only. Subscribe now to read the full story for $1 a week.</p>",
        "<p>Already a subscriber? Log in to continue reading this article on all of your devices.</p>",
    ):
        wall = f"<div class='paywall'>{prompt}</div>{rights}"
        path.write_text(page(f"<main><article><h1>Bridge vote</h1>{CAPTION}{wall}</article></main>"))
        assert "for subscribers" in refusal(path)


@pytest.mark.parametrize("depth", [200, 100_000])
def test_deep_data_is_no_trap(tmp_path: Path, depth: int) -> None:
    deep = "[" * depth
    data = f'<script type="application/json">{deep}</script><script type="application/ld+json">{deep}</script>'
    found, _ = load(tmp_path, page(f"<article><h1>Bridge vote</h1><p>{LEAD}</p></article>{data}"))
    assert LEAD in found.text
