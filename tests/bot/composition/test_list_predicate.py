"""Of whom a sentence says what a list asks for."""

import pytest

from bot.composition.list_predicate import Relation, list_predicate
from bot.composition.members import Member
from retrieval.articles import Span


def relation(question: str, topic: str, noun: str, sentence: str, name: str) -> Relation:
    start = sentence.index(name)
    member = Member(name, Span(start, start + len(name)), person=True)
    return list_predicate(topic, noun, question).relation(member, sentence)


CHARGED = ("Who was charged with fraud?", "charged with fraud", "")
ACCUSED = ("Which women accused Hall?", "women accused Hall", "women")
BANNED = ("Which countries did Hall ban?", "countries did Hall ban", "countries")
BANNED_FROM = ("Which countries did Hall ban travel from?", "countries did Hall ban travel from", "countries")
CANDIDATES = ("Name all the Democratic candidates", "Democratic candidates", "candidates")
RESIGNED = ("Which officials resigned?", "officials resigned", "officials")


@pytest.mark.parametrize(
    ("asked", "sentence", "name", "expected"),
    [
        (CHARGED, "Ann Reed has been charged with fraud.", "Ann Reed", Relation.SAID),
        (CHARGED, "The state charged three people, including Ann Reed.", "Ann Reed", Relation.SAID),
        (CHARGED, "The indictment of Ann Reed came on Monday.", "Ann Reed", Relation.SAID),
        (CHARGED, "Ann Reed was never charged.", "Ann Reed", Relation.DENIED),
        (CHARGED, "Ann Reed may be charged.", "Ann Reed", Relation.NONE),
        (CHARGED, "Prosecutor Ann Reed charged three people.", "Ann Reed", Relation.NONE),
        (CHARGED, "He was charged by prosecutor Ann Reed.", "Ann Reed", Relation.NONE),
        (CHARGED, "A special counsel charged with investigating Ann Reed left.", "Ann Reed", Relation.NONE),
        (CHARGED, "Ann Reed spoke for an hour.", "Ann Reed", Relation.NONE),
        (ACCUSED, "Ann Reed accused Hall of fraud.", "Ann Reed", Relation.SAID),
        (ACCUSED, "Hall was accused by Ann Reed of fraud.", "Ann Reed", Relation.SAID),
        (ACCUSED, "Ann Reed was accused of fraud.", "Ann Reed", Relation.NONE),
        (BANNED, "Hall banned Mali and Niger.", "Mali", Relation.SAID),
        (BANNED, "Grant banned Mali, Hall said.", "Mali", Relation.NONE),
        (BANNED_FROM, "Hall banned travel from Mali and Niger.", "Mali", Relation.SAID),
        (CHARGED, "The judge ordered the indictment of Ann Reed.", "Ann Reed", Relation.NONE),
        (CHARGED, "Ann Reed said that Hall was charged.", "Ann Reed", Relation.NONE),
        (CHARGED, "Ann Reed, suspect No. 1, was charged.", "Ann Reed", Relation.SAID),
        (CANDIDATES, "Democratic candidate Ann Reed spoke.", "Ann Reed", Relation.SAID),
        (CANDIDATES, "Ann Reed, a former Democratic candidate, spoke.", "Ann Reed", Relation.SAID),
        (CANDIDATES, "Republican candidate Ann Reed spoke.", "Ann Reed", Relation.NONE),
        (CANDIDATES, "Ann Reed spoke of the Democratic candidates.", "Ann Reed", Relation.NONE),
        (BANNED, "Mali banned travel.", "Mali", Relation.NONE),
        (RESIGNED, "Ann Reed, the treasurer, resigned.", "Ann Reed", Relation.SAID),
        (RESIGNED, "Ann Reed’s resignation was expected.", "Ann Reed", Relation.SAID),
        (RESIGNED, "Ann Reed said that Hall resigned.", "Ann Reed", Relation.NONE),
        (RESIGNED, "Ann Reed called for Hall to resign.", "Hall", Relation.NONE),
    ],
)
def test_who_did_it_and_to_whom(asked: tuple[str, str, str], sentence: str, name: str, expected: Relation) -> None:
    """Whoever the sentence does not show to be a member is none: a list leaves out rather than accuses."""
    assert relation(*asked, sentence, name) is expected
