"""Why there is this answer, or none: in one to three sentences, each claim's fault, and the numbers behind it.

Values and plain phrases; each face escapes and lays them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import EXTRACTIVE, Answer, Citation, Claim, Form, QuestionKind, Status, Support
from bot.render.catalogue import retold, translated, translated_count
from bot.render.phrases import claim_counts, hidden_claims, scope_words, searched_words
from bot.render.sources import title_of
from retrieval.articles import Hit
from retrieval.text.sanitize import line

MAX_QUOTE_CHARACTERS = 200
"""Characters of the nearest sentence that are repeated."""
DOUBTFUL = 0.4
"""The probability below which an article probably does not say what is not confirmed."""
UNCERTAIN = "is not certain enough"
_LIKELY = "is likely enough to answer"
_PROBABLE = "It is right with a probability of {percent:.0f} %."
_POSSIBLE = "Shown as a possible answer only, since the sentence {doubts}."
_ANSWERED = "Answered: the sentence is right with a probability of {percent:.0f} %."
_NEAREST = "No sentence that was found {missing}. The nearest says: “{quote}” [{number}]"
_LEFT_OUT = "“{claim}” was left out, since {problem}{more}."
_ABSTAINED = "Abstained from what {model} wrote."
_WRITTEN = "Answered: {model} wrote."


KIND_WORDS = {
    QuestionKind.FACT: "a fact",
    QuestionKind.WHO_SAID: "who said something",
    QuestionKind.OVERVIEW: "an overview",
    QuestionKind.TIMELINE: "a timeline",
    QuestionKind.COMPARISON: "a comparison",
    QuestionKind.LIST: "a list",
    QuestionKind.COLLECTION: "facts about the collection",
    QuestionKind.LAST_ANSWER: "facts about the last answer",
    QuestionKind.CORRECTION: "the last question, corrected",
    QuestionKind.SMALL_TALK: "no information",
    QuestionKind.COMMAND: "a command",
}
"""What a question of each kind asks for, in words."""


@dataclass(frozen=True, slots=True)
class ClaimFault:
    """A claim that is withheld or not confirmed, or shown although something is wrong with it.

    Attributes:
        text: The claim.
        sign: "✗" for one that is withheld, "?" for one that is not confirmed, "⚑" for one that is shown.
        about: "withheld: the number 45 is not in the source (probability 0.12)".
        nearest: The sentence closest to one that is not confirmed.
    """

    text: str
    sign: str
    about: str
    nearest: Citation | None = None


@dataclass(frozen=True, slots=True)
class PassageScores:
    """A passage that was read.

    Attributes:
        hit: With its ranks and scores by meaning and by words.
        p_answers: The probability that its best sentence answers; None where no sentence of it was among the best.
    """

    hit: Hit
    p_answers: float | None

    @property
    def words(self) -> str:
        """The scores that are known: "meaning 1 (0.512) · words 2 (3.40) · answers 0.83"."""
        parts = []
        if self.hit.dense_rank and self.hit.dense_score is not None:
            parts.append(f"meaning {self.hit.dense_rank} ({self.hit.dense_score:.3f})")
        if self.hit.word_rank and self.hit.word_score is not None:
            parts.append(f"words {self.hit.word_rank} ({self.hit.word_score:.2f})")
        if self.p_answers is not None:
            parts.append(f"answers {self.p_answers:.2f}")
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why there is this answer, or none.

    Attributes:
        reasons: Why, a sentence each: what was missing, and what was searched.
        faults: What the check of a chat model's claims found.
        numbers: Probabilities and costs of the decision, tokens and times, a sentence each.
        passages: What was read, by rank.
    """

    reasons: tuple[str, ...]
    faults: tuple[ClaimFault, ...] = ()
    numbers: tuple[str, ...] = ()
    passages: tuple[PassageScores, ...] = ()


def explain(answer: Answer, wrong_answer_cost: float) -> Explanation:
    """Return why there is this answer, or none.

    Args:
        answer: It.
        wrong_answer_cost: What a wrong answer costs where a missed one costs 1: the lesser expected cost decides.
    """
    understood = [f"Understood as: {line(answer.standalone_question)}"] if answer.standalone_question else []
    if answer.citations and not answer.hits:  # "Say more about 2"
        return Explanation((*understood, "Read on from the citation; nothing was searched."))
    chat_model = [f"The chat model did not answer: {line(answer.fallback)}."] if answer.fallback else []
    if answer.composed:
        kind = f"It asks for {KIND_WORDS[answer.kind]}."
        reasons = [*understood, kind, *chat_model, line(answer.method), *map(line, answer.remarks)]
        return Explanation(tuple(reasons), numbers=tuple(_cost(answer)))
    written = answer.answerer != EXTRACTIVE
    reasons = [
        *understood,
        *chat_model,
        _written_decision(answer) if written else extractive_reason(answer),
        *(line(remark) for remark in answer.remarks),
        f"Searched {searched_words(answer.searched)} for {KIND_WORDS[answer.kind]}; read {len(answer.hits)}.",
        *([f"{claim_counts(answer)}."] if written and _wrote(answer) else []),
    ]
    numbers = [] if written else [_decision_numbers(answer, wrong_answer_cost)]
    return Explanation(tuple(reasons), _faults(answer), (*numbers, *_cost(answer)), _passages(answer))


def plain_reasons(answer: Answer) -> tuple[str, ...]:
    """Return why there is this answer, or none, in at most three sentences without probabilities of single claims."""
    if answer.citations and not answer.hits:  # "Say more about 2"
        return (translated("Read on from the citation; nothing was searched."),)
    scope, hits = scope_words(answer.searched), len(answer.hits)
    closest = translated("Read for it: the {number} closest passages of {scope}.", number=hits, scope=scope)
    read = closest if answer.hits else translated("Searched {scope}.", scope=scope)
    remarks = [retold(line(remark)) for remark in answer.remarks]
    if answer.composed:
        kind = translated("It asks for {kind}.", kind=translated(KIND_WORDS[answer.kind]))
        reasons = [kind, retold(line(answer.method)), *remarks]
    elif answer.answerer != EXTRACTIVE:
        reasons = [_written_decision(answer), *([f"{claim_counts(answer)}."] if _wrote(answer) else [])]
        reasons.append(_worst_fault(answer) or read)
    else:
        reasons = [extractive_reason(answer)]
        reasons += [translated(_PROBABLE, percent=100 * answer.confidence)] if answer.possibly else []
        fallback = translated("The chat model did not answer: {reason}.", reason=line(answer.fallback))
        reasons += [fallback] if answer.fallback else remarks[:1]
        reasons = [*reasons[:2], read] if answer.hits or not answer.abstention else reasons
    return tuple(reasons[:3])


def _worst_fault(answer: Answer) -> str:
    """Return a claim that was left out and why, and how many others; empty where none was."""
    left_out = [*answer.withheld, *answer.unconfirmed]
    if not left_out:
        return ""
    claim, *others = left_out
    problem = retold(line(claim.problems[0])) if claim.problems else translated("no article is sure to say it")
    more = translated_count(len(others), "; so was 1 other", "; so were {number:,} others") if others else ""
    return translated(_LEFT_OUT, claim=_shortened(claim.text), problem=problem, more=more)


def extractive_reason(answer: Answer) -> str:
    """Return why sentences of the articles were asserted, only shown, or neither, in a sentence or two."""
    if answer.possibly:
        doubts = translated(" and ").join(retold(doubt.sentence) for doubt in answer.doubts[:2])
        return translated(_POSSIBLE, doubts=doubts or translated(UNCERTAIN))
    if not answer.abstention:
        return translated(_ANSWERED, percent=100 * answer.confidence)
    if not answer.nearest:
        return retold(line(answer.abstention.message))
    missing = retold(line(answer.doubts[0].missing if answer.doubts else _LIKELY))
    nearest = answer.nearest[0]
    quote = _shortened(nearest.quote)
    return translated(_NEAREST, missing=missing, quote=quote, number=nearest.number)


def _decision_numbers(answer: Answer, wrong_answer_cost: float) -> str:
    verdict = {Status.ABSTAINED: "Abstained", Status.POSSIBLY: "Possibly"}.get(answer.status, "Answered")
    reason = f" ({answer.abstention.reason.replace('_', ' ')})" if answer.abstention else ""
    cost = "as much as a missed one" if wrong_answer_cost == 1 else f"{wrong_answer_cost:g} times a missed one"
    return (
        f"{verdict}{reason}: the best sentence is correct with probability {answer.confidence:.2f}, the articles hold "
        f"an answer with probability {answer.p_answerable:.2f}; a wrong answer costs {cost}."
    )


def _wrote(answer: Answer) -> bool:
    return bool(answer.claims or answer.unconfirmed or answer.withheld)


def _written_decision(answer: Answer) -> str:
    if answer.status is Status.UNCONFIRMED:
        return translated("Nothing that {model} wrote is confirmed.", model=line(answer.answerer))
    return translated(_ABSTAINED if answer.abstention else _WRITTEN, model=line(answer.answerer))


def _faults(answer: Answer) -> tuple[ClaimFault, ...]:
    hidden = hidden_claims(answer)
    return (
        *(_shown_fault(claim) for claim in answer.claims if claim.problems),
        *(_doubt(claim, "not confirmed") for claim in answer.unconfirmed),
        *(_doubt(claim, "not confirmed, and not shown (SHOW_UNCONFIRMED=0)") for claim in hidden),
        *(_withheld_fault(claim) for claim in answer.withheld if claim not in hidden),
    )


def _shown_fault(claim: Claim) -> ClaimFault:
    verdict = "partly supported" if claim.support is Support.PARTIAL else str(claim.support)
    return _fault(claim, "⚑", verdict, claim.problems)


def _withheld_fault(claim: Claim) -> ClaimFault:
    remark = ["says that the passages do not hold it"] if claim.form is Form.REMARK else []
    return _fault(claim, "✗", "withheld", [*claim.problems, *remark] or ["no article supports it"])


def _doubt(claim: Claim, verdict: str) -> ClaimFault:
    """Return what is uncertain about a claim, in words, and the sentence closest to it."""
    if claim.support is Support.PARTIAL:
        doubt = "the articles support only a part of it, which does not answer the question"
    elif claim.probability >= DOUBTFUL:
        doubt = "no problem was found, but it is not sure that an article says it"
    else:
        doubt = "no problem was found, but probably no article says it"
    return _fault(claim, "?", verdict, [doubt, *claim.problems])


def _fault(claim: Claim, sign: str, verdict: str, reasons: Sequence[str]) -> ClaimFault:
    about = f"{verdict}: {line('; '.join(reasons))} (probability {claim.probability:.2f})"
    return ClaimFault(line(claim.text), sign, about, claim.nearest)


def nearest_words(citation: Citation) -> str:
    """Return the sentence closest to a claim, and its article: "The nearest says: “…” (Harbour strike ends)"."""
    return f"The nearest says: “{_shortened(citation.quote)}” ({title_of(citation.article)})"


def _shortened(quote: str) -> str:
    said = line(quote)
    return said if len(said) <= MAX_QUOTE_CHARACTERS else said[:MAX_QUOTE_CHARACTERS].rsplit(" ", 1)[0] + "…"


def _cost(answer: Answer) -> list[str]:
    sentences = []
    if answer.usage:
        tokens = f"{answer.usage.input_tokens:,} tokens sent, {answer.usage.output_tokens:,} received"
        sentences.append(f"{tokens}{' (estimated)' if answer.usage.estimated else ''}.")
    if answer.timings:
        times = ", ".join(f"{step.replace('_', ' ')} {time:,.0f} ms" for step, time in answer.timings.items())
        sentences.append(f"{times[0].upper()}{times[1:]}.")
    return sentences


def _passages(answer: Answer) -> tuple[PassageScores, ...]:
    best: dict[str, float] = {}
    for citation in (*answer.citations, *answer.nearest):
        best[citation.passage_id] = max(best.get(citation.passage_id, 0.0), citation.confidence)
    return tuple(PassageScores(hit, best.get(hit.passage.id)) for hit in answer.hits)
