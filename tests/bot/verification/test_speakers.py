"""Indirect speech: the claim's speaker against the article's."""

from __future__ import annotations

import pytest

from bot.verification.coreference import resolved_sentences
from bot.verification.source_articles import SourceArticles
from bot.verification.speakers import misattributed_speech
from tests.bot.verification.harbour import hits_of, make_article

DAM = """Council argues over the dam

Mayor Ada Quill said on Monday that the dam would be repaired before the winter floods. Tomas Reyes, who leads the
opposition, warned that the repairs would cost 4 million euros.

According to Petra Lind, the town's engineer, the northern gate has not been inspected since 2019. She said that two
bolts of the southern gate were loose.

The council met for six hours. The union called the working hours too long. Ben Okafor reported a leak near the fish
ladder last summer, and Reyes said the leak near the fish ladder was dangerous.
"""
HITS = hits_of([make_article(DAM)])


def messages(claim: str) -> list[str]:
    return misattributed_speech(claim, SourceArticles().of(HITS), HITS, resolved_sentences(HITS))


@pytest.mark.parametrize(
    ("claim", "speakers"),
    [
        ("Tomas Reyes said the dam would be repaired before the winter floods.", ("Ada Quill", "Tomas Reyes")),
        ("Ada Quill warned that repairs would cost 4 million euros.", ("Tomas Reyes", "Ada Quill")),
        ("According to Ada Quill, the northern gate was not inspected since 2019.", ("Petra Lind", "Ada Quill")),
        ("The northern gate has not been inspected since 2019, Tomas Reyes said.", ("Petra Lind", "Tomas Reyes")),
    ],
)
def test_what_an_article_has_another_person_say_is_named(claim: str, speakers: tuple[str, str]) -> None:
    assert messages(claim) == ["the article has {} say so, not {}".format(*speakers)]


@pytest.mark.parametrize(
    "claim",
    [
        "Ada Quill said the dam would be repaired before the winter floods.",
        "The mayor said the dam would be repaired before the winter floods.",
        "He said the dam would be repaired before the winter floods.",
        "The town said the dam would be repaired before the winter floods.",
        "According to the articles, the dam would be repaired before the winter floods.",
        "Tomas Reyes hopes the dam will be repaired before the winter floods.",
        "Tomas Reyes said Ada Quill told them the dam would be repaired before the winter floods.",
        "Ada Quill said two bolts of the southern gate were loose.",  # "She said": nobody in plain words
        "Ada Quill said the council met for six hours.",  # the reporter's sentence: no other speaker
        "Tomas Reyes said the leak near the fish ladder was dangerous.",
        "Ada Quill said the weather was fine.",
        "Tomas Reyes did not say the dam would be repaired before the winter floods.",
    ],
)
def test_nobody_is_accused_of_what_the_article_leaves_open(claim: str) -> None:
    assert messages(claim) == []
