"""List predicates: what a list says of its members ("was charged", "signed it"), and whether a sentence says it of one.

There is no parser: the act's word, the member's place beside it, and the words between decide. Where they do not, the
member does not count, so that a list leaves out rather than accuses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.composition.members import Member
from retrieval.text.analyzer import fold, terms
from retrieval.text.lexicon import BE, MODAL_VERBS, POSSIBILITY, STOP_WORDS, alternation, is_negator, word_set
from retrieval.text.reporting_verbs import PREPOSITIONS
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import BASES, is_auxiliary, is_participle, is_past_form

MAX_GAP = 9
"""Words between a member and the act that is said of it."""
MAX_GAP_AFTER = 14
"""The same where the members follow the act: "charged five people with lying, including …"."""
MAX_OF = 5
"""The same after "of": "the indictment of his former aide Ann Reed"."""
REACH = 3
"""Words before an act that deny it or make it a possibility."""
_SAME_ACTS = tuple(
    frozenset(term for word in words.split() for term in terms(word))
    for words in (
        "charged charges indicted indictment",
        "killed kills died dies death dead slain murdered murder victim victims",
        "arrested arrest detained custody",
        "resigned resignation quit quits",
        "accused accuser accusers accuses alleged",
        "nominated nominee nomination appointed",
        "fired ousted dismissed sacked",
        "injured wounded hurt",
        "testified testimony testify",
        "signed signatory signing",
        "convicted conviction",
        "sentenced sentence",
        "endorsed endorsement",
        "candidate candidates candidacy",
    )
)
"""Words for one act: each of a class counts for the others."""
_MENTIONED = re.compile(
    r"(?:mentioned|named|discussed|quoted|interviewed|covered|listed|cited|talked about|in|there|here)\b", re.IGNORECASE
)
_OBJECT = re.compile(r"\W*(?:did|do|does|has|have|had|will|would)\s+(?:the\s+)?[A-Z]")
"""What follows the members where somebody does it to them: "countries did Trump ban"."""
_MAX_SUBJECT = 6
"""Words in which the act of a question stands."""
_NO = word_set("no nobody none neither")
_UNREAL = (MODAL_VERBS | POSSIBILITY | word_set("if whether possible likely should call calls called calling")) - {
    "will"
}


class Relation(StrEnum):
    """Whether a sentence says a predicate of a member."""

    SAID = "said"
    DENIED = "denied"
    NONE = "none"  # nothing shows it


@dataclass(frozen=True, slots=True)
class ListPredicate:
    """What is said of the members of a list.

    Attributes:
        acts: The terms of which one must occur; empty where members only have to be named.
        passive: Whether it is done to them.
        verb: Whether it is a verb, so that the members' side matters.
    """

    acts: frozenset[str]
    passive: bool
    verb: bool

    def relation(self, member: Member, sentence: str) -> Relation:
        """Return whether a sentence says it of a member, as far as the places of the words show."""
        words = read_words(sentence)
        inside = [number for number, word in enumerate(words) if member.span.start <= word.start < member.span.end]
        if not inside:
            return Relation.NONE
        if not self.acts:
            return Relation.SAID
        folded = [fold(sentence[word.start : word.end]) for word in words]
        said = _Sentence(sentence, words, folded)
        places = [number for number, word in enumerate(words) if word.term in self.acts and number not in inside]
        for place in places:
            near = inside[0] - MAX_GAP <= place <= inside[-1] + MAX_GAP
            if self._is_of(said, place, inside[0], inside[-1]) if self.verb else near:
                return said.relation(place, MAX_GAP if is_act_noun(folded[place]) else REACH)
        return Relation.NONE

    def _is_of(self, said: _Sentence, place: int, first: int, last: int) -> bool:
        folded = said.folded
        being = not BE.isdisjoint(folded[max(0, place - 3) : place])
        is_noun = is_act_noun(folded[place])
        if last < place <= last + MAX_GAP:  # the member, then the act
            between = folded[last + 1 : place]
            if is_noun and not folded[place].endswith("s"):
                return said.is_possessive(last) and len(between) < 2
            passive = not BE.isdisjoint(between) and "by" not in between
            return passive if self.passive else not being and not said.has_other_name(last + 1, place)
        if not place < first <= place + MAX_GAP_AFTER:
            return False
        between = folded[place + 1 : first]  # the act, then the member
        if is_noun:
            return between[:1] == ["of"] and len(between) < MAX_OF
        if not self.passive:
            return "by" in between[-3:]
        return not being and "by" not in between and folded[place + 1] not in PREPOSITIONS


def is_act_noun(word: str) -> bool:
    """Return whether a folded word of an act is a noun by its form: "indictment", not "indicted"."""
    return not is_past_form(word) and not is_participle(word) and word not in BASES


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, its words, and these folded."""

    text: str
    words: Sequence[Word]
    folded: Sequence[str]

    def relation(self, place: int, reach: int) -> Relation:
        """Return whether an act happened, is denied, or is only possible, asked for or planned, by the words before."""
        before = self.folded[max(0, place - reach) : place]
        if any(is_negator(word) or word in _NO for word in before[-REACH:]):
            return Relation.DENIED
        if "to" in before[-1:] or not _UNREAL.isdisjoint(before):
            return Relation.NONE
        return Relation.SAID

    def is_possessive(self, number: int) -> bool:
        """Return whether a word is followed by "'s"."""
        end = self.words[number].end
        return bool(re.match(r"[’']", self.text[end : end + 1])) or bool(re.search(r"[’']s?$", self.text[:end]))

    def has_other_name(self, start: int, end: int) -> bool:
        """Return whether a name stands between two words that is not listed with the one before: "Reed, Hall and"."""
        return any(
            word.name and not re.search(r"(?:,|\band|\bor|[-(–—])\s*(?:[A-Z][\w.-]*\s+)?$", self.text[: word.start])
            for word in self.words[start:end]
        )


def list_predicate(topic: str, noun: str, question: str) -> ListPredicate:
    """Return what a list says of its members.

    Args:
        topic: What the question lists: "countries signed the agreement", "charged in the case".
        noun: Its noun for the members; empty for "who".
        question: The whole question, of which the voice is read.
    """
    rest = topic.partition(noun)[2] if noun else topic
    rest = re.sub(r"^\W*(?:who|that|which|were|was|are|is|have|has|had|been|being|did|do|does)\b", "", rest).strip()
    if not rest or _MENTIONED.match(rest):
        named = _acts(noun)
        kept = rest and not re.match(r"(?:mentioned|named|discussed|quoted|interviewed|listed|cited|there|here)", rest)
        return ListPredicate(named if kept else frozenset(), passive=False, verb=False)
    asked_of_object = bool(_OBJECT.match(topic.partition(noun)[2] if noun else topic))
    for word in re.findall(r"[^\W\d_][\w'’-]*", rest)[:_MAX_SUBJECT]:
        plain = fold(word)
        if plain in STOP_WORDS or is_auxiliary(plain) or (asked_of_object and word[0].isupper()):
            continue
        if asked_of_object or is_past_form(plain) or is_participle(plain) or plain in BASES:
            being = rf"\b(?:{alternation(BE)})\b(?:\s\w+)?\s{re.escape(word)}\b"
            passive = asked_of_object or bool(re.search(being, question, re.IGNORECASE))
            return ListPredicate(_acts(word), passive=passive, verb=True)
        break
    return ListPredicate(_acts(noun), passive=False, verb=False)


def _acts(word: str) -> frozenset[str]:
    found = frozenset(terms(word))
    return found.union(*(acts for acts in _SAME_ACTS if not acts.isdisjoint(found)))
