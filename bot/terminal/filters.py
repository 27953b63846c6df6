"""Filters as a person types them: ``source="Coast Herald" since=2024-01-01``."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.articles import Filters
from retrieval.errors import InputError

if TYPE_CHECKING:
    from bot.app import App

FILTERS = {"source": "sources", "author": "authors", "since": "since", "until": "until", "article": "articles"}
"""Filters by the name they are typed with."""


def filtered(app: App, filters: Filters, argument: str) -> Filters:
    """Return ``filters`` with what ``argument`` sets; "since=" with nothing after it takes one away.

    Raises:
        InputError: It is no filter, or one that cannot be read.
    """
    try:
        parts = shlex.split(argument)
    except ValueError:
        raise InputError(f"a quotation mark is not closed in {argument!r}") from None
    chosen: dict[str, list[str]] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or name not in FILTERS:
            raise InputError(f"{part!r} is not a filter: write source=…, author=…, since=…, until=… or article=…")
        chosen.setdefault(name, []).extend([value] if value else [])
    for name, values in chosen.items():
        day = "".join(values[-1:])
        filters = replace(filters, **{FILTERS[name]: day if name in {"since", "until"} else tuple(values)})  # type: ignore[arg-type]  # the value fits the name
    if "article" not in chosen:
        return app.filters(filters.sources, filters.authors, filters.since, filters.until, filters.articles)
    return app.filters(filters.sources, filters.authors, filters.since, filters.until, chosen["article"])
