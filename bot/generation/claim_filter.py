"""Claim filter: verifies a model's sentences one by one, and shows or withholds them with their citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from bot.answering.question import parse_question
from bot.answering.requirements import requirement_of
from bot.answers import NO_CONTEXT, Citation, Claim, ClaimContext, ClaimVerdict, Evidence, Form, Support
from bot.citations import CitationBuilder
from bot.generation.denials import denied_topic
from bot.generation.sentence_stream import SentenceDraft
from retrieval.articles import Hit, Span
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import NEGATORS, THIRD_PERSON_BE, alternation
from retrieval.text.quotation_marks import open_quotation


class Verifier(Protocol):
    """Verifies claims against passages: ``bot.verification.verifier.ClaimVerifier``."""

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Prepare for claims about ``hits``, in advance."""
        ...

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        """Return the verdict on ``claim``, read in ``context``, against ``hits``, with its evidence."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """A verdict on which a second opinion may be asked.

    Attributes:
        verdict: The verifier's.
        hits: The passages that the claim was held to.
        context: What it was read with.
    """

    verdict: ClaimVerdict
    hits: tuple[Hit, ...]
    context: ClaimContext = NO_CONTEXT


@runtime_checkable
class ClaimReviewer(Protocol):
    """Gives a second opinion on several verdicts at once: ``bot.verification.llm_judge.LLMJudge``."""

    @property
    def verifier(self) -> Verifier:
        """Gives the first."""
        ...

    @property
    def max_claims(self) -> int:
        """The most claims to ask about at once."""
        ...

    def review(self, claims: Sequence[ReviewedClaim]) -> list[ClaimVerdict]:
        """Return the verdicts on claims of one answer, in their order."""
        ...


_MAX_OPEN_QUOTATION = 700
"""Characters of sentences in one quotation, after which its mark is taken for stray."""

_SUPPORTED = frozenset({Support.VERBATIM, Support.SUPPORTED})

_NOT_CONTAINED = (
    r"(?:do(?:es)? not|don['’]t|doesn['’]t|did not|didn['’]t|cannot|can['’]t|no(?:t)?|never|fails? to|without)\b"
    r".{0,40}\b(?:contain|mention|say|state|specif|provid|includ|answer|address|give|tell|reveal|discuss|hold|indicat|"
    r"report|describe|name|identif|cover|explain|find|found|determin|information|detail|data)"
)
_SOURCE = r"\b(?:passages?|articles?|sources?|texts?|contexts?|documents?|excerpts?|materials?|information|snippets?)\b"
_REMARK = LazyPattern(
    rf"{_SOURCE}.{{0,60}}\b{_NOT_CONTAINED}"
    rf"|\b(?:{alternation(THIRD_PERSON_BE)}|it['’]s)\s+(?:not|nowhere|n['’]t)\s+(?:\w+\s+){{0,3}}"
    rf"(?:in|by|from)\s+(?:\w+\s+){{0,3}}{_SOURCE}"
    rf"|\b(?:{alternation(NEGATORS)})\b.{{0,40}}"
    rf"\b(?:in|by|from)\s+(?:the|these|those|any|your)\s+(?:\w+\s+){{0,2}}{_SOURCE}"
    r"|\b(?:I|we)\s+(?:am|are|was|were)?\s*(?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t|am unable|unable)\b"
    r".{0,30}\b(?:know|answer|find|determine|tell|say|help|provide|assist|comply)"
    r"|^(?:sorry|I['’]m sorry|unfortunately)\b|^there is (?:no|not enough) (?:information|mention|evidence|answer)\b"
    r"|\bnot (?:enough|sufficient) information\b",
    re.IGNORECASE,
)
"""Remarks that the passages contain no answer, and apologies."""


class ClaimFilter:
    """Filters the sentences of one answer. Not safe to share between threads.

    Args:
        verifier: Verifies claims.
        hits: The passages of the prompt, in its order.
        citing: Makes the citations.
        question: The question that the answer is to.
        show_unsupported: Show unsupported claims too.
        is_true_denial: Tells of a remark that the articles do not say something whether that is true; it is shown then.
        show_unconfirmed: Keep unconfirmed claims apart, to be shown as such, instead of withholding them.

    Attributes:
        citations: By number.
        claims: The claims to show.
        unconfirmed: The claims to show apart from them, without citations.
        withheld: The claims withheld.
        denials: The number of remarks that the passages contain no answer.
        unsupported_run: The number of unsupported claims in a row, up to the latest.
    """

    def __init__(
        self,
        verifier: Verifier,
        hits: Sequence[Hit],
        citing: CitationBuilder,
        *,
        question: str = "",
        is_true_denial: Callable[[str], bool] = lambda _: False,
        show_unsupported: bool = False,
        show_unconfirmed: bool = True,
    ) -> None:
        self._reviewer = verifier if isinstance(verifier, ClaimReviewer) else None
        self._verifier = self._reviewer.verifier if self._reviewer else verifier
        self._prepared: dict[str, _Checked] = {}
        self._context = ClaimContext(question)
        self._hits = tuple(hits)
        self._citing = citing
        self._is_true_denial = is_true_denial
        self._show = show_unsupported
        self._show_unconfirmed = show_unconfirmed
        self._seen: set[str] = set()
        self._last: list[Claim] = []
        self._headings: list[Claim] = []
        self._section_withheld = False  # whether claims under the headings were withheld
        self._numbers: dict[tuple[str, Span], int] = {}
        self.citations: list[Citation] = []
        self.claims: list[Claim] = []
        self.unconfirmed: list[Claim] = []
        self.withheld: list[Claim] = []
        self.denials = 0
        self.unsupported_run = 0

    @property
    def supported_count(self) -> int:
        """The number of supported claims."""
        return sum(claim.supported and claim.counted for claim in self.claims)

    @property
    def has_answer(self) -> bool:
        """Whether a shown claim answers.

        A supported one does; a partly supported one where it gives what the question asks for ("when": a time), and the
        model did not write that the passages contain no answer.
        """
        if self.supported_count:
            return True
        partly = [claim for claim in self.claims if claim.support is Support.PARTIAL and claim.counted]
        if not partly or self.denials:
            return False
        required = requirement_of(parse_question(self._context.question))
        return required is None or any(required.given_in(claim.text) for claim in partly)

    def add(self, draft: SentenceDraft, nothing: str = "") -> None:
        """Verify a sentence, then show or withhold it.

        Args:
            draft: The sentence. Without text, it is a marker after its sentence.
            nothing: The marker that says that the passages contain no answer.
        """
        unknown = tuple(each for each in draft.unknown if each != nothing)
        self.denials += len(draft.unknown) - len(unknown)
        if not draft.text:
            self._amend(unknown)
            return
        if draft.reference:
            self.refuse(replace(draft, form=Form.HEADING), "it lists sources")
            return
        key = _key(draft)
        if key in self._seen:
            return
        self._seen.add(key)
        self._judge(replace(draft, unknown=unknown))
        self._context = _after(self._context, draft)

    @property
    def batch_size(self) -> int:
        """How many sentences are best verified together: more than one where a second opinion is asked on each."""
        return self._reviewer.max_claims if self._reviewer else 1

    def prepare(self, drafts: Sequence[SentenceDraft]) -> None:
        """Verify sentences that will be added next, a second opinion asked on all of them together."""
        self._check([draft for draft in drafts if draft.text and _key(draft) not in self._seen])

    def _check(self, drafts: Sequence[SentenceDraft]) -> None:
        context = self._context
        checked: dict[str, tuple[_Checked, ClaimContext]] = {}
        for draft in drafts:
            if draft.text not in checked:
                checked[draft.text] = self._verdict(draft, context), context
                context = _after(context, draft)
        verdicts = [each.verdict for each, _ in checked.values()]
        if self._reviewer:
            claims = [ReviewedClaim(each.verdict, each.hits, context) for each, context in checked.values()]
            verdicts = self._reviewer.review(claims)
        for (text, (each, _)), verdict in zip(checked.items(), verdicts, strict=True):
            self._prepared[text] = replace(each, verdict=verdict)

    def finish(self) -> None:
        """Withhold the headings without claims."""
        self.withheld += self._headings
        self._headings.clear()

    def refuse(self, draft: SentenceDraft, problem: str) -> None:
        """Withhold a sentence unchecked."""
        if draft.text:
            self.withheld.append(
                Claim(draft.text, Support.UNSUPPORTED, probability=0.0, problems=(problem,), form=draft.form)
            )

    def _judge(self, draft: SentenceDraft) -> None:
        if draft.text not in self._prepared:
            self._check([draft])
        checked = self._prepared.pop(draft.text)
        judged, hits, problems = checked.verdict, checked.hits, checked.problems
        claim = Claim(
            judged.text,
            judged.support,
            probability=judged.probability,
            problems=(*judged.problems, *problems, *_flags(draft)),
            form=draft.form if judged.asserts or draft.form is Form.CODE else Form.HEADING,
            opens=draft.opens,
        )
        self.unsupported_run = self.unsupported_run + 1 if claim.support is Support.UNSUPPORTED else 0
        if not claim.supported and claim.form is not Form.CODE and _is_remark(draft.text):
            self.denials += 1
            if self._is_true_denial(draft.text):
                self._say(Claim(judged.text, Support.SUPPORTED, form=Form.REMARK, opens=draft.opens))
            else:
                self._put(self.withheld, replace(claim, form=Form.REMARK))
        elif judged.asserts and self._stands_apart(claim):
            nearest = self._nearest(judged.evidence, hits, judged.probability)
            kept = self.unconfirmed if self._show_unconfirmed else self.withheld
            self._put(kept, replace(claim, nearest=nearest))
            self._withhold_cut(judged)
        elif self._hides(claim, asserts=judged.asserts):
            self._put(self.withheld, claim)
        else:
            self._withhold_cut(judged)
            has_evidence = judged.support is not Support.UNSUPPORTED and judged.asserts
            numbers = self._cite(judged.evidence, hits, judged.probability) if has_evidence else ()
            self._say(replace(claim, citations=numbers))

    def _hides(self, claim: Claim, *, asserts: bool) -> bool:
        """Tell whether a claim is withheld. Code that asserts nothing is withheld like a wrong claim."""
        if claim.form is Form.CODE:
            return not (claim.supported and asserts) and not self._show
        if claim.supported:
            return False
        return claim.form is Form.HEADING or (claim.support is Support.UNSUPPORTED and not self._show)

    def _stands_apart(self, claim: Claim) -> bool:
        """Tell whether an assertion is shown apart from the answer: one not confirmed, and code that is so in part."""
        partly_code = claim.form is Form.CODE and claim.support is Support.PARTIAL and not self._show
        return partly_code or (claim.support is Support.UNCONFIRMED and claim.form is not Form.HEADING)

    def _withhold_cut(self, judged: ClaimVerdict) -> None:
        """Withhold what was cut away from a claim that is shown without it."""
        self.withheld += [
            Claim(
                part.strip(" ,;"),
                Support.UNSUPPORTED,
                probability=0.0,
                problems=("no article supports this part of a sentence",),
            )
            for part in judged.cut
        ]

    def _say(self, claim: Claim) -> None:
        """Show a claim, after the headings over it; a heading waits until a claim under it is shown."""
        if claim.form is not Form.HEADING:
            self.claims += self._headings
            self._headings.clear()
            self._put(self.claims, claim)
            return
        if self._section_withheld:
            self.finish()
        self._section_withheld = False
        self._put(self._headings, claim)

    def _put(self, claims: list[Claim], claim: Claim) -> None:
        claims.append(claim)
        self._last = claims
        self._section_withheld = self._section_withheld or claims is self.withheld or claims is self.unconfirmed

    def _verdict(self, draft: SentenceDraft, context: ClaimContext) -> _Checked:
        """Return the verdict against the passages cited, or against all where those do not support the sentence."""
        cited = tuple(self._hits[number - 1] for number in draft.numbers)
        if cited and len(cited) < len(self._hits):
            judged = self._verifier.judge(draft.text, cited, context)
            if judged.support in _SUPPORTED:
                return _Checked(judged, cited)
        judged = self._verifier.judge(draft.text, self._hits, context)
        elsewhere = cited and judged.support in _SUPPORTED
        elsewhere = elsewhere and not {self._hits[each.hit].passage.id for each in judged.evidence}.intersection(
            hit.passage.id for hit in cited
        )
        problems = ("the model pointed to another passage than the one that says it",) * bool(elsewhere)
        return _Checked(judged, self._hits, problems)

    def _cite(self, evidence: Sequence[Evidence], hits: Sequence[Hit], probability: float) -> tuple[int, ...]:
        """Return the citation numbers of the evidence, assigned in order of first use."""
        numbers = []
        for each in evidence:
            hit = hits[each.hit]
            key = (hit.article.id, each.span)
            if key not in self._numbers:
                self._numbers[key] = len(self.citations) + 1
                self.citations.append(self._citing.cite(self._numbers[key], hit, each.span, probability))
            numbers.append(self._numbers[key])
        return tuple(dict.fromkeys(numbers))

    def _nearest(self, evidence: Sequence[Evidence], hits: Sequence[Hit], probability: float) -> Citation | None:
        """Return the sentence closest to a claim that is not confirmed, without a number."""
        return next((self._citing.cite(0, hits[each.hit], each.span, probability) for each in evidence), None)

    def _amend(self, unknown: tuple[str, ...]) -> None:
        if unknown and self._last:
            last = self._last[-1]
            self._last[-1] = replace(last, problems=(*last.problems, *map(_unknown_marker_problem, unknown)))


@dataclass(frozen=True, slots=True)
class _Checked:
    """A sentence's verdict, the passages that it was held to, and what is wrong with its markers."""

    verdict: ClaimVerdict
    hits: tuple[Hit, ...]
    problems: tuple[str, ...] = ()


def _key(draft: SentenceDraft) -> str:
    return " ".join(draft.text.casefold().split())


def _after(context: ClaimContext, draft: SentenceDraft) -> ClaimContext:
    """Return the context of the next sentence: this one, after those before it while a quotation is open.

    The items of a list follow its lead-in.
    """
    if draft.form is Form.ITEM and context.before.rstrip().endswith(":"):
        return context
    is_open = open_quotation(context.before) and len(context.before) < _MAX_OPEN_QUOTATION
    return replace(context, before=f"{context.before} {draft.text}" if is_open else draft.text)


def _is_remark(text: str) -> bool:
    """Tell whether a sentence says that the passages do not contain something, or apologises."""
    return bool(_REMARK.search(text) or denied_topic(text))


def _flags(draft: SentenceDraft) -> tuple[str, ...]:
    links = ("a link that no article has was taken out",) * bool(draft.links)
    return (*map(_unknown_marker_problem, draft.unknown), *links)


def _unknown_marker_problem(pointer: str) -> str:
    """Return the problem of a marker, without its brackets, so that it cannot be taken for a citation."""
    numbers = ", ".join(re.findall(r"[0-9]+", pointer))
    return f"it points to a source that was not given ({numbers or 'unnamed'})"
