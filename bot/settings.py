"""Settings: what the person decides. The only reader of the environment and of ``.env``.

A bad value ends with one line that names the setting, the value and what is allowed (``ConfigurationError``).
"""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from retrieval.errors import OnrecordError
from retrieval.quotes.style import Style
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.redaction import redact, remember

MODEL = r"^$|^(openai|anthropic|ollama):\S{1,200}$"
ADDRESS = r"^https?://[^\s/@]+(/\S*)?$"
"""A web address without a name and password in it: it is shown."""


RENAMED = {
    "WRONG_COSTS": "WRONG_ANSWER_COST",
    "MAX_TOKENS": "MAX_ANSWER_TOKENS",
    "DAILY_TOKENS": "DAILY_TOKEN_LIMIT",
    "DISCORD_SERVERS": "DISCORD_ADMIN_SERVERS",
}
"""Names of the last release by the settings that they are now; still read, where the new name is not set."""


class ConfigurationError(OnrecordError):
    """A setting holds a value that cannot be used."""


class Settings(BaseModel):
    """Every setting; the environment wins over ``.env`` in the current folder, an empty value means the default.

    The file is not trusted with the environment's keys (``DESTINATIONS``). Both are read here: pydantic-settings would
    take a tenth of a second from every command.

    Raises:
        ValidationError: A value is not allowed.
        EnvFileError: ``.env`` cannot be read.
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
    embedding_precision: Annotated[
        Literal["auto", "float32"],
        Field(
            description="How long ingestions embed: auto (bfloat16 products where the processor has units for them "
            "and the vectors stay the model's own, in half the time with 600 MB more memory) or float32 (never).",
        ),
    ] = "auto"
    reranker_model: Annotated[
        str,
        Field(
            min_length=1,
            description="The cross-encoder that reads question and sentence together: the packaged one, or the name or "
            "folder of a sentence-transformers cross-encoder. The default needs no network.",
        ),
    ] = "onrecord-reader"
    cache_dir: Annotated[
        Path,
        Field(description="The folder of the model's ONNX copy (about 90 MB), which is made again when it is missing."),
    ] = Path("~/.cache/onrecord")
    chroma_url: Annotated[
        str,
        Field(
            pattern=r"^$|^https?://[^\s/@]+/?$",
            description="A Chroma server that keeps the vectors, as http://127.0.0.1:8000, or "
            "https://api.trychroma.com for Chroma Cloud. Empty: the store keeps them.",
        ),
    ] = ""
    chroma_header: Annotated[
        SecretStr,
        Field(description='A header for a proxy in front of that server: "Authorization: Bearer …".'),
    ] = SecretStr("")
    chroma_tenant: Annotated[str, Field(description="The server's tenant; empty: its default.")] = ""
    chroma_database: Annotated[str, Field(description="The server's database; empty: its default.")] = ""
    chroma_api_key: Annotated[SecretStr, Field(description="The key for Chroma Cloud.")] = SecretStr("")
    publish_file: Annotated[
        str,
        Field(
            description="The file in which each ingestion publishes a copy of the library, for machines that follow it "
            "(`onrecord follow`). Empty: none.",
        ),
    ] = ""
    passages: Annotated[int, Field(ge=1, le=100, description="How many passages are read for an answer: 1 to 100.")] = (
        10
    )
    answer_sentences: Annotated[int, Field(ge=1, le=3, description="The most sentences an answer quotes: 1 to 3.")] = 3
    wrong_answer_cost: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            description="The cost of a wrong answer where a missed one costs 1: up to 100. Higher abstains more often.",
        ),
    ] = 1.0
    wrong_suggestion_cost: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            description="The cost of a wrong sentence shown as “This may answer it”, where a missed answer costs 1: up "
            "to 100. Higher shows fewer; from WRONG_ANSWER_COST on none.",
        ),
    ] = 0.4
    house_style: Annotated[
        str,
        Field(
            pattern=rf"^(all|none|({'|'.join(Style)})(,({'|'.join(Style)}))*)$",
            description=f"What is house style in a quotation, and no error: all, none, or any of {', '.join(Style)}, "
            "with commas between them.",
        ),
    ] = "all"
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
        Field(pattern=MODEL, description="A chat model that gives a second opinion on every claim, as provider:name."),
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
    temperature: Annotated[float, Field(ge=0, le=2, description="The chat model's sampling temperature: 0 to 2.")] = 0.0
    max_answer_tokens: Annotated[
        int, Field(ge=16, le=32_000, description="The most tokens of an answer: 16 to 32000. A longer one is cut.")
    ] = 1_000
    context_tokens: Annotated[
        int,
        Field(
            ge=500,
            le=1_000_000,
            description="About the most tokens sent for an answer: 500 to 1000000. The best passages fill them.",
        ),
    ] = 6_000
    model_timeout: Annotated[
        float,
        Field(gt=0, le=600, description="Seconds to wait for the first token, and for each one after it: up to 600."),
    ] = 60.0
    model_retries: Annotated[
        int, Field(ge=0, le=5, description="How often a request is tried again when the provider is busy: 0 to 5.")
    ] = 2
    daily_token_limit: Annotated[
        int, Field(ge=0, description="The most tokens a day (UTC), sent and received, over this store. 0: no limit.")
    ] = 0
    show_unsupported: Annotated[
        bool,
        Field(description="Show unsupported claims, marked, instead of withholding them: 0 or 1."),
    ] = False
    show_unconfirmed: Annotated[
        bool,
        Field(
            description="Show unconfirmed claims (no problem was found, but no article is sure to say them) apart from "
            "the answer, or only count them: 0 or 1."
        ),
    ] = True
    retention_days: Annotated[
        int, Field(ge=1, le=3650, description="Days after which conversations are deleted: 1 to 3650.")
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
    discord_admin_servers: Annotated[
        str,
        Field(
            pattern=r"^[0-9]*(,[0-9]+)*$",
            description="The servers whose admins may add and remove articles, ids joined by commas; empty: every "
            "server that the bot is in.",
        ),
    ] = ""
    discord_layout: Annotated[
        Literal["components", "plain"],
        Field(
            description="How the Discord bot's messages look: components (colours, rules, a button for each address) "
            "or plain (text with rows of buttons, for clients that do not draw components)."
        ),
    ] = "components"
    discord_workers: Annotated[
        int, Field(ge=1, le=32, description="Questions that the Discord bot answers at the same time: 1 to 32.")
    ] = 2
    discord_queue: Annotated[
        int,
        Field(ge=0, le=10_000, description="Questions that may wait: 0 to 10000. With more, it says that it is busy."),
    ] = 200
    discord_person_per_minute: Annotated[
        int, Field(ge=1, le=1_000, description="Questions a minute that one person may ask on Discord: 1 to 1000.")
    ] = 30
    discord_channel_per_minute: Annotated[
        int, Field(ge=1, le=10_000, description="Questions a minute that one Discord channel may ask: 1 to 10000.")
    ] = 120
    onrecord_debug: Annotated[bool, Field(description="Show the traceback of an unexpected error: 0 or 1.")] = False

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _withheld: tuple[str, ...] = PrivateAttr(default=())

    def __init__(self, **given: Any) -> None:
        found = _found(type(self).model_fields, given)
        super().__init__(**{**found.values, **given})
        self._origins = {**found.origins, **dict.fromkeys(given, COMMAND_LINE)}
        self._withheld = found.withheld
        remember(
            secret.split()[-1]  # of a header: its value
            for name in _KEYS
            if (secret := getattr(self, name).get_secret_value().strip())
        )

    def origin(self, name: str) -> str:
        """Return where a setting comes from: ``COMMAND_LINE``, ``ENVIRONMENT``, ``FOLDER`` or ``DEFAULT``."""
        return self._origins.get(name, DEFAULT)

    @property
    def from_folder(self) -> list[str]:
        """The settings of ``DESTINATIONS`` that the folder's ``.env`` decides, as they are written."""
        return [name.upper() for name in DESTINATIONS if self.origin(name) == FOLDER]

    @property
    def withheld(self) -> tuple[str, ...]:
        """The keys of the environment that are not used, because ``from_folder`` says where they would go."""
        return self._withheld


DESTINATIONS = (
    *("store_dir", "embedding_model", "reranker_model", "cache_dir", "chroma_url", "chroma_tenant", "chroma_database"),
    *("publish_file", "chat_model", "verify_model", "openai_base_url", "anthropic_base_url", "ollama_base_url"),
)
"""Settings that say where text and keys go. Where the folder's ``.env`` decides one of them, whoever wrote that file
decides who receives the keys: those of the environment are not used then, only those of the same file."""

COMMAND_LINE, ENVIRONMENT, FOLDER, DEFAULT = "command line", "environment", ".env", "default"

ENV_FILE = Path(".env")
MAX_ENV_BYTES = 64 * 1024
"""Most bytes of ``.env``; the example with every setting has five thousand."""

_KEYS = ("chroma_header", "chroma_api_key", "openai_api_key", "anthropic_api_key", "discord_token")
# The name of a secret, not of its file, its folder or the number of tokens.
_SECRET_NAME = LazyPattern(
    r"SECRET|(?:KEY|TOKEN|PASSWO?R?D|PASSPHRASE|CREDENTIALS?|_PASS|_PWD)(?:_?[0-9]+)?$", re.IGNORECASE
)
_PROVIDER_VARIABLE = LazyPattern(r"(OPENAI|AZURE_OPENAI|ANTHROPIC|OLLAMA|CHROMA)_")


class EnvFileError(OnrecordError):
    """``.env`` cannot be read."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What is set: values and origins by field name, and the names of keys that are withheld."""

    values: dict[str, str]
    origins: dict[str, str]
    withheld: tuple[str, ...]


def _found(names: Iterable[str], given: Mapping[str, Any]) -> _Found:
    """Return the settings that the environment, else ``.env``, holds; by the old name where there is one."""
    old = {new: name for name, new in RENAMED.items()}
    sources = ((ENVIRONMENT, {name: value for name, value in os.environ.items() if value}), (FOLDER, _env_file()))
    remember(value for name, value in os.environ.items() if _SECRET_NAME.search(name))
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for known in (lambda name: name.upper(), lambda name: old.get(name.upper(), "")):
        for origin, held in sources:
            for name in names:
                if name not in values and (value := held.get(known(name))):
                    values[name], origins[name] = value, origin
    for name in DESTINATIONS:  # what repeats the default decides nothing
        if origins.get(name) == FOLDER and values[name] == _written(Settings.model_fields[name]):
            del values[name], origins[name]
    if not any(origins.get(name) == FOLDER and name not in given for name in DESTINATIONS):
        return _Found(values, origins, ())
    withheld = [name for name in _KEYS if origins.get(name) == ENVIRONMENT and name not in given]
    for name in withheld:
        value = sources[1][1].get(name.upper())
        if value:  # the same file's key for what the same file names
            values[name], origins[name] = value, FOLDER
        else:
            del values[name], origins[name]
    return _Found(values, origins, tuple(name.upper() for name in withheld))


def _env_file() -> dict[str, str]:
    """Return what ``.env`` in the current folder sets. ``${…}`` stays as it is: it could name any secret.

    Raises:
        EnvFileError: It is there, and cannot be read as a small text file.
    """
    if (ENV_FILE / "pyvenv.cfg").exists():  # a virtual environment of this name
        return {}
    try:
        handle = os.open(ENV_FILE, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for its writer
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise EnvFileError("it is not a regular file")
            data = b""
            while len(data) <= MAX_ENV_BYTES and (more := os.read(handle, MAX_ENV_BYTES + 1)):
                data += more
        finally:
            os.close(handle)
    except FileNotFoundError:
        if not ENV_FILE.is_symlink():
            return {}
        raise EnvFileError("it is a symbolic link to nothing") from None
    except OSError as error:
        raise EnvFileError(error.strerror or "it cannot be opened") from None
    if len(data) > MAX_ENV_BYTES:
        raise EnvFileError(f"it is larger than {MAX_ENV_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EnvFileError("it is not UTF-8 text") from None
    if "\0" in text:
        raise EnvFileError("it is not text")
    from dotenv import dotenv_values  # noqa: PLC0415 (late: most folders have none)

    held = dotenv_values(stream=io.StringIO(text.replace("\r\n", "\n")), interpolate=False)
    return {name: value for name, value in held.items() if value}


def hide_provider_variables() -> None:
    """Take the providers' own variables out of this process's environment.

    Their libraries send keys and headers that they find there (OLLAMA_API_KEY, ANTHROPIC_CUSTOM_HEADERS) to whatever
    address they are given: not to one that a folder's ``.env`` names.
    """
    for name in [name for name in os.environ if _PROVIDER_VARIABLE.match(name)]:
        del os.environ[name]


def renamed() -> list[str]:
    """Return a line for each setting that is set by its old name: what it is called now."""
    held = {*_env_file(), *(name for name, value in os.environ.items() if value)}
    return [
        f"{old} is now called {new}: rename it, {old} will not be read by the next release"
        for old, new in RENAMED.items()
        if old in held
    ]


def uninterpolated() -> list[str]:
    """Return a line for each setting of ``.env`` that expects another variable's value in its own."""
    return [
        f"{name} in .env holds a ${{…}}, which is not replaced: write the value, or set {name} in the environment"
        for name, value in _env_file().items()
        if "${" in value and name.lower() in Settings.model_fields
    ]


def load(**given: Any) -> Settings:
    """Read the settings; ``given`` (from the command line, by field name) wins where it is not None.

    Old names are read, too, with a line on stderr for each; one also says which values of ``.env`` stay as written.

    Raises:
        ConfigurationError: A value is not allowed, or ``.env`` cannot be read.
    """
    try:
        for warning in (*renamed(), *uninterpolated()):
            sys.stderr.write(f"onrecord: {warning}\n")
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise ConfigurationError(_complaint(error)) from None
    except EnvFileError as error:
        raise ConfigurationError(f".env cannot be read ({error}): correct it or move it away") from None


def accepted_styles(house_style: str) -> frozenset[Style]:
    """Return the matters of style that the setting names."""
    if house_style in {"all", "none"}:
        return frozenset(Style) if house_style == "all" else frozenset()
    return frozenset(map(Style, house_style.split(",")))


def debugging() -> bool:
    """Return whether ONRECORD_DEBUG asks for tracebacks, even when the other settings are wrong."""
    try:
        return Settings().onrecord_debug
    except (ValidationError, EnvFileError):
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
    return f"{name}={redact(str(first['input']))[:80]!r} is not allowed. {about}".strip()
