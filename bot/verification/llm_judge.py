"""LLM judge: the verdict of a second chat model on claims, after the verifier's own."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Evidence, Support
from bot.generation.citation_markers import new_tag
from bot.generation.claim_filter import ReviewedClaim, Verifier
from bot.llm.client import ChatModel
from bot.llm.errors import AnswerCut, ContentFiltered, ProviderError
from bot.llm.prompts import load
from retrieval.articles import Hit
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import clean, line

PROMPT = "verify"
VARIABLES = ("tag", "passages", "question", "claims")

MAX_CLAIMS = 8
"""Claims of one request: the passages are sent with each, and more claims than that at once are judged less well."""
RETRY_AFTER_SECONDS = 60.0
"""Seconds without requests after a failure: an answer must not wait for each claim."""

_LINE = LazyPattern(
    r"\W{0,9}(?:(?:claim|verdict|answer)\s*)?(?:(?P<number>\d{1,2})\b)?\W*(?:(?:claim|verdict|answer)\W+)?"
    r"(?P<word>UNSUPPORTED|NOT[ _-]SUPPORTED|PARTIAL(?:LY)?(?:[ _-]SUPPORTED)?|SUPPORTED)\b(?P<rest>[^\n]*)",
    re.IGNORECASE,
)
"""A line of the answer: "2: SUPPORTED [1]". The word opens it: "I do not find it SUPPORTED" is no verdict."""
_PASSAGES = LazyPattern(r"\[(\d{1,2}(?:\D{1,5}\d{1,2}){0,20})\]")
_ABOVE = {
    Support.UNSUPPORTED: frozenset({Support.PARTIAL, Support.SUPPORTED}),
    Support.UNCONFIRMED: frozenset({Support.PARTIAL, Support.SUPPORTED}),
    Support.PARTIAL: frozenset({Support.SUPPORTED}),
}


class LLMJudge:
    """A verifier that also asks a chat model. Safe to share between threads.

    The model is asked about every claim that is neither verbatim nor unsupported for a named problem. It can lower a
    verdict to unsupported, and raise one without a named problem to partially supported or supported. It cannot
    overrule a wrong number, name or quotation. The probability stays the verifier's.

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

    @property
    def verifier(self) -> Verifier:
        """The verifier that judges first."""
        return self._verifier

    @property
    def max_claims(self) -> int:
        """The most claims of one request."""
        return MAX_CLAIMS

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Embed the sentences of ``hits`` in advance."""
        self._verifier.prepare(hits)

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        """Return the verdict on ``claim`` against ``hits``; the verifier's alone when the model cannot be asked."""
        return self.review([ReviewedClaim(self._verifier.judge(claim, hits, context), tuple(hits), context)])[0]

    def review(self, claims: Sequence[ReviewedClaim]) -> list[ClaimVerdict]:
        """Return the verdicts on claims of one answer, in their order, those that the model is asked about together.

        Those that it cannot be asked about, or gives no verdict on, keep the verifier's.
        """
        verdicts = [claim.verdict for claim in claims]
        asked = [number for number, claim in enumerate(claims) if _is_asked(claim.verdict)]
        for first in range(0, len(asked), MAX_CLAIMS):
            batch = asked[first : first + MAX_CLAIMS]
            for number, verdict in zip(batch, self._opinions([claims[number] for number in batch]), strict=True):
                verdicts[number] = verdict
        return verdicts

    def _opinions(self, claims: Sequence[ReviewedClaim]) -> list[ClaimVerdict]:
        """Return the verdicts on the claims of one request; one by one where the answer on all of them is cut off."""
        if self._clock() < self._down_until:
            return [claim.verdict for claim in claims]
        try:
            opinions = self._asked(claims)
        except (AnswerCut, ContentFiltered):  # on these claims; the model answers others
            if len(claims) == 1:
                return [claims[0].verdict]
            return [verdict for claim in claims for verdict in self._opinions([claim])]
        except ProviderError:
            self._down_until = self._clock() + RETRY_AFTER_SECONDS
            return [claim.verdict for claim in claims]
        return [self._with_opinion(claim, opinions.get(number)) for number, claim in enumerate(claims, 1)]

    def _asked(self, claims: Sequence[ReviewedClaim]) -> dict[int, tuple[Support, tuple[Hit, ...]]]:
        """Return the model's verdict on each claim, by number from 1, and the passages that it rests on.

        Raises:
            ProviderError: It cannot be asked.
        """
        hits = tuple({hit.passage.id: hit for claim in claims for hit in claim.hits}.values())
        passages = "\n\n".join(f"[{number}] {clean(hit.passage.text)}" for number, hit in enumerate(hits, 1))
        listed = "\n".join(_listed(claims))
        question = line(claims[0].context.question)
        tag = new_tag([passages, listed, question])
        answer, _ = self._chat.ask(
            self._prompt.messages(tag=tag, passages=passages, question=question or "(none)", claims=listed)
        )
        return {
            number: (support, tuple(hits[each - 1] for each in sources if 0 < each <= len(hits)))
            for number, (support, sources) in _verdicts(answer, len(claims)).items()
        }

    def _with_opinion(self, claim: ReviewedClaim, opinion: tuple[Support, tuple[Hit, ...]] | None) -> ClaimVerdict:
        judged = claim.verdict
        if opinion is None:
            return judged
        support, sources = opinion
        if support is Support.UNSUPPORTED:
            problem = f"{self._chat.name} finds it unsupported"
            return replace(judged, support=support, problems=(*judged.problems, problem))
        if judged.problems or support not in _ABOVE.get(judged.support, ()):
            return judged
        evidence = self._evidence(claim, sources)
        return replace(judged, support=support, evidence=evidence) if evidence else judged

    def _evidence(self, claim: ReviewedClaim, sources: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Return the evidence in the passages that the model names, else the verifier's."""
        places = {hit.passage.id: number for number, hit in enumerate(claim.hits)}
        named = [hit for hit in sources if hit.passage.id in places]
        kept = {places[hit.passage.id] for hit in named}
        own = tuple(each for each in claim.verdict.evidence if each.hit in kept)
        if own or not named:
            return own or claim.verdict.evidence
        found = self._verifier.judge(claim.verdict.text, named, claim.context).evidence
        return tuple(replace(each, hit=places[named[each.hit].passage.id]) for each in found)


def _is_asked(judged: ClaimVerdict) -> bool:
    is_settled = judged.support is Support.VERBATIM or (judged.support is Support.UNSUPPORTED and judged.problems)
    return judged.asserts and not is_settled


def _listed(claims: Sequence[ReviewedClaim]) -> list[str]:
    """Return the claims numbered, each after the sentence before it where that is not the claim before."""
    found: list[str] = []
    previous = ""
    for number, claim in enumerate(claims, 1):
        before = line(claim.context.before)
        if before and before != previous:
            found.append(f"(before it: {before})")
        previous = line(claim.verdict.text)
        found.append(f"{number}. {previous}")
    return found


def _verdicts(answer: str, count: int) -> dict[int, tuple[Support, list[int]]]:
    """Return the verdict on each claim and the passages named for it; none for a claim with two, or without one."""
    found: list[tuple[int, Support, list[int]]] = []
    for text in answer.splitlines():
        read = _LINE.match(text)
        if read is None or not (read["number"] or count == 1):
            continue
        word = read["word"].upper()
        numbers = [int(each) for group in _PASSAGES.findall(read["rest"]) for each in re.findall(r"\d+", group)]
        support = Support.UNSUPPORTED if word.startswith(("UN", "NOT")) else Support.PARTIAL
        support = Support.SUPPORTED if word == "SUPPORTED" else support
        found.append((int(read["number"] or 1), support, numbers))
    times = Counter(number for number, _, _ in found)
    return {number: (support, sources) for number, support, sources in found if times[number] == 1 and number <= count}
