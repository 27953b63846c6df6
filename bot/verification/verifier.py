"""The verifier: how well the passages found support a claim, and which sentences are the evidence.

Checks that need no model come first; a fitted model turns the entailment model's score and lexical features into a
probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from bot.answering.features import CandidateSentence
from bot.answering.model import logistic
from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Evidence, Support
from bot.citations import ArticleLookup
from bot.verification import model
from bot.verification.additions import find_additions, without_additions
from bot.verification.assertions import (
    is_about_sources,
    is_assertion,
    is_courtesy,
    is_question,
    split_list_mark,
    without_label,
)
from bot.verification.checks import ClaimProblem, check_claim
from bot.verification.claim_context import NOT_CHECKABLE, merged_verdict, resolve_claim, resolve_pronouns
from bot.verification.clauses import judge_clauses
from bot.verification.coreference import resolved_sentences
from bot.verification.event_dates import with_source_dates
from bot.verification.evidence import choose_evidence
from bot.verification.features import (
    COMPARED_SENTENCES,
    LEXICAL_FEATURES,
    ParsedClaim,
    lexical_features,
    parse_claim,
    rank_sentences,
)
from bot.verification.lead_ins import without_lead_in
from bot.verification.near_copy import matched_share
from bot.verification.premise import premise
from bot.verification.quotations import check_quotations
from bot.verification.source_articles import SourceArticles
from bot.verification.speakers import misattributed_speech
from bot.verification.word_alignment import WordAlignment
from retrieval.articles import Hit, Passage
from retrieval.embedding.cross_encoder import ENTAILMENT_MODEL, CrossEncoder, LazyCrossEncoder, passage_input
from retrieval.text.analyzer import terms
from retrieval.text.folding import Words, joined

MAX_CLAIM_CHARACTERS = 2_000
"""A longer claim is unsupported unchecked: the entailment model reads some 800 characters with the premise."""
CHECK_FEATURES = ("grave", "slight")
"""Whether the checks found a grave problem, and another one."""
FEATURES = ("entailment", *CHECK_FEATURES, *LEXICAL_FEATURES)
"""The features of a claim: the first is the entailment model's log odds."""


@dataclass(frozen=True, slots=True)
class ClaimAnalysis:
    """The features, evidence and problems of a claim.

    Attributes:
        values: The values of ``FEATURES``.
        chosen: The indices of the evidence sentences.
        problems: What the checks found.
    """

    values: tuple[float, ...]
    chosen: tuple[int, ...]
    problems: tuple[ClaimProblem, ...]


class ClaimVerifier:
    """Verifies claims one by one. Safe to share between threads.

    Args:
        entailment: Scores a claim against its premise; None: the packaged model, loaded at first use.
        fitted: The fitted model; None: the one shipped.
        articles: Where whole articles are read for quotations and who said them; None: only the passages are.
    """

    def __init__(
        self,
        entailment: CrossEncoder | None = None,
        *,
        fitted: model.VerifierModel | None = None,
        articles: ArticleLookup | None = None,
    ) -> None:
        self._entailment = entailment or LazyCrossEncoder(ENTAILMENT_MODEL)
        self._sources = SourceArticles(articles)
        self._fitted = fitted or model.load()

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Load the model and read the sentences of ``hits`` in advance, for instance before the chat model answers.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        self.sentences(hits)
        self._entailment.scores("", [" "])

    def sentences(self, hits: Sequence[Hit]) -> Sequence[CandidateSentence]:
        """Return the sentences of ``hits`` that a claim is held to."""
        return resolved_sentences(hits)

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        """Return the verdict on ``claim``, read in ``context``, against ``hits``, with evidence and problems.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        mark, said = split_list_mark(claim)
        said = without_label(said)
        if len(said) > MAX_CLAIM_CHARACTERS:
            return ClaimVerdict(
                Support.UNSUPPORTED, 0.0, claim, (), (f"it is longer than {MAX_CLAIM_CHARACTERS:,} characters",)
            )
        found = self.sentences(hits)
        said = without_lead_in(said, [each.sentence for each in found])
        quotations = check_quotations(said, self._sources.of(hits), context.before)
        shown, quoted = quotations.text, tuple(problem.message for problem in quotations.problems)
        text = mark + shown
        misquoted = any(problem.grave for problem in quotations.problems)
        resolved = resolve_claim(shown, context)
        copied = () if misquoted or resolved.text != shown else _verbatim_evidence(shown, hits)
        if decided := _without_model(shown, copied, context, misquoted=misquoted):
            return replace(decided, text=text, problems=(*quoted, *decided.problems))
        if not found or not resolved.checkable:
            problem = "no passage was found" if resolved.checkable else NOT_CHECKABLE
            return ClaimVerdict(Support.UNSUPPORTED, 0.0, text, (), (*quoted, problem))
        read = parse_claim(with_source_dates(resolved.text, hits, found))
        bare = shown[len(resolved.opening) :] if resolved.statement else shown
        verdict = self._verdict(read, bare, quoted, hits, found)
        if misquoted:
            return replace(verdict, support=Support.UNSUPPORTED, text=text)
        judge = partial(self._judge_clause, hits=hits, found=found, context=context)
        verdict = _without_additions(bare, judge, verdict, hits, found)
        if verdict.support is not Support.PARTIAL:
            verdict = judge_clauses(bare, judge, verdict)
        if resolved.statement:
            opened = self._verdict(parse_claim(resolved.statement), "", (), hits, found)
            verdict = merged_verdict(verdict, opened, resolved.opening, bare)
        return replace(verdict, text=mark + verdict.text)

    def _judge_clause(
        self, clause: str, hits: Sequence[Hit], found: Sequence[CandidateSentence], context: ClaimContext
    ) -> ClaimVerdict:
        if copied := _verbatim_evidence(clause, hits):
            return ClaimVerdict(Support.VERBATIM, 1.0, clause, copied)
        read = with_source_dates(resolve_pronouns(clause, context), hits, found)
        return self._verdict(parse_claim(read), clause, (), hits, found)

    def _verdict(
        self,
        claim: ParsedClaim,
        text: str,
        quoted: tuple[str, ...],
        hits: Sequence[Hit],
        found: Sequence[CandidateSentence],
    ) -> ClaimVerdict:
        if not _says_enough(claim):
            return ClaimVerdict(Support.UNSUPPORTED, 0.0, text, (), (*quoted, "it says too little to be checked"))
        analysis = self.analyze(claim, hits, found)
        probability = logistic(self._fitted.log_odds(FEATURES, analysis.values))
        evidence = tuple(Evidence(found[number].hit, found[number].sentence.span) for number in analysis.chosen)
        messages = (*quoted, *(problem.message for problem in analysis.problems))
        grave = any(problem.grave for problem in analysis.problems)
        support = Support.UNSUPPORTED if grave else model.support_at(probability)
        if messages:
            support = Support.PARTIAL if support is Support.SUPPORTED else Support.UNSUPPORTED
        return ClaimVerdict(support, probability, text, evidence, messages)

    def analyze(self, claim: ParsedClaim, hits: Sequence[Hit], found: Sequence[CandidateSentence]) -> ClaimAnalysis:
        """Return the analysis of a claim against the sentences of ``hits``, at least one."""
        sentences = [each.sentence for each in found]
        chosen = choose_evidence(claim, found, [hit.passage.article_id for hit in hits])
        held = passage_input(premise(found, chosen), "")
        problems = [
            *check_claim(claim, hits, found, chosen),
            *map(ClaimProblem, misattributed_speech(claim.text, self._sources.of(hits), hits, found)),
        ]
        values = (
            float(self._entailment.scores(claim.text, [held])[0]),
            float(any(problem.grave for problem in problems)),
            float(any(not problem.grave for problem in problems)),
            *lexical_features(claim, sentences),
        )
        return ClaimAnalysis(values, tuple(chosen), tuple(problems))


def _without_model(
    claim: str, copied: Sequence[Evidence], context: ClaimContext, *, misquoted: bool
) -> ClaimVerdict | None:
    """Return the verdict on what asserts nothing, is verbatim, asks, or speaks of the articles; else None."""
    if not is_assertion(claim, context.question) and not misquoted:
        return ClaimVerdict(Support.SUPPORTED, 1.0, claim, asserts=False)
    if copied:
        return ClaimVerdict(Support.VERBATIM, 1.0, claim, tuple(copied))
    if is_courtesy(claim, context.question):
        return ClaimVerdict(Support.UNSUPPORTED, 0.0, claim, (), ("it speaks to the reader",), asserts=False)
    if is_question(claim):
        return ClaimVerdict(Support.UNSUPPORTED, 0.0, claim, (), ("it is a question",))
    if is_about_sources(claim):
        return ClaimVerdict(Support.UNSUPPORTED, 0.0, claim, (), ("it speaks of the articles, not from them",))
    return None


def _without_additions(
    claim: str,
    judge: Callable[[str], ClaimVerdict],
    whole: ClaimVerdict,
    hits: Sequence[Hit],
    found: Sequence[CandidateSentence],
) -> ClaimVerdict:
    """Return the verdict on a claim without what no sentence found has; ``whole`` where it adds nothing."""
    read, sentences = parse_claim(claim), [each.sentence for each in found]
    nearest = [sentences[number] for number in rank_sentences(read, sentences)[:COMPARED_SENTENCES]]
    sides = [WordAlignment(claim, read.words, each.text, each.words) for each in nearest]
    certain = whole.support is Support.SUPPORTED
    known = [each.terms for each in sentences]
    known += [frozenset(terms(f"{hit.passage.context} {hit.article.title}")) for hit in hits]
    additions, guarded = find_additions(max(sides, key=matched_share), known, certain=certain)
    if not additions:
        return whole
    rest = judge(without_additions(claim, additions))
    cut = tuple(each.phrase for each in additions)
    if rest.support is Support.VERBATIM or (rest.support is Support.SUPPORTED and not guarded):
        return replace(rest, support=Support.PARTIAL, cut=cut)
    if certain:
        messages = tuple(f"“{each}” is not in the source" for each in cut)
        return replace(whole, support=Support.UNCONFIRMED, problems=(*whole.problems, *messages))
    return whole


def _says_enough(claim: ParsedClaim) -> bool:
    """Tell whether a claim says something of something: "No.", "50%." and names alone mean what they answer."""
    content = [word for word in claim.words if word.term and not word.stop]
    return len(claim.content) > 1 and not all(word.number or claim.text[word.start].isupper() for word in content)


@lru_cache(maxsize=512)
def _words(passage: Passage) -> Words:
    return Words(passage.text)


def _verbatim_evidence(claim: str, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the whole sentences that equal the claim word for word: part of a sentence may mean something else."""
    words = Words(claim)
    if not len(words):
        return ()
    run = joined(words.texts)
    for number, hit in enumerate(hits):
        source, start = _words(hit.passage), hit.passage.span.start
        for first in source.runs(run):
            span = source.span(first, first + len(words))
            held = [s for s in hit.passage.sentences if s.start - start < span.end and span.start < s.end - start]
            if held and len(Words(hit.passage.text[held[0].start - start : held[-1].end - start])) == len(words):
                return tuple(Evidence(number, each) for each in held)
    return ()
