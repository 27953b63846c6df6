"""Completes the REPL's commands, outlets and article titles."""

from __future__ import annotations

import itertools
import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from bot.app import App
from bot.terminal.filters import FILTERS
from bot.terminal.slash_commands import COMMANDS
from retrieval.text.sanitize import line

_MAX_COMPLETIONS = 30


def _is_draft(path: str) -> bool:
    from retrieval.loaders.discovery import format_of  # noqa: PLC0415 (late: the prompt waits for no loader)

    return os.path.isdir(path) or bool(format_of(Path(path)))  # noqa: PTH112 (prompt_toolkit gives strings)


_DRAFTS = PathCompleter(expanduser=True, file_filter=_is_draft)


class SessionCompleter(Completer):
    """Completes lines that begin with "/"; a question is left alone."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: tuple[int, list[str], list[str]] = (-1, [], [])

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield what may follow the text before the cursor."""
        typed = document.text_before_cursor
        if not typed.startswith("/"):
            return
        name, space, argument = typed[1:].partition(" ")
        if not space:
            for command in COMMANDS.values():
                if command.name.startswith(name):
                    yield Completion(command.name, -len(name), display=f"/{command.name}", display_meta=command.about)
        elif name == "show":
            yield from self._titles(argument)
        elif name == "filter":
            yield from self._filters(argument)
        elif name == "check":
            yield from _DRAFTS.get_completions(Document(argument), complete_event)

    def _filters(self, argument: str) -> Iterator[Completion]:
        key, equals, value = _unfinished(argument).partition("=")
        if not equals:
            yield from (Completion(f"{each}=", -len(key)) for each in FILTERS if each.startswith(key))
            if argument == key and "clear".startswith(key):
                yield Completion("clear", -len(key))
            return
        values = {"source": self._sources, "author": self._authors, "article": self._titles_of_articles}.get(key)
        wanted = value.lstrip("\"'").casefold()
        found = [each for each in values() if wanted in each.casefold()] if values else []
        for each in found[:_MAX_COMPLETIONS]:
            yield Completion(shlex.quote(each) if " " in each or "'" in each else each, -len(value), display=each)

    def _titles(self, wanted: str) -> Iterator[Completion]:
        found = (title for title in self._titles_of_articles() if wanted.casefold() in title.casefold())
        yield from (Completion(title, -len(wanted)) for title in itertools.islice(found, _MAX_COMPLETIONS))

    def _names(self) -> tuple[list[str], list[str]]:
        """Return the titles and the authors of the articles, read once per revision: each key asks for them."""
        revision = self._app.library.revision
        if self._known[0] != revision:
            articles = self._app.library.articles()
            titles = dict.fromkeys(line(info.title) for info in articles if info.title)
            self._known = (revision, list(titles), sorted({line(info.author) for info in articles if info.author}))
        return self._known[1:]

    def _sources(self) -> list[str]:
        return [line(name) for name, _ in self._app.library.sources()]

    def _authors(self) -> list[str]:
        return self._names()[1]

    def _titles_of_articles(self) -> list[str]:
        return self._names()[0]


def _unfinished(argument: str) -> str:
    """Return the part being typed: what follows the last space outside quotation marks."""
    quote, start = "", 0
    for at, char in enumerate(argument):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == " ":
            start = at + 1
    return argument[start:]
