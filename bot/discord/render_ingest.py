"""What was read of the files that were sent, as Discord messages. Pure: values in, pages out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.discord.escape import escaped_line
from bot.discord.pages import Accent, Fragment, MessagePage, Opening, paginate, word_fragments
from bot.discord.render_answers import source_fragment
from bot.render.catalogue import retold, translated
from bot.render.phrases import counted
from retrieval.articles import ArticleInfo
from retrieval.errors import OnrecordError
from retrieval.ingest import IngestReport
from retrieval.text.sanitize import line

MAX_ARTICLES_SHOWN = 3
"""Articles of one file that are shown; all are counted."""
PREVIEW_CHARACTERS = 240
"""Characters of an article's beginning that are shown: what is enough to see that the right thing was read."""

_MAX_PROBLEMS_SHOWN = 5
_MAX_NAME_CHARACTERS = 100
_MAX_PROBLEM_CHARACTERS = 200
_QUOTE = "> "
_SMALL = "\n-# "


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article that was read.

    Attributes:
        info: The article.
        beginning: How it begins.
    """

    info: ArticleInfo
    beginning: str


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of a file.

    Attributes:
        name: Its name.
        report: What was counted; None where it was not read.
        articles: The first of its articles.
        problem: Why it was not read; empty where it was.
        error: The error behind that, where there is one.
    """

    name: str
    report: IngestReport | None = None
    articles: tuple[ReadArticle, ...] = ()
    problem: str = ""
    error: OnrecordError | None = None


def ingest_pages(results: Sequence[FileResult]) -> list[MessagePage]:
    """Return what was read of each file, with the beginnings of its articles, and what was refused and why."""
    fragments: list[Fragment] = []
    if len(results) > 1:
        read = sum(bool(each.articles) for each in results)
        fragments.append(
            Fragment(f"**{translated('{number} of {files} read', number=read, files=counted(len(results), 'file'))}**")
        )
    for each in results:
        fragments += _file(each, first=not fragments)
    return paginate(fragments, accent=_accent(results))


def _accent(results: Sequence[FileResult]) -> Accent:
    if not any(each.articles for each in results):
        return Accent.NOT_HERE
    is_whole = all(each.report and not each.report.refused_count for each in results)
    return Accent.ANSWERED if is_whole else Accent.POSSIBLY


def _file(result: FileResult, *, first: bool) -> list[Fragment]:
    name = f"**{escaped_line(result.name, _MAX_NAME_CHARACTERS)}**"
    if result.report is None:
        problem = escaped_line(retold(result.problem), _MAX_PROBLEM_CHARACTERS)
        return [_opening(translated("{name}: not read: {problem}", name=name, problem=problem), first=first)]
    report = result.report
    done = (
        (report.added, "added"),
        (report.changed, "changed"),
        (report.unchanged, "there already"),
        (report.refused_count, "refused"),
    )
    counts = ", ".join(f"{number:,} {translated(what)}" for number, what in done if number)
    counts = counts or translated("nothing found")
    fragments = [_opening(f"{name}: {counts}.", first=first)]
    if report.copies:
        copies = translated("Nearly the same as an article that is there: {number:,}.", number=report.copies)
        fragments.append(Fragment(_SMALL + copies))
    problems = [
        escaped_line(retold(each.message), _MAX_PROBLEM_CHARACTERS) for each in [*report.refused, *report.notes]
    ]
    fragments += [Fragment(f"{_SMALL}{words}") for words in problems[:_MAX_PROBLEMS_SHOWN]]
    for article in result.articles:
        fragments += _article(article)
    more = report.added + report.changed + report.unchanged - len(result.articles)
    if result.articles and more > 0:
        fragments.append(Fragment(f"{_SMALL}{counted(more, 'more article')}."))
    return fragments


def _opening(words: str, *, first: bool) -> Fragment:
    return Fragment(words if first else f"\n\n{words}", opens=Opening.NOTHING if first else Opening.SECTION)


def _article(article: ReadArticle) -> list[Fragment]:
    length = counted(article.info.characters, "character")
    first, *more = word_fragments(article.beginning, lead=_QUOTE, before=f"\n{_QUOTE}") or [Fragment("")]
    return [source_fragment(article.info, "\n", bold=True, also=length), replace(first, opens=Opening.BLOCK), *more]


def beginning(text: str) -> str:
    """Return how a text begins, whole words on one line, at most ``PREVIEW_CHARACTERS`` characters."""
    words = line(text[: 2 * PREVIEW_CHARACTERS])
    if len(words) <= PREVIEW_CHARACTERS:
        return words
    return f"{words[:PREVIEW_CHARACTERS].rsplit(maxsplit=1)[0]}…"
