"""Aspects of a topic: the arguments about it, its reasons, risks or conditions, and how somebody reacted to it.

No single sentence has them all, and no name counts them: an answer gives the likeliest sentences of the articles that
are about the topic as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.composition.quotable import QuotableSentence, article_hits, is_cut_quotation, quotable_sentences
from bot.composition.sentence_scores import answer_scores
from bot.composition.topic_search import TopicSearcher
from retrieval.articles import ArticleInfo, Filters, Hit
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import DO, HAVE, MODAL_VERBS, THIRD_PERSON_BE, alternation
from retrieval.text.names import GIVEN
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set
from retrieval.text.tokens import content_terms, read_words, term_set

MAX_ARTICLES = 3
"""Articles that are read from beginning to end."""
TITLE_WORTH = 3.0
"""For how many passages about the topic it counts that a title names it, or that the last answer cites the article."""
MIN_ABOUT, OF_MOST_ABOUT = 2.0, 0.5
"""What an article needs of that to be about the topic as a whole, and of what the article most about it has."""
MIN_HELD = 0.75
"""Share of the weight of the topic's words that an article of the last answer has."""
MAX_SCORED = 36
"""Sentences that the cross-encoder scores."""
MAX_TOLD_OF_ANY = 8
"""Sentences at most where no aspect is named."""
MAX_TOLD, MIN_TOLD = 6, 2
"""Sentences of an aspect: at most so many; fewer are no more than a fact, which the reader answers."""
MIN_BEST = -1.5
"""Log odds that the best sentence has to have, with what its words add."""
MIN_SCORE, NEAR_BEST = -2.5, 4.0
"""Log odds from which a sentence may tell of an aspect, and how far below the best one's."""
MAX_APART = 8
"""Words between whoever reacted and how."""
NEAR_BEST_NAMED = 6.0
"""The same where each has to name whoever reacted."""
MIN_BEST_GIVEN, MIN_SCORE_GIVEN, NEAR_BEST_GIVEN = -4.0, -4.0, 5.0
"""The same where the articles to read are given: it is known that they are about what is asked."""
OF_BEST_ARTICLES = 1.5
"""How far below the best one's the best sentence of a further article may be."""
WORDED = 1.0
"""What a word of the aspect's own adds: "accused" where accusations are asked for."""

_STANCE = (
    r"argu\w+|critic\w*|oppos\w+|opponents?|support\w*|advocat\w+|proponents?|becaus\w+|should|warn\w*|worr\w+"
    r"|concern\w*|fears?|feared|wrong|fail\w*|benefits?|costs?|expensive|advantages?"
)
_REACTED = (
    r"react\w*|respon\w+|said|says?|called|calls?|told|critici\w+|condemn\w+|prais\w+|accus\w+|slam\w*|blast\w*|welcom\w+|reject\w+"
    r"|disappoint\w+|outrag\w+|appla\w+|denounc\w+|defend\w+|mock\w+|urg\w+|vow\w*|oppos\w+|support\w*|tweet\w*|express\w+"
    r"|stood|stands?|dismiss\w*|downplay\w*|declin\w+|refus\w+|insist\w*|echo\w*|attack\w*"
)
_WORDS: Mapping[str, str] = {
    "arguments|argument|case|reasons|pros|pros and cons|criticisms?|objections|concerns|complaints|reservations"
    "|advantages|benefits|disadvantages|drawbacks|downsides|upsides|strengths|weaknesses": _STANCE,
    "accusations|allegations": r"accus\w+|alleg\w+|assault\w*|misconduct|harass\w*|abus\w+|den(?:y|ied|ies)",
    "requirements|conditions|criteria|rules|terms|demands": (
        r"requir\w+|conditions?|criteri\w+|rules?|must|need\w*|qualif\w+|eligib\w+|at least|demand\w*|only"
    ),
    "risks|dangers|threats|problems|challenges|obstacles|difficulties|hurdles|flaws": (
        r"risk\w*|dang\w+|threat\w*|problem\w*|challeng\w+|obstacles?|difficult\w*|hurdles?|lack\w*|flaw\w*|fail\w*"
    ),
    "effects|consequences|impacts?|implications|outcomes": (
        r"effects?|consequences?|impact\w*|result\w*|caus\w+|led to|mean\w*|hurt\w*|affect\w*|would|could"
    ),
    "causes|factors|explanations|motives": r"caus\w+|becaus\w+|due to|factors?|reasons?|explain\w*|blam\w+|driv\w+",
    "positions|views|stances|policies|proposals|plans|goals|priorities|promises|ideas|measures|steps|solutions"
    "|options": (
        r"positions?|views?|stances?|polic\w+|propos\w+|plan\w*|goals?|promis\w+|pledg\w+|support\w*|would|wants?|call\w*"
        r"|oppos\w+|end\w*"
    ),
    "findings|conclusions|lessons|claims": r"f(?:ou|i)nd\w*|show\w*|conclu\w+|claim\w*|learn\w*",
}
"""The nouns of aspects, and the words of the sentences that tell of each."""
_NOUN = "|".join(_WORDS)
_OF_ASPECT = [
    (
        LazyPattern(nouns, re.IGNORECASE),
        LazyPattern(rf"\b(?:{re.sub('s(?=[|]|$)', 's?', nouns)}|{words})\b", re.IGNORECASE),
    )
    for nouns, words in _WORDS.items()
]
_ADJECTIVE = r"(?:(?:main|key|biggest|chief|major|most important|best|strongest|possible|potential|various) )?"
_LINK = (
    r"(?:for and against|(?:both )?(?:for|against)|in favou?r of|of|about|on|to|behind|with|in|regarding|facing|around)"
)
_AUXILIARY = alternation(DO | HAVE | MODAL_VERBS | THIRD_PERSON_BE)
_ACCUSATION = LazyPattern(r"accusations|allegations", re.IGNORECASE)
_WHAT_ARE = rf"what(?:'s|'re| (?:{alternation(THIRD_PERSON_BE)}))"
_THE = r"(?:the |some (?:of the )?)?"
_FORMS = tuple(
    LazyPattern(form, re.IGNORECASE)
    for form in (
        rf"{_WHAT_ARE} {_THE}{_ADJECTIVE}(?P<noun>{_NOUN}) (?P<topic>(?-i:[A-Z])\S*\s\S.*)",
        rf"(?:{_WHAT_ARE} )?{_THE}{_ADJECTIVE}(?P<noun>{_NOUN}),? {_LINK} (?P<topic>\S.*)",
        rf"{_WHAT_ARE} (?P<topic>(?:[\w.-]+ ){{0,3}}[\w.-]+)(?:'s|s') {_ADJECTIVE}(?P<noun>{_NOUN})(?P<more> .+)?",
        rf"(?:what|which) {_ADJECTIVE}(?P<noun>{_NOUN}) (?:{_LINK} (?P<before>.+? )?)?(?:{_AUXILIARY}) (?P<topic>\S.*)",
    )
)
_REACTS = LazyPattern(
    rf"(?:and )?how (?:{alternation(DO | HAVE)}) (?P<who>(?:[\w.’'-]+ ){{0,4}}[\w.’'-]+) (?:react|respond)(?:ed)?"
    r"(?: to (?P<topic>\S.*))?",
    re.IGNORECASE,
)
_PARTIES = (
    (LazyPattern(r"Republicans|GOP", re.IGNORECASE), r"Republican|GOP|R-[A-Z][\w.]*"),
    (LazyPattern(r"Democrats", re.IGNORECASE), r"Democrat|Dems|D-[A-Z][\w.]*"),
)
"""The members of a party, and how articles mark them beside their names."""
_GIVEN = LazyPattern(
    r"(?:there|given|cited|named|mentioned|said|raised|made|listed)(?: (?:for|of|against|about|by|to|in))? "
)


@dataclass(frozen=True, slots=True)
class TopicAspect:
    """What is asked of a topic.

    Attributes:
        topic: The topic.
        words: Matches the words of sentences that tell of the aspect.
        required: Whether each sentence has to have one: of a reaction, whoever reacted beside how.
        named: Whether each sentence has to have a word of the topic: of accusations, who is accused.
        is_any: Whether it is no aspect: where no article is about the topic, those nearest to the question are read.
        most: Sentences that are told at most.
    """

    topic: str
    words: LazyPattern
    required: bool = False
    named: bool = False
    is_any: bool = False
    most: int = MAX_TOLD


ANY_ASPECT = TopicAspect("", LazyPattern(r"(?!)"), is_any=True, most=MAX_TOLD_OF_ANY)
"""Whatever is asked of a topic, in any words."""


@lru_cache(maxsize=256)
def aspect_of(question: str) -> TopicAspect | None:
    """Return the aspect that a question asks for: "What are the arguments against X?"; None for any other question.

    Args:
        question: Without greeting and closing marks.
    """
    for form in _FORMS:
        if found := form.fullmatch(question):
            groups = found.groupdict()
            parts = (groups.get("before"), _GIVEN.sub("", groups["topic"], count=1), groups.get("more"))
            topic = " ".join(part.strip() for part in parts if part)
            words = next(words for nouns, words in _OF_ASPECT if nouns.fullmatch(found["noun"]))
            named = _ACCUSATION.match(found["noun"]) is not None
            return TopicAspect(topic, words, named=named) if content_terms(topic) else None
    return None


def reaction_of(question: str) -> TopicAspect | None:
    """Return whose reaction to what a question asks for: "How did Ann Brook react to X?"; None for any other.

    The topic is empty where the question names none: "How did she react?".
    """
    found = _REACTS.fullmatch(question)
    if found is None:
        return None
    name = re.sub(r"^the ", "", found["who"], flags=re.IGNORECASE)
    first, _, rest = name.partition(" ")
    marks = next((marks for party, marks in _PARTIES if party.fullmatch(name)), None)
    who = "|".join(filter(None, (re.escape(name), re.escape(rest) if fold(first) in GIVEN else "", marks)))
    then = rf"(?:\W+[\w'’-]+){{0,{MAX_APART}}}?\W+(?:{_REACTED})"
    reacted = rf"\b(?:{who})\b{then}\b|\bsaid (?:\w+ ){{0,4}}(?:{who})\b"
    return TopicAspect(found["topic"] or "", LazyPattern(reacted, re.IGNORECASE), required=True)


@dataclass(frozen=True, slots=True)
class ToldAspect:
    """The sentences that tell of an aspect.

    Attributes:
        sentences: They, in their order; where no aspect is named, the likeliest first.
        odds: The cross-encoder's log odds that the likeliest one answers.
    """

    sentences: tuple[QuotableSentence, ...]
    odds: float


class AspectFinder:
    """Finds the sentences that tell of an aspect.

    Args:
        topics: Finds passages about a topic.
        library: The library it searches.
        weights: The weights of terms in it.
        cross_encoder: Scores sentences as answers.
    """

    def __init__(
        self, topics: TopicSearcher, library: Library, weights: TermWeights, cross_encoder: CrossEncoder
    ) -> None:
        self._topics = topics
        self._library = library
        self._weights = weights
        self._cross_encoder = cross_encoder

    def find(self, question: str, aspect: TopicAspect, filters: Filters, in_hand: Collection[str]) -> ToldAspect:
        """Return the likeliest sentences of the articles about the topic, in their order; none where none is likely.

        Args:
            question: The question, standalone.
            aspect: What it asks for.
            filters: The articles to read; few that are named are read whatever they are about.
            in_hand: The ids of the articles of the last answer, which are read first where they are about the topic.
        """
        articles = self._articles(aspect.topic, filters, in_hand)
        if aspect.is_any and (nearest := self._topics.nearest(question, filters)):
            first = nearest[:1] if articles else nearest
            articles = list({info.id: info for info in (*first, *articles)}.values())[:MAX_ARTICLES]
        read = [hit for info in articles for hit in article_hits(info, self._library.passages_of(info.id))]
        given = aspect.is_any and 0 < len(filters.articles) <= MAX_ARTICLES
        return self._telling(question, aspect, quotable_sentences(read), given=given)

    def _articles(self, topic: str, filters: Filters, in_hand: Collection[str]) -> list[ArticleInfo]:
        """Return the articles that are about a topic as a whole, best first."""
        if 0 < len(filters.articles) <= MAX_ARTICLES:
            return list(self._library.infos(filters.articles).values())
        weights = self._weights.of(content_terms(topic))
        total = sum(weights.values()) or 1.0

        def share(held: Collection[str]) -> float:
            return sum(weight for term, weight in weights.items() if term in held) / total

        hits: dict[str, list[Hit]] = {}
        for hit in self._topics.find(topic, filters).hits:
            hits.setdefault(hit.article.id, []).append(hit)
        for key in in_hand:  # what it is about is said all over it
            info = self._library.infos([key]).get(key)
            hits[key] = article_hits(info, self._library.passages_of(key)) if info else []
        about: dict[str, float] = {}
        for key, own in hits.items():
            terms_of = [parse_passage(hit.passage).terms for hit in own]
            titled = share(term_set(read_words(own[0].article.title))) if own else 0.0
            about[key] = TITLE_WORTH * titled + min(TITLE_WORTH, sum(share(held) ** 3 for held in terms_of))
            if key in in_hand and share(frozenset().union(*terms_of)) >= MIN_HELD:
                about[key] = max(about[key], MIN_ABOUT)
        least = max(MIN_ABOUT, OF_MOST_ABOUT * max((about[key] for key in about if key not in in_hand), default=0.0))
        ranked = sorted(
            (key for key in about if about[key] >= (MIN_ABOUT if key in in_hand else least)),
            key=lambda key: (key not in in_hand, -about[key]),
        )
        return [hits[key][0].article for key in ranked[:MAX_ARTICLES]]

    def _telling(
        self, question: str, aspect: TopicAspect, sentences: Sequence[QuotableSentence], *, given: bool
    ) -> ToldAspect:
        asked, topic = frozenset(content_terms(question)), frozenset(content_terms(aspect.topic))
        added = {
            each: WORDED * bool(aspect.words.search(each.text)) + len(asked & each.sentence.terms) / max(1, len(asked))
            for each in sentences
            if not is_cut_quotation(each.text)
            and (not aspect.required or aspect.words.search(each.text))
            and (not aspect.named or topic & each.sentence.terms)
        }
        read = sorted(added, key=lambda each: (-added[each], each.place))[:MAX_SCORED]
        found = answer_scores(self._cross_encoder, question, read)
        scores = {each: score + added[each] for each, score in zip(read, found, strict=True)}
        best = max(scores.values(), default=MIN_BEST_GIVEN)
        least = MIN_BEST_GIVEN if given or not (aspect.topic or aspect.is_any) else MIN_BEST
        if best <= least:
            return ToldAspect((), best)
        if aspect.required:
            least = max(least, best - NEAR_BEST_NAMED)
        else:
            least = max(MIN_SCORE_GIVEN, best - NEAR_BEST_GIVEN) if given else max(MIN_SCORE, best - NEAR_BEST)
        near = {each.article.id for each, score in scores.items() if score >= best - OF_BEST_ARTICLES}
        kept: list[QuotableSentence] = []
        texts: list[ShingleSet] = []
        for each in sorted(scores, key=lambda one: -scores[one]):
            text = shingle_set(each.text)
            if scores[each] < least or len(kept) == aspect.most:
                break
            if each.article.id in near and not duplicates_any(text, texts):
                kept.append(each)
                texts.append(text)
        fewest = MIN_TOLD if aspect.topic or aspect.is_any else 1
        if len(kept) < fewest:
            return ToldAspect((), max(found))
        if aspect.is_any:  # the likeliest first, article by article
            articles = list(dict.fromkeys(each.article.id for each in kept))
            return ToldAspect(tuple(sorted(kept, key=lambda each: articles.index(each.article.id))), max(found))
        return ToldAspect(tuple(each for each in sentences if each in kept), max(found))
