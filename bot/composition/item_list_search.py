"""The search for a list in an article that is the answer: "the top five", "the three pillars", "the previous tests"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.answers import Answer
from bot.composition.announcement import announced
from bot.composition.draft import AnswerDraft
from bot.composition.item_list import ItemList, item_lists
from bot.composition.list_predicate import ListPredicate
from bot.composition.members import MemberKind
from bot.composition.quotable import article_hits, is_quotable
from bot.composition.request import CompositionRequest
from bot.render.phrases import counted
from retrieval.articles import Hit, Span
from retrieval.store.library import Library
from retrieval.text.analyzer import fold, terms
from retrieval.text.number_words import is_number, value

MAX_ARTICLES = 8
"""Articles whose lists are read where none are given."""
MIN_LED = 0.4
"""Share of the weight of the question's words that the lead of a list has itself."""
MIN_COVERED = 0.75
"""The same with the headings and the text around the list."""
MIN_COVERED_COUNTED = 0.5
"""The same where the lead counts its items by what is asked for: "three pillars:"."""
MAX_ITEMS = 20
"""Items that are shown."""
MAX_ITEM = 240
"""Characters of an item that is shown whole; of a longer one its first sentence is."""
METHOD = "The list in the article whose lead has the question's words; its items as they are written."
_RANKS = frozenset(terms("top best worst rank ranks ranked ranking rankings order biggest largest highest lowest"))
_VAGUE = frozenset(
    terms(
        """list name give show all every each main key major important previous past earlier other different following
        recommended part took take takes various several include includes including many article mentioned mention say
        says said what which"""
    )
)
"""Words of a question that no list has to have in its lead."""


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list that fits a question.

    Attributes:
        items: It.
        hits: The passages of its article.
        fit: The share of the weight of the question's words that it has.
        count: How many of its items are asked for; 0 for all.
    """

    items: ItemList
    hits: tuple[Hit, ...]
    fit: float
    count: int


@dataclass(frozen=True, slots=True)
class _AskedList:
    """What the lead of a list has to have.

    Attributes:
        wanted: The content terms of the question.
        noun: Those of its noun for the members.
        acts: The terms of what is said of the members, of which the lead has one; empty where nothing is.
        title: The terms of the article's title, which may name the members of a numbered list in the lead's place.
        ranked: Whether a ranking is asked for.
    """

    wanted: frozenset[str]
    noun: frozenset[str]
    acts: frozenset[str]
    title: frozenset[str]
    ranked: bool

    def may_be(self, each: ItemList) -> bool:
        """Return whether a list is of what is asked for, by its lead."""
        if self.ranked and each.numbered and not _RANKS.isdisjoint(each.terms):
            return True
        named = each.terms | (self.title if each.numbered else frozenset())
        if self.acts and not each.table and self.acts.isdisjoint(named):
            return False
        return self.noun <= named if self.noun else not each.table and not self.wanted.isdisjoint(named)


class ItemListSearcher:
    """Finds the list of an article that a question asks for.

    Args:
        library: The articles.
        weights: The weights of terms in it.
    """

    def __init__(self, library: Library, weights: TermWeights) -> None:
        self._library = library
        self._weights = weights

    def find(
        self, topic: str, wanted_of: tuple[MemberKind, ListPredicate], hits: Iterable[Hit], *, given: bool
    ) -> FoundList | None:
        """Return the list that fits best; None where none does.

        Args:
            topic: What the question lists.
            wanted_of: The kind of its members, and what is said of them: the lead has to say it, the head of a table
                only what they are.
            hits: The passages about it, best first.
            given: Whether the articles were given with the question, so that they need not be about it in words.
        """
        wanted, count, ranked = _read(topic)
        if not wanted and not ranked:
            return None
        firsts: dict[str, Hit] = {}
        for hit in hits:
            firsts.setdefault(hit.article.id, hit)
        kind, predicate = wanted_of
        weights = self._weights.of(wanted)
        noun = kind.terms & wanted
        acts = predicate.words if predicate.verb else frozenset()
        found: list[FoundList] = []
        for article, first in list(firsts.items())[: None if given else MAX_ARTICLES]:
            text = self._library.article(article).text
            title = frozenset(terms(first.article.title))
            asked = _AskedList(wanted, noun, acts, title, ranked=ranked)
            lists = [each for each in item_lists(text, first.article.title) if asked.may_be(each)]
            if not lists:
                continue
            own = tuple(article_hits(first.article, self._library.passages_of(article)))
            for each in lists:
                whole = frozenset(terms(text)) if given or each.table else title
                said = acts if acts & each.terms else frozenset[str]()  # "to receive the letter" for "got the letter"
                around = each.terms | parse_passage(_passage_of(own, each.items[0]).passage).terms | whole | said
                fit = _share(weights, around - acts if each.table else around)
                led = _share(weights, each.terms | said | (title if each.numbered else frozenset()))
                counts = bool(noun) and announced(each.lead.of(text), kind.noun) == len(each.items)
                least = MIN_COVERED_COUNTED if counts else MIN_COVERED
                if (ranked and each.numbered and given) or (led >= MIN_LED and fit >= least):
                    found.append(FoundList(each, own, fit + led, count if each.numbered else 0))
        return max(found, key=lambda each: each.fit, default=None)

    def answer(self, request: CompositionRequest, found: FoundList) -> Answer:
        """Return the lead and the items of a list, each verbatim."""
        draft = AnswerDraft(self._library, request)
        items = found.items.items[: found.count or MAX_ITEMS]
        kind = "table" if found.items.table else "list"
        noun = "row" if found.items.table else "item"
        of = f"the first {len(items)} of {len(found.items.items)}" if len(items) < len(found.items.items) else "its"
        total = counted(len(items), noun) if of == "its" else f"{noun}s"
        text = self._library.article(found.hits[0].article.id).text
        headed = f" “{found.items.lead.of(text)}”" if found.items.table else ""
        draft.note(f"A {kind}{headed} in “{found.hits[0].article.title}”, {of} {total} as written:")
        if (
            not found.items.table
            and (lead := self._shown(found, found.items.lead))
            and is_quotable(lead.of(text).rstrip(":.") + ".")
        ):
            draft.quote(_passage_of(found.hits, lead), lead)
        for number, item in enumerate(items, 1):
            shown = self._shown(found, item)
            draft.quote(_passage_of(found.hits, shown), shown, label=str(number) if found.items.numbered else "")
        return draft.answer(METHOD)

    @staticmethod
    def _shown(found: FoundList, line: Span) -> Span:
        """Return a line, or the first sentence of a long item, or the last one of a long lead."""
        if line.end - line.start <= MAX_ITEM:
            return line
        within = [
            Span(max(line.start, each.span.start), each.span.end)  # its number stands before the first
            for hit in found.hits
            for each in parse_passage(hit.passage).sentences
            if line.start < each.span.end <= line.end
        ]
        if not within:
            return line
        return within[-1] if line == found.items.lead else within[0]


def _read(topic: str) -> tuple[frozenset[str], int, bool]:
    """Return the content terms of what is listed, how many of it, and whether it is a ranking."""
    words = [fold(word).strip(".,?!'\"") for word in topic.split()]
    numbers = [read for word in words if is_number(word) and isinstance(read := value((word,)), (int, float))]
    found = frozenset(terms(topic, keep_stop_words=False))
    content = found - _VAGUE - frozenset(term for word in words if is_number(word) for term in terms(word))
    ranked = not found.isdisjoint(_RANKS)
    return content - _RANKS if ranked else content, int(numbers[0]) if ranked and numbers else 0, ranked


def _share(weights: dict[str, float], held: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0


def _passage_of(hits: Sequence[Hit], span: Span) -> Hit:
    """Return the hit of the passage that holds characters, or of the last one before them."""
    before = [hit for hit in hits if hit.passage.span.start <= span.start]
    return before[-1] if before else hits[0]
