"""Scope reading: a question that names nothing, read in the articles that it is about.

They tell of one event, so that a sentence seldom repeats its name, and what an article tells of older events is not
meant. What a sentence must give and the question's own words decide beside the reader's probabilities.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from bot.answering.completion import completed
from bot.answering.constraints import check_sentence
from bot.answering.features import parse_passage
from bot.answering.model import LinearModel, logistic
from bot.answering.question import ParsedQuestion, parse_question
from bot.answering.question_words import content_words, forms, holds_form, related_forms, spelt_terms
from bot.answering.reader import MAX_SENTENCES, UNLIKELY, Reader, ReaderResult, ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind, announces_reason, requirement_of
from bot.answering.speech_question import parse_speech_question, says_plainly
from bot.answering.who_is import asked_name
from bot.answers import Doubt, lacks_word
from retrieval.articles import Hit, Span
from retrieval.embedding.cross_encoder import CrossEncoder, sentence_input
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, SUBJECT_PRONOUNS, THIRD_PERSON, alternation
from retrieval.text.names import surname
from retrieval.text.number_words import is_number
from retrieval.text.people import names_of
from retrieval.text.roles import ROLES
from retrieval.text.tokens import read_words, term_set

MAX_READ, MAX_REREAD = 64, 12
"""Sentences that the cross-encoder scores, the likeliest by their words; of several articles' these, the likeliest that
it scores with the topic, too. A pair costs about 6 ms of a processor."""
MIN_WORDS = 3
"""Words of a sentence that may answer: "15:58" and "Lille" are of a table or a chart."""
LATE_CHARACTERS = 2_000
"""Characters of an article after which a sentence counts as half late."""
SHOWN_COST = 1.0
"""Log odds against a sentence that the last answer showed: what is asked next is seldom what was just read."""
MIN_UNRELATED_ODDS = 1.2
"""The cross-encoder's log odds from which a sentence is asserted that gives what is asked for and has no word of the
question in any form."""
MIN_UNRELATED_SURE = 0.45
"""The probability from which one is asserted where no kind of thing is asked for. Of NewsQA's questions so read in
their own story 15 of 23 have a right one first; of 913 asked of the story without its answer, 12 are so asserted."""
FURTHER_ODDS, FURTHER_DOUBTED_ODDS = 0.7, 1.3
"""Log odds behind the first one up to which a further sentence is shown; where none is sure. Of questions about stories
left out whose first sentence is shown as one that may answer, .50 have a right one first, .84 among those shown."""
MAX_REASON_ODDS = 2.3
"""Log odds behind the first one up to which a sentence that announces a reason takes its place."""
MODEL_FILE = Path(__file__).with_name("scope.json")
MIN_CONTENT = 2
"""Content words up to which a question says too little to be asked of all articles."""
_TOTAL = LazyPattern(r"\b(?:tolls?|totals?|in all|altogether|overall)\b", re.IGNORECASE)
_PASSIVE = LazyPattern(rf"\b(?:{alternation(BE)})\b", re.IGNORECASE)
_FORMERLY = LazyPattern(r"\b(?:then|former|formerly|ex)[-\s]+(?:[A-Z]\w+\s)?$")
_PERSONS = (SUBJECT_PRONOUNS & THIRD_PERSON) - {"it", "they"}
_SUBJECT = LazyPattern(rf"\b(?:{alternation(_PERSONS)})\b", re.IGNORECASE)
_BEGINS_WITH_PERSON = LazyPattern(rf"\W*(?:{alternation(_PERSONS)})\b", re.IGNORECASE)
MAX_SUBJECT_START = 30
"""Characters before the name that a sentence is about: "Conservative activist Ada Quill was suspended"."""
_YEAR = LazyPattern(r"\b(?:19|20)\d\d\b")


class ShownPlace(Protocol):
    """A sentence that was shown: ``bot.conversation.store.CitedPlace``."""

    @property
    def article_id(self) -> str:
        """Its article."""
        ...

    @property
    def span(self) -> Span:
        """Its characters in the article."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of a conversation.

    Attributes:
        own: It as it was asked.
        standalone: It as it is read.
        requirement: What it requires.
        newest: The day of the newest article that it is about.
        topic: What the articles are about.
    """

    own: ParsedQuestion
    standalone: ParsedQuestion
    requirement: Requirement | None
    newest: str
    topic: str = ""

    @property
    def is_passive(self) -> bool:
        return _PASSIVE.search(self.own.text) is not None

    @property
    def requires_name(self) -> bool:
        return self.requirement is not None and self.requirement.kind is RequirementKind.NAME


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence, and how it fits the question in these articles.

    Attributes:
        candidate: It, with the neighbours that it needs.
        sentence: Its characters without neighbours.
        held: Share of the question's words that it holds.
        unrelated: Words of the question that it holds in no form and no related word.
        doubts: What speaks against it.
        features: Its features, by ``SENTENCE_FEATURES``; the cross-encoder's log odds first, 0 before it is read.
        score: Log odds that it rather than another answers, uncalibrated.
    """

    candidate: ScoredSentence
    sentence: Span
    held: float
    unrelated: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    features: tuple[float, ...]
    score: float = 0.0

    @property
    def odds(self) -> float:
        """The cross-encoder's log odds."""
        return self.features[0]


CHOICE = LinearModel({
    "cross_encoder": 0.85, "lacks": -2.5, "question": -2.2, "somebody_else": -2.5, "other_side": -4.5, "held": 1.0,
    "background": -0.5, "late": -1.0, "total": 0.5, "length": -0.2,
})  # fmt: skip
"""Log odds that a sentence rather than another answers: for the cross-encoder's log odds; where it lacks what is
required, is itself a question, may be about somebody else, tells the other side; for the share of the question's words
that it holds; where it tells of an earlier year; against its place in the article, 0 to 1; where it gives a total;
against the logarithm of its characters. A fit on 350 questions about stories finds the same signs, and the share whose
first sentence is right moves by .01 between its weights (.64 to .65) and these."""
SENTENCE_FEATURES = tuple(CHOICE.weights)
"""Features of a sentence."""
DECISION_FEATURES = ("score", "lead", "cross_encoder", "lacks", "wordless")
"""Of the first sentence: its score, its lead over the next, and as above; whether the question has no words of its own.
"""


@dataclass(frozen=True, slots=True)
class ScopeModel:
    """The fitted model of the decision about articles in hand.

    Attributes:
        decision: Log odds that the first sentence answers, by ``DECISION_FEATURES``.
        asserted: The probability from which it is asserted.
        possibly: That from which it may answer.
    """

    decision: LinearModel
    asserted: float
    possibly: float


@cache
def load_model(path: Path = MODEL_FILE) -> ScopeModel:
    """Return the fitted model in a file that ``python -m evals fit-scope`` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    decision = LinearModel(data["decision"], data["decision_intercept"])
    return ScopeModel(decision, data["asserted"], data["possibly"])


class ScopeReader:
    """A reader of the articles that a question is about without naming it.

    The cross-encoder reads their sentences, and a fitted model chooses between them and says how likely the first one
    answers: it is asserted, may answer with those that are about as likely, or the articles do not say.

    Args:
        inner: The reader, which knows what somebody said and who somebody is.
        cross_encoder: Scores sentences.
        asked: The question as it was asked, with its pronouns.
        topic: What the articles are about; empty where it is not known.
        shown: What the last answer showed.
    """

    def __init__(
        self, inner: Reader, cross_encoder: CrossEncoder, asked: str, topic: str, shown: Sequence[ShownPlace] = ()
    ) -> None:
        self._inner = inner
        self._cross_encoder = cross_encoder
        self._asked = asked
        self._topic = topic
        self._shown = shown
        self._model = load_model()

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences of ``hits`` that answer ``question``, best first, and the number that do.

        Args:
            question: The question, its pronouns resolved where they can be.
            hits: Passages of the articles.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        parsed = parse_question(question)
        return completed(parsed, requirement_of(parsed), self._read(question, hits), hits)

    def _read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        speech = parse_speech_question(question)
        if speech is None and not asked_name(question):
            return self._read_all(question, hits)
        known = self._inner.read(question, hits)
        if known.answers and not known.possibly:
            return known
        found = self._read_all(question, hits)
        first = found.candidates[0] if found.candidates else None
        if speech is None or first is None:
            return found
        theirs = says_plainly(surname(speech.who), first.hit.passage.text_of(first.span))
        return found if theirs else known

    def _read_all(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        judged = self.scored(question, hits)
        if not judged:
            return ReaderResult((), 0.0, 0.0, 0)
        asked = self._question(question, hits)
        ranked = _apart(sorted(judged, key=lambda each: -each.score))
        lead = ranked[0]
        names, values = DECISION_FEATURES, np.array([decision_features(asked.own, ranked)])
        sure = logistic(float(self._model.decision.score(names, values)[0]))
        lead = _reason_before(asked, ranked) or lead
        doubts = _doubts(asked, lead, hits, sure)
        asserted = sure >= self._model.asserted and not doubts
        behind = FURTHER_ODDS if asserted else FURTHER_DOUBTED_ODDS
        ranked = [lead, *(each for each in ranked if each is not lead)]
        shown = [lead, *(each for each in ranked[1:MAX_SENTENCES] if each.score >= lead.score - behind)]
        if asserted:
            shown = [each for each in shown if not each.doubts]
        if not asserted and sure < self._model.possibly:
            shown = []
        rest = [each for each in ranked if each not in shown]
        candidates = tuple(
            replace(each.candidate, probability=sure * math.exp(min(0.0, each.score - lead.score)))
            for each in (*shown, *rest)
        )
        doubts = () if asserted else tuple(dict.fromkeys((*doubts, UNLIKELY)))
        return ReaderResult(candidates, sure, sure, len(shown), possibly=bool(shown) and not asserted, doubts=doubts)

    def _question(self, question: str, hits: Sequence[Hit]) -> _Asked:
        parsed = parse_question(question)
        newest = max((hit.article.published for hit in hits), default="")
        return _Asked(parse_question(self._asked), parsed, requirement_of(parsed), newest, self._topic)

    def scored(self, question: str, hits: Sequence[Hit]) -> list[JudgedSentence]:
        """Return the sentences that the cross-encoder reads, scored, in no order.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        asked = self._question(question, hits)
        judged = self._weighed(_distinct([_judge(asked, each) for each in _sentences(hits)]))
        kept = sorted(judged, key=lambda each: -each.score)[:MAX_READ]
        odds = self._odds(question, kept)
        several = (
            len({hit.article.id for hit in hits}) > 1
        )  # in one, the topic brings in what the question does not ask
        with_topic = f"{question.rstrip(' ?!.')} ({self._topic})?" if self._topic and several else question
        if with_topic != question:
            again = sorted(range(len(kept)), key=lambda number: -odds[number])[:MAX_REREAD]
            for number, other in zip(again, self._odds(with_topic, [kept[each] for each in again]), strict=True):
                odds[number] = max(odds[number], (odds[number] + other) / 2)
        read = [replace(each, features=(own, *each.features[1:])) for each, own in zip(kept, odds, strict=True)]
        return self._weighed(read)

    def _weighed(self, judged: Sequence[JudgedSentence]) -> list[JudgedSentence]:
        """Return sentences with their scores."""
        if not judged:
            return []
        scores = CHOICE.score(SENTENCE_FEATURES, np.array([each.features for each in judged]))
        return [
            replace(each, score=float(score) - SHOWN_COST * self._was_shown(each))
            for each, score in zip(judged, scores, strict=True)
        ]

    def _was_shown(self, judged: JudgedSentence) -> bool:
        article = judged.candidate.hit.passage.article_id
        return any(each.article_id == article and each.span.overlaps(judged.sentence) for each in self._shown)

    def _odds(self, question: str, judged: Sequence[JudgedSentence]) -> list[float]:
        return [float(odds) for odds in self._cross_encoder.scores(question, [_input_text(each) for each in judged])]


def decision_features(question: ParsedQuestion, ranked: Sequence[JudgedSentence]) -> list[float]:
    """Return ``DECISION_FEATURES`` of sentences, the likeliest first."""
    lead = ranked[0]
    behind = ranked[1].score if len(ranked) > 1 else lead.score - 3
    lacks = lead.features[SENTENCE_FEATURES.index("lacks")]
    wordless = not content_words(question)
    return [lead.score, lead.score - behind, lead.odds, lacks, float(wordless)]


def _reason_before(asked: _Asked, ranked: Sequence[JudgedSentence]) -> JudgedSentence | None:
    """Return the sentence that announces a reason in plain words and takes the first one's place, which does not.

    The first is right about the event: the other is of its article, has a word of the question and the names of it that
    the first has, and is likely, too.
    """
    lead = ranked[0]
    names = asked.standalone.names & spelt_terms(_text(lead))
    if (
        asked.requirement is None
        or asked.requirement.kind is not RequirementKind.REASON
        or announces_reason(_text(lead))
    ):
        return None
    for each in ranked[1:]:
        same = each.candidate.hit.passage.article_id == lead.candidate.hit.passage.article_id
        likely = each.score >= lead.score - MAX_REASON_ODDS
        about_it = each.held and names <= spelt_terms(_text(each))
        if same and likely and about_it and not each.doubts and announces_reason(_text(each)):
            return each
    return None


def _doubts(asked: _Asked, lead: JudgedSentence, hits: Sequence[Hit], sure: float) -> tuple[Doubt, ...]:
    """Return what keeps a sentence from being asserted, however likely it is."""
    if lead.doubts:
        return lead.doubts
    content = content_words(asked.own)
    bare = asked.requirement is None or asked.requires_name
    if asked.requires_name and not _names_other(asked, _text(lead)):
        return (UNLIKELY,)  # "a gunman"
    if not content or len(lead.unrelated) < len(content) or (lead.odds >= MIN_UNRELATED_ODDS and not bare):
        return ()
    if asked.requirement is None and sure >= MIN_UNRELATED_SURE:
        return ()  # "What did he spend it on?", "He used it to support a lavish lifestyle"
    if not bare:
        return (UNLIKELY,)
    own = lead.candidate.hit.passage.article_id
    held = frozenset[str]().union(*(spelt_terms(hit.passage.text) for hit in hits if hit.passage.article_id == own))
    absent = [word for word in lead.unrelated if not holds_form(held, word)]
    return (lacks_word(absent[0]),) if absent else (UNLIKELY,)


def _text(judged: JudgedSentence) -> str:
    return judged.candidate.hit.passage.text_of(judged.candidate.span)


def _names_other(asked: _Asked, text: str) -> bool:
    """Return whether a text has a name that is not in the question."""
    named = {word.term for word in read_words(text)[1:] if word.name and not text[word.start : word.end].isupper()}
    return not named.issubset({word.term for word in asked.standalone.words})


def _is_firm(requirement: Requirement, text: str, sentence: str) -> bool:
    """Return whether a sentence, in a text, gives what is asked for itself: a place, and a number that names nothing.

    Not the place of the sentence before it, nor the 9 of "Proposition 9".
    """
    if requirement.kind is RequirementKind.PLACE:
        return bool(requirement.given_in(sentence))
    if requirement.kind is not RequirementKind.NUMBER:
        return True
    given = [each for each in requirement.given_in(text) if any(map(is_number, fold(each).strip("$£€¥₹").split()))]
    return not given or any(not (each.isdigit() and re.search(rf"\w\s[A-Z]\w+\s{each}\b", text)) for each in given)


def _distinct(judged: Sequence[JudgedSentence]) -> list[JudgedSentence]:
    """Return each sentence once, of passages that share it."""
    found: dict[tuple[str, Span | None], JudgedSentence] = {}
    for each in judged:
        found.setdefault((each.candidate.hit.passage.article_id, each.sentence), each)
    return list(found.values())


def _apart(judged: Sequence[JudgedSentence]) -> list[JudgedSentence]:
    """Return the sentences without those that share characters with an earlier one."""
    kept: list[JudgedSentence] = []
    for each in judged:
        article, span = each.candidate.hit.passage.article_id, each.candidate.span
        if not any(
            article == one.candidate.hit.passage.article_id and span.overlaps(one.candidate.span) for one in kept
        ):
            kept.append(each)
    return kept


def _sentences(hits: Sequence[Hit]) -> list[ScoredSentence]:
    """Return the sentences of ``hits``, unread."""
    return [
        ScoredSentence(hit, each.span, 0.0)
        for hit in hits
        for each in parse_passage(hit.passage).sentences
        if len(each.words) >= MIN_WORDS
    ]


def _input_text(judged: JudgedSentence) -> str:
    passage = judged.candidate.hit.passage
    parsed = parse_passage(passage)
    span = judged.sentence or judged.candidate.span
    return sentence_input([each.text for each in parsed.sentences], parsed.place(span), passage.context)


def _judge(asked: _Asked, candidate: ScoredSentence) -> JudgedSentence:
    passage, own = candidate.hit.passage, candidate.span
    sentence = passage.text_of(own)
    checked = check_sentence(asked.standalone, asked.requirement, candidate)
    candidate, doubts = checked.candidate, checked.doubts
    text = passage.text_of(candidate.span)
    if asked.requirement and not _is_firm(asked.requirement, text, sentence):
        doubts = (*doubts, Doubt(f"gives {asked.requirement.lack}", f"gives {asked.requirement.wording}"))
    lacks = asked.requirement is not None and any(each.sentence.startswith("gives ") for each in doubts)
    question = sentence.rstrip('*_"”’ ').endswith("?")
    others = len(doubts) - lacks - question
    person = _person_doubts(asked, sentence, text)
    terms_held = spelt_terms(text)
    repeated = content_words(asked.own) or [word for word in asked.own.content if word.name]
    wanted = [asked.own.text[word.start : word.end] for word in repeated]
    nouns = {word for word in wanted if _is_noun_of(asked, word, sentence)}
    missing = [word for word in wanted if word in nouns or terms_held.isdisjoint(forms(word))]
    unrelated = tuple(word for word in missing if (terms_held - _stems(nouns)).isdisjoint(related_forms(word)))
    held = 1 - (len(missing) + len(nouns)) / len(wanted) if wanted else 0.0
    background = _is_background(asked, text, candidate.hit.article.published or asked.newest)
    late = own.start / (own.start + LATE_CHARACTERS)
    total = _TOTAL.search(text) is not None
    features = (0.0, lacks, question, bool(person), others > 0, held, background, late, total, math.log(len(text)))
    return JudgedSentence(candidate, own, held, unrelated, (*doubts, *person), tuple(map(float, features)))


def _person_doubts(asked: _Asked, sentence: str, text: str) -> list[Doubt]:
    """Return a doubt where a sentence is about somebody else than the person whom "he" or "she" stands for.

    "He was charged along with Reed" is not about Reed, nor is what begins with another name and never comes to him.
    """
    if not _SUBJECT.search(asked.own.text):
        return []
    named = asked.standalone.names or parse_question(f"Of {asked.topic}").names
    if not named:
        return []
    people = names_of(sentence)
    beside = any(not named.isdisjoint(terms(each.name)) for each in people.references)
    first = next(iter(people.mentions), None)
    begins = beside and _BEGINS_WITH_PERSON.match(sentence) is not None
    other = first is not None and first.start <= MAX_SUBJECT_START and named.isdisjoint(term_set(read_words(text)))
    return [Doubt("may be about somebody else", "says whom it is about")] if begins or other else []


def _stems(words_of_text: Collection[str]) -> frozenset[str]:
    return frozenset(term for word in words_of_text for term in terms(word))


def _is_noun_of(asked: _Asked, word: str, text: str) -> bool:
    """Return whether a text has no verb for the participle of "where was he stationed?": a bus station is no answer."""
    if not (asked.requirement and asked.requirement.kind is RequirementKind.PLACE and fold(word).endswith("ed")):
        return False
    stem = next(iter(terms(word)), "")
    held = [fold(text[each.start : each.end]) for each in read_words(text) if each.term == stem]
    return bool(held) and not any(each.endswith(("ed", "ing")) for each in held)


def _is_background(asked: _Asked, text: str, published: str) -> bool:
    """Return whether a sentence tells of before: dated in an earlier year than its article, or of a former holder.

    Not where the question has the year.
    """
    years = set(_YEAR.findall(text))
    if bool(years) and bool(published) and not asked.standalone.numbers & years and max(years) < published[:4]:
        return True
    roles = {fold(asked.own.text[word.start : word.end]) for word in content_words(asked.own)} & ROLES
    held = {term for role in roles for term in forms(role)}
    return any(word.term in held and _FORMERLY.search(text[: word.start]) for word in read_words(text))
