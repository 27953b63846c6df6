"""Exit codes of the program, and which one an answer or an error ends with."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.answers import Answer


class ExitCode(IntEnum):
    """The program's exit code."""

    ANSWERED = 0  # answered, possibly or unconfirmed (the status says which), found as quoted, or done
    ABSTAINED = 1  # abstained, or no such quotation
    USAGE = 2  # wrong usage or input
    ALTERED = 3  # a quotation is altered, truncated, misattributed or withdrawn
    STORE = 4  # the store, a setting, the model or the program itself failed
    PROVIDER = 5  # a provider failed
    INTERRUPTED = 130  # Ctrl-C


def code_of_error(error: Exception) -> ExitCode:
    """Return the exit code for an error that was raised on purpose."""
    from bot.llm.errors import ProviderError  # noqa: PLC0415 (late: most commands end without an error)
    from retrieval.errors import InputError  # noqa: PLC0415

    if isinstance(error, ProviderError):
        return ExitCode.PROVIDER
    return ExitCode.USAGE if isinstance(error, InputError) else ExitCode.STORE


def code_of_answer(answer: Answer) -> ExitCode:
    """Return the exit code for an answer; one given offline because the provider failed says so."""
    from bot.answers import INTERRUPTION  # noqa: PLC0415 (late, as above)

    if answer.cut == INTERRUPTION:
        return ExitCode.INTERRUPTED
    if answer.fallback:
        return ExitCode.PROVIDER
    return ExitCode.ABSTAINED if answer.abstention else ExitCode.ANSWERED
