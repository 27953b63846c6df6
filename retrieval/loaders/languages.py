"""Languages: letters beyond ASCII and commonest words, by which the encoding of a text is detected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Language(NamedTuple):
    """A written language.

    Attributes:
        letters: Its lower-case letters beyond ASCII.
        borrowed: Those of names and loanwords from its neighbours.
        words: Its commonest words, in lower case.
    """

    letters: frozenset[str]
    borrowed: frozenset[str]
    words: frozenset[str]


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages of the code pages for Europe, by name. Others are left to charset-normalizer."""
    data = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return {
        name: Language(frozenset(its["letters"]), frozenset(its["borrowed"]), frozenset(its["words"].split()))
        for name, its in data.items()
    }
