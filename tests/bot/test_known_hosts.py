"""A folder's .env gets nothing of the environment, and its host is named before anything is sent there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.known_hosts import name_host, state_folder
from bot.llm.factory import open_chat, target
from bot.settings import ConfigurationError, Settings, load
from tests.bot.scripted_provider import ScriptedProvider, ScriptedReply

SECRETS = {
    "OPENAI_API_KEY": "env-openai-0123456789",
    "ANTHROPIC_API_KEY": "env-anthropic-0123456789",
    "OLLAMA_API_KEY": "env-ollama-0123456789",
    "ANTHROPIC_AUTH_TOKEN": "env-token-0123456789",
    "ANTHROPIC_CUSTOM_HEADERS": "X-Gateway: env-gateway-0123456789",
    "OPENAI_ORG_ID": "env-org-0123456789",
    "OPENAI_PROJECT_ID": "env-project-0123456789",
    "OPENAI_ADMIN_KEY": "env-admin-0123456789",
    "AWS_SECRET_ACCESS_KEY": "env-aws-0123456789",
}


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "ollama"])
@pytest.mark.parametrize("with_key", [False, True])
def test_the_server_of_a_folders_file_sees_no_secret_of_the_environment(
    provider: str, with_key: bool, tmp_path: Path
) -> None:
    """Nor of what providers' libraries read by themselves; the same file's key is sent."""
    with ScriptedProvider(ScriptedReply("Well.")) as server:
        base = server.settings(provider)[f"{provider}_base_url"]
        name = provider.upper()
        lines = [f"CHAT_MODEL={provider}:scripted", f"{name}_BASE_URL={base}"]
        lines += [f"{name}_API_KEY=file-key-0123456789"] if with_key else []
        (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
        settings = load()
        assert open_chat(settings, tmp_path, settings.chat_model).ask([("user", "Why?")])[0] == "Well."
        sent = f"{server.headers}{server.requests}"
    assert not [name for name, value in SECRETS.items() if value.rpartition(" ")[2] in sent]
    assert with_key is ("file-key-0123456789" in sent) or provider == "ollama"


def test_a_model_that_the_file_names_does_not_get_the_environments_key(tmp_path: Path) -> None:
    """One line says why, and what to do."""
    (tmp_path / ".env").write_text("CHAT_MODEL=openai:dear\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"environment's is not used where a folder's \.env sets CHAT_MODEL"):
        target(load(), "openai:dear")


def test_a_host_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the file, the settings, and what is not sent; another host or another folder is another line."""
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=http://one.example/v1\n", encoding="utf-8")
    settings = load()
    name_host(settings, "one.example", ("OPENAI_BASE_URL",))
    said = capsys.readouterr().err
    assert said.startswith("onrecord: text is sent to one.example, as ")
    assert ".env says (OPENAI_BASE_URL); OPENAI_API_KEY, ANTHROPIC_API_KEY of the environment" in said
    assert said.count("\n") == 1
    name_host(settings, "one.example", ("OPENAI_BASE_URL",))
    assert capsys.readouterr().err == ""
    name_host(settings, "two.example", ("OPENAI_BASE_URL",))
    assert "two.example" in capsys.readouterr().err
    record = state_folder() / "known_hosts"
    assert (record.stat().st_mode & 0o777, record.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_persons_own_hosts_are_not_named(capsys: pytest.CaptureFixture[str]) -> None:
    name_host(Settings(openai_base_url="http://one.example/v1"), "one.example", ("OPENAI_BASE_URL",))
    assert capsys.readouterr().err == ""


def test_a_host_is_named_again_where_nothing_can_be_remembered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    (tmp_path / ".env").write_text("OLLAMA_BASE_URL=http://one.example\n", encoding="utf-8")
    for _ in range(2):
        name_host(load(), "one.example", ("OLLAMA_BASE_URL",))
    assert capsys.readouterr().err.count("one.example") == 2
