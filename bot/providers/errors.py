"""What can go wrong at a provider of chat models, as one tree.

ProviderError               the provider gave no answer: one line that says what, and what to do
├── ProviderUnreachable     no connection                                        retryable
├── ProviderTimeout         no token within MODEL_TIMEOUT                        retryable
├── ProviderBusy            429, 500, 502, 503, 504, 529                         retryable
├── StreamBroken            cut off or malformed in the middle                   retryable
├── EmptyAnswer             it ended well, without a word                        retryable
├── KeyRefused              401, 403
├── ModelUnknown            404
├── RequestRefused          400 and what else it will not take
├── QuotaSpent              the account has no credit left
└── BudgetSpent             DAILY_TOKENS are used
"""

from __future__ import annotations

from typing import ClassVar

from retrieval.errors import OnrecordError


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
        self.what = what
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


class KeyRefused(ProviderError):
    """The key is wrong or may not use this model."""

    hint = "check the key in the environment or .env"


class ModelUnknown(ProviderError):
    """There is no such model at this address."""

    hint = "check CHAT_MODEL and the base URL"


class RequestRefused(ProviderError):
    """The provider will not take the request."""

    hint = "check TEMPERATURE, MAX_TOKENS and CONTEXT_TOKENS against what the model takes"


class QuotaSpent(ProviderError):
    """The account has no credit left."""

    hint = "check the account at the provider"


class BudgetSpent(ProviderError):
    """The day's tokens are used."""

    hint = "it goes on at 00:00 UTC, or raise DAILY_TOKENS"
