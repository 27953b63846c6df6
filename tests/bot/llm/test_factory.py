"""The settings name a chat model; its class, address and key come from nowhere else."""

from __future__ import annotations

import sys

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI

from bot.llm.factory import load_chat_model, target
from bot.settings import ConfigurationError, Settings

KEYS = {"openai_api_key": "sk-test", "anthropic_api_key": "sk-test"}


@pytest.mark.parametrize(
    ("named", "kind", "host"),
    [
        ("openai:gpt-5", ChatOpenAI, "api.openai.com"),
        ("anthropic:claude-x", ChatAnthropic, "api.anthropic.com"),
        ("ollama:llama3:8b", ChatOllama, "127.0.0.1:11434"),
    ],
)
def test_a_name_becomes_langchains_own_class_and_says_where_text_goes(named: str, kind: type, host: str) -> None:
    """The model's name may hold colons."""
    settings = Settings(**KEYS)
    assert isinstance(load_chat_model(settings, named), kind)
    goal = target(settings, named)
    assert (goal.name, goal.host, goal.local) == (named, host, named.startswith("ollama"))


def test_the_address_of_the_settings_wins_over_variables_that_only_the_class_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What doctor says is where text goes."""
    monkeypatch.setenv("OPENAI_API_BASE", "http://elsewhere.example/v1")
    model = load_chat_model(Settings(openai_base_url="http://127.0.0.1:9/v1"), "openai:local")
    assert isinstance(model, ChatOpenAI)
    assert model.openai_api_base == "http://127.0.0.1:9/v1"


def test_a_key_that_is_not_set_is_one_line_with_its_name() -> None:
    """Servers at another address may need none."""
    with pytest.raises(ConfigurationError, match="anthropic:x needs ANTHROPIC_API_KEY"):
        target(Settings(), "anthropic:x")
    assert target(Settings(openai_base_url="http://127.0.0.1:9/v1"), "openai:local").local


def test_a_missing_package_is_one_line_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pip's own name of the extra."""
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'onrecord\[openai\]'"):
        target(Settings(**KEYS), "openai:gpt-5")


def test_a_key_is_never_shown() -> None:
    """Not in settings, target or model."""
    settings = Settings(**KEYS)
    shown = f"{settings!r}{target(settings, 'openai:gpt-5')!r}{load_chat_model(settings, 'openai:gpt-5')!r}"
    assert "sk-test" not in shown
