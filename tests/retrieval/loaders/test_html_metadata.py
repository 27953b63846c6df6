from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles import Article
from tests.retrieval.loaders.test_html_text import END, LEAD, load, page


def read(tmp_path: Path, *, head: str = "", before: str = "", after: str = "") -> tuple[Article, list[str]]:
    body = f"<main><article><h1>Bridge vote</h1>{before}<p>{LEAD}</p><p>{END}</p></article></main>{after}"
    return load(tmp_path, page(body, f"<title>Bridge vote</title>{head}"))


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("head", "before", "author"),
    [
        ('<meta name="author" content="Leah C. Stokes">', "", "Leah C. Stokes"),
        ('<meta name="author" content="By Seán O&#39;Brien-Smith, Jr.">', "", "Seán O'Brien-Smith, Jr."),
        ('<meta property="article:author" content="https://www.facebook.com/thecoast">', "", ""),
        ('<meta name="author" content="admin">', '<p class="byline">By Jo Roe</p>', "Jo Roe"),
        ("", '<a rel="author" href="/jo">Jo Roe</a>', "Jo Roe"),
        ("", '<div class="byline">By <span>Jo Roe</span> and <span>Ann Lee</span></div>', "Jo Roe and Ann Lee"),
        ("", '<p class="byline">By Jo Roe, Ann Lee &amp; Kim Ray</p>', "Jo Roe, Ann Lee & Kim Ray"),
        ("", '<p class="byline">By Jo Roe in Oslo</p>', "Jo Roe"),
        ("", '<p class="byline">Story by Jo Roe; photos by Kim Ray</p>', "Jo Roe"),
        ("", '<div class="author">Posted March 3, 2020</div>', ""),
        ("", '<div class="byline">Posted March</div>', ""),
        (json_ld('{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Jo M. Roe"}]}'), "", "Jo M. Roe"),
        (
            json_ld(
                '{"@graph": [{"@type": "Article", "author": {"@id": "#jo"}},'
                ' {"@type": "Person", "@id": "#jo", "name": "Jo Roe"}]}'
            ),
            "",
            "Jo Roe",
        ),
    ],
)
def test_the_author_is_whom_the_page_states(tmp_path: Path, head: str, before: str, author: str) -> None:
    found, _ = read(tmp_path, head=head, before=before)
    assert found.author == author


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<footer>Theme by <a rel="author" href="https://themes.example">Anders Holm</a></footer>',
        '<div class="site-info"><span class="author">Anders Holm</span> 3 May 2019</div>',
        '<aside><p class="byline">By Anders Holm</p><time datetime="2019-05-03">3 May 2019</time></aside>',
        '<div id="comments"><span class="author">Anders Holm</span><time datetime="2019-05-03">3 May</time></div>',
        '<div class="related"><span class="byline">By Anders Holm</span><span class="date">3 May 2019</span></div>',
    ],
)
def test_page_furniture_states_no_author_and_no_date(tmp_path: Path, elsewhere: str) -> None:
    found, notes = read(tmp_path, after=elsewhere)
    assert (found.author, found.published, notes) == ("", "", [])


@pytest.mark.parametrize(
    ("head", "before", "date"),
    [
        ('<meta property="article:published_time" content="2024-05-04T08:00:00+02:00">', "", "2024-05-04"),
        ('<meta name="pubdate" content="20240504">', "", "2024-05-04"),
        (json_ld('{"@type": "ReportageNewsArticle", "datePublished": "2024-05-04"}'), "", "2024-05-04"),
        ('<link rel="canonical" href="https://coast.example/2024/05/04/bridge">', "", "2024-05-04"),
        ("", '<time datetime="2024-05-04T08:00">today</time>', "2024-05-04"),
        ("", '<p class="date">Published on May 4, 2024</p>', "2024-05-04"),
        ("", '<p class="date">04.05.2024</p>', "2024-05-04"),
        ("", '<p class="byline">By Jo Roe | 4 May 2024</p>', "2024-05-04"),
        ("", '<p class="date">Published 4 May 2024 — Updated 6 May 2024</p>', "2024-05-04"),
        ("", '<p class="date">Last updated: 6 May 2024 | Jo Roe</p>', ""),
        ("", '<p class="date">13/04/2024</p>', "2024-04-13"),
        ("", '<span class="updated"><time class="modified" datetime="2024-06-01">1 June</time></span>', ""),
        ("", '<time datetime="2024-05-04">4 May</time> <time datetime="2024-05-05">5 May</time>', ""),
        ("", '<p class="date">Posted March</p>', ""),
        ("", '<p class="date">yesterday</p>', ""),
    ],
)
def test_the_date_is_what_the_page_states(tmp_path: Path, head: str, before: str, date: str) -> None:
    found, _ = read(tmp_path, head=head, before=before)
    assert found.published == date


@pytest.mark.parametrize("written", ['<p class="date">04/05/2024</p>', '<time datetime="04/05/2024">4/5</time>'])
def test_a_date_that_could_be_two_days_is_noted(tmp_path: Path, written: str) -> None:
    found, (note,) = read(tmp_path, before=written)
    assert found.published == ""
    assert "04/05/2024" in note
    assert "could be two days" in note


def test_a_language_with_its_own_months_is_read(tmp_path: Path) -> None:
    markup = page(
        f'<article><h1>Bridge vote</h1><p class="datum">4. Mai 2024</p><p>{LEAD}</p><p>{END}</p></article>'
    ).replace("<html>", '<html lang="de-DE">')
    found, _ = load(tmp_path, markup)
    assert found.published == "2024-05-04"
