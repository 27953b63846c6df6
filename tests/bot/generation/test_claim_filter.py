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
    """Gives every claim the same verdict, with the article's sentence as evidence; cuts ``cut`` away from each."""

    def __init__(self, support: Support, cut: str = "") -> None:
        self._support = support
        self._cut = cut

    def prepare(self, hits: Sequence[Hit]) -> None:
        pass

    def judge(self, claim: str, hits: Sequence[Hit], context: ClaimContext = NO_CONTEXT) -> ClaimVerdict:
        span = next(s for s in hits[0].passage.sentences if s.of(ARTICLE.text) == SENTENCE)
        cut = (self._cut,) if self._cut and self._cut in claim else ()
        return ClaimVerdict(self._support, 0.9, claim.replace(self._cut, ""), (Evidence(0, span),), cut=cut)


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


def added(
    support: Support, *drafts: SentenceDraft, question: str = "", cut: str = "", show_unconfirmed: bool = True
) -> ClaimFilter:
    """Return the filter after an answer."""
    verifier, citing = FixedVerifier(support, cut), CitationBuilder(Articles())
    found = ClaimFilter(verifier, HITS, citing, question=question, show_unconfirmed=show_unconfirmed)
    for draft in drafts:
        found.add(draft)
    found.finish()
    return found


class TestUnconfirmedClaims:
    def test_they_are_kept_apart_without_a_citation(self) -> None:
        """The sentence closest to one is known, but has no number."""
        found = added(Support.UNCONFIRMED, SentenceDraft("The walkout is over.", (1,)))
        assert (found.claims, found.withheld, found.citations, found.has_answer) == ([], [], [], False)
        (claim,) = found.unconfirmed
        assert (claim.text, claim.citations, claim.marked) == (
            "The walkout is over.",
            (),
            "The walkout is over. (not confirmed)",
        )
        assert claim.nearest is not None
        assert (claim.nearest.number, claim.nearest.quote) == (0, SENTENCE)

    def test_a_heading_over_them_is_not_shown(self) -> None:
        """Nor is one that is not confirmed itself."""
        heading = SentenceDraft("The end of the walkout", form=Form.HEADING)
        found = added(Support.UNCONFIRMED, heading, SentenceDraft("The walkout is over.", (1,), form=Form.ITEM))
        assert [claim.text for claim in found.unconfirmed] == ["The walkout is over."]
        assert [claim.form for claim in found.withheld] == [Form.HEADING]

    def test_where_they_are_hidden_they_are_withheld_as_what_they_are(self) -> None:
        found = added(Support.UNCONFIRMED, SentenceDraft("The walkout is over."), show_unconfirmed=False)
        assert found.unconfirmed == []
        assert [claim.support for claim in found.withheld] == [Support.UNCONFIRMED]

    def test_a_table_row_that_is_partly_supported_is_one(self) -> None:
        """A row of which only a part is right misleads in the answer; with its mark it stands apart."""
        row = SentenceDraft("| strike | ended | Monday |", (1,), form=Form.CODE)
        found = added(Support.PARTIAL, row)
        assert (found.claims, found.withheld, found.citations) == ([], [], [])
        assert [claim.marked for claim in found.unconfirmed] == ["| strike | ended | Monday | (partly supported)"]

    def test_a_remark_on_the_articles_is_none(self) -> None:
        found = added(Support.UNCONFIRMED, SentenceDraft("The article does not mention injuries."))
        assert (found.unconfirmed, found.denials) == ([], 1)


@pytest.mark.parametrize("support", [Support.SUPPORTED, Support.UNCONFIRMED])
def test_what_was_cut_away_from_a_claim_is_withheld(support: Support) -> None:
    """It counts as a claim of its own; the claim is shown without it."""
    found = added(support, SentenceDraft("The strike, which was illegal, ended.", (1,)), cut=", which was illegal,")
    assert [claim.text for claim in (*found.claims, *found.unconfirmed)] == ["The strike ended."]
    assert [(claim.text, claim.support, claim.counted) for claim in found.withheld] == [
        ("which was illegal", Support.UNSUPPORTED, True)
    ]


@pytest.mark.parametrize(
    ("question", "sentence", "answers"),
    [
        ("Is the strike over?", "The strike ended.", True),
        ("When did the strike end?", "The strike ended on Tuesday.", True),
        ("When did the strike end?", "The strike ended quietly.", False),
        ("Who ended the strike?", "The strike ended on Tuesday.", False),
    ],
)
def test_a_partly_supported_claim_answers_where_it_gives_what_is_asked_for(
    question: str, sentence: str, answers: bool
) -> None:
    assert added(Support.PARTIAL, SentenceDraft(sentence), question=question).has_answer is answers


def test_beside_a_denial_a_partly_supported_claim_is_no_answer() -> None:
    denial = SentenceDraft("The article does not mention injuries.")
    found = added(Support.PARTIAL, denial, SentenceDraft("The strike ended."), question="Is the strike over?")
    assert not found.has_answer
