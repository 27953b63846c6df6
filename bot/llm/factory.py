"""Chat model factory: LangChain's model for the settings, and the address that receives its text."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.known_hosts import name_host
from bot.llm.budget import TokenBudget
from bot.llm.client import LimitedChatModel
from bot.settings import ConfigurationError, Settings, hide_provider_variables

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_KEY = SecretStr("none")  # what servers that ask for no key are sent: the client insists on one


@dataclass(frozen=True, slots=True)
class ModelTarget:
    """A chat model and where it is.

    Attributes:
        provider: "openai", "anthropic" or "ollama".
        model: Its name there.
        address: The base of every request.
        key: What the provider knows the person by; empty when it needs none.
    """

    provider: str
    model: str
    address: str
    key: SecretStr

    @property
    def name(self) -> str:
        """As the settings name it: "openai:gpt-5"."""
        return f"{self.provider}:{self.model}"

    @property
    def host(self) -> str:
        """Where text goes: "api.openai.com", "127.0.0.1:8000"."""
        return urlsplit(self.address).netloc

    @property
    def local(self) -> bool:
        """Whether text stays on this machine."""
        return urlsplit(self.address).hostname in LOOPBACK


def target(settings: Settings, named: str) -> ModelTarget:
    """Return what ``named`` ("provider:model") stands for; nothing is imported or sent.

    Raises:
        ConfigurationError: Its package is not installed, or its key not set.
    """
    provider, _, model = named.partition(":")
    package = f"langchain_{provider}"
    if importlib.util.find_spec(package) is None:
        raise ConfigurationError(f"{named} needs a package that is not installed: pip install 'onrecord[{provider}]'")
    address = str(getattr(settings, f"{provider}_base_url")).rstrip("/")
    key: SecretStr = getattr(settings, f"{provider}_api_key", SecretStr(""))
    standard = address == Settings.model_fields[f"{provider}_base_url"].default
    if standard and provider != "ollama" and not key.get_secret_value().strip():
        raise ConfigurationError(_missing_key(settings, named, f"{provider.upper()}_API_KEY"))
    return ModelTarget(provider, model, address, key)


def _missing_key(settings: Settings, named: str, key: str) -> str:
    if key not in settings.withheld:
        return f"{named} needs {key}: set it in the environment or in .env"
    return (
        f"{named} needs {key}, and the environment's is not used where a folder's .env sets "
        f"{', '.join(settings.from_folder)}: set both in the environment, or both in .env"
    )


def load_chat_model(settings: Settings, named: str) -> BaseChatModel:
    """Return LangChain's chat model; it retries nothing itself, and nothing is sent before it is asked.

    Raises:
        ConfigurationError: As ``target``, or the provider's package refuses what the settings say.
    """
    goal = target(settings, named)
    if settings.from_folder:
        hide_provider_variables()
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 (late: seconds, and only with a chat model)

    try:
        model: BaseChatModel = init_chat_model(goal.model, model_provider=goal.provider, **_options(settings, goal))
    except (ValueError, TypeError, ImportError) as error:
        about = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ConfigurationError(f"{named} cannot be used ({about}): check the settings") from None
    return model


def open_chat(settings: Settings, folder: Path, named: str) -> LimitedChatModel:
    """Return the chat model with the newsroom's limits; its tokens are counted in the store at ``folder``.

    Raises:
        ConfigurationError: As ``target``.
    """
    goal = target(settings, named)
    name_host(settings, goal.host, ("CHAT_MODEL", "VERIFY_MODEL", f"{goal.provider.upper()}_BASE_URL"))
    return LimitedChatModel(
        load_chat_model(settings, named),
        name=goal.name,
        host=goal.host,
        budget=TokenBudget(folder, settings.daily_token_limit),
        timeout=settings.model_timeout,
        retries=settings.model_retries,
        longest=settings.max_answer_tokens,
    )


def _options(settings: Settings, goal: ModelTarget) -> dict[str, Any]:
    """Return what the provider's class is told. Addresses and keys always, so that it looks for none elsewhere."""
    common: dict[str, Any] = {"base_url": goal.address, "temperature": settings.temperature}
    if goal.provider == "ollama":
        return {
            **common,
            "num_predict": settings.max_answer_tokens,
            # Ollama's own default is shorter than a prompt and cuts it without a word.
            "num_ctx": settings.context_tokens + settings.max_answer_tokens + 512,
            "client_kwargs": {"timeout": settings.model_timeout},
        }
    key = goal.key if goal.key.get_secret_value() else _NO_KEY
    common |= {
        "api_key": key,
        "max_tokens": settings.max_answer_tokens,
        "timeout": settings.model_timeout,
        "max_retries": 0,
        "stream_usage": True,
    }
    if goal.provider == "openai" and goal.address != Settings.model_fields["openai_base_url"].default:
        # OpenAI's newer name of the limit is not known to every server that speaks its interface.
        common["extra_body"] = {"max_tokens": settings.max_answer_tokens}
    return common
