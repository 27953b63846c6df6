"""The verifier: how well the passages found support a claim, and which sentences are the evidence.

Checks that need no model come first; a fitted model turns lexical, edit and vector features into a probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import CandidateSentence, candidate_sentences
from bot.answering.model import logistic
from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Evidence, Support
from bot.citations import ArticleLookup
from bot.verification import model
from bot.verification.alignment import ALIGNMENT_FEATURES, VECTOR_FEATURES, alignment_features, vector_features
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
from bot.verification.edits import EDIT_FEATURES, edit_features
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
from bot.verification.lead_ins import capitalized, without_lead_in
from bot.verification.quotations import check_quotations
from bot.verification.source_articles import SourceArticles
from bot.verification.speakers import misattributed_speech
from retrieval.articles import Hit, Passage
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_vectors import VectorCache, token_cache
from retrieval.text.folding import Words, joined

MAX_CLAIM_CHARACTERS = 2_000
"""A longer claim is unsupported unchecked: the embedding model reads some 1,200 characters."""
CACHED_SENTENCES = 1_000
"""Sentences whose token vectors are cached: about 45 kB each."""
CHECK_FEATURES = ("grave", "slight")
"""Whether the checks found a grave problem, and another one."""

FEATURES = (*CHECK_FEATURES, *LEXICAL_FEATURES, *EDIT_FEATURES, *VECTOR_FEATURES)
"""The features of a claim with any embedder."""
FEATURES_WITH_TOKENS = (*FEATURES, *ALIGNMENT_FEATURES)
"""The features of a claim where the embedder gives token vectors."""


@dataclass(frozen=True, slots=True)
class ClaimAnalysis:
    """The features, evidence and problems of a claim.

    Attributes:
        names: The names of the features.
        values: Their values, in the same order.
        chosen: The indices of the evidence sentences.
        problems: What the checks found.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    chosen: tuple[int, ...]
    problems: tuple[ClaimProblem, ...]


class ClaimVerifier:
    """Verifies claims one by one. Safe to share between threads.

    For an embedder without token vectors (``TokenEmbedder``) there is a model of its own.

    Args:
        embedder: The library's embedding model.
        fitted: The fitted model; None: the one shipped.
        articles: Where whole articles are read for quotations and who said them; None: only the passages are.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        fitted: model.VerifierModel | None = None,
        articles: ArticleLookup | None = None,
    ) -> None:
        self._embedder = embedder
        self._sources = SourceArticles(articles)
        self._fitted = fitted or model.load()
        self._tokens = token_cache(embedder, CACHED_SENTENCES)
        self._wholes = VectorCache(embedder.embed_passages, CACHED_SENTENCES)

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Embed the sentences of ``hits`` in advance, for instance before the chat model answers: about 5 ms each.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        texts = [each.sentence.text for each in candidate_sentences(hits)]
        if self._tokens is not None:
            self._tokens.get(texts)
        else:
            self._vectors(texts)

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
        found = resolved_sentences(hits)
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
        verdict = self._verdict(read, text, quoted, hits, found)
        if resolved.statement:
            opened = self._verdict(parse_claim(resolved.statement), text, (), hits, found)
            bare = mark + capitalized(shown[len(resolved.opening) :])
            verdict = merged_verdict(verdict, opened, resolved.opening, bare)
        if misquoted:
            verdict = replace(verdict, support=Support.UNSUPPORTED)
        elif verdict.support is Support.UNSUPPORTED:
            judge = partial(self._judge_clause, hits=hits, found=found, context=context)
            judged = judge_clauses(shown, judge, verdict)
            verdict = verdict if judged is verdict else replace(judged, text=mark + judged.text)
        return verdict

    def _judge_clause(
        self, clause: str, hits: Sequence[Hit], found: Sequence[CandidateSentence], context: ClaimContext
    ) -> ClaimVerdict:
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
        variant = self._fitted.variants["tokens" if analysis.names is FEATURES_WITH_TOKENS else "vectors"]
        probability = logistic(variant.log_odds(analysis.names, analysis.values))
        evidence = tuple(Evidence(found[number].hit, found[number].sentence.span) for number in analysis.chosen)
        messages = (*quoted, *(problem.message for problem in analysis.problems))
        grave = any(problem.grave for problem in analysis.problems)
        support = Support.UNSUPPORTED if grave else model.least_costly_support(probability)
        if support is Support.SUPPORTED and messages:
            support = Support.PARTIAL
        return ClaimVerdict(support, probability, text, evidence, messages)

    def analyze(self, claim: ParsedClaim, hits: Sequence[Hit], found: Sequence[CandidateSentence]) -> ClaimAnalysis:
        """Return the analysis of a claim against the sentences of ``hits``, at least one."""
        sentences = [each.sentence for each in found]
        texts = [claim.text, *(each.text for each in sentences)]
        tokens = self._tokens.get(texts) if self._tokens is not None else []
        wholes = np.stack([each.whole for each in tokens]) if tokens else self._vectors(texts)
        cosines = wholes[1:] @ wholes[0]
        chosen = choose_evidence(
            claim, found, [hit.passage.article_id for hit in hits], [float(each) for each in cosines]
        )
        problems = [
            *check_claim(claim, hits, found, chosen),
            *map(ClaimProblem, misattributed_speech(claim.text, self._sources.of(hits), hits, found)),
        ]
        values = [
            float(any(problem.grave for problem in problems)),
            float(any(not problem.grave for problem in problems)),
            *lexical_features(claim, sentences),
            *edit_features(
                claim, [sentences[number] for number in rank_sentences(claim, sentences)[:COMPARED_SENTENCES]]
            ),
            *vector_features(wholes[0], wholes[1:]),
        ]
        if tokens:
            values += alignment_features(claim, tokens[0], sentences, tokens[1:])
        return ClaimAnalysis(
            FEATURES_WITH_TOKENS if tokens else FEATURES, tuple(values), tuple(chosen), tuple(problems)
        )

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack(self._wholes.get(texts)) if texts else np.empty((0, 0), np.float32)


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
