"""The catalogues of other languages."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from bot.render.catalogue import LANGUAGES, catalogue, language_of, speaking, translated, translated_count

ROOT = Path(__file__).parents[3]


def templates() -> set[str]:
    """Return every template that the code names."""
    found = set()
    for file in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                given = {"translated": node.args[:1], "translated_count": node.args[1:3]}.get(node.func.id, [])
                found |= {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


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
