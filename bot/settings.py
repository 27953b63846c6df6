"""What the person decides: the only reader of the environment and of ``.env``.

A bad value ends with one line that names the setting, the value and what is allowed (``ConfigurationError``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from retrieval.errors import OnrecordError

MODEL = r"^$|^(openai|anthropic|ollama):\S{1,200}$"
ADDRESS = r"^https?://[^\s/@]+(/\S*)?$"
"""A web address without a name and password in it: it is shown."""


class ConfigurationError(OnrecordError):
    """A setting holds a value that cannot be used."""


class Settings(BaseModel):
    """Every setting; the environment wins over ``.env`` in the current folder, an empty value means the default.

    Both are read here: pydantic-settings would take a tenth of a second from every command.

    Raises:
        ValidationError: A value is not allowed.
        OSError: ``.env`` cannot be read.
        UnicodeDecodeError: ``.env`` is not UTF-8.
    """

    model_config = ConfigDict(alias_generator=str.upper, extra="ignore", frozen=True, populate_by_name=True)

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
    chroma_url: Annotated[
        str,
        Field(
            pattern=r"^$|^https?://[^\s/@]+/?$",
            description="A Chroma server to keep the vectors on, as http://127.0.0.1:8000, or "
            "https://api.trychroma.com for Chroma Cloud. Empty: they are kept in the store.",
        ),
    ] = ""
    chroma_header: Annotated[
        SecretStr,
        Field(description='Sent to that server, for a proxy in front of it: "Authorization: Bearer …".'),
    ] = SecretStr("")
    chroma_tenant: Annotated[str, Field(description="The server's tenant; empty: its default.")] = ""
    chroma_database: Annotated[str, Field(description="The server's database; empty: its default.")] = ""
    chroma_api_key: Annotated[SecretStr, Field(description="The key for Chroma Cloud.")] = SecretStr("")
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
    chat_model: Annotated[
        str,
        Field(
            pattern=MODEL,
            description="The chat model that writes answers, as provider:name (openai, anthropic or ollama). Empty: "
            "answers are quotations, and nothing is sent anywhere.",
        ),
    ] = ""
    verify_model: Annotated[
        str,
        Field(pattern=MODEL, description="A chat model that is asked about every claim besides, as provider:name."),
    ] = ""
    openai_api_key: Annotated[SecretStr, Field(description="The key for openai.")] = SecretStr("")
    openai_base_url: Annotated[
        str,
        Field(pattern=ADDRESS, description="Any server that speaks OpenAI's interface, as http://127.0.0.1:8000/v1."),
    ] = "https://api.openai.com/v1"
    anthropic_api_key: Annotated[SecretStr, Field(description="The key for anthropic.")] = SecretStr("")
    anthropic_base_url: Annotated[
        str, Field(pattern=ADDRESS, description="Another server that speaks Anthropic's interface.")
    ] = "https://api.anthropic.com"
    ollama_base_url: Annotated[str, Field(pattern=ADDRESS, description="Where Ollama listens.")] = (
        "http://127.0.0.1:11434"
    )
    temperature: Annotated[
        float, Field(ge=0, le=2, description="How freely the chat model writes: 0 to 2, 0 the least.")
    ] = 0.0
    max_tokens: Annotated[
        int, Field(ge=16, le=32_000, description="The most tokens of an answer: 16 to 32000. What is longer is cut.")
    ] = 1_000
    context_tokens: Annotated[
        int,
        Field(
            ge=500,
            le=1_000_000,
            description="The most tokens sent for an answer, about: 500 to 1000000. The best passages fill it.",
        ),
    ] = 6_000
    model_timeout: Annotated[
        float,
        Field(gt=0, le=600, description="Seconds to wait for the first token, and for each one after it: up to 600."),
    ] = 60.0
    model_retries: Annotated[
        int, Field(ge=0, le=5, description="How often a request is tried again when the provider is busy: 0 to 5.")
    ] = 2
    daily_tokens: Annotated[
        int, Field(ge=0, description="The most tokens a day (UTC), sent and received, over this store. 0: no limit.")
    ] = 0
    show_unsupported: Annotated[
        bool,
        Field(description="Show claims that the articles do not carry, marked, instead of leaving them out: 0 or 1."),
    ] = False
    retention_days: Annotated[
        int, Field(ge=1, le=3650, description="Days that conversations are kept: 1 to 3650. Then they are deleted.")
    ] = 30
    discord_token: Annotated[SecretStr, Field(description="The Discord bot's token, from the developer portal.")] = (
        SecretStr("")
    )
    discord_application_id: Annotated[
        str,
        Field(pattern=r"^[0-9]{0,20}$", description="The bot's application id; empty: the one that the token names."),
    ] = ""
    discord_read_threads: Annotated[
        bool,
        Field(
            description="Answer every message in threads the bot opened, without a mention: 0 or 1. Needs the Message "
            "Content intent."
        ),
    ] = False
    discord_servers: Annotated[
        str,
        Field(
            pattern=r"^[0-9]*(,[0-9]+)*$",
            description="The servers whose keepers may add and remove articles, ids joined by commas; empty: every "
            "server that the bot is in.",
        ),
    ] = ""
    discord_workers: Annotated[
        int, Field(ge=1, le=32, description="Questions that the Discord bot works on at a time: 1 to 32.")
    ] = 2
    discord_queue: Annotated[
        int, Field(ge=0, le=10_000, description="Questions that may wait besides; then it says that it is busy.")
    ] = 200
    discord_person_per_minute: Annotated[
        int, Field(ge=1, le=1_000, description="Questions a minute of one person on Discord: 1 to 1000.")
    ] = 30
    discord_channel_per_minute: Annotated[
        int, Field(ge=1, le=10_000, description="Questions a minute in one Discord channel: 1 to 10000.")
    ] = 120
    onrecord_debug: Annotated[bool, Field(description="Show the traceback of an unexpected error: 0 or 1.")] = False

    def __init__(self, **given: Any) -> None:
        super().__init__(**{**_surroundings(type(self).model_fields), **given})


def _surroundings(names: Iterable[str]) -> dict[str, str]:
    """Return what the environment, else ``.env``, says of settings; both may hold other programs' too."""
    file: dict[str, str | None] = {}
    if Path(".env").is_file():
        from dotenv import dotenv_values  # noqa: PLC0415 (late: most folders have none)

        file = dotenv_values(".env", encoding="utf-8")
    found = {name: os.environ.get(name.upper()) or file.get(name.upper()) for name in names}
    return {name: value for name, value in found.items() if value}


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
