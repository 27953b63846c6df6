"""An article with a span marked, and the lists of articles and outlets."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from bot.render.layout import MARK, QUIET, TITLE, Places, hanging, joined
from bot.render.phrases import counted
from bot.render.sources import located, location
from bot.render.terminal import headline
from retrieval.articles import Article, ArticleInfo, BlockKind, Span
from retrieval.text.sanitize import clean, line

_STYLES = {
    BlockKind.TITLE: TITLE,
    BlockKind.HEADING: TITLE,
    BlockKind.TABLE_HEADER: TITLE,
    BlockKind.BOILERPLATE: QUIET,
}
_BAR, _NO_BAR = "┃ ", "  "  # the marked lines show without colour, too
COPIES_NAMED = 5
"""Articles of the same story that are named; the rest is counted."""

_OPEN, _CLOSE = "⟦", "⟧"  # and so do the exact characters


@dataclass(frozen=True, slots=True)
class ArticleLayout:
    """An article laid out: its lines, and which of them hold the marked span ([first, last], or None)."""

    lines: tuple[Text, ...]
    marked: tuple[int, int] | None

    def window(self, height: int) -> int:
        """Return the first line of the ``height`` lines that show the mark with context on both sides."""
        if self.marked is None:
            return 0
        first, last = self.marked
        context = max(0, height - (last - first + 1)) // 2
        return max(0, min(first - context, len(self.lines) - height))

    def page(self, top: int, height: int) -> Text:
        """Return ``height`` lines from ``top``."""
        return joined(self.lines[top : top + height])


def lay_out(article: Article, mark: Span | None, width: int | None = None) -> ArticleLayout:
    """Lay the article's text out, headings bold, debris dim, the marked characters between ⟦ and ⟧ and highlighted."""
    lines: list[Text] = []
    marked: list[int] = []
    for paragraph in _styled(article, mark).split("\n", allow_blank=True):
        for each in hanging(paragraph, None if width is None else width - len(_BAR)):
            holds = any(span.style == MARK for span in each.spans)
            if holds:
                marked.append(len(lines))
            lines.append(
                Text.assemble((_BAR, MARK + Style(bgcolor="default", color="yellow")) if holds else _NO_BAR, each)
            )
    for each in lines:
        each.rstrip()
    return ArticleLayout(tuple(lines), (marked[0], marked[-1]) if marked else None)


def excerpt(laid: ArticleLayout, context: int) -> Text:
    """Return the marked lines with up to ``context`` lines on each side, saying how many lines are left out."""
    first, last = laid.marked or (0, len(laid.lines) - 1)
    top, end = max(0, first - context), min(len(laid.lines), last + 1 + context)
    before = [Text(f"… {counted(top, 'line')} before", QUIET)] if top else []
    after = [Text(f"… {counted(len(laid.lines) - end, 'line')} after", QUIET)] if end < len(laid.lines) else []
    return joined([*before, *laid.lines[top:end], *after])


def _styled(article: Article, mark: Span | None) -> Text:
    text = Text()
    cuts = {0, len(article.text)} | {edge for block in article.blocks for edge in (block.span.start, block.span.end)}
    if mark:
        cuts |= {mark.start, mark.end}
    edges = sorted(cuts)
    blocks = iter(article.blocks)
    block = next(blocks, None)
    for start, end in itertools.pairwise(edges):
        while block and block.span.end <= start:
            block = next(blocks, None)
        inside = block is not None and block.span.start <= start
        style = _STYLES.get(block.kind, Style()) if block and inside else Style()
        if mark and mark.start == start:
            text.append(_OPEN, MARK)
        is_marked = mark is not None and mark.start <= start and end <= mark.end
        text.append(clean(article.text[start:end]), MARK if is_marked else style)
        if mark and mark.end == end:
            text.append(_CLOSE, MARK)
    return text


def article_head(  # noqa: PLR0917 (what a head shows, in its order)
    info: ArticleInfo,
    mark: Span | None,
    places: Places,
    width: int | None = None,
    note: str = "",
    copies: Sequence[ArticleInfo] = (),
) -> Text:
    """Return the title, the path with the span, after ``note`` (the paragraph), and the articles of the same story."""
    where = (f"{note} · " if note else "") + (location(info, mark, places) if mark else located(info, places))
    same: list[Text] = []
    for copy in copies[:COPIES_NAMED]:
        same += hanging(Text.assemble(("nearly the same: ", QUIET), headline(copy), (f" · {copy.id}", QUIET)), width)
    if len(copies) > COPIES_NAMED:
        same.append(Text(f"and {len(copies) - COPIES_NAMED:,} more", QUIET))
    return joined([*hanging(headline(info), width), *hanging(Text(where, QUIET), width), *same, Text()])


def articles_text(articles: Sequence[ArticleInfo], places: Places, width: int | None = None) -> Text:
    """Return the list of articles: title, outlet and date; id, passages and path."""
    if not articles:
        return Text("No article.\n")
    lines: list[Text] = []
    for info in articles:
        about = " · ".join(
            filter(None, [info.id, line(info.author), counted(info.passages, "passage"), located(info, places)])
        )
        lines += [
            *hanging(headline(info), width, rest="  "),
            *hanging(Text(about, QUIET), width, first="  ", rest="  "),
        ]
    return joined(lines)


def sources_text(sources: Sequence[tuple[str, int]], dates: tuple[str, str], width: int | None = None) -> Text:
    """Return the outlets with how many articles each has, and the days they span."""
    lines = [
        each
        for name, number in sources
        for each in hanging(Text(line(name) or "(no outlet named)"), width, first=f"{number:>6,}  ", rest=" " * 8)
    ]
    if any(dates):
        lines += hanging(Text(f"Published {dates[0][:10]} to {dates[1][:10]}.", QUIET), width)
    return joined(lines)
