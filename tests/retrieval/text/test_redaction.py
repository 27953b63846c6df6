"""No secret is shown, whether it has a known shape or is one that the program holds."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from retrieval.errors import StoreError
from retrieval.text import redaction
from retrieval.text.redaction import SECRET, redact, remember

KEY = "Zq7/newsroom+plain?value9"


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(redaction, "_known", set())
    return


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Incorrect API key provided: sk-proj-abc123def456.", "abc123def456"),
        ("Authorization: Bearer abc.def-ghi refused", "abc.def-ghi"),
        ("http://user:hunter2@host/v1 is not allowed", "hunter2"),
        ("http://hunter2@host/v1", "hunter2"),
        ("http://user:hun@ter2@host/v1", "ter2"),
        ("http://user:hun/ter2@host/v1", "ter2"),
        ("postgres://user:hunter2@host", "hunter2"),
        ("'//user:hunter2@host'", "hunter2"),
        ("GET https://host/a?x=1&api_key=hunter2&y=2", "hunter2"),
        ("https://host/a?X-Amz-Signature=hunter2", "hunter2"),
        ("https://host/a#access_token=hunter2", "hunter2"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_taken_out(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert "(secret)" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/@author/a-story?page=2#top is not there",
        "write to desk@example.com",
        "passages is 'many': 1 to 100",
        "the key is wrong: check the key in the environment or .env",
        "a sky-high, risk-averse keyboard",
        "http://127.0.0.1:8000/v1 cannot be reached",
    ],
)
def test_what_has_not_stays(text: str) -> None:
    remember([KEY])
    assert redact(text) == text


@pytest.mark.parametrize(
    "echo",
    [
        KEY,
        f"the key {KEY} is not known",
        f"the key {KEY[:12]} is not known",
        f"…{KEY[-9:]}",
        quote(KEY, safe=""),
        quote(KEY, safe="").lower(),
        f"{KEY[:4]}****{KEY[-4:]}",
        f"{KEY[:4]}...",
        f"<{KEY}>{KEY}",
    ],
)
def test_a_secret_without_a_shape_is_known_by_its_value(echo: str) -> None:
    """Also a part of it, or its percent-encoded form."""
    remember([KEY])
    shown = redact(echo)
    assert "(secret)" in shown
    assert not any(KEY[at : at + 8] in shown for at in range(len(KEY) - 7))
    assert "Zq7" not in shown
    assert "ue9" not in shown


def test_a_short_secret_is_a_whole_word() -> None:
    """A password of five letters is no reason to take a word apart."""
    remember(["storm", "no", ""])
    assert redact("storm: no thunderstorm") == "(secret): no thunderstorm"


def test_every_error_of_the_program_is_redacted() -> None:
    """Whoever raised it, and whoever shows it."""
    remember([KEY])
    error = StoreError(f"the server said {KEY}")
    assert str(error) == "the server said (secret)"


@pytest.mark.parametrize("before", ["", "u", "us", "user:"])
def test_a_known_secret_is_seen_in_base64_and_hexadecimal(before: str) -> None:
    """As a header of HTTP holds it, wherever the secret begins in what is encoded."""
    remember([KEY])
    data = f"{before}{KEY}".encode()
    for said in (base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode(), data.hex()):
        assert len(redact(f"refused {said}.").replace(SECRET, "")) <= len("refused .") + 2 * len(before) + 8


@pytest.mark.parametrize("unit", ["x", "*", ".", "a-"])
def test_a_long_text_is_redacted_in_linear_time(unit: str) -> None:
    remember([KEY])
    text = unit * (200_000 // len(unit))
    start = time.process_time()
    assert redact(text) == text
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", ["set HF_HUB_OFFLINE=0", "key_figures.txt", "sk-written by hand", "a key-note speech"])
def test_names_that_begin_like_a_key_are_shown(text: str) -> None:
    assert redact(text) == text
