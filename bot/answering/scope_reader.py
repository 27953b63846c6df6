"""Scope reading: a question that names nothing, read in the articles that it is about.

They tell of one event, so that a sentence seldom repeats its name, and what an article tells of older events is not
meant. What a sentence must give and the question's own words decide beside the reader's probabilities.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.answering.completion import completed
from bot.answering.constraints import check_sentence, text_doubts
from bot.answering.features import parse_passage
from bot.answering.question import ParsedQuestion, parse_question
from bot.answering.question_words import content_words, forms, holds_form, related_forms, spelt_terms
from bot.answering.reader import MAX_SENTENCES, UNLIKELY, Reader, ReaderResult, ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind, requirement_of
from bot.answering.speech_question import parse_speech_question, says_plainly
from bot.answers import Doubt, lacks_word
from retrieval.articles import Hit, Span
from retrieval.embedding.cross_encoder import CrossEncoder, sentence_input
from retrieval.text.analyzer import fold, terms, words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, SUBJECT_PRONOUNS, THIRD_PERSON, alternation
from retrieval.text.names import surname
from retrieval.text.number_words import is_number
from retrieval.text.people import names_of
from retrieval.text.roles import ROLES
from retrieval.text.tokens import read_words, term_set

COVERED_WEIGHT, GIVEN_WEIGHT, BACKGROUND_WEIGHT, NAMED_WEIGHT = 2.0, 1.5, 2.5, 1.0
"""Log odds for a sentence that holds all words of the question; that gives what it asks for; against one that tells of
an earlier year; for one that names whom the question is about."""
TOTAL_WEIGHT, LATE_WEIGHT, LATE_CHARACTERS = 2.0, 1.5, 2_000
"""Log odds for a total; against a late sentence, half of it after so many characters of the article."""
UNNAMED_WEIGHT, EXACT_WEIGHT = 1.5, 1.5
"""Log odds against a sentence without a name where one is asked for; for the words as they are in the question, but
those of "who was killed", whom another sentence says somebody killed."""
MIN_STATED_ODDS, MIN_POSSIBLE_ODDS, MAX_BEHIND = -2.0, -4.0, 1.0
"""The cross-encoder's log odds from which a sentence that holds the words and gives what is asked for is asserted, or
may answer; behind the first one, of a further one."""
MIN_LIKELY_ODDS, MIN_UNTYPED_ODDS, MIN_RELATED_ODDS, MIN_SUGGESTED_ODDS = 1.2, 0.5, -1.0, -0.5
"""The cross-encoder's log odds from which any sentence that gives what is asked for is asserted; one that holds related
words, too ("bond" of "bail"), where no kind of thing is asked for; the same where one is, or its own words are held;
from which one may answer."""
BACKGROUND_COST, OVERRULING_ODDS = 1.0, 1.5
"""Log odds against such a sentence of an earlier year; by which one has to lead one with the question's own words to
take its place."""
MIN_TOLD, MIN_DOUBTED, MIN_POSSIBLE = 0.2, 0.3, 0.08
"""The reader's probability from which it is asserted otherwise; from which a sentence may answer that does not give
what is asked for; and one that does."""
STATED_PRECISION = 0.8
"""Precision that is stated for the first of these rules: the rules were made with 72 questions after answers about 17
articles, of which, with 35 about others, 65 of 71 that were asserted were right."""
MAX_STATING, MAX_READ, MAX_REREAD = 16, 32, 8
"""Sentences that hold the words and that the cross-encoder scores, the first of each article before others; with those
that do not; of these, the likeliest that it scores with the topic, too."""
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
class _Judged:
    """A sentence, and how it fits the question in these articles.

    Attributes:
        candidate: It, with the neighbours that it needs.
        missing: Words of the question that it does not hold.
        held: How many it holds.
        background: Whether it tells of an earlier year.
        doubts: What speaks against it.
        score: Log odds that it answers, uncalibrated.
        unrelated: Words of the question that it holds in no related word either.
        odds: The cross-encoder's log odds.
        sentence: Its characters without neighbours.
    """

    candidate: ScoredSentence
    missing: tuple[str, ...]
    held: int
    background: bool
    doubts: tuple[Doubt, ...]
    score: float
    unrelated: tuple[str, ...] = ()
    odds: float = -math.inf
    sentence: Span | None = None


class ScopeReader:
    """A reader of the articles that a question is about without naming it.

    The cross-encoder reads all that may answer, which the reader's first stage may not see: it does not know that
    "death toll" goes with "died". Sentences that hold the question's own words and give what it requires come first,
    then the likeliest; else the reader's sentences may answer.

    Args:
        inner: The reader, which reads the question with and without the topic.
        cross_encoder: Scores sentences.
        asked: The question as it was asked, with its pronouns.
        topic: What the articles are about; empty where it is not known.
    """

    def __init__(self, inner: Reader, cross_encoder: CrossEncoder, asked: str, topic: str) -> None:
        self._inner = inner
        self._cross_encoder = cross_encoder
        self._asked = asked
        self._topic = topic

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
        if speech is None:
            return self._read_all(question, hits)
        said = self._inner.read(question, hits)
        if said.answers and not said.possibly:
            return said
        found = self._read_all(question, hits)
        first = found.candidates[0] if found.candidates else None
        theirs = first is not None and says_plainly(surname(speech.who), first.hit.passage.text_of(first.span))
        return found if theirs else said

    def _read_all(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        with_topic = f"{question.rstrip(' ?!.')} ({self._topic})?" if self._topic else question
        parsed = parse_question(question)
        asked = _Asked(
            parse_question(self._asked),
            parsed,
            requirement_of(parsed),
            max((hit.article.published for hit in hits), default=""),
            self._topic,
        )
        judged = [_judge(asked, each) for each in _sentences(hits)]
        scored = self._scored(judged, question, with_topic, hits)
        stating = _stating(asked, scored)
        likely = _likeliest(scored)
        if likely and likely.unrelated and likely.odds < MIN_LIKELY_ODDS and any(map(_tells_without, judged)):
            likely = None  # the articles tell of it, and do not say what is asked for
        if stating and not (likely and _overrules(likely, stating[0])):
            return _stated(asked, stating)
        by_reason = asked.requirement is not None and asked.requirement.kind is RequirementKind.REASON
        if likely and not by_reason and _is_likely(asked, likely):
            return _told(asked, likely, scored, hits)
        readings = [self._inner.read(each, hits) for each in dict.fromkeys((question, with_topic))]
        candidates = _merged(readings)
        if not candidates:
            return readings[0]
        read = sorted((_judge(asked, each) for each in candidates), key=lambda each: -each.score)
        decided = _decided(asked, read, _asserted(readings), hits, doubted=stating is not None)
        if likely and likely.odds >= MIN_SUGGESTED_ODDS and (not decided.answers or decided.possibly):
            return _suggested(likely, scored, hits)
        return decided

    def _scored(self, judged: Sequence[_Judged], question: str, with_topic: str, hits: Sequence[Hit]) -> list[_Judged]:
        """Return sentences with the cross-encoder's log odds, those with the question's words among the first."""
        first = _distinct([each for each in judged if not (each.missing or each.doubts)])[:MAX_STATING]
        ranks = {hit.passage.id: number for number, hit in enumerate(hits)}
        others = sorted(
            (each for each in judged if not each.doubts), key=lambda each: ranks[each.candidate.hit.passage.id]
        )
        kept = _distinct([*first, *others])[:MAX_READ]
        if not kept:
            return []
        odds = self._odds(question, kept)
        if with_topic != question:
            again = sorted(range(len(kept)), key=lambda number: (number >= len(first), -odds[number]))
            again = again[: max(len(first), MAX_REREAD)]
            for number, other in zip(again, self._odds(with_topic, [kept[each] for each in again]), strict=True):
                # The topic may mislead where words are related; it has to agree where they are the same or unlike.
                own = kept[number]
                related = own.missing and not own.unrelated
                odds[number] = max(odds[number], other) if related else (odds[number] + other) / 2
        return [
            replace(
                each,
                odds=own,
                candidate=replace(each.candidate, probability=1 / (1 + math.exp(MIN_STATED_ODDS - own))),
            )
            for each, own in zip(kept, odds, strict=True)
        ]

    def _odds(self, question: str, judged: Sequence[_Judged]) -> list[float]:
        return [float(odds) for odds in self._cross_encoder.scores(question, [_input_text(each) for each in judged])]


def _stating(asked: _Asked, scored: Sequence[_Judged]) -> list[_Judged] | None:
    """Return the sentences that hold the question's own words and give what it requires, the likeliest first.

    None where there are none; an empty list where none of them is likely.
    """
    if asked.requirement is None or asked.requirement.kind is RequirementKind.REASON or not content_words(asked.own):
        return None
    stating = [each for each in scored if not (each.missing or each.doubts)]
    if not stating:
        return None
    found = [
        replace(each, score=each.odds + _prominence(asked, each.candidate))
        for each in [each for each in stating if not each.background] or stating
        if each.odds >= MIN_POSSIBLE_ODDS
    ]
    return sorted(found, key=lambda each: -each.score)


def _likeliest(scored: Sequence[_Judged]) -> _Judged | None:
    """Return the sentence with the highest log odds, where related words count for it and an earlier year against."""

    def weighed(judged: _Judged) -> float:
        return judged.odds + COVERED_WEIGHT * (not judged.unrelated) - BACKGROUND_COST * judged.background

    return max(scored, key=weighed, default=None)


def _tells_without(judged: _Judged) -> bool:
    """Return whether a sentence holds the question's words, and not what it requires."""
    return bool(judged.held and judged.doubts and not judged.missing)


def _overrules(likely: _Judged, stating: _Judged) -> bool:
    """Return whether a sentence is so much likelier than one that holds the words that it takes its place."""
    return likely.odds >= max(MIN_LIKELY_ODDS, stating.odds + OVERRULING_ODDS)


def _is_likely(asked: _Asked, judged: _Judged) -> bool:
    """Return whether the cross-encoder's log odds are enough for a sentence to be asserted.

    They never are for one that has none of the question's words, nor any related to them, and only a name for what is
    asked for, which every other sentence has: "who voted against".
    """
    content = content_words(asked.own)
    if content and len(judged.unrelated) >= len(content) and (asked.requirement is None or asked.requires_name):
        return False
    least = MIN_LIKELY_ODDS
    if content and not judged.unrelated:
        least = MIN_RELATED_ODDS if asked.requirement or not judged.missing else MIN_UNTYPED_ODDS
    return judged.odds >= least + BACKGROUND_COST * judged.background


def _told(asked: _Asked, lead: _Judged, scored: Sequence[_Judged], hits: Sequence[Hit]) -> ReaderResult:
    """Return the likeliest sentence, asserted."""
    unnamed = asked.requires_name and not _names_other(asked, _text(lead))
    if unnamed and lead.odds < MIN_LIKELY_ODDS:
        return _suggested(lead, scored, hits)
    return _result([lead], _by_odds(scored), max(STATED_PRECISION, lead.candidate.probability))


def _suggested(lead: _Judged, scored: Sequence[_Judged], hits: Sequence[Hit]) -> ReaderResult:
    """Return the likeliest sentence as one that may answer."""
    sure = 1 / (1 + math.exp(MIN_LIKELY_ODDS - lead.odds))
    return replace(
        _result([lead], _by_odds(scored), sure), possibly=True, doubts=(*_absent_words(lead, hits), UNLIKELY)
    )


def _by_odds(scored: Sequence[_Judged]) -> list[_Judged]:
    return _apart(sorted(scored, key=lambda each: -each.odds))


def _text(judged: _Judged) -> str:
    return judged.candidate.hit.passage.text_of(judged.candidate.span)


def _stated(asked: _Asked, judged: Sequence[_Judged]) -> ReaderResult:
    """Return the first of these sentences, with those that are about as likely, or as one that may answer."""
    lead = judged[0]
    unnamed = asked.requires_name and not _names_other(asked, _text(lead))  # "a gunman"
    if lead.candidate.probability < 0.5 or (unnamed and lead.odds < MIN_LIKELY_ODDS):
        found = _result([lead], judged, lead.candidate.probability)
        return replace(found, possibly=True, doubts=(UNLIKELY,))
    near = [each for each in _apart(judged)[1:MAX_SENTENCES] if each.score >= lead.score - MAX_BEHIND]
    shown = [lead, *(each for each in near if each.candidate.probability >= 0.5)]
    return _result(shown, judged, max(STATED_PRECISION, lead.candidate.probability))


def _prominence(asked: _Asked, candidate: ScoredSentence) -> float:
    """Return log odds for a total, for a name where one is asked for, and against a late place in the article.

    What an article is about comes first in it, other events of the kind come later.
    """
    passage = candidate.hit.passage
    text = passage.text_of(candidate.span)
    late = candidate.span.start / (candidate.span.start + LATE_CHARACTERS)
    asked_words = {fold(asked.own.text[word.start : word.end]) for word in content_words(asked.own)}
    exact = asked_words.issubset(map(fold, words(text))) and not (asked.requires_name and asked.is_passive)
    odds = TOTAL_WEIGHT * bool(_TOTAL.search(text)) + EXACT_WEIGHT * exact - LATE_WEIGHT * late
    return odds - UNNAMED_WEIGHT * (asked.requires_name and not _names_other(asked, text))


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


def _distinct(judged: Sequence[_Judged]) -> list[_Judged]:
    """Return each sentence once, of passages that share it."""
    found: dict[tuple[str, Span | None], _Judged] = {}
    for each in judged:
        found.setdefault((each.candidate.hit.passage.article_id, each.sentence), each)
    return list(found.values())


def _apart(judged: Sequence[_Judged]) -> list[_Judged]:
    """Return the sentences without those that share characters with an earlier one."""
    kept: list[_Judged] = []
    for each in judged:
        article, span = each.candidate.hit.passage.article_id, each.candidate.span
        if not any(
            article == one.candidate.hit.passage.article_id and span.overlaps(one.candidate.span) for one in kept
        ):
            kept.append(each)
    return kept


def _sentences(hits: Sequence[Hit]) -> list[ScoredSentence]:
    """Return the sentences of ``hits`` in the order of their articles, unread."""
    ordered = sorted(hits, key=lambda hit: hit.passage.span.start)
    return [
        ScoredSentence(hit, each.span, MIN_POSSIBLE) for hit in ordered for each in parse_passage(hit.passage).sentences
    ]


def _input_text(judged: _Judged) -> str:
    passage = judged.candidate.hit.passage
    parsed = parse_passage(passage)
    span = judged.sentence or judged.candidate.span
    return sentence_input([each.text for each in parsed.sentences], parsed.place(span), passage.context)


def _merged(readings: Sequence[ReaderResult]) -> list[ScoredSentence]:
    """Return the candidates of all readings, each with its highest probability, once."""
    found: list[ScoredSentence] = []
    for each in sorted((each for reading in readings for each in reading.candidates), key=lambda one: -one.probability):
        article = each.hit.passage.article_id
        if not any(article == one.hit.passage.article_id and each.span.overlaps(one.span) for one in found):
            found.append(each)
    return found


def _asserted(readings: Sequence[ReaderResult]) -> list[ScoredSentence]:
    """Return the first candidates that the reader asserts."""
    return [each.candidates[0] for each in readings if each.answers and not each.possibly]


def _judge(asked: _Asked, candidate: ScoredSentence) -> _Judged:
    passage = candidate.hit.passage
    alone = any(candidate.span == each.span for each in parse_passage(passage).sentences)
    own, sentence = candidate.span, passage.text_of(candidate.span)
    if alone:  # else it has its neighbours
        checked = check_sentence(asked.standalone, asked.requirement, candidate)
        candidate, doubts = checked.candidate, checked.doubts
    text = passage.text_of(candidate.span)
    if not alone:
        doubts = text_doubts(asked.standalone, asked.requirement, text)
    if asked.requirement and not _is_firm(asked.requirement, text, sentence):
        doubts = (*doubts, Doubt(f"gives {asked.requirement.lack}", f"gives {asked.requirement.wording}"))
    doubts = (*doubts, *_person_doubts(asked, sentence, text))
    terms_held = spelt_terms(text)
    wanted = [asked.own.text[word.start : word.end] for word in content_words(asked.own)]
    nouns = {word for word in wanted if _is_noun_of(asked, word, text)}
    missing = tuple(word for word in wanted if word in nouns or terms_held.isdisjoint(forms(word)))
    unrelated = tuple(word for word in missing if (terms_held - _stems(nouns)).isdisjoint(related_forms(word)))
    background = _is_background(asked, text, candidate.hit.article.published or asked.newest)
    odds = min(max(candidate.probability, 1e-3), 1 - 1e-3)
    score = (
        math.log(odds / (1 - odds))
        + COVERED_WEIGHT * (not missing)
        + (-GIVEN_WEIGHT if doubts else GIVEN_WEIGHT)
        - BACKGROUND_WEIGHT * background
        + NAMED_WEIGHT * (not asked.standalone.names.isdisjoint(terms_held))
    )
    return _Judged(candidate, missing, len(wanted) - len(missing), background, doubts, score, unrelated, sentence=own)


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


def _decided(
    asked: _Asked, judged: Sequence[_Judged], asserted: Sequence[ScoredSentence], hits: Sequence[Hit], *, doubted: bool
) -> ReaderResult:
    """Return the first of the reader's sentences, asserted or as one that may answer.

    ``doubted``: the cross-encoder took none of those that hold the words and give what is asked for.
    """
    lead = judged[0]
    likely = lead.candidate.probability
    if _is_stated(lead, asserted) and (likely >= 0.5 or not doubted):
        stated = [each for each in judged[1:MAX_SENTENCES] if _is_stated(each, asserted)]
        further = [each for each in stated if each.candidate.probability >= MIN_TOLD]
        return _result([lead, *further], judged, likely)
    doubts = (*lead.doubts, *_absent_words(lead, hits), UNLIKELY)
    # Where another sentence tells of it without what is asked for, the article does not say.
    told = any(len(each.missing) < len(lead.missing) and each.doubts for each in judged)
    typed = asked.requirement is not None and asked.requirement.wording == "an age"
    least = MIN_DOUBTED if lead.doubts or doubted else MIN_POSSIBLE
    possible = likely >= least and not told and bool(lead.held or not lead.missing or typed)
    found = replace(_result([lead], judged, likely), possibly=possible, doubts=doubts)
    return found if possible else replace(found, answers=0)


def _absent_words(lead: _Judged, hits: Sequence[Hit]) -> tuple[Doubt, ...]:
    """Return a doubt for the first word of the question that the article of a sentence has in no form."""
    own = lead.candidate.hit.passage.article_id
    texts = [f"{hit.passage.context}\n{hit.passage.text}" for hit in hits if hit.passage.article_id == own]
    held = frozenset[str]().union(*map(spelt_terms, texts))
    return tuple(lacks_word(word) for word in lead.missing if not holds_form(held, word))[:1]


def _is_stated(judged: _Judged, asserted: Sequence[ScoredSentence]) -> bool:
    """Return whether a sentence answers: it holds the words, and gives what is asked for or is asserted."""
    if judged.missing or judged.doubts:
        return False
    return judged.candidate.probability >= MIN_TOLD or judged.candidate in asserted


def _result(shown: Sequence[_Judged], judged: Sequence[_Judged], sure: float) -> ReaderResult:
    rest = [each.candidate for each in _apart([*shown, *judged]) if each not in shown]
    first = replace(shown[0].candidate, probability=sure)
    candidates = (first, *(each.candidate for each in shown[1:]), *rest)
    return ReaderResult(candidates, sure, sure, len(shown))
