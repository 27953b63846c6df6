"""Separate answers: the answers to questions that were asked at once, laid out one below the other as one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import Abstention, AbstentionReason, Answer, Citation, Claim, Form, QuestionKind, Support

METHOD = "Each question was answered by itself, after those before it."


def joined_answers(question: str, answers: Sequence[Answer], kind: QuestionKind = QuestionKind.FACT) -> Answer:
    """Return the answers to several questions as one; its citations are numbered in order.

    Nothing is asserted where none of them asserts anything. What only may answer one is said to, below its question.

    Args:
        question: The text that asked them.
        answers: The answers, in order; at least one.
        kind: What the text as a whole asks for.
    """
    claims: list[Claim] = []
    citations: list[Citation] = []
    for answer in answers:
        claims.append(Claim(answer.question, Support.SUPPORTED, form=Form.HEADING, opens=bool(claims)))
        if said := answer.message or answer.label:
            claims.append(Claim(said, Support.SUPPORTED, form=Form.NOTE))
        if answer.message:
            continue
        numbers = {each.number: len(citations) + place for place, each in enumerate(answer.citations, 1)}
        citations += [replace(each, number=numbers[each.number]) for each in answer.citations]
        for claim in answer.claims:
            form = Form.ITEM if claim.form is Form.SENTENCE else claim.form
            cited = tuple(numbers[each] for each in claim.citations if each in numbers)
            claims.append(replace(claim, form=form, citations=cited))
    told = [answer for answer in answers if not answer.message]
    says_nothing = Abstention(
        AbstentionReason.NOT_IN_ARTICLES, " ".join(f"{each.question} {each.message}" for each in answers)
    )
    hits = {hit.passage.id: hit for answer in told or answers for hit in answer.hits}
    nearest = () if told else tuple(each for answer in answers for each in answer.nearest)
    return Answer(
        question=question,
        citations=tuple(citations),
        nearest=nearest,
        confidence=min((each.confidence for each in told), default=0.0),
        abstention=None if told else says_nothing,
        hits=tuple(hits.values()),
        searched=answers[0].searched,
        p_answerable=min((each.p_answerable for each in told), default=0.0),
        claims=tuple(claims) if told else (),
        remarks=tuple(dict.fromkeys(remark for each in told for remark in each.remarks)),
        method=METHOD if told else "",
        kind=kind,
        timings={"total": sum(each.timings.get("total", 0.0) for each in answers)},
    )
