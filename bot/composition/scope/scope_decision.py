"""Scope decision: whether the articles in hand answer a question, those of earlier answers, or all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.speech_question import quoted_words
from bot.answers import Answer, QuestionKind
from bot.composition.conversation_scope import (
    ELSEWHERE,
    NOTHING_IN_SCOPE,
    SCOPE_REMARK,
    ConversationScope,
    ScopeAnswerer,
    asked_of_article,
    says_little,
    scope_of,
)
from bot.composition.conversation_topic import conversation_topic
from bot.composition.draft import composed_abstention
from bot.composition.further_sentences import with_nearest, with_only
from bot.composition.item_list_search import METHOD as WRITTEN_LIST
from bot.composition.leading_article import MIN_LEADING, MIN_MAY_LEAD, LeadingArticle
from bot.composition.likely_sentences import MAX_OF_FACT
from bot.composition.likely_sentences import METHOD as LIKELY
from bot.composition.question_kind import deeds_asked, reaction_asked, source_asked
from bot.composition.request import KindDecision
from bot.composition.scope.answer_completion import ANSWERS, AnswerCompletion
from bot.composition.scope.articles_in_hand import (
    ArticlesInHand,
    added_names,
    allowed,
    articles_before,
    articles_in_hand,
    continues,
    names_of,
)
from bot.composition.scope.fact_doubt import doubting_fact, may_answer
from bot.composition.scope.library_answer import LibraryAnswerer, holds_terms
from bot.composition.scope.retrieval_step import Retrieved
from bot.composition.scope.speaker_doubt import is_doubtful
from bot.composition.scope.story_in_hand import TOLD, StoriesInHand, whole_story
from bot.conversation.question_patterns import bare_question_word
from bot.conversation.rule_rewriter import has_pronoun
from retrieval.text.analyzer import terms, words
from retrieval.text.lexicon import FEMININE_PRONOUNS, MASCULINE_PRONOUNS
from retrieval.text.number_words import is_number

_SCOPED = frozenset({QuestionKind.FACT, QuestionKind.WHO_SAID, QuestionKind.LIST, QuestionKind.COMPARISON})
"""Kinds of questions that may be about the articles of the last answer without naming what they are about."""
_OF_SEVERAL = frozenset({QuestionKind.COMPARISON, QuestionKind.TIMELINE})
"""Kinds of questions that several articles may answer together."""
_GOES_ON = _SCOPED | TOLD
"""Kinds of questions that the articles in hand are asked of where these are much nearer than others."""
MIN_GOING_ON = 0.75
"""Probability from which a question goes on with the articles in hand: nothing else is answered then."""
MIN_GOES_ON = 0.5
"""The same where what is answered may not be right."""
MIN_GOING_ON_LOST = 0.3
"""The same where no article tells of what is asked by itself."""
MAX_LEADING, MIN_HIGH = 2, 2
"""Articles that are read of those that search ranks first, and passages of the second among those found."""
MAX_BEFORE_READERS = 2
"""Likeliest sentences of the articles in hand before the one that the reader chose in them."""
MIN_TOLD_OF = 0.5
"""Share of a topic's words that an article in hand has that an overview or timeline of the topic may be of."""
_PERSONAL = MASCULINE_PRONOUNS | FEMININE_PRONOUNS
MIN_LIKELIER = 0.2
"""Probability by which an answer of other articles has to be likelier than what those of the last answer may say."""


class ScopeDecision:
    """Decides which articles answer a question.

    Args:
        scoped: Reads articles whole.
        library: Answers from all articles.
        in_hand: Asks those that the last answers cite.
        completion: Completes what they answer; None where nothing does.
        leading: Says whether the article that search ranks first tells of what is asked; without it none is taken to.
    """

    def __init__(
        self,
        scoped: ScopeAnswerer,
        library: LibraryAnswerer,
        in_hand: ArticlesInHand,
        completion: AnswerCompletion | None,
        leading: LeadingArticle | None = None,
    ) -> None:
        self._scoped = scoped
        self._library = library
        self._in_hand = in_hand
        self._stories = StoriesInHand(scoped, library)
        self._completion = completion
        self._leading = leading

    def answer(self, retrieved: Retrieved) -> Answer:
        """Return the answer, under the question as it was asked.

        Raises:
            OnrecordError: The store or a model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        follows = bool(retrieved.asked.history) and not retrieved.understood.rewritten  # "And Niger?" is written out
        answer = doubting_fact(self._placed(retrieved), retrieved.plain, follows=follows)
        searched = replace(answer.searched, filters=retrieved.searched.filters)  # without the articles in hand
        return self._reread(replace(answer, searched=searched), retrieved)

    def _reread(self, answer: Answer, retrieved: Retrieved) -> Answer:
        """Return an answer, or what the articles in hand may say of a fact that goes on with them and has none."""
        hand = allowed(articles_in_hand(retrieved.asked.history), retrieved.asked.filters)
        lost = answer.message and retrieved.decision.kind is QuestionKind.FACT and hand
        going_on = self._in_hand.going_on(retrieved, hand) if lost else 0.0
        if going_on < MIN_GOING_ON_LOST or _asks_of_others(retrieved):
            return answer
        near = tuple(each for each in answer.nearest if each.article.id in hand)  # the reader was not sure of them
        told = self._told(retrieved, hand)
        if told is None:
            return replace(answer, nearest=near) if near or going_on >= MIN_GOES_ON else answer
        others = replace(with_only(told, told.citations[:MAX_BEFORE_READERS]), nearest=(*near, *told.citations))
        told = with_nearest(others, MAX_OF_FACT)
        shown = going_on >= MIN_GOES_ON and may_answer(told, retrieved.plain)
        return retrieved.under_question(told) if shown else replace(answer, nearest=told.citations)

    def _placed(self, retrieved: Retrieved) -> Answer:
        """Return the answer of the articles that it should be of."""
        answer = self._decided(retrieved)
        hand = allowed(articles_in_hand(retrieved.asked.history), retrieved.asked.filters)
        answer = self._of_nearest(answer, retrieved, hand)
        strayed = bool(hand) and not any(each.article.id in hand for each in answer.citations)
        if not strayed or _stands_alone(retrieved):
            return answer
        going_on = self._in_hand.going_on(retrieved, hand)
        if going_on >= MIN_GOING_ON and not self._holds_more(answer, retrieved, hand):
            return self._brought_back(answer, retrieved, hand)
        if not self._is_lost(retrieved, going_on):
            return answer
        earlier = allowed(articles_before(retrieved.asked.history), retrieved.asked.filters)
        before = self._in_hand.going_on(retrieved, earlier)
        likelier, articles = max((going_on, 1, hand), (before, 0, earlier))[::2]
        return self._brought_back(answer, retrieved, articles) if likelier >= MIN_GOING_ON_LOST else answer

    def _of_nearest(self, answer: Answer, retrieved: Retrieved, hand: Sequence[str]) -> Answer:
        """Return an answer, or what the articles nearest to the question say where an unsure one cites others.

        A comparison is laid out of whatever articles have the words of a question, and never sure of these.
        """
        kind = retrieved.decision.kind
        if kind is QuestionKind.FACT and answer.message:
            return self._with_nearest(answer, retrieved)
        compared = kind is QuestionKind.COMPARISON
        unsure = answer.possibly or (kind not in ANSWERS and (answer.message or compared))
        if not unsure or kind not in _GOES_ON or _asks_of_others(retrieved):
            return answer
        leading = self._leads(retrieved, MIN_MAY_LEAD if compared else MIN_LEADING)
        going_on = self._in_hand.going_on(retrieved, hand)
        goes_on = going_on >= (MIN_GOES_ON if answer.possibly else MIN_GOING_ON)
        nearest = tuple(hand) if goes_on else leading
        rests_on = {*nearest, *leading, *(hand if compared and going_on >= MIN_GOES_ON else ())}
        resting = [each.article.id in rests_on for each in answer.citations]
        if not nearest or sum(resting) > (len(resting) / 2 if compared else 0):
            return answer
        told = self._told(retrieved, nearest)
        return retrieved.under_question(told) if told else answer

    def _with_nearest(self, answer: Answer, retrieved: Retrieved) -> Answer:
        """Return an abstention with the likeliest sentence of the article that may tell of what is asked before others.

        It is read from end to end: "jail" is nearer to "prison" than what has the same words.
        """
        leading = () if _asks_of_others(retrieved) else self._leads(retrieved, MIN_MAY_LEAD)
        told = self._told(retrieved, leading) if leading else None
        first = told.citations[:1] if told else ()
        others = [each for each in answer.nearest if all(each.quote != one.quote for one in first)]
        nearest = (*first, *others)[: max(1, len(answer.nearest))]
        return (
            replace(answer, nearest=tuple(replace(each, number=number) for number, each in enumerate(nearest, 1)))
            if first
            else answer
        )

    def _leads(self, retrieved: Retrieved, least: float) -> tuple[str, ...]:
        """Return the article that search ranks first, where it tells of what is asked; where several may, the next.

        Args:
            retrieved: The question.
            least: Probability from which it does.
        """
        if self._leading is None or retrieved.decision.kind is QuestionKind.OVERVIEW:  # it is led already, or by none
            return ()
        hits = self._library.found(retrieved).hits
        first = self._leading.of(retrieved.understood.read, hits, least)
        if not first or retrieved.decision.kind not in _OF_SEVERAL:
            return (first,) if first else ()
        passages = Counter(hit.article.id for hit in hits)
        return tuple(each for each in passages if each == first or passages[each] >= MIN_HIGH)[:MAX_LEADING]

    def _is_lost(self, retrieved: Retrieved, going_on: float) -> bool:
        """Return whether a question asks for more than a fact of what it does not name, and no article tells of it.

        Of a correction, none does as likely as it goes on with those in hand.

        "Why is the meeting with the leader there touchy?" has its words in whatever article is long enough; "does the
        professor see it the same way?" may name somebody.
        """
        refers = has_pronoun(retrieved.understood.standalone)
        unnamed = retrieved.decision.kind in TOLD and not names_of(retrieved.plain)
        if self._leading is None or not (unnamed or (refers and retrieved.decision.kind in _GOES_ON - ANSWERS)):
            return False
        hits = self._library.found(retrieved).hits
        corrects = retrieved.understood.corrects or retrieved.meant.corrects
        least = max(MIN_LEADING, going_on) if corrects else MIN_LEADING
        return self._leading.probability(retrieved.understood.read, hits) < least

    def _told(self, retrieved: Retrieved, articles: Sequence[str]) -> Answer | None:
        """Return what articles say, or may, of what is asked; None where nothing does."""
        if retrieved.decision.kind is QuestionKind.TIMELINE:
            return self._stories.told(whole_story(retrieved, articles), retrieved)
        return self._completion.told(retrieved, articles) if self._completion else None

    def _brought_back(self, answer: Answer, retrieved: Retrieved, hand: Sequence[str]) -> Answer:
        """Return what the articles in hand say, or may, where an answer strayed from them that should not have.

        A fact that nothing says stays unanswered, with what comes nearest in these articles beside it.
        """
        unsaid = retrieved.decision.kind in ANSWERS and answer.message
        told = self._in_hand.read(retrieved, hand) if unsaid else None
        if told is None:
            told = self._told(retrieved, hand)
            if told and answer.message and retrieved.decision.kind is QuestionKind.FACT:
                return replace(answer, nearest=told.citations)
        return retrieved.under_question(told) if told else answer

    def _holds_more(self, answer: Answer, retrieved: Retrieved, hand: Sequence[str]) -> bool:
        """Return whether an answer's article has all words of what is asked, and none in hand has as many.

        Of an overview or timeline, none has half of them, nor are they about what stands for something in hand.
        """
        decision, lead = retrieved.decision, next(iter(answer.citations), None)
        told = decision.kind in TOLD
        topic = decision.topic or retrieved.plain
        if lead is None or answer.possibly or (told and has_pronoun(retrieved.plain)):
            return False
        least = MIN_TOLD_OF if told else 1.0
        here = any(self._scoped.is_about(each, topic, least) for each in hand)
        return not here and self._scoped.is_about(lead.article.id, topic, 1.0)

    def _decided(self, retrieved: Retrieved) -> Answer:
        if story := self._stories.story(retrieved):
            if story.may_be_other:  # composed once: to see whether any article tells of it, and to answer
                retrieved = replace(retrieved, composed=self._library.composed(retrieved))
            other = story.may_be_other and not (retrieved.composed and retrieved.composed.message)
            if not other and (told := self._stories.told(story, retrieved)):
                return told
        if scope := _scope_asked(retrieved):
            return self._of_scope(retrieved, scope)
        return retrieved.under_question(self._completed(self._of_named(retrieved), retrieved))

    def _completed(self, answer: Answer, retrieved: Retrieved, articles: Sequence[str] = ()) -> Answer:
        return self._completion.completed(answer, retrieved, articles) if self._completion else answer

    def _of_scope(self, retrieved: Retrieved, scope: ConversationScope) -> Answer:
        """Return the answer to a question that names nothing: of the articles it is about, or else of the others."""
        within = self._in_hand.within(retrieved, scope)
        if (within is None or within.method == LIKELY) and (other := self._listed_elsewhere(retrieved, scope)):
            return retrieved.under_question(other)
        if within and not (scope.of_fact and within.possibly):
            return self._completed(within, retrieved, scope.articles)
        if earlier := self._in_hand.within_earlier(retrieved, scope):
            return self._completed(earlier, retrieved)
        answer = self._completed(self._outside(retrieved, scope), retrieved, scope.articles)
        if within and (answer.message or answer.possibly or answer.confidence < within.confidence + MIN_LIKELIER):
            return within
        if answer.message == NOTHING_IN_SCOPE:
            retrieved = _with_pronouns(retrieved, scope)
        return retrieved.under_question(answer)

    def _listed_elsewhere(self, retrieved: Retrieved, scope: ConversationScope) -> Answer | None:
        """Return the counted list of another article, of which those of a scope have not the words: "three pillars"."""
        counts = any(map(is_number, words(retrieved.plain.casefold())))
        if retrieved.decision.kind is not QuestionKind.LIST or not counts:
            return None
        answer = self._library.answer(retrieved)
        listed = answer.method == WRITTEN_LIST and not answer.message
        return answer if listed and self._holds_more(answer, retrieved, scope.articles) else None

    def _of_named(self, retrieved: Retrieved) -> Answer:
        """Return the answer to a question that names what it is about: of the last answer's articles, or of all."""
        if retrieved.meant.new_topic:
            return self._library.answer(retrieved)
        if continues(retrieved):
            return self._of_hand_first(retrieved)
        answer = self._library.answer(retrieved)
        if answer.message or answer.possibly:
            here = self._in_hand.naming(retrieved)
            told = self._at_length(retrieved) if here is None or is_doubtful(here) else None
            return told or _likelier(answer, here)
        lead = next(iter(answer.citations), None)
        if lead and lead.article.id not in articles_in_hand(retrieved.asked.history):
            # Of two that have the name, the one whom the last answer's article names is meant.
            here = self._in_hand.naming(retrieved)
            if here and not is_doubtful(here) and holds_terms(here, terms(" ".join(names_of(retrieved.plain)))):
                return here
        return answer

    def _of_hand_first(self, retrieved: Retrieved) -> Answer:
        """Return the answer of the last answer's articles; of all where these do not say it, or may say it at most."""
        here = self._in_hand.naming(retrieved)
        if here is None or is_doubtful(here):
            earlier = self._in_hand.naming(retrieved, earlier=True)
            here = earlier if here is None or (earlier and not is_doubtful(earlier)) else here
        if here and not is_doubtful(here):
            return here
        if told := self._at_length(retrieved, articles_in_hand(retrieved.asked.history)):
            return told
        return _likelier(self._continued(retrieved), here)

    def _at_length(self, retrieved: Retrieved, articles: Sequence[str] = ()) -> Answer | None:
        """Return what somebody did somewhere, how they reacted, or what an outlet wrote; None for any other question.

        No single sentence says it.

        Args:
            retrieved: The question.
            articles: The ids of the only articles to read; none for all.
        """
        asked, kind = retrieved.own_words, retrieved.decision.kind
        readings = {
            QuestionKind.FACT: (deeds_asked, source_asked),
            QuestionKind.WHO_SAID: (source_asked, reaction_asked),
        }
        for decision in filter(None, (read(asked) for read in readings.get(kind, ()))):
            request = replace(retrieved.request, decision=decision)
            within = articles and not decision.source
            if within:
                filters = replace(request.searched.filters, articles=tuple(articles))
                request = replace(request, searched=replace(request.searched, filters=filters))
            answer = self._library.compose(request)
            if answer and answer.citations:
                return answer.with_remark(SCOPE_REMARK) if within else answer
        return None

    def _continued(self, retrieved: Retrieved) -> Answer:
        """Return the answer of all articles to a question that those of the last answer do not answer.

        What somebody said whom these name has to be about the same: of another matter, or another of the name, it is no
        answer.
        """
        answer, history = self._library.answer(retrieved), retrieved.asked.history
        speaker = " ".join(names_of(retrieved.own_words))
        here = [each for each in articles_in_hand(history) if speaker and self._scoped.is_about(each, speaker)]
        unnamed = retrieved.understood.corrects and not retrieved.understood.about  # "the White House spokesman"
        said = retrieved.decision.kind is QuestionKind.WHO_SAID and (unnamed or not retrieved.understood.corrects)
        topic = terms(conversation_topic(history), keep_stop_words=False)
        strayed = not any(each.article.id in here for each in answer.citations)
        if said and (here or unnamed) and strayed and not answer.message and not (topic and holds_terms(answer, topic)):
            return self._says_nothing(retrieved, here)
        return answer

    def _says_nothing(self, retrieved: Retrieved, articles: Sequence[str]) -> Answer:
        """Return that articles in hand do not say what is asked."""
        searched = self._scoped.counted(articles, retrieved.asked.filters) if articles else retrieved.searched
        return replace(composed_abstention(retrieved.request, NOTHING_IN_SCOPE), searched=searched)

    def _outside(self, retrieved: Retrieved, scope: ConversationScope) -> Answer:
        """Return what the other articles say where those that a question is about hold no answer.

        A sentence of theirs may answer at most; of a question of few words only where its article is about the same.
        """
        says_nothing = self._says_nothing(retrieved, scope.articles)
        only = _is_within_only(retrieved) and not scope.of_fact
        if only or asked_of_article(retrieved.understood.standalone):
            return says_nothing
        if bare := bare_question_word(retrieved.asked.question):
            answer = self._library.answer(retrieved)
            strayed = not {each.article.id for each in answer.citations} & set(scope.articles)
            unknown = bare == "when" and strayed and has_pronoun(retrieved.understood.standalone)
            return (self._when_reported(retrieved) or says_nothing) if unknown else answer
        return self._elsewhere(retrieved, scope) or self._related(retrieved, scope, says_nothing)

    def _related(self, retrieved: Retrieved, scope: ConversationScope, says_nothing: Answer) -> Answer:
        """Return the answer of all articles where it is about the same, or the question says enough; as a doubt."""
        answer = self._library.answer(retrieved)
        brief = says_little(retrieved.asked.question)
        here = answer.message or any(each.article.id in scope.articles for each in answer.citations)
        related = here or self._scoped.is_about(answer.citations[0].article.id, scope.topic)
        personal = not _PERSONAL.isdisjoint(words(retrieved.understood.standalone.casefold()))
        said = retrieved.decision.kind is QuestionKind.WHO_SAID and not names_of(retrieved.plain)
        if scope.of_fact and said and not here:  # what others of the name say elsewhere: "the critics"
            return replace(answer, possibly=True, doubts=(ELSEWHERE, *answer.doubts))
        if scope.of_fact and (related or not (brief or personal)):
            return answer
        if here or not (related or not brief) or answer.composed:  # what is composed is of what was asked, or not
            return answer if answer.message and not brief else says_nothing
        return replace(answer, possibly=True, doubts=(ELSEWHERE, *answer.doubts))

    def _elsewhere(self, retrieved: Retrieved, scope: ConversationScope) -> Answer | None:
        """Return what other articles about the topic of the conversation answer to a fact; None where they do not."""
        asked, plain = retrieved.asked, retrieved.plain
        if retrieved.decision.kind is not QuestionKind.FACT:
            return None
        about = conversation_topic(asked.history)
        topic = (about or scope.topic) if scope.of_fact else (scope.topic or about)
        return self._scoped.elsewhere(plain, plain, replace(scope, topic=topic), asked.filters)

    def _when_reported(self, retrieved: Retrieved) -> Answer | None:
        """Return when the last answer's sentences say that it happened, or else their articles' days."""
        if retrieved.asked.history[-1].abstained:
            return None
        return self._library.compose(replace(retrieved.request, decision=KindDecision(QuestionKind.LAST_ANSWER)))


def _stands_alone(retrieved: Retrieved) -> bool:
    """Return whether a question cannot stray from the articles in hand: it asks of others, or of what is no article."""
    corrects = retrieved.understood.corrects or retrieved.meant.corrects
    named = corrects and bool(names_of(retrieved.understood.standalone))
    return named or _asks_of_others(retrieved) or retrieved.decision.kind not in _GOES_ON


def _asks_of_others(retrieved: Retrieved) -> bool:
    """Return whether a question asks of another time, of others than those given, or of words in all articles."""
    meant, understood = retrieved.meant, retrieved.understood
    return bool(meant.before or understood.given or quoted_words(retrieved.asked.question))


def _scope_asked(retrieved: Retrieved) -> ConversationScope | None:
    """Return the articles that a question is about which names nothing itself; None for other questions."""
    meant, asked = retrieved.meant, retrieved.asked
    if _is_apart(retrieved) or meant.decision.kind not in _SCOPED:
        return None
    return scope_of(retrieved.plain, asked.history)


def _is_apart(retrieved: Retrieved) -> bool:
    """Return whether a question is asked of all articles: its own turn gives what it is about."""
    meant, asked = retrieved.meant, retrieved.asked
    understood = meant.resolved
    is_compared = meant.decision.kind is QuestionKind.COMPARISON and understood.rewritten  # over all articles
    shown = understood.shown and not (bare_question_word(asked.question) or meant.before)
    turned = meant.refusal or meant.new_topic
    return bool(is_compared or turned or understood.given or shown or understood.about or understood.corrects)


def _is_within_only(retrieved: Retrieved) -> bool:
    """Return whether a question is answered from the articles of the last answer or not at all.

    A list is where the turns before the question add nothing that it is about, by which all articles can be searched.
    """
    kind, understood = retrieved.decision.kind, retrieved.understood
    return kind is QuestionKind.COMPARISON or (
        kind is QuestionKind.LIST and understood.standalone.casefold() == retrieved.plain.casefold()
    )


def _likelier(answer: Answer, here: Answer | None) -> Answer:
    """Return the answer of all articles, or what those of the last answer say or may where that is as likely."""
    if here is None:
        return answer
    doubted = answer.message or (answer.possibly and answer.confidence <= here.confidence)
    return here if doubted or not is_doubtful(here) else answer


def _with_pronouns(retrieved: Retrieved, scope: ConversationScope) -> Retrieved:
    """Return ``retrieved`` with the question as asked, where its standalone one names what the topic does not."""
    meant, plain = retrieved.meant, retrieved.plain
    if added_names(meant.resolved.standalone, plain) <= set(terms(scope.topic)):
        return retrieved
    return replace(retrieved, meant=replace(meant, resolved=replace(meant.resolved, standalone=plain)))
