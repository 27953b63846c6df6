"""Follow-up questions: the standalone question, the weighted query, and what must not be shown again."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answers import POSSIBLY_LABEL, Usage
from bot.citations import CopiesLookup
from bot.conversation import context_dependence
from bot.conversation.corrections import corrected_question
from bot.conversation.definite_phrase import definite_phrase
from bot.conversation.pronouns import place_phrase, replaced_it, resolve_pronouns
from bot.conversation.question_clause import PREPOSITIONS
from bot.conversation.question_patterns import (
    bare_question_word,
    contains_answer_type,
    parse_others_question,
    requested_citation,
    substituted_topic,
    without_lead,
)
from bot.conversation.question_topic import question_topic
from bot.conversation.rule_rewriter import (
    Similarity,
    has_pronoun,
    is_request,
    main_name,
    names_in,
    read_terms,
    rewrite_by_rules,
    with_names,
    with_topic,
    with_words,
    without_else,
)
from bot.conversation.sequence import sequence_direction, sequence_question
from bot.conversation.speaker_pronoun import answering_person, name_speaker
from bot.conversation.store import CitedPlace, Turn
from bot.llm.errors import ProviderError
from retrieval.articles import Article
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from retrieval.text.analyzer import fold, words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    POSSESSIVE_DETERMINERS,
    QUESTION_ADVERBS,
    QUESTION_AUXILIARIES,
    STOP_WORDS,
    alternation,
)
from retrieval.text.places import PLACES
from retrieval.text.roles import is_office
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import is_participle

SAME_QUESTION_OVERLAP = 0.6
"""Share of content words that a question for others shares with an earlier question whose answer is not repeated."""

MAX_OPEN_TERMS = 2
"""Content words of a question that may be about the place of the one before it."""
_OPEN = LazyPattern(
    r"\W*(?:and\s+|but\s+)?(?:who\s+\w"
    r"|(?:how many|which|what)\s+(?:\w+\s+){0,2}(?:was|were|has been|have been|died)\b)",
    re.IGNORECASE,
)
_ACTOR = LazyPattern(rf"\W*who\s+(?!(?:{alternation(QUESTION_AUXILIARIES)})\b)", re.IGNORECASE)
"""A question who did something, which goes on with the question before it: "Who came second?"."""
_TOPIC_QUESTION = LazyPattern(r"\W*(?:timeline|tell me|summar|what (?:happened|about)|who is|overview)", re.IGNORECASE)
_HAPPENED = LazyPattern(
    rf"\W*(?:and\s+)?(?:{alternation(QUESTION_ADVERBS)})\s+did\s+it\s+(?:happen|take\s+place|occur|start|begin|end)\W*",
    re.IGNORECASE,
)
"""A question about an event that "it" stands for."""
_SOMETHING = LazyPattern(r"(?<!\s)\s+something\b")
_IT = LazyPattern(r"\bit\b", re.IGNORECASE)
_LOWER_WORD = LazyPattern(r"(?<![\w’'-])[a-z]{3,}(?![\w-])")
_WORD = LazyPattern(r"[\w’'-]+")
MAX_NAME_WORDS = 4
"""Words of the longest name that is written as the articles write it."""
MAX_CITED = 2
"""Articles of the last answer in which the names of a lower-case question are sought."""
_OWNER = LazyPattern(rf"(?:{alternation(POSSESSIVE_DETERMINERS)})\b", re.IGNORECASE)
_ONE = LazyPattern(r"\bone\b", re.IGNORECASE)
_NAMED_OTHERS = LazyPattern(r"\W*(?:who|whom|which)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """A question resolved against the turns before it.

    Attributes:
        standalone: The standalone question, for people; the question itself where it needs no context.
        search: The query.
        read: The question for the answerer.
        dependence: The probability that it depends on its context.
        shown: Citations that the answer must not repeat.
        given: What was answered before where others are asked for: a sentence that names nobody else is no answer.
        about: Terms that the question brings in: an answer without them is about the question before.
        opened: The citation to read on from; nothing is searched then.
        usage: The tokens that a chat model used for it.
        corrects: Whether it corrects the question before it: "no, I meant Mali".
        rewritten: Whether a rule wrote it out, so that it is of the kind of the standalone question.
    """

    standalone: str
    search: str | WeightedQuery
    read: str
    dependence: float = 0.0
    shown: tuple[CitedPlace, ...] = ()
    given: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    opened: CitedPlace | None = None
    usage: Usage | None = None
    corrects: bool = False
    rewritten: bool = False


class QuestionRewriter(Protocol):
    """A chat model that writes standalone questions: ``bot.conversation.llm_rewriter.LLMRewriter``."""

    def rewrite(self, question: str, turns: Sequence[tuple[str, str]]) -> tuple[str, Usage]:
        """Return the standalone question, from (question, answer) of the turns before, and the tokens used.

        It is empty where the model wrote none that may be shown.
        """
        ...


def depends_by_form(question: str, history: Sequence[Turn]) -> bool:
    """Return whether a question's form shows that it goes on with the turns before it.

    "When was that?", "Who else?", "and then?", "What about Niger?", and "Who was killed?" after "… in Benghazi?".
    """
    if not history:
        return False
    others = parse_others_question(question)
    return bool(
        bare_question_word(question)
        or sequence_direction(question)
        or (others and not read_terms(others.rest))
        or (substituted_topic(question) and rewrite_by_rules(question, history))
        or _with_place(question, history)
    )


def brings_pronoun(question: str) -> bool:
    """Return whether a question brings in somebody or something by a pronoun: "and him?", "what about his wife?"."""
    return has_pronoun(substituted_topic(question) or "")


class FollowUpResolver:
    """Resolves follow-up questions by their form and their context dependence.

    Args:
        rewriter: A chat model's rewriter; None: rules and ``bot.conversation.context_dependence``.
        articles: The library, for the main name of a cited article; None: not used.
        near: The similarity of a text to others, to substitute a new name for one of its kind. Of twenty such
            choices ("Niger" for "Mali" or for "Moscow", "Harris" for "Biden" or for "Iran") all-MiniLM-L6-v2 takes
            nineteen as a person would. None: the last name is substituted.
    """

    def __init__(
        self,
        rewriter: QuestionRewriter | None = None,
        articles: CopiesLookup | None = None,
        near: Similarity | None = None,
    ) -> None:
        self._rewriter = rewriter
        self._articles = articles
        self._near = near

    def understand(
        self, question: str, history: Sequence[Turn], topic: str = "", *, corrects: bool = False
    ) -> ResolvedQuestion:
        """Return ``question`` resolved against ``history``, oldest first.

        Where the chat model fails, the rules and the fitted decision apply.

        Args:
            question: As it was asked.
            history: The turns before it, oldest first.
            topic: What the conversation is about, for "it"; empty where that is not known.
            corrects: Whether it is known to correct the question before it, whatever its form.

        Raises:
            InputError: It wants more about a citation that the last answer does not have.
        """
        if not history or not words(question):
            return ResolvedQuestion(question, question, question)
        number = requested_citation(question, len(history[-1].places))
        if number is not None:
            return _opened(question, number, history)
        corrected = corrected_question(question, history, self._near, topic, decided=corrects)
        if corrected and corrected != history[-1].standalone_question:
            return ResolvedQuestion(
                corrected,
                corrected,
                corrected,
                1.0,
                about=_names_put_in(corrected, history[-1].standalone_question, question),
                corrects=True,
                rewritten=True,
            )
        if self._rewriter:
            with contextlib.suppress(ProviderError):
                return self._rewritten(self._rewriter, question, history, topic)
        return self._read(question, history, topic)

    def _rewritten(
        self, rewriter: QuestionRewriter, question: str, history: Sequence[Turn], topic: str
    ) -> ResolvedQuestion:
        turns = [
            (turn.standalone_question, f"{POSSIBLY_LABEL}: {turn.answer}" if turn.possibly else turn.answer)
            for turn in history
        ]
        written, usage = rewriter.rewrite(question, turns)
        if not written:
            return replace(self._read(question, history, topic), usage=usage)
        dependence = float(written.casefold() != question.casefold())
        return ResolvedQuestion(written, written, written, dependence, _shown(question, written, history), usage=usage)

    def _read(self, question: str, history: Sequence[Turn], topic: str) -> ResolvedQuestion:
        """Resolve without a chat model."""
        if sequence := sequence_question(question, history, self._published, topic):
            return ResolvedQuestion(sequence, sequence, sequence, 1.0, rewritten=True)
        if named := name_speaker(question, history):
            named = _capitalised(self._resolved(named, history, topic) or named)
            said = tuple(place for turn in history if not turn.abstained for place in turn.places)
            shown = said if parse_others_question(question) else ()
            return ResolvedQuestion(named, without_else(named), without_else(named), 1.0, shown)
        happened = _HAPPENED.fullmatch(question) and (replaced_it(history[-1]) or definite_phrase(history[-1].question))
        if happened and (placed := self._resolved(question, history, topic)):
            return self._by_rule(question, placed, history)
        if brings_pronoun(question):
            return self._of_pronoun(question, history, topic)
        written = rewrite_by_rules(question, history, self._near, answering_person(history[-1]))
        if written and parse_others_question(question) and _IT.search(written):  # "Who else spoke about it?"
            written = self._resolved(written, history, topic) or written
        return (
            self._by_rule(question, _capitalised(written), history)
            if written
            else self._dependent(question, history, topic)
        )

    def _of_pronoun(self, question: str, history: Sequence[Turn], topic: str) -> ResolvedQuestion:
        """Resolve a question that brings in somebody or something by a pronoun: "and his wife?"."""
        whose = self._resolved(question, history, topic)
        if not whose or has_pronoun(whose):
            return replace(self._dependent(question, history, topic), read=question)
        owned = substituted_topic(whose) or without_lead(whose).strip(" ?!.…")  # a name may make it long
        thing = _OWNER.match(substituted_topic(question) or "") and not is_office(owned.split()[-1])
        written = "" if thing else rewrite_by_rules(whose, history, self._near)
        return self._by_rule(question, _capitalised(written or f"What about {owned}?"), history)

    def _by_rule(self, question: str, written: str, history: Sequence[Turn]) -> ResolvedQuestion:
        """Resolve a question that a rule has written out."""
        topic = substituted_topic(question)
        same = bare_question_word(question) or parse_others_question(question)
        # "And in Niger?" turns from what was asked before; "Why?" stays with it.
        before = history if same else history[:-1]
        # "Else" is for people: to the reader it would be a missing word.
        plain = without_else(self._named(written, history) if same else written)
        if parse_others_question(question):  # "Who else did something?"
            plain = _SOMETHING.sub("", plain)
        probability = context_dependence.dependence_probability(question, before)
        shown = _shown(question, written, history)
        return ResolvedQuestion(
            written,
            WeightedQuery(plain, context_dependence.context_components(plain, before, probability)),
            plain,
            1.0,
            shown,
            _given(question, written, shown),
            () if same or not topic else _brought_in(topic, written),
            rewritten=True,
        )

    def _dependent(self, question: str, history: Sequence[Turn], topic: str) -> ResolvedQuestion:
        """Resolve a question that no rule covers by how likely it depends on the turns before it."""
        shown = _shown(question, question, history)
        dependence = context_dependence.dependence_probability(question, history)
        if dependence < context_dependence.DEPENDENCE_THRESHOLD:
            return ResolvedQuestion(question, question, question, dependence, shown)
        components = context_dependence.context_components(question, history, dependence)
        resolved = self._resolved(question, history, topic) if has_pronoun(question) else ""
        if resolved and not has_pronoun(resolved):
            return ResolvedQuestion(resolved, WeightedQuery(resolved, components), resolved, dependence, shown)
        question = _capitalised(resolved or _with_place(question, history)) or question
        search = WeightedQuery(question, components)
        if not has_pronoun(question) and read_terms(question):
            return ResolvedQuestion(question, search, question, dependence, shown)
        last = history[-1].standalone_question
        named = any(word.name for word in read_words(last) if not word.stop) and not _IT.search(question)
        about = last if named or not topic else topic
        # The reader gets the words of the question before; people get no question in other words than a person's.
        read = self._named((with_names if is_request(last) else with_topic)(question, about), history)
        return ResolvedQuestion(question, search, _capitalised(without_else(read)), dependence, shown)

    def capitalised(self, question: str, history: Sequence[Turn]) -> str:
        """Return a lower-case question with the names that the articles just cited write only with a capital."""
        texts = [article.text for article in self._cited(history)] if question.islower() else []
        for found in reversed(list(_LOWER_WORD.finditer(question))) if texts else ():
            name = found.group().capitalize()
            *_, before = ("", *question[: found.start()].split())
            is_noun = found.group() in STOP_WORDS or before in ARTICLES | POSSESSIVE_DETERMINERS  # "who was the victim"
            if is_noun or is_participle(found.group()) or not any(_is_only_name(name, text) for text in texts):
                continue
            question = f"{question[: found.start()]}{name}{question[found.end() :]}"
        return _with_full_names(question, texts)

    def _cited(self, history: Sequence[Turn]) -> list[Article]:
        """Return the first articles that the last answer with citations cites."""
        places = next((turn.places for turn in reversed(history) if turn.places and not turn.abstained), ())
        found: list[Article] = []
        for article_id in list(dict.fromkeys(place.article_id for place in places))[:MAX_CITED]:
            if self._articles:
                with contextlib.suppress(InputError):  # it left the library since
                    found.append(self._articles.article(article_id))
        return found

    def _told(self, history: Sequence[Turn]) -> str:
        """Return the articles that the last answer cites, each with its author."""
        return "\n\n".join(f"{each.author}\n\n{each.text}" for each in self._cited(history))

    def _resolved(self, question: str, history: Sequence[Turn], topic: str) -> str:
        return resolve_pronouns(question, history, topic, self._told(history))

    def _published(self, article_id: str) -> str:
        """Return the day an article was published; empty where it is not known."""
        if not self._articles:
            return ""
        with contextlib.suppress(InputError):  # it left the library since
            return self._articles.article(article_id).published
        return ""

    def _named(self, question: str, history: Sequence[Turn]) -> str:
        """Return ``question`` with the main name of the article just cited, where it contains no name."""
        last = history[-1]
        known = names_in(history)
        if not self._articles or last.abstained or not last.places:
            return question
        if any(word.name or word.term in known for word in read_words(question) if not word.stop):
            return question
        try:
            name = main_name(self._articles.article(last.places[0].article_id).text)
        except InputError:  # it left the library since
            return question
        return with_words(question, name) if name else question


def _names_put_in(corrected: str, before: str, question: str) -> tuple[str, ...]:
    """Return the terms of the names that a correction brings in: an answer without them is about the one before.

    None of those of earlier turns that only say what it is about: "Tell me about the texts (EPA, Pruitt)".
    """
    names = [word.term for word in read_words(corrected) if word.name and not word.stop and not word.date]
    own = set(read_terms(question)) - set(read_terms(before))
    return tuple(term for term in dict.fromkeys(names) if term in own)


def _brought_in(topic: str, written: str) -> tuple[str, ...]:
    """Return the terms of a topic that an answer has to hold; none for somebody's office, which has many words."""
    return () if re.match(r"who is the\b", written, re.IGNORECASE) else tuple(read_terms(_ONE.sub("", topic)))


def _is_only_name(name: str, text: str) -> bool:
    """Return whether a text has a word within a sentence, always with its capital: "David Pepper called"."""
    among = rf"(?<![\w’'-])[a-z][\w’'-]*,? {name}(?!\w)|(?<=\w ){name} [a-z]"  # in a heading every word has a capital
    return re.search(among, text) is not None and not re.search(rf"(?<!\w){name.lower()}(?!\w)", text)


def _with_full_names(question: str, texts: Sequence[str]) -> str:
    """Return a question with the names of several words that texts write only with capitals: "la David Johnson"."""
    words = list(_WORD.finditer(question)) if texts else []
    for size in range(min(MAX_NAME_WORDS, len(words)), 1, -1):
        for first, last in zip(words, words[size - 1 :], strict=False):
            name = question[first.start() : last.end()]
            if name.islower() or all(word[:1].isupper() for word in name.split()):
                continue
            same = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            written = {found.group() for text in texts for found in same.finditer(text)}
            full = written.pop() if len(written) == 1 else ""
            if full and all(word[:1].isupper() for word in full.split()):
                question = f"{question[: first.start()]}{full}{question[last.end() :]}"
    return question


def _opened(question: str, number: int, history: Sequence[Turn]) -> ResolvedQuestion:
    last = history[-1]
    if not re.search(r"\d", question):  # "Tell me more" is about what was answered, not about what was nearest
        last = next((turn for turn in reversed(history) if not turn.abstained and turn.places), last)
    opened = next((place for place in last.places if place.number == number), None)
    if opened is None:
        available = f"it has 1 to {len(last.places)}" if last.places else "it cites nothing"
        raise InputError(f"the last answer has no citation {number}: {available}")
    # The question stays the same: "Why?" after it refers to what was asked, not to a sentence.
    return ResolvedQuestion(last.standalone_question, question, question, 1.0, opened=opened)


def _capitalised(question: str) -> str:
    return question[:1].upper() + question[1:]


def _with_place(question: str, history: Sequence[Turn]) -> str:
    """Return a question of few words and no place with that of the question before it; empty where it has none."""
    asked = question.rstrip(" ?!.…")
    if not history or len(read_terms(asked)) > MAX_OPEN_TERMS or has_pronoun(asked) or not _OPEN.match(asked):
        return ""
    if (
        any(word.name or word.date for word in read_words(asked) if not word.stop)
        or fold(asked.split()[-1]) in PREPOSITIONS
    ):
        return ""
    last = history[-1].standalone_question
    place = place_phrase(last)
    if not place and (_TOPIC_QUESTION.match(last) or _ACTOR.match(asked)):
        topic = question_topic(last)
        place = f"in {topic}" if topic.split()[:1] == ["the"] or fold(topic) in PLACES else ""
    return f"{asked} {place}?" if place else ""


def _shown(question: str, standalone: str, history: Sequence[Turn]) -> tuple[CitedPlace, ...]:
    """Return the citations that must not be shown again.

    Where others are asked for, what was answered to the same before; after "When was that?", the sentences just read,
    unless they tell when.
    """
    word = bare_question_word(question)
    if not word and not parse_others_question(question):
        return ()
    asked = set(read_terms(without_else(standalone)))
    return tuple(
        place
        for turn in history
        if not turn.abstained and _common(asked, set(read_terms(without_else(turn.standalone_question))))
        for place in turn.places
        if not (word and contains_answer_type(word, place.quote))
    )


def _given(question: str, standalone: str, shown: Sequence[CitedPlace]) -> tuple[str, ...]:
    """Return what was answered before, with the question itself, where others are asked for that have names."""
    others = parse_others_question(question)
    if not others or not shown or not _NAMED_OTHERS.match(standalone):
        return ()
    return (standalone, *(place.quote for place in shown))


def _common(asked: set[str], before: set[str]) -> bool:
    return len(asked & before) >= SAME_QUESTION_OVERLAP * min(len(asked), len(before)) if asked and before else True
