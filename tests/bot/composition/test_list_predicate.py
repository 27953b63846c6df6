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
KILLED = ("Who was killed?", "killed", "")
KILLED_BY = ("Who was killed by Hall?", "killed by Hall", "")
SUSPECTS = ("Who were the suspects?", "suspects", "")
ACCUSERS = ("Who accused Hall?", "accused Hall", "")
REPLACE = ("Who could replace Hall?", "could replace Hall", "")
REFUSED = ("Which states refused to send data?", "states refused to send data", "states")
FIRED = ("Who was fired?", "fired", "")
DIVERSIFYING = ("Which countries are diversifying their arms?", "countries are diversifying their arms", "countries")
NOT_SIGNED = ("Which countries have not signed it?", "countries have not signed it", "countries")
BROTHERS = ("Who are the brothers?", "brothers", "")
RECEIVED = ("Which groups received grants?", "groups received grants", "groups")
INTERVIEWED = ("Who was interviewed by the FBI?", "interviewed by the FBI", "")
CAME_OUT = ("Who came out?", "came out", "")


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
        (RESIGNED, "Ann Reed stepped down on Monday.", "Ann Reed", Relation.SAID),
        (RESIGNED, "Ann Reed stepped onto the stage.", "Ann Reed", Relation.NONE),
        (CHARGED, "Ann Reed is facing five counts of fraud.", "Ann Reed", Relation.SAID),
        (CHARGED, "Ann Reed was arrested on a fraud charge.", "Ann Reed", Relation.SAID),
        (CHARGED, "Ann Reed left on Monday and was charged with fraud.", "Ann Reed", Relation.SAID),
        (CHARGED, "The lawyer of Ann Reed, Ben Hall, who was charged, spoke.", "Ann Reed", Relation.NONE),
        (CHARGED, "A friend of Ann Reed, who is 40, was charged.", "Ann Reed", Relation.NONE),
        (KILLED, "Ann Reed died in the fire.", "Ann Reed", Relation.SAID),
        (KILLED, "The murder of Ann Reed shocked the town.", "Ann Reed", Relation.SAID),
        (KILLED, "The gunman fired twice, killing 20-year-old Ann Reed.", "Ann Reed", Relation.SAID),
        (KILLED, "He is accused of killing Ann Reed.", "Ann Reed", Relation.NONE),
        (KILLED, "The victims were identified as Ann Reed and Ben Hall.", "Ann Reed", Relation.SAID),
        (KILLED, "The victim's mother, Ann Reed, wept.", "Ann Reed", Relation.NONE),
        (KILLED, "A gunman killed Ben Hall, Ann Reed said.", "Ann Reed", Relation.NONE),
        (KILLED, "The death of Ben Hall shocked Ann Reed.", "Ann Reed", Relation.NONE),
        (KILLED, "An aide to former Gov. Ann Reed killed in the attack was honoured.", "Ann Reed", Relation.NONE),
        (KILLED_BY, "Ann Reed was killed by Hall.", "Ann Reed", Relation.SAID),
        (KILLED_BY, "Ann Reed was killed by looters.", "Ann Reed", Relation.NONE),
        (SUSPECTS, "Police named the bombing suspect Ann Reed.", "Ann Reed", Relation.SAID),
        (SUSPECTS, "They sought Ann Reed, called suspect No. 2.", "Ann Reed", Relation.SAID),
        (SUSPECTS, "Ann Reed, a lawyer for the suspect, spoke.", "Ann Reed", Relation.NONE),
        (ACCUSERS, "A second accuser, Ann Reed, spoke.", "Ann Reed", Relation.SAID),
        (ACCUSERS, "Ann Reed went public with her allegation.", "Ann Reed", Relation.SAID),
        (ACCUSERS, "The allegations made against him by Ann Reed are new.", "Ann Reed", Relation.SAID),
        (ACCUSERS, "Ann Reed accused anyone who supports Hall of malice.", "Ann Reed", Relation.NONE),
        (REPLACE, "Ann Reed could replace Hall.", "Ann Reed", Relation.SAID),
        (REFUSED, "Ann Reed joined the states that have refused to send data.", "Ann Reed", Relation.SAID),
        (REFUSED, "Ann Reed has declined to send data.", "Ann Reed", Relation.SAID),
        (FIRED, "Hall came under fire from Ann Reed.", "Ann Reed", Relation.NONE),
        (FIRED, "Several Ann Reed staffers were fired.", "Ann Reed", Relation.NONE),
        (FIRED, "Hall was urged not to fire Ann Reed.", "Ann Reed", Relation.NONE),
        (CAME_OUT, "Ann Reed came out on Thursday.", "Ann Reed", Relation.NONE),
        (CAME_OUT, "Ann Reed came out Thursday.", "Ann Reed", Relation.SAID),
        (CAME_OUT, "Ann Reed came out swinging.", "Ann Reed", Relation.NONE),
        (DIVERSIFYING, "Mali appears to be diversifying its arms.", "Mali", Relation.SAID),
        (CHARGED, "Ann Reed stood in court, charged with fraud.", "Ann Reed", Relation.SAID),
        (CHARGED, "Ann Reed met the driver, charged with fraud.", "Ann Reed", Relation.NONE),
        (NOT_SIGNED, "Ann Reed did not sign it.", "Ann Reed", Relation.SAID),
        (NOT_SIGNED, "Ann Reed signed it.", "Ann Reed", Relation.DENIED),
        (
            NOT_SIGNED,
            "Powers like Mali and Chad – neither of whom are Oslo signatories – waited.",
            "Chad",
            Relation.SAID,
        ),
        (BROTHERS, "They met the two brothers, Ola and Abel Reed.", "Abel Reed", Relation.SAID),
        (RECEIVED, "Hall leads the choir of Port Vell, which received a grant.", "Port Vell", Relation.SAID),
        (INTERVIEWED, "Ann Reed was interviewed by the FBI.", "Ann Reed", Relation.SAID),
        (INTERVIEWED, "Ann Reed wrote to the FBI about the interviews.", "Ann Reed", Relation.NONE),
    ],
)
def test_who_did_it_and_to_whom(asked: tuple[str, str, str], sentence: str, name: str, expected: Relation) -> None:
    """Whoever the sentence does not show to be a member is none: a list leaves out rather than accuses."""
    assert relation(*asked, sentence, name) is expected


def test_who_is_listed_with_a_member_is_one() -> None:
    """A name between commas goes with the one before it; whoever tells of it does not."""
    sentence = "The state charged Ann Reed, 27, of Port Vell, and the driver Ben Hall, prosecutor Carl Stone said."
    names = ("Ann Reed", "Ben Hall", "Carl Stone")
    members = [Member(name, Span(at, at + len(name)), person=True) for name in names for at in [sentence.index(name)]]
    found = list_predicate("charged", "", "Who was charged?").relations(members, sentence)
    assert [found[each] for each in members] == [Relation.SAID, Relation.SAID, Relation.NONE]
