"""What the person decides: the only reader of the environment and of ``.env``.

A bad value ends with one line that names the setting, the value and what is allowed (``ConfigurationError``).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.errors import OnrecordError


class ConfigurationError(OnrecordError):
    """A setting holds a value that cannot be used."""


class Settings(BaseSettings):
    """Every setting; the environment wins over ``.env`` in the current folder, an empty value means the default."""

    model_config = SettingsConfigDict(
        alias_generator=str.upper,
        case_sensitive=True,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",  # .env may hold other programs' settings
        frozen=True,
        populate_by_name=True,
    )

    store_dir: Annotated[
        Path,
        Field(description="The folder that holds what was ingested. Articles are named relative to its parent."),
    ] = Path(".onrecord")
    embedding_model: Annotated[
        str,
        Field(
            min_length=1,
            description="The sentence-transformers model: a name or a folder. The default needs no network.",
        ),
    ] = "all-MiniLM-L6-v2"
    cache_dir: Annotated[
        Path,
        Field(description="The folder for what can be made again: the model's fast copy, about 90 MB."),
    ] = Path("~/.cache/onrecord")
    passages: Annotated[int, Field(ge=1, le=100, description="How many passages are read for an answer: 1 to 100.")] = (
        10
    )
    answer_sentences: Annotated[int, Field(ge=1, le=3, description="The most sentences an answer quotes: 1 to 3.")] = 3
    wrong_costs: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            description="What a wrong answer costs where a missed one costs 1, up to 100: higher abstains more often.",
        ),
    ] = 1.0
    onrecord_debug: Annotated[bool, Field(description="Show the traceback of an unexpected error: 0 or 1.")] = False


def load(**given: Any) -> Settings:
    """Read the settings; ``given`` (from the command line, by field name) wins where it is not None.

    Raises:
        ConfigurationError: A value is not allowed, or ``.env`` cannot be read.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise ConfigurationError(_complaint(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f".env cannot be read ({error}): correct it or move it away") from None


def debugging() -> bool:
    """Tell whether ONRECORD_DEBUG asks for tracebacks, even when the other settings are wrong."""
    try:
        return Settings().onrecord_debug
    except (ValidationError, OSError, UnicodeDecodeError):
        return os.environ.get("ONRECORD_DEBUG", "").strip().lower() in {"1", "true", "yes", "on"}


def documented() -> list[tuple[str, str, str]]:
    """Return (name, default as it is written in ``.env``, description) of every setting, in order."""
    return [(name.upper(), _written(field), field.description or "") for name, field in Settings.model_fields.items()]


def env_example() -> str:
    """Return what ``.env.example`` holds."""
    head = "# Every setting with its default. Copy to .env, uncomment what you change; the environment wins.\n"
    return head + "".join(f"\n# {about}\n# {name}={default}\n" for name, default, about in documented())


def _written(field: FieldInfo) -> str:
    return str(int(field.default)) if isinstance(field.default, bool) else str(field.default)


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]).upper() if first["loc"] else "settings"
    about = next((about for known, _, about in documented() if known == name), "")
    return f"{name}={str(first['input'])[:80]!r} is not allowed. {about}".strip()
