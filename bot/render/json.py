"""Answers and lists as JSON documents: exact text, and nothing in it that a terminal would obey."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.answers import Answer, Citation, Claim, Correction
from bot.render.layout import Places
from bot.render.sources import opinion
from retrieval.articles import Article, ArticleInfo, Filters, Hit, Span
from retrieval.text.sanitize import escape_unseen

JsonDocument = dict[str, Any]


def dumps(document: Mapping[str, Any] | Sequence[Any], *, indent: int | None = 2, ascii_only: bool = False) -> str:
    """Return one JSON document; control, bidirectional and zero-width characters are written as escapes."""
    return escape_unseen(json.dumps(document, ensure_ascii=ascii_only, indent=indent))


def answer_document(answer: Answer, places: Places) -> JsonDocument:
    """Return everything an answer says; for every place in it ``article.text[start:end] == quote``."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question or answer.question,
        "kind": str(answer.kind),
        "status": str(answer.status),
        "answered": not answer.message and not answer.possibly,
        "answer": answer.text,
        "text": answer.text,
        "claims": _claims(answer),
        "unconfirmed": [_unconfirmed(claim, places) for claim in answer.unconfirmed],
        "withheld": [_claim(claim) for claim in answer.withheld],
        "confidence": round(answer.confidence, 6),
        "held": round(answer.p_answerable, 6),
        "p_answerable": round(answer.p_answerable, 6),
        "abstention": {"reason": str(answer.abstention.reason), "message": answer.abstention.message}
        if answer.abstention
        else None,
        "doubts": [doubt.text for doubt in answer.doubts],
        "remarks": list(answer.remarks),
        "method": answer.method,
        "citations": [citation_document(citation, places) for citation in answer.citations],
        "nearest": [citation_document(citation, places) for citation in answer.nearest],
        "searched": {
            "articles": answer.searched.articles,
            "passages": answer.searched.passages,
            "undated": answer.searched.undated,
            "filters": filters_document(answer.searched.filters),
        },
        "hits": [_hit(hit, places) for hit in answer.hits],
        "answerer": answer.answerer,
        "fallback": answer.fallback or None,
        "cut": answer.cut or None,
        "usage": asdict(answer.usage) if answer.usage else None,
        "timings_ms": {step: round(time, 1) for step, time in answer.timings.items()},
    }


def _claims(answer: Answer) -> list[JsonDocument]:
    if answer.message:  # claims that are shown marked, beside it
        return [_claim(claim) for claim in answer.claims]
    return [_claim(claim) | span_fields(place) for claim, place in zip(answer.claims, answer.places, strict=True)]


def _unconfirmed(claim: Claim, places: Places) -> JsonDocument:
    return _claim(claim) | {"nearest": citation_document(claim.nearest, places) if claim.nearest else None}


def _claim(claim: Claim) -> JsonDocument:
    return {
        "text": claim.text,
        "start": None,
        "end": None,
        "support": str(claim.support),
        "probability": round(claim.probability, 6),
        "citations": list(claim.citations),
        "problems": list(claim.problems),
        "form": str(claim.form),
        "label": claim.label,
        "marks": [span_fields(mark) for mark in claim.marks],
        "when": {"first": claim.when.first.isoformat(), "last": claim.when.last.isoformat()} if claim.when else None,
    }


def citation_document(citation: Citation, places: Places) -> JsonDocument:
    """Return a citation: its article, and the place and words in it."""
    return {
        "number": citation.number,
        **article_fields(citation.article, places),
        **span_fields(citation.span),
        "quote": citation.quote,
        "passage_id": citation.passage_id,
        "paragraph": citation.paragraph,
        "page": citation.page,
        "confidence": round(citation.confidence, 6),
        "opinion": opinion(citation.article),
        "copies": [article_fields(copy, places) for copy in citation.copies],
        "correction": correction_document(citation.correction, places),
    }


def correction_document(correction: Correction | None, places: Places) -> JsonDocument | None:
    """Return the note that withdraws words, and its place in its article; null where none does."""
    if correction is None:
        return None
    return {
        **article_fields(correction.article, places),
        **span_fields(correction.span),
        "quote": correction.note,
    }


def filters_document(filters: Filters) -> JsonDocument:
    """Return the filters, empty ones too."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(filters).items()}


def info_document(info: ArticleInfo, places: Places) -> JsonDocument:
    """Return an article by itself."""
    return {**article_fields(info, places), "characters": info.characters, "passages": info.passages}


def articles_document(
    articles: Sequence[ArticleInfo], copies: Mapping[str, Sequence[ArticleInfo]], places: Places
) -> JsonDocument:
    """Return a list of articles, each with those that are one story with it."""
    listed = []
    for info in articles:
        told = [article_fields(copy, places) for copy in copies.get(info.id, ())]
        listed.append({**info_document(info, places), "copies": told})
    return {"articles": listed}


def article_document(
    article: Article, info: ArticleInfo, mark: Span | None, places: Places, copies: Sequence[ArticleInfo] = ()
) -> JsonDocument:
    """Return an article with its text, the marked characters, and the articles that are one story with it."""
    quote = (
        {**span_fields(mark), "quote": mark.of(article.text)} if mark else {"start": None, "end": None, "quote": None}
    )
    told = [article_fields(copy, places) for copy in copies]
    return {**info_document(info, places), **quote, "copies": told, "text": article.text}


def _hit(hit: Hit, places: Places) -> JsonDocument:
    return {
        "number": hit.rank,
        **article_fields(hit.article, places),
        **span_fields(hit.passage.span),
        "quote": hit.passage.text,
        "passage_id": hit.passage.id,
        "page": hit.passage.page,
        "score": hit.score,
        "dense_rank": hit.dense_rank,
        "dense_score": hit.dense_score,
        "word_rank": hit.word_rank,
        "word_score": hit.word_score,
    }


def article_fields(info: ArticleInfo, places: Places) -> JsonDocument:
    """Return the fields that name an article wherever a place in it is told."""
    return {
        "article_id": info.id,
        "title": info.title,
        "path": places.path(info.path),
        "url": info.url,
        "source": info.source,
        "author": info.author,
        "published": info.published,
    }


def span_fields(span: Span) -> JsonDocument:
    """Return the characters' half-open place in the article's text."""
    return {"start": span.start, "end": span.end}
