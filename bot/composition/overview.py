"""Overviews: an article, a topic or everything in a few verbatim sentences, in the order of the story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Lock

import numpy as np

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.answers import Answer
from bot.composition.article_reference import ArticleReference, ArticleResolver
from bot.composition.centrality import Floats
from bot.composition.digest import LEAD_PLACES, MAX_SENTENCES, MIN_SENTENCES, digest, digest_size, quoted_spans
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.kind_rules import EVERYTHING
from bot.composition.quotable import QuotableSentence, article_hits, needs_context, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.sentence_scores import answer_scores
from bot.composition.topic_groups import TopicGroup, article_vectors, topic_groups
from bot.composition.topic_search import TopicPassages, TopicSearcher
from bot.render.phrases import counted
from bot.render.sources import headline_of, opinion, title_of
from retrieval.articles import ArticleInfo, Filters
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.measures import EVENT_MEASURES, figures
from retrieval.text.sanitize import line
from retrieval.text.tokens import read_words, term_set

FEW_ARTICLES = 7
"""Articles up to which an overview of everything quotes each."""
OTHERS_NAMED = 3
"""Other articles that fit a reference that are named."""
FIRST_PASSAGES = 2
"""Passages of an article in which the one sentence that stands for it is looked for."""
TYPICAL_ARTICLES = 10
"""Articles nearest to the middle of a group, of which one is quoted."""
MAX_READ_FOR_GROUPS = 2_000
"""Articles that an overview of everything puts into groups; of more it takes so many, evenly by date. Two thousand are
compared in a second and show the same groups."""
MAX_GROUPED_ARTICLES = 4
"""Articles quoted in the overview of a topic."""
MAX_LATEST = 3
"""Articles quoted for the latest of a topic."""
MAX_OF_LEAD, MAX_OF_ARTICLE = 5, 3
"""Sentences of the article that leads, and of one of several others, in the overview of a topic."""
CONTEXT_RELEVANCE = 0.4
"""How far a sentence is about the topic whose passage's headings are, where it does not name it itself."""
LEAD_RELEVANCE = 0.8
"""How far the lead of an article is about the topic that its title names in full."""
REST_RELEVANCE = 0.35
"""How far a sentence of an article that is about the topic as a whole is, whatever its words."""
CORE_RELEVANCE, CORE_PLACES = 0.9, 12
"""How far one of its first so many sentences is that gives how many died, or what somebody is charged with."""
LIKELY_PLACES = 24
"""First sentences of the article that leads of which the cross-encoder says how likely they answer the question."""
UNLIKELY, LOWEST_ODDS, ODDS_RANGE = 0.1, -6.0, 24.0
"""How far a sentence of it is about the topic of which these log odds, or none, are known; and what adds 1 to it."""
MIN_RELEVANCE, MAINLY = 0.3, 0.6
TITLE_WORTH = 3.0
"""For how many sentences about the topic it counts that the title of an article names it."""
MIN_SHARE_OF_BEST = 0.25
"""Of what the article most about the topic has, what another has that does not only mention it."""

_METHOD = (
    "Sentences chosen by centrality among the article's sentences (LexRank over weighted terms) and position, without "
    "repeats (maximal marginal relevance), in the order of the article."
)
_TOPIC_METHOD = (
    "Sentences about the topic chosen by relevance, centrality (LexRank over weighted terms) and position, without "
    "repeats (maximal marginal relevance), by the date of their article."
)
_GROUPS_METHOD = (
    "Articles grouped by the likeness of their vectors (spherical k-means); a group is named by the words that set its "
    "titles apart and shown by a sentence of its most typical article."
)
_SEVERAL = LazyPattern(
    r"(?:all )?(?:of )?(?:the |these |those )?(?:articles|stories|news|coverage|reports|pieces|reporting)"
    r" (?:about|on|of|regarding|concerning|covering) (?P<topic>\S.*)",
    re.IGNORECASE,
)
_ACCUSED = LazyPattern(
    r"\b(?:charged with|accused of|indicted (?:on|for)|counts? of|sentenced to|convicted of|(?:found|pled) guilty)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = LazyPattern(r"(?:(?:why|what|how)\s)?(?:I|My)\s(?=\w)", re.IGNORECASE)
_LATEST = LazyPattern(
    r"\b(?:the (?:latest|newest)|what(?:'s| is) new|any(?:thing)? new|news (?:on|about|from)|updates? (?:on|about)"
    r"|up to date)\b",
    re.IGNORECASE,
)
"""How the latest of a topic is asked for."""
_OF_OUTLET = LazyPattern(r"(?:all )?(?:the )?(?:articles|stories|pieces) (?:from|by|in|of) ", re.IGNORECASE)
_PLURAL_END = LazyPattern(r" (?:articles|stories|coverage|news|pieces|reporting)\Z", re.IGNORECASE)


RelevantSentence = tuple[QuotableSentence, float]
"""A sentence, and how far it is about the topic, in (0, 1]."""


class OverviewComposer:
    """Composes overviews.

    Args:
        topics: Finds passages about a topic.
        library: The library it searches.
        cross_encoder: Scores sentences as answers.
    """

    def __init__(self, topics: TopicSearcher, library: Library, cross_encoder: CrossEncoder) -> None:
        self._topics = topics
        self._library = library
        self._cross_encoder = cross_encoder
        self._weights = TermWeights(library)
        self._resolver = ArticleResolver(topics, library)
        self._groups: tuple[tuple[int, Filters], tuple[list[ArticleInfo], list[TopicGroup]]] | None = None
        self._guard = Lock()

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the overview of an article, of a topic, or of everything.

        Raises:
            OnrecordError: The store or a model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        topic = " ".join(request.topic.split()).strip(" .,;:!?")
        if request.decision.source:
            return self._of_source(request, topic)
        if not topic or EVERYTHING.fullmatch(topic):
            return self._of_everything(request, request.searched.filters)
        plural = _PLURAL_END.sub("", topic)
        if several := _SEVERAL.fullmatch(topic):
            return self._of_topic(request, several["topic"])
        if (plural != topic or _OF_OUTLET.match(topic)) and (
            ids := self._resolver.of_source(plural, request.searched.filters)
        ):
            return self._of_everything(request, Filters(articles=ids))
        return self._of_reference(request, topic) or self._of_topic(
            request, self._resolver.topic_of(plural, request.searched.filters)
        )

    def _of_source(self, request: CompositionRequest, topic: str) -> Answer | None:
        """Return what an outlet's or author's articles say of a topic; None where there is none of that name."""
        filters = request.searched.filters
        ids = self._resolver.of_source(f"from {request.decision.source}", filters)
        if not ids:
            return None
        own = replace(request, searched=replace(request.searched, filters=replace(filters, articles=ids)))
        answer = self._of_topic(own, topic)
        return replace(answer, searched=request.searched) if answer.citations else None

    def _of_reference(self, request: CompositionRequest, topic: str) -> Answer | None:
        """Return the overview of the article that a topic names; None where it names none."""
        reference = self._resolver.resolve(topic, request.history, request.searched.filters)
        if reference is None:
            place = self._resolver.is_place(topic)
            return composed_abstention(request, _no_place(topic, request)) if place else None
        if reference.certain:
            return self._of_article(request, reference)
        return self._of_candidates(request, reference)

    def _of_article(self, request: CompositionRequest, reference: ArticleReference) -> Answer:
        info = reference.article
        sentences = self._sentences_of(info)
        if not sentences:
            return composed_abstention(request, f"“{title_of(info)}” has no whole sentence that could be quoted.")
        draft = AnswerDraft(self._library, request)
        draft.heading(headline_of(info))
        chosen = digest(sentences, digest_size(len(sentences)))
        _quote(draft, chosen)
        draft.note(f"{len(draft.citations)} of the article's {counted(len(sentences), 'sentence')}.")
        if others := reference.articles[1:]:
            named = "; ".join(headline_of(each) for each in others[:OTHERS_NAMED])
            more = f"; and {len(others) - OTHERS_NAMED} more" if len(others) > OTHERS_NAMED else ""
            draft.note(f"Also: {named}{more}.")
        return draft.answer(_METHOD)

    def _of_candidates(self, request: CompositionRequest, reference: ArticleReference) -> Answer:
        """Return the articles that may be meant, each by its best sentence, so that one can be named by its number."""
        draft = AnswerDraft(self._library, request)
        draft.note(f"Several articles fit “{line(reference.wording)}”; the best {len(reference.articles)}:")
        for info in reference.articles:
            draft.heading(headline_of(info))
            _quote(draft, digest(self._first_sentences_of(info), 1))
        draft.note("Say which, by its number: “summarise 2”.")
        return draft.answer(_METHOD)

    def _of_everything(self, request: CompositionRequest, filters: Filters) -> Answer | None:
        articles = self._library.articles(filters)
        if not articles:
            return None
        read = articles[:: -(-len(articles) // MAX_READ_FOR_GROUPS)]
        distinct, groups = self._grouped(read, filters)
        draft = AnswerDraft(self._library, request)
        if not groups:
            for info in sorted(distinct, key=lambda each: each.published or "9"):
                draft.heading(headline_of(info))
                sentences = self._sentences_of(info)
                _quote(draft, digest(sentences, max(1, min(MIN_SENTENCES, FEW_ARTICLES // len(distinct)))))
            method = _METHOD
        else:
            for group in groups:
                names = ", ".join(group.words) or "Others"
                draft.heading(f"{names} ({counted(len(group.articles), 'article')})")
                self._quote_typical(draft, group)
            method = _GROUPS_METHOD
        draft.note(_extent(articles, len(read) - len(distinct) if len(read) == len(articles) else 0))
        if len(read) < len(articles):
            draft.note(f"The groups and their numbers are of {counted(len(read), 'article')}, taken evenly by date.")
        return draft.answer(method)

    def _quote_typical(self, draft: AnswerDraft, group: TopicGroup) -> None:
        """Quote the lead of a typical article of the group that has most of the group's words."""
        wanted = {term for word in group.words for term in terms(word)}
        typical = group.articles[:TYPICAL_ARTICLES]
        reports = [info for info in typical if not opinion(info)] or typical
        sentences = [
            each
            for info in reports
            for each in self._first_sentences_of(info)
            if each.place < LEAD_PLACES and not needs_context(each)
        ]
        named = np.array([1.0 + len(wanted & each.sentence.terms) for each in sentences])
        _quote(draft, digest(sentences, 1, named / (1 + len(wanted))))

    def _grouped(self, articles: Sequence[ArticleInfo], filters: Filters) -> tuple[list[ArticleInfo], list[TopicGroup]]:
        """Return the articles without near-duplicates, and their groups; none where each can be quoted.

        They are kept until the library or the filters change.
        """
        key = (self._library.revision, filters)
        with self._guard:
            if self._groups and self._groups[0] == key:
                return self._groups[1]
        distinct = _distinct(articles, self._library.near_duplicates_among([info.id for info in articles]))
        groups = []
        if len(distinct) > FEW_ARTICLES:
            vectors = article_vectors(*self._library.vectors_of([info.id for info in distinct]))
            groups = topic_groups(distinct, vectors)
        with self._guard:
            self._groups = (key, (distinct, groups))
        return distinct, groups

    def _of_topic(self, request: CompositionRequest, topic: str) -> Answer:
        found = self._topics.find(topic, request.searched.filters, question=request.standalone)
        copies = self._library.near_duplicates_among([info.id for info in found.articles])
        distinct = {info.id for info in _distinct(found.articles, copies)}
        weights = self._weights.of(terms(topic, keep_stop_words=False))
        relevant = _relevant(weights, quotable_sentences(hit for hit in found.hits if hit.article.id in distinct))
        lead = self._topics.lead(found) or _agreed(found, relevant)
        if not lead and (found.lacks or not relevant):
            return composed_abstention(request, nothing_about(found, request))
        read = {info.id: info for info in (*found.articles, *([lead] if lead else []))}
        pool: list[RelevantSentence] = []
        leads: list[RelevantSentence] = []
        titles = {key: _title_terms(info.title) for key, info in read.items()}
        titled = {key: _cover(weights, held) for key, held in titles.items()}
        told = {key: _cover(weights, held.union(*_told(relevant, key))) for key, held in titles.items()}
        about_most = _most_about(relevant, titled) if relevant else []
        reports = [key for key in about_most if not _argues(read[key])] or about_most
        latest = bool(_LATEST.search(request.standalone.replace("’", "'")))
        if latest:
            reports = _newest(relevant, read, titled, told) or reports
        elif lead:
            near = {hit.article.id for hit in found.nearest}
            mainly = [key for key in reports if key in near and _is_mainly_about(relevant, key, titled[key], told[key])]
            reports = [lead.id, *(key for key in mainly if key != lead.id)][:MAX_GROUPED_ARTICLES]
        for key in reports:
            own = self._sentences_of(read[key])
            whole = _relevant(weights, own)
            alone = len(reports) == 1 and _is_mainly_about(relevant, key, titled[key], told[key])
            if alone or (lead and key == lead.id):
                whole = _with_rest(whole, own)
            if lead and key == lead.id and not latest:
                leads = self._with_likelihood(request.standalone, whole)
            else:
                pool += whole or [each for each in relevant if each[0].article.id == key]
        chosen = _chosen(leads, pool)
        draft = AnswerDraft(self._library, request)
        shown = list(dict.fromkeys(each.article for each in chosen))
        if latest:
            shown.sort(key=lambda info: info.published, reverse=True)
        for info in shown:
            draft.heading(headline_of(info))
            _quote(draft, [each for each in chosen if each.article.id == info.id])
        about = counted(len({each.article.id for each, _ in relevant} | {info.id for info in shown}), "article")
        least = "" if found.complete or about.startswith("1 ") else "at least "
        draft.note(f"From {len(shown)} of {least}{about} about “{line(topic)}”; {_searched(request)}.")
        if not lead and not any(_is_mainly_about(relevant, key, titled[key], share) for key, share in told.items()):
            draft.note(not_mainly(line(topic)))
        left = len(about_most) - len(reports)
        if left > 0 and not latest:
            draft.note(f"Left out for reports: {counted(left, 'opinion piece')}.")
        if found.unknown:
            draft.note(_unknown_words(found.unknown))
        return draft.answer(_TOPIC_METHOD)

    def _with_likelihood(self, question: str, sentences: Sequence[RelevantSentence]) -> list[RelevantSentence]:
        """Return sentences of the article that leads with how likely the first of them are to answer the question."""
        first = [each for each, _ in sentences if each.place < LIKELY_PLACES]
        odds = dict(zip(first, answer_scores(self._cross_encoder, question, first), strict=True))
        return [
            (each, UNLIKELY + max(0.0, odds.get(each, LOWEST_ODDS) - LOWEST_ODDS) / ODDS_RANGE) for each, _ in sentences
        ]

    def _sentences_of(self, info: ArticleInfo) -> list[QuotableSentence]:
        return quotable_sentences(article_hits(info, self._library.passages_of(info.id)))

    def _first_sentences_of(self, info: ArticleInfo) -> list[QuotableSentence]:
        """Return the sentences of the article's first passages, for one that says what it is about."""
        ids = self._library.passage_ids([info.id])[:FIRST_PASSAGES]
        return quotable_sentences(article_hits(info, self._library.passages(ids)))


def _relevant(weights: Mapping[str, float], sentences: Sequence[QuotableSentence]) -> list[RelevantSentence]:
    """Return the sentences about a topic, given the weights of its terms, and how far each is, in (0, 1]."""
    total = sum(weights.values()) or 1.0
    found = []
    for each in sentences:
        own, context = each.sentence.terms, parse_passage(each.hit.passage).context
        said = sum(weight for term, weight in weights.items() if term in own) / total
        around = sum(weight for term, weight in weights.items() if term in own or term in context) / total
        titled = _cover(weights, _title_terms(each.article.title)) if each.place < LEAD_PLACES else 0.0
        best = max(said, CONTEXT_RELEVANCE * around, LEAD_RELEVANCE * titled)
        if best >= MIN_RELEVANCE:
            found.append((each, best))
    return found


def _agreed(found: TopicPassages, relevant: Sequence[RelevantSentence]) -> ArticleInfo | None:
    """Return the only article that has a topic's words, where search ranks it first for its meaning, too."""
    about = {each.article.id for each, _ in relevant}
    first = next((hit.article for hit in found.nearest), None)
    return first if first and about == {first.id} else None


def _title_terms(title: str) -> frozenset[str]:
    return term_set(read_words(title))


def _cover(weights: Mapping[str, float], held: frozenset[str]) -> float:
    """Return the share of a topic's weight that terms have, in [0, 1]."""
    return sum(weight for term, weight in weights.items() if term in held) / (sum(weights.values()) or 1.0)


def not_mainly(topic: str) -> str:
    """Return the sentence that says that articles only mention a topic."""
    return f"No article is mainly about “{topic}”; these mention it."


def nothing_about(found: TopicPassages, request: CompositionRequest) -> str:
    """Return the sentence that says that nothing is about a topic, and which of its words no article has."""
    said = _unknown_words(found.unknown) if found.unknown else f"Nothing is about “{line(found.topic)}”."
    return f"{said} {_searched(request).capitalize()}."


def _no_place(wording: str, request: CompositionRequest) -> str:
    if any(digit.isdigit() for digit in wording):
        count = counted(request.searched.articles, "article")
        return f"There is no “{line(wording)}”: the last answer cites none of this number, and there are {count}."
    return f"There is no answer before this one that “{line(wording)}” could mean: name the article or its topic."


def _unknown_words(words: Iterable[str]) -> str:
    return f"No article mentions {', '.join(f'“{line(word)}”' for word in words)}."


def _searched(request: CompositionRequest) -> str:
    return f"{counted(request.searched.articles, 'article')} searched"


def _quote(draft: AnswerDraft, chosen: Sequence[QuotableSentence]) -> None:
    for each, span in zip(chosen, quoted_spans(chosen), strict=True):
        draft.quote(each.hit, span)


def _story_order(each: QuotableSentence) -> tuple[str, str, int]:
    return each.article.published or "9", each.article.id, each.span.start


def _distinct(articles: Sequence[ArticleInfo], copies: dict[str, list[ArticleInfo]]) -> list[ArticleInfo]:
    """Return the articles without the near-duplicates of one before them."""
    kept: list[ArticleInfo] = []
    known: set[str] = set()
    for info in articles:
        if info.id not in known:
            kept.append(info)
            known.update(copy.id for copy in copies.get(info.id, ()))
    return kept


def _argues(info: ArticleInfo) -> bool:
    """Return whether an article is an opinion piece, or its title speaks of its writer: "I Blame …"."""
    return opinion(info) or _FIRST_PERSON.match(info.title) is not None


def _most_about(relevant: Sequence[RelevantSentence], titled: Mapping[str, float]) -> list[str]:
    """Return the ids of the articles with most sentences about the topic, best first, without those that name it once.

    Args:
        relevant: The sentences about the topic.
        titled: How far the titles of articles are about it, in [0, 1].
    """
    about: dict[str, float] = {}
    for each, share in relevant:
        about[each.article.id] = about.get(each.article.id, 0.0) + share**3
    for key in about:
        about[key] += TITLE_WORTH * titled[key]
    least = MIN_SHARE_OF_BEST * max(about.values())
    return sorted((key for key in about if about[key] >= least), key=lambda key: -about[key])[:MAX_GROUPED_ARTICLES]


def _newest(
    relevant: Sequence[RelevantSentence],
    read: Mapping[str, ArticleInfo],
    titled: Mapping[str, float],
    told: Mapping[str, float],
) -> list[str]:
    """Return the ids of the newest dated articles that are mainly about a topic, newest first."""
    about = [
        key for key, info in read.items() if info.published and _is_mainly_about(relevant, key, titled[key], told[key])
    ]
    return sorted(about, key=lambda key: read[key].published, reverse=True)[:MAX_LATEST]


def _with_rest(relevant: Sequence[RelevantSentence], sentences: Sequence[QuotableSentence]) -> list[RelevantSentence]:
    """Return the sentences about a topic with the others of an article that is about it.

    Its first sentences that give the dead or what somebody is charged with belong to what is told of it most.
    """
    shares = dict(relevant)
    found = []
    for each in sentences:
        is_core = each.place < CORE_PLACES and (
            bool(figures(each.text, EVENT_MEASURES["Deaths"])) or bool(_ACCUSED.search(each.text))
        )
        found.append((each, max(shares.get(each, REST_RELEVANCE), CORE_RELEVANCE * is_core)))
    return found


def _told(relevant: Sequence[RelevantSentence], key: str) -> Iterator[frozenset[str]]:
    """Yield the terms of the sentences in which an article speaks of the topic."""
    return (each.sentence.terms for each, _ in relevant if each.article.id == key)


def _is_mainly_about(relevant: Sequence[RelevantSentence], key: str, titled: float, told: float) -> bool:
    """Return whether an article's title names the topic, or several of its sentences, or these with part of it."""
    named = sum(each.article.id == key and share >= MAINLY for each, share in relevant)
    return titled >= MAINLY or named >= MIN_SENTENCES or (titled >= MIN_RELEVANCE and told >= MAINLY)


def _chosen(leads: Sequence[RelevantSentence], others: Sequence[RelevantSentence]) -> list[QuotableSentence]:
    """Return the sentences that are shown of a topic, by date.

    Args:
        leads: Those of the article that leads; none where no article does.
        others: Those of other articles.
    """
    several = bool(others) if leads else len({each.article.id for each, _ in others}) > 1
    if not several:
        pool, scores = _in_order(leads or others)
        return digest(pool, min(MAX_SENTENCES, digest_size(len(pool)) + bool(leads)), scores)
    pool, scores = _in_order(leads)
    kept = digest(pool, MAX_OF_LEAD, scores)
    most = MAX_SENTENCES - len(kept)
    pool, scores = _in_order(others)
    best = digest(pool, most, scores)
    for each in [*best, *(one for one in digest(pool, 2 * MAX_SENTENCES, scores) if one not in best)]:
        if len(kept) < MAX_SENTENCES and sum(one.article.id == each.article.id for one in kept) < MAX_OF_ARTICLE:
            kept.append(each)
    return sorted(kept, key=_story_order)


def _in_order(relevant: Sequence[RelevantSentence]) -> tuple[list[QuotableSentence], Floats]:
    ordered = sorted(relevant, key=lambda each: _story_order(each[0]))
    return [each for each, _ in ordered], np.array([share for _, share in ordered])


def _extent(articles: Sequence[ArticleInfo], copies: int) -> str:
    """Return how many articles there are and from when to when."""
    days = sorted(info.published[:10] for info in articles if info.published)
    undated = len(articles) - len(days)
    parts = [counted(len(articles), "article")]
    parts += [f"{copies} of them copies"] if copies else []
    parts += [f"from {days[0]} to {days[-1]}"] if days and days[0] != days[-1] else [f"of {days[0]}"] if days else []
    parts += [f"{undated} undated"] if undated else []
    return f"{', '.join(parts)}."
