"""Holds a claim to the passages that were found: the checks that need no model first, then meaning.

Which sentences of an answer claim nothing about the world: questions, headings, and words about the answer.

The checks that need no model: what is found here keeps a claim from being supported, whatever its probability.

What stands between quotation marks must stand in a source word for word, or it loses its marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import CandidateSentence, candidates, read_passage
from bot.answering.model import logistic
from bot.answers import ClaimVerdict, Evidence, Support
from bot.verification import model
from bot.verification.alignment import ALIGNMENT_FEATURES, VECTOR_FEATURES, aligned, compared
from bot.verification.entities import NameIndex, told
from bot.verification.evidence import choose
from bot.verification.facts import EvidenceScope, wrong_dates, wrong_names, wrong_numbers
from bot.verification.features import (
    COMPARED_SENTENCES,
    EDIT_FEATURES,
    LEXICAL_FEATURES,
    ParsedClaim,
    cutting,
    lexical,
    ranked,
    read_claim,
)
from bot.verification.polarity import WordAlignment, firmer, flips, other_facts, polarity, swapped
from retrieval.articles import Hit, Passage, Span
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_vectors import TokenEmbedder, TokenVectorCache
from retrieval.text.analyzer import terms
from retrieval.text.folding import Words, joined
from retrieval.text.quotation_marks import Pair, pairs

LIST_MARK = re.compile(r"\s*(?:[-*+•–—]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+")
"""What stands before a list item: no part of the claim."""
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
_LEAD_IN = re.compile(
    r"(?:here(?:'s|’s| is| are)|in (?:summary|short|brief)|to (?:sum up|summari[sz]e)|(?:the|these|your) (?:articles?"
    r"|sources?|passages?|reports?|excerpts?) (?:say|report|mention|describe|cover|give|list|name|contain|tell)\w*"
    r"|based on|according to|from) (?:.{0,80}\b(?:articles?|sources?|passages?|reports?|excerpts?|answer|summary"
    r"|points?|found|following|say|says)\b)?.{0,40}:",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"(?:(?:the|these|your|those) )?(?:given |provided |available )?(?:articles?|sources?|passages?|reports?|excerpts?"
    r"|texts?) (?:provided |given |here )?(?:do|does|did)(?: not|n't|n’t) (?:\w+ )?(?:say|mention|state|specify|tell"
    r"|give|name|report|provide|contain|indicate|explain|describe|include|identify|address)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{1,6} |\*\*[^*]{1,60}\*\*:?$|__[^_]{1,60}__:?$")
_LONGEST_HEADING = 8  # words


def body(text: str) -> tuple[str, str]:
    """Return the list mark and white space before a claim, and the claim."""
    mark = LIST_MARK.match(text)
    start = mark.end() if mark else len(text) - len(text.lstrip())
    return text[:start], text[start:]


def asserts(text: str) -> bool:
    """Tell whether a sentence, its list mark aside, says something that could be wrong."""
    plain = text.strip()
    bare = _EMPHASIS.sub("", plain)
    if not any(term.isalpha() for term in terms(bare, keep_stop_words=False)):
        return False
    if bare.endswith("?"):
        return False
    if _HEADING.match(plain) and len(bare.split()) <= _LONGEST_HEADING:
        return False
    return not _LEAD_IN.fullmatch(bare)


def is_about_sources(text: str) -> bool:
    """Tell whether a sentence says what the articles do not say: no article can carry that."""
    return bool(_SILENT.match(_EMPHASIS.sub("", text.strip())))


@dataclass(frozen=True, slots=True)
class ClaimProblem:
    """What is wrong with a claim.

    Attributes:
        words: In words for a person.
        grave: The claim says something that its source does not; else it says it otherwise or more firmly.
    """

    words: str
    grave: bool = True


def check(
    claim: ParsedClaim, hits: Sequence[Hit], found: Sequence[CandidateSentence], chosen: Sequence[int]
) -> list[ClaimProblem]:
    """Return what is wrong with a claim against the sentences that carry it best.

    Args:
        claim: What is said.
        hits: What was found.
        found: The sentences of the hits.
        chosen: The numbers of those that carry the claim.
    """
    scope = _scope(hits, found, chosen)
    words = [*wrong_numbers(claim.text, scope), *wrong_dates(claim.text, scope), *wrong_names(claim.text, scope)]
    ours = polarity(claim.text, claim.words)
    theirs = [polarity(each.text, each.words) for each in scope.carrying]
    flipped = flips(ours, theirs)
    if flipped:
        words.append(flipped)
    for each in scope.carrying:
        side = WordAlignment(claim.text, claim.words, each.text, each.words)
        words.extend(f"the source says “{its}” where the claim says “{mine}”" for mine, its in other_facts(side))
        negator, ours_alone = side.turned()
        if negator and not flipped:
            flipped = (
                f"the source does not say “{negator}” there"
                if ours_alone
                else f"the source says “{negator}” where the claim does not"
            )
            words.append(flipped)
        verb = swapped(claim.text, claim.words, each.text, each.words)
        if verb:
            words.append(f"the source has the two sides of “{verb}” the other way round")
    problems = [ClaimProblem(each) for each in dict.fromkeys(words)]
    softened = "" if flipped else firmer(ours, theirs)
    return [*problems, ClaimProblem(softened, grave=False)] if softened else problems


def _scope(hits: Sequence[Hit], found: Sequence[CandidateSentence], chosen: Sequence[int]) -> EvidenceScope:
    carrying = [found[number] for number in chosen]
    articles = {hits[each.hit].passage.article_id for each in carrying}
    own = [hit for hit in hits if hit.passage.article_id in articles]
    return EvidenceScope(
        carrying=[each.sentence for each in carrying],
        around=[text for number in {each.hit for each in carrying} for text in _texts(hits[number])],
        everywhere=[text for hit in hits for text in _texts(hit)],
        published=[hit.article.published for hit in own if hit.article.published],
        known=NameIndex(
            text for hit in own for text in (*_texts(hit), hit.article.title, hit.article.source, hit.article.author)
        ),
    )


def _texts(hit: Hit) -> list[str]:
    """Return the sentences of a hit, and what stands above them."""
    return [*(sentence.text for sentence in read_passage(hit.passage).sentences), hit.passage.context]


MAX_MESSAGE_CHARACTERS = 60
"""Characters of a quotation in a message."""
_DEEPEST = 4  # quotations in quotations whose marks are taken away


def checked(text: str, held: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` with the marks of what no source has word for word taken away, and a problem for each.

    Case, punctuation and typography may differ: they are folded as for the quote desk. Words may not.

    Args:
        text: A claim.
        held: The words of each source, from ``retrieval.text.folding.Words.joined``.
    """
    problems: list[str] = []
    for _ in range(_DEEPEST):
        wrong = [pair for pair in pairs(text, Span(0, len(text))) if not _stands(pair.content.of(text), held)]
        if not wrong:
            break
        problems.extend(f"no source has the words “{_short(pair.content.of(text))}”" for pair in wrong)
        for pair in reversed(wrong):
            text = _without_marks(text, pair)
    return text, tuple(dict.fromkeys(problems))


def _stands(quotation: str, held: Sequence[str]) -> bool:
    words = Words(quotation).texts
    return not words or any(joined(words) in each for each in held)


def _without_marks(text: str, pair: Pair) -> str:
    return text[: pair.span.start] + pair.content.of(text) + text[pair.span.end :]


def _short(quotation: str) -> str:
    line = " ".join(quotation.split())
    return line if len(line) <= MAX_MESSAGE_CHARACTERS else line[: MAX_MESSAGE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


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
        self._tokens = TokenVectorCache(embedder, CACHED_SENTENCES) if isinstance(embedder, TokenEmbedder) else None
        self._vector = lru_cache(maxsize=CACHED_SENTENCES)(lambda text: embedder.embed_passages([text])[0])

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
        tokens = self._tokens.of(texts) if self._tokens is not None else []
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
        return np.stack([self._vector(text) for text in texts]) if texts else np.empty((0, 0), np.float32)


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
