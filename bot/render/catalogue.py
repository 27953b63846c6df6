"""Catalogue: the words of the faces in other languages than English, which is the base.

A message is looked up by its English template, as gettext does: ``translated("Searched {scope}.", scope=…)``. What has
no translation stays English. The language is that of the context (``contextvars``): a thread sets it for what it
renders with ``speaking``, so that nothing has to be handed through. Titles and quotations are never translated.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import string
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.text.lazy_pattern import LazyPattern

ENGLISH = "en"
LANGUAGES = ("de", "es", "fr")
"""Languages with a catalogue, by ISO 639-1."""
CATALOGUES = Path(__file__).with_name("catalogues")
"""The folder of "de.json" and so on: a translation by its English template."""

_SEPARATORS = {"de": str.maketrans(",.", ".,"), "es": str.maketrans(",.", "\xa0,"), "fr": str.maketrans(",.", "\xa0,")}
"""How a language writes the thousands and the decimals of a number that English writes "1,204.5"."""

_MIN_LITERAL_CHARACTERS = 9  # of a template that recognises sentences: fewer are of many
_SENTENCE_ENDS = frozenset(".?!”")
_NUMBER = LazyPattern(r"\d{1,3}(?:,\d{3})+")
_NO_FORMAT = LazyPattern(r":[^{}:]*\}")

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


def retold(text: str) -> str:
    """Return finished English sentences in the language of the context, those that templates of the catalogue make.

    For what is composed where no language is known. A sentence that no template makes stays as it is; so do the values,
    except numbers with a noun ("3 articles") and what is a message itself.
    """
    language = _language.get()
    if language == ENGLISH or not text:
        return text
    sentences = _sentences(text)
    told = [_retold_sentence(sentence, language) for sentence in sentences]
    if len(told) > 1 and all(told):
        return " ".join(filter(None, told))
    whole = _retold(text, language)
    if whole is not None:
        return whole
    return " ".join(found or each for each, found in zip(sentences, told, strict=True)) if any(told) else text


def _retold_sentence(sentence: str, language: str) -> str | None:
    """Return one sentence of several: also one that is a phrase of the catalogue with a full stop."""
    found = _retold(sentence, language)
    if found is None and sentence.endswith("."):
        phrase = _retold(sentence[:-1], language)
        found = phrase and f"{phrase[:1].upper()}{phrase[1:]}."
    return found


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text; quotations are not parted."""
    ends, depth = [0], 0
    for at, character in enumerate(text):
        depth += (character == "“") - (character == "”")
        ended = character == " " and depth <= 0 and text[at - 1] in _SENTENCE_ENDS
        if ended and not text[at + 1 : at + 2].islower():
            ends.append(at + 1)
    return [text[start:end].strip() for start, end in itertools.pairwise([*ends, len(text)])]


def _retold(text: str, language: str) -> str | None:
    held = catalogue(language)
    if text in held and "{" not in text:
        return held[text]
    if counted := _retold_number(text.removesuffix("."), language):
        return counted + text[len(text.removesuffix(".")) :]
    for template in _makers(language):
        values = template.values_in(text)
        if values is not None:
            told = {name: _retold_value(value, language) for name, value in values.items()}
            return _NumberFormatter(language).vformat(_NO_FORMAT.sub("}", held[template.text]), (), told)
    return None


def _retold_value(value: str, language: str) -> str:
    if _NUMBER.fullmatch(value):
        return value.translate(_SEPARATORS[language])
    return _retold_number(value, language) or _retold(value, language) or value


def _retold_number(text: str, language: str) -> str | None:
    """Return a number with its noun, "3 articles"; None where it is none."""
    number, _, noun = text.partition(" ")
    template = catalogue(language).get(f"{{number:,}} {noun}")
    if template is None or not number.replace(",", "").isdecimal():
        return None
    return _NumberFormatter(language).vformat(template, (), {"number": int(number.replace(",", ""))})


@dataclass(frozen=True, slots=True)
class _SentenceTemplate:
    """A template with values, by which a finished sentence is recognised.

    Attributes:
        text: The template.
        literals: What stands before, between and behind its values.
        names: The names of the values.
    """

    text: str
    literals: tuple[str, ...]
    names: tuple[str, ...]

    def values_in(self, sentence: str) -> dict[str, str] | None:
        """Return the values that make a sentence of the template; None where none do. Takes linear time."""
        first, *others = self.literals
        if not sentence.startswith(first) or not sentence.endswith(others[-1]):
            return None
        at, end = len(first), len(sentence) - len(others[-1])
        values: dict[str, str] = {}
        for name, literal in zip(self.names, others, strict=True):
            stop = (
                end if literal is others[-1] and len(values) == len(self.names) - 1 else sentence.find(literal, at, end)
            )
            if stop <= at or values.setdefault(name, sentence[at:stop]) != sentence[at:stop]:
                return None
            at = stop + len(literal)
        return values


@cache
def _makers(language: str) -> tuple[_SentenceTemplate, ...]:
    """Return the templates that name a sentence by their own words alone, those with most words first."""
    found = []
    for text in catalogue(language):
        parts = list(string.Formatter().parse(text))
        names = tuple(name for _, name, _, _ in parts if name is not None)
        literals = [literal for literal, *_ in parts]
        literals += [""] if parts and parts[-1][1] is not None else []
        if names and all(literals[1:-1]) and sum(map(len, literals)) >= _MIN_LITERAL_CHARACTERS:
            found.append(_SentenceTemplate(text, tuple(literals), names))
    return tuple(sorted(found, key=lambda each: -sum(map(len, each.literals))))


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
