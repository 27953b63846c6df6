"""``python -m evals fit-kinds FILE…``: fits the model of question kinds on labelled questions, and writes its file."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.answers import QuestionKind
from bot.composition.kind_model import MODEL_FILE, fitted_kinds, question_features, weighted_features
from bot.composition.question_kind import decide_kind, kind_by_rule
from retrieval.errors import InputError

MIN_QUESTIONS = 5
"""Questions in which a run has to occur. With 3, half as many more of them, and no more questions right."""
INVERSE_PENALTY = 30.0
"""scikit-learn's ``C``. With 15 or 60, the share of questions left out that are right is within .005."""

FACTS = 2_400
"""Questions for facts that are fitted on besides, so that facts about all the world stay facts."""

FRAGMENTS, FRAGMENT_WORDS = 800, range(5, 13)
"""Beginnings of that file's sentences, of so many words, that are fitted on as facts: what has the form of no question
is searched."""

Labelled = tuple[QuestionKind, str]
"""A kind and a question of it."""


def read_labelled(file: Path) -> list[Labelled]:
    """Return the labelled questions of a file: kind, tab, question; a line each, "#" begins a comment.

    Raises:
        InputError: The file cannot be read, or a line is not such.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read: {error}") from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, tab, question = line.partition("\t")
        if not tab or kind not in set(QuestionKind):
            raise InputError(f"line {number} of {file} is no kind, tab and question: {line[:60]!r}")
        found.append((QuestionKind(kind), question))
    return found


def fit(questions: Sequence[Labelled]) -> dict[str, Any]:
    """Return the data of a model's file, fitted on labelled questions."""
    from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-untyped]  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # noqa: PLC0415

    frequencies = Counter(name for _, text in questions for name in question_features(text))
    idf = {
        name: round(1.0 + math.log((1 + len(questions)) / (1 + count)), 1)
        for name, count in frequencies.items()
        if count >= MIN_QUESTIONS
    }
    vectorizer = DictVectorizer()
    values = vectorizer.fit_transform([weighted_features(text, kind_by_rule(text), idf) for _, text in questions])
    regression = LogisticRegression(C=INVERSE_PENALTY, max_iter=3000)
    regression.fit(values, [str(kind) for kind, _ in questions])
    weights = {
        str(name): [round(float(each), 1) for each in regression.coef_[:, at]]
        for at, name in enumerate(vectorizer.get_feature_names_out())
    }
    return {
        "kinds": [str(kind) for kind in regression.classes_],
        "intercepts": [round(float(each), 3) for each in regression.intercept_],
        "rules": {name.removeprefix("r "): row for name, row in weights.items() if name.startswith("r ")},
        "features": {name: [idf[name], *weights[name]] for name in sorted(idf)},
    }


def as_text(data: dict[str, Any]) -> str:
    """Return a model's file: JSON, a line a feature."""
    head = json.dumps({name: data[name] for name in ("kinds", "intercepts", "rules")}, ensure_ascii=False)
    rows = ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {row}" for name, row in data["features"].items())
    return f'{head.removesuffix("}")}, "features": {{\n{rows}\n}}}}\n'


def figures(questions: Sequence[Labelled]) -> dict[str, float]:
    """Return the share of questions whose kind is decided right: in all, by rules alone, and by kind."""
    right = [decide_kind(text).kind is kind for kind, text in questions]
    found = {
        "all": sum(right) / len(right),
        "rules alone": sum(kind_by_rule(text) is kind for kind, text in questions) / len(questions),
    }
    for each in sorted({kind for kind, _ in questions}):
        ours = [one for one, (kind, _) in zip(right, questions, strict=True) if kind is each]
        found[str(each)] = sum(ours) / len(ours)
    return {name: round(share, 3) for name, share in found.items()}


def run(files: Sequence[Path], *, facts: Path | None, held_out: Path | None, output: Path | None) -> dict[str, Any]:
    """Fit the model, write its file and return its figures.

    Args:
        files: Labelled questions.
        facts: A file in SQuAD's layout, whose questions are for facts: ``FACTS`` of the first half of its articles are
            fitted on, those of the second half are left out.
        held_out: Labelled questions to measure on.
        output: The file to write, which is not measured; None: the shipped model's.

    Raises:
        InputError: A file cannot be read.
    """
    questions = [each for file in files for each in read_labelled(file)]
    fitted, left_out = _fact_questions(facts) if facts else ([], [])
    fitted += _fragments(facts) if facts else []
    questions += [(QuestionKind.FACT, text) for text in fitted]
    data = fit(questions)
    (output or MODEL_FILE).write_text(as_text(data), encoding="utf-8")
    found: dict[str, Any] = {"questions": len(questions), "features": len(data["features"])}
    if output:
        return found
    fitted_kinds.cache_clear()
    if left_out:
        found["facts left out"] = figures([(QuestionKind.FACT, text) for text in left_out])
    if held_out:
        found["held out"] = figures(read_labelled(held_out))
    return found


def _fact_questions(file: Path) -> tuple[list[str], list[str]]:
    """Return questions of a SQuAD file to fit on, and as many of its other articles."""
    try:
        articles = json.loads(file.read_text(encoding="utf-8"))["data"]
        halves = articles[: len(articles) // 2], articles[len(articles) // 2 :]
        asked = [
            [qa["question"] for each in half for part in each["paragraphs"] for qa in part["qas"]] for half in halves
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} is not in SQuAD's layout: {type(error).__name__}: {error}") from None
    spread = [half[:: max(1, len(half) // FACTS)][:FACTS] for half in asked]
    return spread[0], spread[1]


def _fragments(file: Path) -> list[str]:
    """Return beginnings of sentences of the first half of a SQuAD file's articles, every other one as a question."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    texts = [part["context"] for each in articles[: len(articles) // 2] for part in each["paragraphs"]]
    sentences = [
        words for text in texts for each in text.split(". ") if len(words := each.split()) > FRAGMENT_WORDS[-1]
    ]
    spread = sentences[:: max(1, len(sentences) // FRAGMENTS)][:FRAGMENTS]
    lengths = [FRAGMENT_WORDS[number % len(FRAGMENT_WORDS)] for number in range(len(spread))]
    return [
        " ".join(words[:length]) + "?" * (number % 2)
        for number, (words, length) in enumerate(zip(spread, lengths, strict=True))
    ]
