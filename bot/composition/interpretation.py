"""Interpretation: what a question means, its words corrected and resolved against the turns before it, and its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answers import QuestionKind
from bot.composition.comparison_context import comparison_in_context
from bot.composition.conversation_scope import asked_of_article
from bot.composition.conversation_topic import (
    articles_question,
    conversation_topic,
    names_again,
    refers_to_listed,
    standalone_request,
    tells_when,
)
from bot.composition.question_kind import REQUESTS, decide_kind, decision_for
from bot.composition.request import KindDecision
from bot.conversation.correction_parser import parse_correction
from bot.conversation.corrections import asked_itself, is_correction, says_meant
from bot.conversation.follow_ups import FollowUpResolver, ResolvedQuestion, brings_pronoun, depends_by_form
from bot.conversation.pronouns import replaced_it, resolve_pronouns
from bot.conversation.question_language import QuestionLanguage
from bot.conversation.question_patterns import leading_preposition, substituted_topic
from bot.conversation.sequence import sequence_direction
from bot.conversation.session import UNREMEMBERED
from bot.conversation.store import Turn
from retrieval.search.misspellings import CorrectedText, SpellingCorrector
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
)

_ACRONYM = LazyPattern(r"\b(?:[A-Z]{2,}|I)\b")
"""What is in capitals in a question typed in lower case."""
_OUTLET_ADDITION = LazyPattern(r"(?<!\s)\s*\([^()]*\)|\s-\s.*")
"""What a store adds to the name of an outlet: "Fox News (Opinion)"."""
_NEW_TOPIC = LazyPattern(
    r"(?:\W{0,3}(?:ok(?:ay)?|all ?right|right|now|so|well|and|thanks)\b){0,3}\W{0,3}"
    r"(?:(?:a |an )?(?:different|diff|new|another|other|next|unrelated) (?:topic|subject|story|matter)"
    r"|(?:changing|(?:let['’]?s |to )?change|change of) (?:the )?(?:topic|subject)"
    r"|never ?mind|forget (?:it|that|about (?:it|that)))\s?[^\w\s]\W{0,5}(?=\w)",
    re.IGNORECASE,
)
"""How a question turns from the turns before it."""
_IT = LazyPattern(r"\bit\b", re.IGNORECASE)
_ACKNOWLEDGED = LazyPattern(
    r"(?:\W{0,3}(?:ok(?:ay)?|all ?right|right|thanks|thank you|thx|great|good|fine|i see|got it|interesting|wow|hm+)\b"
    r"\s?[,.!;:…–-]+\s{0,3}){1,3}(?:and |so |but )?"
    rf"(?=(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)})\b)",
    re.IGNORECASE,
)
"""What acknowledges an answer before the next question: "ok. and who led it?"."""
_TOPICALISED = LazyPattern(
    r"\W{0,3}(?:(?:and|but|so|ok|okay)\W{1,3}){0,2}(?:what|how) about (?P<topic>[^,?!]{2,80}),\s"
    rf"(?P<question>(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)})\b.+)",
    re.IGNORECASE,
)
"""A question whose topic is named before it: "what about the lead in the polls, how did it change?"."""
_BEFORE_THAT = LazyPattern(
    r"\W{0,3}(?:(?:and|but|so) )?(?:(?:just|shortly|even) )?(?:before|prior to) (?:that|this|then)\W{1,3}"
    rf"(?=(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)})\b)",
    re.IGNORECASE,
)
"""What asks for an earlier event than the last answer tells of, before the question itself."""
_CONTRACTED = LazyPattern(rf"^(\W*(?:and |but |so )?(?:{alternation(QUESTION_WORDS)}))(s) ", re.IGNORECASE)
"""A contraction without its apostrophe: "whats new"."""
_STANDS_FOR = LazyPattern(rf"\b(?:{alternation(SUBJECT_PRONOUNS & THIRD_PERSON)})\b", re.IGNORECASE)
_COMPLETE = UNREMEMBERED | {QuestionKind.COLLECTION}
"""Kinds of questions that name nothing of the turns before them in silence: "who wrote about opioids?"."""


@dataclass(frozen=True, slots=True)
class InterpretedQuestion:
    """What a question means.

    Attributes:
        resolved: The question after the turns before it.
        decision: What it asks for.
        spelling: The question with its misspelt words replaced.
        refusal: Why nothing can be found for it; empty where something may be.
        before: Whether it asks for what was before what the last answer tells: "before that, who led it?".
        corrects: Whether it corrects the question before it by another whole one: "no, I meant who led it".
        new_topic: Whether it says that it turns to another topic: "different topic: how did the Dow do?".
    """

    resolved: ResolvedQuestion
    decision: KindDecision
    spelling: CorrectedText
    refusal: str = ""
    new_topic: bool = False
    before: bool = False
    corrects: bool = False


def as_asked(question: str, refusal: str = "") -> InterpretedQuestion:
    """Return a question that means what it says: a fact, in its own words."""
    plain = ResolvedQuestion(question, question, question)
    return InterpretedQuestion(plain, KindDecision(QuestionKind.FACT), CorrectedText(question), refusal)


class QuestionInterpreter:
    """Interprets questions.

    Args:
        follow_ups: Makes a context-dependent question standalone.
        composed: The kinds of questions that a composer answers.
        spelling: Corrects misspelt words; None: they are searched as they are.
        outlets: Returns the outlets as the articles name them; None: none is written as it is there.
        language: Refuses questions in another language than the articles; None: they are searched like others.
    """

    def __init__(
        self,
        follow_ups: FollowUpResolver,
        composed: Collection[QuestionKind],
        spelling: SpellingCorrector | None = None,
        language: QuestionLanguage | None = None,
        outlets: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self._follow_ups = follow_ups
        self._composed = composed
        self._spelling = spelling
        self._language = language
        self._outlets = outlets

    def interpret(self, question: str, history: Sequence[Turn], *, composed: bool = True) -> InterpretedQuestion:
        """Return what ``question`` means after ``history``, oldest first.

        Args:
            question: As it was asked.
            history: The turns before it.
            composed: Whether a composer may answer it.

        Raises:
            InputError: It wants more about a citation that the last answer does not have.
        """
        question = _plain(question, history)
        if history and (placed := _BEFORE_THAT.match(question)):
            meant = self.interpret(question[placed.end() :], history, composed=composed)
            told = next((turn.places for turn in reversed(history) if turn.places and not turn.abstained), ())
            return replace(meant, resolved=replace(meant.resolved, shown=told), before=True)
        if history and (asked := self._asked_by_correction(question, history)):
            return replace(self.interpret(asked, history, composed=composed), corrects=True)
        turned = _NEW_TOPIC.match(question) if history else None
        if turned:
            return replace(self.interpret(question[turned.end() :], (), composed=composed), new_topic=True)
        refusal = self._language.refusal(question) if self._language else ""
        if refusal:
            return as_asked(question, refusal)
        corrected = self._corrected(question, history)
        resolved, decision = self._compared(corrected.text, history) or self._understood(
            corrected.text, history, composed=composed
        )
        corrects = resolved.corrects or (bool(history) and is_correction(corrected.text))
        correction = parse_correction(corrected.text) if corrects else None
        brought_in = resolved.about or (terms(correction.new, keep_stop_words=False) if correction else ())
        if self._spelling and brought_in and self._spelling.unknown(brought_in):
            topic = (correction.new if correction else substituted_topic(corrected.text)) or ""
            named = topic.removeprefix(leading_preposition(topic)).strip()
            refusal = f"Nothing about {named} in these articles."
        return InterpretedQuestion(resolved, decision, corrected, refusal)

    def _asked_by_correction(self, question: str, history: Sequence[Turn]) -> str:
        """Return the question that a correction asks itself; empty for any other."""
        is_correction = decide_kind(question, history).kind is QuestionKind.CORRECTION or says_meant(question)
        if not is_correction:
            return ""
        asked = asked_itself(self._corrected(question, history).text, history, conversation_topic(history))
        return asked if asked.rstrip("?").casefold() != question.rstrip(" ?").casefold() else ""

    def _compared(self, question: str, history: Sequence[Turn]) -> tuple[ResolvedQuestion, KindDecision] | None:
        """Return a comparison whose topic the conversation gives; None for any other question."""
        decision = decide_kind(question, history)
        written = ""
        if decision.kind is QuestionKind.COMPARISON and decision.kind in self._composed:
            it = replaced_it(history[-1]) if history else ""  # it goes on as what it stood for
            written = _IT.sub(lambda _: it, question) if it and _IT.search(question) else ""
            written = written or comparison_in_context(question, decision.topic, history)
        if not written:
            return None
        again = replace(decide_kind(written), kind=QuestionKind.COMPARISON)
        return ResolvedQuestion(written, written, written, 1.0, rewritten=True), again

    def _understood(
        self, question: str, history: Sequence[Turn], *, composed: bool
    ) -> tuple[ResolvedQuestion, KindDecision]:
        decision = decide_kind(question, history)
        follows = decision.kind not in _COMPLETE or sequence_direction(question)  # "and then?" is no courtesy
        dependent = bool(history) and (
            decision.dependent
            or (decision.kind in REQUESTS and names_again(decision.topic, history))
            or refers_to_listed(decision.topic, history)
            or bool(follows and depends_by_form(question, history))
        )
        of_articles = composed and articles_question(question, history)
        if composed and decision.kind in self._composed and not dependent and not of_articles:
            return ResolvedQuestion(question, question, question), decision
        if composed and (request := of_articles or self._request(question, decision, history)):
            return ResolvedQuestion(request, request, request, 1.0, rewritten=True), decide_kind(request)
        corrects = decision.kind is QuestionKind.CORRECTION
        resolved = self._follow_ups.understand(question, history, conversation_topic(history), corrects=corrects)
        if resolved.opened or not composed:
            return resolved, decision
        return resolved, self._decision_of(resolved, question, decision, history)

    def _decision_of(
        self, resolved: ResolvedQuestion, question: str, decision: KindDecision, history: Sequence[Turn]
    ) -> KindDecision:
        """Return what a question asks for that was resolved against the turns before it, decided by itself before."""
        if QuestionKind.LAST_ANSWER in self._composed and tells_when(question, history):
            return KindDecision(QuestionKind.LAST_ANSWER)
        if resolved.given or (brings_pronoun(question) and not resolved.rewritten):  # a list would show the same again
            return KindDecision(QuestionKind.FACT)
        standalone = decide_kind(resolved.standalone)
        if standalone.kind in UNREMEMBERED and decision.kind not in UNREMEMBERED:  # "what would it do?"
            return decision
        if standalone.kind is decision.kind or resolved.corrects or substituted_topic(question):
            return standalone
        return decision_for(decision.kind, resolved.standalone)

    def _request(self, question: str, decision: KindDecision, history: Sequence[Turn]) -> str:
        """Return a question about an article or a request without its topic, written out; empty for others."""
        if history and (about := asked_of_article(question)) and not resolve_pronouns(question, history):
            return f"What does the article say about {about}?"
        return standalone_request(question, decision, history) if decision.kind in self._composed else ""

    def _corrected(self, question: str, history: Sequence[Turn]) -> CorrectedText:
        """Return the question with its misspelt words replaced, and names of a short or lower-case one capitalised."""
        if self._spelling is None or decide_kind(question, history).kind in UNREMEMBERED:
            return CorrectedText(question)
        corrected = self._spelling.corrected(question)
        typed = any(_ACRONYM.sub("", each)[1:].islower() for each in (question, corrected.text))
        if typed or (history and substituted_topic(corrected.text)):
            outlets = self._outlets() if self._outlets else ()
            named = self._follow_ups.capitalised(corrected.text, history)
            return replace(corrected, text=_with_outlets(self._spelling.with_capitals(named), outlets))
        return corrected


def _plain(question: str, history: Sequence[Turn]) -> str:
    """Return a question without what acknowledges the answer before it, and with the topic named before it in it."""
    acknowledged = _ACKNOWLEDGED.match(question) if history else None
    asked = _CONTRACTED.sub(r"\1'\2 ", question[acknowledged.end() :] if acknowledged else question)
    named = _TOPICALISED.fullmatch(asked)
    pronoun = _STANDS_FOR.search(named["question"]) if named else None
    if named is None or pronoun is None:
        return asked
    rest = named["question"]
    return f"{rest[: pronoun.start()]}{named['topic']}{rest[pronoun.end() :]}"


def _with_outlets(text: str, outlets: Iterable[str]) -> str:
    """Return a text with the outlets in it that have names of several words as these are written."""
    for outlet in outlets:
        name = _OUTLET_ADDITION.sub("", outlet).strip()
        if " " in name and name.casefold() in text.casefold():
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: name, text, flags=re.IGNORECASE)  # noqa: B023
    return text
