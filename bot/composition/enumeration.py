"""Lists: the sentences that name each of several, once, by article."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answering.features import parse_passage
from bot.answering.term_weights import TermWeights
from bot.answers import Answer, QuestionKind
from bot.composition.announcement import announced, announced_sentences, described_people, noun_of
from bot.composition.draft import AnswerDraft
from bot.composition.frequent_names import FrequentNames
from bot.composition.item_list_search import ItemListSearcher
from bot.composition.likely_sentences import LikelySentences
from bot.composition.list_predicate import ListPredicate, Relation, counted_members, list_predicate
from bot.composition.members import Member, MemberKind, member_kind, place_pattern
from bot.composition.question_kind import core_question, decide_kind
from bot.composition.quotable import QuotableSentence, article_hits, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.sentence_scores import answer_scores
from bot.composition.topic_aspect import aspect_of, reaction_of
from bot.composition.topic_search import TopicSearcher
from bot.render.phrases import counted
from bot.render.sources import headline_of
from retrieval.articles import Hit, Span
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    FEMININE_PRONOUNS,
    MASCULINE_PRONOUNS,
    PERSONAL_PRONOUNS,
    SUBJECT_PRONOUNS,
    alternation,
    word_set,
)
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set
from retrieval.text.number_words import is_number
from retrieval.text.places import CITIES, STATE_NAMES
from retrieval.text.tokens import read_words

MAX_PASSAGES = 45
"""Passages that are searched for a list, and that are searched for the words of what it says of its members."""
MAX_READ_WHOLE = 12
"""Articles, given with the question, that are read from beginning to end."""
MAX_ABOUT = 3
"""Articles about what a list is asked of, that are read from beginning to end."""
MIN_ABOUT = 0.8
"""Share of the weight of its words that a passage of such an article has to hold."""
MAX_NAMES_READ = 64
"""Sentences that are read for names: each costs about a millisecond of a processor."""
MAX_SCORED = 24
"""Sentences that the cross-encoder scores: each costs about 5 ms of a processor."""
MAX_LISTED = 12
"""Sentences of a list."""
MIN_LISTED = 2
"""Members of the shortest list: with fewer the reader answers, as for a fact."""
MIN_SCORE = -1.0
"""Log odds, by the cross-encoder, from which a sentence answers."""
MIN_SCORE_SAID = -3.0
"""The same for a sentence in which the places of the words show of whom it is said, with all the question's words."""
MIN_SCORE_UNCOVERED = 1.0
"""The same for a sentence that has few of the question's words: its headings have the others."""
MIN_SCORE_NAMED = 1.5
"""The same where nothing is said of the members but that they are named."""
MIN_BEST = 0.5
"""Log odds that the best sentence has to have: below it nothing in the articles is a list's."""
MIN_COVERED = 0.45
"""Share of the weight of the question's words, but for what is asked for, that a sentence with its headings has."""
MIN_COVERED_SAID = 0.8
"""The same for a sentence that needs no more than the places of its words to answer."""
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
    terms(
        """mentioned named quoted discussed listed cited covered appear article articles story stories text texts all
        talk about deal with mention name discuss cover"""
    )
)
_ANYBODY = word_set("people persons names person everyone everybody who")
_HE_OR_SHE = SUBJECT_PRONOUNS & (MASCULINE_PRONOUNS | FEMININE_PRONOUNS)
_IMPERATIVE = LazyPattern(
    r"\W*(?:please |can you |could you )*(?:list|name|give|show|enumerate|identify|find|tell|mention|all|every)\b",
    re.IGNORECASE,
)
_PARENTHESES = LazyPattern(r"\([^()]*\)")
"""What a follow-up is about, beside its own words."""
_YEAR = LazyPattern(r"\b(?:19|20)\d\d\b")
_ITEM = LazyPattern(r"\s*(?P<mark>[•*·–-])\s*(?=\S)")
"""How an item of a list begins."""
_DESIGNATION = r"(?:[A-Z][\w.'’-]{0,30}(?:\s[A-Z][\w.'’-]{0,30}){0,3})"
_SEVERAL = LazyPattern(
    r"\b(?:such as|including|includes?|like|namely)[:,]?\s(?:[a-z]{1,20}\s){0,3}\(?(?:such as\s)?(?:the\s)?"
    rf"{_DESIGNATION}(?:,\s(?:the\s)?{_DESIGNATION}){{0,8}},?\s(?:and|or)\s(?:the\s)?{_DESIGNATION}"
)
"""Examples by name: "tanks (such as the T-72 and T-90)"."""
_ROW = LazyPattern(
    rf"{_DESIGNATION}(?:\s(?:of|on|for)\s(?:the\s)?{_DESIGNATION}){{0,2}},\s(?:[^.!?]{{0,200}},\s)?"
    rf"[^,.!?]{{0,80}}\b(?:and|or)\s(?:the\s)?{_DESIGNATION}"
)
"""Names in a row: "the Harbour Board, Ada Quill and the Coast Union"."""
_THINGS = LazyPattern(
    r"\b[a-z][\w-]{1,20}(?:\s[a-z][\w-]{1,20}){0,3},\s(?:[\w-]{1,20}\s){0,4}[\w-]{1,20},?\s(?:and|or)\s(?:the\s)?[a-z][\w-]{1,20}\b"
)
"""Things in a row: "the courts, law enforcement and universities"."""
_UNNAMED = LazyPattern(
    r"\W*(?:several|many|some|most|dozens of|scores of|other|a (?:number|handful|few|dozen|group|host)(?: of)?)\s"
    r"(?:of\s)?(?:the\s)?(?:[a-z-]{1,20}\s){0,3}[a-z-]{1,20}s\b",
    re.IGNORECASE,
)
"""Several of a kind, who are not named: "Several religious groups"."""
MAX_NAMES_AFTER = 5
"""Sentences after one that says that there are some, among which one that names them is looked for."""
_PERSON_PRONOUN = LazyPattern(rf"[\"“]?(?P<who>{alternation(_HE_OR_SHE)})\b", re.IGNORECASE)
_ELSE = LazyPattern(r"\b(?:else|other|others|another)\b", re.IGNORECASE)
_WHO = LazyPattern(r"\W*(?:\w+ )?who\b", re.IGNORECASE)
_EVERYBODY = LazyPattern(r"\b(?:all|every|everybody|everyone|each|full|complete)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that names something of the kind asked for.

    Attributes:
        sentence: The sentence.
        members: What it names.
        denied: Whether it denies of all of them what is asked.
        covered: The share of the weight of the question's words that it has itself.
        score: The log odds that it answers.
        listed: Whether it is an item of a list that says it of its items.
        before: The sentence before, which names whom its "he" or "they" is; None where it needs none.
        after: Those of the next sentences that give the names that it has not: "several churches", "a teacher".
        several: Whether it gives several examples by name, for a kind that has no names to find.
        counted: Whether it counts those whom it names: "only three airlines improved: …".
        described: Whether it gives no name of its members, but what they are: "a 24-year-old man from Vell".
    """

    sentence: QuotableSentence
    members: tuple[Member, ...]
    score: float
    denied: bool = False
    covered: float = 1.0
    listed: bool = False
    before: QuotableSentence | None = None
    after: tuple[QuotableSentence, ...] = ()
    counted: bool = False
    several: bool = False
    described: bool = False


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
        self._lists = ItemListSearcher(library, self._weights)
        self._likely = LikelySentences(topics, library, cross_encoder)

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the answer; None where fewer than two sentences name different members, as for a fact."""
        if reaction_of(core_question(request.standalone)):
            return self._aspect(request)
        return self._list(request)

    def _list(self, request: CompositionRequest) -> Answer | None:
        question = request.standalone
        topic = request.topic or question
        kind = member_kind(topic, who=bool(_WHO.match(question)))
        if _asks_for_all(topic, kind):
            return self._mentioned(request, kind)
        predicate = list_predicate(topic, kind.noun, question)
        given = bool(request.searched.filters.articles)
        hits, whole = self._hits(request, predicate)
        if not _WHO.match(question) and (found := self._lists.find(topic, (kind, predicate), hits, given=given)):
            return self._lists.answer(request, found)
        if told := self._aspect(request):
            return told
        candidates = self._candidates(question, topic, (kind, predicate), (hits, whole), given=given)
        if _ELSE.search(request.question):
            candidates = _others(candidates, request)
        scored = self._scored(_as_question(question, topic), candidates)
        enough = [each for each in scored if _is_enough(each, predicate, given=given)]
        enough = [each for each in enough if not (each.denied and predicate.negated)]
        kept = _distinct(_of_the_event(enough, question, given=given))
        asking = _as_question(question, topic)
        if given and _EVERYBODY.search(question) and kept:
            kept = _distinct([*kept, *self._rows(asking, hits, predicate.words)])
        kept = [each if _names_some(each) else self._with_names_after(asking, kind, each) for each in kept]
        if any(map(_names_some, kept)) and any(each.after for each in kept):
            kept = [each for each in kept if _names_some(each)]  # those that only announce are said by these
        alone = given or any(each.after for each in kept)
        least, best = (1 if alone else MIN_LISTED), (MIN_SCORE_SAID if given else MIN_BEST)
        if _count(kept) < least or max(each.score for each in kept) < best:
            if not given:
                return self._likely.compose(request)
            return (
                self._counting(request, hits, kind, predicate)
                or self._in_a_row(request, asking, hits, predicate)
                or self._likely.compose(request)
            )
        return self._answer(request, kept, len({hit.article.id for hit in hits}))

    def _aspect(self, request: CompositionRequest) -> Answer | None:
        """Return the sentences that tell of the aspect of a topic that is asked for; None where none is, or few do."""
        asked = core_question(request.standalone)
        aspect = aspect_of(asked) or reaction_of(asked)
        return self._likely.of_aspect(request, aspect) if aspect else None

    def _hits(self, request: CompositionRequest, predicate: ListPredicate) -> tuple[list[Hit], frozenset[str]]:
        """Return the passages to read, and the ids of the articles that they are all of.

        They are those of a few articles that are given, else those about it in any words.
        """
        filters = request.searched.filters
        if 0 < len(filters.articles) <= MAX_READ_WHOLE:
            infos = self._library.infos(self._library.article_ids(filters))
            read = [hit for each in infos.values() for hit in article_hits(each, self._library.passages_of(each.id))]
            return read, frozenset(infos)
        topic = request.topic or request.standalone
        found = list(self._topics.find(topic, filters, MAX_PASSAGES, said=predicate.words).hits)
        return self._with_rest(found, frozenset(terms(topic, keep_stop_words=False)) - predicate.words)

    def _with_rest(self, hits: list[Hit], about: frozenset[str]) -> tuple[list[Hit], frozenset[str]]:
        """Return passages and the others of the articles that are about what a list is asked of, and their ids."""
        weights = self._weights.of(list(about))
        total = sum(weights.values())
        articles: dict[str, Hit] = {}
        for hit in hits:
            held = parse_passage(hit.passage).terms
            if total and sum(weight for term, weight in weights.items() if term in held) >= MIN_ABOUT * total:
                articles.setdefault(hit.article.id, hit)
        whole = dict(list(articles.items())[:MAX_ABOUT])
        rest = [
            hit
            for article, first in whole.items()
            for hit in article_hits(first.article, self._library.passages_of(article))
        ]
        known = {hit.passage.id for hit in hits}
        fresh = [hit for hit in rest if hit.passage.id not in known]
        ranked = [replace(hit, rank=rank) for rank, hit in enumerate(fresh, len(hits) + 1)]
        return [*hits, *ranked], frozenset(whole)

    def _candidates(
        self,
        question: str,
        topic: str,
        wanted_of: tuple[MemberKind, ListPredicate],
        read: tuple[Sequence[Hit], frozenset[str]],
        *,
        given: bool,
    ) -> list[_Candidate]:
        """Return the sentences that name a member, those with most of the question's words first."""
        kind, predicate = wanted_of
        hits, whole = read
        wanted = [term for term in terms(topic, keep_stop_words=False) if term not in kind.terms]
        weights = self._weights.of(wanted)
        total = sum(weights.values()) or 1.0
        words = predicate.words
        led = {each: _led_in(self._library.article(each).text, predicate) for each in whole} if words else {}
        likely = []
        read_for = (
            hit
            for hit in hits
            if not words
            or not kind.find
            or led.get(hit.article.id)
            or not words.isdisjoint(parse_passage(hit.passage).terms)
        )
        for each in quotable_sentences(read_for, naming=kind.find is not None):
            listed = each.span.start in led.get(each.article.id, ())
            several = not kind.find and bool(_SEVERAL.search(each.text))
            if not listed and not several and words and words.isdisjoint(each.sentence.terms):
                continue
            here = each.sentence.terms | (words if words & each.sentence.terms else frozenset())
            around = here | parse_passage(each.hit.passage).context
            covered = sum(weight for term, weight in weights.items() if term in around) / total
            own = sum(weight for term, weight in weights.items() if term in here) / total
            if several:
                around |= parse_passage(each.hit.passage).terms
                covered = sum(weight for term, weight in weights.items() if term in around) / total
            if not weights or listed or covered >= MIN_COVERED or (given and words):
                likely.append(_Candidate(each, (), covered + own, covered=own, listed=listed, several=several))
        likely.sort(key=lambda each: (not each.listed, -each.score, each.sentence.hit.rank))
        asked = frozenset(terms(_PARENTHESES.sub("", question))) | predicate.objects
        likely = [
            replace(each, before=self._sentence_before(each.sentence)) if each.several else each for each in likely
        ]
        named = [self._with_members(each, kind, predicate, asked) for each in likely[:MAX_NAMES_READ]]
        found = [each for each in named if each.members or not kind.find]
        whole_sets = {each.sentence.article.id for each in found if each.counted}
        found = [each for each in found if each.counted or each.sentence.article.id not in whole_sets]
        return _varied(found)[:MAX_SCORED]

    def _with_members(
        self, candidate: _Candidate, kind: MemberKind, predicate: ListPredicate, asked: frozenset[str]
    ) -> _Candidate:
        """Return a candidate with the members it names; a surname may be given in full elsewhere in its article."""
        sentence, passage = candidate.sentence, candidate.sentence.hit.passage
        if not kind.find:
            return candidate
        named = kind.find(passage.text, sentence.span.within(passage.span))
        found = _with_relations(candidate, named, predicate, asked)
        if not found.denied and (of_set := counted_members(sentence.text, kind.noun, predicate)):
            return replace(candidate, members=of_set.members, counted=of_set.whole)
        if not found.members and kind.known is None:
            found = self._with_antecedent(candidate, kind.find, predicate, asked)
        in_full = all(" " in one.name for one in found.members if one.person)
        if (found.members and in_full) or kind.known is not None:
            return found
        named = kind.find(self._library.article(sentence.article.id).text, sentence.span)
        found = _with_relations(candidate, named, predicate, asked)
        if found.members or not (predicate.verb and predicate.passive) or kind.noun:
            return found
        described = described_people(passage.text, sentence.span.within(passage.span))
        found = _with_relations(candidate, described, predicate, frozenset())
        return candidate if found.denied else replace(found, described=bool(found.members))

    def _with_antecedent(
        self,
        candidate: _Candidate,
        find: Callable[[str, Span], list[Member]],
        predicate: ListPredicate,
        asked: frozenset[str],
    ) -> _Candidate:
        """Return a candidate that begins with "he" or "she" with the one person whom the sentence before names."""
        pronoun = _PERSON_PRONOUN.match(candidate.sentence.text)
        before = self._sentence_before(candidate.sentence) if pronoun else None
        if not pronoun or not before:
            return candidate
        passage = before.hit.passage
        people = [
            one
            for one in find(passage.text, before.span.within(passage.span))
            if one.person and not before.text[one.span.end :].startswith(("'s", "’s"))
        ]
        distinct = [one for n, one in enumerate(people) if not any(one.is_same(other) for other in people[:n])]
        if len(distinct) != 1:
            return candidate
        person = replace(distinct[0], span=Span(*pronoun.span("who")))
        found = _with_relations(candidate, [person], predicate, asked)
        return replace(found, before=before) if found.members else candidate

    def _sentence_before(self, each: QuotableSentence) -> QuotableSentence | None:
        """Return the sentence before one in its article; None for the first."""
        hit, page = each.hit, parse_passage(each.hit.passage)
        at = page.place(each.span)
        if not at:
            passages = self._library.passages_of(each.article.id)
            earlier = [passage for passage in passages if passage.span.end <= hit.passage.span.start]
            if not earlier:
                return None
            hit, page = replace(hit, passage=earlier[-1]), parse_passage(earlier[-1])
            at = len(page.sentences)
        sentence = page.sentences[at - 1]
        return QuotableSentence(hit, sentence.span, max(0, each.place - 1), sentence)

    def _with_names_after(self, question: str, kind: MemberKind, candidate: _Candidate) -> _Candidate:
        """Return a candidate with those of the next sentences that name whom it announces or describes, if any do."""
        each = candidate.sentence
        hits = article_hits(each.article, self._library.passages_of(each.article.id))
        later = [one for one in quotable_sentences(hits) if one.span.start >= each.span.end]
        if candidate.described:
            return replace(candidate, after=self._named(candidate, later[:MAX_NAMES_AFTER]))
        number = announced(each.text, kind.noun) if kind.noun else 0
        if number and (found := announced_sentences(number, later)):
            return replace(candidate, after=found)
        rows = [one for one in later[:MAX_NAMES_AFTER] if _ROW.search(one.text)]
        if not rows:
            return candidate
        scores = answer_scores(self._cross_encoder, question, rows)
        likely = [(score, one) for score, one in zip(scores, rows, strict=True) if score >= MIN_SCORE_SAID]
        return replace(candidate, after=(max(likely, key=lambda one: one[0])[1],)) if likely else candidate

    def _named(self, candidate: _Candidate, later: Sequence[QuotableSentence]) -> tuple[QuotableSentence, ...]:
        """Return the first sentence that names a person by the noun that describes one: "Ann Reed, a teacher"."""
        nouns = frozenset[str]().union(*map(noun_of, candidate.members))
        text = self._library.article(candidate.sentence.article.id).text
        for each in later:
            words = {word.term for word in each.sentence.words}
            if nouns & words and any(one.person for one in self._people(text, each.span)):
                return (each,)
        return ()

    @staticmethod
    def _people(text: str, span: Span) -> list[Member]:
        find = member_kind("", who=True).find
        return find(text, span) if find else []

    def _in_a_row(
        self, request: CompositionRequest, question: str, hits: Sequence[Hit], predicate: ListPredicate
    ) -> Answer | None:
        """Return the sentences with several names or things in a row that are likely to answer; None without one."""
        likely = [] if predicate.negated else _distinct(self._rows(question, hits, predicate.words))
        return self._answer(request, likely, len({hit.article.id for hit in hits})) if likely else None

    def _rows(self, question: str, hits: Sequence[Hit], words: frozenset[str]) -> list[_Candidate]:
        """Return the likely sentences with several names or things in a row, best first.

        Where one is, those are, too, that have a word of what is asked of the members.
        """
        rows = [each for each in quotable_sentences(hits) if _ROW.search(each.text) or _THINGS.search(each.text)]
        scored = self._scored(question, [_Candidate(each, (), 0.0, several=True) for each in rows[:MAX_SCORED]])
        if not scored or scored[0].score < MIN_BEST:
            return []
        least = {each: MIN_SCORE_SAID if words & each.sentence.sentence.terms else MIN_SCORE for each in scored}
        return [each for each in scored if each.score >= least[each]]

    def _scored(self, question: str, candidates: Sequence[_Candidate]) -> list[_Candidate]:
        """Return candidates with the cross-encoder's scores, best first."""
        scores = answer_scores(self._cross_encoder, question, [each.sentence for each in candidates])
        scored = [replace(each, score=score) for each, score in zip(candidates, scores, strict=True)]
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

    def _counting(
        self, request: CompositionRequest, hits: Sequence[Hit], kind: MemberKind, predicate: ListPredicate
    ) -> Answer | None:
        """Return the sentence that says how many those are of whom "which others" asks; None without one."""
        if not (_ELSE.search(request.question) and kind.noun and predicate.acts):
            return None
        noun = re.escape(kind.noun.rstrip("s"))
        number = re.compile(rf"\b[\w-]{{2,12}}(?=\s(?:[\w-]{{1,20}}\s){{0,2}}{noun}s?\b)")
        for each in quotable_sentences(hits):
            found = next((one for one in number.finditer(each.text) if is_number(fold(one.group()))), None)
            if found and not predicate.acts.isdisjoint(each.sentence.terms):
                draft = AnswerDraft(self._library, request)
                draft.note("No sentence was found that names another; one says how many they are:")
                draft.quote(each.hit, each.span, marks=[Span(*found.span())])
                return draft.answer(METHOD)
        return None

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
        for group in by_article.values():
            if len(by_article) > 1:
                draft.heading(headline_of(group[0].sentence.article))
            for each in sorted(group, key=lambda one: one.sentence.span):
                if each.before:
                    draft.quote(each.before.hit, each.before.span)
                draft.quote(
                    each.sentence.hit,
                    each.sentence.span,
                    label="denied" if each.denied else "",
                    marks=[member.span for member in each.members],
                )
                for one in each.after:
                    draft.quote(one.hit, one.span)
        noun = "sentence"
        if left := len(kept) - len(listed):
            draft.note(f"{counted(left, noun)} more left out.")
        among = f"{len(by_article):,} of {counted(looked_at, 'article')}" if looked_at > 1 else "The one article"
        says = ("names some", "name some") if any(map(_names_some, listed)) else ("tells of it", "tell of it")
        draft.note(
            f"{among} looked at {says[len(by_article) > 1]}, in {counted(len(listed), noun)}; "
            "others may say it in other words."
        )
        return draft.answer(METHOD)


def _names_some(candidate: _Candidate) -> bool:
    """Return whether a sentence, with the one after it, names a member; "several churches" names none."""
    named = bool(candidate.members) and not candidate.described and _UNNAMED.match(candidate.sentence.text) is None
    return bool(named or candidate.several or candidate.listed or candidate.after)


def _led_in(text: str, predicate: ListPredicate) -> set[int]:
    """Return where the items of lists begin that are led in by what says it, with and without their marks."""
    words = predicate.words | predicate.leads
    found: set[int] = set()
    start, since, says = 0, 0, False
    for paragraph in text.splitlines(keepends=True):
        item = _ITEM.match(paragraph)
        if item and says and since <= 1:
            found |= {start + item.start("mark"), start + item.end()}
            since = 0
        elif paragraph.rstrip().endswith(":"):
            says, since = not words.isdisjoint(terms(paragraph)), 0
        elif paragraph.strip():
            since += 1
        start += len(paragraph)
    return found


def _with_relations(
    candidate: _Candidate, named: Sequence[Member], predicate: ListPredicate, asked: frozenset[str]
) -> _Candidate:
    """Return a candidate with those of whom it says what is asked, or else denies it."""
    others = [one for one in named if not _is_asked(one, asked)]
    if candidate.listed:
        return replace(candidate, members=tuple(others[:1]))
    relations = predicate.relations(others, candidate.sentence.text)
    members = tuple(one for one, relation in relations.items() if relation is Relation.SAID)
    denied = tuple(one for one, relation in relations.items() if relation is Relation.DENIED)
    return replace(candidate, members=members or denied, denied=bool(denied and not members))


def _of_the_event(candidates: list[_Candidate], question: str, *, given: bool) -> list[_Candidate]:
    """Return candidates without those of another event, by its year or place, unless all are.

    Articles tell of earlier events beside their own: "killed in the 2011 attack". Whoever that is said of is left out.
    """
    years = {each.sentence.article.published[:4] for each in candidates} - {""}
    apart = [
        each for each in candidates if not years.intersection(found := _YEAR.findall(each.sentence.text)) and found
    ]
    others = [one for each in apart for one in each.members]
    kept = [
        each
        for each in candidates
        if each not in apart and not all(any(one.is_same(other) for other in others) for one in each.members)
    ]
    kept = kept if given and years and not _YEAR.search(question) else candidates
    near = [each for each in kept if not _is_elsewhere(each, question, given=given)]
    return near or kept or candidates


def _is_elsewhere(candidate: _Candidate, question: str, *, given: bool) -> bool:
    """Return whether a sentence names a place, and its article's title or the question another.

    "In Tucson" under "Boston bombings". A sentence that has most of the question's words is about what is asked.
    """
    pattern = place_pattern(CITIES | STATE_NAMES)
    named = [one.span for one in candidate.members]
    here = {
        match.group()
        for match in pattern.finditer(candidate.sentence.text)
        if not any(each.start <= match.start() < each.end for each in named)
    }
    if given:
        told = {match.group() for match in pattern.finditer(candidate.sentence.article.title)}
        return bool(told and here) and told.isdisjoint(here)
    return bool(here) and candidate.covered < MIN_COVERED and any(each.name for each in read_words(question))


def _others(candidates: Sequence[_Candidate], request: CompositionRequest) -> list[_Candidate]:
    """Return candidates with members whom neither the questions before name nor a list before, for "who else"."""
    before = [turn.question for turn in request.history] + [request.question]
    last = request.history[-1] if request.history else None
    if last and decide_kind(last.standalone_question).kind is QuestionKind.LIST:
        before += [place.quote for place in last.places]
    known = frozenset(terms(" ".join(before)))
    found = []
    for each in candidates:
        fresh = tuple(one for one in each.members if not _is_asked(one, known))
        if fresh or not each.members:
            found.append(replace(each, members=fresh))
    return found


def _count(kept: Sequence[_Candidate]) -> int:
    """Return how many members a list has; sentences count where the kind has no names."""
    return sum(len(each.members) or (MIN_LISTED if each.several else 1) for each in kept if not each.denied)


def _varied(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return candidates with those first that name a member whom none before them names."""
    seen: list[Member] = []
    first: list[_Candidate] = []
    later: list[_Candidate] = []
    for each in candidates:
        fresh = [one for one in each.members if not any(one.is_same(other) for other in seen)]
        seen += fresh
        (first if fresh or not each.members else later).append(each)
    return [*first, *later]


def _is_enough(candidate: _Candidate, predicate: ListPredicate, *, given: bool) -> bool:
    """Return whether a sentence is likely enough to answer, the more so the fewer of the question's words it has."""
    if not predicate.words:
        return candidate.score >= MIN_SCORE_NAMED
    if candidate.several:
        return candidate.score >= MIN_BEST
    said = given and predicate.verb and bool(candidate.members)
    if candidate.covered >= MIN_COVERED_SAID or candidate.listed or predicate.objects or said:
        return candidate.score >= MIN_SCORE_SAID
    if candidate.covered >= MIN_COVERED:
        return candidate.score >= (MIN_SCORE_SAID if given else MIN_SCORE)
    return candidate.score >= MIN_SCORE_UNCOVERED


def _asks_for_all(topic: str, kind: MemberKind) -> bool:
    """Return whether a question says nothing of the members but that they are mentioned: "list all countries"."""
    rest = set(terms(topic, keep_stop_words=False)) - kind.terms - _MENTIONED
    if not PERSONAL_PRONOUNS.isdisjoint(topic.lower().split()):
        return False  # "which countries are they from"
    return not rest and (kind.known is not None or not kind.noun or fold(kind.noun) in _ANYBODY)


def _as_question(question: str, topic: str) -> str:
    """Return a question for the cross-encoder, which was trained on such: "Which people testified?"."""
    if not _IMPERATIVE.match(question):
        return question
    plain = re.sub(r"\b(?:who|that|which) ", "", topic, count=1) if " " in topic else topic
    return f"Which {plain}?"


def _is_asked(member: Member, asked: frozenset[str]) -> bool:
    """Return whether the question names a member itself."""
    words = terms(member.name)
    return bool(words) and (asked.issuperset(words) or (member.person and words[-1] in asked))


def _distinct(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return candidates, best first, without those that repeat words or only name members that are listed already."""
    kept: list[_Candidate] = []
    texts: list[ShingleSet] = []
    members: list[Member] = []
    said = [one for each in candidates if not each.denied for one in each.members]
    for each in candidates:
        if each.denied and all(any(one.is_same(other) for other in said) for one in each.members):
            continue  # of another charge
        text = shingle_set(each.sentence.text)
        fresh = [one for one in each.members if not any(one.is_same(other) for other in members)]
        repeats = not fresh and not each.denied if each.members else duplicates_any(text, texts)
        if repeats or (each.denied and duplicates_any(text, texts)):
            continue
        kept.append(each)
        texts.append(text)
        members += [] if each.denied else fresh
    return kept
