"""Lists: the sentences that name each of several, once, by article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.answers import Answer
from bot.composition.draft import AnswerDraft
from bot.composition.frequent_names import FrequentNames
from bot.composition.list_predicate import ListPredicate, Relation, list_predicate
from bot.composition.members import Member, MemberKind, member_kind
from bot.composition.quotable import QuotableSentence, article_hits, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.topic_search import TopicSearcher
from bot.render.phrases import counted
from bot.render.sources import headline_of
from retrieval.embedding.cross_encoder import CrossEncoder, sentence_input
from retrieval.store.library import Library
from retrieval.text.analyzer import fold, terms
from retrieval.text.lexicon import word_set
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set

MAX_PASSAGES = 40
"""Passages that are read for a list."""
MAX_SCORED = 24
"""Sentences that the cross-encoder scores: each costs about 5 ms of a processor."""
MAX_LISTED = 12
"""Sentences of a list."""
MIN_LISTED = 2
"""Sentences of the shortest list: with fewer the reader answers, as for a fact."""
MIN_SCORE = 0.0
"""Log odds, by the cross-encoder, from which a sentence answers."""
MIN_SCORE_UNCOVERED = 1.0
"""The same for a sentence that has few of the question's words: its headings have the others."""
MIN_SCORE_NAMED = 1.5
"""The same where nothing is said of the members but that they are named."""
MIN_BEST = 1.0
"""Log odds that the best sentence has to have: below it nothing in the articles is a list's."""
MIN_COVERED = 0.45
"""Share of the weight of the question's words, but for what is asked for, that a sentence with its headings has."""
METHOD = (
    "The sentences about it were read for what is asked for, scored by the reader's cross-encoder, and each member is "
    "shown once; nothing is rewritten."
)
METHOD_MENTIONED = "Counted over the word index; of each name the first sentence that has it is quoted."
MAX_NAMED = 24
"""Names that are counted without a sentence."""
MAX_TRIED = 5
"""Articles in which a sentence with a name is looked for."""
_MENTIONED = frozenset(
    terms("mentioned named quoted discussed listed cited covered appear article articles story stories text texts all")
)
_ANYBODY = word_set("people persons names person everyone everybody who")
_IMPERATIVE = re.compile(
    r"\W*(?:please |can you |could you )*(?:list|name|give|show|enumerate|identify|find|tell|mention|all|every)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\W*(?:\w+ )?who\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that names something of the kind asked for.

    Attributes:
        sentence: The sentence.
        members: What it names.
        denied: Whether it denies of all of them what is asked.
        covered: The share of the weight of the question's words that it has itself.
        score: The log odds that it answers.
    """

    sentence: QuotableSentence
    members: tuple[Member, ...]
    score: float
    denied: bool = False
    covered: float = 1.0


class EnumerationComposer:
    """Composes lists.

    Args:
        topics: Finds the passages.
        library: The articles.
        cross_encoder: Scores sentences as answers.
        names: Counts the names that articles mention.
    """

    def __init__(
        self, topics: TopicSearcher, library: Library, cross_encoder: CrossEncoder, names: FrequentNames
    ) -> None:
        self._topics = topics
        self._library = library
        self._cross_encoder = cross_encoder
        self._weights = TermWeights(library)
        self._names = names

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the answer; None where fewer than two sentences name different members, as for a fact."""
        question = request.standalone
        topic = request.topic or question
        kind = member_kind(topic, who=bool(_WHO.match(question)))
        if _asks_for_all(topic, kind):
            return self._mentioned(request, kind)
        found = self._topics.find(topic, request.searched.filters, MAX_PASSAGES, in_other_words=True)
        predicate = list_predicate(topic, kind.noun, question)
        candidates = self._candidates(question, topic, (kind, predicate), quotable_sentences(found.hits))
        scored = self._scored(_as_question(question, topic), candidates)
        kept = _distinct([each for each in scored if _is_enough(each, predicate)])
        if sum(not each.denied for each in kept) < MIN_LISTED or kept[0].score < MIN_BEST:
            return None
        return self._answer(request, kept, len(found.articles))

    def _candidates(
        self,
        question: str,
        topic: str,
        wanted_of: tuple[MemberKind, ListPredicate],
        sentences: Sequence[QuotableSentence],
    ) -> list[_Candidate]:
        """Return the sentences that name a member, those with most of the question's words first."""
        kind, predicate = wanted_of
        wanted = [term for term in terms(topic, keep_stop_words=False) if term not in kind.terms]
        weights = self._weights.of(wanted)
        total = sum(weights.values()) or 1.0
        asked = frozenset(fold(word) for word in re.findall(r"[\w'’-]+", question))
        found = []
        for each in sentences:
            named = kind.find(each.hit.passage.text, each.span.within(each.hit.passage.span)) if kind.find else []
            relations = {one: predicate.relation(one, each.text) for one in named if not _is_asked(one, asked)}
            members = [one for one, relation in relations.items() if relation is Relation.SAID]
            denied = [one for one, relation in relations.items() if relation is Relation.DENIED]
            if kind.find and not members + denied:
                continue
            around = each.sentence.terms | parse_passage(each.hit.passage).context
            covered = sum(weight for term, weight in weights.items() if term in around) / total
            own = sum(weight for term, weight in weights.items() if term in each.sentence.terms) / total
            if not weights or covered >= MIN_COVERED:
                denies = not members and bool(denied)
                found.append(_Candidate(each, tuple(members or denied), covered + own, denies, own))
        found.sort(key=lambda each: (-each.score, each.sentence.hit.rank))
        return found[:MAX_SCORED]

    def _scored(self, question: str, candidates: Sequence[_Candidate]) -> list[_Candidate]:
        """Return candidates with the cross-encoder's scores, best first."""
        if not candidates:
            return []
        scores = self._cross_encoder.scores(question, [_input(each.sentence) for each in candidates])
        scored = [replace(each, score=float(score)) for each, score in zip(candidates, scores, strict=True)]
        return sorted(scored, key=lambda each: (-each.score, each.sentence.article.published or "9"))

    def _mentioned(self, request: CompositionRequest, kind: MemberKind) -> Answer | None:
        """Return the places or people that most articles mention, each with a sentence; None without two."""
        articles = set(self._library.article_ids(request.searched.filters))
        counts = self._names.of(articles)
        known = kind.known
        named = counts.people if known is None else [each for each in counts.places if fold(each[0]) in known]
        if len(named) < MIN_LISTED:
            return None
        draft = AnswerDraft(self._library, request)
        noun = "speakers" if kind.known is None else kind.noun
        draft.note(f"{len(named):,} {noun} in {counted(len(articles), 'article')}, by the number of articles:")
        for name, number in named[:MAX_LISTED]:
            sentence = self._sentence_with(name, articles, draft)
            label = f"{name}, {counted(number, 'article')}"
            if sentence is None:
                draft.note(f"{label}.")
            else:
                draft.quote(sentence.hit, sentence.span, label=label)
        rest = named[MAX_LISTED:]
        if rest:
            further = len(rest) - MAX_NAMED
            more = f" and {further:,} more" if further > 0 else ""
            draft.note("Also " + ", ".join(f"{name} ({number:,})" for name, number in rest[:MAX_NAMED]) + f"{more}.")
        if kind.known is None:
            draft.note("These are whom articles quote, by their full names: /people or “onrecord people” lists all.")
        return draft.answer(METHOD_MENTIONED)

    def _sentence_with(self, name: str, articles: set[str], draft: AnswerDraft) -> QuotableSentence | None:
        """Return the first sentence that has a name as written, and is not quoted yet."""
        quoted = {(each.article.id, each.span) for each in draft.citations}
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w| [A-Z])")  # not "New York Times"
        tried = 0
        for article, passages in self._library.mentions([terms(name)]).items():
            if article not in articles:
                continue
            tried += 1
            for each in quotable_sentences(article_hits(self._library.info(article), self._library.passages(passages))):
                if pattern.search(each.text) and (article, each.span) not in quoted:
                    return each
            if tried == MAX_TRIED:
                break
        return None

    def _answer(self, request: CompositionRequest, kept: Sequence[_Candidate], looked_at: int) -> Answer:
        listed = kept[:MAX_LISTED]
        by_article: dict[str, list[_Candidate]] = {}
        for each in listed:
            by_article.setdefault(each.sentence.article.id, []).append(each)
        draft = AnswerDraft(self._library, request)
        noun = "sentence"
        draft.note(
            f"{len(by_article):,} of {counted(looked_at, 'article')} looked at "
            f"{'names' if len(by_article) == 1 else 'name'} some, in {counted(len(listed), noun)}; "
            "others may say it in other words."
        )
        for group in by_article.values():
            if len(by_article) > 1:
                draft.heading(headline_of(group[0].sentence.article))
            for each in sorted(group, key=lambda one: one.sentence.span):
                draft.quote(
                    each.sentence.hit,
                    each.sentence.span,
                    label="denied" if each.denied else "",
                    marks=[member.span for member in each.members],
                )
        if left := len(kept) - len(listed):
            draft.note(f"{counted(left, noun)} more left out.")
        return draft.answer(METHOD)


def _is_enough(candidate: _Candidate, predicate: ListPredicate) -> bool:
    """Return whether a sentence is likely enough to answer, the more so the fewer of the question's words it has."""
    if not predicate.acts:
        return candidate.score >= MIN_SCORE_NAMED
    return candidate.score >= (MIN_SCORE if candidate.covered >= MIN_COVERED else MIN_SCORE_UNCOVERED)


def _asks_for_all(topic: str, kind: MemberKind) -> bool:
    """Return whether a question says nothing of the members but that they are mentioned: "list all countries"."""
    rest = set(terms(topic, keep_stop_words=False)) - kind.terms - _MENTIONED
    return not rest and (kind.known is not None or not kind.noun or fold(kind.noun) in _ANYBODY)


def _as_question(question: str, topic: str) -> str:
    """Return a question for the cross-encoder, which was trained on such: "Which people testified?"."""
    if not _IMPERATIVE.match(question):
        return question
    plain = re.sub(r"\b(?:who|that|which) ", "", topic, count=1) if " " in topic else topic
    return f"Which {plain}?"


def _input(sentence: QuotableSentence) -> str:
    passage = sentence.hit.passage
    page = parse_passage(passage)
    return sentence_input([each.text for each in page.sentences], page.place(sentence.span), passage.context)


def _is_asked(member: Member, asked: frozenset[str]) -> bool:
    """Return whether the question names a member itself."""
    words = re.findall(r"[\w'’-]+", fold(member.name))
    return bool(words) and asked.issuperset(words)


def _distinct(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return candidates, best first, without those that repeat words or only name members that are listed already."""
    kept: list[_Candidate] = []
    texts: list[ShingleSet] = []
    members: list[Member] = []
    for each in candidates:
        text = shingle_set(each.sentence.text)
        fresh = [one for one in each.members if not any(one.is_same(other) for other in members)]
        repeats = not fresh and not each.denied if each.members else duplicates_any(text, texts)
        if repeats or (each.denied and duplicates_any(text, texts)):
            continue
        kept.append(each)
        texts.append(text)
        members += [] if each.denied else fresh
    return kept
