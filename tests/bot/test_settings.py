"""Settings come from the environment and .env, are documented, and are refused in one line."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.settings import (
    RENAMED,
    ConfigurationError,
    Settings,
    accepted_styles,
    debugging,
    documented,
    env_example,
    load,
)
from retrieval.quotes.style import Style
from retrieval.text.redaction import redact

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [*RENAMED, *(name for name, _, _ in documented())]:
        monkeypatch.delenv(name, raising=False)


def test_the_example_file_is_what_the_class_says() -> None:
    """.env.example holds every setting with its default and description, and nothing else."""
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()


def test_every_line_of_the_example_is_a_setting_with_its_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Uncommenting all of .env.example changes nothing."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    settings = re.findall(r"^# ([A-Z_]+)=(.*)$", example, re.MULTILINE)
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings), encoding="utf-8")
    assert {name for name, _ in settings} == {name.upper() for name in Settings.model_fields}
    assert load().model_dump() == Settings.model_construct().model_dump()


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Given, then environment, then .env, then default."""
    (tmp_path / ".env").write_text("PASSAGES=5\nANSWER_SENTENCES=2\nSTORE_DIR=from-file\n", encoding="utf-8")
    monkeypatch.setenv("PASSAGES", "7")
    settings = load(store_dir=Path("given"))
    assert (settings.passages, settings.answer_sentences, settings.store_dir) == (7, 2, Path("given"))


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """PASSAGES= is no error."""
    monkeypatch.setenv("PASSAGES", "")
    assert load().passages == 10


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PASSAGES", "many", "1 to 100"),
        ("PASSAGES", "0", "1 to 100"),
        ("ANSWER_SENTENCES", "9", "1 to 3"),
        ("WRONG_ANSWER_COST", "-1", "up to 100"),
        ("ONRECORD_DEBUG", "perhaps", "0 or 1"),
    ],
)
def test_a_bad_value_is_one_line_with_name_value_and_what_is_allowed(
    name: str, value: str, allowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person can correct it without a manual."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as error:
        load()
    message = str(error.value)
    assert name in message
    assert repr(value) in message
    assert allowed in message
    assert "\n" not in message


def test_an_env_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    """.env in another encoding is named as the trouble."""
    (tmp_path / ".env").write_bytes(b"PASSAGES=\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"\.env cannot be read"):
        load()


def test_debugging_is_known_even_when_other_settings_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """ONRECORD_DEBUG=1 helps to find what is wrong."""
    monkeypatch.setenv("PASSAGES", "many")
    assert not debugging()
    monkeypatch.setenv("ONRECORD_DEBUG", "1")
    assert debugging()


def test_old_names_lead_to_settings_and_are_none_themselves() -> None:
    """A setting is renamed once."""
    known = {name for name, _, _ in documented()}
    assert set(RENAMED.values()) <= known
    assert not RENAMED.keys() & known


def test_an_old_name_is_read_with_one_line_that_names_the_new_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the environment or from .env."""
    monkeypatch.setenv("WRONG_COSTS", "3")
    (tmp_path / ".env").write_text("MAX_TOKENS=77\n", encoding="utf-8")
    settings = load()
    assert (settings.wrong_answer_cost, settings.max_answer_tokens) == (3.0, 77)
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("onrecord: WRONG_COSTS is now called WRONG_ANSWER_COST")
    assert second.startswith("onrecord: MAX_TOKENS is now called MAX_ANSWER_TOKENS")


def test_the_new_name_wins_over_the_old_one_wherever_each_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The old one is still named."""
    monkeypatch.setenv("WRONG_COSTS", "3")
    (tmp_path / ".env").write_text("WRONG_ANSWER_COST=5\n", encoding="utf-8")
    assert load().wrong_answer_cost == 5.0
    assert capsys.readouterr().err.count("WRONG_COSTS is now called") == 1


def test_new_names_give_no_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WRONG_ANSWER_COST", "3")
    assert load().wrong_answer_cost == 3.0
    assert not capsys.readouterr().err


def test_nothing_of_the_environment_is_put_into_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No interpolation: a folder could name any secret in an address."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=http://evil.example/${AWS_SECRET_ACCESS_KEY}\n", encoding="utf-8")
    assert load().openai_base_url == "http://evil.example/${AWS_SECRET_ACCESS_KEY}"


@pytest.mark.parametrize(
    "line",
    [
        "OPENAI_BASE_URL=http://evil.example",
        "CHAT_MODEL=openai:other",
        "VERIFY_MODEL=openai:other",
        "ANTHROPIC_BASE_URL=http://evil.example",
        "OLLAMA_BASE_URL=http://evil.example",
        "CHROMA_URL=http://evil.example:8000",
        "CHROMA_TENANT=evil",
        "STORE_DIR=/elsewhere",
        "EMBEDDING_MODEL=/elsewhere/model",
        "CACHE_DIR=/elsewhere/cache",
    ],
)
@pytest.mark.parametrize(
    "key", ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "CHROMA_API_KEY", "CHROMA_HEADER", "DISCORD_TOKEN"]
)
def test_the_environments_keys_are_not_used_where_the_file_says_where_they_go(
    line: str, key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Those of the same file are."""
    monkeypatch.setenv(key, "env-key-0123456789")
    (tmp_path / ".env").write_text(f"{line}\nPASSAGES=5\n", encoding="utf-8")
    settings = load()
    assert getattr(settings, key.lower()).get_secret_value() == ""
    assert settings.withheld == (key,)
    assert settings.from_folder == [line.partition("=")[0]]
    (tmp_path / ".env").write_text(f"{line}\n{key}=file-key-0123456789\n", encoding="utf-8")
    assert getattr(load(), key.lower()).get_secret_value() == "file-key-0123456789"


@pytest.mark.parametrize("text", ["PASSAGES=5\n", "STORE_DIR=/elsewhere\n", "CHAT_MODEL=ollama:other\n"])
def test_the_environments_keys_go_with_the_environments_addresses(
    text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the environment or the command line decides, the file does not."""
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "env-key-0123456789")
    monkeypatch.setenv("CHAT_MODEL", "openai:mine")
    settings = load(store_dir=Path("mine"))
    assert settings.openai_api_key.get_secret_value() == "env-key-0123456789"
    assert (settings.withheld, settings.from_folder) == ((), [])
    assert [settings.origin(name) for name in ("store_dir", "chat_model", "cache_dir")] == [
        "command line",
        "environment",
        "default",
    ]


@pytest.mark.parametrize("kind", ["pipe", "large", "binary", "dangling", "utf-16"])
def test_what_is_no_small_text_file_is_one_line(kind: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "large":
        with file.open("wb") as stream:
            stream.truncate(1 << 30)
    elif kind == "dangling":
        file.symlink_to(tmp_path / "nothing")
    else:
        file.write_bytes("PASSAGES=5\n".encode("utf-16") if kind == "utf-16" else b"PASSAGES=5\n\0\0\0")
    with pytest.raises(ConfigurationError, match=r"^\.env cannot be read \([^\n]+\): correct it or move it away$"):
        load()


def test_a_byte_order_mark_and_windows_line_ends_are_read_over(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfPASSAGES=5\r\nANSWER_SENTENCES=2\r\n")
    settings = load()
    assert (settings.passages, settings.answer_sentences) == (5, 2)


def test_a_folder_named_env_may_be_a_virtual_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(ConfigurationError, match="not a regular file"):
        load()
    (tmp_path / ".env" / "pyvenv.cfg").touch()
    assert load().passages == 10


def test_a_password_in_an_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not allowed, and the line that says so does not repeat it."""
    monkeypatch.setenv("OPENAI_BASE_URL", "https://desk:hunter2-hunter2@proxy.example/v1")
    with pytest.raises(ConfigurationError, match="OPENAI_BASE_URL") as error:
        load()
    assert "hunter2" not in str(error.value)


def test_what_is_no_secret_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of tokens, files and folders that have a secret's name in theirs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("retrieval.text.redaction._known", set())
    for name, value in {
        "MAX_ANSWER_TOKENS": "1234",
        "TOKENIZERS_PARALLELISM": "false",
        "PASSWORD_STORE_DIR": "/home/anna/store",
        "KEYBOARD": "qwertz",
        "SSH_KEY_FILE": "/home/anna/key",
        "PG_PASSWORD": "swordfish-swordfish",
    }.items():
        monkeypatch.setenv(name, value)
    load()
    said = "1234 false /home/anna/store qwertz /home/anna/key"
    assert redact(said) == said
    assert "sword" not in redact("no swordfish-swordfish here")


def test_a_variable_in_a_value_is_said_not_to_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("OPENAI_API_KEY=${OTHER}\nANSWER_SENTENCES=1\n")
    load()
    assert capsys.readouterr().err.startswith("onrecord: OPENAI_API_KEY in .env holds a ${…}, which is not replaced")


def test_house_style_names_matters_of_style_and_nothing_else() -> None:
    """All by default; a wrong name is refused in one line."""
    assert accepted_styles(load().house_style) == frozenset(Style)
    assert accepted_styles(load(house_style="numeral,accent").house_style) == {Style.NUMERAL, Style.ACCENT}
    assert not accepted_styles("none")
    with pytest.raises(ConfigurationError, match="HOUSE_STYLE='numbers' is not allowed"):
        load(house_style="numbers")
