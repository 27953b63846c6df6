"""Asks another chat model about each claim, besides the checks that need none."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answers import ClaimVerdict, Support
from bot.generation.citation_markers import new_tag
from bot.generation.claim_filter import Verifier
from bot.llm.client import ChatModel
from bot.llm.errors import ProviderError
from bot.llm.prompts import load
from retrieval.articles import Hit
from retrieval.text.sanitize import clean, line

PROMPT = "verify"
VARIABLES = ("tag", "passages", "claim")

RETRY_AFTER_SECONDS = 60.0
"""Seconds in which a model that failed is not asked again: an answer must not wait for it claim by claim."""

_WORD = re.compile(r"\b(UNSUPPORTED|PARTIAL|SUPPORTED)\b", re.IGNORECASE)


class LLMJudge:
    """A verifier that also asks a chat model. Safe to share between threads.

    The model can lower what the checks say, to unsupported; it can raise what they hold for partly supported, where
    they name no problem. What is wrong by the letter (a number, a name, a quotation) no model makes right, and word
    for word it is not asked.

    Args:
        verifier: Checks first.
        chat: The model.
        clock: Tells seconds.

    Raises:
        ConfigurationError: The prompt cannot be used.
    """

    def __init__(self, verifier: Verifier, chat: ChatModel, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._verifier = verifier
        self._chat = chat
        self._clock = clock
        self._prompt = load(PROMPT, VARIABLES)
        self._down_until = 0.0

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Do now what the first claim would wait for."""
        self._verifier.prepare(hits)

    def judge(self, claim: str, hits: Sequence[Hit]) -> ClaimVerdict:
        """Return how far ``hits`` carry ``claim``; without the model's word when it cannot be asked."""
        judged = self._verifier.judge(claim, hits)
        first = judged.support
        if not judged.asserts or first in {Support.VERBATIM, Support.UNSUPPORTED} or self._clock() < self._down_until:
            return judged
        try:
            said = self._asked(judged.text, hits)
        except ProviderError:
            self._down_until = self._clock() + RETRY_AFTER_SECONDS
            return judged
        if said is Support.UNSUPPORTED:
            return replace(judged, support=said, problems=(*judged.problems, f"{self._chat.name} finds it unsupported"))
        if said is Support.SUPPORTED and first is Support.PARTIAL and not judged.problems:
            return replace(judged, support=said)
        return judged

    def _asked(self, claim: str, hits: Sequence[Hit]) -> Support | None:
        """Return the model's word; None when it says none of the three.

        Raises:
            ProviderError: It cannot be asked.
        """
        passages = "\n\n".join(clean(hit.passage.text) for hit in hits)
        tag = new_tag([passages, claim])
        answer, _ = self._chat.ask(self._prompt.messages(tag=tag, passages=passages, claim=line(claim)))
        found = _WORD.search(answer)
        return Support(found[1].lower()) if found else None
