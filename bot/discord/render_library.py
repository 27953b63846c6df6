"""The library as Discord messages: an article's beginning, the outlets. Pure: values in, pages out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.escape import escaped_line
from bot.discord.pages import Accent, Fragment, MessagePage, Opening, paginate, word_fragments
from bot.discord.render_answers import MAX_TITLE_CHARACTERS, source_fragment
from bot.render.catalogue import translated
from bot.render.phrases import counted
from bot.render.sources import author_of
from retrieval.articles import Article, ArticleInfo

ARTICLE_PREVIEW_CHARACTERS = 1_500
"""Characters of an article that `/article` shows: one message."""
MAX_OUTLET_ROWS = 15
"""Outlets in rows of their own; the others follow in one paragraph."""

_QUOTE = "> "
_SMALL = "\n-# "


def article_pages(article: Article, info: ArticleInfo) -> list[MessagePage]:
    """Return an article's beginning, whole words, with its author and length."""
    text = article.text.strip()
    shown = text[:ARTICLE_PREVIEW_CHARACTERS]
    if len(shown) < len(text):
        shown = (shown if text[len(shown)].isspace() else shown.rsplit(maxsplit=1)[0]).rstrip() + " …"
    author = author_of(info)
    about = " · ".join(
        [*([translated("by {author}", author=author)] if author else []), counted(len(text.split()), "word")]
    )
    quote, *more = word_fragments(shown, lead=_QUOTE, before=f"\n{_QUOTE}") or [
        Fragment(f"\n{translated('It has no text.')}")
    ]
    opening = Fragment(quote.text, lead=quote.lead, opens=Opening.BLOCK)
    return paginate([source_fragment(info, bold=True, also=about), opening, *more], accent=Accent.ANSWERED)


def sources_pages(sources: Sequence[tuple[str, int]], unnamed: int, dates: tuple[str, str]) -> list[MessagePage]:
    """Return the outlets with their numbers of articles, and the days they span."""
    atoms = [Fragment(f"**{counted(len(sources), 'outlet')}**" if sources else f"**{translated('No outlets')}**")]
    first, others = sources[:MAX_OUTLET_ROWS], sources[MAX_OUTLET_ROWS:]
    atoms += [Fragment(f"\n- {_outlet(name)}: {number:,}", opens=Opening.ROW) for name, number in first]
    if others:
        atoms.append(Fragment(f"\n**{translated('Others')}**", opens=Opening.SECTION))
    for at, (name, number) in enumerate(others):
        end = "" if at == len(others) - 1 else ","
        atoms.append(Fragment(f"{' ' if at else chr(10)}{_outlet(name)} ({number:,}){end}"))
    notes = [translated("No outlet is named in {articles}.", articles=counted(unnamed, "article"))] if unnamed else []
    notes += [translated("Published {first} to {last}.", first=dates[0][:10], last=dates[1][:10])] if any(dates) else []
    atoms += [Fragment(_SMALL + " ".join(notes), opens=Opening.SECTION)] if notes else []
    return paginate(atoms, accent=Accent.INFORMATION)


def _outlet(name: str) -> str:
    return escaped_line(name, MAX_TITLE_CHARACTERS)
