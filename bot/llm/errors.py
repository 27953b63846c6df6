"""Errors of chat model providers, as one tree, and their mapping from the exceptions of provider libraries.

ProviderError               the provider gave no answer: one line that says what, and what to do
├── ProviderUnreachable     no connection                                        retryable
├── ProviderTimeout         no token within MODEL_TIMEOUT                        retryable
├── ProviderBusy            429, 500, 502, 503, 504, 529                         retryable
├── StreamBroken            cut off or malformed in the middle                   retryable
├── EmptyAnswer             it ended well, without a word                        retryable
├── AnswerCut               it reached the limit on its length
├── ContentFiltered         the provider's content filter, or the model, refused
├── KeyRefused              401, 403
├── ModelUnknown            404
├── RequestRefused          400 and what else it will not take
├── QuotaSpent              the account has no credit left: 402, or so says the error's body
└── BudgetSpent             DAILY_TOKEN_LIMIT are used

The libraries raise exceptions of many kinds (their own, httpx's, JSON's, pydantic's), and importing them to catch by
class would load them all; so an exception is classified by its HTTP status and the names of its classes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from retrieval.errors import OnrecordError
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.redaction import redact


class ProviderError(OnrecordError):
    """The provider gave no answer.

    Args:
        what: What failed.
        retry_after: Seconds that the provider asks to wait, where it says so.

    Attributes:
        retryable: Whether the same request may succeed a little later.
        hint: What the person can do.
    """

    retryable: ClassVar[bool] = False
    hint: ClassVar[str] = "try again, or unset CHAT_MODEL to answer offline"

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{what}: {self.hint}" if self.hint else what)
        self.what = redact(what)
        self.retry_after = retry_after


class ProviderUnreachable(ProviderError):
    """No connection could be made."""

    retryable = True
    hint = "check the network and the base URL (`onrecord doctor` shows it)"


class ProviderTimeout(ProviderError):
    """No token came in time."""

    retryable = True
    hint = "try again, or raise MODEL_TIMEOUT"


class ProviderBusy(ProviderError):
    """Too many requests, or a fault of the provider's own."""

    retryable = True
    hint = "try again in a while"


class StreamBroken(ProviderError):
    """The answer was cut off, or could not be read."""

    retryable = True
    hint = "try again"


class EmptyAnswer(ProviderError):
    """The model ended without a word."""

    retryable = True
    hint = "try again, or name another CHAT_MODEL"


class AnswerCut(ProviderError):
    """The answer ended at a limit on its length."""

    hint = "raise MAX_ANSWER_TOKENS"


class ContentFiltered(ProviderError):
    """The provider's content filter withheld the answer, or the model refused to give one."""

    hint = "ask in other words, or name another CHAT_MODEL"


class KeyRefused(ProviderError):
    """The key is wrong or may not use this model."""

    hint = "check the key in the environment or .env"


class ModelUnknown(ProviderError):
    """There is no such model at this address."""

    hint = "check CHAT_MODEL and the base URL"


class RequestRefused(ProviderError):
    """The provider will not take the request."""

    hint = "check TEMPERATURE, MAX_ANSWER_TOKENS and CONTEXT_TOKENS against what the model takes"


class QuotaSpent(ProviderError):
    """The account has no credit left."""

    hint = "check the account at the provider"


class BudgetSpent(ProviderError):
    """The day's tokens are used."""

    hint = "it goes on at 00:00 UTC, or raise DAILY_TOKEN_LIMIT"


_TIMEOUTS = ("APITimeoutError", "TimeoutException", "TimeoutError")
_UNREACHABLE = ("APIConnectionError", "ConnectError", "ConnectionRefusedError", "ConnectionError", "gaierror")
_BROKEN = ("RemoteProtocolError", "ReadError", "JSONDecodeError", "APIResponseValidationError", "ValidationError")
_BUSY_TYPES = frozenset({"overloaded_error", "api_error", "rate_limit_error", "server_error", "timeout_error"})
# What providers call an account without credit in their errors' "type" or "code", whatever the status: OpenAI and those
# that speak its interface, Anthropic, DeepSeek, OpenRouter.
_QUOTA_CODES = frozenset(
    {
        *("insufficient_quota", "insufficient_user_quota", "insufficient_balance", "insufficient_credits"),
        *("billing_error", "billing_hard_limit_reached", "billing_not_active", "payment_required"),
    }
)
_QUOTA_WORDS = LazyPattern(
    r"credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds|quota)|exceeded your current quota"
    r"|billing (?:hard limit|is not active)|(?:out of|used all(?: available)?|no(?: more)?) credits",
    re.IGNORECASE,
)
_FILTER_CODES = frozenset({"content_filter", "content_policy_violation", "responsibleaipolicyviolation"})
_READ = 4_000  # characters of them that are read
_SAID = 160  # characters of the provider's own words that are passed on


def provider_error(error: BaseException, host: str, model: str, *, started: bool = False) -> ProviderError:
    """Return what ``error`` means to a person.

    Args:
        error: What the provider's library raised.
        host: Where the request went.
        model: The model's name there.
        started: Whether the answer had begun to come.
    """
    if isinstance(error, ProviderError):
        return error
    chain = [error, *_causes(error)]
    names = {kind.__name__ for each in chain for kind in type(each).__mro__}
    status = next((found for found in map(_status, chain) if found), 0)
    codes = {code for each in chain for code in _codes(each)}
    if named := _from_body(status, chain, codes, host):
        return named
    if status >= 400:
        return _from_status(status, error, host, model)
    if codes & _BUSY_TYPES:
        return ProviderBusy(f"{host} broke off ({_said(error)})")
    return _from_connection(error, names, host, started=started)


def _from_connection(error: BaseException, names: set[str], host: str, *, started: bool) -> ProviderError:
    if names.intersection(_TIMEOUTS):
        return ProviderTimeout(f"{host} sent nothing in time")
    if not started and names.intersection(_UNREACHABLE) and not names.intersection(_BROKEN):
        return ProviderUnreachable(f"{host} cannot be reached")
    return StreamBroken(f"the answer from {host} broke off or could not be read ({type(error).__name__})")


def _from_body(status: int, chain: Sequence[BaseException], codes: Collection[str], host: str) -> ProviderError | None:
    """Return the error that the provider's own words name, whatever its status; None where they name none."""
    if status == 402 or _quota_spent(chain, codes):
        return QuotaSpent(f"{host} says that the quota is spent{f' ({status})' if status else ''}")
    if _FILTER_CODES.intersection(codes):
        return ContentFiltered(f"{host} filtered the question or the answer")
    return None


def _from_status(status: int, error: BaseException, host: str, model: str) -> ProviderError:
    if status in {401, 403}:
        return KeyRefused(f"{host} refused the key ({status})")
    if status == 404:
        return ModelUnknown(f"{host} knows no model {model!r} (404)")
    if status == 429:
        return ProviderBusy(f"{host} has too many requests (429)", retry_after=_retry_after(error))
    if status in {408, 409} or status >= 500:
        return ProviderBusy(f"{host} is failing ({status})", retry_after=_retry_after(error))
    return RequestRefused(f"{host} refused the request ({status}, {_said(error)})")


def _causes(error: BaseException) -> list[BaseException]:
    """Return what led to ``error``, nearest first."""
    found: list[BaseException] = []
    at = error.__cause__ or error.__context__
    while at is not None and at not in found and len(found) < 8:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def _status(error: BaseException) -> int:
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else 0


def _error_body(error: BaseException) -> Mapping[Any, Any]:
    """Return what a provider's JSON says of an error."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _codes(error: BaseException) -> list[str]:
    """Return the names that a provider gives an error; one that came within a stream has no status but 200."""
    body = _error_body(error)
    inner = body.get("innererror")  # Azure's
    named = [body.get("type"), body.get("code"), inner.get("code") if isinstance(inner, Mapping) else None]
    return [name.lower() for name in named if isinstance(name, str)]


def _quota_spent(chain: Sequence[BaseException], codes: Collection[str]) -> bool:
    """Tell whether the account has no credit left, which no repetition mends, from too many requests, which it does.

    A provider that says when to come back means the latter, whatever its words.
    """
    if _QUOTA_CODES.intersection(codes):
        return True
    said = " ".join(f"{_error_body(each).get('message') or getattr(each, 'error', '') or each}" for each in chain)
    return bool(_QUOTA_WORDS.search(said)) and not any(_retry_after(each) for each in chain)


def _retry_after(error: BaseException) -> float | None:
    """Return the seconds that the provider asks to wait (RFC 9110, 10.2.3: seconds or a date)."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    if headers is None:
        return None
    given = str(headers.get("retry-after") or "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", given):
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _said(error: BaseException) -> str:
    """Return the provider's own words, short, on one line, without anything that looks like a key."""
    message = _error_body(error).get("message")
    words = " ".join(str(message or getattr(error, "error", "") or error)[:_READ].split())
    return redact(words)[:_SAID]
