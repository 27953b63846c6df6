"""A verifier that counts words, so that answers are tested without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Evidence, Support
from retrieval.articles import Hit
from retrieval.text.analyzer import terms


class CountingVerifier:
    """A sentence with all of a claim's words supports it, half of them ``partly``; numbers must occur in it."""

    def __init__(self, partly: Support = Support.PARTIAL) -> None:
        self.prepared: list[tuple[Hit, ...]] = []
        self._partly = partly

    def prepare(self, hits: Sequence[Hit]) -> None:
        self.prepared.append(tuple(hits))

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        wanted = set(terms(claim, keep_stop_words=False))
        best = ClaimVerdict(Support.UNSUPPORTED, 0.05, claim)
        for number, hit in enumerate(hits):
            for span in hit.passage.sentences:
                at = hit.passage.span.start
                text = hit.passage.text[span.start - at : span.end - at]
                share = len(wanted & set(terms(text))) / max(1, len(wanted))
                if share <= best.probability or set(re.findall("[0-9]+", claim)) - set(re.findall("[0-9]+", text)):
                    continue
                support = Support.SUPPORTED if share == 1 else self._partly if share >= 0.5 else Support.UNSUPPORTED
                support = Support.VERBATIM if claim in text else support
                best = ClaimVerdict(support, share, claim, (Evidence(number, span),))
        return best
