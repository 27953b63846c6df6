"""Prompts are files, checked when they are loaded; what is filled in is never read as a template."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation import llm_rewriter
from bot.generation import generator
from bot.llm.prompts import FOLDER, load
from bot.settings import ConfigurationError
from bot.verification import llm_judge

GOOD = "## System\nBe brief, {{tag}}.\n\n## User\n{{question}}\n"


def write(folder: Path, text: str) -> None:
    (folder / "it.md").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("module", [generator, llm_rewriter, llm_judge])
def test_every_prompt_of_the_house_is_what_the_code_fills_in(module: object) -> None:
    prompt = load(module.PROMPT, module.VARIABLES)  # type: ignore[attr-defined]
    assert "instruction" in prompt.system  # each says that passages are data


def test_every_file_is_used() -> None:
    names = {module.PROMPT for module in (generator, llm_rewriter, llm_judge)}
    assert {file.stem for file in FOLDER.glob("*.md")} == names


def test_values_are_put_in_once(tmp_path: Path) -> None:
    """Braces in an article are braces."""
    write(tmp_path, GOOD)
    prompt = load("it", ("tag", "question"), tmp_path)
    assert prompt.messages(tag="x", question="{{tag}} {tag} {{question}}") == [
        ("system", "Be brief, x."),
        ("user", "{{tag}} {tag} {{question}}"),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("{{tag}}", ""), "does not use {{tag}}"),
        (GOOD + "{{more}}", "uses {{more}}, which nothing fills in"),
        ("Be brief {{tag}} {{question}}", "must hold"),
        ("## User\n{{tag}}\n## System\n{{question}}", "must hold"),
    ],
)
def test_a_prompt_that_does_not_fit_is_refused_in_one_line(text: str, complaint: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigurationError) as error:
        load("it", ("tag", "question"), tmp_path)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"prompts/it\.md cannot be read"):
        load("it", (), tmp_path)


def test_other_values_than_the_variables_are_a_bug(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(ValueError, match="takes"):
        load("it", ("tag", "question"), tmp_path).messages(tag="x")
