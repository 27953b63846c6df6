"""Answers as a person reads them on a terminal; its ``.plain`` is what a pipe gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from bot.answers import EXTRACTIVE, Answer, Citation, Searched
from bot.render.clean import line
from bot.render.layout import NO, NUMBER, QUIET, QUOTE, TITLE, hanging, joined, linked
from bot.render.places import Places
from bot.render.written import claim_lines, foot_lines, tally
from retrieval.articles import ArticleInfo, Filters

_NAMED = 3  # copies of a source that are named; the rest is counted


def answer_text(answer: Answer, places: Places, width: int | None = None) -> Text:
    """Return the answer: its sentences, each with its number, and under them where each stands.

    An abstention says what was searched and shows the nearest sentences, marked as not an answer. ``width`` in cells;
    None does not wrap.
    """
    return Text.assemble(said_text(answer, 0, width), end_text(answer, places, width))


def said_text(answer: Answer, start: int, width: int | None = None) -> Text:
    """Return what an answer says, from claim ``start`` on: an answer that grows is printed piece by piece."""
    if answer.answerer != EXTRACTIVE:
        return joined(claim_lines(answer.claims, start, width))
    shown = () if answer.abstention else answer.citations[start:]
    return joined(each for citation in shown for each in _quoted(citation, width))


def end_text(answer: Answer, places: Places, width: int | None = None) -> Text:
    """Return what stands under what was said: the places, or the abstention."""
    if answer.abstention:
        return joined([*([Text()] if answer.claims else []), *_abstained(answer, places, width)])
    lines = [Text(), *_sources(answer.citations, places, width)]
    return joined(lines if answer.answerer == EXTRACTIVE else [*lines, Text(), *foot_lines(answer, width)])


def _abstained(answer: Answer, places: Places, width: int | None) -> list[Text]:
    message = answer.abstention.message if answer.abstention else ""
    lines = hanging(Text(line(message), NO), width)
    lines += hanging(Text(f"Searched {searched_words(answer.searched)}.", QUIET), width)
    if any(claim.counted for claim in answer.withheld):
        lines += hanging(Text(f"{tally(answer)} (/why shows what). Written by {line(answer.answerer)}.", QUIET), width)
    if not answer.nearest:
        return lines
    lines += [Text(), *hanging(Text("Nearest in them, but not an answer:", QUIET), width)]
    for citation in answer.nearest:
        lines += _quoted(citation, width, indent="  ")
    return [*lines, Text(), *_sources(answer.nearest, places, width)]


def _quoted(citation: Citation, width: int | None, indent: str = "") -> list[Text]:
    words = Text.assemble((f"“{line(citation.quote)}”", QUOTE), " ", (f"[{citation.number}]", NUMBER))
    return hanging(words, width, first=indent, rest=indent)


def _sources(citations: Sequence[Citation], places: Places, width: int | None) -> list[Text]:
    """Return the citations under the titles of their articles, articles by their first number."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    lines: list[Text] = []
    for group in by_article.values():
        lines += hanging(headline(group[0].article), width, rest="  ")
        copies = group[0].copies
        lines += hanging(Text(also_in(copies), QUIET), width, first="  ", rest="  ") if copies else []
        for citation in group:
            number = Text(f"[{citation.number}] ", NUMBER)
            lines += hanging(Text(place(citation, places), QUIET), width, first=number, rest=" " * number.cell_len)
    return lines


def also_in(copies: Sequence[ArticleInfo]) -> str:
    """Return "also in: The Star (2019-03-01), Daily Post and 3 others"; an article without an outlet by its title."""
    named = []
    for copy in copies[:_NAMED]:
        day = line(copy.published)[:10]
        named.append((line(copy.source) or line(copy.title) or "Untitled") + (f" ({day})" if day else ""))
    more = len(copies) - len(named)
    return f"also in: {', '.join(named)}" + (f" and {counted(more, 'other')}" if more else "")


def place(citation: Citation, places: Places) -> str:
    """Return where a citation stands: "p. 3 · ¶ 4 · seeds/a.txt:120-340"."""
    where = located(citation.article, places)
    page = [f"p. {citation.page}"] if citation.page else []
    span = f"{where}:{citation.span.start}-{citation.span.end}"
    return " · ".join([*page, f"¶ {citation.paragraph}", span])


def located(article: ArticleInfo, places: Places) -> str:
    """Return an article's file from here ("#" and its id where a file holds many), else its address or origin."""
    record = article.origin.removeprefix(article.path) if article.origin.startswith(f"{article.path}#") else ""
    return line(places.path(article.path) + record if article.path else article.url or article.origin)


def headline(article: ArticleInfo) -> Text:
    """Return "Title — outlet, date", the title linked when the article has a web address."""
    title = linked(line(article.title) or "Untitled", article.url, TITLE)
    about = ", ".join(filter(None, (line(article.source), line(article.published)[:10])))
    return Text.assemble(title, (f" — {about}", QUIET)) if about else title


def searched_words(searched: Searched) -> str:
    """Return "3 articles, 21 passages" and the filters."""
    limits = filter_words(searched.filters)
    return (
        counted(searched.articles, "article")
        + ", "
        + counted(searched.passages, "passage")
        + (limits and f" ({limits})")
    )


def filter_words(filters: Filters) -> str:
    """Return the filters as they are typed: "source=Reuters since=2024-01-01"; nothing when there are none."""
    named: list[tuple[str, Iterable[str]]] = [
        ("source", filters.sources),
        ("author", filters.authors),
        ("since", filter(None, [filters.since])),
        ("until", filter(None, [filters.until])),
        ("article", filters.articles),
    ]
    return " ".join(f"{name}={_typed(line(value))}" for name, values in named for value in values)


def _typed(value: str) -> str:
    return f'"{value}"' if " " in value else value


def counted(number: int, noun: str) -> str:
    """Return "1 article", "2,516 articles"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
