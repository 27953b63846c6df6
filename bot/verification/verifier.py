"""The verifier: how well the passages found support a claim, and which sentences are the evidence.

Checks that need no model come first; a fitted model turns lexical, edit and vector features into a probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import CandidateSentence, candidates
from bot.answering.model import logistic
from bot.answers import ClaimVerdict, Evidence, Support
from bot.verification import model
from bot.verification.alignment import ALIGNMENT_FEATURES, VECTOR_FEATURES, aligned, compared
from bot.verification.assertions import asserts, body, is_about_sources
from bot.verification.checks import ClaimProblem, check
from bot.verification.coreference import told
from bot.verification.edits import EDIT_FEATURES, cutting
from bot.verification.evidence import choose
from bot.verification.features import (
    COMPARED_SENTENCES,
    LEXICAL_FEATURES,
    ParsedClaim,
    lexical,
    ranked,
    read_claim,
)
from bot.verification.quotations import checked
from retrieval.articles import Hit, Passage
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_vectors import VectorCache, token_cache
from retrieval.text.folding import Words, joined

MAX_CLAIM_CHARACTERS = 2_000
"""Characters of a claim that is checked; the embedding model reads some 1,200. A longer sentence is no claim that
anybody could check, and is unsupported."""
CACHED_SENTENCES = 1_000
"""Sentences whose token vectors are kept: about 45 kB each."""
_MARK_ONLY = 6  # characters of a piece without a word that is a list mark gone astray ("1.")
CHECK_FEATURES = ("grave", "slight")
"""Whether a check that needs no model found that the claim says something else than its source, or says it firmer."""

FEATURES = (*CHECK_FEATURES, *LEXICAL_FEATURES, *EDIT_FEATURES, *VECTOR_FEATURES)
"""Everything that is measured of a claim whatever the embedder."""
FEATURES_WITH_TOKENS = (*FEATURES, *ALIGNMENT_FEATURES)
"""Everything that is measured where the embedder shows its tokens."""


@dataclass(frozen=True, slots=True)
class ClaimAnalysis:
    """What can be seen of a claim.

    Attributes:
        names: What was measured.
        values: What came out, in the same order.
        chosen: The numbers of the sentences that carry the claim best.
        problems: What is wrong with it.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    chosen: tuple[int, ...]
    problems: tuple[ClaimProblem, ...]


class ClaimVerifier:
    """Judges claims one by one, as they are written. Safe to share between threads.

    An embedder that does not show its tokens (``TokenEmbedder``) serves too, with a model fitted for that.

    Args:
        embedder: The library's embedding model.
        fitted: The fitted numbers.
    """

    def __init__(self, embedder: Embedder, *, fitted: model.VerifierModel | None = None) -> None:
        self._embedder = embedder
        self._fitted = fitted or model.load()
        self._tokens = token_cache(embedder, CACHED_SENTENCES)
        self._wholes = VectorCache(embedder.embed_passages, CACHED_SENTENCES)

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Embed the sentences of ``hits`` ahead, for instance while the chat model thinks: about 5 ms each.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        texts = [each.sentence.text for each in candidates(hits)]
        if self._tokens is not None:
            self._tokens.get(texts)
        else:
            self._vectors(texts)

    def judge(self, claim: str, hits: Sequence[Hit]) -> ClaimVerdict:
        """Return how far ``hits`` carry ``claim``, with the sentences that do and what is wrong.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        mark, said = body(claim)
        if len(said) > MAX_CLAIM_CHARACTERS:
            return ClaimVerdict(
                Support.UNSUPPORTED, 0.0, claim, (), (f"it is longer than {MAX_CLAIM_CHARACTERS:,} characters",)
            )
        shown, quoted = checked(said, [_joined(hit.passage) for hit in hits])
        text = mark + shown
        found = told(hits)
        read = read_claim(shown)
        if not any(term.isalpha() for term in read.content) and len(said) < _MARK_ONLY:
            return ClaimVerdict(Support.SUPPORTED, 1.0, text, (), quoted, asserts=False)
        if not found:
            said_so = asserts(shown)
            problems = ("nothing was found that could carry it",) if said_so else ()
            support = Support.UNSUPPORTED if said_so else Support.SUPPORTED
            return ClaimVerdict(support, 0.0 if said_so else 1.0, text, (), (*quoted, *problems), asserts=said_so)
        if is_about_sources(shown):
            return ClaimVerdict(
                Support.UNSUPPORTED, 0.0, text, (), (*quoted, "it speaks of the articles, not from them")
            )
        copied = _copied(shown, hits)
        if copied:
            return ClaimVerdict(Support.VERBATIM, 1.0, text, copied, quoted)
        return self._weighed(read, text, quoted, hits, found)

    def _weighed(
        self,
        claim: ParsedClaim,
        text: str,
        quoted: tuple[str, ...],
        hits: Sequence[Hit],
        found: Sequence[CandidateSentence],
    ) -> ClaimVerdict:
        seen = self.look(claim, hits, found)
        variant = self._fitted.variants["tokens" if seen.names is FEATURES_WITH_TOKENS else "vectors"]
        probability = logistic(variant.over(seen.names, seen.values))
        evidence = tuple(Evidence(found[number].hit, found[number].sentence.span) for number in seen.chosen)
        words = (*quoted, *(problem.words for problem in seen.problems))
        grave = any(problem.grave for problem in seen.problems)
        if not asserts(claim.text):
            support = Support.UNSUPPORTED if grave else Support.SUPPORTED
            return ClaimVerdict(support, probability, text, (), words if grave else quoted, asserts=grave)
        support = Support.UNSUPPORTED if grave else model.cheapest(probability)
        if support is Support.SUPPORTED and words:
            support = Support.PARTIAL
        return ClaimVerdict(support, probability, text, evidence, words)

    def look(self, claim: ParsedClaim, hits: Sequence[Hit], found: Sequence[CandidateSentence]) -> ClaimAnalysis:
        """Return what can be seen of a claim against the sentences of ``hits``, at least one."""
        sentences = [each.sentence for each in found]
        texts = [claim.text, *(each.text for each in sentences)]
        tokens = self._tokens.get(texts) if self._tokens is not None else []
        wholes = np.stack([each.whole for each in tokens]) if tokens else self._vectors(texts)
        cosines = wholes[1:] @ wholes[0]
        chosen = choose(claim, found, [hit.passage.article_id for hit in hits], [float(each) for each in cosines])
        problems = check(claim, hits, found, chosen)
        values = [
            float(any(problem.grave for problem in problems)),
            float(any(not problem.grave for problem in problems)),
            *lexical(claim, sentences),
            *cutting(claim, [sentences[number] for number in ranked(claim, sentences)[:COMPARED_SENTENCES]]),
            *compared(wholes[0], wholes[1:]),
        ]
        if tokens:
            values += aligned(claim, tokens[0], sentences, tokens[1:])
        return ClaimAnalysis(
            FEATURES_WITH_TOKENS if tokens else FEATURES, tuple(values), tuple(chosen), tuple(problems)
        )

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack(self._wholes.get(texts)) if texts else np.empty((0, 0), np.float32)


@lru_cache(maxsize=512)
def _words(passage: Passage) -> Words:
    return Words(passage.text)


def _joined(passage: Passage) -> str:
    return _words(passage).joined


def _copied(claim: str, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Return the sentences that are the claim word for word, each whole: part of one may say something else."""
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
