"""The claim filter: remarks that the articles contain no answer, and claims that only sound like one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answers import NO_CONTEXT, ClaimContext, ClaimVerdict, Evidence, Form, Support
from bot.citations import CitationBuilder
from bot.generation.claim_filter import ClaimFilter
from bot.generation.sentence_stream import SentenceDraft
from retrieval.articles import Article, ArticleInfo, Hit
from tests.bot.verification.harbour import hits_of, make_article

ARTICLE = make_article(
    "Harbour report\n\nThe article does not mention any injuries, the mayor said. The strike ended on Tuesday.\n"
)
HITS = hits_of([ARTICLE])
SENTENCE = "The article does not mention any injuries, the mayor said."


class Articles:
    """The one article, without copies."""

    def article(self, named: str) -> Article:
        return ARTICLE

    def near_duplicates(self, article_id: str) -> Sequence[ArticleInfo]:
        return ()


class FixedVerifier:
    """Gives every claim the same verdict, with the article's sentence as evidence."""

    def __init__(self, support: Support) -> None:
        self._support = support

    def prepare(self, hits: Sequence[Hit]) -> None:
        pass

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        span = next(s for s in hits[0].passage.sentences if s.of(ARTICLE.text) == SENTENCE)
        return ClaimVerdict(self._support, 0.9, claim, (Evidence(0, span),))


def filtered(support: Support) -> ClaimFilter:
    found = ClaimFilter(FixedVerifier(support), HITS, CitationBuilder(Articles()))
    found.add(SentenceDraft("The article does not mention injuries.", (1,)))
    return found


@pytest.mark.parametrize("support", [Support.VERBATIM, Support.SUPPORTED])
def test_a_supported_sentence_that_sounds_like_a_remark_is_a_claim(support: Support) -> None:
    """It is shown with its citation, and is no denial."""
    found = filtered(support)
    assert [(claim.form, claim.citations) for claim in found.claims] == [(Form.SENTENCE, (1,))]
    assert [citation.quote for citation in found.citations] == [SENTENCE]
    assert (found.withheld, found.denials) == ([], 0)


@pytest.mark.parametrize("support", [Support.PARTIAL, Support.UNSUPPORTED])
def test_an_unsupported_one_is_a_remark(support: Support) -> None:
    """It is withheld, and counts as a denial."""
    found = filtered(support)
    assert [claim.form for claim in found.withheld] == [Form.REMARK]
    assert (found.claims, found.denials) == ([], 1)
