"""Constraints: rules around the reader's probabilities that keep a sentence from being asserted, or put another first.

A sentence without the kind of thing that is asked for, or on the other side of the event, may answer at most. They cap;
they never raise what the reader made of a sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.answering.completion import completed
from bot.answering.divergence import divergence_remark, diverging
from bot.answering.excerpts import (
    MAX_LISTED,
    Excerpt,
    announces,
    excerpt_of,
    identifies,
    introduces_person,
    is_definite,
)
from bot.answering.features import parse_passage
from bot.answering.precedence import Precedence, comes_before, mentions_unidentified, precedence_of
from bot.answering.question import ParsedQuestion, parse_question
from bot.answering.question_words import content_words, holds_form, spelt_terms
from bot.answering.reader import Reader, ReaderResult, ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind, requirement_of
from bot.answering.sides import asks_for_successor, names_successor, opposed_words, owner_doubts, side_doubts
from bot.answering.speech_question import parse_speech_question
from bot.answering.term_weights import general_weights
from bot.answering.time_constraint import asks_for_newest
from bot.answering.time_remarks import time_remarks
from bot.answering.who_is import asked_name
from bot.answers import Doubt, lacks_word
from bot.citations import ArticleLookup, found_article
from retrieval.articles import Hit, Span
from retrieval.text.analyzer import fold, terms, words
from retrieval.text.orthography import american_term
from retrieval.text.tokens import Word, read_words, term_set

PROMOTION_RATIO = 0.3
"""Share of the first sentence's probability from which one that meets the constraints comes before it."""
RESTATED_COVER = 0.6
"""Share of the question's content words from which a sentence restates it, so that the next may give what is asked."""
MIN_NAMED_WEIGHT = 0.45
"""Weight in general English from which a missing word is worth naming: "trial" is, "going" is not."""
MAX_REASON_DISTANCE = 3
"""Sentences after the one that tells an event among which its reason is looked for."""
FURTHER_RATIO = 0.5
"""Share of the first sentence's probability from which a further one is shown after it."""
MAX_CHECKED = 6
"""Candidates that are held to the constraints."""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A candidate, held to the constraints.

    Attributes:
        candidate: It, its span that of its excerpt.
        excerpt: It with its neighbours.
        doubts: What speaks against it.
        precedence: How it stands to others; None where no kind of thing is asked for.
    """

    candidate: ScoredSentence
    excerpt: Excerpt
    doubts: tuple[Doubt, ...]
    precedence: Precedence | None = None


class ConstrainedReader:
    """A reader that holds the inner reader's sentences to what the question requires.

    Args:
        inner: The reader whose probabilities are capped.
        articles: The library, in whose articles a name that a passage lacks may occur; None: passages alone are read.
    """

    def __init__(self, inner: Reader, articles: ArticleLookup | None = None) -> None:
        self._inner = inner
        self._articles = articles

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's sentences with their neighbours, those first that give what is asked for.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        reading = self._inner.read(question, hits)
        if not reading.candidates:
            return reading
        asked = parse_question(question)
        # The rules for these questions say themselves which sentence is one, with their measured precision.
        by_rule = bool(asked_name(question)) or parse_speech_question(question) is not None
        requirement = None if by_rule else requirement_of(asked)
        check = _unchecked if by_rule else partial(check_sentence, asked, requirement)
        checked = [check(each) for each in reading.candidates[:MAX_CHECKED]]
        decided = _decide(asked, requirement, reading, checked, self._terms_of_article)
        decided = completed(asked, requirement, decided, hits)
        if requirement is None or not decided.answers:
            return decided
        beside = _beside(asked, requirement, decided, checked)
        return replace(beside, remarks=(*beside.remarks, *time_remarks(asked, requirement, beside.candidates[0])))

    def _terms_of_article(self, hit: Hit) -> frozenset[str]:
        """Return the terms of a hit's article, among which a word of the question may be."""
        if self._articles is None:
            return parse_passage(hit.passage).terms
        article = hit.article
        said_of_it = f"{article.title}\n{article.source}\n{article.author}\n{article.published}"
        return frozenset(terms(f"{said_of_it}\n{found_article(self._articles, hit.passage.article_id).text}"))


def check_sentence(
    question: ParsedQuestion, requirement: Requirement | None, candidate: ScoredSentence
) -> CheckedSentence:
    """Return a candidate with the neighbours that it needs, and what speaks against it."""
    excerpt = excerpt_of(candidate.hit, candidate.span)
    if announces(excerpt.text):
        excerpt = excerpt_of(candidate.hit, candidate.span, following=MAX_LISTED)
    elif requirement:
        excerpt = _with_neighbour(question, requirement, candidate, excerpt)
    doubts = text_doubts(question, requirement, excerpt.text, excerpt.sentence.text)
    page = parse_passage(candidate.hit.passage).sentences
    place = page.index(excerpt.sentence)
    doubts += tuple(owner_doubts(question, excerpt.sentence.text, page[place - 1].text if place else ""))
    precedence = precedence_of(question, requirement, candidate, excerpt) if requirement else None
    return CheckedSentence(replace(candidate, span=excerpt.span), excerpt, doubts, precedence)


def text_doubts(
    question: ParsedQuestion, requirement: Requirement | None, text: str, sentence: str = ""
) -> tuple[Doubt, ...]:
    """Return what speaks against a text, or against its ``sentence`` where it has neighbours."""
    sentence = sentence or text
    doubts: list[Doubt] = []
    if requirement and not requirement.given_in(text):
        doubts.append(Doubt(f"gives {requirement.lack}", f"gives {requirement.wording}"))
    if sentence.rstrip('*_"”’ ').endswith("?"):
        doubts.append(Doubt("is itself a question", "gives an answer"))
    return (*doubts, *side_doubts(question, sentence))


def _with_neighbour(
    question: ParsedQuestion, requirement: Requirement, candidate: ScoredSentence, excerpt: Excerpt
) -> Excerpt:
    """Return the excerpt with the sentence before or after it, where that gives what the question requires."""
    names = requirement.kind is RequirementKind.NAME
    after = excerpt_of(candidate.hit, candidate.span, following=1)
    unnamed = names and (introduces_person(excerpt.text) or mentions_unidentified(question, excerpt.text))
    if unnamed and requirement.given_in(after.text[len(excerpt.text) :]):
        return after
    if requirement.given_in(excerpt.text):
        return excerpt
    if not _restates(question, excerpt):
        return excerpt
    before = excerpt_of(candidate.hit, candidate.span, preceding=1)
    if not names and is_definite(excerpt.text) and requirement.given_in(before.text):
        return before
    if requirement.given_in(after.text) and (not names or identifies(after.text[len(excerpt.text) :])):
        return after
    return excerpt


def _unchecked(candidate: ScoredSentence) -> CheckedSentence:
    excerpt = excerpt_of(candidate.hit, candidate.span)
    return CheckedSentence(replace(candidate, span=excerpt.span), excerpt, ())


def _restates(question: ParsedQuestion, excerpt: Excerpt) -> bool:
    content = {word.term for word in question.content}
    return len(content & term_set(read_words(excerpt.text))) >= RESTATED_COVER * len(content)


def _missing_words(
    question: ParsedQuestion, lead: CheckedSentence, terms_of_article: Callable[[Hit], frozenset[str]]
) -> list[Doubt]:
    """Return a doubt for the weightiest word of the question that the lead's article holds in no form.

    A sentence seldom repeats what its article is about.
    """
    held = spelt_terms(f"{lead.candidate.hit.passage.context}\n{lead.excerpt.text}")
    if not _absent(question, held):
        return []
    article = terms_of_article(lead.candidate.hit)
    missing = _absent(question, held | article | frozenset(map(american_term, article)))
    if not missing:
        return []
    weights = general_weights([word.term for word in missing])
    heaviest = max(missing, key=lambda word: (word.name, weights[word.term]))
    first = last = question.words.index(heaviest)
    while heaviest.name and first and question.words[first - 1] in missing:
        first -= 1
    while heaviest.name and question.words[last + 1 : last + 2] and question.words[last + 1] in missing:
        last += 1
    named = re.sub(r"['’]s$", "", question.text[question.words[first].start : question.words[last].end])
    return [lacks_word(named, is_name=heaviest.name)]


def _absent(question: ParsedQuestion, held: frozenset[str]) -> list[Word]:
    """Return the words of a question that an answer repeats and that a text with these terms has in no form."""
    weights = general_weights([word.term for word in question.content])
    repeated = content_words(question)
    return [
        word
        for word in question.content
        if (word.name or word.date or (word in repeated and weights[word.term] >= MIN_NAMED_WEIGHT))
        and word.term not in held
        and not holds_form(held, question.text[word.start : word.end])
    ]


def _adds(
    question: ParsedQuestion, requirement: Requirement | None, lead: CheckedSentence, other: CheckedSentence
) -> bool:
    """Return whether a sentence is worth reading after the first: it answers, too, and gives something else.

    Another article's has to be of the same thing: a question of one word ("Who is the judge?") does not say so.
    """
    likely = other.candidate.probability >= FURTHER_RATIO * lead.candidate.probability
    if _precedes(lead, other) or not (likely or asks_for_newest(question.text)):
        return False
    if requirement is None:
        return True
    given = [{fold(each) for each in requirement.given_in(text)} for text in (other.excerpt.text, lead.excerpt.text)]
    same = other.candidate.hit.passage.article_id == lead.candidate.hit.passage.article_id
    return bool(given[0] - given[1]) and (same or len(question.content) > 1)


def _decide(
    question: ParsedQuestion,
    requirement: Requirement | None,
    reading: ReaderResult,
    checked: Sequence[CheckedSentence],
    terms_of_article: Callable[[Hit], frozenset[str]],
) -> ReaderResult:
    """Return the reading with the checked sentences, the first that meets the constraints before those that do not."""
    first = checked[0]
    bar = PROMOTION_RATIO * first.candidate.probability
    other_side = (
        _other_side(question, checked)
        or _reason_beside(question, checked)
        or _successor(question, checked)
        or _preceding(checked)
    )
    best = other_side or next((each for each in checked if not each.doubts and each.candidate.probability >= bar), None)
    lead = best or first
    ordered = [lead]
    for each in checked:
        alone = replace(each, candidate=replace(each.candidate, span=each.excerpt.sentence.span))
        ordered += [found for found in (each, alone) if _overlaps_none(found.candidate, ordered)][:1]
    rest = [each for each in reading.candidates[len(checked) :] if _overlaps_none(each, ordered)]
    confidence = reading.confidence
    if best and best is not first and best is not other_side:
        # The first is no answer: its share is the others'.
        left = max(1.0 - first.candidate.probability, 1e-9)
        confidence = min(confidence, lead.candidate.probability / left)
        ordered[0] = replace(lead, candidate=replace(lead.candidate, probability=confidence))
    candidates = (*(each.candidate for each in ordered), *rest)
    asserted = reading.answers > 0 and not reading.possibly and not lead.doubts
    doubts = () if asserted else (*lead.doubts, *_missing_words(question, lead, terms_of_article), *reading.doubts)
    if not reading.answers:
        return replace(reading, candidates=candidates, confidence=confidence, doubts=doubts)
    like = itertools.takewhile(lambda each: asserted and not each.doubts, ordered[1 : reading.answers])
    further = [each for each in like if _adds(question, requirement, lead, each)]
    shown = [each.candidate for each in (ordered[0], *further)]
    return replace(
        reading,
        candidates=(*shown, *(each for each in candidates if each not in shown)),
        confidence=confidence,
        answers=len(shown),
        possibly=not asserted,
        doubts=doubts,
    )


def _beside(
    question: ParsedQuestion,
    requirement: Requirement,
    reading: ReaderResult,
    checked: Sequence[CheckedSentence],
) -> ReaderResult:
    """Return the reading with other articles' different numbers or dates beside the first one's, and a remark.

    The newest come first where the question asks for how things are now.
    """
    texts = {_key(each.candidate): each.excerpt.text for each in checked if not each.doubts}
    first, *rest = reading.candidates
    if not reading.answers or _key(first) not in texts:
        return reading
    given = (first, texts[_key(first)])
    others = [(each, texts[_key(each)]) for each in rest if _key(each) in texts]
    beside = [others[place] for place in diverging(question, requirement, given, others)]
    if not beside:
        return reading
    shown = [given, *beside]
    if asks_for_newest(question.text):
        shown.sort(key=lambda each: each[0].hit.article.published, reverse=True)
    lead = replace(shown[0][0], probability=first.probability)
    further = [each for each, _ in shown[1:]]
    return replace(
        reading,
        candidates=(lead, *further, *(each for each in reading.candidates if each not in [one for one, _ in shown])),
        answers=max(len(shown), reading.answers),
        remarks=(*reading.remarks, divergence_remark(question, requirement, shown)),
    )


def _key(candidate: ScoredSentence) -> tuple[str, Span]:
    return candidate.hit.passage.article_id, candidate.span


def _other_side(question: ParsedQuestion, checked: Sequence[CheckedSentence]) -> CheckedSentence | None:
    """Return the sentence of the first one's passage that tells the side asked for, where the first tells the other.

    The reader was right about the event, and the words decide the side: it takes the first one's place.
    """
    first = checked[0]
    opposed = opposed_words(question, first.excerpt.sentence.text)
    if opposed is None:
        return None
    for each in checked[1:]:
        same = each.candidate.hit.passage.id == first.candidate.hit.passage.id
        if same and not each.doubts and opposed[0] in map(fold, words(each.excerpt.sentence.text)):
            return replace(each, candidate=replace(each.candidate, probability=first.candidate.probability))
    return None


def _successor(question: ParsedQuestion, checked: Sequence[CheckedSentence]) -> CheckedSentence | None:
    """Return the sentence of the first one's article that names who took the place, where the first tells of none."""
    first = checked[0]
    if not (asks_for_successor(question.text) and first.doubts):
        return None
    for each in checked[1:]:
        same = each.candidate.hit.passage.article_id == first.candidate.hit.passage.article_id
        if same and not each.doubts and names_successor(each.excerpt.sentence.text):
            return replace(each, candidate=replace(each.candidate, probability=first.candidate.probability))
    return None


def _reason_beside(question: ParsedQuestion, checked: Sequence[CheckedSentence]) -> CheckedSentence | None:
    """Return the sentence of the first one's passage that gives a reason, where the first only restates the question.

    The reader was right about the event: the sentence, one of the next ``MAX_REASON_DISTANCE``, takes its place.
    """
    first = checked[0]
    requirement = requirement_of(question)
    if (
        not (requirement and requirement.kind is RequirementKind.REASON)
        or requirement.given_in(first.excerpt.text)
        or not _restates(question, first.excerpt)
    ):
        return None
    order = [each.span for each in parse_passage(first.candidate.hit.passage).sentences]
    place = order.index(first.excerpt.sentence.span)
    near = order[place + 1 : place + 1 + MAX_REASON_DISTANCE]
    for each in checked[1:]:
        same = each.candidate.hit.passage.id == first.candidate.hit.passage.id
        if same and not each.doubts and each.excerpt.sentence.span in near:
            return replace(each, candidate=replace(each.candidate, probability=first.candidate.probability))
    return None


def _preceding(checked: Sequence[CheckedSentence]) -> CheckedSentence | None:
    """Return the sentence that takes the first one's place for what both say, not for its probability."""
    first = checked[0]
    if first.doubts:
        return None
    found = next((each for each in checked[1:] if not each.doubts and _precedes(each, first)), None)
    return (
        replace(found, candidate=replace(found.candidate, probability=first.candidate.probability)) if found else None
    )


def _precedes(one: CheckedSentence, other: CheckedSentence) -> bool:
    return bool(one.precedence and other.precedence and comes_before(one.precedence, other.precedence))


def _overlaps_none(candidate: ScoredSentence, chosen: Sequence[CheckedSentence]) -> bool:
    """Tell whether a candidate shares no character with better ones, which would show it twice."""
    article, span = _key(candidate)
    return not any(article == its and span.overlaps(other) for its, other in (_key(each.candidate) for each in chosen))
