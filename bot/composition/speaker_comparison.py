"""Comparisons of speakers who are not named: what each of those whom the articles in hand quote says of a topic."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.answers import Answer
from bot.composition.comparison_question import ComparisonQuestion
from bot.composition.draft import AnswerDraft
from bot.composition.quotable import QuotableSentence
from bot.composition.request import CompositionRequest
from retrieval.articles import Hit, Span
from retrieval.quotes.record.extraction import statements
from retrieval.store.library import Library
from retrieval.store.statements import Statement, StatementKind
from retrieval.text.analyzer import fold, terms
from retrieval.text.lexicon import ARTICLES, SUBJECT_PRONOUNS, word_set
from retrieval.text.number_words import is_number
from retrieval.text.numbers import quantities
from retrieval.text.tokens import content_terms

MAX_SPEAKERS = 6
"""Speakers whose statements are shown."""
MIN_SPEAKERS = 2
"""Speakers of the shortest comparison."""
MAX_STATEMENT = 600
"""Characters of a statement that is shown whole."""
METHOD = "Of each speaker whom the articles quote, the statement that says most of it; in the order of the articles."
_ANY = frozenset(terms("the two both everyone everybody all of them others men women sides people these those expert"))
"""Words for speakers that do not say what they are."""
_NO_SPEAKERS = word_set("note list report study article editor")
"""Last words of what says something and is nobody."""


class SpeakerComparison:
    """Compares what speakers say.

    Args:
        library: The library.
        weights: The weights of terms in it.
    """

    def __init__(self, library: Library, weights: TermWeights) -> None:
        self._library = library
        self._weights = weights

    def compose(
        self, request: CompositionRequest, asked: ComparisonQuestion, sentences: Sequence[QuotableSentence]
    ) -> Answer | None:
        """Return what each speaker says of the topic, side by side; None without two of them.

        Args:
            request: The question.
            asked: It, parsed.
            sentences: The sentences of the articles in hand.
        """
        hits = list({each.hit.passage.id: each.hit for each in sentences}.values())
        weights = self._weights.of(content_terms(asked.topic))
        role = frozenset(terms(asked.speakers)) - _ANY
        said: dict[str, list[tuple[float, Hit, Statement]]] = {}
        for article in dict.fromkeys(hit.article.id for hit in hits):
            text = self._library.article(article).text
            own = [hit for hit in hits if hit.article.id == article]
            for each in statements(text):
                hit = next((one for one in own if _holds(one, each.excerpt)), None)
                if hit is None or not _is_somebody(each.speaker):
                    continue
                held = set(each.terms) | set(each.nearby)
                share = sum(weight for term, weight in weights.items() if term in held)
                said.setdefault(each.speaker, []).append((share, hit, each))
        number = "number of" in asked.phrase
        if number:
            said = {name: kept for name, each in said.items() if (kept := [one for one in each if _has_number(one)])}
        quoted = [name for name, each in said.items() if any(one[2].kind is not StatementKind.INDIRECT for one in each)]
        if len(quoted) >= MIN_SPEAKERS and not number:
            said = {name: said[name] for name in quoted}
        described = {name: _is_described(said[name], role) for name in said} if role else {}
        if len(about := [name for name, each in said.items() if any(one[0] for one in each)]) >= MIN_SPEAKERS:
            said = {name: said[name] for name in about}
        named = (
            [name for name in said if described.get(name)] if sum(described.values()) >= MIN_SPEAKERS else list(said)
        )
        if not role and asked.speakers.endswith(("two", "both", "sides")):
            named = sorted(named, key=lambda name: -len(said[name]))[:MIN_SPEAKERS]
        if len(named) < MIN_SPEAKERS:
            return None
        best = {name: max(said[name], key=lambda each: each[0]) for name in named}
        shown = sorted(named, key=lambda name: (-best[name][0], -len(said[name])))[:MAX_SPEAKERS]
        draft = AnswerDraft(self._library, request)
        for name in sorted(shown, key=lambda each: (best[each][1].article.published, best[each][2].excerpt)):
            draft.heading(name)
            _, hit, statement = best[name]
            draft.quote(hit, statement.excerpt if _is_short(statement.excerpt) else statement.span)
        return draft.answer(METHOD) if len(draft.citations) >= MIN_SPEAKERS else None


def _is_somebody(speaker: str) -> bool:
    """Return whether a speaker has a name, or is of a kind with a number or article: "One clinician"; not "star"."""
    words = fold(speaker).split()
    known = speaker[:1].isupper() or (len(words) > 1 and (words[0] in ARTICLES or is_number(words[0])))
    return bool(words) and known and words[0] not in SUBJECT_PRONOUNS and words[-1] not in _NO_SPEAKERS


def _holds(hit: Hit, span: Span) -> bool:
    return hit.passage.span.start <= span.start and span.end <= hit.passage.span.end


def _has_number(said: tuple[float, Hit, Statement]) -> bool:
    """Return whether a statement has a number, or says that none can be given."""
    _, hit, statement = said
    text = statement.excerpt.within(hit.passage.span).of(hit.passage.text)
    return any(each.kind == "number" for each in quantities(text))


def _is_short(span: Span) -> bool:
    return span.end - span.start <= MAX_STATEMENT


def _is_described(said: Sequence[tuple[float, Hit, Statement]], role: frozenset[str]) -> bool:
    """Return whether a sentence with a speaker's name has words for what they are: "a crisis manager"."""
    for _, hit, statement in said:
        page = parse_passage(hit.passage)
        if any(each.span.overlaps(statement.source) and role & each.terms for each in page.sentences):
            return True
    return False
