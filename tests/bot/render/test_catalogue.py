"""The catalogues of other languages."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from bot.render.catalogue import LANGUAGES, catalogue, language_of, speaking, translated, translated_count

ROOT = Path(__file__).parents[3]
FACES = {"render", "discord", "cogs"}
"""Where numbers with nouns are shown; what is composed elsewhere is English."""


TRANSLATING = {
    "translated": slice(0, 1),
    "translated_count": slice(1, 3),
    "BotRefusal": slice(0, 1),
    "NotPermitted": slice(0, 1),
    "AnswerAction": slice(1, 2),
}
"""Which arguments of a function are templates."""


def templates() -> set[str]:
    """Return every template that the code names, itself or by a constant of its module."""
    found: set[str] = set()
    for file in (ROOT / "bot").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {ast.unparse(each.targets[0]): each.value for each in tree.body if isinstance(each, ast.Assign)}
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                given = call.args[TRANSLATING.get(call.func.id, slice(0))]
                found |= set(words(given, constants))
                if call.func.id == "counted" and file.parent.name in FACES:
                    found |= {
                        f"{{number:,}} {noun}{ending}" for noun in words(call.args[1:], {}) for ending in ("", "s")
                    }
    return found


def words(arguments: Sequence[ast.expr], constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield the strings among arguments, those of both values of "one if … else other", and of constants."""
    for argument in arguments:
        for one in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
            value = constants.get(ast.unparse(one), one)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def fields(template: str) -> set[str]:
    """Return the names of the values of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_translates_every_template_with_its_values(language: str) -> None:
    """And none that the code no longer names."""
    held = catalogue(language)
    assert sorted(templates() - held.keys()) == []
    for template, translation in held.items():
        assert translation.strip(), template
        assert fields(translation) == fields(template), template


def test_the_language_is_that_of_the_context() -> None:
    """English outside of it, and for what has no translation."""
    with speaking("de"):
        assert translated("Searched {scope}.", scope="{0}") == "Durchsucht: {0}."
        assert translated("No such message: {what}", what=1) == "No such message: 1"
    assert translated("Searched {scope}.", scope=3) == "Searched 3."
    with speaking("fr"):
        assert translated_count(0, "{number} one", "{number} many") == "0 one"
    assert translated_count(0, "{number} one", "{number} many") == "0 many"


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("es-419", "es"), ("en-GB", "en"), ("ja", "en"), (None, "en")]
)
def test_a_locale_names_its_language(locale: str | None, language: str) -> None:
    """Discord's locales, and none."""
    assert language_of(locale) == language
