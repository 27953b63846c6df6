"""Topic search: the passages about a topic over all articles, without a limit of a few as for one fact."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, Self

from bot.answering.features import parse_passage
from bot.answering.speech_search import PassageSearch
from bot.answering.term_weights import Corpus, TermWeights, prior_frequencies
from bot.composition.leading_article import MIN_LEADING, LeadingArticle
from retrieval.articles import ArticleInfo, Filters, Hit, Passage
from retrieval.text.analyzer import fold, terms, words
from retrieval.text.lexicon import ARTICLES, STOP_WORDS
from retrieval.text.names import GIVEN
from retrieval.text.places import PLACES
from retrieval.text.tokens import Word, content_terms, read_words

MAX_PASSAGES = 60
"""Passages that are searched for a topic."""
MAX_NEAREST = 10
"""Passages among which the article that leads a topic is found."""
MIN_LEAD = 0.6
"""Share of the weight of the topic's terms that it has to hold."""
MIN_HIGH = 2
"""Passages among those nearest to a topic from which a further article leads it, too."""
MAX_BRIEF, MIN_NAMING = 2, 2
"""Terms of a topic up to which its title, or so many of its passages, have to hold the heaviest, too."""
MIN_COVERAGE = 0.6
"""Share of the weight of the topic's terms that a passage, with its headings, has to hold to be about it."""
MIN_COSINE = 0.45
"""Cosine from which a passage that holds some of the terms is about a topic without a name, in other words."""
MIN_COSINE_NAMED = 0.35
"""The same for a passage that holds all names of the topic."""
MIN_MISSING = 0.4
"""Share of the weight of a topic's terms that no article has from which the rest is another topic."""
MIN_COSINE_SAME = 0.56
"""Cosine to a topic, or to the title of an article, from which a passage tells of the same in other words."""
MIN_NAME_SHARE = 0.9
"""Share of a word's occurrences that are capitalised inside a sentence, from which it is a name only."""
MAX_APART = 8
"""Words between those of a topic that is mentioned, "the primary in New Hampshire"; further apart they are of two."""
MAX_NEAR = 2
"""Names and other words of a topic up to which they have to be near each other; more are of one topic in a passage."""
MAX_SETTLED = 2_000
"""Articles by which it is settled how a word of many more is written; reading 76,000 took 6 s of CPU time."""
MIN_JOINED = 3
"""Words of the shortest name with a small word in it."""
_JOINING = frozenset({"for", "of", "to", "the"})
NO_FILTERS = Filters()
_NAMES = PLACES | GIVEN


class TopicCorpus(Corpus, Protocol):
    """The library, by words: ``retrieval.store.library.Library``."""

    def article_ids(self, filters: Filters = ...) -> list[str]:
        """Return the ids of the articles that match ``filters``."""
        ...

    def search_words(
        self, terms: Sequence[str], *, limit: int, article_ids: Collection[str] | None = ...
    ) -> list[tuple[str, float]]:
        """Return up to ``limit`` passages that contain any of ``terms``, best first."""
        ...

    def contains_phrase(self, terms: Sequence[str]) -> bool:
        """Return whether a passage has these analysed terms in a row."""
        ...

    def mentions(self, phrases: Sequence[Sequence[str]], apart: int | None = ...) -> Mapping[str, Sequence[str]]:
        """Return, by article id, the ids of the passages that have each phrase, at most ``apart`` terms apart."""
        ...

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return passages in the given order."""
        ...

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in order."""
        ...

    def passage_texts(self, ids: Sequence[str]) -> Iterable[tuple[str, str, str]]:
        """Return the id, context and text of passages, in the given order."""
        ...

    def infos(self, article_ids: Collection[str]) -> dict[str, ArticleInfo]:
        """Return articles without their text, by id."""
        ...


@dataclass(frozen=True, slots=True)
class TopicPassages:
    """What was found about a topic.

    Attributes:
        topic: The topic, as written.
        hits: The passages about it, best first.
        unknown: Words of the topic that no article holds, as written.
        complete: Whether no more passages than those looked at may be about it.
        nearest: The passages that search ranks first for it, whether they are about it or not.
        tells: Whether the article of the first of these tells of the topic, in whatever words.
        lacks: Whether so much of the topic is unknown that what the others name is another one.
    """

    topic: str
    hits: tuple[Hit, ...]
    unknown: tuple[str, ...] = ()
    complete: bool = True
    nearest: tuple[Hit, ...] = ()
    tells: bool = False
    lacks: bool = False

    @property
    def articles(self) -> tuple[ArticleInfo, ...]:
        """Their articles, each once, in the order of their best passages."""
        return tuple({hit.article.id: hit.article for hit in self.hits}.values())


@dataclass(frozen=True, slots=True)
class _Written:
    """A name that shares its term with other words: "Maine" with "main", "Price" with "price"."""

    pattern: re.Pattern[str]
    forms: tuple[str, ...] = ("",)  # one of which a text has that matches, found in a tenth of the time

    @classmethod
    def of(cls, word: str) -> Self | None:
        """Return the name; None where its term is no word of general English but a place's."""
        word = re.sub(r"['’]s?$", "", word)  # "Trump's" is Trump
        term = next(iter(terms(word)), "")
        folded = fold(word.replace(".", ""))
        if word.isupper():  # "US", "U.S.": not "us"
            letters = r"\.?".join(re.escape(letter) for letter in word.replace(".", ""))
            return cls(re.compile(rf"(?<![\w.]){letters}(?!\w)")) if folded in STOP_WORDS else None
        if term not in prior_frequencies() or (term == folded and folded in PLACES):
            return None
        forms = (word, word.upper())
        return cls(re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)"), forms)

    def is_in(self, *texts: str) -> bool:
        """Return whether a text, such as a passage or its headings, has it."""
        return any(any(form in text for form in self.forms) and self.pattern.search(text) for text in texts)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a topic.

    Attributes:
        terms: Its terms in a row.
        last: The term that stands for it where an article has it in full: a surname; empty where none does.
        articles: The articles that have it in full.
        written: It as written, where it shares its term with other words.
    """

    terms: tuple[str, ...]
    last: str
    articles: frozenset[str]
    written: _Written | None = None

    def is_in(self, hit: Hit, held: frozenset[str]) -> bool:
        """Return whether a passage with these terms, in its text and headings, names it."""
        if len(self.terms) == 1:
            return self.terms[0] in held and (
                self.written is None or self.written.is_in(hit.passage.text, hit.passage.context)
            )
        if hit.article.id not in self.articles:
            return False
        return (
            self.last in held if self.last else held.issuperset(term for term in self.terms if term not in STOP_WORDS)
        )


class TopicSearcher:
    """Finds the passages about a topic.

    Args:
        search: Finds passages.
        corpus: The library it searches.
    """

    def __init__(self, search: PassageSearch, corpus: TopicCorpus) -> None:
        self._search = search
        self._corpus = corpus
        self._weights = TermWeights(corpus)
        self._leading = LeadingArticle(self._weights)

    def find(
        self,
        topic: str,
        filters: Filters = NO_FILTERS,
        limit: int = MAX_PASSAGES,
        *,
        said: Collection[str] | None = None,
        question: str = "",
    ) -> TopicPassages:
        """Return up to ``limit`` passages about ``topic``; none where the topic has no word of its own.

        A passage has to hold every name of the topic, in its text or headings; of a name of several words the last
        one, where its article has the whole name.

        Args:
            topic: The topic.
            filters: Restrictions of the search.
            limit: At most this many.
            said: Terms that also say what is asked of the topic, of which up to ``limit`` further passages are sought;
                with them, a passage counts that holds the names, whatever other words of the topic it holds.
            question: The question that asks of the topic, whose nearest passages are those where the topic's are far.

        Raises:
            OnrecordError: The store or the model cannot be used.
        """
        asked = content_terms(topic)
        if not asked:
            return TopicPassages(topic, ())
        hits = self._search.search(topic, filters, limit)
        nearest, complete = hits[:MAX_NEAREST], len(hits) < limit
        tells = bool(self._leading.of(topic, nearest))
        if question and self._leading.probability(topic, nearest) <= MIN_LEADING:
            asked_of = self._search.search(question, filters, MAX_NEAREST)
            if self._leading.of(question, asked_of):
                nearest, tells = asked_of, True
        always = _always_names(hits)
        names = [self._name(topic, run, always) for run in self._names(topic, always)]
        phrases = {name.terms for name in names if len(name.terms) > 1} or {tuple(terms(_stripped(topic)))}
        hits = [*hits, *self._with_words([" ".join(each) for each in phrases], hits, filters, limit)]
        if said:
            hits += self._with_words([*asked, *said], hits, filters, limit)
            limit *= 2
        in_names = frozenset(term for name in names for term in name.terms)
        weights = self._weights.of(asked)
        total = sum(weights.values())
        least = MIN_COSINE_NAMED if names else MIN_COSINE
        kept = []
        for hit in hits:
            held = parse_passage(hit.passage).terms
            if not all(name.is_in(hit, held) for name in names):
                continue
            share = sum(weight for term, weight in weights.items() if term in held or term in in_names) / total
            if said is not None or share >= MIN_COVERAGE or (share > 0 and (hit.dense_score or 0.0) >= least):
                kept.append(hit)
        unknown = self.unknown(topic)
        missing = sum(weights.get(term, 0.0) for word in unknown for term in terms(word))
        return TopicPassages(
            topic, tuple(kept[:limit]), unknown, complete, tuple(nearest), tells, lacks=missing >= MIN_MISSING * total
        )

    def nearest(self, question: str, filters: Filters = NO_FILTERS) -> list[ArticleInfo]:
        """Return the articles of the passages that search ranks first for a question, best first."""
        hits = self._search.search(question, filters, MAX_NEAREST) if content_terms(question) else []
        return list({hit.article.id: hit.article for hit in hits}.values())

    def in_other_words(self, topic: str) -> dict[str, int]:
        """Return in how many passages each article tells of a topic, or what the title of an article says, by id."""
        hits = self._search.search(topic, NO_FILTERS, MAX_PASSAGES) if content_terms(topic) else []
        return dict(Counter(hit.article.id for hit in hits if (hit.dense_score or 0.0) >= MIN_COSINE_SAME))

    def lead(self, found: TopicPassages) -> ArticleInfo | None:
        """Return the article that search ranks first for a topic; None where it lacks too much of the topic's words."""
        return next(iter(self.leads(found)), None)

    def leads(self, found: TopicPassages) -> list[ArticleInfo]:
        """Return the article that search ranks first for a topic, then those of which it ranks several passages high.

        Those that lack too much of the topic's words are left out; none is returned where the first is one, unless it
        tells of the topic in others and no name is unknown.
        """
        if not found.nearest:
            return []
        passages = Counter(hit.article.id for hit in found.nearest)
        first, *others = {hit.article.id: hit.article for hit in found.nearest}.values()
        names_unknown = any(word[0].isupper() for word in found.unknown)
        if not ((found.tells and not names_unknown) or (not found.unknown and self._may_lead(found.topic, first))):
            return []
        return [first, *(each for each in others if self._may_lead(found.topic, each, passages[each.id]))]

    def _may_lead(self, topic: str, article: ArticleInfo, high: int = MIN_HIGH) -> bool:
        """Return whether an article, of which so many passages rank high, has enough of the topic's words."""
        pages = [parse_passage(each).terms for each in self._corpus.passages_of(article.id)]
        title = frozenset(terms(article.title))
        held = title.union(*pages)
        weights = self._weights.of(content_terms(topic))
        heaviest = max(weights, key=lambda term: weights[term])
        often = heaviest in title or sum(heaviest in page for page in pages) >= min(MIN_NAMING, len(pages))
        named = often or len(weights) > MAX_BRIEF  # many words seldom meet in an article that only mentions them
        share = sum(weight for term, weight in weights.items() if term in held) / sum(weights.values())
        return named and share >= MIN_LEAD and high >= min(MIN_HIGH, len(pages))

    def mentions(self, topic: str, apart: int | None = None) -> dict[str, int]:
        """Return, by article id, in how many passages an article mentions a topic: each of its names and words.

        They have to occur in one passage, with its headings, but names alone ("Trump and Putin") only in one article. A
        capitalised word that shares its term with others counts as it is written: "Maine" is not "main".

        Args:
            topic: The topic.
            apart: The most words between the two of the topic; None for any number, as for more than two.
        """
        text = _stripped(topic)
        parsed = read_words(text, sentence=False)
        runs = list(_runs(parsed))
        phrases = [run for run in runs if len(run) > 1 and self._corpus.contains_phrase(run)]
        inside = {term for run in phrases for term in run}
        rest = [(term,) for term in content_terms(text) if term not in inside]
        written = {
            (word.term,): found
            for word in parsed
            if word.name and word.term not in inside and (found := _Written.of(text[word.start : word.end]))
        }
        units = [*phrases, *rest]
        if not units:
            return {}
        if len(units) > MAX_NEAR:
            apart = None
        names_only = len(runs) > 1 and {term for run in runs for term in run} >= {term for (term,) in rest}
        groups = [[unit] for unit in units] if names_only else [units]
        held = [
            self._written_in(self._corpus.mentions(group, apart), [written[unit] for unit in group if unit in written])
            for group in groups
        ]
        common = set(held[0]).intersection(*held[1:])
        return {article: len(passages) for article, passages in held[0].items() if article in common}

    def _written_in(self, found: Mapping[str, Sequence[str]], names: Sequence[_Written]) -> Mapping[str, Sequence[str]]:
        """Return the articles of which a passage has words as they are written; one passage settles most.

        Where nearly all of ``MAX_SETTLED`` articles have them so, taken evenly, the others are not read.
        """
        for name in names:
            if len(found) > MAX_SETTLED:
                sample = [passages[0] for passages in list(found.values())[:: len(found) // MAX_SETTLED]]
                if len(self._with_name(sample, name)) >= MIN_NAME_SHARE * len(sample):
                    continue
            settled = self._with_name([passages[0] for passages in found.values()], name)
            others = [each for article, passages in found.items() if article not in settled for each in passages[1:]]
            settled |= self._with_name(others, name)
            found = {article: passages for article, passages in found.items() if article in settled}
        return found

    def _with_name(self, passages: Sequence[str], name: _Written) -> set[str]:
        """Return the articles of those passages that have a name as it is written."""
        texts = self._corpus.passage_texts(passages)
        return {identifier.partition(":")[0] for identifier, *each in texts if name.is_in(*each)}

    def unknown(self, topic: str) -> tuple[str, ...]:
        """Return the words of ``topic``, as written, that no article holds."""
        asked = {word.strip(".,?!\"'“”’()"): terms(word, keep_stop_words=False) for word in topic.split()}
        held = self._corpus.document_frequencies([term for found in asked.values() for term in found])
        return tuple(word for word, found in asked.items() if found and not any(held.get(term, 0) for term in found))

    def _names(self, topic: str, always: frozenset[str]) -> Iterator[tuple[str, ...]]:
        """Yield the terms of each name of a topic, which may be written in lower case."""
        text = _stripped(topic)
        parsed = read_words(text, sentence=False)
        if not any(word.name for word in parsed):
            parsed = tuple(
                word
                if word.stop
                else word._replace(name=word.term in always or fold(text[word.start : word.end]) in _NAMES)
                for word in parsed
            )
        whole = _joined_name(text, parsed)
        if whole and self._corpus.contains_phrase(whole):
            yield whole
            return
        for run in _runs(parsed):
            if len(run) > 1 and self._corpus.contains_phrase(run):
                yield run
            else:
                yield from ((term,) for term in run if term in always or term in PLACES or len(run) == 1)

    def _name(self, topic: str, run: tuple[str, ...], always: frozenset[str]) -> _Name:
        if len(run) == 1:
            word = next((word for word in words(topic) if terms(word) == list(run)), "")
            return _Name(run, run[0], frozenset(), _Written.of(word) if word[:1].isupper() else None)
        last = run[-1] if run[-1] in always else ""
        return _Name(run, last, frozenset(self._corpus.mentions([run])))

    def _with_words(self, words: Sequence[str], hits: Sequence[Hit], filters: Filters, limit: int) -> list[Hit]:
        """Return further passages that have one of the words or phrases, which search may rank behind others."""
        articles = self._corpus.article_ids(filters) if filters else None
        known = {hit.passage.id for hit in hits}
        found = self._corpus.search_words(words, limit=limit, article_ids=articles)
        passages = self._corpus.passages([each for each, _ in found if each not in known])
        infos = self._corpus.infos({each.article_id for each in passages})
        fresh = [each for each in passages if each.article_id in infos]
        return [Hit(each, infos[each.article_id], 0.0, rank) for rank, each in enumerate(fresh, len(hits) + 1)]


def _stripped(topic: str) -> str:
    """Return a topic without the article before it."""
    first, _, rest = topic.strip().partition(" ")
    return rest if fold(first) in ARTICLES and rest else topic.strip()


def _runs(words: Sequence[Word]) -> Iterator[tuple[str, ...]]:
    """Yield the terms of consecutive names."""
    for is_name, run in itertools.groupby(words, lambda word: word.name and bool(word.term) and not word.date):
        if is_name:
            yield tuple(word.term for word in run)


def _joined_name(text: str, parsed: Sequence[Word]) -> tuple[str, ...]:
    """Return the terms of a text that is one name with "for", "of", "to" or "the" in it: "Medicare for All"."""
    if len(parsed) < MIN_JOINED or not (parsed[0].name and text[parsed[-1].start].isupper()):
        return ()
    between = {text[word.start : word.end] for word in parsed if not text[word.start].isupper()}
    return tuple(terms(text)) if between and between <= _JOINING else ()


def _always_names(hits: Sequence[Hit]) -> frozenset[str]:
    """Return the terms that occur in ``hits`` as names, but for a headline's exceptions."""
    named: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for hit in hits:
        names, everything = _occurrences(hit.passage)
        named.update(names)
        total.update(everything)
    return frozenset(term for term, count in named.items() if count >= MIN_NAME_SHARE * total[term])


@lru_cache(maxsize=4096)
def _occurrences(passage: Passage) -> tuple[list[str], list[str]]:
    """Return the terms of a passage's words but for its sentences' first: of those that are names, and of all."""
    found = [word for sentence in parse_passage(passage).sentences for word in sentence.words[1:]]
    content = [word for word in found if word.term and not word.stop]
    return [word.term for word in content if word.name], [word.term for word in content]
