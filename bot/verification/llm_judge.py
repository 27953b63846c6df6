"""LLM judge: the verdict of a second chat model on each claim, after the verifier's own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Support
from bot.generation.citation_markers import new_tag
from bot.generation.claim_filter import Verifier
from bot.llm.client import ChatModel
from bot.llm.errors import AnswerCut, ContentFiltered, ProviderError
from bot.llm.prompts import load
from retrieval.articles import Hit
from retrieval.text.sanitize import clean, line

PROMPT = "verify"
VARIABLES = ("tag", "passages", "claim")

RETRY_AFTER_SECONDS = 60.0
"""Seconds without requests after a failure: an answer must not wait for each claim."""

_WORD = re.compile(r"\b(UNSUPPORTED|PARTIAL|SUPPORTED)\b", re.IGNORECASE)


class LLMJudge:
    """A verifier that also asks a chat model. Safe to share between threads.

    The model can lower a verdict to unsupported, and raise partially supported to supported where the verifier names no
    problem. It cannot overrule a wrong number, name or quotation, and is not asked about verbatim claims.

    Args:
        verifier: Judges first.
        chat: The model.
        clock: Monotonic seconds.

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
        """Embed the sentences of ``hits`` in advance."""
        self._verifier.prepare(hits)

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        """Return the verdict on ``claim`` against ``hits``; the verifier's alone when the model cannot be asked."""
        judged = self._verifier.judge(claim, hits, context)
        first = judged.support
        if not judged.asserts or first in {Support.VERBATIM, Support.UNSUPPORTED} or self._clock() < self._down_until:
            return judged
        try:
            said = self._asked(judged.text, hits)
        except (AnswerCut, ContentFiltered):  # on this claim; the model answers others
            return judged
        except ProviderError:
            self._down_until = self._clock() + RETRY_AFTER_SECONDS
            return judged
        if said is Support.UNSUPPORTED:
            return replace(judged, support=said, problems=(*judged.problems, f"{self._chat.name} finds it unsupported"))
        if said is Support.SUPPORTED and first is Support.PARTIAL and not judged.problems:
            return replace(judged, support=said)
        return judged

    def _asked(self, claim: str, hits: Sequence[Hit]) -> Support | None:
        """Return the model's verdict; None when it gives none of the three.

        Raises:
            ProviderError: It cannot be asked.
        """
        passages = "\n\n".join(clean(hit.passage.text) for hit in hits)
        tag = new_tag([passages, claim])
        answer, _ = self._chat.ask(self._prompt.messages(tag=tag, passages=passages, claim=line(claim)))
        found = _WORD.search(answer)
        return Support(found[1].lower()) if found else None
