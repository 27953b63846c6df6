"""The prompts: one Markdown file each in ``prompts/``, checked against what the code fills in before it is used.

A file holds two headings, ``## System`` and ``## User``; variables stand as ``{{name}}``. Values are put in once and
never looked into again: braces in an article are braces.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ConfigurationError
from retrieval.text.lazy_pattern import LazyPattern

FOLDER = Path(__file__).parents[2] / "prompts"

_VARIABLE = LazyPattern(r"\{\{\s*([a-z_]+)\s*\}\}")
_PARTS = LazyPattern(r"\A\s*## System\n(?P<system>.+?)\n## User\n(?P<user>.+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt whose variables were checked.

    Attributes:
        name: Its file, without ``.md``.
        system: The instructions.
        user: What is asked, as a template.
        variables: What must be filled in.
    """

    name: str
    system: str
    user: str
    variables: frozenset[str]

    def messages(self, **values: str) -> list[tuple[str, str]]:
        """Return (role, text) of both messages, as LangChain's chat models take them.

        Raises:
            ValueError: ``values`` are not exactly the variables.
        """
        if values.keys() != self.variables:
            raise ValueError(f"prompt {self.name} takes {sorted(self.variables)}, not {sorted(values)}")
        return [("system", _filled(self.system, values)), ("user", _filled(self.user, values))]


def load(name: str, variables: Collection[str], folder: Path = FOLDER) -> Prompt:
    """Return the prompt ``name``.

    Args:
        name: Its file, without ``.md``.
        variables: What the code will fill in: the file must use all of them and no other.
        folder: Where the files lie.

    Raises:
        ConfigurationError: The file cannot be read, lacks a part, or its variables are not these.
    """
    file = f"prompts/{name}.md"
    try:
        text = (folder / f"{name}.md").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read ({error}): install Onrecord again") from None
    parts = _PARTS.match(text)
    if parts is None:
        raise ConfigurationError(f'{file} must hold "## System" and then "## User", each with text under it')
    used = set(_VARIABLE.findall(text))
    if unknown := used - set(variables):
        raise ConfigurationError(f"{file} uses {_listed(unknown)}, which nothing fills in: use {_listed(variables)}")
    if unused := set(variables) - used:
        raise ConfigurationError(f"{file} does not use {_listed(unused)}: put it where it belongs")
    return Prompt(name, parts["system"].strip(), parts["user"].strip(), frozenset(variables))


def _filled(template: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values[found[1]], template)


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in sorted(names))
