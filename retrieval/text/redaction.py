"""Redaction: secrets taken out of text before it is shown or logged. The only place that does so.

A secret is known by its shape (a key's usual prefix, a password in an address, a token in its query), or because the
program holds it: the values of ``remember``, also where a provider echoes only a part of one, or encodes it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from retrieval.text.lazy_pattern import LazyPattern

SECRET = "(secret)"  # noqa: S105 (what stands in the place of one)

_SHAPES = (
    # Prefixes of OpenAI's, Anthropic's, Stripe's, LangSmith's, Hugging Face's, GitHub's, Slack's and AWS's keys.
    # Such a key has a digit or is masked: "HF_HUB_OFFLINE" and "key_figures.txt" are words.
    LazyPattern(
        r"\b(?:sk|key|pk|rk|hf|lsv2|ghp|github_pat|xox[abps])[-_](?=[\w*.-]{0,99}[\d*])[\w*.-]{4,}"
        r"|\bAKIA[0-9A-Z]{12,}",
        re.IGNORECASE,
    ),
    LazyPattern(r"(?<=\bBearer )[\w*.~+/=-]{4,}|(?<=\bBasic )[\w+/=-]{4,}", re.IGNORECASE),
)
# Up to the last "@" before a path; and after a colon wherever it stands, since a password may hold a slash.
_USER_INFO = LazyPattern(r"(?<=//)(?:[^\s/?#@:'\"<>]*:[^\s'\"<>]*|[^\s/?#'\"<>]+)(?=@)")
_QUERY = LazyPattern(
    r"([?&;#][\w.%-]*(?:key|token|secret|passw|pwd|auth|signature|sig|credential)[\w.%-]*=)[^\s&;#'\"<>]+",
    re.IGNORECASE,
)
_MASK = LazyPattern(r"\*{2,}|•{2,}|…|\.{3}")
_BESIDE_MASK = LazyPattern(
    r"[\w+/=.-]{0,256}"
)  # what is left of a secret at either end; read backwards before the mask

_SHORTEST = 4  # characters of a secret: shorter ones are words
_PART = 8  # characters of a secret that are not shown in a row
_MASKED_PART = 3  # or at either end of what was masked

_known: set[str] = set()


def remember(secrets: Iterable[str]) -> None:
    """Have these values redacted from now on, in this process; what is too short to be a secret is left out."""
    for secret in secrets:
        value = secret.strip()
        if len(value) >= _SHORTEST:
            _known.update({value, quote(value, safe=""), quote(value, safe="").lower(), json.dumps(value)[1:-1]})
        if len(value) >= _PART:
            data = value.encode("utf-8", "surrogateescape")
            _known.update({data.hex(), *_base64(data)})


def _base64(data: bytes) -> Iterator[str]:
    """Yield what base64 makes of ``data`` wherever it stands in a longer text, without what depends on the rest."""
    for before in range(3):
        whole = (len(data) + before) // 3 * 4
        for encoded in (base64.b64encode, base64.urlsafe_b64encode):
            yield encoded(b"\0" * before + data)[4 if before else 0 : whole].decode("ascii")


def redact(text: str) -> str:
    """Return ``text`` with ``SECRET`` in the place of every secret."""
    text = _without_known(text)
    for shape in _SHAPES:
        text = shape.sub(SECRET, text)
    text = _USER_INFO.sub(SECRET, text)
    return _QUERY.sub(rf"\1{SECRET}", text)


def _beside_mask(text: str) -> str:
    found = _BESIDE_MASK.match(text)
    return found[0] if found else ""


def _without_known(text: str) -> str:
    hidden = bytearray(len(text))
    for secret in _known:
        if len(secret) < _PART:
            for found in re.finditer(rf"(?<!\w){re.escape(secret)}(?!\w)", text):
                hidden[found.start() : found.end()] = b"\1" * (found.end() - found.start())
            continue
        parts = {secret[at : at + _PART] for at in range(len(secret) - _PART + 1)}
        for at in range(len(text) - _PART + 1):
            if text[at : at + _PART] in parts:
                hidden[at : at + _PART] = b"\1" * _PART
    for found in _MASK.finditer(text):
        head = _beside_mask(text[max(0, found.start() - 256) : found.start()][::-1])[::-1]
        tail = _beside_mask(text[found.end() : found.end() + 256])
        if any(
            (len(head) >= _MASKED_PART and secret.startswith(head))
            or (len(tail) >= _MASKED_PART and secret.endswith(tail))
            for secret in _known
        ):
            start, end = found.start() - len(head), found.end() + len(tail)
            hidden[start:end] = b"\1" * (end - start)
    if 1 not in hidden:
        return text
    pieces, at = [], 0
    for run in re.finditer(b"\1+", hidden):
        pieces += [text[at : run.start()], SECRET]
        at = run.end()
    return "".join([*pieces, text[at:]])
