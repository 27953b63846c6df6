"""Training examples of the reader's cross-encoder: questions with sentences that answer them and hard negatives.

Questions come in SQuAD's JSON or as JSON lines of question, passage, answers (character spans), set and title. Passages
are split as the program splits articles. The negatives of a question are sentences that resemble it most without an
answer: in its own article, and in the others of its set.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.answers.question_variants import changed, names, typed
from evals.answers.squad import read_squad
from evals.cross_encoders.examples import Candidate, ExampleGroup, ExamplePassage, part_of
from evals.cross_encoders.pipeline import TrainingRecipe
from retrieval.articles import Article, Span
from retrieval.embedding.cross_encoder import plain
from retrieval.errors import InputError
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split
from retrieval.text.analyzer import terms

Floats = NDArray[np.float32]

QUESTIONS = {
    "qamr": 9_000, "squadshifts-amazon": 1_500, "squadshifts-reddit": 2_500, "squadshifts-new-wiki": 7_000,
}  # fmt: skip
"""Most questions of a set: what is far from news, or many questions about few sentences, counts less."""
COPIES = {
    "newsqa-dev": 2, "newsqa-pilot": 3, "realtimeqa-2022-2023": 2, "ester": 2, "squad2": 2,
}  # fmt: skip
"""Groups of a question, each with other negatives and typed otherwise: news, and what people made unanswerable."""
LEFT_OUT = frozenset({"bipar-en"})
"""Sets for non-commercial use: nothing that is shipped is trained on them."""

SIMILAR = 60
"""Sentences most similar to a question from which its negatives are drawn."""
CHANGED_SHARE, PASSAGE_SHARE, UNTITLED_SHARE = 0.12, 0.06, 0.15
"""Shares of the answerable questions that are asked again with a fact changed, that also score whole passages, and
whose passages go without their headline."""
MAX_PASSAGE_CHARACTERS = 460
"""Characters of a passage that the model reads within its tokens: an answer behind them makes no positive."""
_MASKED = re.compile(
    "<num>"
)  # TREC-QA's copy: a number in a passage is any number again, a question with one is no question


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question of a training set.

    Attributes:
        answers: Places of its answers in ``passage``; empty when the passage does not answer it.
        source: The name of its set.
    """

    text: str
    passage: str
    title: str
    answers: tuple[Span, ...]
    source: str

    @property
    def article(self) -> str:
        """What the part of its article is made from: the title where several passages share it, else the passage."""
        return self.title if self.source == "squad2" else self.passage


def read_questions(files: Sequence[Path]) -> list[QuestionRecord]:
    """Read questions of SQuAD JSON files (as the set "squad2") and of JSON lines (.gz may follow).

    Raises:
        InputError: A file is absent or of neither layout.
    """
    found: list[QuestionRecord] = []
    for file in files:
        if file.suffix == ".json":
            squad = read_squad([file])
            paragraphs = squad.paragraphs
            found += [
                QuestionRecord(
                    each.text, paragraphs[each.paragraph].text, paragraphs[each.paragraph].title, each.answers, "squad2"
                )
                for each in squad.questions
            ]
            continue
        try:
            with (
                gzip.open(file, "rt", encoding="utf-8")
                if file.suffix == ".gz"
                else file.open(encoding="utf-8") as lines
            ):
                found += [_record(json.loads(line)) for line in lines]
        except FileNotFoundError:
            raise InputError(f"there is no file {file}: name files of questions") from None
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{file} is no file of questions ({type(error).__name__}: {error})") from error
    return [each for each in found if each.source not in LEFT_OUT and not _MASKED.search(each.text)]


def _record(line: dict[str, Any]) -> QuestionRecord:
    answers = tuple(Span(start, end) for start, end in line["answers"])
    passage = _MASKED.sub(lambda found: f"{1900 + found.start() % 110:5d}", line["passage"])
    return QuestionRecord(line["question"].strip(), passage, line.get("title") or "", answers, line["set"])


@dataclass(slots=True)
class _SetSentences:
    """The sentences of a set's passages, as the program splits them.

    Attributes:
        articles: By text: the sentences of an article, as indices.
        owner: The article's number of each sentence.
        title: The title's number of each article: paragraphs of one Wikipedia article.
        place: Its passage and its index there.
        spans: Its characters in the article.
    """

    articles: dict[str, range] = field(default_factory=dict)
    owner: list[int] = field(default_factory=list)
    place: list[tuple[int, int]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class ReaderExamples:
    """Builds the passages and groups of all sets.

    Args:
        seed: Of every choice: the same questions give the same examples.
    """

    def __init__(self, seed: int = 0) -> None:
        self.passages: list[ExamplePassage] = []
        self._rng = random.Random(seed)  # noqa: S311 (no secret)
        self._untitled: dict[int, int] = {}

    def build(self, records: Sequence[QuestionRecord]) -> Iterator[ExampleGroup]:
        """Yield the groups of ``records``, a set after another; ``passages`` is complete when all are yielded."""
        by_set = defaultdict[str, list[QuestionRecord]](list)
        for record in records:
            by_set[record.source].append(record)
        for source, found in by_set.items():
            chosen = self._rng.sample(found, min(len(found), QUESTIONS.get(source, len(found))))
            yield from self._of_set(chosen)

    def _of_set(self, records: Sequence[QuestionRecord]) -> Iterator[ExampleGroup]:
        pool = self._sentences(records)
        similar = _similar_sentences([record.text for record in records], pool.texts)
        far = [name for record in records[:2_000] for name in names(record.text)]
        for record, (indices, scores) in zip(records, similar, strict=True):
            ranked = dict(zip(indices.tolist(), scores.tolist(), strict=True))
            for copy in range(COPIES.get(record.source, 1)):
                yield from self._groups(record, pool, ranked, far, again=copy > 0)

    def _sentences(self, records: Sequence[QuestionRecord]) -> _SetSentences:
        pool = _SetSentences()
        for record in records:
            if record.passage in pool.articles:
                continue
            found = structure(record.passage, title=record.title)
            article = Article(record.source, record.passage, found.title, found.blocks)
            first = len(pool.texts)
            for passage in split(article):
                texts = [plain(span.of(record.passage)) for span in passage.sentences]
                for place, (span, text) in enumerate(zip(passage.sentences, texts, strict=True)):
                    pool.place.append((len(self.passages), place))
                    pool.spans.append(span)
                    pool.texts.append(text)
                    pool.owner.append(len(pool.articles))
                self.passages.append(ExamplePassage(plain(passage.context), tuple(texts)))
            pool.articles[record.passage] = range(first, len(pool.texts))
        return pool

    def _groups(
        self, record: QuestionRecord, pool: _SetSentences, ranked: dict[int, float], far: Sequence[str], *, again: bool
    ) -> Iterator[ExampleGroup]:
        own = pool.articles[record.passage]
        answers = {span.of(record.passage).casefold().strip(" .,;:\"'") for span in record.answers} - {""}
        right = [at for at in own if any(_covers(pool.spans[at], answer) for answer in record.answers)]
        if record.answers and not right:
            return  # in a heading or byline, or across sentences
        wrong_here = [at for at in own if at not in right and not _names_any(pool.texts[at], answers)]
        wrong_there = [at for at in ranked if at not in own and not _names_any(pool.texts[at], answers)]
        negatives = self._negatives(wrong_here, wrong_there, right, ranked, again=again)
        positives = self._rng.sample(right, min(2, len(right)))
        if not positives and not negatives:
            return
        untitled = self._rng.random() < UNTITLED_SHARE

        def group(text: str, candidates: Sequence[tuple[int, float]], weight: float = 1.0) -> ExampleGroup:
            chosen = []
            for at, label in candidates:
                passage, place = pool.place[at]
                chosen.append(Candidate(self._without_headline(passage) if untitled else passage, place, label))
            return ExampleGroup(text, tuple(chosen), record.source, part_of(record.article), weight)

        labelled = [*((at, 1.0) for at in positives), *((at, 0.0) for at in negatives)]
        yield group(typed(record.text, self._rng), labelled)
        if not right or again:
            return
        if self._rng.random() < CHANGED_SHARE:
            around = " ".join(pool.texts[at] for at in own if any(abs(at - each) < 2 for each in right))
            near = names(record.passage[:3_000])
            if other := changed(record.text, near, far, around + record.text, self._rng):
                yield group(typed(other, self._rng), [(at, 0.0) for at in (*positives, *negatives[:3])], 0.7)
        if self._rng.random() < PASSAGE_SHARE:
            yield from self._passage_group(record, pool, right, wrong_there, answers)

    def _negatives(
        self, here: Sequence[int], there: Sequence[int], right: Sequence[int], ranked: dict[int, float], *, again: bool
    ) -> list[int]:
        """Return up to five sentences: the likest and a neighbour of its own article, the likest of others."""
        likest = sorted(here, key=lambda at: -ranked.get(at, 0.0))
        beside = [at for at in here if any(abs(at - each) == 1 for each in right)]
        chosen = likest[:1] if not again else likest[1:2]
        choices = ((likest[:5], 1), (beside, 1), (there[:3], 1), (there[3:25], 1) if again else (here, 1))
        for options, count in choices if right else ((likest[:4], 2), (there[:10], 1)):
            left = [at for at in options if at not in chosen]
            chosen += self._rng.sample(left, min(count, len(left)))
        return chosen

    def _passage_group(
        self, record: QuestionRecord, pool: _SetSentences, right: Sequence[int], there: Sequence[int], answers: set[str]
    ) -> Iterator[ExampleGroup]:
        """Yield a group of whole passages, for reranking: the one with the answer, and the likest others without it."""
        best = pool.place[right[0]][0]
        text = " ".join(self.passages[best].sentences)[:MAX_PASSAGE_CHARACTERS]
        if not _names_any(text, answers):
            return
        others: list[int] = []
        for at in (*pool.articles[record.passage], *there):
            number = pool.place[at][0]
            if (
                number != best
                and number not in others
                and not _names_any(" ".join(self.passages[number].sentences), answers)
            ):
                others.append(number)
        labelled = [Candidate(best, None, 1.0), *(Candidate(each, None, 0.0) for each in others[:3])]
        yield ExampleGroup(typed(record.text, self._rng), tuple(labelled), record.source, part_of(record.article))

    def _without_headline(self, passage: int) -> int:
        if passage not in self._untitled:
            self._untitled[passage] = len(self.passages)
            self.passages.append(ExamplePassage("", self.passages[passage].sentences))
        return self._untitled[passage]


def _covers(sentence: Span, answer: Span) -> bool:
    """Return whether a sentence contains an answer, or most of one that continues in the next."""
    shared = min(sentence.end, answer.end) - max(sentence.start, answer.start)
    return shared > 0 and shared * 2 >= min(len(answer), len(sentence))


def _names_any(text: str, answers: set[str]) -> bool:
    folded = text.casefold()
    return any(answer in folded for answer in answers)


def _similar_sentences(questions: Sequence[str], texts: Sequence[str]) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """Yield for each question the indices of the most similar sentences, best first, and their TF-IDF cosines."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # noqa: PLC0415

    vectorizer = TfidfVectorizer(analyzer=_content_terms, sublinear_tf=True, dtype=np.float32)
    sentences = vectorizer.fit_transform(texts).T.tocsr()
    for start in range(0, len(questions), 256):
        rows = (vectorizer.transform(questions[start : start + 256]) @ sentences).tocsr()
        for row in range(rows.shape[0]):
            found = slice(rows.indptr[row], rows.indptr[row + 1])
            indices, scores = rows.indices[found], rows.data[found]
            order = np.argsort(-scores, kind="stable")[:SIMILAR]
            yield indices[order].astype(np.int64), scores[order]


def _content_terms(text: str) -> list[str]:
    return terms(text, keep_stop_words=False)


def build_examples(files: Sequence[Path]) -> tuple[list[ExamplePassage], list[ExampleGroup]]:
    """Return the passages and groups made from ``files``.

    Raises:
        InputError: A file cannot be read.
    """
    built = ReaderExamples()
    groups = list(built.build(read_questions(files)))
    return built.passages, groups


RECIPE = TrainingRecipe(
    command="python -m evals train-reader FILE…",
    purpose="Scores whether a sentence of an article, read with its headline and neighbours, answers a question.",
    build=build_examples,
    is_reader=True,
    notes=(
        (
            "Questions of squad11, squad2, qed, clapnq, mlqa and selqa stand on Wikipedia (CC BY-SA); of newsqa and "
            "realtimeqa on news stories that remain the publishers'; several sets state no licence. No text of any "
            "set is in the weights' folder."
        ),
        f"Not trained on, for a non-commercial licence: {', '.join(sorted(LEFT_OUT))}.",
    ),
)
