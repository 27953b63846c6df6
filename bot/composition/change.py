"""Changes: the sentences that tell two states of a thing, as likely answers to how it changed.

"After being banned since 2014, mines can now be used once again." "Confidence rose to 48 percent from 39 percent."
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.term_weights import TermWeights
from bot.composition.quotable import QuotableSentence, is_cut_quotation
from bot.composition.sentence_scores import answer_scores
from bot.composition.statement_choice import terms_with_headings
from bot.composition.trend import tells_change
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set
from retrieval.text.tokens import content_terms, read_words, term_set

MAX_SCORED = 24
"""Sentences that the cross-encoder scores."""
MAX_TOLD = 4
"""Sentences of a change."""
MIN_SCORE, NEAR_BEST = -2.0, 4.0
"""Log odds from which a sentence may tell the change, and how far below the best one's."""
MIN_BEST, MIN_BEST_AS_WRITTEN = -1.0, -1.5
"""Log odds that the best sentence has to have, with and without what a figure adds."""
MIN_SHARE = 0.75
"""Share of the weight of the topic's words that a sentence of an article not given has, with its headings."""
OF_BEST_ARTICLES = 2.0
"""How far below the best one's the best sentence of a further such article may be."""
MAX_BEHIND = 2
"""Sentences behind one that tells a change among which one that goes on with it is sought."""
FIGURE = 2.0
"""What a figure with a change or a year beside it adds."""
_MOVED = (
    r"r[oi]se[ns]?|rising|f[ae]ll(?:en|s|ing)?|gr[eo]wn?|growing|increas\w{1,4}|decreas\w{1,4}|declin\w{1,4}"
    r"|dropp?(?:s|ed|ing)?|climb\w{0,3}|jump\w{0,3}|slump\w{0,3}|plung\w{1,3}|soar\w{0,3}|surg\w{1,3}|doubl\w{1,3}"
    r"|tripl\w{1,3}|halv\w{1,3}|slow(?:ed|ing|er)|lower(?:ed|ing)|reduc\w{1,4}|clos(?:ed|ing)"
)
_TURNED = (
    r"no longer|(?:once )?again|used to|previously|formerly|now|anymore|since|until|instead of|for the first time"
    r"|rescind\w{0,3}|revers\w{1,4}|overturn\w{0,3}|repeal\w{0,3}|lift(?:s|ed|ing)|end(?:s|ed|ing)|halt\w{0,3}|abandon\w{0,3}"
    r"|shift\w{0,3}|chang\w{1,3}|reinstat\w{0,3}|bann(?:ed|ing)|allow(?:s|ed|ing)|withdr[ae]w\w{0,3}|suspend\w{0,3}|replac\w{1,3}"
    r"|updat\w{1,3}|worsen\w{0,3}|improv\w{1,3}|tighten\w{0,3}|loosen\w{0,3}|eas(?:ed|ing)|expand\w{0,3}|turned|became|become"
    r"|moved|deteriorat\w{1,3}|sever(?:ed|s)|cut|in contrast|compared|more than|less than|earlier|at one time"
    r"|remain\w{0,3}|later"
)
_TELLS = LazyPattern(
    rf"\b(?:{_MOVED}|{_TURNED})\b|\bfrom\s[^.]{{1,40}}\sto\b|\b(?:up|down)\s(?:by\s)?(?:from|an?|\$?\d)|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
"""What tells a change, or when something was so."""


_GOES_ON = LazyPattern(
    r"\W*(?:then|later|before\s(?:that|then)|until\sthen|since\sthen|by|in|that\s(?:year|month|dropped|rose|fell|grew))\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on with a change."""
_NEAR_FIGURE = LazyPattern(
    rf"\b(?:{_MOVED}|up|down|updat\w{{1,3}}|from\s[^.]{{1,40}}\sto|(?:in|since|until|by|of)\s(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


class ChangeFinder:
    """Finds the sentences that tell how something changed.

    Args:
        weights: The weights of terms in the library.
        cross_encoder: Scores sentences as answers.
    """

    def __init__(self, weights: TermWeights, cross_encoder: CrossEncoder) -> None:
        self._weights = weights
        self._cross_encoder = cross_encoder

    def find(
        self, question: str, topic: str, sentences: Sequence[QuotableSentence], *, given: bool
    ) -> list[QuotableSentence]:
        """Return the sentences that tell the change, in the order of their articles; none where none is likely.

        Args:
            question: The question, standalone.
            topic: What is asked of.
            sentences: The sentences of the articles.
            given: Whether these articles are asked of, so that a sentence need not have the topic's words.
        """
        weights = self._weights.of(content_terms(topic))
        total = sum(weights.values()) or 1.0
        whole = [each for each in sentences if not (each.quoted or is_cut_quotation(each.text))]
        telling = [each for each in whole if _TELLS.search(each.text)]
        held = {each: terms_with_headings(each) | term_set(read_words(each.article.title)) for each in telling}
        share = {
            each: sum(weight for term, weight in weights.items() if term in held[each]) / total for each in telling
        }
        about = [each for each in telling if given or share[each] >= MIN_SHARE]
        figures = {each: tells_figure(each.text) for each in about}
        read = sorted(about, key=lambda each: (-share[each] - figures[each] / 2, each.hit.rank))[:MAX_SCORED]
        found = answer_scores(self._cross_encoder, question, read)
        scores = {each: score + FIGURE * figures[each] for each, score in zip(read, found, strict=True)}
        best = max(scores.values(), default=MIN_BEST - 1)
        if best < MIN_BEST or max(found) < MIN_BEST_AS_WRITTEN:
            return []
        if not given:
            near = {each.article.id for each, score in scores.items() if score >= best - OF_BEST_ARTICLES}
            if len(near) == 1:  # it is read as one that is asked of
                return self.find(question, topic, [each for each in sentences if each.article.id in near], given=True)
            scores = {each: score for each, score in scores.items() if each.article.id in near}
        kept: list[QuotableSentence] = []
        texts: list[ShingleSet] = []
        for each in sorted(scores, key=lambda one: -scores[one]):
            text = shingle_set(each.text)
            if scores[each] < max(MIN_SCORE, best - NEAR_BEST) or len(kept) == MAX_TOLD:
                break
            if not duplicates_any(text, texts):
                kept.append(each)
                texts.append(text)
        kept += self._continued(kept, whole)
        return sorted(kept, key=lambda one: (one.article.published or "9", one.article.id, one.span.start))

    @staticmethod
    def _continued(kept: Sequence[QuotableSentence], sentences: Sequence[QuotableSentence]) -> list[QuotableSentence]:
        """Return the sentences behind those kept that go on with a time and a figure: "Then in 2004, it rose to 5"."""
        places = {each: number for number, each in enumerate(sentences)}
        after = [one for each in kept for one in sentences[places[each] + 1 : places[each] + 1 + MAX_BEHIND]]
        here = {each.article.id for each in kept}
        going_on = [each for each in dict.fromkeys(after) if _GOES_ON.match(each.text) and tells_figure(each.text)]
        return [each for each in going_on if each not in kept and each.article.id in here]


def tells_figure(text: str) -> bool:
    """Return whether a text has a figure that is no year, age or duration, and a word of change or a year near it."""
    return tells_change(text, _NEAR_FIGURE)
