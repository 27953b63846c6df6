"""How likely sentences answer a question, by the reader's cross-encoder, each with its headings and neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.features import parse_passage
from bot.composition.quotable import QuotableSentence
from retrieval.embedding.cross_encoder import CrossEncoder, sentence_input


def answer_scores(cross_encoder: CrossEncoder, question: str, sentences: Sequence[QuotableSentence]) -> list[float]:
    """Return the log odds that each of some sentences answers a question; each costs about 5 ms of a processor."""
    if not sentences:
        return []
    return [float(score) for score in cross_encoder.scores(question, [_input(each) for each in sentences])]


def _input(sentence: QuotableSentence) -> str:
    passage = sentence.hit.passage
    page = parse_passage(passage)
    return sentence_input([each.text for each in page.sentences], page.place(sentence.span), passage.context)
