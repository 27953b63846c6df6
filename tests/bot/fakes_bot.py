"""A small corpus, and stand-ins for search, reader and terminal, so that faces are tested without a model."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answers import Abstention, AbstentionReason, Answer, Citation, SearchScope, quoted
from bot.app import EVERYTHING, App, Overrides
from bot.render.layout import Places
from bot.settings import RENAMED, Settings, documented
from retrieval.articles import Article, ArticleInfo, Filters, Hit, Passage, Span
from retrieval.search.query import WeightedQuery
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from tests.fakes import FakeEmbedder, make_article, make_library

HARBOUR = make_article(
    "Harbour strike ends\nThe dockers of Port Vell ended their strike on Tuesday.\nWages rise by four percent.\n",
    title="Harbour strike ends",
    origin="news/harbour.txt",
    path="news/harbour.txt",
    source="Coast Herald",
    author="Ana Prats",
    published="2024-03-05",
    url="https://coast.example/harbour",
)
ORCHARD = make_article(
    "Frost hits the orchards\nA late frost destroyed half of the cherry harvest.\nGrowers ask for aid.\n",
    title="Frost hits the orchards",
    origin="news/orchard.txt",
    path="news/orchard.txt",
    source="Valley Times",
    published="2024-04-20",
)


class WordSearcher:
    """Finds passages by their words."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
        text = (
            " ".join([question.question, *(p.text for p in question.components)])
            if isinstance(question, WeightedQuery)
            else question
        )
        wanted = terms(text, keep_stop_words=False)
        ids = self._library.article_ids(filters) if filters else None
        found = self._library.search_words(wanted, limit=limit, article_ids=ids)
        passages = {passage.id: passage for passage in self._library.passages([name for name, _ in found])}
        return [
            Hit(
                passages[name],
                self._library.info(passages[name].article_id),
                score,
                rank,
                word_rank=rank,
                word_score=score,
            )
            for rank, (name, score) in enumerate(found, 1)
        ]


class MeaningSearcher(WordSearcher):
    """Finds passages by their words, and before these those of the articles that are near to a text in meaning.

    Args:
        library: The articles.
        near: By text, the cosine of each article near to it, by title.
    """

    def __init__(self, library: Library, near: Mapping[str, Mapping[str, float]]) -> None:
        super().__init__(library)
        self._near = near

    def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
        cosines = self._near.get(question, {}) if isinstance(question, str) else {}
        near = sorted(
            (article for article in self._library.articles(filters) if article.title in cosines),
            key=lambda article: -cosines[article.title],
        )
        by_meaning = [
            Hit(passage, article, 1.0, 1, dense_score=cosines[article.title])
            for article in near
            for passage in self._library.passages_of(article.id)
        ]
        found = {hit.passage.id for hit in by_meaning}
        by_words = [hit for hit in super().search(question, filters, limit) if hit.passage.id not in found]
        return [replace(hit, rank=rank) for rank, hit in enumerate([*by_meaning, *by_words][:limit], 1)]


class CountingReader:
    """A sentence that shares two words with the question answers it."""

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        asked = set(terms(question, keep_stop_words=False))
        found = [
            ScoredSentence(hit, hit.passage.span, min(0.9, 0.3 * len(asked & set(terms(hit.passage.text)))))
            for hit in hits
        ]
        found.sort(key=lambda candidate: -candidate.probability)
        answers = sum(candidate.probability > 0.5 for candidate in found)
        best = found[0].probability if found else 0.0
        return ReaderResult(tuple(found), best, best, answers)


def make_parts(folder: Path, articles: Sequence[Article] = (HARBOUR, ORCHARD), **more: Unpack[Overrides]) -> Overrides:
    """Return the components of an app over a library in ``folder``, which it makes."""
    library = make_library(folder, articles)
    reader = CountingReader()
    parts: Overrides = {
        "library": library,
        "embedder": FakeEmbedder(),
        "searcher": WordSearcher(library),
        "reader": reader,
        "answerer": ExtractiveAnswerer(reader, library),
    }
    return {**parts, **more}


def make_app(folder: Path, articles: Sequence[Article] = (HARBOUR, ORCHARD), **more: Unpack[Overrides]) -> App:
    """Return an app over a small library in ``folder``."""
    return App(Settings(store_dir=folder), **make_parts(folder, articles, **more))


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment without the person's settings and terminal."""
    dropped = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", *RENAMED, *(name for name, _, _ in documented())}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm-256color"} | more


PLACES = Places(Path("/home/ana/paper"), Path("/home/ana/paper"))


def info(number: int = 1, **more: Any) -> ArticleInfo:
    """Return an article's entry."""
    known: dict[str, Any] = {
        "id": f"{number:016x}",
        "origin": f"news/{number:03}.txt",
        "title": f"Article {number}",
        "path": f"news/{number:03}.txt",
        "url": "",
        "source": "",
        "author": "",
        "published": "",
        "characters": 1000,
        "passages": 4,
    }
    return ArticleInfo(**known | more)


def cite(number: int, quote: str, article: ArticleInfo, start: int = 100, **more: Any) -> Citation:
    """Return a citation of ``quote`` at ``start``."""
    span = Span(start, start + len(quote))
    known: dict[str, Any] = {"paragraph": 4, "confidence": 0.8, "passage_id": f"{article.id}:{start}-{span.end}"}
    return Citation(number, article, span, quote, **known | more)


def hit_for(citation: Citation, rank: int, **more: Any) -> Hit:
    """Return the hit that a citation was read from."""
    passage = Passage(citation.article.id, rank, citation.span, citation.quote, "", (citation.span,))
    return Hit(passage, citation.article, 1.0 / rank, rank, **more)


def answered(*citations: Citation, question: str = "What ended?", **more: Any) -> Answer:
    """Return an answer of these citations."""
    hits = tuple(hit_for(each, rank, dense_rank=rank, dense_score=0.5) for rank, each in enumerate(citations, 1))
    known: dict[str, Any] = {"nearest": (), "abstention": None, "hits": hits, "searched": SearchScope(3, 21, Filters())}
    known |= {"claims": quoted(citations), "confidence": 0.83}
    return Answer(question, citations, **known | more)


def abstained(*nearest: Citation, question: str = "Who is the president of France?", **more: Any) -> Answer:
    """Return an abstention with these nearest sentences."""
    no = Abstention(AbstentionReason.NOT_IN_ARTICLES, "Not in these articles.")
    known: dict[str, Any] = {
        "confidence": 0.12,
        "p_answerable": 0.2,
        "hits": (),
        "searched": SearchScope(3, 21, Filters()),
    }
    return Answer(question, (), nearest, abstention=no, **known | more)
