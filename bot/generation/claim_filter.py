"""Holds a model's sentences to the articles, one by one: what is shown, what is withheld, what each rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.answers import Citation, Claim, ClaimVerdict, Evidence, Form, Support
from bot.citations import CitationBuilder
from bot.generation.sentence_stream import SentenceDraft
from retrieval.articles import Hit, Span
from retrieval.text.lexicon import BE, NEGATORS, QUESTION_AUXILIARIES, alternation


class Verifier(Protocol):
    """What holds a claim to passages: ``bot.verification.verifier.ClaimVerifier``."""

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Do now what the first claim would wait for."""
        ...

    def judge(self, claim: str, hits: Sequence[Hit]) -> ClaimVerdict:
        """Return how far ``hits`` carry ``claim``, and the sentences that do."""
        ...


_SUPPORTED = frozenset({Support.VERBATIM, Support.SUPPORTED})

_LACKS = (
    r"(?:do(?:es)? not|don['’]t|doesn['’]t|did not|didn['’]t|cannot|can['’]t|no(?:t)?|never|fails? to|without)\b"
    r".{0,40}\b(?:contain|mention|say|state|specif|provid|includ|answer|address|give|tell|reveal|discuss|hold|indicat|"
    r"report|describe|name|identif|cover|explain|find|found|determin|information|detail|data)"
)
_THEM = r"\b(?:passages?|articles?|sources?|texts?|contexts?|documents?|excerpts?|materials?|information|snippets?)\b"
_REMARK = re.compile(
    rf"{_THEM}.{{0,60}}\b{_LACKS}"
    rf"|\b(?:{alternation(BE & QUESTION_AUXILIARIES)}|it['’]s)\s+(?:not|nowhere|n['’]t)\s+(?:\w+\s+){{0,3}}"
    rf"(?:in|by|from)\s+(?:\w+\s+){{0,3}}{_THEM}"
    rf"|\b(?:{alternation(NEGATORS)})\b.{{0,40}}"
    rf"\b(?:in|by|from)\s+(?:the|these|those|any|your)\s+(?:\w+\s+){{0,2}}{_THEM}"
    r"|\b(?:I|we)\s+(?:am|are|was|were)?\s*(?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t|am unable|unable)\b"
    r".{0,30}\b(?:know|answer|find|determine|tell|say|help|provide|assist|comply)"
    r"|^(?:sorry|I['’]m sorry|unfortunately)\b|^there is (?:no|not enough) (?:information|mention|evidence|answer)\b"
    r"|\bnot (?:enough|sufficient) information\b",
    re.IGNORECASE,
)
"""Sentences about what the passages do not hold, and apologies: they say that there is no answer."""


class ClaimFilter:
    """One answer being checked. Not shared between threads.

    Args:
        verifier: Holds a claim to passages.
        hits: The passages of the prompt, in its order.
        citing: Makes the citations.
        show_unsupported: Keep unsupported claims among those that are shown.

    Attributes:
        citations: By number.
        claims: What may be shown.
        withheld: What may not.
        denials: How often the model said that the passages hold no answer.
        astray: How many claims in a row, the latest ones, no article carries even in part.
    """

    def __init__(
        self, verifier: Verifier, hits: Sequence[Hit], citing: CitationBuilder, *, show_unsupported: bool = False
    ) -> None:
        self._verifier = verifier
        self._hits = tuple(hits)
        self._citing = citing
        self._show = show_unsupported
        self._seen: set[str] = set()
        self._last: list[Claim] = []
        self._headings: list[Claim] = []
        self._barren = False  # whether what stood under the headings was withheld
        self._numbers: dict[tuple[str, Span], int] = {}
        self.citations: list[Citation] = []
        self.claims: list[Claim] = []
        self.withheld: list[Claim] = []
        self.denials = 0
        self.astray = 0

    @property
    def carried(self) -> int:
        """How many claims the articles carry."""
        return sum(claim.supported and claim.counted for claim in self.claims)

    def add(self, draft: SentenceDraft, nothing: str = "") -> None:
        """Check a sentence and put it where it belongs.

        Args:
            draft: The sentence. Without text, it is a pointer that came after its sentence.
            nothing: The pointer that says that the passages hold no answer.
        """
        unknown = tuple(each for each in draft.unknown if each != nothing)
        self.denials += len(draft.unknown) - len(unknown)
        if not draft.text:
            self._amend(unknown)
            return
        key = " ".join(draft.text.casefold().split())
        if key in self._seen:
            return
        self._seen.add(key)
        self._judge(replace(draft, unknown=unknown))

    def finish(self) -> None:
        """Withhold the headings that nothing followed."""
        self.withheld += self._headings
        self._headings.clear()

    def refuse(self, draft: SentenceDraft, problem: str) -> None:
        """Withhold a sentence unchecked."""
        if draft.text:
            self.withheld.append(
                Claim(draft.text, Support.UNSUPPORTED, probability=0.0, problems=(problem,), form=draft.form)
            )

    def _judge(self, draft: SentenceDraft) -> None:
        judged, hits, problems = self._verdict(draft)
        claim = Claim(
            judged.text,
            judged.support,
            probability=judged.probability,
            problems=(*judged.problems, *problems, *_flags(draft)),
            form=draft.form if judged.asserts or draft.form is Form.CODE else Form.HEADING,
            opens=draft.opens,
        )
        self.astray = self.astray + 1 if claim.support is Support.UNSUPPORTED else 0
        if not claim.supported and claim.form is not Form.CODE and _REMARK.search(draft.text):
            self.denials += 1
            self._put(self.withheld, replace(claim, form=Form.REMARK))
        elif self._hides(claim, asserts=judged.asserts):
            self._put(self.withheld, claim)
        else:
            bears = judged.support is not Support.UNSUPPORTED and judged.asserts
            numbers = self._cite(judged.evidence, hits, judged.probability) if bears else ()
            self._say(replace(claim, citations=numbers))

    def _hides(self, claim: Claim, *, asserts: bool) -> bool:
        """Tell whether a claim is withheld. Code that says nothing checkable is no better than code that is wrong."""
        if claim.form is Form.CODE:
            return not (claim.supported and asserts) and not self._show
        if not asserts or claim.supported:
            return False
        return claim.form is Form.HEADING or (claim.support is Support.UNSUPPORTED and not self._show)

    def _say(self, claim: Claim) -> None:
        """Show a claim, after the headings over it; a heading waits until a claim under it is shown."""
        if claim.form is not Form.HEADING:
            self.claims += self._headings
            self._headings.clear()
            self._put(self.claims, claim)
            return
        if self._barren:
            self.finish()
        self._barren = False
        self._put(self._headings, claim)

    def _put(self, claims: list[Claim], claim: Claim) -> None:
        claims.append(claim)
        self._last = claims
        self._barren = self._barren or claims is self.withheld

    def _verdict(self, draft: SentenceDraft) -> tuple[ClaimVerdict, tuple[Hit, ...], tuple[str, ...]]:
        """Return what the passages that the sentence points to make of it; all of them, where those do not carry it."""
        cited = tuple(self._hits[number - 1] for number in draft.numbers)
        if cited and len(cited) < len(self._hits):
            judged = self._verifier.judge(draft.text, cited)
            if judged.support in _SUPPORTED:
                return judged, cited, ()
        judged = self._verifier.judge(draft.text, self._hits)
        elsewhere = cited and judged.support in _SUPPORTED
        elsewhere = elsewhere and not {self._hits[each.hit].passage.id for each in judged.evidence}.intersection(
            hit.passage.id for hit in cited
        )
        return judged, self._hits, ("the model pointed to another passage than the one that says it",) * bool(elsewhere)

    def _cite(self, evidence: Sequence[Evidence], hits: Sequence[Hit], probability: float) -> tuple[int, ...]:
        """Return the numbers of the sentences that carry a claim, given in order of first use."""
        numbers = []
        for each in evidence:
            hit = hits[each.hit]
            key = (hit.article.id, each.span)
            if key not in self._numbers:
                self._numbers[key] = len(self.citations) + 1
                self.citations.append(self._citing.cite(self._numbers[key], hit, each.span, probability))
            numbers.append(self._numbers[key])
        return tuple(dict.fromkeys(numbers))

    def _amend(self, unknown: tuple[str, ...]) -> None:
        if unknown and self._last:
            last = self._last[-1]
            self._last[-1] = replace(last, problems=(*last.problems, *map(_astray, unknown)))


def _flags(draft: SentenceDraft) -> tuple[str, ...]:
    links = ("a link that no article has was taken out",) * bool(draft.links)
    return (*map(_astray, draft.unknown), *links)


def _astray(pointer: str) -> str:
    """Return what is wrong with a pointer, without its brackets: nobody may take it for one of ours."""
    numbers = ", ".join(re.findall(r"[0-9]+", pointer))
    return f"it points to a source that was not given ({numbers or 'unnamed'})"
