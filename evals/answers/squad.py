"""Reads SQuAD's JSON, and keeps its paragraphs in a library as the program would keep articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.articles import Article, Hit, Span
from retrieval.embedding.embedder import Embedder
from retrieval.errors import InputError
from retrieval.search.hybrid import Searcher
from retrieval.store.library import Library
from retrieval.store.writer import PreparedArticle
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split
from retrieval.vector_index.index import VectorIndex


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the file: ``group`` is the number of its SQuAD article."""

    group: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question of the file.

    Attributes:
        paragraph: The number of the paragraph it is asked of.
        answers: Places of the gold answers in that paragraph; empty when it is unanswerable from it.
        texts: The gold answers in words.
    """

    text: str
    paragraph: int
    answers: tuple[Span, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SquadFile:
    """All paragraphs and questions, in the file's order."""

    paragraphs: tuple[Paragraph, ...]
    questions: tuple[SquadQuestion, ...]

    def group(self, question: SquadQuestion) -> int:
        """Return the number of the article that a question is asked of."""
        return self.paragraphs[question.paragraph].group


def read_squad(files: Sequence[Path]) -> SquadFile:
    """Read files in SQuAD's own JSON layout (1.1 or 2.0) as one.

    Raises:
        InputError: A file is absent or is not SQuAD JSON.
    """
    paragraphs: list[Paragraph] = []
    questions: list[SquadQuestion] = []
    group = 0
    for file in files:
        try:
            articles: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["data"]
            for article in articles:
                for given in article["paragraphs"]:
                    title = str(article["title"]).replace("_", " ")
                    questions += [_asked(question, len(paragraphs)) for question in given["qas"]]
                    paragraphs.append(Paragraph(group, title, given["context"]))
                group += 1
        except FileNotFoundError:
            raise InputError(f"there is no file {file}: name a SQuAD JSON file") from None
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{file} is not SQuAD JSON ({type(error).__name__}: {error})") from error
    return SquadFile(tuple(paragraphs), tuple(questions))


def _asked(question: dict[str, Any], paragraph: int) -> SquadQuestion:
    answers = [] if question.get("is_impossible") else question["answers"]
    return SquadQuestion(
        question["question"].strip(),
        paragraph,
        tuple(Span(each["answer_start"], each["answer_start"] + len(each["text"])) for each in answers),
        tuple(each["text"] for each in answers),
    )


@dataclass(frozen=True, slots=True)
class SquadLibrary:
    """A library of paragraphs, each an article of its own, ready to be searched.

    Attributes:
        ids: The article's id of each paragraph, in the file's order.
    """

    library: Library
    vectors: VectorIndex
    searcher: Searcher
    ids: tuple[str, ...]

    def close(self) -> None:
        """Close the files."""
        self.vectors.close()
        self.library.close()


def open_squad_library(squad: SquadFile, embedder: Embedder, folder: Path) -> SquadLibrary:
    """Split, embed and keep every paragraph under ``folder``, unless it holds exactly these already."""
    articles = [_article(number, paragraph) for number, paragraph in enumerate(squad.paragraphs)]
    library = Library.open(folder, create=True)
    ids = tuple(article.id for article in articles)
    if set(library.article_ids()) != set(ids) or library.fingerprint != embedder.fingerprint:
        _fill(library, articles, embedder)
    vectors = VectorIndex.open(library, folder / "chroma")
    vectors.sync()
    vectors.warm()
    return SquadLibrary(library, vectors, Searcher(library, vectors, embedder), ids)


def _article(number: int, paragraph: Paragraph) -> Article:
    found = structure(paragraph.text, title=paragraph.title)
    return Article(f"paragraph-{number}", paragraph.text, paragraph.title, found.blocks)


def _fill(library: Library, articles: Sequence[Article], embedder: Embedder) -> None:
    passages = [split(article) for article in articles]
    rows = embedder.embed_passages([passage.embedded_text for each in passages for passage in each])
    at = 0
    with library.writer() as writer, writer.transaction():
        writer.set_model(embedder.fingerprint)
        for article, each in zip(articles, passages, strict=True):
            writer.put_article(
                article.origin, PreparedArticle(article, each, rows[at : at + len(each)]), embedder.fingerprint
            )
            at += len(each)


def holds_answer(pool: SquadLibrary, question: SquadQuestion, hit: Hit, span: Span) -> bool:
    """Tell whether ``span`` of the hit's article covers a gold answer in the right paragraph."""
    return hit.article.id == pool.ids[question.paragraph] and any(span.covers(answer) for answer in question.answers)
