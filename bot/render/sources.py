"""The list of sources under an answer: each article once, with its citations, its copies, and where they are found.

Values and plain phrases; each face escapes and lays them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answers import Citation, Correction
from bot.render.catalogue import translated
from bot.render.layout import Places
from bot.render.phrases import counted
from retrieval.articles import ArticleInfo, Span
from retrieval.structure.genre import is_opinion
from retrieval.text.sanitize import line

COPIES_NAMED = 3
"""Copies of a source that are named; the rest is counted."""

_NO_AUTHOR = frozenset({"", "none", "unknown", "n/a", "null"})
"""Author lines that name nobody."""
UNDATED = "undated"
OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Source:
    """An article that is cited, and its citations in their order."""

    article: ArticleInfo
    citations: tuple[Citation, ...]

    @property
    def copies(self) -> tuple[ArticleInfo, ...]:
        """Other articles that are near-duplicates of it, the earliest first."""
        return self.citations[0].copies


def sources_of(citations: Iterable[Citation]) -> list[Source]:
    """Return the sources of citations, in the order in which they are first cited."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    return [Source(group[0].article, tuple(group)) for group in by_article.values()]


def title_of(article: ArticleInfo) -> str:
    """Return the title, or "Untitled"."""
    return line(article.title) or translated("Untitled")


def details_of(article: ArticleInfo) -> list[str]:
    """Return the outlet where it is known, the day or "undated", and "opinion" for an opinion piece."""
    return list(filter(None, (line(article.source), day_of(article), translated(OPINION) if opinion(article) else "")))


def headline_of(article: ArticleInfo) -> str:
    """Return "Title — outlet, date", and "opinion" for an opinion piece."""
    return f"{title_of(article)} — {', '.join(details_of(article))}"


def distinctions(articles: Iterable[ArticleInfo]) -> dict[str, str]:
    """Return by id what tells articles of the same title, outlet and day apart: the author, or else the length."""
    groups: dict[str, list[ArticleInfo]] = {}
    for article in articles:
        groups.setdefault(headline_of(article).casefold(), []).append(article)
    found: dict[str, str] = {}
    for group in groups.values():
        different = {each.id: each for each in group}
        if len(different) > 1:
            authors = [author_of(each) for each in different.values()]
            told = all(authors) and len({author.casefold() for author in authors}) == len(authors)
            for each, author in zip(different.values(), authors, strict=True):
                found[each.id] = (
                    translated("by {author}", author=author) if told else counted(each.characters, "character")
                )
    return found


def author_of(article: ArticleInfo) -> str:
    """Return the author line of an article; empty where it names nobody."""
    author = line(article.author)
    return "" if author.strip().lower() in _NO_AUTHOR else author


def day_of(article: ArticleInfo) -> str:
    """Return the day on which an article was published, or "undated"."""
    return line(article.published)[:10] or translated(UNDATED)


def opinion(article: ArticleInfo) -> bool:
    """Return whether an article shows that it is an opinion piece."""
    return is_opinion(title=article.title, url=article.url, source=article.source, author=article.author)


def also_in(copies: Sequence[ArticleInfo]) -> str:
    """Return "also in: The Star (2019-03-01), Daily Post and 3 others"; an article without an outlet by its title."""
    named = []
    for copy in copies[:COPIES_NAMED]:
        day = line(copy.published)[:10]
        named.append((line(copy.source) or title_of(copy)) + (f" ({day})" if day else ""))
    more = len(copies) - len(named)
    outlets = ", ".join(named)
    if more:
        outlets = translated("{outlets} and {others}", outlets=outlets, others=counted(more, "other"))
    return translated("also in: {outlets}", outlets=outlets)


def withdrawal(correction: Correction) -> str:
    """Return "Withdrawn by a correction: “It was 40, not 60.”"."""
    return translated("Withdrawn by a correction: “{note}”", note=line(correction.note))


def located(article: ArticleInfo, places: Places) -> str:
    """Return an article's file from here ("#" and its id where a file has many), else its address or origin."""
    record = article.origin.removeprefix(article.path) if article.origin.startswith(f"{article.path}#") else ""
    return line(places.path(article.path) + record if article.path else article.url or article.origin)


def location(article: ArticleInfo, span: Span, places: Places) -> str:
    """Return characters of an article as `show` takes them: "seeds/a.txt:120-340"."""
    return f"{located(article, places)}:{span.start}-{span.end}"


def position(paragraph: int, page: int | None) -> str:
    """Return the page, where there are pages, and the paragraph: "p. 3 · ¶ 4"."""
    return (f"p. {page} · " if page else "") + f"¶ {paragraph}"
