"""Catalogue: the words of the faces in other languages than English, which is the base.

A message is looked up by its English template, as gettext does: ``translated("Searched {scope}.", scope=…)``. What has
no translation stays English. The language is that of the context (``contextvars``): a thread sets it for what it
renders with ``speaking``, so that nothing has to be handed through. Titles and quotations are never translated.
"""

from __future__ import annotations

import contextlib
import json
import string
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = ("de", "es", "fr")
"""Languages with a catalogue, by ISO 639-1."""
CATALOGUES = Path(__file__).with_name("catalogues")
"""The folder of "de.json" and so on: a translation by its English template."""

_SEPARATORS = {"de": str.maketrans(",.", ".,"), "es": str.maketrans(",.", "\xa0,"), "fr": str.maketrans(",.", "\xa0,")}
"""How a language writes the thousands and the decimals of a number that English writes "1,204.5"."""

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def language_of(locale: str | None) -> str:
    """Return the language of a locale such as "de", "es-419" or "en-GB"; English where there is no catalogue."""
    language = (locale or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else ENGLISH


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Render in a language while the block runs, in this thread or task."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def spoken() -> str:
    """Return the language of the context."""
    return _language.get()


def translated(template: str, **values: object) -> str:
    """Return a message in the language of the context, with its values put in.

    Args:
        template: The message in English, with ``{name}`` for each value.
        values: What is put in, by name; formatted as the template says ("{number:,}").
    """
    language = _language.get()
    if language == ENGLISH:
        return template.format(**values) if values else template
    message = catalogue(language).get(template, template)
    return _NumberFormatter(language).vformat(message, (), values) if values else message


def translated_count(number: int, one: str, many: str, **values: object) -> str:
    """Return the message for one or for several, with ``{number}`` and the values put in.

    Args:
        number: How many.
        one: The template for one; in French for none, too.
        many: The template for other numbers.
        values: What else is put in.
    """
    single = number == 1 or (number == 0 and _language.get() == "fr")
    return translated(one if single else many, number=number, **values)


class _NumberFormatter(string.Formatter):
    """Writes numbers that a template formats ("{number:,}") as a language does."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: object, format_spec: str) -> str:
        text = format(value, format_spec)
        is_number = bool(format_spec) and isinstance(value, int | float)
        return text.translate(_SEPARATORS[self._language]) if is_number else text


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the translations into a language by their English templates."""
    found: dict[str, str] = json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8"))
    return found
