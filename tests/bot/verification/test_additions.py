"""Additions: what a near copy adds is cut away, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answers import Support
from bot.verification.additions import find_additions, without_additions
from bot.verification.verifier import ClaimVerifier
from bot.verification.word_alignment import WordAlignment
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.text.tokens import read_words
from tests.bot.verification.harbour import ORCHARD, STRIKE, hits_of, make_article

SOURCE = "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday."
HITS = hits_of([make_article(STRIKE), make_article(ORCHARD)])


def cut(claim: str, source: str = SOURCE, *others: str, certain: bool = True) -> tuple[str, tuple[str, ...]]:
    """Return what remains of a claim, and what is cut from it."""
    side = WordAlignment(claim, read_words(claim), source, read_words(source))
    known = [{word.term for word in read_words(text)} for text in (source, *others)]
    additions, _ = find_additions(side, known, certain=certain)
    return without_additions(claim, additions), tuple(each.phrase for each in additions)


@pytest.mark.parametrize(
    ("claim", "phrase"),
    [
        ("Mayor Ada Quill secretly signed the harbour treaty with Norsea in Vell on Tuesday.", "secretly"),
        ("Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday at gunpoint.", "at gunpoint"),
        ("Mayor Ada Quill signed the harbour treaty with Norsea at gunpoint in Vell on Tuesday.", "at gunpoint"),
        (
            "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday for the second time.",
            "for the second time",
        ),
        (
            "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday without a licence.",
            "without a licence",
        ),
        (
            "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday in return for money.",
            "in return for money",
        ),
        (
            "Mayor Ada Quill, who was later convicted, signed the harbour treaty with Norsea in Vell on Tuesday.",
            "who was later convicted",
        ),
        (
            "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday, all of which was staged.",
            "all of which was staged",
        ),
        (
            "Mayor Ada Quill, a former smuggler, signed the harbour treaty with Norsea in Vell on Tuesday.",
            "a former smuggler",
        ),
        (
            "Mayor Ada Quill (a former smuggler) signed the harbour treaty with Norsea in Vell on Tuesday.",
            "a former smuggler",
        ),
        (
            "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday, citing safety concerns.",
            "citing safety concerns",
        ),
        (
            "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday because she feared blackmail.",
            "because she feared blackmail",
        ),
        (
            "Ignoring a subpoena, Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday.",
            "Ignoring a subpoena",
        ),
        (
            "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday and later fled the country.",
            "and later fled the country",
        ),
    ],
)
def test_what_is_added_is_cut_and_the_sentence_remains(claim: str, phrase: str) -> None:
    assert cut(claim) == (SOURCE, (phrase,))


def test_every_addition_of_a_claim_is_cut() -> None:
    claim = "Mayor Ada Quill, who was later convicted, secretly signed the harbour treaty with Norsea at gunpoint."
    assert cut(claim, "Mayor Ada Quill signed the harbour treaty with Norsea.") == (
        "Mayor Ada Quill signed the harbour treaty with Norsea.",
        ("who was later convicted", "secretly", "at gunpoint"),
    )


@pytest.mark.parametrize(
    "claim",
    [
        "Mayor Ada Quill also signed the harbour treaty with Norsea in Vell on Tuesday.",
        "As a result, Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday.",
        "Mayor Ada Quill reportedly signed the harbour treaty with Norsea in Vell on Tuesday.",
        "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday, prosecutors said.",
        "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday, according to prosecutors.",
        "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday only if the council agreed.",
        "Mayor Ada Quill nearly signed the harbour treaty with Norsea in Vell on Tuesday.",
        "Mayor Ada Quill signed the harbour treaty with Norsea in Rotterdam on Tuesday.",
        "Mayor Ada Quill signed the harbour treaty with Norsea, Maersk, and Evergreen in Vell on Tuesday.",
        "Mayor Ada Quill signed the harbour treaty with Norsea in Vell on Tuesday: “It was done at gunpoint”.",
        "Mayor Ada Quill, in her ninth year, has signed an agreement over docks with Norsea in Vell on Tuesday.",
        "Quill put her name under an agreement about the docks at gunpoint.",
    ],
)
def test_what_joins_limits_attributes_or_replaces_is_not_cut(claim: str) -> None:
    assert cut(claim) == (claim, ())


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Furman ruled immediately in favour of the government.", "Furman did not immediately rule on the request."),
        ("Quill has not signed the harbour treaty at gunpoint.", "Quill has signed the harbour treaty."),
    ],
)
def test_nothing_is_cut_where_only_one_side_denies_the_rest(claim: str, source: str) -> None:
    assert cut(claim, source, certain=False) == (claim, ())


@pytest.mark.parametrize(
    "other", ["Quill was convicted of fraud later.", "Two judges found Quill guilty: a conviction."]
)
def test_what_another_sentence_says_is_no_addition(other: str) -> None:
    claim = "Mayor Ada Quill, who was later convicted, signed the harbour treaty with Norsea in Vell on Tuesday."
    assert cut(claim, SOURCE, other) == (claim, ())


def test_what_may_be_put_otherwise_is_left_to_a_model_that_finds_it_supported() -> None:
    source = "Mayor Ada Quill signed the harbour treaty with Norsea following her victory."
    claim = "Mayor Ada Quill signed the harbour treaty with Norsea after winning the ballot."
    assert cut(claim, source)[1] == ()
    assert cut(claim, source, certain=False)[1] == ("after winning the ballot",)


class ConstantEncoder:
    """An entailment model that finds the same of everything."""

    def __init__(self, score: float) -> None:
        self.score = score

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full(len(texts), self.score, dtype=np.float32)


@pytest.fixture(scope="module", params=[-8.0, 8.0])
def verifier(request: pytest.FixtureRequest) -> ClaimVerifier:
    encoder: CrossEncoder = ConstantEncoder(request.param)
    return ClaimVerifier(encoder)


def test_no_model_overrules_what_is_added_to_a_sentence(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("- The ministry of agriculture has secretly not promised any aid.", HITS)
    assert (judged.support, judged.text, judged.cut) == (
        Support.PARTIAL,
        "- The ministry of agriculture has not promised any aid.",
        ("secretly",),
    )
    assert judged.evidence


def test_a_negation_is_cut_from_only_where_a_whole_sentence_remains(verifier: ClaimVerifier) -> None:
    """Without its limits a negation says more."""
    judged = verifier.judge("Norsea angrily did not comment on this agreement.", HITS)
    assert not judged.cut
