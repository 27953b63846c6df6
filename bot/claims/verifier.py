"""Holds a claim to the passages that were found: the checks that need no model first, then meaning."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.claims import model
from bot.claims.alignment import ALIGNED, VECTORS, aligned, compared
from bot.claims.assertion import asserts, body, is_about_sources
from bot.claims.checks import Problem, check
from bot.claims.evidence import choose
from bot.claims.features import LEXICAL, Claim, lexical, read_claim
from bot.claims.judged import Evidence, Judged, Support
from bot.claims.quoting import checked
from bot.reading.features import Candidate, candidates
from bot.reading.memory import TokenMemory
from bot.reading.model import logistic
from retrieval.articles import Hit, Passage
from retrieval.embedding import Embedder
from retrieval.quotes.wording import Words, joined
from retrieval.token_vectors import TokenEmbedder

LONGEST = 2_000
"""Characters of a claim that is checked; the embedding model reads some 1,200. A longer sentence is no claim that
anybody could check, and is unsupported."""
REMEMBERED = 1_000
"""Sentences whose token vectors are kept: about 45 kB each."""
_MARK_ONLY = 6  # characters of a piece without a word that is a list mark gone astray ("1.")
_FAILED = 0.35
"""What a grave problem leaves of a probability: never as much as makes a claim supported or partly so."""


class ClaimVerifier:
    """Judges claims one by one, as they are written. Safe to share between threads.

    An embedder that does not show its tokens (``TokenEmbedder``) serves too, with a model fitted for that.

    Args:
        embedder: The library's embedding model.
        fitted: The fitted numbers.
    """

    def __init__(self, embedder: Embedder, *, fitted: model.Fitted | None = None) -> None:
        self._embedder = embedder
        self._fitted = fitted or model.load()
        self._tokens = TokenMemory(embedder, REMEMBERED) if isinstance(embedder, TokenEmbedder) else None
        self._vector = lru_cache(maxsize=REMEMBERED)(lambda text: embedder.embed_passages([text])[0])

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Embed the sentences of ``hits`` ahead, for instance while the chat model thinks: about 5 ms each.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        texts = [each.sentence.text for each in candidates(hits)]
        if self._tokens is not None:
            self._tokens.of(texts)
        else:
            self._vectors(texts)

    def judge(self, claim: str, hits: Sequence[Hit]) -> Judged:
        """Return how far ``hits`` carry ``claim``, with the sentences that do and what is wrong.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        mark, said = body(claim)
        if len(said) > LONGEST:
            return Judged(Support.UNSUPPORTED, 0.0, claim, (), (f"it is longer than {LONGEST:,} characters",))
        shown, quoted = checked(said, [_joined(hit.passage) for hit in hits])
        text = mark + shown
        found = candidates(hits)
        read = read_claim(shown)
        if not any(term.isalpha() for term in read.content) and len(said) < _MARK_ONLY:
            return Judged(Support.SUPPORTED, 1.0, text, (), quoted, asserts=False)
        if not found:
            said_so = asserts(shown)
            problems = ("nothing was found that could carry it",) if said_so else ()
            support = Support.UNSUPPORTED if said_so else Support.SUPPORTED
            return Judged(support, 0.0 if said_so else 1.0, text, (), (*quoted, *problems), asserts=said_so)
        if is_about_sources(shown):
            return Judged(Support.UNSUPPORTED, 0.0, text, (), (*quoted, "it speaks of the articles, not from them"))
        copied = _copied(shown, hits)
        if copied:
            return Judged(Support.VERBATIM, 1.0, text, copied, quoted)
        return self._weighed(read, text, quoted, hits, found)

    def _weighed(
        self, claim: Claim, text: str, quoted: tuple[str, ...], hits: Sequence[Hit], found: Sequence[Candidate]
    ) -> Judged:
        names, values, cosines = self.evidence(claim, found)
        variant = self._fitted.variants["tokens" if ALIGNED[0] in names else "vectors"]
        probability = logistic(float(variant.over(names, np.array([values]))[0]))
        chosen = choose(claim, found, [hit.passage.article_id for hit in hits], cosines)
        problems = check(claim, hits, found, chosen)
        evidence = tuple(Evidence(found[number].hit, found[number].sentence.span) for number in chosen)
        words = (*quoted, *(problem.words for problem in problems))
        if not asserts(claim.text):
            grave = any(problem.grave for problem in problems)
            support = Support.UNSUPPORTED if grave else Support.SUPPORTED
            return Judged(support, probability, text, (), words if grave else quoted, asserts=grave)
        support, probability = _decided(probability, problems, altered=bool(quoted))
        return Judged(support, probability, text, evidence, words)

    def evidence(self, claim: Claim, found: Sequence[Candidate]) -> tuple[tuple[str, ...], list[float], list[float]]:
        """Return the names of the features, their values, and the cosine of each sentence, at least one."""
        sentences = [each.sentence for each in found]
        words = lexical(claim, sentences)
        if self._tokens is None:
            rows = self._vectors([claim.text, *(each.text for each in sentences)])
            cosines = [float(cosine) for cosine in rows[1:] @ rows[0]]
            return (*LEXICAL, *VECTORS), [*words, *compared(rows[0], rows[1:])], cosines
        own, *vectors = self._tokens.of([claim.text, *(each.text for each in sentences)])
        wholes = np.stack([each.whole for each in vectors])
        cosines = [float(cosine) for cosine in wholes @ own.whole]
        values = [*words, *compared(own.whole, wholes), *aligned(claim, own, sentences, vectors)]
        return (*LEXICAL, *VECTORS, *ALIGNED), values, cosines

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts]) if texts else np.empty((0, 0), np.float32)


def _decided(probability: float, problems: Sequence[Problem], *, altered: bool) -> tuple[Support, float]:
    """Return the support that the probability and the problems leave, and the probability with them in mind."""
    if any(problem.grave for problem in problems):
        return Support.UNSUPPORTED, probability * _FAILED
    support = model.cheapest(probability)
    if support is Support.SUPPORTED and (problems or altered):
        return Support.PARTIAL, probability
    return support, probability


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
