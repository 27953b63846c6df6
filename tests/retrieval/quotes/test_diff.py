"""Word differences: which stretch of an article a quotation is compared with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.quotes.diff import most_shared, share_in

WORDS = st.lists(st.sampled_from(["the", "port", "is", "isn't", "isnt", "open", "town"]), max_size=12)


@given(WORDS.filter(bool), WORDS)
def test_the_stretch_that_shares_most_words_is_the_first_of_the_best(quoted: list[str], source: list[str]) -> None:
    """As comparing every stretch finds it, in time linear in the article."""
    starts = range(max(1, len(source) - len(quoted) + 1))
    shares = [share_in(quoted, source[start : start + len(quoted)]) for start in starts]
    if len(source) >= len(quoted):
        assert most_shared(quoted, source) == shares.index(max(shares))
    else:
        assert most_shared(quoted, source) == 0
