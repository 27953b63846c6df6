"""Article references: which article a person means by "the Benghazi article", "article 2", "that one" or a title."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.composition.leading_article import MIN_MAY_LEAD, LeadingArticle
from bot.composition.topic_search import TopicSearcher
from bot.conversation.store import Turn
from retrieval.articles import ArticleInfo, Filters
from retrieval.errors import InputError
from retrieval.store.library import Library
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import DEMONSTRATIVES, alternation, word_set
from retrieval.text.names import surname
from retrieval.text.number_words import ONES, ORDINALS

MAX_TURNS_BACK = 3
"""Turns back in which an article that is only pointed at was cited."""
MAX_CANDIDATES = 5
"""Articles that are named where one could be meant as well as another."""
MIN_TITLE_RATIO = 88.0
"""Similarity of what was written and a title, out of 100, from which the title is meant with a typing error."""
MIN_TERM_RATIO = 80.0
"""Similarity of two words, out of 100, from which one is the other with a typing error."""
RARE = 3
"""Passages up to which a term may be a typing error of the articles themselves."""
MIN_TITLE_WORDS = 3
"""Words of the shortest part of a title that names an article without the word "article"."""
CLEAR_LEAD = 1.3
"""How many times better than the next the best article has to fit, to be meant alone."""
MIN_FIT = 0.6
"""Share of the description's weight that has to occur in an article, its title counted twice."""

_CACHED_ARTICLES = 200_000
"""Articles whose names and titles are kept as they are compared: of more, each question would make all of them anew."""

_NOUN = r"(?:article|piece|story|column|op-?ed|editorial|post|news item|item|write-?up)"
_LOOSE_NOUN = rf"(?:{_NOUN}|report|text|document|interview|transcript|paper|file|one)"
_THE = r"(?:the|this|that|your|my|our|an?)"
_CITED = r"(?:citation|source|footnote|reference|result|number|no\.?|nr\.?|#)"
_NEWEST = r"(?:latest|newest|most recent)"
_OLDEST = r"(?:oldest|earliest)"

_NUMBERED = LazyPattern(
    rf"(?:{_THE} )?(?:{_LOOSE_NOUN} ?)?(?:{_CITED} ?)?[\[(#]?(?P<number>\d{{1,6}}|{alternation(ONES)})[\])]?",
    re.IGNORECASE,
)
_OF_ARTICLES = LazyPattern(rf"(?:{_THE} )?{_LOOSE_NOUN}\b", re.IGNORECASE)
"""A number of articles, not of citations: "article 2"."""
_ORDINAL = LazyPattern(
    rf"(?:{_THE} )?(?P<ordinal>\d{{1,6}}(?:st|nd|rd|th)|{alternation(ORDINALS)}|last)(?: (?:{_LOOSE_NOUN}|{_CITED}))?"
    r"(?: (?:in|of|on) (?:the|that|your) (?:list|answer|results?))?",
    re.IGNORECASE,
)
_POINTED = LazyPattern(
    rf"(?:it|{alternation(DEMONSTRATIVES - {'these', 'those'})}|the (?:same|above|last|whole|entire|full)?)"
    rf"(?: ?(?:whole |same |entire |full )?{_LOOSE_NOUN})?",
    re.IGNORECASE,
)
_PART_OF_POINTED = LazyPattern(
    rf"\S.*\b(?:of|in|from) (?:{alternation(DEMONSTRATIVES - {'these', 'those'})}|the same) {_LOOSE_NOUN}",
    re.IGNORECASE,
)
"""What of an article that is pointed at is asked for: "the other findings of that article"."""
_DATED = LazyPattern(rf"\b(?:(?P<newest>{_NEWEST})|(?P<oldest>{_OLDEST}))\b", re.IGNORECASE)
_QUOTED = LazyPattern(r"[\"“”'‘’«»]")
_ASKED_NOUN = LazyPattern(rf"\b(?P<noun>{_NOUN})\b(?!s)", re.IGNORECASE)
_ASKED_LOOSELY = LazyPattern(rf"\b(?P<noun>{_LOOSE_NOUN})\b(?!s)", re.IGNORECASE)
_FRAME = LazyPattern(
    rf"\b(?:{_LOOSE_NOUN}|{_THE}|{_NEWEST}|{_OLDEST}|about|on|regarding|concerning|called|titled|entitled|headlined"
    r"|with the (?:title|headline)|headline|title|published|written|which|that|talks|is|was|'s|’s|for me|please"
    r"|again)\b",
    re.IGNORECASE,
)
_OUTLET_WORDS = word_set("news online web the opinion com org guest writer left right center")
_FROM = LazyPattern(r"(?:\b(?:from|by|in|of|on)|['’]s)\s*(?:the\s+)?$|^\W*(?:the\s+|an?\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArticleReference:
    """What a person's words for an article may mean.

    Attributes:
        wording: The words.
        articles: The articles that they fit, best first; near-duplicates of one before are left out.
        certain: Whether the first is meant, and the others only fit as well; else any of them may be.
    """

    wording: str
    articles: tuple[ArticleInfo, ...]
    certain: bool = True

    @property
    def article(self) -> ArticleInfo:
        """The article that is meant, or that fits best."""
        return self.articles[0]


@dataclass(frozen=True, slots=True)
class _Source:
    """An outlet or author that was named, where, and its articles."""

    start: int
    end: int
    ids: frozenset[str]


class ArticleResolver:
    """Resolves references to articles.

    Args:
        topics: Finds passages about a topic.
        library: The library it searches.
    """

    def __init__(self, topics: TopicSearcher, library: Library) -> None:
        self._topics = topics
        self._library = library
        self._weights = TermWeights(library)
        self._leading = LeadingArticle(self._weights)

    def resolve(self, wording: str, history: Sequence[Turn], filters: Filters) -> ArticleReference | None:
        """Return the articles that ``wording`` may mean; None where it names a topic, or nothing there is.

        Args:
            wording: "the Benghazi article", "2", "that one", "the CNN piece about Niger", a title or a path.
            history: The turns before, oldest first: numbers and "that article" mean what the last answer cited.
            filters: The articles that may be meant; cited ones may be any.

        Raises:
            OnrecordError: The store or the model cannot be used.
        """
        words = " ".join(wording.split()).strip(" .,;:!?")
        if not words:
            return None
        found = self._pointed(words, history, filters) or self._named(words)
        if found:
            return ArticleReference(words, found)
        listed = self._library.articles(filters)
        if shown := self._shown_of_source(words, listed, history):
            return ArticleReference(words, shown)
        return self._titled(words, listed) or self._described(words, listed, filters)

    def is_place(self, wording: str) -> bool:
        """Return whether words name an article by a number or place alone, whether there is one or not."""
        words = " ".join(wording.split()).strip(" .,;:!?")
        return any(each.fullmatch(words) for each in (_NUMBERED, _ORDINAL, _POINTED))

    def topic_of(self, wording: str, filters: Filters) -> str:
        """Return what an article is said to be about: "the Pope" of "the CNN article about the Pope"."""
        if not _ASKED_NOUN.search(wording):
            return wording
        return _description(wording, _source_in(wording, self._library.articles(filters))) or wording

    def of_source(self, wording: str, filters: Filters) -> tuple[str, ...]:
        """Return the ids of the articles of the outlet or author that is all of ``wording``: "CNN", "from Fox News"."""
        bare = re.sub(r"^(?:all )?(?:the )?(?:articles|stories|pieces) (?:from|by|in|of) ", "from ", wording)
        found = _source_in(bare, self._library.articles(filters))
        if found is None or re.sub(r"\W|\b(?:from|by|in|of|the)\b", "", bare[: found.start] + bare[found.end :]):
            return ()
        return tuple(sorted(found.ids))

    def cited(self, history: Sequence[Turn]) -> tuple[ArticleInfo, ...]:
        """Return the articles that the last answer with citations cites, the most cited first."""
        recent = history[-MAX_TURNS_BACK:]
        asserted = [turn for turn in recent if not turn.abstained]
        for turn in reversed(asserted or recent):
            ids = [place.article_id for place in turn.places]
            infos = self._library.infos(ids)
            ranked = sorted(dict.fromkeys(ids), key=lambda each: -ids.count(each))
            if found := tuple(infos[each] for each in ranked if each in infos):
                return found
        return ()

    def _pointed(self, words: str, history: Sequence[Turn], filters: Filters) -> tuple[ArticleInfo, ...]:
        """Return the article that a number, an ordinal or a pronoun means."""
        if number := _NUMBERED.fullmatch(words):
            given = number["number"].lower()
            place = ONES[given] if given in ONES else int(given)
            listed = self._listed(history)[:1] if _OF_ARTICLES.match(words) else []
            return (place and listed and listed[0][place - 1 : place]) or self._numbered(place, history, filters)
        if ordinal := _ORDINAL.fullmatch(words):
            given = ordinal["ordinal"].lower()
            listed = self._listed(history) or [tuple(self._library.articles(filters))]
            if given == "last":
                return listed[0][-1:] if self._listed(history) else listed[0][:1]
            place = ORDINALS[given] if given in ORDINALS else int(given[:-2])
            return next((each[place - 1 : place] for each in listed if len(each) >= place), ())
        if _POINTED.fullmatch(words) or (history and _PART_OF_POINTED.fullmatch(words)):
            return self.cited(history) or self._only_article(filters)
        return ()

    def _numbered(self, number: int, history: Sequence[Turn], filters: Filters) -> tuple[ArticleInfo, ...]:
        """Return the article of a citation of the last answer that has one, else of the list of articles."""
        last = next((turn for turn in reversed(history[-MAX_TURNS_BACK:]) if turn.places), None)
        ids = [place.article_id for place in last.places if place.number == number] if last else []
        found = tuple(self._library.infos(ids).values())[:1]
        return found or (tuple(self._library.articles(filters)[number - 1 : number]) if number else ())

    def _listed(self, history: Sequence[Turn]) -> list[tuple[ArticleInfo, ...]]:
        """Return the articles that each of the last answers cites, the last answer first, in order of citation."""
        found = []
        for turn in reversed(history[-MAX_TURNS_BACK:]):
            ids = list(dict.fromkeys(place.article_id for place in turn.places))
            infos = self._library.infos(ids)
            if infos:
                found.append(tuple(infos[each] for each in ids if each in infos))
        return found

    def _only_article(self, filters: Filters) -> tuple[ArticleInfo, ...]:
        listed = self._library.articles(filters)
        return tuple(listed) if len(listed) == 1 else ()

    def _named(self, words: str) -> tuple[ArticleInfo, ...]:
        """Return the article of an id, an origin, a path, or a title that is written out, or its first words."""
        bare = _QUOTED.sub("", words).strip()
        if len(bare.split()) < MIN_TITLE_WORDS and not re.search(r"[./#\d]", bare):
            return ()
        try:
            return (self._library.info(self._library.article(bare).id),)
        except InputError:
            return ()

    def _shown_of_source(
        self, words: str, listed: Sequence[ArticleInfo], history: Sequence[Turn]
    ) -> tuple[ArticleInfo, ...]:
        """Return the article of an outlet or author that the last answers cite: "the USA TODAY one"."""
        if not history or not _ASKED_LOOSELY.search(words):
            return ()
        source = _source_in(words, listed)
        if source is None or terms(_description(words, source), keep_stop_words=False):
            return ()
        shown = (each for answer in self._listed(history) for each in answer)
        return tuple(each for each in shown if each.id in source.ids)[:1]

    def _titled(self, words: str, listed: Sequence[ArticleInfo]) -> ArticleReference | None:
        """Return the article whose title, or part of it, was written, perhaps with a typing error."""
        bare = _folded(re.sub(rf"^(?:{_THE} )?{_LOOSE_NOUN}\b(?: (?:called|titled|entitled|headlined))?", "", words))
        if len(bare.split()) < MIN_TITLE_WORDS:
            return None
        from rapidfuzz import fuzz, process  # noqa: PLC0415 (late: few questions name a title)

        titles = {info.id: _folded(info.title) for info in listed}
        exact = [info for info in listed if bare in titles[info.id]]
        if exact:
            return self._reference(words, exact, certain=True)
        close = process.extract(bare, titles, scorer=fuzz.ratio, score_cutoff=MIN_TITLE_RATIO, limit=MAX_CANDIDATES)
        if not close and len(bare.split()) > MIN_TITLE_WORDS:
            close = process.extract(
                bare, titles, scorer=fuzz.partial_ratio, score_cutoff=MIN_TITLE_RATIO, limit=MAX_CANDIDATES
            )
            close = [each for each in close if len(each[0]) >= len(bare) and _has_words(bare, each[0])]
        by_id = {info.id: info for info in listed}
        return self._reference(words, [by_id[key] for _, _, key in close], certain=True) if close else None

    def _described(self, words: str, listed: Sequence[ArticleInfo], filters: Filters) -> ArticleReference | None:
        """Return the articles that "the CNN piece about Niger" fits; None without a word for an article."""
        source = _source_in(words, listed)
        asked = (_ASKED_LOOSELY if source else _ASKED_NOUN).search(words)
        if not asked:
            return None
        allowed = [info for info in listed if info.id in source.ids] if source else list(listed)
        dated = _DATED.search(words)
        described = _description(words, source)
        wanted = terms(described, keep_stop_words=False)
        if wanted:
            fits = self._fits(described, wanted, allowed, filters)
            if not fits and source and (leading := self._leading_of(described, allowed)):
                return self._reference(words, [leading], certain=True)
        else:
            fits = [(1.0, info) for info in allowed] if source or dated else []
        if not fits:
            return None
        if dated:
            best = [info for _, info in fits if info.published]
            best.sort(key=lambda info: info.published, reverse=bool(dated["newest"]))
            return self._reference(words, best or [info for _, info in fits], certain=True, limit=1)
        top = fits[0][0]
        rivals = [info for fit, info in fits if fit * CLEAR_LEAD > top]
        kept = self._without_copies(rivals, MAX_CANDIDATES + 1)
        if not wanted and len(kept) > 1:
            return ArticleReference(words, tuple(kept[:MAX_CANDIDATES]), certain=False)
        return ArticleReference(words, tuple(kept[:MAX_CANDIDATES]), certain=len(kept) <= MAX_CANDIDATES)

    def _leading_of(self, described: str, allowed: Sequence[ArticleInfo]) -> ArticleInfo | None:
        """Return the article of an outlet or author that tells of something in other words: "breathing machines"."""
        own = Filters(articles=tuple(info.id for info in allowed))
        nearest = self._topics.find(described, own).nearest
        return nearest[0].article if self._leading.of(described, nearest, MIN_MAY_LEAD) else None

    def _fits(
        self, described: str, wanted: Sequence[str], allowed: Sequence[ArticleInfo], filters: Filters
    ) -> list[tuple[float, ArticleInfo]]:
        """Return the articles that a description fits and how well, best first."""
        known = self._library.document_frequencies(list(wanted))
        titles = {info.id: _title_terms(info.title) for info in allowed}
        written = frozenset().union(*titles.values())
        meant = [
            term if term in written or known.get(term, 0) > RARE else _nearest_term(term, written)
            for term in dict.fromkeys(wanted)
        ]
        weights = self._weights.of(meant)
        total = sum(weights.values())
        by_id = {info.id: info for info in allowed}
        restricted = filters if len(allowed) == len(self._library.articles(filters)) else Filters(articles=tuple(by_id))
        query = described if meant == list(dict.fromkeys(wanted)) else " ".join(meant)
        body: dict[str, float] = {}
        held: dict[str, frozenset[str]] = titles.copy()
        for hit in self._topics.find(query, restricted).hits:
            if (key := hit.article.id) in by_id:
                body[key] = body.get(key, 0.0) + 1.0 / (10.0 + hit.rank)
                held[key] |= parse_passage(hit.passage).terms
        most = max(body.values(), default=1.0)
        fits = []
        for info in allowed:
            title, everywhere = (
                sum(weight for term, weight in weights.items() if term in terms_of[info.id]) / total
                for terms_of in (titles, held)
            )
            if everywhere >= MIN_FIT:
                fits.append((title + 0.7 * (0.3 + 0.7 * body.get(info.id, 0.0) / most), info))
        return sorted(fits, key=lambda each: -each[0])

    def _reference(
        self, words: str, found: Sequence[ArticleInfo], *, certain: bool, limit: int = MAX_CANDIDATES
    ) -> ArticleReference:
        return ArticleReference(words, tuple(self._without_copies(found, limit)), certain=certain)

    def _without_copies(self, found: Sequence[ArticleInfo], limit: int) -> list[ArticleInfo]:
        """Return the first ``limit`` articles of ``found`` that are no near-duplicates of one before them."""
        copies = self._library.near_duplicates_among([info.id for info in found[: 4 * limit]])
        kept: list[ArticleInfo] = []
        known: set[str] = set()
        for info in found:
            if len(kept) < limit and info.id not in known:
                kept.append(info)
                known.update(copy.id for copy in copies.get(info.id, ()))
        return kept


def _source_in(words: str, listed: Sequence[ArticleInfo]) -> _Source | None:
    """Return the outlet or author that ``words`` name, the longest."""
    found: list[_Source] = []
    makers = {(info.source, info.author) for info in listed}
    lowered = words.lower()
    for name in sorted({name for maker in makers for name in _source_names(*maker) if name.lower() in lowered}):
        ids = {info.id for info in listed if name in _source_names(info.source, info.author)}
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE):
            after = words[match.end() :].lstrip("'’s ")
            if not match.group()[0].isupper() and len(name.split()) == 1:
                continue
            if _FROM.search(words[: match.start()]) or re.match(_LOOSE_NOUN, after, re.IGNORECASE):
                found.append(_Source(match.start(), match.end(), frozenset(ids)))
    return max(found, key=lambda each: (each.end - each.start, len(each.ids)), default=None)


def _description(words: str, source: _Source | None) -> str:
    """Return ``words`` without the outlet or author and the words for an article."""
    rest = f"{words[: source.start]} {words[source.end :]}" if source else words
    bare = " ".join(_FRAME.sub(" ", re.sub(r"(?<!\w)['’]s\b", " ", rest)).split())
    return re.sub(r"^(?:from|by|in|on|of)\b|\b(?:from|by|in|on)$", "", bare.strip(" ,;:.!?\"“”'’")).strip()


@lru_cache(maxsize=_CACHED_ARTICLES)
def _source_names(source: str, author: str) -> tuple[str, ...]:
    """Return the names by which an outlet and authors may be called: "New York Times", "NYT", "Jane Doe", "Doe"."""
    names = []
    parts = re.sub(r"\(.*?\)| - .*", "", source).split()
    if parts:
        core = [part for part in parts if part.lower().removesuffix(".com") not in _OUTLET_WORDS]
        names += [" ".join(parts), " ".join(core)]
        capitals = "".join(part[0] for part in core if part[0].isupper())
        if len(core) > 1 and len(capitals) > 1:
            names.append(capitals)
    for person in re.split(r"\s*(?:,|;| and | & )\s*", author):
        if len(person.split()) in range(2, 5):
            names += [person, surname(person)]
    return tuple(dict.fromkeys(name for name in names if len(name) > 1))


@lru_cache(maxsize=_CACHED_ARTICLES)
def _title_terms(title: str) -> frozenset[str]:
    return frozenset(terms(title, keep_stop_words=False))


@lru_cache(maxsize=_CACHED_ARTICLES)
def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _has_words(bare: str, title: str) -> bool:
    """Return whether a title has each content word of what was written, perhaps with a typing error."""
    own = frozenset(terms(title, keep_stop_words=False))
    return all(_nearest_term(term, own) in own for term in terms(bare, keep_stop_words=False))


def _nearest_term(term: str, known: Collection[str]) -> str:
    """Return the term of the titles that ``term`` is with a typing error; ``term`` where there is none."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 (late: few descriptions are misspelt)

    found = process.extractOne(term, sorted(known), scorer=fuzz.ratio, score_cutoff=MIN_TERM_RATIO)
    return str(found[0]) if found and len(term) > 3 else term
