"""Places as a person types them: ``ARTICLE:120-340``."""

from __future__ import annotations

import re

from retrieval.articles import Span
from retrieval.errors import InputError


def split_place(named: str) -> tuple[str, Span | None]:
    """Split "ARTICLE:120-340" into the article's name and the span.

    Raises:
        InputError: The span ends before it starts.
    """
    found = re.fullmatch(r"(.+):([0-9]{1,12})-([0-9]{1,12})", named, re.DOTALL)
    if not found:
        return named, None
    start, end = int(found[2]), int(found[3])
    if start >= end:
        raise InputError(f"{found[2]}-{found[3]} is not a span: write START-END, START before END")
    return found[1], Span(start, end)


def check_span(mark: Span | None, characters: int) -> None:
    """Check that a span lies in a text.

    Raises:
        InputError: It ends behind the text's end.
    """
    if mark and mark.end > characters:
        raise InputError(f"{mark.start}-{mark.end} goes past the article's end: it has {characters:,} characters")
